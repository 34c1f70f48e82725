"""The base as Datasette serves it: opened immutable, and opened anew by itself when another file takes its place.

Each file that lies at the path in turn is an *edition*. A query runs on a connection of the newest; connections of an
older one are closed as soon as the last query on it is done, so that no request fails and no file stays held. Where a
file that is open cannot be replaced (Windows), :meth:`Served.swap` lets the queries wait for that moment.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from datasette.database import Database

from graph import files
from graph.schema import VIEWS

T = TypeVar("T")

_PATIENCE = 30.0
"""Seconds that queries which are under way are given to end, and new ones wait, while the file is being replaced."""
_COUNTING_MS = 5000

Mark = tuple[int, int, int, int]


@dataclass(slots=True)
class _Edition:
    """One file that lies, or lay, at the path: what tells it from others, its idle connections, queries under way."""

    mark: Mark | None
    idle: list[sqlite3.Connection] = field(default_factory=list)
    busy: int = 0
    old: bool = False
    new: bool = False  # nobody has looked into it yet

    def rest(self) -> None:
        """Close the connections that nobody uses."""
        while self.idle:
            self.idle.pop().close()


class Served(Database):  # type: ignore[misc]
    """A base of Căn Cứ among the databases of Datasette."""

    def __init__(
        self, datasette: Any, path: Path, renewed: Callable[[sqlite3.Connection], None] = lambda _: None
    ) -> None:
        """Serve the file at ``path``, whichever lies there at the time of a query; ``renewed`` sees each later one."""
        super().__init__(datasette, str(path), is_mutable=False)
        self._path, self._renewed = path, renewed
        self._change = threading.Condition()
        self._edition = self._known = _Edition(_mark_of(path))
        self._shut = False

    @property
    def cached_table_counts(self) -> dict[str, int] | None:
        """Return the counts that are known; of tables alone: the page of the base takes a view for none."""
        counts = super().cached_table_counts
        return counts and {name: count for name, count in counts.items() if name not in VIEWS}

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Open the file; its address is escaped: folders may hold "#", "?" and "%"."""
        address = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``fn`` in a thread of Datasette with a connection to the newest edition."""

        def in_thread() -> T:
            with self._borrowed() as connection:
                return fn(connection)

        try:
            return await asyncio.get_running_loop().run_in_executor(self.ds.executor, in_thread)
        finally:
            self._forget_the_old()

    async def table_counts(self, limit: int = 10) -> Any:
        """Return the rows of each table; counted once an edition, so it may take longer than Datasette would allow."""
        with self._change:
            self._newest()  # Datasette would answer from what it knows before it asks the file anything
        self._forget_the_old()
        return await super().table_counts(max(limit, _COUNTING_MS))

    def swap(self, new: Path, old: Path) -> None:
        """Put ``new`` in the place of the base ``old``; a :data:`graph.store.Swap`.

        Raises:
            graph.files.HeldOpenError: another program holds the base open and the system does not allow that.
        """
        try:
            files.replace(new, old)
        except files.HeldOpenError:
            with self._let_go():
                files.replace(new, old)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with self._change:
            self._edition.rest()

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        with self._change:
            self._change.wait_for(lambda: not self._shut, _PATIENCE)
            edition = self._newest()
            edition.busy += 1
            connection = edition.idle.pop() if edition.idle else None
        try:
            if connection is None:
                connection = self.connect()
                self.ds._prepare_connection(connection, self.name)
                connection.text_factory = str  # all is UTF-8 here: no text need pass through Datasette's mending
            if edition.new:
                edition.new = False
                self._renewed(connection)
            yield connection
        finally:
            with self._change:
                edition.busy -= 1
                if connection is not None:
                    edition.idle.append(connection)
                if edition.old or self._shut:
                    edition.rest()
                self._change.notify_all()

    def _newest(self) -> _Edition:
        """Return the edition of the file that lies at the path now; a file that is gone is still served."""
        mark = _mark_of(self._path)
        if mark not in (None, self._edition.mark):
            self._edition.old = True
            self._edition.rest()
            self._edition = _Edition(mark, new=True)
        return self._edition

    def _forget_the_old(self) -> None:
        """Let Datasette find out anew what it knew of an older edition; between two of its steps, not amid one."""
        if self._known is not self._edition:
            self._known = self._edition
            (self.ds.inspect_data or {}).pop(self.name, None)
            self.cached_hash = self.cached_size = self._cached_table_counts = None

    @contextmanager
    def _let_go(self) -> Iterator[None]:
        """Hold no connection for a while: queries under way end first, others wait."""
        with self._change:
            self._shut = True
            self._change.wait_for(lambda: not self._edition.busy, _PATIENCE)
            self._edition.rest()
        try:
            yield
        finally:
            with self._change:
                self._shut = False
                self._change.notify_all()


def _mark_of(path: Path) -> Mark | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
