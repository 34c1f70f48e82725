"""Legal rank of an issuer: which lane of the drawings a document stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.tables import read_table
from extract.text import fold


@dataclass(frozen=True, slots=True)
class Rank:
    """One lane; ``number`` 1 is the highest."""

    number: int
    id: str
    label: str


WORK = Rank(4, "chuong_trinh", "Chương trình, đề án nêu tên")
PLAN = Rank(9, "ke_hoach", "Kế hoạch trong kho")
STANDARD = Rank(3, "bo_nganh", "Bộ, ngành trung ương")
TASK = Rank(10, "nhiem_vu", "Nhiệm vụ")
UNKNOWN = Rank(8, "so_nganh", "Sở, ngành, đơn vị; văn bản phối hợp")


@cache
def _rows() -> tuple[tuple[re.Pattern[str], Rank], ...]:
    return tuple(
        (re.compile(fold(row["match"])), Rank(int(row["rank"]), row["id"], row["label"]))
        for row in read_table("ranks", "graph.tables")
    )


def ranks() -> tuple[Rank, ...]:
    """Return all lanes, highest first."""
    return tuple(sorted({*(r for _, r in _rows()), WORK, PLAN, TASK}, key=lambda r: r.number))


def rank_of(issuer: str, *, work: bool = False, standard: bool = False) -> Rank:
    """Return the lane of a document by its (full) issuer.

    Works of unknown issuer have a lane of their own; national standards are published by a ministry.
    """
    if work and not issuer:
        return WORK
    if standard and not issuer:
        return STANDARD
    folded = fold(issuer)
    for pattern, rank in _rows():
        if pattern.search(folded):
            return rank
    return UNKNOWN
