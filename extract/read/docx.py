"""Word documents (.docx, .docm) as printed: paragraphs with their automatic numbers, tables cell by cell, notes.

Read is what the page shows once all tracked changes are accepted. A block is one line: a paragraph, or what stands
between two line breaks of one, which then share their paragraph number. ``Place.paragraph`` counts the paragraphs
that hold words, ``Place.cell`` the columns of the table's grid, so that a cell stands under its heading also where
cells are merged. Text boxes follow the paragraph they are anchored in, the texts of notes stand at the end. Headers,
footers, comments, instructions of fields and hidden text are left out. Names of elements: ECMA-376 part 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract import collector
from extract.model import Block, Place
from extract.read.numbering import Numbering, written
from extract.read.ooxml import Node, Package
from extract.read.result import ReadError, Reading
from extract.read.symbols import sign
from extract.read.word_runs import SOFT_HYPHEN, Conversions, Kind, Words, kind_of
from extract.read.word_styles import NO_STYLE, Look, Style, Styles, W, is_on, look_of, number, over, value

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_RSTYLE = W + "rStyle"
_P, _TBL, _TR, _TC, _R, _RPR, _PPR = W + "p", W + "tbl", W + "tr", W + "tc", W + "r", W + "rPr", W + "pPr"
_ALTERNATE, _CHOICE, _FALLBACK = _MC + "AlternateContent", _MC + "Choice", _MC + "Fallback"
_BOX = W + "txbxContent"
_INSERTED, _DELETED = {W + "ins", W + "moveTo"}, {W + "del", W + "moveFrom"}
_SILENT = _DELETED | {
    W + name
    for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "sectPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "rt")
}  # fmt: skip
_BOOKS = {W + "footnoteReference": ("footnotes", "footnote"), W + "endnoteReference": ("endnotes", "endnote")}
_MAX_SPAN = 1024
_Cell = tuple[int | None, int | None, int | None, int | None]
_NO_CELL: _Cell = (None, None, None, None)


@dataclass(slots=True)
class _Shown:
    """A cell that is printed, the column it begins in, and how many rows it goes over."""

    node: Node
    column: int
    rows: int = 1


def read(data: bytes, name: str) -> Reading:
    """Read a .docx or .docm; ``name`` is the file's name for messages.

    Raises:
        ReadError: no zip, no main part, a password, a DOCTYPE, a zip bomb, damaged, or without words.
    """
    package = Package(data, name)
    main = package.related().get("officeDocument", "")
    if main not in package:
        main = "word/document.xml"
    if main not in package:
        raise ReadError(
            f"Tệp “{name}” là tệp nén nhưng không chứa văn bản Word. Hãy giải nén rồi đưa từng tệp bên trong, "
            "hoặc mở bằng Word và lưu lại thành .docx."
        )
    body = package.xml(main).find(W + "body")
    if body is None:
        raise ReadError(f"Tệp “{name}” không phải văn bản Word. Hãy chọn tệp .docx, hoặc lưu lại bằng Word.")
    with collector.paused():
        try:
            reading = _Document(package, main).read(body)
        except RecursionError as error:
            raise package.too_deep() from error
    if not reading.blocks:
        raise ReadError(f"Tệp “{name}” không có chữ nào, có thể chỉ chứa ảnh chụp. Hãy đưa bản PDF hoặc bản có chữ.")
    return reading


class _Document:
    """One document while it is read: the walk through its elements, and what it has printed so far."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._related = package.related(main)
        self._folder = main.rpartition("/")[0]
        self._notes: list[str] = []
        self._conversions = Conversions()
        styles, numbers = self._part("styles"), self._part("numbering")
        self._styles = Styles(styles)
        self._numbering = Numbering(numbers, self._styles.lists())
        settings = self._part("settings")
        self._formats = {
            "footnote": _note_format(settings, "footnote", "decimal"),
            "endnote": _note_format(settings, "endnote", "lowerRoman"),
        }
        self._texts: dict[str, dict[str, Node]] = {}
        self._references: list[tuple[str, Node]] = []  # mark and text of each note, as they are met
        self._marks: dict[tuple[str, str], str] = {}
        self._noted = {"footnote": 0, "endnote": 0}
        self._in_notes = False
        self._tables = 0
        self._paragraphs = 0
        self._at = 0
        self._lines: list[str] = []
        self._blocks: list[Block] = []
        self._prefix = ""

    def _part(self, kind: str) -> Node | None:
        part = self._related.get(kind, f"{self._folder}/{kind}.xml")
        if part not in self._package:
            return None
        try:
            return self._package.xml(part)
        except ReadError as error:
            if "DOCTYPE" in str(error):
                raise
            self._note(f"Phần “{kind}” của tệp bị hỏng nên không đọc được; số tự động, chú thích có thể thiếu.")
            return None

    def _note(self, note: str) -> None:
        if note not in self._notes:
            self._notes.append(note)

    def _changed(self) -> None:
        self._note("Văn bản còn sửa đổi đang theo dõi (Track Changes); đã đọc như khi chấp nhận tất cả.")

    def read(self, body: Node) -> Reading:
        self._story(body, _NO_CELL)
        self._in_notes = True
        for mark, note in self._references:
            self._prefix = f"[^{mark}]:"
            self._story(note, _NO_CELL)
            self._prefix = ""
        notes = (*self._notes, *self._conversions.notes())
        return Reading("\n".join(self._lines), tuple(self._blocks), notes)

    # Blocks

    def _story(self, container: Node, cell: _Cell) -> None:
        """Read the paragraphs and tables of a body, cell, text box or note."""
        kept = self._blocks_of(container, cell, None)
        if kept is not None:  # the last mark cannot be deleted
            self._print(kept, "", cell)

    def _blocks_of(self, container: Node, cell: _Cell, kept: Words | None) -> Words | None:
        for node in container:
            tag = node.tag
            if tag == _P:
                kept = self._paragraph(node, cell, kept)
            elif tag == _TBL:
                if kept is not None:
                    self._print(kept, "", cell)
                    kept = None
                self._table(node)
            elif tag == _ALTERNATE:
                branch = _branch(node)
                if branch is not None:
                    kept = self._blocks_of(branch, cell, kept)
            elif tag == W + "altChunk":
                self._note("Tệp có phần nhúng từ tệp khác (altChunk) chưa đọc được. Hãy mở bằng Word và lưu lại.")
            elif tag in _DELETED:
                self._changed()
            elif tag not in _SILENT:
                kept = self._blocks_of(node, cell, kept)
        return kept

    def _paragraph(self, p: Node, cell: _Cell, kept: Words | None) -> Words | None:
        """Read a paragraph; return its words instead when its mark is deleted, for the next one to go on with."""
        properties = p.find(_PPR)
        mark = None if properties is None else properties.find(_RPR)
        style = self._styles.paragraph("" if properties is None else value(properties.find(W + "pStyle")))
        inline = _Inline(self, style)
        inline.walk(p)
        words = inline.words
        if kept is not None:
            kept.go_on(words)
            words = kept
        if mark is not None and any(mark.find(tag) is not None for tag in _DELETED):
            self._changed()
            self._boxes(inline.boxes, cell)
            return words
        label = ""
        hidden = mark is not None and is_on(mark.find(W + "vanish")) and not words.has_any()
        if not hidden:
            label = self._label(properties, mark, style)
        self._print(words, label, cell)
        self._boxes(inline.boxes, cell)
        return None

    def _label(self, properties: Node | None, mark: Node | None, style: Style) -> str:
        """Return the automatic number of a paragraph: its own list, else its style's."""
        numbers = None if properties is None else properties.find(W + "numPr")
        list_id: int | None = None
        level: int | None = None
        if numbers is not None:
            list_id = number(numbers.find(W + "numId"), "val", None)
            level = number(numbers.find(W + "ilvl"), "val", None)
        if list_id is None:
            list_id = style.list_id
        if not list_id:
            return ""
        if level is None:
            level = self._numbering.level_of_style(list_id, style.chain)
        if level is None:
            level = style.level if style.list_id == list_id else None
        label, font = self._numbering.label(list_id, min(max(level or 0, 0), 8))
        look = over(look_of(mark), over(style.look, self._styles.base)) if label else Look()
        return self._conversions.convert(label, kind_of(font or look.font or "", bool(look.caps))) if label else ""

    def _print(self, words: Words, label: str, cell: _Cell) -> None:
        lines = words.lines(label, self._conversions)
        if not lines:
            return
        if self._prefix:
            lines[0] = f"{self._prefix} {lines[0]}"
            self._prefix = ""
        self._paragraphs += 1
        place = Place(None, self._paragraphs, *cell)
        for line in lines:
            self._blocks.append(Block(self._at, self._at + len(line), place))
            self._lines.append(line)
            self._at += len(line) + 1

    def _boxes(self, boxes: list[Node], cell: _Cell) -> None:
        for box in boxes:
            self._story(box, cell)

    # Tables

    def _table(self, table: Node) -> None:
        self._tables += 1
        id = self._tables
        for row, cells in enumerate(self._rows(table), 1):
            for cell in cells:
                self._story(cell.node, (id, row, cell.column, cell.rows))

    def _rows(self, table: Node) -> list[list[_Shown]]:
        """Return the cells that begin in each row that is shown, a merged one with all the rows that it goes over."""
        rows: list[list[_Shown]] = []
        above: dict[int, _Shown] = {}  # by column, the cells that may go on in the next row
        for tr in _members(table, _TR):
            properties = tr.find(W + "trPr")
            column = 1
            if properties is not None:
                if any(properties.find(tag) is not None for tag in _DELETED):
                    self._changed()
                    continue
                if is_on(properties.find(W + "hidden")):
                    continue
                column += _span(properties.find(W + "gridBefore"), 0)
            cells: list[_Shown] = []
            open: dict[int, _Shown] = {}
            for tc in _members(tr, _TC):
                shape = tc.find(W + "tcPr")
                width, shown = 1, _Shown(tc, column)
                down = right = None
                if shape is not None:
                    if shape.find(W + "cellDel") is not None:
                        self._changed()
                        continue
                    width = _span(shape.find(W + "gridSpan"), 1)
                    down, right = shape.find(W + "vMerge"), shape.find(W + "hMerge")
                if down is not None and value(down) != "restart" and column in above:
                    shown = open[column] = above[column]
                    shown.rows += 1
                elif right is None or value(right) == "restart" or column == 1:
                    cells.append(shown)
                    if down is not None:
                        open[column] = shown
                column += width
            rows.append(cells)
            above = open
        return rows

    # Notes

    def reference(self, node: Node, custom: str) -> str:
        """Return the mark of a note, "" if its text is not there; the text is printed at the end."""
        book, kind = _BOOKS[node.tag]
        if book not in self._texts:
            root = self._part(book)
            notes = () if root is None else root.iterchildren(W + kind)
            self._texts[book] = {
                note.get(W + "id", ""): note for note in notes if note.get(W + "type") in (None, "normal")
            }
        id = node.get(W + "id", "")
        text = self._texts[book].get(id)
        if text is None or self._in_notes:  # a note has none of its own
            return ""
        mark = self._marks.get((kind, id), custom)
        if not mark:
            start, format = self._formats[kind]
            mark = written(start + self._noted[kind], format)
            self._noted[kind] += 1
        if (kind, id) not in self._marks:
            self._marks[kind, id] = mark
            self._references.append((mark, text))
        return mark

    def convert_kind(self, style: Style, properties: Node | None) -> tuple[Kind, bool]:
        """Return how the characters of a run are read, and whether they are hidden."""
        own = look_of(properties)
        named = None if properties is None else properties.find(_RSTYLE)
        character = NO_STYLE if named is None else self._styles.style(value(named))
        font = own.font
        for look in (character.look, style.look, self._styles.base):
            if font is None:
                font = look.font
        caps, hidden = own.caps, own.hidden
        if caps is None:  # a toggle: two styles that set it cancel out
            caps = bool(character.look.caps) != bool(style.look.caps) or bool(self._styles.base.caps)
        if hidden is None:
            hidden = bool(character.look.hidden) != bool(style.look.hidden)
        return kind_of(font or "", caps), hidden

    def changed(self) -> None:
        """Note that the document has tracked changes."""
        self._changed()


