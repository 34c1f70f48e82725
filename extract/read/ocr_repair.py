"""Slips of recognisers that only one reading can mend, by closed rules; what was mended is told.

Marks are what recognisers slip on: a type code with the wrong mark or a letter twice ("ND-CP", "QĐĐ-UBND"), "Sổ:"
for "Số:", a line of capitals that is a type of document but for its marks ("KẼ HOẠCH"), a province ("Lâm Đõng").
Digits are never touched.
"""

from __future__ import annotations

import functools
import re

from extract.tables import read_table, split_field
from extract.text import plain

_CODE = re.compile(r"(?<=\d/)[A-ZĐÐ]{2,6}(?=[-–](?:[A-ZĐ]|$))|(?<=\d-)[A-ZĐÐ]{2,6}(?=/[A-ZĐ])")
_LABEL = re.compile(r"^S[ôõồổỗộóòỏọo](?=\s?:\s*[\d/])")
_PROVINCE = re.compile(r"\b(tỉnh|TỈNH)((?: (?!\d)\w+){1,4})")


def repair(line: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a recognised line as it must have been printed, and each word (as recognised, as mended)."""
    right = _LABEL.sub("Số", line)
    right = _CODE.sub(lambda m: _code(m.group()), right)
    if right.isupper():
        right = _types().get(plain(right), right)
    right = _PROVINCE.sub(lambda m: f"{m.group(1)}{_province(m.group(2))}", right)
    return right, [(seen, word) for seen, word in zip(line.split(), right.split(), strict=False) if seen != word]


def _code(found: str) -> str:
    """Return the only type code that ``found`` is but for marks or a letter twice, else ``found`` itself."""
    known = _codes()
    if found in known:
        return found
    bare = {code for code in known if _bare(code) == _bare(found)}
    return bare.pop() if len(bare) == 1 else found


def _bare(code: str) -> str:
    return re.sub(r"(.)\1+", r"\1", code.replace("Đ", "D").replace("Ð", "D"))


def _province(words: str) -> str:
    """Return the words with a province's marks set right, when they begin with one but for these."""
    parts = words.split()
    for n in range(min(len(parts), 4), 1, -1):  # one syllable is too little to tell a province by
        right = _provinces().get(plain(" ".join(parts[:n])))
        if right:
            head = right.upper() if words.isupper() else right
            return " ".join(["", head, *parts[n:]])
    return words


@functools.cache
def _codes() -> frozenset[str]:
    return frozenset(c for row in read_table("types") for c in split_field(row["codes"]) if c.isupper())


@functools.cache
def _types() -> dict[str, str]:
    return {plain(row["type"]): row["type"].upper() for row in read_table("types")}


@functools.cache
def _provinces() -> dict[str, str]:
    return {plain(row["name"]): row["name"] for row in read_table("provinces")}
