"""The measure of speed without its clock: what is measured, how growth is counted, what the table says."""

from __future__ import annotations

import hashlib
import json
import re
import sys

import pytest

from benchmarks import speed
from benchmarks.opinion import LENGTH, make_opinion


def test_the_opinion_is_the_same_everywhere():
    opinion = make_opinion()
    assert opinion == make_opinion()
    assert LENGTH <= len(opinion) < LENGTH + 2000
    assert 40 <= len(re.findall(r" v\. \w+, \d+ \S", opinion)) <= 60
    assert hashlib.sha256(opinion.encode()).hexdigest().startswith("c95df4e97f58")


def test_growth_is_told_against_proportional_growth(monkeypatch):
    now = 0.0

    def count(text: str) -> int:
        nonlocal now
        now += len(text) ** 2
        return len(text.split())

    monkeypatch.setattr(speed.time, "process_time", lambda: now)
    one, four, sixteen = speed.growth("a", "x" * 998, count, (3, 1, 1))
    assert (one.growth, four.growth, sixteen.growth) == (1.0, 4.01, 16.06)
    assert (one.citations, four.citations, sixteen.what) == (1, 4, "a, ×16")


def test_the_command_measures_any_corpus_and_says_what_is_missing(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "hyperscan", None)
    assert speed.main(["--corpus", str(tmp_path / "không có")]) == 2
    (tmp_path / "a.txt").write_text("Căn cứ Nghị định số 55/2011/NĐ-CP;\n", encoding="utf-8")
    assert speed.main(["--corpus", str(tmp_path / "a.txt"), "--json", str(tmp_path / "b.json")]) == 0
    shown = capsys.readouterr()
    assert "eyecite is not measured: hyperscan is not installed" in shown.err
    assert "| extract, whole corpus | 0.00 |" in shown.out
    facts = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    assert set(facts) == {"date", "machine", "rows"} and set(facts["machine"]) == {"cpu", "system", "python"}
    assert [row["citations"] for row in facts["rows"]] == [1, 1, 4, 16, 1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell")
def test_the_peak_is_in_megabytes():
    peak = speed.peak_megabytes()
    assert peak is not None and 5 < peak < 100_000
