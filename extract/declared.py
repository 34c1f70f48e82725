"""Short forms that the text itself declares: "(sau đây gọi tắt là Đề án 06)", with what they stand for and where.

A name declared for a document or a work is a pointer wherever it stands afterwards; one declared for an
organ is offered to those who read issuers (:func:`organ_names`). Other short forms ("người lao động") are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from extract import doctypes, works
from extract.model import Mention, Unit, WorkMention
from extract.organs import organ_at
from extract.quotes import Quotes
from extract.tables import read_table
from extract.text import UPPER, either, fold, plain, squeeze, straighten
from extract.units import UnitTree

_QUOTED = re.compile(r"\s*:?\s*[“\"‘'«](?P<name>[^”\"’'»]{2,120})[”\"’'»]")
_IN_BRACKETS = re.compile(r"\s*:?\s*(?P<name>[^();“”\"]{2,120}?)\s*[);]")
_IN_CLAUSE = re.compile(r"\s*:?\s*(?P<name>[^(),.;:\n“”\"]{2,80}?)\s*(?=[),.;:\n]|$)")
_PLURAL = re.compile(r"(?:các|những|hai|ba|\d+)\s+")
_NUMBER = re.compile(r"\s+(?:số\s+)?(?P<number>\d+)(?![\w])")
_ACRONYM = re.compile(rf"[{UPPER}]{{2,}}(?![a-zà-ỹđ])[\w& -]*")
_PART = re.compile(r"trong\s+(?:phạm vi\s+)?(?P<part>khoản|điều|mục|chương|phần|phụ lục)\s+này\s*,?\s*$")
_ANNEX = re.compile(r"\n[ \t*_#]*(?:PHỤ LỤC(?!\w)|Phụ lục(?: (?:số )?\w{1,5})?[ \t*]*(?=\n))")
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_ATTACHED = re.compile(r"kèm theo\s+\w+(?:\s+\w+){0,3}\s+này(?!\w)")
ISSUED_ALONE = doctypes.LAWS | {"Nghị định", "Nghị quyết", "Thông tư", "Thông tư liên tịch", "Quyết định", "Chỉ thị"}
"""Types that no other document brings along as its annex: in a plan "Nghị quyết này" is never the plan."""
_REACH = 600
"""How far before its declaration a name's document is looked for where no unit bounds the search (characters)."""
_TITLE = 3000
"""The same within a unit; the longest titles have some 1,500 characters."""
_CHANGE = re.compile(either(row["words"] for row in read_table("pointers") if row["role"] == "changes"))
_ENDS_NAME = r"\s*(?:[,.;:!?)\]”\"\n]|$)"


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declared name. ``start``/``end`` bound the name where it is declared, ``until`` is where its scope ends.

    ``citations`` and ``works`` are indexes of what it may stand for (several: the text leaves it open; ``own``
    for the document itself or what it issues), ``organ`` the words of the organ that it stands for, else "".
    """

    start: int
    end: int
    name: str
    citations: tuple[int, ...]
    works: tuple[int, ...]
    own: bool
    organ: str
    until: int


def organ_names(declarations: Sequence[Declaration]) -> dict[str, str]:
    """Return declared name -> words of the organ: "Sở" -> "Sở Khoa học và Công nghệ tỉnh Minh Họa"."""
    return {d.name: d.organ for d in declarations if d.organ}


def find_declarations(
    text: str,
    folded: str,
    units: UnitTree,
    mentions: Sequence[Mention],
    found_works: Sequence[WorkMention],
    own_type: str,
) -> list[Declaration]:
    """Return the names that ``text`` declares for documents, works and organs, in text order.

    ``own_type`` is the type of the document itself, "" where it is not known.
    """
    reader = _Reader(text, folded, units, mentions, found_works, own_type)
    return _scoped(sorted(reader.declarations(), key=lambda d: d.start))


def occurrences(text: str, folded: str, declarations: Sequence[Declaration]) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, index of the declaration) where a declared name stands in its scope as declared.

    As declared: whole words, the same capitals. A name that is a mere type word ("Chương trình") counts only where
    nothing after it makes a longer name of it. All names that begin with one word share one search of the text.
    """
    by_first: dict[str, dict[tuple[str, ...], list[int]]] = {}
    for n, declaration in enumerate(declarations):
        tokens = tuple(_TOKEN.findall(fold(declaration.name)))
        by_first.setdefault(tokens[0], {}).setdefault(tokens, []).append(n)
    for first, names in by_first.items():
        longest = max(map(len, names))
        at = folded.find(first, min(declarations[some[0]].end for some in names.values()))
        while at >= 0:
            end = at
            if not folded[at - 1].isalnum():
                for tokens, name_end in _prefixes(folded, at, longest):
                    which = _in_scope(declarations, names.get(tokens, ()), at)
                    if which is not None and _stands(text, folded, at, name_end, declarations[which]):
                        yield at, name_end, which
                        end = name_end
                        break
            at = folded.find(first, max(end, at + len(first)))