class _Inline:
    """The walk through one paragraph."""

    def __init__(self, document: _Document, style: Style) -> None:
        self._document = document
        self._style = style
        self._fields: list[bool] = []  # open fields, True while in the instruction; none reaches past its paragraph
        self._instructions = 0  # how many of them are there
        self._plain = document.convert_kind(style, None)
        self.words = Words()
        self.boxes: list[Node] = []

    def walk(self, parent: Node) -> None:
        for node in parent:
            tag = node.tag
            if tag == _R:
                self._run(node)
            elif tag in _SILENT:
                if tag in _DELETED:
                    self._document.changed()
            elif tag == _MATH_TEXT:
                self.words.add(node.text or "", self._plain[0])
            elif tag == _ALTERNATE:
                branch = _branch(node)
                if branch is not None:
                    self.walk(branch)
            elif tag == _BOX:
                self.boxes.append(node)
            else:
                if tag in _INSERTED:
                    self._document.changed()
                self.walk(node)

    def _run(self, run: Node) -> None:
        properties = run.find(_RPR)
        kind, hidden = self._plain if properties is None else self._document.convert_kind(self._style, properties)
        self._pieces(run, kind, hidden)

    def _pieces(self, run: Node, kind: Kind, hidden: bool) -> None:
        words = self.words
        for node in run:
            tag = node.tag
            if tag == _FIELD:
                self._field(node.get(W + "fldCharType"))
                continue
            if tag in _SILENT or tag in _UNPRINTED:
                continue
            if tag == _ALTERNATE:
                branch = _branch(node)
                if branch is not None:
                    self._pieces(branch, kind, hidden)
                continue
            if hidden or self._instructions:
                continue
            if tag == _T:
                words.add(_BLANKS.sub(" ", node.text or ""), kind)
            elif tag in _BREAKS:
                words.end_line()
            elif tag in _TABS:
                words.add(" ", kind)
            elif tag == W + "noBreakHyphen":
                words.add("-", kind)
            elif tag == W + "softHyphen":
                if kind.encoding == "tcvn3" or kind.font.lower().startswith(".vn"):
                    words.add(SOFT_HYPHEN, kind)  # the letter ư, which Word took for a hyphen
            elif tag == W + "sym":
                self._symbol(node, kind)
            elif tag in _BOOKS:
                own = node.get(W + "customMarkFollows") in ("1", "true", "on")
                mark = "".join(t.text or "" for t in node.itersiblings(_T)).strip(" ()[]") if own else ""
                mark = self._document.reference(node, mark)
                if mark:
                    words.anchor(mark)
                if own:  # the rest of the run is the mark
                    return
            elif tag == _MATH_TEXT:
                words.add(node.text or "", kind)
            else:  # drawings, and wrappers that newer versions put here
                self.walk(node)

    def _field(self, type: str | None) -> None:
        if type == "begin":
            self._fields.append(True)
            self._instructions += 1
        elif self._fields and type in ("separate", "end"):
            self._instructions -= self._fields.pop()
            if type == "separate":
                self._fields.append(False)

    def _symbol(self, node: Node, kind: Kind) -> None:
        font = node.get(W + "font", "")
        try:
            code = int(node.get(W + "char", ""), 16)
        except ValueError:
            return
        self.words.add(sign(code, font), kind_of(font, kind.caps))


