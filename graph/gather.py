"""Files -> facts, over several processes: each file is read in a child with limits, in any order, told in one order.

Facts go to what is kept beside the base (:mod:`graph.kept`) as soon as they are there; only a few words of each text
stay in memory. A file that cannot be read becomes a :class:`Refusal`, and the others go on.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from extract.model import Extraction
from extract.pipeline import extract_file
from extract.read import ReadError, is_plain
from extract.read.archive import STEP, Member
from extract.read.child import Child, LimitError
from extract.read.intake import check
from extract.read.limits import Limits
from extract.read.sniff import SUFFIXES, suffix_of
from extract.wire import WireError, dump, load
from graph.answer import Answer, answer_in, answer_of, facts_again
from graph.folder import Found
from graph.kept import Kept, KeptError, key_of, packed
from graph.note import Filed, Note, Taken, taken_by
from graph.records import Cursor, is_table, most_bytes, read_records
from graph.sheet import Sheet, unpack
from graph.version import engine, room

Progress = Callable[[Iterable[Path]], Iterable[Path]]

_MOST_HELD = 32 * 1024 * 1024
"""Letters of texts of tables that wait to be read, or to be told in their turn."""
_LIGHT = 1024 * 1024
"""Plain text of so many bytes in all is read sooner than a process starts."""
_MAKER = "graph.answer"
"""The module whose ``make`` a child calls with the facts of each text."""
_OFFICE = frozenset(s for kind in ("docx", "doc", "pdf", "rtf", "html", "txt", "md") for s in SUFFIXES[kind])


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not read, why, and what to do (Vietnamese sentences); sha256 of the file on the disk."""

    path: str
    reason: str
    advice: str = ""
    sha256: str = ""
    date: str = ""

    @property
    def sentence(self) -> str:
        """Reason and advice in one line."""
        return f"{self.reason} {self.advice}".strip()


@dataclass(frozen=True, slots=True)
class Job:
    """One text to be read: a file, a member of an archive (``chain``), or a record of a table.

    ``record`` is the number of the record, 0 for all else, and ``at`` where it begins; ``sha256`` is that of the file,
    of a record that of its words.
    """

    path: Path
    shown: str
    sha256: str
    date: str
    chain: tuple[int, ...] = ()
    record: int = 0
    at: int = 0

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.shown.rpartition(STEP)[2] if self.record else PurePosixPath(self.shown).name


def hash_files(found: Sequence[Found]) -> list[str]:
    """Return the sha256 of every file, in order; "" of one that is refused."""
    with ThreadPoolExecutor(_processors()) as pool:
        return list(pool.map(_hash, found))


def _hash(found: Found) -> str:
    if found.refusal:
        return ""
    try:
        check(found.path, most_bytes(found.path.name))
        with found.path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except (ReadError, OSError):
        return ""  # told again, with its reason, when the file is read


def gather(
    found: Sequence[Found], hashes: Sequence[str], kept: Kept, progress: Progress, limits: Limits
) -> tuple[list[Taken], list[Refusal]]:
    """Read all files ``found`` and return what was read and what was refused, each in the order of the files.

    ``progress`` wraps the iteration over the names of the files.
    """
    with _Readers(kept, limits) as readers:
        jobs = list(readers.jobs(found, hashes))
        readers.light = sum(map(_light_bytes, jobs)) <= _LIGHT
        told = list(once(readers.results(jobs, progress)))
    return [t for t in told if isinstance(t, Taken)], [t for t in told if isinstance(t, Refusal)]


def list_jobs(found: Sequence[Found], hashes: Sequence[str], kept: Kept, limits: Limits) -> list[Job | Refusal]:
    """Return what is to be read of all files ``found``, in order; no text is read yet."""
    with _Readers(kept, limits) as readers:
        return list(readers.jobs(found, hashes))


def once(told: Iterable[Taken | Refusal]) -> Iterator[Taken | Refusal]:
    """Yield each text once: of files with the same bytes the first counts, the others are told."""
    first: dict[str, str] = {}
    for one in told:
        if isinstance(one, Taken) and (before := first.setdefault(one.sha256, one.owner.path)) != one.owner.path:
            words = f"Tệp giống hệt “{before}” nên chỉ tính một lần"
            yield refusal(one.owner.path, f"{words}. Hãy bỏ bớt một tệp nếu không cần giữ cả hai.", one.sha256, "")
        else:
            yield one


