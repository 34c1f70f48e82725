"""Blocks -> lines: the words without Markdown, the marker, and whether a line goes on with the one before.

Pages, mails and web pages break paragraphs into lines; a citation, an organ's name or a cue then lies across a
break. Layout alone tells the breaks of the page from those of the sense, and :func:`flowing` blanks the former,
so that all that reads the text reads paragraphs. Offsets stay.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from extract.model import Block, Place

_MARKUP_BEFORE = re.compile(r"[ \t]*(?:#{1,6}[ \t]+)?(?:\*\*|__)?[ \t]*(?:#{1,6}[ \t]+)?")

_CAPITALS = "A-Z" + "".join(c for c in map(chr, (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA))) if c.isupper())
_PARTY_MARK = rf"[-–]\s+(?=[*_“\"]{{0,3}}[{_CAPITALS}])"
"""The Party numbers its headings "I- ", "1- "; what begins in small letters there is a span."""
# Marker styles in the order they are tried, with their rank: the outermost has the lowest.
_MARKERS: tuple[tuple[str, int, str], ...] = (
    ("part", 0, r"(?P<part>(?:Phần|PHẦN)\s+(?:thứ\s+\w+|[IVXLC]+|\d+))(?![\wÀ-ỹ])[.:]?"),
    ("chapter", 1, r"(?P<chapter>(?:Chương|CHƯƠNG)\s+(?:[IVXLC]+|\d+))(?![\wÀ-ỹ])[.:]?"),
    ("roman", 2, rf"(?P<roman>[IVXLC]{{1,6}})(?:\s*[./)]\s+|{_PARTY_MARK})"),
    ("article", 3, r"(?P<article>(?:Điều|ĐIỀU)\s+\d+[a-zđ]?)[.:]\s*"),
    ("arabic3", 6, r"(?P<arabic3>\d{1,2}\.\d{1,2}\.\d{1,2})[.)]?\s+"),
    ("arabic2", 5, r"(?P<arabic2>\d{1,2}\.\d{1,2})[.)]?\s+"),
    ("arabic", 4, rf"(?P<arabic>\d{{1,3}})(?:\s*[.)/]\s+|{_PARTY_MARK})"),
    ("letter", 7, r"(?P<letter>[a-zđ])\s*[.)]\s+"),
    ("dash", 9, r"(?P<dash>[-–—−])\s*(?=\S)"),
    ("plus", 10, r"(?P<plus>\+)\s*(?=\S)"),
    ("star", 11, r"(?P<star>[*•·▪○◦])\s*(?=\S)"),
)
_MARKER = re.compile("|".join(pattern for _, _, pattern in _MARKERS))
RANK = {style: rank for style, rank, _ in _MARKERS} | {"plain": 99, "title": -2}
NUMBERED = frozenset({"part", "chapter", "article"})
_NARROW, _WIDE, _FULL = 40, 140, 0.88
"""Lines of a wrapped page have lengths between these (characters); a full one has this share of the width."""
_DANGLING = re.compile(r"(?<!\w)(?:số|của|và|về|tại|theo|các|do|với|cho|từ|đến|ngày|tháng|hoặc|thuộc|bởi|là|để|,)$")
"""Words that no paragraph ends with."""
_DRESSED = frozenset(" \t#*_")
_ENDS = '.;:!?…”"'
_NEW_PARAGRAPH = re.compile(r"(?:Căn cứ|Theo đề nghị|Xét|Trên đây|Nơi nhận|Kính gửi|\[\d+\]|\()")


class Line(NamedTuple):
    """One line: ``start``…``end`` bound its words with the marker, which ends at ``body``.

    ``heading`` is true where Markdown makes it one, ``goes_on`` where it continues the line before.
    ``block`` is the start of the block it was read from.
    """

    start: int
    end: int
    style: str
    marker: str
    body: int
    heading: bool
    goes_on: bool
    block: int
    place: Place


def read_lines(text: str, blocks: Sequence[Block]) -> list[Line]:
    """Return the lines of ``text`` that hold words, in order; the running heads of Công báo are none."""
    lines: list[Line] = []
    gazette = _GAZETTE in text
    width = _page_width(blocks)
    first = last = -1  # bounds of the paragraph so far; no line goes on after a heading
    cell: tuple[int | None, ...] = (None,)  # table, row and cell of the line before: no line goes on in another cell
    for block, end, place in blocks:
        if place[2] is not None or cell[0] is not None:
            if place[2:] != cell:
                first = -1
            cell = place[2:]
        if gazette and _PAGE_HEAD.fullmatch(text, block, end):
            continue
        start, heading = block, False
        if text[block] in _DRESSED or text[end - 1] in _DRESSED or text[end - 1].isspace():
            start, end, heading = _without_markup(text, block, end)
            if end <= start:
                continue
        m = _MARKER.match(text, start, end)
        if m is not None and (m.end() < end or m.lastgroup in NUMBERED):
            style, body = m.lastgroup or "", m.end()
            if text.startswith("**", body) and body + 2 < end:
                body += 2
            lines.append(Line(start, end, style, m[style], body, heading, False, block, place))
            first = -1 if heading else start
        elif first >= 0 and not heading and _goes_on(text, first, last, start, end, width):
            lines.append(Line(start, end, "plain", "", start, False, True, block, place))
        else:
            lines.append(Line(start, end, "plain", "", start, heading, False, block, place))
            first = -1 if heading else start
        last = end
    return lines


def _without_markup(text: str, start: int, end: int) -> tuple[int, int, bool]:
    """Return the bounds of a line's words, and whether Markdown makes it a heading."""
    heading = False
    if text[start] in " \t#*_":
        markup = _MARKUP_BEFORE.match(text, start, end)
        if markup is not None:
            heading = "#" in markup.group() or "**" in markup.group()
            start = markup.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    if text.endswith(("**", "__"), start, end):
        end = start + len(text[start : end - 2].rstrip())
    return start, end, heading


