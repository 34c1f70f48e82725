"""What a decision rests on: the document as a person saw it, in words that are kept and compared at later builds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, cast

from extract.identity import number_key
from extract.model import Document
from graph.relations import ACTS_ON
from graph.words import FAMILIES, FORMS, STATED, vietnamese_date

Row = Mapping[str, Any]

_FACTS = (
    "khoa", "nhan", "loai", "so_ky_hieu", "ten", "ngay_ban_hanh", "co_quan_ban_hanh", "trich_yeu", "ho", "hinh_thuc",
)  # fmt: skip
_STATE = {
    "so_ky_hieu": "Số, ký hiệu", "ten": "Tên gọi", "ngay_ban_hanh": "Ngày ban hành",
    "co_quan_ban_hanh": "Cơ quan ban hành",
}  # fmt: skip
VALIDITY, ACTING = "Hiệu lực", "Văn bản tác động"
_MOST_ACTS = 200
CHOSEN = "q"
"""Ids of documents that a decision brings into a text begin with it; those that the text names begin with d and n."""


def facts_of(row: Row) -> dict[str, str]:
    """Return what is kept of a document (a row of ``van_ban``), so that it can be made again where it is gone."""
    return {name: str(row[name] or "") for name in _FACTS}


def document_of(facts: Mapping[str, str], id_: str = "") -> Document:
    """Return the document that :func:`facts_of` has kept."""
    families = {words: code for code, words in FAMILIES.items()}
    forms = {words: code for code, words in FORMS.items()}
    number = facts.get("so_ky_hieu", "")
    return Document(
        id_, facts["khoa"], facts.get("loai", ""), number, facts.get("ten", ""), facts.get("ngay_ban_hanh", ""),
        facts.get("co_quan_ban_hanh", ""), facts.get("trich_yeu", ""),
        families.get(facts.get("ho", ""), "unknown"),
        cast(Literal["number", "name", "standard", "work"], forms.get(facts.get("hinh_thuc", ""), "number")),
        (number,) if number else (),
    )  # fmt: skip


def state_of(row: Row, connection: sqlite3.Connection) -> dict[str, str]:
    """Return what a link rests on, in words: number, date, issuer and validity of its target, and who acts on it.

    A part that the base does not know is left out, so that it is no change when a later base knows it not either.
    """
    state = {words: str(row[name]) for name, words in _STATE.items() if name in row.keys() and row[name]}  # noqa: SIM118
    if events := _events(connection, str(row["id"])):
        state[VALIDITY] = events
    if acts := acting_on(connection, str(row["id"])):
        state[ACTING] = "; ".join(acts)
    return state


def state_of_facts(facts: Mapping[str, str]) -> dict[str, str]:
    """Return what a link rests on when the base does not have its target yet."""
    return {words: facts[name] for name, words in _STATE.items() if facts.get(name)}


def acting_on(connection: sqlite3.Connection, document: str) -> list[str]:
    """Return the documents that amend, replace, repeal … ``document``, in words, in a fixed order."""
    marks = ", ".join("?" * len(ACTS_ON))
    rows = connection.execute(
        "SELECT DISTINCT v.nhan || ' ' || l.doc_xuoi FROM quan_he q JOIN van_ban v ON v.id = q.nguon_van_ban"
        f" JOIN loai_quan_he l ON l.id = q.loai WHERE q.dich = ? AND q.loai IN ({marks}) AND q.trang_thai = ?"
        " ORDER BY 1 LIMIT ?",
        [document, *sorted(ACTS_ON), STATED, _MOST_ACTS],
    )  # fmt: skip
    return [str(row[0]) for row in rows]


def _events(connection: sqlite3.Connection, document: str) -> str:
    """Return how the validity of ``document`` went, as far as the base tells (table ``hieu_luc``)."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'hieu_luc'").fetchone() is None:
        return ""
    rows = connection.execute(
        "SELECT su_kien, tu_ngay, phan FROM hieu_luc WHERE van_ban = ? ORDER BY tu_ngay, su_kien, phan LIMIT ?",
        [document, _MOST_ACTS],
    )  # fmt: skip
    told = [
        " ".join(filter(None, (event, part and f"({part})", day and f"từ {vietnamese_date(day)}")))
        for event, day, part in rows
    ]
    return "; ".join(dict.fromkeys(told))


def changes(seen: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what differs between two states as (name, before, after); spelling of a number is no change."""
    for name in dict.fromkeys([*_STATE.values(), VALIDITY, ACTING]):
        before, after = str(seen.get(name, "")), str(now.get(name, ""))
        if name == "Số, ký hiệu" and number_key(before) == number_key(after):
            continue
        if before != after:
            yield name, before, after


def bare_key(key: str, text: str) -> str:
    """Return the key of a document as the extraction has it, without the id of the ``text`` that names it.

    A key with an open part ("?") gets that id in the base, since an equal key in another text may mean another paper.
    """
    return key.removesuffix(f"|{text}")


def day_of(time: str) -> str:
    """Return the day of an entry as people write it, in the time of this machine."""
    try:
        return datetime.fromisoformat(time).astimezone().strftime("%d/%m/%Y")
    except ValueError:
        return time[:10]


def moment_of(time: str) -> str:
    """Return day and hour of an entry as people write them."""
    try:
        return datetime.fromisoformat(time).astimezone().strftime("%d/%m/%Y %H:%M")
    except ValueError:
        return time
