"""All tables of the base as Parquet, one file a table: DuckDB, Spark and pandas go on from there.

Rows go through in bounded batches, so that memory does not grow with the base. Columns of order (``…_abc``) are left
out: they only serve the pages.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from graph.parquet.arrow import ParquetError, Writer, arrow
from graph.schema import TABLES, Table
from publish.export.errors import ExportError

_MOST_ROWS, _MOST_LETTERS = 50_000, 16 * 1024 * 1024
_TAKEN_AT_ONCE = 64


def write_parquet_tables(connection: sqlite3.Connection, folder: Path) -> list[Path]:
    """Write every table of the base into ``folder`` and return the files.

    The file ``TABLE.parquet`` says its Vietnamese title and description (``cancu.title``, ``cancu.description``), each
    column its own (``title``). Tables and columns that an older base lacks are passed over.

    Raises:
        ExportError: pyarrow is missing, or the folder cannot be made or written.
    """
    try:
        arrow()
        folder.mkdir(parents=True, exist_ok=True)
        return [path for table in TABLES if (path := _write(connection, table, folder)) is not None]
    except ParquetError as error:
        raise ExportError(str(error)) from error
    except OSError as error:
        where = error.filename or folder
        raise ExportError(
            f"Không ghi được “{where}”. Hãy đóng tệp nếu đang mở, giải phóng ổ đĩa, hoặc chọn thư mục khác."
        ) from error


def _write(connection: sqlite3.Connection, table: Table, folder: Path) -> Path | None:
    there = {row[1] for row in connection.execute(f"PRAGMA table_info([{table.name}])")}
    columns = [column for column in table.columns if column.name in there]
    if not columns:
        return None
    pa = arrow()
    types = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    schema = pa.schema(
        [pa.field(c.name, types[c.type], metadata={"title": c.description}) for c in columns],
        {"cancu.title": table.title, "cancu.description": table.description},
    )
    path = folder / f"{table.name}.parquet"
    names = ", ".join(f"[{column.name}]" for column in columns)
    rows = connection.execute(f"SELECT {names} FROM [{table.name}] ORDER BY rowid")
    with Writer(path, schema) as writer:
        for batch in _batches(iter(lambda: rows.fetchmany(_TAKEN_AT_ONCE), [])):
            arrays = [
                pa.array(values, field.type) for values, field in zip(zip(*batch, strict=True), schema, strict=True)
            ]
            writer.put(pa.Table.from_arrays(arrays, schema=schema))
    return path


def _batches(handfuls: Iterator[Sequence[tuple[Any, ...]]]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield rows in batches that are bounded by their number and by the letters in them."""
    batch: list[tuple[Any, ...]] = []
    letters = 0
    for handful in handfuls:
        batch += handful
        letters += sum(len(value) for row in handful for value in row if isinstance(value, str))
        if len(batch) >= _MOST_ROWS or letters >= _MOST_LETTERS:
            yield batch
            batch, letters = [], 0
    if batch:
        yield batch
