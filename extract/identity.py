"""Mention -> document: the full issuer, the corrected number, the key; never merged on number alone.

What each family needs to be unique stands in domain notes §3: laws type + number; normative acts
number + year + symbol (local ones the issuer too); administrative acts issuer + year of the date;
Party papers organ + term, for which the year of the date stands in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extract.model import Document, Header, Mention, ResolutionStatus, SourceText, WorkMention
from extract.numbers import (
    NumberParts,
    corrected,
    family_of,
    number_key,
    parse_number,
    search_key,
    sort_key,
    symbol_organs,
    typed_key,
)
from extract.organs import by_code, full_name, split_joint
from extract.text import plain, squeeze

__all__ = ["Identity", "identify", "number_key", "own_document", "search_key", "sort_key", "typed_key", "work_key"]


@dataclass(frozen=True, slots=True)
class Identity:
    """The documents of one text and, for every mention, which one it means and how surely."""

    documents: tuple[Document, ...]
    of_citation: Mapping[int, str]
    of_work: Mapping[int, str]
    status: Mapping[int, ResolutionStatus]
    candidates: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One mention as a document, before readings that mean the same are joined."""

    document: Document
    year: str


def identify(
    header: Header,
    mentions: Sequence[Mention],
    works: Sequence[WorkMention],
    titles: Mapping[int, str],
    work_issuers: Mapping[int, str],
) -> Identity:
    """Join the mentions of one text into documents.

    ``titles`` holds the trích yếu by index of mention, ``work_issuers`` the issuer of a work as far as
    the document that promulgates or approves it tells. Ids are d01… for numbered documents, n01… for
    those known by name, in text order.
    """
    readings = {i: _read(m, header, titles.get(i, "")) for i, m in enumerate(mentions) if not m.self}
    groups = _join({i: r for i, r in readings.items() if r is not None})
    work_groups: dict[str, list[int]] = {}
    for i, work in enumerate(works):
        work_groups.setdefault(work_key(work, header.province), []).append(i)
    starts = [(mentions[g[0]].start, "citation", g) for g in groups]
    starts += [(works[g[0]].start, "work", g) for g in work_groups.values()]
    documents: list[Document] = []
    of_citation: dict[int, str] = {}
    of_work: dict[int, str] = {}
    status: dict[int, ResolutionStatus] = {}
    candidates: dict[int, tuple[str, ...]] = {}
    numbered = named = 0
    for _, kind, group in sorted(starts, key=lambda s: s[0]):
        if kind == "work":
            document = _work_document(works, group, header, work_issuers)
        else:
            document = _merged([readings[i] for i in group])  # type: ignore[misc]
        if document.form == "number":
            numbered += 1
            document = replace(document, id=f"d{numbered:02d}")
        else:
            named += 1
            document = replace(document, id=f"n{named:02d}")
        documents.append(document)
        (of_work if kind == "work" else of_citation).update(dict.fromkeys(group, document.id))
        if kind == "citation":
            status.update(dict.fromkeys(group, _status(document)))
    for i, m in enumerate(mentions):
        if m.self:
            status[i] = "resolved" if header.number and header.issuer else "unresolved"
    return Identity(tuple(documents), of_citation, of_work, status, candidates)


# --- one mention ----------------------------------------------------------------------------------


def _read(mention: Mention, header: Header, title: str) -> _Reading | None:
    if mention.form == "standard":
        key = f"standard|{number_key(mention.number)}"
        document = Document(
            "", key, mention.type, mention.number, "", "", "", title, "standard", "standard", (mention.number,)
        )
        return _Reading(document, "")
    if mention.form == "name":
        return _named(mention, title)
    parts = parse_number(mention.number)
    if parts is None:
        parts = _loose_parts(mention.number)
    good = corrected(parts, mention.type)
    issuer, inferred = _issuer(mention, good, header)
    year = good.year or mention.date[:4]
    family = family_of(good, mention.type)
    document = Document(
        "", "", mention.type, good.printed if parts.groups else mention.number, mention.name, mention.date, issuer,
        title, family, "number", (mention.number,), inferred,
    )  # fmt: skip
    return _Reading(replace(document, key=_key(document, year)), year)


def _loose_parts(number: str) -> NumberParts:
    """Parts of a number that the strict grammar does not take (blank, old forms)."""
    m = re.match(r"(\d*[a-zđ]?)[/-](?:((?:1[89]|2\d)\d{2})[/-])?(.*)", number)
    if not m:
        return NumberParts(number, "", "", ("",), ())
    pieces = re.split(r"([/-])", m[3])
    separator = number[len(m[1])] if len(number) > len(m[1]) else "/"
    return NumberParts(m[1], m[2] or "", separator, tuple(pieces[::2]), tuple(pieces[1::2]))


def _named(mention: Mention, title: str) -> _Reading:
    party = mention.type not in ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")
    issuer = "Ban Chấp hành Trung ương" if party and "rung ương" in mention.name else ""
    issuer = issuer or ("" if party else "Quốc hội")
    name = f"{mention.type} {mention.name}".strip()
    document = Document(
        "", "", mention.type, "", name, mention.date, mention.issuer or issuer, title,
        "party" if party else "law", "name", (), () if mention.issuer else ("issuer",),
    )  # fmt: skip
    return _Reading(replace(document, key=f"name|{plain(name)}|{mention.date[:4]}"), mention.date[:4])


