from __future__ import annotations

import random
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.lanes import Layout, crossings, lay_out, natural
from graph.ranks import TASK, UNKNOWN

RANKS = list(range(1, 11))


def layered(seed: int, nodes: int = 40, edges: int = 60) -> nx.MultiDiGraph:
    """A random graph whose edges climb from low rank to high, some over several lanes."""
    dice = random.Random(seed)
    graph = nx.MultiDiGraph()
    rank = {f"n{i}": dice.choice(RANKS) for i in range(nodes)}
    graph.add_nodes_from((name, {"rank": number}) for name, number in rank.items())
    while graph.number_of_edges() < edges:
        low, high = dice.sample(sorted(rank), 2)
        step = rank[low] - rank[high]
        if step == 1 or (step > 1 and dice.random() < 0.3):
            graph.add_edge(low, high)
    return graph


def points(layout: Layout) -> dict[str, tuple[float, float]]:
    return {name: (spot.x, spot.y) for name, spot in layout.positions.items()}


@st.composite
def any_graph(draw: st.DrawFn) -> tuple[nx.MultiDiGraph, dict[str, tuple[float, float]]]:
    """Any graph at all: cycles, loops, parallel edges, edges inside a lane, unknown ranks, boxes of any size."""
    count = draw(st.integers(0, 14))
    graph = nx.MultiDiGraph()
    sizes = {}
    for i in range(count):
        graph.add_node(f"n{i}", rank=draw(st.sampled_from([*RANKS, None, 99])))
        sizes[f"n{i}"] = (draw(st.floats(40, 300)), draw(st.floats(12, 120)))
    if count:
        ends = st.integers(0, count - 1)
        for a, b in draw(st.lists(st.tuples(ends, ends), max_size=30)):
            graph.add_edge(f"n{a}", f"n{b}")
    return graph, sizes


@settings(max_examples=150, deadline=None)
@given(any_graph())
def test_every_node_has_a_place_of_its_own(case):
    graph, sizes = case
    layout = lay_out(graph, sizes=sizes)
    assert set(layout.positions) == set(graph)
    for index, lane in enumerate(layout.lanes):
        inside = sorted((s.y, n) for n, s in layout.positions.items() if s.lane == index)
        for (above, one), (below, two) in pairwise(inside):
            assert below - sizes[two][1] / 2 >= above + sizes[one][1] / 2 - 1e-6
        for _, name in inside:
            assert layout.positions[name].x == lane.x
            assert sizes[name][0] <= lane.width
    for left, right in pairwise(layout.lanes):
        assert left.x + left.width / 2 < right.x - right.width / 2
    for name, spot in layout.positions.items():
        assert spot.y - sizes[name][1] / 2 >= -1e-6 and spot.y + sizes[name][1] / 2 <= layout.height + 1e-6
        assert 0 <= spot.x <= layout.width


@settings(max_examples=100, deadline=None)
@given(any_graph())
def test_long_edges_bend_once_in_every_lane_they_pass_and_never_behind_a_box(case):
    graph, sizes = case
    layout = lay_out(graph, sizes=sizes)
    columns = [lane.x for lane in layout.lanes]
    for source, target, key in graph.edges(keys=True):
        start, end = layout.positions[source].lane, layout.positions[target].lane
        step = 1 if end > start else -1
        passed = list(range(start + step, end, step)) if start != end else []
        route = layout.routes.get((source, target, key), ())
        assert [x for x, _ in route] == [columns[lane] for lane in passed]
        for lane, (_, y) in zip(passed, route, strict=True):
            boxes = [(s.y, sizes[n][1]) for n, s in layout.positions.items() if s.lane == lane]
            assert all(abs(y - middle) >= height / 2 for middle, height in boxes)


def test_lanes_run_from_the_highest_rank_to_the_tasks():
    graph = nx.MultiDiGraph()
    for name, rank in (("task", 10), ("plan", 9), ("resolution", 1), ("decision", 7)):
        graph.add_node(name, rank=rank)
    layout = lay_out(graph)
    assert [lane.rank.number for lane in layout.lanes] == [1, 7, 9, 10]
    assert layout.lanes[-1].rank == TASK
    assert layout.positions["resolution"].x < layout.positions["decision"].x < layout.positions["task"].x


def test_a_rank_that_is_not_in_the_table_stands_with_the_unknown():
    graph = nx.MultiDiGraph()
    graph.add_node("a", rank=42)
    graph.add_node("b")
    assert [lane.rank for lane in lay_out(graph).lanes] == [UNKNOWN]


def test_an_empty_graph_is_an_empty_layout():
    layout = lay_out(nx.MultiDiGraph())
    assert (dict(layout.positions), layout.lanes, layout.width, layout.height) == ({}, (), 0.0, 0.0)


