"""The driver's side: cut, hand out, and read back in order. The base is that of the local engine, row by row."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from extract.model import Extraction
from extract.read.limits import Limits
from graph.folder import Found
from graph.gather import Job, Progress, Refusal, list_jobs, once, refusal
from graph.kept import Kept, KeptError
from graph.note import Filed, Taken
from graph.parquet.arrow import ParquetError
from graph.parquet.texts import read_one
from graph.sheet import Sheet, sheet_of
from graph.spread.cluster import DEATHS, connected, dask
from graph.spread.outcome import outcomes_in, told
from graph.spread.partition import Partition, partition_of, partitions_of, program
from graph.spread.work import SpreadError, call_of, file_of, is_whole, work

_Submit = Callable[[Partition], Any]


class DaskEngine:
    """Reads texts on the workers of a Dask cluster, reached as :func:`graph.spread.cluster.connected` says.

    ``folder`` is one that all machines see under the same path. Partitions stay there, so that a build which was
    stopped, or one of which some files changed, reads only the others.
    """

    def __init__(self, folder: Path, scheduler: str = "", workers: int = 0) -> None:
        """Nothing is reached yet."""
        self._folder = Path(os.path.abspath(folder))
        self._scheduler, self._workers = scheduler, workers
        self._used: set[str] = set()
        self._rows: tuple[str, int, Iterator[Extraction]] = ("", 0, iter(()))

    def gather(
        self, found: Sequence[Found], hashes: Sequence[str], kept: Kept, progress: Progress, limits: Limits
    ) -> tuple[list[Taken], list[Refusal]]:
        """Have all files read; see :class:`graph.engine.Engine`.

        Raises:
            SpreadError: Dask is missing, nobody answers, or a worker cannot do its part.
        """
        dask()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SpreadError(f"Không tạo được thư mục “{self._folder}”. Hãy chọn nơi khác bằng --scratch.") from error
        jobs = [_absolute(job) for job in list_jobs(found, hashes, kept, limits)]
        names = [Path(job.path if isinstance(job, Refusal) else job.shown) for job in jobs]
        with closing(self._results([job for job in jobs if isinstance(job, Job)], limits)) as results:
            steps = zip(progress(names), jobs, strict=True)
            all_told = list(once(job if isinstance(job, Refusal) else next(results) for _, job in steps))
        return [t for t in all_told if isinstance(t, Taken)], [t for t in all_told if isinstance(t, Refusal)]

    def sheet_of(self, text: Filed, kept: Kept) -> Sheet:
        """Return the sheet of a text; see :meth:`facts_of`."""
        return sheet_of(self.facts_of(text, kept))

    def facts_of(self, text: Filed, kept: Kept) -> Extraction:
        """Return the facts of a text; asked in order, each file is read once.

        Raises:
            graph.kept.KeptError: they are not there any more, or damaged; to be read anew.
        """
        name, _, row = text.key.partition("/")
        open_name, at, rows = self._rows
        try:
            if name != open_name or int(row) < at:
                at, rows = int(row), read_one(file_of(self._folder, name), int(row))
            for _ in range(int(row) - at):
                next(rows)
            facts = next(rows)
        except (ParquetError, StopIteration) as error:
            with suppress(OSError):
                file_of(self._folder, name).unlink()
            raise KeptError(f"{name}: {error}", damaged=True) from error
        self._rows = (name, int(row) + 1, rows)
        return replace(facts, source=replace(facts.source, path=text.path))

    def forget_the_rest(self, kept: Kept) -> None:
        """Drop partitions that are no part of this build; what the local engine keeps stays for it."""
        self._rows = ("", 0, iter(()))
        for path in self._folder.iterdir():
            if path.suffix in (".parquet", ".moi") and path.stem not in self._used:
                with suppress(OSError):
                    path.unlink()

    def _results(self, jobs: Sequence[Job], limits: Limits) -> Generator[Taken | Refusal]:
        """Yield what became of each job, in order."""
        parts = list(partitions_of(jobs, limits))
        missing = {part.name: part for part in parts if not is_whole(file_of(self._folder, part.name))}
        with ExitStack() as stack:
            client = stack.enter_context(connected(self._scheduler, self._workers)) if missing else None

            def submit(part: Partition) -> Any:
                calls = [call_of(job) for job in part.jobs]
                given = (part.name, calls, str(self._folder), program(), limits)
                return client.submit(work, *given, key=f"doc-{part.name}") if client else None

            futures = {name: submit(part) for name, part in missing.items()}
            for part in parts:
                yield from self._done(part, futures.pop(part.name, None), submit, limits)

    def _done(self, part: Partition, future: Any, submit: _Submit, limits: Limits) -> Iterator[Taken | Refusal]:
        """Yield the results of a partition; of one that its workers died of, those of its texts one by one."""
        if future is None or _came(future):
            yield from self._read(part)
        elif len(part.jobs) > 1:
            for job in part.jobs:
                alone = partition_of([job], limits)
                yield from self._done(alone, submit(alone), submit, limits)
        else:
            (job,) = part.jobs
            yield refusal(job.shown, _deadly(job.name), job.sha256, job.date)

    def _read(self, part: Partition) -> Iterator[Taken | Refusal]:
        try:
            outcomes = outcomes_in(file_of(self._folder, part.name))
        except ParquetError as error:
            raise SpreadError(
                f"Không thấy kết quả của máy tính toán trong “{self._folder}”. "
                "Hãy chọn bằng --scratch một thư mục chung mà mọi máy thấy cùng một đường dẫn."
            ) from error
        self._used.add(part.name)
        row = 0
        for job, outcome in zip(part.jobs, outcomes, strict=True):
            yield told(job, outcome, f"{part.name}/{row}")
            row += outcome.note is not None


def _came(future: Any) -> bool:
    """Wait for a worker; False when too many died of the partition.

    Raises:
        SpreadError: it cannot be read for another reason.
    """
    try:
        sentence = future.result()
    except dask().KilledWorker:
        return False
    except ImportError as error:
        raise SpreadError(
            f"Máy tính toán thiếu phần mềm ({error.name}). Hãy cài Căn Cứ kèm [dask] trên mọi máy rồi chạy lại."
        ) from error
    except Exception as error:  # whatever Dask says of a scheduler that is gone
        raise SpreadError(
            f"Việc tính toán trên Dask dừng giữa chừng ({type(error).__name__}: {error}). "
            "Hãy chạy lại: phần đã đọc không phải đọc lại."
        ) from error
    if sentence:
        raise SpreadError(sentence)
    return True


def _deadly(name: str) -> str:
    return (
        f"Máy tính toán dừng đột ngột {DEATHS} lần khi đọc “{name}” nên đã bỏ qua. "
        "Hãy kiểm tra tệp và bộ nhớ của các máy, hoặc dựng riêng tệp này trên một máy."
    )


def _absolute(job: Job | Refusal) -> Job | Refusal:
    return job if isinstance(job, Refusal) else replace(job, path=Path(os.path.abspath(job.path)))
