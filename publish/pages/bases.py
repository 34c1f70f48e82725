"""Khối căn cứ: the bases of a plan to be written, chosen by a person, in order and in full."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from extract.text import plain
from graph.bases import Block, bases_of_plan, bases_of_tasks, block_of, is_party
from graph.lookup import Found, look_up
from graph.standing import standings
from graph.words import vietnamese_date
from publish.answers import Answer, Ask, File, Page
from publish.base import Base
from publish.export.bases import write_bases_docx
from publish.export.stamp import read_stamp
from publish.pages import problem
from publish.sentences import ref
from publish.validities import AsOf, Shown, as_of, show, shown

_CHOSEN, _MORE, _ASKED = "c.", "them", "chon"
_MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MOST_TYPED = 40
_WHOLE_DATE = len("2024-05-10")


def page(base: Base, ask: Ask) -> Answer:
    """Return the block of the plan ``ask.parts["plan"]`` with the choice that it comes from."""
    plan = ask.parts["plan"]
    if not base.graph.nodes.get(plan, {}).get("in_corpus"):
        return problem.no_document(plan)
    own = bases_of_plan(base.graph, plan)
    of_tasks = [d for d in bases_of_tasks(base.graph, plan) if d not in own]
    typed, unknown = _typed(base, ask)
    chosen = _chosen(ask, own, typed)
    base.graph.read([*own, *of_tasks, *typed])
    day = day_of(base, ask, plan)
    known = {d: show(base, ask, v) for d, v in shown(base, ask, {*own, *of_tasks, *chosen}, day.day).items()}
    block = block_of(base.graph, chosen, party=is_party(base.graph, plan))
    return Page(
        "bases.html",
        {
            "plan": ref(base.graph, plan, ask.links), "id": plan, "block": block, "lines": block.written(),
            "own": _choices(base, ask, own, chosen, known),
            "of_tasks": _choices(base, ask, of_tasks, chosen, known),
            "as_of": day, "of_plan": not day.told and day.day == base.graph.nodes[plan]["date"],
            "asked": _asked(ask), "standings": [
                (ref(base.graph, line.document, ask.links), known.get(line.document)) for line in block.lines
            ] if known else [],
            "typed": ask.values.get(_MORE, "")[:400], "unknown": unknown, "sources": base.sources(plan),
            "download": ask.links.bases_file(plan, **_asked(ask), **({"tai_ngay": day.words} if day.told else {})),
        },
    )  # fmt: skip


def download(base: Base, ask: Ask) -> Answer:
    """Return the same block as a Word file."""
    plan = ask.parts["plan"]
    if not base.graph.nodes.get(plan, {}).get("in_corpus"):
        return problem.no_document(plan)
    block = block_for(base, ask, plan)
    today, label = date.today(), base.graph.nodes[plan]["label"]
    day = day_of(base, ask, plan).day
    known = standings(base.connection, (line.document for line in block.lines), day)
    content = write_bases_docx(block, label, read_stamp(base.connection, today, {plan}), day, known)
    name = "".join("-" if c in '<>:"/\\|?*' or ord(c) < 32 else c for c in f"Khối căn cứ - {label}"[:90]).strip(" .-")
    return File(content, _MEDIA, f"{name} ({today:%d-%m-%Y}).docx")


def block_for(base: Base, ask: Ask, plan: str) -> Block:
    """Return the block that was asked for: the chosen documents, those of the plan itself when none was chosen yet."""
    chosen = _chosen(ask, bases_of_plan(base.graph, plan), _typed(base, ask)[0])
    return block_of(base.graph, chosen, party=is_party(base.graph, plan))


def _asked(ask: Ask) -> dict[str, str]:
    return {name: v for name, v in ask.values.items() if name.startswith(_CHOSEN) or name in (_MORE, _ASKED)}


def _chosen(ask: Ask, own: list[str], typed: list[str]) -> list[str]:
    ticked = [name.removeprefix(_CHOSEN) for name in ask.values if name.startswith(_CHOSEN)]
    return [*(ticked if ask.values.get(_ASKED) else own), *typed]


def _typed(base: Base, ask: Ask) -> tuple[list[str], list[str]]:
    """Return the documents that were typed by number, and what names none or several."""
    found: list[str] = []
    unknown: list[str] = []
    for words in re.split(r"[;\n]", ask.values.get(_MORE, "")[:400])[:_MOST_TYPED]:
        if plain(words):
            answer = look_up(base.graph, words, near=False)
            known = isinstance(answer, Found) and "#" not in answer.node
            (found if known else unknown).append(answer.node if known and isinstance(answer, Found) else words.strip())
    return found, unknown


def day_of(base: Base, ask: Ask, plan: str) -> AsOf:
    """Return the day on which the bases must be valid: what was asked for, else that of the plan, else today."""
    day = as_of(ask.values)
    own = str(base.graph.nodes[plan]["date"])
    return day if day.told or len(own) != _WHOLE_DATE else replace(day, day=own, words=vietnamese_date(own))


def _choices(
    base: Base, ask: Ask, documents: list[str], chosen: list[str], known: dict[str, Shown]
) -> list[dict[str, Any]]:
    return [
        {"name": f"{_CHOSEN}{d}", "ref": ref(base.graph, d, ask.links), "title": base.graph.nodes[d]["title"],
         "checked": d in chosen, "validity": known.get(d)}
        for d in documents
    ]  # fmt: skip
