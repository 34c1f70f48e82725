"""The file of the register, beside the base: lists with their source, each row as it was read.

One import is one transaction that has reached the disk when it returns; another list of the same source takes the
place of the old one. The base reads the entries when it is built. Who imported or took away which list, when and why,
stays in the history (:mod:`history`).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from graph import files
from graph.register import history
from graph.register.differences import Differences, differences
from graph.register.model import Entry, Known, ListFacts, Problem, RegisterError

_SCHEMA = "1"
_WAIT = 10.0
_COLUMNS: dict[str, str] = {
    "row": "dong", "number": "so_ky_hieu", "type": "loai", "date": "ngay_ban_hanh", "issuer": "co_quan",
    "title": "trich_yeu", "in_force": "hieu_luc_tu", "ended": "het_hieu_luc", "status": "tinh_trang",
    "replaced_by": "thay_the_boi", "amended_by": "sua_doi_boi", "repealed_by": "bai_bo_boi", "reason": "ly_do",
    "ended_parts": "phan_het_hieu_luc", "sheet": "trang_tinh",
}  # fmt: skip
_LIST = "id, nguon, ngay, tep, sha256, nhap_luc, so_dong, so_bo_qua"


@dataclass(frozen=True, slots=True)
class Saved:
    """What an import did: its number in the history, the list whose place it took, what it brought against that."""

    number: int
    replaced: ListFacts | None
    differences: Differences


def save(
    path: Path, facts: ListFacts, entries: Sequence[Entry], person: str = "", problems: Sequence[Problem] = ()
) -> Saved:
    """Keep a list in the register at ``path``, in the place of that of the same source.

    ``person`` imports it; ``problems`` are kept with the history.

    Raises:
        RegisterError: the file cannot be written, is locked, or is no register.
    """
    with _writing(path) as connection:
        old = _one(connection, facts.source)
        found = differences(_entries(connection, old.id) if old else (), entries)
        if old:
            _drop(connection, old.id)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        list_id = connection.execute(
            "INSERT INTO danh_sach (nguon, ngay, tep, sha256, nhap_luc, so_dong, so_bo_qua)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (facts.source, facts.date, facts.file, facts.sha256, now, len(entries), facts.refused),
        ).lastrowid
        names = ", ".join(("danh_sach", *_COLUMNS.values()))
        connection.executemany(
            f"INSERT INTO dong ({names}) VALUES ({', '.join('?' * (len(_COLUMNS) + 1))})",
            ((list_id, *(getattr(entry, name) for name in _COLUMNS)) for entry in entries),
        )
        done = history.REPLACED if old else history.IMPORTED
        kept = replace(facts, entries=len(entries))
        number = history.write(connection, done, kept, person, "", found, problems)
        return Saved(number, old, found)


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out: its number in the history, and the list."""

    number: int
    list: ListFacts


def remove(path: Path, source: str, person: str, reason: str) -> Removed:
    """Take the list of ``source`` out of the register; why, and by whom, stays in the history.

    Raises:
        RegisterError: there is no such list, nobody is named or no reason given; else as in :func:`save`.
    """
    if not person.strip() or not reason.strip():
        raise RegisterError("Hãy ghi họ tên người gỡ và lý do gỡ danh mục.")
    with _writing(path) as connection:
        old = _one(connection, source)
        if old is None:
            raise RegisterError(f"Không có danh mục “{source}”. Có thể danh mục vừa được gỡ hoặc nhập lại tên khác.")
        _drop(connection, old.id)
        gone = Differences(gone=old.entries)
        return Removed(history.write(connection, history.REMOVED, old, person, reason, gone, ()), old)


def against(path: Path, source: str, entries: Sequence[Entry]) -> tuple[ListFacts | None, Differences]:
    """Return the list of ``source`` and what ``entries`` would bring against it; errors as in :func:`lists_of`."""
    with _opened(path) as connection:
        old = _one(connection, source) if connection is not None else None
        held = _entries(connection, old.id) if old is not None and connection is not None else ()
        return old, differences(held, entries)


