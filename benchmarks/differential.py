"""What a change of the engine gains and loses over real text: the citations of each document against a recorded run.

The record is plain text, sorted, one line a document: ``id TAB citation citation …``. A citation has no blank in it
(``Nghị_định|55/2011/NĐ-CP|2011-07-04|Điều_6|based_on``, ``×3`` when the document has it three times), so
``git diff --word-diff`` shows single citations. Places are left out: only what was read is compared, as a multiset.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from multiprocessing import get_context
from pathlib import Path

from benchmarks.corpus import CORPUS, read_texts
from extract.model import Citation
from extract.pipeline import extract_text

RECORD = Path(__file__).parent / "recorded" / "central-law.tsv"
SHOWN = 50
"""How many rows of each kind are printed."""


@dataclass(frozen=True, slots=True, order=True)
class Cited:
    """One citation as compared; ``what`` is the number, or the name where there is none."""

    type: str
    what: str
    date: str
    pinpoint: str
    relation: str


@dataclass(frozen=True, slots=True)
class Difference:
    """How one document reads otherwise than recorded; ``state`` is "new" or "missing" when only one side has it."""

    document: str
    gains: tuple[Cited, ...] = ()
    losses: tuple[Cited, ...] = ()
    changed: tuple[tuple[Cited, Cited], ...] = ()
    state: str = ""


Run = Mapping[str, Counter[Cited]]
"""The citations of each document, by its id."""

_FIELDS = tuple(f.name for f in fields(Cited))
_SIGNS = str.maketrans({" ": "_", "|": "/", "\t": "_", "\n": "_"})


# --- the record -----------------------------------------------------------------------------------


def cited(citation: Citation) -> Cited:
    """Return what is compared of ``citation``, each field as it stands in the record."""
    mention = citation.mention
    what, pinpoint = mention.number or mention.name, ";".join(sorted(mention.pinpoint))
    values = (mention.type, what, mention.date, pinpoint, citation.relation)
    return Cited(*(value.translate(_SIGNS) for value in values))


def to_line(document: str, citations: Counter[Cited]) -> str:
    """Return the line of one document in the record."""
    words = ("|".join(_values(c)) + (f"×{n}" if n > 1 else "") for c, n in sorted(citations.items()))
    return f"{document}\t{' '.join(words)}"


def from_line(line: str) -> tuple[str, Counter[Cited]]:
    """Read a line of the record back."""
    document, _, words = line.rstrip("\n").partition("\t")
    citations: Counter[Cited] = Counter()
    for word in words.split():
        type_, what, date, pinpoint, last = word.split("|")
        relation, _, times = last.partition("×")
        citations[Cited(type_, what, date, pinpoint, relation)] += int(times or 1)
    return document, citations


def _values(citation: Cited) -> tuple[str, ...]:
    return tuple(getattr(citation, name) for name in _FIELDS)


def read_record(path: Path) -> dict[str, Counter[Cited]]:
    """Return the recorded run."""
    return dict(map(from_line, path.read_text(encoding="utf-8").splitlines()))


def write_record(path: Path, run: Run) -> None:
    """Record ``run``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (to_line(document, citations) for document, citations in sorted(run.items()))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


# --- comparing ------------------------------------------------------------------------------------


def compare(before: Run, after: Run) -> list[Difference]:
    """Return the documents that read otherwise in ``after``, in the order of their ids.

    A lost and a gained citation of one document are one changed citation when they name the same thing
    (see :func:`_same`); all others are losses and gains.
    """
    found: list[Difference] = []
    for document in sorted({*before, *after}):
        old, new = before.get(document, Counter()), after.get(document, Counter())
        state = "new" if document not in before else "missing" if document not in after else ""
        losses, gains, changed = _pair(sorted((old - new).elements()), sorted((new - old).elements()))
        if losses or gains or changed or state:
            found.append(Difference(document, tuple(gains), tuple(losses), tuple(changed), state))
    return found


def _pair(
    losses: Sequence[Cited], gains: Sequence[Cited]
) -> tuple[list[Cited], list[Cited], list[tuple[Cited, Cited]]]:
    """Pair what was lost with what was gained, the most alike first."""
    alike = sorted(
        ((_same(old, new), i, k) for i, old in enumerate(losses) for k, new in enumerate(gains) if _same(old, new)),
        key=lambda row: (-row[0], row[1], row[2]),
    )
    partner: dict[int, int] = {}
    for _, i, k in alike:
        if i not in partner and k not in partner.values():
            partner[i] = k
    taken = set(partner.values())
    return (
        [old for i, old in enumerate(losses) if i not in partner],
        [new for k, new in enumerate(gains) if k not in taken],
        [(losses[i], gains[k]) for i, k in sorted(partner.items())],
    )


