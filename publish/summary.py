"""What a build did, told: as values and as Vietnamese sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.corpus import Summary


def summary_values(summary: Summary) -> dict[str, Any]:
    """Return what a build did, as values for JSON."""
    return {
        "documents": summary.documents, "tasks": summary.tasks, "citations": summary.citations,
        "resolved": summary.resolved, "ambiguous": summary.ambiguous, "unresolved": summary.unresolved,
        "works": summary.works, "changed": summary.changed,
        "decisions": summary.decisions, "to_review": summary.to_review,
        "refused": [
            {"path": r.path, "reason": r.reason, "advice": r.advice, "sha256": r.sha256} for r in summary.refusals
        ],
    }  # fmt: skip


def summary_lines(summary: Summary, database: Path) -> Iterator[str]:
    """Yield what a build did, line by line: each file that was passed over first."""
    for refusal in summary.refusals:
        yield f"Bỏ qua {refusal.path}: {refusal.sentence}"
    if summary.refusals:
        yield f"Bỏ qua {len(summary.refusals)} tệp (nêu ở trên, và ở bảng “Tệp bỏ qua” của trang chủ)."
    yield (
        f"Văn bản trong kho: {summary.documents} · Nhiệm vụ: {summary.tasks} · Viện dẫn: {summary.citations} "
        f"(đã xác định {summary.resolved}, nhiều khả năng {summary.ambiguous}, chưa xác định {summary.unresolved}) "
        f"· Chương trình, đề án nêu tên: {summary.works} lần"
    )
    if summary.decisions:
        yield f"Quyết định của người dùng đang có hiệu lực: {summary.decisions}."
    if summary.to_review:
        yield f"Cần xem lại: {summary.to_review} chỗ (nêu ở trang “Cần xem lại” và bảng “Quyết định cần xem lại”)."
    yield f"Đã ghi {database}." if summary.changed else f"Không có gì thay đổi, giữ nguyên {database}."
