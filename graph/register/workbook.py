"""An Excel workbook (.xlsx, ISO 29500) as rows of cells: values only, no formula is computed and no link followed.

Sheets are read as a stream, so that one with 100,000 rows needs no tree; what unpacks to more than is bearable is
refused before.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from graph.register.cells import Cell

MOST_ROWS = 300_000
MOST_COLUMNS = 120
MOST_CELL = 4000
MOST_UNPACKED = 600 * 1024 * 1024
_MOST_PARTS, _MOST_MERGED, _MOST_STRINGS = 5000, 50_000, 2_000_000
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Built-in formats that show a day (ISO 29500-1, 18.8.30; 27 to 36 and 50 to 58 those of other languages)."""
_DATE_CODE = re.compile(r"[dy]|m{3,}", re.I)
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_REF = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_EPOCH, _EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)
_MOST_DAYS = 2_958_465
BROKEN = (
    zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError, IndexError, EOFError, OSError,
    NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


class TooLargeError(Exception):
    """The workbook would unpack to more than is bearable, or has more rows."""


class ForeignError(Exception):
    """The zip is no workbook."""


@dataclass(frozen=True, slots=True)
class Book:
    """What all sheets of a workbook share: its strings, which styles show days, and from when days are counted."""

    packed: zipfile.ZipFile
    strings: tuple[str, ...]
    dates: frozenset[int]
    epoch: datetime.date


def read_workbook(data: bytes) -> Iterator[tuple[str, tuple[tuple[Cell, ...], ...]]]:
    """Yield (name, rows) of each sheet that is not hidden.

    Raises:
        TooLargeError: it is larger than a list can be.
        ForeignError: it is a zip of another kind.
        BROKEN: it is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise TooLargeError
        if "xl/workbook.xml" not in packed.namelist():
            raise ForeignError
        links = {
            node.get("Id", ""): _target(node.get("Target", ""))
            for node in _elements(packed, "xl/_rels/workbook.xml.rels", "Relationship")
        }
        epoch, sheets = _EPOCH, []
        for node in _elements(packed, "xl/workbook.xml", "workbookPr", "sheet"):
            if _name(node) == "workbookPr":
                epoch = _EPOCH_1904 if node.get("date1904") in ("1", "true") else epoch
            elif node.get("state") in (None, "visible"):
                sheets.append((node.get("name", ""), links.get(node.get(_R_ID, ""), "")))
        book = Book(packed, tuple(_strings(packed)), _date_styles(packed), epoch)
        for name, part in sheets:
            if part in packed.namelist() and "worksheet" in part:
                yield name, _sheet(book, part)


_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _target(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _name(node: etree._Element) -> str:
    return str(etree.QName(node).localname)


def _elements(packed: zipfile.ZipFile, part: str, *names: str) -> Iterator[etree._Element]:
    """Yield the elements of a part by local name, each whole, and free them; a part that is not there has none."""
    if part not in packed.namelist():
        return
    with packed.open(part) as stream:
        events = etree.iterparse(
            stream, events=("end",), tag=[f"{{*}}{name}" for name in names], resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        for _, node in events:
            if node.getroottree().docinfo.internalDTD is not None:
                raise ForeignError
            yield node
            node.clear(keep_tail=False)
            while node.getprevious() is not None and (parent := node.getparent()) is not None:
                del parent[0]


def _strings(packed: zipfile.ZipFile) -> Iterator[str]:
    for n, node in enumerate(_elements(packed, "xl/sharedStrings.xml", "si")):
        if n >= _MOST_STRINGS:
            raise TooLargeError
        yield _text(node)


def _text(node: etree._Element) -> str:
    """Return the runs of a rich text, without the readings that East Asian text carries above it."""
    words: list[str] = []
    for t in node.iter("{*}t"):
        parent = t.getparent()
        if parent is None or _name(parent) != "rPh":
            words.append(str(t.text or ""))
    return "".join(words)[:MOST_CELL]


def _date_styles(packed: zipfile.ZipFile) -> frozenset[int]:
    codes: dict[int, str] = {}
    styles: list[int] = []
    for node in _elements(packed, "xl/styles.xml", "numFmt", "cellXfs"):
        if _name(node) == "numFmt":
            codes[int(node.get("numFmtId", "0"))] = node.get("formatCode", "")
        else:
            styles = [int(xf.get("numFmtId", "0")) for xf in node]
    return frozenset(
        n for n, id_ in enumerate(styles) if id_ in _DATES or _DATE_CODE.search(_LITERAL.sub("", codes.get(id_, "")))
    )  # fmt: skip


def _sheet(book: Book, part: str) -> tuple[tuple[Cell, ...], ...]:
    rows: list[list[Cell]] = []
    merged: list[tuple[int, int, int, int]] = []
    for node in _elements(book.packed, part, "row", "mergeCell"):
        if _name(node) == "mergeCell":
            span = [_place(ref) for ref in node.get("ref", "").split(":")]
            if len(span) == 2 and len(merged) < _MOST_MERGED:
                merged.append((*span[0], *span[1]))
            continue
        cells = list(_cells(book, node))
        if not any(value for _, value in cells):
            continue
        number = int(node.get("r") or len(rows) + 1)
        if number > 4 * MOST_ROWS or len(rows) > MOST_ROWS:
            raise TooLargeError
        while len(rows) < number:
            rows.append([])
        row = rows[number - 1]
        for column, value in cells:
            row.extend([""] * (column + 1 - len(row)))
            row[column] = value
    for top, left, bottom, _ in merged:  # a cell over several rows tells all of them
        if bottom > top and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row.extend([""] * (left + 1 - len(row)))
                row[left] = row[left] or rows[top][left]
    return tuple(tuple(row) for row in rows)


def _place(ref: str) -> tuple[int, int]:
    """Return (row, column) of "B3", both from 0."""
    m = _REF.fullmatch(ref.replace("$", ""))
    if m is None:
        raise ValueError(ref)
    column = 0
    for letter in m[1]:
        column = column * 26 + ord(letter) - 64
    return int(m[2]) - 1, column - 1


def _cells(book: Book, row: etree._Element) -> Iterator[tuple[int, Cell]]:
    at = -1
    for node in row:
        if _name(node) != "c":
            continue
        at = _place(node.get("r", ""))[1] if node.get("r") else at + 1
        if at >= MOST_COLUMNS:
            return
        yield at, _value(book, node)


def _value(book: Book, node: etree._Element) -> Cell:
    kind = node.get("t", "n")
    if kind == "inlineStr":
        return _text(node)
    found = node.find("{*}v")
    words = (found.text or "") if found is not None else ""
    if not words or kind == "e":
        return ""
    if kind == "s":
        return book.strings[int(words)]
    if kind in ("str", "b", "d"):
        return words[:MOST_CELL]
    number = float(words)
    if int(node.get("s", "0")) in book.dates and 1 <= number < _MOST_DAYS:
        return book.epoch + datetime.timedelta(days=int(number))
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else words[:MOST_CELL]
