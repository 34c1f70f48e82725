"""The letterhead: who issues, and the organ above (NĐ 30/2020/NĐ-CP PL I.II.2; HD 36-HD/VPTW for the Party).

Lines in capitals become names: organs over several lines, several organs that issue together, and parts of an
organ that say nothing alone ("BAN TỔ CHỨC" under "TỈNH ỦY MINH HỌA" is "Ban Tổ chức Tỉnh ủy Minh Họa").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from extract.capitals import capitals_to_name
from extract.organs import begins_organ, by_code, by_name, full_name, is_known
from extract.tables import read_table
from extract.text import either, fold

_GOES_ON = re.compile(
    r"(?!(?:tỉnh|thành|huyện|quận|thị) (?:ủy|đoàn)(?![\wà-ỹ]))"
    r"(?:[-–&]|(?:và|của|tỉnh|thành phố|tp|xã|phường|đặc khu|huyện|quận|thị xã|thị trấn)(?![\wà-ỹ]))"
)
"""What begins the second line of an organ's name."""
_OPEN = re.compile(
    r"(?:ủy|bộ|thủ|ban chấp hành|kiểm toán|tòa án|tòa án nhân dân|viện kiểm sát|viện kiểm sát nhân dân|ngân hàng|ban"
    r"|ủy ban|ủy ban thường vụ|hội|hội đồng|ban chỉ đạo|ban quản lý|công ty|công ty cổ phần|trung tâm|trường|viện|tổ"
    r"|đoàn)$|(?s:.)*(?:(?<![\wà-ỹ])(?:và|của|các|cho|về|làm|với)|[-–,&])$"
)
"""A line whose name goes on in the next: a head word alone, or one that ends with a joint."""
_SECTION = re.compile(
    r"(?:văn bản (?:quy phạm pháp luật|khác)|(?:tối |tuyệt )?mật|(?:thượng )?khẩn|hỏa tốc|dự thảo(?: lần \w+)?"
    r"|bản sao)$"
)
"""Sections of Công báo, which repeats the organ below them; stamps."""
_LOCAL = re.compile(
    r"(?<![\wà-ỹ])(xã(?! hội)|phường|đặc khu|(?:huyện|quận|thị|thành) ủy|huyện(?! ủy)|quận(?! ủy)|thị xã|thị trấn)\s+"
    r"([\wà-ỹ]+(?:\s+[\wà-ỹ]+){0,4})$",
    re.IGNORECASE,
)
"""Names of communes and districts stand in no table."""
_BEGINS = re.compile(
    r"(?:hạt|đội|trạm|đài|báo|liên minh|chi nhánh|tòa soạn|chi bộ|đảng bộ|tổ|cảng|thuế|hợp tác xã|bảo tàng|thư viện"
    r"|vườn quốc gia|thường trực)(?![\wà-ỹ])"
)
"""What begins an organ besides the words of the table."""
_TOGETHER = re.compile(r"\s*[-–,;]\s*(?=(?:bộ|sở|ủy ban|hội đồng|tòa án|viện kiểm sát|công an)\s)")
_EQUALS = ("bộ ", "sở ")
"""Organs of one rank stand one below the other only where they issue together."""
_BARE = frozenset({"ubnd", "ủy ban nhân dân", "hđnd", "hội đồng nhân dân"})
_BESIDE = ("ủy ban ", "ubnd ", "hội đồng nhân dân ", "thường trực ", "ban thường trực ")
_COUNCILS = (("ủy ban nhân dân", "UBND"), ("hội đồng nhân dân", "HĐND"))
_BRANCH = re.compile(r"đảng bộ (tỉnh|thành phố|huyện|quận|thị xã)(?![\wà-ỹ])")
_COMMITTEES = {
    "tỉnh": "Tỉnh ủy", "thành phố": "Thành ủy", "huyện": "Huyện ủy", "quận": "Quận ủy", "thị xã": "Thị ủy",
}  # fmt: skip
_CENTRAL = "Ban Chấp hành Trung ương"
_PROPER = (
    "Mặt trận Tổ quốc Việt Nam",
    "Việt Nam",
    "Hồ Chí Minh",
    "Quốc hội",
    "Đảng bộ",
    "Đảng ủy",
    "Đoàn ĐBQH",
    "HĐND",
    "UBND",
    "MTTQ",
)
"""Words within a name that keep their capitals."""
_NO_VOWEL = re.compile(r"(?<![\wà-ỹ])[bcdđghklmnpqrstvx]{2,}(?![\wà-ỹ])")
_FUNCTION = re.compile(
    r"^((?:hội đồng|hiệp hội|hội|tổng cục|chi cục|cục|học viện|bệnh viện|viện|trung tâm|liên hiệp|liên đoàn|văn phòng"
    r"|kho bạc|trường|phòng|đoàn|quỹ|ban|bộ|sở|vụ|hạt|đội|trạm) )([\wà-ỹ])|(?<= [-–] )[\wà-ỹ]",
    re.IGNORECASE,
)
"""The first letter of what an organ does is a capital (NĐ 30/2020 PL II.IV)."""


