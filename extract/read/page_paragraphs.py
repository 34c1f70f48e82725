"""Lines of PDF pages joined into paragraphs by their place, also across pages, and tables continued on the next page.

A line goes on in the next one when it reaches the right margin less 35 points and the next is not indented by more
than 12; this rule gave 89 of 100 paragraphs of printed plans back exactly, rules on words alone 73.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.model import Place
from extract.read.page_furniture import Page
from extract.read.page_rules import Cell, Table
from extract.read.page_words import Line
from extract.text import UPPER, fold

_REACH = 35.0
_INDENT = 12.0
_TEXT_EDGE = 0.85
"""Text reaches as far right on the page at least, when its lines are too few to tell (of the width)."""

_ALIKE = 4.0
"""Indents that differ by less are the same (points)."""

_MARKER = re.compile(
    r"(?:[-–+*•●○▪■◦]|\d{1,3}(?:\.\d{1,3})*[.)]|\d{1,2}(?:\.\d{1,2})+|[a-zđ]{1,2}[)]|[IVXLC]{1,6}[.)])(?:\s|$)"
    r"|Điều\s+\d{1,3}[a-zđ]?[.:]|Căn cứ\s"
)
_YEAR = re.compile(r"[-–]\s\d")
_SENTENCE_END = re.compile(r"[.;:!?…][”\"’)]*$")
_CAPITAL = re.compile(rf"[“\"‘(]*[{UPPER}]")
_COUNCIL = re.compile(r"(?:ủy ban nhân dân|hội đồng nhân dân|ubnd|hđnd|ủy ban mặt trận tổ quốc(?: việt nam)?)$")
_AREA = re.compile(r"(?:tỉnh|thành phố|tp|quận|huyện|thị xã|xã|phường|thị trấn|đặc khu)\W")
_BROKEN_NUMBER = re.compile(r"(?:[^\W_](?:[-–]|/)|-/)$")
_GOES_ON = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as text, with its place but for its own number."""

    text: str
    place: Place


