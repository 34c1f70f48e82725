"""The command ``cancu compare``: two files, or documents of the base, compared and told in short sentences."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from extract.pipeline import extract_file
from extract.read import ReadError
from graph.alike import Run
from graph.compare import KEPT, Comparison, compare
from graph.compared import ComparedText, TooLongError, from_base, from_extraction
from graph.held import HeldBases, held_bases
from publish.export import held_words
from publish.export.comparison import EMPTY, NOTES, ComparisonSheet, Entry, sheet_of
from publish.export.comparison_files import (
    comparison_json,
    stamp_of,
    write_comparison_csv,
    write_comparison_docx,
    write_comparison_xlsx,
)
from publish.export.stamp import Stamp, read_stamp

SUFFIXES = (".docx", ".xlsx", ".csv", ".json")
_WRITERS: Mapping[str, Callable[[ComparisonSheet, Stamp], bytes]] = {
    ".docx": write_comparison_docx, ".xlsx": write_comparison_xlsx, ".csv": write_comparison_csv,
}  # fmt: skip
_LONG = 240


class CompareError(Exception):
    """The comparison could not be made; the message is a Vietnamese sentence for the user."""


def read_file(path: Path) -> ComparedText:
    """Return a file as a text to be compared.

    Raises:
        CompareError: it cannot be read.
    """
    try:
        return from_extraction(extract_file(path), path.name)
    except ReadError as error:
        raise CompareError(str(error)) from error


def read_document(connection: sqlite3.Connection, document: str, label: str) -> ComparedText:
    """Return a document of the base as a text to be compared.

    Raises:
        CompareError: the base has no text of it, or one too long.
    """
    try:
        text = from_base(connection, document)
    except TooLongError as error:
        raise CompareError(str(error)) from error
    if text is None:
        raise CompareError(
            f"Kho chỉ biết “{label}” qua văn bản khác, chưa có toàn văn nên không so sánh được. "
            "Hãy thêm tệp của văn bản đó vào kho, hoặc nêu tên tệp."
        )
    return text


def stamp_for(old: ComparedText, new: ComparedText, connection: sqlite3.Connection | None, as_of: date) -> Stamp:
    """Return the origin of a comparison: that of the base when both texts stand in it."""
    if connection is not None and old.id and new.id:
        return read_stamp(connection, as_of, {old.id, new.id})
    return stamp_of(old, new, as_of)


def check_out(out: Path) -> None:
    """See that the suffix of ``out`` tells a format.

    Raises:
        CompareError: it does not.
    """
    if out.suffix.lower() not in SUFFIXES:
        raise CompareError(
            f"Không rõ cần xuất dạng nào cho tệp “{out.name}”. Hãy đặt đuôi tệp là {', '.join(SUFFIXES)}."
        )


def file_of(comparison: Comparison, stamp: Stamp, suffix: str, held: HeldBases | None = None) -> bytes:
    """Return the comparison as a file of a suffix in :data:`SUFFIXES`; ``held`` tells how the bases stood and stand."""
    sheet = sheet_of(comparison, held)
    if suffix == ".json":
        return comparison_json(comparison, stamp, sheet, held)
    return _WRITERS[suffix](sheet, stamp)


def lines(comparison: Comparison, held: HeldBases | None = None) -> Iterator[str]:
    """Yield what the command prints; ``held`` tells how the bases stood and stand."""
    sheet = sheet_of(comparison, held)
    yield from sheet.lines
    for group in sheet.groups:
        if group.states == (KEPT,):
            continue
        yield ""
        yield f"{group.heading}:"
        for entry in group.entries:
            yield from _entry_lines(entry)
    yield ""
    yield f"Lưu ý: {NOTES[0]}"
    if sheet.validity:
        yield held_words.NOTE


def _entry_lines(entry: Entry) -> Iterator[str]:
    places = " → ".join(dict.fromkeys(filter(None, (entry.old_place, entry.new_place))))
    if entry.runs:
        words = _marked(entry.runs)
    elif not entry.states and entry.old_text and entry.new_text:
        words = f"{entry.old_text} → {entry.new_text}"
    else:
        words = _short(entry.new_text or entry.old_text or EMPTY)
    if not entry.states and not places and entry.remarks:
        yield f"  - {entry.remarks[0]}: {words}"
        return
    yield f"  - {places}: {words}" if places else f"  - {words}"
    remarks = [r for r in entry.remarks if not (entry.runs and r.startswith(("Bỏ: ", "Thêm: ")))]
    if remarks:
        yield f"      {' '.join(remarks)}"
    for sentence in entry.basis:
        yield f"      {held_words.HEADING}: {sentence}"


def _marked(runs: tuple[Run, ...]) -> str:
    shown = {"same": "{}", "deleted": "[bỏ: {}]", "inserted": "[thêm: {}]"}
    return " ".join(shown[run.kind].format(_middle(run.text) if run.kind == "same" else run.text) for run in runs)


def _middle(text: str) -> str:
    """Return the words around a change: of a long run of kept words its beginning and end."""
    words = text.split(" ")
    return text if len(words) <= 16 else f"{' '.join(words[:7])} … {' '.join(words[-7:])}"


def _short(text: str) -> str:
    return text if len(text) <= _LONG else text[:_LONG].rsplit(" ", 1)[0] + "…"


__all__ = [
    "SUFFIXES", "CompareError", "check_out", "compare", "file_of", "held_bases", "lines", "read_document", "read_file",
    "stamp_for",
]  # fmt: skip
