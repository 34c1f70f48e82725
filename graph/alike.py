"""How alike two pieces of text are: the words that count, a measure, the most alike pairs, the words that differ.

What a keyboard, a word processor or a printer changes (blanks, line breaks, quotes, dashes, punctuation, capitals, the
place of a tone mark) is no difference. All here is symmetric: two lists compared the other way round give the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from extract.text import fold, squeeze

Kind = Literal["same", "deleted", "inserted"]

_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,20}\]")
"""The mark of a footnote in a text; its number changes with those before it."""
_BREAK = re.compile(r"<br\s*/?>", re.I)
_MARKUP = re.compile(r"\*\*|__|[#|`\\]")
_WORD = re.compile(r"[^\W_]+|[%‰°≥≤<>=&$€]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ANY_YEAR = "#năm"
_RANGE = re.compile(r"(?<=\d)\s*[-‐‑–—]\s*(?=\d)")

_ALL_PAIRS = 10_000
"""So many pairs are all weighed; beyond that only those that share a word which few have."""
_SHARED = 64
_BEST = 12
_MOST_CELLS = 4_000_000
"""The words of two pieces are laid side by side up to this size; larger ones are told as a whole."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand in both texts, in the old one alone, or in the new one alone.

    ``before`` are words that stand in both as the old text prints them (commas, capitals).
    """

    kind: Kind
    text: str
    before: str = ""


def side_of(runs: Iterable[Run], *, old: bool) -> tuple[Run, ...]:
    """Return the words of one side as it prints them: without those that the other alone has."""
    without = "inserted" if old else "deleted"
    return tuple(
        Run("same", run.before) if old and run.kind == "same" else run for run in runs if run.kind != without
    )  # fmt: skip


def shown(text: str) -> str:
    """Return ``text`` as people read it: one line, without Markdown and invisible characters."""
    text = _NOTE_MARK.sub("", _BREAK.sub(" ", _HIDDEN.sub("", text)))
    return squeeze(_MARKUP.sub(" ", text.replace("**", "").replace("__", "")))


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` that count in a comparison, folded."""
    return tuple(_WORD.findall(fold(shown(text))))


def timeless(words: Iterable[str]) -> tuple[str, ...]:
    """Return ``words`` with every year as one word: "năm 2025" and "năm 2026" are as alike as can be."""
    return tuple(_ANY_YEAR if _YEAR.fullmatch(word) else word for word in words)


class Measure:
    """Overlap of words (Dice), those that few pieces have weighing more; 1 for the same words in any order."""

    def __init__(self, pieces: Iterable[Sequence[str]]) -> None:
        """Count in how many of ``pieces``, those of both texts, each word stands."""
        self._in: Counter[str] = Counter()
        self._count = 1
        for words in pieces:
            self._in.update(set(words))
            self._count += 1

    def weight(self, word: str) -> float:
        """Return what a word weighs: 1 and more the fewer pieces have it."""
        return 1.0 + math.log(self._count / self._in[word]) if self._in[word] else 1.0

    def total(self, bag: Counter[str]) -> float:
        """Return what all words of a piece weigh."""
        return math.fsum(count * self.weight(word) for word, count in bag.items())

    def likeness(self, one: Counter[str], other: Counter[str], both: float) -> float:
        """Return the likeness of two pieces from 0 to 1; ``both`` is what their words weigh together."""
        small, large = (one, other) if len(one) <= len(other) else (other, one)
        shared = math.fsum(min(n, large[w]) * self.weight(w) for w, n in small.items() if w in large)
        return 2 * shared / both if both else 0.0


def most_alike(
    olds: Sequence[Sequence[str]],
    news: Sequence[Sequence[str]],
    measure: Measure,
    least: float,
    tie: Callable[[int, int], tuple[float, ...]],
) -> list[tuple[int, int, float]]:
    """Return pairs (index in ``olds``, index in ``news``, likeness), one to one, the most alike first.

    Pairs below ``least`` are none; among equals the lesser ``tie`` goes first, which must tell those apart that share a
    piece. Time grows with the words, not with the product of the two lists.
    """
    bags = [[Counter(words) for words in side] for side in (olds, news)]
    totals = [[measure.total(bag) for bag in side] for side in bags]
    scored = []
    for i, j in _candidates(olds, news, measure):
        likeness = measure.likeness(bags[0][i], bags[1][j], math.fsum((totals[0][i], totals[1][j])))
        if likeness >= least:
            scored.append((-round(likeness, 9), tie(i, j), i, j))
    used: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for negative, _, i, j in sorted(scored):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((i, j, -negative))
    return pairs


