"""What was done to the register: who imported, replaced or took away which list, when, and what came of it.

Rows are only added. The register is one file, so the history is true of just the lists that stand beside it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from graph.register.differences import Change, Differences
from graph.register.model import ListFacts, Problem

IMPORTED, REPLACED, REMOVED = "nhập", "nhập lại", "gỡ"
_COLUMNS = "id, luc, nguoi, viec, nguon, ngay, tep, sha256, so_dong, so_bo_qua, moi, doi, giu, mat, ly_do, chi_tiet"
_MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done: ``done`` is one of :data:`IMPORTED`, :data:`REPLACED`, :data:`REMOVED`.

    ``time`` is ISO, ``person`` "" where nobody was named; ``problems`` are the first rows that could not be read.
    """

    number: int
    time: str
    person: str
    done: str
    source: str
    date: str
    file: str
    entries: int
    refused: int
    differences: Differences
    reason: str
    problems: tuple[Problem, ...] = ()


def ensure(connection: sqlite3.Connection) -> None:
    """Make the table where it is not; registers of older programs have none, and these programs do not mind it."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS lich_su (id INTEGER PRIMARY KEY AUTOINCREMENT, luc TEXT, nguoi TEXT, viec TEXT,"
        " nguon TEXT, ngay TEXT, tep TEXT, sha256 TEXT, so_dong INTEGER, so_bo_qua INTEGER, moi INTEGER, doi INTEGER,"
        " giu INTEGER, mat INTEGER, ly_do TEXT, chi_tiet TEXT)"
    )


def write(
    connection: sqlite3.Connection, done: str, facts: ListFacts, person: str, reason: str, found: Differences,
    problems: Sequence[Problem],
) -> int:  # fmt: skip
    """Add what is being done in the transaction of ``connection``, and return its number."""
    detail = {
        "doi": [[change.row, change.number, change.words] for change in found.changes],
        "loi": [[p.sheet, p.row, p.reason, p.taken, p.kind] for p in problems[:_MOST_PROBLEMS]],
    }
    values = (
        datetime.now().astimezone().isoformat(timespec="seconds"), person.strip(), done, facts.source, facts.date,
        facts.file, facts.sha256, facts.entries, facts.refused, found.new, found.changed, found.same, found.gone,
        reason.strip(), json.dumps(detail, ensure_ascii=False),
    )  # fmt: skip
    names = _COLUMNS.partition(", ")[2]
    statement = f"INSERT INTO lich_su ({names}) VALUES ({', '.join('?' * len(values))})"
    return int(connection.execute(statement, values).lastrowid or 0)


def read(connection: sqlite3.Connection, limit: int) -> tuple[Event, ...]:
    """Return what was done last, newest first; none in a register of an older program."""
    if not _is_there(connection):
        return ()
    return tuple(map(_event, connection.execute(f"SELECT {_COLUMNS} FROM lich_su ORDER BY id DESC LIMIT ?", (limit,))))


def one(connection: sqlite3.Connection, number: int) -> Event | None:
    """Return what was done under ``number``, None for none."""
    if not _is_there(connection):
        return None
    found = connection.execute(f"SELECT {_COLUMNS} FROM lich_su WHERE id = ?", (number,)).fetchone()
    return _event(found) if found else None


def _is_there(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'lich_su'").fetchone())


def _event(row: Sequence[object]) -> Event:
    number, time, person, done, source, date, file, _, entries, refused, *counts, reason, detail = row
    told = json.loads(str(detail or "{}"))
    changes = tuple(Change(int(at), str(name), str(words)) for at, name, words in told.get("doi", ()))
    problems = tuple(
        Problem(str(sheet), int(at), str(why), bool(taken), str(kind))
        for sheet, at, why, taken, kind in told.get("loi", ())
    )  # fmt: skip
    new, changed, same, gone = (int(str(count or 0)) for count in counts)
    return Event(
        int(str(number)), str(time), str(person or ""), str(done), str(source), str(date), str(file),
        int(str(entries or 0)), int(str(refused or 0)), Differences(new, changed, same, gone, changes),
        str(reason or ""), problems,
    )  # fmt: skip
