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
    # an act reaches its object through provisions, annexes and lists
    ("Bãi bỏ quy định về phụ cấp quy định tại Điều 4 Quyết định số 6/2001/QĐ-UBND.", [("6/2001/QĐ-UBND", "repeals", None)]),
    ("Sửa đổi, bổ sung một số điều của Quy định mức thu ban hành kèm theo Quyết định số 6/2021/QĐ-UBND.",
     [("6/2021/QĐ-UBND", "amends", None)]),
    ("Thay thế cụm từ “cấp huyện” bằng cụm từ “cấp xã” tại khoản 1 Điều 3 của Quyết định số 6/2021/QĐ-UBND.",
     [("6/2021/QĐ-UBND", "amends", None)]),
    ("Quyết định số 6/2021/QĐ-UBND đã được sửa đổi theo Quyết định số 7/2022/QĐ-UBND; Quyết định số 8/2022/QĐ-UBND hết hiệu lực.",
     [("6/2021/QĐ-UBND", "repeals", None), ("7/2022/QĐ-UBND", "cites", None), ("8/2022/QĐ-UBND", "repeals", None)]),
    ("Chi cục cam kết thực hiện: Nghị quyết số 8-NQ/TU ngày 01/02/2023; Kết luận số 9-KL/TU ngày 02/3/2023.",
     [("8-NQ/TU", "implements", None), ("9-KL/TU", "implements", None)]),
    ("Bãi bỏ các Kế hoạch của Ủy ban nhân dân tỉnh: Số 217/KH-UBND ngày 18/9/2019 về thu phí; số 51/KH-UBND ngày 12/3/2020 về thuế.",
     [("217/KH-UBND", "repeals", None), ("51/KH-UBND", "repeals", None)]),
    # a short form names its document again, by the mouth of the text itself
    ("theo Nghị định số 155/2025/NĐ-CP ngày 16/6/2025 (sau đây gọi tắt là Nghị định số 155/2025/NĐ-CP).",
     [("155/2025/NĐ-CP", "cites", None), ("155/2025/NĐ-CP", "cites", None)]),
    # detailing a law guides it, whatever words lead to the carrying out
    ("Nghị định số 31/2019/NĐ-CP quy định chi tiết một số điều và biện pháp tổ chức thi hành Luật Tố cáo.",
     [("31/2019/NĐ-CP", "cites", None), ("Luật Tố cáo", "guides", 0)]),
    # a basis in the body of a text
    ("Căn cứ các giải pháp được nêu tại Nghị quyết số 68-NQ/TW; Nghị quyết số 79-NQ/TW.",
     [("68-NQ/TW", "based_on", None), ("79-NQ/TW", "based_on", None)]),
    # the list of those that carry out goes on after the title of the last of them
    ("Thực hiện Chương trình số 8-CTr/TU của Tỉnh ủy về thực hiện Nghị quyết số 80-NQ/TW về văn hóa, Kế hoạch số 128/KH-UBND.",
     [("8-CTr/TU", "implements", None), ("80-NQ/TW", "implements", 0), ("128/KH-UBND", "implements", None)]),
    # the decree, not the law named in its title, is what a decree amends
    ("theo Nghị định số 78/2025/NĐ-CP ngày 01/4/2025 quy định chi tiết Luật Đầu tư được sửa đổi bởi Nghị định số 187/2025/NĐ-CP.",
     [("78/2025/NĐ-CP", "cites", None), ("Luật Đầu tư", "guides", 0), ("187/2025/NĐ-CP", "cites", None)]),
    # what another document says in quotation marks
    ("Điều 217 của Luật Doanh nghiệp số 59/2020/QH14 quy định như sau: “2. Luật Doanh nghiệp số 68/2014/QH13 hết hiệu lực.”.",
     [("59/2020/QH14", "cites", None), ("68/2014/QH13", "repeals", 0)]),
    # a report beside a proposal proposes nothing
    ("Xét Tờ trình số 5/TTr-UBND của UBND tỉnh; Báo cáo thẩm tra số 6/BC-HĐND của Ban Pháp chế.",
     [("5/TTr-UBND", "proposed_by", None), ("6/BC-HĐND", "cites", None)]),
    ("Thực hiện Kế hoạch số 5/KH-UBND về y tế; trên cơ sở đề xuất của Sở Nội vụ tại Tờ trình số 6/TTr-SNV, Sở ban hành.",
     [("5/KH-UBND", "implements", None), ("6/TTr-SNV", "proposed_by", None)]),
    # a list that runs on over paragraphs
    ("Thực hiện Kế hoạch số 5/KH-UBND;\n\nKế hoạch số 6/KH-UBND;\n\nCông văn số 7/UBND-NC, Sở đã tổng hợp.",
     [("5/KH-UBND", "implements", None), ("6/KH-UBND", "implements", None), ("7/UBND-NC", "implements", None)]),
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
    ("Ngày 17/5/2025, Bộ Chính trị, Ban Bí thư đã ban hành Kết luận số 155-KL/TW về tổ chức.", "Bộ Chính trị, Ban Bí thư", "2025-05-17"),
    ("góp ý của Sở Nội vụ (Ban Thi đua - Khen thưởng) tại Công văn số 72/SNV-TĐ ngày 03/02/2026.",
     "Sở Nội vụ (Ban Thi đua - Khen thưởng)", "2026-02-03"),
    ("theo Kế hoạch số 7-KH/ĐU ngày 01/3/2025 của Đảng ủy trường Đại học Minh Họa về học tập.",
     "Đảng ủy trường Đại học Minh Họa", "2025-03-01"),
    ("Xét Báo cáo số 5/BC-HĐND ngày 07/7/2017 của Ban Văn hóa -\nXã hội, Hội đồng nhân dân tỉnh và ý kiến khác.",
     "Ban Văn hóa - Xã hội, Hội đồng nhân dân tỉnh", "2017-07-07"),
    ("theo Báo cáo số 5/BC-ĐGS của Đoàn Giám sát Hội đồng nhân dân tỉnh về đất đai.", "Đoàn Giám sát Hội đồng nhân dân tỉnh", ""),
    ("theo Báo cáo thẩm định của Sở Tư pháp số 5/BC-STP ngày 01/3/2025.", "Sở Tư pháp", "2025-03-01"),
    ("theo Kế hoạch số 5/KH-MNMH ngày của Hiệu trưởng Trường Mầm non Minh Họa.", "Hiệu trưởng Trường Mầm non Minh Họa", ""),
    ("theo Kế hoạch số 5/KH-MNMH của trường Mầm non Minh Họa.", "trường Mầm non Minh Họa", ""),
    ("theo đề nghị của Trưởng phòng Văn hóa - Xã hội xã Minh Họa tại Tờ trình số 5/TTr-VHXH.",
     "Trưởng phòng Văn hóa - Xã hội xã Minh Họa", ""),
    ("Thực hiện Thông báo số 7/TB-UBND, Công văn số 8/UBND-NC của UBND tỉnh, Sở Nội vụ được giao chủ trì.", "UBND tỉnh", ""),
    ("Thực hiện Kế hoạch số 7/KH-UBND ngày 01/3/2025 của UBND tỉnh, Sở Nội vụ ban hành Kế hoạch như sau:", "UBND tỉnh", "2025-03-01"),
    ("theo Thông tư số 79/2012/BTC-BLĐTBXH của Bộ Tài chính, Bộ Lao động - Thương binh và Xã hội quy định nội dung.",
     "Bộ Tài chính, Bộ Lao động - Thương binh và Xã hội", ""),
    ("theo Thông tư số 01/2022/TT-UBDT của Bộ trưởng, Chủ nhiệm Ủy ban Dân tộc quy định hướng dẫn.",
     "Bộ trưởng, Chủ nhiệm Ủy ban Dân tộc", ""),
    ("theo Nghị quyết số 7-NQ/TU ngày 01/3/2025 của Ban Chấp hành Đảng bộ tỉnh về Đề án sắp xếp bộ máy.",
     "Ban Chấp hành Đảng bộ tỉnh", "2025-03-01"),
    ("theo Báo cáo số 7/BC-TTr ngày 01/3/2025 của Chánh Thanh tra tỉnh.", "Chánh Thanh tra tỉnh", "2025-03-01"),
    ("theo Kết luận số 7-KL/TWĐTN-BTG ngày 01/3/2025 của Ban Bí thư Trung ương Đoàn về công tác thiếu nhi.",
     "Ban Bí thư Trung ương Đoàn", "2025-03-01"),
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
    ("Chương trình số 06-Ctr/TU", "06-Ctr/TU"),
    ("Nghị định số 116/2021/NÐ-CP", "116/2021/NĐ-CP"),
    ("Luật Đầu tư số 61/2020/QH14", "61/2020/QH14"),
    ("Quyết định số 76/QĐ-SNV - Ban hành Kế hoạch", "76/QĐ-SNV"),
    ("Quy chế số 06/QC-TT.HĐND-UBND ngày 20/3/2026", "06/QC-TT.HĐND-UBND"),
    ("Hướng dẫn số 624/HD.PGDĐT ngày 07/9/2026", "624/HD.PGDĐT"),
    ("Quyết định số 5/QĐ-UBND.UBND tỉnh giao", "5/QĐ-UBND"),
    ("Nghị định số 99/2010 NĐ-CP ngày 24/9/2010", "99/2010NĐ-CP"),
    ("Thông tư số 01/2016/TT-BGD ĐT ngày 15/01/2016", "01/2016/TT-BGDĐT"),
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


