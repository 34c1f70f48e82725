"""Findings that need the whole base: cited acts that another text repeals, amends, dates otherwise (checks 3, 15, 18).

While texts stream into a base nobody knows what a later one will repeal. So each citation about which a base may know
something waits as one short row (:mod:`graph.waiting`); when the events of validity are there,
:func:`add_late_findings` goes through these rows once, asks of the acts of which the base knows something, and sets
what it finds among the other findings of the text. What is asked and how it is judged is :mod:`graph.check.acts`, so
that a base says of its texts what ``cancu check FILE --db`` says of them. The rows are gone before the base is used.

A text without any date (a draft, a cut-out) is read on the day of the build, as the command reads it on its own day.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from extract.identity import is_open
from extract.model import Header
from extract.text import sentence_around
from graph.check.acts import Asked, Once, Said, finding_of, judge
from graph.check.finding import Finding, without_echoes
from graph.found import finding_values
from graph.known import BaseKnown
from graph.register.index import Register

Row = dict[str, Any]
Put = Callable[[str, Iterable[Row]], None]

_OF_INTEREST = (
    "CREATE TEMP TABLE dang_hoi AS SELECT van_ban FROM hieu_luc UNION SELECT id FROM van_ban WHERE trong_kho = 1"
    " UNION SELECT van_ban FROM danh_muc WHERE van_ban IS NOT NULL"
    " UNION SELECT van_ban FROM trich_dan WHERE la_so_cua_minh = 0 AND length(ngay) = 10 AND van_ban IS NOT NULL"
    " GROUP BY van_ban HAVING min(ngay) < max(ngay)"
)
"""The acts of which a base can know something: of all others it has one day and no event."""
_QUESTIONS = (
    "SELECT w.*, t.van_ban_nguon, t.van_ban, t.muc, t.bat_dau, t.ket_thuc, t.ngay, t.dieu_khoan, t.vi_tri, v.khoa,"
    " v.so_ky_hieu, v.ten FROM cho_soat w JOIN trich_dan t ON t.id = w.trich_dan JOIN van_ban v ON v.id = t.van_ban"
    " WHERE t.van_ban IN (SELECT van_ban FROM dang_hoi) ORDER BY w.rowid"
)


def add_late_findings(put: Put, connection: sqlite3.Connection, register: Register | None, built: str) -> None:
    """Judge the citations that wait in a base whose other rows and events are all there; put what is found.

    ``built`` is the ISO day of the build.
    """
    connection.execute(_OF_INTEREST)
    known = BaseKnown(connection, register, Header())
    for text, questions in groupby(_rows(connection, _QUESTIONS), key=lambda row: str(row["van_ban_nguon"])):
        said: set[Once] = set()
        found: list[tuple[Said, Row]] = []
        for row in questions:
            if not is_open(row["khoa"]):
                one = _asked(row, built)
                act = known.under(row["khoa"], row["so_ky_hieu"], one.known_date, one.day, one.pinpoint)
                found += ((told, row) for told in judge(one, act, said))
        if found:
            _merge(put, connection, text, found)
    connection.execute("DROP TABLE dang_hoi")


def _rows(connection: sqlite3.Connection, sql: str, *values: Any) -> Iterator[Row]:
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


def _asked(row: Row, built: str) -> Asked:
    pinpoint = tuple(filter(None, row["dieu_khoan"].split("; ")))
    return Asked(
        row["trich_dan"], row["van_ban"], "number", row["so_ky_hieu"] or row["ten"], row["bat_dau"], row["ket_thuc"],
        row["het"], row["ngay"], row["het_ngay"], row["ngay_biet"], pinpoint, row["dieu_tu"], bool(row["dua_vao"]),
        bool(row["da_noi_het"]), bool(row["da_noi_sua"]),
        row["xem_ngay"] or built, row["ngay_minh"],
    )  # fmt: skip


def _merge(put: Put, connection: sqlite3.Connection, text: str, late: list[tuple[Said, Row]]) -> None:
    """Set late findings of a text among the others, in the order of the text; all are numbered anew."""
    words = connection.execute("SELECT noi_dung FROM tep WHERE van_ban = ?", (text,)).fetchone()[0]
    rows: dict[Finding, Row] = {}
    for row in _rows(connection, "SELECT * FROM phat_hien WHERE van_ban = ? ORDER BY rowid", text):
        rows[_finding(row)] = row
    for said, row in late:
        code = (row["muc"] or "").partition("#")[2]
        finding = finding_of(said, words[said.start : said.end], code, row["loai"], scanned=bool(row["quet"]))
        rows.setdefault(finding, {
            **finding_values(finding, row["vi_tri"]), "van_ban": text, "muc": row["muc"],
            "cau": _sentence(connection, words, finding, row["muc"]),
        })  # fmt: skip
    connection.execute("DELETE FROM phat_hien WHERE van_ban = ?", (text,))
    put(
        "phat_hien",
        [{**rows[finding], "id": f"{text}#f{n:02d}"} for n, finding in enumerate(without_echoes(list(rows)), 1)],
    )


def _finding(row: Row) -> Finding:
    """Return a stored finding as far as its place among others depends on it."""
    return Finding(
        row["quy_tac"], row["muc_do"], row["bat_dau"], row["ket_thuc"], "", row["thong_bao"], row["nguyen_van"],
        row["de_nghi"], (row["ung_vien"],), row["nguon"], row["do_tin_cay"],
    )  # fmt: skip


def _sentence(connection: sqlite3.Connection, words: str, finding: Finding, unit: str | None) -> str:
    bounds = connection.execute("SELECT bat_dau, ket_thuc FROM muc WHERE id = ?", (unit,)).fetchone()
    lower, upper = bounds or (finding.start, finding.end)
    return sentence_around(words, finding.start, finding.end, lower, upper)
