"""Lists of HTML: the labels that a browser shows before their items."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree


@dataclass(slots=True)
class ItemList:
    """A list: the style of its labels, the number of the next item, and the step to the one after."""

    style: str
    next: int
    step: int


def whole_number(said: str | None, default: int = 1) -> int:
    """Return the value of an attribute: 1 … 1000, ``default`` where it says none."""
    return max(1, min(int(said), 1000)) if said and said.isdecimal() and len(said) < 9 else default


_STYLES = {
    "1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman",
    "lower-latin": "lower-alpha", "upper-latin": "upper-alpha",
}  # fmt: skip
_LIST_STYLE = re.compile(
    r"list-style(?:-type)?\s*:[^;]*?(none|decimal|(?:lower|upper)-(?:alpha|latin|roman)|disc|circle|square)"
)


def open_list(tag: str, element: etree._Element, style: str) -> ItemList:
    """Return the list that an ``ol`` or ``ul`` opens; ``style`` is its style in small letters."""
    own = _LIST_STYLE.search(style)
    said = own[1] if own else element.get("type", "decimal" if tag == "ol" else "disc")
    step = -1 if "reversed" in element.attrib else 1
    first = element.get("start", "")
    count = sum(1 for _ in element.iterchildren("li")) if step < 0 else 1
    return ItemList(_STYLES.get(said, said), int(first) if re.fullmatch(r"-?\d{1,8}", first) else count, step)


def next_label(items: ItemList, element: etree._Element, style: str) -> str:
    """Return the label of the next item with a blank ("3. ", "b. ", "• "), "" where the list shows none."""
    own = _LIST_STYLE.search(style)
    kind = _STYLES.get(own[1], own[1]) if own else items.style
    n = whole_number(element.get("value"), items.next)
    items.next = n + items.step
    if kind == "none":
        return ""
    case = str.upper if kind.startswith("upper") else str.lower
    if kind.endswith("alpha") and n > 0:
        return case(_letters(n)) + ". "
    if kind.endswith("roman") and 0 < n < 4000:
        return case(_roman(n)) + ". "
    return f"{n}. " if kind in {"decimal", "lower-alpha", "upper-alpha", "lower-roman", "upper-roman"} else "• "


def _letters(n: int) -> str:
    said = ""
    while n:
        n, rest = divmod(n - 1, 26)
        said = chr(ord("a") + rest) + said
    return said


def _roman(n: int) -> str:
    said = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    ):
        said += sign * (n // value)
        n %= value
    return said
