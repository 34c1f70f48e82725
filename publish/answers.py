"""What a page is asked and the kinds of answer it gives, and how an answer goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from publish.columns import TYPED
from publish.links import Links

TEMPLATES = Path(__file__).parent / "templates"
PREFIX = "cancu"
"""Our templates are asked for as "cancu/home.html", so that they hide nobody else's."""
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
"""Content-Security-Policy of our pages: what a text smuggles in never runs, because nothing inline does."""


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


def links_of(datasette: Any, database: Any, request: Any = None) -> Links:
    """Return the maker of addresses for the place where ``datasette`` hangs, for who asks."""
    actor = getattr(request, "actor", None) or {}
    desk = getattr(database, "desk", None)
    root = str(datasette.setting("base_url"))
    return Links(
        root,
        str(datasette.urls.database(database.name)),
        desk is not None,
        str(actor.get("id", "")),
        here=_address(root, request),
        notice=desk.notice() if desk is not None else "",
    )


def _address(root: str, request: Any) -> str:
    """Return the address of a page that was asked for, under ``root`` though a server in front may have cut it off."""
    if request is None or request.method not in ("GET", "HEAD"):
        return ""
    raw = (request.scope.get("raw_path") or request.path.encode("utf-8")).partition(b"?")[0].decode("latin-1")
    path = quote(raw, safe="/~%:@!$&'()*+,;=")
    path = path if path.startswith(root) else f"{root}{path.lstrip('/')}"
    asked = request.scope.get(TYPED, request.scope.get("query_string") or b"").decode("latin-1")
    return f"{path}?{asked}" if asked else path


async def respond(datasette: Any, answer: Answer, links: Links) -> Any:
    """Return an answer as a response of Datasette."""
    from datasette import Response

    if isinstance(answer, Redirect):
        return Response.redirect(answer.location)
    if isinstance(answer, File):
        return file_response(answer)
    template = _plain_jinja(datasette.jinja_env).get_template(f"{PREFIX}/{answer.template}")
    html = template.render({"links": links, "sources": None, "facts": {}, **answer.context})
    return Response.html(html, status=answer.status, headers={"content-security-policy": POLICY})


_plain_of: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def _plain_jinja(environment: Any) -> Any:
    """Return Datasette's Jinja without its waiting at every macro, which ours have no need of: half the time."""
    if environment not in _plain_of:
        _plain_of[environment] = environment.overlay(enable_async=False)
    return _plain_of[environment]


def file_response(file: File) -> Any:
    """Return a file as a response of Datasette, saved under its name when it has one."""
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
