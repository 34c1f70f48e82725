"""What folders of the tests are filled with: a made-up plan, archives, parts of locked files; and a look at the base."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

PLAN = """UBND TỈNH MINH HỌA

Số: {n}/KH-UBND

Minh Họa, ngày 05 tháng 02 năm 2024

KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2024

I. NỘI DUNG THỰC HIỆN

- Triển khai Kế hoạch số {cited}/KH-UBND ngày 05/02/2024 của UBND tỉnh Minh Họa về cải cách hành chính.
"""


def plan(n: int, cited: int = 900) -> str:
    return PLAN.format(n=n, cited=cited)


def zipped(members: dict[str, bytes | str], **options) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, **options) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return made.getvalue()


def ole(*streams: str, flags: int = 0) -> bytes:
    """The parts of a compound file that tell its kind: signature, directory names, head of the text."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + b"\xec\xa5".ljust(11, b"\0") + bytes([flags]) + names


def rows(path: Path, sql: str, *values) -> list[tuple]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def fill(folder: Path, files: dict[str, bytes | str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
