"""Who is laid what on: telling a task from a remark and the units in charge."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from extract.tables import read_table
from extract.text import either, fold, squeeze

_REMARK = re.compile(r"nếu có (?:khó khăn|vướng mắc|phát sinh)|trường hợp (?:có|phát sinh)|khi có vướng mắc")
_MEANWHILE = re.compile(r"(?:trong\s+)?quá trình")
_DIFFICULT = re.compile(r"nếu|vướng mắc|khó khăn|phát sinh|vấn đề")
_LAST_WORDS = "./."
"""What the body of a document ends with; such a paragraph that speaks of difficulties lays work on nobody."""
END = r"(?![\wà-ỹ])"
REACH = 240
"""The subject of a task ends this near to its begin (characters)."""


@cache
def words_of(role: str) -> str:
    """Return a pattern for the words of a role in the tables of assigners and of task words."""
    table = "assigners" if role in ("verb", "unit", "call") else "task_words"
    return either(r["words"] for r in read_table(table) if r["role"] == role)


@cache
def _unit() -> str:
    """A pattern for the head of a unit's name; words that only look like one do not count."""
    return rf"(?!{words_of('not_unit')}{END})(?:các\s+|từng\s+)?(?!{words_of('not_unit')}{END}){words_of('unit')}{END}"


@cache
def _unit_head() -> re.Pattern[str]:
    return re.compile(rf"(?:{words_of('call')}{END}|{_unit()})")


@cache
def unit_at() -> re.Pattern[str]:
    """Return the pattern of the head of a unit's name in folded text."""
    return re.compile(_unit())


@cache
def _called() -> re.Pattern[str]:
    return re.compile(rf"(?:(?<=^)|(?<=[^\wà-ỹ]))(?<!được )(?<!đã ){words_of('call')}\s+(?=(?:đồng chí\s+)?{_unit()})")


@cache
def _verb() -> re.Pattern[str]:
    """A pattern for what a unit does; as ``act`` only where its name is sure to be over."""
    return re.compile(rf"(?<=[\s,:])(?:(?:{words_of('verb')}|{words_of('does')}){END}|(?P<act>{words_of('act')}){END})")


@cache
def _last_words() -> tuple[str, ...]:
    """Behind these the name of a unit is over: any act may follow, also one that stands inside other names."""
    return (*(f"{row['words']} " for row in read_table("task_words") if row["role"] == "last"), ") ")


@cache
def _act() -> re.Pattern[str]:
    return re.compile(rf"(?:{words_of('act')}|{words_of('does')}|{words_of('verb')}){END}")


@cache
def _target() -> re.Pattern[str]:
    return re.compile(rf"(?:trên\s+|có\s+)?(?:\d+([.,]\d+)?\s*%|{words_of('target')}{END})")


