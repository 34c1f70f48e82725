"""Silent drops: every token that looks like a document number must have an answer.

A loose scan of its own, which shares nothing with the engine, finds each run of digits joined by "/" or "-"
to capitals ("08-NQ/TU", "15/2022/TT-BKHCN", "01/ĐK"). Each run must lie in a citation (core to tail), in a
reference, or in a refusal that names its rule; what lies in none is unexplained: the engine dropped it silently.
"""

from __future__ import annotations

import argparse
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpus import read_texts
from extract.model import Extraction
from extract.pipeline import extract_text

CONTEXT = 60
Span = tuple[int, int]

_CAPITAL = "[" + "".join(c for c in map(chr, range(0x41, 0x1F00)) if c.isupper()) + "]"
_SMALL = "[" + "".join(c for c in map(chr, range(0x61, 0x1F00)) if c.islower()) + "]"
_JOINT = r"[ \t\u00a0]{0,3}[/\u2044\u2215\uff0f\-\u2010-\u2015\u2212\u00ad]+[ \t\u00a0]{0,3}"
# Two capitals, or one that no word goes on from; then letters and digits as they come ("TTg", "QH15", "BKH&CN"), up to
# a word that was glued to them ("CPngày", "BTCThông").
_TAIL = rf"(?:{_CAPITAL}(?!{_SMALL}{{2}})|{_SMALL}(?!{_SMALL})|[\d&])*"
_LETTERS = rf"{_CAPITAL}(?:{_SMALL}?{_CAPITAL}|{_SMALL}?(?={_JOINT}{_CAPITAL})|(?!\w)){_TAIL}"
_TOKEN = re.compile(
    rf"(?<!\w)\d+(?:[.,]\d+)?\w?(?:{_JOINT}\d+)*{_JOINT}{_LETTERS}(?:{_JOINT}\n?(?:{_LETTERS}|\d{{1,4}}))*"
)


@dataclass(frozen=True, slots=True)
class Drop:
    """One unexplained token: the text it stands in, its offsets there, and whether something covers it in part."""

    source: str
    start: int
    end: int
    token: str
    context: str
    partly: bool


@dataclass(slots=True)
class Drops:
    """The answers over a set of texts, counted, and the tokens without one."""

    cited: int = 0
    referred: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    unexplained: list[Drop] = field(default_factory=list)

    @property
    def tokens(self) -> int:
        """All tokens that the loose scan found."""
        return self.cited + self.referred + self.refused.total() + len(self.unexplained)


def loose_tokens(text: str) -> Iterator[Span]:
    """Yield the span of each token of ``text`` that looks like a document number."""
    for m in _TOKEN.finditer(text):
        yield m.span()


def account(drops: Drops, source: str, extraction: Extraction) -> None:
    """Add the tokens of one extraction to ``drops``, each with its answer."""
    text = extraction.source.text
    cited = sorted((c.mention.start, max(c.mention.end, c.mention.tail)) for c in extraction.citations)
    referred = sorted((r.start, r.end) for r in extraction.references)
    refused = sorted((r.start, r.end, r.rule) for r in getattr(extraction, "refusals", ()))
    spans = [r[:2] for r in refused]
    for start, end in loose_tokens(text):
        if _holder(cited, start, end) >= 0:
            drops.cited += 1
        elif _holder(referred, start, end) >= 0:
            drops.referred += 1
        elif (n := _holder(spans, start, end)) >= 0:
            drops.refused[refused[n][2]] += 1
        else:
            partly = any(s < end and start < e for s, e in (*cited, *referred, *spans))
            drops.unexplained.append(Drop(source, start, end, text[start:end], _context(text, start, end), partly))


def _holder(spans: Sequence[Span], start: int, end: int) -> int:
    """Return the index of the one of the sorted ``spans`` that holds ``start``…``end``, -1 if none does."""
    n = bisect_right(spans, start, key=lambda s: s[0]) - 1
    return n if n >= 0 and end <= spans[n][1] else -1


def _context(text: str, start: int, end: int) -> str:
    around = f"{text[max(0, start - CONTEXT) : start]}[[{text[start:end]}]]{text[end : end + CONTEXT]}"
    return " ".join(around.split())


def find_drops(texts: Iterable[tuple[str, str]]) -> Drops:
    """Extract each (id, text) and return the answers to all its tokens."""
    drops = Drops()
    for source, text in texts:
        account(drops, source, extract_text(text))
    return drops


def _print(drops: Drops, shown: int | None) -> None:
    share = 100 * (1 - len(drops.unexplained) / drops.tokens) if drops.tokens else 100.0
    print(f"tokens        {drops.tokens:>7}")
    print(f"in citation   {drops.cited:>7}")
    print(f"in reference  {drops.referred:>7}")
    print(f"refused       {drops.refused.total():>7}")
    for rule, count in sorted(drops.refused.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {rule:<24}{count:>7}")
    partly = sum(d.partly for d in drops.unexplained)
    print(f"unexplained   {len(drops.unexplained):>7}   ({partly} covered in part; {share:.3f} % explained)")
    for drop in drops.unexplained[:shown]:
        print(f"{drop.source}:{drop.start}\t{'partly' if drop.partly else 'none'}\t{drop.token!r}\t{drop.context}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drops", description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE_OR_FOLDER")
    parser.add_argument("--show", type=int, default=50, metavar="N", help="print the first N unexplained tokens")
    parser.add_argument("--all", action="store_true", help="print all of them")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a token is unexplained")
    options = parser.parse_args(arguments)
    drops = find_drops(read_texts(options.paths))
    _print(drops, None if options.all else options.show)
    return 1 if options.strict and drops.unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
