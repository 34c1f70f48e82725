"""Lines -> the tree of units: headings, bases, tasks, assignments. Numbering decides, not heading style."""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import Literal

from extract.dues import due_in
from extract.entries import (
    CLOSING,
    NO_TASKS,
    PLAN_TYPES,
    TURNS,
    Entry,
    is_plan,
    join_part_titles,
    mark_bracketed,
    mark_topics,
    mark_unit_headings,
    read_entries,
    read_labels,
)
from extract.helping import helpers
from extract.lines import NUMBERED, Line
from extract.model import Header, Mention, Unit, UnitKind
from extract.tables import read_table
from extract.tasks import (
    acts_after,
    assignment_units,
    cell_units,
    heading_units,
    inline_labels,
    is_assignment,
    is_remark,
    is_target,
    is_timed,
    leads_as_party,
    named_in_passing,
    names_a_unit,
    opens_task,
)
from extract.text import either, fold

_BULLETS = frozenset({"dash", "plus", "star"})
_BASIS = re.compile(r"(?:c[ăâ]n cứ|theo đề nghị|xét (?:đề nghị|tờ trình))(?!\w)")
_CARRYING_OUT = re.compile(r"(?:thực hiện|triển khai(?: thực hiện)?|quán triệt)(?!\w)")
_PREAMBLE = re.compile(r"(?:để\s+|nhằm\s+)?(?:tiếp tục\s+)?(?:tổ chức\s+)?(?:thực hiện|triển khai|quán triệt)(?!\w)")
"""A plan whose only preamble is "Thực hiện Nghị quyết số …, UBND tỉnh ban hành Kế hoạch như sau:" rests on that."""
_NUMBERED = re.compile(r"số\s*\d+[\w.]*[/-]")
_BANNER = re.compile(r"(?P<upper>[IVXLC]+|[A-ZĐ])|(?P<number>\d+(?:\.\d+)*)|(?P<letter>[a-zđ])")


def read_outline(
    text: str, folded: str, lines: Sequence[Line], header: Header, mentions: Sequence[Mention]
) -> tuple[Unit, ...]:
    """Return the units of a text in order, with ids as the gold writes them (II.1.3.1, BASIS.1, III.p1).

    A citation never crosses the bounds of a unit: a line break inside one is a break of the page, not of the sense.
    """
    plan = header.type in PLAN_TYPES
    entries = read_entries(text, folded, lines, header, _broken(text, mentions))
    told = plan or header.type not in ("", *NO_TASKS) or any(e.style == "annex" for e in entries)
    if told:
        entries = join_part_titles(entries, text)
        if plan:
            mark_bracketed(entries, text)
        read_labels(entries, text, folded)
        mark_unit_headings(entries, text)
        mark_topics(entries, text)
    _hang(entries, text, folded, told)
    _name(entries)
    _judge(entries, text, folded, plan)
    if not plan and sum(entry.style == "article" for entry in entries) > _ARTICLES:
        _lay_down(entries)
    return _units(entries, text, folded, told, [(m.start, m.tail) for m in mentions])


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


# --- tree -----------------------------------------------------------------------------------------


def _hang(entries: Sequence[Entry], text: str, folded: str, told: bool) -> None:
    stack: list[Entry] = []
    banners: list[tuple[int, Entry]] = []  # the headings open in a table, with their levels
    last = ""  # the number of the row before, "" below a heading row
    above: Entry | None = None  # what a paragraph without marker hangs under, as long as the stack stays
    for entry in entries:
        if entry.style == "title":
            continue
        if entry.style in ("row", "cells", "banner"):
            _hang_row(entry, banners, _over_table(stack, text), last, text)
            last = entry.marker if entry.style == "row" else ""
        elif entry.style == "plain":
            entry.parent = above
        else:
            while stack and stack[-1].rank >= entry.rank:
                stack.pop()
            entry.parent = stack[-1] if stack else None
            stack.append(entry)
            above = next(
                (e for e in reversed(stack) if e.rank <= 3 or e.heading or _titled(e, text, folded, told)), None
            )
        if entry.parent is not None and not (told and (entry.is_label or _adds_nothing(entry, folded))):
            entry.parent.holds = True


def _over_table(stack: Sequence[Entry], text: str) -> Entry | None:
    """A table hangs under what announces it, not under the whole sentence that stands before it."""
    return next((e for e in reversed(stack) if e.rank <= 3 or text[e.end - 1] not in ".;"), None)


def _adds_nothing(entry: Entry, folded: str) -> bool:
    """A table of other things, a remark or the closing makes no section of what it stands under."""
    if entry.style == "cells":
        return True
    return entry.style == "plain" and (is_remark(folded[entry.body : entry.end]) or _is_closing(entry, folded))


