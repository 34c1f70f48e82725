"""How often each check fires over real texts, beside the rates measured by other means, with findings to judge by eye.

Real texts are mostly right, so a rule that fires often is wrong, or says what nobody minds. The verdicts of those
who read a sample stand in ``recorded/check_verdicts.csv``: this prints the precision that they give, by level.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.corpus import CORPUS, read_texts
from extract.numbers import parse_number
from extract.pipeline import extract_text
from graph.check import SEVERITIES, check, rules
from graph.corpus import build
from graph.known import BaseKnown
from graph.store import open_base

PASSAGES = CORPUS.parent.parent / "gold" / "passages"
VERDICTS = Path(__file__).parent / "recorded" / "check_verdicts.csv"
CONTEXT = 80
KNOWN_RATES = {
    "year-of-number": "0,32 % (69/21.260)", "two-dates": "1,4 % of numbers (89/6.186)",
    "number-out-of-order": "1,3 % (67/4.985)", "type-and-symbol": "0,43 % with carriers (229/53.252)",
    "number-not-padded": "0,04 %", "date-not-padded": "2,4 % days, 4 % months 1-2",
}  # fmt: skip
"""Rates of the same faults by scripts of their own over other 178 M characters (domain notes §3, §6), in citations."""


@dataclass(frozen=True, slots=True)
class Row:
    """One finding of one document with the words around it."""

    document: str
    rule: str
    severity: str
    start: int
    found: str
    message: str
    expected: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Run:
    """What one document gave: its findings, and how many citations by number it has, and dated ones with a year."""

    rows: tuple[Row, ...]
    citations: int
    dated: int


def _read(item: tuple[str, str], base: Path | None = None) -> Run:
    facts = extract_text(item[1])
    text = facts.source.text
    if base is None:
        found = check(facts)
    else:  # of a text without a day of its own the acts are asked for as they are today
        with closing(open_base(base)) as connection:
            found = check(facts, date.today().isoformat(), BaseKnown(connection, None, facts.header))
    rows = tuple(
        Row(
            Path(item[0]).name, f.rule, f.severity, f.start, f.found, f.message, f.expected or " | ".join(f.candidates),
            text[max(0, f.start - CONTEXT) : f.start], text[f.end : f.end + CONTEXT],
        )
        for f in found
    )  # fmt: skip
    cited = [c.mention for c in facts.citations if c.mention.form == "number" and not c.mention.self]
    dated = sum(len(m.date) == 10 and (p := parse_number(m.number)) is not None and bool(p.year) for m in cited)
    return Run(rows, len(cited), dated)


@dataclass(frozen=True, slots=True)
class Total:
    """What all documents gave, findings in the order of the ids."""

    rows: list[Row]
    citations: int
    dated: int
    documents: int


def run_over(texts: Iterable[tuple[str, str]], processes: int, base: Path | None = None) -> Total:
    """Check each (id, text), with what ``base`` knows of the cited acts if one is given."""
    read = partial(_read, base=base)
    if processes < 2:
        runs = list(map(read, texts))
    else:
        with get_context("spawn").Pool(processes) as pool:
            runs = list(pool.imap(read, texts, chunksize=8))
    rows = sorted((row for run in runs for row in run.rows), key=lambda r: (r.document, r.start, r.rule))
    return Total(rows, sum(run.citations for run in runs), sum(run.dated for run in runs), len(runs))


def base_of(texts: Iterable[tuple[str, str]], folder: Path) -> Path:
    """Build a base in ``folder`` of the texts that are checked: each is then checked against all others."""
    sources = folder / "texts"
    sources.mkdir()
    for name, text in texts:
        (sources / f"{Path(name).stem}.txt").write_text(text, encoding="utf-8")
    build([sources], folder / "base.db")
    return folder / "base.db"


def sample(rows: Sequence[Row], count: int, seed: int) -> list[Row]:
    """Return ``count`` findings drawn evenly over the rules: a rule in turn gives one, as long as it has any."""
    chance = random.Random(seed)
    by_rule: dict[str, list[Row]] = {}
    for row in rows:
        by_rule.setdefault(row.rule, []).append(row)
    piles = [chance.sample(pile, len(pile)) for _, pile in sorted(by_rule.items())]
    drawn: list[Row] = []
    while len(drawn) < count and any(piles):
        for pile in piles:
            if pile and len(drawn) < count:
                drawn.append(pile.pop())
    return drawn


def _line(words: str) -> str:
    return " ".join(words.split())


def _print_rates(total: Total) -> None:
    rows = total.rows
    print(f"documents {total.documents}, citations by number {total.citations}, findings {len(rows)}")
    counted = Counter(row.rule for row in rows)
    spread = {rule: len({row.document for row in rows if row.rule == rule}) for rule in counted}
    print(f"{'rule':34} {'severity':14} {'n':>6} {'docs':>5} {'% of citations':>14}  elsewhere")
    for rule in rules().values():
        rate = 100 * counted[rule.id] / max(1, total.citations)
        known = KNOWN_RATES.get(rule.id, "")
        row = f"{rule.id:34} {rule.severity:14} {counted[rule.id]:6} {spread.get(rule.id, 0):5} {rate:14.3f}  {known}"
        print(row.rstrip())
    share = 100 * counted["year-of-number"] / max(1, total.dated)
    print(f"of {total.dated} dated numbers with a year {share:.2f} % have the year of another day")
    levels = Counter(row.severity for row in rows)
    print("by level", {level: levels[level] for level in SEVERITIES})


def _print_verdicts() -> None:
    if not VERDICTS.exists():
        return
    with VERDICTS.open(encoding="utf-8", newline="") as lines:
        judged = list(csv.DictReader(lines))
    for level in SEVERITIES[:2]:
        of_level = [row for row in judged if row["severity"] == level and row["verdict"] != "mended"]
        right = sum(row["verdict"] == "right" for row in of_level)
        if of_level:
            print(f"judged {level}: {right}/{len(of_level)} = {right / len(of_level):.3f}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, or 2 when there is nothing to read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checks", description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, nargs="*", default=[CORPUS, PASSAGES])
    parser.add_argument("--with-base", action="store_true", help="check each text against a base of all of them")
    parser.add_argument("--samples", type=int, default=0, help="findings of each of the two upper levels to print")
    parser.add_argument("--level", choices=SEVERITIES, help="only this level")
    parser.add_argument("--rule", choices=list(rules()), help="only this rule")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    missing = [path for path in options.corpus if not path.exists()]
    if missing:
        print(f"No corpus at {missing[0]}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        base = base_of(read_texts(options.corpus), Path(folder)) if options.with_base else None
        total = run_over(read_texts(options.corpus), options.processes, base)
    rows = total.rows
    _print_rates(total)
    _print_verdicts()
    levels = [options.level] if options.level else list(SEVERITIES[:2])
    for level in levels if options.samples else []:
        of_level = [r for r in rows if r.severity == level and options.rule in (None, r.rule)]
        print(f"\n{level}, {min(options.samples, len(of_level))} of {len(of_level)}")
        for n, row in enumerate(sample(of_level, options.samples, options.seed), 1):
            print(f"{n:3} {row.rule} | {row.document}@{row.start} | {row.message} | -> {_line(row.expected)}")
            print(f"    … {_line(row.before)} [[{_line(row.found)}]] {_line(row.after)} …")
    return 0


if __name__ == "__main__":
    sys.exit(main())
