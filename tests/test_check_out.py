"""The command ``cancu check`` on several files, its files for people and for machines, and its exit status."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date

import docx
import openpyxl
import pytest
from making import PLAN, fill
from test_cli import cancu, refused

from graph.decisions.entry import COVER, Draft, document_subject
from graph.decisions.journal import append
from graph.files import decisions_file
from publish.check_command import run

CLEAN = PLAN.format(n=1, cited=900)
WRONG = CLEAN.replace("ngày 05/02/2024 của", "ngày 35/02/2024 của")
TO_COMPARE = CLEAN.replace("Kế hoạch số 900/KH-UBND", "Thông tư số 900/2024/TT-BTC").replace(
    "của UBND tỉnh Minh Họa về", "của Chính phủ về"
)

LIST = "Số ký hiệu,Ngày ban hành\n40/QĐ-UBND,06/03/2021\n"


def sarif_of(done) -> dict:
    return json.loads(done.stdout)["runs"][0]


# --- several files --------------------------------------------------------------------------------


def test_a_folder_is_read_file_by_file_and_a_bad_one_stops_none(tmp_path):
    fill(tmp_path / "c", {"a.md": WRONG, "b.md": CLEAN, "c.pdf": b"%PDF-1.4 broken", "d/e.md": WRONG})
    done = cancu("check", "c", cwd=tmp_path)
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line.startswith("===")] == [
        f"=== c/{name} ===" for name in ("a.md", "b.md", "d/e.md")
    ]
    assert "Đã soát 3 văn bản. Tổng cộng 2 phát hiện: bắt buộc sửa 2" in done.stdout
    assert "Không đọc được c/c.pdf: " in done.stderr and "Traceback" not in done.stderr


def test_how_far_it_is_is_told_of_several_files_on_stderr(tmp_path):
    fill(tmp_path / "c", {"a.md": CLEAN, "b.md": CLEAN})
    done = cancu("check", "c", "--json", cwd=tmp_path)
    assert "Đang đọc" in done.stderr and json.loads(done.stdout)["files"]
    assert "Đang đọc" not in cancu("check", "c/a.md", cwd=tmp_path).stderr
    seen: list[str] = []

    def told(paths):
        for path in paths:
            seen.append(path.name)
            yield path

    run([tmp_path / "c"], date(2026, 1, 1), progress=told)
    assert seen == ["a.md", "b.md"]


@pytest.mark.parametrize("named", [[], ["--db", "c/kho.db"]])
def test_a_base_in_the_folder_and_what_belongs_to_it_are_no_documents(tmp_path, named):
    fill(tmp_path / "c", {"a.md": CLEAN, "kho.db.cho/b.md": CLEAN, "lists.csv": LIST})
    assert cancu("register", "import", "c/lists.csv", "--db", "c/kho.db", cwd=tmp_path).returncode == 0
    (tmp_path / "c" / "lists.csv").unlink()
    assert cancu("build", "c/a.md", "--db", "c/kho.db", cwd=tmp_path).returncode == 0
    decided = Draft("Lan", COVER, document_subject("k"), "trách nhiệm", {"n": 1}, "vì")
    append(decisions_file(tmp_path / "c" / "kho.db"), decided)
    names = {path.name for path in (tmp_path / "c").iterdir()}
    assert {"kho.db", "kho.danh-muc.db", "kho.quyet-dinh.db", "kho.db.nho"} <= names
    done = cancu("check", "c", *named, cwd=tmp_path)
    assert done.stdout.count("===") == 2 and "Không đọc được" not in done.stderr


def test_lists_are_known_before_there_is_a_base_and_a_database_of_others_is_told(tmp_path):
    fill(tmp_path / "c", {"a.md": CLEAN, "lists.csv": LIST})
    assert cancu("register", "import", "c/lists.csv", "--db", "c/kho.db", cwd=tmp_path).returncode == 0
    (tmp_path / "c" / "lists.csv").unlink()
    assert "Không đọc được" not in cancu("check", "c", cwd=tmp_path).stderr
    with closing(sqlite3.connect(tmp_path / "c" / "anh.db")) as other:
        other.execute("CREATE TABLE anh (ten)")
        other.commit()
    assert "Không đọc được c/anh.db" in cancu("check", "c", cwd=tmp_path).stderr


def test_a_missing_path_is_told_and_the_others_are_read(tmp_path):
    fill(tmp_path, {"a.md": CLEAN})
    done = cancu("check", "a.md", "không-có.md", cwd=tmp_path)
    assert done.returncode == 0 and "Không tìm thấy “không-có.md”" in done.stderr and "=== a.md ===" in done.stdout
    assert cancu("check", "a.md", "a.md", cwd=tmp_path).stdout.count("=== a.md ===") == 1
    refused(cancu("check", "x.md", "y.md", cwd=tmp_path), "Không tìm thấy “x.md”")


def test_nothing_that_can_be_read_is_a_failure(tmp_path):
    fill(tmp_path / "c", {"a.pdf": b"%PDF-1.4 broken"})
    done = cancu("check", "c", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.strip()
    refused(cancu("check", cwd=tmp_path), "Thiếu tham số")


def test_data_of_several_files_name_each(tmp_path):
    fill(tmp_path / "c", {"a.md": WRONG, "b.md": WRONG, "c.pdf": b"%PDF-1.4 broken"})
    done = cancu("check", "c", "--json", cwd=tmp_path)
    values = json.loads(done.stdout)
    assert values["format"] == "cancu-check/1"
    assert [f["path"] for f in values["findings"]] == ["c/a.md", "c/b.md"]
    assert [f.get("findings", "error" in f) for f in values["files"]] == [1, 1, True]
    assert {"rule", "severity", "start", "end", "unit", "message", "found", "expected", "source"} <= set(
        values["findings"][0]
    )


# --- exit status ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "level", "status"),
    [
        (CLEAN, "biên tập", 0), (WRONG, "bắt buộc sửa", 1), (WRONG, "can doi chieu", 1),
        (CLEAN.replace("Kế hoạch số 900", "Kế hoạch 900"), "bắt buộc sửa", 0),
        (CLEAN.replace("Kế hoạch số 900", "Kế hoạch 900"), "cần đối chiếu", 0),
        (CLEAN.replace("Kế hoạch số 900", "Kế hoạch 900"), "Nên sửa", 1),
    ],
)  # fmt: skip
def test_the_status_goes_by_the_level_that_is_asked(tmp_path, text, level, status):
    fill(tmp_path, {"a.md": text})
    assert cancu("check", "a.md", "--muc", level, cwd=tmp_path).returncode == status


def test_wrong_use_is_told_in_vietnamese(tmp_path):
    fill(tmp_path, {"a.md": CLEAN})
    refused(cancu("check", "a.md", "--muc", "nặng", cwd=tmp_path), "Không có mức “nặng”")
    refused(cancu("check", "a.md", "--out", "a.odt", cwd=tmp_path), "Không rõ cần ghi dạng nào")
    refused(cancu("check", "a.md", "--json", "--sarif", cwd=tmp_path), "Chỉ in được một dạng")
    refused(cancu("check", "a.md", "--out", "không/a.docx", cwd=tmp_path), "Không ghi được")
    refused(cancu("check", "a.md", "--db", "không.db", cwd=tmp_path), "không.db")


# --- for people -----------------------------------------------------------------------------------


def test_the_slip_of_the_real_plan(plan_path, tmp_path):
    for name in ("phieu.docx", "phieu.xlsx"):
        done = cancu("check", str(plan_path), "--out", name, "--tai-ngay", "31/01/2024", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "") and f"Đã ghi {name}" in done.stderr
    word = docx.Document(str(tmp_path / "phieu.docx"))
    said = [p.text for p in word.paragraphs]
    assert said[:2] == ["PHIẾU RÀ SOÁT CĂN CỨ, VIỆN DẪN", "Kế hoạch hoạt động khoa học và công nghệ năm 2024"]
    assert "Tính đến ngày 31/01/2024." in said and any("SHA-256" in line for line in said)
    assert word.tables[0].rows[1].cells[0].text == "I. Bắt buộc sửa (8)"
    assert sum(row.cells[0].text.isdigit() for row in word.tables[0].rows) == 25
    header = word.sections[0].header.paragraphs[0]
    assert "PAGE" in header._p.xml and header.alignment == 1
    sheet = list(openpyxl.load_workbook(tmp_path / "phieu.xlsx").worksheets[0].iter_rows(values_only=True))
    quotes = [row[3] for row in sheet if str(row[1]).isdigit()]
    assert quotes == [r.cells[2].text for r in word.tables[0].rows if r.cells[0].text.isdigit()]


def test_the_slip_of_several_texts_tells_what_could_not_be_read(tmp_path):
    fill(tmp_path / "c", {"a.md": WRONG, "b.md": WRONG, "c.pdf": b"%PDF-1.4 broken"})
    assert cancu("check", "c", "--out", "p.docx", cwd=tmp_path).returncode == 1
    word = docx.Document(str(tmp_path / "p.docx"))
    assert any("Tệp không đọc được: c/c.pdf" in p.text for p in word.paragraphs)
    groups = [row.cells[0].text for row in word.tables[0].rows if row.cells[0].text == row.cells[-1].text]
    assert groups == [
        f"{n}. Kế hoạch số 1/KH-UBND (tệp c/{name}.md): bắt buộc sửa (1)" for n, name in (("I", "a"), ("II", "b"))
    ]
    assert not [cell.text for row in word.tables[0].rows for cell in row.cells if cell.text.startswith(("=", "+", "@"))]


def test_a_base_supplies_the_full_citation(plan_path, tmp_path):
    full = "Kế hoạch số 900/KH-UBND ngày 05/02/2024 của UBND tỉnh Minh Họa về cải cách hành chính"
    fill(tmp_path / "c", {"known.md": PLAN.format(n=7, cited=900)})
    fill(tmp_path, {"draft.md": CLEAN.replace(" về cải cách hành chính", "")})
    assert cancu("build", "c", "--db", "kho.db", cwd=tmp_path).returncode == 0
    done = cancu("check", "draft.md", "--db", "kho.db", "--json", "--out", "phieu.docx", cwd=tmp_path)
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["rule"], finding["expected"]) == ("missing-title-first-citation", full)
    said = "\n".join(p.text for p in docx.Document(str(tmp_path / "phieu.docx")).paragraphs)
    assert "mã dữ liệu" in said and "draft.md" in said
