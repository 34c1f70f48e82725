"""The findings in the base and what people get of them: pages, marks in the text, the slip in Word, Excel and CSV."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import sqlite3
from contextlib import closing

import docx
import openpyxl
import pytest
from making import PLAN, fill, rows

from extract.pipeline import extract_file
from graph.check import SEVERITIES, advice_of, check, name_of, rules
from graph.corpus import build
from graph.schema import READABLE_VERSIONS
from publish.export.slip import HEADING
from publish.serve import make_datasette

LEVELS = {"bắt buộc sửa": 8, "cần đối chiếu": 0, "nên sửa": 16, "biên tập": 1}
"""What the list of the real plan has (tests/test_check.py)."""


@pytest.fixture(scope="module")
def plan_id(plan_base) -> str:
    return rows(plan_base, "SELECT id FROM van_ban WHERE trong_kho = 1")[0][0]


@pytest.fixture(scope="module")
def get(plan_base):
    return getter(plan_base)


def getter(base):
    site = make_datasette(base)
    return lambda path: asyncio.run(site.client.get(path))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def table_rows(html: str) -> list[str]:
    return re.findall(r"<tr[ >].*?</tr>", html.split("<tbody>")[1].split("</tbody>")[0], re.S)


# --- in the base ----------------------------------------------------------------------------------


def test_the_base_holds_what_the_check_finds(plan_base, plan_path):
    facts = extract_file(plan_path)
    found = rows(
        plan_base, "SELECT quy_tac, muc_do, bat_dau, ket_thuc, thong_bao, de_nghi, nguon FROM phat_hien ORDER BY id"
    )
    assert found == [
        (f.rule, f.severity, f.start, f.end, f.message, " ".join(f.expected.split()), f.source) for f in check(facts)
    ]
    text = rows(plan_base, "SELECT noi_dung FROM tep")[0][0]
    for quote, start, end, sentence in rows(plan_base, "SELECT nguyen_van, bat_dau, ket_thuc, cau FROM phat_hien"):
        assert " ".join(quote.replace("⏎", " ").split()) == " ".join(text[start:end].split()) and sentence


def test_the_levels_are_counted_once(plan_base):
    counted = dict(rows(plan_base, "SELECT ten, so FROM so_dem WHERE ten LIKE 'phát hiện: %'"))
    assert counted == {f"phát hiện: {level}": n for level, n in LEVELS.items()}
    by_rule = dict(rows(plan_base, "SELECT ten, so FROM so_dem WHERE ten LIKE 'quy tắc: %'"))
    assert sum(by_rule.values()) == sum(LEVELS.values())
    assert (
        dict(rows(plan_base, "SELECT muc_do, thu_tu FROM phat_hien")).items()
        <= {level: n for n, level in enumerate(SEVERITIES, 1)}.items()
    )


@pytest.mark.parametrize("rule", [pytest.param(r, id=r.id) for r in rules().values()])
def test_every_rule_has_a_name_and_help_for_people(rule):
    assert rule.name == name_of(rule.id) != rule.id
    assert len(rule.name) <= 60 and len(rule.help) > 20 and "{" not in rule.name + rule.help
    assert not re.search(r"\bsai\b", rule.name + rule.help)


def test_no_page_of_findings_reads_a_table_from_end_to_end(plan_base):
    for where in ("1", "thu_tu = 2", "quy_tac = 'missing-so'", "quy_tac = 'missing-so' AND thu_tu = 3"):
        plan = rows(
            plan_base,
            f"EXPLAIN QUERY PLAN SELECT * FROM phat_hien WHERE {where} ORDER BY thu_tu, van_ban, bat_dau LIMIT 50",
        )
        assert "USING INDEX" in plan[0][3] and not any("TEMP B-TREE" in step[3] for step in plan), (where, plan)


# --- pages ----------------------------------------------------------------------------------------


def test_home_tells_the_levels_and_leads_to_the_list(get):
    home = get("/").text
    card = home.split("<h2>Soát căn cứ</h2>")[1].split("</section>")[0]
    for level, count in LEVELS.items():
        (row,) = [r for r in table_rows(card) if level in r]
        assert f">{count}<" in row if count else '<td class="num">0</td>' in row
    assert "/soat?muc_do=b" in card and 'href="/soat"' in card


def test_the_list_is_filtered_and_the_filters_stand_in_the_address(get, plan_id):
    page = get("/soat").text
    assert len(table_rows(page)) == 25 and "25 phát hiện" in words(page)
    for level, count in LEVELS.items():
        found = get(f"/soat?muc_do={level}").text
        assert len(table_rows(found)) == count if count else "Không có phát hiện nào" in found
        assert count == 0 or all(level in row for row in table_rows(found))
    one = get("/soat?quy_tac=ampersand-in-symbol").text
    assert len(table_rows(one)) == 3 and "danh-sach/soat.docx?quy_tac=ampersand-in-symbol" in one
    assert len(table_rows(get(f"/soat?van_ban={plan_id}&muc_do=nên+sửa&quy_tac=missing-so").text)) == 2
    assert get("/soat?trang=99&muc_do=%00'").status_code == 200
    assert get("/soat?van_ban=khong-co").status_code == 404 == get("/soat/khong-co").status_code


def test_the_page_of_a_document_tells_its_findings_and_marks_them_in_place(get, plan_id, plan_base):
    page = get(f"/van-ban/{plan_id}").text
    section = page.split('<section id="soat-can-cu">')[1].split("</section>")[0]
    levels = re.findall(r"</span> ([^<]+)</span> <span class=\"count\">\((\d+)\)", section)
    assert levels == [(level, str(n)) for level, n in LEVELS.items() if n]
    text = page.split('<section id="noi-dung-van-ban">')[1].split("</section>")[0]
    for (finding,) in rows(plan_base, "SELECT id FROM phat_hien"):
        anchor = f"soat-{finding.rpartition('#')[2]}"
        assert text.count(f'id="{anchor}"') == 1 and f'href="#phieu-{anchor}"' in text
        assert section.count(f'id="phieu-{anchor}"') == 1 and f"#{anchor}" in section
    assert "Nghị quyết số 50/NQ-CP ngày 17/4/2020 của Chính phủ" in words(section).replace("  ", " ")
    assert len(table_rows(get(f"/soat/{plan_id}").text)) == 25
    assert '<span class="found">' in text and text.count('class="cite"') > 30  # the links are still there


def test_a_text_without_findings_says_so(tmp_path):
    fill(tmp_path / "c", {"a.md": PLAN.format(n=1, cited=900)})
    build([tmp_path / "c"], tmp_path / "x.db")
    ((document,),) = rows(tmp_path / "x.db", "SELECT id FROM van_ban WHERE trong_kho = 1")
    ask = getter(tmp_path / "x.db")
    assert "Không thấy gì phải sửa hay đối chiếu" in ask(f"/van-ban/{document}").text
    assert "Không có phát hiện nào" in ask("/soat").text
    empty = docx.Document(io.BytesIO(ask(f"/danh-sach/soat/{document}.docx").content))
    assert any("Không thấy gì phải sửa" in p.text for p in empty.paragraphs) and len(empty.tables[0].rows) == 1


def test_a_base_of_old_has_no_findings_and_still_opens(plan_base, tmp_path, plan_id):
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(plan_base)) as source, closing(sqlite3.connect(old)) as copy:
        source.backup(copy)
        copy.execute("DROP TABLE phat_hien")
        copy.execute("UPDATE thong_tin SET gia_tri = '5' WHERE ten = 'phien_ban_luoc_do'")
        copy.commit()
    assert "5" in READABLE_VERSIONS
    ask = getter(old)
    assert "<h2>Soát căn cứ" not in ask("/").text
    page = ask(f"/van-ban/{plan_id}")
    assert page.status_code == 200 and "soat-can-cu" not in page.text
    assert ask("/soat").status_code == ask(f"/soat/{plan_id}").status_code == 409
    assert ask("/danh-sach/soat.xlsx").status_code == 409


# --- the slip -------------------------------------------------------------------------------------


def test_the_slip_is_the_same_in_word_excel_and_csv(get, plan_id):
    word = docx.Document(io.BytesIO(get(f"/danh-sach/soat/{plan_id}.docx").content))
    table = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert table[0] == [
        "STT", "Vị trí", "Nội dung (trích nguyên văn)", "Vấn đề", "Đề nghị sửa", "Nguồn", "Ý kiến người rà soát",
    ]  # fmt: skip
    groups = [row[0] for row in table[1:] if len(set(row)) == 1]
    assert groups == ["I. Bắt buộc sửa (8)", "II. Nên sửa (16)", "III. Biên tập (1)"]
    body = [row for row in table[1:] if len(set(row)) > 1]
    assert [row[0] for row in body] == [str(n) for n in range(1, 26)] and all(row[6] == "" for row in body)
    (state,) = [row for row in body if "50-NQ/CP" in row[2]]
    assert state[1] == "Mục II.2.2.3, đoạn 28"
    assert state[4] == "Viết: Nghị quyết số 50/NQ-CP ngày 17/4/2020 của Chính phủ"
    said = "\n".join(p.text for p in word.paragraphs)
    assert said.startswith(HEADING) and "Tổng cộng 25 phát hiện: bắt buộc sửa 8" in said
    assert "người rà soát đối chiếu văn bản gốc" in said and "Tính đến ngày" in said and "Mã kiểm tra" in said
    section = word.sections[0]
    assert {round(section.page_width.mm), round(section.page_height.mm)} == {210, 297}
    assert word.styles["Normal"].font.name == "Times New Roman"

    book = openpyxl.load_workbook(io.BytesIO(get(f"/danh-sach/soat/{plan_id}.xlsx").content))
    sheet = list(book.worksheets[0].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(sheet) if row[1] == "STT")
    assert [list(row[1:7]) for row in sheet[head + 1 :]] == [row[:6] for row in body]
    assert not any(row[7] for row in sheet[head + 1 :])
    assert [s.title for s in book.worksheets] == ["Danh sách", "Thông tin trích xuất"]

    answer = get(f"/danh-sach/soat/{plan_id}.csv").content.decode("utf-8-sig")
    listed = [[cell or "--" for cell in row[1:7]] for row in csv.reader(io.StringIO(answer)) if len(row) > 5]
    assert listed[1:] == [row[:6] for row in body]


def test_what_another_text_tells_completes_a_citation(tmp_path):
    full = "Kế hoạch số 900/KH-UBND ngày 05/02/2024 của UBND tỉnh Minh Họa về cải cách hành chính"
    short = PLAN.format(n=2, cited=900).replace(" về cải cách hành chính.", ".")
    fill(tmp_path / "c", {"a.md": PLAN.format(n=1, cited=900), "b.md": short})
    build([tmp_path / "c"], tmp_path / "x.db")
    ask = getter(tmp_path / "x.db")
    (row,) = table_rows(ask("/soat").text)
    assert f"Có thể là: “{full}” (theo dữ liệu trong kho). Đối chiếu văn bản gốc." in words(row).replace("- ", "-")
    word = docx.Document(io.BytesIO(ask("/danh-sach/soat.docx").content))
    assert full in word.tables[0].rows[2].cells[4].text
    fill(tmp_path / "d", {"b.md": short})  # alone it tells no more
    build([tmp_path / "d"], tmp_path / "y.db")
    assert "Bổ sung trích yếu." in words(table_rows(getter(tmp_path / "y.db")("/soat").text)[0])


def test_a_filtered_slip_tells_what_it_leaves_out(get):
    word = docx.Document(io.BytesIO(get("/danh-sach/soat.docx?muc_do=nên+sửa&quy_tac=missing-so").content))
    assert any("Chỉ gồm phát hiện có mức độ: nên sửa; quy tắc: Thiếu chữ “số”." in p.text for p in word.paragraphs)
    assert len(word.tables[0].rows) == 4


def test_a_slip_of_several_texts_names_each(tmp_path):
    wrong = PLAN.replace("ngày 05/02/2024 của", "ngày 35/02/2024 của")
    fill(tmp_path / "c", {f"{n}.md": wrong.format(n=n, cited=900 + n) for n in (1, 2)})
    build([tmp_path / "c"], tmp_path / "x.db")
    word = docx.Document(io.BytesIO(getter(tmp_path / "x.db")("/danh-sach/soat.docx").content))
    groups = {row.cells[0].text for row in word.tables[0].rows if row.cells[0].text == row.cells[-1].text}
    assert {g.split(". ", 1)[1] for g in groups} >= {f"Kế hoạch số {n}/KH-UBND: bắt buộc sửa (1)" for n in (1, 2)}


@pytest.mark.parametrize("hostile", ["=HYPERLINK(1)", "+cmd|' /C calc'!A0", "@SUM(1)", "-1+1"])
def test_cells_that_look_like_formulas_do_nothing(hostile):
    from datetime import date

    from graph.version import version
    from publish.export.listing import write_listing_csv, write_listing_xlsx
    from publish.export.slip import Entry, slip
    from publish.export.stamp import Stamp

    made = slip([(hostile, [Entry("x", "nên sửa", hostile, hostile, hostile, "", hostile, hostile)])], hostile, ())
    stamp = Stamp((), "2024-01-01", date(2024, 1, 1).isoformat(), version(), "")
    cells = [
        cell
        for row in openpyxl.load_workbook(io.BytesIO(write_listing_xlsx(made, stamp))).worksheets[0].iter_rows()
        for cell in row
    ]
    assert any(cell.value == hostile for cell in cells) and all(cell.data_type != "f" for cell in cells)
    read = csv.reader(io.StringIO(write_listing_csv(made, stamp).decode("utf-8-sig")))
    assert not any(value[:1] in ("=", "+", "@", "-") for row in read for value in row if not value.startswith("--"))


@pytest.mark.parametrize("rule", [pytest.param(r, id=r.id) for r in rules().values()])
def test_advice_is_set_into_a_sentence_that_has_its_own_full_stop(rule):
    assert not advice_of(rule.id).endswith(".")
