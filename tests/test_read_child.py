"""The reader process: what it may use, what becomes of a file that wants more, and that the next one is read."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from extract.model import Extraction, SourceText
from extract.pipeline import extract_text
from extract.read import ReadError, child, limits, read_file, worker
from extract.read.child import Child, LimitError
from extract.read.limits import MEBIBYTE, Limits
from extract.wire import WireError, dump, load

HOOK = """
import sys, types
{before}
import extract.read as room
from extract.read import child, sniff
from extract.read.result import Reading
from extract.model import Block, Place

def read(data, name):
    word, _, rest = data.decode().partition(" ")
    if word == "%PDF-NGU":
        import time
        time.sleep(600)
    if word == "%PDF-QUAY":
        while True:
            pass
    if word == "%PDF-NHO":
        hoard = [bytearray(8 * 1024 * 1024) for _ in range(1000)]
    if word == "%PDF-CHET":
        import os
        os.abort()
    if word == "%PDF-SAI":
        raise KeyError(name)
    if word == "%PDF-LA":
        import os
        os.write(1, b"tieng la")
        print("tiếng lạ")
    if word == "%PDF-CON":
        import subprocess, time
        print(subprocess.Popen(["sleep", "600"]).pid, file=open(rest.strip(), "w"))
        time.sleep(600)
    if word == "%PDF-NUA":
        rest = "n\\ud800a"
    return Reading(rest, (Block(0, len(rest), Place(1, 1)),), ("có ghi chú",))

