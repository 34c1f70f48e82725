"""Builds that meet, are killed, run out of room or find damage: the last good base is served, the next build mends."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
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

import httpx
import pytest
from making import fill, plan, rows

from benchmarks import papers
from graph import files, gather
from graph.corpus import build, built_from, is_damaged
from graph.kept import place_of
from graph.store import StoreError, open_base
from publish.cli import main
from publish.serve import make_datasette

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

    def counted(self, job, *rest):
        read.append(job.shown)
        return real(self, job, *rest)

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
    return sum(zlib.decompress(value).startswith(b'{"sha256":') for (value,) in values)  # notes, put last


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


# --- a disk that is full ------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path):
    """A disk of eight megabytes of its own, where the system lets us have one."""
    place = tmp_path / "đĩa nhỏ"
    place.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def leave_free(disk: Path, room: int) -> Path:
    """Fill the disk but for ``room`` bytes."""
    ballast = disk / "đầy"
    with ballast.open("wb") as handle:
        handle.write(bytes(max(0, shutil.disk_usage(disk).free - room)))
    return ballast


@pytest.mark.parametrize("room", [400_000, 100_000, 8192, 0])
def test_a_full_disk_is_told_and_leaves_the_old_base(disk, room):
    """No room for the new base (400 kB is less than it needs), or not even for what is read."""
    fill(disk / "kho", {f"{n}.md": plan(n) for n in range(1, 4)})
    build([disk / "kho"], disk / "cancu.db")
    before = (disk / "cancu.db").read_bytes()
    fill(disk / "kho", {f"{n}.md": plan(n) for n in range(4, 60)})
    ballast = leave_free(disk, room)
    done = cancu("build", "kho", cwd=disk)
    sentence = "Ổ đĩa chứa “cancu.db” đã đầy. Hãy giải phóng dung lượng rồi chạy lại; cơ sở dữ liệu cũ còn nguyên."
    assert done.returncode == 2 and done.stderr.splitlines()[-1] == sentence
    assert (disk / "cancu.db").read_bytes() == before and left_over(disk) == {"đầy"}
    assert "1/KH-UBND" in cancu("trace", "1/KH-UBND", cwd=disk).stdout
    ballast.unlink()
    assert build([disk / "kho"], disk / "cancu.db").documents == 59


def test_a_full_folder_for_temporary_files_is_named(disk, tmp_path, plan_path):
    text = plan_path.read_text(encoding="utf-8")
    fill(tmp_path / "kho", {f"{n}.md": text.replace("Số: /", f"Số: {n}/", 1) for n in range(1, 150)})
    leave_free(disk, 0)
    little_memory = "import graph.store; graph.store._MEMORY_KB = 16\n"
    done = subprocess.run(
        command("build", "kho", before=little_memory), cwd=tmp_path, env={**ENV, "TMPDIR": str(disk)},
        capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 2 and f"Ổ đĩa chứa thư mục tạm “{disk}” đã đầy." in done.stderr
    assert left_over(tmp_path) == {"đĩa nhỏ"}


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="this system knows no limit of file sizes")
@pytest.mark.parametrize("limit", [0, 30_000, 300_000])
def test_a_disk_that_takes_no_more_is_told(home, limit):
    """As a full disk, where none can be mounted: the system refuses to let any file grow beyond a size."""
    fill(home / "kho", {f"{n}.md": plan(n) for n in range(4, 60)})
    before = (home / "cancu.db").read_bytes()
    hold = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
    )
    done = subprocess.run(
        command("build", "kho", before=hold), cwd=home, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 2 and "báo lỗi khi ghi" in done.stderr and "Traceback" not in done.stderr
    assert (home / "cancu.db").read_bytes() == before and left_over(home) == set()
    assert build([home / "kho"], home / "cancu.db").documents == 59


# --- other programs -----------------------------------------------------------------------------------

HOLD = """
import sqlite3, sys, time
base = sqlite3.connect("cancu.db", isolation_level=None)
base.execute("PRAGMA cache_size = 1")
base.execute({begin!r})
base.execute({then!r}).fetchone()
print("held", flush=True)
time.sleep(600)
"""


def holding(home: Path, begin: str, then: str) -> subprocess.Popen[bytes]:
    """Another program at work on the base."""
    code = HOLD.format(begin=begin, then=then)
    process = subprocess.Popen([sys.executable, "-c", code], cwd=home, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_base_locked_by_another_program(home):
    fill(home / "kho", {"4.md": plan(4)})
    other = holding(home, "BEGIN EXCLUSIVE", "SELECT 1")
    for arguments in (("build", "kho"), ("trace", "1/KH-UBND"), ("serve", "kho")):
        done = cancu(*arguments, cwd=home)
        assert done.returncode == 2 and "đang bị chương trình khác khóa" in done.stderr.splitlines()[-1], arguments
    end(other)
    assert build([home / "kho"], home / "cancu.db").documents == 4 and left_over(home) == set()


def test_a_base_that_another_program_reads(home):
    fill(home / "kho", {"4.md": plan(4)})
    other = holding(home, "BEGIN", "SELECT count(*) FROM muc")
    assert build([home / "kho"], home / "cancu.db").documents == 4
    end(other)
    assert rows(home / "cancu.db", "SELECT count(*) FROM tep") == [(4,)] and left_over(home) == set()


@posix
def test_what_a_program_that_died_left_beside_the_base_is_not_applied_to_the_new_one(home):
    other = holding(home, "BEGIN", "UPDATE muc SET noi_dung = noi_dung || ' bị sửa' RETURNING 1")
    end(other)
    journal = home / "cancu.db-journal"
    assert journal.stat().st_size > 512, "pages of the old base, which SQLite would put back"
    fill(home / "kho", {"4.md": plan(4)})
    build([home / "kho"], home / "cancu.db")
    build([home / "kho"], home / "anew.db")
    assert not journal.exists() and content(home / "cancu.db") == content(home / "anew.db")


def test_results_held_by_another_program_cost_time_only(home):
    fill(home / "kho", {"4.md": plan(4)})
    with closing(sqlite3.connect(place_of(home / "cancu.db"), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert build([home / "kho"], home / "cancu.db").documents == 4
    assert left_over(home) == set()


@pytest.mark.parametrize("kind", ["document", "database"])
def test_a_file_of_something_else_is_not_written_over(home, kind):
    other = home / "của tôi.docx"
    if kind == "document":
        other.write_bytes(papers.docx(plan(9)))
    else:
        with closing(sqlite3.connect(other)) as connection, connection:
            connection.execute("CREATE TABLE ke_toan (so INTEGER)")
    before = other.read_bytes()
    done = cancu("build", "kho", "--db", other, cwd=home)
    assert done.returncode == 2 and "nên không ghi đè lên" in done.stderr and other.read_bytes() == before


@pytest.mark.parametrize("spoiled", [b"", b"SQLite", bytes(9000)])
def test_what_is_left_of_a_base_may_be_written_over(home, spoiled):
    (home / "cancu.db").write_bytes(spoiled)
    assert build([home / "kho"], home / "cancu.db").changed


def test_a_folder_that_takes_no_file_is_told(home, monkeypatch):
    def refused(place):
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr(files, "_locked", refused)
    assert not build([home / "kho"], home / "cancu.db").changed, "where nothing changed nothing is written"
    fill(home / "kho", {"4.md": plan(4)})
    with pytest.raises(StoreError, match="Không ghi được vào thư mục"):
        build([home / "kho"], home / "cancu.db")


# --- damage -------------------------------------------------------------------------------------------


def damages(path: Path, seed: int, times: int):
    """Yield the file cut at random lengths, then with random pages of zeros."""
    whole, chance = path.read_bytes(), random.Random(seed)
    for _ in range(times):
        yield whole[: chance.randrange(1, len(whole))]
    for _ in range(times):
        pages = bytearray(whole)
        for page in chance.sample(range(len(whole) // 4096), 12):
            pages[page * 4096 : (page + 1) * 4096] = bytes(4096)
        yield bytes(pages)


def told(arguments: list[str], capsys) -> tuple[int, str, str]:
    """What the command says, run in this process."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def test_a_damaged_base_is_told_and_built_anew(home, capsys, monkeypatch):
    monkeypatch.chdir(home)
    base = home / "cancu.db"
    whole, answer = content(base), told(["trace", "1/KH-UBND"], capsys)
    found = []
    for spoiled in damages(base, 7, 8):
        base.write_bytes(spoiled)
        status, out, err = told(["trace", "1/KH-UBND"], capsys)
        if status:
            (sentence,) = err.splitlines()
            assert "đã hỏng. Hãy dựng lại bằng lệnh “cancu build”." in sentence
        else:
            assert (status, out, err) == answer, "what it read was whole"
        found.append(status)
        assert is_damaged(base)
        status, _, err = told(["build", "kho"], capsys)
        assert status == 0 and "Đã ghi cancu.db." in err and content(base) == whole
    assert set(found[:8]) == {2} and 2 in found[8:]
    assert not is_damaged(base) and "Không có gì thay đổi" in told(["build", "kho"], capsys)[2]


