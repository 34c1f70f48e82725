"""Citations in full, what a base adds to the findings of a check, and the order of bases."""

from __future__ import annotations

from contextlib import closing

import pytest
from making import fill

from extract.pipeline import extract_file, extract_text
from extract.tables import read_table
from graph.bases import order_of
from graph.check import base_rules, check
from graph.citing import Paper, Style, full_citation, title_of, written_day
from graph.corpus import build
from graph.lazy import LazyGraph
from graph.store import open_base
from graph.suggest import NEAR, with_suggestions
from graph.words import FORMS

HEAD = (
    "UBND TỈNH MINH HỌA\n\nSố: {n}/KH-UBND\n\nMinh Họa, ngày 10 tháng 5 năm 2024\n\nKẾ HOẠCH\n\nTriển khai năm 2024\n\n"
)


def paper(**facts: str) -> Paper:
    known = {
        "label": "", "type": "Kế hoạch", "number": "2502/KH-UBND", "name": "", "date": "2023-08-08",
        "issuer": "UBND tỉnh Minh Họa", "title": "Về phát triển chợ", "form": FORMS["number"],
    }  # fmt: skip
    return Paper(**{**known, **facts})


# --- in full --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("iso", "short", "long"),
    [
        ("2023-08-08", "ngày 08/8/2023", "ngày 08 tháng 8 năm 2023"),
        ("2024-01-09", "ngày 09/01/2024", "ngày 09 tháng 01 năm 2024"),
        ("2024-02-20", "ngày 20/02/2024", "ngày 20 tháng 02 năm 2024"),
        ("2024-12-31", "ngày 31/12/2024", "ngày 31 tháng 12 năm 2024"),
        ("2024-03", "ngày … tháng 3 năm 2024", "ngày … tháng 3 năm 2024"),
        ("2024", "ngày … tháng … năm 2024", "ngày … tháng … năm 2024"),
        ("", "ngày … tháng … năm …", "ngày … tháng … năm …"),
    ],
)
def test_days_are_written_as_documents_do(iso, short, long):
    assert (written_day(iso), written_day(iso, long=True)) == (short, long)


@pytest.mark.parametrize(
    ("facts", "style", "text", "missing"),
    [
        ({}, {}, "Kế hoạch số 2502/KH-UBND ngày 08/8/2023 của UBND tỉnh Minh Họa về phát triển chợ", ()),
        (
            {}, {"spelled": True, "long_dates": True},
            "Kế hoạch số 2502/KH-UBND ngày 08 tháng 8 năm 2023 của Ủy ban nhân dân tỉnh Minh Họa về phát triển chợ", (),
        ),
        (
            {"type": "Nghị quyết", "number": "08-NQ/TU", "issuer": "Tỉnh ủy Minh Họa"}, {"party": True},
            "Nghị quyết số 08-NQ/TU, ngày 08/8/2023 của Tỉnh ủy Minh Họa về phát triển chợ", (),
        ),
        ({"type": "Luật", "number": "61/2020/QH14", "title": "Luật Đầu tư", "issuer": "Quốc hội"}, {}, "Luật Đầu tư", ()),
        ({"type": "Luật", "number": "61/2020/QH14", "title": ""}, {}, "Luật …", ("tên gọi",)),
        (
            {"title": "KẾ HOẠCH PHÁT TRIỂN CHỢ NĂM 2023"}, {},
            "Kế hoạch số 2502/KH-UBND ngày 08/8/2023 của UBND tỉnh Minh Họa phát triển chợ năm 2023", (),
        ),
        (
            {"number": "/KH-UBND", "date": "2023", "issuer": "", "title": ""}, {},
            "Kế hoạch số …/KH-UBND ngày … tháng … năm 2023 của … về …",
            ("số, ký hiệu", "ngày ban hành", "cơ quan ban hành", "trích yếu"),
        ),
        (
            {"issuer": "Hội Nông dân tỉnh Minh Họa; Sở Nội vụ tỉnh Minh Họa", "title": "V/v phối hợp"}, {},
            "Kế hoạch số 2502/KH-UBND ngày 08/8/2023 của Hội Nông dân tỉnh Minh Họa và Sở Nội vụ tỉnh Minh Họa "
            "về việc phối hợp", (),
        ),
        ({"form": FORMS["standard"], "number": "TCVN ISO 9001:2015"}, {}, "TCVN ISO 9001:2015", ()),
        (
            {"form": FORMS["work"], "label": "Chương trình chợ xanh", "title": "", "number": ""}, {},
            "Chương trình chợ xanh (ban hành kèm theo … số … ngày … tháng … năm … của …)",
            ("số, ký hiệu", "ngày ban hành", "cơ quan ban hành"),
        ),
    ],
)  # fmt: skip
def test_a_document_is_cited_in_full_and_what_is_not_known_is_left_open(facts, style, text, missing):
    written = full_citation(paper(**facts), Style(**style))
    assert (written.text, written.missing) == (text, missing)


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("về tổ chức pháp chế (được", "về tổ chức pháp chế"),
        ("Ban hành quy phạm phục hồi rừng (QPN 21-98", "ban hành quy phạm phục hồi rừng (QPN 21-98)"),
        ("về chợ (sau đây viết gọn là Kế hoạch 12)", "về chợ"),
        ("về chợ, được sửa đổi, bổ sung năm 2024", "về chợ"),
        ("về chợ; có hiệu lực từ ngày 15 tháng 9 năm 2024.", "về chợ"),
        ("UBND tỉnh làm việc với Bộ Y tế", "UBND tỉnh làm việc với Bộ Y tế"),
        ("Tây Ninh phát triển chợ", "Tây Ninh phát triển chợ"),
        ("V/v mở chợ", "về việc mở chợ"),
    ],
)
def test_what_a_document_is_about_stands_without_what_texts_add(title, written):
    assert title_of(paper(title=title)) == written


