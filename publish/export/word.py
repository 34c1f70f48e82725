"""A chain as a Word annex (Phụ lục) in the form of NĐ 30/2020/NĐ-CP, Phụ lục I: page, fonts, headings.

No Quốc hiệu: an annex goes behind a document that bears its own, and Party documents never bear one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from graph.words import vietnamese_date
from publish.export.clean import clean, one_line
from publish.export.sheet import EMPTY, ChainRow, ChainSheet
from publish.export.stamp import Stamp

FONT = "Times New Roman"
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
_CENTRED = frozenset({0, 3})
_SENTENCE = 6
_CELL_MARGIN = 68
"""1.2 mm in twentieths of a point: with Word's own 1.9 mm a full date would break at the last digit."""
_TABLE_SIZE = 11
_WHOLE_ROW = 800
"""A row with a longer text may not fit on one page; it is allowed to break, else Word leaves pages half empty."""


def write_docx(sheet: ChainSheet, stamp: Stamp) -> bytes:
    """Return ``sheet`` as a .docx file, with the sources it quotes and its check code at the end."""
    stamp = stamp.about(sheet.stated_in).sealed(sheet.content())
    document = Document()
    _set_up(document, sheet, stamp)
    _paragraph(document, "PHỤ LỤC", size=14, bold=True, centred=True)
    _paragraph(document, sheet.heading, size=14, bold=True, centred=True)
    _paragraph(document, sheet.subject, bold=True, centred=True)
    _paragraph(document, ATTACHED, italic=True, centred=True, after=8)
    for line in sheet.lines:
        _paragraph(document, line)
    if sheet.warnings:
        _paragraph(document, f"Cần đối chiếu: {'; '.join(sheet.warnings)}.", bold=True)
    _paragraph(document, f"Tính đến ngày {vietnamese_date(stamp.as_of)}.")
    files = _files(sheet)
    if len(files) == 1:
        _paragraph(document, f"Câu nguyên văn và vị trí: theo tệp {next(iter(files))}.", after=6)
    _table(document, sheet)
    _paragraph(document, "Ghi chú:", bold=True, size=12, before=8, keep=True)
    for note in sheet.notes:
        _paragraph(document, f"- {note}", size=12)
    _paragraph(document, "Nguồn gốc bảng trích xuất:", bold=True, size=12, before=6, keep=True)
    *origin, last = stamp.lines()
    for line in origin:
        _paragraph(document, f"- {line}", size=12, keep=True)
    _paragraph(document, f"- {last}", size=12)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_up(document: Any, sheet: ChainSheet, stamp: Stamp) -> None:
    """Page, default font in all four slots of Word (Latin, other, East Asian, complex), language, properties."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])

    default = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for properties in (default, document.styles["Normal"].element.get_or_add_rPr()):
        _set_fonts(properties)
        language = properties.find(qn("w:lang"))
        if language is None:
            language = OxmlElement("w:lang")
            properties.append(language)
        language.set(qn("w:val"), "vi-VN")
    normal = document.styles["Normal"]
    normal.font.size = Pt(13)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # else Word shows "Compatibility Mode" in the title bar

    properties = document.core_properties
    properties.author = properties.last_modified_by = "Căn Cứ"
    properties.title = one_line(sheet.heading)[:255]
    properties.subject = one_line(sheet.subject)[:255]
    properties.comments = f"Mã kiểm tra {stamp.check}"
    properties.language = "vi-VN"
    properties.created = properties.modified = datetime.fromisoformat(stamp.as_of)


def _set_fonts(properties: Any) -> None:
    """Name the font in every slot; theme fonts would win over the names, so they go."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), FONT)


def _page_number(paragraph: Any) -> None:
    """Top centre, in a header that the first page does not have (NĐ 30/2020 PL I.I.7)."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "2"), ("end", "")):
        if kind in ("begin", "separate", "end"):
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:t" if kind == "text" else "w:instrText")
            element.text = text
        run._r.append(element)


def _paragraph(
    document: Any, text: str, *, size: int = 13, bold: bool = False, italic: bool = False, centred: bool = False,
    before: int = 0, after: int = 2, keep: bool = False,
) -> None:  # fmt: skip
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    paragraph.paragraph_format.keep_with_next = keep
    _run(paragraph, text, size, bold=bold, italic=italic)


def _run(paragraph: Any, text: str, size: int, *, bold: bool = False, italic: bool = False) -> None:
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    _set_fonts(run._r.get_or_add_rPr())


def _table(document: Any, sheet: ChainSheet) -> None:
    widths = _WIDTHS_FILES if len(_files(sheet)) > 1 else _WIDTHS
    table = document.add_table(rows=1, cols=len(_HEADS), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _cell_margins(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for cell, head in zip(_cells(table.rows[0], widths), _HEADS, strict=True):
        _write(cell, head, bold=True, centred=True)
    _mark(table.rows[0], "w:cantSplit", "w:tblHeader")
    for group in sheet.groups:
        _group_row(table, group.heading, sum(widths))
        for row in group.rows:
            texts = _texts(row, with_file=widths is _WIDTHS_FILES)
            added = table.add_row()
            for n, (cell, text) in enumerate(zip(_cells(added, widths), texts, strict=True)):
                _write(cell, text or EMPTY, centred=n in _CENTRED, strong=_named_as(row) if n == _SENTENCE else "")
            if max(map(len, texts)) <= _WHOLE_ROW:
                _mark(added, "w:cantSplit")


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


def _cells(row: Any, widths: Sequence[int]) -> Iterator[Any]:
    """Yield the cells of one row, taken once: asking the table for each would make a long table quadratic."""
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Mm(width)
        yield cell


def _write(cell: Any, text: str, *, bold: bool = False, centred: bool = False, strong: str = "") -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    before, found, after = text.partition(strong) if strong else (text, "", "")
    for part, heavy in ((before, bold), (found, True), (after, bold)):
        if part:
            _run(paragraph, part, _TABLE_SIZE, bold=heavy)


def _cell_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(_CELL_MARGIN))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # the schema wants them in this order


def _group_row(table: Any, heading: str, width: int) -> None:
    """One bold cell over the whole width, kept on the page of the row that follows."""
    row = table.add_row()
    first, *others = row._tr.tc_lst
    for cell in others:
        row._tr.remove(cell)
    first.grid_span = len(_HEADS)
    cell = row.cells[0]
    cell.width = Mm(width)
    _write(cell, heading, bold=True)
    cell.paragraphs[0].paragraph_format.keep_with_next = True
    _mark(row, "w:cantSplit")


def _mark(row: Any, *names: str) -> None:
    """Set row properties in the order the schema asks for (cantSplit before tblHeader)."""
    properties = row._tr.get_or_add_trPr()
    for name in names:
        properties.append(OxmlElement(name))
