"""Interactive view: a whole plan, or the surroundings of one document or task, and the same edges as a table."""

from __future__ import annotations

from functools import partial
from typing import Any

import networkx as nx

from extract.model import ACTING_UNITS
from graph.citation_graph import PART_OF, Edge
from graph.standing import mark
from graph.trace import chain_nodes, neighbourhood, plan_graph, trace_up
from publish.answers import Answer, Ask, File, Page
from publish.base import Base
from publish.draw import Link
from publish.export.listing import Column, Group, Listing, numbered
from publish.pages import printed, problem
from publish.sentences import ref, sentence
from publish.validities import as_of
from publish.words import number

STEPS = (1, 2, 3, 4)
_STEPS_OF_UNIT, _STEPS_OF_DOCUMENT = 4, 2  # a task has its whole chain in sight, a document its neighbours
_LIMIT = 150


def page(base: Base, ask: Ask) -> Answer:
    """Return the view: choice of depth, the picture in a frame, the table of its edges."""
    focus = _focus(ask)
    missing = _missing(base, ask, focus)
    if missing:
        return missing
    steps, whole = _steps(ask), "whole" in ask.parts
    part = _part(base, ask, focus)
    data = base.graph.nodes[focus]
    day = as_of(ask.values)
    mark(part, base.connection, part, day.day)
    edges = [(sentence(base.graph, edge, ask.links), part.nodes[edge.target].get("standing")) for edge in _claims(part)]
    added = {"them": ask.values["them"]} if ask.values.get("them") else {}
    picture = ask.links.plan_picture(focus, **added) if whole else ask.links.picture(focus, buoc=steps, **added)
    address = ask.links.plan_drawing if whole else partial(ask.links.drawing, buoc=steps)
    to_print = ask.values.get("kieu") == "in"
    return Page(
        "graph.html",
        {
            "focus": ref(base.graph, focus, ask.links), "id": focus, "data": data, "whole": whole, "steps": steps,
            "choices": STEPS,
            "picture": picture, "edges": edges, "to_print": to_print, "interactive": address(focus, **added),
            "print_url": address(focus, **added, kieu="in"),
            "sheet": printed.sheet_of_part(base, ask, part, focus, whole=whole) if to_print else None,
            "files": printed.files_of_part(ask, focus, whole=whole), "listed": ask.links.drawn(focus, whole=whole),
            "values": {name: ask.values[name] for name in ("buoc", "them") if ask.values.get(name)},
            "as_of": day, "is_unit": data["kind"] in ACTING_UNITS, "here": ask.links.drawing(focus),
            "plan_url": ask.links.plan_drawing(data.get("plan") or focus) if _has_plan(data) and not whole else "",
        },
    )  # fmt: skip


def picture(base: Base, ask: Ask) -> Answer:
    """Return the picture alone, for the frame."""
    from publish.draw import draw

    focus = _focus(ask)
    missing = _missing(base, ask, focus)
    if missing:
        return missing
    part = _part(base, ask, focus)
    mark(part, base.connection, part, as_of(ask.values).day)
    drawing = draw(
        part, title=base.graph.nodes[focus]["label"], focus=focus, limit=_LIMIT,
        link=ask.links.node, expand=_expanded(ask, focus), script_url=ask.links.asset("vis-network.min.js"),
        style_url=ask.links.asset("vis-network.css"), frame=True,
    )  # fmt: skip
    return File(drawing.html.encode(), "text/html; charset=utf-8")


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the edges of the picture as a list."""
    focus = _focus(ask)
    missing = _missing(base, ask, focus)
    if missing:
        return missing
    part, day = _part(base, ask, focus), as_of(ask.values)
    mark(part, base.connection, part, day.day)
    claims = _claims(part)
    edges = [sentence(base.graph, edge, ask.links) for edge in claims]
    data = base.graph.nodes[focus]
    around = f"{data['label']} thuộc {base.graph.nodes[data['plan']]['label']}" if "#" in focus else data["label"]
    standings = [part.nodes[edge.target].get("standing") for edge in claims]
    rows = tuple(
        (e.subject.label, e.words, e.object.label, e.evidence, e.source.label, e.place,
         standing.words if standing else "--", "; ".join(filter(None, (e.status, e.note))))
        for e, standing in zip(edges, standings, strict=True)
    )  # fmt: skip
    return Listing(
        heading="CÁC QUAN HỆ TRONG SƠ ĐỒ", subject=around,
        columns=(
            Column("STT", 11, centred=True), Column("Nguồn", 40), Column("Quan hệ", 30), Column("Văn bản đích", 40),
            Column("Câu nguyên văn", 60), Column("Nêu tại", 26), Column("Vị trí", 17),
            Column(f"Hiệu lực của văn bản đích tại ngày {day.words}", 30), Column("Ghi chú", 18),
        ),
        groups=numbered([Group("", rows)]),
        lines=(f"Số quan hệ: {number(len(rows))}{_reach(ask)}.",),
        sources=frozenset(edge.stated_in for edge in claims),
    )  # fmt: skip


def _reach(ask: Ask) -> str:
    return "" if "whole" in ask.parts else f"; trong {_steps(ask)} bước quanh đó"


def _focus(ask: Ask) -> str:
    parts = ask.parts
    if "code" in parts:
        return f"{parts['plan']}#{parts['code']}"
    return parts.get("whole") or parts["document"]


def _missing(base: Base, ask: Ask, focus: str) -> Page | None:
    data = base.graph.nodes.get(focus)
    if data is None:
        plan, _, code = focus.partition("#")
        return problem.no_task(plan, code) if code else problem.no_document(focus)
    return problem.no_document(focus) if "whole" in ask.parts and not data.get("in_corpus") else None


def _has_plan(data: dict[str, Any]) -> bool:
    return data["kind"] in ACTING_UNITS or bool(data["in_corpus"])


def _steps(ask: Ask) -> int:
    words = ask.values.get("buoc", "")
    if words in map(str, STEPS):
        return int(words)
    return _STEPS_OF_UNIT if "code" in ask.parts else _STEPS_OF_DOCUMENT


def _part(base: Base, ask: Ask, focus: str) -> nx.MultiDiGraph:
    part = plan_graph(base.graph, focus) if "whole" in ask.parts else neighbourhood(base.graph, focus, _steps(ask))
    if "code" in ask.parts and not ask.values.get("buoc"):  # unasked, the chain of a task is shown to its top
        part = base.graph.subgraph({*part, *chain_nodes(trace_up(base.graph, focus))})
    return printed.widened(base, ask, part)


def _expanded(ask: Ask, focus: str) -> Link:
    """Return what gives the address of this drawing with the neighbours of one more node."""

    def address(node: str, _: dict[str, Any]) -> str:
        them = printed.AND.join(dict.fromkeys([*printed.added(ask), node]))
        if "whole" in ask.parts:
            return ask.links.plan_drawing(focus, them=them)
        return ask.links.drawing(focus, buoc=_steps(ask), them=them)

    return address


def _claims(part: nx.MultiDiGraph) -> list[Edge]:
    """Return the citation edges of the picture, in the order of their texts."""
    found = [data["edge"] for _, _, data in part.edges(data=True) if data["relation"] != PART_OF]
    return sorted(found, key=lambda e: e.id)
