"""Versions of one work: the draft and the issued plan, the Word file and the PDF of one paper.

Two texts are versions of one work when they are the same paper by number, day and organ, or when one has a blank
number and either the title is the same or most tasks are; type and organ must not speak against it, nor the year.
Two papers with different numbers are never one work. A draft that fits two issued papers stays alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from extract.text import plain
from graph.owner import Owner

LEADING, BLANK, SAME = "bản đại diện", "bản để trống số", "bản khác cùng số"

ALIKE = 0.6
"""Two texts that share so large a part of their tasks (of the smaller one) are one work."""
_FEWEST = 5
"""Fewer tasks in common tell nothing."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_FORMATS = (".docx", ".doc", ".rtf", ".html", ".htm", ".md", ".txt", ".pdf")
"""Of equal papers the file from which structure is read best leads."""


@dataclass(frozen=True, slots=True)
class Version:
    """How a text belongs to its work: index of the leading text, what kind of version it is, and why (Vietnamese)."""

    leader: int
    kind: str
    why: str


def versions_of(texts: Sequence[Owner]) -> dict[int, Version]:
    """Return the version that each text is, by index; texts that stand alone are not in it. Linear in all tasks."""
    groups: dict[int, list[tuple[int, str]]] = {}
    leader_of: dict[int, int] = {}
    for members in _same_papers(texts):
        leader = min(members, key=lambda n: _order(texts[n]))
        groups[leader] = [(n, SAME) for n in members if n != leader]
        leader_of.update(dict.fromkeys(members, leader))
    whys = dict.fromkeys(leader_of, "cùng số, ký hiệu, ngày và cơ quan ban hành")
    blank = sorted((n for n, text in enumerate(texts) if not _numbered(text)), key=lambda n: _order(texts[n]))
    for n, others in _look_alikes(texts, blank):
        found = {leader_of.get(k, k) for k in others}
        if len(found) != 1 or n in leader_of:
            continue
        (leader,) = found
        groups.setdefault(leader, []).append((n, BLANK))
        leader_of[n] = leader_of[leader] = leader
        whys[n] = _why(texts[n], texts[leader])
    versions: dict[int, Version] = {}
    for leader, others_of in groups.items():
        if others_of:
            versions[leader] = Version(leader, LEADING, "")
            versions.update({n: Version(leader, kind, whys[n]) for n, kind in others_of})
    return versions


def _same_papers(texts: Sequence[Owner]) -> Iterator[list[int]]:
    papers: dict[str, list[int]] = defaultdict(list)
    for n, text in enumerate(texts):
        if _numbered(text):
            papers[text.document.key].append(n)
    yield from papers.values()


def _look_alikes(texts: Sequence[Owner], blank: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield each text without a number, in order of rank, with the texts before it that may be the same work."""
    titles: dict[str, list[int]] = defaultdict(list)
    holders: dict[str, list[int]] = defaultdict(list)

    def enter(n: int) -> None:
        if title := plain(texts[n].document.title):
            titles[title].append(n)
        for task in texts[n].tasks:
            holders[task].append(n)

    for n, text in enumerate(texts):
        if _numbered(text):
            enter(n)
    for n in blank:
        text = texts[n]
        shared = Counter(k for task in text.tasks for k in holders.get(task, ()))
        alike = [k for k in titles.get(plain(text.document.title), ()) if plain(text.document.title)]
        alike += [
            k for k, count in shared.items()
            if count >= _FEWEST and count >= ALIKE * min(len(text.tasks), len(texts[k].tasks))
        ]  # fmt: skip
        yield n, sorted({k for k in alike if _may_be(text, texts[k])})
        enter(n)


def _numbered(text: Owner) -> bool:
    return bool(text.document.number.split("/")[0].split("-")[0])


def _may_be(text: Owner, before: Owner) -> bool:
    """Nothing speaks against one work: type, organ, the symbol behind the blank, the year.

    A title alone, without a year in it or beside it and without a task in common, may come again every year.
    """
    one, other = text.document, before.document
    dated = bool(one.date and other.date) or bool(_YEAR.search(one.title))
    return (
        one.type == other.type
        and (dated or not text.tasks.isdisjoint(before.tasks))
        and _fits(plain(one.issuer), plain(other.issuer))
        and _fits(_symbol(one.number), _symbol(other.number))
        and _fits(one.date[:4], other.date[:4])
    )


def _fits(one: str, other: str) -> bool:
    return not one or not other or one == other


def _symbol(number: str) -> str:
    return plain(number.partition("/")[2] if "/" in number else number)


def _order(text: Owner) -> tuple[bool, bool, int, str, str]:
    suffix = PurePosixPath(text.path).suffix.lower()
    rank = _FORMATS.index(suffix) if suffix in _FORMATS else len(_FORMATS)
    return (not _numbered(text), len(text.document.date) < 10, rank, _latest_first(text.document.date), text.path)


def _latest_first(date: str) -> str:
    return "".join(chr(ord("9") - int(c)) if c.isdigit() else c for c in date)


def _why(text: Owner, leader: Owner) -> str:
    same_title = plain(text.document.title) == plain(leader.document.title)
    shared = len(text.tasks & leader.tasks)
    parts = ["cùng tên loại, trích yếu" if same_title else "", f"{shared} nhiệm vụ giống nhau" if shared else ""]
    return "; ".join(p for p in parts if p)
