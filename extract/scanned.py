"""What a machine recognised from the picture of a page is less sure than what a file says itself."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from extract.model import Extraction

DOUBT = 0.8
"""Confidence in words from a scan, as a factor: of the numbers read from scans 92 to 98 of 100 are right
(``benchmarks.scans``), and a wrong digit looks like a right one, so none may pass for sure."""


def doubt_scans(facts: Extraction) -> Extraction:
    """Return ``facts`` with lower confidence in citations and relations that stand on scanned pages."""
    if not any(block.place.scanned for block in facts.source.blocks):
        return facts
    blocks = facts.source.blocks
    starts = [block.start for block in blocks]

    def scanned(start: int) -> bool:
        n = bisect_right(starts, start) - 1
        return n >= 0 and blocks[n].place.scanned

    citations = tuple(
        replace(c, mention=replace(c.mention, confidence=round(c.mention.confidence * DOUBT, 3)))
        if c.place.scanned
        else c
        for c in facts.citations
    )
    relations = tuple(
        replace(r, confidence=round(r.confidence * DOUBT, 3)) if scanned(r.start) else r for r in facts.relations
    )
    return replace(facts, citations=citations, relations=relations)
