"""The first page: search, what the base holds, and what still needs a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph.basis import STRENGTHS
from graph.check import SEVERITIES
from graph.counts import UNSURE
from graph.words import REFERENCE_KINDS
from publish.answers import Ask, Page
from publish.base import Base, Row
from publish.pages import findings
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
            "plan_count": base.counted("văn bản trong kho"), "plans_url": ask.links.table("van_ban", trong_kho=1),
            "version_count": base.counted("bản khác của văn bản"),
            "versions_url": ask.links.table("van_ban", phien_ban_cua__notblank=1),
            "years": list(_years(base, ask)), "needed_url": ask.links.review(do_manh=NEEDED), "needed": NEEDED,
            "strengths": list(_strengths(base, ask)),
            "unsure": list(_unsure(base, ask)), "unsure_count": base.counted("viện dẫn chưa xác định"),
            "unsure_url": ask.links.table("chua_xac_dinh"), "most": list(_most(base, ask)),
            "unread": list(_unread(base)), "unread_count": _unread_count(base),
            "unread_url": ask.links.table("tep_khong_doc"),
            "most_url": ask.links.table("duoc_vien_dan_nhieu_nhat"), "vague_count": base.counted("dẫn chiếu chưa rõ"),
            "found": list(_found(base, ask)),
            "vague_url": ask.links.table("dan_chieu", loai=REFERENCE_KINDS["vague"]),
        },
    )  # fmt: skip


def _counts(base: Base, ask: Ask) -> Iterator[dict[str, Any]]:
    table = ask.links.table
    for name, word, url in (
        ("văn bản trong kho", "văn bản có toàn văn trong kho", table("van_ban", trong_kho=1)),
        ("văn bản được nhắc đến", "văn bản, chương trình được nhắc đến", table("van_ban", trong_kho=0)),
        ("nhiệm vụ", "nhiệm vụ", table("xem_nhiem_vu")),
        ("lần viện dẫn", "lần viện dẫn văn bản", table("xem_trich_dan")),
        ("lần nêu tên", "lần nêu tên chương trình, đề án", table("chuong_trinh")),
    ):
        yield {"word": word, "url": url, "count": base.counted(name)}


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
    for year, count in base.counted_years():
        asked = {"ngay_ban_hanh__startswith": year} if year else {"ngay_ban_hanh__isblank": 1}
        yield {"year": year, "n": count, "url": ask.links.table("van_ban", trong_kho=1, **asked)}


def _strengths(base: Base, ask: Ask) -> Iterator[dict[str, Any]]:
    for strength in STRENGTHS:
        url = ask.links.review(do_manh=strength)
        yield {"verdict": verdict(strength), "count": base.counted(f"nhiệm vụ: {strength}"), "url": url}


def _found(base: Base, ask: Ask) -> Iterator[dict[str, Any]]:
    """Yield how many findings of the checks there are of each level."""
    if findings.is_current(base):
        for level in SEVERITIES:
            url = ask.links.findings(muc_do=level)
            yield {"verdict": verdict(level), "count": base.counted(f"phát hiện: {level}"), "url": url}


def _unsure(base: Base, ask: Ask) -> Iterator[dict[str, Any]]:
    """Yield the first citations of which the document is not sure: a few of each state by its index, then in order."""
    rows: list[Row] = []
    for status in UNSURE:
        rows += base.rows(
            "SELECT rowid AS dong, * FROM trich_dan WHERE trang_thai = ? AND la_so_cua_minh = 0 ORDER BY rowid LIMIT ?",
            status, _LISTED,
        )  # fmt: skip
    for row in sorted(rows, key=lambda row: row["dong"])[:_LISTED]:
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


def _most(base: Base, ask: Ask) -> Iterator[dict[str, Any]]:
    rows = base.rows(
        f"SELECT id, trich_yeu, so_nhiem_vu, so_lan_nhac FROM {base.ranked()} WHERE so_nhiem_vu > 0"
        " ORDER BY so_nhiem_vu DESC, so_lan_nhac DESC, nhan LIMIT ?",
        _LISTED,
    )
    for row in rows:
        yield {**row, "ref": ref(base.graph, row["id"], ask.links), "trace": ask.links.trace(row["id"])}
