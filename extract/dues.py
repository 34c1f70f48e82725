"""Until when: the shortest phrase of a task that tells its time, with its preposition."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.text import fold, squeeze

_YEAR = r"(?:năm\s+)?(?:19|20)\d{2}"
_Q = fold("quý")  # the tone stands elsewhere in folded text
_DAY = (
    r"(?:ngày\s+)?(?:\d{1,2}\s*[/.-]\s*\d{1,2}(?:\s*[/.-]\s*\d{4}|(?![\d/])(?:\s+(?:(?:hằng|hàng) năm|năm trước))?)"
    r"|\d{1,2}\s+(?:của\s+)?tháng\s+(?:cuối|đầu)\s+(?:của\s+|mỗi\s+)?QUARTER"
    r"|\d{1,2}\s+(?:hằng|hàng)\s+(?:tháng|năm|QUARTER)|\d{1,2}\s+tháng\s+\d{1,2}"
    r"(?:\s+hằng năm|\s+hàng năm)?(?:\s*(?:/|,?\s*năm)\s*\d{4})?)"
).replace("QUARTER", _Q)
_QUARTER = (
    rf"{_Q}\s+(?:[ivx]{{1,3}}|[1-4])(?![\wà-ỹ])"
    rf"(?:\s*(?:[,&-]|và(?=\s))\s*(?:{_Q}\s+)?(?:[ivx]{{1,3}}|[1-4])(?![\wà-ỹ]))*(?:\s*(?:/|,?\s*)\s*{_YEAR})?"
)
_MONTH = r"tháng\s+\d{1,2}(?:\s*(?:/|-|,?\s*)\s*(?:năm\s+)?\d{4})?(?!\s*[/\d])"
_PART = (
    r"(?:(?:06|6|sáu|03|9)\s+tháng\s+(?:đầu|cuối)\s+năm(?:\s+\d{4})?"
    rf"|(?:đầu|giữa|cuối)\s+năm(?:\s+\d{{4}})?|(?:đầu|giữa|cuối)\s+{_MONTH})"
)
_UNTIL = (
    r"(?:trước|chậm nhất(?:\s+là)?(?:\s+(?:đến|trước|vào|trong))?"
    r"|muộn nhất(?:\s+là)?(?:\s+(?:đến|trước|vào|trong))?|không quá|đến hết|đến|trong|từ|vào|hết)"
)
_MOMENT = (
    r"(?:(?:lúc\s+)?\d{1,2}\s*(?:giờ|h)(?:\s*\d{1,2}(?:\s*phút)?)?\s*,?\s*(?:(?:buổi\s+)?(?:sáng|chiều|tối)\s+)?"
    r"|(?:buổi\s+)?(?:sáng|chiều|tối)\s+)"
)
_SURE = re.compile(
    rf"(?<![\wà-ỹ])(?:{_UNTIL}\s+(?:{_PART}|{_QUARTER}|{_MONTH}|{_MOMENT}?{_DAY}|hết\s+năm\s+\d{{4}})"
    rf"|trong\s+{_YEAR}(?!\s*[-–])|(?:trước|vào)\s+năm\s+20\d\d(?!\s*[-–])"
    rf"|(?:trước|chậm nhất|muộn nhất)\s[^,;.()]{{0,20}}?{_DAY}"
    rf"|{_QUARTER})(?![\wà-ỹ])"
)
_TO = re.compile(
    rf"(?:\s+(?:đến(?:\s+hết)?|và(?:\s+{_UNTIL})?)\s+(?:{_QUARTER}|{_MONTH}|{_MOMENT}?{_DAY})"
    rf"|,\s*(?:{_UNTIL}\s+)?{_DAY})(?![\wà-ỹ])"
)
"""What goes on with a time: "từ ngày 15/4 **đến ngày 15/5**", "trước ngày 15/6**, 15/12 hằng năm**"."""
_STATED = "định kỳ "
_REACH = 3000
"""A word like "thường xuyên" further down tells nothing of the whole (characters)."""
_OPENING = re.compile(rf"(?:{_MONTH}|{_PART}|ngày\s+{_DAY})(?=\s*[,:])")
_OCCASION = re.compile(
    r"(?<![\wà-ỹ])nhân\s+(?:dịp|ngày|kỷ niệm|tháng|tuần lễ)\s[^,;.()]{3,80}?"
    r"(?:(?<=\d/\d\d)|(?<=\d/\d)(?!\d)|(?=[,;.()]|$))"
)
_EACH = rf"(?:hằng|hàng|mỗi)\s+(?:ngày|tuần|tháng|{_Q}|năm)"
_REGULAR = re.compile(
    rf"(?<![\wà-ỹ])định kỳ\s+(?:,?\s*{_EACH}(?:\s*,\s*(?:0?[69]\s+tháng|năm|{_Q}))*"
    r"|(?:0?[369]|sáu)\s+tháng(?:\s*(?:,|và)\s*(?:hằng |hàng )?(?:năm|01 năm|1 năm))?)(?![\wà-ỹ])"
    rf"|(?:(?<=^)|(?<=[.,;:(] ))(?:{_EACH})(?![\wà-ỹ])"
    rf"|(?<![\wà-ỹ])(?:hằng|hàng)\s+(?:tuần|tháng|{_Q})(?![\wà-ỹ])"
)
_NEAR = 40
_EACH_BEFORE = re.compile(rf"(?<![\wà-ỹ])(?:định kỳ\s+)?{_EACH}\s+(?P<open>\()?$")
"""How often, before the day of it: "định kỳ hằng quý (trước ngày 20 …)", "hằng tháng trước ngày 25"."""
_ITEM = (
    r"(?:(?:hằng|hàng|mỗi)\s+)?(?:0?[369]\s+tháng|sáu\s+tháng|(?:01\s+|1\s+)?năm(?!\s+\d)"
    rf"|{_Q}(?!\s+[ivx1-4])|tháng(?!\s+\d))"
)
_LISTED = re.compile(rf"(?<![\wà-ỹ])định kỳ\s+{_ITEM}(?:\s*(?:,|và)\s*{_ITEM})+(?![\wà-ỹ])")
_WEEKDAY = re.compile(
    rf"(?<![\wà-ỹ])(?:{_UNTIL}\s+)?{_MOMENT}?(?:ngày\s+)?(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)"
    rf"\s+(?:hằng|hàng)\s+(?:tuần|tháng)(?![\wà-ỹ])|(?<![\wà-ỹ])ngày\s+\d{{1,2}}\s+(?:hằng|hàng)\s+(?:tháng|{_Q})(?![\wà-ỹ])"
)
_SEASON = re.compile(
    r"(?<![\wà-ỹ])(?:trước(?:,\s+trong)?(?:\s+và\s+(?:trong|sau))?|(?:trong\s+)?suốt|trong\s+dịp)\s+"
    r"(?:mùa\s+(?:mưa|bão|lũ|khô|lễ hội)(?:,?\s+(?:bão|lũ|lụt))*|(?:dịp\s+)?tết(?:\s+(?:nguyên đán|trung thu))?)"
    r"(?:\s+năm\s+\d{4})?(?![\wà-ỹ])"
)
_TIMES = re.compile(
    r"(?<![\wà-ỹ])(?<!quá )(?<!tối đa )"
    rf"(?:\d{{1,2}}|một|hai)\s+lần\s*/\s*(?:\d{{1,2}}\s+)?(?:ngày|tuần|tháng|{_Q}|năm)(?![\wà-ỹ])"
    rf"|(?<![\wà-ỹ])\d{{1,2}}\s+(?:ngày|tuần|tháng|năm)\s*/\s*(?:\d{{1,2}}\s+)?lần(?![\wà-ỹ])"
)
_SINCE = re.compile(
    r"(?<![\wà-ỹ])(?:chậm nhất(?:\s+là)?|trong(?:\s+(?:thời hạn|thời gian|vòng))?)(?:\s+sau)?\s+\d{1,3}\s+"
    r"(?:ngày(?:\s+làm việc)?|giờ|tháng),?\s+kể từ\s+[^,;.()]{3,100}(?=[,;.()]|$)"
)
_SITTING = re.compile(
    r"(?<![\wà-ỹ])(?:tại|trước)\s+kỳ họp\s+(?:thường lệ\s+)?(?:giữa|cuối)\s+năm(?:\s+\d{4})?(?![\wà-ỹ])"
)
_WORKDAYS = re.compile(
    r"(?<![\wà-ỹ])(?:ngay\s+)?trong\s+(?:(?:vòng|thời hạn)\s+)?"
    r"(?:(?:\d{1,3}\s+)?ngày|\d{1,3}\s+giờ)\s+làm việc(?:\s+(?:tiếp theo|liền kề))?(?![\wà-ỹ])"
)
"""How fast, every time: "trong ngày làm việc", "trong 03 ngày làm việc"."""
_RARE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("mùa", _SEASON), ("tết", _SEASON), ("kể từ", _SINCE), ("kỳ họp", _SITTING), ("định kỳ", _LISTED),
    ("thứ ", _WEEKDAY), ("ngày ", _WEEKDAY), ("lần", _TIMES), ("làm việc", _WORKDAYS),
)  # fmt: skip
"""Rarer ways to tell a time, each searched for only where its word stands."""
_START = re.compile(r"(?:(?<=^)|(?<=[.:] ))(?:định kỳ|thường xuyên)(?=[\s,])")
_ALWAYS = re.compile(r"(?<![\wà-ỹ])thường xuyên(?![\wà-ỹ])")
_MODIFIES = re.compile(r"(?:hoạt động|nhiệm vụ|công tác|chi|kinh phí|việc làm|công việc|không|nguồn|một cách)\s+$")
_DONE_BY = re.compile(
    r"(?:thời gian|thời hạn|tiến độ|hoàn thành)(?:\s+(?:thực hiện|hoàn thành|trình|báo cáo|tổ chức|dự kiến))*\s*"
    r"(?:\([^)]*\))?\s*:\s*(?P<due>[^;.()\n]+(?:\d\.\d[^;.()\n]*)*)"
)


def due_in(text: str, folded: str, start: int, end: int, cited: Sequence[tuple[int, int]]) -> str:
    """Return when the task in ``start``…``end`` is due, as printed; "" where it tells no time.

    Days inside citations (``cited``, in text order) are days of documents.
    """
    told = _DONE_BY.search(folded, start, end)
    if told is not None:
        return squeeze(text[told.start("due") : told.end("due")]).rstrip(" ,;")
    for m in _SURE.finditer(folded, start, end):
        if not any(a < m.end() and m.start() < b for a, b in cited) and not _names_a_span(folded, m.start(), m.end()):
            first, last = _whole(folded, m.start(), m.end(), start, end)
            return squeeze(text[first:last])
    words = folded[start : min(end, start + _REACH)]
    found = (
        _OPENING.match(words)
        or _OCCASION.search(words)
        or _rare(words)
        or _REGULAR.search(words)
        or _START.search(words)
        or _always(words)
    )
    return squeeze(text[start + found.start() : start + found.end()]) if found is not None else ""


def _whole(folded: str, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """A time goes on to its end ("từ … đến …"); one of several in brackets stands for all: "định kỳ (quý I, năm)"."""
    bracket = folded.rfind("(", start, first)
    close = folded.find(")", last, end)
    if bracket >= 0 and close >= 0 and folded.endswith(_STATED, start, bracket) and ")" not in folded[bracket:first]:
        return bracket - len(_STATED), close + 1
    near = max(start, first - _NEAR)
    each = _EACH_BEFORE.search(folded[near:first])
    if each is not None and (each["open"] is None or folded.startswith(")", last)):
        return near + each.start(), last + (each["open"] is not None)
    on = _TO.match(folded, last, end)
    return first, on.end() if on is not None else last


def _rare(words: str) -> re.Match[str] | None:
    for word, pattern in _RARE:
        if word in words and (found := pattern.search(words)) is not None:
            return found
    return None


def _names_a_span(folded: str, start: int, end: int) -> bool:
    """ "từ ngày … đến ngày …" of a period under report, "kể từ ngày" of a document's force."""
    return folded.startswith("từ", start) and folded.endswith("kể ", 0, start)


def _always(words: str) -> re.Match[str] | None:
    """ "thường xuyên" tells when, unless it describes a noun, or what others are encouraged to do."""
    for m in _ALWAYS.finditer(words):
        clause = words[max(words.rfind(";", 0, m.start()), words.rfind(". ", 0, m.start()), 0) : m.start()]
        if not _MODIFIES.search(clause) and "khuyến khích" not in clause and "để " not in clause:
            return m
    return None
