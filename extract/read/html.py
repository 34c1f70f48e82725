"""HTML and MHTML: the document without the site around it.

One walk over the tree gives blocks, each in its container (``div``, ``td``, ``article`` …); then menus, boxes and
lists of links are dropped by what they hold. A container with the motto, an article or a basis is never dropped, and
what is neither named nor built like a menu stays: an annex in a second ``div`` is worth more than a clean page.
"""

from __future__ import annotations

import email
import email.policy
import re

from lxml import etree

from extract.read import decode, legacy
from extract.read.page import Page
from extract.read.pieces import reading
from extract.read.result import ReadError, Reading

_MAX_TAG = 20_000
"""Characters of one tag: libxml2 compares each attribute with all others."""
_LONG_TAG = re.compile(rf"<([A-Za-z][^\s/<>]*)[^<>]{{{_MAX_TAG},}}>")
_DATA_URI = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,[A-Za-z0-9+/=\s%]*")


def read(data: bytes, name: str) -> Reading:
    """Read an .html, .htm or .mht file.

    Raises:
        ReadError: no text, an unknown encoding, or a tree that no browser wrote.
    """
    declared = ""
    if is_mhtml(data):
        data, declared = _main_part(data, name)
    raw, notes, proven = _text(data, name, declared)
    tree = _tree(raw, name)
    page = Page()
    page.walk(tree)
    if page.hides and not page.is_document():  # the text is behind a tab that a script would open
        whole = Page(hidden=True)
        whole.walk(tree)
        page = whole if whole.is_document() else page
    pieces = page.main()
    notes += page.notes
    if page.fonts:
        return reading(pieces, [*notes, decode.fonts_note(page.fonts)], name, None)
    found = reading(pieces, notes, name, legacy.FEWEST if proven else 3)
    if not proven and len(found.notes) == len(notes) and not decode.is_western(found.text):
        raise decode.not_utf8(name, _wrong_at(data))
    return found


def is_mhtml(data: bytes) -> bool:
    """Tell whether a file is a page saved with its pictures by Word or a browser."""
    head = data[:4096].lstrip()
    return bool(re.match(rb"[A-Za-z-]+:[^\n]*\n", head)) and b"multipart/related" in head.lower()


# the standard library takes parameters of a header apart in quadratic time
_LONG_HEADER = re.compile(rb"^content-[a-z-]+:(?:[^\n]|\n[ \t]){2000}", re.IGNORECASE | re.MULTILINE)


def _main_part(data: bytes, name: str) -> tuple[bytes, str]:
    """Return the first HTML part of an MHTML file, and the encoding that its header declares."""
    broken = ReadError(f"Tệp “{name}” hỏng: không tìm thấy trang HTML bên trong. Hãy lưu lại thành .docx hoặc .html.")
    if _LONG_HEADER.search(data):
        raise broken
    try:
        message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
        for part in message.walk():
            if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
                body = part.get_payload(decode=True)
                if isinstance(body, bytes) and body.strip():
                    return body, str(part.get_content_charset() or "")
    except (RecursionError, ValueError, LookupError, IndexError) as error:
        raise broken from error
    raise broken


# --- encoding -------------------------------------------------------------------------------------

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{3,40})", re.IGNORECASE)
_LATIN = {"windows-1252", "cp1252", "iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "x-user-defined", "x-vni"}
_WRONG_BYTES = 1000
"""A page that says it is UTF-8 may have one wrong byte in so many."""


def _text(data: bytes, name: str, declared: str) -> tuple[str, list[str], bool]:
    """Return the markup, notes, and whether its encoding is sure (else the text must prove it)."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise ReadError(f"Tệp “{name}” không có nội dung.")
    if b"\x00" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return decode.decode(data, name).text, [], True
    try:
        return data.decode("utf-8-sig"), [], True
    except UnicodeDecodeError:
        pass
    found = _CHARSET.search(data, 0, 4096)
    charset = (declared or (found[1].decode() if found else "")).lower()
    if charset in {"utf-8", "utf8"}:
        text = data.decode("utf-8", "replace")
        lost = text.count("\ufffd")
        if lost * _WRONG_BYTES > len(data):
            raise decode.not_utf8(name, _wrong_at(data))
        return text, [f"Tệp có {lost} chỗ hỏng không giải mã được, hiện là “\ufffd”."], True
    old = decode.windows_1258(data)
    if old:
        return old.text, list(old.notes), True
    if charset and charset not in _LATIN:
        try:
            return data.decode(charset), [f"Tệp dùng bảng mã {charset}, đã chuyển sang Unicode."], True
        except (LookupError, UnicodeError):
            pass
    return decode.western(data), [], False


def _wrong_at(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


# --- tree and text --------------------------------------------------------------------------------


def _tree(raw: str, name: str) -> etree._Element:
    if "base64," in raw:
        raw = _DATA_URI.sub("", raw)
    raw = _LONG_TAG.sub(r"<\1>", raw)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        root = etree.fromstring(raw.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        root = None
    # the parser stops at its limits without an exception: half a document must not pass for a whole one
    if any(e.level_name == "FATAL" and ("depth" in e.message or "limit" in e.message) for e in parser.error_log):
        raise ReadError(
            f"Tệp “{name}” có cấu trúc HTML bất thường (lồng quá sâu hoặc quá dài). "
            "Hãy mở bằng trình duyệt, chép nội dung vào Word và lưu thành .docx."
        )
    if root is None:
        raise ReadError(f"Tệp “{name}” không có nội dung.")
    return root
