"""The whole flow of the first room, visible in one function."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extract import collector
from extract.cues import Cue
from extract.dates import date_after
from extract.declared import Declaration, find_declarations, organ_names
from extract.header import read_header
from extract.identity import Identity, identify
from extract.lines import flowing, read_lines
from extract.mentions import read_mentions
from extract.model import (
    ACTING_UNITS,
    SELF,
    Citation,
    Extraction,
    Header,
    Link,
    Mention,
    Relation,
    SourceText,
    Unit,
    Work,
    WorkMention,
)
from extract.organs import full_name
from extract.outline import read_outline
from extract.planned import planned_act
from extract.read import read_file
from extract.read.plain import source_from_text
from extract.references import find_references
from extract.relations import Bond, Item, bind, items_of
from extract.scanned import doubt_scans
from extract.speakers import find_quotations, speaker_at
from extract.tables import read_table
from extract.text import LONGEST, lower, sentence_around, squeeze, straighten
from extract.titles import cut_clause
from extract.units import UnitTree
from extract.works import find_works


def extract_file(path: Path) -> Extraction:
    """Read and extract one file.

    Raises:
        extract.read.ReadError: the file cannot be read; the message tells the user why and what to do.
    """
    return extract(read_file(path))


def extract_text(text: str) -> Extraction:
    """Extract from a plain string (normalised first: offsets count in ``.source.text``)."""
    return extract(source_from_text(text))


def extract(source: SourceText) -> Extraction:
    """Return all facts of ``source``. Deterministic; knows nothing but the text and the tables."""
    with collector.paused():
        return doubt_scans(_extract(source))


def _extract(source: SourceText) -> Extraction:
    text = source.text
    lines = read_lines(text, source.blocks)
    straight = flowing(straighten(text), lines)
    folded = lower(straight)
    mentions, refusals = read_mentions(text, straight, folded)
    header = read_header(source, folded, mentions)
    mentions = [_dated(m, header, folded) if m.self else m for m in mentions]
    units = read_outline(text, folded, lines, header, mentions)
    tree = UnitTree(units)
    works = find_works(text, straight, folded, tree, mentions)
    holding = _holding(source, tree, mentions, works)
    bound = [_bind_unit(text, folded, unit, tree, mentions, works) for unit in holding]
    bound = _with_speakers(straight, folded, tree, bound)
    titles = {i.number: t for b in bound for i, t in zip(b.items, b.titles, strict=True) if not i.is_work and t}
    declarations = find_declarations(text, folded, tree, mentions, works, header.type)
    identity = identify(
        header, _spelled_out(mentions, declarations), works, titles, _work_issuers(bound, header.province)
    )
    acts = _listed_acts(bound)
    citations = _citations(text, mentions, bound, acts, identity, titles, source)
    work_facts = _works(source, works, bound, identity)
    references = find_references(text, folded, tree, mentions, works, declarations, header.type, identity)
    relations = _relations(text, tree, bound, acts, identity)
    return Extraction(
        source, header, units, citations, work_facts, tuple(references), identity.documents, relations, refusals
    )  # fmt: skip


def _spelled_out(mentions: list[Mention], declarations: Sequence[Declaration]) -> list[Mention]:
    """An issuer by the short form that the text declares ("sau đây gọi tắt là Sở") is the organ it stands for."""
    organs = organ_names(declarations)
    if not organs:
        return mentions
    return [replace(m, issuer=organs[m.issuer]) if m.issuer in organs else m for m in mentions]


def _dated(mention: Mention, header: Header, folded: str) -> Mention:
    """The document's own number takes date and type from the head around it; the number of another head its day."""
    if header.number_span is None or mention.start == header.number_span[0]:
        return replace(mention, date=mention.date or header.date, type=mention.type or header.type)
    day = _DAY_OF_HEAD.search(folded, mention.tail, mention.tail + 250)
    found = date_after(folded, day.end()) if day and not mention.date else None
    return replace(mention, date=found[0] if found else mention.date, type=mention.type or header.type)


_DAY_OF_HEAD = re.compile(r"[\wà-ỹ]\s*[,.]\s*(?=ngày)")


def _holding(
    source: SourceText, units: UnitTree, mentions: Sequence[Mention], works: Sequence[WorkMention]
) -> list[Unit]:
    """Return the units that hold a citation or a work, in text order, then the stand-ins for the blocks that do."""
    places = [m.start for m in mentions if not m.self] + [w.start for w in works]
    found = {unit.start: unit for place in places if (unit := units.at(place)) is not None}
    return [*(found[start] for start in sorted(found)), *_uncovered(source, units, mentions)]


