"""The form of a number: separators, letters, padding, the word "số" (checks 1, 12, 13, 21)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product

from extract import doctypes
from extract.numbers import NumberParts, corrected
from extract.organs import by_code
from extract.text import straighten
from graph.check.finding import Finding, Severity
from graph.check.reading import Case, Reading

_STATE_FORM_SINCE = "2006"
"""Before TTLT 55/2005/TTLT-BNV-VPCP organs joined the parts of a symbol as they liked ("73/TT/UB", "71/QĐ/UBBS")."""
_SHORT_TYPES = ("TTr", "CTr", "QyĐ")
_TYPES = ("NQ", "QĐ", "NĐ", "TT", "CT", "KH", "TB", "BC", "TTr", "CTr", "KL", "HD", "CV", "TTLT")
_TWICE = re.compile(r"/\s*/|--|/\s*-(?!\w*\d)|-\s*/")
_COUNCIL_WITH_UNIT = re.compile(r"(UBND|HĐND)(?!(?:T|TP|TX|TT|H|Q|X|P)$)([A-ZĐ]{2,6})")
"""The organ of a letter with the unit that drafted it; "UBNDTP" is an organ of its own to some."""
_SHORT_FORM = re.compile(r"(?:gọi|viết) (?:tắt|chung)? ?là:?\s+[“\"]?\Z")
_LOOKALIKE = re.compile(r"[ÐðƉАВЕКМНОРСТХİ]")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield faults in the form of the numbers of a document."""
    yield from _missing_so(reading)
    own = (reading.own_case,) if reading.own_case else ()
    for case in (*own, *reading.cases):
        parts = case.parts
        if parts is None or not parts.serial:
            continue
        yield from _separators(reading, case, parts)
        yield from _joint(reading, case, parts)
        yield from _letters(reading, case, parts)
        if not case.mention.self:
            yield from _padding(reading, case, parts)


def _separators(reading: Reading, case: Case, parts: NumberParts) -> Iterator[Finding]:
    """Find "50-NQ/CP" and "57/NQ/TW": the organ tells the family, and the family the separators."""
    good = corrected(parts, case.mention.type)
    if (good.separator, good.joints) == (parts.separator, parts.joints) or "." in parts.joints:
        return
    organ = by_code()[parts.groups[1].upper()]
    year = _year(reading, case)
    if organ.level == "mass" or (parts.separator == "" and not year):
        return  # Đoàn writes as the Party does, Công đoàn as the State does
    party = organ.level in ("party", "provincial party")
    if year and year < _STATE_FORM_SINCE and not party:
        return
    grade: Severity | None = None if year or party else "cần đối chiếu"
    mention = case.mention
    number = good.printed
    rule = "state-form-on-party-number" if party else "party-form-on-government-number"
    yield reading.finding(
        rule if parts.separator else "separator-misplaced", mention.start, mention.tail,
        expected=reading.with_number(mention, number), severity=grade, number=number,
    )  # fmt: skip


@cache
def _run_together() -> dict[str, tuple[str, str]]:
    """Return "QĐUBND" -> ("QĐ", "UBND") for every type and organ that are no symbol of their own when joined."""
    organs = [
        o for o in by_code().values() if o.level in ("central", "ministry", "council", "party", "provincial party")
    ]
    pairs = ((t, c) for t in _TYPES for o in organs for c in o.codes)
    return {t + c: (t, c) for t, c in pairs if not _known(t + c)}


def _joint(reading: Reading, case: Case, parts: NumberParts) -> Iterator[Finding]:
    """Find "117/QĐUBND", "199/ /QĐ-TTg" and "624/HD.PGDĐT": a separator is left out, stands twice, or is a dot."""
    mention = case.mention
    if _year(reading, case) < _STATE_FORM_SINCE:
        return
    unit = _COUNCIL_WITH_UNIT.fullmatch(parts.groups[0]) if len(parts.groups) == 1 and parts.separator == "/" else None
    if unit is not None and not parts.year and not _known(parts.groups[0]):
        number = replace(parts, groups=(unit[1], unit[2]), joints=("-",)).printed
        yield reading.finding(
            "separator-misplaced", mention.start, mention.tail, severity="cần đối chiếu", number=number,
            candidates=(reading.with_number(mention, number),), confidence=0.8,
        )  # fmt: skip
        return
    if parts.joints[:1] == (".",) and parts.groups[0] in _TYPES:
        number = replace(parts, joints=("-", *parts.joints[1:])).printed
        yield reading.finding(
            "separator-misplaced", mention.start, mention.tail, severity="cần đối chiếu", number=number,
            candidates=(reading.with_number(mention, number),), confidence=0.8,
        )  # fmt: skip
        return
    pair = _run_together().get(parts.groups[0]) if len(parts.groups) == 1 and parts.separator else None
    if pair is not None:
        number = corrected(replace(parts, groups=pair, joints=("-",)), mention.type).printed
    elif _TWICE.search(reading.text, reading.number_start(mention), mention.end):
        number = corrected(parts, mention.type).printed
    else:
        return
    yield reading.finding(
        "separator-misplaced", mention.start, mention.tail, expected=reading.with_number(mention, number), number=number
    )


