"""Positions for drawings: one lane per legal rank, highest rank at the left, tasks at the right.

A long edge runs through a bend in every lane between its ends, so it never passes behind a box. The
order inside the lanes comes from :mod:`graph.lane_order`; heights follow by isotonic averaging (pool
adjacent violators), so that neighbours stand level without overlap.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

from graph.lane_order import Net, order_lanes, sort_twins, turn_over
from graph.ranks import UNKNOWN, Rank, ranks

Point = tuple[float, float]
EdgeKey = tuple[str, str, Hashable]
Size = tuple[float, float]

SIZE: Size = (150.0, 44.0)
"""Width and height of a node whose size is not given."""
_LEVELLINGS = 24


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a node stands: index of its lane (0 is the leftmost), and its centre."""

    lane: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of the drawing: its rank, the x of its middle, and its width."""

    rank: Rank
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions of all nodes; the top left corner is (0, 0).

    ``routes`` has an entry for every edge (source, target, key) that passes over a lane: its bends, from
    source to target. Space is kept free around each bend.
    """

    positions: Mapping[str, Spot]
    lanes: tuple[Lane, ...]
    routes: Mapping[EdgeKey, tuple[Point, ...]]
    width: float
    height: float


def lay_out(
    graph: nx.MultiDiGraph,
    *,
    sizes: Mapping[str, Size] | None = None,
    bend: float = 20.0,
    gap: float = 10.0,
    between: float = 84.0,
    least: float = 120.0,
) -> Layout:
    """Return a place for every node of ``graph``, by its attribute ``rank``; the same graph gives the same places.

    ``sizes`` are the boxes of the nodes (:data:`SIZE` where missing), ``bend`` the height kept free for a
    passing edge, ``gap`` the space between boxes of a lane, ``between`` the space between lanes,
    ``least`` the least width of a lane. Unknown ranks go to the lane of :data:`graph.ranks.UNKNOWN`.
    """
    sizes = sizes or {}
    known = {rank.number: rank for rank in ranks()}
    # a networkx subgraph view lists its nodes in the order of a set, which changes from run to run
    names = sorted(graph, key=natural)
    rank_of = {name: known.get(graph.nodes[name].get("rank"), UNKNOWN) for name in names}
    present = sorted(set(rank_of.values()), key=lambda rank: rank.number)
    lane_of = {rank: index for index, rank in enumerate(present)}
    net = Net(nodes=len(names))
    number = {name: net.add(lane_of[rank_of[name]]) for name in names}
    bends = _join_all(net, graph, number)
    order_lanes(net, len(present))
    height = [sizes.get(name, SIZE)[1] for name in names] + [bend] * (len(net.lane) - len(names))
    if _upside_down(net, _level(net, height, gap)):
        turn_over(net)
    sort_twins(net)
    y = _level(net, height, gap)
    columns: list[Lane] = []
    right = 0.0
    for rank in present:
        width = max(least, *(sizes.get(name, SIZE)[0] for name in names if rank_of[name] == rank))
        columns.append(Lane(rank, right + width / 2, width))
        right += width + between
    spots = {name: Spot(net.lane[i], columns[net.lane[i]].x, y[i]) for name, i in number.items()}
    routes = {edge: tuple((columns[net.lane[b]].x, y[b]) for b in way) for edge, way in bends.items()}
    bottom = max((y[i] + height[i] / 2 for i in range(len(y))), default=0.0)
    return Layout(spots, tuple(columns), routes, max(0.0, right - between), bottom)


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sorting key that puts II.2 before II.10."""
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in re.split(r"(\d+)", text) if p)


def _join_all(net: Net, graph: nx.MultiDiGraph, number: Mapping[str, int]) -> dict[EdgeKey, list[int]]:
    """Add all edges to ``net``; return the bends of the long ones."""
    bends: dict[EdgeKey, list[int]] = {}
    for source in number:
        for target in sorted(graph[source], key=natural):
            for key in graph[source][target]:
                a, b = number[source], number[target]
                if a == b:
                    continue
                step = 1 if net.lane[a] < net.lane[b] else -1
                passed = range(net.lane[a] + step, net.lane[b], step) if net.lane[a] != net.lane[b] else ()
                way = [net.add(lane) for lane in passed]
                for one, two in zip([a, *way], [*way, b], strict=True):
                    net.join(one, two)
                if way:
                    bends[source, target, key] = way
    return bends


def _level(net: Net, height: list[float], gap: float) -> list[float]:
    """Return the y of every node: near the mean of its neighbours, boxes of a lane apart by ``gap``."""
    y = [0.0] * len(net.lane)
    steps: list[list[float]] = []  # distance of each node of a lane from the first one when packed
    for lane in net.order:
        down = [0.0]
        for above, below in pairwise(lane):
            free = gap if min(above, below) < net.nodes else gap / 3  # passing edges may run close together
            down.append(down[-1] + (height[above] + height[below]) / 2 + free)
        steps.append(down)
        for node, offset in zip(lane, down, strict=False):
            y[node] = offset

    def pull(a: int, b: int) -> float:
        return (1.0, 3.0, 8.0)[(a >= net.nodes) + (b >= net.nodes)]  # bends must be straight before all

    for turn in range(_LEVELLINGS):
        indexes = range(len(net.order)) if turn % 2 else range(len(net.order) - 1, -1, -1)
        for index in indexes:
            lane = net.order[index]
            wishes: list[tuple[float, float]] = []
            for node, offset in zip(lane, steps[index], strict=False):
                pulls = [(pull(node, n), y[n]) for n in (*net.left[node], *net.right[node])]
                pulls += [(0.2, y[n]) for n in net.inside[node]]
                weight = sum(w for w, _ in pulls)
                wish = sum(w * at for w, at in pulls) / weight if pulls else y[node]
                wishes.append((wish - offset, weight or 0.05))
            for node, offset, base in zip(lane, steps[index], _isotonic(wishes), strict=False):
                y[node] = base + offset
    top = min((y[i] - height[i] / 2 for i in range(len(y))), default=0.0)
    return [value - top for value in y]


def _upside_down(net: Net, y: list[float]) -> bool:
    """Upside down a drawing is as good; but the half with the longer chains shall be seen first."""
    links = [len(net.left[i]) + len(net.right[i]) + len(net.inside[i]) for i in range(len(y))]
    return sum(link * value for link, value in zip(links, y, strict=True)) > sum(links) * max(y, default=0.0) / 2


def _isotonic(wishes: list[tuple[float, float]]) -> list[float]:
    """Return the non-decreasing values nearest (weighted least squares) to ``wishes`` of (value, weight)."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in wishes:
        count = 1
        while pools and pools[-1][0] >= value:
            before, heavy, many = pools.pop()
            value = (before * heavy + value * weight) / (heavy + weight)
            weight, count = weight + heavy, count + many
        pools.append((value, weight, count))
    return [value for value, _, count in pools for _ in range(count)]


def crossings(edges: Iterable[tuple[str, str]], points: Mapping[str, Point]) -> int:
    """Return how many pairs of edges cross when each is drawn as a straight line between ``points``.

    Edges with a common end, and the second of two edges between the same nodes, do not count.
    """
    lines = sorted({(min(a, b), max(a, b)) for a, b in edges if a != b})
    total = 0
    for i, (a, b) in enumerate(lines):
        p, q = points[a], points[b]
        for c, d in lines[i + 1 :]:
            if len({a, b, c, d}) == 4:
                r, s = points[c], points[d]
                total += _turn(p, q, r) * _turn(p, q, s) < 0 and _turn(r, s, p) * _turn(r, s, q) < 0
    return total


def _turn(p: Point, q: Point, r: Point) -> float:
    """Positive when p, q, r turn one way, negative when they turn the other."""
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
