"""Datasette's own pages in Vietnamese: frame, words, cells that lead to our pages, and errors.

Datasette has no translations, so its templates are read through a loader that replaces exact pieces
of them (``stock_words.json``); a piece that a new version of Datasette no longer has is simply not
replaced, and a test tells. Only where a base of ours is served; a foreign database keeps its pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path, PureWindowsPath
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader
from markupsafe import Markup

from extract.text import plain
from graph.schema import TABLES, VIEWS
from graph.words import vietnamese_date
from publish.answers import PREFIX, TEMPLATES, links_of
from publish.base import find_base, known_base, open_for
from publish.problems import problem
from publish.sentences import whole
from publish.words import number

_REPLACED = {"base.html": "stock_base.html", "error.html": "stock_error.html"}
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
        env.filters.update(
            cancu_date=vietnamese_date, cancu_number=number, cancu_file=lambda path: PureWindowsPath(path).name,
            cancu_class=lambda kind: plain(kind).replace(" ", "-"),
            cancu_title=lambda name: _TITLES.get(name, (name,))[0],
            cancu_about=lambda name: _TITLES.get(name, ("", ""))[1], cancu_filtered=filtered,
            cancu_lookup=lambda key, display: words()["lookups"].get(key, display),
            cancu_parameter=lambda name: words()["parameters"].get(name, name), cancu_whole=whole,
            cancu_heading=heading,
        )  # fmt: skip

    return prepare


def frame_values(datasette: Any) -> Any:
    """Return what the frame of a stock page needs: addresses, sources, facts."""
    database = known_base(datasette)
    if database is None:
        return {}

    async def values() -> dict[str, Any]:
        def read(connection: Any) -> dict[str, Any]:
            base = open_for(connection)
            return {"cancu_sources": base.sources(), "cancu_facts": base.facts}

        return {"cancu_links": links_of(datasette, database), **await database.execute_fn(read)}

    return values


# --- words of a table page --------------------------------------------------------------------------


def heading(name: str, columns: Mapping[str, str] | None) -> str:
    """Return the short Vietnamese name of a column: its description up to the first explanation.

    Without ``columns`` it is a column of a named query.
    """
    if not columns:
        return words()["headings"].get(name, name)
    return re.split(r" \(|: |; ", columns.get(name, ""))[0] or name


def filtered(sentence: str, columns: Mapping[str, str] | None) -> str:
    """Return Datasette's "where … sorted by …" in Vietnamese, columns by their Vietnamese names."""
    said = translate("filtered", sentence)
    for name in sorted(columns or (), key=len, reverse=True):
        said = re.sub(rf"(?:(?<=^với )|(?<= và )|(?<=, )|(?<=sắp theo )){name}\b", heading(name, columns), said)
    return said


# --- cells ----------------------------------------------------------------------------------------

_NAMES = ("nhan", "ma")
_REFERENCES = {(t.name, c.name) for t in TABLES for c in t.columns if c.references in ("van_ban", "muc", "nhiem_vu")}


def cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Markup | None:
    """Return a cell that names a document or a unit as a link to its page, None for all other cells."""
    named = column in _NAMES or (table, column) in _REFERENCES or (table is None and column == "id")
    if not named or not value:  # most of the thousand cells of a page
        return None
    base = known_base(datasette)
    if base is None or base.name != database:
        return None
    node, label = (value["value"], value["label"]) if isinstance(value, dict) else (value, value)
    if column in _NAMES:  # a name stands for the row it is in, by the row's id
        node = row["id"] if "id" in row.keys() else None  # noqa: SIM118 – a row of SQLite has no "in"
        node = node["value"] if isinstance(node, dict) else node
    if not isinstance(node, str):
        return None
    links = links_of(datasette, base)
    url = _unit_url(links, node) if "#" in node else links.document(node)
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
    status = int(getattr(exception, "status", 500))
    return problem(datasette, status, str(exception) if status not in (404, 500) else "")
