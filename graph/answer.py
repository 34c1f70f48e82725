"""What a reader child makes of a text for a build: its note, its sheet, and its facts where those are dear.

The facts of a plain text are read out of its words again sooner than they are kept. Those of all else are kept, for
the builds in which a register or people have to do with the text (:mod:`graph.rows`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from extract.model import Extraction
from extract.pipeline import extract
from extract.read import FORMATS
from extract.read.plain import source_from_text
from extract.wire import checking, dump
from graph.kept import packed
from graph.note import Note, note_of
from graph.schema import columns_of
from graph.sheet import Sheet, pack, sheet_of


@dataclass(frozen=True, slots=True)
class Answer:
    """The note of a text, its sheet and (or b"") its facts, both compressed; ``partly`` as in the source."""

    note: Note
    sheet: bytes
    facts: bytes
    partly: bool


def answer_of(facts: Extraction) -> Answer:
    """Return the answer for a text that was read."""
    plain = FORMATS.get(facts.source.format) == source_from_text.__module__
    kept = b"" if plain else packed(dump(facts))
    return Answer(note_of(facts), packed(pack(sheet_of(facts))), kept, facts.source.partly)


def make(facts: Extraction) -> bytes:
    """Return the answer for a text as bytes; this is what a child is asked for by name."""
    return msgspec.msgpack.encode(answer_of(facts))


def answer_in(data: bytes) -> Answer:
    """Return the answer that :func:`make` gave.

    Raises:
        WireError: the bytes are something else.
    """
    with checking():
        return _DECODER.decode(data)


def facts_again(sheet: Sheet) -> Extraction:
    """Return the facts of a plain text out of the words in its sheet."""
    row = dict(zip(columns_of("tep"), sheet.lines["tep"][0], strict=True))
    source = source_from_text(row["noi_dung"], row["duong_dan"], row["sha256"], row["dinh_dang"])
    return extract(replace(source, notes=tuple(filter(None, [row["ghi_chu"]]))))


_DECODER = msgspec.msgpack.Decoder(Answer)
