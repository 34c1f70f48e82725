"""Stock tables, rows and queries as files: Word and Excel in the form of our lists, JSON without the keys of order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from datasette.filters import Filters
from datasette.renderer import json_renderer

from graph.schema import TABLES
from publish.answers import File, file_response
from publish.base import known_base
from publish.columns import is_key, shown
from publish.export.listing import LISTING_FORMATS, Column, Group, Listing
from publish.export.stamp import read_stamp
from publish.file_names import download_name
from publish.sentences import shorten
from publish.stock import conditions, heading, relation_words, title, words
from publish.words import number

FORMS = ("docx", "xlsx")
Described = Mapping[str, str] | None
"""Descriptions of the columns of a table; None for a query."""
_ROOM = 252
"""Millimetres across a page of Word."""
_MOST_COLUMNS = 9
_NARROW, _WORD, _LETTER = 14.0, 34.0, 2.1
"""Millimetres of the narrowest column, of the longest word that is kept whole, and of a letter."""
_HEADING = 80
_LETTERS = 1200
"""Letters of a cell in Word: whole texts are for the page of the document."""
_FOR_PROGRAMS = frozenset(
    {"rowid", "id", "khoa", "khong_dau", "so_tim", "bat_dau", "ket_thuc", "uid", "sap_xep", "cap"}
)
"""Columns that nobody reads on paper."""
_RELATIONS = {(t.name, c.name) for t in TABLES for c in t.columns if c.references == "loai_quan_he"}


def renderers(datasette: Any) -> list[dict[str, Any]]:
    """Return what Datasette asks of the hook: an ending, what makes the file, and where it is offered."""

    def ours(database: str) -> bool:
        base = known_base(datasette)
        return base is not None and base.name == database

    def as_json(args: Any, data: Any, view_name: str, database: str) -> Any:
        return json_renderer(args, _without_keys(data) if ours(database) else data, view_name)

    made: list[dict[str, Any]] = [{"extension": "json", "render": as_json}]
    for form in FORMS:
        made.append({
            "extension": form, "render": _file(datasette, form),
            "can_render": lambda database, columns: bool(columns) and ours(database),
        })  # fmt: skip
    return made


def _without_keys(data: Mapping[str, Any]) -> dict[str, Any]:
    columns = data.get("columns") or []
    kept = [n for n, name in enumerate(columns) if not is_key(name)]
    if len(kept) == len(columns):
        return dict(data)
    rows = [[tuple(row)[n] for n in kept] for row in data.get("rows") or []]
    return {**data, "columns": [columns[n] for n in kept], "rows": rows}


# --- Word and Excel -------------------------------------------------------------------------------


def _file(datasette: Any, form: str) -> Callable[..., Any]:
    async def render(
        columns: Sequence[str], rows: Sequence[Any], table: str | None, query_name: str | None, database: str,
        request: Any, view_name: str, data: Mapping[str, Any],
    ) -> Any:  # fmt: skip
        base = known_base(datasette)
        if base is None or base.name != database or not columns:
            return None
        described = datasette.table_metadata(database, table).get("columns") if table else None
        if query_name or not table:
            asked = await _asked_query(datasette, database, query_name, request, bool(data.get("truncated")))
        else:
            asked = (_asked_row if view_name == "row" else _asked_table)(request, data, table, described)
        listing = _listing(columns, rows, table, form, asked, described)
        today = date.today()
        stamp = await base.execute_fn(partial(read_stamp, as_of=today, documents=()))
        _, media_type, write = LISTING_FORMATS[form]
        content = await asyncio.to_thread(write, listing, stamp)
        words_ = " - ".join(filter(None, (listing.heading.capitalize(), listing.subject)))
        return file_response(File(content, media_type, download_name(words_, today, f".{form}")))

    return render


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked, in words: ``name`` of the table or query, ``subject`` its conditions, ``count`` of all rows."""

    name: str
    subject: str
    count: int | None
    cut: bool
    upright: bool = False


def _asked_table(request: Any, data: Mapping[str, Any], table: str, described: Described) -> _Asked:
    args = request.args
    given = [(name, value) for name in args if not name.startswith("_") for value in args.getlist(name)]
    filters = Filters(sorted(given), {}, None)
    said = conditions(
        filters, described, args, args.get("_sort") or "", args.get("_sort_desc") or ""
    ).strip(" ,")  # fmt: skip
    return _Asked(title(table), said, data.get("filtered_table_rows_count"), bool(data.get("next")))


