"""Readers in a process of their own: a file that crashes, hangs or swells costs one message, not the program.

The parent starts ``python -m extract.read.child`` and asks it over standard input; both sides speak JSON, each message
after its length in eight bytes. Nothing the child says can run code here: it is checked against the types it should
have (:mod:`extract.wire`). A child that died is replaced when the next file comes.
"""

from __future__ import annotations

import importlib
import io
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from extract.model import Extraction, SourceText
from extract.read import limits as system
from extract.read import worker
from extract.read.archive import Member, list_members, read_member
from extract.read.intake import check, take
from extract.read.limits import Limits
from extract.read.result import ReadError
from extract.wire import WireError, dump, load, plain_values

T = TypeVar("T")

COMMAND: tuple[str, ...] = worker.command("extract.read.child")
"""How a child is started."""


class LimitError(ReadError):
    """A file asked for more than the limits allow, or ended its reader: the same again, unless the limits change."""


@dataclass(frozen=True, slots=True)
class _Extracted:
    extraction: Extraction


@dataclass(frozen=True, slots=True)
class _Listed:
    members: tuple[Member, ...]


class Child:
    """The parent's end: one reader process, started when first asked and again whenever it is gone.

    For one thread at a time.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        """Prepare a child that keeps ``limits``; nothing is started yet."""
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = 0

    def __enter__(self) -> Child:
        """Return the child itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.close()

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            system.kill(process)
            for pipe in (process.stdin, process.stdout):
                worker.shut(pipe)

    def read(self, path: Path, chain: Sequence[int] = (), name: str = "") -> SourceText:
        """Return a file, or the member of an archive that ``chain`` leads to, as text.

        Raises:
            ReadError: it cannot be read.
        """
        return self._ask(SourceText, "read", path, chain, name)

    def extract(self, path: Path, chain: Sequence[int] = (), name: str = "") -> Extraction:
        """Return all facts of a file or of a member of an archive; errors as in :meth:`read`."""
        return self._ask(_Extracted, "extract", path, chain, name).extraction

    def extract_text(self, text: str, name: str) -> Extraction:
        """Return all facts of a text that comes as such, with the limits of a file; errors as in :meth:`read`."""
        return self._asked(_Extracted, ["text", text, [], name], name).extraction

    def make(self, maker: str, path: Path, chain: Sequence[int] = (), name: str = "") -> bytes:
        """Return what ``make`` of the module ``maker`` makes of all facts of a file; errors as in :meth:`read`.

        It comes as the child gave it: who asked must look whether the bytes are what they should be.
        """
        return self._answered_with(["extract", str(path), list(chain), name or path.name, maker])

    def make_of_text(self, maker: str, text: str, name: str) -> bytes:
        """Return the same of a text that comes as such."""
        return self._answered_with(["text", text, [], name, maker])

    def members(self, path: Path, name: str = "") -> tuple[Member, ...]:
        """Return the files in an archive, none when the file is no archive; errors as in :meth:`read`."""
        return self._ask(_Listed, "list", path, (), name).members

    def _ask(self, kind: type[T], task: str, path: Path, chain: Sequence[int], name: str) -> T:
        shown = name or path.name
        return self._asked(kind, [task, str(path), list(chain), shown], shown)

    def _asked(self, kind: type[T], request: list[Any], shown: str) -> T:
        answer = self._answered_with([*request, ""])
        try:
            return load(kind, answer)
        except WireError as error:
            raise self.spoilt(shown) from error

    def spoilt(self, shown: str) -> ReadError:
        """Return the error of a child that answered with something else than it should; the child is ended."""
        self.close()
        return ReadError(_crashed(shown))

    def _answered_with(self, request: list[Any]) -> bytes:
        shown = request[3]
        answer = self._exchange(dump(request), shown)
        if answer[:1] == b"+":
            return answer[1:]
        try:
            word, sentence = plain_values(answer[1:])
        except (WireError, ValueError, TypeError) as error:
            raise self.spoilt(shown) from error
        if word == "limit":
            self.close()
            raise LimitError(str(sentence))
        raise ReadError(str(sentence))

    def _exchange(self, request: bytes, name: str) -> bytes:
        if self._answered >= self.limits.files:  # what a library leaks goes with its process
            self.close()
        process = self._process or self._start()
        expired = threading.Event()

        def stop() -> None:
            expired.set()
            system.kill(process)

        timer = threading.Timer(self.limits.seconds, stop)
        timer.daemon = True
        timer.start()
        answer = None
        try:
            if process.stdin is not None and process.stdout is not None:
                worker.send(process.stdin, request)
                answer = worker.receive(process.stdout)
        except (OSError, ValueError):
            answer = None
        finally:
            timer.cancel()
        if answer is not None and not expired.is_set():
            self._answered += 1
            return answer
        timer.join()
        status = system.kill(process)
        self.close()
        if expired.is_set() or system.ran_out_of_time(status):
            raise LimitError(_too_slow(name, self.limits))
        raise LimitError(_crashed(name))

    def _start(self) -> subprocess.Popen[bytes]:
        self._answered = 0
        self._process = subprocess.Popen(
            [*COMMAND, str(self.limits.memory), str(self.limits.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=worker.environment(),
            **system.popen_options(),
        )
        return self._process


def _too_slow(name: str, limits: Limits) -> str:
    return (
        f"Đọc tệp “{name}” quá {limits.seconds:g} giây nên đã dừng. "
        "Hãy tách tệp nhỏ hơn, lưu lại thành .docx, hoặc tăng thời hạn bằng --giay."
    )


def _too_big(name: str) -> str:
    return (
        f"Đọc tệp “{name}” cần quá nhiều bộ nhớ nên đã dừng: tệp quá lớn hoặc hỏng. "
        "Hãy tách tệp nhỏ hơn, hoặc mở tệp rồi lưu lại thành .docx."
    )


def _crashed(name: str) -> str:
    return (
        f"Bộ đọc dừng đột ngột khi mở tệp “{name}”: tệp hỏng, hoặc cần quá nhiều bộ nhớ. "
        "Hãy mở tệp bằng Word hay trình xem PDF, lưu lại thành tệp mới rồi thử lại."
    )


def _failed(name: str) -> str:
    return f"Tệp “{name}” có lỗi bên trong nên không đọc được. Hãy mở tệp bằng Word, lưu lại thành .docx rồi thử lại."


# --- the child's side -----------------------------------------------------------------------------


def main() -> None:
    """Answer requests until the parent is gone."""
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    requests, answers = worker.take_pipes()
    system.hold_memory(memory)
    while (request := worker.receive(requests)) is not None:
        system.hold_time(seconds)
        answer = _answer(*plain_values(request))
        system.hold_time(0)
        try:
            worker.send(answers, answer)
        except OSError:
            return


def _answer(task: str, what: str, chain: list[int], name: str, maker: str) -> bytes:
    try:
        done = _done(task, what, chain, name)
        return b"+" + (importlib.import_module(maker).make(done.extraction) if maker else dump(done))
    except MemoryError:
        return _refusal("limit", _too_big(name))
    except ReadError as error:
        return _refusal("error", str(error))
    except Exception:  # whatever a library throws at a broken file
        return _refusal("error", _failed(name))


def _refusal(word: str, sentence: str) -> bytes:
    return b"-" + dump([word, sentence])


def _done(task: str, what: str, chain: list[int], name: str) -> Any:
    """Do a task with ``what``: the words themselves for "text", else the path of a file."""
    from extract.read import read_bytes, read_text

    if task == "text":
        from extract.pipeline import extract

        return _Extracted(extract(read_text(what, name)))
    path = Path(what)
    if task == "list":
        return _Listed(_members(path))
    if chain:
        check(path)
        with path.open("rb") as archive:
            data = read_member(archive, chain, name)
    else:
        data = take(path)
    source = read_bytes(data, name)
    if task == "read":
        return source
    from extract.pipeline import extract

    return _Extracted(extract(source))


def _members(path: Path) -> tuple[Member, ...]:
    from extract.read.sniff import outer_kind, sniff

    data = take(path)
    if outer_kind(data[:64], path.name) != "archive" or sniff(data, path.name) != "zip":
        return ()
    return tuple(list_members(io.BytesIO(data), path.name))


if __name__ == "__main__":
    main()
