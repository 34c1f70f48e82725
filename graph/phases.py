"""When what a base names runs out by its own years: of each document its last phase, with the words that tell it.

The title tells it first; where that tells none, the sentences that cite the document. Reports and letters do not run
out, nor do laws and standards, whose names hold years of another kind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from extract import doctypes
from extract.phases import last_phase, phase_in_sentence
from graph.words import FORMS

BY_TITLE = "theo năm cuối ghi ở trích yếu, tên gọi"
BY_SENTENCE = "theo năm cuối ghi ở câu viện dẫn"
TITLE = "tên gọi, trích yếu của văn bản"
_ENDLESS = frozenset({
    "Báo cáo", "Biên bản", "Giấy mời", "Tờ trình", "Phiếu trình", "Công điện", "Văn bản hợp nhất", "Hiến pháp",
    *doctypes.LAWS,
})  # fmt: skip
_PHASED = "(t.cau LIKE '%giai đoạn%' OR t.cau LIKE '%đến năm%' OR t.cau LIKE '%kỳ 20%' OR t.cau LIKE '%5 năm 20%')"
_CUT = 40
"""What a title was cut off from stands within so many characters behind it."""


def last_phases(connection: sqlite3.Connection) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the id of a document, the ISO day from which its last phase is over, and who tells it in which words."""
    told: set[str] = set()
    for document, type_, title, name, label, issued in connection.execute(
        "SELECT id, loai, trich_yeu, ten, nhan, ngay_ban_hanh FROM van_ban WHERE phien_ban_cua IS NULL"
        " AND hinh_thuc <> ? AND (trich_yeu LIKE '%20__%' OR ten LIKE '%20__%' OR nhan LIKE '%20__%') ORDER BY rowid",
        (FORMS["standard"],),
    ):
        if type_ in _ENDLESS:
            continue
        words = title or name or label
        phase = last_phase(f"{type_}: {words}", issued) or last_phase(name, issued)
        if phase is not None:
            told.add(document)
            yield document, _after(phase.last), {"suy_ra": BY_TITLE, "nguon": TITLE, "cau": words}
    for document, type_, title, issued, words, sentence, source, day, stated_in, place in connection.execute(
        "SELECT t.van_ban, v.loai, v.trich_yeu, v.ngay_ban_hanh, t.nguyen_van, t.cau, n.nhan, n.ngay_ban_hanh, n.id,"
        " t.vi_tri"
        " FROM trich_dan t JOIN van_ban v ON v.id = t.van_ban JOIN van_ban n ON n.id = t.van_ban_nguon"
        f" WHERE t.la_so_cua_minh = 0 AND v.phien_ban_cua IS NULL AND v.hinh_thuc = ? AND {_PHASED} ORDER BY t.rowid",
        (FORMS["number"],),
    ):
        start = sentence.find(words)
        if document in told or type_ in _ENDLESS or start < 0:
            continue
        phase = phase_in_sentence(sentence, start, start + len(words), issued)
        at = sentence.find(title) if title else -1
        if phase is None and at >= 0:  # a title may be cut: "… giai đoạn I: từ năm 2021 đến năm 2025"
            phase = last_phase(sentence[at : at + len(title) + _CUT], issued)
        if phase is not None:
            told.add(document)
            yield document, _after(phase.last), {
                "suy_ra": BY_SENTENCE, "nguon": source, "ngay_nguon": day, "neu_tai": stated_in, "cau": sentence,
                "vi_tri": place,
            }  # fmt: skip


def _after(year: int) -> str:
    return f"{year + 1}-01-01"
