"""A chain, or all tables of the base, as an Excel workbook."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from graph.words import vietnamese_date
from publish.export.clean import one_line, shorten
from publish.export.sheet import EMPTY, ChainRow, ChainSheet
from publish.export.stamp import Stamp
from publish.export.tables import TableData, read_tables

INFORMATION = "Thông tin trích xuất"
_CHAIN = "Chuỗi căn cứ"
_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
_LINE = 15.0
_TALLEST = 409.0
"""Points: one line of the font, and the greatest height Excel gives a row."""
_EARLIEST = 1900
"""Excel's calendar begins here; an older date is written as text."""

# Heading and width in characters; narrow, so that the sheet can still be read when printed one page wide.
COLUMNS: tuple[tuple[str, int], ...] = (
    ("STT", 5),
    ("Nhóm", 16),
    ("Vòng", 6),
    ("Văn bản, nhiệm vụ", 20),
    ("Số, ký hiệu", 15),
    ("Số, ký hiệu như in (nếu khác)", 11),
    ("Trích yếu, nội dung", 28),
    ("Ngày ban hành", 11),
    ("Cơ quan ban hành", 16),
    ("Quan hệ", 19),
    ("Câu nguyên văn", 38),
    ("Tệp", 13),
    ("Vị trí", 9),
    ("Trạng thái nhận dạng", 14),
)
_DATE = 7


def columns_of(sheet: ChainSheet) -> tuple[tuple[str, int], ...]:
    """Return the columns of a chain: those of all, and the validity where the sheet tells it."""
    return (*COLUMNS, *([(sheet.validity_heading, 24)] if sheet.day else []))


@dataclass(frozen=True, slots=True)
class Formats:
    """The looks of the cells of a list: title, header, text, number, date, and words outside the table."""

    title: Any
    head: Any
    text: Any
    number: Any
    day: Any
    plain: Any


def text_formats(book: Any) -> Formats:
    """Return the looks of cells in ``book``."""
    return Formats(
        book.add_format({**_FONT, "bold": True, "font_size": 14}),
        book.add_format({**_FONT, "bold": True, "border": 1, "text_wrap": True, "align": "center"}),
        book.add_format({**_FONT, "border": 1, "text_wrap": True}),
        book.add_format({**_FONT, "border": 1, "align": "center"}),
        book.add_format({**_FONT, "border": 1, "align": "center", "num_format": "dd/mm/yyyy"}),
        book.add_format(_FONT),
    )


def write_xlsx(sheet: ChainSheet, stamp: Stamp) -> bytes:
    """Return ``sheet`` as an .xlsx file: title block, table with filter and frozen header, and a sheet of origins.

    Numbers of documents are text, full dates are dates, nothing is a formula or a link.
    """
    stamp = stamp.about(sheet.stated_in).sealed(sheet.content())
    with workbook(sheet.subject, stamp) as (stream, book):
        page = book.add_worksheet(_CHAIN)
        formats = text_formats(book)
        block = [sheet.heading, sheet.subject, *_facts(sheet, stamp)]
        for line, words in enumerate(block):
            page.write_string(line, 0, shorten(one_line(words)), formats.title if line < 2 else formats.plain)
        top = len(block) + 1
        columns = columns_of(sheet)
        for column, (heading, width) in enumerate(columns):
            page.set_column(column, column, width)
            page.write_string(top, column, heading, formats.head)
        widths = [width for _, width in columns]
        page.set_row(top, row_height([heading for heading, _ in columns], widths))
        at = top
        for group in sheet.groups:
            for row in group.rows:
                at += 1
                values = [*_values(group.heading, row), *([row.validity] if sheet.day else [])]
                page.set_row(at, row_height(values, widths))
                for column, value in enumerate(values):
                    if isinstance(value, int):
                        page.write_number(at, column, value, formats.number)
                    elif column == _DATE and (date := _date(row.date)):
                        page.write_datetime(at, column, date, formats.day)
                    else:
                        page.write_string(
                            at,
                            column,
                            shorten(one_line(value)) or EMPTY,
                            formats.number if column == _DATE else formats.text,
                        )
        page.autofilter(top, 0, max(at, top), len(columns) - 1)
        page.freeze_panes(top + 1, 0)
        page.repeat_rows(top)
        page_of(page)
        information(book, [(label, value) for _, label, value in stamp.facts()], sheet.notes)
    return stream.getvalue()


