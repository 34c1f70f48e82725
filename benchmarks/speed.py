"""How fast whole extraction is, how it grows with the text, and how far it stands from others and from the limit.

Four measures in one run, all in CPU time of this process: the corpus through ``extract``; one text once, four and
sixteen times over; eyecite with its Hyperscan tokenizer over US citations; one compiled pattern over the corpus,
which finds type and number and knows nothing else: the limit of what scanning with ``re`` can do.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib import metadata
from pathlib import Path
from statistics import median

from benchmarks.corpus import CORPUS, read_texts
from benchmarks.opinion import make_opinion
from extract.pipeline import extract_text

TIMES = (1, 4, 16)
REPEATS = 5
ONE_TEXT = range(60_000, 120_000)
"""Characters of the text that is repeated; of those as long, the one richest in citations is taken."""

_TYPES = "Luật|Bộ luật|Pháp lệnh|Nghị định|Nghị quyết|Quyết định|Thông tư|Thông tư liên tịch|Chỉ thị|Kế hoạch|Công văn"
_LIMIT = re.compile(rf"(?:{_TYPES})\s+(?:số:?\s+)?\d+[a-z]?(?:/\d{{4}})?[/-][A-ZĐƯ]+\d*(?:[-/][A-ZĐƯ][\w&]*)*")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``growth`` is CPU time against proportional growth, 1.0 where that is what happened."""

    what: str
    megabytes: float
    seconds: float
    citations: int
    growth: float | None = None
    peak_megabytes: float | None = None

    @property
    def rate(self) -> float:
        """MB of UTF-8 (10⁶ bytes) a second."""
        return self.megabytes / self.seconds if self.seconds else 0.0


def cpu_seconds(count: Callable[[str], int], text: str, repeats: int = 1) -> tuple[float, int]:
    """Return the median CPU time that ``count`` took over ``text``, and what it found."""
    taken: list[float] = []
    found = 0
    for _ in range(repeats):
        start = time.process_time()
        found = count(text)
        taken.append(time.process_time() - start)
    return median(taken), found


def _megabytes(text: str) -> float:
    return len(text.encode("utf-8")) / 1e6


def peak_megabytes() -> float | None:
    """Return the largest resident size of this process so far, None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def _count(text: str) -> int:
    return len(extract_text(text).citations)


# --- the four measures ----------------------------------------------------------------------------


def whole_corpus(corpus: Path) -> Row:
    """Extract every text once, one at a time; reading and unpacking the file are not counted."""
    size = seconds = 0.0
    citations = 0
    for _, text in read_texts([corpus]):
        taken, found = cpu_seconds(_count, text)
        size, seconds, citations = size + _megabytes(text), seconds + taken, citations + found
    return Row("extract, whole corpus", size, seconds, citations, peak_megabytes=peak_megabytes())


def growth(name: str, text: str, count: Callable[[str], int], repeats: Sequence[int]) -> list[Row]:
    """Measure ``text`` once and several times over; linear growth has the ratio 1.0 on every line."""
    rows: list[Row] = []
    for times, again in zip(TIMES, repeats, strict=True):
        longer = "\n\n".join([text] * times)
        seconds, found = cpu_seconds(count, longer, again)
        ratio = seconds / (rows[0].seconds * times) if rows and rows[0].seconds else 1.0
        rows.append(Row(f"{name}, ×{times}", _megabytes(longer), seconds, found, round(ratio, 2)))
    return rows


def eyecite() -> list[Row]:
    """Measure eyecite on its own language; the compile of its patterns is warmed up and not counted.

    Raises:
        ImportError: eyecite or hyperscan is not installed.
    """
    import hyperscan  # noqa: F401  eyecite itself asks for it only when it compiles
    from eyecite import get_citations
    from eyecite.tokenizers import HyperscanTokenizer

    tokenizer = HyperscanTokenizer()
    get_citations("Alderwick v. Bramhall, 12 U.S. 34 (1970)", tokenizer=tokenizer)
    return growth(
        f"eyecite {metadata.version('eyecite')} + Hyperscan", make_opinion(),
        lambda text: len(get_citations(text, tokenizer=tokenizer)), (REPEATS, 1, 1),
    )  # fmt: skip


def limit(corpus: Path) -> Row:
    """Scan the corpus with the one pattern."""
    size = seconds = 0.0
    found = 0
    for _, text in read_texts([corpus]):
        taken, matches = cpu_seconds(_numbers, text)
        size, seconds, found = size + _megabytes(text), seconds + taken, found + matches
    return Row("one pattern, type + number", size, seconds, found)


# --- the command ----------------------------------------------------------------------------------


def machine() -> dict[str, str]:
    """Return what the figures were measured on."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*:\s*(.+)", info.read_text(encoding="utf-8")) if info.exists() else None
    return {
        "cpu": str(model[1]) if model else platform.processor() or platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def measure(corpus: Path) -> list[Row]:
    """Run all measures over ``corpus``; say on the error stream when eyecite is missing."""
    one = _one_text(corpus)
    _count(one)  # tables and patterns are read once, on first use
    rows = [whole_corpus(corpus), *growth("extract, one text", one, _count, (REPEATS, 3, 1)), limit(corpus)]
    try:
        rows += eyecite()
    except ImportError as missing:
        print(f"eyecite is not measured: {missing.name} is not installed (pip install '.[bench]').", file=sys.stderr)
    return rows


def _one_text(corpus: Path) -> str:
    best, most = "", -1
    for _, text in read_texts([corpus]):
        numbers = _numbers(text) if len(text) in ONE_TEXT else 0
        if numbers > most:
            best, most = text, numbers
    return best


def _numbers(text: str) -> int:
    return sum(1 for _ in _LIMIT.finditer(text))


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| what | MB | CPU s | MB/s | growth | citations | peak MB |", "|---|--:|--:|--:|--:|--:|--:|"]
    for r in rows:
        growing = "" if r.growth is None else f"{r.growth:.2f}"
        peak = "" if r.peak_megabytes is None else f"{r.peak_megabytes:.0f}"
        lines.append(
            f"| {r.what} | {r.megabytes:.2f} | {r.seconds:.2f} | {r.rate:.2f} | {growing} | {r.citations} | {peak} |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS, help=".jsonl[.gz] or a folder (default: beside us)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args(arguments)
    if not options.corpus.exists():
        print(f"No corpus at {options.corpus}: give one with --corpus.", file=sys.stderr)
        return 2
    rows, day, on = measure(options.corpus), date.today().isoformat(), machine()
    print(f"{day}, {on['cpu']}, {on['system']}, Python {on['python']}; CPU time, MB = 10⁶ bytes of UTF-8\n")
    print(table(rows))
    if options.json:
        values = [{**asdict(r), "rate": round(r.rate, 3)} for r in rows]
        words = json.dumps({"date": day, "machine": on, "rows": values}, ensure_ascii=False, indent=1)
        options.json.write_text(words + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
