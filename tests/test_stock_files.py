"""Stock tables as Word, Excel and JSON: what the page shows, capped in words, without keys of order."""

from __future__ import annotations

import asyncio
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
import pytest

from publish.columns import whole_list
from publish.serve import make_datasette

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def datasette(plan_base):
    return make_datasette(plan_base)


def get(datasette, path, **values):
    answer = asyncio.run(datasette.client.get(path, params=values or None, follow_redirects=True))
    assert answer.status_code == 200, path
    return answer


def word(answer):
    document = docx.Document(io.BytesIO(answer.content))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    return [p.text for p in document.paragraphs], rows


def excel(answer):
    return [[cell or "" for cell in row] for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.values]


def test_a_table_with_its_filter_and_order_goes_to_word(datasette):
    answer = get(datasette, "/cancu/nhiem_vu.docx", do_manh="trực tiếp", _sort="noi_dung")
    said, rows = word(answer)
    assert said[:3] == ["NHIỆM VỤ", "với Độ mạnh căn cứ = “trực tiếp”, sắp theo Nội dung nhiệm vụ", "Số dòng: 18."]
    assert len(rows) == 19 and "Nội dung nhiệm vụ" in rows[0] and len(rows[0]) <= 9
    assert "Nguồn: cả kho dữ liệu, 1 tệp." in " ".join(said)
    assert "UTF-8''Nhi%E1%BB%87m%20v%E1%BB%A5" in answer.headers["content-disposition"]


def test_excel_has_every_column_that_people_see(datasette):
    rows = excel(get(datasette, "/cancu/van_ban.xlsx", _sort_desc="ngay_ban_hanh"))
    head = next(row for row in rows if "Ngày ban hành" in row)
    shown = re.findall(r'<th [^>]*data-column="(\w+)"', get(datasette, "/cancu/van_ban").text)
    assert len([h for h in head if h]) == len(shown)
    dates = [row[head.index("Ngày ban hành")] for row in rows[rows.index(head) + 1 :]]
    assert any(re.fullmatch(r"\d\d/\d\d/\d{4}", str(date)) for date in dates)


def test_a_file_is_no_page_of_the_table(datasette):
    page = get(datasette, "/cancu/van_ban", _size=3)
    address = re.search(r'href="([^"]*van_ban\.xlsx[^"]*)"', page.text)[1].replace("&amp;", "&")
    count = int(re.search(r"(\d+) dòng", page.text)[1])
    rows = excel(get(datasette, address))
    assert [f"Số dòng: {count}."] == [row[0] for row in rows if str(row[0]).startswith("Số dòng")]
    assert whole_list("a=1&_next=7&_size=3&_facet=b") == "a=1&_size=max&_labels=on&_nofacet=1&_nosuggest=1"


def test_what_is_cut_says_so(plan_base):
    served = make_datasette(plan_base)
    served.max_returned_rows = served._settings["max_returned_rows"] = 5
    said, rows = word(get(served, "/cancu/muc.docx"))
    assert len(rows) == 6
    assert re.fullmatch(r"Chỉ gồm 5 dòng đầu trong \d+ dòng\. Hãy lọc bớt, hoặc tải CSV để có đủ\.", said[1])


def test_a_row_stands_upright_and_a_query_by_its_name(datasette):
    said, rows = word(get(datasette, "/cancu/loai_quan_he/amends.docx"))
    assert said[0] == "LOẠI QUAN HỆ" and rows[0] == ["Cột", "Nội dung"] and ["Mã quan hệ", "amends"] in rows
    said, rows = word(get(datasette, "/cancu/nhiem_vu_theo_nghi_quyet.docx", so="08-NQ/TU"))
    assert said[:2] == ["NHIỆM VỤ THEO NGHỊ QUYẾT", "Số, ký hiệu: 08-NQ/TU"]
    assert [row[rows[0].index("Mã")] for row in rows[1:]] == ["II.1.3.1"]


def test_relations_are_said_in_words(datasette):
    _, rows = word(get(datasette, "/cancu/quan_he.docx"))
    assert any("triển khai thực hiện" in row for row in rows[1:])


@pytest.mark.parametrize("shape", ["", "arrays", "objects", "array", "object"])
def test_json_has_no_keys_of_order(shape, datasette):
    said = get(datasette, "/cancu/van_ban.json", **({"_shape": shape} if shape else {})).json()
    names = said["columns"] if shape in ("", "arrays") else [*(
        next(iter(said.values())) if shape == "object" else (said["rows"] if shape == "objects" else said)[0]
    )]  # fmt: skip
    assert "nhan" in names and not [name for name in names if name.endswith("_abc")]
    if shape in ("", "arrays"):
        assert all(len(row) == len(names) for row in said["rows"])


def test_a_missing_table_is_a_404_for_programs_too(plan_base):
    """In a process of its own: here Datasette is imported already, in another order."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import asyncio; from pathlib import Path;"
        "from publish.serve import make_datasette;"
        f"d = make_datasette(Path({str(plan_base)!r}));"
        "r = asyncio.run(d.client.get('/cancu/khong_co.json')); print(r.status_code, r.text)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    status, _, text = said.partition(" ")
    assert status == "404" and json.loads(text)["ok"] is False
