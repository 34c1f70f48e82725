"""What was put onto a PDF page after printing: the number and day that a signature fills in, and stamps.

In signed papers the clerk's number and day are annotations above the blanks of the "Số:" line. Flattening makes them
part of the page in memory; the words then go into their lines by x. The receiver's "ĐẾN" stamp and the box of the
signature hold numbers and days of others, so they are left out.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as pdfium_c

from extract.read.page_words import Run, Word, rows_of, turn
from extract.text import fold

_FLATTENED = frozenset({pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_FREETEXT, pdfium_c.FPDF_ANNOT_STAMP})
"""Kinds of annotations that print words; comments and links print none."""

_RECEIVED = re.compile(r"(?:c[oô]ng v[aă]n\s+|v[aă]n b[aả]n\s+)?đ[eế]n\W*$")
_RECEIVED_LINE = re.compile(r"(?:số|ngày|giờ|chuyển|lưu hồ sơ|kính chuyển)(?:[^\w]|$)")
_SIGNATURE = re.compile(
    r"người ký|ký bởi|được ký|ký ngày|ngày ký|thời gian ký|giờ ký|signature|signed by|digitally|email:"
)
_BLANK = re.compile(r"[.…_]+")
_FIGURE = re.compile(r"\d{1,5}[a-zA-Z]?$")
_BLANK_LINE = re.compile(r"^số\s*:|ngày|tháng")
_STAMP_HEIGHT = 95.0
"""The "ĐẾN" stamp is about 3 cm high (points)."""

MAX_ANNOTATIONS = 300
MANY = 50
"""More annotations, stamps and blanks than these are not looked at on one page: no office fills in so many."""

Box = tuple[float, float, float, float]


def flatten(page: Any) -> list[Box]:
    """Make the annotations that print words part of the page, in memory; return their boxes.

    The page must be loaded anew afterwards. Done by the raw call, since pypdfium2 refuses files that have annotations
    but no form.
    """
    raw = page.raw
    boxes: list[Box] = []
    rect = pdfium_c.FS_RECTF()
    for n in range(min(pdfium_c.FPDFPage_GetAnnotCount(raw), MAX_ANNOTATIONS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(raw, n)
        if not annotation:
            continue
        if pdfium_c.FPDFAnnot_GetSubtype(annotation) in _FLATTENED and pdfium_c.FPDFAnnot_GetRect(
            annotation, ctypes.byref(rect)
        ):
            box = (rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top))
            if box[2] - box[0] > 1 and box[3] - box[1] > 1:
                boxes.append(turn(box, page.get_rotation(), page.get_bbox()))
        pdfium_c.FPDFPage_CloseAnnot(annotation)
    if boxes and pdfium_c.FPDFPage_Flatten(raw, pdfium_c.FLAT_NORMALDISPLAY) != pdfium_c.FLATTEN_SUCCESS:
        return []
    return boxes


def merge(runs: list[Run], boxes: Sequence[Box], printed: int) -> tuple[list[Run], bool]:
    """Put the words of annotations into the lines whose blanks they fill.

    ``printed`` is the number of characters that the page had before. Returns the lines, and whether a signature's
    box or a stamp was left out.
    """
    groups: dict[int, list[Word]] = {}
    rest: list[Run] = []
    for run in runs:
        own: list[Word] = []
        for word in run.words:
            at = _inside(word, boxes) if word.index >= printed - 2 else -1
            if at < 0:
                own.append(word)
            else:
                groups.setdefault(at, []).append(word)
        if own:
            rest.append(run if len(own) == len(run.words) else Run(own))
    left_out = False
    for at in sorted(groups):
        stamped = rows_of(groups[at])
        said = [fold(" ".join(w.text for w in row.words)) for row in stamped]
        if any(_RECEIVED.match(s) for s in said) or any(_SIGNATURE.search(s) for s in said):
            left_out = True
            continue
        for row in stamped:
            _fill(rest, row)
    return rest, left_out


def _inside(word: Word, boxes: Sequence[Box]) -> int:
    """Return the smallest box that holds the word's middle, -1 when none does."""
    x, y = (word.x0 + word.x1) / 2, word.middle
    holding = [
        ((b[2] - b[0]) * (b[3] - b[1]), n)
        for n, b in enumerate(boxes)
        if b[0] - 1 <= x <= b[2] + 1 and b[1] - 1 <= y <= b[3] + 1
    ]
    return min(holding)[1] if holding else -1


