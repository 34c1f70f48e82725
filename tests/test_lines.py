"""Lines and number lines: what belongs together though the page breaks it, and what the head says of the document."""

from __future__ import annotations

import pytest

from extract.lines import flowing, read_lines
from extract.own_number import own_numbers
from extract.pipeline import extract_text
from extract.read.plain import source_from_text
from extract.text import straighten

WRAPPED = (
    "Thực hiện chỉ đạo của Ủy ban nhân dân tỉnh về việc tăng cường công tác cải cách hành\n"
    "Chính trong các cơ quan, đơn vị, Sở Nội vụ đã ban hành văn bản gửi các phòng và các\n"
    "Trung tâm trực thuộc để triển khai.\n"
)


def flow(text: str) -> str:
    source = source_from_text(text)
    return flowing(straighten(source.text), read_lines(source.text, source.blocks))


@pytest.mark.parametrize(("text", "joined"), [
    (WRAPPED, WRAPPED.replace("\n", " ", 2)),
    ("Căn cứ Nghị quyết số\n190/2025/QH15 ngày 19/02/2025;\n", "Căn cứ Nghị quyết số 190/2025/QH15 ngày 19/02/2025;\n"),
    ("ngày 18 tháng 10\n\nnăm 2019 của tỉnh\n", "ngày 18 tháng 10  năm 2019 của tỉnh\n"),
    ("## Căn cứ\nvà mục đích\n", "## Căn cứ\nvà mục đích\n"),
    ("1. Kinh phí\n2. Nhân sự\n", "1. Kinh phí\n2. Nhân sự\n"),
    ("Sở Nội vụ\nSở Tài chính\n", "Sở Nội vụ\nSở Tài chính\n"),
])  # fmt: skip
def test_the_text_flows_over_the_breaks_of_the_page(text, joined):
    assert flow(text) == joined


def test_whole_paragraphs_are_no_lines_of_a_page():
    """A heading as long as most short lines is no wrapped line where the others are paragraphs of any length."""
    heading = "4. Tổ chức tập huấn nghiệp vụ công tác cải cách hành chính cho công chức, viên chức của tỉnh"
    below = "Mở các lớp tập huấn cho công chức."
    others = "\n".join(f"{n}. {'Thực hiện công việc này. ' * (2 + 3 * (n % 5))}" for n in range(5, 45))
    assert f"{heading}\n{below}\n" in flow(f"{heading}\n{below}\n{others}\n")
    page = "\n".join(["Các sở, ban, ngành và Ủy ban nhân dân các xã phối hợp với Sở Nội vụ để Sở"] * 30)
    assert "\n" not in flow(page)


def test_a_page_head_of_the_gazette_breaks_no_citation():
    text = "theo Nghị\n29 CÔNG BÁO/Số 621 + 622/Ngày 25-7-2022 \nđịnh số 35/2021/NĐ-CP ngày 29/3/2021 của Chính phủ."
    facts = extract_text(text)
    assert [(c.mention.number, c.mention.issuer) for c in facts.citations] == [("35/2021/NĐ-CP", "Chính phủ")]
    assert facts.citations[0].text.startswith("Nghị") and facts.refusals == ()


def test_a_unit_never_ends_inside_a_citation():
    facts = extract_text("1. Theo Kế hoạch số\n12/KH-UBND ngày 01/02/2024 của Sở\nNội vụ tỉnh Minh Họa.\n")
    (citation,) = facts.citations
    assert citation.mention.issuer == "Sở Nội vụ tỉnh Minh Họa"
    assert [u for u in facts.units if u.start <= citation.mention.start and citation.mention.tail <= u.end]


MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"


