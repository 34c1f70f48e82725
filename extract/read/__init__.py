"""Files in: every format becomes the same text and blocks. The choice is made by content, not by name alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

from extract.model import SourceText
from extract.read.plain import source_from_text
from extract.read.result import ReadError, Reading

__all__ = ["ReadError", "Reading", "read_file"]

SUFFIXES = (".md", ".txt")
"""The file names that this version reads."""

MAX_BYTES = 64 * 1024 * 1024


def read_file(path: Path) -> SourceText:
    """Read one document.

    Raises:
        ReadError: the file is missing, a folder, empty, too large, binary, not UTF-8, or of an unknown format.
    """
    if not path.exists():
        raise ReadError(f"Không tìm thấy tệp “{path}”. Hãy kiểm tra lại tên và đường dẫn.")
    if path.is_dir():
        raise ReadError(f"“{path}” là thư mục, không phải tệp. Hãy chỉ ra một tệp văn bản.")
    if path.suffix.lower() not in SUFFIXES:
        raise ReadError(
            f"Chưa đọc được tệp “{path.name}”: phiên bản này chỉ đọc tệp .md và .txt. "
            "Hãy lưu văn bản thành .txt (UTF-8) rồi thử lại."
        )
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ReadError(
                f"Tệp “{path.name}” quá lớn (trên {MAX_BYTES // 1024**2} MB). Hãy tách thành nhiều tệp nhỏ hơn."
            )
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"Không mở được tệp “{path}”: bạn chưa có quyền đọc, hoặc tệp đang bị khóa.") from error
    return source_from_text(_decode(data, path), str(path), hashlib.sha256(data).hexdigest(), path.suffix.lower()[1:])


def _decode(data: bytes, path: Path) -> str:
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise ReadError(f"Tệp “{path.name}” không có nội dung.")
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(bom):
            try:
                return data[2:].decode(encoding)
            except UnicodeDecodeError as error:
                raise ReadError(f"Tệp “{path.name}” hỏng: khai là UTF-16 nhưng không giải mã được.") from error
    if b"\x00" in data:
        raise ReadError(f"Tệp “{path.name}” là tệp nhị phân, không phải văn bản. Hãy chọn tệp văn bản .md hoặc .txt.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"Tệp “{path.name}” không dùng bảng mã UTF-8 (sai ở byte thứ {error.start + 1}). "
            "Hãy mở bằng Notepad hoặc Word và lưu lại với mã hóa UTF-8."
        ) from error
