"""Tables of tasks: which column says what, which rows are tasks and which are headings among them.

A header row names the columns in any order and wording (``tables/task_columns.csv``). A merged cell stands once in
the text, at its first cell, so a cell of the unit in charge or of the time that is not there takes the one above it; in
formats that tell merged cells from empty ones only where that one goes over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

from extract.lines import Line
from extract.model import Place
from extract.tables import read_table
from extract.tasks import cell_units
from extract.text import fold, squeeze

_DOERS = frozenset({"lead", "with", "due", "product"})
_HEAD_ROWS = 4
"""A header stands among the first rows of a table; a title may stand above it."""
_NAME_LENGTH = 60
_ROMAN = re.compile(r"[IVXLC]+(?:[.)]\d+)*[.)]?|[A-ZĐ][.)]?|Phần\s+\w+")
_PART = re.compile(r"[IVXLC]+|[A-ZĐ]")
_NUMBER = re.compile(r"\(?[0-9a-zđA-ZĐ]{1,5}(?:[.][0-9a-z]{1,3})*[.)]?|[-–+*]")
_COLUMN_NUMBER = re.compile(r"\(?\s*(?:\d{1,2}|[a-zA-Z])\s*\)?(?:\s*=.*)?")
_LEADING = re.compile(r"(?P<number>[IVXLC]+|[A-ZĐ]|\d{1,2}(?:\.\d{1,2})*)\s*[.)/]\s+")
_OWN_NUMBER = re.compile(
    r"(?:(?P<number>\d{1,2}(?:\.\d{1,2})+|\d{1,2}(?=[.)])|[a-zđ](?=[.)]))[.)]?|[-–+•*](?![^\n<]*(?:\n|<br)))\s+(?=\S)"
)
"""The number or dash before a task in a table without a column of numbers."""
_DITTO = re.compile(r"\s*(?:[-–]?\s*nt\s*[-–.]?|như trên|[-–]?\s*[\"”″]\s*[-–]?)\s*", re.I)
"""A cell that says what the one above it says."""
_NOTHING = re.compile(r"[-–—.…/]+")
"""A cell that says there is none."""
_SUM = re.compile(r"(?:tổng(?:\s+(?:cộng|số|kinh phí|dự toán))?|cộng)\s*(?:\([^)]{1,30}\))?\s*:?")
"""The last row of a table that counts money or things; the word stands in one of its first columns."""
_SUM_AT = 2
_PERIOD = re.compile(
    rf"(?:{fold('quý')}\s*(?:[ivx]{{1,3}}|[1-4])|tháng\s*\d{{1,2}}|[tq]\.?\s?\d{{1,2}}|(?:năm\s+)?20\d\d"
    r"|0?[369]\s+tháng\s+(?:đầu|cuối)\s+năm)(?:\s*/?\s*(?:năm\s*)?20\d\d)?"
)
"""The head of a column in which a tick tells when: "Quý I", "Tháng 3", "2026"."""
_TICK = re.compile(r"[xX×✓✔√vV•+*]")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.I)


class Row(NamedTuple):
    """A row of a task table: a task, a heading over tasks (``section``), or anything else.

    ``start``…``end`` bound the words of the task or title, ``cells`` the other cells that belong to it, each
    with "basis" where its column names what the task rests on. ``number`` is the STT as printed. What a row above says
    for it (merged cells) is filled in.
    """

    kind: Literal["task", "section", "other"]
    number: str
    start: int
    end: int
    place: Place
    cells: tuple[tuple[int, int, str], ...] = ()
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    due: str = ""
    product: str = ""


class Columns(NamedTuple):
    """What the columns of a table say: number of the column -> role; ``width`` is that of the widest row.

    ``heads`` are the words of the header, by which it is known where it stands again. ``periods`` are the times that
    columns to tick stand for.
    """

    roles: Mapping[int, str]
    width: int
    heads: frozenset[str] = frozenset()
    periods: Mapping[int, str] = {}


class _Cell(NamedTuple):
    start: int
    end: int
    words: str
    place: Place


class _Held(NamedTuple):
    """What a cell says, and the last row it says it for: all that follow where the format does not tell of merging."""

    words: list[str]
    last: int


_ALL_ROWS = 1 << 30
_Grid = dict[int, dict[int, _Cell]]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Roles with their words; the weak ones, marked "?", count only where nothing else does."""
    return tuple(
        (row["role"], re.compile(rf"(?<![\wà-ỹ]){re.escape(fold(row['words']))}(?![\wà-ỹ])"))
        for row in read_table("task_columns")
    )


