"""Pointers that are no citations: to the document itself, inside it, back, and vague ones."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

from extract import doctypes
from extract.model import SELF, Mention, Reference, WorkMention
from extract.organs import organ_at
from extract.units import UnitTree

_INTERNAL = re.compile(
    r"(?:(?:điểm\s+[a-zđ]\d?|khoản\s+\d+[a-zđ]?)(?:\s*(?:,|và)\s*(?:điểm\s+)?[a-zđ0-9]{1,3})*\s+)*"
    r"(?:điều|khoản|điểm|mục|chương|phụ lục)\s+(?:\d+[a-zđ]?\s+(?:của\s+)?)?này(?!\w)"
)


@cache
def _type_words() -> str:
    words = sorted((w for w, t in doctypes.words().items() if t and len(w) > 4), key=len, reverse=True)
    return "|".join(map(re.escape, words))


_THIS = re.compile(r"(?<!\w)này(?!\w)")
_ABOVE = re.compile(r"(?<!\w)(?:nêu trên|nói trên|trên đây|đã nêu)(?!\w)")


def _document_word(folded: str, position: int) -> int | None:
    """Return where the document word right before ``position`` begins ("kế hoạch này"), None if there is none."""
    word = doctypes.word_before(folded, position)
    if word is None or not (doctypes.words()[word[1]] or word[1] in doctypes.GENERIC):
        return None
    return word[0] if len(word[1]) > 3 else None


@cache
def _vague_pattern() -> re.Pattern[str]:
    """ "theo hướng dẫn của Bộ …", "theo Quyết định của UBND tỉnh": type and organ, no number."""
    return re.compile(rf"(?<![\wà-ỹ])theo\s+(?P<doc>(?:{_type_words()}|hướng dẫn|chỉ đạo|yêu cầu|quy định)\s+của\s+)")


def find_references(
    text: str, folded: str, units: UnitTree, mentions: Sequence[Mention], works: Sequence[WorkMention]
) -> list[Reference]:
    """Return the references of ``text`` in order; none overlaps a citation or a work."""
    taken = sorted([(m.start, m.end) for m in mentions] + [(w.start, w.end) for w in works])
    found: list[Reference] = []
    for start, end, kind, target in sorted(_candidates(text, folded)):
        near = taken[max(0, bisect_left(taken, (start, 0)) - 2) : bisect_left(taken, (end, 0))]
        if any(s < end and start < e for s, e in near) or (found and start < found[-1].end):
            continue
        unit = units.at(start)
        found.append(Reference(start, end, text[start:end], kind, target, unit.id if unit else None))  # type: ignore[arg-type]
    return found


def _candidates(text: str, folded: str) -> Iterator[tuple[int, int, str, str]]:
    for m in _THIS.finditer(folded):
        start = _document_word(folded, m.start())
        if start is not None:
            yield start, m.end(), "self", SELF
    for m in _ABOVE.finditer(folded):
        start = _document_word(folded, m.start())
        if start is not None:
            yield start, m.end(), "back", ""
    for m in _INTERNAL.finditer(folded):
        yield m.start(), m.end(), "internal", SELF
    for m in _vague_pattern().finditer(folded):
        end = organ_at(text, folded, m.end())
        if end is not None:
            yield m.start("doc"), end, "vague", ""
