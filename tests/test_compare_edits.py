"""Edits as offices make them between a draft and the issued text, each told as what it is and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.pipeline import extract_text
from graph.compare import KEPT, MERGED, MOVED, NEW, REASSIGNED, REWORDED, SPLIT, compare
from graph.compared import from_extraction
from publish.export.comparison import sheet_of

PLANS = Path(__file__).parent / "plans"
ANNEX = next(PLANS.glob("K2*.md")).read_text(encoding="utf-8")

HEAD = """| SỞ NỘI VỤ | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM <br> Độc lập - Tự do - Hạnh phúc |
|---|---|
| Số: /KH-SNV | Minh Họa, ngày tháng 3 năm 2026 |

KẾ HOẠCH

Cải cách hành chính năm 2026

Căn cứ Kế hoạch số 911/KH-UBND ngày 10/02/2026 của UBND tỉnh Minh Họa về cải cách hành chính năm 2026; Sở Nội vụ ban hành Kế hoạch như sau:

I. MỤC ĐÍCH

Nâng cao chất lượng phục vụ người dân.

II. NHIỆM VỤ

"""
LIST = """1. Rà soát, đơn giản hóa thủ tục hành chính thuộc lĩnh vực nội vụ

- Chủ trì: Văn phòng Sở.

- Phối hợp: Các phòng chuyên môn.

- Thời hạn: Quý II/2026.

- Sản phẩm: Báo cáo rà soát.

2. Tập huấn nghiệp vụ cho công chức bộ phận một cửa

- Chủ trì: Thanh tra Sở.

- Phối hợp: Văn phòng Sở.

- Thời hạn: Tháng 9/2026.

- Sản phẩm: Lớp tập huấn.

"""
TABLE = """| STT | Nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời hạn | Sản phẩm | Ghi chú |
|---|---|---|---|---|---|---|
| 1 | Rà soát, đơn giản hóa thủ tục hành chính thuộc lĩnh vực nội vụ | Văn phòng Sở | Các phòng chuyên môn | Quý II/2026 | Báo cáo rà soát | |
| 2 | Tập huấn nghiệp vụ cho công chức bộ phận một cửa | Thanh tra Sở | Văn phòng Sở | Tháng 9/2026 | Lớp tập huấn | |

"""
FOOT = """III. TỔ CHỨC THỰC HIỆN

1. Văn phòng Sở theo dõi, đôn đốc, tổng hợp báo cáo Giám đốc Sở kết quả thực hiện Kế hoạch này hằng quý. Riêng báo cáo năm gửi Sở trước ngày 15/12/2026 để trình Ủy ban nhân dân tỉnh xem xét.

2. Thanh tra Sở kiểm tra việc thực hiện tại các phòng chuyên môn.

