"""Styles of Word, as far as they change words: the list a style numbers by, its font, capitals, hidden text."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from extract.read.ooxml import Node

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = W + "val"
_LOOKS = _FONTS, _CAPS, _HIDDEN = W + "rFonts", W + "caps", W + "vanish"
_T = TypeVar("_T")


class Look(NamedTuple):
    """What a style (or a run) says of its characters; None where it says nothing."""

    font: str | None = None
    caps: bool | None = None
    hidden: bool | None = None


class Style(NamedTuple):
    """A style with all that it inherits: ``chain`` is its id and those it is based on, ``list_id`` 0 for no list."""

    chain: tuple[str, ...] = ()
    list_id: int | None = None
    level: int | None = None
    look: Look = Look()


NO_STYLE = Style()


class Styles:
    """The styles of one document by id."""

    def __init__(self, root: Node | None = None) -> None:
        """Read ``styles.xml``."""
        self._nodes: dict[str, Node] = {}
        self._styles: dict[str, Style] = {}
        self._default = ""
        self.base = Look()
        if root is None:
            return
        for node in root.iterchildren(W + "style"):
            id = node.get(W + "styleId", "")
            self._nodes.setdefault(id, node)
            if node.get(W + "type") == "paragraph" and node.get(W + "default") in ("1", "true", "on"):
                self._default = id
        self.base = look_of(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))

    def style(self, id: str) -> Style:
        """Return the style, empty if the document does not have it."""
        found = self._styles.get(id)
        if found is None:
            found = self._styles[id] = self._resolve(id)
        return found

    def paragraph(self, id: str) -> Style:
        """Return the style of a paragraph; one that names none, or one that is not there, has the default's."""
        return self.style(id if id in self._nodes else self._default)

    def _resolve(self, id: str) -> Style:
        chain: list[str] = []
        list_id = level = None
        look = Look()
        while id in self._nodes and id not in chain:
            node = self._nodes[id]
            chain.append(id)
            numbers = node.find(f"{W}pPr/{W}numPr")
            if numbers is not None:
                list_id = number(numbers.find(W + "numId"), "val", None) if list_id is None else list_id
                level = number(numbers.find(W + "ilvl"), "val", None) if level is None else level
            look = over(look, look_of(node.find(W + "rPr")))
            id = value(node.find(W + "basedOn"))
        return Style(tuple(chain), list_id, level, look)

    def lists(self) -> dict[str, int]:
        """Return the lists that styles of type "numbering" stand for."""
        found = {}
        for id, node in self._nodes.items():
            if node.get(W + "type") == "numbering":
                found[id] = number(node.find(f"{W}pPr/{W}numPr/{W}numId"), "val", -1)
        return found


def over(look: Look, below: Look) -> Look:
    """Return ``look`` with what it leaves open taken from ``below``."""
    return Look(
        below.font if look.font is None else look.font,
        below.caps if look.caps is None else look.caps,
        below.hidden if look.hidden is None else look.hidden,
    )


def look_of(properties: Node | None) -> Look:
    """Return what a ``w:rPr`` says itself."""
    if properties is None:
        return Look()
    font = caps = hidden = None
    for node in properties.iterchildren(*_LOOKS):
        if node.tag == _FONTS:
            font = font_of(node)
        elif node.tag == _CAPS:
            caps = is_on(node)
        else:
            hidden = is_on(node)
    return Look(font, caps, hidden)


def font_of(fonts: Node) -> str | None:
    """Return the font of letters beyond ASCII that ``w:rFonts`` names, "" for the theme's, None for none."""
    if fonts.get(W + "hAnsiTheme") or fonts.get(W + "asciiTheme"):
        return ""
    font: str | None = fonts.get(W + "hAnsi") or fonts.get(W + "ascii") or fonts.get(W + "cs")
    return font


def value(node: Node | None) -> str:
    """Return the attribute ``w:val``, "" if there is no element or attribute."""
    return "" if node is None else str(node.get(_VAL, ""))


def is_on(node: Node | None) -> bool:
    """True for a property that stands there and is not switched off."""
    return node is not None and node.get(_VAL, "1") not in ("0", "false", "off", "none")


def number(node: Node | None, attribute: str, default: _T) -> int | _T:
    """Return an attribute as a number."""
    try:
        return default if node is None else int(node.get(W + attribute, ""))
    except ValueError:
        return default
