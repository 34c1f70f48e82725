"""Decisions of people on the facts of a build, before they become rows.

A decision holds for what the person saw. Where the program now reads something else there, or the sentence, task or
document is gone, it is neither applied in silence nor dropped: it is told (:class:`Finding`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extract.model import Citation, Document, Extraction, Unit
from extract.tables import read_table
from graph.decisions.entry import (
    ACCEPT,
    BASIS,
    BASIS_RELATIONS,
    CITATION,
    CORRECT,
    COVER,
    DOCUMENT,
    FIELDS,
    LINK_KINDS,
    MENTIONS,
    MERGE,
    PICK,
    POINTER,
    REJECT,
    SPLIT,
    TASK,
    WORK,
    Entry,
    parts_of,
)
from graph.decisions.force import in_force
from graph.decisions.known import CHOSEN, changes, document_of, state_of
from graph.decisions.pointing import point
from graph.decisions.redirect import RULE, redirected
from graph.decisions.spots import Spot, alone, document_at, spots_of, subject_at, subjects_of
from graph.document_row import DocumentRow
from graph.reading import Reading
from graph.schema import columns_of
from graph.words import FORMS, RESOLUTION, RESOLVED, vietnamese_date

Row = dict[str, Any]

UNAPPLIED, SUSPECT = "chưa áp dụng", "cần xem lại"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person must look at: why, and what stood there before and stands there now."""

    sort: str
    why: str
    before: str = ""
    after: str = ""


@dataclass(slots=True)
class _Case:
    """A decision that holds, the entry with what was last seen of it, and what became of it in this build."""

    entry: Entry
    seen: Entry
    applied: bool = False
    findings: list[Finding] = field(default_factory=list)
    spots: dict[str, str] = field(default_factory=dict)  # column of the base -> id of the citation, work, pointer
    unit: str | None = None
    text: str | None = None
    document: str | None = None
    machine: str = ""
    read: dict[str, str] = field(default_factory=dict)
    met: bool = False

    def place(self, text: str, spot: Spot) -> None:
        """Remember where in the base the decision is about."""
        self.spots = {MENTIONS[spot.sort]: f"{text}#{spot.name}"}
        self.unit = f"{text}#{spot.unit}" if spot.unit else None

    def refuse(self, why: str, before: str = "", after: str = "") -> None:
        """Tell why the decision is not applied."""
        self.met = True
        self.findings.append(Finding(UNAPPLIED, why, before, after))


