"""The citation graph: a networkx MultiDiGraph over the rows of the base.

Nodes are documents (ids of ``van_ban``) and units (ids of ``muc``: tasks, groups, assignments).
Edges run from the citing side to the cited side and carry the claim with its proof.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from extract.model import ACTING_UNITS
from graph.ranks import TASK
from graph.words import PLANNED, REFERENCE_KINDS, STATED, UNIT_KINDS

Row = Mapping[str, Any]

PART_OF = "is_part_of"
"""Edge from a task to its plan; not a citation, and never followed by a trace."""

_TABLES = ("van_ban", "muc", "quan_he", "dan_chieu", "loai_quan_he")
NODE_UNITS = frozenset(UNIT_KINDS[kind] for kind in ACTING_UNITS)
"""Kinds of units (as the base calls them) that are nodes."""

UNITS_IN_SQL = "(" + ", ".join(f"'{kind}'" for kind in sorted(NODE_UNITS)) + ")"
_KINDS = {words: kind for kind, words in UNIT_KINDS.items()}
SOFT = REFERENCE_KINDS["vague"]


@dataclass(frozen=True, slots=True)
class Edge:
    """One claim: ``source`` stands in ``relation`` to ``target``; sentence and place prove it.

    ``status`` is "đã nêu", "dự kiến" or "suy ra"; ``stated_in`` the document that holds the sentence, ``unit`` the
    code of the unit of it where the sentence stands, "" for none.
    """

    source: str
    target: str
    relation: str
    status: str
    sentence: str
    place: str
    stated_in: str
    rule: str = ""
    confidence: float = 1.0
    id: str = ""
    unit: str = ""


def build_graph(tables: Mapping[str, Iterable[Row]]) -> nx.MultiDiGraph:
    """Return the graph of the given rows.

    Node attributes: kind ("document", "work", "task", "group", "assignment"), label (short), title,
    rank (lane number), plan (of units), code (of units), form, status, issuer, date, in_corpus, soft
    (vague pointers of a task: (words, sentence, place)). Edge attributes: the fields of :class:`Edge`
    under ``edge``, and relation, status, sentence, place beside it.
    """
    graph = nx.MultiDiGraph()
    graph.graph["relations"] = relations_of(tables["loai_quan_he"])
    for row in tables["van_ban"]:
        graph.add_node(row["id"], **document_node(row))
    for row in tables["muc"]:
        if row["loai"] in NODE_UNITS:
            graph.add_node(row["id"], **unit_node(row))
    for row in tables["quan_he"]:
        edge = edge_of(row)
        if edge.source in graph and edge.target in graph:
            _add(graph, edge)
    for row in tables["dan_chieu"]:
        if row["muc"] in graph:
            graph.nodes[row["muc"]]["soft"] += soft_of(row)
    for unit, data in list(graph.nodes(data=True)):
        if data["kind"] in ("task", "assignment"):
            _add(graph, part_of(unit, data))
    return graph


def relations_of(rows: Iterable[Row]) -> dict[str, Row]:
    """Return the relation types by id."""
    return {row["id"]: row for row in rows}


def document_node(row: Row) -> dict[str, Any]:
    """Return the attributes of the node that a row of ``van_ban`` is."""
    return {
        "kind": "work" if row["hinh_thuc"] == "nêu tên" else "document", "label": row["nhan"],
        "title": row["trich_yeu"], "rank": row["cap"], "form": row["hinh_thuc"], "status": row["trang_thai"],
        "number": row["so_ky_hieu"], "printed": row["so_ky_hieu_in"], "type": row["loai"],
        "issuer": row["co_quan_ban_hanh"], "date": row["ngay_ban_hanh"], "family": row["ho"],
        "in_corpus": bool(row["trong_kho"]), "key": row["so_tim"],
    }  # fmt: skip


def unit_node(row: Row) -> dict[str, Any]:
    """Return the attributes of the node that a row of ``muc`` is, without what :func:`soft_of` adds."""
    return {
        "kind": _KINDS[row["loai"]], "label": row["ma"], "title": row["noi_dung"], "rank": TASK.number,
        "plan": row["van_ban"], "code": row["ma"], "lead": row["chu_tri"], "due": row["thoi_han"],
        "place": row["vi_tri"], "parent": row["cha"], "soft": (),
    }  # fmt: skip


def edge_of(row: Row) -> Edge:
    """Return the claim that a row of ``quan_he`` is."""
    return Edge(
        source=row["nguon_van_ban"] or row["nguon_muc"], target=row["dich"], relation=row["loai"],
        status=row["trang_thai"], sentence=row["cau"], place=row["vi_tri"], stated_in=row["neu_tai"],
        rule=row["quy_tac"], confidence=row["do_tin_cay"], id=row["id"], unit=(row.get("muc") or "").partition("#")[2],
    )  # fmt: skip


def part_of(unit: str, data: Mapping[str, Any]) -> Edge:
    """Return the edge from a task or assignment to its plan."""
    return Edge(unit, data["plan"], PART_OF, STATED, "", data["place"], data["plan"])


def soft_of(row: Row) -> tuple[tuple[str, str, str], ...]:
    """Return (words, sentence, place) of a row of ``dan_chieu`` that does not say which document it means, else ()."""
    return ((row["nguyen_van"], row["cau"], row["vi_tri"]),) if row["loai"] == SOFT else ()


def _add(graph: nx.MultiDiGraph, edge: Edge) -> None:
    graph.add_edge(
        edge.source, edge.target, relation=edge.relation, status=edge.status, sentence=edge.sentence,
        place=edge.place, edge=edge,
    )  # fmt: skip


def load_graph(database: sqlite3.Connection) -> nx.MultiDiGraph:
    """Return the graph of a base made by :mod:`graph.store`."""
    return build_graph({table: _rows(database, table) for table in _TABLES})


class Parts:
    """The graphs of single texts, out of a base that is being written: one is in memory at a time."""

    def __init__(self, database: sqlite3.Connection, steps: int) -> None:
        """Prepare for parts that reach ``steps`` steps beyond the documents of a text; all claims must be there."""
        self._database, self._steps = database, steps
        # A claim about a law that a thousand texts repeat is one way up, by the first text that makes it.
        database.execute(
            "CREATE TEMP TABLE duong AS SELECT min(rowid) AS dong, nguon_van_ban AS tu, dich AS den FROM main.quan_he"
            " WHERE nguon_van_ban IS NOT NULL GROUP BY nguon_van_ban, dich, loai, trang_thai"
        )
        database.execute("CREATE INDEX temp.duong_tu ON duong (tu)")

    def part(self, plan: str) -> nx.MultiDiGraph:
        """Return the graph of what the text ``plan`` says, and of the documents that it leads to.

        What :mod:`graph.basis` asks of the units of ``plan`` has the same answer here as in the whole graph.
        """
        own = "nguon_van_ban = ? OR (neu_tai = ? AND nguon_van_ban IS NULL)"
        ring = {plan, *self._column(f"SELECT dich FROM quan_he WHERE {own}", plan, plan)}
        reached = set(ring)
        among = "(SELECT value FROM json_each(?))"
        for _ in range(self._steps):
            ring = self._column(f"SELECT den FROM temp.duong WHERE tu IN {among}", json.dumps(list(ring))) - reached
            reached |= ring
        documents = json.dumps(list(reached))
        claims = f"WHERE {own} OR rowid IN (SELECT dong FROM temp.duong WHERE tu IN {among})"
        return build_graph({
            "loai_quan_he": _rows(self._database, "loai_quan_he"),
            "van_ban": _rows(self._database, "van_ban", f"WHERE id IN {among}", documents),
            "muc": _rows(self._database, "muc", f"WHERE van_ban = ? AND loai IN {UNITS_IN_SQL}", plan),
            "quan_he": _rows(self._database, "quan_he", claims, plan, plan, documents),
            "dan_chieu": _rows(self._database, "dan_chieu", "WHERE van_ban_nguon = ?", plan),
        })  # fmt: skip

    def _column(self, sql: str, *values: str) -> set[str]:
        return {row[0] for row in self._database.execute(sql, values)}


def _rows(database: sqlite3.Connection, table: str, where: str = "", *values: str) -> Iterator[dict[str, Any]]:
    cursor = database.execute(f"SELECT * FROM {table} {where} ORDER BY rowid", values)
    names = [c[0] for c in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


def edges_from(graph: nx.MultiDiGraph, node: str) -> list[Edge]:
    """Return the citation edges that leave ``node``, in text order (part-of edges left out)."""
    return [d["edge"] for _, _, d in graph.out_edges(node, data=True) if d["relation"] != PART_OF]


def edges_to(graph: nx.MultiDiGraph, node: str) -> list[Edge]:
    """Return the citation edges that reach ``node``, in text order (part-of edges left out)."""
    if read := getattr(graph, "claims_to", None):  # a lazy graph need not read the tasks of a plan for this
        return list(read(node))
    return [d["edge"] for _, _, d in graph.in_edges(node, data=True) if d["relation"] != PART_OF]


def reading(graph: nx.MultiDiGraph, edge: Edge, *, reverse: bool = False) -> str:
    """Return the edge as words between its ends: "triển khai thực hiện", reversed "được triển khai bởi"."""
    row = graph.graph["relations"].get(edge.relation)
    words = (row["doc_nguoc"] if reverse else row["doc_xuoi"]) if row else edge.relation
    return f"{PLANNED} {words}" if edge.status == PLANNED and not reverse else str(words)