@pytest.mark.parametrize(("text", "wanted"), [
    ("Luật Tổ chức Chính phủ; Luật sửa đổi, bổ sung một số điều của Luật Đầu tư và Luật Nhà ở ngày 22/11/2019.",
     [("", ""), ("", "2019-11-22"), ("", ""), ("", "")]),
    ("theo các Quyết định của Bộ trưởng Bộ Nội vụ: số 25/QĐ-BNV ngày 03/8/2016; số 54/QĐ-BNV ngày 21/5/2020.",
     [("Bộ trưởng Bộ Nội vụ", "2016-08-03"), ("Bộ trưởng Bộ Nội vụ", "2020-05-21")]),
    ("đề nghị của Sở Nội vụ tại Tờ trình số 17/TTr-SNV ngày 23/4/2026 và Báo cáo số 23/BC-SNV ngày 26/4/2026.",
     [("Sở Nội vụ", "2026-04-23"), ("Sở Nội vụ", "2026-04-26")]),
    ("Thông tư số 12/2012/TT-BTC ngày 09/01/2012 sửa đổi Thông tư số 245/2009/TT-BTC; Thông tư số 89/2010/TT-BTC ngày 16/6/2010 của Bộ Tài chính.",
     [("", "2012-01-09"), ("", ""), ("Bộ Tài chính", "2010-06-16")]),
])  # fmt: skip
def test_what_a_list_tells_once(text, wanted):
    assert [(c.mention.issuer, c.mention.date) for c in extract_text(text).citations] == wanted


