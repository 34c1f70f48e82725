"""Positions for drawings: one lane per legal rank, highest rank at the left, tasks at the right.

A long edge runs through a bend in every lane between its ends, so it never passes behind a box. The
order inside the lanes comes from :mod:`graph.lane_order`; heights follow by isotonic averaging (pool
adjacent violators), so that neighbours stand level without overlap.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

import networkx as nx

from graph.lane_order import Net, order_lanes, sift, sort_twins, turn_over
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
    merge: bool = False,
) -> Layout:
    """Return a place for every node of ``graph``, by its attribute ``rank``; the same graph gives the same places.

    ``sizes`` are the boxes of the nodes (:data:`SIZE` where missing), ``bend`` the height kept free for a
    passing edge, ``gap`` the space between boxes of a lane, ``between`` the space between lanes,
    ``least`` the least width of a lane. Unknown ranks go to the lane of :data:`graph.ranks.UNKNOWN`. With ``merge``
    the edges of one key to one target share their bends, as the branches of a river do.
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
    if not merge:
        net, bends = _apart(net, bends, graph, number)
    height = [sizes.get(name, SIZE)[1] for name in names] + [bend] * (len(net.lane) - len(names))
    if _upside_down(net):
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
    """Add all edges to ``net``; return the bends of the long ones, which those of one key and target share."""
    bends: dict[EdgeKey, list[int]] = {}
    shared: dict[tuple[str, Hashable, int], int] = {}  # by target, key and lane
    for source in number:
        for target in sorted(graph[source], key=natural):
            for key in graph[source][target]:
                a, b = number[source], number[target]
                if a == b:
                    continue
                way: list[int] = []
                for lane in _passed(net, a, b):
                    mouth = (target, key, lane)
                    if mouth not in shared:
                        shared[mouth] = net.add(lane)
                    way.append(shared[mouth])
                for one, two in zip([a, *way], [*way, b], strict=True):
                    net.join(one, two)
                if way:
                    bends[source, target, key] = way
    return bends


def _passed(net: Net, a: int, b: int) -> range:
    step = 1 if net.lane[a] < net.lane[b] else -1
    return range(net.lane[a] + step, net.lane[b], step) if net.lane[a] != net.lane[b] else range(0)


def _apart(
    net: Net, bends: Mapping[EdgeKey, list[int]], graph: nx.MultiDiGraph, number: Mapping[str, int]
) -> tuple[Net, dict[EdgeKey, list[int]]]:
    """Return the net with bends of its own for every edge: beside each other where they were shared, then sifted."""
    wide = Net(lane=net.lane[: net.nodes], nodes=net.nodes)
    for neighbours in (wide.left, wide.right, wide.inside):
        neighbours.extend([] for _ in range(net.nodes))
    place = {node: at for lane in net.order for at, node in enumerate(lane)}
    own: dict[EdgeKey, list[int]] = {}
    beside: dict[int, list[tuple[list[int], int]]] = {}
    for source, a in number.items():
        for target in sorted(graph[source], key=natural):
            for key in graph[source][target]:
                edge, b = (source, target, key), number[target]
                if a == b:
                    continue
                way = own[edge] = [wide.add(net.lane[bend]) for bend in bends.get(edge, ())]
                for one, two in zip([a, *way], [*way, b], strict=True):
                    wide.join(one, two)
                before = [place[stop] for stop in (a, *bends.get(edge, ()))]
                for at, bend in enumerate(bends.get(edge, ())):
                    beside.setdefault(bend, []).append((before[at::-1], way[at]))
    wide.order = [
        [n for stop in lane for n in ([stop] if stop < net.nodes else [bend for _, bend in sorted(beside[stop])])]
        for lane in net.order
    ]
    sift(wide)
    return wide, {edge: way for edge, way in own.items() if way}


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

    pulls = [
        [(pull(a, b), b) for b in (*net.left[a], *net.right[a])] + [(0.2, b) for b in net.inside[a]]
        for a in range(len(y))
    ]
    weights = [sum(weight for weight, _ in found) for found in pulls]
    for turn in range(_LEVELLINGS):
        indexes = range(len(net.order)) if turn % 2 else range(len(net.order) - 1, -1, -1)
        for index in indexes:
            lane = net.order[index]
            wishes: list[tuple[float, float]] = []
            for node, offset in zip(lane, steps[index], strict=False):
                weight = weights[node]
                wish = sum([w * y[n] for w, n in pulls[node]]) / weight if weight else y[node]
                wishes.append((wish - offset, weight or 0.05))
            for node, offset, base in zip(lane, steps[index], _isotonic(wishes), strict=False):
                y[node] = base + offset
    top = min((y[i] - height[i] / 2 for i in range(len(y))), default=0.0)
    return [value - top for value in y]


def _upside_down(net: Net) -> bool:
    """Upside down a drawing is as good; but the tasks shall be read in their order, else the longer chains first."""
    tasks = [node for node in net.order[-1] if node < net.nodes] if net.order else []  # numbered in reading order
    rising = sum((one < two) - (one > two) for one, two in combinations(tasks, 2))
    if rising:
        return rising < 0
    low = total = 0.0
    for lane in net.order:
        for at, node in enumerate(lane):
            links = len(net.left[node]) + len(net.right[node]) + len(net.inside[node])
            total += links
            low += links * (at + 0.5) / len(lane)
    return low > total / 2


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
