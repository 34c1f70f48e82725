"""Words of scanned pages, when a recogniser is installed: trueocr (the extra ``ocr``), else the system's tesseract."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any, Protocol

from extract.read.page_words import Run, Word

MAX_PIXELS = 40_000_000
"""A larger picture of a page is not made: a page may claim any size."""

DOTS = 200
"""Dots an inch at which pages are shown to the recogniser."""

_SECONDS = 120
"""A page that takes longer is given up."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A line as recognised, its box in pixels from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Recogniser(Protocol):
    """What reads a picture of a page."""

    @property
    def name(self) -> str:
        """Return the name that people know it by."""

    def read(self, picture: bytes) -> list[Seen]:
        """Return the lines of a grey picture (PGM) in reading order."""


class TrueOcr:
    """The package trueocr, which brings its models along."""

    name = "trueocr"

    def __init__(self) -> None:
        """Load the models."""
        self._model: Any = importlib.import_module("trueocr").load_model()

    def read(self, picture: bytes) -> list[Seen]:
        """Return the lines of a grey picture (PGM) in reading order."""
        return [Seen(line["text"], *map(float, line["bbox"])) for line in self._model.predict(picture).lines]


class Tesseract:
    """The system's tesseract with Vietnamese, as a program of its own."""

    name = "tesseract"

    def __init__(self, program: str) -> None:
        """Take the path of the program."""
        self._program = program

    def read(self, picture: bytes) -> list[Seen]:
        """Return the lines of a grey picture (PGM) in reading order."""
        done = subprocess.run(
            [self._program, "stdin", "stdout", "-l", "vie", "--psm", "3", "--dpi", str(DOTS), "tsv"],
            input=picture, capture_output=True, timeout=_SECONDS, check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # its threads wait for each other: one alone is faster
        )  # fmt: skip
        return lines_of_tsv(done.stdout.decode("utf-8", "replace"))


def lines_of_tsv(tsv: str) -> list[Seen]:
    """Return tesseract's table of words as lines, parted at gaps twice as wide as high: those part columns."""
    lines: list[list[Seen]] = []
    line: list[str] = []
    for row in tsv.split("\n")[1:]:
        fields = row.split("\t")
        if len(fields) < 12 or fields[0] != "5" or not fields[11].strip():
            continue
        left, top, width, height = map(float, fields[6:10])
        if fields[1:5] != line or left - lines[-1][-1].right > 2 * height:
            lines.append([])
        line = fields[1:5]
        lines[-1].append(Seen(fields[11].strip(), left, top, left + width, top + height))
    return [
        Seen(" ".join(w.text for w in words), min(w.left for w in words), min(w.top for w in words),
             max(w.right for w in words), max(w.bottom for w in words))
        for words in lines
    ]  # fmt: skip


def runs_of_page(page: Any, engine: Recogniser) -> list[Run]:
    """Return the lines of an open page of pypdfium2 as ``engine`` sees them, in points of the page."""
    width, height = page.get_size()
    scale = min(DOTS / 72, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        rows = memoryview(bitmap.buffer).cast("B")
        if bitmap.stride == bitmap.width:
            grey = bytes(rows[: bitmap.width * bitmap.height])
        else:
            grey = b"".join(
                rows[y * bitmap.stride : y * bitmap.stride + bitmap.width] for y in range(bitmap.height)
            )  # fmt: skip
        picture = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + grey
    finally:
        bitmap.close()
    runs = []
    for seen in engine.read(picture):
        words = seen.text.split()
        letters = max(len(" ".join(words)), 1)
        step = (seen.right - seen.left) / letters / scale
        x = seen.left / scale
        run = Run([])
        for word in words:  # letters are taken for equally wide: only margins and gaps are asked for later
            run.words.append(
                Word(word, x, height - seen.bottom / scale, x + len(word) * step, height - seen.top / scale)
            )  # fmt: skip
            x += (len(word) + 1) * step
        if run.words:
            runs.append(run)
    return runs


@functools.cache
def find() -> Recogniser | None:
    """Return the recogniser that is installed, None when there is none."""
    if importlib.util.find_spec("trueocr") is not None:
        try:
            return TrueOcr()
        except Exception:  # a broken installation must not keep the text of other pages from people
            pass
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        known = subprocess.run([program, "--list-langs"], capture_output=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Tesseract(program) if b"vie" in known.split() else None
