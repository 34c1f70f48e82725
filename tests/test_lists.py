"""The list pages on the real plan: what they show, what they leave out, and the same rows in every file."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import sqlite3
from contextlib import closing

import docx
import openpyxl
import pytest

from extract.text import plain
from graph.corpus import build
from graph.schema import READABLE_VERSIONS
from publish.serve import make_datasette

DONE_WHEN = {"trực tiếp": 18, "nêu tên": 4, "mềm": 2, "kế thừa": 20}
"""Job 1: 18 tasks with a numbered document, the others to be justified."""


@pytest.fixture(scope="module")
def plan_id(plan_base) -> str:
    with closing(sqlite3.connect(plan_base)) as base:
        return base.execute("SELECT id FROM van_ban WHERE trong_kho = 1").fetchone()[0]


@pytest.fixture(scope="module")
def get(plan_base):
    return getter(plan_base)


def getter(base):
    site = make_datasette(base)

    def ask(path: str):
        return asyncio.run(site.client.get(path))

    return ask


def rows(html: str) -> list[str]:
    return re.findall(r"<tr>.*?</tr>", html.split("<tbody>")[1].split("</tbody>")[0], re.S)


def strengths(base) -> dict[str, int]:
    with closing(sqlite3.connect(base)) as opened:
        return dict(opened.execute("SELECT do_manh, count(*) FROM nhiem_vu GROUP BY 1"))


def test_the_review_table_has_every_task_and_no_silent_green(get, plan_base):
    assert strengths(plan_base)["trực tiếp"] == DONE_WHEN["trực tiếp"]
    page = get("/ra-soat").text
    assert "44 nhiệm vụ; 26 nhiệm vụ cần giải trình" in page
    assert len(rows(page)) == 44
    assert len(rows(get("/ra-soat?do_manh=can-bo-sung").text)) == 26
    for strength, count in strengths(plan_base).items():
        found = rows(get(f"/ra-soat?do_manh={strength}").text)
        assert len(found) == count and all(strength in row for row in found)


def test_filters_go_together_and_stand_in_the_address(get):
    page = get("/ra-soat?q=chuyen+doi+so&do_manh=trực+tiếp").text
    found = rows(page)
    assert found and all({"chuyen", "doi", "so"} <= set(plain(row).split()) for row in found)
    assert 'value="chuyen doi so"' in page and "danh-sach/ra-soat.docx?do_manh=" in page and "q=chuyen" in page
    assert "Không có nhiệm vụ nào phù hợp" in get("/ra-soat?q=khongcotunay").text
    assert (
        get("/ra-soat?trang=99").status_code == 200
        and get("/ra-soat?trang=-1&don_vi=%00&ke_hoach='").status_code == 200
    )


def test_the_same_rows_in_word_excel_and_csv(get):
    shown = [re.sub(r"<[^>]+>", "", re.search(r"<td class=\"nowrap\">(.*?)</td>", row, re.S)[1]).strip()
             for row in rows(get("/ra-soat?do_manh=mềm").text)]  # fmt: skip
    assert len(shown) == 2
    word = docx.Document(io.BytesIO(get("/danh-sach/ra-soat.docx?do_manh=mềm").content))
    assert [row.cells[1].text for row in word.tables[0].rows[1:]] == shown
    assert any("độ mạnh căn cứ: mềm" in p.text for p in word.paragraphs)
    sheet = openpyxl.load_workbook(io.BytesIO(get("/danh-sach/ra-soat.xlsx?do_manh=mềm").content)).worksheets[0]
    head = next(n for n, row in enumerate(sheet.iter_rows(values_only=True), 1) if row[0] == "STT")
    assert [row[1] for row in sheet.iter_rows(min_row=head + 1, values_only=True)] == shown
    answer = get("/danh-sach/ra-soat.csv?do_manh=mềm")
    assert answer.content.startswith(b"\xef\xbb\xbfSTT") and not answer.content.startswith(b"\xef\xbb\xbf\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[1] for row in table[1:3]] == shown and table[3] == []
    assert "attachment" in answer.headers["content-disposition"]
    assert get("/danh-sach/ra-soat.exe").status_code == 404


def test_coverage_names_every_basis_without_a_task(get, plan_base, plan_id):
    with closing(sqlite3.connect(plan_base)) as base:
        bases = {r[0] for r in base.execute(
            "SELECT DISTINCT dich FROM quan_he WHERE nguon_van_ban = ? AND loai IN ('based_on', 'implements')"
            " AND trang_thai = 'đã nêu'", (plan_id,))}  # fmt: skip
        with_task = {r[0] for r in base.execute(
            "SELECT DISTINCT van_ban FROM can_cu WHERE cach IN ('trực tiếp', 'nêu tên', 'qua chuỗi', 'đối tượng tác động')")}  # fmt: skip
        labels = dict(base.execute("SELECT id, nhan FROM van_ban"))
    page = get("/do-phu").text  # a base with one plan goes to it at once
    first = page.split("Văn bản căn cứ chưa có nhiệm vụ")[1].split("</section>")[0]
    gaps = bases - with_task
    assert len(bases) == 5 and gaps
    assert len(rows(first)) == len(gaps)
    for gap in gaps:
        assert labels[gap].replace("số ", "số ") in re.sub(r"<[^>]+>|\xa0|\u2060|\u2011", "", first).replace(
            "&nbsp;", " "
        )
    assert get("/do-phu/khong-co").status_code == 404
    listed = docx.Document(io.BytesIO(get(f"/danh-sach/do-phu/{plan_id}.docx").content)).tables[0]
    assert f"chưa có nhiệm vụ ({len(gaps)})" in listed.rows[1].cells[0].text


def test_a_path_from_a_task_to_the_top(get):
    page = get("/duong-noi?tu=II.2.2.3&den=52-NQ/TW").text
    assert "Đường 1" in page and "1341/KH-UBND" in page and "Không có đường" not in page
    turned = get("/duong-noi?tu=52-NQ/TW&den=II.2.2.3").text
    assert "Đường 1" in turned and "chiều ngược lại" in turned
    assert get("/duong-noi").status_code == 200
    unknown = get("/duong-noi?tu=99-NQ/XX&den=II.2.2.3")
    assert unknown.status_code == 404 and "Không có “99-NQ/XX” trong kho" in unknown.text
    assert "cùng một văn bản" in get("/duong-noi?tu=52-NQ/TW&den=52-NQ/TW").text


def test_impact_by_unit(get):
    page = get("/truy-vet?q=08-NQ/TU&nhom=don-vi").text
    assert "II.1.3.1" in page and "Chưa nêu đơn vị chủ trì" in page
    table = docx.Document(io.BytesIO(get("/danh-sach/tac-dong.docx?q=08-NQ/TU").content)).tables[0]
    assert [row.cells[1].text for row in table.rows[2:]] == ["II.1.3.1"]
    assert get("/danh-sach/tac-dong.docx?q=khong").status_code == 404


def test_both_annexes_of_a_plan(get, plan_id):
    submitted = docx.Document(io.BytesIO(get(f"/danh-sach/phu-luc-trinh/{plan_id}.docx").content))
    issued = docx.Document(io.BytesIO(get(f"/danh-sach/phu-luc-phat-hanh/{plan_id}.docx").content))
    heads = [cell.text for cell in submitted.tables[0].rows[0].cells]
    assert heads[-1] == "Căn cứ/lý do đề xuất nhiệm vụ - Cột này để giải trình, không phát hành"
    assert [cell.text for cell in issued.tables[0].rows[0].cells] == heads[:-1]
    red = submitted.tables[0].rows[-1].cells[-1].paragraphs[0].runs[0].font.color.rgb
    assert str(red) == "C00000"
    words = "\n".join(p.text for p in issued.paragraphs)
    assert "Căn Cứ" not in words and "giải trình" not in words and "Kèm theo Kế hoạch" in words
    numbers = [row.cells[0].text for row in issued.tables[0].rows[1:]]
    assert [n for n in numbers if n.isdigit()] == [str(n) for n in range(1, 45)]
    assert "Mã kiểm tra" in issued.core_properties.comments
    assert get("/danh-sach/phu-luc-trinh/khong-co.docx").status_code == 404


def test_a_chain_as_csv_is_the_chain_of_excel(get, plan_id):
    node = f"nhiem-vu/{plan_id}/II.2.2.3"
    table = list(csv.reader(io.StringIO(get(f"/danh-sach/chuoi/{node}.csv").content.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(get(f"/xuat/xlsx/{node}").content)).worksheets[0]
    head = next(n for n, row in enumerate(book.iter_rows(values_only=True), 1) if row[0] == "STT")
    labels = [row[3] for row in book.iter_rows(min_row=head + 1, values_only=True)]
    assert [row[3] for row in table[1 : 1 + len(labels)]] == labels and "52-NQ/TW" in str(labels)
    assert get("/danh-sach/chuoi/van-ban/khong-co.csv").status_code == 404


def test_units_have_pages(tmp_path, plan_path):
    folder = tmp_path / "kho"
    folder.mkdir()
    for path in plan_path.parent.parent.glob("tests/plans/K*.md"):
        (folder / path.name).write_bytes(path.read_bytes())
    build([folder], tmp_path / "cancu.db")
    get = getter(tmp_path / "cancu.db")
    index = get("/don-vi").text
    doers = re.findall(r'href="/don-vi/([^"]+)"', index)
    assert len(doers) == len(set(doers)) > 5
    with closing(sqlite3.connect(tmp_path / "cancu.db")) as base:
        ((doer, name, leads),) = base.execute(
            "SELECT d.id, d.ten, count(*) AS n FROM phan_cong p JOIN don_vi d ON d.id = p.don_vi"
            " WHERE vai_tro = 'chủ trì' GROUP BY d.id ORDER BY n DESC, d.id LIMIT 1"
        ).fetchall()
    page = get(f"/don-vi/{doer}").text
    assert f"<h1>{name}</h1>" in page and f"Chủ trì {leads} việc" in page
    assert get("/don-vi/khong-co").status_code == 404
    assert name in get(f"/don-vi?q={name.split()[0]}").text
    listed = openpyxl.load_workbook(io.BytesIO(get(f"/danh-sach/don-vi/{doer}.xlsx").content)).worksheets[0]
    assert sum(row[0] == "I. Nhiệm vụ chủ trì" or str(row[0]).startswith("I. ") for row in listed.iter_rows(values_only=True)) == leads  # fmt: skip


def test_a_base_of_an_older_program_says_what_to_do(tmp_path, plan_path):
    path = tmp_path / "cancu.db"
    build([plan_path], path)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("DROP INDEX ix_nhiem_vu_tinh_trang")
        base.execute("ALTER TABLE nhiem_vu DROP COLUMN tinh_trang")
        base.execute("DROP TABLE phan_cong")
        base.execute("DROP TABLE don_vi")
        base.execute("DROP TABLE tra_so")
        base.execute("UPDATE thong_tin SET gia_tri = ? WHERE ten = 'phien_ban_luoc_do'", (READABLE_VERSIONS[-2],))
    get = getter(path)
    for address in ("/ra-soat", "/don-vi", "/don-vi/x", "/do-phu", "/danh-sach/ra-soat.docx"):
        answer = get(address)
        assert answer.status_code == 409 and "cancu build" in answer.text
    for address in ("/", "/duong-noi?tu=II.2.2.3&den=52-NQ/TW", "/truy-vet?q=08-NQ/TU", "/tim?q=2502"):
        assert get(address).status_code == 200


def test_paths_on_the_command_line(plan_base, capsys):
    from publish.cli import main

    with pytest.raises(SystemExit) as left:
        main(["paths", "II.2.2.3", "52-NQ/TW", "--db", str(plan_base)])
    said = capsys.readouterr().out
    assert left.value.code == 0 and "Đường nối: " in said and "1341/KH-UBND" in said
    with pytest.raises(SystemExit):
        main(["paths", "II.2.2.3", "52-NQ/TW", "--db", str(plan_base), "--json"])
    values = json.loads(capsys.readouterr().out)
    assert values["format"] == "cancu-paths/1" and values["paths"][0][-1]["target"]["number"] == "52-NQ/TW"
    with pytest.raises(SystemExit) as left:
        main(["paths", "II.2.2.3", "khong co gi", "--db", str(plan_base)])
    assert left.value.code == 2
