"""The differential run tests itself: what counts as gained, lost and changed between two runs."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from benchmarks.differential import Cited, changed_fields, cited, compare, from_line, main, read_record, to_line
from extract.pipeline import extract_text

DECREE = Cited("Nghị_định", "55/2011/NĐ-CP", "2011-07-04", "Điều_6", "based_on")
LAW = Cited("Luật", "Đất_đai", "2024", "", "cites")
PLAN = Cited("Kế_hoạch", "12/KH-UBND", "", "", "implements")


def runs(before: dict[str, list[Cited]], after: dict[str, list[Cited]]):
    return compare(*({k: Counter(v) for k, v in run.items()} for run in (before, after)))


def test_equal_runs_have_no_difference_whatever_the_order():
    assert runs({"a": [DECREE, LAW, LAW], "b": []}, {"b": [], "a": [LAW, DECREE, LAW]}) == []


def test_a_gain_and_a_loss_are_told_apart():
    [gained] = runs({"a": [DECREE]}, {"a": [DECREE, LAW]})
    assert (gained.document, gained.gains, gained.losses, gained.changed) == ("a", (LAW,), (), ())
    [lost] = runs({"a": [DECREE, LAW]}, {"a": [DECREE]})
    assert (lost.gains, lost.losses, lost.changed) == ((), (LAW,), ())
    [both] = runs({"a": [DECREE]}, {"a": [LAW]})
    assert (both.gains, both.losses, both.changed) == ((LAW,), (DECREE,), ())


def test_one_of_three_equal_mentions_lost_is_one_loss():
    [lost] = runs({"a": [LAW] * 3}, {"a": [LAW] * 2})
    assert lost.losses == (LAW,)


@pytest.mark.parametrize(("field", "value"), [
    ("type", "Nghị_quyết"), ("date", ""), ("pinpoint", "Điều_6;Điều_7"), ("relation", "cites"), ("what", "55/2011/NĐ-CP-1"),
])  # fmt: skip
def test_the_same_document_read_otherwise_is_changed_field_by_field(field, value):
    other = Cited(**{f: getattr(DECREE, f) for f in ("type", "what", "date", "pinpoint", "relation")} | {field: value})
    [d] = runs({"a": [DECREE, LAW]}, {"a": [LAW, other]})
    assert (d.gains, d.losses, d.changed) == ((), (), ((DECREE, other),))
    assert changed_fields(DECREE, other) == {field: (getattr(DECREE, field), value)}


def test_what_has_neither_number_nor_name_is_told_by_its_type():
    old, new = Cited("Hiến_pháp", "", "", "", "based_on"), Cited("Hiến_pháp", "nước_Cộng_hòa", "2013", "", "based_on")
    [d] = runs({"a": [old]}, {"a": [new]})
    assert (d.gains, d.losses, d.changed) == ((), (), ((old, new),))
    [d] = runs({"a": [old]}, {"a": [LAW]})
    assert (d.gains, d.losses, d.changed) == ((LAW,), (old,), ())


def test_the_most_alike_are_paired():
    old = [Cited("Luật", "Đất_đai", "2024", f"Điều_{n}", "cites") for n in (1, 2)]
    new = [Cited("Luật", "Đất_đai", "2024", "Điều_2", "amends"), Cited("Luật", "Đất_đai", "2013", "Điều_1", "cites")]
    [d] = runs({"a": old}, {"a": new})
    assert [changed_fields(*pair) for pair in d.changed] == [
        {"date": ("2024", "2013")}, {"relation": ("cites", "amends")},
    ]  # fmt: skip


def test_a_loss_in_one_document_is_not_mended_by_a_gain_in_another():
    lost, gained = runs({"a": [LAW], "b": []}, {"a": [], "b": [LAW]})
    assert (lost.losses, lost.gains, gained.losses, gained.gains) == ((LAW,), (), (), (LAW,))


def test_new_and_missing_documents():
    missing, new = runs({"a": [LAW]}, {"b": [PLAN]})
    assert (missing.state, missing.losses, new.state, new.gains) == ("missing", (LAW,), "new", (PLAN,))
    assert [d.state for d in runs({"a": []}, {"b": []})] == ["missing", "new"]  # also without a citation


def test_a_line_of_the_record_reads_back():
    citations = Counter([LAW, DECREE, LAW, Cited("", "×2/KH", "", "", "self")])
    line = to_line("law-1", citations)
    assert line == "law-1\t|×2/KH|||self Luật|Đất_đai|2024||cites×2 Nghị_định|55/2011/NĐ-CP|2011-07-04|Điều_6|based_on"
    assert from_line(line) == ("law-1", citations)
    assert from_line(to_line("law-2", Counter())) == ("law-2", Counter())


def test_what_is_compared_of_a_citation():
    facts = extract_text("Căn cứ Điều 7, Điều 6 Nghị định số 55/2011/NĐ-CP ngày 04/7/2011 của Chính phủ;")
    assert [cited(c).pinpoint for c in facts.citations] == ["Điều_6;Điều_7"]
    assert [cited(c).what for c in facts.citations] == ["55/2011/NĐ-CP"]


def test_the_command_records_and_then_fails_on_losses_only(tmp_path, capsys):
    corpus, record = tmp_path / "texts.jsonl", tmp_path / "recorded" / "texts.tsv"
    command = ["--corpus", str(corpus), "--recorded", str(record), "--processes", "1"]

    def write(*texts: str) -> None:
        rows = ({"id": f"law-{n}", "text": text} for n, text in enumerate(texts))
        corpus.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    assert main(command) == 2  # no corpus
    write("theo Nghị quyết số 08-NQ/TU và Luật Đất đai năm 2024", "không có gì")
    assert main(command) == 2  # nothing recorded
    assert main([*command, "--record"]) == 0
    assert list(read_record(record)) == ["law-0", "law-1"]
    assert main(command) == 0
    write("theo Nghị quyết số 08-NQ/TU và Luật Đất đai năm 2024", "theo Nghị quyết số 09-NQ/TU")
    assert main(command) == 0  # a gain
    write("theo Nghị quyết số 08-NQ/TU", "không có gì")
    capsys.readouterr()
    assert main(command) == 1
    assert "- law-0  Luật | Đất_đai | 2024 | cites" in capsys.readouterr().out
    write("theo Nghị quyết số 08-NQ/TU và Luật Đất đai năm 2024")
    assert main(command) == 1  # a document is missing
    assert main([*command, "--record"]) == 0
    assert main(command) == 0
