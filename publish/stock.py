"""Datasette's own pages in Vietnamese: frame, words, cells that lead to our pages, and errors.

Datasette has no translations, so its templates are read through a loader that replaces exact pieces
of them (``stock_words.json``); a piece that a new version of Datasette no longer has is simply not
replaced, and a test tells. Only where a base of ours is served; a foreign database keeps its pages.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path, PureWindowsPath
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader
from markupsafe import Markup, escape

from extract.text import plain
from graph.alphabet import alphabet_key
from graph.relations import relation_rows
from graph.schema import TABLES, VIEWS
from graph.words import vietnamese_date
from publish.answers import PREFIX, TEMPLATES, links_of
from publish.base import find_base, is_known, known_base, open_for
from publish.columns import is_date, is_key, shown, sorted_column, typed
from publish.export.clean import clean
from publish.export.listing import LISTING_FORMATS
from publish.problems import problem
from publish.sentences import whole
from publish.words import number

_REPLACED = {"base.html": "stock_base.html", "error.html": "stock_error.html"}
_COLUMNS = {t.name: {c.name: c.description for c in t.columns} for t in TABLES}
_LOGIN = "password_login.html"  # of the plugin datasette-auth-passwords
_TITLES = {t.name: (t.title, t.description) for t in TABLES} | {name: view[:2] for name, view in VIEWS.items()}


@cache
def words() -> dict[str, dict[str, str]]:
    """Return the catalogue: template (or kind of words) -> English piece -> Vietnamese piece."""
    text = (Path(__file__).parent / "stock_words.json").read_text(encoding="utf-8")
    catalogue: dict[str, dict[str, str]] = json.loads(text)
    return catalogue


def translate(name: str, source: str) -> str:
    """Return the source of the template (or script) ``name`` with its pieces in Vietnamese."""
    for english, vietnamese in words().get(name, {}).items():
        source = source.replace(english, vietnamese)
    return source


def stock_script(name: str) -> str:
    """Return a script of Datasette with its words in Vietnamese."""
    import datasette

    return translate(name, (Path(datasette.__file__).parent / "static" / name).read_text(encoding="utf-8"))


class Loader(BaseLoader):
    """Finds our templates under "cancu/", and gives Datasette's own in Vietnamese."""

    def __init__(self, stock: BaseLoader) -> None:
        """``stock`` is the loader that Datasette made."""
        self._stock = stock
        self._ours = FileSystemLoader(TEMPLATES)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return (source, file, is it up to date) as Jinja asks."""
        if template.startswith(f"{PREFIX}/"):
            return self._ours.get_source(environment, template.removeprefix(f"{PREFIX}/"))
        if template == _LOGIN:
            return self._ours.get_source(environment, "login.html")
        source, file, fresh = self._stock.get_source(environment, template)
        if file is None or Path(file).parent.parent.name != "datasette":
            return source, file, fresh  # somebody's own template: left as it is
        if template in _REPLACED:
            return self._ours.get_source(environment, _REPLACED[template])
        return translate(template, source), file, fresh

    def list_templates(self) -> list[str]:
        """Return the names of all templates."""
        return [*self._stock.list_templates(), *(f"{PREFIX}/{name}" for name in self._ours.list_templates())]


def prepare_templates(env: Environment, datasette: Any) -> Callable[[], Any]:
    """Return the step that prepares Jinja once Datasette's databases are known."""

    async def prepare() -> None:
        if await find_base(datasette) is None or env.loader is None:
            return
        env.loader = Loader(env.loader)
        env.finalize = _visible
        env.filters.update(
            cancu_date=vietnamese_date, cancu_number=number, cancu_file=lambda path: PureWindowsPath(path).name,
            cancu_class=lambda kind: plain(kind).replace(" ", "-"),
            cancu_title=title,
            cancu_about=lambda name: _TITLES.get(name, ("", ""))[1], cancu_asked=conditions, cancu_kind=kind,
            cancu_column=lambda name, table: heading(name, _COLUMNS.get(table) or {name: ""}), cancu_shown=shown,
            cancu_typed=typed, cancu_sorted=sorted_column, cancu_is_key=is_key,
            cancu_order=lambda names: sorted(names, key=alphabet_key),
            cancu_lookup=lambda key, display: words()["lookups"].get(key, display),
            cancu_parameter=lambda name: words()["parameters"].get(name, name), cancu_whole=whole,
            cancu_heading=heading, cancu_rows=_rows, cancu_answers=_answers,
            cancu_form=lambda form: LISTING_FORMATS.get(form, (form.upper(),))[0],
        )  # fmt: skip

    return prepare


def _visible(value: Any) -> Any:
    """Return what a page prints without the characters that break it or turn its letters round."""
    if not isinstance(value, str) or value.isprintable():  # what breaks a page or turns it round is not printable
        return value
    return type(value)(clean(value))


def _rows(rows: Iterable[Iterable[Mapping[str, Any]]]) -> Markup:
    """Return the body of a table page: what Datasette's template says cell by cell, a thousand times, at once."""
    return _body(
        [(f"col-{_css(cell['column'])} type-{cell['value_type']}", cell["value"]) for cell in row
         if not is_key(cell["column"])]
        for row in rows
    )  # fmt: skip


