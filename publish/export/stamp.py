"""Where an export comes from: source files with their hashes, build date, as-of date, check code."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PureWindowsPath

from graph.words import vietnamese_date


@dataclass(frozen=True, slots=True)
class Source:
    """One source file: the document it holds (id of ``van_ban``), that document's label, file name, hash.

    ``path`` is the name alone: where the file lay on the machine that built the base is nobody's business.
    """

    document: str
    label: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """The origin of an export.

    ``built`` is the ISO date and time of the base, ``as_of`` the ISO date the reader asked for, ``version`` that of
    the program ("0" from a bare checkout), ``data_code`` a short form of the base's fingerprint, ``check`` the code
    of the exported rows ("" until :meth:`sealed`). ``files`` counts those of the base where none is named.
    """

    sources: tuple[Source, ...]
    built: str
    as_of: str
    version: str
    data_code: str
    check: str = ""
    files: int = 0

    def about(self, documents: Collection[str]) -> Stamp:
        """Return the stamp with only the sources that hold one of ``documents``, so that an annex names its own."""
        return replace(self, sources=tuple(s for s in self.sources if s.document in documents))

    def sealed(self, rows: Iterable[Sequence[object]]) -> Stamp:
        """Return the stamp with the check code of ``rows``: the same rows give the same code on any day."""
        digest = hashlib.sha256()
        for row in rows:
            digest.update(json.dumps([str(cell) for cell in row]).encode())
        return replace(self, check=short_code(digest.hexdigest()))

    @property
    def built_words(self) -> str:
        """The build date and time as people write them: "24/11/2026 lúc 04:16"."""
        day, _, hour = self.built.partition("T")
        return f"{vietnamese_date(day)} lúc {hour}" if hour else vietnamese_date(day)

    @property
    def version_words(self) -> str:
        """The program and its version."""
        return f"Căn Cứ phiên bản {self.version}" if self.version != "0" else "Căn Cứ (chạy từ mã nguồn)"

    def facts(self) -> tuple[tuple[str, str, str], ...]:
        """Return (name, Vietnamese label, value) of every part, for the formats that keep them as data."""
        parts = [
            ("tinh_den_ngay", "Tính đến ngày", vietnamese_date(self.as_of)),
            ("ngay_dung_du_lieu", "Dữ liệu dựng ngày", self.built_words),
            ("chuong_trinh", "Chương trình", self.version_words),
            ("ma_du_lieu", "Mã dữ liệu", self.data_code or "--"),
            ("ma_kiem_tra_ban_xuat", "Mã kiểm tra của bản trích xuất", self.check or "--"),
        ]
        many = len(self.sources) > 1
        for n, source in enumerate(self.sources, 1):
            value = f"{source.label}; tệp {source.path}; SHA-256 {source.sha256}"
            parts.append((f"nguon_{n}", f"Nguồn {n}" if many else "Nguồn", value))
        if self.files and not self.sources:
            parts.append(("nguon", "Nguồn", self._whole))
        return tuple(parts)

    @property
    def _whole(self) -> str:
        return f"cả kho dữ liệu, {self.files} tệp"

    def lines(self) -> tuple[str, ...]:
        """Return the stamp as sentences, for the foot of an annex."""
        sources = [f"Nguồn: {s.label} (tệp {s.path}; SHA-256 {s.sha256})." for s in self.sources]
        codes = f"; mã dữ liệu {self.data_code}" if self.data_code else ""
        check = f"Mã kiểm tra {self.check} (lập lại bảng từ cùng nguồn phải được cùng mã này)." if self.check else ""
        return (
            f"Tính đến ngày {vietnamese_date(self.as_of)}.",
            *(sources or [f"Nguồn: {self._whole if self.files else 'không có tệp nguồn nào trong kho dữ liệu'}."]),
            f"Dữ liệu dựng ngày {self.built_words}, bằng {self.version_words}{codes}.",
            *([check] if check else []),
        )


def read_stamp(connection: sqlite3.Connection, as_of: date, documents: Collection[str] | None = None) -> Stamp:
    """Return the stamp of the base behind ``connection``, without a check code yet.

    Its sources are those that hold one of ``documents``; all of the base when that is None. Where there are none, the
    files of the base are counted.
    """
    facts = {row[0]: row[1] for row in connection.execute("SELECT ten, gia_tri FROM thong_tin")}
    sources = connection.execute(
        "SELECT t.van_ban, v.nhan, t.duong_dan, t.sha256 FROM tep t JOIN van_ban v ON v.id = t.van_ban"
        + ("" if documents is None else " WHERE t.van_ban IN (SELECT value FROM json_each(?))") + " ORDER BY t.rowid",
        () if documents is None else (json.dumps(sorted(documents)),),
    )  # fmt: skip
    found = tuple(Source(row[0], row[1], file_name(row[2]), row[3]) for row in sources)
    hour = facts.get("gio_dung", "")
    return Stamp(
        sources=found,
        built=facts.get("ngay_dung", "") + (f"T{hour}" if hour else ""),
        as_of=as_of.isoformat(),
        version=facts.get("phien_ban", "0"),
        data_code=short_code(facts.get("ma_kiem_tra", "")),
        files=0 if found else int(connection.execute("SELECT count(*) FROM tep").fetchone()[0]),
    )


def file_name(path: str) -> str:
    """Return the last part of ``path``, written on Windows or elsewhere."""
    return PureWindowsPath(path).name


def short_code(digest: str) -> str:
    """Return the first twelve digits of a hash in groups that can be read out: "8ade-be7c-5b52"."""
    return "-".join(digest[i : i + 4] for i in range(0, min(len(digest), 12), 4))
