"""Plain text and Markdown: one block a line that is not blank."""

from __future__ import annotations

import hashlib
import re

from extract import collector
from extract.model import Block, Place, SourceText
from extract.text import normalise

_LINE = re.compile(r"[^\n]*\S[^\n]*")


def source_from_text(raw: str, path: str = "", sha256: str = "", format: str = "txt") -> SourceText:
    """Return ``raw`` as a source: NFC text with LF line ends, its lines as blocks."""
    text = normalise(raw)
    with collector.paused():
        spans = [m.span() for m in _LINE.finditer(text)]
        blocks = tuple([Block(start, end, Place(None, n)) for n, (start, end) in enumerate(spans, 1)])
    return SourceText(text, blocks, path, sha256 or hashlib.sha256(text.encode()).hexdigest(), format)
