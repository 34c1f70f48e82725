"""Sheets -> rows of the base. Pure: the same texts always give the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Any, Protocol

import networkx as nx

from extract.capitals import capitals_to_name
from extract.identity import is_open, number_key, search_key, sort_key
from extract.model import Document, Extraction, ResolutionStatus
from extract.text import plain
from graph.basis import DIRECT_WAYS, TaskBasis, weigh_tasks
from graph.decisions.known import day_of
from graph.decisions.redirect import RULE
from graph.decisions.replay import Replay
from graph.document_row import DocumentRow
from graph.doers import Doers
from graph.labels import choice_of, label_of, place_words
from graph.owner import Owner
from graph.ranks import PLAN, rank_of
from graph.reading import reader_of
from graph.reconcile import Reconciling
from graph.register.closing import Told, close, listed_rows, note_closed, supply
from graph.register.index import Register
from graph.relations import relation_rows
from graph.schema import columns_of, row_columns
from graph.sheet import MADE_OF_A_TEXT, Line, Sheet, is_aim, relation_code, sheet_of
from graph.versions import versions_of
from graph.words import FAMILIES, FORMS, INFERRED, RELATION_STATUS, RESOLUTION

Row = dict[str, Any]


class Texts(Protocol):
    """The texts of a build, by their numbers; each is asked once, in order, for the one or the other."""

    def sheet(self, number: int) -> Sheet:
        """Return the sheet of a text."""
        ...

    def facts(self, number: int) -> Extraction:
        """Return all facts of a text."""
        ...


class Puts(Protocol):
    """Takes rows of a table, which is named first."""

    def __call__(self, table: str, rows: Iterable[Row]) -> None:
        """Take rows by the names of their columns."""
        ...

    def lines(self, table: str, lines: Iterable[Sequence[Any]]) -> None:
        """Take rows as values in the order of the columns."""
        ...


def _rank(document: Document) -> int:
    return rank_of(document.issuer, work=document.form == "work", standard=document.form == "standard").number


_CODED = frozenset({"muc", "trich_dan", "chuong_trinh"})


class _Binding:
    """Puts names of the base in the place of those of a text, in the rows of one table."""

    def __init__(self, table: str) -> None:
        columns = row_columns(table)
        named = [n for n, c in enumerate(columns) if c.name == "id" or c.references in _CODED]
        documents = [n for n, c in enumerate(columns) if c.references == "van_ban" or is_aim(table, c.name)]
        self._named, self._documents = named, documents

    def bind(self, lines: Iterable[Line], prefix: str, ids: Sequence[str]) -> list[list[Any]]:
        """Return the rows; ``ids`` are those of the text and of the documents it names, in their order."""
        named, documents = self._named, self._documents
        bound = []
        for line in lines:
            row = list(line)
            for n in named:
                if (code := row[n]) is not None:
                    row[n] = prefix + code
            for n in documents:
                if type(number := row[n]) is int:
                    row[n] = ids[number]
            bound.append(row)
        return bound


_BINDINGS = {table: _Binding(table) for table in MADE_OF_A_TEXT}
_PATH, _TEXT = (columns_of("tep").index(name) for name in ("duong_dan", "noi_dung"))
_WORDS, _START, _END = (columns_of("muc").index(name) for name in ("noi_dung", "bat_dau", "ket_thuc"))
_STATUS: dict[str, ResolutionStatus] = {
    RESOLUTION["resolved"]: "resolved", RESOLUTION["ambiguous"]: "ambiguous", RESOLUTION["unresolved"]: "unresolved",
}  # fmt: skip


class RowBuilder:
    """Makes the rows of all tables, one text at a time; documents of several texts meet under one key.

    ``put`` takes rows of a table as they come, so that no more than one text is held; only the documents wait until
    the end, since a later text may know more of them. ``graph``, called when all was put, gives what gives the graph
    around a text. A text that a register or people have to do with is made anew from its facts.
    """

    def __init__(
        self,
        put: Puts,
        graph: Callable[[], Callable[[str], nx.MultiDiGraph]],
        register: Register | None = None,
        replay: Replay | None = None,
    ) -> None:
        """Begin with empty tables; ``replay`` holds what people decided."""
        self._put, self._graph, self._register = put, graph, register
        self._replay = replay or Replay((), choice_of)
        self._reconciling = Reconciling()
        self._documents: dict[str, DocumentRow] = {}  # identity key -> row of van_ban
        self._ids: set[str] = set()
        self._next: dict[str, int] = {}  # id that was asked for again -> the number that its next one gets
        self._doers = Doers()
        self.settled: Counter[ResolutionStatus] = Counter()
        """How many citations register and people (un)settled: by status, more (or less) than the texts alone tell."""
        self._working: set[str] = set()  # the texts that have tasks
        self._plans: list[str] = []  # the same in their order, when all was put

    def build(self, owners: list[Owner], texts: Texts) -> None:
        """Put what the ``texts`` say, all but the weight of their tasks; ``owners`` are theirs in their order.

        The list is emptied: from then on a row knows what its owner knew. Rows of documents are held until all texts
        are put, and not longer.
        """
        own, paths = self._owners(owners), [owner.path for owner in owners]
        owners.clear()
        for number, (plan, path) in enumerate(zip(own, paths, strict=True)):
            self._add(number, plan, path, texts)
        supply(self._register, self._documents)
        self._replay.corrected(self._documents)
        self._put.lines("van_ban", self._document_lines())
        self._put("danh_muc", listed_rows(self._register, self._documents))
        self._put("tra_so", self._spellings())
        self._put("don_vi", self._doers.rows())
        self._put("loai_quan_he", relation_rows())
        self._plans = [plan for plan in own if plan in self._working]
        self._documents.clear()
        self._ids.clear()

    # -- documents -----------------------------------------------------------------------------

    def _owners(self, owners: Sequence[Owner]) -> list[str]:
        """Enter the documents that the texts are; of a work in several versions the leading one first."""
        versions = versions_of(owners)
        leading = {n: n not in versions or versions[n].leader == n for n in range(len(owners))}
        own: dict[int, DocumentRow] = {}
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

    def _own(self, owner: Owner) -> DocumentRow:
        document = owner.document
        while document.key in self._documents:  # a draft, a copy: another text with units of its own
            document = replace(document, key=f"{document.key}|{owner.path}")
        row = self._document(document, in_corpus=True, status="resolved" if owner.numbered else "unresolved")
        row["trong_kho"] = 1
        row["trich_yeu"] = document.title or row["trich_yeu"]
        if not document.number.split("/")[0]:  # a blank own number says nothing: show the title instead
            row["nhan"] = capitals_to_name(document.title) or PurePosixPath(owner.path).stem
        if document.type == "Kế hoạch":
            row["cap"] = PLAN.number
        return row

    def _document(self, document: Document, *, in_corpus: bool = False, status: str = "resolved") -> DocumentRow:
        document = document if in_corpus else self._replay.merged(document)
        row = self._documents.get(document.key)
        if row is None:
            row = DocumentRow(
                id=self._slug(document), nhan=label_of(document), loai=document.type, so_ky_hieu=document.number,
                so_ky_hieu_in="; ".join(document.printed), ten=document.name, trich_yeu=document.title,
                ngay_ban_hanh=document.date, co_quan_ban_hanh=document.issuer, ho=FAMILIES[document.family],
                hinh_thuc=FORMS[document.form], cap=_rank(document), trang_thai=RESOLUTION[status],
                suy_luan=", ".join(INFERRED.get(f, f) for f in document.inferred), trong_kho=int(in_corpus),
                khoa=document.key, urn=document.urn, so_tim="", sap_xep="", khong_dau="", phien_ban_cua=None,
                phien_ban="", phien_ban_vi="",
            )  # fmt: skip
            self._documents[document.key] = row
        else:  # a later text may know more: keep the fullest title, fill what was empty
            row["trich_yeu"] = max(row["trich_yeu"], document.title, key=len)
            row["ngay_ban_hanh"] = max(row["ngay_ban_hanh"], document.date, key=len)
            row["co_quan_ban_hanh"] = row["co_quan_ban_hanh"] or document.issuer
            row["urn"] = row["urn"] or document.urn
            printed = dict.fromkeys([*filter(None, row["so_ky_hieu_in"].split("; ")), *document.printed])
            row["so_ky_hieu_in"] = "; ".join(printed)
        return row

    def _document_lines(self) -> Iterator[Sequence[Any]]:
        columns = columns_of("van_ban")
        values = itemgetter(*columns)
        keys, order, words = map(columns.index, ("so_tim", "sap_xep", "khong_dau"))
        for row in self._documents.values():
            line = list(values(row))  # with what follows from the rest, and is not needed before
            line[keys] = search_key(row["so_ky_hieu"])
            line[order] = sort_key(row["so_ky_hieu"], row["ngay_ban_hanh"])
            line[words] = _searched(row)
            yield line

    def _spellings(self) -> Iterator[Row]:
        """Yield every key that a number may be looked up by: as it should be, and as some text prints it."""
        number = 0
        for row in self._documents.values():
            keys = dict.fromkeys([search_key(row["so_ky_hieu"]), *map(search_key, row["so_ky_hieu_in"].split("; "))])
            for key in filter(None, keys):
                number += 1
                yield {"id": number, "khoa": key, "van_ban": row["id"]}

    def _slug(self, document: Document) -> str:
        year = document.date[:4]
        words = [label_of(document).replace(" số ", " ", 1), year if year not in document.number else ""]
        if document.form == "number" and document.number:
            words.append(document.issuer)
        base = plain(" ".join(words)).replace(" ", "-")[:96].rstrip("-") or "van-ban"
        slug, n = base, self._next.get(base, 2)
        while slug in self._ids:
            slug, n = f"{base}-{n}", n + 1
            self._next[base] = n
        self._ids.add(slug)
        return slug

    # -- one text --------------------------------------------------------------------------------

    def _add(self, number: int, plan: str, path: str, texts: Texts) -> None:
        if self._register or self._replay.touches(plan):
            read = texts.facts(number)
            told = close(self._register, read)
            extraction = self._replay.applied(read, plan, reader_of(read, told))
            sheet = sheet_of(extraction, read, told)
            self._settle(sheet, read)
        else:
            extraction, told = None, {}
            sheet = texts.sheet(number)
        lines = self._bound(sheet, plan, self._entered(sheet, plan, told), path)
        if extraction is not None:
            self._replay.pointed(lines, extraction, plan, self._document)
        for table in MADE_OF_A_TEXT:
            self._put.lines(table, lines[table])
        names = columns_of("trich_dan")
        citations = [dict(zip(names, line, strict=True)) for line in lines["trich_dan"]]
        self._put("can_doi_chieu", self._reconciling.rows(citations, sheet.doubts))
        self._put("phan_cong", self._doers.assignments(sheet.given, f"{plan}#"))
        if sheet.works:
            self._working.add(plan)
        if extraction is not None:
            self._replay.landed(citations)
            works = columns_of("chuong_trinh")
            self._replay.landed([dict(zip(works, line, strict=True)) for line in lines["chuong_trinh"]])
            self._put("quan_he", self._given_bases(extraction, plan, len(lines["quan_he"])))

    def _settle(self, sheet: Sheet, read: Extraction) -> None:
        at = columns_of("trich_dan").index("trang_thai")
        for line, before in zip(sheet.lines["trich_dan"], read.citations, strict=True):
            self.settled.update({_STATUS[line[at]]: 1})
            self.settled.subtract({before.status: 1})

    def _entered(self, sheet: Sheet, plan: str, told: Mapping[str, Told]) -> list[str]:
        """Enter the documents that a text names; return the id of the text, then theirs."""
        ids = [plan]
        for document, status in zip(sheet.documents, sheet.statuses, strict=True):
            known = told.get(document.id)
            if known is not None and known.closed is not None:
                row = self._document(known.document)
                note_closed(row, known, document)
                ids.append(str(row["id"]))
                continue
            if document.form == "number" and is_open(document.key) and not self._replay.chosen(document):
                # the same number in another text is another paper
                document = replace(document, key=f"{document.key}|{plan}")
            ids.append(str(self._document(self._replay.parted(document, plan), status=status)["id"]))
        return ids

    def _bound(self, sheet: Sheet, plan: str, ids: Sequence[str], path: str) -> dict[str, list[list[Any]]]:
        """Return the rows of a sheet with the names of the base."""
        found = {table: _BINDINGS[table].bind(lines, f"{plan}#", ids) for table, lines in sheet.lines.items()}
        (file,) = found["tep"]
        file[_PATH] = path
        text = file[_TEXT]
        for line in found["muc"]:
            if line[_WORDS] is None:
                line[_WORDS] = text[line[_START] : line[_END]]
        return found

    def _given_bases(self, extraction: Extraction, plan: str, before: int) -> Iterator[Row]:
        """Yield the rows of ``quan_he`` for the bases that people gave tasks of a text by hand."""
        units = {unit.id: unit for unit in extraction.units}
        for n, (entry, unit, basis) in enumerate(self._replay.bases(plan, units), before + 1):
            target = str(self._document(basis)["id"])
            self._replay.based(entry, target)
            yield {
                "id": f"{plan}#{relation_code(n)}", "neu_tai": plan, "nguon_van_ban": None,
                "nguon_muc": f"{plan}#{unit.id}", "loai": entry.payload.get("quan_he", "based_on"), "dich": target,
                "trang_thai": RELATION_STATUS["stated"], "dau_hieu": "", "muc": f"{plan}#{unit.id}",
                "cau": f"{entry.person} xác định ngày {day_of(entry.time)}: {entry.reason}", "trich_dan": None,
                "chuong_trinh": None, "quy_tac": RULE, "do_tin_cay": 1.0, "vi_tri": place_words(unit.place),
                "bat_dau": unit.start, "ket_thuc": unit.end,
            }  # fmt: skip

    # -- tasks -----------------------------------------------------------------------------------

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


def _searched(row: DocumentRow) -> str:
    """Return the words by which a document is found, without marks."""
    return plain(
        " ".join([row["nhan"], row["so_ky_hieu_in"], number_key(row["so_ky_hieu"]), row["trich_yeu"],
                  row["co_quan_ban_hanh"]])
    )  # fmt: skip


def _task_row(basis: TaskBasis, order: int) -> Row:
    return {
        "id": basis.task, "van_ban": basis.plan, "ma": basis.code, "noi_dung": basis.text,
        "do_manh": basis.strength, "canh_bao": "; ".join(basis.warnings),
        "so_can_cu": sum(i.way in DIRECT_WAYS for i in basis.items), "cao_nhat": basis.highest,
        "chuoi": " → ".join(basis.chain), "chu_tri": basis.lead, "thoi_han": basis.due, "thu_tu": order,
        "tinh_trang": basis.worst,
    }  # fmt: skip
