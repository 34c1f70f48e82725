"""A comparison as files: two columns in Word for leaders, all lines in Excel, all facts in JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from docx import Document

from graph import compare as states
from graph.alike import Run, side_of
from graph.compare import Comparison, Pair
from graph.compared import Cited, ComparedText, Piece
from graph.held import HeldBases
from graph.version import version
from graph.words import vietnamese_date
from publish.export.clean import one_line
from publish.export.comparison import EMPTY, ComparisonSheet, Entry, state_words
from publish.export.excel import write_rows_xlsx
from publish.export.listing import csv_of
from publish.export.paper import (
    WHOLE_ROW,
    add_run,
    cells,
    first_paragraph,
    foot,
    group_row,
    mark,
    new_table,
    paragraph,
    set_up,
)
from publish.export.stamp import Source, Stamp

FORMAT = "cancu-compare/1"
_HEADS = ("STT", "Bản cũ", "Bản mới", "Thay đổi")
_WIDTHS = (12, 92, 92, 56)
_WIDTHS_VALIDITY = (12, 67, 67, 38, 68)
_SIZE = 13
_COLUMNS = (
    ("STT", 5), ("Phần", 30), ("Tình trạng", 16), ("Mục (bản cũ)", 11), ("Nội dung bản cũ", 48), ("Mục (bản mới)", 11),
    ("Nội dung bản mới", 48), ("Thay đổi", 48),
)  # fmt: skip


def stamp_of(old: ComparedText, new: ComparedText, as_of: date) -> Stamp:
    """Return the origin of a comparison of two files, read today without a base."""
    sources = tuple(Source(text.sha256, text.label, text.path, text.sha256) for text in (old, new))
    return Stamp(sources, as_of.isoformat(), as_of.isoformat(), version(), "")


# --- Word -----------------------------------------------------------------------------------------


def write_comparison_docx(sheet: ComparisonSheet, stamp: Stamp) -> bytes:
    """Return the comparison as a .docx file in two columns; tasks that stayed as they were are only counted."""
    stamp = stamp.sealed(sheet.content())
    document = Document()
    set_up(document, sheet.heading, sheet.subject, stamp)
    paragraph(document, sheet.heading, size=14, bold=True, centred=True, after=6)
    for line in sheet.lines:
        paragraph(document, line)
    paragraph(document, f"Tính đến ngày {vietnamese_date(stamp.as_of)}.", after=6)
    groups = [group for group in sheet.groups if group.states != (states.KEPT,)]
    if groups:
        widths = _WIDTHS_VALIDITY if sheet.validity else _WIDTHS
        table = new_table(document, (*_HEADS, *([sheet.validity] if sheet.validity else [])), widths, size=_SIZE)
        number = 0
        for group in groups:
            group_row(table, group.heading, sum(widths), _SIZE)
            for entry in group.entries:
                number += 1
                _row(table, number, entry, widths)
    legend = "Chữ gạch ngang ở cột “Bản cũ” là chữ đã bỏ; chữ gạch chân ở cột “Bản mới” là chữ thêm."
    foot(document, (legend, *sheet.notes), stamp.lines(), "Nguồn gốc bảng so sánh:")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _row(table: Any, number: int, entry: Entry, widths: Sequence[int]) -> None:
    added = table.add_row()
    stt, old, new, about, *validity = cells(added, widths)
    add_run(first_paragraph(stt, centred=True), str(number), _SIZE)
    _piece(old, entry.old_place, entry.old_text, side_of(entry.runs, old=True))
    _piece(new, entry.new_place, entry.new_text, side_of(entry.runs, old=False))
    add_run(first_paragraph(about), one_line(" ".join(entry.remarks)) or state_words(entry.states) or EMPTY, _SIZE)
    for cell in validity:
        add_run(first_paragraph(cell), one_line(" ".join(entry.basis)) or EMPTY, _SIZE)
    if max(map(len, (*entry.words(), " ".join(entry.basis)))) <= WHOLE_ROW:
        mark(added, "w:cantSplit")


def _piece(cell: Any, place: str, text: str, runs: Sequence[Run]) -> None:
    """The words of one side: those of this side alone struck through or underlined."""
    words = first_paragraph(cell)
    if not text:
        add_run(words, EMPTY, _SIZE)
        return
    if place:
        add_run(words, f"{place[:1].upper()}{place[1:]}. ", _SIZE, italic=True)
    for n, run in enumerate(runs or [Run("same", text)]):
        if n:
            add_run(words, " ", _SIZE)
        printed = add_run(words, one_line(run.text), _SIZE)
        printed.font.strike = run.kind == "deleted" or None
        printed.font.underline = run.kind == "inserted" or None


# --- Excel ----------------------------------------------------------------------------------------


def write_comparison_xlsx(sheet: ComparisonSheet, stamp: Stamp) -> bytes:
    """Return the comparison as an .xlsx file, one line a piece, those that stayed as they were too."""
    stamp = stamp.sealed(sheet.content())
    rows = _rows(sheet)
    block = [sheet.heading, sheet.subject, *sheet.lines, f"Tính đến ngày {vietnamese_date(stamp.as_of)}."]
    return write_rows_xlsx("So sánh", sheet.subject, block, _columns(sheet), rows, stamp, sheet.notes)


def _columns(sheet: ComparisonSheet) -> tuple[tuple[str, int], ...]:
    return (*_COLUMNS, *([(sheet.validity, 48)] if sheet.validity else []))


def _rows(sheet: ComparisonSheet) -> list[tuple[str | int, ...]]:
    return [(entry.number, group.heading, *sheet.cells(entry)) for group in sheet.groups for entry in group.entries]


def write_comparison_csv(sheet: ComparisonSheet, stamp: Stamp) -> bytes:
    """Return the same lines as CSV for Excel."""
    return csv_of([heading for heading, _ in _columns(sheet)], _rows(sheet), stamp.sealed(sheet.content()))


# --- JSON -----------------------------------------------------------------------------------------


def comparison_values(comparison: Comparison, stamp: Stamp, held: HeldBases | None = None) -> dict[str, Any]:
    """Return the comparison as data; ``held`` tells how the bases stood and stand."""
    return {
        "format": FORMAT,
        "old": _text(comparison.old), "new": _text(comparison.new),
        "same": comparison.same, "counts": comparison.counts(),
        "header": [{"field": c.name, "old": c.old, "new": c.new} for c in comparison.header],
        "bases_in": _cited(comparison.bases_in), "bases_out": _cited(comparison.bases_out),
        "tasks": [_pair(p) for p in comparison.tasks],
        "headings": [_pair(p) for p in comparison.headings],
        "basis_paragraphs": [_pair(p) for p in comparison.basis_paragraphs],
        "others": [_pair(p) for p in comparison.others],
        "questions": [
            {"task": q.task.piece.code, "text": q.task.piece.text, "documents": _cited(q.documents)}
            for q in comparison.questions
        ],
        **({"validity": _held(held)} if held is not None else {}),
        "origin": {name: value for name, _, value in stamp.facts()},
    }  # fmt: skip


def comparison_json(
    comparison: Comparison, stamp: Stamp, sheet: ComparisonSheet, held: HeldBases | None = None
) -> bytes:
    """Return the comparison as a JSON file."""
    values = comparison_values(comparison, stamp.sealed(sheet.content()), held)
    text = json.dumps(values, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "replace") + b"\n"


def _held(held: HeldBases) -> dict[str, Any]:
    """Return how the bases of tasks stood on the day of each text, and stand now; tasks by their codes."""
    return {
        "days": {"old": held.old_day, "new": held.new_day, "now": held.now},
        "tasks": [
            {
                "old": old, "new": new,
                "bases": [
                    {"document": one.document, "label": one.label, **{name: s.values for name, s in one.moments}}
                    for one in found
                ],
            }
            for (old, new), found in held.tasks.items()
        ],
    }  # fmt: skip


def _text(text: ComparedText) -> dict[str, str]:
    return {
        "id": text.id, "label": text.label, "path": text.path, "sha256": text.sha256, "number": text.number,
        "date": text.date, "issuer": text.issuer, "title": text.title, "signer_role": text.signer_role,
    }  # fmt: skip


def _cited(documents: Sequence[Cited]) -> list[dict[str, str]]:
    return [{"label": c.label, "key": c.keys[0]} for c in documents]


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "states": list(pair.states), "likeness": pair.likeness, "old": _piece_values(pair.old),
        "new": _piece_values(pair.new),
        "changes": [{"field": c.name, "old": c.old, "new": c.new} for c in pair.changes],
        "cites_in": _cited(pair.cites_in), "cites_out": _cited(pair.cites_out),
        "kin": [piece.code for piece in pair.kin],
        "words": [{"kind": r.kind, "text": r.text} for r in pair.runs],
    }  # fmt: skip


def _piece_values(piece: Piece | None) -> dict[str, Any] | None:
    if piece is None:
        return None
    return {
        "id": piece.code, "uid": piece.uid, "kind": piece.kind, "parent": piece.parent, "text": piece.text,
        "lead": list(piece.lead), "with": list(piece.cooperating), "due": piece.due, "product": piece.product,
    }  # fmt: skip
