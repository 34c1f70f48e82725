"""Grammar of số, ký hiệu: find the runs in a text, take them apart, name the family, repair sure faults.

Sources: NĐ 30/2020/NĐ-CP Phụ lục I.II.3 and III (state administrative), NĐ 34/2016/NĐ-CP Điều 58
(normative), HD 36-HD/VPTW 1.3 (Party: "-" after the number, "/" before the organ).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from extract import doctypes
from extract.organs import by_code
from extract.tables import read_table, split_field
from extract.text import plain

Family = Literal["party", "normative", "administrative", "joint", "law", "standard", "court", "letter", "unknown"]

_UP = "A-ZĐƯƠÔÂÊĂ"
_GROUP = rf"(?:[{_UP}][a-zđ]{{0,2}}){{1,16}}(?:&(?:[{_UP}][a-zđ]?){{1,12}})*\d{{0,4}}(?:(?<=GD)[ ]ĐT)?"
# "QC-TT.HĐND-UBND", "HD.PGDĐT": a dot joins where the symbol goes on or ends with it; else it ends a sentence.
_DOT = rf"\.(?=[{_UP}]{{2}}[{_UP}&]*(?:[/-]|\s*(?:ngày|của|[,;)]|\n|\Z)))"
_SEP = rf"(?:[ ]{{0,3}}(?:/|-{{1,2}})[ ]{{0,2}}\n?[ ]{{0,3}}|{_DOT})"
_END = rf"(?![{_UP}a-zà-ỹđ\d])|(?=(?:ngày|của|năm|về|và|thì)(?![a-zà-ỹđ]))"
# "76/QĐ-SNV - Ban hành Kế hoạch": a dash between blanks with a word behind it is none of the symbol.
_NO_WORD = rf"(?!(?<=- )[{_UP}][a-zđ]{{1,2}}[ ]+[a-zà-ỹđ])"
SYMBOL = rf"{_GROUP}(?:{_SEP}{_NO_WORD}{_GROUP}){{0,9}}(?:\([A-Z]{{1,3}}\d{{1,3}}\))?(?:{_END})"
# Three digits for a year are a misprint ("117/215/NĐ-CP"), which is kept as printed.
_YEAR = r"(?:1[89]|2\d)\d{1,2}"
_SERIAL = rf"(?P<num>\d{{1,6}}(?:\.\d{{1,3}})?[a-zđ]?)(?:[ ]{{0,3}}/[ ]{{0,2}}(?P<year>{_YEAR}))?[ ]{{0,3}}"
_JOINED = rf"{_SERIAL}(?P<sep>/[ ]{{0,2}}/|/|-{{1,2}})[ ]{{0,2}}\n?[ ]{{0,3}}"
_NUMBER = re.compile(rf"{_JOINED}(?P<symbol>{SYMBOL})")
# A separator with a capital behind it: what every number has, and few other places.
_JOINT = re.compile(rf"[/-][ ]{{0,2}}(?:[/-][ ]{{0,2}})?\n?[ ]{{0,3}}[{_UP}]")
# "số118/QĐ-UBND" is a number too, though a word stands right before it.
_ALONE = r"(?:(?<![\w/-])(?<!\d[.,:])|(?<=số)|(?<=Số)|(?<=SỐ))"
_SERIAL_BEFORE = re.compile(rf"{_ALONE}{_SERIAL}\Z")
_SERIAL_LENGTH = 32
_BLANK = re.compile(
    rf"(?P<lead>[sS]ố|SỐ|[nN]ghị định|[qQ]uyết định|[tT]hông tư|[nN]ghị quyết)\s*:?[ .…_]*"
    rf"(?P<number>/[ ]{{0,2}}(?:(?P<year>{_YEAR})[ ]?/[ ]?)?(?P<symbol>{SYMBOL}))"
)
_BLANK_LEAD = re.compile(r"(?:số|định|tư|quyết)\s*:?[ .…_]*(?:/[ ]{0,2}\d{4}[ ]?)?\Z", re.I)
_BLANK_LENGTH = 80
_TYPE_WORD_BEFORE = re.compile(r"(?:văn|bản|định|trình|báo|cáo|hoạch|quyết|thị|thông tư|luận|dẫn)\s+\Z")
_BLANK_ENDS = frozenset(" .…_:ố\n")
_DIGIT = re.compile(r"\d")
_UNJOINED_BEFORE = re.compile(rf"{_ALONE}\d{{1,5}}[a-zđ]?(?:/{_YEAR})?[ ]{{0,2}}[{_UP}][{_UP}a-z]{{0,6}}[ ]{{0,3}}\Z")
_STRAY_BEFORE = re.compile(r"(?:\d[\d.,]*\w?[ ]{0,3}[/-][ ]{0,2})?\d[\d.,]*\w?[ ]{0,3}\Z")
_LIST_MARK = re.compile(rf"-[ ]+[{_UP}][a-zà-ỹđ]")  # "1- Về công tác …"
_STRAY_AFTER = re.compile(r"[/-][ /-]*\n?[ ]*\w+(?:&\w+|[ ]{0,2}[/-][ ]{0,2}\w+)*")


@cache
def _glued() -> re.Pattern[str]:
    """A number whose last organ runs into the next word: "105/2020/TT-BTCđể", "153/2012/TT-BTCThông tư"."""
    organs = "|".join(re.escape(code) for code in sorted(by_code(), key=len, reverse=True) if len(code) > 1)
    return re.compile(rf"{_JOINED}(?P<symbol>(?:{_GROUP}{_SEP}){{1,5}}(?:{organs}))(?=[a-zà-ỹđ]|[{_UP}][a-zà-ỹđ])")


@cache
def _unjoined() -> re.Pattern[str]:
    """A number without its first joint: "574 QĐ/BTC", "22HD/TWĐTN", "99/2010 NĐ-CP"; only a known type stands there."""
    types = "|".join(re.escape(code) for row in read_table("types") for code in split_field(row["codes"]))
    serial = rf"(?P<num>\d{{1,5}}[a-zđ]?)(?:/(?P<year>{_YEAR}))?"
    return re.compile(rf"{serial}(?P<sep>)[ ]{{0,2}}(?P<symbol>(?:{types}){_SEP}{SYMBOL})")


@dataclass(frozen=True, slots=True)
class NumberParts:
    """A number taken apart. ``separator`` is what stands after the serial number (or year): "/" or "-"."""

    serial: str
    year: str
    separator: str
    groups: tuple[str, ...]
    joints: tuple[str, ...]

    @property
    def printed(self) -> str:
        """The canonical form as printed: blanks out, dashes "-", faults kept."""
        year = f"/{self.year}" if self.year else ""
        symbol = self.groups[0] + "".join(j + g for j, g in zip(self.joints, self.groups[1:], strict=True))
        return f"{self.serial}{year}{self.separator}{symbol}"


_BLANKS = re.compile(r"\s+")
_JOINTS = re.compile(r"([/.-])")
_ASSEMBLY = re.compile(r"(?:QH|UBTVQH)\d{1,2}")
_FOOTNOTE = re.compile(r"([^\d]+)(\d{1,2})")


@dataclass(frozen=True, slots=True)
class NumberRun:
    """A run of text that has the shape of a number, with its parts."""

    start: int
    end: int
    parts: NumberParts
    blank: bool = False
    lead: int = -1


def _split_symbol(symbol: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pieces = _JOINTS.split(_BLANKS.sub("", symbol).replace("--", "-"))
    return tuple(pieces[::2]), tuple(pieces[1::2])


def parse_number(number: str) -> NumberParts | None:
    """Return the parts of a number written by itself, or None where it has no such shape."""
    m = _NUMBER.fullmatch(number.strip()) or _unjoined().fullmatch(number.strip())
    if not m:
        return None
    groups, joints = _split_symbol(m["symbol"])
    return NumberParts(m["num"], m["year"] or "", m["sep"][:1], groups, joints)


@dataclass(frozen=True, slots=True)
class Stray:
    """Digits, a joint and capitals that no grammar of numbers reads ("3-Acetyl", "GB/T 20234/CCS")."""

    start: int
    end: int


def scan_numbers(text: str) -> Iterator[NumberRun | Stray]:
    """Yield every run of the (straightened) ``text`` that has the shape of a number, blank ones too, in order.

    The separators are looked for first, since they are rare; the grammar reads what stands around each.
    """
    end = 0
    for joint in _JOINT.finditer(text):
        at = joint.start()
        if at < end:
            continue
        lower = max(end, at - _SERIAL_LENGTH)
        slash = text[at] == "/"
        if not (_DIGIT.search(text, max(lower, at - 12), at) or (slash and text[at - 1 : at] in _BLANK_ENDS)):
            continue
        run = _numbered_run(text, at, lower) or _blank_run(text, at, end) or _unjoined_run(text, at, lower)
        if run is not None:
            yield run
            end = run.end
        elif not _LIST_MARK.match(text, at) and (digits := _STRAY_BEFORE.search(text, lower, at)):
            last = _STRAY_AFTER.match(text, at)
            yield Stray(digits.start(), last.end() if last else joint.end())


def _numbered_run(text: str, at: int, lower: int) -> NumberRun | None:
    serial = _SERIAL_BEFORE.search(text, lower, at)
    if serial is None:
        return None
    m = _NUMBER.match(text, serial.start())
    if m is None or _JOINT.match(text, m.end()):  # cut before the organ: does a word run into it?
        m = _glued().match(text, serial.start()) or m
    return _run(m) if m is not None and m.start("sep") == at else None


def _blank_run(text: str, at: int, lower: int) -> NumberRun | None:
    """Read a number whose serial is left blank ("Số:     /KH-UBND") around the "/" at ``at``."""
    lower = max(lower, at - _BLANK_LENGTH)
    lead = _BLANK_LEAD.search(text, lower, at) if text[at] == "/" else None
    m = _BLANK.search(text, max(lower, lead.start() - 6), at + 160) if lead else None
    if m is None or not m.start("number") <= at < m.end():
        return None
    groups, joints = _split_symbol(m["symbol"])
    named = len(groups) > 1 and (groups[0].upper() in by_code() or _TYPE_WORD_BEFORE.search(text, lower, m.start()))
    if _known_type(groups) or m["year"] or named:
        parts = NumberParts("", m["year"] or "", "/", groups, joints)
        return NumberRun(m.start("number"), m.end(), parts, blank=True, lead=m.start("lead"))
    return None


def _unjoined_run(text: str, at: int, lower: int) -> NumberRun | None:
    serial = _UNJOINED_BEFORE.search(text, lower, at)
    m = _unjoined().match(text, serial.start()) if serial else None
    return _run(m) if m is not None and m.end() > at else None


def _run(m: re.Match[str]) -> NumberRun:
    groups, joints = _split_symbol(m["symbol"])
    groups, cut = _without_footnote(groups, m["year"] or "")
    parts = NumberParts(m["num"], m["year"] or "", m["sep"][:1], groups, joints)
    return NumberRun(m.start(), m.end() - cut, parts)


def _without_footnote(groups: tuple[str, ...], year: str) -> tuple[tuple[str, ...], int]:
    """Drop a footnote digit glued to a known organ ("CP1"); QH15, V01, C04 keep theirs.

    Before 2004 the State Bank printed the number of its unit in the symbol (472/2000/QĐ-NHNN7).
    """
    last = groups[-1]
    m = _FOOTNOTE.fullmatch(last)
    if m is None or m[1].upper() not in by_code() or m[1] in ("QH", "UBTVQH", "HĐNN"):
        return groups, 0
    if m[1] == "NHNN" and year < "2004":
        return groups, 0
    return (*groups[:-1], m[1]), len(m[2])


def _known_type(groups: tuple[str, ...]) -> bool:
    return groups[0].upper() in doctypes.codes()


def has_known_shape(parts: NumberParts) -> bool:
    """True when the symbol alone shows a document number: a known type and organ, a known organ, or a law."""
    first = parts.groups[0].upper()
    if _ASSEMBLY.fullmatch(first):
        return bool(parts.year)
    if len(parts.groups) > 1:
        return first in doctypes.codes() or first in by_code() or parts.groups[-1].upper() in by_code()
    return bool(parts.year) and first in doctypes.codes()


def type_of_symbol(parts: NumberParts) -> str:
    """Return the document type that the symbol tells, "" where it tells none."""
    first = parts.groups[0].upper()
    if first == "TT" and parts.separator == "-" and parts.joints[:1] == ("/",):
        return "Thông tri"  # Party papers write TT for thông tri (HD 36-HD/VPTW 1.3.1b)
    if first in doctypes.codes():
        joint = "-".join(parts.groups[:2]).upper()
        return doctypes.codes().get(joint) or doctypes.codes()[first]
    if first in by_code() and len(parts.groups) > 1 and not parts.year:
        return "Công văn"
    if len(parts.groups) > 1 and not parts.year and parts.separator == "/" and parts.joints[0] == "-":
        return "Công văn"  # organ-unit form of an organ that no table knows
    return ""


def symbol_organs(parts: NumberParts) -> tuple[str, ...]:
    """Return the symbol's organ part: the groups after the type, or all groups of a công văn."""
    if _known_type(parts.groups) and len(parts.groups) > 1:
        return parts.groups[1:]
    return parts.groups


