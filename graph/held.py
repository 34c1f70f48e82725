"""How the bases of each task stood on the day of the old text, on the day of the new one, and how they stand now."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graph.batches import batches
from graph.compare import Comparison, Pair
from graph.compared import Cited, ComparedText
from graph.standing import Standing, is_known, labels_and_dates, standing_of
from graph.statuses import UNKNOWN
from graph.validity import Validity, validities

_WHOLE_DATE = len("2024-05-10")

Place = tuple[str, str]
"""The codes of a task in the old and in the new text, "" where it is not."""


@dataclass(frozen=True, slots=True)
class Held:
    """A document that a task rests on.

    ``old`` and ``new`` say how it stood on the day of the text that cites it so, None where that text does not cite it
    or tells no whole day; ``now`` how it stands on the day of the comparison.
    """

    document: str
    label: str
    old: Standing | None
    new: Standing | None
    now: Standing

    @property
    def moments(self) -> tuple[tuple[str, Standing], ...]:
        """What is known, as ("old", "new", "now"; standing)."""
        found = (("old", self.old), ("new", self.new), ("now", self.now))
        return tuple((name, standing) for name, standing in found if standing is not None)


@dataclass(frozen=True, slots=True)
class HeldBases:
    """The bases of a comparison: ISO days ("" for a text without one), by task, and by key of a basis of the plan."""

    old_day: str
    new_day: str
    now: str
    tasks: Mapping[Place, tuple[Held, ...]]
    bases: Mapping[str, Held]

    @property
    def tells(self) -> bool:
        """True when something is known of one of them at all."""
        every = [*self.bases.values(), *(held for found in self.tasks.values() for held in found)]
        return any(standing.status != UNKNOWN for held in every for _, standing in held.moments)


def place_of(pair: Pair) -> Place:
    """Return where a task stands in both texts."""
    return pair.old.code if pair.old else "", pair.new.code if pair.new else ""


def held_bases(connection: sqlite3.Connection, comparison: Comparison, now: str) -> HeldBases | None:
    """Return how the bases of ``comparison`` stood and stand, as far as a base knows; None where it knows of none.

    ``now`` is an ISO day. Documents that the base does not have are left out.
    """
    if not is_known(connection):
        return None
    days = [text.date if len(text.date) == _WHOLE_DATE else "" for text in (comparison.old, comparison.new)]
    named = list(_named(comparison))
    ids = _ids(connection, named, (comparison.old, comparison.new))
    facts = labels_and_dates(connection, ids.values())
    dates = {name: date for name, (_, date) in facts.items()}
    on = {day: validities(connection, dates, day) for day in {*days, now} if day}

    def held(old: Cited | None, new: Cited | None) -> Held | None:
        cited = new or old
        name = ids.get(cited.keys[0], "") if cited else ""
        if name not in facts or cited is None:
            return None
        return Held(
            name, facts[name][0], _stood(on, days[0], name, facts[name][0], old),
            _stood(on, days[1], name, facts[name][0], new), _standing(on[now], now, name, facts[name][0], cited),
        )  # fmt: skip

    def of_pair(pair: Pair) -> Iterator[Held]:
        one, other = (
            {cited.keys[0]: cited for cited in piece.cited} if piece else {} for piece in (pair.old, pair.new)
        )
        for key in dict.fromkeys([*other, *one]):
            if (found := held(one.get(key), other.get(key))) is not None:
                yield found

    bases: dict[str, Held] = {}
    for basis, old in [*((b, False) for b in comparison.bases_in), *((b, True) for b in comparison.bases_out)]:
        if (found := held(basis if old else None, None if old else basis)) is not None:
            bases[basis.keys[0]] = found
    tasks = {place_of(pair): tuple(of_pair(pair)) for pair in comparison.tasks}
    return HeldBases(days[0], days[1], now, {place: found for place, found in tasks.items() if found}, bases)


def _stood(
    on: Mapping[str, Mapping[str, Validity]], day: str, document: str, label: str, cited: Cited | None
) -> Standing | None:
    return _standing(on[day], day, document, label, cited) if day and cited is not None else None


def _standing(known: Mapping[str, Validity], day: str, document: str, label: str, cited: Cited) -> Standing:
    parts = [part for part in cited.pinpoint.split("; ") if part]
    return standing_of(document, label, day, known[document], parts)


def _named(comparison: Comparison) -> Iterator[Cited]:
    for pair in comparison.tasks:
        for piece in (pair.old, pair.new):
            yield from piece.cited if piece else ()
    yield from comparison.bases_in
    yield from comparison.bases_out


def _ids(connection: sqlite3.Connection, named: Iterable[Cited], texts: Iterable[ComparedText]) -> dict[str, str]:
    """Return key of a document -> its id in the base; an open key is another one in every text that has it."""
    keys = dict.fromkeys(cited.keys[0] for cited in named)
    asked = {key: key for key in keys}
    for text in texts:
        if text.id:
            asked |= {f"{key}|{text.id}": key for key in keys}
    found: dict[str, str] = {}
    for marks, part in batches(list(asked)):
        for key, name in connection.execute(f"SELECT khoa, id FROM van_ban WHERE khoa IN ({marks})", part):
            found.setdefault(asked[key], name)
    return found