class Replay:
    """The decisions that hold, on one build. Without any it changes nothing and costs nothing."""

    def __init__(self, entries: Sequence[Entry], describe: Callable[[Document], str]) -> None:
        """``describe`` gives the words by which a document stands among candidates."""
        self._cases = [_Case(entry, seen) for entry, seen in in_force(entries)]
        self._describe = describe
        self._links: dict[str, dict[str, _Case]] = {}  # key of the text -> subject -> case
        self._bases: dict[str, list[_Case]] = {}
        self._merges: dict[str, _Case] = {}
        self._splits: dict[tuple[str, str], _Case] = {}
        self._own: dict[str, str] = {}  # id of a text -> its key
        self._waiting: dict[str, _Case] = {}  # id of a citation or work -> its case, until its row is there
        self._pointing: dict[int, tuple[_Case, Document | None]] = {}  # pointer of the text at hand -> its case
        for case in self._cases:
            if fault := fault_of(case.entry, case.seen):
                case.refuse(fault)
            else:
                self._sort_in(case)

    def _sort_in(self, case: _Case) -> None:
        sort, *parts = parts_of(case.entry.subject)
        if sort in MENTIONS and case.entry.kind in LINK_KINDS:
            self._links.setdefault(parts[0], {})[case.entry.subject] = case
        elif sort == TASK and case.entry.kind == BASIS:
            self._bases.setdefault(parts[0], []).append(case)
        elif sort == DOCUMENT and case.entry.kind == MERGE:
            self._merges[parts[0]] = case
        elif sort == DOCUMENT and case.entry.kind == SPLIT:
            for text in case.entry.payload.get("nguon", ()):
                self._splits[parts[0], str(text)] = case

    def begin(self, texts: Sequence[tuple[DocumentRow, str]]) -> None:
        """Take the documents that the texts are, as rows of ``van_ban``, and the names of their files.

        A text whose number is blank has a key that changes with every word of it; its decisions follow its file name.
        """
        self._own = {row["id"]: row["khoa"] for row, _ in texts}
        keys, by_path = set(self._own.values()), {path: row["khoa"] for row, path in texts}
        for index in (self._links, self._bases):
            for key in [k for k in index if k not in keys]:
                cases: Any = index[key]
                for case in cases.values() if isinstance(cases, dict) else cases:
                    new = by_path.get(str(case.entry.seen.get("tep", "")))
                    if new is None:
                        continue
                    if isinstance(cases, dict):
                        self._links.setdefault(new, {})[subject_at(new, case.entry.subject)] = case
                    else:
                        self._bases.setdefault(new, []).append(case)

    def touches(self, text: str) -> bool:
        """Tell whether people decided about what stands in the text ``text`` (an id of ``van_ban``)."""
        key = self._own.get(text, "")
        return bool(self._links.get(key) or self._bases.get(key))

    # -- citations, works, pointers ------------------------------------------------------------------

    def applied(self, extraction: Extraction, text: str, reading: Callable[[Citation], Reading]) -> Extraction:
        """Return what the text ``text`` (an id of ``van_ban``) says, with the links that people decided.

        ``reading`` tells what the base would say of a citation that nobody decided about.
        """
        self._pointing = {}
        cases = self._links.get(self._own.get(text, ""))
        if not cases:
            return extraction
        found = subjects_of(extraction, self._own[text])
        decided: dict[str, dict[int, Document | None]] = {CITATION: {}, WORK: {}}
        for subject, case in cases.items():
            case.text = text
            if (spot := found.get(subject)) is None:
                self._miss(case, extraction)
                continue
            case.met = True
            case.place(text, spot)
            if spot.sort == CITATION:
                read = reading(extraction.citations[spot.index])
            elif spot.sort == WORK:
                read = Reading(document_at(extraction, spot), "resolved", "", spot.status)
            else:
                continue
            if self._holds(case, read):
                self._waiting[f"{text}#{spot.name}"] = case
                decided[spot.sort][spot.index] = self._target(case, read.document)
        if any(decided.values()):
            extraction = redirected(extraction, decided[CITATION], decided[WORK])
        for subject, case in cases.items():  # a pointer back follows what it points to, so these come after
            spot = found.get(subject)
            if spot is not None and spot.sort == POINTER:
                read = Reading(_pointed_at(extraction, spot.index, reading), "resolved", "", spot.status)
                if self._holds(case, read):
                    self._pointing[spot.index] = case, self._target(case, read.document)
        return extraction

    def _holds(self, case: _Case, read: Reading) -> bool:
        """Tell whether a decision is applied where the program reads ``read``, and remember what it reads."""
        words = self._describe(read.document) if read.document else "không rõ văn bản nào"
        status = read.words or RESOLUTION[read.status]
        case.machine = f"{words}: {status}"
        case.read = {
            "khoa": read.document.key if read.document else "", "nhan": words if read.document else "",
            "trang_thai": status, "ung_vien": read.candidates,
        }  # fmt: skip
        if not self._agrees(case, read.document, words):
            return False
        if (before := str(case.seen.seen.get("may", {}).get("ung_vien", ""))) != read.candidates:
            why = "Các văn bản có thể được viện dẫn đã khác"
            case.findings.append(Finding(SUSPECT, why, before, read.candidates))
        case.applied = True
        return True

    def pointed(
        self, lines: dict[str, list[list[Any]]], extraction: Extraction, text: str,
        document: Callable[[Document], DocumentRow],
    ) -> None:  # fmt: skip
        """Let the pointers of a text lead where people say, in its rows; ``document`` gives the row of a document."""
        aim = columns_of("dan_chieu").index("dich")
        for index, (case, chosen) in self._pointing.items():
            if case.entry.kind == PICK and chosen is not None:
                case.document = str(document(chosen)["id"])
            elif case.entry.kind == ACCEPT:
                case.document = lines["dan_chieu"][index][aim] or None
            relation = str(case.entry.payload.get("quan_he", "")) if case.entry.kind == PICK else ""
            point(lines, extraction, text, index, case.document or "", relation)

    def _agrees(self, case: _Case, machine: Document | None, words: str) -> bool:
        """Tell whether the program reads what it read when the person decided, or what the person decided."""
        now = machine.key if machine else ""
        saw = case.seen.seen.get("may", {})
        chosen = case.entry.payload.get("van_ban", {}).get("khoa", "") if case.entry.kind != REJECT else None
        merged = self.merged(machine).key if machine else ""
        if saw.get("khoa", "") in (now, merged) or (chosen is not None and chosen in (now, merged)):
            return True
        case.refuse("Chương trình nay nhận ra một văn bản khác", str(saw.get("nhan", "")) or "không rõ", words)
        return False

    def _target(self, case: _Case, machine: Document | None) -> Document | None:
        if case.entry.kind == ACCEPT:
            return machine
        if case.entry.kind == PICK:
            return document_of(case.entry.payload["van_ban"], f"{CHOSEN}{case.entry.number}")
        return None

    @staticmethod
    def _miss(case: _Case, extraction: Extraction) -> None:
        sort = parts_of(case.entry.subject)[0]
        spot = alone(list(spots_of(extraction)), sort, str(case.entry.seen.get("chu", "")))
        if spot is not None:
            case.place(str(case.text), spot)
        now = spot.sentence if spot is not None else ""
        what = {CITATION: "viện dẫn", WORK: "tên gọi", POINTER: "chỗ dẫn chiếu"}[sort]
        why = f"Câu có {what} này đã đổi" if now else f"Câu có {what} này không còn trong văn bản"
        case.refuse(why, str(case.entry.seen.get("cau", "")), now)

    def landed(self, rows: Sequence[Row]) -> None:
        """Take the rows of citations or works of a text: which document each decided one leads to."""
        if self._waiting:
            for row in rows:
                if case := self._waiting.pop(row["id"], None):
                    case.document = row["van_ban"]

    # -- documents -----------------------------------------------------------------------------------

    @staticmethod
    def chosen(document: Document) -> bool:
        """Tell whether a decision brought ``document`` into a text: its key stands as it is."""
        return document.id.startswith(CHOSEN)

    def merged(self, document: Document) -> Document:
        """Return the document that ``document`` is by the decisions to merge."""
        seen = {document.key}
        while (case := self._merges.get(document.key)) and document.key not in self._own.values():
            target = document_of(case.entry.payload["van_ban"], document.id)
            case.met = case.applied = True
            if target.key in seen:
                break
            seen.add(target.key)
            document = replace(target, printed=document.printed)
        return document

    def parted(self, document: Document, text: str) -> Document:
        """Return the document that ``document`` is where the text ``text`` names it, by the decisions to split."""
        case = self._splits.get((document.key, self._own.get(text, "")))
        if case is None:
            return document
        case.met = case.applied = True
        other = document_of(case.entry.payload["van_ban"], document.id)
        if other.key == document.key:
            other = replace(other, key=f"{other.key}|tách {case.entry.number}")
        return replace(other, printed=document.printed)

    def bases(self, text: str, units: Mapping[str, Unit]) -> Iterator[tuple[Entry, Unit, Document]]:
        """Yield the bases that people gave tasks of ``text``: the entry, the unit, the document."""
        by_uid = {unit.uid: unit for unit in units.values()}
        for case in self._bases.get(self._own.get(text, ""), ()):
            unit = by_uid.get(parts_of(case.entry.subject)[2])
            case.text = text
            if unit is None:
                words = str(case.entry.seen.get("cau", ""))
                case.refuse("Nhiệm vụ này không còn, hoặc lời văn đã đổi", words)
                continue
            case.met = case.applied = True
            case.unit = f"{text}#{unit.id}"
            yield case.entry, unit, document_of(case.entry.payload["van_ban"], f"{CHOSEN}{case.entry.number}")

    def based(self, entry: Entry, document: str) -> None:
        """Remember the document (an id of ``van_ban``) that a basis given by hand became."""
        next(case for case in self._cases if case.entry is entry).document = document

    def corrected(self, documents: Mapping[str, DocumentRow]) -> None:
        """Correct the rows of documents (by key) when all texts are read."""
        if not self._cases:
            return
        by_id = {row["id"]: row for row in documents.values()}
        for case in self._cases:
            if fault_of(case.entry, case.seen):
                continue
            sort, *parts = parts_of(case.entry.subject)
            if case.applied and case.document in by_id and case.entry.kind in LINK_KINDS:
                by_id[case.document]["trang_thai"] = RESOLVED
            if sort != DOCUMENT:
                continue
            row = documents.get(parts[0])
            if case.entry.kind in (MERGE, SPLIT):
                self._place(case, documents, row)
            elif row is None:
                case.refuse("Văn bản không còn trong kho", str(case.entry.seen.get("chu", "")))
            else:
                case.met, case.document = True, row["id"]
                if case.entry.kind == CORRECT:
                    _correct(case, row)
                case.applied = case.applied or case.entry.kind == COVER

    def _place(self, case: _Case, documents: Mapping[str, DocumentRow], row: DocumentRow | None) -> None:
        target = documents.get(case.entry.payload["van_ban"]["khoa"])
        found = target or row
        case.document = found["id"] if found is not None else None
        if row is not None and row["trong_kho"] and case.entry.kind == MERGE:
            case.refuse("Văn bản nay có toàn văn trong kho nên không gộp vào văn bản khác", "", row["nhan"])

    # -- what came of it -----------------------------------------------------------------------------

    def report(self, connection: sqlite3.Connection) -> tuple[list[Row], list[Row]]:
        """Return the rows of ``quyet_dinh`` and of ``quyet_dinh_can_xem`` when the base has all others."""
        connection.row_factory, before = sqlite3.Row, connection.row_factory
        try:
            for case in self._cases:
                self._look_again(case, connection)
        finally:
            connection.row_factory = before
        rows: list[Row] = []
        findings: list[Row] = []
        for case in self._cases:
            rows.append(_row(case))
            for finding in case.findings:
                findings.append(_finding_row(case, finding, len(findings) + 1))
        return rows, findings

    def _look_again(self, case: _Case, connection: sqlite3.Connection) -> None:
        if not case.met:
            case.refuse("Văn bản có chỗ này không còn trong kho", str(case.entry.seen.get("chu", "")))
        elif case.applied and case.document and case.entry.kind in (ACCEPT, PICK, BASIS):
            row = connection.execute("SELECT * FROM van_ban WHERE id = ?", [case.document]).fetchone()
            if found := list(changes(case.seen.seen.get("dich", {}), state_of(row, connection))):
                case.findings.append(_changed(found))


