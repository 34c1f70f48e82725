"""Questions to the graph: what a task rests on, which tasks a document reaches, all paths between two nodes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import networkx as nx

from extract.model import ACTING_UNITS
from graph.basis import INHERITED, PLAN_BASES, weigh_task
from graph.citation_graph import PART_OF, Edge, edges_from, edges_to
from graph.words import PLANNED

MAX_DEPTH = 8
MAX_CHAINS = 200
MAX_AROUND = 2000
MAX_BRANCHES = 2000
"""A tree over a dense graph grows with the power of its depth; nobody reads more branches than these."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a trace and how it is reached: ``edge`` is None at the root.

    ``repeated`` is set where the node stands elsewhere on the same way (a cycle), so it is not opened again.
    """

    node: str
    edge: Edge | None
    children: tuple[Branch, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """One way from a task (or plan) up to a document: ``edges[0].source`` is its lower end."""

    edges: tuple[Edge, ...]

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes from the lower end to the top."""
        return (self.edges[0].source, *(e.target for e in self.edges))


@dataclass(frozen=True, slots=True)
class Impact:
    """What rests on a document: tasks with their chains, plans based on it, tasks that only inherit it."""

    focus: str
    chains: tuple[Chain, ...]
    planned: tuple[Chain, ...]
    plans: tuple[Edge, ...]
    inheriting: tuple[str, ...]
    truncated: bool = False

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that reach the document by a stated chain, each once, in order."""
        return tuple(dict.fromkeys(chain.nodes[0] for chain in self.chains))


def trace_up(graph: nx.MultiDiGraph, node: str, depth: int = MAX_DEPTH) -> Branch:
    """Return the tree of all that ``node`` rests on, up to the highest document.

    A node reached by several ways is opened on each, until ``MAX_BRANCHES`` stand; after that as ``repeated`` ones.
    """
    grown = 0

    def grow(current: str, edge: Edge | None, way: frozenset[str], left: int) -> Branch:
        nonlocal grown
        grown += 1
        if current in way or grown > MAX_BRANCHES:
            return Branch(current, edge, repeated=True)
        children = [grow(e.target, e, way | {current}, left - 1) for e in _once(edges_from(graph, current)) if left > 0]
        return Branch(current, edge, tuple(children))

    return grow(node, None, frozenset(), depth)


def _once(edges: list[Edge]) -> list[Edge]:
    """Keep one edge per target, relation and status: a document cited twice in one breath is one hop."""
    return list({(e.source, e.target, e.relation, e.status): e for e in reversed(edges)}.values())[::-1]


def chains_up(graph: nx.MultiDiGraph, node: str, depth: int = MAX_DEPTH) -> tuple[Chain, ...]:
    """Return every way from ``node`` to an end of the tree above it, longest first, in text order."""
    found: list[Chain] = []

    def walk(branch: Branch, way: tuple[Edge, ...]) -> None:
        here = (*way, branch.edge) if branch.edge else way
        if not branch.children or branch.repeated:
            if here:
                found.append(Chain(here))
            return
        for child in branch.children:
            walk(child, here)

    walk(trace_up(graph, node, depth), ())
    return tuple(sorted(found, key=lambda c: -len(c.edges)))


def impact(graph: nx.MultiDiGraph, focus: str, depth: int = MAX_DEPTH, limit: int = MAX_CHAINS) -> Impact:
    """Return which tasks reach ``focus``, by which chains, each hop with its sentence."""
    chains: list[Chain] = []
    planned: list[Chain] = []
    plans: list[Edge] = []
    queue: deque[tuple[Edge, ...]] = deque((e,) for e in _once(edges_to(graph, focus)))
    truncated = False
    while queue:
        way = queue.popleft()
        source = graph.nodes[way[0].source]
        if any(e.status == PLANNED for e in way):
            planned.append(Chain(way))
            continue
        if source["kind"] in ("task", "assignment"):
            chains.append(Chain(way))
            if len(chains) >= limit and queue:
                truncated = True
                break
            continue
        if way[0].relation in PLAN_BASES and source.get("in_corpus"):
            plans.append(way[0])
        if len(way) >= depth or len(queue) > limit * 10:
            truncated = True
            continue
        seen = {e.target for e in way}
        queue.extend((e, *way) for e in _once(edges_to(graph, way[0].source)) if e.source not in seen)
    inheriting = _heirs(graph, list(dict.fromkeys(e.source for e in plans)), limit * 10 + 1)
    truncated = truncated or len(inheriting) > limit * 10 or bool(getattr(graph, "cut", ()))
    del inheriting[limit * 10 :]
    return Impact(focus, tuple(chains), tuple(planned), tuple(plans), tuple(inheriting), truncated)


def _heirs(graph: nx.MultiDiGraph, plans: list[str], most: int) -> list[str]:
    """Return the tasks of ``plans`` that only inherit the bases of their plan."""
    if read := getattr(graph, "heirs", None):  # weighed when the base was written
        return list(read(plans, most))
    found: list[str] = []
    for plan in plans:
        heirs = (u for u in tasks_of(graph, plan) if graph.nodes[u]["kind"] == "task")
        found += [u for u in heirs if weigh_task(graph, u).strength == INHERITED]
        if len(found) >= most:
            break
    return found[:most]


def tasks_of(graph: nx.MultiDiGraph, plan: str) -> list[str]:
    """Return the tasks and assignments of a plan, in text order."""
    return [unit for unit, _, data in graph.in_edges(plan, data=True) if data["relation"] == PART_OF]


def chain_nodes(branch: Branch) -> list[str]:
    """Return all nodes of a trace, each once."""
    found: dict[str, None] = {}
    stack = [branch]
    while stack:
        here = stack.pop()
        found[here.node] = None
        stack.extend(here.children)
    return list(found)


def around(graph: nx.MultiDiGraph, focus: str) -> nx.MultiDiGraph:
    """Return what a drawing shows unasked: of a task its whole chain to the top, else the next two steps."""
    chain = chain_nodes(trace_up(graph, focus)) if graph.nodes[focus]["kind"] in ACTING_UNITS else []
    return graph.subgraph(chain) if len(chain) > 1 else neighbourhood(graph, focus, 2)


def neighbourhood(graph: nx.MultiDiGraph, focus: str, depth: int) -> nx.MultiDiGraph:
    """Return the part of the graph within ``depth`` citation steps of ``focus``, in both directions.

    It stops at ``MAX_AROUND`` nodes: no drawing shows more, and around a law that all cite there are a million.
    """
    ring, seen = [focus], {focus}
    for _ in range(depth):
        following: dict[str, None] = {}
        for node in ring:
            for edge in (*edges_from(graph, node), *edges_to(graph, node)):
                following |= dict.fromkeys(n for n in (edge.source, edge.target) if n not in seen)
            if len(seen) + len(following) >= MAX_AROUND:
                break
        ring = list(following)[: MAX_AROUND - len(seen)]
        seen |= set(ring)
    return graph.subgraph(seen)


def plan_graph(graph: nx.MultiDiGraph, plan: str) -> nx.MultiDiGraph:
    """Return the part of the graph that a plan spans: itself, its tasks, and all documents above them."""
    keep = {plan}
    stack = [plan, *tasks_of(graph, plan)]
    groups = dict.fromkeys(graph.nodes[unit]["parent"] for unit in stack[1:])
    stack += [group for group in groups if group in graph and edges_from(graph, group)]
    while stack:
        node = stack.pop()
        keep.add(node)
        stack.extend(e.target for e in edges_from(graph, node) if e.target not in keep)
    return graph.subgraph(keep)