module = types.ModuleType("extract.read.test_hook")
module.read = read
sys.modules[module.__name__] = module
module.__spec__ = types.SimpleNamespace(name=module.__name__)
room.FORMATS["pdf"] = module.__name__
child.main()
"""


def hook(before: str = "") -> tuple[str, ...]:
    return (sys.executable, "-P", "-c", textwrap.dedent(HOOK).format(before=before).replace("{{", "{"))


@pytest.fixture
def hooked(monkeypatch):
    """Children in which a made-up reader stands for the one of PDF; it does what the file tells it."""
    monkeypatch.setattr(child, "COMMAND", hook())


@pytest.fixture
def write(tmp_path):
    def make(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def test_facts_travel_without_loss(plan):
    assert load(Extraction, dump(plan)) == plan
    odd = extract_text("Kế hoạch số 1/KH-UBND \x00 “\u2028” 😀")
    assert load(Extraction, dump(odd)) == odd


@pytest.mark.parametrize("data", [
    b"", b"null", b"[1,2]", b'["chu",[[0,1,[]]],"","","txt",[]]', b'[1,[],"","","txt",[]]', b'["chu",[],"","","txt",[3]]',
    b'{"text":"chu"}', b"[" * 100_000,
])  # fmt: skip
def test_what_is_no_fact_is_refused(data):
    with pytest.raises(WireError):
        load(SourceText, data)


def test_a_child_reads_a_file(hooked, write):
    with Child() as reader:
        source = reader.read(write("kế hoạch 1.pdf", "%PDF-TOT Kế hoạch số 1/KH-UBND"))
    assert (source.text, source.format, source.notes) == ("Kế hoạch số 1/KH-UBND", "pdf", ("có ghi chú",))
    assert source.sha256 == hashlib.sha256("%PDF-TOT Kế hoạch số 1/KH-UBND".encode()).hexdigest()
    assert source.blocks[0].place.page == 1


def test_a_file_is_read_by_path(hooked, write):
    path = write("a.pdf", "%PDF-TOT Chữ")
    source = read_file(path)
    assert (source.text, source.path) == ("Chữ", str(path))


@pytest.mark.parametrize(("word", "kind", "words"), [
    ("%PDF-NGU", LimitError, "quá 1 giây"),
    ("%PDF-QUAY", LimitError, "quá 1 giây"),
    ("%PDF-NHO", LimitError, "bộ nhớ"),
    ("%PDF-CHET", LimitError, "dừng đột ngột"),
    ("%PDF-SAI", ReadError, "có lỗi bên trong"),
])  # fmt: skip
def test_a_reader_that_fails_says_why_and_the_next_file_is_read(hooked, write, word, kind, words):
    bad, good = write("xấu.pdf", f"{word} x"), write("tốt.pdf", "%PDF-TOT Chữ")
    with Child(Limits(memory=256 * MEBIBYTE, seconds=1)) as reader:
        with pytest.raises(kind, match=words) as caught:
            reader.read(bad)
        assert "xấu.pdf" in str(caught.value) and "Hãy" in str(caught.value)
        assert reader.read(good).text == "Chữ"


def test_what_a_library_prints_is_not_heard(hooked, write):
    with Child() as reader:
        assert reader.read(write("a.pdf", "%PDF-LA Chữ")).text == "Chữ"


def test_half_a_character_is_no_text(hooked, write):
    with Child() as reader:
        assert reader.read(write("a.pdf", "%PDF-NUA x")).text == "n\ufffda"


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no process groups")
def test_what_the_reader_started_ends_with_it(hooked, write, tmp_path):
    note = tmp_path / "pid"
    with Child(Limits(seconds=2)) as reader, pytest.raises(LimitError):
        reader.read(write("a.pdf", f"%PDF-CON {note}"))
    pid = int(note.read_text())
    assert _is_gone(pid)


def _is_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_child_is_renewed_after_some_files(hooked, write):
    path = write("a.pdf", "%PDF-TOT Chữ")
    with Child(Limits(files=2)) as reader:
        pids = []
        for _ in range(4):
            reader.read(path)
            pids.append(reader._process.pid)
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_a_child_ends_when_its_parent_is_gone():
    process = subprocess.Popen(
        [*child.COMMAND, str(256 * MEBIBYTE), "60"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=worker.environment(),
    )
    assert process.communicate(timeout=30)[0] == b""
    assert process.returncode == 0


@pytest.mark.parametrize(
    "answer", [b"", b"x", b"\x00" * 8, b"\xff" * 8, b"\x00" * 7 + b"\x03+[]", b"\x00" * 7 + b"\x05-[[]]"]
)
def test_a_child_that_talks_nonsense_is_replaced(monkeypatch, write, answer):
    path = write("a.pdf", "%PDF-TOT Chữ")
    code = f"import sys, time; sys.stdout.buffer.write({answer!r}); sys.stdout.flush()"
    monkeypatch.setattr(child, "COMMAND", (sys.executable, "-c", code))
    with Child() as reader:
        with pytest.raises(ReadError, match=r"a\.pdf"):
            reader.read(path)
        monkeypatch.setattr(child, "COMMAND", hook())
        assert reader.read(path).text == "Chữ"


# --- without POSIX ---------------------------------------------------------------------------------


def test_without_resource_and_groups(monkeypatch, write):
    """As on Windows: the wall clock and Popen.kill are left, and they are enough to go on."""
    before = "sys.modules['resource'] = None\nimport os, signal\nfor module, names in ((os, ('setsid', 'killpg')), (signal, ('setitimer', 'alarm'))):\n    for name in names: delattr(module, name)"
    monkeypatch.setattr(child, "COMMAND", hook(before))
    monkeypatch.setattr(limits, "_resource", None)
    monkeypatch.delattr(os, "setsid", raising=False)
    monkeypatch.delattr(os, "killpg", raising=False)
    assert "start_new_session" not in limits.popen_options()
    limits.hold_memory(256 * MEBIBYTE)
    with Child(Limits(seconds=1)) as reader:
        with pytest.raises(LimitError, match="quá 1 giây"):
            reader.read(write("a.pdf", "%PDF-NGU x"))
        assert reader.read(write("b.pdf", "%PDF-TOT Chữ")).text == "Chữ"


@pytest.mark.parametrize("values", [{"memory": 0}, {"memory": 2048 * MEBIBYTE}, {"seconds": 0}, {"files": 0}])
def test_limits_that_limit_nothing_are_refused(values):
    with pytest.raises(ValueError, match="limits"):
        Limits(**values)


# --- by content ------------------------------------------------------------------------------------


def test_plain_text_needs_no_child(monkeypatch, write):
    monkeypatch.setattr(child, "COMMAND", ("không có chương trình này",))
    assert read_file(write("a.md", "# Kế hoạch\n")).format == "md"


def test_a_wrong_ending_is_noted(hooked, write):
    source = read_file(write("kế hoạch.docx", "%PDF-TOT Chữ"))
    assert source.format == "pdf" and "đã đọc theo nội dung" in source.notes[0] and ".docx" in source.notes[0]
    source = read_file(write("kế hoạch.doc", "Kế hoạch số 1/KH-UBND"))
    assert source.format == "txt" and "văn bản thuần" in source.notes[0]
