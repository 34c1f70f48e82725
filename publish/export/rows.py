"""Writes the lines of a :class:`~publish.export.sheet.ChainSheet`: one node of the graph, one claim, in words."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from graph.basis import TaskBasis, weigh_task
from graph.citation_graph import Edge
from graph.standing import OUT_OF_FORCE, Standing
from graph.words import PLANNED
from publish.export import phrases
from publish.export.details import Details
from publish.export.hops import Hop, Hops
from publish.export.sheet import ChainRow

Draft = tuple[str, list[ChainRow]]
"""A group before it is numbered: heading and rows."""

_SAME = "Như câu nguyên văn"


class RowWriter:
    """Turns hops into rows and remembers which documents were quoted. Rows leave with the serial number 0."""

    def __init__(self, graph: nx.MultiDiGraph, details: Details) -> None:
        """Write about the nodes of ``graph``, with the ``details`` of its base."""
        self._graph = graph
        self._details = details
        self.stated_in: set[str] = set()
        self.out_of_force: dict[str, Standing] = {}
        """Documents that nothing may rest on at the day, in the order of the rows."""

    @property
    def day(self) -> str:
        """The ISO day for which the rows tell validity, "" where they tell none."""
        return self._details.day

    def above(self, edge: Edge, ring: int) -> ChainRow:
        """Return the row of the edge's target: what the chain climbs to."""
        return self.document(edge.target, ring, phrases.relation_up(self._graph, edge), edge)

    def below(self, edge: Edge, ring: int) -> ChainRow:
        """Return the row of the edge's source: what comes down to the focus."""
        relation = phrases.relation_down(self._graph, edge)
        if phrases.is_unit(self._graph, edge.source):
            return self.task(edge.source, ring, relation, edge, weigh_task(self._graph, edge.source))
        return self.document(edge.source, ring, relation, edge)

    def document(self, node: str, ring: int, relation: str, edge: Edge | None) -> ChainRow:
        """Return the row of a document; without ``edge`` it is the focus, which needs no proof."""
        data = self._graph.nodes[node]
        if data["in_corpus"]:
            self.stated_in.add(node)
        return ChainRow(
            number=0, ring=ring, label=phrases.label(self._graph, node), symbol=phrases.symbol(data),
            printed=phrases.printed(data), title=phrases.title(data), date=data["date"],
            issuer=phrases.issuer(self._graph, node, self._details), relation=relation,
            sentence=edge.sentence if edge else "", file=self._file(edge.stated_in) if edge else "",
            place=edge.place if edge else "",
            status=phrases.status(self._graph, node, self._details, edge), validity=self._validity(node, edge),
        )  # fmt: skip

    def task(self, node: str, ring: int, relation: str, edge: Edge | None, basis: TaskBasis) -> ChainRow:
        """Return the row of a task; its date and issuer are those of its plan. Without ``edge`` nothing is claimed."""
        data = self._graph.nodes[node]
        plan = self._graph.nodes[data["plan"]]
        words = ["nhóm nhiệm vụ" if data["kind"] == "group" else f"căn cứ: {basis.strength}"]
        if edge is not None and edge.status == PLANNED:
            words.append("việc dự kiến, chưa ban hành")
        return ChainRow(
            number=0, ring=ring, label=phrases.label(self._graph, node, with_plan=ring > 0),
            symbol=phrases.symbol(plan), printed="",
            title=_SAME if edge and _alike(data["title"], edge.sentence) else data["title"], date=plan["date"],
            issuer=phrases.issuer(self._graph, data["plan"], self._details), relation=relation,
            sentence=edge.sentence if edge else "", file=self._file(edge.stated_in if edge else data["plan"]),
            place=edge.place if edge else data["place"], status="; ".join(words),
        )  # fmt: skip

    def heir(self, task: str, hop: Hop) -> ChainRow:
        """Return the row of a task that only inherits: its plan's row, further up, holds the proof."""
        relation = f"không nêu căn cứ riêng; kế hoạch {phrases.relation_down(self._graph, hop.edge)}"
        return self.task(task, hop.ring + 1, relation, None, weigh_task(self._graph, task))

    def soft(self, task: str) -> Iterator[ChainRow]:
        """Yield a row for every pointer of ``task`` that does not say which document it means."""
        data = self._graph.nodes[task]
        for words, sentence, place in data["soft"]:
            yield ChainRow(
                number=0, ring=1, label="Chưa nói rõ văn bản nào", symbol="", printed="", title="", date="", issuer="",
                relation=f"{phrases.mention(self._graph, task)} chỉ ghi “{words}”", sentence=sentence,
                file=self._file(data["plan"]), place=place,
                status=f"chưa xác định, cần bổ sung số, ký hiệu; {phrases.CHECK}",
            )  # fmt: skip

    def rings(self, side: Hops, first: str, further: str, title: str = "Vòng", *, down: bool = False) -> list[Draft]:
        """Return one group for every ring of bases; ``further`` names the ring before in its braces."""
        groups: dict[int, list[ChainRow]] = {}
        for hop in side.hops:
            if hop.way == "rests":
                row = self.below(hop.edge, hop.ring) if down else self.above(hop.edge, hop.ring)
                groups.setdefault(hop.ring, []).append(row)
        return [
            (f"{title} {ring}: {first if ring == 1 else further.format(ring - 1)}", rows)
            for ring, rows in groups.items()
        ]

    def _validity(self, node: str, edge: Edge | None) -> str:
        unit = edge.source if edge is not None and edge.target == node and "#" in edge.source else ""
        found = self._details.standing(node, unit)
        if found is not None and found.status in OUT_OF_FORCE and (edge is None or edge.target == node):
            self.out_of_force.setdefault(node, found)
        return found.sourced if found is not None else ""

    def _file(self, document: str) -> str:
        self.stated_in.add(document)
        return self._details.file(document)


def _alike(text: str, sentence: str) -> bool:
    return text.rstrip(" .;") == sentence.rstrip(" .;")
