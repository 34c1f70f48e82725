"""Two texts compared: every edit told as what it is, and nothing else; whatever the texts are."""

from __future__ import annotations

import random
import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.pipeline import extract_file, extract_text
from graph.alike import differences, most_alike, words_of
from graph.compare import (
    DROPPED,
    KEPT,
    MERGED,
    MOVED,
    NEW,
    REASSIGNED,
    RECITED,
    REWORDED,
    SPLIT,
    Comparison,
    Pair,
    compare,
)
from graph.compared import from_base, from_extraction
from graph.corpus import build
from graph.store import open_base

ROOT = Path(__file__).parent.parent
PLAN = (ROOT / "corpus" / "ke-hoach-khcn-tay-ninh-2024.md").read_text(encoding="utf-8")
TABLES = {name: next((ROOT / "tests" / "plans").glob(f"{name}-*.md")).read_text("utf-8") for name in ("K1", "K2", "K3")}
ALL = {"seed": PLAN, **TABLES}
SEEDS = range(12)


def side(text: str):
    return from_extraction(extract_text(text), "ke-hoach.md")


def told(found: Comparison) -> dict[str, list[Pair]]:
    """All that is told as different, by list."""
    lists = {name: getattr(found, name) for name in ("tasks", "headings", "basis_paragraphs", "others")}
    return {name: [p for p in pairs if p.states != (KEPT,)] for name, pairs in lists.items()} | {
        "header": list(found.header), "bases_in": list(found.bases_in), "bases_out": list(found.bases_out)
    }  # fmt: skip


def only(found: Comparison, **expected: int) -> dict[str, list[Pair]]:
    """See that so many differences stand in these lists and none in the others."""
    differing = told(found)
    assert {name: len(pairs) for name, pairs in differing.items() if pairs} == expected, differing
    return differing


