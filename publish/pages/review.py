"""Bàn rà soát: one row a task, how strong its basis is, what is missing; filters stand in the address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from extract.text import plain
from graph.basis import DIRECT, DIRECT_WAYS, STRENGTHS
from graph.batches import batches
from graph.statuses import ENDED, ENDED_PARTLY, PERIOD_OVER, REVIEW, SUSPENDED
from graph.words import RESOLUTION
from publish.answers import Answer, Ask, Page
from publish.base import Base, Row
from publish.export.listing import Column, Group, Listing, numbered
from publish.pages import lists, places
from publish.pages.places import Place
from publish.sentences import ref
from publish.validities import Shown, as_of, cited_by, has_validity, show, shown
from publish.words import STATUSES, verdict

_WAYS = tuple(sorted(DIRECT_WAYS))
FIELDS = ("ke_hoach", "do_manh", "tinh_trang", "hieu_luc", "don_vi", "q")
VALIDITY: dict[str, tuple[str, str]] = {
    "het": ("có văn bản hết hiệu lực", ENDED), "ngung": ("có văn bản ngưng hiệu lực", SUSPENDED),
    "mot-phan": ("có văn bản hết hiệu lực một phần", ENDED_PARTLY),
    "sua-doi": ("có văn bản đã được sửa đổi", REVIEW), "giai-doan": ("có văn bản hết giai đoạn", PERIOD_OVER),
}  # fmt: skip
"""Choices of validity: a task has a direct basis to which this had happened by the day that is asked."""
_FEW = 3000
NEEDED = "can-bo-sung"
"""The choice of every strength but the strongest: what must be justified before the plan is submitted."""


def page(base: Base, ask: Ask) -> Answer:
    """Return the review table."""
    if not lists.is_current(base):
        return lists.outdated()
    values = _values(ask)
    day = as_of(ask.values)
    counts = _counts(base, values, day.day)
    turn = lists.turn(ask, _chosen(counts, values.get("do_manh", "")), ask.links.review, values)
    rows = _rows(base, values, places.place_of(ask, turn, (str, str, int)), day.day)
    turn = places.around(turn, ask.links.review, values, [(r["xep"], r["van_ban"], r["thu_tu"]) for r in rows])
    doer = base.row("SELECT id, ten FROM don_vi WHERE id = ?", values.get("don_vi", ""))
    return Page(
        "review.html",
        {
            "values": values, "turn": turn, "plans": lists.plans(base), "doer": doer, "needed": NEEDED,
            "strengths": [(verdict(s), n) for s, n in counts.items()],
            "statuses": [STATUSES[RESOLUTION[s]] for s in ("resolved", "ambiguous", "unresolved")],
            "rows": _shown(base, ask, rows, day.day),
            "as_of": day, "validities": [(name, words) for name, (words, _) in VALIDITY.items()],
            "knows": has_validity(base),
            "to_justify": _chosen(counts, NEEDED),
        },
    )  # fmt: skip


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the same rows as a Phiếu rà soát, grouped by plan."""
    values = _values(ask)
    groups: dict[str, list[tuple[str, ...]]] = {}
    sources = set()
    day = as_of(ask.values)
    rows = _rows(base, values, Place(limit=lists.MOST_ROWS), day.day)
    worst_of = _worst(base, ask, rows, day.day)
    for row in rows:
        sources.add(row["van_ban"])
        about = _about(base, row)
        found = worst_of.get(row["id"])
        groups.setdefault(row["ke_hoach"], []).append((
            row["ma"], row["noi_dung"], row["chu_tri"], row["thoi_han"], row["do_manh"], row["tinh_trang"],
            about["bases"], about["sentence"], f"{found[0]}: {found[1].words}" if found else "", row["canh_bao"], "",
        ))  # fmt: skip
    counts = _counts(base, values, day.day)
    total = "; ".join(f"{strength}: {n}" for strength, n in counts.items())
    return Listing(
        heading="PHIẾU RÀ SOÁT CĂN CỨ CỦA NHIỆM VỤ",
        subject=next(iter(groups), "") if len(groups) == 1 else "",
        columns=(
            Column("STT", 10, centred=True), Column("Mã", 15), Column("Nội dung nhiệm vụ", 46),
            Column("Chủ trì", 21), Column("Thời hạn", 17), Column("Độ mạnh căn cứ", 15),
            Column("Trạng thái", 16), Column("Văn bản căn cứ", 26), Column("Câu nguyên văn", 27),
            Column(f"Hiệu lực tại ngày {day.words}", 26), Column("Cần bổ sung, đối chiếu", 20),
            Column("Ý kiến", 13, blank=True),
        ),
        groups=numbered([Group(plan if len(groups) > 1 else "", tuple(rows)) for plan, rows in groups.items()]),
        lines=(f"Số nhiệm vụ theo độ mạnh căn cứ: {total}.", *_filter_words(base, values)),
        notes=tuple(f"{s}: {verdict(s).meaning}" for s in STRENGTHS),
        sources=frozenset(sources),
    )  # fmt: skip


