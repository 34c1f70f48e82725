"""The garbage collector, kept still while one document is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Spare the search for rings among the many small values of one document: extraction makes none.

    The collector goes on as before afterwards, also when an error leaves the block.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