def swap(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


def bullets(text: str) -> list[str]:
    """The paragraphs of the seed plan that are tasks without a list below, as they stand."""
    tasks = {" ".join(u.text.split()) for u in extract_text(text).units if u.kind == "task"}
    return [p for p in text.split("\n\n") if " ".join(p[2:].split()) in tasks]


MADE_UP = (
    "Lắp đặt trạm quan trắc khí tượng tại bến cảng Minh Họa",
    "Mời chuyên gia nước ngoài giảng dạy tiếng Lào cho viên chức trạm thủy văn",
    "Trồng mười nghìn cây bàng dọc bờ kè sông Minh Họa",
)


# --- one edit of every kind, at random places of the real plan ---------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_few_words_changed(seed):
    chance = random.Random(seed)
    task = chance.choice([b for b in bullets(PLAN) if len(b.split()) >= 12])
    words = task.split(" ")
    plain = [n for n, w in enumerate(words) if n > 1 and w.isalpha() and w.islower()]
    at = chance.choice(plain)
    words[at] = "kịpthời"
    found = compare(side(PLAN), side(swap(PLAN, task, " ".join(words))))
    (pair,) = only(found, tasks=1)["tasks"]
    assert REWORDED in pair.states and set(pair.states) <= {REWORDED, RECITED}
    assert [(r.kind, r.text) for r in pair.runs if r.kind == "inserted"] == [("inserted", "kịpthời")]
    assert [r.text for r in pair.runs if r.kind == "deleted"] == [task.split(" ")[at]]
    assert 0.5 <= pair.likeness < 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_task_dropped_and_one_added(seed):
    chance = random.Random(seed)
    pool = [b for b in bullets(PLAN) if b.startswith("- ")]
    gone, after = chance.sample(pool, 2)
    text = swap(PLAN, f"{gone}\n\n", "")
    assert [p.old.text for p in only(compare(side(PLAN), side(text)), tasks=1)["tasks"]] == [words(gone)]
    text = swap(text, f"{after}\n\n", f"{after}\n\n- {chance.choice(MADE_UP)}.\n\n")
    pairs = only(compare(side(PLAN), side(text)), tasks=2)["tasks"]
    assert {p.states for p in pairs} == {(NEW,), (DROPPED,)}
    assert {p.likeness for p in pairs} == {0.0}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_task_moved_to_another_section(seed):
    chance = random.Random(seed)
    pool = [b for b in bullets(PLAN) if b.startswith("- ")]
    task = chance.choice(pool)
    heads = re.findall(r"^#+ \**\d+\. .*$", PLAN, re.M)
    own = [h for h in heads if PLAN.index(h) < PLAN.index(task)][-1]
    head = chance.choice([h for h in heads if h != own])
    text = swap(swap(PLAN, f"{task}\n\n", ""), f"{head}\n\n", f"{head}\n\n{task}\n\n")
    (pair,) = only(compare(side(PLAN), side(text)), tasks=1)["tasks"]
    assert pair.states == (MOVED,) and pair.likeness == 1.0
    assert pair.old.text == pair.new.text == words(task)
    reworded = swap(text, task, task.replace(task.split()[-1], "cùng các bên."))
    (pair,) = only(compare(side(PLAN), side(reworded)), tasks=1)["tasks"]
    assert {REWORDED, MOVED} <= set(pair.states) <= {REWORDED, MOVED, RECITED}


def test_order_among_brothers_is_a_place_too():
    one, other = "- Xây dựng Đề án kiện toàn cơ cấu, tổ chức bộ máy Sở KH&CN.", "- Trình phê duyệt Đề án vị trí việc"
    text = swap(PLAN, f"{one}\n\n", "")
    text = swap(text, other, f"{one}\n\n{other}")
    (pair,) = only(compare(side(PLAN), side(text)), tasks=1)["tasks"]
    assert pair.states == (MOVED,) and pair.new.text == words(one)


@pytest.mark.parametrize("at", range(1, 7))
def test_a_new_section_renumbers_and_moves_nothing(at):
    head = next(h for h in re.findall(r"^#+ \**\d+\. .*$", PLAN, re.M) if re.match(rf"#+ \**{at}\.", h))
    text = PLAN
    for n in range(6, at - 1, -1):
        text = re.sub(rf"^(#+ \**){n}\. ", rf"\g<1>{n + 1}. ", text, flags=re.M)
    shifted = head.replace(f"{at}.", f"{at + 1}.", 1)
    text = swap(text, shifted, f"#### {at}. Hoạt động quan trắc bến cảng\n\n- {MADE_UP[0]}.\n\n{shifted}")
    text = swap(text, "### **III. TỔ CHỨC", "### **III. KINH PHÍ\n\n- Do ngân sách bảo đảm.\n\n### **IV. TỔ CHỨC")
    found = compare(side(PLAN), side(text))
    differing = only(found, tasks=1, headings=2, others=1)
    assert all(p.states == (NEW,) for pairs in differing.values() for p in pairs)
    renumbered = [p for p in found.tasks if p.states == (KEPT,) and p.old.code != p.new.code]
    assert len(renumbered) >= 6


def test_a_new_last_section_does_not_move_the_closing():
    closing = next(p for p in PLAN.split("\n\n") if p.startswith("Trên đây là kế hoạch"))
    text = swap(PLAN, closing, f"### **IV. KINH PHÍ**\n\n- Do ngân sách bảo đảm.\n\n{closing}")
    differing = only(compare(side(PLAN), side(text)), headings=1, others=1)
    assert all(p.states == (NEW,) for pairs in differing.values() for p in pairs)


def test_a_heading_renamed_with_its_tasks_kept():
    text = swap(PLAN, "5. Hoạt động sự nghiệp", "5. Ứng dụng, chuyển giao")
    (pair,) = only(compare(side(PLAN), side(text)), headings=1)["headings"]
    assert pair.states == (REWORDED,) and (pair.old.text, pair.new.text) == (
        "Hoạt động sự nghiệp",
        "Ứng dụng, chuyển giao",
    )


def test_a_heading_dropped_moves_no_task():
    text = swap(PLAN, "- Công tác pháp chế:\n\n", "").replace(
        "\n+ Triển khai nhiệm vụ pháp chế", "\n- Triển khai nhiệm vụ pháp chế"
    )
    text = text.replace("\n+ Xây dựng Kế hoạch truyền thông", "\n- Xây dựng Kế hoạch truyền thông")
    text = text.replace("\n+ Thực hiện rà soát, tổng hợp", "\n- Thực hiện rà soát, tổng hợp")
    (pair,) = only(compare(side(PLAN), side(text)), headings=1)["headings"]
    assert pair.states == (DROPPED,)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Danh mục nhiệm vụ KH&CN cấp tỉnh năm 2025", "Danh mục nhiệm vụ KH&CN cấp tỉnh năm 2026"),
        ("(PII) năm 2024", "(PII) năm 2025"),
    ],
)
def test_another_year_is_a_rewording(old, new):
    (pair,) = only(compare(side(PLAN), side(swap(PLAN, old, new))), tasks=1)["tasks"]
    assert pair.states == (REWORDED,) and pair.likeness == 0.99
    assert [(r.kind, words_of(r.text)) for r in pair.runs if r.kind != "same"] == [
        ("deleted", (old[-4:],)), ("inserted", (new[-4:],))
    ]  # fmt: skip


