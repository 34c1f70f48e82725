"""The version of the program, which every base and export states."""

from __future__ import annotations

import hashlib
import shutil
from functools import cache
from importlib import metadata
from pathlib import Path

import extract

_LIBRARIES = ("lxml", "pypdfium2", "pdfplumber", "legacy-doc", "viparse", "trueocr")
_PROGRAMS = ("soffice", "antiword", "tesseract")


def version() -> str:
    """Return the installed version of ``cancu``, "0" when it runs from a bare checkout."""
    return _version_of("cancu") or "0"


@cache
def engine() -> str:
    """Return a hash of all that decides what is read in a file: the first room, its tables, the libraries it uses."""
    digest = hashlib.sha256(_content_of(Path(extract.__file__).parent))
    for name in _LIBRARIES:
        digest.update(f"{name} {_version_of(name)}\n".encode())
    for name in _PROGRAMS:  # a reader uses what is there, and says what is lost without it
        digest.update(f"{name} {shutil.which(name) is not None}\n".encode())
    return digest.hexdigest()


@cache
def room() -> str:
    """Return a hash of all that decides what is made of the facts: this room and its tables.

    Facts that were read stay valid when it changes; sheets and bases do not.
    """
    return hashlib.sha256(_content_of(Path(__file__).parent)).hexdigest()


def notes() -> str:
    """Return a hash of what decides the words of a text that are kept beside its facts."""
    room = Path(__file__).parent
    return hashlib.sha256(b"\0".join((room / name).read_bytes() for name in ("owner.py", "note.py"))).hexdigest()


def _content_of(folder: Path) -> bytes:
    """Return all code and tables in a folder, each file behind its name."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix in (".py", ".csv"))
    return b"".join(p.relative_to(folder).as_posix().encode() + b"\0" + p.read_bytes() for p in paths)


def _version_of(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
