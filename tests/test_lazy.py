"""The graph that is read as far as it is asked has the nodes, edges and answers of the whole one."""

from __future__ import annotations

import pytest

from graph import lazy
from graph.basis import weigh_task, weigh_tasks
from graph.citation_graph import edges_from, edges_to, load_graph
from graph.lazy import LazyGraph
from graph.store import open_base
from graph.trace import impact, neighbourhood, plan_graph


@pytest.fixture
def connection(plan_base):
    opened = open_base(plan_base)
    yield opened
    opened.close()


def test_it_is_the_whole_graph_asked_node_by_node(connection):
    whole, asked = load_graph(connection), LazyGraph(connection)
    assert sorted(asked) == sorted(whole) and len(asked) == len(whole)
    for node in whole:
        assert asked.nodes[node] == whole.nodes[node]
        assert list(asked.out_edges(node, data=True)) == list(whole.out_edges(node, data=True))
        assert edges_from(asked, node) == edges_from(whole, node)
        assert sorted(edges_to(asked, node), key=lambda e: e.id) == sorted(edges_to(whole, node), key=lambda e: e.id)
    assert list(weigh_tasks(whole)) == [weigh_task(asked, b.task) for b in weigh_tasks(whole)]


def test_it_answers_as_the_whole_graph(connection):
    whole = load_graph(connection)
    for node, data in whole.nodes(data=True):
        asked = LazyGraph(connection)
        assert impact(asked, node).tasks == impact(whole, node).tasks
        assert impact(asked, node).inheriting == impact(whole, node).inheriting
        assert set(neighbourhood(asked, node, 2)) == set(neighbourhood(whole, node, 2))
        if data.get("in_corpus"):
            part = plan_graph(asked, node)
            assert set(part.edges(keys=True)) == set(plan_graph(whole, node).edges(keys=True))


@pytest.mark.parametrize("node", ["khong-co", "khong-co#I.1", "", "ke-hoach#", None])
def test_what_there_is_not(connection, node):
    graph = LazyGraph(connection)
    assert node not in graph and graph.nodes.get(node) is None


def test_a_page_reads_only_what_it_asks_for(connection):
    graph = LazyGraph(connection)
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    task = next(row["id"] for row in graph.rows("SELECT id FROM nhiem_vu WHERE ma = 'II.2.2.3'"))
    assert weigh_task(graph, task).strength == "trực tiếp"
    connection.set_trace_callback(None)
    assert asked and not [sql for sql in asked if "WHERE" not in sql]


def test_a_document_that_all_cite_is_cut_and_says_so(connection, monkeypatch):
    whole = load_graph(connection)
    hub = max(whole, key=lambda n: len(edges_to(whole, n)))
    monkeypatch.setattr(lazy, "MOST_EDGES", 1)
    graph = LazyGraph(connection)
    assert edges_to(graph, hub) == edges_to(whole, hub)[:1]
    assert graph.cut == {hub} and impact(graph, hub).truncated
