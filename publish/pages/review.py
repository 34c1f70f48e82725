"""Bàn rà soát: one row a task, how strong its basis is, what is missing; filters stand in the address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extract.text import plain
from graph.basis import DIRECT, DIRECT_WAYS, STRENGTHS
from graph.words import RESOLUTION
from publish.answers import Answer, Ask, Page
from publish.base import Base, Row
from publish.export.listing import Column, Group, Listing, numbered
from publish.pages import lists
from publish.sentences import ref
from publish.words import STATUSES, verdict

_WAYS = tuple(sorted(DIRECT_WAYS))
FIELDS = ("ke_hoach", "do_manh", "tinh_trang", "don_vi", "q")
NEEDED = "can-bo-sung"
"""The choice of every strength but the strongest: what must be justified before the plan is submitted."""


def page(base: Base, ask: Ask) -> Answer:
    """Return the review table."""
    if not lists.is_current(base):
        return lists.outdated()
    values = _values(ask)
    counts = _counts(base, values)
    turn = lists.turn(ask, _chosen(counts, values.get("do_manh", "")), ask.links.review, values)
    doer = base.row("SELECT id, ten FROM don_vi WHERE id = ?", values.get("don_vi", ""))
    return Page(
        "review.html",
        {
            "values": values, "turn": turn, "plans": lists.plans(base), "doer": doer, "needed": NEEDED,
            "strengths": [(verdict(s), n) for s, n in counts.items()],
            "statuses": [STATUSES[RESOLUTION[s]] for s in ("resolved", "ambiguous", "unresolved")],
            "rows": [_shown(base, ask, row) for row in _rows(base, values, lists.PAGE, turn.offset)],
            "hide_search": True, "to_justify": _chosen(counts, NEEDED),
        },
    )  # fmt: skip


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the same rows as a Phiếu rà soát, grouped by plan."""
    values = _values(ask)
    groups: dict[str, list[tuple[str, ...]]] = {}
    sources = set()
    for row in _rows(base, values, lists.MOST_ROWS, 0):
        sources.add(row["van_ban"])
        about = _about(base, row)
        groups.setdefault(row["ke_hoach"], []).append((
            row["ma"], row["noi_dung"], row["chu_tri"], row["thoi_han"], row["do_manh"], row["tinh_trang"],
            about["bases"], about["sentence"], row["canh_bao"], "",
        ))  # fmt: skip
    counts = _counts(base, values)
    total = "; ".join(f"{strength}: {n}" for strength, n in counts.items())
    return Listing(
        heading="PHIẾU RÀ SOÁT CĂN CỨ CỦA NHIỆM VỤ",
        subject=next(iter(groups), "") if len(groups) == 1 else "",
        columns=(
            Column("STT", 10, centred=True), Column("Mã", 15), Column("Nội dung nhiệm vụ", 52),
            Column("Chủ trì", 24), Column("Thời hạn", 19), Column("Độ mạnh căn cứ", 17),
            Column("Trạng thái", 18), Column("Văn bản căn cứ", 30), Column("Câu nguyên văn", 30),
            Column("Cần bổ sung, đối chiếu", 22), Column("Ý kiến", 15, blank=True),
        ),
        groups=numbered([Group(plan if len(groups) > 1 else "", tuple(rows)) for plan, rows in groups.items()]),
        lines=(f"Số nhiệm vụ theo độ mạnh căn cứ: {total}.", *_filter_words(base, values)),
        notes=tuple(f"{s}: {verdict(s).meaning}" for s in STRENGTHS),
        sources=frozenset(sources),
    )  # fmt: skip


def _values(ask: Ask) -> dict[str, str]:
    return {name: value for name in FIELDS if (value := ask.values.get(name, "").strip()[:300])}


def _where(base: Base, values: dict[str, str], *, strength: bool = True) -> tuple[str, list[Any]]:
    """Return the condition on ``nhiem_vu n`` and its values."""
    parts, given = [f"n.van_ban NOT IN ({base.other_versions()})"], []
    if plan := values.get("ke_hoach"):
        parts, given = ["n.van_ban = ?"], [plan]
    if strength and (chosen := values.get("do_manh")):
        parts.append("n.do_manh <> ?" if chosen == NEEDED else "n.do_manh = ?")
        given.append(DIRECT if chosen == NEEDED else chosen)
    if status := values.get("tinh_trang"):
        parts.append("n.tinh_trang = ?")
        given.append(status)
    if doer := values.get("don_vi"):
        parts.append("n.id IN (SELECT muc FROM phan_cong WHERE don_vi = ?)")
        given.append(doer)
    if words := plain(values.get("q", "")).split():
        parts.append("n.id IN (SELECT m.id FROM muc_fts f JOIN muc m ON m.rowid = f.rowid WHERE muc_fts MATCH ?)")
        given.append(" ".join(f'"{word}"' for word in words))
    return " AND ".join(parts), given


