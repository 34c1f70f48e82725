"""Two texts side by side: last year's plan and this year's, or the draft and the issued text.

Pieces (tasks, headings, other paragraphs, paragraphs of the Căn cứ) meet one to one: first by the same checksum, then
by the same words, then the most alike ones (:mod:`graph.alike`). Headings also meet by what stands below them. Where a
piece stands is told by the headings that meet, so that a new number is no new place. Turned round, the comparison of
two texts is the same with old and new exchanged.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.alike import Measure, Run, differences, most_alike, timeless, words_of
from graph.compared import Cited, ComparedText, Piece

ALIKE = 0.5
"""Two pieces less alike than this are one dropped and one new."""
_ACROSS = 0.75
"""A task is another kind of piece in the other text only when most words are the same."""
_MANY = 4096

TASK, HEADING, BASIS, OTHER = "task", "heading", "basis", "other"
_CLASSES = {
    "task": TASK, "assignment": TASK, "section": HEADING, "group": HEADING, "basis": BASIS,
}  # fmt: skip

KEPT, REWORDED, MOVED, REASSIGNED, RECITED, NEW, DROPPED = (
    "kept", "reworded", "moved", "reassigned", "recited", "new", "dropped",
)  # fmt: skip
STATES = (KEPT, REWORDED, MOVED, REASSIGNED, RECITED, NEW, DROPPED)


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that differs: its name (lead, with, due, product, extra, pinpoint; type, number, date …), old and new."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A piece in both texts, or in one (the other is None).

    ``states`` are those of :data:`STATES` that hold: KEPT, NEW or DROPPED alone, else any of the others together.
    ``likeness`` is 1 for the same words, 0 for a piece without partner. ``runs`` are the words of a reworded piece.
    ``cites_in`` and ``cites_out`` are documents that the piece cites in one text only.
    """

    old: Piece | None
    new: Piece | None
    states: tuple[str, ...]
    likeness: float
    changes: tuple[Change, ...] = ()
    cites_in: tuple[Cited, ...] = ()
    cites_out: tuple[Cited, ...] = ()
    runs: tuple[Run, ...] = ()

    @property
    def piece(self) -> Piece:
        """The piece as the new text has it, else as the old one had it."""
        found = self.new or self.old
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Question:
    """A dropped task, and the documents it cites that the new text still names."""

    task: Pair
    documents: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two texts, each piece once, in the order of the new text.

    ``tasks`` hold tasks and assignments, ``headings`` sections and lead-ins of lists, ``basis_paragraphs`` those of the
    Căn cứ, ``others`` the rest. ``bases_in`` and ``bases_out`` are bases of the plan; ``questions`` must be answered
    first: tasks that are no more though their basis stands.
    """

    old: ComparedText
    new: ComparedText
    header: tuple[Change, ...]
    bases_in: tuple[Cited, ...]
    bases_out: tuple[Cited, ...]
    tasks: tuple[Pair, ...]
    headings: tuple[Pair, ...]
    basis_paragraphs: tuple[Pair, ...]
    others: tuple[Pair, ...]
    questions: tuple[Question, ...]

    def counts(self) -> dict[str, int]:
        """Return how many tasks are in each state; a task may be in several."""
        found = Counter(state for pair in self.tasks for state in pair.states)
        return {state: found[state] for state in STATES}

    @property
    def same(self) -> bool:
        """True when nothing differs."""
        pairs = (*self.tasks, *self.headings, *self.basis_paragraphs, *self.others)
        return not (self.header or self.bases_in or self.bases_out) and all(p.states == (KEPT,) for p in pairs)


def compare(old: ComparedText, new: ComparedText) -> Comparison:
    """Return what differs between two texts; deterministic."""
    matching = _Matching(old.pieces, new.pieces)
    pairs = list(matching.pairs())
    by_class: dict[str, list[Pair]] = {TASK: [], HEADING: [], BASIS: [], OTHER: []}
    for pair in pairs:
        by_class[_class_of_pair(pair)].append(pair)
    header = tuple(_header_changes(old, new))
    titled = any(change.name == "title" for change in header)
    bases_out, bases_in = (
        tuple(
            basis for basis in bases
            if not matching.stands_alike(basis, old=is_old) and (titled or basis.unit != "TITLE")
        )
        for bases, is_old in zip(_apart(old.bases, new.bases), (True, False), strict=True)
    )  # fmt: skip
    return Comparison(
        old, new, header, bases_in, bases_out, tuple(by_class[TASK]),
        tuple(by_class[HEADING]), tuple(by_class[BASIS]), tuple(by_class[OTHER]),
        tuple(_questions(by_class[TASK], new)),
    )  # fmt: skip


def class_of(piece: Piece) -> str:
    """Return which of the four lists a piece belongs to."""
    return _CLASSES.get(piece.kind, OTHER)


def _class_of_pair(pair: Pair) -> str:
    classes = {class_of(piece) for piece in (pair.old, pair.new) if piece is not None}
    return next(name for name in (TASK, HEADING, BASIS, OTHER) if name in classes)


# --- which piece is which -------------------------------------------------------------------------


class _Side:
    """The pieces of one text with what matching asks of them."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.words = [words_of(piece.text) for piece in pieces]
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


