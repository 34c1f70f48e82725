"""Which body bears a name on a day: provinces that merged on 01/7/2025 are other bodies under the same name.

Source: Nghị quyết 202/2025/QH15 (63 provinces -> 34), the codes of the statistical office (GSO) before and
after. A merged province starts its registers anew, so the same number of "UBND tỉnh Tây Ninh" before and
after that day is another document.
"""

from __future__ import annotations

from functools import cache, lru_cache

from extract.organs import province_in
from extract.periods import bounds
from extract.tables import read_table
from extract.text import fold

UNKNOWN = "?"
"""The name is borne by two bodies, and the date does not tell which one is meant."""


@cache
def _namesakes() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Return folded province name -> (code, first day, day it ended) of each body, where several bear the name."""
    rows: dict[str, list[tuple[str, str, str]]] = {}
    for row in read_table("provinces"):
        rows.setdefault(fold(row["name"]), []).append((row["code"], row["from"], row["until"]))
    return {name: tuple(bodies) for name, bodies in rows.items() if len(bodies) > 1}


@lru_cache(maxsize=16384)
def _bodies(issuer: str) -> tuple[tuple[str, str, str], ...]:
    return _namesakes().get(fold(province_in(issuer)), ())


def era(issuer: str, date: str) -> str:
    """Return what tells the body named ``issuer`` from its namesake on ``date``.

    "" when one body only ever bore the name, :data:`UNKNOWN` when two did and the date is missing or does
    not tell, else the code of its province and, for the new body, the year it began: "gso 72", "gso 80 2025".
    """
    bodies = _bodies(issuer)
    if not bodies:
        return ""
    first, last = bounds(date)
    for code, start, until in bodies:
        if first and start <= first and (not until or last < until):
            return f"gso {code} {start[:4]}".rstrip()
    return UNKNOWN
