"""How strong the basis of each task is, and what the chain above it reaches.

Strengths, strongest first: "trực tiếp" (a numbered document in the task's own text; Luật, Bộ luật,
Pháp lệnh and Hiến pháp count when named, since NĐ 30/2020/NĐ-CP PL I.II.6 lets them stand without
number), "nêu tên" (a document without number), "mềm" ("theo hướng dẫn của Bộ …"), "kế thừa" (only
the plan's own Căn cứ), "không có". What the task amends, replaces or repeals is its object.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx

from graph.citation_graph import Edge, edges_from
from graph.relations import ACTS_ON
from graph.words import PLANNED, RESOLUTION, RESOLVED, STATED

DIRECT, NAMED, SOFT, INHERITED, NONE = "trực tiếp", "nêu tên", "mềm", "kế thừa", "không có"
THROUGH, OBJECT = "qua chuỗi", "đối tượng tác động"
STRENGTHS = (DIRECT, NAMED, SOFT, INHERITED, NONE)
DIRECT_WAYS = frozenset({DIRECT, NAMED})
MAX_STEPS = 8
PLAN_BASES = frozenset({"based_on", "implements", "continues_implementing"})
"""What the head of a plan says of its own bases: "Căn cứ …", "Thực hiện …"."""
_NUMBERED_BY_NAME = frozenset({"Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp"})


@dataclass(frozen=True, slots=True)
class BasisItem:
    """One document under a task: the way it is reached, the relation, steps, and the proof.

    ``document`` is None for a soft basis that names no document; ``sentence`` then holds the words.
    """

    document: str | None
    way: str
    relation: str | None
    steps: int
    sentence: str
    place: str


@dataclass(frozen=True, slots=True)
class TaskBasis:
    """The verdict on one task.

    ``chain`` holds the labels of the longest chain, ``highest`` its top node, ``worst`` the least sure status of the
    documents that carry the task ("" when none does).
    """

    task: str
    plan: str
    code: str
    text: str
    lead: str
    due: str
    strength: str
    items: tuple[BasisItem, ...]
    warnings: tuple[str, ...]
    highest: str | None
    chain: tuple[str, ...]
    worst: str = ""


def weigh_tasks(graph: nx.MultiDiGraph) -> Iterator[TaskBasis]:
    """Yield the basis of every task of ``graph`` (a whole base, or one text of it), in document order."""
    for node, data in graph.nodes(data=True):
        if data["kind"] == "task":
            yield weigh_task(graph, node)


def weigh_task(graph: nx.MultiDiGraph, task: str) -> TaskBasis:
    """Return the basis of one task."""
    data = graph.nodes[task]
    items = [
        _direct_item(graph, edge) for edge in edges_from(graph, task)
        if edge.status != PLANNED or edge.relation in ACTS_ON
    ]  # fmt: skip
    items = list({(i.document, i.way): i for i in reversed(items)}.values())[::-1]
    items += _through(graph, items)
    items += [BasisItem(None, SOFT, None, 1, sentence, place) for _, sentence, place in data["soft"]]
    ways = {item.way for item in items}
    strength = next((way for way in (DIRECT, NAMED, SOFT) if way in ways), None)
    if strength is None:
        bases = [e for e in edges_from(graph, data["plan"]) if e.relation in PLAN_BASES and e.status == STATED]
        items += [BasisItem(e.target, INHERITED, e.relation, 2, e.sentence, e.place) for e in bases]
        strength = INHERITED if bases else NONE
    highest = _highest(graph, items)
    chain = _chain(graph, task, highest) if highest else ()
    return TaskBasis(
        task, data["plan"], data["code"], data["title"], data["lead"], data["due"], strength, tuple(items),
        tuple(_warnings(graph, items, strength)), highest, (data["code"], *chain), _worst(graph, items),
    )  # fmt: skip


def _worst(graph: nx.MultiDiGraph, items: list[BasisItem]) -> str:
    """Return the least sure status of the documents that carry the task."""
    found = {graph.nodes[i.document]["status"] for i in items if i.document and i.way in (DIRECT, NAMED, THROUGH)}
    return max(found, key=_DOUBT.index, default="")


_DOUBT = tuple(RESOLUTION[status] for status in ("resolved", "ambiguous", "unresolved"))


def _direct_item(graph: nx.MultiDiGraph, edge: Edge) -> BasisItem:
    target = graph.nodes[edge.target]
    if edge.relation in ACTS_ON:
        way = OBJECT
    elif target["form"] in ("có số", "tiêu chuẩn") or target["type"] in _NUMBERED_BY_NAME:
        way = DIRECT
    else:
        way = NAMED
    return BasisItem(edge.target, way, edge.relation, 1, edge.sentence, edge.place)


def _through(graph: nx.MultiDiGraph, direct: list[BasisItem]) -> Iterator[BasisItem]:
    """Yield what the direct documents lead to, each once, nearest first.

    Under an object of the task lies an object; a document that another promulgates or approves is
    carried by the same relation as that other one; else the relation of the hop itself counts.
    """
    seen = {item.document for item in direct}
    ring = [item for item in direct if item.document]
    for steps in range(2, MAX_STEPS + 1):
        following: list[BasisItem] = []
        for item in ring:
            assert item.document is not None
            for edge in edges_from(graph, item.document):
                if edge.target in seen or edge.status == PLANNED or edge.relation in ACTS_ON:
                    continue
                seen.add(edge.target)
                carried = edge.relation in ("promulgates", "approves") and item.relation is not None
                relation = item.relation if carried else edge.relation
                if relation == "continues_implementing":
                    relation = "implements"
                way = OBJECT if item.way == OBJECT else THROUGH
                following.append(BasisItem(edge.target, way, relation, steps, edge.sentence, edge.place))
        yield from following
        ring = following


def _highest(graph: nx.MultiDiGraph, items: list[BasisItem]) -> str | None:
    """Return the document of the highest rank that carries the task.

    Of equals, a document before the programme that it approves, then the farthest one.
    """
    carrying = [i for i in items if i.document and i.way in (DIRECT, NAMED, THROUGH)]
    best = min(carrying, key=lambda i: _height(graph, i), default=None)
    return best.document if best else None


def _height(graph: nx.MultiDiGraph, item: BasisItem) -> tuple[int, bool, int]:
    node = graph.nodes[item.document]
    return node["rank"], node["kind"] == "work", -item.steps


def _chain(graph: nx.MultiDiGraph, task: str, top: str) -> tuple[str, ...]:
    """Return the labels on the shortest way from ``task`` up to ``top``, the first such way in text order."""
    below: dict[str, str] = {task: ""}
    for node in (queue := [task]):
        for edge in edges_from(graph, node):
            if edge.relation not in ACTS_ON and edge.target not in below:
                below[edge.target] = node
                queue.append(edge.target)
        if top in below:
            break
    way: list[str] = []
    while top != task:
        way.append(graph.nodes[top]["label"])
        top = below[top]
    return tuple(reversed(way))


def _warnings(graph: nx.MultiDiGraph, items: list[BasisItem], strength: str) -> Iterator[str]:
    if strength == NAMED:
        yield "chỉ nêu tên văn bản, cần bổ sung số, ký hiệu và ngày ban hành"
    elif strength == SOFT:
        yield "căn cứ chưa nói rõ văn bản nào, cần bổ sung số, ký hiệu khi có"
    elif strength == INHERITED:
        yield "không nêu căn cứ riêng, chỉ có phần Căn cứ của kế hoạch"
    elif strength == NONE:
        yield "không tìm thấy căn cứ nào"
    for item in items:
        if item.way == OBJECT and item.steps == 1:
            yield f"{graph.nodes[item.document]['label']} là đối tượng tác động, không phải căn cứ"
        if item.way in (DIRECT, THROUGH) and item.document:
            node = graph.nodes[item.document]
            if node["status"] != RESOLVED:
                yield f"{node['label']}: {node['status']}, cần đối chiếu"
