"""The block of bases: order, full citations, gaps told and never filled, in the command, on the page and in Word."""

from __future__ import annotations

import asyncio
import html
import io
import json
import re

import docx
import pytest
from making import fill, rows
from test_cli import cancu, refused

from graph.corpus import build
from publish.serve import make_datasette

PLAN = """UBND TỈNH MINH HỌA

Số: 12/KH-UBND

Minh Họa, ngày 10 tháng 5 năm 2024

KẾ HOẠCH

Triển khai năm 2024

Căn cứ Quyết định số 20/QĐ-UBND ngày 02/02/2024 của UBND tỉnh Minh Họa về chợ;

Căn cứ Nghị quyết số 42/2022/NQ-HĐND ngày 09/12/2022 của HĐND tỉnh Minh Họa quy định mức hỗ trợ chợ;

Căn cứ Nghị quyết số 08-NQ/TU ngày 31/3/2023 của Tỉnh ủy Minh Họa về phát triển chợ;

Căn cứ Nghị định số 60/2024/NĐ-CP ngày 05/6/2024 của Chính phủ về phát triển và quản lý chợ;

Căn cứ Nghị quyết số 36-NQ/TW ngày 30/01/2023 của Bộ Chính trị về công nghệ;

Căn cứ Thông tư số 15/2022/TT-BKHCN ngày 12/10/2022 của Bộ Khoa học và Công nghệ quy định về đo lường.

I. NỘI DUNG

- Thực hiện Kế hoạch số 3668/KH-UBND của UBND tỉnh.
- Triển khai Kế hoạch số 66/KH-UBND ngày 05/02/2024 của UBND tỉnh Minh Họa về hội chợ.
"""
ORDER = ["36-NQ/TW", "08-NQ/TU", "60/2024/NĐ-CP", "15/2022/TT-BKHCN", "42/2022/NQ-HĐND", "20/QĐ-UBND"]
NUMBER = re.compile(r"số ([\w/…-]+)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("can-cu")
    fill(path / "c", {"plan.md": PLAN, "party.md": PARTY})
    build([path / "c"], path / "kho.db")
    return path


PARTY = (
    "TỈNH ỦY MINH HỌA\n\nSố 12-KH/TU\n\nĐẢNG CỘNG SẢN VIỆT NAM\n\nMinh Họa, ngày 10 tháng 5 năm 2024\n\nKẾ HOẠCH\n\n"
    "về công tác năm 2024\n\nCăn cứ Chỉ thị số 36-CT/TW, ngày 01/3/2024 của Bộ Chính trị về đô thị,\n\nI. NỘI DUNG\n\n"
    "- Thực hiện nhiệm vụ năm 2024.\n"
)


@pytest.fixture(scope="module")
def plan(folder) -> str:
    return rows(folder / "kho.db", "SELECT id FROM van_ban WHERE so_ky_hieu = '12/KH-UBND'")[0][0]


def lines(done) -> list[str]:
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


# --- the command ----------------------------------------------------------------------------------


def test_the_bases_of_a_plan_come_in_order_of_rank(folder, plan):
    said = lines(cancu("can-cu", "--ke-hoach", plan, "--db", "kho.db", cwd=folder))
    assert [NUMBER.search(line)[1] for line in said] == ORDER
    assert all(line.startswith("Căn cứ ") for line in said)
    assert [line[-1] for line in said] == [";"] * 5 + ["."]
    assert said[-1] == (
        "Căn cứ Quyết định số 20/QĐ-UBND ngày 02 tháng 02 năm 2024 của Ủy ban nhân dân tỉnh Minh Họa về chợ."
    )


def test_chosen_documents_once_each_and_what_lacks_is_left_open_and_told(folder):
    done = cancu("can-cu", "3668", "08-nq/tu", "66/KH-UBND", "08-NQ/TU", "--db", "kho.db", cwd=folder)
    assert [NUMBER.search(line)[1] for line in lines(done)] == ["08-NQ/TU", "66/KH-UBND", "3668/KH-UBND"]
    assert lines(done)[-1].endswith("ngày … tháng … năm … của Ủy ban nhân dân tỉnh Minh Họa về ….")
    assert done.stderr.startswith("Cần bổ sung ngày ban hành, trích yếu của Kế hoạch số 3668/KH-UBND.\n")


def test_a_paper_of_the_party_cites_by_its_own_guide(folder):
    said = lines(cancu("can-cu", "--ke-hoach", "12-KH/TU", "--db", "kho.db", cwd=folder))
    assert said == ["Căn cứ Chỉ thị số 36-CT/TW, ngày 01 tháng 3 năm 2024 của Bộ Chính trị về đô thị,"]


def test_data_and_the_word_file(folder, plan):
    done = cancu("can-cu", "3668", "--ke-hoach", plan, "--json", "--out", "x.docx", "--db", "kho.db", "--tai-ngay",
                 "01/6/2024", cwd=folder)  # fmt: skip
    values = json.loads(done.stdout)
    assert values["format"] == "cancu-can-cu/1" and [line["missing"] for line in values["lines"]][-2:] == [
        "", "ngày ban hành, trích yếu",
    ]  # fmt: skip
    word = docx.Document(str(folder / "x.docx"))
    body = [p for p in word.paragraphs if p.text.startswith("Căn cứ ")]
    assert [p.text for p in body] == [line["text"] for line in values["lines"]]
    assert all(run.italic and run.font.size.pt == 14 for p in body for run in p.runs)
    said = "\n".join(p.text for p in word.paragraphs)
    assert "Cần bổ sung ngày ban hành, trích yếu của Kế hoạch số 3668/KH-UBND." in said
    assert "không thuộc văn bản được soạn" in said and "Tính đến ngày 01/06/2024" in said and "mã dữ liệu" in said
    assert "không kết luận về hiệu lực" in said
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_wrong_use_is_told_in_vietnamese(folder):
    refused(cancu("can-cu", "--db", "kho.db", cwd=folder), "Hãy nêu số, ký hiệu")
    refused(cancu("can-cu", "99/QĐ-UBND", "--db", "kho.db", cwd=folder), "Không tìm thấy “99/QĐ-UBND”")
    refused(cancu("can-cu", "08-NQ/TU", "--out", "x.pdf", "--db", "kho.db", cwd=folder), "đuôi .docx")
    refused(cancu("can-cu", "--ke-hoach", "08-NQ/TU", "--db", "kho.db", cwd=folder), "không nêu căn cứ nào")
    refused(cancu("can-cu", "08-NQ/TU", "--db", "không.db", cwd=folder), "không.db")


# --- the page -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def get(folder):
    site = make_datasette(folder / "kho.db")
    return lambda path: asyncio.run(site.client.get(path))


def block(page: str) -> list[str]:
    return [html.unescape(re.sub(r"<[^>]+>", "", p)) for p in re.findall(
        r"<p>(.*?)</p>", page.split('<div class="paper bases">')[1].split("</div>")[0], re.S)]  # fmt: skip


def test_the_page_shows_the_block_and_gives_the_choice(get, folder, plan):
    page = get(f"/can-cu/{plan}").text
    assert block(page) == lines(cancu("can-cu", "--ke-hoach", plan, "--db", "kho.db", cwd=folder))
    boxes = re.findall(r'<input type="checkbox" name="c\.[^"]+" value="1"( checked)?>', page)
    assert boxes.count(" checked") == 6 and boxes.count("") == 2
    assert f"/can-cu/{plan}" in get(f"/van-ban/{plan}").text


def test_what_is_chosen_stands_in_the_address_and_in_the_file(get, folder, plan):
    ((party,),) = rows(folder / "kho.db", "SELECT id FROM van_ban WHERE so_ky_hieu = '08-NQ/TU'")
    asked = f"chon=1&c.{party}=1&them=66/KH-UBND;+12345/XX"
    page = get(f"/can-cu/{plan}?{asked}").text
    assert [NUMBER.search(line)[1] for line in block(page)] == ["08-NQ/TU", "66/KH-UBND"]
    assert "12345/XX" in page and "Chưa tìm thấy trong kho" in page
    address = html.unescape(re.search(r'href="(/can-cu/[^"]+/tai-ve[^"]*)"', page)[1])
    answer = get(address)
    assert "attachment" in answer.headers["content-disposition"]
    word = docx.Document(io.BytesIO(answer.content))
    assert [p.text for p in word.paragraphs if p.text.startswith("Căn cứ ")] == block(page)
    none = get(f"/can-cu/{plan}?chon=1").text
    assert "Chưa chọn văn bản nào" in none
    assert get("/can-cu/khong-co").status_code == get("/can-cu/khong-co/tai-ve").status_code == 404


def test_what_a_visitor_types_is_shown_and_does_nothing(get, plan):
    page = get(f"/can-cu/{plan}?chon=1&them=<script>alert(1)</script>&c.<b>=1&c.'%00=1")
    assert page.status_code == 200 and "<script>alert" not in page.text and "&lt;script&gt;" in page.text
