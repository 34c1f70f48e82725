"""The pages, asked in process over ASGI: what they say, that nothing injects, that no link is dead or foreign."""

from __future__ import annotations

import asyncio
import io
import re
import socket
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import docx
import httpx
import pytest
from datasette.app import Datasette

from graph.corpus import build
from graph.store import StoreError
from publish.answers import disposition
from publish.asgi import HEADERS, only_local_hosts
from publish.links import Links
from publish.marked import Mark, marked
from publish.serve import ServeError, free_port, make_datasette

ROOT = Path(__file__).parent.parent
PLAN = "ke-hoach-kh-khcn-2024-so-khoa-hoc-va-cong-nghe-tinh-tay-ninh"
NQ08 = "/van-ban/nghi-quyet-08-nq-tu-2023-tinh-uy-tay-ninh"
OWN_HOST = {"", "localhost"}  # facets of stock pages spell out the host they were asked at
TASK = f"/nhiem-vu/{PLAN}/II.1.3.1"

HOSTILE = """Số: 12/KH-STP

Minh Họa, ngày 05 tháng 01 năm 2024

## KẾ HOẠCH <script>alert("tieu de")</script> NĂM 2024

Căn cứ Quyết định số 15/QĐ-UBND ngày 03/01/2024 của UBND tỉnh Minh Họa về <img src=x onerror=alert(1)> "công tác" pháp chế;

### I. NHIỆM VỤ

- Triển khai Kế hoạch số 99/KH-UBND ngày 04/01/2024 của UBND tỉnh Minh Họa về </script><script>alert(2)</script> {{ 7*7 }} tuyên truyền.

- Tiếp tục thực hiện Chương trình "><svg onload=alert(3)> phối hợp năm 2024 theo hướng dẫn của Bộ Tư pháp.

- Xây dựng báo cáo javascript:alert(4) =HYPERLINK("http://minh-hoa.example").
"""


@pytest.fixture(scope="module")
def site(plan_base):
    return Site(make_datasette(plan_base))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "ke-hoach.md").write_text(HOSTILE, encoding="utf-8")
    build([folder / "ke-hoach.md"], folder / "kho.db")
    return Site(make_datasette(folder / "kho.db"))


class Site:
    def __init__(self, datasette):
        self.datasette = datasette

    def get(self, path, **values):
        return asyncio.run(self.datasette.client.get(path, params=values or None))

    def text(self, path, **values):
        """The page as people read it: no tags, single blanks."""
        answer = self.get(path, **values)
        assert answer.status_code == 200, (path, answer.status_code)
        return reader(answer.text).text


class reader(HTMLParser):
    """Collects text, addresses and ids of a page."""

    ADDRESSES = ("href", "src", "action", "formaction")

    def __init__(self, html):
        super().__init__()
        self.pieces, self.links, self.ids, self.tags, self.handlers = [], [], set(), [], []
        self.feed(html)
        self.text = " ".join(" ".join(self.pieces).split())

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for name, value in attributes:
            if name in self.ADDRESSES and value is not None:
                self.links.append(value)
            if name == "id":
                self.ids.add(value)
            if name.startswith("on"):
                self.handlers.append(value)

    def handle_data(self, data):
        if self.tags and self.tags[-1] in ("script", "style"):
            self.tags.append("")  # what follows the first piece is text again
        else:
            self.pieces.append(data)


# --- the pages ------------------------------------------------------------------------------------


def test_home_says_what_is_in_the_base_and_what_is_open(site):
    answer = site.get("/")
    page = reader(answer.text)
    for words_ in ("44 nhiệm vụ, 18 có căn cứ trực tiếp", "Viện dẫn chưa xác định (1)", "Kế hoạch số 3668/KH-UBND"):
        assert words_ in page.text
    assert "autofocus" in answer.text and 'lang="vi"' in answer.text
    assert any("do_manh=k" in link for link in page.links), "work lists lead to the filtered table"


def test_every_page_ends_with_the_trust_line(site):
    for path in (
        "/",
        NQ08,
        TASK,
        "/tim?q=08",
        "/truy-vet?q=08-NQ/TU",
        f"/so-do/van-ban/{PLAN}",
        "/cancu",
        "/cancu/van_ban",
    ):
        text = site.text(path)
        assert "Nguồn: ke-hoach-khcn-tay-ninh-2024.md (SHA-256 b9bd81468b9f" in text, path
        assert "Dữ liệu dựng ngày" in text and ("Căn Cứ phiên bản" in text or "chạy từ mã nguồn" in text), path


