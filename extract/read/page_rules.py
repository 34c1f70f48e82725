"""Tables of a PDF page from the ruling lines that are drawn around their cells.

Lines are gathered, joined where they touch, and laid out as a grid; two fields of the grid are one cell when no
line is drawn between them. What has no lines is no table here.
"""

from __future__ import annotations

import ctypes
import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium_c

from extract.read.page_words import Line, Run, Word, lines_of, rows_of, turn

_THIN = 3.0
"""A filled rectangle thinner than this is a line (points)."""

_NEAR = 3.0
"""Lines closer than this are one, and lines that end this near each other touch (points)."""

MAX_RULES = 1200
"""Beyond this a page is a drawing, not a table; joining lines would take too long."""

MAX_OBJECTS = 20_000
"""Objects of a page that are looked at."""

MAX_FIELDS = 20_000
"""A grid of more fields is a drawing too."""

_DEPTH = 4
"""Forms in forms that are looked into: signing programs wrap the page in one."""


@dataclass(slots=True)
class Cell:
    """A cell at its first row; ``number`` is its place in the row from 1, ``page`` where it begins."""

    number: int
    page: int
    x0: float
    x1: float
    lines: list[Line]


@dataclass(slots=True)
class Table:
    """A ruled table, or the part of one that stands on a page: the cells that begin in each row."""

    edges: tuple[float, ...]
    rows: list[list[Cell]]


Rule = tuple[float, float, float]
"""The place of a line across its direction, and its two ends."""


def tables_of(page: Any, number: int, runs: Sequence[Run]) -> list[Run | Table]:
    """Return the lines of a page with its tables, each where its first words were written."""
    items: list[Run | Table] = list(runs)
    level, upright = _rules(page)
    if len(level) < 2 or len(upright) < 2:
        return items
    grids = list(_grids(_joined(level), _joined(upright)))
    for grid in sorted(grids, key=lambda g: (g.xs[-1] - g.xs[0]) * (g.ys[-1] - g.ys[0])):  # a nested table first
        rest, at, words = _take(items, grid)
        table = grid.fill(words, number)
        if table is not None:
            items = [*rest[:at], table, *rest[at:]]
    return items


def _take(items: Sequence[Run | Table], grid: _Grid) -> tuple[list[Run | Table], int, list[Word]]:
    """Return what is left without the words inside ``grid``, how much of it stands before them, and these words."""
    rest: list[Run | Table] = []
    inside: list[Word] = []
    before = -1
    for item in items:
        if isinstance(item, Run):
            taken = [w for w in item.words if grid.holds(w)]
            if taken:
                if before < 0:
                    before = len(rest)
                inside += taken
                if len(taken) == len(item.words):
                    continue
                item = Run([w for w in item.words if not grid.holds(w)])
        rest.append(item)
    return rest, max(before, 0), inside


