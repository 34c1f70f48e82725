from __future__ import annotations

import importlib.util
import io
import os
import shutil
import signal
import subprocess
import sys
import time
import types
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from old_encodings import PLAN, to_tcvn3, to_vni

from extract.read import ReadError, Reading, doc, office, rtf

needs_soffice = pytest.mark.skipif(not office.soffice(), reason="LibreOffice is not installed")
needs_antiword = pytest.mark.skipif(not office.antiword(), reason="antiword is not installed")
needs_legacy_doc = pytest.mark.skipif(not importlib.util.find_spec("legacy_doc"), reason="extra [doc] is not installed")
needs_docx = pytest.mark.skipif(not importlib.util.find_spec("extract.read.docx"), reason="no reader of .docx")

FONTS = (
    r"{\fonttbl{\f0\froman\fcharset0 Times New Roman{\*\falt Tms;};}{\f1\fnil\fcharset0 .VnTime;}{\f2 VNI-Times;}"
    r"{\f3\fcharset163 Arial;}{\f4\fcharset2 Symbol;}{\f5\fcharset204 Times New Roman Cyr;}{\f6 .VnTimeH;}}"
)


def say(text: str) -> str:
    """Write a text as RTF does: one \\u a unit of UTF-16, with a sign for old readers."""
    units = text.encode("utf-16-le")
    numbers = [int.from_bytes(units[n : n + 2], "little", signed=True) for n in range(0, len(units), 2)]
    return "".join(
        chr(n) if 32 <= n < 127 and chr(n) not in "\\{}" else rf"\{chr(n)}" if 32 <= n < 127 else rf"\u{n}?"
        for n in numbers
    )


def file(body: str, head: str = r"{\rtf1\ansi\ansicpg1252\deff0") -> bytes:
    return f"{head}{FONTS}{body}}}".encode("latin-1")


def lines(body: str) -> list[str]:
    return rtf.read(file(body), "a.rtf").text.split("\n")


# --- RTF ------------------------------------------------------------------------------------------


def test_paragraphs():
    reading = rtf.read(file("".join(rf"\pard\qj {say(line)}\par" for line in PLAN.split("\n"))), "a.rtf")
    assert reading.text.split("\n") == [line for line in PLAN.split("\n") if line]
    assert [reading.text[b.start : b.end] for b in reading.blocks] == reading.text.split("\n")
    assert [b.place.paragraph for b in reading.blocks] == list(range(1, len(reading.blocks) + 1))
    assert reading.notes == ()


def test_characters():
    assert lines(r"\pard a\~b\_c\-d \{x\} \\ \ldblquote e\rdblquote\endash f\emdash\bullet\tab g\par") == [
        "a\u00a0b-cd {x} \\ “e”–f—•\tg"
    ]
    assert lines("S\r\n\u1ed1: mới".encode("utf-16-le").decode("latin-1")[:1] + r"\u7889 ?: m\u7899\'3fi\par") == [
        "Số: mới"
    ]
    assert lines(r"\uc2 \u7889\'61\'62x{\uc0\u7889 y}\u7889 abz\par") == ["ốxốyốz"]
    assert lines(r"\u-10179?\u-8704?\par") == ["😀"]
    assert lines(r"\u-10179?x\par") == ["\ufffdx"]


def test_code_pages():
    assert lines(r"{\f3 Vi\'ea\'f2t Nam}\par{\f5 \'c3\'ce\'d1\'d2}\par \'93a\'94\par") == ["Việt Nam", "ГОСТ", "“a”"]
    assert rtf.read(rb"{\rtf1\ansi\ansicpg1258 Vi\'ea\'f2t\par}", "a").text == "Việt"
    assert rtf.read(rb"{\rtf1\ansi\ansicpg99999 \'e9t\'e9\par}", "a").text == "été"


def test_old_fonts():
    body = (
        r"{\f1 Vi\'d6t Nam \'ae\-îc}\par{\f2 Vie\'e4t Na{\b m}}\par{\f6 c\'e9ng ho\'b5}\par " + say("Thường") + r"\par"
    )
    reading = rtf.read(file(body), "a.rtf")
    assert reading.text.split("\n") == ["Việt Nam được", "Việt Nam", "CỘNG HOÀ", "Thường"]
    assert "TCVN3 (ABC) và VNI" in reading.notes[0]


