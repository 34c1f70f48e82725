"""Where new documents wait: received, read in the sandbox, confirmed by a person, then added and the base rebuilt.

The files lie in a folder beside the base (:func:`graph.files.waiting`) until somebody confirms them; then they move
into the folder that the base is built from. Nothing is deleted: what is not wanted moves into a folder of its own, and
a build that fails moves the files back. One thread does the work, one thing after another; the base is built in a
process of its own, so that pages are answered as quickly as ever meanwhile.
"""

from __future__ import annotations

import queue
import sqlite3
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from extract.model import Document
from extract.read.archive import STEP, is_noise
from extract.read.limits import Limits
from graph import files
from graph.apart import build
from graph.corpus import CorpusError, Step, Summary
from graph.folder import Found
from graph.gather import Refusal, gather, hash_files, sheet_of
from graph.kept import Kept
from graph.note import Counts, Taken
from graph.schema import columns_of
from graph.store import StoreError, Swap, open_base
from publish import received
from publish.file_names import free_names, safe_name
from publish.received import DeskError
from publish.register_desk import RegisterDesk

MOST_WAITING = 200
_ADVICE = "Hãy bỏ tệp ra khỏi danh sách rồi gửi lại; nếu vẫn lỗi, báo cho người quản trị."
ASIDE = "bo-ra"
_MOST_NAMED = 200
_STEPS: dict[Step, str] = {
    "locked": "Đang chờ một lần dựng khác của kho này xong",
    "writing": "Đang dựng dữ liệu mới; trang tra cứu vẫn dùng được",
}
_QUIET, _LONGEST = 0.6, 5.0
"""Seconds without another decision before the base is built anew, and how long it waits for such a moment at most."""
_STOPPED = "Đã dừng giữa chừng vì chương trình được đóng. Hãy mở lại rồi thêm lần nữa."


