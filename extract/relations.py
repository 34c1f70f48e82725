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
from functools import cache
from typing import TypeVar

from extract.doctypes import LAWS
from extract.model import Mention, Unit, WorkMention
from extract.tables import read_table
from extract.text import either, fold, squeeze
from extract.units import UnitTree

_W = r"[\wà-ỹ]"
Spanned = TypeVar("Spanned", Mention, WorkMention)


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that tells a relation. ``position`` is basis, title (it may open a trích yếu) or task;
    ``effect`` is the relation of the act that a unit plans with these words, "" where it plans none."""

    start: int
    end: int
    relation: str
    position: str
    effect: str
    passive: bool = False


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


@cache
def _cues() -> tuple[re.Pattern[str], dict[str, dict[str, str]]]:
    rows = {fold(row["cue"]): row for row in read_table("cues")}
    words = sorted(rows, key=len, reverse=True)
    pattern = "|".join(re.escape(w).replace(r"\ ", r"\s+").replace(",", r"\s*,?") for w in words)
    return re.compile(rf"(?<!{_W})(?:{pattern})(?!{_W})"), rows


@cache
def _filler() -> re.Pattern[str]:
    words = either(row["words"] for row in read_table("fillers"))
    return re.compile(rf"\s*(?:{words}(?!{_W})\s*)*")


_ADVERB_WORDS = (
    "có hiệu quả", "hiệu quả", "nghiêm túc", "nghiêm", "đầy đủ", "kịp thời", "đồng bộ", "tốt", "các", "nội dung",
)  # fmt: skip
_ADVERBS = re.compile(rf"\s*(?:{either(_ADVERB_WORDS)}(?!{_W})\s*)*")
_REACH = 240
"""No cue with all its fillers is longer (characters)."""
_PASSIVE_BEFORE = re.compile(r"(?:được|bị)\s+$")
_PASSIVE_AFTER = re.compile(r"\s*(?:bởi|tại|theo|một số điều (?:bởi|tại|theo))(?![\wà-ỹ])")


def cue_before(folded: str, start: int, end: int, *, adjacent: bool = False) -> Cue | None:
    """Return the last cue between ``start`` and ``end`` that governs what begins at ``end``; None if none does.

    Only fillers ("các", "tại", "nghiêm túc" …) may stand between; with ``adjacent`` only adverbs. A passive
    ("được sửa đổi, bổ sung bởi/tại/theo") holds its preposition, which is then no cue of its own.
    """
    if not _may_end_a_cue(folded, end):
        return None
    pattern, rows = _cues()
    start = max(start, end - _REACH)
    filler = _ADVERBS if adjacent else _filler()
    found: Cue | None = None
    for m in reversed(list(pattern.finditer(folded, max(0, start), end))):
        row = rows[_key(m.group(), rows)]
        passive = _passive_end(folded, m)
        if not filler.fullmatch(folded, passive or m.end(), end):
            break
        cue = Cue(m.start(), m.end(), row["relation"], row["position"], row["effect"], passive is not None)
        if passive is not None:
            return cue
        found = found or cue
    return (_carried_out(folded, start, found) or found) if found else None


def _may_end_a_cue(folded: str, end: int) -> bool:
    """A glance before the costly look: the word before ``end`` must close a cue or be one that may stand between."""
    words = folded[max(0, end - 24) : end].rsplit(None, 1)
    return bool(words) and words[-1] in _closing_words()


@cache
def _closing_words() -> frozenset[str]:
    cues = (row["cue"] for row in read_table("cues"))
    between = (row["words"] for row in read_table("fillers"))
    return frozenset(fold(words).split()[-1] for words in (*cues, *between, *_ADVERB_WORDS, "bởi", "tại", "theo"))


def _passive_end(folded: str, m: re.Match[str]) -> int | None:
    if not _PASSIVE_BEFORE.search(folded, max(0, m.start() - 8), m.start()):
        return None
    after = _PASSIVE_AFTER.match(folded, m.end())
    return after.end() if after else None


def _carried_out(folded: str, start: int, cue: Cue) -> Cue | None:
    """ "Thực hiện quy định tại X" carries X out; so does "bãi bỏ … quy định tại X" repeal it."""
    if cue.relation != "in_accordance_with" or not folded.startswith("quy định", cue.start):
        return None
    before = cue_before(folded, start, cue.start)
    return replace(before, end=cue.end) if before and before.effect and not before.passive else None


def _key(words: str, rows: dict[str, dict[str, str]]) -> str:
    key = re.sub(r"\s*,\s*", ", ", squeeze(words))
    return key if key in rows else next(k for k in rows if k.replace(",", "") == key.replace(",", ""))


def lead_in_cue(folded: str, unit: Unit, units: UnitTree) -> Cue | None:
    """Return the cue of the paragraph that opens a list ("Căn cứ:", "được hợp nhất từ 03 Thông tư sau:")."""
    for before in units.before(unit, 8):
        words = folded[before.start : before.end].rstrip()
        if words.endswith(":"):
            return _list_cue(folded, before.start, before.start + len(words) - 1)
        if before.parent != unit.parent or not _LISTED.match(folded, before.start):
            return None
    return None


_LISTED = re.compile(r"(?:\d+\.\s+)?(?:(?:bộ\s+)?luật|nghị|quyết|thông|kế hoạch|công văn|chỉ thị|văn bản|số)(?!\w)")
_ANNOUNCING = re.compile(r"\s+(?:sau|sau đây|gồm|bao gồm|cụ thể|như sau)$")


def _list_cue(folded: str, start: int, end: int) -> Cue | None:
    """Return the cue of a lead-in, also before words that name its list ("triển khai các văn bản sau")."""
    cue = cue_before(folded, start, end)
    if cue is not None or not _ANNOUNCING.search(folded, start, end):
        return cue
    for _ in range(6):
        end = folded.rfind(" ", start, end)
        if end < 0:
            return None
        cue = cue_before(folded, start, end)
        if cue is not None:
            return cue
    return None


def header_cue(folded: str, unit: Unit, units: UnitTree) -> Cue | None:
    """Return the cue that a group header ("Tiếp tục triển khai:") lends to the items below it."""
    parent = units.parent(unit)
    if parent is None or parent.kind not in ("group", "section"):
        return None
    end = parent.start + len(folded[parent.start : parent.end].rstrip(" :\n"))
    cue = _list_cue(folded, parent.start, end)
    if cue is not None and cue.relation == "continues_implementing":
        return replace(cue, relation="implements")  # the task goes on implementing; it is no new decision
    return cue


# --- items and their titles ------------------------------------------------------------------------

_SESSION_WORDS = (
    r"[\s,]*(?:\(?khóa\s+[ivxlc\d]+\)?)?[\s,]*(?:(?:tại\s+)?kỳ họp(?:\s+(?:thứ\s+)?[\w]{1,12}){1,3}?)?\s*,?\s*"
)
_SESSION = re.compile(rf"{_SESSION_WORDS}(?=\S)")
_TITLE_STOP = re.compile(r";|\.(?=\s|$)|\n\n|\)(?=\s*[,;.]|$)|:\s")


@cache
def _title_word() -> re.Pattern[str]:
    return re.compile(either(row["word"] for row in read_table("title_words")) + rf"(?!{_W})")


def title_region(folded: str, tail: int, limit: int) -> tuple[int, int]:
    """Return the span of the trích yếu that follows a citation at ``tail``, (-1, -1) if none does."""
    session = _SESSION.match(folded, tail, limit)
    start = session.end() if session else tail
    if start >= limit or not _title_word().match(folded, start, limit):
        return -1, -1
    for stop in _TITLE_STOP.finditer(folded, start, limit):
        if folded.count("“", start, stop.start()) <= folded.count("”", start, stop.start()):
            return start, stop.start()  # a mark inside a quoted name does not end the title
    return start, limit


def items_of(folded: str, unit: Unit, mentions: Sequence[Mention], works: Sequence[WorkMention]) -> list[Item]:
    """Return the citations and works of ``unit`` in text order, each with the region of its title."""
    items = [
        Item(n, False, m.start, m.end, m.tail, m, *title_region(folded, m.tail, unit.end))
        for n, m in _within(mentions, unit)
        if not m.self
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
_GLUE = re.compile(rf"{_SESSION_WORDS}(?:về\s+việc|về|việc|nhằm|để)?\s*")
_EXPIRES = re.compile(r"\s*(?:,\s*)?(?:này\s+)?(?:hết|chấm dứt)\s+hiệu lực(?!\w)")


def bind(folded: str, unit: Unit, units: UnitTree, items: Sequence[Item]) -> list[Bond]:
    """Return one bond per item of ``unit``."""
    bonds: list[Bond] = []
    for i, item in enumerate(items):
        bond = _bind_one(folded, unit, units, items, bonds, i, item)
        bonds.append(_adjusted(folded, unit, item, bond))
    return _turned(bonds)


def _bind_one(
    folded: str, unit: Unit, units: UnitTree, items: Sequence[Item], bonds: list[Bond], i: int, item: Item
) -> Bond:
    start = _start_with_pinpoint(item)
    inner = cue_before(folded, start, item.start) if start < item.start else None
    if inner is not None and not inner.passive:  # "Phụ lục III kèm theo Nghị định số …"
        return Bond(inner.relation, None, inner, "own_cue")
    if i == 0:
        return _first(folded, unit, units, unit.start, start, item)
    p = max(range(i), key=lambda k: (items[k].tail, k))  # the item that reaches farthest, not one inside its name
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
        return Bond("cites", bonds[p].parent, cue, "passive", reverse_of=p)
    if _BREAK.search(gap):
        laws = item.mention.type in LAWS and previous.mention.type in LAWS and p == i - 1
        return _after_break(folded, unit, bonds, previous.tail, gap, start, laws=laws)
    holder = next((k for k in reversed(range(i)) if items[k].title_start >= 0 and item.end <= items[k].title_end), None)
    if cue is None:
        if holder is not None and not item.is_work and re.search(r"(?:,|(?<!\w)và)\s*(?:các\s+)?$", gap):
            return replace(bonds[holder], rule="sibling")  # the list goes on after the title of the one before
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


def _after_break(folded: str, unit: Unit, bonds: list[Bond], tail: int, gap: str, start: int, *, laws: bool) -> Bond:
    """After ";" or a full stop: an own cue, else the first item's place in the list goes on."""
    last = tail + list(_BREAK.finditer(gap))[-1].end()
    own = cue_before(folded, last, start)
    if own is not None and (unit.kind != "basis" or own.position != "task"):
        if own.passive:
            return Bond("cites", None, own, "passive")
        return Bond(own.relation, None, own, "own_cue")
    first = next(b for b in bonds if b.parent is None)
    bare = not folded[last:start].strip()
    if bare and unit.kind != "basis" and laws and bonds[-1].parent is not None and bonds[-1].reverse_of is None:
        return replace(bonds[-1], rule="sibling")  # "… của Luật A; Luật B": one list of laws
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
        if re.search(r"(?:theo đề nghị|đề nghị|xét|theo)(?!\w)[^;.]*$", words):
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
    return isinstance(mention, Mention) and mention.form == "name" and mention.name[:1] in "SsBb" and bool(_AMENDING_NAME.match(fold(mention.name)))