def _is_closing(entry: Entry, folded: str) -> bool:
    return folded[entry.body : entry.body + 1] in TURNS and CLOSING.match(folded, entry.body) is not None


def _hang_row(entry: Entry, banners: list[tuple[int, Entry]], above: Entry | None, last: str, text: str) -> None:
    """A row hangs under the heading rows of its table, the table under what it stands in."""
    if banners and banners[0][1].place.table != entry.place.table:
        banners.clear()
    level = _level(entry.marker, text[entry.start : entry.end])
    if entry.style == "banner":
        while banners and banners[-1][0] >= level:
            banners.pop()
    elif entry.style == "row" and banners and _follows(entry.marker, banners[-1][1].marker, last):
        banners.pop()
    entry.parent = banners[-1][1] if banners else above
    if entry.style == "banner":
        banners.append((level, entry))


def _follows(number: str, heading: str, last: str) -> bool:
    """Row 2 ends what is under heading 1, unless rows count 1, 2, 3 under it themselves."""
    if not (number.isdigit() and heading.isdigit()) or last.isdigit():
        return False
    return int(number) == int(heading) + 1


def _level(marker: str, title: str) -> int:
    m = _BANNER.fullmatch(marker)
    if m is None:
        return 1 if title.isupper() else 9
    return {"upper": 1, "letter": 8}.get(m.lastgroup or "", 2 + marker.count("."))


_SHORT = 90


def _titled(entry: Entry, text: str, folded: str, told: bool) -> bool:
    """A short numbered line that ends without a mark, or with a colon, is a heading for the paragraphs below it."""
    last = text[entry.line_end - 1] if entry.line_end > entry.body else ""
    if entry.rank > 7 or entry.line_end - entry.body > 180:
        return False
    if told and last == "." and entry.rank <= 6 and entry.line_end - entry.body <= _SHORT:
        return not (opens_task(entry.title(folded)) or assignment_units(entry.title(text)))  # "1. Công tác khác."
    return last == ":" or (last.isalnum() and entry.rank <= 6)


def _name(entries: Sequence[Entry]) -> None:
    taken: dict[str, int] = {}
    plain_count: dict[str, int] = {}
    bullets: dict[str, int] = {}
    for entry in entries:
        path, style = entry.parent.id if entry.parent else "", entry.style
        if style == "title":
            entry.id = "TITLE"
            continue
        if style in ("plain", "cells", "unit"):
            count = plain_count[path] = plain_count.get(path, 0) + 1
            own = f"p{count}"
        elif style in _BULLETS or (style in ("row", "banner") and not entry.marker.strip("-+*")):
            count = bullets[path] = bullets.get(path, 0) + 1
            own = str(count)
        elif style in NUMBERED:
            own = entry.marker.title().replace(" ", "")
        elif style in ("arabic2", "arabic3"):
            own = entry.marker.split(".", entry.parent.marker.count(".") + 1 if entry.parent else 0)[-1]
        elif style in ("row", "banner"):
            marker = entry.parent.marker if entry.parent is not None else ""
            own = entry.marker.removeprefix(f"{marker}.") if marker else entry.marker
        else:
            own = entry.marker
        name = f"{path}.{own}" if path else own
        count = taken[name] = taken.get(name, 0) + 1
        entry.id = name if count == 1 else f"{name}~{count}"


# --- kinds ----------------------------------------------------------------------------------------


_NEAR = 16
"""Words that make a heading one of statements stand this near to its begin (characters)."""


@cache
def _section_patterns() -> tuple[tuple[UnitKind, str, str], ...]:
    return tuple((row["kind"], fold(row["pattern"]), row["weight"]) for row in read_table("sections"))  # type: ignore[misc]


@cache
def _any_section() -> re.Pattern[str]:
    return re.compile(either(pattern for _, pattern, _ in _section_patterns()))


def section_kind(heading: str) -> UnitKind | None:
    """Return what lies under a folded heading (statement, task, assignment), None where it tells nothing."""
    told = _section(heading)
    return "statement" if told == "told" else told


def _section(heading: str) -> UnitKind | Literal["told"] | None:
    """As :func:`section_kind`; "told" where the heading only hints at statements: work laid on somebody counts."""
    found: dict[str, int] = {}
    if not _any_section().search(heading):
        return None
    for kind, pattern, weight in _section_patterns():
        at = heading.find(pattern)
        if at < 0 or (kind == "statement" and at > (2 if weight == "first" else _NEAR)):
            continue
        if kind == "statement" and weight != "weak":
            return kind
        found.setdefault("told" if weight == "weak" else kind, at)
    if "told" in found and found["told"] == min(found.values()):
        return "told"
    return next((kind for kind in ("assignment", "task") if kind in found), None)


