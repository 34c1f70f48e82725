"""Pointers that are no citations: what is found, of which kind, and what each one points at."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.declared import find_declarations, organ_names
from extract.mentions import find_mentions
from extract.pipeline import extract_text
from extract.text import fold, normalise
from extract.units import UnitTree

A = "Nghị quyết số 08-NQ/TU ngày 31/3/2023 của Tỉnh ủy Minh Họa"
B = "Quyết định số 20/QĐ-UBND ngày 02/02/2024 của UBND tỉnh Minh Họa"
C = "Quyết định số 21/QĐ-UBND ngày 03/02/2024 của UBND tỉnh Minh Họa"
PLAN = "UBND TỈNH MINH HỌA\nSố: 15/KH-UBND\n\nKẾ HOẠCH\nTriển khai chuyển đổi số\n\n"
LAW = "Điều 1. Phạm vi\n\nLuật này quy định về thư viện.\n\nĐiều 2. Đối tượng\n\n1. Người đọc.\n\n2. Thư viện.\n\n"


def found(text: str) -> list[tuple[str, str, str]]:
    """The references as (text, kind, target), the target told by the number or name of its document."""
    facts = extract_text(text)
    names = {d.id: d.number or d.name for d in facts.documents} | {"self": "self", "": ""}
    return [(" ".join(r.text.split()), r.kind, names[r.target]) for r in facts.references]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(words, kind) for words, kind, _ in found(text)]


INTERNAL = [
    "điểm a khoản 2 Điều này",
    "các điểm a, b và c khoản 1 Điều này",
    "khoản 1, 2 và 3 Điều này",
    "khoản 2 của Điều này",
    "điểm đ khoản này",
    "khoản này",
    "Điều 5 của Luật này",
    "Điều 12 và Điều 13 Luật này",
    "khoản 2, khoản 3 Điều 5 Luật này",
    "từ Điều 3 đến Điều 7 của Luật này",
    "Điều 8 và khoản 1 Điều 9 của Luật này",
    "Mục 2 Chương III Luật này",
    "Chương II của Luật này",
    "Phụ lục II ban hành kèm theo Luật này",
    "Phụ lục ban hành kèm theo Luật này",
    "Phụ lục số 01 kèm theo Luật này",
    "Mẫu số 02 Phụ lục II ban hành kèm theo Luật này",
    "các khoản trên",
    "khoản nêu trên",
    "khoản 2 Điều 1",
    "khoản 1 và khoản 3 Điều 2",
]


@pytest.mark.parametrize("pointer", INTERNAL)
def test_a_pointer_inside_the_document_is_one_reference_over_its_whole_length(pointer):
    text = f"{LAW}Điều 3. Quyền\n\nThư viện có quyền quy định tại {pointer}, trừ trường hợp khác."
    assert found(text) == [("Luật này", "self", "self"), (pointer, "internal", "self")]


@pytest.mark.parametrize("pointer", INTERNAL)
def test_a_pointer_may_break_over_lines(pointer):
    broken = pointer[::-1].replace(" ", " \n"[::-1], 1)[::-1]
    text = f"{LAW}Điều 3. Quyền\n\nThư viện có quyền quy định tại {broken}, trừ trường hợp khác."
    assert found(text)[1:] == [(pointer, "internal", "self")]


@pytest.mark.parametrize(
    "words",
    [
        "tại khoản 2 Điều 1 Luật Đất đai năm 2024,",  # a pinpoint of a citation
        "tại Điều 1 Công ước về thư viện,",
        "tại Điều 1 của Điều lệ thư viện,",
        "tại khoản 2 Điều 99,",  # the document has no such article
        "tại khoản 1 Điều 1; khoản 2 Điều 2 Luật Đất đai năm 2024,",  # both belong to the law that follows
        "vào tài khoản này,",
        "theo các điều khoản này,",
        "từ thời điểm này,",
        "do pháp luật này,",
        "| Luật Đất đai năm 2024 | Điều 1, Điều 2 |",
        "với kế hoạch trên địa bàn tỉnh,",
        "với dự án này,",
    ],
)
def test_no_reference(words):
    assert found(f"{LAW}Điều 3. Quyền\n\nThư viện làm việc {words} trừ trường hợp khác.")[1:] == []


def test_an_article_heading_is_no_pointer_to_itself():
    assert found(LAW) == [("Luật này", "self", "self")]


def test_without_articles_a_bare_pointer_says_nothing():
    assert found(f"{PLAN}I. NỘI DUNG\n\n1. Thực hiện quy định tại khoản 2 Điều 5.\n") == []


@pytest.mark.parametrize("words", ["Kế hoạch này", "kế hoạch này", "văn bản này"])
def test_the_document_itself(words):
    assert found(f"{PLAN}I. NỘI DUNG\n\n1. Các sở thực hiện {words}.\n") == [(words, "self", "self")]


BACK = [
    ("Nghị quyết nêu trên", f"Thực hiện {A}. Nội dung Nghị quyết nêu trên được phổ biến.", "08-NQ/TU"),
    ("Nghị quyết nói trên", f"Thực hiện {A} và {B}. Nội dung Nghị quyết nói trên được phổ biến.", "08-NQ/TU"),
    ("Quyết định nêu trên", f"Thực hiện {A} và {B}. Nội dung Quyết định nêu trên được phổ biến.", "20/QĐ-UBND"),
    ("Quyết định nêu trên", f"Thực hiện {B} và {C}. Nội dung Quyết định nêu trên được phổ biến.", ""),
    ("các Quyết định nêu trên", f"Thực hiện {B} và {C}. Nội dung các Quyết định nêu trên được phổ biến.", ""),
    ("các văn bản nêu trên", f"Thực hiện {A} và {B}. Nội dung các văn bản nêu trên được phổ biến.", ""),
    ("văn bản nêu trên", f"Thực hiện {A}. Nội dung văn bản nêu trên được phổ biến.", "08-NQ/TU"),
    ("Nghị quyết đó", f"Thực hiện {A}. Theo Nghị quyết đó, các sở báo cáo.", "08-NQ/TU"),
    ("Nghị quyết trên", f"Thực hiện {A}. Theo Nghị quyết trên, các sở báo cáo.", "08-NQ/TU"),
    ("Nghị quyết này", f"Thực hiện {A}. Theo Nghị quyết này, các sở báo cáo.", "08-NQ/TU"),
    ("nghị quyết này", f"Thực hiện {A}. Theo nghị quyết này, các sở báo cáo.", "08-NQ/TU"),
    ("Nghị quyết này", "Theo Nghị quyết này, các sở báo cáo.", ""),
    ("khoản 2 Điều 3 Quyết định nêu trên", f"Thực hiện {B}, nhất là khoản 2 Điều 3 Quyết định nêu trên.", "20/QĐ-UBND"),
    ("Quyết định nêu trên", "Nội dung Quyết định nêu trên được phổ biến.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("words", "sentence", "target"), BACK)
def test_what_was_named_before(words, sentence, target):
    assert found(f"{PLAN}I. NỘI DUNG\n\n1. {sentence}\n") == [(words, "back", target)]


def test_the_unit_before_in_the_same_section_counts_and_no_other():
    near = f"{PLAN}I. NỘI DUNG\n\n1. Thực hiện {A}.\n\n2. Phổ biến Nghị quyết nêu trên.\n"
    far = f"{PLAN}I. NỘI DUNG\n\n1. Thực hiện {A}.\n\n2. Họp.\n\n3. Phổ biến Nghị quyết nêu trên.\n"
    other = f"{PLAN}I. NỘI DUNG\n\n1. Thực hiện {A}.\n\nII. TỔ CHỨC\n\n1. Phổ biến Nghị quyết nêu trên.\n"
    assert [r[2] for r in found(near)] == ["08-NQ/TU"]
    assert [r[2] for r in found(far)] == [""]
    assert [r[2] for r in found(other)] == [""]


AMENDING = (
    "CHÍNH PHỦ\nSố: 99/2099/NĐ-CP\n\nNGHỊ ĐỊNH\nSửa đổi một số điều\n\n"
    "Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 98/2098/NĐ-CP\n\n"
    "1. Sửa đổi, bổ sung khoản 2 Điều 7 như sau:\n\n"
    "“2. Thư viện làm theo khoản 1 Điều này và Điều 9 Nghị định này, không theo văn bản này.”.\n\n"
    "Điều 2. Hiệu lực\n\nNghị định này có hiệu lực theo khoản 1 Điều 1.\n"
)


def test_quoted_words_speak_of_the_document_that_they_amend():
    assert found(AMENDING) == [
        ("khoản 2 Điều 7", "back", "98/2098/NĐ-CP"),
        ("khoản 1 Điều này", "internal", "98/2098/NĐ-CP"),
        ("Điều 9 Nghị định này", "internal", "98/2098/NĐ-CP"),
        ("văn bản này", "back", "98/2098/NĐ-CP"),
        ("Nghị định này", "self", "self"),
        ("khoản 1 Điều 1", "internal", "self"),
    ]


def test_a_lost_closing_mark_does_not_quote_the_rest():
    text = AMENDING.replace("”.", ".").replace(
        "Điều 2. Hiệu lực", "2. Sửa đổi khoản 3 Điều 7 như sau:\n\n“3. Thư viện đóng cửa.”.\n\nĐiều 2. Hiệu lực"
    )
    assert ("Nghị định này", "self", "self") in found(text)


# --- declared names -------------------------------------------------------------------------------


def test_a_declared_name_means_its_document_from_there_on():
    text = (
        f"{PLAN}I. NỘI DUNG\n\n1. Đề án 06 đã có. Thực hiện {B} phê duyệt Đề án thư viện số "
        "(sau đây gọi tắt là Đề án 06).\n\n2. Sơ kết Đề án 06; ĐỀ ÁN 06, đề án 06 và Đề án 061 không tính.\n"
    )
    (reference,) = found(text)
    assert reference[:2] == ("Đề án 06", "declared") and reference[2].startswith("Đề án thư viện số")


DECLARED = [
    (f"{B} (sau đây gọi tắt là “Quyết định 20”)", "Quyết định 20", "20/QĐ-UBND"),
    (f"{B}, sau đây gọi là Quyết định 20,", "Quyết định 20", "20/QĐ-UBND"),
    (f"{A} và {B} (viết tắt là Quyết định 20)", "Quyết định 20", "20/QĐ-UBND"),
    (f"{B} và {C} (gọi tắt là Quyết định 20)", "Quyết định 20", "20/QĐ-UBND"),
    (f"{B} và {C} (sau đây gọi chung là các Quyết định)", "các Quyết định", ""),
    (f"{B} sửa đổi {C} (gọi tắt là Quyết định sửa đổi)", "Quyết định sửa đổi", ""),
    ("Bộ luật Hình sự năm 2015 (sau đây viết tắt là BLHS)", "BLHS", "100/2015/QH13"),
    (f"{B} phê duyệt bản vẽ, số liệu và Đề án (gọi tắt là Đề án số hóa)", "Đề án số hóa", "20/QĐ-UBND"),
    ("Nghị định về thư viện (sau đây gọi là Nghị định về thư viện)", "Nghị định về thư viện", ""),
]  # fmt: skip


@pytest.mark.parametrize(("declaration", "name", "target"), DECLARED)
def test_what_a_declared_name_stands_for(declaration, name, target):
    facts = found(f"{PLAN}I. NỘI DUNG\n\n1. Theo {declaration}.\n\n2. Sơ kết {name}.\n")
    assert [(words, kind) for words, kind, _ in facts] == [(name, "declared")]
    assert facts[0][2].endswith(target) and bool(facts[0][2]) == bool(target)


@pytest.mark.parametrize(
    "declaration",
    [
        "người lao động làm việc theo hợp đồng (sau đây gọi tắt là người lao động)",
        f"cơ quan nêu tại {B} (sau đây gọi là Cơ quan)",
        f"{B} (sau đây gọi là Quyết định số 20/QĐ-UBND)",  # a citation wherever it stands
        "công tác cải cách hành chính (sau đây viết tắt là CCHC)",
        "Sở Nội vụ tỉnh Minh Họa (sau đây gọi tắt là Sở)",
    ],
)
def test_short_forms_of_other_things_are_no_references(declaration):
    names = ("người lao động", "Cơ quan", "Quyết định số 20/QĐ-UBND", "CCHC", "Sở")
    rest = "".join(f" {name};" for name in names)
    assert found(f"{PLAN}I. NỘI DUNG\n\n1. Theo {declaration}.\n\n2. Sơ kết{rest}\n") == []


def declarations(text: str):
    facts, folded = extract_text(text), fold(text)
    return find_declarations(text, folded, UnitTree(facts.units), find_mentions(text), [], facts.header.type)


@pytest.mark.parametrize(
    ("words", "name", "organ"),
    [
        ("Giao Sở Khoa học và Công nghệ tỉnh Minh Họa (sau đây gọi tắt là Sở) theo dõi.", "Sở",
         "Sở Khoa học và Công nghệ tỉnh Minh Họa"),
        ("Ủy ban nhân dân tỉnh Minh Họa (sau đây viết tắt là UBND tỉnh) ban hành.", "UBND tỉnh",
         "Ủy ban nhân dân tỉnh Minh Họa"),
        ("Giao Ngân hàng Nhà nước Việt Nam (sau đây gọi là Ngân hàng Nhà nước) theo dõi.", "Ngân hàng Nhà nước",
         "Ngân hàng Nhà nước Việt Nam"),
    ],
)  # fmt: skip
def test_a_name_for_an_organ_is_offered_to_those_who_read_issuers(words, name, organ):
    assert organ_names(declarations(words)) == {name: organ}


def test_a_place_or_another_organ_is_not_what_an_organ_name_stands_for():
    text = (
        "Giao tỉnh, thành phố trực thuộc Trung ương (sau đây gọi là cấp tỉnh); cổng của Bộ Công an (gọi tắt là Cổng)."
    )
    assert organ_names(declarations(text)) == {}


def test_the_scope_ends_with_the_quoted_passage():
    text = AMENDING.replace("làm theo", f"làm theo {B} (gọi tắt là Quyết định 20), theo Quyết định 20 và")
    text = text.replace("có hiệu lực", "có hiệu lực như Quyết định 20 và")
    assert [(words, kind) for words, kind, _ in found(text) if kind == "declared"] == [("Quyết định 20", "declared")]


def test_the_scope_ends_with_the_annex():
    text = (
        f"{PLAN}I. NỘI DUNG\n\n1. Họp.\n\nPHỤ LỤC I\n\n1. Theo {B} (gọi tắt là Quyết định 20).\n\n"
        "2. Sơ kết Quyết định 20.\n\nPHỤ LỤC II\n\n1. Tổng kết Quyết định 20.\n"
    )
    assert found(text) == [("Quyết định 20", "declared", "20/QĐ-UBND")]


def test_the_scope_that_the_declaration_states():
    text = (
        "Chương I\nCHUNG\n\nĐiều 1. Phạm vi\n\n"
        f"1. Theo {B} (trong Chương này gọi tắt là Quyết định 20).\n\nĐiều 2. Mục tiêu\n\n1. Theo Quyết định 20.\n\n"
        "Chương II\nRIÊNG\n\nĐiều 3. Hiệu lực\n\n1. Theo Quyết định 20.\n"
    )
    assert [r for r in found(text) if r[1] == "declared"] == [("Quyết định 20", "declared", "20/QĐ-UBND")]


def test_a_name_declared_anew_means_the_new_document():
    text = (
        f"{PLAN}I. NỘI DUNG\n\n1. Theo {B} (gọi tắt là Quyết định).\n\n2. Sơ kết Quyết định.\n\n"
        f"3. Theo {C} (gọi tắt là Quyết định).\n\n4. Sơ kết Quyết định.\n"
    )
    assert found(text) == [("Quyết định", "declared", "20/QĐ-UBND"), ("Quyết định", "declared", "21/QĐ-UBND")]


def test_a_mere_type_word_counts_only_where_no_longer_name_follows():
    text = (
        f"{PLAN}I. NỘI DUNG\n\n1. Theo {B} phê duyệt Đề án thư viện số (gọi tắt là Đề án).\n\n"
        "2. Sơ kết Đề án. Xem Đề án được duyệt, Đề án xanh hóa, Đề án nêu trên.\n"
    )
    assert kinds(text) == [("Đề án", "declared"), ("Đề án", "declared"), ("Đề án nêu trên", "back")]
    assert len({target for _, _, target in found(text)}) == 1


def test_the_base_holds_the_document_that_a_reference_points_at(tmp_path):
    from contextlib import closing

    from graph.corpus import build
    from graph.store import open_base

    (tmp_path / "a.md").write_text(f"{PLAN}I. NỘI DUNG\n\n1. Thực hiện {A}. Theo Nghị quyết đó, Kế hoạch này đúng.\n")
    build([tmp_path], tmp_path / "b.db")
    with closing(open_base(tmp_path / "b.db")) as base:
        rows = base.execute(
            "SELECT d.dich, v.so_ky_hieu FROM dan_chieu d LEFT JOIN van_ban v ON v.id = d.dich ORDER BY d.bat_dau"
        ).fetchall()
    assert [(target == "self", number) for target, number in map(tuple, rows)] == [(False, "08-NQ/TU"), (True, None)]


# --- always ---------------------------------------------------------------------------------------

PIECES = st.sampled_from((
    A, B, "Luật Đất đai năm 2024", "Nghị định số 98/2098/NĐ-CP", "khoản 2 ", "Điều 5 ", "các điểm a, b ", "Điều này",
    " Nghị định này", " của ", "Luật này", " nêu trên", " trên", " đó", "các văn bản", "Nghị quyết", "Đề án 06", "Đề án",
    " (sau đây gọi tắt là ", ")", "“", "”", "\"", " như sau:\n", "Điều 1. Phạm vi\n\n", "Điều 5. Hiệu lực\n", "; ", ", ",
    " và ", "\n", "\n\n", "theo quy định của Bộ Nội vụ", "Sửa đổi, bổ sung ", "Phụ lục II ban hành kèm theo ", "này", "1. ",
    "phê duyệt Đề án thư viện số", "từ ", " đến ", "PHỤ LỤC", "này\u00a0", "ĐIỀU NÀY", "| ",
))  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=40).map("".join))
def test_references_are_in_order_exact_and_apart_from_citations(raw):
    text = normalise(raw)
    facts = extract_text(text)
    known = {d.id for d in facts.documents} | {"self", ""}
    for one, following in zip(facts.references, facts.references[1:], strict=False):
        assert one.end <= following.start
    for r in facts.references:
        assert 0 <= r.start < r.end <= len(text) and text[r.start : r.end] == r.text
        assert r.target in known
        for c in facts.citations:
            m = c.mention
            start = m.pinpoint_start if 0 <= m.pinpoint_start < m.start else m.start
            assert r.end <= start or m.tail <= r.start
        assert all(r.end <= w.start or w.end <= r.start for w in facts.works)