def _candidates(olds: Sequence[Sequence[str]], news: Sequence[Sequence[str]], measure: Measure) -> set[tuple[int, int]]:
    if len(olds) * len(news) <= _ALL_PAIRS:
        return {(i, j) for i in range(len(olds)) for j in range(len(news))}
    same: list[dict[tuple[str, ...], list[int]]] = [defaultdict(list), defaultdict(list)]
    for known, pieces in zip(same, (olds, news), strict=True):
        for n, words in enumerate(pieces):
            known[tuple(words)].append(n)
    if len(same[0]) * len(same[1]) <= _ALL_PAIRS:  # few rows said many times have no rare word: they meet in order
        return {
            pair for one in same[0].values() for other in same[1].values() for pair in zip(one, other, strict=False)
        }
    holders: tuple[dict[str, list[int]], dict[str, list[int]]] = (defaultdict(list), defaultdict(list))
    for side, pieces in enumerate((olds, news)):
        for n, words in enumerate(pieces):
            for feature in {*words, *(f"{a} {b}" for a, b in pairwise(words))}:
                holders[side][feature].append(n)
    shared: dict[tuple[int, int], float] = defaultdict(float)
    for feature in sorted(holders[0].keys() & holders[1].keys()):
        one, other = holders[0][feature], holders[1][feature]
        if len(one) * len(other) <= _SHARED:
            weight = measure.weight(feature)
            for i in one:
                for j in other:
                    shared[i, j] += weight
    near: dict[tuple[int, int], list[tuple[float, int, int]]] = defaultdict(list)
    for (i, j), weight in shared.items():
        near[0, i].append((-round(weight, 6), i + j, i - j))
        near[1, j].append((-round(weight, 6), i + j, i - j))
    kept: set[tuple[int, int]] = set()
    for found in near.values():
        kept.update(((total + apart) // 2, (total - apart) // 2) for _, total, apart in sorted(found)[:_BEST])
    return kept


# --- the words that differ ------------------------------------------------------------------------


def differences(old: str, new: str) -> tuple[Run, ...]:
    """Return the words of two pieces as runs: kept (as the new one has them), deleted, inserted."""
    before, after = _pieces(old), _pieces(new)
    keys = tuple(k for k, _ in before), tuple(k for k, _ in after)
    runs: list[Run] = []
    for kind, i1, i2, j1, j2 in _opcodes(*keys):
        if kind == "equal":
            runs.append(Run("same", _joined(after[j1:j2]), _joined(before[i1:i2])))
            continue
        if i2 > i1:
            runs.append(Run("deleted", _joined(before[i1:i2])))
        if j2 > j1:
            runs.append(Run("inserted", _joined(after[j1:j2])))
    return tuple(run for run in runs if run.text or run.before)


def _joined(pieces: Sequence[tuple[tuple[str, ...], str]]) -> str:
    return " ".join(printed for _, printed in pieces)


def _pieces(text: str) -> list[tuple[tuple[str, ...], str]]:
    """Return the words as printed, each with its key; marks that stand alone go with the word before."""
    found: list[tuple[tuple[str, ...], str]] = []
    for printed in _RANGE.sub("-", shown(text)).split():
        key = tuple(_WORD.findall(fold(printed)))
        if key or not found:
            found.append((key, printed))
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]} {printed}")
    return found


_Ops = list[tuple[str, int, int, int, int]]


def _opcodes(old: tuple[tuple[str, ...], ...], new: tuple[tuple[str, ...], ...]) -> _Ops:
    """Return what turns ``old`` into ``new``; turned round, it turns ``new`` into ``old``."""
    if new < old:
        names = {"insert": "delete", "delete": "insert"}
        return [(names.get(kind, kind), j1, j2, i1, i2) for kind, i1, i2, j1, j2 in _opcodes(new, old)]
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    ops: _Ops = [("equal", 0, head, 0, head)] if head else []
    if len(left) * len(right) <= _MOST_CELLS:
        matcher = SequenceMatcher(None, left, right, autojunk=False)
        inner = [(k, i1 + head, i2 + head, j1 + head, j2 + head) for k, i1, i2, j1, j2 in matcher.get_opcodes()]
    else:
        inner = [("replace", head, len(old) - tail, head, len(new) - tail)]
    ops += inner
    if tail:
        ops.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return ops
