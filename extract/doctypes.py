"""Document types: the words and the codes that name them."""

from __future__ import annotations

import re
from functools import cache

from extract.tables import read_table, split_field
from extract.text import either, fold

GENERIC = frozenset({"văn bản"})
LAWS = frozenset({"Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp"})
COURT_TYPES = frozenset({"Bản án", "Án lệ"})


@cache
def words() -> dict[str, str]:
    """Return folded type word -> canonical type ("" for words that name no type: "văn bản")."""
    table = {fold(row["word"]): row["type"] for row in read_table("type_words")}
    for row in read_table("types"):
        for word in (row["type"], *split_field(row["aliases"])):
            table[fold(word)] = row["type"] if word == row["type"] else _alias_type(word, row["type"])
    return table


def _alias_type(word: str, type_: str) -> str:
    return word[0].upper() + word[1:] if word.split()[0] == type_.split()[0].lower() else type_


@cache
def codes() -> dict[str, str]:
    """Return upper-case type code -> canonical type; the first row that has a code wins."""
    table: dict[str, str] = {}
    for row in read_table("types"):
        for code in split_field(row["codes"]):
            table.setdefault(code.upper(), row["type"])
    return table


@cache
def longest_word() -> int:
    """Return how many words the longest type word has."""
    return max(len(word.split()) for word in words())


@cache
def _last_words() -> frozenset[str]:
    """The words that type words end with: a glance at the last word spares the look at all of them."""
    qualifiers = (row["words"] for row in read_table("type_qualifiers"))
    return frozenset(word.split()[-1] for word in (*words(), *map(fold, qualifiers)))


_WORD = re.compile(r"\S+")
_OPENING = "“\"'‘(["


@cache
def _qualifier() -> re.Pattern[str]:
    return re.compile(rf"(?<=\s){either(row['words'] for row in read_table('type_qualifiers'))}\s*\Z")


def _before_qualifier(folded: str, start: int, end: int) -> int:
    """ "Báo cáo thẩm tra số …": a word may stand between the type and the number."""
    m = _qualifier().search(folded, start, end)
    return m.start() if m else end


def word_before(folded: str, end: int) -> tuple[int, str] | None:
    """Return (start, folded word) of the type word that ends at ``end``, the longest one; None if there is none."""
    start = max(0, end - 64)
    last = folded[max(start, end - 16) : end].rstrip().rpartition(" ")[2].rpartition("\n")[2].lstrip(_OPENING)
    if last not in _last_words():
        return None
    inner = _before_qualifier(folded, start, end)
    return (_ending(folded, start, inner) if inner < end else None) or _ending(folded, start, end)


def _ending(folded: str, start: int, end: int) -> tuple[int, str] | None:
    parts = list(_WORD.finditer(folded, start, end))[-longest_word() :]
    for i in range(len(parts)):
        first = parts[i].group()
        head = first.lstrip(_OPENING)
        candidate = " ".join([head, *(p.group() for p in parts[i + 1 :])])
        if candidate in words():
            return parts[i].start() + len(first) - len(head), candidate
    return None
