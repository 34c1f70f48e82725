"""The figures of an evaluation as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from extract.evaluate import Count, Report, Share
from extract.evaluate_tasks import TaskReport

_FIELDS = {
    "type": "tên loại",
    "number": "số, ký hiệu",
    "name": "tên",
    "date": "ngày",
    "issuer": "cơ quan",
    "pinpoint": "điều, khoản",
}


def score_lines(report: Report, kinds: Mapping[str, Report], passages: int) -> Iterator[str]:
    """Yield the figures, then the places behind them: misses, false finds, wrong fields."""
    yield f"Số đoạn văn: {passages}"
    yield _count("Nhận dạng, khớp đúng", report.exact)
    yield _count("Nhận dạng, chồng lên", report.overlap)
    for name, words in _FIELDS.items():
        yield _share(words.capitalize(), report.fields[name])
    yield f"{'Quan hệ':24} {report.relation.value:.3f}"
    yield f"{'Quan hệ và nguồn':24} {report.relation_from.value:.3f}"
    yield _share("Quan hệ kèm theo", report.also)
    yield _count("Trọn vẹn", report.end_to_end)
    yield ""
    yield "Theo quan hệ:"
    for name, count in sorted(report.per_relation.items()):
        yield "  " + _count(name, count)
    yield ""
    yield "Theo loại văn bản (nhận dạng đúng F1, quan hệ, trọn vẹn F1):"
    for kind, part in kinds.items():
        yield f"  {kind:22} {part.exact.f1:.3f}  {part.relation.value:.3f}  {part.end_to_end.f1:.3f}"
    yield from _places(report)


_TASK_FIELDS = {
    "lead": "chủ trì",
    "with": "phối hợp",
    "due": "thời hạn",
    "product": "sản phẩm",
    "in_table": "ở trong bảng",
}
_HEADER_FIELDS = {
    "type": "tên loại",
    "number": "số",
    "symbol": "ký hiệu",
    "date": "ngày",
    "issuer": "cơ quan",
    "title": "trích yếu",
    "signer_role": "chức vụ người ký",
}


def task_score_lines(report: TaskReport, plans: int) -> Iterator[str]:
    """Yield the figures of plans, then the places behind them."""
    yield f"Số kế hoạch: {plans}"
    yield _count("Nhiệm vụ, phân công", report.tasks)
    for name, words in _TASK_FIELDS.items():
        yield _share(words.capitalize(), report.fields[name])
    yield _count("Viện dẫn của nhiệm vụ", report.cites)
    yield _share("Phần đầu văn bản", report.all_header)
    for name, words in _HEADER_FIELDS.items():
        yield _share(f"  {words}", report.header[name])
    yield _count("Căn cứ của kế hoạch", report.bases)
    yield from _places(report)


def _share(title: str, share: Share) -> str:
    return f"{title:24} {share.value:.3f}  ({share.right}/{share.judged})"


def _places(report: Report | TaskReport) -> Iterator[str]:
    for title, places in (("Bỏ sót", report.misses), ("Nhận nhầm", report.false_finds), ("Sai", report.wrong)):
        yield ""
        yield f"{title}: {len(places)}"
        for place in places:
            yield f"  {place}"


def _count(title: str, count: Count) -> str:
    return f"{title:24} P {count.precision:.3f}  R {count.recall:.3f}  F1 {count.f1:.3f}"
