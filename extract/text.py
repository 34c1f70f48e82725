"""Text as read, and the folded twin that all matching runs on.

Folding never changes the length, so an offset in the folded text is an offset in the text.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

# Characters that stand for another in real files, all one for one. Ð U+00D0 and Ɖ U+0189 look like
# Đ and come from wrong keyboards or OCR, the Cyrillic capitals from a wrong keyboard too; the dashes,
# the fraction slash and the blanks from editors.
_LOOKALIKES = {
    "Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "İ": "I",
    "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C", "Т": "T", "Х": "X",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "\u00ad": "-",
    "⁄": "/", "∕": "/", "／": "/",
    "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ", "\u3000": " ", "\t": " ",
    "\u200b": " ", "\u200c": " ", "\u200d": " ", "\ufeff": " ", "\u2060": " ",
}  # fmt: skip

# Old and new placement of the tone mark: "hoá" and "hóa" are one word. The new placement is the key.
_OLD_TONE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_TONE_AT_END = re.compile(r"(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?![a-zà-ỹđ])")


# The capitals of Vietnamese for use inside a character class; a range "À-Ỹ" would hold small letters too.
UPPER = "A-ZĐĂÂÊÔƠƯ" + "".join(
    c for base in "AĂÂEÊIOÔƠUƯY" for mark in "\u0300\u0301\u0303\u0309\u0323"
    if len(c := unicodedata.normalize("NFC", base + mark)) == 1
)  # fmt: skip


def normalise(raw: str) -> str:
    """Return ``raw`` as the text that every offset counts in: NFC, LF line ends, no BOM, at most 30 marks in a run."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("\ufeff"):
        text = text[1:]
    return unicodedata.normalize("NFC", text if _is_orderly(text) else _mark_runs().sub(r"\1", text))


_WINDOW = 4096
_MOST_MARKS = 30
"""More marks than this on one letter are no writing (UAX #15, stream-safe text), and sorting them takes for ever."""


def _is_orderly(text: str) -> bool:
    """Tell in linear time that no run of marks can be out of order: each window is NFC, none begins with a mark."""
    for start in range(0, len(text), _WINDOW):
        window = text[start : start + _WINDOW]
        if unicodedata.combining(window[0]) or not unicodedata.is_normalized("NFC", window):
            return False
    return True


@cache
def _mark_runs() -> re.Pattern[str]:
    marks = "".join(re.escape(c) for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.combining(c))
    return re.compile(f"([{marks}]{{{_MOST_MARKS}}})[{marks}]+")


def fold(text: str) -> str:
    """Return the matching twin of ``text``: same length, lower case, one form a letter and tone.

    Marks stay: "số" and "sơ" differ. Line breaks stay too, since a citation may not cross a paragraph.
    """
    return lower(straighten(text)) if len(text) > _SHORT else _fold_short(text)


_SHORT = 200
"""Names and titles are folded again and again; they are remembered, whole texts are not (characters)."""


@lru_cache(maxsize=16384)
def _fold_short(text: str) -> str:
    return lower(straighten(text))


def lower(same: str) -> str:
    """Return the fold of a text that is straightened already."""
    low = same.lower()
    if len(low) != len(same):  # a few foreign capitals grow when lowered; keep those as they are
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in same)
    return _TONE_AT_END.sub(lambda m: _OLD_TONE[m.group()], low)


def straighten(text: str) -> str:
    """Return ``text`` with look-alike letters, dashes and blanks replaced; case and length kept."""
    if text.isascii() and "\t" not in text:
        return text
    for seen, meant in _LOOKALIKES.items():  # one fast scan each; str.translate walks character by character
        if seen in text:
            text = text.replace(seen, meant)
    return text


def plain(text: str) -> str:
    """Return a key without marks: "Nghị quyết số 08-NQ/TU" -> "nghi quyet so 08 nq tu"."""
    return _plain(text) if len(text) > _SHORT else _plain_short(text)