def test_every_year_changed_leaves_every_task_known():
    text = re.sub(r"năm 202[45]", lambda m: f"{m[0][:4]}{int(m[0][-4:]) + 1}", PLAN, flags=re.I)
    found = compare(side(PLAN), side(text))
    assert not [p for p in (*found.tasks, *found.headings, *found.others) if p.old is None or p.new is None]
    assert {c.name for c in found.header} == {"date", "title"}


def test_a_long_table_of_another_year_is_told_row_by_row():
    """So many rows of the same few words have no rare word to meet by."""
    head = "## KẾ HOẠCH KIỂM TRA\n\n### I. NHIỆM VỤ\n\n"
    old = head + "\n\n".join(["- Xây dựng báo cáo quý năm 2025."] * 150)
    found = compare(side(old), side(old.replace("2025", "2026")))
    assert {p.states for p in found.tasks} == {(REWORDED,)} and len(found.tasks) == 150


def test_another_basis():
    text = swap(PLAN, "Quyết định số 2646/QĐ-UBND ngày 15/12/2023", "Quyết định số 2701/QĐ-UBND ngày 20/12/2023")
    found = compare(side(PLAN), side(text))
    only(found, bases_in=1, bases_out=1, basis_paragraphs=1)
    assert [c.label for c in found.bases_in] == ["Quyết định số 2701/QĐ-UBND"]
    assert [c.label for c in found.bases_out] == ["Quyết định số 2646/QĐ-UBND"]
    (pair,) = told(found)["basis_paragraphs"]
    assert {REWORDED, RECITED} == set(pair.states)


def test_a_basis_added_and_one_dropped():
    paragraph = next(p for p in PLAN.split("\n\n") if p.startswith("Căn cứ Quyết định số 155/QĐ-KHCN"))
    new = "Căn cứ Quyết định số 77/QĐ-UBND ngày 15/01/2024 của UBND tỉnh về kiểm tra văn bản;"
    found = compare(side(PLAN), side(swap(PLAN, paragraph, new)))
    assert [c.label for c in found.bases_in] == ["Quyết định số 77/QĐ-UBND"]
    assert [c.label for c in found.bases_out] == ["Quyết định số 155/QĐ-KHCN"]
    assert {p.states for p in told(found)["basis_paragraphs"]} == {(NEW,), (DROPPED,)}
    only(found, bases_in=1, bases_out=1, basis_paragraphs=2)


def test_documents_of_a_task_in_and_out():
    text = swap(PLAN, "Kế hoạch số 939/KH-UBND ngày 11/5/2020", "Kế hoạch số 1205/KH-UBND ngày 12/6/2023")
    (pair,) = only(compare(side(PLAN), side(text)), tasks=1)["tasks"]
    assert pair.states == (REWORDED, RECITED)
    assert [c.label for c in pair.cites_in] == ["Kế hoạch số 1205/KH-UBND"]
    assert [c.label for c in pair.cites_out] == ["Kế hoạch số 939/KH-UBND"]