def test_document_shows_attributes_and_both_sides_of_the_scheme(site):
    text = site.text(NQ08)
    for words_ in ("Số, ký hiệu 08-NQ/TU", "Ngày ban hành 31/03/2023", "Cơ quan ban hành Tỉnh ủy Tây Ninh"):
        assert words_ in text
    assert "Kế hoạch số 2502/KH-UBND triển khai thực hiện Nghị quyết số 08-NQ/TU" in text
    assert "Văn bản căn cứ (0) --" in text and "Văn bản triển khai thực hiện (1)" in text


def test_a_number_printed_wrong_is_shown_both_ways_with_the_reason(site):
    text = site.text("/van-ban/nghi-quyet-50-nq-cp-2020-chinh-phu")
    assert "In là 50-NQ/CP, đúng thể thức là 50/NQ-CP" in text
    ampersand = site.text("/van-ban/thong-tu-15-2022-tt-bkhcn-bo-khoa-hoc-va-cong-nghe")
    assert "In là 15/2022/TT-BKH&CN" in ampersand and "không có dấu “&”" in ampersand


def test_what_was_inferred_or_is_unsure_says_so(site):
    text = site.text("/van-ban/ke-hoach-3668-kh-ubnd-ubnd-tinh-tay-ninh")
    assert "UBND tỉnh Tây Ninh (suy luận)" in text
    assert "? chưa xác định" in text and "cần đối chiếu bản gốc" in text and "Ngày ban hành --" in text


def test_a_work_known_by_name_alone_is_never_shown_as_settled(site):
    text = site.text("/van-ban/chuong-trinh-phat-trien-tai-san-tri-tue-den-nam-2030")
    assert "Trạng thái ◐ nêu tên, chưa có số" in text and "✓ đã xác định" not in text


def test_a_quotation_leads_to_its_paragraph(site):
    links = reader(site.get(NQ08).text).links
    assert f"/van-ban/{PLAN}#muc-II.1.3.1" in links


def test_the_plan_is_shown_in_full_with_every_citation_linked_and_every_task_anchored(site, plan):
    answer = site.get(f"/van-ban/{PLAN}")
    page = reader(answer.text)
    body = answer.text[answer.text.index('<div class="paper">') :]
    cited = [c for c in plan.citations if not c.mention.self]
    assert len(re.findall(r'<a class="cite" href="/van-ban/', body)) >= len(cited)
    assert len(re.findall(r'<a class="work" href="/van-ban/', body)) >= len(plan.works)
    assert len(re.findall(r'<mark class="vague"', body)) == 3 and 'class="own"' in body
    for unit in plan.units:
        assert f"muc-{unit.id}" in page.ids
    shown = reader(body).text
    for unit in plan.units:
        if "3668" not in unit.text and "hướng dẫn" not in unit.text and "Quyết định của UBND" not in unit.text:
            assert " ".join(unit.text.split()) in re.sub(r"\s+([,.;:])", r"\1", shown), unit.id
    assert f"/nhiem-vu/{PLAN}/II.2.2.3" in page.links


def test_task_page_shows_text_chain_bases_and_neighbours(site):
    text = site.text(TASK)
    assert "Nhiệm vụ II.1.3.1 triển khai thực hiện Kế hoạch số 2502/KH-UBND" in text
    assert "Kế hoạch số 2502/KH-UBND triển khai thực hiện Nghị quyết số 08-NQ/TU" in text
    assert "Độ mạnh căn cứ: ● trực tiếp" in text and "Chủ trì --" in text and "đoạn 15" in text
    assert "II. NỘI DUNG THỰC HIỆN › 1. Hoạt động quản lý khoa học" in text
    assert "← Nhiệm vụ II.1.2" in text and "Nhiệm vụ II.1.3.2 →" in text


def test_a_task_that_inherits_says_what_is_missing_and_what_it_acts_on(site):
    text = site.text(f"/nhiem-vu/{PLAN}/II.6.1.2")
    assert "○ kế thừa" in text and "Cần xem: không nêu căn cứ riêng" in text
    assert "đối tượng tác động, không phải căn cứ" in text and "kế hoạch căn cứ" in text