class _Stopped(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Text:
    """What one text says of itself, for confirmation.

    ``number`` is as the base will show it; ``twin`` names a file of the base with the same bytes ("" when there is
    none), ``other`` one that holds another version of the same document.
    """

    shown: str
    document: Document
    number: str
    counts: Counts
    notes: tuple[str, ...]
    twin: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits. ``read`` is False until the reader is done with it."""

    name: str
    read: bool = False
    texts: tuple[Text, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def may_be_added(self) -> bool:
        """True when the file brings a text that the base does not have."""
        return any(not text.twin for text in self.texts)


@dataclass(frozen=True, slots=True)
class Doing:
    """What is being done: "doc" (reading) or "them" (adding), how far it is (``total`` 0: unknown), in words."""

    task: str
    words: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the last adding ended: the documents added as (id, name), what the build refused, or why it failed."""

    added: tuple[tuple[str, str], ...] = ()
    count: int = 0
    refusals: tuple[Refusal, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """All that the page shows, at one moment. ``pending`` counts what is being done and what waits behind it."""

    waiting: tuple[Waiting, ...]
    doing: Doing | None
    pending: int
    outcome: Outcome | None
    messages: tuple[Refusal, ...]


@dataclass(slots=True)
class _Memory:
    looks: dict[str, Waiting] = field(default_factory=dict)
    chosen: set[str] = field(default_factory=set)  # confirmed, on their way into the corpus
    doing: Doing | None = None
    pending: int = 0
    outcome: Outcome | None = None
    messages: tuple[Refusal, ...] = ()
    decided: float = 0.0  # when the last decision came in
    rebuilds: int = 0  # waiting or under way
    wrote: str = ""  # what was written last: decisions, a list
    failed: str = ""


class Desk:
    """The waiting files of one base, and the thread that reads and adds them."""

    def __init__(
        self, database: Path, sources: Sequence[Path], swap: Swap = files.replace, limits: Limits | None = None
    ) -> None:
        """``sources`` are what the base is built from; the first folder among them takes the new files.

        Raises:
            DeskError: there is no folder among ``sources``.
        """
        folder = next((path for path in sources if path.is_dir()), None)
        if folder is None:
            raise DeskError("Không có thư mục văn bản để thêm vào. Hãy chỉ thư mục: cancu serve THƯ_MỤC --edit.")
        self.database, self.sources, self.folder = database, tuple(sources), folder
        self.place = files.waiting(database)
        self.lists = RegisterDesk(database, self.rebuild)
        self._swap, self._limits = swap, limits or Limits()
        self._memory = _Memory()
        self._lock = threading.Lock()
        self._jobs: queue.Queue[Callable[[], None]] = queue.Queue()
        self._stop = threading.Event()
        self._worker: threading.Thread | None = None
        self._waits_to_rebuild = self._swept = False

    def state(self) -> State:
        """Return what waits, what is being done, and how the last things ended."""
        with self._lock:
            memory = self._memory
            looks, chosen = dict(memory.looks), set(memory.chosen)
            doing, pending, outcome, messages = memory.doing, memory.pending, memory.outcome, memory.messages
        names = [path.name for path in self._files() if path.name not in chosen]
        waiting = tuple(looks.get(name) or Waiting(name) for name in names)
        return State(waiting, doing, pending, outcome, messages)

    def open(self) -> None:
        """Clear away what was half received when an earlier run was killed, and read what waits since then."""
        if not self._swept:
            self._swept = True
            received.sweep(self.place)
            received.sweep(self.lists.place)
        with self._lock:
            idle = not self._memory.pending
        if idle and self._unread():
            self.read()

    def clear_messages(self) -> None:
        """Forget what was told of earlier uploads."""
        with self._lock:
            self._memory.messages = ()

    def tell(self, name: str, reason: str, advice: str) -> None:
        """Remember why a file was not received, for the page."""
        with self._lock:
            self._memory.messages += (Refusal(name, reason, advice),)

    def temporary(self) -> Path:
        """Return where a file that is being received is written; hidden, so that it does not wait yet."""
        return received.temporary(self.place)

    def receive(self, path: Path, given: str) -> str:
        """Let the received file ``path`` wait under a safe form of its ``given`` name, which is returned.

        Raises:
            DeskError: too many files wait, or it is a file that systems leave behind.
            OSError: the file cannot be moved.
        """
        if is_noise(given.replace("\\", "/").rpartition("/")[2]):
            raise DeskError("Đây là tệp tạm của hệ thống hoặc của Word. Hãy chọn chính tệp văn bản.")
        if len(list(self._files())) >= MOST_WAITING:
            raise DeskError(f"Đang có {MOST_WAITING} tệp chờ. Hãy thêm vào kho hoặc bỏ ra bớt rồi gửi tiếp.")
        return files.move_into(path, self.place, free_names(safe_name(given), self.place)).name

    def put_aside(self, name: str) -> None:
        """Take a file off the list; it stays on the disk, in a folder of its own.

        Raises:
            DeskError: no such file waits, or it is in use.
        """
        path = self._file(name)
        aside = self.place / ASIDE
        try:
            aside.mkdir(exist_ok=True)
            files.move_into(path, aside, free_names(path.name, aside))
        except OSError as error:
            raise DeskError(_cannot_move(name, error)) from error
        with self._lock:
            self._memory.looks.pop(name, None)

    def read(self) -> None:
        """Have the new files read, after what is being done now."""
        self._enqueue(self._read)

    def add(self, names: Sequence[str]) -> None:
        """Have the files ``names`` added and the base rebuilt, after what is being done now.

        Raises:
            DeskError: one of them does not wait, was not read, or brings nothing new.
        """
        if not names:
            raise DeskError("Chưa chọn tệp nào. Hãy đánh dấu các tệp cần thêm.")
        for name in names:
            self._file(name)
        with self._lock:
            for name in names:
                look = self._memory.looks.get(name)
                if look is None or not look.may_be_added:
                    raise DeskError(f"Tệp “{name}” chưa đọc xong hoặc không đọc được nên chưa thêm vào kho được.")
            self._memory.chosen.update(names)
        self._enqueue(lambda: self._add(names))

    def rebuild(self, wrote: str = "Quyết định đã ghi") -> None:
        """Have the base built anew with what people wrote so far; what comes meanwhile makes one more build."""
        with self._lock:
            self._memory.decided, self._memory.failed, self._memory.wrote = time.monotonic(), "", wrote
            if self._waits_to_rebuild:
                return
            self._waits_to_rebuild = True
            self._memory.rebuilds += 1
        self._enqueue(self._rebuild)

    def notice(self) -> str:
        """Return what pages say of decisions and lists that the base does not show yet, "" for nothing."""
        with self._lock:
            wrote = self._memory.wrote
            if self._memory.rebuilds:
                return f"{wrote}. Đang dựng lại dữ liệu; các trang vẫn dùng được, có thể làm việc tiếp."
            if self._memory.failed:
                return f"{wrote} nhưng chưa dựng lại được dữ liệu. {self._memory.failed}"
        return ""

    def close(self) -> None:
        """Stop what is being done, as soon as the reader of the file at hand answers; the base stays whole."""
        self._stop.set()
        if self._worker is not None:
            self._enqueue(lambda: None)
            self._worker.join(self._limits.seconds)

    def wait(self, seconds: float) -> None:
        """Wait until nothing is left to do (for tests and scripts)."""
        done = threading.Event()
        self._enqueue(done.set)
        if not done.wait(seconds):
            raise TimeoutError

    # -- the thread ----------------------------------------------------------------------------------

    def _enqueue(self, job: Callable[[], None]) -> None:
        with self._lock:
            self._memory.pending += 1
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="them-van-ban", daemon=True)
                self._worker.start()
        self._jobs.put(job)

    def _work(self) -> None:
        while not self._stop.is_set():
            job = self._jobs.get()
            try:
                job()
            except Exception:  # the thread must live on for the next file
                traceback.print_exc(file=sys.stderr)
                self.tell("", "Chương trình gặp lỗi khi làm việc với các tệp đang chờ.", _ADVICE)
            finally:
                with self._lock:
                    self._memory.doing = None
                    self._memory.pending -= 1

    def _show(self, doing: Doing) -> None:
        with self._lock:
            self._memory.doing = doing

    def _following(self, task: str, label: str) -> Callable[[Iterable[Path]], Iterator[Path]]:
        def follow(paths: Iterable[Path]) -> Iterator[Path]:
            names = list(paths)
            for n, path in enumerate(names):
                if self._stop.is_set():
                    raise _Stopped
                self._show(Doing(task, f"{label} ({n + 1}/{len(names)}): {path.name}", n, len(names)))
                yield path
            self._show(Doing(task, f"{label}: xong {len(names)} tệp.", len(names), len(names)))

        return follow

    def _telling(self, task: str) -> Callable[[Step], None]:
        def tell(step: Step) -> None:
            if self._stop.is_set():
                raise _Stopped
            if step in _STEPS:
                self._show(Doing(task, _STEPS[step]))

        return tell

    def _read(self) -> None:
        new = self._unread()
        if not new:
            return
        self._show(Doing("doc", f"Đang đọc {len(new)} tệp", 0, len(new)))
        found = [Found(path, path.name) for path in new]
        try:
            with Kept(self.database) as kept:  # what is read here, the build need not read again
                told = gather(found, hash_files(found), kept, self._following("doc", "Đang đọc"), self._limits)
                texts = [_text(taken, kept) for taken in told[0]]
            texts = self._compared(texts, told[0])
        except _Stopped:
            return
        except Exception:  # whatever it is, each file is told of once, not tried again at every look at the page
            traceback.print_exc(file=sys.stderr)
            texts, told = [], ([], [Refusal(path.name, "Chương trình gặp lỗi khi đọc tệp.", _ADVICE) for path in new])
        looks = {path.name: Waiting(path.name, read=True) for path in new}
        for text in texts:
            name = text.shown.partition(STEP)[0]
            looks[name] = replace(looks[name], texts=(*looks[name].texts, text))
        for refusal in told[1]:
            name = refusal.path.partition(STEP)[0]
            looks[name] = replace(looks[name], refusals=(*looks[name].refusals, refusal))
        with self._lock:
            self._memory.looks.update(looks)

    def _compared(self, texts: Sequence[Text], taken: Sequence[Taken]) -> list[Text]:
        """Return the texts with what the base has of them already."""
        same = "SELECT duong_dan FROM tep WHERE sha256 = ? LIMIT 1"
        key = (
            "SELECT tep.duong_dan FROM van_ban JOIN tep ON tep.van_ban = van_ban.id"
            " WHERE van_ban.khoa = ? AND van_ban.trong_kho = 1 LIMIT 1"
        )
        found = []
        with suppress(StoreError, sqlite3.Error), closing(open_base(self.database)) as base:
            for text, one in zip(texts, taken, strict=True):
                twin = base.execute(same, [one.sha256]).fetchone()
                other = None if twin else base.execute(key, [one.owner.document.key]).fetchone()
                found.append(replace(text, twin=twin[0] if twin else "", other=other[0] if other else ""))
        return found if len(found) == len(texts) else list(texts)

    def _add(self, names: Sequence[str]) -> None:
        self._show(Doing("them", "Đang chuyển tệp vào kho"))
        moved: list[Path] = []
        try:
            for name in names:
                moved.append(files.move_into(self._file(name), self.folder, free_names(name, self.folder)))
            follow = self._following("them", "Đang đọc kho văn bản")

            tell = self._telling("them")
            summary = build(self.sources, self.database, follow, self._limits, self._swap, tell)
            outcome = self._told(moved, summary)
        except Exception as error:  # whatever it is, the files go back
            sentence = _STOPPED if isinstance(error, _Stopped) else str(error)
            if isinstance(error, OSError):
                sentence = _cannot_move(names[len(moved)] if len(moved) < len(names) else "", error)
            elif not isinstance(error, (_Stopped, CorpusError, StoreError, DeskError)):
                traceback.print_exc(file=sys.stderr)
                sentence = f"Chương trình gặp lỗi khi dựng dữ liệu. {_ADVICE}"
            outcome = Outcome(error=f"{sentence} {self._moved_back(moved, names)}")
        else:
            with self._lock:
                for name in names:
                    self._memory.looks.pop(name, None)
        with self._lock:
            self._memory.chosen.difference_update(names)
            self._memory.outcome = outcome

    def _rebuild(self) -> None:
        self._show(Doing("dung-lai", "Đang dựng lại dữ liệu theo các quyết định, danh mục"))
        begun = time.monotonic()
        while (now := time.monotonic()) < min(self._memory.decided + _QUIET, begun + _LONGEST):
            if self._stop.wait(min(self._memory.decided + _QUIET, begun + _LONGEST) - now):
                break
        with self._lock:
            self._waits_to_rebuild = False  # a decision from here on may come too late for this build
        failed = ""
        try:
            follow = self._following("dung-lai", "Đang dựng lại")
            build(self.sources, self.database, follow, self._limits, self._swap, self._telling("dung-lai"))
        except _Stopped:
            pass  # the next start builds it
        except (CorpusError, StoreError, OSError) as error:
            failed = str(error)
        except Exception:  # whatever it is, the decision is written and the old base serves on
            traceback.print_exc(file=sys.stderr)
            failed = f"Chương trình gặp lỗi khi dựng dữ liệu. {_ADVICE}"
        with self._lock:
            self._memory.rebuilds -= 1
            self._memory.failed = failed

    def _moved_back(self, moved: Sequence[Path], names: Sequence[str]) -> str:
        for path, name in zip(moved, names, strict=False):
            try:
                files.move_into(path, self.place, free_names(name, self.place))
            except OSError:
                return f"Kho cũ vẫn dùng được; tệp “{path.name}” còn ở thư mục “{self.folder.name}”."
        return "Kho cũ vẫn dùng được, các tệp còn nguyên ở danh sách chờ."

    def _told(self, moved: Sequence[Path], summary: Summary) -> Outcome:
        shown = {f"{self.folder.resolve().name}/{path.name}" for path in moved}
        refusals = tuple(r for r in summary.refusals if r.path.partition(STEP)[0] in shown)
        added: list[tuple[str, str]] = []
        count = 0
        with suppress(StoreError, sqlite3.Error), closing(open_base(self.database)) as base:
            for name in sorted(shown):
                count += base.execute(_COUNT_OF_FILE, _of_file(name)).fetchone()[0]
                if len(added) < _MOST_NAMED:
                    added += base.execute(_TEXTS_OF_FILE, [*_of_file(name), _MOST_NAMED - len(added)])
        return Outcome(tuple(added), count, refusals)

    # -- the folder ----------------------------------------------------------------------------------

    def _files(self) -> Iterator[Path]:
        """Yield the waiting files, oldest name first; a folder that is not there holds none."""
        try:
            entries = sorted(self.place.iterdir())
        except OSError:
            return
        yield from (path for path in entries if not is_noise(path.name) and path.is_file())

    def _unread(self) -> list[Path]:
        with self._lock:
            known = self._memory.looks.keys() | self._memory.chosen
        return [path for path in self._files() if path.name not in known]

    def _file(self, name: str) -> Path:
        path = next((path for path in self._files() if path.name == name), None)
        with self._lock:
            chosen = name in self._memory.chosen
        if path is None or (chosen and threading.current_thread() is not self._worker):
            raise DeskError(f"Tệp “{name}” không còn trong danh sách chờ.")
        return path


_FILE = "(tep.duong_dan = ? OR (tep.duong_dan >= ? AND tep.duong_dan < ?))"
_COUNT_OF_FILE = f"SELECT count(*) FROM tep WHERE {_FILE}"
_TEXTS_OF_FILE = (
    f"SELECT van_ban.id, van_ban.nhan FROM tep JOIN van_ban ON van_ban.id = tep.van_ban WHERE {_FILE}"
    " ORDER BY tep.duong_dan LIMIT ?"
)


def _of_file(name: str) -> list[str]:
    """Return the values of :data:`_FILE`: the file itself, and what lies in it where it is an archive."""
    return [name, f"{name}{STEP}", f"{name}{STEP[:-1]}{chr(ord(STEP[-1]) + 1)}"]


def _text(taken: Taken, kept: Kept) -> Text:
    notes = str(sheet_of(taken.filed, kept).lines["tep"][0][columns_of("tep").index("ghi_chu")])
    return Text(
        taken.owner.path, taken.owner.document, taken.owner.document.number, taken.counts, tuple(filter(None, [notes]))
    )


def _cannot_move(name: str, error: OSError) -> str:
    if isinstance(error, PermissionError):
        why = "chưa có quyền ghi, hoặc tệp đang mở ở chương trình khác"
    elif getattr(error, "errno", None) == 28:
        why = "ổ đĩa đã đầy"
    else:
        why = str(error.strerror or error)
    what = f"tệp “{name}”" if name else "các tệp"
    return f"Không chuyển được {what} vào kho: {why}."
