"""Decisions as a table: out to Excel or CSV, edited, and back without loss."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from test_decisions import Kho, kho  # noqa: F401

from graph.decisions.entry import ACCEPT, CORRECT, PICK, REJECT, UNDO, Draft, document_subject
from graph.decisions.force import in_force, standings
from graph.decisions.journal import append, read_entries
from publish.cli import main
from publish.decided.back import take_back
from publish.decided.cells import TableError, read_table
from publish.decided.sheet import COLUMNS

HEADS = {column.name: column.heading for column in COLUMNS}


def cancu(*arguments: str, status: int = 0) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == status


class Table:
    """A file of decisions as Excel has it, changed by name of the column."""

    def __init__(self, path) -> None:
        self.path = path
        if path.suffix == ".xlsx":
            self.book = openpyxl.load_workbook(path)
            self.rows = [[c.value or "" for c in row] for row in self.book.active.iter_rows()]
        else:
            self.rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))

    def at(self, row: int, name: str) -> str:
        return self.rows[row][self.rows[0].index(HEADS[name])]

    def put(self, row: int, **values: str) -> None:
        while len(self.rows) <= row:
            self.rows.append([""] * len(self.rows[0]))
        for name, value in values.items():
            self.rows[row][self.rows[0].index(HEADS[name])] = value

    def save(self) -> None:
        if self.path.suffix == ".xlsx":
            page = self.book.active
            page.delete_rows(1, page.max_row)
            for row in self.rows:
                page.append(row)
            self.book.save(self.path)
        else:
            with self.path.open("w", encoding="utf-8-sig", newline="") as stream:
                csv.writer(stream, delimiter=";").writerows(self.rows)


@pytest.fixture
def full(kho):  # noqa: F811
    """A base with decisions of several kinds, one taken back, one too late, one with words that are formulas."""
    kept = kho.decide(kho.citation("90/KH-UBND"), PICK, kho.document("Quyết định số 20/QĐ-UBND"))
    kho.decide(kho.citation("90/KH-UBND"), ACCEPT, reason='=HYPERLINK("http://xấu")\ndòng hai', supersedes=kept.number)
    kho.decide(kho.citation("20/QĐ-UBND"), REJECT, reason="+1 nhầm; “khác”")
    subject = document_subject("administrative|x|1|2023|y")
    seen = {"chu": "Công văn số 1"}
    first = append(kho.journal, Draft("Hoa", CORRECT, subject, "sửa ten", {"truong": "ten"}, "a", seen), expected=0)
    append(kho.journal, Draft("Mai", CORRECT, subject, "sửa ten", {"truong": "ten"}, "b", seen), expected=0)
    append(kho.journal, Draft("Hoa", UNDO, subject, "sửa ten", {}, "thôi", seen, first.number), expected=first.number)
    kho.build()
    return kho


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_out_and_back_changes_nothing(full, tmp_path, kind, capsys):
    before = read_entries(full.journal)
    out = tmp_path / f"quyet-dinh.{kind}"
    cancu("decisions", "export", "--out", str(out), "--db", str(full.base))
    cancu("decisions", "import", str(out), "--nguoi", "Lan", "--db", str(full.base), "--json")
    assert json.loads(capsys.readouterr().out) == {"new": 0, "changed": 0, "same": 6, "problems": []}
    assert read_entries(full.journal) == before


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_another_base_takes_all_over_without_loss(full, tmp_path, kind, capsys):
    out = tmp_path / f"quyet-dinh.{kind}"
    cancu("decisions", "export", "--out", str(out), "--db", str(full.base))
    other = Kho(tmp_path / "máy khác")
    cancu("decisions", "import", str(out), "--nguoi", "Lan", "--db", str(other.base), "--json")
    assert json.loads(capsys.readouterr().out)["new"] == 6
    mine, theirs = read_entries(full.journal), read_entries(other.journal)
    assert theirs == mine and standings(theirs) == standings(mine)
    cancu("decisions", "import", str(out), "--nguoi", "Lan", "--db", str(other.base), "--json")
    assert json.loads(capsys.readouterr().out)["same"] == 6 and read_entries(other.journal) == mine


def test_no_cell_is_a_formula(full, tmp_path):
    for kind in ("xlsx", "csv"):
        out = tmp_path / f"quyet-dinh.{kind}"
        cancu("decisions", "export", "--out", str(out), "--db", str(full.base))
    page = openpyxl.load_workbook(tmp_path / "quyet-dinh.xlsx").active
    assert {c.data_type for row in page.iter_rows() for c in row if c.value} == {"s"}
    table = Table(tmp_path / "quyet-dinh.csv")
    assert not [c for row in table.rows for c in row if c[:1] in "=+-@" and c]
    assert table.at(2, "ly_do").startswith("'=HYPERLINK")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_new_and_changed_lines_become_entries_and_missing_ones_stay(full, tmp_path, kind, capsys):
    out = tmp_path / f"quyet-dinh.{kind}"
    cancu("decisions", "export", "--out", str(out), "--db", str(full.base), "--can-doi-chieu")
    table = Table(out)
    before = read_entries(full.journal)
    number = next(n for n, row in enumerate(table.rows) if table.at(n, "so") == "3")
    table.put(number, loai="hủy quyết định", ly_do="xem lại thì đúng", nguoi="Mai")
    accepted = next(n for n, row in enumerate(table.rows) if table.at(n, "so") == "2")
    table.put(accepted, ly_do="lý do mới")
    own = full.document("Kế hoạch số 90/KH-UBND")
    table.put(len(table.rows), loai="sửa thông tin", ma=own, muc="Trích yếu", noi_dung="về thủ tục", ly_do="thiếu")
    table.put(
        len(table.rows), loai="thêm căn cứ", muc="triển khai thực hiện", ly_do="theo mục 3", nguoi="Hoa",
        ma=full.rows("SELECT id FROM nhiem_vu WHERE ma = 'I.3'")[0][0],
        noi_dung="Quyết định số 77/QĐ-UBND ngày 01/02/2022 của UBND tỉnh Minh Họa",
    )  # fmt: skip
    del table.rows[1]
    table.save()
    cancu("decisions", "import", str(out), "--nguoi", "Lan", "--db", str(full.base), "--json")
    assert json.loads(capsys.readouterr().out) == {"new": 2, "changed": 2, "same": 3, "problems": []}
    after = read_entries(full.journal)
    assert after[: len(before)] == before
    told = {(e.kind, e.person, e.reason, e.supersedes) for e in after[len(before) :]}
    assert told == {
        ("hủy quyết định", "Mai", "xem lại thì đúng", 3), ("chấp nhận", "Lan", "lý do mới", 2),
        ("sửa thông tin", "Lan", "thiếu", None), ("thêm căn cứ", "Hoa", "theo mục 3", None),
    }  # fmt: skip
    assert full.build().to_review == 0
    assert full.rows("SELECT do_manh FROM nhiem_vu WHERE ma = 'I.3'") == [("trực tiếp",)]
    assert full.rows("SELECT trich_yeu FROM van_ban WHERE id = ?", own) == [("về thủ tục",)]
    assert full.citation("20/QĐ-UBND").row["van_ban"]
    # the same table once more: what it asked for is written already
    cancu("decisions", "import", str(out), "--nguoi", "Lan", "--db", str(full.base), "--json", status=1)
    again = json.loads(capsys.readouterr().out)
    assert (again["new"], again["changed"]) == (0, 0) and read_entries(full.journal) == after
    assert [p["reason"] for p in again["problems"]] == ["Trích yếu vẫn như hiện nay, không có gì để sửa."]
    # and a change to a line that somebody else has changed meanwhile
    table.put(accepted - 1, ly_do="lý do khác nữa")
    table.save()
    cancu("decisions", "import", str(out), "--nguoi", "Lan", "--db", str(full.base), "--json", status=1)
    told = json.loads(capsys.readouterr().out)["problems"]
    assert "chưa áp dụng" in told[0]["reason"] and told[0]["row"] == accepted
    held = [(e.number, e.kind) for e, _ in in_force(read_entries(full.journal))]
    assert held == [(e.number, e.kind) for e, _ in in_force(after)]


def test_what_waits_can_be_decided_in_the_table(kho, tmp_path, capsys):  # noqa: F811
    out = tmp_path / "quyet-dinh.xlsx"
    cancu("decisions", "export", "--out", str(out), "--db", str(kho.base), "--can-doi-chieu")
    table = Table(out)
    assert [table.at(n, "ve") for n in range(1, len(table.rows))] == ["Kế hoạch số 90/KH-UBND"]
    table.put(1, loai="Chọn văn bản", noi_dung="Kế hoạch số 90/KH-UBND ngày 10/11/2023 của UBND tỉnh Minh Họa",
              ly_do="theo bản gốc")  # fmt: skip
    table.save()
    cancu("decisions", "import", str(out), "--nguoi", "Lan", "--db", str(kho.base))
    kho.build()
    assert kho.citation("90/KH-UBND").row["van_ban"] == kho.citation("90/KH-UBND", "%6-kh%").row["van_ban"]
    capsys.readouterr()
    cancu("decisions", "list", "--db", str(kho.base))
    said = capsys.readouterr().out
    assert "1. " in said and "Lan" in said and "Là Kế hoạch số 90/KH-UBND [đang áp dụng]" in said


@pytest.mark.parametrize("typed", ["12/02/2023", "44969", "2023-02-12"])
def test_a_day_is_taken_as_excel_keeps_it(kho, tmp_path, typed):  # noqa: F811
    name = kho.document("Quyết định số 20/QĐ-UBND")
    out = tmp_path / "quyet-dinh.xlsx"
    cancu("decisions", "export", "--out", str(out), "--db", str(kho.base))
    table = Table(out)
    table.put(1, loai="sửa thông tin", ma=name, muc="ngày ban hành", noi_dung=typed, ly_do="bản gốc")
    table.save()
    cancu("decisions", "import", str(out), "--nguoi", "Lan", "--db", str(kho.base))
    kho.build()
    assert kho.rows("SELECT ngay_ban_hanh FROM van_ban WHERE id = ?", name) == [("2023-02-12",)]


WRONG = {
    "kind": ({"loai": "xóa"}, "Không có loại quyết định “xóa”"),
    "no reason": ({"loai": "bác bỏ", "ma": "{own}"}, "Hãy ghi lý do"),
    "no such thing": ({"loai": "chấp nhận", "ma": "không-có"}, "Kho hiện nay không có “không-có”"),
    "nothing": ({"loai": "chấp nhận"}, "Cột “Mã trong kho” để trống"),
    "wrong sort": ({"loai": "sửa thông tin", "ma": "{own}", "ly_do": "a"}, "không dùng được cho một lần viện dẫn"),
    "no document": ({"loai": "chọn văn bản", "ma": "{own}", "ly_do": "a"}, "Hãy chọn văn bản, hoặc ghi đủ"),
    "half a document": ({"loai": "chọn văn bản", "ma": "{own}", "ly_do": "a", "noi_dung": "Kế hoạch số 9/KH-UBND"},
                        "chưa đủ để nhận ra văn bản"),
    "foreign number": ({"so": "99", "loai": "chấp nhận", "ma": "{own}"}, "Không có quyết định số 99"),
    "no number": ({"so": "1a", "loai": "chấp nhận", "ma": "{own}"}, "phải là số của quyết định đã ghi"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_line_is_told_by_its_row_and_the_others_are_taken(kho, tmp_path, wrong):  # noqa: F811
    values, sentence = WRONG[wrong]
    own = kho.citation("90/KH-UBND").row["id"]
    out = tmp_path / "quyet-dinh.csv"
    cancu("decisions", "export", "--out", str(out), "--db", str(kho.base))
    table = Table(out)
    table.put(1, **{name: value.format(own=own) for name, value in values.items()})
    table.put(2, loai="bác bỏ", ma=kho.citation("20/QĐ-UBND").row["id"], ly_do="nhầm")
    table.save()
    with kho.open() as connection:
        report = take_back(out, kho.journal, connection, "Lan")
    assert [(p.row, sentence in p.sentence) for p in report.problems] == [(2, True)], report.problems
    assert [e.kind for e in read_entries(kho.journal)] == ["bác bỏ"]


def test_a_formula_is_not_taken(kho, tmp_path):  # noqa: F811
    out = tmp_path / "quyet-dinh.xlsx"
    cancu("decisions", "export", "--out", str(out), "--db", str(kho.base))
    table = Table(out)
    table.put(1, loai="chấp nhận", ma=kho.citation("90/KH-UBND").row["id"], ly_do="=1+1")
    table.save()
    with kho.open() as connection:
        report = take_back(out, kho.journal, connection, "Lan")
    assert "là công thức" in report.problems[0].sentence and read_entries(kho.journal) == ()


@pytest.mark.parametrize(("name", "content"), [
    ("a.xlsx", b"PK\x03\x04 rubbish"), ("a.xlsx", b""), ("a.csv", "cột,khác\n1,2\n".encode()),
    ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"EncryptedPackage".ljust(600, b"\0")), ("a.csv", b"\xff\xfe\x00"),
])  # fmt: skip
def test_what_is_no_table_is_refused(kho, tmp_path, name, content):  # noqa: F811
    path = tmp_path / name
    path.write_bytes(content)
    with kho.open() as connection, pytest.raises(TableError):
        take_back(path, kho.journal, connection, "Lan")
    cancu("decisions", "import", str(path), "--nguoi", "Lan", "--db", str(kho.base), status=2)


def test_a_table_that_is_not_there_is_told(kho, tmp_path, capsys):  # noqa: F811
    cancu("decisions", "import", str(tmp_path / "x.csv"), "--nguoi", "Lan", "--db", str(kho.base), status=2)
    cancu("decisions", "import", str(tmp_path / "x.csv"), "--nguoi", " ", "--db", str(kho.base), status=2)
    cancu("decisions", "export", "--out", str(tmp_path / "x.pdf"), "--db", str(kho.base), status=2)
    cancu("decisions", "export", "--out", str(tmp_path / "không" / "x.csv"), "--db", str(kho.base), status=2)
    cancu("decisions", "export", "--out", str(tmp_path / "x.csv"), "--db", str(tmp_path / "không.db"), status=2)
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 5 and all(line.endswith((".", "tệp đang mở.")) for line in said), said


def test_cells_keep_their_line_breaks_and_blanks(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["một\nhai", None, 3, " x "])
    book.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx") == [(1, ["một\nhai", "", "3", " x "])]


def test_a_damaged_journal_is_restored_by_the_command(full, capsys):
    full.build()
    whole = read_entries(full.journal)
    cancu("decisions", "restore", "--db", str(full.base))
    assert "còn nguyên" in capsys.readouterr().err
    full.journal.write_bytes(full.journal.read_bytes()[:5000])
    cancu("decisions", "list", "--db", str(full.base), status=2)
    assert "đã hỏng" in capsys.readouterr().err
    cancu("decisions", "restore", "--db", str(full.base))
    assert f"với {len(whole)} quyết định. Tệp hỏng được giữ ở “kho.quyet-dinh.db.hong-" in capsys.readouterr().err
    assert read_entries(full.journal) == whole


def test_two_journals_meet_and_what_differs_is_told(full, tmp_path):
    other = Kho(tmp_path / "máy khác")
    other.decide(other.citation("20/QĐ-UBND"), ACCEPT)
    out = tmp_path / "quyet-dinh.csv"
    cancu("decisions", "export", "--out", str(out), "--db", str(full.base))
    other.build()
    with other.open() as connection:
        report = take_back(out, other.journal, connection, "Lan")
    assert len(report.problems) == 1 and "đã có quyết định khác về chỗ này (số 1)" in report.problems[0].sentence
    held = [e.kind for e, _ in in_force(read_entries(other.journal)) if "20/q" in e.subject]
    assert held == [ACCEPT]
