"""The JSON of ``cancu extract``: format "cancu/1"."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from extract.model import Citation, Document, Extraction, Header, Place, Reference, Relation, Unit, Work

FORMAT = "cancu/1"


def to_json(extraction: Extraction) -> dict[str, Any]:
    """Return the extraction as plain values: strings never None, empty lists for nothing."""
    return {
        "format": FORMAT,
        "document": _header(extraction),
        "text": extraction.source.text,
        "units": [_unit(u) for u in extraction.units],
        "citations": [_citation(c) for c in extraction.citations],
        "works": [_work(w) for w in extraction.works],
        "references": [_reference(r) for r in extraction.references],
        "documents": [_document(d) for d in extraction.documents],
        "relations": [_relation(r) for r in extraction.relations],
        "refusals": [asdict(r) for r in extraction.refusals],
        "findings": [],
    }


def _place(place: Place) -> dict[str, int | bool | None]:
    return place._asdict()


def _header(extraction: Extraction) -> dict[str, Any]:
    h: Header = extraction.header
    return {
        "type": h.type, "number": h.number, "symbol": h.symbol, "date": h.date, "issuer": h.issuer, "place": h.place,
        "title": h.title, "path": extraction.source.path, "sha256": extraction.source.sha256,
        "inferred": list(h.inferred), "province": h.province,
        "parent_issuer": h.parent, "signer_role": h.signer_role, "recipients": list(h.recipients),
    }  # fmt: skip


def _unit(u: Unit) -> dict[str, Any]:
    return {
        "id": u.id, "uid": u.uid, "kind": u.kind, "parent": u.parent, "marker": u.marker, "start": u.start,
        "end": u.end, "text": u.text, "lead": list(u.lead), "with": list(u.cooperating), "due": u.due,
        "product": u.product, "in_table": u.in_table, "place": _place(u.place),
    }  # fmt: skip


def _citation(c: Citation) -> dict[str, Any]:
    m = c.mention
    return {
        "id": c.id, "start": m.start, "end": m.end, "text": c.text, "type": m.type, "number": m.number, "name": m.name,
        "date": m.date, "issuer": m.issuer, "pinpoint": list(m.pinpoint), "relation": c.relation,
        "relation_detail": c.relation_detail, "from": c.holder,
        "also": [{"relation": k.relation, "from": k.holder} for k in c.also],
        "self": m.self, "unit": c.unit, "document": c.document, "status": c.status, "candidates": list(c.candidates),
        "confidence": m.confidence, "place": _place(c.place), "form": m.form, "title": c.title, "rule": c.rule,
        "via": c.via, "cue": list(c.cue) if c.cue else [],
    }  # fmt: skip


def _work(w: Work) -> dict[str, Any]:
    return {
        "id": w.id, "start": w.start, "end": w.end, "text": w.text, "type": w.type, "name": w.name,
        "relation": w.relation, "link": w.link, "from": w.holder, "unit": w.unit, "document": w.document, "via": w.via,
        "place": _place(w.place),
    }  # fmt: skip


def _reference(r: Reference) -> dict[str, Any]:
    return {"start": r.start, "end": r.end, "text": r.text, "kind": r.kind, "target": r.target, "unit": r.unit}


def _document(d: Document) -> dict[str, Any]:
    return {
        "id": d.id, "key": d.key, "type": d.type, "number": d.number, "name": d.name, "date": d.date,
        "issuer": d.issuer, "title": d.title, "inferred": list(d.inferred), "in_corpus": d.in_corpus, "form": d.form,
        "family": d.family, "printed": list(d.printed), "urn": d.urn,
    }  # fmt: skip


def _relation(r: Relation) -> dict[str, Any]:
    return {
        "source": r.source, "relation": r.relation, "target": r.target, "start": r.start, "end": r.end, "unit": r.unit,
        "status": r.status, "cue": r.cue, "sentence": r.sentence, "rule": r.rule, "confidence": r.confidence,
    }  # fmt: skip
