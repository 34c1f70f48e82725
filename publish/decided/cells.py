"""The cells of a table in .xlsx or .csv as text: nothing is computed, nothing outside is followed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extract.read import ReadError, intake
from extract.read.decode import decode
from extract.read.ooxml import Package

MOST_ROWS = 50_000
FORMULA = "\0"
"""What stands for the cell of a formula: its value may come from anywhere, so it is not taken."""
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REF = re.compile(r"([A-Z]{1,3})\d+")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
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
        rows = _workbook(data, path.name) if data.startswith((b"PK", b"\xd0\xcf")) else _text(data, path.name)
        found = [(n, row) for n, row in rows if any(cell.strip() for cell in row)]
    except ReadError as error:
        raise TableError(
            str(error).replace("bằng Word", "bằng Excel").replace("Word (.docx)", "Excel (.xlsx)")
        ) from error
    except (csv.Error, ValueError, KeyError, IndexError, OverflowError) as error:
        raise TableError(
            f"Tệp “{path.name}” hỏng hoặc không phải bảng .xlsx, .csv. Hãy mở bằng Excel rồi lưu lại."
        ) from error
    if len(found) > MOST_ROWS:
        raise TableError(f"Tệp “{path.name}” có hơn {MOST_ROWS} dòng. Hãy tách thành nhiều tệp.")
    return found


def _text(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    text = decode(data, name).text.removeprefix("\ufeff")
    head = text[:4096].partition("\n")[0]
    mark = max(",;\t", key=head.count)  # Excel of a Vietnamese Windows parts by ";"
    csv.field_size_limit(2**24)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    for row in reader:
        yield reader.line_num, [_MARKED.sub("", cell, count=1) if _MARKED.match(cell) else cell for cell in row]


def _workbook(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    package = Package(data, name)
    book = package.related().get("officeDocument", "xl/workbook.xml")
    if book not in package:
        raise TableError(f"Tệp “{name}” không phải bảng Excel (.xlsx). Hãy mở bằng Excel rồi lưu lại thành .xlsx.")
    sheets = package.xml(book).iter(f"{_NS}sheet")
    wanted = next((s.get(_LINK) for s in sheets if s.get("state", "visible") == "visible"), None)
    part = _parts(package, book).get(str(wanted))
    if part is None or part not in package:
        raise TableError(f"Tệp “{name}” không có trang tính nào.")
    strings = list(_strings(package, package.related(book).get("sharedStrings", "xl/sharedStrings.xml")))
    for row in package.xml(part).iter(f"{_NS}row"):
        cells: list[str] = []
        for n, cell in enumerate(row.iter(f"{_NS}c")):
            reference = _REF.match(cell.get("r", ""))
            column = _column(reference[1]) if reference else n
            if column > 200:
                break
            cells += [""] * (column + 1 - len(cells))
            cells[column] = _value(cell, strings)
        yield int(row.get("r", 0)), cells


def _parts(package: Package, book: str) -> dict[str, str]:
    """Return the parts of the sheets by the id of their relationship."""
    folder, _, base = book.rpartition("/")
    rels = package.xml(f"{folder}/_rels/{base}.rels")
    found = {}
    for link in rels:
        target = str(link.get("Target", ""))
        found[str(link.get("Id"))] = target[1:] if target.startswith("/") else f"{folder}/{target}"
    return found


def _strings(package: Package, part: str) -> Iterator[str]:
    if part in package:
        for item in package.xml(part).iter(f"{_NS}si"):
            yield _words(item)


def _words(item: Any) -> str:
    """Return the text of a string, without the reading aid of East Asian texts."""
    pieces = [t.text or "" for t in item.iter(f"{_NS}t") if t.getparent().tag != f"{_NS}rPh"]
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), "".join(pieces))


def _value(cell: Any, strings: list[str]) -> str:
    if cell.find(f"{_NS}f") is not None:
        return FORMULA
    kind, value = cell.get("t", "n"), cell.find(f"{_NS}v")
    if kind == "inlineStr":
        return _words(cell)
    text = (value.text or "") if value is not None else ""
    if kind == "s":
        return strings[int(text)] if text else ""
    return re.sub(r"\.0+$", "", text) if kind == "n" else text


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
