"""Extractions to Parquet and back, without loss: a folder of partitions ``part-00000.parquet`` …"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from extract.model import Extraction, SourceText
from graph.parquet.arrow import ParquetError, Writer, arrow, broken, open_file
from graph.parquet.shape import SHAPE_VERSION, Shape, columns, shape_of, title_of

VERSION_KEY = b"cancu.shape"
MOST_ROWS, MOST_LETTERS = 1000, 16 * 1024 * 1024
"""Texts and letters of text in one partition; one text more may pass the second."""
_GROUP_ROWS, _GROUP_LETTERS = 100, 2 * 1024 * 1024
"""The same for one row group, which a reader holds in memory at once."""
_NAME = re.compile(r"part-(\d{5,})\.parquet")


def write(
    extractions: Iterable[Extraction], folder: Path, rows: int = MOST_ROWS, letters: int = MOST_LETTERS
) -> list[Path]:
    """Write ``extractions`` into ``folder`` and return the files, in order; partitions of an earlier write go.

    Raises:
        ParquetError: pyarrow is missing.
        OSError: the folder cannot be written.
    """
    schema()
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for part in _bounded(extractions, rows, letters):
        path = folder / f"part-{len(written):05d}.parquet"
        write_one(part, path)
        written.append(path)
    for path in _parts(folder):
        if path not in written:
            path.unlink()
    return written


def write_one(
    extractions: Iterable[Extraction],
    path: Path,
    notes: Callable[[], Mapping[str, bytes]] = lambda: {},
    beside: Path | None = None,
) -> None:
    """Write ``extractions`` to one file; errors as in :func:`write`.

    ``notes``, asked when all is written, goes to the end of the file; ``beside`` is where it lies until then.
    """
    with Writer(path, schema(), beside) as writer:
        for group in _bounded(extractions, _GROUP_ROWS, _GROUP_LETTERS):
            writer.put(arrow().Table.from_pylist([_row(facts) for facts in group], schema()))
        writer.note(notes())


def read(folder: Path) -> Iterator[Extraction]:
    """Yield the extractions in ``folder`` as they were written.

    Raises:
        ParquetError: pyarrow is missing, or a file is damaged or comes from another version of the program.
    """
    for path in _parts(folder):
        yield from read_one(path)


def read_one(path: Path, start: int = 0) -> Iterator[Extraction]:
    """Yield the extractions of one file from row ``start`` on; errors as in :func:`read`."""
    with closing(open_file(path, path.name)) as file:
        if (file.metadata.metadata or {}).get(VERSION_KEY) != SHAPE_VERSION.encode():
            raise ParquetError(
                f"Tệp “{path.name}” không chứa dữ kiện của Căn Cứ, hoặc do phiên bản khác ghi ra. Hãy trích xuất lại."
            )
        try:
            yield from _rows(file, start)
        except (KeyError, TypeError, ValueError, OSError) as error:  # Arrow's own errors are among these
            raise broken(path.name) from error


def notes_of(path: Path) -> Mapping[bytes, bytes]:
    """Return what the end of a file says of it; errors as in :func:`read`."""
    with closing(open_file(path, path.name)) as file:
        return dict(file.metadata.metadata or {})


@cache
def schema() -> Any:
    """Return the Arrow schema of a row."""
    pa = arrow()
    fields = [_field(name, shape, SourceText, Extraction) for name, shape in columns()]
    return pa.schema(fields, {VERSION_KEY: SHAPE_VERSION.encode()})


def _field(name: str, shape: Shape, *owners: type) -> Any:
    titled = {b"title": title_of(name, *owners).encode()} if owners else None
    return arrow().field(name, _type(shape), nullable=shape.may_miss, metadata=titled)


def _type(shape: Shape) -> Any:
    pa = arrow()
    if shape.of is not None:
        return pa.list_(pa.field("element", _type(shape.of), nullable=shape.of.may_miss))
    if shape.kind == "record":
        owners = () if shape.made_by is tuple else (shape.made_by,)
        return pa.struct([_field(name, part, *owners) for name, part in shape.parts])
    return {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "truth": pa.bool_()}[shape.kind]


def _bounded(extractions: Iterable[Extraction], rows: int, letters: int) -> Iterator[list[Extraction]]:
    part: list[Extraction] = []
    held = 0
    for facts in extractions:
        part.append(facts)
        held += len(facts.source.text)
        if len(part) >= rows or held >= letters:
            yield part
            part, held = [], 0
    if part:
        yield part


def _parts(folder: Path) -> Sequence[Path]:
    numbered = [(int(m[1]), path) for path in folder.iterdir() if (m := _NAME.fullmatch(path.name))]
    return [path for _, path in sorted(numbered)]


def _row(facts: Extraction) -> dict[str, Any]:
    row: dict[str, Any] = _giver(shape_of(Extraction))(facts)
    return {**row.pop("source"), **row}


def _rows(file: Any, start: int) -> Iterator[Extraction]:
    source = _taker(shape_of(SourceText))
    others = [(name, _taker(shape)) for name, shape in shape_of(Extraction).parts[1:]]
    for number in range(file.num_row_groups):
        rows = file.metadata.row_group(number).num_rows
        if start >= rows:
            start -= rows
            continue
        for row in file.read_row_group(number).slice(start).to_pylist():
            yield Extraction(source(row), *[take(row[name]) for name, take in others])
        start = 0


_Change = Callable[[Any], Any]


@cache
def _giver(shape: Shape) -> _Change:
    """Return what turns a fact into the plain values that Arrow takes."""
    if shape.of is not None:
        inner = _giver(shape.of)
        return lambda values: [inner(value) for value in values]
    if shape.kind != "record":
        return lambda value: value
    names = [name for name, _ in shape.parts]
    gives = [_giver(part) for _, part in shape.parts]
    parts_of: Callable[[Any], Iterable[Any]] = iter if shape.made_by is tuple else _fields_of(names)

    def give(value: Any) -> dict[str, Any] | None:
        if value is None:
            return None
        return {name: one(part) for name, one, part in zip(names, gives, parts_of(value), strict=True)}

    return give


def _fields_of(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)


@cache
def _taker(shape: Shape) -> _Change:
    """Return what turns the plain values of Arrow into a fact; a value that should be there and is not raises."""
    if shape.may_miss:
        inner = _taker(Shape(shape.kind, False, shape.of, shape.parts, shape.made_by))
        return lambda value: None if value is None else inner(value)
    if shape.of is not None:
        one = _taker(shape.of)
        return lambda values: tuple([one(value) for value in values])
    if shape.kind == "record":
        parts = [(name, _taker(part)) for name, part in shape.parts]
        made = shape.made_by
        if made is tuple:
            return lambda value: tuple([take(value[name]) for name, take in parts])
        return lambda value: made(*[take(value[name]) for name, take in parts])
    return _word(shape.made_by) if shape.made_by else _there


def _word(known: frozenset[str]) -> _Change:
    def take(value: Any) -> Any:
        if value not in known:
            raise ValueError(value)
        return value

    return take


def _there(value: Any) -> Any:
    if value is None:
        raise ValueError("a value is missing")
    return value
