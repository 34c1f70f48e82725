"""Which document a mention means: keys across texts, terms, bodies before and after a merger, candidates, the URN."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extract.as_json import to_json
from extract.bodies import UNKNOWN, era
from extract.identifier import urn
from extract.identity import document_of, identify, is_open, number_key, own_document
from extract.model import Header, Mention
from extract.organs import organs, province_in
from extract.periods import bounds, within
from extract.pipeline import extract_text
from extract.read.plain import source_from_text
from extract.tables import read_table
from extract.terms import meeting, term_on, term_told
from extract.text import fold, plain
from graph.corpus import build
from graph.schema import READABLE_VERSIONS, SCHEMA_VERSION
from graph.store import open_base


def documents(*sentences: str, place: str = "Minh Họa"):
    """The numbered and named documents of a plan of ``place`` that holds ``sentences`` as tasks."""
    return plan(*sentences, place=place).documents


def plan(*sentences: str, place: str = "Minh Họa", date: str = "ngày 05 tháng 02 năm 2026"):
    head = f"Số: 12/KH-SNV\n\n{place}, {date}\n\nKẾ HOẠCH CẢI CÁCH HÀNH CHÍNH\n\nI. NỘI DUNG THỰC HIỆN\n\n"
    return extract_text(head + "".join(f"- Triển khai {s}.\n" for s in sentences))


def key(sentence: str, place: str = "Minh Họa") -> str:
    return documents(sentence, place=place)[0].key


def same(a: str, b: str, place: str = "Minh Họa") -> bool:
    """True when two texts surely mean the same document."""
    left, right = key(a, place), key(b, place)
    return left == right and not is_open(left)


# --- periods, terms, meetings ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2021", ("2021-01-01", "2021-12-31")),
        ("2021-02", ("2021-02-01", "2021-02-31")),
        ("2021-02-03", ("2021-02-03", "2021-02-03")),
        ("", ("", "")),
    ],
)
def test_what_a_partial_date_leaves_open(date, expected):
    assert bounds(date) == expected


def test_a_date_lies_within_only_when_every_day_of_it_does():
    assert within("2021-02", "2021-02-01", "2021-02-31")
    assert not within("2021", "2021-02-01", "")
    assert not within("", "", "")


@pytest.mark.parametrize(
    ("date", "term"),
    [
        ("2021-01-24", "khoa 12"), ("2021-01-28", ""), ("2021-02-02", "khoa 13"), ("2021", ""), ("2022", "khoa 13"),
        ("2026-01-20", ""), ("2026-04-02", "khoa 14"), ("1977-05-01", ""), ("", ""),
    ],
)  # fmt: skip
def test_central_terms_and_the_days_of_a_congress(date, term):
    assert term_on("Trung ương", date) == term


@pytest.mark.parametrize(
    ("date", "term"),
    [("2023-03-31", "nhiem ky 2020 2025"), ("2020-10-05", ""), ("2020", ""), ("2025-06-30", "nhiem ky 2020 2025")],
)
def test_provincial_terms_are_open_in_the_months_of_the_congresses(date, term):
    assert term_on("Tỉnh ủy", date) == term


def test_terms_of_one_organ_do_not_overlap():
    for organ in {r["organ"] for r in read_table("terms")}:
        rows = [r for r in read_table("terms") if r["organ"] == organ]
        assert all(a["to"] < b["from"] for a, b in pairwise(rows)), organ


@pytest.mark.parametrize("words", ["khóa XII", "khoá XII", "Ban Chấp hành Trung ương Đảng (khóa XII)", "khóa 12"])
def test_a_term_told_by_words(words):
    assert term_told(words) == "khoa 12"


@pytest.mark.parametrize("words", ["", "Ban Chấp hành Trung ương", "khóa học", "khóa"])
def test_no_term_told(words):
    assert term_told(words) == ""


PLENUM = [
    "Hội nghị Trung ương 6 khóa IX", "Hội nghị trung ương 6 (khóa IX)", "Trung ương 6 khoá IX", "Trung ương 6, khóa IX",
    "Hội nghị lần thứ sáu Ban Chấp hành Trung ương Đảng khóa IX", "Hội nghị lần thứ 6 Ban Chấp hành Trung ương khóa IX",
    "Hội nghị lần thứ VI Ban Chấp hành Trung ương Đảng (khóa IX)", "Hội nghị Trung ương lần thứ sáu khóa IX",
]  # fmt: skip
CONGRESS = [
    "Đại hội XIII", "Đại hội Đảng lần thứ XIII", "Đại hội XIII của Đảng", "Đại hội đại biểu toàn quốc lần thứ XIII",
    "Đại hội đại biểu toàn quốc lần thứ XIII của Đảng", "Đại hội lần thứ XIII của Đảng",
]  # fmt: skip


@pytest.mark.parametrize("name", PLENUM)
def test_a_plenum_in_every_spelling(name):
    found = meeting(name)
    assert found is not None
    assert (found.kind, found.number, found.term, found.organ) == ("hoi nghi", 6, "khoa 9", "trung uong")


@pytest.mark.parametrize("name", CONGRESS)
def test_a_congress_in_every_spelling(name):
    found = meeting(name)
    assert found is not None
    assert (found.kind, found.number, found.term, found.organ) == ("dai hoi", 13, "khoa 13", "trung uong")


def test_a_congress_of_a_province_is_another_one():
    found = meeting("Đại hội đại biểu Đảng bộ tỉnh Minh Họa lần thứ XIII")
    assert found is not None
    assert found.organ == "dang bo minh hoa"
    assert meeting("Chiến lược phát triển") is None


@pytest.mark.parametrize(("word", "number"), [("nhất", 1), ("tư", 4), ("bảy", 7), ("mười", 10), ("mười một", 11)])
def test_ordinals_in_words(word, number):
    found = meeting(f"Hội nghị lần thứ {word} Ban Chấp hành Trung ương khóa XII")
    assert found is not None
    assert found.number == number


@pytest.mark.parametrize("name", PLENUM[:6:5] + PLENUM[4:5])
def test_named_resolutions_meet_across_texts(name):
    found = documents(f"Nghị quyết {name}")[0]
    assert (found.key, found.form) == (key("Nghị quyết Hội nghị Trung ương 6 khóa IX"), "name")
    assert not is_open(found.key)


def test_a_plenum_without_its_term_joins_the_one_that_has_it_and_no_other():
    joined = plan("Nghị quyết Hội nghị Trung ương 8 khóa XI", "Nghị quyết Trung ương 8")
    assert len({c.document for c in joined.citations if not c.mention.self}) == 1
    alone = plan("Nghị quyết Trung ương 8")
    assert [c.status for c in alone.citations if not c.mention.self] == ["ambiguous"]
    both = plan(
        "Nghị quyết Hội nghị Trung ương 8 khóa XI", "Nghị quyết Hội nghị Trung ương 8 khóa XII",
        "Nghị quyết Trung ương 8",
    )  # fmt: skip
    assert [c.candidates for c in both.citations if not c.mention.self] == [(), (), ("n01", "n02")]


# --- Party papers ----------------------------------------------------------------------------------


def test_one_party_number_in_two_terms_is_two_documents():
    old = "Kết luận số 17-KL/TW ngày 11/9/2017 của Ban Bí thư"
    new = "Kết luận số 17-KL/TW ngày 02/4/2026 của Bộ Chính trị"
    assert not same(old, new)
    assert len(documents(old, new)) == 2
    assert "khoa 12" in key(old) and "khoa 14" in key(new)


def test_in_one_term_the_central_organs_share_a_register():
    dated = "Nghị quyết số 52-NQ/TW ngày 27/9/2019"
    assert same(f"{dated} của Bộ Chính trị", dated)
    assert same(f"{dated} của Bộ Chính trị", "Nghị quyết số 52-NQ/TƯ ngày 27/9/2019 của Trung ương")
    (found,) = documents(f"{dated} của Bộ Chính trị", "Nghị quyết số 52-NQ/TW")
    assert (found.issuer, found.inferred) == ("Bộ Chính trị", ())


def test_the_term_that_the_text_tells_counts_without_a_date():
    told = "Nghị quyết số 36-NQ/TW của Ban Chấp hành Trung ương khóa XII"
    assert same(told, "Nghị quyết số 36-NQ/TW ngày 22/10/2018")
    assert is_open(key("Nghị quyết số 36-NQ/TW"))


def test_provincial_papers_by_term_else_by_year():
    assert same("Nghị quyết số 08-NQ/TU ngày 31/3/2023 của Tỉnh ủy Minh Họa", "Nghị quyết số 8-NQ/TU năm 2023")
    assert not same(
        "Nghị quyết số 08-NQ/TU ngày 31/3/2023 của Tỉnh ủy", "Nghị quyết số 08-NQ/TU ngày 31/3/2018 của Tỉnh ủy"
    )
    congress = key("Nghị quyết số 08-NQ/TU ngày 05/10/2020 của Tỉnh ủy Minh Họa")
    assert congress.split("|")[3] == "2020" and not is_open(congress)


def test_a_tinh_uy_without_a_province_is_open():
    bare = extract_text("Triển khai Nghị quyết số 08-NQ/TU ngày 31/3/2023 của Tỉnh ủy.")
    assert is_open(bare.documents[0].key)
    assert bare.citations[0].status == "unresolved"


# --- bodies before and after a merger --------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2024-12-31", "gso 72"), ("2025-06-30", "gso 72"), ("2025-07-01", "gso 80 2025"), ("2026", "gso 80 2025"),
        ("2025", UNKNOWN), ("2025-06", "gso 72"), ("", UNKNOWN),
    ],
)  # fmt: skip
def test_the_body_of_a_merged_province(date, expected):
    assert era("UBND tỉnh Tây Ninh", date) == expected


@pytest.mark.parametrize(
    "issuer", ["UBND thành phố Hà Nội", "UBND tỉnh Long An", "Chính phủ", "UBND tỉnh Minh Họa", ""]
)
def test_names_that_one_body_only_bore(issuer):
    assert era(issuer, "2024-01-01") == era(issuer, "2026-01-01") == era(issuer, "") == ""


def test_every_merged_province_has_two_bodies_with_codes_of_their_own_time():
    old = {r["name"] for r in read_table("provinces") if r["until"] == "2025-07-01"}
    new = {r["name"]: r["code"] for r in read_table("provinces") if r["from"] == "2025-07-01"}
    assert {r["successor"] for r in read_table("provinces") if r["until"] == "2025-07-01"} == set(new)
    today = {r["name"] for r in read_table("provinces") if not r["until"] and r["code"]}
    assert (len(old), len(new), len(today)) == (52, 23, 34)
    for name in new:
        assert era(f"UBND tỉnh {name}", "2024-05-05") != era(f"UBND tỉnh {name}", "2025-08-08"), name


def test_the_same_number_before_and_after_the_merger():
    before = "Kế hoạch số 20/KH-UBND ngày 02/6/2025 của UBND tỉnh Tây Ninh"
    after = "Kế hoạch số 20/KH-UBND ngày 02/7/2025 của UBND tỉnh Tây Ninh"
    assert len(documents(before, after)) == 2
    assert not same(before, after)
    assert same(before, "Kế hoạch số 20/KH-UBND ngày 02/6/2025 của Ủy ban nhân dân tỉnh", place="Tây Ninh")
    year_only = plan(before, after, "Kế hoạch số 20/KH-UBND năm 2025 của UBND tỉnh Tây Ninh")
    assert [c.candidates for c in year_only.citations if not c.mention.self] == [(), (), ("d01", "d02")]


def test_an_old_document_keeps_the_ministry_that_issued_it():
    (found,) = documents("Thông tư số 12/2024/TT-BKHĐT ngày 05/02/2024 của Bộ Kế hoạch và Đầu tư")
    assert found.issuer == "Bộ Kế hoạch và Đầu tư"
    stated = "Thông tư số 12/2024/TT-BKHĐT ngày 05/02/2024 của Bộ Tài chính"
    assert same(stated, "Thông tư số 12/2024/TT-BKH&ĐT")


def test_successors_lead_to_an_organ_of_today():
    by_name = {o.name: o for o in organs()}
    for organ in organs():
        seen = organ
        for _ in range(4):
            seen = by_name[seen.successor] if seen.successor else seen
        assert not seen.until, organ.name
    assert by_name["Bộ Kế hoạch và Đầu tư"].successor == "Bộ Tài chính"


# --- keys ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Nghị quyết số 50-NQ/CP ngày 17/4/2020 của Chính phủ", "Nghị quyết số 50/NQ-CP ngày 17/4/2020"),
        ("Thông tư số 15/2022/TT-BKH&CN", "Thông tư số 15/2022/TT-BKHCN ngày 12/10/2022 của Bộ trưởng Bộ KH&CN"),
        ("Thông tư số 003/2025/TT-BNV", "Thông tư số 3/2025/TT-BNV"),
        ("Nghị định số 55/2011/NÐ-CP", "Nghị định số 55/2011/NĐ-CP ngày 04/7/2011 của Chính phủ"),
        ("Quyết định số 696/QĐ-TTg ngày 25/5/2020 của Chính phủ", "Quyết định số 696/QĐ-TTg ngày 25/5/2020"),
        ("Thông tư số 08/2014/TTLT-BKHCN-BTC-BNV", "Thông tư liên tịch số 08/2014/TTLT-BKHCN-BTC-BNV"),
        ("Thông tư số 12/2015/TT-BNN&PTNT", "Thông tư số 12/2015/TT-BNNPTNT"),
    ],
)
def test_one_document_in_two_spellings(a, b):
    assert same(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Luật số 63/2025/QH15", "Nghị quyết số 63/2025/QH15"),
        ("Nghị quyết số 02/NQ-CP ngày 08/01/2025", "Nghị quyết số 02/NQ-CP ngày 08/01/2026"),
        ("Nghị quyết số 66.16/2026/NQ-CP", "Nghị quyết số 16/2026/NQ-CP"),
        ("Quyết định số 01/2020/QĐ-TTg", "Quyết định số 01/QĐ-TTg ngày 05/5/2020"),
        ("Nghị quyết số 36-NQ/TW ngày 22/10/2018", "Nghị quyết số 36-NQ/TU ngày 22/10/2018 của Tỉnh ủy Minh Họa"),
        ("Nghị quyết số 36-NQ/TƯ ngày 22/10/2018", "Nghị quyết số 36-NQ/TU ngày 22/10/2018 của Tỉnh ủy Minh Họa"),
    ],
)
def test_two_documents_under_like_numbers(a, b):
    assert not same(a, b)
    assert len(documents(a, b)) == 2


@pytest.mark.parametrize(
    "sentence",
    ["Kế hoạch số 3668/KH-UBND", "Quyết định số 844/QĐ-TTg", "Kế hoạch số 7/KH-UBND ngày 03/01/2024", "Luật Minh họa"],
)
def test_a_part_that_is_missing_leaves_the_key_open(sentence):
    assert is_open(key(sentence))


def test_a_resolution_of_the_assembly_is_known_by_its_year_also_when_its_term_is_told():
    assert same("Nghị quyết số 51/2001/QH10 của Quốc hội khóa X", "Nghị quyết số 51/2001/QH10")


def test_ordinances_come_from_the_standing_committee():
    assert documents("Pháp lệnh Ưu đãi người có công năm 2020")[0].issuer == "Ủy ban Thường vụ Quốc hội"


def test_the_own_number_and_a_citation_of_it_meet():
    own = plan("báo cáo").header
    header = Header(
        type="Kế hoạch", number="20", symbol="KH-UBND", date="2025-07-02", issuer="UBND tỉnh Tây Ninh",
        province="Tây Ninh",
    )  # fmt: skip
    document = own_document(header, source_from_text("Số: 20/KH-UBND"))
    cited = documents("Kế hoạch số 20/KH-UBND ngày 02/7/2025 của UBND tỉnh Tây Ninh")[0]
    assert (document.key, document.urn) == (cited.key, cited.urn)
    assert own.number == "12"


def test_an_own_number_with_a_part_missing_is_told_apart_by_its_file():
    header = Header(type="Kế hoạch", number="20", symbol="KH-UBND", issuer="UBND tỉnh Tây Ninh", province="Tây Ninh")
    keys = {own_document(header, source_from_text(text)).key for text in ("một", "hai")}
    assert len(keys) == 2 and all(map(is_open, keys))


# --- candidates ------------------------------------------------------------------------------------

A = "Quyết định số 20/QĐ-UBND ngày 02/02/2024 của UBND tỉnh Minh Họa"
B = "Quyết định số 20/QĐ-UBND ngày 03/3/2025 của UBND tỉnh Minh Họa"


def statuses(facts):
    return [(c.status, c.candidates) for c in facts.citations if not c.mention.self]


def test_a_short_mention_joins_the_only_document_it_fits():
    facts = plan(A, "Quyết định số 20/QĐ-UBND")
    assert statuses(facts) == [("resolved", ()), ("resolved", ())]
    assert len(facts.documents) == 1


def test_a_short_mention_that_fits_two_documents_has_both_as_candidates():
    facts = plan(A, B, "Quyết định số 20/QĐ-UBND")
    assert statuses(facts) == [("resolved", ()), ("resolved", ()), ("ambiguous", ("d01", "d02"))]
    assert {d.id for d in facts.documents} >= {"d01", "d02", "d03"}
    assert to_json(facts)["citations"][-1]["candidates"] == ["d01", "d02"]


def test_a_year_or_a_whole_day_decides():
    assert statuses(plan(A, B, "Quyết định số 20/QĐ-UBND năm 2025"))[2] == ("resolved", ())
    other_day = statuses(plan(A, B, "Quyết định số 20/QĐ-UBND ngày 09/9/2025"))[2]
    assert other_day == ("unresolved", ())


def test_a_stated_province_comes_before_the_own_one():
    facts = plan("Nghị quyết số 08-NQ/TU ngày 31/3/2023 của Tỉnh ủy Long An", "Nghị quyết số 08-NQ/TU")
    assert [d.issuer for d in facts.documents] == ["Tỉnh ủy Long An"]
    both = plan(
        "Nghị quyết số 08-NQ/TU ngày 31/3/2023 của Tỉnh ủy Long An",
        "Nghị quyết số 08-NQ/TU ngày 09/9/2022 của Tỉnh ủy Minh Họa", "Nghị quyết số 08-NQ/TU",
    )  # fmt: skip
    assert statuses(both)[2] == ("ambiguous", ("d01", "d02"))


def test_a_laws_short_name_follows_the_full_one_and_waits_where_two_were_named():
    assert len(documents("Luật Đất đai năm 2024", "Luật Đất đai")) == 1
    assert statuses(plan("Luật Đất đai năm 2013", "Luật Đất đai năm 2024", "Luật Đất đai"))[2][0] == "ambiguous"
    early = plan("Luật Minh họa", "Luật Minh họa năm 2024")
    assert statuses(early)[0] == ("ambiguous", ("n02",))


def test_a_law_by_name_and_year_is_the_one_with_the_number():
    facts = plan("Luật Đầu tư số 61/2020/QH14", "Luật Đầu tư năm 2020", "Luật Đầu tư")
    assert [d.number for d in facts.documents] == ["61/2020/QH14"]


def law_mention(name: str, start: int, date: str = "", number: str = "") -> Mention:
    form = "number" if number else "name"
    return Mention(start, start + 10, start + 10, form, "Luật", number=number, name=name, date=date)


def of_laws(*mentions: Mention, date: str = ""):
    return identify(Header(date=date), mentions, (), {}, {})


def test_versions_of_a_law_are_candidates_but_none_later_than_the_citing_document():
    found = of_laws(law_mention("Tổ chức Chính phủ", 0), law_mention("Minh họa", 20), date="2016-05-05")
    assert found.candidates == {0: ("Luật số 76/2015/QH13",)}  # its day of force is not in the table
    assert set(found.status.values()) == {"ambiguous"}


@pytest.mark.parametrize(("date", "number"), [
    ("2016-05-05", "45/2013/QH13"), ("2024-07-31", "45/2013/QH13"), ("2024-08-01", "31/2024/QH15"), ("2024", ""), ("", ""),
])  # fmt: skip
def test_a_bare_name_means_the_version_in_force_on_the_day_of_the_document(date, number):
    found = of_laws(law_mention("Đất đai", 0), date=date)
    assert found.documents[0].number == number
    assert found.status[0] == ("resolved" if number else "ambiguous")
    assert ("number" in found.documents[0].inferred) == bool(number)


def test_the_version_in_force_joins_its_own_number_in_the_text():
    found = of_laws(law_mention("Đất đai", 0), law_mention("", 20, number="31/2024/QH15"), date="2025-01-02")
    assert [d.number for d in found.documents] == ["31/2024/QH15"]
    assert found.of_citation[0] == found.of_citation[1]


def test_a_version_that_the_text_cites_stands_by_its_document():
    found = of_laws(law_mention("Đất đai", 0), law_mention("", 20, number="45/2013/QH13"))
    assert found.candidates[0] == ("Luật số 13/2003/QH11", "d01", "Luật số 31/2024/QH15")


def test_name_and_year_give_the_number_where_the_laws_are_known():
    found = of_laws(law_mention("Đất đai", 0, date="2024"))
    numbered = of_laws(law_mention("", 0, number="31/2024/QH15"))
    assert found.documents[0].key == numbered.documents[0].key
    assert (found.documents[0].number, found.documents[0].inferred) == ("31/2024/QH15", ("number", "issuer"))


def test_candidates_are_bounded_however_many_documents_bear_a_number():
    many = [f"Quyết định số 20/QĐ-UBND ngày 02/02/{year} của UBND tỉnh Minh Họa" for year in range(1990, 2024)]
    assert len(statuses(plan(*many, "Quyết định số 20/QĐ-UBND"))[-1][1]) == 20


# --- the standard identifier -----------------------------------------------------------------------

# RFC 9676 §8, as far as the work level and lower case go.
_ALFANUM = "(?:[a-z0-9]|%[0-9A-Fa-f]{2})"
_DOT = rf"{_ALFANUM}(?:{_ALFANUM}|\.)*"
_OTHER = rf"{_ALFANUM}(?:{_ALFANUM}|[.\-_'=()])*"
_ISSUER = rf"{_DOT}(?:;{_DOT})*"
_DATE = r"\d{4}-\d{2}-\d{2}"
GRAMMAR = re.compile(
    rf"urn:lex:vn(?:;{_DOT})*:{_ISSUER}(?:\+{_ISSUER})*:{_DOT}(?:;{_DOT})*"
    rf":(?:{_DATE}(?:,{_DATE})*|{_DOT});{_OTHER}(?:,{_OTHER})*(?::{_DOT}(?:;{_DOT})*)*"
)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Nghị định số 55/2011/NĐ-CP ngày 04/7/2011 của Chính phủ", "chinh.phu:nghi.dinh:2011-07-04;55-2011-nd-cp"),
        ("Nghị quyết số 66.16/2026/NQ-CP ngày 07/4/2026", "chinh.phu:nghi.quyet:2026-04-07;66.16-2026-nq-cp"),
        (
            "Kế hoạch số 2502/KH-UBND ngày 08/8/2023 của UBND tỉnh",
            "uy.ban.nhan.dan.tinh.minh.hoa:ke.hoach:2023-08-08;2502-kh-ubnd",
        ),
        (
            "Nghị quyết số 08-NQ/TU ngày 31/3/2023 của Tỉnh ủy Minh Họa",
            "dang.cong.san.viet.nam;tinh.uy.minh.hoa:nghi.quyet:2023-03-31;8-nq-tu",
        ),
        (
            "Thông tư liên tịch số 08/2014/TTLT-BKHCN-BTC ngày 01/4/2014",
            "bo.khoa.hoc.va.cong.nghe+bo.tai.chinh:thong.tu.lien.tich:2014-04-01;8-2014-ttlt-bkhcn-btc",
        ),
    ],
)
def test_the_urn_of_a_document(sentence, expected):
    (found,) = documents(sentence)
    assert found.urn == f"urn:lex:vn:{expected}"
    assert GRAMMAR.fullmatch(found.urn)


@pytest.mark.parametrize(
    "sentence",
    [
        "Nghị định số 55/2011/NĐ-CP", "Kế hoạch số 7/KH-UBND ngày 03/01/2024", "Luật Đất đai năm 2024",
        "Kế hoạch số 20/KH-UBND năm 2024 của UBND tỉnh", "Tiêu chuẩn TCVN ISO 9001:2015",
    ],
)  # fmt: skip
def test_no_urn_while_a_part_is_missing(sentence):
    assert documents(sentence)[0].urn == ""


def test_spellings_of_one_document_give_one_urn():
    a = "Thông tư số 15/2022/TT-BKH&CN ngày 12/10/2022"
    b = "Thông tư số 15/2022/TT-BKHCN ngày 12/10/2022 của Bộ trưởng Bộ KH&CN"
    assert documents(a)[0].urn == documents(b)[0].urn != ""


def test_the_urn_stands_in_the_json_and_in_the_base(tmp_path):
    facts = plan(A)
    (found,) = [d for d in to_json(facts)["documents"] if d["number"] == "20/QĐ-UBND"]
    (tmp_path / "a.md").write_text(facts.source.text, encoding="utf-8")
    build([tmp_path / "a.md"], tmp_path / "cancu.db")
    with closing(open_base(tmp_path / "cancu.db")) as base:
        stored = base.execute("SELECT urn FROM van_ban WHERE so_tim = '20|qd|ubnd'").fetchall()
    assert stored == [(found["urn"],)] != [("",)]


_TYPES = [r["type"] for r in read_table("types")]
_ORGANS = [o.name for o in organs()] + [f"UBND tỉnh {r['name']}" for r in read_table("provinces")]
_words = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyÀẢÃÁẠÈẺẼÉẸ -/&.,;:@$+|~*!%()'1234567890", max_size=40)
_numbers = st.builds(
    lambda n, y, c, o: f"{n}/{y}{c}-{o}", st.sampled_from(["1", "01", "30a", "66.16", "16", "2502"]),
    st.sampled_from(["", "2020/", "2021/"]), st.sampled_from(["QĐ", "NQ", "KH", "CTr"]),
    st.sampled_from(["UBND", "CP", "BKH&CN", "SNV"]),
)  # fmt: skip
_dates = st.dates().filter(lambda d: d.year > 1900).map(lambda d: d.isoformat())


@given(
    st.sampled_from(_TYPES) | _words,
    _numbers | _words,
    _dates | _words,
    st.sampled_from(_ORGANS) | _words,
    st.booleans(),
)
@settings(deadline=None)
def test_every_urn_is_a_name_by_the_grammar(type_, number, date, organ, party):
    name = urn(type_, number, date, organ, party=party)
    assert name == "" or GRAMMAR.fullmatch(name), name


_facts = st.tuples(
    st.sampled_from(["Quyết định", "Nghị quyết", "Kế hoạch", "Chương trình"]), _numbers,
    st.sampled_from(["2020-02-03", "2021-02-03", "2025-06-30", "2025-07-01"]),
    st.sampled_from(["UBND tỉnh Tây Ninh", "UBND tỉnh Long An", "Chính phủ", "Bộ Nội vụ", "Sở Nội vụ tỉnh Tây Ninh"]),
)  # fmt: skip


@given(_facts, _facts)
@settings(deadline=None)
def test_different_keys_have_different_urns(a, b):
    """Also the other way round where the day is the same: what one key holds together bears one name."""
    left, right = (
        identify(Header(), [Mention(0, 9, 9, "number", t, number=n, date=d, issuer=o)], (), {}, {}).documents[0]
        for t, n, d, o in (a, b)
    )
    assume(left.urn and right.urn)
    assert left.key == right.key or left.urn != right.urn
    assert left.key != right.key or left.date != right.date or left.urn == right.urn


# --- the base --------------------------------------------------------------------------------------


def rows(path, sql):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_a_number_without_year_and_issuer_never_joins_two_texts(tmp_path):
    for name in ("a", "b"):
        text = plan("Kế hoạch số 3668/KH-UBND", A, date=f"ngày 05 tháng 02 năm 202{len(name)}").source.text
        (tmp_path / f"{name}.md").write_text(text.replace("12/KH-SNV", f"{ord(name)}/KH-SNV"), encoding="utf-8")
    build([tmp_path], tmp_path / "cancu.db")
    counts = dict(rows(tmp_path / "cancu.db", "SELECT so_tim, count(*) FROM van_ban GROUP BY so_tim"))
    assert (counts["3668|kh|ubnd"], counts["20|qd|ubnd"]) == (2, 1)


def test_candidates_are_shown_by_their_names(tmp_path):
    (tmp_path / "a.md").write_text(plan(A, B, "Quyết định số 20/QĐ-UBND").source.text, encoding="utf-8")
    build([tmp_path / "a.md"], tmp_path / "cancu.db")
    ((shown,),) = rows(tmp_path / "cancu.db", "SELECT ung_vien FROM trich_dan WHERE ung_vien <> ''")
    assert shown == (
        "Quyết định số 20/QĐ-UBND (2024-02-02, UBND tỉnh Minh Họa); "
        "Quyết định số 20/QĐ-UBND (2025-03-03, UBND tỉnh Minh Họa)"
    )


def test_a_base_of_the_schema_before_the_urn_still_opens_and_is_renewed_by_the_next_build(tmp_path):
    text, base = tmp_path / "a.md", tmp_path / "cancu.db"
    text.write_text(plan(A).source.text, encoding="utf-8")
    build([text], base)
    with closing(sqlite3.connect(base)) as connection, connection:
        connection.execute("DROP INDEX ix_van_ban_phien_ban_cua")
        for column in ("urn", "phien_ban_cua", "phien_ban", "phien_ban_vi"):
            connection.execute(f"ALTER TABLE van_ban DROP COLUMN {column}")
        connection.execute("UPDATE thong_tin SET gia_tri = '1' WHERE ten = 'phien_ban_luoc_do'")
        connection.execute("UPDATE thong_tin SET gia_tri = 'mã của lược đồ 1' WHERE ten = 'ma_kiem_tra'")
    assert READABLE_VERSIONS == ("1", "2", "3", "4", "5", "6", SCHEMA_VERSION)
    with closing(open_base(base)) as opened:
        assert opened.execute("SELECT count(*) FROM trich_dan").fetchone()[0] > 0
    assert build([text], base).changed
    assert rows(base, "SELECT urn FROM van_ban WHERE so_tim = '20|qd|ubnd'")[0][0].startswith("urn:lex:vn:")


def test_tables_name_provinces_as_the_texts_do():
    for row in read_table("provinces"):
        assert province_in(row["example"]) == row["name"]
        assert fold(row["level"]) in ("tỉnh", "thành phố")
    assert number_key("08-NQ/TU") == plain("8 NQ TU")


def test_an_issuer_by_its_declared_short_form_is_the_organ_it_stands_for():
    facts = plan(
        "Sở Khoa học và Công nghệ tỉnh Minh Họa (sau đây gọi tắt là Sở) thực hiện Quyết định số 9/QĐ-UBND ngày 02/02/2024",
        "Kế hoạch số 34/KH-SKHCN ngày 03/02/2024 của Sở",
    )
    assert [d.issuer for d in facts.documents if d.number.startswith("34/")] == [
        "Sở Khoa học và Công nghệ tỉnh Minh Họa"
    ]
    assert [c.mention.issuer for c in facts.citations if c.mention.number.startswith("34/")] == ["Sở"]


# --- organs that the number tells -------------------------------------------------------------------


def test_an_ordinance_is_of_the_standing_committee_whatever_stands_before_its_number():
    facts = extract_text("Theo Pháp lệnh Ngoại hối số 28/2005/PL-UBTVQH11 và Pháp lệnh số 06/2013/UBTVQH13.")
    assert [d.issuer for d in facts.documents] == ["Ủy ban Thường vụ Quốc hội"] * 2
    assert not any(is_open(d.key) for d in facts.documents)


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Nguồn chi của Cục Đường bộ quy định tại Điều 3 Nghị định số 96/2015/NĐ-CP.", "Chính phủ"),
        ("I. NHIỆM VỤ\n\nquy định tại Thông tư số 24/2009/TT-BCA", "Bộ Công an"),
        ("Ngày 06/10/2025, Bộ Tài chính ban hành Công văn số 15/BTC-NSNN.", "Bộ Tài chính"),
        ("Ban Tổ chức Tỉnh ủy Minh Họa tại Công văn số 12/BTC-HC.", "Ban Tổ chức Tỉnh ủy Minh Họa"),
    ],
)  # fmt: skip
def test_a_number_of_the_state_is_not_of_the_organ_that_a_sentence_names_before_it(text, issuer):
    assert extract_text(text).documents[0].issuer == issuer


@pytest.mark.parametrize(
    "issuer",
    ["Bộ Lao động - Thương binh và Xã hội", "Bộ trưởng", "Bộ Lao động", "Bộ Lao động - Thương", "Bộ LĐTB và XH"],
)
def test_a_normative_number_tells_its_ministry_however_the_words_are_cut(issuer):
    document = document_of("24/2020/TT-BLĐTBXH", "Thông tư", "2020-12-30", issuer)
    assert document.key == document_of("24/2020/TT-BLĐTBXH", "Thông tư", "2020-12-30", "").key


@pytest.mark.parametrize("issuer", ["UBND tỉnh Minh Họa", "Ban Tổ chức Tỉnh ủy"])
def test_words_that_name_another_organ_are_not_passed_over(issuer):
    document = document_of("24/2020/TT-BLĐTBXH", "Thông tư", "2020-12-30", issuer)
    assert document.key.split("|")[4] != "bo lao dong thuong binh va xa hoi"
