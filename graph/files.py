"""The only module that cares which system it runs on: replacing files, opening bases read-only.

Windows refuses to replace or delete a file that a program holds open; POSIX allows both.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterable
from pathlib import Path


class HeldOpenError(OSError):
    """The file cannot be replaced because another program holds it open (Windows)."""


def beside(path: Path) -> Path:
    """Return the name under which the next version of ``path`` is written, in the same folder."""
    return path.with_name(f"{path.name}.moi")


def waiting(path: Path) -> Path:
    """Return the folder beside the base ``path`` where files wait that are not documents of it yet."""
    return path.with_name(f"{path.name}.cho")


def running(path: Path) -> Path:
    """Return the name of the note beside the base ``path`` that says at which address it is being served."""
    return path.with_name(f"{path.name}.mo")


def replace(new: Path, old: Path) -> None:
    """Put ``new`` in the place of ``old`` in one step, after its content has reached the disk.

    Raises:
        HeldOpenError: ``old`` is open elsewhere and the system does not allow that; both files stay.
    """
    _sync(new)
    try:
        os.replace(new, old)
    except PermissionError as error:
        if old.exists():
            raise HeldOpenError(error.errno, str(error), str(old)) from error
        raise
    _sync_folder(old.parent)


def move_into(source: Path, folder: Path, names: Iterable[str]) -> Path:
    """Move a file into ``folder`` under the first of ``names`` that is free there, and return where it lies now.

    Nothing is written over: the name is taken by an empty file first. Across two disks the content is copied, and
    ``source`` goes when the copy has reached the disk.

    Raises:
        OSError: the file could not be moved; it is where it was.
    """
    target = _take_name(folder, names)
    try:
        try:
            os.replace(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            shutil.copy2(source, target)
            _sync(target)
            source.unlink()
    except OSError:
        if source.exists():
            target.unlink(missing_ok=True)
        raise
    _sync_folder(folder)
    return target


def _take_name(folder: Path, names: Iterable[str]) -> Path:
    for name in names:
        try:
            (folder / name).open("xb").close()
        except FileExistsError:
            continue
        return folder / name
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))


def remove(path: Path) -> None:
    """Delete ``path`` and the side files of SQLite; a file that is not there is fine."""
    for name in (path, Path(f"{path}-journal"), Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)


def is_read_only(path: Path) -> bool:
    """True when the file carries the read-only mark (Windows attribute, no write bit elsewhere), for any user."""
    return not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


def _sync(path: Path) -> None:
    with open(path, "rb+") as handle:
        os.fsync(handle.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too; Windows has no such call and needs none."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_read_only(path: Path) -> sqlite3.Connection:
    """Open an SQLite file so that nothing can be written to it."""
    return sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)
