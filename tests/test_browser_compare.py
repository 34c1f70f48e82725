"""Job 6 in a real browser: what became of last year's tasks, from the first page to the table in Word."""

from __future__ import annotations

import docx
import pytest
from serving import IN_A_BROWSER, served
from test_browser import _CONTRAST, browser, page  # noqa: F401 – fixtures
from test_browser_jobs import SIZES, axe, download, hand, open_by, texts  # noqa: F401 – fixtures

from graph.corpus import build

pytestmark = IN_A_BROWSER

HEAD = """UBND TỈNH MINH HỌA

Số: {number}/KH-UBND

Minh Họa, ngày 05 tháng 02 năm {year}

KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM {year}

Căn cứ {basis} của UBND tỉnh Minh Họa về cải cách hành chính;

I. NỘI DUNG THỰC HIỆN

1. Thủ tục hành chính

a) Văn phòng UBND tỉnh rà soát, đơn giản hóa thủ tục hành chính thuộc thẩm quyền giải quyết của các sở.

b) Sở Nội vụ kiểm tra công tác cải cách hành chính tại {places} đơn vị, hoàn thành trước ngày {due}.
{first}
2. Chuyển đổi số

a) Triển khai Kế hoạch số 900/KH-UBND ngày 03/01/2024 của UBND tỉnh Minh Họa về phát triển dữ liệu mở.
{second}"""
MOVED = "Sở Tư pháp phổ biến quy định mới về kiểm soát thủ tục hành chính đến công chức cấp xã."
DROPPED = "Sở Tài chính bố trí kinh phí mua máy quét cho bộ phận một cửa của các huyện."
NEW = "Sở Khoa học và Công nghệ vận hành kho dữ liệu dùng chung phục vụ người dân."


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    (folder / "kho").mkdir()
    old = HEAD.format(number=44, year=2025, basis="Quyết định số 71/QĐ-UBND ngày 06/01/2024", places=10, due="30/9/2025",
                      first=f"\nc) {MOVED}\n", second=f"\nb) {DROPPED}\n")  # fmt: skip
    new = HEAD.format(number=45, year=2026, basis="Quyết định số 72/QĐ-UBND ngày 06/01/2025", places=15, due="30/9/2026",
                      first="", second=f"\nb) {MOVED}\n\nc) {NEW}\n")  # fmt: skip
    for name, text in (("2025", old), ("2026", new)):
        (folder / "kho" / f"{name}.txt").write_text(text, encoding="utf-8")
    build([folder / "kho"], folder / "kho.db")
    with served(folder / "kho.db") as address:
        yield address


def test_job_6_what_became_of_the_tasks_of_last_year(hand):  # noqa: F811
    open_by(hand, "So sánh")
    open_by(hand, "làm bản cũ")
    assert "Chọn bản mới" in hand.page.inner_text("main")
    open_by(hand, "45/KH-UBND")
    said = hand.page.inner_text("main")
    assert "Nhiệm vụ, phân công: bản cũ 5, bản mới 5." in said
    assert "Căn cứ thêm: 1 · Căn cứ bỏ: 1." in said
    groups = " ".join(texts(hand.page, "main h2"))
    for words in ("Căn cứ thêm (1)", "Căn cứ bỏ (1)", "Nhiệm vụ – Mới (1)", "Nhiệm vụ – Không còn (1)", "Nhiệm vụ – Giữ nguyên (2)",
                  "Nhiệm vụ – Chuyển vị trí (1)", "Nhiệm vụ – Sửa lời; Đổi đơn vị, thời hạn, sản phẩm (1)"):  # fmt: skip
        assert words in groups, words

    for words, task in (("Không còn (1)", DROPPED), ("Mới (1)", NEW), ("Chuyển vị trí (1)", MOVED)):
        open_by(hand, words)
        rows = texts(hand.page, "table.facing tbody tr")
        assert len(rows) == 1 and task in rows[0], words
    open_by(hand, "Sửa lời (1)")
    assert texts(hand.page, "del") != [] and "15" in " ".join(texts(hand.page, "table.facing ins"))

    path, name = download(hand, "Tải bảng so sánh (Word)")
    assert name.startswith("So sánh - Kế hoạch số 44-KH-UBND với Kế hoạch số 45-KH-UBND (") and name.endswith(").docx")
    table = docx.Document(str(path)).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["STT", "Bản cũ", "Bản mới", "Thay đổi"]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert any(DROPPED in row[1] and row[2] == "--" for row in rows)
    assert any(row[1] == "--" and NEW in row[2] for row in rows)
    assert any("Chuyển từ mục I.1" in row[3] and MOVED in row[1] and MOVED in row[2] for row in rows)


@pytest.mark.parametrize("size", SIZES)
def test_the_comparison_can_be_read_by_all(size, page, axe):  # noqa: F811
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    page.goto("/so-sanh?cu=44/KH-UBND&moi=45/KH-UBND")
    assert page.locator("table.facing").count() > 3
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than the window"
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [v["id"] for v in found["violations"] if v["impact"] in ("serious", "critical")] == []
    assert page.evaluate(_CONTRAST) == []
