"""Cần xem lại: decisions that are not applied, and reviewed links whose target has changed, unit by unit."""

from __future__ import annotations

from typing import Any

from graph.decisions.entry import DOCUMENT, MENTIONS, TASK
from graph.decisions.replay import SUSPECT, UNAPPLIED
from graph.words import vietnamese_date
from publish.answers import Answer, Ask, Page
from publish.base import Base, Row
from publish.columns import shown
from publish.export.listing import Column, Group, Listing, numbered
from publish.pages import lists, reconcile
from publish.sentences import ref, where

FIELDS = ("viec", "don_vi")
NOBODY = "Chưa rõ đơn vị"


def page(base: Base, ask: Ask) -> Answer:
    """Return the list; filters stand in the address."""
    if not reconcile.is_current(base):
        return lists.outdated()
    values = _values(ask)
    rows = _rows(base, values)
    turn = lists.turn(ask, len(rows), ask.links.suspects, values)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows[turn.offset : turn.offset + lists.PAGE]:
        groups.setdefault(row["don_vi"], []).append(_shown(base, ask, row))
    return Page(
        "suspects.html",
        {
            "values": values, "turn": turn, "groups": groups, "sorts": (UNAPPLIED, SUSPECT),
            "units": list(dict.fromkeys(row["don_vi"] for row in _rows(base, {}))),
        },
    )  # fmt: skip


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the same rows as a list, unit by unit."""
    if not reconcile.is_current(base):
        return lists.outdated()
    groups: dict[str, list[tuple[str, ...]]] = {}
    sources = set()
    for row in _rows(base, _values(ask)):
        sources.add(row["van_ban_nguon"])
        groups.setdefault(row["don_vi"], []).append((
            row["doi_tuong"], _place(row), row["noi_dung"], f"{row['nguoi']}, {_day(row)}", row["viec"], row["vi_sao"],
            value(row["truoc"]), value(row["nay"]), "",
        ))  # fmt: skip
    return Listing(
        heading="QUYẾT ĐỊNH VÀ LIÊN KẾT CẦN XEM LẠI",
        subject="",
        columns=(
            Column("STT", 10, centred=True), Column("Quyết định về", 36), Column("Ở văn bản, mục", 34),
            Column("Đã quyết định", 34), Column("Người, ngày", 22), Column("Việc", 18), Column("Vì sao", 30),
            Column("Trước đây", 26), Column("Hiện nay", 26), Column("Ý kiến", 16),
        ),
        groups=numbered([Group(unit, tuple(rows)) for unit, rows in groups.items()]),
        notes=(
            f"{UNAPPLIED}: nội dung đã đổi nên chương trình không tự áp dụng quyết định; kho theo cách đọc của chương "
            "trình cho đến khi có quyết định mới.",
            f"{SUSPECT}: quyết định vẫn áp dụng, nhưng điều đã đối chiếu nay khác trước.",
        ),
        sources=frozenset(filter(None, sources)),
    )  # fmt: skip


def _values(ask: Ask) -> dict[str, str]:
    return {name: value for name in FIELDS if (value := ask.values.get(name, "").strip()[:300])}


def _rows(base: Base, values: dict[str, str]) -> list[Row]:
    """Return all rows, by unit: there are never more than people have made decisions."""
    rows = base.rows(
        "SELECT x.*, q.loai, q.doi_tuong, q.noi_dung, q.ly_do, q.nguoi, q.luc, m.ma, n.nhan AS nguon,"
        " coalesce(t.vi_tri, w.vi_tri, d.vi_tri) AS vi_tri,"
        " coalesce(nullif(v.chu_tri, ''), nullif(m.chu_tri, ''), ?) AS don_vi FROM quyet_dinh_can_xem x"
        " JOIN quyet_dinh q ON q.id = x.quyet_dinh LEFT JOIN muc m ON m.id = x.muc LEFT JOIN nhiem_vu v ON v.id = x.muc"
        " LEFT JOIN van_ban n ON n.id = x.van_ban_nguon LEFT JOIN trich_dan t ON t.id = x.trich_dan"
        " LEFT JOIN chuong_trinh w ON w.id = x.chuong_trinh LEFT JOIN dan_chieu d ON d.id = x.dan_chieu"
        " ORDER BY don_vi = ?, don_vi, x.id LIMIT ?",
        NOBODY, NOBODY, lists.MOST_ROWS,
    )  # fmt: skip
    return [
        row for row in rows
        if values.get("viec", row["viec"]) == row["viec"] and values.get("don_vi", row["don_vi"]) == row["don_vi"]
    ]  # fmt: skip


def _shown(base: Base, ask: Ask, row: Row) -> dict[str, Any]:
    decide = ""
    subjects = {**{sort: row[column] for sort, column in MENTIONS.items()}, TASK: row["muc"], DOCUMENT: row["van_ban"]}
    for sort, name in subjects.items():
        if name:
            decide = ask.links.decision(sort, name)
            break
    code = row["ma"] or ""
    source = ref(base.graph, row["van_ban_nguon"], ask.links) if row["van_ban_nguon"] in base.graph else None
    return {
        **row, "source": source, "place": _place(row) if code or row["vi_tri"] else "", "day": _day(row),
        "url": ask.links.document(row["van_ban_nguon"], code) if row["van_ban_nguon"] else "", "decide": decide,
        "target": ref(base.graph, row["van_ban"], ask.links) if row["van_ban"] in base.graph else None,
        "before": value(row["truoc"]), "after": value(row["nay"]),
    }  # fmt: skip


def _place(row: Row) -> str:
    return ", ".join(filter(None, (row["nguon"], row["vi_tri"], where(row["ma"] or ""))))


def _day(row: Row) -> str:
    return vietnamese_date(row["luc"][:10])


def value(words: str) -> str:
    """Return a value as people read it: dates as dd/mm/yyyy, nothing as "--"."""
    return shown(shown(words, "ngay"), "ung_vien") if words else "--"
