"""The few words of a text that a build holds in memory while it reads the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from sys import intern

from extract.model import Document, Extraction
from graph.owner import Owner, owner_of


@dataclass(frozen=True, slots=True)
class Counts:
    """What one text holds; the sums make the summary of a build."""

    documents: int = 0
    tasks: int = 0
    citations: int = 0
    resolved: int = 0
    ambiguous: int = 0
    unresolved: int = 0
    works: int = 0


@dataclass(frozen=True, slots=True)
class Filed:
    """Where the facts of a text are kept, and the name people know it by: all of it that stays while texts load."""

    key: str
    path: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A text that was read: under which key its facts are kept, the document that it is, and its counts."""

    key: str
    sha256: str
    owner: Owner
    counts: Counts

    @property
    def filed(self) -> Filed:
        """The text without what is known of it."""
        return Filed(self.key, self.owner.path)


@dataclass(frozen=True, slots=True)
class Note:
    """The few words of a text that stay in memory, as they are kept; the fields of :class:`Taken` and its owner."""

    sha256: str
    document: Document
    numbered: bool
    tasks: tuple[str, ...]
    counts: Counts


def note_of(facts: Extraction) -> Note:
    """Return the note of a text that was read."""
    owner = owner_of(facts, "")
    return Note(facts.source.sha256, owner.document, owner.numbered, tuple(sorted(owner.tasks)), _counts(facts))


def taken_by(note: Note, key: str, shown: str) -> Taken:
    """Return the text of a note, whose facts are kept under ``key`` and which people know as ``shown``."""
    own = note.document  # the same few words in thousands of notes are kept once
    name = own.title if own.name == own.title else own.name
    own = replace(own, type=intern(own.type), issuer=intern(own.issuer), family=intern(own.family), name=name)
    return Taken(key, note.sha256, Owner(shown, own, note.numbered, frozenset(note.tasks)), note.counts)


def _counts(facts: Extraction) -> Counts:
    status = [c.status for c in facts.citations if not c.mention.self]
    return Counts(
        documents=1,
        tasks=sum(u.kind == "task" for u in facts.units),
        citations=len(status),
        resolved=status.count("resolved"),
        ambiguous=status.count("ambiguous"),
        unresolved=status.count("unresolved"),
        works=len(facts.works),
    )
