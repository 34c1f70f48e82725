"""Which server serves a base already: a note beside it, believed only when the address in it answers with its code."""

from __future__ import annotations

import json
import secrets
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from graph import files

PATH = "/-/can-cu"
_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Running:
    """A server at work: its address, a code of this run, whether documents may be added there."""

    address: str
    code: str
    editing: bool = False

    def words(self) -> bytes:
        """Return what the server answers at :data:`PATH`, and what the note says."""
        values = {"dia_chi": self.address, "ma": self.code, "them_van_ban": self.editing}
        return json.dumps(values, ensure_ascii=False).encode()


def new(address: str, editing: bool) -> Running:
    """Return the description of a server that starts now."""
    return Running(address, secrets.token_hex(8), editing)


def running_on(database: Path) -> Running | None:
    """Return the server that serves the base at ``database`` now, None when there is none."""
    note = _read(files.running(database))
    return note if note is not None and _answers(note) else None


@contextmanager
def noted(database: Path, server: Running) -> Iterator[None]:
    """Leave the note while the server runs; where nothing can be written it is served without."""
    note = files.running(database)
    with suppress(OSError):
        note.write_bytes(server.words())
    try:
        yield
    finally:
        with suppress(OSError):
            if _read(note) == server:  # another server may have taken over meanwhile
                note.unlink()


def _read(note: Path) -> Running | None:
    try:
        values = json.loads(note.read_bytes())
        found = Running(str(values["dia_chi"]), str(values["ma"]), values["them_van_ban"] is True)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.address.startswith("http://127.0.0.1:") else None


def _answers(server: Running) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through the proxy of the office
    try:
        with opener.open(server.address.rstrip("/") + PATH, timeout=_SECONDS) as answer:
            return bool(answer.read(4096) == server.words())
    except (OSError, ValueError):
        return False