def test_a_damaged_base_is_found_without_what_was_kept(home):
    base = home / "cancu.db"
    whole = base.read_bytes()
    for page in (5, 40):
        base.write_bytes(whole[: page * 4096] + bytes(4096) + whole[(page + 1) * 4096 :])
        place_of(base).unlink()
        assert build([home / "kho"], base).changed
        assert content(base)["tep"] and not build([home / "kho"], base).changed


def test_serving_a_damaged_base(home):
    base = home / "cancu.db"
    whole = base.read_bytes()
    base.write_bytes(whole[:40_000] + bytes(80_000) + whole[120_000:])
    done = cancu("serve", "--db", base, cwd=home)
    assert done.returncode == 2 and "đã hỏng. Hãy dựng lại bằng lệnh “cancu build”." in done.stderr
    server = subprocess.Popen(
        command("serve", "kho", "--db", base), cwd=home, env=ENV, stderr=subprocess.PIPE, encoding="utf-8"
    )
    said = ""
    for line in server.stderr:
        said += line
        if "Trang tra cứu:" in line:
            break
    server.terminate()
    server.wait(30)
    server.stderr.close()
    assert "đã hỏng hoặc không phải cơ sở dữ liệu của Căn Cứ; đang dựng lại." in said and "Trang tra cứu:" in said
    assert rows(base, "PRAGMA integrity_check") == [("ok",)]


