"""Words of scanned pages, when a recogniser is installed: trueocr (the extra ``ocr``), else the system's tesseract."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any, Protocol

from extract.read import trueocr_worker, worker
from extract.read.limits import more_memory, time_left
from extract.read.ocr_repair import repair
from extract.read.page_words import Run, Word
from extract.wire import WireError, load

MAX_PIXELS = 40_000_000
"""A larger picture of a page is not made: a page may claim any size."""

DOTS = 200
"""Dots an inch at which pages are shown to the recogniser."""

_MEMORY = 3 * 1024**3
"""onnxruntime maps 1.6 GB for the 330 MB that it uses."""

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


class RecogniserError(Exception):
    """A page, or any page, cannot be recognised."""


class Recogniser(Protocol):
    """What reads a picture of a page."""

    @property
    def name(self) -> str:
        """Return the name that people know it by."""

    def read(self, picture: bytes) -> list[Seen]:
        """Return the lines of a grey picture (PGM) in reading order; RecogniserError when that fails."""

    def close(self) -> None:
        """Give back what it holds; it reads nothing after that."""


class TrueOcr:
    """The package trueocr, which brings its models along, in a process of its own."""

    name = "trueocr"

    def __init__(self) -> None:
        """Start the process and wait for its models.

        Raises:
            RecogniserError: they cannot be loaded.
        """
        with more_memory(_MEMORY):
            self._process = subprocess.Popen(
                worker.command("extract.read.trueocr_worker"), env=worker.environment(),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        if self._receive() != trueocr_worker.READY:
            self.close()
            raise RecogniserError("trueocr does not start")

    def read(self, picture: bytes) -> list[Seen]:
        """Return the lines of a grey picture (PGM) in reading order.

        Raises:
            RecogniserError: the process has died.
        """
        assert self._process.stdin is not None
        try:
            worker.send(self._process.stdin, picture)
            answer = self._receive()
            if answer is None:
                raise RecogniserError("trueocr has ended")
            return [Seen(*line) for line in load(tuple[tuple[str, float, float, float, float], ...], answer)]
        except (OSError, ValueError, WireError) as error:
            raise RecogniserError(str(error)) from error

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        worker.shut(self._process.stdin)
        worker.shut(self._process.stdout)

    def _receive(self) -> bytes | None:
        assert self._process.stdout is not None
        return worker.receive(self._process.stdout)


class Tesseract:
    """The system's tesseract with Vietnamese, as a program of its own."""

    name = "tesseract"

    def __init__(self, program: str) -> None:
        """Take the path of the program."""
        self._program = program

    def read(self, picture: bytes) -> list[Seen]:
        """Return the lines of a grey picture (PGM) in reading order.

        Raises:
            RecogniserError: it failed, or took too long.
        """
        try:
            return lines_of_tsv(self._table(picture))
        except (OSError, subprocess.SubprocessError) as error:
            raise RecogniserError(str(error)) from error

    def close(self) -> None:
        """Do nothing: each page has a process of its own."""

    def _table(self, picture: bytes) -> str:
        done = subprocess.run(
            [self._program, "stdin", "stdout", "-l", "vie", "--psm", "3", "--dpi", str(DOTS), "tsv"],
            input=picture, capture_output=True, timeout=min(_SECONDS, max(time_left() - 4, 1)), check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # its threads wait for each other: one alone is faster
        )  # fmt: skip
        return done.stdout.decode("utf-8", "replace")


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


def runs_of_page(page: Any, engine: Recogniser) -> tuple[list[Run], list[tuple[str, str]]]:
    """Return the lines of an open page of pypdfium2 as ``engine`` sees them (in points), and the slips it mended.

    Raises:
        RecogniserError: the page cannot be recognised.
    """
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
    mended: list[tuple[str, str]] = []
    for seen in engine.read(picture):
        line, slips = repair(seen.text)
        mended += slips
        words = line.split()
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
    return runs, mended


def find() -> Recogniser | None:
    """Return the recogniser that is installed, None when there is none; the caller closes it."""
    if importlib.util.find_spec("trueocr") is not None:
        try:
            return TrueOcr()
        except (RecogniserError, OSError):  # a broken installation must not keep the other one from its work
            pass
    program = _tesseract()
    return Tesseract(program) if program else None


@functools.cache
def _tesseract() -> str:
    """Return the path of a tesseract that knows Vietnamese, "" when there is none."""
    program = shutil.which("tesseract")
    if program is None:
        return ""
    try:
        known = subprocess.run([program, "--list-langs"], capture_output=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return program if b"vie" in known.split() else ""