def measure(pages: Sequence[Page]) -> None:
    """Set the margins and the usual distance of lines for each page; short pages take those of their like."""
    common: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    for page in pages:
        lines = [item for item in page.body if isinstance(item, Line)]
        if lines:
            page.left = _second([line.x0 for line in lines])
            page.right = -_second([-line.x1 for line in lines])
            page.pitch = _pitch(lines, page.right)
            full = [line.x1 > page.right - 4 for line in lines if line.x1 > page.right - _REACH]
            page.justified = sum(full) >= max(4, 0.7 * len(full))
            if len(lines) >= 8 and page.right - page.left > page.width / 3:
                size = (round(page.width), round(page.height))
                common.setdefault(size, []).append((page.left, page.right, page.pitch))
    for page in pages:
        lines = [item for item in page.body if isinstance(item, Line)]
        known = common.get((round(page.width), round(page.height)))
        if len(lines) < 8 or page.right - page.left <= page.width / 3:
            if known:
                page.left, page.right, page.pitch = (sorted(v)[len(v) // 2] for v in zip(*known, strict=True))
            else:
                page.right = max(page.right, page.width * _TEXT_EDGE)


def _second(values: list[float]) -> float:
    """Return the least value that another one stands near, the least when there is none: margins are shared."""
    values.sort()
    for a, b in itertools.pairwise(values[:4]):  # one or two may stick out, not more
        if b - a <= 3:
            return a
    return values[0]


def _pitch(lines: Sequence[Line], right: float) -> float:
    """Return the usual distance of a full line to the next, 0 when there is none."""
    gaps = sorted(
        a.y0 - b.y0
        for a, b in itertools.pairwise(lines)
        if a.x1 > right - _REACH and 0.5 * a.height < a.y0 - b.y0 < 3 * a.height
    )
    return gaps[len(gaps) // 4] if gaps else 0.0


def paragraphs_of(pages: Sequence[Page]) -> Iterator[Paragraph]:
    """Yield the paragraphs of all pages; footnotes follow the paragraph that stands above them."""
    opened: list[Line] = []
    start = previous = None
    waiting: list[Paragraph] = []
    table: Table | None = None
    tables = 0
    for page in pages:
        for n, item in enumerate(page.body):
            if isinstance(item, Table):
                if n == 0 and table is not None and not opened and _same_table(table, item):
                    _continue(table, item)
                    continue
                if opened and start is not None:
                    yield Paragraph(_text(opened), Place(start.number))
                    opened = []
                if table is not None:
                    yield from _cells(table, tables)
                yield from waiting
                waiting = []
                table, tables = item, tables + 1
                continue
            if table is not None:
                yield from _cells(table, tables)
                table = None
            if opened and previous is not None and start is not None:
                same = previous is page
                goes_on = _joins(opened, item, page) if same else _joins_over(opened, item, previous, page)
                if not goes_on:
                    yield Paragraph(_text(opened), Place(start.number))
                    opened = []
            if not opened:
                yield from waiting
                waiting = []
                start = page
            opened.append(item)
            previous = page
        waiting += _footnotes(page)
    if opened and start is not None:
        yield Paragraph(_text(opened), Place(start.number))
    if table is not None:
        yield from _cells(table, tables)
    yield from waiting


def _joins(lines: Sequence[Line], line: Line, page: Page) -> bool:
    """Tell whether ``line`` goes on with the paragraph of ``lines`` on the same page."""
    last, first = lines[-1], lines[0]
    gap = last.y0 - line.y0
    if gap <= 0.3 * last.height:  # beside or above: another column
        return False
    pitch = lines[-2].y0 - last.y0 if len(lines) > 1 else 0.0
    if 0 < pitch < 3 * last.height:
        if gap > pitch + 3.5:
            return False
    elif gap > (page.pitch or 1.6 * last.height) * 1.35 + 2:
        return False
    if last.glued or _one_organ(last, line):
        return True
    marker = _begins_item(last, line)
    if _centred(last, page) and _centred(line, page) and not marker:
        return last.x1 - last.x0 + _need(line) > page.right - page.left
    if last.x1 < page.right - max(_REACH, _need(line)):
        return False
    if _new_sentence(last, line) and page.justified and last.x1 < page.right - 4:
        return False
    if marker and line.x0 >= first.x0 - 3:
        return False
    if not _level(lines, line, line.x0 - page.left, line.x0):
        return False
    spaced = page.pitch > 0 and len(lines) == 1 and gap > page.pitch + 2
    return not (spaced and first.x0 - page.left <= _INDENT and _new_sentence(last, line))


def _one_organ(last: Line, line: Line) -> bool:
    """Tell whether two lines of a head name one organ: "ỦY BAN NHÂN DÂN", "TỈNH …" below it."""
    centred = abs((last.x0 + last.x1) - (line.x0 + line.x1)) < 2 * _ALIKE
    if not (centred and last.text.isupper() and line.text.isupper()):
        return False
    below = fold(line.text)
    return below.startswith("và ") or (_COUNCIL.match(fold(last.text)) is not None and _AREA.match(below) is not None)


def _joins_over(lines: Sequence[Line], line: Line, before: Page, page: Page) -> bool:
    """Tell whether the first line of ``page`` goes on with the last paragraph of the page ``before``."""
    last, first = lines[-1], lines[0]
    if page.first or last.note or page.number != before.number + 1:
        return False
    if last.glued:
        return True
    if last.x1 < before.right - max(_REACH, _need(line)):
        return False
    if _new_sentence(last, line) and before.justified and last.x1 < before.right - 4:
        return False
    indent = line.x0 - page.left
    if _begins_item(last, line) and indent >= first.x0 - before.left - 3:
        return False
    if not _level(lines, line, indent, indent + before.left):
        return False
    return not (_new_sentence(last, line) and first.x0 - before.left <= _INDENT and len(lines) == 1)


def _begins_item(last: Line, line: Line) -> bool:
    """Tell whether a line begins with the marker of an item; "2021" above "- 2030" are one period."""
    return _MARKER.match(line.text) is not None and not (last.text[-1].isdigit() and _YEAR.match(line.text))


def _level(lines: Sequence[Line], line: Line, indent: float, x0: float) -> bool:
    """Tell whether a line stands at the margin, under the words of a hanging item, or under its last line."""
    first, last = lines[0], lines[-1]
    if indent <= _INDENT or (len(lines) > 1 and abs(x0 - last.x0) <= _ALIKE):
        return True
    return abs(x0 - first.second_x) <= _ALIKE and _MARKER.match(first.text) is not None


def _need(line: Line) -> float:
    """Return the room that the first word of a line would have taken at the end of the line before."""
    return line.first_width + 0.2 * line.height


def _centred(line: Line, page: Page) -> bool:
    middle = (page.left + page.right) / 2
    return abs((line.x0 + line.x1) / 2 - middle) < 5 and line.x0 - page.left > _INDENT


def _new_sentence(last: Line, line: Line) -> bool:
    return _SENTENCE_END.search(last.text) is not None and _CAPITAL.match(line.text) is not None


def _text(lines: Sequence[Line]) -> str:
    """Return lines as one text: a blank where they meet, none after a hyphen or slash that a number needs."""
    text = lines[0].text
    for before, line in itertools.pairwise(lines):
        tight = before.glued or (_BROKEN_NUMBER.search(text) and _GOES_ON.match(line.text))
        text += line.text if tight else f" {line.text}"
    return text


def _footnotes(page: Page) -> list[Paragraph]:
    """Return the footnotes of a page, a paragraph each."""
    found: list[list[Line]] = []
    for line in page.notes:
        if found and not line.note:
            found[-1].append(line)
        else:
            found.append([line])
    return [Paragraph(_text(lines), Place(page.number)) for lines in found]


def _same_table(table: Table, other: Table) -> bool:
    return len(table.edges) == len(other.edges) and all(
        abs(a - b) < _ALIKE for a, b in zip(table.edges, other.edges, strict=True)
    )


def _continue(table: Table, other: Table) -> None:
    """Add the rows of the next page: without a repeated head, and with a row that was broken put together."""
    rows = other.rows
    same = 0
    while same < min(len(rows), len(table.rows), 3) and _words(rows[same]) == _words(table.rows[same]) != []:
        same += 1
    rows = rows[same:]
    last = next((row for row in reversed(table.rows) if row), None)
    if rows and last and rows[0] and _counts(table) and rows[0][0].number > 1:
        cells = {cell.number: cell for cell in last}
        for cell in rows[0]:
            if cell.number in cells:
                cells[cell.number].lines += cell.lines
            else:
                last.append(cell)
        last.sort(key=lambda cell: cell.number)
        rows = rows[1:]
    table.rows += rows


def _counts(table: Table) -> bool:
    """Tell whether the first column numbers the rows."""
    first = [fold(row[0].lines[0].text) for row in table.rows if row and row[0].number == 1 and row[0].lines]
    numbers = Counter(bool(re.match(r"(?:\d+|[ivx]+)\W*$", text)) for text in first)
    return bool(first) and (first[0] in ("stt", "tt", "số tt", "số") or numbers[True] > numbers[False])


def _words(row: Sequence[Cell]) -> list[str]:
    return [line.text for cell in row for line in cell.lines]


def _cells(table: Table, number: int) -> Iterator[Paragraph]:
    """Yield the paragraphs of a table, row by row."""
    for n, row in enumerate(table.rows, 1):
        for cell in row:
            place = Place(cell.page, None, number, n, cell.number)
            lines: list[Line] = []
            for line in cell.lines:
                if lines and not _joins_in_cell(lines[-1], line, cell):
                    yield Paragraph(_text(lines), place)
                    lines = []
                lines.append(line)
            if lines:
                yield Paragraph(_text(lines), place)


def _joins_in_cell(last: Line, line: Line, cell: Cell) -> bool:
    """Tell whether the first word of ``line`` had no room in the line before."""
    if _begins_item(last, line) and (_SENTENCE_END.search(last.text) or line.text[0] in "-–+•"):
        return False
    pad = min(max(min(other.x0 for other in cell.lines) - cell.x0, 2.0), 8.0)
    inner = cell.x1 - cell.x0 - 2 * pad
    need = _need(line)
    return last.glued or last.x1 + need > cell.x1 - pad - 1 or last.x1 - last.x0 + need > inner - 1
