"""The units of one document with quick ways from one to its parent and to those before it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from extract.model import Unit


class UnitTree:
    """All units of a document in text order."""

    def __init__(self, units: Sequence[Unit]) -> None:
        """Index ``units`` by id and by start."""
        self.units = tuple(units)
        self._by_id = {unit.id: n for n, unit in enumerate(self.units)}
        parts = [part for unit in self.units for part in _parts(unit)] if any(u.cells for u in units) else self.units
        self._parts = sorted(parts, key=lambda u: u.start) if parts is not self.units else parts
        self._starts = [unit.start for unit in self._parts]

    def __iter__(self) -> Iterator[Unit]:
        """Yield the units in text order."""
        return iter(self.units)

    def __getitem__(self, id: str) -> Unit:
        """Return the unit with this id; KeyError where there is none."""
        return self.units[self._by_id[id]]

    def parent(self, unit: Unit) -> Unit | None:
        """Return the unit above, None at the top."""
        return self.units[self._by_id[unit.parent]] if unit.parent in self._by_id else None

    def before(self, unit: Unit, count: int) -> tuple[Unit, ...]:
        """Return up to ``count`` units that stand right before ``unit``, nearest first."""
        n = self._by_id.get(unit.id, 0)
        return self.units[max(0, n - count) : n][::-1]

    def at(self, position: int) -> Unit | None:
        """Return the unit that holds ``position``, None where none does; in another cell of its row with its bounds."""
        n = bisect_right(self._starts, position) - 1
        return self._parts[n] if n >= 0 and position < self._parts[n].end else None


def _parts(unit: Unit) -> Iterator[Unit]:
    """Yield a unit and, cell by cell, the rest of its row: what is read there stays inside the cell."""
    yield unit
    for start, end, role in unit.cells:
        yield unit._replace(start=start, end=end, kind="basis" if role == "basis" else unit.kind)
