"""Trace by resolution: which tasks carry out a document, by which chain, each hop a sentence with its proof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extract.model import ACTING_UNITS
from graph.alphabet import alphabet_key
from graph.citation_graph import edges_to
from graph.lookup import Found, NotFound, look_up
from graph.relations import ACTS_ON
from graph.trace import Chain, Impact, impact
from publish.answers import Answer, Ask, Page, Redirect
from publish.base import Base
from publish.export.listing import Column, Group, Listing, numbered
from publish.pages import printed, problem
from publish.sentences import chain_hops, ref, sentence
from publish.words import document_verdict

_CHAINS = 100
"""So many chains stand on the page; the file of the list has more, the table all."""
_LISTED = 100


def page(base: Base, ask: Ask) -> Answer:
    """Return the form, and below it the answer to the number (or id, or name) in ``q``."""
    query = ask.values.get("q", "").strip()
    if not query:
        return Page("impact.html", {"query": "", "examples": _examples(base, ask)})
    found = look_up(base.graph, query)
    if isinstance(found, NotFound):
        return _missing(base, ask, query, found)
    return _answer(base, ask, query, found)


def _examples(base: Base, ask: Ask) -> list[Any]:
    rows = base.rows(
        f"SELECT id FROM {base.ranked()} WHERE so_nhiem_vu > 0 AND hinh_thuc = 'có số' AND nhan LIKE 'Nghị quyết%'"
        " ORDER BY so_nhiem_vu DESC, nhan LIMIT 6"
    )
    return [{"ref": ref(base.graph, r["id"], ask.links), "trace": ask.links.trace(r["id"])} for r in rows]


def _missing(base: Base, ask: Ask, query: str, found: NotFound) -> Page:
    """Several documents fit (300) or none does (404): the nearest ones, never a guess."""
    candidates = [
        {"ref": ref(base.graph, n, ask.links), "data": _about(base, n), "trace": ask.links.trace(n)}
        for n in found.candidates
    ]
    context = {"query": query, "missing": True, "ambiguous": found.ambiguous, "candidates": candidates}
    return Page("impact.html", context, 300 if found.ambiguous else 404)


def _about(base: Base, node: str) -> dict[str, Any]:
    data = base.graph.nodes[node]
    plan = base.graph.nodes[data["plan"]]["label"] if data["kind"] in ACTING_UNITS else ""
    return {"title": data["title"], "plan": plan, "date": data.get("date", ""), "issuer": data.get("issuer", "")}


def _answer(base: Base, ask: Ask, query: str, found: Found) -> Answer:
    focus = found.node
    data = base.graph.nodes[focus]
    if data["kind"] in ACTING_UNITS:
        return Redirect(ask.links.unit(focus))
    result = impact(base.graph, focus, limit=_CHAINS)
    plans, heirs = result.plans[:_LISTED], result.inheriting[:_LISTED]
    base.graph.read({edge.stated_in for chain in (*result.chains, *result.planned) for edge in chain.edges})
    return Page(
        "impact.html",
        {
            "query": query if query != focus else data["number"] or data["label"], "document": focus, "data": data,
            "focus": ref(base.graph, focus, ask.links), "result": result,
            "status": document_verdict(data["status"], data["form"]),
            "tasks": _tasks(base, ask, result.tasks, result.chains), "by_unit": ask.values.get("nhom") == "don-vi",
            "rings": (ask.links.trace(query), ask.links.trace(query, nhom="don-vi")),
            "planned": _planned(base, ask, result),
            "plans": [sentence(base.graph, edge, ask.links) for edge in plans],
            "plan_count": len(result.plans), "heir_count": len(result.inheriting),
            "inheriting": [
                {"ref": ref(base.graph, n, ask.links), "text": base.graph.nodes[n]["title"]} for n in heirs
            ],
            "rest": _rest(base, ask, focus) if result.truncated else None,
            "cited": bool(edges_to(base.graph, focus)),
            "sheet": printed.sheet_of_trace(base, ask, focus) if result.chains or result.planned else None,
        },
    )  # fmt: skip


def _rest(base: Base, ask: Ask, focus: str) -> dict[str, Any]:
    """Return how many tasks rest on a document that too many cite for one page, and where all of them stand."""
    ways = "('trực tiếp', 'nêu tên', 'qua chuỗi')"
    return {
        "tasks": base.number(f"SELECT count(*) FROM can_cu WHERE van_ban = ? AND cach IN {ways}", focus),
        "heirs": base.number("SELECT count(*) FROM can_cu WHERE van_ban = ? AND cach = 'kế thừa'", focus),
        "tasks_url": ask.links.table("can_cu", van_ban=focus, cach__not="kế thừa"),
        "heirs_url": ask.links.table("can_cu", van_ban=focus, cach="kế thừa"),
    }  # fmt: skip


def _tasks(base: Base, ask: Ask, tasks: Sequence[str], chains: Sequence[Chain]) -> list[dict[str, Any]]:
    return [
        {
            "ref": ref(base.graph, task, ask.links), "units": units_in_charge(base.graph.nodes[task]["lead"]),
            "text": base.graph.nodes[task]["title"],
            "plan": ref(base.graph, base.graph.nodes[task]["plan"], ask.links),
            "direct": any(len(chain.edges) == 1 for chain in own), "acts": all(_acts(c) for c in own),
            "chains": [chain_hops(base.graph, chain.edges, ask.links) for chain in own],
        }
        for task, own in _by_task(tasks, chains).items()
    ]  # fmt: skip


def _acts(chain: Chain) -> bool:
    return any(edge.relation in ACTS_ON for edge in chain.edges)


def _planned(base: Base, ask: Ask, result: Impact) -> list[dict[str, Any]]:
    return [
        {
            "ref": ref(base.graph, chain.nodes[0], ask.links), "text": base.graph.nodes[chain.nodes[0]]["title"],
            "chains": [chain_hops(base.graph, chain.edges, ask.links)],
        }
        for chain in result.planned
    ]  # fmt: skip


# --- by unit --------------------------------------------------------------------------------------


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the tasks that a document touches, by unit in charge: for a letter that asks each to look again."""
    found = look_up(base.graph, ask.values.get("q", ""))
    if not isinstance(found, Found) or base.graph.nodes[found.node]["kind"] in ACTING_UNITS:
        return problem.page(404)
    graph, focus = base.graph, found.node
    result = impact(graph, focus)
    groups: dict[str, list[tuple[str, ...]]] = {}
    sources = set()
    for task, chains in _by_task(result.tasks, result.chains).items():
        nearest = min(chains, key=lambda chain: len(chain.edges))
        way = " → ".join(graph.nodes[node]["label"] for node in nearest.nodes)
        data = graph.nodes[task]
        sources.add(data["plan"])
        row = (
            data["code"], graph.nodes[data["plan"]]["label"], data["title"], data["due"],
            "trực tiếp" if len(nearest.edges) == 1 else f"qua {len(nearest.edges)} bước", way,
            nearest.edges[0].sentence,
        )  # fmt: skip
        for doer in units_in_charge(data["lead"]):
            groups.setdefault(doer, []).append(row)
    heirs = tuple(
        (graph.nodes[t]["code"], graph.nodes[graph.nodes[t]["plan"]]["label"], graph.nodes[t]["title"],
         graph.nodes[t]["due"], "kế thừa qua căn cứ của kế hoạch", "", "")
        for t in result.inheriting
    )  # fmt: skip
    return Listing(
        heading="NHIỆM VỤ CHỊU TÁC ĐỘNG", subject=f"khi {graph.nodes[focus]['label']} thay đổi",
        columns=(
            Column("STT", 11, centred=True), Column("Mã", 18), Column("Kế hoạch", 34), Column("Nội dung nhiệm vụ", 64),
            Column("Thời hạn", 24), Column("Cách gắn", 22), Column("Chuỗi", 39), Column("Câu nguyên văn", 40),
        ),
        groups=numbered([
            *(Group(d, tuple(groups[d])) for d in sorted(groups, key=lambda d: (d == NOBODY, alphabet_key(d)))),
            Group("Nhiệm vụ chỉ kế thừa qua phần Căn cứ của kế hoạch", heirs),
        ]),
        lines=("Chỉ gồm những chuỗi gần nhất, còn nữa chưa liệt kê.",) if result.truncated else (),
        sources=frozenset(sources),
    )  # fmt: skip


NOBODY = "Chưa nêu đơn vị chủ trì"


def units_in_charge(lead: str) -> list[str]:
    """Return the units that a task names as in charge, what stands for none when it names none."""
    return [name for name in lead.split("; ") if name] or [NOBODY]


def _by_task(tasks: Sequence[str], chains: Sequence[Chain]) -> dict[str, list[Chain]]:
    by_task: dict[str, list[Chain]] = {task: [] for task in tasks}
    for chain in chains:
        by_task[chain.nodes[0]].append(chain)
    return by_task