def read_letterhead(
    lines: Sequence[str], codes: Sequence[str], province: str, text: str, folded: str
) -> tuple[str, bool, str]:
    """Return the organ in full ("; " between several), whether a part was inferred, and the organ above.

    ``lines`` are the lines in capitals above the number, ``codes`` the organs of its symbol. How ``text`` writes a
    name tells its capitals; ``folded`` is its twin.
    """
    names = _names(lines)
    if not names:
        return "", False, ""
    above, issuing = _issuing(names)
    parent = full_name(spelled(above, text, folded), province)[0] if above else ""
    full = [full_name(spelled(organ, text, folded), province) for organ in issuing]
    if len(full) > 1:
        return "; ".join(name for name, _ in full), False, parent
    name, added = full[0]
    if parent:
        return _part_of(issuing[0], parent) or name, False, parent
    told = by_code().get(codes[0].upper()) if codes else None
    if name == _CENTRAL and told is not None and told.level == "mass":
        return told.name, False, ""  # the Youth Union has a Ban Chấp hành Trung ương of its own
    return name, added, ""


def _names(lines: Sequence[str]) -> list[str]:
    """Join the lines of one organ."""
    names: list[str] = []
    for line in lines:
        low = fold(line)
        if _SECTION.match(low):
            continue
        joins = names and (
            " " not in low
            or _GOES_ON.match(low)
            or _OPEN.match(fold(names[-1]))
            or (len(names) > 1 and not (begins_organ(low) or _BEGINS.match(low)))
        )
        if joins:
            names[-1] = f"{names[-1]} {line}"
        else:
            names.append(line)
    return [name for n, name in enumerate(names) if fold(name) not in map(fold, names[:n])]


def _issuing(names: Sequence[str]) -> tuple[str, list[str]]:
    """Return the organ above, and those that issue: one, or several in one line or one below the other."""
    first = len(names) - 1
    rank = next((r for r in _EQUALS if fold(names[first]).startswith(r)), None)
    while rank and first > 0 and fold(names[first - 1]).startswith(rank):
        first -= 1
    # a council above has its place: without one it stands beside the organ that tells it
    while first > 0 and fold(names[first - 1]) in _BARE and fold(names[first]).startswith(_BESIDE):
        first -= 1
    issuing: list[str] = []
    for name in names[first:]:
        start = 0
        for joint in _TOGETHER.finditer(fold(name)):
            issuing.append(name[start : joint.start()])
            start = joint.end()
        issuing.append(name[start:])
    return names[first - 1] if first > 0 else "", issuing


# --- parts of an organ ------------------------------------------------------------------------------


@cache
def _parts() -> dict[str, tuple[str, str]]:
    """Return folded name -> name, and what it is a part of: "party", "council", or any ("")."""
    return {fold(row["name"]): (row["name"], row["above"]) for row in read_table("organ_parts")}


def _part_of(line: str, parent: str) -> str:
    """Return the name of a part with the organ it belongs to, "" where the line is no such part."""
    part, of = _parts().get(fold(line), ("", ""))
    low = fold(parent)
    branch = low.startswith("đảng bộ ")
    party = (
        branch or parent == _CENTRAL or re.match(r"(?:tỉnh|thành|huyện|quận|thị|đảng) ủy(?![\wà-ỹ])", low) is not None
    )
    if not part or (of == "party" and not party) or (of == "council" and not low.startswith(("ubnd", "hđnd"))):
        return ""
    if parent == _CENTRAL:
        central = by_name().get(fold(f"{part} Trung ương"))
        return central.name if central else f"{part} Trung ương"
    if branch and part != "Ban Chấp hành":
        parent = _committee(parent)
    return f"{part} {parent}"


def _committee(branch: str) -> str:
    """Return the committee of a branch of the Party: "Đảng bộ tỉnh Minh Họa" -> "Tỉnh ủy Minh Họa"."""
    level = _BRANCH.match(fold(branch))
    if level:
        return _COMMITTEES[level[1]] + branch[level.end() :]
    return "Đảng ủy" + branch[len("Đảng bộ") :]


# --- spelling ---------------------------------------------------------------------------------------


def spelled(line: str, text: str, folded: str) -> str:
    """Return a line in capitals as a name: as the tables spell it, else as the text does, else by the rule."""
    if not line.isupper():
        return line
    low = fold(line)
    name = capitals_to_name(line)
    if not is_known(low):
        name = _with_function(_as_written(low, text, folded) or _by_rule(name))
    return _LOCAL.sub(lambda m: f"{m[1]} {m[2].title()}", name)


def _as_written(low: str, text: str, folded: str) -> str:
    """Return the name as the text writes it elsewhere with two capitals or more."""
    at = folded.find(low)
    while at >= 0:
        words = text[at : at + len(low)]
        if not words.isupper() and sum(w[0].isupper() for w in words.split()) > 1 and words[0].isupper():
            return words
        at = folded.find(low, at + 1)
    return ""


@cache
def _spellings() -> re.Pattern[str]:
    return re.compile(rf"(?<![\wà-ỹ]){either([*_parts(), *_PROPER])}(?![\wà-ỹ])")


def _by_rule(name: str) -> str:
    low = fold(name)
    proper = {fold(word): word for word in _PROPER}
    pieces: list[str] = []
    done = 0
    for m in _spellings().finditer(low):
        pieces += [name[done : m.start()], _parts().get(m.group(), (proper.get(m.group(), ""), ""))[0]]
        done = m.end()
    name = "".join([*pieces, name[done:]])
    name = _NO_VOWEL.sub(lambda m: m.group().upper(), name)
    for long, short in _COUNCILS:
        name = re.sub(rf"(?<=\w ){long}", short, name)
    return name


def _with_function(name: str) -> str:
    name = _FUNCTION.sub(lambda m: m.group().upper() if m[1] is None else m[1] + m[2].upper(), name)
    return name[0].upper() + name[1:]
