"""An Excel workbook (.xlsx, ISO 29500) as rows of cells: values only, no formula is computed and no link followed.

Every .xlsx that people give us is read here: lists of documents, tables of decisions. Parts are read as a stream of
beginnings and ends of elements, and no tree is made of any: memory is that of what is taken, whatever a hostile part
repeats. What unpacks to more than is bearable is refused before, a DOCTYPE as soon as it is met.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from extract.read.package_names import part_inside, part_key, parts_of

Cell = str | datetime.date
"""What a sheet gives: words, or a day where the sheet itself knows it as one."""

_MEGA = 1024 * 1024
_MOST_PARTS, _MOST_MERGED, _MOST_STRINGS, _MOST_DEEP = 5000, 50_000, 2_000_000, 200
_MOST_RATIO = 200
"""Unpacked bytes for one packed byte; workbooks reach 50, bombs 1000."""
_CHUNK, _LONGEST, _MOST_NAMES = 256 * 1024, 16 * _MEGA, 1000
"""Bytes that are parsed at a time, and of one tag at most; names of elements that are remembered."""
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
    zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, ValueError, IndexError, EOFError, OSError,
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
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > _MOST_PARTS or unpacked > min(bounds.unpacked, _MOST_RATIO * len(data)):
            raise TooLargeError
        packed = _Packed(opened)
        part = next((link.target for link in packed.links("") if link.kind == "officeDocument"), "xl/workbook.xml")
        if part not in packed:
            raise ForeignError
        links = packed.links(part)
        by_kind = {link.kind: link.target for link in links}
        parts_of_sheets = {link.name: link.target for link in links if link.kind == "worksheet"}
        epoch = _EPOCH
        sheets: list[tuple[str, str]] = []
        for name, told, _ in packed.events(part, "workbookPr", "sheet"):
            if told is None:
                continue
            if name == "workbookPr":
                epoch = _EPOCH_1904 if told.get("date1904") in ("1", "true") else epoch
            elif told.get("state", "visible") == "visible" and len(sheets) < _MOST_PARTS:
                sheets.append((told.get("name", ""), parts_of_sheets.get(_link(told), "")))
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
        self._members = parts_of(opened.infolist())

    def __contains__(self, part: str) -> bool:
        return part_key(part) in self._members

    def links(self, part: str) -> tuple[_Link, ...]:
        """Return what a part (the package itself for "") points at inside."""
        folder, _, base = part.rpartition("/")
        rels = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        found: list[_Link] = []
        for _, told, _ in self.events(rels, "Relationship"):
            if told is not None and told.get("TargetMode") != "External" and len(found) < _MOST_PARTS:
                kind = told.get("Type", "").rpartition("/")[2]
                found.append(_Link(told.get("Id", ""), kind, part_inside(folder, told.get("Target", ""))))
        return tuple(found)

    def events(self, part: str, *names: str, most: int = 0) -> Iterator[_Event]:
        """Yield what happens to the elements of ``names`` in a part; a part that is not there has none.

        (name, attributes, "") where one begins, (name, None, its text) where it ends. Names are local ones; of text
        ``most`` letters are kept.
        """
        if part not in self:
            return
        told = _Told(frozenset(names), most)
        with self._zip.open(self._members[part_key(part)]) as stream:
            fed = 0
            while chunk := stream.read(_CHUNK):
                fed += len(chunk)
                told.parser.Parse(chunk, False)
                if fed - told.parser.CurrentByteIndex > _LONGEST:
                    raise TooLargeError
                yield from told.take()
            told.parser.Parse(b"", True)
            yield from told.take()


_Event = tuple[str, Mapping[str, str] | None, str]


@dataclass(slots=True)
class _Told:
    """What the parser tells of the elements that are wanted, until it is taken."""

    names: frozenset[str]
    most: int
    parser: expat.XMLParserType = field(default_factory=lambda: expat.ParserCreate(namespace_separator=" "))
    events: list[_Event] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    length: int = 0
    depth: int = 0
    known: dict[str, str] = field(default_factory=dict)  # name as the parser has it -> local one, "" for no matter

    def __post_init__(self) -> None:
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _foreign
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        if self.most:
            self.parser.CharacterDataHandler = self._text

    def take(self) -> list[_Event]:
        taken, self.events = self.events, []
        return taken

    def _begin(self, name: str, told: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _MOST_DEEP:
            raise TooLargeError
        if local := self.known.get(name, "?"):
            if local == "?" and not (local := self._learn(name)):
                return
            self.events.append((local, told, ""))
            self.words, self.length = [], 0

    def _end(self, name: str) -> None:
        self.depth -= 1
        if local := self.known.get(name, ""):
            self.events.append((local, None, "".join(self.words)[: self.most] if self.words else ""))
            self.words = []

    def _learn(self, name: str) -> str:
        local = name.rpartition(" ")[2]
        if local in self.names:
            if len(self.known) > _MOST_NAMES:
                raise TooLargeError
            self.known[name] = local
            return local
        if len(self.known) < _MOST_NAMES:
            self.known[name] = ""
        return ""

    def _text(self, words: str) -> None:
        if self.length < self.most:
            self.length += len(words)
            self.words.append(words)


def _foreign(*_: object) -> None:
    raise ForeignError


def _link(told: Mapping[str, str]) -> str:
    """Return the ``r:id`` of an element, also of a workbook of the Strict kind, which has another namespace."""
    return next((value for name, value in told.items() if name.endswith("/relationships id")), "")


# --- strings and styles ---------------------------------------------------------------------------


def _strings(packed: _Packed, part: str, bounds: Bounds) -> Iterator[str]:
    count, words = 0, _Words(bounds.cell)
    for name, told, text in packed.events(part, "si", "t", "rPh", most=bounds.cell):
        if name != "si":
            words.add(name, told, text)
        elif told is None:
            yield words.take()
        elif (count := count + 1) > _MOST_STRINGS:
            raise TooLargeError


class _Words:
    """The runs of a rich text, without the readings that East Asian text carries above it (``rPh``)."""

    def __init__(self, most: int) -> None:
        self._most, self._runs, self._length, self._above = most, [""], 0, 0

    def add(self, name: str, told: Mapping[str, str] | None, text: str) -> None:
        """Take an event of ``t`` or ``rPh``."""
        if name == "rPh":
            self._above += 1 if told is not None else -1
        elif text and not self._above and self._length < self._most:
            self._runs.append(text)
            self._length += len(text)

    def take(self) -> str:
        """Return the text, and begin another."""
        words = "".join(self._runs)
        self._runs, self._length, self._above = [""], 0, 0
        return (_ESCAPED.sub(lambda m: chr(int(m[1], 16)), words) if "_x" in words else words)[: self._most]


def _date_styles(packed: _Packed, part: str) -> frozenset[int]:
    codes: dict[int, str] = {}
    dates: set[int] = set()
    count, within = 0, False
    for name, told, _ in packed.events(part, "numFmt", "cellXfs", "xf"):
        if name == "cellXfs":
            within = told is not None
        elif told is not None and name == "numFmt" and len(codes) < _MOST_PARTS:
            codes[int(told.get("numFmtId", "0"))] = told.get("formatCode", "")
        elif told is not None and name == "xf" and within and count < _MOST_NUMBER:
            kind = int(told.get("numFmtId", "0"))
            if kind in _DATES or _DATE_CODE.search(_LITERAL.sub("", codes.get(kind, ""))):
                dates.add(count)
            count += 1
    return frozenset(dates)


# --- sheets ---------------------------------------------------------------------------------------


def _sheet(book: _Book, part: str, merged: bool) -> tuple[tuple[Cell, ...], ...]:
    rows: list[list[Cell]] = []
    spans: list[tuple[int, int, int, int]] = []
    number, cells, filled = 0, _Cells(book), 0
    for name, told, text in book.packed.events(
        part, "row", "c", "f", "v", "t", "rPh", "mergeCell", most=book.bounds.cell
    ):
        if name == "mergeCell":
            span = [_place(ref) for ref in told.get("ref", "").split(":")] if told is not None else []
            if merged and len(span) == 2 and len(spans) < _MOST_MERGED:
                spans.append((*span[0], *span[1]))
        elif name != "row":
            cells.add(name, told, text)
        elif told is not None:
            number = int(told.get("r") or len(rows) + 1)
        else:
            found = cells.take()
            if not any(found.values()):
                continue
            filled += 1
            if number > _MOST_NUMBER or filled > book.bounds.rows:
                raise TooLargeError
            if number < 1:
                raise ValueError(number)
            while len(rows) < number:
                rows.append([])
            row = rows[number - 1]
            row.extend([""] * (max(found) + 1 - len(row)))
            for column, value in found.items():
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


class _Cells:
    """The cells of a row by column, as they come."""

    def __init__(self, book: _Book) -> None:
        self._book, self._words = book, _Words(book.bounds.cell)
        self._found: dict[int, Cell] = {}
        self._at, self._value, self._formula, self._rich = -1, "", False, False
        self._told: Mapping[str, str] = {}

    def add(self, name: str, told: Mapping[str, str] | None, text: str) -> None:
        """Take an event of a cell or of what stands in it."""
        if name == "v":
            if told is None:
                self._value = text
        elif name == "c":
            if told is None:
                if self._at < self._book.bounds.columns:
                    self._found[self._at] = self._read()
                return
            self._told, self._value, self._formula = told, "", False
            self._at = _place(told["r"])[1] if told.get("r") else self._at + 1
        elif name == "f":
            self._formula = True
        else:
            self._rich = True
            self._words.add(name, told, text)

    def take(self) -> dict[int, Cell]:
        """Return the cells of the row, and begin another."""
        found, self._found, self._at = self._found, {}, -1
        return found

    def _read(self) -> Cell:
        book, kind, words = self._book, self._told.get("t", "n"), self._value
        rich = self._words.take() if self._rich else ""
        self._rich = False
        if book.formula is not None and self._formula:
            return book.formula
        if kind == "inlineStr":
            return rich
        if not words or kind == "e":
            return ""
        if kind == "s":
            return book.strings[int(words)]
        if kind in ("str", "b", "d"):
            return words
        number = float(words)
        if int(self._told.get("s", "0")) in book.dates and 1 <= number < _MOST_DAYS:
            return book.epoch + datetime.timedelta(days=int(number))
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else words
