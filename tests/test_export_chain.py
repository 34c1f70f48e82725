"""The citation chain as a sheet: what stands in it, in which ring, with which words."""

from __future__ import annotations

from contextlib import closing

import pytest

from graph.basis import weigh_task, weigh_tasks
from graph.citation_graph import PART_OF
from graph.lookup import Found, look_up
from graph.store import open_base
from graph.trace import chains_up, impact, trace_up
from publish.export import ExportError
from publish.export.chain import chain_of, chain_of_document, chain_of_task
from publish.export.details import Details
from publish.export.hops import hops_down, hops_up


@pytest.fixture(scope="module")
def graph(plan_graph_all):
    return plan_graph_all


@pytest.fixture(scope="module")
def details(plan_base):
    with closing(open_base(plan_base)) as connection:
        yield Details(connection)


def node(graph, query: str) -> str:
    found = look_up(graph, query)
    assert isinstance(found, Found), query
    return found.node


def group(sheet, words: str):
    found = [g for g in sheet.groups if words in g.heading]
    assert len(found) == 1, (words, [g.heading for g in sheet.groups])
    return found[0]


def labels(rows) -> list[str]:
    return [row.label for row in rows]


def test_chain_of_a_task_climbs_ring_by_ring_with_each_sentence(graph, details):
    sheet = chain_of_task(graph, node(graph, "II.2.2.3"), details)
    assert [(row.ring, row.label) for row in sheet.rows] == [
        (0, "Nhiệm vụ II.2.2.3"),
        (1, "Kế hoạch số 1341/KH-UBND"),
        (2, "Nghị quyết số 50/NQ-CP"),
        (3, "Chương trình hành động của Chính phủ"),
        (4, "Nghị quyết số 52-NQ/TW"),
    ]
    assert [row.relation for row in sheet.rows[1:]] == [
        "được triển khai bởi nhiệm vụ II.2.2.3",
        "được triển khai bởi Kế hoạch số 1341/KH-UBND",
        "được ban hành bởi Nghị quyết số 50/NQ-CP",
        "được triển khai bởi Chương trình hành động của Chính phủ",
    ]
    for row in sheet.rows[1:]:
        assert row.sentence.startswith("Kế hoạch số 1341/KH-UBND ngày 24/6/2020")
        assert row.sentence.endswith("lần thứ tư.")
        assert (row.file, row.place) == ("ke-hoach-khcn-tay-ninh-2024.md", "đoạn 28")


def test_serial_numbers_run_on_and_headings_count(graph, details):
    for basis in weigh_tasks(graph):
        sheet = chain_of_task(graph, basis.task, details)
        assert [row.number for row in sheet.rows] == list(range(1, len(sheet.rows) + 1))
        assert [g.heading.split(".")[0] for g in sheet.groups] == ["I", "II", "III", "IV", "V", "VI"][
            : len(sheet.groups)
        ]
        assert all(g.rows for g in sheet.groups)
        assert all(g.heading.endswith(f"({len(g.rows)})") for g in sheet.groups[1:])


def test_sheet_of_every_task_agrees_with_the_weight_of_its_basis(graph, details):
    for basis in weigh_tasks(graph):
        sheet = chain_of_task(graph, basis.task, details)
        shown = labels(sheet.rows)
        for item in basis.items:
            assert (graph.nodes[item.document]["label"] if item.document else "Chưa nói rõ văn bản nào") in shown
        assert sheet.warnings == basis.warnings
        assert f"Độ mạnh căn cứ: {basis.strength}" in sheet.lines[-1]


def test_printed_form_stands_beside_the_corrected_number(graph, details):
    rows = chain_of_task(graph, node(graph, "II.2.2.3"), details).rows
    assert [(row.symbol, row.printed) for row in rows if "50" in row.symbol] == [("50/NQ-CP", "50-NQ/CP")]
    assert all(not row.printed for row in rows if "50" not in row.symbol)


def test_what_was_inferred_is_said(graph, details):
    rows = {row.label: row for row in chain_of_task(graph, node(graph, "II.2.2.3"), details).rows}
    assert rows["Kế hoạch số 1341/KH-UBND"].issuer == "UBND tỉnh Tây Ninh (suy luận)"  # the text says "UBND tỉnh"
    assert rows["Nghị quyết số 52-NQ/TW"].issuer == "Bộ Chính trị"
    assert rows["Chương trình hành động của Chính phủ"].status == "nêu tên, chưa có số"


