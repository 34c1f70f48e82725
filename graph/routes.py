"""The lines of a lane drawing as curves: which way each goes, so that none runs through a box.

A line leaves its box level, curves only in the space between two lanes, and passes a lane level at the
height that :func:`graph.lanes.lay_out` keeps free for it. Curves of one space bend alike, so two of them
meet at most once, and only where their ends stand in the other order.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.lanes import SIZE, EdgeKey, Layout, Point, Size

STUB = 12.0
"""How far a line runs level beside a lane: room for the head of an arrow."""
_PORT = 8.0  # the most between two lines at a box
_CORNER = 6.0  # kept free at the corners of a box


@dataclass(frozen=True, slots=True)
class Route:
    """One line as drawn, from source to target: a point, then three points for each cubic stretch (as SVG's "C").

    ``spaces`` are the stretches, by number, that curve between lanes; the others are level.
    """

    points: tuple[Point, ...]
    spaces: tuple[int, ...]

    @property
    def stretches(self) -> list[tuple[Point, Point, Point, Point]]:
        """The cubic stretches, each with its four points."""
        p = self.points
        return [(p[i], p[i + 1], p[i + 2], p[i + 3]) for i in range(0, len(p) - 1, 3)]

    def samples(self, steps: int = 16) -> list[Point]:
        """Return points along the line, ``steps`` to a curve, one to a level stretch."""
        found = [self.points[0]]
        for index, stretch in enumerate(self.stretches):
            count = steps if index in self.spaces else 1
            found += [at(stretch, turn / count) for turn in range(1, count + 1)]
        return found


def at(stretch: tuple[Point, Point, Point, Point], t: float) -> Point:
    """Return the point of a cubic stretch at ``t``, from 0 (its start) to 1 (its end)."""
    (x, y), (p, q), (r, s), (right, bottom) = stretch
    u = 1 - t
    a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
    return a * x + b * p + c * r + d * right, a * y + b * q + c * s + d * bottom


def route_all(
    layout: Layout,
    edges: Iterable[EdgeKey],
    *,
    sizes: Mapping[str, Size] | None = None,
    between: float = 84.0,
    merge: bool = False,
) -> dict[EdgeKey, Route]:
    """Return the route of every edge (source, target, key) of a graph that ``layout`` has places for.

    ``sizes``, ``between`` and ``merge`` are those that the layout was made with.
    """
    return _Router(layout, sorted(edges, key=lambda e: (e[0], e[1], str(e[2]))), sizes or {}, between, merge).all()


@dataclass(frozen=True, slots=True)
class _End:
    """Where a line meets a box: its edge, whether it is the source's end, and how it sorts along the side."""

    edge: EdgeKey
    leaves: bool
    order: tuple[int, float, str]


class _Router:
    def __init__(
        self, layout: Layout, edges: list[EdgeKey], sizes: Mapping[str, Size], between: float, merge: bool
    ) -> None:
        self.layout, self.edges, self.sizes, self.between, self.merge = layout, edges, sizes, between, merge
        self.spots = layout.positions
        self.side: dict[EdgeKey, int] = {}  # of edges inside a lane: 1 right of it, -1 left
        self.bulge: dict[EdgeKey, float] = {}
        self.port: dict[tuple[EdgeKey, bool], float] = {}

    def all(self) -> dict[EdgeKey, Route]:
        self._brackets()
        self._ports()
        return {edge: self._route(edge) for edge in self.edges}

    def _inside(self, edge: EdgeKey) -> bool:
        return self.spots[edge[0]].lane == self.spots[edge[1]].lane

    def _brackets(self) -> None:
        """Choose for each line inside a lane the side where it meets fewer others, and how far it swings out."""
        beside: dict[tuple[int, int], list[float]] = {}  # (lane, side): heights where lines touch the lane there
        for edge in self.edges:
            if self._inside(edge):
                continue
            way = [(self.spots[edge[0]].lane, self.spots[edge[0]].y)]
            step = 1 if self.spots[edge[1]].lane > way[0][0] else -1
            ys = [y for _, y in self.layout.routes.get(edge, ())] + [self.spots[edge[1]].y]
            lane = way[0][0]
            beside.setdefault((lane, step), []).append(way[0][1])
            for y in ys:
                lane += step
                beside.setdefault((lane, -step), []).append(y)
                beside.setdefault((lane, step), []).append(y)
            beside[lane, step].pop()  # it ends there
        for heights in beside.values():
            heights.sort()
        taken: dict[tuple[int, int], list[tuple[float, float, int]]] = {}
        inside = [edge for edge in self.edges if self._inside(edge)]
        for edge in sorted(inside, key=lambda e: (abs(self.spots[e[0]].y - self.spots[e[1]].y), str(e))):
            lane = self.spots[edge[0]].lane
            low, high = sorted((self.spots[edge[0]].y, self.spots[edge[1]].y))

            def meets(side: int, lane: int = lane, low: float = low, high: float = high) -> int:
                heights = beside.get((lane, side), [])
                return bisect_left(heights, high) - bisect_right(heights, low)

            side = 1 if meets(1) <= meets(-1) else -1
            others = taken.setdefault((lane, side), [])
            level = 1 + max((n for a, b, n in others if a < high and low < b), default=0)
            others.append((low, high, level))
            self.side[edge] = side
            self.bulge[edge] = min(0.8 * self.between, STUB + 14.0 * level)

    def _ports(self) -> None:
        """Spread the lines of a side along it, in the order in which they go on, so that they do not cross there."""
        ends: dict[tuple[str, int], list[_End]] = {}
        for edge in self.edges:
            source, target, key = edge
            one, two = self.spots[source], self.spots[target]
            name = str(key)
            if self._inside(edge):
                for node, other, leaves in ((source, target, True), (target, source, False)):
                    here, there = self.spots[node].y, self.spots[other].y
                    up = there < here if source != target else leaves
                    # the nearer an end, the further inside the bracket, the nearer to the corner it starts
                    reach = abs(there - here)
                    end = _End(edge, leaves, (0, reach, name) if up else (2, -reach, name))
                    ends.setdefault((node, self.side[edge]), []).append(end)
                continue
            bends = self.layout.routes.get(edge, ())
            step = 1 if two.lane > one.lane else -1
            first = bends[0][1] if bends else two.y
            last = bends[-1][1] if bends else one.y
            # parallel lines keep one order at both ends, whichever way they point
            ends.setdefault((source, step), []).append(_End(edge, True, (1, first, name)))
            ends.setdefault((target, -step), []).append(_End(edge, False, (1, last, name)))
        for (node, _), found in ends.items():
            # lines that share their bends also share the last of their way
            mouths: dict[object, list[_End]] = {}
            for end in found:
                alone = end.leaves or not self.merge
                mouths.setdefault((end.edge, end.leaves) if alone else end.edge[2], []).append(end)
            ports = sorted(mouths.values(), key=_middle)
            room = max(0.0, self.sizes.get(node, SIZE)[1] - 2 * _CORNER)
            step_y = min(_PORT, room / (len(ports) - 1)) if len(ports) > 1 else 0.0
            top = self.spots[node].y - step_y * (len(ports) - 1) / 2
            for index, port in enumerate(ports):
                for end in port:
                    self.port[end.edge, end.leaves] = top + index * step_y

    def _route(self, edge: EdgeKey) -> Route:
        source, target, _ = edge
        one, two = self.spots[source], self.spots[target]
        if self._inside(edge):
            return self._bracket(edge)
        step = 1 if two.lane > one.lane else -1
        path = _Path((one.x + step * self.sizes.get(source, SIZE)[0] / 2, self.port[edge, True]))
        lane, y = one.lane, self.port[edge, True]
        ys = [*(y for _, y in self.layout.routes.get(edge, ())), self.port[edge, False]]
        for following in ys:
            path.level(self._border(lane, step) + step * STUB, y)
            lane, y = lane + step, following
            path.curve(self._border(lane, -step) - step * STUB, y)
        path.level(two.x - step * self.sizes.get(target, SIZE)[0] / 2, y)
        return path.route()

    def _bracket(self, edge: EdgeKey) -> Route:
        source, target, _ = edge
        side, spot = self.side[edge], self.spots[source]
        border = self._border(spot.lane, side) + side * STUB
        path = _Path((spot.x + side * self.sizes.get(source, SIZE)[0] / 2, self.port[edge, True]))
        path.level(border, self.port[edge, True])
        out = border + side * (self.bulge[edge] - STUB) * 4 / 3
        path.swing(out, border, self.port[edge, False])
        path.level(self.spots[target].x + side * self.sizes.get(target, SIZE)[0] / 2, self.port[edge, False])
        return path.route()

    def _border(self, lane: int, side: int) -> float:
        return self.layout.lanes[lane].x + side * self.layout.lanes[lane].width / 2


def _middle(port: list[_End]) -> tuple[float, float, str]:
    """How the lines of one port sort together along the side of a box."""
    first = port[0].order
    return (sum(e.order[0] for e in port) / len(port), sum(e.order[1] for e in port) / len(port), first[2])


class _Path:
    """Builds a route stretch by stretch."""

    def __init__(self, start: Point) -> None:
        self.points: list[Point] = [start]
        self.spaces: list[int] = []

    def level(self, x: float, y: float) -> None:
        start = self.points[-1][0]
        self.points += [(start + (x - start) / 3, y), (start + (x - start) * 2 / 3, y), (x, y)]

    def curve(self, x: float, y: float) -> None:
        start = self.points[-1]
        self.spaces.append((len(self.points) - 1) // 3)
        middle = (start[0] + x) / 2
        self.points += [(middle, start[1]), (middle, y), (x, y)]

    def swing(self, out: float, x: float, y: float) -> None:
        self.spaces.append((len(self.points) - 1) // 3)
        self.points += [(out, self.points[-1][1]), (out, y), (x, y)]

    def route(self) -> Route:
        return Route(tuple(self.points), tuple(self.spaces))
