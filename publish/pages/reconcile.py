"""Viện dẫn cần đối chiếu: citations whose document is not sure, or that are written in another form; one row each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph.decisions.candidates import candidates_of
from graph.decisions.look import look_at_citation
from graph.reconcile import AMBIGUOUS, DECIDED, REASONS, UNNUMBERED, UNRESOLVED
from publish.answers import Answer, Ask, Page
from publish.base import Base, Row
from publish.columns import shown
from publish.export.listing import Column, Group, Listing, numbered
from publish.pages import lists, unnumbered
from publish.sentences import ref
from publish.words import Verdict, verdict

FIELDS = ("ke_hoach", "loai")
_FEW = 3


def page(base: Base, ask: Ask) -> Answer:
    """Return the list; filters stand in the address."""
    if not is_current(base):
        return lists.outdated()
    values = _values(ask)
    counts = _counts(base, values)
    turn = lists.turn(ask, counts[values.get("loai", "")], ask.links.reconcile, values)
    return Page(
        "reconcile.html",
        {
            "values": values, "turn": turn, "plans": lists.plans(base),
            "reasons": [(reason, words, counts[reason]) for reason, words in REASONS.items()],
            "unnumbered": [(reason, words, counts[reason]) for reason, words in UNNUMBERED.items()],
            "rows": [_shown(base, ask, row, values) for row in _rows(base, values, lists.PAGE, turn.offset)],
            "to_review": base.number("SELECT count(*) FROM quyet_dinh_can_xem"),
            "held": base.number("SELECT count(*) FROM quyet_dinh"), "decided": DECIDED,
        },
    )  # fmt: skip


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the same rows as a list to be filled in by hand."""
    if not is_current(base):
        return lists.outdated()
    values = _values(ask)
    groups: dict[str, list[tuple[str, ...]]] = {}
    sources = set()
    for row in _rows(base, values, lists.MOST_ROWS, 0):
        sources.add(row["van_ban_nguon"])
        groups.setdefault(row["nguon"], []).append((
            row["nguyen_van"], "; ".join(_reasons(base, row, values)), row["dich_nhan"] or "",
            shown(row["ung_vien"], "ung_vien") if row.get("ung_vien") else "", row["cau"], unnumbered.place(row),
            "", "",
        ))  # fmt: skip
    chosen = f"Chỉ gồm viện dẫn: {values['loai']}." if values.get("loai") else ""
    return Listing(
        heading="VIỆN DẪN CẦN ĐỐI CHIẾU",
        subject=next(iter(groups), "") if len(groups) == 1 else "",
        columns=(
            Column("STT", 10, centred=True), Column("Viện dẫn (như in)", 34), Column("Cần đối chiếu", 34),
            Column("Chương trình nhận ra", 30), Column("Có thể là", 34), Column("Câu nguyên văn", 50),
            Column("Vị trí", 20), Column("Văn bản đúng", 25), Column("Người đối chiếu", 15),
        ),
        groups=numbered([Group(source if len(groups) > 1 else "", tuple(rows)) for source, rows in groups.items()]),
        lines=tuple(filter(None, (chosen,))),
        notes=tuple(f"{reason}: {words}." for reason, words in {**REASONS, **UNNUMBERED}.items()),
        sources=frozenset(sources),
    )  # fmt: skip


def is_current(base: Base) -> bool:
    """Tell whether the base knows what is to be compared; one of an older program does not."""
    return base.has("quyet_dinh", "dan_chieu")


def _values(ask: Ask) -> dict[str, str]:
    found = {name: value for name in FIELDS if (value := ask.values.get(name, "").strip()[:300])}
    if found.get("loai", "") not in {**REASONS, **UNNUMBERED}:
        found.pop("loai", None)
    return found


def _where(values: dict[str, str]) -> tuple[str, list[Any]]:
    parts, given = ["c.chinh = 1"], []
    if reason := values.get("loai"):
        parts, given = ["c.loai = ?"], [reason]
    if plan := values.get("ke_hoach"):
        parts.append("c.van_ban_nguon = ?")
        given.append(plan)
    return " AND ".join(parts), given


