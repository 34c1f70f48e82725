"""Phases of programmes: when what a title names is over ("giai đoạn 2021-2025", "đến năm 2025", "kế hoạch năm 2025").

A phase is a run of years, a year up to which, or the one year of an annual plan. The last phase counts: of
"2016-2020 và 2021-2025" the second. What a programme only looks out to ("tầm nhìn 2050", "định hướng 2045") is no end,
nor is a phase that is looked back on ("tổng kết giai đoạn 2016-2020"), nor one that goes on ("và những năm tiếp theo").
The words that tell this are ``tables/phase_words.csv``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.tables import read_table
from extract.text import either, fold, squeeze

_FIRST, _LAST, _LONGEST = 1990, 2099, 60
_YEAR = r"(?:19|20)\d\d(?![\d/.]?\d)"
_RANGE = re.compile(
    rf"(?<![\d/.-])(?<!\d )({_YEAR})\s*(?:-+|(?:cho\s+)?(?:đến|tới))\s*(?:hết\s+|cuối\s+)?(?:năm\s+)?({_YEAR})(?!-\d)"
)
_UNTIL = re.compile(rf"(?<![\wà-ỹ])(?:đến|tới|trước)\s+(?:hết\s+|cuối\s+)?năm\s+({_YEAR})")
_LIST = re.compile(rf"(?<![\wà-ỹ])năm(?:\s+học)?\s+{_YEAR}(?:(?:\s*,\s*|\s+và\s+)(?:năm\s+)?{_YEAR})+")
_ONE = re.compile(rf"(?<![\wà-ỹ])năm\s+({_YEAR})")
_NO_RANGE = re.compile(r"(?:tcvn|qcvn|tcn|iso|iec|astm|số|quyển|tập)\s*[\w:.-]*\s*$")
"""Before such a run of years stands a number of something else."""
_NO_ONE = re.compile(
    r"(?:tháng\s+\S+|quý\s+\S+|ngày|từ|kể từ|sau|trước|đến|tới|hết|cuối|khóa|khoá"
    r"|(?:luật|pháp lệnh|hiến pháp)(?:\s+[\wà-ỹ,-]+){0,12})\s*$"
)
"""Before these the one year is part of a date or of the name of a law, or a beginning."""
_PART = re.compile(r"giai đoạn\s+(?:[ivx]+|\d|một|hai|thứ\s+[\wà-ỹ]+)\s*[:,(]?\s*(?:từ\s+)?(?:năm\s+)?$")
_PART_WITHOUT_YEARS = re.compile(r"[\s,]+giai đoạn\s+(?:[ivx]+|\d|một|hai|thứ\s+[\wà-ỹ]+)(?!\w)")
_TO_WORDS = r"(?:\s+[\wà-ỹ,-]+){0,4}?\s*(?:(?:từ|đến|tới)\s+)?(?:(?:hết|cuối)\s+)?(?:năm\s+)?$"
_CLAUSE = re.compile(r"[;\n]")
_REACH = 400


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase: its first year (None where only the end is told) and last year, and its span in the words."""

    first: int | None
    last: int
    start: int
    end: int


@cache
def _words(role: str) -> re.Pattern[str]:
    found = either(fold(row["words"]) for row in read_table("phase_words") if row["role"] == role)
    return re.compile(rf"(?<![\wà-ỹ]){found}(?![\wà-ỹ])")


@cache
def _beyond() -> re.Pattern[str]:
    return re.compile(_words("beyond").pattern + _TO_WORDS)


@cache
def _onward() -> re.Pattern[str]:
    return re.compile(r"[\s,]*" + _words("onward").pattern)


def last_phase(words: str, issued: str = "") -> Phase | None:
    """Return the phase in which what ``words`` name runs out, None where they tell none.

    ``issued`` is the (perhaps partial) ISO date of the document that they are the title of: a phase that was over
    before is looked back on, and one year alone is that of an annual plan only when the plan is of it or of the year
    before.
    """
    folded = fold(words)
    if "20" not in folded and "19" not in folded:
        return None
    phases = [phase for phase in _phases(folded) if not _is_past(folded, phase)]
    year = int(issued[:4]) if issued[:4].isdigit() else 0
    phases = [phase for phase in phases if phase.last >= year]
    if not phases:
        return _of_a_year(folded, year)
    near = [phase for phase in phases if not _is_beyond(folded, phase)] or phases
    last = max(near, key=lambda phase: (phase.last, -phase.start))
    return None if _onward().match(folded, last.end) or _PART_WITHOUT_YEARS.match(folded, last.end) else last


_LED_BY = re.compile(
    r"(?<![\wà-ỹ])(?:(?:giai đoạn|thời kỳ|nhiệm kỳ|năm học|các năm|trung hạn|0?5 năm)\s*)+\(?\s*(?:từ\s+)?(?:năm\s+)?$"
)


def quoted(words: str, phase: Phase) -> str:
    """Return a phase as the words tell it, with what names it: "giai đoạn 2021-2025"."""
    lead = _LED_BY.search(fold(words), max(0, phase.start - 40), phase.start)
    told = squeeze(words[lead.start() if lead else phase.start : phase.end])
    return f"{told})" if "(" in told else told


