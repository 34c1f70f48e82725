"""A list for people (review sheet, tasks of a unit, annex of a plan …) as Word, Excel and CSV, one content for all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx import Document

from graph.words import vietnamese_date
from publish.export import paper
from publish.export.clean import defuse, one_line
from publish.export.excel import write_rows_xlsx
from publish.export.stamp import Stamp

EMPTY = "--"
_CSV_BREAK = "\r\n"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, width in mm on A4 landscape (all together 252), ``centred``; ``draft`` ones are printed in red
    and are not part of what is issued; ``blank`` ones are left empty, for people to write in."""

    heading: str
    width: int
    centred: bool = False
    draft: bool = False
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; "" for rows without one. A row has a text for every column, "" for nothing."""

    heading: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The whole list.

    ``above`` stands over the heading ("PHỤ LỤC"), ``attached`` under the subject in italics, ``lines`` are facts,
    ``notes`` tell how to read it, ``sources`` the ids of the documents that it comes from. What is ``issued`` bears no
    notes and no origin on its pages; its check code stands in the properties of the file.
    """

    heading: str
    subject: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()
    above: str = ""
    attached: str = ""
    issued: bool = False

    @property
    def heads(self) -> tuple[str, ...]:
        """The headings of the columns."""
        return tuple(column.heading for column in self.columns)

    @property
    def drafts(self) -> frozenset[int]:
        """The numbers of the columns that are not issued."""
        return frozenset(n for n, column in enumerate(self.columns) if column.draft)

    def content(self) -> Iterator[tuple[str, ...]]:
        """Yield all that the check code covers."""
        yield (self.heading, self.subject, *self.lines)
        yield self.heads
        for group in self.groups:
            yield (group.heading,)
            yield from group.rows


def write_listing_docx(listing: Listing, stamp: Stamp) -> bytes:
    """Return the list as a .docx on A4 landscape in the form of NĐ 30/2020/NĐ-CP, Phụ lục I."""
    stamp = _sealed(listing, stamp)
    document = Document()
    paper.set_up(document, listing.heading, listing.subject, stamp)
    for words in filter(None, (listing.above, listing.heading)):
        paper.paragraph(document, words, size=14, bold=True, centred=True)
    if listing.subject:
        paper.paragraph(document, listing.subject, bold=True, centred=True)
    if listing.attached:
        paper.paragraph(document, listing.attached, italic=True, centred=True, after=8)
    for line in (*listing.lines, *([] if listing.issued else [f"Tính đến ngày {vietnamese_date(stamp.as_of)}."])):
        paper.paragraph(document, line)
    widths = [column.width for column in listing.columns]
    table = paper.new_table(document, listing.heads, widths, listing.drafts)
    for group in listing.groups:
        if group.heading:
            paper.group_row(table, group.heading, sum(widths))
        for row in group.rows:
            added = table.add_row()
            for column, cell, text in zip(listing.columns, paper.cells(added, widths), row, strict=True):
                words = text or ("" if column.blank else EMPTY)
                paper.write(cell, words, centred=column.centred, red=column.draft)
            if max(map(len, row)) <= paper.WHOLE_ROW:
                paper.mark(added, "w:cantSplit")
    if not listing.issued:
        paper.foot(document, listing.notes, stamp.lines())
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def write_listing_xlsx(listing: Listing, stamp: Stamp) -> bytes:
    """Return the list as an .xlsx: title block, table with filter and frozen header, and a sheet of origins."""
    stamp = _sealed(listing, stamp)
    grouped = any(group.heading for group in listing.groups)
    columns = [(column.heading, max(column.width // 2, 5)) for column in listing.columns]
    rows = [((group.heading, *row) if grouped else row) for group in listing.groups for row in group.rows]
    block = [listing.heading, listing.subject, *listing.lines, f"Tính đến ngày {vietnamese_date(stamp.as_of)}."]
    return write_rows_xlsx(
        "Danh sách", f"{listing.heading} {listing.subject}", [words for words in block if words],
        [("Nhóm", 22), *columns] if grouped else columns, rows, stamp, listing.notes,
        frozenset(n + grouped for n in listing.drafts),
        frozenset(n + grouped for n, column in enumerate(listing.columns) if column.blank),
    )  # fmt: skip


def write_listing_csv(listing: Listing, stamp: Stamp) -> bytes:
    """Return the table alone as CSV with BOM, so that Excel shows the marks; then the lines of its origin."""
    grouped = any(group.heading for group in listing.groups)
    rows = (([group.heading] if grouped else []) + list(row) for group in listing.groups for row in group.rows)
    return csv_of([*(["Nhóm"] if grouped else []), *listing.heads], rows, _sealed(listing, stamp))


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[object]], stamp: Stamp) -> bytes:
    """Return ``rows`` under ``heads`` as CSV for Excel, with the lines of their origin behind them."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=_CSV_BREAK)
    writer.writerow(heads)
    for row in rows:
        writer.writerow([defuse(one_line(str(cell))) for cell in row])
    writer.writerow([])
    for line in stamp.lines():
        writer.writerow([defuse(one_line(line))])
    return stream.getvalue().encode("utf-8-sig")


LISTING_FORMATS: dict[str, tuple[str, str, Any]] = {
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_listing_docx),
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_listing_xlsx),
    "csv": ("CSV", "text/csv; charset=utf-8", write_listing_csv),
}
"""By suffix: name for people, media type, writer."""


def numbered(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Return the groups with "I. …" before their headings and a serial number before each row, running on."""
    from publish.export.chain import roman

    found: list[Group] = []
    count = 0
    for n, group in enumerate((g for g in groups if g.rows), 1):
        rows = tuple((str(count + k), *row) for k, row in enumerate(group.rows, 1))
        count += len(rows)
        found.append(Group(f"{roman(n)}. {group.heading} ({len(rows)})" if group.heading else "", rows))
    return tuple(found)


def _sealed(listing: Listing, stamp: Stamp) -> Stamp:
    return stamp.about(listing.sources).sealed(listing.content())