class _Matching:
    def __init__(self, old: Sequence[Piece], new: Sequence[Piece]) -> None:
        self.old, self.new = _Side(old), _Side(new)
        self.to_new: dict[int, int] = {}
        self.to_old: dict[int, int] = {}
        self.likeness: dict[int, float] = {}
        self._shared: Counter[tuple[int, int]] = Counter()
        self._match()

    def _match(self) -> None:
        def plain(side: _Side, n: int) -> bool:
            return side.classes[n] != HEADING

        old, new = self.old, self.new
        self._same(lambda s, n: (s.classes[n], s.pieces[n].uid[:8], s.words[n]) if plain(s, n) else None)
        self._same(lambda s, n: (s.classes[n], s.paths[n]) if plain(s, n) else None)
        self._same(lambda s, n: (s.paths[n],) if not plain(s, n) else None)
        self._same(lambda s, n: (s.classes[n], s.words[n]) if plain(s, n) else None)
        self._same(lambda s, n: (s.words[n],) if not plain(s, n) else None, self._may_be_heading)
        self._same(lambda s, n: (s.words[n],))
        measure = Measure([*map(timeless, old.words), *map(timeless, new.words)])
        for name in (TASK, BASIS, OTHER):
            self._alike(measure, lambda s, n, name=name: s.classes[n] == name, ALIKE)  # type: ignore[misc]
        self._headings(measure)
        self._alike(measure, lambda s, n: s.classes[n] != BASIS, _ACROSS)

    def _join(self, i: int, j: int, likeness: float) -> None:
        self.to_new[i], self.to_old[j], self.likeness[i] = j, i, likeness

    def _left(self, side: _Side, known: Mapping[int, int]) -> Iterator[int]:
        return (n for n in range(len(side.pieces)) if n not in known)

    def _same(
        self, key: Callable[[_Side, int], Hashable | None], fits: Callable[[int, int], bool] = lambda i, j: True
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
        """Count how many pieces that met so far stand right below two headings."""
        self._shared = Counter((self.old.above[i], self.new.above[j]) for i, j in self.to_new.items())

    def _may_be_heading(self, i: int, j: int) -> bool:
        """The same few words ("Tiếp tục triển khai:") head another list where nothing below them is the same."""
        return (
            not (self.old.below[i] and self.new.below[j])
            or self._votes(i, j) > 0
            or self._place(self.old, i) == self._place(self.new, j)
        )

    def _alike(self, measure: Measure, belongs: Callable[[_Side, int], bool], least: float) -> None:
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

    def _place(self, side: _Side, n: int) -> int:
        """Return the nearest heading above that stands in both texts, by its index in the old one; -1 at the top."""
        known = self.to_new if side is self.old else self.to_old
        up = side.above[n]
        while up >= 0 and up not in known:
            up = side.above[up]
        return up if up < 0 or side is self.old else known[up]

    def _moved(self) -> set[int]:
        """Return the old pieces that stand under another heading now, or out of the order of their brothers."""
        moved: set[int] = set()
        brothers: dict[int, list[int]] = defaultdict(list)
        for i in sorted(self.to_new):
            place = self._place(self.old, i)
            if place != self._place(self.new, self.to_new[i]):
                moved.add(i)
            else:
                brothers[place].append(i)
        for row in brothers.values():
            order = [self.to_new[i] for i in row]
            if order != sorted(order):
                weights = [self._weight(i) for i in row]
                stay = _heaviest_rising(order, weights)
                moved.update(i for n, i in enumerate(row) if n not in stay)
        return moved

    def _weight(self, i: int) -> int:
        """What it costs to call a piece moved: first of all one piece, then its length, then a number of its own."""
        j = self.to_new[i]
        low, high = sorted((" ".join(self.old.words[i]), " ".join(self.new.words[j])))
        own = zlib.crc32(f"{low}\n{high}\n{i + j} {abs(i - j)}".encode("utf-8", "surrogatepass"))
        length = min(len(low) + len(high), 1 << 20)
        return (1 << 100) + (length << 64) + (own << 16)

    # -- the result --------------------------------------------------------------------------------

    def pairs(self) -> Iterator[Pair]:
        """Yield every piece of both texts once, in the order of the new one; what was dropped stands where it was."""
        moved = self._moved()
        after: dict[int, list[int]] = defaultdict(list)
        last = -1
        for i in range(len(self.old.pieces)):
            if i in self.to_new:
                if i not in moved:
                    last = self.to_new[i]
            else:
                after[last].append(i)
        for i in after[-1]:
            yield Pair(self.old.pieces[i], None, (DROPPED,), 0.0)
        for j, piece in enumerate(self.new.pieces):
            if j in self.to_old:
                yield self._pair(self.to_old[j], j, self.to_old[j] in moved)
            else:
                yield Pair(None, piece, (NEW,), 0.0)
            for i in after[j]:
                yield Pair(self.old.pieces[i], None, (DROPPED,), 0.0)

    def _pair(self, i: int, j: int, moved: bool) -> Pair:
        old, new = self.old.pieces[i], self.new.pieces[j]
        reworded = self.old.words[i] != self.new.words[j]
        # The same words read in two ways (a format lost what the other told) are no edit of anybody.
        out, into = ((), ()) if self._same_cites(i, j) else _apart(old.cited, new.cited)
        changes = () if self._same_evidence(i, j) else tuple(_changes(old, new))
        if not (reworded or out or into or changes):
            changes = tuple(_hidden_changes(old, new))
        states = tuple(
            state for state, holds in (
                (REWORDED, reworded), (MOVED, moved), (REASSIGNED, bool(changes)), (RECITED, bool(out or into))
            ) if holds
        )  # fmt: skip
        likeness = min(self.likeness[i], 0.99) if reworded else 1.0
        runs = differences(old.text, new.text) if reworded else ()
        return Pair(old, new, states or (KEPT,), round(likeness, 3), changes, into, out, runs)

    def _same_cites(self, i: int, j: int) -> bool:
        """What a piece cites stands in its words, and in the other cells of its row."""
        old, new = self.old.pieces[i], self.new.pieces[j]
        if self.old.words[i] != self.new.words[j] or old.extra is None or new.extra is None:
            return False
        return _cells(old) == _cells(new)

    def _same_evidence(self, i: int, j: int) -> bool:
        """Outside tables, who does a task until when stands in it, in the lines below, and in the headings above."""
        old, new = self.old.pieces[i], self.new.pieces[j]
        return (
            old.extra == new.extra == ""
            and self.old.paths[i] == self.new.paths[j]
            and words_of(old.labels) == words_of(new.labels)
        )

    def stands_alike(self, basis: Cited, *, old: bool) -> bool:
        """Tell whether the paragraph of a basis of the plan stands in both texts with the same words."""
        side, known = (self.old, self.to_new) if old else (self.new, self.to_old)
        n = side.codes.get(basis.unit, -1)
        if n not in known:
            return False
        return side.words[n] == (self.new if old else self.old).words[known[n]]


def _heaviest_rising(order: Sequence[int], weights: Sequence[int]) -> set[int]:
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


# --- facts ----------------------------------------------------------------------------------------


def _fields(piece: Piece) -> tuple[tuple[str, ...], ...]:
    return tuple(words_of(value) for _, value in _named(piece))


def _named(piece: Piece) -> Iterator[tuple[str, str]]:
    yield "lead", "; ".join(piece.lead)
    yield "with", "; ".join(piece.cooperating)
    yield "due", piece.due
    yield "product", piece.product


def _changes(old: Piece, new: Piece) -> Iterator[Change]:
    """Facts that differ between two rows; an empty cell that one format takes for the cell above is no change."""
    same_cells = old.extra is not None and new.extra is not None and old.extra != "" and _cells(old) == _cells(new)
    for (name, before), (_, after) in zip(_named(old), _named(new), strict=True):
        if words_of(before) != words_of(after) and not (same_cells and not (before and after)):
            yield Change(name, before, after)


def _hidden_changes(old: Piece, new: Piece) -> Iterator[Change]:
    """What differs in a row beside all that is read of it: other cells, or the provisions of the documents cited."""
    if old.extra is not None and new.extra is not None:
        if _cells(old) != _cells(new):
            yield Change("extra", old.extra, new.extra)
        return
    pinpoints = {one.keys[0]: one.pinpoint for one in old.cited}
    for one in new.cited:
        before = pinpoints.get(one.keys[0], one.pinpoint)
        if words_of(before) != words_of(one.pinpoint):
            yield Change("pinpoint", f"{before or '--'} ({one.label})", f"{one.pinpoint or '--'} ({one.label})")


def _cells(piece: Piece) -> list[tuple[str, ...]]:
    """The other cells of a row; its number in the first one is no difference."""
    cells = [words_of(cell) for cell in (piece.extra or "").split(" | ")]
    return [cell for cell in cells[1:] if cell] if cells and len(cells[0]) <= 3 else [c for c in cells if c]


def _header_changes(old: ComparedText, new: ComparedText) -> Iterator[Change]:
    for name in ("type", "number", "date", "issuer", "title", "signer_role"):
        before, after = getattr(old, name), getattr(new, name)
        if words_of(before) != words_of(after):
            yield Change(name, before, after)


# --- documents ------------------------------------------------------------------------------------


def _apart(old: Sequence[Cited], new: Sequence[Cited]) -> tuple[tuple[Cited, ...], tuple[Cited, ...]]:
    """Return the documents in ``old`` alone and those in ``new`` alone."""
    before, after = _Documents(old), _Documents(new)
    return tuple(o for o in old if o not in after), tuple(n for n in new if n not in before)


class _Documents:
    """Documents by their keys. One that the text tells in part ("?") is any that its known parts fit."""

    def __init__(self, documents: Iterable[Cited]) -> None:
        self._keys: set[str] = set()
        self._parts: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        for document in documents:
            new = [key for key in document.keys if key not in self._keys]
            self._keys.update(new)
            for parts in filter(None, map(_parts, new)):
                self._parts[parts[:2]].append(parts)

    def __contains__(self, document: object) -> bool:
        assert isinstance(document, Cited)
        if any(key in self._keys for key in document.keys):
            return True
        return any(
            _fits(parts, other)
            for parts in filter(None, map(_parts, document.keys)) for other in self._parts.get(parts[:2], ())
        )  # fmt: skip


def _parts(key: str) -> tuple[str, ...]:
    """Return (type, number, period, organ) of a key of a numbered document, () for any other."""
    parts = key.split("|")
    return tuple(parts[1:5]) if len(parts) >= 5 and parts[2] not in ("", "?") else ()


def _fits(one: Sequence[str], other: Sequence[str]) -> bool:
    if not any("?" in part for parts in (one, other) for part in parts[2:]):
        return False
    for before, after in zip(one[2:], other[2:], strict=True):
        if before != after and "?" not in before and "?" not in after:
            return False
    return True


def _questions(tasks: Iterable[Pair], new: ComparedText) -> Iterator[Question]:
    standing = _Documents((*new.bases, *(cited for piece in new.pieces for cited in piece.cited)))
    for pair in tasks:
        if pair.states == (DROPPED,) and pair.old is not None:
            documents = tuple(cited for cited in pair.old.cited if cited in standing)
            if documents:
                yield Question(pair, documents)
