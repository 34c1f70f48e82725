"""A block of bases as a Word file, to be copied into the document that is written; what must be filled in stands below.

Form of NĐ 30/2020/NĐ-CP, Phụ lục I, II.6a: each basis on its own line, in italics, size 14, first line indented.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from graph.bases import Block
from graph.standing import SHAPES, Standing
from graph.words import vietnamese_date
from publish.export.paper import add_run, cells, foot, mark, new_table, paragraph, set_up, write
from publish.export.stamp import Stamp

HEADING = "CĂN CỨ BAN HÀNH"
NOTES = (
    "Khối căn cứ do chương trình xếp từ dữ liệu trong kho. Tình trạng hiệu lực nêu theo nguồn ghi kèm; chương trình "
    "không kết luận về hiệu lực của văn bản. "
    "Người soạn thảo đối chiếu văn bản gốc và quyết định.",
)
_SIZE = 14
_INDENT = Mm(10)
_WIDTHS = (12, 48, 50, 55)


def write_bases_docx(
    block: Block, subject: str, stamp: Stamp, day: str = "", known: Mapping[str, Standing] | None = None
) -> bytes:
    """Return the block as a .docx file on A4 upright; below it how each basis stands on the ISO ``day``.

    The block itself is nothing but what is to be copied; ``known`` is by document, empty where nothing is known.
    """
    stamp = stamp.sealed([(line,) for line in block.written()])
    document = Document()
    set_up(document, HEADING, subject, stamp, upright=True)
    for line in block.written():
        _line(document, line)
    paragraph(document, "Phần dưới đây để đối chiếu, không thuộc văn bản được soạn.", bold=True, size=12, before=14)
    if subject:
        paragraph(document, f"Văn bản: {subject}. Tính đến ngày {vietnamese_date(stamp.as_of)}.", size=12)
    if known:
        _standings(document, block, day, known)
    foot(document, (*to_fill(block), *NOTES), stamp.lines(), "Nguồn gốc khối căn cứ:")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def to_fill(block: Block) -> tuple[str, ...]:
    """Return what must be filled in, a sentence a document."""
    return tuple(f"Cần bổ sung {line.gaps} của {line.label}." for line in block.to_fill)


def standing_rows(block: Block, known: Mapping[str, Standing]) -> Iterator[tuple[str, ...]]:
    """Yield how each basis stands: its name, its status, who says so and what there is to know besides."""
    for line in block.lines:
        if found := known.get(line.document):
            yield line.label, f"{SHAPES[found.status]} {found.words}", found.noted or "--"


def _standings(document: Any, block: Block, day: str, known: Mapping[str, Standing]) -> None:
    heading = f"Hiệu lực của từng căn cứ tại ngày {vietnamese_date(day)}"
    paragraph(document, heading, bold=True, size=12, before=8, after=4, keep=True)
    table = new_table(document, ("STT", "Văn bản", "Hiệu lực", "Nguồn, cần biết thêm"), _WIDTHS)
    for n, row in enumerate(standing_rows(block, known), 1):
        added = table.add_row()
        for cell, words in zip(cells(added, _WIDTHS), (str(n), *row), strict=True):
            write(cell, words, centred=words == str(n))
        mark(added, "w:cantSplit")


def _line(document: Any, words: str) -> None:
    added = document.add_paragraph()
    added.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    added.paragraph_format.first_line_indent = _INDENT
    added.paragraph_format.space_after = Pt(6)
    add_run(added, words, _SIZE, italic=True)