def _counts(base: Base, values: dict[str, str]) -> dict[str, int]:
    """Return how many tasks there are of each strength, under all filters but that of the strength."""
    if not values.keys() - {"do_manh"}:
        return {strength: base.counted(f"nhiệm vụ: {strength}") for strength in STRENGTHS}
    where, given = _where(base, values, strength=False)
    found = base.rows(f"SELECT n.do_manh AS s, count(*) AS c FROM nhiem_vu n WHERE {where} GROUP BY n.do_manh", *given)
    counts = {row["s"]: row["c"] for row in found}
    return {strength: counts.get(strength, 0) for strength in STRENGTHS}


def _chosen(counts: dict[str, int], strength: str) -> int:
    """Return how many tasks a choice of strength has, "" for all."""
    return sum(n for s, n in counts.items() if strength in ("", s) or (strength == NEEDED and s != DIRECT))


def _rows(base: Base, values: dict[str, str], limit: int, offset: int) -> list[Row]:
    where, given = _where(base, values)
    few = values.keys() & {"ke_hoach", "don_vi", "q"}
    # without a filter that leaves few tasks, plan by plan along an index: no base of 200,000 tasks is sorted for a page
    tables = (
        "nhiem_vu n JOIN van_ban p ON p.id = n.van_ban WHERE" if few else
        "van_ban p CROSS JOIN nhiem_vu n ON n.van_ban = p.id WHERE p.trong_kho = 1 AND"
    )  # fmt: skip
    return base.rows(
        f"SELECT n.*, p.nhan AS ke_hoach FROM {tables} {where}"
        " ORDER BY p.sap_xep DESC, p.id, n.thu_tu LIMIT ? OFFSET ?",
        *given, limit, offset,
    )  # fmt: skip


def _about(base: Base, row: Row) -> dict[str, str]:
    found = base.rows(
        "SELECT v.nhan, c.cau FROM can_cu c JOIN van_ban v ON v.id = c.van_ban"
        " WHERE c.nhiem_vu = ? AND c.cach IN (?, ?) ORDER BY c.rowid",
        row["id"], *_WAYS,
    )  # fmt: skip
    return {"bases": "; ".join(r["nhan"] for r in found), "sentence": next((r["cau"] for r in found if r["cau"]), "")}


def _shown(base: Base, ask: Ask, row: Row) -> dict[str, Any]:
    bases = base.rows(
        "SELECT van_ban, cau, vi_tri FROM can_cu WHERE nhiem_vu = ? AND cach IN (?, ?) ORDER BY rowid",
        row["id"],
        *_WAYS,
    )
    return {
        **row, "ref": ref(base.graph, row["id"], ask.links), "plan": ref(base.graph, row["van_ban"], ask.links),
        "strength": verdict(row["do_manh"]), "status": verdict(row["tinh_trang"]) if row["tinh_trang"] else None,
        "bases": [ref(base.graph, b["van_ban"], ask.links) for b in bases if b["van_ban"]],
        "proof": next(((b["cau"], b["vi_tri"]) for b in bases if b["cau"]), None),
        "place": ask.links.document(row["van_ban"], row["ma"]), "doers": list(_doers(base, ask, row["id"])),
    }  # fmt: skip


def _doers(base: Base, ask: Ask, task: str) -> Iterator[dict[str, str]]:
    for row in base.rows(
        "SELECT d.id, d.ten, p.vai_tro FROM phan_cong p JOIN don_vi d ON d.id = p.don_vi"
        " WHERE p.muc = ? ORDER BY p.id",
        task,
    ):  # fmt: skip
        yield {"name": row["ten"], "role": row["vai_tro"], "url": ask.links.doer(row["id"])}


def _filter_words(base: Base, values: dict[str, str]) -> Iterator[str]:
    """Yield the filters in words, so that a printed list tells what it leaves out."""
    said = []
    if strength := values.get("do_manh"):
        said.append(f"độ mạnh căn cứ: {'mọi mức trừ trực tiếp' if strength == NEEDED else strength}")
    if status := values.get("tinh_trang"):
        said.append(f"trạng thái: {status}")
    if doer := base.row("SELECT ten FROM don_vi WHERE id = ?", values.get("don_vi", "")):
        said.append(f"đơn vị: {doer['ten']}")
    if words := values.get("q"):
        said.append(f"có các từ “{words}”")
    if said:
        yield f"Chỉ gồm nhiệm vụ có {'; '.join(said)}."
