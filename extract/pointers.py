"""The words that point: "này", "nêu trên", "đó", and how they are found beside the type words that they point with.

Everything starts from one rare word that a fast search finds; the few words before it are then compared by syllable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from extract import doctypes
from extract.declared import type_names
from extract.tables import read_table
from extract.text import either

LEADS = frozenset({"của", "thuộc", "tại", "theo"})
"""Words between a provision and what it is a part of."""
OPENING = "“\"'‘(["
"""Marks that may stand before the first word of a pointer."""
_ROMAN = re.compile(r"[ivxlc]+")


def _rows(role: str) -> list[str]:
    return [row["words"] for row in read_table("pointers") if row["role"] == role]


@cache
def _by_last(words: tuple[str, ...]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return last syllable -> the words that end with it, as syllables, longest first."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for word in words:
        syllables = tuple(word.split(" "))
        table.setdefault(syllables[-1], []).append(syllables)
    return {last: tuple(sorted(some, key=len, reverse=True)) for last, some in table.items()}


@cache
def document_words() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return last syllable -> the words that name a document or a work ("nghị quyết", "đề án", "văn bản")."""
    known = [w for w, type_ in type_names().items() if len(w) > 3 and (type_ or w in doctypes.GENERIC)]
    return _by_last(tuple(sorted(known)))


class Phrase(NamedTuple):
    """A phrase that points back, around its anchor; ``bare`` ones ("đó") count after a capital type word only."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    bare: bool


@cache
def phrases() -> dict[str, dict[str, tuple[Phrase, ...]]]:
    """Return anchor -> last word before it ("" for none) -> phrases, longest first.

    The anchor is the one word of a phrase that the text is searched for: few anchors, few passes.
    """
    rows = [(words.split(" "), role == "bare") for role in ("bare", "above") for words in _rows(role)]
    table: dict[str, dict[str, list[Phrase]]] = {}
    for words, bare in sorted(rows, key=lambda r: len(r[0])):
        anchor = next((w for w in words if w in table), words[-1])
        n = words.index(anchor)
        phrase = Phrase(tuple(words[:n]), tuple(words[n + 1 :]), bare)
        table.setdefault(anchor, {}).setdefault(words[n - 1] if n else "", []).append(phrase)
    return {
        anchor: {last: tuple(sorted(some, key=lambda p: (-len(p.before), -len(p.after)))) for last, some in by.items()}
        for anchor, by in table.items()
    }


@cache
def in_role(role: str) -> frozenset[str]:
    """Return the words of a role of the table."""
    return frozenset(_rows(role))


def ending(words: Sequence[str], table: dict[str, tuple[tuple[str, ...], ...]]) -> tuple[str, ...]:
    """Return the longest entry of ``table`` that ``words`` end with, () if there is none."""
    for syllables in table.get(words[-1].lstrip(OPENING), ()) if words else ():
        n = len(syllables)
        if n <= len(words) and (words[-n].lstrip(OPENING), *words[len(words) - n + 1 :]) == syllables:
            return syllables
    return ()


def back_over(folded: str, position: int, words: Sequence[str]) -> int:
    """Return where ``words``, the last ones before ``position``, begin; line breaks may stand between them."""
    for word in reversed(words):
        position = folded.rfind(word, 0, position)
    return position


def leads_to_provision(word: str) -> bool:
    """Tell whether a provision may end with ``word``: a cheap test before the costly one."""
    word = word.rstrip(",")
    return bool(word) and (len(word) <= 2 or word[-1].isdigit() or word in LEADS or bool(_ROMAN.fullmatch(word)))


def hits(folded: str, word: str) -> Iterator[int]:
    """Yield where ``word`` stands as a whole word after a blank; one fast search over the text."""
    size, length = len(word), len(folded)
    at = folded.find(word, 1)
    while at > 0:
        end = at + size
        if folded[at - 1].isspace() and (end == length or not folded[end].isalnum()):
            yield at
        at = folded.find(word, end)


@cache
def vague_pattern() -> re.Pattern[str]:
    """ "theo hướng dẫn của Bộ …", "theo Quyết định của UBND tỉnh": type and organ, no number."""
    types = either(w for w, t in doctypes.words().items() if t and len(w) > 4)
    return re.compile(rf"theo\s+(?P<doc>(?:{types}|hướng dẫn|chỉ đạo|yêu cầu|quy định)\s+của\s+)")


@cache
def change_before() -> re.Pattern[str]:
    """A word that changes a provision, and nothing between the two that ends its reach."""
    return re.compile(rf"(?<!\w){either(_rows('changes'))}(?!\w)[^.;:\n]{{0,60}}$")
