"""What a document says of itself, in the heads that real files and pages show."""

from __future__ import annotations

import pytest

from extract.model import Header
from extract.pipeline import extract, extract_text
from extract.read import read_bytes

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nMinh Họa, ngày 02 tháng 3 năm 2026\n\n"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM\nMinh Họa, ngày 02 tháng 3 năm 2026\n\n"


def head(text: str) -> Header:
    return extract_text(text).header


# --- title ----------------------------------------------------------------------------------------


def test_a_rule_under_the_subject_ends_the_title():
    for rule in ("__", "______________", "-----", "* * *"):
        found = head(
            f"SỞ NỘI VỤ\nSố: 1/QĐ-SNV\n{STATE}QUYẾT ĐỊNH\nBan hành Quy chế\n{rule}\nNghị định mới\n\nCăn cứ Luật;\n"
        )
        assert found.title == "Ban hành Quy chế", rule


def test_who_decides_is_no_part_of_a_subject_in_capitals():
    found = head(
        f"UBND TỈNH MINH HỌA\nSố: 1/QĐ-UBND\n{STATE}QUYẾT ĐỊNH\n\nVỀ VIỆC BỔ SUNG THỦ TỤC\n\nỦY BAN NHÂN DÂN TỈNH MINH HỌA\n\n"
        "Căn cứ Luật;\n"
    )
    assert found.title == "VỀ VIỆC BỔ SUNG THỦ TỤC"
    goes_on = head(
        f"UBND TỈNH MINH HỌA\nSố: 1/QĐ-UBND\n{STATE}QUYẾT ĐỊNH\nVỀ VIỆC BAN HÀNH QUY CHẾ LÀM VIỆC CỦA\nỦY BAN NHÂN DÂN TỈNH MINH HỌA"
        "\n\nCăn cứ Luật;\n"
    )
    assert goes_on.title == "VỀ VIỆC BAN HÀNH QUY CHẾ LÀM VIỆC CỦA ỦY BAN NHÂN DÂN TỈNH MINH HỌA"


def test_a_letter_of_the_party_has_its_subject_below_the_number():
    text = (
        f"TỈNH ỦY MINH HỌA\n*\nSố 115-CV/TU\nvề việc báo cáo sơ kết\n{PARTY}Kính gửi: Đảng ủy UBND tỉnh,\n\nNội dung.\n"
    )
    assert head(text).title == "báo cáo sơ kết"


def test_the_subject_of_a_letter_in_the_line_of_its_number():
    text = f"SỞ NỘI VỤ\nSố: 296/SNV-CCHC V/v hướng dẫn tự chấm điểm\n{STATE}Kính gửi: UBND các xã.\n\nNội dung.\n"
    assert head(text).title == "hướng dẫn tự chấm điểm"


def test_a_type_told_nearer_stands_alone():
    for type_, subject in (
        ("BIÊN BẢN LÀM VIỆC", "Về việc kiểm tra văn thư"),
        ("HƯỚNG DẪN LIÊN SỞ", "Về chế độ hội nghị"),
    ):
        found = head(f"SỞ NỘI VỤ\nSố: 1/BB-SNV\n{STATE}{type_}\n{subject}\n----\n\nCăn cứ Luật;\n")
        assert found.title == subject


# --- letterhead -----------------------------------------------------------------------------------


