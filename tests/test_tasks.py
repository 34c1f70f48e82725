"""Tasks: tables of any layout, units in charge, times; header and signature of several forms."""

from __future__ import annotations

import pytest

from extract.dues import due_in
from extract.helping import helpers
from extract.pipeline import extract_text
from extract.read.plain import source_from_text
from extract.tasks import assignment_units, cell_units, heading_units, split_units
from extract.text import fold

HEAD = (
    "| ỦY BAN NHÂN DÂN <br> TỈNH MINH HỌA <br> Số: /KH-UBND | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM <br> "
    "Minh Họa, ngày tháng 01 năm 2026 |\n|---|---|\n\nKẾ HOẠCH\n\nThử nghiệm năm 2026\n\n"
)


def work(body: str) -> list:
    return [u for u in extract_text(HEAD + body).units if u.kind in ("task", "assignment")]


def rows(table: str) -> list[tuple]:
    return [
        (u.id, u.text, list(u.lead), list(u.cooperating), u.due, u.product) for u in work("I. NHIỆM VỤ\n\n" + table)
    ]


# --- cells of Markdown ----------------------------------------------------------------------------


def test_cells_are_blocks_and_the_text_stays():
    text = "Trước bảng\n\n| TT | Nội dung |\n|---|---|\n| 1 | Việc **a** <br> và b |\n\n| không | bảng |\n"
    source = source_from_text(text)
    assert source.text == text
    found = [(text[b.start : b.end], b.place[2:5]) for b in source.blocks]
    assert found == [
        ("Trước bảng", (None, None, None)), ("TT", (1, 1, 1)), ("Nội dung", (1, 1, 2)), ("1", (1, 2, 1)),
        ("Việc **a**", (1, 2, 2)), ("và b", (1, 2, 2)), ("| không | bảng |", (None, None, None)),
    ]  # fmt: skip


def test_two_tables_are_counted_apart_and_empty_cells_hold_their_number():
    source = source_from_text("| a | |\n|---|---|\n| | b |\n\n| c |\n|---|\n")
    assert [b.place[2:5] for b in source.blocks] == [(1, 1, 1), (1, 2, 2), (2, 1, 1)]


# --- tables ---------------------------------------------------------------------------------------


def test_columns_in_any_order_with_words_for_the_doer_and_the_helper_in_one():
    table = (
        "| Thời hạn | Đơn vị thực hiện | Công việc | STT |\n|---|---|---|---|\n"
        "| 30/6/2026 | Sở Nội vụ chủ trì, phối hợp với Sở Tài chính | Lập danh sách | 1 |\n"
    )
    assert rows(table) == [("I.1", "Lập danh sách", ["Sở Nội vụ"], ["Sở Tài chính"], "30/6/2026", "")]


def test_merged_cells_hold_for_the_rows_below_and_not_beyond_a_heading_row():
    table = (
        "| TT | Nhiệm vụ | Chủ trì | Thời gian |\n|---|---|---|---|\n| I | PHẦN MỘT | | |\n| 1 | Việc A | Sở Y tế | Quý I |\n"
        "| 2 | Việc B | | |\n| II | PHẦN HAI | | |\n| 1 | Việc C | | Quý II |\n"
    )
    assert [(r[0], r[2], r[4]) for r in rows(table)] == [
        ("I.I.1", ["Sở Y tế"], "Quý I"), ("I.I.2", ["Sở Y tế"], "Quý I"), ("I.II.1", [], "Quý II"),
    ]  # fmt: skip


def test_a_header_of_two_rows_a_row_of_numbers_and_a_header_again():
    table = (
        "| TT | Nội dung | Trách nhiệm | | Kết quả |\n|---|---|---|---|---|\n| | | Chủ trì | Phối hợp | |\n"
        "| (1) | (2) | (3) | (4) | (5) |\n| 1 | Việc A | Sở A | Sở B | Báo cáo |\n| TT | Nội dung | Trách nhiệm | | Kết quả |\n"
        "| 2 | Việc B | Sở C | | |\n"
    )
    assert [r[1:] for r in rows(table)] == [
        ("Việc A", ["Sở A"], ["Sở B"], "", "Báo cáo"), ("Việc B", ["Sở C"], [], "", ""),
    ]  # fmt: skip


def test_a_row_without_a_task_goes_on_with_the_one_above():
    table = (
        "| TT | Nhiệm vụ | Chủ trì | Sản phẩm |\n|---|---|---|---|\n| 1 | Việc A | Sở A | Kế hoạch |\n"
        "| | | Sở B | Báo cáo |\n"
    )
    assert rows(table) == [("I.1", "Việc A", ["Sở A", "Sở B"], [], "", "Kế hoạch; Báo cáo")]


def test_other_tables_are_no_work():
    assert rows("| TT | Nội dung | Đơn vị tính | Số lượng |\n|---|---|---|---|\n| 1 | Máy in | cái | 3 |\n") == []
    assert rows("| Họ tên | Chức vụ |\n|---|---|\n| Trưởng ban | Sở Nội vụ |\n") == []


def test_what_the_row_names_is_cited_by_the_task():
    table = (
        "| TT | Căn cứ | Nhiệm vụ | Chủ trì | Ghi chú |\n|---|---|---|---|---|\n| 1 | Nghị quyết số 5/NQ-CP ngày 01/02/2026 | "
        "Sửa Quyết định số 6/QĐ-UBND | Sở A | Công văn số 7/UBND-TH ngày 02/02/2026 |\n"
    )
    facts = extract_text(HEAD + "I. NHIỆM VỤ\n\n" + table)
    found = [(c.mention.number, c.unit, c.relation) for c in facts.citations if not c.mention.self]
    assert found == [
        ("5/NQ-CP", "I.1", "based_on"), ("6/QĐ-UBND", "I.1", "cites"), ("7/UBND-TH", "I.1", "cites"),
    ]  # fmt: skip


def test_the_table_of_an_appendix_behind_the_signature():
    facts = extract_text(
        HEAD
        + "I. MỤC ĐÍCH\n\n1. Nâng cao nhận thức.\n\nTrên đây là Kế hoạch./.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\n"
        "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\nPhụ lục 02\n\nDANH MỤC\n\n| TT | Nhiệm vụ | Chủ trì |\n|---|---|---|\n| 5 | Việc A | Sở A |\n"
    )
    assert [(u.id, u.lead) for u in facts.units if u.kind == "task"] == [("PL02.5", ("Sở A",))]
    assert (facts.header.signer_role, facts.header.recipients) == ("KT. CHỦ TỊCH PHÓ CHỦ TỊCH", ("Như trên", "Lưu: VT"))


