"""Order inside the lanes of a layered drawing, after Sugiyama: as few crossings as the sweeps find.

Median and mean sweeps alternate with swaps of neighbours, from two depth-first orders; the best order
is kept. Lanes are given, so cycles and edges inside one lane do no harm.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass, field

SWEEPS = 24
PATIENCE = 8
"""Sweeps without a better order after which the search ends."""


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
    """Set ``net.order`` to the order with the fewest crossings that the sweeps find."""
    best: list[list[int]] = [[] for _ in range(lanes)]
    fewest = -1
    for start in (range(len(net.lane)), range(len(net.lane) - 1, -1, -1)):
        net.order = _depth_first(net, lanes, start)
        since = 0
        for turn in range(SWEEPS + 1):
            if turn:
                _sweep(net, rightwards=turn % 2 == 1, median=turn % 4 < 2)
            _swap_neighbours(net)
            count = _cost(net)
            since += 1
            if fewest < 0 or count < fewest:
                fewest, best, since = count, [list(lane) for lane in net.order], 0
            if not fewest or since > PATIENCE:
                break
    net.order = best
    _sift(net)


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


def _places(net: Net) -> list[int]:
    place = [0] * len(net.lane)
    for lane in net.order:
        for index, node in enumerate(lane):
            place[node] = index
    return place


def _sweep(net: Net, *, rightwards: bool, median: bool) -> None:
    """Order each lane by its neighbours in the lane before; nodes without such neighbours keep their places."""
    neighbours = net.left if rightwards else net.right
    place = _places(net)
    lanes = range(1, len(net.order)) if rightwards else range(len(net.order) - 2, -1, -1)
    for index in lanes:
        lane = net.order[index]
        wish: dict[int, float] = {}
        for node in lane:
            where = sorted(place[n] for n in neighbours[node])
            if where:
                middle = (where[(len(where) - 1) // 2] + where[len(where) // 2]) / 2
                wish[node] = middle if median else sum(where) / len(where)
        moving = iter(sorted(wish, key=lambda n: (wish[n], place[n])))
        net.order[index] = [next(moving) if node in wish else node for node in lane]
        for at, node in enumerate(net.order[index]):
            place[node] = at


def _between(above: list[int], below: list[int]) -> int:
    """How many crossings the edges of two nodes of a lane make when the first stands above the second."""
    return sum(bisect_left(below, place) for place in above)


class _Swaps:
    """What swapping two neighbours of one lane would save; the other lanes stand still meanwhile."""

    def __init__(self, net: Net, lane: int, place: list[int]) -> None:
        self.net, self.lane, self.place = net, net.order[lane], place
        self.sides = [
            {node: sorted(place[n] for n in side[node]) for node in self.lane} for side in (net.left, net.right)
        ]

    def gain(self, at: int) -> int:
        """Crossings saved by swapping the nodes ``at`` and ``at + 1`` of the lane."""
        a, b = self.lane[at], self.lane[at + 1]
        saved = sum(_between(side[a], side[b]) - _between(side[b], side[a]) for side in self.sides)
        # an edge inside the lane is the longer the more nodes stand between its ends
        saved += sum(1 if self.place[n] > at else -1 for n in self.net.inside[a] if n != b)
        saved += sum(1 if self.place[n] < at else -1 for n in self.net.inside[b] if n != a)
        return saved

    def do(self, at: int) -> None:
        a, b = self.lane[at], self.lane[at + 1]
        self.lane[at], self.lane[at + 1] = b, a
        self.place[a], self.place[b] = at + 1, at


def _swap_neighbours(net: Net) -> None:
    place = _places(net)
    for _ in range(8):
        changed = False
        for lane in range(len(net.order)):
            swaps = _Swaps(net, lane, place)
            for at in range(len(swaps.lane) - 1):
                if swaps.gain(at) > 0:
                    swaps.do(at)
                    changed = True
        if not changed:
            return


def _sift(net: Net) -> None:
    """Carry each end of an edge inside a lane to its best place there, over hills that swaps do not climb."""
    place = _places(net)
    for lane in range(len(net.order)):
        swaps = _Swaps(net, lane, place)
        for node in [n for n in swaps.lane if net.inside[n]]:
            start, total, best, goal = place[node], 0, 0, place[node]
            for steps in (range(start - 1, -1, -1), range(len(swaps.lane) - 1)):
                for at in steps:  # up to the top, then down through the whole lane
                    total += swaps.gain(at)
                    swaps.do(at)
                    if total > best:
                        best, goal = total, place[node]
            for at in range(len(swaps.lane) - 2, goal - 1, -1):
                swaps.do(at)


def _cost(net: Net) -> int:
    """Crossings between lanes, and nodes that stand between the ends of an edge inside a lane."""
    place = _places(net)
    total = 0
    for lane in net.order:
        passed: list[int] = []
        for node in lane:
            ends = sorted(place[n] for n in net.right[node])
            total += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
            total += sum(abs(place[n] - place[node]) - 1 for n in net.inside[node] if place[n] > place[node])
    return total


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
