"""The file of decisions, beside the base: entries are added, never changed, and each is on the disk when confirmed.

A rollback journal with ``synchronous = EXTRA`` keeps the file one file, which people can copy, and lets a confirmed
entry survive a power cut. Two triggers refuse changes, whoever asks.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph import files
from graph.decisions.entry import Draft, Entry
from graph.store import StoreError

APPLICATION = 0x63637164
"""``application_id`` of such a file: "ccqd"."""
_PATIENCE = 30.0
"""Seconds to wait for another writer."""
_COLUMNS = "so, luc, nguoi, loai, doi_tuong, phan, noi_dung, ly_do, da_xem, thay_cho, sau"
_SCHEMA = f"""
CREATE TABLE nhat_ky (
    so INTEGER PRIMARY KEY AUTOINCREMENT, luc TEXT NOT NULL, nguoi TEXT NOT NULL, loai TEXT NOT NULL,
    doi_tuong TEXT NOT NULL, phan TEXT NOT NULL, noi_dung TEXT NOT NULL, ly_do TEXT NOT NULL, da_xem TEXT NOT NULL,
    thay_cho INTEGER REFERENCES nhat_ky (so), sau INTEGER REFERENCES nhat_ky (so)
);
CREATE INDEX nhat_ky_doi_tuong ON nhat_ky (doi_tuong, phan, so);
CREATE TRIGGER nhat_ky_khong_sua BEFORE UPDATE ON nhat_ky
    BEGIN SELECT RAISE(ABORT, 'nhật ký chỉ ghi thêm, không sửa'); END;
CREATE TRIGGER nhat_ky_khong_xoa BEFORE DELETE ON nhat_ky
    BEGIN SELECT RAISE(ABORT, 'nhật ký chỉ ghi thêm, không xóa'); END;
CREATE TRIGGER nhat_ky_khong_ghi_de BEFORE INSERT ON nhat_ky WHEN EXISTS (SELECT 1 FROM nhat_ky WHERE so = NEW.so)
    BEGIN SELECT RAISE(ABORT, 'nhật ký chỉ ghi thêm, không ghi đè'); END;
