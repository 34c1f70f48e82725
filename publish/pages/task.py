"""The page of a task (or group, or assignment): its text, how strong its basis is, and its chain to the top."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extract.model import ACTING_UNITS
from graph.basis import INHERITED, TaskBasis, weigh_task
from graph.citation_graph import edges_from
from graph.trace import trace_up
from graph.words import PLANNED, UNIT_KINDS
from publish.answers import Ask, Page
from publish.base import Base, Row
from publish.decided.history import held_about
from publish.marked import marked, marks_of
from publish.pages import printed, problem, unnumbered
from publish.sentences import hops, ref, sentence
from publish.validities import as_of, cited_by, show, shown
from publish.words import WAYS, verdict


def page(base: Base, ask: Ask) -> Page:
    """Return the page of the unit ``ask.parts``: plan, code."""
    plan, code = ask.parts["plan"], ask.parts["code"]
    unit = f"{plan}#{code}"
    row = base.row("SELECT * FROM muc WHERE id = ?", unit)
    if row is None or base.graph.nodes.get(unit, {}).get("kind") not in ACTING_UNITS:
        return problem.no_task(plan, code)
    text = base.row("SELECT noi_dung FROM tep WHERE van_ban = ?", plan)
    marks = marks_of(base, plan, ask.links, unit)
    shown = marked(text["noi_dung"], row["bat_dau"], row["ket_thuc"], marks) if text else row["noi_dung"]
    is_task = row["loai"] == UNIT_KINDS["task"]
    weighed = weigh_task(base.graph, unit)
    day = as_of(ask.values)
    above = trace_up(base.graph, unit)
    return Page(
        "task.html",
        {
            "row": row, "unit": unit, "is_task": is_task, "plan": ref(base.graph, plan, ask.links), "text": shown,
            "path": list(reversed(list(_above(base, row, ask)))), "strength": verdict(weighed.strength),
            "warnings": weighed.warnings if is_task else (), "bases": list(_bases(base, weighed, ask, day.day)),
            "as_of": day,
            "chain": hops(base.graph, above.children, ask.links),
            "sheet": printed.sheet_of_task(base, ask, unit, above) if above.children else None,
            "inherited": weighed.strength == INHERITED, "planned": list(_planned(base, row, ask)),
            "parts": [ref(base.graph, c["id"], ask.links) for c in _children(base, unit) if c["id"] in base.graph],
            "before": _neighbour(base, row, ask, -1), "after": _neighbour(base, row, ask, 1),
            "held": held_about(base, "muc", unit), "unnumbered": unnumbered.of_unit(base, ask, unit),
            "anchor": ask.links.document(plan, code), "sources": base.sources(plan),
        },
    )  # fmt: skip


def _above(base: Base, row: Row, ask: Ask) -> Iterator[dict[str, Any]]:
    """Yield the headings above a unit, nearest first."""
    parent = row["cha"]
    while parent:
        above = base.row("SELECT * FROM muc WHERE id = ?", parent)
        if above is None:
            return
        on_page = base.graph.nodes.get(parent, {}).get("kind") in ACTING_UNITS
        url = ask.links.unit(parent) if on_page else ask.links.document(above["van_ban"], above["ma"])
        yield {"words": above["noi_dung"], "url": url}
        parent = above["cha"]


def _bases(base: Base, weighed: TaskBasis, ask: Ask, day: str) -> Iterator[dict[str, Any]]:
    relations = base.graph.graph["relations"]
    known = shown(base, ask, (item.document for item in weighed.items if item.document), day)
    for item in weighed.items:
        words = relations[item.relation]["doc_xuoi"] if item.relation in relations else "--"
        if item.way == INHERITED:
            words = "kế hoạch căn cứ"
        yield {
            "way": item.way, "way_words": WAYS[item.way], "words": words, "steps": item.steps,
            "sentence": item.sentence, "place": item.place,
            "document": ref(base.graph, item.document, ask.links) if item.document else None,
            "validity": show(base, ask, known[item.document], cited_by(base, weighed.task, item.document))
            if item.document in known else None,
        }  # fmt: skip


def _planned(base: Base, row: Row, ask: Ask) -> Iterator[Any]:
    """Yield what the group above has planned for the documents that this task names."""
    named = {edge.target for edge in edges_from(base.graph, row["id"])}
    if row["cha"] in base.graph:
        for edge in edges_from(base.graph, row["cha"]):
            if edge.status == PLANNED and edge.target in named:
                yield sentence(base.graph, edge, ask.links)


def _children(base: Base, unit: str) -> list[Row]:
    return base.rows("SELECT id FROM muc WHERE cha = ? ORDER BY bat_dau", unit)


def _neighbour(base: Base, row: Row, ask: Ask, step: int) -> Any:
    """Return the next task of the plan (``step`` 1) or the one before (-1)."""
    sign, order = (">", "ASC") if step > 0 else ("<", "DESC")
    found = base.row(
        f"SELECT id FROM muc WHERE van_ban = ? AND loai = ? AND bat_dau {sign} ? ORDER BY bat_dau {order} LIMIT 1",
        row["van_ban"], UNIT_KINDS["task"], row["bat_dau"],
    )  # fmt: skip
    return ref(base.graph, found["id"], ask.links) if found else None
