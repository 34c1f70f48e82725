"""The nouns of the first room: what a document says, as frozen values.

Every ``start``/``end`` is a character offset (Python ``str`` index, end exclusive) into
:attr:`SourceText.text`. Nothing here knows a database, a server or a file format. What a long text
has in thousands (places, blocks, units) is a named tuple, since making one costs a quarter of a
frozen dataclass; all else is a frozen dataclass.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal, NamedTuple

UnitKind = Literal["title", "basis", "lead", "section", "group", "task", "assignment", "statement", "closing"]
ACTING_UNITS = frozenset({"task", "assignment", "group"})
"""Kinds of units whose own act a citation can be; in all others the document itself speaks."""
CitationForm = Literal["number", "name", "standard"]
ResolutionStatus = Literal["resolved", "ambiguous", "unresolved"]
RelationStatus = Literal["stated", "planned", "inferred"]
ReferenceKind = Literal["internal", "self", "back", "declared", "vague"]

SELF = "self"
"""The node id, in relations and references, of the document that is being read."""


class Place(NamedTuple):
    """Where in the source file a span stands; parts that the format does not have are None.

    ``paragraph`` counts the blocks of the text from 1, ``page``, ``table``, ``row`` and ``cell`` (of the row) likewise.
    ``rows`` is how many rows the cell goes over (merged cells), None where the format does not tell.
    ``scanned`` says that a machine recognised the words there from a picture, so that people must check them.
    """

    page: int | None = None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    cell: int | None = None
    rows: int | None = None
    scanned: bool = False


class Block(NamedTuple):
    """One paragraph of the text as read (a line of Markdown, a paragraph of Word, a table cell)."""

    start: int
    end: int
    place: Place


_start_of = attrgetter("start")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A document as read: NFC text with LF line ends, and its blocks in order.

    ``sha256`` is the hash of the file's bytes (of the UTF-8 text when there is no file), ``notes`` tells people
    what was lost or converted in reading. ``partly`` is true when more time would have read more (pages of a scan).
    """

    text: str
    blocks: tuple[Block, ...]
    path: str = ""
    sha256: str = ""
    format: str = "txt"
    notes: tuple[str, ...] = ()
    partly: bool = False

    def place_at(self, position: int) -> Place:
        """Return the place of the block that holds the character at ``position``, an empty one outside blocks."""
        n = bisect_right(self.blocks, position, key=_start_of) - 1
        return self.blocks[n].place if n >= 0 and position < self.blocks[n].end else Place()


@dataclass(frozen=True, slots=True)
class Header:
    """What the document says of itself.

    ``number`` is digits only and "" when blank; ``symbol`` is the rest of the number line
    ("KH-KHCN", "NQ/TU"). ``date`` is ISO, also partial ("2024-01"). ``inferred`` names the fields
    that the text does not state and a rule supplied. The spans are None where the part is missing.
    ``parent`` is the organ above the issuer as the letterhead names it, ``signer_role`` the lines in capitals over
    the signature ("KT. CHỦ TỊCH PHÓ CHỦ TỊCH"), ``recipients`` whom it is sent to (Kính gửi, Nơi nhận).
    """

    type: str = ""
    number: str = ""
    symbol: str = ""
    date: str = ""
    issuer: str = ""
    place: str = ""
    title: str = ""
    province: str = ""
    inferred: tuple[str, ...] = ()
    number_span: tuple[int, int] | None = None
    date_span: tuple[int, int] | None = None
    title_span: tuple[int, int] | None = None
    body_start: int = 0
    parent: str = ""
    signer_role: str = ""
    recipients: tuple[str, ...] = ()


