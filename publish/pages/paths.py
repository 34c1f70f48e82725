"""Đường nối: how two documents or tasks are connected, as sentences."""

from __future__ import annotations

from typing import Any

from graph.lookup import Found, look_up
from graph.paths import connect
from publish.answers import Answer, Ask, Page
from publish.base import Base
from publish.export.listing import Column, Group, Listing, numbered
from publish.pages import problem
from publish.sentences import chain_hops, ref, sentence


def page(base: Base, ask: Ask) -> Answer:
    """Return the form, and below it the ways between ``tu`` and ``den``."""
    asked = {name: ask.values.get(name, "").strip()[:300] for name in ("tu", "den")}
    context: dict[str, Any] = {"asked": asked, "answer": None, "unclear": []}
    ends = {name: _end(base, ask, asked[name]) for name in asked}
    context["unclear"] = [end for end in ends.values() if end and "node" not in end]
    first, second = (end.get("node") if end else None for end in ends.values())
    if not first or not second:
        return Page("paths.html", context, 404 if context["unclear"] else 200)
    context |= {"first": ref(base.graph, first, ask.links), "second": ref(base.graph, second, ask.links)}
    context |= {"same": first == second, "ids": (first, second), "swap": ask.links.paths(second, first)}
    if first != second:
        found = connect(base.graph, first, second)
        context["answer"] = {
            "paths": [(len(c.edges), chain_hops(base.graph, c.edges, ask.links)) for c in found.paths],
            "turned": found.turned, "truncated": found.truncated,
            "meetings": [
                (ref(base.graph, one.nodes[-1], ask.links), chain_hops(base.graph, one.edges, ask.links),
                 chain_hops(base.graph, other.edges, ask.links))
                for one, other in found.meetings
            ],
        }  # fmt: skip
    return Page("paths.html", context)


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the ways as a list, a row a step."""
    ends = [_end(base, ask, ask.values.get(name, "")) for name in ("tu", "den")]
    if not all(end and "node" in end for end in ends):
        return problem.page(404)
    first, second = (end["node"] for end in ends if end)
    found = connect(base.graph, first, second)
    chains = [(f"Đường {n}", chain) for n, chain in enumerate(found.paths, 1)]
    chains += [
        (f"Gặp nhau ở {base.graph.nodes[one.nodes[-1]]['label']}, từ {base.graph.nodes[end]['label']}", chain)
        for one, other in found.meetings for end, chain in ((first, one), (second, other))
    ]  # fmt: skip
    groups = []
    sources = set()
    for heading, chain in chains:
        rows = []
        for edge in chain.edges:
            said = sentence(base.graph, edge, ask.links)
            rows.append(
                (said.subject.label, said.words, said.object.label, said.evidence, said.source.label, said.place)
            )
            sources.add(edge.stated_in)
        groups.append(Group(heading, tuple(rows)))
    labels = [base.graph.nodes[node]["label"] for node in (first, second)]
    return Listing(
        heading="ĐƯỜNG NỐI GIỮA HAI VĂN BẢN, NHIỆM VỤ", subject=" và ".join(labels),
        columns=(
            Column("STT", 11, centred=True), Column("Văn bản, nhiệm vụ", 42), Column("Quan hệ", 32),
            Column("Văn bản", 42), Column("Câu nguyên văn", 75), Column("Nêu tại", 30), Column("Vị trí", 20),
        ),
        groups=numbered(groups), sources=frozenset(sources),
    )  # fmt: skip


def _end(base: Base, ask: Ask, query: str) -> dict[str, Any] | None:
    """Return {"node"}, or {"query", "candidates"} when it is not clear what was meant; None when nothing was asked."""
    if not query:
        return None
    if query in base.graph:
        return {"node": query}
    found = look_up(base.graph, query)
    if isinstance(found, Found):
        return {"node": found.node}
    other = "den" if ask.values.get("tu", "").strip() == query else "tu"
    rest = ask.values.get(other, "")
    choices = [
        (ref(base.graph, n, ask.links), ask.links.paths(rest, n) if other == "tu" else ask.links.paths(n, rest))
        for n in found.candidates
    ]
    return {"query": query, "candidates": choices, "ambiguous": found.ambiguous}
