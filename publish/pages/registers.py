"""Danh mục đã nhập: which lists the register holds, who imported them and when, and what each import brought."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from extract.identity import search_key
from graph import files
from graph.decisions.known import moment_of
from graph.register.cells import CellError, number_of
from graph.register.history import REMOVED, Event
from graph.register.model import ListFacts, RegisterError
from graph.register.store import event, lists_of, past
from graph.words import vietnamese_date
from publish.answers import Answer, Ask, Page, Redirect
from publish.base import Base, Row
from publish.desk import Desk
from publish.links import Links
from publish.pages import problem
from publish.sentences import ref
from publish.upload import read_form
from publish.validities import as_of, show, shown

_MOST_EVENTS, _SHOWN_PROBLEMS, _MOST_ROWS = 50, 200, 50


def page(base: Base, ask: Ask) -> Answer:
    """Return the lists, what was done to them, one import in full (``lan``), the rows of a number (``so``)."""
    register = _register(base)
    fault = ""
    lists: tuple[ListFacts, ...] = ()
    events: tuple[Event, ...] = ()
    told: Event | None = None
    try:
        lists, events = lists_of(register), past(register, _MOST_EVENTS)
        number = ask.values.get("lan", "")
        told = event(register, int(number)) if number.isdecimal() and len(number) < 10 else None
    except RegisterError as error:
        fault = str(error)
    asked = ask.values.get("so", "").strip()[:200]
    people: dict[str, str] = {}
    for one in reversed(events):
        people[one.source] = one.person
    return Page(
        "registers.html",
        {
            "fault": fault, "asked": asked, "found": _found(base, ask, asked), "as_of": as_of(ask.values),
            "lists": [_list(facts, people, ask.links) for facts in lists],
            "events": [_event(one, ask.links) for one in events],
            "told": _event(told, ask.links) if told else None,
            "problems": told.problems[:_SHOWN_PROBLEMS] if told else (),
            "removed": told is not None and told.done == REMOVED, "still": ask.values.get("con", "") != "",
        },
    )  # fmt: skip


async def remove(desk: Desk, request: Any, links: Links) -> Answer:
    """Return the page that asks why a list is to be taken out, or take it out."""
    source = request.args.get("ten") or ""
    fault, kept = "", {}
    if request.method == "POST":
        form = await read_form(request)
        kept = {name: values[0] for name, values in form.items()}
        source = kept.get("ten", "")
        try:
            number = await asyncio.to_thread(desk.lists.remove, source, kept.get("nguoi", ""), kept.get("ly_do", ""))
            return Redirect(links.registers(lan=number))
        except RegisterError as error:
            fault = str(error)
    try:
        facts = next((one for one in await asyncio.to_thread(desk.lists.lists) if one.source == source), None)
    except RegisterError as error:
        return problem.refused(503, str(error))
    if facts is None:
        return problem.refused(404, f"Không có danh mục “{source[:200]}”. Có thể danh mục vừa được gỡ.")
    return Page(
        "removing.html",
        {
            "list": _list(facts, {}, links), "token": request.scope["csrftoken"](), "fault": fault, "hide_search": True,
            "person": kept.get("nguoi") or desk.lists.last_person(), "reason": kept.get("ly_do", ""),
        },
        400 if fault else 200,
    )  # fmt: skip


def _register(base: Base) -> Path:
    path = next(row[2] for row in base.connection.execute("PRAGMA database_list") if row[1] == "main")
    return files.register_file(Path(path))


def _list(facts: ListFacts, people: dict[str, str], links: Links) -> dict[str, Any]:
    return {
        "source": facts.source, "date": vietnamese_date(facts.date), "file": facts.file,
        "person": people.get(facts.source) or "--", "moment": moment_of(facts.imported), "count": facts.entries,
        "refused": facts.refused, "rows": links.table("danh_muc", nguon=facts.source),
        "remove": links.removing(facts.source),
    }  # fmt: skip


def _event(one: Event, links: Links) -> dict[str, Any]:
    return {
        "event": one, "moment": moment_of(one.time), "date": vietnamese_date(one.date),
        "url": links.registers(lan=one.number), "rows": links.table("danh_muc", nguon=one.source),
    }  # fmt: skip


def _found(base: Base, ask: Ask, asked: str) -> list[dict[str, Any]]:
    """Return the rows of the lists with a number: as it is written there, or of a document that has it."""
    if not asked or not base.has("danh_muc", "so_ky_hieu"):
        return []
    try:
        number = number_of(asked).number
    except CellError:
        number = asked
    rows: dict[int, Row] = {}
    for row in base.rows(
        "SELECT * FROM danh_muc WHERE so_ky_hieu IN (?, ?, ?) ORDER BY id LIMIT ?",
        asked, number, number.upper(), _MOST_ROWS,
    ):  # fmt: skip
        rows[row["id"]] = row
    for row in base.rows(
        "SELECT d.* FROM tra_so t JOIN danh_muc d ON d.van_ban = t.van_ban WHERE t.khoa = ? LIMIT ?",
        search_key(number), _MOST_ROWS,
    ):  # fmt: skip
        rows[row["id"]] = row
    kept = list(rows.values())[:_MOST_ROWS]
    known = {row["van_ban"] for row in kept if row["van_ban"]}
    day = as_of(ask.values).day
    states = shown(base, ask, known, day)
    base.graph.read(known)
    return [
        {
            **row, "date": vietnamese_date(row["ngay_ban_hanh"]), "of": vietnamese_date(row["ngay_nguon"]),
            "ref": ref(base.graph, row["van_ban"], ask.links) if row["van_ban"] else None,
            "state": show(base, ask, states[row["van_ban"]]) if row["van_ban"] in states else None,
            "from": vietnamese_date(row["hieu_luc_tu"]), "until": vietnamese_date(row["het_hieu_luc"]),
        }
        for row in kept
    ]  # fmt: skip
