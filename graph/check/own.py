"""The document's own number and day, and blanks left in the numbers it cites (check 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph.check.finding import Finding, Severity
from graph.check.reading import Reading

_BLANK_NUMBER = re.compile(r"s\s?ố\s*[:.]?[\s.…_*]*[/-]", re.I)
_FILLED = re.compile(r"ngày|tháng|năm|[\d\s.…_/,:*-]")


def check(reading: Reading) -> Iterator[Finding]:
    """Blanks are right in a draft until it is signed, and in forms; nowhere else."""
    header = reading.header
    grade: Severity | None = "biên tập" if reading.is_draft else None
    blank = header.number_span and _BLANK_NUMBER.match(reading.text, header.number_span[0])
    if header.number_span and blank and not header.number and header.symbol:
        yield reading.finding("own-number-blank", *header.number_span, severity=grade)
    if header.date_span and 0 < len(header.date) < 10 and not _FILLED.sub("", reading.folded[slice(*header.date_span)]):
        yield reading.finding("own-date-incomplete", *header.date_span, severity=grade)
    for case in reading.cases:
        mention = case.mention
        if mention.number[:1] not in "/-" or reading.apart(mention.start) or reading.is_form(mention):
            continue
        if reading.kind != "consolidated" and not reading.is_number_line(mention):
            yield reading.finding("cited-number-blank", mention.start, mention.tail, severity=grade)
