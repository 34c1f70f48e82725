"""What a build of many texts costs: speed, memory, how busy the processors are, the share of each stage.

``python -m benchmarks.build [PATH …] [--copies 1 20]`` takes the texts (the corpus beside the checkout unless told
otherwise) so many times, each time under other numbers and years of their own, as one file of JSON lines, and builds a
base of them in a process of its own. CPU seconds of the children are read while they are at work; memory is the peak of
each process. ``--keep FOLDER`` keeps the bases, the last line of each run is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.corpus import CORPUS, read_texts
from benchmarks.stages import Stages, watch_load
from extract.pipeline import extract_text

_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_PAUSE = 0.1


def copy_of(text: str, number: int, span: tuple[int, int] | None) -> str:
    """Return the text as another paper: its own serial raised, or, without one, a line more."""
    if not number:
        return text
    if span is None:
        return f"{text}\nBản {number}.\n"
    start, end = span
    words = text[start:end]
    serial = next((n for n, c in enumerate(words) if c.isdigit()), 0)
    digits = len(words[serial:]) - len(words[serial:].lstrip("0123456789"))
    raised = str(int(words[serial : serial + digits] or 0) + 1000 * number)
    return text[: start + serial] + raised + text[start + serial + digits :]


def write_copies(paths: list[Path], copies: int, place: Path) -> int:
    """Write the texts so many times as JSON lines; return their bytes."""
    texts = [(name, words, _own_number(words)) for name, words in read_texts(paths)]
    size = 0
    with place.open("w", encoding="utf-8") as lines:
        for n in range(copies):
            for name, words, span in texts:
                text = copy_of(words, n, span)
                size += len(text.encode())
                lines.write(json.dumps({"id": f"{n:02d}-{name}", "text": text}, ensure_ascii=False) + "\n")
    return size


def _own_number(words: str) -> tuple[int, int] | None:
    facts = extract_text(words)
    return facts.header.number_span if facts.source.text == words else None


# --- the process that is measured ---------------------------------------------------------------------


class _Children(threading.Thread):
    """Watches the processes below this one: CPU seconds and peak memory of each."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seconds: dict[int, float] = {}
        self.peak: dict[int, float] = {}

    def run(self) -> None:
        while True:
            self.look()
            time.sleep(_PAUSE)

    def look(self) -> float:
        """Return the CPU seconds of all children so far."""
        for pid in self._below(os.getpid()):
            with suppress(OSError, ValueError, IndexError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                self.seconds[pid] = (int(fields[11]) + int(fields[12])) / _TICK
                status = Path(f"/proc/{pid}/status").read_text()
                self.peak[pid] = int(status.partition("VmHWM:")[2].split()[0]) / 1024
        return sum(self.seconds.values())

    @staticmethod
    def _below(pid: int) -> list[int]:
        found: list[int] = []
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        return found


def measure(source: Path, base: Path) -> dict[str, Any]:
    """Build ``base`` of ``source`` in this process; return what it cost."""
    import resource

    from graph import citation_graph, corpus, effects, files, gather, rows

    stages, children = Stages(), _Children()
    stages.watch(gather, "sheet_of", "sheets read")
    stages.watch(rows.RowBuilder, "_bound", "names put in")
    stages.watch(rows.RowBuilder, "_entered", "documents")
    stages.watch(rows.RowBuilder, "weigh", "tasks weighed")
    watch_load(stages)
    stages.watch(effects._Events, "_rows", "events of validity")
    stages.watch(files, "digest", "hash of the base")
    stages.watch(citation_graph.Parts, "part", "tasks weighed")
    marks: dict[str, tuple[float, float, float]] = {}

    def tell(step: str) -> None:
        marks.setdefault(step, (time.monotonic(), time.process_time(), children.look()))

    children.start()
    start = (time.monotonic(), time.process_time(), 0.0)
    summary = corpus.build([source], base, tell=tell)
    end = (time.monotonic(), time.process_time(), children.look())
    read, written = marks["reading"], marks["writing"]
    phases = {
        "listed": [b - a for a, b in zip(start, read, strict=True)],
        "read": [b - a for a, b in zip(read, written, strict=True)],
        "loaded": [b - a for a, b in zip(written, end, strict=True)],
    }
    own = end[1] - start[1]
    return {
        "texts": summary.documents, "citations": summary.citations, "seconds": end[0] - start[0], "rows": stages.rows,
        "own": own, "children": end[2], "phases": phases, "base": base.stat().st_size,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "peaks": sorted(children.peak.values()), "stages": stages.shares,
    }  # fmt: skip


# --- the report ---------------------------------------------------------------------------------------


def main() -> None:
    """Print the costs of each number of copies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--copies", nargs="+", type=int, default=[1])
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--measure", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(*given.measure)))
        return
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    first: dict[str, Any] = {}
    for copies in given.copies:
        with tempfile.TemporaryDirectory(dir=given.keep) as folder:
            source, base = Path(folder) / "texts.jsonl", (given.keep or Path(folder)) / f"{copies}.db"
            size = write_copies(given.paths or [CORPUS], copies, source)
            base.unlink(missing_ok=True)
            command = [sys.executable, "-m", "benchmarks.build", "--measure", str(source), str(base)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        first = first or found
        report(copies, size, found, first)
        print(json.dumps({"copies": copies, "bytes": size, **found}), flush=True)


def report(copies: int, size: int, found: dict[str, Any], first: dict[str, Any]) -> None:
    """Print one build, and how it stands to the first one."""
    cores = os.cpu_count() or 1
    each, each_first = (f["seconds"] / f["texts"] for f in (found, first))
    print(f"\n× {copies}: {found['texts']:,} texts, {size / 1e6:.1f} MB, {found['citations']:,} citations")
    print(
        f"whole build {found['seconds']:.1f} s = {size / 1e6 / found['seconds']:.2f} MB/s,"
        f" {1000 * each:.1f} ms a text ({each / each_first:.2f} of the first),"
        f" base {found['base'] / 1e6:.0f} MB, {found['rows']:,} rows"
    )
    print(
        f"peak memory {found['peak']:.0f} MB ({found['peak'] / first['peak']:.2f} of the first),"
        f" children {', '.join(f'{peak:.0f}' for peak in found['peaks'])} MB"
    )
    for name, (wall, own, children) in found["phases"].items():
        busy = (own + children) / wall / cores if wall else 0
        print(f"  {name:8} {wall:7.1f} s, CPU {own:6.1f} + {children:6.1f} s, processors busy {busy:.0%}")
    loading = found["phases"]["loaded"][1]
    for name, seconds in found["stages"].items():
        print(f"    {name:20} {seconds:6.2f} s, {seconds / loading:.0%} of loading")
    print(f"    {'rest':20} {loading - sum(found['stages'].values()):6.2f} s")
    load = sum(found["stages"].get(n, 0) for n in ("rows put", "indexes"))
    whole = found["phases"]["loaded"][0]
    print(
        f"  rows with their indexes {found['rows'] / load:,.0f} a second of processor,"
        f" the whole of loading {found['rows'] / whole:,.0f} a second by the clock"
    )


if __name__ == "__main__":
    main()