def test_another_spelling_of_a_number_and_a_date_supplied_are_no_other_document():
    for old, new in (
        ("Thông tư số 13/2021/TT-BKH&CN", "Thông tư số 13/2021/TT-BKHCN"),
        ("Kế hoạch số 3668/KH-UBND của UBND tỉnh", "Kế hoạch số 3668/KH-UBND ngày 15/11/2023 của UBND tỉnh"),
        (
            "Nghị quyết 16/2021/NQ-HĐND ngày 09/12/2021 của HĐND tỉnh",
            "Nghị quyết số 16/2021/NQ-HĐND ngày 09/12/2021 của HĐND tỉnh",
        ),
    ):
        (pair,) = only(compare(side(PLAN), side(swap(PLAN, old, new))), tasks=1)["tasks"]
        assert pair.states == (REWORDED,), (old, pair)


def test_head_and_foot():
    text = swap(PLAN, "Số: /KH-KHCN", "Số: 12/KH-KHCN").replace("ngày tháng 01 năm 2024", "ngày 19 tháng 01 năm 2024")
    text = swap(text, "**GIÁM ĐỐC**", "**KT. GIÁM ĐỐC**\n\n**PHÓ GIÁM ĐỐC**")
    found = compare(side(PLAN), side(text))
    only(found, header=3)
    assert [(c.name, c.old, c.new) for c in found.header] == [
        ("number", "/KH-KHCN", "12/KH-KHCN"),
        ("date", "2024-01", "2024-01-19"),
        ("signer_role", "GIÁM ĐỐC", "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC"),
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_many_edits_at_once(seed):
    """All kinds together: each is told as what it is, and nothing else."""
    chance = random.Random(seed)
    pool = [b for b in bullets(PLAN) if b.startswith("- ") and len(b.split()) >= 10]
    gone, moved, reworded = chance.sample(pool, 3)
    head = "### **3. Hoạt động thanh tra, kiểm tra chuyên ngành KH&CN**"
    if PLAN.index(head) < PLAN.index(moved) < PLAN.index("### **4. "):
        head = "#### 1. Hoạt động quản lý khoa học"
    at = chance.randrange(2, len(reworded.split(" ")) - 1)
    new_words = reworded.split(" ")
    new_words.insert(at, "kịpthời")
    text = swap(swap(PLAN, f"{gone}\n\n", ""), f"{moved}\n\n", "")
    text = swap(text, reworded, " ".join(new_words))
    text = swap(text, f"{head}\n\n", f"{head}\n\n{moved}\n\n- {chance.choice(MADE_UP)}.\n\n")
    pairs = {p.states[0]: p for p in only(compare(side(PLAN), side(text)), tasks=4)["tasks"]}
    assert pairs[DROPPED].old.text == words(gone) and pairs[MOVED].new.text == words(moved)
    assert pairs[REWORDED].old.text == words(reworded) and pairs[NEW].new is not None


def words(paragraph: str) -> str:
    return " ".join(paragraph.removeprefix("- ").removeprefix("+ ").split())


# --- tables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "old", "new", "name"),
    [
        ("K1", "| Thanh tra Sở; <br> Phòng Quản lý công nghệ |", "| Thanh tra Sở |", "lead"),
        ("K1", "| Văn phòng Sở | Các phòng, đơn vị | Quý I", "| Văn phòng Sở | Các phòng, đơn vị, UBND xã | Quý I", "with"),
        ("K1", "| Trước 30/6/2026 |", "| Trước 31/7/2026 |", "due"),
        ("K1", "| Báo cáo rà soát |", "| Quyết định ban hành |", "product"),
        ("K1", "| Điểm a mục II Kế hoạch số 902", "| Điểm b mục II Kế hoạch số 902", "extra"),
        ("K2", "| Quý II/2026 |", "| Quý III/2026 |", "due"),
        ("K2", "| Biên bản kiểm tra |", "| Báo cáo kiểm tra |", "product"),
        ("K3", "- Thời gian hoàn thành: Quý II/2026.", "- Thời gian hoàn thành: Quý III/2026.", "due"),
        ("K3", "- Sản phẩm: Báo cáo kết quả hội nghị.", "- Sản phẩm: Kỷ yếu hội nghị.", "product"),
        ("K3", "- Đơn vị thực hiện: Báo và Phát thanh, Truyền hình", "- Đơn vị thực hiện: Đài Phát thanh", "lead"),
    ],
)  # fmt: skip
def test_unit_due_and_product(plan, old, new, name):
    (pair,) = only(compare(side(TABLES[plan]), side(swap(TABLES[plan], old, new))), tasks=1)["tasks"]
    assert pair.states == (REASSIGNED,)
    assert [c.name for c in pair.changes] == [name]


