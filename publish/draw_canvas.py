"""From chosen nodes and lines to the page of a drawing: boxes and routed lines in pyvis, rendered by our template."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import jinja2
import networkx as nx

from extract.model import ACTING_UNITS
from graph.citation_graph import PART_OF, Edge, edges_from, edges_to, reading
from graph.lanes import Layout, Point, Spot, lay_out
from graph.standing import Standing
from graph.words import vietnamese_date
from publish import draw_style as style
from publish.sentences import shorten
from publish.words import number

_TEMPLATES = Path(__file__).parent / "templates"
_NARROW, _WIDE, _BEND = 96.0, 144.0, 22.0
_LABEL = 12
_PROOFS = 3
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True, "hoverConnectedEdges": False, "selectable": False, "dragNodes": False, "zoomView": False,
        "tooltipDelay": 200,
    },
    "edges": {"arrows": {"to": {"scaleFactor": 0.6}}, "hoverWidth": 0.8},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the picture: all claims of one look (a key of ``draw_style.LINES``) between two nodes."""

    source: str
    target: str
    look: str
    words: str
    edges: tuple[Edge, ...]


def render(
    graph: nx.MultiDiGraph, shown: Sequence[str], lines: Sequence[Line], urls: Mapping[str, str], focus: str | None,
    page: Mapping[str, Any],
) -> str:  # fmt: skip
    """Return the page: ``shown`` nodes of ``graph`` in lanes, joined by ``lines``; ``page`` holds the words around."""
    from pyvis.network import Network  # late: pyvis pulls IPython, which is slow to load

    drawn = nx.MultiDiGraph()
    drawn.add_nodes_from((n, {"rank": graph.nodes[n]["rank"]}) for n in shown)
    for line in lines:
        drawn.add_edge(line.source, line.target, key=line.look)
    citing = {node for line in lines if line.look != "part" for node in (line.source, line.target)}
    notes = {n: _missing(graph, n, set(shown)) for n in shown}
    boxes = {n: style.box_of(graph.nodes[n], notes[n], brief=n not in citing and n != focus) for n in shown}
    # few lanes leave room for words between them
    between = _WIDE if len({graph.nodes[n]["rank"] for n in shown}) <= 6 else _NARROW
    layout = lay_out(drawn, sizes={n: (b.width, b.height) for n, b in boxes.items()}, bend=_BEND, between=between)
    network = Network(directed=True, cdn_resources="in_line")
    network.set_options(json.dumps(_OPTIONS))
    ids = {node: f"n{i}" for i, node in enumerate(shown, 1)}
    for node in shown:
        spot = layout.positions[node]
        network.add_node(
            ids[node], label=style.name_of(graph.nodes[node]), shape="custom", x=round(spot.x, 1), y=round(spot.y, 1),
            title=about(graph, node), paint=_paint(graph.nodes[node], boxes[node], node == focus), url=urls[node],
            more=page["expands"][node],
        )  # fmt: skip
    ends = Counter(end for line in lines for end in (line.source, line.target))
    canvas = _Canvas(network, layout, ids, ends, between - 26)
    for index, line in enumerate(lines):
        canvas.add(line, index, claims(graph, line.edges))
    # a plan among its tasks stands at their foot; the view starts at the first chain instead
    among = focus is not None and any(r == PART_OF for u, _, r in graph.in_edges(focus, "relation") if u in boxes)
    facts = {
        "lines": [
            [ids[line.source], ids[line.target], line.look == "part", line.words or style.LINES[line.look].words]
            for line in lines
        ],
        "width": max(layout.width, canvas.right), "height": layout.height,
        "focus": "" if focus is None or among else ids[focus],
        "lanes": [[round(lane.x - lane.width / 2, 1), lane.width] for lane in layout.lanes],
    }  # fmt: skip
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True)
    environment.globals["page"] = {**page, "facts": facts, "lanes": [lane.rank.label for lane in layout.lanes]}
    network.templateEnv, network.path = environment, "drawing.html"
    return str(network.generate_html())


