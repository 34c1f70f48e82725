"""Order inside the lanes of a layered drawing, after Sugiyama: as few crossings as the search finds.

Mean and median sweeps bring nodes near to their neighbours in the next lane; sifting then carries each node to its
best place between both its neighbouring lanes. The best order of several starts is kept. Crossings of two nodes of
a lane come from one product of matrices for the whole lane. Lanes are given, so cycles and edges inside one lane do
no harm.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import numpy as np

STARTS = 20
_SWEEPS = 12
"""How many orders the search begins with, and the sweeps over each."""
_SIFTED = 4
"""How many of the best of them are sifted; the best of those is worked on."""
_ROUNDS = 14
_PATIENCE = 4
"""How often it is swept and sifted again, and how often in a row without a gain."""
_LARGE = 400
"""Nodes and bends from which on fewer orders are tried."""
_LONG = 600
"""Nodes of a lane above which it has its sweeps alone."""

_NEAR = 0.5
"""What a node between the ends of an edge inside a lane costs when nothing is crossed there: ends shall be near."""

Matrix = Any  # numpy.ndarray
Order = list[Matrix]


@dataclass(slots=True)
class Net:
    """The graph as the work needs it: nodes and bends are numbers, ``order`` holds them lane by lane."""

    lane: list[int] = field(default_factory=list)
    left: list[list[int]] = field(default_factory=list)
    right: list[list[int]] = field(default_factory=list)
    inside: list[list[int]] = field(default_factory=list)
    order: list[list[int]] = field(default_factory=list)
    nodes: int = 0

    def add(self, lane: int) -> int:
        """Add a node or bend to ``lane`` and return its number."""
        self.lane.append(lane)
        for neighbours in (self.left, self.right, self.inside):
            neighbours.append([])
        return len(self.lane) - 1

    def join(self, a: int, b: int) -> None:
        """Join two nodes of one lane or of neighbouring lanes."""
        if self.lane[a] == self.lane[b]:
            self.inside[a].append(b)
            self.inside[b].append(a)
        else:
            a, b = (a, b) if self.lane[a] < self.lane[b] else (b, a)
            self.right[a].append(b)
            self.left[b].append(a)


def order_lanes(net: Net, lanes: int) -> None:
    """Set ``net.order`` to the order with the fewest crossings that the search finds; the same net gives the same."""
    if not net.lane:
        net.order = [[] for _ in range(lanes)]
        return
    search = _Search(net, lanes)
    large = max(1.0, len(net.lane) / _LARGE) ** 2
    found: list[tuple[float, Order]] = []
    for start in _starts(len(net.lane), max(2, round(STARTS / large))):
        search.begin(_depth_first(net, lanes, start))
        swept: list[tuple[float, Order]] = []
        for turn in range(_SWEEPS):
            search.sweep(rightwards=turn % 2 == 0, median=turn % 4 >= 2)
            if turn >= _SWEEPS - 4:
                swept.append((search.cost(), list(search.order)))
        found.append(min(swept, key=_count))
        if not found[-1][0]:  # as most chains are: nothing to better
            break
    found = [search.sifted(order) for _, order in sorted(found, key=_count)[: max(2, round(_SIFTED / large))]]
    net.order = search.members(_better(search, *min(found, key=_count)))


def sift(net: Net) -> None:
    """Better ``net.order`` by carrying single nodes and bends to their best places."""
    if not net.lane:
        return
    search = _Search(net, len(net.order))
    search.begin(net.order)
    net.order = search.members(search.sifted(search.order)[1])


def _count(found: tuple[float, Order]) -> float:
    return found[0]


def _starts(count: int, many: int) -> Iterator[Sequence[int]]:
    """Yield orders in which to walk through the nodes: forwards, backwards, and shuffled, always alike."""
    yield range(count)
    yield range(count - 1, -1, -1)
    dice = random.Random(1)
    for _ in range(many - 2):
        shuffled = list(range(count))
        dice.shuffle(shuffled)
        yield shuffled


def _better(search: _Search, fewest: float, best: Order) -> Order:
    """Sweep and sift for as long as that helps."""
    search.order = list(best)
    since = 0
    for turn in range(_ROUNDS):
        if not fewest or since > _PATIENCE:
            break
        search.sweep(rightwards=turn % 2 == 0, median=turn % 4 < 2)
        count, order = search.sifted(search.order)
        since += 1
        if count < fewest:
            fewest, best, since = count, order, 0
    return best


def _depth_first(net: Net, lanes: int, start: Iterable[int]) -> list[list[int]]:
    """Fill the lanes in the order of a depth-first walk: what hangs together stands together."""
    order: list[list[int]] = [[] for _ in range(lanes)]
    seen: set[int] = set()
    for root in start:
        stack = [root]
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            order[net.lane[node]].append(node)
            stack.extend(reversed([*net.inside[node], *net.left[node], *net.right[node]]))
    return order


@dataclass(frozen=True, slots=True)
class _Joins:
    """The edges from the nodes of a lane to one side, sorted by node: ``weight`` of them go to ``other``."""

    node: Matrix
    other: Matrix
    weight: Matrix
    starts: Matrix

    @classmethod
    def of(cls, weights: dict[tuple[int, int], int]) -> _Joins:
        """Return the joins of (node, other): how many."""
        ends = sorted(weights)
        node, other = (np.array([pair[side] for pair in ends], dtype=np.intp) for side in (0, 1))
        starts = np.flatnonzero(np.diff(node, prepend=-1))
        return cls(node, other, np.array([weights[pair] for pair in ends], dtype=float), starts)

    def seen(self, size: int, place: Matrix) -> Matrix:
        """Return how many edges join each of ``size`` nodes to each place of the other lane."""
        found = np.zeros((size, len(place)))
        found[self.node, place[self.other]] = self.weight
        return found


class _Search:
    """An order of the lanes that is being bettered; the nodes of a lane count from 0, twins as one."""

    def __init__(self, net: Net, lanes: int) -> None:
        around = [
            (net.lane[n], *(tuple(sorted(side[n])) for side in (net.left, net.right, net.inside)))
            for n in range(len(net.lane))
        ]
        self.twins: list[dict[Any, list[int]]] = [{} for _ in range(lanes)]
        for node, lane in enumerate(net.lane):
            # nodes with the same neighbours stand together in some best order, so they move as one
            self.twins[lane].setdefault(node if net.inside[node] else around[node], []).append(node)
        self.index = {n: at for lane in self.twins for at, twins in enumerate(lane.values()) for n in twins}
        self.sizes = [len(lane) for lane in self.twins]
        weights: list[dict[tuple[int, int], int]] = [{} for _ in self.sizes]  # to the lane at the left
        self.inside: list[list[tuple[int, int]]] = [[] for _ in self.sizes]
        for node, lane in enumerate(net.lane):
            for other in net.left[node]:
                ends = (self.index[node], self.index[other])
                weights[lane][ends] = weights[lane].get(ends, 0) + 1
            self.inside[lane] += [(self.index[node], self.index[o]) for o in net.inside[node] if o > node]
        mirrored = [{(b, a): w for (a, b), w in found.items()} for found in weights]
        self.left = [_Joins.of(found) for found in weights]
        self.right = [_Joins.of(found) for found in (*mirrored[1:], {})]
        # an edge inside a lane crosses the edges on one side of the nodes between its ends
        ways = [
            np.minimum(*(np.bincount(joins.node, joins.weight, size) for joins in sides))
            for *sides, size in zip(self.left, self.right, self.sizes, strict=True)
        ]
        self.weight = [np.maximum(_NEAR, way).tolist() for way in ways]
        self.order: Order = []

    def begin(self, order: list[list[int]]) -> None:
        """Take ``order`` (numbers of the net) as the one to better."""
        firsts = [list(dict.fromkeys(self.index[n] for n in lane)) for lane in order]
        self.order = [np.array(lane, dtype=np.intp) for lane in firsts]

    def members(self, order: Order) -> list[list[int]]:
        """Return the nodes of the net in the given order of the lanes."""
        found = []
        for twins, lane in zip(self.twins, order, strict=True):
            groups = list(twins.values())
            found.append([node for at in lane.tolist() for node in groups[at]])
        return found

    def sweep(self, *, rightwards: bool, median: bool) -> None:
        """Order each lane by its neighbours in the lane before; nodes without such neighbours keep their places."""
        count = len(self.order)
        for lane in range(1, count) if rightwards else range(count - 2, -1, -1):
            joins = self.left[lane] if rightwards else self.right[lane]
            before, size = lane - 1 if rightwards else lane + 1, self.sizes[lane]
            many = np.bincount(joins.node, joins.weight, size)
            if median:
                far = joins.seen(size, self.place(before)).cumsum(axis=1)
                low = (far < ((many + 1) // 2)[:, None]).sum(axis=1)
                high = (far < (many // 2 + 1)[:, None]).sum(axis=1)
                wish = (low + high) / 2
            else:
                total = np.bincount(joins.node, joins.weight * self.place(before)[joins.other], size)
                wish = total / np.maximum(many, 1)
            order = self.order[lane]
            moving = many[order] > 0
            movers = order[moving]
            fresh = order.copy()
            fresh[moving] = movers[np.argsort(wish[movers], kind="stable")]
            self.order[lane] = fresh

    def sifted(self, order: Order) -> tuple[float, Order]:
        """Carry nodes to their best places, lane by lane, until nothing is gained; return cost and order."""
        self.order = list(order)
        stale = set(range(len(self.order)))
        for turn in range(24):
            lanes = sorted(stale, reverse=turn % 2 == 1)
            if not lanes:
                break
            for lane in lanes:
                stale.discard(lane)
                if len(self.order[lane]) <= _LONG and self._sift_lane(lane):
                    stale |= {n for n in (lane - 1, lane, lane + 1) if 0 <= n < len(self.order)}
        return self.cost(), list(self.order)

    def place(self, lane: int) -> Matrix:
        """Return the place of each node of a lane in its order."""
        place = np.empty(self.sizes[lane], dtype=np.intp)
        place[self.order[lane]] = np.arange(self.sizes[lane])
        return place

    def _pairs(self, lane: int) -> Matrix:
        """Crossings of the edges of each two nodes of a lane, the first above the second."""
        size = self.sizes[lane]
        total = np.zeros((size, size))
        for joins, beside in ((self.left[lane], lane - 1), (self.right[lane], lane + 1)):
            if joins.node.size:
                place = self.place(beside)
                seen = joins.seen(size, place)
                above = seen.cumsum(axis=1) - seen  # edges of each node that end above a place
                each = above.T[place[joins.other]] * joins.weight[:, None]
                total[joins.node[joins.starts]] += np.add.reduceat(each, joins.starts, axis=0)
        return total

    def _sift_lane(self, lane: int) -> bool:
        order = self.order[lane].tolist()
        if len(order) < 2:
            return False
        pairs = self._pairs(lane)
        # saved[a][b]: what b above a costs more than a above b
        saved = (pairs.T - pairs).tolist()
        inside = self.inside[lane]
        moved = False
        for node in list(order):
            here = order.index(node)
            del order[here]
            # what it costs to stand at a place instead of the first: all nodes above are now above it
            change = list(accumulate(map(saved[node].__getitem__, order), initial=0.0))
            if inside:
                costs = _inside_cost(order, node, inside, self.weight[lane])
                change = [one + two for one, two in zip(change, costs, strict=True)]
            least = min(change)
            goal = change.index(least) if least < change[here] else here
            order.insert(goal, node)
            moved |= goal != here
        if moved:
            self.order[lane] = np.array(order, dtype=np.intp)
        return moved

    def cost(self) -> float:
        """Crossings between lanes, and of edges inside a lane."""
        total = 0.0
        for lane, order in enumerate(self.order):
            if lane:
                seen = self.left[lane].seen(self.sizes[lane], self.place(lane - 1))[order]
                above = seen.cumsum(axis=0) - seen  # edges of the nodes above, by their other end
                total += float((seen * (above[:, ::-1].cumsum(axis=1)[:, ::-1] - above)).sum())
            if self.inside[lane]:
                place = self.place(lane).tolist()
                above = list(accumulate((self.weight[lane][node] for node in order.tolist()), initial=0.0))
                for a, b in self.inside[lane]:
                    low, high = sorted((place[a], place[b]))
                    total += above[high] - above[min(low + 1, high)]
        return total


def _inside_cost(others: list[int], node: int, inside: list[tuple[int, int]], weight: list[float]) -> list[float]:
    """What edges inside the lane cost for each place of ``node`` among the ``others``."""
    steps = [0.0] * (len(others) + 2)  # by how much the cost grows from one place to the next
    start = 0.0
    for a, b in inside:
        if a == b:
            continue
        if node in (a, b):
            end = others.index(b if a == node else a)
            passed = [weight[other] for other in others]
            start += sum(passed[:end])
            for at in range(len(others)):
                if at != end:
                    steps[at + 1] += passed[at] if at > end else -passed[at]
        else:
            low, high = sorted((others.index(a), others.index(b)))
            steps[low + 1] += weight[node]
            steps[high + 1] -= weight[node]
    return list(accumulate(steps[1:-1], initial=start))


def turn_over(net: Net) -> None:
    """Turn the drawing upside down; no crossing comes or goes."""
    for lane in net.order:
        lane.reverse()


def sort_twins(net: Net) -> None:
    """Put nodes with the same neighbours in the order of their numbers, where people look for them; crossings stay."""
    for index, lane in enumerate(net.order):
        twins: dict[tuple[tuple[int, ...], ...], list[int]] = {}
        for node in lane:
            around = tuple(tuple(sorted(side[node])) for side in (net.left, net.right, net.inside))
            twins.setdefault(around, []).append(node)
        following = {around: iter(sorted(nodes)) for around, nodes in twins.items()}
        keys = {node: around for around, nodes in twins.items() for node in nodes}
        net.order[index] = [next(following[keys[node]]) for node in lane]
