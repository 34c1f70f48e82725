"""Text of documents made safe for the formats it is written to."""

from __future__ import annotations

import re

# VT and FF (page breaks of scanned texts), NEL and the Unicode line separators part words: they become a blank.
_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")

# What XML 1.0 §2.2 forbids (other C0 controls, surrogates, U+FFFE/U+FFFF), what it discourages (C1, U+FDD0…), and the
# bidirectional embeddings, overrides and isolates: those turn the digits of a number round on screen and in print.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]")

# Beginnings by which Excel or LibreOffice may take a cell of a CSV file for a formula: the signs, also in full width
# and after blanks, and TAB and CR, which some versions skip.
_FORMULA = re.compile("[\t\r]|\\s*[=+@＝＋－＠-]")

EXCEL_LIMIT = 32_767
"""Characters an Excel cell can hold; XlsxWriter leaves out a longer text without a word."""


def clean(text: str) -> str:
    """Return ``text`` without the characters that break XML or mislead the eye; letters of any script stay."""
    return _FORBIDDEN.sub("", _BREAKS.sub(" ", text))


def one_line(text: str) -> str:
    """Return ``text`` clean and on one line, for a cell of a printed table."""
    return " ".join(clean(text).split())


def defuse(text: str) -> str:
    """Return ``text`` for a cell of a CSV file: clean, and with a leading ``'`` where it would run as a formula."""
    safe = clean(text)
    return f"'{safe}" if _FORMULA.match(safe) else safe


def shorten(text: str, limit: int = EXCEL_LIMIT) -> str:
    """Return ``text`` clean and no longer than ``limit``; a cut is said in words, never silent."""
    safe = clean(text)
    if len(safe) <= limit:
        return safe
    note = f" […bị cắt bớt: toàn văn dài {len(safe)} ký tự]"
    return safe[: limit - len(note)] + note
