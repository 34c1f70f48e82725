"""Word and Excel read back: form of the annex, rows, origins; and the doors of the exports."""

from __future__ import annotations

import io
import zipfile
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from graph.lookup import look_up
from graph.store import open_base
from publish.export import ExportError, export, export_to
from publish.export.chain import chain_of
from publish.export.details import Details
from publish.export.stamp import Stamp, read_stamp
from publish.export.word import write_docx

ROOT = Path(__file__).parent.parent

DAY = date(2026, 11, 24)
SHA = "b9bd81468b9f5b210b56974568ff70e6b037f6f72f905da17bd71045fefff93d"
TARGETS = ("II.2.2.3", "II.1.1", "II.6.1.2", "II.6.1.3", "08-NQ/TU", "09-NQ/TU", "3668/KH-UBND")


@pytest.fixture
def base(plan_base):
    with closing(open_base(plan_base)) as connection:
        yield connection


@pytest.fixture
def sheets(plan_graph_all, base):
    details = Details(base, DAY.isoformat())
    return {q: chain_of(plan_graph_all, look_up(plan_graph_all, q).node, details) for q in TARGETS}


@pytest.fixture
def annexes(plan_graph_all, base):
    return {
        q: docx.Document(io.BytesIO(export(plan_graph_all, base, look_up(plan_graph_all, q).node, "docx", DAY)))
        for q in TARGETS
    }


@pytest.fixture
def workbooks(plan_graph_all, base):
    return {
        q: openpyxl.load_workbook(
            io.BytesIO(export(plan_graph_all, base, look_up(plan_graph_all, q).node, "xlsx", DAY))
        )
        for q in TARGETS
    }


# --- Word ------------------------------------------------------------------------------------------


def test_page_is_that_of_an_annex(annexes):
    for annex in annexes.values():
        section = annex.sections[0]
        assert section.orientation == WD_ORIENT.LANDSCAPE
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
        assert [round(m.mm) for m in (section.top_margin, section.bottom_margin)] == [20, 20]
        assert [round(m.mm) for m in (section.left_margin, section.right_margin)] == [30, 15]
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert section.header.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
        assert section.first_page_header.paragraphs[0].text == ""


def test_title_block(annexes):
    title, subject, focus, attached, *_ = annexes["II.2.2.3"].paragraphs
    assert [p.text for p in (title, subject)] == ["PHỤ LỤC", "CHUỖI CĂN CỨ CỦA NHIỆM VỤ"]
    assert all(p.runs[0].bold and p.runs[0].font.size == Pt(14) for p in (title, subject))
    assert focus.text.startswith("Nhiệm vụ II.2.2.3 thuộc Kế hoạch hoạt động")
    assert attached.text.startswith("(Kèm theo ") and attached.runs[0].italic and attached.runs[0].font.size == Pt(13)
    assert {p.alignment for p in (title, subject, focus, attached)} == {WD_ALIGN_PARAGRAPH.CENTER}


