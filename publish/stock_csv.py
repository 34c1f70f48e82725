"""Datasette's CSV made fit for Excel as it streams: the mark of UTF-8, no formulas, no keys of order."""

from __future__ import annotations

import codecs
import csv
import io

from publish.columns import is_key
from publish.export.clean import defuse


class Rows:
    """Turns the pieces of one CSV answer, which Datasette sends in whole rows; a file of ours passes as it is."""

    def __init__(self) -> None:
        """Begin before the head of the table."""
        self._ours: bool | None = None
        self._keys: frozenset[int] = frozenset()

    def turn(self, piece: bytes) -> bytes:
        """Return a piece as it goes out."""
        if self._ours is None and piece:
            self._ours = piece.startswith(codecs.BOM_UTF8)
            return piece if self._ours else codecs.BOM_UTF8 + self._rows(piece, head=True)
        return piece if self._ours else self._rows(piece)

    def _rows(self, piece: bytes, *, head: bool = False) -> bytes:
        csv.field_size_limit(max(csv.field_size_limit(), len(piece) + 1))  # a cell may hold a whole document
        made = io.StringIO(newline="")
        writer = csv.writer(made)
        for row in csv.reader(io.StringIO(piece.decode(), newline="")):
            if head:
                head, self._keys = False, frozenset(at for at, name in enumerate(row) if is_key(name))
            writer.writerow([defuse(cell) for at, cell in enumerate(row) if at not in self._keys])
        return made.getvalue().encode()
