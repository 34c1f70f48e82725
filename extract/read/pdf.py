"""PDF: the text that a page prints, as paragraphs with their page. Built on PDFium; hostile files belong in a child.

PDFium may abort the process on a crafted file, so callers run this with limits of their own.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract.model import Block
from extract.read import ocr
from extract.read.limits import time_left
from extract.read.page_furniture import Page, drop_furniture
from extract.read.page_head import in_columns, is_first_page
from extract.read.page_paragraphs import measure, paragraphs_of
from extract.read.page_rules import Table, tables_of
from extract.read.page_stamps import fill_blanks, flatten, merge, without_received
from extract.read.page_words import Glyphs, Line, Run, runs_of
from extract.read.result import ReadError, Reading
from extract.read.syllables import share_of_strangers

MAX_PAGES = 2000

_SCANNED = 50
"""A page with an image and fewer characters than this is a scan."""

_RESERVE = 8
"""Seconds kept for what comes after the pages: a file is told with the pages it has before its time is up."""

_SHOWN = 10
"""So many mended slips are told one by one."""

_STRANGERS = 0.05
"""With more words than this share that are no Vietnamese syllables the glyphs of a page are taken for broken."""

_IMAGES = frozenset({pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING})
_OBJECTS, _DEPTH = 200, 4
"""Objects of a page or form, and forms in forms, that are looked at for an image."""


@dataclass(slots=True)
class _Found:
    """What people must be told, gathered page by page."""

    unread: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    stamps: list[int] = field(default_factory=list)
    marks: int = 0
    mended: list[tuple[str, str]] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    engine: ocr.Recogniser | None = None
    slowest: float = 0.0

    def close(self) -> None:
        if self.engine is not None:
            self.engine.close()


def read(data: bytes, name: str) -> Reading:
    """Read a PDF file.

    Raises:
        ReadError: the file is empty, broken, encrypted, too long, or holds no text that can be read.
    """
    if not data.strip():
        raise ReadError(f"Tệp “{name}” không có nội dung. Hãy chép hoặc tải lại tệp PDF.")
    document = _open(data, name)
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise ReadError(
                f"Tệp “{name}” có {count} trang, quá {MAX_PAGES} trang cho phép. Hãy tách thành nhiều tệp nhỏ hơn."
            )
        if not count:
            raise ReadError(f"Tệp “{name}” không có trang nào. Hãy xuất lại tệp PDF từ bản gốc.")
        with closing(_Found()) as found:
            pages = [page for n in range(1, count + 1) if (page := _page(document, n, found)) is not None]
    finally:
        document.close()
    drop_furniture(pages)
    measure(pages)
    reading = _reading(pages, found)
    if not reading.blocks:
        if found.damaged:
            raise ReadError(
                f"Tệp “{name}” hỏng, không đọc được trang nào. Hãy tải lại tệp, hoặc mở bằng trình đọc PDF rồi in lại."
            )
        if found.late:
            raise ReadError(
                f"Tệp “{name}” chỉ có ảnh quét ({count} trang), chưa kịp nhận dạng chữ trong thời hạn của một tệp. "
                "Hãy chạy lại với thời hạn dài hơn (--giay)."
            )
        if found.unread or found.failed:
            raise ReadError(
                f"Tệp “{name}” chỉ có ảnh quét ({count} trang), không có chữ để đọc. "
                "Hãy dùng bản Word hoặc PDF gốc, hoặc cài phần nhận dạng chữ (cancu[ocr] hay tesseract có tiếng Việt)."
            )
        raise ReadError(f"Tệp “{name}” không có chữ nào. Hãy kiểm tra lại, hoặc dùng bản Word của văn bản.")
    return reading


def _open(data: bytes, name: str) -> Any:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
            raise ReadError(
                f"Tệp “{name}” được khóa bằng mật khẩu. Hãy mở tệp, bỏ mật khẩu rồi lưu lại, sau đó thử lại."
            ) from error
        raise ReadError(
            f"Tệp “{name}” hỏng hoặc không phải PDF. Hãy tải lại tệp, hoặc mở bằng trình đọc PDF rồi in lại ra PDF."
        ) from error


def _page(document: Any, number: int, found: _Found) -> Page | None:
    """Read one page; None when it is damaged, which is no reason to lose the others."""
    page = None
    try:
        page = document[number - 1]
        boxes: list[tuple[float, float, float, float]] = []
        printed = 0
        if pdfium_c.FPDFPage_GetAnnotCount(page.raw) > 0:
            before = page.get_textpage()
            printed = before.count_chars()
            before.close()
            boxes = flatten(page)
            if boxes:
                page.close()
                page = document[number - 1]
        width, height = page.get_size()
        textpage = page.get_textpage()
        try:
            runs, cut = runs_of(Glyphs(page, textpage))
        finally:
            textpage.close()
        found.marks += cut
        if boxes:
            runs, left_out = merge(runs, boxes, printed)
            if left_out:
                found.stamps.append(number)
        letters = _letters(runs)
        if letters < _SCANNED and _has_image(page, letters):
            seen = _recognise(page, number, found, letters)
            if seen:
                return Page(number, width, height, is_first_page(seen, height), _lines(in_columns(seen, height)), [])
        else:
            text = " ".join(word.text for run in runs for word in run.words)
            if share_of_strangers(text) > _STRANGERS:
                found.broken.append(number)
        first = is_first_page(runs, height)
        if first:
            runs, received = without_received(fill_blanks(runs, height), height)
            if received:
                found.stamps.append(number)
        items = tables_of(page, number, in_columns(runs, height))
    except pdfium.PdfiumError:
        found.damaged.append(number)
        return None
    finally:
        if page is not None:
            page.close()
    if _loose_rows([item for item in items if isinstance(item, Run)]):
        found.rows.append(number)
    body = [item.line() if isinstance(item, Run) else item for item in items]
    body, notes = _without_notes(body, height)
    return Page(number, width, height, first, body, notes)


def _lines(runs: Iterable[Run]) -> list[Line | Table]:
    return [run.line() for run in runs]


def _has_image(page: Any, letters: int) -> bool:
    """Tell whether a page shows an image; one without any letter also when it has a form: letters may be drawn there.

    Signing programs wrap a whole page of text in a form, which is no reason to recognise what can be read.
    """
    count, get = pdfium_c.FPDFPage_CountObjects, pdfium_c.FPDFPage_GetObject
    things = [(get(page.raw, n), 0) for n in range(min(count(page.raw), _OBJECTS))]
    looked = 0
    while things and looked < 10 * _OBJECTS:
        thing, depth = things.pop()
        looked += 1
        kind = pdfium_c.FPDFPageObj_GetType(thing)
        if kind in _IMAGES or (kind == pdfium_c.FPDF_PAGEOBJ_FORM and not letters):
            return True
        if kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
            inside = min(pdfium_c.FPDFFormObj_CountObjects(thing), _OBJECTS)
            things += [(pdfium_c.FPDFFormObj_GetObject(thing, n), depth + 1) for n in range(inside)]
    return False


def _letters(runs: Iterable[Run]) -> int:
    return sum(len(word.text) for run in runs for word in run.words)


def _recognise(page: Any, number: int, found: _Found, letters: int) -> list[Run]:
    """Return the lines of a scanned page as recognised, nothing when that cannot be done.

    Nor when the page shows little more than the ``letters`` that its text has: then the text is better.
    """
    if found.engine is None and not found.unread:
        found.engine = ocr.find()
    if found.engine is None:
        found.unread.append(number)
        return []
    if time_left() < _RESERVE + 2 * found.slowest:
        found.late.append(number)
        return []
    before = time.monotonic()
    try:
        runs, mended = ocr.runs_of_page(page, found.engine)
    except ocr.RecogniserError:  # one page that the recogniser cannot take is no reason to lose the others
        runs, mended = [], []
    found.slowest = max(found.slowest, time.monotonic() - before)
    if letters and _letters(runs) < 2 * letters:
        return []
    found.mended += mended
    (found.recognised if runs else found.failed).append(number)
    return runs


def _loose_rows(runs: Sequence[Run]) -> bool:
    """Tell whether three lines in turn have two wide gaps each: a table without ruling lines."""
    in_turn = 0
    for run in runs:
        wide = 1.2 * run.height
        gaps = sum(b.x0 - a.x1 > wide for a, b in pairwise(run.words))
        in_turn = in_turn + 1 if gaps >= 2 else 0
        if in_turn == 3:
            return True
    return False


def _without_notes(body: list[Line | Table], height: float) -> tuple[list[Line | Table], list[Line]]:
    """Part the footnotes from the body: small lines at the foot, the first of which begins with a raised number."""
    lines = [item for item in body if isinstance(item, Line)]
    if not any(line.note for line in lines):
        return body, []
    usual = median(line.height for line in lines if not line.note) if any(not line.note for line in lines) else 0.0
    starts = [line.y0 for line in lines if line.note and line.y0 < height * 0.6]
    if not starts:
        return body, []
    top = max(starts)
    below = [line for line in lines if line.y0 <= top + 1]
    small = [line for line in below if line.note or line.height < 0.95 * usual]
    ids = {id(line) for line in small}
    return [item for item in body if id(item) not in ids], sorted(small, key=lambda line: -line.y0)


def _reading(pages: Sequence[Page], found: _Found) -> Reading:
    parts: list[str] = []
    blocks: list[Block] = []
    recognised = frozenset(found.recognised)
    at = 0
    for paragraph in paragraphs_of(pages):
        text = unicodedata.normalize("NFC", paragraph.text).strip()
        if not text:
            continue
        if parts:
            at += 1
        scanned = paragraph.place.page in recognised
        place = paragraph.place._replace(paragraph=len(blocks) + 1, scanned=scanned)
        blocks.append(Block(at, at + len(text), place))
        parts.append(text)
        at += len(text)
    return Reading("\n".join(parts), tuple(blocks), tuple(_notes(found)), bool(found.late))


def _notes(found: _Found) -> Iterable[str]:
    """Yield the sentences for people."""
    if found.unread:
        yield (
            f"Trang {ranges(found.unread)} là ảnh quét ({len(found.unread)} trang), chưa đọc được chữ; hãy cài "
            "phần nhận dạng chữ (cancu[ocr] hay tesseract có tiếng Việt) hoặc dùng bản Word."
        )
    if found.late:
        yield (
            f"Trang {ranges(found.late)} là ảnh quét, chưa kịp nhận dạng trong thời hạn của một tệp; "
            "hãy chạy lại với thời hạn dài hơn (--giay)."
        )
    if found.recognised and found.engine is not None:
        yield (
            f"Trang {ranges(found.recognised)} là ảnh quét, chữ do máy nhận dạng ({found.engine.name}): "
            "số, ký hiệu và ngày tháng cần đối chiếu với bản gốc."
        )
    if found.mended:
        slips = list(dict.fromkeys(f"“{seen}” → “{right}”" for seen, right in found.mended))
        more = f" và {len(slips) - _SHOWN} chỗ khác" if len(slips) > _SHOWN else ""
        yield f"Đã sửa chữ nhận dạng sai: {'; '.join(slips[:_SHOWN])}{more}."
    if found.failed:
        yield f"Trang {ranges(found.failed)} là ảnh quét, máy không nhận dạng được chữ nào."
    if found.damaged:
        yield f"Trang {ranges(found.damaged)} hỏng, không đọc được; hãy tải lại tệp hoặc in lại ra PDF."
    if found.broken:
        yield (
            f"Trang {ranges(found.broken)} có nhiều chữ không phải tiếng Việt, có thể do phông chữ của tệp PDF; "
            "hãy đối chiếu với bản gốc hoặc dùng bản Word."
        )
    if found.rows:
        yield f"Trang {ranges(found.rows)} có bảng không kẻ khung: các dòng được đọc nguyên dòng, không tách ô."
    if found.stamps:
        yield (
            f"Trang {ranges(found.stamps)}: đã bỏ chữ trong dấu “ĐẾN” hoặc khung chữ ký số, "
            "vì không thuộc nội dung văn bản."
        )
    if found.marks:
        yield f"Đã bỏ {found.marks} số chỉ chú thích (viết nhỏ, nâng cao) dính sau chữ."


def ranges(numbers: Sequence[int]) -> str:
    """Return page numbers for people: "1, 3–5"."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in parts)