@cache
def column_role(words: str) -> str:
    """Return what a column under these words holds (number, task, lead, with, due, product, basis, note), or ""."""
    folded = squeeze(fold(words).replace("/", " / "))
    if not folded or len(folded) > _NAME_LENGTH:
        return ""
    found = [(m.start(), -m.end(), role) for role, p in _patterns() if (m := p.search(folded))]
    strong = [f for f in found if not f[2].endswith("?")]
    return min(strong or found)[2].rstrip("?") if found else ""


@cache
def label_role(words: str) -> str:
    """Return what a label before a colon tells, as :func:`column_role`; a kind of organ is a doer, not a label.

    "Đơn vị thực hiện: …", "Cơ quan: …" are labels, "Các cơ quan báo chí: Tăng thời lượng …" lays work on somebody.
    """
    folded = squeeze(fold(words))
    role = column_role(words)
    if role == "lead" and len(folded.split()) > _BARE_LABEL and not _told_surely(folded):
        return ""
    return role


_BARE_LABEL = 2


def _told_surely(folded: str) -> bool:
    return any(not role.endswith("?") and pattern.search(folded) for role, pattern in _patterns())


def read_rows(text: str, lines: Sequence[Line], before: Columns | None) -> tuple[Columns, list[Row]] | None:
    """Return the rows of the table that ``lines`` (of one table) make, None when it is no table of tasks.

    ``before`` are the columns of the task table right above: a table that goes on on the next page has no header.
    """
    grid = _grid(text, lines)
    found = _header(grid)
    if found is not None:
        columns, first = found
    elif before is not None and _goes_on(grid, before):
        columns, first = before, min(grid)
    else:
        return None
    return columns, list(_rows(text, grid, columns, first))


def _grid(text: str, lines: Sequence[Line]) -> _Grid:
    parts: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        parts.setdefault((line.place.row or 0, line.place.cell or 0), []).append(line)
    grid: _Grid = {}
    for (row, cell), inside in parts.items():
        words = "\n".join(text[line.start : line.end] for line in inside)
        grid.setdefault(row, {})[cell] = _Cell(inside[0].start, inside[-1].end, words, inside[0].place)
    return grid


# --- header ---------------------------------------------------------------------------------------


def _header(grid: _Grid) -> tuple[Columns, int] | None:
    """Return the columns and the number of the first row below the header."""
    numbers = sorted(grid)
    for n, number in enumerate(numbers[:_HEAD_ROWS]):
        roles = _roles(grid[number])
        below = numbers[n + 1] if n + 1 < len(numbers) else None
        if below is not None and _is_second_header(grid[below], roles):
            roles = _merged(grid[number], grid[below], roles, max(max(c) for c in grid.values()))
            below = numbers[n + 2] if n + 2 < len(numbers) else None
        width = max(max(c) for c in grid.values())
        if "period" in roles.values():
            roles = _ticked(roles, grid, below)
        if "task" not in roles.values() and below is not None:
            roles = _with_task(roles, grid, number, below)
        if below is not None and "task" in roles.values() and set(roles.values()) & _DOERS:
            heads = set(grid[number]) | (set(grid[below - 1]) if below - 1 in grid else set())
            words = frozenset(_flat(fold(c.words)) for n in numbers if n < below for c in grid[n].values())
            columns = _spread(_one_task(roles, grid, below), heads, width)
            return Columns(columns, width, words, _periods(grid, columns, below)), below
    return None


