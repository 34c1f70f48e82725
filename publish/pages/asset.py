"""Style sheets and scripts, by a short list of names; nothing else of the disk can be asked for."""

from __future__ import annotations

from pathlib import Path

from publish.answers import File

_STATIC = Path(__file__).parent.parent / "static"
_SCRIPT = "text/javascript; charset=utf-8"
_OURS = {"cancu.css": "text/css; charset=utf-8", "pages.js": _SCRIPT, "them-van-ban.js": _SCRIPT}
_VIS = {"vis-network.min.js": "text/javascript; charset=utf-8", "vis-network.css": "text/css; charset=utf-8"}
# The file of ours may change with the next version of the program; that of pyvis is pinned.
_SHORT = {"Cache-Control": "max-age=300"}
_LONG = {"Cache-Control": "max-age=31536000"}


def page(name: str) -> File | None:
    """Return the file ``name``, None when it is not one of ours."""
    if name in _OURS:
        return File((_STATIC / name).read_bytes(), _OURS[name], headers=_SHORT)
    if name == "table.js":  # the column menu of Datasette's tables, in Vietnamese
        from publish.stock import stock_script

        return File(stock_script(name).encode(), "text/javascript; charset=utf-8", headers=_SHORT)
    if name in _VIS:
        from publish.draw import vis_asset

        return File(vis_asset(name), _VIS[name], headers=_LONG)
    return None
