"""Validity on the pages: the day in the address, statuses with their source, what runs out, the three official lists."""

from __future__ import annotations

import asyncio
import csv
import html
import io
import re

import docx
import openpyxl
import pytest
from test_validity import AMENDING, MARKET, REPLACING, STATION, Kho, decision

from graph.register.model import Entry
from graph.register.reading import read_list
from publish.serve import make_datasette
from publish.validities import as_of

SCHEME = "Quyết định số 40/QĐ-UBND ngày 06/3/2021 của UBND tỉnh Minh Họa phê duyệt Đề án phát triển bến xe giai đoạn 2021-2023"
PLAN = decision(
    "12/KH-UBND", "2024-05-10", "Công tác bến xe, chợ",
    f"Căn cứ {MARKET} về chợ;\n\nI. NHIỆM VỤ\n\n- Thực hiện Kế hoạch số 3668/KH-UBND của UBND tỉnh.\n"
    f"- Thực hiện {MARKET} về chợ.\n- Thực hiện khoản 2 Điều 5 {STATION}.\n- Thực hiện Điều 9 {STATION}.\n"
    f"- Thực hiện {SCHEME}.\n- Thực hiện Quyết định số 50/QĐ-UBND ngày 06/3/2021 của UBND tỉnh.\n", "KẾ HOẠCH",
)  # fmt: skip
LISTED = [
    Entry(4, "3668/KH-UBND", date="2019-03-05", issuer="UBND tỉnh Minh Họa", title="<b>Kế hoạch</b> =1+1", ended="2024-07-01",
          replaced_by="Kế hoạch số 12/KH-UBND ngày 10/01/2022"),
    Entry(5, "30/2020/QĐ-UBND", date="2020-03-05", issuer="UBND tỉnh Minh Họa", title="Quy định về bến xe",
          in_force="2020-03-15", status="Còn hiệu lực"),
    Entry(7, "22/2019/QĐ-UBND", date="2019-03-05", issuer="UBND tỉnh Minh Họa", title="Quy định về bãi đỗ",
          in_force="2019-03-15", status="Còn hiệu lực"),
    Entry(6, "50/QĐ-UBND", date="2021-03-07", issuer="UBND tỉnh Minh Họa", status="Còn hiệu lực"),
]  # fmt: skip
PARTLY = decision(
    "20/2023/QĐ-UBND", "2023-09-01", "Bãi bỏ một phần",
    "Điều 1. Bãi bỏ Điều 7 Quyết định số 22/2019/QĐ-UBND ngày 05/3/2019 của UBND tỉnh Minh Họa.\n\n"
    "Điều 2. Quyết định này có hiệu lực từ ngày 15 tháng 9 năm 2023.\n",
)  # fmt: skip


@pytest.fixture(scope="module")
def kho(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hieu-luc")
    return Kho(folder, PLAN, REPLACING, AMENDING, PARTLY, lists={"Sở Tư pháp tỉnh Minh Họa @ 2023-12-31": LISTED})


@pytest.fixture(scope="module")
def site(kho):
    return make_datasette(kho.base)


def get(site, path: str, status: int = 200):
    answer = asyncio.run(site.client.get(path))
    assert answer.status_code == status, (path, answer.status_code)
    return answer


def words(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.text.split("<main")[1].split("</main>")[0])).split())


def document(kho, number: str) -> str:
    return kho.rows(f"SELECT id FROM van_ban WHERE so_ky_hieu = '{number}'")[0][0]


def test_the_day_of_an_address():
    assert (
        as_of({"tai_ngay": "1/2/2024"}).day == "2024-02-01" and as_of({"tai_ngay": "01-02-2024"}).words == "01/02/2024"
    )
    for wrong in ("31/02/2024", "hôm qua", "2024", "1/2/24"):
        assert as_of({"tai_ngay": wrong}).wrong == wrong and not as_of({"tai_ngay": wrong}).told
    assert as_of({}).wrong == ""


