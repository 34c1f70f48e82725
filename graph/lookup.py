"""What a person typed -> a node of the graph: a number in any spelling, a name, or a task."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from extract.numbers import typed_key
from extract.text import plain
from graph.citation_graph import UNITS_IN_SQL
from graph.lazy import LazyGraph

_TASK = re.compile(r"(?:(?P<plan>[\w-]+)#)?(?P<code>(?:[IVXLC]+|PL\d+|\d+|[a-zđ]|p\d+|Điều\d+\w?)(?:\.[\w~]+)*)$")
MAX_CANDIDATES = 8
_MANY = 400
"""So many rows are looked at where a few will be shown."""
_MOST_HITS = 2000
"""So many documents that hold the words are looked at, those whose text is in the base first: they come first in it."""


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


def look_up(graph: LazyGraph, query: str, *, near: bool = True) -> Found | NotFound:
    """Return the node that ``query`` means; when there is none, the nearest ones, if these are asked for (``near``).

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
    return NotFound(words, False, _nearest(graph, words, key) if near else ())


def _one(query: str, nodes: list[str]) -> Found | NotFound:
    if len(nodes) == 1:
        return Found(nodes[0])
    return NotFound(query, True, tuple(nodes[:MAX_CANDIDATES]))


def _tasks(graph: LazyGraph, words: str) -> list[str]:
    m = _TASK.match(words)
    if not m:
        return []
    if m["plan"] is not None:
        unit = f"{m['plan']}#{m['code']}"
        return [unit] if unit in graph else []
    found = graph.rows(
        f"SELECT id FROM muc WHERE ma = ? AND loai IN {UNITS_IN_SQL} ORDER BY rowid LIMIT ?",
        m["code"],
        MAX_CANDIDATES + 1,
    )
    return [row["id"] for row in found]


def _numbered(graph: LazyGraph, key: str, words: str) -> list[str]:
    hits = _keyed(graph, [key])
    if not hits:  # more words after the number ("08-NQ/TU của Tỉnh ủy"): the key begins with the number's
        parts = key.split("|")
        hits = _keyed(graph, ["|".join(parts[:n]) for n in range(2, len(parts))])
    typed = plain(words)
    graph.read(hits)
    said = [n for n in hits if plain(graph.nodes[n]["type"]) in typed]
    return said or hits


def _keyed(graph: LazyGraph, keys: list[str]) -> list[str]:
    """Return the documents whose number has one of ``keys``, as it should be or as some text prints it."""
    found = graph.rows(
        "SELECT id FROM van_ban WHERE id IN (SELECT van_ban FROM tra_so WHERE khoa IN (SELECT value FROM json_each(?)))"
        " ORDER BY rowid LIMIT ?" if graph.has_table("tra_so") else
        "SELECT id FROM van_ban WHERE so_tim IN (SELECT value FROM json_each(?)) ORDER BY rowid LIMIT ?",
        json.dumps(keys), _MANY,
    )  # fmt: skip
    return [row["id"] for row in found]


def _named(graph: LazyGraph, words: str) -> list[str]:
    wanted = plain(words)
    if len(wanted) < 4:
        return []
    names = {row["id"]: plain(row["nhan"]) for row in _holding(graph, f'"{wanted}"*')}
    equal = [n for n, name in names.items() if name == wanted]
    return equal or [n for n, name in names.items() if wanted in name]


def _holding(graph: LazyGraph, match: str) -> Iterator[dict[str, Any]]:
    """Yield the documents whose words fit an FTS expression, those with the shortest names when there are too many."""
    rows = graph.rows(
        "SELECT * FROM (SELECT v.rowid AS dong, v.id, v.nhan, v.so_tim FROM van_ban v WHERE v.rowid IN"
        " (SELECT rowid FROM van_ban_fts WHERE van_ban_fts MATCH ? LIMIT ?) ORDER BY length(v.nhan), v.rowid LIMIT ?)"
        " ORDER BY dong",
        match, _MOST_HITS, _MANY,
    )  # fmt: skip
    yield from rows


def _nearest(graph: LazyGraph, words: str, key: str) -> tuple[str, ...]:
    """The nodes most like what was typed: same serial number first, then by likeness of letters."""
    wanted = key.replace("|", " ") or plain(words)
    if not wanted:
        return ()
    serial = wanted.split(" ")[0]
    same = "SELECT id, nhan, so_tim FROM van_ban WHERE so_tim >= ? AND so_tim < ? LIMIT ?"
    near = {row["id"]: row for row in graph.rows(same, f"{serial}|", f"{serial}}}", _MANY)}
    near |= {row["id"]: row for row in _holding(graph, " OR ".join(f'"{word}"' for word in wanted.split()))}
    scored: list[tuple[float, str]] = []
    for node, row in near.items():
        name = row["so_tim"].replace("|", " ") or plain(row["nhan"])
        score = difflib.SequenceMatcher(None, wanted, name).ratio() + (0.5 if name.split(" ")[0] == serial else 0)
        scored.append((score, node))
    best = sorted(scored, key=lambda s: (-s[0], s[1]))[:5]
    return tuple(node for score, node in best if score >= 0.4)