@pytest.mark.parametrize("row", [pytest.param(r, id=r["label"]) for r in read_table("basis_order", "graph.tables")])
def test_basis_order_row(row):
    assert order_of(paper(issuer=row["example"])) == (int(row["order"]), row["label"])


def test_a_law_without_organ_stands_with_the_national_assembly():
    assert order_of(paper(type="Luật", issuer=""))[1] == "Quốc hội"
    assert order_of(paper(issuer=""))[1] == "Sở, ngành, đơn vị"


# --- from a base ----------------------------------------------------------------------------------


def suggested(tmp_path, known: str, cited: str):
    fill(tmp_path / "c", {"a.md": HEAD.format(n=11) + "I. NỘI DUNG\n\n" + known + "\n"})
    build([tmp_path / "c"], tmp_path / "x.db")
    facts = extract_text(HEAD.format(n=12) + "I. NỘI DUNG\n\n" + cited + "\n")
    with closing(open_base(tmp_path / "x.db")) as base:
        found = with_suggestions(facts, check(facts), LazyGraph(base))
    for finding in found:
        assert finding.found == facts.source.text[finding.start : finding.end]
    return {finding.rule: finding for finding in found}


FULL = "Kế hoạch số 2502/KH-UBND ngày 08/8/2023 của UBND tỉnh Minh Họa về phát triển chợ nông thôn"


@pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in read_table("checks_of_base", "graph.tables")])
def test_a_rule_that_asks_a_base(row, tmp_path):
    assert row["id"] in base_rules() and base_rules()[row["id"]].name != row["id"]
    fired = suggested(tmp_path, row["known"], row["fires"])[row["id"]]
    assert fired.severity == row["severity"] and fired.expected == "" and len(fired.candidates) == 1
    assert "{" not in fired.message and fired.candidates[0] in row["known"]
    for text in (row["silent"], row["known"]):
        assert row["id"] not in suggested(tmp_path, row["known"], text)


def test_the_full_first_citation_is_proposed_where_the_base_knows_the_document(tmp_path):
    found = suggested(
        tmp_path, f"Thực hiện {FULL}.", "Thực hiện Kế hoạch số 2502/KH-UBND ngày 08/8/2023 của UBND tỉnh."
    )
    assert found["missing-title-first-citation"].expected == FULL
    assert found["missing-title-first-citation"].candidates == ()


