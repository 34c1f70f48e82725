"""Độ phủ of a plan: its documents × its tasks; documents without a task, tasks without a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graph.basis import DIRECT, DIRECT_WAYS, NAMED, OBJECT, PLAN_BASES, THROUGH
from graph.citation_graph import edges_from
from graph.words import STATED
from publish.answers import Answer, Ask, Page
from publish.base import Base, Row
from publish.decided.history import set_aside
from publish.export.listing import Column, Group, Listing, numbered
from publish.pages import lists, problem
from publish.sentences import ref
from publish.words import verdict

_MATRIX = 60
"""A matrix with more tasks than this is no longer read; the lists below it say the same."""
MARKS = {DIRECT: "●", NAMED: "◐", THROUGH: "○", OBJECT: "△"}


@dataclass(frozen=True, slots=True)
class Covered:
    """A document of the plan: whether it stands among the plan's bases, and how each task (by id) rests on it."""

    document: str
    is_basis: bool
    evidence: tuple[str, str]
    tasks: dict[str, str]


def index(base: Base, ask: Ask) -> Answer:
    """Return the choice of a plan, or the plan itself when there is but one."""
    if not lists.is_current(base):
        return lists.outdated()
    plans = lists.plans(base)
    if len(plans) == 1:
        return _page(base, ask, plans[0]["id"])
    rows = [
        {**plan, "ref": ref(base.graph, plan["id"], ask.links), "url": ask.links.coverage(plan["id"])} for plan in plans
    ]
    return Page("coverage_index.html", {"rows": rows})


def page(base: Base, ask: Ask) -> Answer:
    """Return the coverage of the plan ``ask.parts["plan"]``."""
    return _page(base, ask, ask.parts["plan"]) if lists.is_current(base) else lists.outdated()


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the coverage as a list: every document with its tasks, then the tasks without a document."""
    plan = ask.parts["plan"]
    if not base.graph.nodes.get(plan, {}).get("in_corpus"):
        return problem.no_document(plan)
    tasks = _tasks(base, plan)
    names = {task["id"]: task["ma"] for task in tasks}
    found = covered(base, plan, tasks)
    graph = base.graph

    def line(item: Covered) -> tuple[str, ...]:
        said = "; ".join(f"{names[task]} ({way})" for task, way in item.tasks.items())
        data = graph.nodes[item.document]
        kind = "văn bản căn cứ của kế hoạch" if item.is_basis else "nhiệm vụ viện dẫn"
        aside = "" if item.tasks else set_aside(base, item.document)
        return data["label"], data["title"], kind, str(len(item.tasks)), said, item.evidence[0], aside

    bare = [t for t in tasks if t["do_manh"] != DIRECT]
    return Listing(
        heading="ĐỘ PHỦ CĂN CỨ CỦA KẾ HOẠCH", subject=graph.nodes[plan]["label"],
        columns=(
            Column("STT", 11, centred=True), Column("Văn bản, nhiệm vụ", 40), Column("Trích yếu, nội dung", 66),
            Column("Vai trò", 26), Column("Số nhiệm vụ", 17, centred=True), Column("Nhiệm vụ", 36),
            Column("Câu nguyên văn", 36), Column("Ý kiến", 20),
        ),
        groups=numbered([
            Group("Văn bản căn cứ chưa có nhiệm vụ", tuple(line(c) for c in found if c.is_basis and not c.tasks)),
            Group("Văn bản đã có nhiệm vụ", tuple(line(c) for c in found if c.tasks)),
            Group("Nhiệm vụ chưa nêu văn bản có số", tuple(
                (f"Nhiệm vụ {t['ma']}", t["noi_dung"], f"căn cứ: {t['do_manh']}", "", "", "", "") for t in bare
            )),
        ]),
        notes=("Văn bản căn cứ chưa có nhiệm vụ: cần đối chiếu, có thể là căn cứ thẩm quyền hoặc còn thiếu nhiệm vụ.",),
        sources=frozenset({plan}),
    )  # fmt: skip


def covered(base: Base, plan: str, tasks: list[Row]) -> list[Covered]:
    """Return the bases of ``plan`` in text order, then the other documents that its tasks rest on, most tasks first."""
    ways: dict[str, dict[str, str]] = {}
    for row in base.rows(
        "SELECT c.nhiem_vu, c.van_ban, c.cach FROM can_cu c JOIN nhiem_vu n ON n.id = c.nhiem_vu"
        " WHERE n.van_ban = ? AND c.van_ban IS NOT NULL AND c.cach IN (?, ?, ?, ?) ORDER BY n.thu_tu, c.rowid",
        plan, DIRECT, NAMED, THROUGH, OBJECT,
    ):  # fmt: skip
        ways.setdefault(row["van_ban"], {}).setdefault(row["nhiem_vu"], row["cach"])
    bases: dict[str, tuple[str, str]] = {}
    for edge in edges_from(base.graph, plan):
        if edge.relation in PLAN_BASES and edge.status == STATED:
            bases.setdefault(edge.target, (edge.sentence, edge.place))
    first = [Covered(document, True, proof, ways.get(document, {})) for document, proof in bases.items()]
    others = [Covered(document, False, ("", ""), found) for document, found in ways.items() if document not in bases]
    return [*first, *sorted(others, key=lambda c: (-len(c.tasks), c.document))]


def _tasks(base: Base, plan: str) -> list[Row]:
    return base.rows("SELECT id, ma, noi_dung, do_manh, chu_tri FROM nhiem_vu WHERE van_ban = ? ORDER BY thu_tu", plan)


def _page(base: Base, ask: Ask, plan: str) -> Answer:
    if not base.graph.nodes.get(plan, {}).get("in_corpus"):
        return problem.no_document(plan)
    tasks = _tasks(base, plan)
    found = covered(base, plan, tasks)
    shown = [_shown(base, ask, item) for item in found]
    own = [t for t in tasks if any(t["id"] in item.tasks for item in found)]
    return Page(
        "coverage.html",
        {
            "plan": ref(base.graph, plan, ask.links), "id": plan, "count": len(tasks),
            "gaps": [s for s in shown if s["item"].is_basis and not s["item"].tasks and not s["aside"]],
            "aside": [s for s in shown if s["item"].is_basis and not s["item"].tasks and s["aside"]],
            "bases": [s for s in shown if s["item"].is_basis],
            "matrix": [s for s in shown if s["item"].tasks], "columns": own if len(own) <= _MATRIX else [],
            "too_wide": len(own) > _MATRIX, "marks": [(mark, way) for way, mark in MARKS.items()], "mark_of": MARKS,
            "bare": [
                {**t, "ref": ref(base.graph, t["id"], ask.links), "strength": verdict(t["do_manh"])}
                for t in tasks if t["do_manh"] not in DIRECT_WAYS
            ],
        },
    )  # fmt: skip


def _shown(base: Base, ask: Ask, item: Covered) -> dict[str, Any]:
    return {
        "item": item, "ref": ref(base.graph, item.document, ask.links),
        "title": base.graph.nodes[item.document]["title"],
        "tasks": [(ref(base.graph, task, ask.links), way) for task, way in item.tasks.items()],
        "aside": "" if item.tasks else set_aside(base, item.document),
        "decide": ask.links.decision("van-ban", item.document),
    }  # fmt: skip