class _Canvas:
    """Adds lines to the network: through the bends of the layout, around boxes inside a lane, with their words."""

    def __init__(
        self, network: Any, layout: Layout, ids: Mapping[str, str], ends: Mapping[str, int], room: float
    ) -> None:
        self.network, self.layout, self.ids, self.ends, self.room = network, layout, ids, ends, room
        self.bends = 0
        self.right = 0.0  # where the words farthest to the right end
        self.between: Counter[frozenset[str]] = Counter()

    def add(self, line: Line, index: int, title: str) -> None:
        """Add ``line`` as edges of vis-network, one for each stretch between bends."""
        look = style.LINES[line.look]
        start, end = (self.layout.positions[node] for node in (line.source, line.target))
        pair = frozenset((line.source, line.target))
        self.between[pair] += 1
        smooth = {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.5}
        points: Sequence[Point] = self.layout.routes.get((line.source, line.target, line.look), ())
        if points:
            words = [style.cut(line.words, _LABEL, self._lane_width(points[0][0]))]
            ways = [smooth] * (len(points) + 1)
        elif start.lane == end.lane and line.source != line.target:
            points = [self._beside(start.lane, (start.y + end.y) / 2, self.between[pair])]
            words = style.balance(line.words, _LABEL, self.room, 3)
            # leaves the box level, passes the bend upright, comes back level: a bracket beside the lane
            ways = [{"enabled": True, "type": kind, "roundness": 1.0} for kind in ("horizontal", "vertical")]
        elif line.words and line.source != line.target:
            points = [self._halfway(line, start, end, self.between[pair])]
            words = style.balance(line.words, _LABEL, self.room, 3)
            ways = [smooth] * 2
        else:
            words, ways = [], [smooth]
        stops = [self.ids[line.source]]
        for turn, point in enumerate(points):
            stops.append(self._bend(point, words if turn == 0 else [], line.look))
        stops.append(self.ids[line.target])
        for turn, way in enumerate(ways):
            arrow = "to" if turn == len(ways) - 1 and line.look != "part" else ""
            self.network.add_edge(
                stops[turn], stops[turn + 1], id=f"e{index}.{turn}", line=index, arrows=arrow,
                color={"color": look.colour, "hover": look.colour, "inherit": False}, tone=look.colour,
                width=look.width, dashes=list(look.dash) or False, smooth=way, title=title,
            )  # fmt: skip

    def _lane_width(self, x: float) -> float:
        return next(lane.width for lane in self.layout.lanes if abs(lane.x - x) < 1)

    def _beside(self, index: int, y: float, turn: int) -> Point:
        lane = self.layout.lanes[index]
        away = lane.width / 2 + 30 + 16 * (turn - 1)
        return (lane.x - away if index else lane.x + away), y

    def _halfway(self, line: Line, start: Spot, end: Spot, turn: int) -> Point:
        """A point in the space between two neighbouring lanes; a second line of a pair passes lower.

        Lines that meet at one end are still apart near the other, so the words go there.
        """
        one, two = sorted((start, end), key=lambda spot: spot.lane)
        left, right = self.layout.lanes[one.lane], self.layout.lanes[two.lane]
        x = (left.x + left.width / 2 + right.x - right.width / 2) / 2
        near = 0.75 if self.ends[line.source] < self.ends[line.target] else 0.25
        return x, near * start.y + (1 - near) * end.y + 34 * (turn - 1)

    def _bend(self, point: Point, words: Sequence[str], look: str) -> str:
        self.bends += 1
        colour = style.ALARM if look.startswith("act") else style.INK
        room = max((style.text_width(line, _LABEL) for line in words), default=0) + 6
        paint = {"w": 0, "h": 0, "room": room, "lines": [asdict(style.TextLine(w, _LABEL, colour)) for w in words]}
        self.right = max(self.right, point[0] + room / 2)
        name = f"b{self.bends}"
        x, y = (round(value, 1) for value in point)
        self.network.add_node(name, label=" ", shape="custom", size=0, x=x, y=y, paint=paint)
        return name