PRAGMA application_id = {APPLICATION};
"""


class JournalError(StoreError):
    """The decisions could not be read or written; the message is a Vietnamese sentence for the user."""


class DamagedError(JournalError):
    """The file of decisions is no whole file of that kind; it was left as it is."""


def read_entries(path: Path) -> tuple[Entry, ...]:
    """Return all entries of the file at ``path``, oldest first; none where there is no file.

    Raises:
        DamagedError: something lies there that is not, or no longer, a whole file of decisions.
        JournalError: it cannot be opened.
    """
    if not path.exists():
        return ()
    with _opened(path) as connection:
        damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if damage != "ok":
            raise sqlite3.DatabaseError(damage)
        return tuple(map(_entry, connection.execute(f"SELECT {_COLUMNS} FROM nhat_ky ORDER BY so")))


def history(path: Path, subject: str) -> tuple[Entry, ...]:
    """Return the entries on ``subject``, oldest first; errors as in :func:`read_entries`."""
    if not path.exists():
        return ()
    with _opened(path) as connection:
        rows = connection.execute(f"SELECT {_COLUMNS} FROM nhat_ky WHERE doi_tuong = ? ORDER BY so", [subject])
        return tuple(map(_entry, rows))


def last_person(path: Path) -> str:
    """Return who wrote the last entry, "" for nobody: forms propose that name."""
    if not path.exists():
        return ""
    with _opened(path) as connection:
        row = connection.execute("SELECT nguoi FROM nhat_ky ORDER BY so DESC LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def append(path: Path, draft: Draft, expected: int | None = None) -> Entry:
    """Write ``draft`` and return it as kept; see :func:`append_all`."""
    return append_all(path, [(draft, expected)])[0]


def append_all(path: Path, drafts: Sequence[tuple[Draft, int | None]]) -> list[Entry]:
    """Write the drafts in one go, all or none, and return them as kept; the file is made when there is none.

    Beside each stands the number of the last entry on the same part that its writer had seen, 0 for none; None asks
    for no comparison. Where somebody else wrote meanwhile the entry is kept as *late*: it does not hold. A draft that
    supersedes -1 takes the place of the first of ``drafts``, -2 of the second, and so on.

    Raises:
        JournalError: nothing was written.
    """
    if not path.exists():
        _make(path)
    with _opened(path, write=True) as connection:
        connection.execute("BEGIN IMMEDIATE")
        entries: list[Entry] = []
        for draft, expected in drafts:
            before = draft.supersedes
            if before is not None and before < 0:
                draft = replace(draft, supersedes=entries[-before - 1].number)
            entries.append(_write(connection, draft, expected))
        connection.execute("COMMIT")
    return entries


def mark_of(entries: Iterable[Entry]) -> str:
    """Return a hash of the entries, "" for none: the base was built with just these, or must be built again."""
    digest = hashlib.sha256()
    count = 0
    for count, entry in enumerate(entries, 1):  # noqa: B007
        digest.update(json.dumps(_values(entry), ensure_ascii=False).encode())
    return digest.hexdigest() if count else ""


def check_not_lost(path: Path) -> None:
    """See that the file is not gone while its spare copy is there: a base without its decisions would look whole.

    Raises:
        DamagedError: it is gone.
    """
    copy = files.copy_of(path)
    if not path.exists() and copy.exists():
        raise DamagedError(
            f"Không thấy tệp quyết định “{path.name}”, nhưng còn bản sao “{copy.name}”. Hãy chạy lệnh "
            "“cancu decisions restore” để lập lại; nếu thật sự muốn bỏ mọi quyết định, hãy chuyển bản sao đi nơi khác."
        )


def keep_copy(path: Path, entries: Sequence[Entry]) -> None:
    """Keep a spare copy of the file, which has ``entries``, unless the copy has them already or knows more.

    What goes wrong here is no reason to stop: the file itself is whole.
    """
    copy = files.copy_of(path)
    if not entries:
        return
    with suppress(JournalError, OSError, sqlite3.Error):
        with suppress(DamagedError):
            if len(read_entries(copy)) >= len(entries):
                return
        beside = files.beside(copy)
        files.remove(beside)
        with _opened(path) as connection, closing(sqlite3.connect(beside)) as target:
            connection.backup(target)
        files.replace(beside, copy)


def restore(path: Path) -> tuple[int, Path | None]:
    """Make a whole file again out of what can be read of a damaged one and of its spare copy.

    Returns how many entries it has, and where the damaged file lies now (None when none was there).

    Raises:
        JournalError: nothing can be read of either, or nothing can be written; all files are as they were.
    """
    rows: dict[int, tuple[Any, ...]] = {}
    for source in (files.copy_of(path), path):
        rows |= {row[0]: row for row in _readable(source)}
    if not rows:
        raise JournalError(f"Không đọc được quyết định nào từ “{path}” và bản sao của nó, nên các tệp được giữ nguyên.")
    beside = _beside(path)
    aside: Path | None = None
    try:
        _fill(beside, [rows[number] for number in sorted(rows)])
        if path.exists():
            when = datetime.now().strftime("%Y%m%d-%H%M%S")
            names = (f"{path.name}.hong-{when}{n or ''}" for n in range(1000))
            aside = files.move_into(path, path.parent, names)
        files.put_new(beside, path)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            files.remove(beside)
        raise _told(path, error) from error
    return len(rows), aside


# --- the file -------------------------------------------------------------------------------------


def _make(path: Path) -> None:
    """Make an empty file whole before it gets its name: what is seen under the name is never half of one."""
    beside = _beside(path)
    try:
        _fill(beside, ())
        files.put_new(beside, path)
    except FileExistsError:  # somebody else was faster
        files.remove(beside)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            files.remove(beside)
        raise _told(path, error) from error


def _beside(path: Path) -> Path:
    """Return a name for a file in the making; hidden, so that one left behind by a power cut is no document."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


def _fill(path: Path, rows: Sequence[tuple[Any, ...]]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_SCHEMA)
        connection.executemany(f"INSERT INTO nhat_ky ({_COLUMNS}) VALUES ({', '.join('?' * 11)})", rows)
        connection.commit()


@contextmanager
def _opened(path: Path, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    try:
        with closing(_connect(path)) as connection:
            if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
                raise sqlite3.DatabaseError("not a file of decisions")
            if write:
                connection.execute("PRAGMA synchronous = EXTRA")
            yield connection
    except (sqlite3.Error, OSError, ValueError, TypeError) as error:
        raise _told(path, error, write=write) from error


def _connect(path: Path) -> sqlite3.Connection:
    """Open for writing where that is allowed: what a killed writer left behind can only be rolled back so."""
    address = path.resolve().as_uri()
    try:
        connection = sqlite3.connect(f"{address}?mode=rw", uri=True, timeout=_PATIENCE, isolation_level=None)
    except sqlite3.OperationalError:
        connection = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=_PATIENCE, isolation_level=None)
    return connection


