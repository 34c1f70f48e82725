"""CPU seconds of a process by what it does."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

MAKING = "rows made"
_SOME = 2000
"""Rows that are held at a time: to have all would be another measure."""


class Stages:
    """CPU seconds of this thread by stage; an inner stage is taken off the outer one."""

    def __init__(self) -> None:
        """Begin with none."""
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.rows = 0
        self._open: list[float] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what is done within as ``name``."""
        start = time.thread_time()
        self._open.append(0.0)
        try:
            yield
        finally:
            spent = time.thread_time() - start
            self.seconds[name] += spent - self._open.pop()
            if self._open:
                self._open[-1] += spent

    @property
    def shares(self) -> dict[str, float]:
        """The seconds of each stage, most first."""
        return dict(sorted(self.seconds.items(), key=lambda item: -item[1]))

    def watch(self, owner: Any, name: str, stage: str) -> None:
        """Count what ``owner.name`` spends as ``stage``."""
        real: Callable[..., Any] = getattr(owner, name)

        def watched(*given: Any, **named: Any) -> Any:
            with self.stage(stage):
                return real(*given, **named)

        setattr(owner, name, watched)


def watch_load(stages: Stages) -> None:
    """Count what writing a base spends: rows put, indexes, search index; and, apart from it, what makes the rows."""
    from graph import store
    from graph.search_index import SearchIndex

    stages.watch(store, "_index", "indexes")
    stages.watch(SearchIndex, "add", "search index")
    stages.watch(SearchIndex, "finish", "search index")
    stages.watch(store, "_index_documents", "search index")
    real = store.Put.lines

    def lines(self: store.Put, table: str, lines: Iterable[Sequence[Any]]) -> None:
        rows = iter(lines)
        while True:
            with stages.stage(MAKING):
                some = list(islice(rows, _SOME))
            if not some:
                return
            stages.rows += len(some)
            with stages.stage("rows put"):
                real(self, table, some)

    store.Put.lines = lines  # type: ignore[method-assign]
