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


_PLAIN = (str, int, float, bool)


@cache
def _maker(kind: Any) -> Callable[[Any], Any]:
    """Return what makes a value of type ``kind`` out of plain values, or raises."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        known = {word: word for word in arguments}
        return lambda value: known[value]
    if origin in (Union, types.UnionType):
        make = _maker(_of_optional(kind))
        return lambda value: None if value is None else make(value)
    if origin is tuple:
        return _many(arguments[0]) if arguments[1:] == (...,) else _record(tuple, arguments)
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        hints = get_type_hints(kind)
        names = [f.name for f in fields(kind)] if is_dataclass(kind) else kind._fields
        return _record(lambda values: kind(*values), tuple(hints[name] for name in names))
    if kind in _PLAIN:
        return _exactly(kind)
    raise TypeError(f"{kind} does not travel")


def _of_optional(kind: Any) -> Any:
    (inner,) = (a for a in get_args(kind) if a is not type(None))
    return inner


def _types(kind: Any) -> tuple[type, ...]:
    """Return the types that JSON may give for ``kind``: of a plain value itself, of a record or many a list."""
    if get_origin(kind) in (Union, types.UnionType):
        return (*_types(_of_optional(kind)), type(None))
    if get_origin(kind) is Literal:
        return tuple({type(word) for word in get_args(kind)})
    return (kind,) if kind in _PLAIN else (list,)


def _is_plain(kind: Any) -> bool:
    """True when a value of the right type needs nothing more."""
    return kind in _PLAIN or (get_origin(kind) in (Union, types.UnionType) and _of_optional(kind) in _PLAIN)


def _exactly(kind: type) -> Callable[[Any], Any]:
    def make(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{type(value)} instead of {kind}")
        return value

    return make


def _many(kind: Any) -> Callable[[Any], Any]:
    make, allowed = _maker(kind), frozenset(_types(kind))
    plain = _is_plain(kind)

    def all_of(values: Any) -> Any:
        if type(values) is not list:
            raise TypeError("no list")
        if plain and allowed.issuperset(map(type, values)):
            return tuple(values)
        return tuple([make(value) for value in values])

    return all_of


def _record(build: Callable[[Any], Any], kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Return what makes a record: its types are looked at all at once, then what is no plain value is made.

    Records of one kind come in few shapes (which fields are None), so that a set of those seen is fastest.
    """
    allowed = [_types(kind) for kind in kinds]
    deeper = [(n, _maker(kind)) for n, kind in enumerate(kinds) if not _is_plain(kind)]
    seen: set[tuple[type, ...]] = set()

    def record(values: Any) -> Any:
        if type(values) is not list:
            raise TypeError("no list")
        shape = tuple(map(type, values))
        if shape not in seen:
            for found, may_be in zip(shape, allowed, strict=True):
                if found not in may_be:
                    raise TypeError(f"{found} instead of {may_be}")
            seen.add(shape)
        for n, make in deeper:
            values[n] = make(values[n])
        return build(values)

    return record
