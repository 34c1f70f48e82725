"""Phrases that tell a relation: found right before a citation, in a lead-in, in a header, at a sentence's start."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from extract.model import Unit
from extract.tables import read_table
from extract.text import alternation, either, fold, squeeze
from extract.units import UnitTree

_W = r"[\wà-ỹ]"


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


@cache
def _cues() -> tuple[re.Pattern[str], dict[str, dict[str, str]]]:
    rows = {fold(row["cue"]): row for row in read_table("cues")}
    words = sorted(rows, key=len, reverse=True)
    pattern = alternation(re.escape(w).replace(r"\ ", r"\s+").replace(",", r"\s*,?") for w in words)
    return re.compile(rf"{pattern}(?!{_W})"), rows


def _cues_between(folded: str, start: int, end: int) -> list[re.Match[str]]:
    """Return the cues between ``start`` and ``end`` that begin where a word begins, the last one first."""
    found = [m for m in _cues()[0].finditer(folded, max(0, start), end) if not _in_word(folded, m.start())]
    return found[::-1]


def _in_word(folded: str, start: int) -> bool:
    return start > 0 and (folded[start - 1].isalnum() or folded[start - 1] == "_")


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
    rows = _cues()[1]
    start = max(start, end - _REACH)
    filler = _ADVERBS if adjacent else _filler()
    found: Cue | None = None
    for m in _cues_between(folded, start, end):
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
    for before in units.before(unit, _FAR):
        words = folded[before.start : before.end].rstrip()
        if words.endswith(":"):
            end = before.start + len(words) - 1
            return _list_cue(folded, before.start, end) or opening_act(folded, before.start, end)
        if before.parent != unit.parent or not _LISTED.match(folded, before.start):
            return None
    return None


_CARRYING = re.compile(r"(?:thực hiện|triển khai(?: thực hiện)?|quán triệt)(?!\w)")


def carrying_cue(folded: str, unit: Unit) -> Cue | None:
    """Return "Thực hiện" where a unit begins with it: "Thực hiện nội dung chỉ đạo tại <X>;" carries X out."""
    m = _CARRYING.match(folded, unit.start, unit.end)
    return Cue(m.start(), m.end(), "implements", "basis", "") if m else None


def continued_cue(folded: str, unit: Unit, units: UnitTree) -> Cue | None:
    """Return the cue of a list that runs on over paragraphs that end with ";": "Thực hiện <A>;", "<B>;", "<C>."."""
    for before in units.before(unit, _FAR):
        words = folded[before.start : before.end].rstrip()
        if not words.endswith(";"):
            return None
        cue = carrying_cue(folded, before) or opening_basis(folded, before.start, before.start + 12)
        if cue is None and (colon := folded.find(": ", before.start, before.end)) >= 0:
            cue = _list_cue(folded, before.start, colon)
        if cue is not None:
            return cue
        if not _LISTED.match(folded, before.start):
            return None
    return None


_LISTED = re.compile(
    r"(?:\d+\.\s+)?(?:(?:bộ\s+)?luật|nghị|quyết|thông|kế hoạch|công văn|chỉ thị|văn bản|kết luận|quy định|hướng dẫn"
    r"|chương trình|tờ trình|báo cáo|đề án|pháp lệnh|số)(?!\w)"
)
_FAR = 40
"""A list may have so many members between its lead-in and the one that is read."""
_ANNOUNCING = re.compile(r"\s+(?:sau|sau đây|gồm|bao gồm|cụ thể|như sau)$")


_EXPIRING = re.compile(
    r"sau(?:\s+đây)?\s+(?:sẽ\s+)?(?P<act>(?:hết|chấm dứt)\s+hiệu lực|(?:được|bị)\s+(?:bãi bỏ|hủy bỏ))(?!\w)"
)


def _list_cue(folded: str, start: int, end: int) -> Cue | None:
    """Return the cue of a lead-in, also before words that name its list ("triển khai các văn bản sau")."""
    if expiring := _EXPIRING.search(folded, start, end):
        return Cue(expiring.start("act"), expiring.end("act"), "repeals", "task", "repeals")
    cue = cue_before(folded, start, end)
    if cue is not None or not _ANNOUNCING.search(folded, start, end):
        return None if cue is not None and _causes(folded, start, cue) else cue
    for _ in range(6):
        end = folded.rfind(" ", start, end)
        if end < 0:
            return None
        cue = cue_before(folded, start, end)
        if cue is not None:
            return None if _causes(folded, start, cue) else cue
    return None


_CAUSING = re.compile(r"(?:chỉ đạo|đôn đốc|yêu cầu|đề nghị|giao)\s+(?:[\wà-ỹ]+\s+){1,8}$")


def _causes(folded: str, start: int, cue: Cue) -> bool:
    """ "các văn bản chỉ đạo các đơn vị thực hiện, gồm:" tells what others are to do, not what the list is."""
    return _CAUSING.search(folded, max(start, cue.start - 60), cue.start) is not None


@cache
def _opening() -> re.Pattern[str]:
    acts = either(row["cue"] for row in read_table("cues") if row["effect"] in _ACTS)
    return re.compile(
        rf"[\s“\"'(]*(?:(?:(?:điều|khoản)\s+\d+[a-zđ]?|\d+(?:\.\d+)*|[a-zđ]|[ivxlc]+)\s*[.:)]\s*)*"
        rf"(?:(?:thống nhất|quyết nghị|quyết định|nay)\s+)?(?P<act>{acts})(?!{_W})"
        rf"(?P<words>\s+(?:một số\s+|các\s+)?(?:cụm từ|từ|cụm)\s)?"
    )


_ACTS = frozenset({"amends", "replaces", "repeals", "suspends", "corrects"})
_SENTENCE_BREAK = re.compile(r"[.;](?=\s)\s*")


_BASIS = re.compile(r"[\s“\"'(]*(?:(?:\d+|[a-zđ])\s*[.)]\s*)?(?P<basis>c[ăâ]n cứ)(?!\w)")


def opening_basis(folded: str, lower: int, end: int) -> Cue | None:
    """Return "Căn cứ" where the sentence before ``end`` begins with it, also in the body of a text."""
    breaks = list(_SENTENCE_BREAK.finditer(folded, lower, end))
    m = _BASIS.match(folded, breaks[-1].end() if breaks else lower, end)
    return Cue(m.start("basis"), m.end("basis"), "based_on", "basis", "") if m else None


def colon_cue(folded: str, lower: int, end: int) -> Cue | None:
    """Return the cue of words that end with a colon right before ``end``: "cam kết thực hiện: <X>; <Y>"."""
    words = folded[lower:end].rstrip(' “"(-+')
    if not words.endswith(":"):
        return None
    colon = lower + len(words) - 1
    return _list_cue(folded, lower, colon) or opening_act(folded, lower, colon)


def opening_act(folded: str, lower: int, end: int) -> Cue | None:
    """Return the act that the sentence before ``end`` begins with: "Bãi bỏ quy định … tại Điều 4 của <X>".

    What replaces words in a document ("Thay thế cụm từ … tại …") amends it.
    """
    start = lower
    for m in _SENTENCE_BREAK.finditer(folded, lower, end):
        if not folded[lower : m.start()].strip().removeprefix("điều ").isdigit():  # "Điều 2. Bãi bỏ …"
            start = m.end()
    act = _opening().match(folded, start, end)
    if act is None:
        return None
    row = _cues()[1][_key(act["act"], _cues()[1])]
    relation = "amends" if act["words"] and row["relation"] == "replaces" else row["relation"]
    return Cue(act.start("act"), act.end("act"), relation, row["position"], row["effect"])


def last_act(folded: str, lower: int, end: int) -> Cue | None:
    """Return the last cue of an act on a document (sửa đổi, thay thế, bãi bỏ …) before ``end``, wherever it stands."""
    rows = _cues()[1]
    for m in _cues_between(folded, lower, end):
        row = rows[_key(m.group(), rows)]
        if row["effect"] in _ACTS and not _PASSIVE_BEFORE.search(folded, max(0, m.start() - 8), m.start()):
            return Cue(m.start(), m.end(), row["relation"], row["position"], row["effect"])
    return None


def header_cue(folded: str, unit: Unit, units: UnitTree) -> Cue | None:
    """Return the cue that a group header ("Tiếp tục triển khai:") lends to the items below it."""
    parent = units.parent(unit)
    if parent is None or parent.kind not in ("group", "section"):
        return None
    if parent.marker.startswith("Điều") and not folded[parent.start : parent.end].rstrip().endswith(":"):
        return None  # the name of an article tells what it is about
    end = parent.start + len(folded[parent.start : parent.end].rstrip(" :\n"))
    cue = _list_cue(folded, parent.start, end)
    if cue is None and folded[parent.start : parent.end].rstrip().endswith(":"):
        cue = opening_act(folded, parent.start, end)  # "Bãi bỏ 07 văn bản … trên địa bàn tỉnh, cụ thể như sau:"
    if cue is not None and cue.relation == "continues_implementing":
        return replace(cue, relation="implements")  # the task goes on implementing; it is no new decision
    return cue
