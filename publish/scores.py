"""The figures of an evaluation as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from extract.evaluate import Count, Report

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
        share = report.fields[name]
        yield f"{words.capitalize():24} {share.value:.3f}  ({share.right}/{share.judged})"
    yield f"{'Quan hệ':24} {report.relation.value:.3f}"
    yield f"{'Quan hệ và nguồn':24} {report.relation_from.value:.3f}"
    yield f"{'Quan hệ kèm theo':24} {report.also.value:.3f}  ({report.also.right}/{report.also.judged})"
    yield _count("Trọn vẹn", report.end_to_end)
    yield ""
    yield "Theo quan hệ:"
    for name, count in sorted(report.per_relation.items()):
        yield "  " + _count(name, count)
    yield ""
    yield "Theo loại văn bản (nhận dạng đúng F1, quan hệ, trọn vẹn F1):"
    for kind, part in kinds.items():
        yield f"  {kind:22} {part.exact.f1:.3f}  {part.relation.value:.3f}  {part.end_to_end.f1:.3f}"
    for title, places in (("Bỏ sót", report.misses), ("Nhận nhầm", report.false_finds), ("Sai", report.wrong)):
        yield ""
        yield f"{title}: {len(places)}"
        for place in places:
            yield f"  {place}"


def _count(title: str, count: Count) -> str:
    return f"{title:24} P {count.precision:.3f}  R {count.recall:.3f}  F1 {count.f1:.3f}"
