"""What a text says outside its outline: whom it is sent to, who signs, footnotes, the heads of tables of tasks.

A plan and its issued text may differ there alone, and a comparison that is silent about it is wrong. All is read from
the text and its blocks, so that a file and the base tell the same.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.model import Block, Place
from extract.read.plain import source_from_text
from extract.signature import recipients, signer, signer_role
from extract.text import fold
from graph.alike import shown

_NOTE = re.compile(r"\s*\[\^[^\]\s]{1,20}\]:\s*(?=\S)")
_WORDED = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Outside:
    """What stands outside the outline: ``recipients`` (Kính gửi, Nơi nhận), ``signer`` and his role, ``notes``.

    ``notes`` are footnotes as (start, words).
    """

    recipients: tuple[str, ...]
    signer_role: str
    signer: str
    notes: tuple[tuple[int, str], ...]


def outside(text: str, blocks: Sequence[Block]) -> Outside:
    """Return what ``text`` says outside its outline."""
    folded = fold(text)
    notes = tuple(
        (block.start, shown(text[m.end() : block.end]))
        for block in blocks if (m := _NOTE.match(text, block.start, block.end))
    )  # fmt: skip
    return Outside(
        recipients(text, folded, blocks), signer_role(text, folded, blocks), signer(text, folded, blocks), notes
    )


def blocks_of(text: str, listed: str) -> tuple[Block, ...]:
    """Return the blocks of a text of the base; ``listed`` is its column ``o_bang``, "" in an older base."""
    plain = source_from_text(text).blocks
    if not listed:
        return plain
    cells = [
        Block(start, end, Place(None, None, table, row, column, rows))
        for start, end, table, row, column, rows in json.loads(listed)
    ]
    starts = sorted((cell.start, cell.end) for cell in cells)

    def in_table(block: Block) -> bool:
        n = bisect_right(starts, (block.start, len(text))) - 1
        return block.place.table is not None or (n >= 0 and starts[n][1] >= block.end)

    return tuple(sorted((*cells, *(b for b in plain if not in_table(b)))))


def heads_of_tables(text: str, blocks: Sequence[Block], tasks: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield the rows above the first task of each table as (start of that task, words).

    ``tasks`` are the starts of the rows that are tasks or titles, in order. A row of numbers of columns says nothing.
    """
    cells = [b for b in blocks if b.place.table is not None]
    starts = [b.start for b in cells]
    firsts: dict[int, tuple[int, int]] = {}
    for start in tasks:
        n = bisect_right(starts, start) - 1
        if n >= 0 and start < cells[n].end and (table := cells[n].place.table) is not None:
            firsts.setdefault(table, (cells[n].place.row or 1, start))
    rows: dict[tuple[int, int], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        table, row = cell.place.table, cell.place.row or 1
        if table in firsts and row < firsts[table][0]:
            rows[table, row][cell.place.cell or 0].append(shown(text[cell.start : cell.end]))
    for (table, _), columns in sorted(rows.items()):
        words = [" ".join(lines) for lines in columns.values()]
        if any(_WORDED.search(word) for word in words):
            yield firsts[table][1], "; ".join(filter(None, words))
