"""A table of decisions read back: new lines become entries, changed ones supersede, missing ones change nothing."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from extract.text import fold, squeeze
from graph.decisions.drafts import Wish, WishError, draft_of, undo_of
from graph.decisions.entry import (
    ACCEPT,
    BASIS,
    CORRECT,
    COVER,
    FIELDS,
    KEEP,
    KINDS,
    PICK,
    REJECT,
    UNDO,
    Draft,
    Entry,
    parts_of,
)
from graph.decisions.force import last_of
from graph.decisions.journal import append_all, read_entries
from graph.decisions.look import (
    Look,
    look_at_citation,
    look_at_document,
    look_at_pointer,
    look_at_task,
    look_at_work,
)
from publish.decided.cells import FORMULA, TableError, read_table
from publish.decided.sheet import COLUMNS, Line, content_of, detail_of, relation_words

_EXCEL_DAY_0 = date(1899, 12, 30)
_LATE_THERE = -1
"""Number that no entry has: what came too late in the journal that it is from comes too late here."""
_NEEDED = ("so", "loai", "noi_dung", "ly_do", "nguoi", "ma")


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was not taken, or taken and not applied, and why."""

    row: int
    sentence: str


@dataclass(slots=True)
class Report:
    """What came of a table: how many lines are new, changed, as they were; what is to be mended."""

    new: int = 0
    changed: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)

    def tell(self, row: int, sentence: str) -> None:
        """Add a problem of line ``row``."""
        self.problems.append(Problem(row, sentence))


def take_back(path: Path, journal: Path, connection: sqlite3.Connection, person: str) -> Report:
    """Write to ``journal`` what the table at ``path`` has new; ``person`` stands where a line names nobody.

    Raises:
        TableError: it is no such table; nothing was written.
        graph.decisions.journal.JournalError: nothing could be written.
    """
    lines = _lines(path)
    entries = read_entries(journal)
    reader = _Reader(connection, entries, person.strip())
    drafts: list[tuple[Draft, int | None]] = []
    rows: list[int] = []
    for row, line in lines:
        try:
            found = reader.draft(row, line)
        except WishError as error:
            reader.report.tell(row, str(error))
            continue
        if found is not None:
            drafts.append(found)
            rows.append(row)
    for row, (_, expected), entry in zip(rows, drafts, append_all(journal, drafts) if drafts else (), strict=True):
        if entry.late is not None and expected != _LATE_THERE:
            reader.report.tell(
                row, f"Trong lúc bảng được sửa, đã có quyết định khác về chỗ này (số {entry.late}). "
                f"Dòng này được ghi vào lịch sử (số {entry.number}) nhưng chưa áp dụng.",
            )  # fmt: skip
    reader.report.problems.sort(key=lambda problem: problem.row)
    return reader.report


def _lines(path: Path) -> list[tuple[int, Line]]:
    headings = {fold(squeeze(column.heading)): column.name for column in COLUMNS}
    rows = read_table(path)
    heads = ([headings.get(fold(squeeze(cell)), "") for cell in row] for _, row in rows[:20])
    at, names = next(((n, names) for n, names in enumerate(heads) if set(_NEEDED) <= set(names)), (0, []))
    if not names:
        wanted = ", ".join(f"“{column.heading}”" for column in COLUMNS if column.name in _NEEDED)
        raise TableError(f"Không thấy dòng tiêu đề có các cột {wanted}. Hãy dùng bảng do “cancu decisions export” lập.")
    lines = []
    for number, row in rows[at + 1 :]:
        line = dict.fromkeys((column.name for column in COLUMNS), "")
        line |= {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}
        lines.append((number, line))
    return lines


