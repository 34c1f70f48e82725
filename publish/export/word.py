"""A chain as a Word annex (Phụ lục) in the form of NĐ 30/2020/NĐ-CP, Phụ lục I: page, fonts, headings.

No Quốc hiệu: an annex goes behind a document that bears its own, and Party documents never bear one.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document

from graph.words import vietnamese_date
from publish.export.paper import WHOLE_ROW, cells, foot, group_row, mark, new_table, paragraph, set_up, write
from publish.export.sheet import EMPTY, ChainRow, ChainSheet
from publish.export.stamp import Stamp

ATTACHED = "(Kèm theo ……… số ………/……… ngày …… tháng …… năm ……… của ………………)"
"""The line that staff complete by hand: which document the annex goes with is not ours to know."""

# Heading and width in mm; together the 252 mm that A4 landscape leaves between margins of 30 and 15 mm. Where several
# files are quoted, the place names the file and needs the room.
_HEADS = (
    "STT", "Tên loại; số, ký hiệu", "Trích yếu, nội dung", "Ngày ban hành", "Cơ quan ban hành", "Quan hệ",
    "Câu nguyên văn", "Vị trí", "Trạng thái nhận dạng",
)  # fmt: skip
_WIDTHS = (11, 31, 40, 21, 25, 29, 56, 17, 22)
_WIDTHS_FILES = (11, 29, 37, 21, 24, 28, 50, 30, 22)
_WIDTHS_VALIDITY = (11, 27, 32, 21, 22, 25, 43, 15, 20, 36)
_WIDTHS_ALL = (11, 26, 29, 21, 21, 24, 38, 26, 20, 36)
_CENTRED = frozenset({0, 3})
_SENTENCE = 6


def write_docx(sheet: ChainSheet, stamp: Stamp) -> bytes:
    """Return ``sheet`` as a .docx file, with the sources it quotes and its check code at the end."""
    stamp = stamp.about(sheet.stated_in).sealed(sheet.content())
    document = Document()
    set_up(document, sheet.heading, sheet.subject, stamp)
    paragraph(document, "PHỤ LỤC", size=14, bold=True, centred=True)
    paragraph(document, sheet.heading, size=14, bold=True, centred=True)
    paragraph(document, sheet.subject, bold=True, centred=True)
    paragraph(document, ATTACHED, italic=True, centred=True, after=8)
    for line in sheet.lines:
        paragraph(document, line)
    if sheet.warnings:
        paragraph(document, f"Cần đối chiếu: {'; '.join(sheet.warnings)}.", bold=True)
    paragraph(document, f"Tính đến ngày {vietnamese_date(stamp.as_of)}.")
    files = _files(sheet)
    if len(files) == 1:
        paragraph(document, f"Câu nguyên văn và vị trí: theo tệp {next(iter(files))}.", after=6)
    _table(document, sheet)
    foot(document, sheet.notes, stamp.lines())
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _table(document: Any, sheet: ChainSheet) -> None:
    with_file = len(_files(sheet)) > 1
    widths = (_WIDTHS_ALL if with_file else _WIDTHS_VALIDITY) if sheet.day else _WIDTHS_FILES if with_file else _WIDTHS
    table = new_table(document, (*_HEADS, *([sheet.validity_heading] if sheet.day else [])), widths)
    for group in sheet.groups:
        group_row(table, group.heading, sum(widths))
        for row in group.rows:
            texts = [*_texts(row, with_file=with_file), *([row.validity] if sheet.day else [])]
            added = table.add_row()
            for n, (cell, text) in enumerate(zip(cells(added, widths), texts, strict=True)):
                write(cell, text or EMPTY, centred=n in _CENTRED, strong=_named_as(row) if n == _SENTENCE else "")
            if max(map(len, texts)) <= WHOLE_ROW:
                mark(added, "w:cantSplit")


def _files(sheet: ChainSheet) -> set[str]:
    return {row.file for row in sheet.rows if row.file}


def _texts(row: ChainRow, *, with_file: bool) -> list[str]:
    label = f"{row.label}\n(văn bản viện dẫn ghi: {row.printed})" if row.printed else row.label
    place = f"tệp {row.file}, {row.place}" if with_file and row.file else row.place
    return [
        str(row.number), label, row.title, vietnamese_date(row.date), row.issuer, row.relation, row.sentence, place,
        row.status,
    ]  # fmt: skip


def _named_as(row: ChainRow) -> str:
    """Return the words by which the row's document stands in its sentence, so that the eye finds them at once."""
    names = (row.printed, row.symbol, row.label)
    return next((name for name in names if name and name in row.sentence), "")
