"""Which citations a person should compare with the original: one row a reason, in the order of the text."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from extract.identity import number_key
from extract.model import Citation, Document
from graph.decisions.entry import POINTER, WORK
from graph.decisions.redirect import RULE
from graph.reading import Reading
from graph.words import REFERENCE_KINDS, vietnamese_date

Row = dict[str, Any]

UNRESOLVED, AMBIGUOUS, UNDATED = "chưa xác định", "nhiều khả năng", "thiếu ngày"
MALFORMED, TWO_DATES, DECIDED = "sai thể thức", "hai ngày", "đã quyết định"
REASONS: dict[str, str] = {
    UNRESOLVED: "Phần viện dẫn thiếu thông tin nên chưa biết là văn bản nào",
    AMBIGUOUS: "Có từ hai văn bản trở lên phù hợp với phần viện dẫn",
    UNDATED: "Không nơi nào trong văn bản viện dẫn ghi ngày ban hành",
    MALFORMED: "Số, ký hiệu in khác với thể thức của loại văn bản này",
    TWO_DATES: "Cùng số, ký hiệu nhưng được ghi hai ngày ban hành khác nhau",
    DECIDED: "Đã có người quyết định",
}
"""Reason -> what it means."""

NAMED, VAGUE, OPEN_BACK = "chỉ nêu tên", "chưa nói rõ", "dẫn ngược chưa rõ"
UNNUMBERED: dict[str, str] = {
    NAMED: "Chương trình, đề án, quy định chỉ nêu tên, không có số, ký hiệu",
    VAGUE: "Chỗ chỉ nói “theo quy định của …”, “theo hướng dẫn của …”, không nói rõ văn bản nào",
    OPEN_BACK: "Chỗ nói “nêu trên”, “nói trên” mà chương trình chưa biết là văn bản nào nêu ở trước",
}
"""What has no number and waits for a person -> what it means; kept apart from citations, of which it is none."""
WAITING: dict[str, tuple[str, str, tuple[str, ...]]] = {
    NAMED: (WORK, "quy_tac <> ? AND qua IS NULL", (RULE,)),  # "Quyết định số … phê duyệt Đề án …" names its number
    VAGUE: (POINTER, "loai = ?", (REFERENCE_KINDS["vague"],)),
    OPEN_BACK: (POINTER, "loai = ? AND dich = ''", (REFERENCE_KINDS["back"],)),
}
"""What waits so -> its sort, which rows of the table of that sort it is, the values of the condition."""


class Doubt(NamedTuple):
    """A reason to compare a citation (its index in the text) with the original, and a hint."""

    citation: int
    reason: str
    hint: str


def doubts_of(citations: Sequence[Citation], readings: Iterable[Reading]) -> Iterator[Doubt]:
    """Yield what a text alone tells about its citations, the main reason of each first."""
    for n, (citation, reading) in enumerate(zip(citations, readings, strict=True)):
        if not citation.mention.self:
            for reason, hint in _reasons(citation, reading):
                yield Doubt(n, reason, hint)


def _reasons(citation: Citation, reading: Reading) -> Iterator[tuple[str, str]]:
    if citation.rule == RULE:
        yield DECIDED, ""
        return
    mention, document = citation.mention, reading.document
    if reading.status == "unresolved":
        yield UNRESOLVED, _missing(document) if document else ""
    elif reading.status == "ambiguous":
        yield AMBIGUOUS, reading.candidates
    if document is not None and document.form == "number" and not document.date:
        yield UNDATED, "Bổ sung ngày, tháng, năm ban hành ở lần viện dẫn đầu tiên."
    if document is not None and mention.number and document.form == "number" and _differ(mention.number, document):
        yield MALFORMED, f"In là {mention.number}; đúng thể thức là {document.number}."


class Reconciling:
    """Makes the rows of ``can_doi_chieu``; knows under which day each document was first cited."""

    def __init__(self) -> None:
        """Begin with no document known."""
        self._days: dict[str, str] = {}
        self._count = 0

    def rows(self, citations: Iterable[Row], doubts: Iterable[Doubt]) -> Iterator[Row]:
        """Yield the rows of a text, whose rows of ``trich_dan`` are ``citations``; the main reason of each first."""
        waiting = deque(doubts)
        for n, row in enumerate(citations):
            found = []
            while waiting and waiting[0].citation == n:
                _, reason, hint = waiting.popleft()
                found.append((reason, hint))
            found += self._days_of(row)
            for k, (reason, hint) in enumerate(found):
                self._count += 1
                yield {
                    "id": self._count, "trich_dan": row["id"], "van_ban_nguon": row["van_ban_nguon"],
                    "muc": row["muc"], "loai": reason, "goi_y": hint, "chinh": int(k == 0 and reason != DECIDED),
                }  # fmt: skip

    def _days_of(self, row: Row) -> Iterator[tuple[str, str]]:
        day, document = row["ngay"], row["van_ban"]
        if len(day) != 10 or not document or row["la_so_cua_minh"] or row["quy_tac"] == RULE:
            return
        first = self._days.setdefault(document, day)
        if first != day:
            days = f"ở đây ghi ngày {vietnamese_date(day)}, chỗ khác ghi ngày {vietnamese_date(first)}"
            yield TWO_DATES, f"Cùng số, ký hiệu: {days}."


def _differ(printed: str, document: Document) -> bool:
    """Tell a number in another form from one that another citation of the same document has."""
    return printed != document.number and (
        number_key(printed) == number_key(document.number) or printed in document.printed
    )


def _missing(document: Document) -> str:
    """Return what the key of a document does not know, in words."""
    parts = document.key.split("|")
    told = []
    if len(parts) > 3 and parts[3] == "?":
        told.append("năm ban hành")
    if len(parts) > 4 and "?" in parts[4] and parts[4].strip() != "?":
        told.append("cơ quan ban hành thuộc cấp, thời kỳ nào" if parts[3] != "?" else "")
    if len(parts) > 4 and parts[4].strip() == "?":
        told.append("cơ quan ban hành")
    if not document.type:
        told.append("tên loại")
    words = ", ".join(filter(None, told))
    return f"Chưa rõ {words}." if words else ""
