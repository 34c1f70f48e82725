"""A build in a process of its own, so that a server which rebuilds its base answers as quickly as before.

Both sides speak over the pipes of the child (:mod:`extract.read.worker`). The child tells each step and file; to put
the new base in the place of the old one it asks the parent, which alone knows who reads the old one. Where the pipe
ends the other side is gone: the child stops, and the old base stays.
"""

from __future__ import annotations

import _thread
import queue
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from extract.read import worker
from extract.read.limits import Limits, kill, popen_options
from extract.wire import WireError, dump, load, plain_values
from graph import corpus, files
from graph.corpus import CorpusError, Step, Summary, Tell
from graph.gather import Progress
from graph.store import StoreError, Swap

COMMAND = worker.command("graph.apart")
_PAUSE = 0.2
"""Seconds after which ``tell`` hears again that the build is still at the same step."""
_PATIENCE = 5.0
"""Seconds that a child which is told to stop has to tidy up."""
_DIED = (
    "Tiến trình dựng dữ liệu dừng đột ngột, có thể vì máy hết bộ nhớ. "
    "Hãy đóng bớt chương trình rồi thử lại; cơ sở dữ liệu cũ còn nguyên."
)


class ApartError(Exception):
    """The child met a fault of the program, which it has written to standard error."""


def build(
    paths: Sequence[Path],
    database: Path,
    progress: Progress = iter,
    limits: Limits | None = None,
    swap: Swap = files.replace,
    tell: Tell = lambda _: None,
    *,
    may_be_empty: bool = False,
) -> Summary:
    """Do what :func:`graph.corpus.build` does, in a process of its own with less claim to the processors.

    ``progress``, ``swap`` and ``tell`` are called in this process; ``tell`` also again and again within a step, and
    what it or ``progress`` raises stops the child.

    Raises:
        CorpusError: nothing could be read.
        graph.store.StoreError: the base could not be written, or the child died.
        ApartError: a fault of the program.
    """
    child = _Child()
    try:
        limits = limits or Limits()
        held = [limits.memory, limits.seconds, limits.files]
        child.send([[str(path) for path in paths], str(database), held, may_be_empty])
        return _followed(child, database, progress, swap, tell)
    finally:
        child.close()
        with suppress(OSError, _BusyError), files.alone(database, _give_up):
            for left in (files.beside(database), files.searched(database)):  # where a child had to be killed
                files.remove(left)


class _BusyError(Exception):
    pass


def _give_up() -> None:
    raise _BusyError


def _followed(child: _Child, database: Path, progress: Progress, swap: Swap, tell: Tell) -> Summary:
    following: Iterator[Path] = iter(())
    step: Step = "reading"
    while True:
        message = child.receive()
        if message is None:
            tell(step)
            continue
        if message[:1] == b"+":
            return load(Summary, message[1:])
        word, value = plain_values(message[1:])
        if word == "step":
            step = value
            if step == "writing":
                _exhaust(following)
            tell(step)
        elif word == "files":
            following = iter(progress([Path(name) for name in value]))
        elif word == "file":
            next(following, None)
        elif word == "swap":
            child.send(_swapped(database, swap))
        else:
            raise {"corpus": CorpusError, "store": StoreError}.get(word, ApartError)(value)


def _exhaust(items: Iterable[Path]) -> None:
    for _ in items:
        pass


def _swapped(database: Path, swap: Swap) -> list[Any]:
    """Put the new base in its place; return what went wrong, as the child is told."""
    try:
        swap(files.beside(database), database)
    except files.HeldOpenError as error:
        return ["held", error.errno or 0, str(error)]
    except OSError as error:
        return ["error", error.errno or 0, str(error)]
    return ["done", 0, ""]


class _Child:
    """The process, and a thread that listens to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=worker.environment(), **popen_options()
        )
        self._heard: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def send(self, message: Any) -> None:
        """Tell the child something; one that is gone is found by :meth:`receive`."""
        if self._process.stdin is not None:
            with suppress(OSError):
                worker.send(self._process.stdin, dump(message))

    def receive(self) -> bytes | None:
        """Return what the child says, None when it has said nothing for a while.

        Raises:
            StoreError: the child is gone.
        """
        try:
            message = self._heard.get(timeout=_PAUSE)
        except queue.Empty:
            return None
        if message is None:
            raise StoreError(_DIED)
        return message

    def close(self) -> None:
        """End the child: by closing its pipe, and when it does not stop by force."""
        worker.shut(self._process.stdin)
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            kill(self._process)
        self._listener.join(_PATIENCE)
        worker.shut(self._process.stdout)

    def _listen(self) -> None:
        with suppress(OSError, ValueError):
            while self._process.stdout is not None and (message := worker.receive(self._process.stdout)) is not None:
                self._heard.put(message)
        self._heard.put(None)


# --- the child's side -----------------------------------------------------------------------------


class _Parent:
    """The pipes to the parent."""

    def __init__(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        self._requests, self._answers = requests, answers
        self._heard: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._done = False
        threading.Thread(target=self._listen, daemon=True).start()

    def say(self, word: str, value: Any = "") -> None:
        """Tell the parent something."""
        worker.send(self._answers, b"-" + dump([word, value]))

    def finish(self, message: bytes) -> None:
        """Tell the parent the end; that it closes the pipe then is no reason to stop."""
        self._done = True
        worker.send(self._answers, message)

    def ask(self, word: str) -> list[Any]:
        """Tell the parent something and return its answer."""
        self.say(word)
        return self.hear()

    def hear(self) -> list[Any]:
        """Return the next message of the parent.

        Raises:
            BrokenPipeError: it is gone.
        """
        message = self._heard.get()
        if message is None:
            raise BrokenPipeError
        found: list[Any] = plain_values(message)
        return found

    def _listen(self) -> None:
        with suppress(OSError, ValueError):
            while (message := worker.receive(self._requests)) is not None:
                self._heard.put(message)
        self._heard.put(None)
        if not self._done:  # the parent is gone, or wants no more
            _thread.interrupt_main()


def main() -> None:
    """Build what the parent asks for."""
    files.yield_to_others()
    # a server started in the background of a shell, or by a service, has told its children to ignore this signal
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parent = _Parent(*worker.take_pipes())
    try:
        with suppress(OSError, WireError):
            _answer(parent)
    except KeyboardInterrupt:  # the base is as it was, nothing is left beside it
        sys.exit(1)


def _answer(parent: _Parent) -> None:
    paths, database, held, may_be_empty = parent.hear()

    def progress(names: Iterable[Path]) -> Iterator[Path]:
        listed = list(names)
        parent.say("files", [str(name) for name in listed])
        for name in listed:
            parent.say("file")
            yield name

    def swap(new: Path, old: Path) -> None:
        word, number, words = parent.ask("swap")
        if word != "done":
            raise (files.HeldOpenError if word == "held" else OSError)(number, words, str(old))

    def tell(step: Step) -> None:
        parent.say("step", step)

    try:
        summary = corpus.build(
            [Path(path) for path in paths], Path(database), progress, Limits(*held), swap, tell,
            may_be_empty=may_be_empty,
        )  # fmt: skip
    except CorpusError as error:
        parent.finish(b"-" + dump(["corpus", str(error)]))
    except StoreError as error:
        parent.finish(b"-" + dump(["store", str(error)]))
    except Exception as error:  # whatever it is, the parent must hear of it
        traceback.print_exc(file=sys.stderr)
        parent.finish(b"-" + dump(["fault", type(error).__name__]))
    else:
        parent.finish(b"+" + dump(summary))


if __name__ == "__main__":
    main()
