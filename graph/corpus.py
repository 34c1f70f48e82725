"""A folder of documents -> extractions -> the base. One bad file never stops the others."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from extract.model import Extraction
from extract.read.limits import Limits
from graph import files
from graph.basis import MAX_STEPS
from graph.citation_graph import Parts
from graph.decisions.entry import Entry
from graph.decisions.journal import check_not_lost, keep_copy, read_entries
from graph.decisions.journal import mark_of as mark_of_decisions
from graph.decisions.replay import Replay
from graph.engine import LOCAL, Engine
from graph.folder import CorpusError, Found, find_documents
from graph.gather import Progress, Refusal, hash_files
from graph.kept import Kept, KeptError, discard, key_of, look
from graph.labels import choice_of
from graph.late_checks import add_late_findings
from graph.note import Counts, Filed
from graph.own_files import own_files
from graph.register.index import Register
from graph.register.model import RegisterError
from graph.register.store import mark_of
from graph.rows import RowBuilder
from graph.sheet import Sheet
from graph.store import (
    Put,
    Rest,
    StoreError,
    Swap,
    build_facts,
    check_target,
    fill_base,
    fingerprint,
    is_whole,
    read_facts,
    why,
)
from graph.version import engine, room, version

__all__ = ["CorpusError", "Refusal", "Summary", "build", "find_documents", "is_current"]

_NAMES = {
    "documents": "van_ban", "tasks": "nhiem_vu", "citations": "trich_dan", "resolved": "da_xac_dinh",
    "ambiguous": "nhieu_kha_nang", "unresolved": "chua_xac_dinh", "works": "neu_ten",
}  # fmt: skip
_REFUSED = "tep_khong_doc"
_HELD, _TO_REVIEW = "so_quyet_dinh", "so_quyet_dinh_can_xem"
_PATHS = key_of("paths")
_MOST_LOOKED_AT = 1 << 30
"""Bytes of a base that are read whole before it is served, some seconds from a hard disk."""

Step = Literal["locked", "reading", "writing"]
"""What a build is at: waiting for another build of the same base, reading files, writing the base."""
Tell = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build found. ``changed`` is False when the base already held exactly this.

    ``decisions`` counts those of people that hold, ``to_review`` what a person must look at again among them.
    """

    documents: int
    tasks: int
    citations: int
    resolved: int
    ambiguous: int
    unresolved: int
    works: int
    refusals: tuple[Refusal, ...]
    changed: bool
    decisions: int = 0
    to_review: int = 0


def build(
    paths: Sequence[Path],
    database: Path,
    progress: Progress = iter,
    limits: Limits | None = None,
    swap: Swap = files.replace,
    tell: Tell = lambda _: None,
    reader: Engine = LOCAL,
    *,
    may_be_empty: bool = False,
) -> Summary:
    """Read all documents under ``paths`` and write the base to ``database``.

    ``progress`` may wrap the iteration over the names of the files to show how far it is; ``limits`` hold for each
    file, ``swap`` as in :func:`graph.store.fill_base`. Files that did not change since the last build are not read
    again, and nothing is written when the base already comes from the same files and the same program. ``reader`` is
    who reads the files; it does not change the base.

    One base has one build at a time: another waits for it, since what it wants is what the first makes or something
    newer, and it then finds all that the first read. ``tell`` hears what is being done, again and again while it
    waits; what it raises ends the build. With ``may_be_empty`` a folder without documents gives an empty base, but
    never in the place of one that holds something.

    Raises:
        CorpusError: nothing could be read.
        graph.store.StoreError: the base could not be written; the old one is left as it was.
    """
    check_target(database)
    empty = may_be_empty and read_facts(database).get(f"so_{_NAMES['documents']}", "0") == "0"
    sources = _sources(paths, database, empty)
    if summary := _as_it_is(sources, database):
        return summary
    try:
        with files.alone(database, lambda: tell("locked")) as waited:
            if waited:
                sources = _sources(paths, database, empty)
                if summary := _as_it_is(sources, database):
                    return summary
            work = _Work(sources, database, progress, limits or Limits(), swap, tell, reader, empty)
            try:
                return _made(work)
            except KeptError as error:
                if not error.damaged:
                    raise
                discard(database)  # it decides nothing: all is read anew
                return _made(work)
    except (KeptError, OSError) as error:
        raise StoreError(why(database, error)) from error


