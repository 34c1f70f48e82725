from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from old_encodings import PLAN, to_cp1258, to_tcvn3, to_vni

from extract.read import ReadError, html

MENU = "<ul>" + "".join(f"<li><a href='/vb{n}'>Nghị định số {n}/2020/NĐ-CP</a></li>" for n in range(1, 9)) + "</ul>"
BODY = "".join(f"<p>{line}</p>\n" for line in PLAN.split("\n") if line)
LINES = [line for line in PLAN.split("\n") if line]


def read(page: str) -> list[str]:
    return html.read(page.encode(), "a.html").text.split("\n")


def spots(page: str) -> dict[str, tuple[int | None, ...]]:
    reading = html.read(page.encode(), "a.html")
    return {reading.text[b.start : b.end]: b.place[2:5] for b in reading.blocks}


# --- text -----------------------------------------------------------------------------------------


def test_paragraphs_are_blocks():
    reading = html.read(
        f"<!DOCTYPE html><html><head><title>Tên</title></head><body>{BODY}</body></html>".encode(), "a.html"
    )
    assert [reading.text[b.start : b.end] for b in reading.blocks] == LINES
    assert [b.place.paragraph for b in reading.blocks] == list(range(1, len(LINES) + 1))
    assert reading.notes == ()


def test_breaks_and_blocks_end_a_line_and_inline_tags_do_not():
    page = "<div>Căn cứ <b>Nghị định</b> số <span>30</span>/2020/N<i>Đ</i>-CP;<br>Theo <div>đề nghị</div>của Sở<hr>Hết</div>"
    assert read(page) == ["Căn cứ Nghị định số 30/2020/NĐ-CP;", "Theo", "đề nghị", "của Sở", "Hết"]


def test_blanks_are_one_and_entities_are_letters():
    page = "<p>Số:&nbsp;12/KH&#8209;UBND \n\t ng&agrave;y &#273;&#x1EA7;u &amp; &lt;cuối&gt; &hellip;</p>"
    assert read(page) == ["Số:\u00a012/KH\u2011UBND ngày đầu & <cuối> …"]


def test_text_set_as_typed_keeps_its_lines():
    assert read("<pre>Điều 1.\n  a) Một\n\n  b) Hai</pre>") == ["Điều 1.", "a) Một", "b) Hai"]
    assert read("<p style='white-space: pre-wrap'>Một\nHai</p><p>Ba\nBốn</p>") == ["Một", "Hai", "Ba Bốn"]


def test_labels_of_lists_are_those_that_a_browser_shows():
    page = (
        "<ol><li>Một<ol type=a><li>A</li><li><p>Bê</p></li></ol></li><li value=5>Hai</li></ol><ol type=I start=3><li>Ba</li></ol>"
        "<ul><li>Chấm</li><li>- Gạch</li></ul><ol style='list-style-type:none'><li>Trơn</li></ol><ol><li>1. Gõ sẵn</li></ol>"
    )
    assert read(page) == ["1. Một", "a. A", "b. Bê", "5. Hai", "III. Ba", "• Chấm", "- Gạch", "Trơn", "1. Gõ sẵn"]


def test_labels_that_word_writes():
    page = (
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>a)"
        "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span><![endif]>Việc một<o:p></o:p></p>"
    )
    assert read(page) == ["a) Việc một"]


def test_a_footnote_sign_does_not_change_a_number():
    reading = html.read(
        "<p>Nghị định số 126/2024/NĐ-CP<sup><a href='#n1'>1</a></sup> và 5 m<sup>2</sup></p>".encode(), "a"
    )
    assert reading.text == "Nghị định số 126/2024/NĐ-CP và 5 m2"
    assert "dấu chú thích" in reading.notes[0]