# --- prose ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "units"), [
    ("Sở Nội vụ chủ trì, phối hợp với Sở Tài chính rà soát.", ("Sở Nội vụ",)),
    ("Căn cứ nội dung Kế hoạch, các sở, ban, ngành, UBND các xã xây dựng kế hoạch.", ("các sở, ban, ngành", "UBND các xã")),
    ("Trong Quý I, Văn phòng UBND tỉnh tổng hợp kết quả.", ("Văn phòng UBND tỉnh",)),
    ("Đề nghị Ủy ban MTTQ Việt Nam tỉnh tăng cường giám sát.", ("Ủy ban MTTQ Việt Nam tỉnh",)),
    ("Giao Sở Tài chính thẩm định dự toán.", ("Sở Tài chính",)),
    ("Sở Tư pháp: Lồng ghép tuyên truyền.", ("Sở Tư pháp",)),
    ("Ban Tổ chức Tỉnh ủy chủ trì theo dõi.", ("Ban Tổ chức Tỉnh ủy",)),
    ("Các phòng chuyên môn và tổ chức tương đương thuộc các cơ quan.", ()),
    ("UBND tỉnh đã ban hành Công văn.", ()),
    ("Tổ chức hội nghị tổng kết.", ()),
    ("Báo cáo kết quả thực hiện.", ()),
])  # fmt: skip
def test_who_is_laid_work_on(text, units):
    assert assignment_units(text) == units


@pytest.mark.parametrize(("words", "units"), [
    ("Các sở, ban, ngành; UBND các xã, phường, đặc khu", ("Các sở, ban, ngành", "UBND các xã, phường, đặc khu")),
    ("Sở Nội vụ, Sở Tài chính và các đơn vị liên quan", ("Sở Nội vụ", "Sở Tài chính", "các đơn vị liên quan")),
    ("Sở Văn hóa, Thể thao và Du lịch", ("Sở Văn hóa, Thể thao và Du lịch",)),
    ("Báo và Đài Phát thanh, Truyền hình Minh Họa", ("Báo và Đài Phát thanh, Truyền hình Minh Họa",)),
    ("Lãnh đạo <br> Sở Công Thương", ("Lãnh đạo Sở Công Thương",)),
    ("- Sở Y tế\n- Công an tỉnh", ("Sở Y tế", "Công an tỉnh")),
    ("", ()),
])  # fmt: skip
def test_a_list_of_units_is_split_between_named_organs(words, units):
    assert split_units(words) == units


def test_headings_cells_and_helpers():
    assert heading_units("Giao Sở Nội vụ (cơ quan thường trực):") == ("Sở Nội vụ",)
    assert heading_units("Trách nhiệm của Sở Y tế") == ("Sở Y tế",)
    assert heading_units("Đẩy mạnh tuyên truyền") == ()
    assert cell_units("Chủ trì: Sở Nội vụ\nPhối hợp: Các sở, ban, ngành") == (("Sở Nội vụ",), ("Các sở, ban, ngành",))
    assert helpers("Phối hợp với các cơ quan, đơn vị xây dựng kế hoạch.") == ("các cơ quan, đơn vị",)
    assert helpers("phối hợp chặt chẽ với chính quyền các cấp, phát huy sức mạnh") == ("chính quyền các cấp",)


@pytest.mark.parametrize(("text", "due"), [
    ("Hoàn thành trước ngày 30/6/2026.", "trước ngày 30/6/2026"),
    ("Xây dựng Kế hoạch trong Quý I/2026 để thực hiện.", "trong Quý I/2026"),
    ("Quý II/2027, các cơ quan đánh giá.", "Quý II/2027"),
    ("Ban hành chậm nhất là ngày 30/01/2026.", "chậm nhất là ngày 30/01/2026"),
    ("Báo cáo trước ngày 15 hằng tháng.", "trước ngày 15 hằng tháng"),
    ("Riêng các trường, hằng quý có ít nhất 01 bài.", "hằng quý"),
    ("Thường xuyên theo dõi tiến độ.", "Thường xuyên"),
    ("Định kỳ báo cáo kết quả.", "Định kỳ"),
    ("Báo cáo định kỳ hằng quý, 6 tháng.", "định kỳ hằng quý, 6 tháng"),
    ("Tổ chức sự kiện nhân ngày Chuyển đổi số Quốc gia 10/10.", "nhân ngày Chuyển đổi số Quốc gia 10/10"),
    ("Rà soát quy trình. Thời gian hoàn thành: tháng 9/2026.", "tháng 9/2026"),
    ("Đánh giá Chỉ số của tỉnh hằng năm.", ""),
    ("Khuyến khích cán bộ thường xuyên viết bài.", ""),
    ("Lồng ghép trong báo cáo định kỳ.", ""),
    ("Đẩy mạnh thi đua năm 2026.", ""),
    ("Rà soát phương án, hoàn thành trước mùa mưa bão.", "trước mùa mưa bão"),
    ("Kiểm tra trước, trong và sau Tết Nguyên đán.", "trước, trong và sau Tết Nguyên đán"),
    ("Bảo đảm an toàn cho người dân trong mùa mưa.", ""),
    ("Phát thanh 02 lần/ngày trên loa.", "02 lần/ngày"),
    ("Bảo đảm thanh tra không quá 01 lần/năm.", ""),
    ("Báo cáo định kỳ hằng quý (trước ngày 20 của tháng cuối quý) về Sở.",
     "định kỳ hằng quý (trước ngày 20 của tháng cuối quý)"),
    ("Gửi báo cáo hằng quý vào ngày 10 của tháng cuối quý.", "hằng quý vào ngày 10 của tháng cuối quý"),
    ("Cập nhật chậm nhất 15 ngày kể từ ngày văn bản được ký, báo cáo.", "chậm nhất 15 ngày kể từ ngày văn bản được ký"),
    ("Họp vào sáng ngày 16/4/2026 tại trụ sở.", "vào sáng ngày 16/4/2026"),
    ("Báo cáo trước 15 giờ thứ Năm hằng tuần.", "trước 15 giờ thứ Năm hằng tuần"),
    ("Báo cáo định kỳ (quý I, 06 tháng và năm) về Sở.", "định kỳ (quý I, 06 tháng và năm)"),
    ("Báo cáo định kỳ quý, 06 tháng, năm về Sở.", "định kỳ quý, 06 tháng, năm"),
    ("Mở đợt cao điểm từ ngày 15/4/2026 đến ngày 15/5/2026.", "từ ngày 15/4/2026 đến ngày 15/5/2026"),
    ("Gửi trước ngày 15/6 và trước ngày 15/12 hằng năm.", "trước ngày 15/6 và trước ngày 15/12 hằng năm"),
    ("Báo cáo trước ngày 05/6, 05/12 hằng năm.", "trước ngày 05/6, 05/12 hằng năm"),
    ("Báo cáo trước ngày 20/6 và 20/12 về Sở.", "trước ngày 20/6 và 20/12"),
    ("Mở lớp trong tháng 4 và tháng 5/2026.", "trong tháng 4 và tháng 5/2026"),
    ("Sơ kết vào năm 2028.", "vào năm 2028"),
    ("Trình trước kỳ họp cuối năm 2026.", "trước kỳ họp cuối năm 2026"),
    ("Tổ chức mít tinh nhân Ngày Pháp luật 09/11 tại các xã.", "nhân Ngày Pháp luật 09/11"),
    ("Tổ chức trong Quý II và Quý III/2026.", "trong Quý II và Quý III/2026"),
    ("Trình HĐND tỉnh tại kỳ họp thường lệ giữa năm 2026.", "tại kỳ họp thường lệ giữa năm 2026"),
    ("Chuyển giao văn bản đến trong ngày làm việc; quản lý con dấu.", "trong ngày làm việc"),
    ("Trả lời phản ánh trong thời hạn 03 ngày làm việc.", "trong thời hạn 03 ngày làm việc"),
    ("Không sử dụng rượu, bia trong giờ làm việc.", ""),
])  # fmt: skip
def test_until_when(text, due):
    assert due_in(text, fold(text), 0, len(text), ()) == due


