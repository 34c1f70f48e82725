"""A file -> its sheets as rows of cells: .xlsx (:mod:`graph.workbook`), .csv in the encodings that offices use.

A list comes from anywhere: what is too large, of another kind or damaged is refused with a sentence.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extract.read import ReadError, intake
from extract.read.decode import decode
from extract.text import normalise
from graph import workbook
from graph.register.model import RegisterError
from graph.workbook import Bounds, Cell

MOST_ROWS = 300_000
_BOUNDS = Bounds(MOST_ROWS)
_DELIMITERS = ";,\t|"
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name ("" for a CSV), and rows from the first, each a tuple of cells."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Return the sheets of a list.

    Raises:
        RegisterError: it is no .xlsx or .csv, is damaged, locked, too large, or in no encoding that is known.
    """
    try:
        intake.check(path)
        data = intake.take(path)
    except ReadError as error:
        raise RegisterError(str(error)) from error
    name = path.name
    if data.startswith(b"PK"):
        return _workbook(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise RegisterError(
            f"Tệp “{name}” là Excel kiểu cũ (.xls) hoặc có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu và lưu lại thành "
            ".xlsx hoặc .csv."
        )
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise RegisterError(f"Tệp “{name}” không phải danh mục đọc được. Hãy lưu lại thành .xlsx hoặc .csv.")
    try:
        text = decode(data, name).text
    except ReadError as error:
        raise RegisterError(str(error)) from error
    return (Sheet("", tuple(_lines(text, name))),)


def _lines(text: str, name: str) -> Iterator[tuple[Cell, ...]]:
    text = normalise(text)
    csv.field_size_limit(2**24)
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    try:
        for n, row in enumerate(reader):
            if n >= MOST_ROWS:
                raise RegisterError(_too_many(name))
            yield tuple(_clean(cell) for cell in row[: _BOUNDS.columns])
    except csv.Error as error:
        raise RegisterError(f"Tệp “{name}” hỏng ở dòng {reader.line_num}: không tách được các cột.") from error


def _delimiter(text: str) -> str:
    """The mark that parts most lines into the same number of columns, more than one."""
    head = [line for line in text.splitlines()[:200] if line.strip()][:60]

    def fit(mark: str) -> tuple[int, int]:
        counts = [len(next(csv.reader([line], delimiter=mark), [])) for line in head]
        usual = max(set(counts), key=counts.count) if counts else 0
        widest = max(counts, default=0)
        return (sum(c > 1 for c in counts) if widest > 1 else 0), usual

    return max(_DELIMITERS, key=fit)


def _workbook(data: bytes, name: str) -> tuple[Sheet, ...]:
    try:
        return tuple(
            Sheet(title, tuple(tuple(c if isinstance(c, datetime.date) else _clean(c) for c in row) for row in rows))
            for title, rows in workbook.read_workbook(data, _BOUNDS, merged=True)
        )
    except workbook.TooLargeError as error:
        raise RegisterError(
            f"Tệp “{name}” quá lớn khi mở ra (trên {MOST_ROWS} dòng hoặc quá nặng). Hãy tách thành nhiều tệp nhỏ hơn."
        ) from error
    except workbook.ForeignError as error:
        raise RegisterError(
            f"Tệp “{name}” không phải bảng tính Excel thông thường. Hãy mở bằng Excel và lưu lại thành .xlsx."
        ) from error
    except workbook.BROKEN as error:
        raise RegisterError(f"Tệp “{name}” hỏng hoặc không phải .xlsx. Hãy mở bằng Excel rồi lưu lại.") from error


def _clean(words: str) -> str:
    return normalise(words[: _BOUNDS.cell].translate(_CONTROL)).strip()


def _too_many(name: str) -> str:
    return f"Danh mục “{name}” có hơn {MOST_ROWS} dòng. Hãy tách thành nhiều tệp."
