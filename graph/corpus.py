"""A folder of documents -> extractions -> the base. One bad file never stops the others."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path

from extract.read.limits import Limits
from extract.wire import WireError
from graph import files
from graph.basis import MAX_STEPS
from graph.citation_graph import Parts
from graph.folder import CorpusError, Found, find_documents
from graph.gather import Counts, Progress, Refusal, Taken, facts_of, gather, hash_files
from graph.kept import Kept, place_of
from graph.rows import RowBuilder
from graph.store import Put, StoreError, Swap, build_facts, check_target, fill_base, fingerprint, read_facts
from graph.version import engine, judgement, version

__all__ = ["CorpusError", "Refusal", "Summary", "build", "find_documents", "is_current"]

_NAMES = {
    "documents": "van_ban", "tasks": "nhiem_vu", "citations": "trich_dan", "resolved": "da_xac_dinh",
    "ambiguous": "nhieu_kha_nang", "unresolved": "chua_xac_dinh", "works": "neu_ten",
}  # fmt: skip
_REFUSED = "tep_khong_doc"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build found. ``changed`` is False when the base already held exactly this."""

    documents: int
    tasks: int
    citations: int
    resolved: int
    ambiguous: int
    unresolved: int
    works: int
    refusals: tuple[Refusal, ...]
    changed: bool


def build(
    paths: Sequence[Path],
    database: Path,
    progress: Progress = iter,
    limits: Limits | None = None,
    swap: Swap = files.replace,
) -> Summary:
    """Read all documents under ``paths`` and write the base to ``database``.

    ``progress`` may wrap the iteration over the names of the files to show how far it is; ``limits`` hold for each
    file, ``swap`` as in :func:`graph.store.fill_base`. Files that did not change since the last build are not read
    again, and nothing is written when the base already comes from the same files and the same program.

    Raises:
        CorpusError: nothing could be read.
        graph.store.StoreError: the base could not be written; the old one is left as it was.
    """
    check_target(database)
    found = find_documents(paths, _own_files(database))
    hashes = hash_files(found)
    facts = read_facts(database)
    same = facts.get("ma_kiem_tra") == _mark(found, hashes)
    if same and facts.get(f"so_{_REFUSED}") == "0":
        return _summary({name: int(facts[f"so_{word}"]) for name, word in _NAMES.items()}, (), changed=False)
    try:
        with Kept(database) as kept:
            taken, refusals = gather(found, hashes, kept, progress, limits or Limits())
            if not taken:
                reasons = " ".join(r.sentence for r in refusals[:3])
                raise CorpusError(f"Không đọc được văn bản nào, nên chưa dựng cơ sở dữ liệu. {reasons}")
            counts = {f.name: sum(getattr(t.counts, f.name) for t in taken) for f in fields(Counts)}
            changed = not same or _refused_before(database) != [(r.path, r.reason, r.advice) for r in refusals]
            if changed:
                words = {word: counts[name] for name, word in _NAMES.items()}
                fill_base(
                    database,
                    lambda put, connection: _fill(put, connection, taken, refusals, kept),
                    build_facts(_mark(found, hashes), version(), {**words, _REFUSED: len(refusals)}),
                    swap,
                )
            kept.forget_the_rest()
    except (sqlite3.Error, WireError) as error:
        raise StoreError(
            f"Không ghi được tệp tạm “{place_of(database)}”: {error}. Hãy giải phóng dung lượng ổ đĩa rồi chạy lại."
        ) from error
    return _summary(counts, refusals, changed=changed)


def is_current(paths: Sequence[Path], database: Path) -> bool:
    """True when the base at ``database`` comes from just these files, as their hashes tell, and from this program."""
    found = find_documents(paths, _own_files(database))
    return read_facts(database).get("ma_kiem_tra") == _mark(found, hash_files(found))


def _own_files(database: Path) -> tuple[Path, ...]:
    """The base and what lies beside it are no documents, also in a folder that is built."""
    return database, place_of(database), files.beside(database), files.waiting(database), files.running(database)


def _mark(found: Sequence[Found], hashes: Sequence[str]) -> str:
    sources = [(item.shown, sha256 or item.refusal) for item, sha256 in zip(found, hashes, strict=True)]
    return fingerprint(sources, f"{version()} {engine()} {judgement()}")


def _fill(
    put: Put, connection: sqlite3.Connection, taken: Sequence[Taken], refusals: Sequence[Refusal], kept: Kept
) -> None:
    extractions = (facts_of(item, kept) for item in taken)
    RowBuilder(put, lambda: Parts(connection, MAX_STEPS).part).build([item.owner for item in taken], extractions)
    put(_REFUSED, _refused_rows(refusals))


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


def _summary(counts: Mapping[str, int], refusals: Sequence[Refusal], *, changed: bool) -> Summary:
    return Summary(**counts, refusals=tuple(refusals), changed=changed)
