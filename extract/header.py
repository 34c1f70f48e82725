"""What a document says of itself: type, number, date, organ, place, title (NĐ 30/2020/NĐ-CP Điều 8, PL I)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract import doctypes
from extract.dates import date_after
from extract.letterhead import read_letterhead
from extract.model import Block, Header, Mention, SourceText
from extract.numbers import parse_number, symbol_organs
from extract.organs import by_code, full_name, province_in
from extract.signature import recipients, signer_role
from extract.text import UPPER, fold, squeeze

_PLACE_DATE = re.compile(rf"(?:^|(?<=[\s|*_]))(?P<place>[{UPPER}][\w. -]{{1,40}}?)\s*[,.]\s*(?=ngày)")
_MOTTO = re.compile(
    r"(?:c\wng )?h\w{1,2} xã h\wi(?: ch|$)|^(?:cộng|cộng hòa|cộng hòa xã|(?:hội )?chủ nghĩa(?: việt nam)?|việt nam)$"
    r"|^(?:đảng|đảng cộng sản|cộng sản(?: việt nam)?)$|độc lập|đảng cộng sản việt nam|-{3,}|_{3,}|\*{3,}"
)
_SMALL_WORDS = frozenset({"phố", "xã", "trấn", "tỉnh", "huyện", "quận", "phường", "khu"})
"""The words of a place that are written small; others tell a sentence: "Trên cơ sở đó, ngày …"."""
_BEGUN_PLACE = re.compile(rf"(?:TP\.? ?)?[{UPPER}][a-zà-ỹđ]{{1,5}}(?: [{UPPER}][a-zà-ỹđ]{{1,5}})?")
"""A line with the first word of a place alone, whose rest stands in the next."""
_STOP = re.compile(r"(?:căn cứ|kính gửi|theo đề nghị|xét|thực hiện)(?!\w)|(?:[ivx]+|\d+|điều \d+)[.)]\s")
_ATTACHED = re.compile(r"[(*_ ]*(?:ban hành\s+)?kèm theo\s")
_ABOUT = re.compile(r"[\s*_]*\(?\s*v/v\s*:?\s*")
_ABOUT_OF_PARTY = re.compile(r"về việc\s+")
"""How a letter of the Party begins its subject, below the number (HD 05-HD/VPTW)."""
_DECIDES = re.compile(
    r"(?:(?:phó )?chủ tịch|(?:phó |tổng )?giám đốc|(?:thứ|bộ) trưởng|cục trưởng|chi cục trưởng|viện trưởng|hiệu trưởng"
    r"|chánh (?:án|thanh tra|văn phòng)|trưởng ban|thống đốc|thủ tướng chính phủ|chính phủ|quốc hội|ubnd|hđnd"
    r"|ủy ban thường vụ quốc hội|ủy ban nhân dân|hội đồng nhân dân)(?![\wà-ỹ])"
)
"""Who decides stands in capitals below the subject of a decision (NĐ 30/2020 PL III, mẫu 1.1, 1.2)."""
_GOES_INTO = re.compile(r"(?:của|và|với|cho|tại|do|thuộc|bởi|về|,|-)$")
_NUMBER = re.compile(r"\d/[\w&/-]*[^\W\d]")
_NO_WORDS = re.compile(r"[\W\d_]*")
_MARKUP = re.compile(r"[ \t]*(?:#{1,6}[ \t]+)?(?:\*\*|__)?[ \t]*")
_HEAD_BLOCKS = 40
_TITLE_LINE = 260
_TYPE_WORDS = 6
_BREAK = re.compile(r"<br\s*/?>", re.I)
DRAFT_MARK = re.compile(r"\s*\(\s*dự thảo[^()\n]{0,30}\)")
"""The mark of a draft behind the type or the title, in folded text: "KẾ HOẠCH (DỰ THẢO LẦN 2)"; no words of either."""


def read_header(source: SourceText, folded: str, mentions: Sequence[Mention]) -> Header:
    """Return the header of ``source``; a cut-out without one gives an empty header."""
    text = source.text
    own = next((m for m in mentions if m.self), None)
    blocks = _head_blocks(source.blocks, folded)
    limit = blocks[-1].end if blocks else 0
    if own is not None and own.start > limit:
        own = None
    title, title_span, title_type = _title(text, folded, blocks, own)
    place, date, date_span = _place_and_date(text, folded, blocks)
    number, symbol = _own_number(own)
    letterhead = _letterhead(text, blocks, own)
    province = province_in(place) or province_in(" ".join(letterhead)) or (province_in(title) if own or title else "")
    issuer, inferred, parent = _issuer(text, folded, letterhead, own, province)
    type_ = title_type or (own.type if own else "")
    body_start = max([0, *(s[1] for s in (title_span, date_span, (own.start, own.end) if own else None) if s)])
    return Header(
        type=type_, number=number, symbol=symbol, date=date, issuer=issuer, place=place, title=title,
        province=province, inferred=inferred, number_span=(own.start, own.end) if own else None,
        date_span=date_span, title_span=title_span, body_start=body_start, parent=parent,
        signer_role=signer_role(text, folded, source.blocks), recipients=recipients(text, folded, source.blocks),
    )  # fmt: skip


def _head_blocks(blocks: Sequence[Block], folded: str) -> list[Block]:
    head: list[Block] = []
    alone = False  # below a type that stands alone, "thực hiện Chỉ thị …" is the subject
    for block in blocks[:_HEAD_BLOCKS]:
        start, end = _line(folded, block)
        if _STOP.match(folded, start) and not (
            alone and folded.startswith("thực hiện", start) and _is_subject(folded, end)
        ):
            break
        head.append(block)
        if end > start:
            alone = folded[start:end] in doctypes.words()
    return head


def _is_subject(folded: str, end: int) -> bool:
    return folded[end - 1] not in ":;.,"


def _line(text: str, block: Block) -> tuple[int, int]:
    m = _MARKUP.match(text, block.start, block.end)
    start = m.end() if m else block.start
    return start, start + len(text[start : block.end].rstrip(" *_"))


def _own_number(own: Mention | None) -> tuple[str, str]:
    """Return (digits, symbol) of the own number; the year of a normative one belongs to the symbol."""
    if own is None:
        return "", ""
    m = re.match(r"(\d*[a-zđ]?)(?:/((?:1[89]|2\d)\d{2}))?[/-](.+)", own.number)
    if not m:
        return "", own.number
    year = f"{m[2]}/" if m[2] else ""
    return m[1], year + m[3]


def _place_and_date(text: str, folded: str, blocks: Sequence[Block]) -> tuple[str, str, tuple[int, int] | None]:
    for i, block in enumerate(blocks):
        below = blocks[min(i + 1, len(blocks) - 1)]  # pages break the line anywhere: "Minh Họa,\nngày", "Hà\nNội, ngày"
        m = _PLACE_DATE.search(text, block.start, below.end)
        while m and not _is_place(m["place"]):  # "Hạnh phúc ------- Minh Họa": the place begins further on
            m = _PLACE_DATE.search(text, m.start() + 1, below.end)
        if m and m.start() < block.end and (found := date_after(folded, m.end())):
            above = text[blocks[i - 1].start : blocks[i - 1].end] if i and m.start() == block.start else ""
            place = f"{above} {m['place']}" if _BEGUN_PLACE.fullmatch(above) else m["place"]
            return squeeze(place), found[0], (m.end(), found[1])
    return "", "", None


def _is_place(words: str) -> bool:
    """Scans break syllables ("Qu ả ng Ngãi"), so two short ones may be small."""
    small = [word for word in words.split() if word[0].islower() and word not in _SMALL_WORDS]
    return len(small) < 3 and all(len(word) < 3 for word in small)


def _title(
    text: str, folded: str, blocks: Sequence[Block], own: Mention | None
) -> tuple[str, tuple[int, int] | None, str]:
    """The title begins at a line in capitals that starts with a type word, or after "V/v" (NĐ 30/2020 PL I.II.5)."""
    for i, block in enumerate(blocks):
        start, end = _line(text, block)
        if own is not None and start <= own.start < end:
            about = _ABOUT.match(folded, own.end)  # texts of pages set it in the line of the number
            if about is None or about.end() >= end:
                continue
            return _subject(text[about.end() : end].rstrip(")")), (about.end(), end), ""
        draft = DRAFT_MARK.search(folded, start, end)
        words = text[start : draft.start() if draft else end]
        type_ = _leading_type(fold(words)) if words[:2].isupper() else ""
        if type_:
            first = end
            following = [_line(text, b) for b in blocks[i + 1 : i + 6]]
            alone = len(words.split()) <= len(type_.split()) or _told_below(text, folded, following, words)
            end = _title_end(text, following, start, end, alone)
            return _subject(text[first if alone and end > first else start : end]), (start, end), type_
        about = _ABOUT.match(folded, start)
        if about is None and own is not None and own.end <= start and own.type == "Công văn":
            about = _ABOUT_OF_PARTY.match(folded, start)
        if about and about.end() < end:
            for block_after in blocks[i + 1 : i + 4]:  # a cell may break the lines of its subject
                if block.place.table is None or block_after.place[2:] != block.place[2:]:
                    break
                if not text[block_after.start].islower():
                    break
                end = _line(text, block_after)[1]
            return _subject(text[about.end() : end].rstrip(")")), (about.end(), end), ""
    return "", None, ""


def _subject(words: str) -> str:
    words = squeeze(_BREAK.sub(" ", words).replace("**", ""))
    draft = DRAFT_MARK.search(fold(words)) if "(" in words else None
    return squeeze(words[: draft.start()] + words[draft.end() :]) if draft else words


def _told_below(text: str, folded: str, following: Sequence[tuple[int, int]], words: str) -> bool:
    """Tell whether the subject begins in the next line with "về": the type may be told nearer ("BIÊN BẢN LÀM VIỆC")."""
    if not words.isupper() or len(words.split()) > _TYPE_WORDS:
        return False
    said = next((s for s, e in following if not _NO_WORDS.fullmatch(text, s, e)), None)
    return said is not None and folded.startswith(("về việc ", "về "), said) and not text[said : said + 4].isupper()


def _title_end(text: str, following: Sequence[tuple[int, int]], start: int, end: int, alone: bool) -> int:
    """A title runs on over lines in capitals; where the type stands alone, over the lines of its subject too."""
    first = end
    for s, e in following:
        line = text[s:e]
        if _NO_WORDS.fullmatch(line):  # a rule under the subject
            if end > first:
                break
            continue
        if _MOTTO.search(fold(line)) or _PLACE_DATE.match(line) or _ATTACHED.match(fold(line)):
            break
        if line.isupper() and end > first and alone:
            if not text[first:end].isupper():
                break  # the one who decides stands below the subject
            if _DECIDES.match(fold(line)) and not _GOES_INTO.search(fold(text[first:end])):
                break
        if not line.isupper() and not (alone and len(line) <= _TITLE_LINE and not line.endswith((":", ";", "."))):
            break
        end = e
    return end


def _leading_type(folded: str) -> str:
    words = folded.split()
    for n in range(min(doctypes.longest_word(), len(words)), 0, -1):
        type_ = doctypes.words().get(" ".join(words[:n]).rstrip("0123456789"))
        if type_:
            return type_
    return ""


def _letterhead(text: str, blocks: Sequence[Block], own: Mention | None) -> list[str]:
    """Return the lines in capitals above the number line: the parent organ and the organ."""
    lines: list[str] = []
    for block in blocks:
        start, end = _line(text, block)
        last = own is not None and start <= own.start < max(end, start + 1)
        if own is not None and last:  # pages set organ and number in one line, a rule between
            end = own.start if text[start : own.start].rstrip(" ").endswith("---") else start
        line = squeeze(text[start:end]).strip(" |*_")
        if motto := _MOTTO.search(fold(line)):  # texts of pages set both halves of the head in one line
            line = line[: motto.start()].rstrip(" |*_-–")
        unread = _NO_WORDS.fullmatch(line) or _PLACE_DATE.match(line) or _NUMBER.search(line)
        if not unread and line.isupper() and not _leading_type(fold(line)):
            lines.append(line)
        elif not unread and lines and not line.isupper():
            break
        if last:
            break
    return lines[:4] if own is not None else []


def _issuer(
    text: str, folded: str, letterhead: list[str], own: Mention | None, province: str
) -> tuple[str, tuple[str, ...], str]:
    """Return the organ in full, the fields inferred, and the organ above it."""
    parts = parse_number("1" + own.number if own.number.startswith(("/", "-")) else own.number) if own else None
    codes = symbol_organs(parts) if parts else ()
    name, added, above = read_letterhead(letterhead, codes, province, text, folded)
    if name:
        return name, ("issuer",) if added else (), above
    known = [by_code()[c.upper()] for c in codes[:1] if c.upper() in by_code()]
    if known:
        return full_name(known[0].name, province)[0], ("issuer",), ""
    return "", (), ""
