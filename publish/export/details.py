"""What the base knows of documents and the graph does not carry: names of the source files, inferred fields."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from publish.export.stamp import file_name


@dataclass(frozen=True, slots=True)
class Details:
    """``files``: document id -> name of its file; ``inferred``: document id -> the fields the texts do not state."""

    files: Mapping[str, str] = field(default_factory=dict)
    inferred: Mapping[str, frozenset[str]] = field(default_factory=dict)


def read_details(connection: sqlite3.Connection) -> Details:
    """Return the details of the base behind ``connection``."""
    files = {row[0]: file_name(row[1]) for row in connection.execute("SELECT van_ban, duong_dan FROM tep")}
    rows = connection.execute("SELECT id, suy_luan FROM van_ban WHERE suy_luan <> ''")
    # "số, ký hiệu" holds the separator of the list itself, so the list is told apart by its known words.
    return Details(files, {row[0]: frozenset(_words(row[1])) for row in rows})


def _words(listed: str) -> list[str]:
    return [word for word in listed.replace("số, ký hiệu", "số và ký hiệu").split(", ") if word]