Trên đây là Kế hoạch của Sở Nội vụ./.
"""


def side(text):
    return from_extraction(extract_text(text), "ke-hoach.md")


def between(old, new):
    return compare(side(old), side(new))


def changed(found):
    return [pair for pair in found.tasks if pair.states != (KEPT,)]


@pytest.mark.parametrize("turned", [False, True], ids=["list to table", "table to list"])
def test_a_list_that_became_a_table_is_the_same_work(turned):
    texts = [HEAD + LIST + FOOT, HEAD + TABLE + FOOT]
    found = between(*(reversed(texts) if turned else texts))
    assert found.same


def test_what_changed_on_the_way_into_a_table_is_told():
    (pair,) = changed(between(HEAD + LIST + FOOT, HEAD + TABLE.replace("Tháng 9", "Tháng 10") + FOOT))
    assert pair.states == (REASSIGNED,) and [(c.name, c.new) for c in pair.changes] == [("due", "Tháng 10/2026")]
    (pair,) = changed(
        between(HEAD + LIST + FOOT, HEAD + TABLE.replace("tập huấn | |", "tập huấn | Dùng kinh phí 2025 |") + FOOT)
    )
    assert pair.states == (REASSIGNED,) and [(c.name, c.new) for c in pair.changes] == [("extra", "Dùng kinh phí 2025")]


def test_a_number_filled_in_is_a_change_of_the_head_alone():
    issued = ANNEX.replace("Số: /KH-UBND | An Bình, ngày tháng 3", "Số: 45/KH-UBND | An Bình, ngày 20 tháng 3")
    issued = issued.replace("Kế hoạch số /KH-UBND ngày /3/2026", "Kế hoạch số 45/KH-UBND ngày 20/3/2026")
    found = between(ANNEX, issued)
    assert [(c.name, c.old, c.new) for c in found.header] == [
        ("number", "/KH-UBND", "45/KH-UBND"), ("date", "2026-03", "2026-03-20"),
    ]  # fmt: skip
    assert changed(found) == [] and not found.bases_in and not found.bases_out
    (line,) = [pair for pair in found.others if pair.states != (KEPT,)]
    assert line.states == (REWORDED,) and not line.cites_in and not line.cites_out


def test_parts_of_an_annex_in_another_order():
    lines = ANNEX.split("\n")
    first = next(n for n, line in enumerate(lines) if line.startswith("| A | TRƯỚC"))
    second = next(n for n, line in enumerate(lines) if line.startswith("| TRONG VÀ SAU"))
    turned = lines[:first] + lines[second : second + 3] + lines[first:second] + lines[second + 3 :]
    found = between(ANNEX, "\n".join(turned))
    assert changed(found) == []
    assert [pair.states for pair in found.headings if pair.states != (KEPT,)] == [(MOVED,)]


RENUMBERED = FOOT.replace("hằng quý. Riêng báo", "hằng quý.\n\n2. Báo").replace("2. Thanh tra", "3. Thanh tra")
JOINED = FOOT.replace("xem xét.\n\n2. Thanh tra Sở kiểm", "xem xét. Thanh tra Sở kiểm")


def test_a_task_that_was_split_tells_of_which():
    found = changed(between(HEAD + LIST + FOOT, HEAD + LIST + RENUMBERED))
    assert sorted(pair.states for pair in found) == [(REWORDED, SPLIT), (SPLIT,)]
    (new,) = [pair for pair in found if pair.states == (SPLIT,)]
    assert [piece.code for piece in new.kin] == ["III.1"] and new.piece.code == "III.2"
    entries = [e for g in sheet_of(between(HEAD + LIST + FOOT, HEAD + LIST + RENUMBERED)).groups for e in g.entries]
    assert ("Tách từ mục III.1 của bản cũ.",) in [entry.remarks for entry in entries]


def test_tasks_that_were_joined_tell_into_which():
    found = changed(between(HEAD + LIST + FOOT, HEAD + LIST + JOINED))
    (gone,) = [pair for pair in found if pair.new is None]
    assert gone.states == (MERGED,) and gone.piece.code == "III.2" and [piece.code for piece in gone.kin] == ["III.1"]
    (back,) = [pair for pair in changed(between(HEAD + LIST + JOINED, HEAD + LIST + FOOT)) if pair.old is None]
    assert back.states == (SPLIT,) and [piece.code for piece in back.kin] == ["III.1"]


def test_what_is_only_new_is_kin_to_nothing():
    more = FOOT.replace("Trên đây", "3. Phòng Tổ chức xây dựng đề án vị trí việc làm của cơ quan.\n\nTrên đây")
    (new,) = changed(between(HEAD + LIST + FOOT, HEAD + LIST + more))
    assert new.states == (NEW,) and new.kin == ()


def test_quotes_dashes_and_blanks_are_no_edit():
    typed = (HEAD + LIST + FOOT).replace("hóa", "hoá").replace(" - ", " – ").replace("Giám đốc", "giám đốc")
    typed = typed.replace("bộ phận một cửa", "bộ  phận “một cửa”").replace("Kế hoạch này", "kế hoạch này")
    assert between(HEAD + LIST + FOOT, typed).same
