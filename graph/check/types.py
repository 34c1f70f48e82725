"""Type word against symbol, symbols outside the tables, and the year in a number (checks 6, 7, 19)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from extract.numbers import NumberParts
from extract.organs import by_code
from extract.tables import read_table, split_field
from extract.text import fold
from graph.check.finding import Finding
from graph.check.reading import Case, Reading

_MODERN = "1998"
"""Older numbers were formed in other ways (12-CT is a decision of the chairman of Hội đồng Bộ trưởng)."""
_ALWAYS_BY_YEAR = {"NĐ": "2000", "TT": "2000", "TTLT": "2000"}
"""Symbols of types that are normative acts only, with the year since which all have it (NĐ 34/2016 Điều 58)."""
_DIRECTIVES_UNTIL = "2016-07-01"
"""Until then a directive could be a normative act and carry the year (22/2008/CT-TTg)."""


_ALSO_ORGANS = frozenset({"TC", "CT", "PC", "PA", "DA", "PT", "L", "SL", "HĐ", "TB", "TTR"})
"""Type symbols that are organs' too: 7760/TC-QLCS is a letter of the old Bộ Tài chính, CT may be a Cục Thuế."""


@dataclass(frozen=True, slots=True)
class TypeSymbol:
    """A type symbol: the words it stands for, the words of works it may carry, and where a table has it."""

    code: str
    words: tuple[str, ...]
    carries: tuple[str, ...]
    scope: tuple[str, ...]


@cache
def type_symbols() -> dict[str, TypeSymbol]:
    """Return the type symbols by code in capitals."""
    return {
        code.upper(): TypeSymbol(
            code, split_field(row["words"]), split_field(row["carries"]), tuple(row["scope"].split())
        )
        for row in read_table("type_symbols", "graph.tables")
        for code in split_field(row["codes"])
    }  # fmt: skip


def check(reading: Reading) -> Iterator[Finding]:
    """Yield citations whose type word, type symbol and year do not go together."""
    yield from _own_symbol(reading)
    dated = _with_year(reading)
    for case in reading.cases:
        parts = case.parts
        if parts is None or not parts.serial or len(parts.groups) < 2:
            continue
        yield from _word_and_symbol(reading, case, parts)
        yield from _year(reading, case, parts, dated)


def _own_symbol(reading: Reading) -> Iterator[Finding]:
    """Find a document whose title says another type than its own number: "Số: 55/2007/CT-UBND … QUYẾT ĐỊNH"."""
    case, header = reading.own_case, reading.header
    parts = case.parts if case else None
    symbol = type_symbols().get(parts.groups[0].upper()) if parts and len(parts.groups) > 1 else None
    if case is None or parts is None or symbol is None or not header.type or not _titled(reading):
        return
    if parts.groups[0].upper() in _ALSO_ORGANS and parts.groups[1].upper() not in by_code():
        return
    if not _named(header.type, symbol.words) and not _named(header.type, symbol.carries):
        mention = case.mention
        meant = next((s for s in type_symbols().values() if s.scope and s.words[0] == header.type), None)
        yield reading.finding(
            "type-and-symbol", mention.start, mention.tail, word=header.type, symbol=parts.groups[0],
            type=symbol.words[0], candidates=(_with_group(reading, case, parts, meant.code),) if meant else (),
        )  # fmt: skip


def _titled(reading: Reading) -> bool:
    """Tell whether the type is told by a title below the number, and not by the number itself."""
    span, own = reading.header.title_span, reading.header.number_span
    return bool(
        span and own and own[1] <= span[0] and reading.folded[span[0] : span[1]].startswith(fold(reading.header.type))
    )


def _word_and_symbol(reading: Reading, case: Case, parts: NumberParts) -> Iterator[Finding]:
    mention = case.mention
    code = parts.groups[0].upper()
    symbol = type_symbols().get(code)
    if symbol is None or parts.separator == "" or (case.year and case.year < _MODERN):
        return
    if code == "TT" and parts.joints[:1] == ("-",) and parts.groups[1].upper() == "LB":
        return
    word = _printed_type(reading, case)
    if word == "Công văn" and code in _ALSO_ORGANS and parts.groups[1].upper() not in by_code():
        return
    if word and not _named(word, symbol.words):
        if _named(word, symbol.carries):
            yield reading.finding("number-of-carrier", mention.start, mention.tail, word=word, type=symbol.words[0])
            return
        if not case.year and parts.separator == "-" and not reading.kind:
            return
        meant = next((s for s in type_symbols().values() if s.scope and s.words[0] == word), None)
        candidates = []
        if meant:
            candidates.append(_with_group(reading, case, parts, meant.code))
        candidates.append(symbol.words[0] + reading.text[mention.start + len(word) : mention.tail])
        sure = (code, word) == ("TT", "Tờ trình")
        yield reading.finding(
            "type-and-symbol", mention.start, mention.tail, word=word, symbol=parts.groups[0], type=symbol.words[0],
            expected=candidates[0] if sure else "", candidates=() if sure else tuple(candidates),
        )  # fmt: skip
    elif not _in_table(symbol, case, parts):
        yield reading.finding("type-symbol-not-in-table", mention.start, mention.tail, symbol=parts.groups[0])