def _write(connection: sqlite3.Connection, draft: Draft, expected: int | None) -> Entry:
    late = None
    if expected is not None:
        row = connection.execute(
            "SELECT max(so) FROM nhat_ky WHERE doi_tuong = ? AND phan = ? AND sau IS NULL", [draft.subject, draft.part]
        ).fetchone()
        late = row[0] if row[0] is not None and row[0] != expected else None
    values = (
        draft.time or _now(), draft.person, draft.kind, draft.subject, draft.part, _json(draft.payload), draft.reason,
        _json(draft.seen), draft.supersedes, late,
    )  # fmt: skip
    marks = ", ".join("?" * len(values))
    columns = _COLUMNS.removeprefix("so, ")
    cursor = connection.execute(f"INSERT INTO nhat_ky ({columns}) VALUES ({marks})", values)
    return _entry((cursor.lastrowid, *values))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _json(values: Any) -> str:
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _values(entry: Entry) -> tuple[object, ...]:
    return (
        entry.number, entry.time, entry.person, entry.kind, entry.subject, entry.part, dict(entry.payload),
        entry.reason, dict(entry.seen), entry.supersedes, entry.late,
    )  # fmt: skip


def _entry(row: Sequence[Any]) -> Entry:
    number, time, person, kind, subject, part, payload, reason, seen, supersedes, late = row
    told, saw = json.loads(payload), json.loads(seen)
    if not isinstance(told, dict) or not isinstance(saw, dict):
        raise ValueError(f"entry {number} is no decision")
    return Entry(number, time, person, kind, subject, part, told, reason, saw, supersedes, late)


def _readable(path: Path) -> Iterator[tuple[Any, ...]]:
    """Yield the entries of a file that may be damaged, as far as they can be read."""
    if not path.is_file() or not path.stat().st_size:
        return
    try:
        with closing(_connect(path)) as connection:
            last = 0
            while True:
                row = connection.execute(
                    f"SELECT {_COLUMNS} FROM nhat_ky WHERE so > ? ORDER BY so LIMIT 1", [last]
                ).fetchone()
                if row is None:
                    return
                last = row[0]
                with suppress(ValueError, TypeError):
                    _entry(row)
                    yield row
    except (sqlite3.Error, OSError):
        return


def _told(path: Path, error: Exception, *, write: bool = True) -> JournalError:
    if isinstance(error, JournalError):
        return error
    text = str(error).lower()
    lost = " Quyết định vừa gửi chưa được ghi." if write else ""
    if "locked" in text or "busy" in text:
        return JournalError(
            f"Tệp quyết định “{path.name}” đang bị chương trình khác khóa.{lost} Hãy đóng chương trình đó rồi thử lại."
        )
    if "full" in text or getattr(error, "errno", None) == 28:
        return JournalError(f"Ổ đĩa chứa “{path.name}” đã đầy.{lost} Hãy giải phóng dung lượng rồi gửi lại.")
    if isinstance(error, sqlite3.OperationalError) and ("readonly" in text or "unable to open" in text):
        return JournalError(f"Không có quyền ghi tệp quyết định “{path.name}”.{lost} Hãy xin quyền ghi rồi gửi lại.")
    if isinstance(error, PermissionError):
        return JournalError(f"Không có quyền mở tệp quyết định “{path.name}”.{lost} Hãy xin quyền rồi thử lại.")
    if isinstance(error, (sqlite3.DatabaseError, ValueError, TypeError)) and not isinstance(
        error, sqlite3.IntegrityError
    ):
        return DamagedError(
            f"Tệp quyết định “{path}” đã hỏng hoặc không phải của Căn Cứ. Tệp được giữ nguyên, không bị ghi đè.{lost} "
            "Hãy chạy lệnh “cancu decisions restore” để lập lại từ bản sao, hoặc chép lại tệp từ bản lưu của cơ quan."
        )
    return JournalError(f"Không ghi được tệp quyết định “{path.name}”: {error}.{lost} Hãy thử lại.")