def family_of(parts: NumberParts, type_: str) -> Family:
    """Return the family by the shape of the number and the document type."""
    first = parts.groups[0].upper()
    if _ASSEMBLY.fullmatch(first) or (type_ in doctypes.LAWS and not parts.year):
        return "law"  # also the old ones: 10-LCT/HĐNN8, 44-L/CTN
    if type_ in doctypes.COURT_TYPES:
        return "court"
    organs = [by_code().get(g.upper()) for g in symbol_organs(parts)]
    organ = organs[0] if organs else None
    if organ is not None and organ.level in ("party", "provincial party") and parts.serial:
        return "party"
    if first in ("TTLT", "NQLT", "TTLB", "KHPH", "KHLT", "CTPH", "CTRPH", "QCPH"):
        return "joint" if not parts.year else "normative"
    if parts.year and type_ not in ("Công văn", "Bản án"):
        return "normative"
    if parts.separator == "-" and organ is None:
        return "party"
    if type_ == "Công văn":
        return "letter"
    return "administrative"


def corrected(parts: NumberParts, type_: str) -> NumberParts:
    """Return the parts with sure faults mended: separators by family, "&" where the issuer's own form is known.

    Party form on a state organ ("50-NQ/CP" -> "50/NQ-CP") and the reverse (NĐ 30/2020 PL I.II.3c;
    HD 36-HD/VPTW 1.3.2); "TT-BKH&CN" -> "TT-BKHCN". Anything less than sure stays as printed.
    """
    groups = tuple(
        by_code()[g.upper()].codes[0] if g.upper() in by_code() and g in by_code()[g.upper()].faults else g
        for g in parts.groups
    )
    separator, joints = parts.separator, parts.joints
    if len(groups) == 2 and _known_type(groups):
        organ = by_code().get(groups[1].upper())
        if organ is not None:
            party = organ.level in ("party", "provincial party")
            separator, joints = ("-", ("/",)) if party else ("/", ("-",))
            if parts.year:
                separator = "/"
    return NumberParts(parts.serial, parts.year, separator, groups, joints)


