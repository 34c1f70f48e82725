"""The jobs of pháp chế staff in a real browser, from the first page, by mouse and by keyboard alone; every kind of page
looked at as a program for the blind would, on an office screen and on a telephone."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import docx
import pytest
from serving import IN_A_BROWSER
from test_browser import PLAN, address, browser, page  # noqa: F401 – fixtures

from graph.corpus import build

ROOT = Path(__file__).parent.parent
MORE = ROOT.parent / "shared" / "gold" / "plans"
SEED_TITLE = "Kế hoạch hoạt động khoa học và công nghệ năm 2024"
SIZES = {"office": (1366, 768), "phone": (390, 844)}

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def plan_base(tmp_path_factory):
    """The seed plan, and the real plans beside this checkout where they are."""
    path = tmp_path_factory.mktemp("jobs") / "cancu.db"
    build([ROOT / "corpus", *sorted(MORE.glob("*.docx"))], path)
    return path


def ask(base, sql, *values):
    with closing(sqlite3.connect(base)) as connection:
        return connection.execute(sql, values).fetchall()


class Mouse:
    """Goes through the pages by clicks."""

    def __init__(self, page):  # noqa: F811
        self.page = page

    def follow(self, words):
        self.page.locator("a, button, summary").filter(has_text=words).locator("visible=true").first.click()

    def write(self, label, text):
        self.page.get_by_label(label).first.fill(text)

    def choose(self, label, option):
        self.page.get_by_label(label).first.select_option(label=option)


class Keys:
    """Goes through the pages by the keyboard alone: Tab to reach, Enter to open, letters to write and choose."""

    def __init__(self, page):  # noqa: F811
        self.page = page

    def _reach(self, found):
        for _ in range(600):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(found[0], found[1]):
                outline = self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", "what has the focus is seen to have it"
                return
        pytest.fail(f"no way by Tab to {found[1]}")

    def follow(self, words):
        self._reach(
            (
                """words => { const e = document.activeElement;
            return ["A", "BUTTON", "SUMMARY"].includes(e.tagName) && e.innerText.replace(/\\s+/g, " ").includes(words); }""",
                words,
            )
        )
        self.page.keyboard.press("Enter")

    def _to_field(self, label):
        self._reach(
            (
                """words => { const e = document.activeElement;
            return ["INPUT", "SELECT"].includes(e.tagName) && [...e.labels].some(l => l.innerText.includes(words)); }""",
                label,
            )
        )

    def write(self, label, text):
        self._to_field(label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, label, option):
        self._to_field(label)
        self.page.keyboard.press("Home")
        for _ in range(30):
            if self.page.evaluate("document.activeElement.selectedOptions[0].innerText.trim()") == option:
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"no option {option}")


@pytest.fixture(params=[Mouse, Keys], ids=["mouse", "keyboard"])
def hand(request, page):  # noqa: F811
    page.goto("/")
    return request.param(page)


def download(hand, words):
    with hand.page.expect_download() as waited:
        hand.follow(words)
    return Path(waited.value.path()), waited.value.suggested_filename


def open_by(hand, words):
    """Go on to the page behind a link or button, and wait until it is there."""
    with hand.page.expect_navigation():
        hand.follow(words)


def texts(page, selector):  # noqa: F811
    return [" ".join(t.split()) for t in page.locator(selector).all_inner_texts()]


def test_job_1_which_tasks_must_be_justified(hand):
    hand.follow("Mở bàn rà soát: nhiệm vụ cần bổ sung căn cứ")
    hand.page.wait_for_url("**/ra-soat?*")
    if ask_plans(hand.page) > 1:
        hand.choose("Kế hoạch", SEED_TITLE)
    hand.choose("Độ mạnh căn cứ", "Tất cả")
    open_by(hand, "Lọc")
    assert "44 nhiệm vụ; 26 nhiệm vụ cần giải trình hoặc bổ sung căn cứ" in hand.page.inner_text("p.lead")
    hand.choose("Độ mạnh căn cứ", "trực tiếp (18)")
    open_by(hand, "Lọc")
    direct = texts(hand.page, "table.rows tbody td:first-child")
    assert len(direct) == 18 and "II.2.2.3" in direct
    hand.choose("Độ mạnh căn cứ", "cần bổ sung (mọi mức trừ trực tiếp)")
    open_by(hand, "Lọc")
    justify = texts(hand.page, "table.rows tbody td:first-child")
    assert len(justify) == 26 and not set(direct) & set(justify), "none silently green"
    path, name = download(hand, "Tải danh sách (Word)")
    table = docx.Document(str(path)).tables[-1]
    assert name.endswith(".docx") and len(table.rows) >= 27


def test_findings_lead_to_the_words_and_out_as_a_slip(hand):
    open_by(hand, "Mở danh sách phát hiện")
    hand.choose("Quy tắc", "Số văn bản nhà nước viết theo kiểu Đảng (1)")
    open_by(hand, "Lọc")
    assert texts(hand.page, "table.findings tbody td:nth-child(2)") == [
        "“Nghị quyết số 50-NQ/CP ngày 17/4/2020 của Chính phủ”"
    ]
    path, name = download(hand, "Tải phiếu rà soát (Word)")
    assert name.startswith("Phiếu rà soát") and len(docx.Document(str(path)).tables[0].rows) == 3
    open_by(hand, "Mục II.2.2.3")
    mark = hand.page.locator("a.spot:target")
    assert mark.count() == 1 and "50/NQ-CP" in mark.get_attribute("title")
    assert hand.page.evaluate("document.querySelector('a.spot:target').getBoundingClientRect().top < innerHeight")
    mark.press("Enter")
    assert "50/NQ-CP" in hand.page.inner_text("tr:target")


def test_job_10_the_block_of_bases_is_chosen_and_taken_along(hand):
    hand.page.goto(f"/van-ban/{PLAN}")
    open_by(hand, "Khối căn cứ")
    lines = texts(hand.page, ".bases p")
    assert len(lines) == 5 and all(line.startswith("Căn cứ ") for line in lines)
    assert [line[-1] for line in lines] == [";"] * 4 + ["."] and "09-NQ/TU" in lines[0] and "155/QĐ-KHCN" in lines[-1]
    hand.write("Thêm văn bản trong kho", "36-NQ/TW")
    open_by(hand, "Xếp lại")
    lines = texts(hand.page, ".bases p")
    assert len(lines) == 6 and "36-NQ/TW ngày 30 tháng 01 năm 2023 của Bộ Chính trị về …;" in lines[0]
    path, _ = download(hand, "Tải khối căn cứ (Word)")
    written = [p.text for p in docx.Document(str(path)).paragraphs]
    assert written[:6] == lines and any(
        p.startswith("- Cần bổ sung trích yếu của Nghị quyết số 36-NQ/TW") for p in written
    )


def ask_plans(page):  # noqa: F811
    return page.locator("select[name=ke_hoach] option").count() - 1


def test_job_2_what_a_changed_resolution_touches(hand):
    hand.write("Số, ký hiệu, trích yếu", "08-NQ/TU")
    hand.follow("Truy vết") if isinstance(hand, Keys) else hand.page.click("form.search button.second")
    hand.page.wait_for_url("**/truy-vet?*")
    section = hand.page.locator("section").filter(has=hand.page.get_by_role("heading", name="Nhiệm vụ thực hiện"))
    assert [t.split(" – ")[0] for t in section.locator("article.traced h3").all_inner_texts()] == ["Nhiệm vụ II.1.3.1"]
    steps = section.locator("ol.chain p.sentence").all_inner_texts()
    assert steps[0] == "Nhiệm vụ II.1.3.1 triển khai thực hiện Kế hoạch số 2502/KH-UBND"
    assert any(step.endswith("Nghị quyết số 08-NQ/TU") for step in steps[1:])
    assert section.locator("blockquote.proof").count() >= 1


def test_job_3_the_chain_of_a_task_on_paper(hand):
    hand.write("Số, ký hiệu, trích yếu", "II.2.2.3")
    hand.follow("Tìm") if isinstance(hand, Mouse) else hand.page.keyboard.press("Enter")
    hand.page.wait_for_url("**/tim?*")
    hand.follow("II.2.2.3")
    hand.page.wait_for_url(f"**/nhiem-vu/{PLAN}/II.2.2.3")
    chain = " ".join(texts(hand.page, "#chuoi"))
    for number in ("1341/KH-UBND", "50/NQ-CP", "52-NQ/TW"):
        assert number in chain
    path, name = download(hand, "Tải chuỗi căn cứ (Word)")
    cells = [
        cell.text
        for table in docx.Document(io.BytesIO(path.read_bytes())).tables
        for row in table.rows
        for cell in row.cells
    ]
    assert name.startswith("Chuỗi căn cứ - nhiệm vụ II.2.2.3")
    assert all(any(number in cell for cell in cells) for number in ("1341/KH-UBND", "52-NQ/TW"))
    assert "II.2.2.3" in name and any("đoạn 28" in cell for cell in cells), "every line can be found on paper"


def test_job_4_the_annex_to_submit_and_the_annex_to_issue(hand):
    hand.follow(SEED_TITLE)
    hand.page.wait_for_url(f"**/van-ban/{PLAN}")
    to_submit, _ = download(hand, "bản trình (Word)")
    to_issue, _ = download(hand, "bản phát hành (Word)")
    heads = [
        [cell.text for cell in docx.Document(str(path)).tables[-1].rows[0].cells] for path in (to_submit, to_issue)
    ]
    assert any("không phát hành" in text for text in heads[0]) and not any(
        "không phát hành" in text for text in heads[1]
    )
    assert heads[0][:-1] == heads[1]


def test_job_5_which_bases_have_no_task(hand, plan_base):
    hand.follow("Độ phủ")
    hand.page.wait_for_url("**/do-phu*")
    if hand.page.url.endswith("/do-phu"):
        hand.follow(SEED_TITLE)
        hand.page.wait_for_url(f"**/do-phu/{PLAN}")
    wanted = {label for (label,) in ask(
        plan_base,
        "SELECT DISTINCT v.nhan FROM quan_he q JOIN van_ban v ON v.id = q.dich WHERE q.nguon_van_ban = ? AND q.loai IN"
        " (SELECT id FROM loai_quan_he WHERE id = 'based_on' OR rong_hon = 'based_on') AND q.dich NOT IN"
        " (SELECT c.van_ban FROM can_cu c JOIN nhiem_vu n ON n.id = c.nhiem_vu WHERE n.van_ban = ? AND c.van_ban IS NOT NULL"
        "  AND c.cach NOT IN ('kế thừa', 'đối tượng tác động'))", PLAN, PLAN)}  # fmt: skip
    section = hand.page.locator("section").filter(
        has=hand.page.get_by_role("heading", name="Văn bản căn cứ chưa có nhiệm vụ")
    )
    shown = {t.split(" ?")[0].strip() for t in section.locator("tbody td:first-child").all_inner_texts()}
    assert wanted and shown == wanted


def test_job_13_how_a_task_is_connected_with_a_resolution(hand):
    hand.follow("Đường nối")
    hand.page.wait_for_url("**/duong-noi")
    if isinstance(hand, Keys):  # the first field waits for the words
        hand.page.wait_for_function("document.activeElement.name === 'tu'")
        hand.page.keyboard.type("II.2.2.3")
    else:
        hand.write("Từ (số, ký hiệu", "II.2.2.3")
    hand.write("Đến", "52-NQ/TW")
    hand.follow("Tìm đường nối")
    hand.page.wait_for_url("**/duong-noi?*")
    for _ in range(2):  # the same code may stand in several plans: the page asks which
        unclear = hand.page.locator("section.card li a").filter(has_text="Nhiệm vụ II.2.2.3")
        if not unclear.count():
            break
        open_by(hand, "Nhiệm vụ II.2.2.3")
    steps = hand.page.locator("article.traced").first.locator("p.sentence").all_inner_texts()
    assert "Nhiệm vụ II.2.2.3" in steps[0] and "1341/KH-UBND" in steps[0]
    assert steps[-1].strip().endswith("Nghị quyết số 52-NQ/TW")


def test_job_14_what_a_unit_answers_for(hand, plan_base):
    hand.follow("Đơn vị")
    hand.page.wait_for_url("**/don-vi")
    name, leads = ask(
        plan_base,
        "SELECT d.ten, sum(p.vai_tro = 'chủ trì') FROM don_vi d JOIN phan_cong p ON p.don_vi = d.id GROUP BY d.id"
        " ORDER BY 2 DESC, d.id LIMIT 1",
    )[0]  # fmt: skip
    hand.write("Tên đơn vị", name)
    hand.page.keyboard.press("Enter")
    hand.page.wait_for_url("**/don-vi?*")
    hand.follow(name)
    hand.page.wait_for_url("**/don-vi/*")
    assert hand.page.inner_text("h1") == name
    assert f"Chủ trì {leads} việc" in hand.page.inner_text("p.lead")
    assert hand.page.locator("section").first.locator("tbody tr").count() == leads


# --- every kind of page -----------------------------------------------------------------------------

TASK = f"nhiem-vu/{PLAN}/II.2.2.3"
RESOLUTION = "van-ban/nghi-quyet-08-nq-tu-2023-tinh-uy-tay-ninh"
PAGES = {
    "home": "/", "document": f"/{RESOLUTION}", "plan": f"/van-ban/{PLAN}", "task": f"/{TASK}", "search": "/tim?q=tai+san",
    "nothing found": "/tim?q=zzzz", "trace": "/truy-vet?q=08-NQ/TU", "trace unasked": "/truy-vet", "review": "/ra-soat",
    "findings": "/soat", "findings of one": f"/soat/{PLAN}", "bases": f"/can-cu/{PLAN}",
    "coverage": f"/do-phu/{PLAN}", "plans": "/do-phu", "paths": "/duong-noi?tu=II.2.2.3&den=52-NQ/TW", "units": "/don-vi",
    "unit": "/don-vi/van-phong-so", "drawing": f"/so-do/{TASK}", "whole drawing": f"/so-do/ke-hoach/{PLAN}", "compare": "/so-sanh",
    "same text twice": f"/so-sanh?cu={PLAN}&moi={PLAN}", "drawing for print": f"/so-do/{TASK}?kieu=in", "drawing of a document": f"/so-do/{RESOLUTION}",
    "reconcile": "/dan-chieu", "look again": "/can-xem-lai", "runs out": "/het-giai-doan", "in force": "/danh-muc-hieu-luc",
    "base": "/cancu", "table": "/cancu/van_ban", "filtered": "/cancu/nhiem_vu?do_manh=mềm&_sort=noi_dung", "view": "/cancu/xem_quan_he",
    "row": "/cancu/loai_quan_he/amends", "query": "/cancu/nhiem_vu_theo_nghi_quyet?so=08-NQ/TU", "empty table": "/cancu/nhiem_vu?do_manh=x",
    "facts": "/cancu/thong_tin", "assignments": "/cancu/phan_cong", "not found": "/khong-co", "bad request": "/cancu/van_ban?_size=x",
}  # fmt: skip


@pytest.fixture(scope="module")
def axe():
    package = pytest.importorskip("axe_playwright_python")
    return next(Path(package.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")


def serious_faults(page):  # noqa: F811
    """What axe, put into the page before, finds serious or critical on it."""
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["testEngine"]["name"] == "axe-core"
    return [
        (v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"])
        for v in found["violations"] if v["impact"] in ("serious", "critical")
    ]  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", PAGES)
def test_every_kind_of_page(kind, size, page, axe):  # noqa: F811
    """No serious fault for people who cannot see or point; not wider than the window; nothing from elsewhere."""
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(PAGES[kind])
    if answer.status >= 400:  # the browser itself writes that the page was not found
        page.faults[:] = [fault for fault in page.faults if "Failed to load resource" not in fault]
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than the window"
    assert page.evaluate("document.documentElement.lang") == "vi"
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    page.evaluate(axe)
    assert serious_faults(page) == []
    assert asked and all(url.startswith(("http://127.0.0.1:", "data:", "blob:")) for url in asked)


PRINTED = (
    "home",
    "plan",
    "task",
    "search",
    "trace",
    "review",
    "coverage",
    "units",
    "unit",
    "drawing for print",
    "table",
    "row",
)


@pytest.mark.parametrize("kind", PRINTED)
def test_on_paper(kind, page):  # noqa: F811
    """Black on white, without what only a screen can do; addresses of links are not printed."""
    page.emulate_media(media="print")
    page.goto(PAGES[kind])
    gone = ".cc-head, nav.tabs, .actions, form, button, .crumbs, .export-links, .advanced-export, .dropdown-menu-icon"
    assert [words for words in page.locator(gone).all() if words.is_visible()] == []
    assert page.locator("h1").first.is_visible() and page.locator(".cc-foot").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    colours = page.evaluate("""() => [...new Set([...document.querySelectorAll("main p, main td, main th, main a, main h2")]
        .filter(e => e.getClientRects().length && !e.closest("svg")).map(e => getComputedStyle(e).color))]""")
    assert colours == ["rgb(0, 0, 0)"]
    assert page.evaluate("""[...document.querySelectorAll("a")].every(
        a => !getComputedStyle(a, "::after").content.includes("/"))""")


def test_the_head_is_two_lines_on_an_office_screen(page):  # noqa: F811
    page.goto("/so-sanh")
    assert page.evaluate("document.querySelector('.cc-head').offsetHeight") < 110


def test_the_menu_of_a_column_opens_by_keyboard(page):  # noqa: F811
    page.goto("/cancu/van_ban")
    icon = page.locator("th[data-column=nhan] .dropdown-menu-icon")
    icon.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.innerText") == "Sắp tăng dần"
    page.keyboard.press("Enter")
    page.wait_for_url("**_sort=nhan*")
    assert "▼" in page.inner_text("th[data-column=nhan]")


def test_the_order_of_names_is_that_of_the_browser(page, plan_base):  # noqa: F811
    """Chromium sorts by ICU: another program's opinion of the Vietnamese alphabet."""
    from graph.alphabet import alphabet_key

    names = sorted(
        {
            row[0][:45]
            for row in ask(
                plan_base,
                "SELECT nhan FROM van_ban UNION SELECT trich_yeu FROM van_ban UNION SELECT ten FROM don_vi UNION SELECT noi_dung FROM muc",
            )
        }
    )
    page.goto("/")
    theirs = page.evaluate(
        "names => { const vi = new Intl.Collator('vi', {numeric: true}); return names.sort((a, b) => vi.compare(a.trim(), b.trim())); }",
        names,
    )
    assert len(names) > 100 and [alphabet_key(n) for n in theirs] == sorted(alphabet_key(n) for n in names)


def test_print_asks_the_browser(page):  # noqa: F811
    page.goto("/ra-soat")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="In trang này").click()
    assert page.evaluate("window.printed") is True
