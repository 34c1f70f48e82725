"""What base and register know of the acts that a document cites: the answers for :mod:`graph.check.known`."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extract.identity import is_open
from extract.model import Document, Header
from extract.numbers import parse_number
from extract.periods import bounds
from graph.check.dates import written
from graph.check.known import KnownAct, articles_of
from graph.effects import events_of_listed
from graph.register.closing import listed_row
from graph.register.index import Named, Register, disagreement, source_words
from graph.statuses import ENDED, REVIEW, SUSPENDED
from graph.validity import (
    PART_ENDED,
    TOUCHED,
    Event,
    Validity,
    event_of,
    read_events,
    said_by,
    validity_on,
)

_HOW = {"replaces": "đã bị thay thế", "repeals": "đã bị bãi bỏ", "": "đã hết hiệu lực"}
_ENOUGH = 2
"""So many other texts that agree on a day are worth telling."""


_MOST_HELD = 1024
"""Acts that are held at a time: those that many texts cite are asked for again and again."""


@dataclass(slots=True)
class _Held:
    """What was read of one act; ``days`` and ``articles`` when they are first asked for."""

    row: dict[str, Any] | None
    entries: tuple[Named, ...]
    events: list[Event]
    days: dict[str, int] | None = None
    read: bool = False
    articles: frozenset[int] | None = None


class BaseKnown:
    """What a base and the register beside it know, for one document that is checked."""

    def __init__(self, connection: sqlite3.Connection, register: Register | None, header: Header) -> None:
        """``header`` is that of the checked document: its province and day help to tell which acts it cites."""
        self._connection, self._register, self._header = connection, register, header
        self._held: dict[str, _Held] = {}

    def act(self, document: Document, day: str, pinpoint: Sequence[str]) -> KnownAct | None:
        """Return what is known, on the ISO ``day``, of the act that ``document`` cites."""
        key = self._key(document)
        return self.under(key, document.number, document.date, day, pinpoint) if key else None

    def under(self, key: str, number: str, date: str, day: str, pinpoint: Sequence[str]) -> KnownAct | None:
        """Return the same of the act with an identity key; ``number`` is its own, ``date`` the day that is cited."""
        held = self._found(key, number, date)
        if held.row is None and not held.entries:
            return None
        issued = held.row["ngay_ban_hanh"] if held.row else held.entries[0].known.entry.date
        validity = validity_on(day or "9999-12-31", issued, held.events)
        told, source = self._date(date, held)
        how, event = self._how(validity)
        part = validity.of_part(pinpoint) if not how else ""
        if part in (TOUCHED, PART_ENDED):
            event = validity.hits(pinpoint)[-1]
        by, full = self._named(event) if event else ("", "")
        return KnownAct(
            how=how, since=event.since if event and (how or part) and not event.undated else "",
            by=by, full=full, source=said_by(event) if event else "",
            part=part if part in (TOUCHED, PART_ENDED) else "", date=told, date_source=source,
            articles=self._articles(held) if pinpoint else None, issued_only=bool(event and event.inferred),
            amended=part == TOUCHED,
        )  # fmt: skip

    def _key(self, document: Document) -> str:
        if document.form not in ("number", "name"):
            return ""
        if not is_open(document.key):
            return document.key
        if not self._register:
            return ""
        closed = self._register.resolve(document, self._header.province, self._header.date).closed
        return closed.document.key if closed else ""

    def _found(self, key: str, number: str, date: str) -> _Held:
        if key in self._held:
            return self._held[key]
        cursor = self._connection.execute("SELECT * FROM van_ban WHERE khoa = ? LIMIT 1", (key,))
        names = [column[0] for column in cursor.description]
        row = next((dict(zip(names, found, strict=True)) for found in cursor), None)
        under = self._register.under(number) if self._register else ()
        entries = tuple(n for n in under if n.document.key == key)
        stated = read_events(self._connection, [row["id"]]).get(row["id"], []) if row else []
        events = [event for event in stated if not event.listed or not self._register]
        for one in entries:
            issued = row["ngay_ban_hanh"] if row else date
            if not disagreement(issued, one.known.entry):
                listed = listed_row(one.known, one.known.id, row["id"] if row else key)
                events += map(event_of, events_of_listed(self._connection, listed))
        if len(self._held) >= _MOST_HELD:
            self._held.clear()
        self._held[key] = held = _Held(row, entries, events)
        return held

    def _how(self, validity: Validity) -> tuple[str, Event | None]:
        event = validity.event
        if validity.word == ENDED and event is not None:
            return _HOW.get(event.relation, _HOW[""]), event
        if validity.word == SUSPENDED and event is not None:
            return "đang ngưng hiệu lực", event
        return "", None

    def _date(self, cited: str, held: _Held) -> tuple[str, str]:
        """Return the day that is known of an act, and who tells it: a list, its own text, else most other citations."""
        for one in held.entries:
            if len(one.known.entry.date) == 10:
                return one.known.entry.date, source_words(one.known)
        row = held.row
        if row is None:
            return "", ""
        if row["trong_kho"] and len(row["ngay_ban_hanh"]) == 10:
            return row["ngay_ban_hanh"], "toàn văn trong kho"
        if held.days is None:
            held.days = self._days(row)
        most = next(iter(held.days), "")
        if most and held.days[most] >= max(_ENOUGH, 2 * held.days.get(cited, 0)):
            return most, f"{held.days[most]} văn bản khác trong kho viện dẫn"
        return "", ""

    def _days(self, row: dict[str, Any]) -> dict[str, int]:
        """Return by how many texts each day of an act is told, most first."""
        parts = parse_number(row["so_ky_hieu"])
        year = f"{parts.year}%" if parts is not None and len(parts.year) == 4 else "%"  # else that day is the misprint
        return dict(
            self._connection.execute(
                "SELECT ngay, count(DISTINCT van_ban_nguon) AS noi FROM trich_dan WHERE van_ban = ?"
                " AND length(ngay) = 10 AND la_so_cua_minh = 0 AND ngay LIKE ?"
                " GROUP BY ngay ORDER BY noi DESC, ngay LIMIT 5",
                (row["id"], year),
            ).fetchall()
        )

    def _articles(self, held: _Held) -> frozenset[int] | None:
        """Return the articles of an act whose text is in the base; of one that was amended nobody can tell them."""
        row = held.row
        if row is None or not row["trong_kho"] or any(event.kind == REVIEW for event in held.events):
            return None
        if not held.read:
            found = self._connection.execute("SELECT noi_dung FROM tep WHERE van_ban = ?", (row["id"],)).fetchone()
            held.read, held.articles = True, articles_of(found[0]) if found else None
        return held.articles

    def _named(self, event: Event) -> tuple[str, str]:
        """Return the acting document, and the same as it is cited in full (NĐ 30/2020/NĐ-CP PL I.II.6)."""
        row = self._connection.execute(
            "SELECT nhan, ngay_ban_hanh, co_quan_ban_hanh, trich_yeu FROM van_ban WHERE id = ?", (event.by,)
        ).fetchone()
        if row is None:
            return event.by_words, event.by_words
        label, date, issuer, title = row
        day = f" ngày {written(date)}" if len(bounds(date)[0]) == len(date) == 10 else ""
        lead = f" {title[:1].lower()}{title[1:]}" if title else ""
        return f"{label}{day}", f"{label}{day}{f' của {issuer}' if issuer else ''}{lead}"
