"""What nodes and lines of a drawing look like: shapes, colours, wrapped labels, and the words of the legend.

Every kind has its own shape and colour, so that colour never stands alone; text on fills keeps a contrast
of at least 4.5, borders and lines on white at least 3 (WCAG 2.1, 1.4.3 and 1.4.11; held by a test).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graph.ranks import PLAN
from graph.standing import OUT_OF_FORCE, Standing
from graph.words import RESOLVED, vietnamese_date
from publish.export.clean import clean

INK, QUIET, ALARM = "#111827", "#475569", "#9a1c1c"
"""Colours of text: main words, small print, and words of doubt."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of node: words of the legend, colours, and the name of its outline."""

    words: str
    fill: str
    stroke: str
    shape: str


@dataclass(frozen=True, slots=True)
class LineStyle:
    """A kind of line: words of the legend, colour, width, lengths of dash and gap (none for a full line)."""

    words: str
    colour: str
    width: float
    dash: tuple[int, ...] = ()


KINDS: dict[str, Kind] = {
    "party": Kind("Văn bản của Đảng", "#fde3e1", "#b42318", "hexagon"),
    "central": Kind("Văn bản nhà nước ở trung ương", "#dbeafe", "#1d4ed8", "cut"),
    "province": Kind("Văn bản của tỉnh", "#d6f5e3", "#0a6b47", "round"),
    "work": Kind("Chương trình, đề án nêu tên", "#ece6fd", "#6d28d9", "slant"),
    "other": Kind("Văn bản khác (tiêu chuẩn, chưa rõ cơ quan)", "#e5e7eb", "#4b5563", "wave"),
    "plan": Kind("Kế hoạch trong kho", "#fdeebb", "#7a4b00", "folded"),
    "group": Kind("Nhóm nhiệm vụ", "#e0f2f7", "#0e5a70", "barred"),
    "task": Kind("Nhiệm vụ, phân công", "#ffffff", "#1f2937", "plain"),
}
LINES: dict[str, LineStyle] = {
    "stated": LineStyle("Quan hệ đã nêu trong văn bản", "#475569", 1.5),
    "planned": LineStyle("Quan hệ dự kiến (văn bản chưa ban hành)", "#475569", 1.5, (8, 5)),
    "inferred": LineStyle("Quan hệ do chương trình suy ra, cần đối chiếu", "#475569", 1.5, (2, 4)),
    "act": LineStyle("Sửa đổi, thay thế, bãi bỏ…, không phải căn cứ", "#b42318", 3.0),
    "act planned": LineStyle("Dự kiến sửa đổi, thay thế, bãi bỏ…, không phải căn cứ", "#b42318", 3.0, (9, 5)),
    "part": LineStyle("Nhiệm vụ thuộc kế hoạch (chỉ vẽ khi trong hình không có quan hệ nào khác)", "#8a919c", 1.0),
}
DOUBT = "Viền đứt, có ghi chữ: văn bản chưa xác định chắc chắn, cần đối chiếu"
OUT = "Viền kép, có ghi chữ: văn bản hết, ngưng hoặc chưa có hiệu lực tại ngày {}"
_UNIT_NAMES = {"task": "Nhiệm vụ", "assignment": "Phân công", "group": "Nhóm nhiệm vụ"}

TEXT, SMALL = 14, 13
"""Sizes of letters, in units of the drawing."""
_LINE = {TEXT: 18.0, SMALL: 16.5}
_PAD, _TASK_WIDTH, _STATUS_WIDTH = 8.0, 264, 175
_INNER = 8.0
"""How much smaller the inner line of a double outline is: it passes between the outer one and the words."""
_INSETS = {"hexagon": 12.0, "slant": 12.0, "cut": 4.0, "barred": 7.0, "folded": 4.0}


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line in a box: words, size, colour, bold or not."""

    words: str
    size: int = TEXT
    colour: str = INK
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A node as drawn: its lines of text from top to bottom, and its size."""

    lines: tuple[TextLine, ...]
    width: float
    height: float


def kind_of(data: Mapping[str, Any]) -> str:
    """Return the kind (a key of :data:`KINDS`) of a node of the citation graph."""
    kind = data["kind"]
    if kind in _UNIT_NAMES:
        return "group" if kind == "group" else "task"
    if data["rank"] == PLAN.number:
        return "plan"
    if kind == "work":
        return "work"
    if data["family"] == "Đảng":
        return "party"
    if not data["issuer"]:
        return "other"
    return "central" if data["rank"] <= 3 else "province"