_QUARTER = fold("quý")  # the tone stands elsewhere in folded text
_PREFIX = re.compile(
    rf"(?:căn cứ|trên cơ sở|theo|trong|{_QUARTER}|tháng|định kỳ|hằng|hàng|trước|sau|để|đối với|về|khi|từ|ngoài|đến|nhằm"
    r"|thực hiện)(?![\wà-ỹ])"
)
_TOPIC = re.compile(
    r"(?:chế độ|công tác|việc|nội dung|kinh phí|hình thức)(?:\s[^:;.]{3,60})?:\s"
    r"|(?:bước|đợt|giai đoạn)\s[^:;.]{1,60}:\s"
)
"""What a paragraph is about, before its doer: "Chế độ báo cáo: Các đơn vị …", "Bước 2: Các đơn vị …"."""
_DATED = re.compile(
    rf"(?:(?:trong|trước|đến|từ|vào|hằng|hàng|định kỳ|{_QUARTER}|tháng|ngày)(?![\wà-ỹ])[^,;.]{{0,60}},\s*"
    r"|về [^:;.]{3,120}:\s*|(?:bước|đợt|giai đoạn)\s+(?:\d{1,2}|[ivx]{1,4})\s*(?:\([^)]{1,60}\)\s*)?[:.]\s*)"
)
NOUNS = re.compile(
    r"tổ chức(?=,|;|\s+(?:tương đương|chính trị|xã hội|đảng|đoàn|hành chính|và|đoàn thể|có liên quan|liên quan"
    r"|cá nhân))|xây dựng đảng(?![\wà-ỹ])"
)
"""Nouns in the names of units, no acts: "các tổ chức", "các ban xây dựng Đảng"."""
_OF = re.compile(r"(?:(?:nhiệm vụ|trách nhiệm)\s+của|đối với)\s+")
_NAME_END = re.compile(r"\(|:\s")
_CLAUSE = re.compile(r"[,:]\s+")
_BODY_CALLS = re.compile(
    r"(?:chủ tịch\s+)?(?:ubnd|ủy ban nhân dân|tỉnh ủy|thành ủy)[^,;:.]{0,40}?\s(?=(?:giao|yêu cầu|đề nghị)\s)"
)
_MODAL = re.compile(r"\s+(?:sẽ|cần|phải|có|cùng|cũng|nghiên cứu để|trực tiếp|chủ động)$")
_OFFICES = re.compile(
    r"(?:đại diện\s+)?(?:lãnh đạo|giám đốc|chủ tịch|thủ trưởng|trưởng|chánh|phó|đại diện|đồng chí|đ/c)$"
)
_INSIDE_NAMES = (
    "các ", "việc ", "công tác ", "và ", "hoặc ", "công ", "chương ", "quy ", "lộ ", "đầu tư ", "hội đồng phối hợp ",
)  # fmt: skip
"""Before these, a verb is a noun of a name: "công trình", "Ban Quản lý dự án đầu tư xây dựng"."""


def is_remark(folded: str) -> bool:
    """True for what every plan says at its end: in case of difficulties, report."""
    if _REMARK.match(folded) or (_MEANWHILE.match(folded) and _DIFFICULT.search(folded)):
        return True
    return folded.endswith(_LAST_WORDS) and ("vướng mắc" in folded or "khó khăn" in folded)


def names_a_unit(folded: str) -> bool:
    """True when a heading begins with an organ or unit ("Sở Nội vụ", "Các phòng chuyên môn")."""
    return _unit_head().match(folded) is not None


def is_assignment(folded: str) -> bool:
    """True when a paragraph of "Tổ chức thực hiện" lays work on somebody; remarks on difficulties do not."""
    if is_remark(folded):
        return False
    return _unit_head().match(folded) is not None or _called().search(folded) is not None


def opens_task(folded: str) -> bool:
    """True when a paragraph begins with an act ("Tổ chức …", "Trong Quý I, rà soát …")."""
    dated = _DATED.match(folded)
    return _act().match(folded, dated.end() if dated else 0) is not None


def acts_after(folded: str, at: int) -> bool:
    """True when an act follows, which is more than what an annex tells ("… tại Phụ lục, xây dựng kế hoạch")."""
    more = _later_verb().search(folded, at)
    return more is not None and not folded.startswith(("ban hành kèm", "kèm", "thực hiện"), more.start())


@cache
def _later_verb() -> re.Pattern[str]:
    return re.compile(rf"(?<=[\s,;])(?:{words_of('verb')}|{words_of('does')}){END}(?! kèm)")


_TIMED = re.compile(
    rf"(?:(?:từ|trong|trước|đến|vào)\s+)?(?:{_QUARTER}|tháng|ngày|tuần|bước|đợt|giai đoạn)\s[^;:]{{1,60}}:\s*"
)


def is_timed(folded: str) -> bool:
    """True for an act behind its time: "Tháng 3/2026: Ban hành …"."""
    timed = _TIMED.match(folded)
    return timed is not None and _act().match(folded, timed.end()) is not None


