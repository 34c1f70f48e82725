"""The block of bases: one on a line, its end marks, laws by name alone (checks 10, 11)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extract import doctypes
from extract.model import Citation, Unit
from extract.text import fold
from graph.check.finding import Finding
from graph.check.reading import Reading

_WORD = re.compile(r"căn cứ(?!\w)")
_END_MARKS = ";,."
_SINCE = "2020-03-05"
"""Before NĐ 30/2020 the last basis ended with a comma (TT 01/2011/TT-BNV)."""


def check(reading: Reading) -> Iterator[Finding]:
    """Yield faults in how a document sets out its bases."""
    bases = [u for u in reading.facts.units if u.kind == "basis" and not u.in_table]
    if reading.kind in ("administrative", ""):
        cited: dict[str, list[Citation]] = {}
        for citation in reading.facts.citations:
            if citation.relation == "based_on" and citation.holder is None and citation.unit:
                cited.setdefault(citation.unit, []).append(citation)
        for unit in bases:
            yield from _run_on(reading, unit, cited.get(unit.id, []))
    if reading.kind == "administrative" and (not reading.day or reading.day >= _SINCE):
        yield from _end_marks(reading, bases)
        yield from _laws_with_number(reading)


def _run_on(reading: Reading, unit: Unit, cited: Sequence[Citation]) -> Iterator[Finding]:
    """Find bases that follow each other in one paragraph behind a single "Căn cứ"."""
    word = _WORD.match(reading.folded, unit.start)
    if word is None:
        return
    apart = sum(";" in reading.text[a.mention.tail : b.mention.start] and not _amends(b) for a, b in pairwise(cited))
    if apart and not reading.is_form(cited[0].mention) and cited[0].mention.end > word.start():
        yield reading.finding("bases-not-one-per-line", word.start(), cited[0].mention.end, count=str(apart + 1))


def _amends(citation: Citation) -> bool:
    """The acts that amend a basis are told behind it, in its own line."""
    return fold(citation.title or citation.mention.name).startswith(("sửa đổi", "bổ sung", "về sửa đổi", "về việc sửa"))


def _end_marks(reading: Reading, bases: list[Unit]) -> Iterator[Finding]:
    for unit, following in pairwise(bases):
        between = reading.text[unit.end : following.start]
        end = unit.start + len(reading.text[unit.start : unit.end].rstrip())
        if between.strip(" \n\t*_") or end <= unit.start or not _WORD.match(reading.folded, unit.start):
            continue
        last = reading.text[end - 1]
        if last != ";":
            words = reading.text.rfind(" ", unit.start, end) + 1 or unit.start
            kept = reading.text[words : end - 1] if last in _END_MARKS else reading.text[words:end]
            yield reading.finding("basis-end-mark", words, end, expected=f"{kept};")


def _laws_with_number(reading: Reading) -> Iterator[Finding]:
    for citation in reading.facts.citations:
        mention = citation.mention
        unit = reading.unit_at(mention.start)
        if mention.form != "number" or mention.type not in doctypes.LAWS or unit is None or unit.kind != "basis":
            continue
        if reading.is_form(mention):
            continue
        yield reading.finding(
            "law-with-number", mention.start, mention.tail,
            expected=f"{mention.type} {mention.name}" if mention.name else "",
        )  # fmt: skip
