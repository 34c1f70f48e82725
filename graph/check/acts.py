"""The cited acts themselves: no longer in force, another day than is known, an article they do not have (3, 15, 18)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.model import Citation, Document
from graph.check.dates import written
from graph.check.finding import Finding
from graph.check.known import KnownAct
from graph.check.reading import Reading

_ACTING = frozenset({"repeals", "replaces", "amends", "suspends", "corrects", "consolidates", "proposed_by"})
_PASSING = frozenset({"cites", "responds_to"})
_GONE = re.compile(
    r"hết hiệu lực|bãi bỏ|h[uủ][ỷy] bỏ|trước đây|chuyển tiếp"
    r"|(?:được|bị|đã|nay)\s+(?:(?:sửa đổi|bổ sung|hoặc|và|,)\s*)*thay thế"
    r"|thay thế\s+(?:(?:cho|bởi|bằng|các|một số)\s+)*"
    r"(?:bộ luật|luật|pháp lệnh|nghị định|nghị quyết|thông tư|quyết định|chỉ thị|văn bản|điều|khoản|quy định)(?!\w)"
)
"""Near these words the text itself knows that the act is gone; "phụ tùng thay thế", "và văn bản thay thế (nếu có)" do
not say so."""
_AMENDED = re.compile(r"(?:đã|được)\s+sửa|(?:văn bản|quy định)\s+sửa")
"""Near these words it knows that the act was amended."""
_NEAR = 90
_ARTICLE = re.compile(r"Điều (\d{1,3})$")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield what base and register tell against what a document cites."""
    if reading.kind in ("consolidated", "court"):
        return
    acted_on = {r.target for r in reading.facts.relations if r.relation in _ACTING}
    acted_on |= {c.document or "" for c in reading.facts.citations if c.relation in _ACTING}
    said: set[tuple[str, tuple[str, ...]]] = set()
    for citation in reading.facts.citations:
        document = reading.documents.get(citation.document or "")
        mention = citation.mention
        if document is None or mention.self or reading.is_number_line(mention):
            continue
        act = reading.known.act(document, reading.day, mention.pinpoint)
        if act is None:
            continue
        yield from _other_date(reading, citation, document, act)
        yield from _no_article(reading, citation, act)
        what = (document.id, () if act.how else mention.pinpoint)  # an act once, of one that stands each provision
        if document.id in acted_on or what in said or not _rests(reading, citation):
            continue
        found = _not_in_force(reading, citation, act)
        if found is not None:
            said.add(what)
            yield found


def _rests(reading: Reading, citation: Citation) -> bool:
    """Tell whether the document rests on the act in its own words: what it only reports or quotes is left out."""
    mention = citation.mention
    if reading.apart(mention.start) or reading.is_form(mention) or not reading.day:
        return False
    return bool(
        citation.relation not in _PASSING or mention.pinpoint or not (reading.is_report or citation.holder is not None)
    )


def _is_told(reading: Reading, citation: Citation, act: KnownAct) -> bool:
    """Tell whether the text itself says around a citation what became of the act; its title says nothing of that."""
    after = reading.title_end(citation)
    near = (reading.folded[max(0, citation.mention.start - _NEAR) : citation.mention.start],
            reading.folded[after : after + _NEAR])  # fmt: skip
    patterns = (_GONE, _AMENDED) if act.amended else (_GONE,)
    return any(pattern.search(words) for pattern in patterns for words in near)


def _not_in_force(reading: Reading, citation: Citation, act: KnownAct) -> Finding | None:
    mention = citation.mention
    if (not act.how and not act.part) or _still_bound(reading, act) or _is_told(reading, citation, act):
        return None
    since = f" từ ngày {written(act.since)}" if act.since and not act.issued_only else ""
    by = f" bởi {act.by}" if act.by else ""
    candidates = (act.full,) if act.full and act.how else ()
    return reading.finding(
        "act-not-in-force" if act.how else "provision-not-in-force", mention.start, mention.tail,
        how=act.how or act.part, since=since, by=by, known=act.source, candidates=candidates, confidence=0.9,
    )  # fmt: skip


def _still_bound(reading: Reading, act: KnownAct) -> bool:
    """Tell whether the act may have been in force on the document's own day: what ended that very day still was.

    Where only the issue of the ending act is known, a year is given: few acts wait longer for their first day.
    """
    own = reading.header.date
    if not act.since or len(own) != 10:
        return False
    last = f"{int(act.since[:4]) + 1:04d}{act.since[4:]}" if act.issued_only else act.since
    return last >= own


def _other_date(reading: Reading, citation: Citation, document: Document, act: KnownAct) -> Iterator[Finding]:
    """Find a day that is not the one that the register or the act itself tells."""
    span = reading.date_span(citation.mention)
    told = citation.mention.date
    if span is None or not act.date or len(told) != 10 or len(act.date) != 10 or told == act.date:
        return
    yield reading.finding(
        "other-date-known", citation.mention.start, span[1], number=document.number or document.name,
        other=written(act.date), known=act.date_source, candidates=(written(act.date), written(told)), confidence=0.9,
    )  # fmt: skip


def _no_article(reading: Reading, citation: Citation, act: KnownAct) -> Iterator[Finding]:
    """Find "Điều 45 Quyết định số …" where the text of the act has 30 articles."""
    mention = citation.mention
    if act.articles is None or not mention.pinpoint or mention.pinpoint_start < 0:
        return
    if "kèm theo" in reading.folded[mention.pinpoint_start : mention.start]:
        return  # an article of the annex
    last = max(act.articles)
    for pinpoint in mention.pinpoint:
        m = _ARTICLE.search(pinpoint)
        if m and int(m[1]) > last:
            yield reading.finding(
                "no-such-article", mention.pinpoint_start, mention.end, article=m[1], last=str(last), confidence=0.9
            )
            return
