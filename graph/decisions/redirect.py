"""Citations of one text led to other documents than the extraction read, and the claims that rest on them with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from extract.model import Citation, Document, Extraction, Relation

RULE = "người quyết định"


def redirected(extraction: Extraction, decided: Mapping[int, Document | None]) -> Extraction:
    """Return the extraction with the citations ``decided`` (by index) leading where a person says, None for nowhere.

    A document that the text has no other mention of goes; a relation goes with the mention that proves it: the one
    whose cue it has, or any when all mentions of its document go the same way.
    """
    documents = {document.key: document for document in extraction.documents}
    target: dict[int, str | None] = {}
    ids = {document.id for document in extraction.documents}
    for index, document in decided.items():
        if document is None or document.id in ids:  # of this text, maybe with a key that a register has closed
            target[index] = document.id if document is not None else None
        else:
            target[index] = documents.setdefault(document.key, document).id
    citations = tuple(
        replace(
            citation, document=target[n], status="resolved" if target[n] else "unresolved", candidates=(), rule=RULE,
            mention=replace(citation.mention, confidence=1.0),
        ) if n in target else citation
        for n, citation in enumerate(extraction.citations)
    )  # fmt: skip
    moves = _Moves(extraction.citations, target)
    relations = tuple(r for relation in extraction.relations if (r := moves.relation(relation)) is not None)
    citations = tuple(replace(c, via=moves.via(c.via, c.holder)) for c in citations)
    works = tuple(replace(w, via=moves.via(w.via, w.holder)) for w in extraction.works)
    used = {c.document for c in citations} | {w.document for w in works}
    used |= {end for r in relations for end in (r.source, r.target)}
    used |= {r.target for r in extraction.references} | {name for c in citations for name in c.candidates}
    kept = tuple(d for d in documents.values() if d.id in used or d.in_corpus)
    return replace(extraction, documents=kept, citations=citations, works=works, relations=relations)


class _Moves:
    """Where the ends of relations go when mentions go elsewhere."""

    def __init__(self, citations: tuple[Citation, ...], target: Mapping[int, str | None]) -> None:
        self._citations, self._target = citations, target
        self._of: dict[str, list[int]] = {}  # document -> its mentions
        for n, citation in enumerate(citations):
            if citation.document:
                self._of.setdefault(citation.document, []).append(n)
        self._moved = {d for d, of in self._of.items() if any(n in target and target[n] != d for n in of)}

    def relation(self, relation: Relation) -> Relation | None:
        """Return a relation with its ends where they belong now, None when one leads nowhere."""
        if not {relation.source, relation.target} & self._moved:
            return relation
        cue = (relation.start, relation.end)
        source = self._end(relation.source, [
            c.holder for c in self._citations
            if c.cue == cue and c.document == relation.target and c.holder is not None
        ])  # fmt: skip
        target = self._end(relation.target, [
            n for n in self._of.get(relation.target, ()) if self._citations[n].cue == cue
        ])  # fmt: skip
        return None if source is None or target is None else replace(relation, source=source, target=target)

    def via(self, document: str | None, holder: int | None) -> str | None:
        """Return the document through which something was named; one that leads nowhere stays: it was not direct."""
        if holder is None or holder not in self._target or document != self._citations[holder].document:
            return document
        return self._target[holder] or document

    def _end(self, end: str, mentions: list[int]) -> str | None:
        if end not in self._moved:
            return end
        of = self._of[end]
        where = {self._target.get(n, end) for n in (mentions or of)}
        return where.pop() if len(where) == 1 else end
