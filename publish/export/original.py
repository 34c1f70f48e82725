"""A plain text file as it lies on the disk: where the characters of the text that was read from it stand there.

What is read is NFC with LF line ends and without a byte order mark (:func:`extract.text.normalise`); an editor counts
in the file. Of a file in an encoding of before Unicode only the lines can be told.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path

from extract.model import SourceText
from extract.read import ReadError
from extract.read.decode import decode
from extract.text import normalise

PLAIN = frozenset({"txt", "md"})
_BREAK = re.compile(r"\r\n|\r|\n")
_NAMES = {
    "utf-8": "UTF-8", "utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE", "utf-32-le": "UTF-32LE",
    "utf-32-be": "UTF-32BE", "cp1258": "windows-1258", "cp1252": "windows-1252",
}  # fmt: skip
"""The names of IANA."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file: line and column from 1, offset from 0, in code points; line ends count as they are."""

    line: int
    column: int
    offset: int


@dataclass(frozen=True, slots=True)
class Original:
    """The lines of a file and of the text read from it. ``exact`` where each character of the one is in the other."""

    encoding: str
    exact: bool
    raw: str
    _raw_lines: tuple[tuple[int, int], ...] = field(repr=False)
    _text: str = field(repr=False)
    _starts: tuple[int, ...] = field(repr=False)

    def line(self, position: int) -> int:
        """Return the line, from 1, that holds the character of the text at ``position``."""
        return bisect_right(self._starts, position)

    def spot(self, position: int) -> Spot:
        """Return where the character of the text at ``position`` begins in the file; only of an ``exact`` one."""
        line = self.line(position)
        start, end = self._raw_lines[line - 1]
        begin = self._starts[line - 1]
        column = _within(self.raw[start:end], self._text[begin:position])
        return Spot(line, column + 1, start + column)


def _within(line: str, before: str) -> int:
    """Return how many characters of a line of the file give the characters ``before`` of the text."""
    if line.startswith(before) and not unicodedata.combining(line[len(before) : len(before) + 1] or " "):
        return len(before)
    for n in range(len(before), len(line) + 1):
        if n < len(line) and unicodedata.combining(line[n]):
            continue
        if len(normalise(line[:n])) >= len(before):
            return n
    return len(line)


def original_of(path: Path, source: SourceText) -> Original | None:
    """Return the file at ``path`` that ``source`` was read from; None where it is no plain text, or is another now."""
    if source.format not in PLAIN:
        return None
    try:
        data = path.read_bytes()
        decoded = decode(data, path.name)
    except (OSError, ReadError):
        return None
    if hashlib.sha256(data).hexdigest() != source.sha256:
        return None
    raw = decoded.text.removeprefix("\ufeff")
    raw_lines = _lines(raw)
    text_lines = [source.text[start:end] for start, end in _lines(source.text)]
    if len(raw_lines) != len(text_lines):
        return None
    exact = not decoded.notes and all(
        raw[start:end] == line or normalise(raw[start:end]) == line
        for (start, end), line in zip(raw_lines, text_lines, strict=True)
    )
    starts = tuple(start for start, _ in _lines(source.text))
    return Original(_NAMES.get(decoded.encoding, ""), exact, raw, tuple(raw_lines), source.text, starts)


def _lines(text: str) -> list[tuple[int, int]]:
    """Return the spans of the lines, without what ends them."""
    found, start = [], 0
    for m in _BREAK.finditer(text):
        found.append((start, m.start()))
        start = m.end()
    return [*found, (start, len(text))]
