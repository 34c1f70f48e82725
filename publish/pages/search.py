"""Search: a number in any spelling first, then words of documents and of outlines, with or without marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from extract.model import ACTING_UNITS
from extract.numbers import typed_key
from extract.text import fold, plain
from graph.lookup import Found, look_up
from graph.words import FORMS, vietnamese_date
from publish.answers import Ask, Page
from publish.base import Base, Row
from publish.sentences import Ref, ref, shorten, where
from publish.words import number

_PAGE = 20
_MAX_WORDS = 16
_MAX_QUERY = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """A result: where it leads, what kind it is, its text with the found words marked."""

    ref: Ref
    kind: str
    text: Markup
    about: str = ""
    trace: str = ""


def page(base: Base, ask: Ask) -> Page:
    """Return the results for ``q``; whatever is typed gives a page, never an error."""
    query = " ".join(unicodedata.normalize("NFC", ask.values.get("q", "")).split())[:_MAX_QUERY]
    if not query:
        return Page("search.html", {"query": ""})
    turn = _turn(ask.values.get("trang", ""))
    words = plain(query).split()[:_MAX_WORDS]
    exact = _exact(base, query)
    shown = set(exact)
    documents, document_count = _documents(base, words, shown, query, turn)
    units, unit_count = _units(base, words, shown, query, turn)
    last = max(1, -(-max(document_count, unit_count) // _PAGE))
    nothing = not (exact or document_count or unit_count)
    return Page(
        "search.html",
        {
            "query": query, "understood": _understood(base, query, exact), "turn": turn, "last": last,
            "exact": [_document_hit(base, ask, node, words) for node in exact] if turn == 1 else [],
            "documents": [_document_hit(base, ask, node, words) for node in documents],
            "units": [_unit_hit(base, ask, row, words) for row in units],
            "document_count": number(document_count), "unit_count": number(unit_count),
            "exact_count": len(exact), "nothing": nothing,
            "near": [_document_hit(base, ask, n, words) for n in _near(base, query)] if nothing else [],
            "previous": ask.links.search(query, trang=turn - 1) if turn > 1 else "",
            "next": ask.links.search(query, trang=turn + 1) if turn < last else "",
        },
    )  # fmt: skip


def _turn(words: str) -> int:
    return min(int(words), 10_000) if re.fullmatch(r"[1-9]\d{0,5}", words) else 1


# --- exact ----------------------------------------------------------------------------------------


def _exact(base: Base, query: str) -> list[str]:
    """Return the nodes that ``query`` names: a task code, a document number (whole, or its serial alone), a name."""
    found = look_up(base.graph, query)
    nodes = [found.node] if isinstance(found, Found) else list(found.candidates) if found.ambiguous else []
    key = typed_key(query)
    meant = [node for node in nodes if _is_meant(base, node, query, key)]
    if meant or not re.fullmatch(r"(?:\D*\bso\s+)?\d+", plain(query)):
        return meant
    rows = base.rows("SELECT id FROM van_ban WHERE so_tim LIKE ? || '|%' ORDER BY cap, sap_xep DESC LIMIT 20", key)
    return [row["id"] for row in rows]


def _is_meant(base: Base, node: str, query: str, key: str) -> bool:
    """True when the query names the node outright; a name that only holds the words is found by them."""
    data = base.graph.nodes[node]
    if data["kind"] in ACTING_UNITS or node == query or plain(data["label"]) == plain(query):
        return True
    numbers = {data["key"], *(typed_key(form) for form in data["printed"].split("; "))} - {""}
    return any(key == number or key.startswith(f"{number}|") for number in numbers)


def _near(base: Base, query: str) -> Sequence[str]:
    found = look_up(base.graph, query)
    return () if isinstance(found, Found) else [n for n in found.candidates if n in base.graph]


def _understood(base: Base, query: str, exact: Sequence[str]) -> str:
    """Return how the query was read, in words."""
    if len(exact) == 1:
        data = base.graph.nodes[exact[0]]
        if data["kind"] in ACTING_UNITS:
            return f"mã nhiệm vụ {data['code']}"
        if data["number"] and typed_key(query):
            return f"số, ký hiệu {data['number']}"
        return f"tên văn bản “{data['label']}”"
    key = typed_key(query)
    if exact and key:
        return f"số, ký hiệu “{query}”, có {len(exact)} văn bản, mục phù hợp"
    if exact:
        return f"“{query}”, có {len(exact)} văn bản, mục phù hợp"
    if key.count("|") >= 2:
        return f"số, ký hiệu “{query}”, nhưng trong kho không có văn bản mang số này"
    return f"các từ “{query}”"


# --- words ----------------------------------------------------------------------------------------


def _match(words: Sequence[str]) -> str:
    """Return an FTS expression of quoted words, all of them, the last one as a beginning."""
    return " ".join(f'"{word}"' for word in words[:-1]) + f' "{words[-1]}"*'


def _documents(base: Base, words: list[str], shown: set[str], query: str, turn: int) -> tuple[list[str], int]:
    if not words:
        return [], 0
    rows = base.rows(
        "SELECT v.id, v.nhan || ' ' || v.trich_yeu AS text FROM van_ban_fts f JOIN van_ban v ON v.rowid = f.rowid"
        " WHERE van_ban_fts MATCH ? ORDER BY bm25(van_ban_fts, 10, 10, 5, 1), v.cap, v.sap_xep DESC LIMIT 1000",
        _match(words),
    )
    kept = [row for row in rows if row["id"] not in shown]
    return [r["id"] for r in _as_typed_first(kept, query)[(turn - 1) * _PAGE : turn * _PAGE]], len(kept)


def _units(base: Base, words: list[str], shown: set[str], query: str, turn: int) -> tuple[list[Row], int]:
    if not words:
        return [], 0
    rows = base.rows(
        "SELECT m.id, m.van_ban, m.ma, m.loai, m.noi_dung AS text FROM muc_fts f JOIN muc m ON m.rowid = f.rowid"
        " WHERE muc_fts MATCH ? ORDER BY bm25(muc_fts, 10, 5, 1), m.van_ban, m.bat_dau LIMIT 1000",
        _match(words),
    )
    kept = [row for row in rows if row["id"] not in shown]
    return _as_typed_first(kept, query)[(turn - 1) * _PAGE : turn * _PAGE], len(kept)


def _as_typed_first(rows: list[Row], query: str) -> list[Row]:
    """Put the rows that hold the words with just these marks before those that only match without marks."""
    typed = set(re.findall(r"\w+", fold(query)))
    return sorted(rows, key=lambda row: not typed <= set(re.findall(r"\w+", fold(row["text"]))))


# --- hits -----------------------------------------------------------------------------------------


def _document_hit(base: Base, ask: Ask, node: str, words: Sequence[str]) -> Hit:
    data = base.graph.nodes[node]
    if data["kind"] in ACTING_UNITS:
        row = {"id": node, "van_ban": data["plan"], "ma": data["code"], "text": data["title"]}
        return _unit_hit(base, ask, row, words)
    kind = "nêu theo tên" if data["form"] == FORMS["work"] else "có toàn văn" if data["in_corpus"] else "được viện dẫn"
    about = "; ".join(part for part in (_dated(data["date"]), data["issuer"]) if part)
    return Hit(
        ref(base.graph, node, ask.links), kind, highlight(shorten(data["title"], 320), words), about,
        ask.links.trace(node),
    )  # fmt: skip


def _dated(iso: str) -> str:
    return vietnamese_date(iso) if iso else ""


def _unit_hit(base: Base, ask: Ask, row: Row, words: Sequence[str]) -> Hit:
    plan = ref(base.graph, row["van_ban"], ask.links)
    if row["id"] in base.graph:
        return Hit(ref(base.graph, row["id"], ask.links), "", highlight(row["text"], words), plan.label)
    place = Ref(_capital(where(row["ma"])), ask.links.document(row["van_ban"], row["ma"]), "")
    return Hit(place, "", highlight(shorten(row["text"], 400), words), plan.label)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def highlight(text: str, words: Sequence[str]) -> Markup:
    """Return ``text`` escaped, with the words that were looked for marked (found without their marks, too)."""
    return Markup("").join(_highlighted(text, frozenset(words), words[-1] if words else ""))


def _highlighted(text: str, words: frozenset[str], last: str) -> Iterator[Any]:
    for piece in re.split(r"(\w+)", text):
        key = plain(piece) if piece[:1].isalnum() else ""
        found = key and (key in words or (len(last) > 1 and key.startswith(last)))
        yield Markup("<mark>{}</mark>").format(piece) if found else escape(piece)
