"""A page of HTML as pieces of text, each in its container; and which of them are the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import NamedTuple

from lxml import etree

from extract.read import legacy
from extract.read.item_lists import ItemList, next_label, open_list, whole_number
from extract.read.pieces import Piece
from extract.tables import read_table
from extract.text import either, fold


class _Found(NamedTuple):
    """One paragraph of the page, its container, how many of its characters are links, and whether it is a title."""

    piece: Piece
    node: int
    linked: int
    heading: bool


_DROPPED = frozenset({
    "head", "script", "style", "noscript", "template", "nav", "select", "option", "button", "input", "textarea",
    "datalist", "dialog", "iframe", "frame", "object", "embed", "applet", "svg", "math", "canvas", "audio", "video",
    "map", "picture", "del", "progress", "meter",
})  # fmt: skip
_CONTAINERS = frozenset({
    "body", "div", "td", "th", "table", "tbody", "tr", "article", "main", "section", "form", "center", "header",
    "footer", "aside", "ul", "ol", "li", "dl", "blockquote", "fieldset", "details", "figure",
})  # fmt: skip
_BLOCKS = _CONTAINERS | frozenset({
    "html", "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "pre", "hr", "caption", "thead", "tfoot",
    "address", "figcaption", "summary", "legend", "hgroup", "multicol", "dir", "menu",
})  # fmt: skip
_CHROME_TAGS = frozenset({"header", "footer", "aside"})
_CHROME_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "menu"})
_CHROME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:menu|nav|navbar|navigation|breadcrumbs?|sidebar|footer|share|social|comments?|related|banner|toolbar"
    r"|search|login|popup|modal|pagination|paging|tags?|cookie|advert\w*|quang-?cao|lien-?quan|binh-?luan)(?:$|[\s_-])"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")
_UPPERCASE = re.compile(r"text-transform\s*:\s*uppercase")
_CAPITALS = frozenset({"upper", "uppercase", "text-uppercase"})
"""Classes that show text in capitals: of the portal of the Ministry of Justice (signatures), and of common styles."""
_FAMILY = re.compile(r"font(?:-family)?\s*:[^;]*?(\.vn[\w .-]*|vni[\w .-]*)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_MARKER = re.compile(r"(?:\d{1,3}(?:\.\d{1,3})*[.)]|[A-Za-zđ][.)]|[IVXLC]{1,6}[.)]|[-–—+*•·▪○◦])(?:\s|$)")
# a superscript right behind the symbol of a number is a footnote: "126/2024/NĐ-CP¹"
_SYMBOL_END = re.compile(r"[/-][A-ZĐƯ]{2,}$")
_FOOTNOTE = re.compile(r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}|\*{1,3})\s*$")


@dataclass(slots=True)
class _Node:
    """A container: what it is, and what it and all below it hold."""

    parent: int
    chrome: bool  # named or built like a part of the site
    solid: bool  # inside the part that the page itself calls its main one
    chars: int = 0
    linked: int = 0
    links: int = 0  # pieces that are links only
    pieces: int = 0
    titles: int = 0
    motto: int = 0
    marks: int = 0
    labels: int = 0  # names of properties: "Số hiệu:", "Người ký:"
    first: int = -1  # number of its first piece
    children: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    number: int | None
    row: int = 0
    cell: int = 0
    column: int = 0
    rows: int = 1
    held: dict[int, tuple[int, int]] = field(default_factory=dict)  # column -> width, last row of a cell from above


class Page:
    """The walk over the tree (:meth:`walk`), then the choice (:meth:`main`)."""

    def __init__(self, hidden: bool = False) -> None:
        """Start with an empty page; ``hidden`` takes what a style hides too."""
        self._takes_hidden = hidden
        self.hides = False
        self._found: list[_Found] = []
        self.fonts: set[legacy.Encoding] = set()
        self.notes: list[str] = []
        self._nodes: list[_Node] = [_Node(-1, False, False)]
        self._at: list[int] = [0]
        self._runs: list[tuple[str, str]] = []
        self._linked = 0
        self._link = 0
        self._raw = 0
        self._capitals = 0
        self._kept_blanks = False
        self._heading = 0
        self._font: list[str] = [""]
        self._tables: list[_Table] = []
        self._count = 0
        self._lists: list[ItemList] = []
        self._label = ""
        self._footnotes = 0

    # --- walk -------------------------------------------------------------------------------------

    def walk(self, root: etree._Element) -> None:
        """Take the pieces of a tree. Its depth is bounded by the parser (256)."""
        self._element(root)
        self._flush()
        if self._footnotes:
            self.notes.append(f"Đã bỏ {self._footnotes} dấu chú thích dính vào số, ký hiệu văn bản.")

    def _element(self, element: etree._Element) -> None:
        tag = element.tag
        if not isinstance(tag, str):  # comment, processing instruction
            return
        attributes = element.attrib
        style = attributes.get("style", "").lower() if attributes else ""
        if tag in _DROPPED:
            return
        if not self._takes_hidden and ("hidden" in attributes or (style and _HIDDEN.search(style))):
            self.hides = True
            return
        if tag == "br":
            self._flush()
            return
        if tag == "sup" and self._footnote(element):
            return
        if "mso-list" in style and "ignore" in style:  # the label of Word's automatic number
            label = " ".join("".join(element.itertext()).split())
            self._label = ("•" if len(label) == 1 else label) + " "  # one letter of Symbol or Wingdings
            return
        block = tag in _BLOCKS
        if block:
            self._flush()
        font = self._font_of(element, style)
        if font:
            self._font.append(font)
        raw = tag == "pre" or ("white-space" in style and re.search(r"white-space\s*:\s*(?:break-spaces|pre)", style))
        link = tag == "a" and "href" in attributes
        names = attributes.get("class", "") if attributes else ""
        capitals = ("text-transform" in style and _UPPERCASE.search(style) is not None) or (
            "upper" in names and not _CAPITALS.isdisjoint(names.split())
        )
        self._raw += bool(raw)
        self._capitals += capitals
        self._link += link
        self._heading += tag in {"h1", "h2", "h3"}
        self._open(tag, element, style)
        if element.text:
            self._say(element.text)
        for child in element:
            self._element(child)
            if child.tail:
                self._say(child.tail)
        if block:
            self._flush()
        self._close(tag)
        self._heading -= tag in {"h1", "h2", "h3"}
        self._link -= link
        self._capitals -= capitals
        self._raw -= bool(raw)
        if font:
            self._font.pop()

    def _open(self, tag: str, element: etree._Element, style: str) -> None:
        if tag in _CONTAINERS:
            self._at.append(self._container(tag, element))
        if tag == "table":
            number = None
            if not _is_layout(element):
                self._count += 1
                number = self._count
            self._tables.append(_Table(number))
        elif tag == "tr" and self._tables:
            table = self._tables[-1]
            table.row, table.cell, table.column = table.row + 1, 0, 0
        elif tag in {"td", "th"} and self._tables:
            _next_cell(self._tables[-1], element)
        elif tag in {"ol", "ul"}:
            self._lists.append(open_list(tag, element, style))
        elif tag == "li" and self._lists:
            self._label = next_label(self._lists[-1], element, style)
            if self._label == "• " and sum(child.tag in _BLOCKS for child in element) > _PARAGRAPHS:
                self._label = ""  # a tab of the page

    def _close(self, tag: str) -> None:
        if tag in _CONTAINERS:
            self._at.pop()
        if tag == "table":
            self._tables.pop()
        elif tag in {"ol", "ul"}:
            self._lists.pop()
        elif tag == "li":
            self._label = ""

    def _container(self, tag: str, element: etree._Element) -> int:
        up = self._at[-1]
        solid = self._nodes[up].solid or tag in {"article", "main"}
        names = f"{element.get('class', '')} {element.get('id', '')}".lower()
        chrome = (
            element.get("role", "") in _CHROME_ROLES
            or (tag in _CHROME_TAGS and not solid)
            or bool(_CHROME_NAMES.search(names))
        )
        self._nodes.append(_Node(up, chrome, solid))
        self._nodes[up].children.append(len(self._nodes) - 1)
        return len(self._nodes) - 1

    def _font_of(self, element: etree._Element, style: str) -> str:
        face = element.get("face", "") if element.tag == "font" else ""
        if face:
            return face.split(",")[0].strip()
        if "font" not in style:
            return ""
        found = _FAMILY.search(element.get("style", ""))
        return found[1].strip() if found else "other" if "font-family" in style else ""

    def _say(self, text: str) -> None:
        if not self._raw:
            self._add(text)
            return
        first, *others = text.split("\n")
        self._add(first)
        for line in others:
            self._flush()
            self._add(line)

    def _add(self, text: str) -> None:
        self._kept_blanks = self._kept_blanks or self._raw > 0
        self._runs.append((text.upper() if self._capitals else text, self._font[-1]))
        if self._link:
            self._linked += len(text)

    def _flush(self) -> None:
        if not self._runs:
            return
        text = "".join([self._converted(font, list(group)) for font, group in groupby(self._runs, lambda r: r[1])])
        if not self._kept_blanks:
            text = _BLANKS.sub(" ", text)
        self._runs.clear()
        linked, self._linked = self._linked, 0
        self._kept_blanks = False
        text = text.strip()
        if not text:
            return
        if self._label:
            label, self._label = self._label, ""
            if not _MARKER.match(text):
                text = label + text
                linked += len(label) if linked else 0  # the bullet of a short link is no text beside it
        table = next((t for t in reversed(self._tables) if t.number), None)
        place = (table.number, table.row or None, table.cell or None, table.rows) if table else ()
        piece = Piece(text, *place)
        self._found.append(_Found(piece, self._at[-1], min(linked, len(text)), self._heading > 0))

    def _converted(self, font: str, runs: list[tuple[str, str]]) -> str:
        text = "".join([said for said, _ in runs])
        if (font and not text.isascii()) or legacy.is_capitals_font(font):
            if legacy.is_tcvn3_font(font):
                self.fonts.add("tcvn3")
            elif legacy.is_vni_font(font):
                self.fonts.add("vni")
            return legacy.from_font(text, font)
        return text

    def _footnote(self, element: etree._Element) -> bool:
        """Leave out a footnote sign that would make another number of the one before it."""
        before = self._runs[-1][0].rstrip() if self._runs else ""
        if not _SYMBOL_END.search(before[-20:]) or not _FOOTNOTE.match("".join(element.itertext())):
            return False
        self._footnotes += 1
        return True

    def is_document(self) -> bool:
        """Tell whether the page shows any sign of a document: the motto, an article, a basis."""
        return any(_is_motto(head) or _MARKS.match(head) for head in (fold(f.piece.text[:60]) for f in self._found))

    # --- choice -----------------------------------------------------------------------------------

    def main(self) -> list[Piece]:
        """Return the pieces of the document, in order."""
        self._weigh()
        dropped: set[int] = set()
        here = 0
        # a page saved by Word has neither links nor menus: all of it is the document
        is_site = self._nodes[0].links >= _LINKS or any(node.chrome for node in self._nodes)
        path: set[int] = set()
        while is_site and (child := self._heart(here)) is not None:
            heart = self._nodes[child]
            dropped |= {c for c in self._nodes[here].children if c != child and _is_box(self._nodes[c], heart)}
            path.add(here)
            here = child
        keep = [True] * len(self._nodes)
        for at, node in enumerate(self._nodes):  # parents come first
            above = node.parent < 0 or keep[node.parent]
            keep[at] = above and at not in dropped and not self._is_chrome(node, is_site)
        kept = [found.piece for found in self._of_document(keep, path, self._nodes[here], is_site)]
        return kept or [found.piece for found in self._found]

    def _of_document(self, keep: list[bool], path: set[int], heart: _Node, is_site: bool) -> Iterator[_Found]:
        """Leave out the buttons of a site, and its own title and links above a document that begins with the motto."""
        for n, found in enumerate(self._found):
            text = found.piece.text
            if not keep[found.node]:
                continue
            if is_site and len(text) <= _BUTTON and found.piece.table is None and fold(text) in _words("button"):
                continue
            above = heart.motto and n < heart.first and found.node in path and not text.isupper()
            if not (above and (found.heading or found.linked >= 0.9 * len(text))):
                yield found

    def _weigh(self) -> None:
        nodes = self._nodes
        for n, ((text, *_), at, linked, heading) in enumerate(self._found):
            node = nodes[at]
            node.first = n if node.first < 0 else node.first
            only_link = linked >= 0.9 * len(text)
            node.chars += len(text) - linked
            node.linked += linked
            node.links += only_link
            node.pieces += 1
            node.titles += heading
            head = fold(text[:60])
            if _is_motto(head):
                node.motto += 1
            elif not only_link and _MARKS.match(head):
                node.marks += 1
            elif _property().match(head):
                node.labels += 1
        for node in reversed(nodes):
            if node.parent >= 0:
                up = nodes[node.parent]
                if node.first >= 0 and (up.first < 0 or node.first < up.first):
                    up.first = node.first
                up.labels += node.labels
                up.chars += node.chars
                up.linked += node.linked
                up.links += node.links
                up.pieces += node.pieces
                up.titles += node.titles
                up.motto += node.motto
                up.marks += node.marks

    def _heart(self, here: int) -> int | None:
        """Return the child that holds the document which ``here`` holds, None when it stands in several."""
        node = self._nodes[here]
        if not node.children:
            return None
        best = max(node.children, key=lambda c: (self._nodes[c].marks, self._nodes[c].chars))
        child = self._nodes[best]
        if node.motto or node.marks:
            whole = (child.motto > 0) == (node.motto > 0) and child.marks >= _NEARLY * node.marks
            return best if whole and child.chars >= _HALF * node.chars else None
        return best if child.chars >= _MOST * node.chars else None

    def _is_chrome(self, node: _Node, is_site: bool) -> bool:
        """Tell whether a container is a part of the site by its name, title or links, and no part of a document."""
        if node.motto or node.marks or node.parent < 0:
            return False
        box = node.chrome or (is_site and node.first >= 0 and self._is_titled(node))
        return _is_menu(node) or (box and node.chars < _HALF * self._nodes[0].chars)

    def _is_titled(self, node: _Node) -> bool:
        text = self._found[node.first].piece.text
        return len(text) <= _BUTTON and fold(text).strip("•: ") in _words("box")


_MARKS = re.compile(r"(?:điều \d+|căn cứ |nơi nhận|kính gửi|xét đề nghị|theo đề nghị)")
_NEARLY, _HALF, _MOST, _TENTH = 0.9, 0.5, 0.8, 0.1
_LINKS = 3
"""So many paragraphs that are links only make a menu, and a site."""
_BOX = 400
"""Characters of a box beside the document: its properties, its readers, who shared it."""


_BUTTON = 40
"""Characters of a button or of the title of a box."""
_PROPERTIES = 3
"""So many names of properties, a third of all it holds, make a box of properties."""


@cache
def _words(role: str) -> frozenset[str]:
    return frozenset(row["words"] for row in read_table("site_words") if row["role"] == role)


@cache
def _property() -> re.Pattern[str]:
    return re.compile(rf"{either(_words('property'))}\s*(?::|$)")


def _is_motto(head: str) -> bool:
    return ("độc lập" in head and "hạnh phúc" in head) or "hội chủ nghĩa việt nam" in head


def _is_box(node: _Node, heart: _Node) -> bool:
    """Tell whether a brother of the document's container is a box of the site; a text without motto keeps its title."""
    if node.motto or node.marks or (node.titles and not heart.motto and not node.chrome):
        return False
    if heart.motto and node.labels >= _PROPERTIES and 3 * node.labels >= node.pieces:
        return True
    return node.linked >= node.chars or node.chars < min(_BOX, _TENTH * heart.chars)


def _is_menu(node: _Node) -> bool:
    return node.links >= _LINKS and node.links >= 0.7 * node.pieces and node.linked > 2 * node.chars


# --- tables -----------------------------------------------------------------------------------

_PARAGRAPHS = 5
"""An item of a list with bullets holds fewer paragraphs than a tab that a site makes of one."""
_MAX_COLUMNS = 64
"""Spans are followed so far; no table for people is wider."""


def _is_layout(table: etree._Element) -> bool:
    """Tell whether a table only places things: it holds another table, or a single cell."""
    if table.find(".//table") is not None:
        return True
    cells = table.iter("td", "th")
    return next(cells, None) is None or next(cells, None) is None


def _next_cell(table: _Table, element: etree._Element) -> None:
    """Step to the next cell; it bears the number of its column, so that it stands under its heading."""
    column = table.column
    while (held := table.held.get(column)) and held[1] >= table.row:  # a cell reaches down from a row above
        column += held[0]
    table.cell = column + 1
    width, height = whole_number(element.get("colspan")), whole_number(element.get("rowspan"))
    table.rows = height
    if height > 1 and column < _MAX_COLUMNS:
        table.held[column] = (width, table.row + height - 1)
    table.column = column + width
