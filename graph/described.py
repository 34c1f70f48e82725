"""What a table of the base is described by: its columns, their Vietnamese titles, what is counted and sorted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: SQLite name and type, the table it points at, and its Vietnamese description.

    ``counted`` is the query that gives its value once all rows of the base are there, "" for what the rows bring.
    """

    name: str
    type: type
    description: str
    references: str = ""
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: name, Vietnamese title and description, columns, primary key."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: str = "id"
    indexes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Columns that people sort as names: beside each stands its key (:func:`key_column`), indexed."""


KEY_SUFFIX = "_abc"


def key_column(name: str) -> str:
    """Return the column with the keys that sort column ``name`` in Vietnamese order."""
    return name + KEY_SUFFIX


_Described = tuple[str, type, str] | tuple[str, type, str, str] | tuple[str, type, str, str, str]


def columns(*rows: _Described) -> tuple[Column, ...]:
    """Return columns from their names, types, descriptions, targets and counting queries."""
    return tuple(Column(*row) for row in rows)
