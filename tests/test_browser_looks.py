"""How the pages look that need a list of documents, a decision, or editing on: by axe, on both screens and on paper.

The documents are made up (``minh_hoa/``): they amend, replace and repeal one another. Several files are taken, so that
the footer links to the rest of them.
"""

from __future__ import annotations

import shutil
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from serving import IN_A_BROWSER, ROOT, started, unused_port
from test_browser import browser, page  # noqa: F401 – fixtures
from test_browser_jobs import SIZES, axe, serious_faults  # noqa: F401 – fixtures

from publish.cli import cancu

MADE_UP = ROOT / "tests" / "minh_hoa"
OLD = "ke-hoach-09-kh-stttt-2023-so-thong-tin-va-truyen-thong-tinh-minh-hoa"
NEW = "ke-hoach-14-kh-stttt-2024-so-thong-tin-va-truyen-thong-tinh-minh-hoa"
REPLACED = "quyet-dinh-12-2020-qd-ubnd-ubnd-tinh-minh-hoa"
PAGES = {
    "home": "/", "amended": "/van-ban/quyet-dinh-08-2021-qd-ubnd-ubnd-tinh-minh-hoa", "replaced": f"/van-ban/{REPLACED}",
    "on a day": f"/nhiem-vu/{NEW}/II.2.1?tai_ngay=01/06/2024", "findings": f"/soat/{NEW}", "bases": f"/can-cu/{NEW}",
    "coverage": f"/do-phu/{NEW}", "in force": "/danh-muc-hieu-luc", "ended": "/danh-muc-hieu-luc?loai=het",
    "to review": "/danh-muc-hieu-luc?loai=xem-lai", "periods": "/het-giai-doan", "to compare": "/dan-chieu",
    "to look at again": "/can-xem-lai", "a citation": f"/quyet-dinh/trich-dan?id={quote(NEW + '#m08')}",
    "a document": f"/quyet-dinh/van-ban?id={REPLACED}", "a task": f"/quyet-dinh/nhiem-vu?id={quote(NEW + '#II.2.2')}",
    "comparison": f"/so-sanh?cu={OLD}&moi={NEW}", "for print": f"/so-do/nhiem-vu/{NEW}/II.1.1?kieu=in",
    "adding": "/them-van-ban", "importing": "/danh-muc/nhap", "imported": "/danh-muc?lan=1&so=12/2020/QĐ-UBND",
    "to take out": f"/danh-muc/go?ten={quote('Sở Tư pháp tỉnh Minh Họa')}",
    "facets": "/cancu/trich_dan?_facet=trang_thai", "lists": "/cancu/danh_muc",
    "no document": "/van-ban/khong-co",
}  # fmt: skip

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    home = tmp_path_factory.mktemp("looks")
    (home / "corpus").mkdir()
    for document in MADE_UP.glob("*.md"):
        shutil.copy(document, home / "corpus")
    told = ["--nguon", "Sở Tư pháp tỉnh Minh Họa", "--ngay", "31/12/2024", "--db", str(home / "cancu.db")]
    assert CliRunner().invoke(cancu, ["register", "import", str(MADE_UP / "danh-muc.csv"), *told]).exit_code == 0
    with started("--edit", "--port", str(unused_port()), cwd=home) as (_, url):
        yield url.rstrip("/")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_fit_for_all_on_screen_and_on_paper(kind, size, page, axe):  # noqa: F811
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    answer = page.goto(PAGES[kind])
    page.faults[:] = [fault for fault in page.faults if "404 (Not Found)" not in fault or answer.status != 404]
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than the window"
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    assert page.evaluate(_UNNAMED) == [], "a field that nobody named"
    assert page.evaluate(_UNEVEN) == [], "a button beside a field that stands on another line"
    page.evaluate(axe)
    assert serious_faults(page) == []
    page.emulate_media(media="print")
    assert serious_faults(page) == []


_UNNAMED = """[...document.querySelectorAll("main input:not([type=hidden]):not([type=submit]), main select, main textarea")]
  .filter(e => !e.disabled && ![...e.labels].some(l => l.innerText.trim()) && !e.getAttribute("aria-label"))
  .map(e => e.outerHTML)"""
# filters of our pages: the button ends where the field before it ends, as long as both are on one line
_UNEVEN = """[...document.querySelectorAll("body.cc form.filters > button")].flatMap(button => {
  const field = button.previousElementSibling && button.previousElementSibling.querySelector("input, select");
  if (!field) return [];
  const [one, two] = [field.getBoundingClientRect(), button.getBoundingClientRect()];
  return two.left < one.right || (Math.abs(one.bottom - two.bottom) < 1 && Math.abs(one.top - two.top) < 1)
    ? [] : [button.outerHTML];
})"""


def test_a_list_tells_no_day_that_it_does_not_know(page):  # noqa: F811
    page.goto("/danh-muc-hieu-luc")
    rows = [row.split("\t") for row in page.locator("main tbody tr").all_inner_texts()]
    began = {row[2]: row[5] for row in rows}
    assert began["Kế hoạch số 60/KH-UBND"] == "--" and began["Quyết định số 21/2024/QĐ-UBND"] == "15/06/2024"


def test_what_replaced_a_document_is_the_reason_why_it_ended(page):  # noqa: F811
    page.goto("/danh-muc-hieu-luc?loai=het")
    row = page.locator("main tbody tr", has_text="12/2020/QĐ-UBND").inner_text()
    assert "Được thay thế bởi Quyết định số 21/2024/QĐ-UBND" in row and "\t15/06/2024\t" in row
