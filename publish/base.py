"""How a page gets its graph and rows: the base of Căn Cứ among the databases that Datasette serves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from graph.counts import COUNTS, OTHER_VERSIONS, years_of_texts
from graph.lazy import LazyGraph
from graph.schema import READABLE_VERSIONS

Row = dict[str, Any]
_NAMED_FILES = 3

_ours: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Sources:
    """The source files that a page names: the first few (name, sha256), and how many there are."""

    shown: tuple[Row, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Base:
    """What a page may read: the graph, the rows, and the facts of ``thong_tin``."""

    connection: sqlite3.Connection
    graph: LazyGraph
    facts: Mapping[str, str]

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """Return the rows of a query as dictionaries."""
        cursor = self.connection.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def row(self, sql: str, *values: Any) -> Row | None:
        """Return the first row of a query, None when there is none."""
        return next(iter(self.rows(sql, *values)), None)

    def number(self, sql: str, *values: Any) -> int:
        """Return the single number that a query counts."""
        return int(self.connection.execute(sql, values).fetchone()[0])

    def other_versions(self) -> str:
        """Return a query for the texts that are another version of one in the base; an old base knows none."""
        return OTHER_VERSIONS if self.has("van_ban", "phien_ban_cua") else "SELECT id FROM van_ban WHERE 0"

    def has(self, table: str, column: str) -> bool:
        """Tell whether a table has a column: bases of older programs lack some."""
        return self.number("SELECT count(*) FROM pragma_table_info(?) WHERE name = ?", table, column) > 0

    def has_index(self, name: str) -> bool:
        """Tell whether the base has an index; those of older programs lack some."""
        return self.number("SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name = ?", name) > 0

    def counted(self, name: str) -> int:
        """Return the count ``name`` of :data:`graph.counts.COUNTS`; a base of old is counted now."""
        if self.has("so_dem", "so"):
            row = self.row("SELECT so FROM so_dem WHERE ten = ?", name)
            if row or name not in COUNTS:
                return int(row["so"]) if row else 0
        return self.number(COUNTS[name].format(others=self.other_versions()))

    def counted_years(self) -> list[tuple[str, int]]:
        """Return the years of the texts in the base, newest first, with how many there are of each."""
        return years_of_texts(self.connection)

    def ranked(self) -> str:
        """Return the table that knows how often documents are cited; a base of old has only the view."""
        return "van_ban" if self.has("van_ban", "so_nhiem_vu") else "xem_van_ban"

    def sources(self, *documents: str) -> Sources:
        """Return the source files of ``documents``, of all when none is given."""
        marks = f"WHERE van_ban IN ({', '.join('?' * len(documents))})" if documents else ""
        shown = self.rows(
            f"SELECT van_ban, duong_dan, sha256 FROM tep {marks} ORDER BY rowid LIMIT ?", *documents, _NAMED_FILES
        )
        return Sources(tuple(shown), self.number(f"SELECT count(*) FROM tep {marks}", *documents))


async def find_base(datasette: Any) -> Any | None:
    """Return the database of ``datasette`` that is a base of Căn Cứ of this schema, None when there is none."""
    for database in _candidates(datasette):
        if database not in _ours:
            _ours[database] = await database.execute_fn(_is_base)
        if _ours[database]:
            return database
    return None


def known_base(datasette: Any) -> Any | None:
    """Return what :func:`find_base` has already found, without asking the file (for hooks that cannot wait)."""
    return next((database for database in _candidates(datasette) if _ours.get(database)), None)


def is_known(datasette: Any, name: str) -> bool:
    """Tell whether the database ``name`` is one that :func:`find_base` has found; a page asks a thousand times."""
    return bool(_ours.get(datasette.databases.get(name), False))


def _candidates(datasette: Any) -> Iterator[Any]:
    yield from (d for name, d in datasette.databases.items() if not name.startswith("_") and not d.is_memory)


def _is_base(connection: sqlite3.Connection) -> bool:
    try:
        row = connection.execute("SELECT gia_tri FROM thong_tin WHERE ten = 'phien_ban_luoc_do'").fetchone()
    except sqlite3.Error:
        return False
    return row is not None and row[0] in READABLE_VERSIONS


PAGE_EDGES = 250
"""So many claims about one document a page reads; the others are in the table."""


def open_for(connection: sqlite3.Connection, *, whole: bool = False) -> Base:
    """Return the base on ``connection``; its graph reads what a page asks for, for a file (``whole``) far more."""
    facts = {str(row[0]): str(row[1]) for row in connection.execute("SELECT ten, gia_tri FROM thong_tin")}
    return Base(connection, LazyGraph(connection, None if whole else PAGE_EDGES), facts)
