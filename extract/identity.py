"""Mention -> document: the full issuer, the corrected number, the key; never merged on number alone.

What each family needs to be unique stands in domain notes §3: laws type + number; normative acts
number + year + symbol (local ones the issuer too); administrative acts issuer + year of the date;
Party papers organ + term (:mod:`extract.terms`; the year of the date where no term is sure). The issuer
counts as the organ that keeps the register, which a national symbol tells by itself (``/TW`` is one register
for Bộ Chính trị and Ban Bí thư, HD 36-HD/VPTW 1.3.1), with the era of its province (:mod:`extract.bodies`).

A key is "family|type|number|period|organ". A part that is not known is "?", and such a key says nothing
about another text (:func:`is_open`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from extract import laws
from extract.bodies import UNKNOWN
from extract.keys import (
    Facets,
    facets_of,
    is_open,
    issuer_of,
    law_key,
    loose_parts,
    make_key,
    register_form,
    register_of,
    urn_of,
)
from extract.model import Document, Header, Mention, ResolutionStatus, SourceText, WorkMention
from extract.numbers import (
    corrected,
    family_of,
    number_key,
    parse_number,
    search_key,
    sort_key,
    type_of_symbol,
    typed_key,
)
from extract.terms import meeting, term_told
from extract.text import plain, squeeze

__all__ = [
    "Identity", "document_of", "identify", "is_open", "number_key", "own_document", "search_key", "sort_key",
    "typed_key", "work_key",
]  # fmt: skip

MAX_CANDIDATES = 20
"""More documents than this under one number are no list that anyone could choose from."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The documents of one text and, for every mention, which one it means and how surely.

    ``candidates`` holds, by index of mention, ids of documents of this text, or the type and number of a
    version of a law that the text does not cite by number.
    """

    documents: tuple[Document, ...]
    of_citation: Mapping[int, str]
    of_work: Mapping[int, str]
    status: Mapping[int, ResolutionStatus]
    candidates: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One mention as a document, before readings that mean the same are joined.

    ``whole``: nothing is missing. ``sure``: the organ is told by the text or the symbol, not by the citing
    document's own province. ``also`` are further facets it can be found by (a law with number and name).
    """

    document: Document
    facets: Facets
    whole: bool
    sure: bool = True
    title: str = ""
    also: tuple[Facets, ...] = ()


@dataclass(slots=True)
class _Group:
    """The mentions of one document; ``fits`` are the keys of the documents that it could be as well."""

    key: str
    members: list[int] = field(default_factory=list)
    fits: tuple[str, ...] = ()


def identify(
    header: Header,
    mentions: Sequence[Mention],
    works: Sequence[WorkMention],
    titles: Mapping[int, str],
    work_issuers: Mapping[int, str],
) -> Identity:
    """Join the mentions of one text into documents.

    ``titles`` holds the trích yếu by index of mention, ``work_issuers`` the issuer of a work as far as
    the document that promulgates or approves it tells.
    Ids are d01… for numbered documents, n01… for those known by name, in text order.
    """
    readings = {i: _read(m, header, titles.get(i, "")) for i, m in enumerate(mentions) if not m.self}
    groups = _in_force(_join(readings), readings, header.date)
    work_groups: dict[str, list[int]] = {}
    for i, work in enumerate(works):
        work_groups.setdefault(work_key(work, header.province), []).append(i)
    starts: list[tuple[int, _Group | list[int]]] = [(mentions[g.members[0]].start, g) for g in groups]
    starts += [(works[w[0]].start, w) for w in work_groups.values()]
    documents: list[Document] = []
    of_citation: dict[int, str] = {}
    of_work: dict[int, str] = {}
    ids: dict[str, str] = {}
    numbered = named = 0
    for _, group in sorted(starts, key=lambda s: s[0]):
        if isinstance(group, _Group):
            document = _merged(group.key, [readings[i] for i in group.members])
        else:
            document = _work_document(works, group, header, work_issuers)
        if document.form == "number":
            numbered += 1
            document = replace(document, id=f"d{numbered:02d}")
        else:
            named += 1
            document = replace(document, id=f"n{named:02d}")
        documents.append(document)
        if isinstance(group, _Group):
            of_citation.update(dict.fromkeys(group.members, document.id))
            ids[group.key] = document.id
        else:
            of_work.update(dict.fromkeys(group, document.id))
    status: dict[int, ResolutionStatus] = {
        i: "resolved" if header.number and header.issuer else "unresolved" for i, m in enumerate(mentions) if m.self
    }
    candidates: dict[int, tuple[str, ...]] = {}
    by_id = {d.id: d for d in documents}
    numbers = {number_key(d.number): d.id for d in documents if d.family == "law" and d.form == "number"}
    for group in groups:
        document = by_id[of_citation[group.members[0]]]
        found = tuple(ids[key] for key in group.fits)
        if document.form == "name" and document.family == "law" and not document.date:
            found = _law_candidates(document, found, numbers, header.date)
        told: ResolutionStatus = "ambiguous" if group.fits else _status(document)
        status.update(dict.fromkeys(group.members, told))
        if found and told == "ambiguous":
            candidates.update(dict.fromkeys(group.members, found))
    return Identity(tuple(documents), of_citation, of_work, status, candidates)