def _asked_row(request: Any, data: Mapping[str, Any], table: str, described: Described) -> _Asked:
    keys = ", ".join(str(value) for value in data.get("primary_key_values") or ())
    return _Asked(title(table), keys, 1, False, upright=True)


async def _asked_query(datasette: Any, database: str, name: str | None, request: Any, cut: bool) -> _Asked:
    query = await datasette.get_canned_query(database, name, request.actor) if name else None
    names = words()["parameters"]
    said = "; ".join(
        f"{names.get(given, given).partition(' (')[0]}: {request.args[given]}"
        for given in request.args if not given.startswith("_") and given != "sql" and request.args[given]
    )  # fmt: skip
    return _Asked((query or {}).get("title") or name or "Câu hỏi", said, None, cut)


def _listing(
    columns: Sequence[str], rows: Sequence[Any], table: str | None, form: str, asked: _Asked, described: Described
) -> Listing:  # fmt: skip
    visible = [n for n, name in enumerate(columns) if not is_key(name)]
    cells = [[_cell(tuple(row)[n], columns[n], table) for n in visible] for row in rows]
    heads = [heading(columns[n], described, _HEADING) for n in visible]
    lines, notes = [_counted(asked, len(rows))], []
    if asked.upright:
        pairs = tuple((head, value) for head, value in zip(heads, cells[0] if cells else [], strict=False))
        return Listing(
            asked.name.upper(), asked.subject, (Column("Cột", 60), Column("Nội dung", _ROOM - 60)),
            (Group("", pairs),) if pairs else (),
        )  # fmt: skip
    if form == "docx":
        kept = _readable([columns[n] for n in visible], cells)
        if left := [head for n, head in enumerate(heads) if n not in kept]:
            notes.append(f"Bảng Word không có các cột: {'; '.join(left)}. Tệp Excel, CSV có đủ.")
        heads, cells = [heads[n] for n in kept], [[shorten(row[n], _LETTERS) for n in kept] for row in cells]
    widths = _widths(heads, cells)
    return Listing(
        asked.name.upper(), asked.subject, tuple(map(Column, heads, widths)),
        (Group("", tuple(map(tuple, cells))),) if cells else (), tuple(lines), tuple(notes),
    )  # fmt: skip


def _counted(asked: _Asked, here: int) -> str:
    if not asked.cut:
        return f"Số dòng: {number(here)}."
    of = f" trong {number(asked.count)} dòng" if asked.count else ", còn nữa chưa có ở đây"
    return f"Chỉ gồm {number(here)} dòng đầu{of}. Hãy lọc bớt, hoặc tải CSV để có đủ."


def _cell(value: Any, column: str, table: str | None) -> str:
    """Return a value as the page shows it."""
    if isinstance(value, dict):  # a foreign key with the name of what it refers to
        value = value["label"] if (table, column) not in _RELATIONS else value["value"]
    if (table, column) in _RELATIONS:
        value = relation_words().get(value, value)
    return "" if value is None or value == "" else shown(value, column)


def _readable(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns that a page of Word has room for: those that say something, in their order."""
    told = [n for n in range(len(columns)) if any(row[n] for row in cells)] or list(range(len(columns)))
    people = [n for n in told if columns[n] not in _FOR_PROGRAMS] or told
    return people[:_MOST_COLUMNS]


def _widths(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int]:
    """Return widths that together fill the page: room for the longest word of a column, the rest by its letters."""
    sample = cells[:200]
    least, more = [], []
    for n, head in enumerate(heads):
        longest = max(len(word) for row in ([head], *([row[n]] for row in sample)) for word in (row[0].split() or [""]))
        least.append(min(_WORD, max(_NARROW, longest * _LETTER + 4)))
        more.append(sum(min(len(row[n]), 300) for row in sample) / max(1, len(sample)))
    room = max(0.0, _ROOM - sum(least))
    share = min(1.0, _ROOM / max(1.0, sum(least)))
    return [int(low * share + room * wish / max(1.0, sum(more))) for low, wish in zip(least, more, strict=True)]
