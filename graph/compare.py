"""Two texts side by side: last year's plan and this year's, or the draft and the issued text.

Pieces (tasks, headings, other paragraphs, paragraphs of the Căn cứ) meet one to one (:mod:`graph.matching`); of each
pair is told what differs. Turned round, the comparison of two texts is the same with old and new exchanged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from graph.alike import Run, differences, words_of
from graph.compared import Cited, ComparedText, Piece
from graph.matching import BASIS, HEADING, OTHER, TASK, Matching, class_of, named_facts
from graph.same_said import fact_words, more_cells, same_in_cells, same_in_parts

KEPT, REWORDED, MOVED, REASSIGNED, RECITED, SPLIT, MERGED, NEW, DROPPED = (
    "kept", "reworded", "moved", "reassigned", "recited", "split", "merged", "new", "dropped",
)  # fmt: skip
STATES = (KEPT, REWORDED, MOVED, REASSIGNED, RECITED, SPLIT, MERGED, NEW, DROPPED)


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that differs, old and new: lead, with, due, product, extra, labels, pinpoint; type, number, date …"""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A piece in both texts, or in one (the other is None).

    ``states`` are those of :data:`STATES` that hold: KEPT, NEW or DROPPED alone, else any of the others together.
    SPLIT and MERGED hold for every part, also for one without partner: ``kin`` are the other parts, or the whole.
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
    kin: tuple[Piece, ...] = ()

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
    first: tasks that are no more though their basis stands. ``to_table`` and ``from_table`` count the tasks that stand
    in a row of a table now, or no longer do.
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
    to_table: int = 0
    from_table: int = 0

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
    matching = Matching(old.pieces, new.pieces)
    pairs = list(_pairs(matching))
    by_class: dict[str, list[Pair]] = {TASK: [], HEADING: [], BASIS: [], OTHER: []}
    for pair in pairs:
        if pair.piece.kind != "columns" or (pair.old and pair.new):  # a table that came or went tells its rows
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
        *(sum(pair.old is not None and pair.new is not None and pair.old.in_table == before != pair.new.in_table
              for pair in by_class[TASK]) for before in (False, True)),
    )  # fmt: skip


def _class_of_pair(pair: Pair) -> str:
    classes = {class_of(piece) for piece in (pair.old, pair.new) if piece is not None}
    return next(name for name in (TASK, HEADING, BASIS, OTHER) if name in classes)


# --- pieces ---------------------------------------------------------------------------------------


def _pairs(met: Matching) -> Iterator[Pair]:
    """Yield every piece of both texts once, in the order of the new one; what was dropped stands where it was."""
    moved = met.moved()
    after: dict[int, list[int]] = defaultdict(list)
    last = -1
    for i in range(len(met.old.pieces)):
        if i in met.to_new:
            if i not in moved:
                last = met.to_new[i]
        else:
            after[last].append(i)
    for i in after[-1]:
        yield _gone(met, i)
    for j, piece in enumerate(met.new.pieces):
        if j in met.to_old:
            yield _pair(met, met.to_old[j], j, met.to_old[j] in moved)
        else:
            whole = met.split_from.get(j)
            kin = () if whole is None else (met.old.pieces[whole],)
            yield Pair(None, piece, (SPLIT,) if kin else (NEW,), 0.0, kin=kin)
        for i in after[j]:
            yield _gone(met, i)


def _gone(met: Matching, i: int) -> Pair:
    whole = met.merged_into.get(i)
    kin = () if whole is None else (met.new.pieces[whole],)
    return Pair(met.old.pieces[i], None, (MERGED,) if kin else (DROPPED,), 0.0, kin=kin)


