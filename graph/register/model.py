"""The nouns of the register: a list, its entries, and what could not be read in it."""

from __future__ import annotations

from dataclasses import dataclass

NUMBER, DAY, STATUS = "số, ký hiệu", "ngày", "tình trạng"
"""What a cell should have told and did not: the kinds of problems."""


class RegisterError(Exception):
    """A list could not be read or kept; the message is a Vietnamese sentence for the user."""


class NoNumbersError(RegisterError):
    """No sheet has a column that is known to hold numbers; a person may say which one does."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as a list has it; "" where the list does not tell.

    ``row`` is the row of the sheet. ``number`` is written as the list does, dates are ISO, ``status`` is a word of
    :mod:`graph.statuses`. ``replaced_by``, ``amended_by``, ``repealed_by`` and ``reason`` (why it is no longer in
    force) are the words of the cell; ``ended_parts`` are provisions ("khoản 2 Điều 5; Điều 7").
    """

    row: int
    number: str
    type: str = ""
    date: str = ""
    issuer: str = ""
    title: str = ""
    in_force: str = ""
    ended: str = ""
    status: str = ""
    replaced_by: str = ""
    amended_by: str = ""
    repealed_by: str = ""
    reason: str = ""
    ended_parts: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was not taken, or (``taken``) was taken without the cell that is named; ``kind`` is what was wrong."""

    sheet: str
    row: int
    reason: str
    taken: bool = False
    kind: str = NUMBER


@dataclass(frozen=True, slots=True)
class Counted:
    """How many problems of a kind there are, of rows that were taken or were not."""

    kind: str
    taken: bool
    count: int


@dataclass(frozen=True, slots=True)
class ListFacts:
    """Where a list comes from: the name of its source, the ISO day it tells the state of, its file, when imported."""

    source: str
    date: str
    file: str
    sha256: str
    imported: str = ""
    entries: int = 0
    refused: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """An entry together with the list it stands in; ``id`` tells it from all others of the register."""

    id: int
    entry: Entry
    list: ListFacts