# --- one mention ----------------------------------------------------------------------------------


def _read(mention: Mention, header: Header, title: str) -> _Reading:
    if mention.form == "standard":
        number = number_key(mention.number)
        document = Document(
            "", f"standard|{number}", mention.type, mention.number, "", "", "", "", "standard", "standard",
            (mention.number,),
        )  # fmt: skip
        return _Reading(document, Facets("standard", number), True, title=title)
    if mention.form == "name":
        return _named(mention, title)
    return _numbered(mention, header, title)


def _numbered(mention: Mention, header: Header, title: str) -> _Reading:
    told = term_told(mention.issuer) or (term_told(title) if title[:8].lower() == "hội nghị" else "")
    reading = _paper(mention.number, mention.type, mention.date, mention.issuer, header.province, told)
    if not (title or mention.name):
        return reading
    also: tuple[Facets, ...] = ()
    document, facets = reading.document, reading.facets
    if mention.name:
        document = replace(document, name=mention.name)
        also = (Facets(facets.type, f"ten {plain(mention.name)}", facets.year),)
    return _Reading(document, facets, reading.whole, reading.sure, title, also)


@lru_cache(maxsize=65536)
def _paper(number: str, type_: str, date: str, told: str, province: str, term: str) -> _Reading:
    """A document by its number; ``told`` is the issuer in the words of the text, ``term`` the term it tells."""
    good = corrected(parse_number(number) or loose_parts(number), type_)
    family = family_of(good, type_)
    issuer, inferred = issuer_of(told, good, province)
    register = register_of(good, family, told, issuer, province)
    form = register_form(good)
    facets = facets_of(good, form, type_, family, date, register, term)
    whole = bool((facets.year or facets.term) and facets.organ) and facets.era != UNKNOWN
    if register.term_of and not facets.term and len(date) < 10:
        whole = False  # the day, told elsewhere in the text, may tell the term
    document = Document(
        "", make_key(family, facets, register), type_, good.printed, "", date, issuer, "", family, "number", (number,),
        inferred, urn=urn_of(facets.type, form, date, family, register),
    )  # fmt: skip
    return _Reading(document, facets, whole, register.sure)


def document_of(number: str, type_: str, date: str, issuer: str, province: str = "") -> Document:
    """Return the document that these facts name, as if a text cited it with just them; id "".

    A list tells no type where the symbol does: "20/QĐ-UBND" is a Quyết định.
    """
    parts = parse_number(number)
    return _paper(number, type_ or (type_of_symbol(parts) if parts else ""), date, issuer, province, "").document


_LAW_TYPES = ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")


def _named(mention: Mention, title: str) -> _Reading:
    name = f"{mention.type} {mention.name}".strip()
    if mention.type in _LAW_TYPES:
        issuer = "Ủy ban Thường vụ Quốc hội" if mention.type == "Pháp lệnh" else "Quốc hội"
        year, family, number = mention.date[:4], "law", ""
        facets = Facets(plain(mention.type), f"ten {plain(mention.name)}", year)
        key = make_key(family, replace(facets, organ=plain(issuer)))
        version = laws.version_of_year(mention.type, mention.name, year) if year else None
        if version is not None and parse_number(version.number):
            number, key = version.number, law_key(mention.type, version.number)
        whole = bool(year)
    else:
        at = meeting(mention.name)
        issuer = "Ban Chấp hành Trung ương" if "rung ương" in mention.name else ""
        family, number = "party", ""
        if at is None:
            facets = Facets(plain(mention.type), f"ten {plain(mention.name)}", mention.date[:4])
        else:
            facets = Facets(plain(mention.type), f"{at.kind} {at.number}", "", at.term, at.organ)
        key = make_key(family, facets)
        whole = at is not None and bool(at.term)
    inferred = (*(("number",) if number else ()), *(() if mention.issuer else ("issuer",)))
    document = Document(
        "", key, mention.type, number, name, mention.date, mention.issuer or issuer, "", family, "name", (), inferred
    )
    return _Reading(document, facets, whole, title=title)


