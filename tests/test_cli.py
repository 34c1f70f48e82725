"""The command as its users meet it: what it prints, where, and with which exit status."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ENV = {**os.environ, "PYTHONUTF8": "1"}


def cancu(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from publish.cli import main; main()", *arguments],
        cwd=cwd, env=ENV, capture_output=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


@pytest.fixture
def home(tmp_path, plan_path) -> Path:
    """A folder of a user: a corpus with the real plan."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "ke-hoach.md").write_bytes(plan_path.read_bytes())
    return tmp_path


@pytest.fixture
def built(home) -> Path:
    assert cancu("build", cwd=home).returncode == 0
    return home


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit status 2, nothing on stdout, a Vietnamese sentence on stderr, no traceback."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_build_says_what_it_found(home):
    done = cancu("build", cwd=home)
    assert done.returncode == 0
    assert done.stdout == ""
    assert "Nhiệm vụ: 44" in done.stderr and "Viện dẫn: 37" in done.stderr
    assert "đã xác định 36, nhiều khả năng 0, chưa xác định 1" in done.stderr
    assert "Không có gì thay đổi" in cancu("build", cwd=home).stderr


def test_build_json(home):
    values = json.loads(cancu("build", "--json", cwd=home).stdout)
    assert (values["documents"], values["tasks"], values["unresolved"]) == (1, 44, 1)


def test_extract_prints_the_contract(home):
    done = cancu("extract", "corpus/ke-hoach.md", cwd=home)
    facts = json.loads(done.stdout)
    assert done.returncode == 0
    assert facts["format"] == "cancu/1"
    assert set(facts) >= {
        "document",
        "text",
        "units",
        "citations",
        "works",
        "references",
        "documents",
        "relations",
        "findings",
    }


def test_trace_a_resolution(built):
    done = cancu("trace", "08-NQ/TU", cwd=built)
    assert done.returncode == 0
    assert "Nhiệm vụ dựa vào văn bản này: 1" in done.stdout
    assert "II.1.3.1" in done.stdout and "2502/KH-UBND" in done.stdout
    values = json.loads(cancu("trace", "08-NQ/TU", "--json", cwd=built).stdout)
    (task,) = values["tasks"]
    assert task["code"] == "II.1.3.1"
    assert [[hop["target"]["number"] for hop in chain] for chain in task["chains"]] == [["2502/KH-UBND", "08-NQ/TU"]]
    assert all(hop["sentence"] for chain in task["chains"] for hop in chain)


def test_trace_a_task(built):
    done = cancu("trace", "II.2.2.3", cwd=built)
    assert done.returncode == 0
    assert "52-NQ/TW" in done.stdout
    values = json.loads(cancu("trace", "II.2.2.3", "--json", cwd=built).stdout)
    assert values["highest"]["number"] == "52-NQ/TW"


def test_a_reader_that_went_away_is_no_error(built):
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [sys.executable, "-c", "from publish.cli import main; main()", "trace", "08-NQ/TU"],
        cwd=built, env=ENV, stdout=write_end, stderr=subprocess.PIPE, encoding="utf-8", timeout=120,
    )  # fmt: skip
    os.close(write_end)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_is_vietnamese(home):
    for arguments in (
        ["--help"],
        ["build", "--help"],
        ["trace", "--help"],
        ["export", "--help"],
        ["draw", "--help"],
        ["serve", "--help"],
    ):
        done = cancu(*arguments, cwd=home)
        assert done.returncode == 0
        for english in ("Usage", "Options", "Commands", "Show this", "default:", "required"):
            assert english not in done.stdout, (arguments, english)


# --- bad input -------------------------------------------------------------------------------------


def test_missing_file(home):
    refused(cancu("extract", "không-có.md", cwd=home), "Không tìm thấy tệp")
    refused(cancu("build", "không-có", cwd=home), "Không tìm thấy")


def test_folder_without_documents(home):
    (home / "trống").mkdir()
    refused(cancu("build", "trống", cwd=home), "không có văn bản nào đọc được")
    refused(cancu("extract", "trống", cwd=home), "là thư mục")


@pytest.mark.parametrize(("content", "words"), [
    (b"", "không có nội dung"),
    (b"\xef\xbb\xbf \n\n", "không có nội dung"),
    (b"\x7fELF\x00\x01\x02", "tệp nhị phân"),
    ("Kế hoạch số 12/KH-UBND".encode("cp1258", "replace") + b"\xd2", "không dùng bảng mã UTF-8"),
    (b"\xff\xfe\x00\xd8\x00", "UTF-16"),
])  # fmt: skip
def test_files_that_are_no_text(home, content, words):
    (home / "xấu.txt").write_bytes(content)
    refused(cancu("extract", "xấu.txt", cwd=home), words)