@pytest.mark.parametrize(("text", "wanted"), [
    ("khoản 2 Điều 12 của Quy định kèm theo Nghị quyết số 9/2022/NQ-HĐND", ["khoản 2 Điều 12"]),
    ("Mẫu số 9 Điều lệ hội ban hành kèm theo Nghị định số 126/2024/NĐ-CP", ["Mẫu số 9"]),
    ("điểm b, khoản 1, mục II và bước 4, khoản 2 mục III Hướng dẫn số 37/HD-SNV", ["điểm b khoản 1 Mục II", "bước 4 khoản 2 Mục III"]),
    ("các điểm a, b khoản 1 Điều 5 trừ điểm b khoản 1 Điều 5 Nghị định số 55/2011/NĐ-CP", ["điểm a khoản 1 Điều 5"]),
])  # fmt: skip
def test_provisions(text, wanted):
    assert list(extract_text(f"theo {text}.").citations[0].mention.pinpoint) == wanted


def test_the_name_of_a_work_ends_before_what_is_told_of_it():
    facts = extract_text(
        "KẾ HOẠCH\nII. NHIỆM VỤ\n1. Tuyên truyền kết quả thực hiện Đề án phát triển y tế cơ sở được Ủy ban nhân dân tỉnh "
        "phê duyệt tại Quyết định số 12/QĐ-UBND ngày 02/3/2020.\n2. Tiếp tục thực hiện Chương trình tổng thể cải cách "
        "hành chính giai đoạn 2021 - 2030 đã được tỉnh giao.\n"
    )
    assert [w.name for w in facts.works] == [
        "Đề án phát triển y tế cơ sở",
        "Chương trình tổng thể cải cách hành chính giai đoạn 2021 - 2030",
    ]
