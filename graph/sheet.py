"""What one text puts into the base, before anybody knows under which names the base has the text and what it cites.

A sheet is made where the text is read, by as many processes as there are: it depends on that text alone. Its rows are
those of :mod:`graph.schema`, with names of the text: a unit, citation or finding by its own code, a document by its
number in :attr:`Sheet.documents` (0 is the text itself). :mod:`graph.rows` puts the names of the base in their place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from operator import itemgetter
from typing import Any

import msgspec

from extract.model import (
    ACTING_UNITS,
    SELF,
    Block,
    Citation,
    Document,
    Extraction,
    ResolutionStatus,
    Unit,
    Work,
)
from extract.scanned import DOUBT
from extract.text import sentence_around, squeeze
from extract.wire import checking
from graph.check import Finding, check_reading
from graph.check.reading import Reading as CheckReading
from graph.decisions.redirect import RULE
from graph.doers import Given, given_in
from graph.evidence import Evidence, evidence_of
from graph.found import finding_values
from graph.labels import place_words
from graph.reading import Reading, reader_of
from graph.reconcile import Doubt, doubts_of
from graph.register.closing import Told
from graph.relations import ACTS_ON
from graph.schema import columns_of, row_columns
from graph.waiting import waiting_rows
from graph.words import INFERRED, REFERENCE_KINDS, RELATION_STATUS, RESOLUTION, UNIT_KINDS

Row = dict[str, Any]
Line = tuple[Any, ...]
"""The values of a row, in the order of the columns."""

MADE_OF_A_TEXT = ("tep", "muc", "trich_dan", "chuong_trinh", "quan_he", "dan_chieu", "phat_hien", "cho_soat")
"""Tables of which a sheet has rows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one text.

    ``statuses`` are those of ``documents``, one each; ``lines`` the rows by table. A unit whose words stand in the text
    as they are has None in their place. ``works``: the text has tasks.
    """

    documents: tuple[Document, ...]
    statuses: tuple[ResolutionStatus, ...]
    lines: Mapping[str, tuple[Line, ...]]
    given: tuple[Given, ...]
    doubts: tuple[Doubt, ...]
    works: bool


def sheet_of(extraction: Extraction, read: Extraction | None = None, told: Mapping[str, Told] | None = None) -> Sheet:
    """Return the sheet of a text; ``read`` is what was read in it, where people decided otherwise.

    ``told`` is what a register tells of its documents.
    """
    checked = CheckReading(read or extraction)
    names = {SELF: 0, **{document.id: n for n, document in enumerate(extraction.documents, 1)}}
    statuses = {c.document: c.status for c in extraction.citations if c.document}
    statuses |= {c.document: c.status for c in extraction.citations if c.document and c.rule == RULE}
    evidence = evidence_of(extraction)
    read_one = reader_of(extraction, told or {})
    readings = [
        Reading(None, c.status, "") if c.rule == RULE else read_one(c) for c in extraction.citations
    ]  # fmt: skip
    tables: dict[str, Iterable[Row]] = {
        "tep": [_file_row(extraction)],
        "muc": _unit_rows(extraction),
        "trich_dan": _citation_rows(extraction, names, readings, evidence),
        "chuong_trinh": _work_rows(extraction, names, evidence),
        "quan_he": _relation_rows(extraction, names),
        "dan_chieu": _reference_rows(extraction, names, evidence),
        "phat_hien": _finding_rows(checked, extraction, evidence),
        "cho_soat": waiting_rows(checked),
    }
    return Sheet(
        extraction.documents,
        tuple(statuses.get(document.id, "resolved") for document in extraction.documents),
        {table: tuple(map(itemgetter(*columns_of(table)), rows)) for table, rows in tables.items()},
        tuple(given_in(extraction.units)),
        tuple(doubts_of(extraction.citations, readings)),
        any(unit.kind == "task" for unit in extraction.units),
    )


def finding_row(finding: Finding, extraction: Extraction) -> Row:
    """Return what a finding says as the base says it; whose it is, and in which unit and sentence, is added."""
    return finding_values(finding, place_words(extraction.source.place_at(finding.start)))


# -- the rows ------------------------------------------------------------------------------------------


def _file_row(extraction: Extraction) -> Row:
    text, header, source = extraction.source.text, extraction.header, extraction.source
    return {
        "van_ban": 0, "duong_dan": source.path, "sha256": source.sha256, "dinh_dang": source.format,
        "so_ky_tu": len(text), "so_in": f"{header.number}/{header.symbol}" if header.symbol else header.number,
        "dia_danh": header.place, "suy_luan": ", ".join(INFERRED.get(f, f) for f in header.inferred),
        "ghi_chu": " ".join(source.notes), "noi_dung": text, "o_bang": _cells(source.blocks),
    }  # fmt: skip


def _cells(blocks: Iterable[Block]) -> str:
    """Return where the cells of tables stand: a page shows a table as one."""
    cells = [
        (b.start, b.end, b.place.table, b.place.row or 1, b.place.cell or 1, b.place.rows or 1)
        for b in blocks if b.place.table
    ]  # fmt: skip
    return json.dumps(cells, separators=(",", ":")) if cells else ""


def _unit_rows(extraction: Extraction) -> Iterator[Row]:
    text = extraction.source.text
    for unit in extraction.units:
        words = squeeze(unit.text)
        yield {
            "id": unit.id, "van_ban": 0, "ma": unit.id, "uid": unit.uid,
            "loai": UNIT_KINDS[unit.kind], "cha": unit.parent, "ky_hieu": unit.marker,
            "noi_dung": None if words == text[unit.start : unit.end] else words, "chu_tri": "; ".join(unit.lead),
            "phoi_hop": "; ".join(unit.cooperating), "thoi_han": unit.due, "san_pham": unit.product,
            "trong_bang": int(unit.in_table), "vi_tri": place_words(unit.place), "bat_dau": unit.start,
            "ket_thuc": unit.end,
        }  # fmt: skip


def _citation_rows(
    extraction: Extraction, names: Mapping[str, int], readings: Iterable[Reading], evidence: Evidence
) -> Iterator[Row]:
    text, codes = extraction.source.text, [c.id for c in extraction.citations]
    for citation, reading in zip(extraction.citations, readings, strict=True):
        mention = citation.mention
        yield {
            "id": citation.id, "van_ban_nguon": 0, "muc": citation.unit, "nguyen_van": squeeze(citation.text),
            "van_ban": names.get(citation.document) if citation.document else (0 if mention.self else None),
            "quan_he": None if mention.self else citation.relation_detail or citation.relation,
            "qua": codes[citation.holder] if citation.holder is not None else None,
            "dieu_khoan": "; ".join(mention.pinpoint), "loai": mention.type, "so_ky_hieu": mention.number,
            "ten": mention.name, "ngay": mention.date, "co_quan": mention.issuer,
            "trang_thai": RESOLUTION[reading.status], "ung_vien": reading.candidates,
            "do_tin_cay": mention.confidence, "cau": evidence(mention.start, mention.tail, citation.unit),
            "dau_hieu": squeeze(text[slice(*citation.cue)]) if citation.cue else "", "quy_tac": citation.rule,
            "vi_tri": place_words(citation.place), "la_so_cua_minh": int(mention.self),
            "bat_dau": mention.start, "ket_thuc": mention.end,
        }  # fmt: skip


def _work_rows(extraction: Extraction, names: Mapping[str, int], evidence: Evidence) -> Iterator[Row]:
    text, codes = extraction.source.text, [c.id for c in extraction.citations]
    for work in extraction.works:
        yield {
            "id": work.id, "van_ban_nguon": 0, "muc": work.unit, "nguyen_van": squeeze(work.text),
            "van_ban": names.get(work.document), "quan_he": work.relation, "lien_ket": work.link,
            "qua": codes[work.holder] if work.holder is not None else None,
            "loai": work.type, "cau": evidence(work.start, work.end, work.unit),
            "dau_hieu": squeeze(text[slice(*work.cue)]) if work.cue else "", "quy_tac": work.rule,
            "vi_tri": place_words(work.place), "bat_dau": work.start, "ket_thuc": work.end,
        }  # fmt: skip


def _reference_rows(extraction: Extraction, names: Mapping[str, int], evidence: Evidence) -> Iterator[Row]:
    for n, ref in enumerate(extraction.references, 1):
        yield {
            "id": f"r{n:02d}", "van_ban_nguon": 0, "muc": ref.unit, "nguyen_van": squeeze(ref.text),
            "loai": REFERENCE_KINDS[ref.kind], "dich": ref.target if ref.target == SELF else names.get(ref.target, ""),
            "cau": evidence(ref.start, ref.end, ref.unit), "vi_tri": place_words(extraction.source.place_at(ref.start)),
            "bat_dau": ref.start, "ket_thuc": ref.end,
        }  # fmt: skip


def _finding_rows(checked: CheckReading, extraction: Extraction, evidence: Evidence) -> Iterator[Row]:
    for n, finding in enumerate(check_reading(checked), 1):
        yield {
            **finding_row(finding, extraction), "id": f"f{n:02d}", "van_ban": 0, "muc": finding.unit or None,
            "cau": evidence(finding.start, finding.end, finding.unit or None),
        }  # fmt: skip


def relation_code(number: int) -> str:
    """Return the code of the ``number``-th claim of a text."""
    return f"q{number:03d}"


def _relation_rows(extraction: Extraction, names: Mapping[str, int]) -> Iterator[Row]:
    for n, row in enumerate(_claims(extraction, names), 1):
        yield {"id": relation_code(n), "neu_tai": 0, **row}


def _claims(extraction: Extraction, names: Mapping[str, int]) -> Iterator[Row]:
    for relation in extraction.relations:
        document = names.get(relation.source)
        place = extraction.source.place_at(relation.start)
        yield {
            "nguon_van_ban": document, "nguon_muc": None if document is not None else relation.source,
            "loai": relation.relation, "dich": names[relation.target],
            "trang_thai": RELATION_STATUS[relation.status], "cau": squeeze(relation.sentence),
            "dau_hieu": squeeze(relation.cue), "muc": relation.unit, "trich_dan": None, "chuong_trinh": None,
            "quy_tac": relation.rule, "do_tin_cay": relation.confidence, "vi_tri": place_words(place),
            "bat_dau": relation.start, "ket_thuc": relation.end,
        }  # fmt: skip
    # What a task's own text says of a document is an edge too, proved by that citation.
    planned = {(r.source, r.target) for r in extraction.relations if r.status == "planned"}
    acting = {unit.id: unit for unit in extraction.units if unit.kind in ACTING_UNITS}
    for item in _in_text_order(extraction):
        if item.unit not in acting or item.via is not None or not item.document:
            continue
        cited = isinstance(item, Citation)
        kind = (item.relation_detail or item.relation) if isinstance(item, Citation) else item.relation
        if kind in ACTS_ON and (item.unit, item.document) in planned:
            continue  # the announced act already stands as such
        yield _claim_of_task(item, kind, acting[item.unit], extraction, names, cited=cited)


def _claim_of_task(
    item: Citation | Work, kind: str, unit: Unit, extraction: Extraction, names: Mapping[str, int], *, cited: bool
) -> Row:
    start, end = (item.mention.start, item.mention.end) if isinstance(item, Citation) else (item.start, item.end)
    text = extraction.source.text
    return {
        "nguon_van_ban": None, "nguon_muc": unit.id, "loai": kind, "dich": names[item.document or SELF],
        # a task only announces that it will amend or repeal; the act itself is another document
        "trang_thai": RELATION_STATUS["planned" if kind in ACTS_ON else "stated"],
        "cau": sentence_around(text, start, end, unit.start, unit.end),
        "dau_hieu": squeeze(text[slice(*item.cue)]) if item.cue else "",
        "muc": unit.id, "trich_dan": item.id if cited else None, "chuong_trinh": None if cited else item.id,
        "quy_tac": item.rule, "do_tin_cay": _confidence(item),
        "vi_tri": place_words(extraction.source.place_at(start)), "bat_dau": start, "ket_thuc": end,
    }  # fmt: skip


def _confidence(item: Citation | Work) -> float:
    if isinstance(item, Citation):
        return item.mention.confidence
    return DOUBT if item.place.scanned else 1.0


def _in_text_order(extraction: Extraction) -> Iterator[Citation | Work]:
    items: list[Citation | Work] = [*extraction.citations, *extraction.works]
    yield from sorted(items, key=lambda i: i.mention.start if isinstance(i, Citation) else i.start)


# -- as bytes ------------------------------------------------------------------------------------------


def pack(sheet: Sheet) -> bytes:
    """Return ``sheet`` as bytes (MessagePack), from which :func:`unpack` makes it again."""
    return msgspec.msgpack.encode(sheet)


def unpack(data: bytes) -> Sheet:
    """Return the sheet that :func:`pack` made ``data`` of; every value is checked against the type of its column.

    Raises:
        WireError: the bytes are something else.
    """
    with checking():
        found = _decoder().decode(data)
    lines = {table: getattr(found.lines, table) for table in MADE_OF_A_TEXT}
    return Sheet(found.documents, found.statuses, lines, found.given, found.doubts, found.works)


@cache
def _decoder() -> msgspec.msgpack.Decoder[Any]:
    hints = {
        "documents": tuple[Document, ...], "statuses": tuple[ResolutionStatus, ...], "given": tuple[Given, ...],
        "doubts": tuple[Doubt, ...], "works": bool,
        "lines": msgspec.defstruct("Lines", [(table, _lines(table)) for table in MADE_OF_A_TEXT]),
    }  # fmt: skip
    kind = msgspec.defstruct("Sheet", [(field.name, hints[field.name]) for field in fields(Sheet)])
    return msgspec.msgpack.Decoder(kind)


def _lines(table: str) -> Any:
    """Return the type of the rows of a table: a document is told by its number, all else by what the column holds."""
    columns = row_columns(table)
    kinds = [int | None if c.references == "van_ban" else int | str if is_aim(table, c.name) else c.type | None
             for c in columns]  # fmt: skip
    return tuple[tuple[tuple(kinds)], ...]  # type: ignore[misc]


def is_aim(table: str, column: str) -> bool:
    """True for the one column that may name a document without referring to one: what a pointer points to."""
    return (table, column) == ("dan_chieu", "dich")
