"""What is to be read, cut into partitions that workers take: the same files always give the same partitions.

A partition is named by what it holds, so that one that was read before is not read again. It ends where it is large
enough, or behind a text whose hash says so: a file that is added or changed moves the ends of its neighbours only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from extract.read.limits import Limits
from graph.gather import Job
from graph.kept import key_of
from graph.parquet.shape import SHAPE_VERSION
from graph.version import engine, notes

MOST_JOBS, MOST_BYTES = 256, 16 * 1024 * 1024
"""Texts and bytes of their files in one partition; one text more may pass the second."""
_SMALL = 4
"""A partition of a quarter of that may end where a hash says so …"""
_ENDS = 64
"""… which one hash of so many does."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Texts that one worker reads, in order; ``name`` is a hash of all that decides what comes out."""

    name: str
    jobs: tuple[Job, ...]


def program() -> str:
    """Return what a driver and its workers must have in common: what reads, what notes, the columns."""
    return f"{engine()} {notes()} {SHAPE_VERSION}"


def partition_of(jobs: Sequence[Job], limits: Limits) -> Partition:
    """Return ``jobs`` as one partition, to be read with ``limits``."""
    texts = [(job.sha256, job.chain, bool(job.record), job.name) for job in jobs]
    return Partition(key_of("partition", program(), limits.memory, limits.seconds, texts), tuple(jobs))


def partitions_of(jobs: Sequence[Job], limits: Limits) -> Iterator[Partition]:
    """Yield ``jobs`` cut into partitions, in order."""
    shares: Counter[Path] = Counter(job.path for job in jobs)
    sizes: dict[Path, float] = {}
    part: list[Job] = []
    held = 0.0
    for job in jobs:
        if job.path not in sizes:
            sizes[job.path] = _bytes(job.path) / shares[job.path]
        part.append(job)
        held += sizes[job.path]
        full = max(len(part) / MOST_JOBS, held / MOST_BYTES)
        if full >= 1 or (full >= 1 / _SMALL and int(job.sha256[:8] or "1", 16) % _ENDS == 0):
            yield partition_of(part, limits)
            part, held = [], 0.0
    if part:
        yield partition_of(part, limits)


def _bytes(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