def _pointed_at(extraction: Extraction, index: int, reading: Callable[[Citation], Reading]) -> Document | None:
    """Return the document that a pointer leads to, as the base has it: a register may know more of what is cited."""
    target = extraction.references[index].target
    cited = next((c for c in extraction.citations if c.document == target and c.rule != RULE), None)
    return reading(cited).document if cited else next((d for d in extraction.documents if d.id == target), None)


def _changed(found: Sequence[tuple[str, str, str]]) -> Finding:
    """Return all that has changed about a target as one thing to look at: an amendment changes more than one fact."""
    names = ", ".join(name for name, _, _ in found)
    before, after = (
        "; ".join(f"{parts[0]}: {parts[n] or '--'}" if len(found) > 1 else parts[n] for parts in found) for n in (1, 2)
    )
    return Finding(SUSPECT, f"{names[:1]}{names[1:].lower()} của văn bản được viện dẫn đã khác", before, after)


def fault_of(entry: Entry, seen: Entry) -> str:
    """Return why an entry cannot be one of ours, "" when it can: a table may bring anything.

    ``seen`` is the entry that tells what was last seen.
    """
    target = entry.payload.get("van_ban", {})
    machine, state, texts = seen.seen.get("may", {}), seen.seen.get("dich", {}), entry.payload.get("nguon", [])
    words = [*(v for part in (target, machine, state) if isinstance(part, dict) for v in part.values())]
    sorts = {**dict.fromkeys(MENTIONS, LINK_KINDS), TASK: {BASIS}, DOCUMENT: {MERGE, SPLIT, CORRECT, COVER}}
    if entry.kind not in sorts.get(parts_of(entry.subject)[0], ()):
        return f"Loại quyết định “{entry.kind}” không dùng được cho đối tượng này"
    whole = all(isinstance(part, dict) for part in (target, machine, state)) and isinstance(texts, list)
    needed = entry.kind in (PICK, MERGE, SPLIT, BASIS)
    if not whole or not all(isinstance(word, str) for word in words) or (needed and not target.get("khoa")):
        return "Nội dung quyết định không còn nguyên vẹn"
    relation = entry.payload.get("quan_he", "")
    if entry.kind == BASIS and relation not in {row["id"] for row in read_table("relations")}:
        return "Quan hệ của nhiệm vụ với văn bản không có trong bảng quan hệ"
    if entry.kind == PICK and relation not in ("", *BASIS_RELATIONS):
        return "Quan hệ với văn bản không có trong bảng quan hệ"
    return ""


