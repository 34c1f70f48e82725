"""The decisions as a table for Excel, and what still waits for one."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from graph.decisions.entry import CITATION, DOCUMENT, KINDS, MENTIONS, TASK, Entry, parts_of
from graph.decisions.force import HOLDS, standings
from graph.decisions.look import look_at_mention
from graph.reconcile import WAITING
from publish.decided.sheet import COLUMNS, Line, line_of
from publish.export.clean import clean, defuse
from publish.export.excel import page_of, text_formats, workbook
from publish.export.stamp import read_stamp

MOST_WAITING = 20_000
_CELL, _MORE = 32_767, 500
"""Characters that a cell holds; rows below the last one where a new line may be added."""


def lines_of(connection: sqlite3.Connection, entries: Sequence[Entry]) -> list[Line]:
    """Return all entries as lines, history too: nothing is lost on the way out and back."""
    states = standings(entries)
    base = {row[0]: row[1:] for row in connection.execute(
        f"SELECT id, tinh_trang, muc, van_ban, {', '.join(MENTIONS.values())} FROM quyet_dinh"
    )}  # fmt: skip
    lines = []
    for entry in entries:
        state, unit, document, *spots = base.get(entry.number, ("", None, None, None, None, None))
        codes = {**dict(zip(MENTIONS, spots, strict=True)), TASK: unit, DOCUMENT: document}
        code = codes.get(parts_of(entry.subject)[0]) or ""
        standing = states[entry.number]
        lines.append(line_of(entry, state if standing == HOLDS and state else standing, code))
    return lines


def waiting_lines(connection: sqlite3.Connection) -> Iterator[Line]:
    """Yield a line for every mention that waits for a decision; who edits the table fills in the kind.

    Citations first, then works named by title, then pointers that do not say which document they mean.
    """
    waiting = (
        (CITATION, "SELECT trich_dan FROM can_doi_chieu WHERE chinh = 1 ORDER BY id LIMIT ?", ()),
        *((sort, f"SELECT id FROM {MENTIONS[sort]} WHERE {where} ORDER BY id LIMIT ?", given)
          for sort, where, given in WAITING.values()),
    )  # fmt: skip
    for sort, sql, given in waiting:
        for (name,) in connection.execute(sql, (*given, MOST_WAITING)).fetchall():
            look = look_at_mention(connection, sort, name)
            if look is not None:
                seen, machine = look.seen, look.seen["may"]
                yield dict.fromkeys((column.name for column in COLUMNS), "") | {
                    "ve": seen["chu"], "o": seen["nhan_nguon"], "cau": seen["cau"], "ma": name,
                    "may": ": ".join(filter(None, (machine["nhan"], machine["trang_thai"]))),
                }  # fmt: skip


def write_table(path: Path, connection: sqlite3.Connection, lines: Sequence[Line]) -> None:
    """Write the lines to ``path`` as .xlsx or .csv, by its ending."""
    rows = [[line[column.name] for column in COLUMNS] for line in lines]
    path.write_bytes(_csv(rows) if path.suffix.lower() == ".csv" else _xlsx(rows, connection))


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([column.heading for column in COLUMNS])
    writer.writerows([defuse(cell) for cell in row] for row in rows)
    return ("\ufeff" + stream.getvalue()).encode()


def _xlsx(rows: Sequence[Sequence[str]], connection: sqlite3.Connection) -> bytes:
    stamp = read_stamp(connection, date.today(), ())
    with workbook("Quyết định", stamp) as (stream, book):
        page = book.add_worksheet("Quyết định")
        formats = text_formats(book)
        text = book.add_format({"num_format": "@"})  # what is typed stays as it is typed: a date no number of days
        formats.text.set_num_format("@")
        for n, column in enumerate(COLUMNS):
            page.set_column(n, n, column.width, text, {"hidden": column.name in _HIDDEN})
            page.write_string(0, n, column.heading, formats.head)
        for at, row in enumerate(rows, 1):
            for n, cell in enumerate(row):
                page.write_string(at, n, clean(cell)[:_CELL], formats.text)
        kind = next(n for n, column in enumerate(COLUMNS) if column.name == "loai")
        page.data_validation(
            1, kind, len(rows) + _MORE, kind,
            {"validate": "list", "source": list(KINDS), "error_type": "warning", "error_title": "Loại quyết định",
             "error_message": "Hãy chọn một loại trong danh sách."},
        )  # fmt: skip
        page.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
        page.freeze_panes(1, 3)
        page.repeat_rows(0)
        page_of(page)
    return stream.getvalue()


_HIDDEN = frozenset({"doi_tuong", "phan", "chi_tiet", "da_xem", "thay_cho", "sau", "thoi_diem"})
"""Columns that the way back needs and nobody reads."""
