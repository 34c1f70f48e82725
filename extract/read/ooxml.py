"""A package of Office Open XML (.docx, .docm, .xlsx …): its parts, read to memory, and nothing that a file can abuse.

Declared sizes are checked before anything is unpacked, a DOCTYPE is refused, no name inside the archive is ever
used as a path, and relationships that point outside are not followed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from lxml import etree

from extract.read.package_names import part_inside, part_key, parts_of
from extract.read.result import ReadError

Node = Any
"""An element of lxml, which has no stubs."""

MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
"""Unpacked bytes for one packed byte; text documents reach 40, bombs 1000."""
MAX_PARTS = 20_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)

# ISO 29500 Strict names the same elements in other namespaces (ECMA-376 part 4, the transitional ones).
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)


class Package:
    """The parts of one file by name; names are matched without regard to case, as the standard wants it."""

    def __init__(self, data: bytes, name: str) -> None:
        """Open ``data``; ``name`` is the file's name for messages.

        Raises:
            ReadError: not a zip, locked with a password, damaged, or a zip bomb.
        """
        self.name = name
        if data.startswith(_OLE):
            if _LOCKED in data:
                raise ReadError(
                    f"Tệp “{name}” được đặt mật khẩu. Hãy mở bằng Word, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ) "
                    "rồi lưu lại."
                )
            raise ReadError(
                f"Tệp “{name}” thực ra là tệp Office 97–2003 (.doc), không phải .docx. "
                "Hãy mở bằng Word và lưu lại thành .docx."
            )
        if not data.startswith(b"PK"):
            raise ReadError(f"Tệp “{name}” không phải tệp Word (.docx). Hãy kiểm tra lại, hoặc lưu lại bằng Word.")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except _DAMAGED as error:
            raise self.damaged() from error
        if any(member.flag_bits & 1 for member in members):
            raise ReadError(f"Tệp “{name}” được nén với mật khẩu. Hãy giải nén hoặc bỏ mật khẩu rồi thử lại.")
        unpacked = sum(member.file_size for member in members)
        if len(members) > MAX_PARTS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(data):
            raise ReadError(
                f"Tệp “{name}” giải nén ra quá lớn ({unpacked // 1024**2} MB từ {len(data) // 1024} KB), "
                "có thể là tệp phá hoại nên không đọc. Hãy mở bằng Word và lưu lại nếu tệp đáng tin."
            )
        self._members = parts_of(members)

    def damaged(self) -> ReadError:
        """Return the error that says the file is broken."""
        return ReadError(f"Tệp “{self.name}” bị hỏng, không mở được. Hãy mở bằng Word, sửa và lưu lại.")

    def __contains__(self, part: str) -> bool:
        """True when the package holds the part."""
        return part_key(part) in self._members

    def data(self, part: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            ReadError: the member is damaged.
        """
        try:
            return self._zip.read(self._members[part_key(part)])
        except _DAMAGED as error:
            raise self.damaged() from error

    def xml(self, part: str) -> Node:
        """Return the root element of a part.

        Raises:
            ReadError: it has a DOCTYPE, is damaged, or nests too deep.
        """
        data = self.data(part)
        if b"http://purl.oclc.org/ooxml/" in data:
            for strict, transitional in _STRICT:
                data = data.replace(strict, transitional)
        if b"<!DOCTYPE" in data:
            raise self._declared()
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            if "depth" in str(error):
                raise self.too_deep() from error
            raise self.damaged() from error
        if root.getroottree().docinfo.internalDTD is not None:  # in UTF-16, where the bytes do not show it
            raise self._declared()
        return root

    def _declared(self) -> ReadError:
        return ReadError(
            f"Tệp “{self.name}” chứa khai báo DOCTYPE, điều tệp Word thật không bao giờ có, nên không đọc. "
            "Hãy mở bằng Word và lưu lại nếu tệp đáng tin."
        )

    def too_deep(self) -> ReadError:
        """Return the error for bảng lồng bảng without end."""
        return ReadError(
            f"Tệp “{self.name}” có bảng hoặc khung lồng nhau quá sâu. Hãy bỏ bớt các lớp bảng rồi thử lại."
        )

    def related(self, part: str = "") -> dict[str, str]:
        """Return what ``part`` (the package itself when empty) points at inside: last word of the type -> part."""
        folder, _, base = part.rpartition("/")
        rels = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        found: dict[str, str] = {}
        if rels not in self:
            return found
        for link in self.xml(rels).iter(_RELATIONSHIP):
            target = link.get("Target", "")
            if link.get("TargetMode") != "External" and target:
                found.setdefault(link.get("Type", "").rpartition("/")[2], part_inside(folder, target))
        return found
