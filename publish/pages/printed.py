"""The drawing for print: on the pages of tasks, plans and traces, and as a file to keep (SVG, PNG)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import networkx as nx
from markupsafe import Markup

from extract.model import ACTING_UNITS
from graph.standing import mark
from graph.trace import Branch, around, chain_nodes, impact, neighbourhood, plan_graph
from publish.answers import Answer, Ask, File
from publish.base import Base
from publish.export.stamp import read_stamp
from publish.file_names import download_name
from publish.lane_svg import LIMIT, LaneDrawing, draw_lanes
from publish.links import Links
from publish.pages import problem
from publish.png import PngError, to_png
from publish.validities import as_of

AND = "|"
"""What stands between the nodes whose neighbours were asked for, too."""
_MOST_ADDED = 20
_ON_TASK = 40
"""Nodes of the picture inside the page of a task; the rest is in the file."""
_WIDE = 1500.0
"""Units of a picture above which the page lets it scroll instead of making its letters too small."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawing on a page: itself (``svg``), or the address of one that is made when it comes into sight."""

    alt: str
    svg_url: str
    png_url: str
    svg: Markup | None = None
    image_url: str = ""
    page_url: str = ""
    note: str = ""


def page(base: Base, ask: Ask) -> Answer:
    """Return the drawing as a file; with ``xem`` as a picture that a page of ours shows."""
    parts = ask.parts
    unit = f"{parts['plan']}#{parts['code']}" if "code" in parts else ""
    focus = unit or parts.get("whole") or parts.get("traced") or parts["document"]
    data = base.graph.nodes.get(focus)
    if data is None or ("whole" in parts and not data.get("in_corpus")) or ("traced" in parts and "code" in data):
        plan, _, code = focus.partition("#")
        return problem.no_task(plan, code) if code else problem.no_document(focus)
    if "whole" in parts:
        part = plan_graph(base.graph, focus)
    elif "traced" in parts:
        part = _traced(base, focus)
    elif ask.values.get("buoc", "") in ("1", "2", "3", "4"):
        part = neighbourhood(base.graph, focus, int(ask.values["buoc"]))
    else:
        part = around(base.graph, focus)
    drawing = _draw(
        base,
        ask,
        widened(base, ask, part),
        focus,
        plan="whole" in parts,
        trace="traced" in parts,
        page="xem" not in ask.values,
    )
    name = "" if "xem" in ask.values else download_name(_words(base, focus), date.today(), f".{parts['form']}")
    if parts["form"] == "svg":
        return File(drawing.svg.encode(), "image/svg+xml; charset=utf-8", name)
    try:
        return File(to_png(drawing.svg), "image/png", name)
    except PngError as error:
        return problem.no_picture(str(error))


def added(ask: Ask) -> list[str]:
    """Return the nodes whose neighbours were asked for, too."""
    return [node for node in ask.values.get("them", "").split(AND) if node][:_MOST_ADDED]


