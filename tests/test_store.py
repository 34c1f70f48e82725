"""The base: whole or not at all, the same twice, readable without marks, foreign keys that hold."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from graph import files
from graph.corpus import CorpusError, build, is_current
from graph.schema import TABLES, VIEWS, key_column
from graph.store import StoreError, open_base, read_facts, write_base

PLAN_A = """Số: 12/KH-SNV

Minh Họa, ngày 05 tháng 02 năm 2024

KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2024

Căn cứ Nghị quyết số 05-NQ/TU ngày 01/12/2023 của Tỉnh ủy Minh Họa về cải cách hành chính.

I. NỘI DUNG THỰC HIỆN

- Triển khai Kế hoạch số 7/KH-UBND ngày 03/01/2024 của UBND tỉnh về cải cách hành chính.
- Tổng kết công tác năm.
"""


def rows(path: Path, sql: str, *values):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [line for line in connection.iterdump() if "gio_dung" not in line and "ngay_dung" not in line]


@pytest.fixture
def corpus(tmp_path) -> Path:
    folder = tmp_path / "văn bản"
    folder.mkdir()
    (folder / "kế hoạch.md").write_text(PLAN_A, encoding="utf-8")
    return folder


def test_tables_views_and_columns_are_as_described(plan_base):
    for table in TABLES:
        found = [r[1] for r in rows(plan_base, f"PRAGMA table_info({table.name})")]
        assert found == [*(c.name for c in table.columns), *map(key_column, table.names)]
        keys = {(r[3], r[2]) for r in rows(plan_base, f"PRAGMA foreign_key_list({table.name})")}
        assert keys == {(c.name, c.references) for c in table.columns if c.references}
    assert {r[0] for r in rows(plan_base, "SELECT name FROM sqlite_master WHERE type='view'")} == set(VIEWS)
    assert rows(plan_base, "PRAGMA foreign_key_check") == []
    assert rows(plan_base, "PRAGMA integrity_check") == [("ok",)]


def test_every_view_answers(plan_base):
    for view in VIEWS:
        assert rows(plan_base, f"SELECT count(*) FROM {view}")[0][0] > 0


@pytest.mark.parametrize(
    "words", ["nghi quyet 08 NQ TU", "Nghị quyết 08 NQ TU", "08-NQ/TU", "khoa hoc doi moi sang tao 08"]
)
def test_search_without_marks_finds_the_resolution(plan_base, words):
    quoted = " ".join(f'"{w}"' for w in words.split())
    sql = "SELECT v.so_ky_hieu FROM van_ban_fts f JOIN van_ban v ON v.rowid = f.rowid WHERE van_ban_fts MATCH ?"
    assert ("08-NQ/TU",) in rows(plan_base, sql, quoted)


def test_search_in_tasks_without_marks(plan_base):
    sql = "SELECT m.ma FROM muc_fts f JOIN muc m ON m.rowid = f.rowid WHERE muc_fts MATCH ?"
    assert ("II.2.2.4",) in rows(plan_base, sql, "doi moi sang tao PII")


def test_a_second_build_changes_nothing(corpus, tmp_path):
    base = tmp_path / "cancu.db"
    assert build([corpus], base).changed
    before, stamp = base.read_bytes(), base.stat().st_mtime_ns
    assert not build([corpus], base).changed
    assert (base.read_bytes(), base.stat().st_mtime_ns) == (before, stamp)
    assert is_current([corpus], base)


def test_two_bases_of_one_corpus_are_equal(corpus, tmp_path):
    build([corpus], tmp_path / "a.db")
    build([corpus], tmp_path / "b.db")
    assert dump(tmp_path / "a.db") == dump(tmp_path / "b.db")


def test_a_changed_file_is_seen(corpus, tmp_path):
    base = tmp_path / "cancu.db"
    build([corpus], base)
    (corpus / "kế hoạch.md").write_text(PLAN_A.replace("Tổng kết", "Sơ kết"), encoding="utf-8")
    assert not is_current([corpus], base)
    assert build([corpus], base).changed
    assert rows(base, "SELECT noi_dung FROM nhiem_vu WHERE ma = 'I.2'") == [("Sơ kết công tác năm.",)]


def test_one_bad_file_does_not_stop_the_others(corpus, tmp_path):
    (corpus / "hỏng.txt").write_bytes(b"\xff\xfa\x80 khong phai utf8")
    (corpus / "rỗng.txt").write_text("  \n", encoding="utf-8")
    summary = build([corpus], tmp_path / "cancu.db")
    assert summary.documents == 1
    assert len(summary.refusals) == 2
    assert any("UTF-8" in r.reason for r in summary.refusals)


def test_an_empty_folder_is_refused_and_the_base_stays(corpus, tmp_path):
    base = tmp_path / "cancu.db"
    build([corpus], base)
    before = base.read_bytes()
    empty = tmp_path / "trống"
    empty.mkdir()
    with pytest.raises(CorpusError, match="không có văn bản nào"):
        build([empty], base)
    assert base.read_bytes() == before


def test_documents_of_one_corpus_meet(corpus, tmp_path):
    resolution = (
        "Số: 7/KH-UBND\n\nMinh Họa, ngày 03 tháng 01 năm 2024\n\nKẾ HOẠCH CẢI CÁCH HÀNH CHÍNH CỦA TỈNH\n\n"
        "Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ ban hành Chương trình tổng thể.\n"
    )
    text = "UBND TỈNH MINH HỌA\n\n" + resolution
    (corpus / "tỉnh.md").write_text(text, encoding="utf-8")
    build([corpus], tmp_path / "cancu.db")
    found = rows(
        tmp_path / "cancu.db", "SELECT so_ky_hieu, trong_kho, co_quan_ban_hanh FROM van_ban WHERE so_tim = '7|kh|ubnd'"
    )
    assert found == [("7/KH-UBND", 1, "UBND tỉnh Minh Họa")]
    chain = rows(tmp_path / "cancu.db", "SELECT chuoi FROM nhiem_vu WHERE ma = 'I.1'")[0][0]
    assert chain == "I.1 → Kế hoạch số 7/KH-UBND → Nghị quyết số 76/NQ-CP"


def test_a_broken_write_leaves_the_old_base(corpus, tmp_path):
    base = tmp_path / "cancu.db"
    build([corpus], base)
    before = base.read_bytes()
    with pytest.raises((StoreError, KeyError, sqlite3.Error)):
        write_base(base, {t.name: [{"không có cột này": 1}] for t in TABLES}, {})
    assert base.read_bytes() == before
    with closing(open_base(base)) as connection:
        assert connection.execute("SELECT count(*) FROM nhiem_vu").fetchone() == (2,)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_killed_build_leaves_the_old_base(corpus, tmp_path):
    """Killed at many moments of a build, the old file is there, whole, byte for byte, until the new one is."""
    base = tmp_path / "cancu.db"
    build([corpus], base)
    before = base.read_bytes()
    for n in range(60):
        (corpus / f"{n}.md").write_text(PLAN_A.replace("12/KH-SNV", f"{n + 100}/KH-SNV"), encoding="utf-8")
    code = (
        f"from pathlib import Path; from graph.corpus import build; build([Path({str(corpus)!r})], Path({str(base)!r}))"
    )
    for step in range(8):
        shutil.copyfile(tmp_path / "cancu.db", tmp_path / "old.db")
        process = subprocess.Popen([sys.executable, "-c", code])
        time.sleep(0.15 + 0.12 * step)
        process.send_signal(signal.SIGKILL)
        process.wait()
        now = base.read_bytes()
        if now != before:  # the build was through before the kill: the new base is whole
            assert read_facts(base)["so_van_ban"] == "61"
            assert rows(base, "PRAGMA integrity_check") == [("ok",)]
            base.write_bytes(before)
        assert rows(base, "SELECT count(*) FROM nhiem_vu") == [(2,)]
    assert build([corpus], base).documents == 61  # what a kill left behind does not hinder the next build


def test_a_read_only_base_is_not_replaced(corpus, tmp_path):
    base = tmp_path / "cancu.db"
    build([corpus], base)
    before = base.read_bytes()
    base.chmod(0o444)
    (corpus / "thêm.md").write_text(PLAN_A.replace("12/KH", "13/KH"), encoding="utf-8")
    with pytest.raises(StoreError, match="chỉ cho đọc"):
        build([corpus], base)
    assert base.read_bytes() == before


def test_a_locked_base_is_said_to_be_locked(corpus, tmp_path):
    base = tmp_path / "cancu.db"
    build([corpus], base)
    with closing(sqlite3.connect(base, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="đang bị chương trình khác khóa"):
            open_base(base)
        with pytest.raises(StoreError, match="đang bị chương trình khác khóa"):
            build([corpus], base)


def test_what_is_no_base_is_refused(tmp_path):
    other = tmp_path / "khác.db"
    other.write_bytes(b"day khong phai SQLite" * 100)
    with pytest.raises(StoreError, match="không phải cơ sở dữ liệu"):
        open_base(other)
    with pytest.raises(StoreError, match="Không tìm thấy"):
        open_base(tmp_path / "không có.db")


def test_the_base_cannot_be_written_through_the_door(plan_base):
    with closing(open_base(plan_base)) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM van_ban")


# --- Windows ---------------------------------------------------------------------------------------


def test_an_open_file_that_cannot_be_replaced(corpus, tmp_path, monkeypatch):
    """On Windows os.replace fails while a program holds the old file open: both files are handled, a clear message."""
    base = tmp_path / "cancu.db"
    build([corpus], base)
    before = base.read_bytes()
    (corpus / "thêm.md").write_text(PLAN_A.replace("12/KH", "13/KH"), encoding="utf-8")

    def refuse(new, old):
        raise PermissionError(13, "Access is denied", str(old))

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(StoreError, match="đang được chương trình khác mở"):
        build([corpus], base)
    assert base.read_bytes() == before
    assert not files.beside(base).exists()


def test_without_posix_calls(corpus, tmp_path, monkeypatch):
    monkeypatch.delattr(os, "O_DIRECTORY", raising=False)
    assert build([corpus], tmp_path / "cancu.db").changed
