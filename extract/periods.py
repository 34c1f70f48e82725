"""Spans of time: the days that a partial date ("2021-02") leaves open, the year in which a programme runs out."""

from __future__ import annotations

import re

from extract.text import fold


def bounds(date: str) -> tuple[str, str]:
    """Return the first and the last ISO day of a date that may be partial; ("", "") when there is none.

    The last day of every month is written 31: the bounds are only compared, never shown.
    """
    if not date:
        return "", ""
    return date + "0000-01-01"[len(date) :], date + "0000-12-31"[len(date) :]


def within(date: str, start: str, end: str) -> bool:
    """True when every day that ``date`` leaves open lies in ``start``…``end`` (both inclusive, "" for no bound)."""
    first, last = bounds(date)
    return bool(first) and start <= first and (not end or last <= end)


_RANGE = re.compile(
    r"(?:giai đoạn|thời kỳ|nhiệm kỳ|thời gian|năm học|các năm|trong các năm|từ năm)\s*(?:từ\s*)?(?:năm\s*)?"
    r"(?:\d{4})\s*(?:-|đến năm|đến)\s*(\d{4})(?!\d)"
)
_UNTIL = re.compile(r"(?:đến|tới)(?: hết)? năm\s+(\d{4})(?!\d)")
_BEYOND = re.compile(r"(?:tầm nhìn|định hướng|tầm nhìn và định hướng)(?:\s+[\wà-ỹ]+){0,4}?\s*$")
"""What stands before a year that a programme only looks out to: "đến năm 2025, tầm nhìn đến năm 2030"."""
_FIRST_END, _LAST_END = 1990, 2099


def end_year(words: str) -> int | None:
    """Return the year in which what a title names runs out: "giai đoạn 2021-2025", "đến năm 2025"; None for none.

    Of several the latest counts, but none that is only looked out to. The title of a document that another one cites
    tells that one's end as well: a plan to carry out a programme ends with it.
    """
    folded = fold(words)
    if "20" not in folded and "19" not in folded:
        return None
    found = [int(m[1]) for m in _RANGE.finditer(folded) if not _BEYOND.search(folded, 0, m.start())]
    found += [int(m[1]) for m in _UNTIL.finditer(folded) if not _BEYOND.search(folded, 0, m.start())]
    return max((year for year in found if _FIRST_END <= year <= _LAST_END), default=None)
