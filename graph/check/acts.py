"""The cited acts themselves: no longer in force, another day than is known, an article they do not have (3, 15, 18)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from extract.model import Citation
from graph.check.dates import written
from graph.check.finding import Finding, make_finding
from graph.check.known import NOTHING, KnownAct
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
_AMENDER = re.compile(r"(?:được|đã)\s+(?:sửa đổi|bổ sung)[^.;\n]{0,60}(?:theo|bởi|tại|bằng)\s+\Z")
"""Before an act that is named only because it amended another: "Luật A đã được sửa đổi, bổ sung theo Luật B"."""
_NEAR = 90
_CONFIDENCE = 0.9
"""A list may be old, and a text of the base may have been read wrong."""
_ARTICLE = re.compile(r"Điều (\d{1,3})$")


Once = tuple[str, tuple[str, ...]]
"""What is told once in a text: an act, with the provisions of one that stands."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A citation about whose act base and register are asked; all that the citing text itself tells of it.

    What the base knows is whole only when all its texts are there: until then a citation waits in this form
    (:mod:`graph.late_checks`). ``citation`` and ``document`` are the ids in the text, ``number`` is the corrected one
    (of a law its name), ``start``/``end`` bound the core, ``tail`` ends date and issuer. ``date`` is the ISO day
    printed here, ``date_end`` where it ends (0 for none), ``known_date`` that of all mentions together.
    ``pinpoint_start`` is -1 where no provision of the act's own is cited. ``rests`` tells whether the text rests on
    the act in its own words, ``told_gone`` and ``told_amended`` whether it says there itself that the act is gone,
    or was changed. ``day`` is the day on which it is read, ``own_date`` the date that it bears.
    """

    citation: str
    document: str
    form: Literal["number", "name", "standard", "work"]
    number: str
    start: int
    end: int
    tail: int
    date: str
    date_end: int
    known_date: str
    pinpoint: tuple[str, ...]
    pinpoint_start: int
    rests: bool
    told_gone: bool
    told_amended: bool
    day: str
    own_date: str


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be said of a citation: the rule, the span, what to write, the slots of the message."""

    rule: str
    start: int
    end: int
    candidates: tuple[str, ...]
    slots: dict[str, str]


def check(reading: Reading) -> Iterator[Finding]:
    """Yield what base and register tell against what a document cites."""
    if reading.known is NOTHING:
        return
    said: set[Once] = set()
    for one in asked(reading):
        act = reading.known.act(reading.documents[one.document], one.day, one.pinpoint)
        for found in judge(one, act, said):
            unit = reading.unit_at(found.start)
            yield finding_of(
                found, reading.text[found.start : found.end], unit.id if unit else "", reading.kind,
                scanned=reading.facts.source.place_at(found.start).scanned,
            )  # fmt: skip


def finding_of(said: Said, found: str, unit: str, kind: str, *, scanned: bool) -> Finding:
    """Return what is said as a finding about the words ``found`` of a document of a kind."""
    return make_finding(
        said.rule, said.start, said.end, found, unit, kind, scanned=scanned, candidates=said.candidates,
        confidence=_CONFIDENCE, slots=said.slots,
    )  # fmt: skip


def asked(reading: Reading) -> Iterator[Asked]:
    """Yield the citations of a text about which a base may know something, in text order."""
    if reading.kind in ("consolidated", "court"):
        return
    acted_on = {r.target for r in reading.facts.relations if r.relation in _ACTING}
    acted_on |= {c.document or "" for c in reading.facts.citations if c.relation in _ACTING}
    for citation in reading.facts.citations:
        document = reading.documents.get(citation.document or "")
        mention = citation.mention
        if document is None or mention.self or reading.is_number_line(mention):
            continue
        span = reading.date_span(mention)
        pinpointed = bool(mention.pinpoint) and mention.pinpoint_start >= 0
        if pinpointed and "kèm theo" in reading.folded[mention.pinpoint_start : mention.start]:
            pinpointed = False  # an article of the annex
        yield Asked(
            citation.id, document.id, document.form, document.number or document.name, mention.start, mention.end,
            mention.tail, mention.date, span[1] if span else 0, document.date, tuple(mention.pinpoint),
            mention.pinpoint_start if pinpointed else -1,
            document.id not in acted_on and _rests(reading, citation), *_told(reading, citation), reading.day,
            reading.header.date,
        )  # fmt: skip


