"""Works without a number, and resolutions of the Party by the name of a meeting (checks 20, 23)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from extract.tables import read_table, split_field
from extract.terms import meeting, term_told
from extract.text import plain
from graph.check.finding import Finding
from graph.check.reading import Reading

_TELLS_THE_NUMBER = frozenset({"promulgates", "approves", "decides", "publishes"})
"""What a numbered document does with a work that makes its number known: "Quyết định số … phê duyệt Đề án …"."""
_REPORTS = ("administrative", "party", "")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield works that no one can look up, and meetings of another term than their resolution's title."""
    yield from _unnumbered(reading)
    yield from _other_term(reading)


def _unnumbered(reading: Reading) -> Iterator[Finding]:
    if reading.kind not in _REPORTS:
        return
    facts = reading.facts
    known = {
        r.target for r in facts.relations
        if r.relation in _TELLS_THE_NUMBER and (r.source in reading.documents or r.source == "self")
    }  # fmt: skip
    known |= {w.document for w in facts.works if w.link in _TELLS_THE_NUMBER and (w.holder is not None or w.via)}
    known |= {
        r.target for r in facts.relations if r.status == "planned" and r.relation in _TELLS_THE_NUMBER
    }  # what a task will approve has no number yet
    seen: set[str] = set(known)
    for work in facts.works:
        if work.document in seen:
            continue
        seen.add(work.document)
        unit = reading.unit_at(work.start)
        if work.start < reading.header.body_start or reading.apart(work.start):
            continue
        if unit is not None and unit.kind in ("title", "section"):
            continue
        if _is_particular(work.name) and not _number_after(reading, work.end):
            yield reading.finding("unnumbered-named-document", work.start, work.end)


_FEW_WORDS = 7
_BY = re.compile(
    r"[\s,]*(?:\([^)]*\)\s*)?(?:đã\s+)?(?:được\s+)?(?:(?:thủ tướng|chính phủ|ubnd|hđnd|tỉnh ủy|bộ)[^;.,]{0,40}\s)?"
    r"(?:phê duyệt|ban hành|thông qua|kèm theo|tại|theo|của)(?:[^;.,]{0,30}\s)?(?:tại|theo|kèm theo|bằng)?\s*"
)


def _is_particular(name: str) -> bool:
    """A name of few words without a year may as well be words of the sentence ("Kế hoạch đạt hiệu quả")."""
    words = name.split()
    if len(words) == 3 and words[-1].isdigit():
        return False  # "Đề án 06" is known by its number
    return len(words) >= _FEW_WORDS or any(c.isdigit() or c in '“"' for c in name)


def _number_after(reading: Reading, end: int) -> bool:
    """Tell whether the document that issued a work follows it: "Chương trình tổng thể … tại Nghị quyết số 76/NQ-CP"."""
    n = bisect_left(reading.starts, end)
    following = reading.starts[n] if n < len(reading.starts) else end + 200
    return following - end <= 120 and _BY.fullmatch(reading.folded, end, following) is not None


class Plenum(NamedTuple):
    """A resolution of a plenum: ``about`` holds words of its title, all of which must stand in a title to be it."""

    number: str
    plenum: int
    term: str
    about: tuple[tuple[str, ...], ...]


@cache
def plenums() -> tuple[Plenum, ...]:
    """Return the resolutions that are known by the name of a plenum."""
    return tuple(
        Plenum(row["number"], int(row["plenum"]), row["term"],
               tuple(tuple(map(plain, split_field(words))) for words in row["about"].split(" / ")))
        for row in read_table("plenums", "graph.tables")
    )  # fmt: skip


def _other_term(reading: Reading) -> Iterator[Finding]:
    """Find a plenum whose resolution of that title was passed by the committee of another term."""
    for n, citation in enumerate(reading.facts.citations):
        mention = citation.mention
        if mention.form != "name":
            continue
        at = meeting(mention.name)
        if at is None or at.kind != "hoi nghi" or not at.term:
            continue
        title = plain(citation.title or _said_after(reading, n)).replace("kh cn", "khoa hoc va cong nghe")
        fitting = [p for p in plenums() if any(all(w in title for w in words) for words in p.about)]
        terms = {p.term for p in fitting if p.plenum == at.number}
        key = at.term
        if not terms or any(_term_key(t) == key for t in terms) or len(terms) != 1:
            continue
        (term,) = terms
        start = reading.text.rfind("kh", mention.start, mention.end)
        start = start if start >= 0 else reading.text.rfind("Kh", mention.start, mention.end)
        if start < 0:
            continue
        words = reading.text[start : mention.end].rstrip(")").split()
        end = start + len(reading.text[start : mention.end].rstrip(")"))
        number = next(p.number for p in fitting if p.plenum == at.number)
        yield reading.finding(
            "wrong-term-of-congress", start, end, expected=f"{words[0]} {term}", number=number, term=term,
        )  # fmt: skip


def _said_after(reading: Reading, n: int) -> str:
    """Return the words of the sentence after citation ``n``: titles of the Party often begin without "về"."""
    citations, start = reading.facts.citations, reading.facts.citations[n].mention.tail
    upper = citations[n + 1].mention.start if n + 1 < len(citations) else len(reading.text)
    return _END.split(reading.text[start : min(upper, start + 200)])[0]


_END = re.compile(r"[;.\n]")


@cache
def _term_key(term: str) -> str:
    return term_told(f"khóa {term}")