@pytest.mark.parametrize(("text", "numbers"), [
    ("SỞ NỘI VỤ\nSố: 181\n\n/BC-SNV\n\n" + MOTTO, ["181/BC-SNV"]),
    ("SỞ NỘI VỤ\nSố:     /KH-SNV\n" + MOTTO, ["/KH-SNV"]),
    ("SỞ NỘI VỤ\nSố: S/Z /TTr-SNV\n" + MOTTO, ["S/Z/TTr-SNV"]),
    ("DỰ THẢOSố: /QĐ-UBND\n", ["/QĐ-UBND"]),
    ("| **Số: 12/KH-SNV** |\n", ["12/KH-SNV"]),
    ("QUỐC HỘI\nLuật số: 50/2005/QH11\n" + MOTTO, ["50/2005/QH11"]),
    ("Luật số 91/2015/QH13 có hiệu lực từ năm 2017.\n", []),
    ("theo Quyết định\nsố 304/QĐ-SNV và\n", []),
    ("Số: 1/KH-SNV\nSố: 2/KH-SNV\n", ["1/KH-SNV"]),
    ("Số: 1/KH-SNV\n" + "Nội dung. " * 300 + "\n" + MOTTO + "Số: 2/QĐ-SNV\n", ["1/KH-SNV", "2/QĐ-SNV"]),
    ("Số: 1/KH-SNV\n" + "Nội dung. " * 300 + "\n" + MOTTO + "Số: ...../QĐ-SNV\n", ["1/KH-SNV"]),
])  # fmt: skip
def test_the_number_line_of_a_head(text, numbers):
    found = own_numbers(text)
    assert [n.number for n in found] == numbers
    assert all(text[n.start :].startswith(("Số", "SỐ", "Luật")) for n in found)


@pytest.mark.parametrize(("text", "number"), [
    ("Thông tưsố200/2014/TT-BTC", "200/2014/TT-BTC"),
    ("Nghị định số118/2021/NĐ-CP", "118/2021/NĐ-CP"),
    ("Thông tư số 105/2020/TT-BTCđể lập", "105/2020/TT-BTC"),
    ("Thông tư số 153/2012/TT-BTCThông tư", "153/2012/TT-BTC"),
    ("Thông tư số 06/2022/TT-B\u0422\u0421 ngày", "06/2022/TT-BTC"),
    ("Thông tư số 04/2011/TTLT-BCA-BLĐTBXH\u00ad-BTC", "04/2011/TTLT-BCA-BLĐTBXH-BTC"),
    ("Quyết định số 574 QĐ/BTC", "574QĐ/BTC"),
    ("Quyết định số 472/2000/QĐ-NHNN7", "472/2000/QĐ-NHNN7"),
    ("Nghị định 117/215/NĐ-CP", "117/215/NĐ-CP"),
    ("Kế hoạch số số 16/KH-SNV", "16/KH-SNV"),
    ("Báo cáo thẩm tra số 37/BC-BPC", "37/BC-BPC"),
    ("Luật Bảo hiểm y tế 25/2008/QH12", "25/2008/QH12"),
    ("Nghị định 30/2020", "30/2020"),
    ("Quyết định giám đốc thẩm số 55/2018/HS-GĐT", "55/2018/HS-GĐT"),
    ("QCVN 02 - 16: 2012/BNNPTNT", "QCVN 02-16:2012/BNNPTNT"),
    ("TCCS: 01-2020/CKOTUB", "TCCS 01-2020/CKOTUB"),
])  # fmt: skip
def test_irregular_numbers(text, number):
    (citation,) = extract_text(f"theo {text}.").citations
    assert citation.mention.number == number
    assert text.startswith(citation.text.replace("\n", " ")[:8])


def test_a_list_of_form_codes_is_refused_to_its_end():
    facts = extract_text("Biểu mẫu từ 01/TKTH đến 06/TKTH theo mẫu số C1-02/NS.")
    assert facts.citations == ()
    assert [(r.text, r.rule) for r in facts.refusals] == [
        ("01/TKTH", "form_code"), ("06/TKTH", "form_code"), ("C1-02/NS", "form_code"),
    ]  # fmt: skip
