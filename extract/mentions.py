"""Citations as the text has them: scan for candidates, read the run around each, no identity yet."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from extract import doctypes
from extract.dates import blank_date, date_after
from extract.lines import flowing, read_lines
from extract.lists import separates, share_in_lists
from extract.model import Mention, RefusedNumber
from extract.names import find_names
from extract.numbers import NumberRun, Stray, has_known_shape, parse_number, scan_numbers, symbol_organs, type_of_symbol
from extract.organs import by_code, issuer_after, issuer_before, organ_before
from extract.own_number import OwnNumber, own_numbers
from extract.provisions import pinpoint_before
from extract.read.plain import source_from_text
from extract.refusals import FORM_CODE, UNKNOWN_SYMBOL, continues_a_refusal, refusal, refusal_of_stray, refused_span
from extract.text import lower, squeeze, straighten

_SO = re.compile(r"(?:số\s+)?số\s*[:.]?\s*$")  # also glued to the word before: "Thông tưsố"
_RUNNING_TITLE = re.compile(r"\s*hợp nhất\s+(?:bộ luật|luật|pháp lệnh|nghị định|nghị quyết|thông tư|quyết định)(?!\w)")


def find_mentions(text: str) -> list[Mention]:
    """Return all citations of ``text`` in order: by number, by name, and standards."""
    source = source_from_text(text)
    straight = flowing(straighten(source.text), read_lines(source.text, source.blocks))
    return read_mentions(source.text, straight, lower(straight))[0]


def read_mentions(text: str, straight: str, folded: str) -> tuple[list[Mention], tuple[RefusedNumber, ...]]:
    """Return (citations, refused numbers) of a text.

    ``straight`` is the flowing text with look-alikes replaced, ``folded`` its fold.
    """
    numbered, refused = _numbered(text, straight, folded)
    named = list(find_names(straight, folded))
    # "Luật Đầu tư số 61/2020/QH14" is one mention: the name takes the number in.
    whole = {m.end: m.start for m in named if m.form == "number"}
    numbered = [m for m in numbered if not whole.get(m.end, m.start) < m.start]
    taken = [(m.start, m.end) for m in numbered]
    named = _without_overlap(named, taken)
    mentions = sorted([*numbered, *named], key=lambda m: m.start)
    mentions = [_with_context(straight, folded, m, _next_start(mentions, i, len(text))) for i, m in enumerate(mentions)]
    return share_in_lists(straight, folded, mentions), _outside(refused, mentions)


def _outside(refused: list[RefusedNumber], mentions: list[Mention]) -> tuple[RefusedNumber, ...]:
    """Drop what lies in a citation after all: a name, a date or a symbol reached over it."""
    starts = [m.start for m in mentions]
    kept = []
    for run in refused:
        n = bisect_right(starts, run.start) - 1
        if (n < 0 or mentions[n].end <= run.start) and (n + 1 == len(starts) or run.end <= starts[n + 1]):
            kept.append(run)
    return tuple(kept)


def _without_overlap(mentions: list[Mention], taken: list[tuple[int, int]]) -> list[Mention]:
    """Drop the mentions that touch a span of ``taken`` (both in text order)."""
    kept: list[Mention] = []
    k = 0
    for mention in mentions:
        while k < len(taken) and taken[k][1] <= mention.start:
            k += 1
        if k == len(taken) or taken[k][0] >= mention.end:
            kept.append(mention)
    return kept


def _next_start(mentions: list[Mention], i: int, limit: int) -> int:
    return mentions[i + 1].start if i + 1 < len(mentions) else limit


def _numbered(text: str, straight: str, folded: str) -> tuple[list[Mention], list[RefusedNumber]]:
    found: list[Mention] = []
    refused: list[RefusedNumber] = []
    own = own_numbers(text)
    for run in scan_numbers(straight):
        if found and run.start < found[-1].end:
            continue
        while own and own[0].start < run.end:  # the number line, which the grammar of numbers may read in part only
            line = own.pop(0)
            if line.start < run.start or line.end > run.start:
                found.append(_own_mention(line))
        if found and run.start < found[-1].end:
            continue
        read: Mention | str
        if isinstance(run, Stray):
            read = refusal_of_stray(folded, run)
        else:
            read = refusal(folded, run) or _read_run(text, folded, run, found[-1] if found else None)
        last = refused[-1] if refused else None
        if last is not None and last.rule == FORM_CODE and continues_a_refusal(folded, last.end, run.start):
            read = read if isinstance(read, Mention) and read.start < run.start else FORM_CODE
        if isinstance(read, Mention):
            found.append(read)
        else:
            start, end = refused_span(straight, run.start, run.end)
            refused.append(RefusedNumber(start, end, text[start:end], read))
    found += map(_own_mention, own)
    return found, refused


def _own_mention(line: OwnNumber) -> Mention:
    parts = parse_number(line.number if line.number[0].isdigit() else f"1{line.number}")
    return Mention(
        start=line.start, end=line.end, tail=line.end, form="number",
        type=line.type or (type_of_symbol(parts) if parts else ""), number=line.number, has_so=True, self=True,
    )  # fmt: skip


def _read_run(text: str, folded: str, run: NumberRun, previous: Mention | None) -> Mention | str:
    """Read the type word and "số" before a number; return the rule that refuses it where it is no citation."""
    number = run.parts.printed
    start = run.lead if run.blank else run.start
    so = _SO.search(folded, max(0, run.start - 48), run.start)
    has_so = so is not None or (run.blank and folded.startswith("số", run.lead))
    if so:
        start = so.start()
    anchor = _before_blanks(folded, start)
    word = doctypes.word_before(folded, anchor)
    if run.blank and not has_so:  # the blank follows the type word itself ("Nghị định…/2025/NĐ-CP")
        word = doctypes.word_before(folded, run.lead + len(_first_words(folded, run.lead)))
    type_ = type_of_symbol(run.parts)
    if word:
        start = word[0]
        named = doctypes.words()[word[1]]
        type_ = _fitting_type(named, type_) if named else type_
    elif (not has_so and not has_known_shape(run.parts)) or (
        not word and has_so and len(run.parts.groups) == 1 and not has_known_shape(run.parts) and not type_
    ):
        return UNKNOWN_SYMBOL
    if not word and not type_ and previous is not None and separates(folded, previous.tail, start):
        type_ = previous.type
    return Mention(
        start=start, end=run.end, tail=run.end, form="number", type=type_, number=number,
        type_printed=word is not None, has_so=has_so, confidence=1.0 if word or has_so else 0.9,
    )  # fmt: skip


def _before_blanks(folded: str, position: int) -> int:
    while position and folded[position - 1].isspace():
        position -= 1
    return position


_TWO_WORDS = re.compile(r"\S+\s+\S+?(?=[\s.…/]|$)")


def _first_words(folded: str, position: int) -> str:
    m = _TWO_WORDS.match(folded, position)
    return m.group() if m else ""


def _fitting_type(named: str, by_symbol: str) -> str:
    """A printed type word counts; "Thông tư" before …/TTLT- is the joint kind (domain notes §1.2)."""
    if named == "Thông tư" and by_symbol == "Thông tư liên tịch":
        return by_symbol
    return named


def _with_context(text: str, folded: str, mention: Mention, limit: int) -> Mention:
    """Add date, issuer and pinpoint: what stands right after and right before the core."""
    if mention.form == "standard":
        return mention
    date, issuer, issuer_start, tail = mention.date, "", -1, mention.end
    alone = mention.form == "name" or _of_one_organ(mention)
    by = mention.form != "name"  # "Luật X do Văn phòng Quốc hội ban hành" tells of the consolidated text, not the law
    for _ in range(2):  # "ngày … của …" is the rule, "của … ngày …" occurs
        if not date and (found := date_after(folded, tail)) and found[1] <= limit:
            date, tail = found
        elif (
            not issuer and (span := issuer_after(text, folded, blank_date(folded, tail), by=by, alone=alone))
            and span[1] <= limit
        ):  # fmt: skip
            issuer_start, tail = span
            issuer = squeeze(text[issuer_start:tail])
        else:
            break
    pinpoint, pinpoint_start = pinpoint_before(folded, mention.start)
    if not issuer and mention.has_so and not mention.type_printed and not mention.self:
        organ = _organ_of_the_type(text, folded, mention.start)
        if organ is not None:
            issuer_start, issuer = organ[0], squeeze(text[organ[0] : organ[1]])
    if not issuer and not mention.self and mention.form == "number":
        told = issuer_before(text, folded, pinpoint_start if pinpoint_start >= 0 else mention.start)
        if told is not None and not _is_of_another(mention.number, told.issuer):
            issuer, issuer_start, date = told.issuer, told.start, date or told.date
    if tail == mention.end and not issuer and not pinpoint and date == mention.date:
        return mention
    running = mention.type == "Văn bản hợp nhất" and _begins_line(text, mention.start)
    return replace(
        mention, date=date, issuer=issuer, issuer_start=issuer_start, self=mention.self or (
            running and _RUNNING_TITLE.match(folded, tail) is not None), tail=tail, pinpoint=pinpoint,
        pinpoint_start=pinpoint_start,
    )  # fmt: skip


def _is_of_another(number: str, organ: str) -> bool:
    """Tell whether a number is one of the State's and cannot be of the ``organ`` that a sentence names before it.

    "Cục X quy định tại Điều 3 Nghị định số 96/2015/NĐ-CP" does not tell who issued the decree.
    """
    parts = parse_number(number)
    codes = symbol_organs(parts) if parts is not None else ()
    own = [by_code()[code.upper()] for code in codes if code.upper() in by_code()]
    if parts is None or not own or any(lower(name) in lower(organ) for o in own for name in (o.name, *o.aliases)):
        return False
    return own[0].codes[0] in ("CP", "TTg") or (own[0].level == "ministry" and bool(parts.year))


def _of_one_organ(mention: Mention) -> bool:
    """Tell whether the symbol has a type and one organ ("KH-UBND"), and the type is none that several issue."""
    parts = parse_number(mention.number)
    return (
        parts is not None and len(parts.groups) == 2 and parts.groups[0].upper() in doctypes.codes()
        and "liên tịch" not in mention.type
    )  # fmt: skip


def _organ_of_the_type(text: str, folded: str, start: int) -> tuple[int, int] | None:
    """Return the organ that stands between type and number: "Báo cáo thẩm định của Sở Tư pháp số 5/BC-STP"."""
    organ = organ_before(text, folded, start - 1)
    return organ if organ is not None and folded.endswith("của ", 0, organ[0]) else None


def _begins_line(text: str, start: int) -> bool:
    return not text[text.rfind("\n", 0, start) + 1 : start].strip(" #*_|")
