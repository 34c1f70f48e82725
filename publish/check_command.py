"""The command ``cancu check``: files and folders read one after the other; what was found as lines, data or files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from extract.capitals import capitals_to_name
from extract.model import Extraction
from extract.pipeline import extract_file
from extract.read import ReadError
from extract.text import squeeze
from graph.check import SEVERITIES, Finding, check
from graph.check.known import NOTHING
from graph.folder import CorpusError, Found, find_documents
from graph.known import BaseKnown
from graph.labels import label_of
from graph.lazy import LazyGraph
from graph.own_files import bases_among, own_files
from graph.register.index import Register
from graph.sheet import finding_row
from graph.suggest import with_suggestions
from graph.version import version
from publish.export.listing import Listing, write_listing_docx, write_listing_xlsx
from publish.export.original import original_of
from publish.export.sarif import SarifFile, SarifPlace, sarif
from publish.export.slip import Entry, slip, totals
from publish.export.stamp import Source, Stamp, read_stamp
from publish.findings import FORMAT, finding_lines, finding_values, place_of

SUFFIXES = (".docx", ".xlsx", ".json", ".sarif")


class CheckError(Exception):
    """Nothing could be checked; the message is a Vietnamese sentence for the user."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was read: ``shown`` is the name people see, ``where`` the file itself."""

    shown: str
    where: Path
    facts: Extraction
    findings: tuple[Finding, ...]

    @property
    def label(self) -> str:
        """What the text is, in a few words: its number, else its title, else the name of the file."""
        header = self.facts.header
        own = next((d for c in self.facts.citations if c.mention.self for d in self.facts.documents
                    if d.id == c.document), None)  # fmt: skip
        if own is not None and header.number:
            return label_of(own)
        if header.number and header.symbol:
            return f"{header.type or 'Văn bản'} số {header.number}/{header.symbol}"
        return squeeze(capitals_to_name(header.title)) or self.shown

    def entries(self) -> list[Entry]:
        """Return the findings as the slip tells them."""
        return [self._entry(finding, finding_row(finding, self.facts)) for finding in self.findings]

    def _entry(self, finding: Finding, row: dict[str, Any]) -> Entry:
        return Entry(
            finding.rule, finding.severity, place_of(finding.unit, row["vi_tri"]), row["nguyen_van"], row["thong_bao"],
            row["de_nghi"], row["ung_vien"], row["nguon"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, and why, in a sentence."""

    shown: str
    where: Path
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """All that was asked for, in order; ``alone`` when it was one file by its name."""

    texts: tuple[Checked, ...]
    unread: tuple[Unread, ...]
    alone: bool

    def has(self, limit: str) -> bool:
        """Tell whether something was found that is as grave as ``limit`` or graver."""
        most = SEVERITIES.index(limit)
        return any(SEVERITIES.index(f.severity) <= most for text in self.texts for f in text.findings)


def run(
    paths: Sequence[Path],
    as_of: date,
    graph: LazyGraph | None = None,
    leave_out: Sequence[Path] = (),
    register: Register | None = None,
    progress: Callable[[Iterable[Path]], Iterable[Path]] = iter,
) -> Result:
    """Check the files under ``paths`` on the day ``as_of``, with what the base of ``graph`` and the ``register`` beside
    it know; one bad file stops none of the others. ``progress`` may wrap the way over several files to show how far it
    is.

    Raises:
        CheckError: nothing could be read.
    """
    alone = len(paths) == 1 and not paths[0].is_dir()
    texts: list[Checked] = []
    unread: list[Unread] = []
    files = _files(paths, alone, leave_out)
    for n, path in enumerate((iter if alone else progress)([one.path for one in files])):
        shown, refusal = files[n].shown, files[n].refusal
        if refusal:
            unread.append(Unread(shown, path, refusal))
            continue
        try:
            facts = extract_file(path)
        except ReadError as error:
            unread.append(Unread(shown, path, str(error)))
            continue
        known = BaseKnown(graph.connection, register, facts.header) if graph is not None else NOTHING
        found = check(facts, as_of.isoformat(), known)
        if graph is not None:
            found = with_suggestions(facts, found, graph)
        texts.append(Checked(shown, path, facts, found))
    if not texts:
        raise CheckError("\n".join(one.why for one in unread[:3]))
    return Result(tuple(texts), tuple(unread), alone)


def _files(paths: Sequence[Path], alone: bool, leave_out: Sequence[Path]) -> list[Found]:
    if alone:
        return [Found(paths[0], paths[0].name)]
    found: dict[Path, Found] = {}
    for path in paths:  # one that is missing is told, and the others are read
        try:
            for one in _documents(path, leave_out):
                found.setdefault(one.path.resolve(), one)
        except CorpusError as error:
            found.setdefault(path.resolve(), Found(path, path.name, str(error)))
    return list(found.values())


def _documents(path: Path, leave_out: Sequence[Path]) -> list[Found]:
    """Return the documents under ``path``: a base that lies there too, and all that belongs to it, is none."""
    found = find_documents([path], leave_out)
    bases = bases_among(one.path for one in found) if path.is_dir() else ()
    ours = [own for base in bases for own in own_files(base)]
    return find_documents([path], [*leave_out, *ours]) if ours else found


# --- what is said of it ---------------------------------------------------------------------------


def lines(result: Result) -> Iterator[str]:
    """Yield the findings of each file, then how many there are in all."""
    for text in result.texts:
        if not result.alone:
            yield f"=== {text.shown} ==="
        yield from finding_lines(text.facts, text.findings)
        if not result.alone:
            yield ""
    if len(result.texts) > 1:
        yield f"Đã soát {len(result.texts)} văn bản. {totals(text.entries() for text in result.texts)}"


def values(result: Result) -> dict[str, Any]:
    """Return the findings as data: of one file as ever, of several with their files."""
    if result.alone:
        return finding_values(result.texts[0].findings)
    found = [{**f, "path": t.shown} for t in result.texts for f in finding_values(t.findings)["findings"]]
    files: list[dict[str, Any]] = [
        {"path": t.shown, "sha256": t.facts.source.sha256, "findings": len(t.findings)} for t in result.texts
    ]  # fmt: skip
    files += [{"path": one.shown, "error": one.why} for one in result.unread]
    return {"format": FORMAT, "findings": found, "files": files}


def sarif_values(result: Result) -> dict[str, Any]:
    """Return the findings as SARIF, for editors and build servers."""
    texts = [
        SarifFile(_place(t.shown, t.where), t.facts, t.findings, original_of(t.where, t.facts.source))
        for t in result.texts
    ]
    return sarif(texts, [(_place(one.shown, one.where), one.why) for one in result.unread])


def _place(shown: str, path: Path) -> SarifPlace:
    """Return the place of a file as an editor finds it: from the working folder, never a path of this machine."""
    try:
        return SarifPlace(path.resolve().relative_to(Path.cwd().resolve()).as_posix())
    except ValueError:
        return SarifPlace(shown, here=False)


# --- files ----------------------------------------------------------------------------------------


def check_out(out: Path) -> None:
    """See that the suffix of ``out`` tells a format.

    Raises:
        CheckError: it does not.
    """
    if out.suffix.lower() not in SUFFIXES:
        raise CheckError(f"Không rõ cần ghi dạng nào vào “{out.name}”. Hãy đặt đuôi tệp là {', '.join(SUFFIXES)}.")


def file_of(result: Result, suffix: str, as_of: date, graph: LazyGraph | None = None) -> bytes:
    """Return the findings as a file of a suffix in :data:`SUFFIXES`."""
    if suffix == ".json":
        return as_text(values(result)).encode() + b"\n"
    if suffix == ".sarif":
        return as_text(sarif_values(result)).encode() + b"\n"
    write: Callable[[Listing, Stamp], bytes] = write_listing_docx if suffix == ".docx" else write_listing_xlsx
    texts = [
        (text.label if result.alone else f"{text.label} (tệp {text.shown})", text.entries()) for text in result.texts
    ]
    lines = [f"Tệp không đọc được: {one.shown}. {one.why}" for one in result.unread]
    listing = slip(texts, texts[0][0] if len(texts) == 1 else "", [t.facts.source.sha256 for t in result.texts], lines)
    return write(listing, _stamp(result, as_of, graph))


def as_text(found: dict[str, Any]) -> str:
    """Return data as JSON for people; what is no Unicode is written as an escape."""
    text = json.dumps(found, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace").decode()


def _stamp(result: Result, as_of: date, graph: LazyGraph | None) -> Stamp:
    """Return the origin: the files that were checked, and the base that was asked, if any."""
    sources = tuple(Source(t.facts.source.sha256, t.label, t.shown, t.facts.source.sha256) for t in result.texts)
    if graph is None:
        return Stamp(sources, as_of.isoformat(), as_of.isoformat(), version(), "")
    return replace(read_stamp(graph.connection, as_of, ()), sources=sources)