def is_target(folded: str) -> bool:
    """True for an aim in figures ("Phấn đấu …", "100% …"): nobody's work."""
    return _target().match(folded) is not None


# --- units in charge ------------------------------------------------------------------------------


def subject(text: str) -> str:
    """Return the doer that stands before the verb of a task, or before its colon; "" where none does."""
    folded = fold(text[: REACH * 3])
    for place in _places(folded):
        if unit_at().match(folded, place) is None:
            continue
        end = _subject_end(text, folded, place)
        if end > place:
            words = _within(squeeze(text[place:end]).rstrip(" ,:"))
            if words.endswith(" đã"):
                return ""  # a report of what was done
            return _MODAL.sub("", words)
    return ""


def _places(folded: str) -> list[int]:
    """Where a subject may begin: at the start, after "Giao", after an opening clause and its comma or colon."""
    places = [0]
    called = _called().match(folded) or _BODY_CALLS.match(folded)
    if called is not None:
        call = _called().match(folded, called.end()) if called.re is _BODY_CALLS else called
        return [call.end()] if call is not None else [0]
    colon = folded.find(": ", 0, REACH // 2)
    if colon > 0 and "." not in folded[:colon] and unit_at().match(folded, colon + 2):
        places.append(colon + 2)
    if _PREFIX.match(folded) or _TOPIC.match(folded):
        for m in _CLAUSE.finditer(folded, 0, REACH * 2):
            call = _called().match(folded, m.end())
            places.append(call.end() if call is not None else m.end())
    return places


def _subject_end(text: str, folded: str, start: int) -> int:
    if start and not (text[start].isupper() or folded.startswith(("các ", "từng ", "lãnh đạo", "thủ trưởng"), start)):
        return -1
    head = unit_at().match(folded, start)
    assert head is not None
    limit = min(len(folded), start + REACH)
    stop = _stop(folded, head.end(), limit)
    colon = folded.find(":", head.end(), stop + 1)
    for verb in _verb().finditer(folded, head.end(), stop):
        at = verb.start()
        if not text[at].islower() or NOUNS.match(folded, at) or (colon >= 0 and colon < at):
            continue
        if not folded[head.end() : at].strip() and " " not in head.group().strip():
            continue  # "Ban chỉ đạo", "Tổ giám sát": part of the name
        over = _is_over(text, folded, at)
        if not over and (verb["act"] is not None or folded.endswith(_INSIDE_NAMES, 0, at)):
            continue
        if verb.group().startswith("phối hợp") and _alone(folded, at):
            continue
        if verb.group() == "chủ trì" and folded.endswith(("được giao ", "được phân công "), 0, at):
            continue  # "Các cơ quan được giao chủ trì nhiệm vụ tại Phụ lục xây dựng …": which of them
        bracket = folded.rfind("(", head.end(), at)
        return bracket if bracket > folded.rfind(")", head.end(), at) else at
    return colon if colon >= 0 and len(folded[start:colon].split()) <= 30 else -1


_SHORT = re.compile(r"\b[A-ZĐ&]{3,}\s$")


def _is_over(text: str, folded: str, at: int) -> bool:
    """True where the name of a unit ends before ``at``: "các xã", "Sở Nội vụ", or in capitals "Sở GDĐT"."""
    return folded.endswith(_last_words(), 0, at) or _SHORT.search(text, max(0, at - 12), at) is not None


_SCOPE = re.compile(
    r",?\s(?:trong phạm vi|theo chức năng|theo (?:thẩm quyền|nhiệm vụ|phân công|phân cấp|lĩnh vực)|tùy theo)[\s,]"
)


def _within(words: str) -> str:
    """ "Sở Y tế trong phạm vi chức năng, nhiệm vụ": the scope is no part of the name."""
    scope = _SCOPE.search(fold(words))
    return words if scope is None else words[: scope.start()]


def _alone(folded: str, at: int) -> bool:
    """ "Hội đồng phối hợp phổ biến, giáo dục pháp luật": helping is the council's name, not what it does."""
    return folded.endswith("hội đồng ", 0, at) and not folded.startswith(("phối hợp với", "phối hợp cùng"), at)


def _stop(folded: str, start: int, limit: int) -> int:
    """A subject never runs over the end of a sentence; a semicolon may stand in it, before another unit."""
    at = start
    while at < limit:
        char = folded[at]
        if char in ".…" and folded[at + 1 : at + 2] in ("", " ", "."):
            return at
        if char == ";" and not unit_at().match(folded, at + 2):
            return at
        if char == ":":
            return at
        at += 1
    return limit


def assignment_units(text: str) -> tuple[str, ...]:
    """Return the units that an assignment names as doers, exact words."""
    return split_units(subject(text))


@lru_cache(maxsize=1024)
def heading_units(title: str) -> tuple[str, ...]:
    """Return the units that a heading names ("1. Sở Nội vụ (cơ quan thường trực):"), none where it names none."""
    folded = fold(title)
    called = _called().match(folded)
    at = called.end() if called is not None else 0
    of = _OF.match(folded)
    at = of.end() if of is not None else at
    if unit_at().match(folded, at) is None:
        return split_units(subject(title.rstrip(" :"))) if at == 0 and title.rstrip().endswith(":") else ()
    named = subject(title[at:])
    words = named or _NAME_END.split(title[at:] + " ", maxsplit=1)[0]
    return split_units(words) if len(words.split()) <= 45 else ()


_CELL = 4000
"""No list of units is longer (characters); such words are given as they stand."""
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.I)
_BULLET = re.compile(r"(?:^|(?<=\n))[ \t]*[-–+*•]\s*")
_SEMICOLON = re.compile(r"\s*;\s*(?:và\s+)?")
_REMARKED = re.compile(r"\s*\((?:chủ trì|phối hợp|cơ quan thường trực|gọi (?:chung|tắt)|sau đây)[^)]*\)", re.I)
_OPEN_END = re.compile(r"(?<![\wà-ỹ])(?:của|và|thuộc|các|với|,)\s*$")
_SPLIT = r"(?:\s*;\s*(?:và\s+)?|,\s+(?:và\s+)?|\s+và\s+|\s*\n\s*)"


