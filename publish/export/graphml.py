"""The graph as GraphML, for Gephi, yEd, Cytoscape or networkx."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import networkx as nx

from graph.citation_graph import PART_OF, Edge, reading
from graph.words import UNIT_KINDS
from publish.export.clean import clean
from publish.export.stamp import Stamp

_KINDS = {"document": "Văn bản", "work": "Chương trình, đề án nêu tên", **UNIT_KINDS}
_PART_OF_WORDS = ("thuộc", "gồm")

Attributes = dict[str, str | int | float]


def write_graphml(graph: nx.MultiDiGraph, stamp: Stamp) -> bytes:
    """Return the whole graph as GraphML.

    Attributes bear the column names of the base (``trich_yeu``, ``so_ky_hieu`` …); ``label`` is the name that drawing
    programs show. An edge's id is that of its row in ``quan_he``. The stamp stands on the graph itself.
    """
    copy = plain_graph(graph)
    cells = [(n, *sorted(d.items())) for n, d in copy.nodes(data=True)]
    cells += [(u, v, k, *sorted(d.items())) for u, v, k, d in copy.edges(keys=True, data=True)]
    copy.graph.update({name: clean(value) for name, _, value in stamp.sealed(cells).facts()})
    stream = BytesIO()
    nx.write_graphml(copy, stream, encoding="utf-8", named_key_ids=False)
    return stream.getvalue()


def plain_graph(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Return the graph with nothing but clean text and numbers, as GraphML needs it; None is left out."""
    copy = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        copy.add_node(clean(node), **_plain(_node(data)))
    for source, target, data in graph.edges(data=True):
        edge: Edge = data["edge"]
        key = clean(edge.id or f"{source}#{PART_OF}")
        copy.add_edge(clean(source), clean(target), key=key, **_plain(_edge(graph, edge)))
    return copy


def _node(data: dict[str, Any]) -> dict[str, Any]:
    common = {"label": data["label"], "loai_nut": _KINDS[data["kind"]], "cap": data["rank"]}
    if "plan" in data:
        soft = "; ".join(words for words, _, _ in data["soft"])
        return {
            **common, "noi_dung": data["title"], "ma": data["code"], "ke_hoach": data["plan"], "chu_tri": data["lead"],
            "thoi_han": data["due"], "vi_tri": data["place"], "can_cu_chua_ro": soft,
        }  # fmt: skip
    return {
        **common, "trich_yeu": data["title"], "loai": data["type"], "so_ky_hieu": data["number"],
        "so_ky_hieu_in": data["printed"], "ngay_ban_hanh": data["date"], "co_quan_ban_hanh": data["issuer"],
        "ho": data["family"], "hinh_thuc": data["form"], "trang_thai": data["status"],
        "trong_kho": int(data["in_corpus"]),
    }  # fmt: skip


def _edge(graph: nx.MultiDiGraph, edge: Edge) -> dict[str, Any]:
    row = graph.graph["relations"].get(edge.relation, {})
    if edge.relation == PART_OF:
        forward, back = _PART_OF_WORDS
        return {"label": forward, "doc_nguoc": back, "quan_he": PART_OF, "eli": f"eli:{PART_OF}", "vi_tri": edge.place}
    return {
        "label": reading(graph, edge), "doc_nguoc": reading(graph, edge, reverse=True), "quan_he": edge.relation,
        "eli": row.get("eli", ""), "trang_thai": edge.status, "cau": edge.sentence, "vi_tri": edge.place,
        "neu_tai": edge.stated_in, "quy_tac": edge.rule, "do_tin_cay": float(edge.confidence),
    }  # fmt: skip


def _plain(attributes: dict[str, Any]) -> Attributes:
    return {k: clean(v) if isinstance(v, str) else v for k, v in attributes.items() if v is not None}