def test_what_is_not_shown_is_not_read():
    page = (
        "<p>Một<!-- ẩn --><script>var a = 'Điều 1';</script></p><style>p {}</style><p hidden>ẩn</p>"
        "<p style='display: none'>ẩn</p><noscript>ẩn</noscript><p>Hai <del>bỏ</del><input value='ẩn'></p>"
    )
    assert read(page) == ["Một", "Hai"]


# --- tables ---------------------------------------------------------------------------------------


def test_tables_are_read_cell_by_cell():
    page = (
        "<p>Trước</p><table><caption>Biểu 1</caption><thead><tr><th>STT</th><th>Việc</th><th>Đơn vị</th></tr></thead>"
        "<tbody><tr><td>1</td><td><p>Một</p><p>Thêm</p></td><td>Sở A</td></tr></tbody></table><p>Sau</p>"
        "<table><tr><td>X</td><td>Y</td></tr></table>"
    )
    assert spots(page) == {
        "Trước": (None, None, None), "Biểu 1": (1, None, None), "STT": (1, 1, 1), "Việc": (1, 1, 2),
        "Đơn vị": (1, 1, 3), "1": (1, 2, 1), "Một": (1, 2, 2), "Thêm": (1, 2, 2), "Sở A": (1, 2, 3),
        "Sau": (None, None, None), "X": (2, 1, 1), "Y": (2, 1, 2),
    }  # fmt: skip


def test_merged_cells_stand_once_under_their_heading():
    page = (
        "<table><tr><td rowspan=3>A</td><td colspan=2>B</td><td>C</td></tr><tr><td>D</td><td>E</td><td>F</td></tr>"
        "<tr><td>G</td><td rowspan=2>H</td><td>I</td></tr><tr><td>J</td><td>K</td><td>L</td></tr></table>"
    )
    found = {text: (row, cell) for text, (_, row, cell) in spots(page).items()}
    assert found == {
        "A": (1, 1), "B": (1, 2), "C": (1, 4), "D": (2, 2), "E": (2, 3), "F": (2, 4), "G": (3, 2), "H": (3, 3),
        "I": (3, 4), "J": (4, 1), "K": (4, 2), "L": (4, 4),
    }  # fmt: skip


def test_tables_that_only_place_things_are_none():
    page = "<table><tr><td><table><tr><td>UBND</td><td>Độc lập</td></tr></table><p>Điều 1. Một</p></td></tr></table>"
    assert spots(page) == {"UBND": (1, 1, 1), "Độc lập": (1, 1, 2), "Điều 1. Một": (None, None, None)}


# --- the document in its site ---------------------------------------------------------------------

MOTTO = "<p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p><p>Độc lập - Tự do - Hạnh phúc</p>"
ARTICLES = "".join(f"<p>Điều {n}. Nội dung của điều này là như thế và không khác.</p>" for n in range(1, 8))
DOCUMENT = f"{MOTTO}<p>Số: 12/2024/QĐ-UBND</p><p>Căn cứ Luật Minh Họa;</p>{ARTICLES}<p>Nơi nhận:</p><p>- Như trên;</p>"


def test_the_site_around_a_document_is_dropped():
    page = (
        "<html><body><form id='aspnetForm'><div id='top'><h1>Cổng thông tin tỉnh Minh Họa</h1><div class='menu'>Trang chủ</div></div>"
        f"<nav>{MENU}</nav><div class='left'>{MENU}</div><div class='wrap'><div class='props'>Lượt xem: 15</div>"
        f"<div id='content'>{DOCUMENT}</div><div><h3>Văn bản liên quan</h3>{MENU}</div></div>"
        f"<div class='footer'>Bản quyền thuộc Sở Minh Họa. Giấy phép số 99/GP-MH</div></form></body></html>"
    )
    lines = read(page)
    assert lines == read(f"<body>{DOCUMENT}</body>")
    assert lines[0].startswith("CỘNG HÒA") and lines[-1] == "- Như trên;"


