"""Words on the lines of the lane drawing: beside the line they name, on no other word, where few lines pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.lanes import Point
from graph.routes import Route, at
from publish import draw_style as style

SIZE = 11
"""Size of the letters on lines."""
_LINE = 13.0
_CELL = 8.0
_PLACES = (0.5, 0.62, 0.38, 0.74, 0.28, 0.84, 0.18)


@dataclass(frozen=True, slots=True)
class Label:
    """Words around a point: lines of text from top to bottom."""

    x: float
    y: float
    lines: tuple[str, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        width = max(style.text_width(line, SIZE) for line in self.lines) / 2
        height = _LINE * len(self.lines) / 2
        return self.x - width, self.y - height, self.x + width, self.y + height


class Placer:
    """Puts words beside lines, one label after the other; remembers where lines, boxes and labels are."""

    def __init__(self, room: float) -> None:
        """Prepare; ``room`` is the width of the space between two lanes that words may take."""
        self.room = room
        self.lines: dict[tuple[int, int], set[int]] = {}
        self.known: set[tuple[int, Point, Point]] = set()
        self.taken: set[tuple[int, int]] = set()

    def add_line(self, number: int, route: Route) -> None:
        """Note where line ``number`` runs; what it shares with another of that number is noted once."""
        for stretch in route.stretches:
            ends = (number, stretch[0], stretch[3])
            if ends in self.known:
                continue
            self.known.add(ends)
            (x, y), (right, bottom) = stretch[0], stretch[3]
            steps = max(1, int(max(abs(right - x), abs(bottom - y)) / _CELL), int(abs(stretch[1][0] - x) / _CELL))
            if y == bottom and abs(right - x) > 1:
                cells = {(column, int(y // _CELL)) for column in _span(x, right)}
            else:
                spots = (at(stretch, turn / steps) for turn in range(steps + 1))
                cells = {(int(a // _CELL), int(b // _CELL)) for a, b in spots}
            for cell in cells:
                self.lines.setdefault(cell, set()).add(number)

    def add_box(self, left: float, top: float, right: float, bottom: float) -> None:
        """Note where a box is: no words go there."""
        # words are wider than two cells, so every other column stops them
        self.taken.update(_cells(left, top, right, bottom, 2))
        self.taken.update(_cells(right - _CELL, top, right, bottom))

    def place(self, number: int, words: str, routes: Iterable[Route]) -> Label | None:
        """Return where the words of line ``number``, which runs along ``routes``, stand; None where nothing is free."""
        lines = tuple(style.balance(words, SIZE, self.room, 3))
        best: tuple[float, Label] | None = None
        for cost, label in _places(lines, words, routes):
            cells = list(_cells(*label.box))
            if any(cell in self.taken for cell in cells):
                continue
            cost += 2.0 * len({n for cell in cells for n in self.lines.get(cell, ())} - {number})
            if best is None or cost < best[0]:
                best = cost, label
            if not cost:
                break
        if best is None:
            return None
        self.taken.update(_cells(*best[1].box))
        return best[1]


def _places(lines: tuple[str, ...], words: str, routes: Iterable[Route]) -> Iterator[tuple[float, Label]]:
    """Yield places along the routes, each with how far it is from the best kind of place."""
    for route in routes:
        stretches = route.stretches
        for index, stretch in enumerate(stretches):
            (x, y), (right, bottom) = stretch[0], stretch[3]
            if index in route.spaces and abs(right - x) < 1:  # a bracket: beside its middle
                out = at(stretch, 0.5)
                side = 1 if stretch[1][0] > x else -1
                width = max(style.text_width(line, SIZE) for line in lines)
                yield 0.0, Label(out[0] + side * (width / 2 + 5), out[1], lines)
                yield 0.4, Label(*out, lines)
            elif index in route.spaces:
                # beside a level line the words lie on it; a steep one is broken for them
                lift = _LINE * len(lines) / 2 + 2 if abs(bottom - y) < 16 else 0.0
                for rank, t in enumerate(_PLACES):
                    here = at(stretch, t)
                    yield rank * 0.2, Label(here[0], here[1] - lift, lines)
                    if lift:
                        yield rank * 0.2 + 0.1, Label(here[0], here[1] + lift, lines)
            elif abs(right - x) > style.text_width(words, SIZE) + 24:  # level through a lane: the words lie on it
                yield 0.1, Label((x + right) / 2, y - _LINE / 2 - 1, (words,))


def _cells(left: float, top: float, right: float, bottom: float, step: int = 1) -> Iterator[tuple[int, int]]:
    for column in range(int(left // _CELL), int(right // _CELL) + 1, step):
        for row in range(int(top // _CELL), int(bottom // _CELL) + 1):
            yield column, row


def _span(x: float, right: float) -> range:
    """The columns of cells from ``x`` to ``right``, whichever is less."""
    return range(int(min(x, right) // _CELL), int(max(x, right) // _CELL) + 1)