# --- joining --------------------------------------------------------------------------------------

_FEW = 64
"""As many documents under one number are compared by their day; beyond that the answer is "several"."""


class _Index:
    """Documents of one text by what is told of them: one table for each set of facets that a mention tells."""

    def __init__(self, groups: Mapping[str, _Group], readings: Mapping[int, _Reading]) -> None:
        self._entries: list[tuple[Facets, str]] = []
        self._days: dict[str, str] = {}
        for key, group in groups.items():
            first = readings[group.members[0]]
            self._days[key] = first.document.date
            self._entries += [(facets, key) for facets in (first.facets, *first.also)]
        self._tables: dict[tuple[bool, ...], dict[tuple[str, ...], list[str]]] = {}

    def fitting(self, told: Facets, date: str) -> list[str]:
        """Return the keys of the documents that a mention may mean; whole days must agree."""
        told_values = ("" if v == UNKNOWN else v for v in told.values())
        values = tuple(told_values)
        mask = tuple(bool(v) for v in values)
        if mask not in self._tables:
            table = self._tables[mask] = {}
            for facets, key in self._entries:
                seen = tuple(v for v, known in zip(facets.values(), mask, strict=True) if known)
                found = table.setdefault(seen, [])
                if not found or found[-1] != key:
                    found.append(key)
        keys = self._tables[mask].get(tuple(v for v in values if v), [])
        if len(date) == 10 and len(keys) <= _FEW:
            return [k for k in keys if len(self._days[k]) < 10 or self._days[k] == date]
        return keys


def _join(readings: Mapping[int, _Reading]) -> list[_Group]:
    """Group mentions of one document, in time linear in their number.

    Equal keys join. A mention with a part missing (no date, no issuer: NĐ 30/2020 PL I.II.6b allows it from
    the second time on) joins the one document of the text that it fits; where it fits several, it stays
    alone, with all of them as candidates. An organ that only the citing document's own province supplies
    gives way to one that the text states.
    """
    groups: dict[str, _Group] = {}
    for i, reading in readings.items():
        if reading.whole and reading.sure:
            groups.setdefault(reading.document.key, _Group(reading.document.key)).members.append(i)
    _meet_by_number(groups, readings)
    index = _Index(groups, readings)
    loose: dict[str, _Group] = {}
    for i, reading in readings.items():
        if reading.whole and not reading.sure:
            _settle(i, reading, index, groups, groups, loose)
    index = _Index(groups, readings)
    for i, reading in readings.items():
        if not reading.whole:
            _settle(i, reading, index, groups, loose, loose)
    for group in (*groups.values(), *loose.values()):
        group.members.sort()
    return [*groups.values(), *loose.values()]


def _meet_by_number(groups: dict[str, _Group], readings: Mapping[int, _Reading]) -> None:
    """ "Luật Đầu tư năm 2020" is "Luật Đầu tư số 61/2020/QH14" where the text has both."""
    numbered = {
        facets.values(): key for key, group in groups.items() for facets in readings[group.members[0]].also
    }  # fmt: skip
    for key in [k for k, g in groups.items() if readings[g.members[0]].facets.values() in numbered]:
        target = numbered[readings[groups[key].members[0]].facets.values()]
        if target != key:
            groups[target].members += groups.pop(key).members


def _settle(
    i: int, reading: _Reading, index: _Index, groups: dict[str, _Group], alone: dict[str, _Group],
    open_: dict[str, _Group],
) -> None:  # fmt: skip
    """Put mention ``i`` to the one document of ``groups`` that it fits, else to ``alone``, else to ``open_``."""
    document = reading.document
    facets = reading.facets if reading.sure else replace(reading.facets, organ="", era="")
    keys = index.fitting(facets, document.date)
    # A law's bare name means the version cited in full before it; what is cited only later is one that it may mean.
    early = document.form == "name" and document.family == "law" and any(groups[k].members[0] > i for k in keys[:_FEW])
    if len(keys) == 1 and not early:
        groups[keys[0]].members.append(i)
    elif not keys:
        alone.setdefault(document.key, _Group(document.key)).members.append(i)
    else:
        # Several may be meant: no key of its own, except for a law's bare name, which is one thing to look up.
        name = document.key if document.form == "name" else f"{document.key}|?{'told' if reading.sure else 'own'}"
        group = open_.setdefault(name, _Group(name, fits=tuple(keys[:MAX_CANDIDATES])))
        group.members.append(i)


