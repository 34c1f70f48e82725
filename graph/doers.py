"""Who does the tasks: the units that texts name as in charge or helping, under one name each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from extract.model import ACTING_UNITS, Unit
from extract.organs import full_name
from extract.text import plain

Row = dict[str, Any]

LEADS, HELPS = "chủ trì", "phối hợp"
_LONGEST = 96


class Given(NamedTuple):
    """A unit of the outline (its code) that names somebody in a role; ``key`` is that of all spellings of the name."""

    unit: str
    role: str
    name: str
    key: str


def given_in(units: Iterable[Unit]) -> Iterator[Given]:
    """Yield whom the tasks and assignments of a text name; "Sở KH&CN" and "Sở Khoa học và Công nghệ" have one key."""
    for unit in units:
        if unit.kind in ACTING_UNITS and unit.kind != "group":
            for role, names in ((LEADS, unit.lead), (HELPS, unit.cooperating)):
                for name in names:
                    if key := plain(full_name(name, "")[0]) or plain(name):
                        yield Given(unit.id, role, name, key)


class Doers:
    """Gathers the units (organs, divisions, officers) of all texts; spellings that mean one unit meet under one id."""

    def __init__(self) -> None:
        """Begin with none."""
        self._ids: dict[str, str] = {}  # key -> id
        self._taken: set[str] = set()
        self._names: dict[str, Counter[str]] = {}
        self._count = 0

    def assignments(self, given: Iterable[Given], prefix: str) -> Iterator[Row]:
        """Yield the rows of ``phan_cong`` of a text, whose units have ``prefix`` before their codes: in each unit the
        first role of everybody named there."""
        seen: set[tuple[str, str]] = set()
        for unit, role, name, key in given:
            doer = self._id(name, key)
            if (unit, doer) not in seen:
                seen.add((unit, doer))
                self._count += 1
                yield {"id": self._count, "muc": prefix + unit, "don_vi": doer, "vai_tro": role}

    def rows(self) -> Iterator[Row]:
        """Yield a row of ``don_vi`` for each unit, under the spelling that is used most."""
        for key, doer in self._ids.items():
            names = self._names[key]
            name = min(names, key=lambda n: (-names[n], n))
            yield {"id": doer, "ten": name, "khong_dau": plain(name)}

    def _id(self, name: str, key: str) -> str:
        self._names.setdefault(key, Counter())[name] += 1
        if key not in self._ids:
            base = key.replace(" ", "-")[:_LONGEST].rstrip("-")
            doer, n = base, 2
            while doer in self._taken:
                doer, n = f"{base}-{n}", n + 1
            self._taken.add(doer)
            self._ids[key] = doer
        return self._ids[key]
