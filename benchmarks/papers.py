"""One text of Markdown written as a file of each format: what the measures and the tests of reading are run on.

The writers are small and plain on purpose: a paragraph of the text is a paragraph of the file, a table is a table.
.doc and the laid out .pdf are made by LibreOffice where it is installed; :func:`pdf` writes words at fixed places.
"""

from __future__ import annotations

import html as markup
import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from extract.read import office

_RULE = re.compile(r"\|(?:\s*:?-{2,}:?\s*\|)+")
_BREAK = re.compile(r"\s*<br\s*/?>\s*")
_MARKUP = re.compile(r"\*\*|(?m:^#+\s+)")


class Paragraph(NamedTuple):
    """A line of the text without its marks of Markdown."""

    text: str


class Grid(NamedTuple):
    """A table: rows of cells, each cell a list of paragraphs."""

    rows: tuple[tuple[tuple[str, ...], ...], ...]


def parts_of(text: str) -> Iterator[Paragraph | Grid]:
    """Yield the paragraphs and tables of a text of Markdown, in order; blank lines are left out."""
    rows: list[tuple[tuple[str, ...], ...]] = []
    for line in [*text.splitlines(), ""]:
        words = _MARKUP.sub("", line).strip()
        if words.startswith("|") and words.endswith("|") and len(words) > 1:
            if not _RULE.fullmatch(words):
                rows.append(tuple(_cell(cell) for cell in words[1:-1].split("|")))
            continue
        if rows:
            yield Grid(tuple(rows))
            rows = []
        if words:
            yield Paragraph(words)


def _cell(words: str) -> tuple[str, ...]:
    return tuple(part for part in _BREAK.split(words.strip()) if part)


# --- formats that are written here ----------------------------------------------------------------

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)


