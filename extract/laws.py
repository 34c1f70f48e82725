"""Laws, codes and ordinances by name: which versions there are, and which one was in force on a day.

Texts cite a law mostly by its name alone ("Luật Đất đai"), as Nghị định 30/2020/NĐ-CP asks (Phụ lục I, II.6),
and several laws in turn bear one name. What is known of each stands in ``tables/law_names.csv``, one row a version,
each with its source; a field that no source told is blank. Amending laws are no versions: they leave number and
name of the law as they are.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from extract.numbers import number_key
from extract.tables import read_table
from extract.text import fold, normalise, squeeze

__all__ = ["LawVersion", "by_number", "in_force_on", "spellings", "version_of_year", "versions"]


@dataclass(frozen=True, slots=True)
class LawVersion:
    """One law among those of its name. Dates are ISO days, "" where no source tells.

    ``date`` is the day it was passed, ``in_force`` the day it takes force as a whole (single articles may take it
    earlier or later), ``until`` the day it loses force, ``successor`` the number of the law that replaced it,
    ``source`` where each of these is told.
    """

    type: str
    name: str
    number: str
    date: str
    in_force: str
    until: str
    successor: str
    source: str

    @property
    def year(self) -> str:
        """The year people cite it by ("Luật Đất đai năm 2013"): that of its number, which is that of its day."""
        year = re.search(r"/(\d{4})/", self.number)
        return year[1] if year else self.date[:4]

    @property
    def earliest(self) -> str:
        """The first day on which it may have been in force; nothing takes force before it is passed."""
        return self.in_force or self.date or f"{self.year}-01-01"


def versions(type: str, name: str) -> tuple[LawVersion, ...]:
    """Return the known versions of a law, oldest first; letter case and the place of the tone mark are free."""
    return _by_name().get(_key(type, name), ())


def version_of_year(type: str, name: str, year: str) -> LawVersion | None:
    """Return the version cited as "năm ``year``", or None when there is none, or more than one."""
    return _only([v for v in versions(type, name) if v.year == year])


def in_force_on(type: str, name: str, date: str) -> LawVersion | None:
    """Return the version in force on ``date``, or None where that is not certain.

    ``date`` may be a year or a month ("2024", "2024-05"): then one version must hold through all of it. A version
    whose day of force is not known is never the answer, and shuts out every other from the day it was passed.
    """
    span = _span(date)
    if span is None:
        return None
    first, last = span
    known = versions(type, name)
    holding = []
    for version, following in zip_longest(known, known[1:]):
        end = version.until or (following.earliest if following else "")
        if version.in_force and version.in_force <= first and (not end or end > last):
            holding.append(version)
    return _only(holding)


def by_number(number: str) -> LawVersion | None:
    """Return the law of a number. Resolutions share the symbol ("63/2025/QH15"): ask for laws only."""
    return _by_number().get(number_key(number))


def _only(found: list[LawVersion]) -> LawVersion | None:
    return found[0] if len(found) == 1 else None


_SHORT = (
    ("hội đồng nhân dân", "HĐND"), ("ủy ban nhân dân", "UBND"), ("văn bản quy phạm pháp luật", "văn bản QPPL"),
)  # fmt: skip


_BOTH, _LISTED = "hội đồng nhân dân và ủy", "hội đồng nhân dân, ủy"


def spellings(name: str) -> tuple[str, ...]:
    """Return the ways in which offices write a law's name, in small letters: "tổ chức hđnd và ubnd"."""
    full = name.lower()
    written = [full, full.replace(_BOTH, _LISTED)]
    for words, short in _SHORT:
        written += [way.replace(words, short.lower()) for way in written]
    return tuple(dict.fromkeys(written))


def spelled_out(folded: str) -> str:
    """Return the folded name that one of its ``spellings`` stands for."""
    for words, short in _SHORT:
        folded = folded.replace(fold(short), words)
    return folded.replace(_LISTED, _BOTH)


def _key(type: str, name: str) -> tuple[str, str]:
    return fold(normalise(type)), spelled_out(squeeze(fold(normalise(name))))


def _span(date: str) -> tuple[str, str] | None:
    """The first and the last day of an ISO date, whole or partial."""
    told = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?", date)
    if not told:
        return None
    year, month, day = told.groups()
    if day:
        return date, date
    if month:
        return f"{date}-01", f"{date}-{calendar.monthrange(int(year), int(month))[1]:02d}"
    return f"{year}-01-01", f"{year}-12-31"


@cache
def _all() -> tuple[LawVersion, ...]:
    return tuple(
        LawVersion(**{field: row[field] for field in LawVersion.__slots__})
        for row in read_table("law_names")
        if row["number"]
    )


@cache
def _by_name() -> dict[tuple[str, str], tuple[LawVersion, ...]]:
    groups: dict[tuple[str, str], list[LawVersion]] = {}
    for version in _all():
        groups.setdefault(_key(version.type, version.name), []).append(version)
    return {key: tuple(sorted(group, key=lambda v: v.earliest)) for key, group in groups.items()}


@cache
def _by_number() -> dict[str, LawVersion]:
    return {number_key(version.number): version for version in _all()}
