"""The only module that cares which system it runs on: replacing files, locks, opening bases read-only.

Windows refuses to replace or delete a file that a program holds open; POSIX allows both.
"""

from __future__ import annotations

import errno
import hashlib
import importlib
import importlib.util
import os
import re
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

_PAUSE = 0.2
"""Seconds between two looks at a lock that another program holds."""
_PATIENCE = 2.0
"""Seconds that a program which has locked a base is given to be done with it."""
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EINVAL, getattr(errno, "EOPNOTSUPP", errno.ENOSYS)})
"""What a file system answers that knows no locks: some network shares."""


def _system(name: str) -> Any:
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


_fcntl, _msvcrt = _system("fcntl"), _system("msvcrt")


class HeldOpenError(OSError):
    """The file cannot be replaced because another program holds it open (Windows)."""


def beside(path: Path) -> Path:
    """Return the name under which the next version of ``path`` is written, in the same folder."""
    return path.with_name(f"{path.name}.moi")


def searched(path: Path) -> Path:
    """Return the name of the file beside the base ``path`` in which the search index of its next version grows."""
    return path.with_name(f"{path.name}.tim")


def waiting(path: Path) -> Path:
    """Return the folder beside the base ``path`` where files wait that are not documents of it yet."""
    return path.with_name(f"{path.name}.cho")


PARTITIONS = ".phan"
"""How the folder of :func:`partitions` ends."""


def partitions(path: Path) -> Path:
    """Return the folder beside the base ``path`` for what the workers of a build on many machines read."""
    return path.with_name(path.name + PARTITIONS)


def fetched(path: Path) -> Path:
    """Return the folder beside the base ``path`` for copies of sources that lie elsewhere."""
    return path.with_name(f"{path.name}.tai")


def running(path: Path) -> Path:
    """Return the name of the note beside the base ``path`` that says at which address it is being served."""
    return path.with_name(f"{path.name}.mo")


def register_file(base: Path) -> Path:
    """Return the name of the register beside ``base``: the lists of documents that people import."""
    return base.with_name(f"{base.stem}.danh-muc.db")


def decisions_file(base: Path) -> Path:
    """Return the name of the file beside ``base`` with what people decided."""
    return base.with_name(f"{base.stem}.quyet-dinh.db")


def lock(path: Path) -> Path:
    """Return the name of the file beside the base ``path`` that the build at work on it has locked."""
    return path.with_name(f"{path.name}.khoa")


@contextmanager
def alone(path: Path, waiting: Callable[[], None]) -> Iterator[bool]:
    """Be the only build of the base ``path`` for the time of a ``with``; yields whether another had to be waited for.

    ``waiting`` is called again and again while another build is at work; what it raises ends the wait. The lock is
    one of the system, so it ends with the process that has it, however that ends: a file that a killed build leaves
    behind holds nobody up. A file system without locks is used without.

    Raises:
        OSError: nothing can be written beside the base.
    """
    place, waited = lock(path), False
    while (handle := _locked(place)) is None:
        waited = True
        waiting()
        time.sleep(_PAUSE)
    try:
        yield waited
    finally:
        if _msvcrt is None:  # while it is locked, so that nobody locks a file that is about to go
            place.unlink(missing_ok=True)
        handle.close()
        if _msvcrt is not None:
            with suppress(OSError):  # the next one has opened it already
                place.unlink(missing_ok=True)


def _locked(place: Path) -> IO[bytes] | None:
    """Return the open file ``place`` with the lock on it; None when somebody else has the lock."""
    handle = place.open("ab")
    try:
        if not _take_lock(handle) or not _lies_at(handle, place):
            handle.close()
            return None
    except BaseException:
        handle.close()
        raise
    return handle