@pytest.mark.parametrize(("typed", "name"), [(to_tcvn3, "TCVN3"), (to_vni, "VNI")])
def test_old_fonts_by_content(typed, name):
    body = "".join(c if ord(c) < 128 else rf"\'{ord(c):02x}" for c in typed(PLAN)).replace("\n", r"\par ")
    reading = rtf.read(file(body), "a.rtf")
    assert reading.text.lower() == "\n".join(line for line in PLAN.lower().split("\n") if line)
    assert name in reading.notes[0]


def test_what_is_not_printed_is_not_read():
    body = (
        r"{\stylesheet{\s0 Normal;}}{\info{\title x}}{\header\pard Trang {\field{\*\fldinst PAGE}{\fldrslt 2}}\par}"
        r"{\*\generator x;}{\pict\pngblip 89504e47}{\pict\bin5 }}{{{}{\v x}{\deleted x}a{\*\bkmkstart b}"
        r"{\field{\*\fldinst HYPERLINK x}{\fldrslt b}}{\object{\*\objdata 0105}{\result c}}\par"
    )
    assert lines(body) == ["abc"]


def test_labels_of_lists():
    body = (
        r"\pard{\listtext\pard\plain 1.\tab}" + say("Việc") + r"\par{\pntext\f4\'b7\tab}" + say("Chấm")
        + r"\par{\listtext\f4\u-3913 ?\tab}x\par{\listtext}y\par"
    )  # fmt: skip
    assert lines(body) == ["1. Việc", "• Chấm", "• x", "y"]


def test_tables():
    body = (
        r"\pard a\par\trowd\cellx1\cellx2\pard\intbl B\cell C\cell\row\trowd\pard\intbl D\par E\cell\cell\row\pard f\par"
        r"\trowd\pard\intbl G\cell\row\pard\par"
    )
    reading = rtf.read(file(body), "a.rtf")
    assert {reading.text[b.start : b.end]: b.place[2:5] for b in reading.blocks} == {
        "a": (None, None, None), "B": (1, 1, 1), "C": (1, 1, 2), "D": (1, 2, 1), "E": (1, 2, 1),
        "f": (None, None, None), "G": (2, 1, 1),
    }  # fmt: skip


def test_footnotes_stand_at_the_end_and_text_boxes_before_their_paragraph():
    body = (
        r"\pard 126/2024/N\'d0-CP{\super\chftn{\footnote\pard\chftn m\'f4t\par hai\par}} c\'f2n\par"
        r" x{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt\pard D\'f9ng\par}}{\shprslt D\'f9ng}}y\par"
    )
    assert lines(body) == ["126/2024/NÐ-CP còn", "Dùng", "xy", "môt", "hai"]


def test_old_and_new_spelling_of_one_text():
    assert lines(r"{\upr{v}{\*\ud{\u7889 ?}}}\par") == ["ố"]


def test_groups_that_do_not_close():
    whole = rtf.read(file(r"\pard a\par b\par"), "a.rtf")
    cut = rtf.read(file(r"{\b{\i a\par b")[:-1], "a.rtf")
    assert whole.text == cut.text == "a\nb"
    assert whole.notes == ()
    assert "cụt" in cut.notes[0]
    assert rtf.read(b"{\\rtf1 a\\par}}}}} b", "a").text == "a"


@pytest.mark.parametrize("data", [b"{\\rtf1}", b"{\\rtf1 \\par\\par}", b"{\\rtf", b"{\\rtf1{\\info x}}"])
def test_rtf_without_text(data):
    with pytest.raises(ReadError, match="không có nội dung"):
        rtf.read(data, "a.rtf")


def test_what_is_no_rtf():
    with pytest.raises(ReadError, match="không phải là RTF"):
        rtf.read(b"abc", "a.rtf")