def test_document_page_tells_the_status_of_the_day_by_what_and_who_says_so(kho, site):
    path = f"/van-ban/{document(kho, '3668/KH-UBND')}"
    before, after = (words(get(site, f"{path}?tai_ngay={day}")) for day in ("30/06/2024", "01/07/2024"))
    assert "Tình trạng hiệu lực tại ngày 30/06/2024 ✓ Còn hiệu lực" in before
    assert "Hết hiệu lực toàn bộ từ ngày 01/07/2024" in before  # what is to come
    assert "Tình trạng hiệu lực tại ngày 01/07/2024 ✕ Hết hiệu lực toàn bộ từ ngày 01/07/2024" in after
    assert "bởi Kế hoạch số 12/KH-UBND ngày 10/01/2022" in after
    assert "theo Danh mục “Sở Tư pháp tỉnh Minh Họa” ngày 31/12/2023" in after
    assert "05/03/2019 (theo danh mục “Sở Tư pháp tỉnh Minh Họa” ngày 31/12/2023)" in after
    assert "<b>Kế hoạch</b>" in after  # as words: nothing of a list is markup
    wrong = words(get(site, f"{path}?tai_ngay=31/02/2024"))
    assert "“31/02/2024” không phải ngày" in wrong


def test_links_keep_the_day(kho, site):
    text = get(site, f"/van-ban/{document(kho, '30/2020/QĐ-UBND')}?tai_ngay=10/6/2023").text
    assert 'href="/ra-soat?tai_ngay=10%2F06%2F2023"' in text
    assert re.search(r'href="/nhiem-vu/[^"]*\?tai_ngay=10%2F06%2F2023"', text)
    assert "tai_ngay" not in get(site, "/ra-soat").text.replace('name="tai_ngay"', "")


def test_document_page_tells_contradictions_and_the_course(kho, site):
    assert "Ngày ban hành trong danh mục là 07/03/2021" in words(get(site, f"/van-ban/{document(kho, '50/QĐ-UBND')}"))
    station = words(get(site, f"/van-ban/{document(kho, '30/2020/QĐ-UBND')}?tai_ngay=01/01/2024"))
    assert "▲ Cần xem lại từ ngày 11/06/2023, bởi Quyết định số 16/2023/QĐ-UBND" in station
    assert "khoản 2 Điều 5, khoản 3 Điều 5, Điều 6a" in station and "Diễn biến hiệu lực (3)" in station


def test_task_page_tells_whether_the_cited_provision_was_amended(kho, site):
    plan = document(kho, "12/KH-UBND")
    touched, spared = (words(get(site, f"/nhiem-vu/{plan}/I.{n}?tai_ngay=01/01/2024")) for n in (3, 4))
    assert "điều khoản được viện dẫn đã bị sửa đổi (khoản 2 Điều 5)" in touched
    assert "phần được viện dẫn không bị sửa (Điều 9)" in spared
    assert "Hết giai đoạn" in words(get(site, f"/nhiem-vu/{plan}/I.5?tai_ngay=01/01/2024"))
    assert "Hết giai đoạn" not in words(get(site, f"/nhiem-vu/{plan}/I.5?tai_ngay=31/12/2023"))


@pytest.mark.parametrize(
    ("choice", "day", "tasks"),
    [
        ("het", "01/01/2024", ["I.2"]), ("het", "14/06/2023", []), ("het", "01/07/2024", ["I.1", "I.2"]),
        ("sua-doi", "01/01/2024", ["I.3", "I.4"]), ("giai-doan", "01/01/2024", ["I.5"]), ("giai-doan", "31/12/2023", []),
        ("khac", "01/01/2024", ["I.1", "I.2", "I.3", "I.4", "I.5", "I.6"]),
    ],
)  # fmt: skip
def test_review_is_filtered_by_validity_on_the_day(site, choice, day, tasks):
    text = get(site, f"/ra-soat?hieu_luc={choice}&tai_ngay={day}").text
    assert re.findall(r'<td class="nowrap"><a href="/nhiem-vu/[^"]*">(I\.\d)</a>', text) == tasks


def test_review_list_has_the_worst_validity_as_a_column(site):
    answer = get(site, "/danh-sach/ra-soat.csv?hieu_luc=het&tai_ngay=01/01/2024")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert "Hiệu lực tại ngày 01/01/2024" in rows[0] and len(rows[1]) == len(rows[0])
    cell = rows[1][rows[0].index("Hiệu lực tại ngày 01/01/2024")]
    assert cell.startswith("Quyết định số 13/2016/QĐ-UBND: Hết hiệu lực toàn bộ từ ngày 15/06/2023")
    for form in ("docx", "xlsx"):
        assert get(site, f"/danh-sach/ra-soat.{form}?tai_ngay=01/01/2024").content[:2] == b"PK"


