"""What a PDF prints on every page and no author wrote: page numbers, running heads, the head of Công báo."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from extract.read.page_rules import Table
from extract.read.page_words import Line
from extract.text import fold

_GAZETTE = re.compile(r"(?:\d{1,4}\s+)?công báo\s*/|công báo\s*/?\s*số\s*\d.*ngày\s*\d")
_PAGE_NUMBER = re.compile(r"[-–—|]?\s*(?:trang\s*(?:số)?\s*:?\s*)?(\d{1,4})(?:\s*(?:/|trên)\s*\d{1,4})?\s*[-–—|]?$")
_OWN = re.compile(r"phụ lục|\(?kèm theo|\(?ban hành kèm|mẫu\s|biểu\s|\(?tiếp theo")
_DIGITS = re.compile(r"\d+")
_EDGE = 0.12
"""Running lines stand in this part of the height of a page, at its head or foot."""

_SAME = 4.0
"""… and at the same height on all pages (points)."""

_MANY = 3


@dataclass(slots=True)
class Page:
    """A page in reading order; ``first`` tells that a document begins on it, ``body`` and ``notes`` are its text.

    ``left`` and ``right`` are the margins that the paragraphs reach, ``pitch`` the usual distance of lines;
    ``justified`` tells that full lines end at the margin, so that one which does not is the last of its paragraph.
    """

    number: int
    width: float
    height: float
    first: bool
    body: list[Line | Table]
    notes: list[Line]
    left: float = 0.0
    right: float = 0.0
    pitch: float = 0.0
    justified: bool = False


def drop_furniture(pages: Sequence[Page]) -> None:
    """Take page numbers and running lines out of the pages.

    A line is running when it stands at the same height with the same words (numbers aside) on three pages or more,
    and on one of three between the first and the last of them. Pages on which a document begins are left alone.
    """
    seen: dict[tuple[str, int, int], set[int]] = defaultdict(set)
    for page in pages:
        _drop_gazette(page)
    _drop_numbers(pages)
    for page in pages:
        if not page.first:
            for line in _edge_lines(page):
                for key in _keys(page, line):
                    seen[key].add(page.number)
    running = {
        key for key, on in seen.items() if len(on) >= _MANY and len(on) * 3 >= max(on) - min(on) + 1
    }  # fmt: skip
    for page in pages:
        if page.first or not running:
            continue
        gone = {id(line) for line in _edge_lines(page) if not running.isdisjoint(_keys(page, line))}
        page.body = [item for item in page.body if id(item) not in gone]


def _edge_lines(page: Page) -> list[Line]:
    """Return the lines near the head or foot of the page that could be running ones."""
    return [
        item
        for item in page.body
        if isinstance(item, Line)
        and (item.y0 > page.height * (1 - _EDGE) or item.y1 < page.height * _EDGE)
        and not _OWN.match(fold(item.text))
    ]


def _keys(page: Page, line: Line) -> list[tuple[str, int, int]]:
    """Return words and height of a line; two neighbouring heights, so that rounding does not part equal ones."""
    words = _DIGITS.sub("0", fold(line.text))
    step = int(line.y0 // _SAME)
    return [(words, step, round(page.height)), (words, step + 1, round(page.height))]


def _drop_gazette(page: Page) -> None:
    """Take the head of Công báo out, which names a number and a day like a citation."""
    page.body = [
        item
        for item in page.body
        if not (isinstance(item, Line) and item.y0 > page.height * (1 - _EDGE) and _GAZETTE.match(fold(item.text)))
    ]


def _drop_numbers(pages: Sequence[Page]) -> None:
    """Take the numbers of the pages out: outermost lines at head or foot that count on with the pages.

    A lone figure at the end of a page can be text, so that the count must fit: with the file, with the document that
    begins on an earlier page, or with one more page.
    """
    found: list[tuple[Page, Line, int, int]] = []
    begun = 1
    for page in pages:
        if page.first:
            begun = page.number
        lines = [item for item in page.body if isinstance(item, Line)]
        if not lines:
            continue
        top, foot = max(lines, key=lambda line: line.y0), min(lines, key=lambda line: line.y0)
        for line, near in ((top, top.y0 > page.height * (1 - _EDGE)), (foot, foot.y1 < page.height * _EDGE)):
            number = _PAGE_NUMBER.match(fold(line.text)) if near else None
            if number:
                found.append((page, line, int(number[1]) - page.number, begun))
    shared = Counter(away for _, _, away, _ in found)
    gone = {id(line) for _, line, away, begun in found if away in (0, 1 - begun) or shared[away] > 1}
    for page in pages:
        page.body = [item for item in page.body if id(item) not in gone]
