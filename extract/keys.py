"""What tells one numbered document from another: the organ that keeps the register, the facets, the key.

The organ is told by the order of domain notes §3: "của X", the symbol, the level words, the own province.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from extract.bodies import UNKNOWN, era
from extract.identifier import urn
from extract.numbers import NumberParts, number_key, parse_number, symbol_organs
from extract.organs import Organ, by_code, by_name, full_name, province_in, provinces, split_joint
from extract.organs import organs as all_organs
from extract.terms import CENTRAL, PROVINCIAL, term_on
from extract.text import fold, plain


@dataclass(frozen=True, slots=True)
class Facets:
    """What a mention tells of its document; "" where it does not tell. Equal facets mean the same document."""

    type: str
    number: str
    year: str = ""
    term: str = ""
    organ: str = ""
    era: str = ""

    def values(self) -> tuple[str, ...]:
        """Return all facets in order."""
        return self.type, self.number, self.year, self.term, self.organ, self.era


def is_open(key: str) -> bool:
    """True when a part of ``key`` is unknown, so that an equal key in another text may mean another document."""
    return "?" in key


def loose_parts(number: str) -> NumberParts:
    """Parts of a number that the strict grammar does not take (blank, old forms)."""
    m = re.match(r"(\d*[a-zđ]?)[/-](?:((?:1[89]|2\d)\d{2})[/-])?(.*)", number)
    if not m:
        return NumberParts(number, "", "", ("",), ())
    pieces = re.split(r"([/-])", m[3])
    separator = number[len(m[1])] if len(number) > len(m[1]) else "/"
    return NumberParts(m[1], m[2] or "", separator, tuple(pieces[::2]), tuple(pieces[1::2]))


def issuer_of(told: str, parts: NumberParts, province: str) -> tuple[str, tuple[str, ...]]:
    """The issuer in full, by the order of domain notes §3: "của X", the symbol, the level words, the own province."""
    if told:
        names = [full_name(organ, province) for organ in split_joint(told)]
        inferred = ("issuer",) if any(added for _, added in names) else ()
        return "; ".join(name for name, _ in names), inferred
    law = law_organ(parts)
    if law:
        return law, ()
    known = [by_code()[c.upper()] for c in symbol_organs(parts) if c.upper() in by_code()]
    if not known or known[0].level == "council":
        # A bare UBND number may come from any level; the province is only likely, so nothing is said.
        return "", ()
    return full_name(known[0].name, province)[0], ("issuer",)


def law_organ(parts: NumberParts) -> str:
    """Return the organ of a number of the National Assembly ("80/2015/QH13", "38/2001/PL-UBTVQH10"), else ""."""
    law = next((m for group in parts.groups if (m := _ASSEMBLY.fullmatch(group.upper()))), None)
    return ("Quốc hội" if law[1] == "QH" else "Ủy ban Thường vụ Quốc hội") if law else ""


_ASSEMBLY = re.compile(r"(QH|UBTVQH)\d{1,2}")


@dataclass(frozen=True, slots=True)
class Register:
    """The organ whose register holds the number, in full ("" when not known), and whether the text tells it.

    ``term_of`` is the committee whose terms its registers follow, "" when they follow the year.
    """

    organ: str
    sure: bool
    term_of: str = ""

    @property
    def bare(self) -> bool:
        """True for an organ named by its level alone: "UBND tỉnh" may be any province's."""
        return _is_bare(self.organ)


_NATIONAL = ("central", "ministry", "party")
_LOCAL = ("council", "department", "provincial party")
_BARE = re.compile(r"(?:ubnd|hđnd)(?: (?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|đặc khu))?")


@lru_cache(maxsize=4096)
def _is_bare(organ: str) -> bool:
    words = fold(organ)
    known = by_name().get(words)
    return bool(_BARE.fullmatch(words) or (known and known.level in _LOCAL))


