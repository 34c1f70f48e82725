"""Pointers without number ("Nghị quyết nêu trên", "quy định của Chính phủ") that lead where a person says."""

from __future__ import annotations

from typing import Any

from extract.model import ACTING_UNITS, Extraction
from graph.decisions.redirect import RULE
from graph.schema import columns_of
from graph.sheet import relation_code
from graph.words import DECIDED_POINTER, RELATION_STATUS


def point(
    lines: dict[str, list[list[Any]]], extraction: Extraction, text: str, index: int, document: str, relation: str
) -> None:
    """Let the row of the pointer ``index`` of the text ``text`` lead to ``document``, "" for none.

    ``lines`` holds the rows of the text by table, with the names of the base. With a ``relation`` the pointer is a
    claim too, proved by its sentence: of the task that it stands in, elsewhere of the document.
    """
    columns = columns_of("dan_chieu")
    line = lines["dan_chieu"][index]
    line[columns.index("loai")], line[columns.index("dich")] = DECIDED_POINTER, document
    if not relation or not document or document == text:
        return
    row = dict(zip(columns, line, strict=True))
    acting = {unit.id for unit in extraction.units if unit.kind in ACTING_UNITS}
    unit = extraction.references[index].unit in acting
    claim = {
        "id": f"{text}#{relation_code(len(lines['quan_he']) + 1)}", "nguon_van_ban": None if unit else text,
        "nguon_muc": row["muc"] if unit else None, "loai": relation, "dich": document,
        "trang_thai": RELATION_STATUS["stated"], "cau": row["cau"], "dau_hieu": "", "neu_tai": text,
        "muc": row["muc"], "trich_dan": None, "chuong_trinh": None, "quy_tac": RULE, "do_tin_cay": 1.0,
        "vi_tri": row["vi_tri"], "bat_dau": row["bat_dau"], "ket_thuc": row["ket_thuc"],
    }  # fmt: skip
    lines["quan_he"].append([claim[name] for name in columns_of("quan_he")])
