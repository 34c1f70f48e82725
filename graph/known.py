"""What base and register know of the acts that a document cites: the answers for :mod:`graph.check.known`."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
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


def empty_base() -> sqlite3.Connection:
    """Return a base without documents: a register is asked without one, too."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE van_ban (id, khoa, nhan, loai, so_ky_hieu, ngay_ban_hanh, co_quan_ban_hanh, trich_yeu, trong_kho,"
        " phien_ban_cua)"
    )
    connection.execute("CREATE TABLE tra_so (khoa, van_ban)")
    return connection


class BaseKnown:
    """What a base and the register beside it know, for one document that is checked."""

    def __init__(self, connection: sqlite3.Connection, register: Register | None, header: Header) -> None:
        """``header`` is that of the checked document: its province and day help to tell which acts it cites."""
        self._connection, self._register, self._header = connection, register, header
        self._rows: dict[str, tuple[dict[str, Any] | None, tuple[Named, ...], list[Event]]] = {}

    def act(self, document: Document, day: str, pinpoint: Sequence[str]) -> KnownAct | None:
        """Return what is known, on the ISO ``day``, of the act that ``document`` cites."""
        key = self._key(document)
        if not key:
            return None
        row, entries, events = self._found(key, document)
        if row is None and not entries:
            return None
        issued = row["ngay_ban_hanh"] if row else entries[0].known.entry.date
        validity = validity_on(day or "9999-12-31", issued, events)
        date, source = self._date(document, row, entries)
        how, event = self._how(validity)
        part = validity.of_part(pinpoint) if not how else ""
        if part in (TOUCHED, PART_ENDED):
            event = validity.hits(pinpoint)[-1]
        by, full = self._named(event) if event else ("", "")
        return KnownAct(
            how=how, since=event.since if event and (how or part) and not event.undated else "",
            by=by, full=full, source=said_by(event) if event else "",
            part=part if part in (TOUCHED, PART_ENDED) else "", date=date, date_source=source,
            articles=self._articles(row, events), issued_only=bool(event and event.inferred),
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

    def _found(self, key: str, document: Document) -> tuple[dict[str, Any] | None, tuple[Named, ...], list[Event]]:
        if key in self._rows:
            return self._rows[key]
        cursor = self._connection.execute("SELECT * FROM van_ban WHERE khoa = ? LIMIT 1", (key,))
        names = [column[0] for column in cursor.description]
        row = next((dict(zip(names, found, strict=True)) for found in cursor), None)
        under = self._register.under(document.number) if self._register else ()
        entries = tuple(n for n in under if n.document.key == key)
        stated = read_events(self._connection, [row["id"]]).get(row["id"], []) if row else []
        events = [event for event in stated if not event.listed or not self._register]
        for one in entries:
            date = row["ngay_ban_hanh"] if row else document.date
            if not disagreement(date, one.known.entry):
                listed = listed_row(one.known, one.known.id, row["id"] if row else key)
                events += map(event_of, events_of_listed(self._connection, listed))
        self._rows[key] = (row, entries, events)
        return self._rows[key]

    def _how(self, validity: Validity) -> tuple[str, Event | None]:
        event = validity.event
        if validity.word == ENDED and event is not None:
            return _HOW.get(event.relation, _HOW[""]), event
        if validity.word == SUSPENDED and event is not None:
            return "đang ngưng hiệu lực", event
        return "", None

    def _date(self, document: Document, row: dict[str, Any] | None, entries: Sequence[Named]) -> tuple[str, str]:
        """Return the day that is known of an act, and who tells it: a list, its own text, else most other citations."""
        for one in entries:
            if len(one.known.entry.date) == 10:
                return one.known.entry.date, source_words(one.known)
        if row is None:
            return "", ""
        if row["trong_kho"] and len(row["ngay_ban_hanh"]) == 10:
            return row["ngay_ban_hanh"], "toàn văn trong kho"
        parts = parse_number(row["so_ky_hieu"])
        year = f"{parts.year}%" if parts is not None and len(parts.year) == 4 else "%"  # else that day is the misprint
        counts = dict(
            self._connection.execute(
                "SELECT ngay, count(DISTINCT van_ban_nguon) AS noi FROM trich_dan WHERE van_ban = ?"
                " AND length(ngay) = 10 AND la_so_cua_minh = 0 AND ngay LIKE ?"
                " GROUP BY ngay ORDER BY noi DESC, ngay LIMIT 5",
                (row["id"], year),
            ).fetchall()
        )
        most = next(iter(counts), "")
        if most and counts[most] >= max(_ENOUGH, 2 * counts.get(document.date, 0)):
            return most, f"{counts[most]} văn bản khác trong kho viện dẫn"
        return "", ""

    def _articles(self, row: dict[str, Any] | None, events: Sequence[Event]) -> frozenset[int] | None:
        """Return the articles of an act whose text is in the base; of one that was amended nobody can tell them."""
        if row is None or not row["trong_kho"] or any(event.kind == REVIEW for event in events):
            return None
        found = self._connection.execute("SELECT noi_dung FROM tep WHERE van_ban = ?", (row["id"],)).fetchone()
        return articles_of(found[0]) if found else None

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