def register_of(parts: NumberParts, family: str, told: str, issuer: str, province: str) -> Register:
    """A symbol that names national organs tells the register; words tell it for all others."""
    law = law_organ(parts)
    if law:
        return Register(law, True)
    organs = _symbol_organs(parts, family)
    names = issuer.split("; ") if told else []
    if organs and all(o.level in _NATIONAL for o in organs) and all(_is_national(n, parts, organs) for n in names):
        return Register("; ".join(o.name for o in organs), True, CENTRAL if organs[0].level == "party" else "")
    if organs and organs[0].level == "provincial party":
        own = province_in(issuer) if told else ""
        return Register(_at_province(organs[0].name, own or province), bool(told), PROVINCIAL)
    return Register(issuer, bool(told))


def _is_national(name: str, parts: NumberParts, organs: Sequence[Organ]) -> bool:
    """Tell whether the words for an issuer name an organ of the State, or nothing against those of the symbol.

    Of a normative number "Bộ trưởng", "Bộ Lao động", a name that a line cuts short are the ministry of its symbol.
    """
    words = fold(name)
    if known := by_name().get(words):
        return known.level in _NATIONAL
    if not parts.year or not (words.startswith("bộ ") or any(words in fold(o.name) for o in organs)):
        return False
    own = {o.name for o in organs}
    return not any(o.level in _NATIONAL and o.name not in own and fold(o.name) in words for o in all_organs())


def _symbol_organs(parts: NumberParts, family: str) -> list[Organ]:
    """The organs of the symbol: all of a joint paper (none when one is unknown), else the first; the rest are units."""
    codes = symbol_organs(parts)
    if family != "joint" and not parts.groups[0].upper().startswith(("TTLT", "NQLT", "TTLB")):
        codes = codes[:1]
    organs = [by_code()[c.upper()] for c in codes if c.upper() in by_code()]
    return organs if len(organs) == len(codes) else []


def _at_province(organ: str, province: str) -> str:
    if not province:
        return organ
    if provinces().get(fold(province)) == "thành phố":
        organ = organ.replace("Tỉnh ủy", "Thành ủy")
    return f"{organ} {province}"


def facets_of(
    parts: NumberParts, form: str, type_: str, family: str, date: str, register: Register, term: str = ""
) -> Facets:
    """Return what is told of a document; ``form`` is the number as its register writes it, ``term`` a told one."""
    year = parts.year or date[:4]
    if register.term_of == CENTRAL:
        term = term or term_on(CENTRAL, date)
    elif register.term_of == PROVINCIAL:
        # Which number a province gives its term is not known: a told one counts only where no date does.
        term = term_on(PROVINCIAL, date) or (term if not date else "")
    else:
        term = ""  # the National Assembly and its like are numbered by the year
    if type_ == "Thông tư" and parts.groups[0].upper() in ("TTLT", "TTLB"):
        type_ = "Thông tư liên tịch"  # the short word is usual for joint circulars
    return Facets(
        plain(type_), number_key(form), year, term, plain(register.organ),
        era(register.organ, date or parts.year),
    )  # fmt: skip


def register_form(parts: NumberParts) -> str:
    """The number with every organ by its first symbol: "36-NQ/TƯ" is 36-NQ/TW, "BNN&PTNT" is BNNPTNT."""
    groups = tuple(
        organ.codes[0] if (organ := by_code().get(g.upper())) and organ.level in ("ministry", "party") else g
        for g in parts.groups
    )
    return parts.printed if groups == parts.groups else replace(parts, groups=groups).printed


def make_key(family: str, facets: Facets, register: Register | None = None) -> str:
    """ "family|type|number|period|organ", "?" for what is not known. The term stands for the year where it is known."""
    bare = register is not None and register.bare
    organ = " ".join(filter(None, (facets.organ or UNKNOWN, UNKNOWN if bare and facets.organ else facets.era)))
    return "|".join((family, facets.type, facets.number, facets.term or facets.year or UNKNOWN, organ))


def law_key(type_: str, number: str) -> str:
    """Return the key of a law by its number alone."""
    parts = parse_number(number)
    assert parts is not None
    register = Register(law_organ(parts), True)
    return make_key("law", facets_of(parts, number, type_, "law", "", register), register)


def urn_of(type_: str, form: str, date: str, family: str, register: Register) -> str:
    """Return the URN:LEX name, "" while the register's organ is named by its level alone or another part is missing."""
    return "" if register.bare else urn(type_, form, date, register.organ, party=family == "party")
