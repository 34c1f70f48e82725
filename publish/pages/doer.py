"""Units: who is given tasks, and one page for each: tasks, bases, gaps, times."""

from __future__ import annotations

from typing import Any

from extract.text import plain
from graph.basis import DIRECT, STRENGTHS
from graph.doers import HELPS, LEADS
from graph.words import UNIT_KINDS
from publish.answers import Answer, Ask, Page
from publish.base import Base, Row
from publish.export.listing import Column, Group, Listing, numbered
from publish.pages import lists, problem
from publish.sentences import ref
from publish.words import number, verdict

_MANY = 200
_GIVEN = (
    "SELECT m.id, m.ma, m.loai, m.van_ban, m.noi_dung, m.thoi_han, m.san_pham, p.vai_tro, n.do_manh, n.canh_bao,"
    " n.tinh_trang, v.nhan AS ke_hoach FROM phan_cong p JOIN muc m ON m.id = p.muc JOIN van_ban v ON v.id = m.van_ban"
    " LEFT JOIN nhiem_vu n ON n.id = m.id WHERE p.don_vi = ? AND p.vai_tro = ? AND m.van_ban NOT IN ({others})"
    " ORDER BY v.sap_xep DESC, m.van_ban, m.bat_dau LIMIT ?"
)


def index(base: Base, ask: Ask) -> Answer:
    """Return the list of units, those with most tasks first."""
    if not lists.is_current(base):
        return lists.outdated()
    query, found = _found(base, ask, _MANY)
    rows = [{**row, "url": ask.links.doer(row["id"])} for row in found]
    return Page("doers.html", {"rows": rows, "asked": query, "cut": len(rows) == _MANY})


def index_listing(base: Base, ask: Ask) -> Listing:
    """Return the units with what they are given as a list."""
    query, found = _found(base, ask, lists.MOST_ROWS)
    rows = tuple((row["ten"], str(row["leads"]), str(row["helps"])) for row in found)
    cut = f" Chỉ gồm {number(lists.MOST_ROWS)} đơn vị đầu." if len(rows) == lists.MOST_ROWS else ""
    return Listing(
        heading="ĐƠN VỊ ĐƯỢC GIAO NHIỆM VỤ", subject=f"Tên có chứa “{query}”" if query else "",
        columns=(
            Column("STT", 15, centred=True), Column("Đơn vị", 157), Column("Chủ trì (số việc)", 40, centred=True),
            Column("Phối hợp (số việc)", 40, centred=True),
        ),
        groups=numbered([Group("", rows)]), lines=(f"Số đơn vị: {number(len(rows))}.{cut}",),
    )  # fmt: skip


def _found(base: Base, ask: Ask, most: int) -> tuple[str, list[Row]]:
    query = ask.values.get("q", "").strip()[:200]
    words = plain(query)
    condition = "WHERE d.khong_dau LIKE '%' || ? || '%'" if words else "WHERE ? = ''"
    if base.has("don_vi", "so_chu_tri"):
        return query, base.rows(
            "SELECT d.id, d.ten, d.so_chu_tri AS leads, d.so_phoi_hop AS helps FROM don_vi d"
            f" {condition} AND leads + helps > 0 ORDER BY leads DESC, helps DESC, d.ten LIMIT ?",
            words, most,
        )  # fmt: skip
    return query, base.rows(
        "SELECT d.id, d.ten, sum(p.vai_tro = ?) AS leads, sum(p.vai_tro = ?) AS helps"
        " FROM don_vi d JOIN phan_cong p ON p.don_vi = d.id JOIN muc m ON m.id = p.muc"
        f" AND m.van_ban NOT IN ({base.other_versions()})"
        f" {condition} GROUP BY d.id ORDER BY leads DESC, helps DESC, d.ten LIMIT ?",
        LEADS, HELPS, words, most,
    )  # fmt: skip


def page(base: Base, ask: Ask) -> Answer:
    """Return the page of the unit ``ask.parts["doer"]``."""
    if not lists.is_current(base):
        return lists.outdated()
    doer = base.row("SELECT * FROM don_vi WHERE id = ?", ask.parts["doer"])
    if doer is None:
        return problem.page(404)
    leads, helps = (_given(base, doer["id"], role) for role in (LEADS, HELPS))
    tasks = [row for row in leads if row["do_manh"]]
    counts = {s: sum(row["do_manh"] == s for row in tasks) for s in STRENGTHS}
    return Page(
        "doer.html",
        {
            "doer": doer, "leads": [_shown(base, ask, r) for r in leads],
            "helps": [_shown(base, ask, r) for r in helps],
            "counts": [(verdict(s), n, ask.links.review(don_vi=doer["id"], do_manh=s)) for s, n in counts.items() if n],
            "gaps": sum(n for s, n in counts.items() if s != DIRECT), "many": _MANY,
            "review": ask.links.review(don_vi=doer["id"]),
        },
    )  # fmt: skip


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return what the unit must do as a list."""
    doer = base.row("SELECT * FROM don_vi WHERE id = ?", ask.parts["doer"])
    if doer is None:
        return problem.page(404)
    groups = []
    sources = set()
    for role in (LEADS, HELPS):
        rows = _given(base, doer["id"], role, lists.MOST_ROWS)
        sources |= {row["van_ban"] for row in rows}
        groups.append(Group(
            f"Nhiệm vụ {role}",
            tuple((r["ke_hoach"], r["ma"], r["noi_dung"], r["thoi_han"], r["san_pham"], r["do_manh"] or "phân công",
                   _bases(base, r["id"]), r["canh_bao"] or "") for r in rows),
        ))  # fmt: skip
    return Listing(
        heading="NHIỆM VỤ CỦA ĐƠN VỊ", subject=doer["ten"],
        columns=(
            Column("STT", 11, centred=True), Column("Kế hoạch", 34), Column("Mã", 17), Column("Nội dung", 66),
            Column("Thời hạn", 24), Column("Sản phẩm", 26), Column("Độ mạnh căn cứ", 18), Column("Văn bản căn cứ", 32),
            Column("Cần bổ sung, đối chiếu", 24),
        ),
        groups=numbered(groups), sources=frozenset(sources),
    )  # fmt: skip


def _given(base: Base, doer: str, role: str, limit: int = _MANY) -> list[Row]:
    return base.rows(_GIVEN.format(others=base.other_versions()), doer, role, limit)


def _bases(base: Base, task: str) -> str:
    found = base.rows(
        "SELECT v.nhan FROM can_cu c JOIN van_ban v ON v.id = c.van_ban"
        " WHERE c.nhiem_vu = ? AND c.cach IN ('trực tiếp', 'nêu tên') ORDER BY c.rowid",
        task,
    )
    return "; ".join(row["nhan"] for row in found)


def _shown(base: Base, ask: Ask, row: Row) -> dict[str, Any]:
    bases = base.rows(
        "SELECT van_ban FROM can_cu WHERE nhiem_vu = ? AND cach IN ('trực tiếp', 'nêu tên') AND van_ban IS NOT NULL"
        " ORDER BY rowid",
        row["id"],
    )
    return {
        **row, "ref": ref(base.graph, row["id"], ask.links), "plan": ref(base.graph, row["van_ban"], ask.links),
        "strength": verdict(row["do_manh"]) if row["do_manh"] else None, "is_task": row["loai"] == UNIT_KINDS["task"],
        "bases": [ref(base.graph, b["van_ban"], ask.links) for b in bases],
    }  # fmt: skip