def test_inherited_bases_are_marked_as_inherited(graph, details):
    sheet = chain_of_task(graph, node(graph, "II.1.1"), details)
    inherited = group(sheet, "Căn cứ kế thừa")
    assert labels(inherited.rows) == [
        "Nghị quyết số 09-NQ/TU", "Nghị quyết số 119/NQ-HĐND", "Quyết định số 2646/QĐ-UBND",
        "Quyết định số 01/QĐ-UBND", "Quyết định số 155/QĐ-KHCN",
    ]  # fmt: skip
    assert all(row.relation.startswith("là căn cứ của Kế hoạch hoạt động") for row in inherited.rows)
    assert not [g for g in sheet.groups if "Vòng" in g.heading]


def test_object_is_named_as_object_and_the_act_as_announced(graph, details):
    sheet = chain_of_task(graph, node(graph, "II.6.1.2"), details)
    first = group(sheet, "Đối tượng tác động của nhiệm vụ II.6.1.2 (không phải căn cứ)").rows[0]
    assert first.label == "Quyết định số 13/2016/QĐ-UBND"
    assert first.relation == "dự kiến bị bãi bỏ bởi văn bản sẽ ban hành theo nhiệm vụ II.6.1.2"
    assert first.status.endswith("việc dự kiến, chưa ban hành")
    assert "13/2016" not in " ".join(row.label for g in sheet.groups if "Căn cứ" in g.heading for row in g.rows)


def test_a_basis_that_a_later_document_amends_stays_a_basis(graph, details):
    sheet = chain_of_task(graph, node(graph, "II.4.3.1"), details)
    assert "Quyết định số 545/QĐ-UBND" in labels(group(sheet, "Vòng 1").rows)
    act = group(sheet, "Văn bản được sửa đổi")
    assert [(r.label, r.relation) for r in act.rows] == [
        ("Quyết định số 545/QĐ-UBND", "được sửa đổi, bổ sung bởi Quyết định số 2274/QĐ-UBND")
    ]
    assert not [g for g in sheet.groups if "không phải căn cứ" in g.heading]


def test_soft_words_stand_as_a_row_of_their_own(graph, details):
    row = group(chain_of_task(graph, node(graph, "II.6.1.3"), details), "chưa nói rõ").rows[0]
    assert row.relation == "nhiệm vụ II.6.1.3 chỉ ghi “hướng dẫn của Bộ KH&CN”"
    assert row.status == "chưa xác định, cần bổ sung số, ký hiệu; cần đối chiếu"
    assert row.sentence and row.place == "đoạn 63"


def test_unresolved_document_is_shown_with_its_status(graph, details):
    sheet = chain_of_task(graph, node(graph, "II.3.3.2"), details)
    row = next(row for row in sheet.rows if row.symbol == "3668/KH-UBND")
    assert row.status == "chưa xác định, cần đối chiếu"
    assert row.date == ""
    assert any("3668/KH-UBND" in warning for warning in sheet.warnings)
    assert "cần đối chiếu" in chain_of_document(graph, node(graph, "3668/KH-UBND"), details).warnings[0]


def test_announced_and_stated_stand_apart(graph, details):
    sheet = chain_of_task(graph, node(graph, "II.4.1"), details)
    stated, planned = group(sheet, "Vòng 1").rows, group(sheet, "Việc dự kiến").rows
    assert labels(stated) == labels(planned)
    assert "dự kiến" not in stated[0].relation and planned[0].relation.startswith("dự kiến ")


def test_only_task_ii_1_3_1_reaches_08_nq_tu_through_2502(graph, details):
    focus = node(graph, "08-NQ/TU")
    sheet = chain_of_document(graph, focus, details)
    assert [(r.ring, r.label.split(" (")[0]) for g in sheet.groups if "Chiều xuống" in g.heading for r in g.rows] == [
        (1, "Kế hoạch số 2502/KH-UBND"),
        (2, "Nhiệm vụ II.1.3.1"),
    ]
    plan_row, task_row = (r for g in sheet.groups if "Chiều xuống" in g.heading for r in g.rows)
    assert plan_row.relation == "triển khai thực hiện Nghị quyết số 08-NQ/TU"
    assert task_row.relation == "triển khai thực hiện Kế hoạch số 2502/KH-UBND"
    assert plan_row.sentence == task_row.sentence != ""
    assert sheet.lines == ("Số nhiệm vụ dẫn đến văn bản này: 1; chỉ kế thừa qua kế hoạch: 0.",)
    assert sheet.subject == (
        "Nghị quyết số 08-NQ/TU ngày 31/3/2023 của Tỉnh ủy Tây Ninh về phát triển khoa học, công nghệ và đổi mới "
        "sáng tạo trên địa bàn tỉnh giai đoạn 2023-2030"
    )


