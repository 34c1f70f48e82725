"""Lines -> entries: what becomes a unit of the outline, row by row in tables, through the appendices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from extract import doctypes
from extract.lines import RANK, Line
from extract.model import Header, Place, UnitKind
from extract.task_tables import Columns, Row, label_role, read_rows
from extract.tasks import heading_units, subject
from extract.text import fold, squeeze

CLOSING = re.compile(r"(?:trên đây là|nơi nhận\s*:)")
_RECIPIENTS = re.compile(r"(?:nơi nhận\s*:?|kính gửi\s*:|tm\.|kt\.|tl\.|tuq\.)")
TURNS = frozenset("nkt")
"""First letters of what CLOSING and _RECIPIENTS match: most lines need neither pattern."""
PLAN_TYPES = frozenset(
    {"Kế hoạch", "Chương trình", "Chương trình hành động", "Đề án", "Phương án", "Kế hoạch phối hợp"}
)
NO_TASKS = frozenset({"Luật", "Bộ luật", "Pháp lệnh", "Nghị định", "Thông tư", "Báo cáo", "Tờ trình", "Biên bản"})
"""Types whose tables tell rules or results, in columns of the same names."""
_APPENDIX = re.compile(r"phụ lục(?:\s+(?:số\s*)?(?P<number>\d{1,2}|[ivx]{1,5}|[a-h](?!\w)))?\s*(?:[.:–-]|$|\n)")
_ATTACHED = re.compile(r"\(?\s*(?:ban hành\s+)?kèm theo\s")
_LABEL = re.compile(
    r"(?:dự kiến\s+|các\s+)?(?:cơ quan|đơn vị|thời gian|thời hạn|thời điểm|tiến độ|lộ trình|sản phẩm|kết quả|chủ trì"
    r"|phối hợp|hoàn thành|kinh phí|nguồn|địa điểm|thành phần|đối tượng|số lượng|hình thức|ngày hoàn thành"
    r"|người thực hiện|phân công|trách nhiệm|đầu ra|mục tiêu|quy mô|nội dung|căn cứ)(?![\wà-ỹ])[^:.;]{0,40}:\s*(?=\S)"
)
_CONTENT = re.compile(r"(?:nội dung|nhiệm vụ|công việc|hoạt động)(?![\wà-ỹ])[^:.;]{0,40}:")
"""What such a label says is done as the labels numbered on behind it tell."""
_FUNDS = re.compile(r"(?:dự kiến\s+)?(?:nguồn|kinh phí)")
_OVER_LABELS = re.compile(r"(?:phân công|tổ chức thực hiện|trách nhiệm)[^:.;]{0,30}:")
_LISTED = frozenset({"dash", "plus", "star"})
_RUN = 30
"""A list that labels below it tell of is no longer than this."""
_NEXT_LABEL = re.compile(rf"[;.]\s+(?:{_LABEL.pattern})")


@dataclass(slots=True, eq=False)
class Entry:
    """A line of the document, or a row of a table, on its way to a unit."""

    start: int
    end: int
    style: str
    rank: int
    marker: str
    place: Place
    body: int  # where the words begin after the marker; headings keep their number
    heading: bool
    line_end: int  # of the first line: a heading that wraps is named by it
    parent: Entry | None = None
    holds: bool = False  # entries below it; no list of them, since a ring of references would outlive the call
    id: str = ""
    kind: UnitKind = "statement"
    hands_down: UnitKind | Literal["", "told", "open"] = "open"  # what lies under it; "open" until asked for
    mark: int = -1  # checksum of the title, as the section of those below; -1 until asked for
    row: Row | None = None  # of a task table
    told: dict[str, str] | None = None  # what lines below tell of it ("Cơ quan chủ trì: …"), by role
    is_label: bool = False  # such a line
    annex: bool = False  # behind the signature, where a form is more likely than work

    def title(self, text: str) -> str:
        """Return the words of the first line without the marker, from the text or its twin."""
        return text[self.body : self.line_end]


def read_entries(text: str, folded: str, lines: Sequence[Line], header: Header, broken: frozenset[int]) -> list[Entry]:
    """Return the entries in order. Line breaks in ``broken`` stand inside a citation and end nothing."""
    found: list[Entry] = []
    if header.title_span:
        start, end = header.title_span
        place = next((line.place for line in lines if line.start <= start < line.end), Place())
        found.append(Entry(start, end, "title", -2, "", place, start, False, end))
    first = next((n for n, line in enumerate(lines) if line.block >= header.body_start), len(lines))
    tables = header.type not in NO_TASKS
    stop = _read(text, folded, lines, first, len(lines), found, broken, tables)
    annexes = 0
    while (at := _annex(text, folded, lines, stop, tables)) is not None:
        annexes += 1
        at = _annex_head(folded, lines, at, annexes, found)
        stop = _read(text, folded, lines, at, len(lines), found, broken, tables, annex=found[-1])
    return found


def _read(
    text: str, folded: str, lines: Sequence[Line], first: int, last: int, found: list[Entry], broken: frozenset[int],
    tables: bool, annex: Entry | None = None,
) -> int:  # fmt: skip
    """Append entries until the signature, or the next appendix; return where the reading stopped."""
    previous: Entry | None = None
    columns: Columns | None = None
    n = first
    while n < last:
        start, end, style, marker, body, heading, goes_on, block, place = lines[n]
        if place[2] is not None:
            stop = _table_end(lines, n)
            if any(folded[k.start] in TURNS and _RECIPIENTS.match(folded, k.start) for k in lines[n:stop]):
                return stop
            columns = _read_table(text, lines[n:stop], found, columns, tables, annex is not None)
            previous, n = None, stop
            continue
        n += 1
        if not text[start].isalnum() and not any(map(str.isalnum, text[start:end])):
            continue  # a rule
        if previous is not None:
            if not heading and block - 1 in broken:
                previous.end = end
                continue
            if style == "plain" and folded[start] in TURNS and _RECIPIENTS.match(folded, start):
                return n
            if goes_on:
                previous.end = end
                continue
        if annex is not None and folded[start] == "p" and _APPENDIX.match(folded, start, end):
            return n - 1
        previous = Entry(start, end, style, RANK[style], marker, place, body, heading, end, annex=annex is not None)
        found.append(previous)
        if columns is not None and style != "plain":
            columns = None
        if folded[body : body + 1] in TURNS and CLOSING.match(folded, body):
            return n
    return last


# --- tables ---------------------------------------------------------------------------------------


def _table_end(lines: Sequence[Line], n: int) -> int:
    table = lines[n].place.table
    while n < len(lines) and lines[n].place.table == table:
        n += 1
    return n


def _read_table(
    text: str, lines: Sequence[Line], found: list[Entry], before: Columns | None, tables: bool, annex: bool
) -> Columns | None:
    read = read_rows(text, lines, before) if tables else None
    if read is None:
        found.extend(_plain_rows(lines, annex))
        return None
    columns, rows = read
    for row in rows:
        style = {"task": "row", "section": "banner"}.get(row.kind, "cells")
        found.append(Entry(
            row.start, row.end, style, 50, row.number, row.place, row.start, False, row.end, row=row, annex=annex
        ))  # fmt: skip
    return columns


def _plain_rows(lines: Sequence[Line], annex: bool) -> list[Entry]:
    """A row of any other table is one statement, all its cells together."""
    rows: list[Entry] = []
    for line in lines:
        if rows and rows[-1].place.row == line.place.row:
            rows[-1].end = line.end
        else:
            rows.append(Entry(
                line.start, line.end, "cells", 50, "", line.place, line.start, False, line.end, annex=annex
            ))  # fmt: skip
    return rows


# --- appendices -----------------------------------------------------------------------------------


def _annex(text: str, folded: str, lines: Sequence[Line], stop: int, tables: bool) -> int | None:
    """Return the line where an appendix begins behind the signature: its name, what it is attached to, or its table."""
    last_capitals = -1
    n = stop
    while n < len(lines):
        line = lines[n]
        if line.place.table is not None:
            end = _table_end(lines, n)
            if tables and read_rows(text, lines[n:end], None) is not None:
                return last_capitals if last_capitals >= 0 else n
            n = end
            continue
        if folded[line.start] == "p" and _APPENDIX.match(folded, line.start, line.end):
            return n
        if _ATTACHED.match(folded, line.start) and last_capitals >= 0:
            return last_capitals
        words = text[line.start : line.end]
        if not words.isupper() or _RECIPIENTS.match(folded, line.start) or len(words) < 8:
            if n - last_capitals > 4:
                last_capitals = -1
        elif last_capitals < 0:
            last_capitals = n
        n += 1
    return None


def _annex_head(folded: str, lines: Sequence[Line], at: int, count: int, found: list[Entry]) -> int:
    """Append the entry of an appendix, and return the line after its name."""
    line = lines[at]
    named = _APPENDIX.match(folded, line.start, line.end)
    number = named["number"].upper() if named and named["number"] else str(count)
    entry = Entry(line.start, line.end, "annex", -1, f"PL{number}", line.place, line.start, True, line.end, annex=True)
    if line.place.table is not None:
        entry.end = entry.line_end = entry.start
    found.append(entry)
    return at if line.place.table is not None else at + 1


# --- labels ---------------------------------------------------------------------------------------


_BRACKETED = re.compile(r"\((?P<marker>\d{1,2}|[ivx]{1,4}|[a-zđ])\)\s*(?=\S)")


def mark_bracketed(entries: Sequence[Entry], text: str) -> None:
    """ "(1) …", "(i) …": items of a plan as any other."""
    for entry in entries:
        if entry.style == "plain" and entry.row is None and text[entry.body] == "(":
            m = _BRACKETED.match(text, entry.body, entry.end)
            if m is not None:
                entry.style, entry.rank, entry.marker, entry.body = "star", RANK["star"], m["marker"], m.end()


def read_labels(entries: Sequence[Entry], text: str, folded: str) -> None:
    """Give what label lines tell ("- Thời gian hoàn thành: Quý II/2026.") to the entry above them.

    Below a list of bullets they tell of all of it.
    """
    run: list[Entry] = []  # the entry that labels tell of; of bullets, all since the labels before
    holder: Entry | None = None
    for n, entry in enumerate(entries):
        if entry.row is not None or entry.rank <= 3:
            holder, run = None, []
            continue
        bracket = text[entry.body] == "("
        m = _LABEL.match(folded, entry.body + bracket, entry.end)
        role = label_role(text[m.start() : m.end()].rstrip(" :")) if m else ""
        near = entries[n + 1] if n + 1 < len(entries) else None
        if role == "task" or role == "basis":
            after = near is not None and _LABEL.match(folded, near.body, near.end) is not None
            role = "note" if after and holder is not None and holder.style != entry.style else ""
        if role == "note" and m is not None and _FUNDS.match(folded, m.start()) and subject(text[m.end() : entry.end]):
            role = ""  # "Kinh phí: Sở Tài chính bố trí …" lays work on somebody
        if m is None and holder is not None and near is not None and _opens_labels(entry, near, folded):
            entry.is_label = True
            continue
        if m is None or not role:
            same = bool(run) and run[-1] is holder and run[-1].style == entry.style and entry.style in _LISTED
            run = [*run, entry] if same and len(run) < _RUN else [entry]
            holder = entry
            continue
        entry.is_label = True
        if holder is not None and (
            entry.rank > _UNIT_RANK
            or holder.rank == RANK["plain"]
            or (entry.style == holder.style and _CONTENT.match(folded, holder.body, holder.end))
            or entry.rank > holder.rank
        ):
            if run:
                told: dict[str, str] = {}
                for item in run if entry.style != "plus" else run[-1:]:
                    item.told = told
                run = []
            close = bracket and text.endswith((")", ").", ");"), entry.body, entry.end)
            _tell(holder, text, folded, m, text.rfind(")", entry.body, entry.end) if close else entry.end)


def _opens_labels(entry: Entry, near: Entry, folded: str) -> bool:
    """ "* Phân công thực hiện:" stands over labels and is itself no work."""
    if folded[entry.end - 1] != ":" or entry.rank <= _UNIT_RANK:
        return False
    return bool(_OVER_LABELS.fullmatch(folded, entry.body, entry.end) and _LABEL.match(folded, near.body, near.end))


def _tell(holder: Entry, text: str, folded: str, label: re.Match[str], end: int) -> None:
    """Give ``holder`` what a label says, and those behind it in the line ("…; thời gian thực hiện: Quý II")."""
    while True:
        after = _NEXT_LABEL.search(folded, label.end(), end)
        stop = after.start() if after is not None else end
        role = label_role(text[label.start() : label.end()].strip(" :;."))
        if role in ("lead", "with", "due", "product"):
            value = squeeze(text[label.end() : stop]).rstrip(" .;")
            if holder.told is None:
                holder.told = {}
            holder.told[role] = "; ".join(filter(None, (holder.told.get(role, ""), value)))
        if after is None:
            return
        label = after


def join_part_titles(entries: Sequence[Entry], text: str) -> list[Entry]:
    """A part is named by the line in capitals below its number ("PHẦN III", "TỔ CHỨC THỰC HIỆN")."""
    joined: list[Entry] = []
    for entry in entries:
        part = joined[-1] if joined else None
        bare = part is not None and part.style == "part" and part.body >= part.line_end
        if part is not None and bare and entry.style == "plain" and text[entry.start : entry.end].isupper():
            part.body, part.end, part.line_end = entry.start, entry.end, entry.end
        else:
            joined.append(entry)
    return joined


_UNIT_RANK, _LETTER_RANK = 6, 7
_UNIT_LENGTH, _CLAUSE_LENGTH = 160, 400


def mark_unit_headings(entries: Sequence[Entry], text: str) -> None:
    """A line that only names a unit ("Sở Nội vụ:") heads what follows, also without a number.

    So does one that says what the unit does in a list below it ("Các sở thực hiện các nhiệm vụ sau:").
    """
    for entry, after in pairwise(entries):
        if entry.style != "plain" or entry.row is not None or entry.is_label or after.rank <= _UNIT_RANK:
            continue
        words = text[entry.body : entry.end].rstrip()
        listed = after.rank >= _LETTER_RANK and after.style not in ("plain", "row", "banner", "cells")
        if words[-1] != ":" or len(words) > (_CLAUSE_LENGTH if listed else _UNIT_LENGTH) or not heading_units(words):
            continue
        if listed or not subject(words.rstrip(" :")):
            entry.style, entry.rank = "unit", _UNIT_RANK


_TOPIC_RANK = 8
"""Bullets over bullets: below letters, above dashes."""


def mark_topics(entries: Sequence[Entry], text: str) -> None:
    """Where "* Về hạ tầng số:" stands over dashes, stars are the outer bullets of that list, not the innermost."""
    outer, open_dash = "", False
    for entry, after in pairwise(entries):
        if entry.rank <= _LETTER_RANK:
            outer, open_dash = "", False
        elif entry.style in ("plus", "star"):
            over = not open_dash and _TOPIC_RANK < after.rank < entry.rank and text[entry.end - 1] not in ".;,"
            outer = entry.style if over else outer
            if entry.style == outer:
                entry.rank = _TOPIC_RANK
                open_dash = False
        elif entry.style == "dash" and not outer:
            open_dash = True


def is_plan(words: str) -> bool:
    """True when a title begins with the name of a plan ("KẾ HOẠCH …")."""
    split = fold(words).split()
    return any(doctypes.words().get(" ".join(split[:n])) in PLAN_TYPES for n in (1, 2, 3, 4))
