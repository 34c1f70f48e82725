"""From an address to an answer: routes, the values a page gets, and the kinds of answer it gives."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from publish.base import Base, find_base, open_for
from publish.links import Links

TEMPLATES = Path(__file__).parent / "templates"
PREFIX = "cancu"
"""Our templates are asked for as "cancu/home.html", so that they hide nobody else's."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a page is asked: parts of the path, values after "?", and the maker of addresses."""

    parts: Mapping[str, str]
    values: Mapping[str, str]
    links: Links


@dataclass(frozen=True, slots=True)
class Page:
    """A page: template, its context, HTTP status."""

    template: str
    context: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class File:
    """A file: content, media type, the name under which it is saved ("" shows it in the browser)."""

    content: bytes
    media_type: str
    name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Redirect:
    """Another address to go to."""

    location: str


Answer = Page | File | Redirect
View = Callable[[Base, Ask], Answer]


def routes() -> list[tuple[str, Any]]:
    """Return the routes of our pages for Datasette: (regular expression, async view)."""
    from publish.pages import asset, document, download, drawing, home, impact, search, task

    node = r"(?:van-ban/(?P<document>[^/]+)|nhiem-vu/(?P<plan>[^/]+)/(?P<code>[^/]+))"
    views: tuple[tuple[str, View], ...] = (
        (r"/$", home.page),
        (r"/van-ban/(?P<document>[^/]+)$", document.page),
        (r"/nhiem-vu/(?P<plan>[^/]+)/(?P<code>[^/]+)$", task.page),
        (r"/tim$", search.page),
        (r"/truy-vet$", impact.page),
        (r"/so-do/ke-hoach/(?P<whole>[^/]+)$", drawing.page),
        (rf"/so-do/{node}$", drawing.page),
        (r"/so-do-khung/ke-hoach/(?P<whole>[^/]+)$", drawing.picture),
        (rf"/so-do-khung/{node}$", drawing.picture),
        (r"/xuat/(?P<form>[a-z]+)/kho$", download.page),
        (rf"/xuat/(?P<form>[a-z]+)/{node}$", download.page),
    )
    return [*((regex, _view(view)) for regex, view in views), (r"/tinh/(?P<name>[^/]+)$", _asset(asset.page))]


def _view(view: View) -> Any:
    async def answer_request(datasette: Any, request: Any) -> Any:
        database = await find_base(datasette)
        if database is None:
            return await _stock(datasette, request)
        if request.method not in ("GET", "HEAD"):
            return await problem(datasette, 405)
        parts = {name: unquote(value) for name, value in request.url_vars.items() if value is not None}
        values = {name: request.args.get(name) or "" for name in request.args}
        ask = Ask(parts, values, links_of(datasette, database))
        return await respond(datasette, await database.execute_fn(partial(_call, view, database, ask)), ask.links)

    return answer_request


def _asset(view: Callable[[str], File | None]) -> Any:
    async def answer_request(datasette: Any, request: Any) -> Any:
        if await find_base(datasette) is None:
            return await _stock(datasette, request)
        file = view(unquote(request.url_vars["name"]))
        return await problem(datasette, 404) if file is None else _file(file)

    return answer_request


def _call(view: View, database: Any, ask: Ask, connection: sqlite3.Connection) -> Answer:
    base = open_for(database, connection)
    answer = view(base, ask)
    if isinstance(answer, Page):  # every page says where its facts come from
        context = {"sources": base.sources(), **answer.context, "facts": base.facts}
        return Page(answer.template, context, answer.status)
    return answer


async def _stock(datasette: Any, request: Any) -> Any:
    """Answer as if we were not here: a foreign database keeps Datasette's own first page."""
    from datasette.utils.asgi import NotFound
    from datasette.views.index import IndexView

    if request.url_vars or request.path.rstrip("/") != datasette.setting("base_url").rstrip("/"):
        raise NotFound("404")
    request.scope["url_route"]["kwargs"] = {"format": None}
    return await IndexView(datasette).get(request)


def links_of(datasette: Any, database: Any) -> Links:
    """Return the maker of addresses for the place where ``datasette`` hangs."""
    return Links(str(datasette.setting("base_url")), str(datasette.urls.database(database.name)))


async def respond(datasette: Any, answer: Answer, links: Links) -> Any:
    """Return an answer as a response of Datasette."""
    from datasette import Response

    if isinstance(answer, Redirect):
        return Response.redirect(answer.location)
    if isinstance(answer, File):
        return _file(answer)
    template = datasette.jinja_env.get_template(f"{PREFIX}/{answer.template}")
    html = await template.render_async({"links": links, "sources": [], "facts": {}, **answer.context})
    return Response.html(html, status=answer.status)


def _file(file: File) -> Any:
    from datasette import Response

    headers = dict(file.headers)
    if file.name:
        headers["Content-Disposition"] = disposition(file.name)
    return Response(file.content, headers=headers, content_type=file.media_type)


def disposition(name: str) -> str:
    """Return the header that names a download: ASCII for old programs, the true name after RFC 5987."""
    from extract.text import plain

    stem, dot, suffix = name.rpartition(".")
    fallback = f"{plain(stem).replace(' ', '-') or 'can-cu'}{dot}{suffix}"
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"


async def problem(datasette: Any, status: int, detail: str = "") -> Any:
    """Return our page for an error: what happened and what to do, in Vietnamese."""
    from publish.pages.problem import page

    database = await find_base(datasette)
    links = links_of(datasette, database) if database else Links(str(datasette.setting("base_url")))
    return await respond(datasette, page(status, detail), links)
