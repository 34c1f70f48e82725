"""How fast each format is read, alone and with the whole extraction, and how fast a folder of many files is built.

The plans are the one in ``corpus/`` and those beside the checkout, each written as a file of every format
(:mod:`benchmarks.papers`). All is wall time: LibreOffice and the recogniser of scans are processes of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from benchmarks import papers
from benchmarks.speed import machine
from extract.model import SourceText
from extract.pipeline import extract, extract_file
from extract.read import ReadError, ocr, office, read_bytes

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
PLANS = ROOT.parent / "shared" / "gold" / "plans"
"""Real plans beside the checkout; not part of it."""

FORMATS = ("txt", "md", "html", "docx", "rtf", "doc", "pdf", "scan")
SECONDS = 2.0
"""A format is read again and again for so long, at least once."""
LETTERS = 2600
"""Characters of a page, where LibreOffice is not there to make pages: as the plan in ``corpus/`` prints."""
COPIES = 400


@dataclass(frozen=True, slots=True)
class Paper:
    """A text as a file; ``pages`` as LibreOffice lays it out."""

    name: str
    data: bytes
    pages: int


@dataclass(frozen=True, slots=True)
class Row:
    """One format: what was read in one round, and the seconds of a round.

    ``read`` is file → text, ``whole`` file → facts, both in this process; ``alone`` is a whole round of
    ``extract_file``, which gives all but plain text to a reader process of its own for each file.
    """

    format: str
    files: int
    pages: int
    megabytes: float
    citations: int
    read: float
    whole: float
    alone: float


@dataclass(frozen=True, slots=True)
class Built:
    """``cancu build`` of a folder: seconds, and MB of its largest process (None where the system does not tell)."""

    what: str
    files: int
    seconds: float
    peak_megabytes: float | None


# --- the files ------------------------------------------------------------------------------------


def papers_of(plans: Sequence[Path], format: str) -> list[Paper]:
    """Return the plans as files of one format.

    Raises:
        extract.read.office.OfficeError: LibreOffice is needed for it and is not installed, or failed.
    """
    made: list[Paper] = []
    for plan in plans:
        text = plan.read_text(encoding="utf-8")
        real = plan.with_suffix(".docx")
        word = real.read_bytes() if real.exists() else papers.docx(text)
        printed = papers.by_office(word, "docx", "pdf") if office.soffice() else b""
        pages = _pages(printed) if printed else max(1, round(len(text) / LETTERS))
        made.append(Paper(f"{plan.stem}.{_ENDINGS.get(format, format)}", _written(text, word, printed, format), pages))
    return made


_ENDINGS = {"scan": "pdf"}


def _written(text: str, word: bytes, printed: bytes, format: str) -> bytes:
    if format in ("pdf", "scan", "doc") and not printed:
        raise office.OfficeError("LibreOffice is not installed")
    match format:
        case "md":
            return text.encode()
        case "docx":
            return word
        case "doc":
            return papers.by_office(word, "docx", "doc")
        case "pdf":
            return printed
        case "scan":
            return papers.scan(printed)
    written: bytes = getattr(papers, format)(text)
    return written


def _pages(data: bytes) -> int:
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(data) as document:
        return len(document)


# --- reading --------------------------------------------------------------------------------------


def measure(format: str, made: Sequence[Paper]) -> Row:
    """Read the files of one format, round after round."""
    found = [extract(read_bytes(paper.data, paper.name)) for paper in made]  # what is read once is loaded here
    with tempfile.TemporaryDirectory(prefix="cancu-") as folder:
        paths = [Path(folder) / paper.name for paper in made]
        for path, paper in zip(paths, made, strict=True):
            path.write_bytes(paper.data)
        alone = seconds_of(lambda: [extract_file(path) for path in paths])
    return Row(
        format, len(made), sum(paper.pages for paper in made), sum(len(paper.data) for paper in made) / 1e6,
        sum(len(facts.citations) for facts in found),
        seconds_of(lambda: _read(made)), seconds_of(lambda: [extract(source) for source in _read(made)]), alone,
    )  # fmt: skip


def _read(made: Sequence[Paper]) -> list[SourceText]:
    return [read_bytes(paper.data, paper.name) for paper in made]


def seconds_of(work: Callable[[], object], least: float | None = None) -> float:
    """Return the mean wall time of ``work``, done again until ``least`` seconds (:data:`SECONDS`) are over."""
    start, times = time.perf_counter(), 0
    while True:
        work()
        times += 1
        spent = time.perf_counter() - start
        if spent >= (SECONDS if least is None else least):
            return spent / times


# --- a folder -------------------------------------------------------------------------------------

_COMMAND = """
import subprocess, sys, time
start = time.perf_counter()
status = subprocess.run([sys.executable, "-c", "from publish.cli import main; main()", "build", *sys.argv[1:]],
                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
seconds = time.perf_counter() - start
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
except ImportError:
    peak = 0
print(status, seconds, peak)
"""


def build(plan: Path, copies: int) -> list[Built]:
    """Build a folder of copies of one plan, each with a number of its own: anew, unchanged, with one file changed.

    Raises:
        RuntimeError: the command failed.
    """
    text = plan.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="cancu-") as home:
        folder = Path(home) / "kho"
        folder.mkdir()
        for n in range(1, copies + 1):
            (folder / f"{n:04d}.docx").write_bytes(papers.docx(numbered(text, n)))
        found = [_built(f"build, {copies} .docx, anew", copies, folder), _built("the same, unchanged", copies, folder)]
        (folder / "0001.docx").write_bytes(papers.docx(numbered(text, copies + 1)))
        return [*found, _built("the same, one file changed", copies, folder)]


def numbered(text: str, n: int) -> str:
    """Return the plan with ``n`` as its number, which it leaves blank."""
    return text.replace("Số: /", f"Số: {n}/", 1)


def _built(what: str, files: int, folder: Path) -> Built:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, str(folder), "--db", str(folder.parent / "cancu.db")],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
    )  # fmt: skip
    status, seconds, peak = done.stdout.split()
    if status != "0":
        raise RuntimeError(f"cancu build ended with {status}")
    return Built(what, files, float(seconds), float(peak) or None)


# --- the command ----------------------------------------------------------------------------------


def table(rows: Sequence[Row]) -> str:
    """Return the formats as a Markdown table."""
    lines = [
        "| format | files | pages | MB | citations | read, ms a page | whole, files/s | whole, pages/s | MB/s | "
        "own process, ms a file |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for r in rows:
        counts = f"{r.files} | {r.pages} | {r.megabytes:.2f} | {r.citations}"
        whole = f"{r.files / r.whole:.1f} | {r.pages / r.whole:.1f} | {r.megabytes / r.whole:.2f}"
        read, alone = f"{1e3 * r.read / r.pages:.2f}", f"{1e3 * r.alone / r.files:.0f}"
        lines.append(f"| {r.format} | {counts} | {read} | {whole} | {alone} |")
    return "\n".join(lines)


def table_of_builds(rows: Sequence[Built]) -> str:
    """Return the builds as a Markdown table."""
    lines = ["| folder | files | s | files/s | largest process, MB |", "|---|--:|--:|--:|--:|"]
    for r in rows:
        peak = "" if r.peak_megabytes is None else f"{r.peak_megabytes:.0f}"
        lines.append(f"| {r.what} | {r.files} | {r.seconds:.2f} | {r.files / r.seconds:.0f} | {peak} |")
    return "\n".join(lines)


def find_plans(folders: Sequence[Path]) -> list[Path]:
    """Return the plans (.md) in the folders, sorted by name in each."""
    return [path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.md"))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.formats", description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="plans as .md, the real .docx beside")
    parser.add_argument("--formats", default=",".join(FORMATS), help="some of %(default)s")
    parser.add_argument("--copies", type=int, default=COPIES, metavar="N", help="files of the folder; 0 builds none")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args(arguments)
    plans = find_plans(options.folders or [CORPUS, PLANS])
    if not plans:
        print("No plan (.md) in these folders.", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for format in options.formats.split(","):
        if format == "scan" and ocr.find() is None:
            print("Scans are not measured: no recogniser is installed.", file=sys.stderr)
            continue
        try:
            rows.append(measure(format, papers_of(plans, format)))
        except (office.OfficeError, ReadError) as error:
            print(f"{format} is not measured: {error}", file=sys.stderr)
    builds = build(plans[0], options.copies) if options.copies else []
    day, on = date.today().isoformat(), machine()
    print(
        f"{day}, {on['cpu']}, {os.cpu_count()} processors, {on['system']}, Python {on['python']}; wall time, "
        f"recogniser {getattr(ocr.find(), 'name', 'none')}\n"
    )
    print(table(rows), table_of_builds(builds), sep="\n\n")
    if options.json:
        values = {"date": day, "machine": on, "formats": [*map(asdict, rows)], "builds": [*map(asdict, builds)]}
        options.json.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
