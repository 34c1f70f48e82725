"""Plain text and Markdown: one block a line that is not blank, one a paragraph of a cell in tables of Markdown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise

from extract import collector
from extract.model import Block, Place, SourceText
from extract.read.decode import decode
from extract.read.result import Reading
from extract.text import normalise

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_SEPARATOR = re.compile(r"[ \t]*\|(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t]*")
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br[ \t]*/?>", re.I)


def read(data: bytes, name: str) -> Reading:
    """Read a .txt or .md file in any encoding that :mod:`extract.read.decode` knows.

    Raises:
        extract.read.ReadError: empty, binary, or in no encoding that is known.
    """
    decoded = decode(data, name)
    source = source_from_text(decoded.text)
    return Reading(source.text, source.blocks, decoded.notes)


def source_from_text(raw: str, path: str = "", sha256: str = "", format: str = "txt") -> SourceText:
    """Return ``raw`` as a source: NFC text with LF line ends, its lines and the cells of its tables as blocks."""
    text = normalise(raw)
    with collector.paused():
        spans = [m.span() for m in _LINE.finditer(text)]
        if "|" in text and (separators := [n for n, s in enumerate(spans) if _SEPARATOR.fullmatch(text, *s)]):
            blocks = tuple(_blocks(text, spans, separators))
        else:
            blocks = tuple([Block(start, end, Place(None, n)) for n, (start, end) in enumerate(spans, 1)])
    return SourceText(text, blocks, path, sha256 or hashlib.sha256(text.encode()).hexdigest(), format)


def _blocks(text: str, spans: list[tuple[int, int]], separators: list[int]) -> Iterator[Block]:
    """Yield lines and cells; a table is a separator row, the row above it, and all rows below it."""
    head = {n - 1 for n in separators if n > 0 and _is_row(text, *spans[n - 1])}
    rule = set(separators)
    table = row = paragraph = 0
    inside = False
    for n, (start, end) in enumerate(spans):
        if (n in head and not (inside and spans[n - 1][1] + 1 == start)) or (n in rule and not inside):
            table, row, inside = table + 1, 0, True
        elif inside and (spans[n - 1][1] + 1 != start or not _is_row(text, start, end)):
            inside = False
        if not inside:
            paragraph += 1
            yield Block(start, end, Place(None, paragraph))
        elif n not in rule:
            row += 1
            for cell, left, right in _paragraphs(text, start, end):
                paragraph += 1
                yield Block(left, right, Place(None, paragraph, table, row, cell))


def _is_row(text: str, start: int, end: int) -> bool:
    line = text[start:end].strip()
    return len(line) > 1 and line[0] == "|" and line[-1] == "|"


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield (number of the cell, start, end) of each paragraph in a row."""
    bars = [m.start() for m in _BAR.finditer(text, start, end)]
    for cell, (left, right) in enumerate(pairwise(bars), 1):
        at = left + 1
        for end_of in [*((m.start(), m.end()) for m in _BREAK.finditer(text, at, right)), (right, right)]:
            words = text[at : end_of[0]]
            inner = words.strip()
            if inner:
                first = at + len(words) - len(words.lstrip())
                yield cell, first, first + len(inner)
            at = end_of[1]
