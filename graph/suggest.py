"""What a base adds to the findings of a check: the full citation where it knows the document, candidates where several
may be meant, and citations that it does not know but that nearly match one it does.

"Not in the base" never means "does not exist": a near miss is to be compared, and only where the title is the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from extract.keys import is_open
from extract.model import Citation, Document, Extraction
from extract.numbers import parse_number, search_key
from extract.text import plain, squeeze
from graph.check import Finding, base_rules
from graph.check.finding import without_echoes
from graph.check.reading import Case, Reading
from graph.citing import Style, full_citation, paper_of
from graph.lazy import LazyGraph

Row = dict[str, Any]

FIRST_CITATION = frozenset({"missing-date", "incomplete-first-citation", "missing-title-first-citation"})
"""Check 8: what is asked for is the full citation, which the base may know."""
_OF_THE_TEXT = frozenset({"citation-broken", "bases-not-one-per-line", "repeat-citation-too-full", "missing-so"})
"""Findings about how it is set out: another number would not help."""
_OF_TYPE_OR_ORGAN = frozenset({
    "type-and-symbol", "symbol-and-issuer", "type-not-of-organ", "organ-ended", "year-missing", "year-perhaps-missing",
    "year-on-administrative", "number-out-of-order",
})  # fmt: skip
NEAR = "near-miss-in-base"
_ALIKE, _SAME, _SHORT_TITLE, _SHORT_SERIAL = 0.9, 0.97, 12, 2
"""How alike titles are that may be one (of decrees on two ministries 0.93), and what is too short to tell."""
_LONG_TITLE = 40
"""A title so long tells an act also where the words that are read for another one run on behind it."""
_MOST, _SHOWN = 60, 3


def with_suggestions(facts: Extraction, findings: Sequence[Finding], graph: LazyGraph) -> tuple[Finding, ...]:
    """Return the findings with what the base of ``graph`` adds to them, in text order."""
    known = _Known(graph, facts)
    starts = {c.mention.start: c for c in facts.citations if not c.mention.self}
    told = [_suggested(f, starts.get(f.start), known) for f in findings]
    return tuple(without_echoes([*told, *_near_misses(known)]))


def near_misses(facts: Extraction, graph: LazyGraph) -> tuple[Finding, ...]:
    """Return only the citations that the base of ``graph`` does not know but that nearly match one it does."""
    return tuple(_near_misses(_Known(graph, facts)))


def _near_misses(known: _Known) -> Iterator[Finding]:
    for case in known.reading.firsts:
        if case.document and case.parts and (found := _near_finding(known, case)):
            yield found


class _Known:
    """The documents of a base that others than the checked text tell of."""

    def __init__(self, graph: LazyGraph, facts: Extraction) -> None:
        self._graph = graph
        self.reading = Reading(facts)
        own = next(graph.rows("SELECT van_ban FROM tep WHERE sha256 = ?", facts.source.sha256), None)
        self._own = own["van_ban"] if own else ""
        self.documents = {d.id: d for d in facts.documents}
        self.style = Style(party=self.reading.kind == "party")

    def by_key(self, document: Document) -> Row | None:
        """Return the document of this very key, if the base knows it from another text."""
        if is_open(document.key):
            return None
        return next(self._told("v.khoa = ?", document.key), None)

    def by_number(self, number: str) -> list[Row]:
        """Return the documents of this number, of any year and organ."""
        return list(self._told("v.so_tim = ?", search_key(number)))

    def around(self, number: str) -> list[Row]:
        """Return the documents of the same serial and year in the number, of any type and organ."""
        parts = parse_number(number)
        if parts is None or not parts.serial:
            return []
        begin = search_key("/".join(filter(None, (parts.serial, parts.year)))) + "|"
        return list(self._told("v.so_tim >= ? AND v.so_tim < ?", begin, begin[:-1] + "}"))

    def one_off(self, number: str) -> list[Row]:
        """Return the documents whose number differs by one digit, or by two that changed places."""
        keys = [search_key(n) for n in _one_digit_off(number)]
        return list(self._told("v.so_tim IN (SELECT value FROM json_each(?))", json.dumps(keys)))

    def _told(self, condition: str, *values: str) -> Iterator[Row]:
        yield from self._graph.rows(
            f"SELECT v.* FROM van_ban v WHERE {condition} AND v.id <> ? AND (v.trong_kho = 1 OR EXISTS"
            " (SELECT 1 FROM trich_dan t WHERE t.van_ban = v.id AND t.van_ban_nguon <> ?)) ORDER BY v.id LIMIT ?",
            *values, self._own, self._own, _MOST,
        )  # fmt: skip


def _suggested(finding: Finding, citation: Citation | None, known: _Known) -> Finding:
    if citation is None or finding.expected or citation.mention.form != "number" or finding.rule in _OF_THE_TEXT:
        return finding
    document = known.documents.get(citation.document or "")
    row = known.by_key(document) if document else None
    if row is not None and finding.rule in FIRST_CITATION:
        written = full_citation(paper_of(row), known.style, titled=not citation.title)
        if not written.missing and squeeze(written.text) != squeeze(finding.found):
            return replace(finding, expected=written.text)
        return finding
    if finding.candidates or not citation.mention.number[:1].isdigit():
        return finding
    near = [r for r in _nearest(finding, citation, known) if row is None or r["id"] != row["id"]]
    return replace(finding, candidates=_written(near, known, titled=not citation.title))


def _nearest(finding: Finding, citation: Citation, known: _Known) -> list[Row]:
    """Return what may be meant: this number of any year where the year is open, else what is around it."""
    number, year, title = citation.mention.number, citation.mention.date[:4], plain(citation.title)
    document = known.documents.get(citation.document or "")
    rows = known.by_number(number) if document is None or is_open(document.key) else []
    if finding.rule in _OF_TYPE_OR_ORGAN:
        near = known.around(number)
        rows += [r for r in near if (not year or r["ngay_ban_hanh"][:4] == year) and _likeness(title, r) >= _ALIKE]
    alike = sorted(rows, key=lambda row: (-_likeness(title, row), row["id"])) if title else rows
    return list({row["id"]: row for row in alike}.values())


def _near_finding(known: _Known, case: Case) -> Finding | None:
    """Say of a citation that the base does not know that it knows one like it, with the same title.

    The number and the whole day are the same and type or organ is another, or the organ and the year are the same and
    one digit is another. Plans of other years and provinces have titles that are alike; so their figures count too.
    """
    document, mention, title = case.document, case.mention, plain(case.citation.title)
    if (
        document is None
        or case.parts is None
        or len(title) < _SHORT_TITLE
        or not mention.number[:1].isdigit()
        or known.by_key(document)
    ):
        return None
    same_number = [row for row in known.around(mention.number) if mention.date and row["ngay_ban_hanh"] == mention.date]
    same_organ = [
        row for row in known.one_off(mention.number)
        if document.issuer and row["co_quan_ban_hanh"] == document.issuer and row["ngay_ban_hanh"][:4] == case.year
        and (len(case.parts.serial) > _SHORT_SERIAL or row["ngay_ban_hanh"] == mention.date)
    ]  # fmt: skip
    rows = {row["id"]: row for row in (*same_number, *same_organ) if not _is_less(row["so_ky_hieu"], mention.number)}
    alike = [row for row in rows.values() if _is_one_title(title, plain(row["trich_yeu"]))]
    if not alike:
        return None
    reading, row = known.reading, base_rules()[NEAR]
    found = reading.text[mention.start : mention.tail]
    unit = reading.unit_at(mention.start)
    return Finding(
        NEAR, row.severity, mention.start, mention.tail, unit.id if unit else "",
        row.message.format(label=paper_of(alike[0]).label), found, "", _written(alike, known, titled=False),
        row.sources[""], 0.8,
    )  # fmt: skip


def _written(rows: Sequence[Row], known: _Known, *, titled: bool) -> tuple[str, ...]:
    texts = (full_citation(paper_of(row), known.style, titled=titled).text for row in rows)
    return tuple(dict.fromkeys(texts))[:_SHOWN]


def _is_less(number: str, other: str) -> bool:
    """Tell whether a number only lacks what ``other`` has in its symbol: "31/2019/NĐ" is 31/2019/NĐ-CP, cut short."""
    one, two = parse_number(number), parse_number(other)
    if one is None or two is None or (one.serial, one.year) != (two.serial, two.year):
        return False
    return len(one.groups) <= len(two.groups) and all(
        t.startswith(o) for o, t in zip(one.groups, two.groups, strict=False)
    )


def _is_one_title(title: str, other: str) -> bool:
    """Tell whether two titles are one, with the same figures; a sentence may go on behind the longer one."""
    short, long = sorted((title, other), key=len)
    if len(short) >= _LONG_TITLE and long.startswith(f"{short} "):
        return True
    if not short or len(short) < 0.75 * len(long) or _figures(short) != _figures(long):
        return False
    return SequenceMatcher(None, short, long, autojunk=False).ratio() >= _SAME


def _figures(title: str) -> list[str]:
    return re.findall(r"\d+", title)


def _likeness(title: str, row: Row) -> float:
    other = plain(row["trich_yeu"])
    if not other or abs(len(other) - len(title)) > 0.25 * max(len(other), len(title)):
        return 0.0
    return SequenceMatcher(None, title, other, autojunk=False).ratio()


def _one_digit_off(number: str) -> Iterator[str]:
    """Yield the numbers that one slip of a finger makes of ``number``: in the serial, a digit more, less or another."""
    parts = parse_number(number)
    if parts is None or not parts.serial.isdigit():
        return
    serial, rest = parts.serial, number[len(parts.serial) :]
    made: dict[str, None] = {}
    for n in range(len(serial) + 1):
        for digit in "0123456789":
            made[serial[:n] + digit + serial[n:]] = None
            if n < len(serial):
                made[serial[:n] + digit + serial[n + 1 :]] = None
        if n < len(serial):
            made[serial[:n] + serial[n + 1 :]] = None
        if n + 1 < len(serial):
            made[serial[:n] + serial[n + 1] + serial[n] + serial[n + 2 :]] = None
    yield from (f"{other}{rest}" for other in made if other.strip("0") and other.lstrip("0") != serial.lstrip("0"))
