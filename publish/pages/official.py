"""Danh mục theo hiệu lực (job 11): the lists of a systematisation (NĐ 34/2016/NĐ-CP): what is in force, what ended as a
whole or in part, what is to be looked at again."""

from __future__ import annotations

from typing import Any

from extract.text import plain
from graph.statuses import ENDED, IN_EFFECT, IN_FORCE, SUSPENDED
from graph.validity import read_events
from graph.words import FORMS, vietnamese_date
from publish.answers import Answer, Ask, Page
from publish.base import Base
from publish.export.listing import Group, Listing, numbered
from publish.pages import lists
from publish.pages.official_forms import OFFICIAL, WHERE_PARTLY, WHERE_TOUCHED, acting, fields
from publish.sentences import ref
from publish.validities import as_of, has_validity, shown

_FIELDS = ("loai", "q")
_MANY, _MOST_COUNTED = 2000, 10_000
_ENDED = f"h.su_kien IN ('{ENDED}', '{SUSPENDED}')"
_TOUCHED = {"mot-phan": WHERE_PARTLY, "xem-lai": WHERE_TOUCHED}


def page(base: Base, ask: Ask) -> Answer:
    """Return one of the three lists."""
    if not has_validity(base):
        return lists.outdated()
    asked, values = as_of(ask.values), _values(ask)
    kind = values["loai"]
    where, given = _where(values, asked.day)
    count = base.number(
        f"SELECT count(*) FROM (SELECT 1 FROM van_ban v WHERE {where} LIMIT ?)", *given, _MOST_COUNTED + 1
    )
    turn = lists.turn(ask, min(count, _MOST_COUNTED), ask.links.official, values)
    form = OFFICIAL[kind]
    return Page(
        "official.html",
        {
            "as_of": asked, "values": values, "kind": kind, "turn": turn, "more": count > _MOST_COUNTED,
            "kinds": [(name, f.title, ask.links.official(**{**values, "loai": name})) for name, f in OFFICIAL.items()],
            "title": form.title, "lists": _lists(base), "columns": form.shown,
            "rows": _rows(base, ask, values, asked.day, lists.PAGE, turn),
        },
    )  # fmt: skip


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the same as a list, with the columns of the official form."""
    if not has_validity(base):
        return lists.outdated()
    asked, values = as_of(ask.values), _values(ask)
    form = OFFICIAL[values["loai"]]
    found = _rows(base, ask, values, asked.day, lists.MOST_ROWS)
    names = [name for name, _ in form.columns if name != "stt"]
    return Listing(
        heading=form.heading, subject="",
        columns=tuple(column for _, column in form.columns),
        groups=numbered([Group("", tuple(tuple(str(row[name]) for name in names) for row in found))]),
        lines=tuple(f"Danh mục đã nhập: {row['nguon']}, ngày {row['ngay']}." for row in _lists(base)),
        notes=("Tình trạng theo danh mục đã nhập và các văn bản trong kho; cần đối chiếu bản gốc trước khi công bố.",),
    )  # fmt: skip


def _values(ask: Ask) -> dict[str, str]:
    found = {name: value for name in _FIELDS if (value := ask.values.get(name, "").strip()[:200])}
    return {**found, "loai": found["loai"] if found.get("loai") in OFFICIAL else "con"}


def _where(values: dict[str, str], day: str) -> tuple[str, list[Any]]:
    """Return the condition on ``van_ban v`` for a list, and its values."""

    def some(condition: str, *, until: bool = True) -> str:
        return f"v.id IN (SELECT h.van_ban FROM hieu_luc h WHERE {condition}{' AND h.tu_ngay <= ?' if until else ''})"

    gone = f"NOT EXISTS (SELECT 1 FROM hieu_luc h WHERE h.van_ban = v.id AND {_ENDED} AND h.tu_ngay <= ?)"
    parts, given = ["v.hinh_thuc <> ?"], [FORMS["work"]]
    kind = values["loai"]
    if kind == "het":
        parts.append(some(_ENDED))
        given.append(day)
    elif kind in _TOUCHED:
        touched = ", ".join(f"'{event}'" for event in _TOUCHED[kind])
        parts += [some(f"h.su_kien IN ({touched})"), gone]
        given += [day, day]
    else:
        later = f"h.su_kien = '{IN_EFFECT}' AND h.tu_ngay > ?"
        parts += [
            some(f"h.su_kien = '{IN_FORCE}'", until=False), gone, "v.ngay_ban_hanh <= ?",
            f"NOT EXISTS (SELECT 1 FROM hieu_luc h WHERE h.van_ban = v.id AND {later})",
        ]  # fmt: skip
        given += [day, day, day]
    if words := plain(values.get("q", "")).split():
        parts.append("v.rowid IN (SELECT rowid FROM van_ban_fts WHERE van_ban_fts MATCH ?)")
        given.append(" ".join(f'"{word}"' for word in words))
    return " AND ".join(parts), given


def _rows(
    base: Base, ask: Ask, values: dict[str, str], day: str, limit: int, turn: lists.Turn | None = None
) -> list[dict[str, Any]]:
    where, given = _where(values, day)
    # where many fit, along the order until a page is full; else those that fit are found first and sorted
    along = "INDEXED BY ix_van_ban_cap_sap_xep" if turn is not None and turn.count > _MANY else ""
    rows = base.rows(
        "SELECT v.id, v.nhan, v.loai, v.so_ky_hieu, v.ngay_ban_hanh, v.trich_yeu, v.ten, v.co_quan_ban_hanh"
        f" FROM van_ban v {along} WHERE {where} ORDER BY v.cap, v.sap_xep LIMIT ? OFFSET ?",
        *given, limit, turn.offset if turn else 0,
    )  # fmt: skip
    ids = [row["id"] for row in rows]
    known, events = shown(base, ask, ids, day), read_events(base.connection, ids)
    acts = acting(base, (event for found in events.values() for event in found))
    base.graph.read(ids)
    return [
        {
            **fields(values["loai"], row, known[row["id"]], events.get(row["id"], ()), acts),
            "ref": ref(base.graph, row["id"], ask.links), "notes": known[row["id"]].remarks, "nth": n,
        }
        for n, row in enumerate(rows, 1)
    ]  # fmt: skip


def _lists(base: Base) -> list[dict[str, str]]:
    """Return the lists behind the statuses, with their days."""
    rows = base.rows("SELECT nguon, max(ngay_nguon) AS ngay FROM danh_muc GROUP BY nguon ORDER BY nguon LIMIT 12")
    return [{"nguon": row["nguon"], "ngay": vietnamese_date(row["ngay"])} for row in rows]
