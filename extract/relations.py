"""Which document stands in which relation to which: cues, chains through titles, siblings, planned acts.

Nested chains: the trích yếu of a cited document is itself a citing sentence, so
``D1 [của O1] cue D2 [của O2] cue D3`` reads D1 → D2 → D3, not three citations of the task
(domain notes §5). "và", "," start a sibling, ";" a new item of the task, "theo …" belongs to the task.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from extract.cues import (
    Cue,
    carrying_cue,
    colon_cue,
    continued_cue,
    cue_before,
    header_cue,
    last_act,
    lead_in_cue,
    opening_act,
    opening_basis,
)
from extract.doctypes import LAWS
from extract.model import Mention, Unit, WorkMention
from extract.text import fold
from extract.titles import SESSION_WORDS, title_region
from extract.units import UnitTree

_W = r"[\wà-ỹ]"
Spanned = TypeVar("Spanned", Mention, WorkMention)


@dataclass(frozen=True, slots=True)
class Item:
    """A citation or a work in its unit; ``number`` is its index in its own list."""

    number: int
    is_work: bool
    start: int
    end: int
    tail: int
    mention: Mention | WorkMention
    title_start: int = -1
    title_end: int = -1


@dataclass(frozen=True, slots=True)
class Bond:
    """How an item hangs: ``parent`` (index of items) or the unit itself stands in ``relation`` to it."""

    relation: str
    parent: int | None
    cue: Cue | None
    rule: str
    reverse_of: int | None = None


_NO_CUE = Bond("cites", None, None, "no_cue")


# --- items ------------------------------------------------------------------------------------------


def items_of(folded: str, unit: Unit, mentions: Sequence[Mention], works: Sequence[WorkMention]) -> list[Item]:
    """Return the citations and works of ``unit`` in text order, each with the region of its title."""
    items = [
        Item(n, False, m.start, m.end, m.tail, m, *title_region(folded, m.tail, unit.end))
        for n, m in _within(mentions, unit)
        if not m.self or m.type_printed
    ]
    items += [Item(n, True, w.start, w.end, w.end, w) for n, w in _within(works, unit)]
    return sorted(items, key=lambda i: (i.start, -i.end))


def _within(found: Sequence[Spanned], unit: Unit) -> list[tuple[int, Spanned]]:
    first = bisect_left(found, unit.start, key=lambda f: f.start)
    last = bisect_left(found, unit.end, key=lambda f: f.start)
    return list(enumerate(found[first:last], first))


# --- bonds -----------------------------------------------------------------------------------------

_JOIN = re.compile(r"[\s,]*(?:(?:và|hoặc|cùng|với|của)\s+)*(?:các\s+)?(?:số\s+)?")
_BREAK = re.compile(r";|[.!?](?=\s|$)|\n\n")
_GLUE = re.compile(rf"{SESSION_WORDS}\(?(?:về\s+việc|về|việc|nhằm|để)?\s*[“\"]?")
_EXPIRES = re.compile(r"\s*(?:,\s*)?(?:này\s+)?(?:hết|chấm dứt)\s+hiệu lực(?!\w)")


def bind(folded: str, unit: Unit, units: UnitTree, items: Sequence[Item]) -> list[Bond]:
    """Return one bond per item of ``unit``."""
    bonds: list[Bond] = []
    farthest = 0  # of the items before: the one that reaches farthest, not one inside its name
    for i, item in enumerate(items):
        if i and items[i - 1].tail >= items[farthest].tail:
            farthest = i - 1
        if isinstance(item.mention, Mention) and item.mention.self:
            bonds.append(Bond("self", None, None, "own_number"))  # a running title: its words tell on
            continue
        if _DECLARED.search(folded, max(unit.start, item.start - 40), item.start):
            bonds.append(Bond("cites", None, None, "declared"))
            continue
        bond = _bind_one(folded, unit, units, items, bonds, i, farthest)
        bond = _guided(folded, unit, items, i, bond)
        bond = _acted(folded, unit, items, bonds, i, bond)
        bonds.append(_adjusted(folded, unit, item, bond))
    return _turned(_expired(folded, unit, items, bonds))


_DECLARED = re.compile(r"(?:gọi|viết)(?:\s+(?:tắt|chung))?\s+là:?\s*[“\"'‘]?\s*$")
"""What a short form stands for is named again right after these words, by the document itself."""
_GUIDING = re.compile(r"(?:quy định chi tiết|hướng dẫn)(?![\wà-ỹ])[^;.:()]*$|quy định(?:\s+việc)?\s+$")
_BY_WAY_OF = re.compile(r"(?:của|tại|trong|thuộc|kèm theo|quy định tại|nêu tại|ban hành tại)\s*(?:các\s+)?$")


def _guided(folded: str, unit: Unit, items: Sequence[Item], i: int, bond: Bond) -> Bond:
    """ "quy định chi tiết một số điều và biện pháp để tổ chức thi hành X" guides X, whatever stands between."""
    if bond.relation != "implements" or bond.cue is None or bond.rule in ("sibling", "new_item", "group_header"):
        return bond
    lower = max((k.tail for k in items[:i] if k.tail <= bond.cue.start), default=unit.start)
    m = _GUIDING.search(folded, max(unit.start, lower, bond.cue.start - 120), bond.cue.start)
    if m is None or (m.group().startswith("quy định") and "chi tiết" not in m.group() and bond.parent is None):
        return bond
    cue = Cue(m.start(), bond.cue.end, "details_guides", "title", "guides")
    return replace(bond, relation="details_guides", cue=cue)


_OF_ITS_OWN = frozenset({"passive", "declared", "sibling", "new_item", "title", "inside_name"})
_AND = re.compile(r"(?<!\w)và(?!\w)|[;,]")
_ANNEX = re.compile(
    r"\s+(?:một số (?:điều|khoản|nội dung)\s+)?(?:(?:của|tại|trong)\s+)?(?:các\s+)?"
    r"(?:quy định|quy chế|điều lệ|phụ lục|danh mục|bảng|biểu|mẫu|chương trình|kế hoạch|đề án|hướng dẫn|khoản|điểm|điều)"
    r"(?![\wà-ỹ])[^;.:]*$"
)


def _annexed(folded: str, unit: Unit, items: Sequence[Item], i: int, cue: Cue) -> Cue | None:
    """Return the act on what is issued with a document: "sửa đổi … Quy định … ban hành kèm theo <X>"."""
    lower = max((k.tail for k in items[:i] if k.tail <= cue.start and not k.is_work), default=unit.start)
    act = last_act(folded, max(unit.start, lower, cue.start - 260), cue.start)
    return act if act is not None and _ANNEX.match(folded[act.end : cue.start]) else None


def _acted(folded: str, unit: Unit, items: Sequence[Item], bonds: Sequence[Bond], i: int, bond: Bond) -> Bond:
    """The act at a sentence's start reaches the document through its parts: "Bãi bỏ … quy định tại Điều 4 X"."""
    item = items[i]
    start = _start_with_pinpoint(item)
    through = bond.relation in ("issued_with", "in_accordance_with") or (
        bond.relation == "cites"
        and (start < item.start or _BY_WAY_OF.search(folded, max(unit.start, start - 24), start))
    )
    if not item.is_work and bond.relation == "issued_with" and bond.cue is not None:
        annexed = _annexed(folded, unit, items, i, bond.cue)
        if annexed is not None:
            return replace(bond, relation=annexed.relation, cue=annexed, rule="annex")
    if item.is_work or bond.parent is not None or bond.reverse_of is not None:
        return bond
    if bond.relation in ("cites", "in_accordance_with", "issued_with") and bond.rule not in _OF_ITS_OWN:
        basis = opening_basis(folded, unit.start, start)
        if basis is not None and unit.kind != "basis":
            return Bond("based_on", None, basis, "opening_basis")
    if not through:
        return bond
    if bond.cue is not None and folded.startswith("theo", bond.cue.start):
        return bond
    act = opening_act(folded, unit.start, start)
    if act is None:
        return bond
    earlier = [(k, b) for k, b in zip(items, bonds, strict=False) if act.start < k.start and b.parent is None]
    if earlier and not (
        all(b.rule == "opening_act" for _, b in earlier) and _AND.search(folded[earlier[-1][0].tail : start])
    ):
        return bond
    return Bond(act.relation, None, act, "opening_act")