def _uncovered(source: SourceText, units: UnitTree, mentions: Sequence[Mention]) -> list[Unit]:
    """Return stand-ins for the blocks that hold citations but no unit (heads, notes after the closing); id ""."""
    starts = [b.start for b in source.blocks]
    outside: dict[int, Unit] = {}
    for mention in mentions:
        n = bisect_right(starts, mention.start) - 1
        if mention.self or units.at(mention.start) is not None or n < 0:
            continue
        block = source.blocks[n]
        words = source.text[block.start : block.end]
        outside[n] = Unit("", "", "statement", None, "", block.start, block.end, words, block.place)
    return list(outside.values())


# --- binding --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Bound:
    """The items of one unit, how each hangs, the title of each, and the acts the unit plans."""

    unit: Unit
    items: tuple[Item, ...]
    bonds: tuple[Bond, ...]
    titles: tuple[str, ...]
    planned: tuple[tuple[str, int, Cue], ...]
    speakers: tuple[int | None, ...] = ()  # the citation whose quoted words an item stands in, None outside


def _with_speakers(text: str, folded: str, units: UnitTree, bound: list[_Bound]) -> list[_Bound]:
    """Note for each item who speaks: the document itself, or another that it quotes."""
    quotations = find_quotations(text, folded, units, {b.unit.start: (b.items, b.bonds) for b in bound})
    if not quotations:
        return bound
    return [replace(b, speakers=tuple(speaker_at(quotations, item.start) for item in b.items)) for b in bound]


def _bind_unit(
    text: str, folded: str, unit: Unit, units: UnitTree, mentions: Sequence[Mention], works: Sequence[WorkMention]
) -> _Bound:
    items = items_of(folded, unit, mentions, works)
    bonds = bind(folded, unit, units, items)
    titles = tuple(_title(text, folded, items, bonds, i) for i in range(len(items)))
    planned = tuple(
        (act[0], i, act[1]) for i, bond in enumerate(bonds) if (act := planned_act(text, folded, unit, units, bond))
    )
    return _Bound(unit, tuple(items), tuple(bonds), titles, planned)


def _title(text: str, folded: str, items: Sequence[Item], bonds: Sequence[Bond], i: int) -> str:
    """The trích yếu of item ``i``: its region, cut where an item begins that does not hang under it."""
    item = items[i]
    if item.title_start < 0:
        return ""
    end = item.title_end
    for k in range(i + 1, len(items)):
        if items[k].start >= end:
            break
        if not _under(bonds, k, i):
            cue = bonds[k].cue
            own_cue = cue is not None and item.title_start < cue.start < items[k].start and bonds[k].rule != "sibling"
            end = cue.start if cue is not None and own_cue else items[k].start
            break
    end = cut_clause(text, folded, item.title_start, end)
    words = squeeze(text[item.title_start : end]).rstrip(" ,;.")
    return words.removesuffix(" và").rstrip(" ,")


def _under(bonds: Sequence[Bond], k: int, i: int) -> bool:
    parent = bonds[k].parent
    while parent is not None:
        if parent == i:
            return True
        parent = bonds[parent].parent
    return False


def _work_issuers(bound: Sequence[_Bound], province: str) -> dict[int, str]:
    """A work's issuer, as far as the document that promulgates or approves it tells."""
    issuers: dict[int, str] = {}
    for b in bound:
        for item, bond in zip(b.items, b.bonds, strict=True):
            if item.is_work and bond.parent is not None and bond.relation in ("promulgates", "approves"):
                above = b.items[bond.parent].mention
                if isinstance(above, Mention) and above.issuer:
                    issuers[item.number] = full_name(above.issuer, province)[0]
    return issuers


_Acts = dict[int, list[tuple[Cue, int]]]
"""By index of a citation: what listed documents do to it, as (cue, index of the document)."""


# --- facts ----------------------------------------------------------------------------------------

_BROADER = {row["id"]: row["broader"] for row in read_table("relations")}


def _guide_words(relation: str) -> tuple[str, str]:
    """Return (word of the annotation guide, finer word or "")."""
    broader = _BROADER.get(relation, relation)
    return broader, relation if relation != broader else ""


