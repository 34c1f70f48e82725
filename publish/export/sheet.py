"""The citation chain as a table of words, the same for every format it is written to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graph.words import vietnamese_date

EMPTY = "--"
"""What stands where the sources say nothing."""


@dataclass(frozen=True, slots=True)
class ChainRow:
    """One line of the table: a document or task, and the claim that brings it in.

    ``number`` is the serial number (STT), ``ring`` the distance from the focus (0 is the focus itself); ``symbol`` is
    the số, ký hiệu in its right form and ``printed`` that of the text where it differs; ``date`` is ISO, maybe partial;
    ``relation`` reads on from ``label`` as a sentence; ``sentence``, at ``place`` in ``file``, proves it. ``validity``
    is how the document stands on the day of the sheet. Empty parts are "".
    """

    number: int
    ring: int
    label: str
    symbol: str
    printed: str
    title: str
    date: str
    issuer: str
    relation: str
    sentence: str
    file: str
    place: str
    status: str
    validity: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the row as words, in the order of the fields; without ``validity``, which not every sheet has."""
        return (
            str(self.number), str(self.ring), self.label, self.symbol, self.printed, self.title,
            vietnamese_date(self.date), self.issuer, self.relation, self.sentence, self.file, self.place,
            self.status,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChainGroup:
    """Rows under one heading ("II. Vòng 1: văn bản nêu ngay trong nhiệm vụ")."""

    heading: str
    rows: tuple[ChainRow, ...]


@dataclass(frozen=True, slots=True)
class ChainSheet:
    """The whole annex: ``heading`` in capitals, ``subject`` the focus in full, ``lines`` of facts, ``warnings`` to be
    checked, the groups ring by ring, ``notes`` on how to read them, and the ids of the documents whose sentences are
    quoted (``stated_in``), which the stamp names as sources. ``day`` is the ISO day for which the rows tell validity,
    "" where the base knows of none.
    """

    heading: str
    subject: str
    lines: tuple[str, ...]
    warnings: tuple[str, ...]
    groups: tuple[ChainGroup, ...]
    notes: tuple[str, ...]
    stated_in: frozenset[str]
    day: str = ""

    @property
    def validity_heading(self) -> str:
        """The heading of the column of validity, "" where there is none."""
        return f"Hiệu lực tại ngày {vietnamese_date(self.day)}" if self.day else ""

    def cells(self, row: ChainRow) -> tuple[str, ...]:
        """Return a row as words, with its validity where the sheet tells any."""
        return (*row.cells(), *([row.validity] if self.day else []))

    @property
    def rows(self) -> tuple[ChainRow, ...]:
        """All rows, in the order of their serial numbers."""
        return tuple(row for group in self.groups for row in group.rows)

    def content(self) -> Iterator[tuple[str, ...]]:
        """Yield all that the check code covers: subject, facts, warnings, headings and rows."""
        yield (self.heading, self.subject, *self.lines, *self.warnings)
        for group in self.groups:
            yield (group.heading,)
            for row in group.rows:
                yield self.cells(row)
