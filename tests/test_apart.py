"""A build in a process of its own: the same base and the same words, and no trace of it when either side ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from making import fill, plan
from test_solid import ENV, content, left_over

from extract.read import worker
from graph import apart, corpus, files
from graph.corpus import CorpusError
from graph.store import StoreError
from publish.desk import Desk

JOURNAL = "cancu.db.nho-journal"
"""Stays after a violent death until something is kept again: SQLite empties it instead of deleting it."""
posix = pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no process groups")


@pytest.fixture
def home(tmp_path) -> Path:
    fill(tmp_path / "kho", {f"{n}.md": plan(n) for n in range(1, 4)})
    corpus.build([tmp_path / "kho"], tmp_path / "cancu.db")
    fill(tmp_path / "kho", {"4.md": plan(4), "hỏng.txt": b"\x7fELF\x00\x01\x02" * 40})
    return tmp_path


def child_that(monkeypatch, code: str) -> None:
    """Let the child do something else before it builds."""
    code = f"{textwrap.dedent(code)}\nfrom graph import apart\napart.main()"
    monkeypatch.setattr(apart, "COMMAND", (*worker.command("x")[:2], "-c", code))


SLOW = """
import os, time
from pathlib import Path
import graph.store
real = graph.store._write
def slow(*given):
    real(*given)
    Path("số").write_text(str(os.getpid()))
    while True:
        time.sleep(0.05)
graph.store._write = slow
"""


def test_it_builds_the_same_base_and_tells_the_same(home, tmp_path):
    heard = []

    def progress(paths):
        names = list(paths)
        for path in names:
            heard.append(path.name)
            yield path
        heard.append(len(names))

    def swap(new, old):
        heard.append("swap")
        files.replace(new, old)

    summary = apart.build([home / "kho"], home / "cancu.db", progress, None, swap, heard.append)
    assert [word for n, word in enumerate(heard) if word != heard[n - 1] or not n] == [
        "reading", "1.md", "2.md", "3.md", "4.md", "hỏng.txt", 5, "writing", "swap"
    ]  # fmt: skip
    here = corpus.build([home / "kho"], tmp_path / "anew.db")
    assert summary == here and content(home / "cancu.db") == content(tmp_path / "anew.db")
    assert left_over(home) == {"anew.db", "anew.db.nho"}
    assert not apart.build([home / "kho"], home / "cancu.db").changed


def test_what_cannot_be_built_is_told_as_ever(home):
    with pytest.raises(CorpusError, match="Không tìm thấy “"):
        apart.build([home / "không có"], home / "cancu.db")
    with pytest.raises(StoreError, match="Không có thư mục"):
        apart.build([home / "kho"], home / "không có" / "cancu.db")
    assert left_over(home) == set()


def test_a_base_that_cannot_be_replaced(home):
    before = (home / "cancu.db").read_bytes()

    def held(new, old):
        raise files.HeldOpenError(13, "used by another process", str(old))

    with pytest.raises(StoreError, match="đang được chương trình khác mở"):
        apart.build([home / "kho"], home / "cancu.db", swap=held)
    with pytest.raises(StoreError, match="đã đầy"):
        apart.build([home / "kho"], home / "cancu.db", swap=lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    assert (home / "cancu.db").read_bytes() == before and left_over(home) == set()


@pytest.mark.parametrize("at", ["locked", "reading", "writing"])
def test_it_stops_when_it_is_told_to(home, monkeypatch, at):
    monkeypatch.chdir(home)
    before = (home / "cancu.db").read_bytes()

    class StopError(Exception):
        pass

    def tell(step):
        if step == at and (at != "writing" or Path("số").exists()):
            raise StopError

    child_that(monkeypatch, SLOW)
    if at == "locked":
        with files.alone(home / "cancu.db", lambda: None), pytest.raises(StopError):
            apart.build([home / "kho"], home / "cancu.db", tell=tell)
    else:
        with pytest.raises(StopError):
            apart.build([home / "kho"], home / "cancu.db", tell=tell)
    assert (home / "cancu.db").read_bytes() == before and left_over(home) <= {"số"}
    monkeypatch.undo()
    assert apart.build([home / "kho"], home / "cancu.db").changed, "nobody holds the lock"


@posix
def test_it_stops_also_below_a_server_that_ignores_the_signal(home, monkeypatch):
    """As one does that was started in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        test_it_stops_when_it_is_told_to(home, monkeypatch, "writing")
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_child_that_hears_nothing_is_ended(home, monkeypatch):
    monkeypatch.chdir(home)
    monkeypatch.setattr(apart, "_PATIENCE", 0.3)
    child_that(monkeypatch, SLOW + "import _thread\n_thread.interrupt_main = lambda: None\n")

    def tell(step):
        if Path("số").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apart.build([home / "kho"], home / "cancu.db", tell=tell)
    assert left_over(home) <= {"số", JOURNAL}, "what it left was tidied up by the parent"