def _values(ask: Ask) -> dict[str, str]:
    found = {name: value for name in FIELDS if (value := ask.values.get(name, "").strip()[:300])}
    if found.get("hieu_luc") not in VALIDITY:
        found.pop("hieu_luc", None)
    return found


def _where(base: Base, values: dict[str, str], day: str, *, strength: bool = True) -> tuple[str, list[Any]]:
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
    if (chosen := values.get("hieu_luc")) and has_validity(base):
        parts.append(
            "EXISTS (SELECT 1 FROM nhiem_vu_hieu_luc e WHERE e.nhiem_vu = n.id AND e.su_kien = ? AND e.tu_ngay <= ?)"
        )
        given += [VALIDITY[chosen][1], day]
    if doer := values.get("don_vi"):
        parts.append("n.id IN (SELECT muc FROM phan_cong WHERE don_vi = ?)")
        given.append(doer)
    if words := plain(values.get("q", "")).split():
        parts.append("n.id IN (SELECT m.id FROM muc_fts f JOIN muc m ON m.rowid = f.rowid WHERE muc_fts MATCH ?)")
        given.append(" ".join(f'"{word}"' for word in words))
    return " AND ".join(parts), given


def _counts(base: Base, values: dict[str, str], day: str) -> dict[str, int]:
    """Return how many tasks there are of each strength, under all filters but that of the strength."""
    if not values.keys() - {"do_manh"}:
        return {strength: base.counted(f"nhiệm vụ: {strength}") for strength in STRENGTHS}
    if not values.keys() - {"do_manh", "hieu_luc"} and has_validity(base):
        found = base.rows(
            "SELECT do_manh AS s, count(*) AS c FROM nhiem_vu_hieu_luc WHERE su_kien = ? AND tu_ngay <= ?"
            f" AND van_ban NOT IN ({base.other_versions()}) GROUP BY do_manh",
            VALIDITY[values["hieu_luc"]][1], day,
        )  # fmt: skip
        counts = {row["s"]: row["c"] for row in found}
        return {strength: counts.get(strength, 0) for strength in STRENGTHS}
    where, given = _where(base, values, day, strength=False)
    found = base.rows(f"SELECT n.do_manh AS s, count(*) AS c FROM nhiem_vu n WHERE {where} GROUP BY n.do_manh", *given)
    counts = {row["s"]: row["c"] for row in found}
    return {strength: counts.get(strength, 0) for strength in STRENGTHS}


def _chosen(counts: dict[str, int], strength: str) -> int:
    """Return how many tasks a choice of strength has, "" for all."""
    return sum(n for s, n in counts.items() if strength in ("", s) or (strength == NEEDED and s != DIRECT))


def _rows(base: Base, values: dict[str, str], place: Place, day: str) -> list[Row]:
    where, given = _where(base, values, day)
    few = values.keys() & {"ke_hoach", "don_vi", "q"}
    # without a filter that leaves few tasks, plan by plan along an index: no base of 200,000 tasks is sorted for a page
    tables = (
        "nhiem_vu n JOIN van_ban p ON p.id = n.van_ban WHERE" if few else
        "van_ban p CROSS JOIN nhiem_vu n ON n.van_ban = p.id WHERE p.trong_kho = 1 AND"
    )  # fmt: skip
    if not few and values.get("hieu_luc") and _is_rare(base, values, day):
        tables = (
            "nhiem_vu_hieu_luc d CROSS JOIN nhiem_vu n ON n.id = d.nhiem_vu JOIN van_ban p ON p.id = n.van_ban"
            " WHERE d.su_kien = ? AND d.tu_ngay <= ? AND"
        )
        given = [VALIDITY[values["hieu_luc"]][1], day, *given]
    if place.key:
        where += f" AND {_BEFORE if place.back else _AFTER}"
        plan, name, number = place.key
        given += [plan, plan, name, name, number]
    order = "p.sap_xep, p.id DESC, n.thu_tu DESC" if place.back else "p.sap_xep DESC, p.id, n.thu_tu"
    found = base.rows(  # of the tasks that are stepped over no more is read than their place in an index
        f"SELECT n.rowid AS dong, p.sap_xep AS xep, p.nhan AS ke_hoach FROM {tables} {where}"
        f" ORDER BY {order} LIMIT ? OFFSET ?",
        *given, place.limit, place.offset,
    )  # fmt: skip
    tasks = _tasks(base, [row["dong"] for row in found])
    rows = [{**tasks[row["dong"]], **row} for row in found]
    return rows[::-1] if place.back else rows


