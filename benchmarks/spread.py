"""What a build costs on this machine and on Dask workers of it: CPU of driver and workers; and the bases are equal.

``python -m benchmarks.spread PATH … [--nhan N]`` builds the same sources with both engines in a folder of the moment.
Each build runs in a process of its own, so that CPU time and peak memory are its own; children are the readers, with
Dask the workers and theirs. The last line builds a third time from what the workers left: what only the driver does.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

_BUILD = """
import json, resource, sys, time
from publish.cli import main
start = time.time()
try:
    main()
except SystemExit as end:
    if end.code:
        raise
own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps([time.time() - start, own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime,
                  own.ru_maxrss / 1024]))
"""


def build(sources: Sequence[str], base: Path, *options: str) -> tuple[float, float, float, float]:
    """Build ``base``; return seconds by the clock, CPU seconds of the process and of its children, peak MB of it."""
    command = [sys.executable, "-c", _BUILD, "build", *sources, "--db", str(base), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    wall, own, children, peak = json.loads(done.stdout.splitlines()[-1])
    return wall, own, children, peak


def content(base: Path) -> Iterator[str]:
    """Yield every row of every table, without the time of the build."""
    with closing(sqlite3.connect(base)) as connection:
        for line in connection.iterdump():
            if "ngay_dung" not in line and "gio_dung" not in line:
                yield line


def main() -> None:
    """Print a line an engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--nhan", type=int, default=2)
    given = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    print("| engine | wall s | CPU s, driver | CPU s, children | peak MB, driver |\n|---|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        local, spread = Path(folder) / "local.db", Path(folder) / "dask.db"
        dask = ("--engine", "dask", "--nhan", str(given.nhan))
        for name, base, options in (
            ("local", local, ()),
            (f"Dask, {given.nhan} workers", spread, dask),
            ("Dask, all partitions there", spread, dask),
        ):
            base.unlink(missing_ok=True)
            wall, own, children, peak = build(given.sources, base, *options)
            print(f"| {name} | {wall:.1f} | {own:.1f} | {children:.1f} | {peak:.0f} |", flush=True)
        rows = 0
        for one, other in zip(content(local), content(spread), strict=True):
            assert one == other, (one[:200], other[:200])
            rows += 1
        print(f"{rows} lines of both bases are equal")


if __name__ == "__main__":
    main()
