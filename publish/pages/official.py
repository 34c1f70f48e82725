"""Danh mục theo hiệu lực (job 11): the three lists of a systematisation (NĐ 34/2016/NĐ-CP Điều 167, Mẫu 03 to 06)."""

from __future__ import annotations

from typing import Any

from extract.text import plain
from graph.statuses import (
    ENDED,
    ENDED_PARTLY,
    IN_EFFECT,
    IN_FORCE,
    PERIOD_OVER,
    REVIEW,
    SUSPENDED,
)
from graph.validity import Validity, said_by
from graph.words import FORMS, vietnamese_date
from publish.answers import Answer, Ask, Page
from publish.base import Base, Row
from publish.export.listing import Column, Group, Listing, numbered
from publish.pages import lists
from publish.sentences import ref
from publish.validities import as_of, has_validity, show, shown

KINDS = {
    "con": "Còn hiệu lực",
    "het": "Hết hiệu lực, ngưng hiệu lực",
    "xem-lai": "Cần xem lại: sửa đổi, bổ sung, thay thế, bãi bỏ, ban hành mới",
}
_HEADINGS = {
    "con": "DANH MỤC VĂN BẢN CÒN HIỆU LỰC",
    "het": "DANH MỤC VĂN BẢN HẾT HIỆU LỰC, NGƯNG HIỆU LỰC",
    "xem-lai": "DANH MỤC VĂN BẢN CẦN SỬA ĐỔI, BỔ SUNG, THAY THẾ, BÃI BỎ HOẶC BAN HÀNH MỚI",
}
_FIELDS = ("loai", "q")
_MANY, _MOST_COUNTED = 2000, 10_000
_ENDED = f"h.su_kien IN ('{ENDED}', '{SUSPENDED}')"
_TOUCHED = f"h.su_kien IN ('{REVIEW}', '{ENDED_PARTLY}', '{PERIOD_OVER}')"


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
    return Page(
        "official.html",
        {
            "as_of": asked, "values": values, "kind": kind, "turn": turn, "more": count > _MOST_COUNTED,
            "kinds": [(name, words, ask.links.official(**{**values, "loai": name})) for name, words in KINDS.items()],
            "title": KINDS[kind], "lists": _lists(base),
            "rows": [_row(base, ask, *f) for f in _found(base, ask, values, asked.day, lists.PAGE, turn)],
        },
    )  # fmt: skip


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the same as a list, with the columns of the official form."""
    if not has_validity(base):
        return lists.outdated()
    asked, values = as_of(ask.values), _values(ask)
    kind = values["loai"]
    rows = [_row(base, ask, *found) for found in _found(base, ask, values, asked.day, lists.MOST_ROWS)]
    last = {"con": "Ngày có hiệu lực", "het": "Ngày hết hiệu lực", "xem-lai": "Từ ngày"}[kind]
    why = {"con": "Nguồn", "het": "Lý do hết hiệu lực, ngưng hiệu lực", "xem-lai": "Lý do cần xem lại"}[kind]
    groups: dict[str, list[tuple[str, ...]]] = {}
    for row in rows:
        groups.setdefault(row["loai"] or "Văn bản khác", []).append(
            (row["so_ky_hieu"], row["date"], row["name"], row["why"], row["last"], "")
        )
    return Listing(
        heading=_HEADINGS[kind], subject=f"Tính đến ngày {asked.words}",
        columns=(
            Column("STT", 12, centred=True), Column("Số, ký hiệu", 38), Column("Ngày, tháng, năm ban hành", 26, True),
            Column("Tên gọi của văn bản", 82), Column(why, 56), Column(last, 22, True), Column("Ghi chú", 16),
        ),
        groups=numbered([Group(name, tuple(found)) for name, found in groups.items()]),
        lines=tuple(f"Danh mục đã nhập: {row['nguon']}, ngày {row['ngay']}." for row in _lists(base)),
        notes=("Tình trạng theo danh mục đã nhập và các văn bản trong kho; cần đối chiếu bản gốc trước khi công bố.",),
    )  # fmt: skip


def _values(ask: Ask) -> dict[str, str]:
    found = {name: value for name in _FIELDS if (value := ask.values.get(name, "").strip()[:200])}
    return {**found, "loai": found["loai"] if found.get("loai") in KINDS else "con"}


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
    elif kind == "xem-lai":
        parts += [some(_TOUCHED), gone]
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


def _found(
    base: Base, ask: Ask, values: dict[str, str], day: str, limit: int, turn: lists.Turn | None = None
) -> list[tuple[str, Row, Validity]]:
    where, given = _where(values, day)
    # where many fit, along the order until a page is full; else those that fit are found first and sorted
    along = "INDEXED BY ix_van_ban_cap_sap_xep" if turn is not None and turn.count > _MANY else ""
    rows = base.rows(
        "SELECT v.id, v.nhan, v.loai, v.so_ky_hieu, v.ngay_ban_hanh, v.trich_yeu, v.ten, v.co_quan_ban_hanh"
        f" FROM van_ban v {along} WHERE {where} ORDER BY v.cap, v.sap_xep LIMIT ? OFFSET ?",
        *given, limit, turn.offset if turn else 0,
    )  # fmt: skip
    known = shown(base, ask, (row["id"] for row in rows), day)
    base.graph.read(row["id"] for row in rows)
    return [(values["loai"], row, known[row["id"]]) for row in rows]


def _row(base: Base, ask: Ask, kind: str, row: Row, validity: Validity) -> dict[str, Any]:
    view = show(base, ask, validity)
    event = validity.why
    if kind == "con":
        why = said_by(validity.event) if validity.event else "--"
        last = vietnamese_date(validity.since)
    elif event is None:
        why, last = "--", "--"
    else:
        by = f" bởi {event.by_words}" if event.by_words else ""
        if kind == "het":
            how = {"replaces": "Được thay thế", "repeals": "Bị bãi bỏ"}.get(event.relation, validity.word)
            why = (
                event.by_words
                if event.listed and not event.by and event.relation == "" and event.by_words
                else how + by
            )
        else:
            why = f"{view.verdict.word}{by}" + (f": {', '.join(event.parts)}" if event.parts else "")
        why += f" (theo {said_by(event)})"
        last = view.since or "--"
    return {
        **row, "ref": ref(base.graph, row["id"], ask.links), "date": vietnamese_date(row["ngay_ban_hanh"]),
        "name": row["trich_yeu"] or row["ten"] or row["nhan"], "why": why, "last": last, "shown": view,
        "number": row["so_ky_hieu"] or "--",
    }  # fmt: skip


def _lists(base: Base) -> list[dict[str, str]]:
    """Return the lists behind the statuses, with their days."""
    rows = base.rows("SELECT nguon, max(ngay_nguon) AS ngay FROM danh_muc GROUP BY nguon ORDER BY nguon LIMIT 12")
    return [{"nguon": row["nguon"], "ngay": vietnamese_date(row["ngay"])} for row in rows]
