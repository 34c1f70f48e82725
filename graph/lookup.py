"""What a person typed -> a node of the graph: a number in any spelling, a name, or a task."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

import networkx as nx

from extract.model import ACTING_UNITS
from extract.numbers import search_key, typed_key
from extract.text import plain

_TASK = re.compile(r"(?:(?P<plan>[\w-]+)#)?(?P<code>(?:[IVXLC]+|PL\d+|\d+|[a-zđ]|p\d+|Điều\d+\w?)(?:\.[\w~]+)*)$")
MAX_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Found:
    """The one node that was meant."""

    node: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """No node, or more than one: ``candidates`` are the ones meant, or the nearest ones."""

    query: str
    ambiguous: bool
    candidates: tuple[str, ...]


def look_up(graph: nx.MultiDiGraph, query: str) -> Found | NotFound:
    """Return the node that ``query`` means.

    Tried in turn: node id, task id ("II.2.2.3", "PLAN#II.2.2.3"), document number in any spelling
    ("08-NQ/TU", "nghi quyet 8 nq tu"), words of the name. Several hits are an answer, never a guess.
    """
    words = query.strip()
    if words in graph and graph.nodes[words]["kind"] != "group":
        return Found(words)
    tasks = _tasks(graph, words)
    if tasks:
        return _one(words, tasks)
    key = typed_key(words)
    if key:
        numbered = _numbered(graph, key, words)
        if numbered:
            return _one(words, numbered)
    named = _named(graph, words)
    if named:
        return _one(words, named)
    return NotFound(words, False, _nearest(graph, words, key))


def _one(query: str, nodes: list[str]) -> Found | NotFound:
    if len(nodes) == 1:
        return Found(nodes[0])
    return NotFound(query, True, tuple(nodes[:MAX_CANDIDATES]))


def _tasks(graph: nx.MultiDiGraph, words: str) -> list[str]:
    m = _TASK.match(words)
    if not m:
        return []
    return [
        node for node, data in graph.nodes(data=True)
        if data["kind"] in ACTING_UNITS and data["code"] == m["code"] and m["plan"] in (None, data["plan"])
    ]  # fmt: skip


def _numbered(graph: nx.MultiDiGraph, key: str, words: str) -> list[str]:
    hits = [n for n, d in graph.nodes(data=True) if d.get("key") and key in {d["key"], *_printed_keys(d["printed"])}]
    if not hits:  # more words after the number ("08-NQ/TU của Tỉnh ủy"): the key begins with the number's
        hits = [
            n for n, d in graph.nodes(data=True) if d.get("key") and key.startswith(d["key"] + "|") and "|" in d["key"]
        ]
    typed = plain(words)
    said = [n for n in hits if plain(graph.nodes[n]["type"]) in typed]
    return said or hits


def _printed_keys(printed: str) -> set[str]:
    return {search_key(number) for number in printed.split("; ") if number}


def _named(graph: nx.MultiDiGraph, words: str) -> list[str]:
    wanted = plain(words)
    if len(wanted) < 4:
        return []
    names = {n: plain(d["label"]) for n, d in graph.nodes(data=True) if d["kind"] in ("document", "work")}
    equal = [n for n, name in names.items() if name == wanted]
    return equal or [n for n, name in names.items() if wanted in name]


def _nearest(graph: nx.MultiDiGraph, words: str, key: str) -> tuple[str, ...]:
    """The nodes most like what was typed: same serial number first, then by likeness of letters."""
    wanted = key.replace("|", " ") or plain(words)
    serial = wanted.split(" ")[0]
    scored: list[tuple[float, str]] = []
    for node, data in graph.nodes(data=True):
        if data["kind"] == "group":
            continue
        name = data.get("key", "").replace("|", " ") or plain(data["label"])
        score = difflib.SequenceMatcher(None, wanted, name).ratio() + (0.5 if name.split(" ")[0] == serial else 0)
        scored.append((score, node))
    best = sorted(scored, key=lambda s: (-s[0], s[1]))[:5]
    return tuple(node for score, node in best if score >= 0.4)
