"""Phiếu rà soát căn cứ: the findings of a check as a list for the file, with a column in which a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.check import SEVERITIES, advice_of
from publish.export.listing import Column, Group, Listing, numbered

HEADING = "PHIẾU RÀ SOÁT CĂN CỨ, VIỆN DẪN"
_COLUMNS = (
    Column("STT", 11, centred=True), Column("Vị trí", 27), Column("Nội dung (trích nguyên văn)", 56),
    Column("Vấn đề", 46), Column("Đề nghị sửa", 52), Column("Nguồn", 34),
    Column("Ý kiến người rà soát", 26, blank=True),
)  # fmt: skip
_COMPARE = "Đối chiếu văn bản gốc"
NOTES = (
    "Phiếu do chương trình lập theo quy tắc, chỉ nêu chỗ cần xem lại; người rà soát đối chiếu văn bản gốc, ghi ý kiến "
    "và quyết định.",
    "Bắt buộc sửa: quy định hoặc chính văn bản cho thấy chắc chắn phải sửa, bổ sung.",
    "Cần đối chiếu: có chỗ chưa khớp, phải mở văn bản gốc mới kết luận được.",
    "Nên sửa: viện dẫn còn thiếu thành phần hoặc chưa theo cách viết quy định. Biên tập: chi tiết trình bày.",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding as the slip tells it: where, the words, what is wrong, what to write, the clause.

    ``expected`` is what is certain to be right, ``candidates`` (words joined for people) what it may be.
    """

    rule: str
    severity: str
    place: str
    quote: str
    problem: str
    expected: str
    candidates: str
    source: str

    @property
    def proposal(self) -> str:
        """What to do about it, in the words of the column."""
        if self.expected:
            return f"Viết: {self.expected}"
        if self.candidates:
            return f"Có thể là: {self.candidates}. {_COMPARE}."
        advice = advice_of(self.rule) or (_COMPARE if self.severity == "cần đối chiếu" else "")
        return f"{advice}." if advice else ""

    def cells(self) -> tuple[str, ...]:
        """Return the cells of its row but the serial number."""
        return (self.place, self.quote, self.problem, self.proposal, self.source, "")


def slip(
    texts: Sequence[tuple[str, Sequence[Entry]]], subject: str, sources: Iterable[str], lines: Sequence[str] = ()
) -> Listing:
    """Return the slip of one text or several.

    ``texts`` are names and findings, in order; ``sources`` the ids of the documents of the base
    that it comes from, ``lines`` facts to stand above the table.
    """
    groups = [
        Group(f"{name}: {severity}" if len(texts) > 1 else severity.capitalize(), tuple(e.cells() for e in found))
        for name, entries in texts
        for severity in SEVERITIES
        if (found := [entry for entry in entries if entry.severity == severity])
    ]
    return Listing(
        HEADING,
        subject,
        _COLUMNS,
        numbered(groups),
        (totals(entries for _, entries in texts), *lines),
        NOTES,
        frozenset(sources),
    )


def totals(texts: Iterable[Sequence[Entry]]) -> str:
    """Return how many findings there are of each level, in a sentence."""
    levels = [entry.severity for entries in texts for entry in entries]
    if not levels:
        return "Không thấy gì phải sửa hay đối chiếu ở phần viện dẫn."
    counts = ", ".join(f"{severity} {levels.count(severity)}" for severity in SEVERITIES)
    return f"Tổng cộng {len(levels)} phát hiện: {counts}."
