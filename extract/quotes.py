"""Quoted passages: the words of another document inside this one ("… sửa đổi như sau: “2. …”")."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

_INLINE = 600
"""Quotation marks further apart than this, opened inside a line and not after a colon, are no pair (one got lost)."""
_BLANK = " \t\u00a0*_#>"
_OPENS_AFTER = " \t\u00a0\n(["


class Quotes:
    """The outermost quoted passages of a text; read when first asked for, since most texts are never asked."""

    def __init__(self, text: str) -> None:
        """Keep ``text``; nothing is read yet."""
        self._text = text

    def around(self, position: int) -> tuple[int, int] | None:
        """Return the (start, end) of the quoted passage that holds ``position``, its marks included; None outside."""
        if not self._spans:
            return None
        n = bisect_right(self._spans, (position, len(self._text))) - 1
        return self._spans[n] if n >= 0 and position < self._spans[n][1] else None

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        """Pair the marks. A block that an introducing line opens ("như sau:") ends one whose closing mark got lost."""
        text, spans = self._text, []
        depth, start, limit = 0, 0, 0
        for at in _marks(text):
            opens = text[at] == "“" or (text[at] == '"' and (at == 0 or text[at - 1] in _OPENS_AFTER))
            if depth and at > limit:
                depth = 0
            if opens:
                before = _before(text, at)
                introduced = before >= 0 and text[before] == ":"
                if depth and introduced and "\n" in text[before:at]:
                    depth = 0
                if not depth:
                    start = at
                    block = introduced or before < 0 or "\n" in text[before:at]
                    limit = len(text) if block else at + _INLINE
                depth += 1
            elif depth:
                depth -= 1
                if not depth:
                    spans.append((start, at + 1))
        return spans


def _marks(text: str) -> list[int]:
    """Return where the double quotation marks stand; one fast search each, since they are rare."""
    found: list[int] = []
    for mark in '“”"':
        at = text.find(mark)
        while at >= 0:
            found.append(at)
            at = text.find(mark, at + 1)
    return sorted(found)


def _before(text: str, at: int) -> int:
    """Return the place of the last character before ``at`` that is neither blank nor markup, -1 if there is none."""
    at -= 1
    while at >= 0 and (text[at] in _BLANK or text[at] == "\n"):
        at -= 1
    return at
