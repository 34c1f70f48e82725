"""Who reads the texts of a build: this machine (:data:`LOCAL`) or many (:mod:`graph.spread`); the base is the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from extract.model import Extraction
from extract.read.limits import Limits
from graph.folder import Found
from graph.gather import Progress, Refusal, facts_of, gather, sheet_of
from graph.kept import Kept
from graph.note import Filed, Taken
from graph.sheet import Sheet


class Engine(Protocol):
    """Reads all texts, then gives the facts of each."""

    def gather(
        self, found: Sequence[Found], hashes: Sequence[str], kept: Kept, progress: Progress, limits: Limits
    ) -> tuple[list[Taken], list[Refusal]]:
        """Read all files and return what was read and what was refused, each in the order of the files."""
        ...

    def sheet_of(self, text: Filed, kept: Kept) -> Sheet:
        """Return the sheet of a text that was read; each is asked for this or its facts once, in the order told."""
        ...

    def facts_of(self, text: Filed, kept: Kept) -> Extraction:
        """Return the facts of a text that was read."""
        ...

    def forget_the_rest(self, kept: Kept) -> None:
        """Drop what was kept for files that are gone or changed."""
        ...


class _Local:
    def gather(
        self, found: Sequence[Found], hashes: Sequence[str], kept: Kept, progress: Progress, limits: Limits
    ) -> tuple[list[Taken], list[Refusal]]:
        return gather(found, hashes, kept, progress, limits)

    def sheet_of(self, text: Filed, kept: Kept) -> Sheet:
        return sheet_of(text, kept)

    def facts_of(self, text: Filed, kept: Kept) -> Extraction:
        return facts_of(text, kept)

    def forget_the_rest(self, kept: Kept) -> None:
        kept.forget_the_rest()


LOCAL: Engine = _Local()
"""All processors of this machine, each file in a child process."""