def docx(text: str) -> bytes:
    """Return the text as a .docx."""
    body = "".join(_docx_part(part) for part in parts_of(text))
    return package(f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>')


def package(document: str | bytes) -> bytes:
    """Return a .docx around the XML of its main part."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELS), ("word/document.xml", document)):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _docx_part(part: Paragraph | Grid) -> str:
    if isinstance(part, Paragraph):
        return _docx_paragraph(part.text)
    columns = max(map(len, part.rows))
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    rows = "".join(
        "<w:tr>"
        + "".join(f"<w:tc><w:tcPr/>{''.join(map(_docx_paragraph, cell or ('',)))}</w:tc>" for cell in row)
        + "</w:tr>"
        for row in part.rows
    )
    grid = f'<w:gridCol w:w="{9000 // columns}"/>' * columns
    return f"<w:tbl><w:tblPr><w:tblBorders>{sides}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _docx_paragraph(words: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{markup.escape(words, quote=False)}</w:t></w:r></w:p>'


def html(text: str) -> bytes:
    """Return the text as a page of HTML in UTF-8."""
    body = "\n".join(_html_part(part) for part in parts_of(text))
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{body}\n</body></html>\n'.encode()


def _html_part(part: Paragraph | Grid) -> str:
    if isinstance(part, Paragraph):
        return f"<p>{markup.escape(part.text)}</p>"
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{''.join(f'<p>{markup.escape(p)}</p>' for p in cell)}</td>" for cell in row) + "</tr>"
        for row in part.rows
    )
    return f"<table>\n{rows}\n</table>"


def rtf(text: str) -> bytes:
    r"""Return the text as RTF, each letter beyond ASCII as ``\u``."""
    body = "\n".join(_rtf_part(part) for part in parts_of(text))
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{{\\fonttbl{{\\f0 Times New Roman;}}}}\n{body}\n}}".encode("ascii")


_RTF_END = r"\par "


def _rtf_part(part: Paragraph | Grid) -> str:
    if isinstance(part, Paragraph):
        return rf"\pard\plain {_rtf_words(part.text)}\par"
    rows = []
    for row in part.rows:
        edges = "".join(rf"\cellx{9000 * n // len(row)}" for n in range(1, len(row) + 1))
        cells = "".join(rf"\pard\plain\intbl {_RTF_END.join(map(_rtf_words, cell))}\cell" for cell in row)
        rows.append(rf"\trowd{edges}{cells}\row")
    return "\n".join(rows)


def _rtf_words(words: str) -> str:
    units = words.encode("utf-16-le")
    numbers = (int.from_bytes(units[n : n + 2], "little", signed=True) for n in range(0, len(units), 2))
    return "".join(chr(n) if 32 <= n < 127 and chr(n) not in "\\{}" else rf"\u{n}?" for n in numbers)


def txt(text: str) -> bytes:
    """Return the text as plain text in UTF-8: a line a paragraph, also of cells."""
    lines: list[str] = []
    for part in parts_of(text):
        lines += [part.text] if isinstance(part, Paragraph) else [p for row in part.rows for cell in row for p in cell]
    return "\n".join([*lines, ""]).encode()


def pdf(pages: Iterable[Sequence[str]], *, locked: bool = False) -> bytes:
    """Return a PDF whose ``pages`` are lines of text, from the top of each page down.

    No font is put in: the text is told by a table of characters, as in a PDF that was printed without its fonts.
    ``locked`` says in the trailer that a password is asked for.
    """
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", *_FONT]
    kids: list[str] = []
    for lines in pages:
        shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in lines)
        stream = zlib.compress(f"BT /F 12 Tf 16 TL 70 770 Td\n{shown}ET".encode())
        objects.append(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F 3 0 R >> >> >>" % len(objects)
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    out = io.BytesIO(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    out.seek(0, io.SEEK_END)
    places = []
    for n, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (n, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    lock = b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >> /ID [<00> <00>]" % (b"o" * 32, b"u" * 32)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R%s >>\n" % (len(objects) + 1, lock if locked else b""))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


_MAP = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
    b"1 begincodespacerange <0000> <ffff> endcodespacerange\n1 beginbfrange <0000> <ffff> <0000> endbfrange\n"
    b"endcmap end end"
)
_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /Serif /Encoding /Identity-H /DescendantFonts [4 0 R] "
    b"/ToUnicode 6 0 R >>",
    b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Serif /DW 500 /FontDescriptor 5 0 R "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
    b"<< /Type /FontDescriptor /FontName /Serif /Flags 4 /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 "
    b"/StemV 80 /FontBBox [0 -200 1000 900] >>",
    b"<< /Length %d >>\nstream\n%s\nendstream" % (len(_MAP), _MAP),
)


# --- formats that other programs write ------------------------------------------------------------

_FILTERS = {"doc": "doc:MS Word 97", "docx": "docx:MS Word 2007 XML", "pdf": "pdf"}


def by_office(data: bytes, suffix: str, target: str) -> bytes:
    """Return a file that LibreOffice made of ``data``; ``suffix`` and ``target`` are endings ("docx", "pdf").

    Raises:
        extract.read.office.OfficeError: it is not installed, failed, or took too long.
    """
    if not office.soffice():
        raise office.OfficeError("LibreOffice is not installed")
    with tempfile.TemporaryDirectory(prefix="cancu-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        (home / f"in.{suffix}").write_bytes(data)
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        office.run(
            [office.soffice(), profile, "--headless", "--convert-to", _FILTERS[target], "--outdir", str(home / "out"),
             str(home / f"in.{suffix}")],
            120, {"SAL_USE_VCLPLUGIN": "svp"},
        )  # fmt: skip
        made = home / "out" / f"in.{target}"
        if not made.is_file():
            raise office.OfficeError("LibreOffice made no file")
        return made.read_bytes()


def scan(data: bytes, dots: int = 200) -> bytes:
    """Return a PDF of pictures of the pages of a PDF, as a scanner makes it."""
    import pypdfium2 as pdfium

    made = pdfium.PdfDocument.new()
    with pdfium.PdfDocument(data) as document:
        for page in document:
            width, height = page.get_size()
            picture = pdfium.PdfImage.new(made)
            picture.set_bitmap(page.render(scale=dots / 72, grayscale=True))
            picture.set_matrix(pdfium.PdfMatrix().scale(width, height))
            sheet = made.new_page(width, height)
            sheet.insert_obj(picture)
            sheet.gen_content()
    out = io.BytesIO()
    made.save(out)
    made.close()
    return out.getvalue()
