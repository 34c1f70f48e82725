"""When a programme is over, by the years of its title or of the sentence that cites it."""

from __future__ import annotations

import pytest

from extract.phases import last_phase, phase_in_sentence, quoted
from extract.pipeline import extract_text
from extract.tables import read_table
from graph.check import check

ISSUED = "2023-12-01"


def end(words: str, issued: str = "") -> int | None:
    phase = last_phase(words, issued)
    return phase.last if phase else None


@pytest.mark.parametrize("row", [pytest.param(r, id=f"{r['role']}:{r['words']}") for r in read_table("phase_words")])
def test_phase_word_row(row):
    issued = ISSUED if row["role"] in ("annual", "lasting") else ""
    assert str(end(row["example"], issued) or "") == row["end"]


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("Đề án phát triển chợ giai đoạn 2021 - 2025", 2025),
        ("Đề án phát triển chợ giai đoạn 2021–2025", 2025),
        ("Chương trình giảm nghèo giai đoạn 2016-2020 và 2021-2025", 2025),
        ("Chương trình giảm nghèo giai đoạn 2016-2020, giai đoạn 2021-2025", 2025),
        ("Kế hoạch phát triển kinh tế - xã hội 5 năm 2021-2025", 2025),
        ("Kế hoạch phát triển kinh tế - xã hội 05 năm (2021 - 2025)", 2025),
        ("Quy hoạch tỉnh Minh Họa thời kỳ 2021–2030, tầm nhìn đến năm 2050", 2030),
        ("Nghị quyết Đại hội Đảng bộ tỉnh Minh Họa nhiệm kỳ 2020 - 2025", 2025),
        ("Chiến lược dân số đến năm 2030, định hướng 2045", 2030),
        ("Chiến lược dân số đến năm 2030, định hướng đến năm 2045", 2030),
        ("Đề án đến hết năm 2025", 2025),
        ("Kế hoạch thời gian năm học 2023-2024", 2024),
        ("Chương trình phối hợp 2022-2025 giữa hai ngành", 2025),
        ("Chương trình dân tộc giai đoạn 2021 - 2030, giai đoạn I: từ năm 2021 đến năm 2025", 2025),
        ("Chương trình dân tộc giai đoạn từ năm 2021 đến năm 2030", 2030),
        ("Chương trình dân tộc giai đoạn từ năm 2021 đến năm 2030, giai đoạn I", None),  # its years are cut off
        ("Thời kỳ ổn định ngân sách 2022-2025", 2025),
        ("Kế hoạch tuyên truyền các năm 2023, 2024 và 2025", 2025),
        ("Chiến lược phát triển chợ tầm nhìn đến năm 2030", 2030),
        ("Đề án trồng rừng giai đoạn 2011-2015, có xét đến năm 2020", 2020),
        ("Quy định mức hỗ trợ chợ giai đoạn 2021-2025 trên địa bàn tỉnh", 2025),
        ("Quy định quản lý, sử dụng và quyết toán kinh phí chương trình giai đoạn 2021-2025", 2025),
        ("Bộ tiêu chí đánh giá chợ văn minh giai đoạn 2021-2025", 2025),
        # none
        ("Tổng kết giai đoạn 2016–2020", None),
        ("Báo cáo tổng kết 10 năm thực hiện Nghị quyết về chợ giai đoạn 2011-2020", None),
        ("Quy định về chợ ban hành năm 2016", None),
        ("Hướng dẫn thực hiện Luật Đất đai năm 2024", None),
        ("Sửa đổi Quyết định số 13/2016/QĐ-UBND ngày 08 tháng 3 năm 2016", None),
        ("Tiêu chuẩn quốc gia TCVN 2025-2030", None),
        ("Công báo số 2020-2021", None),
        ("Chương trình giáo dục phổ thông năm 2018", None),
        ("Mức thu từ năm 2025", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_end_of_a_phase(words, year):
    assert end(words) == year


@pytest.mark.parametrize(
    ("words", "issued", "year"),
    [
        ("Kế hoạch công tác năm 2024", "2023-12-20", 2024),
        ("Kế hoạch công tác năm 2024", "2024-01", 2024),
        ("Kế hoạch công tác năm 2024", "", None),  # nothing tells that it is the plan's own year
        ("Kế hoạch công tác năm 2024", "2021", None),
        ("Kế hoạch triển khai Luật Đất đai năm 2024", "2024-03-05", None),
        ("Kế hoạch triển khai Luật Căn cước năm 2023", "2023-12-05", None),
        ("Kế hoạch thực hiện Nghị quyết ban hành ngày 01 tháng 12 năm 2023", "2023-12-05", None),
        ("Kế hoạch áp dụng từ năm 2024", "2023-12-05", None),
        ("Chương trình giáo dục phổ thông năm 2018", "2018-12-26", None),
        ("Đề án chợ giai đoạn 2016-2020", "2022-03-01", None),  # over before: it is looked back on
        ("Bãi bỏ chính sách hỗ trợ chợ giai đoạn 2016-2020", "2021-06-01", None),
        ("Kế hoạch tổng kết công tác năm 2023", "2023-11-01", None),
    ],
)
def test_the_day_of_the_document_tells_an_annual_plan_and_what_is_past(words, issued, year):
    assert end(words, issued) == year


def test_the_phase_is_quoted_by_its_span():
    words = "Chương trình giảm nghèo giai đoạn 2016-2020 và 2021-2025"
    phase = last_phase(words)
    assert (words[phase.start : phase.end], phase.first, phase.last) == ("2021-2025", 2021, 2025)


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ("Đề án chợ giai đoạn 2021 - 2025 trên địa bàn tỉnh", "giai đoạn 2021 - 2025"),
        ("Kế hoạch 05 năm (2021-2025)", "05 năm (2021-2025)"),
        ("Chương trình chợ đến năm 2030, định hướng 2045", "đến năm 2030"),
        ("Chương trình phối hợp 2022-2025", "2022-2025"),
    ],
)
def test_a_phase_is_quoted_with_what_names_it(words, quote):
    assert quoted(words, last_phase(words)) == quote


