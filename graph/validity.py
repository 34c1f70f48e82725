"""Whether a document is in force on a day: the events of ``hieu_luc`` up to that day -> one status, with its reason.

Nothing here says that a document is in force because nobody was seen to repeal it: without a list that says so, and
without an event that implies it, the answer is *chưa xác định*.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from extract.effects import overlap
from extract.periods import bounds
from graph.batches import batches
from graph.statuses import (
    ENDED,
    ENDED_PARTLY,
    IN_EFFECT,
    IN_FORCE,
    NOT_YET,
    PERIOD_OVER,
    REVIEW,
    SUSPENDED,
    UNKNOWN,
    WORST_FIRST,
)
from graph.words import vietnamese_date

TOUCHED = "điều khoản được viện dẫn đã bị sửa đổi"
UNTOUCHED = "phần được viện dẫn không bị sửa"
UNSURE = "chưa rõ phần bị sửa có phải phần được viện dẫn không"
PART_ENDED = "điều khoản được viện dẫn đã hết hiệu lực"
ITSELF = "chính văn bản đó"
PART_STANDS = "phần được viện dẫn không thuộc phần hết hiệu lực"


@dataclass(frozen=True, slots=True)
class Event:
    """One change: ``kind`` (a word of :mod:`graph.statuses`) begins on the ISO day ``since``.

    ``by`` is the id of the acting document, None when it is not in the base; ``by_words`` its name. ``parts`` are
    provisions, () for the whole or where no part is told. ``inferred`` says what was inferred, and from what;
    ``source`` and ``source_date`` who says so and of what day; ``sentence`` in which words.
    """

    kind: str
    since: str
    by: str | None = None
    by_words: str = ""
    parts: tuple[str, ...] = ()
    inferred: str = ""
    source: str = ""
    source_date: str = ""
    sentence: str = ""
    stated_in: str | None = None
    place: str = ""
    listed: bool = False
    relation: str = ""

    @property
    def undated(self) -> bool:
        """True where a list tells a status and no day: the day is that of the list, the true one is earlier.

        So it is with all that a list found in force: it tells that, not since when.
        """
        return self.listed and (self.kind == IN_FORCE or self.inferred.startswith("danh mục không ghi"))


@dataclass(frozen=True, slots=True)
class Validity:
    """The answer for one document on one day.

    ``word`` is the status, ``event`` what it rests on (None for none), ``since`` the ISO day it began ("" for none).
    ``amendments`` are the amending events up to that day, ``partly`` those that ended a part; ``period`` the end of the
    programme's years when that is past.
    ``remarks`` are whole clauses for people: what is to come, what contradicts, what is only inferred.
    """

    word: str
    since: str = ""
    event: Event | None = None
    amendments: tuple[Event, ...] = ()
    period: Event | None = None
    partly: tuple[Event, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The status as a list shows it: a document in force that was amended, or whose years are over, says so."""
        if self.word in (IN_FORCE, UNKNOWN):
            if self.amendments:
                return REVIEW
            if self.period:
                return PERIOD_OVER
        return self.word

    @property
    def shown_since(self) -> str:
        """The ISO day on which :attr:`shown` began, "" if unknown."""
        if self.shown == REVIEW:
            return self.amendments[-1].since
        return self.period.since if self.shown == PERIOD_OVER and self.period else self.since

    @property
    def why(self) -> Event | None:
        """The event behind :attr:`shown`, None for none."""
        if self.shown == REVIEW:
            return self.amendments[-1]
        return self.period if self.shown == PERIOD_OVER else self.event

    @property
    def rank(self) -> int:
        """How bad it is to rest on the document: 0 is worst."""
        return WORST_FIRST.index(self.shown)

    def of_part(self, cited: Sequence[str]) -> str:
        """Return what the changes mean for the provisions ``cited``; "" where nothing changed or all is cited."""
        if not cited:
            return ""
        if self.partly:
            if found := _hit(self.partly, cited):
                return PART_ENDED
            if found is not None and not self.amendments:
                return PART_STANDS
        if self.amendments:
            found = _hit(self.amendments, cited)
            return TOUCHED if found else UNSURE if found is None else UNTOUCHED
        return ""

    def hits(self, cited: Sequence[str]) -> tuple[Event, ...]:
        """Return the events that ended provisions ``cited``, else those that changed them, in the order of time."""
        for events in (self.partly, self.amendments):
            found = tuple(e for e in events if any(overlap(part, one) for part in e.parts for one in cited))
            if found:
                return found
        return ()


