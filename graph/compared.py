"""What a comparison reads of a text: made from an extraction, or from the rows of a base, with the same content."""

from __future__ import annotations

import json
import re
import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PureWindowsPath
from typing import Any

from extract.capitals import capitals_to_name
from extract.header import DRAFT_MARK
from extract.identity import own_document
from extract.model import SELF, Block, Extraction
from extract.task_tables import column_role
from extract.text import fold, plain
from graph.alike import shown
from graph.basis import PLAN_BASES
from graph.labels import label_of
from graph.outside import Outside, blocks_of, heads_of_tables, outside
from graph.words import STATED, UNIT_KINDS

_KINDS = {words: kind for kind, words in UNIT_KINDS.items()}
_HEAD_OF_PLAN = frozenset({"title", "basis", "lead"})
_TITLES = frozenset({"section", "group"})
_ROWS = frozenset({"section", "group", "task", "assignment"})
_TOLD = frozenset({"lead", "with", "due", "product"})
_LABEL = re.compile(
    r"((?:dự kiến\s+|các\s+)?(?:cơ quan|đơn vị|thời gian|thời hạn|thời điểm|tiến độ|sản phẩm|kết quả|chủ trì|phối hợp"
    r"|hoàn thành|người thực hiện|đầu ra)(?![\wà-ỹ])[^:.;]{0,40}):"
)
_SUFFIX = re.compile(r"\|\?(?:told|own)$")
MOST_PIECES = 20_000
"""A longer text has no comparison on a page (paragraphs)."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A document that a piece cites: its name, the keys it may be known by (the identity first), the provision.

    ``unit`` is the code of the piece, where the document is a basis of the plan.
    """

    label: str
    keys: tuple[str, ...]
    pinpoint: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit of the outline as compared: code (II.1.3), checksum, kind, code of the unit above, words as read.

    ``labels`` are the lines below that only tell who does it until when, ``extra`` the other cells of its row, None
    where the source does not tell them apart. Kinds beside those of the outline: "columns" is the head of a table of
    tasks, "note" a footnote.
    """

    code: str
    uid: str
    kind: str
    parent: str
    text: str
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    due: str = ""
    product: str = ""
    labels: str = ""
    extra: str | None = ""
    cited: tuple[Cited, ...] = ()
    in_table: bool = False


@dataclass(frozen=True, slots=True)
class ComparedText:
    """A text to be compared: ``id`` in the base ("" for a file), name, what its head and foot say, pieces, bases.

    ``source`` is the document whose file is named, ``path`` and ``sha256`` that file; ``recipients`` are those of
    "Kính gửi" and "Nơi nhận".
    """

    id: str
    label: str
    path: str
    sha256: str
    type: str
    number: str
    date: str
    issuer: str
    title: str
    signer_role: str
    pieces: tuple[Piece, ...]
    bases: tuple[Cited, ...]
    signer: str = ""
    recipients: tuple[str, ...] = ()


class TooLongError(Exception):
    """The text in the base has more pieces than are compared; the message is a Vietnamese sentence."""


def from_extraction(extraction: Extraction, path: str = "") -> ComparedText:
    """Return what a comparison reads of a text that was just extracted; ``path`` is its name for people."""
    header, source = extraction.header, extraction.source
    documents = {d.id: d for d in extraction.documents}
    cited: dict[str, list[Cited]] = defaultdict(list)
    own = own_document(header, source)
    for citation in extraction.citations:
        mention = citation.mention
        if citation.unit and citation.document and not mention.self:
            document = documents[citation.document]
            if document.key == own.key or _blank(mention.number):
                continue  # "(Kèm theo Kế hoạch số …/KH-UBND)" cites nothing
            keys = _keys(document.key, mention.type, mention.number, mention.name, mention.date)
            cited[citation.unit].append(Cited(label_of(document), keys, "; ".join(mention.pinpoint)))
    for work in extraction.works:
        if work.unit:
            document = documents[work.document]
            cited[work.unit].append(Cited(label_of(document), (document.key,)))
    kinds = {unit.id: unit.kind for unit in extraction.units}
    bases = [
        (documents[r.target], r.unit) for r in extraction.relations
        if r.source == SELF and r.relation in PLAN_BASES and r.status == "stated"
        and r.unit and kinds.get(r.unit) in _HEAD_OF_PLAN and r.target in documents
    ]  # fmt: skip
    text = source.text
    pieces = [
        Piece(
            unit.id, unit.uid, unit.kind, unit.parent or "", _words(unit.kind, unit.marker, unit.text), unit.lead,
            unit.cooperating, unit.due, unit.product, "",
            " | ".join(shown(text[a:b]) for a, b, _ in unit.cells) if unit.in_table else "",
            _once(cited.get(unit.id, ())), unit.in_table,
        )
        for unit in extraction.units
    ]  # fmt: skip
    beside = outside(text, source.blocks)
    pieces = _with_outside(pieces, [unit.start for unit in extraction.units], text, source.blocks, beside)
    return ComparedText(
        "", _name(own.number, label_of(own), header.title, path or source.path), path or source.path, source.sha256,
        header.type, f"{header.number}/{header.symbol}" if header.symbol else header.number, header.date, header.issuer,
        _title(pieces, header.type, header.title), beside.signer_role, _compared(pieces),
        _once(Cited(label_of(d), (_SUFFIX.sub("", d.key),), unit=unit) for d, unit in bases),
        beside.signer, beside.recipients,
    )  # fmt: skip


def from_base(connection: sqlite3.Connection, document: str) -> ComparedText | None:
    """Return what a comparison reads of a text that stands in the base; None when the base has no text of it.

    Raises:
        TooLongError: it has more than :data:`MOST_PIECES` units.
    """
    row = next(_rows(connection, "SELECT * FROM van_ban WHERE id = ?", document), None)
    source = next(_rows(connection, "SELECT * FROM tep WHERE van_ban = ?", document), None)
    if row is None or source is None:
        return None
    units = list(_rows(connection, "SELECT * FROM muc WHERE van_ban = ? LIMIT ?", document, MOST_PIECES + 1))
    units.sort(key=lambda u: (u["bat_dau"], -u["ket_thuc"]))
    if len(units) > MOST_PIECES:
        raise TooLongError(
            f"“{row['nhan']}” có hơn {MOST_PIECES} mục nên không so sánh ở đây được. Hãy so sánh hai tệp bằng lệnh "
            "“cancu compare”."
        )
    text = source["noi_dung"]
    cells = _Cells(source.get("o_bang") or "")
    pieces = [
        Piece(
            unit["ma"], unit["uid"], _KINDS.get(unit["loai"], "statement"), (unit["cha"] or "").partition("#")[2],
            _words(_KINDS.get(unit["loai"], ""), unit["ky_hieu"], text[unit["bat_dau"] : unit["ket_thuc"]]),
            _split(unit["chu_tri"]), _split(unit["phoi_hop"]), unit["thoi_han"], unit["san_pham"], "",
            cells.beside(text, unit["bat_dau"], unit["ket_thuc"])
            if unit["trong_bang"] and _KINDS.get(unit["loai"]) not in _TITLES else "",
            in_table=bool(unit["trong_bang"]),
        )
        for unit in units
    ]  # fmt: skip
    cited = _cited_in(connection, document, (source["so_in"], plain(row["co_quan_ban_hanh"])))
    pieces = [replace(piece, cited=_once(cited.get(f"{document}#{piece.code}", ()))) for piece in pieces]
    kinds = {piece.code: piece.kind for piece in pieces}
    marks = ", ".join("?" * len(PLAN_BASES))
    bases = _rows(
        connection,
        f"SELECT v.id, v.nhan, v.khoa, q.muc FROM quan_he q JOIN van_ban v ON v.id = q.dich WHERE q.neu_tai = ?"
        f" AND q.nguon_van_ban = ? AND q.trang_thai = ? AND q.loai IN ({marks}) ORDER BY q.rowid LIMIT ?",
        document, document, STATED, *sorted(PLAN_BASES), MOST_PIECES,
    )  # fmt: skip
    found = [b for b in bases if kinds.get((b["muc"] or "").partition("#")[2]) in _HEAD_OF_PLAN]
    blocks = blocks_of(text, source.get("o_bang") or "")
    beside = outside(text, blocks)
    pieces = _with_outside(pieces, [unit["bat_dau"] for unit in units], text, blocks, beside)
    return ComparedText(
        document, row["nhan"], PureWindowsPath(source["duong_dan"]).name, source["sha256"], row["loai"],
        source["so_in"], row["ngay_ban_hanh"], row["co_quan_ban_hanh"], _title(pieces, row["loai"], row["trich_yeu"]),
        beside.signer_role, _compared(pieces),
        _once(
            Cited(b["nhan"], (_bare(b["khoa"], document),), unit=b["muc"].partition("#")[2]) for b in found
        ),
        beside.signer, beside.recipients,
    )  # fmt: skip


class _Cells:
    """The cells of the tables of a text, as the column ``o_bang`` lists them."""

    def __init__(self, listed: str) -> None:
        self._rows: dict[tuple[int, int], dict[int, tuple[int, int]]] = defaultdict(dict)
        self._spots: list[tuple[int, int, int, int]] = []
        for start, end, table, row, column, rows in json.loads(listed) if listed else ():
            self._spots.append((start, end, table, row))
            for over in range(row, row + max(rows, 1)):  # a merged cell says the same for every row that it goes over
                first, _ = self._rows[table, over].get(column, (start, end))
                self._rows[table, over][column] = (min(first, start), end)
        self._spots.sort()

    def beside(self, text: str, start: int, end: int) -> str | None:
        """Return the other cells of the row in which a unit stands; None where the base does not tell them apart."""
        n = bisect_right(self._spots, start, key=lambda spot: spot[0]) - 1
        if n < 0 or self._spots[n][1] <= start:
            return None
        row = self._rows[self._spots[n][2:]]
        return " | ".join(shown(text[a:b]) for _, (a, b) in sorted(row.items()) if b <= start or a >= end)


def _cited_in(connection: sqlite3.Connection, document: str, own: tuple[str, str]) -> Mapping[str, list[Cited]]:
    found: dict[str, list[Cited]] = defaultdict(list)
    for row in _rows(
        connection,
        "SELECT t.muc, t.van_ban, t.loai, t.so_ky_hieu, t.ten, t.ngay, t.dieu_khoan, v.nhan, v.khoa FROM trich_dan t"
        " JOIN van_ban v ON v.id = t.van_ban WHERE t.van_ban_nguon = ? AND t.la_so_cua_minh = 0 AND t.muc IS NOT NULL"
        " ORDER BY t.rowid",
        document,
    ):
        if row["van_ban"] == document or _blank(row["so_ky_hieu"]):
            continue
        keys = _keys(_bare(row["khoa"], document), row["loai"], row["so_ky_hieu"], row["ten"], row["ngay"])
        found[row["muc"]].append(Cited(row["nhan"], keys, row["dieu_khoan"]))
    for row in _rows(
        connection,
        "SELECT c.muc, v.nhan, v.khoa FROM chuong_trinh c JOIN van_ban v ON v.id = c.van_ban"
        " WHERE c.van_ban_nguon = ? AND c.muc IS NOT NULL ORDER BY c.rowid",
        document,
    ):
        found[row["muc"]].append(Cited(row["nhan"], (_bare(row["khoa"], document),)))
    return found


def _rows(connection: sqlite3.Connection, sql: str, *values: object) -> Iterator[dict[str, Any]]:
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    yield from (dict(zip(names, row, strict=True)) for row in cursor)


# --- parts ----------------------------------------------------------------------------------------


def _blank(number: str) -> bool:
    """The number of a draft that waits for it: "/KH-UBND"."""
    return number.startswith(("/", "-"))


def _bare(key: str, document: str) -> str:
    """Return a key as the text alone gives it: the base marks an open one with the text that it stands in."""
    return _SUFFIX.sub("", key.removesuffix(f"|{document}"))


def _keys(key: str, type_: str, number: str, name: str, date: str) -> tuple[str, ...]:
    """A law named without a number is the same name whatever version the day of the text makes it mean."""
    by_name = (f"ten|{plain(type_)}|{plain(name)}|{date[:4]}",) if name and not number else ()
    return (_SUFFIX.sub("", key), *by_name)


def _once(cited: Iterable[Cited]) -> tuple[Cited, ...]:
    found: dict[str, Cited] = {}
    for one in cited:
        before = found.get(one.keys[0])
        if before is None:
            found[one.keys[0]] = one
        else:
            keys = tuple(dict.fromkeys((*before.keys, *one.keys)))
            pinpoint = "; ".join(dict.fromkeys(filter(None, (before.pinpoint, one.pinpoint))))
            found[one.keys[0]] = replace(before, keys=keys, pinpoint=pinpoint)
    return tuple(found.values())


def _words(kind: str, marker: str, text: str) -> str:
    """Return the words of a unit without its number, which a heading has in front."""
    words = shown(text)
    if kind == "section" and marker and words.startswith(marker):
        words = words[len(marker) :].lstrip(" .)/:-–") or words
    return words


def _title(pieces: Iterable[Piece], type_: str, title: str) -> str:
    """Return the title without the type word before it, as the text has it."""
    words = next((p.text for p in pieces if p.kind == "title"), shown(title))
    words = words[len(type_) :].strip(" :-–") if type_ and fold(words).startswith(fold(type_)) else words
    draft = DRAFT_MARK.search(fold(words))
    return f"{words[: draft.start()]} {words[draft.end() :]}".strip(" :-–") if draft else words


def _with_outside(
    pieces: Sequence[Piece], starts: Sequence[int], text: str, blocks: Sequence[Block], beside: Outside
) -> list[Piece]:
    """Return ``pieces``, which begin at ``starts``, heads of tables before their rows, footnotes last."""
    rows = [n for n, piece in enumerate(pieces) if piece.in_table and piece.kind in _ROWS]
    heads: dict[int, list[str]] = defaultdict(list)
    for start, words in heads_of_tables(text, blocks, [starts[n] for n in rows]):
        heads[start].append(words)
    found: list[Piece] = []
    told = set(starts)
    for start, piece in zip(starts, pieces, strict=True):
        found += (Piece(piece.parent, "", "columns", piece.parent, words) for words in heads.pop(start, ()))
        found.append(piece)
    found += (Piece("", "", "note", "", words) for start, words in beside.notes if start not in told)
    return found


def _compared(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Leave out the title, which belongs to the head; lines that only tell who does a task and when go to the task."""
    kept: list[Piece] = []
    task = -1
    for piece in pieces:
        label = _LABEL.match(fold(piece.text)) if piece.kind == "statement" and task >= 0 else None
        if label is not None and column_role(label[1]) in _TOLD:
            kept[task] = replace(kept[task], labels=f"{kept[task].labels} {piece.text}".strip())
            continue
        if piece.kind != "statement":
            task = len(kept) if piece.kind in ("task", "assignment") else -1
        if piece.kind != "title":
            kept.append(piece)
    return tuple(kept)


def _split(joined: str) -> tuple[str, ...]:
    return tuple(filter(None, joined.split("; ")))


def _name(number: str, label: str, title: str, path: str) -> str:
    """A blank own number says nothing: the title stands instead, as in the base."""
    if number.split("/")[0].split("-")[0]:
        return label
    return capitals_to_name(title) or PureWindowsPath(path).stem or "Văn bản"
