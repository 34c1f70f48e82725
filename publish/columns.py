"""Columns of the stock tables: their names for people, their values on screen, and what stands for them in the base.

People sort by a name or a number and type dates as dd/mm/yyyy; the base holds keys of order and ISO dates. A request is
turned on its way in (:func:`asked`), a value on its way out (:func:`shown`).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlencode
from weakref import WeakKeyDictionary

from graph.schema import KEY_SUFFIX, TABLES, VIEWS, key_column
from graph.words import vietnamese_date

NUMBER, NUMBER_KEY = "so_ky_hieu", "sap_xep"
_DAYS = frozenset({"ngay", "tu_ngay", "hieu_luc_tu", "het_hieu_luc"})
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?P<time>[ T]\d\d:\d\d(?::\d\d)?)?Z?")
_ISO_WITHIN = re.compile(r"(?<![\w/-])\d{4}-\d\d-\d\d(?![\w/-])")
_TYPED = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})")
FILES = (".docx", ".xlsx")
TYPED = "cancu_asked"
"""Where a request keeps the query as people know it, for the address of its page."""
_OF_A_PAGE = ("_next", "_size", "_labels", "_facet", "_facet_date", "_facet_array", "_nofacet", "_nosuggest")
_COLUMN_OF_FILTER = re.compile(r"_filter_column(_\d+)?")


def is_date(column: str) -> bool:
    """Tell whether a column holds dates: "ngay_ban_hanh", "ngay"; a fact of the base ("ngay_dung") counts as one."""
    return column in _DAYS or column.startswith("ngay_")


def shown(value: Any, column: str) -> str:
    """Return a value as people read it: a date as dd/mm/yyyy, nothing as "--", everything else as it is."""
    if value is None or value == "":
        return "--"
    text = str(value)
    if is_date(column) and (date := _ISO.fullmatch(text)):
        return vietnamese_date(text[: date.end(3) if date[3] else date.end(2) if date[2] else 4]) + (date["time"] or "")
    if column == "ung_vien":
        return _ISO_WITHIN.sub(lambda iso: vietnamese_date(iso[0]), text)
    return text


def typed(value: str, column: str) -> str:
    """Return the value of a filter as a form shows it: a date as dd/mm/yyyy."""
    return shown(value, column) if value else value


def stored(value: str, column: str) -> str:
    """Return what the base holds for a typed value: "5/1/2024" in a column of dates -> "2024-01-05"."""
    date = _TYPED.fullmatch(value.strip()) if is_date(column) else None
    if date is None:
        return value
    day, month, year = date.groups()
    return "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])


# --- order ------------------------------------------------------------------------------------------


def key_of(table: str, column: str, known: Collection[str]) -> str:
    """Return the column to sort by when ``column`` is asked for, among the columns that ``table`` has."""
    if column == NUMBER and NUMBER_KEY in known:
        return NUMBER_KEY
    return key_column(column) if key_column(column) in known else column


def sorted_column(key: str | None, columns: Iterable[str]) -> str | None:
    """Return the column that people see sorted when the base sorts by ``key``."""
    if key == NUMBER_KEY and NUMBER in columns:
        return NUMBER
    return key.removesuffix(KEY_SUFFIX) if key else key


def is_key(column: str) -> bool:
    """Tell whether a column holds nothing but keys of order."""
    return column.endswith(KEY_SUFFIX)


def asked(table: str, query: str, known: Collection[str]) -> str:
    """Return the query of a table's address in terms of the base: keys of order for names, ISO for dates."""
    pairs = parse_qsl(query, keep_blank_values=True)
    filters = {m[1] or "": value for name, value in pairs if (m := _COLUMN_OF_FILTER.fullmatch(name))}
    turned = []
    for name, value in pairs:
        if name in ("_sort", "_sort_desc"):
            value = key_of(table, value, known)
        elif name.startswith("_filter_value"):
            value = stored(value, filters.get(name.removeprefix("_filter_value"), ""))
        elif not name.startswith("_"):
            value = stored(value, name.rpartition("__")[0] or name)
        turned.append((name, value))
    return urlencode(turned) if turned != pairs else query


_known: WeakKeyDictionary[Any, Mapping[str, frozenset[str]]] = WeakKeyDictionary()


async def ask_in_terms_of_the_base(datasette: Any, database: Any, scope: MutableMapping[str, Any]) -> None:
    """Turn the query of a request for a table of ``database``, :func:`asked` of people, into what the base knows."""
    root = str(datasette.setting("base_url")).rstrip("/")
    place = str(datasette.urls.database(database.name)).removeprefix(root) + "/"
    path = str(scope["path"]).removeprefix(root)  # a server in front may have stripped it already
    if not path.startswith(place) or not (scope.get("query_string") or path.endswith(FILES)):
        return
    table = path.removeprefix(place).partition(".")[0]
    if database not in _known:
        _known[database] = await database.execute_fn(columns_of)
    if known := _known[database].get(table):
        scope[TYPED] = scope["query_string"]
        query = asked(table, scope["query_string"].decode("latin-1"), known)
        scope["query_string"] = (whole_list(query) if path.endswith(FILES) else query).encode("latin-1")


def whole_list(query: str) -> str:
    """Return the query of a table for a file: from the first row on, as many as are given at once, names for ids."""
    pairs = [(n, v) for n, v in parse_qsl(query, keep_blank_values=True) if n not in _OF_A_PAGE]
    return urlencode([*pairs, ("_size", "max"), ("_labels", "on"), ("_nofacet", "1"), ("_nosuggest", "1")])


def columns_of(connection: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """Return the columns of every table and view that the base has, keys of order among them."""
    names = [*(table.name for table in TABLES), *VIEWS]
    found = {name: frozenset(row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')) for name in names}
    return {name: columns for name, columns in found.items() if columns}