def name_of(data: Mapping[str, Any]) -> str:
    """Return the name of a node in a sentence: "Nhiệm vụ II.2.2.3", "Nghị quyết số 08-NQ/TU"."""
    word = _UNIT_NAMES.get(data["kind"])
    return plain(f"{word} {data['code']}" if word else data["label"])


def doubtful(data: Mapping[str, Any]) -> bool:
    """Return whether a node is a document that is not surely identified."""
    return bool(data.get("status", RESOLVED) != RESOLVED)


def out_of_force(data: Mapping[str, Any]) -> bool:
    """Return whether a node is a document that is not in force on the day of the drawing, where it knows of one."""
    standing: Standing | None = data.get("standing")
    return standing is not None and standing.status in OUT_OF_FORCE


def outline_of(data: Mapping[str, Any], width: float, height: float) -> str:
    """Return the outline of a node: a double one, which no colour is needed to see, where it is not in force."""
    shape = KINDS[kind_of(data)].shape
    return outline(shape, width, height) + (double(shape, width, height) if out_of_force(data) else "")


def double(shape: str, width: float, height: float) -> str:
    """Return the inner line of a double outline."""
    return outline(shape, width - _INNER, height - _INNER)


def out_words(nodes: Iterable[Mapping[str, Any]]) -> str:
    """Return the words of the legend for what is not in force among ``nodes``, "" for nothing."""
    days = [data["standing"].day for data in nodes if out_of_force(data)]
    return OUT.format(vietnamese_date(days[0])) if days else ""


def plain(text: str) -> str:
    """Return ``text`` on one line, without control characters and without characters that turn its direction."""
    return unicodedata.normalize("NFC", " ".join(clean(str(text or "")).split()))


def box_of(data: Mapping[str, Any], *notes: str, brief: bool = False, most: int = 2) -> Box:
    """Return the box of a node: ``notes`` are further lines of small print, ``brief`` makes a task one line.

    Other tasks have at most ``most`` lines of their text.
    """
    lines: list[TextLine] = []
    if data["kind"] == "task" and brief:
        lines.append(TextLine(cut(plain(f"{data['code']}. {data['title']}"), SMALL, _TASK_WIDTH), SMALL))
    elif data["kind"] in _UNIT_NAMES:
        name = data["code"] if data["kind"] == "task" else name_of(data)
        lines.append(TextLine(plain(name), bold=True))
        lines += [TextLine(words, SMALL) for words in wrap(plain(data["title"]), SMALL, _TASK_WIDTH, most)]
    else:
        lines += [TextLine(words, bold=True) for words in _document_label(plain(data["label"]))]
        if data["date"]:
            lines.append(TextLine(f"ngày {vietnamese_date(data['date'])}", SMALL, QUIET))
        if doubtful(data):
            lines.append(TextLine(plain(data["status"]), SMALL, ALARM))
        standing: Standing | None = data.get("standing")
        if standing is not None and standing.warns:
            status, _, since = standing.short.partition(" từ ")
            lines += [TextLine(words, SMALL, ALARM) for words in wrap(status, SMALL, _STATUS_WIDTH, 2)]
            lines += [TextLine(f"từ {since}", SMALL, ALARM)] if since else []
        if data["in_corpus"] and data["rank"] != PLAN.number:
            lines.append(TextLine("toàn văn có trong kho", SMALL, QUIET))
    if data.get("soft"):
        lines.append(TextLine("có chỗ chưa nói rõ văn bản nào", SMALL, ALARM))
    lines += [TextLine(note, SMALL, QUIET) for note in notes if note]
    inset = _INSETS.get(KINDS[kind_of(data)].shape, 0.0)
    width = max(text_width(line.words, line.size, bold=line.bold) for line in lines) + 2 * (_PAD + inset)
    return Box(tuple(lines), max(96.0, width), sum(_LINE[line.size] for line in lines) + 2 * _PAD - 4)


def _document_label(label: str) -> list[str]:
    """The type on one line and the number on the next, as people look for the number; names are wrapped."""
    head, so, number = label.rpartition(" số ")
    if so and number and len(number) <= 24:
        return [*wrap(f"{head} số", TEXT, 150, 3, bold=True), number]
    return wrap(label, TEXT, 160, 4, bold=True)