def _issuer(mention: Mention, parts: NumberParts, header: Header) -> tuple[str, tuple[str, ...]]:
    """The issuer in full, by the order of domain notes §3: "của X", the symbol, the level words, the own province."""
    if mention.issuer:
        names = [full_name(organ, header.province) for organ in split_joint(mention.issuer)]
        inferred = ("issuer",) if any(added for _, added in names) else ()
        return "; ".join(name for name, _ in names), inferred
    known = [by_code()[c.upper()] for c in symbol_organs(parts) if c.upper() in by_code()]
    law = re.fullmatch(r"(QH|UBTVQH)\d{1,2}", parts.groups[0].upper()) if parts.groups[0] else None
    if law:
        return ("Quốc hội" if law[1] == "QH" else "Ủy ban Thường vụ Quốc hội"), ()
    if not known:
        return "", ()
    if known[0].level == "council":
        # A bare UBND number may come from any level; the province is only likely, so nothing is said.
        return "", ()
    name, _ = full_name(known[0].name, header.province)
    return name, ("issuer",)


def _key(document: Document, year: str) -> str:
    return "|".join([
        document.family, plain(document.type), number_key(document.number), year, plain(document.issuer)
    ])  # fmt: skip


# --- joining --------------------------------------------------------------------------------------


def _join(readings: Mapping[int, _Reading]) -> list[list[int]]:
    """Group mentions of one document.

    Equal keys join. A short later mention (no date, no issuer: NĐ 30/2020 PL I.II.6b) joins the one
    document of the text with its type and number; where two fit, it stays alone and open.
    """
    full: dict[str, list[int]] = {}
    partial: list[int] = []
    for i, reading in readings.items():
        complete = reading.document.form != "number" or (reading.year and reading.document.issuer)
        if complete:
            full.setdefault(reading.document.key, []).append(i)
        else:
            partial.append(i)
    loose: dict[str, list[int]] = {}
    for i in partial:
        fitting = [key for key, group in full.items() if _fits(readings[i], readings[group[0]])]
        if len(fitting) == 1:
            full[fitting[0]].append(i)
        else:
            loose.setdefault(readings[i].document.key, []).append(i)
    return [sorted(group) for group in (*full.values(), *loose.values())]


def _fits(short: _Reading, long: _Reading) -> bool:
    a, b = short.document, long.document
    return (
        b.form == "number" and a.type == b.type and number_key(a.number) == number_key(b.number)
        and (not short.year or short.year == long.year) and (not a.issuer or a.issuer == b.issuer)
    )  # fmt: skip


def _merged(readings: Sequence[_Reading]) -> Document:
    first = max(readings, key=lambda r: (bool(r.year) and bool(r.document.issuer), len(r.document.date))).document
    printed = tuple(dict.fromkeys(p for r in readings for p in r.document.printed))
    title = next((r.document.title for r in readings if r.document.title), "")
    stated = any(r.document.issuer == first.issuer and "issuer" not in r.document.inferred for r in readings)
    inferred = tuple(f for f in first.inferred if not (f == "issuer" and stated))
    return replace(first, printed=printed, title=title, inferred=inferred)


def _status(document: Document) -> ResolutionStatus:
    if document.form != "number":
        return "resolved" if document.form == "standard" or document.date or document.family == "party" else "ambiguous"
    year = parse_year(document)
    serial = re.match(r"\d", document.number)
    return "resolved" if serial and year and document.issuer and document.type else "unresolved"


def parse_year(document: Document) -> str:
    """Return the year that tells a document from its namesakes: of its number, else of its date."""
    parts = parse_number(document.number)
    return (parts.year if parts else "") or document.date[:4]


# --- works and the own document -------------------------------------------------------------------


def work_key(work: WorkMention, province: str) -> str:
    """Return the key of a work: type and name, folded, without marks and without the own province's name."""
    name = plain(work.name)
    own = plain(province)
    if own:
        name = re.sub(rf" (?:tren dia ban )?(?:tinh|thanh pho) {re.escape(own)}\b", "", name)
    return f"work|{name}"


def _work_document(
    works: Sequence[WorkMention], group: Sequence[int], header: Header, issuers: Mapping[int, str]
) -> Document:
    first = works[group[0]]
    issuer = next((issuers[i] for i in group if issuers.get(i)), "")
    return Document(
        "", work_key(first, header.province), first.type, "", first.name, "", issuer, "", "work", "work", (),
        ("issuer",) if issuer else (),
    )  # fmt: skip


def own_document(header: Header, source: SourceText) -> Document:
    """Return the document that a source is, from its header; a blank number is told apart by the file's hash."""
    number = f"{header.number}/{header.symbol}" if header.symbol else header.number
    if header.symbol and "/" in header.symbol and not re.match(r"\d{4}/", header.symbol):
        number = f"{header.number}-{header.symbol}"
    parts = parse_number(number) or (_loose_parts(number) if number else None)
    family = family_of(parts, header.type) if parts else "unknown"
    document = Document(
        "", "", header.type, number, squeeze(header.title), header.date, header.issuer, header.title, family, "number",
        (number,) if number else (), header.inferred, True,
    )  # fmt: skip
    if not header.number:
        return replace(document, key=f"own|{source.sha256}")
    return replace(document, key=_key(document, (parts.year if parts else "") or header.date[:4]))
