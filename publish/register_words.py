"""What the commands of the register print: columns, counts, problems, entries, validity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from graph.register.columns import FIELDS, IGNORED
from graph.register.differences import Differences
from graph.register.index import Named, source_words
from graph.register.model import ListFacts
from graph.register.reading import ReadList
from graph.validity import Validity, said_by
from graph.words import vietnamese_date

_PROBLEMS = 30


def read_lines(read: ReadList, facts: ListFacts) -> Iterator[str]:
    """Yield what was read of a list: columns of each sheet, counts, what could not be read and why."""
    yield f"Danh mục “{facts.source}”, tính đến ngày {vietnamese_date(facts.date)} (tệp {facts.file})"
    for sheet in read.sheets:
        yield f"{f'Trang tính “{sheet.name}”' if sheet.name else 'Bảng'}: tiêu đề ở dòng {sheet.header}"
        for column in sheet.columns:
            name = FIELDS[column.field] if column.field else "chưa nhận ra, không dùng"
            mark = f" [{column.field}]" if column.field and column.field != IGNORED else ""
            yield f"  - “{column.heading}” → {name}{mark}"
        if sheet.status:
            yield f"  - tình trạng theo tiêu đề: {sheet.status}"
        yield f"  {sheet.entries} văn bản"
    for name in read.skipped:
        yield f"Trang tính “{name}”: không có cột số, ký hiệu, bỏ qua"
    yield f"Đọc được {len(read.entries)} văn bản, bỏ qua {read.refused} dòng."
    for problem in read.problems[:_PROBLEMS]:
        where = f"trang “{problem.sheet}”, dòng {problem.row}" if problem.sheet else f"dòng {problem.row}"
        yield f"  {'Lưu ý' if problem.taken else 'Bỏ qua'} {where}: {problem.reason}."
    if (count := sum(counted.count for counted in read.counts)) > _PROBLEMS:
        yield f"  … còn {count - _PROBLEMS} chỗ nữa (xem thêm với --json)."


def differences_words(found: Differences) -> str:
    """Return what a list brought against the one that it took the place of."""
    return (
        f"So với bản trước: {found.new} văn bản mới, {found.changed} thay đổi, {found.same} như cũ, "
        f"{found.gone} không còn trong danh mục."
    )


def import_values(read: ReadList, facts: ListFacts) -> dict[str, Any]:
    """Return the same as data."""
    return {
        "source": facts.source, "date": facts.date, "file": facts.file, "sha256": facts.sha256,
        "entries": len(read.entries), "refused": read.refused, "sheets": [asdict(sheet) for sheet in read.sheets],
        "problems": [asdict(problem) for problem in read.problems],
    }  # fmt: skip


def entry_values(one: Named) -> dict[str, Any]:
    """Return an entry as data."""
    facts = one.known.list
    return {**asdict(one.known.entry), "source": facts.source, "source_date": facts.date, "file": facts.file}


def entry_lines(one: Named) -> Iterator[str]:
    """Yield an entry, one fact a line."""
    entry = one.known.entry
    yield f"{one.document.type or 'Văn bản'} số {entry.number} – theo {source_words(one.known)}, dòng {entry.row}"
    for name, words in (
        ("Ngày ban hành", vietnamese_date(entry.date)), ("Cơ quan ban hành", one.document.issuer),
        ("Trích yếu", entry.title), ("Có hiệu lực từ", vietnamese_date(entry.in_force)),
        ("Hết hiệu lực", vietnamese_date(entry.ended)), ("Tình trạng", entry.status),
        ("Thay thế bởi", entry.replaced_by), ("Bãi bỏ bởi", entry.repealed_by), ("Sửa đổi bởi", entry.amended_by),
        ("Lý do", entry.reason), ("Phần hết hiệu lực", entry.ended_parts),
    ):  # fmt: skip
        if words and words != "--":
            yield f"  {name}: {words}"


def validity_lines(label: str, validity: Validity, day: str) -> Iterator[str]:
    """Yield the validity of a document on a day: status, since when, by what, who says so, remarks."""
    yield f"{label}"
    yield f"  Tình trạng tại ngày {vietnamese_date(day)}: {validity.shown}" + (
        f" (từ ngày {vietnamese_date(validity.shown_since)})" if validity.shown_since else ""
    )
    if (event := validity.why) is not None:
        if event.by_words:
            yield f"  Bởi: {event.by_words}"
        yield f"  Nguồn: {said_by(event)}"
    for amendment in validity.amendments:
        parts = f": {', '.join(amendment.parts)}" if amendment.parts else ""
        yield f"  Được sửa đổi, bổ sung bởi {amendment.by_words} từ ngày {vietnamese_date(amendment.since)}{parts}"
    for remark in validity.remarks:
        yield f"  Lưu ý: {remark}"


def validity_values(label: str, validity: Validity) -> dict[str, Any]:
    """Return the validity of a document as data."""
    return {"document": label, "status": validity.shown, **asdict(validity)}