def is_current(paths: Sequence[Path], database: Path, *, may_be_empty: bool = False) -> bool:
    """True when the base at ``database`` comes from just these files, as their hashes tell, and from this program."""
    sources = _sources(paths, database, may_be_empty)
    return read_facts(database).get("ma_kiem_tra") == sources.mark


def is_damaged(database: Path) -> bool:
    """True when the base is not the file that was written; of a very large one only the length is looked at.

    Raises:
        graph.store.StoreError: another program holds a lock on the file.
    """
    facts = read_facts(database)
    if not facts or database.stat().st_size > _MOST_LOOKED_AT:
        return not facts
    digest = look(database, _digest_key(facts.get("ma_kiem_tra", "")))
    return digest is not None and not is_whole(database, digest.decode())


def built_from(database: Path) -> tuple[Path, ...]:
    """Return the paths that the base was last built from on this machine; none when that is not known any more."""
    try:
        return tuple(Path(path) for path in json.loads(look(database, _PATHS) or b"[]"))
    except ValueError:
        return ()


@dataclass(frozen=True, slots=True)
class _Sources:
    """The paths given, the files found, the sha256 of each, what people decided about the base, and the
    :func:`graph.store.fingerprint` of it all."""

    paths: Sequence[Path]
    found: Sequence[Found]
    hashes: Sequence[str]
    decisions: Sequence[Entry]
    mark: str


@dataclass(frozen=True, slots=True)
class _Work:
    """One build; the fields are the arguments of :func:`build`."""

    sources: _Sources
    database: Path
    progress: Progress
    limits: Limits
    swap: Swap
    tell: Tell
    reader: Engine
    may_be_empty: bool


def _sources(paths: Sequence[Path], database: Path, may_be_empty: bool) -> _Sources:
    found = find_documents(paths, own_files(database), may_be_empty=may_be_empty)
    hashes, decisions = hash_files(found), _decisions(database)
    return _Sources(paths, found, hashes, decisions, _mark(found, hashes, database, decisions))


def _decisions(database: Path) -> tuple[Entry, ...]:
    """Return what people decided about the base; a copy is kept, since nothing could bring it back."""
    path = files.decisions_file(database)
    check_not_lost(path)
    entries = read_entries(path)
    keep_copy(path, entries)
    return entries


def _as_it_is(sources: _Sources, database: Path) -> Summary | None:
    """Return the summary of a base that needs no build: of the same files, none of them refused, and whole."""
    facts = read_facts(database)
    if facts.get("ma_kiem_tra") != sources.mark or facts.get(f"so_{_REFUSED}") != "0":
        return None
    if not _is_whole(sources, database):
        return None
    return _summary({name: int(facts[f"so_{word}"]) for name, word in _NAMES.items()}, (), facts, changed=False)


def _is_whole(sources: _Sources, database: Path) -> bool:
    return is_whole(database, (look(database, _digest_key(sources.mark)) or b"").decode())


def _digest_key(mark: str) -> str:
    return key_of("base", mark)


