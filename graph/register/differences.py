"""What a list brings against the one that it takes the place of: new, changed, unchanged entries, and those gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from extract.identity import search_key
from extract.text import plain
from graph.register.model import Entry
from graph.words import vietnamese_date

_WORDS = {
    "number": "số, ký hiệu", "type": "tên loại", "date": "ngày ban hành", "issuer": "cơ quan ban hành",
    "title": "trích yếu", "in_force": "ngày có hiệu lực", "ended": "ngày hết hiệu lực", "status": "tình trạng",
    "replaced_by": "thay thế bởi", "amended_by": "sửa đổi bởi", "repealed_by": "bãi bỏ bởi", "reason": "lý do",
    "ended_parts": "phần hết hiệu lực",
}  # fmt: skip
_DAYS = frozenset({"date", "in_force", "ended"})
_COMPARED = tuple(field.name for field in fields(Entry) if field.name in _WORDS)
_MOST_CHANGES = 50
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that says something else than before: its row in the new file, its number, what changed in words."""

    row: int
    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Differences:
    """How many entries are new, changed, unchanged and gone; the first of the changed ones."""

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    changes: tuple[Change, ...] = ()


def differences(old: Iterable[Entry], new: Sequence[Entry]) -> Differences:
    """Return what ``new`` brings against ``old``.

    Where a number stands twice, as that of every year does, those of one day or one organ and type belong together.
    The row and sheet of an entry do not count.
    """
    left: dict[str, list[Entry]] = {}
    known: Counter[tuple[str, ...]] = Counter()
    for entry in old:
        left.setdefault(search_key(entry.number), []).append(entry)
        known[_content(entry)] += 1
    rest: list[Entry] = []
    for entry in new:
        content = _content(entry)
        if known[content] > 0:
            known[content] -= 1
            before = left[search_key(entry.number)]
            before.remove(next(e for e in before if _content(e) == content))
        else:
            rest.append(entry)
    changed = 0
    changes: list[Change] = []
    for entry in rest:
        before = left.get(search_key(entry.number), [])
        pair = next((e for fit in (_same_day, _same_place) for e in before if fit(e, entry)), None)
        if pair is None:
            continue
        before.remove(pair)
        changed += 1
        if len(changes) < _MOST_CHANGES:
            changes.append(Change(entry.row, entry.number, _said(pair, entry)))
    return Differences(
        len(rest) - changed, changed, len(new) - len(rest), sum(map(len, left.values())), tuple(changes)
    )  # fmt: skip


def _content(entry: Entry) -> tuple[str, ...]:
    return tuple(getattr(entry, name) for name in _COMPARED)


def _same_day(one: Entry, other: Entry) -> bool:
    return bool(one.date) and one.date == other.date


def _same_place(one: Entry, other: Entry) -> bool:
    return plain(one.type) == plain(other.type) and plain(one.issuer) == plain(other.issuer)


def _said(old: Entry, new: Entry) -> str:
    said = []
    for name in _COMPARED:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            said.append(f"{_WORDS[name]}: {_shown(name, before)} → {_shown(name, after)}")
    return "; ".join(said)


def _shown(name: str, value: str) -> str:
    if name in _DAYS:
        return vietnamese_date(value)
    return (value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…") or "--"
