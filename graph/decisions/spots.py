"""The spots of a text that people decide about: its citations, the works it names by title, its pointers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.model import Document, Extraction, ReferenceKind
from extract.text import fold, squeeze
from graph.decisions.entry import CITATION, POINTER, WORK, mention_subject, parts_of
from graph.evidence import evidence_of, sentence_of
from graph.words import FORMS, REFERENCE_KINDS

POINTING: tuple[ReferenceKind, ...] = ("vague", "back", "declared")
"""Kinds of pointers that may mean another document; "Điều này" and "Kế hoạch này" never do."""
POINTING_WORDS = frozenset(REFERENCE_KINDS[kind] for kind in POINTING)


@dataclass(frozen=True, slots=True)
class Spot:
    """A citation, work or pointer (``sort``) of an extraction, the one number ``index`` of its kind.

    ``name`` is its id in the base without that of the text, ``document`` the id of what it leads to as the extraction
    has it, ``status`` what the program says of the link in words ("" for a citation: a register may know more of it).
    """

    sort: str
    index: int
    name: str
    words: str
    sentence: str
    unit: str | None
    document: str | None
    status: str = ""


def spots_of(extraction: Extraction) -> Iterator[Spot]:
    """Yield the spots of a text: citations first, then works, then pointers, each in the order of the text."""
    evidence = evidence_of(extraction)
    for n, citation in enumerate(extraction.citations):
        if not citation.mention.self:
            sentence = sentence_of(citation, evidence)
            yield Spot(CITATION, n, citation.id, citation.text, sentence, citation.unit, citation.document)
    for n, work in enumerate(extraction.works):
        sentence = evidence(work.start, work.end, work.unit)
        yield Spot(WORK, n, work.id, work.text, sentence, work.unit, work.document, FORMS["work"])
    for n, pointer in enumerate(extraction.references):
        if pointer.kind in POINTING:
            sentence = evidence(pointer.start, pointer.end, pointer.unit)
            status = REFERENCE_KINDS[pointer.kind]
            yield Spot(
                POINTER, n, f"r{n + 1:02d}", pointer.text, sentence, pointer.unit, pointer.target or None, status
            )  # fmt: skip


def subjects_of(extraction: Extraction, key: str) -> dict[str, Spot]:
    """Return the subject of every spot of a text with the key ``key``."""
    found: dict[str, Spot] = {}
    for spot in spots_of(extraction):
        ordinal = 0
        while (subject := mention_subject(spot.sort, key, spot.sentence, spot.words, ordinal)) in found:
            ordinal += 1
        found[subject] = spot
    return found


def subject_at(key: str, subject: str) -> str:
    """Return the subject of a spot when its text has another key."""
    sort, _, *parts = parts_of(subject)
    return json.dumps((sort, key, *parts), ensure_ascii=False, separators=(",", ":"))


def alone(spots: Sequence[Spot], sort: str, words: str) -> Spot | None:
    """Return the one spot of a sort that has these words, None when there are none or several."""
    wanted = fold(squeeze(words))
    same = [spot for spot in spots if spot.sort == sort and fold(squeeze(spot.words)) == wanted]
    return same[0] if len(same) == 1 else None


def document_at(extraction: Extraction, spot: Spot) -> Document | None:
    """Return the document that a spot leads to as the extraction has it, None for none or for the text itself."""
    return next((d for d in extraction.documents if d.id == spot.document), None)