@cache
def _joint() -> re.Pattern[str]:
    return re.compile(rf"{_SPLIT}(?={_unit()})")


def split_units(words: str) -> tuple[str, ...]:
    """Return the units of a list in order: split at ";", and between named organs ("Sở A, Sở B và các xã")."""
    if not words or len(words) > _CELL:
        return (squeeze(words),) if words else ()
    text = _BULLET.sub("", _BREAK.sub("\n", words).strip())
    folded = fold(text)
    cuts: list[tuple[int, int]] = [m.span() for m in _SEMICOLON.finditer(folded)]
    for m in _joint().finditer(folded):
        following, joint = text[m.end() :], folded[m.start() : m.end()]
        if not (following[0].isupper() or folded.startswith(("các ", "đảng ủy "), m.end())):
            continue
        if "\n" in joint or "," in joint or "và" in joint:
            last = max((b for a, b in cuts if b <= m.start()), default=0)
            if "\n" in joint and (_OFFICES.search(folded[last : m.start()].strip()) or _open_end(folded, m.start())):
                continue
            before = folded[last : m.start()]
            if joint.strip() == "và" and _is_one(before, following):
                continue
            if following.startswith("các đoàn thể") and _PARTY_OF_FRONT.search(before):
                continue
            if not any(a < m.end() and m.start() < b for a, b in cuts):
                cuts.append(m.span())
    if "(" in text:
        cuts = [c for c in cuts if text.count("(", 0, c[0]) <= text.count(")", 0, c[0])]
    parts, at = [], 0
    for a, b in sorted(cuts):
        parts.append(text[at:a])
        at = max(at, b)
    parts.append(text[at:])
    found = [squeeze(_REMARKED.sub("", p)) for p in parts]
    return tuple(p for p in (f.strip(" ,;:.…-–") for f in found) if p)


