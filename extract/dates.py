"""Dates as they follow a citation: full, partly blank, or the year alone."""

from __future__ import annotations

import re

# Blank lines are allowed inside a date only: page breaks split dates (domain notes §2, "broken across paragraphs").
_GAP = r"\s*"
_FULL = re.compile(
    r"[\s,]*(?:ban hành\s+)?(?:vào\s+)?(?:ngày|ngay)[\s,:]*"
    r"(?:"
    r"(?P<d1>\d{1,2})" + _GAP + r"tháng" + _GAP + r"(?P<m1>\d{1,2})" + _GAP + r"(?:năm|,)?" + _GAP + r"(?P<y1>\d{4})"
    r"|(?P<d2>\d{1,2})\s*[/.-]\s*(?P<m2>\d{1,2})\s*[/.-]\s*(?P<y2>\d{4})"
    r"|(?:[\s.…_]*|\s*[^\s\d]{1,3}\s+)(?:tháng\s*(?P<m3>\d{1,2})?[\s.…_]*)?năm\s*(?P<y3>\d{4})"
    r"|\s*\S{1,3}\s*tháng\s*(?:(?P<m5>\d{1,2})|\S{0,2})\s*năm\s*(?P<y5>\d{4})"  # a day that OCR misread
    r"|[\s.…_]*/\s*(?P<m4>\d{1,2})\s*/\s*(?P<y4>\d{4})"
    r")(?!\d)"
)  # fmt: skip
_YEAR = re.compile(r"[\s,]*năm\s+(?P<y>\d{4})(?![\d-]|\s*-\s*\d{4})|\s*\((?P<y2>(?:19|20)\d{2})\)")


def date_after(folded: str, position: int) -> tuple[str, int] | None:
    """Return (ISO date, end) of the date that follows ``position``, or None.

    The date may be partial: "2024-01" where the day is blank, "2024" where only the year stands.
    """
    m = _FULL.match(folded, position)
    if m:
        g = m.groupdict()
        day = g["d1"] or g["d2"]
        month = g["m1"] or g["m2"] or g["m3"] or g["m4"] or g["m5"]
        year = g["y1"] or g["y2"] or g["y3"] or g["y4"] or g["y5"]
        return "-".join([year, *(f"{int(p):02d}" for p in (month, day) if p)]), m.end()
    m = _YEAR.match(folded, position)
    if m:
        return m["y"] or m["y2"], m.end()
    return None


_BLANK = re.compile(r"[\s,]*ngày[\s.…_/]*(?=của\s)")


def blank_date(folded: str, position: int) -> int:
    """Return the end of a day not filled in yet ("ngày … của"), else ``position``."""
    m = _BLANK.match(folded, position)
    return m.end() if m else position
