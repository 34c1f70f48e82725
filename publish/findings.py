"""What a check found, as lines for people and as data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from extract.model import Extraction
from extract.text import squeeze
from graph.check import SEVERITIES, Finding
from graph.labels import place_words

FORMAT = "cancu-check/1"
_QUOTE = 160
_INDENT = "      "
NOTE = "“Cần đối chiếu” nghĩa là phải mở văn bản gốc mới kết luận được."


def finding_values(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the answer of ``cancu check --json``."""
    return {"format": FORMAT, "findings": [{**asdict(f), "candidates": list(f.candidates)} for f in findings]}


def finding_lines(facts: Extraction, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the findings by severity, gravest first: place, quote, message, what to write, source; then the totals."""
    for severity in SEVERITIES:
        group = [f for f in findings if f.severity == severity]
        if not group:
            continue
        yield f"{severity.upper()} ({len(group)})"
        for n, finding in enumerate(group, 1):
            yield from _lines(facts, n, finding)
        yield ""
    if not findings:
        yield "Không thấy gì phải sửa hay đối chiếu ở phần viện dẫn."
        return
    counts = [(s, sum(f.severity == s for f in findings)) for s in SEVERITIES]
    yield f"Tổng cộng {len(findings)}: " + ", ".join(f"{severity} {count}" for severity, count in counts) + "."
    yield NOTE


def _lines(facts: Extraction, n: int, finding: Finding) -> Iterator[str]:
    place = place_of(finding.unit, place_words(facts.source.place_at(finding.start)))
    yield f"{n:4}. {place}: “{quote_of(finding.found)}”"
    yield f"{_INDENT}{finding.message}."
    if finding.expected:
        yield f"{_INDENT}Đề nghị: “{_shortened(finding.expected)}”"
    elif finding.candidates:
        yield f"{_INDENT}Có thể là: " + " hoặc ".join(f"“{_shortened(c)}”" for c in finding.candidates)
    yield f"{_INDENT}Nguồn: {finding.source}"


_BREAK = re.compile(r"\s*\n\s*\n\s*")
_UNITS = {"TITLE": "tiêu đề", "LEAD": "phần dẫn nhập", "close": "phần kết thúc"}


def _unit(unit: str) -> str:
    last = unit.rpartition(".")[2]
    if last in _UNITS:
        return _UNITS[last]
    return f"căn cứ {unit[6:]}" if unit.startswith("BASIS.") else f"mục {unit}"


def place_of(unit: str, place: str) -> str:
    """Return where a finding stands: "Mục II.2.2.3, trang 2, đoạn 28"; ``place`` is what the base says of the file."""
    words = ", ".join(filter(None, (_unit(unit) if unit else "", place))) or "đầu văn bản"
    return words[0].upper() + words[1:]


def quote_of(words: str) -> str:
    """Return the words of a finding on one line, not too long; a break between paragraphs is shown."""
    return _shortened(_BREAK.sub(" ⏎ ", words))


def _shortened(words: str) -> str:
    line = squeeze(words)
    return line if len(line) <= _QUOTE else line[: _QUOTE - 1].rstrip() + "…"
