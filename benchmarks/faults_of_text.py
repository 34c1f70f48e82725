"""The faults that a text alone can have, planted one at a time: a wrong separator, another year, a lost date …"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from extract.organs import by_code
from extract.tables import read_table
from graph.check.reading import Case, Reading


@dataclass(frozen=True, slots=True)
class Planted:
    """A text with a fault, and the span in which a finding tells it."""

    text: str
    start: int
    end: int


Planter = Callable[[random.Random, Reading, Case], Planted | None]
"""Plants one kind of fault at a citation of a passage; None where it cannot be planted there."""


def _swap(reading: Reading, start: int, end: int, words: str, *, case: Case | None = None) -> Planted | None:
    """Replace a span; the fault may be told of the whole citation ``case`` as well."""
    text = reading.text
    if text[start:end] == words:
        return None
    lower = min(start, case.mention.start) if case else start
    upper = max(end, case.mention.tail) if case else end
    return Planted(text[:start] + words + text[end:], lower, max(lower + 1, upper + len(words) - (end - start)))


def _renumber(reading: Reading, case: Case, number: str) -> Planted | None:
    return _swap(reading, reading.number_start(case.mention), case.mention.end, number, case=case)


def _redate(reading: Reading, case: Case, words: str) -> Planted | None:
    span = reading.date_span(case.mention)
    return _swap(reading, *span, words, case=case) if span else None


def _days(case: Case) -> tuple[int, int, int] | None:
    day = case.mention.date
    return (int(day[:4]), int(day[5:7]), int(day[8:])) if len(day) == 10 else None


def _state(case: Case) -> bool:
    parts = case.parts
    organ = by_code().get(parts.groups[1].upper()) if parts and len(parts.groups) == 2 else None
    return organ is not None and organ.level in ("central", "ministry", "council")


# --- the faults ------------------------------------------------------------------------------------


def _party_form(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts = case.parts
    if parts is None or not _state(case) or parts.year or not parts.serial or case.year < "2006":
        return None
    return _renumber(reading, case, replace(parts, separator="-", joints=("/",)).printed)


def _slash_before_organ(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts = case.parts
    if parts is None or not _state(case) or case.year < "2006":
        return None
    return _renumber(reading, case, replace(parts, joints=("/",)).printed)


def _misplaced(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts = case.parts
    if parts is None or not _state(case) or not parts.serial or case.year < "2006":
        return None
    if parts.groups[0] not in ("NQ", "QĐ", "NĐ", "TT", "CT", "KH", "TB", "BC"):
        return None
    type_, organ = parts.groups
    twice = parts.printed.replace(f"/{type_}", f"/ /{type_}")
    lost = parts.printed.replace(f"{type_}-{organ}", f"{type_}{organ}")
    return _renumber(reading, case, chance.choice((twice, lost)))


def _state_form(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts = case.parts
    organ = by_code().get(parts.groups[1].upper()) if parts and len(parts.groups) == 2 else None
    if parts is None or organ is None or organ.level not in ("party", "provincial party"):
        return None
    joints = chance.choice((("-",), ("/",)))
    return _renumber(reading, case, replace(parts, separator="/", joints=joints).printed)


def _wrong_year(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts = case.parts
    if parts is None or not parts.year or not case.mention.date or not reading.date_span(case.mention):
        return None
    year = str(int(parts.year) + chance.choice((-10, -2, -1, 1, 2, 10)))
    return _renumber(reading, case, replace(parts, year=year).printed)


def _wrong_year_of_date(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts, span = case.parts, reading.date_span(case.mention)
    if parts is None or not parts.year or not span:
        return None
    words, year = reading.text[slice(*span)], case.mention.date[:4]
    return _redate(reading, case, words.replace(year, str(int(year) + chance.choice((-10, -1, 1, 10))), 1))


def _impossible(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    days = _days(case)
    if not days:
        return None
    day, month = chance.choice(((31, 4), (30, 2), (31, 2), (32, 5), (12, 13), (31, 11)))
    words = chance.choice(("ngày {}/{}/{}", "ngày {} tháng {} năm {}")).format(day, month, days[0])
    return _redate(reading, case, words)


def _two_dates(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    days, mention = _days(case), case.mention
    if not days or case.parts is None or not case.parts.year or not mention.type_printed or not _state(case):
        return None
    other = date(*days) + timedelta(days=chance.choice((-3, 3, 9)))
    if other.year != days[0]:
        return None
    start = len(reading.text.rstrip()) + 2
    core = reading.text[mention.start : mention.end]
    added = f"Theo {core} ngày {other.day:02d} tháng {other.month:02d} năm {other.year}, các đơn vị báo cáo."
    text = f"{reading.text.rstrip()}\n\n{added}\n"
    return Planted(text, mention.start, start + len(added))


def _after_own_date(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    days = _days(case)
    if not days or not reading.header.date_span:
        return None
    own = date(*days) - timedelta(days=chance.randint(1, 400))
    words = f"ngày {own.day:02d} tháng {own.month:02d} năm {own.year}"
    start, end = reading.header.date_span
    text = reading.text[:start] + words + reading.text[end:]
    shift = len(words) - (end - start)
    return Planted(text, case.mention.start + shift, case.mention.tail + shift)


_TYPES = (
    "Nghị quyết", "Quyết định", "Chỉ thị", "Kế hoạch", "Thông báo", "Báo cáo", "Tờ trình", "Thông tư", "Nghị định",
)  # fmt: skip
_CODES = ("NQ", "QĐ", "CT", "KH", "TB", "BC", "TTr", "TT", "NĐ")


def _typed(reading: Reading, case: Case) -> bool:
    parts, mention = case.parts, case.mention
    return (
        parts is not None and mention.type in _TYPES and mention.type_printed and case.year >= "1998" and _state(case)
        and parts.groups[0].upper() == _CODES[_TYPES.index(mention.type)].upper()
        and reading.text.startswith(mention.type, mention.start)
    )  # fmt: skip


def _wrong_type(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    if not _typed(reading, case):
        return None
    word = chance.choice([w for w in _TYPES if w != case.mention.type and (case.mention.type, w) != _CARRIED])
    return _swap(reading, case.mention.start, case.mention.start + len(case.mention.type), word, case=case)


_CARRIED = ("Quyết định", "Kế hoạch")


def _wrong_symbol(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts = case.parts
    if parts is None or not _typed(reading, case):
        return None
    code = chance.choice([c for c in _CODES if c.upper() != parts.groups[0].upper()])
    if (case.mention.type, code) in (("Kế hoạch", "QĐ"), ("Kế hoạch", "NQ"), ("Báo cáo", "QĐ")):
        return None
    return _renumber(reading, case, replace(parts, groups=(code, *parts.groups[1:])).printed)


def _no_date(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts, span = case.parts, reading.date_span(case.mention)
    if parts is None or parts.year or not parts.serial or not span or case not in reading.firsts:
        return None
    start = span[0] - 1 if reading.text[span[0] - 1] in " ," else span[0]
    return _swap(reading, start, span[1], "", case=case)


def _no_issuer(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    mention = case.mention
    if not mention.end < mention.issuer_start < mention.tail or case not in reading.firsts:
        return None
    start = reading.folded.rfind("của", mention.end, mention.issuer_start)
    end = mention.issuer_start + len(mention.issuer)
    if start < 0 or reading.text[mention.issuer_start : end] != mention.issuer or end != mention.tail:
        return None
    return _swap(reading, start - 1, end, "", case=case)


def _no_title(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    title, mention = case.citation.title, case.mention
    start = mention.tail + 1
    if not title or not reading.text.startswith(title, start) or case not in reading.firsts:
        return None
    if not mention.date or not mention.issuer:
        return None
    return _swap(reading, mention.tail, start + len(title), "", case=case)


def _wrong_organ(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    mention, parts = case.mention, case.parts
    if parts is None or not _state(case) or not mention.end < mention.issuer_start < mention.tail:
        return None
    end = mention.issuer_start + len(mention.issuer)
    if reading.text[mention.issuer_start : end] != mention.issuer:
        return None
    own = _organ(parts.groups[1])
    ministries = [o.name for o in by_code().values() if o.level == "ministry" and not o.until and o.name != own]
    wrong = chance.choice([chance.choice(ministries), "Hội đồng nhân dân tỉnh", "UBND tỉnh", "Quốc hội"])
    if _organ(parts.groups[1])[:4] in ("UBND", "HĐND") and wrong in ("UBND tỉnh", "Hội đồng nhân dân tỉnh"):
        wrong = "UBND tỉnh" if parts.groups[1].upper() == "HĐND" else "Hội đồng nhân dân tỉnh"
    return _swap(reading, mention.issuer_start, end, wrong, case=case)


def _organ(code: str) -> str:
    organ = by_code().get(code.upper())
    return organ.name if organ else ""


def _year_lost(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts = case.parts
    if parts is None or not parts.year or parts.groups[0] not in ("NĐ", "TT", "TTLT") or parts.year < "2000":
        return None
    if not reading.date_span(case.mention) or not all(by_code().get(g.upper()) for g in parts.groups[1:]):
        return None
    return _renumber(reading, case, replace(parts, year="").printed)


def _ampersand(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts = case.parts
    if parts is None or "BKHCN" not in parts.groups:
        return None
    return _renumber(reading, case, parts.printed.replace("BKHCN", "BKH&CN"))


def _d(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts = case.parts
    if parts is None or "Đ" not in parts.groups[0] or not case.mention.has_so or not _state(case):
        return None
    return _renumber(
        reading, case, replace(parts, groups=(parts.groups[0].replace("Đ", "D"), *parts.groups[1:])).printed
    )


def _eth(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts = case.parts
    if parts is None or "Đ" not in parts.printed:
        return None
    return _renumber(reading, case, parts.printed.replace("Đ", "Ð"))


def _no_so(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    mention = case.mention
    if not mention.has_so or not mention.type_printed or case not in reading.firsts:
        return None
    core = reading.text[mention.start : mention.end]
    m = re.search(r"\s+số\s+(?=\d)", core)
    return _swap(reading, mention.start + m.start(), mention.start + m.end(), " ", case=case) if m else None


def _unpadded_number(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts = case.parts
    if parts is None or not re.fullmatch(r"0\d", parts.serial) or case.year < "2006":
        return None
    return _renumber(reading, case, replace(parts, serial=parts.serial[1:]).printed)


def _unpadded_date(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    span = reading.date_span(case.mention)
    words = reading.text[slice(*span)] if span else ""
    m = re.search(r"\b0\d(?=\s*(?:tháng|/\d{1,2}/))|(?<=/)0[12](?=/)", words)
    return _redate(reading, case, words[: m.start()] + words[m.start() + 1 :]) if m else None


def _blank_cited(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts, mention = case.parts, case.mention
    if parts is None or not mention.has_so or not mention.type_printed or not _state(case):
        return None
    return _renumber(reading, case, chance.choice(("    ", "  ")) + replace(parts, serial="").printed)


def _blank_own(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    start = reading.text.find("Số: 12/KH-SMH")
    blank = chance.choice(("Số: /KH-SMH", "Số:      /KH-SMH", "Số: ....../KH-SMH", "Số: …/KH-SMH"))
    return _swap(reading, start, start + 13, blank) if start >= 0 else None


def _blank_own_date(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    span = reading.header.date_span
    words = chance.choice(("ngày tháng 11 năm 2026", "ngày     tháng 11 năm 2026", "ngày ... tháng ... năm 2026"))
    return _swap(reading, *span, words) if span else None


def _broken(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    span = reading.date_span(case.mention)
    words = reading.text[slice(*span)] if span else ""
    gaps = [m.start() for m in re.finditer(" ", words)]
    if len(gaps) < 3:
        return None
    at = chance.choice(gaps[1:])
    return _redate(reading, case, f"{words[:at]}\n\n{words[at + 1 :]}")


def _ended(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    """A circular of a ministry after its merger; a decision of a district after its end."""
    parts, days = case.parts, _days(case)
    organ = by_code().get(parts.groups[1].upper()) if parts and len(parts.groups) == 2 else None
    if parts is None or organ is None or not days or organ.level != "ministry" or organ.until != "2025-03-01":
        return None
    day = date(2025, 3, 1) + timedelta(days=chance.randint(0, 300))
    number = replace(parts, year=str(day.year) if parts.year else "").printed
    span = reading.date_span(case.mention)
    if span is None or span[0] < case.mention.end:
        return None
    at, text = reading.number_start(case.mention), reading.text
    words = number + text[case.mention.end : span[0]] + f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"
    return _swap(reading, at, span[1], words, case=case)


def _out_of_order(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    parts, days, mention = case.parts, _days(case), case.mention
    if parts is None or not days or not _state(case) or not parts.serial.isdigit() or int(parts.serial) < 12:
        return None
    if by_code()[parts.groups[1].upper()].level == "council" or not mention.type_printed:
        return None
    later = date(*days) + timedelta(days=chance.randint(10, 60))
    if later.year != days[0]:
        return None
    serial = str(int(parts.serial) - chance.randint(2, 10)).zfill(2)
    start = len(reading.text.rstrip()) + 2
    organ = by_code()[parts.groups[1].upper()].name
    added = (
        f"Thực hiện {mention.type} số {replace(parts, serial=serial).printed} "
        f"ngày {later.day:02d} tháng {later.month:02d} năm {later.year} của {organ} về hội chợ."
    )
    return Planted(f"{reading.text.rstrip()}\n\n{added}\n", mention.start, start + len(added))


def _vague(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    words = chance.choice(("Quyết định của UBND tỉnh", "Kế hoạch của UBND tỉnh", "Chỉ thị của Thủ tướng Chính phủ",
                           "Nghị quyết của HĐND tỉnh", "Kết luận của Ban Thường vụ Tỉnh ủy"))  # fmt: skip
    lead = chance.choice(("Các phòng triển khai nhiệm vụ được giao theo", "Tiếp tục triển khai có hiệu quả",
                          "Báo cáo kết quả thực hiện"))  # fmt: skip
    text = f"{reading.text.rstrip()}\n\n- {lead} {words}.\n"
    start = text.rindex(words)
    return Planted(text, start, start + len(words))


def _unnumbered(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    words = chance.choice(("Chương trình xúc tiến du lịch", "Đề án phát triển nguồn nhân lực", "Kế hoạch chuyển đổi số",
                           "Chiến lược phát triển thanh niên"))  # fmt: skip
    name = f"{words} {chance.choice(('giai đoạn 2021-2025', 'đến năm 2030', 'năm 2026'))}"
    text = f"{reading.text.rstrip()}\n\n- Tiếp tục triển khai {name}.\n"
    start = text.rindex(name)
    return Planted(text, start, start + len(name))


def _upside_down(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    found = list(re.finditer(r"khoản (\d{1,2}) Điều (\d{1,3})(?=\s+(?:Nghị|Luật|Thông|Quyết))", reading.text))
    if not found:
        return None
    m = chance.choice(found)
    before = reading.folded[max(0, m.start() - 12) : m.start()]
    if re.search(r"(?:điểm|và|,|đến|khoản)\s+(?:\w{1,3}\s+)?$", before):
        return None
    return _swap(reading, m.start(), m.end(), f"Điều {m[2]} khoản {m[1]}")


_LAST_BASIS = "Căn cứ Quyết định số 20/QĐ-UBND ngày 02/02/2024 của UBND tỉnh về chợ.\n\n"


def _run_on(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    if not case.mention.type_printed or not case.mention.date or not case.citation.title or case not in reading.firsts:
        return None
    words = reading.text[case.mention.start : case.mention.tail]
    lines = ["Căn cứ Nghị quyết số 09-NQ/TU ngày 01/12/2023 của Tỉnh ủy về đô thị", f"{words} về hội chợ"]
    block = f"{'; '.join(lines)};\n\n{_LAST_BASIS}"
    at = reading.text.find("I. NHIỆM VỤ")
    return Planted(reading.text[:at] + block + reading.text[at:], at, at + len(block)) if at > 0 else None


def _law_with_number(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    rows = [r for r in read_table("law_names") if r["number"]]
    row = chance.choice(rows)
    block = f"Căn cứ {row['type']} {row['name']} số {row['number']};\n\n{_LAST_BASIS}"
    at = reading.text.find("I. NHIỆM VỤ")
    return Planted(reading.text[:at] + block + reading.text[at:], at, at + len(block)) if at > 0 else None


def _other_term(chance: random.Random, reading: Reading, case: Case) -> Planted | None:
    row = chance.choice(read_table("plenums", "graph.tables"))
    if not row["title"]:
        return None
    term = chance.choice([t for t in ("IX", "X", "XI", "XII", "XIII") if t != row["term"]])
    said = chance.choice(("Hội nghị Trung ương", "Trung ương", "Hội nghị trung ương"))
    words = f"Nghị quyết {said} {row['plenum']} {chance.choice(('khóa', 'khoá'))} {term} {row['title']}"
    text = f"{reading.text.rstrip()}\n\n- Tiếp tục thực hiện {words}.\n"
    start = text.rindex(words)
    return Planted(text, start, start + len(words))


KINDS: dict[str, tuple[str, Planter]] = {
    "separator: party form": ("party-form-on-government-number", _party_form),
    "separator: slash before organ": ("party-form-on-government-number", _slash_before_organ),
    "separator: lost or twice": ("separator-misplaced", _misplaced),
    "separator: state form": ("state-form-on-party-number", _state_form),
    "year of the number": ("year-of-number", _wrong_year), "year of the date": ("year-of-number", _wrong_year_of_date),
    "impossible date": ("impossible-date", _impossible), "two dates": ("two-dates", _two_dates),
    "cited after own date": ("cited-after-own-date", _after_own_date),
    "swapped type word": ("type-and-symbol", _wrong_type), "swapped type symbol": ("type-and-symbol", _wrong_symbol),
    "dropped date": ("missing-date", _no_date), "dropped issuer": ("incomplete-first-citation", _no_issuer),
    "dropped title": ("missing-title-first-citation", _no_title), "wrong organ": ("symbol-and-issuer", _wrong_organ),
    "dropped year": ("year-missing", _year_lost), "ampersand": ("ampersand-in-symbol", _ampersand),
    "D for Đ": ("d-without-stroke", _d), "Ð for Đ": ("lookalike-letters", _eth), "dropped số": ("missing-so", _no_so),
    "number not padded": ("number-not-padded", _unpadded_number),
    "date not padded": ("date-not-padded", _unpadded_date),
    "blank cited number": ("cited-number-blank", _blank_cited), "blank own number": ("own-number-blank", _blank_own),
    "blank own date": ("own-date-incomplete", _blank_own_date), "broken in two": ("citation-broken", _broken),
    "organ that ended": ("organ-ended", _ended), "number out of order": ("number-out-of-order", _out_of_order),
    "vague": ("vague-citation", _vague), "work without number": ("unnumbered-named-document", _unnumbered),
    "parts upside down": ("pinpoint-order", _upside_down), "bases run on": ("bases-not-one-per-line", _run_on),
    "law with number": ("law-with-number", _law_with_number), "other term": ("wrong-term-of-congress", _other_term),
}  # fmt: skip
