"""What the base must know of every text before the first is added."""

from __future__ import annotations

from dataclasses import dataclass

from extract.identity import own_document
from extract.model import ACTING_UNITS, Document, Extraction


@dataclass(frozen=True, slots=True)
class Owner:
    """A text of the corpus: the name people know its file by, the document that it is, checksums of its tasks.

    ``numbered`` tells whether its number is filled in.
    """

    path: str
    document: Document
    numbered: bool
    tasks: frozenset[str] = frozenset()


def owner_of(extraction: Extraction, path: str) -> Owner:
    """Return the owner of a text that people know as ``path``."""
    tasks = frozenset(unit.uid for unit in extraction.units if unit.kind in ACTING_UNITS)
    return Owner(path, own_document(extraction.header, extraction.source), bool(extraction.header.number), tasks)
