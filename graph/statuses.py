"""The words for whether a document is in force, and what tells them in lists (``graph/tables/validity_words.csv``).

The words are those of the national database and of NĐ 34/2016/NĐ-CP; *cần xem lại* and *hết giai đoạn* are ours: a
document that was amended is in force and yet not as it was, and a programme "đến năm 2025" ends without any repeal.
"""

from __future__ import annotations

from functools import cache

from extract.tables import read_table
from extract.text import plain

IN_FORCE = "Còn hiệu lực"
ENDED_PARTLY = "Hết hiệu lực một phần"
ENDED = "Hết hiệu lực toàn bộ"
SUSPENDED = "Ngưng hiệu lực"
NOT_YET = "Chưa có hiệu lực"
UNKNOWN = "Chưa xác định"
REVIEW = "Cần xem lại"
PERIOD_OVER = "Hết giai đoạn"

IN_EFFECT = "Có hiệu lực"
"""The event that a document comes into force, no status of its own."""

WORST_FIRST = (ENDED, SUSPENDED, NOT_YET, ENDED_PARTLY, REVIEW, PERIOD_OVER, UNKNOWN, IN_FORCE)
"""From what forbids resting on a document to what allows it."""


@cache
def _words() -> tuple[tuple[str, str], ...]:
    rows = [(plain(row["words"]), row["status"]) for row in read_table("validity_words", "graph.tables")]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))


def status_in(words: str) -> str | None:
    """Return the status that a cell or a title tells, "" where it is empty, None where no word of the table is in it.

    The longest words count: "hết hiệu lực một phần" is not "hết hiệu lực".
    """
    key = plain(words)
    if not key:
        return ""
    padded = f" {key} "
    return next((status for phrase, status in _words() if f" {phrase} " in padded), None)