def test_both_halves_of_the_head_in_one_line():
    sides = (
        "BAN CHẤP HÀNH TRUNG ƯƠNG                  ĐẢNG CỘNG SẢN VIỆT NAM\n           *\n                    Hà Nội, ngày 04 tháng 03 năm"
        " 2026\n     BỘ CHÍNH TRỊ\n  Số: 21-QĐ/TW\n\nQUY ĐỊNH\nmột số điểm\n-----\n\nCăn cứ Điều lệ;\n"
    )
    assert (head(sides).issuer, head(sides).parent) == ("Bộ Chính trị", "Ban Chấp hành Trung ương")
    rules = (
        "SỞ NỘI VỤ TỈNH MINH HỌA --------\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc ------\n"
        "Số: 296/SNV-CCHC V/v hướng dẫn\nMinh Họa, ngày 02 tháng 02 năm 2026\nKính gửi:\n- UBND các xã.\n"
    )
    assert (head(rules).issuer, head(rules).inferred) == ("Sở Nội vụ tỉnh Minh Họa", ())


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            "BỘ\nCHÍNH TRỊ\n-------\n|\nĐẢNG\nCỘNG SẢN VIỆT NAM\n---------\n|\nSố:\n216-QĐ/TW\n|\nHà\nNội, ngày 01 tháng 4 năm 2026",
            ("Bộ Chính trị", "Hà Nội", "2026-04-01"),
        ),
        (
            "BAN CHẤP HÀNH\nTRUNG ƯƠNG\n-------\n|\nĐẢNG CỘNG SẢN\nVIỆT NAM\n---------\n|\nSố: 29-QĐ/TW\n|\nHà\nNội, ngày 25 tháng 07\n"
            "năm 2026",
            ("Ban Chấp hành Trung ương", "Hà Nội", "2026-07-25"),
        ),
        (
            "ỦY\nBAN NHÂN DÂN\nTỈNH MINH HỌA\n--------\n|\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA\nVIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n|\n"
            "Số: 177/KH-UBND\n|\nMinh Họa,\nngày 30 tháng 9 năm 2026",
            ("UBND tỉnh Minh Họa", "Minh Họa", "2026-09-30"),
        ),
        (
            "KIỂM TOÁN\nNHÀ NƯỚC |\n-------\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n|\nSố:. 77/KTNN-TH\n|\nHà Nội, ngày 30 tháng 9 năm 2026",
            ("Kiểm toán nhà nước", "Hà Nội", "2026-09-30"),
        ),
        (
            "VIỆN KIỂM SÁT NHÂN DÂN\nTỐI CAO\n-------\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 46/KH-VKSTC\nHà Nội, ngày 30 tháng 9 năm 2026",
            ("Viện kiểm sát nhân dân tối cao", "Hà Nội", "2026-09-30"),
        ),
    ],
)
def test_pages_break_the_lines_of_a_head_anywhere(lines, said):
    found = head(f"{lines}\n|\nKẾ HOẠCH\nlàm việc năm 2026\n\nI- MỤC ĐÍCH\n")
    assert (found.issuer, found.place, found.date) == said


def test_a_day_after_words_of_a_sentence_is_no_day_of_the_head():
    text = "Trên cơ sở đó, ngày 30/7/2021, Sở Nội vụ ban hành Quyết định số 24/QĐ-SNV quy định về văn thư.\n"
    assert (head(text).place, head(text).date) == ("", "")
    scan = "SỞ NỘI VỤ\nSố: 5/QĐ-SNV\nMinh H ọ a, ngày 30 tháng 7 năm 2026\nQUYẾT ĐỊNH\nVề văn thư\n\nCăn cứ Luật;\n"
    assert head(scan).date == "2026-07-30"


def test_a_number_in_the_line_of_its_organ():
    text = (
        "ỦY BAN NHÂN DÂN TỈNH MINH HỌA ------------- Số: 52/2026/QĐ-UBND | CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do"
        " - Hạnh phúc ------- Minh Họa, ngày 05 tháng 9 năm 2026 |\nQUYẾT ĐỊNH\nBan hành Quy định\n\nCăn cứ Luật;\n"
    )
    assert (head(text).number, head(text).symbol, head(text).issuer) == ("52", "2026/QĐ-UBND", "UBND tỉnh Minh Họa")