def _answers(rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> Markup:
    """Return the body of the answer to a query, as :func:`_rows` does."""
    classes = [f"col-{_css(column)}" for column in columns]
    return _body(zip(classes, row, strict=True) for row in rows)


def _body(rows: Iterable[Iterable[tuple[str, Any]]]) -> Markup:
    lines = ("".join([f'<td class="{name}">{escape(_visible(value))}</td>' for name, value in row]) for row in rows)
    return Markup("".join([f"<tr>{cells}</tr>\n" for cells in lines]))


@cache
def _css(column: str) -> str:
    from datasette.utils import to_css_class

    return str(escape(to_css_class(column)))


def frame_values(datasette: Any, request: Any) -> Any:
    """Return what the frame of a stock page needs: addresses, sources, facts."""
    database = known_base(datasette)
    if database is None:
        return {}

    async def values() -> dict[str, Any]:
        def read(connection: Any) -> dict[str, Any]:
            base = open_for(connection)
            return {"cancu_sources": base.sources(), "cancu_facts": base.facts}

        return {"cancu_links": links_of(datasette, database, request), **await database.execute_fn(read)}

    return values


_HEADING = 26  # letters that still stand well over a column

# --- words of a table page --------------------------------------------------------------------------


def heading(name: str, columns: Mapping[str, str] | None, most: int = _HEADING) -> str:
    """Return the short Vietnamese name of a column: its description up to the first explanation.

    Without ``columns`` it is a column of a named query; a description of more than ``most`` letters gives way to a name
    of the catalogue.
    """
    described = re.split(r" \(|: |; ", (columns or {}).get(name, ""))[0]
    return described if 0 < len(described) <= most else words()["headings"].get(name, described or name)


def conditions(filters: Any, columns: Mapping[str, str] | None, args: Any, sort: str = "", down: str = "") -> str:
    """Return what a table page was asked, in words: filters, search, order; columns by their Vietnamese names."""
    patterns = words()["conditions"]
    said = [
        patterns["search"].format(v=args[name], c=heading(name.removeprefix("_search_"), columns) if "_search_" in name
                                  else words()["table"]["any column"])
        for name in args if name.startswith("_search") and name != "_searchmode" and args[name]
    ]  # fmt: skip
    said += [patterns["through"] for name in args if name == "_through"]
    for column, lookup, value in filters.selections():
        if lookup in patterns:
            said.append(patterns[lookup].format(c=heading(column, columns), v=typed(value, column)))
    found = f"{words()['table']['where']} {'; '.join(said)}" if said else ""
    key = sorted_column(sort or down, columns or ())
    if not key:
        return found
    order = words()["table"]["down" if down else "up"].format(c=heading(key, columns))
    return f"{found}, {order}" if found else order


def title(name: str) -> str:
    """Return the Vietnamese name of a table or view."""
    return _TITLES.get(name, (name,))[0]


def kind(sql: str) -> str:
    """Return the type of a column in words: "TEXT" -> "chữ"."""
    return words()["types"].get(sql.upper(), sql)


# --- cells ----------------------------------------------------------------------------------------

_NAMES = ("nhan", "ma")


_NONE = Markup('<span class="none">--</span>')


def _referring(*tables: str) -> set[tuple[str, str]]:
    return {(t.name, c.name) for t in TABLES for c in t.columns if c.references in tables}


_RELATIONS, _DOERS = _referring("loai_quan_he"), _referring("don_vi")
_REFERRING = _referring("van_ban", "muc", "nhiem_vu", "loai_quan_he", "don_vi")


def cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Markup | None:
    """Return a cell as people read it: names as links to their pages, dates, "--" for nothing; None for all others."""
    empty = value is None or value == ""
    named = column in _NAMES or (table, column) in _REFERRING or (table is None and column == "id")
    dated = is_date(column) or column == "ung_vien" or table == "thong_tin"
    if not (empty or named or dated):  # most of the thousand cells of a page
        return None
    if not is_known(datasette, database):
        return None
    if empty:
        return _NONE
    if dated:
        return escape(shown(value, column if table != "thong_tin" else str(row["ten"])))
    base = known_base(datasette)
    node, label = (value["value"], value["label"]) if isinstance(value, dict) else (value, value)
    links = links_of(datasette, base)
    if (table, column) in _RELATIONS:  # their codes are English; people know a relation by its words
        return _link(links.table(f"loai_quan_he/{node}"), relation_words().get(label, label))
    if (table, column) in _DOERS:
        return _link(links.doer(str(node)), label)
    if column in _NAMES:  # a name stands for the row it is in, by the row's id
        node = row["id"] if "id" in row.keys() else None  # noqa: SIM118 – a row of SQLite has no "in"
        node = node["value"] if isinstance(node, dict) else node
    if not isinstance(node, str):
        return None
    return _link(_unit_url(links, node) if "#" in node else links.document(node), label)


@cache
def relation_words() -> dict[str, str]:
    """Return the words of every relation by its code, read from the citing document."""
    return {row["id"]: row["doc_xuoi"] for row in relation_rows()}


def _link(url: str, label: Any) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url, label)


def _unit_url(links: Any, unit: str) -> str:
    """A unit is shown in the text of its document: not every unit has a page of its own."""
    document, _, code = unit.partition("#")
    return str(links.document(document, code))


# --- errors ---------------------------------------------------------------------------------------


def explain(datasette: Any, request: Any, exception: Exception) -> Any:
    """Return our page for an error, None where Datasette's own answer stands (JSON, foreign database)."""
    if known_base(datasette) is None or request.path.endswith((".json", ".jsono", ".csv")):
        return None
    if request.method not in ("GET", "HEAD"):
        return problem(datasette, 405)
    status = int(getattr(exception, "status", 500))
    said = str(getattr(exception, "message", exception))
    reason = next((words_ for piece, words_ in words()["errors"].items() if piece in said), "")
    if status == 500 and (reason or isinstance(exception, json.JSONDecodeError)):
        status = 400  # Datasette calls some wrong addresses faults of its own
    if type(exception) is sqlite3.DatabaseError:  # not one of its kinds: pages of the file are not what they were
        status = 503
    return problem(datasette, status, reason)
