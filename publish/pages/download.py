"""Downloads: the chain of a document or task for Word and Excel, the whole base for other programs."""

from __future__ import annotations

from datetime import date

from extract.model import ACTING_UNITS
from publish.answers import Answer, Ask, File, Page
from publish.base import Base
from publish.export.chain import chain_of
from publish.export.details import Details
from publish.export.excel import columns_of
from publish.export.listing import Column, Group, Listing
from publish.file_names import download_name
from publish.pages import problem
from publish.validities import as_of


def page(base: Base, ask: Ask) -> Answer:
    """Return the file in the format ``ask.parts["form"]``."""
    from publish.export import FORMATS, export

    form, node = FORMATS.get(ask.parts["form"]), _node(ask)
    if form is None or not (form.of_node if node else form.of_base):
        return problem.page(404)
    if node is not None and node not in base.graph:
        plan, _, code = node.partition("#")
        return problem.no_task(plan, code) if code else problem.no_document(node)
    today, day = date.today(), as_of(ask.values)
    content = export(base.graph, base.connection, node, form.id, date.fromisoformat(day.day))
    return File(content, form.media_type, download_name(_words(base, node), today, form.suffix))


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the chain of a node as a list, a row a claim: what Word and Excel have, for other programs."""
    node = _node(ask) or ""
    if node not in base.graph:
        return problem.no_document(node)
    sheet = chain_of(base.graph, node, Details(base.connection, as_of(ask.values).day))
    groups = tuple(Group(group.heading, tuple(sheet.cells(row) for row in group.rows)) for group in sheet.groups)
    columns = tuple(Column(heading, width) for heading, width in columns_of(sheet) if heading != "Nhóm")
    return Listing(sheet.heading, sheet.subject, columns, groups, sheet.lines, sheet.notes, sheet.stated_in)


def _node(ask: Ask) -> str | None:
    if "code" in ask.parts:
        return f"{ask.parts['plan']}#{ask.parts['code']}"
    return ask.parts.get("document")


def _words(base: Base, node: str | None) -> str:
    """Return what is inside the file, for its name."""
    if node is None:
        return "Kho căn cứ"
    data = base.graph.nodes[node]
    return f"Chuỗi căn cứ - {'nhiệm vụ ' + data['code'] if data['kind'] in ACTING_UNITS else data['label']}"