def test_acts_of_the_assembly_tell_their_type_in_the_line_of_the_number():
    text = (
        "ỦY BAN THƯỜNG VỤ\nQUỐC HỘI\n-------\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        "Nghị quyết số: 76/2025/UBTVQH15\nHà Nội, ngày 14 tháng 4 năm 2025\nNGHỊ QUYẾT\nVỀ VIỆC SẮP XẾP\n\nCăn cứ Hiến pháp;\n"
    )
    found = head(text)
    assert (found.number, found.symbol, found.type) == ("76", "2025/UBTVQH15", "Nghị quyết")
    assert found.issuer == "Ủy ban Thường vụ Quốc hội"


def test_a_number_among_properties_is_no_organ():
    text = f"Số hiệu:\n296/SNV-CCHC\nSỞ NỘI VỤ TỈNH MINH HỌA\nSố: 296/SNV-CCHC\n{STATE}V/v báo cáo\nKính gửi: UBND các xã.\n"
    assert head(text).issuer == "Sở Nội vụ tỉnh Minh Họa"


@pytest.mark.parametrize(
    ("lines", "number", "issuer", "parent"),
    [
        ("TỈNH ỦY MINH HỌA\nBAN TỔ CHỨC\n*", "15-HD/BTCTU", "Ban Tổ chức Tỉnh ủy Minh Họa", "Tỉnh ủy Minh Họa"),
        ("TỈNH ỦY\nVĂN PHÒNG\n*", "15-TB/VPTU", "Văn phòng Tỉnh ủy Minh Họa", "Tỉnh ủy Minh Họa"),
        (
            "ĐẢNG BỘ TỈNH MINH HỌA\nBAN THƯỜNG VỤ\n*",
            "9-NQ/TU",
            "Ban Thường vụ Tỉnh ủy Minh Họa",
            "Đảng bộ tỉnh Minh Họa",
        ),
        (
            "ĐẢNG BỘ TỈNH MINH HỌA\nBAN CHẤP HÀNH",
            "9-NQ/TU",
            "Ban Chấp hành Đảng bộ tỉnh Minh Họa",
            "Đảng bộ tỉnh Minh Họa",
        ),
        ("ĐẢNG BỘ XÃ AN BÌNH\nBAN THƯỜNG VỤ\n*", "9-NQ/ĐU", "Ban Thường vụ Đảng ủy xã An Bình", "Đảng bộ xã An Bình"),
        ("BAN CHẤP HÀNH ĐẢNG BỘ TỈNH\n*", "9-CTr/TU", "Ban Chấp hành Đảng bộ tỉnh Minh Họa", ""),
        ("HUYỆN ỦY AN BÌNH\n*", "9-KH/HU", "Huyện ủy An Bình", ""),
        ("TỈNH ỦY MINH HỌA\n*\nHUYỆN ỦY AN BÌNH", "9-KH/HU", "Huyện ủy An Bình", "Tỉnh ủy Minh Họa"),
        (
            "TỈNH ỦY MINH HỌA\nĐẢNG ỦY ỦY BAN NHÂN DÂN TỈNH\n*",
            "9-KH/ĐU",
            "Đảng ủy UBND tỉnh Minh Họa",
            "Tỉnh ủy Minh Họa",
        ),
        (
            "BAN CHẤP HÀNH TRUNG ƯƠNG\nBAN TỔ CHỨC\n*",
            "5-HD/BTCTW",
            "Ban Tổ chức Trung ương",
            "Ban Chấp hành Trung ương",
        ),
        (
            "BAN CHẤP HÀNH TRUNG ƯƠNG\nVĂN PHÒNG\n*",
            "5-HD/VPTW",
            "Văn phòng Trung ương Đảng",
            "Ban Chấp hành Trung ương",
        ),
        ("BAN CHẤP HÀNH TRUNG ƯƠNG\n***", "36-QĐ/TWĐTN-VP", "Trung ương Đoàn Thanh niên Cộng sản Hồ Chí Minh", ""),
        (
            "TỈNH ĐOÀN MINH HỌA\nBAN THƯỜNG VỤ\n***",
            "3-KH/TĐTN",
            "Ban Thường vụ Tỉnh đoàn Minh Họa",
            "Tỉnh đoàn Minh Họa",
        ),
    ],
)
def test_organs_of_the_party_and_the_masses(lines, number, issuer, parent):
    found = head(f"{lines}\nSố {number}\n{PARTY}KẾ HOẠCH\nlàm việc năm 2026\n\nI- MỤC ĐÍCH\n")
    assert (found.issuer, found.parent) == (issuer, parent)