def test_the_day_of_a_document_is_no_time():
    (unit,) = work(
        "I. NHIỆM VỤ\n\n1. Triển khai Kế hoạch số 5/KH-UBND ngày 02/3/2026 của UBND tỉnh, kể từ ngày 05/3/2026.\n"
    )
    assert unit.due == ""


def test_lines_with_labels_tell_of_the_task_above():
    body = (
        "I. NỘI DUNG\n\n1. Tổ chức hội nghị tổng kết\n\n- Cơ quan chủ trì: Sở Nội vụ.\n\n- Thời gian: Quý IV/2026.\n\n"
        "- Sản phẩm: Báo cáo.\n\n2. Biên soạn tài liệu.\n"
    )
    assert [(u.id, u.lead, u.due, u.product) for u in work(body)] == [
        ("I.1", ("Sở Nội vụ",), "Quý IV/2026", "Báo cáo"), ("I.2", (), "", ""),
    ]  # fmt: skip


def test_labels_and_units_inside_a_paragraph():
    body = (
        "I. NHIỆM VỤ\n\n1. Rà soát quy trình. Cơ quan chủ trì: Sở Nội vụ; cơ quan phối hợp: Sở Y tế. Sản phẩm: Báo cáo.\n\n"
        "2. Tổ chức hội thi (Công an tỉnh chủ trì).\n\n3. Tháng 6/2026: Sơ kết công tác.\n"
    )
    assert [(u.lead, u.cooperating, u.due, u.product) for u in work(body)] == [
        (("Sở Nội vụ",), ("Sở Y tế",), "", "Báo cáo"), (("Công an tỉnh",), (), "", ""), ((), (), "Tháng 6/2026", ""),
    ]  # fmt: skip


def test_a_lead_in_gives_its_unit_to_the_list_and_is_no_work_itself():
    body = (
        "I. NHIỆM VỤ\n\n1. Công tác tuyên truyền.\n\nCác sở, ban, ngành và UBND các xã căn cứ chức năng, nhiệm vụ được giao "
        "triển khai thực hiện các nhiệm vụ sau:\n\n- Rà soát hồ sơ.\n\n2. Tập trung thực hiện các việc sau đây.\n"
    )
    assert [(u.text, u.lead) for u in work(body)] == [("Rà soát hồ sơ.", ("Các sở, ban, ngành", "UBND các xã"))]


def test_purposes_targets_lead_ins_and_remarks_are_no_work():
    body = (
        "I. MỤC ĐÍCH, YÊU CẦU\n\n1. Sở Nội vụ chủ trì thực hiện.\n\nII. NHIỆM VỤ\n\nTriển khai các việc sau:\n\n"
        "- Phấn đấu đạt 90%.\n\n- Rà soát hồ sơ.\n\n3. Thực hiện theo Phụ lục kèm theo.\n\nIII. KINH PHÍ\n\n"
        "Kinh phí từ ngân sách.\n\nIV. TỔ CHỨC THỰC HIỆN\n\nSở Y tế:\n\n- Báo cáo kết quả.\n\n"
        "Trong quá trình thực hiện, nếu có khó khăn, các đơn vị báo cáo.\n\nTrên đây là Kế hoạch.\n"
    )
    assert [(u.kind, u.text, u.lead) for u in work(body)] == [
        ("task", "Rà soát hồ sơ.", ()), ("assignment", "Báo cáo kết quả.", ("Sở Y tế",)),
    ]  # fmt: skip


# --- header ---------------------------------------------------------------------------------------


def test_a_party_head():
    head = extract_text(
        "ĐẢNG BỘ TỈNH MINH HỌA\nTỈNH ỦY\n*\nSố 12-KH/TU\nĐẢNG CỘNG SẢN VIỆT NAM\nMinh Họa, ngày 02 tháng 3 năm 2026\n\n"
        "KẾ HOẠCH\nthực hiện Chỉ thị số 5-CT/TW ngày 01/01/2026 của Ban Bí thư\n-----\n\nI. MỤC ĐÍCH\n\n"
        "Nơi nhận\n- Các đảng ủy;\n\nT/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ\n"
    ).header
    assert (head.number, head.symbol, head.issuer, head.parent) == (
        "12",
        "KH/TU",
        "Tỉnh ủy Minh Họa",
        "Đảng bộ tỉnh Minh Họa",
    )
    assert head.title == "thực hiện Chỉ thị số 5-CT/TW ngày 01/01/2026 của Ban Bí thư"
    assert head.signer_role == "T/M BAN THƯỜNG VỤ PHÓ BÍ THƯ"


def test_an_official_letter():
    head = extract_text(
        "| UBND TỈNH MINH HỌA <br> SỞ NỘI VỤ <br> Số: 123/SNV-CCHC <br> V/v tuyên truyền <br> cải cách hành chính | Minh Họa, "
        "ngày 03 tháng 3 năm 2026 |\n|---|---|\n\nKính gửi:\n- Các sở, ban, ngành;\n- UBND các xã.\n\nSở Nội vụ đề nghị báo cáo.\n"
    ).header
    assert (head.title, head.parent) == ("tuyên truyền cải cách hành chính", "UBND tỉnh Minh Họa")
    assert head.recipients == ("Các sở, ban, ngành", "UBND các xã")


def test_a_decision_names_its_signer_below_the_subject():
    head = extract_text(
        "ỦY BAN NHÂN DÂN\nXÃ AN BÌNH\nSố: 7/QĐ-UBND\nAn Bình, ngày 02 tháng 4 năm 2026\n\nQUYẾT ĐỊNH\nVề việc thử nghiệm\n"
        "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ\n\nCăn cứ Luật Đất đai ngày 18/01/2024;\n"
    ).header
    assert (head.title, head.issuer) == ("Về việc thử nghiệm", "UBND xã An Bình")