def _judge(entries: Sequence[Entry], text: str, folded: str, plan: bool) -> None:
    in_body = False
    bases = leads = 0
    for entry in entries:
        if entry.style == "title":
            entry.kind = "title"
        elif entry.style == "annex":
            in_body, entry.kind = True, "section"
            if is_plan(entry.title(text)):
                plan, in_body = True, False
        elif not entry.holds and _is_closing(entry, folded):
            entry.kind, entry.id = "closing", f"{entry.parent.id}.close" if entry.parent else "close"
        elif not in_body and entry.style in ("plain", "dash") and _is_basis(text, folded, entry, plan):
            bases += 1
            entry.kind, entry.id, entry.parent = "basis", f"BASIS.{bases}", None
        elif not in_body and entry.style == "plain":
            if (bases and not entry.annex) or text[entry.end - 1] == ":":
                leads += 1
                entry.kind, entry.id, entry.parent = "lead", "LEAD" if leads == 1 else f"LEAD.{leads}", None
        else:
            in_body = True
            entry.kind = _body_kind(entry, text, folded, plan)


def _is_basis(text: str, folded: str, entry: Entry, plan: bool) -> bool:
    """ "Căn cứ …", "Theo đề nghị …"; "Thực hiện …" counts when it ends like a basis does (NĐ 30/2020 PL I.II.6a)."""
    if _BASIS.match(folded, entry.body):
        return True
    if plan and _PREAMBLE.match(folded, entry.body) and _NUMBERED.search(folded, entry.body, entry.end):
        return True
    return text[entry.end - 1] in ";," and _CARRYING_OUT.match(folded, entry.body) is not None


def _body_kind(entry: Entry, text: str, folded: str, plan: bool) -> UnitKind:
    bullet = entry.style in _BULLETS
    under = _handed_down(entry.parent, folded) if entry.parent is not None else ""
    if entry.row is not None:
        if under == "statement" and entry.style == "row" and is_target(folded[entry.body : entry.end]):
            return "statement"
        acting: UnitKind = "assignment" if under == "assignment" else "task"
        return {"row": acting, "banner": "section"}.get(entry.style, "statement")
    if entry.rank <= 3 or (entry.heading and entry.style != "plain") or (entry.holds and not bullet):
        return "section"
    if entry.style == "plain" and entry.heading and text[entry.start : entry.end].isupper():
        return "section"
    if entry.holds:
        return "group"
    if plan:
        return _plan_kind(entry, text, folded, under)
    if under == "assignment":
        words_of = folded[entry.body : entry.end]
        named = entry.parent is not None and entry.parent.rank > 2 and names_a_unit(entry.parent.title(folded))
        return "assignment" if is_assignment(words_of) or (named and not is_remark(words_of)) else "statement"
    if under == "task" and (entry.style in ("plain", "cells") or text[entry.end - 1] == ":"):
        return "statement"
    return "statement" if under in ("", "told") else under  # type: ignore[return-value]


_ARTICLES = 5
"""A text with more articles than this is a norm (a decision that approves a programme has three to five)."""


def _lay_down(entries: Sequence[Entry]) -> None:
    """What a norm asks of everybody, for all time, is no task that somebody reports on; rows of its tables may be."""
    for entry in entries:
        if entry.kind in ("task", "group") and entry.row is None:
            entry.kind = "statement"


_LONG = 80
"""What ends with a colon and is shorter only opens a list, even where it names a unit (characters)."""


_LEADING_IN = re.compile(r"(?::|(?<![\wà-ỹ])(?:sau|sau đây|dưới đây)\s*[.;]?)$")
_WORK_BELOW = re.compile(
    r"(?:thực hiện|triển khai)(?:\s+tốt)?\s+(?:các|một số|những)\s+(?:nội dung|nhiệm vụ|công việc)[^,;.]{0,60}:$"
)
"""What is to be done is told below and nowhere in such a paragraph."""
_POINTING = 160
_TO_ANNEX = re.compile(r"(?:theo|tại|trong)\s+(?:các\s+)?(?:phụ lục|biểu)(?![\wà-ỹ])")
"""What a short paragraph only leaves to the appendix is told there."""


def _plan_kind(entry: Entry, text: str, folded: str, under: str) -> UnitKind:
    """In a plan a paragraph is work when it lays an act on somebody, or begins with one and no heading denies it."""
    words = folded[entry.body : entry.end]
    if under == "statement" or entry.style == "cells" or entry.is_label or is_remark(words) or words[0] == "(":
        return "statement"
    if len(words) < _POINTING and (pointer := _TO_ANNEX.search(words)) and not acts_after(words, pointer.end()):
        return "statement"
    opens_list = _LEADING_IN.search(words) is not None
    only_opens = opens_list and (len(words) < _LONG or _WORK_BELOW.search(words) is not None)
    laid = bool(assignment_units(text[entry.body : entry.end])) and not only_opens
    acts = laid or (not opens_list and opens_task(words))
    if under == "assignment":
        called = not opens_list and (is_assignment(words) or bool(_heading_lead(entry, text)))
        return "assignment" if laid or called or (acts and entry.style != "plain") else "statement"
    if laid:
        return "task"
    if opens_list or (under == "told" and not is_timed(words)) or is_target(words):
        return "statement"
    if entry.style == "plain" or (not under and (entry.style not in _BULLETS or entry.annex)):
        return "task" if acts and not entry.annex else "statement"
    return "task"


