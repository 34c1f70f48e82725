"""The door for spaCy users: ``nlp.add_pipe("cancu")`` writes the engine's citations into ``doc.spans``.

spaCy is imported here and nowhere else; the engine itself works on plain strings. Offsets are those of
``doc.text``: where a citation begins or ends inside a token the span is widened to whole tokens, and
the exact offsets stay in ``span._.cancu["start"]`` and ``["end"]``.
"""

from __future__ import annotations

from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.pipeline import extract_text
from extract.text import normalise

SPANS = "citations"
LABELS = {"number": "VAN_BAN", "name": "VAN_BAN_THEO_TEN", "standard": "TIEU_CHUAN", "work": "CHUONG_TRINH"}
COLOURS = {"VAN_BAN": "#cfe3ff", "VAN_BAN_THEO_TEN": "#e3d5ff", "TIEU_CHUAN": "#d6f0d6", "CHUONG_TRINH": "#ffe8b8"}
"""Colours for displaCy: ``displacy.render(doc, style="span", options={"spans_key": SPANS, "colors": COLOURS})``."""


def blank() -> Language:
    """Return a blank Vietnamese pipeline that splits on blanks, so that numbers stay whole (no pyvi needed)."""
    return spacy.blank("vi", config={"nlp": {"tokenizer": {"use_pyvi": False}}})


class CitationComponent:
    """A pipeline component that finds citations and works; see :func:`make_component`."""

    def __init__(self, name: str, works: bool) -> None:
        """``works``: also write programmes and schemes cited by name only."""
        self.name = name
        self.works = works
        if not Span.has_extension("cancu"):
            # A default that is a plain value survives DocBin; the fields live in doc.user_data.
            Span.set_extension("cancu", default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Write ``doc.spans["citations"]``; a text that is not NFC with LF line ends is left alone."""
        if normalise(doc.text) != doc.text:
            raise ValueError("doc.text must be NFC with LF line ends: pass extract.text.normalise(text) to nlp")
        facts = extract_text(doc.text)
        documents = {d.id: d for d in facts.documents}
        spans = [
            self._span(doc, c.mention.start, c.mention.end, LABELS[c.mention.form], {
                "type": c.mention.type, "number": c.mention.number, "name": c.mention.name, "date": c.mention.date,
                "issuer": c.mention.issuer, "pinpoint": c.mention.pinpoint, "relation": c.relation,
                "status": c.status, "self": c.mention.self,
                "document": documents[c.document].key if c.document else "",
            })
            for c in facts.citations
        ]  # fmt: skip
        if self.works:
            spans += [
                self._span(doc, w.start, w.end, LABELS["work"], {
                    "type": w.type, "name": w.name, "relation": w.relation, "document": documents[w.document].key,
                })
                for w in facts.works
            ]  # fmt: skip
        doc.spans[SPANS] = sorted(spans, key=lambda s: (s._.cancu["start"], s.end))
        return doc

    def _span(self, doc: Doc, start: int, end: int, label: str, fields: dict[str, Any]) -> Span:
        span = doc.char_span(start, end, label=label, alignment_mode="expand")
        assert span is not None  # widening to whole tokens always finds some
        span._.cancu = {"start": start, "end": end, "text": doc.text[start:end], **fields}
        return span


@Language.factory("cancu", default_config={"works": False})
def make_component(nlp: Language, name: str, works: bool) -> CitationComponent:
    """Return the component for ``nlp.add_pipe("cancu", config={"works": True})``."""
    return CitationComponent(name, works)