@pytest.mark.parametrize("body", [
    "{" * 500_000, "}" * 500_000, "{\\footnote" * 100_000, "{\\listtext a" * 100_000, "{\\shptxt\\par a" * 50_000,
    "{\\fonttbl" * 100_000, "{\\fonttbl\\f1 " + "\\'41" * 200_000 + "}" + "\\f1 \\'ae{\\b\\-}" * 20_000, "\\u8?" * 200_000, "\\bin9999999999 x", "\\bin-5 x", "\\" * 100_000, "\\uc999999999 \\u65 x",
    "\\'" * 100_000, "\\a" * 400_000, "{\\f1\\'ae" * 100_000, "\\cell" * 200_000, "\\row\\intbl" * 100_000,
    "\\u99999999999999999999", "\\f-3\\fcharset-1\\'e9\\par",
])  # fmt: skip
def test_hostile_rtf(body):
    reading = rtf.read(f"{{\\rtf1 dau\\par {body}".encode(), "a.rtf")
    assert reading.text.startswith("dau")


_WORDS = st.sampled_from(["{", "}", "\\par ", "\\cell ", "\\row ", "\\intbl ", "\\pard ", "\\footnote ", "\\listtext ", "\\shptxt ", "\\*", "\\upr ", "\\ud ", "\\u7889 ", "\\uc3 ", "\\'e9", "\\f1 ", "\\fonttbl ", "\\bin3 ", "a", "\\v ", "\\", " ", "\\u-10179 ", "\\shpinst "])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORDS, max_size=50).map("".join))
def test_any_rtf_is_read_or_refused(body):
    try:
        reading = rtf.read(f"{{\\rtf1 {body}".encode(), "a.rtf")
    except ReadError:
        return
    assert "\n".join(reading.text[b.start : b.end] for b in reading.blocks) == reading.text


# --- what a .doc really is ------------------------------------------------------------------------


@pytest.fixture()
def bare(monkeypatch):
    """A computer with no program that reads Word."""
    monkeypatch.setattr(office, "soffice", lambda: "")
    monkeypatch.setattr(office, "antiword", lambda: "")
    monkeypatch.setitem(sys.modules, "legacy_doc", None)


@pytest.fixture()
def docx_seen(monkeypatch):
    """A reader of .docx that keeps what it was given."""
    seen = []

    def read(data: bytes, name: str) -> Reading:
        seen.append(data)
        return Reading("văn bản", (), ("ghi chú",))

    module = types.ModuleType("extract.read.docx")
    module.read = read
    monkeypatch.setitem(sys.modules, "extract.read.docx", module)
    return seen


def ole(*streams: str, flags: int = 0) -> bytes:
    """The bytes that are looked at in a compound file: magic, names of streams, head of the document stream."""
    names = b"".join(name.encode("utf-16-le") + b"\0\0" for name in streams)
    head = b"\xec\xa5\xc1\x00" + bytes(6) + flags.to_bytes(2, "little") + bytes(500)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + head.ljust(512, b"\0") + names.ljust(512, b"\0")


def test_rtf_inside_a_doc(bare):
    reading = doc.read(file(r"S\u7903?\par"), "a.doc")
    assert reading.text == "Sở"
    assert "không qua LibreOffice" in reading.notes[0]


def test_html_inside_a_doc(bare):
    for page in (
        f"<html><p>{PLAN}</p></html>".encode(),
        f"\ufeff<!-- x -->\n<!DOCTYPE html><p>{PLAN}</p>".encode("utf-16"),
    ):
        reading = doc.read(page, "a.doc")
        assert "30/2020/NĐ-CP" in reading.text
        assert "HTML" in reading.notes[0]
    mhtml = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>a</p>\n--x--\n"
    assert doc.read(mhtml, "a.doc").text == "a"


def test_docx_inside_a_doc(bare, docx_seen):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as z:
        z.writestr("word/document.xml", "<x/>")
    reading = doc.read(packed.getvalue(), "a.doc")
    assert docx_seen == [packed.getvalue()]
    assert reading.notes == ("Tệp thực ra là .docx dù tên khác.", "ghi chú")


def test_plain_text_inside_a_doc(bare):
    reading = doc.read(PLAN.encode(), "a.doc")
    assert "30/2020/NĐ-CP" in reading.text
    assert "văn bản thuần" in reading.notes[-1]