def test_tasks_that_only_inherit_are_marked(graph, details):
    focus = node(graph, "09-NQ/TU")
    rows = group(chain_of_document(graph, focus, details), "chỉ kế thừa").rows
    assert {row.label.split(" (")[0] for row in rows} == {
        f"Nhiệm vụ {graph.nodes[n]['code']}" for n in impact(graph, focus).inheriting
    }
    assert {row.relation for row in rows} == {"không nêu căn cứ riêng; kế hoạch căn cứ Nghị quyết số 09-NQ/TU"}
    assert all(row.title for row in rows)


def documents(graph) -> list[str]:
    return [n for n, d in graph.nodes(data=True) if d["kind"] in ("document", "work")]


def test_downward_hops_agree_with_the_impact_of_every_document(graph):
    for focus in documents(graph):
        answer = impact(graph, focus)
        hops = hops_down(graph, focus).hops
        reached = {h.edge.source for h in hops if h.way == "rests"}
        announced = {h.edge.source for h in hops if h.way == "planned"}
        assert set(answer.tasks) <= reached, focus
        assert {chain.nodes[0] for chain in answer.planned} <= announced, focus
        for task in (n for n in reached if graph.nodes[n]["kind"] == "task"):
            assert any(focus in chain.nodes for chain in chains_up(graph, task)), (focus, task)


def test_upward_hops_hold_every_edge_of_the_tree_above(graph):
    def edges(branch):
        for child in branch.children:
            yield child.edge
            yield from edges(child)

    for basis in weigh_tasks(graph):
        hops = hops_up(graph, basis.task).hops
        above = {(e.source, e.target, e.relation) for e in edges(trace_up(graph, basis.task))}
        assert {(h.edge.source, h.edge.target, h.edge.relation) for h in hops} == above
        assert len({h.edge for h in hops}) == len(hops)
        reached = {h.edge.target for h in hops if h.way == "rests"}
        carrying = {
            i.document for i in weigh_task(graph, basis.task).items if i.way in ("trực tiếp", "nêu tên", "qua chuỗi")
        }
        assert reached == carrying


def test_hops_stop_at_cycles_and_say_when_they_were_cut(graph):
    import networkx as nx

    from graph.citation_graph import Edge

    ring = nx.MultiDiGraph()
    for n in range(12):
        ring.add_node(f"d{n}", kind="document")
    for n in range(12):
        edge = Edge(f"d{n}", f"d{(n + 1) % 12}", "cites", "đã nêu", "Câu.", "đoạn 1", "d0", id=f"q{n}")
        ring.add_edge(edge.source, edge.target, relation="cites", edge=edge)
    assert len(hops_up(ring, "d0", depth=20).hops) == 12 and not hops_up(ring, "d0", depth=20).cut
    short = hops_down(ring, "d0", depth=3)
    assert [h.ring for h in short.hops] == [1, 2, 3] and short.cut


def test_every_node_has_a_sheet_and_it_quotes_its_sources(graph, details):
    for name, data in graph.nodes(data=True):
        sheet = chain_of(graph, name, details)
        assert sheet.rows and sheet.subject and sheet.heading == sheet.heading.upper()
        assert all(row.file for row in sheet.rows if row.sentence)
        if data["kind"] != "document":
            assert sheet.stated_in


def test_plan_tells_its_own_bases(graph, details):
    plan = next(v for _, v, d in graph.edges(data=True) if d["relation"] == PART_OF)
    sheet = chain_of(graph, plan, details)
    assert len(group(sheet, "Chiều lên, vòng 1").rows) == 5
    assert "(số …/KH-KHCN) tháng 01/2024" in sheet.subject


def test_without_details_there_are_no_file_names(graph):
    sheet = chain_of_task(graph, node(graph, "II.1.3.1"), Details())
    assert {row.file for row in sheet.rows} == {""}
    assert all("suy luận" not in row.issuer for row in sheet.rows)


@pytest.mark.parametrize(("call", "wanted"), [
    (chain_of, "khong-co"), (chain_of_task, "khong-co"), (chain_of_document, "khong-co"),
])  # fmt: skip
def test_unknown_node_is_refused_in_vietnamese(graph, call, wanted):
    with pytest.raises(ExportError, match=r"khong-co.*trong kho dữ liệu"):
        call(graph, wanted)


def test_wrong_kind_is_refused(graph):
    with pytest.raises(ExportError, match="không phải là nhiệm vụ"):
        chain_of_task(graph, node(graph, "08-NQ/TU"))
    with pytest.raises(ExportError, match="không phải là văn bản"):
        chain_of_document(graph, node(graph, "II.1.3.1"))
