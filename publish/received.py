"""What takes the files that a browser sends, and under which hidden name a file lies while it is being received."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Protocol

from graph import files

_NAME = re.compile(r"\.nhan-[0-9a-f]{16}")


class DeskError(Exception):
    """Something cannot be done with a file that waits; the message is a Vietnamese sentence for the user."""


class Receiver(Protocol):
    """Who takes received files: of documents, or of lists."""

    def temporary(self) -> Path:
        """Return where a file that is being received is written."""

    def receive(self, path: Path, given: str) -> str:
        """Take the received file ``path`` that is called ``given``; return the name under which it waits.

        Raises:
            DeskError: it cannot be taken.
            OSError: it cannot be moved.
        """

    def tell(self, name: str, reason: str, advice: str) -> None:
        """Remember why a file was not taken, for the page."""


def temporary(folder: Path) -> Path:
    """Return a name in ``folder``, which is made, for a file that is being received; hidden: it does not wait yet."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f".nhan-{secrets.token_hex(8)}"


def sweep(folder: Path) -> int:
    """Clear away what a server that was killed had half received; return how many files that were."""
    return files.sweep(folder, _NAME)