def _prefixes(folded: str, position: int, longest: int) -> list[tuple[tuple[str, ...], int]]:
    """Return the runs of words from ``position`` on with their ends, the longest first."""
    tokens: list[str] = []
    found: list[tuple[tuple[str, ...], int]] = []
    for m in _TOKEN.finditer(folded, position):
        tokens.append(m.group())
        found.append((tuple(tokens), m.end()))
        if len(tokens) == longest:
            break
    return found[::-1]


def _in_scope(declarations: Sequence[Declaration], same: Sequence[int], position: int) -> int | None:
    """Return which of the declarations of one name holds at ``position``: the last one before it, None if none."""
    n = bisect_right(same, position, key=lambda i: declarations[i].end) - 1
    return same[n] if n >= 0 and position < declarations[same[n]].until else None


def _stands(text: str, folded: str, start: int, end: int, declaration: Declaration) -> bool:
    if not _same_capitals(squeeze(straighten(text[start:end])), declaration.name):
        return False
    return squeeze(folded[start:end]) not in type_names() or ends_name(text, folded, end)


def ends_name(text: str, folded: str, position: int) -> bool:
    """Tell whether what stands at ``position`` closes a name: a mark, or a word that opens no title."""
    m = _name_end().match(folded, position)
    if m is None:
        return False
    following = m["word"]
    return following not in ("và", "hoặc") or not text[m.end() : m.end() + 2].strip()[:1].isupper()


@cache
def _name_end() -> re.Pattern[str]:
    words = either((row["words"] for row in read_table("pointers") if row["role"] == "follows"), r"\s+")
    return re.compile(rf"{_ENDS_NAME}|\s+(?P<word>{words})(?!\w)")


@cache
def type_names() -> dict[str, str]:
    """Return folded word -> type, for the words of document types and the heads of works; "" for "văn bản"."""
    names = {head: head[0].upper() + head[1:] for head in works.heads()}
    return names | doctypes.words()


def _same_capitals(found: str, declared: str) -> bool:
    """Compare the case of two strings that fold alike; a small first letter may be large at a sentence's start."""
    first = 0 if declared[0].isupper() else 1
    return [c.isupper() for c in found[first:]] == [c.isupper() for c in declared[first:]]


def _scoped(declarations: Sequence[Declaration]) -> list[Declaration]:
    """Let a name that is declared anew mean the new thing from there on."""
    scoped: list[Declaration] = []
    latest: dict[str, int] = {}
    for n, declaration in enumerate(declarations):
        earlier = latest.get(declaration.name)
        if earlier is not None and scoped[earlier].until > declaration.start:
            scoped[earlier] = replace(scoped[earlier], until=declaration.start)
        latest[declaration.name] = n
        scoped.append(declaration)
    return scoped


# --- the declaring words --------------------------------------------------------------------------


@cache
def _cues() -> dict[str, tuple[re.Pattern[str], frozenset[tuple[str, str]]]]:
    """Return anchor -> (pattern of the words from it on, the pairs of words before and from the anchor)."""
    pairs: dict[str, set[tuple[str, str]]] = {}
    for row in read_table("short_forms"):
        before, anchor, after = row["words"].partition(row["anchor"])
        pairs.setdefault(anchor, set()).add((before.strip(), anchor + after))
    return {
        anchor: (re.compile(either((after for _, after in some), r"\s+") + r"(?!\w)"), frozenset(some))
        for anchor, some in pairs.items()
    }


