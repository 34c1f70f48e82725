"""One folder of many files, as a department keeps them, built by the real command: the good are read and linked, each
bad one is a row that says why and what to do, and no file brings the command or the machine down."""

from __future__ import annotations

import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import textwrap
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from making import fill, ole, plan, rows, zipped
from old_encodings import to_cp1258, to_tcvn3

from benchmarks import papers
from extract.read import office
from extract.read.intake import MAX_BYTES
from extract.read.limits import MEBIBYTE
from extract.read.pdf import MAX_PAGES

MOST_MEMORY = 1024 * MEBIBYTE
ROOT = "kho văn bản"

READER = """
import sys, time, types
import extract.read as room
from extract.read import child, ocr, pdf

ocr.find = lambda: None  # as on a machine without a recogniser

def read(data, name):
    if b"%TREO" in data:
        time.sleep(600)
    return pdf.read(data, name)

module = types.ModuleType("extract.read.test_hook")
module.read = read
sys.modules[module.__name__] = module
module.__spec__ = types.SimpleNamespace(name=module.__name__)
room.FORMATS["pdf"] = module.__name__
child.main()
"""
"""The reader process as it is, except that it has no recogniser, and that a PDF with a mark in it hangs."""

COMMAND = """
import sys
from extract.read import child
child.COMMAND = (sys.executable, "-P", "-c", {reader!r})
from publish.cli import main
main()
"""
MEASURED = """
import resource, subprocess, sys
status = subprocess.run([sys.executable, "-c", {command!r}, *sys.argv[1:]]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""
"""The command as a child: what it and its own children used at most is told after it."""


@dataclass(frozen=True, slots=True)
class Built:
    """One run of the command: exit status, what it said, and the largest resident size (bytes; 0 when not known)."""

    status: int
    said: str
    peak: int


def cancu_build(home: Path, *options: str) -> Built:
    command = COMMAND.format(reader=textwrap.dedent(READER))
    measured = sys.platform == "linux"
    code = MEASURED.format(command=command) if measured else command
    done = subprocess.run(
        [sys.executable, "-c", code, "build", ROOT, *options],
        cwd=home, env={**os.environ, "PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8", timeout=600,
    )  # fmt: skip
    return Built(done.returncode, done.stdout + done.stderr, int(done.stdout.split()[-1]) * 1024 if measured else 0)


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def long_pdf(pages: int, n: int) -> bytes:
    """A plan on the first page, and a task of its own on each further one, below where running heads stand."""
    tasks = (["", "", "", f"- Rà soát hồ sơ thứ {k}."] for k in range(2, pages + 1))
    return papers.pdf([lines(plan(n, n + 1)), *tasks])


def png() -> bytes:
    """A picture of one grey point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return papers.package(
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "ha">{entities}]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>"
    )


def next_plan(n: int) -> str:
    """Plan ``n`` of the folder, which carries out the next one."""
    return plan(n, n + 1)


def noise(length: int) -> bytes:
    """Bytes without any order, the same each time."""
    state, out = 1, bytearray()
    for _ in range(length):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        out.append(state >> 16 & 0xFF)
    return bytes(out)


def good() -> dict[str, bytes | str]:
    """Files by name, in the order of the numbers of their plans, from 1."""
    n = iter(range(1, 100))
    found: dict[str, bytes | str] = {
        "a.docx": papers.docx(next_plan(next(n))),
        "b.pdf": papers.pdf([lines(next_plan(next(n)))]),
        "c.html": papers.html(next_plan(next(n))),
        "d.rtf": papers.rtf(next_plan(next(n))),
        "e.txt": next_plan(next(n)),
        "f.md": next_plan(next(n)),
        "mã utf-16.txt": next_plan(next(n)).encode("utf-16"),
        "mã utf-8 có dấu đầu tệp.txt": "\ufeff" + next_plan(next(n)),
        "mã cp1258.txt": to_cp1258(next_plan(next(n))),
        "mã tcvn3.txt": to_tcvn3(next_plan(next(n))).encode("cp1252"),
        "thư mục con/cấp hai/Kế hoạch số 11 (bản sửa, lần 2).docx": papers.docx(next_plan(next(n))),
        "CHỮ HOA.DOCX": papers.docx(next_plan(next(n))),
        "pdf mang tên.docx": papers.pdf([lines(next_plan(next(n)))]),
        "không đuôi": next_plan(next(n)),
        f"{MAX_PAGES} trang.pdf": long_pdf(MAX_PAGES, next(n)),
    }  # fmt: skip
    packed = zipped(
        {
            "thư mục/g.docx": papers.docx(next_plan(next(n))),
            "h.pdf": papers.pdf([lines(next_plan(next(n)))]),
            "trong.zip": zipped({"i.txt": next_plan(next(n))}),
        }
    )
    found["kho.zip"] = packed
    return found


