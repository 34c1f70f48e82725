"""What the base knows of a document and the graph does not carry: its file, its inferred fields, its validity."""

from __future__ import annotations

import sqlite3
from typing import Any

from graph.standing import Standing, cited_parts, is_known, standings
from publish.export.stamp import file_name

_NOTHING: frozenset[str] = frozenset()


class Details:
    """Reads of one document after the other what an export asks for; without a base there are none."""

    def __init__(self, connection: sqlite3.Connection | None = None, day: str = "") -> None:
        """Read from the base behind ``connection``, each document once; with an ISO ``day`` their validity on it."""
        self._connection = connection
        self.day = day if connection is not None and day and is_known(connection) else ""
        self._standings: dict[tuple[str, str], Standing | None] = {}
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

    def standing(self, document: str, unit: str = "") -> Standing | None:
        """Return how ``document`` stands on the day, None where nobody asks or nothing is known.

        ``unit`` is the task that cites it: what is told of the provisions that it cites.
        """
        if not self.day or self._connection is None:
            return None
        key = document, unit
        if key not in self._standings:
            cited = cited_parts(self._connection, unit, document) if unit else ()
            found = standings(self._connection, [document], self.day, cited)
            self._standings[key] = found.get(document)
        return self._standings[key]

    def _read(self, sql: str, document: str) -> str:
        row: Any = self._connection.execute(sql, (document,)).fetchone() if self._connection else None
        return str(row[0] or "") if row else ""


def _words(listed: str) -> list[str]:
    # "số, ký hiệu" holds the separator of the list itself, so the list is told apart by its known words.
    return [word for word in listed.replace("số, ký hiệu", "số và ký hiệu").split(", ") if word]