# --- keys ------------------------------------------------------------------------------------------


_SERIAL_WORD = re.compile(r"0*(\d+)([a-z]*)")


@lru_cache(maxsize=16384)
def number_key(number: str) -> str:
    """Return the key by which two numbers are the same: folded, no leading zeros, no separators told apart.

    "08-NQ/TU" and "8 NQ TU" give "8 nq tu"; "&" does not count (domain notes §2).
    """
    return " ".join(_bare(word) for word in plain(number.replace("&", "")).split())


def _bare(word: str) -> str:
    m = _SERIAL_WORD.fullmatch(word)
    return m[1] + m[2] if m else word


def search_key(number: str) -> str:
    """Return the key that a typed number is looked up by: the number key joined by "|"."""
    return number_key(number).replace(" ", "|")


_TYPED = re.compile(r"\d")


def typed_key(query: str) -> str:
    """Return the search key inside what a person typed: "nghi quyet so 08 - NQ / TU" -> "8|nq|tu", "" if none."""
    words = plain(query.replace("&", "")).split()
    for i, word in enumerate(words):
        if _TYPED.match(word):
            return "|".join(_bare(w) for w in words[i:])
    return ""


def sort_key(number: str, date: str) -> str:
    """Return the key that sorts documents by year, then serial number as a number, then letters."""
    parts = parse_number(number)
    year = (parts.year if parts else "") or date[:4] or "0000"
    m = re.match(r"(\d+)(.*)", number)
    return f"{year}-{int(m[1]):06d}-{m[2]}" if m else f"{year}-999999-{plain(number)}"