def _fill(runs: list[Run], row: Run) -> None:
    """Put a stamped row into the nearest line of its height, or leave it a line of its own."""
    best: Run | None = None
    nearest = 60.0
    for run in runs:
        if abs(run.middle - row.middle) > 0.6 * max(run.height, row.height):
            continue
        away = max(run.x0 - row.x1, row.x0 - run.x1, 0.0)
        if away < nearest:
            best, nearest = run, away
    if best is None:
        runs.append(row)
        return
    for word in row.words:
        word.index = -1  # stands where there was room, not where a blank was written
    words = best.words + row.words
    for word in best.words:
        if any(w.x0 < word.x1 and word.x0 < w.x1 for w in row.words):
            dots = _BLANK.match(word.text)
            if dots and dots.end() == len(word.text):
                words.remove(word)
            elif dots:  # "…/TTr" under "355": the dots are the blank that was filled
                word.text = word.text[dots.end() :]
                word.x0 = max(word.x0, max(w.x1 for w in row.words if w.x0 < word.x1))
                word.x1 = max(word.x1, word.x0)
    for word in words:
        if word.index >= 0 and word.text[0] in "/-" and any(0 <= word.x0 - w.x1 < 4 * w.height for w in row.words):
            word.index = -1
            before = min((word.x0 - w.x1, w.x1) for w in row.words if w.x1 <= word.x0)[1]
            if all(not before < w.x0 < word.x0 for w in words):
                word.x0 = before  # the symbol goes on the number, however wide the blank was
    best.words = sorted(words, key=lambda w: w.x0)


def fill_blanks(runs: list[Run], height: float) -> list[Run]:
    """Put lone figures into the blanks of the number's and the day's line: some files come with these flattened."""
    upper = [run for run in runs if run.middle > height / 2]
    lines = [run for run in upper if _BLANK_LINE.search(fold(" ".join(w.text for w in run.words)))][:MANY]
    filled: dict[int, Run] = {}
    for figures in [run for run in upper if all(_FIGURE.match(w.text) for w in run.words)][:MANY]:
        left = []
        for word in figures.words:  # number, day and month are often one line, since nothing stands between them
            near = (
                run
                for run in lines
                if run.x0 < word.x0 < run.x1 and abs(run.middle - word.middle) < 0.6 * max(run.height, word.height)
            )
            if line := next(near, None):
                _fill([line], Run([word]))
            else:
                left.append(word)
        if len(left) < len(figures.words):
            filled[id(figures)] = Run(left)
    return [rest for run in runs if (rest := filled.get(id(run), run)).words]


def without_received(runs: list[Run], height: float) -> tuple[list[Run], bool]:
    """Return the lines without a receiver's "ĐẾN" stamp that is part of the page, and whether there was one."""
    headings = [
        run for run in runs if run.middle > height / 2 and _RECEIVED.match(fold(" ".join(w.text for w in run.words)))
    ]
    for heading in headings[:MANY]:
        centre = (heading.x0 + heading.x1) / 2
        below = [
            run
            for run in runs
            if 0 < heading.middle - run.middle < _STAMP_HEIGHT
            and run.x0 - 40 <= centre <= run.x1 + 40
            and _RECEIVED_LINE.match(fold(" ".join(w.text for w in run.words)))
        ]
        if len(below) >= 2:
            dropped = {id(heading), *map(id, below)}
            return [run for run in runs if id(run) not in dropped], True
    return runs, False