def _merged(key: str, readings: Sequence[_Reading]) -> Document:
    first = max(readings, key=_fullness).document
    printed = tuple(dict.fromkeys(p for r in readings for p in r.document.printed))
    title = next((r.title for r in readings if r.title), "")
    documents = [r.document for r in readings]
    stated = next((d.issuer for d in documents if d.issuer and "issuer" not in d.inferred), "")
    issuer = stated if "issuer" in first.inferred and stated else first.issuer
    inferred = tuple(f for f in first.inferred if not (f == "issuer" and stated))
    name = first.urn or next((d.urn for d in documents if d.urn), "")
    return replace(first, key=key, printed=printed, title=title, issuer=issuer, inferred=inferred, urn=name)


def _fullness(reading: _Reading) -> tuple[bool, bool, int]:
    document = reading.document
    return document.form == "number", reading.whole, len(document.date)


def _status(document: Document) -> ResolutionStatus:
    if document.form == "standard":
        return "resolved"
    if document.form == "name":
        return "ambiguous" if is_open(document.key) else "resolved"
    known = re.match(r"\d", document.number) and document.type and not is_open(document.key)
    return "resolved" if known else "unresolved"


def _in_force(groups: list[_Group], readings: dict[int, _Reading], date: str) -> list[_Group]:
    """A law's bare name means the version in force on the day of the citing document, where the law table is sure.

    What the text itself tells goes first: a name that fits documents of the text is left to them.
    """
    by_key = {group.key: group for group in groups}
    for group in groups:
        document = readings[group.members[0]].document
        if document.family != "law" or document.form != "name" or not is_open(group.key):
            continue
        name = document.name.removeprefix(document.type).strip()
        version = laws.in_force_on(document.type, name, date) if date else None
        if version is None or not parse_number(version.number):
            continue
        key = law_key(document.type, version.number)
        if group.fits not in ((), (key,)):
            continue
        group.fits = ()
        whole = replace(document, number=version.number, date=version.date, inferred=("number", "date", "issuer"))
        for i in group.members:
            readings[i] = replace(readings[i], document=whole)
        del by_key[group.key]
        if key in by_key:
            by_key[key].members = sorted((*by_key[key].members, *group.members))
        else:
            group.key = key
            by_key[key] = group
    return list(by_key.values())


def _law_candidates(
    document: Document, found: tuple[str, ...], numbers: Mapping[str, str], date: str
) -> tuple[str, ...]:
    """The versions of a law that its bare name may mean: none passed after the day of the citing document.

    A version that the text cites by number stands by the id of that document, the others by type and number.
    """
    name = document.name.removeprefix(document.type).strip()
    versions = [v for v in laws.versions(document.type, name) if not (len(date) == 10 and v.date > date)]
    told = [numbers.get(number_key(v.number), f"{document.type} số {v.number}") for v in versions if v.number]
    return tuple(dict.fromkeys([*found, *told]))[:MAX_CANDIDATES]


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
    """Return the document that a source is, from its header; what its number leaves open is told by the file's hash."""
    number = f"{header.number}/{header.symbol}" if header.symbol else header.number
    if header.symbol and "/" in header.symbol and not re.match(r"\d{4}/", header.symbol):
        number = f"{header.number}-{header.symbol}"
    document = Document(
        "", f"own|{source.sha256}", header.type, number, squeeze(header.title), header.date, header.issuer,
        header.title, "unknown", "number", (number,) if number else (), header.inferred, True,
    )  # fmt: skip
    if not number:
        return document
    parts = corrected(parse_number(number) or loose_parts(number), header.type)
    family = family_of(parts, header.type)
    document = replace(document, family=family)
    if not header.number:
        return document
    register = register_of(parts, family, header.issuer, header.issuer, header.province)
    form = register_form(parts)
    facets = facets_of(parts, form, header.type, family, header.date, register)
    key = make_key(family, facets, register)
    return replace(
        document, key=f"{key}|{source.sha256}" if is_open(key) else key,
        urn=urn_of(facets.type, form, header.date, family, register),
    )  # fmt: skip
