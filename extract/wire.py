"""Facts as JSON and back, without loss: what one process tells another, and what is kept between two builds.

A frozen dataclass or named tuple is the list of its fields. Reading checks every value against the field's type, so
that bytes from a process that read a hostile file become these values, or a :class:`WireError`, and nothing else.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class WireError(Exception):
    """The bytes are not the JSON of the type asked for."""


def dump(value: object) -> bytes:
    """Return ``value`` (plain values, tuples, dataclasses) as JSON in UTF-8."""
    return json.dumps(value, default=_fields, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def plain_values(data: bytes) -> Any:
    """Return the JSON ``data`` as plain values.

    Raises:
        WireError: it is none.
    """
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise WireError(str(error)) from error


def load(kind: type[T], data: bytes) -> T:
    """Return the value of type ``kind`` that :func:`dump` made ``data`` of.

    Raises:
        WireError: the bytes are something else.
    """
    values = plain_values(data)
    try:
        wanted: Any = kind
        made: T = _maker(wanted)(values)
    except (TypeError, ValueError, KeyError) as error:
        raise WireError(str(error)) from error
    return made


def _fields(value: object) -> list[Any]:
    if not is_dataclass(value):
        raise TypeError(f"{type(value)} is no fact")
    return [getattr(value, field.name) for field in fields(value)]


@cache
def _maker(kind: Any) -> Callable[[Any], Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _one_of(arguments)
    if origin in (Union, types.UnionType):
        (inner,) = (a for a in arguments if a is not type(None))
        make = _maker(inner)
        return lambda value: None if value is None else make(value)
    if origin is tuple:
        return _many(_maker(arguments[0])) if arguments[1:] == (...,) else _record(tuple, arguments)
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        hints = get_type_hints(kind)
        names = [f.name for f in fields(kind)] if is_dataclass(kind) else kind._fields
        return _record(lambda values: kind(*values), tuple(hints[name] for name in names))
    if kind in (str, int, float, bool):
        return _exactly(kind)
    raise TypeError(f"{kind} does not travel")


def _exactly(kind: type) -> Callable[[Any], Any]:
    def make(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{type(value)} instead of {kind}")
        return value

    return make


def _one_of(words: tuple[Any, ...]) -> Callable[[Any], Any]:
    known = {word: word for word in words}
    return lambda value: known[value]


def _many(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def all_of(values: Any) -> Any:
        if type(values) is not list:
            raise TypeError("no list")
        return tuple([make(value) for value in values])

    return all_of


def _record(build: Callable[[Any], Any], kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    makers = [_maker(kind) for kind in kinds]

    def record(values: Any) -> Any:
        if type(values) is not list:
            raise TypeError("no list")
        return build([make(value) for make, value in zip(makers, values, strict=True)])

    return record