def test_comments_without_end_do_not_hold_up_the_sniffing(bare):
    assert doc.kind_of(b"<!-- -->" * 500 + b"<x>") == "text"
    assert doc.kind_of(b"<!-- - -- -->\n <html>") == "html"


@pytest.mark.parametrize(("data", "words"), [
    (b"", "không có nội dung"),
    (bytes(600), "không có nội dung"),
    (b"\x7fELF" + bytes(600), "không phải văn bản Word"),
    (ole("Workbook"), "không phải văn bản Word"),
    (ole("EncryptedPackage"), "có mật khẩu"),
    (ole("WordDocument", flags=0x100), "có mật khẩu"),
    (ole("WordDocument"), "lưu thành .docx"),
])  # fmt: skip
def test_doc_that_cannot_be_read(bare, data, words):
    with pytest.raises(ReadError, match=words):
        doc.read(data, "a.doc")


def test_all_ways_are_tried_in_order(monkeypatch, docx_seen):
    tried = []

    def fails(way: str):
        def run(data: bytes, *rest: str) -> bytes:
            tried.append(way)
            raise office.OfficeError(way)

        return run

    package = types.ModuleType("legacy_doc")
    package.LegacyDocError = RuntimeError
    package.ExtractionOptions = lambda **_: None
    package.extract_text = lambda data, options: types.SimpleNamespace(text=to_tcvn3(PLAN))
    monkeypatch.setitem(sys.modules, "legacy_doc", package)
    monkeypatch.setattr(office, "to_docx", fails("soffice"))
    monkeypatch.setattr(office, "by_antiword", fails("antiword"))
    reading = doc.read(ole("WordDocument"), "a.doc")
    assert tried == ["soffice", "antiword"]
    assert "Căn cứ Nghị định số 30/2020/NĐ-CP" in reading.text
    assert "số tự động có thể mất" in reading.notes[0]
    assert "TCVN3" in reading.notes[1]
    monkeypatch.setattr(office, "by_antiword", lambda data: "\n1. Việc\n")
    assert "antiword" in doc.read(ole("WordDocument"), "a.doc").notes[0]
    monkeypatch.setattr(office, "to_docx", lambda data, suffix: b"PK")
    assert doc.read(ole("WordDocument"), "a.doc").text == "văn bản"
    assert docx_seen == [b"PK"]


def test_tables_that_antiword_draws(monkeypatch):
    drawn = (
        "\nKế hoạch\n"
        "|STT |Nội dung                   |Đơn vị  |\n"
        "|1   |Thực hiện Kế hoạch của tỉnh|Sở A    |\n"
        "|    |số 2502/KH-UBND            |        |\n"
        "|    |Đoạn hai                   |Sở B    |\n"
        "|2   |Tập huấn                   |Sở C    |\n"
        "\nHết\n-----------------------\n[1]Chú thích\n"
    )
    monkeypatch.setattr(office, "soffice", lambda: "")
    monkeypatch.setattr(office, "by_antiword", lambda data: drawn)
    reading = doc.read(ole("WordDocument"), "a.doc")
    assert [(reading.text[b.start : b.end], *b.place[2:5]) for b in reading.blocks] == [
        ("Kế hoạch", None, None, None), ("STT", 1, 1, 1), ("Nội dung", 1, 1, 2), ("Đơn vị", 1, 1, 3), ("1", 1, 2, 1),
        ("Thực hiện Kế hoạch của tỉnh số 2502/KH-UBND", 1, 2, 2), ("Đoạn hai", 1, 2, 2), ("Sở A", 1, 2, 3), ("Sở B", 1, 2, 3),
        ("2", 1, 3, 1), ("Tập huấn", 1, 3, 2), ("Sở C", 1, 3, 3), ("Hết", None, None, None),
        ("[1]Chú thích", None, None, None),
    ]  # fmt: skip


# --- real programs --------------------------------------------------------------------------------

_BODY = (
    "".join(rf"\pard {say(line)}\par" for line in PLAN.split("\n"))
    + r"\trowd\cellx3000\cellx6000\pard\intbl STT\cell " + say("Việc") + r"\cell\row\pard\par "
)  # fmt: skip