def test_groups_and_assignments_have_pages_too(site):
    assert "Gồm các nhiệm vụ (2)" in site.text(f"/nhiem-vu/{PLAN}/II.1.3")
    assert "Phân công III.1" in site.text(f"/nhiem-vu/{PLAN}/III.1")


# --- search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["08-NQ/TU", "8 nq tu", "nghi quyet so 8 - NQ / TU"])
def test_search_by_number_in_any_spelling_puts_the_document_first(typed, site):
    answer = site.get("/tim", q=typed)
    page = reader(answer.text)
    assert "Đã hiểu là: số, ký hiệu 08-NQ/TU" in page.text
    assert next(link for link in page.links if link.startswith("/van-ban/")) == NQ08


def test_search_by_serial_alone(site):
    page = reader(site.get("/tim", q="2502").text)
    assert next(link for link in page.links if link.startswith("/van-ban/")).startswith("/van-ban/ke-hoach-2502")


@pytest.mark.parametrize("typed", ["tài sản trí tuệ", "tai san tri tue", "TÀI SẢN trí tue"])
def test_search_by_words_with_or_without_marks(typed, site):
    text = site.text("/tim", q=typed)
    assert "Nhiệm vụ II.2.2.1" in text and "Nghị quyết số 42/2022/NQ-HĐND" in text


def test_search_folds_the_letter_that_sqlite_does_not(site):
    assert "Nhiệm vụ II.6.4" in site.text("/tim", q="de an kien toan")


def test_search_finds_a_task_by_its_code(site):
    text = site.text("/tim", q="II.2.2.3")
    assert "Đã hiểu là: mã nhiệm vụ II.2.2.3" in text and "Nhiệm vụ II.2.2.3" in text


