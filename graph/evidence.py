"""The sentence that proves a citation, as the base quotes it."""

from __future__ import annotations

from collections.abc import Callable

from extract.model import Citation, Extraction
from extract.text import sentence_around

Evidence = Callable[[int, int, str | None], str]


def evidence_of(extraction: Extraction) -> Evidence:
    """Return what quotes the sentence around a span of the text, within the bounds of a unit (by id)."""
    units = {unit.id: unit for unit in extraction.units}
    text = extraction.source.text

    def evidence(start: int, end: int, unit: str | None) -> str:
        lower, upper = (units[unit].start, units[unit].end) if unit in units else (start, end)
        return sentence_around(text, start, end, lower, upper)

    return evidence


def sentence_of(citation: Citation, evidence: Evidence) -> str:
    """Return the sentence of a citation."""
    return evidence(citation.mention.start, citation.mention.tail, citation.unit)
