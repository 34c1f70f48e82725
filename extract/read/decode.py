"""Bytes → text, for the formats that are text: .txt, .md, .html.

In this order: byte order mark, strict UTF-8, UTF-16 without a mark (by its zero bytes), then the encodings of old
Vietnamese files: Windows-1258, TCVN3, VNI, and Windows-1252 for text without Vietnamese letters. The last four are
only taken when the whole file makes sense in them, and always reported; bytes that fit nothing are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from extract.read import legacy
from extract.read.result import ReadError


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text (not normalised yet), the encoding that it was in, and notes for people on what was converted."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def decode(data: bytes, name: str) -> Decoded:
    """Return the text of a file named ``name`` (for messages).

    Raises:
        ReadError: empty, binary, or in no encoding that is known.
    """
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise ReadError(f"Tệp “{name}” không có nội dung.")
    return _marked(data, name) or _wide(data, name) or _narrow(data, name)


def _marked(data: bytes, name: str) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark) and encoding != "utf-8":
            try:
                return _converted(data[len(mark) :].decode(encoding), encoding)
            except UnicodeDecodeError as error:
                if encoding.startswith("utf-32"):
                    continue  # the mark of UTF-16, then a NUL
                raise ReadError(f"Tệp “{name}” hỏng: khai là UTF-16 nhưng không giải mã được.") from error
    return None


_ENOUGH_ZEROS = 0.3  # of every second byte; Vietnamese has 0.6 and more, most of the rest is 01 or 1E
_FEW_ZEROS = 0.02
_HEAD = 65536
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ue000-\uf8ff]")


def _wide(data: bytes, name: str) -> Decoded | None:
    """Read UTF-16 without a mark; any other file with a zero byte is no text."""
    if b"\x00" not in data:
        return None
    head = data[: _HEAD if len(data) > _HEAD else len(data) // 2 * 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    for encoding, many, few in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if many > _ENOUGH_ZEROS * half and few <= _FEW_ZEROS * half:
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                break
            if not _CONTROL.search(text):
                return _converted(text, encoding)
    raise ReadError(f"Tệp “{name}” là tệp nhị phân, không phải văn bản. Hãy chọn tệp văn bản .md hoặc .txt.")


def _narrow(data: bytes, name: str) -> Decoded:
    try:
        return _converted(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        old = _old(data)
        if old is None:
            raise not_utf8(name, error.start) from error
        return old


def not_utf8(name: str, at: int) -> ReadError:
    """Return the refusal of a file in no encoding that is known; ``at`` is the offset of its first wrong byte."""
    return ReadError(
        f"Tệp “{name}” không dùng bảng mã UTF-8 (sai ở byte thứ {at + 1}). "
        "Hãy mở bằng Notepad hoặc Word và lưu lại với mã hóa UTF-8."
    )


def _converted(text: str, encoding: str) -> Decoded:
    """Convert a text whose letters are those of an old font, though its bytes are Unicode (pasted from old files)."""
    font = legacy.detect(text)
    if not font:
        return Decoded(text, encoding)
    return Decoded(legacy.convert(text, font), encoding, (font_note(font),))


def font_note(font: legacy.Encoding) -> str:
    """Return what people are told when a whole file was converted from an old font encoding."""
    said = f"Văn bản gõ bằng bảng mã cũ {legacy.NAMES[font]}, đã chuyển sang Unicode"
    if font == "tcvn3":
        return f"{said}; chữ hoa có dấu có thể thành chữ thường. Hãy đối chiếu với bản gốc."
    return f"{said}. Hãy đối chiếu với bản gốc."


def fonts_note(fonts: Iterable[legacy.Encoding]) -> str:
    """Return what people are told when runs in old fonts were converted."""
    said = " và ".join(sorted(legacy.NAMES[font] for font in fonts))
    return f"Có đoạn gõ bằng phông chữ cũ {said}, đã chuyển sang Unicode. Hãy đối chiếu với bản gốc."


# --- files of before Unicode ----------------------------------------------------------------------

_FEWEST = 3
"""So many words with marks there must be: the bytes are known not to be UTF-8, so less proof is needed."""
_SURE = 0.8
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_MANY_TONES = re.compile(rb"[\xcc\xd2\xde\xec\xf2]{5}")  # no writing, and composing it takes quadratic time
_WORD = re.compile("(?:[^\\W\\d_]|[\u0300\u0301\u0303\u0309\u0323])+")


def _old(data: bytes) -> Decoded | None:
    if _CONTROL_BYTES.search(data):
        return None
    return windows_1258(data) or _old_font(data) or _windows_1252(data)


def _words(text: str) -> Counter[str]:
    return Counter([word for word in _WORD.findall(text) if not word.isascii()])


def windows_1258(data: bytes) -> Decoded | None:
    """Try Windows-1258, which writes the tone after its vowel: both together must make Vietnamese words."""
    if _MANY_TONES.search(data):
        return None
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        return None
    words = _words(text)
    if words.total() < _FEWEST or legacy.share(words, str) < _SURE:
        return None
    return Decoded(text, "cp1258", ("Tệp dùng bảng mã cũ Windows-1258, đã chuyển sang Unicode.",))


def _old_font(data: bytes) -> Decoded | None:
    text = western(data)
    font = legacy.detect(text, _FEWEST)
    return Decoded(legacy.convert(text, font), font, (font_note(font),)) if font else None


def western(data: bytes) -> str:
    """Return bytes as characters of Windows-1252, its five free places as the control characters of their number."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return "".join([_WESTERN[b] for b in data])


_WESTERN = tuple(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(256))
_FRENCH = re.compile("[A-Za-zàâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ]+")
_PRINTING = frozenset("“”‘’„‚«»‹›–—…•·°±§²³½¼¾×÷€£©®™\u00a0")
_FEW_WORDS = 0.3


def is_western(text: str) -> bool:
    """Tell whether all that is not ASCII in ``text`` are printer's marks and a few words of French."""
    words = _words(text)
    if words.total() > _FEW_WORDS * len(text.split()) or not all(map(_FRENCH.fullmatch, words)):
        return False
    return all(c in _PRINTING or c.isalpha() for c in set(text) if not c.isascii())


def _windows_1252(data: bytes) -> Decoded | None:
    text = western(data)
    if not is_western(text):
        return None
    return Decoded(text, "cp1252", ("Tệp dùng bảng mã Windows-1252, đã chuyển sang Unicode.",))