@pytest.mark.parametrize(
    "typed",
    ['"', "*", '"(*', "AND", "NEAR(a b)", "a:b", "((((", "\x00x", "%", "_", "-", "nhan:x", "日本", "🙂", "'; DROP TABLE x",
     "^a", "a" * 5000, "08-", "/", "NOT", "{col}", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19"],
)  # fmt: skip
def test_search_never_fails_whatever_is_typed(typed, site):
    assert site.get("/tim", q=typed).status_code == 200
    assert site.get("/truy-vet", q=typed).status_code in (200, 300, 302, 404)


def test_search_without_result_says_what_to_do(site):
    text = site.text("/tim", q="xyzzy")
    assert "Không có văn bản, nhiệm vụ nào phù hợp" in text and "Hãy thử ít từ hơn" in text


def test_search_turns_pages(site):
    first, second = site.text("/tim", q="ke hoach"), site.text("/tim", q="ke hoach", trang="2")
    assert "Trang 1/2" in first and "Trang 2/2" in second
    for odd in ("0", "-1", "x", "99999999999"):
        assert site.get("/tim", q="ke hoach", trang=odd).status_code == 200


# --- trace ----------------------------------------------------------------------------------------


def test_trace_by_resolution_shows_the_chain_with_proof(site):
    text = site.text("/truy-vet", q="8 NQ TU")
    assert "1 nhiệm vụ gắn với văn bản này qua chuỗi được nêu rõ" in text
    assert "Kế hoạch số 2502/KH-UBND triển khai thực hiện Nghị quyết số 08-NQ/TU" in text
    assert "“Kế hoạch số 2502/KH-UBND ngày 08/8/2023 của UBND tỉnh thực hiện" in text and "đoạn 15" in text
    assert "Dự kiến (1)" in text, "an act still to come stands apart"


def test_tasks_that_only_inherit_stand_apart(site):
    text = site.text("/truy-vet", q="09-NQ/TU")
    assert "Nhiệm vụ thực hiện (0)" in text
    assert "Chỉ kế thừa qua phần Căn cứ của kế hoạch (21)" in text


def test_unknown_number_is_a_404_with_the_nearest_ones(site):
    answer = site.get("/truy-vet", q="998/QĐ-TTg")
    page = reader(answer.text)
    assert answer.status_code == 404
    assert "Không có “998/QĐ-TTg” trong kho" in page.text and "Quyết định số 996/QĐ-TTg" in page.text


def test_ambiguous_words_ask_instead_of_guessing(site):
    answer = site.get("/truy-vet", q="chương trình")
    assert answer.status_code == 300 and "Hãy chọn đúng văn bản" in answer.text


def test_tracing_a_task_leads_to_its_page(site):
    answer = site.get("/truy-vet", q="II.1.3.1")
    assert answer.status_code == 302 and answer.headers["location"] == TASK


# --- graph views ----------------------------------------------------------------------------------


def test_graph_page_frames_the_picture_and_repeats_its_edges_as_a_table(site):
    path = f"/so-do/nhiem-vu/{PLAN}/II.2.2.3"
    page = reader(site.get(path).text)
    assert "Các quan hệ trong sơ đồ (4)" in page.text and "Nghị quyết số 52-NQ/TW" in page.text
    frame = next(link for link in page.links if link.startswith("/so-do-khung/"))
    picture = site.get(frame)
    assert picture.status_code == 200 and "/tinh/vis-network.min.js" in picture.text
    assert f"/nhiem-vu/{PLAN}/II.2.2.3" in picture.text


def test_graph_depth_is_chosen(site):
    near, far = (site.text(f"/so-do/nhiem-vu/{PLAN}/II.2.2.3", buoc=n) for n in ("1", "3"))
    assert "(1)" in near and "(3)" in far
    assert site.get(f"/so-do{NQ08}", buoc="ngàn").status_code == 200


def test_graph_of_the_whole_plan(site):
    assert "Sơ đồ cả kế hoạch" in site.text(f"/so-do/ke-hoach/{PLAN}")
    assert site.get("/so-do/ke-hoach/nghi-quyet-08-nq-tu-2023-tinh-uy-tay-ninh").status_code == 404


# --- downloads ------------------------------------------------------------------------------------


def test_word_file_of_a_task_holds_its_chain(site):
    answer = site.get(f"/xuat/docx{TASK}")
    document = docx.Document(io.BytesIO(answer.content))
    cells = " ".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "2502/KH-UBND" in cells and "08-NQ/TU" in cells
    named = answer.headers["content-disposition"]
    assert named.isascii() and "chuoi-can-cu-nhiem-vu-ii-1-3-1" in named
    assert unquote(named.split("''")[1]).startswith("Chuỗi căn cứ - nhiệm vụ II.1.3.1")


@pytest.mark.parametrize(
    ("path", "start", "media"),
    [(f"/xuat/xlsx{TASK}", b"PK", "spreadsheetml"), (f"/xuat/docx{NQ08}", b"PK", "wordprocessingml"),
     (f"/xuat/xlsx{NQ08}", b"PK", "spreadsheetml"), ("/xuat/xlsx/kho", b"PK", "spreadsheetml"),
     ("/xuat/csv/kho", b"PK", "zip"), ("/xuat/graphml/kho", b"<?xml", "graphml"), ("/xuat/jsonld/kho", b"{", "ld+json")],
)  # fmt: skip
def test_downloads_come_with_type_and_name(path, start, media, site):
    answer = site.get(path)
    assert answer.status_code == 200 and answer.content.startswith(start)
    assert media in answer.headers["content-type"] and "attachment" in answer.headers["content-disposition"]


def test_csv_of_the_base_is_one_file_a_table(site):
    names = zipfile.ZipFile(io.BytesIO(site.get("/xuat/csv/kho").content)).namelist()
    assert any("nhiem_vu" in name for name in names)


def test_csv_of_a_stock_table_carries_the_mark_that_excel_needs(site):
    answer = site.get("/cancu/nhiem_vu.csv", _dl="on", _stream="on")
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.content.count(b"\xef\xbb\xbf") == 1
    assert "II.1.3.1" in answer.text


@pytest.mark.parametrize("path", ["/xuat/pdf/kho", "/xuat/docx/kho", f"/xuat/csv{TASK}", "/xuat/docx/van-ban/khong-co"])
def test_what_cannot_be_exported_is_a_404(path, site):
    assert site.get(path).status_code == 404


def test_file_names_survive_old_programs():
    assert disposition("Chuỗi “căn cứ”.docx").startswith('attachment; filename="chuoi-can-cu.docx"; ')


# --- errors and headers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/khong-co", "/van-ban/khong-co", f"/nhiem-vu/{PLAN}/IX.9", "/nhiem-vu/x/y", "/cancu/khong_co", "/so-do/van-ban/x",
             f"/nhiem-vu/{PLAN}/I.1", "/tinh/khong.css", "/tinh/..%2Fserve.py"],
)  # fmt: skip
def test_missing_pages_say_so_in_vietnamese(path, site):
    answer = site.get(path)
    assert answer.status_code == 404, path
    assert "Không" in answer.text and 'lang="vi"' in answer.text and "Về trang chủ" in answer.text


