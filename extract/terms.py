"""Terms (khóa) of the Party's committees and of the National Assembly, and what a meeting of the Party is called.

Party papers are numbered by type for a whole term, not for a year (HD 36-HD/VPTW 1.3.1a), so the term is
part of what tells one from another. The table leaves the days of a congress out: a paper of those days may
belong to either committee. Provinces hold theirs some months before the national one, each on days of its
own; the table has only what is sure for all of them, and the caller falls back on the year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from extract.periods import within
from extract.tables import read_table
from extract.text import plain

CENTRAL = "Trung ương"
PROVINCIAL = "Tỉnh ủy"


@dataclass(frozen=True, slots=True)
class Term:
    """One term: ``name`` is a roman number or the years, ``start``/``end`` ISO days ("" for an end not known)."""

    organ: str
    name: str
    start: str
    end: str
    source: str


@cache
def terms(organ: str) -> tuple[Term, ...]:
    """Return the terms of ``organ`` (one of the three above) in order of time."""
    rows = (r for r in read_table("terms") if r["organ"] == organ)
    return tuple(Term(organ, r["term"], r["from"], r["to"], r["source"]) for r in rows)


@lru_cache(maxsize=4096)
def term_on(organ: str, date: str) -> str:
    """Return the term of ``organ`` that a (perhaps partial) date surely lies in: "khoa 13", "" when it is not sure."""
    return next((_key(t.name) for t in terms(organ) if within(date, t.start, t.end)), "")


def term_told(words: str) -> str:
    """Return the term that words tell: "Ban Chấp hành Trung ương khóa XII" -> "khoa 12", "" when they tell none."""
    if "kh" not in words.lower():
        return ""
    m = _TERM.search(plain(words))
    return f"khoa {_ordinal(m[1])}" if m and _ordinal(m[1]) else ""


def _key(name: str) -> str:
    number = _ordinal(plain(name))
    return f"khoa {number}" if number else f"nhiem ky {plain(name)}"


# --- meetings ---------------------------------------------------------------------------------------

_UNITS = {
    "nhat": 1, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9,
}  # fmt: skip
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_ORDINAL = rf"\d{{1,2}}|[ivxl]+|muoi(?: (?:{'|'.join(_UNITS)}))?|{'|'.join(_UNITS)}"
_TERM = re.compile(rf"\bkhoa ({_ORDINAL})\b")
_PLENUM = re.compile(
    rf"(?:hoi nghi )?(?:lan thu (?P<before>{_ORDINAL}) )?(?:cua )?(?:ban chap hanh |bch )?(?:trung uong|tw)(?: dang)?"
    rf"(?: (?:lan thu (?P<after>{_ORDINAL})|(?P<digits>\d{{1,2}})))?(?: khoa (?P<term>{_ORDINAL}))?(?: .*)?"
)
_CONGRESS = re.compile(
    r"dai hoi(?: dai bieu)?(?: toan quoc)?(?: cua)?(?: dang)?(?: bo| cong san viet nam)?"
    rf"(?: (?:tinh|thanh pho) (?P<place>.+?))?(?: lan thu)? (?P<term>{_ORDINAL})(?: cua dang)?"
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that passed a resolution known by its name.

    ``kind`` is "hoi nghi" (plenum of the Central Committee) or "dai hoi" (congress), ``number`` the plenum's or
    the congress's, ``term`` "khoa 9" or "" when not told, ``organ`` "trung uong" or "dang bo tay ninh".
    """

    kind: str
    number: int
    term: str
    organ: str


@lru_cache(maxsize=1024)
def meeting(name: str) -> Meeting | None:
    """Return the meeting that ``name`` means in any spelling, None when it is none.

    "Hội nghị Trung ương 6 (khóa IX)" and "Hội nghị lần thứ sáu Ban Chấp hành Trung ương Đảng khóa IX" are one.
    """
    words = plain(name)
    m = _PLENUM.fullmatch(words)
    if m:
        number = _ordinal(m["before"] or m["after"] or m["digits"] or "")
        term = _ordinal(m["term"] or "")
        return Meeting("hoi nghi", number, f"khoa {term}" if term else "", "trung uong") if number else None
    m = _CONGRESS.fullmatch(words)
    if m:
        number = _ordinal(m["term"])
        organ = f"dang bo {m['place']}" if m["place"] else "trung uong"
        return Meeting("dai hoi", number, f"khoa {number}", organ) if number else None
    return None


def _ordinal(words: str) -> int:
    """Return the number that digits, a roman number or a Vietnamese word stand for, 0 when none does."""
    if words.isdigit():
        return int(words)
    if words in _UNITS:
        return _UNITS[words]
    if words.startswith("muoi"):
        return 10 + _UNITS.get(words[5:], 0)
    if not words or set(words) - set(_ROMAN):
        return 0
    values = [_ROMAN[c] for c in words]
    return sum(-v if v < following else v for v, following in zip(values, [*values[1:], 0], strict=True))