def _hit(events: Sequence[Event], cited: Sequence[str]) -> bool | None:
    """Tell whether events touch provisions that are cited; None where an event does not tell what it touches."""
    if any(overlap(part, one) for event in events for part in event.parts for one in cited):
        return True
    return None if any(not event.parts for event in events) else False


def validity_on(day: str, issued: str, events: Iterable[Event]) -> Validity:
    """Return the validity on the ISO ``day`` of a document of the (perhaps partial) ISO date ``issued``."""
    all_events = sorted(events, key=lambda e: (e.since, e.kind))
    past = [e for e in all_events if e.since <= day]
    by_kind: dict[str, list[Event]] = {}
    for event in past:
        by_kind.setdefault(event.kind, []).append(event)
    amendments = tuple(by_kind.get(REVIEW, ()))
    partly = tuple(by_kind.get(ENDED_PARTLY, ()))
    period = next(iter(by_kind.get(PERIOD_OVER, ())), None)
    remarks = list(_to_come(day, all_events))

    def answer(word: str, event: Event | None = None, since: str = "") -> Validity:
        started = since or (event.since if event and not event.undated else "")
        if event is not None and event.inferred:
            remarks.append(f"suy ra: {event.inferred}")
        return Validity(word, started, event, amendments, period, partly, tuple(dict.fromkeys(remarks)))

    begins = [e for e in all_events if e.kind == IN_EFFECT]
    first = next((e for e in begins if e.listed), begins[0] if begins else None)
    if bounds(issued)[0] > day:
        remarks.append(f"ban hành ngày {vietnamese_date(issued)}, sau ngày xem")
        return answer(NOT_YET, first)
    if ended := by_kind.get(ENDED):
        event = next((e for e in ended if not e.undated), ended[0])
        # of two who tell the same day, the one that names the replacing or repealing document says why
        event = next((e for e in ended if e.since == event.since and not e.undated and e.by), event)
        later = [e for e in by_kind.get(IN_FORCE, ()) if e.since >= event.since and e.source_date > event.since]
        if later:
            remarks.append(f"{said_by(later[-1])} ghi còn hiệu lực: cần đối chiếu")
        return answer(ENDED, event)
    if suspended := by_kind.get(SUSPENDED):
        return answer(SUSPENDED, suspended[-1])
    if first is not None and first.since > day:
        return answer(NOT_YET, first, first.since)
    if partly:
        return answer(ENDED_PARTLY, partly[-1])
    confirmed = [e for e in all_events if e.kind == IN_FORCE]
    before = [e for e in confirmed if e.since <= day]
    if before:
        return answer(IN_FORCE, before[-1], first.since if first else "")
    unlisted = [e for e in by_kind.get(NOT_YET, ()) if e.since <= day]
    if unlisted:
        remarks.append("danh mục ghi chưa có hiệu lực, không ghi từ ngày nào có hiệu lực")
        return answer(UNKNOWN, unlisted[-1])
    if confirmed and (first is not None or len(issued) == 10):  # a later list found it in force: so it was before
        return answer(IN_FORCE, confirmed[0], first.since if first else "")
    ends = [e for e in all_events if e.kind == ENDED and e.since > day]
    if ends and not ends[0].undated and (first is not None or issued):
        remarks.append("suy ra từ việc văn bản chỉ hết hiệu lực về sau")
        return answer(IN_FORCE, ends[0], first.since if first else bounds(issued)[0])
    if ends:
        remarks.append("danh mục ghi hết hiệu lực nhưng không ghi từ ngày nào")
        return answer(UNKNOWN, ends[0])
    remarks.append(
        _NO_LIST if amendments else f"{_NO_LIST}; đến ngày này kho không có văn bản sửa đổi, bãi bỏ, thay thế"
    )
    return answer(UNKNOWN, first, first.since if first else "")