def _counts(base: Base, values: dict[str, str]) -> dict[str, int]:
    """Return how many rows each reason has, under "" how many citations there are in all."""
    plan = values.get("ke_hoach", "")
    unsure = {reason: unnumbered.count(base, reason, plan) for reason in UNNUMBERED}
    if not plan:
        counts = {reason: base.counted(f"viện dẫn: {reason}") for reason in REASONS} | unsure
        return {**counts, "": base.counted("viện dẫn cần đối chiếu")}
    found = base.rows("SELECT loai, count(*) AS n FROM can_doi_chieu WHERE van_ban_nguon = ? GROUP BY loai", plan)
    counts = dict.fromkeys(REASONS, 0) | {row["loai"]: row["n"] for row in found}
    return {
        **counts,
        **unsure,
        "": base.number("SELECT count(*) FROM can_doi_chieu WHERE van_ban_nguon = ? AND chinh = 1", plan),
    }


def _rows(base: Base, values: dict[str, str], limit: int, offset: int) -> list[Row]:
    if (reason := values.get("loai", "")) in UNNUMBERED:
        return unnumbered.rows(base, reason, values.get("ke_hoach", ""), limit, offset)
    where_, given = _where(values)
    return base.rows(
        "SELECT c.id AS so, c.loai AS ly_do, t.*, n.nhan AS nguon, v.nhan AS dich_nhan, m.ma FROM"
        f" (SELECT * FROM can_doi_chieu c WHERE {where_} ORDER BY c.id LIMIT ? OFFSET ?) c"
        " JOIN trich_dan t ON t.id = c.trich_dan JOIN van_ban n ON n.id = t.van_ban_nguon"
        " LEFT JOIN van_ban v ON v.id = t.van_ban LEFT JOIN muc m ON m.id = t.muc ORDER BY c.id",
        *given, limit, offset,
    )  # fmt: skip


def _reasons(base: Base, row: Row, values: dict[str, str]) -> Iterator[str]:
    if (reason := values.get("loai", "")) in UNNUMBERED:
        yield reason
        return
    for found in base.rows("SELECT loai, goi_y FROM can_doi_chieu WHERE trich_dan = ? ORDER BY id", row["id"]):
        hint = "" if found["loai"] == AMBIGUOUS else found["goi_y"]
        yield f"{found['loai']} ({hint.rstrip('.')})" if hint else found["loai"]


def _shown(base: Base, ask: Ask, row: Row, values: dict[str, str]) -> dict[str, Any]:
    if (reason := values.get("loai", "")) in UNNUMBERED:
        return unnumbered.shown(base, ask, reason, row)
    reasons = base.rows("SELECT loai, goi_y FROM can_doi_chieu WHERE trich_dan = ? ORDER BY id", row["id"])
    candidates: list[Row] = []
    if {r["loai"] for r in reasons} & {UNRESOLVED, AMBIGUOUS} and (
        look := look_at_citation(base.connection, row["id"])
    ):
        candidates = candidates_of(base.connection, look)[:_FEW]
    held = base.row("SELECT noi_dung, nguoi FROM quyet_dinh WHERE trich_dan = ? ORDER BY id DESC LIMIT 1", row["id"])
    return {
        **row, "reasons": [(reason_verdict(r["loai"]), r["goi_y"]) for r in reasons if r["loai"] != DECIDED],
        "target": ref(base.graph, row["van_ban"], ask.links) if row["van_ban"] in base.graph else None,
        "candidates": [ref(base.graph, c["id"], ask.links) for c in candidates],
        "named": shown(row["ung_vien"], "ung_vien") if row["ung_vien"] and not candidates else "",
        "place": unnumbered.place(row), "url": ask.links.document(row["van_ban_nguon"], row["ma"] or ""), "held": held,
        "source": ref(base.graph, row["van_ban_nguon"], ask.links),
        "decide": ask.links.decision("trich-dan", row["id"]),
    }  # fmt: skip


def reason_verdict(reason: str) -> Verdict:
    """Return a reason as pages show it."""
    if reason in (UNRESOLVED, AMBIGUOUS):
        return verdict(reason)
    return Verdict(reason, "✓" if reason == DECIDED else "▲", "good" if reason == DECIDED else "fair", REASONS[reason])
