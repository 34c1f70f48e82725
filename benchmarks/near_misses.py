"""What the near-miss rule says over real texts, and how often it would take one real act for another.

Two lists, both to be judged by eye. The first is what the rule says of each text against a base of all of them. For
the second, one act that a text cites and others know too is hidden from the base, many times: an act that is really
there stands for one that the base does not have, so that what the rule says of it is a false alarm (or one act under
two numbers).
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.checks import PASSAGES, base_of
from benchmarks.corpus import CORPUS, read_texts
from extract.pipeline import extract_text
from graph.check import Finding
from graph.lazy import LazyGraph
from graph.store import open_base
from graph.suggest import near_misses

PLANS = CORPUS.parent.parent / "gold" / "plans"


@dataclass(frozen=True, slots=True)
class Said:
    """What the rule says of one citation: its text and offset, the words, the message."""

    document: str
    start: int
    words: str
    message: str


@dataclass(frozen=True, slots=True)
class Run:
    """What one text gave: findings, findings about acts that were hidden, and how many were hidden."""

    told: tuple[Said, ...]
    of_hidden: tuple[Said, ...]
    hidden: int


class HidingGraph(LazyGraph):
    """A base without one of its documents."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """``hidden`` is the key of the document that is not there, "" for none."""
        super().__init__(connection)
        self.hidden = ""

    def rows(self, sql: str, *values: Any) -> Iterator[dict[str, Any]]:
        """Yield the rows of a query without the hidden document."""
        return (row for row in super().rows(sql, *values) if not self.hidden or row.get("khoa") != self.hidden)


def ask(item: tuple[str, str], base: Path, share: float, seed: int) -> Run:
    """Ask the rule of one (id, text), then again with each of a ``share`` of its documents hidden in turn."""
    facts = extract_text(item[1])
    name = Path(item[0]).name
    chance = random.Random(f"{seed} {name}")

    def said(finding: Finding) -> Said:
        words = facts.source.text[finding.start : finding.end + 120]
        return Said(name, finding.start, " ".join(words.split()), finding.message)

    with closing(open_base(base)) as connection:
        graph = HidingGraph(connection)
        told = [said(f) for f in near_misses(facts, graph)]
        of_hidden: list[Said] = []
        known = {key for (key,) in connection.execute("SELECT khoa FROM van_ban")}
        keys = [d.key for d in facts.documents if d.form == "number" and d.key in known and chance.random() < share]
        for graph.hidden in keys:
            of_hidden += [one for one in map(said, near_misses(facts, graph)) if one not in told]
    return Run(tuple(told), tuple(of_hidden), len(keys))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, or 2 when there is nothing to read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.near_misses", description=__doc__.splitlines()[0])
    parser.add_argument("--base", type=Path, help="a base of the texts that is there already; else it is built")
    parser.add_argument("--share", type=float, default=0.3, help="of the documents of a text that are hidden in turn")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    texts = list(read_texts([path for path in (CORPUS, PASSAGES) if path.exists()]))
    if not texts:
        print("No texts.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, get_context("spawn").Pool(options.processes) as pool:
        base = options.base or base_of(texts, Path(folder))
        asked = partial(ask, base=base, share=options.share, seed=options.seed)
        more = list(read_texts([PLANS] if PLANS.exists() else []))
        runs = list(pool.imap(asked, [*texts, *more], chunksize=4))
    for title, rows in (
        (f"said of {len(runs)} texts", [one for run in runs for one in run.told]),
        (f"said of {sum(run.hidden for run in runs)} acts that are there", [o for run in runs for o in run.of_hidden]),
    ):
        print(f"{title}: {len(rows)}")
        for row in rows:
            print(f"    {row.document}@{row.start} | {row.words} | {row.message}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
