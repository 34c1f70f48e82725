"""An Excel workbook (.xlsx, ISO 29500) as rows of cells: values only, no formula is computed and no link followed.

Every .xlsx that people give us is read here: lists of documents, tables of decisions. Parts are read as a stream, so
that a sheet with 100,000 rows needs no tree; what unpacks to more than is bearable is refused before.
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

Cell = str | datetime.date
"""What a sheet gives: words, or a day where the sheet itself knows it as one."""

_MEGA = 1024 * 1024
_MOST_PARTS, _MOST_MERGED, _MOST_STRINGS = 5000, 50_000, 2_000_000
_MOST_NUMBER = 1_048_576
"""Rows of a sheet of Excel."""
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Built-in formats that show a day (ISO 29500-1, 18.8.30; 27 to 36 and 50 to 58 those of other languages)."""
_DATE_CODE = re.compile(r"[dy]|m{3,}", re.I)
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_REF = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A letter that XML cannot hold, as a string of a workbook has it (ISO 29500-1, 22.9.2.19)."""
_EPOCH, _EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)
_MOST_DAYS = 2_958_465
BROKEN = (
    zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError, IndexError, EOFError, OSError,
    NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
"""What a damaged workbook raises while it is read."""


class TooLargeError(Exception):
    """The workbook would unpack to more than is bearable, or has more rows."""


class ForeignError(Exception):
    """The zip is no workbook, or has what no program for tables writes (a DOCTYPE)."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is taken: rows that are not empty, columns, letters of a cell (the rest is cut), bytes when unpacked."""

    rows: int
    columns: int = 120
    cell: int = 4000
    unpacked: int = 600 * _MEGA


@dataclass(frozen=True, slots=True)
class _Book:
    """What all sheets of a workbook share: its strings, which styles show days, and from when days are counted."""

    packed: _Packed
    bounds: Bounds
    formula: str | None
    strings: tuple[str, ...]
    dates: frozenset[int]
    epoch: datetime.date


def read_workbook(
    data: bytes, bounds: Bounds, *, formula: str | None = None, merged: bool = False
) -> Iterator[tuple[str, tuple[tuple[Cell, ...], ...]]]:
    """Yield (name, rows) of each sheet that is not hidden; rows from the first on, () for an empty one.

    ``formula`` stands for a cell with a formula; for None it is the value that the program for tables left there. With
    ``merged``, a cell that goes over several rows tells all of them.

    Raises:
        TooLargeError: it is larger than ``bounds`` allows.
        ForeignError: it is a zip of another kind.
        BROKEN: it is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        parts = opened.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > bounds.unpacked:
            raise TooLargeError
        packed = _Packed(opened)
        part = next((link.target for link in packed.links("") if link.kind == "officeDocument"), "xl/workbook.xml")
        if part not in packed:
            raise ForeignError
        links = packed.links(part)
        by_kind = {link.kind: link.target for link in links}
        parts_of_sheets = {link.name: link.target for link in links if link.kind == "worksheet"}
        epoch, sheets = _EPOCH, []
        for node in packed.elements(part, "workbookPr", "sheet"):
            if _name(node) == "workbookPr":
                epoch = _EPOCH_1904 if node.get("date1904") in ("1", "true") else epoch
            elif node.get("state") in (None, "visible"):
                sheets.append((node.get("name", ""), parts_of_sheets.get(_link(node), "")))
        strings = tuple(_strings(packed, by_kind.get("sharedStrings", ""), bounds))
        book = _Book(packed, bounds, formula, strings, _date_styles(packed, by_kind.get("styles", "")), epoch)
        for name, part in sheets:
            if part in packed:
                yield name, _sheet(book, part, merged)


# --- the package ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Link:
    """A relationship: its id, the last word of its type, the part inside that it points at."""

    name: str
    kind: str
    target: str


class _Packed:
    """The parts of the file by name, without regard to case as the standard wants it."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._zip = opened
        self._members = {_key(member.filename): member for member in opened.infolist() if not member.is_dir()}

    def __contains__(self, part: str) -> bool:
        return _key(part) in self._members

    def links(self, part: str) -> tuple[_Link, ...]:
        """Return what a part (the package itself for "") points at inside."""
        folder, _, base = part.rpartition("/")
        rels = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        return tuple(
            _Link(node.get("Id", ""), node.get("Type", "").rpartition("/")[2], _inside(folder, node.get("Target", "")))
            for node in self.elements(rels, "Relationship")
            if node.get("TargetMode") != "External"
        )

    def elements(self, part: str, *names: str) -> Iterator[etree._Element]:
        """Yield the elements of a part by local name, each whole, and free them; a part that is not there has none."""
        if part not in self:
            return
        with self._zip.open(self._members[_key(part)]) as stream:
            events = etree.iterparse(
                stream, events=("end",), tag=[f"{{*}}{name}" for name in names], resolve_entities=False,
                no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
            )  # fmt: skip
            for _, node in events:
                if node.getroottree().docinfo.internalDTD is not None:
                    raise ForeignError
                yield node
                node.clear(keep_tail=False)
                while node.getprevious() is not None and (parent := node.getparent()) is not None:
                    del parent[0]


