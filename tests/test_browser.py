"""The journey of a user in a real browser: Debian's Chromium, no network but this machine."""

from __future__ import annotations

import docx
import pytest
from serving import IN_A_BROWSER, chromium, served, watched_page

PLAN = "ke-hoach-kh-khcn-2024-so-khoa-hoc-va-cong-nghe-tinh-tay-ninh"
NQ08 = "/van-ban/nghi-quyet-08-nq-tu-2023-tinh-uy-tay-ninh"

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def address(plan_base):
    with served(plan_base) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser, address):
    """A page that records faults and every request that leaves this machine, and lets none of these through."""
    with watched_page(browser, address, accept_downloads=True) as page:
        yield page
    assert page.faults == []


def test_from_the_search_box_to_the_word_file(page, tmp_path):
    page.goto("/")
    assert page.evaluate("document.activeElement.name") == "q", "the search box waits for the number"
    page.keyboard.type("08-NQ/TU")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim?q=08-NQ%2FTU")
    assert "Đã hiểu là: số, ký hiệu 08-NQ/TU" in page.inner_text("main")

    page.click("section.exact a >> text=Nghị quyết số 08-NQ/TU")
    page.wait_for_url(f"**{NQ08}")
    assert page.inner_text("h1") == "Nghị quyết số 08-NQ/TU"
    assert "về phát triển khoa học, công nghệ và đổi mới sáng tạo" in page.inner_text("main")

    page.click("nav.tabs >> text=Truy vết")
    page.wait_for_url("**/truy-vet?q=*")
    assert "Nhiệm vụ thực hiện (1)" in page.inner_text("main")

    page.click("article.traced h3 >> text=Nhiệm vụ II.1.3.1")
    page.wait_for_url(f"**/nhiem-vu/{PLAN}/II.1.3.1")
    chain = page.inner_text("#chuoi")
    assert "Nhiệm vụ II.1.3.1 triển khai thực hiện Kế hoạch số 2502/KH-UBND" in chain
    assert "Kế hoạch số 2502/KH-UBND triển khai thực hiện Nghị quyết số 08-NQ/TU" in chain

    with page.expect_download() as download:
        page.click("text=Tải chuỗi căn cứ (Word)")
    assert download.value.suggested_filename.startswith("Chuỗi căn cứ - nhiệm vụ II.1.3.1")
    saved = tmp_path / "chuoi.docx"
    download.value.save_as(saved)
    cells = [cell.text for table in docx.Document(saved).tables for row in table.rows for cell in row.cells]
    assert any("2502/KH-UBND" in cell for cell in cells)


def test_the_graph_is_drawn_and_a_click_opens_the_page(page, address):
    page.goto(f"/so-do/nhiem-vu/{PLAN}/II.1.3.1")
    frame = page.frame_locator("iframe.picture")
    canvas = frame.locator("canvas").first
    canvas.wait_for()
    page.wait_for_function(_INKED)
    assert "Nghị quyết số 08-NQ/TU" in page.inner_text("table.wide")
    page.mouse.click(*_rightmost_box(page, frame.locator("#canvas")))
    page.wait_for_url(f"{address}/nhiem-vu/{PLAN}/II.1.3.1")


def _rightmost_box(page, canvas):
    """Where the hand appears first when the mouse goes over the drawing from the right, the lane of the tasks."""
    box = canvas.bounding_box()
    for x in range(int(box["x"] + box["width"]) - 20, int(box["x"]), -25):
        for y in range(int(box["y"]) + 15, int(box["y"] + box["height"]), 25):
            page.mouse.move(x, y)
            if canvas.evaluate("canvas => canvas.style.cursor") == "pointer":
                return x, y
    pytest.fail("no box of the drawing leads anywhere")


def test_the_whole_plan_is_drawn(page):
    page.goto(f"/so-do/ke-hoach/{PLAN}")
    page.frame_locator("iframe.picture").locator("canvas").first.wait_for()
    page.wait_for_function(_INKED)
    assert "Các quan hệ trong sơ đồ (" in page.inner_text("main")


_INKED = """() => {
  const frame = document.querySelector("iframe.picture");
  const canvas = frame.contentDocument && frame.contentDocument.querySelector("canvas");
  if (!canvas || !canvas.width) return false;
  const dots = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let dark = 0;
  for (let i = 0; i < dots.length; i += 4) if (dots[i + 3] && dots[i] + dots[i + 1] + dots[i + 2] < 240) dark++;
  return dark > 200;
}"""


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["office", "phone"])
def test_no_page_is_wider_than_the_screen(size, page):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in ("/", f"/van-ban/{PLAN}", NQ08, f"/nhiem-vu/{PLAN}/II.2.2.3", "/tim?q=08-NQ/TU", "/truy-vet?q=09-NQ/TU",
                 f"/so-do/ke-hoach/{PLAN}", "/cancu", "/cancu/nhiem_vu"):  # fmt: skip
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert page.evaluate("document.documentElement.lang") == "vi"


def test_the_keyboard_reaches_the_content_first(page):
    page.goto(NQ08)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Chuyển đến nội dung"
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash === '#noi-dung'")
    assert page.evaluate("document.activeElement.id") == "noi-dung"


def test_words_stand_out_from_their_ground(page):
    """Contrast of at least 4.5 to 1 (WCAG AA) for every text of the pages."""
    for path in ("/", NQ08, f"/van-ban/{PLAN}", f"/nhiem-vu/{PLAN}/II.6.1.2", "/tim?q=tai+san", "/truy-vet?q=08-NQ/TU"):
        page.goto(path)
        assert page.evaluate(_CONTRAST) == [], path


_CONTRAST = """() => {
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => ((v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const c = numbers(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || element.closest("script, style") || !element.getClientRects().length) continue;
    const [a, b] = [light(numbers(getComputedStyle(element).color).slice(0, 3)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) weak.push(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(weak)];
}"""
