"""Interactive drawing of a citation graph: one page, by pyvis, that needs no network.

pyvis links a CDN in every mode of its own template, so the page is made from ours
(``templates/drawing.html``); pyvis holds the nodes, edges and options. Positions come from
:mod:`graph.lanes`, physics is off. Text from documents reaches the page through autoescaping and
``tojson`` only, and the canvas and its tooltips as plain text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import networkx as nx

from extract.model import ACTING_UNITS
from graph.citation_graph import PART_OF, Edge, edges_from
from graph.lanes import natural
from graph.relations import ACTS_ON
from graph.words import INFERRED_STATUS, PLANNED
from publish import draw_style as style
from publish.draw_canvas import Line, render, words_of
from publish.words import number

MAX_NODES = 500
"""No drawing has more nodes than this: a picture of more answers no legal question."""
_COUNTED = {
    "task": "nhiệm vụ", "assignment": "mục phân công", "group": "nhóm nhiệm vụ", "document": "văn bản",
    "work": "chương trình, đề án nêu tên",
}  # fmt: skip
Link = Callable[[str, dict[str, Any]], str]
_ASSETS = {name: f"templates/lib/vis-9.1.2/{name}" for name in ("vis-network.min.js", "vis-network.css")}


class Row(NamedTuple):
    """One claim of the drawing as a row of the table under it."""

    source: str
    relation: str
    target: str
    status: str
    sentence: str
    place: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished page, how many nodes it shows, how many it leaves out, and its claims as table rows."""

    html: str
    shown: int
    hidden: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a drawing shows of a graph: nodes from the tasks up, lines between them, of how many nodes in all."""

    shown: tuple[str, ...]
    lines: tuple[Line, ...]
    total: int

    @property
    def hidden(self) -> int:
        """How many nodes are left out."""
        return self.total - len(self.shown)


def choose(graph: nx.MultiDiGraph, focus: str | None, limit: int) -> Choice:
    """Return the at most ``limit`` nodes (and :data:`MAX_NODES`) of ``graph`` that deserve a place, and their lines.

    Raises:
        KeyError: ``focus`` is not in the graph.
        ValueError: ``limit`` is less than 1.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    if focus is not None and focus not in graph:
        raise KeyError(focus)
    nodes = [n for n in sorted(graph, key=natural) if _worth_showing(graph, n) or n == focus]
    shown = _choose(graph, nodes, focus)[: min(limit, MAX_NODES)]
    shown.sort(key=lambda n: (-graph.nodes[n]["rank"], natural(n)))  # the table goes up from the tasks
    return Choice(tuple(shown), tuple(_lines(graph.subgraph(shown), shown)), len(nodes))


def draw(
    graph: nx.MultiDiGraph,
    *,
    title: str,
    focus: str | None = None,
    limit: int = 150,
    link: Link | None = None,
    expand: Link | None = None,
    script_url: str | None = None,
    style_url: str | None = None,
    nonce: str = "",
    frame: bool = False,
) -> Drawing:
    """Return ``graph`` (from :mod:`graph.citation_graph`, or a part of one) as an interactive page.

    At most ``limit`` nodes (never more than :data:`MAX_NODES`) are shown: those nearest to ``focus``, or
    without it the tasks with their bases, highest rank first. ``link`` gives the page of a node, as a
    relative address; "" makes no link; ``expand`` likewise the drawing with the neighbours of a node added. Links open
    in the whole window, also out of a frame. With
    ``script_url`` and ``style_url`` the page asks the server for the files of :func:`vis_asset`, else
    they are inside and the page opens from a file; ``nonce`` is for a content security policy. ``frame``
    leaves out heading and table and fills the window: for a page that has both and shows this one in a frame.

    Raises:
        KeyError: ``focus`` is not in the graph.
        ValueError: an address leaves the site, or ``limit`` is less than 1.
    """
    choice = choose(graph, focus, limit)
    shown, lines = list(choice.shown), list(choice.lines)
    urls = {node: own_address(link(node, dict(graph.nodes[node]))) if link else "" for node in shown}
    rows = [(line, edge, row_of(graph, edge)) for line in lines for edge in line.edges]
    page = {
        "title": style.plain(title), "nonce": nonce, "frame": frame, "script_url": script_url, "style_url": style_url,
        "script": "" if script_url else _inline("vis-network.min.js"),
        "style": "" if style_url else _inline("vis-network.css"),
        "summary": _summary(graph, shown, choice.total, focus), "clickable": any(urls.values()),
        "rows": [(row, urls[line.source], urls[line.target]) for line, _, row in rows],
        "expands": {node: own_address(expand(node, dict(graph.nodes[node]))) if expand else "" for node in shown},
        **_legend(graph, shown, lines),
    }  # fmt: skip
    html = render(graph, shown, lines, urls, focus, page)
    return Drawing(html, len(shown), choice.hidden, tuple(row for _, _, row in rows))


@cache
def vis_asset(name: str) -> bytes:
    """Return a file of vis-network that the installed pyvis carries, for the web route that serves it.

    Raises:
        KeyError: ``name`` is not one of "vis-network.min.js" and "vis-network.css".
    """
    path = _ASSETS[name]
    spec = find_spec("pyvis")  # found, not imported: pyvis pulls IPython, which is slow
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("pyvis")
    content = (Path(spec.submodule_search_locations[0]) / path).read_bytes()
    return content.replace(b"//# sourceMappingURL=vis-network.min.js.map", b"")  # the map is not shipped


