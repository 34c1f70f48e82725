"""Facts as JSON and back, without loss: what one process tells another, and what is kept between two builds.

Reading checks every value against the field's type, so that bytes from a process that read a hostile file become
these values, or a :class:`WireError`, and nothing else. Halves of characters (U+D800 to U+DFFF), which names of files
may hold and UTF-8 has not, travel as if it had them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

T = TypeVar("T")


class WireError(Exception):
    """The bytes are not the JSON of the type asked for."""


def dump(value: object) -> bytes:
    """Return ``value`` (plain values, tuples, dataclasses) as JSON in UTF-8."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value), ensure_ascii=False).encode(*_WITH_HALVES)


def plain_values(data: bytes) -> Any:
    """Return the JSON ``data`` as plain values.

    Raises:
        WireError: it is none.
    """
    try:
        return json.loads(data.decode(*_WITH_HALVES))
    except (ValueError, RecursionError) as error:
        raise WireError(str(error)) from error


def load(kind: type[T], data: bytes) -> T:
    """Return the value of type ``kind`` that :func:`dump` made ``data`` of.

    Raises:
        WireError: the bytes are something else.
    """
    with checking():
        try:
            made: T = _decoder(cast(Any, kind)).decode(data)
        except UnicodeDecodeError:
            made = msgspec.convert(plain_values(data), kind)
    return made


@contextmanager
def checking() -> Iterator[None]:
    """Tell as :class:`WireError` what msgspec raises, for the time of a ``with``, about bytes of another type."""
    try:
        yield
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise WireError(str(error)) from error


_WITH_HALVES = ("utf-8", "surrogatepass")


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)