class _Reader:
    """Makes a draft of each line that says something new."""

    def __init__(self, connection: sqlite3.Connection, entries: Sequence[Entry], person: str) -> None:
        self._connection, self._entries, self._person = connection, entries, person
        self._by_number = {entry.number: entry for entry in entries}
        self._known = {_identity(e.person, e.kind, e.subject, e.part, e.time): e.number for e in entries}
        self._moved: dict[int, int] = {}  # number in the table -> number here, negative for one still to be written
        self._taken = 0
        self.report = Report()

    def draft(self, row: int, line: Line) -> tuple[Draft, int | None] | None:
        """Return the draft that a line asks for, None for a line that says nothing new."""
        if FORMULA in line.values():
            raise WishError("Có ô là công thức nên không nhận dòng này. Hãy dán giá trị thay cho công thức.")
        kind = squeeze(line["loai"]).lower()
        if not line["so"] and not kind:
            return None  # still waits for a decision
        if kind not in KINDS:
            raise WishError(f"Không có loại quyết định “{line['loai']}”. Các loại: {', '.join(KINDS)}.")
        found: tuple[Draft, int | None] | None
        if not line["so"]:
            found = self._new(line, kind)
            if not self._is_written(found[0]):
                self.report.new += 1
        elif not line["so"].isdigit():
            raise WishError("Cột “Số” phải là số của quyết định đã ghi, hoặc để trống với dòng mới.")
        else:
            found = self._known_or_foreign(line, kind)
        if found is None or self._is_written(found[0]):  # the same table may be read in twice
            self.report.same += 1
            return None
        self._taken += 1
        return found

    def _known_or_foreign(self, line: Line, kind: str) -> tuple[Draft, int | None] | None:
        number = int(line["so"])
        entry = self._by_number.get(number)
        own = entry is not None and line["thoi_diem"] in ("", entry.time)
        if entry is not None and own and line["doi_tuong"] in ("", entry.subject) and line["phan"] in ("", entry.part):
            found = self._changed(line, kind, entry)
            self.report.changed += found is not None and not self._is_written(found[0])
            return found
        identity = _identity(line["nguoi"], kind, line["doi_tuong"], line["phan"], line["thoi_diem"])
        if (here := self._known.get(identity)) is not None:
            self._moved[number] = here
            return None
        found = self._foreign(line, kind, number)
        self.report.new += 1
        return found

    def _is_written(self, draft: Draft) -> bool:
        """Tell whether the last entry on the part says just this."""
        last = last_of(self._entries, draft.subject, draft.part)
        wanted = draft.kind, squeeze(draft.person), squeeze(draft.reason), dict(draft.payload)
        if last is None or (last.kind, squeeze(last.person), squeeze(last.reason), dict(last.payload)) != wanted:
            return False
        return not draft.time or draft.time == last.time

    def _foreign(self, line: Line, kind: str, number: int) -> tuple[Draft, int | None]:
        """Take over an entry of another journal as it was."""
        try:
            payload, seen = json.loads(line["chi_tiet"]), json.loads(line["da_xem"])
        except ValueError as error:
            raise WishError(
                f"Không có quyết định số {number} trong kho này và các cột “không sửa” không còn nguyên vẹn. "
                "Nếu là quyết định mới, hãy để trống cột “Số”."
            ) from error
        if parts_of(line["doi_tuong"])[0] == "" or not isinstance(payload, dict) or not isinstance(seen, dict):
            raise WishError("Các cột “không sửa” không còn nguyên vẹn.")
        before = int(line["thay_cho"]) if line["thay_cho"].isdigit() else None
        if before is not None and (before := self._moved.get(before)) is None:
            raise WishError(f"Quyết định này thay cho số {line['thay_cho']}, nhưng bảng không có dòng ấy ở phía trên.")
        self._moved[number] = -(self._taken + 1)
        slot = line["doi_tuong"], line["phan"]
        expected = 0 if any(e.slot == slot and e.number not in self._moved.values() for e in self._entries) else None
        draft = Draft(line["nguoi"], kind, *slot, payload, line["ly_do"], seen, before, line["thoi_diem"])
        return draft, _LATE_THERE if line["sau"] else expected

    def _changed(self, line: Line, kind: str, entry: Entry) -> tuple[Draft, int | None] | None:
        """Return the draft that takes the place of ``entry``, None when the line is as it was written."""
        person = line["nguoi"] if _differ(line["nguoi"], entry.person) else self._person
        content = _differ(line["noi_dung"], content_of(entry)) or _differ(line["muc"], detail_of(entry))
        reason = _differ(line["ly_do"], entry.reason)
        if kind == entry.kind and not content and not reason and not _differ(line["nguoi"], entry.person):
            return None
        if kind == UNDO:
            return undo_of(entry, person or entry.person, line["ly_do"]), entry.number
        if kind == entry.kind and not content:
            draft = Draft(
                person or entry.person, kind, entry.subject, entry.part, entry.payload, line["ly_do"], entry.seen,
                entry.number,
            )  # fmt: skip
            return draft, entry.number
        look = self._look(line, entry)
        draft, _ = draft_of(self._connection, look, self._wish(line, kind, person or entry.person), self._entries)
        if draft.part != entry.part:  # another field: another decision, the old one stays
            return draft, None
        return replace(draft, supersedes=entry.number), entry.number

    def _new(self, line: Line, kind: str) -> tuple[Draft, int | None]:
        if kind in (UNDO, KEEP):
            raise WishError(f"Loại “{kind}” chỉ dùng cho dòng của quyết định đã ghi.")
        look = self._look(line, None)
        draft, last = draft_of(
            self._connection, look, self._wish(line, kind, line["nguoi"] or self._person), self._entries
        )
        return draft, last

    def _wish(self, line: Line, kind: str, person: str) -> Wish:
        fields = {fold(words): name for name, words in FIELDS.items()}
        relations = {fold(words): name for name, words in relation_words().items()}
        detail, content = fold(squeeze(line["muc"])), squeeze(line["noi_dung"])
        valued = kind in (CORRECT, COVER)
        if fields.get(detail) == "ngay_ban_hanh" and re.fullmatch(r"\d{5}", content):  # Excel made a number of the day
            content = (_EXCEL_DAY_0 + timedelta(days=int(content))).isoformat()
        known = self._connection.execute("SELECT id FROM van_ban WHERE id = ?", [content]).fetchone()
        wish = Wish(
            person, kind, line["ly_do"], field=fields.get(detail, "") if kind == CORRECT else "",
            relation=relations.get(detail, "") if kind in (BASIS, PICK) else "", value=content if valued else "",
        )  # fmt: skip
        if valued or kind in (ACCEPT, REJECT):
            return wish
        source = self._connection.execute(
            "SELECT id FROM van_ban WHERE (id = ? OR nhan = ?) AND trong_kho = 1", [line["o"], line["o"]]
        ).fetchall()
        return replace(
            wish, document=known[0] if known else "", words="" if known else content,
            texts=tuple(row[0] for row in source),
        )  # fmt: skip

    def _look(self, line: Line, entry: Entry | None) -> Look:
        code = line["ma"]
        if not code:
            raise WishError("Cột “Mã trong kho” để trống nên chưa biết quyết định về chỗ nào.")
        looks = (look_at_citation, look_at_work, look_at_pointer, look_at_task, look_at_document)
        found = next((look for see in looks if (look := see(self._connection, code)) is not None), None)
        if found is None:
            raise WishError(f"Kho hiện nay không có “{code}”. Hãy xuất lại bảng rồi sửa trên bảng mới.")
        if entry is not None and found.subject != entry.subject:
            raise WishError("Cột “Mã trong kho” không còn chỉ đến đối tượng của quyết định này. Hãy xuất lại bảng.")
        return found


def _differ(one: str, other: str) -> bool:
    return squeeze(one) != squeeze(other)


def _identity(person: str, kind: str, subject: str, part: str, time: str) -> tuple[str, ...]:
    return squeeze(person), kind, subject, part, time