def test_unknown_format(home):
    (home / "kế hoạch.xyz").write_bytes(b"abc")
    refused(cancu("extract", "kế hoạch.xyz", cwd=home), "Chưa đọc được tệp")


def test_unknown_and_ambiguous_numbers(built):
    refused(cancu("trace", "08-NQ/TX", cwd=built), "Không tìm thấy", "Gần nhất", "08-NQ/TU")
    refused(cancu("trace", "khoa học", cwd=built), "có thể là nhiều văn bản")
    refused(cancu("trace", "@@@", cwd=built), "Không tìm thấy")


def test_no_base_yet(home):
    refused(cancu("trace", "08-NQ/TU", cwd=home), "cancu build")


def test_a_base_that_is_none(home):
    (home / "cancu.db").write_bytes(b"khong phai" * 500)
    refused(cancu("trace", "08-NQ/TU", cwd=home), "không phải cơ sở dữ liệu")


def test_a_locked_base(built):
    before = (built / "cancu.db").read_bytes()
    with closing(sqlite3.connect(built / "cancu.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused(cancu("trace", "08-NQ/TU", cwd=built), "đang bị chương trình khác khóa")
        refused(cancu("build", cwd=built), "đang bị chương trình khác khóa")
    assert (built / "cancu.db").read_bytes() == before


def test_a_read_only_base(built, plan_path):
    (built / "cancu.db").chmod(0o444)
    assert cancu("trace", "08-NQ/TU", cwd=built).returncode == 0
    (built / "corpus" / "thêm.md").write_text("KẾ HOẠCH\n\nI. NỘI DUNG\n\n- Việc.\n", encoding="utf-8")
    before = (built / "cancu.db").read_bytes()
    refused(cancu("build", cwd=built), "chỉ cho đọc")
    assert (built / "cancu.db").read_bytes() == before


def test_a_folder_that_is_not_there(home):
    refused(cancu("build", "--db", "nơi/nào/đó.db", cwd=home), "Không có thư mục")
    refused(cancu("build", "--db", "corpus", cwd=home), "là thư mục")


def test_a_port_in_use(built):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(cancu("serve", "--port", str(port), cwd=built), "Cổng", str(port), "--port")


@pytest.mark.parametrize(("arguments", "words"), [
    (["trace"], "Thiếu tham số"),
    (["nói"], "Không có lệnh"),
    (["build", "--nhanh"], "Không có tùy chọn"),
    (["serve", "--port", "abc"], "không phải số nguyên"),
    (["serve", "--port", "99999999"], "nằm ngoài khoảng"),
    (["extract", "a", "b"], "Thừa tham số"),
    (["export", "--db"], "cần một giá trị"),
])  # fmt: skip
def test_bad_usage(home, arguments, words):
    refused(cancu(*arguments, cwd=home), words)


# --- files out -------------------------------------------------------------------------------------


def test_the_drawing_of_a_task_goes_to_the_top_of_its_chain(built):
    done = cancu("draw", "II.2.2.3", "--out", "chuoi.svg", cwd=built)
    assert done.returncode == 0 and "52-NQ/TW" in (built / "chuoi.svg").read_text(encoding="utf-8")
    done = cancu("draw", "II.2.2.3", "--out", "gan.svg", "--buoc", "1", cwd=built)
    assert done.returncode == 0 and "1341/KH-UBND" in (built / "gan.svg").read_text(encoding="utf-8")


def test_export_and_draw(built):
    for name in ("chuỗi.docx", "chuỗi.xlsx", "đồ thị.graphml", "đồ thị.jsonld"):
        done = cancu("export", "08-NQ/TU", "--out", name, cwd=built)
        assert done.returncode == 0, done.stderr
        assert (built / name).stat().st_size > 500
    done = cancu("export", "--format", "csv", "--out", "bảng", cwd=built)
    assert done.returncode == 0, done.stderr
    assert (built / "bảng" / "van_ban.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    done = cancu("draw", "--out", "so-do.html", cwd=built)
    assert done.returncode == 0, done.stderr
    assert "<html" in (built / "so-do.html").read_text(encoding="utf-8")


def test_export_refusals(built):
    refused(cancu("export", "--out", "a.xyz", cwd=built), "xyz")
    refused(cancu("export", "--out", "a.docx", cwd=built), "nhiệm vụ")
    refused(cancu("export", "08-NQ/TU", "--out", "không/có/a.docx", cwd=built), "Không ghi được")
    refused(
        cancu("export", "08-NQ/TU", "--out", "a.docx", "--tai-ngay", "31/02/2024", cwd=built), "không phải ngày hợp lệ"
    )
