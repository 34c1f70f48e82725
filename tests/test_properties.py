"""Whatever the text: no crash, exact offsets, and the same answer for the same words."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.as_json import to_json
from extract.mentions import find_mentions
from extract.pipeline import extract_text
from extract.provisions import expand
from extract.text import LONGEST, fold, normalise, plain

# Pieces that make the grammar work hard, between any characters at all.
PIECES = st.sampled_from(
    ("Nghị quyết số 08-NQ/TU", " ngày 31/3/2023", " của Tỉnh ủy Minh Họa", "Kế hoạch số 2502/KH-UBND", " thực hiện ")
    + (
        "Nghị định 55/2011/NĐ-CP",
        "Luật Đất đai năm 2024",
        "TCVN ISO 9001:2015",
        "Số: /KH-UBND",
        "; ",
        " và ",
        "Căn cứ ",
    )
    + ("ngày 18 tháng 10\n\nnăm 2019", "phê duyệt Đề án “Xây dựng đô thị”", "sửa đổi, bổ sung", "Tiếp tục triển khai:")
    + ("được sửa đổi, bổ sung bởi ", "TT-BKH&CN", "15/2022/TT-BKH&CN", "66.16/2026/NQ-CP", "30a/2008/NQ-CP", "số ", "/")
    + ("- ", "+ ", "\n", "\n\n", "I. NỘI DUNG", "1. ", "a) ", "Điều 6 ", "khoản 2 ", "điểm a, b ", "**", "## ", "-")
    + ("KẾ HOẠCH", "Trên đây là", "199/ /QĐ-TTg", "18/2022/TT-\nBLĐTBXH")
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_is_read_with_exact_offsets(raw):
    facts = to_json(extract_text(raw))
    text = facts["text"]
    assert text == normalise(raw)
    for group in ("units", "citations", "works", "references"):
        for item in facts[group]:
            assert 0 <= item["start"] < item["end"] <= len(text)
            assert text[item["start"] : item["end"]] == item["text"]
    starts = [c["start"] for c in facts["citations"]]
    assert starts == sorted(starts)
    assert all(a["end"] <= b["start"] for a, b in zip(facts["citations"], facts["citations"][1:], strict=False))
    known = {d["id"] for d in facts["documents"]}
    assert all(c["document"] in known or c["self"] for c in facts["citations"])
    assert all(w["document"] in known for w in facts["works"])
    assert all(c["from"] is None or 0 <= c["from"] < len(starts) for c in facts["citations"])
    json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_the_same_text_gives_the_same_facts(raw):
    assert to_json(extract_text(raw)) == to_json(extract_text(raw))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_normal_forms_and_line_ends_do_not_matter(raw):
    base = to_json(extract_text(normalise(raw)))
    decomposed = to_json(extract_text(unicodedata.normalize("NFD", normalise(raw))))
    windows = to_json(extract_text(normalise(raw).replace("\n", "\r\n")))
    for other in (decomposed, windows):
        assert other["citations"] == base["citations"]
        assert other["units"] == base["units"]


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["Trang đầu không có gì.\n\n", "Một đoạn văn.\n\n"]))
def test_mentions_do_not_depend_on_a_paragraph_before(raw, before):
    text = normalise(raw)
    alone = [(m.start, m.end, m.number, m.name) for m in find_mentions("\n\n" + text)]
    after = [
        (m.start - len(before) + 2, m.end - len(before) + 2, m.number, m.name) for m in find_mentions(before + text)
    ]
    assert after == alone


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["\n\nTrang cuối không có gì.", "\n\nMột đoạn văn."]))
def test_mentions_do_not_depend_on_a_paragraph_after(raw, after):
    text = normalise(raw) + "."
    alone = [(m.start, m.end, m.number, m.name, m.date) for m in find_mentions(text)]
    assert [(m.start, m.end, m.number, m.name, m.date) for m in find_mentions(text + after)] == alone


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_folding_keeps_length_and_is_idempotent(raw):
    text = normalise(raw)
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    assert plain(plain(text)) == plain(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=5), st.integers(1, 200))
def test_a_list_of_clauses_shares_its_article(clauses, article):
    words = ", ".join(map(str, clauses))
    wanted = tuple(dict.fromkeys(f"khoản {c} Điều {article}" for c in clauses))
    assert expand(f"khoản {words} điều {article}") == wanted


def test_marks_without_end_are_cut():
    """Sorting marks takes quadratic time; no writing has more than a few on a letter."""
    run = "\u0323\u0302" * 200_000
    text = normalise("Số a" + run + "b 5/QĐ-UBND")
    assert len(text) < 50
    assert text.startswith("Số ậ")
    assert text.endswith("b 5/QĐ-UBND")
    assert normalise(text) == text
    kept = "Nghi\u0323 quye\u0302\u0301t " * 2000
    assert normalise(kept) == unicodedata.normalize("NFC", kept)


def test_a_sentence_without_end_is_quoted_in_part():
    cited = ", ".join(f"Quyết định số {n}/QĐ-UBND ngày 02/5/2024 của UBND tỉnh" for n in range(1, 400))
    facts = extract_text(f"KẾ HOẠCH\nCăn cứ {cited}.\n")
    assert len(facts.citations) == 399 and len(facts.relations) == 399
    for relation in facts.relations:
        assert len(relation.sentence) <= 3 * LONGEST and relation.sentence in f"Căn cứ {cited}."
