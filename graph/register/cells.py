"""What one cell says: a number, a day, provisions, the acts that are named in it."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from extract import doctypes
from extract.dates import date_after
from extract.mentions import find_mentions
from extract.model import Mention
from extract.numbers import parse_number
from extract.provisions import expand, run_at
from extract.text import fold, squeeze
from graph.register.model import DAY, NUMBER
from graph.workbook import Cell

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_SLASHED = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?:\s+0{1,2}:00(?::00)?)?")
_MONTH = re.compile(r"(?:tháng\s*)?(\d{1,2})\s*/\s*(\d{4})")
_YEAR = re.compile(r"(?:năm\s*)?(\d{4})")
_SO = re.compile(r"(?:văn bản\s+)?số\s*[.:]?\s*(?=\d)")
_NOTHING = frozenset(("", "-", "--", "…", "...", "/", "không", "không có", "chưa có", "null", "none", "đang cập nhật"))
_FIRST_YEAR, _LAST_YEAR = 1945, 2099


class CellError(ValueError):
    """A cell does not say what it should; the message is a Vietnamese clause.

    ``kind`` is what it should have said: a number or a day (:mod:`graph.register.model`).
    """

    def __init__(self, clause: str, kind: str = NUMBER) -> None:
        """``clause`` is the message."""
        super().__init__(clause)
        self.kind = kind


def words_of(cell: Cell) -> str:
    """Return a cell as words; a dash or "không có" is nothing."""
    if isinstance(cell, datetime.date):
        return f"{cell:%d/%m/%Y}"
    words = squeeze(cell)
    return "" if fold(words) in _NOTHING else words


def day_of(cell: Cell) -> str:
    """Return the ISO day of a cell, also a month or a year alone; "" for none.

    Raises:
        CellError: it has words that are no day, or a day that no calendar has.
    """
    if isinstance(cell, datetime.date):
        return _checked(cell.year, cell.month, cell.day, words_of(cell))
    words = words_of(cell)
    if not words:
        return ""
    folded = fold(words)
    if m := _ISO.fullmatch(folded):
        return _checked(int(m[1]), int(m[2]), int(m[3]), words)
    if m := _SLASHED.fullmatch(folded):
        return _checked(int(m[3]), int(m[2]), int(m[1]), words)
    found = date_after(folded if folded.startswith("ngày") else f"ngày {folded}", 0)
    if found and not re.search(r"\w", (folded if folded.startswith("ngày") else f"ngày {folded}")[found[1] :]):
        year, *rest = (int(p) for p in found[0].split("-"))
        return _checked(year, rest[0], rest[1], words) if len(rest) == 2 else found[0]
    if (m := _MONTH.fullmatch(folded)) and 1 <= int(m[1]) <= 12:
        return f"{m[2]}-{int(m[1]):02d}"
    if (m := _YEAR.fullmatch(folded)) and _FIRST_YEAR <= int(m[1]) <= _LAST_YEAR:
        return m[1]
    raise CellError(f"“{words[:60]}” không phải ngày; hãy viết dạng dd/mm/yyyy", DAY)


def _checked(year: int, month: int, day: int, words: str) -> str:
    try:
        found = datetime.date(year, month, day)
    except ValueError as error:
        raise CellError(f"ngày “{words[:60]}” không có thật", DAY) from error
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise CellError(f"năm của ngày “{words[:60]}” không thể có", DAY)
    return found.isoformat()


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a cell with a number tells besides: type and day, "" where it does not."""

    number: str
    type: str = ""
    date: str = ""
    issuer: str = ""


def number_of(words: str) -> Numbered:
    """Return the number that a cell holds, with what stands around it.

    Raises:
        CellError: no number of a document stands there.
    """
    folded = fold(words)
    bare = words[m.end() :] if (m := _SO.match(folded)) else words
    parts = parse_number(bare)
    if parts is not None:
        return Numbered(parts.printed)
    mentions = [m for m in find_mentions(words if m is None else f"Văn bản số {bare}") if m.form == "number"]
    if not mentions:
        mentions = [m for m in find_mentions(f"Văn bản số {bare}") if m.form == "number"]
    if not mentions or not mentions[0].number or not mentions[0].number[0].isdigit():
        raise CellError(f"không đọc được số, ký hiệu “{words[:60]}”")
    first = mentions[0]
    return Numbered(first.number, first.type if first.type_printed else "", first.date, first.issuer)


def typed_title(words: str) -> tuple[str, str]:
    """Return the type that begins a title, and the rest: "Quyết định về chợ" -> ("Quyết định", "Về chợ")."""
    folded = fold(words)
    pieces = folded.split(" ")
    for count in range(min(4, len(pieces)), 0, -1):
        head = " ".join(pieces[:count])
        if type_ := doctypes.words().get(head):
            rest = words[len(head) :].strip(" :-–")
            return type_, rest[:1].upper() + rest[1:]
    return "", words


def provisions_of(words: str) -> tuple[str, ...]:
    """Return the provisions that a cell names, expanded: "khoản 2 Điều 5; Điều 7" -> two."""
    folded = fold(words)
    found: list[str] = []
    at = 0
    while at < len(folded):
        run = run_at(folded, at) if at == 0 or not folded[at - 1].isalnum() else None
        if run and run.end() > at:
            found += expand(run.group())
            at = run.end()
        else:
            at += 1
    return tuple(dict.fromkeys(found))


def acts_in(words: str) -> tuple[Mention, ...]:
    """Return the documents with a number that a cell names, in order."""
    if not words:
        return ()
    found = tuple(m for m in find_mentions(words) if m.form == "number" and not m.self)
    return found or tuple(m for m in find_mentions(f"Văn bản số {words}") if m.form == "number" and not m.self)
