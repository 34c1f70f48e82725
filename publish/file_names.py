"""Names of files that come in and go out: safe on Windows and Linux, readable as they were, none that is taken."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

_FORBIDDEN = re.compile(r'[<>:"|?*›]')  # "›" parts an archive from its members in what people see
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])", re.IGNORECASE)
_LONGEST = 120
"""Letters of a name without its ending: leaves room for the folder within the 260 letters of old Windows paths."""
_MOST_BYTES = 200
_ENDING = re.compile(r"\.[0-9A-Za-z]{1,10}\Z")
_MOST = 10_000
_SAID = 90
"""Letters of what a download says of its content, before the day."""


def safe_name(given: str) -> str:
    """Return a file name of the web as one that every system takes: marks and blanks are kept, no part of a path."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    name = "".join(" " if c.isspace() else c for c in name)
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    name = " ".join(_FORBIDDEN.sub("-", name).split()).lstrip(". ~$").rstrip(". ")
    stem, ending = _parted(name)
    stem = stem.rstrip(". ")[:_LONGEST]
    while len(stem.encode()) > _MOST_BYTES:
        stem = stem[:-1]
    stem = stem.rstrip(". ") or "van-ban"
    if _DEVICES.fullmatch(stem.partition(".")[0].rstrip()):
        stem = f"tep {stem}"
    return stem + ending


def download_name(words: str, day: date, suffix: str) -> str:
    """Return the name of a file that is downloaded: "Chuỗi căn cứ - Nghị quyết số 08-NQ-TU (24-11-2026).docx"."""
    said = " ".join(re.sub(r"[/\\]", "-", _FORBIDDEN.sub("-", unicodedata.normalize("NFC", words))).split())
    said = said if len(said) <= _SAID else said[:_SAID].rsplit(" ", 1)[0]
    end = f" ({day:%d-%m-%Y})"
    while len(f"{said}{end}".encode()) > _MOST_BYTES:
        said = said[:-1]
    return safe_name(f"{said.strip(' .,;:-–…')}{end}{suffix}")


def free_names(name: str, folder: Path) -> Iterator[str]:
    """Yield ``name``, then "name (2)" …: those that no file of ``folder`` has, whatever its letter case."""
    taken = {_folded(entry) for entry in os.listdir(folder)}
    stem, ending = _parted(name)
    for n in range(1, _MOST):
        candidate = f"{stem} ({n}){ending}" if n > 1 else name
        if _folded(candidate) not in taken:
            yield candidate


def _parted(name: str) -> tuple[str, str]:
    found = _ENDING.search(name)
    return (name[: found.start()], found.group()) if found else (name, "")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