def test_a_child_that_dies_is_told(home, monkeypatch, capfd):
    before = (home / "cancu.db").read_bytes()
    child_that(monkeypatch, "import graph.store, os\ngraph.store._write = lambda *_: os._exit(3)\n")
    with pytest.raises(StoreError, match="dừng đột ngột"):
        apart.build([home / "kho"], home / "cancu.db")
    child_that(monkeypatch, "import graph.store\ngraph.store._write = lambda *_: {}['bí mật']\n")
    with pytest.raises(apart.ApartError):
        apart.build([home / "kho"], home / "cancu.db")
    assert "KeyError: 'bí mật'" in capfd.readouterr().err
    assert (home / "cancu.db").read_bytes() == before and left_over(home) <= {JOURNAL}


@posix
def test_it_does_not_outlive_its_parent(home):
    code = f"""
    import sys
    from pathlib import Path
    from extract.read import worker
    from graph import apart
    child = {SLOW!r} + "from graph import apart; apart.main()"
    apart.COMMAND = (*worker.command("x")[:2], "-c", child)
    apart.build([Path("kho")], Path("cancu.db"))
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], cwd=home, env=ENV)
    while not (home / "số").exists() and parent.poll() is None:
        time.sleep(0.02)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    for _ in range(500):
        if not left_over(home) - {"số"}:
            break
        time.sleep(0.02)
    assert left_over(home) == {"số"}, "the child has tidied up and let go of the lock"


def test_the_desk_stops_its_build_when_the_server_ends(home, monkeypatch):
    monkeypatch.chdir(home)
    fill(home, {"cancu.db.cho/9.md": plan(9)})
    child_that(monkeypatch, SLOW)
    desk = Desk(home / "cancu.db", [home / "kho"])
    desk.open()
    desk.wait(30)
    desk.add(["9.md"])
    while not (home / "số").exists() and not desk.state().outcome:
        time.sleep(0.02)
    assert desk.state().doing.words == "Đang dựng dữ liệu mới; trang tra cứu vẫn dùng được"
    desk.close()
    assert "Đã dừng giữa chừng" in desk.state().outcome.error
    assert left_over(home) == {"số", "cancu.db.cho"} and (home / "cancu.db.cho" / "9.md").exists()


def test_the_desk_waits_for_a_build_of_the_command_line_and_says_so(home):
    fill(home, {"cancu.db.cho/9.md": plan(9)})
    desk = Desk(home / "cancu.db", [home / "kho"])
    desk.open()
    desk.wait(30)
    with files.alone(home / "cancu.db", lambda: None):
        desk.add(["9.md"])
        while (doing := desk.state().doing) is None or "một lần dựng khác" not in doing.words:
            time.sleep(0.02)
    desk.wait(60)
    assert desk.state().outcome.count == 1 and desk.state().outcome.error == ""
    desk.close()


@pytest.mark.skipif(not hasattr(os, "nice"), reason="priorities are set in another way here")
def test_it_lets_others_go_first(home, monkeypatch, capfd):
    child_that(monkeypatch, "import atexit, os, sys\natexit.register(lambda: print(os.nice(0), file=sys.stderr))\n")
    apart.build([home / "kho"], home / "cancu.db")
    assert int(capfd.readouterr().err.split()[-1]) >= min(19, os.nice(0) + 10)


def test_priority_as_on_windows(monkeypatch):
    asked = []
    kernel = SimpleNamespace(SetPriorityClass=lambda process, kind: asked.append((process.value, kind)))
    monkeypatch.delattr(os, "nice", raising=False)
    monkeypatch.setattr("ctypes.windll", SimpleNamespace(kernel32=kernel), raising=False)
    files.yield_to_others()
    assert asked == [(2**64 - 1, 0x4000)] or asked == [(2**32 - 1, 0x4000)]
