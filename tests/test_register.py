"""The register: lists as offices write them, what is refused and why, what survives a crash, what a build makes of it."""

from __future__ import annotations

import datetime
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from test_cli import ENV, cancu, refused

from extract.tables import read_table
from extract.text import plain
from graph.corpus import build
from graph.files import register_file
from graph.register import store
from graph.register.cells import CellError, day_of, number_of, provisions_of
from graph.register.columns import FIELDS, field_of, read_told
from graph.register.index import Register
from graph.register.model import Entry, ListFacts, RegisterError
from graph.register.reading import read_list
from graph.statuses import WORST_FIRST, status_in

HEAD = "STT;Số, ký hiệu;Ngày ban hành;Cơ quan ban hành;Trích yếu;Tình trạng hiệu lực\n"
FACTS = ListFacts("Sở Tư pháp tỉnh Minh Họa", "2023-12-31", "dm.csv", "00")


def rows(name: str):
    return [pytest.param(row, id=f"{name}:{next(iter(row.values()))}") for row in read_table(name, "graph.tables")]


def csv_of(folder: Path, text: str | bytes, name: str = "dm.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# --- the tables -----------------------------------------------------------------------------------

_BESIDE = {"ky_hieu": ("Số", "20"), "so": ("Ký hiệu", "QĐ-UBND")}
_VALUE = {
    "so_ky_hieu": lambda e: e.number,
    "so": lambda e: e.number,
    "ky_hieu": lambda e: e.number,
    "so_va_ngay": lambda e: f"{e.number} {e.date}",
    "loai": lambda e: e.type,
    "ngay_ban_hanh": lambda e: e.date,
    "co_quan": lambda e: e.issuer,
    "trich_yeu": lambda e: e.title,
    "loai_va_trich_yeu": lambda e: f"{e.type} | {e.title}",
    "hieu_luc_tu": lambda e: e.in_force,
    "het_hieu_luc": lambda e: e.ended,
    "tinh_trang": lambda e: e.status,
    "thay_the_boi": lambda e: e.replaced_by,
    "sua_doi_boi": lambda e: e.amended_by,
    "bai_bo_boi": lambda e: e.repealed_by,
    "ly_do": lambda e: e.reason,
    "phan_het_hieu_luc": lambda e: e.ended_parts,
    "bo_qua": lambda e: "",
}


@pytest.mark.parametrize("row", rows("register_columns"))
def test_register_column_row(row, tmp_path):
    """The heading in each list beside a number is taken for its field, and its example says what it should."""
    field = row["field"]
    assert field in FIELDS and field_of(row["heading"].upper()) == field
    heading, cell = _BESIDE.get(field, ("Số, ký hiệu", "20/QĐ-UBND"))
    if field in ("so_ky_hieu", "so_va_ngay"):
        heading, cell = "Trích yếu nội dung", "Về chợ"
    read = read_list(csv_of(tmp_path, f'"{heading}"\t"{row["heading"]}"\n"{cell}"\t"{row["example"]}"\n'))
    (entry,) = read.entries
    assert _VALUE[field](entry) == row["expected"] and not read.problems


def test_no_heading_stands_twice():
    keys = [plain(row["heading"]) for row in read_table("register_columns", "graph.tables")]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("row", rows("validity_words"))
def test_validity_word_row(row):
    assert status_in(row["example"]) == status_in(row["words"]) == row["status"] in WORST_FIRST


# --- cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("05/03/2019", "2019-03-05"), ("5-3-2019", "2019-03-05"), ("ngày 05 tháng 3 năm 2019", "2019-03-05"),
        ("05.3.2019", "2019-03-05"), ("2019-03-05 00:00:00", "2019-03-05"), ("năm 2019", "2019"), ("3/2019", "2019-03"),
        (datetime.date(2019, 3, 5), "2019-03-05"), ("", ""), ("--", ""), ("Không có", ""),
    ],
)  # fmt: skip
def test_days(cell, day):
    assert day_of(cell) == day


