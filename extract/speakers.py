"""Words quoted from another document: which spans they are, and which citation speaks in them.

"Điều 217 của Luật X … quy định như sau: “…”" quotes X, and what stands in the quotation is said by X.
"Sửa đổi, bổ sung một số điều của Luật X như sau: a) … như sau: “…”" gives X its new words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extract.cues import opening_act
from extract.model import Unit
from extract.quotes import Quotes
from extract.relations import Bond, Item
from extract.units import UnitTree

_OPENER = re.compile(r":\s*[“\"]")
_NEXT = re.compile(r"\n(?=\[\d+\])|:\s*\n“")
_SAYS = re.compile(r"(?:quy định|nêu|ghi|nội dung|căn cứ ban hành)(?:\s+(?:rõ|cụ thể|như sau))*\s*$")
"""A document says; where an organ has an opinion ("Bộ X có ý kiến như sau:"), it is the organ that speaks."""
_LONGEST = 20000
"""Farther than this from the end of the text (characters), a quotation without end lost its mark: a paragraph is it."""
_NO_SPEAKER = frozenset({"passive", "declared", "inside_name"})


@dataclass(frozen=True, slots=True)
class Quotation:
    """The span of a quotation, and the index of the citation that speaks in it."""

    start: int
    end: int
    speaker: int


Bonds = tuple[Sequence[Item], Sequence[Bond]]


def find_quotations(text: str, folded: str, units: UnitTree, bound: Mapping[int, Bonds]) -> list[Quotation]:
    """Return the quotations of ``text`` whose speaker is cited, in order.

    ``bound`` holds the items and bonds of the units that cite something, by the start of the unit.
    """
    found: list[Quotation] = []
    quotes, end = Quotes(text), -1
    for opener in _OPENER.finditer(text):
        start = opener.end() - 1
        if start < end:
            continue
        passage = quotes.around(start)
        end = passage[1] if passage else _lost_end(text, start)
        unit = units.at(opener.start())
        speaker = _speaker(folded, unit, units, bound, opener.start(), found) if unit is not None else None
        if speaker is not None:
            found.append(Quotation(start, end, speaker))
    return found


def speaker_at(quotations: Sequence[Quotation], position: int) -> int | None:
    """Return the index of the citation that speaks at ``position``, None outside quotations."""
    n = bisect_right(quotations, position, key=lambda q: q.start) - 1
    return quotations[n].speaker if n >= 0 and position < quotations[n].end else None


def _lost_end(text: str, start: int) -> int:
    """Where a quotation ends that was cut off before its mark: at the next footnote or quotation, or with the text."""
    if len(text) - start > _LONGEST:
        end = text.find("\n", start)
        return end if end >= 0 else len(text)
    after = _NEXT.search(text, start + 1)
    return after.start() if after else len(text)


def _speaker(
    folded: str, unit: Unit, units: UnitTree, bound: Mapping[int, Bonds], opener: int, before: Sequence[Quotation]
) -> int | None:
    """The last document that the sentence speaks of itself; else, for an act, the one its header names."""
    own = bound.get(unit.start)
    acts = opening_act(folded, unit.start, opener) is not None
    says = _SAYS.search(folded, max(unit.start, opener - 40), opener) is not None
    if own is not None and (says or acts) and (number := _last_main(own, opener, before)) is not None:
        return number
    if not acts:
        return None
    for above in units.before(unit, 400):
        if speaker_at(before, above.start) is not None:
            continue
        header = bound.get(above.start)
        ends_open = folded[above.end - 1] == ":"
        if header is not None and ends_open and (number := _last_main(header, above.end, before)) is not None:
            return number
        if above.marker.startswith(("Điều", "Chương", "Phần")):
            return None
    return None


def _last_main(bonds: Bonds, before: int, quotations: Sequence[Quotation]) -> int | None:
    main = [
        item.number
        for item, bond in zip(*bonds, strict=True)
        if item.tail <= before and not item.is_work and bond.parent is None and bond.rule not in _NO_SPEAKER
        and speaker_at(quotations, item.start) is None
    ]  # fmt: skip
    return main[-1] if main else None
