"""Pointers that are no citations: to the document itself, inside it, back, by a declared name, and vague ones.

``target`` of a reference is "self", the id of a document that the text names (d01, n01), or "" where the words
leave it open. The kinds:

- ``self``: "Kế hoạch này";
- ``internal``: a provision of the document itself, the whole pointer in one span ("điểm a khoản 2 Điều này",
  "Điều 5 của Luật này", a bare "khoản 2 Điều 5" where the document has that article);
- ``back``: a document named before ("Nghị quyết nêu trên", "Luật đó"), with the provision that leads to it; also the
  provision that an amending sentence changes ("Bãi bỏ khoản 3 Điều 7");
- ``declared``: a name that the text declared ("sau đây gọi tắt là Đề án 06");
- ``vague``: type and organ without a number ("theo quy định của Bộ …").

Inside quoted words of another document "Nghị định này" and "Điều này" are that document, not the one that is read.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Generator, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from extract.declared import ISSUED_ALONE, Declaration, ends_name, occurrences, type_names
from extract.identity import Identity
from extract.model import SELF, Mention, Reference, ReferenceKind, Unit, WorkMention
from extract.organs import organ_at
from extract.pointers import (
    LEADS,
    OPENING,
    back_over,
    change_before,
    document_words,
    ending,
    hits,
    in_role,
    leads_to_provision,
    phrases,
    vague_pattern,
)  # fmt: skip
from extract.provisions import run_at, run_before
from extract.quotes import Quotes
from extract.text import fold
from extract.units import UnitTree

_PARTS = frozenset({"điều", "khoản", "điểm", "mục", "chương", "phần"})
_PART_STARTS = ("điều ", "khoản ", "điểm ", "mục ", "chương ", "phần ", "phụ lục ", "mẫu số ")
_PLURAL = frozenset({"các", "những"})
_CARRIERS = frozenset({"", "Văn bản hợp nhất", "Tờ trình"})
"""Types of documents whose text is that of another one."""
_ANNEX = re.compile(r"phụ lục(?:\s+số)?(?:\s+\w{1,4})?\s+(?:ban hành\s+)?kèm theo\s+$")
_ARTICLE = re.compile(r"điều\s+\d")
_ARTICLE_NUMBER = re.compile(r"điều\s+(\d+[a-zđ]?)")
_OPEN_END = re.compile(r"\s*(?:của|thuộc|tại|ban hành|kèm theo|,?\s*(?=luật|bộ luật|pháp lệnh|nghị định))(?!\w)")
_JOINT = re.compile(r"\s*(?:[,;]\s*)?(?:(?:và|hoặc|hay)\s+)?(?:(?:quy định\s+)?(?:tại|theo)\s+)?")
_HEADING_MARKS = frozenset(".:")
_LINE_MARKS = " \t\u00a0*_#>"


class _Pointer(NamedTuple):
    """A candidate in the text; ``target`` as in :class:`Reference`."""

    start: int
    end: int
    kind: ReferenceKind
    target: str


class _Document(NamedTuple):
    """A type word with what points: "các Nghị quyết nêu trên". ``start`` is the word's own, ``whole`` the pointer's."""

    start: int
    end: int
    whole: int
    word: str
    plural: bool


def find_references(
    text: str,
    folded: str,
    units: UnitTree,
    mentions: Sequence[Mention],
    works: Sequence[WorkMention],
    declarations: Sequence[Declaration],
    own_type: str,
    identity: Identity,
) -> list[Reference]:
    """Return the references of ``text`` in order; none overlaps a citation, its pinpoint, a work, or another one.

    ``declarations`` are the names that the text declares, ``own_type`` is the type of the document itself
    ("" where it is not known), ``identity`` tells which document each citation and work is.
    """
    taken = _taken(mentions, works)
    reader = _Reader(text, folded, units, mentions, works, declarations, own_type, identity, taken)
    found: list[Reference] = []
    k = last = 0
    for start, end, kind, target in sorted(reader.pointers(), key=lambda p: (p.start, -p.end)):
        while k < len(taken) and taken[k][1] <= start:
            k += 1
        if start < last or (k < len(taken) and taken[k][0] < end):
            continue
        unit = units.at(start)
        found.append(Reference(start, end, text[start:end], kind, target, unit.id if unit else None))
        last = end
    return found


def _taken(mentions: Sequence[Mention], works: Sequence[WorkMention]) -> list[tuple[int, int]]:
    """Return the spans of citations, with pinpoint and tail, and of works: joined where they overlap, in order."""
    spans = [(m.pinpoint_start if 0 <= m.pinpoint_start < m.start else m.start, m.tail) for m in mentions]
    spans += [(w.start, w.end) for w in works]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


# --- the scan -------------------------------------------------------------------------------------

_NEAREST = 50
"""How many citations before a pointer are looked at: no one points further back, and no unit may cost more."""
_LINE = 3000
"""How far back a line is searched that no unit holds (characters)."""
_REACH = 48
"""Characters before a pointing word in which its type word stands."""


class _Reader:
    """One text on its way to pointers."""

    def __init__(
        self,
        text: str,
        folded: str,
        units: UnitTree,
        mentions: Sequence[Mention],
        works: Sequence[WorkMention],
        declarations: Sequence[Declaration],
        own_type: str,
        identity: Identity,
        taken: Sequence[tuple[int, int]],
    ) -> None:
        self.text, self.folded, self.units, self.taken = text, folded, units, taken
        self.own_type, self.quotes = own_type, Quotes(text)
        self.known = own_type not in _CARRIERS
        self.mentions, self.works, self.identity = mentions, works, identity
        self.declared = [(d, _meaning(d, identity)) for d in declarations if not d.organ]
        self.by_name: dict[str, list[tuple[Declaration, str]]] = {}
        for declaration, target in self.declared:
            self.by_name.setdefault(fold(declaration.name), []).append((declaration, target))

    @cached_property
    def named(self) -> list[tuple[int, str, str]]:
        """The citations and works in text order, as (start, id of the document, type)."""
        cited, works = self.identity.of_citation, self.identity.of_work
        named = [(m.start, cited.get(i, ""), m.type) for i, m in enumerate(self.mentions) if not m.self]
        return sorted(named + [(w.start, works.get(i, ""), w.type) for i, w in enumerate(self.works)])

    def pointers(self) -> Iterator[_Pointer]:
        """Yield all candidates; they may overlap each other and citations."""
        articles = yield from self._articles()
        documents: list[_Document] = []
        for at in hits(self.folded, "này"):
            words = self.folded[max(0, at - _REACH) : at].split()
            if not words:
                continue
            if document := self._document(at, at + 3, words):
                documents.append(document)
            elif pointer := self._part(at, at + 3, words, articles):
                yield pointer
        if not self.known:
            capitals = (d.word for d in documents if self.text[d.start].isupper() and not d.plural)
            self.own_type = next((type_names()[w] for w, _ in Counter(capitals).most_common(1)), "")
        for document in documents:
            if pointer := self._this(document):
                yield pointer
        yield from self._above()
        for start, end, n in occurrences(self.text, self.folded, [d for d, _ in self.declared]):
            yield _Pointer(start, end, "declared", self.declared[n][1])
        yield from self._vague()

    def _vague(self) -> Iterator[_Pointer]:
        for m in vague_pattern().finditer(self.folded):
            if m.start() and self.folded[m.start() - 1].isalnum():
                continue
            end = organ_at(self.text, self.folded, m.end())
            if end is not None:
                yield _Pointer(m.start("doc"), end, "vague", "")

    # --- documents ------------------------------------------------------------------------------

    def _document(self, position: int, end: int, words: Sequence[str]) -> _Document | None:
        """Read the type word before ``position``, whether it is a plural, and the provision that leads to it."""
        syllables = ending(words, document_words())
        if not syllables:
            return None
        rest = words[: len(words) - len(syllables)]
        before = rest[-1].lstrip(OPENING) if rest else ""
        if f"{before} {syllables[0]}" in in_role("compound"):
            return None
        start = back_over(self.folded, position, syllables)
        whole, plural = start, before in _PLURAL
        if not plural and leads_to_provision(before) and words[-len(syllables)] == syllables[0]:
            run = run_before(self.folded, start) or _ANNEX.search(self.folded, max(0, start - 60), start)
            whole, plural = run.start() if run else start, run is None and before.isdigit()
        if plural:
            whole = back_over(self.folded, start, (before,))
        return _Document(start, end, whole, " ".join(syllables), plural)

    def _this(self, found: _Document) -> _Pointer | None:
        """ "Kế hoạch này": the document itself, or the one it quotes, or one of another type named right before."""
        type_, capital = type_names()[found.word], self.text[found.start].isupper()
        kind: ReferenceKind = "self" if found.whole == found.start else "internal"
        if quoted := self.quotes.around(found.start):
            target = self._quoted(quoted, type_)
            kind = "internal" if kind == "internal" else "back"
            return _Pointer(found.whole, found.end, kind, target) if capital or target else None
        if found.plural:
            return _Pointer(found.whole, found.end, "back", "") if capital or not type_ else None
        declared = self._declared(found)
        if declared is not None:
            return _Pointer(found.whole, found.end, "back", declared)
        if type_ in ("", self.own_type):
            return _Pointer(found.whole, found.end, kind, SELF)
        if not self.known:
            everyday = self.own_type != "" or found.word in in_role("everyday")
            return _Pointer(found.whole, found.end, kind, SELF) if capital or not everyday else None
        near = self._near(type_, found.start)
        if len(near) == 1:
            return _Pointer(found.whole, found.end, "back", near[0])
        if not capital:
            return None
        if type_ in ISSUED_ALONE:
            return _Pointer(found.whole, found.end, "back", "")
        return _Pointer(found.whole, found.end, kind, SELF)

    def _above(self) -> Iterator[_Pointer]:
        """ "Nghị quyết nêu trên", "các văn bản nói trên", "Luật đó", "khoản nêu trên"."""
        folded = self.folded
        for anchor, by_last in phrases().items():
            alone = by_last.get("", ())
            for at in hits(folded, anchor):
                words = folded[max(0, at - _REACH) : at].split()
                if not words:
                    continue
                for phrase in (*by_last.get(words[-1], ()), *alone):
                    n = len(phrase.before)
                    if n and tuple(words[-n:]) != phrase.before:
                        continue
                    end = at + len(anchor)
                    if tuple(folded[end : end + 16].split()[: len(phrase.after)]) != phrase.after:
                        continue
                    for word in phrase.after:
                        end = folded.index(word, end) + len(word)
                    start = back_over(folded, at, phrase.before)
                    pointer = self._back(start, end, words[: len(words) - n], phrase.bare, anchor)
                    if pointer is not None:
                        yield pointer
                    break

    def _back(self, position: int, end: int, words: Sequence[str], bare: bool, anchor: str) -> _Pointer | None:
        if not words:
            return None
        found = self._document(position, end, words)
        if found is None:
            return None if bare and anchor != "trên" else self._part(position, end, words, (), above=True, bare=bare)
        type_, capital = type_names()[found.word], self.text[found.start].isupper()
        if bare and (not (capital or (found.plural and not type_)) or not self._closes(end, anchor)):
            return None
        if found.plural:
            return _Pointer(found.whole, end, "back", "") if capital or found.word not in in_role("everyday") else None
        declared = self._declared(found)
        near = self._near(type_, found.start) if declared is None else [declared]
        if not capital and len(near) != 1 and found.word in in_role("everyday"):
            return None
        return _Pointer(found.whole, end, "back", near[0] if len(near) == 1 else "")

    def _closes(self, end: int, anchor: str) -> bool:
        """ "Luật trên" ends there; "Kế hoạch trên địa bàn tỉnh" goes on."""
        return anchor != "trên" or ends_name(self.text, self.folded, end)

    def _declared(self, found: _Document) -> str | None:
        """Return what a declared name stands for, the latest declaration in scope; None if it is no such name."""
        same = self.by_name.get(found.word, ())
        n = bisect_right(same, found.start, key=lambda d: d[0].end) - 1
        if n >= 0 and found.start < same[n][0].until:
            return same[n][1]
        return None

    # --- documents named before -----------------------------------------------------------------

    def _ids(self, lower: int, upper: int, type_: str) -> list[str]:
        """Return the documents of a type that are named between two places, each once; every type for ""."""
        last = bisect_left(self.named, (upper,))
        first = max(bisect_left(self.named, (lower,)), last - _NEAREST)
        found: dict[str, None] = {}
        for _, id_, named_type in self.named[first:last]:
            if id_ and named_type.startswith(type_):
                found[id_] = None
        return list(found)

    def _near(self, type_: str, position: int) -> list[str]:
        """Return the documents of a type named before ``position`` in its unit, else in the unit before it."""
        unit = self.units.at(position)
        if unit is None:
            lower = max(0, position - _LINE)
            return self._ids(max(lower, self.folded.rfind("\n", lower, position) + 1), position, type_)
        found = self._ids(unit.start, position, type_)
        if not found:
            for before in self.units.before(unit, 1):
                if before.id == unit.parent or before.parent == unit.parent:
                    found = self._ids(before.start, before.end, type_)
        return found

    def _quoted(self, quoted: tuple[int, int], type_: str) -> str:
        """Return the document whose words a quoted passage gives: the one that the sentence before it names."""
        unit = self.units.at(quoted[0])
        if unit is None:
            return ""
        found = self._ids(unit.start, quoted[0], type_)
        if not found:
            before = self.units.before(unit, 1)
            found = self._ids(before[0].start, before[0].end, type_) if before else []
            found = found or self._over(before[0] if before else unit, type_)
        return found[0] if len(found) == 1 else ""

    def _over(self, unit: Unit, type_: str) -> list[str]:
        """Return the documents that the nearest unit above names, in the end the title."""
        above = self.units.parent(unit)
        while above is not None:
            if found := self._ids(above.start, above.end, type_):
                return found
            above = self.units.parent(above)
        title = next(iter(self.units), None)
        return self._ids(title.start, title.end, type_) if title is not None and title.kind == "title" else []

    # --- provisions -----------------------------------------------------------------------------

    def _part(
        self, position: int, end: int, words: Sequence[str], articles: Collection[str], *, above: bool = False,
        bare: bool = False,
    ) -> _Pointer | None:  # fmt: skip
        """ "điểm a khoản 2 Điều này", "khoản nêu trên": a provision named by its kind, with those that lead to it."""
        last = words[-1].lstrip(OPENING)
        before = words[-2].lstrip(OPENING) if len(words) > 1 else ""
        if last in _PARTS:
            name: tuple[str, ...] = (last,)
        elif last == "lục" and before == "phụ":
            name, before = ("phụ", "lục"), words[-3] if len(words) > 2 else ""
        elif leads_to_provision(last) and (run := run_before(self.folded, position)) and not bare:
            return self._inside(run.start(), end)
        else:
            return None
        if f"{before} {name[0]}" in in_role("compound"):
            return None
        start = back_over(self.folded, position, name)
        if above:
            if bare and not self._closes(end, "trên"):
                return None
            return self._inside(back_over(self.folded, start, (before,)) if before in _PLURAL else start, end)
        run = run_before(self.folded, start) if leads_to_provision(before) else None
        if run is not None:
            return self._inside(run.start(), end)
        if name == ("điều",) and before not in LEADS and not self._is_article(start, articles):
            return None
        return self._inside(start, end)

    def _is_article(self, start: int, articles: Collection[str]) -> bool:
        """ "Điều này" means an article with a capital, and at a sentence's start in texts that have articles."""
        if not self.text[start].isupper():
            return False
        before = self.folded[max(0, start - 4) : start].rstrip()[-1:]
        return bool(articles) or (before != "" and before not in ".!?;:…”-")

    def _inside(self, start: int, end: int) -> _Pointer:
        quoted = self.quotes.around(start)
        return _Pointer(start, end, "internal", self._quoted(quoted, "") if quoted else SELF)

    def _articles(self) -> Generator[_Pointer, None, frozenset[str]]:
        """Yield the bare pointers ("khoản 2 Điều 5" with no document behind them); return the document's articles."""
        folded, taken = self.folded, self.taken
        articles: set[str] = set()
        runs: list[tuple[int, int, str]] = []
        k = past = 0
        for m in _ARTICLE.finditer(folded):
            at = m.start()
            if at < past or (at and folded[at - 1].isalnum()):
                continue
            while k < len(taken) and taken[k][1] <= at:
                k += 1
            if k < len(taken) and taken[k][0] <= at:
                continue
            number = _ARTICLE_NUMBER.match(folded, at)
            if number is None:
                continue
            end, before = number.end(), at - 1
            while before >= 0 and folded[before] in _LINE_MARKS:
                before -= 1
            at_line_start = before < 0 or folded[before] == "\n"
            if folded[end : end + 1] in _HEADING_MARKS:
                if at_line_start:
                    articles.add(number[1])
                    continue
                if folded[before] in '“".”])':
                    continue
            elif folded[end : end + 1] == " " and self._followed(end + 1):
                continue  # the one document that follows is found by itself
            if at_line_start and not self._leads_on(before):
                continue
            run = run_at(folded, at)
            if run is None:
                continue
            start, past = at, run.end()
            if folded[before].isalnum() or folded[before] == ",":
                word = folded[max(0, at - 16) : at].split()[-1:]
                if word and leads_to_provision(word[0]) and (longer := run_before(folded, at)):
                    start = longer.start()
            runs.append((start, past, number[1]))
        yield from self._bare(runs, articles)
        return frozenset(articles)

    def _followed(self, position: int) -> bool:
        """Tell whether a document begins at ``position``: a capital that opens no further provision, or "của"."""
        if self.text[position : position + 1].isupper():
            return not self.folded.startswith(_PART_STARTS, position)
        return self.folded.startswith("của ", position)

    def _leads_on(self, position: int) -> bool:
        """Tell whether the line that ends at ``position`` goes on: "… quy định tại <break> Điều 58"."""
        word = self.folded[max(0, position - 16) : max(0, position)].split()[-1:]
        return bool(word) and (word[0] in LEADS or leads_to_provision(word[0]))

    def _bare(self, runs: Sequence[tuple[int, int, str]], articles: Collection[str]) -> Iterator[_Pointer]:
        """Judge the bare pointers from the last to the first: one that leads to another shares its document."""
        following, outside = len(self.text), False
        for start, end, number in reversed(runs):
            joint = _JOINT.match(self.folded, end)
            after = joint.end() if joint else end
            k = bisect_left(self.taken, (end,))
            to_citation = k < len(self.taken) and self.taken[k][0] <= after
            outside = (
                to_citation
                or self.folded[max(0, start - 2) : start].endswith(("|", "| "))
                or self._goes_on(end)
                or (outside and following <= after)
            )
            following = start
            if outside:
                continue
            if quoted := self.quotes.around(start):
                yield _Pointer(start, end, "internal", self._quoted(quoted, ""))
            elif change_before().search(self.folded, max(0, start - 90), start):
                yield _Pointer(start, end, "back", self._changed(start))
            elif number in articles:
                yield _Pointer(start, end, "internal", SELF)

    def _goes_on(self, end: int) -> bool:
        """Tell whether a document, known or not, follows a provision: "Điều 5 của …", "Điều 5 Công ước …"."""
        if _OPEN_END.match(self.folded, end):
            return True
        following = self.text[end : end + 3].lstrip(" ")
        return self.text[end : end + 1] == " " and following[:1].isupper()

    def _changed(self, position: int) -> str:
        """Return the document whose provision an amending sentence changes: the one that its heading names."""
        unit = self.units.at(position)
        if unit is None:
            return ""
        found = self._ids(unit.start, position, "") or self._over(unit, "")
        return found[0] if len(found) == 1 else ""


def _meaning(declaration: Declaration, identity: Identity) -> str:
    """Return the target of a declared name: "self", the one document that it stands for, or ""."""
    if declaration.own:
        return SELF
    ids = {identity.of_citation.get(i, "") for i in declaration.citations}
    ids |= {identity.of_work.get(i, "") for i in declaration.works}
    return ids.pop() if len(ids) == 1 else ""