# the order is newest plan first, then plan by plan; written so that the index of the plans is entered at the place
_AFTER = "p.sap_xep <= ? AND (p.sap_xep < ? OR p.id > ? OR (p.id = ? AND n.thu_tu > ?))"
_BEFORE = "p.sap_xep >= ? AND (p.sap_xep > ? OR p.id < ? OR (p.id = ? AND n.thu_tu < ?))"


def _tasks(base: Base, numbers: Sequence[int]) -> dict[int, Row]:
    """Return the tasks by the number of their row."""
    found: dict[int, Row] = {}
    for marks, part in batches(numbers):
        rows = base.rows(f"SELECT rowid AS dong, * FROM nhiem_vu WHERE rowid IN ({marks})", *part)
        found |= {row["dong"]: row for row in rows}
    return found


def _about(base: Base, row: Row) -> dict[str, str]:
    found = base.rows(
        "SELECT v.nhan, c.cau FROM can_cu c JOIN van_ban v ON v.id = c.van_ban"
        " WHERE c.nhiem_vu = ? AND c.cach IN (?, ?) ORDER BY c.rowid",
        row["id"], *_WAYS,
    )  # fmt: skip
    return {"bases": "; ".join(r["nhan"] for r in found), "sentence": next((r["cau"] for r in found if r["cau"]), "")}


def _is_rare(base: Base, values: dict[str, str], day: str) -> bool:
    """Tell whether so few tasks have the validity that is asked that they are sooner found by it than plan by plan."""
    if not has_validity(base):
        return False
    return base.number(
        "SELECT count(*) FROM (SELECT 1 FROM nhiem_vu_hieu_luc WHERE su_kien = ? AND tu_ngay <= ? LIMIT ?)",
        VALIDITY[values["hieu_luc"]][1], day, _FEW,
    ) < _FEW  # fmt: skip


def _worst(base: Base, ask: Ask, rows: Sequence[Row], day: str) -> dict[str, tuple[str, Shown]]:
    """Return, by task, its direct basis that it is worst to rest on, and how that one's validity is shown."""
    named: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for marks, part in batches([row["id"] for row in rows]):
        for found in base.rows(
            "SELECT c.nhiem_vu, c.van_ban, v.nhan FROM can_cu c JOIN van_ban v ON v.id = c.van_ban"
            f" WHERE c.nhiem_vu IN ({marks}) AND c.cach IN (?, ?) ORDER BY c.rowid",
            *part, *_WAYS,
        ):  # fmt: skip
            named.setdefault(found["nhiem_vu"], []).append(found["van_ban"])
            labels[found["van_ban"]] = found["nhan"]
    known = shown(base, ask, labels, day)
    answer: dict[str, tuple[str, Shown]] = {}
    for task, documents in named.items():
        worst = min((d for d in documents if d in known), key=lambda d: known[d].rank, default=None)
        if worst is not None:
            answer[task] = labels[worst], show(base, ask, known[worst], cited_by(base, task, worst))
    return answer


def _shown(base: Base, ask: Ask, rows: Sequence[Row], day: str) -> list[dict[str, Any]]:
    worst = _worst(base, ask, rows, day)
    return [{**_shown_row(base, ask, row), "validity": worst.get(row["id"])} for row in rows]


def _shown_row(base: Base, ask: Ask, row: Row) -> dict[str, Any]:
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
    if chosen := values.get("hieu_luc"):
        said.append(f"căn cứ {VALIDITY[chosen][0]}")
    if doer := base.row("SELECT ten FROM don_vi WHERE id = ?", values.get("don_vi", "")):
        said.append(f"đơn vị: {doer['ten']}")
    if words := values.get("q"):
        said.append(f"có các từ “{words}”")
    if said:
        yield f"Chỉ gồm nhiệm vụ có {'; '.join(said)}."
