"""Organs: who issues documents. Reads them in text, spells them out in full, knows their symbols."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from extract.tables import read_table, split_field
from extract.text import UPPER, either, fold, squeeze


@dataclass(frozen=True, slots=True)
class Organ:
    """One organ of the table. ``level``: central, ministry, party, provincial party, council, department, mass."""

    name: str
    codes: tuple[str, ...]
    faults: tuple[str, ...]
    aliases: tuple[str, ...]
    level: str
    until: str
    successor: str


@cache
def organs() -> tuple[Organ, ...]:
    """Return the organ table."""
    return tuple(
        Organ(
            r["name"], split_field(r["codes"]), split_field(r["faults"]), split_field(r["aliases"]), r["level"],
            r["until"], r["successor"],
        )
        for r in read_table("organs")
    )  # fmt: skip


@cache
def by_name() -> dict[str, Organ]:
    """Return folded name or alias -> organ."""
    return {fold(name): organ for organ in organs() for name in (organ.name, *organ.aliases)}


@cache
def by_code() -> dict[str, Organ]:
    """Return symbol (upper case) -> organ."""
    return {code.upper(): organ for organ in organs() for code in (*organ.codes, *organ.faults)}


@cache
def provinces() -> dict[str, str]:
    """Return folded province name -> "tỉnh" or "thành phố"."""
    return {fold(row["name"]): row["level"] for row in read_table("provinces")}


@cache
def province_names() -> dict[str, str]:
    """Return folded province name -> the name as it is written."""
    return {fold(row["name"]): row["name"] for row in read_table("provinces")}


def province_in(text: str) -> str:
    """Return the province that ``text`` names first ("Tây Ninh, ngày …"), "" if none."""
    m = province_pattern().search(fold(text))
    return province_names()[m.group(1)] if m else ""


@cache
def province_pattern() -> re.Pattern[str]:
    """Return the pattern of a province in folded text; group 1 is its name."""
    return re.compile(rf"(?<!\w)({either(provinces())})(?!\w)")


# --- reading an organ at a place in the text -------------------------------------------------------


def _words(role: str) -> str:
    """Return the organ words of a role as one alternation."""
    return _either(r["word"] for r in read_table("organ_words") if r["role"] == role)


def _either(words: Iterable[str]) -> str:
    return either(words, r"\s+")  # a line may break inside an organ's name


_LEVEL = _words("level")
_PROPER = rf"(?:[{UPPER}]\w*(?:['’.-]\w+)*)"
_PLACE = rf"{_PROPER}(?:[ ]+(?:-[ ]+)?{_PROPER}){{0,4}}"
_COUNCIL = re.compile(rf"(?:{_words('council_body')}\s+)?{_words('council')}(?:\s+(?:các\s+)?{_LEVEL}(?!\w))?")
_PARTY_UNIT = re.compile(
    rf"[ ]+(?:trường|khối|cơ quan|các cơ quan)(?![\wÀ-ỹ])(?:[ ]+{_PROPER}(?:[ ]+(?:[a-zà-ỹ]+[ ]+)?{_PROPER}){{0,5}})?"
)
_PARTY_LOCAL = re.compile(rf"(?:{_words('party_body')}\s+(?:đảng bộ\s+)?)?{_words('party')}")
_OFFICE = re.compile(rf"{_words('office')}\s+")
_TERM = re.compile(r"(?:\s*\(?\s*(?:lần thứ|khóa)\s+[IVXLC\d]+\)?)?", re.I)
_ORGAN_START = re.compile(
    rf"(?<!\w)(?:{_words('head')}|{_words('whole')}|{_words('council')}|{_words('council_body')}|{_words('party')}"
    rf"|{_words('party_body')}|{_words('office')}|{_either(r['name'] for r in read_table('organs'))})(?!\w)"
)
_HEADS = re.compile(rf"(?:{_words('head')}|{_words('whole')})(?!\w)")
# A place goes on in the same line; what begins the next line with a capital is another sentence or cell.
_PLACE_AFTER = re.compile(rf"[ ]+{_PLACE}")
_LEVEL_PLACE_AFTER = re.compile(rf"[ ]+(?:(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường)\s+)?{_PLACE}")
_NAMED = re.compile(rf"(?:{_words('named')})[ ]+[{UPPER}]")
_PROVINCE_AFTER = re.compile(rf"\s+({_either(r['name'] for r in read_table('provinces'))})(?!\w)")
# A name goes on in the next line in small letters, and after a dash in any.
_SYLLABLE = re.compile(
    r"(?:[ ]+|[ ]*\n(?=[a-zà-ỹđ])|(?<=[-–&])[ ]*\n[ ]*)(?P<word>[^\W\d]\w*(?:[&.'’-]\w+)*|[-–&](?=\s))"
)
_LAST_SYLLABLES = re.compile(r"[a-zà-ỹđ]+(?:[ ]+[a-zà-ỹđ]+)?(?=[.;,)\n]|\Z)")
# Words that hold a name together in lower case, provided that a capital follows.
_GLUE = re.compile(rf"(?:{_words('glue')}\s+)*{_words('glue')}(?!\w)")
_TRAILING_LEVEL = re.compile(rf"\s+{_LEVEL}(?!\w)")
_CAPITAL = re.compile(rf"\s+[{UPPER}]")
_VERB = re.compile(_either(r["words"] for r in read_table("assigners") if r["role"] == "verb") + r"(?!\w)")
_FUNCTION_WORD = re.compile(rf"{_words('stop')}(?!\w)")
# A word that opens a trích yếu ends the organ's name, even where it is written with a capital.
_STOP = re.compile(_either(r["word"] for r in read_table("title_words") if r["ends_organ"] == "1") + r"(?!\w)")


_ABOUT_A_PAPER = re.compile(
    r"về\s+(?:Đề án|Kế hoạch|Chương trình|Quy (?:định|chế|hoạch)|Quyết định|Nghị quyết|Kết luận|Phương án|Dự án)(?!\w)"
)
"""A trích yếu that begins with a paper: "của Ban Chấp hành Đảng bộ tỉnh về Đề án sắp xếp …"."""
_FOR_A_PAPER = re.compile(r"(?:ban (?:chỉ đạo|điều hành|soạn thảo)|tổ|tiểu ban|hội đồng|văn phòng|đoàn)(?!\w)")
"""Organs that are set up for a paper and named by it: "Ban Chỉ đạo về Đề án 06"."""


def organ_at(text: str, folded: str, position: int) -> int | None:
    """Return the end of the organ name that starts at ``position``, or None.

    Closed names come from the table; an open set of others is read by its head word (Sở, Ban, Hội …)
    and the capitals that follow.
    """
    start = position
    office = _OFFICE.match(folded, position)
    if office:
        start = office.end()
    end = _closed(text, folded, start) or _local(text, folded, start) or _open(text, folded, start)
    if end is None and office:  # "Trưởng phòng Hành chính": the office is a part of the name
        end = _open(text, folded, position)
    if end is None and office and (inner := folded.find("thanh tra", position, start)) >= 0:
        return _closed(text, folded, inner)  # "Chánh Thanh tra tỉnh": whom he heads is told by his title
    if end is None and office and folded.startswith(("chủ tịch nước", "tổng kiểm toán nhà nước"), position):
        return _closed(text, folded, position)
    return end


def begins_organ(folded: str) -> bool:
    """Tell whether words begin like an organ: a name of the table, or a head word."""
    return _ORGAN_START.match(folded) is not None


def is_known(folded: str) -> bool:
    """Tell whether words begin with a name of the table."""
    return _known_names().match(folded) is not None


def _closed(text: str, folded: str, position: int) -> int | None:
    m = _known_names().match(folded, position)
    if not m:
        return None
    end = m.end()
    level = by_name()[squeeze(m.group())].level
    if level in ("council", "provincial party"):
        return None  # goes on with level and place
    if level == "party" or squeeze(m.group()) == "quốc hội":
        term = _TERM.match(folded, end)
        return term.end() if term else end
    if level in ("department", "mass"):
        return _place_tail(text, folded, end)
    return end


@cache
def _known_names() -> re.Pattern[str]:
    """All names of the table; a line break may stand between two words."""
    return re.compile(rf"{_either(by_name())}(?![\w&])")


@cache
def names_by_length() -> tuple[str, ...]:
    """Return the folded names of all organs, the longest first."""
    return tuple(sorted(by_name(), key=len, reverse=True))


def _place_tail(text: str, folded: str, end: int) -> int:
    """Go on over "tỉnh Tây Ninh", "thành phố Cần Thơ"; a bare level word ("tỉnh") counts too."""
    level = _TRAILING_LEVEL.match(folded, end)
    if level is None:
        province = _PROVINCE_AFTER.match(folded, end)
        return province.end() if province and text[province.start(1)].isupper() else end
    place = _PLACE_AFTER.match(text, level.end())
    if place and not _STOP.match(folded, place.start() + 1):
        return _cut_place(text, level.end(), place.end())
    return level.end()


def _cut_place(text: str, start: int, end: int) -> int:
    """Cut a run of capitals to a known province where it begins with one ("Tây Ninh Quy định" -> "Tây Ninh")."""
    run = fold(text[start:end]).lstrip()
    offset = end - start - len(run)
    for n in range(5, 0, -1):
        words = run.split(" ")[:n]
        if " ".join(words) in provinces():
            return start + offset + len(" ".join(words))
    cut = _STOP.search(run)
    return start + offset + len(run[: cut.start()].rstrip()) if cut and cut.start() > 0 else end


def _local(text: str, folded: str, position: int) -> int | None:
    m = _COUNCIL.match(folded, position) or _PARTY_LOCAL.match(folded, position)
    if not m:
        return None
    end = m.end()
    if end < len(folded) and folded[end].isalnum():
        return None
    part = _PARTY_UNIT.match(text, end) if m.re is _PARTY_LOCAL else None
    if part:
        return part.end()
    place = _LEVEL_PLACE_AFTER.match(text, end)
    if place and not _STOP.match(folded, place.start() + 1):
        return _cut_place(text, end, place.end())
    return end


def _open(text: str, folded: str, position: int) -> int | None:
    """Read an organ that no table knows: a head word, then capitals with the small syllables that follow each.

    A syllable that opens a trích yếu or a clause ends the name; so does a fourth small syllable in a row that is not
    the last but one of its clause. A head word in small letters counts where a capital follows ("trường Mầm non").
    """
    head = _HEADS.match(folded, position)
    if not head or not (text[position].isupper() or _NAMED.match(text, position)):
        return None
    end, small = head.end(), 0
    while m := _SYLLABLE.match(text, end):
        word, at = m["word"], m.start("word")
        if word[0].isupper():
            small = 0
            if _STOP.match(folded, at) and end > head.end():
                break
            if _COUNCIL.match(folded, at):  # "Đoàn Giám sát Hội đồng nhân dân tỉnh"
                return _local(text, folded, at)
        else:
            glue = _GLUE.match(text, at) or _GLUE.match(folded, at)  # "- Xã hội": the level word is small, "Xã" is not
            about = glue and _ABOUT_A_PAPER.match(text, glue.end() - len("về"))  # "Đảng bộ tỉnh về Đề án": "tỉnh" too
            if about and not _FOR_A_PAPER.match(folded, position):
                break
            if glue and _CAPITAL.match(text, glue.end()) and not _new_organ(folded, at, glue.end()):
                end = glue.end()
                continue
            small += 1
            if glue or any(p.match(folded, at) for p in (_STOP, _VERB, _FUNCTION_WORD)):
                break
            if small > 3 and not _LAST_SYLLABLES.match(text, at):
                break
        end = m.end()
    return _place_tail(text, folded, end)


def _new_organ(folded: str, glue: int, following: int) -> bool:
    """ "… và Sở …" begins another organ: the caller reads it."""
    return folded.startswith("và ", glue) and _HEADS.match(folded, following + 1) is not None


_LEAD_IN = re.compile(r"[\s,]*(?:(?:của\s+)+|do\s+|giữa\s+)(?:các\s+)?(?=\S)")
_ACTS = re.compile(r"\s+(?:được|đã|đang|có|báo cáo|đề nghị|kính|xin|trình|tổ chức|tham mưu|xây dựng|triển khai)(?!\w)")
_ISSUES = re.compile(
    r"\s+(?:(?:đã|sẽ)\s+)?(?:ban hành|xây dựng|quy định|hướng dẫn|yêu cầu|quyết định|thông báo|chỉ đạo|công bố"
    r"|phê duyệt|giao|lập)(?!\w)"
)
"""What the writer of the sentence does: "Thực hiện Kế hoạch số … của Bộ X, UBND tỉnh ban hành Kế hoạch …"."""
_BETWEEN = re.compile(r"(?:\s*,\s*|\s+(?:và|với)\s+|\s*,\s*và\s+)")


def issuer_after(
    text: str, folded: str, position: int, *, by: bool = True, alone: bool = False
) -> tuple[int, int] | None:
    """Return the span of the issuer that follows ``position`` ("của X", "do X ban hành", "giữa X và Y").

    The span leaves the preposition out. Several organs are read after "giữa", and after "của" when
    "và" is followed by another organ. Without ``by`` "do X ban hành" does not count. ``alone`` tells that the
    document is of one organ: a second one after a comma that issues something is the writer of the sentence.
    """
    lead = _LEAD_IN.match(folded, position)
    if not lead or (not by and lead.group().split()[0] == "do"):
        return None
    start = lead.end()
    end = organ_at(text, folded, start)
    if end is None:
        return None
    while True:
        joint = _BETWEEN.match(folded, end)
        if not joint or not text[joint.end() : joint.end() + 1].isupper():
            break
        following = organ_at(text, folded, joint.end())
        if following is None:
            break
        issues = alone and " " in folded[start:end].removeprefix("bộ trưởng")  # "Bộ trưởng, Chủ nhiệm Ủy ban Dân tộc"
        acts = _ACTS.match(folded, following) or (issues and _ISSUES.match(folded, following))
        if joint.group().strip() == "," and acts:
            break  # "… của UBND tỉnh, Sở X được giao …": the second organ is who acts
        end = following
    return start, end


_ACTING = re.compile(
    r"\s*(?:tại|(?:đã\s+)?(?:có|ban hành|ra|ký)|(?:giao|công nhận|phê duyệt|cho phép|quy định|nêu)\s+tại)\s*$"
)
_COMMA = re.compile(r"\s*,\s*")  # "… và Sở X tại Tờ trình" tells of Sở X alone
_ACTING_ENDS = frozenset({"tại", "có", "hành", "ra", "ký"})
_DATE_BEFORE = re.compile(r"ngày\s+(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*,?\s*$")
_WINDOW = 110


@dataclass(frozen=True, slots=True)
class Told:
    """An issuer told before its document: words, where they begin, and the ISO date before them ("" if none)."""

    issuer: str
    start: int
    date: str


def issuer_before(text: str, folded: str, position: int) -> Told | None:
    """Return the issuer told before a citation: "Ngày 06/10/2025, Bộ Nội vụ ban hành <citation>".

    The organ must stand right before a word of issuing ("ban hành", "có", "tại" …).
    """
    before = folded[max(0, position - 12) : position].rsplit(None, 1)
    if not before or before[-1] not in _ACTING_ENDS:
        return None
    lower = max(0, position - _WINDOW)
    lower = max(lower, folded.rfind("\n\n", lower, position))
    acting = _ACTING.search(folded, lower, position)
    if not acting:
        return None
    end = acting.start()
    if text[end - 1 : end] == ")":  # "Sở Nội vụ (Ban Thi đua - Khen thưởng) tại …"
        end = lower + len(text[lower : max(lower, text.rfind("(", lower, end))].rstrip())
    organ = organ_before(text, folded, end, lower)
    if organ is not None and not _TERM_IN_BRACKETS.match(folded, end):
        organ = organ[0], acting.start()  # with what stands in brackets
    organ = organ or _subject_of(text, folded, acting.start())
    if organ is None:
        return None
    date = _DATE_BEFORE.search(folded, max(0, organ[0] - 24), organ[0])
    iso = f"{date[3]}-{int(date[2]):02d}-{int(date[1]):02d}" if date else ""
    return Told(squeeze(text[organ[0] : organ[1]]), organ[0], iso)


_TERM_IN_BRACKETS = re.compile(r"\s*\((?:khóa|nhiệm kỳ|lần)")
_SENTENCE = 260
_STOPS = re.compile(r"[.;:](?=\s)|\n\n")


@cache
def _issuing() -> re.Pattern[str]:
    return re.compile(
        rf"\s+(?:(?:đã|cũng|tiếp tục)\s+)*{either(r['words'] for r in read_table('issuing_verbs'))}(?!\w)"
    )


def _subject_of(text: str, folded: str, end: int) -> tuple[int, int] | None:
    """Return the organ that acts in the sentence: "Ngày 03/7/2015, UBND tỉnh phê duyệt chủ trương đầu tư tại <X>"."""
    lower = max(0, end - _SENTENCE)
    for stop in _STOPS.finditer(folded, lower, end):
        lower = stop.end()
    found: tuple[int, int] | None = None
    for m in _ORGAN_START.finditer(folded, lower, end):
        if not text[m.start()].isupper() or text[m.start() - 1 : m.start()] in ("-", "/"):
            continue
        last = organ_at(text, folded, m.start())
        if last is not None and last < end and _issuing().match(folded, last):
            found = m.start(), last
            break
    return found


def organ_before(text: str, folded: str, end: int, lower: int = -1) -> tuple[int, int] | None:
    """Return the span of the organ, or the organs of a joint issuer, that end right at ``end``; None if none does."""
    lower = max(0, end - _WINDOW) if lower < 0 else lower
    for m in _ORGAN_START.finditer(folded, lower, end):
        if not text[m.start()].isupper() or text[m.start() - 1 : m.start()] in ("-", "/"):  # inside a number
            continue
        last = organ_at(text, folded, m.start())
        while last is not None and last < end:
            joint = _COMMA.match(folded, last, end)
            if not joint or not text[joint.end() : joint.end() + 1].isupper():
                break
            if folded.endswith("của ", lower, m.start()):
                break  # "Quyết định của UBND tỉnh, UBND thành phố có …": the second one acts alone
            last = organ_at(text, folded, joint.end())
        if last == end:
            return m.start(), end
    return None


_LEVEL_FIRST = re.compile(r"(?:tỉnh|thành phố|huyện|quận|thị xã)(?!\w)")
_AND = re.compile(r"\s*(?:,|;|và|với)\s*(?:và\s+)?")

# --- spelling out ----------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def split_joint(issuer: str) -> tuple[str, ...]:
    """Return the organs of a joint issuer in printed order; "và" inside a name does not split it."""
    text = squeeze(issuer)
    folded = fold(text)
    parts: list[str] = []
    position = 0
    while position < len(text):
        end = organ_at(text, folded, position)
        if end is None or end <= position:
            return (*parts, text[position:].strip()) if parts else (text,)
        parts.append(text[position:end])
        m = _AND.match(folded, end)
        if not m or m.end() == end:
            if text[end:].strip():
                parts[-1] = text[position:].strip()
            break
        position = m.end()
    return tuple(p for p in parts if p)


@lru_cache(maxsize=16384)
def full_name(organ: str, province: str) -> tuple[str, bool]:
    """Return (the full name of one organ, whether a part was inferred).

    "UBND tỉnh" in a document of Tây Ninh is "UBND tỉnh Tây Ninh"; "Bộ KH&CN" is "Bộ Khoa học và
    Công nghệ"; a minister or chairman signs for the organ (domain notes §3).
    """
    words = squeeze(organ)
    office = _OFFICE.match(fold(words))
    if office and fold(words) != "chủ tịch nước" and fold(words)[office.end() :]:
        led = "Thanh tra " if office.group().strip().endswith("thanh tra") else ""
        words = words[office.end() :]
        words = led + words if led and _LEVEL_FIRST.match(fold(words)) else words
    folded = fold(words)
    for long, short in (("ủy ban nhân dân", "UBND"), ("hội đồng nhân dân", "HĐND")):
        if folded.startswith(long):
            words = short + words[len(long) :]
            folded = fold(words)
    if folded.startswith(("ubnd", "hđnd")):
        return _with_province(words[:4].upper() + words[4:], province)
    m = re.match(r"(tỉnh|thành) ủy", folded)
    if m:
        stem = words[0].upper() + words[1 : m.end()].replace("uỷ", "ủy").replace("Uỷ", "ủy").replace("Ủy", "ủy")
        rest = words[m.end() :].strip()
        rest = re.sub(r"^(?:tỉnh|thành phố)\s+", "", rest)
        if rest:
            return f"{stem} {rest}", False
        return (f"{stem} {province}", True) if province else (stem, False)
    named = _known_names().match(folded)
    if named:
        known, rest = by_name()[named.group()], words[named.end() :]
        if known.level == "department":
            return _with_province(known.name + rest, province)
        return known.name + ("" if known.level in ("central", "ministry", "party") else rest), False
    if re.match(
        r"(?:liên hiệp|sở|hội|ban quản lý|chi cục|trung tâm|tỉnh đoàn|công an tỉnh|liên đoàn lao động)(?!\w)", folded
    ):
        return _with_province(words, province)
    if re.match(r"(?:đảng ủy|đảng bộ|ban chấp hành đảng bộ)(?!\w).* (?:tỉnh|thành phố)$", folded):
        return _with_province(words, province)
    return words, False


def _with_province(words: str, province: str) -> tuple[str, bool]:
    """Add the citing document's own province where the name has none."""
    folded = fold(words)
    if (
        province_in(words)
        or not province
        or re.search(r"(?:huyện|quận|thị xã|xã|phường|đặc khu|việt nam)(?!\w)", folded)
    ):
        return words, False
    level = provinces().get(fold(province), "tỉnh")
    m = re.search(r"\s+(tỉnh|thành phố|tp\.?)$", folded)
    if m:
        return f"{words[: m.start()]} {level} {province}", True
    return f"{words} {level} {province}", True
