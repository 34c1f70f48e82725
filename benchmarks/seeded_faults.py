"""How many planted faults the checks find: each kind, many times, at random places of clean real passages.

A passage is a paragraph of a real text (or the real plan) behind the made-up head of a plan. A fault is planted
where the clean passage gives no finding of its rule, and counts as found when the rule then speaks of the place.
Kinds of :mod:`benchmarks.faults_of_base` ask a base too, built of the corpus; those that are no faults are counted as
false alarms.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks import faults_of_base
from benchmarks.checks import PASSAGES, base_of
from benchmarks.corpus import CORPUS, read_texts
from benchmarks.faults_of_base import is_place, put
from benchmarks.faults_of_text import KINDS, Planted
from benchmarks.known_acts import Shelf, make_list, shelf_of
from extract.model import Extraction
from extract.pipeline import extract_text
from graph.check import Finding, base_rules, check, rules
from graph.check.reading import Case, Reading
from graph.known import BaseKnown
from graph.lazy import LazyGraph
from graph.register.index import Register
from graph.store import open_base
from graph.suggest import with_suggestions

PLAN = Path(__file__).parent.parent / "corpus"
HEAD = "Số: 12/KH-SMH\nMinh Họa, ngày 10 tháng 11 năm 2026\n\nKẾ HOẠCH\nTriển khai công tác năm 2026\n\nI. NHIỆM VỤ\n\n"
SHORTEST, LONGEST = 90, 900
TRIES = 60
BASE_KINDS = faults_of_base.KINDS


@dataclass(frozen=True, slots=True)
class Asked:
    """What the kinds that ask a base need: where it is, where the register beside it is, the acts to be cited."""

    base: Path
    register: Path
    shelf: Shelf


@dataclass(frozen=True, slots=True)
class Job:
    """One kind, how often, the seed, the passages, and the base if it asks one."""

    kind: str
    count: int
    seed: int
    texts: Sequence[str]
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job: so many planted, so many told, and some of what was not as it should be."""

    kind: str
    planted: int
    told: int
    wrong: tuple[str, ...]


def passages(limit: int, seed: int) -> list[str]:
    """Return paragraphs with a full citation by number, of all texts, drawn at random, behind the head of a plan."""
    found: list[str] = []
    wanted = re.compile(r"\d(?:/\d{4})?[/-][A-ZĐ][\wĐ&]*[-/][A-ZĐ][^\n]{0,60}?ngày \d")
    for _, text in read_texts([p for p in (PLAN, PASSAGES, CORPUS) if p.exists()]):
        own = [
            p for p in (" ".join(block.split()) for block in text.split("\n"))
            if SHORTEST <= len(p) <= LONGEST and wanted.search(p) and not re.search(r"[|…]|\.{4}|\[\d|\[\w+ này|“", p)
        ]  # fmt: skip
        found += own[:40]
    random.Random(seed).shuffle(found)
    rare = [p for p in found if re.search(r"\d-[A-ZĐ][\wĐ]*/T[WU]\b|BKHCN|\d/(?:QĐ|NQ|KH|CT)-", p)]
    return [HEAD + p.lstrip("-+ ") + "\n" for p in dict.fromkeys([*rare[:limit], *found[:limit]])]


