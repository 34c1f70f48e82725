"""Words and shapes for verdicts on the pages: never colour alone, and each word explained."""

from __future__ import annotations

from dataclasses import dataclass

from graph import basis
from graph.words import FORMS, RESOLVED


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict as shown: word, shape before it, style, and what the word means."""

    word: str
    shape: str
    style: str
    meaning: str


STRENGTHS: dict[str, Verdict] = {
    basis.DIRECT: Verdict(
        basis.DIRECT, "●", "good",
        "Nội dung nhiệm vụ nêu ít nhất một văn bản có số, ký hiệu (hoặc luật, bộ luật, pháp lệnh gọi theo tên).",
    ),
    basis.NAMED: Verdict(
        basis.NAMED, "◐", "fair",
        "Nội dung nhiệm vụ chỉ gọi tên chương trình, đề án, kế hoạch; không có số, ký hiệu để đối chiếu.",
    ),
    basis.SOFT: Verdict(
        basis.SOFT, "◌", "weak",
        "Nhiệm vụ dựa vào hướng dẫn, quyết định… của một cơ quan nhưng không nói rõ văn bản nào.",
    ),
    basis.INHERITED: Verdict(
        basis.INHERITED, "○", "weak",
        "Nhiệm vụ không nêu căn cứ riêng; chỉ có phần Căn cứ chung ở đầu kế hoạch.",
    ),
    basis.NONE: Verdict(
        basis.NONE, "✕", "bad",
        "Không tìm thấy căn cứ nào, kể cả ở phần Căn cứ của kế hoạch.",
    ),
}  # fmt: skip

WAYS: dict[str, str] = {
    basis.DIRECT: "Nêu trực tiếp trong nội dung nhiệm vụ",
    basis.NAMED: "Gọi tên trong nội dung nhiệm vụ",
    basis.THROUGH: "Qua văn bản mà nhiệm vụ nêu",
    basis.SOFT: "Chưa nói rõ văn bản nào",
    basis.INHERITED: "Từ phần Căn cứ của kế hoạch",
    basis.OBJECT: "Là đối tượng nhiệm vụ sẽ tác động, không phải căn cứ",
}

STATUSES: dict[str, Verdict] = {
    "đã xác định": Verdict(
        "đã xác định", "✓", "good", "Đủ tên loại, số, ký hiệu, cơ quan và thời gian để nhận ra văn bản."
    ),
    "nhiều khả năng": Verdict(
        "nhiều khả năng", "≈", "fair", "Có từ hai văn bản trở lên phù hợp với phần viện dẫn; cần đối chiếu bản gốc."
    ),
    "chưa xác định": Verdict(
        "chưa xác định", "?", "bad",
        "Phần viện dẫn thiếu thông tin (thường là ngày ban hành) nên chưa chắc là văn bản nào; cần đối chiếu bản gốc.",
    ),
    "dự kiến": Verdict("dự kiến", "◇", "fair", "Văn bản này chưa có: nhiệm vụ mới dự kiến ban hành."),
    "suy ra": Verdict("suy ra", "≈", "fair", "Quan hệ do chương trình suy ra, văn bản không nói thẳng."),
}  # fmt: skip


SEVERITIES: dict[str, Verdict] = {
    "bắt buộc sửa": Verdict(
        "bắt buộc sửa", "✕", "bad", "Quy định hoặc chính văn bản cho thấy chắc chắn phải sửa, bổ sung."
    ),
    "cần đối chiếu": Verdict("cần đối chiếu", "?", "fair", "Có chỗ chưa khớp; phải mở văn bản gốc mới kết luận được."),
    "nên sửa": Verdict("nên sửa", "△", "weak", "Viện dẫn còn thiếu thành phần hoặc chưa theo cách viết quy định."),
    "biên tập": Verdict("biên tập", "○", "light", "Chi tiết trình bày, sửa khi hoàn thiện văn bản."),
}
"""How grave a finding is: as :data:`graph.check.SEVERITIES`, gravest first."""


def verdict(word: str) -> Verdict:
    """Return how a strength or status is shown; an unknown word stands for itself."""
    return STRENGTHS.get(word) or STATUSES.get(word) or SEVERITIES.get(word) or Verdict(word, "", "plain", "")


_BY_NAME = Verdict(
    "nêu tên, chưa có số", "◐", "fair",
    "Các văn bản trong kho chỉ gọi tên, không ghi số, ký hiệu; cần bổ sung khi biết văn bản ban hành, phê duyệt.",
)  # fmt: skip


def document_verdict(status: str, form: str) -> Verdict:
    """Return how sure a document is: a work known by its name alone is never shown as settled."""
    return _BY_NAME if form == FORMS["work"] and status == RESOLVED else verdict(status)


def number(count: int) -> str:
    """Return a count as Vietnamese write it: 1240 -> "1.240"."""
    return f"{count:,}".replace(",", ".")