def test_free_sql_is_closed_and_says_so(site):
    answer = site.get("/cancu", sql="select 1")
    assert answer.status_code == 403 and "đã tắt" in answer.text


def test_a_fault_of_ours_is_a_vietnamese_page_without_inner_details(site, monkeypatch):
    import publish.base

    def broken(*_):
        raise RuntimeError("bí mật bên trong")

    monkeypatch.setattr(publish.base.Base, "row", broken)
    answer = site.get(NQ08)
    assert answer.status_code == 500 and "Trang bị lỗi" in answer.text and "bí mật" not in answer.text


@pytest.mark.parametrize("path", ["/", NQ08, "/cancu/van_ban", "/tinh/cancu.css", "/khong-co", "/xuat/csv/kho"])
def test_security_headers_come_with_every_answer(path, site):
    headers = site.get(path).headers
    for name, value in HEADERS:
        assert headers[name.decode()] == value.decode()
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy and "object-src 'none'" in policy
    ours = "text/html" in headers["content-type"] and not path.startswith("/cancu/")
    assert ("'unsafe-inline'" not in policy) == ours, "nothing inline runs on our pages"


def test_vis_network_may_be_kept_by_the_browser(site):
    answer = site.get("/tinh/vis-network.min.js")
    assert "max-age=31536000" in answer.headers["cache-control"] and b"sourceMappingURL" not in answer.content


# --- nothing injects ------------------------------------------------------------------------------


def test_hostile_titles_never_become_markup(hostile):
    pages = crawl(hostile, limit=120)
    assert len(pages) > 25
    seen = ""
    for path, answer in pages.items():
        if "html" not in answer.headers["content-type"]:
            continue
        html, page = answer.text, reader(answer.text)
        seen += page.text
        for bad in ("<script>alert", "<img src=x", "<svg onload", "</script><script>alert"):
            assert bad not in html, (path, bad)
        assert all("alert" not in handler for handler in page.handlers), path
        assert "49 tuyên truyền" not in page.text, path
        assert {urlsplit(link).scheme for link in page.links} <= {"", "http", "data"}, path
        assert {urlsplit(link).netloc for link in page.links} <= OWN_HOST, path
    assert '<script>alert("tieu de")</script>' in seen, "shown as text"


def test_marks_may_overlap_and_touch_the_ends():
    marks = [
        Mark(0, 10, "work", "/a", "<b>"),
        Mark(3, 6, "cite", "/b", "", "chưa xác định"),
        Mark(90, 99, "own", "", ""),
    ]
    assert str(marked("0<2345678>", 0, 10, marks)) == (
        '<a class="work" href="/a" title="&lt;b&gt;">0&lt;2</a><a class="cite" href="/b" title="">345</a>'
        ' <span class="flag">[chưa xác định]</span><a class="work" href="/a" title="&lt;b&gt;">678&gt;</a>'
    )


# --- links ----------------------------------------------------------------------------------------


def crawl(site, limit):
    """Follow the links of our own pages from the first one; stock pages and downloads are asked, not followed."""
    queue, pages = ["/"], {}
    while queue and len(pages) < limit:
        path = queue.pop(0)
        if path in pages:
            continue
        answer = site.get(path)
        pages[path] = answer
        stock = path.startswith(("/xuat/", "/tinh/", "/-/")) or (
            path.count("/") > 1 and path.split("/")[1] == name_of(site)
        )
        if answer.status_code == 200 and "html" in answer.headers["content-type"] and not stock:
            for link in reader(answer.text).links:
                target = urljoin(path, link).split("#")[0]
                if target and not target.startswith("data:"):
                    queue.append(target)
    return pages


def name_of(site):
    return next(name for name in site.datasette.databases if not name.startswith("_"))


