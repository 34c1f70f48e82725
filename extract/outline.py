"""Blocks -> the tree of units: headings, bases, tasks, assignments. Numbering decides, not heading style."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from extract.model import Block, Header, Place, SourceText, Unit, UnitKind
from extract.tables import read_table
from extract.tasks import assignment_units, is_assignment, is_remark, names_a_unit
from extract.text import fold, plain, squeeze

_MARKUP_BEFORE = re.compile(r"[ \t]*(?:#{1,6}[ \t]+)?(?:\*\*|__)?[ \t]*(?:#{1,6}[ \t]+)?")
_MARKUP_AFTER = re.compile(r"(?:\*\*|__)?[ \t]*$")

# Marker styles, outermost first; the rank decides what lies under what.
_MARKERS: tuple[tuple[str, int, re.Pattern[str]], ...] = (
    ("part", 0, re.compile(r"(?P<m>(?:Phần|PHẦN)\s+(?:thứ\s+\w+|[IVXLC]+|\d+))(?![\wÀ-ỹ])[.:]?")),
    ("chapter", 1, re.compile(r"(?P<m>(?:Chương|CHƯƠNG)\s+(?:[IVXLC]+|\d+))(?![\wÀ-ỹ])[.:]?")),
    ("roman", 2, re.compile(r"(?P<m>[IVXLC]{1,6})\s*[./)]\s+")),
    ("article", 3, re.compile(r"(?P<m>(?:Điều|ĐIỀU)\s+\d+[a-zđ]?)[.:]\s*")),
    ("arabic3", 6, re.compile(r"(?P<m>\d{1,2}\.\d{1,2}\.\d{1,2})[.)]?\s+")),
    ("arabic2", 5, re.compile(r"(?P<m>\d{1,2}\.\d{1,2})[.)]?\s+")),
    ("arabic", 4, re.compile(r"(?P<m>\d{1,3})\s*[.)/]\s+")),
    ("letter", 7, re.compile(r"(?P<m>[a-zđ])\s*[.)]\s+")),
    ("dash", 8, re.compile(r"(?P<m>[-–—−])\s*(?=\S)")),
    ("plus", 9, re.compile(r"(?P<m>\+)\s*(?=\S)")),
    ("star", 10, re.compile(r"(?P<m>[*•·▪○◦])\s*(?=\S)")),
)
_WRAPPED = 60
"""A line of this many characters that ends without a mark is taken as wrapped (pages hold 70 to 95)."""
_ENDS = '.;:!?…”"'
_NEW_PARAGRAPH = re.compile(r"(?:Căn cứ|Theo đề nghị|Xét|Trên đây|Nơi nhận|Kính gửi|\[\d+\]|\()")
_BULLETS = frozenset({"dash", "plus", "star"})
_BASIS = re.compile(r"(?:căn cứ|theo đề nghị|xét (?:đề nghị|tờ trình))(?!\w)")
_CARRYING_OUT = re.compile(r"(?:thực hiện|triển khai(?: thực hiện)?|quán triệt)(?!\w)")
_CLOSING = re.compile(r"(?:trên đây là|nơi nhận\s*:)")
_RECIPIENTS = re.compile(r"(?:nơi nhận\s*:?|kính gửi\s*:|tm\.|kt\.|tl\.|tuq\.)")
_PLAN_TYPES = frozenset(
    {"Kế hoạch", "Chương trình", "Chương trình hành động", "Đề án", "Phương án", "Kế hoạch phối hợp"}
)


@dataclass(slots=True)
class _Entry:
    """A line of the document on its way to a unit."""

    start: int
    end: int
    style: str
    rank: int
    marker: str
    place: Place
    body: int = -1  # where the words begin after the marker; headings keep their number
    heading: bool = False
    parent: _Entry | None = None
    children: list[_Entry] = field(default_factory=list)
    id: str = ""
    kind: UnitKind = "statement"
    title: str = ""


def read_outline(source: SourceText, folded: str, header: Header) -> tuple[Unit, ...]:
    """Return the units of ``source`` in text order, with ids as the gold writes them (II.1.3.1, BASIS.1, III.p1)."""
    entries = list(_entries(source, folded, header))
    _hang(entries)
    _name(entries)
    _judge(entries, source.text, folded, header)
    return _units(entries, source.text)


# --- lines ----------------------------------------------------------------------------------------


def _entries(source: SourceText, folded: str, header: Header) -> Iterator[_Entry]:
    if header.title_span:
        start, end = header.title_span
        yield _Entry(start, end, "title", -2, "", _place_of(source.blocks, start), start)
    previous: _Entry | None = None
    for block in source.blocks:
        if block.start < header.body_start:
            continue
        entry = _entry(source.text, block)
        if entry is None:
            continue
        if _RECIPIENTS.match(folded, entry.body) and previous is not None and entry.style == "plain":
            break
        if previous is not None and _continues(source.text, previous, entry):
            previous.end = entry.end
            continue
        if previous is not None:
            yield previous
        previous = entry
        if _CLOSING.match(folded, entry.body):
            break
    if previous is not None:
        yield previous


def _place_of(blocks: Sequence[Block], position: int) -> Place:
    return next((b.place for b in blocks if b.start <= position < b.end), Place())


def _entry(text: str, block: Block) -> _Entry | None:
    before = _MARKUP_BEFORE.match(text, block.start, block.end)
    start = before.end() if before else block.start
    after = _MARKUP_AFTER.search(text, start, block.end)
    end = start + len(text[start : after.start() if after else block.end].rstrip())
    if end <= start:
        return None
    heading = before is not None and ("#" in before.group() or "**" in before.group())
    for style, rank, pattern in _MARKERS:
        m = pattern.match(text, start, end)
        if m and (m.end() < end or style in ("part", "chapter", "article")):
            body = _skip_bold(text, m.end(), end)
            return _Entry(start, end, style, rank, m["m"], block.place, body, heading, title=text[body:end])
    return _Entry(start, end, "plain", 99, "", block.place, start, heading, title=text[start:end])


def _skip_bold(text: str, start: int, end: int) -> int:
    return start + 2 if text.startswith("**", start) and start + 2 < end else start


def _continues(text: str, previous: _Entry, entry: _Entry) -> bool:
    """A page break or a wrapped line cuts a sentence: it goes on in lower case, or after a line full to the margin."""
    if entry.style != "plain" or entry.heading or previous.heading or text[previous.end - 1] in _ENDS:
        return False
    if text[entry.start].islower():
        return True
    line = previous.end - max(previous.start, text.rfind("\n", 0, previous.end) + 1)
    words = text[entry.start : entry.end]
    return line >= _WRAPPED and not words.isupper() and not _NEW_PARAGRAPH.match(words)


# --- tree -----------------------------------------------------------------------------------------


def _hang(entries: Sequence[_Entry]) -> None:
    stack: list[_Entry] = []
    for entry in entries:
        if entry.style == "title":
            continue
        if entry.style == "plain":
            entry.parent = next((e for e in reversed(stack) if e.rank <= 3 or e.heading or _titled(e)), None)
        else:
            while stack and stack[-1].rank >= entry.rank:
                stack.pop()
            entry.parent = stack[-1] if stack else None
            stack.append(entry)
        if entry.parent is not None:
            entry.parent.children.append(entry)


def _titled(entry: _Entry) -> bool:
    """A short numbered line that ends without a mark is a heading for the paragraphs below it."""
    return entry.rank <= 6 and len(entry.title) <= 120 and entry.title[-1:].isalnum()


def _name(entries: Sequence[_Entry]) -> None:
    taken: dict[str, int] = {}
    plain_count: dict[str, int] = {}
    ordinal: dict[tuple[str, str], int] = {}
    for entry in entries:
        path = entry.parent.id if entry.parent else ""
        if entry.style == "title":
            entry.id = "TITLE"
            continue
        if entry.style == "plain":
            plain_count[path] = plain_count.get(path, 0) + 1
            own = f"p{plain_count[path]}"
        elif entry.style in _BULLETS:
            ordinal[path, "bullet"] = ordinal.get((path, "bullet"), 0) + 1
            own = str(ordinal[path, "bullet"])
        elif entry.style in ("part", "chapter", "article"):
            own = entry.marker.title().replace(" ", "")
        elif entry.style in ("arabic2", "arabic3"):
            own = entry.marker.split(".", entry.parent.marker.count(".") + 1 if entry.parent else 0)[-1]
        else:
            own = entry.marker
        name = f"{path}.{own}" if path else own
        taken[name] = taken.get(name, 0) + 1
        entry.id = name if taken[name] == 1 else f"{name}~{taken[name]}"


# --- kinds ----------------------------------------------------------------------------------------


@cache
def _section_patterns() -> tuple[tuple[UnitKind, str], ...]:
    return tuple((row["kind"], fold(row["pattern"])) for row in read_table("sections"))  # type: ignore[misc]


def section_kind(heading: str) -> UnitKind | None:
    """Return what lies under a heading (statement, task, assignment), None where the heading tells nothing."""
    folded = fold(heading)
    return next((kind for kind, pattern in _section_patterns() if pattern in folded), None)


def _judge(entries: Sequence[_Entry], text: str, folded: str, header: Header) -> None:
    in_body = False
    bases = leads = 0
    for entry in entries:
        words = text[entry.start : entry.end]
        if entry.style == "title":
            entry.kind = "title"
        elif _CLOSING.match(folded, entry.body) and not entry.children:
            entry.kind, entry.id = "closing", f"{entry.parent.id}.close" if entry.parent else "close"
        elif not in_body and entry.style in ("plain", "dash") and _is_basis(words, folded, entry):
            bases += 1
            entry.kind, entry.id, entry.parent = "basis", f"BASIS.{bases}", None
        elif not in_body and entry.style == "plain":
            if bases or words.endswith(":"):
                leads += 1
                entry.kind, entry.id, entry.parent = "lead", "LEAD" if leads == 1 else f"LEAD.{leads}", None
        else:
            in_body = True
            entry.kind = _body_kind(entry, words, folded, header)


def _is_basis(words: str, folded: str, entry: _Entry) -> bool:
    """ "Căn cứ …", "Theo đề nghị …"; "Thực hiện …" counts when it ends like a basis does (NĐ 30/2020 PL I.II.6a)."""
    if _BASIS.match(folded, entry.body):
        return True
    return words.endswith((";", ",")) and _CARRYING_OUT.match(folded, entry.body) is not None


def _body_kind(entry: _Entry, words: str, folded: str, header: Header) -> UnitKind:
    if entry.rank <= 3 or (entry.heading and entry.style != "plain"):
        return "section"
    if entry.style == "plain" and entry.heading and words.isupper():
        return "section"
    if entry.children and entry.style not in _BULLETS:
        return "section"
    if entry.children:
        return "group"
    under = _inherited_kind(entry)
    if under is None:
        under = "task" if header.type in _PLAN_TYPES and entry.style in _BULLETS else "statement"
    if under == "assignment":
        words_of = folded[entry.body : entry.end]
        named = entry.parent is not None and entry.parent.rank > 2 and names_a_unit(fold(entry.parent.title))
        return "assignment" if is_assignment(words_of) or (named and not is_remark(words_of)) else "statement"
    if under == "task" and (entry.style == "plain" or words.endswith(":")):
        return "statement"
    return under


def _inherited_kind(entry: _Entry) -> UnitKind | None:
    """The nearest heading that tells something decides; "Tổ chức thực hiện" rules all that lies under it."""
    kind: UnitKind | None = None
    above = entry.parent
    while above is not None:
        told = section_kind(above.title) if above.kind == "section" else None
        if told == "assignment":
            return told
        kind = kind or told
        above = above.parent
    return kind


def _units(entries: Sequence[_Entry], text: str) -> tuple[Unit, ...]:
    units: list[Unit] = []
    seen: dict[str, int] = {}
    for entry in entries:
        start = entry.start if entry.kind == "section" else entry.body
        words = text[start : entry.end]
        section = entry.parent
        while section is not None and section.kind != "section":
            section = section.parent
        key = f"{plain(section.title) if section else ''}|{plain(words)}"
        seen[key] = seen.get(key, 0) + 1
        uid = hashlib.sha256(f"{key}|{seen[key]}".encode()).hexdigest()[:12]
        unit = Unit(
            entry.id, uid, entry.kind, entry.parent.id if entry.parent else None, entry.marker, start,
            entry.end, words, entry.place,
        )  # fmt: skip
        if entry.kind == "assignment":
            unit = replace(unit, lead=assignment_units(words) or _heading_unit(entry))
        units.append(unit)
    return tuple(units)


def _heading_unit(entry: _Entry) -> tuple[str, ...]:
    """A heading that names a unit ("2. Các phòng chuyên môn") gives it to all items under it."""
    if entry.parent is None or not names_a_unit(fold(entry.parent.title)):
        return ()
    return (squeeze(entry.parent.title.rstrip(" :.;")),)