_NO_LIST = "chưa có danh mục nào ghi tình trạng"


def said_by(event: Event, *, named: bool = True) -> str:
    """Return who says so: "Danh mục “…” ngày 31/12/2024"; what acts and is ``named`` is not named twice."""
    if event.by is not None and event.by == event.stated_in and named:
        return f"{ITSELF}, ngày {vietnamese_date(event.source_date)}" if event.source_date else ITSELF
    return f"{event.source} ngày {vietnamese_date(event.source_date)}" if event.source_date else event.source


def _to_come(day: str, events: Sequence[Event]) -> Iterable[str]:
    for event in events:
        if event.since > day and event.kind in (ENDED, ENDED_PARTLY, SUSPENDED) and not event.undated:
            yield f"{event.kind.lower()} từ ngày {vietnamese_date(event.since)}"
        elif event.since > day and event.kind == REVIEW:
            yield f"được sửa đổi, bổ sung từ ngày {vietnamese_date(event.since)}"


# --- the base -------------------------------------------------------------------------------------


def read_events(connection: sqlite3.Connection, documents: Iterable[str]) -> dict[str, list[Event]]:
    """Return the events of each document of a base, by id; {} where the base is of a program that knew none."""
    wanted = sorted(set(documents))
    found: dict[str, list[Event]] = {document: [] for document in wanted}
    for marks, part in batches(wanted):
        try:
            rows = connection.execute(
                "SELECT h.van_ban, h.su_kien, h.tu_ngay, h.boi, COALESCE(b.nhan, h.boi_nhu_ghi), h.phan, h.suy_ra,"
                " h.nguon, h.ngay_nguon, h.cau, h.neu_tai, h.vi_tri, h.danh_muc, h.quan_he FROM hieu_luc h"
                f" LEFT JOIN van_ban b ON b.id = h.boi WHERE h.van_ban IN ({marks})"
                " ORDER BY h.van_ban, h.tu_ngay, h.id",
                part,
            )
            for row in rows:
                found[row[0]].append(_event(row))
        except sqlite3.OperationalError:
            return {}
    return found


def event_of(row: Mapping[str, object]) -> Event:
    """Return a row of ``hieu_luc`` as an event."""
    names = (
        "van_ban", "su_kien", "tu_ngay", "boi", "boi_nhu_ghi", "phan", "suy_ra", "nguon", "ngay_nguon", "cau",
        "neu_tai", "vi_tri", "danh_muc", "quan_he",
    )  # fmt: skip
    return _event([row[name] for name in names])


def _event(row: Sequence[object]) -> Event:
    text = [str(value or "") for value in row]
    parts = tuple(p for p in re.split(r";\s*", text[5]) if p)
    return Event(
        text[1], text[2], text[3] or None, text[4], parts, text[6], text[7], text[8], text[9], text[10] or None,
        text[11], row[12] is not None, text[13],
    )  # fmt: skip


def validities(connection: sqlite3.Connection, documents: Mapping[str, str], day: str) -> dict[str, Validity]:
    """Return the validity on ``day`` of each document of a base: id -> its ISO date goes in."""
    events = read_events(connection, documents)
    found = {document: validity_on(day, issued, events.get(document, ())) for document, issued in documents.items()}
    for document, words in _differences(connection, list(documents)):
        found[document] = replace(found[document], remarks=(*found[document].remarks, words))
    return found


def _differences(connection: sqlite3.Connection, documents: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Yield how lists contradict a document, so that nothing was taken from them."""
    for marks, part in batches(documents):
        try:
            rows = connection.execute(
                "SELECT van_ban, khac_biet, nguon, ngay_nguon FROM danh_muc"
                f" WHERE van_ban IN ({marks}) AND khac_biet > ''",
                part,
            ).fetchall()
        except sqlite3.OperationalError:
            return
        for document, words, source, day in rows:
            yield document, f"{words}; cần đối chiếu (danh mục “{source}” ngày {vietnamese_date(day)})"
