"""From what a person wants to a draft: what is decided, checked against the base that is before them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.decisions.entry import (
    ACCEPT,
    BASIS,
    BASIS_RELATIONS,
    CORRECT,
    COVER,
    COVER_WAYS,
    COVERED,
    DOCUMENT,
    FIELDS,
    KEEP,
    KINDS,
    LINK,
    LINK_KINDS,
    MENTIONS,
    MERGE,
    MERGED,
    PICK,
    POINTER,
    REJECT,
    SORTS,
    SPLIT,
    TASK,
    UNDO,
    WORK,
    Draft,
    Entry,
    basis_part,
    field_part,
    parts_of,
    split_part,
)
from graph.decisions.force import holding
from graph.decisions.known import facts_of, state_of_facts
from graph.decisions.look import Look, Row, facts_of_document, facts_of_words

MOST_WORDS = 2000
_SORT = {
    **dict.fromkeys(MENTIONS, (*LINK_KINDS,)), DOCUMENT: (MERGE, SPLIT, CORRECT, COVER), TASK: (BASIS,),
}  # fmt: skip


class WishError(Exception):
    """What a person wants cannot be decided so; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants, as a form or a line of a table tells it.

    ``document`` is an id of ``van_ban``, ``words`` a document cited in full; one of them names the target. ``field``
    and ``value`` correct a document (or ``value`` is the way it is set aside), ``relation`` is that of a basis or of
    what a pointer means, ``texts`` are the ids of the texts for which a document is another one.
    """

    person: str
    kind: str
    reason: str = ""
    document: str = ""
    words: str = ""
    field: str = ""
    value: str = ""
    relation: str = ""
    texts: Sequence[str] = ()


def draft_of(connection: sqlite3.Connection, look: Look, wish: Wish, entries: Sequence[Entry]) -> tuple[Draft, int]:
    """Return the draft of a decision about ``look``, and the number of the last entry on its part among ``entries``.

    ``entries`` are those that the person has seen.

    Raises:
        WishError: it cannot be decided so.
    """
    _check(look, wish)
    payload, part, target = _decided(connection, look, wish)
    seen = look.seen_with(target, connection)
    if target is None and wish.kind in (PICK, BASIS):  # a document that the base does not have yet
        seen["dich"] = state_of_facts(payload["van_ban"])
    before = holding(entries, look.subject, part)
    if wish.kind == KEEP:
        if before is None:
            raise WishError("Chỗ này chưa có quyết định nào để giữ.")
        payload = {}
    last = max((e.number for e in entries if e.slot == (look.subject, part) and e.late is None), default=0)
    supersedes = before.number if before else None
    draft = Draft(
        wish.person.strip(), wish.kind, look.subject, part, payload, wish.reason.strip(), seen, supersedes
    )  # fmt: skip
    return draft, last


def undo_of(entry: Entry, person: str, reason: str) -> Draft:
    """Return the draft that takes ``entry`` back.

    Raises:
        WishError: nobody, or no reason, is named.
    """
    _check_words(person, reason, reason_needed=True)
    return Draft(person.strip(), UNDO, entry.subject, entry.part, {}, reason.strip(), entry.seen, entry.number)


def _check(look: Look, wish: Wish) -> None:
    if wish.kind not in KINDS:
        raise WishError(f"Không có loại quyết định “{wish.kind}”. Các loại: {', '.join(KINDS)}.")
    _check_words(wish.person, wish.reason, reason_needed=wish.kind != ACCEPT)
    sort = parts_of(look.subject)[0]
    if wish.kind != KEEP and wish.kind not in _SORT.get(sort, ()):
        raise WishError(f"Loại “{wish.kind}” không dùng được cho {SORTS[sort]}.")


def _check_words(person: str, reason: str, *, reason_needed: bool) -> None:
    if not person.strip():
        raise WishError("Hãy ghi người quyết định.")
    if reason_needed and not reason.strip():
        raise WishError("Hãy ghi lý do.")
    if max(len(person), len(reason)) > MOST_WORDS:
        raise WishError(f"Người quyết định và lý do dài nhất {MOST_WORDS} ký tự.")


def _decided(connection: sqlite3.Connection, look: Look, wish: Wish) -> tuple[dict[str, Any], str, Row | None]:
    """Return payload, part and the row of the document that the decision leads to."""
    kind = wish.kind
    if kind in (ACCEPT, KEEP) and look.part == LINK:
        if look.document is None and kind == ACCEPT:
            raise WishError("Chương trình chưa nhận ra văn bản nào ở đây để chấp nhận. Hãy chọn hoặc ghi rõ văn bản.")
        return ({"van_ban": facts_of(look.document)} if look.document else {}), LINK, look.document
    if kind == REJECT:
        return ({"van_ban": facts_of(look.document)} if look.document else {}), LINK, None
    if kind == CORRECT:
        return *_corrected(look, wish), look.document
    if kind == COVER:
        if wish.value not in COVER_WAYS:
            raise WishError(f"Hãy chọn một trong: {', '.join(COVER_WAYS)}.")
        return {"cach": wish.value}, COVERED, look.document
    facts, row = _target(connection, wish)
    sort = parts_of(look.subject)[0]
    if kind == PICK:
        if sort == WORK and facts["khoa"] == look.seen["may"]["khoa"]:
            raise WishError("Đó chính là tên gọi này, chưa phải văn bản có số. Hãy chọn “Đúng là” hoặc văn bản khác.")
        chosen = {"quan_he": _relation(wish, _POINTS)} if sort == POINTER else {}
        return {"van_ban": facts, **chosen}, LINK, row
    if kind in (BASIS, KEEP):
        if not (row or facts.get("khoa")):
            raise WishError("Hãy chọn văn bản làm căn cứ.")
        relation = _relation(wish, BASIS_RELATIONS[0])
        return {"van_ban": facts, "quan_he": relation}, basis_part(facts["khoa"]), row
    own = look.row["khoa"]
    if kind == MERGE:
        if facts["khoa"] == own:
            raise WishError("Hai văn bản này đã là một. Hãy chọn văn bản khác.")
        if look.row["trong_kho"]:
            raise WishError("Văn bản này có toàn văn trong kho. Hãy mở văn bản kia rồi gộp nó vào văn bản này.")
        return {"van_ban": facts}, MERGED, row
    texts = [_key_of(connection, text) for text in wish.texts]
    if not texts:
        raise WishError("Hãy chọn các văn bản mà ở đó số, ký hiệu này chỉ văn bản khác.")
    if facts["khoa"] == own:
        raise WishError("Văn bản tách ra phải khác văn bản này. Hãy ghi rõ số, ký hiệu, ngày, cơ quan ban hành.")
    return {"van_ban": facts, "nguon": texts}, split_part("; ".join(texts)), row


_POINTS = "in_accordance_with"
"""What "theo quy định của …" usually says of the document that it means."""


def _relation(wish: Wish, usual: str) -> str:
    relation = wish.relation or usual
    if relation not in BASIS_RELATIONS:
        raise WishError("Hãy chọn quan hệ của nhiệm vụ với văn bản.")
    return relation


def _corrected(look: Look, wish: Wish) -> tuple[dict[str, Any], str]:
    if wish.field not in FIELDS:
        raise WishError(f"Hãy chọn mục thông tin cần sửa: {', '.join(FIELDS.values())}.")
    old, new = str(look.row[wish.field] or ""), " ".join(wish.value.split())
    if wish.field == "ngay_ban_hanh":
        new = iso_date(new)
    if len(new) > MOST_WORDS:
        raise WishError(f"{FIELDS[wish.field]} dài nhất {MOST_WORDS} ký tự.")
    if not new and wish.field in ("loai", "so_ky_hieu"):
        raise WishError(f"{FIELDS[wish.field]} không được để trống.")
    if new == old:
        raise WishError(f"{FIELDS[wish.field]} vẫn như hiện nay, không có gì để sửa.")
    return {"truong": wish.field, "cu": old, "moi": new}, field_part(wish.field)


def iso_date(words: str) -> str:
    """Return a date typed as dd/mm/yyyy (mm/yyyy, yyyy) in ISO, "" for none.

    Raises:
        WishError: it is none.
    """
    if not words:
        return ""
    found = re.fullmatch(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})", words)
    if found is None and (iso := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", words)):
        found = re.fullmatch(r"(\d+)/(\d+)/(\d+)", f"{iso[3]}/{iso[2]}/{iso[1]}")
    try:
        if found is None:
            raise ValueError
        day, month, year = found.groups()
        date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise WishError(f"“{words}” không phải ngày hợp lệ. Hãy viết theo dạng dd/mm/yyyy.") from error
    return "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])


def _target(connection: sqlite3.Connection, wish: Wish) -> tuple[Mapping[str, str], Row | None]:
    if wish.document:
        found = facts_of_document(connection, wish.document)
        if found is None:
            raise WishError("Văn bản đã chọn không còn trong kho. Hãy chọn lại.")
        return found
    if not wish.words.strip():
        raise WishError("Hãy chọn văn bản, hoặc ghi đủ tên loại, số, ký hiệu, ngày và cơ quan ban hành.")
    told = facts_of_words(connection, wish.words[:MOST_WORDS])
    if isinstance(told, str):
        raise WishError(told)
    return told


def _key_of(connection: sqlite3.Connection, text: str) -> str:
    row = connection.execute("SELECT khoa FROM van_ban WHERE id = ? AND trong_kho = 1", [text]).fetchone()
    if row is None:
        raise WishError("Văn bản nguồn đã chọn không còn trong kho. Hãy chọn lại.")
    return str(row[0])
