"""Tables of texts as a source: one text a line of JSON Lines (also gzip) or a row of Parquet.

A record has its words in ``text``; ``name``, or else ``id``, is what people know it by. Files are read from end to end
and in order, so that nothing but the record at hand is in memory; ``at`` is where a second reading may begin.
"""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from extract.read import ReadError
from extract.read.intake import MAX_BYTES
from graph.parquet.arrow import ParquetError, open_file

_LINES, _PACKED, _TABLES = (".jsonl", ".ndjson"), (".jsonl.gz", ".ndjson.gz"), (".parquet",)
_NAMES = ("name", "id")
_MOST_LETTERS = 200
"""Of a name."""
_MOST_LINE = 2 * MAX_BYTES
"""JSON may write a letter with more bytes than the text itself has."""
_AT_ONCE = 32
"""Rows of Parquet that are turned into texts at a time."""


@dataclass(frozen=True, slots=True)
class Record:
    """One text of a table: its number from 1, where it begins (bytes, or rows before it), its name and words.

    ``refusal`` says why it has no words, "" when it has.
    """

    number: int
    at: int
    name: str
    text: str
    refusal: str = ""


def is_table(name: str) -> bool:
    """True when a file of this name is a table of texts."""
    return name.lower().endswith((*_LINES, *_PACKED, *_TABLES))


def most_bytes(name: str) -> float:
    """Return how large a file may be: a table is read text by text."""
    return math.inf if is_table(name) else MAX_BYTES


def read_records(path: Path, name: str, number: int = 1, at: int = 0) -> Iterator[Record]:
    """Yield the records of a table from number ``number``, which begins ``at``.

    Raises:
        ReadError: it cannot be opened, is damaged, or is a Parquet file and pyarrow is missing; perhaps after records.
    """
    low = name.lower()
    try:
        if low.endswith(_TABLES):
            yield from _rows(path, name, number, at)
        else:
            with gzip.open(path, "rb") if low.endswith(_PACKED) else path.open("rb") as lines:
                yield from _lines(lines, number, at)
    except ParquetError as error:
        raise ReadError(str(error)) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReadError(f"Tệp “{name}” bị cắt cụt hoặc hỏng. Hãy sao chép lại tệp từ nơi gốc rồi thử lại.") from error
    except OSError as error:
        raise ReadError(
            f"Không mở được tệp “{name}”: bạn chưa có quyền đọc, hoặc tệp đang bị khóa. "
            "Hãy xin quyền đọc, hoặc đóng chương trình đang mở tệp."
        ) from error


def _lines(lines: IO[bytes] | gzip.GzipFile, number: int, at: int) -> Iterator[Record]:
    lines.seek(at)
    number -= 1
    while line := lines.readline(_MOST_LINE):
        start, at = at, at + len(line)
        number += 1
        if len(line) == _MOST_LINE and not line.endswith(b"\n"):
            while (rest := lines.readline(_MOST_LINE)) and not rest.endswith(b"\n"):
                at += len(rest)
            at += len(rest)
            yield _refused(number, start, "dài quá mức đọc được. Hãy tách văn bản đó ra")
        elif line.strip(b"\xef\xbb\xbf \t\r\n"):
            try:
                values = json.loads(line.removeprefix(b"\xef\xbb\xbf") if start == 0 else line)
            except (ValueError, RecursionError):
                yield _refused(number, start, "không phải JSON hợp lệ. Hãy kiểm tra lại dòng đó")
                continue
            yield _record(number, start, values if isinstance(values, dict) else {})


def _rows(path: Path, name: str, number: int, at: int) -> Iterator[Record]:
    with closing(open_file(path, name)) as file:
        columns = [column for column in ("text", *_NAMES) if column in file.schema_arrow.names]
        if "text" not in columns:
            there = ", ".join(file.schema_arrow.names[:12])
            raise ReadError(
                f"Tệp “{name}” không có cột text (có: {there}). Hãy đặt tên text cho cột chứa toàn văn rồi thử lại."
            )
        before, number = at, number - 1
        try:
            for group in range(file.num_row_groups):
                rows = file.metadata.row_group(group).num_rows
                if before >= rows:
                    before -= rows
                    continue
                for batch in file.iter_batches(_AT_ONCE, [group], columns, use_threads=False):
                    skipped, before = min(before, len(batch)), max(0, before - len(batch))
                    for values in batch.slice(skipped).to_pylist():
                        number += 1
                        yield _record(number, at, values)
                        at += 1
        except (OSError, ValueError, KeyError, TypeError) as error:  # Arrow's own errors are among these
            raise ReadError(
                f"Tệp “{name}” hỏng hoặc bị cắt cụt. Hãy sao chép lại tệp từ nơi gốc rồi thử lại."
            ) from error


def _record(number: int, at: int, values: Mapping[str, Any]) -> Record:
    text = values.get("text")
    if not isinstance(text, str):
        return _refused(number, at, "không có trường text là chữ. Hãy đặt tên text cho trường chứa toàn văn")
    named = next((str(values[key]) for key in _NAMES if values.get(key) not in (None, "")), "")
    clean = "".join(c for c in named if c.isprintable() and not "\ud800" <= c <= "\udfff").strip()[:_MOST_LETTERS]
    return Record(number, at, clean or _line(number), text)


def _refused(number: int, at: int, why: str) -> Record:
    name = _line(number)
    return Record(number, at, name, "", f"{name[:1].upper()}{name[1:]} {why}.")


def _line(number: int) -> str:
    return f"dòng {number}"


class Cursor:
    """The texts of records, asked in the order in which they stand: one file is open at a time."""

    def __init__(self) -> None:
        """Nothing is open yet."""
        self._path: Path | None = None
        self._number = 0
        self._records: Iterator[Record] = iter(())

    def text(self, path: Path, number: int, at: int) -> str:
        """Return the words of record ``number`` of the table ``path``, which begins ``at``.

        Raises:
            ReadError: it cannot be read any more.
        """
        if path != self._path or number <= self._number:
            self._path = path
            self._records = read_records(path, path.name, number, at)
        for record in self._records:
            self._number = record.number
            if record.number == number and not record.refusal:
                return record.text
            if record.number >= number:
                break
        raise ReadError(f"Tệp “{path.name}” đã đổi trong lúc đọc. Hãy chạy lại.")
