"""How a document is cited in full: by NĐ 30/2020/NĐ-CP (Phụ lục I, II.6) in papers of the State, by HD 36-HD/VPTW
(1.6) in those of the Party. What is not known is left as "…" and told, never made up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from extract import doctypes
from extract.capitals import capitals_to_name
from extract.organs import begins_organ, province_in
from extract.text import fold, squeeze
from graph.words import FORMS

GAP = "…"
NUMBER, DATE, ISSUER, TITLE, NAME = "số, ký hiệu", "ngày ban hành", "cơ quan ban hành", "trích yếu", "tên gọi"
_SHORT = {"UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân", "HĐTP": "Hội đồng Thẩm phán"}
_ASIDE = re.compile(
    r"\s*[(,]?\s*(?:sau đây (?:viết|gọi)|gọi tắt|viết tắt|(?:đã )?được (?:sửa đổi|bổ sung)|có hiệu lực (?:từ|kể)).*",
    re.S,
)
"""What a text says of a document behind its title is no part of it."""
_ABOUT = re.compile(r"v/v\s+", re.I)
_PADDED_MONTHS = ("01", "02")


@dataclass(frozen=True, slots=True)
class Paper:
    """What is known of a document that is to be cited; "" for what is not. ``date`` is ISO, also partial.

    ``form`` is a word of :data:`graph.words.FORMS`, ``label`` how people know it for short.
    """

    label: str
    type: str
    number: str
    name: str
    date: str
    issuer: str
    title: str
    form: str


@dataclass(frozen=True, slots=True)
class Style:
    """How the citing paper writes: ``party`` as the Party does, ``long_dates`` "ngày 08 tháng 8 năm 2023" instead of
    "ngày 08/8/2023", ``spelled`` organs in full words."""

    party: bool = False
    long_dates: bool = False
    spelled: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A citation in full, and the parts that are not known."""

    text: str
    missing: tuple[str, ...] = ()


def paper_of(row: Mapping[str, Any]) -> Paper:
    """Return the document that a row of ``van_ban`` is."""
    return Paper(
        row["nhan"], row["loai"], row["so_ky_hieu"], row["ten"], row["ngay_ban_hanh"], row["co_quan_ban_hanh"],
        row["trich_yeu"], row["hinh_thuc"],
    )  # fmt: skip


def full_citation(paper: Paper, style: Style | None = None, *, titled: bool = True) -> Written:
    """Return the citation that a document must have the first time: type, number, day, organ, what it is about.

    Not ``titled`` where what it is about already stands behind it.
    Laws and ordinances are cited by type and name alone (II.6). The day stands before the organ, as practice has it.
    """
    style = style or Style()
    if paper.form == FORMS["standard"]:
        return Written(paper.number)
    if paper.type in doctypes.LAWS:
        name = _law_name(paper)
        return Written(f"{paper.type} {name or GAP}", () if name else (NAME,))
    if paper.form != FORMS["number"]:
        carrier = "ban hành kèm theo … " if paper.form == FORMS["work"] else ""
        return Written(f"{_named(paper)} ({carrier}số {GAP} {written_day('')} của {GAP})", (NUMBER, DATE, ISSUER))
    missing: list[str] = []
    number = paper.number if paper.number[:1].isdigit() else f"{GAP}{paper.number}"
    if number.startswith(GAP):
        missing.append(NUMBER)
    if len(paper.date) != len("2024-01-01"):
        missing.append(DATE)
    issuer, title = _issuer(paper.issuer, spelled=style.spelled), title_of(paper)
    missing += [part for part, told in ((ISSUER, issuer), (TITLE, title or not titled)) if not told]
    comma = "," if style.party else ""
    words = (
        f"{paper.type or 'Văn bản'} số {number}{comma} {written_day(paper.date, long=style.long_dates)}"
        f" của {issuer or GAP}" + (f" {title or f'về {GAP}'}" if titled else "")
    )
    return Written(words, tuple(missing))


def written_day(iso: str, *, long: bool = False) -> str:
    """Return a day as a document writes it: "ngày 08/8/2023", "ngày 09 tháng 01 năm 2024" when ``long``.

    Days before the tenth and the months 1 and 2 take a leading 0, others do not (NĐ 30/2020, Phụ lục I, II.4b).
    """
    year, month, day = (*iso.split("-"), "", "")[:3] if iso else ("", "", "")
    shown = month if month in _PADDED_MONTHS or not month else month.lstrip("0")
    parts = [part or GAP for part in (day, shown, year)]
    if long or not all((day, month, year)):
        return "ngày {} tháng {} năm {}".format(*parts)
    return f"ngày {'/'.join(parts)}"


def title_of(paper: Paper) -> str:
    """Return what a document is about as it stands behind its organ: no type word, no capital at its beginning."""
    words = capitals_to_name(squeeze(paper.title)).strip(" .;,")
    if paper.type and fold(words).startswith(f"{fold(paper.type)} "):
        words = words[len(paper.type) :].lstrip()
    aside = _ASIDE.search(fold(words))
    words = (words[: aside.start()] if aside else words).rstrip(" (,;")
    if words.count("(") > words.count(")"):  # what was read ended within the brackets
        before, _, inside = words.rpartition("(")
        words = f"{words})" if " " in inside.strip() else before.rstrip()
    words = _ABOUT.sub("về việc ", words, count=1) if _ABOUT.match(words) else words
    folded = fold(words)
    named = begins_organ(folded) and not folded.startswith("ban hành ")  # "Ban …" is an organ, "Ban hành …" is none
    if words[:1].isupper() and words[1:2].islower() and not named and not _begins_with_place(words):
        words = words[0].lower() + words[1:]
    return words


def _begins_with_place(words: str) -> bool:
    place = province_in(" ".join(words.split()[:3]))
    return bool(place) and fold(words).startswith(fold(place))


def _law_name(paper: Paper) -> str:
    """Return the name of a law without its type: "Đất đai", "Tổ chức chính quyền địa phương"."""
    for words in (paper.name, paper.title):
        name = squeeze(words).strip(" .;,")
        if fold(name).startswith(f"{fold(paper.type)} "):
            name = name[len(paper.type) :].lstrip()
        if name:
            return capitals_to_name(name) if name.isupper() else name
    return ""


def _named(paper: Paper) -> str:
    return squeeze(f"{paper.label} {title_of(paper) if paper.title != paper.name else ''}")


def _issuer(issuer: str, *, spelled: bool) -> str:
    names = [_in_full(name) if spelled else name for name in issuer.split("; ") if name]
    return " và ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def _in_full(organ: str) -> str:
    return re.sub(r"\b(?:UBND|HĐND|HĐTP)\b", lambda m: _SHORT[m[0]], organ)


def missing_words(missing: Iterable[str]) -> str:
    """Return the unknown parts as a phrase: "ngày ban hành, trích yếu"."""
    return ", ".join(missing)