@pytest.mark.parametrize("plan", TABLES)
def test_the_base_tells_the_cells_of_a_row_as_the_file_does(plan, tmp_path):
    (tmp_path / "a.md").write_text(TABLES[plan], encoding="utf-8")
    build([tmp_path], tmp_path / "kho.db")
    with closing(open_base(tmp_path / "kho.db")) as base:
        stored = from_base(base, base.execute("SELECT van_ban FROM tep").fetchone()[0])
    told = [(p.code, p.extra, p.lead, p.cooperating, p.due, p.product) for p in side(TABLES[plan]).pieces]
    assert [(p.code, p.extra, p.lead, p.cooperating, p.due, p.product) for p in stored.pieces] == told
    assert any(extra for _, extra, *_ in told) == (plan != "K3")


def test_a_basis_in_a_cell():
    text = swap(TABLES["K1"], "| Nghị quyết số 901-NQ/TU; <br> Kế hoạch số 903/KH-UBND", "| Kế hoạch số 903/KH-UBND")
    (pair,) = only(compare(side(TABLES["K1"]), side(text)), tasks=1)["tasks"]
    assert pair.states == (RECITED,) and [c.label for c in pair.cites_out] == ["Nghị quyết số 901-NQ/TU"]


def test_rows_added_and_dropped():
    row = "| 2 | Kế hoạch số 902/KH-UBND | Vận hành kho dữ liệu mở |"
    text = TABLES["K1"]
    whole = next(line for line in text.split("\n") if line.startswith(row))
    (pair,) = only(compare(side(text), side(swap(text, f"{whole}\n", ""))), tasks=1)["tasks"]
    assert pair.states == (DROPPED,)
    found = compare(side(text), side(swap(text, f"{whole}\n", "")))
    assert [[d.label for d in q.documents] for q in found.questions] == [["Kế hoạch số 902/KH-UBND"]]
    more = f"| 3 |  | {MADE_UP[2]} |  | Văn phòng Sở |  | Tháng 9/2026 |\n"
    (pair,) = only(compare(side(text), side(swap(text, f"{whole}\n", f"{whole}\n{more}"))), tasks=1)["tasks"]
    assert pair.states == (NEW,)


# --- what is no difference --------------------------------------------------------------------------


def dressed(text: str, seed: int) -> str:
    """Other blanks, marks, quotes and dashes, tone marks in the old place; the words stay."""
    chance = random.Random(seed)
    text = text.replace("“", '"').replace("”", '"') if chance.random() < 0.5 else text
    text = text.replace("hóa", "hoá").replace("hòa", "hoà")
    lines = []
    for line in text.split("\n"):
        if line[:2] in ("- ", "+ ") and line[-1] in ".;" and chance.random() < 0.6:
            line = line.rstrip(".;") + chance.choice((";", "."))
        if line and not line.startswith("|") and chance.random() < 0.4:
            line += "  "
        if line[:1].isalpha() and chance.random() < 0.5:
            line = re.sub(r"(?<=[a-zà-ỹ]) (?=[a-zà-ỹ])", lambda m: "  " if chance.random() < 0.1 else m[0], line)
        lines.append(line)
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("plan", ALL)
def test_blanks_marks_and_quotes_are_no_difference(plan, seed):
    found = compare(side(ALL[plan]), side(dressed(ALL[plan], seed)))
    assert found.same, told(found)


