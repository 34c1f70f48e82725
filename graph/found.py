"""A finding as the base and the files say it."""

from __future__ import annotations

import re
from typing import Any

from extract.text import squeeze
from graph.check import SEVERITIES, Finding

_PARTED = re.compile(r"\n\s*\n")
"""A citation broken in two paragraphs is quoted with the break."""


def finding_values(finding: Finding, place: str) -> dict[str, Any]:
    """Return what a finding says, its ``place`` in words; whose it is, and in which unit and sentence, is added."""
    return {
        "quy_tac": finding.rule, "muc_do": finding.severity, "thu_tu": SEVERITIES.index(finding.severity) + 1,
        "vi_tri": place, "nguyen_van": squeeze(_PARTED.sub(" ⏎ ", finding.found)),
        "thong_bao": finding.message, "de_nghi": squeeze(finding.expected),
        "ung_vien": " hoặc ".join(f"“{squeeze(c)}”" for c in finding.candidates), "nguon": finding.source,
        "do_tin_cay": finding.confidence, "bat_dau": finding.start, "ket_thuc": finding.end,
    }  # fmt: skip