def test_the_old_way_of_tables_for_a_page():
    page = (
        f"<table width=100%><tr><td colspan=2>{MENU}</td></tr><tr><td>{MENU}</td><td><table><tr><td>UBND TỈNH MINH HỌA</td>"
        f"<td>{MOTTO}</td></tr></table>{ARTICLES}</td></tr><tr><td colspan=2>Bản quyền</td></tr></table>"
    )
    lines = read(page)
    assert lines[:2] == ["UBND TỈNH MINH HỌA", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert len(lines) == 10
    assert spots(page)["UBND TỈNH MINH HỌA"] == (1, 1, 1)


def test_an_annex_beside_the_document_stays():
    annex = "<table>" + "<tr><td>1</td><td>Tổ chức tập huấn cho cán bộ, công chức các xã</td></tr>" * 9 + "</table>"
    page = f"<body><div class=WordSection1>{DOCUMENT}</div><div class=WordSection2><p>Phụ lục</p>{annex}</div></body>"
    lines = read(page)
    assert "Phụ lục" in lines
    assert len(lines) == 32


def test_a_page_without_links_or_boxes_is_all_document():
    page = f"<body><div class=WordSection1>{DOCUMENT}</div><div class=WordSection2><p>Phụ lục I</p></div></body>"
    assert read(page)[-1] == "Phụ lục I"


def test_a_text_without_the_motto_keeps_its_title():
    page = f"<body><div><h1>Quyết định số 12/QĐ-UBND</h1></div><div>{ARTICLES * 9}</div><div>Lượt xem: 9</div>{MENU}</body>"
    lines = read(page)
    assert lines[0] == "Quyết định số 12/QĐ-UBND"
    assert "Lượt xem: 9" not in lines


def test_bases_that_are_links_are_no_menu():
    bases = "".join(f"<p>Căn cứ <a href='/{n}'>Nghị định số {n}/2020/NĐ-CP</a></p>" for n in range(1, 9))
    page = f"<body><div>{MENU}</div><div>{MOTTO}<div>{bases}</div>{ARTICLES}</div></body>"
    assert sum(line.startswith("Căn cứ") for line in read(page)) == 8


def test_a_document_behind_a_tab_is_shown():
    tabs = f"<div>Tóm tắt</div><div style='display:none'>{DOCUMENT}</div>"
    assert "Điều 7. Nội dung của điều này là như thế và không khác." in read(tabs)
    assert read(f"{DOCUMENT}<div style='display:none'><p>Điều 8. Ẩn</p></div>")[-1] == "- Như trên;"


def test_a_page_of_links_alone_is_still_a_text():
    assert len(read(f"<body>{MENU}</body>")) == 8


def test_a_document_in_a_box_with_a_bad_name_stays():
    assert "Việc phải làm" in read("<body><div class='search'><p>Việc phải làm</p></div><div>x</div></body>")


BASES = "<p><em>Căn cứ Luật Minh Họa;</em></p><p align=center><strong>QUYẾT ĐỊNH&#58;</strong></p>"
SIGNED = (
    "<div><style>.table_cqbh_cd_nk {margin: 20px}</style><table style='width:100%' class='table_cqbh_cd_nk'>"
    "<tr><td class='upper'><p>TM. Ủy ban nhân dân</p></td></tr><tr><td class='upper'><p>Chủ tịch</p></td></tr>"
    "<tr><td><p><i>(Đã ký)</i></p></td></tr><tr><td colspan=4>&nbsp;</td></tr></table></div>"
)


def test_the_page_of_the_national_database():
    """Its shape: head in two tables of one cell, a box of validity, the signature in a style of capitals, files."""
    page = (
        "<form id='aspnetForm'><div id='wrapper'><div id='header'><div class='header-top'><a href='/a'>Liên hệ</a>"
        f"<a href='/b'>Đăng nhập</a></div><div class='banner'><p>Tỉnh Minh Họa</p></div><div id='menu'>{MENU}</div></div>"
        f"<div id='content'><div class='left-200'><span><div class='box-container'>{MENU}</div></span></div>"
        f"<div class='right-790'><div class='box-map'>{MENU}</div><div class='header'>{MENU}</div><div class='content'>"
        "<div class='fulltext'><div class='vbInfo'><ul><li class='red'><span>Hiệu lực: </span> Còn hiệu lực</li>"
        "<li class='green'><span>Ngày có hiệu lực: </span> 15/05/2025</li></ul></div><div><table align=left><tr><td>"
        "<div><b>\n UBND TỈNH MINH HỌA</b></div><div style='width:40px'></div><div>Số:\n 12/2025/QĐ-UBND</div></td></tr>"
        f"</table><table align=right><tr><td>{MOTTO}<div><i>\n Minh Họa,\n ngày\n 27 tháng\n 4 năm\n 2025</i></div></td></tr>"
        f"</table><div class='toanvancontent' id='toanvancontent'>{BASES}{ARTICLES}</div>{SIGNED}</div><div class='vbFile'>"
        "<div class='header'><div>Tải file đính kèm</div></div><div class='content'><ul><li><span>Bản PDF:</span><ul><li>"
        "<a href='/p'>12.2025.pdf</a></li></ul></li><li><a href='/d'>12.doc</a> - (<a href='/x'>Xem nhanh</a>)</li></ul>"
        "</div></div><div class='vbLienQuan'><div><a href='#'>Gửi phản hồi </a></div></div></div></div></div></div>"
        "<div id='footer'><p><strong>CƠ SỞ DỮ LIỆU VĂN BẢN PHÁP LUẬT</strong></p></div></div></form>"
    )
    lines = read(page)
    assert lines[:6] == [
        "UBND TỈNH MINH HỌA", "Số: 12/2025/QĐ-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc", "Minh Họa, ngày 27 tháng 4 năm 2025", "Căn cứ Luật Minh Họa;",
    ]  # fmt: skip
    assert lines[6] == "QUYẾT ĐỊNH:"
    assert lines[-3:] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "(Đã ký)"]
    assert len(lines) == 17


