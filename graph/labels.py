"""What documents and places are called, in words for people."""

from __future__ import annotations

from extract.model import Document, Place
from extract.text import fold

_SCANNED = " (ảnh quét, cần đối chiếu)"


def place_words(place: Place) -> str:
    """Return a place for people: "đoạn 14", "trang 2 (ảnh quét), bảng 1, dòng 3, ô 2"."""
    if place.paragraph and not (place.page or place.table or place.row or place.cell):
        return f"đoạn {place.paragraph}"
    parts = [
        f"trang {place.page}{_SCANNED if place.scanned else ''}" if place.page else "",
        f"bảng {place.table}" if place.table else "",
        f"dòng {place.row}" if place.row else "",
        f"ô {place.cell}" if place.cell else "",
        f"đoạn {place.paragraph}" if place.paragraph and not place.table else "",
    ]
    return ", ".join(p for p in parts if p)


def label_of(document: Document) -> str:
    """Return the short name people know a document by: "Nghị quyết số 08-NQ/TU"."""
    if document.form == "number":
        return f"{document.type or 'Văn bản'} số {document.number}"
    if document.form == "standard":
        return document.number
    name = document.name if fold(document.name).startswith(fold(document.type)) else f"{document.type} {document.name}"
    return name[:1].upper() + name[1:].rstrip()


def choice_of(document: Document) -> str:
    """Return a document as one of several that may be meant: "Quyết định số 20/QĐ-UBND (2024-02-02, UBND tỉnh …)"."""
    facts = ", ".join(filter(None, (document.date, document.issuer)))
    return f"{label_of(document)} ({facts})" if facts else label_of(document)
