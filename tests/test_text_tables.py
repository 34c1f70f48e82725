"""Tables of a text shown as tables."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from publish.marked import Paragraph
from publish.text_tables import Table, with_tables


def paragraph(start: int, words: str = "") -> Paragraph:
    return Paragraph(start, Markup(words or str(start)), "", 0)


def shown(pieces) -> list:
    return [
        [[(tuple(str(p.html) for p in cell.paragraphs), cell.rows, cell.columns) for cell in row] for row in piece.rows]
        if isinstance(piece, Table) else str(piece.html)
        for piece in pieces
    ]  # fmt: skip


def test_cells_stand_where_they_stood():
    cells = [
        (10, 15, 1, 1, 1, 1), (20, 25, 1, 1, 2, 1), (30, 35, 1, 2, 1, 2), (40, 45, 1, 2, 2, 1), (50, 55, 1, 3, 2, 1),
        (60, 65, 1, 4, 1, 1), (66, 69, 1, 4, 1, 1),
    ]  # fmt: skip
    paragraphs = [paragraph(n) for n in (0, 10, 20, 30, 40, 50, 60, 66, 70)]
    assert shown(with_tables(paragraphs, json.dumps(cells))) == [
        "0",
        [
            [(("10",), 1, 1), (("20",), 1, 1)],
            [(("30",), 2, 1), (("40",), 1, 1)],
            [(("50",), 1, 1)],  # the first column is covered from above
            [(("60", "66"), 1, 2)],  # a banner goes over the whole row
        ],
        "70",
    ]


def test_a_text_without_tables_stays():
    assert shown(with_tables([paragraph(0), paragraph(5)], "")) == ["0", "5"]


def test_two_tables_in_turn_are_two():
    cells = [(0, 4, 1, 1, 1, 1), (5, 9, 2, 1, 1, 1)]
    assert len(list(with_tables([paragraph(0), paragraph(5)], json.dumps(cells)))) == 2


def test_a_letterhead_is_known():
    cells = [(0, 4, 1, 1, 1, 1), (5, 60, 1, 1, 2, 1)]
    (table,) = with_tables([paragraph(0), paragraph(5, "Độc lập - Tự do - Hạnh phúc")], json.dumps(cells))
    assert isinstance(table, Table) and table.is_head


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 6), st.integers(1, 60), st.integers(1, 9)), max_size=30))
def test_nothing_is_lost(places):
    cells = [(10 * n, 10 * n + 9, *place) for n, place in enumerate(sorted(places))]
    paragraphs = [paragraph(10 * n) for n in range(len(places) + 1)]
    found: list[int] = []
    for piece in with_tables(paragraphs, json.dumps(cells)):
        found += [p.start for row in piece.rows for c in row for p in c.paragraphs] if isinstance(piece, Table) else [piece.start]  # fmt: skip
    assert sorted(found) == [p.start for p in paragraphs]
