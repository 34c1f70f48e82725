"""Adding documents in a real browser: choose or drop, look, confirm, find; with and without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import fill, plan
from serving import IN_A_BROWSER, chromium, started, unused_port, watched_page
from test_browser import _CONTRAST

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(tmp_path):
    fill(tmp_path / "kho", {"corpus/a.md": plan(1)})
    with started("--edit", "--port", str(unused_port()), cwd=tmp_path / "kho") as (_, address):
        yield address.rstrip("/")


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request, browser, address):
    """A page that records faults and lets no request leave this machine."""
    with watched_page(browser, address, java_script_enabled=request.param) as page:
        page.scripted = request.param
        yield page
    assert page.faults == []


@pytest.fixture
def papers(tmp_path):
    fill(
        tmp_path / "gửi",
        {"Kế hoạch số 77.txt": plan(77, cited=55), "Kế hoạch số 78.txt": plan(78), "ảnh.docx": b"\x89PNG"},
    )
    return tmp_path / "gửi"


def test_two_files_are_added_and_found_without_a_new_start(page, papers):
    page.goto("/tim?q=77/KH-UBND")
    assert page.locator("main a >> text=77/KH-UBND").count() == 0

    page.goto("/")
    page.click("nav >> text=Thêm văn bản")
    page.set_input_files("#tep", [papers / "Kế hoạch số 77.txt", papers / "Kế hoạch số 78.txt", papers / "ảnh.docx"])
    if page.scripted:
        page.wait_for_selector("#gui-tep-cau >> text=Đã chọn 3 tệp")
    page.click("text=Gửi và đọc thử")
    page.wait_for_selector("button.strong >> text=Thêm vào kho", timeout=30_000)
    said = page.inner_text("main")
    for words in (
        "77/KH-UBND",
        "78/KH-UBND",
        "05/02/2024",
        "UBND tỉnh Minh Họa",
        "1 nhiệm vụ; 1 viện dẫn",
        "là ảnh, chưa đọc được",
    ):
        assert words in said, words
    assert page.locator("input[name=tep][type=checkbox]:checked").count() == 2

    page.click("button.strong >> text=Thêm vào kho")
    page.wait_for_selector("text=Đã thêm 2 văn bản vào kho", timeout=30_000)
    page.fill("#tim-nhanh", "77 KH UBND")
    page.press("#tim-nhanh", "Enter")
    page.click("main >> text=Kế hoạch số 77/KH-UBND >> nth=0")
    page.wait_for_url("**/van-ban/ke-hoach-77-kh-ubnd-2024*")
    assert "55/KH-UBND" in page.inner_text("main")


def test_files_are_dropped(page, papers):
    if not page.scripted:
        pytest.skip("dropping needs a script; the form takes the same files")
    page.goto("/them-van-ban")
    content = (papers / "Kế hoạch số 77.txt").read_text(encoding="utf-8")
    transfer = page.evaluate_handle(
        "text => { const t = new DataTransfer(); t.items.add(new File([text], 'Thả vào.txt', {type: 'text/plain'})); return t; }",
        content,
    )
    page.dispatch_event("#gui-tep", "drop", {"dataTransfer": transfer})
    page.wait_for_selector("text=Thả vào.txt")
    page.wait_for_selector("button.strong >> text=Thêm vào kho", timeout=30_000)


def test_limits_are_told_before_anything_is_sent(page, papers):
    if not page.scripted:
        pytest.skip("the server tells them")
    page.goto("/them-van-ban")
    page.wait_for_selector("form.scripted")
    page.evaluate("document.getElementById('gui-tep').dataset.nhieuNhat = '1'")
    page.set_input_files("#tep", [papers / "Kế hoạch số 77.txt", papers / "Kế hoạch số 78.txt"])
    page.click("text=Gửi và đọc thử")
    page.wait_for_selector("#gui-tep-cau >> text=Mỗi lần gửi nhiều nhất 1 tệp, đang chọn 2.")


def test_the_page_fits_and_can_be_read(page, papers):
    if not page.scripted:
        pytest.skip("measured with a script")
    page.goto("/them-van-ban")
    page.set_input_files("#tep", list(papers.iterdir()))
    page.click("text=Gửi và đọc thử")
    page.wait_for_selector("button.strong >> text=Thêm vào kho", timeout=30_000)
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    assert page.evaluate(_CONTRAST) == []
    package = pytest.importorskip("axe_playwright_python")
    page.evaluate(next(Path(package.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [v["id"] for v in found["violations"] if v["impact"] in ("serious", "critical")] == []
    page.set_viewport_size({"width": 1366, "height": 768})
    assert page.evaluate("document.querySelector('.cc-head').offsetHeight") < 110, "two lines, with “Thêm văn bản”"
    # every control has a name, by which a screen reader calls it
    unnamed = "e => !e.innerText.trim() && !(e.labels && [...e.labels].some(l => l.innerText.trim()))"
    names = page.evaluate(
        f"[...document.querySelectorAll('main button, main input:not([type=hidden])')].filter({unnamed}).length"
    )
    assert names == 0
