"""Whose document it is now (job 12): the organ that took over from an issuer that merged or ended since.

The citation keeps the issuer of its day; this only stands beside it. Provinces and their organs: Nghị quyết
202/2025/QH15 (63 provinces became 34 on 01/7/2025); ministries and departments: ``extract/tables/organs.csv``. A
district has no single successor: its level ended on that day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.organs import organs
from extract.periods import bounds
from extract.tables import read_table
from extract.text import either, fold

MERGED = "Nghị quyết 202/2025/QH15"
_DISTRICTS_UNTIL = "2025-07-01"
_DISTRICT = re.compile(r"(?<![\wà-ỹ])(?:huyện|quận|thị xã|huyện ủy|quận ủy|thị ủy)(?![\wà-ỹ])")


@dataclass(frozen=True, slots=True)
class Successor:
    """``name`` is the organ now, "" where there is no single one; ``since`` the ISO day; ``remark`` what to know."""

    name: str
    since: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class _Province:
    name: str
    level: str
    since: str
    until: str
    successor: str


def successor_of(issuer: str, issued: str, day: str) -> Successor | None:
    """Return who stands on the ISO ``day`` for an issuer of the (perhaps partial) ISO date ``issued``.

    None where the issuer is still the same body, or where the date does not tell which body issued.
    """
    last = bounds(issued)[1]
    if not issuer or not last or ";" in issuer:
        return None
    if last < _DISTRICTS_UNTIL <= day and _DISTRICT.search(fold(issuer)):
        return Successor("", _DISTRICTS_UNTIL, "không còn cấp huyện; cần xem cơ quan được giao tiếp nhận")
    name, since = _organ_now(issuer, last, day)
    name, merged, remark = _province_now(name, last, day)
    since = max(since, merged)
    return Successor(name, since, remark) if since else None


def _organ_now(issuer: str, issued: str, day: str) -> tuple[str, str]:
    """Return the issuer under the name of the organ that took over, and since when ("" for no change)."""
    since = ""
    for _ in range(len(organs())):  # one may have followed another
        folded = fold(issuer)
        found = [o for o in organs() if o.until and issued < o.until <= day and folded.startswith(fold(o.name))]
        organ = max(found, key=lambda o: len(o.name), default=None)
        if organ is None or not organ.successor or since >= organ.until:
            break
        issuer, since = organ.successor + issuer[len(organ.name) :], organ.until
    return issuer, since


@cache
def _provinces() -> tuple[_Province, ...]:
    return tuple(
        _Province(r["name"], r["level"], r["from"], r["until"], r["successor"]) for r in read_table("provinces")
    )


@cache
def _at_end() -> re.Pattern[str]:
    return re.compile(rf"(?:(tỉnh|thành phố)\s+|(tỉnh ủy|thành ủy)\s+)({either(p.name for p in _provinces())})$")


def _province_now(issuer: str, issued: str, day: str) -> tuple[str, str, str]:
    m = _at_end().search(fold(issuer))
    old = next(
        (p for p in _provinces() if m and fold(p.name) == m[3] and p.until and issued < p.until <= day), None
    )  # fmt: skip
    if m is None or old is None:
        return issuer, "", ""
    new = next((p for p in _provinces() if p.name == old.successor and not p.until), None)
    if new is None:
        return issuer, "", ""
    parts = [p.name for p in _provinces() if p.successor == new.name and p.until == old.until]
    head = issuer[: m.start()]
    if m[2]:
        name = f"{head}{'Thành ủy' if new.level == 'thành phố' else 'Tỉnh ủy'} {new.name}"
    else:
        name = f"{head}{new.level} {new.name}"
    return name, old.until, f"hợp nhất {', '.join(parts[:-1])} và {parts[-1]}" if len(parts) > 1 else ""
