"""Validity on the pages: the day that is asked (``?tai_ngay=``), statuses as badges, who says so, since when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.batches import batches
from graph.statuses import (
    ENDED,
    ENDED_PARTLY,
    IN_FORCE,
    NOT_YET,
    PERIOD_OVER,
    REVIEW,
    SUSPENDED,
    UNKNOWN,
)
from graph.validity import PART_ENDED, TOUCHED, UNTOUCHED, Event, Validity, read_events, said_by, validities
from graph.words import vietnamese_date
from publish.answers import Ask
from publish.base import Base
from publish.sentences import Ref, ref
from publish.words import Verdict

VERDICTS: dict[str, Verdict] = {
    IN_FORCE: Verdict(IN_FORCE, "✓", "good", "Theo nguồn ghi kèm, văn bản còn hiệu lực tại ngày xem."),
    ENDED: Verdict(ENDED, "✕", "bad", "Theo nguồn ghi kèm, văn bản không còn hiệu lực tại ngày xem."),
    ENDED_PARTLY: Verdict(ENDED_PARTLY, "◐", "fair", "Một số điều, khoản đã hết hiệu lực tại ngày xem."),
    SUSPENDED: Verdict(SUSPENDED, "‖", "bad", "Văn bản đang ngưng hiệu lực hoặc bị đình chỉ tại ngày xem."),
    NOT_YET: Verdict(NOT_YET, "◇", "fair", "Tại ngày xem văn bản chưa ban hành hoặc chưa có hiệu lực."),
    REVIEW: Verdict(
        REVIEW, "▲", "fair",
        "Văn bản đã được sửa đổi, bổ sung, chưa bị bãi bỏ: cần xem phần được viện dẫn có bị sửa không.",
    ),
    PERIOD_OVER: Verdict(
        PERIOD_OVER, "▲", "fair", "Giai đoạn ghi ở tên văn bản đã qua tại ngày xem; không văn bản nào bãi bỏ."
    ),
    UNKNOWN: Verdict(
        UNKNOWN, "?", "weak", "Chưa có danh mục nào ghi tình trạng của văn bản; nhập danh mục để đối chiếu."
    ),
}  # fmt: skip
_DAY = re.compile(r"\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*")


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day that a page is asked for: ISO, as people write it, whether it was told, and what was told wrongly."""

    day: str
    words: str
    told: bool = False
    wrong: str = ""


def as_of(values: Mapping[str, str]) -> AsOf:
    """Return the day of ``tai_ngay`` (dd/mm/yyyy), today for none; what is no day is said and today taken."""
    told = values.get("tai_ngay", "").strip()[:40]
    m = _DAY.fullmatch(told)
    try:
        day = date(int(m[3]), int(m[2]), int(m[1])) if m else None
    except ValueError:
        day = None
    if day is not None:
        return AsOf(day.isoformat(), f"{day:%d/%m/%Y}", told=True)
    today = date.today()
    return AsOf(today.isoformat(), f"{today:%d/%m/%Y}", wrong=told)


@dataclass(frozen=True, slots=True)
class Shown:
    """The validity of one document as a page shows it.

    ``since`` is dd/mm/yyyy or "", ``by`` the acting document, ``source`` who says so and of what day, ``sentence`` in
    which words; ``part`` what it means for the provisions that are cited, ``notes`` whole clauses.
    """

    verdict: Verdict
    since: str
    by: Ref | None
    by_words: str
    source: str
    sentence: str
    part: str
    notes: tuple[str, ...]
    period: str
    rank: int

    @property
    def words(self) -> str:
        """All of it in one cell of a list."""
        since = f" từ ngày {self.since}" if self.since else ""
        by = f", bởi {self.by_words}" if self.by_words else ""
        source = f" (theo {self.source})" if self.source else ""
        part = f"; {self.part}" if self.part else ""
        return f"{self.verdict.word}{since}{by}{part}{source}"


def has_validity(base: Base) -> bool:
    """Tell whether the base knows of validity: those of older programs do not."""
    return base.has("hieu_luc", "su_kien")


def shown(base: Base, ask: Ask, documents: Iterable[str], day: str) -> dict[str, Validity]:
    """Return the validity on ``day`` of documents of the base by id; {} in a base that knows none."""
    wanted = sorted(set(documents))
    if not wanted or not has_validity(base):
        return {}
    dates: dict[str, str] = {}
    for marks, part in batches(wanted):
        dates |= {r["id"]: r["ngay_ban_hanh"] for r in base.rows(
            f"SELECT id, ngay_ban_hanh FROM van_ban WHERE id IN ({marks})", *part
        )}  # fmt: skip
    return validities(base.connection, dates, day)


def show(base: Base, ask: Ask, validity: Validity, cited: Sequence[str] = ()) -> Shown:
    """Return a validity as a page shows it; ``cited`` are the provisions that are cited."""
    event = validity.why
    part = validity.of_part(cited)
    if part in (UNTOUCHED, TOUCHED, PART_ENDED):
        part = f"{part} ({', '.join(cited)})"
    acting = event if validity.shown != IN_FORCE else None  # what ends it later keeps nothing in force
    known = acting.by if acting and acting.by and acting.by in base.graph else None
    period = f"hết giai đoạn từ ngày {vietnamese_date(validity.period.since)}" if validity.period else ""
    return Shown(
        VERDICTS[validity.shown], vietnamese_date(validity.shown_since) if validity.shown_since else "",
        ref(base.graph, known, ask.links) if known else None, acting.by_words if acting else "",
        said_by(event, named=acting is not None) if event else "", event.sentence if event else "", part,
        validity.remarks, period if validity.shown != PERIOD_OVER else "", validity.rank,
    )  # fmt: skip


def cited_by(base: Base, unit: str, document: str) -> list[str]:
    """Return the provisions of a document that a unit cites."""
    rows = base.rows("SELECT van_ban, dieu_khoan FROM trich_dan WHERE muc = ? AND dieu_khoan > ''", unit)
    return [part for row in rows if row["van_ban"] == document for part in row["dieu_khoan"].split("; ")]


def course(base: Base, ask: Ask, document: str) -> list[dict[str, Any]]:
    """Return all events of a document in time, for the table of its page."""
    events: list[Event] = read_events(base.connection, [document]).get(document, []) if has_validity(base) else []
    base.graph.read({e.by for e in events if e.by} | {e.stated_in for e in events if e.stated_in})
    return [
        {
            "day": vietnamese_date(event.since), "verdict": VERDICTS.get(event.kind), "kind": event.kind,
            "parts": ", ".join(event.parts), "by": ref(base.graph, event.by, ask.links) if event.by else None,
            "by_words": event.by_words, "source": said_by(event), "inferred": event.inferred,
            "sentence": event.sentence,
            "url": ask.links.document(event.stated_in) if event.stated_in else "",
        }
        for event in events
    ]  # fmt: skip