def test_a_title_that_is_there_is_not_told_twice(tmp_path):
    cited = "Thực hiện Nghị quyết số 42/2022/NQ-HĐND của HĐND tỉnh Minh Họa quy định mức hỗ trợ chợ."
    known = cited.replace(" của", " ngày 09/12/2022 của")
    found = suggested(tmp_path, known, cited)["incomplete-first-citation"]
    assert found.expected == "Nghị quyết số 42/2022/NQ-HĐND ngày 09/12/2022 của HĐND tỉnh Minh Họa"


def test_a_number_without_a_day_has_candidates_and_no_answer(tmp_path):
    found = suggested(tmp_path, f"Thực hiện {FULL}.", "Thực hiện Kế hoạch số 2502/KH-UBND của UBND tỉnh.")
    assert (found["missing-date"].expected, found["missing-date"].candidates) == ("", (FULL,))


def test_the_same_number_and_day_of_another_organ_is_a_near_miss(tmp_path):
    found = suggested(tmp_path, f"Thực hiện {FULL}.", f"Thực hiện {FULL.replace('UBND', 'HĐND')}.")
    assert found[NEAR].candidates == (FULL.removesuffix(" về phát triển chợ nông thôn"),)


def test_a_sentence_that_goes_on_behind_the_title_hides_no_near_miss(tmp_path):
    known = FULL.replace("về phát triển chợ nông thôn", "về phát triển chợ nông thôn ở các xã vùng cao, biên giới")
    cited = known.replace("2502", "2602")
    found = suggested(tmp_path, f"Thực hiện {known}.", f"Theo {cited} trong thời hạn 05 năm kể từ ngày được giao đất.")
    assert found[NEAR].found == cited.partition(" về ")[0]
    other = cited.replace("biên giới", "hải đảo")
    assert NEAR not in suggested(tmp_path, f"Thực hiện {known}.", f"Theo {other} trong thời hạn 05 năm.")


def test_a_number_that_only_lacks_a_part_of_this_one_is_not_set_against_it(tmp_path):
    number = "Nghị quyết số 219/2003/NQ-UBTVQH{} ngày 09/01/2003 của Ủy ban Thường vụ Quốc hội về trang phục của ngành"
    full, less = number.format("11"), number.format("")
    assert NEAR not in suggested(tmp_path, f"Theo {less}.", f"Theo {full}.")
    assert NEAR in suggested(tmp_path, f"Theo {full}.", f"Theo {less}.")


@pytest.mark.parametrize(
    "cited",
    [
        FULL.replace("2502", "2602").replace("nông thôn", "nông thôn năm 2025"),  # another year's plan
        FULL.replace("2502", "2602").replace("08/8/2023", "08/8/2021"),
        FULL.replace("tỉnh Minh Họa", "tỉnh Long An").replace("08/8", "09/8"),  # another province
        FULL.replace("2502", "9911"),
    ],
)
def test_what_is_only_like_it_is_no_near_miss(tmp_path, cited):
    assert NEAR not in suggested(tmp_path, f"Thực hiện {FULL}.", f"Thực hiện {cited}.")


def test_a_text_does_not_vouch_for_itself(tmp_path):
    """A draft that lies in the base is no proof that what it cites exists."""
    draft = HEAD.format(n=12) + f"I. NỘI DUNG\n\nThực hiện {FULL.replace('2502', '2602')}.\n"
    fill(tmp_path / "c", {"a.md": HEAD.format(n=11) + f"I. NỘI DUNG\n\nThực hiện {FULL}.\n", "b.md": draft})
    build([tmp_path / "c"], tmp_path / "x.db")
    facts = extract_file(tmp_path / "c" / "b.md")
    with closing(open_base(tmp_path / "x.db")) as base:
        found = with_suggestions(facts, check(facts), LazyGraph(base))
    assert [f.rule for f in found if f.rule == NEAR] == [NEAR]
