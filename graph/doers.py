"""Who does the tasks: the units that texts name as in charge or helping, under one name each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from extract.model import Unit
from extract.organs import full_name
from extract.text import plain

Row = dict[str, Any]

LEADS, HELPS = "chủ trì", "phối hợp"
_LONGEST = 96


class Doers:
    """Gathers the units (organs, divisions, officers) of all texts; spellings that mean one unit meet under one id."""

    def __init__(self) -> None:
        """Begin with none."""
        self._ids: dict[str, str] = {}  # key -> id
        self._taken: set[str] = set()
        self._names: dict[str, Counter[str]] = {}
        self._count = 0

    def assignments(self, unit: Unit, unit_id: str) -> Iterator[Row]:
        """Yield a row of ``phan_cong`` for each unit that leads or helps in ``unit``."""
        seen: set[str] = set()
        for role, names in ((LEADS, unit.lead), (HELPS, unit.cooperating)):
            for name in names:
                doer = self._id(name)
                if doer and doer not in seen:
                    seen.add(doer)
                    self._count += 1
                    yield {"id": self._count, "muc": unit_id, "don_vi": doer, "vai_tro": role}

    def rows(self) -> Iterator[Row]:
        """Yield a row of ``don_vi`` for each unit, under the spelling that is used most."""
        for key, doer in self._ids.items():
            names = self._names[key]
            name = min(names, key=lambda n: (-names[n], n))
            yield {"id": doer, "ten": name, "khong_dau": plain(name)}

    def _id(self, name: str) -> str:
        """Return the id of a unit; "Sở KH&CN" and "Sở Khoa học và Công nghệ" have the same."""
        key = plain(full_name(name, "")[0]) or plain(name)
        if not key:
            return ""
        self._names.setdefault(key, Counter())[name] += 1
        if key not in self._ids:
            base = key.replace(" ", "-")[:_LONGEST].rstrip("-")
            doer, n = base, 2
            while doer in self._taken:
                doer, n = f"{base}-{n}", n + 1
            self._taken.add(doer)
            self._ids[key] = doer
        return self._ids[key]