def _with_task(roles: dict[int, str], grid: _Grid, head: int, first: int) -> dict[int, str]:
    """Beside a number, who does it and more of it stands what is done, whatever that column is called."""
    told = set(roles.values())
    unknown = [n for n in grid[head] if n not in roles]
    if not unknown or not {"number", "lead"} <= told or not told & {"with", "due", "product"}:
        return roles
    length = {
        n: sum(len(cells[n].words) for row, cells in grid.items() if row >= first and n in cells) for n in unknown
    }
    best = max(unknown, key=lambda n: (length[n], -n))
    return {**roles, best: "task"} if length[best] else roles


def _one_task(roles: dict[int, str], grid: _Grid, first: int) -> dict[int, str]:
    """Where two columns may name the task, it is the fuller one; the other names what tasks belong to."""
    columns = sorted(n for n, role in roles.items() if role == "task")
    filled = {n: sum(n in cells for row, cells in grid.items() if row >= first) for n in columns}
    best = max(columns, key=lambda n: (filled[n], -n))
    return {n: "note" if role == "task" and n != best else role for n, role in roles.items()}


def _ticked(roles: dict[int, str], grid: _Grid, first: int | None) -> dict[int, str]:
    """Columns named by quarters, months or years tell when a task is due where its row is ticked there."""
    columns = [n for n, role in roles.items() if role == "period"]
    rows = [cells for row, cells in grid.items() if first is not None and row >= first]
    filled = [cells[n].words for cells in rows for n in columns if n in cells]
    ticks = sum(_TICK.fullmatch(words) is not None for words in filled)
    due = {"period": "due"} if ticks and ticks * 3 >= len(filled) else {"period": ""}
    return {n: due.get(role, role) for n, role in roles.items() if due.get(role, role)}


def _periods(grid: _Grid, roles: Mapping[int, str], first: int) -> dict[int, str]:
    heads = ((n, _flat(c.words)) for row, cells in grid.items() if row < first for n, c in cells.items())
    return {n: words for n, words in heads if roles.get(n) == "due" and _PERIOD.fullmatch(squeeze(fold(words)))}


def _spread(roles: dict[int, str], heads: set[int], width: int) -> dict[int, str]:
    """A column without a head of its own goes on with the one before it (a head merged over two columns)."""
    told = dict(roles)
    for n in range(2, width + 1):
        if n not in heads and told.get(n - 1, "") in _DOERS:
            told.setdefault(n, told[n - 1])
    return told


def _roles(cells: Mapping[int, _Cell]) -> dict[int, str]:
    roles: dict[int, str] = {}
    for n, cell in sorted(cells.items()):
        words = _flat(cell.words)
        role = column_role(words) or ("period" if _PERIOD.fullmatch(fold(words)) else "")
        if role and not (role == "number" and role in roles.values()):
            roles[n] = role
    return roles


def _is_second_header(cells: Mapping[int, _Cell], above: Mapping[int, str]) -> bool:
    roles = _roles(cells)
    told = {n: r for n, r in roles.items() if r in _DOERS}
    periods = sum(r == "period" for r in roles.values())
    return (bool(told) or periods > 1) and all(
        len(c.words) <= _NAME_LENGTH and (n in roles or above.get(n) == column_role(c.words)) for n, c in cells.items()
    ) and ("lead" in above.values() or periods > 1)  # fmt: skip


def _merged(top: Mapping[int, _Cell], sub: Mapping[int, _Cell], roles: dict[int, str], width: int) -> dict[int, str]:
    """Lay a second header row under the first; a cell over several columns may count as one there."""
    under = _roles(sub)
    first, count = min(under), len(under)
    shift = count - 1 if max(top) + count - 1 == width and len(top) == max(top) else 0
    merged = {n + (shift if n > first else 0): role for n, role in roles.items()}
    over = _spread(merged, set(merged), max(under))
    return merged | {n: over[n] if role == "period" and over.get(n) == "due" else role for n, role in under.items()}


def _goes_on(grid: _Grid, before: Columns) -> bool:
    first = grid[min(grid)]
    number = next((n for n, role in before.roles.items() if role == "number"), None)
    if max(max(c) for c in grid.values()) != before.width or number is None:
        return False
    return number in first and _NUMBER.fullmatch(first[number].words) is not None


