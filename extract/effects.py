"""What a document says of effect in time: from when it is in force, from when another act ends, what it amends.

The clause that brings an act into force stands in its last articles ("Thông tư này có hiệu lực thi hành kể từ ngày …",
NĐ 34/2016/NĐ-CP Điều 74); an amending act names the provisions it changes line by line ("Sửa đổi, bổ sung khoản 2
Điều 5 như sau:").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from extract.dates import date_after
from extract.provisions import expand, run_at
from extract.text import fold, sentence_around

_KINDS = (
    "bộ luật|luật|pháp lệnh|nghị quyết|nghị định|thông tư liên tịch|thông tư|quyết định|chỉ thị|quy chế|quy định|lệnh|"
    "kế hoạch|chương trình|hướng dẫn|kết luận|điều lệ|quy chuẩn"
)
_IN_FORCE = re.compile(
    rf"(?:{_KINDS}|văn bản)(?:\s+liên tịch)?\s+này\s+(?:và\s+[\wà-ỹ ]{{3,60}}\s+)?(?:có|bắt đầu có)\s+hiệu\s+lực"
    r"(?:\s+thi\s+hành)?[\s,]*"
)
_FROM_DAY = re.compile(r"(?:kể\s+)?từ\s+(?=ngày)")
_SINCE_SIGNING = re.compile(r"(?:kể\s+)?từ\s+ngày\s+(?:ký|ban hành|được ký|ký ban hành|thông qua)(?!\w)")
_AFTER_DAYS = re.compile(
    r"sau\s+(?P<n>\d{1,3}|[\wà-ỹ]+(?:\s+[\wà-ỹ]+){0,2}?)(?:\s*\([^)]{1,30}\))?\s+ngày[\s,]*(?:kể\s+)?từ\s+ngày\s+"
    r"(?:ký|ban hành|được ký|ký ban hành|thông qua)"
)
_WORDS_OF_DAYS = {
    "mười": 10, "mười lăm": 15, "hai mươi": 20, "ba mươi": 30, "bốn mươi lăm": 45, "bốn lăm": 45, "sáu mươi": 60,
    "chín mươi": 90, "bảy": 7, "năm": 5,
}  # fmt: skip
_ENDS_FROM = re.compile(
    r"hết\s+hiệu\s+lực(?:\s+thi\s+hành)?\s+(?:kể\s+)?từ\s+(?=ngày)|bãi bỏ\s+(?:kể\s+)?từ\s+(?=ngày)"
)


@dataclass(frozen=True, slots=True)
class InForce:
    """From which ISO day a document says that it is in force, and the sentence that says so."""

    day: str
    start: int
    sentence: str


def entry_into_force(text: str, own_day: str) -> InForce | None:
    """Return from when a text says to be in force; ``own_day`` is its ISO day, for "kể từ ngày ký". None for no clause.

    The last clause counts: what stands before it may be the wording of an act that is amended.
    """
    found: InForce | None = None
    for at in _occurrences(text, "hiệu lực"):
        lower = max(0, at - 120)
        folded = fold(text[lower : at + 260])
        m = next((m for m in _IN_FORCE.finditer(folded) if m.start() + lower <= at < m.end() + lower), None)
        if m is None:
            continue
        day = _day(folded, m.end(), own_day)
        if day:
            start = lower + m.start()
            line = text.rfind("\n", 0, start) + 1
            end = text.find("\n", at)
            sentence = sentence_around(text, start, at + 8, line, end if end > 0 else len(text))
            found = InForce(day, start, sentence[:600])
    return found


def ends_from(sentence: str) -> str:
    """Return the ISO day from which a sentence says that an act is no longer in force, "" where it says none."""
    folded = fold(sentence)
    for m in _ENDS_FROM.finditer(folded):
        told = date_after(folded, m.end())
        if told and len(told[0]) == 10:
            return told[0]
    return ""


def _occurrences(text: str, words: str) -> list[int]:
    found: list[int] = []
    at = text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def _day(folded: str, position: int, own_day: str) -> str:
    whole = len(own_day) == 10
    if m := _AFTER_DAYS.match(folded, position):
        days = int(m["n"]) if m["n"].isdigit() else _WORDS_OF_DAYS.get(m["n"], 0)
        try:
            return (date.fromisoformat(own_day) + timedelta(days=days)).isoformat() if whole and days else ""
        except (ValueError, OverflowError):
            return ""
    if _SINCE_SIGNING.match(folded, position):
        return own_day if whole else ""
    if m := _FROM_DAY.match(folded, position):
        told = date_after(folded, m.end())
        return told[0] if told and len(told[0]) == 10 else ""
    return ""


# --- what an amending act changes -------------------------------------------------------------------

_INSTRUCTION = re.compile(
    r"^[ \t*_“\"]*(?:(?:điều\s+)?\d{1,3}[a-zđ]?[.):]|[a-zđ]\d?\)|-)?[ \t*_]*"
    r"(?=(?:sửa đổi|bổ sung|bãi bỏ|thay thế|thay cụm từ|thay|bỏ|hủy bỏ|huỷ bỏ)(?!\w))",
    re.M,
)
_AFTER = re.compile(r"(?:vào\s+)?(?:ngay\s+)?(?:sau|trước)\s+$")
_ARTICLE = re.compile(r"Điều \d+[a-zđ]?(?:\.\d+)*$")
_CITES = re.compile(r"số\s*\d+[a-zđ]?\s*[/-]")
_MOST_LINES = 400
_LINE = 400


def amended_provisions(text: str, start: int, end: int) -> tuple[str, ...]:
    """Return the provisions that the instructions between ``start`` and ``end`` change, in text order.

    "Bổ sung khoản 2a vào sau khoản 2 Điều 5" changes khoản 2a Điều 5; khoản 2 only tells where it goes.
    """
    found: dict[str, None] = {}
    for n, m in enumerate(_INSTRUCTION.finditer(fold(text[start:end]))):
        if n >= _MOST_LINES:
            break
        at = start + m.end()
        stop = text.find("\n", at)
        line = fold(text[at : min(stop if stop > 0 else end, end, at + _LINE)])
        line = re.split(r"như sau|: ?[“\"]|[“\"]", line)[0]
        found.update(dict.fromkeys(_of_line(line)))
    return tuple(found)


def _of_line(line: str) -> list[str]:
    """Return the provisions of one instruction; what has no Điều of its own takes the next one on its right.

    A line that cites a number ("Bãi bỏ Điều 3 Quyết định số …") tells by itself which act it changes, and is left out.
    """
    if _CITES.search(line):
        return []
    runs: list[tuple[Sequence[str], bool]] = []
    at = 0
    while at < len(line):
        run = run_at(line, at) if at == 0 or not line[at - 1].isalnum() else None
        if run and run.end() > at:
            runs.append((expand(run.group()), _AFTER.search(line, 0, at) is not None))
            at = run.end()
        else:
            at += 1
    found: list[str] = []
    article = ""
    for provisions, only_place in reversed(runs):
        own = next((m.group() for p in provisions if (m := _ARTICLE.search(p))), "")
        article = own or article
        if not only_place:
            whole = [p if _ARTICLE.search(p) or not article or p[0].isupper() else f"{p} {article}" for p in provisions]
            found = [*whole, *found]
    return found


def provision_parts(provision: str) -> tuple[tuple[str, str], ...]:
    """Return a provision from its largest unit down: "điểm a khoản 2 Điều 6" -> điều 6, khoản 2, điểm a."""
    return tuple((m[1], m[2]) for m in reversed(list(_UNIT.finditer(fold(provision)))))


_UNIT = re.compile(r"(tiết|bước|điểm|khoản|điều|mục|chương|phần|mẫu số|phụ lục)\s+([^\s,;]+)")


def overlap(one: str, other: str) -> bool:
    """Tell whether two provisions of one act have words in common: the same, or one inside the other."""
    first, second = provision_parts(one), provision_parts(other)
    return bool(first) and bool(second) and all(a == b for a, b in zip(first, second, strict=False))