def plant(job: Job) -> Done:
    """Plant one kind many times."""
    if job.kind in KINDS:
        rule, planter = KINDS[job.kind]
        return _many(job, rule, planter, _clean_of(rule))
    kind, asked = BASE_KINDS[job.kind], job.asked
    if asked is None:
        raise ValueError(f"“{job.kind}” asks a base")
    acts = asked.shelf[kind.shelf]

    def planter_of_base(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
        cited = kind.cite(chance, chance.choice(acts)) if acts else None
        return put(reading, case, cited) if cited else None

    with closing(open_base(asked.base)) as connection:
        register = Register(asked.register) if kind.listed else None

        def findings(facts: Extraction) -> Sequence[Finding]:
            if kind.rule in base_rules():
                return with_suggestions(facts, (), LazyGraph(connection))
            return check(facts, known=BaseKnown(connection, register, facts.header))

        return _many(job, kind.rule, planter_of_base, partial(is_place, kind), findings, silent=kind.silent)


def _clean_of(rule: str) -> Callable[[Reading], bool]:
    return lambda reading: not any(f.rule in {rule, *rules()[rule].yields_to} for f in check(reading.facts))


def _many(
    job: Job,
    rule: str,
    planter: Callable[[random.Random, Reading, Case], Planted | None],
    is_clean: Callable[[Reading], bool],
    findings: Callable[[Extraction], Sequence[Finding]] = check,
    *,
    silent: bool = False,
) -> Done:
    chance = random.Random(f"{job.seed} {job.kind}")
    clean: dict[int, Extraction] = {}
    quiet: dict[int, bool] = {}
    planted = told = failures = 0
    wrong: list[str] = []
    while planted < job.count and failures < job.count * TRIES:
        n = chance.randrange(len(job.texts))
        if n not in clean:
            clean[n] = extract_text(job.texts[n])
            plan = Reading(clean[n])
            own_words = plan.kind == "administrative" and plan.annex == len(plan.text)  # no annotated text, no form
            quiet[n] = own_words and is_clean(plan)
        reading = Reading(clean[n])
        cases = [c for c in reading.cases if not reading.nested(c)]
        fault = planter(chance, reading, chance.choice(cases)) if cases and quiet[n] else None
        if fault is None:
            failures += 1
            continue
        planted += 1
        is_told = _is_told(fault, [f for f in findings(extract_text(fault.text)) if f.rule == rule])
        told += is_told
        if is_told == silent:
            wrong.append(" ".join(fault.text[max(0, fault.start - 20) : fault.end + 60].split())[:260])
    return Done(job.kind, planted, told, tuple(wrong))


def _is_told(fault: Planted, found: Sequence[Finding]) -> bool:
    return any(f.start < fault.end and fault.start < f.end for f in found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, or 2 when there are no passages."""
    kinds = [*KINDS, *BASE_KINDS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seeded_faults", description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=500, help="faults of each kind")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--passages", type=int, default=1500)
    parser.add_argument("--kind", choices=kinds, nargs="*")
    parser.add_argument("--base", type=Path, help="a base of the corpus that is there already; else it is built")
    parser.add_argument("--missed", type=int, default=0, help="missed faults of each kind to print")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    texts = passages(options.passages, options.seed)
    if not texts:
        print("No passages.", file=sys.stderr)
        return 2
    wanted = options.kind or kinds
    with tempfile.TemporaryDirectory() as folder, get_context("spawn").Pool(options.processes) as pool:
        asked = _asked(options.base, Path(folder), options.seed) if set(wanted) & set(BASE_KINDS) else None
        jobs = [Job(k, options.times, options.seed, texts, asked if k in BASE_KINDS else None) for k in wanted]
        done = pool.map(plant, jobs, chunksize=1)
    print(f"passages {len(texts)}")
    if asked:
        print("acts", {name: len(acts) for name, acts in asked.shelf.items()})
    _print(done, options.missed)
    return 0


def _asked(base: Path | None, folder: Path, seed: int) -> Asked:
    """Return the base, a list made for it, and the acts of both."""
    if base is None:
        base = base_of(read_texts([p for p in (CORPUS, PASSAGES) if p.exists()]), folder)
    register = folder / "list.db"
    with closing(open_base(base)) as connection:
        shelf = {**shelf_of(connection), **make_list(connection, register, seed)}
    return Asked(base, register, shelf)


def _print(done: Sequence[Done], missed: int) -> None:
    totals: Counter[str] = Counter()
    known = {**rules(), **base_rules()}
    for one in done:
        silent = one.kind in BASE_KINDS and BASE_KINDS[one.kind].silent
        rule = known[BASE_KINDS[one.kind].rule if one.kind in BASE_KINDS else KINDS[one.kind][0]]
        share = one.told / max(1, one.planted)
        row = f"{one.kind:32} {rule.id:34} {rule.severity:14} {one.told:5}/{one.planted:<5} {share:.3f}"
        print(f"{row}  false alarms" if silent else row)
        level: str = "no fault" if silent else rule.severity
        totals[f"{level} planted"] += one.planted
        totals[f"{level} told"] += one.told
        for words in one.wrong[:missed]:
            print(f"    {'told' if silent else 'missed'}: {words}")
    for level in (*dict.fromkeys(r.severity for r in rules().values()), "no fault"):
        planted, told = totals[f"{level} planted"], totals[f"{level} told"]
        if planted:
            print(f"{level:14} {told}/{planted} = {told / planted:.3f}")


if __name__ == "__main__":
    sys.exit(main())