@pytest.mark.parametrize(
    "cell", ["31/02/2019", "5/13/2019", "hôm qua", "43529", "05/03/1019", "05/03/2019 và 06/03/2019"]
)
def test_what_is_no_day(cell):
    with pytest.raises(CellError):
        day_of(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("Số: 13/2016/QĐ-UBND", "13/2016/QĐ-UBND"), ("08 - NQ/TU", "08-NQ/TU"), ("Số 20 / QĐ-UBND", "20/QĐ-UBND"),
        ("Quyết định số 13/2016/QĐ-UBND ngày 08/3/2016", "13/2016/QĐ-UBND"), ("80/2015/QH13", "80/2015/QH13"),
        ("66.16/2026/NQ-CP", "66.16/2026/NQ-CP"),
    ],
)  # fmt: skip
def test_numbers(cell, number):
    assert number_of(cell).number == number


@pytest.mark.parametrize("cell", ["abc", "Hiến pháp năm 2013", "---", "/QĐ-UBND"])
def test_what_is_no_number(cell):
    with pytest.raises(CellError):
        number_of(cell)


def test_provisions_of_a_cell():
    assert provisions_of("Điểm a khoản 2 Điều 5; Điều 7 và Điều 9") == ("điểm a khoản 2 Điều 5", "Điều 7", "Điều 9")


# --- whole lists ----------------------------------------------------------------------------------


