"""The citation graph of a base, read from it as far as it is asked: no page ever holds the whole of it.

A :class:`LazyGraph` is a networkx graph whose dictionaries of nodes and neighbours are queries, the way networkx lets
subclasses bring their own (``node_dict_factory`` and its like). It has the nodes, edges and order of
:func:`graph.citation_graph.load_graph`, and what was read once stays for as long as the object lives: one request.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import networkx as nx

from graph.basis import INHERITED
from graph.citation_graph import (
    UNITS_IN_SQL,
    Edge,
    document_node,
    edge_of,
    part_of,
    relations_of,
    soft_of,
    unit_node,
)

MOST_EDGES = 5000
"""A law that the whole corpus cites has no page with all its citations: so many claims about one document are read."""
_SAME = 200
"""A claim that more texts than this repeat is one way up, by the first text that makes it."""

_DOCUMENT = (
    "id, nhan, loai, so_ky_hieu, so_ky_hieu_in, trich_yeu, ngay_ban_hanh, co_quan_ban_hanh, ho, hinh_thuc, cap,"
    " trang_thai, trong_kho, so_tim"
)
"""What :func:`graph.citation_graph.document_node` takes."""


class LazyGraph(nx.MultiDiGraph):  # type: ignore[misc]
    """The graph of the base on ``connection``; to be read, never to be changed.

    ``cut`` are the documents of which not all claims were read.
    """

    def __init__(self, connection: sqlite3.Connection, most: int | None = None) -> None:
        """Prepare to read at most ``most`` claims about one document; nothing but the relation types is read yet."""
        super().__init__()
        self.connection = connection
        self._most = MOST_EDGES if most is None else most
        self.cut: set[str] = set()
        self._claims: dict[str, list[Edge]] = {}
        self.graph["relations"] = relations_of(_dictionaries(connection, "SELECT * FROM loai_quan_he"))
        self._node = _Table(self._read_node, self._all_nodes)
        self._adj = _Table(self._read_out, self._all_nodes)
        self._pred = _Table(self._read_in, self._all_nodes)

    def rows(self, sql: str, *values: object) -> Iterator[dict[str, Any]]:
        """Yield the rows of a query as dictionaries."""
        return _dictionaries(self.connection, sql, *values)

    def has_table(self, name: str) -> bool:
        """Tell whether the base has a table: those of older programs lack some."""
        return next(self.rows("SELECT 1 FROM sqlite_master WHERE name = ?", name), None) is not None

    def subgraph(self, nodes: Iterable[str]) -> nx.MultiDiGraph:
        """Return the part that ``nodes`` span, as a graph of its own."""
        part = nx.MultiDiGraph(**self.graph)
        part.add_nodes_from((node, self._node[node]) for node in sorted(set(nodes)) if node in self._node)
        for source in list(part):
            for target, between in self._adj[source].items():
                if target in part:
                    part.add_edges_from((source, target, data) for data in between.values())
        return part

    def _all_nodes(self) -> Iterator[str]:
        yield from (row[0] for row in self.connection.execute("SELECT id FROM van_ban ORDER BY rowid"))
        units = f"SELECT id FROM muc WHERE loai IN {UNITS_IN_SQL} ORDER BY rowid"
        yield from (row[0] for row in self.connection.execute(units))

    def _read_node(self, node: str) -> dict[str, Any] | None:
        if "#" not in node:
            row = next(self.rows(f"SELECT {_DOCUMENT} FROM van_ban WHERE id = ?", node), None)
            return None if row is None else document_node(row)
        row = next(self.rows(f"SELECT * FROM muc WHERE id = ? AND loai IN {UNITS_IN_SQL}", node), None)
        if row is None:
            return None
        data = unit_node(row)
        for pointer in self.rows("SELECT * FROM dan_chieu WHERE muc = ? ORDER BY rowid", node):
            data["soft"] += soft_of(pointer)
        return data

    def _read_out(self, node: str) -> dict[str, Any] | None:
        data = self._node.get(node)
        if data is None:
            return None
        column = "nguon_muc" if "#" in node else "nguon_van_ban"
        claims = f"SELECT * FROM quan_he WHERE {column} = ?"
        found = list(self.rows(f"{claims} ORDER BY rowid LIMIT ?", node, _SAME + 1))
        if len(found) > _SAME:  # what a document says of itself a thousand texts repeat: each claim once
            once = f"SELECT min(rowid) FROM quan_he WHERE {column} = ? GROUP BY dich, loai, trang_thai"
            few = f"SELECT * FROM quan_he WHERE rowid IN ({once}) ORDER BY rowid LIMIT ?"
            found = list(self.rows(few, node, self._most + 1))
        edges = self._known(node, found)
        if data["kind"] in ("task", "assignment"):
            edges.append(part_of(node, data))
        return _neighbours(edges, lambda edge: edge.target)

    def _read_in(self, node: str) -> dict[str, Any] | None:
        data = self._node.get(node)
        if data is None:
            return None
        edges: list[Edge] = []
        if "#" not in node:
            edges = list(self.claims_to(node))
            if data["in_corpus"]:
                units = self.rows(
                    f"SELECT * FROM muc WHERE van_ban = ? AND loai IN {UNITS_IN_SQL} ORDER BY rowid", node
                )
                made = ((row["id"], unit_node(row)) for row in units)
                edges += [part_of(unit, about) for unit, about in made if about["kind"] in ("task", "assignment")]
        return _neighbours(edges, lambda edge: edge.source)

    def claims_to(self, node: str) -> list[Edge]:
        """Return what is said of a document, as much as is read of one, those of one source together."""
        if node not in self._claims:
            claims = "SELECT * FROM quan_he WHERE dich = ? ORDER BY rowid LIMIT ?"
            found = [] if "#" in node else list(self.rows(claims, node, self._most + 1))
            self._claims[node] = self._by_source(self._known(node, found))
        return self._claims[node]

    def claims_of(self, document: str, relation: str) -> list[Edge]:
        """Return what is said of ``document`` with one relation, as :meth:`claims_to` does; ``cut`` is not changed."""
        claims = "SELECT * FROM quan_he WHERE dich = ? AND loai = ? ORDER BY rowid LIMIT ?"
        edges = [edge_of(row) for row in self.rows(claims, document, relation, self._most)]
        self.read({edge.source for edge in edges})
        return self._by_source([edge for edge in edges if edge.source in self._node])

    def heirs(self, plans: Iterable[str], most: int) -> list[str]:
        """Return the tasks of ``plans``, in this order, that have no basis but that of their plan; ``most`` of them."""
        found = self.rows(
            "SELECT n.id FROM json_each(?) plan CROSS JOIN nhiem_vu n ON n.van_ban = plan.value WHERE n.do_manh = ?"
            " ORDER BY plan.key, n.thu_tu LIMIT ?",
            json.dumps(list(plans)), INHERITED, most,
        )  # fmt: skip
        heirs = [row["id"] for row in found]
        self.read(heirs)
        return heirs

    @staticmethod
    def _by_source(edges: list[Edge]) -> list[Edge]:
        together: dict[str, list[Edge]] = {}
        for edge in edges:
            together.setdefault(edge.source, []).append(edge)
        return [edge for same in together.values() for edge in same]

    def _known(self, node: str, rows: list[dict[str, Any]]) -> list[Edge]:
        """Return the claims whose ends both are nodes, as many as are read of one node."""
        edges = [edge_of(row) for row in rows]
        if len(edges) > self._most:
            self.cut.add(node)
            edges = edges[: self._most]
        self.read({end for edge in edges for end in (edge.source, edge.target)})
        return [edge for edge in edges if edge.source in self._node and edge.target in self._node]

    def read(self, nodes: Iterable[str]) -> None:
        """Read many nodes at once, which takes a fraction of reading each when it is asked for."""
        new = [node for node in nodes if node and node not in self._node.known]
        if len(new) < 2:
            return
        among = "IN (SELECT value FROM json_each(?))"
        documents, units = [n for n in new if "#" not in n], [n for n in new if "#" in n]
        found: dict[str, dict[str, Any]] = {}
        if documents:
            rows = self.rows(f"SELECT {_DOCUMENT} FROM van_ban WHERE id {among}", json.dumps(documents))
            found |= {row["id"]: document_node(row) for row in rows}
        if units:
            rows = self.rows(f"SELECT * FROM muc WHERE id {among} AND loai IN {UNITS_IN_SQL}", json.dumps(units))
            found |= {row["id"]: unit_node(row) for row in rows}
            for row in self.rows(f"SELECT * FROM dan_chieu WHERE muc {among} ORDER BY muc, rowid", json.dumps(units)):
                if row["muc"] in found:
                    found[row["muc"]]["soft"] += soft_of(row)
        self._node.known |= {node: found.get(node) for node in new}


class _Table(Mapping[str, Any]):
    """A dictionary whose values are read when they are asked for; ``read`` returns None for what there is not."""

    def __init__(self, read: Callable[[str], dict[str, Any] | None], keys: Callable[[], Iterator[str]]) -> None:
        self._read, self._keys = read, keys
        self.known: dict[str, dict[str, Any] | None] = {}

    def __getitem__(self, key: str) -> dict[str, Any]:
        if key not in self.known:
            self.known[key] = self._read(key) if isinstance(key, str) else None
        value = self.known[key]
        if value is None:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        return self._keys()

    def __len__(self) -> int:
        return sum(1 for _ in self._keys())


def _neighbours(edges: list[Edge], end: Callable[[Edge], str]) -> dict[str, Any]:
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for edge in edges:
        between = found.setdefault(end(edge), {})
        between[len(between)] = {
            "relation": edge.relation, "status": edge.status, "sentence": edge.sentence, "place": edge.place,
            "edge": edge,
        }  # fmt: skip
    return found


def _dictionaries(connection: sqlite3.Connection, sql: str, *values: object) -> Iterator[dict[str, Any]]:
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))
