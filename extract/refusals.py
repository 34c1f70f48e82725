"""Runs that have the shape of a number and are none: form codes, certificates, addresses, file names.

A refusal is a fact like any other: it is kept with the rule that made it, so that no number is dropped in silence.
"""

from __future__ import annotations

import re
from functools import cache

from extract.numbers import NumberRun, Stray
from extract.tables import read_table

FORM_CODE = "form_code"
UNKNOWN_SYMBOL = "unknown_symbol"
NO_NUMBER = "no_number"

_NEAR = 40
"""The words before a number that may refuse it lie this near (characters)."""
_LISTED = re.compile(
    r"\s*(?:,|;|/|-|và|hoặc|đến|,\s*và|[|\s]+)\s*(?:từ\s+)?(?:mẫu\s+)?(?:số\s*)?(?:[a-z]{1,2}\d{0,2}-)?"
)


@cache
def _rules(column: str) -> re.Pattern[str]:
    rows = [row for row in read_table("refusals") if row[column]]
    return re.compile("|".join(f"(?P<{row['rule']}>{row[column]})" for row in rows))


def refusal(folded: str, run: NumberRun) -> str:
    """Return the rule of the table that refuses ``run`` as a citation, "" if none does."""
    before = folded[max(0, run.start - _NEAR) : run.start].rstrip()
    m = (
        _rules("before").search(before)
        or _rules("symbol").match("-".join(run.parts.groups))
        or _dotted(folded, run.start, run.end)
    )
    return m.lastgroup or "" if m else ""


def _dotted(folded: str, start: int, end: int) -> re.Match[str] | None:
    """Match the name of a file or an address: what goes on without a blank, and with a dot."""
    while start and not folded[start - 1].isspace():
        start -= 1
    last = _UNBROKEN.match(folded, end)
    if "." not in folded[start : last.end() if last else end]:
        return None
    return _rules("after").match(folded, end) or _rules("around").match(folded, start)


_UNBROKEN = re.compile(r"\S{0,400}")
_LONGEST = 400
_AFTER = re.compile(r"[\w/&-]*")


def refused_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the whole unbroken word or address that holds a refused number."""
    after = _AFTER.match(text, end)
    lower = max(0, start - _LONGEST)
    while start > lower and (text[start - 1].isalnum() or text[start - 1] in "./&-_"):
        start -= 1
    return start, after.end() if after else end


def continues_a_refusal(folded: str, previous_end: int, start: int) -> bool:
    """True when a number goes on a list of refused ones: "Biểu mẫu từ 01/TKTH đến 06/TKTH"."""
    return 0 <= start - previous_end <= 24 and _LISTED.fullmatch(folded, previous_end, start) is not None


def refusal_of_stray(folded: str, stray: Stray) -> str:
    """Return why a run of digits, a joint and capitals that no grammar of numbers reads is refused."""
    before = folded[max(0, stray.start - _NEAR) : stray.start].rstrip()
    m = _rules("before").search(before) or _dotted(folded, stray.start, stray.end)
    return (m.lastgroup if m else None) or NO_NUMBER
