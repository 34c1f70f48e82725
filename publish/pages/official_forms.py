"""The official lists by validity (job 11): which columns each has, and what stands in them for one document.

The columns are those of the lists that offices issue after NĐ 34/2016/NĐ-CP (Phụ lục I, the forms for lists of
documents in force, ended as a whole, ended in part, and to be acted upon). What only the office decides (kiến nghị,
cơ quan chủ trì, thời hạn) is left empty for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.batches import batches
from graph.statuses import ENDED, ENDED_PARTLY, IN_EFFECT, IN_FORCE, PERIOD_OVER, REVIEW, SUSPENDED
from graph.validity import Event, Validity, said_by
from graph.words import vietnamese_date
from publish.base import Base, Row
from publish.export.listing import Column

EMPTY = "--"
_NAME = "Tên gọi của văn bản/Trích yếu nội dung của văn bản"
_WHY = "Lý do hết hiệu lực, ngưng hiệu lực"
_WHEN = "Ngày hết hiệu lực, ngưng hiệu lực"


@dataclass(frozen=True, slots=True)
class Form:
    """One list: the words of its button, its heading on paper, and its columns with the field that fills each."""

    title: str
    heading: str
    columns: tuple[tuple[str, Column], ...]

    @property
    def shown(self) -> tuple[tuple[str, Column], ...]:
        """The columns of the page: those that people fill in stand only in the files."""
        return tuple((field, column) for field, column in self.columns if not column.blank)


def _form(title: str, heading: str, name: int, *more: tuple[str, Column]) -> Form:
    return Form(
        title, heading,
        (
            ("stt", Column("STT", 12, centred=True)), ("loai", Column("Tên loại văn bản", 22)),
            ("number", Column("Số, ký hiệu văn bản", 38)),
            ("date", Column("Ngày, tháng, năm ban hành", 24, centred=True)),
            ("name", Column(_NAME, name)), *more,
        ),
    )  # fmt: skip


OFFICIAL: dict[str, Form] = {
    "con": _form(
        "Còn hiệu lực", "DANH MỤC VĂN BẢN CÒN HIỆU LỰC", 86,
        ("since", Column("Thời điểm có hiệu lực", 26, centred=True)), ("note", Column("Ghi chú", 44)),
    ),
    "het": _form(
        "Hết hiệu lực, ngưng hiệu lực toàn bộ", "DANH MỤC VĂN BẢN HẾT HIỆU LỰC, NGƯNG HIỆU LỰC TOÀN BỘ", 54,
        ("why", Column(_WHY, 50)), ("since", Column(_WHEN, 24, centred=True)), ("note", Column("Ghi chú", 28)),
    ),
    "mot-phan": _form(
        "Hết hiệu lực, ngưng hiệu lực một phần", "DANH MỤC VĂN BẢN HẾT HIỆU LỰC, NGƯNG HIỆU LỰC MỘT PHẦN", 38,
        ("parts", Column("Nội dung, quy định hết hiệu lực, ngưng hiệu lực", 34)), ("why", Column(_WHY, 40)),
        ("since", Column(_WHEN, 22, centred=True)), ("note", Column("Ghi chú", 22)),
    ),
    "xem-lai": _form(
        "Cần xem lại: sửa đổi, bổ sung, thay thế, bãi bỏ, ban hành mới",
        "DANH MỤC VĂN BẢN CẦN SỬA ĐỔI, BỔ SUNG, THAY THẾ, BÃI BỎ HOẶC BAN HÀNH MỚI", 38,
        ("proposal", Column("Kiến nghị", 20, blank=True)), ("why", Column("Nội dung kiến nghị/Lý do kiến nghị", 50)),
        ("agency", Column("Cơ quan, đơn vị chủ trì soạn thảo", 24, blank=True)),
        ("deadline", Column("Thời hạn xử lý hoặc kiến nghị xử lý", 24, blank=True)),
    ),
}  # fmt: skip
"""By the word in the address."""


def fields(kind: str, row: Row, validity: Validity, events: Sequence[Event], acts: Mapping[str, str]) -> dict[str, Any]:
    """Return what stands in the columns of a list for one document; ``acts`` names the acting documents by id."""
    common = {
        "loai": row["loai"] or EMPTY, "number": row["so_ky_hieu"] or row["nhan"],
        "date": vietnamese_date(row["ngay_ban_hanh"]) or EMPTY, "name": row["trich_yeu"] or row["ten"] or EMPTY,
        "proposal": "", "agency": "", "deadline": "", "parts": "", "why": "", "since": EMPTY, "note": "",
    }  # fmt: skip
    return common | {"con": _in_force, "het": _ended, "mot-phan": _partly, "xem-lai": _to_review}[kind](
        validity, events, acts
    )


def acting(base: Base, events: Iterable[Event]) -> dict[str, str]:
    """Return the acting documents of events as a list names them: with day and issuer."""
    found: dict[str, str] = {}
    for marks, part in batches(sorted({event.by for event in events if event.by})):
        for row in base.rows(
            f"SELECT id, nhan, ngay_ban_hanh, co_quan_ban_hanh FROM van_ban WHERE id IN ({marks})", *part
        ):  # fmt: skip
            day = f" ngày {vietnamese_date(row['ngay_ban_hanh'])}" if len(row["ngay_ban_hanh"]) == 10 else ""
            issuer = f" của {row['co_quan_ban_hanh']}" if row["co_quan_ban_hanh"] else ""
            found[row["id"]] = f"{row['nhan']}{day}{issuer}"
    return found


def _in_force(validity: Validity, events: Sequence[Event], _: Mapping[str, str]) -> dict[str, str]:
    begins = [event for event in events if event.kind == IN_EFFECT]
    first = next((event for event in begins if event.listed), begins[0] if begins else None)
    notes = ["Hết hiệu lực một phần"] if validity.partly else []
    notes += ["Đã được sửa đổi, bổ sung"] if validity.amendments else []
    listed = [event for event in events if event.kind == IN_FORCE]
    return {
        "since": vietnamese_date(first.since) if first else EMPTY,
        "note": _notes([*notes, *(f"theo {said_by(event)}" for event in listed[-1:])]),
    }


def _ended(validity: Validity, _: Sequence[Event], acts: Mapping[str, str]) -> dict[str, str]:
    event = validity.event
    if event is None:
        return {}
    return {"why": _reason(event, acts), "since": _since(event), "note": _notes(_origin(event))}


def _partly(validity: Validity, _: Sequence[Event], acts: Mapping[str, str]) -> dict[str, str]:
    found = sorted((*validity.partly, *validity.amendments), key=lambda event: event.since)
    return {
        "parts": _each(", ".join(event.parts) or "chưa rõ điều, khoản" for event in found),
        "why": _each(_reason(event, acts) for event in found),
        "since": _each(_since(event) for event in found),
        "note": _notes(dict.fromkeys(note for event in found for note in _origin(event))),
    }


def _to_review(validity: Validity, _: Sequence[Event], acts: Mapping[str, str]) -> dict[str, str]:
    found = sorted((*validity.partly, *validity.amendments), key=lambda event: event.since)
    reasons = []
    for event in found:
        parts = f": {', '.join(event.parts)}" if event.parts else ""
        since = f", từ ngày {_since(event)}" if not event.undated else ""
        reasons.append(f"{_reason(event, acts)}{parts}{since}")
    if validity.period:
        told = f" (“{validity.period.sentence}”)" if validity.period.stated_in else ""
        reasons.append(
            f"Hết giai đoạn từ ngày {vietnamese_date(validity.period.since)}, {validity.period.inferred}{told}"
        )
    return {"why": _each(reasons)}


_BY_RELATION = {
    "replaces": "Được thay thế", "repeals": "Bị bãi bỏ", "amends": "Được sửa đổi, bổ sung", "suspends": "Bị đình chỉ",
}  # fmt: skip
_BY_KIND = {ENDED: "Hết hiệu lực", SUSPENDED: "Ngưng hiệu lực", REVIEW: "Được sửa đổi, bổ sung"}


def _reason(event: Event, acts: Mapping[str, str]) -> str:
    """Return why a document ended, "Được thay thế bởi Quyết định số … ngày … của …"; of a list its own words."""
    how = _BY_RELATION.get(event.relation) or _BY_KIND.get(event.kind, event.kind)
    if event.listed and event.sentence:
        return event.sentence
    if event.kind == ENDED_PARTLY and event.relation == "repeals":
        how = "Bị bãi bỏ một phần"
    by = acts.get(event.by or "") or event.by_words
    return f"{how} bởi {by}" if by else how


def _since(event: Event) -> str:
    return EMPTY if event.undated else vietnamese_date(event.since)


def _origin(event: Event) -> list[str]:
    """Return who says so, where that is not the acting document itself, and what was inferred."""
    own = event.by is not None and event.by == event.stated_in
    told = [] if own else [f"Theo {said_by(event)}"]
    return told + ([f"ngày suy ra: {event.inferred}"] if event.inferred and not event.undated else [])


def _notes(notes: Iterable[str]) -> str:
    words = "; ".join(notes)
    return words[:1].upper() + words[1:]


def _each(words: Iterable[str]) -> str:
    """Return several entries of one cell, numbered where there are more than one."""
    found = list(words)
    return "; ".join(f"({n}) {one}" for n, one in enumerate(found, 1)) if len(found) > 1 else "".join(found) or EMPTY


WHERE_PARTLY = (ENDED_PARTLY, REVIEW)
WHERE_TOUCHED = (REVIEW, ENDED_PARTLY, PERIOD_OVER)
