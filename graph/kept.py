"""What was read before, kept beside the base: an unchanged file is not read again.

One SQLite file of keys and compressed JSON. It decides nothing: without it the same base comes out, later. When it
cannot be had (a read-only folder, a server that reads new files at this moment), a file of the moment takes its place.
What is read is saved at once or almost, so that a build that is killed loses no more than :data:`_COMMIT_AFTER`.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
import zlib
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType

from graph import files

_COMMIT_EVERY = 50
_COMMIT_AFTER = 0.2
"""Seconds of work after which it is saved; each save costs a tenth of a millisecond or, on Windows, a few."""


class KeptError(Exception):
    """What is kept cannot be used; ``damaged``: it is not what was written, so that it helps to begin anew."""

    def __init__(self, words: str, *, damaged: bool) -> None:
        """``words`` are those of the system, for the message."""
        super().__init__(words)
        self.damaged = damaged


def place_of(database: Path) -> Path:
    """Return where the kept results of the base ``database`` lie."""
    return database.with_name(f"{database.name}.nho")


def packed(value: bytes) -> bytes:
    """Return ``value`` as it is kept: compressed little, since the disk is not what a build waits for."""
    return zlib.compress(value, 1)


def key_of(*facts: object) -> str:
    """Return the key of what ``facts`` decide: hash of the file, place in its archive, name, program …"""
    return hashlib.sha256(json.dumps(facts, ensure_ascii=True).encode()).hexdigest()


class Kept:
    """Results by key; safe for several threads."""

    def __init__(self, database: Path) -> None:
        """Open what is kept for ``database``."""
        self._lock = threading.Lock()
        self._used: set[int] = set()  # short marks of the keys that were asked for and found
        self._unsaved, self._saved = 0, time.monotonic()
        self._connection = _open(place_of(database))

    def __enter__(self) -> Kept:
        """Return the store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Save and close; also after an error, so that the next build goes on where this one stopped."""
        with suppress(sqlite3.Error):
            self._connection.commit()
        self._connection.close()

    def get(self, key: str) -> bytes | None:
        """Return what is kept under ``key``, None when there is nothing whole.

        Raises:
            KeptError: the file is damaged.
        """
        with self._lock:
            row = self._asked("SELECT gia_tri FROM da_doc WHERE khoa = ?", [key]).fetchone()
            if row is not None:
                self._used.add(_mark(key))
        return _unpacked(row)

    def has(self, key: str) -> bool:
        """True when something is kept under ``key``, whole or not; errors as in :meth:`get`."""
        with self._lock:
            found = self._asked("SELECT 1 FROM da_doc WHERE khoa = ?", [key]).fetchone() is not None
            if found:
                self._used.add(_mark(key))
        return found

    def put(self, key: str, value: bytes) -> None:
        """Keep ``value`` under ``key``.

        Raises:
            KeptError: the disk is full, or the file is damaged.
        """
        self.put_packed({key: packed(value)})

    def put_packed(self, values: Mapping[str, bytes]) -> None:
        """Keep all of ``values`` by key or none; they are :func:`packed` already. Errors as in :meth:`put`."""
        with self._lock:
            for key, value in values.items():
                self._used.add(_mark(key))
                self._asked("INSERT OR REPLACE INTO da_doc VALUES (?, ?)", [key, value])
            self._unsaved += 1
            if self._unsaved >= _COMMIT_EVERY or time.monotonic() - self._saved >= _COMMIT_AFTER:
                self._save()

    def save(self) -> None:
        """Have all that was put on the disk; errors as in :meth:`put`."""
        with self._lock:
            self._save()

    def forget_the_rest(self) -> None:
        """Drop what was not asked for: files that are gone or changed; errors as in :meth:`put`."""
        with self._lock:
            known = [row[0] for row in self._asked("SELECT khoa FROM da_doc").fetchall()]
            for key in known:
                if _mark(key) not in self._used:
                    self._asked("DELETE FROM da_doc WHERE khoa = ?", [key])
            self._save()

    def _save(self) -> None:
        try:
            self._connection.commit()
        except sqlite3.Error as error:
            raise _told(error) from error
        self._unsaved, self._saved = 0, time.monotonic()

    def _asked(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, values)
        except sqlite3.Error as error:
            raise _told(error) from error


def _mark(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=7).digest(), "big")


def discard(database: Path) -> None:
    """Delete what is kept for ``database``; a file that is held open stays."""
    with suppress(OSError):
        files.remove(place_of(database))


def look(database: Path, key: str) -> bytes | None:
    """Return what is kept for ``database`` under ``key`` without taking hold of it; None also when that is not told."""
    place = place_of(database)
    try:
        if not place.is_file():
            return None
        with closing(files.open_read_only(place)) as connection:
            return _unpacked(connection.execute("SELECT gia_tri FROM da_doc WHERE khoa = ?", [key]).fetchone())
    except (OSError, sqlite3.Error):
        return None


def _unpacked(row: tuple[bytes] | None) -> bytes | None:
    try:
        return None if row is None else zlib.decompress(row[0])
    except (zlib.error, TypeError):
        return None


def _told(error: sqlite3.Error) -> KeptError:
    return KeptError(str(error), damaged=not isinstance(error, sqlite3.OperationalError))


def _open(path: Path) -> sqlite3.Connection:
    for attempt in range(2):
        connection = None
        try:
            connection = _prepared(str(path))
            return connection
        except sqlite3.DatabaseError as error:
            damaged = not isinstance(error, sqlite3.OperationalError)
            if attempt or not damaged:
                break
            with suppress(OSError):
                files.remove(path)
    return _prepared("")  # SQLite's own temporary file, gone when closed


def _prepared(place: str) -> sqlite3.Connection:
    connection = sqlite3.connect(place, timeout=0.2, check_same_thread=False)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("CREATE TABLE IF NOT EXISTS da_doc (khoa TEXT PRIMARY KEY, gia_tri BLOB NOT NULL)")
        connection.execute("DELETE FROM da_doc WHERE khoa = ''")  # takes the lock, or finds it taken
        connection.commit()
    except sqlite3.Error:
        connection.close()
        raise
    return connection
