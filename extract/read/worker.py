"""How a helper process of this package is started and spoken to: messages over its pipes, each after its length."""

from __future__ import annotations

import io
import os
import struct
import sys
from pathlib import Path
from typing import IO

LENGTH = struct.Struct(">Q")
_MOST = 512 * 1024 * 1024
Pipe = IO[bytes]


def command(module: str) -> tuple[str, ...]:
    """Return how ``module`` is run; ``-P`` keeps the folder the user stands in out of what is imported."""
    return (sys.executable, "-P", "-m", module)


def environment() -> dict[str, str]:
    """Return the environment of a helper: it must find this very package, also in a bare checkout."""
    root = Path(__file__).resolve().parents[2]
    found = dict(os.environ)
    if root.name not in ("site-packages", "dist-packages"):
        found["PYTHONPATH"] = os.pathsep.join(filter(None, (str(root), found.get("PYTHONPATH"))))
    return found


def send(pipe: IO[bytes], message: bytes) -> None:
    """Write a message.

    Raises:
        OSError: the other side is gone.
    """
    pipe.write(LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """Return the next message, None when the other side is gone.

    Raises:
        ValueError: it claims to be longer than any message is.
    """
    start = pipe.read(LENGTH.size)
    if len(start) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(start)
    if length > _MOST:
        raise ValueError("a message beyond all measure")
    message = pipe.read(length)
    return message if len(message) == length else None


def shut(pipe: IO[bytes] | None) -> None:
    """Close a pipe, whatever is on its other side."""
    if pipe is None:
        return
    try:
        pipe.close()
    except OSError:  # what was still to be written has no reader any more
        return


def take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return the pipes to the parent, and leave none to the libraries that print to standard output."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    sys.stdin, sys.stdout = io.StringIO(), io.StringIO()
    return requests, answers
