"""The page of two texts side by side, and its downloads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.alike import Run, side_of
from graph.compare import KEPT, Comparison, compare
from graph.compared import ComparedText, TooLongError, from_base
from graph.held import held_bases
from graph.lookup import Found, look_up
from publish.answers import Answer, Ask, File, Page
from publish.base import Base
from publish.export.comparison import (
    PARTS,
    SLUGS,
    STATE_WORDS,
    TASKS,
    ComparisonSheet,
    Entry,
    sheet_of,
)
from publish.file_names import download_name
from publish.links import Links
from publish.sentences import Ref, ref
from publish.validities import as_of

_LISTED = 200
_MOST = 300
_MAX_QUERY = 300
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """One side of the choice: what was typed, the text found, or why there is none and what may be meant."""

    words: str
    text: ComparedText | None = None
    problem: str = ""
    candidates: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as the page shows it, with the addresses of both pieces."""

    entry: Entry
    old: tuple[Run, ...]
    new: tuple[Run, ...]
    old_url: str
    new_url: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Lines under one heading, and how many more there are."""

    heading: str
    rows: tuple[Shown, ...]
    left: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of what is shown: words, count, address, whether it is the one chosen."""

    words: str
    count: int
    url: str
    current: bool


def page(base: Base, ask: Ask) -> Page:
    """Return the comparison of ``cu`` and ``moi``, or the choice of two texts."""
    old, new = (_choose(base, ask, name, other) for name, other in (("cu", "moi"), ("moi", "cu")))
    context: dict[str, Any] = {"old": old, "new": new, "texts": _texts(base)}
    if old.text is None or new.text is None:
        return Page("compare.html", context)
    day = as_of(ask.values)
    found = compare(old.text, new.text)
    sheet = sheet_of(found, held_bases(base.connection, found, day.day))
    chosen = ask.values.get("nhom", "")
    return Page(
        "compare.html",
        {
            **context, "sheet": sheet, "notes": sheet.notes, "as_of": day, "chosen": chosen,
            "groups": list(_groups(sheet, chosen, ask.links)),
            "filters": list(_filters(sheet, chosen, ask.links)), "sides": _sides(base, sheet, ask.links),
            "sources": base.sources(old.text.id, new.text.id),
            "swap": ask.links.compare(new.text.id, old.text.id),
            "here": ask.links.compare(old.text.id, new.text.id, nhom=chosen if _known(chosen) else ""),
        },
    )  # fmt: skip


def download(base: Base, ask: Ask) -> Answer:
    """Return the comparison of ``cu`` and ``moi`` as a file in the format ``ask.parts["form"]``."""
    from publish.compare_command import file_of, stamp_for

    old, new = (_choose(base, ask, name, other) for name, other in (("cu", "moi"), ("moi", "cu")))
    if old.text is None or new.text is None:
        return page(base, ask)
    found: Comparison = compare(old.text, new.text)
    suffix = f".{ask.parts['form']}"
    today, day = date.today(), as_of(ask.values).day
    held = held_bases(base.connection, found, day)
    stamp = stamp_for(old.text, new.text, base.connection, date.fromisoformat(day))
    content = file_of(found, stamp, suffix, held)
    words = f"So sánh - {old.text.label[:40].strip()} với {new.text.label}"
    return File(content, _TYPES[ask.parts["form"]], download_name(words, today, suffix))


# --- the choice -----------------------------------------------------------------------------------


def _texts(base: Base) -> list[dict[str, str]]:
    return base.rows(
        "SELECT v.id, v.nhan, t.duong_dan FROM tep t JOIN van_ban v ON v.id = t.van_ban ORDER BY t.rowid LIMIT ?",
        _LISTED,
    )