_EXPIRY = re.compile(r"(?<!đã )(?:hết|chấm dứt)\s+hiệu lực(?!\w)|(?:bị\s+)bãi bỏ(?!\w)")
_IN_FORCE = re.compile(r"\s*(?:này\s+)?có hiệu lực(?!\w)")


def _expired(folded: str, unit: Unit, items: Sequence[Item], bonds: list[Bond]) -> list[Bond]:
    """All subjects of "… hết hiệu lực kể từ ngày …" end, also before ";" and with a title or an amendment."""
    if not items or "hiệu lực" not in folded[unit.start : unit.end]:
        return bonds
    result = list(bonds)
    for expiry in _EXPIRY.finditer(folded, items[0].start, unit.end):
        before = [k for k, item in enumerate(items) if item.tail <= expiry.start()]
        while before:
            k = before.pop()
            stop = items[k + 1].start if k + 1 < len(items) and items[k + 1].start < expiry.start() else expiry.start()
            if re.search(r"\.\s", folded[items[k].tail : stop]) or _IN_FORCE.match(folded, items[k].tail):
                break
            bond = result[k]
            free = bond.relation == "cites" and bond.cue is None and bond.rule not in ("declared", "passive")
            if bond.parent is None and (free or bond.rule == "group_header"):
                cue = Cue(expiry.start(), expiry.end(), "repeals", "task", "")
                result[k] = replace(bond, relation="repeals", cue=cue, rule="expires")
    return result


