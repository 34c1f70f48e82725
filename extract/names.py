"""Citations by name: laws and codes, Hiến pháp, Party resolutions, and standards (TCVN, QCVN …)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from extract.laws import spellings
from extract.model import Mention
from extract.tables import read_table
from extract.text import UPPER, either, squeeze

# One pattern scans the text for the first words of all names, and begins with a letter, which the scan jumps to;
# that a word begins there is looked at afterwards (a look-behind at every character costs ten times as much).
_HEADS = re.compile(
    r"[BLPHNKVTQĐ](?:(?P<law>ộ [lL]uật\s|uật\s|háp lệnh\s)|(?P<constitution>iến [pP]háp)"
    r"|(?P<party>(?:ghị quyết|ết luận|ăn kiện)\s+(?=[HĐBlTt]))|(?P<standard>CVN|C[CVĐDSXN]|LVN)"
    r"|(?P<short>(?:ghị định|hông tư(?: liên tịch)?)\s+(?:số\s+)?\d{1,3}/(?:19|20)\d\d(?![\d/-]|\s?/)))"
)
_SHORT = re.compile(r"(?P<type>Nghị định|Thông tư(?: liên tịch)?)\s+(?:số\s+)?(?P<number>\d{1,3}/\d{4})")
_LAW_HEAD = re.compile(r"(?P<type>Bộ [lL]uật|Luật|Pháp lệnh)\s+(?=\w)")
_CONSTITUTION = re.compile(
    r"hiến pháp(?:\s+(?P<country>nước cộng hòa xã hội chủ nghĩa việt nam))?(?:\s+năm\s+\d{4}|\s+\d{4})?(?!\w)"
)
# Where a law's name ends when no table knows it: marks, or words that no law name holds after its first word.
_NAME_STOP = re.compile(
    r"[;.:()“”\"\[\]]|\n\n|,\s+(?:bộ\s+)?luật\s|,\s+(?:pháp lệnh|nghị)\s"
    r"|\s(?=(?:năm|số|ngày|này|nêu|trên|được|bị|có|thì|đã|của|theo|tại|và các|và luật|và bộ luật|và nghị|quy định"
    r"|hiện hành|để|do|là|như|khi|trong|hoặc|đến|cho|với|vào|không|còn|phải|sửa đổi|hết hiệu lực"
    r"|ban hành|thay thế)(?!\w))"
)
_AMENDING = re.compile(r"(?:sửa\s+đổi(?:,?\s*bổ\s+sung)?|bổ\s+sung)(?:\s+một\s+số\s+điều)?(?!\w)")
_AMENDING_TITLE = re.compile(
    r"\s+(?:của\s+)?(?:các\s+)?(?P<laws>(?:\d+\s+)?(?:(?:bộ\s+)?luật|pháp lệnh)\s"
    r"(?:(?!\s+(?:và|ngày|năm|số)\s+(?:nghị|thông|quyết|pháp lệnh|\d)|\s+có hiệu lực)[^;.:()\[\]\n]){3,400})"
)
_AMENDED_VERSION = re.compile(r"\s+sửa đổi(?:,\s*bổ sung)?(?:\s+năm)?\s+((?:19|20)\d{2})(?![\d/])")
_NUMBER_TAIL = re.compile(
    r"\s+(?:số\s*:?\s*(?=\d)|(?=\d{1,4}/\d{4}/))"
    r"(?P<number>\d{1,4}/(?P<year>\d{4})/(?:QH|(?:PL-)?UBTVQH)\d{1,2}|\d{1,3}(?:-|/)[A-Z/]+\d{0,2})"
)
_YEAR_TAIL = re.compile(r"\s+(?:năm\s+)?((?:19|20)\d{2})(?![\d/])")

_TERM = r"(?:\s*,?\s*\(?[kK]ho[áaà]́?\s*[IVXLC]+\)?|\s*,?\s*\(?[kK]h[oó][áa]\s*[IVXLC]+\)?)"
_PARTY = re.compile(
    r"(?P<type>Nghị quyết|Kết luận|Văn kiện)\s+(?P<name>"
    r"(?:Hội nghị\s+)?(?:lần thứ\s+(?:\w+\s+){1,3})?(?:Ban Chấp hành\s+)?[Tt]rung ương(?:\s+Đảng)?"
    r"(?:\s+(?:\d{1,2}|lần thứ\s+\w+))"
    rf"{_TERM}?"
    r"|Hội nghị\s+lần thứ\s+\w+(?:\s+\w+)?\s+Ban Chấp hành Trung ương(?:\s+Đảng)?" + rf"{_TERM}?"
    r"|Đại hội(?:\s+đại biểu)?(?:\s+toàn quốc)?(?:\s+(?:của\s+)?Đảng(?:\s+(?:bộ|Cộng sản Việt Nam))?)?"
    rf"(?:\s+(?:bộ\s+)?(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường)(?:\s+(?!lần)(?:[{UPPER}]\w*\s?){{1,4}})?)?"
    r"(?:\s*lần thứ\s+[IVXLC]+|\s+[IVXLC]+)"
    r")(?![\wÀ-ỹ])"
)
_STANDARD = re.compile(
    r"(?P<kind>TCVN|QCVN|QCĐP|QCDP|TCCS|TCXDVN|TCXD|TCN|ĐLVN)"
    r"(?P<body>\s*[:-]?\s*(?:ISO(?:/[A-Z]{2,4})?\s+|IEC\s+|ISO/IEC\s+|EN\s+|ASTM\s+)?[A-Z]?\d{1,6}"
    r"(?:\s?-\s?(?:\d{1,3}|[A-ZĐ]{2,5})(?![\w]))?"
    r"(?:\s?:\s?\d{4}|[-/]\d{4})?(?:\s?/\s?\n?[A-ZĐ&]{2,16})?)(?![\w/])"
)


def find_names(text: str, folded: str) -> Iterator[Mention]:
    """Yield citations by name in text order, dates not read yet (a year inside the core is)."""
    end = -1
    for head in _HEADS.finditer(text):
        start = head.start()
        before = text[start - 1 : start]
        if start < end or before.isalnum() or before == "_":
            continue
        mention = _READERS[head.lastgroup or ""](text, folded, start)
        if mention is not None:
            yield mention
            end = mention.end


@cache
def _known_laws() -> re.Pattern[str]:
    names = dict.fromkeys(r["name"] for r in read_table("law_names"))  # the table has a row for each version
    return re.compile(either(dict.fromkeys(way for name in names for way in spellings(name)), r"\s+") + r"(?!\w)")


def _law(text: str, folded: str, start: int) -> Mention | None:
    head = _LAW_HEAD.match(text, start)
    if head is None:
        return None
    mention = _amending_law(text, folded, head) or _plain_law(text, folded, head)
    if mention is None or _announces_itself(folded, mention):
        return None
    number = _NUMBER_TAIL.match(text, mention.end)
    if number is None:
        return _with_year(text, folded, mention)
    end = number.end()
    return replace(mention, end=end, tail=end, form="number", number=number["number"], has_so=True)


def _law_type(head: re.Match[str]) -> str:
    return "Bộ luật" if head["type"].startswith("Bộ") else head["type"]


def _plain_law(text: str, folded: str, head: re.Match[str]) -> Mention | None:
    end = _law_name_end(text, folded, head.end())
    if end is None:
        return None
    return Mention(
        start=head.start(), end=end, tail=end, form="name", type=_law_type(head), name=squeeze(text[head.end() : end]),
        type_printed=True,
    )  # fmt: skip


def _amending_law(text: str, folded: str, head: re.Match[str]) -> Mention | None:
    """ "Luật sửa đổi, bổ sung một số điều của Luật X": the core ends before "của", the name is the whole title."""
    m = _AMENDING.match(folded, head.end())
    if not m:
        return None
    title = _AMENDING_TITLE.match(folded, m.end())
    if not title:
        return None
    counted = title["laws"][0].isdigit()  # "của 37 luật có liên quan …" names no law: all of it is the core
    end = head.start() + len(text[head.start() : title.end() if counted else m.end()].rstrip())
    name = squeeze(text[head.end() : title.end()]).rstrip(" ,")
    return Mention(
        start=head.start(), end=end, tail=end, form="name", type=_law_type(head), name=name, type_printed=True
    )  # fmt: skip


def _announces_itself(folded: str, mention: Mention) -> bool:
    """ "Quốc hội ban hành Luật X." is the enacting formula of the law itself."""
    before = folded[max(0, mention.start - 24) : mention.start]
    if not re.search(r"(?:quốc hội|ủy ban thường vụ quốc hội)\s+ban hành\s+$", before):
        return False
    return re.match(r"\s*(?:\[\d+\])?\s*\.\s*(?:\n|$)", folded[mention.end : mention.end + 12]) is not None


def _law_name_end(text: str, folded: str, start: int) -> int | None:
    known = _known_laws().match(folded, start)
    if known:
        return known.end()
    if not text[start].isupper():
        return None  # "luật này", "Luật được …": a name begins with a capital unless the table knows it
    stop = _NAME_STOP.search(folded, start, min(len(text), start + 160))
    end = stop.start() if stop else min(len(text), start + 160)
    end = start + len(text[start:end].rstrip())
    return end if len(text[start:end].split()) >= 2 else None


def _with_year(text: str, folded: str, mention: Mention) -> Mention:
    year = _YEAR_TAIL.match(text, mention.end) or _AMENDED_VERSION.match(folded, mention.end)
    if year:
        end = year.end()
        name = squeeze(text[mention.start + len(mention.type) : year.start(1)])
        name = re.sub(r"\s+năm$", "", name)
        return replace(mention, end=end, tail=end, date=year[1], name=name)
    return mention


def _constitution(text: str, folded: str, start: int) -> Mention | None:
    m = _CONSTITUTION.match(folded, start)
    if m is None:
        return None
    year = re.search(r"\d{4}$", m.group())
    country = squeeze(text[m.start("country") : m.end("country")]) if m["country"] else ""
    return Mention(
        start=start, end=m.end(), tail=m.end(), form="name", type="Hiến pháp", name=country,
        date=year.group() if year else "", type_printed=True,
    )  # fmt: skip


def _party(text: str, folded: str, start: int) -> Mention | None:
    m = _PARTY.match(text, start)
    if m is None:
        return None
    end = start + len(m.group().rstrip())
    name = squeeze(text[m.start("name") : end])
    return Mention(start=start, end=end, tail=end, form="name", type=m["type"], name=name, type_printed=True)


def _standard(text: str, folded: str, start: int) -> Mention | None:
    m = _STANDARD.match(text, start)
    if m is None:
        return None
    type_ = "Quy chuẩn" if m["kind"].startswith("QC") else "Tiêu chuẩn"
    body = re.sub(r"\s*([:/-])\s*", r"\1", squeeze(m["body"])).lstrip(":- ")
    number = f"{m['kind']} {body}"
    return Mention(
        start=start, end=m.end(), tail=m.end(), form="standard", type=type_, number=number, type_printed=True
    )  # fmt: skip


def _short(text: str, folded: str, start: int) -> Mention | None:
    """ "Nghị định 30/2020": the number without its symbol, as people write it in passing."""
    m = _SHORT.match(text, start)
    if m is None:
        return None
    return Mention(
        start=start, end=m.end(), tail=m.end(), form="number", type=squeeze(m["type"]), number=m["number"],
        type_printed=True, has_so="số" in m.group(), confidence=0.9,
    )  # fmt: skip


_READERS = {
    "law": _law, "constitution": _constitution, "party": _party, "standard": _standard, "short": _short,
}  # fmt: skip
