"""Findings in SARIF 2.1.0 (OASIS), which editors and build servers show beside the text."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from extract.model import Extraction
from graph.check import SEVERITIES, Finding, Rule, base_rules, rules
from graph.version import version

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = dict(zip(SEVERITIES, ("error", "warning", "warning", "note"), strict=True))
"""How grave a finding is in the three words of SARIF."""
_PLAIN = frozenset({"txt", "md"})
_MEDIA = {
    "txt": "text/plain", "md": "text/markdown", "html": "text/html", "pdf": "application/pdf", "rtf": "application/rtf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SarifFile:
    """A file that was checked: its relative place with "/" between, what was read in it, what was found."""

    place: str
    facts: Extraction
    findings: Sequence[Finding]


def sarif(files: Sequence[SarifFile], unread: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Return a SARIF log with one run; ``unread`` are the places of files that could not be read, and why.

    Regions count in characters of the text as read (NFC, LF line ends): for a plain text in that form these are the
    characters of the file, for an office file those of its words.
    """
    known = list({**rules(), **base_rules()}.values())
    order = {rule.id: n for n, rule in enumerate(known)}
    run: dict[str, Any] = {
        "tool": {"driver": {
            "name": "Căn Cứ", "fullName": "Căn Cứ: soát căn cứ, viện dẫn", "language": "vi-VN",
            **({"version": version()} if version() != "0" else {}), "rules": [_rule(rule) for rule in known],
        }},
        "language": "vi-VN",
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(file) for file in files],
        "results": [r for n, file in enumerate(files) for r in _results(file, n, order)],
        "invocations": [{
            "executionSuccessful": not unread,
            "toolExecutionNotifications": [
                {"level": "error", "message": {"text": why}, "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": quote(place)}}}]}
                for place, why in unread
            ],
        }],
    }  # fmt: skip
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    clauses = "; ".join(dict.fromkeys(rule.sources.values()))
    return {
        "id": rule.id, "name": rule.name, "shortDescription": {"text": f"{rule.name}."},
        "fullDescription": {"text": rule.help}, "help": {"text": f"{rule.help}\nNguồn: {clauses}."},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"muc_do": rule.severity, "nguon": clauses},
    }  # fmt: skip


def _artifact(file: SarifFile) -> dict[str, Any]:
    source = file.facts.source
    media = {"mimeType": _MEDIA[source.format]} if source.format in _MEDIA else {}
    return {"location": {"uri": quote(file.place)}, "hashes": {"sha-256": source.sha256}, **media}


def _results(file: SarifFile, at: int, order: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    starts = _line_starts(file.facts.source.text)
    for finding in file.findings:
        yield _result(file, at, finding, order[finding.rule], _region(starts, finding))


def _result(file: SarifFile, at: int, finding: Finding, rule: int, region: dict[str, Any]) -> dict[str, Any]:
    where = {"uri": quote(file.place), "index": at}
    words = f"{finding.message}."
    if finding.expected:
        words += f" Đề nghị: “{finding.expected}”."
    elif finding.candidates:
        words += f" Có thể là: {' hoặc '.join(f'“{c}”' for c in finding.candidates)}."
    result: dict[str, Any] = {
        "ruleId": finding.rule, "ruleIndex": rule, "level": LEVELS[finding.severity],
        "message": {"text": f"{words} Nguồn: {finding.source}."},
        "locations": [{
            "physicalLocation": {"artifactLocation": where, "region": region},
            **({"logicalLocations": [{"fullyQualifiedName": finding.unit}]} if finding.unit else {}),
        }],
        "partialFingerprints": {"cancu/v1": _fingerprint(finding)},
        "properties": {"muc_do": finding.severity, "nguon": finding.source, "do_tin_cay": finding.confidence},
    }  # fmt: skip
    if finding.expected and file.facts.source.format in _PLAIN:  # only there can an editor put it in
        replacement = {
            "deletedRegion": {"charOffset": finding.start, "charLength": finding.end - finding.start},
            "insertedContent": {"text": finding.expected},
        }
        change = {"artifactLocation": where, "replacements": [replacement]}
        result["fixes"] = [{"description": {"text": f"Viết: {finding.expected}"}, "artifactChanges": [change]}]
    return result


def _region(starts: list[int], finding: Finding) -> dict[str, Any]:
    (line, column), (last, end) = (_position(starts, n) for n in (finding.start, finding.end))
    return {
        "startLine": line, "startColumn": column, "endLine": last, "endColumn": end, "charOffset": finding.start,
        "charLength": finding.end - finding.start, "snippet": {"text": finding.found},
    }  # fmt: skip


def _line_starts(text: str) -> list[int]:
    """Return where the lines of a text begin."""
    begins = [0]
    at = text.find("\n")
    while at >= 0:
        begins.append(at + 1)
        at = text.find("\n", at + 1)
    return begins


def _position(starts: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def _fingerprint(finding: Finding) -> str:
    """Return what stays the same when the text around moves, so that a server knows a finding again."""
    words = "\0".join((finding.rule, finding.unit, " ".join(finding.found.split())))
    return hashlib.sha256(words.encode("utf-8", "backslashreplace")).hexdigest()[:24]
