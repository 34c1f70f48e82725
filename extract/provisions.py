"""Pinpoints: điểm, khoản, Điều, Mục, Chương, Phần, Phụ lục, Mẫu số before a citation.

Order when citing is small to large, then the document (NĐ 34/2016/NĐ-CP Điều 75.3–4). A list of the
small unit shares the next larger unit on its right; a new larger unit closes the group.
"""

from __future__ import annotations

import re
from functools import lru_cache

POINT_LETTERS = "abcdđeghiklmnopqrstuưvxy"
_ARTICLE = r"\d{1,3}[a-zđ]?(?:\.\d{1,3})*"
_POINT = rf"[{POINT_LETTERS}]\d?"
_ROMAN = r"[ivxlc]{1,7}"
_VALUE = {
    "tiết": rf"(?:{_POINT}|{_ARTICLE})(?![\wà-ỹ])",
    "bước": r"\d{1,2}(?!\w)",
    "điểm": rf"(?:{_POINT}|{_ARTICLE})(?![\wà-ỹ])",
    "khoản": rf"{_ARTICLE}(?!\w)",
    "điều": rf"{_ARTICLE}(?!\w)",
    "mục": rf"(?:{_ROMAN}|{_ARTICLE})(?!\w)",
    "chương": rf"(?:{_ROMAN}|{_ARTICLE})(?!\w)",
    "phần": rf"(?:{_ROMAN}|{_ARTICLE}|thứ\s+\w+)(?!\w)",
    "phụ lục": rf"(?:{_ROMAN}|{_ARTICLE}|[a-z])(?!\w)",
    "mẫu số": rf"{_ARTICLE}(?!\w)",
}
_ORDER = ("tiết", "bước", "điểm", "khoản", "điều", "mục", "chương", "phần", "mẫu số", "phụ lục")
_RANK = {unit: i for i, unit in enumerate(_ORDER)}
_DISPLAY = {
    "tiết": "tiết", "bước": "bước", "điểm": "điểm", "khoản": "khoản", "điều": "Điều", "mục": "Mục", "chương": "Chương",
    "phần": "Phần", "phụ lục": "Phụ lục", "mẫu số": "Mẫu số",
}  # fmt: skip
_ROMAN_UNITS = frozenset({"mục", "chương", "phần", "phụ lục"})
_LIST = r"(?:\s*,\s*(?:và\s+)?|\s+(?:và|hoặc|đến)\s+|\s*-\s*)"
_UNIT = "|".join(
    rf"(?:các\s+|từ\s+)?{unit.replace(' ', chr(92) + 's+')}\s+{value}(?:{_LIST}{value})*"
    for unit, value in _VALUE.items()
)
_RUN = re.compile(rf"(?:trừ\s+)?(?:{_UNIT})(?:(?:{_LIST}|\s+|\s+của\s+|\s+thuộc\s+)(?:trừ\s+)?(?:{_UNIT}))*")
_TOKEN = re.compile(
    r"(?P<skip>trừ\s+)?(?:các\s+|từ\s+)?(?P<unit>" + "|".join(u.replace(" ", r"\s+") for u in _ORDER) + r")\s+"
    r"(?P<first>[^\s,]+)"
)  # fmt: skip
# Between the provisions and the document: nothing, a preposition, or the annex that is issued with the document.
_BRIDGE = re.compile(
    r"\s*[,-]?\s*(?:(?:của|tại|trong|thuộc|theo)\s+)?"
    r"(?:(?:(?:quy định|quy chế|điều lệ|danh mục|hướng dẫn|chương trình|kế hoạch|đề án|phương án)"
    r"(?:\s+[\wà-ỹ]+){0,8}?\s+)?"
    r"(?:được\s+)?(?:ban hành\s+)?kèm theo\s+)?"
)
_START = re.compile(r"(?:các\s+|từ\s+)?(?:tiết|bước|điểm|khoản|điều|mục|chương|phần|phụ\s+lục|mẫu\s+số)\s")
_LAST_UNIT = re.compile(_UNIT)
_NEAR = re.compile(r"\d|kèm theo|phụ lục|mục |chương |phần |điểm ")
_LAST_WORDS = ("điểm", "khoản", "điều", "mục", "chương", "phần", "phụ", "mẫu")
WINDOW = 220


def pinpoint_before(folded: str, position: int) -> tuple[tuple[str, ...], int]:
    """Return (pinpoints, start) of the provisions that end right before the citation at ``position``.

    Pinpoints are bottom-up ("điểm a khoản 2 Điều 6"), lists and ranges expanded; ((), -1) if there are none.
    """
    run = run_before(folded, position)
    return (expand(run.group()), run.start()) if run else ((), -1)


