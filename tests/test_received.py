"""What a killed upload leaves behind is cleared away at the start; what a new document is called is found by its file."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from making import fill, plan, zipped
from serving import ENV, started, unused_port

from graph import files
from graph.corpus import build
from graph.store import open_base
from publish import desk as desk_module
from publish.desk import Desk

HOLD = """
import sys
from pathlib import Path
from graph import files
handle = Path(sys.argv[1]).open("xb")
files.hold(handle)
handle.write(b"half")
handle.flush()
print("held", flush=True)
sys.stdin.read()
"""
PATTERN = re.compile(r"\.nhan-[0-9a-f]{16}")


@pytest.fixture
def holder(tmp_path):
    """Another process that receives a file just now."""
    path = tmp_path / f".nhan-{'a' * 16}"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None and process.stdout.readline().strip() == b"held"
    yield path, process
    process.kill()
    process.communicate()


def test_only_what_nobody_holds_is_cleared_away(tmp_path, holder):
    path, process = holder
    dead = tmp_path / f".nhan-{'b' * 16}"
    others = [tmp_path / name for name in (".nhan-x", f".nhan-{'c' * 16}.docx", "a.docx", ".an")]
    for made in (dead, *others):
        made.write_bytes(b"half")
    (tmp_path / f".nhan-{'d' * 16}").mkdir()
    assert files.sweep(tmp_path, PATTERN) == 1
    assert not dead.exists() and path.exists() and all(other.exists() for other in others)
    process.kill()
    process.wait()
    assert files.sweep(tmp_path, PATTERN) == 1 and not path.exists()
    assert files.sweep(tmp_path / "khong-co", PATTERN) == 0


def test_a_link_is_not_followed(tmp_path):
    kept = tmp_path / "a.docx"
    kept.write_bytes(b"x")
    try:
        (tmp_path / f".nhan-{'e' * 16}").symlink_to(kept)
    except OSError:
        pytest.skip("this system lets nobody make links")
    assert files.sweep(tmp_path, PATTERN) == 0 and kept.read_bytes() == b"x"


def test_the_server_clears_away_at_its_start(tmp_path):
    fill(tmp_path / "kho", {"corpus/a.md": plan(1)})
    place = files.waiting(tmp_path / "kho" / "cancu.db")
    place.mkdir()
    left = place / f".nhan-{'f' * 16}"
    left.write_bytes(b"half")
    (place / "b.md").write_text(plan(2), encoding="utf-8")
    with started("--edit", "--port", str(unused_port()), cwd=tmp_path / "kho"):
        assert not left.exists() and (place / "b.md").exists()


def test_what_was_added_is_found_without_reading_all_files(tmp_path):
    corpus, base = tmp_path / "corpus", tmp_path / "cancu.db"
    corpus.mkdir()
    (corpus / "gửi.zip").write_bytes(zipped({"1.md": plan(11).encode(), "con/2.md": plan(12).encode()}))
    fill(corpus, {"a.md": plan(1), "gửi.zip.md": plan(13), "b.md": plan(2)})
    summary = build([corpus], base)
    desk = Desk(base, [corpus])
    told = desk._told([corpus / "gửi.zip", corpus / "b.md", corpus / "không vào kho.md"], summary)
    assert told.count == len(told.added) == 3 and not told.refusals
    assert {name.rpartition("số ")[2] for _, name in told.added} == {"2/KH-UBND", "11/KH-UBND", "12/KH-UBND"}
    with closing(sqlite3.connect(base)) as connection:
        connection.execute("DELETE FROM sqlite_stat1")  # five rows are sooner read than looked up; of many we ask
        connection.commit()
    with closing(open_base(base)) as connection:
        for sql, more in ((desk_module._COUNT_OF_FILE, ()), (desk_module._TEXTS_OF_FILE, (5,))):
            steps = connection.execute(f"EXPLAIN QUERY PLAN {sql}", [*desk_module._of_file("x"), *more]).fetchall()
            assert not [step[3] for step in steps if step[3].startswith("SCAN")]
