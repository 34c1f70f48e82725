"""Builds that meet, are killed, run out of room or find damage: the last good base is served, the next build mends."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zlib
from contextlib import closing, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from making import fill, plan, rows

from benchmarks import papers
from graph import files, gather
from graph.corpus import build
from graph.kept import place_of
from graph.store import open_base

ROOT = Path(__file__).parent.parent
ENV = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
MAIN = "from publish.cli import main; main()"
posix = pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no process groups")


def command(*arguments: str | Path, before: str = "") -> list[str]:
    return [sys.executable, "-c", before + MAIN, *map(str, arguments)]


def cancu(*arguments: str | Path, cwd: Path, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=cwd, env={**ENV, **more.pop("env", {})}, capture_output=True, encoding="utf-8",
        timeout=120, **more,
    )  # fmt: skip


def content(base: Path) -> dict[str, list[tuple]]:
    """Every row of every table, but for the time of the build."""
    with closing(sqlite3.connect(base)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in sorted(names)}
    found["thong_tin"] = [row for row in found["thong_tin"] if row[0] not in ("ngay_dung", "gio_dung")]
    return found


def left_over(folder: Path) -> set[str]:
    """What lies in the folder of a base that should not."""
    return {path.name for path in folder.iterdir()} - {"kho", "cancu.db", "cancu.db.nho"}


@pytest.fixture
def home(tmp_path) -> Path:
    """A folder with a few documents and the base built from them."""
    fill(tmp_path / "kho", {f"{n}.md": plan(n) for n in range(1, 4)})
    build([tmp_path / "kho"], tmp_path / "cancu.db")
    return tmp_path


# --- two builds at once -----------------------------------------------------------------------------


def test_a_build_waits_for_another_and_says_so(home):
    fill(home / "kho", {"4.md": plan(4)})
    with files.alone(home / "cancu.db", lambda: None):
        waiting = subprocess.Popen(
            command("build", "kho"), cwd=home, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            encoding="utf-8",
        )  # fmt: skip
        first = waiting.stderr.readline()
        assert "Đang có một lần dựng khác cho “cancu.db”; chờ lần đó xong" in first
        assert rows(home / "cancu.db", "SELECT count(*) FROM tep") == [(3,)]
    said = waiting.communicate(timeout=60)[1]
    assert waiting.returncode == 0 and "Đã ghi cancu.db." in said and "lần dựng khác" not in said
    assert rows(home / "cancu.db", "SELECT count(*) FROM tep") == [(4,)] and left_over(home) == set()


def test_builds_at_once_leave_one_whole_base(home):
    fill(home / "kho", {f"{n}.md": plan(n) for n in range(4, 30)})
    at_work = [
        subprocess.Popen(command("build", "kho"), cwd=home, env=ENV, stderr=subprocess.PIPE, encoding="utf-8")
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[1] for process in at_work]
    assert [process.returncode for process in at_work] == [0, 0, 0]
    assert sum("Đã ghi cancu.db." in words for words in said) == 1, "the others find it made"
    build([home / "kho"], home / "anew.db")
    assert content(home / "cancu.db") == content(home / "anew.db")
    assert left_over(home) == {"anew.db", "anew.db.nho"}


def test_what_ends_the_wait_ends_the_build(home):
    fill(home / "kho", {"4.md": plan(4)})
    before = (home / "cancu.db").read_bytes()

    class EnoughError(Exception):
        pass

    def tell(step):
        assert step == "locked"
        raise EnoughError

    with files.alone(home / "cancu.db", lambda: None), pytest.raises(EnoughError):
        build([home / "kho"], home / "cancu.db", tell=tell)
    assert (home / "cancu.db").read_bytes() == before


def test_one_build_after_another_in_one_process(home):
    order = []

    def second():
        with files.alone(home / "cancu.db", lambda: order.append("waits") if "waits" not in order else None) as waited:
            order.append(waited)

    with files.alone(home / "cancu.db", lambda: None) as waited:
        thread = threading.Thread(target=second)
        thread.start()
        while "waits" not in order:
            time.sleep(0.01)
        order.append(waited)
    thread.join()
    assert order == ["waits", False, True] and not files.lock(home / "cancu.db").exists()


@posix
def test_the_lock_of_a_dead_build_holds_nobody_up(home):
    code = (
        "import sys, time; from pathlib import Path; from graph import files\n"
        "with files.alone(Path('cancu.db'), lambda: None):\n    print('held', flush=True); time.sleep(600)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], cwd=home, env=ENV, stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"held\n"
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert files.lock(home / "cancu.db").exists()
    fill(home / "kho", {"4.md": plan(4)})

    def tell(step):
        assert step != "locked"

    assert build([home / "kho"], home / "cancu.db", tell=tell).changed
    assert left_over(home) == set()


@pytest.mark.parametrize("error", [13, 36])
def test_locks_as_on_windows(home, monkeypatch, error):
    """There a part of an open file is locked, and a file that another has open cannot be deleted."""
    held: set[tuple[int, int]] = set()
    asked = []

    def locking(handle, mode, length):
        assert (mode, length, os.lseek(handle, 0, os.SEEK_CUR)) == (2, 1, 0)
        place = os.fstat(handle)
        asked.append(handle)
        if (place.st_dev, place.st_ino) in held:
            raise OSError(error, "in use")
        held.add((place.st_dev, place.st_ino))

    monkeypatch.setattr(files, "_fcntl", None)
    monkeypatch.setattr(files, "_msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    with files.alone(home / "cancu.db", lambda: pytest.fail("nobody has it")) as waited:
        assert not waited and files.lock(home / "cancu.db").exists()
        turns = []

        def waiting():
            turns.append(1)
            if len(turns) == 2:
                held.clear()

        with files.alone(home / "cancu.db", waiting) as waited:
            assert waited and len(turns) == 2
    assert len(asked) == 4 and not files.lock(home / "cancu.db").exists()


def test_where_files_cannot_be_locked_a_build_goes_on(home, monkeypatch):
    def no_locks(*_):
        raise OSError(files.errno.ENOLCK, "no locks available")

    monkeypatch.setattr(files, "_fcntl", SimpleNamespace(flock=no_locks, LOCK_EX=1, LOCK_NB=2))
    monkeypatch.setattr(files, "_msvcrt", None)
    fill(home / "kho", {"4.md": plan(4)})
    assert build([home / "kho"], home / "cancu.db").changed


# --- killed -----------------------------------------------------------------------------------------

SEED = 20
SPREAD = {"": 1, ".khoa": 3, ".nho": 5, ".moi": 5}
"""How many kills from the start to the first file that a build leaves, and from that of each name to the next."""
FIRST_FACTS = 20_000
"""Bytes of what is kept when there are facts of a text in it."""
AT_AN_EVENT = """
import os, signal, sys
seen = []
def hook(event, arguments):
    if event != "os.kill" and (seen or event == {event!r} and {word!r} in str(arguments[:1])):
        seen.append(event)
        if len(seen) > {later}:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
