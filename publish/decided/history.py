"""What was decided about one subject, as pages show it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph import files
from graph.decisions.entry import COVER, UNDO, Entry
from graph.decisions.force import HOLDS, LATE, standings
from graph.decisions.known import moment_of
from graph.decisions.replay import decided_words
from publish.base import Base, Row


@dataclass(frozen=True, slots=True)
class Past:
    """An entry for people: what was decided, by whom, when, why, and what became of it."""

    number: int
    words: str
    kind: str
    person: str
    moment: str
    reason: str
    standing: str
    late: int | None

    @property
    def may_be_undone(self) -> bool:
        """True for a decision that holds."""
        return self.standing == HOLDS and self.kind != UNDO

    @property
    def may_be_applied(self) -> bool:
        """True for one that came after somebody else's and waits."""
        return self.standing == LATE


def journal_beside(connection: sqlite3.Connection) -> Path:
    """Return the file of decisions of the base behind ``connection``."""
    path = next(row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main")
    return files.decisions_file(Path(path))


def past_of(entries: Sequence[Entry]) -> list[Past]:
    """Return the entries on one subject, newest first."""
    states = standings(entries)
    return [
        Past(
            e.number, decided_words(e), e.kind, e.person, moment_of(e.time), e.reason, states[e.number], e.late
        ) for e in reversed(entries)
    ]  # fmt: skip


def held_about(base: Base, column: str, name: str) -> list[Row]:
    """Return the decisions that hold about a document (``van_ban``) or a unit (``muc``), as the base has them."""
    if not base.has("quyet_dinh", "tinh_trang"):
        return []
    own = " AND trich_dan IS NULL AND muc IS NULL AND van_ban_nguon IS NULL" if column == "van_ban" else ""
    return base.rows(f"SELECT * FROM quyet_dinh WHERE {column} = ?{own} ORDER BY id DESC LIMIT 50", name)


def set_aside(base: Base, document: str) -> str:
    """Return why a document needs no task, in the words of who decided so; "" when nobody did."""
    rows = [row for row in held_about(base, "van_ban", document) if row["loai"] == COVER]
    return f"{rows[0]['noi_dung']} ({rows[0]['nguoi']}: {rows[0]['ly_do']})" if rows else ""
