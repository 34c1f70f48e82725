"""What a draft and its issued text differ in beside words: form, order, letterhead and foot; made-up texts alone."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from extract.pipeline import extract_text
from extract.tables import read_table
from graph.compare import DROPPED, KEPT, MERGED, MOVED, NEW, REWORDED, SPLIT, Comparison, compare
from graph.compared import from_base, from_extraction
from graph.corpus import build
from graph.same_said import fact_words
from graph.store import open_base
from publish.compare_command import lines

PLANS = Path(__file__).parent / "plans"
K1, K2, K3 = (next(PLANS.glob(f"{name}-*.md")).read_text("utf-8") for name in ("K1", "K2", "K3"))
HEAD, FOOT = K1[: K1.index("Các nhiệm vụ cụ thể")], K1[K1.index("**IV. TỔ CHỨC") :]
ANNEX = """PHỤ LỤC II

KINH PHÍ THỰC HIỆN

| STT | Nội dung | Đơn vị chủ trì | Thời gian |
|---|---|---|---|
| 1 | Mua sắm áo phao cho lực lượng xung kích | Phòng Kinh tế | Quý I/2026 |
| 2 | Sửa chữa trạm bơm thôn Hạ | Phòng Kinh tế | Quý II/2026 |
"""


def side(text: str):
    return from_extraction(extract_text(text), "ke-hoach.md")


def swap(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


def told(old: str, new: str) -> tuple[Comparison, list[tuple[str, ...]]]:
    found = compare(side(old), side(new))
    pairs = (*found.tasks, *found.headings, *found.basis_paragraphs, *found.others)
    return found, sorted(p.states for p in pairs if p.states != (KEPT,))


# --- head and foot ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "mark"),
    [
        ("| ỦY BAN NHÂN DÂN <br>", "| DỰ THẢO <br> ỦY BAN NHÂN DÂN <br>"),
        ("KẾ HOẠCH\n\nPhòng", "KẾ HOẠCH (DỰ THẢO LẦN 2)\n\nPhòng"),
        ("| Số: /KH-UBND |", "| Số: …./KH-UBND <br> (Dự thảo) |"),
    ],
)
def test_the_mark_of_a_draft_is_no_edit(old, mark):
    found, states = told(swap(K2, old, mark), K2)
    assert found.same, (states, found.header)


def test_number_and_day_filled_in_cite_nothing():
    issued = swap(swap(K2, "Số: /KH-UBND", "Số: 45/KH-UBND"), "ngày tháng 3", "ngày 16 tháng 3")
    issued = swap(issued, "Kế hoạch số /KH-UBND ngày /3/2026", "Kế hoạch số 45/KH-UBND ngày 16/3/2026")
    found, states = told(K2, issued)
    assert {c.name for c in found.header} == {"number", "date"} and states == [(REWORDED,)]


def test_recipients_and_signer_are_told_and_are_no_tasks():
    found, states = told(
        K1, swap(swap(K1, "- UBND tỉnh (b/c);", "- UBND tỉnh (b/c); <br> - Sở Nội vụ;"), "Người Ký", "Bà Ký")
    )
    assert states == []
    assert [(c.name, c.old, c.new) for c in found.header] == [
        ("signer", "Người Ký Minh Họa", "Bà Ký Minh Họa"), ("recipients", "", "Sở Nội vụ"),
    ]  # fmt: skip
    assert not found.same


def test_the_number_of_a_footnote_is_none_of_its_words():
    one = f"{swap(K1, 'Xác định rõ trách nhiệm', 'Xác định rõ[^1] trách nhiệm')}\n\n[^1]: Theo Quy chế của Sở.\n"
    two = one.replace("[^1]", "[^2]")
    assert told(one, two)[0].same
    assert told(one, one.replace("Theo Quy chế", "Theo Nội quy"))[1] == [(REWORDED,)]


def test_the_head_of_a_table_is_read():
    assert told(K2, swap(K2, "| Kết quả | Ghi chú |", "| Kết quả | Tài liệu |"))[1] == [(REWORDED,)]


def test_the_base_tells_foot_and_heads_as_the_file_does(tmp_path):
    texts = {"K1": K1, "K2": K2, "K3": K3}
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    build([tmp_path], tmp_path / "kho.db")
    with closing(open_base(tmp_path / "kho.db")) as base:
        for document, path in base.execute("SELECT van_ban, duong_dan FROM tep").fetchall():
            stored, read = from_base(base, document), side(texts[Path(path).stem])
            assert (stored.recipients, stored.signer) == (read.recipients, read.signer) and read.recipients
            assert [p.text for p in stored.pieces if p.kind == "columns"] == [
                p.text for p in read.pieces if p.kind == "columns"
            ]


# --- form and order ---------------------------------------------------------------------------------


def test_annexes_in_another_order_move_no_task():
    first = K2[K2.index("PHỤ LỤC\n") :]
    body = K2[: K2.index("PHỤ LỤC\n")]
    one = f"{body}{first.replace('PHỤ LỤC', 'PHỤ LỤC I', 1)}\n\n{ANNEX}"
    two = f"{body}{ANNEX.replace('LỤC II', 'LỤC I')}\n\n{first.replace('PHỤ LỤC', 'PHỤ LỤC II', 1)}"
    found, states = told(one, two)
    assert states == [(MOVED,)] and [p.states for p in found.headings if p.states != (KEPT,)] == [(MOVED,)]
    assert {p.states for p in told(f"{body}{first}", one)[0].tasks} == {(KEPT,), (NEW,)}


ITEMS = (
    ("Nâng cấp mạng nội bộ của Sở", "Văn phòng Sở", "Quý II/2026"),
    ("Vận hành kho dữ liệu mở của tỉnh", "Trung tâm Chuyển đổi số", "Tháng 9/2026"),
    (
        "Rà soát, sửa đổi quy trình nội bộ theo Quyết định số 904/QĐ-UBND ngày 15/01/2026",
        "Văn phòng Sở",
        "Tháng 10/2026",
    ),
)


@pytest.mark.parametrize(
    "item", ["{n}. {task}. {lead} chủ trì; hoàn thành trong {due}.", "{n}. {task}\n\n- Cơ quan chủ trì: {lead}.\n\n- Thời hạn: {due}."]
)  # fmt: skip
def test_a_list_turned_into_a_table_is_the_same_tasks(item):
    listed = "\n\n".join(item.format(n=n, task=t, lead=a, due=d) for n, (t, a, d) in enumerate(ITEMS, 1))
    rows = "\n".join(f"| {n} | {t} | {a} | {d} |" for n, (t, a, d) in enumerate(ITEMS, 1))
    table = f"| TT | Nhiệm vụ | Đơn vị chủ trì | Thời hạn |\n|---|---|---|---|\n{rows}"
    found, states = told(f"{HEAD}{listed}\n\n{FOOT}", f"{HEAD}{table}\n\n{FOOT}")
    assert {p.states for p in found.tasks} == {(KEPT,)} and states == [], states
    assert (found.to_table, found.from_table) == (3, 0)
    assert any("3 nhiệm vụ từ đoạn văn thành dòng của bảng" in line for line in lines(found))


def test_another_sign_before_an_item_is_no_move():
    one = f"{HEAD}- Xây dựng kho dữ liệu gồm:\n\n+ Số hóa hồ sơ lưu trữ\n\n+ Nhập dữ liệu dân cư\n\n{FOOT}"
    found = compare(side(one), side(one.replace("\n+ ", "\n- ")))
    assert not [p for p in (*found.tasks, *found.others) if MOVED in p.states]


PARTS = (
    "Chỉ đạo các đơn vị trực thuộc đẩy mạnh công tác tuyên truyền về chuyển đổi số",
    "Tăng cường kiểm tra việc công khai, minh bạch thủ tục trên cổng dịch vụ công",
)


@pytest.mark.parametrize("state", [SPLIT, MERGED])
def test_a_task_cut_in_two_or_two_run_together(state):
    whole = f"{HEAD}- {'; '.join(PARTS)}.\n\n- Lập danh mục dữ liệu dùng chung.\n\n{FOOT}"
    parts = f"{HEAD}- {PARTS[0]}.\n\n- {PARTS[1]}.\n\n- Lập danh mục dữ liệu dùng chung.\n\n{FOOT}"
    found, states = told(*((whole, parts) if state == SPLIT else (parts, whole)))
    assert states == [(state,), (state,)] and not found.questions
    assert all(p.kin for p in found.tasks if p.states == (state,))
    said = "\n".join(lines(found))
    assert ("Tách từ mục" if state == SPLIT else "Gộp vào mục") in said and "Mới: 0 · Không còn: 0" in said


def test_a_task_that_is_no_more_tells_who_until_when_and_its_basis():
    row = next(line for line in K1.split("\n") if line.startswith("| 2 | Kế hoạch số 902/KH-UBND | Vận hành"))
    found, states = told(K1, swap(K1, f"{row}\n", ""))
    assert states == [(DROPPED,)]
    said = "\n".join(lines(found))
    assert "Đơn vị chủ trì: Trung tâm Chuyển đổi số." in said and "Căn cứ: Kế hoạch số 902/KH-UBND." in said


def test_the_same_number_of_another_year_is_told_apart():
    text = swap(K1, "Căn cứ Nghị quyết số 901-NQ/TU ngày 12/01/2026", "Căn cứ Nghị quyết số 7/NQ-HĐND ngày 12/01/2026")
    text = swap(text, "của Tỉnh ủy Minh Họa về chuyển đổi số;", "của Hội đồng nhân dân tỉnh Minh Họa về chuyển đổi số;")
    said = "\n".join(lines(told(text, swap(text, "7/NQ-HĐND ngày 12/01/2026", "7/NQ-HĐND ngày 12/01/2025"))[0]))
    assert re.search(r"Nghị quyết số \d+/NQ-HĐND \(năm 2026\)", said) and "(năm 2025)" in said


def test_many_rows_of_few_words_are_known_again():
    """So many rows of the same few words have no rare word to meet by, and their wording changed."""
    rows = "\n\n".join(f"- Xây dựng báo cáo quý về công tác của phòng số {n % 7}." for n in range(200))
    found = compare(side(f"{HEAD}{rows}\n\n{FOOT}"), side(f"{HEAD}{rows.replace('báo cáo', 'tờ trình')}\n\n{FOOT}"))
    assert [p.states for p in found.tasks if "phòng số" in p.piece.text] == [(REWORDED,)] * 200


# --- tables of words --------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [pytest.param(r, id=r["long"]) for r in read_table("short_names", "graph.tables")])
def test_short_names(row):
    assert fact_words(row["example"]) == fact_words(
        re.sub(re.escape(row["long"]), lambda _: row["short"], row["example"], flags=re.I)
    )


@pytest.mark.parametrize("row", [pytest.param(r, id=r["words"]) for r in read_table("assigning_words", "graph.tables")])
def test_assigning_words(row):
    item = f"1. Nâng cấp mạng nội bộ của Sở. {row['example']}."
    table = "| TT | Nhiệm vụ | Chủ trì | Thời hạn |\n|---|---|---|---|\n| 1 | Nâng cấp mạng nội bộ của Sở | Văn phòng Sở | Quý II/2026 |"
    found = compare(side(f"{HEAD}{item}\n\n{FOOT}"), side(f"{HEAD}{table}\n\n{FOOT}"))
    (pair,) = (p for p in found.tasks if "mạng" in p.piece.text)
    assert REWORDED not in pair.states
