"""Who helps with a task: the units that its text names as cooperating."""

from __future__ import annotations

import re
from functools import cache

from extract.tasks import END, NOUNS, REACH, split_units, unit_at, words_of
from extract.text import fold

_HELP = re.compile(
    r"phối hợp(?:\s*,\s*hướng dẫn)?(?:\s+(?:chặt chẽ|thực hiện|tốt|đồng bộ))?\s+(?P<to>(?:với|cùng(?:\s+với)?)\s+)?"
)
_OF_NAME = re.compile(r"(?:quản lý|chủ trì|tham mưu|thông tin|thanh tra|kiểm tra|tham gia|báo|chỉ đạo|truyền thông)")
_BARE = re.compile(r"\s*(?:các|cơ|ban|tổ|ủy)?\s*")
_NAMED = re.compile(r"(?:cơ quan|đơn vị|ban|các)\s$")
"""What only tells which organs: "các cơ quan quản lý nhà nước"."""
_HELP_END = re.compile(
    r"\.\.\.|[;:()…]|\.(?=\s|$)|\s(?:để|trong việc|nhằm|trong|theo|tại|trên cơ sở|về|đi|của tỉnh tổ chức)(?![\wà-ỹ])"
)


def helpers(text: str) -> tuple[str, ...]:
    """Return the units that a task is to be done with ("phối hợp với X …"), exact words."""
    folded = fold(text)
    found: list[str] = []
    at = 0
    while (m := _HELP.search(folded, at)) is not None:
        start = at = m.end()
        if m["to"] is None:
            found.extend(u for u in _before_help(text, folded, m.start()) if u not in found)
        if m["to"] is None and not (
            (text[start : start + 1].isupper() or folded.startswith("các ", start)) and unit_at().match(folded, start)
        ):
            continue  # "phối hợp tổ chức": together, but with nobody told
        limit = min(len(folded), start + REACH)
        stop = _HELP_END.search(folded, start, limit)
        end = stop.start() if stop else limit
        for verb in _helped().finditer(folded, start + 1, end):
            before = folded[start : verb.start()]
            if not text[verb.start()].islower() or NOUNS.match(folded, verb.start()) or _BARE.fullmatch(before):
                continue
            if not (_OF_NAME.match(verb.group()) and _NAMED.search(before)):
                end = verb.start()
                break
        for unit in split_units(text[start:end]):
            if unit not in found:
                found.append(unit)
    return tuple(found)


_LED = re.compile(r"chủ trì(?:\s+thực hiện)?,\s+(?:và\s+)?(?=\S)")


def _before_help(text: str, folded: str, at: int) -> tuple[str, ...]:
    """ "Sở A chủ trì, Sở B, Sở C phối hợp thực hiện": those between help."""
    led = folded.rfind("chủ trì", max(0, at - REACH), at)
    m = _LED.match(folded, led, at) if led >= 0 else None
    if m is None or unit_at().match(folded, m.end()) is None or any(c in folded[m.end() : at] for c in ".;:("):
        return ()
    if _helped().search(folded, m.end(), at) is not None:
        return ()
    return split_units(text[m.end() : at].rstrip(" ,"))


@cache
def _helped() -> re.Pattern[str]:
    return re.compile(rf"(?<=[\s,])(?:{words_of('verb')}|{words_of('does')}|{words_of('act')}){END}")
