"""What a file is, told by its content; the ending of its name only decides between kinds of text."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath

from extract.read.result import ReadError

SUFFIXES: dict[str, tuple[str, ...]] = {
    "docx": (".docx", ".docm", ".dotx", ".dotm"),
    "doc": (".doc", ".dot", ".wps"),
    "rtf": (".rtf",),
    "pdf": (".pdf",),
    "html": (".html", ".htm", ".xhtml"),
    "txt": (".txt", ".text", ""),
    "md": (".md", ".markdown"),
    "zip": (".zip",),
}
"""The formats, and the endings that belong to each."""

WORDS = {
    "docx": "văn bản Word (.docx)", "doc": "văn bản Word 97–2003 (.doc)", "rtf": "văn bản RTF", "pdf": "PDF",
    "html": "trang web (HTML)", "txt": "văn bản thuần", "md": "văn bản thuần", "zip": "tệp nén .zip",
}  # fmt: skip
_KNOWN = frozenset(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)

_ARCHIVE = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = (b"\xff\xfe", b"\xfe\xff")
_BLANK = b"\xef\xbb\xbf \t\r\n"
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "ảnh", "Hãy đưa bản Word, hoặc PDF có chữ của văn bản này"),
    (b"\xff\xd8\xff", "ảnh", "Hãy đưa bản Word, hoặc PDF có chữ của văn bản này"),
    (b"GIF8", "ảnh", "Hãy đưa bản Word, hoặc PDF có chữ của văn bản này"),
    (b"II*\x00", "ảnh", "Hãy đưa bản Word, hoặc PDF có chữ của văn bản này"),
    (b"MM\x00*", "ảnh", "Hãy đưa bản Word, hoặc PDF có chữ của văn bản này"),
    (b"Rar!", "tệp nén .rar", "Hãy giải nén rồi đưa các văn bản vào thư mục"),
    (b"7z\xbc\xaf\x27\x1c", "tệp nén .7z", "Hãy giải nén rồi đưa các văn bản vào thư mục"),
)
_OFFICE = (("word/", "docx"), ("xl/", "bảng tính Excel"), ("ppt/", "trình chiếu PowerPoint"))


def suffix_of(name: str) -> str:
    """Return the ending of a file name in small letters, with its point; "" when there is none."""
    return PurePath(name).suffix.lower()


def outer_kind(head: bytes, name: str) -> str:
    """Return what the first bytes tell: "archive", "ole", "pdf", "rtf", "html", "other" or "text".

    Only bytes are compared, so that even the parent may ask this of a hostile file.
    """
    suffix = suffix_of(name)
    start = head.lstrip(_BLANK)[:64].lower()
    if head.startswith(_ARCHIVE):
        return "archive"
    if head.startswith(_OLE):
        return "ole"
    if start.startswith(b"%pdf-") or (suffix == ".pdf" and b"%PDF-" in head[:1024]):
        return "pdf"
    if start.startswith(b"{\\rtf"):
        return "rtf"
    if any(head.startswith(magic) for magic, _, _ in _OTHERS):
        return "other"
    if start.startswith((b"<!doctype html", b"<html")) or (start.startswith(b"<?xml") and b"<html" in head.lower()):
        return "html"
    if suffix in SUFFIXES["html"] and b"<" in head:
        return "html"
    return "text"


def sniff(data: bytes, name: str) -> str:
    """Return the format of a file, a key of :data:`SUFFIXES`.

    Raises:
        ReadError: it is locked by a password, damaged, or of a kind that is not read.
    """
    kind = outer_kind(data[:4096], name)
    if kind == "archive":
        return _archive(data, name)
    if kind == "ole":
        return _ole(data, name)
    if kind == "other":
        what, advice = next((what, advice) for magic, what, advice in _OTHERS if data.startswith(magic))
        raise ReadError(f"Tệp “{name}” là {what}, chưa đọc được định dạng này. {advice}.")
    if kind != "text":
        return kind
    if b"\x00" in data and not data.startswith(_BOMS) and not _looks_utf16(data):
        raise ReadError(f"Tệp “{name}” là tệp nhị phân, không phải văn bản. Hãy chọn tệp Word, PDF, .txt hoặc .md.")
    suffix = suffix_of(name)
    if suffix not in _KNOWN:
        raise ReadError(
            f"Chưa đọc được tệp “{name}”: chương trình không biết định dạng {suffix}. "
            "Hãy lưu văn bản thành .docx, .pdf hoặc .txt (UTF-8) rồi thử lại."
        )
    return "md" if suffix in SUFFIXES["md"] else "txt"


def misnamed(kind: str, name: str) -> str:
    """Return a note when the ending of ``name`` tells another format than its content, "" when it does not."""
    suffix = suffix_of(name)
    if suffix in SUFFIXES.get(kind, (suffix,)):
        return ""
    ending = f"đuôi tệp là {suffix}" if suffix else "tên tệp không có đuôi"
    return f"Nội dung tệp “{name}” là {WORDS[kind]} tuy {ending}; đã đọc theo nội dung."


def locked(name: str) -> str:
    """Return the refusal of a file that asks for a password."""
    return f"Tệp “{name}” có mật khẩu nên không đọc được. Hãy mở tệp, bỏ mật khẩu, lưu lại rồi thử lại."


def _archive(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise ReadError(
            f"Tệp “{name}” hỏng hoặc bị cắt cụt, không mở được. Hãy sao chép lại tệp từ nơi gốc rồi thử lại."
        ) from error
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names:
        if "mimetype" in names and "content.xml" in names:
            raise ReadError(
                f"Tệp “{name}” là văn bản OpenDocument, chưa đọc được định dạng này. Hãy lưu thành .docx rồi thử lại."
            )
        return "zip"
    what = next((what for folder, what in _OFFICE if any(n.startswith(folder) for n in names)), "tệp Office")
    if what != "docx":
        raise ReadError(
            f"Tệp “{name}” là {what}, chưa đọc được định dạng này. Hãy lưu phần văn bản thành .docx rồi thử lại."
        )
    if any(member.flag_bits & 1 for member in members):
        raise ReadError(locked(name))
    return "docx"


def _ole(data: bytes, name: str) -> str:
    """Tell Word 97–2003 from the other kinds of compound files, by the names in its directory."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise ReadError(locked(name))
    if "WordDocument".encode("utf-16-le") not in data:
        raise ReadError(
            f"Tệp “{name}” không phải văn bản Word, chưa đọc được định dạng này. Hãy lưu thành .docx rồi thử lại."
        )
    # The stream of the text almost always begins at the first sector; its head says whether it is encrypted.
    if data[512:514] == b"\xec\xa5" and data[523:524] and data[523] & 1:
        raise ReadError(locked(name))
    return "doc"


def _looks_utf16(data: bytes) -> bool:
    """True for text of two bytes a letter without a mark at its head: every second byte is often zero."""
    part = data[:4096]
    half = len(part) // 2
    even, odd = part[0::2].count(0), part[1::2].count(0)
    return half > 8 and min(even, odd) < half // 10 and max(even, odd) > half // 3