def words_of(graph: nx.MultiDiGraph, edge: Edge) -> str:
    """Return the words of an edge between its ends; what was inferred says so."""
    if edge.relation == PART_OF:
        return "thuộc"
    return style.plain(reading(graph, edge)) + (" (suy ra)" if edge.status == "suy ra" else "")


def _paint(data: Mapping[str, Any], box: style.Box, focus: bool) -> dict[str, Any]:
    kind = style.KINDS[style.kind_of(data)]
    return {
        "w": round(box.width, 1), "h": round(box.height, 1), "path": style.outline_of(data, box.width, box.height),
        "fill": kind.fill, "stroke": kind.stroke, "dash": [6, 4] if style.doubtful(data) else [],
        "wide": 4 if focus else 1.5, "left": {"group": 15}.get(data["kind"], 9) if data["kind"] in ACTING_UNITS else 0,
        "lines": [asdict(line) for line in box.lines],
    }  # fmt: skip


def _missing(graph: nx.MultiDiGraph, node: str, shown: set[str]) -> str:
    citations = (*edges_from(graph, node), *edges_to(graph, node))
    around = {end for edge in citations for end in (edge.source, edge.target)}
    return f"+ {number(len(around - shown))} mục liên quan chưa hiện" if around - shown else ""


def about(graph: nx.MultiDiGraph, node: str) -> str:
    """Return the tooltip of a node, as plain text."""
    data = graph.nodes[node]
    said = [style.name_of(data)]
    if data["kind"] in ACTING_UNITS:
        said.append(style.plain(data["title"]))
        said += [f"Thuộc: {style.name_of(graph.nodes[data['plan']])}"] if data["plan"] in graph else []
        more = (("Chủ trì", data["lead"]), ("Thời hạn", data["due"]))
        said += [f"{word}: {style.plain(value)}" for word, value in more if value]
        said += [f"Chưa nói rõ văn bản nào: “{style.plain(words)}”" for words, _, _ in data["soft"]]
        return "\n".join(shorten(words, 400) for words in said if words)
    said += [f"Trích yếu: {style.plain(data['title']) or '--'}", f"Ngày ban hành: {vietnamese_date(data['date'])}"]
    said += [f"Cơ quan ban hành: {style.plain(data['issuer']) or '--'}"]
    if style.doubtful(data):
        said.append(f"Trạng thái: {style.plain(data['status'])}, cần đối chiếu")
    if data.get("standing") is not None:
        standing: Standing = data["standing"]
        said.append(f"Hiệu lực tại ngày {vietnamese_date(standing.day)}: {style.plain(standing.sourced)}")
    proofs = [e for e in edges_to(graph, node) if e.sentence]
    if proofs:
        said.append(_quoted(proofs[0]))
    return "\n".join(shorten(words, 400) for words in said)


def claims(graph: nx.MultiDiGraph, edges: Iterable[Edge]) -> str:
    """Return the tooltip of a line: each claim as a sentence with its proof."""
    said: list[str] = []
    for edge in edges:
        ends = [style.name_of(graph.nodes[n]) for n in (edge.source, edge.target)]
        said.append(f"{ends[0]} {words_of(graph, edge)} {ends[1]} ({style.plain(edge.status)})")
        if edge.sentence:
            said.append(_quoted(edge))
    more = len(said) - 2 * _PROOFS
    return "\n".join([*said[: 2 * _PROOFS], f"(và {more // 2} chỗ khác, xem bảng)"] if more > 0 else said)


def _quoted(edge: Edge) -> str:
    place = f" ({style.plain(edge.place)})" if edge.place else ""
    return shorten(f"Nguyên văn{place}: “{style.plain(edge.sentence)}”", 400)
