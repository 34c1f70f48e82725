"""Packed files whose members are named strangely: by case, by strokes the wrong way, or not at all."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from making import zipped

from benchmarks import papers
from extract.read import read_bytes
from extract.read.archive import list_members
from extract.read.package_names import part_inside, part_key, parts_of
from graph.register.sheets import read_sheets


def with_a_nameless_member(data: bytes) -> bytes:
    """The same packed file with one member more, of which the directory at its end has no name."""
    made = io.BytesIO(data)
    with zipfile.ZipFile(made, "a") as packed:
        packed.writestr("x", "chữ")
    raw = bytearray(made.getvalue())
    entry = raw.rfind(b"PK\x01\x02")
    raw[entry + 28 : entry + 30] = bytes(2)
    del raw[entry + 46]
    end = raw.rfind(b"PK\x05\x06")
    raw[end + 12 : end + 16] = (int.from_bytes(raw[end + 12 : end + 16], "little") - 1).to_bytes(4, "little")
    assert zipfile.ZipFile(io.BytesIO(raw)).infolist()[-1].filename == ""
    return bytes(raw)


def test_a_member_without_name_is_no_part():
    members = zipfile.ZipFile(io.BytesIO(with_a_nameless_member(zipped({"word/A.xml": "", "word/": ""})))).infolist()
    assert list(parts_of(members)) == ["word/a.xml"]


def test_files_with_a_member_without_name_are_read(tmp_path):
    words = "Kế hoạch số 1/KH-UBND"
    assert words in read_bytes(with_a_nameless_member(papers.docx(words)), "a.docx").text
    inner = with_a_nameless_member(zipped({"a.txt": words}))
    assert [member.name for member in list_members(io.BytesIO(inner), "a.zip")] == ["a.txt"]
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.active.append([words])
    book.save(made)
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_a_nameless_member(made.getvalue()))
    assert words in str(list(read_sheets(path)))


@pytest.mark.parametrize(("folder", "target", "part"), [
    ("word", "media/a.png", "word/media/a.png"), ("word", "/word/a.xml", "word/a.xml"), ("a/b", "../c.xml", "a/c.xml"),
    ("", "./a.xml", "a.xml"), ("word", "..\\..\\a.xml", "a.xml"),
])  # fmt: skip
def test_where_a_link_leads(folder, target, part):
    assert part_inside(folder, target) == part


def test_the_key_of_a_part():
    assert part_key("\\Word\\Document.XML") == part_key("/word/document.xml") == "word/document.xml"
