"""Search: a number in any spelling first, then words of documents and of outlines, with or without marks."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from extract.model import ACTING_UNITS
from extract.numbers import typed_key
from extract.text import fold, plain
from graph.lookup import Found, look_up
from graph.words import FORMS, vietnamese_date
from publish.answers import Ask, Page
from publish.base import Base, Row
from publish.export.listing import Column, Group, Listing, numbered
from publish.sentences import Ref, ref, shorten, where
from publish.words import number

_PAGE = 20
_MAX_WORDS = 16
_MAX_QUERY = 300
_RANKED = 300
"""So many hits are ranked, those of texts in the base first; a word that 100,000 documents hold says nothing."""


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
    query = _query(ask)
    if not query:
        return Page("search.html", {"query": ""})
    turn = _turn(ask.values.get("trang", ""))
    words = plain(query).split()[:_MAX_WORDS]
    exact = _exact(base, query)
    shown = set(exact)
    documents, document_count, more_documents = _documents(base, words, shown, query, turn)
    units, unit_count, more_units = _units(base, words, shown, query, turn)
    last = max(1, -(-max(document_count, unit_count) // _PAGE))
    nothing = not (exact or document_count or unit_count)
    return Page(
        "search.html",
        {
            "found": bool(exact or document_count or unit_count),
            "query": query, "understood": _understood(base, query, exact), "turn": turn, "last": last,
            "exact": [_document_hit(base, ask, node, words) for node in exact] if turn == 1 else [],
            "documents": [_document_hit(base, ask, node, words) for node in documents],
            "units": [_unit_hit(base, ask, row, words) for row in units],
            "document_count": _count(document_count, more_documents), "unit_count": _count(unit_count, more_units),
            "bounded": number(_RANKED) if more_documents or more_units else "",
            "exact_count": len(exact), "nothing": nothing,
            "near": [_document_hit(base, ask, n, words) for n in _near(base, query)] if nothing else [],
            "previous": ask.links.search(query, trang=turn - 1) if turn > 1 else "",
            "next": ask.links.search(query, trang=turn + 1) if turn < last else "",
        },
    )  # fmt: skip


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the results for ``q`` as a list, as many as are ranked."""
    query = _query(ask)
    words = plain(query).split()[:_MAX_WORDS]
    exact = _exact(base, query) if query else []
    shown = set(exact)
    documents, _, more_documents = _documents(base, words, shown, query, 1, _RANKED)
    units, _, more_units = _units(base, words, shown, query, 1, _RANKED)
    groups = [
        Group(heading, tuple((h.ref.label, h.text.unescape(), h.about, h.kind or "trong văn bản") for h in hits))
        for heading, hits in (
            ("Đúng số, ký hiệu hoặc tên", [_document_hit(base, ask, node, ()) for node in exact]),
            ("Văn bản có các từ này", [_document_hit(base, ask, node, ()) for node in documents]),
            ("Nhiệm vụ và đoạn văn có các từ này", [_unit_hit(base, ask, row, ()) for row in units]),
        )
    ]  # fmt: skip
    cut = f"Mỗi phần chỉ gồm {number(_RANKED)} kết quả xếp hạng đầu. Hãy gõ thêm từ để có danh sách đủ."
    return Listing(
        heading="KẾT QUẢ TÌM KIẾM", subject=f"Đã tìm: “{query}”",
        columns=(
            Column("STT", 11, centred=True), Column("Văn bản, nhiệm vụ", 60), Column("Trích yếu, nội dung", 108),
            Column("Ngày ban hành, cơ quan ban hành; kế hoạch", 48), Column("Có trong kho", 25),
        ),
        groups=numbered(groups),
        lines=(f"Số kết quả: {number(sum(len(g.rows) for g in groups))}.", *([cut] * (more_documents or more_units))),
    )  # fmt: skip


def _query(ask: Ask) -> str:
    return " ".join(unicodedata.normalize("NFC", ask.values.get("q", "")).split())[:_MAX_QUERY]


def _count(count: int, more: bool) -> str:
    return f"hơn {number(count)}" if more else number(count)


def _turn(words: str) -> int:
    return min(int(words), 10_000) if re.fullmatch(r"[1-9]\d{0,5}", words) else 1


# --- exact ----------------------------------------------------------------------------------------