def sheet_of(text: Filed, kept: Kept) -> Sheet:
    """Return the sheet of a text that was read.

    Raises:
        graph.kept.KeptError: it is not there any more, or not whole.
    """
    try:
        return unpack(kept.get(_sheet_key(text.key)) or b"")
    except WireError as error:
        raise KeptError(str(error), damaged=True) from error


def facts_of(text: Filed, kept: Kept) -> Extraction:
    """Return all facts of a text that was read, under the name people know it by; errors as in :func:`sheet_of`."""
    data = kept.get(text.key)
    try:
        facts = facts_again(sheet_of(text, kept)) if data is None else load(Extraction, data)
    except WireError as error:
        raise KeptError(str(error), damaged=True) from error
    return replace(facts, source=replace(facts.source, path=text.path))


def _sheet_key(key: str) -> str:
    return key_of("sheet", key, room())


class _Readers:
    """A child for each thread, and the threads that ask them."""

    def __init__(self, kept: Kept, limits: Limits) -> None:
        self.light = False
        self._kept, self._limits = kept, limits
        self._mine = threading.local()
        self._children: list[Child] = []
        self._pool = ThreadPoolExecutor(_processors())

    def __enter__(self) -> _Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        for child in self._children:
            child.close()
        self._pool.shutdown()

    def jobs(self, found: Sequence[Found], hashes: Sequence[str]) -> Iterator[Job | Refusal]:
        """Yield what is to be read: files, and the members of archives in the place of these."""
        for parts in self._pool.map(self._expanded, found, hashes):
            yield from parts

    def results(self, jobs: Sequence[Job | Refusal], progress: Progress) -> Iterator[Taken | Refusal]:
        """Yield what became of each job, in order; of tables no more texts are taken ahead than memory should hold."""
        ahead, texts = iter(jobs), Cursor()
        begun: deque[tuple[Future[Taken | Refusal] | Refusal, int]] = deque()
        held = 0
        for _ in progress([Path(job.path if isinstance(job, Refusal) else job.shown) for job in jobs]):
            while held < _MOST_HELD and (job := next(ahead, None)) is not None:
                begun.append(self._begun(job, texts))
                held += begun[-1][1]
            future, letters = begun.popleft()
            held -= letters
            yield future if isinstance(future, Refusal) else future.result()

    def _begun(self, job: Job | Refusal, texts: Cursor) -> tuple[Future[Taken | Refusal] | Refusal, int]:
        """Return what will tell the result of a job, and how many letters it holds until then."""
        if isinstance(job, Refusal):
            return job, 0
        if not job.record:
            return self._pool.submit(self._result, job), 0
        try:
            text = texts.text(job.path, job.record, job.at)
        except ReadError as error:
            return refusal(job.shown, str(error), job.sha256, job.date), 0
        return self._pool.submit(self._result, job, text), len(text)

    def _child(self) -> Child:
        child: Child | None = getattr(self._mine, "child", None)
        if child is None:
            child = self._mine.child = Child(self._limits)
            self._children.append(child)
        return child

    def _expanded(self, found: Found, sha256: str) -> list[Job | Refusal]:
        date = _date_of(found.path)
        if found.refusal:
            return [refusal(found.shown, found.refusal, sha256, date)]
        job = Job(found.path, found.shown, sha256, date)
        if not sha256 or suffix_of(job.name) in _OFFICE:
            return [job]
        if is_table(job.name):
            return list(_records(job))
        try:
            members = self._members(job)
        except ReadError as error:
            return [refusal(job.shown, str(error), sha256, date)]
        return [_inner(job, member) for member in members] or [job]

    def _members(self, job: Job) -> tuple[Member, ...]:
        key = key_of("members", job.sha256, job.name, engine())
        data = self._kept.get(key)
        if data is not None:
            try:
                return load(_Members, data).members
            except WireError:
                pass  # written by something else: list it anew
        members = self._child().members(job.path, job.name)
        self._kept.put(key, dump(_Members(members)))
        return members

    def _result(self, job: Job, text: str = "") -> Taken | Refusal:
        key = key_of("record" if job.record else "facts", job.sha256, job.chain, job.name, engine())
        limit = key_of("limit", key, self._limits.memory, self._limits.seconds)
        partly = key_of("partly", key, self._limits.seconds)
        try:
            return self._kept_result(job, key, partly, limit) or self._new_result(job, key, partly, text)
        except LimitError as error:
            self._kept.put(limit, dump(_Sentence(str(error))))
            return refusal(job.shown, str(error), job.sha256, job.date)
        except ReadError as error:
            return refusal(job.shown, str(error), job.sha256, job.date)

    def _kept_result(self, job: Job, key: str, partly: str, limit: str) -> Taken | Refusal | None:
        try:
            for whole_or_part in (key, partly):
                if taken := self._noted(job, whole_or_part):
                    return taken
            data = self._kept.get(limit)
            if data is not None:
                return refusal(job.shown, load(_Sentence, data).words, job.sha256, job.date)
        except WireError:
            pass  # written by something else: read the file anew
        return None

    def _new_result(self, job: Job, key: str, partly: str, text: str) -> Taken:
        answer = self._answer(job, text)
        # a longer time limit shall find more than a part
        return self._taken(job, partly if answer.partly else key, answer)

    def _taken(self, job: Job, key: str, answer: Answer) -> Taken:
        facts = {key: answer.facts} if answer.facts else {}
        note = packed(dump(answer.note))
        self._kept.put_packed({**facts, _sheet_key(key): answer.sheet, key_of("note", key, room()): note})
        return taken_by(answer.note, key, job.shown)

    def _answer(self, job: Job, text: str) -> Answer:
        if not job.record and self.light and not job.chain and is_plain(job.path):
            facts = extract_file(job.path)
            return answer_of(replace(facts, source=replace(facts.source, path=job.name)))
        child = self._child()
        if job.record:
            data = child.make_of_text(_MAKER, text, job.name)
        else:
            data = child.make(_MAKER, job.path, job.chain, job.name)
        try:
            return answer_in(data)
        except WireError as error:
            raise child.spoilt(job.name) from error

    def _noted(self, job: Job, key: str) -> Taken | None:
        """Return the text of which a note is kept under ``key``, without reading all of its facts."""
        note = self._kept.get(key_of("note", key, room()))
        if note is not None and self._kept.has(_sheet_key(key)):
            self._kept.has(key)
            return taken_by(load(Note, note), key, job.shown)
        data = self._kept.get(key)  # the facts are there, what is made of them is another now
        return None if data is None else self._taken(job, key, answer_of(load(Extraction, data)))


