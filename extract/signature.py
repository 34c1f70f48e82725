"""The foot of a document: who signs, in which role, and whom it is sent to (NĐ 30/2020/NĐ-CP PL I.II.7, 9)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from extract.model import Block
from extract.own_number import HEAD
from extract.text import fold, squeeze

_SENT = "nơi nhận"
_SIGNED = "đã ký"
_ADDRESSED = "kính gửi"
_BEFORE, _AFTER = 14, 60
"""A signature stands this near to the list of recipients (blocks)."""
_HEAD = 60
"""Who is addressed stands in the head (blocks)."""
_MOTTO = "độc lập - tự do"
_LINE = 120
_AUTHORITY = re.compile(r"(?:(?:t/m|k/t|t/l)[\s.]|(?:tm|kt|tl|tuq|q)\s*\.)\s*(?=\w)")
_ROLE = re.compile(
    r"(?<![\wà-ỹ])(?:chủ tịch|giám đốc|bí thư|chánh|trưởng|hiệu trưởng|cục trưởng|vụ trưởng|viện trưởng|bộ trưởng"
    r"|thứ trưởng|thủ tướng|thống đốc|tổng kiểm toán|phó|thường trực|ủy viên|chủ nhiệm|chính ủy|tư lệnh|chỉ huy trưởng"
    r"|tổng thanh tra)(?![\wà-ỹ])"
)
_ORGAN = re.compile(
    r"(?<![\wà-ỹ])(?:ủy ban|ban|sở|hội đồng|tỉnh|đảng|bộ|chính phủ|cục|chi cục|trung tâm|hội|đoàn|xã|phường|thành ủy"
    r"|huyện|mặt trận|cơ quan|thanh tra|công an|văn phòng|nhân dân|quốc hội|đặc khu)(?![\wà-ỹ])"
)
_NAME_AFTER = 12
"""A name stands this near below the role; blank lines and stamps lie between (blocks)."""
_PERSON = re.compile(
    r"(?:(?:[A-Z][A-Za-z]{0,4}\.\s?)+)?[A-ZÀ-ỸĐ][a-zà-ỹđ]*(?:\s+[A-ZÀ-ỸĐ][a-zà-ỹđ]*){1,5}|[A-ZÀ-ỸĐ]+(?:\s+[A-ZÀ-ỸĐ]+){1,4}"
)
_BULLET = re.compile(r"[-–+*•]\s*")
_EDGES = " \t#*_|"


def signer_role(text: str, folded: str, blocks: Sequence[Block]) -> str:
    """Return the lines in capitals over the signature ("TM. ỦY BAN NHÂN DÂN CHỦ TỊCH"), "" where there are none."""
    sent = _starting(folded, blocks, _SENT)
    if sent is None:
        return _role_lines(text, blocks[max(0, len(blocks) - _BEFORE) :])
    return _role_lines(text, blocks[sent : sent + _AFTER]) or _role_lines(text, blocks[max(0, sent - _BEFORE) : sent])


def signer(text: str, folded: str, blocks: Sequence[Block]) -> str:
    """Return the name below the signature ("Nguyễn Văn A"), "" where there is none."""
    sent = _starting(folded, blocks, _SENT)
    if sent is None:
        return _name_below(text, blocks[max(0, len(blocks) - _BEFORE) :])
    return _name_below(text, blocks[sent : sent + _AFTER]) or _name_below(text, blocks[max(0, sent - _BEFORE) : sent])


def _name_below(text: str, blocks: Sequence[Block]) -> str:
    """Return the first line that is a name of a person, in the cell of the role and below it."""
    after = _role_end(text, blocks)
    if not after:
        return ""
    cell = blocks[after - 1].place[2:]
    for block in blocks[after : after + _NAME_AFTER]:
        words = squeeze(text[block.start : block.end].rpartition("\t")[2].strip(_EDGES))
        if block.place[2:] == cell and _PERSON.fullmatch(words) and fold(words) != _SIGNED:
            return words
    return ""


def _role_lines(text: str, blocks: Sequence[Block]) -> str:
    return " ".join(_roles(text, blocks)[0])


def _role_end(text: str, blocks: Sequence[Block]) -> int:
    """Return the index of the block after the lines of the role, 0 where there are none."""
    return _roles(text, blocks)[1]


def _roles(text: str, blocks: Sequence[Block]) -> tuple[list[str], int]:
    lines: list[str] = []
    cell, after = None, 0
    for n, block in enumerate(blocks):
        words = squeeze(text[block.start : block.end].rpartition("\t")[2].strip(_EDGES))  # a tab sets it to the right
        low = fold(words)
        signs = words.isupper() and not words.startswith("-") and len(words) < _LINE
        named = signs and (_AUTHORITY.match(low) is not None or _ROLE.match(low) is not None)
        goes_on = lines and signs and block.place[2:] == cell and (_ROLE.search(low) or _ORGAN.search(low))
        if (named and (not lines or block.place[2:] == cell or _AUTHORITY.match(fold(lines[-1])))) or goes_on:
            lines.append(words)
            cell, after = block.place[2:], n + 1
        elif lines:
            break
    return lines, after


def recipients(text: str, folded: str, blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return whom the document is addressed to ("Kính gửi") and sent to ("Nơi nhận"), in order."""
    found: list[str] = []
    for word in (_ADDRESSED, _SENT):
        first = _starting(folded, blocks, word)
        if first is None or _in_form(folded, blocks, first, word):
            continue
        place = blocks[first].place
        alone = False  # "Kính gửi:" in a cell of its own; the names stand in the next
        for n in range(first, min(len(blocks), first + _AFTER)):
            block = blocks[n]
            words = squeeze(text[block.start : block.end].strip(_EDGES))
            if n == first:
                words = words[len(word) :].lstrip(" :*")
                alone = not words
            elif alone and n == first + 1 and place.table is not None and block.place[2:4] == place[2:4]:
                place = block.place
            elif block.place[2:] != place[2:] or (place.table is None and not _BULLET.match(words)):
                break
            bullet = _BULLET.match(words)
            words = words[bullet.end() :] if bullet else words
            found.extend(p for p in (part.strip(" .,;") for part in words.split(";")) if p)
            if word == _ADDRESSED and n == first and words and not words.endswith((":", ";")):
                break
    return tuple(dict.fromkeys(found))


def _in_form(folded: str, blocks: Sequence[Block], first: int, word: str) -> bool:
    """Tell whether a list stands in a form: an address far from the head, recipients below another motto."""
    if word == _ADDRESSED:
        return first >= _HEAD
    return folded.find(_MOTTO, HEAD, blocks[first].start) >= 0


def _starting(folded: str, blocks: Sequence[Block], word: str) -> int | None:
    """Return the block that begins with ``word``."""
    at = folded.find(word)
    while at >= 0:
        n = bisect_right(blocks, at, key=lambda b: b.start) - 1
        if n >= 0 and at < blocks[n].end and not folded[blocks[n].start : at].strip(_EDGES):
            return n
        at = folded.find(word, at + 1)
    return None
