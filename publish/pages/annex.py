"""The annex of a plan as a download: bản trình and bản phát hành."""

from __future__ import annotations

from functools import partial

from graph.basis import DIRECT, DIRECT_WAYS, SOFT
from graph.words import UNIT_KINDS
from publish.answers import Ask, Page
from publish.base import Base, Row
from publish.export.annex import annex
from publish.export.listing import Listing
from publish.pages import lists, problem

_WAYS = tuple(sorted(DIRECT_WAYS))


def listing(base: Base, ask: Ask, *, draft: bool) -> Listing | Page:
    """Return the annex of the plan ``ask.parts["plan"]``."""
    plan = base.row("SELECT * FROM van_ban WHERE id = ? AND trong_kho = 1", ask.parts["plan"])
    if plan is None:
        return problem.no_document(ask.parts["plan"])
    tasks = base.rows(
        "SELECT m.*, m.cha AS nhom, n.do_manh, n.canh_bao FROM muc m JOIN nhiem_vu n ON n.id = m.id"
        " WHERE m.van_ban = ? AND m.loai = ? ORDER BY m.bat_dau LIMIT ?",
        plan["id"], UNIT_KINDS["task"], lists.MOST_ROWS,
    )  # fmt: skip
    above = base.rows("SELECT id, ky_hieu, noi_dung FROM muc WHERE van_ban = ?", plan["id"])
    headings = {row["id"]: f"{row['ky_hieu']} {row['noi_dung']}".strip() for row in above}
    bases = {task["id"]: _bases(base, task) for task in tasks} if draft else {}
    return annex(plan, headings, tasks, bases, draft=draft)


to_submit = partial(listing, draft=True)
to_issue = partial(listing, draft=False)


def _bases(base: Base, task: Row) -> str:
    """Return the bases of a task with their anchors, or what stands for them."""
    pinpoints = {
        row["van_ban"]: row["dieu_khoan"]
        for row in base.rows(
            "SELECT van_ban, dieu_khoan FROM trich_dan WHERE muc = ? AND dieu_khoan <> '' ORDER BY bat_dau", task["id"]
        )
    }
    found = base.rows(
        "SELECT v.id, v.nhan, c.cach FROM can_cu c JOIN van_ban v ON v.id = c.van_ban"
        " WHERE c.nhiem_vu = ? AND c.cach IN (?, ?) ORDER BY c.rowid",
        task["id"], *_WAYS,
    )  # fmt: skip
    said = [f"{pinpoints[row['id']]} {row['nhan']}" if row["id"] in pinpoints else row["nhan"] for row in found]
    if said:
        return "; ".join(said) + ("" if task["do_manh"] == DIRECT else " (chưa có số, ký hiệu)")
    if task["do_manh"] == SOFT:
        soft = base.rows("SELECT cau FROM can_cu WHERE nhiem_vu = ? AND cach = ?", task["id"], SOFT)
        return "; ".join(f"“{row['cau']}” (chưa nói rõ văn bản nào)" for row in soft)
    return "Chưa nêu căn cứ riêng; cần bổ sung hoặc giải trình"