def _bind_one(
    folded: str, unit: Unit, units: UnitTree, items: Sequence[Item], bonds: list[Bond], i: int, p: int
) -> Bond:
    """Bind item ``i``; ``p`` is the item before it that reaches farthest."""
    item = items[i]
    start = _start_with_pinpoint(item)
    inner = cue_before(folded, start, item.start) if start < item.start else None
    if inner is not None and not inner.passive:  # "Phụ lục III kèm theo Nghị định số …"
        return Bond(inner.relation, None, inner, "own_cue")
    if i == 0:
        return _first(folded, unit, units, unit.start, start, item)
    previous = items[p]
    if item.start < previous.end:  # inside a work's own name
        cue = cue_before(folded, previous.start, start)
        relation = "applies" if _is_standard(item) else (cue.relation if cue else "cites")
        return Bond(relation, p, _widened(cue, start), "inside_name")
    gap = folded[previous.tail : start]
    if _is_amending(previous) and re.fullmatch(r"\s+(?:của\s+)?(?:các\s+)?", gap):
        return Bond("amends", p, None, "amending_law")
    if _JOIN.fullmatch(gap):
        bond = bonds[_sibling(items, bonds, item, p, gap)]
        return Bond(bond.relation, bond.parent, bond.cue, "sibling", bond.reverse_of)
    cue = cue_before(folded, previous.tail, start) or _before_issuer(folded, previous.tail, item)
    if cue is not None and cue.passive:
        p = _acted_on(items, bonds, item, p)
        return Bond("cites", bonds[p].parent, cue, "passive", reverse_of=p)
    if _BREAK.search(gap):
        laws = item.mention.type in LAWS and previous.mention.type in LAWS and p == i - 1
        return _after_break(folded, unit, bonds, item, previous.tail, gap, start, laws=laws)
    holder = next((k for k in reversed(range(i)) if items[k].title_start >= 0 and item.end <= items[k].title_end), None)
    if cue is None:
        if holder is not None and not item.is_work and re.search(r"(?:,|(?<!\w)và)\s*(?:các\s+)?$", gap):
            beside = bonds[_sibling(items, bonds, item, holder, gap)]
            return replace(beside, rule="sibling")  # the list goes on after the title of the one before
        if holder is not None:
            return Bond("cites", holder, None, "title")
        return Bond(bonds[0].relation, None, bonds[0].cue, "basis") if unit.kind == "basis" else _NO_CUE
    between = folded[previous.tail : cue.start]
    if cue.position == "title" and _GLUE.fullmatch(between):
        return Bond(cue.relation, p, cue, "chain")
    if holder is not None:
        return Bond(cue.relation, holder, cue, "title")
    if cue.position == "title" and re.match(r"\s*(?:,|và\s)", between):
        return Bond(cue.relation, bonds[_sibling(items, bonds, item, p, between)].parent, cue, "chain_sibling")
    return Bond(cue.relation, None, cue, "own_cue")