def as_docx(text: str, path: Path) -> None:
    """The Markdown as a Word file: paragraphs and tables, a cell's lines as its paragraphs."""
    document = docx.Document()
    for block in text.split("\n\n"):
        rows = [line for line in block.split("\n") if line.startswith("|")]
        if rows:
            cells = [[c.strip() for c in row.strip("|").split("|")] for row in rows]
            cells = [row for row in cells if not all(set(c) <= set("-") and c for c in row)]
            table = document.add_table(rows=0, cols=len(cells[0]))
            for row in cells:
                for cell, words_in in zip(table.add_row().cells, row, strict=True):
                    lines = re.split(r"\s*<br>\s*", words_in.replace("**", ""))
                    cell.text = lines[0]
                    for line in lines[1:]:
                        cell.add_paragraph(line)
            continue
        for line in block.split("\n"):
            if line.strip():
                document.add_paragraph(re.sub(r"^#+ ", "", line).replace("**", "").strip())
    document.save(str(path))


@pytest.mark.parametrize("plan", ALL)
def test_the_same_plan_as_a_word_file_is_no_difference(plan, tmp_path):
    as_docx(ALL[plan], tmp_path / "ke-hoach.docx")
    found = compare(side(ALL[plan]), from_extraction(extract_file(tmp_path / "ke-hoach.docx")))
    assert found.same, told(found)


# --- from the base ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """Two plans and their edited copies, as files and as a base."""
    folder = tmp_path_factory.mktemp("versions")
    texts = dict(ALL)
    texts["seed-moi"] = swap(PLAN, "Số: /KH-KHCN", "Số: 12/KH-KHCN").replace("năm 2025", "năm 2026")
    texts["K1-moi"] = swap(TABLES["K1"], "| Trước 30/6/2026 |", "| Trước 31/7/2026 |").replace(
        "15/KH-SKHCN", "16/KH-SKHCN"
    )
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    build([folder], folder / "kho.db")
    return folder


def test_the_base_gives_what_the_files_give(versions):
    with closing(open_base(versions / "kho.db")) as base:
        stored = {
            Path(row[1]).stem: from_base(base, row[0]) for row in base.execute("SELECT van_ban, duong_dan FROM tep")
        }
    assert set(stored) == {"seed", "seed-moi", "K1", "K1-moi", "K2", "K3"}
    for name, text in stored.items():
        read = from_extraction(extract_file(versions / f"{name}.md"))
        assert compare(text, read).same, told(compare(text, read))
        assert len(text.pieces) == len(read.pieces) and len(text.bases) == len(read.bases)
    for one, other in (("seed", "seed-moi"), ("K1", "K1-moi")):
        by_base = compare(stored[one], stored[other])
        by_file = compare(*(from_extraction(extract_file(versions / f"{n}.md")) for n in (one, other)))
        assert facts(by_base) == facts(by_file) and not by_base.same


def facts(found: Comparison) -> list[object]:
    return [
        (name, [(p.old and p.old.code, p.new and p.new.code, p.states, p.likeness, p.runs) for p in pairs])
        for name, pairs in told(found).items() if name not in ("header", "bases_in", "bases_out")
    ]  # fmt: skip


def test_a_document_without_text_has_no_comparison(versions):
    with closing(open_base(versions / "kho.db")) as base:
        (cited,) = base.execute("SELECT id FROM van_ban WHERE trong_kho = 0 LIMIT 1").fetchone()
        assert from_base(base, cited) is None and from_base(base, "khong-co") is None


# --- whatever the texts are ------------------------------------------------------------------------


