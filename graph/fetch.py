"""Sources that lie elsewhere (object stores, web servers), by fsspec: copied beside the base before they are read.

Any address that fsspec knows will do: ``s3://kho/van-ban``, ``https://…/van-ban.parquet``, ``abfs://…``. What did not
change since the last time is not copied again. On many machines the copies lie in the folder that all of them see.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from graph import files
from graph.folder import CorpusError

_LIST = ".da-tai.json"
"""What was copied, and which version of it; hidden, so that it is no document."""


class FetchError(CorpusError):
    """A source elsewhere cannot be copied; the message is a Vietnamese sentence that says what to do."""


def is_address(words: str) -> bool:
    """True when ``words`` are an address and no path of this machine."""
    return "://" in words


def fetch(address: str, folder: Path) -> Path:
    """Copy the file or folder at ``address`` into ``folder``, and return where the copy lies.

    Raises:
        FetchError: fsspec, or what it needs for this kind of address, is missing; nothing is there; a copy failed.
    """
    system, root = _system(address)
    place = folder / hashlib.sha256(address.encode()).hexdigest()[:16] / (PurePosixPath(root).name or "nguon")
    try:
        found = dict(_found(system, root))
        if not found:
            raise FetchError(f"Không thấy văn bản nào ở “{address}”. Hãy kiểm tra lại địa chỉ.")
        alone = set(found) == {""}
        home = place.parent if alone else place
        before = _copied_before(home)
        now: dict[str, str] = {}
        for name, remote in found.items():
            target = place / name
            now[name] = _version(system, remote)
            if before.get(name) != now[name] or not now[name] or not target.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                beside = files.beside(target)
                system.get_file(remote, str(beside))
                files.replace(beside, target)
        for name in before.keys() - now.keys():
            with suppress(OSError):
                (place / name).unlink()
        (home / _LIST).write_text(json.dumps(now, ensure_ascii=False), encoding="utf-8")
    except FetchError:
        raise
    except Exception as error:  # each store raises its own
        raise FetchError(
            f"Không tải được “{address}” ({type(error).__name__}: {str(error)[:150]}). "
            "Hãy kiểm tra địa chỉ, quyền đọc, mạng và dung lượng ổ đĩa rồi chạy lại."
        ) from error
    return place


def _system(address: str) -> tuple[Any, str]:
    try:
        core = importlib.import_module("fsspec.core")
    except ImportError as error:
        raise FetchError(
            f"Chưa cài phần đọc nguồn ở xa (“{address}”). Hãy cài thêm: pip install 'cancu[parquet]'."
        ) from error
    try:
        system, root = core.url_to_fs(address)
    except ImportError as error:
        raise FetchError(
            f"Để đọc “{address}” cần thêm thư viện ({error}). Hãy cài thư viện đó rồi chạy lại."
        ) from error
    except ValueError as error:
        raise FetchError(
            f"Chưa đọc được loại địa chỉ của “{address}”. Hãy kiểm tra lại phần đứng trước “://”."
        ) from error
    return system, root


def _found(system: Any, root: str) -> Iterator[tuple[str, str]]:
    """Yield the files at an address: name below it ("" for the address itself) and what the store calls it."""
    if system.isfile(root):
        yield "", root
        return
    start = root.rstrip("/") + "/"
    for remote in sorted(system.find(root)):
        name = remote.removeprefix(start).lstrip("/")
        if name and ".." not in PurePosixPath(name).parts and not PurePosixPath(name).is_absolute():
            yield name, remote


def _version(system: Any, remote: str) -> str:
    """Return what tells one version of a file from the next; "" when the store does not tell."""
    try:
        return str(system.ukey(remote))
    except Exception:
        return ""


def _copied_before(home: Path) -> dict[str, str]:
    try:
        told = json.loads((home / _LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(version) for name, version in told.items()} if isinstance(told, dict) else {}