def widened(base: Base, ask: Ask, part: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Return ``part`` with the neighbours of the nodes that were asked for."""
    rings = [neighbourhood(base.graph, node, 1) for node in added(ask) if node in base.graph]
    return base.graph.subgraph({*part, *(n for ring in rings for n in ring)}) if rings else part


def sheet_of_task(base: Base, ask: Ask, unit: str, above: Branch) -> Sheet:
    """Return the chain of a task as a picture inside its page."""
    drawing = _draw(base, ask, base.graph.subgraph(chain_nodes(above)), unit, links=ask.links, limit=_ON_TASK)
    return _inside(drawing, _title(base, unit), ask.links.printed(unit, "svg"), ask.links.printed(unit, "png"))


def sheet_of_plan(base: Base, ask: Ask, plan: str) -> Sheet:
    """Return the picture of a whole plan, to be made when it comes into sight."""
    return Sheet(
        alt=f"{_title(base, plan, plan=True)}; các quan hệ có ở bảng trên trang sơ đồ",
        svg_url=ask.links.printed(plan, "svg", "ke-hoach"), png_url=ask.links.printed(plan, "png", "ke-hoach"),
        image_url=ask.links.printed(plan, "svg", "ke-hoach", xem=1), page_url=ask.links.plan_drawing(plan, kieu="in"),
        note="Bấm vào hình để xem cỡ lớn, có bảng các quan hệ.",
    )  # fmt: skip


def sheet_of_trace(base: Base, ask: Ask, document: str) -> Sheet:
    """Return the picture of all chains that reach a document, to be made when it comes into sight."""
    image = ask.links.printed(document, "svg", "truy-vet", xem=1)
    return Sheet(
        alt=f"{_title(base, document, trace=True)}; từng bước có ở phần dưới",
        svg_url=ask.links.printed(document, "svg", "truy-vet"), png_url=ask.links.printed(document, "png", "truy-vet"),
        image_url=image, page_url=image,
    )  # fmt: skip


def sheet_of_part(base: Base, ask: Ask, part: nx.MultiDiGraph, focus: str, *, whole: bool) -> Sheet:
    """Return the picture of what the page of a drawing shows, inside that page."""
    drawing = _draw(base, ask, part, focus, links=ask.links, plan=whole)
    return _inside(drawing, _title(base, focus, plan=whole), *files_of_part(ask, focus, whole=whole))


def files_of_part(ask: Ask, focus: str, *, whole: bool) -> tuple[str, str]:
    """Return the addresses of what the page of a drawing shows as SVG and PNG."""
    more: dict[str, str | int] = {} if whole else {"buoc": ask.values.get("buoc") or (4 if "#" in focus else 2)}
    more |= {"them": ask.values["them"]} if ask.values.get("them") else {}
    svg, png = (ask.links.printed(focus, form, "ke-hoach" if whole else "", **more) for form in ("svg", "png"))
    return svg, png


def _inside(drawing: LaneDrawing, alt: str, svg_url: str, png_url: str) -> Sheet:
    # made by draw_lanes, which escapes what it takes from documents
    svg = drawing.svg if drawing.width <= _WIDE else drawing.svg.replace("<svg ", '<svg class="large" ', 1)
    return Sheet(alt, svg_url, png_url, svg=Markup(svg), note=drawing.fit.sentence)


def _draw(
    base: Base, ask: Ask, part: nx.MultiDiGraph, focus: str, *, links: Links | None = None, limit: int = LIMIT,
    plan: bool = False, trace: bool = False, page: bool = False,
) -> LaneDrawing:  # fmt: skip
    day = as_of(ask.values).day
    mark(part, base.connection, part, day)
    stamp = read_stamp(base.connection, date.fromisoformat(day), ()).facts()[:4]
    return draw_lanes(
        part, title=_title(base, focus, plan=plan, trace=trace), focus=focus, limit=limit,
        link=links.node if links else None, stamp=[". ".join(f"{label}: {value}" for _, label, value in stamp) + "."],
        page=page,
    )  # fmt: skip


def _traced(base: Base, document: str) -> nx.MultiDiGraph:
    result = impact(base.graph, document)
    nodes = {node for chain in (*result.chains, *result.planned) for node in chain.nodes}
    return base.graph.subgraph({document, *nodes})


def _title(base: Base, focus: str, *, plan: bool = False, trace: bool = False) -> str:
    data: dict[str, Any] = base.graph.nodes[focus]
    if data["kind"] in ACTING_UNITS:
        owner = base.graph.nodes.get(data["plan"])
        words = {"group": "nhóm nhiệm vụ", "assignment": "phân công"}.get(data["kind"], "nhiệm vụ")
        return f"Chuỗi căn cứ của {words} {data['code']}" + (f" – {owner['label']}" if owner else "")
    if trace:
        return f"Nhiệm vụ thực hiện {data['label']}"
    return f"Chuỗi căn cứ của {data['label']}" if plan else f"Quan hệ của {data['label']}"


def _words(base: Base, focus: str) -> str:
    """Return what is inside the file, for its name."""
    data = base.graph.nodes[focus]
    return f"Sơ đồ - {'nhiệm vụ ' + data['code'] if data['kind'] in ACTING_UNITS else data['label']}"
