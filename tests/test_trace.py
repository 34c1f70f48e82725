from __future__ import annotations

from graph.citation_graph import build_graph, edges_from
from graph.lookup import look_up
from graph.trace import chains_up, impact, neighbourhood, plan_graph, trace_up
from graph.words import UNIT_KINDS


def node(graph, query):
    return look_up(graph, query).node


def labels(graph, chain):
    return [graph.nodes[n]["label"] for n in chain.nodes]


def test_which_tasks_implement_08_nq_tu(plan_graph_all):
    g = plan_graph_all
    found = impact(g, node(g, "08-NQ/TU"))
    assert [labels(g, c) for c in found.chains] == [["II.1.3.1", "Kế hoạch số 2502/KH-UBND", "Nghị quyết số 08-NQ/TU"]]
    assert all("08-NQ/TU" in e.sentence for e in found.chains[0].edges)
    assert not found.plans and not found.inheriting
    assert [labels(g, c)[0] for c in found.planned] == ["II.1.3"]


def test_a_basis_of_the_plan_reaches_the_tasks_that_only_inherit(plan_graph_all):
    g = plan_graph_all
    found = impact(g, node(g, "09-NQ/TU"))
    assert found.tasks == ()
    assert [g.nodes[e.source]["label"] for e in found.plans] == ["Kế hoạch hoạt động khoa học và công nghệ năm 2024"]
    assert len(found.inheriting) == 21


def test_up_to_the_top(plan_graph_all):
    g = plan_graph_all
    chains = chains_up(g, node(g, "II.2.2.3"))
    assert [labels(g, c) for c in chains] == [[
        "II.2.2.3", "Kế hoạch số 1341/KH-UBND", "Nghị quyết số 50/NQ-CP", "Chương trình hành động của Chính phủ",
        "Nghị quyết số 52-NQ/TW",
    ]]  # fmt: skip
    assert all(e.sentence and e.place for e in chains[0].edges)


def test_the_whole_plan_and_a_neighbourhood(plan_graph_all):
    g = plan_graph_all
    plan = node(g, "II.2.2.3").split("#")[0]
    part = plan_graph(g, plan)
    kinds = [d["kind"] for _, d in part.nodes(data=True)]
    assert kinds.count("task") == 44
    assert sum(k in ("document", "work") for k in kinds) == 49  # 48 cited, and the plan itself
    near = neighbourhood(g, node(g, "545/QĐ-UBND"), 1)
    assert {g.nodes[n]["label"] for n in near} >= {
        "II.4.3.1",
        "Quyết định số 2274/QĐ-UBND",
        "Quyết định số 545/QĐ-UBND",
    }


def document(name: str) -> dict:
    return {
        "id": name, "nhan": name, "trich_yeu": "", "cap": 7, "hinh_thuc": "có số", "trang_thai": "đã xác định",
        "so_ky_hieu": name, "so_ky_hieu_in": name, "loai": "Quyết định", "co_quan_ban_hanh": "", "ngay_ban_hanh": "",
        "ho": "", "trong_kho": 0, "so_tim": name,
    }  # fmt: skip


def relation(n: int, source: str, target: str, kind: str = "implements", task: bool = False) -> dict:
    return {
        "id": str(n), "nguon_van_ban": None if task else source, "nguon_muc": source if task else None, "loai": kind,
        "dich": target, "trang_thai": "đã nêu", "cau": f"câu {n}", "vi_tri": "đoạn 1", "neu_tai": "p", "quy_tac": "",
        "do_tin_cay": 1.0,
    }  # fmt: skip


def small_graph(edges, tasks=("p#1",), names="pabcd"):
    unit = {"van_ban": "p", "loai": UNIT_KINDS["task"], "chu_tri": "", "thoi_han": "", "vi_tri": "", "cha": None}
    kinds = {e["loai"] for e in edges}
    return build_graph({
        "van_ban": [document(n) for n in names],
        "muc": [{"id": t, "ma": t.split("#")[1], "noi_dung": "việc", **unit} for t in tasks],
        "quan_he": edges, "dan_chieu": [],
        "loai_quan_he": [{"id": k, "doc_xuoi": k, "doc_nguoc": k} for k in kinds],
    })  # fmt: skip


def test_a_cycle_ends():
    g = small_graph([
        relation(1, "p#1", "a", task=True), relation(2, "a", "b"), relation(3, "b", "c"), relation(4, "c", "a"),
    ])  # fmt: skip
    tree = trace_up(g, "p#1")
    branch = tree.children[0].children[0].children[0].children[0]
    assert branch.node == "a" and branch.repeated and not branch.children
    assert impact(g, "c").tasks == ("p#1",)


def test_every_way_is_told_and_the_limit_is_said():
    tasks = tuple(f"p#{n}" for n in range(1, 31))
    edges = [relation(n, t, "a", task=True) for n, t in enumerate(tasks, 1)]
    g = small_graph([*edges, relation(90, "a", "b"), relation(91, "a", "c"), relation(92, "c", "b")], tasks)
    found = impact(g, "b")
    assert len(found.chains) == 60 and len(found.tasks) == 30 and not found.truncated
    cut = impact(g, "b", limit=10)
    assert cut.truncated and len(cut.chains) >= 10


def test_edges_from_leaves_part_of_out():
    g = small_graph([relation(1, "p#1", "a", task=True)])
    assert [e.target for e in edges_from(g, "p#1")] == ["a"]
    assert g.has_edge("p#1", "p")


def test_a_dense_graph_does_not_explode():
    names = "pabcdefghijklmnoqrs"
    edges = [relation(1, "p#1", "a", task=True)]
    edges += [relation(10 * i + j, x, y) for i, x in enumerate(names[1:]) for j, y in enumerate(names[1:]) if x != y]
    g = small_graph(edges, names=names)
    tree = trace_up(g, "p#1")

    def count(branch):
        return 1 + sum(map(count, branch.children))

    assert 1000 < count(tree) < 40_000


def test_an_announced_act_does_not_hide_a_stated_one(plan_graph_all):
    g = plan_graph_all
    found = impact(g, node(g, "hỗ trợ doanh nghiệp nâng cao năng suất"))
    assert {g.nodes[t]["code"] for t in found.tasks} == {"II.4.1", "II.4.2"}
