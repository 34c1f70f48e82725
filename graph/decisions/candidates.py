"""Which documents of a base a citation, a title or a pointer may mean: a few, for a person to choose from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from extract.identity import search_key
from extract.text import fold, plain
from graph.decisions.entry import POINTER, WORK, parts_of
from graph.decisions.look import Look, Row, rows_of
from graph.words import FORMS

_MOST, _FEW = 20, 8
_NEAR = 200
"""So many citations before a pointer are looked at: it means what was named not long ago."""
_WHOLE, _BEGINNING = 3, 6
"""A title of fewer words is not searched for; where the whole is found nowhere, its first words are."""


def candidates_of(connection: sqlite3.Connection, look: Look) -> list[Row]:
    """Return the documents of the base that a mention may mean, without the one that it leads to.

    Of a citation those of its number, or named among its candidates; of a title those that issue the work or whose own
    title holds it; of a pointer those cited before it whose type or issuer it names, the nearest first.
    """
    leads = look.document["id"] if look.document else ""
    return candidates_at(connection, parts_of(look.subject)[0], look.row, leads)


def candidates_at(connection: sqlite3.Connection, sort: str, row: Row, leads: str) -> list[Row]:
    """Return the same of a row of the base that leads to the document ``leads``, "" for none."""
    found: dict[str, Row] = {}
    for document in {WORK: _titled, POINTER: _before}.get(sort, _numbered)(connection, row):
        found.setdefault(document["id"], document)
    found.pop(leads, None)
    return list(found.values())[: _FEW if sort in (WORK, POINTER) else _MOST]


def _numbered(connection: sqlite3.Connection, row: Row) -> Iterator[Row]:
    if key := search_key(row["so_ky_hieu"]):
        sql = "SELECT v.* FROM tra_so t JOIN van_ban v ON v.id = t.van_ban WHERE t.khoa = ? LIMIT ?"
        yield from rows_of(connection, sql, key, _MOST)
    for label in filter(None, (words.partition(" (")[0].strip() for words in row["ung_vien"].split("; "))):
        yield from rows_of(connection, "SELECT * FROM van_ban WHERE nhan = ? LIMIT 3", label)


def _titled(connection: sqlite3.Connection, row: Row) -> Iterator[Row]:
    yield from rows_of(  # what issued it, where a text says so
        connection, "SELECT v.* FROM quan_he q JOIN van_ban v ON v.id = q.nguon_van_ban WHERE q.dich = ?"
        " AND q.loai IN ('promulgates', 'approves') LIMIT ?", row["van_ban"], _FEW,
    )  # fmt: skip
    words = plain(row["nguyen_van"]).split()
    for some in dict.fromkeys((tuple(words), tuple(words[:_BEGINNING]))):
        if len(some) < _WHOLE:
            continue
        found = list(rows_of(
            connection, "SELECT * FROM van_ban WHERE rowid IN (SELECT rowid FROM van_ban_fts WHERE van_ban_fts MATCH ?"
            " LIMIT ?) AND hinh_thuc <> ? ORDER BY cap, sap_xep DESC LIMIT ?",
            f'"{" ".join(some)}"', _NEAR, FORMS["work"], _FEW + 1,
        ))  # fmt: skip
        yield from found
        if found:
            return


def _before(connection: sqlite3.Connection, row: Row) -> Iterator[Row]:
    words = f" {fold(row['nguyen_van'])} "
    cited = list(rows_of(
        connection, "SELECT v.* FROM (SELECT van_ban, max(bat_dau) AS o FROM (SELECT van_ban, bat_dau FROM trich_dan"
        " WHERE van_ban_nguon = ? AND bat_dau < ? AND la_so_cua_minh = 0 AND van_ban IS NOT NULL"
        " ORDER BY bat_dau DESC LIMIT ?) GROUP BY van_ban) cho JOIN van_ban v ON v.id = cho.van_ban"
        " ORDER BY cho.o DESC",
        row["van_ban_nguon"], row["bat_dau"], _NEAR,
    ))  # fmt: skip
    yield from (d for d in cited if _named(d["loai"], words) and _named(d["co_quan_ban_hanh"], words))
    yield from (d for d in cited if _named(d["loai"], words))
    yield from (d for d in cited if _named(d["co_quan_ban_hanh"], words))


def _named(name: Any, words: str) -> bool:
    return bool(name) and f" {fold(str(name))} " in words
