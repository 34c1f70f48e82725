"""Dates: impossible, contradicting, later than the document itself, out of order, broken, unpadded (2-5, 13, 24)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from extract.doctypes import LAWS
from extract.laws import versions
from extract.model import Mention
from extract.numbers import number_key
from extract.periods import bounds
from graph.check.finding import Finding, Severity
from graph.check.reading import Case, Reading

_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_EDGE = " \t"
_SERIAL = re.compile(r"(\d+)[/-]")
_PARTS = re.compile(
    r"(?P<day>\d{1,2})(?P<a>\s*(?:tháng|[/.-])\s*)(?P<month>\d{1,2})(?P<b>\s*(?:năm|,|[/.-])\s*)(?P<year>\d{4})"
)
_FIRST_YEAR, _LAST_YEAR = 1945, 2099
_NO_YEAR = re.compile(
    r"[\s,]*(?P<day>ngày\s+\d{1,2}\s*(?:[/.-]|tháng)\s*\d{1,2}\s*(?:[/.-]|năm)\s*(?:\d{5,6}|\d{3}))(?![\w/-])"
)
"""A day with a slip of the finger in its year: "08/6/20210"."""
_NOTE_MARK = re.compile(r"(?<!\d)(?:19|20)\d\d[1-9]\Z")
"""A year that the mark of a footnote runs into: "27 tháng 11 năm 20237"."""


def check(reading: Reading) -> Iterator[Finding]:
    """Yield faults in the dates of what a document cites."""
    yield from _impossible(reading)
    yield from _year_of_number(reading)
    yield from _own_year(reading)
    yield from _day_of_law(reading)
    yield from _two_dates(reading)
    yield from _later_than_own(reading)
    yield from _out_of_order(reading)
    yield from _broken(reading)
    yield from _padding(reading)


def is_day(iso: str) -> bool:
    """Tell whether a whole ISO date is a day of the calendar, in a year that a document of this state can be of."""
    try:
        return _FIRST_YEAR <= date.fromisoformat(iso).year <= _LAST_YEAR
    except ValueError:
        return False


def _impossible(reading: Reading) -> Iterator[Finding]:
    """Find days that no calendar has (31/02) and years that no document is of (2106)."""
    header = reading.header
    if header.date_span and len(header.date) == 10 and not is_day(header.date):
        yield reading.finding("impossible-date", *header.date_span)
    for citation in reading.facts.citations:
        mention = citation.mention
        if len(mention.date) == 10 and not mention.self and not is_day(mention.date):
            span = reading.date_span(mention)
            if span:
                yield reading.finding("impossible-date", *span)
        elif (span := slipped_year(reading, mention)) and not _NOTE_MARK.search(reading.folded, *span):
            yield reading.finding("impossible-date", *span)


def slipped_year(reading: Reading, mention: Mention) -> tuple[int, int] | None:
    """Return the span of a day after a citation whose year has too many digits or too few, None where none is."""
    m = _NO_YEAR.match(reading.folded, mention.end) if mention.form == "number" and not mention.date else None
    return m.span("day") if m else None


def _year_of_number(reading: Reading) -> Iterator[Finding]:
    """Find "126/2004/NĐ-CP ngày 08/10/2024": numbers run from 1 January to 31 December of one year."""
    for case in reading.cases:
        mention, parts = case.mention, case.parts
        if parts is None or not parts.year:
            continue
        told = mention.date[:4]
        if len(parts.year) == 3:
            good = (told,) if told and told.startswith(parts.year[0]) else ()
            yield reading.finding(
                "year-of-number", mention.start, mention.tail, year=parts.year, date=told or "--",
                candidates=tuple(_renumbered(reading, case, year) for year in good),
            )  # fmt: skip
        elif told and told != parts.year and not _date_of_amending_law(reading, case):
            span = reading.date_span(mention)
            candidates = [_renumbered(reading, case, told)]
            if span:
                words = reading.text[span[0] : span[1]]
                redated = words[: words.rfind(told)] + parts.year + words[words.rfind(told) + 4 :]
                candidates.append(
                    reading.text[mention.start : span[0]] + redated + reading.text[span[1] : mention.tail]
                )
            yield reading.finding(
                "year-of-number", mention.start, mention.tail, year=parts.year, date=told,
                candidates=tuple(candidates), confidence=0.95 if span else 0.8,
                severity=None if span else "cần đối chiếu",
            )  # fmt: skip


def _own_year(reading: Reading) -> Iterator[Finding]:
    """Find a document whose own number has another year than its own day."""
    case, header = reading.own_case, reading.header
    parts = case.parts if case else None
    if case is None or parts is None or len(parts.year) != 4 or len(header.date) != 10 or parts.year == header.date[:4]:
        return
    mention = case.mention
    yield reading.finding(
        "year-of-number", mention.start, mention.tail, year=parts.year, date=header.date[:4],
        candidates=(_renumbered(reading, case, header.date[:4]),), confidence=0.9,
    )  # fmt: skip


_AMENDING = re.compile(r"sửa đổi|bổ sung|bãi bỏ|thay thế")
_BEFORE_LAW = 240


def _day_of_law(reading: Reading) -> Iterator[Finding]:
    """Find "Luật Đất đai ngày 26/11/2013", which was passed on another day of that year.

    Only where the table knows the days of all laws of the name: an amending law of the name may be of any day.
    """
    for citation in reading.facts.citations:
        mention = citation.mention
        span = reading.date_span(mention)
        if mention.type not in LAWS or not mention.name or len(mention.date) != 10 or span is None:
            continue
        known = versions(mention.type, mention.name)
        days = [v.date for v in known if v.date[:4] == mention.date[:4]]
        if citation.holder is not None or len(days) != 1 or days[0] == mention.date or not all(v.date for v in known):
            continue
        lower = max(0, mention.start - _BEFORE_LAW)
        before = reading.folded[max(lower, reading.folded.rfind(";", lower, mention.start)) : mention.start]
        if _AMENDING.search(before) or _AMENDING.search(reading.folded, mention.start, mention.tail):
            continue
        told = written(days[0])
        yield reading.finding(
            "law-other-date", mention.start, mention.tail, law=f"{mention.type} {mention.name}", day=told,
            candidates=(told, written(mention.date)), confidence=0.9,
        )  # fmt: skip


def _date_of_amending_law(reading: Reading, case: Case) -> bool:
    """In "Luật sửa đổi, bổ sung một số điều của Bộ luật X số … ngày …" the day is that of the amending law."""
    holder = case.citation.holder
    above = reading.facts.citations[holder].mention if holder is not None else None
    return above is not None and above.form == "name" and not above.date and case.parts is not None and (
        above.tail <= case.mention.start <= above.tail + 12
    )  # fmt: skip


def _renumbered(reading: Reading, case: Case, year: str) -> str:
    parts = case.parts
    assert parts is not None
    number = reading.text[reading.number_start(case.mention) : case.mention.end]
    return reading.with_number(case.mention, number.replace(parts.year, year, 1))


def _two_dates(reading: Reading) -> Iterator[Finding]:
    """Find a number with two dates: the rarer one is the finding, of two as frequent the later in the text."""
    dated = [c for c in reading.cases if len(c.mention.date) == 10 and c.document and reading.date_span(c.mention)]
    for cases in _by_document(dated):
        counted = Counter(c.mention.date for c in cases)
        if len(counted) < 2:
            continue
        first: dict[str, int] = {}
        for case in cases:
            first.setdefault(case.mention.date, case.mention.start)
        most = max(counted, key=lambda day: (counted[day], -first[day]))
        parts = cases[0].parts
        sure = bool(parts and parts.year) and len({c.citation.document for c in cases}) == 1
        grade: Severity | None = None if sure else "cần đối chiếu"
        for case in cases:
            if case.mention.date != most:
                span = reading.date_span(case.mention)
                assert span is not None
                yield reading.finding(
                    "two-dates", case.mention.start, span[1], severity=grade, number=case.mention.number,
                    other=written(most), candidates=(written(most), written(case.mention.date)), confidence=0.9,
                )  # fmt: skip


def _by_document(cases: Sequence[Case]) -> Iterator[list[Case]]:
    """Yield the mentions of one document each; of a number with a year, one without an organ goes with the others."""
    numbers: dict[tuple[str, ...], list[Case]] = {}
    for case in cases:
        document = case.document
        assert document is not None
        year = case.parts.year if case.parts else ""
        key = (document.type, number_key(document.number)) if year else (document.id,)
        numbers.setdefault(key, []).append(case)
    for group in numbers.values():
        told = {c.document.issuer for c in group if c.document and c.mention.issuer}
        if len(told) < 2:
            yield group
            continue
        by_id: dict[str, list[Case]] = {}
        for case in group:
            by_id.setdefault(case.citation.document or "", []).append(case)
        yield from by_id.values()


def written(iso: str) -> str:
    """Return an ISO day as offices write it: months 1 and 2 and days below 10 take a 0 (NĐ 30/2020 PL I.II.4b)."""
    year, month, day = iso.split("-")
    return f"{day}/{month if int(month) < 3 else int(month)}/{year}"


def _later_than_own(reading: Reading) -> Iterator[Finding]:
    if reading.kind in ("consolidated", "court") or not reading.day:
        return
    # Of files that hold several documents the first head is read: what a later one cites may be of any day.
    whole = len(reading.header.date) == 10 and bool(reading.header.number)
    grade: Severity | None = None if whole or not reading.header.date else "cần đối chiếu"
    for case in reading.cases:
        day = case.mention.date
        if bounds(day)[0] <= reading.day or not reading.date_span(case.mention):
            continue
        if len(day) == 10 and is_day(day) and case.mention.start < reading.annex:
            span = reading.date_span(case.mention)
            assert span is not None
            yield reading.finding(
                "cited-after-own-date", case.mention.start, span[1], own=written(reading.day), severity=grade
            )


def _out_of_order(reading: Reading) -> Iterator[Finding]:
    """Find a number that is not in the order of its register's days; fewest findings that leave the others in order."""
    registers: dict[tuple[str, ...], dict[tuple[int, str], Case]] = {}
    for case in reading.cases:
        document = case.document
        serial = _SERIAL.match(document.number) if document else None
        if not document or not serial or document.family == "law" or "?" in document.key:
            continue
        day = case.mention.date
        if len(day) == 10 and is_day(day):
            family, type_, _, period, organ = (document.key.split("|") + [""] * 5)[:5]
            symbol = document.number[serial.end() :]
            key = (family, type_, period, organ, symbol)
            registers.setdefault(key, {}).setdefault((int(serial[1]), day), case)
    for entries in registers.values():
        if len(entries) < 2:
            continue
        ordered = sorted(entries, key=lambda e: (e[1], e[0]))
        rising = sorted(_longest_rising([number for number, _ in ordered]))
        for n, entry in enumerate(ordered):
            k = bisect_left(rising, n)
            near = [ordered[i] for i in rising[max(0, k - 1) : k + 1]]
            other = next((o for o in near if _crosses(o, entry)), None)
            if n in rising[k : k + 1] or other is None:
                continue
            case = entries[entry]
            mention = case.mention
            yield reading.finding(
                "number-out-of-order", mention.start, mention.tail, number=mention.number, day=written(mention.date),
                other=entries[other].mention.number, other_day=written(other[1]), confidence=0.7,
            )  # fmt: skip


