"""Which organ can have issued what: symbol against "của …", bodies that were not there any more (checks 16, 17)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from extract.numbers import NumberParts, symbol_organs
from extract.organs import Organ, by_code, by_name, split_joint
from extract.periods import bounds
from extract.tables import read_table
from extract.text import fold
from graph.check.finding import Finding
from graph.check.reading import Case, Reading

_DISTRICTS_UNTIL = "2025-07-01"
"""The level of districts ended on that day (NQ 60-NQ/TW; Luật Tổ chức chính quyền địa phương 72/2025/QH15)."""
_DISTRICT = re.compile(r"(?:^|\s)(?:huyện|quận|thị xã)(?:\s|$)")
_FORMER = re.compile(r"\s*\(?\s*(?:cũ|trước (?:đây|sáp nhập|sắp xếp|hợp nhất)|nay là)")
_HEADS = re.compile(r"^(?:bộ trưởng|thứ trưởng|chủ nhiệm|thống đốc|tổng thanh tra|chánh án|viện trưởng)\s+")
_GRACE = {"ministry": 0, "party": 45, "department": 60}
"""Days on which an ended organ's papers may still bear its name: provinces merged theirs on days of their own."""
_JOINT = ("TTLT", "NQLT", "TTLB", "KHPH", "KHLT", "CTPH", "CTRPH", "QCPH")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield citations of an organ that cannot have issued the document."""
    yield from _own(reading)
    for case in reading.cases:
        parts = case.parts
        if parts is None or not parts.serial:
            continue
        yield from _symbol_and_words(reading, case, parts)
        yield from _wrong_type(reading, case, parts)
        yield from _ended(reading, case, parts)


# --- 17: the symbol and the words ------------------------------------------------------------------


def _symbol_and_words(reading: Reading, case: Case, parts: NumberParts) -> Iterator[Finding]:
    mention = case.mention
    if not mention.issuer or mention.issuer_start < mention.start or parts.groups[0].upper() in _JOINT:
        return
    if not reading.folded.startswith("của", _word_before(reading.folded, mention.issuer_start)):
        return  # "Nghị định số … do Bộ X phê duyệt" may tell of what stands before it
    codes = [c for c in symbol_organs(parts) if c != parts.groups[0]] or [parts.groups[0]]
    told, meant = _body(mention.issuer), _body_of_code(codes[0])
    if not told or not meant or told == meant or _related(told, meant):
        return
    yield reading.finding(
        "symbol-and-issuer", mention.start, mention.tail, symbol=codes[0], organ=_name(codes[0]), issuer=mention.issuer
    )


def _word_before(folded: str, position: int) -> int:
    """Return where the word before ``position`` begins."""
    end = position
    while end and folded[end - 1].isspace():
        end -= 1
    while end and folded[end - 1].isalpha():
        end -= 1
    return end


_BODIES = (
    ("hđnd", re.compile(r"^(?:thường trực |chủ tịch )?(?:hđnd|hội đồng nhân dân)(?!\w)")),
    ("ubnd", re.compile(r"^(?:(?:phó )?chủ tịch |văn phòng )?(?:ubnd|ủy ban nhân(?: dân)?)(?!\w)")),
    ("ttg", re.compile(r"^(?:phó )?thủ tướng(?!\w)")),
    ("cp", re.compile(r"^chính phủ$")),
    ("qh", re.compile(r"^quốc hội$")),
    ("ubtvqh", re.compile(r"^(?:ủy ban thường vụ quốc hội|ubtvqh)$")),
    ("party", re.compile(
        r"^(?:ban (?:thường vụ|chấp hành)|tỉnh ủy|thành ủy|bộ chính trị|ban bí thư|huyện ủy|đảng ủy)(?!\w)"
    )),
    ("sở", re.compile(r"^sở(?!\w)")),
)  # fmt: skip


def _body(words: str) -> str:
    """Return what kind of body the words of an issuer name, "" when they name several or none that is known."""
    if len(split_joint(words)) != 1:
        return ""
    folded = _HEADS.sub("", fold(words))
    known = next((body for body, pattern in _BODIES if pattern.match(folded)), "")
    organ = by_name().get(folded)
    return known or (organ.name if organ is not None and organ.level in ("ministry", "central") else "")


def _body_of_code(code: str) -> str:
    upper = code.upper()
    if upper.startswith("QH") and upper[2:].isdigit():
        return "qh"
    if upper.startswith("UBTVQH"):
        return "ubtvqh"
    organ = by_code().get(upper)
    if organ is None:
        return ""
    known = {"HĐND": "hđnd", "UBND": "ubnd", "UB": "ubnd", "CP": "cp", "TTG": "ttg", "TU": "party", "TW": "party"}
    if upper in known:
        return known[upper]
    if organ.level in ("ministry", "central"):
        return organ.name
    return "sở" if organ.level == "department" and organ.name.startswith("Sở") else ""


def _name(code: str) -> str:
    organ = by_code().get(code.upper())
    return organ.name if organ else code


def _related(one: str, other: str) -> bool:
    """A ministry and the one that took its work over are not told apart here, nor a court and its council."""
    if "Tòa án nhân dân tối cao" in one and "Tòa án nhân dân tối cao" in other:
        return True
    first, second = by_name().get(fold(one)), by_name().get(fold(other))
    return bool(first and second and (_follows(first, second) or _follows(second, first)))


def _follows(organ: Organ, later: Organ) -> bool:
    seen: set[str] = set()
    name = organ.successor
    while name and name not in seen:
        if name == later.name:
            return True
        seen.add(name)
        following = by_name().get(fold(name))
        name = following.successor if following else ""
    return False


# --- 16: types and bodies --------------------------------------------------------------------------


def _wrong_type(reading: Reading, case: Case, parts: NumberParts) -> Iterator[Finding]:
    """Only the Government issues decrees, only ministries and their like circulars (Luật Ban hành VBQPPL Điều 4)."""
    if len(parts.groups) != 2 or case.year < "1998" or parts.separator != "/":
        return
    code, organ = parts.groups[0].upper(), by_code().get(parts.groups[1].upper())
    if organ is None:
        return
    wrong = (code == "NĐ" and organ.name != "Chính phủ") or (
        code == "TT" and parts.year and organ.level in ("council", "department")
    )
    if wrong:
        mention = case.mention
        yield reading.finding(
            "type-not-of-organ", mention.start, mention.tail, type=case.mention.type, organ=organ.name
        )


def _own(reading: Reading) -> Iterator[Finding]:
    """Find a document that a district issues after the level of districts ended."""
    header = reading.header
    day = bounds(header.date)[0]
    if header.number_span and day >= _DISTRICTS_UNTIL and _DISTRICT.search(fold(header.issuer)):
        yield reading.finding("organ-ended", *header.number_span, organ=header.issuer, day="01/7/2025")


def _ended(reading: Reading, case: Case, parts: NumberParts) -> Iterator[Finding]:
    """Find an organ named on a day on which it was not there any more."""
    mention = case.mention
    day = bounds(mention.date)[0] if len(mention.date) == 10 else ""
    if not day:
        return
    if day >= _DISTRICTS_UNTIL and mention.issuer and mention.issuer_start >= mention.start:
        folded = fold(mention.issuer)
        if _FORMER.match(reading.folded, mention.tail):
            return
        if _DISTRICT.search(folded):
            yield reading.finding("organ-ended", mention.start, mention.tail, organ=mention.issuer, day="01/7/2025")
            return
        province = next((p for p in _ended_provinces() if folded.endswith(" " + fold(p))), "")
        if province:
            yield reading.finding(
                "organ-ended", mention.start, mention.tail, organ=mention.issuer, day="01/7/2025",
                candidates=(_ended_provinces()[province],),
            )  # fmt: skip
            return
    organs = [by_code().get(code.upper()) for code in symbol_organs(parts)]
    joint = parts.groups[0].upper() in _JOINT or "liên tịch" in mention.type
    for organ in organs if joint else organs[:1]:
        if organ and organ.until and _past(organ, day):
            year, month, last = organ.until.split("-")
            yield reading.finding(
                "organ-ended", mention.start, mention.tail, organ=organ.name,
                day=f"{last}/{month if int(month) < 3 else int(month)}/{year}", candidates=(organ.successor,),
            )  # fmt: skip
            return


def _past(organ: Organ, day: str) -> bool:
    end = date.fromisoformat(organ.until) + timedelta(days=_GRACE.get(organ.level, 0))
    return day >= end.isoformat()


@cache
def _ended_provinces() -> dict[str, str]:
    """Return province that ended -> the one that took it in, where no other bears its name now."""
    rows = read_table("provinces")
    now = {row["name"] for row in rows if not row["until"]}
    return {row["name"]: row["successor"] for row in rows if row["until"] and row["name"] not in now}