def test_official_list_in_excel(tmp_path):
    """Title rows, a merged type, groups, numbers of columns, the day in the number's cell, status by the title."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Hết hiệu lực toàn bộ"
    for row in (
        ["UBND TỈNH MINH HỌA"], ["DANH MỤC VĂN BẢN QUY PHẠM PHÁP LUẬT HẾT HIỆU LỰC TOÀN BỘ"],
        ["(Tính đến hết ngày 31 tháng 12 năm 2024)"], [],
        ["STT", "Tên loại văn bản", "Số, ký hiệu; ngày, tháng, năm ban hành văn bản", "Tên gọi của văn bản",
         "Lý do hết hiệu lực", "Ngày hết hiệu lực"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"], ["A. QUYẾT ĐỊNH CỦA UBND TỈNH"],
        [1, "Quyết định", "13/2016/QĐ-UBND ngày 08/3/2016", "Quy định về chợ",
         "Được thay thế bằng Quyết định số 20/2024/QĐ-UBND ngày 02/5/2024", datetime.datetime(2024, 5, 12)],
        [2, None, "14/2016/QĐ-UBND ngày 09 tháng 3 năm 2016", "Quy định về bến xe", None, "12/5/2024"],
    ):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("B8:B9")
    book.create_sheet("Ghi chú").append(["Danh mục này để minh họa"])
    hidden = book.create_sheet("Ẩn")
    hidden.append(["Số, ký hiệu"])
    hidden.append(["99/QĐ-UBND"])
    hidden.sheet_state = "hidden"
    path = tmp_path / "het.xlsx"
    book.save(path)
    read = read_list(path)
    assert read.date == "2024-12-31" and read.skipped == ("Ghi chú",) and not read.problems
    assert [(s.header, s.status) for s in read.sheets] == [(5, "Hết hiệu lực toàn bộ")]
    first, second = read.entries
    assert (first.number, first.date, first.ended) == ("13/2016/QĐ-UBND", "2016-03-08", "2024-05-12")
    assert (second.type, second.date, second.ended) == ("Quyết định", "2016-03-09", "2024-05-12")
    assert first.issuer == second.issuer == "UBND tỉnh Minh Họa" and first.row == 8


def test_headings_over_two_rows(tmp_path):
    text = "STT;Văn bản;;;Hiệu lực\n;Số;Ký hiệu;Ngày ban hành;\n1;20;QĐ-UBND;02/02/2024;Còn hiệu lực\n2;8;NQ/TU;1/1/2024;\n"
    first, second = read_list(csv_of(tmp_path, text)).entries
    assert (first.number, first.date, first.status) == ("20/QĐ-UBND", "2024-02-02", "Còn hiệu lực")
    assert second.number == "8-NQ/TU"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_encodings_and_marks_between_columns(tmp_path, encoding, mark):
    lines = [
        ["Số, ký hiệu", "Ngày ban hành", "Cơ quan ban hành", "Trích yếu"],
        ["20/QĐ-UBND", "02/02/2024", "UBND tỉnh Minh Họa", "Về quản lý chợ, bến xe của những đơn vị được giao"],
        ["21/QĐ-UBND", "03/02/2024", "UBND tỉnh Minh Họa", "Về những nhiệm vụ chuyển đổi số của các sở và huyện"],
    ]
    text = "\r\n".join(mark.join(f'"{cell}"' for cell in line) for line in lines)
    if encoding == "cp1258":
        import unicodedata

        whole = "".join(
            c if _one_byte(c) else "".join(_windows(c)) for c in unicodedata.normalize("NFC", text)
        )  # Windows-1258 has some letters whole, others as letter and tone
        data = whole.encode("cp1258")
    else:
        data = text.encode(encoding)
    read = read_list(csv_of(tmp_path, data))
    assert [e.title for e in read.entries] == [line[3] for line in lines[1:]]
    assert read.entries[0].number == "20/QĐ-UBND" and read.entries[0].issuer == "UBND tỉnh Minh Họa"


def _one_byte(c: str) -> bool:
    try:
        return len(c.encode("cp1258")) == 1
    except UnicodeEncodeError:
        return False


def _windows(c: str) -> list[str]:
    import unicodedata

    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    parts = unicodedata.normalize("NFD", c)
    tone = [p for p in parts if p in tones]
    return [unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones)), *tone]


def test_a_bad_row_is_told_and_the_rest_is_taken(tmp_path):
    text = HEAD + (
        "1;20/QĐ-UBND;02/02/2024;UBND tỉnh Minh Họa;Về chợ;Còn hiệu lực\n"
        "2;21/QĐ-UBND;31/02/2024;UBND tỉnh Minh Họa;Về chợ;Còn hiệu lực\n"
        "3;;02/02/2024;UBND tỉnh Minh Họa;Về chợ;Còn hiệu lực\n"
        "4;23/QĐ-UBND;02/02/2024;UBND tỉnh Minh Họa;Về chợ;Tạm gác\n"
    )
    read = read_list(csv_of(tmp_path, text))
    assert [e.number for e in read.entries] == ["20/QĐ-UBND", "23/QĐ-UBND"] and read.refused == 2
    assert [(p.row, p.taken) for p in read.problems] == [(3, False), (4, False), (5, True)]
    assert "31/02/2024" in read.problems[0].reason and "số, ký hiệu" in read.problems[1].reason


def test_told_columns_go_before_the_guess(tmp_path):
    path = csv_of(tmp_path, "Mã;Số;Ngày\n20/QĐ-UBND;7;02/02/2024\n")
    (entry,) = read_list(path, read_told(["Mã=so_ky_hieu", "Số=bo_qua"])).entries
    assert (entry.number, entry.date) == ("20/QĐ-UBND", "2024-02-02")
    with pytest.raises(RegisterError, match="không có cột"):
        read_list(path, read_told(["Cột lạ=so_ky_hieu"]))
    for bad in ("Mã", "=so", "Mã=khac"):
        with pytest.raises(RegisterError, match="Tiêu đề cột=trường"):
            read_told([bad])


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(650):
                part.write(b" " * 1024 * 1024)
    return made.getvalue()


def declared() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><workbook><sheet name="&b;"/></workbook>')
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", b"PK\x03\x04rubbish", "hỏng"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "kiểu cũ"),
        ("a.csv", b"", "không có nội dung"),
        ("a.csv", bytes(range(1, 256)) * 9, "a.csv"),
        ("a.csv", "Tên;Tuổi\nAn;7\n".encode(), "cột số, ký hiệu"),
        ("a.docx", b"hello", "không phải danh mục"),
        ("a.xlsx", bomb, "quá lớn"),
        ("a.xlsx", declared, "không phải bảng tính Excel thông thường"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(tmp_path, name, data, words):
    path = csv_of(tmp_path, data() if callable(data) else data, name)
    with pytest.raises(RegisterError, match=words):
        read_list(path)


def test_hostile_cells_stay_words(tmp_path):
    text = (
        HEAD
        + '1;20/QĐ-UBND;02/02/2024;"<script>alert(1)</script>";"=HYPERLINK(""http://x"")\x07{{7*7}}";Còn hiệu lực\n'
    )
    (entry,) = read_list(csv_of(tmp_path, text)).entries
    assert entry.issuer == "<script>alert(1)</script>" and entry.title == '=HYPERLINK("http://x"){{7*7}}'


# --- the file -------------------------------------------------------------------------------------


def entry(number: str, **more: str) -> Entry:
    return Entry(5, number, issuer=more.pop("issuer", "UBND tỉnh Minh Họa"), **more)


def test_a_list_of_the_same_source_takes_the_place_of_the_old_one(tmp_path):
    path = tmp_path / "kho.danh-muc.db"
    assert store.save(path, FACTS, [entry("20/QĐ-UBND"), entry("21/QĐ-UBND")]).replaced is None
    store.save(path, ListFacts("Khác", "2024-01-01", "k.csv", "11"), [entry("20/QĐ-UBND", date="2024-02-02")])
    before = store.mark_of(path)
    old = store.save(path, FACTS, [entry("22/QĐ-UBND")]).replaced
    assert old is not None and old.entries == 2 and store.mark_of(path) != before
    assert [(f.source, f.entries) for f in store.lists_of(path)] == [("Khác", 1), (FACTS.source, 1)]
    assert {k.entry.number for k in Register(path).all()} == {"20/QĐ-UBND", "22/QĐ-UBND"}
    assert not Register(path).under("21/QĐ-UBND") and Register(path).under("20 qđ ubnd")


KILLED = """
import sys
from pathlib import Path
from graph.register import store
from graph.register.model import Entry, ListFacts
path = Path(sys.argv[1])
print("go", flush=True)
for n in range(1000):
    store.save(path, ListFacts("A", "2024-01-01", "a.csv", str(n)), [Entry(k, f"{k}/QĐ-UBND") for k in range(1, 400)])
