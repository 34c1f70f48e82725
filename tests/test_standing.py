"""The validity of documents beside what rests on them: the block of bases, chains in files, drawings, traces."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
from contextlib import closing

import docx
import openpyxl
import pytest
from test_cli import cancu
from test_validity import AMENDING, MARKET, REPLACING, STATION, Kho, decision
from test_validity_pages import SCHEME, document, get, words

from graph.register.model import Entry
from graph.standing import SHAPES, standings
from graph.statuses import WORST_FIRST
from graph.store import open_base
from publish.serve import make_datasette

PARTY = "Nghị quyết số 9-NQ/TU ngày 05/01/2023 của Tỉnh ủy Minh Họa về bến xe"
PLAN = decision(
    "12/KH-UBND", "2024-05-10", "Công tác bến xe, chợ",
    f"Căn cứ {PARTY};\n\nCăn cứ {MARKET} về chợ;\n\nCăn cứ {STATION} về bến xe;\n\nCăn cứ {SCHEME};\n\nI. NHIỆM VỤ\n\n"
    f"- Thực hiện {MARKET} về chợ.\n- Thực hiện khoản 2 Điều 5 {STATION}.\n- Thực hiện {PARTY}.\n"
    "- Tổ chức đối thoại.\n", "KẾ HOẠCH",
)  # fmt: skip
LISTED = [
    Entry(5, "30/2020/QĐ-UBND", date="2020-03-05", issuer="UBND tỉnh Minh Họa", title="Quy định về bến xe",
          in_force="2020-03-15", status="Còn hiệu lực"),
]  # fmt: skip


@pytest.fixture(scope="module")
def kho(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hieu-luc")
    return Kho(folder, PLAN, REPLACING, AMENDING, lists={"Sở Tư pháp tỉnh Minh Họa @ 2022-12-31": LISTED})


@pytest.fixture(scope="module")
def site(kho):
    return make_datasette(kho.base)


@pytest.fixture(scope="module")
def old(kho, tmp_path_factory):
    """The same base by a program that knew nothing of validity."""
    path = tmp_path_factory.mktemp("cu") / "cu.db"
    shutil.copy(kho.base, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE hieu_luc")
        connection.execute("DROP TABLE danh_muc")
        connection.execute("UPDATE thong_tin SET gia_tri = '5' WHERE ten = 'phien_ban_luoc_do'")
    return path


@pytest.fixture(scope="module")
def plan(kho) -> str:
    return document(kho, "12/KH-UBND")


def test_every_status_has_a_shape():
    assert set(SHAPES) == set(WORST_FIRST)


def test_a_standing_says_status_day_cause_and_source(kho):
    names = {n: document(kho, n) for n in ("13/2016/QĐ-UBND", "30/2020/QĐ-UBND", "9-NQ/TU")}
    with closing(open_base(kho.base)) as connection:
        found = standings(connection, names.values(), "2024-05-10")
        before = standings(connection, names.values(), "2023-06-01")
    market = found[names["13/2016/QĐ-UBND"]]
    assert market.words == "Hết hiệu lực toàn bộ từ ngày 15/06/2023, bởi Quyết định số 15/2023/QĐ-UBND"
    assert market.sourced.endswith("(theo chính văn bản đó, ngày 01/06/2023)") and "thay thế" in market.sentence
    assert before[names["13/2016/QĐ-UBND"]].status == "Còn hiệu lực"
    assert found[names["30/2020/QĐ-UBND"]].status == "Cần xem lại"
    party = found[names["9-NQ/TU"]]
    assert (party.words, party.source) == ("Chưa xác định", "") and party.noted.startswith("Chưa có danh mục nào")
    assert min(found.values(), key=lambda s: s.rank) is market
    assert party.values["status"] == "Chưa xác định" and party.values["day"] == "2024-05-10"


# --- the block of bases ---------------------------------------------------------------------------


def test_the_command_tells_the_standing_of_each_basis_beside_the_block(kho, plan):
    folder = kho.base.parent
    done = cancu("can-cu", "--ke-hoach", plan, "--db", "kho.db", cwd=folder)
    assert done.returncode == 0
    assert all(line.startswith("Căn cứ ") for line in done.stdout.splitlines())  # nothing else is copied
    assert "hiệu lực" not in done.stdout and len(done.stdout.splitlines()) == 4
    told = done.stderr.splitlines()
    assert told[0] == "Hiệu lực tại ngày 10/05/2024:"  # the day of the plan
    assert told[1].startswith(
        "  - Quyết định số 13/2016/QĐ-UBND: Hết hiệu lực toàn bộ từ ngày 15/06/2023, bởi Quyết định số 15/2023/QĐ-UBND (theo"
    )
    assert told[2].startswith("  - Quyết định số 30/2020/QĐ-UBND: Cần xem lại từ ngày 11/06/2023")
    assert told[3].startswith("  - Quyết định số 40/QĐ-UBND: Hết giai đoạn")
    assert told[4] == "  - Chưa xác định, chưa có danh mục nào ghi tình trạng: Nghị quyết số 9-NQ/TU"
    done = cancu("can-cu", "--ke-hoach", plan, "--tai-ngay", "01/6/2023", "--db", "kho.db", "--json", cwd=folder)
    values = json.loads(done.stdout)
    assert values["validity_day"] == "2023-06-01"
    told = {line["label"]: line["validity"]["status"] for line in values["lines"]}
    assert told == {
        "Nghị quyết số 9-NQ/TU": "Chưa xác định", "Quyết định số 13/2016/QĐ-UBND": "Còn hiệu lực",
        "Quyết định số 30/2020/QĐ-UBND": "Còn hiệu lực", "Quyết định số 40/QĐ-UBND": "Chưa xác định",
    }  # fmt: skip
    assert values["lines"][2]["validity"]["source"] == "Danh mục “Sở Tư pháp tỉnh Minh Họa” ngày 31/12/2022"


def check_word(content: bytes, day: str) -> list[list[str]]:
    word = docx.Document(io.BytesIO(content))
    body = [child.tag.rsplit("}")[-1] for child in word.element.body]
    block = [n for n, p in enumerate(word.paragraphs) if p.text.startswith("Căn cứ ")]
    assert len(block) == 4 and body.index("tbl") > max(block)  # the block stands alone, to be copied
    assert not any("hiệu lực" in word.paragraphs[n].text for n in block)
    assert any(p.text == f"Hiệu lực của từng căn cứ tại ngày {day}" for p in word.paragraphs)
    rows = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert rows[0] == ["STT", "Văn bản", "Hiệu lực", "Nguồn, cần biết thêm"]
    return rows[1:]


def test_the_word_file_has_a_table_below_the_block(kho, plan, site):
    folder = kho.base.parent
    assert cancu("can-cu", "--ke-hoach", plan, "--out", "x.docx", "--db", "kho.db", cwd=folder).returncode == 0
    rows = check_word((folder / "x.docx").read_bytes(), "10/05/2024")
    assert [row[2].split(" từ")[0].split(",")[0] for row in rows] == [
        "? Chưa xác định", "✕ Hết hiệu lực toàn bộ", "▲ Cần xem lại", "▲ Hết giai đoạn",
    ]  # fmt: skip
    assert rows[1][3].startswith("Theo chính Quyết định số 15/2023/QĐ-UBND, ngày 01/06/2023")
    assert check_word(get(site, f"/can-cu/{plan}/tai-ve").content, "10/05/2024") == rows
    earlier = check_word(get(site, f"/can-cu/{plan}/tai-ve?tai_ngay=01/06/2023").content, "01/06/2023")
    assert earlier[1][2] == "✓ Còn hiệu lực từ ngày 08/03/2016"


def test_the_page_has_the_standing_below_the_block_and_by_each_choice(site, plan):
    page = get(site, f"/can-cu/{plan}").text
    block = page.split('<div class="paper bases">')[1].split("</div>")[0]
    assert "hiệu lực" not in block
    told = words(get(site, f"/can-cu/{plan}"))
    assert "Hiệu lực của từng căn cứ tại ngày 10/05/2024 Ngày của văn bản này" in told
    assert "✕ Hết hiệu lực toàn bộ từ 15/06/2023 bởi Quyết định số 15/2023/QĐ-UBND" in told
    assert page.count("✕</span> Hết hiệu lực toàn bộ") == 2  # in the table and by the choice
    earlier = get(site, f"/can-cu/{plan}?tai_ngay=01/06/2023").text
    assert "✕</span> Hết hiệu lực toàn bộ" not in earlier and "tai-ve?tai_ngay=01%2F06%2F2023" in earlier
    assert "không phải ngày" in words(get(site, f"/can-cu/{plan}?tai_ngay=31/02/2024"))
    assert "đang xem tại ngày 10/05/2024" in words(get(site, f"/can-cu/{plan}?tai_ngay=31/02/2024"))


def test_a_base_that_knows_no_validity_says_nothing_of_it(old, plan):
    page = get(make_datasette(old), f"/can-cu/{plan}").text
    assert "Căn cứ " in page and "Hiệu lực của từng căn cứ" not in page
    done = cancu("can-cu", "--ke-hoach", plan, "--db", old.name, "--json", cwd=old.parent)
    assert done.stderr == "" and json.loads(done.stdout)["lines"][0]["validity"] is None
    assert cancu("can-cu", "--ke-hoach", plan, "--db", old.name, "--out", "x.docx", cwd=old.parent).returncode == 0
    assert docx.Document(str(old.parent / "x.docx")).tables == []


# --- chains in files ------------------------------------------------------------------------------

DAY = "Hiệu lực tại ngày 10/05/2024"
ENDED = "Hết hiệu lực toàn bộ từ ngày 15/06/2023, bởi Quyết định số 15/2023/QĐ-UBND (theo chính văn bản đó, ngày 01/06/2023)"


def chain(site, plan, kind: str, task: str, day: str) -> list[list[str]]:
    """The rows of a chain as a file, the header first."""
    if kind == "csv":
        content = get(site, f"/danh-sach/chuoi/nhiem-vu/{plan}/{task}.csv?tai_ngay={day}").content
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        return [row for row in rows if len(row) == len(rows[0])]
    content = get(site, f"/xuat/{kind}/nhiem-vu/{plan}/{task}?tai_ngay={day}").content
    if kind == "docx":
        word = docx.Document(io.BytesIO(content))
        return [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    rows = [[str(c or "") for c in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.values]
    return rows[next(n for n, row in enumerate(rows) if row[0] == "STT") :]


@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv"])
def test_a_chain_says_how_its_documents_stand_on_the_day(site, plan, kind):
    rows = chain(site, plan, kind, "I.1", "10/05/2024")
    assert rows[0][-1] == DAY
    market = next(
        row for row in rows if any("13/2016/QĐ-UBND" in cell for cell in row[:6]) and row[-1].startswith("Hết")
    )
    assert market[-1] == ENDED
    earlier = chain(site, plan, kind, "I.1", "01/06/2023")
    assert earlier[0][-1] == "Hiệu lực tại ngày 01/06/2023"
    assert not [row for row in earlier if "Hết hiệu lực" in row[-1]]
    touched = chain(site, plan, kind, "I.2", "10/05/2024")
    assert any("điều khoản được viện dẫn đã bị sửa đổi (khoản 2 Điều 5)" in row[-1] for row in touched)
    assert all(len(row) == len(rows[0]) for row in rows)


def test_the_annex_warns_of_what_is_not_in_force_and_says_who_says_so(site, plan):
    for day, warned in (("10/05/2024", True), ("01/06/2023", False)):
        word = docx.Document(io.BytesIO(get(site, f"/xuat/docx/nhiem-vu/{plan}/I.1?tai_ngay={day}").content))
        said = "\n".join(p.text for p in word.paragraphs)
        assert f"Tính đến ngày {day}." in said and "không kết luận về hiệu lực" in said
        assert ("Quyết định số 13/2016/QĐ-UBND: hết hiệu lực toàn bộ từ ngày 15/06/2023" in said) is warned


def test_files_of_a_page_keep_its_day(site, plan):
    page = get(site, f"/nhiem-vu/{plan}/I.1?tai_ngay=10/05/2024").text
    links = re.findall(r'href="(/(?:xuat|danh-sach/chuoi|so-do|so-do-in)/[^"]+)"', page)
    assert len(links) >= 6 and all("tai_ngay=10%2F05%2F2024" in link for link in links)


def test_the_command_exports_the_day(kho, plan):
    folder = kho.base.parent
    asked = ("export", f"{plan}#I.1", "--out", "x.xlsx", "--tai-ngay", "10/5/2024", "--db", "kho.db")
    assert cancu(*asked, cwd=folder).returncode == 0
    cells = [c for row in openpyxl.load_workbook(folder / "x.xlsx").active.values for c in row]
    assert DAY in cells and ENDED in cells


def test_a_trace_says_it_in_words_and_as_data(kho, plan):
    folder = kho.base.parent
    asked = ("trace", f"{plan}#I.1", "--db", "kho.db", "--tai-ngay")
    assert "[✕ Hết hiệu lực toàn bộ từ 15/06/2023]" in cancu(*asked, "10/05/2024", cwd=folder).stdout
    assert "hiệu lực" not in cancu(*asked, "01/06/2023", cwd=folder).stdout.lower()
    values = json.loads(cancu(*asked, "10/05/2024", "--json", cwd=folder).stdout)
    validity = values["bases"][0]["document"]["validity"]
    assert (validity["status"], validity["since"], validity["day"]) == (
        "Hết hiệu lực toàn bộ",
        "2023-06-15",
        "2024-05-10",
    )
    assert validity["source"] == "chính văn bản đó, ngày 01/06/2023"
    document_ = json.loads(cancu("trace", "13/2016/QĐ-UBND", "--db", "kho.db", "--json", cwd=folder).stdout)
    assert document_["focus"]["validity"]["status"] == "Hết hiệu lực toàn bộ"


# --- drawings -------------------------------------------------------------------------------------


def test_a_drawing_marks_what_is_not_in_force_by_shape_and_words(site, plan):
    path = f"/so-do-in/svg/ke-hoach/{plan}?tai_ngay="
    svg, earlier = (get(site, path + day).text for day in ("10/05/2024", "01/06/2023"))
    boxes = re.findall(r'<g class="nut".*?</g>', svg, re.S)
    box = next(b for b in boxes if ">13/2016/QĐ-UBND<" in b)
    outline = re.search(r'<path d="([^"]+)"', box)[1]
    assert outline.count("Z") == 2  # one line inside the other
    assert "✕ Hết hiệu lực toàn" in box and "từ 15/06/2023" in box
    assert "Viền kép, có ghi chữ: văn bản hết, ngưng hoặc chưa có hiệu lực tại ngày 10/05/2024" in svg
    station = next(b for b in boxes if ">30/2020/QĐ-UBND<" in b)
    assert "▲ Cần xem lại" in station and re.search(r'<path d="([^"]+)"', station)[1].count("Z") == 1
    assert "Hết hiệu lực" not in earlier
    (later,) = [b for b in re.findall(r'<g class="nut".*?</g>', earlier, re.S) if "Chưa có hiệu lực<" in b]
    assert ">12/KH-UBND<" in later  # the plan is of a day after that
    assert "Tính đến ngày: 10/05/2024" in svg


def test_the_interactive_view_and_its_table_say_it_too(site, plan):
    for address in (f"ke-hoach/{plan}", f"nhiem-vu/{plan}/I.1"):
        sent = get(site, f"/so-do-khung/{address}?tai_ngay=10/05/2024").text
        frame = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), sent)
        assert "Viền kép" in frame and "Hết hiệu lực toàn" in frame
        assert "Hiệu lực tại ngày 10/05/2024: Hết hiệu lực toàn bộ" in frame
        earlier = get(site, f"/so-do-khung/{address}?tai_ngay=01/06/2023").text  # the plan itself is of a later day
        assert "H\\u1ebft hi\\u1ec7u l\\u1ef1c to\\u00e0n" in sent and "H\\u1ebft hi\\u1ec7u l\\u1ef1c" not in earlier
        page = words(get(site, f"/so-do/{address}?tai_ngay=10/05/2024"))
        assert "✕ Hết hiệu lực toàn bộ từ 15/06/2023" in page and "đích tại ngày 10/05/2024" in page
        listed = get(site, f"/danh-sach/so-do/{address}.csv?tai_ngay=10/05/2024").content.decode("utf-8-sig")
        assert "Hết hiệu lực toàn bộ từ ngày 15/06/2023" in listed
    assert "Viền kép" in get(site, f"/nhiem-vu/{plan}/I.1?tai_ngay=10/05/2024").text


def test_the_command_draws_the_day(kho, plan):
    folder = kho.base.parent
    for name in ("x.svg", "x.html"):
        asked = ("draw", f"{plan}#I.1", "--out", name, "--tai-ngay", "10/5/2024", "--db", "kho.db")
        assert cancu(*asked, cwd=folder).returncode == 0
        assert "Viền kép" in (folder / name).read_text(encoding="utf-8")


def test_a_base_that_knows_no_validity_draws_and_exports_as_before(old, plan):
    site = make_datasette(old)
    assert "Viền kép" not in get(site, f"/so-do-in/svg/ke-hoach/{plan}?tai_ngay=10/05/2024").text
    rows = chain(site, plan, "docx", "I.1", "10/05/2024")
    assert rows[0][-1] == "Trạng thái nhận dạng"
    get(site, f"/so-do/ke-hoach/{plan}")
