"""The validity of documents on a day in words, for files, commands and drawings: status, since when, who says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx

from extract.model import ACTING_UNITS
from graph.batches import batches
from graph.statuses import ENDED, ENDED_PARTLY, IN_FORCE, NOT_YET, PERIOD_OVER, REVIEW, SUSPENDED, UNKNOWN
from graph.validity import ITSELF, PART_ENDED, TOUCHED, UNTOUCHED, Validity, said_by, validities
from graph.words import vietnamese_date

SHAPES: dict[str, str] = {
    IN_FORCE: "✓", ENDED: "✕", ENDED_PARTLY: "◐", SUSPENDED: "‖", NOT_YET: "◇", REVIEW: "▲", PERIOD_OVER: "▲",
    UNKNOWN: "?",
}  # fmt: skip
"""Status -> the shape that stands for it, so that no colour is needed."""
OUT_OF_FORCE = frozenset({ENDED, SUSPENDED, NOT_YET})
"""Statuses of a document that nothing may rest on at that day."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one document on the ISO ``day``.

    ``status`` is a word of :mod:`graph.statuses`, ``since`` the ISO day it began ("" for unknown), ``by`` the acting
    document in words, ``source`` who says so and of what day, ``sentence`` in which words, ``remarks`` whole clauses.
    ``part`` is what it means for the provisions that are cited, "" for nothing. ``rank`` says how bad it is to rest on
    the document: 0 is worst.
    """

    document: str
    label: str
    day: str
    status: str
    since: str = ""
    by: str = ""
    source: str = ""
    sentence: str = ""
    remarks: tuple[str, ...] = ()
    part: str = ""
    rank: int = 0

    @property
    def words(self) -> str:
        """Status with day and cause: "Hết hiệu lực toàn bộ từ ngày 01/07/2024, bởi Quyết định số …"."""
        since = f" từ ngày {vietnamese_date(self.since)}" if self.since else ""
        by = f", bởi {self.by}" if self.by else ""
        return f"{self.status}{since}{by}" + (f"; {self.part}" if self.part else "")

    @property
    def short(self) -> str:
        """Status and day alone, with its shape: "✕ Hết hiệu lực toàn bộ từ 15/06/2023"."""
        since = f" từ {vietnamese_date(self.since)}" if self.since else ""
        return f"{SHAPES[self.status]} {self.status}{since}"

    @property
    def warns(self) -> bool:
        """True where a person must look: all but in force and not known."""
        return self.status not in (IN_FORCE, UNKNOWN)

    @property
    def sourced(self) -> str:
        """The same with who says so."""
        return f"{self.words} (theo {self.source})" if self.source else self.words

    @property
    def noted(self) -> str:
        """Who says so, and what there is to know besides, as one cell of a table; "" for nothing."""
        source = self.source.replace(ITSELF, f"chính {self.by}") if self.by else self.source
        return ". ".join(filter(None, (f"Theo {source}" if source else "", *map(_sentence, self.remarks))))

    @property
    def values(self) -> dict[str, Any]:
        """The same as data."""
        return {
            "day": self.day, "status": self.status, "since": self.since, "by": self.by, "source": self.source,
            "sentence": self.sentence, "part": self.part, "remarks": list(self.remarks),
        }  # fmt: skip


def is_known(connection: sqlite3.Connection) -> bool:
    """Tell whether a base knows of validity: those of older programs do not."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'hieu_luc'").fetchone() is not None


def standings(
    connection: sqlite3.Connection, documents: Iterable[str], day: str, cited: Sequence[str] = ()
) -> dict[str, Standing]:
    """Return the standing on the ISO ``day`` of documents of a base by id; {} where the base knows of no validity.

    ``cited`` are the provisions that are cited of them.
    """
    if not is_known(connection):
        return {}
    rows = labels_and_dates(connection, documents)
    known = validities(connection, {name: row[1] for name, row in rows.items()}, day)
    return {name: standing_of(name, rows[name][0], day, validity, cited) for name, validity in known.items()}


def labels_and_dates(connection: sqlite3.Connection, documents: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the label and the date of issue of documents of a base by id; what it does not have is left out."""
    found: dict[str, tuple[str, str]] = {}
    for marks, part in batches(sorted(set(documents))):
        rows = connection.execute(f"SELECT id, nhan, ngay_ban_hanh FROM van_ban WHERE id IN ({marks})", part)
        found |= {name: (label, date) for name, label, date in rows}
    return found


def cited_parts(connection: sqlite3.Connection, unit: str, document: str) -> list[str]:
    """Return the provisions of ``document`` that the unit ``unit`` cites."""
    rows = connection.execute(
        "SELECT dieu_khoan FROM trich_dan WHERE muc = ? AND van_ban = ? AND dieu_khoan > ''", (unit, document)
    )
    return [part for (parts,) in rows for part in str(parts).split("; ")]


def mark(graph: nx.MultiDiGraph, connection: sqlite3.Connection, documents: Iterable[str], day: str) -> None:
    """Write on the nodes of a graph how the documents among ``documents`` stand, for drawings and traces."""
    nodes = [node for node in documents if node in graph and graph.nodes[node]["kind"] not in ACTING_UNITS]
    for name, found in standings(connection, nodes, day).items():
        graph.nodes[name]["standing"] = found


def standing_of(
    document: str, label: str, day: str, validity: Validity, cited: Sequence[str] = ()
) -> Standing:  # fmt: skip
    """Return a validity in words; ``cited`` are the provisions that are cited of the document."""
    event = validity.why
    part = validity.of_part(cited)
    part = f"{part} ({', '.join(cited)})" if part in (PART_ENDED, TOUCHED, UNTOUCHED) else part
    by = event.by_words if event and validity.shown != IN_FORCE else ""  # what ends it later keeps nothing in force
    return Standing(
        document, label, day, validity.shown, validity.shown_since, by,
        said_by(event, named=bool(by)) if event else "", event.sentence if event else "", validity.remarks, part,
        validity.rank,
    )  # fmt: skip


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}"