def judge(one: Asked, act: KnownAct | None, said: set[Once]) -> Iterator[Said]:
    """Yield what ``act`` tells against a citation; ``said`` holds the acts that were told before in the same text."""
    if act is None:
        return
    yield from _other_date(one, act)
    yield from _no_article(one, act)
    what = (one.document, () if act.how else one.pinpoint)  # an act once, of one that stands each provision
    if not (one.rests and one.day) or what in said:
        return
    found = _not_in_force(one, act)
    if found is not None:
        said.add(what)
        yield found


def _rests(reading: Reading, citation: Citation) -> bool:
    """Tell whether the document rests on the act in its own words: what it only reports or quotes is left out."""
    mention = citation.mention
    if reading.apart(mention.start) or reading.is_form(mention):
        return False
    if _AMENDER.search(reading.folded, max(0, mention.start - _NEAR), mention.start):
        return False
    return bool(
        citation.relation not in _PASSING or mention.pinpoint or not (reading.is_report or citation.holder is not None)
    )


def _told(reading: Reading, citation: Citation) -> tuple[bool, bool]:
    """Tell whether the text itself says around a citation that the act is gone, or amended; its title does not."""
    after = reading.title_end(citation)
    near = (reading.folded[max(0, citation.mention.start - _NEAR) : citation.mention.start],
            reading.folded[after : after + _NEAR])  # fmt: skip
    return any(map(_GONE.search, near)), any(map(_AMENDED.search, near))


def _not_in_force(one: Asked, act: KnownAct) -> Said | None:
    told = one.told_gone or (act.amended and one.told_amended)
    if (not act.how and not act.part) or told or _still_bound(one, act):
        return None
    since = f" từ ngày {written(act.since)}" if act.since and not act.issued_only else ""
    by = f" bởi {act.by}" if act.by else ""
    slots = {"how": act.how or act.part, "since": since, "by": by, "known": act.source}
    candidates = (act.full,) if act.full and act.how else ()
    rule = "act-not-in-force" if act.how else "provision-not-in-force"
    return Said(rule, one.start, one.tail, candidates, slots)


def _still_bound(one: Asked, act: KnownAct) -> bool:
    """Tell whether the act may have been in force on the document's own day: what ended that very day still was.

    Where only the issue of the ending act is known, a year is given: few acts wait longer for their first day.
    """
    own = one.own_date
    if not act.since or len(own) != 10:
        return False
    last = f"{int(act.since[:4]) + 1:04d}{act.since[4:]}" if act.issued_only else act.since
    return last >= own


def _other_date(one: Asked, act: KnownAct) -> Iterator[Said]:
    """Find a day that is not the one that the register or the act itself tells."""
    if not one.date_end or not act.date or len(one.date) != 10 or len(act.date) != 10 or one.date == act.date:
        return
    slots = {"number": one.number, "other": written(act.date), "known": act.date_source}
    yield Said("other-date-known", one.start, one.date_end, (written(act.date), written(one.date)), slots)


def _no_article(one: Asked, act: KnownAct) -> Iterator[Said]:
    """Find "Điều 45 Quyết định số …" where the text of the act has 30 articles."""
    if act.articles is None or one.pinpoint_start < 0:
        return
    last = max(act.articles)
    for pinpoint in one.pinpoint:
        m = _ARTICLE.search(pinpoint)
        if m and int(m[1]) > last:
            yield Said("no-such-article", one.pinpoint_start, one.end, (), {"article": m[1], "last": str(last)})
            return
