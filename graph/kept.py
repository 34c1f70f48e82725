"""What was read before, kept beside the base: an unchanged file is not read again.

One SQLite file of keys and compressed JSON. It decides nothing: without it the same base comes out, later. When it
cannot be had (a read-only folder, another build at work), a file of the moment takes its place.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import zlib
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from graph import files

_COMMIT_EVERY = 50


def place_of(database: Path) -> Path:
    """Return where the kept results of the base ``database`` lie."""
    return database.with_name(f"{database.name}.nho")


def key_of(*facts: object) -> str:
    """Return the key of what ``facts`` decide: hash of the file, place in its archive, name, program …"""
    return hashlib.sha256(json.dumps(facts, ensure_ascii=True).encode()).hexdigest()


class Kept:
    """Results by key; safe for several threads."""

    def __init__(self, database: Path) -> None:
        """Open what is kept for ``database``."""
        self._lock = threading.Lock()
        self._used: set[str] = set()
        self._unsaved = 0
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
        """Return what is kept under ``key``, None when there is nothing whole."""
        with self._lock:
            self._used.add(key)
            row = self._connection.execute("SELECT gia_tri FROM da_doc WHERE khoa = ?", [key]).fetchone()
        if row is None:
            return None
        try:
            return zlib.decompress(row[0])
        except (zlib.error, TypeError):
            return None

    def put(self, key: str, value: bytes) -> None:
        """Keep ``value`` under ``key``."""
        packed = zlib.compress(value, 1)
        with self._lock:
            self._used.add(key)
            self._connection.execute("INSERT OR REPLACE INTO da_doc VALUES (?, ?)", [key, packed])
            self._unsaved += 1
            if self._unsaved >= _COMMIT_EVERY:
                self._connection.commit()
                self._unsaved = 0

    def forget_the_rest(self) -> None:
        """Drop what was not asked for: files that are gone or changed."""
        with self._lock:
            known = [row[0] for row in self._connection.execute("SELECT khoa FROM da_doc")]
            gone = [[key] for key in known if key not in self._used]
            self._connection.executemany("DELETE FROM da_doc WHERE khoa = ?", gone)
            self._connection.commit()


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
