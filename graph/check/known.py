"""What a check may be told of the cited acts: whether they are in force, their day elsewhere, their articles.

The text that is checked does not tell this; a base and a register do (:mod:`graph.known`). Without them nothing is
known, and the checks that need it say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from extract.model import Document


@dataclass(frozen=True, slots=True)
class KnownAct:
    """What is known of one act on one day.

    ``how`` says in words what became of it ("bị thay thế"), "" while it is in force or unknown; ``since`` is the ISO
    day of that, ``by`` the acting document, ``full`` the same as it is cited in full, ``source`` who says so. ``part``
    says the same of the provisions that are cited, where not all of the act fell (``amended``: they were only changed).
    ``date`` is the ISO day that
    ``date_source`` tells. ``articles`` are the numbers of its articles, None where its whole text is not known.
    ``issued_only``: ``since`` is the day on which ``by`` was issued; from when it has effect is not known.
    """

    how: str = ""
    since: str = ""
    by: str = ""
    source: str = ""
    part: str = ""
    date: str = ""
    date_source: str = ""
    articles: frozenset[int] | None = None
    full: str = ""
    issued_only: bool = False
    amended: bool = False


class Known(Protocol):
    """What is known of acts."""

    def act(self, document: Document, day: str, pinpoint: Sequence[str]) -> KnownAct | None:
        """Return what is known, on the ISO ``day``, of the act that ``document`` cites; None for nothing.

        ``pinpoint`` are the provisions that are cited.
        """


class Nothing:
    """Nothing is known."""

    def act(self, document: Document, day: str, pinpoint: Sequence[str]) -> KnownAct | None:
        """Return None."""
        return None


NOTHING = Nothing()

_ARTICLE_LINE = re.compile(r"^[ \t*_#“\"]*Điều (\d{1,3})[a-zđ]?[.:]", re.M)
_FEW = 3


def articles_of(text: str) -> frozenset[int] | None:
    """Return the numbers of the articles of a text, None where it has none or some seem to be missing."""
    found = [int(number) for number in _ARTICLE_LINE.findall(text)]
    numbers = frozenset(found)
    if len(numbers) < _FEW or min(found) > 1 or len(numbers) < max(found) * 0.9:
        return None
    return numbers
