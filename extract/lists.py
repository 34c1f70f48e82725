"""What the members of a list share: type, date and issuer, told once before or after it.

"các Quyết định số A, B và C ngày … của …", "các Quyết định của Bộ X: số A ngày …; số B ngày …",
"đề nghị của Sở X tại Tờ trình số A và Báo cáo số B", "Luật sửa đổi … của Luật A và Luật B ngày …".
"""

from __future__ import annotations

import re
from dataclasses import replace

from extract.model import Mention
from extract.organs import organ_before
from extract.text import squeeze

_SEPARATORS = re.compile(r"[\s,;]*(?:và|hoặc|,|;)?\s*(?:số\s*)?")
_GAP = re.compile(r"\s*[,;]?\s*(?:và\s+)?")
_GOES_ON = re.compile(r"\s*(?:,|,?\s*và)\s*(?:các\s+)?")
_LAWS = re.compile(r"\s*(?:,|;|và|của|,?\s*và)?\s*(?:của\s+)?(?:các\s+)?")
_YEAR_AT_END = re.compile(r"\s+(?:năm\s+)?(\d{4})$")
_LEAD = re.compile(r"\s*:\s*(?:[-+]\s*)?$")
_LEAD_REACH = 600
"""A list whose head names the issuer goes on as long as its members stand this near to each other (characters)."""


def separates(folded: str, start: int, end: int) -> bool:
    """True when only what separates members of a list stands between ``start`` and ``end``."""
    return 0 <= end - start <= 12 and _SEPARATORS.fullmatch(folded, start, end) is not None


def share_in_lists(text: str, folded: str, mentions: list[Mention]) -> list[Mention]:
    """Return the mentions with what their lists tell of them."""
    result = list(mentions)
    _back(folded, result)
    _forward(text, folded, result)
    _amending_dates(text, folded, result)
    return result


def _back(folded: str, mentions: list[Mention]) -> None:
    """Date and issuer behind the last member belong to those before it."""
    for i in range(len(mentions) - 2, -1, -1):
        here, after = mentions[i], mentions[i + 1]
        if here.form != "number" or after.form != "number":
            continue
        if after.type_printed:
            same = (here.type == after.type or _one_organ(here, after)) and after.issuer and not here.issuer
            alike = bool(here.date) == bool(after.date) or "và" in folded[here.tail : after.start]
            if same and alike and _GAP.fullmatch(folded, here.tail, after.start):
                mentions[i] = replace(here, issuer=after.issuer)  # but the date is each one's own
        elif separates(folded, here.tail, after.start):
            if not here.date and not here.issuer and here.tail == here.end:
                mentions[i] = replace(here, date=after.date, issuer=after.issuer)
            elif here.date and not here.issuer:
                mentions[i] = replace(here, issuer=after.issuer)


def _one_organ(here: Mention, after: Mention) -> bool:
    """Whether two symbols name one organ ("78/TB-UBND", "7698/UBND-NC"): then one issuer told last is theirs."""
    return bool(_groups(here.number) & _groups(after.number))


def _groups(number: str) -> set[str]:
    return {group for group in re.split(r"[/-]", number)[1:] if len(group) > 2 and group.isalpha() and group.isupper()}


def _forward(text: str, folded: str, mentions: list[Mention]) -> None:
    """An issuer told before the first member ("của Sở X: số A …", "Sở X tại A và B") holds for those after it."""
    lead = ""
    for i, here in enumerate(mentions):
        before = mentions[i - 1] if i else None
        near = before is not None and here.start - before.tail <= _LEAD_REACH
        if here.form != "number" or here.self or here.issuer or not near:
            lead = ""
        if here.form != "number" or here.self:
            continue
        told = before is not None and not here.issuer and _told_before(before)
        if before is not None and told and _GOES_ON.fullmatch(folded, before.tail, here.start):
            mentions[i] = replace(here, issuer=before.issuer, issuer_start=before.issuer_start)
            continue
        if here.issuer or here.type_printed:
            continue
        lead = _lead_issuer(text, folded, here.start) or lead
        if lead:
            mentions[i] = replace(here, issuer=lead)


def _told_before(mention: Mention) -> bool:
    return bool(mention.issuer) and 0 <= mention.issuer_start < mention.start


def _lead_issuer(text: str, folded: str, start: int) -> str:
    """Return the organ that a colon before a list follows: "các Quyết định của Bộ trưởng Bộ X: số …"."""
    colon = _LEAD.search(folded, max(0, start - 8), start)
    organ = organ_before(text, folded, colon.start()) if colon else None
    return squeeze(text[organ[0] : organ[1]]) if organ else ""


def _amending_dates(text: str, folded: str, mentions: list[Mention]) -> None:
    """The day behind the laws that an amending law names is its own, not that of the last of them."""
    for i, law in enumerate(mentions):
        if (
            law.form != "name"
            or law.date
            or law.name[:1] not in "SsBb"
            or not law.name.lower().startswith(("sửa", "bổ"))
        ):
            continue
        last = None
        tail = law.tail
        for k in range(i + 1, min(i + 12, len(mentions))):
            if mentions[k].form == "standard" or not _LAWS.fullmatch(folded, tail, mentions[k].start):
                break
            last, tail = k, mentions[k].end
        if last is None:
            continue
        inner = mentions[last]
        year = _YEAR_AT_END.search(text[inner.start : inner.end]) if last > i + 1 else None
        if year is not None:  # "Luật sửa đổi Luật A, Luật B 2024": laws of several years have no year in common
            end = inner.start + year.start()
            mentions[i] = replace(law, date=year[1], name=_YEAR_AT_END.sub("", law.name))
            mentions[last] = replace(inner, date="", end=end, tail=end)
            continue
        if inner.tail == inner.end or len(inner.date) < 7:
            continue
        if inner.form == "name":
            mentions[i] = replace(law, date=inner.date)
            mentions[last] = replace(inner, date="", tail=inner.end)
