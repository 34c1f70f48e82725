"""The page "Thêm văn bản": files are sent, looked at, confirmed; each step works without a script too."""

from __future__ import annotations

import json
from typing import Any

from extract.read.intake import MAX_BYTES
from extract.read.sniff import SUFFIXES
from graph.words import INFERRED
from publish.answers import Answer, File, Page, Redirect
from publish.desk import Desk, State, Text, Waiting
from publish.links import Links
from publish.received import DeskError
from publish.upload import MOST_FILES, MOST_TOTAL, read_form, receive_files

_SHOWN_TEXTS = 20
_MEGA = 1024 * 1024
_FIELDS = (
    ("Tên loại", "type"), ("Số, ký hiệu", "number"), ("Ngày ban hành", "date"), ("Cơ quan ban hành", "issuer"),
    ("Trích yếu", "title"),
)  # fmt: skip


async def page(desk: Desk, request: Any, links: Links) -> Answer:
    """Return the page, or take the files that its form sends."""
    if request.method == "POST":
        desk.clear_messages()
        await receive_files(request, desk)
        desk.read()
        return Redirect(links.adding())
    desk.open()
    state = desk.state()
    added = state.outcome.added if state.outcome else ()
    return Page(
        "adding.html",
        {
            "token": request.scope["csrftoken"](), "state": state, "busy": _busy(state), "folder": desk.folder.name,
            "ready": [_shown(w) for w in state.waiting if w.read and w.texts],
            "unreadable": [w for w in state.waiting if w.read and not w.texts],
            "unread": [w for w in state.waiting if not w.read],
            "can_add": any(w.may_be_added for w in state.waiting),
            "added": [(links.document(document), name) for document, name in added],
            "endings": ",".join(s for kind in SUFFIXES.values() for s in kind if s),
            "most_files": MOST_FILES, "most_bytes": MAX_BYTES, "most_total": MOST_TOTAL,
            "most_mb": MAX_BYTES // _MEGA, "total_mb": MOST_TOTAL // _MEGA,
        },
    )  # fmt: skip


async def decide(desk: Desk, request: Any, links: Links) -> Answer:
    """Add the files that were ticked, or take one off the list."""
    if request.method != "POST":
        return Redirect(links.adding())
    values = await read_form(request)
    desk.clear_messages()
    try:
        if aside := values.get("bo", [""])[0]:
            desk.put_aside(aside)
        else:
            desk.add(values.get("tep", []))
    except DeskError as error:
        desk.tell("", str(error), "")
    return Redirect(links.adding())


async def progress(desk: Desk, request: Any, links: Links) -> Answer:
    """Return how far the work is, as JSON for the script of the page."""
    state = desk.state()
    doing = state.doing
    values = {
        "dang_lam": _busy(state), "viec": doing.task if doing else "", "cau": doing.words if doing else "",
        "xong": doing.done if doing else 0, "tong": doing.total if doing else 0, "cho": max(0, state.pending - 1),
    }  # fmt: skip
    return File(
        json.dumps(values, ensure_ascii=False).encode(), "application/json; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )  # fmt: skip


def _busy(state: State) -> bool:
    return state.pending > 0


def _shown(waiting: Waiting) -> dict[str, Any]:
    return {
        "file": waiting, "texts": [_facts(text) for text in waiting.texts[:_SHOWN_TEXTS]],
        "left": max(0, len(waiting.texts) - _SHOWN_TEXTS), "is_folder": waiting.texts[0].shown != waiting.name,
    }  # fmt: skip


def _facts(text: Text) -> dict[str, Any]:
    own = text.document
    values = {
        "type": own.type,
        "number": text.number,
        "date": own.date,
        "issuer": own.issuer,
        "title": own.title,
    }
    if values["number"].startswith(("/", "-")):
        values["number"] = f"…{values['number']} (để trống số)"
    lines = [(words, name, values[name], name in own.inferred and name in INFERRED) for words, name in _FIELDS]
    return {"text": text, "lines": lines}