def test_a_column_of_the_leaders_who_watch_names_no_unit_in_charge():
    table = (
        "| TT | Nhiệm vụ | Lãnh đạo UBND tỉnh phụ trách | Cơ quan chủ trì | Thời gian |\n|---|---|---|---|---|\n"
        "| 1 | Diễn tập cấp tỉnh | Phó Chủ tịch phụ trách nông nghiệp | Sở Nội vụ | Tháng 5 |\n"
    )
    assert rows(table) == [("I.1", "Diễn tập cấp tỉnh", ["Sở Nội vụ"], [], "Tháng 5", "")]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Giám đốc Công ty Khai thác công trình thủy lợi vận hành hồ chứa.", "Giám đốc Công ty Khai thác công trình thủy lợi"),
        ("Ban Quản lý dự án đầu tư xây dựng tỉnh chủ trì khảo sát.", "Ban Quản lý dự án đầu tư xây dựng tỉnh"),
        ("Hội đồng phối hợp phổ biến, giáo dục pháp luật tỉnh ban hành kế hoạch.", "Hội đồng phối hợp phổ biến, giáo dục pháp luật tỉnh"),
        ("Hội đồng phối hợp với Sở Tư pháp tổ chức cuộc thi.", "Hội đồng"),
        ("Sở Tư pháp trình UBND tỉnh.", "Sở Tư pháp"),
    ],
)  # fmt: skip
def test_a_verb_inside_the_name_of_a_unit_does_not_end_it(text, units):
    assert assignment_units(text) == (units,)


def test_the_office_of_two_organs_is_one_unit():
    assert split_units("Văn phòng HĐND và UBND xã, Công an xã") == ("Văn phòng HĐND và UBND xã", "Công an xã")
    assert split_units("Văn phòng Đoàn ĐBQH và HĐND tỉnh") == ("Văn phòng Đoàn ĐBQH và HĐND tỉnh",)
    assert split_units("Thường trực HĐND và UBND xã") == ("Thường trực HĐND", "UBND xã")


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Thanh tra tỉnh tiếp công dân theo lịch.", ("Thanh tra tỉnh",)),
        ("Trung tâm Phục vụ hành chính công xã niêm yết thủ tục.", ("Trung tâm Phục vụ hành chính công xã",)),
        ("Đồng chí Phó Chủ tịch UBND xã trực tiếp chỉ đạo.", ("Đồng chí Phó Chủ tịch UBND xã",)),
        ("Sở Y tế, Sở Công Thương trong phạm vi chức năng xây dựng kế hoạch.", ("Sở Y tế", "Sở Công Thương")),
    ],
)  # fmt: skip
def test_the_doer_ends_before_any_act_where_its_name_is_over(text, units):
    assert assignment_units(text) == units


def test_the_row_of_sums_is_no_task():
    table = (
        "| TT | Nhiệm vụ | Đơn vị thực hiện | Kinh phí |\n|---|---|---|---|\n"
        "| 1 | Nạo vét kênh | Sở Nông nghiệp và Môi trường | 500 |\n|  | Tổng cộng |  | 500 |\n"
    )
    assert rows(table) == [("I.1", "Nạo vét kênh", ["Sở Nông nghiệp và Môi trường"], [], "", "")]
    assert rows(table.replace("|  | Tổng cộng |", "| Tổng (1+2): |  |")) == rows(table)


def test_the_last_paragraph_about_difficulties_is_no_task():
    closing = (
        "Yêu cầu các cơ quan, đơn vị nghiêm túc thực hiện; có khó khăn, vướng mắc, báo cáo về Sở Nội vụ để tổng hợp./."
    )
    told = work(f"IV. TỔ CHỨC THỰC HIỆN\n\n1. Sở Nội vụ theo dõi.\n\n{closing}\n")
    assert [u.id for u in told] == ["IV.1"]
    assert (
        work("IV. TỔ CHỨC THỰC HIỆN\n\n- Quá trình triển khai nếu có vướng mắc, các đơn vị báo cáo Sở Nội vụ.\n") == []
    )


def test_a_part_is_named_by_the_line_in_capitals_below_its_number():
    body = (
        "PHẦN I\n\nMỤC TIÊU\n\n- Giữ vững an ninh trật tự.\n\nPHẦN II\n\nTỔ CHỨC THỰC HIỆN\n\n1. Sở Nội vụ theo dõi.\n"
    )
    assert [(u.kind, u.text, u.lead) for u in work(body)] == [("assignment", "Sở Nội vụ theo dõi.", ("Sở Nội vụ",))]


def test_an_aim_in_figures_over_others_does_not_turn_them_into_tasks():
    body = (
        "I. MỤC TIÊU\n\na) 100% nhiệm vụ của Kế hoạch được hoàn thành đúng tiến độ.\n\n- Mức độ hài lòng đạt 92%.\n\n"
        "II. NHIỆM VỤ\n\n- Rà soát quy trình.\n"
    )
    assert [u.text for u in work(body)] == ["Rà soát quy trình."]


def test_a_line_may_hold_several_labels():
    body = (
        "II. NHIỆM VỤ\n\n1. Sơ kết một năm thực hiện\n\n"
        "Đơn vị chủ trì: Sở Tư pháp; đơn vị phối hợp: Văn phòng UBND tỉnh; thời gian thực hiện: Tháng 6/2026; "
        "sản phẩm: Báo cáo.\n\n2. Kiểm tra các xã\n\n- Cơ quan chủ trì: Sở Tư pháp; Sở Nội vụ. Thời hạn: Quý II.\n"
    )
    found = [(u.id, list(u.lead), list(u.cooperating), u.due, u.product) for u in work(body)]
    assert found == [
        ("II.1", ["Sở Tư pháp"], ["Văn phòng UBND tỉnh"], "Tháng 6/2026", "Báo cáo"),
        ("II.2", ["Sở Tư pháp", "Sở Nội vụ"], [], "Quý II", ""),
    ]


def test_a_doer_behind_an_opening_clause_or_topic():
    body = (
        "II. NHIỆM VỤ\n\nKhi thiên tai xảy ra, các cơ quan, đơn vị tập trung thực hiện:\n\n- Sơ tán dân.\n\n"
        "III. TỔ CHỨC THỰC HIỆN\n\n1. Chế độ báo cáo: Các đơn vị báo cáo trước ngày 18/5/2026.\n"
    )
    assert [(u.text[:10], list(u.lead)) for u in work(body)] == [
        ("Sơ tán dân", ["các cơ quan, đơn vị"]), ("Chế độ báo", ["Các đơn vị"]),
    ]  # fmt: skip


