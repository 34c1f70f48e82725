"""How workers are reached: a scheduler of Dask somewhere, or worker processes on this machine."""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from graph.spread.work import SpreadError

DEATHS = 3
"""A partition that so many workers had when they died is given up; a scheduler elsewhere has its own setting."""
_PATIENCE = 60
"""Seconds for a scheduler to answer, and for the first worker to be there."""


def dask() -> Any:
    """Return the module ``distributed``.

    Raises:
        SpreadError: it is not installed.
    """
    try:
        importlib.import_module("pyarrow")
        return importlib.import_module("distributed")
    except ImportError as error:
        raise SpreadError(
            "Chưa cài phần dựng trên nhiều máy (Dask). Hãy cài thêm: pip install 'cancu[dask]'."
        ) from error


@contextmanager
def connected(scheduler: str, workers: int) -> Iterator[Any]:
    """Give a Dask client for the time of a ``with``.

    It is connected to the ``scheduler`` at that address; with "" to one of our own with ``workers`` processes on this
    machine (0: one a processor), which end with it.

    Raises:
        SpreadError: Dask is missing, or nobody answers.
    """
    if not scheduler:
        with _own_cluster(workers) as cluster, dask().Client(cluster, set_as_default=False) as client:
            yield client
        return
    try:
        client = dask().Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SpreadError(
            f"Không nối được với bộ điều phối Dask “{scheduler}”. Hãy kiểm tra địa chỉ (ví dụ tcp://may-chu:8786)."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise SpreadError(
                f"Bộ điều phối “{scheduler}” chưa có máy tính toán nào. "
                f"Hãy chạy “dask worker {scheduler}” trên các máy."
            ) from error
        yield client


def _own_cluster(workers: int) -> Any:
    importlib.import_module("dask").config.set({
        "distributed.scheduler.allowed-failures": DEATHS - 1,
        "distributed.scheduler.worker-saturation": 1.0,  # so that only what is being read dies with a worker
    })  # fmt: skip
    return dask().LocalCluster(
        n_workers=workers or os.cpu_count() or 1, threads_per_worker=1, processes=True, host="127.0.0.1",
        dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL,
    )  # fmt: skip
