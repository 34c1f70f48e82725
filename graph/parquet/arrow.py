"""The door to pyarrow, which most offices do not need: it comes with the extra ``[parquet]``."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graph import files


class ParquetError(Exception):
    """Parquet cannot be read or written; the message is a Vietnamese sentence that says what to do."""


def arrow() -> Any:
    """Return the module ``pyarrow``.

    Raises:
        ParquetError: it is not installed.
    """
    return _module("pyarrow")


def parquet() -> Any:
    """Return the module ``pyarrow.parquet``; errors as in :func:`arrow`."""
    return _module("pyarrow.parquet")


def open_file(path: Path, name: str) -> Any:
    """Return ``path`` as an open ``ParquetFile``; the caller closes it. ``name`` is for the message.

    Raises:
        ParquetError: it is not there, or is no whole Parquet file.
    """
    pa, pq = arrow(), parquet()
    try:
        return pq.ParquetFile(path, page_checksum_verification=True)
    except (OSError, pa.ArrowException) as error:
        raise broken(name) from error


def broken(name: str) -> ParquetError:
    """Return what to raise for a file that is no whole Parquet file."""
    return ParquetError(f"Tệp “{name}” không phải tệp Parquet hoặc bị cắt cụt. Hãy sao chép lại tệp từ nơi gốc.")


class Writer:
    """One Parquet file, written beside its place and put there when whole; for use in a ``with``.

    A process that is killed on the way leaves the file ``path`` as it was, or none.
    """

    def __init__(self, path: Path, schema: Any, beside: Path | None = None) -> None:
        """Begin the file ``beside`` its place, under a name that follows from ``path`` when none is given."""
        self._path, self._beside = path, beside or files.beside(path)
        self._writer = parquet().ParquetWriter(self._beside, schema, compression="zstd", write_page_checksum=True)

    def __enter__(self) -> Writer:
        """Return the writer itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Put the file in its place, or drop it after an error."""
        try:
            self._writer.close()
            if kind is None:
                files.replace(self._beside, self._path)
        finally:
            self._beside.unlink(missing_ok=True)

    def put(self, table: Any) -> None:
        """Add a table as one row group."""
        self._writer.write_table(table)

    def note(self, facts: Mapping[str, str | bytes]) -> None:
        """Add ``facts`` to what the end of the file says of it."""
        self._writer.add_key_value_metadata(dict(facts))


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ParquetError(
            "Chưa cài phần đọc, ghi Parquet (thư viện pyarrow). Hãy cài thêm: pip install 'cancu[parquet]'."
        ) from error