def test_labels_below_a_list_tell_of_all_of_it():
    body = (
        "II. NHIỆM VỤ\n\n1. Hòa giải ở cơ sở\n\n- Kiện toàn tổ hòa giải.\n\n- Tập huấn hòa giải viên.\n\n"
        "* Phân công thực hiện:\n\n- Cơ quan chủ trì: Sở Tư pháp.\n\n- Thời gian: Quý I.\n\n"
        "- Tổ chức hội thi.\n\n+ Thời gian: Quý II.\n\n2. Sơ kết công tác hòa giải\n\n* Phân công thực hiện:\n\n"
        "- Cơ quan chủ trì: Sở Nội vụ.\n"
    )
    assert [(u.text, list(u.lead), u.due) for u in work(body)] == [
        ("Kiện toàn tổ hòa giải.", ["Sở Tư pháp"], "Quý I"), ("Tập huấn hòa giải viên.", ["Sở Tư pháp"], "Quý I"),
        ("Tổ chức hội thi.", [], "Quý II"), ("Sơ kết công tác hòa giải", ["Sở Nội vụ"], ""),
    ]  # fmt: skip


def test_in_charge_in_brackets_and_the_drafting_organ():
    told = work("II. NHIỆM VỤ\n\n- Tổ chức 20 đợt lưu động (Trung tâm Minh Họa thực hiện, trước 30/11/2026).\n")
    assert [u.lead for u in told] == [("Trung tâm Minh Họa",)]
    assert cell_units("Cơ quan chủ trì soạn thảo văn bản") == (("Cơ quan chủ trì soạn thảo văn bản",), ())
    assert cell_units("Cơ quan chủ trì: Sở Y tế") == cell_units("Sở Y tế chủ trì") == (("Sở Y tế",), ())


def test_a_row_with_words_of_a_header_is_a_task_and_the_header_again_is_none():
    head = "| STT | Nội dung | Phân công thực hiện | Thời hạn |\n"
    table = (
        f"{head}|---|---|---|---|\n| 1 | Ban hành kế hoạch | Công an xã | Quý I |\n{head}"
        "|  | Sửa quy chế hoạt động | Chủ trì: Công an xã <br> Phối hợp: Trạm Y tế | Quý II |\n"
    )
    assert [(r[1], r[2], r[3], r[4]) for r in rows(table)] == [
        ("Ban hành kế hoạch", ["Công an xã"], [], "Quý I"),
        ("Sửa quy chế hoạt động", ["Công an xã"], ["Trạm Y tế"], "Quý II"),
    ]


def test_who_leads_and_who_helps_in_one_phrase():
    assert cell_units("Sở Y tế chủ trì, các đơn vị liên quan phối hợp") == (("Sở Y tế",), ("các đơn vị liên quan",))
    assert cell_units("Sở Y tế chủ trì, phối hợp với Sở Nội vụ") == (("Sở Y tế",), ("Sở Nội vụ",))
    assert helpers("Sở Y tế phối hợp các viện, trường đại học nghiên cứu.") == ("các viện, trường đại học",)
    assert helpers("Sở Y tế phối hợp Công an tỉnh kiểm tra.") == ("Công an tỉnh",)
    assert helpers("Sở Y tế phối hợp thanh tra các cơ sở.") == ()
    told = work("II. NHIỆM VỤ\n\n- Làm sạch dữ liệu (Phòng Kinh tế phối hợp với Công an xã thực hiện).\n")
    assert [(u.lead, u.cooperating) for u in told] == [(("Phòng Kinh tế",), ("Công an xã",))]


def test_a_paragraph_that_only_leaves_the_work_to_the_list_below_is_no_task():
    body = (
        "II. NHIỆM VỤ\n\nUBND tỉnh giao các sở, ban, ngành, địa phương chủ trì thực hiện các nhiệm vụ theo bảng sau:\n"
    )
    assert [u.text for u in work(f"{body}\n- Rà soát quy trình.\n")] == ["Rà soát quy trình."]


def test_a_signature_set_to_the_right_by_tabs():
    foot = "Nơi nhận:\tTM. ỦY BAN NHÂN DÂN\n- Bộ Nội vụ;\tKT. CHỦ TỊCH\n- Lưu: VT.\tPHÓ CHỦ TỊCH\n"
    facts = extract_text(f"{HEAD}I. NHIỆM VỤ\n\n- Rà soát quy trình.\n\n{foot}")
    assert facts.header.signer_role == "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH"


def test_items_numbered_in_brackets_are_items():
    body = "II. NHIỆM VỤ\n\n2. Y tế\n\n(1) Củng cố mạng lưới y tế cơ sở.\n\n(ii) Khám bệnh cho người nghèo.\n"
    assert [u.text for u in work(body)] == ["Củng cố mạng lưới y tế cơ sở.", "Khám bệnh cho người nghèo."]


def test_a_numbered_item_about_the_time_tells_nothing_of_the_item_before():
    body = "IV. TỔ CHỨC THỰC HIỆN\n\n1. Sở Y tế theo dõi.\n\n2. Thời gian báo cáo: Trước ngày 10/12/2026.\n"
    assert [(u.text, u.due) for u in work(body)] == [("Sở Y tế theo dõi.", "")]


def test_units_inside_brackets_stay_with_the_one_before():
    words = "các tổ chức chính trị - xã hội tỉnh (Hội Nông dân, Hội Cựu chiến binh); Sở Y tế"
    assert split_units(words) == (
        "các tổ chức chính trị - xã hội tỉnh (Hội Nông dân, Hội Cựu chiến binh)", "Sở Y tế",
    )  # fmt: skip


def test_what_is_to_be_done_meanwhile_is_work_and_difficulties_are_not():
    body = (
        "IV. TỔ CHỨC THỰC HIỆN\n\n1. Trong quá trình thực hiện, Sở Nội vụ theo dõi, đôn đốc.\n\n"
        "2. Trong quá trình thực hiện, nếu cần sửa đổi, các sở báo cáo UBND tỉnh.\n\n"
        "3. Các sở, ban, ngành; UBND các xã (gọi chung là các đơn vị):\n\n- Xây dựng kế hoạch.\n"
    )
    assert [(u.text[:9], u.lead) for u in work(body)] == [
        ("Trong quá", ("Sở Nội vụ",)), ("Xây dựng ", ("Các sở, ban, ngành", "UBND các xã")),
    ]  # fmt: skip


def test_a_cell_that_says_as_above():
    table = (
        "| TT | Nhiệm vụ | Chủ trì | Phối hợp | Thời hạn |\n|---|---|---|---|---|\n"
        "| 1 | Lập kế hoạch | Sở Y tế | Các sở | Tháng 3 |\n| 2 | Sơ kết | -nt- | nt | Tháng 6 |\n"
        "| 3 | Tổng kết | ” | Như trên | -nt- |\n"
    )
    assert [r[2:5] for r in rows(table)] == [
        (["Sở Y tế"], ["Các sở"], "Tháng 3"), (["Sở Y tế"], ["Các sở"], "Tháng 6"),
        (["Sở Y tế"], ["Các sở"], "Tháng 6"),
    ]  # fmt: skip