def _crosses(one: tuple[int, str], other: tuple[int, str]) -> bool:
    """Tell whether two (number, day) of one register contradict each other: a smaller number on a later day."""
    return (one[0] < other[0] and one[1] > other[1]) or (one[0] > other[0] and one[1] < other[1])


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Return the positions of a longest rising run of ``numbers``, in n log n steps."""
    ends: list[int] = []
    at: list[int] = []
    before = [-1] * len(numbers)
    for i, number in enumerate(numbers):
        k = bisect_right(ends, number)
        ends[k : k + 1] = [number]
        at[k : k + 1] = [i]
        before[i] = at[k - 1] if k else -1
    kept: set[int] = set()
    i = at[-1] if at else -1
    while i >= 0:
        kept.add(i)
        i = before[i]
    return kept


def _broken(reading: Reading) -> Iterator[Finding]:
    """Find a citation with a blank line inside: a page break of the source cut it in two paragraphs."""
    for citation in reading.facts.citations:
        mention = citation.mention
        if mention.self or "\n" not in reading.text[mention.start : mention.tail] or reading.in_table(mention.start):
            continue
        gap = _BLANK_LINE.search(reading.text, mention.start, mention.tail)
        if gap is None:
            continue
        span = reading.date_span(mention)
        start, end = span if span and span[0] <= gap.start() < span[1] else (mention.start, mention.tail)
        words = " ".join(reading.text[start:end].split())
        # The foot of a page may stand in the gap; what to leave out is then for people to say.
        yield reading.finding("citation-broken", start, end, expected="" if "CÔNG BÁO" in words else words)


def _padding(reading: Reading) -> Iterator[Finding]:
    header = reading.header
    spans: list[tuple[int, int] | None] = [header.date_span]
    for citation in reading.facts.citations:
        if not citation.mention.self and len(citation.mention.date) == 10:
            spans.append(reading.date_span(citation.mention))
    for span in spans:
        m = _PARTS.search(reading.folded, *span) if span else None
        if m is None:
            continue
        day, month = m["day"].zfill(2), m["month"].zfill(2) if int(m["month"]) < 3 else m["month"]
        if (day, month) == (m["day"], m["month"]):
            continue
        text = reading.text
        between = text[m.end("day") : m.start("month")]
        expected = f"{text[span[0] : m.start()]}{day}{between}{month}{text[m.end('month') : span[1]]}" if span else ""
        if span:
            yield reading.finding("date-not-padded", *span, expected=expected)
