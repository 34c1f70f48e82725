"""Files -> facts, over several processes: each file is read in a child with limits, in any order, told in one order.

Facts go to what is kept beside the base (:mod:`graph.kept`) as soon as they are there; only a few words of each text
stay in memory. A file that cannot be read becomes a :class:`Refusal`, and the others go on.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from extract.model import Document, Extraction, Header
from extract.pipeline import extract_file
from extract.read import ReadError, is_plain
from extract.read.archive import STEP, Member
from extract.read.child import Child, LimitError
from extract.read.intake import check
from extract.read.limits import Limits
from extract.read.sniff import SUFFIXES, suffix_of
from extract.wire import WireError, dump, load
from graph.folder import Found
from graph.kept import Kept, KeptError, key_of
from graph.owner import Owner, owner_of
from graph.version import engine, notes

Progress = Callable[[Iterable[Path]], Iterable[Path]]

_LIGHT = 1024 * 1024
"""Plain text of so many bytes in all is read sooner than a process starts."""
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
class Counts:
    """What one text holds; the sums make the summary of a build."""

    documents: int = 0
    tasks: int = 0
    citations: int = 0
    resolved: int = 0
    ambiguous: int = 0
    unresolved: int = 0
    works: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """A text that was read: under which key its facts are kept, the document that it is, and its counts."""

    key: str
    sha256: str
    owner: Owner
    counts: Counts


@dataclass(frozen=True, slots=True)
class _Job:
    path: Path
    shown: str
    sha256: str
    date: str
    chain: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return PurePosixPath(self.shown).name


def hash_files(found: Sequence[Found]) -> list[str]:
    """Return the sha256 of every file, in order; "" of one that is refused."""
    with ThreadPoolExecutor(_processors()) as pool:
        return list(pool.map(_hash, found))


def _hash(found: Found) -> str:
    if found.refusal:
        return ""
    try:
        check(found.path)
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
        told = list(_once(readers.results(jobs, progress)))
    return [t for t in told if isinstance(t, Taken)], [t for t in told if isinstance(t, Refusal)]


def _once(told: Iterable[Taken | Refusal]) -> Iterator[Taken | Refusal]:
    """Yield each text once: of files with the same bytes the first counts, the others are told."""
    first: dict[str, str] = {}
    for one in told:
        if isinstance(one, Taken) and (before := first.setdefault(one.sha256, one.owner.path)) != one.owner.path:
            words = f"Tệp giống hệt “{before}” nên chỉ tính một lần"
            yield refusal(one.owner.path, f"{words}. Hãy bỏ bớt một tệp nếu không cần giữ cả hai.", one.sha256, "")
        else:
            yield one


def facts_of(taken: Taken, kept: Kept) -> Extraction:
    """Return the facts of a text that was read, under the name people know it by.

    Raises:
        graph.kept.KeptError: they are not there any more, or not whole.
    """
    try:
        facts = load(Extraction, (kept.get(taken.key) or b"")[1:])
    except WireError as error:
        raise KeptError(str(error), damaged=True) from error
    return replace(facts, source=replace(facts.source, path=taken.owner.path))


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

    def jobs(self, found: Sequence[Found], hashes: Sequence[str]) -> Iterator[_Job | Refusal]:
        """Yield what is to be read: files, and the members of archives in the place of these."""
        for parts in self._pool.map(self._expanded, found, hashes):
            yield from parts

    def results(self, jobs: Sequence[_Job | Refusal], progress: Progress) -> Iterator[Taken | Refusal]:
        """Yield what became of each job, in order."""
        futures = [job if isinstance(job, Refusal) else self._pool.submit(self._result, job) for job in jobs]
        names = [Path(job.path if isinstance(job, Refusal) else job.shown) for job in jobs]
        for _, future in zip(progress(names), futures, strict=True):
            yield future if isinstance(future, Refusal) else future.result()

    def _child(self) -> Child:
        child: Child | None = getattr(self._mine, "child", None)
        if child is None:
            child = self._mine.child = Child(self._limits)
            self._children.append(child)
        return child

    def _expanded(self, found: Found, sha256: str) -> list[_Job | Refusal]:
        date = _date_of(found.path)
        if found.refusal:
            return [refusal(found.shown, found.refusal, sha256, date)]
        job = _Job(found.path, found.shown, sha256, date)
        if not sha256 or suffix_of(job.name) in _OFFICE:
            return [job]
        try:
            members = self._members(job)
        except ReadError as error:
            return [refusal(job.shown, str(error), sha256, date)]
        return [_inner(job, member) for member in members] or [job]

    def _members(self, job: _Job) -> tuple[Member, ...]:
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

    def _result(self, job: _Job) -> Taken | Refusal:
        key = key_of("facts", job.sha256, job.chain, job.name, engine())
        limit = key_of("limit", key, self._limits.memory, self._limits.seconds)
        partly = key_of("partly", key, self._limits.seconds)
        try:
            return self._kept_result(job, key, partly, limit) or self._new_result(job, key, partly)
        except LimitError as error:
            self._kept.put(limit, dump([str(error)]))
            return refusal(job.shown, str(error), job.sha256, job.date)
        except ReadError as error:
            return refusal(job.shown, str(error), job.sha256, job.date)

    def _kept_result(self, job: _Job, key: str, partly: str, limit: str) -> Taken | Refusal | None:
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

    def _new_result(self, job: _Job, key: str, partly: str) -> Taken:
        if self.light and not job.chain and is_plain(job.path):
            facts = extract_file(job.path)
            facts = replace(facts, source=replace(facts.source, path=job.name))
        else:
            facts = self._child().extract(job.path, job.chain, job.name)
        if facts.source.partly:
            key = partly  # a longer time limit shall find more
        self._kept.put(key, b"+" + dump(facts))
        return self._note(job, key, facts)

    def _noted(self, job: _Job, key: str) -> Taken | None:
        """Return the text whose facts are kept under ``key`` by its note, without reading all of them."""
        note = self._kept.get(key_of("note", key, notes()))
        if note is not None and self._kept.has(key):
            noted = load(_Note, note)
            owner = Owner(job.shown, noted.document, noted.header, frozenset(noted.tasks))
            return Taken(key, noted.sha256, owner, noted.counts)
        data = self._kept.get(key)
        return None if data is None else self._note(job, key, load(Extraction, data[1:]))

    def _note(self, job: _Job, key: str, facts: Extraction) -> Taken:
        owner, counts, sha256 = owner_of(facts, job.shown), _counts(facts), facts.source.sha256
        note = _Note(sha256, owner.document, owner.header, tuple(sorted(owner.tasks)), counts)
        self._kept.put(key_of("note", key, notes()), dump(note))
        return Taken(key, sha256, owner, counts)


@dataclass(frozen=True, slots=True)
class _Members:
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class _Note:
    """The few words of a text that stay in memory, as they are kept; the fields of :class:`Taken` and its owner."""

    sha256: str
    document: Document
    header: Header
    tasks: tuple[str, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: str


def refusal(path: str, sentence: str, sha256: str, date: str) -> Refusal:
    """Return a refusal whose sentence is parted into reason and advice."""
    reason, found, advice = sentence.partition(". Hãy ")
    if not found:
        return Refusal(path, sentence, "Hãy mở tệp kiểm tra rồi thử lại.", sha256, date)
    return Refusal(path, f"{reason}.", f"Hãy {advice}", sha256, date)


def _inner(job: _Job, member: Member) -> _Job | Refusal:
    shown = job.shown + STEP + member.name
    if member.refusal:
        return refusal(shown, member.refusal, job.sha256, member.date)
    return replace(job, shown=shown, chain=member.chain, date=member.date)


def _counts(facts: Extraction) -> Counts:
    status = [c.status for c in facts.citations if not c.mention.self]
    return Counts(
        documents=1,
        tasks=sum(u.kind == "task" for u in facts.units),
        citations=len(status),
        resolved=status.count("resolved"),
        ambiguous=status.count("ambiguous"),
        unresolved=status.count("unresolved"),
        works=len(facts.works),
    )


def _light_bytes(job: _Job | Refusal) -> int:
    """Return the size of a plain text, more than any bound for all else."""
    if isinstance(job, Refusal):
        return 0
    try:
        return job.path.stat().st_size if not job.chain and is_plain(job.path) else 2 * _LIGHT
    except (ReadError, OSError):
        return 0


def _date_of(path: Path) -> str:
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC).date().isoformat()
    except (OSError, ValueError, OverflowError):
        return ""


def _processors() -> int:
    return os.cpu_count() or 1