class _Reader:
    """One text on its way to declarations."""

    def __init__(
        self,
        text: str,
        folded: str,
        units: UnitTree,
        mentions: Sequence[Mention],
        found_works: Sequence[WorkMention],
        own_type: str,
    ) -> None:
        self.text, self.folded, self.units = text, folded, units
        self.mentions, self.works, self.own_type = mentions, found_works, own_type
        self._ends: dict[str, int] = {}
        self._starts = [m.start for m in mentions]
        self._work_starts = [w.start for w in found_works]

    @cached_property
    def _annexes(self) -> list[int]:
        return [m.start() for m in _ANNEX.finditer(self.text)]

    def declarations(self) -> Iterator[Declaration]:
        """Yield what every declaring phrase declares."""
        quotes = Quotes(self.text)
        for anchor, (pattern, pairs) in _cues().items():
            at = self.folded.find(anchor)
            while at >= 0:
                m = pattern.match(self.folded, at)
                start = self._cue_start(at, squeeze(m.group()), pairs) if m else None
                if m and start is not None:
                    declaration = self._read(start, m.end(), quotes)
                    if declaration is not None:
                        yield declaration
                at = self.folded.find(anchor, at + len(anchor))

    def _cue_start(self, at: int, cue: str, pairs: frozenset[tuple[str, str]]) -> int | None:
        """Return where the cue begins with the words before its anchor ("sau đây được"), None if it is none."""
        lower = max(0, at - 24)
        words = self.folded[lower:at].split()[-3:]
        for n in range(min(3, len(words)), -1, -1):
            before = words[len(words) - n :]
            if (" ".join(before).lstrip("(“[,-"), cue) not in pairs:
                continue
            start = at
            for word in reversed(before):
                start = self.folded.rfind(word.lstrip("(“[,-"), lower, start)
            return start
        return None

    def _read(self, cue_start: int, cue_end: int, quotes: Quotes) -> Declaration | None:
        bracket = self.folded.rfind("(", max(0, cue_start - 120), cue_start)
        inside = bracket >= 0 and ")" not in self.folded[bracket:cue_start]
        m = _QUOTED.match(self.text, cue_end) or (_IN_BRACKETS if inside else _IN_CLAUSE).match(self.text, cue_end)
        if m is None:
            return None
        start, end = m.span("name")
        if not self.text[start].isalnum():
            return None
        part = _PART.search(self.folded, max(0, cue_start - 40), cue_start)
        left = bracket if inside else part.start() if part else cue_start
        left = _trim(self.folded, left)
        until = self._until(cue_start, part["part"] if part else "", quotes)
        blank = Declaration(start, end, squeeze(straighten(self.text[start:end])), (), (), False, "", until)
        return self._meaning(blank, left)

    def _until(self, position: int, part: str, quotes: Quotes) -> int:
        """Return where the scope ends: with the quoted passage, the annex or the part it is declared for."""
        end = len(self.text)
        if quoted := quotes.around(position):
            end = quoted[1]
        annex = bisect_left(self._annexes, position)
        if annex and annex < len(self._annexes):  # inside one annex, before the next
            end = min(end, self._annexes[annex])
        elif part and part != "phụ lục":
            end = min(end, self._part_end(position, part))
        return end

    def _part_end(self, position: int, part: str) -> int:
        """Return the end of the unit that a word for parts names around ``position`` ("Chương", "Điều")."""
        unit = self.units.at(position)
        while unit is not None and not (
            fold(unit.text[:8]).startswith(part) or (part == "khoản" and unit.marker[:1].isdigit())
        ):
            unit = self.units.parent(unit)
        if unit is None:
            return len(self.text)
        if unit.id not in self._ends:
            self._ends[unit.id] = self._end_of(unit)
        return self._ends[unit.id]

    def _end_of(self, unit: Unit) -> int:
        """Return where the first unit begins that does not lie under ``unit``."""
        inside = {unit.id}
        for other in self.units:
            if other.start > unit.start:
                if other.parent not in inside:
                    return other.start
                inside.add(other.id)
        return len(self.text)

    # --- what it stands for -----------------------------------------------------------------------

    def _meaning(self, blank: Declaration, left: int) -> Declaration | None:
        """Return ``blank`` with what it stands for; None for short forms of other things and for whole citations."""
        near = self.mentions[max(0, bisect_left(self._starts, blank.start) - 1) : bisect_left(self._starts, blank.end)]
        if any(m.end > blank.start for m in near):
            return None
        unit = self.units.at(left - 1)
        lower = max(unit.start, left - _TITLE) if unit else self._paragraph(left)
        cited = range(bisect_left(self._starts, lower), bisect_left(self._starts, left))
        cited_before = [i for i in cited if self.mentions[i].tail <= left and not self.mentions[i].self]
        titles = range(bisect_left(self._work_starts, lower), bisect_left(self._work_starts, left))
        named = [i for i in titles if self.works[i].end <= left]
        plural = _PLURAL.match(fold(blank.name))
        type_, rest = _type_of(fold(blank.name)[plural.end() if plural else 0 :])
        if type_ is not None:
            return self._document(blank, type_, rest, plural is not None, lower, left, cited_before, named)
        last = self.mentions[cited_before[-1]] if cited_before else None
        if _ACRONYM.fullmatch(blank.name):
            if last is not None and last.tail == left and _abbreviates(blank.name, self.text[last.start : last.end]):
                return replace(blank, citations=(cited_before[-1],))
            if named and (work := self.works[named[-1]]).end == left and _abbreviates(blank.name, work.name):
                return replace(blank, works=(named[-1],))
        organ = self._organ(left, blank.name)
        return replace(blank, organ=organ) if organ else None

    def _paragraph(self, position: int) -> int:
        lower = max(0, position - _REACH)
        return max(lower, self.folded.rfind("\n\n", lower, position))

    def _document(
        self,
        blank: Declaration,
        type_: str,
        rest: str,
        plural: bool,
        lower: int,
        left: int,
        cited: Sequence[int],
        named: Sequence[int],
    ) -> Declaration | None:
        """Find the document that a name with a type word stands for, among those before it in its unit."""
        numbered = _NUMBER.match(rest)
        fits = [i for i in cited if self.mentions[i].type.startswith(type_)]
        if numbered and type_ not in ("", "Luật", "Bộ luật"):
            exact = [i for i in fits if _serial(self.mentions[i].number) == numbered["number"].lstrip("0")]
            fits = exact or ([] if len(fits) > 1 else fits)
        titles = [i for i in named if self.works[i].type.startswith(type_) and type_]
        if plural:
            return replace(blank, citations=tuple(fits), works=tuple(titles)) if fits or titles else None
        if fits and (not titles or self.mentions[fits[-1]].start > self.works[titles[-1]].start):
            return replace(blank, citations=self._nearest(fits))
        if titles:
            return replace(blank, works=(titles[-1],))
        between = self.folded[self.mentions[cited[-1]].tail : left] if cited else ""
        if type_ and fold(type_) in between:  # "Quyết định … phê duyệt Đề án …": the decision stands for its scheme
            return replace(blank, citations=(cited[-1],))
        before = self.folded[lower:left]
        unit = self.units.at(left - 1)
        opening = unit is None or unit.kind in ("title", "basis", "lead")
        if type_ and ((type_ == self.own_type and opening) or (fold(type_) in before and _ATTACHED.search(before))):
            return replace(blank, own=True)
        return blank if type_ in ISSUED_ALONE and rest else None  # a document for sure, but not told which

    def _nearest(self, fits: Sequence[int]) -> tuple[int, ...]:
        """Take the nearest one; where the nearest is what another one changes, the words leave it open."""
        if len(fits) > 1:
            between = self.folded[self.mentions[fits[-2]].tail : self.mentions[fits[-1]].start]
            if _CHANGE.search(between) and ";" not in between:
                return tuple(fits[-2:])
        return (fits[-1],)

    def _organ(self, left: int, name: str) -> str:
        """Return the organ whose name ends at ``left`` and that ``name`` can be short for, "" if there is none.

        The short form begins as the long one does ("Sở …", "Bộ …"), or is made of capitals ("UBND tỉnh").
        """
        if not name[0].isupper():
            return ""
        head, acronym = fold(name.split(" ")[0]), _ACRONYM.match(name)
        lower = max(left - 140, self._paragraph(left))
        for word in _WORD.finditer(self.text, lower, left):
            start = word.start()
            if not word.group()[0].isupper() or self.folded[lower:start].endswith("thuộc "):
                continue
            alike = plain(word.group())[:1] == plain(name)[:1] if acronym else fold(word.group()) == head
            if alike and organ_at(self.text, self.folded, start) == left:
                return squeeze(self.text[start:left])
        return ""


def _abbreviates(acronym: str, words: str) -> bool:
    """ "BLHS" and "Bộ luật Hình sự": the capitals are the first letters of the words, from the first one on."""
    letters = plain(acronym).split(" ")[0]
    return "".join(w[0] for w in plain(words).split(" ") if w).startswith(letters)


def _trim(folded: str, position: int) -> int:
    """Step back over blanks, dashes and commas."""
    while position and folded[position - 1] in " \n\t,-(":
        position -= 1
    return position


def _type_of(name: str) -> tuple[str | None, str]:
    """Return (type, the rest of the folded name); (None, name) where the name begins with no type word."""
    words = name.split(" ")
    for n in range(min(len(words), doctypes.longest_word() + 1), 0, -1):
        head = " ".join(words[:n])
        if head in type_names():
            return type_names()[head], name[len(head) :]
    return None, name


def _serial(number: str) -> str:
    m = re.match(r"0*(\d+)", number)
    return m[1] if m else ""
