"""The count of silent drops tests itself: what the loose scan sees, and which answer each token gets."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from benchmarks.drops import Drops, account, find_drops, loose_tokens, main
from extract.model import Extraction, Reference
from extract.pipeline import extract_text
from extract.read.plain import source_from_text


@dataclass(frozen=True)
class Refusal:
    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True)
class Answer:
    """An extraction as far as the count looks at it."""

    source: object
    citations: tuple = ()
    references: tuple = ()
    refusals: tuple = ()


def tokens(text: str) -> list[str]:
    return [text[start:end] for start, end in loose_tokens(text)]


@pytest.mark.parametrize("token", [
    "08-NQ/TU", "15/2022/TT-BKHCN", "01/ĐK", "2502 /KH-UBND", "80/2025/QH15", "12/NĐ – CP", "94a/QĐ-TTg", "12.1/GP-UBND", "5⁄2 /TTr-CA",
    "37/Qđ-UB", "3-BTC", "1/Ư", "02/2018/TTLT-VKSNDTC-TATC-BCA-BQP-BTC-BNN&PTNT", "04/TTLT-BCA\u00ad-BTC", "06/TT-\nBTC", "07/TT-B\u0422\u0421", "5-Ð",
])  # fmt: skip
def test_the_loose_scan_sees(token):
    assert tokens(f"theo số {token}, ngày") == [token]


@pytest.mark.parametrize("words", ["có hiệu lực", "ngày 01", "Thông tư"])
def test_a_word_glued_to_the_token_is_no_part_of_it(words):
    assert tokens(f"số 83/2013/NĐ-CP{words}") == ["83/2013/NĐ-CP"]
    assert tokens(f"số 13/QĐ-TTg {words}") == ["13/QĐ-TTg"]


@pytest.mark.parametrize("words", [
    "ngày 01/02/2024", "giai đoạn 2021-2025", "1 - Đối với", "08-nq/tu", "12/2024", "24/7 Hà Nội", "A1-BC", "5/Điều", "NQ/TU",
])  # fmt: skip
def test_the_loose_scan_passes_over(words):
    assert tokens(words) == []


TEXT = "Số 01/ĐK và 02/ĐK; 03/ĐK."
FIRST, SECOND, THIRD = loose_tokens(TEXT)


def counted(**answers) -> Drops:
    drops = Drops()
    account(drops, "a", Answer(source_from_text(TEXT), **answers))
    return drops


def test_each_answer_counts_once():
    drops = counted(
        references=(Reference(*FIRST, "01/ĐK", "internal", ""),), refusals=(Refusal(*SECOND, "02/ĐK", "form_code"),)
    )
    assert (drops.tokens, drops.cited, drops.referred, drops.refused) == (3, 0, 1, {"form_code": 1})
    assert [(d.start, d.end, d.token, d.partly) for d in drops.unexplained] == [(*THIRD, "03/ĐK", False)]
    assert drops.unexplained[0].context == "Số 01/ĐK và 02/ĐK; [[03/ĐK]]."


def test_an_answer_must_cover_the_whole_token():
    drops = counted(
        refusals=(Refusal(FIRST[0], FIRST[1] - 1, "01/Đ", "form_code"), Refusal(SECOND[0], THIRD[1], "", "list"))
    )
    assert (drops.refused, [(d.token, d.partly) for d in drops.unexplained]) == ({"list": 2}, [("01/ĐK", True)])


def test_citations_answer_from_core_to_tail():
    facts = extract_text("theo Kế hoạch số 12/KH-UBND ngày 01/02/2024 của UBND tỉnh Minh Họa")
    [citation] = facts.citations
    drops = Drops()
    account(drops, "a", facts)
    assert (drops.cited, drops.unexplained) == (1, [])
    short = replace(
        citation, mention=replace(citation.mention, end=citation.mention.end - 2, tail=citation.mention.end)
    )
    longer = Drops()
    account(longer, "a", replace(facts, citations=(short,)))
    assert (longer.cited, longer.unexplained) == (1, [])  # in the tail
    nothing = Drops()
    account(nothing, "a", Extraction(facts.source, facts.header))
    assert [d.token for d in nothing.unexplained] == ["12/KH-UBND"]


def test_texts_add_up():
    drops = find_drops([("a", "theo Nghị quyết số 08-NQ/TU"), ("b", "theo Nghị quyết số 09-NQ/TU; không số")])
    assert (drops.tokens, drops.cited, drops.unexplained) == (2, 2, [])


def test_the_command_reads_folders_and_is_strict_when_asked(tmp_path, capsys, monkeypatch):
    (tmp_path / "a.md").write_text("theo Nghị quyết số 08-NQ/TU", encoding="utf-8")
    (tmp_path / "b.json").write_text("09-NQ/TU", encoding="utf-8")
    assert main([str(tmp_path), "--strict"]) == 0
    assert capsys.readouterr().out.split()[:2] == ["tokens", "1"]
    monkeypatch.setattr("benchmarks.drops.extract_text", lambda text: Answer(source_from_text(text)))
    assert main([str(tmp_path)]) == 0
    assert "08-NQ/TU" in capsys.readouterr().out
    assert main([str(tmp_path), "--strict"]) == 1
    with pytest.raises(FileNotFoundError):
        main([str(tmp_path / "không có")])


def test_a_word_that_runs_into_a_number_is_no_part_of_it():
    drops = find_drops([("a", "theo Thông tư số 105/2020/TT-BTCđể lập hồ sơ")])
    assert (drops.cited, drops.unexplained) == (1, [])