@pytest.mark.parametrize(
    ("sentence", "cited", "year"),
    [
        ("Thực hiện Kế hoạch số 12/KH-UBND giai đoạn 2021-2025 của UBND tỉnh.", "Kế hoạch số 12/KH-UBND", 2025),
        ("Thực hiện Kế hoạch số 12/KH-UBND ngày 08/3/2021 của UBND tỉnh giai đoạn 2021 - 2025.", "Kế hoạch số 12/KH-UBND", 2025),
        ("Thực hiện Đề án phát triển chợ giai đoạn 2021-2025 (Quyết định số 12/QĐ-UBND).", "Quyết định số 12/QĐ-UBND", 2025),
        ("Đề án chợ đến năm 2025, tầm nhìn 2030 ban hành kèm theo Quyết định số 12/QĐ-UBND.", "Quyết định số 12/QĐ-UBND", 2025),
        ("Đề án “Phát triển chợ giai đoạn 2021-2025” được UBND tỉnh phê duyệt tại Quyết định số 12/QĐ-UBND.", "Quyết định số 12/QĐ-UBND", 2025),
        # none
        ("Chi hỗ trợ chợ giai đoạn 2021-2025 theo Nghị định số 12/2021/NĐ-CP.", "Nghị định số 12/2021/NĐ-CP", None),
        ("Tổng kết Kế hoạch số 12/KH-UBND giai đoạn 2016-2020 của UBND tỉnh.", "Kế hoạch số 12/KH-UBND", None),
        ("Trong giai đoạn 2021-2025, Sở tham mưu nhiều việc; Kế hoạch số 12/KH-UBND là một.", "Kế hoạch số 12/KH-UBND", None),
        ("Căn cứ Luật Đất đai và Kế hoạch số 12/KH-UBND về chợ.", "Kế hoạch số 12/KH-UBND", None),
    ],
)  # fmt: skip
def test_the_sentence_that_cites_tells_the_phase(sentence, cited, year):
    start = sentence.index(cited)
    phase = phase_in_sentence(sentence, start, start + len(cited))
    assert (phase.last if phase else None) == year
    assert phase is None or "2025" in sentence[phase.start : phase.end]


# --- the check ------------------------------------------------------------------------------------

HEAD = "UBND TỈNH MINH HỌA\n\nSố: 12/KH-UBND\n\nMinh Họa, ngày 10 tháng 5 năm {}\n\nKẾ HOẠCH\n\nCông tác\n\nI. NHIỆM VỤ\n\n- {}\n"
SCHEME = "Quyết định số 40/QĐ-UBND ngày 06/3/2021 của UBND tỉnh phê duyệt Đề án phát triển chợ giai đoạn 2021-2023"


@pytest.mark.parametrize(
    ("year", "words", "found"),
    [
        ("2024", f"Thực hiện {SCHEME}.", ["“giai đoạn 2021-2023”"]),
        ("2024", f"Thực hiện {SCHEME}.\n\n- Tiếp tục thực hiện {SCHEME}.", ["“giai đoạn 2021-2023”"]),  # said once
        ("2024", "Thực hiện Kế hoạch số 9/KH-UBND giai đoạn 2021-2023 của UBND tỉnh.", ["“giai đoạn 2021-2023”"]),
        ("2024", "Triển khai Chương trình phát triển chợ nông thôn đến năm 2023.", ["“đến năm 2023”"]),
        ("2023", f"Thực hiện {SCHEME}.", []),  # its last year
        ("2024", f"Tổng kết việc thực hiện {SCHEME}.", []),
        ("2024", f"Kế thừa kết quả, tiếp tục thực hiện {SCHEME}.", []),
        ("2024", "Thực hiện Quyết định số 40/QĐ-UBND ngày 06/3/2023 của UBND tỉnh giao dự toán ngân sách năm 2023.", []),
        ("2024", "Triển khai Chương trình phát triển chợ đến năm 2025, tầm nhìn đến năm 2030.", []),
        ("2024", "Báo cáo UBND tỉnh về Chương trình phát triển chợ nông thôn đến năm 2023.", []),
    ],
)  # fmt: skip
def test_what_a_plan_rests_on_after_its_years(year, words, found):
    told = [f.message for f in check(extract_text(HEAD.format(year, words))) if f.rule == "phase-over"]
    assert len(told) == len(found) and all(quote in message for quote, message in zip(found, told, strict=True))


def test_a_report_and_a_text_without_a_day_are_not_warned():
    report = HEAD.format("2024", f"Thực hiện {SCHEME}.").replace("KẾ HOẠCH", "BÁO CÁO").replace("KH-UBND", "BC-UBND")
    undated = f"KẾ HOẠCH\n\nCông tác\n\n- Thực hiện {SCHEME}.\n"
    assert not [f for f in check(extract_text(report)) if f.rule == "phase-over"]
    assert not [f for f in check(extract_text(undated)) if f.rule == "phase-over"]
    assert [f.rule for f in check(extract_text(undated), "2024-01-01") if f.rule == "phase-over"] == ["phase-over"]
    assert not [f for f in check(extract_text(undated), "2023-12-31") if f.rule == "phase-over"]
