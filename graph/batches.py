"""Long lists of values for ``IN (?, ?, …)``, cut into what one statement of SQLite takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_MOST = 400
"""Values in one statement: old builds of SQLite take 999 in all."""


def batches(values: Sequence[T]) -> Iterator[tuple[str, Sequence[T]]]:
    """Yield the placeholders of each part of ``values``, as they stand between the brackets, and the part itself."""
    for n in range(0, len(values), _MOST):
        part = values[n : n + _MOST]
        yield ", ".join("?" * len(part)), part
