"""The file of the base: one SQLite database, written beside the old one and swapped in when whole."""

from __future__ import annotations

import errno
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from graph import files
from graph.alphabet import alphabet_key
from graph.counts import count_all
from graph.effects import effect_rows, task_effect_rows
from graph.indexes import INDEXES
from graph.schema import (
    READABLE_VERSIONS,
    SCHEMA_VERSION,
    TABLES,
    VIEWS,
    WAITING,
    WRITTEN,
    Table,
    columns_of,
    key_column,
)
from graph.search_index import HOW, SearchIndex

Row = dict[str, Any]


class Put:
    """Takes rows of a table, which is named first, into a base that is being written."""

    def __init__(self, connection: sqlite3.Connection, index: SearchIndex) -> None:
        """Rows go through ``connection``, where the tables are; the words of the outline also to ``index``."""
        self._connection, self._index = connection, index
        self._sorted = {t.name: [(columns_of(t.name).index(n), key_column(n)) for n in t.names] for t in WRITTEN}

    def __call__(self, table: str, rows: Iterable[Row]) -> None:
        """Take rows by the names of their columns."""
        self.lines(table, map(itemgetter(*columns_of(table)), rows))

    def lines(self, table: str, lines: Iterable[Sequence[Any]]) -> None:
        """Take rows as values in the order of the columns that are not counted at the end.

        They go by place: SQLite would look up each value of a dictionary by its name.
        """
        columns, keys = columns_of(table), self._sorted[table]
        if table == "muc":
            lines = list(lines)
            code, words = columns.index("ma"), columns.index("noi_dung")
            self._index.add([(line[code], line[words]) for line in lines])
        if keys:
            lines = ((*line, *(alphabet_key(line[n] or "") for n, _ in keys)) for line in lines)
        names = (*columns, *(key for _, key in keys))
        places = ", ".join("?" * len(names))
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", lines)


@dataclass(frozen=True, slots=True)
class Rest:
    """What is put later: ``judged`` when all that texts say can be searched quickly, ``reported`` when the events of
    validity are there too."""

    judged: Callable[[], None]
    reported: Callable[[], None]


Fill = Callable[[Put, sqlite3.Connection], Rest | None]
"""Gives the rows of a base to a :data:`Put`, at once or in part by what it returns; may read what it gave so far
through the connection."""
Swap = Callable[[Path, Path], None]
"""Puts a new file in the place of an old one, as :func:`graph.files.replace` does."""


class StoreError(Exception):
    """The base could not be read or written; the message is a Vietnamese sentence for the user."""


def fingerprint(sources: Sequence[tuple[str, str]], version: str) -> str:
    """Return a hash of all that decides the content of a base: sources (path, sha256), program and schema versions."""
    facts = json.dumps([sorted(sources), version, SCHEMA_VERSION], ensure_ascii=False)
    return hashlib.sha256(facts.encode()).hexdigest()


def read_facts(path: Path) -> dict[str, str]:
    """Return the table ``thong_tin`` of the base at ``path``; empty when there is no readable base.

    Raises:
        StoreError: another program holds a lock on the file, so that nothing can be said of it.
    """
    try:
        if not path.is_file() or files.is_cut(path):
            return {}
        with closing(files.open_read_only(path)) as connection:
            return {str(name): str(value) for name, value in connection.execute("SELECT ten, gia_tri FROM thong_tin")}
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise StoreError(locked(path)) from error
        return {}
    except OSError as error:
        raise StoreError(f"Không mở được “{path}”: {error.strerror or error}. Hãy kiểm tra quyền đọc tệp.") from error


def locked(path: Path) -> str:
    """Return what is told when another program holds a lock on the base."""
    return f"Cơ sở dữ liệu “{path}” đang bị chương trình khác khóa. Hãy đóng chương trình đó rồi chạy lại."


def damaged(path: Path) -> str:
    """Return what is told of a base that is not whole."""
    return f"Tệp “{path}” không phải cơ sở dữ liệu của Căn Cứ hoặc đã hỏng. Hãy dựng lại bằng lệnh “cancu build”."


