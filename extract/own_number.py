"""The number line in a document's own head: "Số: 181 /BC-SNV", also blank, broken over lines, or misread by OCR.

NĐ 30/2020/NĐ-CP Phụ lục I.II.3 sets it under the organ's name. Texts of files put line breaks into it (it stands
in a table cell), and scans put letters for digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract import doctypes
from extract.numbers import SYMBOL
from extract.text import UPPER

HEAD = 2500
"""A document's own number stands at its head (characters); further down "Số: …" at a line's start is a list."""
_NEAR_MOTTO = 400
"""A second number line counts where the motto of another head stands this near: files hold annexes and second scans."""
_LINE = re.compile(
    rf"(?:(?:^|(?<=[\n|*_>#\t]))[ ]*|(?<=[{UPPER}]))(?P<line>(?:(?P<law>Luật|LUẬT)[ ]+[sS](?:ố|Ố)|Số|SỐ)[ ]{{0,3}}(?P<colon>:?)"
    rf"\s{{0,4}}(?P<num>[^\s/:;,.…_]{{0,6}}(?:/[^\s/]{{1,2}}(?=\s))?)[ .…_]*\s{{0,4}}"
    rf"(?P<number>[/-]\s{{0,3}}(?:(?:1[89]|2\d)\d\d\s?/\s?)?(?P<symbol>{SYMBOL})))(?P<rest>[^\n|]*)"
)
_SERIAL = re.compile(r"\d*(?:\.\d+)?[a-zđ]?")
_MOTTO = re.compile(r"CỘNG H(?:ÒA|OÀ) XÃ HỘI|ĐẢNG CỘNG SẢN VIỆT NAM")


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """The span of a number line, from "Số" to the end of the number, and the number as printed; "Luật" where it says so."""

    start: int
    end: int
    number: str
    type: str


def own_numbers(straight: str) -> list[OwnNumber]:
    """Return the number lines of a straightened text: the first in its head, and those beside another motto."""
    mottos = [m.start() for m in _MOTTO.finditer(straight)]
    limit = max([HEAD, *(at + _NEAR_MOTTO for at in mottos)])
    found: list[OwnNumber] = []
    for m in _LINE.finditer(straight, 0, limit):
        first = not found and m.start() <= HEAD
        if not first and not any(abs(at - m.start()) <= _NEAR_MOTTO for at in mottos):
            continue
        if m["law"] and m["rest"].strip(" *_"):
            continue  # "Luật số 91/2015/QH13 có hiệu lực …" begins a sentence
        serial, type_ = m["num"], re.split(r"[/-]", m["symbol"])[0].strip().upper()
        if not _SERIAL.fullmatch(serial) and not (m["colon"] and type_ in doctypes.codes()):
            continue  # letters for digits: only a line that is sure to be one is read so
        found.append(OwnNumber(m.start("line"), m.end("line"), serial + "".join(m["number"].split()), "Luật" if m["law"] else ""))
    return found
