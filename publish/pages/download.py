"""Downloads: the chain of a document or task for Word and Excel, the whole base for other programs."""

from __future__ import annotations

from datetime import date

from extract.model import ACTING_UNITS
from publish.answers import Answer, Ask, File, Page
from publish.base import Base
from publish.export.chain import chain_of
from publish.export.details import read_details
from publish.export.excel import COLUMNS
from publish.export.listing import Column, Group, Listing
from publish.pages import problem
from publish.sentences import shorten


def page(base: Base, ask: Ask) -> Answer:
    """Return the file in the format ``ask.parts["form"]``."""
    from publish.export import FORMATS, export

    form, node = FORMATS.get(ask.parts["form"]), _node(ask)
    if form is None or not (form.of_node if node else form.of_base):
        return problem.page(404)
    if node is not None and node not in base.graph:
        plan, _, code = node.partition("#")
        return problem.no_task(plan, code) if code else problem.no_document(node)
    today = date.today()
    content = export(base.graph, base.connection, node, form.id, today)
    return File(content, form.media_type, _name(base, node, today, form.suffix))


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the chain of a node as a list, a row a claim: what Word and Excel have, for other programs."""
    node = _node(ask) or ""
    if node not in base.graph:
        return problem.no_document(node)
    sheet = chain_of(base.graph, node, read_details(base.connection))
    groups = tuple(Group(group.heading, tuple(row.cells() for row in group.rows)) for group in sheet.groups)
    columns = tuple(Column(heading, width) for heading, width in COLUMNS if heading != "Nhóm")
    return Listing(sheet.heading, sheet.subject, columns, groups, sheet.lines, sheet.notes, sheet.stated_in)


def _node(ask: Ask) -> str | None:
    if "code" in ask.parts:
        return f"{ask.parts['plan']}#{ask.parts['code']}"
    return ask.parts.get("document")


def _name(base: Base, node: str | None, today: date, suffix: str) -> str:
    """Return a file name that says what is inside, without the characters that Windows forbids."""
    if node is None:
        words = "Kho căn cứ"
    else:
        data = base.graph.nodes[node]
        words = f"Chuỗi căn cứ - {'nhiệm vụ ' + data['code'] if data['kind'] in ACTING_UNITS else data['label']}"
    clean = "".join("-" if c in '<>:"/\\|?*' or ord(c) < 32 else c for c in shorten(words, 90)).strip(" .…")
    return f"{clean} ({today:%d-%m-%Y}){suffix}"
