"""One document as the checks see it: what kind it is, which rules bind it, and where its words are not its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from extract import doctypes
from extract.dates import date_after
from extract.model import Citation, Document, Extraction, Mention, Unit
from extract.numbers import NumberParts, parse_number
from extract.organs import by_code
from extract.periods import bounds
from extract.quotes import Quotes
from extract.text import fold
from extract.units import UnitTree
from graph.check.finding import Finding, Severity, make_finding
from graph.check.known import NOTHING, Known

Kind = Literal["administrative", "normative", "law", "party", "consolidated", "court", ""]
"""What binds a document; "" for a cut-out whose head tells nothing.

``administrative`` NĐ 30/2020, ``normative`` NĐ 34/2016, ``law`` NQ 351/2017 (Quốc hội, UBTVQH), ``party``
HD 36-HD/VPTW; ``consolidated`` (VBHN, texts with notes of later changes) and ``court`` follow rules of their own.
"""

_SINCE: dict[Kind, str] = {"administrative": "2020-03-05", "normative": "2016-07-01", "party": "2018-04-03"}
"""From when the clauses on citing bind (NĐ 30/2020 Điều 37, NĐ 34/2016 Điều 188, HD 36-HD/VPTW)."""
_REPORTS = frozenset({"Báo cáo", "Tờ trình", "Công văn", "Biên bản", "Giấy mời", "Thông báo", "Công điện"})
_ANNEX = re.compile(
    r"^[ \t*_#|]*(?:PHỤ LỤC(?!\w)|Phụ lục(?: (?:số )?\w{1,5})?[ \t*.:]*$"
    r"|(?:MẪU|BIỂU MẪU|Mẫu|Biểu mẫu|Biểu) (?:SỐ|số)[ :]|DANH MỤC(?!\w)|Appendix(?!\w))",
    re.M,
)
_DRAFT = re.compile(r"(?:^|\n)[ \t*_#(|]*(?:dự thảo|du thao)(?!\w)")
_BRACKETS = re.compile(
    r"\[(?:\d+\][^\n]{0,200}?(?:được (?:sửa đổi|bổ sung|bãi bỏ|thay thế)|có căn cứ ban hành)"
    r"|[^\[\]\n]{0,60} này (?:được|bị) (?:hướng dẫn|sửa đổi|bổ sung|bãi bỏ|thay thế|đính chính)"
    r"|[^\[\]\n]{0,160} được hướng dẫn bởi )"
)
_FOOTNOTE = re.compile(r"\n\d{1,3}\s+(?:Khoản|Điều|Điểm|Cụm từ|Mục|Chương|Phụ lục|Đoạn) này được\Z")
_CERTIFIED = re.compile(r"xác thực\s+văn bản hợp nhất")
"""Words of those who set later changes into a text: notes of a VBHN, brackets of a law site."""
_SITE_LIST = re.compile(
    r"[ \t]*[-•][ \t]*\d{1,3}[ \t]?(?:Bộ luật|Luật|Pháp lệnh|Nghị|Quyết|Thông|Kế hoạch|Công|Chỉ thị|Kết luận|Hướng dẫn"
    r"|Văn bản|Chương trình|Quy|Lệnh|Báo cáo|Tờ trình|Đề án)"
)
"""A line of the list of related documents that law sites set around a text: "- 7Quyết định 1181/QĐ-BNN năm 2024 …"."""
_TO_FILL_IN = re.compile(r"\.{4,}|…|_{3,}|□")
_LAWGIVING = re.compile(r"(?:Luật|Bộ luật|Pháp lệnh|Nghị định|Thông tư|Thông tư liên tịch) này(?!\w)")
_ARTICLES = re.compile(r"^[ \t*_#]*Điều \d+[.:]", re.M)
_HEAD, _LONG_LINE, _FOOTNOTE_REACH = 1500, 2000, 60
_LINE_BREAKS = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Case:
    """One citation by number with what its number says: ``parts`` None where no grammar reads it."""

    index: int
    citation: Citation
    mention: Mention
    parts: NumberParts | None
    document: Document | None

    @property
    def year(self) -> str:
        """The year of the number, else of the date that this mention or another of the same document gives."""
        told = self.document.date[:4] if self.document else ""
        return (self.parts.year if self.parts else "") or self.mention.date[:4] or told


class Reading:
    """An extraction on its way through the checks; what several of them ask is found once."""

    def __init__(self, facts: Extraction, as_of: str = "", known: Known = NOTHING) -> None:
        """``as_of`` is the ISO day on which a document without a date of its own is read, "" for none.

        ``known`` tells what is known of the cited acts.
        """
        self.facts, self.as_of, self.known = facts, as_of, known
        self.text = facts.source.text
        self.header = facts.header
        self.units = UnitTree(facts.units)
        self.quotes = Quotes(self.text)
        self.documents = {d.id: d for d in facts.documents}

    # --- what kind of document ------------------------------------------------------------------

    @cached_property
    def folded(self) -> str:
        """The matching twin of the text."""
        return fold(self.text)

    @cached_property
    def own_parts(self) -> NumberParts | None:
        """The document's own number taken apart; a blank serial is read as 1."""
        own = next((c.mention for c in self.facts.citations if c.mention.self), None)
        if own is None:
            return None
        return parse_number(own.number) or parse_number(f"1{own.number}")

    @cached_property
    def kind(self) -> Kind:
        """Which rules bind the document."""
        header, parts = self.header, self.own_parts
        first = parts.groups[0].upper() if parts else ""
        if header.type == "Văn bản hợp nhất" or first == "VBHN" or self._has_notes():
            return "consolidated"
        if header.type in doctypes.COURT_TYPES:
            return "court"
        if first.startswith(("QH", "UBTVQH")) or header.type in doctypes.LAWS:
            return "law"
        organ = by_code().get(parts.groups[-1].upper()) if parts else None
        if "ĐẢNG CỘNG SẢN VIỆT NAM" in self.text[:_HEAD] or (organ and organ.level in ("party", "provincial party")):
            return "party"
        if (parts and parts.year) or header.type in ("Nghị định", "Thông tư", "Thông tư liên tịch"):
            return "normative"
        if not parts and len(_LAWGIVING.findall(self.text)) > 1 and len(_ARTICLES.findall(self.text)) > 1:
            return "normative"  # a cut-out of one
        return "administrative" if parts or header.type else ""

    def _has_notes(self) -> bool:
        """Tell whether notes of later changes stand in the text; each is searched by its rarest letters."""
        text, words = self.text, " này được"
        if _BRACKETS.search(text) or _CERTIFIED.search(self.folded):
            return True
        at = text.find(words)
        while at >= 0:
            end = at + len(words)
            if _FOOTNOTE.search(text, max(0, end - _FOOTNOTE_REACH), end):
                return True
            at = text.find(words, end)
        return False

    @cached_property
    def has_head(self) -> bool:
        """False for a cut-out: what is cited first in it may have been cited before the cut."""
        return bool(self.header.type or self.own_parts)

    @cached_property
    def is_report(self) -> bool:
        """True for reports, letters and the like, which name documents in passing."""
        return self.header.type in _REPORTS

    @cached_property
    def is_draft(self) -> bool:
        """True where the head says that it is a draft; a blank number alone does not make one."""
        return _DRAFT.search(self.folded, 0, _HEAD) is not None

    @cached_property
    def day(self) -> str:
        """The last day that the document may be of, else the day it is read on, "" when neither is known."""
        return bounds(self.header.date)[1] or self.as_of

    def in_force(self) -> bool:
        """Tell whether the clauses on citing that the rules quote already bind a document of this day and kind."""
        since = _SINCE.get(self.kind)
        return bool(since) and (not self.day or self.day >= (since or ""))

    # --- what it cites --------------------------------------------------------------------------

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """All citations by number but the document's own."""
        own = self.header.number and self.own_parts and self.own_parts.printed
        return tuple(
            Case(i, c, c.mention, parse_number(c.mention.number), self.documents.get(c.document or ""))
            for i, c in enumerate(self.facts.citations)
            if c.mention.form == "number" and not c.mention.self and not (own and c.mention.number == own)
        )

    @cached_property
    def own_case(self) -> Case | None:
        """The document's own number as a case, None where it has none that can be read, or a blank one.

        What is consolidated, and what a court says, has numbers of its own kind.
        """
        at = next((i for i, c in enumerate(self.facts.citations) if c.mention.self), None)
        if at is None or self.kind in ("consolidated", "court", "law"):
            return None
        own = self.facts.citations[at]
        parts = parse_number(own.mention.number)
        return Case(at, own, own.mention, parts, None) if parts is not None and parts.serial else None

    @cached_property
    def symbols(self) -> frozenset[str]:
        """The groups of all numbers of the text: the symbols as its writer spells them."""
        own = self.own_parts.groups if self.own_parts else ()
        return frozenset(group for case in self.cases if case.parts for group in case.parts.groups).union(own)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where the citations begin, in order."""
        return tuple(c.mention.start for c in self.facts.citations)

    @cached_property
    def firsts(self) -> tuple[Case, ...]:
        """The first mention of each document that is cited in the document's own words."""
        seen: set[str] = set()
        found = []
        for case in self.cases:
            if case.citation.document in seen:
                continue
            seen.add(case.citation.document or "")
            if not self.apart(case.mention.start):
                found.append(case)
        return tuple(found)

    def date_span(self, mention: Mention) -> tuple[int, int] | None:
        """Return the span of the date that is printed after a citation, None where none is."""
        at = self.folded.find("ngày", mention.end, mention.tail)
        found = date_after(self.folded, at) if at >= 0 else None
        return (at, found[1]) if found and found[1] <= mention.tail else None

    def title_end(self, citation: Citation) -> int:
        """Return where the title that stands behind a citation ends, where the citation does if none stands there."""
        tail = end = citation.mention.tail
        gap = _JOINT
        for word in citation.title.split():
            between = gap.match(self.text, end)
            if between is None or not self.text.startswith(word, between.end()):
                return tail
            end, gap = between.end() + len(word), _BLANKS
        return end

    def number_start(self, mention: Mention) -> int:
        """Return where the number begins inside the core of a citation by number."""
        m = _SERIAL.search(self.text, mention.start, mention.end)
        return m.start() if m else mention.start

    def with_number(self, mention: Mention, number: str) -> str:
        """Return the words of a citation with another number."""
        at = self.number_start(mention)
        return self.text[mention.start : at] + number + self.text[mention.end : mention.tail]

    # --- where ----------------------------------------------------------------------------------

    @cached_property
    def annex(self) -> int:
        """Where the annexes and forms begin; the end of the text where there are none."""
        m = _ANNEX.search(self.text, self.header.body_start)
        return m.start() if m else len(self.text)

    def apart(self, position: int) -> bool:
        """Tell whether words stand in a table, an annex, a quotation or a site's list, where short forms are usual."""
        return (
            position >= self.annex or self.in_table(position) or self.quotes.around(position) is not None
            or self.in_site_list(position)
        )  # fmt: skip

    def in_site_list(self, position: int) -> bool:
        """Tell whether ``position`` lies in the list of related documents that a law site sets around the text."""
        lower = max(0, position - _LONG_LINE)
        start = max(lower, self.text.rfind("\n", lower, position) + 1)
        return _SITE_LIST.match(self.text, start) is not None

    def in_table(self, position: int) -> bool:
        """Tell whether ``position`` lies in a table."""
        if self.facts.source.place_at(position).table is not None:
            return True
        return self.line_before(position).lstrip().startswith("|")

    def line_before(self, position: int) -> str:
        """Return what stands before ``position`` in its line, of a very long line its end."""
        lower = max(0, position - _LONG_LINE)
        return self.text[max(lower, self.text.rfind("\n", lower, position) + 1) : position]

    def is_number_line(self, mention: Mention) -> bool:
        """Tell whether a number stands as in the head of another document or form: "Số: 08/VBHN-BTC" on its line."""
        return not (mention.type_printed or self.line_before(mention.start).strip(" |*_#\t")) and mention.has_so

    def is_form(self, mention: Mention) -> bool:
        """Tell whether dotted lines to fill in stand near: the words are those of a form."""
        near = self.text[max(0, mention.start - 200) : mention.start] + self.text[mention.tail : mention.tail + 200]
        return _TO_FILL_IN.search(near) is not None

    def nested(self, case: Case) -> bool:
        """Tell whether a citation stands in the title of another one, whose words are not the writer's own."""
        holder = case.citation.holder
        if holder is None:
            return False
        above = self.facts.citations[holder]
        words = " ".join(self.text[case.mention.start : case.mention.end].split())
        return above.unit == case.citation.unit and words in above.title

    def unit_at(self, position: int) -> Unit | None:
        """Return the unit that holds ``position``."""
        return self.units.at(position)

    def following(self, case: Case) -> Mention | None:
        """Return the citation after ``case`` in the same paragraph, None where there is none."""
        citations = self.facts.citations
        after = citations[case.index + 1].mention if case.index + 1 < len(citations) else None
        return None if after is None or _LINE_BREAKS.search(self.text, case.mention.tail, after.start) else after

    def gaps(self, case: Case, reach: int = 90) -> tuple[str, str]:
        """Return the folded words before and after a citation: of its paragraph, up to the next citations."""
        citations, mention = self.facts.citations, case.mention
        lower = citations[case.index - 1].mention.tail if case.index else 0
        upper = citations[case.index + 1].mention.start if case.index + 1 < len(citations) else len(self.text)
        left = self.folded[max(lower, mention.start - reach) : mention.start]
        right = self.folded[mention.tail : min(upper, mention.tail + reach)]
        return _LINE_BREAKS.split(left)[-1], _LINE_BREAKS.split(right)[0]

    # --- saying it ------------------------------------------------------------------------------

    def finding(
        self,
        rule: str,
        start: int,
        end: int,
        *,
        expected: str = "",
        candidates: tuple[str, ...] = (),
        severity: Severity | None = None,
        confidence: float = 1.0,
        **slots: str,
    ) -> Finding:
        """Return the finding of ``rule`` about a span; ``severity`` may only be milder than the table's."""
        unit = self.unit_at(start)
        return make_finding(
            rule, start, end, self.text[start:end], unit.id if unit else "", self.kind,
            scanned=self.facts.source.place_at(start).scanned, expected=expected, candidates=candidates,
            severity=severity, confidence=confidence, slots=slots,
        )  # fmt: skip


_JOINT, _BLANKS = re.compile(r"\s*,?\s*"), re.compile(r"\s+")
_SERIAL = re.compile(r"(?:\d[\w.]*|(?=[/-]))")
