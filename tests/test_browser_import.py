"""Importing a list in a real browser: sent, columns mended, confirmed, found; by mouse and by keyboard, with and
without scripts."""

from __future__ import annotations

import pytest
from making import fill, plan
from serving import IN_A_BROWSER, started, unused_port, watched_page
from test_browser import browser  # noqa: F401 – fixture
from test_browser_jobs import SIZES, axe, serious_faults  # noqa: F401 – fixtures
from test_browser_looks import _UNEVEN, _UNNAMED

pytestmark = IN_A_BROWSER

LIST = """SỞ TƯ PHÁP TỈNH MINH HỌA
(Tính đến ngày 31/12/2024)
STT;Mã hiệu VB;Ngày ban hành;Cơ quan ban hành;Trích yếu;Tình trạng hiệu lực
1;900/KH-UBND;05/02/2024;UBND tỉnh Minh Họa;Về cải cách hành chính;Còn hiệu lực
2;21/QĐ-UBND;31/02/2024;UBND tỉnh Minh Họa;Về chợ;Còn hiệu lực
"""


@pytest.fixture
def address(tmp_path):
    fill(tmp_path / "kho", {"corpus/a.md": plan(1)})
    fill(tmp_path / "gửi", {"Danh mục 2024.csv": LIST})
    with started("--edit", "--port", str(unused_port()), cwd=tmp_path / "kho") as (_, address):
        yield address.rstrip("/")


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request, browser, address):  # noqa: F811
    with watched_page(browser, address, java_script_enabled=request.param) as page:
        page.scripted = request.param
        yield page
    assert page.faults == []


def test_by_mouse(page, tmp_path, axe):  # noqa: F811
    page.goto("/danh-muc-hieu-luc")
    page.click("main >> text=Nhập danh mục (.xlsx, .csv)")
    page.set_input_files("#tep", tmp_path / "gửi" / "Danh mục 2024.csv")
    if page.scripted:
        page.wait_for_selector("text=Đã chọn: Danh mục 2024.csv")
    page.click("text=Gửi và đọc thử")
    page.wait_for_selector("text=Chưa có cột nào được lấy làm số, ký hiệu")
    page.get_by_label("Mã hiệu VB").select_option("số, ký hiệu")
    page.click("text=Đọc lại với các cột này")
    page.wait_for_selector("text=Đọc được 1 văn bản, bỏ qua 1 dòng")
    assert page.get_by_label("Danh mục tính đến ngày").input_value() == "31/12/2024"
    if page.scripted:
        page.evaluate(axe)
        page.click("text=Xem từng dòng")
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
            assert page.evaluate(_UNNAMED) == [] and page.evaluate(_UNEVEN) == []
            assert serious_faults(page) == []
    page.get_by_label("Người nhập").fill("Nguyễn Thị Lan")
    page.click("text=Nhập 1 văn bản")
    page.wait_for_selector("#ket-qua >> text=Đã nhập danh mục “Danh mục 2024”")
    assert "ngày “31/02/2024” không có thật" in page.inner_text("#ket-qua")
    for _ in range(60):
        if not page.locator("#dang-dung").count():
            break
        page.wait_for_timeout(500)
        if not page.scripted:
            page.reload()
    page.click("#ket-qua >> text=Xem các dòng")
    assert "900/KH-UBND" in page.inner_text("main, .content, body")


def test_by_keyboard(page, tmp_path):
    page.goto("/danh-muc/nhap")
    page.set_input_files("#tep", tmp_path / "gửi" / "Danh mục 2024.csv")
    page.focus("#tep")
    while page.evaluate("document.activeElement.innerText") != "Gửi và đọc thử":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Chưa có cột nào được lấy làm số, ký hiệu")
    page.get_by_label("Mã hiệu VB").focus()
    page.keyboard.type("số, ký hiệu")
    page.get_by_label("Tên danh mục").focus()
    page.keyboard.press("End")
    page.keyboard.type(" của Sở")
    page.keyboard.press("Enter")  # what reads again comes first: nothing is kept unseen
    page.wait_for_selector("text=Đọc được 1 văn bản, bỏ qua 1 dòng")
    page.get_by_label("Người nhập").focus()
    page.keyboard.type("Lan")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ket-qua >> text=Đã nhập danh mục “Danh mục 2024 của Sở”")
    page.get_by_role("link", name="Gỡ… danh mục Danh mục 2024 của Sở").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("h1 >> text=Gỡ danh mục")
    page.get_by_label("Lý do").focus()
    page.keyboard.type("nhập thử")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ket-qua >> text=Đã gỡ danh mục “Danh mục 2024 của Sở”")
