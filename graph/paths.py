"""How two documents or tasks are connected: every way from one up to the other, else what both rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx

from graph.citation_graph import Edge, edges_from
from graph.trace import Chain, tasks_of

MAX_STEPS = 8
MAX_PATHS = 60
_MOST_NODES = 4000
"""Above a task stand some dozens of documents; where there are more than this, the walk ends."""
_MOST_TASKS = 500


@dataclass(frozen=True, slots=True)
class Connection:
    """The answer.

    ``paths`` lead from the lower end up, shortest first; ``turned`` is true when the second node is the lower end.
    ``meetings`` are pairs of ways that end at one document above both, nearest first, when no path leads from one to
    the other. ``truncated`` says that there is more.
    """

    paths: tuple[Chain, ...] = ()
    turned: bool = False
    meetings: tuple[tuple[Chain, Chain], ...] = ()
    truncated: bool = False


def connect(
    graph: nx.MultiDiGraph, first: str, second: str, steps: int = MAX_STEPS, limit: int = MAX_PATHS
) -> Connection:
    """Return how ``first`` and ``second`` are connected by at most ``steps`` citations.

    A text that has tasks is connected through these too: what its task rests on, it rests on.
    """
    for lower, upper, turned in ((first, second, False), (second, first, True)):
        found = list(_ways(graph, lower, upper, steps, limit + 1))
        if found:
            found.sort(key=lambda chain: len(chain.edges))
            return Connection(tuple(found[:limit]), turned, (), len(found) > limit)
    return Connection(meetings=tuple(_meetings(graph, first, second, steps, limit)))


def _starts(graph: nx.MultiDiGraph, node: str) -> list[str]:
    tasks = tasks_of(graph, node)[:_MOST_TASKS] if graph.nodes[node].get("in_corpus") else []
    return [node, *tasks]


def _ways(graph: nx.MultiDiGraph, lower: str, upper: str, steps: int, limit: int) -> Iterator[Chain]:
    """Yield the ways from ``lower`` up to ``upper``, depth first, each edge once per target, relation and status."""
    left = limit
    for start in _starts(graph, lower):
        if start == upper:
            continue
        below = _leading_to(graph, start, upper, steps)
        if start not in below:
            continue
        stack: list[tuple[str, tuple[Edge, ...]]] = [(start, ())]
        while stack:
            node, way = stack.pop()
            if node == upper:
                yield Chain(way)
                left -= 1
                if not left:
                    return
                continue
            if len(way) == steps:
                continue
            seen = {start, *(edge.target for edge in way)}
            further = [e for e in _distinct(graph, node) if e.target in below and e.target not in seen]
            stack += [(edge.target, (*way, edge)) for edge in reversed(further)]


def _leading_to(graph: nx.MultiDiGraph, start: str, upper: str, steps: int) -> set[str]:
    """Return the nodes between ``start`` and ``upper``: only these are walked, so that no way ends blind."""
    came: dict[str, set[str]] = {start: set()}
    ring = [start]
    for _ in range(steps):
        following: list[str] = []
        for node in ring:
            if node == upper:
                continue
            for edge in edges_from(graph, node):
                if edge.target not in came:
                    came[edge.target] = set()
                    following.append(edge.target)
                came[edge.target].add(node)
        ring = following
        if len(came) > _MOST_NODES:
            break
    if upper not in came:
        return set()
    between, stack = {upper}, [upper]
    while stack:
        for node in came[stack.pop()] - between:
            between.add(node)
            stack.append(node)
    return between


def _meetings(graph: nx.MultiDiGraph, first: str, second: str, steps: int, limit: int) -> Iterator[tuple[Chain, Chain]]:
    one, other = _above(graph, first, steps), _above(graph, second, steps)
    shared = sorted(one.keys() & other.keys(), key=lambda n: (len(one[n]) + len(other[n]), n))
    above: set[str] = set()
    for node in shared:
        if node in above:  # what stands above a shared document is shared through it
            continue
        above |= _above(graph, node, steps).keys()
        yield Chain(one[node]), Chain(other[node])
        limit -= 1
        if not limit:
            return


def _above(graph: nx.MultiDiGraph, node: str, steps: int) -> dict[str, tuple[Edge, ...]]:
    """Return the shortest way to every document above ``node``."""
    ways: dict[str, tuple[Edge, ...]] = {}
    ring: list[tuple[str, tuple[Edge, ...]]] = [(start, ()) for start in _starts(graph, node)]
    for _ in range(steps):
        following: list[tuple[str, tuple[Edge, ...]]] = []
        for current, way in ring:
            for edge in edges_from(graph, current):
                if edge.target not in ways and edge.target != node:
                    ways[edge.target] = (*way, edge)
                    following.append((edge.target, ways[edge.target]))
        ring = following
        if len(ways) > _MOST_NODES:
            break
    return ways


def _distinct(graph: nx.MultiDiGraph, node: str) -> list[Edge]:
    """Keep one edge per target, relation and status: a document cited twice in one breath is one step."""
    return list({(e.target, e.relation, e.status): e for e in reversed(edges_from(graph, node))}.values())[::-1]
