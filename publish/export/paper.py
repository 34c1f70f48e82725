"""The paper of a Word export in the form of NĐ 30/2020/NĐ-CP, Phụ lục I: page, fonts, paragraphs, cells of tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from publish.export.clean import clean, one_line
from publish.export.stamp import Stamp

FONT = "Times New Roman"
TABLE_SIZE = 11
WHOLE_ROW = 800
"""A row with a longer text may not fit on one page; it is allowed to break, else Word leaves pages half empty."""

_CELL_MARGIN = 68
"""1.2 mm in twentieths of a point: with Word's own 1.9 mm a full date would break at the last digit."""
_RED = RGBColor(0xC0, 0x00, 0x00)


def set_up(document: Any, heading: str, subject: str, stamp: Stamp, *, upright: bool = False) -> None:
    """Page, default font in all four slots of Word (Latin, other, East Asian, complex), language, properties.

    Tables lie along the page, text stands ``upright``.
    """
    section = document.sections[0]
    long, short = Mm(297), Mm(210)
    section.orientation = WD_ORIENT.PORTRAIT if upright else WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (short, long) if upright else (long, short)
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
    properties.title = one_line(heading)[:255]
    properties.subject = one_line(subject)[:255]
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


def paragraph(
    document: Any, text: str, *, size: int = 13, bold: bool = False, italic: bool = False, centred: bool = False,
    before: int = 0, after: int = 2, keep: bool = False,
) -> None:  # fmt: skip
    """Add a paragraph; ``size``, ``before`` and ``after`` in points, ``keep`` keeps it on the page of the next one."""
    added = document.add_paragraph()
    added.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    added.paragraph_format.space_before, added.paragraph_format.space_after = Pt(before), Pt(after)
    added.paragraph_format.keep_with_next = keep
    add_run(added, text, size, bold=bold, italic=italic)


def foot(document: Any, notes: Sequence[str], origin: Sequence[str], title: str = "Nguồn gốc bảng trích xuất:") -> None:
    """Add how to read the file and where it comes from, at its end; what is empty is left out."""
    if notes:
        paragraph(document, "Ghi chú:", bold=True, size=12, before=8, keep=True)
    for note in notes:
        paragraph(document, f"- {note}", size=12)
    if origin:
        paragraph(document, title, bold=True, size=12, before=6, keep=True)
    for n, line in enumerate(origin, 1):
        paragraph(document, f"- {line}", size=12, keep=n < len(origin))


def add_run(
    paragraph: Any, text: str, size: int, *, bold: bool = False, italic: bool = False, red: bool = False
) -> Any:
    """Add ``text``, made safe, to a paragraph, and return the run; ``size`` in points."""
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    if red:
        run.font.color.rgb = _RED
    _set_fonts(run._r.get_or_add_rPr())
    return run


def new_table(
    document: Any,
    heads: Sequence[str],
    widths: Sequence[int],
    red: frozenset[int] = frozenset(),
    size: int = TABLE_SIZE,
) -> Any:
    """Add a table with its header row, repeated on each page; ``widths`` in mm, ``red`` columns in red letters."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _cell_margins(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for n, (cell, head) in enumerate(zip(cells(table.rows[0], widths), heads, strict=True)):
        write(cell, head, bold=True, centred=True, red=n in red, size=size)
    mark(table.rows[0], "w:cantSplit", "w:tblHeader")
    return table


def cells(row: Any, widths: Sequence[int]) -> Iterator[Any]:
    """Yield the cells of one row, taken once: asking the table for each would make a long table quadratic."""
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Mm(width)
        yield cell


def first_paragraph(cell: Any, *, centred: bool = False) -> Any:
    """Return the paragraph of an empty cell, set as the text of a table is."""
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    return paragraph


def write(
    cell: Any, text: str, *, bold: bool = False, centred: bool = False, strong: str = "", red: bool = False,
    size: int = TABLE_SIZE,
) -> None:  # fmt: skip
    """Write a cell of a table; ``strong`` are words of it in bold."""
    paragraph = first_paragraph(cell, centred=centred)
    before, found, after = text.partition(strong) if strong else (text, "", "")
    for part, heavy in ((before, bold), (found, True), (after, bold)):
        if part:
            add_run(paragraph, part, size, bold=heavy, red=red)


def _cell_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(_CELL_MARGIN))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # the schema wants them in this order


def group_row(table: Any, heading: str, width: int, size: int = TABLE_SIZE) -> None:
    """One bold cell over the whole width, kept on the page of the row that follows."""
    row = table.add_row()
    first, *others = row._tr.tc_lst
    for cell in others:
        row._tr.remove(cell)
    first.grid_span = len(others) + 1
    cell = row.cells[0]
    cell.width = Mm(width)
    write(cell, heading, bold=True, size=size)
    cell.paragraphs[0].paragraph_format.keep_with_next = True
    mark(row, "w:cantSplit")


def mark(row: Any, *names: str) -> None:
    """Set row properties in the order the schema asks for (cantSplit before tblHeader)."""
    properties = row._tr.get_or_add_trPr()
    for name in names:
        properties.append(OxmlElement(name))