PROPERTIES = (
    "<table><tr><td>Số hiệu:</td><td>12/2025/QĐ-UBND</td><td>Loại văn bản:</td><td>Quyết định</td></tr><tr>"
    "<td>Nơi ban hành:</td><td>Tỉnh Minh Họa</td><td>Người ký:</td><td>Trần Văn Mẫu</td></tr></table>"
)


def test_titles_properties_and_notes_of_a_site_of_laws():
    """Its own title, properties and links above a short document, and what it puts beside the text."""
    page = (
        f"<div class='top'>{MENU}</div><div id='main'><a href='/'>Trang chủ</a><h1>Quyết định 12/2025/QĐ-UBND năm 2025</h1>"
        f"<div id='divThuocTinh'>{PROPERTIES}</div><div id='pnlDocContent'><div id='divContentDoc'><div class='content1'>"
        f"{DOCUMENT}</div></div><div class='NoiDungChiaSe'>{MENU}<span>Tra cứu nhanh</span></div><div class='ttlq'>"
        "<p>Văn bản liên quan</p><p>Kế hoạch 12/KH-UBND</p></div><div class='LawNote'><p>Ghi chú</p></div></div></div>"
    )
    assert read(page) == read(f"<body>{DOCUMENT}</body>")


def test_marks_of_a_site_between_the_paragraphs():
    """A word that follows each paragraph, and the notes of an editor, are none of the document's."""
    mark = "<span class='tooltip-button'><span class='bg-theo-doi'>Đang theo dõi</span></span>"
    items = "".join(f"<div id='demuc{n}' class='docitem-5'><p>Điều {n}. Một</p>{mark}</div>" for n in range(1, 7))
    note = "<div class='docitem-binhluan'>Điều này được sửa đổi bởi Quyết định số 9/2026/QĐ-UBND.</div>"
    page = (
        f"<div>{MENU}</div><div id='noidung'><div class='the-document-body'><div>{MOTTO}</div>{items}{note}</div></div>"
    )
    assert read(page) == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", *(f"Điều {n}. Một" for n in range(1, 7)),
    ]  # fmt: skip


