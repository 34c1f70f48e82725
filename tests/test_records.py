"""Tables of texts (JSON Lines, Parquet) as sources of a base: each row a document, a bad row one refusal."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from making import fill, plan, rows

from extract.read import ReadError, intake
from graph import gather, records
from graph.corpus import build
from graph.records import Cursor, is_table, read_records
from publish.cli import cancu


def lines(*values) -> bytes:
    return b"".join(json.dumps(v, ensure_ascii=False).encode() + b"\n" for v in values)


def table(folder: Path, name: str, values: list[dict]) -> Path:
    """The same rows in any of the formats."""
    path = folder / name
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow")
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(values), path, row_group_size=3)
    else:
        path.write_bytes(gzip.compress(lines(*values)) if name.endswith(".gz") else lines(*values))
    return path


FORMATS = ("kho.jsonl", "kho.jsonl.gz", "kho.parquet")
ROWS = [{"id": f"KH/{n}", "text": plan(n), "khác": n} for n in range(1, 9)]


def numbers(base: Path) -> set[str]:
    return {number for (number,) in rows(base, "SELECT so_ky_hieu FROM van_ban WHERE trong_kho = 1")}


@pytest.mark.parametrize("name", FORMATS)
def test_each_row_is_a_document(tmp_path, name):
    (tmp_path / "kho").mkdir()
    table(tmp_path / "kho", name, ROWS)
    fill(tmp_path / "kho", {"lẻ.md": plan(20)})
    base = tmp_path / "cancu.db"
    told = build([tmp_path / "kho"], base)
    assert (told.documents, told.refusals) == (9, ())
    assert numbers(base) == {f"{n}/KH-UBND" for n in (*range(1, 9), 20)}
    assert {path for (path,) in rows(base, "SELECT duong_dan FROM tep")} == {
        *(f"kho/{name} › KH/{n}" for n in range(1, 9)), "kho/lẻ.md",
    }  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_a_table_gives_the_base_that_its_texts_give_as_files(tmp_path, name):
    """All but the names of the files and the hashes of their bytes."""
    (tmp_path / "a" / "kho").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    table(tmp_path / "a" / "kho", name, ROWS)
    fill(tmp_path / "b", {f"{n}.txt": row["text"] for n, row in enumerate(ROWS)})
    told = []
    for folder in ("a", "b"):
        base = tmp_path / f"{folder}.db"
        build([tmp_path / folder], base)
        with closing(sqlite3.connect(base)) as connection:
            connection.execute("UPDATE tep SET duong_dan = '', sha256 = ''")
            told.append([
                line for line in connection.iterdump()
                if not any(word in line for word in ("_dung", "ma_kiem_tra", "_fts_"))
            ])  # fmt: skip
    assert told[0] == told[1]


@pytest.mark.parametrize("name", FORMATS)
def test_a_reading_may_begin_anywhere(tmp_path, name):
    path = table(tmp_path, name, ROWS)
    whole = list(read_records(path, name))
    assert [(r.number, r.name, r.text) for r in whole] == [(n, f"KH/{n}", plan(n)) for n in range(1, 9)]
    for record in whole:
        assert list(read_records(path, name, record.number, record.at)) == whole[record.number - 1 :]
    cursor = Cursor()
    assert [cursor.text(path, r.number, r.at) for r in whole[1::2]] == [r.text for r in whole[1::2]]
    assert cursor.text(path, whole[0].number, whole[0].at) == whole[0].text
    with pytest.raises(ReadError, match="đã đổi trong lúc đọc"):
        cursor.text(path, 9, whole[-1].at + 10**6)


def test_bad_rows_are_told_and_the_others_read(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "_MOST_LINE", 4096)
    bad = (
        b'\xef\xbb\xbf{"id": "a", "text": "' + plan(1).replace("\n", "\\n").encode() + b'"}\n'
        b"\n"
        b'{"id": "b", "text": \n'
        b"[1, 2]\n"
        b'{"id": "c", "text": 5}\n'
        b'{"id": "d", "text": "  "}\n'
        b'{"id": "e", "text": "' + b"x" * 9000 + b'"}\n'
        b'{"text": ' + json.dumps(plan(2)).encode() + b"}\n"
        b'{"name": "tr\\u00f9ng", "text": ' + json.dumps(plan(3)).encode() + b"}\n"
        b'{"name": "tr\\u00f9ng", "text": ' + json.dumps(plan(4) + "\ud800").encode() + b"}"
    )
    (tmp_path / "kho.jsonl").write_bytes(bad)
    base = tmp_path / "cancu.db"
    told = build([tmp_path / "kho.jsonl"], base)
    assert {path for (path,) in rows(base, "SELECT duong_dan FROM tep")} == {
        "kho.jsonl › a", "kho.jsonl › dòng 8", "kho.jsonl › trùng", "kho.jsonl › trùng (dòng 10)",
    }  # fmt: skip
    assert numbers(base) == {f"{n}/KH-UBND" for n in range(1, 5)}
    reasons = {r.path.partition(" › ")[2]: r.reason for r in told.refusals}
    assert set(reasons) == {"dòng 3", "dòng 4", "dòng 5", "d", "dòng 7"}
    for name, words in (
        ("dòng 3", "JSON"),
        ("dòng 4", "text"),
        ("dòng 5", "text"),
        ("d", "nội dung"),
        ("dòng 7", "dài"),
    ):
        assert words in reasons[name]
    assert all(r.advice.startswith("Hãy ") for r in told.refusals)


@pytest.mark.parametrize("name", FORMATS[1:])
def test_a_table_cut_short_is_told(tmp_path, name):
    table(tmp_path, name, ROWS)
    (tmp_path / "lành.md").write_text(plan(30), encoding="utf-8")
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:-20])
    told = build([tmp_path], tmp_path / "cancu.db")
    assert any("cắt cụt" in r.reason for r in told.refusals)
    assert "30/KH-UBND" in numbers(tmp_path / "cancu.db")


def test_a_parquet_file_without_texts_says_what_it_has(tmp_path):
    path = table(tmp_path, "kho.parquet", [{"id": 1, "noi_dung": "x"}])
    with pytest.raises(ReadError, match=r"không có cột text .*noi_dung"):
        list(read_records(path, path.name))


def test_an_empty_table_is_told(tmp_path):
    (tmp_path / "kho.jsonl").write_bytes(b"\n\n")
    (tmp_path / "a.md").write_text(plan(1), encoding="utf-8")
    told = build([tmp_path], tmp_path / "cancu.db")
    assert [r.reason for r in told.refusals] == ["Tệp “kho.jsonl” không có văn bản nào."]


def test_a_table_may_be_larger_than_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "MAX_BYTES", 100)
    table(tmp_path, "kho.jsonl", ROWS)
    assert (tmp_path / "kho.jsonl").stat().st_size > 100
    assert build([tmp_path], tmp_path / "cancu.db").documents == 8


def test_texts_wait_in_bounded_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(gather, "_MOST_HELD", 1)
    table(tmp_path, "kho.jsonl", ROWS)
    asked, told = [], []
    real = Cursor.text
    monkeypatch.setattr(Cursor, "text", lambda *values: (asked.append(len(told)), real(*values))[1])

    def progress(names):
        for name in names:
            told.append(name)
            yield name

    build([tmp_path], tmp_path / "cancu.db", progress)
    assert asked == list(range(1, 9))  # each text is taken when the one before was told


def test_unchanged_rows_are_not_read_again(tmp_path, monkeypatch):
    table(tmp_path, "kho.jsonl", ROWS[:3])
    base = tmp_path / "cancu.db"
    build([tmp_path], base)
    table(tmp_path, "kho.jsonl", ROWS[:4])
    read = []
    real = gather.Child.make_of_text
    monkeypatch.setattr(
        gather.Child,
        "make_of_text",
        lambda self, maker, text, name: (read.append(name), real(self, maker, text, name))[1],
    )
    assert build([tmp_path], base).documents == 4
    assert read == ["KH/4"]


def test_a_row_is_no_file_of_the_same_name_and_words(tmp_path):
    """A file of Markdown says so, a row has no format; what is kept for one does not stand for the other."""
    base = tmp_path / "cancu.db"
    (tmp_path / "a.md").write_text(plan(1), encoding="utf-8")
    (tmp_path / "kho.jsonl").write_bytes(lines({"name": "a.md", "text": plan(1)}))
    for name, kind in (("a.md", "md"), ("kho.jsonl", "txt")):
        build([tmp_path / name], base)
        assert rows(base, "SELECT dinh_dang FROM tep") == [(kind,)]


def test_the_command_takes_a_folder_of_tables(tmp_path):
    (tmp_path / "kho").mkdir()
    table(tmp_path / "kho", "kho.parquet", ROWS)
    base = tmp_path / "x.db"
    told = CliRunner().invoke(cancu, ["build", "--parquet", str(tmp_path / "kho"), "--db", str(base)])
    assert told.exit_code == 0, told.output
    assert numbers(base) == {f"{n}/KH-UBND" for n in range(1, 9)}


def test_names_tell_tables():
    assert all(map(is_table, ("a.JSONL", "a.jsonl.gz", "a.ndjson", "a.parquet")))
    assert not any(map(is_table, ("a.json", "a.gz", "parquet", "a.docx")))