@pytest.mark.parametrize(
    ("lines", "number", "issuer", "parent"),
    [
        (
            "UBND TỈNH MINH HỌA\nSỞ Y TẾ\nTRUNG TÂM KIỂM SOÁT\nBỆNH TẬT", "1/KH-TTKSBT",
            "Trung tâm Kiểm soát bệnh tật tỉnh Minh Họa", "Sở Y tế tỉnh Minh Họa",
        ),
        ("UBND TỈNH MINH HỌA\nVĂN PHÒNG", "1/TB-VP", "Văn phòng UBND tỉnh Minh Họa", "UBND tỉnh Minh Họa"),
        ("HĐND TỈNH MINH HỌA\nBAN PHÁP CHẾ", "1/BC-BPC", "Ban Pháp chế HĐND tỉnh Minh Họa", "HĐND tỉnh Minh Họa"),
        (
            "SỞ VĂN HÓA, THỂ THAO\nVÀ DU LỊCH TỈNH MINH HỌA", "1/KH-SVHTTDL",
            "Sở Văn hóa, Thể thao và Du lịch tỉnh Minh Họa", "",
        ),
        (
            "QUỸ CƠ HỘI CHO PHỤ NỮ LÀM\nKINH TẾ TỈNH MINH HỌA\nHỘI ĐỒNG QUẢN LÝ", "1/KH-HĐQL",
            "Hội đồng quản lý Quỹ Cơ hội cho phụ nữ làm kinh tế tỉnh Minh Họa", "Quỹ Cơ hội cho phụ nữ làm kinh tế tỉnh Minh Họa",
        ),
        ("VĂN PHÒNG ĐOÀN ĐBQH\nVÀ HĐND TỈNH MINH HỌA", "1/KH-VP", "Văn phòng Đoàn ĐBQH và HĐND tỉnh Minh Họa", ""),
        ("BỘ NỘI VỤ - BỘ TÀI CHÍNH", "1/2015/TTLT-BNV-BTC", "Bộ Nội vụ; Bộ Tài chính", ""),
        ("SỞ NỘI VỤ\nSỞ TÀI CHÍNH", "1/HD-SNV-STC", "Sở Nội vụ tỉnh Minh Họa; Sở Tài chính tỉnh Minh Họa", ""),
        (
            "UBND TỈNH MINH HỌA\nSỞ NỘI VỤ - SỞ TÀI CHÍNH", "1/HD-SNV-STC",
            "Sở Nội vụ tỉnh Minh Họa; Sở Tài chính tỉnh Minh Họa", "UBND tỉnh Minh Họa",
        ),
        (
            "ỦY BAN NHÂN DÂN\nỦY BAN MTTQ VIỆT NAM\nTỈNH MINH HỌA", "1/QCPH/UBND-UBMTTQ",
            "UBND tỉnh Minh Họa; Ủy ban MTTQ Việt Nam tỉnh Minh Họa", "",
        ),
        ("UỶ BAN NHÂN\nDÂN\nTỈNH MINH HỌA\n-------\nCỘNG\nHÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "1/KH-UBND", "UBND tỉnh Minh Họa", ""),
        ("UBND\nTỈNH MINH HỌA\nCỘNG HÒA XÃ\nHỘI CHỦ NGHĨA VIỆT NAM", "1/KH-UBND", "UBND tỉnh Minh Họa", ""),
        ("QUỐC HỘI\nĐOÀN ĐẠI BIỂU QUỐC HỘI\nTỈNH MINH HỌA", "1/KH-ĐĐBQH", "Đoàn Đại biểu Quốc hội tỉnh Minh Họa", "Quốc hội"),
        ("UBND TỈNH MINH HỌA\nSỞ NỘI VỤ\nMẬT", "1/BC-SNV", "Sở Nội vụ tỉnh Minh Họa", "UBND tỉnh Minh Họa"),
        ("VĂN BẢN QUY PHẠM PHÁP LUẬT\nCHÍNH PHỦ\nCHÍNH PHỦ", "1/2026/NĐ-CP", "Chính phủ", ""),
        (
            "BỘ LAO ĐỘNG - THƯƠNG BINH\nVÀ XÃ HỘI\nBỘ LAO ĐỘNG - THƯƠNG\nBINH VÀ XÃ HỘI", "1/TT-BLĐTBXH",
            "Bộ Lao động - Thương binh và Xã hội", "",
        ),
    ],
)  # fmt: skip
def test_organs_of_the_state(lines, number, issuer, parent):
    found = head(f"{lines}\nSố: {number}\n{STATE}KẾ HOẠCH\nlàm việc năm 2026\n\nI. MỤC ĐÍCH\n")
    assert (found.issuer, found.parent) == (issuer, parent)


def test_the_text_tells_the_capitals_of_its_organ():
    text = f"SỞ GIÁO DỤC VÀ ĐÀO TẠO\nTRƯỜNG THPT HOA MAI\nSố: 1/KH-THPTHM\n{STATE}KẾ HOẠCH\nNăm học\n\nI. MỤC ĐÍCH\n"
    assert head(f"{text}Trường THPT Hoa Mai xây dựng kế hoạch.\n").issuer == "Trường THPT Hoa Mai"
    assert head(text).issuer == "Trường THPT hoa mai"


# --- recipients -----------------------------------------------------------------------------------


def test_recipients_in_the_cell_beside_the_word():
    """Sites of laws set "Kính gửi:" and the names in two cells of one row."""
    page = (
        "<table><tr><td>SỞ NỘI VỤ<br>Số: 1/SNV-VP</td><td>Độc lập - Tự do - Hạnh phúc</td></tr></table><table><tr><td>"
        "<p>Kính gửi:</p></td><td><p>- Các sở, ban, ngành;<br>- UBND các xã.</p></td></tr><tr><td>Ghi chú</td><td>Khác</td>"
        "</tr></table><p>Sở Nội vụ đề nghị báo cáo.</p>"
    )
    assert extract(read_bytes(page.encode(), "a.html")).header.recipients == ("Các sở, ban, ngành", "UBND các xã")


def test_recipients_of_the_party_end_with_commas():
    text = f"TỈNH ỦY MINH HỌA\n*\nSố 1-CV/TU\n{PARTY}Kính gửi: Đảng ủy UBND tỉnh,\n\nNội dung.\n\nNơi nhận:\n- Như trên,\n- Lưu.\n"
    assert head(text).recipients == ("Đảng ủy UBND tỉnh", "Như trên", "Lưu")


def test_forms_of_an_annex_address_nobody():
    articles = "".join(f"Điều {n}. Nội dung của điều này là như thế và không khác.\n" for n in range(1, 80))
    form = f"Mẫu số 01\n{STATE}ĐƠN ĐỀ NGHỊ\nKính gửi: Bộ Minh Họa\n\nNơi nhận:\n- Như trên;\n"
    text = f"BỘ MINH HỌA\nSố: 1/2026/TT-BMH\n{STATE}THÔNG TƯ\nQuy định\n\nCăn cứ Luật;\n{articles}"
    assert head(text + form).recipients == ()
    assert head(f"{text}Nơi nhận:\n- Sở Nội vụ;\n{form}").recipients == ("Sở Nội vụ",)
