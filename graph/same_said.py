"""What is said in other words or in another form and yet is the same: a list turned into a table, a task cut in two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

from extract.tables import read_table
from graph.alike import words_of
from graph.compared import Piece
from graph.matching import Matching, whole_words


@cache
def _short() -> tuple[tuple[str, str], ...]:
    """Return the long forms of names of organs with the short ones (``tables/short_names.csv``), the longest first."""
    rows = sorted(read_table("short_names", "graph.tables"), key=lambda row: (-len(row["long"]), row["long"]))
    return tuple((f" {' '.join(words_of(row['long']))} ", f" {' '.join(words_of(row['short']))} ") for row in rows)


@cache
def _assigning() -> frozenset[str]:
    """Return the words that tell that somebody does it until when (``tables/assigning_words.csv``)."""
    return frozenset(word for row in read_table("assigning_words", "graph.tables") for word in words_of(row["words"]))


def fact_words(value: str) -> tuple[str, ...]:
    """Return the words of a fact as compared: "Văn phòng Ủy ban nhân dân tỉnh" is "Văn phòng UBND tỉnh"."""
    said = f" {' '.join(words_of(value))} "
    for long, short in _short():
        said = said.replace(long, short)
    words = tuple(said.split())
    return words[1:] if words[:1] == ("trong",) else words


def same_in_cells(old: Piece, new: Piece) -> bool:
    """Tell whether a task of a list is a row of a table that tells in cells what the list tells behind the task."""
    row, item = (old, new) if old.in_table else (new, old)
    task, said = words_of(row.text), words_of(item.text)
    if said[: len(task)] != task:
        return False
    rest = Counter(said[len(task) :]) - Counter(words_of(row.extra or ""))
    return all(word in _assigning() for word in rest)


def more_cells(old: Piece, new: Piece) -> str:
    """Return the cells of a row that say more than the same task in a list, joined."""
    row, item = (old, new) if old.in_table else (new, old)
    known = {*whole_words(item), *(w for name in (*item.lead, *item.cooperating, item.due) for w in fact_words(name))}
    cells = (row.extra or "").split(" | ")
    first = 1 if len(words_of(cells[0])) == 1 and len(cells[0]) <= 4 else 0  # the number of the row
    return "; ".join(cell for cell in cells[first:] if not known.issuperset(words_of(cell)))


def same_in_parts(met: Matching, i: int, j: int, split: Sequence[int], merged: Sequence[int]) -> bool:
    """Tell whether the parts together have the words of the whole, none more and none less."""
    if not (split or merged):
        return False
    old = sum((Counter(met.old.words[n]) for n in (i, *merged)), Counter[str]())
    new = sum((Counter(met.new.words[n]) for n in (j, *split)), Counter[str]())
    return old == new
