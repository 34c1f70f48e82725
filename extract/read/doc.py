"""Word 97–2003 (.doc) and .rtf: what the file is by its bytes, then the best reader that this computer has.

A .doc is read by LibreOffice (all of it, as .docx), else by antiword (most automatic numbers), else by the package
``legacy-doc`` of the extra ``[doc]`` (text only). The notes say which way was taken and what it may lose.
"""

from __future__ import annotations

import importlib
import re
from typing import Literal

from extract.read import decode, html, office, rtf
from extract.read.pieces import Piece, reading
from extract.read.result import ReadError, Reading

Kind = Literal["doc", "docx", "rtf", "html", "text", ""]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"(?:<\?xml[^>]*>|<!--(?:[^-]|-(?!->))*+-->|\s)*<(?:!doctype\s+html|html|head|body|meta|div|table|p)\b",
    re.I | re.S,
)


def kind_of(data: bytes) -> Kind:
    """Tell what a file named .doc or .rtf really is, by its first bytes; "" for something else."""
    if data.startswith(_OLE):
        return "doc"
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if rtf.is_rtf(data):
        return "rtf"
    if html.is_mhtml(data) or _HTML.match(data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\x00", b"")):
        return "html"
    return "" if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")) else "text"


def read(data: bytes, name: str) -> Reading:
    """Read a .doc or .rtf file, or whatever bears such a name.

    Raises:
        ReadError: no text of Word, locked by a password, broken, or no program here can read it.
    """
    if not data.strip(b"\xef\xbb\xbf\x00 \t\r\n"):
        raise ReadError(f"Tệp “{name}” không có nội dung.")
    match kind_of(data):
        case "doc":
            return _read_word(data, name)
        case "rtf":
            return _read_rtf(data, name)
        case "docx":
            return _with(_read_docx(data, name), "Tệp thực ra là .docx dù tên khác.")
        case "html":
            return _with(html.read(data, name), "Tệp thực ra là trang HTML dù tên khác.")
        case "text":
            said = decode.decode(data, name)
            return _lines(said.text, name, (*said.notes, "Tệp thực ra là văn bản thuần dù tên khác."))
    raise ReadError(f"Tệp “{name}” không phải văn bản Word. Hãy mở bằng chương trình đã tạo ra nó và lưu thành .docx.")


def _with(found: Reading, *notes: str) -> Reading:
    return Reading(found.text, found.blocks, (*notes, *found.notes))


def _read_docx(data: bytes, name: str) -> Reading:
    # loaded when needed: most files are no .doc, and that reader is large
    found: Reading = importlib.import_module("extract.read.docx").read(data, name)
    return found


# --- .rtf -----------------------------------------------------------------------------------------


def _read_rtf(data: bytes, name: str) -> Reading:
    """Read RTF by LibreOffice, which knows more of it, else by our own reader."""
    try:
        made = office.to_docx(data, "rtf")
    except office.OfficeError:
        return _with(
            rtf.read(data, name), "Đọc RTF không qua LibreOffice: đánh số tự động không ghi sẵn trong tệp có thể mất."
        )
    return _with(_read_docx(made, name), "Đã đọc RTF qua LibreOffice.")


# --- .doc -----------------------------------------------------------------------------------------

_WORD_STREAM = "WordDocument".encode("utf-16-le")
_LOCKED_STREAM = "EncryptedPackage".encode("utf-16-le")
_FIB = re.compile(rb"\xec\xa5|\xdc\xa5")  # Word 97 and later, Word 6 and 95
_SECTOR = 512


def _is_locked(data: bytes) -> bool:
    """Tell whether Word's file needs a password: a flag in the header of the document stream ([MS-DOC] 2.5.1)."""
    if _LOCKED_STREAM in data:
        return True
    for found in _FIB.finditer(data):
        if found.start() % _SECTOR == 0:
            return bool(data[found.start() + 11 : found.start() + 12] and data[found.start() + 11] & 1)
    return False


def _read_word(data: bytes, name: str) -> Reading:
    if _is_locked(data):
        raise ReadError(f"Tệp “{name}” có mật khẩu. Hãy mở bằng Word, bỏ mật khẩu rồi lưu lại.")
    if _WORD_STREAM not in data:
        raise ReadError(
            f"Tệp “{name}” không phải văn bản Word. Hãy mở bằng chương trình đã tạo ra nó và lưu thành .docx."
        )
    try:
        made = office.to_docx(data, "doc")
    except office.OfficeError:
        pass
    else:
        return _with(_read_docx(made, name), "Đã đọc .doc qua LibreOffice.")
    try:
        drawn = office.by_antiword(data)
    except office.OfficeError:
        pass
    else:
        if drawn.strip():
            return _drawn(
                drawn,
                name,
                ("Đã đọc .doc bằng antiword: một số số tự động và chú thích có thể mất, hàng của bảng có thể lệch.",),
            )
    text = _plain_text(data)
    if text.strip():
        lost = "Đã đọc .doc bằng gói legacy-doc: số tự động có thể mất, bảng thành từng dòng."
        return _lines(text, name, (lost,))
    raise ReadError(
        f"Chưa đọc được tệp “{name}” (Word 97–2003): hãy mở bằng Word và lưu thành .docx, "
        "hoặc cài LibreOffice (hay antiword, hay pip install 'cancu[doc]') rồi thử lại."
    )


def _plain_text(data: bytes) -> str:
    """Return the text by the package of the extra ``[doc]``, "" when it is missing or does not know the file."""
    try:
        package = importlib.import_module("legacy_doc")
    except ImportError:
        return ""
    try:
        options = package.ExtractionOptions(max_file_bytes=len(data), max_text_bytes=64 * 1024 * 1024)
        return str(package.extract_text(data, options=options).text)
    except (package.LegacyDocError, ValueError, LookupError, ArithmeticError):
        return ""


# --- text of these programs -----------------------------------------------------------------------


def _lines(text: str, name: str, notes: tuple[str, ...]) -> Reading:
    return reading([Piece(line.strip()) for line in text.splitlines()], notes, name)


_RULE = re.compile(r"-{20,}")  # antiword's own line above footnotes


def _drawn(text: str, name: str, notes: tuple[str, ...]) -> Reading:
    """Take antiword's drawing of a table, ``|cell|cell|`` a line, apart; its lines are bound to the column's width."""
    pieces: list[Piece] = []
    rows: list[_Row] = []
    tables = 0
    for line in [*text.splitlines(), ""]:
        if len(line) > 2 and line[0] == line[-1] == "|":
            fields = line[1:-1].split("|")
            if not (rows and rows[-1].takes(fields)):
                rows.append(_Row(fields))
            continue
        if rows:
            tables += 1
            pieces += [piece for n, row in enumerate(rows, 1) for piece in row.pieces(tables, n)]
            rows = []
        if not _RULE.fullmatch(line):
            pieces.append(Piece(line.strip()))
    return reading(pieces, notes, name)


class _Row:
    """A row of antiword's drawing: the paragraphs of each cell, and the cells of the line last seen."""

    def __init__(self, fields: list[str]) -> None:
        self.cells = [[field.strip()] for field in fields]
        self.last = fields

    def takes(self, fields: list[str]) -> bool:
        """Take a further line of this row, if it is one.

        It is when each of its cells goes on with a word that had no room in the line above, or when the first column,
        which counts the rows, is empty.
        """
        if len(fields) != len(self.last):
            return False
        said = [field.strip() for field in fields]
        wrapped = [bool(s) and _is_full(above, s) for s, above in zip(said, self.last, strict=True)]
        if any(s and not w for s, w in zip(said, wrapped, strict=True)) and (said[0] or len(said) < 2):
            return False
        for cell, text, goes_on in zip(self.cells, said, wrapped, strict=True):
            if goes_on:
                cell[-1] = f"{cell[-1]} {text}"
            elif text:
                cell.append(text)
        self.last = fields
        return True

    def pieces(self, table: int, row: int) -> list[Piece]:
        """Return the paragraphs cell by cell."""
        return [Piece(text, table, row, n) for n, cell in enumerate(self.cells, 1) for text in cell]


def _is_full(field: str, below: str) -> bool:
    said = field.strip()
    return bool(said) and len(said) + 1 + len(below.split(" ", 1)[0]) > len(field)