_SHARED_OFFICE = re.compile(r"văn phòng\s+(?:(?:đoàn\s+)?(?:đbqh|đại biểu quốc hội)|hđnd|hội đồng nhân dân)$")
"""The office that serves two organs is one unit."""


_PARTY_OF_FRONT = re.compile(r"đảng ủy\s+(?:ubmttq|mttq|(?:ủy ban\s+)?mặt trận tổ quốc)(?:\s+việt nam)?(?:\s+tỉnh)?$")
"""The Party committee of the Front is that of the unions too."""


def _is_one(before: str, following: str) -> bool:
    """ "Báo và Đài Phát thanh, Truyền hình", "Văn phòng HĐND và UBND xã"."""
    if len(before.split()) == 1:
        return True
    organ = fold(following[:20]).startswith(("hđnd", "hội đồng nhân dân", "ubnd", "ủy ban nhân dân"))
    return organ and _SHARED_OFFICE.search(before) is not None


def _open_end(folded: str, at: int) -> bool:
    return _OPEN_END.search(folded, max(0, at - 12), at) is not None


# --- labels inside a paragraph ---------------------------------------------------------------------

_INLINE = re.compile(
    r"(?:(?:(?:cơ quan|đơn vị)\s+|(?<=\()|(?<=[;.] ))(?:(?P<with>phối hợp)|(?P<lead>chủ trì|thực hiện))"
    r"|(?P<product>sản phẩm|kết quả))(?:\s+(?:thực hiện|dự kiến|đầu ra|hoàn thành))?\s*:\s*"
)
_INLINE_END = re.compile(
    r"[.)](?=\s|$|[.;,])"
    r"|;\s*(?=(?:cơ quan|đơn vị|thời gian|thời hạn|sản phẩm|kết quả|chủ trì|phối hợp|hoàn thành)[\s:])|$"
)
_BY = re.compile(r"[(\s](?:do|giao)\s+(?=\S)|\((?=\S)")
_IN_CHARGE = re.compile(r"\s+(?:chủ trì|phụ trách|chịu trách nhiệm)(?![\wà-ỹ])")
_DONE_IN_BRACKETS = re.compile(r"\s+(?:chủ trì|phụ trách|chịu trách nhiệm|thực hiện)(?![\wà-ỹ])")


def inline_labels(text: str) -> dict[str, str]:
    """Return what labels inside a paragraph tell ("… Cơ quan chủ trì: Sở Nội vụ. Sản phẩm: Báo cáo."), by role."""
    if ":" not in text:
        return {}
    folded = fold(text)
    told: dict[str, str] = {}
    for m in _INLINE.finditer(folded, 1):
        end = _INLINE_END.search(folded, m.end())
        if end is not None and m.lastgroup is not None:
            told.setdefault(m.lastgroup, squeeze(text[m.end() : end.start()]))
    return told


_PARTY = re.compile(r"(?:các\s+)?(?:đảng ủy|đảng đoàn|ban cán sự|ban thường vụ|cấp ủy|chi bộ|đảng bộ)(?![\wà-ỹ])")


def leads_as_party(units: tuple[str, ...], above: tuple[str, ...]) -> bool:
    """True where "Lãnh đạo HĐND tỉnh ban hành …" is what a Party committee does, not the leaders of the council."""
    return bool(units and above) and units[0].startswith("Lãnh đạo ") and _PARTY.match(fold(above[0])) is not None