def is_whole(path: Path, digest: str = "") -> bool:
    """True when the base has all its pages: by its sha256 as it was written, or, without that, as SQLite sees it."""
    try:
        if digest:
            return files.digest(path) == digest
        with closing(files.open_read_only(path)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except (OSError, sqlite3.Error):
        return False


def open_base(path: Path) -> sqlite3.Connection:
    """Open the base at ``path`` for reading only.

    Raises:
        StoreError: the file is missing, is not a base of Căn Cứ, or comes from a newer version.
    """
    if not path.is_file():
        raise StoreError(f"Không tìm thấy cơ sở dữ liệu “{path}”. Hãy chạy lệnh “cancu build” trước.")
    facts = read_facts(path)
    if not facts:
        raise StoreError(damaged(path))
    if facts.get("phien_ban_luoc_do") not in READABLE_VERSIONS:
        raise StoreError(
            f"Cơ sở dữ liệu “{path}” do phiên bản khác của Căn Cứ tạo ra. Hãy dựng lại bằng lệnh “cancu build”."
        )
    return files.open_read_only(path)


def write_base(path: Path, tables: Mapping[str, Sequence[Row]], facts: Mapping[str, str]) -> None:
    """Write a whole base to ``path`` from the rows of all its tables; errors as in :func:`fill_base`."""

    def fill(put: Put, _: sqlite3.Connection) -> None:
        for name, rows in tables.items():
            put(name, rows)

    fill_base(path, fill, facts)


def fill_base(path: Path, fill: Fill, facts: Mapping[str, str], swap: Swap = files.replace) -> None:
    """Write a whole base to ``path``: beside it first, then swapped in at once. Rows are written as ``fill`` puts them.

    A process killed on the way leaves the old file as it was. A program that serves the old file itself brings the
    ``swap`` that lets go of it first.

    Raises:
        StoreError: the folder cannot be written, the disk is full, or the old file is held open.
    """
    check_target(path)
    if path.exists() and files.is_read_only(path):
        raise StoreError(f"Tệp “{path}” chỉ cho đọc. Hãy bỏ thuộc tính chỉ đọc, hoặc chọn tệp khác bằng --db.")
    beside = files.beside(path)
    index = SearchIndex(files.searched(path))
    try:
        files.remove(beside)
        _write(beside, fill, facts, index)
        swap(beside, path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(why(path, error)) from error
    finally:  # also when the user or a swap stops it
        index.close()
        with suppress(OSError):
            files.remove(beside)


def check_target(path: Path) -> None:
    """See that a base may come to lie at ``path``, before anything is read for it.

    Raises:
        StoreError: a folder lies there, or a file of something else, or there is no folder for it.
    """
    if path.is_dir():
        raise StoreError(f"“{path}” là thư mục. Hãy chọn tên tệp khác cho cơ sở dữ liệu bằng --db.")
    if not path.parent.is_dir():
        raise StoreError(_no_folder(path))
    if path.is_file() and _is_of_something_else(path):
        raise StoreError(
            f"Tệp “{path}” không phải cơ sở dữ liệu của Căn Cứ nên không ghi đè lên. "
            "Hãy chọn tên tệp khác bằng --db, hoặc chuyển tệp đó đi nơi khác."
        )


def _is_of_something_else(path: Path) -> bool:
    """True for a document, or a database of another program; a base of ours that is damaged may be written over."""
    try:
        if not files.may_be_sqlite(path):
            return True
        with closing(files.open_read_only(path)) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except (OSError, sqlite3.Error):
        return False
    return bool(names) and "thong_tin" not in names


def _no_folder(path: Path) -> str:
    return f"Không có thư mục “{path.parent}”. Hãy tạo thư mục đó, hoặc chọn nơi khác bằng --db."


def why(path: Path, error: Exception) -> str:
    """Return why the base ``path`` could not be written, and what to do."""
    text = str(error).lower()
    if isinstance(error, files.HeldOpenError):
        return (
            f"Tệp “{path}” đang được chương trình khác mở. Hãy đóng chương trình đó (ví dụ “cancu serve”) rồi chạy lại."
        )
    if "disk is full" in text or getattr(error, "errno", None) in _FULL:
        folder = files.fullest(path)
        what = f"“{path}”" if folder == path.absolute().parent else f"thư mục tạm “{folder}”"
        return f"Ổ đĩa chứa {what} đã đầy. Hãy giải phóng dung lượng rồi chạy lại; cơ sở dữ liệu cũ còn nguyên."
    if "disk i/o" in text:
        return (
            f"Ổ đĩa chứa “{path}” báo lỗi khi ghi: đĩa hỏng, mất kết nối, hoặc tệp lớn quá mức cho phép. "
            "Hãy kiểm tra ổ đĩa hoặc chọn nơi khác bằng --db; cơ sở dữ liệu cũ còn nguyên."
        )
    if not path.parent.is_dir():
        return _no_folder(path)
    if isinstance(error, PermissionError) or "readonly" in text or "unable to open" in text:
        return f"Không ghi được vào thư mục của “{path}”. Hãy chọn nơi khác bằng --db hoặc xin quyền ghi."
    return f"Không ghi được cơ sở dữ liệu “{path}”: {error}. Cơ sở dữ liệu cũ (nếu có) còn nguyên."


_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_MEMORY_KB = 65_536
_SORTED_KB = 16_384
"""What is sorted in memory for an index; more is sorted in parts, on the disk."""


def _write(path: Path, fill: Fill, facts: Mapping[str, str], index: SearchIndex) -> None:
    database = Database(path)
    try:
        database.execute("PRAGMA journal_mode = OFF")  # the file is thrown away whole if anything fails
        database.execute("PRAGMA synchronous = OFF")  # all of it reaches the disk before it takes its place
        database.execute(f"PRAGMA cache_size = -{_MEMORY_KB}")
        with database.atomic():
            for table in WRITTEN:
                database.table(table.name).create(
                    {c.name: c.type for c in table.columns} | {key_column(name): str for name in table.names},
                    pk=table.key,
                    foreign_keys=[(c.name, c.references, "id") for c in table.columns if c.references],
                )
            put = Put(database.conn, index)
            rest = fill(put, database.conn)
            database.execute(f"PRAGMA cache_size = -{min(_SORTED_KB, _MEMORY_KB)}")
            _index(database, TABLES)  # sorted at once, which is faster than row by row
            database.execute(f"PRAGMA cache_size = -{_MEMORY_KB}")
            if rest is not None:
                rest.judged()
            put("hieu_luc", effect_rows(database.conn))
            put("nhiem_vu_hieu_luc", task_effect_rows(database.conn))
            if rest is not None:
                rest.reported()
            database.table(WAITING.name).drop()
            put("thong_tin", _fact_rows(facts))
            for name, (_, _, sql) in VIEWS.items():
                database.create_view(name, sql)
            for table in TABLES:
                for column in table.columns:
                    if column.counted:
                        database.execute(f"UPDATE {table.name} SET {column.name} = ({column.counted})")
            put("so_dem", count_all(database.conn))
        _index_documents(database)
        index.finish(database.conn)
        broken = database.execute("PRAGMA foreign_key_check").fetchone()
        if broken:
            raise sqlite3.IntegrityError(f"khóa ngoại hỏng ở bảng {broken[0]}, dòng {broken[1]}")
        database.execute("PRAGMA analysis_limit = 4000")  # enough to choose among the indexes
        database.execute("ANALYZE")
    finally:
        database.close()


def _index(database: Database, tables: Iterable[Table]) -> None:
    for table in tables:
        for columns in (*INDEXES.get(table.name, ()), *map(key_column, table.names)):
            names = columns.split(", ")
            database.table(table.name).create_index(names, index_name=f"ix_{table.name}_{'_'.join(names)}")


def _fact_rows(facts: Mapping[str, str]) -> list[Row]:
    return [{"ten": name, "gia_tri": value} for name, value in facts.items()]


def _index_documents(database: Database) -> None:
    """Full text over documents, with and without marks; see :mod:`graph.search_index`."""
    database.execute(
        f"CREATE VIRTUAL TABLE van_ban_fts USING fts5(nhan, so_ky_hieu, trich_yeu, khong_dau, content=[van_ban], {HOW})"
    )
    database.execute("INSERT INTO van_ban_fts(van_ban_fts) VALUES ('rebuild')")
    database.execute("INSERT INTO van_ban_fts(van_ban_fts) VALUES ('optimize')")
    database.conn.commit()


def build_facts(mark: str, version: str, counts: Mapping[str, int]) -> dict[str, str]:
    """Return the rows of ``thong_tin``: versions, the :func:`fingerprint`, build time, the counts of the summary."""
    now = datetime.now().astimezone()
    return {
        "phien_ban": version,
        "phien_ban_luoc_do": SCHEMA_VERSION,
        "ma_kiem_tra": mark,
        "ngay_dung": now.date().isoformat(),
        "gio_dung": now.strftime("%H:%M"),
        **{f"so_{name}": str(count) for name, count in counts.items()},
    }