def test_what_runs_out_by_year_with_its_tasks(site):
    page = words(get(site, "/het-giai-doan?nam=2023&tai_ngay=01/06/2023"))
    assert "2023 (" in page and "Quyết định số 40/QĐ-UBND" in page and "Nhiệm vụ I.5" in page
    assert "ghi ở tên gọi, trích yếu: “giai đoạn 2021-2023" in page, "the words that tell it"
    assert "Quyết định số 13/2016/QĐ-UBND" in page and "15/06/2023" in page
    scheme = page.split("Quyết định số 40/QĐ-UBND")[1]
    assert "Chưa hết tại ngày xem" in scheme and "▲ Hết giai đoạn" not in scheme, "a warning only when it is past"
    assert "▲ Hết giai đoạn" in words(get(site, "/het-giai-doan?nam=2023&tai_ngay=01/01/2024"))
    assert "3668/KH-UBND" in words(get(site, "/het-giai-doan?nam=2024"))
    assert "-- Không có văn bản nào" in words(get(site, "/het-giai-doan?nam=2050"))
    assert get(site, "/het-giai-doan?nam=abc&tai_ngay=x").status_code == 200
    answer = get(site, "/danh-sach/het-giai-doan.xlsx?nam=2023")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any("Quyết định số 40/QĐ-UBND" in cell for cell in cells) and any(cell.startswith("I.5 (") for cell in cells)


@pytest.mark.parametrize(
    ("kind", "day", "numbers"),
    [
        ("con", "01/01/2024", ["22/2019/QĐ-UBND", "30/2020/QĐ-UBND"]), ("con", "01/03/2020", ["22/2019/QĐ-UBND"]),
        ("het", "01/01/2024", ["13/2016/QĐ-UBND"]), ("het", "01/07/2024", ["13/2016/QĐ-UBND", "3668/KH-UBND"]),
        ("het", "14/06/2023", []), ("xem-lai", "01/01/2024", ["22/2019/QĐ-UBND", "30/2020/QĐ-UBND", "40/QĐ-UBND"]),
        ("xem-lai", "01/01/2023", []), ("khong-co", "01/01/2024", ["22/2019/QĐ-UBND", "30/2020/QĐ-UBND"]),
        ("mot-phan", "01/01/2024", ["22/2019/QĐ-UBND", "30/2020/QĐ-UBND"]), ("mot-phan", "31/05/2023", []),
    ],
)  # fmt: skip
def test_the_three_official_lists(site, kind, day, numbers):
    text = get(site, f"/danh-muc-hieu-luc?loai={kind}&tai_ngay={day}").text
    body = text.split("<tbody>")[1] if "<tbody>" in text else ""
    found = re.findall(
        r"số\s+(\S+)</a>",
        html.unescape(body.replace("\u2060", "").replace('<span class="whole">', "").replace("</span>", "")),
    )
    assert sorted(found) == sorted(numbers)


def table(site, kind: str, day: str) -> list[dict[str, str]]:
    answer = get(site, f"/danh-sach/danh-muc-hieu-luc.csv?loai={kind}&tai_ngay={day}")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    return [row for row in rows if row["Tên loại văn bản"]]  # the others tell the origin of the list


COLUMNS = ["STT", "Tên loại văn bản", "Số, ký hiệu văn bản", "Ngày, tháng, năm ban hành",
           "Tên gọi của văn bản/Trích yếu nội dung của văn bản"]  # fmt: skip
WHY, WHEN = "Lý do hết hiệu lực, ngưng hiệu lực", "Ngày hết hiệu lực, ngưng hiệu lực"


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("con", ["Thời điểm có hiệu lực", "Ghi chú"]),
        ("het", [WHY, WHEN, "Ghi chú"]),
        ("mot-phan", ["Nội dung, quy định hết hiệu lực, ngưng hiệu lực", WHY, WHEN, "Ghi chú"]),
        ("xem-lai", ["Kiến nghị", "Nội dung kiến nghị/Lý do kiến nghị", "Cơ quan, đơn vị chủ trì soạn thảo",
                     "Thời hạn xử lý hoặc kiến nghị xử lý"]),
    ],
)  # fmt: skip
def test_an_official_list_has_the_columns_of_the_form(site, kind, more):
    rows = table(site, kind, "01/07/2024")
    assert list(rows[0]) == [*COLUMNS, *more]


