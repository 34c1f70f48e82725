"""The measures of the checks: what they count, draw and plant, and what the recorded verdicts say."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from benchmarks.checks import VERDICTS, Row, run_over, sample
from benchmarks.faults_of_text import KINDS
from benchmarks.seeded_faults import HEAD, Job, plant
from graph.check import SEVERITIES, base_rules, rules

PASSAGES = [
    HEAD + text + "\n"
    for text in (
        "Thực hiện Kế hoạch số 66/KH-UBND ngày 05/02/2024 của UBND tỉnh về hội chợ.",
        "Thực hiện Nghị quyết số 36-NQ/TW ngày 30/01/2023 của Bộ Chính trị về công nghệ sinh học.",
        "Theo khoản 2 Điều 6 Nghị định số 08/2022/NĐ-CP ngày 10 tháng 01 năm 2022 của Chính phủ quy định về chợ.",
        "Theo Thông tư số 15/2022/TT-BKHCN ngày 12/10/2022 của Bộ Khoa học và Công nghệ quy định về chợ.",
        "Theo Thông tư số 17/2022/TT-BTNMT ngày 15/11/2022 của Bộ Tài nguyên và Môi trường quy định về chợ.",
        "Thực hiện Quyết định số 996/QĐ-TTg ngày 10/8/2018 của Thủ tướng Chính phủ phê duyệt phương án về chợ.",
    )
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fault_can_be_planted_and_is_found(kind):
    done = plant(Job(kind, 6, 1, PASSAGES))
    assert (done.kind, done.planted) == (kind, 6)
    assert done.told == done.planted, done.wrong


def test_planting_is_repeatable():
    job = Job("swapped type word", 5, 3, PASSAGES)
    assert plant(job) == plant(job)


def test_findings_are_counted_and_shown_with_their_words():
    text = "Theo Nghị định số 126/2004/NĐ-CP ngày 08/10/2024 của Chính phủ quy định về hội."
    total = run_over([("b", text), ("a", text), ("c", "Không có gì.")], 1)
    assert (total.documents, total.citations, total.dated) == (3, 2, 2)
    assert [(r.document, r.rule) for r in total.rows] == [("a", "year-of-number"), ("b", "year-of-number")]
    row = total.rows[0]
    assert row.before + row.found + row.after == text


def test_a_sample_is_even_over_the_rules_and_repeatable():
    rows = [
        Row("d", rule, "nên sửa", n, "", "", "", "", "") for rule, many in (("x", 90), ("y", 3)) for n in range(many)
    ]
    drawn = sample(rows, 6, 1)
    assert Counter(r.rule for r in drawn) == {"x": 3, "y": 3}
    assert drawn == sample(rows, 6, 1) != sample(rows, 6, 2)
    assert len(sample(rows, 500, 1)) == 93


def test_the_recorded_verdicts_hold_the_bars():
    with VERDICTS.open(encoding="utf-8", newline="") as lines:
        judged = list(csv.DictReader(lines))
    assert {row["verdict"] for row in judged} <= {"right", "wrong", "mended"}
    assert all(
        row["rule"] in {**rules(), **base_rules()} and row["severity"] in SEVERITIES[:2] and row["why"]
        for row in judged
    )
    assert all(len(row["found"]) <= 60 for row in judged)
    for severity, bar in (("bắt buộc sửa", 0.95), ("cần đối chiếu", 0.85)):
        verdicts = [r["verdict"] for r in judged if r["severity"] == severity and r["verdict"] != "mended"]
        assert verdicts.count("right") >= bar * len(verdicts) > 0


def test_the_verdicts_on_texts_never_seen_keep_their_form():
    with VERDICTS.with_name("check_verdicts_fresh.csv").open(encoding="utf-8", newline="") as lines:
        judged = list(csv.DictReader(lines))
    assert {row["run"] for row in judged} == {"first", "second", "after"}
    assert {row["verdict"] for row in judged} == {"right", "wrong"}
    assert all(row["rule"] in rules() and row["severity"] in SEVERITIES[:2] and row["why"] for row in judged)
    assert all(len(row["found"]) <= 60 and int(row["offset"]) >= 0 for row in judged)
    untouched = [r["verdict"] for r in judged if r["run"] == "second" and r["severity"] == "bắt buộc sửa"]
    assert untouched.count("right") >= 0.95 * len(untouched) > 0
