"""Danh mục theo hiệu lực (job 11): the lists of a systematisation (NĐ 34/2016/NĐ-CP): what is in force, what ended as a
whole or in part, what is to be looked at again."""

from __future__ import annotations

from typing import Any

from extract.text import plain
from graph.batches import batches
from graph.statuses import ENDED, IN_EFFECT, IN_FORCE, SUSPENDED
from graph.validity import read_events
from graph.words import FORMS, vietnamese_date
from publish.answers import Answer, Ask, Page
from publish.base import Base, Row
from publish.export.listing import Group, Listing, numbered
from publish.pages import lists, places
from publish.pages.official_forms import OFFICIAL, WHERE_PARTLY, WHERE_TOUCHED, acting, fields
from publish.pages.places import Place
from publish.sentences import ref
from publish.validities import as_of, has_validity, shown

_FIELDS = ("loai", "q")
_MANY, _MOST_COUNTED = 5000, 10_000
_DENSE = frozenset({"xem-lai"})
"""Lists that most documents stand on, where texts cover past periods: each is asked, none are collected first."""
_ORDERS = ("ix_van_ban_cap_sap_xep_id_hinh_thuc_ngay_ban_hanh", "ix_van_ban_cap_sap_xep")
"""Indexes in the order of the lists: one with all that their conditions ask of a document, that of older bases."""
_ENDED = f"h.su_kien IN ('{ENDED}', '{SUSPENDED}')"
_TOUCHED = {"mot-phan": WHERE_PARTLY, "xem-lai": WHERE_TOUCHED}


def page(base: Base, ask: Ask) -> Answer:
    """Return one of the three lists."""
    if not has_validity(base):
        return lists.outdated()
    asked, values = as_of(ask.values), _values(ask)
    kind = values["loai"]
    where, given = _where(values, asked.day, each=kind in _DENSE)
    count = base.number(
        f"SELECT count(*) FROM (SELECT 1 FROM van_ban v WHERE {where} LIMIT ?)", *given, _MOST_COUNTED + 1
    )
    more = count > _MOST_COUNTED
    turn = lists.turn(ask, min(count, _MOST_COUNTED), ask.links.official, values)
    place = places.place_of(ask, turn, (int, str, str), counted=not more)
    found = _found(base, values, asked.day, place, along=turn.count > _MANY)
    turn = places.around(turn, ask.links.official, values, [(v["cap"], v["sap_xep"], v["id"]) for v in found])
    form = OFFICIAL[kind]
    return Page(
        "official.html",
        {
            "as_of": asked, "values": values, "kind": kind, "turn": turn, "more": more,
            "kinds": [(name, f.title, ask.links.official(**{**values, "loai": name})) for name, f in OFFICIAL.items()],
            "title": form.title, "lists": _lists(base), "columns": form.shown,
            "rows": _told(base, ask, kind, found, asked.day),
        },
    )  # fmt: skip


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the same as a list, with the columns of the official form."""
    if not has_validity(base):
        return lists.outdated()
    asked, values = as_of(ask.values), _values(ask)
    form = OFFICIAL[values["loai"]]
    documents = _found(base, values, asked.day, Place(limit=lists.MOST_ROWS))
    found = _told(base, ask, values["loai"], documents, asked.day)
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


def _where(values: dict[str, str], day: str, *, each: bool = False) -> tuple[str, list[Any]]:
    """Return the condition on ``van_ban v`` for a list, and its values.

    With ``each`` every document is asked for its events, which is quick where many fit and few are wanted; else those
    with such events are collected first.
    """

    def some(condition: str, *, until: bool = True) -> str:
        if each:
            until_then = " AND h.tu_ngay <= ?" if until else ""
            return f"EXISTS (SELECT 1 FROM hieu_luc h WHERE h.van_ban = v.id AND {condition}{until_then})"
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


def _found(base: Base, values: dict[str, str], day: str, place: Place, *, along: bool = False) -> list[Row]:
    """Return the documents of a list at a place."""
    # where many fit, along the order until a page is full; else those that fit are found first and sorted
    near = place.key or not place.offset or values["loai"] in _DENSE
    where, given = _where(values, day, each=along and bool(near))
    index = next((f"INDEXED BY {name}" for name in _ORDERS if along and base.has_index(name)), "")
    if place.key:
        where += f" AND (v.cap, v.sap_xep, v.id) {'<' if place.back else '>'} (?, ?, ?)"
        given += place.key
    down = " DESC" if place.back else ""
    names = base.rows(  # only what the index holds: the rows that are stepped over are not read
        f"SELECT v.id FROM van_ban v {index} WHERE {where} ORDER BY v.cap{down}, v.sap_xep{down}, v.id{down}"
        " LIMIT ? OFFSET ?",
        *given, place.limit, place.offset,
    )  # fmt: skip
    return _documents(base, [row["id"] for row in (reversed(names) if place.back else names)])


def _documents(base: Base, names: list[str]) -> list[Row]:
    """Return what the lists show of documents, in the order of ``names``."""
    found: dict[str, Row] = {}
    for marks, part in batches(names):
        for row in base.rows(
            "SELECT id, nhan, loai, so_ky_hieu, ngay_ban_hanh, trich_yeu, ten, co_quan_ban_hanh, cap, sap_xep"
            f" FROM van_ban WHERE id IN ({marks})", *part,
        ):  # fmt: skip
            found[row["id"]] = row
    return [found[name] for name in names]


def _told(base: Base, ask: Ask, kind: str, rows: list[Row], day: str) -> list[dict[str, Any]]:
    """Return what a list tells of documents, in their order."""
    ids = [row["id"] for row in rows]
    known, events = shown(base, ask, ids, day), read_events(base.connection, ids)
    acts = acting(base, (event for found in events.values() for event in found))
    base.graph.read(ids)
    return [
        {
            **fields(kind, row, known[row["id"]], events.get(row["id"], ()), acts),
            "id": row["id"], "ref": ref(base.graph, row["id"], ask.links), "notes": known[row["id"]].remarks, "nth": n,
        }
        for n, row in enumerate(rows, 1)
    ]  # fmt: skip


def _lists(base: Base) -> list[dict[str, str]]:
    """Return the lists behind the statuses, with their days."""
    rows = base.rows("SELECT nguon, max(ngay_nguon) AS ngay FROM danh_muc GROUP BY nguon ORDER BY nguon LIMIT 12")
    return [{"nguon": row["nguon"], "ngay": vietnamese_date(row["ngay"])} for row in rows]
