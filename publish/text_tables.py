"""The text of a document as a page shows it: paragraphs, and the tables of the file as tables."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from publish.marked import Paragraph

_WIDEST = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what stands in it, and over how many rows and columns it goes."""

    paragraphs: tuple[Paragraph, ...]
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the text, row by row; ``is_head`` for the letterhead, which is shown without lines."""

    rows: tuple[tuple[Cell, ...], ...]
    is_head: bool = False


Piece = Paragraph | Table


class _Spot(NamedTuple):
    """A paragraph of a cell: characters from ``start`` to ``end`` of the text, and the cell."""

    start: int
    end: int
    table: int
    row: int
    column: int
    rows: int


def with_tables(paragraphs: Iterable[Paragraph], cells: str) -> Iterator[Piece]:
    """Yield ``paragraphs`` in order, those that stand in cells gathered into tables.

    ``cells`` is the column ``o_bang`` of ``tep``, "" for none.
    """
    spots = [_Spot(*cell) for cell in json.loads(cells)] if cells else []
    starts = [spot.start for spot in spots]

    def spot_of(paragraph: Paragraph) -> _Spot | None:
        n = bisect_right(starts, paragraph.start) - 1
        return spots[n] if n >= 0 and paragraph.start < spots[n].end else None

    placed = [(paragraph, spot_of(paragraph)) for paragraph in paragraphs]
    for table, found in groupby(placed, key=lambda pair: pair[1].table if pair[1] else None):
        if table is None:
            yield from (paragraph for paragraph, _ in found)
        else:
            yield _table([(paragraph, spot) for paragraph, spot in found if spot is not None])


def _table(placed: Sequence[tuple[Paragraph, _Spot]]) -> Table:
    cells: dict[tuple[int, int], list[Paragraph]] = {}
    spans: dict[tuple[int, int], int] = {}
    for paragraph, spot in placed:
        at = spot.row, min(spot.column, _WIDEST)
        cells.setdefault(at, []).append(paragraph)
        spans[at] = max(spot.rows, 1)
    width = max(column for _, column in cells)
    numbers = sorted({row for row, _ in cells})
    rows: list[tuple[Cell, ...]] = []
    covered: set[tuple[int, int]] = set()
    for row in numbers:
        own = [column for r, column in cells if r == row]
        made: list[Cell] = []
        for column in range(1, width + 1):
            if column in own:
                rowspan = sum(row <= n < row + spans[row, column] for n in numbers)
                covered |= {(n, column) for n in numbers if row < n < row + spans[row, column]}
                alone = len(own) == 1 and width > 1 and not any((row, c) in covered for c in range(1, width + 1))
                made.append(Cell(tuple(cells[row, column]), rowspan, width - column + 1 if alone else 1))
                if alone:
                    break
            elif (row, column) not in covered:
                made.append(Cell(()))
        rows.append(tuple(made))
    words = "".join(str(p.html) for p, _ in placed[:24])
    return Table(tuple(rows), width <= 3 and ("Độc lập" in words or "ĐẢNG CỘNG SẢN" in words))