def _take_lock(handle: IO[bytes]) -> bool:
    try:
        if _fcntl is not None:
            _fcntl.flock(handle, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
        elif _msvcrt is not None:
            handle.seek(0)
            _msvcrt.locking(handle.fileno(), _msvcrt.LK_NBLCK, 1)
    except OSError as error:
        return error.errno in _NO_LOCKS
    return True


def _lies_at(handle: IO[bytes], place: Path) -> bool:
    """True unless the file was deleted between opening and locking it, by the build that ended meanwhile."""
    try:
        return _msvcrt is not None or os.path.samestat(os.fstat(handle.fileno()), place.stat())
    except FileNotFoundError:
        return False


def hold(handle: IO[bytes]) -> None:
    """Hold an open file for as long as this process has it open, so that :func:`sweep` leaves it alone."""
    _take_lock(handle)


def sweep(folder: Path, pattern: re.Pattern[str]) -> int:
    """Delete the files of ``folder`` that a program which is gone left half written; return how many.

    Only ordinary files whose whole name fits ``pattern`` go, and none that a living process holds (:func:`hold`; where
    open files cannot be deleted, none that is open). A folder that is not there has none.
    """
    gone = 0
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            if not pattern.fullmatch(path.name) or path.is_symlink() or not path.is_file():
                continue
            with suppress(OSError):
                with path.open("rb+") as handle:
                    free = _take_lock(handle)
                    if free and _msvcrt is None:  # while it is held: nobody begins to write there meanwhile
                        path.unlink()
                if free:
                    path.unlink(missing_ok=True)
                    gone += 1
    return gone


def copy_of(path: Path) -> Path:
    """Return the name of the spare copy of ``path``, in the same folder."""
    return path.with_name(f"{path.name}.sao")


def put_new(new: Path, target: Path) -> None:
    """Give the whole file ``new`` the name ``target``, unless there is such a file already.

    Raises:
        FileExistsError: there is; ``new`` is where it was.
    """
    _sync(new)
    try:
        os.link(new, target)
    except FileExistsError:
        raise
    except OSError as error:  # a disk without hard links (FAT, some shares)
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        os.rename(new, target)
    else:
        new.unlink()
    _sync_folder(target.parent)


def replace(new: Path, old: Path) -> None:
    """Put ``new`` in the place of ``old`` in one step, after its content has reached the disk.

    Raises:
        HeldOpenError: ``old`` is open elsewhere and the system does not allow that; both files stay.
    """
    _sync(new)
    try:
        for name in side_files(old):  # of a program that died while it wrote there: SQLite would apply them to ``new``
            name.unlink(missing_ok=True)
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
    for name in (path, *side_files(path)):
        name.unlink(missing_ok=True)


def side_files(path: Path) -> list[Path]:
    """Return the names of the files that SQLite keeps beside ``path`` while it is written."""
    return [Path(f"{path}{end}") for end in ("-journal", "-wal", "-shm")]


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
    return sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True, timeout=_PATIENCE)


_NICER = 10
_BELOW_NORMAL = 0x4000
"""BELOW_NORMAL_PRIORITY_CLASS of the Windows function SetPriorityClass."""


def yield_to_others() -> None:
    """Let other programs, and the server that waits for this one, go first from now on."""
    with suppress(OSError, AttributeError):
        if hasattr(os, "nice"):
            os.nice(_NICER)
        else:
            kernel: Any = importlib.import_module("ctypes").windll.kernel32
            kernel.SetPriorityClass(importlib.import_module("ctypes").c_void_p(-1), _BELOW_NORMAL)  # -1: this process


def may_be_sqlite(path: Path) -> bool:
    """True when the file begins as an SQLite file does, or with what a damaged disk leaves of it: zeros, nothing."""
    with path.open("rb") as handle:
        start = handle.read(len(_MAGIC))
    return _MAGIC.startswith(start) or not any(start)


_MAGIC = b"SQLite format 3\0"
_HEAD = 100
_PAGE_SIZE, _PAGES = slice(16, 18), slice(28, 32)


def is_cut(path: Path) -> bool:
    """True when the SQLite file is shorter than its own head says: a copy or a disk that stopped half way.

    Offsets: the database header of the SQLite file format.
    """
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    if len(head) < _HEAD or not head.startswith(_MAGIC):
        return True
    size = int.from_bytes(head[_PAGE_SIZE], "big")
    return path.stat().st_size < int.from_bytes(head[_PAGES], "big") * (65_536 if size == 1 else size)


def digest(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def fullest(path: Path) -> Path:
    """Return the fullest folder of those that a build of ``path`` writes to: its own, and the temporary one of SQLite.

    Which folder that is: "Temporary Files Used By SQLite", section 5, of the SQLite documentation.
    """
    named = os.environ.get("SQLITE_TMPDIR") or os.environ.get("TMPDIR")
    common = next((folder for folder in ("/var/tmp",) if _msvcrt is None and os.path.isdir(folder)), None)
    own, temporary = path.absolute().parent, Path(named or common or tempfile.gettempdir())
    try:
        return min((own, temporary), key=lambda folder: shutil.disk_usage(folder).free)
    except OSError:
        return own
