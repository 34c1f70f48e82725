"""Lines -> the tree of units: headings, bases, tasks, assignments. Numbering decides, not heading style."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from extract.lines import NUMBERED, RANK, Line
from extract.model import Header, Mention, Place, Unit, UnitKind
from extract.tables import read_table
from extract.tasks import assignment_units, is_assignment, is_remark, names_a_unit
from extract.text import fold, squeeze

_BULLETS = frozenset({"dash", "plus", "star"})
_BASIS = re.compile(r"(?:c[ăâ]n cứ|theo đề nghị|xét (?:đề nghị|tờ trình))(?!\w)")
_CARRYING_OUT = re.compile(r"(?:thực hiện|triển khai(?: thực hiện)?|quán triệt)(?!\w)")
_CLOSING = re.compile(r"(?:trên đây là|nơi nhận\s*:)")
_RECIPIENTS = re.compile(r"(?:nơi nhận\s*:?|kính gửi\s*:|tm\.|kt\.|tl\.|tuq\.)")
_TURNS = frozenset("nkt")
"""First letters of what _CLOSING and _RECIPIENTS match: most lines need neither pattern."""
_PLAN_TYPES = frozenset(
    {"Kế hoạch", "Chương trình", "Chương trình hành động", "Đề án", "Phương án", "Kế hoạch phối hợp"}
)


@dataclass(slots=True, eq=False)
class _Entry:
    """A line of the document on its way to a unit."""

    start: int
    end: int
    style: str
    rank: int
    marker: str
    place: Place
    body: int  # where the words begin after the marker; headings keep their number
    heading: bool
    line_end: int  # of the first line: a heading that wraps is named by it
    parent: _Entry | None = None
    holds: bool = False  # entries below it; no list of them, since a ring of references would outlive the call
    id: str = ""
    kind: UnitKind = "statement"
    hands_down: UnitKind | Literal["", "open"] = "open"  # the kind that lies under it; "open" until asked for
    mark: int = -1  # checksum of the title, as the section of those below; -1 until asked for

    def title(self, text: str) -> str:
        """Return the words of the first line without the marker, from the text or its twin."""
        return text[self.body : self.line_end]


def read_outline(
    text: str, folded: str, lines: Sequence[Line], header: Header, mentions: Sequence[Mention]
) -> tuple[Unit, ...]:
    """Return the units of a text in order, with ids as the gold writes them (II.1.3.1, BASIS.1, III.p1).

    A citation never crosses the bounds of a unit: a line break inside one is a break of the page, not of the sense.
    """
    entries = _entries(folded, lines, header, _broken(text, mentions))
    _hang(entries, text)
    _name(entries)
    _judge(entries, text, folded, header)
    return _units(entries, text, folded)


# --- entries --------------------------------------------------------------------------------------


def _broken(text: str, mentions: Sequence[Mention]) -> frozenset[int]:
    """Return the places of the line breaks inside a citation, its issuer and date included."""
    breaks: set[int] = set()
    for m in mentions:
        start = m.start if m.issuer_start < 0 else min(m.start, m.issuer_start)
        at = text.find("\n", start, m.tail)
        while at >= 0:
            breaks.add(at)
            at = text.find("\n", at + 1, m.tail)
    return frozenset(breaks)


def _entries(folded: str, lines: Sequence[Line], header: Header, broken: frozenset[int]) -> list[_Entry]:
    found: list[_Entry] = []
    if header.title_span:
        start, end = header.title_span
        place = next((line.place for line in lines if line.start <= start < line.end), Place())
        found.append(_Entry(start, end, "title", -2, "", place, start, False, end))
    previous: _Entry | None = None
    for start, end, style, marker, body, heading, goes_on, block, place in lines:
        if block < header.body_start:
            continue
        if previous is not None:
            if not heading and block - 1 in broken:
                previous.end = end
                continue
            if style == "plain" and folded[start] in _TURNS and _RECIPIENTS.match(folded, start):
                break
            if goes_on:
                previous.end = end
                continue
        previous = _Entry(start, end, style, RANK[style], marker, place, body, heading, end)
        found.append(previous)
        if folded[body : body + 1] in _TURNS and _CLOSING.match(folded, body):
            break
    return found


# --- tree -----------------------------------------------------------------------------------------


def _hang(entries: Sequence[_Entry], text: str) -> None:
    stack: list[_Entry] = []
    above: _Entry | None = None  # what a paragraph without marker hangs under, as long as the stack stays
    for entry in entries:
        if entry.style == "title":
            continue
        if entry.style == "plain":
            entry.parent = above
        else:
            while stack and stack[-1].rank >= entry.rank:
                stack.pop()
            entry.parent = stack[-1] if stack else None
            stack.append(entry)
            above = next((e for e in reversed(stack) if e.rank <= 3 or e.heading or _titled(e, text)), None)
        if entry.parent is not None:
            entry.parent.holds = True


def _titled(entry: _Entry, text: str) -> bool:
    """A short numbered line that ends without a mark is a heading for the paragraphs below it."""
    last = text[entry.line_end - 1] if entry.line_end > entry.body else ""
    return entry.rank <= 6 and entry.line_end - entry.body <= 120 and last.isalnum()


def _name(entries: Sequence[_Entry]) -> None:
    taken: dict[str, int] = {}
    plain_count: dict[str, int] = {}
    bullets: dict[str, int] = {}
    for entry in entries:
        path, style = entry.parent.id if entry.parent else "", entry.style
        if style == "title":
            entry.id = "TITLE"
            continue
        if style == "plain":
            count = plain_count[path] = plain_count.get(path, 0) + 1
            own = f"p{count}"
        elif style in _BULLETS:
            count = bullets[path] = bullets.get(path, 0) + 1
            own = str(count)
        elif style in NUMBERED:
            own = entry.marker.title().replace(" ", "")
        elif style in ("arabic2", "arabic3"):
            own = entry.marker.split(".", entry.parent.marker.count(".") + 1 if entry.parent else 0)[-1]
        else:
            own = entry.marker
        name = f"{path}.{own}" if path else own
        count = taken[name] = taken.get(name, 0) + 1
        entry.id = name if count == 1 else f"{name}~{count}"


# --- kinds ----------------------------------------------------------------------------------------


@cache
def _section_patterns() -> tuple[tuple[UnitKind, str], ...]:
    return tuple((row["kind"], fold(row["pattern"])) for row in read_table("sections"))  # type: ignore[misc]


def section_kind(heading: str) -> UnitKind | None:
    """Return what lies under a folded heading (statement, task, assignment), None where it tells nothing."""
    return next((kind for kind, pattern in _section_patterns() if pattern in heading), None)


def _judge(entries: Sequence[_Entry], text: str, folded: str, header: Header) -> None:
    in_body = False
    bases = leads = 0
    for entry in entries:
        if entry.style == "title":
            entry.kind = "title"
        elif folded[entry.body : entry.body + 1] in _TURNS and _CLOSING.match(folded, entry.body) and not entry.holds:
            entry.kind, entry.id = "closing", f"{entry.parent.id}.close" if entry.parent else "close"
        elif not in_body and entry.style in ("plain", "dash") and _is_basis(text, folded, entry):
            bases += 1
            entry.kind, entry.id, entry.parent = "basis", f"BASIS.{bases}", None
        elif not in_body and entry.style == "plain":
            if bases or text[entry.end - 1] == ":":
                leads += 1
                entry.kind, entry.id, entry.parent = "lead", "LEAD" if leads == 1 else f"LEAD.{leads}", None
        else:
            in_body = True
            entry.kind = _body_kind(entry, text, folded, header)


def _is_basis(text: str, folded: str, entry: _Entry) -> bool:
    """ "Căn cứ …", "Theo đề nghị …"; "Thực hiện …" counts when it ends like a basis does (NĐ 30/2020 PL I.II.6a)."""
    if _BASIS.match(folded, entry.body):
        return True
    return text[entry.end - 1] in ";," and _CARRYING_OUT.match(folded, entry.body) is not None


def _body_kind(entry: _Entry, text: str, folded: str, header: Header) -> UnitKind:
    bullet = entry.style in _BULLETS
    if entry.rank <= 3 or (entry.heading and entry.style != "plain") or (entry.holds and not bullet):
        return "section"
    if entry.style == "plain" and entry.heading and text[entry.start : entry.end].isupper():
        return "section"
    if entry.holds:
        return "group"
    under = _handed_down(entry.parent, folded) if entry.parent is not None else ""
    if not under:
        under = "task" if bullet and header.type in _PLAN_TYPES else "statement"
    if under == "assignment":
        words_of = folded[entry.body : entry.end]
        named = entry.parent is not None and entry.parent.rank > 2 and names_a_unit(entry.parent.title(folded))
        return "assignment" if is_assignment(words_of) or (named and not is_remark(words_of)) else "statement"
    if under == "task" and (entry.style == "plain" or text[entry.end - 1] == ":"):
        return "statement"
    return under


def _handed_down(entry: _Entry, folded: str) -> UnitKind | Literal[""]:
    """What lies under ``entry``: the nearest heading that tells decides, "Tổ chức thực hiện" rules all below it."""
    if entry.hands_down == "open":
        above = _handed_down(entry.parent, folded) if entry.parent is not None else ""
        told = section_kind(entry.title(folded)) if entry.kind == "section" else None
        entry.hands_down = "assignment" if above == "assignment" else told or above
    return entry.hands_down


def _units(entries: Sequence[_Entry], text: str, folded: str) -> tuple[Unit, ...]:
    units: list[Unit] = []
    seen: dict[int, int] = {}
    for entry in entries:
        parent, end = entry.parent, entry.end
        start = entry.start if entry.kind == "section" else entry.body
        mark = _checksum(folded[start:end], _section_mark(parent, folded))
        count = seen[mark] = seen.get(mark, 0) + 1
        lead: tuple[str, ...] = ()
        words = text[start:end]
        if entry.kind == "assignment":
            lead = assignment_units(words) or _heading_unit(entry, text)
        units.append(Unit(
            entry.id, f"{mark:08x}{count:02x}", entry.kind, parent.id if parent is not None else None, entry.marker,
            start, end, words, entry.place, lead,
        ))  # fmt: skip
    return tuple(units)


def _section_mark(entry: _Entry | None, folded: str) -> int:
    """The checksum of the heading that ``entry`` stands under, or is."""
    while entry is not None and entry.kind != "section":
        entry = entry.parent
    if entry is None:
        return 0
    if entry.mark < 0:
        entry.mark = _checksum(entry.title(folded), 0)
    return entry.mark


def _checksum(folded: str, start: int) -> int:
    """32 bits tell the units of one document apart well enough; equal ones are counted besides."""
    if "\n" in folded or "  " in folded:
        folded = " ".join(folded.split())
    return zlib.crc32(folded.encode("utf-8", "surrogatepass"), start)


def _heading_unit(entry: _Entry, text: str) -> tuple[str, ...]:
    """A heading that names a unit ("2. Các phòng chuyên môn") gives it to all items under it."""
    title = entry.parent.title(text) if entry.parent is not None else ""
    if not title or not names_a_unit(fold(title)):
        return ()
    return (squeeze(title.rstrip(" :.;")),)
