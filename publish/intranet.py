"""Serving several people behind a proxy of the office: one file says under which name, for whom, who may ask SQL.

The server itself still listens on 127.0.0.1 alone; docs/mang-noi-bo.md shows the proxy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

PLUGIN = "datasette-auth-passwords"
_HASH = re.compile(r"pbkdf2_sha256\$\d+\$[^$]+\$[A-Za-z0-9+/=]+")
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]")
_ROOT = re.compile(r"/(?:[A-Za-z0-9_.~-]+/)*")
_NAME = re.compile(r"[A-Za-z0-9_.@-]+")
_SHORTEST_KEY = 32
_KEYS = {"duong_dan", "ten_may", "tai_khoan", "duoc_viet_sql", "khoa_phien"}


class IntranetError(Exception):
    """The configuration cannot be used; the message is a Vietnamese sentence for the one who wrote it."""


@dataclass(frozen=True, slots=True)
class Intranet:
    """How a base is shared: where it hangs ("/can-cu/"), host names, password hashes by name, who may ask SQL.

    ``secret`` signs the cookies: people stay signed in when the server starts again. Without accounts everybody who
    reaches the proxy may read.
    """

    root: str
    hosts: tuple[str, ...]
    accounts: Mapping[str, str]
    sql: tuple[str, ...]
    secret: str

    def settings(self) -> dict[str, Any]:
        """Return the settings of Datasette that differ from those of a single desk."""
        return {"base_url": self.root, "force_https_urls": True}

    def metadata(self, name: str, base: Mapping[str, Any]) -> dict[str, Any]:
        """Return the metadata ``base`` with accounts and permissions for the database ``name``."""
        databases = {**base["databases"]}
        databases[name] = {**databases[name], "allow_sql": {"id": list(self.sql)} if self.sql else False}
        made = {**base, "databases": databases}
        if self.accounts:
            hashes = {f"{person}_password_hash": value for person, value in self.accounts.items()}
            made |= {"allow": {"id": "*"}, "plugins": {PLUGIN: hashes}}
        return made


def read_intranet(path: Path) -> Intranet:
    """Read the configuration at ``path``.

    Raises:
        IntranetError: it is missing, no JSON, or something in it is not as it must be.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise IntranetError(f"Không mở được tệp cấu hình “{path}”. Hãy kiểm tra đường dẫn và quyền đọc.") from error
    except ValueError as error:
        raise IntranetError(f"Tệp cấu hình “{path.name}” không phải JSON hợp lệ: {error}.") from error
    if not isinstance(values, dict) or not set(values) <= _KEYS:
        unknown = ", ".join(sorted(set(values) - _KEYS)) if isinstance(values, dict) else "không phải một đối tượng"
        raise IntranetError(f"Tệp cấu hình “{path.name}” có mục lạ: {unknown}. Các mục: {', '.join(sorted(_KEYS))}.")
    return _checked(values)


def _checked(values: Mapping[str, Any]) -> Intranet:
    root, secret = values.get("duong_dan", "/"), values.get("khoa_phien", "")
    hosts, sql, accounts = values.get("ten_may", []), values.get("duoc_viet_sql", []), values.get("tai_khoan", {})
    if not isinstance(root, str) or not _ROOT.fullmatch(root):
        raise IntranetError("Mục “duong_dan” phải bắt đầu và kết thúc bằng “/”, ví dụ “/can-cu/”.")
    if not _are(hosts, _HOST) or not hosts:
        raise IntranetError("Mục “ten_may” phải là danh sách tên máy, ví dụ [“can-cu.minh-hoa.local”].")
    if not isinstance(accounts, dict) or not _are(list(accounts), _NAME) or not _are(list(accounts.values()), _HASH):
        raise IntranetError(
            "Mục “tai_khoan” phải gồm tên (chữ không dấu, số) và mã băm mật khẩu do lệnh "
            "“datasette hash-password” in ra."
        )
    if not _are(sql, _NAME) or not set(sql) <= set(accounts):
        raise IntranetError("Mục “duoc_viet_sql” chỉ được gồm tên có trong “tai_khoan”.")
    if accounts and (not isinstance(secret, str) or len(secret) < _SHORTEST_KEY):
        raise IntranetError(f"Mục “khoa_phien” phải là chuỗi ngẫu nhiên từ {_SHORTEST_KEY} ký tự trở lên.")
    if accounts and not _has_plugin():
        raise IntranetError('Chưa cài phần đăng nhập. Hãy cài lại kèm “[noi-bo]”: pip install ".[noi-bo]".')
    return Intranet(root, tuple(host.lower() for host in hosts), accounts, tuple(sql), secret)


def _are(values: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(values, list) and all(isinstance(v, str) and pattern.fullmatch(v) for v in values)


def _has_plugin() -> bool:
    try:
        metadata.version(PLUGIN)
    except metadata.PackageNotFoundError:
        return False
    return True