def test_every_link_answers_and_none_leaves_the_house(site):
    pages = crawl(site, limit=350)
    assert len(pages) > 200
    assert {p: a.status_code for p, a in pages.items() if a.status_code != 200} == {}
    for path, answer in pages.items():
        if "html" in answer.headers["content-type"]:
            for link in reader(answer.text).links:
                assert urlsplit(link).netloc in OWN_HOST, (path, link)


def test_links_into_the_text_meet_an_anchor(site):
    pages = crawl(site, limit=60)
    asked = 0
    for path, answer in pages.items():
        for link in reader(answer.text).links if "html" in answer.headers["content-type"] else ():
            target, _, anchor = urljoin(path, link).partition("#")
            if anchor and target in pages:
                asked += 1
                assert unquote(anchor) in reader(pages[target].text).ids, (path, link)
    assert asked > 100


def test_addresses_are_escaped():
    links = Links("/goc/")
    assert links.unit("kế hoạch#Điều3.đ") == "/goc/nhiem-vu/k%E1%BA%BF%20ho%E1%BA%A1ch/%C4%90i%E1%BB%81u3.%C4%91"
    assert links.search('a&b="') == "/goc/tim?q=a%26b%3D%22"


# --- stock pages ----------------------------------------------------------------------------------


def test_cells_of_stock_tables_lead_to_our_pages(site):
    page = reader(site.get("/cancu/can_cu").text)
    assert NQ08 in page.links and any(link.startswith(f"/van-ban/{PLAN}#muc-") for link in page.links)


def test_a_foreign_database_keeps_the_pages_of_datasette(tmp_path, site):
    with closing(sqlite3.connect(tmp_path / "la.db")) as connection:
        connection.execute("CREATE TABLE thong_tin (ten TEXT, gia_tri TEXT)")
        connection.execute("CREATE TABLE nhan_vien (id INTEGER PRIMARY KEY, nhan TEXT)")
        connection.execute("INSERT INTO nhan_vien VALUES (1, 'Minh Họa')")
        connection.commit()
    foreign = Site(Datasette([str(tmp_path / "la.db")]))
    home = foreign.get("/")
    assert home.status_code == 200 and "Powered by" in home.text and "nhan_vien" in home.text
    assert "content-security-policy" not in home.headers
    table = foreign.get("/la/nhan_vien")
    assert "This data as" in table.text and "/van-ban/" not in table.text
    assert foreign.get("/tim").status_code == 404 and foreign.get(NQ08).status_code == 404
    assert foreign.get("/.json").json()["la"]["tables_count"] == 2


# --- the server -----------------------------------------------------------------------------------


def test_a_taken_port_is_told_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"Cổng {port} .*--port {port + 1}"):
            free_port(port)
    assert free_port(port) == port


def test_what_is_no_base_is_refused(tmp_path):
    with pytest.raises(StoreError, match="cancu build"):
        make_datasette(tmp_path / "khong-co.db")


def test_the_base_may_lie_in_a_folder_with_odd_characters(tmp_path, plan_base):
    folder = tmp_path / "Kế hoạch #1 100% của Sở"
    folder.mkdir()
    path = folder / "kho 2024.db"
    path.write_bytes(plan_base.read_bytes())
    site = Site(make_datasette(path))
    assert "44 nhiệm vụ" in site.text("/")
    table = next(link for link in reader(site.get("/").text).links if "/van_ban?" in link)
    assert "Trích yếu" in site.text(table)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        asyncio.run(next(d for n, d in site.datasette.databases.items() if n != "_internal").execute_fn(
            lambda c: c.execute("DELETE FROM van_ban")
        ))  # fmt: skip


def test_other_host_names_are_refused(site):
    async def ask(host):
        transport = httpx.ASGITransport(app=only_local_hosts(site.datasette.app()))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.get("/", headers={"host": host})).status_code

    answers = {
        host: asyncio.run(ask(host))
        for host in ("127.0.0.1:8001", "localhost", "minh-hoa.example", "127.0.0.1.example:80")
    }
    assert list(answers.values()) == [200, 200, 421, 421]


def test_the_plugin_is_light_to_import():
    """Datasette loads every plugin at each start: graph, drawing and exports must wait until a page asks for them."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import publish.plugin;"
        "print(sorted({'networkx', 'pyvis', 'docx', 'xlsxwriter', 'spacy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
