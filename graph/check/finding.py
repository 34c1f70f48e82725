"""What a check says: one finding, and the rule behind it (a row of ``graph/tables/checks.csv``)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from extract.tables import read_table, split_field

Severity = Literal["bắt buộc sửa", "cần đối chiếu", "nên sửa", "biên tập"]
SEVERITIES: tuple[Severity, ...] = ("bắt buộc sửa", "cần đối chiếu", "nên sửa", "biên tập")
"""From what a rule makes certain to what is a matter of style."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table of checks.

    ``number`` is the check of the domain notes (§6) it belongs to. ``sources`` holds the clause that asks for it, by
    the kind of the checked document ("" for all others). ``message`` is Vietnamese with slots in braces,
    ``yields_to`` the rules that already say what this one would say of the same words. ``fires`` and ``silent``
    are texts that must and must not give a finding of it ("⏎" is a line end); a test runs them. ``name`` is a few
    words for lists, ``help`` tells a person what is asked and what to do (``graph/tables/check_names.csv``).
    """

    id: str
    number: int
    severity: Severity
    sources: Mapping[str, str]
    message: str
    yields_to: frozenset[str]
    fires: str
    silent: str
    name: str = ""
    help: str = ""


@cache
def rules() -> dict[str, Rule]:
    """Return all rules that a text alone can break, by id, in the order of the table."""
    return {row["id"]: _rule(row) for row in read_table("checks", "graph.tables")}


@cache
def base_rules() -> dict[str, Rule]:
    """Return the rules that ask a base too (:mod:`graph.suggest`), by id."""
    return {row["id"]: _rule(row) for row in read_table("checks_of_base", "graph.tables")}


@cache
def _names() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in read_table("check_names", "graph.tables")}


def name_of(rule: str) -> str:
    """Return the few words by which people know a rule; of one that this program does not know its id."""
    return _names()[rule]["name"] if rule in _names() else rule


def advice_of(rule: str) -> str:
    """Return what to do about a finding of ``rule`` for which no words are proposed, "" where only comparing helps."""
    return _names()[rule]["advice"] if rule in _names() else ""


def _rule(row: dict[str, str]) -> Rule:
    sources = {"": row["source"], "normative": row["source_normative"], "party": row["source_party"]}
    return Rule(
        id=row["id"],
        number=int(row["number"]),
        severity=cast(Severity, row["severity"]),
        sources={kind: source for kind, source in sources.items() if source},
        message=row["message"],
        yields_to=frozenset(split_field(row["yields_to"])),
        fires=row["fires"],
        silent=row["silent"],
        name=name_of(row["id"]),
        help=_names()[row["id"]]["help"] if row["id"] in _names() else row["message"],
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place: ``found`` is ``text[start:end]``.

    ``expected`` is what to write instead of ``found`` where that is certain, else "" and ``candidates`` holds what
    it may be. ``unit`` is the id of the outline ("II.2.2.3"), "" outside all. ``source`` is the clause that asks
    for it, ``confidence`` how sure the reading behind it is (1 for plain text, less for words of a scan).
    """

    rule: str
    severity: Severity
    start: int
    end: int
    unit: str
    message: str
    found: str
    expected: str
    candidates: tuple[str, ...]
    source: str
    confidence: float


def make_finding(
    rule: str,
    start: int,
    end: int,
    found: str,
    unit: str,
    kind: str,
    *,
    scanned: bool,
    expected: str = "",
    candidates: tuple[str, ...] = (),
    severity: Severity | None = None,
    confidence: float = 1.0,
    slots: Mapping[str, str] | None = None,
) -> Finding:
    """Return the finding of ``rule`` about the words ``found``; ``severity`` may only be milder than the table's.

    ``kind`` is that of the document, whose clauses are quoted. Words of a scan may have been misread by a machine.
    """
    row = rules()[rule]
    grade = milder(row.severity, severity) if severity else row.severity
    if scanned:
        grade, confidence = milder(grade, "cần đối chiếu"), min(confidence, 0.5)
    message = row.message.format(found=" ".join(found.split()), expected=expected, **(slots or {}))
    source = row.sources.get(kind) or row.sources[""]
    return Finding(rule, grade, start, end, unit, message, found, expected, candidates, source, confidence)


def milder(severity: Severity, limit: Severity) -> Severity:
    """Return ``severity``, but nothing graver than ``limit``."""
    return max(severity, limit, key=SEVERITIES.index)


def without_echoes(found: Sequence[Finding]) -> list[Finding]:
    """Return the findings in text order, each once, without those that only repeat what a graver rule says there."""
    kept = list(dict.fromkeys(sorted(found, key=lambda f: (f.start, SEVERITIES.index(f.severity), f.end, f.rule))))
    spans: dict[str, list[tuple[int, int]]] = {}
    for finding in kept:
        spans.setdefault(finding.rule, []).append((finding.start, finding.end))
    known = {**rules(), **base_rules()}
    return [f for f in kept if not any(_meets(f, spans.get(rule, ())) for rule in known[f.rule].yields_to)]


_NEAR = 4
"""Findings of one rule hardly overlap: one that overlaps a place is among the last few that begin before its end."""


def _meets(finding: Finding, spans: Sequence[tuple[int, int]]) -> bool:
    n = bisect_left(spans, (finding.end, 0))
    return any(end > finding.start for _, end in spans[max(0, n - _NEAR) : n])
