"""The files that a base has beside it, so that nobody takes them for documents."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graph import files
from graph.kept import place_of
from graph.store import StoreError, read_facts

_SQLITE = b"SQLite format 3\0"
_PEOPLE = tuple(named(Path("x")).name.removeprefix("x") for named in (files.register_file, files.decisions_file))
"""How the names of the two files end in which people's own work lies: they may be there before the base is."""


def own_files(database: Path) -> tuple[Path, ...]:
    """Return the base ``database`` and all that may lie beside it, whether or not it is there."""
    beside = (
        place_of, files.beside, files.searched, files.waiting, files.running, files.lock, files.register_file,
        files.fetched,
    )  # fmt: skip
    decisions = files.decisions_file(database)
    return database, *(of(database) for of in beside), decisions, files.copy_of(decisions)


def bases_among(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the bases among files of a folder, and those of which only lists or decisions are there yet.

    A database of another program is none: what it is doing there should be told.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not _is_sqlite(path):
            continue
        ending = next((ending for ending in _PEOPLE if path.name.endswith(ending)), "")
        if ending:
            found[path.with_name(path.name.removesuffix(ending) + ".db")] = None
        elif _is_base(path):
            found[path] = None
    return tuple(found)


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as handle:
            return handle.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def _is_base(path: Path) -> bool:
    try:
        return "phien_ban_luoc_do" in read_facts(path)
    except StoreError:  # somebody writes there at this moment
        return False
