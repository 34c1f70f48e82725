"""All tables of the base as CSV that Excel opens with its diacritics, and that can be read back into a base."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from publish.export.clean import defuse
from publish.export.errors import ExportError
from publish.export.stamp import Stamp
from publish.export.tables import Value, read_tables

BOM = "\ufeff"
"""Excel takes a CSV file for UTF-8 only when it begins with this."""


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a CSV file: UTF-8 with BOM, commas, CRLF, text that would run as a formula marked with a leading ``'``.

    None becomes an empty cell, numbers stay numbers.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([defuse(name) for name in header])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return (BOM + stream.getvalue()).encode("utf-8")


def _cell(value: Value) -> Value:
    return defuse(value) if isinstance(value, str) else value


def write_csv_tables(connection: sqlite3.Connection, folder: Path, stamp: Stamp) -> list[Path]:
    """Write every table and view of the base into ``folder``, one file each, and return the files.

    Row 1 holds the column names of the base, so that a file can be read back; ``thong_tin.csv`` holds the stamp.

    Raises:
        ExportError: the folder cannot be made or written, or one of the files is open in another program.
    """
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for table in read_tables(connection, stamp):
            path = folder / f"{table.name}.csv"
            path.write_bytes(write_csv(table.header, table.rows))
            written.append(path)
    except OSError as error:
        where = error.filename or folder
        raise ExportError(
            f"Không ghi được “{where}”. Hãy đóng tệp nếu đang mở (ví dụ trong Excel), hoặc chọn thư mục khác."
        ) from error
    return written


def write_csv_zip(connection: sqlite3.Connection, stamp: Stamp) -> bytes:
    """Return the files of :func:`write_csv_tables` in one .zip, for a download."""
    stream = io.BytesIO()
    day = datetime.fromisoformat(stamp.built or stamp.as_of)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in read_tables(connection, stamp):
            entry = zipfile.ZipInfo(f"{table.name}.csv", (day.year, day.month, day.day, day.hour, day.minute, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, write_csv(table.header, table.rows))
    return stream.getvalue()