def _year(reading: Reading, case: Case) -> str:
    return case.year or (reading.day[:4] if case.mention.self else "")


def _letters(reading: Reading, case: Case, parts: NumberParts) -> Iterator[Finding]:
    mention = case.mention
    at = reading.number_start(mention)
    printed = reading.text[at : mention.end]
    if _LOOKALIKE.search(printed):
        yield reading.finding("lookalike-letters", at, mention.end, expected=straighten(printed))
    good = tuple(_own_symbol(group) for group in parts.groups)
    if good != parts.groups:
        number = corrected(parts, mention.type).printed
        yield reading.finding(
            "ampersand-in-symbol", mention.start, mention.tail, expected=reading.with_number(mention, number),
            number=number,
        )  # fmt: skip
    meant = tuple(_with_stroke(group, reading.symbols) for group in parts.groups)
    if meant != parts.groups:
        number = corrected(replace(parts, groups=meant), mention.type).printed
        yield reading.finding(
            "d-without-stroke", mention.start, mention.tail, expected=reading.with_number(mention, number),
            number=number,
        )  # fmt: skip


def _own_symbol(group: str) -> str:
    """Return the symbol that the organ itself uses where the printed one is known to be a fault ("BKH&CN")."""
    organ = by_code().get(group.upper())
    return organ.codes[0] if organ and group in organ.faults else group


def _with_stroke(group: str, written: frozenset[str]) -> str:
    """Return the one symbol that ``group`` becomes when D is read as Đ ("QD", "HDND"); else ``group``.

    Known are the symbols of the tables, and those that the text itself has elsewhere (``written``).
    """
    if "D" not in group or len(group) > 12 or _known(group):
        return group
    ways = product(*(("D", "Đ") if c == "D" else (c,) for c in group))
    known = [way for letters in ways if (way := "".join(letters)) != group and (_known(way) or way in written)]
    return known[0] if len(known) == 1 else group


def _known(symbol: str) -> bool:
    return symbol.upper() in doctypes.codes() or symbol.upper() in by_code()


def _padding(reading: Reading, case: Case, parts: NumberParts) -> Iterator[Finding]:
    if len(parts.serial) != 1 or not parts.serial.isdigit() or _year(reading, case) < _STATE_FORM_SINCE:
        return
    at = reading.number_start(case.mention)
    yield reading.finding(
        "number-not-padded", at, case.mention.end, expected="0" + reading.text[at : case.mention.end]
    )  # fmt: skip


def _missing_so(reading: Reading) -> Iterator[Finding]:
    """Once for each document: where the writer first leaves "số" out of a citation of his own words."""
    seen: set[str] = set()
    for case in reading.cases if reading.kind != "consolidated" else ():
        mention = case.mention
        told = mention.type_printed and not mention.has_so and mention.form == "number"
        if _SHORT_FORM.search(reading.folded, max(0, mention.start - 24), mention.start):
            continue  # the short form that the text declares for itself
        if not told or not mention.number[:1].isdigit() or case.parts is None or reading.apart(mention.start):
            continue
        key = case.citation.document or ""
        if key in seen:
            continue
        seen.add(key)
        at = reading.number_start(mention)
        words = reading.text[mention.start : at]
        if not words.strip() or words.isupper() or words.strip() in _SHORT_TYPES:  # "NĐ 30/2020/NĐ-CP" is short anyway
            continue
        yield reading.finding(
            "missing-so", mention.start, mention.tail,
            expected=f"{words.rstrip()} số {reading.text[at : mention.tail]}",
        )  # fmt: skip