class _Grid:
    """Columns between ``xs``, rows between ``ys`` (from the top down), and which fields are one cell."""

    def __init__(self, level: Sequence[Rule], upright: Sequence[Rule]) -> None:
        self.xs = _places(r[0] for r in upright)
        self.ys = _places(r[0] for r in level)
        across, down = len(self.xs) - 1, len(self.ys) - 1
        self.parent = list(range(max(across, 0) * max(down, 0)))
        self.across = across
        self._steps = [-y for y in reversed(self.ys)]  # ascending, for bisect
        walls = _by_place(upright, self.xs)
        floors = _by_place(level, self.ys)
        for i in range(down):
            middle = (self.ys[down - 1 - i] + self.ys[down - i]) / 2
            for j in range(across):
                if j + 1 < across and not _covered(walls[j + 1], middle):
                    self._join(i * across + j, i * across + j + 1)
                centre = (self.xs[j] + self.xs[j + 1]) / 2
                if i + 1 < down and not _covered(floors[down - 1 - i], centre):
                    self._join(i * across + j, (i + 1) * across + j)

    def _find(self, n: int) -> int:
        while self.parent[n] != n:
            self.parent[n] = n = self.parent[self.parent[n]]
        return n

    def _join(self, a: int, b: int) -> None:
        a, b = self._find(a), self._find(b)
        self.parent[max(a, b)] = min(a, b)

    @property
    def cells(self) -> int:
        """Return how many cells there are."""
        return sum(self._find(n) == n for n in range(len(self.parent)))

    def holds(self, word: Word) -> bool:
        """Tell whether the word's middle stands inside."""
        return self.xs[0] <= (word.x0 + word.x1) / 2 <= self.xs[-1] and self.ys[0] <= word.middle <= self.ys[-1]

    def fill(self, words: Sequence[Word], page: int) -> Table | None:
        """Return the table with its words, None when it holds none."""
        if not words:
            return None
        inside: dict[int, list[Word]] = {}
        for word in words:
            column = min(max(bisect_right(self.xs, (word.x0 + word.x1) / 2) - 1, 0), self.across - 1)
            row = min(max(bisect_right(self._steps, -word.middle) - 1, 0), len(self.ys) - 2)
            inside.setdefault(self._find(row * self.across + column), []).append(word)
        rows: list[list[Cell]] = []
        for i in range(len(self.ys) - 1):
            row_cells: list[Cell] = []
            number = 0
            seen = -1
            for j in range(self.across):
                group = self._find(i * self.across + j)
                if group == seen:
                    continue
                seen = group
                number += 1
                if group == i * self.across + j and group in inside:
                    last = j
                    while last + 1 < self.across and self._find(i * self.across + last + 1) == group:
                        last += 1
                    lines = lines_of(rows_of(inside[group]))
                    row_cells.append(Cell(number, page, self.xs[j], self.xs[last + 1], lines))
            rows.append(row_cells)
        return Table(tuple(self.xs), rows)


def _grids(level: list[Rule], upright: list[Rule]) -> Iterator[_Grid]:
    """Yield the grids that touching lines make, when they have two cells or more."""
    parent = list(range(len(level) + len(upright)))

    def find(n: int) -> int:
        while parent[n] != n:
            parent[n] = n = parent[parent[n]]
        return n

    for i, (y, left, right) in enumerate(level):
        for j, (x, low, high) in enumerate(upright, len(level)):
            if left - _NEAR <= x <= right + _NEAR and low - _NEAR <= y <= high + _NEAR:
                parent[find(j)] = find(i)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for n in range(len(parent)):
        lines = groups.setdefault(find(n), ([], []))
        if n < len(level):
            lines[0].append(level[n])
        else:
            lines[1].append(upright[n - len(level)])
    for flat, tall in groups.values():
        if len(flat) >= 2 and len(tall) >= 2:
            if len(flat) * len(tall) > MAX_FIELDS:
                continue
            grid = _Grid(flat, tall)
            if len(grid.xs) >= 2 and len(grid.ys) >= 2 and grid.cells >= 2:
                yield grid


