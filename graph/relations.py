"""Relation types of the citation graph, from the relation table of the first room."""

from __future__ import annotations

from typing import Any

from extract.tables import read_table

ACTS_ON = frozenset({"amends", "replaces", "repeals", "suspends", "corrects", "consolidates", "extends"})
"""Relations that make the target the object of an act, not its basis."""


def relation_rows() -> list[dict[str, Any]]:
    """Return the rows of ``loai_quan_he``: the relation types with both readings."""
    return [
        {
            "id": r["id"], "rong_hon": r["broader"], "eli": "eli:" + r["eli"], "doc_xuoi": r["out"],
            "doc_nguoc": r["in"], "nhom_xuoi": r["heading_out"], "nhom_nguoc": r["heading_in"],
        }
        for r in read_table("relations")
    ]  # fmt: skip
