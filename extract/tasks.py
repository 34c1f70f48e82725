"""Who is laid what on: telling an assignment from a remark, and the units it names."""

from __future__ import annotations

import re
from functools import cache

from extract.tables import read_table
from extract.text import either, fold, squeeze

_REMARK = re.compile(r"trong quá trình|nếu có (?:khó khăn|vướng mắc|phát sinh)|trường hợp (?:có|phát sinh)")


@cache
def _words(role: str) -> str:
    return either(r["words"] for r in read_table("assigners") if r["role"] == role)


@cache
def _unit_head() -> re.Pattern[str]:
    return re.compile(rf"(?:các\s+)?(?:{_words('unit')}|{_words('call')})(?![\wà-ỹ])")


@cache
def _subject() -> re.Pattern[str]:
    return re.compile(rf"(?P<unit>.{{2,160}}?)[\s,]+(?={_words('verb')}(?![\wà-ỹ]))")


@cache
def _call() -> re.Pattern[str]:
    return re.compile(rf"(?<![\wà-ỹ]){_words('call')}\s+(?P<unit>.{{2,120}}?)\s+(?={_words('verb')}(?![\wà-ỹ]))")


def is_remark(folded: str) -> bool:
    """True for what every plan says at its end: in case of difficulties, report."""
    return _REMARK.match(folded) is not None


def names_a_unit(folded: str) -> bool:
    """True when a heading begins with an organ or unit ("Sở Nội vụ", "Các phòng chuyên môn")."""
    return _unit_head().match(folded) is not None


def is_assignment(folded: str) -> bool:
    """True when a paragraph of "Tổ chức thực hiện" lays work on somebody; remarks on difficulties do not."""
    if is_remark(folded):
        return False
    return _unit_head().match(folded) is not None or _call().search(folded) is not None


def assignment_units(text: str) -> tuple[str, ...]:
    """Return the units that an assignment names as doers, exact words."""
    folded = fold(text)
    called = _call().search(folded)
    if called:
        return (squeeze(text[called.start("unit") : called.end("unit")]),)
    if _unit_head().match(folded):
        subject = _subject().match(folded)
        if subject:
            return (squeeze(text[: subject.end("unit")]),)
    return ()
