"""What went wrong, as a page in Vietnamese: for our own routes and for Datasette's."""

from __future__ import annotations

from typing import Any

from publish.answers import links_of, respond
from publish.base import find_base
from publish.links import Links
from publish.pages.problem import page


async def problem(datasette: Any, status: int, detail: str = "") -> Any:
    """Return our page for an error: what happened and what to do, in Vietnamese."""
    database = await find_base(datasette)
    links = links_of(datasette, database) if database else Links(str(datasette.setting("base_url")))
    return await respond(datasette, page(status, detail), links)
