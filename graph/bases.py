"""The block of bases of a document to be written: one a line, in the order of rank, each cited in full."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from extract import doctypes
from extract.numbers import sort_key
from extract.tables import read_table
from extract.text import fold
from graph.citing import Paper, Style, full_citation, missing_words, paper_of
from graph.lazy import LazyGraph
from graph.words import FAMILIES, STATED

_ACT, _PEOPLE = "based_on", "Quốc hội"
_MOST = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One basis: the node it is, its words without end mark, what must be filled in ("" for nothing)."""

    document: str
    label: str
    text: str
    gaps: str


@dataclass(frozen=True, slots=True)
class Block:
    """The bases in order; the last line ends with ``end`` ("." in papers of the State, "," in those of the Party)."""

    lines: tuple[Line, ...]
    end: str = "."

    def written(self) -> tuple[str, ...]:
        """Return the lines as they stand in a document: "Căn cứ …;", the last with its own mark."""
        last = len(self.lines) - 1
        return tuple(f"Căn cứ {line.text}{self.end if n == last else ';'}" for n, line in enumerate(self.lines))

    @property
    def to_fill(self) -> tuple[Line, ...]:
        """The lines that lack a part."""
        return tuple(line for line in self.lines if line.gaps)


@cache
def _orders() -> tuple[tuple[re.Pattern[str], int, str], ...]:
    rows = read_table("basis_order", "graph.tables")
    return tuple((re.compile(fold(row["match"])), int(row["order"]), row["label"]) for row in rows)


def order_of(paper: Paper) -> tuple[int, str]:
    """Return the place of a document among bases, and the name of its group: Đảng, Quốc hội, Chính phủ … Sở."""
    issuer = fold(_PEOPLE if paper.type in doctypes.LAWS and not paper.issuer else paper.issuer)
    return next((order, label) for pattern, order, label in _orders() if pattern.search(issuer))


def block_of(graph: LazyGraph, documents: Iterable[str], *, party: bool = False) -> Block:
    """Return the block of ``documents`` (ids of the base), each once; ``party`` for a paper of the Party."""
    style = Style(party=party, long_dates=True, spelled=True)
    found = []
    for row in rows_of(graph, list(dict.fromkeys(documents))):
        paper = paper_of(row)
        key = (order_of(paper)[0], paper.date or "9", sort_key(paper.number, paper.date))
        written = full_citation(paper, style)
        found.append((key, Line(row["id"], paper.label, written.text, missing_words(written.missing))))
    return Block(tuple(line for _, line in sorted(found, key=lambda f: f[0])), "," if party else ".")


def rows_of(graph: LazyGraph, documents: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of documents, at most a few hundred."""
    marks = ", ".join("?" * min(len(documents), _MOST))
    return list(graph.rows(f"SELECT * FROM van_ban WHERE id IN ({marks}) ORDER BY id", *documents[:_MOST]))


def bases_of_plan(graph: LazyGraph, plan: str) -> list[str]:
    """Return the documents that a plan names as its bases."""
    found = graph.rows(
        "SELECT DISTINCT dich FROM quan_he WHERE nguon_van_ban = ? AND loai = ? AND trang_thai = ? LIMIT ?",
        plan, _ACT, STATED, _MOST,
    )  # fmt: skip
    return [row["dich"] for row in found]


def bases_of_tasks(graph: LazyGraph, plan: str) -> list[str]:
    """Return the documents that the tasks of a plan name as their own bases, the most used first."""
    found = graph.rows(
        "SELECT c.van_ban AS id, count(*) AS n FROM nhiem_vu t JOIN can_cu c ON c.nhiem_vu = t.id"
        " WHERE t.van_ban = ? AND c.cach = 'trực tiếp' GROUP BY c.van_ban ORDER BY n DESC, c.van_ban LIMIT ?",
        plan, _MOST,
    )  # fmt: skip
    return [row["id"] for row in found if row["id"]]


def is_party(graph: LazyGraph, document: str) -> bool:
    """Tell whether a document is one of the Party, whose papers cite by another guide."""
    row = next(graph.rows("SELECT ho FROM van_ban WHERE id = ?", document), None)
    return row is not None and row["ho"] == FAMILIES["party"]