def _in_table(symbol: TypeSymbol, case: Case, parts: NumberParts) -> bool:
    """Tell whether the table of the State's or the Party's papers, by the organ, has a type symbol."""
    organ = by_code().get(parts.groups[1].upper())
    if parts.groups[0].upper() in by_code() or (organ is not None and organ.level == "mass"):
        return True
    party = parts.separator == "-" or (case.document is not None and case.document.family == "party")
    return ("party" if party else "state") in symbol.scope


def _printed_type(reading: Reading, case: Case) -> str:
    """The type word that stands before the number, "" where none does or a short one ("NĐ 30/2020/NĐ-CP")."""
    mention = case.mention
    if not mention.type_printed:
        return ""
    words = reading.folded[mention.start : reading.number_start(mention)]
    return mention.type if words.startswith(fold(mention.type)) and "," not in words else ""


def _named(word: str, words: tuple[str, ...]) -> bool:
    return any(word == w or word.startswith(w + " ") for w in words)


def _with_group(reading: Reading, case: Case, parts: NumberParts, code: str) -> str:
    return reading.with_number(case.mention, replace(parts, groups=(code, *parts.groups[1:])).printed)


# --- the year in the number ------------------------------------------------------------------------


def _with_year(reading: Reading) -> dict[tuple[str, str, tuple[str, ...], str], Case]:
    """Numbers with a year by what they share with one that lost it: serial, day, symbol, type."""
    return {
        (c.parts.serial.lstrip("0"), c.mention.date, c.parts.groups, c.mention.type): c
        for c in reading.cases
        if c.parts and c.parts.year and len(c.mention.date) == 10 and c.mention.date[:4] == c.parts.year
    }


def _year(
    reading: Reading, case: Case, parts: NumberParts, dated: dict[tuple[str, str, tuple[str, ...], str], Case]
) -> Iterator[Finding]:
    mention, code, day = case.mention, parts.groups[0].upper(), case.mention.date
    if not parts.year:
        year = day[:4]
        good = replace(parts, year=year, separator="/").printed if year else ""
        since = _ALWAYS_BY_YEAR.get(code)
        if since and parts.separator == "/" and parts.joints[0] == "-" and _is_state(parts) and year >= since:
            yield reading.finding(
                "year-missing", mention.start, mention.tail, expected=reading.with_number(mention, good), number=good
            )
            return
        if _below_its_register(case, parts):
            yield reading.finding(
                "year-perhaps-missing", mention.start, mention.tail, number=mention.number, good=good,
                candidates=(reading.with_number(mention, good),), confidence=0.8,
            )  # fmt: skip
            return
        twin = dated.get((parts.serial.lstrip("0"), day, parts.groups, mention.type)) if len(day) == 10 else None
        if twin is not None:
            yield reading.finding(
                "year-missing", mention.start, mention.tail, severity="cần đối chiếu", number=twin.mention.number,
                candidates=(reading.with_number(mention, twin.mention.number),), confidence=0.8,
            )  # fmt: skip
    elif code in _administrative() and (case.year or "") > "2005":
        if code == "CT" and (day or f"{parts.year}-01-01") < _DIRECTIVES_UNTIL:
            return
        good = replace(parts, year="").printed
        yield reading.finding(
            "year-on-administrative", mention.start, mention.tail, candidates=(reading.with_number(mention, good),),
            number=good,
        )  # fmt: skip


def _below_its_register(case: Case, parts: NumberParts) -> bool:
    """Decisions of the Prime Minister on single matters pass number 100 each January; the normative ones never do."""
    day = case.mention.date
    return (
        parts.printed.endswith("/QĐ-TTg") and parts.serial.isdigit() and int(parts.serial) < 100
        and len(day) == 10 and day[:4] >= "2005" and day[5:7] >= "04"
    )  # fmt: skip


@cache
def _administrative() -> frozenset[str]:
    return frozenset(
        code.upper() for row in read_table("type_symbols", "graph.tables") if row["year"] == "no"
        for code in split_field(row["codes"])
    )  # fmt: skip


def _is_state(parts: NumberParts) -> bool:
    organ = by_code().get(parts.groups[1].upper())
    return organ is not None and organ.level in ("central", "ministry")
