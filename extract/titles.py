"""The trích yếu behind a citation: where it begins, and where the sentence goes on to something else."""

from __future__ import annotations

import re
from functools import cache

from extract.organs import organ_at
from extract.tables import read_table
from extract.text import either

_W = r"[\wà-ỹ]"

SESSION_WORDS = (
    r"[\s,]*(?:\(?khóa\s+[ivxlc\d]+\)?)?[\s,]*(?:(?:tại\s+)?kỳ họp(?:\s+(?:thứ\s+)?[\w]{1,12}){1,3}?)?\s*,?\s*"
)
_SESSION = re.compile(rf"{SESSION_WORDS}(?=\S)")
_TITLE_STOP = re.compile(r";|\.(?=\s|$)|\n\n|\)(?=\s*[,;.]|$)|:\s")


@cache
def _title_word() -> re.Pattern[str]:
    return re.compile(either(row["word"] for row in read_table("title_words")) + rf"(?!{_W})")


def title_region(folded: str, tail: int, limit: int) -> tuple[int, int]:
    """Return the span of the trích yếu that follows a citation at ``tail``, (-1, -1) if none does."""
    session = _SESSION.match(folded, tail, limit)
    start = session.end() if session else tail
    if start >= limit or not _title_word().match(folded, start, limit):
        return -1, -1
    for stop in _TITLE_STOP.finditer(folded, start, limit):
        if folded.count("“", start, stop.start()) <= folded.count("”", start, stop.start()):
            return start, stop.start()  # a mark inside a quoted name does not end the title
    return start, limit


def cut_clause(text: str, folded: str, start: int, end: int) -> int:
    """Return where the trích yếu in ``text[start:end]`` ends before words that are none of it.

    "…, UBND tỉnh ban hành Kế hoạch như sau" is what the citing sentence itself says; "và các văn bản hướng dẫn" is
    more that it rests on.
    """
    if stop := _ends().search(folded, start, end):
        end = stop.start()
    for comma in _COMMA.finditer(folded, start, end):
        organ = organ_at(text, folded, comma.end())
        if organ is not None and _acting().match(folded, organ, end):
            return comma.start()
    return end


_COMMA = re.compile(r",\s+(?=\S)")


@cache
def _ends() -> re.Pattern[str]:
    return re.compile(rf",?\s+{either(row['words'] for row in read_table('title_ends'))}(?!{_W})")


@cache
def _acting() -> re.Pattern[str]:
    verbs = [row["word"] for row in read_table("drafting") if row["role"] == "verb"]
    verbs += [row["words"] for row in read_table("issuing_verbs")]
    return re.compile(rf"\s+(?:(?:đã|cũng|tiếp tục)\s+)*{either(verbs)}(?!{_W})")