def test_one_font_in_every_slot_and_no_theme_font(annexes):
    for annex in annexes.values():
        roots = (annex.element, annex.sections[0].header._element, annex.styles.element.find(qn("w:docDefaults")))
        fonts = [fonts for root in roots for fonts in root.iter(qn("w:rFonts"))]
        assert len(fonts) > 10
        for slots in fonts:
            assert {slots.get(qn(f"w:{slot}")) for slot in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
            assert not [name for name in slots.attrib if "heme" in name]
        sizes = {run.font.size for p in annex.paragraphs for run in p.runs}
        assert sizes <= {Pt(12), Pt(13), Pt(14)}


def test_no_national_heading(annexes):
    for annex in annexes.values():
        assert "CỘNG HÒA" not in annex.element.xml.upper()


def test_table_holds_every_row_of_the_sheet(annexes, sheets):
    for query, annex in annexes.items():
        table = annex.tables[0]
        rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
        headings = [row[0] for row in rows if len(set(row)) == 1]
        assert headings == [g.heading for g in sheets[query].groups]
        body = [row for row in rows if len(set(row)) > 1]
        assert [int(row[0]) for row in body] == [row.number for row in sheets[query].rows]
        for cells, row in zip(body, sheets[query].rows, strict=True):
            assert row.label in cells[1]
            assert cells[5:8] == [row.relation or "--", row.sentence or "--", row.place or "--"]
            assert "" not in cells


def test_header_row_repeats_and_rows_stay_whole(annexes):
    for annex in annexes.values():
        first, *others = annex.tables[0].rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert [c.text for c in first.cells][:3] == ["STT", "Tên loại; số, ký hiệu", "Trích yếu, nội dung"]
        for row in others:
            assert row._tr.trPr.find(qn("w:tblHeader")) is None
            whole = row._tr.trPr.find(qn("w:cantSplit")) is not None
            assert whole == (max(len(c.text) for c in row.cells) <= 800)


def test_group_rows_are_merged_bold_and_stay_with_what_follows(annexes):
    for annex in annexes.values():
        merged = [row for row in annex.tables[0].rows if len(row._tr.tc_lst) == 1]
        assert merged
        for row in merged:
            paragraph = row.cells[0].paragraphs[0]
            assert row._tr.tc_lst[0].grid_span == 10
            assert paragraph.runs[0].bold and paragraph.paragraph_format.keep_with_next


def test_dates_are_day_month_year_and_corrected_numbers_keep_their_print(annexes):
    cells = [[c.text for c in row.cells] for row in annexes["II.2.2.3"].tables[0].rows]
    assert [row[3] for row in cells if row[0].isdigit()] == ["01/2024", "24/06/2020", "17/04/2020", "--", "27/09/2019"]
    assert [row[1] for row in cells if "50/NQ" in row[1]] == [
        "Nghị quyết số 50/NQ-CP\n(văn bản viện dẫn ghi: 50-NQ/CP)"
    ]


def test_the_words_that_name_the_document_are_bold_in_its_sentence(annexes):
    row = next(r for r in annexes["II.2.2.3"].tables[0].rows if "52-NQ/TW" in r.cells[1].text)
    assert [run.text for run in row.cells[6].paragraphs[0].runs if run.bold] == ["52-NQ/TW"]


def test_annex_states_its_origin(annexes, base, sheets):
    for query, annex in annexes.items():
        text = "\n".join(p.text for p in annex.paragraphs)
        assert "Tính đến ngày 24/11/2026." in text
        assert f"tệp ke-hoach-khcn-tay-ninh-2024.md; SHA-256 {SHA}" in text
        assert "Dữ liệu dựng ngày " in text
        check = read_stamp(base, DAY).sealed(sheets[query].content()).check
        assert f"Mã kiểm tra {check} " in text
        assert "chương trình không kết luận về hiệu lực" in text


def test_properties_name_no_library_and_no_person(annexes):
    properties = annexes["08-NQ/TU"].core_properties
    assert (properties.author, properties.last_modified_by, properties.language) == ("Căn Cứ", "Căn Cứ", "vi-VN")
    assert "python-docx" not in properties.comments


def test_two_sources_bring_the_file_into_the_place(plan_graph_all, base):
    from dataclasses import replace

    sheet = chain_of(plan_graph_all, look_up(plan_graph_all, "II.1.3.1").node, Details(base))
    groups = (
        *sheet.groups[:-1],
        replace(sheet.groups[-1], rows=(replace(sheet.groups[-1].rows[0], file="khac.docx"),)),
    )
    annex = docx.Document(io.BytesIO(write_docx(replace(sheet, groups=groups), read_stamp(base, DAY))))
    places = [row.cells[7].text for row in annex.tables[0].rows if row.cells[0].text.isdigit()]
    assert places[-1] == "tệp khac.docx, đoạn 15"
    assert places[0] == "tệp ke-hoach-khcn-tay-ninh-2024.md, đoạn 15"


# --- Excel -----------------------------------------------------------------------------------------


def table_of(book):
    page = book.worksheets[0]
    top = next(row for row in range(1, 20) if page.cell(row, 1).value == "STT")
    header = [cell.value for cell in page[top]]
    return (
        page,
        top,
        [dict(zip(header, [c.value for c in row], strict=True)) for row in page.iter_rows(min_row=top + 1)],
    )


def test_workbook_holds_every_row(workbooks, sheets):
    for query, book in workbooks.items():
        _, _, rows = table_of(book)
        assert len(rows) == len(sheets[query].rows)
        for cells, row in zip(rows, sheets[query].rows, strict=True):
            assert (cells["STT"], cells["Vòng"]) == (row.number, row.ring)
            assert cells["Văn bản, nhiệm vụ"] == row.label
            assert cells["Số, ký hiệu"] == (row.symbol or "--")
            assert cells["Câu nguyên văn"] == (row.sentence or "--")
            assert cells["Quan hệ"] == row.relation
            assert None not in cells.values()


def test_full_dates_are_dates_and_partial_ones_text(workbooks):
    page, top, rows = table_of(workbooks["II.2.2.3"])
    days = [row["Ngày ban hành"] for row in rows]
    assert days == ["01/2024", datetime(2020, 6, 24), datetime(2020, 4, 17), "--", datetime(2019, 9, 27)]
    column = [cell.value for cell in page[top]].index("Ngày ban hành") + 1
    assert page.cell(top + 2, column).number_format == "dd/mm/yyyy"


def test_header_is_frozen_filtered_repeated_on_a4_landscape(workbooks):
    for book in workbooks.values():
        page, top, rows = table_of(book)
        assert page.freeze_panes == f"A{top + 1}"
        assert page.auto_filter.ref == f"A{top}:O{top + len(rows)}"
        assert page.print_title_rows == f"${top}:${top}"
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
        assert page.cell(1, 1).value.startswith("CHUỖI CĂN CỨ")
        assert any("Tính đến ngày 24/11/2026" in str(page.cell(row, 1).value) for row in range(1, top))


def test_second_sheet_tells_the_origin(workbooks):
    for book in workbooks.values():
        facts = {row[0].value: row[1].value for row in book["Thông tin trích xuất"].iter_rows()}
        assert facts["Tính đến ngày"] == "24/11/2026"
        assert SHA in facts["Nguồn"] and str(ROOT) not in facts["Nguồn"]
        assert len(facts["Mã kiểm tra của bản trích xuất"]) == 14


def test_annex_and_workbook_bear_the_same_check_code(annexes, workbooks):
    for query in TARGETS:
        facts = {r[0].value: r[1].value for r in workbooks[query]["Thông tin trích xuất"].iter_rows()}
        assert facts["Mã kiểm tra của bản trích xuất"] in annexes[query].core_properties.comments


def test_workbook_of_all_tables(plan_graph_all, base):
    book = openpyxl.load_workbook(io.BytesIO(export(plan_graph_all, base, None, "xlsx", DAY)))
    assert book.sheetnames[-1] == "Thông tin trích xuất"
    for name in ("van_ban", "nhiem_vu", "quan_he", "xem_nhiem_vu", "thong_tin"):
        wanted = base.execute(f"SELECT * FROM {name}").fetchall()
        page = book[name]
        assert page.max_row - 1 >= len(wanted)
        assert page.cell(2, 1).value == wanted[0][0]
    assert str(ROOT) not in "".join(str(c.value) for row in book["tep"].iter_rows(max_col=3) for c in row)


# --- stamp and doors -------------------------------------------------------------------------------


def test_stamp_of_the_real_base(base):
    stamp = read_stamp(base, DAY)
    assert [(s.path, s.sha256) for s in stamp.sources] == [("ke-hoach-khcn-tay-ninh-2024.md", SHA)]
    assert stamp.built.count("T") == 1 and datetime.fromisoformat(stamp.built)
    assert stamp.lines()[0] == "Tính đến ngày 24/11/2026."
    assert len(stamp.data_code) == 14


def test_check_code_changes_with_the_rows_and_not_with_the_day(base):
    first, later = read_stamp(base, DAY), read_stamp(base, date(2027, 1, 1))
    rows = [("a", "b"), ("c", "d")]
    assert first.sealed(rows).check == later.sealed(rows).check != ""
    assert first.sealed(rows).check != first.sealed([("a", "b"), ("c", "e")]).check
    assert first.sealed([("ab", "")]).check != first.sealed([("a", "b")]).check


def test_stamp_names_only_the_sources_asked_for():
    from publish.export.stamp import Source

    sources = (Source("a", "Kế hoạch A", "a.docx", "1" * 64), Source("b", "Kế hoạch B", "b.docx", "2" * 64))
    stamp = Stamp(sources, "2026-01-02T03:04", "2026-01-05", "0.1.0", "code")
    assert [s.document for s in stamp.about({"b"}).sources] == ["b"]
    assert [name for name, _, _ in stamp.facts()][-2:] == ["nguon_1", "nguon_2"]
    assert "Dữ liệu dựng ngày 02/01/2026 lúc 03:04, bằng Căn Cứ phiên bản 0.1.0; mã dữ liệu code." in stamp.lines()
    assert stamp.about(set()).lines()[1] == "Nguồn: không có tệp nguồn nào trong kho dữ liệu."


@pytest.mark.parametrize(("path", "name"), [
    ("C:\\Tài liệu\\Kế hoạch 2024.docx", "Kế hoạch 2024.docx"), ("/srv/kho/kh.pdf", "kh.pdf"), ("kh.md", "kh.md"),
])  # fmt: skip
def test_no_folder_of_the_building_machine_is_told(path, name):
    from publish.export.stamp import file_name as last_part

    assert last_part(path) == name


def test_doors_refuse_in_vietnamese(plan_graph_all, base):
    with pytest.raises(ExportError, match="Không có dạng xuất “pdf”"):
        export(plan_graph_all, base, None, "pdf", DAY)
    with pytest.raises(ExportError, match="cần nêu một văn bản"):
        export(plan_graph_all, base, None, "docx", DAY)
    with pytest.raises(ExportError, match="Không có văn bản hay nhiệm vụ “khong-co”"):
        export(plan_graph_all, base, "khong-co", "xlsx", DAY)
    assert issubclass(ExportError, ValueError)


def test_export_to_goes_by_the_suffix(plan_graph_all, base, tmp_path):
    task = look_up(plan_graph_all, "II.2.2.3").node
    for name, start in (
        ("a.docx", b"PK"), ("a.XLSX", b"PK"), ("a.zip", b"PK"), ("a.graphml", b"<?xml"), ("a.json", b"{"),
    ):  # fmt: skip
        written = export_to(tmp_path / name, plan_graph_all, base, task, None, DAY)
        assert written == [tmp_path / name]
        assert (tmp_path / name).read_bytes().startswith(start)
    assert len(export_to(tmp_path / "bảng", plan_graph_all, base, None, "csv", DAY)) == 27
    with pytest.raises(ExportError, match="Không rõ cần xuất dạng nào"):
        export_to(tmp_path / "a.xyz", plan_graph_all, base, task, None, DAY)


def test_a_file_of_one_reads_nothing_of_the_other_documents(plan_graph_all, base):
    asked = []
    base.set_trace_callback(asked.append)
    export(plan_graph_all, base, look_up(plan_graph_all, "II.1.3.1").node, "docx", DAY)
    base.set_trace_callback(None)
    of_texts = [sql for sql in asked if "suy_luan" in sql or "FROM tep" in sql]
    assert of_texts and all(" WHERE " in sql for sql in of_texts)


def test_zip_holds_every_table(plan_graph_all, base):
    archive = zipfile.ZipFile(io.BytesIO(export(plan_graph_all, base, None, "csv", DAY)))
    assert archive.testzip() is None
    assert {"van_ban.csv", "xem_nhiem_vu.csv", "thong_tin.csv"} <= set(archive.namelist())
