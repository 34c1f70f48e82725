"""Every way between two nodes; made-up graphs have one letter a document."""

from __future__ import annotations

from itertools import pairwise

import pytest

from graph.citation_graph import build_graph
from graph.lookup import look_up
from graph.paths import MAX_PATHS, connect


def made(*claims: str):
    """A graph of claims "a>b" (a rests on b)."""
    names = sorted({end for claim in claims for end in claim.split(">")})
    documents = [
        {"id": n, "hinh_thuc": "có số", "nhan": n, "trich_yeu": "", "cap": 5, "trang_thai": "đã xác định",
         "so_ky_hieu": n, "so_ky_hieu_in": "", "loai": "", "co_quan_ban_hanh": "", "ngay_ban_hanh": "", "ho": "",
         "trong_kho": 0, "so_tim": n}
        for n in names
    ]  # fmt: skip
    edges = [
        {"id": claim, "nguon_van_ban": claim[0], "nguon_muc": None, "dich": claim[2], "loai": "based_on", "cau": claim,
         "trang_thai": "đã nêu", "vi_tri": "", "neu_tai": claim[0], "quy_tac": "", "do_tin_cay": 1.0, "muc": None}
        for claim in claims
    ]  # fmt: skip
    return build_graph({"loai_quan_he": [], "van_ban": documents, "muc": [], "quan_he": edges, "dan_chieu": []})


def ways(found) -> list[str]:
    return ["".join(chain.nodes) for chain in found.paths]


def test_all_ways_shortest_first():
    graph = made("a>b", "b>d", "a>c", "c>d", "a>d", "d>e", "a>x")
    assert ways(connect(graph, "a", "d")) == ["ad", "abd", "acd"]
    assert not connect(graph, "a", "d").turned and not connect(graph, "a", "d").truncated


def test_the_lower_end_may_be_the_second():
    found = connect(made("a>b", "b>c"), "c", "a")
    assert (ways(found), found.turned) == (["abc"], True)


def test_a_ring_is_walked_once():
    assert ways(connect(made("a>b", "b>a", "b>c", "c>b", "c>d"), "a", "d")) == ["abcd"]


def test_steps_are_counted():
    graph = made("a>b", "b>c", "c>d")
    assert connect(graph, "a", "d", steps=2).paths == () and ways(connect(graph, "a", "d", steps=3)) == ["abcd"]


def test_where_two_meet():
    found = connect(made("a>c", "b>c", "c>d", "b>d"), "a", "b")
    assert found.paths == () and [("".join(x.nodes), "".join(y.nodes)) for x, y in found.meetings] == [("ac", "bc")]


def test_nothing_connects():
    assert connect(made("a>b", "c>d"), "a", "c").meetings == ()


def test_many_ways_are_cut_and_say_so():
    layers = ["a", "bcd", "efg", "hij", "klm", "n"]
    graph = made(*(f"{x}>{y}" for low, high in pairwise(layers) for x in low for y in high))
    found = connect(graph, "a", "n")
    assert len(found.paths) == MAX_PATHS and found.truncated


@pytest.mark.parametrize(("lower", "upper"), [("II.2.2.3", "52-NQ/TW"), ("52-NQ/TW", "II.2.2.3")])
def test_the_real_plan(plan_graph_all, lower, upper):
    found = connect(plan_graph_all, look_up(plan_graph_all, lower).node, look_up(plan_graph_all, upper).node)
    labels = [plan_graph_all.nodes[n]["label"] for n in found.paths[0].nodes]
    assert (labels[0], labels[-1]) == ("II.2.2.3", "Nghị quyết số 52-NQ/TW")
    assert found.turned == (lower != "II.2.2.3")


def test_a_plan_is_connected_through_its_tasks(plan_graph_all):
    plan = next(n for n, d in plan_graph_all.nodes(data=True) if d.get("in_corpus"))
    found = connect(plan_graph_all, plan, look_up(plan_graph_all, "52-NQ/TW").node)
    assert found.paths and plan_graph_all.nodes[found.paths[0].nodes[0]]["kind"] in ("task", "assignment", "document")
