"""The faults that only a base or a register can tell, and the same citations where they are none.

A citation of a clean passage gives way to that of an act of which something is known, and the passage is dated anew:
after the end of the act (a fault), or before it (none).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.faults_of_text import Planted
from benchmarks.known_acts import Act
from extract.text import fold
from graph.check.reading import Case, Reading

_STEP = timedelta(days=1)
_ACTS_ON = frozenset({"amends", "repeals", "replaces", "suspends", "corrects", "consolidates"})
_ENDS = re.compile(
    r"hết hiệu lực|bãi bỏ|h[uủ][ỷy] bỏ|trước đây|chuyển tiếp|đính chính|ngưng hiệu lực|đình chỉ|bị thay thế"
    r"|thay thế (?:các |một số |cho |bởi |bằng )*"
    r"(?:luật|bộ luật|nghị|thông tư|quyết định|văn bản|điều|khoản|quy định|cụm)"
)
_CHANGES = re.compile(r"sửa đổi|bổ sung")
"""Passages with these words tell the fate of acts themselves: they are no place to plant one."""


@dataclass(frozen=True, slots=True)
class Cited:
    """Words that cite an act, and the ISO day of the text that does."""

    words: str
    day: str


@dataclass(frozen=True, slots=True)
class BaseKind:
    """One kind: the rule that is asked, the acts of which shelf are cited and how, whether that is no fault.

    ``listed`` where the register beside the base is asked too.
    """

    rule: str
    shelf: str
    cite: Callable[[random.Random, Act], Cited | None]
    silent: bool = False
    listed: bool = False


def is_place(kind: BaseKind, reading: Reading) -> bool:
    """Tell whether a kind may be planted in a passage: it tells nothing of what becomes of acts."""
    words = fold(reading.text)
    return not _ENDS.search(words) and not (kind.shelf == "amended" and _CHANGES.search(words))


def put(reading: Reading, case: Case, cited: Cited) -> Planted | None:
    """Put a citation in the place of another one, with its provisions and its title, and date the passage anew."""
    text, mention, span = reading.text, case.mention, reading.header.date_span
    start = mention.pinpoint_start if mention.pinpoint_start >= 0 else mention.start
    title = case.citation.title
    end = mention.tail + 1 + len(title) if title and text.startswith(title, mention.tail + 1) else mention.tail
    if span is None or not mention.type_printed or start < span[1] or mention.number in cited.words:
        return None
    if case.citation.relation in _ACTS_ON:
        return None
    head = f"{text[: span[0]]}{_long(cited.day)}{text[span[1] : start]}"
    return Planted(f"{head}{cited.words}{text[end:]}", len(head), len(head) + len(cited.words))


# --- how an act is cited ----------------------------------------------------------------------------


def _words(chance: random.Random, act: Act, *, day: str = "", pinpoint: str = "") -> str:
    """Return the words that cite an act: short, with its day, its issuer, what it is about."""
    words = chance.choice(act.names)
    told = day or act.date
    if len(told) == 10 and " ngày " not in words and (act.dated or day or chance.random() < 0.6):
        words += f" {chance.choice((_long, _short))(told)}"
    if act.issuer and (act.placed or chance.random() < 0.5):
        words += f" của {act.issuer}"
        if act.title and chance.random() < 0.6:
            words += f" {act.title[:1].lower()}{act.title[1:]}"
    joint = chance.choice((" ", " của ", " ")) if pinpoint else ""
    return f"{pinpoint}{joint}{words}"


def _long(day: str) -> str:
    month = day[5:7] if day[5:7] in ("01", "02", "10", "11", "12") else day[6]
    return f"ngày {day[8:]} tháng {month} năm {day[:4]}"


def _short(day: str) -> str:
    return f"ngày {day[8:]}/{day[5:7]}/{day[:4]}"


def _after(chance: random.Random, act: Act) -> str:
    return (date.fromisoformat(act.sure) + chance.randint(1, 1500) * _STEP).isoformat()


def _before(chance: random.Random, act: Act) -> str:
    """Return a day on which the act was there and had not ended, "" for none."""
    year = re.search(r"\d/(\d{4})/", act.names[0])
    issued = act.date if len(act.date) == 10 else f"{year[1]}-12-31" if year else ""
    if not issued or not act.first or issued >= act.first:
        return ""
    first, last = date.fromisoformat(issued) + _STEP, date.fromisoformat(act.first)
    return (first + chance.randint(0, (last - first).days) * _STEP).isoformat()


def _ended(chance: random.Random, act: Act) -> Cited:
    pinpoint = chance.choice(("", "", "Điều 3", "khoản 2 Điều 5"))
    return Cited(_words(chance, act, pinpoint=pinpoint), _after(chance, act))


def _not_ended(chance: random.Random, act: Act) -> Cited | None:
    day = _before(chance, act)
    return Cited(_words(chance, act), day) if day else None


def _part(chance: random.Random, act: Act) -> Cited:
    """Cite a provision that fell, or one inside it."""
    part = chance.choice(act.parts)
    if part.startswith("Điều") and chance.random() < 0.4:
        part = f"khoản {chance.randint(1, 4)} {part}"
    return Cited(_words(chance, act, pinpoint=part), _after(chance, act))


def _part_before(chance: random.Random, act: Act) -> Cited | None:
    day = _before(chance, act)
    return Cited(_words(chance, act, pinpoint=chance.choice(act.parts)), day) if day else None


def _other_part(chance: random.Random, act: Act) -> Cited | None:
    if not act.untouched:
        return None
    return Cited(_words(chance, act, pinpoint=chance.choice(act.untouched)), _after(chance, act))


def _beyond(chance: random.Random, act: Act) -> Cited:
    article = f"Điều {act.last + chance.randint(1, 30)}"
    pinpoint = chance.choice((article, f"khoản {chance.randint(1, 6)} {article}", f"điểm a khoản 2 {article}"))
    return Cited(_words(chance, act, pinpoint=pinpoint), "2026-11-10")


def _within(chance: random.Random, act: Act) -> Cited:
    return Cited(_words(chance, act, pinpoint=f"Điều {chance.randint(1, act.last)}"), "2026-11-10")


def _other_day(chance: random.Random, act: Act) -> Cited | None:
    """Cite with another day of the same year: another year the number itself would tell."""
    other = date.fromisoformat(act.date) + chance.choice((-30, -10, -3, -1, 1, 3, 9, 31)) * _STEP
    if other.year != int(act.date[:4]):
        return None
    return Cited(_words(chance, act, day=other.isoformat()), "2026-11-10")


def _same_day(chance: random.Random, act: Act) -> Cited:
    return Cited(_words(chance, act, day=act.date), "2026-11-10")


def _slip(chance: random.Random, act: Act) -> Cited:
    return _nearly(chance, act, chance.choice(act.slips), act.title)


def _swap(chance: random.Random, act: Act) -> Cited:
    return _nearly(chance, act, chance.choice(act.swaps), act.title)


def _other_act(chance: random.Random, act: Act) -> Cited:
    return _nearly(chance, act, chance.choice(act.slips + act.swaps), act.other_title)


def _very_act(chance: random.Random, act: Act) -> Cited:
    return _nearly(chance, act, act.names[0], act.title)


def _nearly(chance: random.Random, act: Act, name: str, title: str) -> Cited:
    day = chance.choice((_long, _short))(act.date)
    return Cited(f"{name} {day} của {act.issuer} {title[:1].lower()}{title[1:]}", "2026-11-10")


_NEAR = "near-miss-in-base"
_ACT, _PROVISION, _DAY, _ARTICLE = "act-not-in-force", "provision-not-in-force", "other-date-known", "no-such-article"

KINDS: dict[str, BaseKind] = {
    "repealed act": BaseKind(_ACT, "ended", _ended),
    "repealed act of a list": BaseKind(_ACT, "listed ended", _ended, listed=True),
    "repealed provision": BaseKind(_PROVISION, "part ended", _part),
    "repealed provision of a list": BaseKind(_PROVISION, "listed part ended", _part, listed=True),
    "amended provision": BaseKind(_PROVISION, "amended", _part),
    "article beyond the last": BaseKind(_ARTICLE, "whole", _beyond),
    "another day": BaseKind(_DAY, "dated", _other_day),
    "another day than in a list": BaseKind(_DAY, "listed dated", _other_day, listed=True),
    "a digit of the number": BaseKind(_NEAR, "titled", _slip),
    "another symbol": BaseKind(_NEAR, "titled", _swap),
    "act before its end": BaseKind(_ACT, "ended", _not_ended, silent=True),
    "act of a list before its end": BaseKind(_ACT, "listed ended", _not_ended, silent=True, listed=True),
    "provision before its end": BaseKind(_PROVISION, "part ended", _part_before, silent=True),
    "provision before its change": BaseKind(_PROVISION, "amended", _part_before, silent=True),
    "another provision": BaseKind(_PROVISION, "part ended", _other_part, silent=True),
    "provision that was not amended": BaseKind(_PROVISION, "amended", _other_part, silent=True),
    "provision of a list that stands": BaseKind(_PROVISION, "listed part ended", _other_part, silent=True, listed=True),
    "article that is there": BaseKind(_ARTICLE, "whole", _within, silent=True),
    "the known day": BaseKind(_DAY, "dated", _same_day, silent=True),
    "a near number, another subject": BaseKind(_NEAR, "titled", _other_act, silent=True),
    "the very act": BaseKind(_NEAR, "titled", _very_act, silent=True),
}