def test_tabs_made_of_a_list():
    page = f"<ul>{MENU}</ul><ul class='tabs-content'><li><p>Thuộc tính văn bản</p>{PROPERTIES}</li><li>{DOCUMENT}</li></ul>"
    assert read(page) == read(f"<body>{DOCUMENT}</body>")


def test_a_table_of_documents_in_the_document_is_no_box():
    rows = "".join(f"<tr><td>{n}</td><td>12/QĐ-UBND</td><td>Quyết định</td><td>Mẫu</td></tr>" for n in range(30))
    annex = (
        f"<div><table><tr><td>STT</td><td>Số hiệu</td><td>Loại văn bản</td><td>Người ký</td></tr>{rows}</table></div>"
    )
    assert "Loại văn bản" in read(f"<div>{MENU}</div><div><div>{DOCUMENT * 9}</div>{annex}</div>")


def test_text_shown_in_capitals_is_in_capitals():
    page = (
        "<p style='text-transform: uppercase'>Chủ tịch</p><p class='b text-uppercase'>Phó <b>chủ tịch</b></p><p>Mẫu</p>"
    )
    assert read(page) == ["CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Mẫu"]


# --- encodings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [
    BODY.encode(), b"\xef\xbb\xbf" + BODY.encode(), BODY.encode("utf-16"), BODY.encode("utf-16-le"), to_cp1258(BODY),
    b"<meta charset=windows-1252>" + BODY.encode(), b"<meta charset='windows-1258'>" + to_cp1258(BODY),
    b"<?xml version='1.0' encoding='utf-8'?>" + BODY.encode(),
], ids=["utf-8", "bom", "utf-16", "utf-16-le", "cp1258", "wrong charset", "declared", "xml"])  # fmt: skip
def test_encodings(data):
    assert html.read(data, "a.html").text.split("\n") == LINES


def test_old_fonts_by_name():
    page = (
        "<p><font face='.VnTime'>ViÖt Nam <b>®­îc</b></font> và <font face='Arial'>è</font></p>"
        "<p style='font-family: VNI-Times'>Vieät <b>Nam</b></p><p style=\"font-family:'.VnTimeH'\">céng hoµ</p>"
    )
    for data in (page.encode(), page.replace("và", "v").encode("latin-1")):
        reading = html.read(data, "a.html")
        assert reading.text.split("\n")[1:] == ["Việt Nam", "CỘNG HOÀ"]
        assert reading.text.startswith("Việt Nam được v") and reading.text.split("\n")[0].endswith("è")
        assert "TCVN3 (ABC) và VNI" in reading.notes[0]


@pytest.mark.parametrize(("typed", "name"), [(to_tcvn3, "TCVN3"), (to_vni, "VNI")])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_old_fonts_by_content(typed, name, encoding):
    reading = html.read(typed(BODY).encode(encoding), "a.html")
    assert reading.text.lower().split("\n") == [line.lower() for line in LINES]
    assert name in reading.notes[0]


def test_wrong_bytes():
    reading = html.read(b"<meta charset=utf-8>" + BODY.encode() * 5 + b"<p>a\xffb</p>", "a.html")
    assert "chỗ hỏng" in reading.notes[0]
    with pytest.raises(ReadError, match="UTF-8"):
        html.read(b"<p>\xff\xfa\x80 khong phai utf8</p>", "a.html")


@pytest.mark.parametrize(
    "data", [b"", b" \n", b"<html><body></body></html>", b"<p>&nbsp;</p>", b"<!-- x -->", b"<script>x</script>"]
)
def test_pages_without_text(data):
    with pytest.raises(ReadError, match="không có nội dung"):
        html.read(data, "a.html")


# --- MHTML ----------------------------------------------------------------------------------------