# --- rows -----------------------------------------------------------------------------------------


def _rows(text: str, grid: _Grid, columns: Columns, first: int) -> Iterator[Row]:
    role_of = columns.roles
    of = {role: n for n, role in sorted(role_of.items(), reverse=True)}
    numbers = sorted(n for n in grid if n >= first)
    held: dict[str, _Held] = {}
    waiting: Row | None = None
    over: Row | None = None
    for n, number in enumerate(numbers):
        cells = grid[number]
        counted = len(cells) > 1 and all(_COLUMN_NUMBER.fullmatch(c.words) for c in cells.values())
        if counted or _is_header_again(cells, columns) or _is_sum(cells):
            continue
        following = grid[numbers[n + 1]] if n + 1 < len(numbers) else None
        title = _title(cells, of, following)
        if title is not None:
            if waiting is not None:
                yield waiting
                waiting = None
            held, over = {}, None
            yield title
            continue
        row = _task(text, cells, of, columns, held)
        if _is_part(row, following, of):
            if waiting is not None:
                yield waiting
                waiting = None
            held, over = {}, row
            yield row._replace(kind="section")
            continue
        if over is not None and row.kind == "task":
            if _PART.fullmatch(row.number) is None:
                row = _under(row, over)
            else:
                over = None
        if row.kind == "other" and waiting is not None:
            waiting = _extended(waiting, row)
            continue
        if waiting is not None:
            yield waiting
        waiting = row
    if waiting is not None:
        yield waiting


def _is_part(row: Row, following: Mapping[int, _Cell] | None, of: Mapping[str, int]) -> bool:
    """ "I", "A" over rows that count from 1 heads them, also where it tells who does them all and until when."""
    below = following.get(of.get("number", -1)) if following is not None else None
    return below is not None and _PART.fullmatch(row.number) is not None and below.words.strip("().- ") in ("1", "1.1")


def _under(row: Row, over: Row) -> Row:
    """What a heading row tells holds for a row below it that does not tell it itself."""
    helping = row.cooperating or (() if row.lead else over.cooperating)
    return row._replace(lead=row.lead or over.lead, cooperating=helping, due=row.due or over.due)


def _is_header_again(cells: Mapping[int, _Cell], columns: Columns) -> bool:
    """The header on the next page; a task ("Quy chế hoạt động") may only have words of one."""
    return len(cells) > 1 and sum(_flat(fold(c.words)) in columns.heads for c in cells.values()) > len(cells) / 2


def _is_sum(cells: Mapping[int, _Cell]) -> bool:
    return any(_SUM.fullmatch(fold(c.words)) for n, c in cells.items() if n <= _SUM_AT)


def _title(cells: Mapping[int, _Cell], of: Mapping[str, int], following: Mapping[int, _Cell] | None) -> Row | None:
    """A row with nothing but a title, or the same words in all cells, heads the rows below it."""
    number_cell = cells.get(of.get("number", -1))
    number = number_cell.words if number_cell is not None and _NUMBER.fullmatch(number_cell.words) else ""
    words = [c.words for n, c in sorted(cells.items()) if not (number and c is number_cell)]
    if len(set(words)) != 1:
        return None
    only = words[0]
    cell = next(c for c in cells.values() if c.words == only)
    spread = sum(c.words == only for c in cells.values()) > 2
    own = _LEADING.match(only)
    marker = number or (own["number"] if own and not number else "")
    if not (spread or _heads(cells, of, number, only, own is not None, following)):
        return None
    start = cell.start + (own.end() if own and not number else 0)
    return Row("section", marker.strip("().,- "), start, cell.end, cell.place)