def _page_width(blocks: Sequence[Block]) -> int:
    """Return how long the full lines of the page are; where every fifth line is longer, lines are whole paragraphs."""
    lengths = sorted([end - start for start, end, _ in blocks if end - start >= _NARROW])
    fit = bisect_right(lengths, _WIDE)
    return lengths[fit * 9 // 10] if fit and (len(lengths) - fit) * 5 < len(lengths) else _WIDE


def _goes_on(text: str, first: int, last: int, start: int, end: int, width: int) -> bool:
    """A page break or a wrapped line cuts a sentence: it goes on in lower case, or where its next word did not fit."""
    if text[last - 1] in _ENDS:
        return False
    dangling = _DANGLING.search(text, max(first, last - 12), last)
    if text[start].islower() or (dangling is not None and (dangling[0] != "số" or not text[start].isalpha())):
        return True  # "4. Chuyển đổi số" is whole before a word: only a number's own "số" lacks something
    line = last - max(first, text.rfind("\n", 0, last) + 1)
    blank = text.find(" ", start, end)
    if line < _NARROW or line + (blank if blank > 0 else end) - start < width * _FULL:
        return False
    return not text[start:end].isupper() and not _NEW_PARAGRAPH.match(text, start)


_GAZETTE = "CÔNG BÁO/Số"
_INNER_PAGE_HEAD = re.compile(
    r"CÔNG BÁO/Số[ \t]+\d+(?:[ \t]*\+[ \t]*\d+)*/Ngày[ \t]+\d{1,2}-\d{1,2}-\d{4}(?:[ \t]+\d{1,4}(?!\d))?"
)
_PAGE_HEAD = re.compile(rf"[ \t]*(?:\d{{1,4}}[ \t]+)?{_INNER_PAGE_HEAD.pattern}[ \t]*")


def flowing(text: str, lines: Sequence[Line]) -> str:
    """Return ``text`` with blanks for the line breaks inside its paragraphs and for page heads; the length stays."""
    if _GAZETTE in text:
        text = _INNER_PAGE_HEAD.sub(lambda m: " " * len(m.group()), text)
    pieces: list[str] = []
    done = 0
    last = 0
    for line in lines:
        if line.goes_on:
            pieces.append(text[done:last])
            pieces.append(" " * (line.start - last))
            done = line.start
        last = line.end
    pieces.append(text[done:])
    return "".join(pieces)