def mhtml(body: bytes, transfer: str, charset: str) -> bytes:
    return (
        (
            f'From: <Saved by Word>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="--=_x"\r\n\r\n'
            f'----=_x\r\nContent-Type: text/html; charset="{charset}"\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n'
        ).encode()
        + body
        + b"\r\n----=_x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n----=_x--\r\n"
    )


@pytest.mark.parametrize("data", [
    mhtml(quopri.encodestring(BODY.encode()), "quoted-printable", "utf-8"),
    mhtml(base64.encodebytes(BODY.encode("utf-16")), "base64", "unicode"),
    mhtml(base64.encodebytes(to_cp1258(BODY)), "base64", "windows-1258"),
])  # fmt: skip
def test_mhtml(data):
    assert html.is_mhtml(data)
    assert html.read(data, "a.mht").text.split("\n") == LINES


def test_mhtml_without_a_page():
    with pytest.raises(ReadError, match="không tìm thấy trang HTML"):
        html.read(mhtml(b"", "7bit", "utf-8"), "a.mht")
    nested = (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n"
        + b"--a\nContent-Type: multipart/related; boundary=a\n\n" * 3000
    )
    with pytest.raises(ReadError):
        html.read(nested, "a.mht")


# --- hostile files --------------------------------------------------------------------------------

ANY = ("<div>", "<table><tr><td>", "<b>", "<ul><li>", "<font face='.VnTime'>", "<sup>")


@pytest.mark.parametrize("tag", ANY)
@pytest.mark.parametrize("depth", [100, 5_000, 200_000])
def test_what_is_nested_too_deep_is_refused_and_never_cut(tag, depth):
    page = (f"<p>đầu</p>{tag * depth}Điều 1. Một<p>cuối</p>").encode()
    try:
        assert html.read(page, "a.html").text.endswith("cuối")
    except ReadError as error:
        assert "lồng quá sâu" in str(error)
        assert depth > 50


def test_entities_of_entities_stay_as_they_are():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    lines = read(f'<!DOCTYPE x [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{laughs}]><p>a &l11; &f; b</p>')
    assert "root:" not in "".join(lines) and len("".join(lines)) < 2_000


def test_huge_attributes_and_pictures_do_not_hide_the_text():
    many = " ".join(f"a{n}=1" for n in range(200_000))
    picture = "A" * 12_000_000
    page = f"<p {many}>Một</p><p class='{'x' * 200_000}'>Hai</p><img src='data:image/png;base64,{picture}'><p>Ba</p>"
    assert read(page) == ["Một", "Hai", "Ba"]


def test_spans_without_bounds():
    page = (
        "<table>"
        + "<tr>"
        + "<td rowspan=65000 colspan=9999999999>a</td>" * 3000
        + "</tr>"
        + "<tr><td>b</td></tr>" * 3000
        + "</table>"
    )
    assert len(read(page)) == 6000


def test_many_tags_and_boxes():
    assert len(read("<div class=menu><h1>a</h1></div>" * 20_000 + DOCUMENT)) == 13
    assert read("<" * 300_000 + " cuối")[0].endswith("cuối")


_TAGS = st.sampled_from(["<div>", "</div>", "<p>", "</p>", "<table>", "<tr>", "<td>", "</table>", "</td>", "<ol>", "<li>", "</ol>", "<br>", "<a href=x>", "</a>", "<pre>", "</pre>", "<sup>", "Điều 1", "Căn cứ ", " ", "\n", "&amp", "<!--", "-->", "<font face='vni'>", "</font>", "aù"])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_TAGS, max_size=60).map("".join))
def test_any_tags_are_read_or_refused(page):
    try:
        reading = html.read(page.encode(), "a.html")
    except ReadError:
        return
    assert "\n".join(reading.text[b.start : b.end] for b in reading.blocks) == reading.text
    assert all(reading.text[b.start : b.end].strip() for b in reading.blocks)
