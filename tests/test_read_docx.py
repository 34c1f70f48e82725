"""Word files made here, part by part, are read as Word prints them; every file that is no document is refused in words."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import types
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.model import Place
from extract.pipeline import extract, extract_text
from extract.read import read_bytes, word_runs
from extract.read.docx import read
from extract.read.numbering import written
from extract.read.ooxml import Package
from extract.read.result import ReadError
from extract.read.symbols import bullet, sign

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = (
    f'xmlns:w="{MAIN}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
KINDS = ("styles", "numbering", "footnotes", "endnotes", "settings")


def package(body: str, main: str = "word/document.xml", **parts: str) -> bytes:
    """A .docx with ``body``; ``parts`` are what stands inside styles, numbering, footnotes …"""
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        + "".join(
            f'<Override PartName="/word/{kind}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
            for kind in parts
        )
        + "</Types>",
        "_rels/.rels": relationships({"officeDocument": main}),
        "word/_rels/document.xml.rels": relationships({kind: f"{kind}.xml" for kind in parts}),
        main: f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
    }
    for kind, inside in parts.items():
        name = "numbering" if kind == "numbering" else kind
        files[f"word/{kind}.xml"] = f"<w:{name} {NAMES}>{inside}</w:{name}>"
    return zipped(files)


def zipped(files: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def relationships(targets: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items(), 1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
    )


def t(text: str) -> str:
    return f'<w:t xml:space="preserve">{text}</w:t>'


def r(*inside: str, font: str = "", more: str = "") -> str:
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>' if font else ""
    return f"<w:r><w:rPr>{fonts}{more}</w:rPr>{''.join(i if i.startswith('<') else t(i) for i in inside)}</w:r>"


def p(*inside: str, list: int | None = None, level: int | None = None, style: str = "", mark: str = "") -> str:
    numbers = ""
    if list is not None or level is not None:
        numbers += "" if level is None else f'<w:ilvl w:val="{level}"/>'
        numbers += "" if list is None else f'<w:numId w:val="{list}"/>'
        numbers = f"<w:numPr>{numbers}</w:numPr>"
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties = f"<w:pPr>{named}{numbers}{f'<w:rPr>{mark}</w:rPr>' if mark else ''}</w:pPr>"
    return f"<w:p>{properties}{''.join(i if i.startswith('<') else r(i) for i in inside)}</w:p>"


def tc(*inside: str, more: str = "") -> str:
    return f"<w:tc><w:tcPr>{more}</w:tcPr>{''.join(i if i.startswith('<') else p(i) for i in inside)}</w:tc>"


def tr(*cells: str, more: str = "") -> str:
    return f"<w:tr><w:trPr>{more}</w:trPr>{''.join(c if c.startswith('<') else tc(c) for c in cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>{''.join(rows)}</w:tbl>"


def lvl(n: int, text: str, format: str = "decimal", start: int = 1, more: str = "", font: str = "") -> str:
    fonts = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr>' if font else ""
    return (
        f'<w:lvl w:ilvl="{n}"><w:start w:val="{start}"/><w:numFmt w:val="{format}"/>{more}'
        f'<w:lvlText w:val="{text}"/>{fonts}</w:lvl>'
    )


def abstract(id: int, *levels: str, link: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{id}"><w:multiLevelType w:val="multilevel"/>{link}{"".join(levels)}</w:abstractNum>'


def num(id: int, definition: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{id}"><w:abstractNumId w:val="{definition}"/>{overrides}</w:num>'


def start_at(level: int, start: int) -> str:
    return f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def style(id: str, inside: str = "", based: str = "", kind: str = "paragraph", default: bool = False) -> str:
    return (
        f'<w:style w:type="{kind}"{" w:default=" + chr(34) + "1" + chr(34) if default else ""} w:styleId="{id}">'
        f'<w:name w:val="{id}"/>{f"<w:basedOn w:val={chr(34)}{based}{chr(34)}/>" if based else ""}{inside}</w:style>'
    )


def numbered(list: int, level: int | None = None) -> str:
    return f'<w:pPr><w:numPr>{"" if level is None else f"<w:ilvl w:val={chr(34)}{level}{chr(34)}/>"}<w:numId w:val="{list}"/></w:numPr></w:pPr>'


def lines(body: str, **parts: str) -> list[str]:
    return checked(package(body, **parts)).text.split("\n")


def checked(data: bytes):
    """A reading whose blocks lie in order, without overlap, each on its own words."""
    reading = read(data, "thu.docx")
    assert reading.text == unicodedata.normalize("NFC", reading.text)
    assert "\n".join(reading.text[b.start : b.end] for b in reading.blocks) == reading.text
    at, paragraph = 0, 0
    for block in reading.blocks:
        words = reading.text[block.start : block.end]
        assert block.start >= at and words.strip() == words != ""
        assert block.place.paragraph in (paragraph, paragraph + 1)
        at, paragraph = block.end + 1, block.place.paragraph
    return reading


# --- the plan with every trap

PLAN_NUMBERS = (
    abstract(
        0,
        lvl(0, "%1.", "upperRoman"),
        lvl(1, "%2."),
        lvl(2, "%2.%3."),
        lvl(3, "%4)", "lowerLetter"),
        lvl(4, "\uf0b7", "bullet", font="Symbol"),
    )
    + abstract(
        1,
        lvl(0, "Điều %1.", more='<w:pStyle w:val="Dieu"/>'),
        lvl(1, "%2.", more='<w:pStyle w:val="Khoan"/>'),
    )
    + abstract(2, lvl(0, "%1"))
    + abstract(3, lvl(0, "-", "bullet"), lvl(1, "+", "bullet"), lvl(2, "§", "bullet", font="Wingdings"))
    + num(1, 0)
    + num(2, 0, start_at(1, 1))
    + num(3, 1)
    + num(4, 2)
    + num(5, 3)
    + num(6, 0, start_at(3, 5))
)
PLAN_STYLES = (
    style("Thuong", default=True)
    + style("Dieu", numbered(3), "Thuong")
    + style("Khoan", numbered(3, 1), "Thuong")
    + style("KhoanCon", "", "Khoan")
)
NOTE = '<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote><w:footnote w:id="7"><w:p><w:r><w:footnoteRef/></w:r><w:r>{}</w:r></w:p></w:footnote>'
BOX = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><wps:wsp><wps:txbx><w:txbxContent>'
    "<w:p><w:r><w:t>DỰ THẢO</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></a:graphic></wp:anchor></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>DỰ THẢO</w:t></w:r></w:p></w:txbxContent>"
    "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def field(code: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


NUMBER = r("Kế hoạch số 2502/KH", "<w:noBreakHyphen/>", "UBND")
PLAN_BODY = (
    tbl(
        tr(
            tc(p("UBND TỈNH MINH HỌA"), p("SỞ KHOA HỌC", "<w:r><w:br/></w:r>", "VÀ CÔNG NGHỆ")),
            tc("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
        ),
        tr("Số:     /KH-SKHCN", "Minh Họa, ngày    tháng 01 năm 2026"),
    )
    + p("KẾ HOẠCH", BOX)
    + p("Thực hiện ", NUMBER, '<w:r><w:footnoteReference w:id="7"/></w:r>', " ngày 08/8/2023 của UBND tỉnh Minh Họa;")
    + p()
    + p("MỤC ĐÍCH, YÊU CẦU", list=1, level=0)
    + p("Mục đích", list=1, level=1)
    + p("Nâng cao nhận thức", list=1, level=2)
    + p("Của cán bộ", list=1, level=3)
    + p("Của người dân", list=1, level=3)
    + p("đồng bào", list=1, level=4)
    + p("Đổi mới cách làm", list=1, level=2)
    + p("Yêu cầu", list=1, level=1)
    + p("Kịp thời", list=1, level=2)
    + p("NHIỆM VỤ", list=1, level=0)
    + p("Nhiệm vụ chung", list=1, level=1)
    + p("Nhiệm vụ tiếp", list=1, level=1)
    + p("Đánh số lại", list=2, level=1)
    + p("Ý bắt đầu ở đ", list=6, level=3)
    + p("Phạm vi", style="Dieu")
    + p("Khoản một", style="Khoan")
    + p("Khoản hai", style="KhoanCon")
    + p("Đối tượng", style="Dieu")
    + p("Khoản một của điều sau", style="Khoan")
    + p("Không đánh số", style="Dieu", list=0)
    + p("gạch", list=5, level=0)
    + p("cộng", list=5, level=1)
    + p("chấm", list=5, level=2)
    + tbl(
        tr("STT", "Nhiệm vụ", "Cơ quan", more="<w:tblHeader/>"),
        tr(
            tc(p(list=4, level=0)),
            "Rà soát thủ tục",
            tc("Sở Nội vụ", more='<w:vMerge w:val="restart"/>'),
        ),
        tr(tc(p(list=4, level=0)), "Tập huấn", tc(p(), more="<w:vMerge/>")),
        tr(tc("Tổng cộng", more='<w:gridSpan w:val="2"/>'), tc("2", tbl(tr("trong")), p()), more=""),
        tr(tc(p(list=4, level=0)), "Báo cáo", "Văn phòng"),
    )
    + p(
        "Giữ ",
        '<w:ins w:id="1" w:author="A">' + r("chữ thêm") + "</w:ins>",
        '<w:del w:id="2" w:author="A"><w:r><w:delText>chữ bỏ</w:delText></w:r></w:del>',
        '<w:moveFrom w:id="3" w:author="A">' + r("cũ") + "</w:moveFrom>",
        '<w:moveTo w:id="4" w:author="A">' + r(", mới") + "</w:moveTo>",
        ".",
    )
    + "<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>"
    + p("Trong ô nhập ", "<w:sdt><w:sdtContent>" + r("nội dung") + "</w:sdtContent></w:sdt>")
    + "</w:sdtContent></w:sdt>"
    + p(
        "Xem mục ",
        field(" REF _Ref1 ", "II.2"),
        ", trang ",
        '<w:fldSimple w:instr=" PAGE ">' + r("4") + "</w:fldSimple>",
        ".",
    )
    + "<w:sectPr/>"
)
PLAN_LINES = """\
UBND TỈNH MINH HỌA
SỞ KHOA HỌC
VÀ CÔNG NGHỆ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số:     /KH-SKHCN
Minh Họa, ngày    tháng 01 năm 2026
KẾ HOẠCH
DỰ THẢO
Thực hiện Kế hoạch số 2502/KH-UBND ngày 08/8/2023 của UBND tỉnh Minh Họa[^1];
I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
1.1. Nâng cao nhận thức
a) Của cán bộ
b) Của người dân
• đồng bào
1.2. Đổi mới cách làm
2. Yêu cầu
2.1. Kịp thời
II. NHIỆM VỤ
1. Nhiệm vụ chung
2. Nhiệm vụ tiếp
1. Đánh số lại
e) Ý bắt đầu ở đ
Điều 1. Phạm vi
1. Khoản một
2. Khoản hai
Điều 2. Đối tượng
1. Khoản một của điều sau
Không đánh số
- gạch
+ cộng
• chấm
STT
Nhiệm vụ
Cơ quan
1
Rà soát thủ tục
Sở Nội vụ
2
Tập huấn
Tổng cộng
2
trong
3
Báo cáo
Văn phòng
Giữ chữ thêm, mới.
Trong ô nhập nội dung
Xem mục II.2, trang 4.
[^1]: Kế hoạch khoa học năm 2023.""".splitlines()


def plan() -> bytes:
    return package(
        PLAN_BODY,
        numbering=PLAN_NUMBERS,
        styles=PLAN_STYLES,
        footnotes=NOTE.format(t(" Kế hoạch khoa học năm 2023.")),
    )


def test_the_plan_is_read_line_by_line():
    reading = checked(plan())
    assert reading.text.split("\n") == PLAN_LINES
    assert reading.notes == ("Văn bản còn sửa đổi đang theo dõi (Track Changes); đã đọc như khi chấp nhận tất cả.",)


def test_cells_know_their_table_row_and_column():
    reading = checked(plan())
    places = {reading.text[b.start : b.end]: b.place for b in reading.blocks}
    assert places["SỞ KHOA HỌC"] == Place(None, 2, 1, 1, 1, 1)
    assert places["VÀ CÔNG NGHỆ"] == Place(None, 2, 1, 1, 1, 1)  # a line break, the same paragraph
    assert places["Độc lập - Tự do - Hạnh phúc"] == Place(None, 4, 1, 1, 2, 1)
    assert places["KẾ HOẠCH"] == Place(None, 7)
    cells = {words: place[2:5] for words, place in places.items() if place.table}
    assert cells["Sở Nội vụ"] == (2, 2, 3)
    assert cells["Tập huấn"] == (2, 3, 2)
    assert cells["Tổng cộng"] == (2, 4, 1)
    assert cells["trong"] == (3, 1, 1)  # a table in a table
    assert cells["Văn phòng"] == (2, 5, 3)
    assert [b.place.paragraph for b in reading.blocks][-1] == len(reading.blocks) - 1


def test_citations_of_the_plan_are_whole():
    (citation,) = [c for c in extract_text(checked(plan()).text).citations if c.mention.number == "2502/KH-UBND"]
    assert (citation.mention.date, citation.mention.issuer) == ("2023-08-08", "UBND tỉnh Minh Họa")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_labels_are_those_of_libreoffice(tmp_path):
    body = re.sub(r"<w:footnoteReference[^>]*>", "", PLAN_BODY)
    (tmp_path / "plan.docx").write_bytes(package(body, numbering=PLAN_NUMBERS, styles=PLAN_STYLES))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "txt:Text (encoded):UTF8"]  # fmt: skip
    try:
        subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "plan.docx")], check=True, capture_output=True, timeout=120)  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        pytest.skip("LibreOffice does not run here")
    theirs = [" ".join(line.split()) for line in (tmp_path / "plan.txt").read_text("utf-8-sig").split("\n")]
    ours = [re.sub(r"^[-+]", "•", " ".join(line.split())) for line in PLAN_LINES]
    labelled = [line for line in ours if re.match(r"(?:[IVX]+|\d+(?:\.\d+)*|Điều \d+)\.|[a-z]\)|\d$", line)]
    assert len(labelled) >= 20
    missing = Counter(labelled) - Counter(theirs)
    assert not missing


# --- automatic numbers


def listed(levels: str, body: str, numbers: str = "") -> list[str]:
    return lines(body, numbering=abstract(0, levels) + (numbers or num(1, 0)))


def at(*levels: int, list: int = 1) -> str:
    return "".join(p("x", list=list, level=level) for level in levels)


def labels(found: list[str]) -> list[str]:
    return [line.removesuffix("x").strip() for line in found]


THREE = lvl(0, "%1.") + lvl(1, "%1.%2.") + lvl(2, "%1.%2.%3.")


@pytest.mark.parametrize(
    "levels, order, expected",
    [
        (THREE, (0, 1, 1, 2, 0, 1, 2), ["1.", "1.1.", "1.2.", "1.2.1.", "2.", "2.1.", "2.1.1."]),
        (THREE, (1, 1, 0, 1), ["1.1.", "1.2.", "2.", "2.1."]),  # a level that was skipped counts as begun
        (lvl(0, "%1.") + lvl(1, "%2)", more='<w:lvlRestart w:val="0"/>'), (0, 1, 1, 0, 1), ["1.", "1)", "2)", "2.", "3)"]),
        (
            lvl(0, "%1.") + lvl(1, "%2.") + lvl(2, "%3)", more='<w:lvlRestart w:val="1"/>'),
            (0, 1, 2, 1, 2, 0, 1, 2),
            ["1.", "1.", "1)", "2.", "2)", "2.", "1.", "1)"],
        ),
        (lvl(0, "%1.", "upperRoman") + lvl(1, "%1.%2", more="<w:isLgl/>"), (0, 0, 1), ["I.", "II.", "2.1"]),
        (lvl(0, "%1)", "lowerLetter", start=4), (0, 0, 0), ["d)", "e)", "f)"]),  # Word knows no đ
        (lvl(0, "%1)", "lowerLetter", start=26), (0, 0, 0), ["z)", "aa)", "bb)"]),
        (lvl(0, "%1.", "upperLetter"), (0, 0), ["A.", "B."]),
        (lvl(0, "%1", "lowerRoman", start=4), (0, 0), ["iv", "v"]),
        (lvl(0, "%1.", "decimalZero", start=9), (0, 0), ["09.", "10."]),
        (lvl(0, "", "none"), (0, 0), ["", ""]),
        (lvl(0, "Phụ lục %1. ", more='<w:suff w:val="nothing"/>'), (0,), ["Phụ lục 1."]),
        (lvl(0, "o", "bullet", font="Courier New") + lvl(1, "–", "bullet"), (0, 1), ["•", "–"]),
    ],
)  # fmt: skip
def test_labels_count_as_in_word(levels, order, expected):
    assert labels(listed(levels, at(*order))) == expected


def test_lists_of_one_definition_count_on_and_an_override_starts_once():
    numbers = num(1, 0) + num(2, 0) + num(3, 0, start_at(0, 1))
    body = at(0) + at(0, list=2) + at(0, list=3) + at(0, list=1) + at(0, list=3)
    assert labels(listed(lvl(0, "%1."), body, numbers)) == ["1.", "2.", "1.", "2.", "3."]


def test_a_list_may_change_the_form_of_its_level():
    numbers = num(1, 0) + num(2, 0, f'<w:lvlOverride w:ilvl="0">{lvl(0, "%1)", "lowerLetter")}</w:lvlOverride>')
    assert labels(listed(lvl(0, "%1."), at(0, 0) + at(0, list=2), numbers)) == ["1.", "2.", "c)"]


def test_a_list_style_names_the_list_that_is_meant():
    numbers = abstract(0, lvl(0, "Mục %1:")) + abstract(1, link='<w:numStyleLink w:val="Muc"/>') + num(1, 0) + num(2, 1)
    found = lines(at(0, list=2) + at(0), numbering=numbers, styles=style("Muc", numbered(1), kind="numbering"))
    assert labels(found) == ["Mục 1:", "Mục 2:"]


def test_a_paragraph_outdoes_its_style_and_a_style_its_base():
    numbers = abstract(0, lvl(0, "%1."), lvl(1, "%2)")) + num(1, 0)
    styles = style("Goc", numbered(1)) + style("Con", "", "Goc") + style("Thoi", numbered(0), "Goc")
    styles += style("Vong", "", "Xoay") + style("Xoay", "", "Vong")
    body = p("x", style="Goc") + p("x", style="Con") + p("x", style="Thoi") + p("x", style="Con", level=1)
    body += p("x", style="Con", list=0) + p("x", style="Vong") + p("x", style="Khong")
    assert labels(lines(body, numbering=numbers, styles=styles)) == ["1.", "2.", "", "1)", "", "", ""]


def test_a_list_that_is_not_there_gives_no_label():
    assert lines(p("một", list=9, level=3) + p("hai", list=1, level=99), numbering=num(1, 5)) == ["một", "hai"]


def test_a_label_without_words_is_printed_alone_and_hidden_ones_are_not():
    hidden = (
        lvl(0, "%1.")
        + '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%2)"/><w:rPr><w:vanish/></w:rPr></w:lvl>'
    )
    body = p(list=1, level=0) + p("chữ", list=1, level=1) + p(list=1, level=0, mark="<w:vanish/>")
    assert listed(hidden, body) == ["1.", "chữ"]


def test_a_label_follows_the_font_and_capitals_of_its_paragraph():
    assert listed(lvl(0, "Điều %1."), p("a", list=1, level=0, mark="<w:caps/>")) == ["ĐIỀU 1. a"]


def test_cells_that_go_on_from_above_do_not_count():
    rows = [tr(tc(p(list=1, level=0), more=more), "x") for more in ('<w:vMerge w:val="restart"/>', "<w:vMerge/>", "")]
    assert listed(lvl(0, "%1"), tbl(*rows)) == ["1", "x", "x", "2", "x"]


@pytest.mark.parametrize(
    "count, format, expected",
    [(1994, "upperRoman", "MCMXCIV"), (0, "upperRoman", "0"), (28, "upperLetter", "BB"), (-3, "lowerLetter", "-3"), (40000, "lowerRoman", "40000"), (5, "cardinalText", "5"), (5, "numberInDash", "- 5 -"), (10**9, "lowerLetter", "l" * 30)],
)  # fmt: skip
def test_counts_are_written(count, format, expected):
    assert written(count, format) == expected


@pytest.mark.parametrize(
    "text, font, expected",
    [("\uf0b7", "Symbol", "•"), ("\uf0a7", "Wingdings", "•"), ("\uf0fc", "Wingdings", "•"), ("\uf02d", "Symbol", "-"), ("\uf02b", "Symbol", "+"), ("-", "Times New Roman", "-"), ("-", "Symbol", "-"), ("·", "Symbol", "•"), ("+", "", "+"), ("o", "Courier New", "•"), ("➢", "", "•"), ("*", "", "*"), ("", "Symbol", "")],
)  # fmt: skip
def test_bullets(text, font, expected):
    assert bullet(text, font) == expected


@pytest.mark.parametrize(
    "code, font, expected",
    [(0xF0B3, "Symbol", "≥"), (0xF061, "Symbol", "α"), (0xF0AE, "Symbol", "→"), (0xF0FE, "Wingdings", "☑"), (0xF081, "Wingdings", "①"), (0x2013, "Times New Roman", "–"), (0xF041, "Times New Roman", "A"), (0xD800, "", ""), (7, "", ""), (0xF001, "Arial", ""), (0x2D, "Symbol", "-")],
)  # fmt: skip
def test_signs(code, font, expected):
    assert sign(code, font) == expected


# --- words of a paragraph


@pytest.mark.parametrize(
    "inside, expected",
    [
        (r("2502", "<w:t> </w:t>", "/KH", "<w:noBreakHyphen/>", "UBND"), ["2502 /KH-UBND"]),
        (r("Ngh", "<w:softHyphen/>", "ị quyết"), ["Nghị quyết"]),
        (r("trái", "<w:tab/>", "phải", "<w:ptab/>", "x"), ["trái phải x"]),
        (r("một", "<w:br/>", "hai", '<w:br w:type="page"/>', "<w:cr/>", "ba"), ["một", "hai", "ba"]),
        (r("a", '<w:sym w:font="Symbol" w:char="F0B3"/>', "b", '<w:sym w:font="Symbol" w:char="xx"/>'), ["a≥b"]),
        (r("≤ \uf0b3 \uf0e0", font="Wingdings"), ["≤ \uf0b3 →"]),
        (r("x\uf0b7y"), ["x•y"]),
        (r("chữ thường", more="<w:caps/>"), ["CHỮ THƯỜNG"]),
        (r("giữ", more='<w:caps w:val="0"/><w:vanish w:val="false"/>'), ["giữ"]),
        (r("thấy ") + r("ẩn", more="<w:vanish/>") + r("được"), ["thấy được"]),
        ("<w:hyperlink>" + r("liên kết") + "</w:hyperlink>" + "<w:smartTag>" + r(" thẻ") + "</w:smartTag>", ["liên kết thẻ"]),
        ("<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>", ["x+1"]),
        ("<w:r><w:ruby><w:rt><w:r><w:t>âm</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>chữ</w:t></w:r></w:rubyBase></w:ruby></w:r>", ["chữ"]),
        (r("a\n b\tc"), ["a  b c"]),
        (r("Quye\u0302") + r("\u0301t"), ["Quyết"]),  # a letter in two runs
        (r("  hai đầu\u00a0"), ["hai đầu"]),
        (r("\u200b\ufeff ") + r("<w:br/>", "chữ"), ["chữ"]),
        (r("x", "<w:commentReference w:id='1'/>", "<w:annotationRef/>", "<w:lastRenderedPageBreak/>"), ["x"]),
        (field("IF " + "</w:instrText></w:r>" + field("MERGEFIELD x", "ẩn") + "<w:r><w:instrText>= 1", "hiện"), ["hiện"]),
        ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + r("mất"), []),
        ('<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>' + r("còn"), ["còn"]),
    ],
)  # fmt: skip
def test_words(inside, expected):
    assert lines(f"<w:p>{inside}</w:p>" + p("hết")) == [*expected, "hết"]


def test_a_field_left_open_swallows_no_other_paragraph():
    assert lines(p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', "lệnh") + p("chữ")) == ["chữ"]


def test_toggles_of_two_styles_cancel_out():
    styles = style("Hoa", "<w:rPr><w:caps/></w:rPr>") + style("Chu", "<w:rPr><w:caps/></w:rPr>", kind="character")
    body = p("một", r(" hai", more='<w:rStyle w:val="Chu"/>'), style="Hoa") + p(r("ba", more='<w:rStyle w:val="Chu"/>'))
    assert lines(body, styles=styles) == ["MỘT hai", "BA"]


def test_paragraphs_whose_mark_was_deleted_go_on():
    gone = '<w:del w:id="1" w:author="A"/>'
    body = p("nửa đầu ", mark=gone) + p("nửa sau", list=1, level=0)
    body += p("<w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del>", mark=gone) + p("còn", list=1, level=0)
    body += p("cuối", mark=gone)
    assert listed(lvl(0, "%1."), body) == ["1. nửa đầu nửa sau", "2. còn", "cuối"]


def test_deleted_rows_and_cells_are_gone_and_inserted_ones_stay():
    rows = tr("bỏ", more="<w:del/>") + tr("giữ", tc("bỏ", more="<w:cellDel/>"), "hai", more="<w:ins/>")
    assert lines(tbl(rows) + "<w:del>" + p("bỏ") + "</w:del><w:ins>" + p("thêm") + "</w:ins>") == ["giữ", "hai", "thêm"]


def test_rows_and_cells_in_content_controls():
    cell = "<w:sdt><w:sdtPr/><w:sdtContent>" + tc("ô") + "</w:sdtContent></w:sdt>"
    row = "<w:sdt><w:sdtContent>" + tr(cell, "hai") + "</w:sdtContent></w:sdt>"
    reading = checked(package(tbl(row)))
    assert [(reading.text[b.start : b.end], b.place.cell) for b in reading.blocks] == [("ô", 1), ("hai", 2)]


def test_a_cell_stands_under_its_heading():
    wide = '<w:gridSpan w:val="2"/>'
    table = tbl(
        tr("A", tc("B", more=wide), "C"),
        tr("1", "2", "3", "4"),
        tr("5", more='<w:gridBefore w:val="3"/>'),
        tr(tc("6", more='<w:hMerge w:val="restart"/>'), tc("", more="<w:hMerge/>"), "7"),
        tr(tc("8", more='<w:vMerge w:val="continue"/>')),  # nothing above to go on from
    )
    reading = checked(package(table))
    columns = {reading.text[b.start : b.end]: b.place[3:5] for b in reading.blocks}
    assert columns == {
        "A": (1, 1), "B": (1, 2), "C": (1, 4), "1": (2, 1), "2": (2, 2), "3": (2, 3), "4": (2, 4),
        "5": (3, 4), "6": (4, 1), "7": (4, 3), "8": (5, 1),
    }  # fmt: skip


def test_old_text_boxes_and_boxes_in_cells():
    old = "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>" + p("trong khung", list=1, level=0)
    old += "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    reading = checked(package(tbl(tr(tc(p("ô", old)))), numbering=abstract(0, lvl(0, "%1.")) + num(1, 0)))
    assert reading.text == "ô\n1. trong khung"
    assert reading.blocks[1].place == Place(None, 2, 1, 1, 1, 1)


# --- notes

MARK = '<w:r><w:footnoteReference w:id="7"/></w:r>'


@pytest.mark.parametrize(
    "inside, expected",
    [
        (("Nghị định số 126", MARK, "/2024/NĐ-CP ngày 05/10/2024 của Chính phủ."), "Nghị định số 126/2024/NĐ-CP ngày 05/10/2024 của Chính phủ[^1]."),
        (("Nghị định số 126/2024/NĐ-CP", MARK, ", Luật Đất đai"), "Nghị định số 126/2024/NĐ-CP[^1], Luật Đất đai"),
        (("Quyết định số 5/QĐ-UBND", MARK, " ngày 08/01/2026 về việc A"), "Quyết định số 5/QĐ-UBND ngày 08/01/2026 về việc A[^1]"),
        (("Quyết định số 5/QĐ-UBND", MARK, ", ngày 08/01/2026; B"), "Quyết định số 5/QĐ-UBND, ngày 08/01/2026[^1]; B"),
        (("tăng 1", MARK, ",5 lần; giảm"), "tăng 1,5 lần[^1]; giảm"),
        (("“kế hoạch", MARK, "”."), "“kế hoạch[^1]”."),
        (("Hết câu.", MARK, " Câu sau, nữa."), "Hết câu.[^1] Câu sau, nữa."),
        (("a", MARK, MARK, " b. c"), "a b[^1][^1]. c"),
        ((MARK,), "[^1]"),
        (("Quye\u0302\u0301t", MARK, " đi\u0323nh; x"), "Quyết định[^1]; x"),
        (("a", MARK, "<w:r><w:br/></w:r>", "b."), "a[^1]\nb."),
    ],
)  # fmt: skip
def test_anchors_stand_at_the_end_of_their_clause(inside, expected):
    found = checked(package(p(*inside), footnotes=NOTE.format(t(" ghi chú"))))
    assert found.text.partition("\n[^1]:")[0] == expected
    assert found.text.endswith(": ghi chú")


def test_notes_are_numbered_as_they_are_met():
    notes = "".join(f'<w:footnote w:id="{n}">{p(f"chú {n}")}{p("tiếp")}</w:footnote>' for n in (3, 5, 8))
    ends = f'<w:endnote w:id="1">{p()}{p("cuối", "<w:r><w:br/></w:r>", "hai")}</w:endnote>'
    body = p("một", '<w:r><w:footnoteReference w:id="8"/></w:r>') + p(
        "hai", '<w:r><w:footnoteReference w:id="3"/></w:r>'
    )
    body += p("ba", '<w:r><w:endnoteReference w:id="1"/></w:r>', '<w:r><w:footnoteReference w:id="99"/></w:r>')
    body += p("<w:del><w:r><w:footnoteReference w:id='3'/></w:r></w:del>", "bốn")
    body += p("năm", '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="5"/><w:t>(*)</w:t></w:r>')
    assert lines(body, footnotes=notes, endnotes=ends) == [
        "một[^1]", "hai[^2]", "ba[^i]", "bốn", "năm[^*]",
        "[^1]: chú 8", "tiếp", "[^2]: chú 3", "tiếp", "[^i]: cuối", "hai", "[^*]: chú 5", "tiếp",
    ]  # fmt: skip


def test_the_document_says_how_its_notes_are_numbered():
    setting = '<w:footnotePr><w:numFmt w:val="lowerLetter"/><w:numStart w:val="2"/></w:footnotePr>'
    assert lines(p("x", MARK), footnotes=NOTE.format(t("y")), settings=setting) == ["x[^b]", "[^b]: y"]


def test_a_note_is_printed_once_and_refers_to_none():
    inside = f'<w:footnote w:id="7">{p("y", MARK)}</w:footnote>'
    assert lines(p("x", MARK) + p("z", MARK), footnotes=inside) == ["x[^1]", "z[^1]", "[^1]: y"]


# --- old fonts


@pytest.fixture
def old_fonts(monkeypatch):
    """Converters that show what they were given."""
    module = types.ModuleType("extract.read.legacy")
    module.is_tcvn3_font = lambda font: font.startswith(".Vn")
    module.is_vni_font = lambda font: font.startswith("VNI-")
    module.from_tcvn3 = lambda text, capitals=False: f"<{text.replace(chr(0xAD), 'ư')}{'!' * capitals}>"
    module.from_vni = lambda text: f"[{text}]"
    monkeypatch.setitem(sys.modules, "extract.read.legacy", module)
    word_runs._legacy.cache_clear()
    word_runs.kind_of.cache_clear()
    yield
    word_runs._legacy.cache_clear()
    word_runs.kind_of.cache_clear()


def test_old_fonts_are_converted_run_by_run_and_noted(old_fonts):
    styles = style("Cu", '<w:rPr><w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/></w:rPr>', default=True)
    styles += style("Moi", '<w:rPr><w:rFonts w:asciiTheme="minor" w:hAnsiTheme="minor"/></w:rPr>')
    body = (
        p("ban ", "h\u00b5nh")
        + p(r("kÕ ho¹ch", font=".VnTimeH"))
        + p(r("a", font="VNI-Times"), r("\u00f4", font="VNI-Times"))
    )
    body += (
        p(r("Quyết định", font=".VnTime"))
        + p("mới", style="Moi")
        + p(r("t", "<w:softHyphen/>"), r("t", "<w:softHyphen/>", font="Arial"))
    )
    reading = checked(package(body, styles=styles))
    assert reading.text.split("\n") == ["<ban hµnh>", "<kÕ ho¹ch!>", "[aô]", "Quyết định", "mới", "<tư>t"]
    assert reading.notes == (
        "Đã chuyển chữ dùng phông .VnTime, .VnTimeH (bảng mã TCVN3) sang Unicode.",
        "Đã chuyển chữ dùng phông VNI-Times (bảng mã VNI) sang Unicode.",
    )


def test_labels_of_old_fonts_are_converted(old_fonts):
    assert listed(lvl(0, "§iÒu %1.", font=".VnTime"), p("a", list=1, level=0)) == ["<§iÒu 1.> a"]


def test_without_converters_old_fonts_are_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "extract.read.legacy", None)
    word_runs._legacy.cache_clear()
    word_runs.kind_of.cache_clear()
    try:
        reading = checked(
            package(p(r("th", "<w:softHyphen/>", "êng trùc", font=".VnTime")) + p(r("abc", font="VNI-Times")))
        )
    finally:
        word_runs._legacy.cache_clear()
        word_runs.kind_of.cache_clear()
    assert reading.text == "thưêng trùc\nabc"
    assert reading.notes == ("Chữ dùng phông cũ .VnTime chưa chuyển được sang Unicode, có thể sai dấu.",)


# --- files that are odd or no documents


def test_other_names_of_the_parts():
    body = p("Chữ")
    moved = zipped(
        {
            "_rels/.rels": relationships({"officeDocument": "/tai/lieu.xml"}),
            "tai/lieu.xml": f"<w:document {NAMES}><w:body>{p('x', list=1, level=0)}</w:body></w:document>",
            "tai/_rels/lieu.xml.rels": relationships({"numbering": "../so/so.xml"}),
            "so/so.xml": f"<w:numbering {NAMES}>{abstract(0, lvl(0, '%1.'))}{num(1, 0)}</w:numbering>",
        }
    )
    assert read(moved, "x.docm").text == "1. x"
    bare = zipped({"Word\\Document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"})
    assert read(bare, "x.docx").text == "Chữ"
    strict = f"<w:document {NAMES}><w:body>{body}</w:body></w:document>".replace(
        MAIN, "http://purl.oclc.org/ooxml/wordprocessingml/main"
    )
    assert read(zipped({"word/document.xml": strict}), "x.docx").text == "Chữ"


def test_damaged_numbering_costs_the_numbers_only():
    files = {
        "word/document.xml": f"<w:document {NAMES}><w:body>{p('x', list=1, level=0)}<w:altChunk r:id='rId9'/></w:body></w:document>",
        "word/numbering.xml": "<w:numbering",
    }
    reading = read(zipped(files), "x.docx")
    assert reading.text == "x"
    assert [note.split(" ")[0:2] for note in reading.notes] == [["Phần", "“numbering”"], ["Tệp", "có"]]


def document(inside: str, head: str = "") -> bytes:
    return zipped({"word/document.xml": f"{head}<w:document {NAMES}><w:body>{inside}</w:body></w:document>"})


def broken(data: bytes) -> bytes:
    at = data.find(b"word/document.xml") + 60
    return data[:at] + bytes(b ^ 0x5A for b in data[at : at + 30]) + data[at + 30 :]


LAUGHS = "<!DOCTYPE w [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
FILE = "<!DOCTYPE w [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
REFUSED = {
    "no zip": (b"not a zip at all", "không phải tệp Word"),
    "empty": (b"", "không phải tệp Word"),
    "half a zip": (plan()[:200], "bị hỏng"),
    "damaged member": (broken(plan()), "bị hỏng"),
    "no main part": (zipped({"a.txt": "x"}), "không chứa văn bản Word"),
    "no body": (zipped({"word/document.xml": f"<w:document {NAMES}/>"}), "không phải văn bản Word"),
    "bad xml": (zipped({"word/document.xml": "<w:document"}), "bị hỏng"),
    "locked": (OLE + "EncryptedPackage".encode("utf-16-le"), "đặt mật khẩu"),
    "an old document": (OLE, "97–2003"),
    "entities": (document(p("&b;"), LAUGHS), "DOCTYPE"),
    "a file of the machine": (document(p("&x;"), FILE), "DOCTYPE"),
    "numbers with DOCTYPE": (zipped({"word/document.xml": f"<w:document {NAMES}><w:body>{p('x')}</w:body></w:document>", "word/numbering.xml": LAUGHS + "<w/>"}), "DOCTYPE"),
    "a bomb": (document(p("0" * 3_000_000)), "quá lớn"),
    "tables in tables": (document("<w:tbl><w:tr><w:tc>" * 400 + p("x") + "</w:tc></w:tr></w:tbl>" * 400), "quá sâu"),
    "no words": (document(p() + p("<w:r><w:drawing/></w:r>")), "không có chữ nào"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_refused_in_one_sentence_that_says_what_to_do(kind):
    data, words = REFUSED[kind]
    with pytest.raises(ReadError, match=words) as raised:
        read(data, "thu.docx")
    assert "“thu.docx”" in str(raised.value) and "Hãy" in str(raised.value)


def test_a_doctype_in_utf_16_is_seen_too():
    data = ("\ufeff" + FILE + f"<w:document {NAMES}><w:body>{p('&x;')}</w:body></w:document>").encode("utf-16-le")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", data)
    with pytest.raises(ReadError, match="DOCTYPE"):
        read(target.getvalue(), "x.docx")


def test_a_zip_with_a_password_is_refused():
    data = bytearray(plan())
    entry = data.find(b"PK\x01\x02")
    data[entry + 8] |= 1
    with pytest.raises(ReadError, match="mật khẩu"):
        read(bytes(data), "x.docx")


def test_names_in_the_archive_are_never_paths():
    links = relationships({"numbering": "../../../etc/passwd", "styles": "http://vidu.vn/x.xml"})
    links = links.replace('styles" Target', 'styles" TargetMode="External" Target')
    found = Package(zipped({"word/_rels/document.xml.rels": links}), "x").related("word/document.xml")
    assert found == {"numbering": "etc/passwd"}


# --- any document


def documents():
    text = st.text(st.sampled_from("aẤ\u0301\u0323 \u00a0\u200b-/1.;\uf0b7&lt;".replace("&lt;", "")), max_size=8)
    piece = st.one_of(
        text.map(r),
        text.map(lambda s: r(s, font=".VnTimeH")),
        st.sampled_from(
            ["<w:r><w:br/></w:r>", MARK, BOX, r("<w:tab/>"), "<w:r><w:noBreakHyphen/></w:r>", field("X", "y")]
        ),
        text.map(lambda s: f"<w:ins>{r(s)}</w:ins><w:del>{r(s)}</w:del>"),
    )
    paragraph = st.builds(
        lambda inside, list, level, mark: p(*inside, list=list, level=level, mark=mark),
        st.lists(piece, max_size=4), st.sampled_from([None, None, 1, 2, 7]), st.integers(0, 9), st.sampled_from(["", "", "", "<w:del/>", "<w:vanish/>"]),
    )  # fmt: skip
    merge = st.sampled_from(["", "", "<w:vMerge/>", '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="3"/>'])

    def tables(blocks):
        cell = st.builds(lambda inside, more: tc(*inside, more=more), st.lists(blocks, max_size=2), merge)
        row = st.lists(cell, max_size=3).map(lambda cells: tr(*cells))
        return st.lists(row, max_size=3).map(lambda rows: tbl(*rows))

    block = st.recursive(paragraph, lambda inner: st.one_of(inner, tables(inner)), max_leaves=12)
    return st.lists(block, max_size=6).map("".join)


@settings(max_examples=150, deadline=None)
@given(documents())
def test_any_document_has_exact_blocks(body):
    data = package(p("Đầu") + body, numbering=PLAN_NUMBERS, styles=PLAN_STYLES, footnotes=NOTE.format(t("chú")))
    reading = checked(data)
    assert reading.text.startswith("Đầu")
    assert reading == read(data, "thu.docx")
    for block in reading.blocks:
        assert (block.place.table is None) == (block.place.row is None) == (block.place.cell is None)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_file_with_bytes_flipped_is_read_or_refused(data):
    raw = bytearray(plan())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        reading = read(bytes(raw), "x.docx")
    except ReadError:
        return
    assert reading.blocks


PLANS = sorted((Path(__file__).parents[2] / "shared" / "gold" / "plans").glob("*.docx"))


@pytest.mark.skipif(not PLANS, reason="the real plans are not here")
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_real_plans_keep_every_word_in_order(path):
    faithful = unicodedata.normalize("NFC", path.with_suffix(".md").read_text(encoding="utf-8"))
    faithful = re.sub(r"^\|[-|]+\|$", "", faithful, flags=re.MULTILINE).replace("<br>", " ").replace("|", " ")
    assert checked(path.read_bytes()).text.split() == faithful.split()


def test_a_merged_cell_counts_for_the_rows_that_it_goes_over():
    body = p("KẾ HOẠCH") + p("Chuyển đổi số năm 2026") + p("II. NHIỆM VỤ") + tbl(
        tr("STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"),
        tr("1", "Rà soát thủ tục hành chính", tc("Sở Nội vụ", more='<w:vMerge w:val="restart"/>'), "Quý I/2026"),
        tr("2", "Tập huấn cho cán bộ", tc(p(), more="<w:vMerge/>"), tc(p())),
        tr("3", "Công bố kết quả", tc(p()), "Quý II/2026"),
    )  # fmt: skip
    facts = extract(read_bytes(package(body), "a.docx"))
    tasks = [(u.lead, u.due) for u in facts.units if u.kind == "task"]
    assert tasks == [(("Sở Nội vụ",), "Quý I/2026"), (("Sở Nội vụ",), ""), ((), "Quý II/2026")]
    assert {b.place.rows for b in facts.source.blocks if b.place.cell == 3} == {1, 2}