def test_aims_of_a_table_below_a_heading_of_aims_are_no_tasks():
    table = (
        "| STT | Nội dung | Chủ trì | Thời hạn |\n|---|---|---|---|\n| I | Mục tiêu |  |  |\n"
        "| 1 | Tỷ lệ hộ nghèo giảm 1% | Sở Y tế | 12/2026 |\n| II | Nhiệm vụ |  |  |\n"
        "| 1 | Rà soát hộ nghèo | Sở Y tế | 11/2026 |\n"
    )
    assert [r[1] for r in rows(table)] == ["Rà soát hộ nghèo"]


def test_what_a_plan_is_attached_to_is_no_part_of_its_title():
    head = HEAD.replace("Thử nghiệm năm 2026", "Thử nghiệm năm 2026\n\n(Kèm theo Công văn số 77/SYT-NVY của Sở Y tế)")
    assert extract_text(f"{head}I. NHIỆM VỤ\n\n- Rà soát quy trình.\n").header.title == "Thử nghiệm năm 2026"


def test_steps_are_work_and_what_is_inspected_is_not():
    body = (
        "II. NỘI DUNG KIỂM TRA\n\n1. Việc chấp hành kỷ luật hành chính.\n\nIV. CÁC BƯỚC TIẾN HÀNH\n\n"
        "Bước 1: Thành lập Đoàn kiểm tra.\n\nBước 2 (tháng 4): Các đơn vị gửi báo cáo về Sở Nội vụ.\n\n"
        "V. PHƯƠNG CHÂM\n\nChủ động phòng ngừa.\n"
    )
    assert [(u.text[:6], u.lead) for u in work(body)] == [("Bước 1", ()), ("Bước 2", ("Các đơn vị",))]


def test_columns_of_quarters_to_tick_tell_when():
    body = "| 1 | Lập kế hoạch | x | | | | Sở Y tế |\n| 2 | Sơ kết | | X | | x | Sở Y tế |\n"
    table = (
        "| TT | Nhiệm vụ | Quý I | Quý II | Quý III | Quý IV | Chủ trì |\n|---|---|---|---|---|---|---|\n" + body
        + "| 3 | Thông tin, tuyên truyền | Thường xuyên | | | | Sở Y tế |\n"
    )  # fmt: skip
    assert [r[4] for r in rows(table)] == ["Quý I", "Quý II, Quý IV", "Thường xuyên"]
    below = (
        "| TT | Nhiệm vụ | Thời gian | | | | Chủ trì |\n|---|---|---|---|---|---|---|\n"
        "| | | Quý I | Quý II | Quý III | Quý IV | |\n" + body
    )
    assert [(r[2], r[4]) for r in rows(below)] == [(["Sở Y tế"], "Quý I"), (["Sở Y tế"], "Quý II, Quý IV")]


def test_columns_of_years_with_figures_are_no_time():
    table = (
        "| TT | Nội dung | Đơn vị | 2025 | 2026 |\n|---|---|---|---|---|\n| 1 | Đào tạo nghề | Sở Y tế | 12 | 15 |\n"
    )
    assert [r[4] for r in rows(table)] == [""]


def test_who_leads_and_helps_below_one_head_beside_quarters():
    table = (
        "| TT | Nhiệm vụ | Đơn vị thực hiện | | Thời gian | |\n|---|---|---|---|---|---|\n"
        "| | | Chủ trì | Phối hợp | Quý I | Quý II |\n| 1 | Lập kế hoạch | Sở Y tế | Các xã | | x |\n"
    )
    assert rows(table) == [("I.1", "Lập kế hoạch", ["Sở Y tế"], ["Các xã"], "Quý II", "")]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Sở Nội vụ khảo sát nhu cầu lao động.", "Sở Nội vụ"),
        ("Sở Kế hoạch và Đầu tư kiểm tra các dự án.", "Sở Kế hoạch và Đầu tư"),
        ("Sở GDĐT số hóa học bạ.", "Sở GDĐT"),
        ("Trung tâm Công nghệ thông tin rà soát hạ tầng.", "Trung tâm Công nghệ thông tin"),
    ],
)
def test_any_act_may_follow_a_department(text, unit):
    assert assignment_units(text) == (unit,)


def test_names_of_the_party_stay_whole():
    front = "Đảng ủy Mặt trận Tổ quốc và các đoàn thể tỉnh"
    assert assignment_units(f"{front} lãnh đạo công tác giám sát.") == (front,)
    assert split_units("Đảng ủy MTTQ, các đoàn thể tỉnh; Đảng ủy UBND tỉnh") == (
        "Đảng ủy MTTQ, các đoàn thể tỉnh", "Đảng ủy UBND tỉnh",
    )  # fmt: skip
    assert heading_units("5. Các ban xây dựng Đảng, Văn phòng Tỉnh ủy:"[3:]) == (
        "Các ban xây dựng Đảng", "Văn phòng Tỉnh ủy",
    )  # fmt: skip
    assert helpers("Văn phòng Tỉnh ủy phối hợp với các ban xây dựng Đảng theo dõi.") == ("các ban xây dựng Đảng",)
    assert split_units("Thuế, Công an xã") == ("Thuế", "Công an xã")


def test_brackets_at_the_end_tell_the_doer_and_a_party_committee_leads():
    body = (
        "II. NHIỆM VỤ\n\n- Lãnh đạo HĐND tỉnh ban hành nghị quyết (Đảng ủy HĐND tỉnh thực hiện).\n\n"
        "III. TỔ CHỨC THỰC HIỆN\n\n1. Đảng ủy HĐND tỉnh\n\n- Lãnh đạo HĐND tỉnh ban hành nghị quyết.\n\n"
        "2. Sở Y tế\n\n- Lãnh đạo Sở Y tế báo cáo kết quả.\n"
    )
    assert [u.lead for u in work(body)] == [("Đảng ủy HĐND tỉnh",), ("Đảng ủy HĐND tỉnh",), ("Lãnh đạo Sở Y tế",)]


def test_a_committee_of_the_party_begins_a_unit_in_small_letters_too():
    assert split_units("Văn phòng Tỉnh ủy, đảng ủy trực thuộc Tỉnh ủy") == (
        "Văn phòng Tỉnh ủy", "đảng ủy trực thuộc Tỉnh ủy",
    )  # fmt: skip


