"""Where a page of a long list begins: after a row that the address names, so that a far page costs what the first does.

An offset makes the base step over every row before the page. The links to the pages around name the last or the first
row that is shown by its key of order (``sau``, ``truoc``); the number of the page stands beside it for people. An
address with a number alone still works, at the cost of the rows before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from publish.answers import Ask
from publish.pages.lists import PAGE, Turn

Part = str | int
Key = tuple[Part, ...]
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after the row with a key, or before it (``back``); else ``offset`` rows after the first.

    With ``back`` the rows are asked for in the opposite order.
    """

    key: Key = ()
    back: bool = False
    offset: int = 0
    limit: int = PAGE


def place_of(ask: Ask, turn: Turn, kinds: Sequence[type], *, counted: bool = True) -> Place:
    """Return where the page begins that is asked for; ``kinds`` are the types of a key.

    A number alone is reached from the nearer end of the list, where all its rows are ``counted``.
    """
    for name in ("sau", "truoc"):
        if key := _read(ask.values.get(name, ""), kinds):
            return Place(key, name == "truoc")
    if counted and turn.offset > turn.count // 2:
        limit = min(PAGE, turn.count - turn.offset)
        return Place(back=True, offset=turn.count - turn.offset - limit, limit=limit)
    return Place(offset=turn.offset)


def around(turn: Turn, address: Callable[..., str], values: dict[str, str], keys: Sequence[Key]) -> Turn:
    """Return the turn with addresses that name the rows around; ``keys`` are those of the rows that are shown."""
    if not keys:
        return turn
    before, after = turn.previous, turn.next
    if before and turn.number > 2:
        before = address(**values, trang=turn.number - 1, truoc=_written(keys[0]))
    if after:
        after = address(**values, trang=turn.number + 1, sau=_written(keys[-1]))
    return replace(turn, previous=before, next=after)


def _written(key: Key) -> str:
    return json.dumps(key, ensure_ascii=False, separators=(",", ":"))


def _read(words: str, kinds: Sequence[type]) -> Key:
    """Return the key that an address names, () for none: whoever types one gets a page, never an error."""
    if not words or len(words) > _LONGEST:
        return ()
    try:
        found = json.loads(words)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(found, list) or [type(part) for part in found] != list(kinds):
        return ()
    if any(isinstance(part, int) and abs(part) >= 2**63 for part in found):
        return ()
    return tuple(found)
