"""The citation edges around a node, ring by ring: each claim once, nearest first.

:mod:`graph.trace` answers with trees and chains, where one claim stands in many branches; a list that
people tick off on paper needs each claim once, also those that reach no task.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import networkx as nx

from graph.citation_graph import Edge, edges_from, edges_to
from graph.relations import ACTS_ON
from graph.trace import MAX_DEPTH
from graph.words import PLANNED

Way = Literal["rests", "planned", "object", "act"]


@dataclass(frozen=True, slots=True)
class Hop:
    """One claim at distance ``ring`` from the focus (1 is next to it).

    ``way``: "rests" for a basis, "planned" for an act still to come, "object" for what the focus itself acts on (and
    what lies under that), "act" where one document of the chain amends or repeals another: that one may be a basis too.
    """

    edge: Edge
    ring: int
    way: Way


@dataclass(frozen=True, slots=True)
class Hops:
    """All claims on one side of a node; ``cut`` when there were more beyond the greatest depth."""

    hops: tuple[Hop, ...]
    cut: bool = False


def hops_up(graph: nx.MultiDiGraph, focus: str, depth: int = MAX_DEPTH) -> Hops:
    """Return what ``focus`` rests on, by the rules of :func:`graph.basis.weigh_task`.

    An announced act is listed and not followed. What ``focus`` itself amends or repeals is an object, and so is
    what lies under it; what a document further up amends is listed as such and not followed.
    """
    hops: list[Hop] = []
    objects: list[str] = []

    def rests(edge: Edge, ring: int) -> str | None:
        if edge.relation in ACTS_ON:
            hops.append(Hop(edge, ring, "object" if edge.source == focus else "act"))
            if edge.source == focus:
                objects.append(edge.target)
            return None
        hops.append(Hop(edge, ring, "planned" if edge.status == PLANNED else "rests"))
        return None if edge.status == PLANNED else edge.target

    seen, cut = _spread(graph, [focus], edges_from, rests, depth, 1, set())

    def under_object(edge: Edge, ring: int) -> str | None:
        hops.append(Hop(edge, ring, "object"))
        return None if edge.status == PLANNED or edge.relation in ACTS_ON else edge.target

    beyond = [node for node in dict.fromkeys(objects) if node not in seen]
    _, cut_beyond = _spread(graph, beyond, edges_from, under_object, depth, 2, seen)
    return Hops(tuple(hops), cut or cut_beyond)


def hops_down(graph: nx.MultiDiGraph, focus: str, depth: int = MAX_DEPTH) -> Hops:
    """Return what reaches ``focus``: documents and tasks, as :func:`graph.trace.impact` counts them, and dead ends too.

    An announced act is listed and not followed.
    """
    hops: list[Hop] = []

    def reaches(edge: Edge, ring: int) -> str | None:
        hops.append(Hop(edge, ring, "planned" if edge.status == PLANNED else "rests"))
        return None if edge.status == PLANNED else edge.source

    _, cut = _spread(graph, [focus], edges_to, reaches, depth, 1, set())
    return Hops(tuple(hops), cut)


def _spread(
    graph: nx.MultiDiGraph,
    start: Iterable[str],
    neighbours: Callable[[nx.MultiDiGraph, str], list[Edge]],
    take: Callable[[Edge, int], str | None],
    depth: int,
    first_ring: int,
    seen: set[str],
) -> tuple[set[str], bool]:
    """Walk breadth first; ``take`` records an edge and returns the node to go on from. Return nodes seen, and cut."""
    ring, number = list(start), first_ring
    seen = seen | set(ring)
    while ring:
        following: list[str] = []
        for node in ring:
            for edge in _distinct(neighbours(graph, node)):
                if number > depth:
                    return seen, True
                reached = take(edge, number)
                if reached is not None and reached not in seen:
                    seen.add(reached)
                    following.append(reached)
        ring, number = following, number + 1
    return seen, False


def _distinct(edges: Iterable[Edge]) -> Iterable[Edge]:
    """Keep one edge per source, target, relation and status: said twice in one breath is one claim."""
    return {(e.source, e.target, e.relation, e.status): e for e in reversed(list(edges))}.values().__reversed__()