def _choose(base: Base, ask: Ask, name: str, other: str) -> Chosen:
    words = " ".join(ask.values.get(name, "").split())[:_MAX_QUERY]
    if not words:
        return Chosen("")
    known = base.row("SELECT id FROM van_ban WHERE id = ?", words)
    if known is None:
        answer = look_up(base.graph, words)
        if not isinstance(answer, Found):
            nodes = [n for n in answer.candidates if "#" not in n and n in base.graph]
            problem = (
                f"Có nhiều văn bản phù hợp với “{words}”. Hãy chọn đúng văn bản:" if answer.ambiguous and nodes
                else f"Không có “{words}” trong kho. Có phải một trong các văn bản sau?" if nodes
                else f"Không có “{words}” trong kho. Hãy kiểm tra lại số, ký hiệu."
            )  # fmt: skip
            rest = ask.values.get(other, "")
            return Chosen(words, None, problem, tuple(_choice(base, ask, n, name, rest) for n in nodes))
        document = answer.node.partition("#")[0]
    else:
        document = known["id"]
    try:
        text = from_base(base.connection, document)
    except TooLongError as error:
        return Chosen(words, None, str(error))
    if text is None:
        label = base.graph.nodes[document]["label"]
        return Chosen(words, None, f"Kho chỉ biết “{label}” qua văn bản khác, chưa có toàn văn nên không so sánh được.")
    found = look_up(base.graph, text.label)
    named = isinstance(found, Found) and found.node == document
    return Chosen(text.label if named else document, text)  # in the field the name that people know, where it is enough


def _choice(base: Base, ask: Ask, node: str, name: str, rest: str) -> Ref:
    about = ref(base.graph, node, ask.links)
    url = ask.links.compare(node, rest) if name == "cu" else ask.links.compare(rest, node)
    return Ref(about.label, url, about.tooltip, about.doubt)


# --- the result -----------------------------------------------------------------------------------


def _sides(base: Base, sheet: ComparisonSheet, links: Links) -> list[Ref]:
    return [ref(base.graph, text.id, links) for text in (sheet.old, sheet.new)]


def _known(chosen: str) -> bool:
    return chosen in PARTS or chosen in SLUGS.values()


def _filters(sheet: ComparisonSheet, chosen: str, links: Links) -> Iterator[Filter]:
    """Yield the choices: all, each state of tasks, each other part that holds something."""

    def choice(words: str, count: int, value: str) -> Filter:
        url = links.compare(sheet.old.id, sheet.new.id, nhom=value)
        return Filter(words, count, url, chosen == value if _known(chosen) else not value)

    yield choice("Tất cả", sum(len(g.entries) for g in sheet.groups), "")
    counts = dict(sheet.counts)
    for state, words in STATE_WORDS.items():
        yield choice(words, counts[state], SLUGS[state])
    for part, words in PARTS.items():
        count = sum(len(g.entries) for g in sheet.groups if g.part == part)
        if part != TASKS and count:
            yield choice(words, count, part)


def _groups(sheet: ComparisonSheet, chosen: str, links: Links) -> Iterator[ShownGroup]:
    state = next((s for s, slug in SLUGS.items() if slug == chosen), "")
    room = _MOST
    for group in sheet.groups:
        if state and not (group.part == TASKS and state in group.states):
            continue
        if chosen in PARTS and group.part != chosen:
            continue
        rows = tuple(_shown(sheet, entry, links) for entry in group.entries[:room])
        room -= len(rows)
        yield ShownGroup(group.heading, rows, len(group.entries) - len(rows), group.states == (KEPT,) and not state)


def _shown(sheet: ComparisonSheet, entry: Entry, links: Links) -> Shown:
    # Inserted and deleted words stand marked in the columns; in words they are needed only on paper and in files.
    remarks = tuple(r for r in entry.remarks if not (entry.runs and r.startswith(("Bỏ: ", "Thêm: "))))
    return Shown(
        entry,
        side_of(entry.runs, old=True) or _whole(entry.old_text),
        side_of(entry.runs, old=False) or _whole(entry.new_text),
        links.document(sheet.old.id, entry.old_code) if entry.old_code else "",
        links.document(sheet.new.id, entry.new_code) if entry.new_code else "",
        remarks,
    )


def _whole(text: str) -> tuple[Run, ...]:
    return (Run("same", text),) if text else ()
