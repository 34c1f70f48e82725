"""The text of a document with every citation marked: pieces of the source, escaped, linked, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from graph.words import FORMS, REFERENCE_KINDS, RESOLVED, UNIT_KINDS, vietnamese_date
from publish.base import Base, Row
from publish.links import Links, anchor_of
from publish.sentences import shorten, whole

_BLANKS = re.compile(r"\s+")
_PAGED = frozenset({UNIT_KINDS["task"], UNIT_KINDS["group"], UNIT_KINDS["assignment"]})


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked span: ``style`` is "cite", "work", "own" or "vague"; ``flag`` is a word shown after it.

    One of style "found" may lie over the others: its ``flag`` is a number behind it, which has the id ``anchor`` and
    leads to what is said of it.
    """

    start: int
    end: int
    style: str
    url: str
    tooltip: str
    flag: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as shown: where it begins, kind of unit, depth in the outline, address of its task page."""

    start: int
    html: Markup
    kind: str
    depth: int
    marker: str = ""
    code: str = ""
    anchor: str = ""
    url: str = ""


def marked(text: str, start: int, end: int, marks: Iterable[Mark]) -> Markup:
    """Return ``text[start:end]`` as HTML with ``marks`` as links; of marks that overlap the shorter wins its part.

    Findings lie over the others and win nothing.
    """
    inside = [m for m in marks if m.start < end and m.end > start]
    if not inside:
        return whole(_BLANKS.sub(" ", text[start:end]))
    cuts = sorted({start, end, *(p for m in inside for p in (m.start, m.end) if start < p < end)})
    findings = [m for m in inside if m.anchor]
    html = Markup("")
    before: tuple[Mark | None, bool] = (None, False)
    words = ""
    for left, right in pairwise(cuts):
        over = [m for m in inside if m.start <= left and right <= m.end]
        here = min((m for m in over if not m.anchor), key=lambda m: m.end - m.start, default=None)
        behind = [m for m in findings if m.end == left]
        if behind or (here, any(m.anchor for m in over)) != before:
            html += _piece(words, *before, left) + _numbers(behind)
            before, words = (here, any(m.anchor for m in over)), ""
        words += text[left:right]
    return html + _piece(words, *before, end) + _numbers(m for m in findings if m.end == end)


def _piece(words: str, mark: Mark | None, found: bool, end: int) -> Markup:
    shown = whole(_BLANKS.sub(" ", words))
    if found and words:
        shown = Markup('<span class="found">{}</span>').format(shown)
    if not words or mark is None:
        return shown
    flag = Markup(' <span class="flag">[{}]</span>').format(mark.flag) if mark.flag and mark.end == end else Markup("")
    if mark.url:
        return Markup('<a class="{}" href="{}" title="{}">{}</a>{}').format(
            mark.style, mark.url, mark.tooltip, shown, flag
        )
    return Markup('<mark class="{}" title="{}">{}</mark>{}').format(mark.style, mark.tooltip, shown, flag)


def _numbers(findings: Iterable[Mark]) -> Markup:
    """Return the numbers of findings that end here, each a way to what is said of it."""
    # the style sheet prints the number: who copies the text copies the text alone
    link = Markup('<a class="spot" id="{0}" href="#phieu-{0}" title="{1}" aria-label="{1}" data-number="{2}"></a>')
    return Markup("").join(link.format(m.anchor, m.tooltip, m.flag) for m in findings)


def marks_of(base: Base, document: str, links: Links, unit: str = "") -> list[Mark]:
    """Return the marks of a document's text: citations, works, its own number, pointers that name no document.

    With ``unit`` only those that stand in this unit.
    """
    relations = base.graph.graph["relations"]
    place, of = ("muc", unit) if unit else ("van_ban_nguon", document)
    cited = base.rows(
        f"SELECT bat_dau, ket_thuc, van_ban, quan_he, trang_thai, la_so_cua_minh FROM trich_dan WHERE {place} = ?"
        f" UNION ALL SELECT bat_dau, ket_thuc, van_ban, lien_ket, '', 0 FROM chuong_trinh WHERE {place} = ?",
        of, of,
    )  # fmt: skip
    base.graph.read({row["van_ban"] for row in cited})
    marks = [_mark(row, base, relations, links) for row in cited]
    vague = base.rows(
        f"SELECT bat_dau, ket_thuc FROM dan_chieu WHERE {place} = ? AND loai = ?",
        of, REFERENCE_KINDS["vague"],
    )  # fmt: skip
    return marks + [
        Mark(v["bat_dau"], v["ket_thuc"], "vague", "", "Chưa nói rõ văn bản nào; cần bổ sung số, ký hiệu", "chưa rõ")
        for v in vague
    ]


def _mark(row: Row, base: Base, relations: Mapping[str, Row], links: Links) -> Mark:
    start, end = row["bat_dau"], row["ket_thuc"]
    if row["la_so_cua_minh"]:
        return Mark(start, end, "own", "", "Số, ký hiệu của chính văn bản này")
    status = row["trang_thai"] or RESOLVED
    flag = status if status != RESOLVED else ""
    if row["van_ban"] is None:
        return Mark(start, end, "cite", "", "Chưa nhận ra văn bản nào", flag or "chưa xác định")
    data = base.graph.nodes[row["van_ban"]]
    words = relations[row["quan_he"]]["doc_xuoi"] if row["quan_he"] in relations else ""
    about = (
        f"Quan hệ: {words}" if words else "", data["label"], vietnamese_date(data["date"]) if data["date"] else "",
        data["issuer"], shorten(data["title"]),
    )  # fmt: skip
    style = "work" if data["form"] == FORMS["work"] else "cite"
    return Mark(start, end, style, links.document(row["van_ban"]), " · ".join(a for a in about if a), flag)


def paragraphs(text: str, units: Sequence[Row], marks: Sequence[Mark], links: Links) -> Iterator[Paragraph]:
    """Yield the whole text in order: units with their anchors, and what stands between them as plain paragraphs.

    ``units`` are rows of ``muc`` in text order. Marks of Markdown and list markers between units are not repeated.
    """
    depths: dict[str, int] = {}
    position = 0
    for unit in units:
        start, end = max(unit["bat_dau"], position), unit["ket_thuc"]
        if end <= start:
            continue
        yield from _between(text, position, start, unit["ky_hieu"], marks)
        depth = depths[unit["id"]] = depths.get(unit["cha"], -1) + 1
        url = links.unit(unit["id"]) if unit["loai"] in _PAGED else ""
        html = marked(text, start, end, marks)
        marker = "" if unit["loai"] == UNIT_KINDS["section"] else _printed_marker(text[position:start], unit["ky_hieu"])
        yield Paragraph(start, html, unit["loai"], depth, marker, unit["ma"], anchor_of(unit["ma"]), url)
        position = end
    yield from _between(text, position, len(text), "", marks)


def _printed_marker(gap: str, marker: str) -> str:
    """Return a list marker as printed, with its dot or bracket: "1." for "1"."""
    printed = gap.rsplit("\n", 1)[-1].strip("#*_ \t")
    return printed if marker and printed.startswith(marker) else marker


def _between(text: str, start: int, end: int, marker: str, marks: Sequence[Mark]) -> Iterator[Paragraph]:
    for line in re.finditer(r"[^\n]+", text[start:end]):
        words = re.sub(r"[#*_|\s]+", " ", line.group()).strip()
        if words and words.rstrip(".)/: ") != marker.rstrip(".)/: "):
            left = start + line.end() - len(line.group().lstrip("#*_ \t"))
            right = start + line.start() + len(line.group().rstrip("*_ \t"))
            yield Paragraph(left, marked(text, left, max(left, right), marks), "", 0)