def test_headings_numbered_as_the_party_does():
    body = (
        "I- MỤC ĐÍCH\n\n- Nâng cao nhận thức.\n\nII- NHIỆM VỤ\n\n1- Công tác cán bộ\n\n- Rà soát quy hoạch.\n\n"
        "III- TỔ CHỨC THỰC HIỆN\n\n1- Văn phòng Tỉnh ủy theo dõi việc thực hiện.\n"
    )
    assert [(u.id, u.kind, u.lead) for u in work(body)] == [
        ("II.1.1", "task", ()), ("III.1", "assignment", ("Văn phòng Tỉnh ủy",)),
    ]  # fmt: skip


def test_stars_over_dashes_are_the_outer_bullets():
    body = (
        "II. NHIỆM VỤ\n\n3. Hạ tầng số\n\n* Về hạ tầng:\n\n- Phủ sóng 5G.\n\n- Nâng cấp trung tâm dữ liệu.\n\n"
        "* Về dữ liệu:\n\n- Công an tỉnh làm sạch dữ liệu.\n\n4. Nhân lực\n\n- Đào tạo:\n\n* Mở lớp số hóa.\n\n- Thi nghề.\n"
    )
    assert [u.text for u in work(body)] == [
        "Phủ sóng 5G.", "Nâng cấp trung tâm dữ liệu.", "Công an tỉnh làm sạch dữ liệu.", "Mở lớp số hóa.", "Thi nghề.",
    ]  # fmt: skip


def test_labels_in_brackets():
    body = (
        "II. NHIỆM VỤ\n\n1. Vận hành một cửa số.\n\n"
        "(Chủ trì: Văn phòng UBND tỉnh; phối hợp: Sở Y tế, UBND cấp xã; thời gian: trước 31/12/2026).\n\n"
        "2. Số hóa hồ sơ (chủ trì: Sở Nội vụ; phối hợp: Công an tỉnh; hoàn thành: Quý II/2026).\n"
    )
    assert [(u.text[:8], u.lead, u.cooperating, u.due) for u in work(body)] == [
        ("Vận hành", ("Văn phòng UBND tỉnh",), ("Sở Y tế", "UBND cấp xã"), "trước 31/12/2026"),
        ("Số hóa h", ("Sở Nội vụ",), ("Công an tỉnh",), "Quý II/2026"),
    ]  # fmt: skip


def test_a_lead_in_gives_its_helpers_to_the_list_too():
    body = (
        "II. NHIỆM VỤ\n\n3. Đất đai\n\nGiao Sở Y tế chủ trì, phối hợp với các xã:\n\na) Lập danh mục.\n\n"
        "b) Phối hợp với Công an tỉnh rà soát.\n"
    )
    assert [(u.lead, u.cooperating) for u in work(body)] == [
        (("Sở Y tế",), ("các xã",)), (("Sở Y tế",), ("Công an tỉnh",)),
    ]  # fmt: skip


def test_a_kind_of_organ_before_a_colon_is_no_label():
    body = (
        "IV. TỔ CHỨC THỰC HIỆN\n\n1. Sở Y tế theo dõi.\n\n2. Các cơ quan báo chí: Tăng thời lượng tuyên truyền.\n\n"
        "3. Các đơn vị, địa phương: Xây dựng kế hoạch.\n"
    )
    assert [(u.text[:12], u.lead) for u in work(body)] == [
        ("Sở Y tế theo", ("Sở Y tế",)), ("Các cơ quan ", ("Các cơ quan báo chí",)),
        ("Các đơn vị, ", ("Các đơn vị, địa phương",)),
    ]  # fmt: skip


def test_a_numbered_label_tells_nothing_of_a_bullet_before_it():
    body = "II. NHIỆM VỤ\n\n1. Các xã\n\n- Tuyên truyền lưu động.\n\n2. Thời gian thực hiện: Năm 2026.\n"
    assert [(u.text, u.due) for u in work(body)] == [("Tuyên truyền lưu động.", "")]


def test_brackets_behind_units_of_a_cell_tell_what_they_do():
    both = (("Sở Y tế",), ("Sở Nội vụ", "các xã"))
    assert cell_units("- Sở Y tế (chủ trì)<br>- Sở Nội vụ, các xã (phối hợp)") == both
    assert cell_units("Sở Y tế (CT), Sở Nội vụ (PH), các xã (PH)") == both
    assert cell_units("Sở Y tế (chủ trì)") == (("Sở Y tế",), ())
    assert cell_units("Sở Y tế (chủ trì), phối hợp với các xã") == (("Sở Y tế",), ("các xã",))


def test_a_roman_row_over_rows_from_1_is_a_heading_that_tells_of_them():
    table = (
        "| TT | Nhiệm vụ | Chủ trì | Phối hợp | Thời hạn |\n|---|---|---|---|---|\n"
        "| I | Cải cách thể chế | Sở Tư pháp | Các sở | Năm 2026 |\n| 1 | Rà soát văn bản | | | |\n"
        "| 2 | Kiểm tra văn bản | Thanh tra tỉnh | | Quý II |\n| 3 | Sơ kết | | | |\n"
        "| II | Tuyên truyền | Sở Y tế | | Quý I |\n| III | Tổng kết | Sở Y tế | | Quý IV |\n"
    )
    assert [r[1] for r in rows(table)] == [
        "Rà soát văn bản", "Kiểm tra văn bản", "Sơ kết", "Tuyên truyền", "Tổng kết",
    ]  # fmt: skip
    assert rows(table)[0][0] == "I.I.1"
    assert rows(table)[3][2:5] == (["Sở Y tế"], [], "Quý I")
    assert rows(table)[0][2:5] == (["Sở Tư pháp"], ["Các sở"], "Năm 2026")
    assert rows(table)[1][2:5] == (["Thanh tra tỉnh"], [], "Quý II")


def test_who_is_put_in_charge_further_on():
    body = (
        "II. NHIỆM VỤ\n\n- Huy động nguồn lực. Sở Tài chính chủ trì cân đối.\n\n"
        "- Số hóa dữ liệu hộ tịch - Sở Tư pháp chủ trì, hoàn thành trong năm 2026.\n\n"
        "- Sửa đổi Quy chế. Chủ trì: Sở Tư pháp. Phối hợp: các sở.\n\n- Báo cáo kết quả. Sở Y tế báo cáo về nơi chủ trì.\n"
    )
    assert [(u.lead, u.cooperating) for u in work(body)] == [
        (("Sở Tài chính",), ()), (("Sở Tư pháp",), ()), (("Sở Tư pháp",), ("các sở",)), ((), ()),
    ]  # fmt: skip


