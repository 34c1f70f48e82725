"""Paragraphs with their place in a table → a reading; shared by the readers of formats without pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extract.model import Block, Place
from extract.read import decode, legacy
from extract.read.result import ReadError, Reading
from extract.text import normalise


class Piece(NamedTuple):
    """One paragraph, one line of text; the others are as in :class:`Place`."""

    text: str
    table: int | None = None
    row: int | None = None
    cell: int | None = None
    rows: int | None = None


def reading(pieces: Sequence[Piece], notes: Sequence[str], name: str, fewest: int | None = legacy.FEWEST) -> Reading:
    """Return pieces as text and blocks; blank ones are left out.

    A text typed in an old font encoding is converted as a whole, with a note, if it has at least ``fewest`` words to
    tell by; None says that this is settled already.

    Raises:
        ReadError: there is no text.
    """
    pieces = [piece for piece in pieces if piece.text.strip()]
    if not pieces:
        raise ReadError(f"Tệp “{name}” không có nội dung.")
    texts = [piece.text for piece in pieces]
    if fewest is not None and (font := legacy.detect("\n".join(texts), fewest)):
        texts = [legacy.convert(text, font) for text in texts]
        notes = [*notes, decode.font_note(font)]
    texts = [normalise(text) for text in texts]
    blocks = []
    at = 0
    for n, (text, piece) in enumerate(zip(texts, pieces, strict=True), 1):
        blocks.append(Block(at, at + len(text), Place(None, n, *piece[1:])))
        at += len(text) + 1
    return Reading("\n".join(texts), tuple(blocks), tuple(notes))