def _phases(folded: str) -> list[Phase]:
    found: list[Phase] = []
    for m in _RANGE.finditer(folded):
        first, last = int(m[1]), int(m[2])
        if first <= last <= first + _LONGEST and not _NO_RANGE.search(folded, max(0, m.start() - 20), m.start()):
            whole = found[-1] if found else None
            inside = whole is not None and (whole.first or 0) <= first <= last <= whole.last
            if whole and inside and _PART.search(folded, whole.end, m.start()):
                found.pop()  # "giai đoạn 2021-2030, giai đoạn I: từ năm 2021 đến năm 2025": the part is decided
            found.append(Phase(first, last, m.start(), m.end()))
    taken = [(phase.start, phase.end) for phase in found]
    for pattern in (_UNTIL, _LIST):
        for m in pattern.finditer(folded):
            if not any(start < m.end() and m.start() < end for start, end in taken):
                found.append(Phase(None, int(m.group()[-4:]), m.start(), m.end()))
    return [phase for phase in found if _FIRST <= phase.last <= _LAST]


def _is_beyond(folded: str, phase: Phase) -> bool:
    years = phase.start if phase.first else phase.end - 4
    return _beyond().search(folded, max(0, years - 80), years) is not None


def _is_past(folded: str, phase: Phase) -> bool:
    """Tell whether a phase is looked back on: a word for that is before it in its clause, none for ahead between."""
    start = _clause_start(folded, phase.start, _REACH)
    back = max((m.end() for m in _words("past").finditer(folded, start, phase.start)), default=-1)
    return back >= 0 and not _words("ahead").search(folded, back, phase.start)


def _of_a_year(folded: str, issued: int) -> Phase | None:
    """Return the year of an annual plan: "Kế hoạch cải cách hành chính năm 2024" of 2023 or 2024."""
    if not issued or not _words("annual").search(folded) or _words("lasting").search(folded):
        return None
    found = [
        Phase(year, year, m.start(), m.end())
        for m in _ONE.finditer(folded)
        if issued <= (year := int(m[1])) <= issued + 1 and not _NO_ONE.search(folded, max(0, m.start() - 90), m.start())
    ]
    found = [phase for phase in found if not _is_past(folded, phase)]
    last = max(found, key=lambda phase: phase.last, default=None)
    return None if last is None or _onward().match(folded, last.end) else last


_NAMED = r"(?:giai đoạn|thời kỳ|nhiệm kỳ|đến hết năm|đến năm|0?5 năm|năm học)"
_AFTER = re.compile(
    r"[\s,(]*(?:ngày\s+[\d/]+[\s,]*|ngày\s+\d+\s+tháng\s+\d+\s+năm\s+\d{4}[\s,]*)?"
    rf"(?:của\s+(?:[\wà-ỹ-]+\s+){{1,8}}?)?[\s,(]*(?={_NAMED}\s)"
)
_BEFORE = re.compile(
    r"\)?[”\"]?[\s,]*(?:\(|(?:(?:đã )?được\s+)?(?:[\wà-ỹ]+\s+){0,6}?(?:ban hành|phê duyệt)"
    r"\s+(?:kèm theo|tại|theo|bằng))\s*$"
)
"""Between a phase and the document that it is the phase of: "Đề án … giai đoạn 2021-2025 (Quyết định số …)"."""
_NEAR = 200


def phase_in_sentence(sentence: str, start: int, end: int, issued: str = "") -> Phase | None:
    """Return the phase that a sentence tells of the document that it cites in ``sentence[start:end]``.

    It stands right behind the number ("Kế hoạch số 12/KH-UBND giai đoạn 2021-2025"), or at the end of what the document
    promulgates or approves ("Đề án … giai đoạn 2021-2025 ban hành kèm theo Quyết định số …").
    """
    folded = fold(sentence)
    if after := _AFTER.match(folded, end):
        upper = min([m.start() for m in _CLAUSE.finditer(folded, after.end())][:1] or [len(folded)])
        phase = last_phase(sentence[after.end() : min(upper, after.end() + 60)], issued)
        if phase is not None and not looks_back(folded, start):
            return Phase(phase.first, phase.last, phase.start + after.end(), phase.end + after.end())
    lower = _clause_start(folded, start, _NEAR)
    phase = last_phase(sentence[lower:start], issued)
    if phase is None or not _BEFORE.match(folded, lower + phase.end, start):
        return None
    return Phase(phase.first, phase.last, lower + phase.start, lower + phase.end)


def looks_back(folded: str, start: int) -> bool:
    """Tell whether folded words look back on what stands at ``start``: "tổng kết Kế hoạch số …"."""
    return _words("past").search(folded, _clause_start(folded, start, _NEAR), start) is not None


def _clause_start(folded: str, position: int, reach: int) -> int:
    """Return where the clause begins that holds ``position``, at most ``reach`` before it."""
    lower = max(0, position - reach)
    return max((m.end() for m in _CLAUSE.finditer(folded, lower, position)), default=lower)