@lru_cache(maxsize=65536)
def _plain_short(text: str) -> str:
    return _plain(text)


def _plain(text: str) -> str:
    bare = _MARKS.sub("", unicodedata.normalize("NFD", straighten(text).lower().replace("đ", "d")))
    for other in set(bare) if not bare.isascii() else ():
        if unicodedata.combining(other):  # marks of other scripts
            bare = bare.replace(other, "")
    return b" ".join(bare.encode("ascii", "replace").translate(_LETTERS).split()).decode("ascii")


_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")  # U+034F joins letters and is no mark
_LETTERS = bytes(b if chr(b) in "abcdefghijklmnopqrstuvwxyz0123456789" else 0x20 for b in range(256))
"""What is no letter or digit parts words."""


def either(words: Iterable[str], gap: str = " ") -> str:
    """Return folded ``words`` as one alternation for a pattern, longest first; ``gap`` may stand between two words."""
    return alternation(gap.join(map(re.escape, w.split(" "))) for w in sorted(map(fold, words), key=len, reverse=True))


def alternation(patterns: Iterable[str]) -> str:
    """Return patterns that begin with a letter or mark each as one, in order; those of one first letter stand together.

    A search then jumps to the first letters, and tries the few that begin with the one it found.
    """
    groups: dict[str, list[str]] = {}
    for pattern in patterns:
        n = 2 if pattern.startswith("\\") else 1  # an escaped mark
        groups.setdefault(pattern[:n], []).append(pattern[n:])
    parts = (
        f"{first}{rest[0]}" if len(rest) == 1 else f"{first}(?:{'|'.join(rest)})" for first, rest in groups.items()
    )
    return f"(?:{'|'.join(parts)})"


def sentence_around(text: str, start: int, end: int, lower: int, upper: int) -> str:
    """Return the sentence around ``start``…``end`` as quoted to people; ``lower``…``upper`` bound its unit."""
    return squeeze(text[slice(*sentence_bounds(text, start, end, min(lower, start), max(upper, end)))])


def squeeze(text: str) -> str:
    """Return ``text`` on one line with single blanks."""
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text  # of all blanks only the common one is printable
    return " ".join(text.split())


LONGEST = 4000
"""Characters on each side of what is quoted: a sentence without end is not quoted whole."""
_BLANK = re.compile(r"\s+")
_SENTENCE_START = re.compile(rf"[.!?…][\"”’)]*\s+(?=[\"“‘(]*[{UPPER}])")
_SENTENCE_END = re.compile(rf"[.!?…][\"”’)]*(?=\s+[\"“‘(]*[{UPPER}]|\s*\Z)")
_ABBREVIATIONS = re.compile(r"(?:\b(?:tp|tx|tt|p|q|h|gs|ts|ths|pgs|st|no|art)|\b[a-zđ]|\d)$")


def sentence_bounds(text: str, start: int, end: int, lower: int, upper: int) -> tuple[int, int]:
    """Return the bounds of the sentence around ``start``…``end``, never outside ``lower``…``upper``.

    A sentence ends at ". " before a capital, "; " does not end one (bases and chains run on). One that runs on without
    end is cut at the word after :data:`LONGEST` characters on each side: nobody reads more, and a text that is one
    sentence would be read as often as it cites.
    """
    if start - lower > LONGEST:
        blank = _BLANK.search(text, start - LONGEST, start)
        lower = blank.end() if blank else start
    if upper - end > LONGEST:
        upper = max(text.rfind(" ", end, end + LONGEST), end)
    left = lower
    for m in _SENTENCE_START.finditer(text, lower, start):
        before = fold(text[max(lower, m.start() - 6) : m.start()])
        if m.end() < start and not _ABBREVIATIONS.search(before):
            left = m.end()
    found = _SENTENCE_END.search(text, end, upper)
    return left, found.end() if found else upper


def quote(text: str, start: int, end: int) -> str:
    """Return ``text[start:end]`` as shown to people: one line, bounded blanks."""
    return squeeze(text[start:end])
