"""Spans of time: the days that a partial date ("2021-02") leaves open."""

from __future__ import annotations


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
