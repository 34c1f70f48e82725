"""What a person has before them in a base: the citation, work, pointer, task or document, its subject and its facts.

The pages and the file of decisions make their drafts of it, so that both keep the same.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from extract.identity import is_open
from extract.pipeline import extract_text
from extract.text import fold, squeeze
from graph.decisions.entry import (
    CITATION,
    LINK,
    LINK_KINDS,
    MENTIONS,
    POINTER,
    WORK,
    document_subject,
    hash_of,
    mention_subject,
    task_subject,
)
from graph.decisions.known import bare_key, facts_of, state_of
from graph.decisions.redirect import RULE
from graph.decisions.replay import UNAPPLIED
from graph.decisions.spots import POINTING_WORDS
from graph.labels import label_of
from graph.words import DECIDED_POINTER, FAMILIES, FORMS

Row = dict[str, Any]
_TARGET = {CITATION: "van_ban", WORK: "van_ban", POINTER: "dich"}
_POINTING = (*sorted(POINTING_WORDS), DECIDED_POINTER)
"""Kinds of pointers in the base that may be decided about: :mod:`graph.decisions.spots` counts no others either."""
_GIVEN = {
    CITATION: " AND la_so_cua_minh = 0", WORK: "",
    POINTER: " AND loai IN ({})".format(", ".join(f"'{words}'" for words in _POINTING)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """A citation, work, pointer, task or document of a base: its ``subject``, its ``row`` and what is ``seen`` of it.

    ``document`` is the row of ``van_ban`` that a mention leads to, or that is looked at; None where there is none.
    """

    subject: str
    row: Row
    seen: dict[str, Any]
    document: Row | None = None
    part: str = ""
    unit: Row | None = field(default=None)

    @property
    def mark(self) -> str:
        """A short hash of what is seen: a form sent later tells by it whether that has changed meanwhile.

        The words for what the program read are left out: they say more once the whole base is read.
        """
        machine = {name: value for name, value in self.seen.get("may", {}).items() if name != "nhan"}
        text = json.dumps({**self.seen, "may": machine}, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def seen_with(self, target: Row | None, connection: sqlite3.Connection) -> dict[str, Any]:
        """Return what is seen, with the state of the ``target`` that the decision leads to."""
        return {**self.seen, "dich": state_of(target, connection) if target is not None else {}}


def look_at_mention(connection: sqlite3.Connection, sort: str, name: str) -> Look | None:
    """Return the citation, work or pointer (``sort``) with the id ``name``; None when there is none to decide about.

    A text's own number is none, nor is a pointer to the text itself or inside it.
    """
    table = MENTIONS[sort]
    given = _GIVEN[sort]
    row = _row(connection, f"SELECT * FROM {table} WHERE id = ?{given}", name)
    if row is None:
        return None
    source, path = _source(connection, row["van_ban_nguon"])
    target = _row(connection, "SELECT * FROM van_ban WHERE id = ?", row[_TARGET[sort]])
    ordinal, words, sentence = 0, fold(squeeze(row["nguyen_van"])), hash_of(row["cau"])
    for before in rows_of(
        connection, f"SELECT nguyen_van, cau FROM {table} WHERE van_ban_nguon = ? AND bat_dau < ?{given}",
        row["van_ban_nguon"], row["bat_dau"],
    ):  # fmt: skip
        ordinal += fold(squeeze(before["nguyen_van"])) == words and hash_of(before["cau"]) == sentence
    unit = _row(connection, "SELECT * FROM muc WHERE id = ?", row["muc"])
    decided = row["loai"] == DECIDED_POINTER if sort == POINTER else row["quy_tac"] == RULE
    machine = (_machine(connection, table, row["id"]) if decided else None) or {
        "khoa": bare_key(target["khoa"], row["van_ban_nguon"]) if target else "",
        "nhan": target["nhan"] if target else "", "ung_vien": row.get("ung_vien", ""),
        "trang_thai": {CITATION: row.get("trang_thai"), WORK: FORMS["work"], POINTER: row.get("loai")}[sort],
    }  # fmt: skip
    seen = {
        "tep": path, "nhan_nguon": source["nhan"], "cau": row["cau"], "chu": row["nguyen_van"],
        "vi_tri": row["vi_tri"], "ma_muc": unit["ma"] if unit else "", "may": machine,
    }  # fmt: skip
    subject = mention_subject(sort, source["khoa"], row["cau"], row["nguyen_van"], ordinal)
    return Look(subject, row, seen, target, LINK, unit)


def look_at_citation(connection: sqlite3.Connection, name: str) -> Look | None:
    """Return the citation ``name`` (an id of ``trich_dan``), None when the base has none or it is the own number."""
    return look_at_mention(connection, CITATION, name)


def look_at_work(connection: sqlite3.Connection, name: str) -> Look | None:
    """Return the work named by its title at ``name`` (an id of ``chuong_trinh``)."""
    return look_at_mention(connection, WORK, name)


def look_at_pointer(connection: sqlite3.Connection, name: str) -> Look | None:
    """Return the pointer ``name`` (an id of ``dan_chieu``) to another document, sure or not."""
    return look_at_mention(connection, POINTER, name)


def look_at_document(connection: sqlite3.Connection, name: str) -> Look | None:
    """Return the document ``name`` (an id of ``van_ban``)."""
    row = _row(connection, "SELECT * FROM van_ban WHERE id = ?", name)
    if row is None:
        return None
    return Look(document_subject(row["khoa"]), row, {"chu": row["nhan"], **facts_of(row)}, row)


def look_at_task(connection: sqlite3.Connection, name: str) -> Look | None:
    """Return the unit ``name`` (an id of ``muc``)."""
    row = _row(connection, "SELECT * FROM muc WHERE id = ?", name)
    if row is None:
        return None
    source, path = _source(connection, row["van_ban"])
    seen = {
        "tep": path, "nhan_nguon": source["nhan"], "cau": row["noi_dung"], "chu": f"Nhiệm vụ {row['ma']}",
        "vi_tri": row["vi_tri"], "ma_muc": row["ma"],
    }  # fmt: skip
    return Look(task_subject(source["khoa"], row["uid"]), row, seen, None, "", row)


def facts_of_document(connection: sqlite3.Connection, name: str) -> tuple[dict[str, str], Row] | None:
    """Return what is kept of the document ``name`` (an id of ``van_ban``), and its row."""
    row = _row(connection, "SELECT * FROM van_ban WHERE id = ?", name)
    return None if row is None else (facts_of(row), row)


def facts_of_words(connection: sqlite3.Connection, words: str) -> tuple[dict[str, str], Row | None] | str:
    """Return what is kept of the document that a person cites in ``words``, with its row when the base has it.

    The words are read as a citation in full (type, number, day, issuer); a Vietnamese sentence says what they lack.
    """
    facts = extract_text(f"Căn cứ {squeeze(words).rstrip('.;')};\n")
    document = next((d for d in facts.documents if d.form in ("number", "name", "standard")), None)
    if document is None:
        return (
            "Chưa nhận ra văn bản nào trong phần vừa viết. Hãy viết đủ tên loại, số, ký hiệu, ngày, tháng, năm và cơ "
            "quan ban hành, ví dụ: Quyết định số 12/QĐ-UBND ngày 05/02/2024 của UBND tỉnh …"
        )
    if is_open(document.key) or (document.form == "number" and not document.type):
        return (
            f"Đọc được “{label_of(document)}” nhưng chưa đủ để nhận ra văn bản: cần tên loại, số, ký hiệu, ngày ban "
            "hành và tên đầy đủ của cơ quan ban hành."
        )
    row = _row(connection, "SELECT * FROM van_ban WHERE khoa = ?", document.key)
    if row is not None:
        return facts_of(row), row
    return {
        "khoa": document.key, "nhan": label_of(document), "loai": document.type, "so_ky_hieu": document.number,
        "ten": document.name, "ngay_ban_hanh": document.date, "co_quan_ban_hanh": document.issuer,
        "trich_yeu": document.title, "ho": FAMILIES[document.family], "hinh_thuc": FORMS[document.form],
    }, None  # fmt: skip


def _source(connection: sqlite3.Connection, name: str) -> tuple[Row, str]:
    source = _row(connection, "SELECT * FROM van_ban WHERE id = ?", name) or {"khoa": "", "nhan": name}
    path = _row(connection, "SELECT duong_dan FROM tep WHERE van_ban = ?", name)
    return source, path["duong_dan"] if path else ""


def _machine(connection: sqlite3.Connection, column: str, name: str) -> Mapping[str, Any] | None:
    """Return what the program read before a decision took its place."""
    marks = ", ".join("?" * len(LINK_KINDS))
    row = _row(
        connection, f"SELECT chi_tiet FROM quyet_dinh WHERE {column} = ? AND loai IN ({marks}) AND tinh_trang <> ?"
        " ORDER BY id DESC LIMIT 1", name, *sorted(LINK_KINDS), UNAPPLIED,
    )  # fmt: skip
    found = json.loads(row["chi_tiet"]).get("may") if row else None
    return found if isinstance(found, dict) else None


def _row(connection: sqlite3.Connection, sql: str, *values: Any) -> Row | None:
    return next(rows_of(connection, sql, *values), None)


def rows_of(connection: sqlite3.Connection, sql: str, *values: Any) -> Iterator[Row]:
    """Yield the rows that a query gives, as mappings."""
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))
