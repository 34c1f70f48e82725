"""The annex of a plan with its tasks: bản trình with the column of bases, bản phát hành without it (job 4)."""

from __future__ import annotations

from typing import Any

from graph.words import vietnamese_date
from publish.export.listing import Column, Group, Listing

Row = dict[str, Any]

BASES = "Căn cứ/lý do đề xuất nhiệm vụ - Cột này để giải trình, không phát hành"


def annex(plan: Row, headings: dict[str, str], tasks: list[Row], bases: dict[str, str], *, draft: bool) -> Listing:
    """Return the annex.

    ``plan`` is the row of ``van_ban``, ``tasks`` rows of ``muc`` with "nhom" (id of the heading they stand under, a key
    of ``headings``), ``bases`` the words of each task's bases; ``draft`` adds the column that is not issued.
    """
    groups: dict[str, list[Row]] = {}
    for task in tasks:
        groups.setdefault(task["nhom"], []).append(task)
    number = 0
    made = []
    for heading, rows in groups.items():
        lines = []
        for task in rows:
            number += 1
            cells = [
                str(number),
                task["noi_dung"],
                task["chu_tri"],
                task["phoi_hop"],
                task["thoi_han"],
                task["san_pham"],
            ]
            lines.append((*cells, bases.get(task["id"], "")) if draft else tuple(cells))
        made.append(Group(headings.get(heading, ""), tuple(lines)))
    columns = (
        Column("STT", 11, centred=True), Column("Nội dung nhiệm vụ", 78 if draft else 106),
        Column("Cơ quan chủ trì", 34 if draft else 40), Column("Cơ quan phối hợp", 34 if draft else 40),
        Column("Thời hạn hoàn thành", 25, centred=True), Column("Sản phẩm/kết quả", 28 if draft else 30),
    )  # fmt: skip
    day = vietnamese_date(plan["ngay_ban_hanh"]) if len(plan["ngay_ban_hanh"]) == 10 else "…/…/…"
    number_words = plan["so_ky_hieu"] if not plan["so_ky_hieu"].startswith(("/", "-")) else f"…{plan['so_ky_hieu']}"
    issuer = plan["co_quan_ban_hanh"] or "…"
    return Listing(
        heading="DANH MỤC NHIỆM VỤ", subject="", above="PHỤ LỤC" if not draft else "PHỤ LỤC (BẢN TRÌNH)",
        attached=f"(Kèm theo {plan['loai'] or 'văn bản'} số {number_words or '…'} ngày {day} của {issuer})",
        issued=not draft,
        columns=(*columns, Column(BASES, 42, draft=True)) if draft else columns,
        groups=tuple(made),
        notes=("Cột chữ đỏ để giải trình khi trình ký, bỏ khi phát hành.",) if draft else (),
        sources=frozenset({plan["id"]}),
    )  # fmt: skip
