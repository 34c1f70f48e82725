"""Nodes and edges of the graph as the words of an annex."""

from __future__ import annotations

from typing import Any

import networkx as nx

from extract.model import ACTING_UNITS
from extract.text import plain
from graph.citation_graph import Edge, reading
from graph.words import INFERRED, PLANNED, RESOLUTION, UNIT_KINDS, vietnamese_date
from publish.export.details import Details

CHECK = "cần đối chiếu"
_GUESSED = " (suy luận)"


def is_unit(graph: nx.MultiDiGraph, node: str) -> bool:
    """True for a task, assignment or group of tasks; False for a document."""
    return graph.nodes[node]["kind"] in ACTING_UNITS


def label(graph: nx.MultiDiGraph, node: str, *, with_plan: bool = False) -> str:
    """Return the name of a node: "Nghị quyết số 08-NQ/TU", "Nhiệm vụ II.2.2.3 (Kế hoạch …)"."""
    data = graph.nodes[node]
    if not is_unit(graph, node):
        return str(data["label"])
    name = f"{UNIT_KINDS[data['kind']]} {data['code']}"
    return f"{name} ({graph.nodes[data['plan']]['label']})" if with_plan else name


def mention(graph: nx.MultiDiGraph, node: str) -> str:
    """Return the name of a node inside a sentence: "nhiệm vụ II.2.2.3"."""
    name = label(graph, node)
    return name[:1].lower() + name[1:] if is_unit(graph, node) else name


def relation_up(graph: nx.MultiDiGraph, edge: Edge) -> str:
    """Return what the row of the edge's *target* says: "được triển khai bởi Kế hoạch số 2502/KH-UBND"."""
    words, lower = reading(graph, edge, reverse=True), mention(graph, edge.source)
    if edge.status == PLANNED:  # the act itself will be another document
        return f"dự kiến {words} văn bản sẽ ban hành theo {lower}"
    return f"{words} {lower}{_hedge(edge)}"


def relation_down(graph: nx.MultiDiGraph, edge: Edge) -> str:
    """Return what the row of the edge's *source* says: "triển khai thực hiện Nghị quyết số 08-NQ/TU"."""
    return f"{reading(graph, edge)} {mention(graph, edge.target)}{_hedge(edge)}"


def _hedge(edge: Edge) -> str:
    return " (suy ra)" if edge.status == "suy ra" else ""


def symbol(data: dict[str, Any]) -> str:
    """Return số, ký hiệu of a document node; a number left blank in print ("/KH-KHCN") is shown as "…/KH-KHCN"."""
    number = str(data["number"])
    return f"…{number}" if number.startswith("/") else number


def printed(data: dict[str, Any]) -> str:
    """Return số, ký hiệu as the citing texts print it, "" where they print the right form."""
    forms = [form for form in str(data["printed"]).split("; ") if form and form != data["number"]]
    return "; ".join(forms)


def title(data: dict[str, Any]) -> str:
    """Return the trích yếu of a document node, with a capital; one that only repeats the label is shown like it."""
    text = str(data["title"])
    if text and plain(text) == plain(str(data["label"])):
        return str(data["label"])
    return text[:1].upper() + text[1:]


def issuer(graph: nx.MultiDiGraph, node: str, details: Details) -> str:
    """Return the issuer of a document, with "(suy luận)" where no text states it in full."""
    name = str(graph.nodes[node]["issuer"])
    guessed = INFERRED["issuer"] in details.inferred(node)
    return f"{name}{_GUESSED}" if name and guessed else name


def status(graph: nx.MultiDiGraph, node: str, details: Details, edge: Edge | None = None) -> str:
    """Return how sure the document and the claim that brings it in are, in words."""
    data = graph.nodes[node]
    sure = data["status"] == RESOLUTION["resolved"]
    words = [data["status"] if sure else f"{data['status']}, {CHECK}"]
    if data["form"] == "nêu tên":
        words = ["nêu tên, chưa có số" if sure else f"nêu tên, {data['status']}, {CHECK}"]
    guessed = details.inferred(node) - {INFERRED["issuer"]}
    if guessed:
        words.append(f"suy luận: {', '.join(sorted(guessed))}")
    if edge is not None and edge.status == PLANNED:
        words.append("việc dự kiến, chưa ban hành")
    elif edge is not None and edge.status == "suy ra":
        words.append(f"quan hệ do suy ra, {CHECK}")
    if edge is not None and edge.confidence < 1 and CHECK not in "; ".join(words):
        words.append(f"độ tin cậy {edge.confidence:.2f}, {CHECK}".replace(".", ",", 1))
    return "; ".join(words)


def full_citation(graph: nx.MultiDiGraph, node: str) -> str:
    """Return a document as it is cited the first time: type, number, date, issuer, trích yếu (NĐ 30/2020 PL I.II.6)."""
    data = graph.nodes[node]
    parts = [str(data["label"])]
    if data["number"].startswith("/"):
        parts.append(f"(số {symbol(data)})")
    parts.append(_date_words(data["date"]))
    if data["issuer"]:
        parts.append(f"của {data['issuer']}")
    if data["title"] and title(data) != data["label"]:
        parts.append(str(data["title"]))
    return " ".join(part for part in parts if part)


def _date_words(iso: str) -> str:
    """Return a date inside a citation: "ngày 31/3/2023" (only days < 10 and months 1, 2 take a zero), "năm 2023"."""
    parts = iso.split("-")
    if len(parts) == 3:
        year, month, day = parts
        return f"ngày {day}/{month if month in ('01', '02') else month.lstrip('0')}/{year}"
    if len(parts) == 2:
        return f"tháng {vietnamese_date(iso)}"
    return f"năm {iso}" if iso else ""
