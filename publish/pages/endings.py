"""Sắp hết giai đoạn (job 9): what runs out in a year by its phase (:mod:`graph.phases`) or a list, with its tasks."""

from __future__ import annotations

import re
from typing import Any

from extract.phases import last_phase, quoted
from graph.basis import DIRECT, NAMED, THROUGH
from graph.statuses import ENDED, PERIOD_OVER
from graph.words import vietnamese_date
from publish.answers import Answer, Ask, Page
from publish.base import Base, Row
from publish.export.listing import Column, Group, Listing, numbered
from publish.pages import lists
from publish.sentences import ref
from publish.validities import VERDICTS, as_of, has_validity

_TASKS = 12
"""So many tasks of a document stand in its row; the page of its trace has all."""


def page(base: Base, ask: Ask) -> Answer:
    """Return what runs out, by year."""
    if not has_validity(base):
        return lists.outdated()
    asked = as_of(ask.values)
    years = _years(base)
    year = _year(ask, years, asked.day)
    count = next((n for y, n in years if y == year), 0)
    turn = lists.turn(ask, count, ask.links.ending, {"nam": str(year)})
    return Page(
        "ending.html",
        {
            "as_of": asked, "year": year, "turn": turn,
            "years": [(y, n, ask.links.ending(nam=y)) for y, n in years],
            "over": f"{year}-12-31" < asked.day, "values": {"nam": str(year)},
            "rows": [_shown(base, ask, row, asked.day) for row in _rows(base, year, lists.PAGE, turn.offset)],
        },
    )  # fmt: skip


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the same of one year as a list."""
    if not has_validity(base):
        return lists.outdated()
    asked = as_of(ask.values)
    year = _year(ask, _years(base), asked.day)
    rows = []
    sources = set()
    for row in _rows(base, year, lists.MOST_ROWS, 0):
        tasks = _tasks(base, row["van_ban"], 500)
        sources |= {task["van_ban"] for task in tasks}
        rows.append((
            row["nhan"], vietnamese_date(row["ngay_ban_hanh"]), row["co_quan_ban_hanh"], row["trich_yeu"],
            f"{row['ly_do']}: “{row['trich']}”" if row["trich"] else row["ly_do"], vietnamese_date(row["tu_ngay"]),
            str(row["so_nhiem_vu"]), "; ".join(f"{task['ma']} ({task['ke_hoach']})" for task in tasks), "",
        ))  # fmt: skip
    return Listing(
        heading="VĂN BẢN, CHƯƠNG TRÌNH HẾT GIAI ĐOẠN, HẾT HIỆU LỰC", subject=f"Năm {year}",
        columns=(
            Column("STT", 10, centred=True), Column("Văn bản", 34), Column("Ngày ban hành", 24, centred=True),
            Column("Cơ quan ban hành", 28), Column("Trích yếu", 44), Column("Vì sao", 38),
            Column("Hết từ ngày", 24, centred=True), Column("Số nhiệm vụ", 14, centred=True), Column("Nhiệm vụ", 24),
            Column("Ý kiến", 12, blank=True),
        ),
        groups=numbered([Group("", tuple(rows))]),
        notes=(
            "Giai đoạn đọc từ tên gọi, trích yếu hoặc câu viện dẫn (“giai đoạn …”, “đến năm …”, “năm …”), do chương"
            " trình suy ra; “tầm nhìn”, “định hướng” không phải năm cuối.",
        ),
        sources=frozenset(sources),
    )  # fmt: skip


def _years(base: Base) -> list[tuple[int, int]]:
    """Return (year, how many run out in it): the first day after is the first of the next year."""
    found = base.rows(
        "SELECT CAST(substr(tu_ngay, 1, 4) AS INTEGER) - (substr(tu_ngay, 6) = '01-01') AS nam, count(*) AS n"
        " FROM hieu_luc WHERE su_kien IN (?, ?) GROUP BY nam ORDER BY nam",
        PERIOD_OVER, ENDED,
    )  # fmt: skip
    return [(row["nam"], row["n"]) for row in found]


def _year(ask: Ask, years: list[tuple[int, int]], day: str) -> int:
    words = ask.values.get("nam", "")
    if re.fullmatch(r"(19|20)\d\d", words):
        return int(words)
    now = int(day[:4])
    return next((year for year, _ in years if year >= now), years[-1][0] if years else now)


def _rows(base: Base, year: int, limit: int, offset: int) -> list[Row]:
    rows = base.rows(
        "SELECT h.van_ban, h.su_kien, h.tu_ngay, h.nguon, h.ngay_nguon, h.suy_ra, h.cau, h.neu_tai, v.nhan,"
        " v.trich_yeu, v.ngay_ban_hanh, v.co_quan_ban_hanh, v.so_nhiem_vu"
        " FROM hieu_luc h JOIN van_ban v ON v.id = h.van_ban"
        " WHERE h.su_kien IN (?, ?) AND h.tu_ngay > ? AND h.tu_ngay <= ?"
        " ORDER BY v.so_nhiem_vu DESC, v.so_lan_nhac DESC, v.id LIMIT ? OFFSET ?",
        PERIOD_OVER, ENDED, f"{year}-01-01", f"{year + 1}-01-01", limit, offset,
    )  # fmt: skip
    for row in rows:
        row["ly_do"], row["trich"] = _why(row)
    return rows


def _why(row: Row) -> tuple[str, str]:
    """Return why a document runs out, and the words that tell it."""
    if row["su_kien"] != PERIOD_OVER:
        day = f" ngày {vietnamese_date(row['ngay_nguon'])}" if row["ngay_nguon"] else ""
        return f"hết hiệu lực theo {row['nguon']}{day}", row["cau"]
    if row["neu_tai"]:
        return f"giai đoạn ghi ở câu viện dẫn trong {row['nguon']}", row["cau"]
    phase = last_phase(row["cau"], row["ngay_ban_hanh"])
    return "ghi ở tên gọi, trích yếu", quoted(row["cau"], phase) if phase else row["cau"]


def _tasks(base: Base, document: str, limit: int) -> list[Row]:
    return base.rows(
        "SELECT DISTINCT n.id, n.ma, n.van_ban, n.thu_tu, p.nhan AS ke_hoach FROM can_cu c"
        " JOIN nhiem_vu n ON n.id = c.nhiem_vu JOIN van_ban p ON p.id = n.van_ban WHERE c.rowid IN"
        " (SELECT rowid FROM can_cu WHERE van_ban = ? AND cach IN (?, ?, ?) LIMIT ?) ORDER BY n.van_ban, n.thu_tu",
        document, DIRECT, NAMED, THROUGH, limit,
    )  # fmt: skip


def _shown(base: Base, ask: Ask, row: Row, day: str) -> dict[str, Any]:
    tasks = _tasks(base, row["van_ban"], _TASKS)
    base.graph.read({row["van_ban"], *(task["id"] for task in tasks)})
    over = row["tu_ngay"] <= day
    return {
        **row, "ref": ref(base.graph, row["van_ban"], ask.links), "verdict": VERDICTS[row["su_kien"]] if over else None,
        "day": vietnamese_date(row["tu_ngay"]), "trace": ask.links.trace(row["van_ban"]),
        "tasks": [(ref(base.graph, task["id"], ask.links), task["ke_hoach"]) for task in tasks],
        "left": max(0, row["so_nhiem_vu"] - len(tasks)),
    }  # fmt: skip