def _correct(case: _Case, row: DocumentRow) -> None:
    name = str(case.entry.payload.get("truong", ""))
    old, new = (
        str(case.seen.payload.get("cu", case.entry.payload.get("cu", ""))),
        str(case.entry.payload.get("moi", "")),
    )
    if name not in FIELDS:
        case.refuse(f"Không có mục thông tin “{name}”")
        return
    now = str(row[name] or "")
    case.machine = _shown(name, now)
    if now not in (old, new):
        case.refuse(f"{FIELDS[name]} mà chương trình đọc được đã khác", _shown(name, old), _shown(name, now))
        return
    case.applied = True
    if now == new:
        return
    row[name] = new
    if name == "so_ky_hieu":
        printed = dict.fromkeys(filter(None, [*row["so_ky_hieu_in"].split("; "), now]))
        row["so_ky_hieu_in"] = "; ".join(printed)
    if name in ("loai", "so_ky_hieu") and row["hinh_thuc"] == FORMS["number"]:
        version = f" ({row['phien_ban']})" if row["phien_ban_cua"] else ""
        row["nhan"] = f"{row['loai'] or 'Văn bản'} số {row['so_ky_hieu']}{version}"
    if name in ("loai", "so_ky_hieu", "ngay_ban_hanh", "co_quan_ban_hanh"):
        row["urn"] = ""  # made of what was wrong


