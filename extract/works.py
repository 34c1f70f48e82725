"""Works: programmes, schemes, regulations and plans named by title, without a number.

A work is found where something is done to it: a cue of the cue table stands right before its head
word. What a task is only to draft ("Xây dựng Đề án …") is no work yet, since nothing exists to cite.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from extract.cues import cue_before, header_cue
from extract.model import Mention, Unit, WorkMention
from extract.tables import read_table
from extract.text import either, fold, plain, squeeze
from extract.units import UnitTree

_ISSUING = frozenset({"promulgates", "approves", "publishes", "regulates", "decides"})
_CARRYING = frozenset({"implements", "continues_implementing", "in_accordance_with"})
_TIMED = re.compile(r"(?:năm|giai đoạn|đến năm|thời kỳ)\s+\d{4}")
_NOT_A_NAME = re.compile(r"\s*(?:số\s|này|nêu|trên|đó|[,;.:)]|$|và\s|theo\s|đã\s|được\s|còn\s)")
_NUMBER_FOR_NAME = re.compile(r"\s+\d{2,3}(?![\w/-]|[.,]\d)")
_HARD_STOP = re.compile(r"[;(\n]|:(?=\s|$)|\.(?=\s|$)|\s(?=(?:như sau|cụ thể như sau|với các nội dung)(?!\w))")
_QUOTED = re.compile(r"\s*[“\"«](?P<name>[^”\"»]{3,600})[”\"»]")
_PERIOD_TAIL = re.compile(r"\s+(?:giai đoạn\s+\d{4}\s*[-–]\s*\d{4}|đến năm\s+\d{4}|năm\s+\d{4})$")
_AREA = re.compile(r"\s(?=(?:trên địa bàn|tại địa phương)(?!\w))")
_RELATION_STOP = re.compile(
    r"\s(?=(?:(?:về\s+)?(?:tiếp tục\s+)?(?:triển khai\s+|tổ chức\s+)?(?:thực hiện|thi hành)"
    r"|(?:được\s+)?(?:ban hành|phê duyệt)(?:\s+kèm theo|\s+tại|\s+theo)?|kèm theo)\s)"
)

_TOLD_OF = re.compile(
    r"\s+(?:(?:đã|vừa|mới)\s+)?được(?:$|\s+(?:(?!và\s)[\wà-ỹ]+\s+){0,8}?"
    r"(?:ban hành|phê duyệt|thông qua|phê chuẩn|công bố|giao)(?![\wà-ỹ]))"
)
"""What somebody has done to the work is told of it: "… được Thủ tướng Chính phủ phê duyệt" is no part of its name."""


@cache
def heads() -> dict[str, bool]:
    """Return folded head word -> whether a lower-case head counts too (when the name holds a period)."""
    return {fold(row["head"]): row["lower"] == "1" for row in read_table("work_heads")}


@cache
def _head_pattern() -> re.Pattern[str]:
    return re.compile(rf"({either(heads())})(?![\wà-ỹ])")


@cache
def _capital_heads() -> re.Pattern[str]:
    """The head words with a capital at least at the start, which the scan of a text can jump to."""
    words = sorted(heads(), key=len, reverse=True)
    return re.compile("|".join(f"{re.escape(w[0].upper())}(?i:{re.escape(w[1:])})" for w in words))


@cache
def _small_heads() -> tuple[str, ...]:
    """The shortest head words that count in lower case too; the longer ones begin with them."""
    small = [w for w, lower in heads().items() if lower]
    return tuple(w for w in small if not any(w != other and w.startswith(other) for other in small))


def _head_places(straight: str, folded: str) -> list[int]:
    """Return where a head word may stand, in text order."""
    places = {m.start() for m in _capital_heads().finditer(straight)}
    for word in _small_heads():
        at = folded.find(word)
        while at >= 0:
            places.add(at)
            at = folded.find(word, at + len(word))
    return sorted(places)


@cache
def _ends(*, inside: bool) -> re.Pattern[str]:
    """Return what follows a name and tells how it is carried out ("đạt hiệu quả"): inside it, or in its place."""
    found = either(row["words"] for row in read_table("work_ends") if not inside or row["inside"] == "1")
    return re.compile(rf"\s+(?={found}(?![\wà-ỹ]))")


@cache
def _clause_start() -> re.Pattern[str]:
    return re.compile(rf"\s*,\s+{either(row['words'] for row in read_table('clause_starts'))}(?![\wà-ỹ])")


def find_works(
    text: str, straight: str, folded: str, units: UnitTree, mentions: Sequence[Mention]
) -> list[WorkMention]:
    """Return the works that ``units`` name, in text order; ``straight`` and ``folded`` are the twins of ``text``."""
    found: list[WorkMention] = []
    mentions = [m for m in mentions if not m.self]
    starts = [m.start for m in mentions]
    position = 0
    for place in _head_places(straight, folded):
        if place < position or folded[place - 1 : place].isalnum():
            continue
        head = _head_pattern().match(folded, place)
        unit = units.at(place)
        if head is None or unit is None or head.end() > unit.end:
            continue
        n = bisect_right(starts, place)
        if n and place < mentions[n - 1].end:
            continue
        previous = mentions[n - 1] if n and mentions[n - 1].start >= unit.start else None
        following = mentions[n : bisect_left(starts, unit.end)] if n < len(starts) else []
        work = _read(text, folded, unit, units, previous, following, head)
        if work is not None:
            found.append(work)
            position = work.end
    return _settle_names(text, found)


def _read(
    text: str,
    folded: str,
    unit: Unit,
    units: UnitTree,
    previous: Mention | None,
    following: Sequence[Mention],
    head: re.Match[str],
) -> WorkMention | None:
    cue = cue_before(folded, previous.tail if previous else unit.start, head.start(), adjacent=True)
    if cue is None and head.start() == unit.start:
        cue = header_cue(folded, unit, units)
    if cue is None:
        return None
    if cue.relation in _ISSUING:
        if previous is None or not _issued_by(folded[previous.tail : cue.start], cue.relation):
            return None
    elif cue.relation not in _CARRYING:
        return None
    capital = text[head.start()].isupper()
    if not capital and (not heads()[head.group(1)] or cue.relation == "in_accordance_with"):
        return None
    quoted = _QUOTED.match(text, head.end(), unit.end)
    if quoted:
        return WorkMention(head.start(), quoted.end(), _type(text, head), squeeze(text[head.start() : quoted.end()]))
    numbered = _NUMBER_FOR_NAME.match(folded, head.end(), unit.end)
    if numbered and capital:  # "Đề án 06": known to everybody by its serial number alone
        return WorkMention(
            head.start(), numbered.end(), _type(text, head), squeeze(text[head.start() : numbered.end()])
        )
    if _NOT_A_NAME.match(folded, head.end(), unit.end) or _ends(inside=False).match(folded, head.end(), unit.end):
        return None
    end = _name_end(text, folded, unit, following, head, carried=cue.relation in _CARRYING)
    name = squeeze(text[head.start() : end])
    if not capital and not _TIMED.search(fold(name)):
        return None
    if len(plain(name).split()) - len(plain(head.group()).split()) < 2:
        return None
    return WorkMention(head.start(), end, _type(text, head), name)


def _issued_by(between: str, relation: str) -> bool:
    """Only a cited document issues a work; what the task itself issues does not exist yet.

    "về <work>" counts right after the document (and its session: "khóa X kỳ họp thứ 10") only.
    """
    if re.search(r"[;.]", between):
        return False
    return relation != "decides" or _SESSION.fullmatch(between) is not None


_SESSION = re.compile(r"[\s,]*(?:khóa\s+[ivxlc\d]+)?[\s,]*(?:(?:tại\s+)?kỳ họp(?:\s+thứ)?\s+[\w\s]{1,20})?\s*")


def _type(text: str, head: re.Match[str]) -> str:
    words = squeeze(text[head.start() : head.end()])
    return words[0].upper() + words[1:]


def _name_end(
    text: str, folded: str, unit: Unit, mentions: Sequence[Mention], head: re.Match[str], *, carried: bool
) -> int:
    """Return where the name ends: at a stop mark, a new clause, a cue, or a citation that is not a standard.

    "trên địa bàn tỉnh …" after a programme that is carried out tells where the carrying out happens;
    after a regulation that is issued it belongs to the title.
    """
    limit = unit.end
    for pattern in (_HARD_STOP, _clause_start(), _ends(inside=True)):
        m = pattern.search(folded, head.end(), limit)
        limit = m.start() if m else limit
    for mention in mentions:
        if mention.start >= limit:
            break
        if mention.form != "standard" and head.end() <= mention.start:
            limit = _back_to_cue(folded, head.end(), mention.start)
            break
    stop = _RELATION_STOP.search(folded, head.end() + 1, limit)
    limit = stop.start() if stop else limit
    told = _TOLD_OF.search(folded, head.end(), unit.end)
    if told and told.start() < limit:
        limit = told.start()
    if carried and (area := _AREA.search(folded, head.end(), limit)):
        limit = area.start()
    return head.start() + len(text[head.start() : limit].rstrip(" ,.-"))


def _back_to_cue(folded: str, start: int, mention: int) -> int:
    """A citation ends the name; so does the cue that leads to it."""
    cue = cue_before(folded, start, mention)
    if cue is not None:
        return cue.start
    m = re.search(r"\s+(?:và|,|hoặc)\s*$", folded[start:mention])
    return start + m.start() if m else mention


def _settle_names(text: str, works: list[WorkMention]) -> list[WorkMention]:
    """Where a text establishes a name without its period, "… giai đoạn 2021-2030" after it is not part of it."""
    known = {plain(work.name) for work in works}
    settled: list[WorkMention] = []
    for work in works:
        tail = _PERIOD_TAIL.search(work.name)
        if tail and plain(work.name[: tail.start()]) in known:
            end = work.start + len(text[work.start : work.end][: -len(tail.group().lstrip())].rstrip())
            work = WorkMention(work.start, end, work.type, squeeze(text[work.start : end]))
        settled.append(work)
    return settled
