"""Importing a list of documents by page: the file is sent, its columns are looked at and corrected, then it is kept.

Each step works without a script. Nothing reaches the register before the last one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from extract.read.intake import MAX_BYTES
from graph.register.columns import FIELDS, IGNORED, NUMBERS
from graph.register.model import DAY, NUMBER, STATUS, Counted, Entry, RegisterError
from graph.words import vietnamese_date
from publish.answers import Answer, Page, Redirect
from publish.desk import Desk
from publish.links import Links
from publish.pages import problem
from publish.received import DeskError
from publish.register_desk import Pending, RegisterDesk, Upload
from publish.upload import read_form, receive_files
from publish.validities import as_of

ENDINGS = ".xlsx,.csv,.tsv,.txt"
_MEGA = 1024 * 1024
_SHOWN_PROBLEMS = 50
_COUNTED = {
    (NUMBER, False): "dòng không có hoặc không đọc được số, ký hiệu", (DAY, False): "dòng có ngày không đúng",
    (STATUS, True): "dòng có tình trạng chưa hiểu được (vẫn nhập, bỏ qua ô tình trạng)",
}  # fmt: skip
_COLUMNS = (
    ("Số, ký hiệu", "number"), ("Tên loại", "type"), ("Ngày ban hành", "date"), ("Cơ quan ban hành", "issuer"),
    ("Trích yếu", "title"), ("Có hiệu lực từ", "in_force"), ("Hết hiệu lực", "ended"), ("Tình trạng", "status"),
    ("Thay thế bởi", "replaced_by"), ("Sửa đổi bởi", "amended_by"), ("Bãi bỏ bởi", "repealed_by"),
    ("Lý do", "reason"), ("Phần hết hiệu lực", "ended_parts"),
)  # fmt: skip
_DAYS = frozenset({"date", "in_force", "ended"})
_CHANGED = "Các cột hoặc tên danh mục vừa được đổi nên tệp đã được đọc lại. Hãy xem lại bên dưới rồi bấm “Nhập”."


def closed() -> Page:
    """Return the page where nothing may be imported, and why."""
    return Page(
        "problem.html",
        {
            "title": "Nhập danh mục chưa mở ở đây", "status": 0,
            "advice": "Kho đang mở ở chế độ chỉ để xem. Để nhập danh mục (.xlsx, .csv) bằng trang này, người quản trị "
            "đóng chương trình rồi mở lại ở chế độ thêm văn bản: cancu serve --edit. Trang “Thêm văn bản” và “Nhập "
            "danh mục” khi đó hiện ở đầu mọi trang.",
        },
    )  # fmt: skip


async def start(desk: Desk, request: Any, links: Links) -> Answer:
    """Return the page that takes a list, or take the one that its form sends and read it."""
    lists = desk.lists
    faults: tuple[tuple[str, str], ...] = ()
    if request.method == "POST":
        upload = Upload(lists)
        await receive_files(request, upload)
        if upload.key:
            await asyncio.to_thread(lists.read, upload.key)
            return Redirect(links.importing(upload.key))
        faults = tuple(upload.faults) or (("", "Chưa chọn tệp nào. Hãy chọn tệp danh mục rồi gửi lại."),)
    waiting = [(links.importing(pending.key), pending.name) for pending in await asyncio.to_thread(lists.waiting)]
    return Page(
        "importing.html",
        {
            "token": request.scope["csrftoken"](), "faults": faults, "waiting": waiting, "endings": ENDINGS,
            "most_mb": MAX_BYTES // _MEGA, "hide_search": True,
        },
        400 if faults else 200,
    )  # fmt: skip


async def look(desk: Desk, request: Any, links: Links) -> Answer:
    """Return what was read of a waiting list, or do what its form asks: read again, import, put aside."""
    lists, key = desk.lists, request.url_vars["key"]
    if lists.pending(key) is None:
        return problem.refused(404, "Danh mục này không còn chờ: đã nhập, hoặc đã bỏ ra. Hãy gửi lại tệp nếu cần.")
    kept: Mapping[str, str] = {}
    fault, status = "", 200
    if request.method == "POST":
        form = await read_form(request)
        kept = {name: values[0] for name, values in form.items()}
        try:
            answer = await _done(lists, key, form, links)
            if answer:
                return Redirect(answer)
        except DeskError as error:
            fault, status = str(error), 400
        except RegisterError as error:
            fault, status = str(error), 503
    pending = lists.pending(key)
    if pending is not None and pending.trial is None and not pending.fault and request.method == "GET":
        with suppress(DeskError):
            pending = await asyncio.to_thread(lists.read, key)  # it waits since an earlier run
    if pending is None:  # imported or put aside meanwhile, as by a second click
        return Redirect(links.registers())
    fault = fault or (_CHANGED if request.args.get("doi") else "")
    held = await asyncio.to_thread(_sources, lists)
    return Page("trial.html", _shown(lists, pending, request, links, kept, fault, held), status)


async def _done(lists: RegisterDesk, key: str, form: Mapping[str, Sequence[str]], links: Links) -> str:
    """Do what the form asks and return where to go."""
    task = next(iter(form.get("viec", ())), "")
    if task == "bo":
        await asyncio.to_thread(lists.put_aside, key)
        return links.importing()
    before = lists.pending(key)
    source = next(iter(form.get("ten", ())), "").strip()[:200]
    told = dict(zip(form.get("tieu_de", ()), form.get("truong", ()), strict=False))
    if not source:
        raise DeskError("Hãy ghi tên danh mục.")
    changed = before is None or before.trial is None or source != before.source or _differ(before, told)
    if task != "nhap" or changed:
        await asyncio.to_thread(lists.read, key, source, told)
        return links.importing(key) + ("?doi=1" if task == "nhap" else "")
    day = as_of({"tai_ngay": next(iter(form.get("ngay", ())), "")})
    if day.wrong:
        raise DeskError(f"“{day.wrong}” không phải ngày. Hãy ghi ngày của danh mục theo dạng dd/mm/yyyy.")
    person = next(iter(form.get("nguoi", ())), "")
    number, left = await asyncio.to_thread(lists.take, key, day.day if day.told else "", person)
    return links.registers(lan=number, **({"con": key} if left else {}))


def _differ(pending: Pending, told: Mapping[str, str]) -> bool:
    """Tell whether a person wants other columns than those that were read last."""
    read = {heading.key: heading.field or IGNORED for heading in pending.trial.headings} if pending.trial else {}
    return any(read.get(key) != field for key, field in told.items() if field in FIELDS)


def _sources(lists: RegisterDesk) -> tuple[str, ...]:
    try:
        return tuple(facts.source for facts in lists.lists())
    except RegisterError:
        return ()


def _shown(
    lists: RegisterDesk, pending: Pending, request: Any, links: Links, kept: Mapping[str, str], fault: str,
    held: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    trial = pending.trial
    values: dict[str, Any] = {
        "pending": pending, "trial": trial, "token": request.scope["csrftoken"](), "fault": fault or pending.fault,
        "action": links.importing(pending.key), "fields": [(name, words) for name, words in FIELDS.items()],
        "ignored": IGNORED, "numbers": sorted(NUMBERS), "held": held, "hide_search": True,
        "person": kept.get("nguoi") or lists.last_person(), "source": kept.get("ten") or pending.source,
        "day": kept.get("ngay") or "", "fields_used": (),
    }  # fmt: skip
    if trial is None:
        return values
    day = as_of({"tai_ngay": vietnamese_date(trial.date) if trial.date else ""})
    used = tuple((words, name) for words, name in _COLUMNS if any(getattr(entry, name) for entry in trial.first))
    return values | {
        "day": kept.get("ngay") or day.words, "dated": day.told,
        "used": [words for words, _ in used], "rows": [_row(entry, used) for entry in trial.first],
        "counts": [(_words_of(counted), counted.count) for counted in trial.counts],
        "problems": trial.problems[:_SHOWN_PROBLEMS],
        "left": max(0, sum(counted.count for counted in trial.counts) - _SHOWN_PROBLEMS),
    }  # fmt: skip


def _words_of(counted: Counted) -> str:
    return _COUNTED.get((counted.kind, counted.taken), f"dòng có ô {counted.kind} chưa đọc được")


def _row(entry: Entry, used: Sequence[tuple[str, str]]) -> dict[str, Any]:
    cells = [vietnamese_date(getattr(entry, n)) if n in _DAYS else (getattr(entry, n) or "--") for _, n in used]
    return {"row": entry.row, "sheet": entry.sheet, "cells": cells}
