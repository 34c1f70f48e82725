"""What a document rests on although its years are over (check 26): "giai đoạn 2016-2020" in a plan of 2024."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract import doctypes
from extract.phases import Phase, last_phase, looks_back, phase_in_sentence, quoted
from graph.check.finding import Finding
from graph.check.reading import Reading

_RESTING = frozenset({"implements", "based_on"})
_TOLD = re.compile(
    r"kế thừa|kéo dài|gia hạn|kết thúc|thay thế|trước đây|chuyển tiếp|giai đoạn trước|quyết toán|thanh toán"
)
"""Near these words the text itself knows that the phase is over."""
_BEFORE, _BEHIND = 200, 60


def check(reading: Reading) -> Iterator[Finding]:
    """Yield citations and named works whose last phase ended before the day of the document.

    One year alone is left out: what an annual plan allots is often carried out in the year after. A cut-out without a
    head may be of any day; a draft without a date is read on the day that is asked, which a base does not have.
    """
    if not reading.day or reading.kind in ("consolidated", "court") or reading.is_report or not reading.has_head:
        return
    seen: set[str] = set()
    for start, end, document, phase in _phased(reading):
        if document in seen or phase[0].first == phase[0].last or f"{phase[0].last}-12-31" >= reading.day:
            continue
        if reading.apart(start):
            continue
        seen.add(document)
        words = reading.folded[max(0, start - _BEFORE) : min(len(reading.text), end + _BEHIND)]
        if _TOLD.search(words) or looks_back(reading.folded, start):
            continue
        yield reading.finding("phase-over", start, end, phase=phase[1], year=str(phase[0].last), confidence=0.9)


def _phased(reading: Reading) -> Iterator[tuple[int, int, str, tuple[Phase, str]]]:
    """Yield what the document carries out or rests on and which tells a phase, with the words of the phase."""
    for citation in reading.facts.citations:
        mention, document = citation.mention, reading.documents.get(citation.document or "")
        if document is None or mention.self or citation.relation not in _RESTING or citation.holder is not None:
            continue
        if document.type in doctypes.LAWS or mention.form == "standard":
            continue
        title = f"{document.type}: {citation.title}"
        phase = last_phase(title, document.date)
        if phase is None and not citation.title:
            lower, title = (
                max(0, mention.start - _BEFORE),
                reading.text[max(0, mention.start - _BEFORE) : mention.tail + _BEHIND],
            )
            phase = phase_in_sentence(title, mention.start - lower, mention.end - lower, document.date)
        if phase is not None:
            yield mention.start, mention.tail, document.id, (phase, quoted(title, phase))
    for work in reading.facts.works:
        phase = last_phase(work.name)
        if phase is not None and work.relation in _RESTING and work.holder is None:
            yield work.start, work.end, work.document, (phase, quoted(work.name, phase))
