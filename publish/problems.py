"""What went wrong, as a page in Vietnamese: for our own routes and for Datasette's."""

from __future__ import annotations

from typing import Any

from publish.answers import links_of, respond
from publish.base import find_base
from publish.links import Links
from publish.pages.problem import page


async def closed(datasette: Any, request: Any) -> Any:
    """Answer a request that is not allowed: who has not signed in is led to the login, where there is one."""
    from datasette import Response

    accounts = datasette.plugin_config("datasette-auth-passwords")
    if accounts and not request.actor and request.method in ("GET", "HEAD"):
        return Response.redirect(datasette.urls.path("/-/login"))
    return await problem(datasette, 403)


async def problem(datasette: Any, status: int, detail: str = "") -> Any:
    """Return our page for an error: what happened and what to do, in Vietnamese."""
    database = await find_base(datasette)
    links = links_of(datasette, database) if database else Links(str(datasette.setting("base_url")))
    return await respond(datasette, page(status, detail), links)
