"""What a document says of itself, in the heads that real files and pages show."""

from __future__ import annotations

from extract.model import Header
from extract.pipeline import extract_text

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


def test_a_number_among_properties_is_no_organ():
    text = f"Số hiệu:\n296/SNV-CCHC\nSỞ NỘI VỤ TỈNH MINH HỌA\nSố: 296/SNV-CCHC\n{STATE}V/v báo cáo\nKính gửi: UBND các xã.\n"
    assert head(text).issuer == "Sở Nội vụ tỉnh Minh Họa"
