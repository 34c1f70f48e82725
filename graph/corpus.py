"""A folder of documents -> extractions -> the base. One bad file never stops the others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extract.model import Extraction
from extract.pipeline import extract_file
from extract.read import SUFFIXES, ReadError
from graph.rows import RowBuilder
from graph.store import build_facts, fingerprint, read_facts, write_base
from graph.version import version


class CorpusError(Exception):
    """There is nothing to build from; the message is a Vietnamese sentence for the user."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not read, and why (Vietnamese)."""

    path: str
    reason: str


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


def find_documents(paths: Sequence[Path]) -> dict[Path, str]:
    """Return the document files under ``paths`` (files, or folders searched in depth), sorted, each once.

    Each comes with the name it is shown by: its place under the given folder, never a path of this machine.

    Raises:
        CorpusError: a path is missing, or no document lies under a folder.
    """
    found: dict[Path, str] = {}
    for path in paths:
        if not path.exists():
            raise CorpusError(f"Không tìm thấy “{path}”. Hãy kiểm tra lại đường dẫn tới tệp hoặc thư mục văn bản.")
        if path.is_file():
            found[path] = path.name
            continue
        inside = sorted(
            p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file() and not _hidden(p, path)
        )
        if not inside:
            raise CorpusError(
                f"Thư mục “{path}” không có văn bản nào đọc được (tệp {' hoặc '.join(SUFFIXES)}). "
                "Hãy chép văn bản vào thư mục rồi chạy lại."
            )
        root = path.resolve().name
        found.update({p: f"{root}/{p.relative_to(path).as_posix()}" for p in inside})
    return found


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def build(
    paths: Sequence[Path], database: Path, progress: Callable[[Iterable[Path]], Iterable[Path]] = iter
) -> Summary:
    """Read all documents under ``paths`` and write the base to ``database``.

    ``progress`` may wrap the iteration over the files to show how far it is. Nothing is written when
    the base already comes from the same files and the same program.

    Raises:
        CorpusError: nothing could be read.
        graph.store.StoreError: the base could not be written; the old one is left as it was.
    """
    extractions: list[Extraction] = []
    refusals: list[Refusal] = []
    shown = find_documents(paths)
    for path in progress(shown):
        try:
            facts = extract_file(path)
            extractions.append(replace(facts, source=replace(facts.source, path=shown[path])))
        except ReadError as error:
            refusals.append(Refusal(str(path), str(error)))
    if not extractions:
        reasons = " ".join(r.reason for r in refusals[:3])
        raise CorpusError(f"Không đọc được văn bản nào, nên chưa dựng cơ sở dữ liệu. {reasons}")
    sources = [(e.source.path, e.source.sha256) for e in extractions]
    unchanged = read_facts(database).get("ma_kiem_tra") == fingerprint(sources, version())
    summary = _summary(extractions, refusals, changed=not unchanged)
    if not unchanged:
        counts = {
            "van_ban": summary.documents, "nhiem_vu": summary.tasks, "trich_dan": summary.citations,
            "da_xac_dinh": summary.resolved, "nhieu_kha_nang": summary.ambiguous, "chua_xac_dinh": summary.unresolved,
        }  # fmt: skip
        write_base(database, RowBuilder().build(extractions), build_facts(sources, version(), counts))
    return summary


def is_current(paths: Sequence[Path], database: Path) -> bool:
    """True when the base at ``database`` comes from just these files, as their hashes tell, and from this program."""
    sources = [(name, hashlib.sha256(p.read_bytes()).hexdigest()) for p, name in find_documents(paths).items()]
    return read_facts(database).get("ma_kiem_tra") == fingerprint(sources, version())


def _summary(extractions: Sequence[Extraction], refusals: Sequence[Refusal], *, changed: bool) -> Summary:
    cited = [c for e in extractions for c in e.citations if not c.mention.self]
    status = [c.status for c in cited]
    return Summary(
        documents=len(extractions),
        tasks=sum(u.kind == "task" for e in extractions for u in e.units),
        citations=len(cited),
        resolved=status.count("resolved"),
        ambiguous=status.count("ambiguous"),
        unresolved=status.count("unresolved"),
        works=sum(len(e.works) for e in extractions),
        refusals=tuple(refusals),
        changed=changed,
    )