lines = st.sampled_from(
    [line for text in ALL.values() for line in text.split("\n") if line]
    + ["- a", "- a a", "+ năm 2024", "I. X", "1. Y"]
)
texts = st.one_of(st.text(max_size=200), st.lists(lines, max_size=25).map("\n\n".join))


@settings(max_examples=120, deadline=None)
@given(texts)
def test_a_text_equals_itself(text):
    one = side(text)
    assert compare(one, one).same
    assert not compare(one, one).questions


@settings(max_examples=250, deadline=None)
@given(texts, texts)
def test_the_other_way_round_is_the_mirror(one, other):
    old, new = side(one), side(other)
    there, back = compare(old, new), compare(new, old)
    assert key(there) == key(back, turned=True)
    assert set(there.bases_in) == set(back.bases_out) and set(there.bases_out) == set(back.bases_in)
    assert {(c.name, c.old, c.new) for c in there.header} == {(c.name, c.new, c.old) for c in back.header}
    every = [*there.tasks, *there.headings, *there.basis_paragraphs, *there.others]
    assert sorted(p.old.code for p in every if p.old and p.old.kind != "columns") == sorted(
        p.code for p in old.pieces if p.kind != "columns"
    )
    assert sorted(p.new.code for p in every if p.new and p.new.kind != "columns") == sorted(
        p.code for p in new.pieces if p.kind != "columns"
    )


def key(found: Comparison, turned: bool = False) -> set[tuple[object, ...]]:
    exchanged = {NEW: DROPPED, DROPPED: NEW, SPLIT: MERGED, MERGED: SPLIT} if turned else {}
    kinds = {"deleted": "inserted", "inserted": "deleted"} if turned else {}
    return {
        (
            name, *((p.new, p.old) if turned else (p.old, p.new)),
            tuple(exchanged.get(s, s) for s in p.states), p.likeness,
            frozenset((kinds.get(r.kind, r.kind), words_of(r.text)) for r in p.runs),
        )
        for name in ("tasks", "headings", "basis_paragraphs", "others") for p in getattr(found, name)
    }  # fmt: skip


@given(st.text(max_size=300), st.text(max_size=300))
def test_differences_hold_all_words(old, new):
    runs = differences(old, new)
    assert words_of(" ".join(r.text for r in runs if r.kind != "inserted")) == words_of(old)
    assert words_of(" ".join(r.text for r in runs if r.kind != "deleted")) == words_of(new)


def test_large_plans_are_not_compared_all_with_all():
    """Of 3,000 tasks and 3,000 changed ones, few pairs are weighed."""
    from graph import alike

    weighed = 0
    chance = random.Random(5)
    vocabulary = [f"từ{n}" for n in range(4000)]
    old = [[chance.choice(vocabulary) for _ in range(12)] for _ in range(3000)]
    new = [[*words_in[:-1], "khác"] for words_in in old]
    chance.shuffle(new)

    class Counting(alike.Measure):
        def likeness(self, one, other, both):
            nonlocal weighed
            weighed += 1
            return super().likeness(one, other, both)

    pairs = most_alike(old, new, Counting([*old, *new]), 0.5, lambda i, j: (i + j,))
    assert len(pairs) == 3000 and all(old[i][:-1] == new[j][:-1] for i, j, _ in pairs)
    assert weighed <= 24 * 6000


def test_a_repeated_word_without_end_is_told_as_a_whole():
    old, new = "a " * 30_000 + "b " * 30_000, "c " + "b " * 30_000 + "a " * 30_000 + "d"
    assert [r.kind for r in differences(old, new)] == ["deleted", "inserted"]


def test_same_checksum_other_facts():
    """Rows of the same words are told apart by their other cells."""
    one = side(TABLES["K1"])
    twice = replace(
        one, pieces=(*one.pieces, *(replace(p, code=f"{p.code}x", due="Tháng 12") for p in one.pieces if p.due))
    )
    found = compare(twice, one)
    assert {p.old.due for p in found.tasks if p.states == (DROPPED,)} == {"Tháng 12"}