def _made(work: _Work) -> Summary:
    database, sources = work.database, work.sources
    facts = read_facts(database)
    same = facts.get("ma_kiem_tra") == sources.mark and _is_whole(sources, database)
    try:
        register = Register(files.register_file(database))
    except RegisterError as error:
        raise StoreError(str(error)) from error
    with Kept(database) as kept:
        work.tell("reading")
        taken, refusals = work.reader.gather(sources.found, sources.hashes, kept, work.progress, work.limits)
        if not taken and not work.may_be_empty:
            reasons = " ".join(r.sentence for r in refusals[:3])
            raise CorpusError(f"Không đọc được văn bản nào, nên chưa dựng cơ sở dữ liệu. {reasons}")
        kept.save()
        counts = {f.name: sum(getattr(t.counts, f.name) for t in taken) for f in fields(Counts)}
        changed = not same or _refused_before(database) != [(r.path, r.reason, r.advice) for r in refusals]
        if changed:
            work.tell("writing")
            words = {word: counts[name] for name, word in _NAMES.items()}
            told = build_facts(sources.mark, version(), {**words, _REFUSED: len(refusals)})

            def fill(put: Put, connection: sqlite3.Connection) -> Rest:
                replay = Replay(sources.decisions, choice_of)
                texts = _Texts([text.filed for text in taken], work.reader, kept)
                builder = RowBuilder(put, lambda: Parts(connection, MAX_STEPS).part, register, replay)
                owners = [text.owner for text in taken]
                taken.clear()  # what is known of a text goes on in its row
                builder.build(owners, texts)
                put(_REFUSED, _refused_rows(refusals))
                counts.update({name: counts[name] + n for name, n in builder.settled.items()})
                told.update({f"so_{_NAMES[name]}": str(counts[name]) for name in builder.settled})
                return Rest(builder.weigh, lambda: _report(put, connection, replay, told, register))

            def swap(new: Path, old: Path) -> None:
                kept.put(_digest_key(sources.mark), files.digest(new).encode())
                kept.save()
                work.swap(new, old)

            fill_base(database, fill, told, swap)
            facts = told
        else:
            counts = {name: int(facts[f"so_{word}"]) for name, word in _NAMES.items()}
        kept.get(_digest_key(sources.mark))
        kept.put(_PATHS, json.dumps([str(path.resolve()) for path in sources.paths]).encode())
        work.reader.forget_the_rest(kept)
    return _summary(counts, refusals, facts, changed=changed)


def _mark(found: Sequence[Found], hashes: Sequence[str], database: Path, decisions: Sequence[Entry]) -> str:
    sources = [(item.shown, sha256 or item.refusal) for item, sha256 in zip(found, hashes, strict=True)]
    if register := mark_of(files.register_file(database)):
        sources.append((files.register_file(database).name, register))
    if decisions:
        sources.append((files.decisions_file(database).name, mark_of_decisions(decisions)))
    return fingerprint(sources, f"{version()} {engine()} {room()}")


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts that were read, by their numbers; a :class:`graph.rows.Texts`."""

    texts: Sequence[Filed]
    reader: Engine
    kept: Kept

    def sheet(self, number: int) -> Sheet:
        return self.reader.sheet_of(self.texts[number], self.kept)

    def facts(self, number: int) -> Extraction:
        return self.reader.facts_of(self.texts[number], self.kept)


def _report(
    put: Put, connection: sqlite3.Connection, replay: Replay, facts: dict[str, str], register: Register
) -> None:
    """Put what the whole base tells of its texts, and what came of the decisions; ``facts`` are told how many of these
    hold, and how many are to be looked at again."""
    add_late_findings(put, connection, register, facts["ngay_dung"])
    held, to_review = replay.report(connection)
    put("quyet_dinh", held)
    put("quyet_dinh_can_xem", to_review)
    facts.update({_HELD: str(len(held)), _TO_REVIEW: str(len(to_review))})


def _refused_rows(refusals: Sequence[Refusal]) -> Iterator[dict[str, object]]:
    for n, r in enumerate(refusals, 1):
        yield {
            "duong_dan": r.path, "ly_do": r.reason, "viec_can_lam": r.advice, "sha256": r.sha256, "ngay_tep": r.date,
            "id": n,
        }  # fmt: skip


def _refused_before(database: Path) -> list[tuple[str, str, str]]:
    try:
        with closing(files.open_read_only(database)) as connection:
            return list(connection.execute(f"SELECT duong_dan, ly_do, viec_can_lam FROM {_REFUSED} ORDER BY id"))
    except sqlite3.Error:
        return []


def _summary(
    counts: Mapping[str, int], refusals: Sequence[Refusal], facts: Mapping[str, str], *, changed: bool
) -> Summary:
    held, to_review = (int(facts.get(name, "0")) for name in (_HELD, _TO_REVIEW))
    return Summary(**counts, refusals=tuple(refusals), changed=changed, decisions=held, to_review=to_review)