"""
EVENTS = [  # (event, of which file, how many events later): opening the new base, writing it, before and after the swap
    ("sqlite3.connect", ".moi", 0), ("sqlite3.connect", ".moi", 4), ("open", ".moi", 0),
    ("os.rename", ".moi", 0), ("os.rename", ".moi", 1), ("os.remove", ".khoa", 0),
]  # fmt: skip


@posix
def test_a_build_killed_at_any_moment_is_taken_up_again(tmp_path, plan_path, monkeypatch):
    """Twenty kills over the whole build: the base is the old or the new one, and what was read is not read again."""
    folder, base = tmp_path / "kho", tmp_path / "cancu.db"
    fill(folder, {"khcn.md": plan_path.read_bytes(), **{f"{n}.md": plan(n, n + 1) for n in range(1, 53)}})
    build([folder], base)
    old = base.read_bytes()
    fill(folder, {f"{n}.docx": papers.docx(plan(n, n + 1)) for n in range(53, 61)})
    (tmp_path / "nguyên").mkdir()
    times = _watched(command("build", folder, "--db", tmp_path / "nguyên" / "cancu.db"), tmp_path / "nguyên")
    undisturbed = content(tmp_path / "nguyên" / "cancu.db")

    read: list[str] = []
    real = gather._Readers._new_result

    def counted(self, job, key, partly):
        read.append(job.shown)
        return real(self, job, key, partly)

    monkeypatch.setattr(gather._Readers, "_new_result", counted)
    chance, states = random.Random(SEED), []
    moments = [
        (mark, (n + chance.random()) / count * times[mark]) for mark, count in SPREAD.items() for n in range(count)
    ]
    for moment in [*EVENTS, *moments]:
        base.write_bytes(old)
        place_of(base).unlink(missing_ok=True)
        before = ""
        if len(moment) == 3:
            event, word, later = moment
            before = AT_AN_EVENT.format(event=event, word=word, later=later)
        process = subprocess.Popen(
            command("build", folder, "--db", base, before=before), env=ENV, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if not before:
            mark, delay = moment
            while process.poll() is None and not _reached(base, mark):
                time.sleep(0.002)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=60 if before else delay)
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
        assert process.wait() in (-signal.SIGKILL, 0) and (not before or process.returncode), moment

        swapped = base.read_bytes() != old
        open_base(base).close()
        if swapped:
            assert content(base) == undisturbed, "the new one, whole"
        kept = _facts_kept(place_of(base))
        states.append("swapped" if swapped else "written" if files.beside(base).exists() else "read" if kept else "")
        read.clear()
        summary = build([folder], base)
        assert summary.documents == 61 and len(read) == (0 if swapped else 61 - kept), moment
        assert content(base) == undisturbed, moment
        small = {"cancu.db.khoa", "cancu.db.nho-journal"} if swapped else set()  # until something changes again
        assert left_over(tmp_path) - small == {"nguyên"}, moment
    assert {"swapped", "written", "read"} <= set(states), states
    fill(folder, {"61.md": plan(61)})
    build([folder], base)
    assert left_over(tmp_path) == {"nguyên"}


def _reached(base: Path, mark: str) -> bool:
    """Whether a build has left the file whose name ends so."""
    try:
        return base.with_name(f"{base.name}{mark}").stat().st_size >= (FIRST_FACTS if mark == ".nho" else 0)
    except FileNotFoundError:
        return not mark


def _watched(arguments: list[str], folder: Path) -> dict[str, float]:
    """Run a build and return the seconds from its start, and from each file it leaves, to the next."""
    base, seen = folder / "cancu.db", {"": time.monotonic()}
    process = subprocess.Popen(arguments, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        seen.update((mark, time.monotonic()) for mark in SPREAD if mark not in seen and _reached(base, mark))
        time.sleep(0.002)
    assert process.returncode == 0 and list(seen) == list(SPREAD)
    ends = [*list(seen.values())[1:], time.monotonic()]
    return {mark: end - start for (mark, start), end in zip(seen.items(), ends, strict=True)}


def _facts_kept(place: Path) -> int:
    """How many files a killed build had read to the end and saved."""
    if not place.exists():
        return 0
    with closing(sqlite3.connect(place)) as connection:
        values = connection.execute("SELECT gia_tri FROM da_doc").fetchall()
    return sum(zlib.decompress(value).startswith(b"+") for (value,) in values)


@posix
def test_a_build_that_is_stopped_by_hand_leaves_nothing(home):
    fill(home / "kho", {f"{n}.md": plan(n) for n in range(4, 200)})
    before = (home / "cancu.db").read_bytes()
    process = subprocess.Popen(
        command("build", "kho"), cwd=home, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    while not files.beside(home / "cancu.db").exists() and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130 and "Đã dừng theo yêu cầu." in said
    assert (home / "cancu.db").read_bytes() == before and left_over(home) == set()
