"""How sentences cite: (text, [(citation, relation, holder)]), one habit of Vietnamese drafting a row."""

from __future__ import annotations

import pytest

from extract.pipeline import extract_text

CASES = [
    # a chain through titles
    ("Kế hoạch số 5/KH-UBND ngày 01/02/2024 của UBND tỉnh thực hiện Chương trình số 9-CTr/TU của Tỉnh ủy thực hiện Nghị quyết số 36-NQ/TW.",
     [("5/KH-UBND", "cites", None), ("9-CTr/TU", "implements", 0), ("36-NQ/TW", "implements", 1)]),
    # "và" sets a document beside the one of its own type, a list goes on beside the last
    ("Thực hiện Quyết định số 1/QĐ-UBND của UBND tỉnh sửa đổi Quyết định số 2/QĐ-UBND và Kế hoạch số 3/KH-UBND.",
     [("1/QĐ-UBND", "implements", None), ("2/QĐ-UBND", "amends", 0), ("3/KH-UBND", "amends", 0)]),
    ("Thực hiện Nghị quyết số 1/NQ-CP, Nghị quyết số 2/NQ-CP và Chỉ thị số 3/CT-TTg.",
     [("1/NQ-CP", "implements", None), ("2/NQ-CP", "implements", None), ("3/CT-TTg", "implements", None)]),
    # the passive turns the direction round
    ("Căn cứ Nghị định số 34/2016/NĐ-CP được sửa đổi, bổ sung bởi Nghị định số 154/2020/NĐ-CP;",
     [("34/2016/NĐ-CP", "based_on", None), ("154/2020/NĐ-CP", "cites", None)]),
    ("Nghị định số 34/2016/NĐ-CP đã được sửa đổi, bổ sung một số điều theo Nghị định số 154/2020/NĐ-CP có hiệu lực.",
     [("34/2016/NĐ-CP", "amends", 1), ("154/2020/NĐ-CP", "cites", None)]),
    # an amending law by name, and what it amends
    ("theo Luật sửa đổi, bổ sung một số điều của Luật Đầu tư công và Luật Đầu tư.",
     [("Luật sửa đổi, bổ sung một số điều", "cites", None), ("Luật Đầu tư công", "amends", 0), ("Luật Đầu tư", "amends", 0)]),
    # the end of force
    ("Quyết định số 8/2020/QĐ-UBND hết hiệu lực kể từ ngày Quyết định này có hiệu lực.", [("8/2020/QĐ-UBND", "repeals", None)]),
    # carrying out what a document lays down
    ("Thực hiện quy định tại Nghị định số 77/2025/NĐ-CP, các đơn vị báo cáo.", [("77/2025/NĐ-CP", "implements", None)]),
    ("Hướng dẫn thi hành một số điều của Luật Đầu tư.", [("Luật Đầu tư", "guides", None)]),
    # the proposal
    ("Theo đề nghị của Sở Nội vụ tại Tờ trình số 12/TTr-SNV ngày 05/3/2024.", [("12/TTr-SNV", "proposed_by", None)]),
    # what is issued with a document
    ("theo Phụ lục III kèm theo Nghị định số 126/2024/NĐ-CP.", [("126/2024/NĐ-CP", "issued_with", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[c[0][:40] for c in CASES])
def test_relation_and_holder(text, wanted):
    found = [(c.mention.number or c.text, c.relation, c.holder) for c in extract_text(text).citations]
    assert found == wanted


def test_a_list_under_a_passive_head():
    facts = extract_text(
        "Thông tư số 18/2020/TT-BTC được sửa đổi, bổ sung bởi:\nThông tư số 19/2025/TT-BTC.\nThông tư số 20/2025/TT-BTC.\n"
    )
    first = facts.citations[0]
    assert (first.relation, first.holder, [(k.relation, k.holder) for k in first.also]) == (
        "amends",
        1,
        [("amends", 2)],
    )
    names = {d.id: d.number for d in facts.documents}
    acts = {(names[r.source], names[r.target]) for r in facts.relations if r.relation == "amends"}
    assert acts == {("19/2025/TT-BTC", "18/2020/TT-BTC"), ("20/2025/TT-BTC", "18/2020/TT-BTC")}


@pytest.mark.parametrize(("text", "issuer", "date"), [
    ("Ngày 06/10/2025, Bộ Nội vụ ban hành Công văn số 8977/BNV-TCPCP về việc trả lời.", "Bộ Nội vụ", "2025-10-06"),
    ("Thực hiện ý kiến chỉ đạo của UBND tỉnh tại Công văn số 4377/UBND-NC ngày 30/9/2025.", "UBND tỉnh", "2025-09-30"),
    ("theo Quyết định số 5/QĐ-TTg ngày 04/02/2025 của Thủ tướng\nChính phủ về cải cách.", "Thủ tướng Chính phủ", "2025-02-04"),
    ("theo Kế hoạch số 7/KH-SNV ngày 01/3/2025 của Sở Nội vụ tỉnh Minh Họa.", "Sở Nội vụ tỉnh Minh Họa", "2025-03-01"),
    ("theo Báo cáo số 3/BC-HCCV của Hội Công chứng viên tỉnh Minh Họa về kết quả.", "Hội Công chứng viên tỉnh Minh Họa", ""),
    ("theo Luật Đầu tư ngày 17 tháng 6 năm 2020.", "", "2020-06-17"),
])  # fmt: skip
def test_issuer_and_date(text, issuer, date):
    mention = extract_text(text).citations[0].mention
    assert (mention.issuer, mention.date) == (issuer, date)


@pytest.mark.parametrize(("text", "number"), [
    ("Nghị định số 18/2022/TT-\nBLĐTBXH", "18/2022/TT-BLĐTBXH"),
    ("Nghị quyết số 66.16/2026/NQ-CP", "66.16/2026/NQ-CP"),
    ("Nghị quyết số 30a/2008/NQ-CP", "30a/2008/NQ-CP"),
    ("Quyết định số 199/ /QĐ-TTg", "199/QĐ-TTg"),
    ("Hướng dẫn số 31- HD/BTCTW", "31-HD/BTCTW"),
    ("Nghị định số 116/2021/NÐ-CP", "116/2021/NĐ-CP"),
    ("Luật Đầu tư số 61/2020/QH14", "61/2020/QH14"),
    ("Nghị định.../2025/NĐ-CP", "/2025/NĐ-CP"),
    ("Nghị định 126/2024/NĐ-CP1 của Chính phủ", "126/2024/NĐ-CP"),
])  # fmt: skip
def test_irregular_numbers(text, number):
    assert [c.mention.number for c in extract_text("theo " + text + ".").citations] == [number]


@pytest.mark.parametrize("text", [
    "tỷ lệ 36/63 địa phương", "năm 2024-2025", "ngày 05/3/2019", "Mẫu số 01/ĐK", "xe 15/DNI/XCG", "CÔNG BÁO/Số 1093 + 1094/Ngày 18-12",
    "Điều 5 của Luật này", "điện thoại 0276-3822.233", "khoản 2 Điều này", "1/2 diện tích", "số 12/24 đường", "Nghị quyết này",
])  # fmt: skip
def test_what_is_no_citation(text):
    assert extract_text(text + ".").citations == ()


@pytest.mark.parametrize(("text", "names"), [
    ("Tiếp tục triển khai thực hiện Đề án 06 trên địa bàn tỉnh.", ["Đề án 06"]),
    ("Triển khai Chương trình phát triển tài sản trí tuệ đến năm 2030 trên địa bàn tỉnh Minh Họa.",
     ["Chương trình phát triển tài sản trí tuệ đến năm 2030"]),
    ("Quyết định số 5/QĐ-UBND ngày 01/02/2024 của UBND tỉnh phê duyệt Đề án “Đô thị thông minh” theo Nghị quyết số 9/NQ-HĐND.",
     ["Đề án “Đô thị thông minh”"]),
    ("Xây dựng Đề án vị trí việc làm của Sở.", []),
    ("Kiểm tra việc thực hiện Kế hoạch, báo cáo kết quả.", []),
])  # fmt: skip
def test_works_by_name(text, names):
    assert [w.name for w in extract_text(text).works] == names
