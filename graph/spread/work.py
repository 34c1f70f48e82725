"""What a worker does: read the texts of one partition in a child process with limits, and write them as Parquet."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

from extract.model import Extraction
from extract.read import ReadError
from extract.read.child import Child
from extract.read.limits import Limits
from graph.folder import CorpusError
from graph.gather import Job
from graph.note import note_of
from graph.parquet.arrow import ParquetError
from graph.parquet.texts import write_one
from graph.records import Cursor
from graph.spread.outcome import Outcome, as_notes, outcomes_in
from graph.spread.partition import program

_mine = threading.local()

Call = tuple[str, str, str, tuple[int, ...], int, int]
"""A job as it travels: path, shown, sha256, chain, record, at."""


class SpreadError(CorpusError):
    """A build on many machines cannot go on; the message is a Vietnamese sentence that says what to do."""


def call_of(job: Job) -> Call:
    """Return ``job`` as it travels to a worker."""
    return (str(job.path), job.shown, job.sha256, job.chain, job.record, job.at)


def file_of(folder: Path, name: str) -> Path:
    """Return where the partition ``name`` lies in ``folder``."""
    return folder / f"{name}.parquet"


def is_whole(path: Path) -> bool:
    """True when a partition was written to ``path``."""
    try:
        return path.exists() and bool(outcomes_in(path))
    except ParquetError:
        return False


def work(name: str, calls: Sequence[Call], folder: str, driver: str, limits: Limits) -> str:
    """Do :func:`read_partition`; return the sentence that says why it cannot be done, "" when it was.

    An error comes back as words, since Dask hangs on one that the driver cannot unpack (a class that it has not, a
    traceback of a thousand frames).
    """
    try:
        read_partition(name, calls, folder, driver, limits)
    except SpreadError as error:
        return str(error)
    except Exception as error:
        return f"Máy tính toán gặp lỗi bên trong ({type(error).__name__}: {str(error)[:200]}). Hãy chạy lại."
    return ""


def read_partition(name: str, calls: Sequence[Call], folder: str, driver: str, limits: Limits) -> None:
    """Read the texts ``calls`` and write them into ``folder``, unless that was done before.

    ``driver`` is the :func:`graph.spread.partition.program` there.

    Raises:
        SpreadError: this machine has another program, does not see the sources, or cannot write.
    """
    if program() != driver:
        raise SpreadError(
            "Máy tính toán có phiên bản Căn Cứ, hoặc thư viện và chương trình đọc tệp, khác với máy này. "
            "Hãy cài giống nhau trên mọi máy rồi chạy lại."
        )
    path = file_of(Path(folder), name)
    if is_whole(path):
        return
    jobs = [Job(Path(place), shown, sha256, "", chain, record, at) for place, shown, sha256, chain, record, at in calls]
    outcomes: list[Outcome] = []
    beside = path.with_name(f"{name}.{uuid.uuid4().hex}.moi")  # a worker taken for dead may be at the same
    try:
        write_one(_facts(jobs, limits, outcomes), path, lambda: as_notes(tuple(outcomes)), beside)
    except ParquetError as error:
        raise SpreadError(f"Máy tính toán: {error}") from error
    except OSError as error:
        raise SpreadError(
            f"Máy tính toán không ghi được vào thư mục chung “{folder}” ({error.strerror or error}). "
            "Hãy kiểm tra quyền ghi và dung lượng, hoặc chọn thư mục khác bằng --scratch."
        ) from error


def _facts(jobs: Sequence[Job], limits: Limits, outcomes: list[Outcome]) -> Iterator[Extraction]:
    """Yield the facts of the texts that can be read; ``outcomes`` takes what became of each."""
    texts, child = Cursor(), _child(limits)
    for job in jobs:
        if job.sha256 and not job.path.exists():
            raise SpreadError(
                f"Máy tính toán không thấy “{job.path}”. Hãy để văn bản ở thư mục mà mọi máy thấy cùng một đường dẫn."
            )
        try:
            if job.record:
                facts = child.extract_text(texts.text(job.path, job.record, job.at), job.name)
            else:
                facts = child.extract(job.path, job.chain, job.name)
        except ReadError as error:
            outcomes.append(Outcome(refusal=str(error)))
            continue
        outcomes.append(Outcome(note_of(facts)))
        yield facts


def _child(limits: Limits) -> Child:
    """Return the reader of this thread; it ends with the worker, whose end of the pipe closes then."""
    child: Child | None = getattr(_mine, "child", None)
    if child is None or child.limits != limits:
        if child is not None:
            child.close()
        child = _mine.child = Child(limits)
    return child
