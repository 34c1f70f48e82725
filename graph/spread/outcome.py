"""What a worker tells of each text of a partition: in the end of its Parquet file, so that the driver reads no more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from extract.wire import WireError, dump, load
from graph.gather import Job, Refusal, refusal
from graph.note import Note, Taken, taken_by
from graph.parquet.arrow import ParquetError
from graph.parquet.texts import notes_of

_KEY = b"cancu.outcomes"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A text that was read, or the sentence that refuses it."""

    note: Note | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _Outcomes:
    outcomes: tuple[Outcome, ...]


def as_notes(outcomes: tuple[Outcome, ...]) -> dict[str, bytes]:
    """Return ``outcomes`` as they go to the end of a file."""
    return {_KEY.decode(): dump(_Outcomes(outcomes))}


def outcomes_in(path: Path) -> tuple[Outcome, ...]:
    """Return what the end of a partition's file tells.

    Raises:
        ParquetError: it is no whole partition.
    """
    try:
        return load(_Outcomes, notes_of(path).get(_KEY, b"")).outcomes
    except WireError as error:
        raise ParquetError(str(error)) from error


def told(job: Job, outcome: Outcome, key: str) -> Taken | Refusal:
    """Return an outcome as the local engine tells it; ``key`` leads to the facts."""
    if outcome.note is None:
        return refusal(job.shown, outcome.refusal, job.sha256, job.date)
    return taken_by(outcome.note, key, job.shown)
