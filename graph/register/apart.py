"""A list read in a process of its own, for the server: a file that hangs or swells costs one message, not the pages.

One process a list: it is started, asked over its pipes (:mod:`extract.read.worker`), and gone. It keeps the list
itself, in one transaction of the register, so that one which is ended half way has kept nothing.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from extract.read import limits as system
from extract.read import worker
from extract.read.limits import MOST_MEMORY, Limits
from extract.wire import WireError, dump, load, plain_values
from graph.register.model import RegisterError
from graph.register.trial import Taken, Trial, take_list, try_list

T = TypeVar("T")

COMMAND = worker.command("graph.register.apart")
LIMITS = Limits(memory=MOST_MEMORY, seconds=300)
"""A list of 100,000 rows takes some ten seconds; an old office machine is given its time."""


def try_apart(
    path: Path, told: Mapping[str, str], source: str, register: Path, limits: Limits = LIMITS
) -> Trial:  # fmt: skip
    """Do what :func:`graph.register.trial.try_list` does; errors as there, also where the limits are not enough."""
    return _ask(Trial, ["try", str(path), dict(told), source, "", "", str(register)], path.name, limits)


def take_apart(
    path: Path, told: Mapping[str, str], source: str, day: str, person: str, register: Path, limits: Limits = LIMITS
) -> Taken:
    """Do what :func:`graph.register.trial.take_list` does; errors as there, also where the limits are not enough."""
    return _ask(Taken, ["take", str(path), dict(told), source, day, person, str(register)], path.name, limits)


def _ask(kind: type[T], request: list[Any], name: str, limits: Limits) -> T:
    process = subprocess.Popen(
        [*COMMAND, str(limits.memory), str(limits.seconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env=worker.environment(), **system.popen_options(),
    )  # fmt: skip
    expired = threading.Event()

    def stop() -> None:
        expired.set()
        system.end_tree(process)

    timer = threading.Timer(limits.seconds, stop)
    timer.daemon = True
    timer.start()
    answer = None
    try:
        if process.stdin is not None and process.stdout is not None:
            worker.send(process.stdin, dump(request))
            answer = worker.receive(process.stdout)
    except (OSError, ValueError):
        answer = None
    finally:
        timer.cancel()
        timer.join()
        status = system.kill(process)
        worker.shut(process.stdin)
        worker.shut(process.stdout)
    if answer is None:
        slow = expired.is_set() or system.ran_out_of_time(status)
        raise RegisterError(_too_slow(name, limits) if slow else _too_big(name))
    try:
        if answer[:1] == b"+":
            return load(kind, answer[1:])
        raise RegisterError(str(plain_values(answer[1:])))
    except WireError as error:
        raise RegisterError(_too_big(name)) from error


def _too_slow(name: str, limits: Limits) -> str:
    return (
        f"Đọc danh mục “{name}” quá {limits.seconds:g} giây nên đã dừng, chưa ghi gì. Hãy tách thành nhiều tệp nhỏ hơn."
    )


def _too_big(name: str) -> str:
    return (
        f"Đọc danh mục “{name}” cần quá nhiều bộ nhớ, hoặc tệp hỏng, nên đã dừng; chưa ghi gì. "
        "Hãy mở bằng Excel, lưu lại, hoặc tách thành nhiều tệp nhỏ hơn."
    )


# --- the child's side -----------------------------------------------------------------------------


def main() -> None:
    """Answer one request."""
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    requests, answers = worker.take_pipes()
    request = worker.receive(requests)
    if request is None:
        return
    system.hold_memory(memory)
    system.hold_time(seconds)
    task, what, told, source, day, person, register = plain_values(request)
    path = Path(what)
    try:
        done = (
            try_list(path, told, source, Path(register)) if task == "try"
            else take_list(path, told, source, day, person, Path(register))
        )  # fmt: skip
        answer = b"+" + dump(done)
    except RegisterError as error:
        answer = b"-" + dump(str(error))
    except MemoryError:
        answer = b"-" + dump(_too_big(path.name))
    except Exception:  # whatever a library throws at a broken file
        answer = b"-" + dump(_failed(path.name))
    worker.send(answers, answer)


def _failed(name: str) -> str:
    return f"Tệp “{name}” có lỗi bên trong nên không đọc được, chưa ghi gì. Hãy mở bằng Excel rồi lưu lại thành .xlsx."


if __name__ == "__main__":
    main()
