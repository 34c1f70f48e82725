"""What the base knows of a document and the graph does not carry: the name of its file, its inferred fields."""

from __future__ import annotations

import sqlite3
from typing import Any

from publish.export.stamp import file_name

_NOTHING: frozenset[str] = frozenset()


class Details:
    """Reads of one document after the other what an export asks for; without a base there are none."""

    def __init__(self, connection: sqlite3.Connection | None = None) -> None:
        """Read from the base behind ``connection``, each document once."""
        self._connection = connection
        self._files: dict[str, str] = {}
        self._inferred: dict[str, frozenset[str]] = {}

    def file(self, document: str) -> str:
        """Return the name of the file of ``document``, "" when the base has no text of it."""
        if document not in self._files:
            self._files[document] = file_name(self._read("SELECT duong_dan FROM tep WHERE van_ban = ?", document))
        return self._files[document]

    def inferred(self, document: str) -> frozenset[str]:
        """Return the fields of ``document`` that the texts do not state, by their names in the base."""
        if document not in self._inferred:
            listed = self._read("SELECT suy_luan FROM van_ban WHERE id = ?", document)
            self._inferred[document] = frozenset(_words(listed)) if listed else _NOTHING
        return self._inferred[document]

    def _read(self, sql: str, document: str) -> str:
        row: Any = self._connection.execute(sql, (document,)).fetchone() if self._connection else None
        return str(row[0] or "") if row else ""


def _words(listed: str) -> list[str]:
    # "số, ký hiệu" holds the separator of the list itself, so the list is told apart by its known words.
    return [word for word in listed.replace("số, ký hiệu", "số và ký hiệu").split(", ") if word]