def _acted_on(items: Sequence[Item], bonds: Sequence[Bond], item: Item, p: int) -> int:
    """Return what "… được sửa đổi bởi <item>" acts on: ``p``, or its holder where a decree would amend a law."""
    parent = bonds[p].parent
    if items[p].is_work:  # "Thông tư A ban hành Chương trình … (được sửa đổi bởi Thông tư B)"
        return parent if parent is not None and not items[parent].is_work else p
    if item.mention.type in LAWS or items[p].mention.type not in LAWS or item.mention.type == "Nghị quyết":
        return p
    return parent if parent is not None and items[parent].mention.type == item.mention.type else p


def _only_the_issuer(folded: str, start: int, item: Item) -> bool:
    """ "…; của Ủy ban nhân dân Thành phố tại Tờ trình số …": only who told it stands before the next one."""
    mention = item.mention
    if not isinstance(mention, Mention) or not start <= mention.issuer_start < mention.start:
        return False
    return folded[start : mention.issuer_start].strip() in ("", "của", "và của")


_PROPOSING = re.compile(r"\s*(?P<cue>(?:xét|theo)(?:\s+đề nghị)?)(?!\w)")
_LIST_HEADS = frozenset({"opening_basis", "opening_act", "group_header"})


def _after_break(
    folded: str, unit: Unit, bonds: list[Bond], item: Item, tail: int, gap: str, start: int, *, laws: bool
) -> Bond:
    """After ";" or a full stop: an own cue, else the first item's place in the list goes on."""
    last = tail + list(_BREAK.finditer(gap))[-1].end()
    own = cue_before(folded, last, start)
    if own is not None and (unit.kind != "basis" or own.position != "task"):
        if own.passive:
            return Bond("cites", None, own, "passive")
        return Bond(own.relation, None, own, "own_cue")
    first = next(b for b in bonds if b.parent is None)
    acting = [b for b in bonds if b.parent is None and b.rule in _LIST_HEADS]
    first = acting[-1] if acting else first  # the list that was opened last goes on
    bare = not folded[last:start].strip() or _only_the_issuer(folded, last, item)
    if bare and unit.kind != "basis" and laws and bonds[-1].parent is not None and bonds[-1].reverse_of is None:
        return replace(bonds[-1], rule="sibling")  # "… của Luật A; Luật B": one list of laws
    if first.relation == "issued_with" and unit.kind != "basis":
        return _NO_CUE  # what issued one thing tells nothing of the next
    if unit.kind == "basis" and (proposal := _PROPOSING.match(folded, last, start)):
        return Bond("proposed_by", None, Cue(*proposal.span("cue"), "proposed_by", "basis", ""), "basis")
    if first.relation == "proposed_by" and item.mention.type == "Báo cáo":
        return _NO_CUE  # "Xét Tờ trình …; Báo cáo thẩm tra …": a report beside a proposal proposes nothing
    if unit.kind == "basis" or bare:
        return Bond(first.relation, None, first.cue, "new_item")
    return _NO_CUE


def _adjusted(folded: str, unit: Unit, item: Item, bond: Bond) -> Bond:
    """What stands after the item, or what the item is, may tell more than the words before it."""
    if bond.relation == "cites" and not item.is_work and _EXPIRES.match(folded, item.tail):
        return replace(bond, relation="repeals", rule="expires")
    proposal = isinstance(item.mention, Mention) and item.mention.type == "Tờ trình"
    if proposal and bond.parent is None and bond.relation in ("cites", "in_accordance_with"):
        words = folded[max(unit.start, item.start - 160) : item.start]
        if re.search(r"(?:theo đề nghị|đề nghị|đề xuất|xét|theo)(?!\w)[^;.]*$", words):
            return replace(bond, relation="proposed_by", rule="proposal")
    return bond


def _turned(bonds: list[Bond]) -> list[Bond]:
    """ "A được sửa đổi bởi B" is B amends A: the relation goes on A where A has none of its own."""
    result = list(bonds)
    for i, bond in enumerate(bonds):
        if bond.reverse_of is None or bond.cue is None:
            continue
        target = result[bond.reverse_of]
        if target.relation == "cites" and target.cue is None and target.parent is None:
            result[bond.reverse_of] = Bond(bond.cue.relation, i, bond.cue, "passive")
            result[i] = replace(bond, reverse_of=None)
    return result


def _before_issuer(folded: str, lower: int, item: Item) -> Cue | None:
    """ "Thực hiện ý kiến chỉ đạo của UBND tỉnh tại Công văn …": the cue stands before the issuer."""
    mention = item.mention
    if isinstance(mention, Mention) and lower <= mention.issuer_start < mention.start:
        return cue_before(folded, lower, mention.issuer_start)
    return None


