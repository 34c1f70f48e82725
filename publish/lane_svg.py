"""The lane drawing for print: one SVG text, made here, without script; columns by legal rank, tasks at the right.

Positions come from :mod:`graph.lanes`, lines from :mod:`graph.routes`. Lines of one kind to one document run
together before they reach it, as one line with its words once. Everything that documents say passes
:func:`publish.draw_style.plain` and an escape on its way in; looks are attributes, so no policy on styles can take
them away. The same graph gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import networkx as nx

from extract.model import ACTING_UNITS
from graph.citation_graph import edges_from, edges_to
from graph.lanes import EdgeKey, Layout, lay_out, natural
from graph.routes import STUB, Route, at, route_all
from publish import draw_style as style
from publish import svg_elements as svg
from publish.draw import Choice, Link, Row, choose, own_address, row_of
from publish.draw_canvas import Line, about, claims
from publish.lane_labels import SIZE, Placer
from publish.lane_paper import Fit, fit, frame
from publish.words import number

LIMIT = 150
"""Nodes shown unless the caller says otherwise."""
_FONTS = "'Segoe UI', 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"
_SPARE = 1.08  # these fonts are wider than the one that text is measured for
_PAD = 24.0
_HEAD = 40.0  # height of a lane's heading
_BEND = 22.0
_TITLE, _SUB = 19, 13
_ROOMY, _CROWDED = 12, 36  # nodes up to which tasks show more of their text, tasks from which they show one line
_BAND, _HEADING = "#f4f6fa", "#e2e8f0"


@dataclass(frozen=True, slots=True)
class LaneDrawing:
    """A finished drawing.

    ``shown`` and ``hidden`` count nodes; of the hidden ones ``bare`` are tasks that no line would reach. ``rows``
    are the same claims as a table, ``unworded`` lines that had no room for their words, ``fit`` the paper it needs,
    ``width`` its own, in units of 1/96 inch.
    """

    svg: str
    shown: int
    hidden: int
    bare: int
    rows: tuple[Row, ...]
    unworded: int
    fit: Fit
    width: float
    routes: Mapping[EdgeKey, Route]


def draw_lanes(
    graph: nx.MultiDiGraph,
    *,
    title: str,
    focus: str | None = None,
    limit: int = LIMIT,
    link: Link | None = None,
    stamp: Sequence[str] = (),
    page: bool = True,
) -> LaneDrawing:
    """Return ``graph`` (from :mod:`graph.citation_graph`, or a part of one) drawn in lanes by legal rank.

    ``title`` stands above, ``stamp`` (as-of date, date of the data) below. At most ``limit`` nodes (never more than
    :data:`publish.draw.MAX_NODES`) are shown, as :func:`publish.draw.choose` chooses; tasks of which nothing would
    be drawn but themselves are left out and counted. ``link`` gives the page of a node as a relative address, "" for
    none. With ``page`` the picture has the sides of a sheet of paper, else those of what is drawn.

    Raises:
        KeyError: ``focus`` is not in the graph.
        ValueError: an address leaves the site, or ``limit`` is less than 1.
    """
    bare = {n for n in graph if n != focus and _bare(graph, n)}
    choice = choose(graph.subgraph([n for n in graph if n not in bare]) if bare else graph, focus, limit)
    urls = {n: own_address(link(n, dict(graph.nodes[n]))) if link else "" for n in choice.shown}
    rows = tuple(row_of(graph, edge) for line in choice.lines if line.look != "part" for edge in line.edges)
    sheet = _Sheet(graph, choice, urls, focus)
    said = sheet.summary(len(bare))
    made, fitted, width = sheet.render(style.plain(title) or "Sơ đồ", said, [style.plain(line) for line in stamp], page)
    return LaneDrawing(
        made, len(choice.shown), choice.hidden + len(bare), len(bare), rows, sheet.unworded, fitted, width, sheet.routes
    )


def _bare(graph: nx.MultiDiGraph, node: str) -> bool:
    if graph.nodes[node]["kind"] not in ACTING_UNITS:
        return False
    return not edges_from(graph, node) and not edges_to(graph, node)


@dataclass(frozen=True, slots=True)
class _Stroke:
    """Lines of one kind to one node: they share words, look and the last of their way."""

    target: str
    look: str
    words: str
    lines: tuple[Line, ...]


class _Sheet:
    """Lays out what was chosen and writes it as SVG."""

    def __init__(self, graph: nx.MultiDiGraph, choice: Choice, urls: Mapping[str, str], focus: str | None) -> None:
        self.graph, self.choice, self.urls, self.focus = graph, choice, urls, focus
        self.unworded = 0
        shown = set(choice.shown)
        most = 5 if len(shown) <= _ROOMY else 2
        tasks = [n for n in choice.shown if graph.nodes[n]["kind"] == "task" and n != focus]
        brief = set(tasks) if len(tasks) > _CROWDED else set()
        boxes = {
            n: style.box_of(graph.nodes[n], _missing(graph, n, shown), brief=n in brief, most=most)
            for n in choice.shown
        }
        widest: dict[int, float] = {}
        for node, box in boxes.items():
            rank = graph.nodes[node]["rank"]
            widest[rank] = max(widest.get(rank, 0.0), box.width)
        self.boxes = {n: replace(box, width=widest[graph.nodes[n]["rank"]] * _SPARE) for n, box in boxes.items()}
        self.ids = {node: f"n{i}" for i, node in enumerate(choice.shown, 1)}
        drawn = nx.MultiDiGraph()
        drawn.add_nodes_from((n, {"rank": graph.nodes[n]["rank"]}) for n in choice.shown)
        strokes: dict[tuple[str, str, str], list[Line]] = {}
        for line in choice.lines:
            drawn.add_edge(line.source, line.target, key=_key(line))
            strokes.setdefault((line.target, line.look, line.words), []).append(line)
        self.strokes = [_Stroke(*key, tuple(lines)) for key, lines in sorted(strokes.items())]
        few = len(widest) <= 6
        self.between = 132.0 if few else 108.0
        sizes = {n: (box.width, box.height) for n, box in self.boxes.items()}
        self.layout: Layout = lay_out(
            drawn, sizes=sizes, bend=_BEND, gap=9.0, between=self.between, least=112.0, merge=True
        )
        self.routes = route_all(self.layout, drawn.edges(keys=True), sizes=sizes, between=self.between, merge=True)

    # --- words --------------------------------------------------------------------------------------

    def summary(self, bare: int) -> list[str]:
        """Return what is in the picture and what is not, as sentences."""
        shown, choice = len(self.choice.shown), self.choice
        lines = sum(1 for line in choice.lines if line.look != "part")
        said = [f"Hình có {number(shown)} mục, {number(lines)} quan hệ; đọc từ phải sang trái, theo chiều mũi tên."]
        if choice.hidden:
            which = "xa hơn" if self.focus is not None else "còn lại"
            said.append(
                f"Đang hiện {number(shown)} trên tổng số {number(choice.total)} mục; "
                f"{number(choice.hidden)} mục {which} không vẽ."
            )
        if bare:
            said.append(
                f"{number(bare)} nhiệm vụ, nhóm nhiệm vụ không có quan hệ nào với văn bản trong hình: không vẽ."
            )
        return said

    def _legend(self) -> list[tuple[str, str]]:
        """Return (drawing of 46 × 26 around its middle, words) of what the picture uses."""
        kinds = {style.kind_of(self.graph.nodes[n]) for n in self.choice.shown}
        looks: dict[str, list[str]] = {}
        for stroke in self.strokes:
            looks.setdefault(stroke.look, []).append(stroke.words)
        found = [
            (svg.path(style.outline(kind.shape, 40, 22), fill=kind.fill, stroke=kind.stroke, width=1.5), kind.words)
            for name, kind in style.KINDS.items()
            if name in kinds
        ]
        if self.focus is not None:
            found.append((svg.path(style.outline("plain", 40, 22), fill="#ffffff", stroke=style.INK, width=3.5),
                          "Viền đậm: mục đang xem"))  # fmt: skip
        if any(style.doubtful(self.graph.nodes[n]) for n in self.choice.shown):
            found.append(
                (svg.path(style.outline("plain", 40, 22), fill="#ffffff", stroke=style.INK, dash=(6, 4)), style.DOUBT)
            )
        if out := style.out_words(self.graph.nodes[n] for n in self.choice.shown):
            frame_ = style.outline("plain", 40, 22) + style.double("plain", 40, 22)
            found.append((svg.path(frame_, fill="#ffffff", stroke=style.INK, width=1.5), out))
        for name, look in style.LINES.items():
            if name in looks:
                arrow = "" if name == "part" else svg.arrow(-22, 0, -1, look.colour)
                line = svg.path("M22 0H-16", stroke=look.colour, width=look.width, dash=look.dash)
                found.append((line + arrow, look.words))
        if any(len(stroke.lines) > 1 for stroke in self.strokes):
            found.append((svg.path("M22 -8C8 -8 8 0 -6 0H-16M22 8C8 8 8 0 -6 0", stroke=style.QUIET, width=1.5)
                          + svg.arrow(-22, 0, -1, style.QUIET),
                          "Các đường cùng quan hệ, cùng đến một văn bản thì nhập làm một"))  # fmt: skip
        return found

    # --- drawing ------------------------------------------------------------------------------------

    def render(self, title: str, said: list[str], stamp: Sequence[str], page: bool) -> tuple[str, Fit, float]:
        """Return the SVG, the paper it needs, and its width."""
        drawn, left, right, bottom = self._picture()
        width = max(right - left, 640.0) + 2 * _PAD
        inner = width - 2 * _PAD
        head = [
            _Words(line, _TITLE, style.INK, True) for line in style.wrap(title, _TITLE, inner / _SPARE, 3, bold=True)
        ]
        if self.unworded:
            said = [*said, f"{number(self.unworded)} đường không đủ chỗ ghi chữ, xem bảng."]
        head += [_Words(line, _SUB, style.QUIET) for line in style.wrap(" ".join(said), _SUB, inner / _SPARE, 6)]
        top, y = [], _PAD
        for words in head:
            y += words.size * 1.35
            top.append(svg.text(_PAD, y - words.size * 0.35, words.words, words.size, words.colour, bold=words.bold))
        y += 14
        corner = f"{svg.short(_PAD - left + (inner - right + left) / 2)} {svg.short(y + _HEAD + 14)}"
        body = f'<g transform="translate({corner})">{drawn}</g>'
        y += _HEAD + 14 + bottom + 26
        legend, y = self._legend_at(y, inner)
        foot = []
        fitted = fit(width, y + (len(stamp) + 1) * 18 + _PAD)
        for line in [*stamp, *([fitted.sentence] if fitted.sentence else [])]:
            for part in style.wrap(line, _SUB, inner / _SPARE, 4):
                y += 18
                foot.append(svg.text(_PAD, y, part, _SUB, style.QUIET))
        height = y + _PAD
        name = "so-do"
        desc = " ".join([*said, *(f"{r.source} {r.relation} {r.target}." for r in self._first_rows())])
        box, size = (
            f"0 0 {svg.short(width)} {svg.short(height)}",
            f' width="{svg.short(width)}" height="{svg.short(height)}"',
        )
        ground = ""
        if page:
            sheet = frame(fitted.paper, width, height)
            sides = (width - sheet[0]) / 2, min(0.0, (height - sheet[1]) / 2), *sheet
            box, ground = " ".join(map(svg.short, sides)), svg.rect(*sides, "#ffffff")
            size = f' width="{fitted.paper.width:g}mm" height="{fitted.paper.height:g}mm"'
        # a picture with links is a group of things to go to, one without is one image
        role = "group" if any(self.urls.values()) else "img"
        picture = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"{size} role="{role}" lang="vi" xml:lang="vi" '
            f'aria-labelledby="{name}-ten {name}-mo-ta" font-family="{_FONTS}">'
            f'<title id="{name}-ten">{svg.escaped(title)}</title><desc id="{name}-mo-ta">{svg.escaped(desc)}</desc>'
            + ground
            + "".join(top) + body + legend + "".join(foot) + "</svg>\n"
        )  # fmt: skip
        return picture, fitted, width

    def _first_rows(self) -> list[Row]:
        edges = [edge for line in self.choice.lines if line.look != "part" for edge in line.edges]
        return [row_of(self.graph, edge) for edge in edges[:12]]

    def _picture(self) -> tuple[str, float, float, float]:
        """Return lanes, lines, boxes and words; their left and right ends, and their lower end (lanes begin at 0)."""
        layout = self.layout
        # curves between lanes stay between their ends, a bracket swings out
        points = [at(way, 0.5) for route in self.routes.values() for way in route.stretches]
        left = min([0.0, *(x - 6 for x, _ in points)])
        right = max([layout.width, *(x + 6 for x, _ in points)])
        bottom = max([layout.height, *(y + 8 for _, y in points)])
        lanes = []
        for lane in layout.lanes:
            x, width = lane.x - lane.width / 2 - 8, lane.width + 16
            lanes.append(svg.rect(x, -_HEAD - 8, width, bottom + _HEAD + 18, _BAND))
            lanes.append(svg.rect(x, -_HEAD - 8, width, _HEAD, _HEADING))
            words = style.wrap(lane.rank.label, _SUB, (width - 8) / _SPARE, 2, bold=True)
            for turn, line in enumerate(words):
                y = -_HEAD / 2 - 8 + 4.5 + (turn - (len(words) - 1) / 2) * 16
                lanes.append(svg.text(lane.x, y, line, _SUB, style.INK, bold=True, anchor="middle"))
        return "".join([*lanes, *self._lines(), *self._boxes()]), left, right, bottom

    def _lines(self) -> list[str]:
        placer = Placer(self.between - 2 * STUB - 6)
        for node, box in self.boxes.items():
            spot = self.layout.positions[node]
            placer.add_box(
                spot.x - box.width / 2, spot.y - box.height / 2, spot.x + box.width / 2, spot.y + box.height / 2
            )
        drawn: list[str] = []
        own = [[self.routes[line.source, line.target, _key(line)] for line in s.lines] for s in self.strokes]
        for index, (stroke, routes) in enumerate(zip(self.strokes, own, strict=True)):
            drawn.append(self._stroke(stroke, routes))
            for route in routes:
                placer.add_line(index, route)
        words: list[str] = []
        # short words in tight places first would be unfair to those of many lines
        for index in sorted(range(len(own)), key=lambda i: (-len(own[i]), i)):
            stroke = self.strokes[index]
            if not stroke.words:
                continue
            label = placer.place(index, stroke.words, own[index][:4])
            if label is None:
                self.unworded += 1
                continue
            colour = style.ALARM if stroke.look.startswith("act") else style.INK
            left, top, right, bottom = label.box
            words.append(svg.rect(left + 1, top + 1, right - left - 2, bottom - top - 2, "#ffffff"))
            first = label.y - 13.0 * (len(label.lines) - 1) / 2 + SIZE * 0.36
            for turn, line in enumerate(label.lines):
                words.append(svg.text(label.x, first + 13.0 * turn, line, SIZE, colour, anchor="middle", halo=True))
        return [*drawn, *words]

    def _stroke(self, stroke: _Stroke, routes: Sequence[Route]) -> str:
        """Return the lines of a stroke: what they share is drawn once, with one arrow a side."""
        look = style.LINES[stroke.look]
        seen: set[tuple[object, object]] = set()
        paths, arrows = [], {}
        for line, route in zip(stroke.lines, routes, strict=True):
            (x, y), before = route.points[-1], route.points[-2]
            way = 1 if x > before[0] else -1
            tip = x + way * self._inset(line.target, -way, y), y
            leave = 1 if route.points[1][0] > route.points[0][0] else -1
            foot = route.points[0][0] - leave * self._inset(line.source, leave, route.points[0][1])
            arrow = stroke.look != "part"
            parts: list[str] = []
            for index, stretch in enumerate(route.stretches):
                ends = (stretch[0], stretch[3])
                if ends in seen:
                    continue
                seen.add(ends)
                start, end = ends
                if not parts or parts[-1] != f"@{start}":
                    parts.append(f"M{svg.short(foot if not index else start[0])} {svg.short(start[1])}")
                else:
                    parts.pop()
                if index in route.spaces:
                    parts.append("C" + " ".join(f"{svg.short(x)} {svg.short(y)}" for x, y in stretch[1:]))
                else:
                    last = index == len(route.stretches) - 1
                    parts.append(f"H{svg.short((tip[0] - (way * 7 if arrow else 0)) if last else end[0])}")
                parts.append(f"@{end}")
            data = "".join(part for part in parts if part[0] != "@")
            said = f"<title>{svg.escaped(claims(self.graph, line.edges))}</title>"
            ends_of = f'data-tu="{self.ids[line.source]}" data-den="{self.ids[line.target]}"'
            paths.append(f'<path d="{data}" {ends_of}>{said}</path>')
            if arrow:
                arrows[tip] = svg.arrow(tip[0], tip[1], way, look.colour)
        dash = f' stroke-dasharray="{" ".join(map(str, look.dash))}"' if look.dash else ""
        return (
            f'<g class="duong" fill="none" stroke="{look.colour}" stroke-width="{look.width:g}"{dash}>'
            f"{''.join(paths)}</g>{''.join(arrows.values())}"
        )

    def _inset(self, node: str, side: int, y: float) -> float:
        shape = style.KINDS[style.kind_of(self.graph.nodes[node])].shape
        return style.inset(shape, side, y - self.layout.positions[node].y, self.boxes[node].height)

    def _boxes(self) -> Iterable[str]:
        for node in sorted(
            self.choice.shown, key=lambda n: (self.graph.nodes[n]["rank"], self.layout.positions[n].y, natural(n))
        ):
            data, box, spot = self.graph.nodes[node], self.boxes[node], self.layout.positions[node]
            kind = style.KINDS[style.kind_of(data)]
            outline = svg.path(
                style.outline_of(data, box.width, box.height), fill=kind.fill, stroke=kind.stroke,
                width=3.5 if node == self.focus else 1.5, dash=(6, 4) if style.doubtful(data) else (),
            )  # fmt: skip
            unit = data["kind"] in ACTING_UNITS
            x = (15 if data["kind"] == "group" else 9) - box.width / 2 if unit else 0.0
            y = 4.0 + 4.0 - box.height / 2 - 2.0
            text = []
            for line in box.lines:
                room = 18.0 if line.size == style.TEXT else 16.5
                text.append(svg.text(x, y + room * 0.72, line.words, line.size, line.colour, bold=line.bold,
                                  anchor="start" if unit else "middle"))  # fmt: skip
                y += room
            inside = f"<title>{svg.escaped(about(self.graph, node))}</title>{outline}{''.join(text)}"
            url = self.urls[node]
            inside = f'<a href="{svg.escaped(url)}">{inside}</a>' if url else inside
            middle = f"{svg.short(spot.x)} {svg.short(spot.y)}"
            yield f'<g class="nut" id="so-do-{self.ids[node]}" transform="translate({middle})">{inside}</g>'

    def _legend_at(self, y: float, inner: float) -> tuple[str, float]:
        """Return the legend under the picture, in rows of what fits, and where it ends."""
        entries = self._legend()
        if not entries:
            return "", y
        found = [svg.text(_PAD, y, "Chú giải", _SUB, style.INK, bold=True)]
        y += 22
        x = _PAD
        for drawing, words in entries:
            room = 56 + style.text_width(words, _SUB) * 1.05 + 22
            if x > _PAD and x + room - 22 > _PAD + inner:
                x, y = _PAD, y + 30
            found.append(f'<g transform="translate({svg.short(x + 23)} {svg.short(y)})">{drawing}</g>')
            found.append(svg.text(x + 56, y + 4.5, words, _SUB, style.INK))
            x += room
        return "".join(found), y + 26


@dataclass(frozen=True, slots=True)
class _Words:
    words: str
    size: int
    colour: str
    bold: bool = False


def _key(line: Line) -> str:
    return f"{line.look}: {line.words}"


def _missing(graph: nx.MultiDiGraph, node: str, shown: set[str]) -> str:
    around = {end for e in (*edges_from(graph, node), *edges_to(graph, node)) for end in (e.source, e.target)}
    return f"+ {number(len(around - shown))} mục chưa vẽ" if around - shown else ""