def named_in_passing(text: str) -> tuple[str, ...]:
    """Return the units that a task names in charge at its end: "(Sở Nội vụ thực hiện)", "giao Sở Y tế chủ trì"."""
    folded = fold(text)
    if "chủ trì" not in folded and "trách" not in folded and not ("(" in folded and "thực hiện" in folded):
        return ()
    for m in _BY.finditer(folded):
        if unit_at().match(folded, m.end()):
            said = _DONE_IN_BRACKETS if m.group().startswith("(") else _IN_CHARGE
            charge = said.search(folded, m.end(), m.end() + REACH // 2)
            if charge is not None and not any(c in folded[m.end() : charge.start()] for c in ".;("):
                return cell_units(text[m.end() : charge.start()])[0]
    return _further_on(text, folded) if "chủ trì" in folded else ()


_FURTHER = re.compile(r"[.;]\s+(?=\S)|\s[-–]\s+(?=\S)")


def _further_on(text: str, folded: str) -> tuple[str, ...]:
    """Who a later sentence or clause puts in charge: "Huy động nguồn lực. Sở Tài chính chủ trì cân đối"."""
    for m in _FURTHER.finditer(folded, 0, REACH * 2):
        charge = _IN_CHARGE.search(folded, m.end(), m.end() + REACH // 2)
        if charge is not None and unit_at().match(folded, m.end()) and text[m.end()].isupper():
            named = subject(text[m.end() : m.end() + REACH])
            if named and m.end() + len(named) >= charge.start():
                return split_units(named)
    return ()


# --- cells ----------------------------------------------------------------------------------------

_LEADS = re.compile(
    r"(?:cơ quan|đơn vị)\s+chủ trì\s*(?:thực hiện|tham mưu)?\s*[:,.;-]+"
    r"|(?<!cơ quan )(?<!đơn vị )chủ trì\s*(?:thực hiện|tham mưu)?\s*[:,.;-]*",
    re.I,
)
_WITH = re.compile(
    r"[\s,;.(-]*(?:(?:cơ quan|đơn vị)\s+)?phối hợp\s*(?:thực hiện)?\s*[:]*\s*(?:với|cùng)?\s*[:]?\s*", re.I
)


_BOTH = re.compile(
    r"[^;:]+?(?P<at>\s+chủ trì)(?:\s+thực hiện)?\s*[,;]\s*(?P<with>[^:]+?)\s+(?:cùng\s+)?phối hợp"
    r"(?:\s+thực hiện)?\s*\.?"
)
"""A names itself first and helps behind: "Sở A chủ trì, các sở liên quan phối hợp"."""


_ROLE_BEHIND = re.compile(
    r"\s*\(\s*(?:(?P<lead>chủ trì|ct)|(?P<with>phối hợp|ph))(?:\s+thực hiện)?\s*\)\s*[;,.]?\s*(?:và\s+)?"
)
"""Brackets behind units that tell what they do: "Sở Y tế (chủ trì), các xã (phối hợp)"."""


def _behind(words: str, folded: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    lead: list[str] = []
    helping: list[str] = []
    at = 0
    for m in _ROLE_BEHIND.finditer(folded):
        (helping if m["with"] else lead).extend(split_units(words[at : m.start()]))
        at = m.end()
    if not at:
        return None
    rest = cell_units(words[at:])
    return (*lead, *rest[0]), (*helping, *rest[1])


_SHORT_ROLE = re.compile(r"(?<!\w)(?:(CT)|PH)(?=:)", re.I)


def cell_units(words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (units in charge, units that help) of a cell that may name both."""
    folded = fold(words)
    if "ct:" in folded or "ph:" in folded:
        words = _SHORT_ROLE.sub(lambda m: "chủ trì" if m[1] else "phối hợp", words)
        folded = fold(words)
    if "(" in folded and (told := _behind(words, folded)) is not None:
        return told
    if "phối hợp" not in folded:
        parts = [words]
    elif (both := _BOTH.fullmatch(folded)) is not None:
        parts = [words[: both.start("at")], words[both.start("with") : both.end("with")]]
    else:
        parts = _WITH.split(words, maxsplit=1)
    return split_units(_LEADS.sub(" ", parts[0])), split_units(parts[1]) if len(parts) > 1 else ()