"""


def test_an_import_that_is_killed_leaves_a_whole_list(tmp_path):
    path = tmp_path / "kho.danh-muc.db"
    store.save(path, ListFacts("A", "2024-01-01", "a.csv", "0"), [Entry(k, f"{k}/QĐ-UBND") for k in range(1, 400)])
    for wait in (0.02, 0.05, 0.11):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], env=ENV, stdout=subprocess.PIPE)
        assert process.stdout is not None and process.stdout.readline() == b"go\n"
        time.sleep(wait)
        os.kill(process.pid, signal.SIGKILL) if hasattr(signal, "SIGKILL") else process.kill()
        process.wait()
        process.stdout.close()
        (facts,) = store.lists_of(path)
        assert facts.entries == len(list(Register(path).all())) == 399


def test_what_is_no_register_or_is_locked_is_told(tmp_path, monkeypatch):
    path = tmp_path / "kho.danh-muc.db"
    path.write_bytes(b"not a database" * 100)
    for act in (lambda: Register(path), lambda: store.save(path, FACTS, []), lambda: store.lists_of(path)):
        with pytest.raises(RegisterError, match="không phải danh mục của Căn Cứ"):
            act()
    path.unlink()
    store.save(path, FACTS, [entry("20/QĐ-UBND")])
    monkeypatch.setattr(store, "_WAIT", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RegisterError, match="đang bị chương trình khác khóa"):
            store.save(path, FACTS, [])
    with pytest.raises(RegisterError, match="Không có thư mục"):
        store.save(tmp_path / "x" / "kho.danh-muc.db", FACTS, [])


# --- what a build makes of it ---------------------------------------------------------------------

PLAN = """UBND TỈNH MINH HỌA
SỞ NỘI VỤ

