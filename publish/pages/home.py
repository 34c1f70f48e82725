"""The first page: search, what the base holds, and what still needs a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph.basis import STRENGTHS
from graph.words import REFERENCE_KINDS, RESOLUTION
from publish.answers import Ask, Page
from publish.base import Base
from publish.pages.review import NEEDED
from publish.sentences import Ref, ref, where
from publish.words import verdict

_LISTED = 8


def page(base: Base, ask: Ask) -> Page:
    """Return the first page."""
    return Page(
        "home.html",
        {
            "counts": list(_counts(base, ask)), "plans": list(_plans(base, ask)),
            "plan_count": base.number("SELECT count(*) FROM van_ban WHERE trong_kho = 1"),
            "plans_url": ask.links.table("van_ban", trong_kho=1),
            "version_count": base.number(f"SELECT count(*) FROM ({base.other_versions()})"),
            "versions_url": ask.links.table("van_ban", phien_ban_cua__notblank=1),
            "years": list(_years(base, ask)), "needed_url": ask.links.review(do_manh=NEEDED),
            "strengths": list(_strengths(base, ask)),
            "unsure": list(_unsure(base, ask)), "unsure_count": _unsure_count(base),
            "unsure_url": ask.links.table("chua_xac_dinh"), "most": list(_most(base, ask)),
            "unread": list(_unread(base)), "unread_count": _unread_count(base),
            "unread_url": ask.links.table("tep_khong_doc"),
            "most_url": ask.links.table("duoc_vien_dan_nhieu_nhat"), "vague_count": _vague_count(base),
            "vague_url": ask.links.table("dan_chieu", loai=REFERENCE_KINDS["vague"]),
        },
    )  # fmt: skip


def _counts(base: Base, ask: Ask) -> Iterator[dict[str, Any]]:
    table, others = ask.links.table, base.other_versions()
    yield {"word": "văn bản có toàn văn trong kho", "url": table("van_ban", trong_kho=1),
           "count": base.number("SELECT count(*) FROM van_ban WHERE trong_kho = 1")}  # fmt: skip
    yield {"word": "văn bản, chương trình được nhắc đến", "url": table("van_ban", trong_kho=0),
           "count": base.number("SELECT count(*) FROM van_ban WHERE trong_kho = 0")}  # fmt: skip
    yield {"word": "nhiệm vụ", "url": table("xem_nhiem_vu"),
           "count": base.number(f"SELECT count(*) FROM nhiem_vu WHERE van_ban NOT IN ({others})")}  # fmt: skip
    yield {"word": "lần viện dẫn văn bản", "url": table("xem_trich_dan"),
           "count": base.number("SELECT count(*) FROM trich_dan WHERE la_so_cua_minh = 0")}  # fmt: skip
    yield {"word": "lần nêu tên chương trình, đề án", "url": table("chuong_trinh"),
           "count": base.number("SELECT count(*) FROM chuong_trinh")}  # fmt: skip


def _plans(base: Base, ask: Ask) -> Iterator[dict[str, Any]]:
    rows = base.rows(
        "SELECT v.id, v.ngay_ban_hanh, v.co_quan_ban_hanh, v.trich_yeu,"
        " (SELECT count(*) FROM nhiem_vu n WHERE n.van_ban = v.id) AS tasks,"
        " (SELECT count(*) FROM nhiem_vu n WHERE n.van_ban = v.id AND n.do_manh = ?) AS direct"
        f" FROM van_ban v WHERE v.trong_kho = 1 AND v.id NOT IN ({base.other_versions()})"
        " ORDER BY v.sap_xep DESC, v.nhan LIMIT ?",
        STRENGTHS[0], _LISTED,
    )  # fmt: skip
    for row in rows:
        yield {**row, "ref": ref(base.graph, row["id"], ask.links), "drawing": ask.links.plan_drawing(row["id"])}


def _years(base: Base, ask: Ask) -> Iterator[dict[str, Any]]:
    """Yield the years of the texts with how many there are, newest first."""
    rows = base.rows(
        "SELECT substr(ngay_ban_hanh, 1, 4) AS year, count(*) AS n FROM van_ban WHERE trong_kho = 1"
        f" AND id NOT IN ({base.other_versions()}) GROUP BY year ORDER BY year DESC LIMIT 30"
    )
    for row in rows:
        asked = {"ngay_ban_hanh__startswith": row["year"]} if row["year"] else {"ngay_ban_hanh__isblank": 1}
        yield {**row, "url": ask.links.table("van_ban", trong_kho=1, **asked)}


def _strengths(base: Base, ask: Ask) -> Iterator[dict[str, Any]]:
    rows = base.rows(
        f"SELECT do_manh, count(*) AS n FROM nhiem_vu WHERE van_ban NOT IN ({base.other_versions()}) GROUP BY do_manh"
    )
    counts = {r["do_manh"]: r["n"] for r in rows}
    for strength in STRENGTHS:
        url = ask.links.review(do_manh=strength)
        yield {"verdict": verdict(strength), "count": counts.get(strength, 0), "url": url}


def _unsure_count(base: Base) -> int:
    return base.number(
        "SELECT count(*) FROM trich_dan WHERE la_so_cua_minh = 0 AND trang_thai <> ?", RESOLUTION["resolved"]
    )


def _unsure(base: Base, ask: Ask) -> Iterator[dict[str, Any]]:
    rows = base.rows(
        "SELECT * FROM trich_dan WHERE la_so_cua_minh = 0 AND trang_thai <> ? ORDER BY rowid LIMIT ?",
        RESOLUTION["resolved"], _LISTED,
    )  # fmt: skip
    for row in rows:
        target: Ref | None = ref(base.graph, row["van_ban"], ask.links) if row["van_ban"] in base.graph else None
        code = (row["muc"] or "").partition("#")[2]
        yield {
            "words": row["nguyen_van"], "verdict": verdict(row["trang_thai"]), "target": target, "sentence": row["cau"],
            "place": ", ".join(filter(None, (row["vi_tri"], where(code)))),
            "url": ask.links.document(row["van_ban_nguon"], code),
        }  # fmt: skip


def _unread_count(base: Base) -> int:
    """A base of an older schema has no such table."""
    if not base.number("SELECT count(*) FROM sqlite_master WHERE name = 'tep_khong_doc'"):
        return 0
    return base.number("SELECT count(*) FROM tep_khong_doc")


def _unread(base: Base) -> Iterator[dict[str, Any]]:
    if _unread_count(base):
        yield from base.rows("SELECT duong_dan, ly_do, viec_can_lam FROM tep_khong_doc ORDER BY id LIMIT ?", _LISTED)


def _vague_count(base: Base) -> int:
    return base.number("SELECT count(*) FROM dan_chieu WHERE loai = ?", REFERENCE_KINDS["vague"])


def _most(base: Base, ask: Ask) -> Iterator[dict[str, Any]]:
    rows = base.rows(
        "SELECT id, trich_yeu, so_nhiem_vu, so_lan_nhac FROM xem_van_ban WHERE so_nhiem_vu > 0"
        " ORDER BY so_nhiem_vu DESC, so_lan_nhac DESC, nhan LIMIT ?",
        _LISTED,
    )
    for row in rows:
        yield {**row, "ref": ref(base.graph, row["id"], ask.links), "trace": ask.links.trace(row["id"])}