def _key(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").lower()


def _inside(folder: str, target: str) -> str:
    """Return the name of the part that ``target``, as written in ``folder``, means."""
    if target.startswith("/"):
        return target[1:]
    steps = folder.split("/") if folder else []
    for step in target.replace("\\", "/").split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _name(node: etree._Element) -> str:
    return str(etree.QName(node).localname)


def _link(node: etree._Element) -> str:
    """Return the ``r:id`` of an element, also of a workbook of the Strict kind, which has another namespace."""
    return next((str(v) for k, v in node.attrib.items() if str(k).endswith("/relationships}id")), "")


# --- strings and styles ---------------------------------------------------------------------------


def _strings(packed: _Packed, part: str, bounds: Bounds) -> Iterator[str]:
    for n, node in enumerate(packed.elements(part, "si")):
        if n >= _MOST_STRINGS:
            raise TooLargeError
        yield _text(node, bounds)


def _text(node: etree._Element, bounds: Bounds) -> str:
    """Return the runs of a rich text, without the readings that East Asian text carries above it."""
    words: list[str] = []
    for t in node.iter("{*}t"):
        parent = t.getparent()
        if parent is None or _name(parent) != "rPh":
            words.append(str(t.text or ""))
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), "".join(words))[: bounds.cell]


def _date_styles(packed: _Packed, part: str) -> frozenset[int]:
    codes: dict[int, str] = {}
    styles: list[int] = []
    for node in packed.elements(part, "numFmt", "cellXfs"):
        if _name(node) == "numFmt":
            codes[int(node.get("numFmtId", "0"))] = node.get("formatCode", "")
        else:
            styles = [int(xf.get("numFmtId", "0")) for xf in node]
    return frozenset(
        n for n, id_ in enumerate(styles) if id_ in _DATES or _DATE_CODE.search(_LITERAL.sub("", codes.get(id_, "")))
    )  # fmt: skip


# --- sheets ---------------------------------------------------------------------------------------


def _sheet(book: _Book, part: str, merged: bool) -> tuple[tuple[Cell, ...], ...]:
    rows: list[list[Cell]] = []
    spans: list[tuple[int, int, int, int]] = []
    filled = 0
    for node in book.packed.elements(part, "row", "mergeCell"):
        if _name(node) == "mergeCell":
            span = [_place(ref) for ref in node.get("ref", "").split(":")]
            if merged and len(span) == 2 and len(spans) < _MOST_MERGED:
                spans.append((*span[0], *span[1]))
            continue
        cells = list(_cells(book, node))
        if not any(value for _, value in cells):
            continue
        number, filled = int(node.get("r") or len(rows) + 1), filled + 1
        if number > _MOST_NUMBER or filled > book.bounds.rows:
            raise TooLargeError
        if number < 1:
            raise ValueError(number)
        while len(rows) < number:
            rows.append([])
        row = rows[number - 1]
        for column, value in cells:
            row.extend([""] * (column + 1 - len(row)))
            row[column] = value
    for top, left, bottom, _ in spans:
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


def _cells(book: _Book, row: etree._Element) -> Iterator[tuple[int, Cell]]:
    at = -1
    for node in row:
        if _name(node) != "c":
            continue
        at = _place(node.get("r", ""))[1] if node.get("r") else at + 1
        if at >= book.bounds.columns:
            return
        yield at, _value(book, node)


def _value(book: _Book, node: etree._Element) -> Cell:
    if book.formula is not None and node.find("{*}f") is not None:
        return book.formula
    kind = node.get("t", "n")
    if kind == "inlineStr":
        return _text(node, book.bounds)
    found = node.find("{*}v")
    words = (found.text or "") if found is not None else ""
    if not words or kind == "e":
        return ""
    if kind == "s":
        return book.strings[int(words)]
    if kind in ("str", "b", "d"):
        return words[: book.bounds.cell]
    number = float(words)
    if int(node.get("s", "0")) in book.dates and 1 <= number < _MOST_DAYS:
        return book.epoch + datetime.timedelta(days=int(number))
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else words[: book.bounds.cell]