def _shown(name: str, value: str) -> str:
    return vietnamese_date(value) if name == "ngay_ban_hanh" else value


def _row(case: _Case) -> Row:
    entry = case.entry
    state = "đang áp dụng" if case.applied else UNAPPLIED
    return {
        "id": entry.number, "loai": entry.kind, "doi_tuong": str(entry.seen.get("chu", "")) or entry.subject,
        "noi_dung": decided_words(entry), "ly_do": entry.reason, "nguoi": entry.person, "luc": entry.time,
        "tinh_trang": SUSPECT if case.applied and case.findings else state, "may_doc": case.machine,
        "van_ban": case.document, "van_ban_nguon": case.text, "muc": case.unit,
        **dict.fromkeys(MENTIONS.values()), **case.spots,
        "chi_tiet": json.dumps({**entry.payload, **({"may": case.read} if case.read else {})}, ensure_ascii=False,
                               sort_keys=True), "ma_doi_tuong": entry.subject,
    }  # fmt: skip


def _finding_row(case: _Case, finding: Finding, number: int) -> Row:
    return {
        "id": number, "quyet_dinh": case.entry.number, "viec": finding.sort, "vi_sao": finding.why,
        "truoc": finding.before, "nay": finding.after, "van_ban": case.document, "van_ban_nguon": case.text,
        "muc": case.unit, **dict.fromkeys(MENTIONS.values()), **case.spots,
    }  # fmt: skip


def decided_words(entry: Entry) -> str:
    """Return what an entry decides, in words."""
    payload = entry.payload
    name = str(payload.get("van_ban", {}).get("nhan", "")) if isinstance(payload.get("van_ban"), dict) else ""
    if entry.kind == CORRECT:
        field_name = str(payload.get("truong", ""))
        value = _shown(field_name, str(payload.get("moi", "")))
        return f"{FIELDS.get(field_name, field_name)}: {value or '--'}"
    if entry.kind == COVER:
        return str(payload.get("cach", ""))
    sort = parts_of(entry.subject)[0]
    if entry.kind == REJECT and sort == WORK:
        return f"“{name or entry.seen.get('chu', '')}” không phải tên một văn bản"
    if entry.kind == REJECT and sort == POINTER and not name:
        return "Không chỉ đến văn bản nào"
    said = {
        ACCEPT: "Đúng là {}", REJECT: "Không phải {}", PICK: "Là {}", MERGE: "Cùng một văn bản với {}",
        SPLIT: "Là văn bản khác: {}", BASIS: "Dựa vào {}",
    }.get(entry.kind)  # fmt: skip
    return said.format(name or "văn bản đã nêu") if said else entry.kind