def _citations(
    text: str,
    mentions: Sequence[Mention],
    bound: Sequence[_Bound],
    acts: _Acts,
    identity: Identity,
    titles: Mapping[int, str],
    source: SourceText,
) -> tuple[Citation, ...]:
    where = _where(bound)
    also = _reversed_links(bound)
    facts: list[Citation] = []
    for n, mention in enumerate(mentions):
        relation, detail = "self" if mention.self else "cites", ""
        holder, via, unit, cue = None, None, None, None
        rule = "own_number" if mention.self else "outside_units"
        if n in where:
            b, i = where[n]
            bond = b.bonds[i]
            relation, detail = _guide_words(bond.relation)
            holder, via, unit, rule = _holder(b, i), _via(b, i, identity), b.unit.id or None, bond.rule
            cue = (bond.cue.start, bond.cue.end) if bond.cue else None
        facts.append(Citation(
            f"m{n + 1:02d}", mention, text[mention.start : mention.end], relation, detail, holder, via, unit,
            identity.of_citation.get(n), identity.status.get(n, "unresolved"), source.place_at(mention.start),
            identity.candidates.get(n, ()), tuple(also.get(n, ())), titles.get(n, ""), cue, rule,
        ))  # fmt: skip
    for n, listed in acts.items():
        facts[n] = _acted_on(facts[n], listed, identity)
    return tuple(facts)


def _where(bound: Sequence[_Bound]) -> dict[int, tuple[_Bound, int]]:
    """Return where each citation is bound: its unit, and its place there."""
    return {item.number: (b, i) for b in bound for i, item in enumerate(b.items) if not item.is_work}


def _listed_acts(bound: Sequence[_Bound]) -> _Acts:
    """ "A được sửa đổi, bổ sung bởi:" over a list of B, C …: what the list does to A, by index of A."""
    starts = [b.unit.start for b in bound if b.unit.id]
    named = [b for b in bound if b.unit.id]
    acts: _Acts = {}
    for b in bound:
        cue = b.bonds[0].cue if b.bonds else None
        if cue is None or not cue.passive or b.bonds[0].rule != "group_header" or b.items[0].is_work:
            continue
        head = named[max(0, bisect_right(starts, cue.start) - 1)]
        if not head.unit.start <= cue.start < head.unit.end:
            continue
        before = [i for i in head.items if not i.is_work and i.tail <= cue.start]
        if before:
            acts.setdefault(before[-1].number, []).append((cue, b.items[0].number))
    return acts


def _acted_on(fact: Citation, acts: Sequence[tuple[Cue, int]], identity: Identity) -> Citation:
    """The act of the first one is the relation of a citation that has none of its own; the others go to "also"."""
    links = [Link(_guide_words(cue.relation)[0], n) for cue, n in acts]
    if fact.relation == "cites" and fact.cue is None and fact.holder is None:
        first, cue = links.pop(0), acts[0][0]
        fact = replace(
            fact, relation=first.relation, holder=first.holder, via=identity.of_citation.get(acts[0][1]),
            cue=(cue.start, cue.end), rule="passive_list",
        )  # fmt: skip
    return replace(fact, also=(*fact.also, *links))


def _reversed_links(bound: Sequence[_Bound]) -> dict[int, list[Link]]:
    """ "A được sửa đổi, bổ sung bởi B": B amends A, noted on A."""
    links: dict[int, list[Link]] = {}
    for b in bound:
        for item, bond in zip(b.items, b.bonds, strict=True):
            if bond.reverse_of is not None and bond.cue is not None and not b.items[bond.reverse_of].is_work:
                links.setdefault(b.items[bond.reverse_of].number, []).append(
                    Link(_guide_words(bond.cue.relation)[0], item.number)
                )
    return links


def _holder(b: _Bound, i: int) -> int | None:
    """The nearest citation above item ``i``; in quoted words, at the top, the document they are quoted from."""
    root, parent = i, b.bonds[i].parent
    while parent is not None and b.items[parent].is_work:
        root, parent = parent, b.bonds[parent].parent
    return b.items[parent].number if parent is not None else _speaker(b, root)


def _speaker(b: _Bound, i: int) -> int | None:
    return b.speakers[i] if b.speakers else None


def _document(b: _Bound, i: int, identity: Identity) -> str:
    item = b.items[i]
    return identity.of_work[item.number] if item.is_work else identity.of_citation.get(item.number, SELF)


