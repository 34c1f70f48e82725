"""A path in, bytes out: what is no ordinary file of a bearable size is refused before it is opened."""

from __future__ import annotations

import stat
from pathlib import Path

from extract.read.result import ReadError

MAX_BYTES = 100 * 1024 * 1024


def check(path: Path, most: float = MAX_BYTES) -> None:
    """See that ``path`` is a file that may be read, of no more than ``most`` bytes.

    Raises:
        ReadError: it is missing, a folder, no ordinary file (a pipe, a device), or too large.
    """
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReadError(f"Không tìm thấy tệp “{path}”. Hãy kiểm tra lại tên và đường dẫn.") from error
    except (OSError, ValueError) as error:
        raise ReadError(_closed(path)) from error
    if stat.S_ISDIR(found.st_mode):
        raise ReadError(f"“{path}” là thư mục, không phải tệp. Hãy chỉ ra một tệp văn bản.")
    if not stat.S_ISREG(found.st_mode):
        raise ReadError(f"“{path.name}” là tệp đặc biệt của hệ thống, không phải văn bản. Hãy bỏ tệp này khỏi thư mục.")
    if found.st_size > most:
        raise ReadError(too_large(path.name))


def take(path: Path) -> bytes:
    """Return the bytes of a file that :func:`check` lets pass.

    Raises:
        ReadError: it does not, or the user has no right to read it.
    """
    check(path)
    try:
        with path.open("rb") as handle:
            data = handle.read(MAX_BYTES + 1)
    except OSError as error:
        raise ReadError(_closed(path)) from error
    if len(data) > MAX_BYTES:
        raise ReadError(too_large(path.name))
    return data


def head(path: Path, length: int = 4096) -> bytes:
    """Return the first bytes of a file that :func:`check` lets pass; errors as in :func:`take`."""
    check(path)
    try:
        with path.open("rb") as handle:
            return handle.read(length)
    except OSError as error:
        raise ReadError(_closed(path)) from error


def too_large(name: str) -> str:
    """Return the refusal of a file that is too large."""
    return f"Tệp “{name}” quá lớn (trên {MAX_BYTES // 1024**2} MB). Hãy tách thành nhiều tệp nhỏ hơn."


def _closed(path: Path) -> str:
    return (
        f"Không mở được tệp “{path.name}”: bạn chưa có quyền đọc, hoặc tệp đang bị khóa. "
        "Hãy xin quyền đọc, hoặc đóng chương trình đang mở tệp."
    )
