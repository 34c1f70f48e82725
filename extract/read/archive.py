"""Archives (.zip) as folders: their members are listed and read into memory, never written to the disk.

The names of members are words for people and never paths. Caps are checked on what the archive declares, before
anything is unpacked, and ``zipfile`` itself stops at the declared size.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from extract.read.intake import MAX_BYTES, too_large
from extract.read.result import ReadError
from extract.read.sniff import locked

MAX_MEMBERS = 5000
MAX_DEPTH = 2
MAX_RATIO = 200
MAX_TOTAL = 1024 * 1024 * 1024
_RATIO_FROM = 1024 * 1024
"""Members below this size are harmless, however well they are packed."""

STEP = " › "
"""Between an archive and its member: "kho.zip › thư mục › tệp.docx"."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive.

    ``chain`` leads to it: its index in the archive, after that of the archive within the archive. ``name`` is what
    people see, without the archive's own; ``refusal`` says why it cannot be read, "" when it may be tried.
    """

    chain: tuple[int, ...]
    name: str
    date: str
    refusal: str = ""


def is_noise(name: str) -> bool:
    """True for the files that systems and word processors leave behind: "~$…", "Thumbs.db", hidden ones."""
    return name.startswith((".", "~$")) or name.lower() in ("thumbs.db", "desktop.ini", "__macosx")


def list_members(archive: IO[bytes], name: str) -> list[Member]:
    """Return the files in an archive and in the archives within it, sorted by name.

    Raises:
        ReadError: it is damaged, holds too many files, or would unpack to more than is bearable.
    """
    found: list[Member] = []
    for member in _members(archive, name, (), ""):
        found.append(member)
        if len(found) > MAX_MEMBERS:
            raise ReadError(_too_many(name))
    return sorted(found, key=lambda m: (m.name, m.chain))


def read_member(archive: IO[bytes], chain: Sequence[int], name: str) -> bytes:
    """Return the bytes of the file that ``chain`` leads to.

    Raises:
        ReadError: it cannot be unpacked, or may not be.
    """
    with _open(archive, name) as opened:
        try:
            info = opened.infolist()[chain[0]]
        except IndexError as error:
            raise ReadError(_broken(name)) from error
        data = _unpack(opened, info, name)
    return read_member(io.BytesIO(data), chain[1:], name) if chain[1:] else data


def _members(archive: IO[bytes], name: str, chain: tuple[int, ...], before: str) -> Iterator[Member]:
    with _open(archive, name) as opened:
        infos = opened.infolist()
        if len(infos) > 2 * MAX_MEMBERS:
            raise ReadError(_too_many(name))
        if sum(info.file_size for info in infos) > MAX_TOTAL:
            raise ReadError(_bomb(name))
        for index, info in enumerate(infos):
            parts = _parts(info)
            if not parts or info.is_dir() or any(is_noise(part) for part in parts):
                continue
            here, shown = (*chain, index), before + STEP.join(parts)
            date = "-".join(f"{part:02d}" for part in info.date_time[:3])
            try:
                _check(info, parts[-1])
                if not parts[-1].lower().endswith(".zip"):
                    yield Member(here, shown, date)
                    continue
                if len(here) >= MAX_DEPTH:
                    raise ReadError(
                        f"Tệp nén “{parts[-1]}” nằm sâu quá {MAX_DEPTH} lớp nén. "
                        "Hãy giải nén rồi đưa văn bản vào thư mục."
                    )
                yield from _members(io.BytesIO(_unpack(opened, info, parts[-1])), parts[-1], here, shown + STEP)
            except ReadError as error:
                yield Member(here, shown, date, str(error))


def _open(archive: IO[bytes], name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(archive)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise ReadError(_broken(name)) from error


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    _check(info, name)
    try:
        with archive.open(info) as handle:
            data = handle.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError) as error:
        raise ReadError(_broken(name)) from error
    if len(data) > MAX_BYTES:
        raise ReadError(too_large(name))
    return data


def _check(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & 1:
        raise ReadError(locked(name))
    if info.file_size > _RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise ReadError(_bomb(name))
    if info.file_size > MAX_BYTES:
        raise ReadError(too_large(name))


def _parts(info: zipfile.ZipInfo) -> list[str]:
    words = _name(info).replace("\\", "/").split("/")
    return [word for word in words if word not in ("", ".", "..")]


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name as it was meant: old programs write the bytes of their system and do not say which.

    ``zipfile`` reads such bytes as code page 437; UTF-8 shows itself, and the Windows of Viet Nam uses 1258.
    """
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "cp1258") if raw else ():
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return "".join(c for c in unicodedata.normalize("NFC", name) if c.isprintable())


def _broken(name: str) -> str:
    return f"Tệp nén “{name}” hỏng hoặc bị cắt cụt, không giải nén được. Hãy sao chép lại tệp từ nơi gốc rồi thử lại."


def _bomb(name: str) -> str:
    return (
        f"Tệp nén “{name}” bung ra lớn bất thường, có thể là “bom nén”, nên không mở. "
        "Hãy kiểm tra nguồn gốc của tệp; nếu đúng là văn bản, hãy giải nén rồi đưa vào thư mục."
    )


def _too_many(name: str) -> str:
    return f"Tệp nén “{name}” có quá {MAX_MEMBERS} tệp. Hãy tách thành nhiều tệp nén nhỏ hơn."