def test_a_page_of_a_damaged_base_says_so(home):
    base = home / "cancu.db"
    datasette = make_datasette(base)

    async def ask(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=datasette.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path)

    assert asyncio.run(ask("/")).status_code == 200
    spoiled = bytearray(base.read_bytes())
    for (page,) in rows(
        base, "SELECT rootpage FROM sqlite_master WHERE name IN ('muc', 'trich_dan', 'van_ban_fts_data')"
    ):
        spoiled[(page - 1) * 4096 : page * 4096] = bytes(4096)
    base.write_bytes(spoiled)
    answers = [asyncio.run(ask(path)) for path in ("/", "/tim?q=KH", "/cancu/muc", "/van-ban/ke-hoach-1-kh-ubnd-2024")]
    assert any(a.status_code == 503 and "Cơ sở dữ liệu đã hỏng" in a.text for a in answers)
    assert all("malformed" not in a.text and "Traceback" not in a.text for a in answers)


def test_damaged_results_are_dropped_and_read_anew(home):
    base = home / "cancu.db"
    place = place_of(base)
    fill(home / "kho", {f"{n}.md": plan(n) for n in range(4, 40)})
    build([home / "kho"], base)
    for n, spoiled in enumerate(damages(place, 11, 5)):
        place.write_bytes(spoiled)
        fill(home / "kho", {"1.md": plan(100 + n)})
        build([home / "kho"], base)
        build([home / "kho"], home / f"anew{n}.db")
        assert content(base) == content(home / f"anew{n}.db")


def test_facts_that_are_damaged_under_a_good_note(home):
    base = home / "cancu.db"
    with closing(sqlite3.connect(place_of(base))) as connection, connection:
        for key, value in connection.execute("SELECT khoa, gia_tri FROM da_doc").fetchall():
            if zlib.decompress(value).startswith(b"+"):
                connection.execute("UPDATE da_doc SET gia_tri = ? WHERE khoa = ?", [zlib.compress(b"+[1]"), key])
    fill(home / "kho", {"4.md": plan(4)})
    assert build([home / "kho"], base).documents == 4


# --- update -------------------------------------------------------------------------------------------


def test_update_knows_the_folders_of_the_last_build(home, tmp_path):
    fill(home / "kho", {"4.md": plan(4)})
    elsewhere = tmp_path / "nơi khác"
    elsewhere.mkdir()
    done = cancu("update", "--db", home / "cancu.db", cwd=elsewhere)
    assert done.returncode == 0 and "Văn bản trong kho: 4" in done.stderr
    assert built_from(home / "cancu.db") == ((home / "kho").resolve(),)
    again = cancu("update", "--db", home / "cancu.db", cwd=elsewhere)
    assert again.returncode == 0 and "Không có gì thay đổi" in again.stderr
    place_of(home / "cancu.db").unlink()
    lost = cancu("update", "--db", home / "cancu.db", cwd=elsewhere)
    assert lost.returncode == 2 and "Không tìm thấy “corpus”" in lost.stderr
