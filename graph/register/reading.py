"""Sheets -> entries: the header row under its title rows, the columns, then row by row; what cannot be read is told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extract.identity import document_of
from extract.numbers import parse_number
from extract.organs import full_name, province_in
from extract.text import fold, plain, squeeze
from graph.register import cells
from graph.register.cells import CellError
from graph.register.columns import IGNORED, NUMBERS, Column, columns_of, field_of
from graph.register.model import STATUS, Counted, Entry, NoNumbersError, Problem, RegisterError
from graph.register.sheets import Sheet, read_sheets
from graph.statuses import IN_FORCE, status_in
from graph.workbook import Cell

_HEAD_ROWS = 60
"""The header row stands within so many rows from the top: letterhead, title and notes come before it."""
_MOST_PROBLEMS = 1000
_AS_OF = re.compile(r"(?:tính )?đến (?:hết )?(?P<at>ngày )")
_COLUMN_NUMBERS = re.compile(r"\(?\d{1,2}\)?(?:\s*=.*)?")
_TEXTS = ("thay_the_boi", "sua_doi_boi", "bai_bo_boi", "ly_do")


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet that has a list: its name, the row of the headings (from 1), the columns, the status its title tells.

    ``body`` is the first row under the headings.
    """

    name: str
    header: int
    columns: tuple[Column, ...]
    status: str
    entries: int
    body: int = 0


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list as read. ``date`` is the day that its title rows tell the state of, "" for none; ``skipped`` are the
    sheets without a list, ``problems`` the first of what could not be read, ``counts`` all of it by kind."""

    sheets: tuple[ReadSheet, ...]
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    date: str
    skipped: tuple[str, ...]
    counts: tuple[Counted, ...] = ()

    @property
    def refused(self) -> int:
        """How many rows were not taken."""
        return sum(counted.count for counted in self.counts if not counted.taken)


@dataclass(slots=True)
class _Told:
    """What could not be read: the first of it, and how much there is of each kind."""

    first: list[Problem] = field(default_factory=list)
    kinds: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def add(self, problem: Problem) -> None:
        self.kinds[problem.kind, problem.taken] += 1
        if len(self.first) < _MOST_PROBLEMS:
            self.first.append(problem)


def read_list(path: Path, told: Mapping[str, str] | None = None, source: str = "") -> ReadList:
    """Read a list of documents; ``told`` corrects the guess of its columns (:func:`columns.read_told`).

    ``source`` is who keeps the list: the province it names is that of organs named by their level alone.

    Raises:
        RegisterError: it cannot be read, or no sheet has a column with numbers.
    """
    return read_rows(read_sheets(path), path.name, told, source)


def read_rows(sheets: Sequence[Sheet], file: str, told: Mapping[str, str] | None = None, source: str = "") -> ReadList:
    """Read a list out of the ``sheets`` of ``file``; else as :func:`read_list`."""
    read: list[ReadSheet] = []
    entries: list[Entry] = []
    problems = _Told()
    skipped: list[str] = []
    date = ""
    seen: set[str] = set()
    for sheet in sheets:
        found = _header(sheet, told or {})
        if found is None:
            if sheet.rows:
                skipped.append(sheet.name)
            continue
        first, body, columns = found
        seen |= {plain(column.heading) for column in columns}
        above = [cells.words_of(cell) for row in sheet.rows[:first] for cell in row if cell]
        date = date or _as_of(above)
        status = "" if any(c.field == "tinh_trang" for c in columns) else _told_by_title([*above, sheet.name])
        province = next((p for words in (*above, source) if (p := province_in(words))), "")
        before = len(entries)
        for entry in _entries(sheet, body, columns, status, province, problems):
            entries.append(entry)
        read.append(ReadSheet(sheet.name, first + 1, columns, status, len(entries) - before, body + 1))
    if unknown := [heading for heading in told or {} if heading not in seen]:
        raise RegisterError(f"Danh mục “{file}” không có cột “{unknown[0]}” như --cot nêu.")
    if not read:
        raise NoNumbersError(
            f"Không thấy dòng tiêu đề có cột số, ký hiệu trong “{file}”. "
            'Hãy kiểm tra lại tệp, hoặc chỉ rõ cột: --cot "Tiêu đề=so_ky_hieu".'
        )
    counts = tuple(Counted(kind, taken, count) for (kind, taken), count in sorted(problems.kinds.items()))
    return ReadList(tuple(read), tuple(entries), tuple(problems.first), date, tuple(skipped), counts)


# --- header ---------------------------------------------------------------------------------------


def _header(sheet: Sheet, told: Mapping[str, str]) -> tuple[int, int, tuple[Column, ...]] | None:
    """Return (row of the headings, first row under them, columns); the row with most known headings counts."""
    best: tuple[int, int, int, tuple[Column, ...]] | None = None
    rows = [_plain_row(row) for row in sheet.rows[: _HEAD_ROWS + 1]]
    for n, row in enumerate(rows[:_HEAD_ROWS]):
        for depth in (1, 2):
            headings = row if depth == 1 else _joined(row, rows[n + 1] if n + 1 < len(rows) else [])
            if headings is None:
                continue
            columns = columns_of(headings, told)
            fields = {c.field for c in columns if c.field and c.field != IGNORED}
            score = len(fields) + sum(c.field == IGNORED for c in columns)
            if not fields & NUMBERS or (score < 2 and not told and len(columns) > 1):
                continue
            if best is None or score > best[0]:
                best = (score, n, n + depth, columns)
    return None if best is None else best[1:]


def _plain_row(row: Sequence[Cell]) -> list[str]:
    return [cells.words_of(cell) for cell in row]


def _joined(upper: list[str], lower: list[str]) -> list[str] | None:
    """Return two rows of headings as one: what stands below is finer ("Văn bản" over "Số", "Ngày"); None for none."""
    known = [sum(bool(field_of(words)) for words in row) for row in (upper, lower)]
    if not all(known) or any(_COLUMN_NUMBERS.fullmatch(words) for words in lower if words):
        return None
    width = max(len(upper), len(lower))
    pad = [*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))]
    joined = []
    group = ""
    for above, below in zip(*pad, strict=True):
        group = above or group
        joined.append(below if field_of(below) else above or below)
    return joined


def _as_of(above: Sequence[str]) -> str:
    """Return the day that the title tells the state of: "(Tính đến ngày 31/12/2024)", "" for none."""
    for words in above:
        folded = fold(words)
        if m := _AS_OF.search(folded):
            try:
                day = cells.day_of(re.split(r"[);]", folded[m.start("at") :])[0])
            except CellError:
                continue
            if len(day) == 10:
                return day
    return ""


def _told_by_title(above: Sequence[str]) -> str:
    """Return the status that a title gives all rows; none where it names several ("hết hiệu lực … ngưng hiệu lực")."""
    found: set[str] = set()
    for words in above:
        folded = fold(words)
        if "hiệu lực" not in folded or not any(mark in folded for mark in ("danh mục", "văn bản", "hiệu lực")):
            continue
        pieces = re.split(r",| hoặc | và |/", folded)
        told = {s for piece in pieces if (s := status_in(piece))}
        found |= told
    if len(found) > 1 and IN_FORCE in found:
        return ""
    return found.pop() if len(found) == 1 else ""


# --- rows -----------------------------------------------------------------------------------------


def _entries(
    sheet: Sheet, body: int, columns: Sequence[Column], status: str, province: str, problems: _Told
) -> Iterator[Entry]:
    used = [c for c in columns if c.field and c.field != IGNORED]
    headings = {plain(c.heading) for c in used}
    for n, row in enumerate(sheet.rows[body:], body + 1):
        filled = [cells.words_of(cell) for cell in row if cell != ""]
        filled = [words for words in filled if words]
        if not filled or all(_COLUMN_NUMBERS.fullmatch(words) for words in filled):
            continue  # empty, or the numbers of the columns
        values: dict[str, Cell] = {c.field: row[c.index] for c in used if c.index < len(row)}
        if sum(plain(cells.words_of(v)) in headings for v in values.values() if v) >= 2:
            continue  # the headings again, at the top of the next page
        try:
            entry = _entry(sheet.name, n, values, status, province, problems)
        except CellError as error:
            if len(set(filled)) == 1 or (len(filled) == 2 and not any(w[0].isdigit() for w in filled)):
                continue  # the heading of a group: "I. NGHỊ QUYẾT"
            problems.add(Problem(sheet.name, n, str(error), kind=error.kind))
            continue
        yield entry


def _entry(sheet: str, n: int, values: Mapping[str, Cell], status: str, province: str, problems: _Told) -> Entry:
    text = {name: cells.words_of(cell) for name, cell in values.items()}
    numbered = _number(text)
    type_, title = text.get("loai", ""), text.get("trich_yeu", "")
    if both := text.get("loai_va_trich_yeu", ""):
        found, rest = cells.typed_title(both)
        type_, title = type_ or found, title or rest
    date = cells.day_of(values.get("ngay_ban_hanh", "")) or numbered.date
    told = text.get("tinh_trang", "")
    word = status_in(told)
    if word is None:
        problems.add(
            Problem(sheet, n, f"tình trạng hiệu lực “{told[:60]}” chưa có trong bảng từ, bỏ qua ô này", True, STATUS)
        )
    issuer = text.get("co_quan", "") or numbered.issuer
    type_ = _type(type_) or numbered.type
    parts = cells.provisions_of(text.get("phan_het_hieu_luc", ""))
    return Entry(
        row=n, number=numbered.number, type=type_, date=date,
        issuer=full_name(issuer, province)[0] if issuer else _issuer(numbered.number, type_, date, province),
        title=squeeze(title),
        in_force=cells.day_of(values.get("hieu_luc_tu", "")), ended=cells.day_of(values.get("het_hieu_luc", "")),
        status=word or status, **{_FIELD[name]: text.get(name, "") for name in _TEXTS},
        ended_parts="; ".join(parts) or text.get("phan_het_hieu_luc", ""), sheet=sheet,
    )  # fmt: skip


_FIELD = {
    "thay_the_boi": "replaced_by", "sua_doi_boi": "amended_by", "bai_bo_boi": "repealed_by", "ly_do": "reason",
}  # fmt: skip


def _issuer(number: str, type_: str, date: str, province: str) -> str:
    """Return the organ that the symbol tells; in the list of a province UBND and HĐND are those of the province."""
    parts = parse_number(number)
    codes = {group.upper() for group in parts.groups[1:2]} if parts else set()
    if codes & {"UBND", "HĐND"} and province:
        return full_name(f"{next(iter(codes))} tỉnh", province)[0]
    return document_of(number, type_, date, "", province).issuer


def _type(words: str) -> str:
    found, rest = cells.typed_title(words)
    return found if found and not rest else words


def _number(text: Mapping[str, str]) -> cells.Numbered:
    serial, symbol = text.get("so", ""), text.get("ky_hieu", "")
    if words := text.get("so_ky_hieu") or text.get("so_va_ngay"):
        return cells.number_of(words)
    if serial and symbol and serial.isalnum():
        party = symbol.upper().endswith(("/TU", "/TW")) or re.search(r"[^\d]/", symbol) is not None
        return cells.number_of(f"{serial}{'' if symbol[0] in '-/' else '-' if party else '/'}{symbol}")
    if words := serial or symbol:
        return cells.number_of(words)
    raise CellError("không có số, ký hiệu")
