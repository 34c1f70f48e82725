"""The cells of a table in .xlsx or .csv as text: nothing is computed, nothing outside is followed."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path

from extract.read import ReadError, intake
from extract.read.decode import decode
from graph.workbook import BROKEN, Bounds, Cell, ForeignError, TooLargeError, read_workbook

MOST_ROWS = 50_000
FORMULA = "\0"
"""What stands for the cell of a formula: its value may come from anywhere, so it is not taken."""
_BOUNDS = Bounds(MOST_ROWS, columns=200, cell=2**24, unpacked=200 * 1024 * 1024)
"""No cell is cut: what was decided is kept to the last letter."""
_OLE = b"\xd0\xcf\x11\xe0"
_MARKED = re.compile("'(?=[\t\r]|\\s*[=+@＝＋－＠-])")


class TableError(Exception):
    """The file is no table that can be read; the message is a Vietnamese sentence."""


def read_table(path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows of the first sheet that are not empty, each with its number as Excel shows it.

    Raises:
        TableError: it is neither .xlsx nor .csv, damaged, locked or too large.
    """
    try:
        intake.check(path)
        data = intake.take(path)
        rows = _workbook(data, path.name) if data.startswith((b"PK", _OLE)) else _text(data, path.name)
        found = [(n, row) for n, row in rows if any(cell.strip() for cell in row)]
    except ReadError as error:
        raise TableError(
            str(error).replace("bằng Word", "bằng Excel").replace("Word (.docx)", "Excel (.xlsx)")
        ) from error
    except TooLargeError as error:
        raise TableError(_too_large(path.name)) from error
    except ForeignError as error:
        raise TableError(
            f"Tệp “{path.name}” không phải bảng Excel (.xlsx). Hãy mở bằng Excel rồi lưu lại thành .xlsx."
        ) from error
    except (csv.Error, *BROKEN) as error:
        raise TableError(
            f"Tệp “{path.name}” hỏng hoặc không phải bảng .xlsx, .csv. Hãy mở bằng Excel rồi lưu lại."
        ) from error
    if len(found) > MOST_ROWS:
        raise TableError(_too_large(path.name))
    return found


def _too_large(name: str) -> str:
    return f"Tệp “{name}” có hơn {MOST_ROWS} dòng hoặc quá nặng khi mở ra. Hãy tách thành nhiều tệp."


def _text(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    text = decode(data, name).text.removeprefix("\ufeff")
    head = text[:4096].partition("\n")[0]
    mark = max(",;\t", key=head.count)  # Excel of a Vietnamese Windows parts by ";"
    csv.field_size_limit(2**24)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    for row in reader:
        yield reader.line_num, [_MARKED.sub("", cell, count=1) if _MARKED.match(cell) else cell for cell in row]


def _workbook(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    if data.startswith(_OLE):
        raise TableError(
            f"Tệp “{name}” là Excel kiểu cũ (.xls) hoặc được đặt mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu và lưu lại "
            "thành .xlsx."
        )
    _, rows = next(read_workbook(data, _BOUNDS, formula=FORMULA), ("", None))
    if rows is None:
        raise TableError(f"Tệp “{name}” không có trang tính nào.")
    yield from ((n, [_words(cell) for cell in row]) for n, row in enumerate(rows, 1))


def _words(cell: Cell) -> str:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, datetime.date) else cell