def past(path: Path, limit: int) -> tuple[history.Event, ...]:
    """Return what was done to the register, newest first; errors as in :func:`lists_of`."""
    with _opened(path) as connection:
        return () if connection is None else history.read(connection, limit)


def event(path: Path, number: int) -> history.Event | None:
    """Return one thing that was done to the register; errors as in :func:`lists_of`."""
    with _opened(path) as connection:
        return None if connection is None else history.one(connection, number)


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a transaction on the register, which is made where there is none."""
    if not path.parent.is_dir():
        raise RegisterError(f"Không có thư mục “{path.parent}”. Hãy tạo thư mục đó, hoặc chọn nơi khác bằng --db.")
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("BEGIN IMMEDIATE")
            try:
                _ensure(connection, path)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
    except (sqlite3.Error, OSError) as error:
        raise RegisterError(_why(path, error)) from error


def lists_of(path: Path) -> tuple[ListFacts, ...]:
    """Return the lists of the register, in the order of their sources; none where there is no register.

    Raises:
        RegisterError: the file cannot be read.
    """
    with _opened(path) as connection:
        if connection is None:
            return ()
        return tuple(map(_facts, connection.execute(f"SELECT {_LIST} FROM danh_sach ORDER BY nguon")))


def numbers_of(path: Path) -> list[tuple[int, str]]:
    """Return (id, number) of every entry, the newest list first; errors as in :func:`lists_of`."""
    with _opened(path) as connection:
        if connection is None:
            return []
        return connection.execute(
            "SELECT d.id, d.so_ky_hieu FROM dong d JOIN danh_sach s ON s.id = d.danh_sach"
            " ORDER BY s.ngay DESC, s.id DESC, d.id"
        ).fetchall()


def entries_of(path: Path, ids: Sequence[int] | None = None) -> Iterator[Known]:
    """Yield entries by id, all of them (the newest list first) for None; errors as in :func:`lists_of`."""
    columns = ", ".join(f"d.{column}" for column in _COLUMNS.values())
    with _opened(path) as connection:
        if connection is None:
            return
        lists = {facts.id: facts for facts in map(_facts, connection.execute(f"SELECT {_LIST} FROM danh_sach"))}
        select = f"SELECT d.id, d.danh_sach, {columns} FROM dong d JOIN danh_sach s ON s.id = d.danh_sach"
        if ids is None:
            yield from (
                _known(row, lists) for row in connection.execute(f"{select} ORDER BY s.ngay DESC, s.id DESC, d.id")
            )
            return
        for one in ids:
            yield from (_known(row, lists) for row in connection.execute(f"{select} WHERE d.id = ?", (one,)))


def mark_of(path: Path) -> str:
    """Return a hash of what the register holds, "" for none: a base that was built with another one is rebuilt."""
    if not path.is_file():
        return ""
    try:
        lists = [(facts.id, facts.source, facts.date, facts.sha256, facts.imported) for facts in lists_of(path)]
    except RegisterError:
        return "?"  # a build says why
    return hashlib.sha256(repr(lists).encode()).hexdigest() if lists else ""


def _known(row: Sequence[object], lists: dict[int, ListFacts]) -> Known:
    values = dict(zip(_COLUMNS, row[2:], strict=True))
    return Known(int(str(row[0])), Entry(**values), lists[int(str(row[1]))])  # type: ignore[arg-type]


def _facts(row: Sequence[object]) -> ListFacts:
    id_, source, date, file, sha256, imported, entries, refused = row
    return ListFacts(
        str(source), str(date), str(file), str(sha256), str(imported), int(str(entries)), int(str(refused)),
        int(str(id_)),
    )  # fmt: skip


def _entries(connection: sqlite3.Connection, list_id: int) -> Iterator[Entry]:
    columns = ", ".join(_COLUMNS.values())
    for row in connection.execute(f"SELECT {columns} FROM dong WHERE danh_sach = ? ORDER BY id", (list_id,)):
        yield Entry(**dict(zip(_COLUMNS, row, strict=True)))


def _drop(connection: sqlite3.Connection, list_id: int) -> None:
    connection.execute("DELETE FROM dong WHERE danh_sach = ?", (list_id,))
    connection.execute("DELETE FROM danh_sach WHERE id = ?", (list_id,))


def _one(connection: sqlite3.Connection, source: str) -> ListFacts | None:
    found = connection.execute(f"SELECT {_LIST} FROM danh_sach WHERE nguon = ?", (source,)).fetchone()
    return _facts(found) if found else None


def _ensure(connection: sqlite3.Connection, path: Path) -> None:
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names:
        connection.execute("CREATE TABLE thong_tin (ten TEXT PRIMARY KEY, gia_tri TEXT)")
        connection.execute("INSERT INTO thong_tin VALUES ('danh_muc_luoc_do', ?)", (_SCHEMA,))
        connection.execute(
            "CREATE TABLE danh_sach (id INTEGER PRIMARY KEY AUTOINCREMENT, nguon TEXT NOT NULL UNIQUE, ngay TEXT,"
            " tep TEXT, sha256 TEXT, nhap_luc TEXT, so_dong INTEGER, so_bo_qua INTEGER)"
        )
        columns = ", ".join(f"{c} {'INTEGER' if c == 'dong' else 'TEXT'} NOT NULL" for c in _COLUMNS.values())
        connection.execute(
            "CREATE TABLE dong (id INTEGER PRIMARY KEY AUTOINCREMENT,"
            f" danh_sach INTEGER NOT NULL REFERENCES danh_sach (id), {columns})"
        )
        connection.execute("CREATE INDEX ix_dong_danh_sach ON dong (danh_sach)")
    else:
        _check(connection, path)
    history.ensure(connection)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    try:
        row = connection.execute("SELECT gia_tri FROM thong_tin WHERE ten = 'danh_muc_luoc_do'").fetchone()
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise
        row = None
    if row is None:
        raise RegisterError(_foreign(path))
    if row[0] != _SCHEMA:
        raise RegisterError(f"Danh mục “{path}” do phiên bản khác của Căn Cứ ghi. Hãy dùng phiên bản đó hoặc nhập lại.")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection | None]:
    if not path.is_file() or not path.stat().st_size:
        yield None
        return
    try:
        with closing(_connect(path)) as connection:
            _check(connection, path)
            yield connection
    except sqlite3.Error as error:
        raise RegisterError(_why(path, error)) from error


def _connect(path: Path) -> sqlite3.Connection:
    """Open the register for reading; where one may write, so that what a killed import left behind is undone."""
    try:
        connection = sqlite3.connect(path.resolve().as_uri() + "?mode=rw", uri=True, timeout=_WAIT)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        return files.open_read_only(path)
    return connection


def _why(path: Path, error: Exception) -> str:
    text = str(error).lower()
    if "locked" in text:
        return f"Danh mục “{path}” đang bị chương trình khác khóa. Hãy đóng chương trình đó rồi chạy lại."
    if "disk is full" in text or getattr(error, "errno", None) == 28:
        return f"Ổ đĩa chứa “{path}” đã đầy. Hãy giải phóng dung lượng rồi chạy lại; danh mục cũ còn nguyên."
    if "not a database" in text or "malformed" in text:
        return _foreign(path)
    return f"Không đọc hoặc ghi được danh mục “{path}”: {error}. Danh mục cũ (nếu có) còn nguyên."


def _foreign(path: Path) -> str:
    return f"Tệp “{path}” không phải danh mục của Căn Cứ hoặc đã hỏng. Hãy đổi tên tệp đó rồi nhập lại."