def _heads(
    cells: Mapping[int, _Cell], of: Mapping[str, int], number: str, words: str, led: bool,
    following: Mapping[int, _Cell] | None,
) -> bool:  # fmt: skip
    first = of.get("number", -1)
    at = next(n for n, c in cells.items() if c.words == words)
    if at not in (of["task"], first, first + 1) or (at != of["task"] and not number and len(cells) > 1):
        return False  # a cell of another column alone goes on with the row above
    if _ROMAN.fullmatch(number) or (led and not number) or (words.isupper() and len(words) > 4) or at == first:
        return True
    if at != of["task"]:
        return bool(number)
    below = following.get(first) if following is not None else None
    if below is None:
        under = following.get(of["task"]) if following is not None else None
        return bool(number) and under is not None and under.words.startswith(("-", "+"))
    if not number:
        return below.words.strip(".)( ") in ("1", "01", "a")
    deeper = re.fullmatch(r"[a-zđ][.)]?", below.words) is not None and number[:1].isdigit()
    return deeper or below.words.startswith((f"{number.strip('.)')}.", "-", "+"))


def _task(
    text: str, cells: Mapping[int, _Cell], of: Mapping[str, int], columns: Columns, held: dict[str, _Held]
) -> Row:
    """Read one row; ``held`` are the words that merged cells above say for it, and takes those of this one."""
    task = cells.get(of["task"])
    number_cell = cells.get(of.get("number", -1))
    number = number_cell.words.strip("().,- ") if number_cell is not None and task is not None else ""
    if number and not _NUMBER.fullmatch(number):
        number = ""
    told: dict[str, list[str]] = {}
    last: dict[str, int] = {}
    roles, ticks = columns.roles, 0
    for n, cell in sorted(cells.items()):
        if (role := roles.get(n, "")) in _DOERS:
            ticked = n in columns.periods and _TICK.fullmatch(cell.words) is not None
            ticks += ticked
            words = columns.periods[n] if ticked else cell.words
            told.setdefault(role, []).extend([words] if _NOTHING.fullmatch(words) is None else [])
            last[role] = (cell.place.row or 0) + cell.place.rows - 1 if cell.place.rows else _ALL_ROWS
    here = next(iter(cells.values())).place.row or 0
    merged = "lead" not in told and "with" not in told
    for role in ("lead", "due", "with"):
        told_here = told.get(role)
        if told_here and all(map(_DITTO.fullmatch, told_here)):
            told[role] = held[role].words if role in held else []
        elif told_here is not None:
            held[role] = _Held(told_here, last[role])
        elif role in held and here <= held[role].last and (role != "with" or merged):
            told[role] = held[role].words
        elif role == "lead":
            held.pop("with", None)
    if "with" not in told and not merged:
        held.pop("with", None)
    lead, helping = cell_units(_joined(told.get("lead")))
    helping += tuple(u for u in cell_units("phối hợp: " + _joined(told.get("with")))[1] if u not in helping)
    anchor = task or next(iter(cells.values()))
    others = tuple(
        (c.start, c.end, "basis" if roles.get(n) == "basis" else "") for n, c in sorted(cells.items()) if c is not task
    )
    start = anchor.start
    if task is not None and "number" not in of and (own := _OWN_NUMBER.match(task.words)) is not None:
        number, start = own["number"] or "", task.start + own.end()
    due = (", " if ticks > 1 else " - ").join(map(_flat, told.get("due", ())))
    product = _flat(" ".join(told.get("product", ())))
    kind: Literal["task", "other"] = "task" if task is not None else "other"
    return Row(kind, number, start, anchor.end, anchor.place, others, lead, helping, due, product)


def _extended(row: Row, more: Row) -> Row:
    """A row without a task of its own goes on with the one above: its cells, and further units and products."""
    lead = row.lead + tuple(u for u in more.lead if u not in row.lead)
    helping = row.cooperating + tuple(u for u in more.cooperating if u not in row.cooperating)
    product = "; ".join(p for p in (row.product, more.product) if p)
    return row._replace(
        lead=lead, cooperating=helping, due=row.due or more.due, product=product, cells=row.cells + more.cells
    )


def _joined(words: Sequence[str] | None) -> str:
    return "\n".join(words or ())


def _flat(words: str) -> str:
    return squeeze(_BREAK.sub(" ", words))
