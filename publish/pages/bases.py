"""Khối căn cứ: the bases of a plan to be written, chosen by a person, in order and in full."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from extract.text import plain
from graph.bases import Block, bases_of_plan, bases_of_tasks, block_of, is_party
from graph.lookup import Found, look_up
from publish.answers import Answer, Ask, File, Page
from publish.base import Base
from publish.export.bases import write_bases_docx
from publish.export.stamp import read_stamp
from publish.pages import problem
from publish.sentences import ref

_CHOSEN, _MORE, _ASKED = "c.", "them", "chon"
_MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MOST_TYPED = 40


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
    block = block_of(base.graph, chosen, party=is_party(base.graph, plan))
    return Page(
        "bases.html",
        {
            "plan": ref(base.graph, plan, ask.links), "id": plan, "block": block, "lines": block.written(),
            "own": _choices(base, ask, own, chosen), "of_tasks": _choices(base, ask, of_tasks, chosen),
            "typed": ask.values.get(_MORE, "")[:400], "unknown": unknown, "sources": base.sources(plan),
            "download": ask.links.bases_file(plan, **_asked(ask)),
        },
    )  # fmt: skip


def download(base: Base, ask: Ask) -> Answer:
    """Return the same block as a Word file."""
    plan = ask.parts["plan"]
    if not base.graph.nodes.get(plan, {}).get("in_corpus"):
        return problem.no_document(plan)
    block = block_for(base, ask, plan)
    today, label = date.today(), base.graph.nodes[plan]["label"]
    content = write_bases_docx(block, label, read_stamp(base.connection, today, {plan}))
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


def _choices(base: Base, ask: Ask, documents: list[str], chosen: list[str]) -> list[dict[str, Any]]:
    return [
        {"name": f"{_CHOSEN}{d}", "ref": ref(base.graph, d, ask.links), "title": base.graph.nodes[d]["title"],
         "checked": d in chosen}
        for d in documents
    ]  # fmt: skip
