"""The graph as JSON-LD with the property names of ELI (European Legislation Identifier), readable without a network.

ELI says that one act amends another, not which sentence proves it or how sure that is. So every edge is a claim of
our own vocabulary (``cancu:Claim``), and only what a text states of a document that is identified for certain is
*also* an ELI triple. An announced or inferred act, or one that touches an unresolved document, is a claim alone.
``eli:implements`` is deprecated since ELI 1.1 and never written; the relation table says
``eli:ensures_implementation_of``.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any
from urllib.parse import quote

import networkx as nx

from extract.text import plain
from graph.citation_graph import PART_OF, Edge, reading
from graph.words import RELATION_STATUS, RESOLUTION
from publish.export.clean import clean
from publish.export.errors import ExportError
from publish.export.stamp import Stamp

BASE = "urn:cancu:"
CONTEXT: dict[str, Any] = {
    "eli": "http://data.europa.eu/eli/ontology#",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "cancu": "urn:cancu:vocab:",
}
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`#]*$")
_CODES = {words: code for code, words in RELATION_STATUS.items()}
_RESOLVED = RESOLUTION["resolved"]

Node = dict[str, Any]


def write_jsonld(graph: nx.MultiDiGraph, stamp: Stamp, base: str = BASE) -> bytes:
    """Return the whole graph as JSON-LD (UTF-8), all ids under ``base``.

    Raises:
        ExportError: ``base`` is not the beginning of an absolute IRI.
    """
    if not _ABSOLUTE.match(base):
        raise ExportError(f"“{base}” không phải là phần đầu của một địa chỉ định danh (ví dụ “{BASE}”).")
    writer = _Writer(graph, base)
    nodes = writer.nodes()
    stamp = stamp.sealed((json.dumps(node, sort_keys=True),) for node in nodes)
    document = {"@context": CONTEXT, "@graph": [_dataset(stamp, base), *nodes]}
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8")


def _dataset(stamp: Stamp, base: str) -> Node:
    return {
        "@id": f"{base}trich-xuat",
        "@type": "cancu:Export",
        "dcterms:title": _vi("Đồ thị căn cứ"),
        "dcterms:created": _moment(stamp.built),
        "cancu:asOf": {"@value": stamp.as_of, "@type": "xsd:date"},
        "cancu:asOfText": _vi(stamp.lines()[0]),
        "cancu:program": stamp.version_words,
        "cancu:dataCode": stamp.data_code,
        "cancu:checkCode": stamp.check,
        "dcterms:source": [
            {
                "@id": f"{base}tep:{_encode(source.sha256)}", "cancu:holds": {"@id": base + _encode(source.document)},
                "dcterms:title": _vi(source.label), "cancu:fileName": clean(source.path), "cancu:sha256": source.sha256,
            }
            for source in stamp.sources
        ],
    }  # fmt: skip


class _Writer:
    def __init__(self, graph: nx.MultiDiGraph, base: str) -> None:
        self._graph = graph
        self._base = base
        self._named: dict[str, Node] = {}  # issuers and types, each once

    def nodes(self) -> list[Node]:
        """All documents, tasks, issuers, types and claims."""
        resources = [self._resource(node, data) for node, data in self._graph.nodes(data=True)]
        edges = [d["edge"] for _, _, d in self._graph.edges(data=True)]
        claims = [self._claim(edge) for edge in edges if edge.relation != PART_OF]
        return [*resources, *self._named.values(), *claims]

    def _resource(self, node: str, data: dict[str, Any]) -> Node:
        written = self._unit(data) if "plan" in data else self._document(node, data)
        for edge in (d["edge"] for _, _, d in self._graph.out_edges(node, data=True)):
            name = self._eli(edge)
            if name:
                targets = written.setdefault(name, [])
                if self._id(edge.target) not in targets:
                    targets.append(self._id(edge.target))
        return {**self._id(node), **{k: v for k, v in written.items() if v not in ("", [], None)}}

    def _known(self, node: str) -> bool:
        """A document whose text lies in the corpus is known for sure, also while its number is still blank."""
        data = self._graph.nodes[node]
        return bool(data.get("in_corpus")) or data.get("status", _RESOLVED) == _RESOLVED

    def _eli(self, edge: Edge) -> str:
        """Return the ELI property that states this edge outright, "" when it may only be a claim."""
        if edge.relation == PART_OF:
            return ""  # written with the unit itself, so that groups have it too
        sure = all(self._known(node) for node in (edge.source, edge.target))
        if edge.status != RELATION_STATUS["stated"] or not sure or edge.confidence < 1:
            return ""
        return str(self._graph.graph["relations"].get(edge.relation, {}).get("eli", ""))

    def _document(self, node: str, data: dict[str, Any]) -> Node:
        return {
            "@type": "eli:LegalResource",
            "dcterms:title": _vi(data["label"]),
            "eli:id_local": clean(node),
            "eli:number": clean(data["number"]),
            "eli:type_document": self._name("loai", "eli:ResourceType", data["type"]),
            "eli:date_document": _date(data["date"]),
            "eli:passed_by": [self._name("co-quan", "dcterms:Agent", who) for who in data["issuer"].split("; ") if who],
            "eli:is_realized_by": {  # ELI gives titles to the wording (expression), not to the abstract act
                "@id": f"{self._base}{_encode(node)}/vi", "@type": "eli:LegalExpression",
                "eli:title": _vi(data["title"] or data["label"]),
            },
            "cancu:printedNumber": [clean(n) for n in data["printed"].split("; ") if n and n != data["number"]],
            "cancu:form": _vi(data["form"]),
            "cancu:identification": _vi(data["status"]),
            "cancu:fullTextHeld": bool(data["in_corpus"]),
        }  # fmt: skip

    def _unit(self, data: dict[str, Any]) -> Node:
        return {
            "@type": "eli:LegalResourceSubdivision",
            "eli:id_local": clean(data["code"]),
            "eli:is_part_of": self._id(data["plan"]),
            "dcterms:title": _vi(data["code"]),
            "dcterms:description": _vi(data["title"]),
            "cancu:kind": data["kind"],
            "cancu:lead": _vi(data["lead"]) if data["lead"] else "",
            "cancu:due": _vi(data["due"]) if data["due"] else "",
            "cancu:place": _vi(data["place"]) if data["place"] else "",
            "cancu:vagueBasis": [
                {"cancu:words": _vi(words), "cancu:sentence": _vi(sentence), "cancu:place": _vi(place)}
                for words, sentence, place in data["soft"]
            ],
        }

    def _claim(self, edge: Edge) -> Node:
        row = self._graph.graph["relations"].get(edge.relation, {})
        return {
            **self._id(edge.id),
            "@type": "cancu:Claim",
            "cancu:source": self._id(edge.source),
            "cancu:relation": edge.relation,
            "cancu:reading": _vi(reading(self._graph, edge)),
            "cancu:eliProperty": {"@id": row["eli"]} if row.get("eli") else [],
            "cancu:target": self._id(edge.target),
            "cancu:status": _CODES.get(edge.status, edge.status),
            "cancu:statusText": _vi(edge.status),
            "cancu:sentence": _vi(edge.sentence),
            "cancu:place": _vi(edge.place),
            "cancu:statedIn": self._id(edge.stated_in),
            "cancu:rule": clean(edge.rule),
            "cancu:confidence": {"@value": f"{edge.confidence:g}", "@type": "xsd:decimal"},
        }

    def _id(self, node: str) -> Node:
        return {"@id": self._base + _encode(node)}

    def _name(self, kind: str, type_: str, name: str) -> Node | str:
        """Return a reference to an issuer or a document type; ELI wants a thing there, not a word."""
        if not name:
            return ""
        identity = f"{self._base}{kind}:{plain(name).replace(' ', '-')}"
        self._named.setdefault(identity, {"@id": identity, "@type": type_, "dcterms:title": _vi(name)})
        return {"@id": identity}


def _vi(text: str) -> Node:
    return {"@value": clean(text), "@language": "vi"}


def _date(iso: str) -> Node | str:
    """Return a typed date; "2024-01" and "2024" are months and years, and a day that does not exist is plain text."""
    type_, rest = {4: ("xsd:gYear", "-01-01"), 7: ("xsd:gYearMonth", "-01")}.get(len(iso), ("xsd:date", ""))
    try:
        date.fromisoformat(iso + rest)
    except ValueError:
        return clean(iso)
    return {"@value": iso, "@type": type_}


def _moment(iso: str) -> Node | str:
    """Return the build date, with its time when the base knows it (to the minute)."""
    return {"@value": f"{iso}:00", "@type": "xsd:dateTime"} if "T" in iso else _date(iso)


def _encode(identity: str) -> str:
    """Return an id of the base as the end of an IRI; ``#`` stays the mark between a plan and its part."""
    return quote(clean(identity), safe="#-._~")
