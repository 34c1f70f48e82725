"""The search index that grows in a process of its own: the same as one made at once, and nothing left when it fails."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing

import msgspec
import pytest
from making import fill, plan

from extract.read import worker
from graph import files, search_index
from graph.corpus import build
from graph.search_index import COMMAND, SearchIndex
from graph.store import StoreError

UNITS = [(f"I.{n}", f"Đẩy mạnh việc {n}, Ðiều {n}, số 08-NQ/TU dân đi") for n in range(1, 400)]


def found(connection: sqlite3.Connection, column: str, word: str) -> list[int]:
    rows = connection.execute("SELECT rowid FROM muc_fts WHERE muc_fts MATCH ?", [f'{column} : "{word}"'])
    return [number for (number,) in rows]


def index(place, units, **sizes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    made = SearchIndex(place)
    for start in range(0, len(units), 50):
        made.add(units[start : start + 50])
    made.finish(connection)
    made.close()
    return connection


def test_with_and_without_a_process_the_same_is_found(tmp_path, monkeypatch):
    place = tmp_path / "a.tim"
    with closing(index(place, UNITS)) as at_once:
        monkeypatch.setattr(search_index, "_FEW", 1000)
        monkeypatch.setattr(search_index, "_BUNCH", 500)
        with closing(index(place, UNITS)) as apart:
            for column, word in [
                ("khong_dau", "day manh"), ("khong_dau", "dieu 7"), ("khong_dau", "08 nq tu"), ("khong_dau", "di"),
                ("co_d", "đi"), ("co_d", "đay"), ("ma", "I.7"), ("co_d", "dan"), ("khong_dau", "đi"),
            ]:  # fmt: skip
                assert found(at_once, column, word) == found(apart, column, word)
            assert len(found(apart, "khong_dau", "day manh")) == len(UNITS)
            assert found(apart, "khong_dau", "dieu 7") == [7] and found(apart, "co_d", "dan") == []
            assert found(apart, "khong_dau", "đi") == [], "đ is typed in the column of its own"
    assert not place.exists()


def test_a_base_of_many_words_has_its_index(tmp_path, monkeypatch):
    monkeypatch.setattr(search_index, "_FEW", 100)
    fill(tmp_path / "kho", {f"{n}.md": plan(n) for n in range(1, 4)})
    build([tmp_path / "kho"], tmp_path / "cancu.db")
    with closing(sqlite3.connect(tmp_path / "cancu.db")) as connection:
        (units,) = connection.execute("SELECT count(*) FROM muc").fetchone()
        assert len(found(connection, "khong_dau", "minh hoa")) > 0
        assert connection.execute("SELECT count(*) FROM muc_fts").fetchone() == (units,)
        connection.execute("INSERT INTO muc_fts(muc_fts) VALUES ('integrity-check')")
    assert {path.name for path in tmp_path.iterdir()} == {"kho", "cancu.db", "cancu.db.nho"}


def test_where_the_index_cannot_be_written_the_old_base_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(search_index, "_FEW", 100)
    fill(tmp_path / "kho", {"1.md": plan(1)})
    build([tmp_path / "kho"], tmp_path / "cancu.db")
    before = (tmp_path / "cancu.db").read_bytes()
    fill(tmp_path / "kho", {"2.md": plan(2)})
    files.searched(tmp_path / "cancu.db").mkdir()
    with pytest.raises(StoreError, match=r"nguyên|quyền ghi"):
        build([tmp_path / "kho"], tmp_path / "cancu.db")
    assert (tmp_path / "cancu.db").read_bytes() == before
    files.searched(tmp_path / "cancu.db").rmdir()
    monkeypatch.setattr(search_index, "COMMAND", worker.command("extract.read.không_có"))
    with pytest.raises(StoreError, match="còn nguyên"):
        build([tmp_path / "kho"], tmp_path / "cancu.db")
    assert (tmp_path / "cancu.db").read_bytes() == before and not (tmp_path / "cancu.db.moi").exists()


def test_a_process_whose_parent_is_gone_leaves_nothing(tmp_path):
    place = tmp_path / "a.tim"
    process = subprocess.Popen(
        [*COMMAND, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=worker.environment()
    )
    worker.send(process.stdin, msgspec.msgpack.encode(UNITS))
    process.stdin.close()
    assert process.stdout.read()[worker.LENGTH.size :] == b""
    assert process.wait(60) == 0 and not place.exists()
    process.stdout.close()
