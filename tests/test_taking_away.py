"""Every page can be taken along: as files, on paper, as an address that shows the same again."""

from __future__ import annotations

import asyncio
import csv
import html
import io
import re
import sqlite3
from contextlib import closing

import docx
import openpyxl
import pytest

from publish.serve import make_datasette

PLAN = "ke-hoach-kh-khcn-2024-so-khoa-hoc-va-cong-nghe-tinh-tay-ninh"
NQ08 = "nghi-quyet-08-nq-tu-2023-tinh-uy-tay-ninh"
TASK = f"nhiem-vu/{PLAN}/II.2.2.3"


@pytest.fixture(scope="module")
def get(plan_base):
    site = make_datasette(plan_base)

    def ask(path: str):
        answer = asyncio.run(site.client.get(path))
        assert answer.status_code == 200, path
        return answer

    return ask


def files(page: str) -> set[str]:
    """The endings of the files that a page offers."""
    found = re.findall(r'href="([^"]+)"', html.unescape(page))
    named = {m[1] for address in found if (m := re.search(r"\.(docx|xlsx|csv)(?:\?|$)", address))}
    return named | {m[1] for address in found if (m := re.match(r"/(?:xuat|so-sanh|so-do-in)/(\w+)", address))}


PAGES = {
    "/": {"docx", "xlsx", "csv", "graphml", "jsonld"}, "/tim?q=t%C3%A0i+s%E1%BA%A3n": {"docx", "xlsx", "csv"},
    f"/van-ban/{PLAN}": {"docx", "xlsx", "csv", "svg", "png"}, f"/{TASK}": {"docx", "xlsx", "csv", "svg", "png"},
    "/ra-soat?do_manh=m%E1%BB%81m": {"docx", "xlsx", "csv"}, "/truy-vet?q=08-NQ%2FTU": {"docx", "xlsx", "csv", "svg", "png"},
    f"/do-phu/{PLAN}": {"docx", "xlsx", "csv"}, "/duong-noi?tu=II.2.2.3&den=52-NQ%2FTW": {"docx", "xlsx", "csv"},
    "/don-vi": {"docx", "xlsx", "csv"}, "/don-vi/van-phong-so": {"docx", "xlsx", "csv"},
    f"/so-do/{TASK}": {"docx", "xlsx", "csv", "svg", "png"}, f"/so-do/ke-hoach/{PLAN}": {"docx", "xlsx", "csv", "svg", "png"},
    f"/so-sanh?cu={PLAN}&moi={PLAN}": {"docx", "xlsx", "csv"},
    "/cancu/van_ban?_sort=nhan&ngay_ban_hanh__gte=05/01/2024": {"docx", "xlsx", "csv"},
    "/cancu/loai_quan_he/amends": {"docx", "xlsx"}, "/cancu/nhiem_vu_theo_nghi_quyet?so=08-NQ%2FTU": {"docx", "xlsx", "csv"},
}  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_offers_files_print_and_its_own_address(path, get):
    page = get(path).text
    assert files(page) >= PAGES[path]
    assert "data-print" in page or path == "/"
    (own,) = re.findall(r'<a rel="bookmark" class="hash" href="([^"]+)"', page)
    assert html.unescape(own) == path
    assert re.search(r"<h1.*?</h1>", get(html.unescape(own)).text)[0] == re.search(r"<h1.*?</h1>", page)[0]


def test_the_address_of_a_page_carries_nothing_into_it(get):
    page = get("/tim?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&x=%E2%80%AE'\">").text
    assert "<script>alert" not in page and page.count('rel="bookmark"') == 1


def table(answer):
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    return rows[: rows.index([])]


def test_the_results_of_a_search_as_files(get):
    head, *rows = table(get("/danh-sach/tim.csv?q=tai+san+tri+tue"))
    assert head == ["Nhóm", "STT", "Văn bản, nhiệm vụ", "Trích yếu, nội dung", "Ngày ban hành, cơ quan ban hành; kế hoạch", "Có trong kho"]  # fmt: skip
    page = get("/tim?q=tai+san+tri+tue").text
    shown = [html.unescape(name) for name in re.findall(r'<p class="hit"><a href="[^"]+">(.*?)</a>', page)]
    assert [row[2] for row in rows] == shown and len(rows) > 2
    assert any("tài sản trí tuệ" in row[3] for row in rows) and not any("<mark>" in row[3] for row in rows)
    word = docx.Document(io.BytesIO(get("/danh-sach/tim.docx?q=tai+san+tri+tue").content))
    assert word.paragraphs[1].text == "Đã tìm: “tai san tri tue”"


def test_a_search_that_finds_too_much_says_so(get, monkeypatch):
    from publish.pages import search

    monkeypatch.setattr(search, "_RANKED", 3)
    word = docx.Document(io.BytesIO(get("/danh-sach/tim.docx?q=khoa").content))
    said = " ".join(p.text for p in word.paragraphs)
    assert "Mỗi phần chỉ gồm 3 kết quả xếp hạng đầu" in said
    assert "Mỗi phần chỉ gồm" not in table(get("/danh-sach/tim.csv?q=zzzz"))[0]


@pytest.mark.parametrize(
    ("what", "edges"), [(TASK, 4), (f"ke-hoach/{PLAN}", None), (f"van-ban/{NQ08}", None)], ids=["task", "plan", "document"]
)  # fmt: skip
def test_what_a_drawing_shows_as_files(what, edges, get):
    shown = int(re.search(r"Các quan hệ trong sơ đồ <span class=\"count\">\((\d+)\)", get(f"/so-do/{what}").text)[1])
    rows = table(get(f"/danh-sach/so-do/{what}.csv"))
    assert len(rows) - 1 == shown == (edges or shown) > 0
    sheet = openpyxl.load_workbook(io.BytesIO(get(f"/danh-sach/so-do/{what}.xlsx").content)).active
    assert any(str(row[0]).startswith(f"Số quan hệ: {shown}") for row in sheet.values)


def test_a_drawing_that_was_widened_is_taken_along_so(get):
    more = f"them={NQ08}"
    assert len(table(get(f"/danh-sach/so-do/{TASK}.csv?{more}"))) > len(table(get(f"/danh-sach/so-do/{TASK}.csv")))
    assert more in get(f"/so-do/{TASK}?{more}").text.split("danh-sach/so-do")[1].split('"')[0]


def test_the_list_of_units_as_files(get, plan_base):
    head, *rows = table(get("/danh-sach/don-vi.csv"))
    with closing(sqlite3.connect(plan_base)) as base:
        names = {row[0] for row in base.execute("SELECT ten FROM don_vi JOIN phan_cong ON don_vi.id = don_vi")}
    assert head == ["STT", "Đơn vị", "Chủ trì (số việc)", "Phối hợp (số việc)"]
    assert {row[1] for row in rows} == names
    assert all("phòng" in row[1].lower() for row in table(get("/danh-sach/don-vi.csv?q=phong"))[1:])


def test_a_comparison_as_csv(get):
    head, *_ = table(get(f"/so-sanh/csv?cu={PLAN}&moi={PLAN}"))
    assert head[0] == "STT" and "Nội dung bản mới" in head
