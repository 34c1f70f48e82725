"""A trace as text: a tree for people, plain values for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import networkx as nx

from extract.model import ACTING_UNITS
from graph.basis import INHERITED, weigh_task
from graph.citation_graph import Edge, reading
from graph.paths import Connection
from graph.relations import ACTS_ON
from graph.standing import Standing
from graph.trace import Branch, Chain, Impact, chain_nodes, trace_up
from graph.words import RESOLVED, UNIT_KINDS, vietnamese_date

FORMAT = "cancu-trace/1"
PATHS_FORMAT = "cancu-paths/1"


def full_label(graph: nx.MultiDiGraph, node: str) -> str:
    """Return a node as people cite it in full: type and number, date, issuer; a task with its text."""
    data = graph.nodes[node]
    if data["kind"] in ACTING_UNITS:
        return f"{UNIT_KINDS[data['kind']]} {data['code']}: {data['title']}"
    date = f" ngày {vietnamese_date(data['date'])}" if data["date"] else ""
    told = data["kind"] == "work" or data["issuer"] in data["label"]
    issuer = f" của {data['issuer']}" if data["issuer"] and not told else ""
    doubt = f" [{data['status']}]" if data["status"] != RESOLVED else ""
    standing: Standing | None = data.get("standing")
    validity = f" [{standing.short}]" if standing is not None and standing.warns else ""
    return f"{data['label']}{date}{issuer}{doubt}{validity}"


def task_tree(graph: nx.MultiDiGraph, task: str) -> Iterator[str]:
    """Yield the lines of what a task rests on, up to the highest document."""
    basis = weigh_task(graph, task)
    yield full_label(graph, task)
    yield f"Thuộc: {graph.nodes[basis.plan]['label']}"
    yield f"Căn cứ: {basis.strength}"
    for warning in basis.warnings:
        yield f"  ! {warning}"
    yield ""
    branch = trace_up(graph, task)
    yield from _branches(graph, branch.children, "")
    for words, sentence, place in graph.nodes[task]["soft"]:
        yield f"(chưa rõ văn bản) {words}"
        yield f"   “{sentence}” ({place})"
    if basis.strength == INHERITED:
        yield "Căn cứ của kế hoạch (kế thừa):"
        for item in basis.items:
            if item.way == INHERITED and item.document:
                yield f"  - {full_label(graph, item.document)} ({item.place})"


def document_tree(graph: nx.MultiDiGraph, focus: str, found: Impact) -> Iterator[str]:
    """Yield the lines of which tasks reach a document, by which chain, and what the document itself rests on."""
    yield full_label(graph, focus)
    yield ""
    yield f"Nhiệm vụ dựa vào văn bản này: {len(found.tasks)}"
    yield from _chains(graph, found.chains)
    if found.truncated:
        yield "  … còn nữa, chỉ hiện những chuỗi gần nhất"
    if found.planned:
        yield ""
        yield "Dự kiến (văn bản sẽ ban hành theo kế hoạch):"
        yield from _chains(graph, found.planned)
    if found.plans:
        yield ""
        yield "Kế hoạch căn cứ vào văn bản này:"
        for edge in found.plans:
            yield f"  - {graph.nodes[edge.source]['label']} ({edge.place})"
        yield f"  Nhiệm vụ chỉ kế thừa căn cứ của kế hoạch: {len(found.inheriting)}"
        codes = [graph.nodes[n]["code"] for n in found.inheriting]
        if codes:
            yield "  " + ", ".join(codes)
    above = trace_up(graph, focus)
    if above.children:
        yield ""
        yield "Văn bản này dựa vào:"
        yield from _branches(graph, above.children, "")


def _chains(graph: nx.MultiDiGraph, chains: Sequence[Chain]) -> Iterator[str]:
    for chain in chains:
        yield f"● {full_label(graph, chain.nodes[0])}"
        for step, edge in enumerate(chain.edges, 1):
            pad = "   " * step
            yield f"{pad}└─ {_hop(graph, edge)}"
            yield f"{pad}   {_evidence(edge, chain.edges[step - 2] if step > 1 else None)}"


def _branches(graph: nx.MultiDiGraph, branches: Sequence[Branch], pad: str, above: Edge | None = None) -> Iterator[str]:
    for n, branch in enumerate(branches):
        last = n == len(branches) - 1
        if branch.edge is None:
            continue
        yield f"{pad}{'└─' if last else '├─'} {_hop(graph, branch.edge)}" + (
            " (đã nêu ở trên)" if branch.repeated else ""
        )
        below = pad + ("   " if last else "│  ")
        yield f"{below}{_evidence(branch.edge, above)}"
        yield from _branches(graph, branch.children, below, branch.edge)


def _evidence(edge: Edge, above: Edge | None) -> str:
    """The quoted sentence; where the hop before stands in the same one it is not printed again."""
    if above is not None and above.sentence == edge.sentence:
        return f"(cùng câu trên, {edge.place})"
    return f"“{edge.sentence}” ({edge.place})"


def _hop(graph: nx.MultiDiGraph, edge: Edge) -> str:
    note = " [đối tượng tác động]" if edge.relation in ACTS_ON else ""
    return f"{reading(graph, edge)} {full_label(graph, edge.target)}{note}"


def path_lines(graph: nx.MultiDiGraph, ends: tuple[str, str], found: Connection) -> Iterator[str]:
    """Yield the lines of how two nodes are connected."""
    names = [full_label(graph, end) for end in ends]
    yield from names
    yield ""
    if ends[0] == ends[1]:
        yield "Hai đầu là cùng một văn bản, nhiệm vụ."
    elif found.paths:
        turned = " (theo chiều từ đầu thứ hai lên đầu thứ nhất)" if found.turned else ""
        yield f"Đường nối: {len(found.paths)}{turned}"
        for n, chain in enumerate(found.paths, 1):
            yield f"Đường {n}, {len(chain.edges)} bước:"
            yield from _chains(graph, [chain])
    elif found.meetings:
        yield "Không có đường nối thẳng; cả hai cùng dẫn đến:"
        for one, other in found.meetings:
            yield f"- {full_label(graph, one.nodes[-1])}"
            yield from _chains(graph, [one, other])
    else:
        yield "Không thấy đường nào nối hai đầu này trong kho."
    if found.truncated:
        yield "  … còn đường khác chưa hiện"


def documents_of_task(graph: nx.MultiDiGraph, task: str) -> set[str]:
    """Return the documents that a trace of a task names."""
    items = {item.document for item in weigh_task(graph, task).items if item.document}
    return items | {node for node in chain_nodes(trace_up(graph, task)) if "#" not in node}


def documents_of_impact(graph: nx.MultiDiGraph, focus: str, found: Impact) -> set[str]:
    """Return the documents that a trace of a document names."""
    named = {node for chain in (*found.chains, *found.planned) for node in chain.nodes}
    named |= {edge.source for edge in found.plans} | set(chain_nodes(trace_up(graph, focus))) | {focus}
    return {node for node in named if "#" not in node}


# --- values ---------------------------------------------------------------------------------------


def node_values(graph: nx.MultiDiGraph, node: str) -> dict[str, Any]:
    """Return a node as plain values."""
    data = graph.nodes[node]
    if data["kind"] in ACTING_UNITS:
        return {"id": node, "kind": data["kind"], "code": data["code"], "plan": data["plan"], "text": data["title"]}
    return {
        "id": node, "kind": data["kind"], "label": data["label"], "type": data["type"], "number": data["number"],
        "date": data["date"], "issuer": data["issuer"], "title": data["title"], "status": data["status"],
        **({"validity": data["standing"].values} if data.get("standing") is not None else {}),
    }  # fmt: skip


def edge_values(graph: nx.MultiDiGraph, edge: Edge) -> dict[str, Any]:
    """Return an edge as plain values, its ends spelled out."""
    return {
        "source": node_values(graph, edge.source), "relation": edge.relation, "words": reading(graph, edge),
        "target": node_values(graph, edge.target), "status": edge.status, "sentence": edge.sentence,
        "place": edge.place, "stated_in": edge.stated_in, "rule": edge.rule, "confidence": edge.confidence,
    }  # fmt: skip


def path_values(graph: nx.MultiDiGraph, ends: tuple[str, str], found: Connection) -> dict[str, Any]:
    """Return how two nodes are connected as plain values."""

    def steps(chain: Chain) -> list[dict[str, Any]]:
        return [edge_values(graph, edge) for edge in chain.edges]

    return {
        "format": PATHS_FORMAT, "from": node_values(graph, ends[0]), "to": node_values(graph, ends[1]),
        "paths": [steps(chain) for chain in found.paths], "turned": found.turned,
        "meetings": [
            {"at": node_values(graph, one.nodes[-1]), "ways": [steps(one), steps(other)]}
            for one, other in found.meetings
        ],
        "truncated": found.truncated,
    }  # fmt: skip


def document_values(graph: nx.MultiDiGraph, focus: str, found: Impact) -> dict[str, Any]:
    """Return the answer to a trace of a document as plain values."""
    return {
        "format": FORMAT, "focus": node_values(graph, focus),
        "tasks": [
            {**node_values(graph, task), "chains": [
                [edge_values(graph, e) for e in c.edges] for c in found.chains if c.nodes[0] == task
            ]}
            for task in found.tasks
        ],
        "planned": [[edge_values(graph, e) for e in c.edges] for c in found.planned],
        "plans": [edge_values(graph, e) for e in found.plans],
        "inheriting": [node_values(graph, n) for n in found.inheriting],
        "rests_on": _branch_values(graph, trace_up(graph, focus)), "truncated": found.truncated,
    }  # fmt: skip


def task_values(graph: nx.MultiDiGraph, task: str) -> dict[str, Any]:
    """Return the answer to a trace of a task as plain values."""
    basis = weigh_task(graph, task)
    return {
        "format": FORMAT, "focus": node_values(graph, task), "strength": basis.strength,
        "warnings": list(basis.warnings), "highest": node_values(graph, basis.highest) if basis.highest else None,
        "rests_on": _branch_values(graph, trace_up(graph, task)),
        "bases": [
            {"document": node_values(graph, i.document) if i.document else None, "way": i.way, "relation": i.relation,
             "steps": i.steps, "sentence": i.sentence, "place": i.place}
            for i in basis.items
        ],
    }  # fmt: skip


def _branch_values(graph: nx.MultiDiGraph, branch: Branch) -> list[dict[str, Any]]:
    return [
        {**edge_values(graph, child.edge), "rests_on": _branch_values(graph, child)}
        for child in branch.children
        if child.edge is not None
    ]