@dataclass(frozen=True, slots=True)
class _Members:
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: str


def refusal(path: str, sentence: str, sha256: str, date: str) -> Refusal:
    """Return a refusal whose sentence is parted into reason and advice."""
    reason, found, advice = sentence.partition(". Hãy ")
    if not found:
        return Refusal(path, sentence, "Hãy mở tệp kiểm tra rồi thử lại.", sha256, date)
    return Refusal(path, f"{reason}.", f"Hãy {advice}", sha256, date)


def _inner(job: Job, member: Member) -> Job | Refusal:
    shown = job.shown + STEP + member.name
    if member.refusal:
        return refusal(shown, member.refusal, job.sha256, member.date)
    return replace(job, shown=shown, chain=member.chain, date=member.date)


def _records(table: Job) -> Iterator[Job | Refusal]:
    """Yield the texts of a table; a name that comes again is told apart."""
    names: set[str] = set()
    try:
        for record in read_records(table.path, table.name):
            name = record.name
            while name in names:
                name = f"{name} (dòng {record.number})"
            names.add(name)
            shown = table.shown + STEP + name
            if record.refusal:
                yield refusal(shown, record.refusal, table.sha256, table.date)
            else:
                sha256 = hashlib.sha256(record.text.encode("utf-8", "surrogatepass")).hexdigest()
                yield replace(table, shown=shown, sha256=sha256, record=record.number, at=record.at)
    except ReadError as error:
        yield refusal(table.shown, str(error), table.sha256, table.date)
        return
    if not names:
        sentence = f"Tệp “{table.name}” không có văn bản nào. Hãy kiểm tra lại tệp dữ liệu."
        yield refusal(table.shown, sentence, table.sha256, table.date)


def _light_bytes(job: Job | Refusal) -> int:
    """Return the size of a plain text, more than any bound for all else."""
    if isinstance(job, Refusal):
        return 0
    try:
        alone = not job.chain and not job.record
        return job.path.stat().st_size if alone and is_plain(job.path) else 2 * _LIGHT
    except (ReadError, OSError):
        return 0


def _date_of(path: Path) -> str:
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC).date().isoformat()
    except (OSError, ValueError, OverflowError):
        return ""


def _processors() -> int:
    return os.cpu_count() or 1
