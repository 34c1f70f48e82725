"""Findings in SARIF 2.1.0 (OASIS), which editors and build servers show beside the text."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from extract.model import Extraction
from graph.check import SEVERITIES, Finding, Rule, base_rules, rules
from graph.labels import place_words
from graph.version import version
from publish.export.original import Original
from publish.findings import place_of, quote_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = dict(zip(SEVERITIES, ("error", "warning", "warning", "note"), strict=True))
"""How grave a finding is in the three words of SARIF."""
_MEDIA = {
    "txt": "text/plain", "md": "text/markdown", "html": "text/html", "pdf": "application/pdf", "rtf": "application/rtf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
_HERE, _CHOSEN = "%SRCROOT%", "HO_SO"
_BASES = {
    _HERE: "Thư mục làm việc khi chạy lệnh soát.",
    _CHOSEN: "Thư mục chứa tệp hoặc thư mục đã chọn để soát.",
}
"""What relative addresses begin at; where that lies on this machine is not told."""


@dataclass(frozen=True, slots=True)
class SarifPlace:
    """Where a file lies: a relative path with "/" between, ``here`` under the working folder, else under what holds
    the file or folder that was chosen."""

    path: str
    here: bool = True

    def location(self) -> dict[str, Any]:
        """Return it as an artifactLocation: what a URI does not hold is written byte by byte."""
        return {"uri": quote(os.fsencode(self.path.lstrip("/"))), "uriBaseId": _HERE if self.here else _CHOSEN}


@dataclass(frozen=True, slots=True)
class SarifFile:
    """A file that was checked: its place, what was read in it, what was found, and the file itself if it is text."""

    place: SarifPlace
    facts: Extraction
    findings: Sequence[Finding]
    original: Original | None = None


def sarif(files: Sequence[SarifFile], unread: Sequence[tuple[SarifPlace, str]] = ()) -> dict[str, Any]:
    """Return a SARIF log with one run; ``unread`` are the places of files that could not be read, and why.

    Regions count in the code points of the file itself, with its own line ends; a file that is no plain text has none
    (3.30.1: a binary artifact has no text region), and its findings say their place in words.
    """
    known = list({**rules(), **base_rules()}.values())
    order = {rule.id: n for n, rule in enumerate(known)}
    bases = {place.location()["uriBaseId"] for place in (*(f.place for f in files), *(p for p, _ in unread))}
    run: dict[str, Any] = {
        "tool": {"driver": {
            "name": "Căn Cứ", "fullName": "Căn Cứ: soát căn cứ, viện dẫn", "language": "vi-VN",
            **({"version": version()} if version() != "0" else {}), "rules": [_rule(rule) for rule in known],
        }},
        "language": "vi-VN",
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            name: {"description": _message(words)} for name, words in _BASES.items() if name in bases
        },
        "artifacts": [_artifact(file) for file in files],
        "results": [r for n, file in enumerate(files) for r in _results(file, n, order)],
        "invocations": [{
            "executionSuccessful": not unread,
            "toolExecutionNotifications": [
                {"level": "error", "message": _message(why), "locations": [{"physicalLocation": {
                    "artifactLocation": place.location()}}]}
                for place, why in unread
            ],
        }],
    }  # fmt: skip
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _message(words: str) -> dict[str, str]:
    """Return words as a plain text message: braces are no placeholders, brackets no links (3.11.5, 3.11.6)."""
    return {"text": words.replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _rule(rule: Rule) -> dict[str, Any]:
    clauses = "; ".join(dict.fromkeys(rule.sources.values()))
    return {
        "id": rule.id, "name": rule.name, "shortDescription": _message(f"{rule.name}."),
        "fullDescription": _message(rule.help), "help": _message(f"{rule.help}\nNguồn: {clauses}."),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"muc_do": rule.severity, "nguon": clauses},
    }  # fmt: skip


def _artifact(file: SarifFile) -> dict[str, Any]:
    source = file.facts.source
    media = {"mimeType": _MEDIA[source.format]} if source.format in _MEDIA else {}
    encoding = {"encoding": file.original.encoding} if file.original and file.original.encoding else {}
    return {"location": file.place.location(), "hashes": {"sha-256": source.sha256}, **media, **encoding}


def _results(file: SarifFile, at: int, order: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for finding in file.findings:
        mark = _fingerprint(finding)
        seen[mark] += 1  # the same words may stand in one unit twice
        yield _result(file, at, finding, order[finding.rule], mark if seen[mark] == 1 else f"{mark}:{seen[mark]}")


def _result(file: SarifFile, at: int, finding: Finding, rule: int, mark: str) -> dict[str, Any]:
    where = {**file.place.location(), "index": at}
    words = f"{finding.message}."
    if finding.expected:
        words += f" Đề nghị: “{finding.expected}”."
    elif finding.candidates:
        words += f" Có thể là: {' hoặc '.join(f'“{c}”' for c in finding.candidates)}."
    place = place_of(finding.unit, place_words(file.facts.source.place_at(finding.start)))
    region = _region(file.original, finding)
    result: dict[str, Any] = {
        "ruleId": finding.rule, "ruleIndex": rule, "level": LEVELS[finding.severity],
        "message": _message(f"{words} Nguồn: {finding.source}."),
        "locations": [{
            "physicalLocation": {"artifactLocation": where, **({"region": region} if region else {})},
            **({"logicalLocations": [{"fullyQualifiedName": finding.unit}]} if finding.unit else {}),
            "message": _message(f"{place}: “{quote_of(finding.found)}”."),
        }],
        "partialFingerprints": {"cancu/v1": mark},
        "properties": {"muc_do": finding.severity, "nguon": finding.source, "do_tin_cay": finding.confidence},
    }  # fmt: skip
    if finding.expected and file.original and file.original.exact:  # only there can an editor put it in
        deleted = {name: value for name, value in region.items() if name != "snippet"}
        replacement = {"deletedRegion": deleted, "insertedContent": {"text": finding.expected}}
        change = {"artifactLocation": where, "replacements": [replacement]}
        result["fixes"] = [{"description": _message(f"Viết: {finding.expected}"), "artifactChanges": [change]}]
    return result


def _region(original: Original | None, finding: Finding) -> dict[str, Any]:
    """Return where a finding stands in the file: exactly, by whole lines, or not at all."""
    if original is None:
        return {}
    if not original.exact:
        last = max(finding.start, finding.end - 1)
        return {"startLine": original.line(finding.start), "endLine": original.line(last)}
    start, end = original.spot(finding.start), original.spot(finding.end)
    return {
        "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
        "charOffset": start.offset, "charLength": end.offset - start.offset,
        "snippet": {"text": original.raw[start.offset : end.offset]},
    }  # fmt: skip


def _fingerprint(finding: Finding) -> str:
    """Return what stays the same when the text around moves, so that a server knows a finding again."""
    words = "\0".join((finding.rule, finding.unit, " ".join(finding.found.split())))
    return hashlib.sha256(words.encode("utf-8", "backslashreplace")).hexdigest()[:24]
