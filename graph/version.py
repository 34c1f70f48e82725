"""The version of the program, which every base and export states."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """Return the installed version of ``cancu``, "0" when it runs from a bare checkout."""
    try:
        return metadata.version("cancu")
    except metadata.PackageNotFoundError:
        return "0"
