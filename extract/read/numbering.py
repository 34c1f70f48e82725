"""Automatic numbers of Word: which label stands before a paragraph, as Word counts them (ECMA-376 part 1, 17.9).

Counters belong to the abstract definition, so two lists of one definition count on; ``startOverride`` starts a level
anew where a list first uses it. A level starts again after a higher one, unless ``lvlRestart`` says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.read.ooxml import Node
from extract.read.symbols import bullet
from extract.read.word_styles import W, is_on, number, value

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: ``text`` is the pattern ("%1.%2."), ``restart`` None, 0 (never) or a level from 1.

    ``style`` is the paragraph style that the level belongs to, ``font`` what the label is written in ("" the text's).
    """

    start: int
    format: str
    text: str
    style: str
    restart: int | None
    legal: bool
    font: str
    hidden: bool


class Numbering:
    """The lists of one document with their counters; :meth:`label` is asked once a paragraph, in order."""

    def __init__(self, root: Node | None = None, list_styles: dict[str, int] | None = None) -> None:
        """Read ``numbering.xml``; ``list_styles`` tells the list that a style of type "numbering" stands for."""
        self._abstract: dict[int, dict[int, Level]] = {}
        self._lists: dict[int, tuple[int, dict[int, Level]]] = {}
        self._counts: dict[int, list[int | None]] = {}
        self._overrides: set[tuple[int, int]] = set()
        if root is not None:
            self._read(root, list_styles or {})

    def _read(self, root: Node, list_styles: dict[str, int]) -> None:
        linked: dict[int, str] = {}
        for node in root.iterchildren(W + "abstractNum"):
            id = number(node, "abstractNumId", -1)
            levels = [_level(lvl) for lvl in node.iterchildren(W + "lvl")]
            self._abstract[id] = {n: level for n, level in levels if 0 <= n < LEVELS}
            link = value(node.find(W + "numStyleLink"))
            if link:
                linked[id] = link
        targets: dict[int, int] = {}
        nodes = list(root.iterchildren(W + "num"))
        for node in nodes:
            targets[number(node, "numId", -1)] = number(node.find(W + "abstractNumId"), "val", -1)
        for node in nodes:
            id = number(node, "numId", -1)
            abstract = targets[id]
            for _ in range(3):  # a link to a list style, which names the list that is meant
                if abstract in linked:
                    abstract = targets.get(list_styles.get(linked[abstract], -1), abstract)
            levels_of = dict(self._abstract.get(abstract, {}))
            for override in node.iterchildren(W + "lvlOverride"):
                n = number(override, "ilvl", -1)
                lvl = override.find(W + "lvl")
                if lvl is not None:
                    levels_of[n] = _level(lvl)[1]
                start = override.find(W + "startOverride")
                if start is not None and n in levels_of:
                    levels_of[n] = replace(levels_of[n], start=number(start, "val", 0))
                    self._overrides.add((id, n))
            self._lists[id] = (abstract, levels_of)

    def level_of_style(self, list_id: int, styles: Sequence[str]) -> int | None:
        """Return the level that belongs to the first of ``styles`` (a style, then those it is based on)."""
        levels = self._lists.get(list_id, (0, {}))[1]
        for style in styles:
            for n, level in levels.items():
                if level.style == style:
                    return n
        return None

    def label(self, list_id: int, n: int) -> tuple[str, str]:
        """Count one paragraph of a list at level ``n`` and return its label, "" if none shows, and the label's font."""
        abstract, levels = self._lists.get(list_id, (0, {}))
        level = levels.get(n)
        if level is None:
            return "", ""
        counts = self._counts.setdefault(abstract, [None] * LEVELS)
        if (list_id, n) in self._overrides:  # only once
            self._overrides.remove((list_id, n))
            counts[n] = None
        for higher in range(n):  # a level that was skipped counts as begun, as the definition starts it
            if counts[higher] is None and higher in levels:
                counts[higher] = self._abstract.get(abstract, levels).get(higher, levels[higher]).start
        count = counts[n]
        counts[n] = level.start if count is None else count + 1
        for deeper in range(n + 1, LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or restart > n:
                counts[deeper] = None
        if level.hidden:
            return "", ""
        if level.format == "bullet":
            return bullet(level.text, level.font), ""
        return _PLACE.sub(lambda m: _shown(levels, counts, level, int(m[1]) - 1), level.text).strip(), level.font


def _shown(levels: dict[int, Level], counts: list[int | None], own: Level, n: int) -> str:
    level = levels.get(n)
    if level is None or level.format == "bullet":
        return ""
    count = counts[n]
    return written(
        level.start if count is None else count, "decimal" if own.legal and level.format != "none" else level.format
    )


def written(count: int, format: str) -> str:
    """Return ``count`` in one of Word's number formats; those that offices do not use are written in digits."""
    if format == "none":
        return ""
    if count > 0:
        if format in ("upperRoman", "lowerRoman"):
            roman = _roman(count)
            return roman if format == "upperRoman" else roman.lower()
        if format in ("upperLetter", "lowerLetter"):  # … z, aa, bb: Word repeats the letter, and knows no đ
            letter = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 30)
            return letter.upper() if format == "upperLetter" else letter
    if format == "decimalZero":
        return f"{count:02d}"
    return f"- {count} -" if format == "numberInDash" else str(count)


def _roman(count: int) -> str:
    if count > 32767:  # Word's own limit
        return str(count)
    parts = []
    for size, sign in _ROMAN:
        times, count = divmod(count, size)
        parts.append(sign * times)
    return "".join(parts)


def _level(lvl: Node) -> tuple[int, Level]:
    format = lvl.find(W + "numFmt")
    if format is None:  # a format of newer versions, with its stand-in
        format = lvl.find("{*}AlternateContent/{*}Fallback/" + W + "numFmt")
    restart = lvl.find(W + "lvlRestart")
    fonts = lvl.find(f"{W}rPr/{W}rFonts")
    font = "" if fonts is None else fonts.get(W + "hAnsi") or fonts.get(W + "ascii") or ""
    text = value(lvl.find(W + "lvlText"))
    if not text and lvl.find(W + "lvlPicBulletId") is not None:
        text = "•"
    return number(lvl, "ilvl", -1), Level(
        number(lvl.find(W + "start"), "val", 0),
        value(format) or "decimal",
        text,
        value(lvl.find(W + "pStyle")),
        None if restart is None else number(restart, "val", 0),
        is_on(lvl.find(W + "isLgl")),
        font,
        is_on(lvl.find(f"{W}rPr/{W}vanish")),
    )
