"""What the base says of a citation while nobody decides about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from extract.model import Citation, Document, Extraction, ResolutionStatus
from graph.labels import choice_of
from graph.register.closing import Told


@dataclass(frozen=True, slots=True)
class Reading:
    """What the program reads in a citation: its document, its status, and the words for what it may mean besides.

    ``words`` says the status for people where it is none of a citation: "nêu tên", "dẫn ngược".
    """

    document: Document | None
    status: ResolutionStatus
    candidates: str
    words: str = ""


def reader_of(extraction: Extraction, told: Mapping[str, Told]) -> Callable[[Citation], Reading]:
    """Return what reads the citations of a text, of whose documents (by id) a register has ``told`` something."""
    documents = {document.id: document for document in extraction.documents}

    def choice(name: str) -> str:
        return choice_of(documents[name]) if name in documents else name

    def read(citation: Citation) -> Reading:
        document = documents.get(citation.document or "")
        listed = told.get(citation.document or "")
        if listed and listed.closed:
            return Reading(listed.document, "resolved", "")
        status, possible = citation.status, [choice(c) for c in citation.candidates]
        if listed:
            possible += listed.choices
            status = "ambiguous" if len(possible) > 1 else status
        return Reading(document, status, "; ".join(dict.fromkeys(possible)))

    return read