class Unit(NamedTuple):
    """A piece of the outline: heading, basis, task, assignment, statement …

    ``id`` is the outline path ("II.1.3.1"), ``uid`` a checksum of section and folded text that
    survives renumbering. ``start``/``end`` leave the list marker out, except in headings. A row of a
    task table has the words of its task cell; ``cells`` are the others of the row as (start, end, "basis" or "").
    """

    id: str
    uid: str
    kind: UnitKind
    parent: str | None
    marker: str
    start: int
    end: int
    text: str
    place: Place
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    due: str = ""
    product: str = ""
    in_table: bool = False
    cells: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A citation as the text has it, before anything is known about the document behind it.

    ``start``/``end`` bound the core (type word to the end of number or name); ``tail`` is the end
    of date and issuer, whichever is later. ``number`` is canonical as printed.
    """

    start: int
    end: int
    tail: int
    form: CitationForm
    type: str
    number: str = ""
    name: str = ""
    date: str = ""
    issuer: str = ""
    issuer_start: int = -1
    type_printed: bool = False
    has_so: bool = False
    self: bool = False
    pinpoint: tuple[str, ...] = ()
    pinpoint_start: int = -1
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class WorkMention:
    """A programme, scheme, regulation or plan named by its title, without a number."""

    start: int
    end: int
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A pointer that is not a citation: internal, to the document itself, back, declared, or vague."""

    start: int
    end: int
    text: str
    kind: ReferenceKind
    target: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class RefusedNumber:
    """A run that has the shape of a number and is no citation, with the rule that says so."""

    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Link:
    """A further relation of a citation ("also" in FORMATS): ``holder`` is an index of citations."""

    relation: str
    holder: int | None


@dataclass(frozen=True, slots=True)
class Citation:
    """One mention of one document, read and resolved.

    ``via`` is the document id of the node that stands in ``relation`` to this one, None when the
    document or task itself does; ``holder`` ("from" in the JSON) is the index of the nearest
    *citation* on that way, None when there is none. ``relation`` is a word of the annotation guide,
    ``relation_detail`` a finer word or "". ``document`` is None for the document's own number.
    ``candidates`` are ids of documents of this text, or type and number of a law it does not cite by number.
    """

    id: str
    mention: Mention
    text: str
    relation: str
    relation_detail: str
    holder: int | None
    via: str | None
    unit: str | None
    document: str | None
    status: ResolutionStatus
    place: Place
    candidates: tuple[str, ...] = ()
    also: tuple[Link, ...] = ()
    title: str = ""
    cue: tuple[int, int] | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """One mention of a work without number.

    ``relation`` is what the holder's act makes of the work (a task that carries out the decision
    which approves a scheme carries out the scheme); ``link`` is the relation of the node above,
    ``via`` ("approves"), which also stands in the relations.
    """

    id: str
    start: int
    end: int
    text: str
    type: str
    name: str
    relation: str
    link: str
    holder: int | None
    via: str | None
    unit: str | None
    document: str
    place: Place
    cue: tuple[int, int] | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document that the text names, as one identity for all its mentions.

    ``number`` is the corrected form, ``printed`` the forms that stand in the text. ``issuer`` is
    full ("UBND tỉnh Tây Ninh"); what was not stated is listed in ``inferred``. ``key`` tells
    whether two texts mean the same document, unless a part of it is open (:func:`extract.identity.is_open`).
    ``urn`` is the URN:LEX name (RFC 9676), "" while a part of it is missing.
    """

    id: str
    key: str
    type: str
    number: str
    name: str
    date: str
    issuer: str
    title: str
    family: str
    form: Literal["number", "name", "standard", "work"]
    printed: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()
    in_corpus: bool = False
    urn: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A claim with its proof: ``source`` stands in ``relation`` to ``target``, because ``cue`` says so.

    ``source`` is "self", a document id, or a unit id (the task or group whose act it will be);
    ``start``/``end`` bound the cue, ``sentence`` is the quoted evidence.
    """

    source: str
    relation: str
    target: str
    start: int
    end: int
    unit: str | None
    status: RelationStatus
    cue: str
    sentence: str
    rule: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that the first room knows about one document."""

    source: SourceText
    header: Header
    units: tuple[Unit, ...] = ()
    citations: tuple[Citation, ...] = ()
    works: tuple[Work, ...] = ()
    references: tuple[Reference, ...] = ()
    documents: tuple[Document, ...] = ()
    relations: tuple[Relation, ...] = ()
    refusals: tuple[RefusedNumber, ...] = ()