Số: 12/KH-SNV

Minh Họa, ngày 10 tháng 5 năm 2024

KẾ HOẠCH
Triển khai công tác cải cách hành chính

I. NHIỆM VỤ

- Thực hiện {cited}.
"""


def built(tmp_path: Path, cited: str, *entries: Entry) -> Path:
    folder = tmp_path / "kho"
    folder.mkdir(exist_ok=True)
    (folder / "a.md").write_text(PLAN.format(cited=cited), encoding="utf-8")
    base = tmp_path / "kho.db"
    store.save(register_file(base), FACTS, entries)
    build([folder], base)
    return base


def one(base: Path, sql: str) -> dict:
    with closing(sqlite3.connect(base)) as connection:
        connection.row_factory = sqlite3.Row
        return dict(connection.execute(sql).fetchone())


CITED = "SELECT v.*, t.trang_thai AS trang_thai_dan, t.ung_vien FROM trich_dan t JOIN van_ban v ON v.id = t.van_ban WHERE la_so_cua_minh = 0"


def test_one_entry_closes_what_a_citation_leaves_open(tmp_path):
    base = built(
        tmp_path, "Kế hoạch số 3668/KH-UBND của UBND tỉnh", entry("3668/KH-UBND", date="2019-03-05", title="Về chợ")
    )
    row = one(base, CITED)
    assert (row["trang_thai"], row["trang_thai_dan"], row["ngay_ban_hanh"]) == (
        "đã xác định",
        "đã xác định",
        "2019-03-05",
    )
    assert row["trich_yeu"] == "Về chợ" and "2019" in row["khoa"]
    source = "theo danh mục “Sở Tư pháp tỉnh Minh Họa” ngày 31/12/2023"
    assert f"ngày ban hành {source}" in row["suy_luan"] and f"trích yếu {source}" in row["suy_luan"]
    assert one(base, "SELECT van_ban FROM danh_muc")["van_ban"] == row["id"]
    assert one(base, "SELECT gia_tri FROM thong_tin WHERE ten = 'so_chua_xac_dinh'")["gia_tri"] == "0"


def test_two_entries_that_fit_are_candidates(tmp_path):
    base = built(
        tmp_path, "Kế hoạch số 3668/KH-UBND của UBND tỉnh", entry("3668/KH-UBND", date="2019-03-05"),
        entry("3668/KH-UBND", date="2021-03-05"),
    )  # fmt: skip
    row = one(base, CITED)
    assert row["trang_thai_dan"] == "nhiều khả năng" and row["ngay_ban_hanh"] == ""
    assert "2019-03-05" in row["ung_vien"] and "2021-03-05" in row["ung_vien"]


@pytest.mark.parametrize(
    ("cited", "listed"),
    [
        ("Kế hoạch số 3668/KH-UBND ngày 06/3/2019 của UBND tỉnh", entry("3668/KH-UBND", date="2020-03-05")),
        ("Kế hoạch số 3668/KH-UBND của UBND tỉnh", entry("3668/KH-UBND", date="2025-03-05")),  # after the citing day
        (
            "Kế hoạch số 3668/KH-UBND của UBND tỉnh",
            entry("3668/KH-UBND", date="2019-03-05", issuer="UBND tỉnh Bình Thuận"),
        ),
        ("Kế hoạch số 3668/KH-UBND", entry("3668/KH-UBND", date="2019-03-05", issuer="UBND tỉnh Bình Thuận")),
        ("Quyết định số 3668/QĐ-UBND của UBND tỉnh", entry("3668/KH-UBND", date="2019-03-05")),
        ("Kế hoạch số 3668/KH-UBND của UBND tỉnh", entry("3668/KH-UBND")),  # the list has no day either
    ],
)
def test_what_does_not_fit_closes_nothing(tmp_path, cited, listed):
    base = built(tmp_path, cited, listed)
    row = one(base, CITED)
    expected = "2019-03-06" if "06/3" in cited else ""
    assert row["ngay_ban_hanh"] == expected and row["trich_yeu"] == ""
    assert row["trang_thai_dan"] == ("đã xác định" if expected else "chưa xác định")


def test_where_list_and_text_disagree_nothing_is_taken_and_it_is_told(tmp_path):
    base = built(
        tmp_path, "Quyết định số 50/QĐ-UBND ngày 06/3/2021 của UBND tỉnh",
        entry("50/QĐ-UBND", date="2021-03-07", title="Về bến xe", status="Hết hiệu lực toàn bộ", ended="2022-01-01"),
    )  # fmt: skip
    row = one(base, CITED)
    assert (row["ngay_ban_hanh"], row["trich_yeu"]) == ("2021-03-06", "")
    assert "07/03/2021" in one(base, "SELECT khac_biet FROM danh_muc")["khac_biet"]
    assert one(base, "SELECT count(*) AS n FROM hieu_luc")["n"] == 0


def test_a_changed_register_rebuilds_and_an_unchanged_one_does_not(tmp_path):
    base = built(tmp_path, "Kế hoạch số 3668/KH-UBND của UBND tỉnh")
    folder = tmp_path / "kho"
    assert build([folder], base).changed is False
    store.save(register_file(base), FACTS, [entry("3668/KH-UBND", date="2019-03-05")])
    again = build([folder], base)
    assert again.changed and again.unresolved == 0 and build([folder], base).unresolved == 0


# --- the commands ---------------------------------------------------------------------------------


def test_commands(tmp_path):
    csv_of(
        tmp_path,
        "SỞ TƯ PHÁP TỈNH MINH HỌA\n(Tính đến ngày 31/12/2023)\n"
        + HEAD
        + "1;20/QĐ-UBND;02/02/2024;;Về chợ;Còn hiệu lực\n2;x;;;;\n",
    )
    done = cancu("register", "import", "dm.csv", "--db", "k.db", "--thu", cwd=tmp_path)
    assert (
        done.returncode == 0 and "“Trích yếu” → trích yếu" in done.stdout and not (tmp_path / "k.danh-muc.db").exists()
    )
    assert "31/12/2023" in done.stdout and "dòng 5" in done.stdout
    done = cancu(
        "register", "import", "dm.csv", "--db", "k.db", "--nguon", "Sở", "--ngay", "1/1/2024", "--json", cwd=tmp_path
    )
    assert json.loads(done.stdout)["date"] == "2024-01-01" and "k.danh-muc.db" in done.stderr
    listed = cancu("register", "list", "--db", "k.db", cwd=tmp_path)
    assert "Sở: 1 văn bản, tính đến ngày 01/01/2024" in listed.stdout
    shown = cancu("register", "show", "20 qđ ubnd", "--db", "k.db", cwd=tmp_path)
    assert "Tình trạng: Còn hiệu lực" in shown.stdout and "danh mục “Sở” ngày 01/01/2024" in shown.stdout
    refused(cancu("register", "show", "21/QĐ-UBND", "--db", "k.db", cwd=tmp_path), "21/QĐ-UBND")
    refused(cancu("register", "import", "khong-co.csv", "--db", "k.db", cwd=tmp_path), "Không tìm thấy tệp")
    refused(cancu("register", "import", "dm.csv", "--db", "k.db", "--cot", "STT", cwd=tmp_path), "so_ky_hieu")