_T, _FIELD = W + "t", W + "fldChar"
_BREAKS = {W + "br", W + "cr"}
_TABS = {W + "tab", W + "ptab"}
_UNPRINTED = {
    W + name
    for name in ("instrText", "delText", "delInstrText", "footnoteRef", "endnoteRef", "annotationRef", "separator",
                 "continuationSeparator", "lastRenderedPageBreak", "commentReference")
}  # fmt: skip
_BLANKS = re.compile(r"[\t\n\r]")


def _branch(alternate: Node) -> Node | None:
    """Return the one branch of an ``mc:AlternateContent`` that is read: both say the same."""
    choice = alternate.find(_CHOICE)
    return choice if choice is not None else alternate.find(_FALLBACK)


def _members(parent: Node, tag: str) -> Iterator[Node]:
    """Yield rows of a table or cells of a row, also those in content controls and tracked insertions."""
    for node in parent:
        if node.tag == tag:
            yield node
        elif node.tag == _ALTERNATE:
            branch = _branch(node)
            if branch is not None:
                yield from _members(branch, tag)
        elif node.tag not in _SILENT and node.tag not in (_P, _TBL, _TR, _TC):
            yield from _members(node, tag)


def _span(node: Node | None, default: int) -> int:
    return min(max(number(node, "val", default), default), _MAX_SPAN)


def _note_format(settings: Node | None, kind: str, default: str) -> tuple[int, str]:
    """Return first number and format of footnotes or endnotes."""
    properties = None if settings is None else settings.find(f"{W}{kind}Pr")
    if properties is None:
        return 1, default
    return number(properties.find(W + "numStart"), "val", 1), value(properties.find(W + "numFmt")) or default