MEMBERS = ("kho.zip › thư mục › g.docx", "kho.zip › h.pdf", "kho.zip › trong.zip › i.txt")


def bad() -> dict[str, tuple[bytes | str, str, str]]:
    """Files by name, each with words of the reason and words of the advice."""
    whole_docx, whole_pdf = papers.docx(plan(90)), papers.pdf([lines(plan(91))] * 3)
    return {
        "rỗng.txt": ("", "không có nội dung", "kiểm tra lại"),
        "trắng.docx": (" \r\n\t ", "không có nội dung", "kiểm tra lại"),
        "docx không chữ.docx": (papers.docx(""), "không có chữ nào", "bản PDF hoặc bản có chữ"),
        "cụt.docx": (whole_docx[: len(whole_docx) // 2], "cắt cụt", "sao chép lại"),
        "cụt.pdf": (whole_pdf[:200], "hỏng", "tải lại"),
        "cụt.zip": (zipped({"a.txt": plan(92)})[:-30], "cắt cụt", "sao chép lại"),
        "khóa.docx": (ole("EncryptedPackage"), "mật khẩu", "bỏ mật khẩu"),
        "khóa.doc": (ole("WordDocument", flags=1), "mật khẩu", "bỏ mật khẩu"),
        "khóa.pdf": (papers.pdf([lines(plan(93))], locked=True), "mật khẩu", "bỏ mật khẩu"),
        "bom.docx": (papers.package(b" " * (30 * MEBIBYTE)), "quá lớn", "lưu lại nếu tệp đáng tin"),
        "cười.docx": (laughs(), "DOCTYPE", "lưu lại nếu tệp đáng tin"),
        f"{MAX_PAGES + 1} trang.pdf": (long_pdf(MAX_PAGES + 1, 94), f"quá {MAX_PAGES} trang", "tách"),
        "ảnh mang tên.pdf": (png(), "là ảnh", "bản Word"),
        "ngẫu nhiên.txt": (noise(5000), "nhị phân", "chọn tệp"),
        "lộn xộn.txt": (noise(5000).replace(b"\0", b""), "UTF-8", "lưu lại với mã hóa UTF-8"),
        "quét.pdf": (papers.scan(papers.pdf([lines(plan(95))]), dots=50), "chỉ có ảnh quét", "nhận dạng chữ"),
        "bảng tính.xlsx": (zipped({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "Excel", ".docx"),
        "bảng tính cũ.xls": (ole("Workbook"), "chưa đọc được định dạng này", ".docx"),
        "văn bản mở.odt": (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}), "OpenDocument", ".docx",
        ),
        "nén.rar": (b"Rar!\x1a\x07\x00" + noise(50), ".rar", "giải nén"),
        "đuôi lạ.xyz": ("abc", "không biết định dạng .xyz", ".docx"),
        "html sâu.html": ("<html><body>" + "<div>" * 3000 + "x", "bất thường", "lưu thành .docx"),
    }  # fmt: skip


BOMB = ("bom nén.zip", "bom nén.zip › to.txt")
"""A zip is a folder: its members are told, not itself."""
PASSED_OVER = {"~$kế hoạch.docx": "x", "Thumbs.db": "x", ".ẩn.txt": plan(96), ".git/a.txt": plan(97)}
"""What systems and word processors leave behind is no file of the user's, and no row either."""


@pytest.fixture(scope="module")
def doc() -> bytes:
    """A .doc as Word 97 wrote it, where there is a program that writes one; else nothing."""
    return papers.by_office(papers.docx(next_plan(19)), "docx", "doc") if office.soffice() else b""


@dataclass(frozen=True, slots=True)
class House:
    """A folder that was built: its home, the run, and what should have become of its files."""

    home: Path
    built: Built
    read: frozenset[str]
    refused: dict[str, tuple[str, str]]

    @property
    def base(self) -> Path:
        return self.home / "cancu.db"


@pytest.fixture(scope="module")
def house(tmp_path_factory, doc) -> Iterator[House]:
    home = tmp_path_factory.mktemp("nha")
    folder = home / ROOT
    right, wrong = good(), bad()
    if doc:
        right["word 97.doc"] = doc
    fill(folder, right | {name: content for name, (content, _, _) in wrong.items()} | PASSED_OVER)
    fill(folder, {BOMB[0]: zipped({"to.txt": b"a" * (4 * MEBIBYTE)}), "bản sao của e.txt": right["e.txt"]})
    with (folder / "quá lớn.txt").open("wb") as handle:
        handle.truncate(MAX_BYTES + 1)
    refused = {name: (reason, advice) for name, (_, reason, advice) in wrong.items()} | {
        BOMB[1]: ("bom nén", "giải nén"),
        "quá lớn.txt": ("quá lớn", "tách"),
        "e.txt": ("giống hệt", "bỏ bớt"),
    }
    if sys.platform != "win32":
        refused |= unlike_windows(home, folder)
    read = (frozenset(right) - {"kho.zip", "e.txt"}) | {*MEMBERS, "bản sao của e.txt"}
    yield House(home, cancu_build(home), read, refused)
    if (folder / "cấm vào").exists():  # else nobody can clean up
        (folder / "cấm vào").chmod(0o700)


def unlike_windows(home: Path, folder: Path) -> dict[str, tuple[str, str]]:
    """Links, a pipe, a file that may not be read, a name that is no text."""
    (home / "ngoài.txt").write_text(plan(98), encoding="utf-8")
    (folder / "liên kết ra ngoài.txt").symlink_to(home / "ngoài.txt")
    (folder / "liên kết vào trong.txt").symlink_to(folder / "f.md")
    (folder / "liên kết cụt.txt").symlink_to(folder / "không còn.txt")
    (folder / "liên kết vòng.txt").symlink_to(folder / "liên kết vòng.txt")
    (folder / "vòng").symlink_to(folder)
    os.mkfifo(folder / "ống.txt")
    told = {
        "liên kết ra ngoài.txt": ("ra ngoài thư mục", "chép chính văn bản"),
        "liên kết cụt.txt": ("không còn", "liên kết"),
        "liên kết vòng.txt": ("không còn", "liên kết"),
        "ống.txt": ("tệp đặc biệt", "bỏ tệp này"),
    }
    fill(folder, {"cấm đọc.txt": plan(99), "cấm đọc.docx": papers.docx(plan(99)), "cấm vào/a.txt": plan(99)})
    for closed in (folder / "cấm đọc.txt", folder / "cấm đọc.docx", folder / "cấm vào"):
        closed.chmod(0)
        if not os.access(closed, os.R_OK):
            told[closed.name] = ("chưa có quyền đọc", "xin quyền đọc")
        elif closed.is_dir():  # the superuser reads everything
            shutil.rmtree(closed)
        else:
            closed.unlink()
    return told


def shown(name: str) -> str:
    return f"{ROOT}/{name}"


def test_the_folder_is_as_large_as_it_says(house):
    files = [path for path in (house.home / ROOT).rglob("*") if not path.is_dir() or path.is_symlink()]
    assert len(files) >= 30 and len(house.read) >= 15 and len(house.refused) >= 20


def test_the_command_ends_in_peace(house):
    assert house.built.status == 0, house.built.said
    assert "Traceback" not in house.built.said and "Error" not in house.built.said
    assert f"Văn bản trong kho: {len(house.read)} " in house.built.said
    assert f"Bỏ qua {len(house.refused)} tệp" in house.built.said


def test_every_good_file_is_a_document(house):
    read = {path for (path,) in rows(house.base, "SELECT duong_dan FROM tep")}
    assert read == {shown(name) for name in house.read}
    numbers = {n for (n,) in rows(house.base, "SELECT so_ky_hieu FROM van_ban WHERE trong_kho = 1")}
    assert numbers == {f"{n}/KH-UBND" for n in range(1, len(house.read) + 1)}


def test_every_good_file_leads_to_the_next(house):
    """Plan n carries out plan n + 1, in whatever format either was: the citation is one with the document."""
    found = rows(
        house.base,
        "SELECT DISTINCT f.so_ky_hieu, t.so_ky_hieu, q.quan_he, t.trong_kho FROM trich_dan q "
        "JOIN van_ban f ON f.id = q.van_ban_nguon JOIN van_ban t ON t.id = q.van_ban WHERE q.la_so_cua_minh = 0",
    )
    last = len(house.read)
    assert {(a, b) for a, b, _, _ in found} == {(f"{n}/KH-UBND", f"{n + 1}/KH-UBND") for n in range(1, last + 1)}
    assert {relation for _, _, relation, _ in found} == {"implements"}
    assert [a for a, _, _, inside in found if not inside] == [f"{last}/KH-UBND"]


def test_the_long_file_is_read_to_its_end(house):
    ((text,),) = rows(
        house.base, "SELECT noi_dung FROM tep WHERE duong_dan = ?", shown(f"{MAX_PAGES} trang.pdf")
    )  # fmt: skip
    assert text.count("Rà soát hồ sơ thứ") == MAX_PAGES - 1
    assert text.endswith(f"thứ {MAX_PAGES}.")


def test_every_bad_file_is_told_with_what_to_do(house):
    told = {
        path: (reason, advice)
        for path, reason, advice in rows(house.base, "SELECT duong_dan, ly_do, viec_can_lam FROM tep_khong_doc")
    }
    assert set(told) == {shown(name) for name in house.refused}
    for name, (reason, advice) in house.refused.items():
        said, todo = told[shown(name)]
        assert reason in said, (name, said)
        assert todo.startswith("Hãy ") and advice in todo, (name, todo)
        assert said in house.built.said and todo in house.built.said, name


def test_notes_tell_what_was_converted(house):
    notes = dict(rows(house.base, "SELECT duong_dan, ghi_chu FROM tep"))
    assert "đã đọc theo nội dung" in notes[shown("pdf mang tên.docx")]
    assert "1258" in notes[shown("mã cp1258.txt")]
    assert "TCVN3" in notes[shown("mã tcvn3.txt")]
    assert notes[shown("f.md")] == ""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count it otherwise")
def test_neither_the_command_nor_a_reader_takes_a_gigabyte(house):
    assert 10 * MEBIBYTE < house.built.peak <= MOST_MEMORY


def test_a_file_that_hangs_is_given_up_and_the_rest_is_kept(house):
    """After the first run: only the new file is waited for."""
    before = {path for (path,) in rows(house.base, "SELECT duong_dan FROM tep")}
    fill(house.home / ROOT, {"treo.pdf": papers.pdf([lines(plan(89))]) + b"%TREO\n"})
    built = cancu_build(house.home, "--giay", "2")
    assert built.status == 0 and "Traceback" not in built.said
    ((reason, advice),) = rows(
        house.base, "SELECT ly_do, viec_can_lam FROM tep_khong_doc WHERE duong_dan = ?", shown("treo.pdf")
    )  # fmt: skip
    assert "quá 2 giây" in reason and "--giay" in advice and advice.startswith("Hãy ")
    assert {path for (path,) in rows(house.base, "SELECT duong_dan FROM tep")} == before
    (house.home / ROOT / "treo.pdf").unlink()


def test_only_bad_files_end_with_two_and_no_base(tmp_path):
    fill(tmp_path / ROOT, {"rỗng.txt": "", "cụt.docx": papers.docx(plan(1))[:100]})
    built = cancu_build(tmp_path)
    assert built.status == 2 and "Traceback" not in built.said
    assert "Không đọc được văn bản nào" in built.said and "cụt.docx" in built.said
    assert not (tmp_path / "cancu.db").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_text(tmp_path):
    (tmp_path / ROOT).mkdir()
    for n, (name, content) in enumerate(
        ((b"t\xean.txt", b""), (b"t\xean.docx", papers.docx(plan(1))), (b"hai\nd.md", b""))
    ):
        Path(os.fsdecode(os.fsencode(tmp_path / ROOT) + b"/" + name)).write_bytes(content or plan(n).encode())
    built = cancu_build(tmp_path)
    assert built.status == 0 and "Traceback" not in built.said
    read = {path for (path,) in rows(tmp_path / "cancu.db", "SELECT duong_dan FROM tep")}
    assert read == {shown("t?n.txt"), shown("t?n.docx"), shown("hai\nd.md")}


def test_the_base_is_whole(house):
    with closing(sqlite3.connect(house.base)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
