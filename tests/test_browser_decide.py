"""Deciding in a real browser on the real plan: accept, reject, pick; with and without scripts, and by keyboard alone."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from serving import IN_A_BROWSER, chromium, started, unused_port, watched_page
from test_browser import _CONTRAST, PLAN

from graph.decisions.journal import read_entries

CORPUS = Path(__file__).parent.parent / "corpus"
pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def home(tmp_path):
    shutil.copytree(CORPUS, tmp_path / "kho" / "corpus")
    return tmp_path / "kho"


@pytest.fixture
def address(home):
    with started("--edit", "--port", str(unused_port()), cwd=home) as (_, address):
        yield address.rstrip("/")


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request, browser, address):
    """A page that records faults and lets no request leave this machine."""
    with watched_page(browser, address, java_script_enabled=request.param) as page:
        page.scripted = request.param
        page.refused = "the server responded with a status of 400"  # what Chromium says of a form that was not taken
        yield page
    assert [fault for fault in page.faults if page.refused not in fault] == []


def row(home: Path, words: str) -> tuple:
    """What the base says of a citation of the plan: its document, status, rule."""
    with closing(sqlite3.connect(home / "cancu.db")) as connection:
        sql = "SELECT van_ban, trang_thai, quy_tac FROM trich_dan WHERE nguyen_van LIKE ?"
        return connection.execute(sql, [f"%{words}%"]).fetchone()


def open_citation(page, words: str) -> None:
    page.goto("/")
    page.click("nav >> text=Đối chiếu")
    page.click(f"tr:has-text('{words}') >> a.button")


def renewed(page) -> None:
    """The list shows the new base by itself: with a script soon, without one as the page asks for itself again."""
    page.goto("/dan-chieu")
    page.wait_for_selector("#dang-dung", state="detached", timeout=60_000)


def test_accept_pick_and_reject_on_the_real_plan(page, home):
    open_citation(page, "3668/KH-UBND")
    assert "1255/QĐ-UBND" in page.inner_text("main")  # the sentence is there
    page.check("text=Đúng là")
    page.fill("form.deciding input[name=nguoi]", "Nguyễn Thị Lan")
    page.click("text=Ghi quyết định")
    page.wait_for_selector("text=Đã ghi quyết định số 1")
    page.click("text=Viện dẫn kế tiếp")  # while the base is being built anew
    page.wait_for_selector("h1 >> text=15/2022/TT-BKH&CN")
    assert page.input_value("form.deciding input[name=nguoi]") == "Nguyễn Thị Lan"

    page.fill("input[name=tim]", "2502")
    page.press("input[name=tim]", "Enter")
    page.check("label.option >> text=Kế hoạch số 2502/KH-UBND")
    page.click("text=Ghi quyết định")
    page.wait_for_selector("[role=alert] >> text=Hãy ghi lý do")
    assert page.is_checked("label.option:has-text('2502/KH-UBND') >> input")  # what was chosen is still chosen
    page.fill("form.deciding input[name=ly_do]", "thử chọn văn bản khác")
    page.click("text=Ghi quyết định")
    page.wait_for_selector("text=Đã ghi quyết định số 2")

    open_citation(page, "50-NQ/CP")
    page.check("text=chưa biết là văn bản nào")
    page.fill("form.deciding input[name=ly_do]", "chưa rõ")
    page.click("text=Ghi quyết định")
    page.wait_for_selector("text=Đã ghi quyết định số 3")

    renewed(page)
    said = page.inner_text("main")
    assert "3668/KH-UBND" not in said and "3 quyết định đang có hiệu lực" in said and "2 lần viện dẫn" in said
    assert row(home, "3668/KH-UBND")[1:] == ("đã xác định", "người quyết định")
    assert row(home, "15/2022/TT-BKH&CN")[0].startswith("ke-hoach-2502")
    assert row(home, "50-NQ/CP")[:2] == (None, "chưa xác định")
    assert len(read_entries(home / "cancu.quyet-dinh.db")) == 3

    page.select_option("select[name=loai]", "đã quyết định")
    page.click("text=Lọc")
    page.click("tr:has-text('50-NQ/CP') >> a.button")
    page.click("summary >> text=Hủy quyết định số 3")
    page.fill("details input[name=ly_do]", "đã thấy bản gốc")
    page.click("text=Hủy quyết định này")
    page.wait_for_selector("text=Đã ghi quyết định số 4")
    renewed(page)
    assert row(home, "50-NQ/CP")[0].startswith("nghi-quyet-50-nq-cp")


def test_a_basis_is_given_on_the_page_of_a_task(page, home):
    page.goto(f"/nhiem-vu/{PLAN}/II.3.3.3")
    page.click("text=Thêm căn cứ")
    page.fill("input[name=tim]", "08 NQ TU")
    page.press("input[name=tim]", "Enter")
    page.fill("form.deciding input[name=nguoi]", "Lan")
    page.fill("form.deciding input[name=ly_do]", "theo mục IV")
    page.click("button >> text=Thêm căn cứ")
    page.wait_for_selector("text=Đã ghi quyết định số 1")
    renewed(page)
    page.goto(f"/nhiem-vu/{PLAN}/II.3.3.3")
    assert "trực tiếp" in page.inner_text(".verdict") and "theo mục IV" in page.inner_text("main")


def test_the_keyboard_alone_decides(page, home):
    citation = quote(f"{PLAN}#m26", safe="")
    page.goto(f"/quyet-dinh/trich-dan?id={citation}")
    page.focus("input[name=tim]")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # to the first choice
    page.keyboard.press("Space")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "nguoi" if page.scripted else False:
            break
    if not page.scripted:
        page.focus("form.deciding input[name=nguoi]")
    page.keyboard.type("Lan")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Đã ghi quyết định số 1: Đúng là")


def test_the_pages_fit_and_can_be_read(page, home):
    if not page.scripted:
        pytest.skip("measured with a script")
    citation = quote(f"{PLAN}#m26", safe="")
    addresses = ("/dan-chieu", "/can-xem-lai", f"/quyet-dinh/trich-dan?id={citation}&tim=2502",
                 "/quyet-dinh/van-ban?id=nghi-quyet-08-nq-tu-2023-tinh-uy-tay-ninh",
                 f"/quyet-dinh/nhiem-vu?id={quote(PLAN + '#II.3.3.3', safe='')}")  # fmt: skip
    for where in addresses:
        page.goto(where)
        for width, height in ((1366, 768), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (where, width)
        assert page.evaluate(_CONTRAST) == [], where
        unnamed = "e => !e.innerText.trim() && !(e.labels && [...e.labels].some(l => l.innerText.trim()))"
        controls = "main button:not([hidden]), main input:not([type=hidden]), main select"
        assert page.evaluate(f"[...document.querySelectorAll('{controls}')].filter({unnamed}).length") == 0, where


def test_a_title_and_a_vague_pointer_are_decided(page, home):
    """ "Chương trình quốc gia hỗ trợ doanh nghiệp …" is typed in, "hướng dẫn của Bộ KH&CN" is found in the base."""
    page.goto("/dan-chieu")
    page.click("main >> text=4 chỗ chỉ nêu tên")
    page.click("tr:has-text('Chương trình quốc gia hỗ trợ doanh nghiệp') >> nth=0 >> a.button")
    assert page.is_visible("label.option:has-text('15/2022/TT-BKHCN')")  # whose title holds that of the programme
    page.check("text=Văn bản khác, ghi như lần viện dẫn")
    page.fill("input[name=van_ban_khac]", "Quyết định số 1322/QĐ-TTg ngày 31/8/2020 của Thủ tướng Chính phủ")
    page.fill("form.deciding input[name=nguoi]", "Nguyễn Thị Lan")
    page.fill("form.deciding input[name=ly_do]", "đã có số")
    page.click("text=Ghi quyết định")
    page.wait_for_selector("text=Đã ghi quyết định số 1: Là Quyết định số 1322/QĐ-TTg")
    renewed(page)
    assert "3 chỗ chỉ nêu tên" in page.inner_text("main")

    page.click("main >> text=3 chỗ chưa nói rõ")
    page.click("tr:has-text('II.6.1.3') >> a.button")
    page.fill("input[name=tim]", "15/2022/TT-BKHCN")
    page.press("input[name=tim]", "Enter")
    page.check("label.option >> text=Thông tư số 15/2022/TT-BKHCN")
    page.select_option("select[name=quan_he]", label="triển khai thực hiện")
    page.fill("form.deciding input[name=nguoi]", "Nguyễn Thị Lan")
    page.fill("form.deciding input[name=ly_do]", "thử")
    page.click("text=Ghi quyết định")
    page.wait_for_selector("text=Đã ghi quyết định số 2")
    renewed(page)
    assert "2 chỗ chưa nói rõ" in page.inner_text("main")
    page.goto(f"/nhiem-vu/{PLAN}/II.6.1.3")
    assert "trực tiếp" in page.inner_text(".verdict") and "15/2022/TT-BKHCN" in page.inner_text("main")
    if page.scripted:
        for where in (
            "/dan-chieu?loai=" + quote("chỉ nêu tên"),
            f"/quyet-dinh/dan-chieu?id={quote(PLAN + '#r02', safe='')}",
        ):
            page.goto(where)
            for width, height in ((1366, 768), (390, 844)):
                page.set_viewport_size({"width": width, "height": height})
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (where, width)
            assert page.evaluate(_CONTRAST) == [], where