_AMENDING_NAME = re.compile(r"(?:sửa đổi|bổ sung)(?!\w)")


def _is_standard(item: Item) -> bool:
    return isinstance(item.mention, Mention) and item.mention.form == "standard"


def _widened(cue: Cue | None, end: int) -> Cue | None:
    """The evidence of "theo Tiêu chuẩn quốc gia TCVN" is the whole phrase before the standard."""
    return replace(cue, end=end - 1) if cue and end - 1 > cue.end else cue


def _first(folded: str, unit: Unit, units: UnitTree, lower: int, start: int, item: Item) -> Bond:
    if unit.kind == "basis":
        basis = _basis_cue(folded, unit, item) or cue_before(folded, lower, start)
        return Bond(basis.relation if basis else "based_on", None, basis, "basis")
    cue = cue_before(folded, lower, start) or _before_issuer(folded, lower, item)
    if cue is not None and cue.passive:
        return Bond("cites", None, cue, "passive")
    if cue is not None:
        relation = "implements" if cue.relation == "continues_implementing" else cue.relation
        return Bond(relation, None, cue, "own_cue")
    if not folded[unit.start : start].strip(' “"('):
        cue = header_cue(folded, unit, units) or lead_in_cue(folded, unit, units)
        if cue is not None:
            return Bond("cites" if cue.passive else cue.relation, None, cue, "group_header")
    return _NO_CUE


