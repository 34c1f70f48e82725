"""The columns of an extraction, derived from the dataclasses of :mod:`extract.model`: one row a text, nested lists.

A dataclass or named tuple is a struct of its fields, ``tuple[X, ...]`` a list, ``X | None`` a value that may be
missing; a pair of offsets is a struct of ``start`` and ``end``. The fields of the source text stand in the row itself,
so that ``SELECT path, text`` says what it should.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from extract.model import Extraction, SourceText
from graph.parquet.titles import TITLES

SHAPE_VERSION = "1"
"""Raised when a column is added, dropped or changes its meaning; stands in every file as ``cancu.shape``."""
_IN_A_ROW = ("start", "end", "role")
"""Names for the places of a tuple of fixed length: (start, end) of a span, (start, end, role) of a cell."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one value is: a plain type, a list of something, or a record of named parts."""

    kind: Literal["text", "whole", "number", "truth", "list", "record"]
    may_miss: bool = False
    of: Shape | None = None
    parts: tuple[tuple[str, Shape], ...] = ()
    made_by: Any = None
    """What makes a record of its parts in order: a class, or ``tuple``; for words, the only ones that may stand."""


_PLAIN: dict[Any, Literal["text", "whole", "number", "truth"]] = {
    str: "text", int: "whole", float: "number", bool: "truth",
}  # fmt: skip


@cache
def shape_of(kind: Any) -> Shape:
    """Return the shape of values of type ``kind``."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (inner,) = (a for a in arguments if a is not type(None))
        shape = shape_of(inner)
        return Shape(shape.kind, True, shape.of, shape.parts, shape.made_by)
    if origin is Literal:
        return Shape("text", made_by=frozenset(arguments))
    if origin is tuple and arguments[1:] == (...,):
        return Shape("list", of=shape_of(arguments[0]))
    if origin is tuple:
        parts = tuple((name, shape_of(a)) for name, a in zip(_IN_A_ROW, arguments, strict=False))
        return Shape("record", parts=parts, made_by=tuple)
    if kind in _PLAIN:
        return Shape(_PLAIN[kind])
    hints = get_type_hints(kind)
    names = [f.name for f in fields(kind)] if is_dataclass(kind) else kind._fields
    return Shape("record", parts=tuple((name, shape_of(hints[name])) for name in names), made_by=kind)


def columns() -> tuple[tuple[str, Shape], ...]:
    """Return the columns of a row: those of the source text, then the other facts."""
    source, *others = shape_of(Extraction).parts
    return (*source[1].parts, *others)


def classes() -> Iterator[type]:
    """Yield the classes that rows are made of, each once, in the order a reader meets them."""
    seen: dict[type, None] = {}

    def walk(shape: Shape) -> None:
        if isinstance(shape.made_by, type) and shape.made_by is not tuple and shape.made_by not in (Extraction,):
            seen.setdefault(shape.made_by)
        for _, part in shape.parts:
            walk(part)
        if shape.of is not None:
            walk(shape.of)

    walk(shape_of(Extraction))
    yield from seen


def describe() -> str:
    """Return the columns as the Markdown page ``docs/parquet.md``."""
    lines = [
        "# Parquet: dữ kiện của từng văn bản",
        "",
        "Trang này được sinh từ `graph.parquet.shape.describe()`; kiểm thử giữ cho hai nơi khớp nhau.",
        "",
        "Mỗi dòng là một văn bản: toàn văn và mọi dữ kiện đọc được, các danh sách lồng bên trong. `start`, `end`",
        "đếm ký tự trong cột `text` (từ 0, không gồm `end`). Cột không ghi “có thể trống” luôn có giá trị; chữ không",
        "có thì là chuỗi rỗng. Nén zstd. Tên tiếng Việt của mỗi cột ghi ở mục `title` của cột.",
        "",
        f"Phiên bản lược đồ: {SHAPE_VERSION}, ghi ở `cancu.shape` trong phần mô tả của tệp.",
        "",
        "`cancu build --engine dask` ghi các tệp này vào thư mục `--scratch` (xem [scale.md](scale.md)); mô-đun",
        "đọc, ghi là `graph.parquet.texts`. `cancu export --parquet THƯ_MỤC` ghi các **bảng** của kho, mô tả ở",
        "[schema.md](schema.md), mỗi bảng một tệp. Đọc bằng DuckDB:",
        "",
        "```sql",
        "SELECT d.number, count(*) FROM 'kho.db.phan/*.parquet', unnest(documents) AS t(d) GROUP BY ALL;",
        "```",
        "",
        "## Một dòng",
        "",
        *_table(columns(), SourceText, Extraction),
    ]
    for made in classes():
        if made is not SourceText:
            lines += [f"## {made.__name__}", "", *_table(shape_of(made).parts, made)]
    return "\n".join(lines).rstrip() + "\n"


def _table(parts: tuple[tuple[str, Shape], ...], *owners: type) -> Iterator[str]:
    yield from ("| cột | kiểu | nội dung |", "|---|---|---|")
    for name, shape in parts:
        missing = ", có thể trống" if shape.may_miss else ""
        yield f"| `{name}` | {_words(shape)}{missing} | {title_of(name, *owners)} |"
    yield ""


def title_of(name: str, *owners: type) -> str:
    """Return the Vietnamese title of a field of the first of ``owners`` that has it."""
    return next(TITLES[o.__name__][name] for o in owners if name in TITLES[o.__name__])


def _words(shape: Shape) -> str:
    if shape.of is not None:
        return f"danh sách {_words(shape.of)}"
    if shape.kind == "record":
        if shape.made_by is tuple:
            return "(" + ", ".join(name for name, _ in shape.parts) + ")"
        return f"`{shape.made_by.__name__}`"
    return {"text": "chữ", "whole": "số nguyên", "number": "số", "truth": "đúng/sai"}[shape.kind]