def write_rows_xlsx(
    name: str, subject: str, block: Sequence[str], columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str | int]], stamp: Stamp, notes: Sequence[str], red: frozenset[int] = frozenset(),
    blank: frozenset[int] = frozenset(),
) -> bytes:  # fmt: skip
    """Return plain rows as an .xlsx file: the ``block`` of lines on top, table with filter and frozen header, origins.

    ``columns`` are headings and widths in characters, those of ``red`` in red letters, those of ``blank`` stay empty
    where they are; whole numbers are numbers, all else is text.
    """
    with workbook(subject, stamp) as (stream, book):
        page = book.add_worksheet(name)
        formats = text_formats(book)
        drafted = book.add_format({**_FONT, "border": 1, "text_wrap": True, "font_color": "#C00000"})
        for line, words in enumerate(block):
            page.write_string(line, 0, shorten(one_line(words)), formats.title if line < 1 else formats.plain)
        top = len(block) + 1
        widths = [width for _, width in columns]
        for column, (heading, width) in enumerate(columns):
            page.set_column(column, column, width)
            page.write_string(top, column, heading, formats.head)
        page.set_row(top, row_height([heading for heading, _ in columns], widths))
        at = top
        for at, row in enumerate(rows, top + 1):
            page.set_row(at, row_height(row, widths))
            for column, value in enumerate(row):
                if isinstance(value, int):
                    page.write_number(at, column, value, formats.number)
                else:
                    look = drafted if column in red else formats.text
                    words = shorten(one_line(value)) or ("" if column in blank else EMPTY)
                    page.write_string(at, column, words, look)
        page.autofilter(top, 0, max(at, top), len(columns) - 1)
        page.freeze_panes(top + 1, 0)
        page.repeat_rows(top)
        page_of(page)
        information(book, [(label, value) for _, label, value in stamp.facts()], notes)
    return stream.getvalue()


def write_tables_xlsx(connection: sqlite3.Connection, stamp: Stamp) -> bytes:
    """Return every table and view of the base as one workbook, a sheet each, column names in row 1."""
    with workbook("Các bảng dữ liệu", stamp) as (stream, book):
        head = book.add_format({**_FONT, "bold": True, "border": 1})
        text = book.add_format(_FONT)
        tables: list[tuple[str, str]] = []
        for table in read_tables(connection, stamp):
            tables.append((table.name, table.title))
            _table(book.add_worksheet(table.name), table, head, text)
            facts = table.rows
        information(book, [(str(name), str(value)) for name, value in facts] + tables, ())
    return stream.getvalue()


def _table(page: Any, table: TableData, head: Any, text: Any) -> None:
    for column, name in enumerate(table.header):
        page.write_string(0, column, name, head)
        page.set_column(column, column, 24)
    for line, row in enumerate(table.rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, (int, float)):
                page.write_number(line, column, value, text)
            elif value:
                page.write_string(line, column, shorten(value.replace("\r\n", "\n").replace("\r", "\n")), text)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(table.rows), 1), len(table.header) - 1)
    page.repeat_rows(0)
    page_of(page)


@contextmanager
def workbook(subject: str, stamp: Stamp) -> Iterator[tuple[BytesIO, Any]]:
    """Give a stream and the workbook that is written to it at the end."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    created = datetime.fromisoformat(stamp.as_of)
    book.set_properties({"title": one_line(subject)[:255], "author": "Căn Cứ", "created": created})
    yield stream, book
    book.close()


def _facts(sheet: ChainSheet, stamp: Stamp) -> Iterator[str]:
    yield from sheet.lines
    if sheet.warnings:
        yield f"Cần đối chiếu: {'; '.join(sheet.warnings)}."
    yield f"Tính đến ngày {vietnamese_date(stamp.as_of)}. Nguồn và mã kiểm tra: xem trang “{INFORMATION}”."


def _values(heading: str, row: ChainRow) -> Sequence[str | int]:
    return (
        row.number, heading, row.ring, row.label, row.symbol, row.printed, row.title, vietnamese_date(row.date),
        row.issuer, row.relation, row.sentence, row.file, row.place, row.status,
    )  # fmt: skip


def row_height(texts: Sequence[str | int], widths: Sequence[int]) -> float:
    """Return the height that the wrapped texts need (about 5 letters of Times New Roman to 4 units of width).

    Not every program works it out by itself when it opens the file.
    """
    lines = max(-(-len(str(text)) * 4 // (5 * width)) for text, width in zip(texts, widths, strict=True))
    return min(_LINE * max(lines, 1) + 3, _TALLEST)


def _date(iso: str) -> datetime | None:
    """Return a full date that Excel can hold; partial and impossible ones stay text."""
    try:
        date = datetime.strptime(iso, "%Y-%m-%d")
    except ValueError:
        return None
    return date if date.year >= _EARLIEST else None


def page_of(page: Any) -> None:
    """A4 landscape, one page wide, margins of NĐ 30/2020 in inches, page number at the top."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=1.18, right=0.6, top=0.79, bottom=0.79)
    page.set_header('&C&"Times New Roman"&13&P')


def information(book: Any, facts: Sequence[tuple[str, str]], notes: Sequence[str]) -> None:
    """Add the sheet that tells where the others come from: (label, value) and notes."""
    page = book.add_worksheet(INFORMATION)
    name = book.add_format({**_FONT, "bold": True, "text_wrap": True})
    text = book.add_format({**_FONT, "text_wrap": True})
    widths = (32, 96)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    for line, (label, value) in enumerate([*facts, *(("Ghi chú", note) for note in notes)]):
        page.set_row(line, row_height((label, value), widths))
        page.write_string(line, 0, shorten(label), name)
        page.write_string(line, 1, shorten(value) or EMPTY, text)
    page_of(page)