def _inline(name: str) -> str:
    text = vis_asset(name).decode("utf-8")
    if "</script" in text.lower() or "</style" in text.lower():
        raise ValueError(f"{name} cannot stand inside a page")
    return text


def own_address(url: str) -> str:
    """Return ``url`` if it stays on the site. Raises ValueError otherwise."""
    parts = urlsplit(url)
    odd = url.startswith(("//", "\\", "/\\")) or any(c < " " for c in url) or url != url.strip()
    if parts.scheme or parts.netloc or odd:  # browsers read "\\" as "/" and drop blanks and control characters
        raise ValueError(f"not a relative address: {url!r}")
    return url


# --- what is shown --------------------------------------------------------------------------------


def _worth_showing(graph: nx.MultiDiGraph, node: str) -> bool:
    """A heading of tasks that cites nothing is outline, not chain."""
    return bool(graph.nodes[node]["kind"] != "group" or graph.degree(node) > 0)


def _choose(graph: nx.MultiDiGraph, nodes: list[str], focus: str | None) -> list[str]:
    """Return ``nodes`` in the order in which they deserve a place."""
    if focus is not None:
        near = nx.Graph()
        for source, target, relation in graph.edges(data="relation"):
            # tasks of the same plan are farther from each other than the ends of any short chain
            step = 3 if relation == PART_OF else 1
            if not near.has_edge(source, target) or near.edges[source, target]["step"] > step:
                near.add_edge(source, target, step=step)
        near.add_node(focus)
        steps = nx.single_source_dijkstra_path_length(near, focus, weight="step")
        return sorted(nodes, key=lambda n: (steps.get(n, len(graph) * 3), graph.nodes[n]["rank"], natural(n)))
    units = [n for n in nodes if graph.nodes[n]["kind"] in ACTING_UNITS]
    first = [n for n in nodes if style.kind_of(graph.nodes[n]) == "plan"]
    for unit in units:
        first += _chain(graph, unit) if edges_from(graph, unit) else []
    rest = sorted(nodes, key=lambda n: (graph.nodes[n]["rank"], natural(n)))
    return [n for n in dict.fromkeys([*first, *rest]) if n in set(nodes)]


def _chain(graph: nx.MultiDiGraph, unit: str) -> list[str]:
    """The unit and all above it, nearest first."""
    found = {unit: None}
    for node in (queue := [unit]):
        above = sorted((e.target for e in edges_from(graph, node) if e.target not in found), key=natural)
        found |= dict.fromkeys(above)
        queue += dict.fromkeys(above)
    return list(found)


def _lines(graph: nx.MultiDiGraph, shown: list[str]) -> Iterator[Line]:
    """Yield the lines of the picture; "part of the plan" only where nothing else holds a task in the picture."""
    citing = {n for u, v, r in graph.edges(data="relation") if r != PART_OF for n in (u, v)}
    for source in shown:
        for target in sorted(graph[source], key=natural):
            looks: dict[str, list[Edge]] = {}
            for data in graph[source][target].values():
                if data["relation"] != PART_OF or source not in citing:
                    looks.setdefault(_look(data["edge"]), []).append(data["edge"])
            for look, edges in looks.items():
                words = "" if look == "part" else "; ".join(dict.fromkeys(words_of(graph, e) for e in edges))
                yield Line(source, target, look, words, tuple(edges))


def _look(edge: Edge) -> str:
    if edge.relation == PART_OF:
        return "part"
    if edge.relation in ACTS_ON:
        return "act planned" if edge.status == PLANNED else "act"
    return {PLANNED: "planned", INFERRED_STATUS: "inferred"}.get(edge.status, "stated")


def row_of(graph: nx.MultiDiGraph, edge: Edge) -> Row:
    """Return a claim as a row of the table."""
    ends = (style.name_of(graph.nodes[edge.source]), style.name_of(graph.nodes[edge.target]))
    proof = (edge.status, edge.sentence, edge.place)
    return Row(ends[0], words_of(graph, edge), ends[1], *(style.plain(p) or "--" for p in proof))


def _summary(graph: nx.MultiDiGraph, shown: list[str], total: int, focus: str | None) -> list[str]:
    counts = Counter(graph.nodes[n]["kind"] for n in shown)
    parts = [f"{number(counts[kind])} {words}" for kind, words in _COUNTED.items() if counts[kind]]
    said = [f"Hình có {', '.join(parts)}."] if parts else []
    if focus is not None:
        said.insert(0, f"Đang xem: {style.name_of(graph.nodes[focus])}.")
    if total > len(shown):
        which = "xa hơn" if focus is not None else "còn lại"
        said.append(
            f"Đang hiện {number(len(shown))} trên tổng số {number(total)} mục; "
            f"{number(total - len(shown))} mục {which} chưa hiện trong hình và trong bảng."
        )
    return said


def _legend(graph: nx.MultiDiGraph, shown: list[str], lines: list[Line]) -> dict[str, Any]:
    kinds = {style.kind_of(graph.nodes[n]) for n in shown}
    looks = {line.look for line in lines}
    return {
        "kinds": [(k, style.outline(k.shape, 40, 22)) for name, k in style.KINDS.items() if name in kinds],
        "looks": [(look, name != "part") for name, look in style.LINES.items() if name in looks],
        "out": style.out_words(graph.nodes[n] for n in shown),
        "out_path": style.outline("plain", 40, 22) + style.double("plain", 40, 22),
        "doubt": style.DOUBT if any(style.doubtful(graph.nodes[n]) for n in shown) else "",
    }
