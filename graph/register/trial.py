"""A list read on trial: what a person sees before it is kept, column by column, and what keeping it would change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from extract.text import plain
from graph.register.cells import words_of
from graph.register.columns import columns_of
from graph.register.differences import Differences
from graph.register.model import Counted, Entry, ListFacts, NoNumbersError, Problem, RegisterError
from graph.register.reading import ReadList, ReadSheet, read_rows
from graph.register.sheets import Sheet, read_sheets
from graph.register.store import Saved, against, save

_HEAD_ROWS = 60
_MOST_HEADINGS = 120
_EXAMPLES, _LONGEST = 2, 120
FIRST = 10
_MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the file, of every sheet that has it: the field it was taken for, and what stands below it."""

    key: str
    words: str
    field: str
    sheets: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A list as it would be kept.

    ``date`` is the day that the file tells the state of, "" for none. ``fault`` says why nothing can be kept yet: no
    column holds numbers, or no row could be read. ``held`` is the list of the same source that it would replace.
    """

    source: str
    date: str
    headings: tuple[Heading, ...]
    statuses: tuple[str, ...]
    skipped: tuple[str, ...]
    count: int
    refused: int
    counts: tuple[Counted, ...]
    first: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    held: ListFacts | None
    differences: Differences
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was kept, and under which number of the history."""

    saved: Saved
    count: int
    refused: int


def try_list(path: Path, told: Mapping[str, str], source: str, register: Path) -> Trial:
    """Read the list at ``path`` and keep nothing; ``told`` is what a person says of its columns (key -> field).

    Raises:
        RegisterError: it cannot be read, or the register cannot.
    """
    sheets = read_sheets(path)
    try:
        read = read_rows(sheets, path.name, told, source)
    except NoNumbersError:
        read = ReadList(tuple(_likely(sheets, told)), (), (), "", ())
        fault = (
            "Chưa có cột nào được lấy làm số, ký hiệu. Hãy chọn ở bảng dưới cột nào ghi số, ký hiệu rồi bấm “Đọc lại”."
        )
    else:
        fault = "" if read.entries else "Không đọc được dòng nào với các cột đang chọn. Hãy xem lại bảng dưới."
    held, found = against(register, source, read.entries)
    return Trial(
        source, read.date, tuple(_headings(read.sheets, sheets, told)),
        tuple(sheet.status for sheet in read.sheets if sheet.status), read.skipped, len(read.entries), read.refused,
        read.counts, read.entries[:FIRST], read.problems[:_MOST_PROBLEMS], held, found, fault,
    )  # fmt: skip


def take_list(path: Path, told: Mapping[str, str], source: str, day: str, person: str, register: Path) -> Taken:
    """Read the list at ``path`` again and keep it as that of ``source`` on ``day`` (ISO; "" for what the file tells).

    Raises:
        RegisterError: it cannot be read or kept; what was kept before stays.
    """
    read = read_rows(read_sheets(path), path.name, told, source)
    if not read.entries:
        raise RegisterError(f"Không đọc được dòng nào của “{path.name}” nên không nhập.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    facts = ListFacts(source, day or read.date or date.today().isoformat(), path.name, digest, refused=read.refused)
    return Taken(save(register, facts, read.entries, person, read.problems), len(read.entries), read.refused)


def _headings(read: Sequence[ReadSheet], sheets: Sequence[Sheet], told: Mapping[str, str]) -> Iterator[Heading]:
    """Yield each heading once; what stands under it is taken from the first sheet that has it."""
    rows = {sheet.name: sheet.rows for sheet in sheets}
    found: dict[str, Heading] = {}
    for sheet in read:
        for column in sheet.columns:
            key = plain(column.heading)
            if not key or (key not in found and len(found) >= _MOST_HEADINGS):
                continue
            before = found.get(key)
            if before is None:
                below = rows[sheet.name][sheet.body - 1 :]
                values = (words_of(row[column.index]) for row in below if column.index < len(row))
                shown = dict.fromkeys(words for words in values if words and plain(words) != key)
                examples = tuple(words[:_LONGEST] for words, _ in zip(shown, range(_EXAMPLES), strict=False))
                found[key] = Heading(key, column.heading, told.get(key, column.field), (sheet.name,), examples)
            elif sheet.name not in before.sheets:
                found[key] = Heading(
                    key, before.words, before.field or column.field, (*before.sheets, sheet.name), before.examples
                )
    yield from found.values()


def _likely(sheets: Sequence[Sheet], told: Mapping[str, str]) -> Iterator[ReadSheet]:
    """Yield each sheet with the row that looks most like headings: the first of those with the most filled cells."""
    for sheet in sheets:
        widths = [sum(bool(words_of(cell)) for cell in row) for row in sheet.rows[:_HEAD_ROWS]]
        if not widths or not max(widths):
            continue
        at = widths.index(max(widths))
        columns = columns_of([words_of(cell) for cell in sheet.rows[at]], told)
        yield ReadSheet(sheet.name, at + 1, columns, "", 0, at + 2)
