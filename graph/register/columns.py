"""Headings of lists -> fields: which column holds what (``graph/tables/register_columns.csv``).

The guess is shown to the user, who may correct it ("Số hiệu=so_ky_hieu").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from extract.tables import read_table
from extract.text import plain
from graph.register.model import RegisterError

IGNORED = "bo_qua"
FIELDS: dict[str, str] = {
    "so_ky_hieu": "số, ký hiệu",
    "so": "số",
    "ky_hieu": "ký hiệu",
    "so_va_ngay": "số, ký hiệu và ngày ban hành",
    "loai": "tên loại",
    "ngay_ban_hanh": "ngày ban hành",
    "co_quan": "cơ quan ban hành",
    "trich_yeu": "trích yếu",
    "loai_va_trich_yeu": "tên loại và trích yếu",
    "hieu_luc_tu": "ngày có hiệu lực",
    "het_hieu_luc": "ngày hết hiệu lực",
    "tinh_trang": "tình trạng hiệu lực",
    "thay_the_boi": "được thay thế bởi",
    "sua_doi_boi": "được sửa đổi, bổ sung bởi",
    "bai_bo_boi": "bị bãi bỏ bởi",
    "ly_do": "lý do hết hiệu lực",
    "phan_het_hieu_luc": "phần hết hiệu lực",
    IGNORED: "không dùng",
}
"""Name of a field, as ``--cot`` takes it -> what it holds, in words."""
NUMBERS = frozenset({"so_ky_hieu", "so", "so_va_ngay"})
"""A row without one of these tells no document."""
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\*")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: its number from 0, its heading as printed, the field it was taken for."""

    index: int
    heading: str
    field: str


@cache
def spellings() -> dict[str, str]:
    """Return the headings that are known, as keys without marks, with the field of each."""
    return {plain(row["heading"]): row["field"] for row in read_table("register_columns", "graph.tables")}


def field_of(heading: str) -> str:
    """Return the field that a heading names, "" for none that is known; what stands in brackets does not count."""
    known = spellings()
    return known.get(plain(heading)) or known.get(plain(_ASIDE.sub(" ", heading))) or ""


def columns_of(headings: Sequence[str], told: Mapping[str, str]) -> tuple[Column, ...]:
    """Return the columns under ``headings``; ``told`` (key of a heading -> field) goes before the table.

    Of two columns for one field the first counts.
    """
    found: list[Column] = []
    taken: set[str] = set()
    first = [told.get(plain(heading), "") for heading in headings]
    taken_by_hand = {field for field in first if field}
    for index, (heading, hand) in enumerate(zip(headings, first, strict=True)):
        if not heading:
            continue
        field = hand or field_of(heading)
        if field != IGNORED and (field in taken or (not hand and field in taken_by_hand)):
            field = ""
        taken.add(field)
        found.append(Column(index, heading, field))
    return tuple(found)


def read_told(pairs: Sequence[str]) -> dict[str, str]:
    """Return what the user says of columns ("Số hiệu=so_ky_hieu"), by key of the heading.

    Raises:
        RegisterError: it is no pair, or there is no such field.
    """
    told: dict[str, str] = {}
    for pair in pairs:
        heading, mark, field = pair.rpartition("=")
        if not mark or not heading.strip() or field.strip() not in FIELDS:
            names = ", ".join(f"{name} ({words})" for name, words in FIELDS.items())
            raise RegisterError(f"“{pair}” chưa đúng dạng “Tiêu đề cột=trường”. Các trường: {names}.")
        told[plain(heading)] = field.strip()
    return told
