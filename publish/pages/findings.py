"""Soát căn cứ: what the checks found in the texts of the base, gravest first; of all texts, or of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from extract.text import squeeze
from graph.bases import is_party
from graph.check import SEVERITIES, name_of
from graph.citing import TITLE, Style, full_citation, paper_of
from graph.counts import findings_by_rule
from graph.words import RESOLVED
from publish.answers import Answer, Ask, Page
from publish.base import Base, Row
from publish.export.listing import Listing
from publish.export.slip import Entry, slip
from publish.findings import place_of
from publish.links import Links
from publish.marked import Mark
from publish.pages import lists, problem
from publish.sentences import ref
from publish.words import verdict

FIELDS = ("muc_do", "quy_tac", "van_ban")
_MOST_TEXTS = 300
_ON_PAGE = 200
"""So many findings stand on the page of a document and are marked in its text, gravest first."""
_NO_TITLE = "missing-title-first-citation"
_TO_COMPLETE = frozenset({_NO_TITLE, "incomplete-first-citation"})
"""What a base may know of the document that such a citation leaves out."""
_ORDER = {"van_ban": "thu_tu, bat_dau", "": "thu_tu, van_ban, bat_dau"}


@dataclass(frozen=True, slots=True)
class Shown:
    """The findings of one document: by level those shown, how many there are of each, the address of all."""

    levels: tuple[dict[str, Any], ...]
    count: int
    url: str


def is_current(base: Base) -> bool:
    """Tell whether the base has findings; one made by an older program has not until it is built again."""
    return base.has("phat_hien", "thu_tu")


# --- the pages ------------------------------------------------------------------------------------


def index(base: Base, ask: Ask) -> Answer:
    """Return the findings of all documents, filtered."""
    values = _values(ask)
    document = values.get("van_ban")
    if document and base.row("SELECT 1 FROM van_ban WHERE id = ?", document) is None:
        return problem.no_document(document)
    return _page(base, ask, values, "")


def page(base: Base, ask: Ask) -> Answer:
    """Return the findings of the document ``ask.parts["document"]``."""
    document = ask.parts["document"]
    if base.row("SELECT 1 FROM van_ban WHERE id = ?", document) is None:
        return problem.no_document(document)
    return _page(base, ask, _values(ask) | {"van_ban": document}, document)


def _page(base: Base, ask: Ask, values: dict[str, str], document: str) -> Answer:
    if not is_current(base):
        return lists.outdated()
    counts = _counts(base, values)
    chosen = values.get("muc_do", "")
    asked = {name: value for name, value in values.items() if not (document and name == "van_ban")}
    turn = lists.turn(
        ask, counts.get(chosen, 0) if chosen else sum(counts.values()),
        lambda **given: ask.links.findings(document, **given), asked,
    )  # fmt: skip
    found = _rows(base, values, lists.PAGE, turn.offset)
    base.graph.read({row["van_ban"] for row in found})
    return Page(
        "findings.html",
        {
            "document": ref(base.graph, document, ask.links) if document else None, "id": document, "values": asked,
            "turn": turn, "levels": [(verdict(level), n) for level, n in counts.items()], "rules": _rules(base, values),
            "texts": [] if document else _texts(base, values), "rows": [_shown(base, ask.links, row) for row in found],
            "name": f"soat/{document}" if document else "soat",
            **({"sources": base.sources(document)} if document else {}),
        },
    )  # fmt: skip


def of_document(base: Base, document: str, links: Links) -> Shown | None:
    """Return what the page of a document says of its findings, None where the base knows of none for any."""
    if not is_current(base):
        return None
    values = {"van_ban": document}
    counts = _counts(base, values)
    rows = [_shown(base, links, row) for row in _rows(base, values, _ON_PAGE, 0)]
    levels = tuple(
        {"verdict": verdict(level), "count": n, "rows": [row for row in rows if row["muc_do"] == level]}
        for level, n in counts.items() if n
    )  # fmt: skip
    return Shown(levels, sum(counts.values()), links.findings(document))


def marks(base: Base, document: str) -> list[Mark]:
    """Return the marks of a document's findings in its text, each with a number that leads to what is said of it."""
    if not is_current(base):
        return []
    rows = base.rows(
        "SELECT id, muc_do, thong_bao, bat_dau, ket_thuc FROM phat_hien WHERE van_ban = ? ORDER BY thu_tu, bat_dau"
        " LIMIT ?",
        document, _ON_PAGE,
    )  # fmt: skip
    return [
        Mark(
            row["bat_dau"], row["ket_thuc"], "found", "", f"{row['muc_do']}: {row['thong_bao']}",
            _code(row["id"]).lstrip("f0"), _anchor(row["id"]),
        )
        for row in rows
    ]  # fmt: skip


# --- the lists ------------------------------------------------------------------------------------


def listing(base: Base, ask: Ask) -> Listing | Page:
    """Return the same rows as a Phiếu rà soát: of all documents, or of the one in the address."""
    if not is_current(base):
        return lists.outdated()
    document = ask.parts.get("document", "")
    if document and document not in base.graph:
        return problem.no_document(document)
    values = _values(ask) | ({"van_ban": document} if document else {})
    found: dict[str, list[Entry]] = {document: []} if document else {}
    for row in _rows(base, values, lists.MOST_ROWS, 0):
        found.setdefault(row["van_ban"], []).append(_entry(row))
    base.graph.read(found)
    texts = [(base.graph.nodes[one]["label"], entries) for one, entries in sorted(found.items())]
    return slip(texts, texts[0][0] if len(texts) == 1 else "", found, list(_filter_words(values)))


