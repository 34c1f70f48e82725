"""The tables and views of the base, as they are written to CSV and Excel."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from graph.schema import KEY_SUFFIX, TABLES, VIEWS
from publish.export.stamp import Stamp, file_name

FACTS = "thong_tin"
"""The table of facts about the base; in an export it carries the stamp too."""

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class TableData:
    """One table or view: its name in the base, Vietnamese title, column names, rows."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def read_tables(connection: sqlite3.Connection, stamp: Stamp) -> Iterator[TableData]:
    """Yield every table and view of :mod:`graph.schema`; the facts come last, with the stamp and a check code over all.

    A file's path is given as its name alone.
    """
    cells: list[tuple[Value, ...]] = []
    titles = {table.name: table.title for table in TABLES} | {name: view[0] for name, view in VIEWS.items()}
    for name, title in titles.items():
        if name != FACTS:
            data = _read(connection, name, title)
            cells += [(name,), *data.rows]
            yield data
    facts = _read(connection, FACTS, titles[FACTS])
    origin = tuple((name, value) for name, _, value in stamp.sealed(cells).facts())
    yield TableData(facts.name, facts.title, facts.header, (*facts.rows, *origin))


def _read(connection: sqlite3.Connection, name: str, title: str) -> TableData:
    columns = [column[0] for column in connection.execute(f'SELECT * FROM "{name}" LIMIT 0').description]
    header = tuple(column for column in columns if not column.endswith(KEY_SUFFIX))
    cursor = connection.execute(f'SELECT {", ".join(header)} FROM "{name}"')
    rows = (tuple(row) for row in cursor)
    if "duong_dan" in header:
        at = header.index("duong_dan")
        rows = ((*row[:at], file_name(str(row[at])), *row[at + 1 :]) for row in rows)
    return TableData(name, title, header, tuple(rows))
