"""Extractions -> rows of the base. Pure: the same extractions always give the same rows."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import networkx as nx

from extract.identity import is_open, number_key, search_key, sort_key
from extract.model import (
    ACTING_UNITS,
    SELF,
    Block,
    Citation,
    Document,
    Extraction,
    Place,
    ResolutionStatus,
    Unit,
    Work,
)
from extract.organs import capitals_to_name
from extract.scanned import DOUBT
from extract.tables import read_table
from extract.text import fold, plain, sentence_around, squeeze
from graph.basis import DIRECT_WAYS, TaskBasis, weigh_tasks
from graph.check import SEVERITIES, Finding, check
from graph.check.known import NOTHING
from graph.citation_graph import ACTS_ON
from graph.decisions.known import day_of
from graph.decisions.redirect import RULE
from graph.decisions.replay import Reading, Replay
from graph.doers import Doers
from graph.evidence import Evidence, evidence_of
from graph.known import BaseKnown, empty_base
from graph.owner import Owner
from graph.ranks import PLAN, rank_of
from graph.reconcile import Reconciling
from graph.register.closing import Told, close, listed_rows, note_closed, supply
from graph.register.index import Register
from graph.versions import versions_of
from graph.words import FAMILIES, FORMS, INFERRED, REFERENCE_KINDS, RELATION_STATUS, RESOLUTION, UNIT_KINDS

Row = dict[str, Any]


def relation_rows() -> list[Row]:
    """Return the relation types with both readings, from the relation table."""
    return [
        {
            "id": r["id"], "rong_hon": r["broader"], "eli": "eli:" + r["eli"], "doc_xuoi": r["out"],
            "doc_nguoc": r["in"], "nhom_xuoi": r["heading_out"], "nhom_nguoc": r["heading_in"],
        }
        for r in read_table("relations")
    ]  # fmt: skip


_SCANNED = " (ảnh quét, cần đối chiếu)"


def place_words(place: Place) -> str:
    """Return a place for people: "đoạn 14", "trang 2 (ảnh quét), bảng 1, dòng 3, ô 2"."""
    parts = [
        f"trang {place.page}{_SCANNED if place.scanned else ''}" if place.page else "",
        f"bảng {place.table}" if place.table else "",
        f"dòng {place.row}" if place.row else "",
        f"ô {place.cell}" if place.cell else "",
        f"đoạn {place.paragraph}" if place.paragraph and not place.table else "",
    ]
    return ", ".join(p for p in parts if p)


def label_of(document: Document) -> str:
    """Return the short name people know a document by: "Nghị quyết số 08-NQ/TU"."""
    if document.form == "number":
        return f"{document.type or 'Văn bản'} số {document.number}"
    if document.form == "standard":
        return document.number
    name = document.name if fold(document.name).startswith(fold(document.type)) else f"{document.type} {document.name}"
    return name[:1].upper() + name[1:].rstrip()


def choice_of(document: Document) -> str:
    """Return a document as one of several that may be meant: "Quyết định số 20/QĐ-UBND (2024-02-02, UBND tỉnh …)"."""
    facts = ", ".join(filter(None, (document.date, document.issuer)))
    return f"{label_of(document)} ({facts})" if facts else label_of(document)


def _reader(extraction: Extraction, told: Mapping[str, Told]) -> Callable[[Citation], Reading]:
    """Return what tells what the base says of a citation while nobody decides about it."""
    documents = {document.id: document for document in extraction.documents}
    choices = {name: choice_of(document) for name, document in documents.items()}

    def read(citation: Citation) -> Reading:
        document = documents.get(citation.document or "")
        listed = told.get(citation.document or "")
        if listed and listed.closed:
            return Reading(listed.document, "resolved", "")
        status, possible = citation.status, [choices.get(c, c) for c in citation.candidates]
        if listed:
            possible += listed.choices
            status = "ambiguous" if len(possible) > 1 else status
        return Reading(document, status, "; ".join(dict.fromkeys(possible)))

    return read


def _rank(document: Document) -> int:
    return rank_of(document.issuer, work=document.form == "work", standard=document.form == "standard").number


class RowBuilder:
    """Makes the rows of all tables, one text at a time; documents of several texts meet under one key.

    ``put`` takes rows of a table as they come, so that no more than one text is held; only the documents wait until
    the end, since a later text may know more of them. ``graph``, called when all was put, gives what gives the graph
    around a text.
    """

    def __init__(
        self,
        put: Callable[[str, Iterable[Row]], None],
        graph: Callable[[], Callable[[str], nx.MultiDiGraph]],
        register: Register | None = None,
        replay: Replay | None = None,
    ) -> None:
        """Begin with empty tables; ``replay`` holds what people decided."""
        self._put, self._graph, self._register = put, graph, register
        self._replay = replay or Replay((), choice_of)
        self._reconciling = Reconciling()
        self._documents: dict[str, Row] = {}  # identity key -> row of van_ban
        self._ids: set[str] = set()
        self._doers = Doers()
        self.settled: Counter[ResolutionStatus] = Counter()
        """How many citations register and people (un)settled: by status, more (or less) than the texts alone tell."""
        self._working: set[str] = set()  # the texts that have tasks
        self._plans: list[str] = []  # the same in their order, when all was put

    def build(self, owners: Sequence[Owner], extractions: Iterable[Extraction]) -> None:
        """Put the rows of every table for ``extractions``, whose ``owners`` come in the same order."""
        own = self._owners(owners)
        for extraction, plan in zip(extractions, own, strict=True):
            self.tables: dict[str, list[Row]] = {
                name: []
                for name in (
                    "tep", "muc", "phan_cong", "trich_dan", "chuong_trinh", "quan_he", "dan_chieu", "can_doi_chieu",
                    "phat_hien",
                )
            }  # fmt: skip
            self._add(extraction, plan)
            for name, rows in self.tables.items():
                self._put(name, rows)
        supply(self._register, self._documents)
        for row in self._documents.values():
            row["khong_dau"] = _searched(row)
        self._replay.corrected(self._documents)
        self._put("van_ban", list(self._documents.values()))
        self._put("danh_muc", listed_rows(self._register, self._documents))
        self._put("tra_so", list(self._spellings()))
        self._put("don_vi", list(self._doers.rows()))
        self._put("loai_quan_he", relation_rows())
        self._plans = [plan for plan in own if plan in self._working]

    # -- documents -----------------------------------------------------------------------------

    def _owners(self, owners: Sequence[Owner]) -> list[str]:
        """Enter the documents that the texts are; of a work in several versions the leading one first."""
        versions = versions_of(owners)
        leading = {n: n not in versions or versions[n].leader == n for n in range(len(owners))}
        own: dict[int, Row] = {}
        for n in sorted(leading, key=lambda n: (not leading[n], n)):
            row = own[n] = self._own(owners[n])
            if version := versions.get(n):
                row["phien_ban"] = version.kind
                row["phien_ban_vi"] = version.why
                if not leading[n]:
                    row["phien_ban_cua"] = own[version.leader]["id"]
                    row["nhan"] = f"{row['nhan']} ({version.kind})"
        self._replay.begin([(own[n], owner.path) for n, owner in enumerate(owners)])
        return [str(own[n]["id"]) for n in range(len(owners))]

    def _own(self, owner: Owner) -> Row:
        document, header = owner.document, owner.header
        while document.key in self._documents:  # a draft, a copy: another text with units of its own
            document = replace(document, key=f"{document.key}|{owner.path}")
        row = self._document(document, in_corpus=True, status="resolved" if header.number else "unresolved")
        row["trong_kho"] = 1
        row["trich_yeu"] = header.title or row["trich_yeu"]
        if not document.number.split("/")[0]:  # a blank own number says nothing: show the title instead
            row["nhan"] = capitals_to_name(header.title) or PurePosixPath(owner.path).stem
        if document.type == "Kế hoạch":
            row["cap"] = PLAN.number
        return row

    def _document(self, document: Document, *, in_corpus: bool = False, status: str = "resolved") -> Row:
        document = document if in_corpus else self._replay.merged(document)
        row = self._documents.get(document.key)
        if row is None:
            row = {
                "id": self._slug(document), "nhan": label_of(document), "loai": document.type,
                "so_ky_hieu": document.number, "so_ky_hieu_in": "; ".join(document.printed),
                "ten": document.name, "trich_yeu": document.title, "ngay_ban_hanh": document.date,
                "co_quan_ban_hanh": document.issuer, "ho": FAMILIES[document.family],
                "hinh_thuc": FORMS[document.form], "cap": _rank(document),
                "trang_thai": RESOLUTION[status],
                "suy_luan": ", ".join(INFERRED.get(f, f) for f in document.inferred),
                "trong_kho": int(in_corpus), "khoa": document.key, "urn": document.urn,
                "so_tim": search_key(document.number), "sap_xep": sort_key(document.number, document.date),
                "khong_dau": "", "phien_ban_cua": None, "phien_ban": "", "phien_ban_vi": "",
            }  # fmt: skip
            self._documents[document.key] = row
        else:  # a later text may know more: keep the fullest title, fill what was empty
            row["trich_yeu"] = max(row["trich_yeu"], document.title, key=len)
            row["ngay_ban_hanh"] = max(row["ngay_ban_hanh"], document.date, key=len)
            row["co_quan_ban_hanh"] = row["co_quan_ban_hanh"] or document.issuer
            row["urn"] = row["urn"] or document.urn
            printed = dict.fromkeys([*filter(None, row["so_ky_hieu_in"].split("; ")), *document.printed])
            row["so_ky_hieu_in"] = "; ".join(printed)
        return row

    def _spellings(self) -> Iterator[Row]:
        """Yield every key that a number may be looked up by: as it should be, and as some text prints it."""
        number = 0
        for row in self._documents.values():
            keys = dict.fromkeys([row["so_tim"], *map(search_key, row["so_ky_hieu_in"].split("; "))])
            for key in filter(None, keys):
                number += 1
                yield {"id": number, "khoa": key, "van_ban": row["id"]}

    def _slug(self, document: Document) -> str:
        year = document.date[:4]
        words = [label_of(document).replace(" số ", " ", 1), year if year not in document.number else ""]
        if document.form == "number" and document.number:
            words.append(document.issuer)
        base = plain(" ".join(words)).replace(" ", "-")[:96].rstrip("-") or "van-ban"
        slug, n = base, 2
        while slug in self._ids:
            slug, n = f"{base}-{n}", n + 1
        self._ids.add(slug)
        return slug

    # -- one extraction ------------------------------------------------------------------------

    def _add(self, read: Extraction, plan: str) -> None:
        told = close(self._register, read)
        extraction = self._replay.applied(read, plan, _reader(read, told))
        ids = self._add_documents(extraction, plan, told)
        text, header, source = extraction.source.text, extraction.header, extraction.source
        self.tables["tep"].append({
            "van_ban": plan, "duong_dan": source.path, "sha256": source.sha256, "dinh_dang": source.format,
            "so_ky_tu": len(text), "so_in": f"{header.number}/{header.symbol}" if header.symbol else header.number,
            "dia_danh": header.place, "suy_luan": ", ".join(INFERRED.get(f, f) for f in header.inferred),
            "ghi_chu": " ".join(source.notes), "noi_dung": text, "o_bang": _cells(source.blocks),
        })  # fmt: skip
        evidence = evidence_of(extraction)
        self.tables["muc"].extend(_unit_rows(extraction.units, plan))
        if any(unit.kind == "task" for unit in extraction.units):
            self._working.add(plan)
        for unit in extraction.units:
            if unit.kind in ACTING_UNITS and unit.kind != "group":
                self.tables["phan_cong"].extend(self._doers.assignments(unit, f"{plan}#{unit.id}"))
        self._add_citations(extraction, plan, ids, told, evidence, read)
        self._add_relations(extraction, plan, ids)
        for n, ref in enumerate(extraction.references, 1):
            self.tables["dan_chieu"].append({
                "id": f"{plan}#r{n:02d}", "van_ban_nguon": plan, "muc": _unit_id(plan, ref.unit),
                "nguyen_van": squeeze(ref.text), "loai": REFERENCE_KINDS[ref.kind],
                "dich": ref.target if ref.target == SELF else ids.get(ref.target, ""),
                "cau": evidence(ref.start, ref.end, ref.unit),
                "vi_tri": place_words(extraction.source.place_at(ref.start)),
                "bat_dau": ref.start, "ket_thuc": ref.end,
            })  # fmt: skip
        known = BaseKnown(empty_base(), self._register, extraction.header) if self._register else NOTHING
        for n, finding in enumerate(check(read, known=known), 1):
            self.tables["phat_hien"].append({
                **finding_row(finding, extraction), "id": f"{plan}#f{n:02d}", "van_ban": plan,
                "muc": _unit_id(plan, finding.unit), "cau": evidence(finding.start, finding.end, finding.unit or None),
            })  # fmt: skip

    def _add_documents(self, extraction: Extraction, plan: str, told: Mapping[str, Told]) -> dict[str, str]:
        statuses = {c.document: c.status for c in extraction.citations if c.document}
        statuses |= {c.document: c.status for c in extraction.citations if c.document and c.rule == RULE}
        ids = {SELF: plan}
        for document in extraction.documents:
            known = told.get(document.id)
            if known is not None and known.closed is not None:
                row = self._document(known.document)
                note_closed(row, known, document)
                ids[document.id] = str(row["id"])
                continue
            name = document.id
            if document.form == "number" and is_open(document.key) and not self._replay.chosen(document):
                # the same number in another text is another paper
                document = replace(document, key=f"{document.key}|{plan}")
            document = self._replay.parted(document, plan)
            ids[name] = str(self._document(document, status=statuses.get(name, "resolved"))["id"])
        return ids

    def _add_citations(
        self, extraction: Extraction, plan: str, ids: dict[str, str], told: Mapping[str, Told], evidence: Evidence,
        read: Extraction,
    ) -> None:  # fmt: skip
        text = extraction.source.text
        codes = [f"{plan}#{c.id}" for c in extraction.citations]
        read_of = _reader(extraction, told)
        for citation, before, code in zip(extraction.citations, read.citations, codes, strict=True):
            mention = citation.mention
            reading = Reading(None, citation.status, "") if citation.rule == RULE else read_of(citation)
            self.settled.update({reading.status: 1})
            self.settled.subtract({before.status: 1})
            self.tables["trich_dan"].append({
                "id": code, "van_ban_nguon": plan, "muc": _unit_id(plan, citation.unit),
                "nguyen_van": squeeze(citation.text),
                "van_ban": ids.get(citation.document) if citation.document else (plan if mention.self else None),
                "quan_he": None if mention.self else citation.relation_detail or citation.relation,
                "qua": codes[citation.holder] if citation.holder is not None else None,
                "dieu_khoan": "; ".join(mention.pinpoint), "loai": mention.type, "so_ky_hieu": mention.number,
                "ten": mention.name, "ngay": mention.date, "co_quan": mention.issuer,
                "trang_thai": RESOLUTION[reading.status], "ung_vien": reading.candidates,
                "do_tin_cay": mention.confidence, "cau": evidence(mention.start, mention.tail, citation.unit),
                "dau_hieu": squeeze(text[slice(*citation.cue)]) if citation.cue else "", "quy_tac": citation.rule,
                "vi_tri": place_words(citation.place), "la_so_cua_minh": int(mention.self),
                "bat_dau": mention.start, "ket_thuc": mention.end,
            })  # fmt: skip
            self.tables["can_doi_chieu"] += self._reconciling.rows(citation, reading, self.tables["trich_dan"][-1])
        self._replay.landed(self.tables["trich_dan"])
        for work in extraction.works:
            self.tables["chuong_trinh"].append({
                "id": f"{plan}#{work.id}", "van_ban_nguon": plan, "muc": _unit_id(plan, work.unit),
                "nguyen_van": squeeze(work.text), "van_ban": ids[work.document], "quan_he": work.relation,
                "lien_ket": work.link, "qua": codes[work.holder] if work.holder is not None else None,
                "loai": work.type, "cau": evidence(work.start, work.end, work.unit),
                "dau_hieu": squeeze(text[slice(*work.cue)]) if work.cue else "", "quy_tac": work.rule,
                "vi_tri": place_words(work.place), "bat_dau": work.start, "ket_thuc": work.end,
            })  # fmt: skip

    def _add_relations(self, extraction: Extraction, plan: str, ids: dict[str, str]) -> None:
        units = {unit.id: unit for unit in extraction.units}
        rows = self.tables["quan_he"]
        number = 0

        def add(**row: Any) -> None:
            nonlocal number
            number += 1
            rows.append({"id": f"{plan}#q{number:03d}", "neu_tai": plan, **row})

        planned = {(r.source, r.target) for r in extraction.relations if r.status == "planned"}
        for relation in extraction.relations:
            document = ids.get(relation.source)
            place = extraction.source.place_at(relation.start)
            add(
                nguon_van_ban=document, nguon_muc=None if document else _unit_id(plan, relation.source),
                loai=relation.relation, dich=ids[relation.target], trang_thai=RELATION_STATUS[relation.status],
                cau=squeeze(relation.sentence), dau_hieu=squeeze(relation.cue), muc=_unit_id(plan, relation.unit),
                trich_dan=None, chuong_trinh=None, quy_tac=relation.rule, do_tin_cay=relation.confidence,
                vi_tri=place_words(place), bat_dau=relation.start, ket_thuc=relation.end,
            )  # fmt: skip
        # What a task's own text says of a document is an edge too, proved by that citation.
        tasks = {unit.id for unit in extraction.units if unit.kind in ACTING_UNITS}
        text = extraction.source.text
        for item in _in_text_order(extraction):
            if item.unit not in tasks or item.via is not None or item.document is None:
                continue
            unit = units[item.unit]
            start, end = (
                (item.mention.start, item.mention.end) if isinstance(item, Citation) else (item.start, item.end)
            )
            cited = isinstance(item, Citation)
            kind = (item.relation_detail or item.relation) if isinstance(item, Citation) else item.relation
            if kind in ACTS_ON and (item.unit, item.document) in planned:
                continue  # the announced act already stands as such
            add(
                nguon_van_ban=None, nguon_muc=_unit_id(plan, item.unit), loai=kind, dich=ids[item.document],
                # a task only announces that it will amend or repeal; the act itself is another document
                trang_thai=RELATION_STATUS["planned" if kind in ACTS_ON else "stated"],
                cau=sentence_around(text, start, end, unit.start, unit.end),
                dau_hieu=squeeze(text[slice(*item.cue)]) if item.cue else "",
                muc=_unit_id(plan, item.unit), trich_dan=f"{plan}#{item.id}" if cited else None,
                chuong_trinh=None if cited else f"{plan}#{item.id}", quy_tac=item.rule,
                do_tin_cay=_confidence(item),
                vi_tri=place_words(extraction.source.place_at(start)), bat_dau=start, ket_thuc=end,
            )  # fmt: skip

        for entry, unit, basis in self._replay.bases(plan, units):
            target = str(self._document(basis)["id"])
            self._replay.based(entry, target)
            add(
                nguon_van_ban=None, nguon_muc=_unit_id(plan, unit.id), loai=entry.payload.get("quan_he", "based_on"),
                dich=target, trang_thai=RELATION_STATUS["stated"], dau_hieu="", muc=_unit_id(plan, unit.id),
                cau=f"{entry.person} xác định ngày {day_of(entry.time)}: {entry.reason}", trich_dan=None,
                chuong_trinh=None, quy_tac=RULE, do_tin_cay=1.0, vi_tri=place_words(unit.place),
                bat_dau=unit.start, ket_thuc=unit.end,
            )  # fmt: skip

    def weigh(self) -> None:
        """Put the tasks and their bases when all texts are there, so that a chain may run through several of them."""
        around = self._graph()
        order = 0
        for plan in self._plans:
            tasks: list[Row] = []
            items: list[Row] = []
            for basis in weigh_tasks(around(plan)):
                order += 1
                tasks.append(_task_row(basis, order))
                items += (
                    {
                        "id": f"{basis.task}/{n}", "nhiem_vu": basis.task, "van_ban": item.document, "cach": item.way,
                        "quan_he": item.relation, "so_buoc": item.steps, "cau": item.sentence, "vi_tri": item.place,
                    }
                    for n, item in enumerate(basis.items, 1)
                )  # fmt: skip
            self._put("nhiem_vu", tasks)
            self._put("can_cu", items)


_PARTED = re.compile(r"\n\s*\n")
"""A citation broken in two paragraphs is quoted with the break."""


def finding_row(finding: Finding, extraction: Extraction) -> Row:
    """Return what a finding says as the base says it; whose it is, and in which unit and sentence, is added."""
    return {
        "quy_tac": finding.rule, "muc_do": finding.severity, "thu_tu": SEVERITIES.index(finding.severity) + 1,
        "vi_tri": place_words(extraction.source.place_at(finding.start)),
        "nguyen_van": squeeze(_PARTED.sub(" ⏎ ", finding.found)),
        "thong_bao": finding.message, "de_nghi": squeeze(finding.expected),
        "ung_vien": " hoặc ".join(f"“{squeeze(c)}”" for c in finding.candidates), "nguon": finding.source,
        "do_tin_cay": finding.confidence, "bat_dau": finding.start, "ket_thuc": finding.end,
    }  # fmt: skip


def _searched(row: Row) -> str:
    """Return the words by which a document is found, without marks."""
    return plain(
        " ".join([row["nhan"], row["so_ky_hieu_in"], number_key(row["so_ky_hieu"]), row["trich_yeu"],
                  row["co_quan_ban_hanh"]])
    )  # fmt: skip


def _confidence(item: Citation | Work) -> float:
    if isinstance(item, Citation):
        return item.mention.confidence
    return DOUBT if item.place.scanned else 1.0


def _in_text_order(extraction: Extraction) -> Iterator[Citation | Work]:
    items: list[Citation | Work] = [*extraction.citations, *extraction.works]
    yield from sorted(items, key=lambda i: i.mention.start if isinstance(i, Citation) else i.start)


def _cells(blocks: Iterable[Block]) -> str:
    """Return where the cells of tables stand: a page shows a table as one."""
    cells = [
        (b.start, b.end, b.place.table, b.place.row or 1, b.place.cell or 1, b.place.rows or 1)
        for b in blocks if b.place.table
    ]  # fmt: skip
    return json.dumps(cells, separators=(",", ":")) if cells else ""


def _unit_id(plan: str, unit: str | None) -> str | None:
    return f"{plan}#{unit}" if unit else None


def _unit_rows(units: Iterable[Unit], plan: str) -> Iterator[Row]:
    for unit in units:
        yield {
            "id": _unit_id(plan, unit.id), "van_ban": plan, "ma": unit.id, "uid": unit.uid,
            "loai": UNIT_KINDS[unit.kind], "cha": _unit_id(plan, unit.parent), "ky_hieu": unit.marker,
            "noi_dung": squeeze(unit.text), "chu_tri": "; ".join(unit.lead), "phoi_hop": "; ".join(unit.cooperating),
            "thoi_han": unit.due, "san_pham": unit.product, "trong_bang": int(unit.in_table),
            "vi_tri": place_words(unit.place), "bat_dau": unit.start, "ket_thuc": unit.end,
        }  # fmt: skip


def _task_row(basis: TaskBasis, order: int) -> Row:
    return {
        "id": basis.task, "van_ban": basis.plan, "ma": basis.code, "noi_dung": basis.text,
        "do_manh": basis.strength, "canh_bao": "; ".join(basis.warnings),
        "so_can_cu": sum(i.way in DIRECT_WAYS for i in basis.items), "cao_nhat": basis.highest,
        "chuoi": " → ".join(basis.chain), "chu_tri": basis.lead, "thoi_han": basis.due, "thu_tu": order,
        "tinh_trang": basis.worst,
    }  # fmt: skip
