"""The words of one paragraph of Word: pieces in their fonts become printed lines.

Pieces of one old Vietnamese font (TCVN3: ".VnTime"; VNI: "VNI-Times") are converted together, since VNI writes a
letter and its mark as two characters that may lie in two runs. Anchors of footnotes are moved out of citations.
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from functools import cache
from typing import Any, Literal, NamedTuple

from extract.read.symbols import replace_signs

Encoding = Literal["", "tcvn3", "vni", "unknown"]

SOFT_HYPHEN = "\u00ad"
_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u0300\u0301\u0303\u0309\u0323\u1ea0-\u1ef9]")
"""Letters that neither old encoding produces: text that holds one is Unicode, whatever its font says."""
_MARKS = re.compile('[,;:.?!…)\\]”»"]+')
_GOES_ON = re.compile(r"\s+(?:ngày|tháng|năm|của)\s")
_NO_WORDS = " \t\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


class Kind(NamedTuple):
    """How the characters of a piece are to be read."""

    encoding: Encoding = ""
    caps: bool = False
    capitals_font: bool = False
    font: str = ""


PLAIN = Kind()


@cache
def _legacy() -> Any:
    try:
        return importlib.import_module("extract.read.legacy")
    except ModuleNotFoundError:
        return None


@cache
def kind_of(font: str, caps: bool) -> Kind:
    """Return how text in ``font`` is read; a TCVN3 font whose name ends with H draws capitals."""
    name = font.strip()
    legacy = _legacy()
    encoding: Encoding = ""
    if legacy is None:
        encoding = "unknown" if name.lower().startswith((".vn", "vni-")) else ""
    elif legacy.is_tcvn3_font(name):
        encoding = "tcvn3"
    elif legacy.is_vni_font(name):
        encoding = "vni"
    if encoding:
        return Kind(encoding, caps, encoding == "tcvn3" and name.endswith("H"), name)
    return Kind("", caps, False, name if "ymbol" in name or "ding" in name else "")


class Conversions:
    """What was converted in one document, for its notes."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._done: dict[Encoding, set[str]] = {}

    def convert(self, text: str, kind: Kind) -> str:
        """Return ``text`` as the reader of the page sees it."""
        if kind.encoding and not _UNICODE.search(text):
            text = self._convert(text, kind)
        text = replace_signs(text, kind.font)
        return text.upper() if kind.caps else text

    def _convert(self, text: str, kind: Kind) -> str:
        legacy = _legacy()
        if kind.encoding == "tcvn3":
            new: str = legacy.from_tcvn3(text, capitals=kind.capitals_font)
        elif kind.encoding == "vni":
            new = legacy.from_vni(text)
        else:
            new = text.replace(SOFT_HYPHEN, "ư") if kind.font.lower().startswith(".vn") else text
            if text.isascii():
                return new
        if new != text or kind.encoding == "unknown":
            self._done.setdefault(kind.encoding, set()).add(kind.font)
        return new

    def notes(self) -> list[str]:
        """Return one Vietnamese sentence for each encoding."""
        names: dict[Encoding, str] = {"tcvn3": "TCVN3", "vni": "VNI"}
        notes = [
            f"Đã chuyển chữ dùng phông {', '.join(sorted(fonts))} (bảng mã {names[encoding]}) sang Unicode."
            for encoding, fonts in sorted(self._done.items())
            if encoding in names
        ]
        if "unknown" in self._done:
            fonts = ", ".join(sorted(self._done["unknown"]))
            notes.append(f"Chữ dùng phông cũ {fonts} chưa chuyển được sang Unicode, có thể sai dấu.")
        return notes


class Words:
    """The words of a paragraph, piece by piece."""

    def __init__(self) -> None:
        """Start an empty paragraph."""
        self._lines: list[list[tuple[str, Kind | None]]] = [[]]

    def add(self, text: str, kind: Kind) -> None:
        """Add characters."""
        if text:
            self._lines[-1].append((text, kind))

    def anchor(self, mark: str) -> None:
        """Add the anchor of a note."""
        self._lines[-1].append((f"[^{mark}]", None))

    def end_line(self) -> None:
        """End the line, as a line break does."""
        self._lines.append([])

    def go_on(self, other: Words) -> None:
        """Add the words of a paragraph whose mark was deleted, so that the next one goes on with them."""
        self._lines[-1] += other._lines[0]
        self._lines += other._lines[1:]

    def has_any(self) -> bool:
        """True when there is a piece, blank or not."""
        return any(self._lines)

    def lines(self, label: str, conversions: Conversions) -> list[str]:
        """Return the printed lines that hold words, in NFC; ``label`` stands before the first, with one blank."""
        found = []
        for pieces in self._lines:
            line = _printed(pieces, conversions)
            if label:
                line, label = unicodedata.normalize("NFC", f"{label} {line}".strip()), ""
            if line.strip(_NO_WORDS):
                found.append(line)
        return found


def _printed(pieces: list[tuple[str, Kind | None]], conversions: Conversions) -> str:
    done: list[str] = []
    anchors: list[tuple[int, str]] = []  # offset, mark
    length = 0
    run: list[str] = []
    last: Kind = PLAIN
    for text, kind in pieces:
        if kind is None or kind != last:
            if run:
                done.append(conversions.convert("".join(run), last))
                length += len(done[-1])
            run = []
            if kind is None:
                anchors.append((length, text))
                continue
            last = kind
        run.append(text)
    if run:
        done.append(conversions.convert("".join(run), last))
    line = "".join(done)
    if not anchors:
        return unicodedata.normalize("NFC", line).strip()
    return _anchored(line, anchors).strip()


def _anchored(line: str, anchors: list[tuple[int, str]]) -> str:
    """Return the line with its anchors, each at the end of the clause that it stands in.

    A citation ("Quyết định số 58/QĐ-UBND[^1] ngày 08/01/2026 của UBND tỉnh …;") must not be cut between number,
    date and issuer, nor inside the number; the next mark of punctuation, or the end of the line, is never inside one.
    An anchor behind such a mark stays where it is.
    """
    text = unicodedata.normalize("NFC", line).rstrip()
    ends = ((m.start(), m.end()) for m in _MARKS.finditer(text) if _ends_clause(text, m))
    start, end = next(ends, (len(text), len(text)))
    parts: list[str] = []
    at = read = before = 0
    for offset, mark in anchors:
        before += len(unicodedata.normalize("NFC", line[read:offset]))
        read = offset
        while end < before and end < len(text):
            start, end = next(ends, (len(text), len(text)))
        stop = max(at, start, min(before, len(text)))
        parts += (text[at:stop], mark)
        at = stop
    parts.append(text[at:])
    return "".join(parts)


def _ends_clause(text: str, marks: re.Match[str]) -> bool:
    """True for punctuation before a blank or the end, but not for the comma between a number and its date."""
    end = marks.end()
    if end == len(text):
        return True
    return text[end].isspace() and not (marks[0] == "," and _GOES_ON.match(text, end))