def _pair(met: Matching, i: int, j: int, moved: bool) -> Pair:
    old, new = met.old.pieces[i], met.new.pieces[j]
    differs = met.old.words[i] != met.new.words[j]
    split = tuple(n for n in met.splits.get(i, ()) if n != j)
    merged = tuple(n for n in met.merges.get(j, ()) if n != i)
    reworded = differs and not (
        same_in_parts(met, i, j, split, merged) or (old.in_table != new.in_table and same_in_cells(old, new))
    )
    # The same words read in two ways (a format lost what the other told) are no edit of anybody.
    out, into = ((), ()) if _same_cites(met, i, j) else _apart(old.cited, new.cited)
    changes = () if _same_evidence(met, i, j) else tuple(_changes(old, new))
    kin = (*(met.new.pieces[n] for n in split), *(met.old.pieces[n] for n in merged))
    if kin:  # what another part says is not lost
        changes = tuple(change for change in changes if not _told_by(kin, change, old.text, new.text))
        there = _Documents(cited for piece in kin for cited in piece.cited)
        out, into = (tuple(c for c in cited if c not in there) for cited in (out, into))
    elif not (reworded or out or into or changes):
        changes = tuple(_hidden_changes(old, new))
    states = tuple(
        state for state, holds in (
            (REWORDED, reworded), (MOVED, moved), (REASSIGNED, bool(changes)), (RECITED, bool(out or into)),
            (SPLIT, bool(split)), (MERGED, bool(merged)),
        ) if holds
    )  # fmt: skip
    likeness = min(met.likeness[i], 0.99) if reworded else 1.0
    runs = differences(old.text, new.text) if reworded or kin else ()
    return Pair(old, new, states or (KEPT,), round(likeness, 3), changes, into, out, runs, kin)


def _told_by(kin: Sequence[Piece], change: Change, before: str, after: str) -> bool:
    """Tell whether the other parts of a cut, or the words of the other text, hold all that ``change`` tells."""
    told = {
        fact_words(value) for piece in kin for name, values in named_facts(piece) if name == change.name
        for value in values.split("; ")
    }  # fmt: skip
    old, new = ({fact_words(value) for value in values.split("; ") if value} for values in (change.old, change.new))
    told |= {value for value in new - old if _stands(value, before)} | {
        value for value in old - new if _stands(value, after)
    }
    return (old ^ new) <= told


def _stands(value: tuple[str, ...], text: str) -> bool:
    return f" {' '.join(value)} " in f" {' '.join(fact_words(text))} "


def _same_cites(met: Matching, i: int, j: int) -> bool:
    """What a piece cites stands in its words, and in the other cells of its row."""
    old, new = met.old.pieces[i], met.new.pieces[j]
    if met.old.words[i] != met.new.words[j] or old.extra is None or new.extra is None:
        return False
    return _cells(old) == _cells(new)


def _same_evidence(met: Matching, i: int, j: int) -> bool:
    """Outside tables, who does a task until when stands in it, in the lines below, and in the headings above."""
    old, new = met.old.pieces[i], met.new.pieces[j]
    return (
        old.extra == new.extra == ""
        and met.old.paths[i] == met.new.paths[j]
        and words_of(old.labels) == words_of(new.labels)
    )


# --- facts ----------------------------------------------------------------------------------------


def _changes(old: Piece, new: Piece) -> Iterator[Change]:
    """Facts that differ between two rows; an empty cell that one format takes for the cell above is no change."""
    same_cells = old.extra is not None and new.extra is not None and old.extra != "" and _cells(old) == _cells(new)
    same_words = words_of(old.text) == words_of(new.text) and words_of(old.labels) == words_of(new.labels)
    own = f" {' '.join((*words_of(old.text), *words_of(old.labels)))} "
    for (name, before), (_, after) in zip(named_facts(old), named_facts(new), strict=True):
        if fact_words(before) == fact_words(after) or (same_cells and not (before and after)):
            continue
        if same_words and all(f" {' '.join(words_of(part))} " in own for part in (before, after) if part):
            continue  # the same words, read in two ways
        yield Change(name, before, after)


def _hidden_changes(old: Piece, new: Piece) -> Iterator[Change]:
    """What differs in a row beside all that is read of it: other cells, or the provisions of the documents cited."""
    if old.in_table != new.in_table:
        if old.extra is not None and new.extra is not None and (rest := more_cells(old, new)):
            yield Change("extra", *(("", rest) if new.in_table else (rest, "")))
        return
    if words_of(old.labels) != words_of(new.labels):
        yield Change("labels", old.labels, new.labels)
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
    for name in ("type", "number", "date", "issuer", "title", "signer_role", "signer"):
        before, after = getattr(old, name), getattr(new, name)
        if words_of(before) != words_of(after):
            yield Change(name, before, after)
    gone, come = (
        [one for one in sent if words_of(one) not in {words_of(other) for other in others}]
        for sent, others in ((old.recipients, new.recipients), (new.recipients, old.recipients))
    )  # fmt: skip
    if gone or come:
        yield Change("recipients", "; ".join(gone), "; ".join(come))


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