def _handed_down(entry: Entry, folded: str) -> UnitKind | Literal["", "told"]:
    """What lies under ``entry``: the nearest heading that tells decides, "Tổ chức thực hiện" rules all below it."""
    if entry.hands_down == "open":
        above = _handed_down(entry.parent, folded) if entry.parent is not None else ""
        told = _section(entry.title(folded)) if entry.kind == "section" and not is_target(entry.title(folded)) else None
        entry.hands_down = "assignment" if above == "assignment" else told or above
    return entry.hands_down


# --- units ----------------------------------------------------------------------------------------


def _units(
    entries: Sequence[Entry], text: str, folded: str, told: bool, cited: Sequence[tuple[int, int]]
) -> tuple[Unit, ...]:
    units: list[Unit] = []
    seen: dict[int, int] = {}
    for entry in entries:
        parent, end = entry.parent, entry.end
        start = entry.start if entry.kind == "section" else entry.body
        mark = _checksum(folded[start:end], _section_mark(parent, folded))
        count = seen[mark] = seen.get(mark, 0) + 1
        unit = Unit(
            entry.id, f"{mark:08x}{count:02x}", entry.kind, parent.id if parent is not None else None, entry.marker,
            start, end, text[start:end], entry.place,
        )  # fmt: skip
        if entry.kind == "assignment" and not told and entry.row is None:  # a norm: who, but no day and no helpers
            unit = unit._replace(lead=assignment_units(unit.text) or _heading_lead(entry, text))
        elif entry.kind in ("task", "assignment") and (told or entry.row is not None):
            unit = _laid(unit, entry, text, folded, cited)
        elif entry.row is not None:
            unit = unit._replace(in_table=True, cells=entry.row.cells)
        units.append(unit)
    return tuple(units)


def _laid(unit: Unit, entry: Entry, text: str, folded: str, cited: Sequence[tuple[int, int]]) -> Unit:
    """Return the task with who does it, with whom, until when, and what is to come of it."""
    row = entry.row
    if row is not None:
        return unit._replace(
            lead=row.lead or _heading_lead(entry, text), cooperating=row.cooperating or helpers(unit.text), due=row.due,
            product=row.product, in_table=True, cells=row.cells,
        )  # fmt: skip
    told = inline_labels(unit.text) | (entry.told or {})
    lead, helping = cell_units(told.get("lead", ""))
    lead = lead or _doers(unit.text)
    heading = _heading_lead(entry, text) if not lead or lead[0].startswith("Lãnh đạo ") else ()
    if not lead or leads_as_party(lead, heading):
        lead = heading
    helping += cell_units(f"phối hợp: {told['with']}")[1] if "with" in told else ()
    helping += tuple(u for u in helpers(unit.text) if u not in helping)
    if heading and lead is heading:
        helping = helping or _heading_helpers(entry, text)
    first = bisect_left(cited, (unit.start,))
    near = cited[first : bisect_left(cited, (unit.end,))]
    due = told.get("due") or due_in(text, folded, unit.start, unit.end, near)
    return unit._replace(lead=lead, cooperating=helping, due=due, product=told.get("product", ""))


def _doers(words: str) -> tuple[str, ...]:
    """Who a paragraph says does it; brackets at its end ("(Sở Nội vụ thực hiện)") tell it of all before them."""
    if words.endswith((")", ").", ");")) and (named := named_in_passing(words[words.rfind("(") :])):
        return named
    return assignment_units(words) or named_in_passing(words)


def _heading_lead(entry: Entry, text: str) -> tuple[str, ...]:
    """A heading that names a unit ("2. Các phòng chuyên môn") gives it to all items under it."""
    above = entry.parent
    while above is not None:
        if above.rank > 2 and (named := heading_units(above.title(text))):
            return named
        above = above.parent
    return ()


_HEADING_LENGTH = 400


def _heading_helpers(entry: Entry, text: str) -> tuple[str, ...]:
    """Who "Sở Y tế chủ trì, phối hợp với các xã:" names as helping does so in all items under it."""
    above = entry.parent
    while above is not None and not (above.rank > 2 and heading_units(above.title(text))):
        above = above.parent
    return helpers(text[above.body : above.end][:_HEADING_LENGTH]) if above is not None else ()


def _section_mark(entry: Entry | None, folded: str) -> int:
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
