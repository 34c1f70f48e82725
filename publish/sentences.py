"""Edges of the graph as whole sentences, each with the words of the source that prove it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import networkx as nx
from markupsafe import Markup, escape

from extract.model import ACTING_UNITS
from graph.citation_graph import Edge, reading
from graph.relations import ACTS_ON
from graph.trace import Branch
from graph.words import RESOLVED, STATED, vietnamese_date
from publish.links import Links

_BREAKABLE = re.compile(r"(?<!\S)(?=\S*\d)(?=\S*[-/])\S{3,30}(?!\S)")
_UNIT_WORDS = {"task": "Nhiệm vụ", "assignment": "Phân công", "group": "Nhóm nhiệm vụ"}
_PARTS = {"BASIS": "phần căn cứ", "TITLE": "tiêu đề", "LEAD": "phần dẫn nhập", "close": "phần kết thúc"}


@dataclass(frozen=True, slots=True)
class Ref:
    """A node as a sentence names it: label, address, tooltip, and a status word when it is not sure."""

    label: str
    url: str
    tooltip: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """ "Kế hoạch số 2502/KH-UBND triển khai thực hiện Nghị quyết số 08-NQ/TU", with its proof.

    ``status`` is "" for what is plainly stated; ``note`` says that the object is acted on and is no basis.
    """

    subject: Ref
    words: str
    object: Ref
    evidence: str
    place: str
    source: Ref
    status: str = ""
    note: str = ""

    @property
    def plain(self) -> str:
        """The sentence as text."""
        return f"{self.subject.label} {self.words} {self.object.label}"


@dataclass(frozen=True, slots=True)
class Hop:
    """A sentence in a chain: ``same`` when the hop above is proved by the same words; hops that follow."""

    sentence: Sentence
    same: bool
    repeated: bool
    following: tuple[Hop, ...]


def ref(graph: nx.MultiDiGraph, node: str, links: Links) -> Ref:
    """Return a node as a sentence names it."""
    data = graph.nodes[node]
    if data["kind"] in ACTING_UNITS:
        label = f"{_UNIT_WORDS[data['kind']]} {data['code']}"
        return Ref(label, links.unit(node), shorten(data["title"]))
    about = [vietnamese_date(data["date"]) if data["date"] else "", data["issuer"], shorten(data["title"])]
    doubt = data["status"] if data["status"] != RESOLVED else ""
    return Ref(data["label"], links.document(node), "; ".join(a for a in about if a), doubt)


def sentence(graph: nx.MultiDiGraph, edge: Edge, links: Links) -> Sentence:
    """Return an edge as a whole sentence."""
    return Sentence(
        ref(graph, edge.source, links), reading(graph, edge), ref(graph, edge.target, links), edge.sentence, edge.place,
        _source(graph, edge, links), "" if edge.status == STATED else edge.status,
        "đối tượng tác động, không phải căn cứ" if edge.relation in ACTS_ON else "",
    )  # fmt: skip


def _source(graph: nx.MultiDiGraph, edge: Edge, links: Links) -> Ref:
    """The text that holds the proof, at the paragraph where it stands."""
    stated = ref(graph, edge.stated_in, links)
    return Ref(stated.label, links.document(edge.stated_in, edge.unit), stated.tooltip) if edge.unit else stated


def hops(graph: nx.MultiDiGraph, branches: Sequence[Branch], links: Links, above: str = "") -> tuple[Hop, ...]:
    """Return a tree of :class:`graph.trace.Branch` as hops, from the lower end up."""
    return tuple(_hops(graph, branches, links, above))


def _hops(graph: nx.MultiDiGraph, branches: Sequence[Branch], links: Links, above: str) -> Iterator[Hop]:
    for branch in branches:
        if branch.edge is not None:
            words = branch.edge.sentence
            following = hops(graph, branch.children, links, words)
            yield Hop(sentence(graph, branch.edge, links), words == above, branch.repeated, following)


def chain_hops(graph: nx.MultiDiGraph, edges: Iterable[Edge], links: Links) -> tuple[Hop, ...]:
    """Return a single chain, lower end first, as nested hops."""
    following: tuple[Hop, ...] = ()
    steps = list(edges)
    for position in range(len(steps) - 1, -1, -1):
        same = position > 0 and steps[position].sentence == steps[position - 1].sentence
        following = (Hop(sentence(graph, steps[position], links), same, False, following),)
    return following


def where(code: str) -> str:
    """Return the place of a unit in words: "mục II.1.3", "phần căn cứ"; "" for no unit."""
    if not code:
        return ""
    named = next((words for mark, words in _PARTS.items() if mark in code.split(".")), "")
    outline = re.sub(r"\.p\d+$", "", code)  # an unnumbered paragraph is found by the section it stands in
    return named or f"mục {outline}"


def shorten(words: str, width: int = 180) -> str:
    """Return ``words`` cut at a blank, with "…", where they are longer than ``width``."""
    return words if len(words) <= width else words[:width].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def whole(words: str) -> Markup:
    """Return ``words`` escaped, numbers such as 08-NQ/TU kept on one line: a number broken at "-" is misread."""
    pieces: list[str] = []
    position = 0
    for number in _BREAKABLE.finditer(words):
        pieces += (
            escape(words[position : number.start()]), '<span class="whole">', escape(number.group()), "</span>"
        )  # fmt: skip
        position = number.end()
    pieces.append(escape(words[position:]))
    return Markup("".join(pieces))
