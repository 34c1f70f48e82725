"""Where lists wait that somebody sends by the page: received, read on trial, corrected, then kept in the register.

Each waits in a folder of its own beside the base. What was read is remembered until the server ends; the file stays
until somebody imports it or puts it aside, and then too: nothing is deleted.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from extract.read.archive import is_noise
from graph import files
from graph.register.apart import take_apart, try_apart
from graph.register.columns import FIELDS
from graph.register.model import ListFacts, RegisterError
from graph.register.store import lists_of, past, remove
from graph.register.trial import Trial
from publish import received
from publish.file_names import free_names, safe_name
from publish.received import DeskError

FOLDER, KEPT, ASIDE = "danh-muc", "da-nhap", "bo-ra"
MOST_WAITING = 20
WROTE, REMOVED = "Danh mục đã nhập", "Danh mục đã gỡ"
_MOST_EVENTS = 50


@dataclass(frozen=True, slots=True)
class Pending:
    """A list that waits: its key, file name, what the person said of it, and what the last reading gave.

    ``told`` are the fields that the person chose, by key of the heading; ``fault`` is why it could not be read.
    """

    key: str
    name: str
    source: str
    told: Mapping[str, str] = field(default_factory=dict)
    trial: Trial | None = None
    fault: str = ""


class RegisterDesk:
    """The waiting lists of one base and its register; its methods may take long and belong into a thread."""

    def __init__(self, database: Path, rebuild: Callable[[str], None]) -> None:
        """``rebuild`` has the base built anew, and is told what was written."""
        self.place = files.waiting(database) / FOLDER
        self.register = files.register_file(database)
        self._rebuild = rebuild
        self._known: dict[str, Pending] = {}
        self._lock = threading.Lock()
        self._one_by_one = threading.Lock()

    # -- receiving -----------------------------------------------------------------------------------

    def temporary(self) -> Path:
        """Return where a list that is being received is written."""
        return received.temporary(self.place)

    def receive(self, path: Path, given: str) -> str:
        """Let the received file ``path`` wait; return its key.

        Raises:
            DeskError: too many lists wait, or it is a file that systems leave behind.
            OSError: the file cannot be moved.
        """
        if is_noise(given.replace("\\", "/").rpartition("/")[2]):
            raise DeskError("Đây là tệp tạm của hệ thống hoặc của Excel. Hãy chọn chính tệp danh mục.")
        if len(self.waiting()) >= MOST_WAITING:
            raise DeskError(f"Đang có {MOST_WAITING} danh mục chờ. Hãy nhập hoặc bỏ bớt rồi gửi tiếp.")
        key = secrets.token_hex(8)
        folder = self.place / key
        folder.mkdir()
        files.move_into(path, folder, free_names(safe_name(given), folder))
        return key

    # -- looking -------------------------------------------------------------------------------------

    def waiting(self) -> tuple[Pending, ...]:
        """Return the lists that wait, by name."""
        found = (self.pending(folder.name) for folder in self._folders())
        return tuple(sorted((p for p in found if p is not None), key=lambda pending: (pending.name, pending.key)))

    def pending(self, key: str) -> Pending | None:
        """Return a list that waits, as it was read last; None for none."""
        path = self._file(key)
        if path is None:
            return None
        with self._lock:
            return self._known.get(key) or Pending(key, path.name, path.stem)

    def read(self, key: str, source: str = "", told: Mapping[str, str] | None = None) -> Pending:
        """Read a waiting list on trial under the name ``source``, with the columns that a person told.

        Raises:
            DeskError: no such list waits.
        """
        path = self._existing(key)
        before = self.pending(key)
        chosen = {name: field for name, field in (told or {}).items() if field in FIELDS}
        pending = Pending(key, path.name, source.strip()[:200] or (before.source if before else path.stem), chosen)
        try:
            with self._one_by_one:  # a reader may take a gigabyte
                pending = replace(pending, trial=try_apart(path, chosen, pending.source, self.register))
        except RegisterError as error:
            pending = replace(pending, fault=str(error))
        with self._lock:
            self._known[key] = pending
        return pending

    def take(self, key: str, day: str, person: str) -> tuple[int, bool]:
        """Keep a waiting list as it was read last, and have the base built anew; its file is put away.

        Returns:
            Its number in the history, and whether the file still waits because it could not be put away.

        Raises:
            DeskError: no such list waits, it was not read, or nobody is named.
            RegisterError: it cannot be kept.
        """
        pending = self.pending(key)
        if pending is None or pending.trial is None or pending.trial.fault:
            raise DeskError("Danh mục chưa đọc được nên chưa nhập được. Hãy chọn các cột rồi đọc lại.")
        if not person.strip():
            raise DeskError("Hãy ghi họ tên người nhập.")
        with self._one_by_one:
            path = self._existing(key)  # a second click comes here when the first is done
            taken = take_apart(path, pending.told, pending.source, day, person.strip()[:100], self.register)
        self._rebuild(WROTE)
        try:
            self._put_away(key, path, self.place / KEPT)
        except DeskError:
            return taken.saved.number, True
        return taken.saved.number, False

    def put_aside(self, key: str) -> None:
        """Take a list off those that wait; the file stays on the disk.

        Raises:
            DeskError: no such list waits, or its file is in use.
        """
        self._put_away(key, self._existing(key), self.place.parent / ASIDE)

    # -- the register --------------------------------------------------------------------------------

    def remove(self, source: str, person: str, reason: str) -> int:
        """Take a list out of the register and have the base built anew; return the number in the history.

        Raises:
            RegisterError: there is no such list, or nobody and no reason is named.
        """
        number = remove(self.register, source, person[:100], reason[:1000]).number
        self._rebuild(REMOVED)
        return number

    def lists(self) -> tuple[ListFacts, ...]:
        """Return the lists of the register; errors as in :func:`graph.register.store.lists_of`."""
        return lists_of(self.register)

    def last_person(self) -> str:
        """Return who imported or removed a list last, "" for nobody."""
        try:
            return next((e.person for e in past(self.register, _MOST_EVENTS) if e.person), "")
        except RegisterError:
            return ""

    # -- the folder ----------------------------------------------------------------------------------

    def _folders(self) -> Iterator[Path]:
        try:
            entries = sorted(self.place.iterdir())
        except OSError:
            return
        yield from (path for path in entries if is_key(path.name) and path.is_dir())

    def _file(self, key: str) -> Path | None:
        if not is_key(key):
            return None
        try:
            return next((path for path in sorted((self.place / key).iterdir()) if path.is_file()), None)
        except OSError:
            return None

    def _existing(self, key: str) -> Path:
        path = self._file(key)
        if path is None:
            raise DeskError("Danh mục này không còn chờ: đã nhập, hoặc đã bỏ ra.")
        return path

    def _put_away(self, key: str, path: Path, folder: Path) -> None:
        try:
            folder.mkdir(exist_ok=True)
            files.move_into(path, folder, free_names(path.name, folder))
            path.parent.rmdir()
        except OSError as error:
            raise DeskError(f"Không chuyển được tệp “{path.name}” ({error.strerror or error}).") from error
        with self._lock:
            self._known.pop(key, None)


def is_key(words: str) -> bool:
    """True for what may be the key of a waiting list."""
    return len(words) == 16 and set(words) <= set("0123456789abcdef")


class Upload:
    """Takes what one form sends: the list, or why it was not taken."""

    def __init__(self, desk: RegisterDesk) -> None:
        """``desk`` is where the list will wait."""
        self._desk = desk
        self.key = ""
        self.faults: list[tuple[str, str]] = []

    def temporary(self) -> Path:
        """Return where a list that is being received is written."""
        return self._desk.temporary()

    def receive(self, path: Path, given: str) -> str:
        """Let the received file wait; as :meth:`RegisterDesk.receive`."""
        self.key = self._desk.receive(path, given)
        return self.key

    def tell(self, name: str, reason: str, advice: str) -> None:
        """Remember why a file was not received."""
        self.faults.append((name, f"{reason} {advice}".strip()))