def _via(b: _Bound, i: int, identity: Identity) -> str | None:
    parent = b.bonds[i].parent
    if parent is not None:
        above = _document(b, parent, identity)
        return None if above == SELF else above
    speaker = _speaker(b, i)
    return None if speaker is None else identity.of_citation.get(speaker)


def _works(
    source: SourceText, works: Sequence[WorkMention], bound: Sequence[_Bound], identity: Identity
) -> tuple[Work, ...]:
    facts: list[Work] = []
    for b in bound:
        for i, item in enumerate(b.items):
            if not item.is_work:
                continue
            bond, work = b.bonds[i], works[item.number]
            words, place = source.text[work.start : work.end], source.place_at(work.start)
            facts.append(Work(
                f"w{item.number + 1:02d}", work.start, work.end, words, work.type, work.name,
                _carried(b, i), bond.relation, _holder(b, i), _via(b, i, identity), b.unit.id or None,
                identity.of_work[item.number], place, (bond.cue.start, bond.cue.end) if bond.cue else None,
                bond.rule,
            ))  # fmt: skip
    return tuple(sorted(facts, key=lambda w: w.start))


def _carried(b: _Bound, i: int) -> str:
    """What the unit's act makes of a work: the decision that approves it hands on its own relation."""
    relation = b.bonds[i].relation
    parent = b.bonds[i].parent
    while parent is not None and relation in ("promulgates", "approves"):
        relation = b.bonds[parent].relation
        parent = b.bonds[parent].parent
    return "implements" if relation == "continues_implementing" else relation


def _relations(
    text: str, units: UnitTree, bound: Sequence[_Bound], acts: _Acts, identity: Identity
) -> tuple[Relation, ...]:
    stated: list[Relation] = []
    planned: list[Relation] = []

    def sentence(unit: Unit, start: int, end: int) -> str:
        return sentence_around(text, start, end, unit.start, unit.end)

    for b in bound:
        kind = units[b.unit.id].kind if b.unit.cells else b.unit.kind  # a row acts, also in its cell of bases
        own = SELF if kind not in ACTING_UNITS else None
        for i, (item, bond) in enumerate(zip(b.items, b.bonds, strict=True)):
            source = _via(b, i, identity) or own
            target = _document(b, i, identity)
            if target == SELF:
                continue
            start, end = (bond.cue.start, bond.cue.end) if bond.cue else (item.start, item.end)
            passively = bond.reverse_of is not None and bond.cue is not None
            if not passively and (source is None or source == target):
                continue
            near = item.start - start <= LONGEST  # a cue that stands pages before is not quoted with its item
            words = sentence(b.unit, min(start, item.start) if near else item.start, item.end)
            if bond.reverse_of is not None and bond.cue is not None:
                passive = _document(b, bond.reverse_of, identity)
                stated.append(Relation(
                    target, bond.cue.relation, passive, start, end, b.unit.id or None, "stated", text[start:end],
                    words,
                    "passive",
                ))  # fmt: skip
            if source is None or source == target:
                continue
            stated.append(Relation(
                source, bond.relation, target, start, end, b.unit.id or None, "stated", text[start:end], words,
                bond.rule,
            ))  # fmt: skip
        for unit, i, cue in b.planned:
            holder = units[unit]
            words = sentence(holder, cue.start, cue.end)
            if holder.id != b.unit.id:
                words = f"{words} {squeeze(b.unit.text)}"
            planned.append(Relation(
                unit, cue.effect, _document(b, i, identity), cue.start, cue.end, unit, "planned",
                text[cue.start : cue.end], words, "planned_act",
            ))  # fmt: skip
    where = _where(bound)
    for n, listed_acts in acts.items():
        for cue, k in listed_acts:
            head, listed = where[n][0].unit, where[k][0].unit
            words = f"{sentence(head, cue.start, cue.end)} {squeeze(listed.text)}"
            stated.append(Relation(
                identity.of_citation[k], cue.relation, identity.of_citation[n], cue.start, cue.end, head.id or None,
                "stated", text[cue.start : cue.end], words, "passive_list",
            ))  # fmt: skip
    return _once(stated) + _once(planned)


def _once(relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """Keep the first of equal claims: same ends, relation and cue."""
    return tuple({(r.source, r.relation, r.target, r.start): r for r in reversed(relations)}.values())[::-1]