def run_before(folded: str, position: int) -> re.Match[str] | None:
    """Return the longest run of provisions that leads to what begins at ``position`` ("khoản 2 Điều 6 của <here>")."""
    lower = max(0, position - WINDOW)
    if not _ends_in_provision(folded, lower, position):
        return None
    stop = max(folded.rfind(".\n", lower, position), folded.rfind("\n\n", lower, position), lower)
    for m in _START.finditer(folded, stop, position):
        if m.start() and folded[m.start() - 1].isalnum():
            continue
        run = _RUN.match(folded, m.start(), position)
        if run and _BRIDGE.fullmatch(folded, run.end(), position):
            return run
    return None


def run_at(folded: str, position: int) -> re.Match[str] | None:
    """Return the run of provisions that begins at ``position``: "Điều 12 và Điều 13", "từ Điều 3 đến Điều 7"."""
    return _RUN.match(folded, position)


def _ends_in_provision(folded: str, lower: int, position: int) -> bool:
    """A glance before the costly look: the last word of a unit must lead with its values to ``position``."""
    if not _NEAR.search(folded, max(0, position - 32), position):
        return False
    end = position
    for _ in range(3):  # "điều" of "Điều lệ" and "phần" of "thành phần" are no units
        end = max(folded.rfind(word, lower, end) for word in _LAST_WORDS)
        if end < 0:
            return False
        run = _LAST_UNIT.match(folded, end, position)
        if run is not None:
            return _BRIDGE.fullmatch(folded, run.end(), position) is not None
    return False


@lru_cache(maxsize=4096)
def expand(run: str) -> tuple[str, ...]:
    """Return every provision that a folded run of units names: "các điểm a, b khoản 1 điều 5" -> two.

    What follows "trừ" is left out.
    """
    paths: list[tuple[tuple[tuple[str, str], ...], bool]] = []
    for unit, values, skip in _pieces(run):
        smaller = [path for path in paths if _RANK[path[0][-1][0]] < _RANK[unit]]
        if smaller:  # a larger unit belongs to every open path on its left
            paths = [path for path in paths if path not in smaller]
            paths += [((*path, (unit, value)), skipped) for path, skipped in smaller for value in values]
        else:
            paths += [(((unit, value),), skip) for value in values]
    words = [(" ".join(f"{_DISPLAY[u]} {_show(u, v)}" for u, v in path), skip) for path, skip in paths]
    excluded = {text for text, skip in words if skip}
    return tuple(dict.fromkeys(text for text, _ in words if text not in excluded))


def _pieces(run: str) -> list[tuple[str, list[str], bool]]:
    pieces: list[tuple[str, list[str], bool]] = []
    starts = list(_TOKEN.finditer(run))
    for i, m in enumerate(starts):
        end = starts[i + 1].start() if i + 1 < len(starts) else len(run)
        unit = " ".join(m["unit"].split())
        body = run[m.start("first") : end]
        pieces.append((unit, _values(unit, body), bool(m["skip"])))
    return pieces


def _values(unit: str, body: str) -> list[str]:
    words = _WORD.findall(body)
    single = _SINGLE[unit]
    values: list[str] = []
    ranged = False
    for word in words:
        if word in ("-", "đến"):
            ranged = True
        elif word in (",", "và", "hoặc", "của", "các", "từ", "thuộc", "trừ", "thứ"):
            continue
        elif single.fullmatch(word):
            if ranged and values:
                values += _between(unit, values[-1], word)
            values.append(word)
            ranged = False
    return values


_WORD = re.compile(r"[\w.]+|-|,")
_SINGLE = {unit: re.compile(value.replace(r"(?![\wà-ỹ])", "").replace(r"(?!\w)", "")) for unit, value in _VALUE.items()}


def _between(unit: str, first: str, last: str) -> list[str]:
    if first.isdigit() and last.isdigit() and 0 < int(last) - int(first) <= 200:
        return [str(n) for n in range(int(first) + 1, int(last))]
    if unit == "điểm" and first in POINT_LETTERS and last in POINT_LETTERS:
        return list(POINT_LETTERS[POINT_LETTERS.index(first) + 1 : POINT_LETTERS.index(last)])
    return []


def _show(unit: str, value: str) -> str:
    return value.upper() if unit in _ROMAN_UNITS and re.fullmatch(_ROMAN, value) else value