# --- text -----------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide ``text`` is in Arial or Segoe UI; the page squeezes what comes out wider."""
    ems = 0.0
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.combining(char):
            continue
        if char in "iljtfrI.,;:'|!()[]/- ":
            ems += 0.33
        elif char in "mwMW@%…—&":
            ems += 0.92
        elif char.isupper():
            ems += 0.72
        elif ord(char) > 0x2E7F:  # East Asian letters and emoji
            ems += 1.05
        else:
            ems += 0.57
    return ems * size * (1.06 if bold else 1.0)


def cut(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return ``text``, cut with "…" where it is wider than ``width``."""
    if text_width(text, size, bold=bold) <= width:
        return text
    while text and text_width(text + "…", size, bold=bold) > width:
        text = text[:-1]
    return text.rstrip(" ,;:.") + "…"


def wrap(text: str, size: float, width: float, lines: int, *, bold: bool = False) -> list[str]:
    """Return ``text`` in at most ``lines`` lines no wider than ``width``, broken at blanks; "…" marks what is cut."""
    done: list[str] = []
    words = text.split()
    while words and len(done) < lines - 1:
        line = words.pop(0)
        while words and text_width(f"{line} {words[0]}", size, bold=bold) <= width:
            line += f" {words.pop(0)}"
        done.append(cut(line, size, width, bold=bold))
    if words:
        done.append(cut(" ".join(words), size, width, bold=bold))
    return done


def balance(text: str, size: float, width: float, lines: int) -> list[str]:
    """Return :func:`wrap` of ``text`` with lines as even as can be."""
    best = wrap(text, size, width, lines)
    while len(best) > 1 and (narrower := max(text_width(line, size) for line in best) - 1) > size:
        tried = wrap(text, size, narrower, lines)
        if len(tried) > len(best) or any("…" in line for line in tried):
            break
        best = tried
    return best


# --- outlines -------------------------------------------------------------------------------------


def outline(shape: str, width: float, height: float) -> str:
    """Return the outline of a box around (0, 0) as SVG path data, which canvas (Path2D) and legend both draw."""
    x, y = width / 2, height / 2
    i = min(12.0, y)
    rectangle = f"M{-x:g} {-y:g}H{x:g}V{y:g}H{-x:g}Z"
    if shape == "hexagon":
        return f"M{i - x:g} {-y:g}H{x - i:g}L{x:g} 0L{x - i:g} {y:g}H{i - x:g}L{-x:g} 0Z"
    if shape == "cut":
        c = min(9.0, y)
        points = ((c - x, -y), (x - c, -y), (x, c - y), (x, y - c), (x - c, y), (c - x, y), (-x, y - c), (-x, c - y))
        return "M" + "L".join(f"{a:g} {b:g}" for a, b in points) + "Z"
    if shape == "round":
        r = min(18.0, y)
        arc = f"A{r:g} {r:g} 0 0 1"
        return (
            f"M{r - x:g} {-y:g}H{x - r:g}{arc} {x:g} {r - y:g}V{y - r:g}{arc} {x - r:g} {y:g}"
            f"H{r - x:g}{arc} {-x:g} {y - r:g}V{r - y:g}{arc} {r - x:g} {-y:g}Z"
        )
    if shape == "slant":
        return f"M{i - x:g} {-y:g}H{x:g}L{x - i:g} {y:g}H{-x:g}Z"
    if shape == "wave":
        return f"M{-x:g} {-y:g}H{x:g}V{y - 4:g}Q{x / 2:g} {y - 12:g} 0 {y - 4:g}T{-x:g} {y - 4:g}Z"
    if shape == "folded":
        f = min(12.0, y)
        return f"M{-x:g} {-y:g}H{x - f:g}L{x:g} {f - y:g}V{y:g}H{-x:g}ZM{x - f:g} {-y:g}V{f - y:g}H{x:g}"
    if shape == "barred":
        return rectangle + f"M{6 - x:g} {-y:g}V{y:g}M{x - 6:g} {-y:g}V{y:g}"
    return rectangle


def inset(shape: str, side: int, y: float, height: float) -> float:
    """Return how far the outline stands inside its box at its right (``side`` 1) or left, ``y`` below the middle."""
    i, part = min(12.0, height / 2), min(1.0, max(0.0, y / height + 0.5))
    if shape == "slant":
        return i * (part if side > 0 else 1 - part)
    return i * abs(2 * part - 1) if shape == "hexagon" else 0.0
