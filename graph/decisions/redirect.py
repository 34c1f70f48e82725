"""Citations and works of one text led elsewhere than they were read, and the claims that rest on them with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from extract.model import Citation, Document, Extraction, Relation, Work

RULE = "người quyết định"


def redirected(
    extraction: Extraction,
    decided: Mapping[int, Document | None],
    works: Mapping[int, Document | None] | None = None,
) -> Extraction:
    """Return the extraction with the citations ``decided`` (by index) leading where a person says, None for nowhere.

    ``works`` tells the same of works named by title; one that leads nowhere has no document any more. A document that
    the text has no other mention of goes; a relation goes with the mention that proves it: the one whose cue it has, or
    any when all mentions of its document go the same way.
    """
    documents = {document.key: document for document in extraction.documents}
    ids = {document.id for document in extraction.documents}

    def targets(chosen: Mapping[int, Document | None]) -> dict[int, str | None]:
        found: dict[int, str | None] = {}
        for index, document in chosen.items():
            if document is None or document.id in ids:  # of this text, maybe with a key that a register has closed
                found[index] = document.id if document is not None else None
            else:
                found[index] = documents.setdefault(document.key, document).id
        return found

    cited, named = targets(decided), targets(works or {})
    citations = tuple(
        replace(
            citation, document=cited[n], status="resolved" if cited[n] else "unresolved", candidates=(), rule=RULE,
            mention=replace(citation.mention, confidence=1.0),
        ) if n in cited else citation
        for n, citation in enumerate(extraction.citations)
    )  # fmt: skip
    titled = tuple(
        replace(work, document=named[n] or "", rule=RULE) if n in named else work
        for n, work in enumerate(extraction.works)
    )
    moves = _Moves(extraction, cited, named)
    relations = tuple(r for relation in extraction.relations if (r := moves.relation(relation)) is not None)
    citations = tuple(replace(c, via=moves.via(c.via, c.holder)) for c in citations)
    titled = tuple(replace(w, via=moves.via(w.via, w.holder)) for w in titled)
    references = tuple(replace(r, target=moves.pointed(r.target)) for r in extraction.references)
    used = {c.document for c in citations} | {w.document for w in titled}
    used |= {end for r in relations for end in (r.source, r.target)}
    used |= {r.target for r in references} | {name for c in citations for name in c.candidates}
    kept = tuple(d for d in documents.values() if d.id in used or d.in_corpus)
    return replace(
        extraction, documents=kept, citations=citations, works=titled, relations=relations, references=references
    )


class _Moves:
    """Where the ends of relations go when mentions go elsewhere; a mention is (is it a work, its index)."""

    def __init__(
        self, extraction: Extraction, cited: Mapping[int, str | None], named: Mapping[int, str | None]
    ) -> None:
        self._citations = extraction.citations
        self._target: dict[_Mention, str | None] = {(False, n): d for n, d in cited.items()}
        self._target |= {(True, n): d for n, d in named.items()}
        self._mentions: dict[_Mention, Citation | Work] = {(False, n): c for n, c in enumerate(extraction.citations)}
        self._mentions |= {(True, n): w for n, w in enumerate(extraction.works)}
        self._of: dict[str, list[_Mention]] = {}  # document -> its mentions
        for mention, item in self._mentions.items():
            if item.document:
                self._of.setdefault(item.document, []).append(mention)
        self._moved = {
            d for d, of in self._of.items() if any(n in self._target and self._target[n] != d for n in of)
        }  # fmt: skip
        self._titled = {work.document for work in extraction.works}

    def relation(self, relation: Relation) -> Relation | None:
        """Return a relation with its ends where they belong now, None when one leads nowhere."""
        if not {relation.source, relation.target} & self._moved:
            return relation
        cue = (relation.start, relation.end)
        source = self._end(relation.source, [
            (False, item.holder) for item in self._mentions.values()
            if item.cue == cue and item.document == relation.target and item.holder is not None
        ])  # fmt: skip
        target = self._end(relation.target, [
            n for n in self._of.get(relation.target, ()) if self._mentions[n].cue == cue
        ])  # fmt: skip
        if source is None or target is None or source == target:  # "Quyết định … phê duyệt Đề án": one paper now
            return None
        return replace(relation, source=source, target=target)

    def via(self, document: str | None, holder: int | None) -> str | None:
        """Return the document through which something was named; one that leads nowhere stays: it was not direct."""
        if holder is not None and (False, holder) in self._target and document == self._citations[holder].document:
            return self._target[False, holder] or document
        if document in self._titled and document in self._moved:
            return self._end(document, []) or document
        return document

    def pointed(self, target: str) -> str:
        """Return where a pointer leads, "" for nowhere."""
        return self._end(target, []) or ""

    def _end(self, end: str, mentions: list[_Mention]) -> str | None:
        if end not in self._moved:
            return end
        of = self._of[end]
        where = {self._target.get(n, end) for n in ([n for n in mentions if n in of] or of)}
        return where.pop() if len(where) == 1 else end


_Mention = tuple[bool, int]
