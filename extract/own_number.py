"""The number line in a document's own head: "Số: 181 /BC-SNV", also blank, broken over lines, or misread by OCR.

NĐ 30/2020/NĐ-CP Phụ lục I.II.3 sets it under the organ's name. Texts of files put line breaks into it (it stands
in a table cell), and scans put letters for digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract import doctypes
from extract.numbers import SYMBOL
from extract.organs import by_code
from extract.text import straighten

HEAD = 2500
"""A document's own number stands at its head (characters); further down "Số: …" at a line's start is a list."""
_NEAR_MOTTO = 400
"""A second number line counts where the motto of another head stands this near: files hold annexes and second scans."""
_START = re.compile(r"(?P<law>Luật|LUẬT|Nghị quyết|NGHỊ QUYẾT|Pháp lệnh|PHÁP LỆNH)[ ]+[sS](?:ố|Ố)|Số|SỐ")
"""Acts of Quốc hội and its committee set the type into the number line: "Nghị quyết số: 76/2025/UBTVQH15"."""
_LINE = re.compile(
    rf"[ ]{{0,3}}(?P<colon>:?)\.?\s{{0,4}}(?P<num>[^\s/:;,.…_-]{{0,6}}(?:/[^\s/]{{1,2}}(?=\s))?)[ .…_]*\s{{0,4}}"
    rf"(?P<number>[/-]\s{{0,3}}(?:(?:1[89]|2\d)\d\d\s?/\s?)?(?P<symbol>{SYMBOL}))"
)
_LINE_STARTS = "\n|*_>#\t"
_SERIAL = re.compile(r"\d*(?:\.\d+)?[a-zđ]?")
_MOTTOS = ("CỘNG HÒA XÃ HỘI", "CỘNG HOÀ XÃ HỘI", "ĐẢNG CỘNG SẢN VIỆT NAM")


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """The span of a number line from "Số" to its end, the number as printed, and the type ("Luật") where it says so."""

    start: int
    end: int
    number: str
    type: str


def own_numbers(text: str) -> list[OwnNumber]:
    """Return the number lines of a text with its line breaks: the first in its head, and those beside another motto."""
    found: list[OwnNumber] = []
    for lower, upper in _heads(text):
        start = max(lower, found[-1].end if found else 0)
        line = _first_line(text, start, upper)
        if line is not None:
            found.append(line)
    return found


def _heads(text: str) -> list[tuple[int, int]]:
    """Return where heads may stand: the beginning, and the neighbourhood of each later motto, in order."""
    heads = [(0, HEAD)]
    places: list[int] = []
    for motto in _MOTTOS:
        at = text.find(motto, _NEAR_MOTTO)
        while at >= 0:
            places.append(at)
            at = text.find(motto, at + 1)
    return heads + [(at - _NEAR_MOTTO, at + _NEAR_MOTTO) for at in sorted(places)]


def _first_line(text: str, lower: int, upper: int) -> OwnNumber | None:
    head = straighten(text[max(0, lower - 1) : upper])
    shift = max(0, lower - 1)
    for lead in _START.finditer(head, lower - shift):
        if not _begins(head, lead.start()):
            continue
        m = _LINE.match(head, lead.end())
        if m is None:
            continue
        if lead["law"] and head[m.end() :].partition("\n")[0].partition("|")[0].strip(" *_"):
            continue  # "Luật số 91/2015/QH13 có hiệu lực …" begins a sentence
        serial, type_ = m["num"], re.split(r"[/-]", m["symbol"])[0].strip().upper()
        if not _SERIAL.fullmatch(serial) and not (m["colon"] and type_ in doctypes.codes()):
            continue  # letters for digits: only a line that is sure to be one is read so
        blank = not serial and not (type_ in doctypes.codes() or _organ_first(m["symbol"]))
        if blank or (not serial and lower > 0):
            continue  # a blank number further down stands in a form
        printed = text[shift + m.start("num") : shift + m.end("num")]
        number = printed + "".join(m["number"].split())
        return OwnNumber(shift + lead.start(), shift + m.end(), number, (lead["law"] or "").capitalize())
    return None


def _organ_first(symbol: str) -> bool:
    groups = re.split(r"[/-]", symbol)
    return len(groups) > 1 and groups[0].strip().upper() in by_code()


def _begins(head: str, start: int) -> bool:
    """True at the start of a line or cell, after a rule, or glued to a stamp in capitals ("DỰ THẢOSố: /QĐ-UBND")."""
    before = head[:start].rstrip(" ")
    if not before or before[-1] in _LINE_STARTS or before.endswith("---"):
        return True
    return len(before) == start and before[-1].isupper()
