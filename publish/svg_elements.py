"""Elements of an SVG as text: numbers as short as can be, everything that is said escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from publish.export.clean import clean
from publish.sentences import shorten


def escaped(text: str) -> str:
    """Return ``text`` for a place between tags or in an attribute, not longer than anyone reads."""
    return escape(clean(shorten(text, 3000)), quote=True)


def short(value: float) -> str:
    """Return a coordinate with one decimal, never "-0"."""
    return f"{round(value, 1) + 0.0:g}" if abs(value) < 1e5 else f"{value:.0f}"


def text(
    x: float, y: float, words: str, size: int, colour: str, *, bold: bool = False, anchor: str = "start",
    halo: bool = False,
) -> str:  # fmt: skip
    """Return one line of text; ``halo`` keeps lines that pass behind it off its letters."""
    weight = ' font-weight="bold"' if bold else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    edge = ' stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    look = f'font-size="{size}" fill="{colour}"{weight}{place}{edge}'
    return f'<text x="{short(x)}" y="{short(y)}" {look}>{escaped(words)}</text>'


def path(data: str, *, fill: str = "none", stroke: str = "none", width: float = 1.5, dash: Sequence[int] = ()) -> str:
    """Return a path."""
    dashes = f' stroke-dasharray="{" ".join(map(str, dash))}"' if dash else ""
    return f'<path d="{data}" fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"{dashes}/>'


def rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    """Return a rectangle without border."""
    return f'<rect x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}" fill="{fill}"/>'


def arrow(x: float, y: float, way: int, colour: str) -> str:
    """Return the head of an arrow whose tip is at (x, y); ``way`` is 1 when it points right, -1 left."""
    return (
        f'<path d="M{short(x)} {short(y)}L{short(x - way * 10)} {short(y - 4.5)}V{short(y + 4.5)}Z" fill="{colour}"/>'
    )