def test_a_straight_chain_is_drawn_level():
    graph = nx.MultiDiGraph()
    for rank in (10, 7, 5, 1):
        graph.add_node(f"n{rank}", rank=rank)
    nx.add_path(graph, ["n10", "n7", "n5", "n1"])
    layout = lay_out(graph)
    assert len({round(spot.y, 3) for spot in layout.positions.values()}) == 1


def test_the_order_of_nodes_and_edges_in_the_graph_does_not_matter():
    graph = layered(5)
    first = lay_out(graph)
    for seed in range(3):
        names, edges = list(graph), list(graph.edges())
        random.Random(seed).shuffle(names)
        random.Random(seed).shuffle(edges)
        other = nx.MultiDiGraph()
        other.add_nodes_from((name, graph.nodes[name]) for name in names)
        other.add_edges_from(edges)
        assert lay_out(other) == first


def test_tasks_that_hang_on_the_same_plan_keep_the_order_of_the_plan():
    graph = nx.MultiDiGraph()
    graph.add_node("p", rank=9)
    for code in ("II.10", "II.2", "II.1", "II.3"):
        graph.add_node(f"p#{code}", rank=10)
        graph.add_edge(f"p#{code}", "p")
    layout = lay_out(graph)
    tasks = sorted((n for n in graph if n != "p"), key=lambda n: layout.positions[n].y)
    assert tasks == ["p#II.1", "p#II.2", "p#II.3", "p#II.10"]


def test_neighbours_inside_one_lane_stand_side_by_side():
    graph = nx.MultiDiGraph()
    for i in range(9):
        graph.add_node(f"d{i}", rank=7)
        graph.add_node(f"t{i}", rank=10)
        graph.add_edge(f"t{i}", f"d{i}")
    graph.add_edge("d0", "d8")  # an amendment between the two ends of the lane
    graph.remove_edge("t8", "d8")
    layout = lay_out(graph)
    lane = sorted((n for n in graph if n[0] == "d"), key=lambda n: layout.positions[n].y)
    assert abs(lane.index("d0") - lane.index("d8")) == 1


def test_no_more_crossings_than_networkx_and_fewer_on_the_whole():
    ours = theirs = 0
    for seed in range(12):
        graph = layered(seed)
        mine = crossings(graph.edges(), points(lay_out(graph)))
        grid = nx.multipartite_layout(graph, subset_key="rank")
        other = crossings(graph.edges(), {name: (float(x), float(y)) for name, (x, y) in grid.items()})
        assert mine <= other, seed
        ours, theirs = ours + mine, theirs + other
    assert ours < theirs / 2


def test_a_drawing_that_needs_no_crossing_has_none():
    graph = nx.MultiDiGraph()
    for i in range(6):
        for rank in (10, 9, 7):
            graph.add_node(f"{rank}-{i}", rank=rank)
        graph.add_edge(f"10-{i}", f"9-{5 - i}")
        graph.add_edge(f"9-{5 - i}", f"7-{(i * 5 + 2) % 6}")
    assert crossings(graph.edges(), points(lay_out(graph))) == 0


@pytest.mark.parametrize(
    ("edges", "count"),
    [
        ([("a", "d"), ("b", "c")], 1),
        ([("a", "c"), ("b", "d")], 0),
        ([("a", "c"), ("a", "d")], 0),  # a common end
        ([("a", "d"), ("d", "a"), ("b", "c")], 1),  # the same line twice
    ],
)
def test_crossings_counts_pairs_of_lines(edges, count):
    square = {"a": (0.0, 0.0), "b": (0.0, 1.0), "c": (1.0, 0.0), "d": (1.0, 1.0)}
    assert crossings(edges, square) == count


def test_natural_order_puts_two_before_ten():
    assert sorted(["II.10", "II.2", "II.2.1"], key=natural) == ["II.2", "II.2.1", "II.10"]


def test_the_citations_of_the_real_plan_hardly_cross(plan_graph_all):
    from graph.citation_graph import PART_OF
    from graph.trace import plan_graph

    plan = next(n for n, d in plan_graph_all.nodes(data=True) if d.get("in_corpus"))
    graph = plan_graph(plan_graph_all, plan).copy()
    graph.remove_edges_from([e for e in graph.edges(keys=True) if graph.edges[e]["relation"] == PART_OF])
    layout = lay_out(graph)
    grid = nx.multipartite_layout(graph, subset_key="rank")
    theirs = crossings(graph.edges(), {name: (float(x), float(y)) for name, (x, y) in grid.items()})
    assert crossings(graph.edges(), points(layout)) <= min(8, theirs / 4)
