"""Citations of a text that wait until the base is whole: their rows, which are gone before the base is used.

:mod:`graph.late_checks` goes through them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph.check.acts import Asked, asked
from graph.check.reading import Reading
from graph.schema import WAITING

__all__ = ["WAITING", "waiting_rows"]


def waiting_rows(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield the rows of the citations of a text about whose acts a base may know something."""
    for one in asked(reading):
        if not _is_silent(one):
            yield {
                "trich_dan": one.citation, "loai": reading.kind,
                "quet": int(reading.facts.source.place_at(one.start).scanned), "het": one.tail,
                "het_ngay": one.date_end, "ngay_biet": one.known_date, "dieu_tu": one.pinpoint_start,
                "dua_vao": int(one.rests), "da_noi_het": int(one.told_gone), "da_noi_sua": int(one.told_amended),
                "xem_ngay": one.day, "ngay_minh": one.own_date,
            }  # fmt: skip


def _is_silent(one: Asked) -> bool:
    """Tell whether no base could tell anything against a citation."""
    dated = one.date_end > 0 and len(one.date) == 10
    return one.form not in ("number", "name") or not (one.rests or dated or one.pinpoint_start >= 0)
