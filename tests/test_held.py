"""Two plans compared: whether the bases of each task were in force on the day of each, and are now."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from contextlib import closing

import docx
import openpyxl
import pytest
from test_cli import cancu
from test_standing import LISTED
from test_validity import AMENDING, MARKET, REPLACING, STATION, Kho, decision
from test_validity_pages import document, get, words

from publish.serve import make_datasette

OPEN = "Quyết định số 77/QĐ-UBND ngày 01/02/2021 của UBND tỉnh Minh Họa về cây xanh"
BEFORE = decision(
    "11/KH-UBND", "2023-02-05", "Công tác bến xe, chợ năm 2023",
    f"I. NHIỆM VỤ\n\n- Thực hiện {MARKET} về chợ.\n- Thực hiện khoản 2 Điều 5 {STATION}.\n- Thực hiện {OPEN}.\n"
    "- Tổ chức hội nghị tổng kết công tác bến xe.\n"
    f"- Kiểm tra vệ sinh môi trường các bến theo Điều 9 {STATION}.\n", "KẾ HOẠCH",
)  # fmt: skip
AFTER = decision(
    "12/KH-UBND", "2024-05-10", "Công tác bến xe, chợ năm 2024",
    f"I. NHIỆM VỤ\n\n- Thực hiện {MARKET} về chợ.\n- Tiếp tục thực hiện khoản 2 Điều 5 {STATION} trên địa bàn.\n"
    f"- Thực hiện {OPEN}.\n- Tổ chức hội nghị tổng kết công tác bến xe.\n", "KẾ HOẠCH",
)  # fmt: skip
CHECKED = [*LISTED]
ENDED = "ngày bản mới và nay hết hiệu lực toàn bộ từ ngày 15/06/2023, bởi Quyết định số 15/2023/QĐ-UBND"


@pytest.fixture(scope="module")
def kho(tmp_path_factory):
    folder = tmp_path_factory.mktemp("so-sanh")
    texts = (BEFORE, AFTER, REPLACING, AMENDING)
    return Kho(folder, *texts, lists={"Sở Tư pháp tỉnh Minh Họa @ 2022-12-31": CHECKED})


@pytest.fixture(scope="module")
def site(kho):
    return make_datasette(kho.base)


@pytest.fixture(scope="module")
def ends(kho) -> tuple[str, str]:
    return document(kho, "11/KH-UBND"), document(kho, "12/KH-UBND")


def address(ends, day: str = "20/11/2024", more: str = "") -> str:
    return f"cu={ends[0]}&moi={ends[1]}&tai_ngay={day}{more}"


def test_each_task_says_how_its_bases_stood_and_stand(site, ends):
    page = words(get(site, f"/so-sanh?{address(ends)}"))
    assert "Hiệu lực của căn cứ: xét tại ngày bản cũ 05/02/2023, ngày bản mới 10/05/2024 và nay (20/11/2024)." in page
    assert "Quyết định số 13/2016/QĐ-UBND: ngày bản cũ còn hiệu lực từ ngày 08/03/2016" in page and ENDED in page
    assert "Quyết định số 30/2020/QĐ-UBND: ngày bản cũ còn hiệu lực" in page
    assert (
        "ngày bản mới và nay cần xem lại từ ngày 11/06/2023, bởi Quyết định số 16/2023/QĐ-UBND; điều khoản được viện dẫn đã"
        in page
    )
    assert "Chưa xác định hiệu lực: Quyết định số 77/QĐ-UBND." in page
    assert "Nhiệm vụ của bản mới có căn cứ nay cần xem: 2; trong đó căn cứ không còn hoặc chưa có hiệu lực: 1." in page


def test_unchanged_and_dropped_tasks_are_asked_about(site, ends):
    kept = words(get(site, f"/so-sanh?{address(ends, more='&nhom=giu-nguyen')}"))
    assert ENDED in kept  # the words are the same, the basis is not
    page = words(get(site, f"/so-sanh?{address(ends, more='&nhom=hieu-luc')}"))
    assert "Nhiệm vụ của bản mới có căn cứ nay cần xem hiệu lực (2)" in page and "vệ sinh môi trường" not in page
    asked = words(get(site, f"/so-sanh?{address(ends, '01/06/2023', '&nhom=cau-hoi')}"))
    assert "vệ sinh môi trường" in asked  # in force on that day, or named in the new text still
    assert "ngày bản cũ" in asked


@pytest.mark.parametrize("form", ["docx", "xlsx", "csv"])
def test_the_files_have_a_column_for_it(site, ends, form):
    content = get(site, f"/so-sanh/{form}?{address(ends)}").content
    if form == "docx":
        rows = [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(content)).tables[0].rows]
        notes = "\n".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)
        assert "chương trình không kết luận về hiệu lực" in notes
    elif form == "xlsx":
        rows = [[str(c or "") for c in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.values]
        rows = rows[next(n for n, row in enumerate(rows) if row[0] == "STT") :]
    else:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][-1] == "Hiệu lực của căn cứ"
    assert any(ENDED in row[-1] for row in rows if len(row) == len(rows[0]))


def test_the_command_and_its_data(kho, ends):
    folder = kho.base.parent
    said = cancu("compare", *ends, "--db", "kho.db", "--tai-ngay", "20/11/2024", cwd=folder).stdout
    assert "Hiệu lực của căn cứ: Quyết định số 13/2016/QĐ-UBND: ngày bản cũ còn hiệu lực" in said and ENDED in said
    values = json.loads(
        cancu("compare", *ends, "--db", "kho.db", "--tai-ngay", "20/11/2024", "--json", cwd=folder).stdout
    )
    validity = values["validity"]
    assert validity["days"] == {"old": "2023-02-05", "new": "2024-05-10", "now": "2024-11-20"}
    market = next(b for t in validity["tasks"] for b in t["bases"] if "13/2016" in b["label"])
    assert [market[m]["status"] for m in ("old", "new", "now")] == [
        "Còn hiệu lực", "Hết hiệu lực toàn bộ", "Hết hiệu lực toàn bộ",
    ]  # fmt: skip
    assert market["now"]["source"] and all("bases" not in task for task in values["tasks"])


def test_two_files_ask_a_base_only_when_it_is_named(kho, ends):
    folder = kho.base.parent
    files = ("kho/0.md", "kho/1.md")
    named = cancu("compare", *files, "--db", "kho.db", "--tai-ngay", "20/11/2024", cwd=folder).stdout
    assert ENDED in named
    assert "Hiệu lực của căn cứ" not in cancu("compare", *files, cwd=folder).stdout


def test_a_draft_without_a_day_says_so(kho, tmp_path):
    folder = kho.base.parent
    draft = tmp_path / "du-thao.md"
    draft.write_text(
        BEFORE.replace("Minh Họa, ngày 05 tháng 02 năm 2023", "Minh Họa, ngày      tháng      năm 2023"),
        encoding="utf-8",
    )
    said = cancu("compare", str(draft), "12/KH-UBND", "--db", "kho.db", "--tai-ngay", "20/11/2024", cwd=folder).stdout
    assert "xét tại ngày bản mới 10/05/2024 và nay (20/11/2024); bản cũ chưa ghi đủ ngày." in said
    assert f"Quyết định số 13/2016/QĐ-UBND: {ENDED}" in said


def test_a_base_that_knows_no_validity_compares_as_before(kho, ends, tmp_path):
    older = tmp_path / "cu.db"
    shutil.copy(kho.base, older)
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.execute("DROP TABLE hieu_luc")
        connection.execute("DROP TABLE danh_muc")
        connection.execute("UPDATE thong_tin SET gia_tri = '5' WHERE ten = 'phien_ban_luoc_do'")
    site = make_datasette(older)
    page = get(site, f"/so-sanh?{address(ends)}").text
    assert "Thay đổi" in page and "Hiệu lực của căn cứ" not in page and "Tại ngày" not in page
    rows = get(site, f"/so-sanh/csv?{address(ends)}").content.decode("utf-8-sig").splitlines()
    assert rows[0].endswith("Thay đổi")


def test_a_base_without_lists_and_repeals_says_so_once(tmp_path):
    kho = Kho(
        tmp_path,
        BEFORE.replace(f"- Thực hiện {MARKET} về chợ.\n", ""),
        AFTER.replace(f"- Thực hiện {MARKET} về chợ.\n", ""),
    )
    asked = ("compare", "11/KH-UBND", "12/KH-UBND", "--db", "kho.db")
    said = cancu(*asked, cwd=tmp_path).stdout
    assert said.count("Hiệu lực của căn cứ") == 1
    assert "Hiệu lực của căn cứ: chưa xác định, chưa có danh mục hay văn bản nào trong kho cho biết." in said
    rows = get(
        make_datasette(kho.base), f"/so-sanh/csv?cu={document(kho, '11/KH-UBND')}&moi={document(kho, '12/KH-UBND')}"
    )
    assert rows.content.decode("utf-8-sig").splitlines()[0].endswith("Thay đổi")
