"""What every reader gives: the text, its blocks, and notes on what was lost or converted on the way."""

from __future__ import annotations

from dataclasses import dataclass

from extract.model import Block


class ReadError(Exception):
    """A file cannot be read; the message is a Vietnamese sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as text (NFC, LF line ends) with its blocks in order.

    ``notes`` are Vietnamese sentences for people: encodings converted, automatic numbers that may be lost, pages
    without text. ``partly`` is true when more time would have read more.
    """

    text: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    partly: bool = False