def _exact(base: Base, query: str) -> list[str]:
    """Return the nodes that ``query`` names: a task code, a document number (whole, or its serial alone), a name."""
    found = look_up(base.graph, query, near=False)
    nodes = [found.node] if isinstance(found, Found) else list(found.candidates) if found.ambiguous else []
    key = typed_key(query)
    meant = [node for node in nodes if _is_meant(base, node, query, key)]
    if meant or not re.fullmatch(r"(?:\D*\bso\s+)?\d+", plain(query)):
        return meant
    rows = base.rows(
        "SELECT id FROM van_ban WHERE so_tim >= ? AND so_tim < ? ORDER BY cap, sap_xep DESC LIMIT 20",
        f"{key}|", f"{key}}}",
    )  # fmt: skip
    base.graph.read(row["id"] for row in rows)
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
    """Return an FTS expression of quoted words, all of them, the last one as a beginning if it has two letters."""
    return _whole(words) + ("*" if len(words[-1]) > 1 else "")


def _whole(words: Sequence[str]) -> str:
    return " ".join(f'"{word}"' for word in words)


def _documents(
    base: Base, words: list[str], shown: set[str], query: str, turn: int, size: int = _PAGE
) -> tuple[list[str], int, bool]:
    """Return the documents of this turn of the pages, how many there are on all of them, and whether there are more."""
    if not words:
        return [], 0, False
    rows, more = _ranked(
        base,
        words,
        "van_ban_fts",
        "SELECT rowid AS dong, id, nhan || ' ' || trich_yeu AS text FROM van_ban",
        "cap, sap_xep DESC",
    )
    kept = _as_typed_first([row for row in rows if row["id"] not in shown], query)
    here = [row["id"] for row in kept[(turn - 1) * size : turn * size]]
    base.graph.read(here)
    return here, len(kept), more


def _units(
    base: Base, words: list[str], shown: set[str], query: str, turn: int, size: int = _PAGE
) -> tuple[list[Row], int, bool]:
    if not words:
        return [], 0, False
    rows, more = _ranked(
        base,
        words,
        "muc_fts",
        "SELECT rowid AS dong, id, van_ban, ma, loai, noi_dung AS text FROM muc",
        "van_ban, bat_dau",
    )
    kept = _as_typed_first([row for row in rows if row["id"] not in shown], query)
    here = kept[(turn - 1) * size : turn * size]
    base.graph.read({node for row in here for node in (row["id"], row["van_ban"])})
    return here, len(kept), more


def _ranked(base: Base, words: Sequence[str], index: str, select: str, order: str) -> tuple[list[Row], bool]:
    """Return the rows of ``index`` that hold ``words``, the best first; and whether there are more than are looked at.

    Those come first in which the words stand together, then the shorter ones, of which the words are the greater part;
    equals in ``order``. FTS5's own weighing (bm25) counts first how many rows hold each word: of a common word it reads
    100,000 rows to order a handful, and since a hit holds all the words anyway, their rarity tells nothing.
    """
    hits: dict[int, bool] = {}  # row -> whether the words stand together in it
    find = f"SELECT rowid AS dong FROM {index} WHERE {index} MATCH ? LIMIT ?"
    together = f'"{" ".join(words)}"'
    for match in dict.fromkeys((together, _whole(words), _match(words))):
        if len(hits) <= _RANKED:
            for row in base.rows(find, match, _RANKED + 1):
                hits.setdefault(row["dong"], match == together)
    fetch = f"{select} WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY {order}"
    rows = base.rows(fetch, json.dumps([*hits][:_RANKED]))
    rows.sort(key=lambda row: (not hits[row["dong"]], len(row["text"])))
    return rows, len(hits) > _RANKED


def _as_typed_first(rows: list[Row], query: str) -> list[Row]:
    """Put the rows that hold the words with just these marks before those that only match without marks."""
    words = dict.fromkeys(re.findall(r"\w+", fold(query)))
    typed = [(word, re.compile(rf"(?<!\w){word}(?!\w)")) for word in words]

    def differs(row: Row) -> bool:
        text = fold(row["text"])
        return not all(word in text and whole.search(text) for word, whole in typed)

    return sorted(rows, key=differs)


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
    wanted, last = frozenset(words), words[-1] if words else ""
    pieces: list[str] = []
    position = 0
    for word in _WORD.finditer(text):
        key = _key(word.group())
        if key and (key in wanted or (len(last) > 1 and key.startswith(last))):
            pieces += (escape(text[position : word.start()]), "<mark>", escape(word.group()), "</mark>")
            position = word.end()
    return Markup("".join((*pieces, escape(text[position:]))))


_WORD = re.compile(r"\w+")
_key = lru_cache(maxsize=20_000)(plain)
"""The words of administrative texts are always the same few thousand."""
