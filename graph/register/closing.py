"""The register at work in a build: it closes what a text leaves open, and supplies what no text of the base tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from extract.identity import is_open, search_key
from extract.model import Document, Extraction
from graph.document_row import DocumentRow
from graph.register.index import Named, Register, choice, disagreement, named, source_words
from graph.register.model import Known
from graph.words import INFERRED, RESOLUTION

Row = dict[str, Any]
BY_LIST = " theo "
"""Between a field and the list it comes from, in ``van_ban.suy_luan``: "trích yếu theo danh mục “…” ngày …"."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the register makes of one document of a text: itself made whole, or the choices there are."""

    document: Document
    closed: Named | None = None
    choices: tuple[str, ...] = ()


def close(register: Register | None, extraction: Extraction) -> Mapping[str, Told]:
    """Return, by id, the open documents of a text of which the register knows something."""
    if not register:
        return {}
    header = extraction.header
    keys = {document.id: document.key for document in extraction.documents}
    others: dict[str, set[str]] = {}
    for citation in extraction.citations:
        if citation.document:
            others.setdefault(citation.document, set()).update(keys.get(c, c) for c in citation.candidates)
    told: dict[str, Told] = {}
    for document in extraction.documents:
        answer = register.resolve(document, header.province, header.date, others.get(document.id, ()))
        if answer.closed is not None:
            told[document.id] = Told(_whole(document, answer.closed), answer.closed)
        elif answer.candidates:
            told[document.id] = Told(
                document, None, tuple(choice(c.known.entry, c.document) for c in answer.candidates)
            )
    return told


def _whole(document: Document, one: Named) -> Document:
    """Return a document with the key of its entry, and with the facts of the entry where it lacks its own."""
    entry = one.document
    return replace(
        document, key=entry.key, urn=entry.urn, family=entry.family, type=document.type or entry.type,
        date=max(document.date, entry.date, key=len),
        issuer=document.issuer if document.issuer and "issuer" not in document.inferred else entry.issuer,
    )  # fmt: skip


def note_closed(row: DocumentRow, told: Told, document: Document) -> None:
    """Say in the row of a document what of it was not told by the text but by the list."""
    assert told.closed is not None
    words = source_words(told.closed.known)
    fields = [
        INFERRED[name] for name in ("date", "issuer")
        if not getattr(document, name) or (name == "issuer" and getattr(document, name) != getattr(told.document, name))
        or (name == "date" and len(document.date) < len(told.document.date))
    ]  # fmt: skip
    _note(row, fields, words)
    row["trang_thai"] = RESOLUTION["resolved"]


def supply(register: Register | None, documents: Mapping[str, DocumentRow]) -> None:
    """Give documents what no text tells of them but a list does; the newest list goes first.

    Where day and list contradict each other nothing is supplied.
    """
    for one in register.with_numbers(_numbers(documents)) if register else ():
        row = None if is_open(one.document.key) else documents.get(one.document.key)
        if row and not disagreement(str(row["ngay_ban_hanh"]), one.known.entry):
            _fill(row, one)


def _numbers(documents: Mapping[str, DocumentRow]) -> frozenset[str]:
    return frozenset(search_key(row["so_ky_hieu"]) for row in documents.values())


def listed_rows(register: Register | None, documents: Mapping[str, DocumentRow]) -> Iterator[Row]:
    """Yield the rows of ``danh_muc``, each linked to its document, and how it contradicts that document."""
    numbers = _numbers(documents)
    for n, known in enumerate(register.all() if register else (), 1):
        if search_key(known.entry.number) not in numbers:
            yield listed_row(known, n, None)
            continue
        one = named(known)
        row = None if is_open(one.document.key) else documents.get(one.document.key)
        difference = disagreement(str(row["ngay_ban_hanh"]), known.entry) if row else ""
        yield listed_row(known, n, row["id"] if row else None, difference)


def listed_row(known: Known, number: int, document: str | None, difference: str = "") -> Row:
    """Return an entry as a row of ``danh_muc``."""
    entry = known.entry
    return {
            "id": number, "van_ban": document, "khac_biet": difference,
            "nguon": known.list.source, "ngay_nguon": known.list.date, "tep": known.list.file, "dong": entry.row,
            "so_ky_hieu": entry.number, "loai": entry.type, "ngay_ban_hanh": entry.date,
            "co_quan_ban_hanh": entry.issuer, "trich_yeu": entry.title, "hieu_luc_tu": entry.in_force,
            "het_hieu_luc": entry.ended, "tinh_trang": entry.status, "thay_the_boi": entry.replaced_by,
            "sua_doi_boi": entry.amended_by, "bai_bo_boi": entry.repealed_by, "ly_do": entry.reason,
            "phan_het_hieu_luc": entry.ended_parts,
        }  # fmt: skip


def _fill(row: DocumentRow, one: Named) -> None:
    entry = one.document
    lacking: list[str] = []
    if not row["trich_yeu"] and one.known.entry.title:
        row["trich_yeu"] = one.known.entry.title
        lacking.append(INFERRED["title"])
    if len(row["ngay_ban_hanh"]) < len(entry.date):
        row["ngay_ban_hanh"] = entry.date
        lacking.append(INFERRED["date"])
    if not row["co_quan_ban_hanh"] and entry.issuer:
        row["co_quan_ban_hanh"] = entry.issuer
        lacking.append(INFERRED["issuer"])
    row["urn"] = row["urn"] or entry.urn
    _note(row, lacking, source_words(one.known))


def _note(row: DocumentRow, fields: list[str], words: str) -> None:
    said = row["suy_luan"].split("; ") if row["suy_luan"] else []
    new = [f"{field}{BY_LIST}{words.replace(';', ',')}" for field in fields]
    row["suy_luan"] = "; ".join(dict.fromkeys([*said, *new]))
