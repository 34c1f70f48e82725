"""What can go wrong with an export."""

from __future__ import annotations


class ExportError(ValueError):
    """The export could not be made; the message is a Vietnamese sentence for the user."""
