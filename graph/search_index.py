"""The full-text index over the outline, made beside the base while this is written, by a process of its own.

What goes into it needs no other row of the base, so that a second processor is put to use; a few texts are indexed at
once without one. The words of the outline stand in ``muc`` alone, not a second time in the index, and in the index
once, without marks (SQLite folds case and all Vietnamese marks but đ, which is replaced here); beside them only those
with đ as it is typed. The separators of a number split it into words, so "08 NQ TU" finds 08-NQ/TU. Beginnings of two
letters are looked up, longer ones are few enough to gather; one segment is searched faster than many.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from extract.read import worker
from extract.read.limits import kill, popen_options
from extract.text import straighten
from graph import files

COMMAND = worker.command("graph.search_index")
HOW = "tokenize='unicode61 remove_diacritics 2', prefix='2'"
_CREATE = f"CREATE VIRTUAL TABLE muc_fts USING fts5(ma, co_d, khong_dau, content='', {HOW})"
_PARTS = ("data", "idx", "docsize", "config")
"""Tables of which SQLite makes a full-text index without content ("FTS5 Data Structures")."""
_UNSORTED = 32 << 20
"""Bytes of the index that are gathered in memory before they are sorted and written."""
_FEW = 1 << 20
"""So many letters are indexed sooner than a process starts."""
_BUNCH = 256 * 1024
"""Letters that are told to the process at once."""

Words = tuple[str, str]
"""Code and words of a unit."""


class SearchIndex:
    """Takes the words of units in the order of their rows; units are found by the number of their row in ``muc``."""

    def __init__(self, place: Path) -> None:
        """Nothing is written to ``place`` before there is much to write."""
        self._place = place
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: list[Words] = []
        self._letters = 0

    def add(self, units: Sequence[Words]) -> None:
        """Take the units that come next.

        Raises:
            sqlite3.OperationalError: the index cannot be written.
        """
        self._waiting += units
        self._letters += sum(len(words) for _, words in units)
        if self._letters > (_BUNCH if self._process else _FEW):
            self._send()

    def finish(self, connection: sqlite3.Connection) -> None:
        """Put the whole index into the base of ``connection``, where nothing reads it yet; errors as in :meth:`add`."""
        connection.execute(_CREATE)
        if self._process is None:
            _insert(connection, enumerate(self._waiting, 1))
            connection.execute("INSERT INTO muc_fts(muc_fts) VALUES ('optimize')")
            connection.commit()
            return
        self._send()
        self._tell(b"")
        if (answer := self._answer()) != _DONE:
            raise sqlite3.OperationalError(answer.decode())
        kill(self._process)
        connection.commit()
        connection.execute("ATTACH ? AS tim", [str(self._place)])
        for part in _PARTS:
            connection.execute(f"DELETE FROM main.muc_fts_{part}")
            connection.execute(f"INSERT INTO main.muc_fts_{part} SELECT * FROM tim.muc_fts_{part}")
        connection.commit()
        connection.execute("DETACH tim")

    def close(self) -> None:
        """End the process, if there is one, and delete what it wrote."""
        if self._process is not None:
            kill(self._process)
            for pipe in (self._process.stdin, self._process.stdout):
                worker.shut(pipe)
            with suppress(OSError):
                files.remove(self._place)

    def _send(self) -> None:
        if self._process is None:
            self._process = subprocess.Popen(
                [*COMMAND, str(self._place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=worker.environment(), **popen_options(),
            )  # fmt: skip
        if self._waiting:
            self._tell(msgspec.msgpack.encode(self._waiting))
        self._waiting, self._letters = [], 0

    def _tell(self, message: bytes) -> None:
        assert self._process is not None and self._process.stdin is not None
        try:
            worker.send(self._process.stdin, message)
        except OSError as error:
            raise sqlite3.OperationalError(self._answer().decode()) from error

    def _answer(self) -> bytes:
        assert self._process is not None and self._process.stdout is not None
        try:
            return worker.receive(self._process.stdout) or _DIED
        except (OSError, ValueError):
            return _DIED


_DONE = b"done"
_DIED = b"the process of the search index died"


def _insert(connection: sqlite3.Connection, units: Iterable[tuple[int, Words]]) -> None:
    connection.executemany("INSERT INTO muc_fts(rowid, ma, co_d, khong_dau) VALUES (?, ?, ?, ?)", _columns(units))


def _columns(units: Iterable[tuple[int, Words]]) -> Iterator[tuple[int, str, str, str]]:
    for number, (code, words) in units:
        text = straighten(words)
        with_d = " ".join([word for word in text.split() if "đ" in word or "Đ" in word])
        yield number, code, with_d, text.replace("đ", "d").replace("Đ", "D") if with_d else text


# --- the process --------------------------------------------------------------------------------------


def main() -> None:
    """Index what comes until the parent says that it is all, or is gone: then nothing stays."""
    place = Path(sys.argv[1])
    requests, answers = worker.take_pipes()
    try:
        answer = _DONE if _written(place, _messages(requests)) else b""
    except (sqlite3.Error, OSError) as error:
        answer = str(error).encode()
    if answer != _DONE:
        with suppress(OSError):
            files.remove(place)
    with suppress(OSError):
        worker.send(answers, answer)


def _messages(requests: worker.Pipe) -> Iterator[bytes | None]:
    while message := worker.receive(requests):
        yield message
    if message is None:
        yield None


def _written(place: Path, messages: Iterable[bytes | None]) -> bool:
    """Write the index; False when the parent is gone before the end."""
    files.remove(place)
    units = msgspec.msgpack.Decoder(list[Words])
    with closing(sqlite3.connect(place)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -8192"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(_CREATE)
        connection.execute("INSERT INTO muc_fts(muc_fts, rank) VALUES ('hashsize', ?)", [_UNSORTED])
        number = 1
        for message in messages:
            if message is None:
                return False
            found: Sequence[Words] = units.decode(message)
            _insert(connection, enumerate(found, number))
            number += len(found)
        connection.execute("INSERT INTO muc_fts(muc_fts) VALUES ('optimize')")
        connection.commit()
    return True


if __name__ == "__main__":
    main()