def test_acts_behind_their_time_are_tasks_in_a_part_about_times():
    body = (
        "III. THỜI GIAN, TIẾN ĐỘ\n\n- Thời gian kiểm tra: năm 2026.\n\n- Tháng 01/2026: Ban hành kế hoạch.\n\n"
        "- Từ ngày 10/02 đến ngày 20/3/2026: Kiểm tra các xã.\n"
    )
    assert [(u.text[:9], u.due) for u in work(body)] == [
        ("Tháng 01/", "Tháng 01/2026"), ("Từ ngày 1", "Từ ngày 10/02 đến ngày 20/3/2026"),
    ]  # fmt: skip


def test_work_on_those_an_annex_names():
    body = (
        "IV. TỔ CHỨC THỰC HIỆN\n\n1. Các cơ quan được giao nhiệm vụ tại Phụ lục xây dựng kế hoạch trước 30/3/2026.\n\n"
        "2. Các sở thực hiện nhiệm vụ tại Phụ lục ban hành kèm theo Kế hoạch này.\n\n"
        "3. Kinh phí: Sở Tài chính chủ trì tham mưu.\n\n4. Kinh phí: Ngân sách tỉnh.\n"
    )
    assert [(u.id, u.lead) for u in work(body)] == [
        ("IV.1", ("Các cơ quan được giao nhiệm vụ tại Phụ lục",)), ("IV.3", ("Sở Tài chính",)),
    ]  # fmt: skip


def test_labels_numbered_on_behind_the_content():
    body = (
        "III. NỘI DUNG THỰC HIỆN\n\n1. Đào tạo nghề\n\n1.1. Mục tiêu: 500 lao động.\n\n"
        "1.2. Nội dung: Mở 10 lớp đào tạo.\n\n1.3. Đơn vị chủ trì: Sở Nội vụ.\n\n1.4. Thời gian: Năm 2026.\n"
    )
    assert [(u.text, u.lead, u.due) for u in work(body)] == [
        ("Đào tạo nghề", ("Sở Nội vụ",), "Năm 2026"),
    ]  # fmt: skip


def test_a_task_column_of_any_name_and_cells_that_say_nothing():
    table = (
        "| TT | Mô hình | Chủ trì | Phối hợp | Thời gian | Sản phẩm |\n|---|---|---|---|---|---|\n"
        "| 1 | Lập tổ công nghệ số | CT: Sở Y tế; PH: các xã | - | Quý I | Tổ |\n| 2 | Sơ kết | Sở Y tế | - | - | - |\n"
    )
    assert rows(table) == [
        ("I.1", "Lập tổ công nghệ số", ["Sở Y tế"], ["các xã"], "Quý I", "Tổ"),
        ("I.2", "Sơ kết", ["Sở Y tế"], [], "", ""),
    ]


def test_numbers_and_dashes_inside_the_cells_of_tasks():
    table = (
        "| Nội dung công việc | Chủ trì | Thời hạn |\n|---|---|---|\n| 1. Rà soát văn bản | Sở Y tế | Quý I |\n"
        "| 1.1. Ban hành văn bản | Sở Y tế | Quý II |\n| - Sơ kết | Sở Y tế | Quý IV |\n"
    )
    assert [r[:2] for r in rows(table)][:2] == [("I.1", "Rà soát văn bản"), ("I.1.1", "Ban hành văn bản")]
    assert rows(table)[2][1] == "Sơ kết"


def test_the_doer_behind_what_a_task_is_about():
    (unit,) = work("II. NHIỆM VỤ\n\n3. Kiểm tra việc thực hiện: Sở Nội vụ thành lập Đoàn kiểm tra.\n")
    assert unit.lead == ("Sở Nội vụ",)


def test_brackets_inside_the_phrase_that_lays_work():
    (unit,) = work("II. NHIỆM VỤ\n\n5. Sở Tài chính (chủ trì, phối hợp với Sở Y tế): Bố trí kinh phí.\n")
    assert (unit.lead, unit.cooperating) == (("Sở Tài chính",), ("Sở Y tế",))
    assert assignment_units("Các doanh nghiệp viễn thông (VNPT, Viettel) đầu tư hạ tầng.") == (
        "Các doanh nghiệp viễn thông (VNPT, Viettel)",
    )  # fmt: skip


def test_those_who_help_stand_before_the_verb_too():
    text = "Giao Sở Nội vụ chủ trì, Sở Tài chính, Sở Tư pháp phối hợp thực hiện rà soát."
    assert helpers(text) == ("Sở Tài chính", "Sở Tư pháp")
    assert helpers("Sở Nội vụ chủ trì, Sở Tài chính bố trí kinh phí, phối hợp thực hiện.") == ()
    assert split_units("Bộ CHQS tỉnh, BCH BĐBP tỉnh, VP UBND tỉnh") == ("Bộ CHQS tỉnh", "BCH BĐBP tỉnh", "VP UBND tỉnh")


def test_those_who_are_to_lead_what_an_annex_lists():
    text = "Các cơ quan được giao chủ trì nhiệm vụ tại Phụ lục xây dựng kế hoạch."
    assert assignment_units(text) == ("Các cơ quan được giao chủ trì nhiệm vụ tại Phụ lục",)
    assert assignment_units("Các sở theo nhiệm vụ được giao phối hợp kiểm tra.") == ("Các sở",)


def test_the_scope_of_an_office_is_no_part_of_its_name():
    text = "Sở Giáo dục và Đào tạo, Sở Nội vụ theo chức năng, nhiệm vụ tổ chức các lớp bồi dưỡng."
    assert assignment_units(text) == ("Sở Giáo dục và Đào tạo", "Sở Nội vụ")


def test_a_heading_that_ends_in_digital_is_whole():
    body = "III. NHIỆM VỤ\n\n4. Ứng dụng công nghệ thông tin, chuyển đổi số\n\nVăn phòng Sở xây dựng Kho lưu trữ số "
    body += "của tỉnh, kết nối với Hệ thống quản lý tài liệu lưu trữ số của Nhà nước.\n"
    assert [(u.lead, u.text[:12]) for u in work(body)] == [(("Văn phòng Sở",), "Văn phòng Sở")]
    (unit,) = work("II. NHIỆM VỤ\n\n1. Sở Nội vụ rà soát việc thực hiện Nghị quyết số\n\n57-NQ/TW của Bộ Chính trị.\n")
    assert unit.text.endswith("Bộ Chính trị.")


# --- norms ----------------------------------------------------------------------------------------


def articles(count: int) -> str:
    head = "QUY ĐỊNH\n\nVề bảo vệ rừng\n\n"
    body = "Nhiệm vụ, giải pháp\n\na) Trồng rừng phòng hộ ven biển;\n\nb) Bảo vệ rừng đặc dụng.\n\n"
    return head + "".join(f"Điều {n}. {body}" for n in range(1, count + 1))


def test_a_norm_gives_nobody_a_task_but_a_decision_of_few_articles_may():
    assert [u.kind for u in extract_text(articles(5)).units].count("task") == 10
    assert [u.kind for u in extract_text(articles(6)).units].count("task") == 0