def _same(old: Cited, new: Cited) -> int:
    """Return how alike two citations are, 0 when they are not the same one read otherwise.

    The same number or name; or one that goes on from the other ("06/2022/TT" -> "06/2022/TT-BTC"). Where one has
    neither ("Hiến pháp"), the same type.
    """
    one, other = old.what.casefold(), new.what.casefold()
    if not one or not other:
        if old.type != new.type:
            return 0
    elif not (one.startswith(other) or other.startswith(one)):
        return 0
    equal = sum(a == b for a, b in zip(_values(old), _values(new), strict=True))
    return equal + (len(_FIELDS) if one == other else 1)


def changed_fields(old: Cited, new: Cited) -> dict[str, tuple[str, str]]:
    """Return the fields that differ, each as (before, after)."""
    return {f: (getattr(old, f), getattr(new, f)) for f in _FIELDS if getattr(old, f) != getattr(new, f)}


# --- running --------------------------------------------------------------------------------------


def _read(text: tuple[str, str]) -> tuple[str, Counter[Cited]]:
    return text[0], Counter(map(cited, extract_text(text[1]).citations))


def run_over(texts: Iterable[tuple[str, str]], processes: int) -> dict[str, Counter[Cited]]:
    """Extract each (id, text) in so many processes; the result does not depend on their number."""
    if processes < 2:
        return dict(map(_read, texts))
    with get_context("spawn").Pool(processes) as pool:
        return dict(pool.imap_unordered(_read, texts, chunksize=8))


def _print(differences: Sequence[Difference], before: Run, after: Run) -> None:
    gains = [(d.document, c) for d in differences for c in d.gains]
    losses = [(d.document, c) for d in differences for c in d.losses]
    changed = [(d.document, *pair) for d in differences for pair in d.changed]
    by_field = Counter(f for _, old, new in changed for f in changed_fields(old, new))
    totals = [sum(c.total() for c in run.values()) for run in (before, after)]
    print(f"documents  {len(before)} -> {len(after)}, {len(differences)} read otherwise")
    print(f"citations  {totals[0]} -> {totals[1]} ({totals[1] - totals[0]:+d})")
    print(f"gains      {len(gains)}")
    print(f"losses     {len(losses)}")
    print(f"changed    {len(changed)}  " + ", ".join(f"{name} {by_field[name]}" for name in _FIELDS if by_field[name]))
    for d in differences:
        print(f"  {d.document}  +{len(d.gains)} -{len(d.losses)} ~{len(d.changed)}  {d.state}".rstrip())
    _rows("losses", [f"- {document}  {_words(c)}" for document, c in losses])
    _rows("gains", [f"+ {document}  {_words(c)}" for document, c in gains])
    _rows("changed", [
        f"~ {document}  {new.what}  "
        + "; ".join(f"{f} {a or '∅'} -> {b or '∅'}" for f, (a, b) in changed_fields(old, new).items())
        for document, old, new in changed
    ])  # fmt: skip


def _words(citation: Cited) -> str:
    return re.sub(r"\|+", " | ", "|".join(_values(citation)).strip("|"))


def _rows(name: str, rows: Sequence[str]) -> None:
    if rows:
        print(f"\n{name}, {min(SHOWN, len(rows))} of {len(rows)}:", *rows[:SHOWN], sep="\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, 1 when something recorded was lost, 2 when there is nothing to compare."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.differential", description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="texts to read (default: the corpus beside us)")
    parser.add_argument("--recorded", type=Path, default=RECORD, help="the recorded run")
    parser.add_argument("--record", action="store_true", help="make this run the recorded one")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    if not options.corpus.exists():
        print(f"No corpus at {options.corpus}.", file=sys.stderr)
        return 2
    if not options.record and not options.recorded.exists():
        print(f"Nothing recorded at {options.recorded}: run with --record first.", file=sys.stderr)
        return 2
    after = run_over(read_texts([options.corpus]), options.processes)
    differences: list[Difference] = []
    if options.recorded.exists():
        before = read_record(options.recorded)
        differences = compare(before, after)
        _print(differences, before, after)
    if options.record:
        write_record(options.recorded, after)
        print(f"recorded {sum(c.total() for c in after.values())} citations of {len(after)} documents")
        return 0
    return 1 if any(d.losses or d.state == "missing" for d in differences) else 0


if __name__ == "__main__":
    sys.exit(main())
