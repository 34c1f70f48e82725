"""Soát căn cứ: what a careful reader finds by hand in the references of a document, rule by rule.

Facts of the first room go in, findings come out; nothing here reads a file or a base. Each rule is a row of
``graph/tables/checks.csv`` and belongs to a small function in the module of its theme. What the text alone cannot
tell (checks 15, 18: whether a cited act is in force, whether it has the cited article) is asked of :mod:`known`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from extract.model import Extraction
from graph.check import acts, bases, dates, first, form, organs, own, phases, pointers, types, works
from graph.check.finding import (
    SEVERITIES,
    Finding,
    Rule,
    Severity,
    advice_of,
    base_rules,
    name_of,
    rules,
    without_echoes,
)
from graph.check.known import NOTHING, Known
from graph.check.reading import Reading

__all__ = [
    "SEVERITIES",
    "Finding",
    "Rule",
    "Severity",
    "advice_of",
    "base_rules",
    "check",
    "check_reading",
    "name_of",
    "rules",
]

_CHECKS: tuple[Callable[[Reading], Iterator[Finding]], ...] = (
    own.check, form.check, dates.check, types.check, first.check, bases.check, organs.check, pointers.check,
    works.check, phases.check, acts.check,
)  # fmt: skip


def check(facts: Extraction, as_of: str = "", known: Known = NOTHING) -> tuple[Finding, ...]:
    """Return what is to be mended or compared in a document, in text order.

    ``as_of`` is the ISO day on which a document without a date is read: citations of later days cannot be. ``known``
    is what base and register tell of the cited acts.
    """
    return check_reading(Reading(facts, as_of, known))


def check_reading(reading: Reading) -> tuple[Finding, ...]:
    """Return the same of a document of which more is asked than its findings."""
    return tuple(without_echoes([finding for one in _CHECKS for finding in one(reading)]))