def _entry(row: Row) -> Entry:
    return Entry(
        row["quy_tac"], row["muc_do"], _place(row), row["nguyen_van"], row["thong_bao"], row["de_nghi"],
        row["ung_vien"], row["nguon"],
    )  # fmt: skip


def _filter_words(values: dict[str, str]) -> Iterator[str]:
    said = []
    if level := values.get("muc_do"):
        said.append(f"mức độ: {level}")
    if rule := values.get("quy_tac"):
        said.append(f"quy tắc: {name_of(rule)}")
    if said:
        yield f"Chỉ gồm phát hiện có {'; '.join(said)}."


# --- rows -----------------------------------------------------------------------------------------


def _values(ask: Ask) -> dict[str, str]:
    return {name: value for name in FIELDS if (value := ask.values.get(name, "").strip()[:300])}


def _where(values: dict[str, str], *, level: bool = True) -> tuple[str, list[Any]]:
    parts: list[str] = []
    given: list[Any] = []
    for name in ("van_ban", "quy_tac"):
        if value := values.get(name):
            parts.append(f"{name} = ?")
            given.append(value)
    if level and (chosen := values.get("muc_do")):
        parts.append("thu_tu = ?")  # a level is found and sorted by its number
        given.append(SEVERITIES.index(chosen) + 1 if chosen in SEVERITIES else 0)
    return " AND ".join(parts) or "1", given


def _counts(base: Base, values: dict[str, str]) -> dict[str, int]:
    """Return how many findings there are of each level, under all filters but that of the level."""
    if not values.keys() - {"muc_do"}:
        return {level: base.counted(f"phát hiện: {level}") for level in SEVERITIES}
    where, given = _where(values, level=False)
    found = base.rows(f"SELECT thu_tu AS n, count(*) AS c FROM phat_hien WHERE {where} GROUP BY thu_tu", *given)
    counts = {row["n"]: row["c"] for row in found}
    return {level: counts.get(n, 0) for n, level in enumerate(SEVERITIES, 1)}


def _rows(base: Base, values: dict[str, str], limit: int, offset: int) -> list[Row]:
    where, given = _where(values)
    order = _ORDER["van_ban" if values.get("van_ban") else ""]
    found = base.rows(f"SELECT * FROM phat_hien WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?", *given, limit, offset)
    for row in found:
        if row["quy_tac"] in _TO_COMPLETE and not row["de_nghi"] and not row["ung_vien"]:
            row["ung_vien"] = _in_full(base, row)
    return found


def _in_full(base: Base, row: Row) -> str:
    """Return the full citation by what all texts of the base tell of the document, "" where a part is not known."""
    cited = base.row(
        "SELECT v.* FROM trich_dan t JOIN van_ban v ON v.id = t.van_ban"
        " WHERE t.van_ban_nguon = ? AND t.bat_dau = ? AND t.trang_thai = ?",
        row["van_ban"], row["bat_dau"], RESOLVED,
    )  # fmt: skip
    if cited is None:
        return ""
    style = Style(party=is_party(base.graph, row["van_ban"]))
    titled = row["quy_tac"] == _NO_TITLE or TITLE in row["thong_bao"]
    written = full_citation(paper_of(cited), style, titled=titled)
    same = squeeze(written.text) == row["nguyen_van"]
    return "" if written.missing or same else f"“{written.text}” (theo dữ liệu trong kho)"


def _rules(base: Base, values: dict[str, str]) -> list[dict[str, Any]]:
    """Return the rules that found something, as choices, by name."""
    if document := values.get("van_ban"):
        found = base.rows("SELECT quy_tac, count(*) AS n FROM phat_hien WHERE van_ban = ? GROUP BY quy_tac", document)
        counts = {row["quy_tac"]: row["n"] for row in found}
    else:
        counts = findings_by_rule(base.connection)
    return sorted(({"id": r, "name": name_of(r), "count": n} for r, n in counts.items()), key=lambda c: -c["count"])


def _texts(base: Base, values: dict[str, str]) -> list[Row]:
    """Return the texts of a small base as choices; of a large one only the chosen one."""
    if base.counted("văn bản trong kho") > _MOST_TEXTS:
        return base.rows("SELECT id, nhan FROM van_ban WHERE id = ?", values.get("van_ban", ""))
    return base.rows(
        "SELECT id, nhan FROM van_ban v WHERE trong_kho = 1"
        " AND EXISTS (SELECT 1 FROM phat_hien f WHERE f.van_ban = v.id) ORDER BY sap_xep DESC, id LIMIT ?",
        _MOST_TEXTS,
    )


def _shown(base: Base, links: Links, row: Row) -> dict[str, Any]:
    anchor = _anchor(row["id"])
    return {
        **row, "verdict": verdict(row["muc_do"]), "rule": name_of(row["quy_tac"]), "place": _place(row),
        "number": _code(row["id"]).lstrip("f0"), "url": f"{links.document(row['van_ban'])}#{anchor}",
        "plan": ref(base.graph, row["van_ban"], links), "proposal": _entry(row).proposal, "anchor": f"phieu-{anchor}",
    }  # fmt: skip


def _place(row: Row) -> str:
    return place_of((row["muc"] or "").partition("#")[2], row["vi_tri"])


def _code(finding: str) -> str:
    return finding.rpartition("#")[2]


def _anchor(finding: str) -> str:
    return f"soat-{_code(finding)}"
