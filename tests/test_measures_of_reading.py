"""The measure of formats without its clock, and the walk that must not raise: what they read, say and end with."""

from __future__ import annotations

import gzip
import json
import sys

import pytest
from making import plan

from benchmarks import formats, papers, robust
from extract.read import office, read_bytes


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "kho").mkdir()
    (tmp_path / "kho" / "kế hoạch.md").write_text(plan(1, 2).replace("Số: 1/", "Số: /"), encoding="utf-8")
    return tmp_path / "kho"


@pytest.mark.parametrize("format", ["txt", "html", "docx", "rtf"])
def test_a_text_is_the_same_in_every_format(format, monkeypatch):
    monkeypatch.setattr(office, "soffice", lambda: "")
    text = "# Kế hoạch\n\n**Việc** <1> & {2} \\ 3\n\n| a | b <br> c |\n|---|---|\n|  | ở “d” |\n\nHết\n"
    reading = read_bytes(getattr(papers, format)(text), f"a.{format}")
    assert " ".join(reading.text.split()) == "Kế hoạch Việc <1> & {2} \\ 3 a b c ở “d” Hết"
    if format != "txt":
        assert [b.place[2:5] for b in reading.blocks] == [
            (None, None, None), (None, None, None), (1, 1, 1), (1, 1, 2), (1, 1, 2), (1, 2, 2), (None, None, None),
        ]  # fmt: skip


def test_pages_of_a_pdf_are_told_apart():
    reading = read_bytes(papers.pdf([["Số: 1/KH-UBND"], ["Kế hoạch"]]), "a.pdf")
    assert [(reading.text[b.start : b.end], b.place.page) for b in reading.blocks] == [
        ("Số: 1/KH-UBND", 1), ("Kế hoạch", 2),
    ]  # fmt: skip


def test_the_command_measures_formats_and_a_folder(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(formats, "SECONDS", 0.0)
    monkeypatch.setattr(office, "soffice", lambda: "")
    monkeypatch.setattr(formats.ocr, "find", lambda: None)
    out = tmp_path / "a.json"
    assert formats.main([str(folder), "--formats", "txt,docx,pdf,scan", "--copies", "3", "--json", str(out)]) == 0
    shown = capsys.readouterr()
    assert "pdf is not measured: LibreOffice is not installed" in shown.err
    assert "Scans are not measured" in shown.err
    facts = json.loads(out.read_text(encoding="utf-8"))
    assert [(row["format"], row["files"], row["pages"], row["citations"]) for row in facts["formats"]] == [
        ("txt", 1, 1, 2), ("docx", 1, 1, 2),
    ]  # fmt: skip
    assert [row["files"] for row in facts["builds"]] == [3, 3, 3]
    assert "| docx | 1 | 1 | 0.00 | 2 |" in shown.out and "| the same, unchanged | 3 |" in shown.out


def test_no_plan_is_said(tmp_path, capsys):
    assert formats.main([str(tmp_path)]) == 2
    assert "No plan" in capsys.readouterr().err


def test_work_is_done_again_until_the_time_is_over(monkeypatch):
    now = iter(range(0, 100, 4))
    monkeypatch.setattr(formats.time, "perf_counter", lambda: next(now))
    done: list[int] = []
    assert formats.seconds_of(lambda: done.append(1), 10) == 4
    assert len(done) == 3


# --- the walk that must not raise ------------------------------------------------------------------


def test_the_walk_counts_what_is_read_and_refused(folder, capsys):
    (folder / "con").mkdir()
    (folder / "con" / "a.json").write_text('{"a": "Nghị định số 1/2020/NĐ-CP"}', encoding="utf-8")
    (folder / "rỗng.docx").write_bytes(b"")
    with gzip.open(folder / "b.jsonl.gz", "wt", encoding="utf-8") as lines:
        print(json.dumps({"id": "x", "text": plan(2)}), file=lines)
    assert robust.main([str(folder), "--formats", "txt,docx"]) == 0
    shown = capsys.readouterr().out
    assert "read            4   1 docx, 1 md, 2 txt" in shown
    assert "refused         1" in shown and "rỗng.docx: Tệp “rỗng.docx” không có nội dung" in shown
    assert "raised          0" in shown


def test_the_walk_ends_with_one_when_something_raises(folder, capsys, monkeypatch):
    def broken(source):
        raise KeyError(source.format)

    monkeypatch.setattr(robust, "extract", broken)
    assert robust.main([str(folder)]) == 1
    assert "raised          1" in (shown := capsys.readouterr().out) and "KeyError: 'md'" in shown
    assert robust.main([str(folder / "không có")]) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell")
def test_the_largest_process_of_a_build_is_told(folder):
    anew, same, changed = formats.build(folder / "kế hoạch.md", 2)
    assert all(built.peak_megabytes and 10 < built.peak_megabytes < 1024 for built in (anew, same, changed))
