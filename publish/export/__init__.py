"""Exports: what leaves the house. Doors :func:`export` (bytes) and :func:`export_to` (files); one module a format."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import networkx as nx

from graph.citation_graph import load_graph
from publish.export.chain import chain_of
from publish.export.csv_tables import write_csv_tables, write_csv_zip
from publish.export.details import Details
from publish.export.errors import ExportError
from publish.export.excel import write_tables_xlsx, write_xlsx
from publish.export.graphml import write_graphml
from publish.export.jsonld import write_jsonld
from publish.export.stamp import read_stamp
from publish.export.word import write_docx

__all__ = ["FORMATS", "ExportError", "Format", "export", "export_to"]

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: its id, Vietnamese title, media type, file suffix.

    ``of_node``: it can tell the chain of one document or task; ``of_base``: it can hold the whole base.
    """

    id: str
    title: str
    media_type: str
    suffix: str
    of_node: bool
    of_base: bool


FORMATS: Mapping[str, Format] = {
    form.id: form
    for form in (
        Format("docx", "Phụ lục Word", f"{_OFFICE}.wordprocessingml.document", ".docx", of_node=True, of_base=False),
        Format("xlsx", "Bảng Excel", f"{_OFFICE}.spreadsheetml.sheet", ".xlsx", of_node=True, of_base=True),
        Format("csv", "Các bảng CSV (nén .zip)", "application/zip", ".zip", of_node=False, of_base=True),
        Format("graphml", "Đồ thị GraphML", "application/graphml+xml", ".graphml", of_node=False, of_base=True),
        Format("jsonld", "Đồ thị JSON-LD theo ELI", "application/ld+json", ".jsonld", of_node=False, of_base=True),
    )
}
_SUFFIXES = {**{form.suffix: form.id for form in FORMATS.values()}, ".json": "jsonld", ".csv": "csv"}


def export(
    graph: nx.MultiDiGraph, connection: sqlite3.Connection, target: str | None, format: str, as_of: date
) -> bytes:
    """Return the file of one export.

    With ``target`` (a node of ``graph``: a document or a task) docx and xlsx tell its chain; without it xlsx and csv
    hold all tables. The graph formats always hold the whole graph. ``connection`` is the base that ``graph`` reads,
    ``as_of`` the day that the file states, and for which a chain tells the validity of its documents.

    Raises:
        ExportError: unknown format, docx without a target, or a target that is not in the graph.
    """
    form = _form(format)
    if not form.of_base and not target:
        raise ExportError(
            f"Để xuất tệp {form.suffix}, cần nêu một văn bản (số, ký hiệu) hoặc một nhiệm vụ (mã nhiệm vụ)."
        )
    if form.of_node and target:
        sheet = chain_of(graph, target, Details(connection, as_of.isoformat()))
        stamp = read_stamp(connection, as_of, sheet.stated_in)
        return write_docx(sheet, stamp) if format == "docx" else write_xlsx(sheet, stamp)
    stamp = read_stamp(connection, as_of)
    if format == "xlsx":
        return write_tables_xlsx(connection, stamp)
    if format == "csv":
        return write_csv_zip(connection, stamp)
    whole = load_graph(connection)
    return write_graphml(whole, stamp) if format == "graphml" else write_jsonld(whole, stamp)


def export_to(
    out: Path,
    graph: nx.MultiDiGraph,
    connection: sqlite3.Connection,
    target: str | None,
    format: str | None,
    as_of: date,
) -> list[Path]:
    """Write one export to ``out`` and return the files written.

    Without ``format`` the suffix of ``out`` decides. CSV goes into a folder, one file a table, unless ``out`` ends
    with ".zip".

    Raises:
        ExportError: as :func:`export`; also when the suffix tells no format, or a CSV file cannot be written.
        OSError: ``out`` cannot be written.
    """
    kind = format or _SUFFIXES.get(out.suffix.lower())
    if kind is None:
        raise ExportError(
            f"Không rõ cần xuất dạng nào cho tệp “{out.name}”. Hãy đặt đuôi tệp là {', '.join(_SUFFIXES)}, "
            f"hoặc chọn dạng bằng --format ({', '.join(FORMATS)})."
        )
    if kind == "csv" and out.suffix.lower() != ".zip":
        return write_csv_tables(
            connection, out.with_suffix("") if out.suffix == ".csv" else out, read_stamp(connection, as_of)
        )
    out.write_bytes(export(graph, connection, target, kind, as_of))
    return [out]


def _form(format: str) -> Format:
    form = FORMATS.get(format)
    if form is None:
        raise ExportError(f"Không có dạng xuất “{format}”. Các dạng: {', '.join(FORMATS)}.")
    return form
