"""What a reader may use, and how the system is made to hold it: the only module of the readers that knows POSIX.

Where ``resource`` and process groups are missing (Windows), the wall clock of the parent and ``Popen.kill`` remain.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

MEBIBYTE = 1024 * 1024
MOST_MEMORY = 1024 * MEBIBYTE
_GRACE = 5
"""Seconds after which a reader stops by itself, when the parent that should have stopped it is gone."""

_end = math.inf
_resource: Any = importlib.import_module("resource") if importlib.util.find_spec("resource") else None


@dataclass(frozen=True, slots=True)
class Limits:
    """Memory (bytes of address space) and seconds (wall clock and processor) for one file; files for one process."""

    memory: int = 768 * MEBIBYTE
    seconds: float = 60.0
    files: int = 200

    def __post_init__(self) -> None:
        """Refuse limits that would limit nothing."""
        if not 0 < self.memory <= MOST_MEMORY or self.seconds <= 0 or self.files < 1:
            raise ValueError(f"no sensible limits: {self}")


def popen_options() -> dict[str, Any]:
    """Return how to start a process so that :func:`kill` reaches all that it starts in turn."""
    if hasattr(os, "setsid"):
        return {"start_new_session": True}
    return {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}


def kill(process: subprocess.Popen[bytes]) -> int:
    """End ``process`` and all it started at once, wait for it, and return its exit status (negative: the signal)."""
    if process.returncode is None:  # not waited for yet, so its number cannot have gone to another process
        end_tree(process)
    return process.wait()


def end_tree(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children, also where it has ended itself: LibreOffice starts its real program as a child.

    Not run on Windows, where ``taskkill`` follows the tree of processes.
    """
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):  # all gone already
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        with suppress(OSError):
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    with suppress(OSError):
        process.kill()


def ran_out_of_time(status: int) -> bool:
    """True when the system ended a process with this exit status because its time was up."""
    names = ("SIGXCPU", "SIGALRM")
    return status < 0 and -status in {int(getattr(signal, name)) for name in names if hasattr(signal, name)}


def hold_memory(memory: int) -> None:
    """Limit the address space of this process; a crash leaves no core file.

    Only the soft limit is set: a program that a reader calls (a word processor maps far more than it uses) may be
    given more by that reader.
    """
    if _resource is None:
        return
    _set_soft(_resource.RLIMIT_AS, memory)
    _set_soft(_resource.RLIMIT_CORE, 0)


@contextmanager
def more_memory(memory: int) -> Iterator[None]:
    """Let what is started inside map up to ``memory`` bytes, more than a reader may itself."""
    if _resource is None:
        yield
        return
    soft, hard = _resource.getrlimit(_resource.RLIMIT_AS)
    free = _resource.RLIM_INFINITY
    most = memory if hard == free else min(memory, hard)
    raised = soft != free and soft < most
    if raised:
        _resource.setrlimit(_resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        if raised:
            _resource.setrlimit(_resource.RLIMIT_AS, (soft, hard))


def hold_time(seconds: float) -> None:
    """Limit what this process may use from now on, until the next call; 0 lifts the alarm of the wall clock."""
    global _end
    _end = time.monotonic() + seconds if seconds else math.inf
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE if seconds else 0)
    if _resource is not None and seconds:
        used = _resource.getrusage(_resource.RUSAGE_SELF)
        _set_soft(_resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + 1)


def time_left() -> float:
    """Return the seconds until the time that :func:`hold_time` set is up, infinite when there is no such time."""
    return _end - time.monotonic()


def _set_soft(kind: int, value: int) -> None:
    _, hard = _resource.getrlimit(kind)
    soft = value if hard == _resource.RLIM_INFINITY else min(value, hard)
    with suppress(ValueError, OSError):  # a system that refuses (macOS for the address space) leaves the wall clock
        _resource.setrlimit(kind, (soft, hard))
