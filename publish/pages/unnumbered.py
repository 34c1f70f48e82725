"""What a text names without a number and a person may decide about: works named by title, pointers to other papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.decisions.candidates import candidates_at
from graph.decisions.entry import MENTIONS, POINTER, WORK
from graph.decisions.redirect import RULE
from graph.decisions.spots import POINTING_WORDS
from graph.reconcile import NAMED, OPEN_BACK, UNNUMBERED, VAGUE, WAITING
from graph.words import DECIDED_POINTER, REFERENCE_KINDS
from publish.answers import Ask
from publish.base import Base, Row
from publish.decided.history import held_about
from publish.sentences import ref, where
from publish.words import Verdict

_FEW = 3
_MOST_OF_UNIT = 30
_TARGET = {WORK: "van_ban", POINTER: "dich"}


def count(base: Base, reason: str, plan: str = "") -> int:
    """Return how many wait for one of the reasons of :data:`graph.reconcile.UNNUMBERED`, in one text when given."""
    if not plan:
        return base.counted(f"viện dẫn: {reason}")
    sort, condition, given = WAITING[reason]
    sql = f"SELECT count(*) FROM {MENTIONS[sort]} WHERE van_ban_nguon = ? AND {condition}"
    return base.number(sql, plan, *given)


def rows(base: Base, reason: str, plan: str, limit: int, offset: int) -> list[Row]:
    """Return the rows that wait for a reason, as the list of citations has them."""
    sort, condition, given = WAITING[reason]
    where_, values = (f"van_ban_nguon = ? AND {condition}", (plan, *given)) if plan else (condition, given)
    return base.rows(
        f"SELECT cho.*, cho.{_TARGET[sort]} AS toi, n.nhan AS nguon, v.nhan AS dich_nhan, m.ma FROM"
        f" (SELECT * FROM {MENTIONS[sort]} WHERE {where_} ORDER BY id LIMIT ? OFFSET ?) cho"
        f" JOIN van_ban n ON n.id = cho.van_ban_nguon LEFT JOIN van_ban v ON v.id = cho.{_TARGET[sort]}"
        " LEFT JOIN muc m ON m.id = cho.muc ORDER BY cho.id",
        *values, limit, offset,
    )  # fmt: skip


def shown(base: Base, ask: Ask, reason: str, row: Row) -> dict[str, Any]:
    """Return a row as the page of citations shows it."""
    sort = WAITING[reason][0]
    candidates = candidates_at(base.connection, sort, row, row["toi"] or "")[:_FEW]
    return {
        **row, "reasons": [(reason_verdict(reason), "")], "named": "", "held": None, "ung_vien": "",
        "target": ref(base.graph, row["toi"], ask.links) if row["toi"] in base.graph else None,
        "candidates": [ref(base.graph, c["id"], ask.links) for c in candidates],
        "place": place(row), "url": ask.links.document(row["van_ban_nguon"], row["ma"] or ""),
        "source": ref(base.graph, row["van_ban_nguon"], ask.links), "decide": ask.links.decision(sort, row["id"]),
    }  # fmt: skip


def reason_of(sort: str, row: Mapping[str, Any]) -> str:
    """Return why the row of a work or pointer waits for a person, "" when it does not."""
    if sort == WORK:
        return "" if row["quy_tac"] == RULE or row["qua"] else NAMED
    if row["loai"] == REFERENCE_KINDS["vague"]:
        return VAGUE
    return OPEN_BACK if row["loai"] == REFERENCE_KINDS["back"] and not row["dich"] else ""


def after(base: Base, reason: str, name: str) -> str | None:
    """Return the id of the next one that waits for a reason."""
    sort, condition, given = WAITING[reason]
    sql = f"SELECT id FROM {MENTIONS[sort]} WHERE {condition} AND id > ? ORDER BY id LIMIT 1"
    row = base.row(sql, *given, name)
    return str(row["id"]) if row else None


def place(row: Row) -> str:
    """Return where a row stands, in words."""
    return ", ".join(filter(None, (row["vi_tri"], where(row["ma"] or "")))) or "xem trong văn bản"


def reason_verdict(reason: str) -> Verdict:
    """Return one of the reasons as pages show it."""
    return Verdict(reason, *(("◐", "fair") if reason == NAMED else ("◌", "weak")), UNNUMBERED[reason])


def of_unit(base: Base, ask: Ask, unit: str) -> list[dict[str, Any]]:
    """Return what a task names without a number, decided or not, in the order of the text."""
    if not base.has("quyet_dinh", "dan_chieu"):
        return []
    kinds = (*sorted(POINTING_WORDS), DECIDED_POINTER)
    found = base.rows(
        "SELECT ? AS sort, id, nguyen_van, van_ban AS toi, ? AS loai, bat_dau FROM chuong_trinh WHERE muc = ?"
        " UNION ALL SELECT ?, id, nguyen_van, dich, loai, bat_dau FROM dan_chieu WHERE muc = ?"
        f" AND loai IN ({', '.join('?' * len(kinds))}) ORDER BY bat_dau LIMIT ?",
        WORK, NAMED, unit, POINTER, unit, *kinds, _MOST_OF_UNIT,
    )  # fmt: skip
    held = {
        name: row for row in held_about(base, "muc", unit)[::-1]
        for name in (row[MENTIONS[WORK]], row[MENTIONS[POINTER]]) if name
    }  # fmt: skip
    return [
        {
            **row, "target": ref(base.graph, row["toi"], ask.links) if row["toi"] in base.graph else None,
            "held": held.get(row["id"]), "decide": ask.links.decision(row["sort"], row["id"]),
        }
        for row in found
    ]  # fmt: skip
