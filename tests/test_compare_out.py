"""A comparison as people get it: the command, the page, Word, Excel and JSON."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt

from graph.compare import compare
from graph.compared import from_base
from graph.corpus import build
from graph.store import open_base
from publish.compare_command import file_of, stamp_for
from publish.export.comparison import SLUGS, sheet_of
from publish.links import Links
from publish.serve import make_datasette

ROOT = Path(__file__).parent.parent
PLAN = (ROOT / "corpus" / "ke-hoach-khcn-tay-ninh-2024.md").read_text(encoding="utf-8")
OLD = "ke-hoach-kh-khcn-2024-so-khoa-hoc-va-cong-nghe-tinh-tay-ninh"
NEW = "ke-hoach-12-kh-khcn-2024-so-khoa-hoc-va-cong-nghe-tinh-tay-ninh"
EDITS = (
    ("Số: /KH-KHCN", "Số: 12/KH-KHCN"),
    ("Quyết định số 2646/QĐ-UBND ngày 15/12/2023", "Quyết định số 2701/QĐ-UBND ngày 20/12/2023"),
    ("Danh mục nhiệm vụ KH&CN cấp tỉnh năm 2025", "Danh mục nhiệm vụ KH&CN cấp tỉnh năm 2026"),
    ("- Đề xuất các giải pháp thúc đẩy hoạt động KH&CN cấp huyện.\n\n", ""),
    ("- Xây dựng Đề án kiện toàn cơ cấu, tổ chức bộ máy Sở KH&CN.\n\n", ""),
    (
        "#### 1. Hoạt động quản lý khoa học\n\n",
        "#### 1. Hoạt động quản lý khoa học\n\n- Xây dựng Đề án kiện toàn cơ cấu, tổ chức bộ máy Sở KH&CN.\n\n"
        "- =HYPERLINK(1) <script>alert(1)</script> {{7*7}} Lắp đặt trạm quan trắc.\n\n",
    ),
    (
        "+ Kế hoạch số 3300/KH-UBND ngày 20/10/2023 của UBND tỉnh thực hiện Chương trình hành động số 180-CTr/TU ngày "
        "20/4/2023 của Tỉnh ủy thực hiện Nghị quyết số 36-NQ/TW ngày 30/01/2023 của Bộ Chính trị.\n\n",
        "",
    ),
    (
        "- Rà soát, tham mưu Quy định quản lý nhiệm vụ KH&CN",
        "- Rà soát theo Nghị quyết số 36-NQ/TW ngày 30/01/2023 của Bộ Chính trị, tham mưu Quy định quản lý nhiệm vụ KH&CN",
    ),
)


def edited() -> str:
    text = PLAN
    for old, new in EDITS:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A folder of a user: a draft, the issued plan, and the base of both."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "du-thao.md").write_text(PLAN, encoding="utf-8")
    (folder / "corpus" / "ban-hanh.md").write_text(edited(), encoding="utf-8")
    build([folder / "corpus"], folder / "cancu.db")
    return folder


@pytest.fixture(scope="module")
def comparison(home):
    with closing(open_base(home / "cancu.db")) as base:
        texts = from_base(base, OLD), from_base(base, NEW)
        return compare(*texts), stamp_for(*texts, base, date(2026, 11, 24))


def cancu(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from publish.cli import main; main()", *arguments],
        cwd=cwd, env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}, capture_output=True, encoding="utf-8",
        timeout=120,
    )  # fmt: skip


# --- the command ------------------------------------------------------------------------------------


def test_the_command_tells_every_group(home):
    done = cancu("compare", "corpus/du-thao.md", "corpus/ban-hanh.md", cwd=home)
    assert done.returncode == 0 and done.stderr == ""
    assert "Sửa lời: 2 · Chuyển vị trí: 1 · Đổi đơn vị, thời hạn, sản phẩm: 0" in done.stdout
    assert "Mới: 1 · Không còn: 2 · Giữ nguyên: 42." in done.stdout
    assert "Căn cứ thêm (1):\n  - phần căn cứ: Quyết định số 2701/QĐ-UBND" in done.stdout
    assert "Căn cứ bỏ (1):\n  - phần căn cứ: Quyết định số 2646/QĐ-UBND" in done.stdout
    assert "Số, ký hiệu: /KH-KHCN → 12/KH-KHCN" in done.stdout
    assert "Câu hỏi cần trả lời trước: nhiệm vụ không còn mà căn cứ vẫn nêu trong bản mới (1)" in done.stdout
    assert "Căn cứ còn nêu: Nghị quyết số 36-NQ/TW." in done.stdout
    assert "[bỏ: 2025.] [thêm: 2026.]" in done.stdout
    assert (
        "Chuyển từ mục II.6 “Hành chính, tổ chức và công tác khác” sang mục II.1 “Hoạt động quản lý khoa" in done.stdout
    )


def test_files_numbers_and_ids_give_the_same(home):
    by_file = json.loads(cancu("compare", "corpus/du-thao.md", "corpus/ban-hanh.md", "--json", cwd=home).stdout)
    by_id = json.loads(cancu("compare", OLD, "12/KH-KHCN", "--json", cwd=home).stdout)
    mixed = json.loads(cancu("compare", "corpus/du-thao.md", "12/KH-KHCN", "--json", cwd=home).stdout)
    assert by_file["format"] == "cancu-compare/1"
    for name in ("counts", "tasks", "headings", "others", "bases_in", "bases_out", "questions", "header"):
        assert by_file[name] == by_id[name] == mixed[name], name
    assert by_id["old"]["id"] == OLD and by_file["old"]["id"] == ""
    assert by_id["origin"]["ma_du_lieu"] != "--"


@pytest.mark.parametrize("name", ["so-sanh.docx", "so-sanh.xlsx", "so-sanh.csv", "so-sanh.json"])
def test_the_command_writes_files(home, tmp_path, name):
    done = cancu("compare", OLD, NEW, "--out", str(tmp_path / name), "--db", str(home / "cancu.db"), cwd=tmp_path)
    assert done.returncode == 0 and done.stdout == "" and "Đã ghi" in done.stderr
    assert (tmp_path / name).stat().st_size > 3000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("khong-co.docx", "corpus/du-thao.md"), "Không tìm thấy tệp"),
        (("999/QĐ-UBND", NEW), "trong kho"),
        (("155/QĐ-KHCN", NEW), "chưa có toàn văn nên không so sánh được"),
        ((OLD, NEW, "--out", "so-sanh.pdf"), "Hãy đặt đuôi tệp là .docx, .xlsx, .csv, .json"),
        ((OLD, NEW, "--out", "khong-co/so-sanh.docx"), "Không ghi được"),
        ((OLD,), "Thiếu tham số"),
        ((OLD, NEW, "--tai-ngay", "32/1/2026"), "không phải ngày hợp lệ"),
        ((OLD, NEW, "--db", "khong-co.db"), "Không tìm thấy cơ sở dữ liệu"),
    ],
)
def test_what_cannot_be_compared_is_said(home, arguments, words):
    done = cancu("compare", *arguments, cwd=home)
    assert done.returncode == 2 and done.stdout == ""
    assert words in done.stderr and "Traceback" not in done.stderr


# --- Word, Excel, JSON --------------------------------------------------------------------------------


def test_word_in_two_columns(comparison):
    found, stamp = comparison
    annex = docx.Document(io.BytesIO(file_of(found, stamp, ".docx")))
    section = annex.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    table = annex.tables[0]
    assert [c.text for c in table.rows[0].cells] == ["STT", "Bản cũ", "Bản mới", "Thay đổi"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert {r.font.size for row in table.rows for c in row.cells for p in c.paragraphs for r in p.runs} == {Pt(13)}
    fonts = {f.get(qn("w:ascii")) for f in annex.element.iter(qn("w:rFonts"))}
    assert fonts == {"Times New Roman"}
    rows = [[c.text for c in row.cells] for row in table.rows[1:] if len(row._tr.tc_lst) > 1]
    assert [row[0] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    entries = [e for g in sheet_of(found).groups if g.states != ("kept",) for e in g.entries]
    assert len(rows) == len(entries) and all("" not in row for row in rows)
    struck = [r.text for p in table._cells for q in p.paragraphs for r in q.runs if r.font.strike]
    under = [r.text for p in table._cells for q in p.paragraphs for r in q.runs if r.font.underline]
    assert "2025." in struck and "2026." in under
    old = next(row[1] for row in rows if "Rà soát" in row[1])
    assert old.startswith("Mục II.1.2. Rà soát, tham mưu")
    foot = " ".join(p.text for p in annex.paragraphs)
    assert "Tính đến ngày 24/11/2026." in foot and "Mã kiểm tra" in foot and "mã dữ liệu" in foot
    assert "du-thao.md; SHA-256" in foot and "ban-hanh.md; SHA-256" in foot


def test_excel_holds_every_piece_and_no_formula(comparison):
    found, stamp = comparison
    book = openpyxl.load_workbook(io.BytesIO(file_of(found, stamp, ".xlsx")))
    page = book["So sánh"]
    rows = list(page.iter_rows())
    top = next(n for n, row in enumerate(rows) if row[0].value == "STT")
    body = rows[top + 1 :]
    assert len(body) == sum(len(g.entries) for g in sheet_of(found).groups)
    assert page.freeze_panes == f"A{top + 2}" and page.auto_filter.ref
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [c for c in cells if c.data_type == "f" or c.hyperlink]
    assert [c.value for c in cells if str(c.value).startswith("=HYPERLINK(1)")]
    texts = [str(c.value) for row in book["Thông tin trích xuất"].iter_rows() for c in row]
    assert "Mã kiểm tra của bản trích xuất" in texts and "24/11/2026" in texts


def test_the_check_code_follows_the_content(comparison):
    found, stamp = comparison
    one = sheet_of(found)
    assert stamp.sealed(one.content()).check == stamp.sealed(sheet_of(found).content()).check
    other = sheet_of(compare(found.new, found.old))
    assert stamp.sealed(one.content()).check != stamp.sealed(other.content()).check


# --- the page -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(home):
    datasette = make_datasette(home / "cancu.db")

    def get(path, **values):
        return asyncio.run(datasette.client.get(path, params=values or None))

    return get


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_page_shows_both_side_by_side(site):
    answer = site("/so-sanh", cu=OLD, moi=NEW)
    assert answer.status_code == 200
    assert '<del><span class="unseen">[bỏ: </span>2025.' in answer.text
    assert '<ins><span class="unseen">[thêm: </span>2026.' in answer.text
    for words in ("Nhiệm vụ – Mới (1)", "Nhiệm vụ – Không còn (2)", "Căn cứ thêm (1)", "Câu hỏi cần trả lời trước"):
        assert words in plain(answer.text)
    assert f'href="/van-ban/{OLD}#muc-II.6.4"' in answer.text and f'href="/van-ban/{NEW}#muc-II.1.1"' in answer.text
    assert (
        "<script>alert(1)" not in answer.text and "&lt;script&gt;alert(1)" in answer.text and "{{7*7}}" in answer.text
    )


@pytest.mark.parametrize(
    "slug", [*SLUGS.values(), "phan-dau", "can-cu", "cau-hoi", "nhiem-vu", "de-muc", "doan", "khac"]
)
def test_groups_are_filtered_by_the_address(site, slug):
    text = site("/so-sanh", cu=OLD, moi=NEW, nhom=slug).text
    heads = re.findall(r"<section><h2>([^<]*) – ([^<(]*) \(\d+\)</h2>", text)
    assert text.count('aria-current="true"') == (0 if slug in ("nhiem-vu", "de-muc", "doan") else 1)
    if slug in SLUGS.values():
        word = {v: k for k, v in SLUGS.items()}[slug]
        from publish.export.comparison import STATE_WORDS

        assert all(name == "Nhiệm vụ" and STATE_WORDS[word] in states for name, states in heads)


@pytest.mark.parametrize("form", ["docx", "xlsx", "csv", "json"])
def test_downloads(site, form):
    answer = site(f"/so-sanh/{form}", cu=OLD, moi=NEW)
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    assert "so-sanh-ke-hoach" in answer.headers["content-disposition"]
    assert len(answer.content) > 3000


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Văn bản có toàn văn trong kho (2)"),
        ({"cu": OLD}, "Chọn bản mới"),
        ({"moi": NEW}, "Chọn bản cũ"),
        ({"cu": "999/QĐ-XYZ", "moi": NEW}, "Không có “999/QĐ-XYZ” trong kho"),
        ({"cu": "155/QĐ-KHCN", "moi": NEW}, "chưa có toàn văn"),
        ({"cu": "<script>x</script>", "moi": "'\"><img>"}, "Không có “&lt;script&gt;"),
        ({"cu": OLD, "moi": OLD}, "Hai văn bản có cùng nội dung."),
        ({"cu": "12/KH-KHCN", "moi": OLD}, "Nhiệm vụ, phân công: bản cũ 46, bản mới 47."),
    ],
)
def test_the_choice(site, values, words):
    answer = site("/so-sanh", **values)
    assert answer.status_code == 200 and words in plain(answer.text)
    for form in ("docx", "xlsx"):
        assert site(f"/so-sanh/{form}", **values).status_code == 200


def test_no_link_of_the_page_is_dead(site):
    for page in ("/so-sanh", f"/so-sanh?cu={OLD}", f"/so-sanh?cu={OLD}&moi={NEW}"):
        text = site(page).text
        for url in set(re.findall(r'href="(/[^"#]+)', text)):
            assert site(url.replace("&amp;", "&")).status_code == 200, url


def test_versions_of_a_work_are_one_click_apart(site):
    for document in (OLD, NEW):
        assert f'<a href="/so-sanh?cu={OLD}&amp;moi={NEW}">So sánh hai bản</a>' in site(f"/van-ban/{document}").text


def test_addresses():
    links = Links("/goc/")
    assert links.compare() == "/goc/so-sanh"
    assert links.compare("a&b", "c") == "/goc/so-sanh?cu=a%26b&moi=c"
    assert links.compare_file("docx", "a", "b") == "/goc/so-sanh/docx?cu=a&moi=b"
