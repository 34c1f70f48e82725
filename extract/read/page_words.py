"""Words and lines of a PDF page with their boxes, in the order in which the page was written.

PDFium gives characters in the order of the content, which keeps the cells of a head or a table whole; only
two boxes a word are asked for, since a call for each character costs as much as all the rest. Coordinates are
points from the lower left corner of the page as it is shown.
"""

from __future__ import annotations

import ctypes
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium_c

BREAK_HYPHEN = "\ufffe"
"""What PDFium gives for a hyphen after which a line was broken; it also drops the line end."""

_TOKEN = re.compile(rf"[^\s{BREAK_HYPHEN}\x02]+|\n|[{BREAK_HYPHEN}\x02]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MARK = re.compile(r"(?<=[^\W_]|[”\"’)\]%])\d{1,3}(?=[,.;:)\]”]*$)")
_UNIT = re.compile(r"(?:^|[\d/])[kcdmh]?m$")
Box = tuple[float, float, float, float]

_SMALL = 0.87
"""A raised digit is smaller than this part of its neighbours: Word sets 2/3, LibreOffice 58 %, browsers 83 %."""


@dataclass(slots=True)
class Word:
    """A run without blanks, from its base line up to the size of its font.

    ``index`` is the number of its first character on the page, ``small`` tells that it is a raised digit, ``broken``
    that its last hyphen stands where the line was broken.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    index: int = 0
    small: bool = False
    broken: bool = False

    @property
    def height(self) -> float:
        """Return the size of the first character's font."""
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        """Return the height above the foot of the page at which the word is centred."""
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class Line:
    """Words on one base line, as text with what joining lines needs to know.

    ``first_width`` is the width of the first word, ``second_x`` where the second begins. ``glued`` tells that the
    hyphen at its end was set by breaking the line, ``note`` that it begins with the raised number of a footnote.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    first_width: float
    second_x: float
    glued: bool = False
    note: bool = False

    @property
    def height(self) -> float:
        """Return the height of the line."""
        return self.y1 - self.y0


@dataclass(slots=True)
class Run:
    """Words of one line as the page gives them."""

    words: list[Word]

    @property
    def x0(self) -> float:
        """Return the left edge."""
        return min(w.x0 for w in self.words)

    @property
    def x1(self) -> float:
        """Return the right edge."""
        return max(w.x1 for w in self.words)

    @property
    def middle(self) -> float:
        """Return the height of the base line's middle, told by the highest of its words."""
        return max(self.words, key=lambda w: w.height).middle

    @property
    def height(self) -> float:
        """Return the height of the highest word."""
        return max(w.height for w in self.words)

    def line(self) -> Line:
        """Return the run as a line."""
        words = self.words
        tallest = max(words, key=lambda w: w.height)
        second = words[1].x0 if len(words) > 1 else words[0].x0
        text = words[0].text
        for before, word in itertools.pairwise(words):
            # Words of the page are parted by a blank; what a signature put in stands where there is room.
            text += word.text if word.index < 0 and word.x0 - before.x1 < 0.1 * word.height else f" {word.text}"
        return Line(text, self.x0, tallest.y0, self.x1, tallest.y1, words[0].x1 - words[0].x0, second,
                    words[-1].broken, words[0].small)  # fmt: skip


class Glyphs:
    """The characters of one page: text, and boxes on demand, turned as the page is shown."""

    def __init__(self, page: Any, textpage: Any) -> None:
        """Take an open page and its text page of pypdfium2."""
        self._raw = textpage.raw
        self._box, self._matrix = pdfium_c.FS_RECTF(), pdfium_c.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._box_at, self._matrix_at = ctypes.byref(self._box), ctypes.byref(self._matrix)
        self._x_at, self._y_at = ctypes.byref(self._x), ctypes.byref(self._y)
        self._turn = page.get_rotation()
        self._crop = page.get_bbox()
        self._width, self._height = page.get_size()
        count = textpage.count_chars()
        text = textpage.get_text_range() if count else ""
        if len(text) != count:  # characters outside the basic plane, or without a code: one call each keeps the count
            text = "".join(map(self._code, range(count)))
        self.text = text

    def _code(self, index: int) -> str:
        code = pdfium_c.FPDFText_GetUnicode(self._raw, index)
        return "\ufffd" if not code or 0xD800 <= code <= 0xDFFF else chr(code)

    def box(self, index: int) -> Box:
        """Return left edge, base line, right edge of a character, and the base line plus the size of its font.

        The boxes that PDFium gives are those of the drawn shape: a comma would be smaller than a letter.
        """
        raw = self._raw
        pdfium_c.FPDFText_GetLooseCharBox(raw, index, self._box_at)
        pdfium_c.FPDFText_GetCharOrigin(raw, index, self._x_at, self._y_at)
        pdfium_c.FPDFText_GetMatrix(raw, index, self._matrix_at)
        matrix, box = self._matrix, self._box
        size = pdfium_c.FPDFText_GetFontSize(raw, index) * (abs(matrix.d) + abs(matrix.c))
        if self._turn:
            left, _, right, _ = turn((box.left, box.bottom, box.right, box.top), self._turn, self._crop)
            x, y = self._x.value, self._y.value
            base = turn((x, y, x, y), self._turn, self._crop)[1]
            return left, base, right, base + size
        base = self._y.value - self._crop[1]
        return box.left - self._crop[0], base, box.right - self._crop[0], base + size

    def shows(self, word: Word) -> bool:
        """Tell whether the word stands on the part of the page that is shown."""
        return word.x1 >= 0 and word.x0 <= self._width and word.y1 >= 0 and word.y0 <= self._height

    def right(self, index: int) -> float:
        """Return the right edge of a character."""
        pdfium_c.FPDFText_GetLooseCharBox(self._raw, index, self._box_at)
        box = self._box
        if self._turn:
            return turn((box.left, box.bottom, box.right, box.top), self._turn, self._crop)[2]
        return float(box.right - self._crop[0])


def turn(box: Box, degrees: int, crop: Box) -> Box:
    """Return a box of a page as it lies on the page turned clockwise by ``degrees``."""
    left, bottom, right, top = box
    if degrees == 90:
        return bottom - crop[1], crop[2] - right, top - crop[1], crop[2] - left
    if degrees == 180:
        return crop[2] - right, crop[3] - top, crop[2] - left, crop[3] - bottom
    if degrees == 270:
        return crop[3] - top, left - crop[0], crop[3] - bottom, right - crop[0]
    return left - crop[0], bottom - crop[1], right - crop[0], top - crop[1]


def runs_of(glyphs: Glyphs) -> tuple[list[Run], int]:
    """Return the lines of a page, and how many raised footnote numbers were cut off words."""
    runs: list[Run] = []
    words: list[Word] = []
    cut = 0
    for m in _TOKEN.finditer(glyphs.text):
        token = m.group()
        if token == "\n":
            cut += _close(runs, words)
            words = []
        elif token in (BREAK_HYPHEN, "\x02"):
            if words:
                words[-1].text += "-"
                words[-1].broken = True
            cut += _close(runs, words)
            words = []
        else:
            found, lost = _word(glyphs, token, m.start(), words[-1] if words else None)
            cut += lost
            for word in found:
                if not glyphs.shows(word):
                    continue
                if words and abs(word.middle - words[-1].middle) > 0.6 * max(word.height, words[-1].height):
                    cut += _close(runs, words)
                    words = []
                words.append(word)
    cut += _close(runs, words)
    return runs, cut


def _close(runs: list[Run], words: list[Word]) -> int:
    """Add a line, or lengthen the last one when PDFium broke it within a base line.

    Returns 1 when that was done for the raised number of a footnote, which is left out, else 0.
    """
    if not words:
        return 0
    cut = 0
    if runs and not runs[-1].words[-1].broken:
        last, first = runs[-1].words[-1], words[0]
        near = -1 < first.x0 - last.x1 < 1.5 * last.height and first.index - last.index < 200
        if near and first.small and last.y0 < first.y0 < last.y1:
            if _UNIT.search(last.text):
                last.text += first.text
                last.x1 = first.x1
            else:
                cut = 1
            words = words[1:]
            if not words:
                return cut
            first = words[0]
            near = -1 < first.x0 - last.x1 < 2.5 * last.height
        if near and abs(first.middle - last.middle) < 0.25 * last.height:
            runs[-1].words += words
            return cut
    runs.append(Run(words))
    return cut


def _word(glyphs: Glyphs, token: str, at: int, before: Word | None) -> tuple[list[Word], int]:
    """Return a token as words without the raised number of a footnote, and how many of these were cut."""
    x0, y0, x1, y1 = glyphs.box(at)
    end = at + len(token)
    height = y1 - y0
    if end - at > 1:
        x1 = max(x1, glyphs.right(end - 1))
        mark = _MARK.search(token)
        if mark:
            if _raised(glyphs.box(at + mark.end() - 1), y0, height):
                start = mark.end()
                while start > mark.start() and _raised(glyphs.box(at + start - 1), y0, height):
                    start -= 1
                if not _UNIT.search(token[:start]):
                    if mark.end() == len(token):
                        x1 = glyphs.right(at + start - 1)
                    text = _clean(token[:start] + token[mark.end() :])
                    return [Word(text, x0, y0, x1, y1, at)], 1
        elif before is None and token[0].isdigit():
            size = len(token) - len(token.lstrip("0123456789"))
            if size < len(token) and _raised((x0, y0, x1, y1), *_base(edge := glyphs.box(at + size))):
                # a footnote begins: its number is not part of its first word
                return [Word(token[:size], x0, y0, edge[0], y1, at, True),
                        Word(_clean(token[size:]), edge[0], edge[1], x1, edge[3], at + size)], 0  # fmt: skip
    text = _clean(token)
    if not text:
        return [], 0
    small = False
    if len(token) <= 3 and token.isdigit():
        following = _following(glyphs, end)
        if before is not None and _raised((x0, y0, x1, y1), before.y0, before.height):
            near = -1 < x0 - before.x1 < 0.35 * before.height and y0 < before.y1
            if near and not _UNIT.search(before.text):
                return [], 1
        elif before is None and following is not None:
            small = _raised((x0, y0, x1, y1), *_base(following))
    return [Word(text, x0, y0, x1, y1, at, small)], 0


def _following(glyphs: Glyphs, end: int) -> Box | None:
    """Return the box of the next character of the same line."""
    while end < len(glyphs.text) and glyphs.text[end] in " \u00a0":
        end += 1
    return None if end >= len(glyphs.text) or glyphs.text[end] in "\r\n" else glyphs.box(end)


def _base(box: Box) -> tuple[float, float]:
    """Return the base line and the size of a character."""
    return box[1], box[3] - box[1]


def _raised(box: Box, y0: float, height: float) -> bool:
    return box[3] - box[1] < _SMALL * height and box[1] > y0 + 0.08 * height


def _clean(token: str) -> str:
    """Return a token as printed: many fonts give their hyphen the code of the soft one."""
    token = token.replace("\u00ad", "-")
    return _CONTROL.sub("", token) if not token.isprintable() else token


def lines_of(runs: Iterable[Run]) -> list[Line]:
    """Return runs as lines."""
    return [run.line() for run in runs if run.words]


def rows_of(words: Sequence[Word]) -> list[Run]:
    """Return words as lines by their place alone: from the top down, in a line from left to right."""
    rows: list[Run] = []
    for word in sorted(words, key=lambda w: -w.middle):
        if rows and rows[-1].words[0].middle - word.middle < 0.45 * max(word.height, rows[-1].words[0].height):
            rows[-1].words.append(word)
        else:
            rows.append(Run([word]))
    for row in rows:
        row.words.sort(key=lambda w: w.x0)
    return rows