def _basis_cue(folded: str, unit: Unit, item: Item) -> Cue | None:
    """ "Căn cứ …" is a basis; "Theo đề nghị …", "Xét Tờ trình …" name the proposal (domain notes §5)."""
    m = re.compile(r"(?P<basis>căn cứ)|(?:xét\s+)?(?:theo\s+)?(?:đề nghị)?|xét").match(folded, unit.start, item.start)
    if not m or not m.group():
        return None
    return Cue(m.start(), m.end(), "based_on" if m["basis"] else "proposed_by", "basis", "")


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
    if "và" not in gap:
        return cited[0]
    same = [k for k in cited if items[k].mention.type == item.mention.type]
    return same[0] if same else cited[0]


# --- planned acts ----------------------------------------------------------------------------------


def _drafting(role: str) -> str:
    return "|".join(re.escape(row["word"]) for row in read_table("drafting") if row["role"] == role)


_PRODUCING = re.compile(rf"(?<!\w)(?:{_drafting('verb')})(?!\w)")
_PRODUCT = re.compile(rf"(?<![\wÀ-ỹ])(?:{_drafting('product')})(?![\wÀ-ỹ])(?!\s+(?:số|này|nêu trên))")
_PRODUCT_LINK = re.compile(r"(?:\s+(?:của|năm|về|việc)?[^;.:]{0,80}?)?\s+(?:về|về việc)\s*|\s*")


def planned_act(text: str, folded: str, unit: Unit, units: UnitTree, bond: Bond) -> tuple[str, Cue] | None:
    """Return (unit id, cue) when the unit, or the group above it, announces a document that acts on the bound item.

    "Tham mưu … Quyết định bãi bỏ Quyết định số 13/2016/QĐ-UBND" is a task to repeal, not a repeal.
    """
    if bond.cue is None or bond.parent is not None or not bond.cue.effect or unit.kind not in ("task", "group"):
        return None
    parent = units.parent(unit)
    holder = unit if bond.cue.start >= unit.start else parent
    if holder is None:
        return None
    products = list(_PRODUCT.finditer(text, holder.start, bond.cue.start))
    if not products:
        return None
    product = products[-1]
    produced = _PRODUCING.search(folded, holder.start, product.start()) or (
        product.start() == holder.start and parent is not None and parent.kind == "group"
        and _PRODUCING.search(folded, parent.start, parent.end)
    )  # fmt: skip
    if produced and _PRODUCT_LINK.fullmatch(folded, product.end(), bond.cue.start):
        return holder.id, bond.cue
    return None
