"""Files in: every format becomes the same text and blocks. The choice is made by content, not by name alone.

Plain text is read here, in this process. All else is read by a child process with limits (:mod:`extract.read.child`),
which calls :func:`read_bytes`.
"""

from __future__ import annotations

import hashlib
import importlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from extract.model import SourceText
from extract.read.intake import MAX_BYTES, head, take, too_large
from extract.read.result import ReadError, Reading
from extract.read.sniff import misnamed, outer_kind, sniff

if TYPE_CHECKING:
    from extract.read.limits import Limits

__all__ = ["MAX_BYTES", "ReadError", "Reading", "is_plain", "read_bytes", "read_file", "read_text"]

FORMATS = {
    "docx": "extract.read.docx",
    "doc": "extract.read.doc",
    "rtf": "extract.read.doc",
    "pdf": "extract.read.pdf",
    "html": "extract.read.html",
    "txt": "extract.read.plain",
    "md": "extract.read.plain",
}
"""The module that reads each format, loaded when a file of that format comes."""

_LONE = re.compile("[\ud800-\udfff]")


def read_file(path: Path, limits: Limits | None = None) -> SourceText:
    """Read one document of any known format.

    Raises:
        ReadError: the file is missing, a folder, empty, too large, damaged, locked, of an unknown format, or asks for
            more time or memory than ``limits`` allow.
    """
    if is_plain(path):
        return replace(read_bytes(take(path), path.name), path=str(path))
    from extract.read.child import Child

    with Child(limits) as child:
        return replace(child.read(path), path=str(path))


def is_plain(path: Path) -> bool:
    """True when a file is plain text by its first bytes; errors as in :func:`read_file`."""
    return outer_kind(head(path), path.name) == "text"


def read_bytes(data: bytes, name: str) -> SourceText:
    """Read the content of a file; ``name`` is only for its ending and for messages.

    Raises:
        ReadError: as :func:`read_file`.
    """
    if len(data) > MAX_BYTES:
        raise ReadError(too_large(name))
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise ReadError(f"Tệp “{name}” không có nội dung. Hãy kiểm tra lại tệp.")
    kind = sniff(data, name)
    sha256 = hashlib.sha256(data).hexdigest()
    note = misnamed(kind, name)
    if kind == "zip":
        raise ReadError(
            f"Tệp “{name}” là tệp nén. Hãy giải nén rồi chọn từng văn bản, "
            "hoặc đưa cả tệp nén vào thư mục của lệnh “cancu build”."
        )
    reading = _reader(kind).read(data, name)
    if not reading.text.strip():
        raise ReadError(f"Tệp “{name}” không có chữ nào đọc được. Hãy kiểm tra lại, hoặc đưa bản Word của văn bản này.")
    text = _LONE.sub("\ufffd", reading.text)  # half a character is no text: no file and no base can hold it
    notes = tuple(filter(None, (note, *reading.notes)))
    return SourceText(text, reading.blocks, name, sha256, kind, notes, reading.partly)


def read_text(text: str, name: str) -> SourceText:
    """Read a text that comes as such, from a row of a table; ``name`` is for messages.

    Raises:
        ReadError: there are no words in it, or far too many.
    """
    from extract.read.plain import source_from_text

    if len(text) > MAX_BYTES:
        raise ReadError(too_large(name))
    if not text.strip("\ufeff \t\r\n"):
        raise ReadError(f"Văn bản “{name}” không có nội dung. Hãy kiểm tra lại dòng đó của tệp dữ liệu.")
    return source_from_text(_LONE.sub("\ufffd", text), name)


def _reader(kind: str) -> _Reader:
    module: _Reader = importlib.import_module(FORMATS[kind])
    return module


if TYPE_CHECKING:
    from typing import Protocol

    class _Reader(Protocol):
        def read(self, data: bytes, name: str) -> Reading: ...
