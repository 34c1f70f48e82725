"""The columns of the table of decisions, and an entry as a line of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extract.tables import read_table
from graph.decisions.entry import BASIS, CORRECT, COVER, FIELDS, LINK_KINDS, MERGE, PICK, SPLIT, Entry
from graph.decisions.known import moment_of
from graph.words import vietnamese_date


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in code, heading, width in characters; ``kept`` ones are not for people to change."""

    name: str
    heading: str
    width: int
    kept: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("so", "Số", 6, kept=True),
    Column("loai", "Loại quyết định", 16),
    Column("ve", "Quyết định về", 30, kept=True),
    Column("o", "Văn bản có chỗ này", 28),
    Column("cau", "Câu nguyên văn", 48, kept=True),
    Column("may", "Chương trình đọc được", 28, kept=True),
    Column("muc", "Mục thông tin, quan hệ", 18),
    Column("noi_dung", "Nội dung quyết định", 36),
    Column("ly_do", "Lý do", 30),
    Column("nguoi", "Người quyết định", 20),
    Column("luc", "Ghi lúc", 16, kept=True),
    Column("tinh_trang", "Tình trạng", 16, kept=True),
    Column("ma", "Mã trong kho", 24),
    Column("doi_tuong", "Mã bền (không sửa)", 16, kept=True),
    Column("phan", "Phần (không sửa)", 12, kept=True),
    Column("chi_tiet", "Chi tiết (không sửa)", 16, kept=True),
    Column("da_xem", "Đã xem (không sửa)", 16, kept=True),
    Column("thay_cho", "Thay cho số (không sửa)", 12, kept=True),
    Column("sau", "Ghi sau số (không sửa)", 12, kept=True),
    Column("thoi_diem", "Thời điểm (không sửa)", 20, kept=True),
)

Line = dict[str, str]


def relation_words() -> dict[str, str]:
    """Return the relations in words, by id."""
    return {row["id"]: row["out"] for row in read_table("relations")}


def line_of(entry: Entry, standing: str, code: str) -> Line:
    """Return an entry as a line; ``code`` is the id in the base of what it is about, "" for what is gone."""
    payload, seen = entry.payload, entry.seen
    machine = seen.get("may", {})
    return {
        "so": str(entry.number), "loai": entry.kind, "ve": str(seen.get("chu", "")),
        "o": str(seen.get("nhan_nguon", "")), "cau": str(seen.get("cau", "")),
        "may": ": ".join(filter(None, (machine.get("nhan"), machine.get("trang_thai")))),
        "muc": detail_of(entry), "noi_dung": content_of(entry), "ly_do": entry.reason, "nguoi": entry.person,
        "luc": moment_of(entry.time), "tinh_trang": standing, "ma": code, "doi_tuong": entry.subject,
        "phan": entry.part, "chi_tiet": _json(payload), "da_xem": _json(seen),
        "thay_cho": str(entry.supersedes or ""), "sau": str(entry.late or ""), "thoi_diem": entry.time,
    }  # fmt: skip


def detail_of(entry: Entry) -> str:
    """Return the field that an entry corrects, or the relation of the basis or pointer that it gives, in words."""
    if entry.kind == CORRECT:
        return FIELDS.get(str(entry.payload.get("truong", "")), "")
    if entry.kind in (BASIS, PICK):
        return relation_words().get(str(entry.payload.get("quan_he", "")), "")
    return ""


def content_of(entry: Entry) -> str:
    """Return what an entry decides as a person may write it: a document in full, a value, a way."""
    payload = entry.payload
    if entry.kind == CORRECT:
        value = str(payload.get("moi", ""))
        return vietnamese_date(value) if payload.get("truong") == "ngay_ban_hanh" and value else value
    if entry.kind == COVER:
        return str(payload.get("cach", ""))
    if entry.kind in (*LINK_KINDS, MERGE, SPLIT, BASIS) and isinstance(payload.get("van_ban"), dict):
        return document_words(payload["van_ban"])
    return ""


def document_words(facts: Mapping[str, Any]) -> str:
    """Return a document as a citation in full, without its title."""
    day = str(facts.get("ngay_ban_hanh", ""))
    dated = f"ngày {vietnamese_date(day)}" if len(day) == 10 else f"năm {day}" if len(day) == 4 else ""
    issuer = f"của {facts['co_quan_ban_hanh']}" if facts.get("co_quan_ban_hanh") else ""
    return " ".join(filter(None, (str(facts.get("nhan", "")), dated, issuer)))


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