def _places(values: Iterable[float]) -> list[float]:
    """Return the places of lines in order, those that are near each other as one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _by_place(rules: Sequence[Rule], places: Sequence[float]) -> list[list[Rule]]:
    found: list[list[Rule]] = [[] for _ in places]
    for rule in rules:
        found[max(bisect_right(places, rule[0] + 0.01) - 1, 0)].append(rule)
    return found


def _covered(rules: Sequence[Rule], at: float) -> bool:
    return any(low - 0.5 <= at <= high + 0.5 for _, low, high in rules)


def _joined(rules: list[Rule]) -> list[Rule]:
    """Return lines with those joined that go on in each other; each cell often has borders of its own."""
    rows: list[list[Rule]] = []
    for rule in sorted(rules):
        if rows and rule[0] - rows[-1][0][0] <= 1.5:
            rows[-1].append(rule)
        else:
            rows.append([rule])
    joined: list[Rule] = []
    for row in rows:
        row.sort(key=lambda r: r[1])
        place, start, end = row[0]
        for _, low, high in row[1:]:
            if low <= end + _NEAR:
                end = max(end, high)
            else:
                joined.append((place, start, end))
                start, end = low, high
        joined.append((place, start, end))
    return joined


def _rules(page: Any) -> tuple[list[Rule], list[Rule]]:
    """Return the level and the upright lines drawn on a page: stroked paths, and thin filled rectangles."""
    level: list[Rule] = []
    upright: list[Rule] = []
    degrees, crop = page.get_rotation(), page.get_bbox()
    for box in _strokes(page.raw):
        x0, y0, x1, y1 = turn(box, degrees, crop)
        if y1 - y0 <= _THIN and x1 - x0 > _THIN:
            level.append(((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= _THIN and y1 - y0 > _THIN:
            upright.append(((x0 + x1) / 2, y0, y1))
        if len(level) + len(upright) > MAX_RULES:
            return [], []
    return level, upright


Box = tuple[float, float, float, float]


def _strokes(raw: Any) -> Iterator[Box]:
    """Yield the boxes of the straight lines drawn on a page, also of those drawn in a form that it shows."""
    things: list[tuple[Any, Any, int]] = [
        (pdfium_c.FPDFPage_GetObject(raw, n), None, 0)
        for n in range(min(pdfium_c.FPDFPage_CountObjects(raw), MAX_OBJECTS))
    ]
    looked = 0
    while things and looked < MAX_OBJECTS:
        thing, matrix, depth = things.pop()
        looked += 1
        kind = pdfium_c.FPDFPageObj_GetType(thing)
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            for box in _path(thing):
                yield box if matrix is None else _moved(box, matrix)
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
            own = pdfium_c.FS_MATRIX()
            if pdfium_c.FPDFPageObj_GetMatrix(thing, own):
                inner = (own.a, own.b, own.c, own.d, own.e, own.f)
                whole = inner if matrix is None else _product(inner, matrix)
                for n in range(min(pdfium_c.FPDFFormObj_CountObjects(thing), MAX_OBJECTS)):
                    things.append((pdfium_c.FPDFFormObj_GetObject(thing, n), whole, depth + 1))


def _path(thing: Any) -> Iterator[Box]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        return
    box = (left.value, bottom.value, right.value, top.value)
    if box[2] - box[0] <= _THIN or box[3] - box[1] <= _THIN:
        yield box
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(thing, fill, stroke)
    segments = pdfium_c.FPDFPath_CountSegments(thing)
    if (stroke.value or segments > 5) and segments <= 4 * MAX_RULES:
        yield from _parts(thing, segments, bool(stroke.value))


Matrix = tuple[float, float, float, float, float, float]


def _product(m: Matrix, n: Matrix) -> Matrix:
    """Return the matrix that does ``m``, then ``n``."""
    return (m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3], m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3],
            m[4] * n[0] + m[5] * n[2] + n[4], m[4] * n[1] + m[5] * n[3] + n[5])  # fmt: skip


def _moved(box: Box, m: Matrix) -> Box:
    xs = [m[0] * x + m[2] * y + m[4] for x in (box[0], box[2]) for y in (box[1], box[3])]
    ys = [m[1] * x + m[3] * y + m[5] for x in (box[0], box[2]) for y in (box[1], box[3])]
    return min(xs), min(ys), max(xs), max(ys)


def _parts(thing: Any, segments: int, stroked: bool) -> Iterator[Box]:
    """Yield the level and upright parts of a path: its lines when stroked, its thin rectangles when filled."""
    matrix = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(thing, matrix):
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    figure: list[tuple[float, float]] = []

    def boxes() -> Iterator[Box]:
        if stroked:
            for (ax, ay), (bx, by) in itertools.pairwise(figure):
                if abs(ax - bx) < 1 or abs(ay - by) < 1:
                    yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
        elif len(figure) >= 4:
            xs, ys = [p[0] for p in figure], [p[1] for p in figure]
            if max(xs) - min(xs) <= _THIN or max(ys) - min(ys) <= _THIN:
                yield min(xs), min(ys), max(xs), max(ys)

    for n in range(segments):
        segment = pdfium_c.FPDFPath_GetPathSegment(thing, n)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            yield from boxes()
            figure = [point]
        else:
            figure.append(point)
            if pdfium_c.FPDFPathSegment_GetClose(segment):
                figure.append(figure[0])
    yield from boxes()
