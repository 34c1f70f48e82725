"""Planned acts: what a task is only to draft acts on a document once it is issued."""

from __future__ import annotations

import re

from extract.cues import Cue
from extract.model import Unit
from extract.relations import Bond
from extract.tables import read_table
from extract.units import UnitTree


def _drafting(role: str) -> str:
    return "|".join(re.escape(row["word"]) for row in read_table("drafting") if row["role"] == role)


_PRODUCING = re.compile(rf"(?<!\w)(?:{_drafting('verb')})(?!\w)")
_PRODUCT = re.compile(rf"(?<![\wÀ-ỹ])(?:{_drafting('product')})(?![\wÀ-ỹ])(?!\s+(?:số|này|nêu trên))")
_PRODUCT_LINK = re.compile(r"(?:\s+(?:của|năm|về|việc)?[^;.:]{0,80}?)?\s+(?:về|về việc)\s*|\s*")


def planned_act(text: str, folded: str, unit: Unit, units: UnitTree, bond: Bond) -> tuple[str, Cue] | None:
    """Return (unit id, cue) when the unit, or the group above it, announces a document that acts on the bound item.

    "Tham mưu … Quyết định bãi bỏ Quyết định số 13/2016/QĐ-UBND" is a task to repeal, not a repeal.
    """
    if bond.cue is None or bond.parent is not None or not bond.cue.effect or unit.kind not in ("task", "group"):
        return None
    parent = units.parent(unit)
    holder = unit if bond.cue.start >= unit.start else parent
    if holder is None:
        return None
    products = list(_PRODUCT.finditer(text, holder.start, bond.cue.start))
    if not products:
        return None
    product = products[-1]
    produced = _PRODUCING.search(folded, holder.start, product.start()) or (
        product.start() == holder.start and parent is not None and parent.kind == "group"
        and _PRODUCING.search(folded, parent.start, parent.end)
    )  # fmt: skip
    if produced and _PRODUCT_LINK.fullmatch(folded, product.end(), bond.cue.start):
        return holder.id, bond.cue
    return None
