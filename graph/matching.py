"""Which piece of one text is which of another, one to one, and which of them stand in another place.

First meet those of the same checksum, then those of the same words, then those of the same words but for the year, then
the most alike ones (:mod:`graph.alike`). Headings also meet by what stands below them. Where a piece stands is told by
the headings that met, so that a new number is no new place. All is symmetric in the two texts.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from extract.text import fold
from graph.alike import Measure, most_alike, timeless, words_of
from graph.compared import Cited, Piece
from graph.parts import cut_off, unmatched_cuts

ALIKE = 0.5
"""Two pieces less alike than this are one dropped and one new."""
_ACROSS = 0.75
"""A task is another kind of piece in the other text only when most words are the same."""
_MANY = 4096
"""Of so many pairs with the same words the best fitting are chosen; of more they meet in their order."""
_FIXED = frozenset({"lead", "closing", "note", "columns"})
"""What stands before, after and over the list of tasks has no place in it."""
_ANNEX = re.compile(r"phụ lục(?:\s+(?:số\s+)?(?:[ivxl]+|\d+|[a-zđ])(?![\wà-ỹ]))?")
"""The number of an annex, which a heading has behind its word."""

TASK, HEADING, BASIS, OTHER = "task", "heading", "basis", "other"
_CUT = frozenset({TASK, OTHER})
_CLASSES = {
    "task": TASK, "assignment": TASK, "section": HEADING, "group": HEADING, "basis": BASIS,
}  # fmt: skip


def class_of(piece: Piece) -> str:
    """Return which of the four lists a piece belongs to."""
    return _CLASSES.get(piece.kind, OTHER)


def _is_annex(piece: Piece) -> bool:
    return piece.kind == "section" and _ANNEX.match(fold(piece.text)) is not None


def _words(piece: Piece) -> tuple[str, ...]:
    if not _is_annex(piece):
        return words_of(piece.text)
    return ("phụ", "lục", *words_of(_ANNEX.sub("", fold(piece.text), count=1)))


def _fields(piece: Piece) -> tuple[tuple[str, ...], ...]:
    return tuple(words_of(value) for _, value in named_facts(piece))


def named_facts(piece: Piece) -> Iterator[tuple[str, str]]:
    """Yield who does a task, with whom, until when and what comes of it, each with its name."""
    yield "lead", "; ".join(piece.lead)
    yield "with", "; ".join(piece.cooperating)
    yield "due", piece.due
    yield "product", piece.product


class Side:
    """The pieces of one text with what matching asks of them."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        """Read the words, places and facts of ``pieces``."""
        self.pieces = pieces
        self.words = [_words(piece) for piece in pieces]
        self.annexes = {n for n, piece in enumerate(pieces) if _is_annex(piece)}
        self.classes = [class_of(piece) for piece in pieces]
        self.codes: dict[str, int] = {}
        for n, piece in enumerate(pieces):
            self.codes.setdefault(piece.code, n)
        above = [self.codes.get(piece.parent, -1) if piece.parent else -1 for piece in pieces]
        self.above = [up if up < n else -1 for n, up in enumerate(above)]  # a cell of the title may head what it holds
        self.paths: list[tuple[tuple[str, ...], ...]] = []
        self.below = [0] * len(pieces)
        for n, up in enumerate(self.above):
            self.paths.append((*(self.paths[up] if up >= 0 else ()), self.words[n])[-8:])
            if up >= 0:
                self.below[up] += 1
        self.fields = [_fields(piece) for piece in pieces]


class Matching:
    """Who met whom: ``to_new`` and ``to_old`` are indexes of partners, ``likeness`` goes by the old index."""

    def __init__(self, old: Sequence[Piece], new: Sequence[Piece]) -> None:
        """Match the pieces of two texts."""
        self.old, self.new = Side(old), Side(new)
        self.to_new: dict[int, int] = {}
        self.to_old: dict[int, int] = {}
        self.likeness: dict[int, float] = {}
        self._count()
        self._match()

    def _match(self) -> None:
        def plain(side: Side, n: int) -> bool:
            return side.classes[n] != HEADING

        old, new = self.old, self.new
        self._same(lambda s, n: (s.classes[n], s.pieces[n].uid[:8], s.words[n]) if plain(s, n) else None)
        self._same(lambda s, n: (s.classes[n], s.paths[n]) if plain(s, n) else None)
        self._same(lambda s, n: (s.paths[n],) if not plain(s, n) else None, self._may_be_annex)
        self._same(lambda s, n: (s.classes[n], s.words[n]) if plain(s, n) else None)
        self._same(lambda s, n: (s.words[n],) if not plain(s, n) else None, self._may_be_heading)
        self._same(lambda s, n: (s.words[n],))
        self._same(lambda s, n: (s.classes[n], timeless(s.words[n])), self._may_meet)
        measure = Measure([*map(timeless, old.words), *map(timeless, new.words)])
        for name in (TASK, BASIS, OTHER):
            self._alike(measure, lambda s, n, name=name: s.classes[n] == name, ALIKE)  # type: ignore[misc]
        for from_table in (True, False):
            self._list_and_table(measure, from_table)
        self._headings(measure)
        self._alike(measure, lambda s, n: s.classes[n] != BASIS, _ACROSS)
        self._join_cuts(measure)
        self.splits, self.merges = self._cuts()
        self.split_from = {n: whole for whole, parts in self.splits.items() for n in parts if n not in self.to_old}
        self.merged_into = {n: whole for whole, parts in self.merges.items() for n in parts if n not in self.to_new}

    def _list_and_table(self, measure: Measure, from_table: bool) -> None:
        """Join the tasks of a list with rows of a table that say the same, who does it until when in cells."""
        olds = [i for i in self._left(self.old, self.to_new) if self._is_task(self.old, i, from_table)]
        news = [j for j in self._left(self.new, self.to_old) if self._is_task(self.new, j, not from_table)]
        if not (olds and news):
            return
        self._count()
        found = most_alike(
            [timeless(whole_words(self.old.pieces[i])) for i in olds],
            [timeless(whole_words(self.new.pieces[j])) for j in news],
            measure, ALIKE, lambda a, b: self._tie(olds[a], news[b]),
        )  # fmt: skip
        for a, b, likeness in found:
            self._join(olds[a], news[b], likeness)

    def _is_task(self, side: Side, n: int, in_table: bool) -> bool:
        return side.classes[n] == TASK and side.pieces[n].in_table == in_table

    # -- pieces split and run together -------------------------------------------------------------

    def _join_cuts(self, measure: Measure) -> None:
        """Join a piece that met nobody with the largest of the pieces that it was split into, or that it holds."""
        olds = [i for i in self._left(self.old, self.to_new) if self.old.classes[i] in _CUT]
        news = [j for j in self._left(self.new, self.to_old) if self.new.classes[j] in _CUT]
        splits = [*unmatched_cuts(olds, news, self.old.words, self.new.words, _places(olds, self.to_new))]
        merges = [*unmatched_cuts(news, olds, self.new.words, self.old.words, _places(news, self.to_old))]
        in_splits = {j for cut in splits for j in cut.parts}
        in_merges = {i for cut in merges for i in cut.parts}
        pairs = [
            (c.whole, max(c.parts, key=lambda j: (len(self.new.words[j]), -j)))
            for c in splits
            if c.whole not in in_merges
        ]
        pairs += [
            (max(c.parts, key=lambda i: (len(self.old.words[i]), -i)), c.whole)
            for c in merges
            if c.whole not in in_splits
        ]
        for i, j in pairs:
            bags = Counter(timeless(self.old.words[i])), Counter(timeless(self.new.words[j]))
            self._join(i, j, measure.likeness(*bags, measure.total(bags[0]) + measure.total(bags[1])))

    def _cuts(self) -> tuple[dict[int, tuple[int, ...]], dict[int, tuple[int, ...]]]:
        """Return which old pieces were split into which new ones, and which new ones hold which old ones."""
        changed = {
            i: j for i, j in self.to_new.items()
            if self.old.words[i] != self.new.words[j] and {self.old.classes[i], self.new.classes[j]} <= _CUT
        }  # fmt: skip
        news = [j for j in self._left(self.new, self.to_old) if self.new.classes[j] in _CUT]
        olds = [i for i in self._left(self.old, self.to_new) if self.old.classes[i] in _CUT]
        turned = {j: i for i, j in changed.items()}
        return (
            {c.whole: c.parts for c in cut_off(changed, news, self.old.words, self.new.words)},
            {c.whole: c.parts for c in cut_off(turned, olds, self.new.words, self.old.words)},
        )

    def _join(self, i: int, j: int, likeness: float) -> None:
        self.to_new[i], self.to_old[j], self.likeness[i] = j, i, likeness

    def _left(self, side: Side, known: Mapping[int, int]) -> Iterator[int]:
        return (n for n in range(len(side.pieces)) if n not in known)

    def _same(
        self, key: Callable[[Side, int], Hashable | None], fits: Callable[[int, int], bool] = lambda i, j: True
    ) -> None:
        """Join the pieces of equal keys; of several those that agree in more facts, then the nearest in the text."""
        self._count()
        groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for which, (side, known) in enumerate(((self.old, self.to_new), (self.new, self.to_old))):
            for n in self._left(side, known):
                if (found := key(side, n)) is not None:
                    groups[found][which].append(n)
        for one, other in groups.values():
            if len(one) * len(other) > _MANY:
                chosen: Iterable[tuple[int, int]] = zip(one, other, strict=False)
            else:
                chosen = sorted(((i, j) for i in one for j in other), key=lambda p: self._tie(*p))
            for i, j in chosen:
                if i not in self.to_new and j not in self.to_old and fits(i, j):
                    self._join(i, j, 1.0)

    def _tie(self, i: int, j: int) -> tuple[float, ...]:
        """Symmetric, and different for pairs that share a piece."""
        one, other = self.old.fields[i], self.new.fields[j]
        agree = sum(a == b for a, b in zip(one, other, strict=True))
        far = abs(i * max(len(self.new.pieces), 1) - j * max(len(self.old.pieces), 1))
        return (self._place(self.old, i) != self._place(self.new, j), -self._votes(i, j), -agree, far, i + j)

    def _votes(self, i: int, j: int) -> int:
        return self._shared[i, j] if self.old.classes[i] == HEADING else 0

    def _count(self) -> None:
        """Note before a pass who met and below which headings, so that the order within the pass decides nothing."""
        self._before = dict(self.to_new), dict(self.to_old)
        self._shared = Counter((self.old.above[i], self.new.above[j]) for i, j in self.to_new.items())

    def _may_meet(self, i: int, j: int) -> bool:
        return self.old.classes[i] != HEADING or self._may_be_heading(i, j)

    def _may_be_annex(self, i: int, j: int) -> bool:
        """An annex is known by what stands in it: its word and number are those of any other."""
        both = i in self.old.annexes and j in self.new.annexes and self.old.below[i] and self.new.below[j]
        return not both or self._votes(i, j) > 0

    def _may_be_heading(self, i: int, j: int) -> bool:
        """The same few words ("Tiếp tục triển khai:") head another list where nothing below them is the same."""
        return self._may_be_annex(i, j) and (
            not (self.old.below[i] and self.new.below[j])
            or self._votes(i, j) > 0
            or self._place(self.old, i) == self._place(self.new, j)
        )

    def _alike(self, measure: Measure, belongs: Callable[[Side, int], bool], least: float) -> None:
        self._count()
        olds = [i for i in self._left(self.old, self.to_new) if belongs(self.old, i)]
        news = [j for j in self._left(self.new, self.to_old) if belongs(self.new, j)]
        found = most_alike(
            [timeless(self.old.words[i]) for i in olds], [timeless(self.new.words[j]) for j in news], measure, least,
            lambda a, b: self._tie(olds[a], news[b]),
        )  # fmt: skip
        for a, b, likeness in found:
            self._join(olds[a], news[b], likeness)

    def _headings(self, measure: Measure) -> None:
        """Join the headings left by their words, or by most of what stands right below them."""
        self._count()
        olds = {i for i in self._left(self.old, self.to_new) if self.old.classes[i] == HEADING}
        news = {j for j in self._left(self.new, self.to_old) if self.new.classes[j] == HEADING}
        scored: dict[tuple[int, int], float] = {}
        for (i, j), count in self._shared.items():
            if i in olds and j in news:
                share = 2 * count / (self.old.below[i] + self.new.below[j])
                if share >= ALIKE:
                    scored[i, j] = 1 + share
        one, other = sorted(olds), sorted(news)
        words = [timeless(self.old.words[i]) for i in one], [timeless(self.new.words[j]) for j in other]
        for a, b, likeness in most_alike(*words, measure, ALIKE, lambda a, b: self._tie(one[a], other[b])):
            if self._may_be_heading(one[a], other[b]):
                scored.setdefault((one[a], other[b]), likeness)
        for i, j in sorted(scored, key=lambda p: (-scored[p], self._tie(*p))):
            if i not in self.to_new and j not in self.to_old:
                bags = Counter(timeless(self.old.words[i])), Counter(timeless(self.new.words[j]))
                both = measure.total(bags[0]) + measure.total(bags[1])
                self._join(i, j, measure.likeness(*bags, both))

    # -- where a piece stands ----------------------------------------------------------------------

    def _place(self, side: Side, n: int) -> int:
        """Return the nearest heading above that stands in both texts, by its index in the old one; -1 at the top."""
        known = self._before[side is self.new]
        up = side.above[n]
        while up >= 0 and up not in known:
            up = side.above[up]
        return up if up < 0 or side is self.old else known[up]

    def moved(self) -> set[int]:
        """Return the old pieces that stand under another heading now, or out of the order of their brothers."""
        self._count()
        moved: set[int] = set()
        brothers: dict[int, list[int]] = defaultdict(list)
        for i in sorted(self.to_new):
            if {self.old.pieces[i].kind, self.new.pieces[self.to_new[i]].kind} <= _FIXED:
                continue  # the closing goes with whatever section is the last
            place = self._place(self.old, i)
            if place == self._place(self.new, self.to_new[i]):
                brothers[place].append(i)
            elif not self._only_nested(i):
                moved.add(i)
        for row in brothers.values():
            order = [self.to_new[i] for i in row]
            if order != sorted(order):
                weights = [self._weight(i) for i in row]
                stay = heaviest_rising(order, weights)
                moved.update(i for n, i in enumerate(row) if n not in stay)
        return moved

    def _only_nested(self, i: int) -> bool:
        """Tell whether a piece stays in the order of the text, a step deeper or higher below the same headings.

        Another sign before it ("+" for "-", "a)" for "-") makes an outline of other steps, and is no move.
        """
        j = self.to_new[i]
        before, after = self._headings_above(self.old, i), self._headings_above(self.new, j)
        return (self._place(self.new, j) in before or self._place(self.old, i) in after) and i in self._in_order

    def _headings_above(self, side: Side, n: int) -> set[int]:
        """Return the headings above that stand in both texts, by their index in the old one."""
        known = self._before[side is self.new]
        found: set[int] = set()
        up = side.above[n]
        while up >= 0:
            if up in known:
                found.add(up if side is self.old else known[up])
            up = side.above[up]
        return found

    @cached_property
    def _in_order(self) -> set[int]:
        """Old pieces that stand in the same order in both texts, whatever is above them."""
        known = sorted(self.to_new)
        stay = heaviest_rising([self.to_new[i] for i in known], [self._weight(i) for i in known])
        return {known[n] for n in stay}

    def _weight(self, i: int) -> int:
        """What it costs to call a piece moved: first of all one piece, then its length, then a number of its own."""
        j = self.to_new[i]
        low, high = sorted((" ".join(self.old.words[i]), " ".join(self.new.words[j])))
        own = zlib.crc32(f"{low}\n{high}\n{i + j} {abs(i - j)}".encode("utf-8", "surrogatepass"))
        length = min(len(low) + len(high), 1 << 20)
        return (1 << 100) + (length << 64) + (own << 16)

    def stands_alike(self, basis: Cited, *, old: bool) -> bool:
        """Tell whether the paragraph of a basis of the plan stands in both texts with the same words."""
        side, known = (self.old, self.to_new) if old else (self.new, self.to_old)
        n = side.codes.get(basis.unit, -1)
        if n not in known:
            return False
        return side.words[n] == (self.new if old else self.old).words[known[n]]


def _places(left: Sequence[int], known: Mapping[int, int]) -> dict[int, int]:
    """Return for pieces without partner after which piece of the other text they would stand."""
    found: dict[int, int] = {}
    for n in left:
        before = n - 1
        while before >= 0 and before not in known and before not in found:
            before -= 1
        found[n] = -1 if before < 0 else known[before] if before in known else found[before]
    return found


def whole_words(piece: Piece) -> tuple[str, ...]:
    """Return the words of a task with those of the lines or cells that tell who does it until when."""
    return (*words_of(piece.text), *words_of(piece.labels), *words_of(piece.extra or ""))


def heaviest_rising(order: Sequence[int], weights: Sequence[int]) -> set[int]:
    """Return the places of the heaviest rising part of ``order`` (all different), in n log n steps."""
    ranks = sorted(order)
    tree: list[tuple[int, int]] = [(0, -1)] * (len(order) + 1)  # a Fenwick tree of (weight, place) by rank
    before = [-1] * len(order)
    for n, value in enumerate(order):
        rank = bisect_left(ranks, value) + 1
        best, k = (0, -1), rank - 1
        while k > 0:
            best, k = max(best, tree[k]), k & (k - 1)
        before[n] = best[1]
        here, k = (best[0] + weights[n], n), rank
        while k <= len(order):
            tree[k], k = max(tree[k], here), k + (k & -k)
    best, k = (0, -1), len(order)
    while k > 0:
        best, k = max(best, tree[k]), k & (k - 1)
    stay: set[int] = set()
    n = best[1]
    while n >= 0:
        stay.add(n)
        n = before[n]
    return stay