def _start_with_pinpoint(item: Item) -> int:
    if isinstance(item.mention, Mention) and item.mention.pinpoint_start >= 0:
        return item.mention.pinpoint_start
    return item.start


def _is_amending(item: Item) -> bool:
    """ "Luật sửa đổi, bổ sung một số điều của Luật X": the laws that follow are what it amends."""
    mention = item.mention
    return (
        isinstance(mention, Mention)
        and mention.form == "name"
        and mention.name[:1] in "SsBb"
        and bool(_AMENDING_NAME.match(fold(mention.name)))
    )


_AMENDING_NAME = re.compile(r"(?:sửa đổi|bổ sung)(?!\w)")


def _is_standard(item: Item) -> bool:
    return isinstance(item.mention, Mention) and item.mention.form == "standard"


def _widened(cue: Cue | None, end: int) -> Cue | None:
    """The evidence of "theo Tiêu chuẩn quốc gia TCVN" is the whole phrase before the standard."""
    return replace(cue, end=end - 1) if cue and end - 1 > cue.end else cue


def _first(folded: str, unit: Unit, units: UnitTree, lower: int, start: int, item: Item) -> Bond:
    if unit.kind == "basis":
        basis = _basis_cue(folded, unit, item) or cue_before(folded, lower, start) or carrying_cue(folded, unit)
        return Bond(basis.relation if basis else "based_on", None, basis, "basis")
    cue = cue_before(folded, lower, start) or _before_issuer(folded, lower, item)
    if cue is not None and cue.passive:
        return Bond("cites", None, cue, "passive")
    if cue is not None:
        relation = "implements" if cue.relation == "continues_implementing" else cue.relation
        return Bond(relation, None, cue, "own_cue")
    cue = colon_cue(folded, lower, start)
    if cue is not None:
        return Bond(cue.relation, None, cue, "group_header")
    if not folded[unit.start : start].strip(' “"('):
        cue = header_cue(folded, unit, units) or lead_in_cue(folded, unit, units) or continued_cue(folded, unit, units)
        if cue is not None:
            return Bond("cites" if cue.passive else cue.relation, None, cue, "group_header")
    return _NO_CUE


_BASIS_WORDS = re.compile(r"(?P<basis>c[ăâ]n cứ)|(?:xét\s+)?(?:theo\s+)?(?:đề nghị)?|xét")


def _basis_cue(folded: str, unit: Unit, item: Item) -> Cue | None:
    """ "Căn cứ …" is a basis; "Theo đề nghị …", "Xét Tờ trình …" name the proposal (domain notes §5)."""
    m = _BASIS_WORDS.match(folded, unit.start, item.start)
    if not m or not m.group():
        return None
    return Cue(m.start(), m.end(), "based_on" if m["basis"] else "proposed_by", "basis", "")


_LEADING = frozenset({"Nghị quyết", "Chỉ thị", "Kết luận"})
_CARRYING_TYPES = frozenset({"Kế hoạch", "Chương trình", "Chương trình hành động", "Đề án", "Hướng dẫn", "Công văn"})
"""What carries out the leading ones: with "…, Kế hoạch số …" the list of the carrying ones goes on."""


def _sibling(items: Sequence[Item], bonds: Sequence[Bond], item: Item, anchor: int, gap: str) -> int:
    """Return the item that ``item`` stands beside: ``anchor``, the one before it, or one above that.

    A list goes on with "," beside the last one. After "và" a numbered document never stands beside a
    work's name, and it prefers the document above that has
    its own type: "Quyết định A phê duyệt Kế hoạch … và Quyết định B" sets B beside A.
    """
    above: list[int] = []
    k: int | None = anchor
    while k is not None:
        above.append(k)
        k = bonds[k].parent
    if item.is_work:
        return anchor
    cited = [k for k in above if not items[k].is_work and not _is_standard(items[k])] or above
    if item.mention.type in LAWS:
        return cited[0]
    if len(cited) > 1 and _is_amending(items[cited[1]]):
        return cited[1]  # the amended laws end where another kind of document follows
    same = [k for k in cited if items[k].mention.type == item.mention.type]
    if same:
        return same[0]
    leads = items[cited[0]].mention.type in _LEADING and item.mention.type in _CARRYING_TYPES
    return cited[-1] if leads and "và" not in gap else cited[0]
