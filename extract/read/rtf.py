"""RTF without an office suite: groups, characters, paragraphs, tables, labels of lists, footnotes at the end.

Source: Rich Text Format Specification 1.9.1. What is drawn and not printed as text (pictures, page heads, styles,
hidden and deleted text) is skipped; so is every destination marked ``\\*`` that is not known here.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

from extract.read import decode, legacy
from extract.read.pieces import Piece, reading
from extract.read.result import ReadError, Reading


def is_rtf(data: bytes) -> bool:
    """Tell whether a file is RTF, whatever its name says."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(b"{\\rtf")


def read(data: bytes, name: str) -> Reading:
    """Read an .rtf file.

    Raises:
        ReadError: not RTF, or no text.
    """
    if not is_rtf(data):
        raise ReadError(f"Tệp “{name}” không phải là RTF. Hãy mở bằng Word và lưu lại thành .docx.")
    page = _Page()
    page.walk(data.decode("latin-1"))
    notes = [decode.fonts_note(page.converted)] if page.converted else []
    if page.cut:
        notes.append("Tệp RTF bị cụt ở cuối (thiếu dấu đóng nhóm), có thể mất phần sau.")
    return reading(page.pieces + page.footnotes, notes, name, None if page.converted else legacy.FEWEST)


class _Run(NamedTuple):
    text: str  # Unicode, or bytes as characters of the same number
    font: int
    is_bytes: bool


_PRINTED, _AROUND, _NEVER = range(3)
"""Printed; not printed but with printed text inside (a shape around its text box); not printed at all."""


class _State(NamedTuple):
    """What a group inherits and gives back at its end."""

    skip: int = _PRINTED
    uc: int = 1
    font: int = -1
    hidden: bool = False
    part: str = ""  # the destination that this very group opened


class _Aside(NamedTuple):
    """What stands still while a footnote, text box or label is read."""

    runs: list[_Run]
    part: str
    depth: int
    first: int  # the piece that it will begin with
    spot: tuple[bool, bool, int, int]


_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9A-Fa-f]{2})|\\(?P<sign>[^A-Za-z])"
    r"|(?P<brace>[{}])|(?P<gap>[\r\n\x00]+)|(?P<text>[^\\{}\r\n\x00]+)|(?P<stray>\\)",
    re.DOTALL,
)
_SKIPPED = frozenset({
    "colortbl", "stylesheet", "info", "pict", "objdata", "objclass", "objname", "header", "headerl", "headerr",
    "headerf", "footer", "footerl", "footerr", "footerf", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc",
    "aftncn", "fldinst", "nonshppict", "shprslt", "nonesttables", "xe", "tc", "rxe", "listtable",
    "listoverridetable", "private", "template", "userprops", "docvar", "comment", "annotation", "atnid", "atnauthor",
    "sp", "sn", "sv", "txe", "pntxta", "pntxtb", "filetbl", "revtbl", "rsidtbl", "mmathPr", "themedata", "datastore",
    "colorschememapping", "latentstyles", "generator", "xmlnstbl", "pgptbl", "fchars", "lchars",
})  # fmt: skip
_WRAPPERS = frozenset({"shpinst", "upr"})
_SHOWN = frozenset({"shptxt", "ud"})
"""Destinations that are text though they stand inside a wrapper that is not."""
_LABELS = frozenset({"listtext", "pntext"})
_ASIDE = _LABELS | {"footnote", "shptxt"}
_SIGNS = {
    "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "emspace": "\u2003", "enspace": "\u2002", "qmspace": " ", "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
_ENDS = frozenset({"par", "line", "sect", "page", "column", "nestcell", "nestrow", "softline", "lbr"})
_CODE_PAGES = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_SYMBOL = 2
_MAX_NAME = 64
_MAX_ASIDE = 20
"""Footnotes in text boxes in footnotes: so deep no office goes."""
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Page:
    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.footnotes: list[Piece] = []
        self.converted: set[legacy.Encoding] = set()
        self.cut = False
        self._names: dict[int, str] = {}
        self._charsets: dict[int, int] = {}
        self._code_page = "cp1252"
        self._default = 0
        self._state = _State()
        self._stack: list[_State] = []
        self._runs: list[_Run] = []
        self._aside: list[_Aside] = []
        self._in_cell = self._in_table = False
        self._tables = self._row = self._cell = 0
        self._starred = False
        self._left_out = 0  # characters that stand in for the Unicode one before them

    def walk(self, rtf: str) -> None:
        at, end = rtf.find("{\\rtf"), len(rtf)
        while at < end and (found := _TOKEN.match(rtf, at)):
            at = found.end()
            kind = found.lastgroup
            if kind == "text":
                self._text(found.group())
            elif kind == "word" or kind == "number":
                number = found["number"]
                if found["word"] == "bin":
                    at += max(0, int(number or 0))
                else:
                    self._word(found["word"], None if number is None else int(number))
            elif kind == "hex":
                self._text(chr(int(found["hex"], 16)))
            elif kind == "sign":
                self._sign(found["sign"])
            elif kind == "brace":
                self._left_out = 0
                if found.group() == "{":
                    self._stack.append(self._state)
                    self._state = self._state._replace(part="")
                else:
                    self._close()
                    if not self._stack:
                        break
        self.cut = bool(self._stack)
        while self._stack:
            self._close()
        self._end()

    # --- groups and words -------------------------------------------------------------------------

    def _close(self) -> None:
        while self._aside and self._aside[-1].depth >= len(self._stack):
            self._return()
        if self._stack:
            self._state = self._stack.pop()

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if self._left_out:  # a control word stands for one character
            self._left_out -= 1
            return
        state = self._state
        if word in _SHOWN or word in _ASIDE:
            if word in _SHOWN and state.skip == _AROUND:
                self._state = state._replace(skip=_PRINTED)
            if word in _ASIDE and not self._state.skip and len(self._aside) < _MAX_ASIDE:
                self._step_aside(word)
        elif word == "fonttbl":
            self._state = state._replace(skip=_NEVER, part=word)
        elif word in _WRAPPERS:
            self._state = state._replace(skip=max(state.skip, _AROUND))
        elif starred or word in _SKIPPED:
            self._state = state._replace(skip=_NEVER)
        elif word == "f":
            self._state = state._replace(font=number or 0)
        elif word == "fcharset":
            self._charsets[state.font] = number or 0
        elif word == "u" and number is not None:
            self._left_out = state.uc
            if not state.skip and not state.hidden:
                self._runs.append(_Run(chr(number % 65536), state.font, False))
        elif word == "uc":
            self._state = state._replace(uc=max(0, min(number or 0, 100)))
        elif not state.skip:
            self._body(word, number)

    def _body(self, word: str, number: int | None) -> None:
        if word in _ENDS:
            self._end()
        elif word in _SIGNS:
            self._add(_SIGNS[word])
        elif word == "cell":
            self._in_cell = True
            self._end()
            self._cell += 1
        elif word == "row":
            self._row, self._cell = self._row + 1, 1
        elif word == "intbl":
            self._in_cell = True
        elif word == "pard":
            self._in_cell = False
        elif word == "plain":
            self._state = self._state._replace(font=-1, hidden=False)
        elif word == "v" or word == "deleted":
            self._state = self._state._replace(hidden=number != 0)
        elif word == "deff":
            self._default = number or 0
        elif word == "ansicpg":
            self._code_page = f"cp{number}"
        elif word in {"mac", "pc", "pca"}:
            self._code_page = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]

    def _sign(self, sign: str) -> None:
        if self._left_out:
            self._left_out -= 1
        elif sign == "*":
            self._starred = True
        elif sign in "\\{}":
            self._text(sign)
        elif sign == "~":
            self._add("\u00a0")
        elif sign == "_":  # a hyphen that does not break
            self._add("-")
        elif sign == "-":  # a soft hyphen; in a font of TCVN3 the place of "ư"
            if legacy.is_tcvn3_font(self._name(self._state.font)):
                self._add("\u00ad")
        elif sign in "\r\n" and not self._state.skip:
            self._end()

    # --- text -------------------------------------------------------------------------------------

    def _text(self, text: str) -> None:
        if self._left_out:
            text, self._left_out = text[self._left_out :], max(0, self._left_out - len(text))
        state = self._state
        if state.part == "fonttbl" or (state.skip and self._stack and self._stack[-1].part == "fonttbl"):
            name = self._names.get(state.font, "")
            if len(name) < _MAX_NAME:
                self._names[state.font] = name + text[:_MAX_NAME]
        elif text and not state.skip and not state.hidden:
            self._runs.append(_Run(text, state.font, True))

    def _add(self, text: str) -> None:
        if not self._state.skip and not self._state.hidden:
            self._runs.append(_Run(text, self._state.font, False))

    def _name(self, font: int) -> str:
        return self._names.get(font if font >= 0 else self._default, "").split(";", 1)[0]

    def _said(self) -> str:
        text = "".join([self._run(font, list(runs)) for font, runs in groupby(self._runs, lambda run: run.font)])
        self._runs = []
        if _SURROGATE.search(text):
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text.strip()

    def _run(self, font: int, runs: list[_Run]) -> str:
        name = self._name(font)
        encoding: legacy.Encoding = "tcvn3" if legacy.is_tcvn3_font(name) else "vni" if legacy.is_vni_font(name) else ""
        parts = []
        for is_bytes, group in groupby(runs, lambda run: run.is_bytes):
            text = "".join([run.text for run in group])
            parts.append(self._decoded(text, font, encoding) if is_bytes and not text.isascii() else text)
        said = "".join(parts)
        if not encoding or (said.isascii() and not legacy.is_capitals_font(name)):
            return said
        self.converted.add(encoding)
        return legacy.from_font(said, name)

    def _decoded(self, text: str, font: int, encoding: legacy.Encoding) -> str:
        charset = self._charsets.get(font if font >= 0 else self._default, 1)
        data = text.encode("latin-1", "replace")
        page = "cp1252" if encoding or charset == 0 else _CODE_PAGES.get(charset, self._code_page)
        try:
            return decode.western(data) if page == "cp1252" else data.decode(page)
        except (LookupError, UnicodeDecodeError):
            return decode.western(data)

    # --- paragraphs -------------------------------------------------------------------------------

    def _end(self) -> None:
        """End a paragraph."""
        if self._in_cell and not self._in_table:
            self._tables, self._row, self._cell = self._tables + 1, 1, 1
        self._in_table = self._in_cell
        text = self._said()
        spot = (self._tables, self._row, self._cell) if self._in_table else (None, None, None)
        if text:
            self.pieces.append(Piece(text, *spot))

    def _step_aside(self, part: str) -> None:
        spot = (self._in_cell, self._in_table, self._row, self._cell)
        self._aside.append(_Aside(self._runs, part, len(self._stack), len(self.pieces), spot))
        self._runs = []
        if part not in _LABELS:
            self._in_cell = False

    def _return(self) -> None:
        """Come back from a footnote, a text box, or the label of a list."""
        aside = self._aside.pop()
        if aside.part in _LABELS:
            symbol = any(self._charsets.get(run.font) == _SYMBOL for run in self._runs)
            label = self._said()
            if len(label) == 1 and (symbol or "\ue000" <= label <= "\uf8ff"):
                label = "•"
            self._runs = aside.runs
            if label:
                self._runs.append(_Run(f"{label} ", -1, False))
            return
        text = self._said()
        if text:
            self.pieces.append(Piece(text))
        if aside.part == "footnote":
            self.footnotes += self.pieces[aside.first :]
            del self.pieces[aside.first :]
        self._runs = aside.runs
        self._in_cell, self._in_table, self._row, self._cell = aside.spot