@pytest.fixture(scope="module")
def word_file(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("word")
    (folder / "a.rtf").write_bytes(file(_BODY))
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [office.soffice(), f"-env:UserInstallation={profile}", "--headless", "--convert-to", "doc:MS Word 97",
         "--outdir", str(folder), str(folder / "a.rtf")],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    return (folder / "a.doc").read_bytes()


@needs_soffice
def test_libreoffice_makes_docx(word_file, docx_seen):
    assert doc.kind_of(word_file) == "doc"
    reading = doc.read(word_file, "a.doc")
    assert "LibreOffice" in reading.notes[0]
    with zipfile.ZipFile(io.BytesIO(docx_seen[0])) as made:
        assert "30/2020/NĐ-CP" in made.read("word/document.xml").decode()


@needs_soffice
@needs_docx
def test_doc_and_rtf_end_to_end(word_file):
    for data, name in ((word_file, "a.doc"), (file(_BODY), "a.rtf")):
        reading = doc.read(data, name)
        assert [line for line in PLAN.split("\n") if line] == reading.text.split("\n")[:-2]
        assert reading.text.endswith("STT\nViệc")
        assert reading.blocks[-1].place.table == 1


@needs_soffice
@needs_antiword
def test_antiword(word_file, monkeypatch):
    monkeypatch.setattr(office, "soffice", lambda: "")
    reading = doc.read(word_file, "a.doc")
    assert "Căn cứ Nghị định số 30/2020/NĐ-CP" in reading.text
    assert "antiword" in reading.notes[0]


@needs_soffice
@needs_legacy_doc
def test_legacy_doc(word_file, monkeypatch):
    monkeypatch.setattr(office, "soffice", lambda: "")
    monkeypatch.setattr(office, "antiword", lambda: "")
    reading = doc.read(word_file, "a.doc")
    assert "Căn cứ Nghị định số 30/2020/NĐ-CP" in reading.text
    assert "legacy-doc" in reading.notes[0]


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_a_program_that_hangs_is_ended_with_its_children(tmp_path, monkeypatch):
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 300 &\necho $! > {tmp_path}/child\nwait\n")
    program.chmod(0o755)
    monkeypatch.setattr(office, "soffice", lambda: str(program))
    monkeypatch.setattr(office, "SECONDS", 1)
    with pytest.raises(office.OfficeError, match="took more than"):
        office.to_docx(b"x", "doc")
    child = int((tmp_path / "child").read_text())
    for _ in range(50):  # until the system has buried it
        if not _runs(child):
            break
        time.sleep(0.1)
    assert not _runs(child)


def _runs(process: int) -> bool:
    try:
        os.kill(process, signal.SIGCONT)
    except ProcessLookupError:
        return False
    status = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    ).stdout
    return bool(status.strip()) and "Z" not in status


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits")
def test_a_program_may_map_more_than_its_reader():
    tell = "import resource; print(resource.getrlimit(resource.RLIMIT_AS)[0] >> 20)"
    reader = (
        "import resource, sys; from extract.read import office\n"
        "resource.setrlimit(resource.RLIMIT_AS, (768 << 20, resource.getrlimit(resource.RLIMIT_AS)[1]))\n"
        f"said = office.run([sys.executable, '-c', {tell!r}], 60)\n"
        "print(int(said), resource.getrlimit(resource.RLIMIT_AS)[0] >> 20)"
    )
    said = subprocess.run([sys.executable, "-c", reader], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["2048", "768"]


def test_a_program_that_fails_or_is_none(monkeypatch):
    with pytest.raises(office.OfficeError, match="ended with 3"):
        office.run([sys.executable, "-c", "raise SystemExit(3)"], 60)
    with pytest.raises(office.OfficeError):
        office.run(["/không/có"], 5)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(office, "_PLACES", ())
    assert office.soffice() == office.antiword() == ""
    for job in (lambda: office.to_docx(b"x", "doc"), lambda: office.by_antiword(b"x")):
        with pytest.raises(office.OfficeError, match="not installed"):
            job()