def test_what_stands_in_the_official_lists(site):
    ended = next(r for r in table(site, "het", "01/07/2024") if r[COLUMNS[2]] == "13/2016/QĐ-UBND")
    assert ended[WHY] == "Được thay thế bởi Quyết định số 15/2023/QĐ-UBND ngày 01/06/2023 của UBND tỉnh Minh Họa"
    assert (ended[WHEN], ended["Tên loại văn bản"], ended[COLUMNS[3]]) == ("15/06/2023", "Quyết định", "08/03/2016")
    parking, station = table(site, "mot-phan", "01/07/2024")
    assert parking[WHY].startswith("Bị bãi bỏ một phần bởi Quyết định số 20/2023/QĐ-UBND ngày 01/09/2023")
    assert parking["Nội dung, quy định hết hiệu lực, ngưng hiệu lực"] == "Điều 7" and parking[WHEN] == "15/09/2023"
    assert station[WHY].startswith("Được sửa đổi, bổ sung bởi Quyết định số 16/2023/QĐ-UBND")
    kept = {r[COLUMNS[2]]: r for r in table(site, "con", "01/07/2024")}
    assert kept["22/2019/QĐ-UBND"]["Thời điểm có hiệu lực"] == "15/03/2019", "not the day on which a part ended"
    assert kept["22/2019/QĐ-UBND"]["Ghi chú"].startswith("Hết hiệu lực một phần; theo Danh mục")
    assert kept["30/2020/QĐ-UBND"]["Ghi chú"].startswith("Đã được sửa đổi, bổ sung; theo Danh mục")
    review = {r[COLUMNS[2]]: r for r in table(site, "xem-lai", "01/07/2024")}
    assert "Hết giai đoạn từ ngày 01/01/2024" in review["40/QĐ-UBND"]["Nội dung kiến nghị/Lý do kiến nghị"]
    assert review["40/QĐ-UBND"]["Kiến nghị"] == "", "the office decides what is proposed"


def test_an_official_list_goes_back_into_the_register(site, tmp_path):
    answer = get(site, "/danh-sach/danh-muc-hieu-luc.xlsx?loai=het&tai_ngay=01/07/2024")
    (tmp_path / "het.xlsx").write_bytes(answer.content)
    read = read_list(tmp_path / "het.xlsx")
    entry = next(e for e in read.entries if e.number == "13/2016/QĐ-UBND")
    assert (entry.date, entry.ended, entry.type) == ("2016-03-08", "2023-06-15", "Quyết định")
    assert "15/2023/QĐ-UBND" in entry.reason


def test_an_official_list_defuses_formulas_and_is_a_paper(site):
    rows = table(site, "het", "01/07/2024")
    assert any("=1+1" in cell for row in rows for cell in row.values())
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
    answer = get(site, "/danh-sach/danh-muc-hieu-luc.docx?loai=het&tai_ngay=01/07/2024")
    paper = docx.Document(io.BytesIO(answer.content))
    assert any("DANH MỤC VĂN BẢN HẾT HIỆU LỰC" in p.text for p in paper.paragraphs)
    assert any("Tính đến ngày 01/07/2024" in p.text for p in paper.paragraphs)


def test_a_base_of_before_says_that_it_must_be_built_anew(kho, tmp_path):
    import shutil
    import sqlite3
    from contextlib import closing

    old = tmp_path / "cu.db"
    shutil.copy(kho.base, old)
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("DROP TABLE hieu_luc")
        connection.execute("DROP TABLE danh_muc")
        connection.execute("UPDATE thong_tin SET gia_tri = '5' WHERE ten = 'phien_ban_luoc_do'")
    site = make_datasette(old)
    for path in ("/het-giai-doan", "/danh-muc-hieu-luc"):
        assert "cancu build" in get(site, path, 409).text
    plan = document(kho, "12/KH-UBND")
    for path in ("/", "/ra-soat", f"/van-ban/{plan}", f"/nhiem-vu/{plan}/I.3", "/danh-sach/ra-soat.csv"):
        get(site, path)
