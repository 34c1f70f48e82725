"""How long pages take while the server rebuilds its base: idle, built in a thread of the server, in its own process.

A folder of copies of the plan in ``corpus/`` is built and served with editing on; then documents are added, one after
another, and pages are asked without a pause, one client at a time. ``serve --edit`` builds in its own process; the
thread is how it was before, for comparison.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

from benchmarks.formats import CORPUS, find_plans, numbered

HOST = "127.0.0.1"
WAYS = {"idle": "", "thread of the server": "graph.corpus", "own process": "graph.apart"}
COPIES, ROUNDS, IDLE = 400, 3, 10.0

SERVER = """
import importlib, json, sys, threading
from pathlib import Path
import asyncio, uvicorn
from graph import files
from publish import desk as module
from publish.asgi import one_after_another
from publish.desk import Desk
from publish.serve import make_datasette

base, folder, way, port = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
if way:
    module.build = importlib.import_module(way).build
datasette = make_datasette(base)
served = datasette.get_database(base.stem)
desk = served.desk = Desk(base, [folder], served.swap)
asyncio.run(datasette.invoke_startup())

def work():
    for line in sys.stdin:
        name = json.loads(line)
        desk.read()
        desk.wait(60)
        desk.add([name])
        desk.wait(600)
        print(json.dumps(desk.state().outcome.error), flush=True)

threading.Thread(target=work, daemon=True).start()
uvicorn.run(one_after_another(datasette.app()), host="127.0.0.1", port=port, log_level="error")
"""


@dataclass(frozen=True, slots=True)
class Row:
    """Milliseconds of each page asked in one way, and the seconds of each rebuild meanwhile."""

    way: str
    taken: tuple[float, ...]
    rebuilds: tuple[float, ...]

    def at(self, share: float) -> float:
        """Return the time that ``share`` of the pages did not exceed."""
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(way: str, base: Path, folder: Path, text: str, first: int, port: int) -> Row:
    """Ask pages of the server over ``base`` while documents numbered from ``first`` are added, or while it is idle.

    Raises:
        RuntimeError: a document could not be added.
    """
    command = [sys.executable, "-c", SERVER, str(base), str(folder), WAYS[way], str(port)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        pages = cycle(["/", f"/tim?q={quote('08-NQ/TU')}", "/ra-soat", "/cancu/nhiem_vu", "/don-vi", "/do-phu"])
        for _ in range(6):
            _asked(port, next(pages))  # what is loaded once
        taken: list[float] = []
        rebuilds: list[float] = []
        if not WAYS[way]:
            end = time.monotonic() + IDLE
            while time.monotonic() < end:
                taken.append(_asked(port, next(pages)))
        for n in range(first, first + ROUNDS if WAYS[way] else first):
            taken += _while_adding(server, base, f"moi-{n}.md", numbered(text, n), port, pages, rebuilds)
        return Row(way, tuple(taken), tuple(rebuilds))
    finally:
        server.kill()
        server.wait()


def _while_adding(
    server: subprocess.Popen[str],
    base: Path,
    name: str,
    text: str,
    port: int,
    pages: Iterator[str],
    rebuilds: list[float],
) -> list[float]:
    from threading import Thread

    waiting = base.with_name(f"{base.name}.cho")
    waiting.mkdir(exist_ok=True)
    (waiting / name).write_text(text, encoding="utf-8")
    assert server.stdin is not None and server.stdout is not None
    said: list[str] = []
    start = time.monotonic()
    server.stdin.write(json.dumps(name) + "\n")
    server.stdin.flush()
    listener = Thread(target=lambda: said.append(json.loads(server.stdout.readline())))  # type: ignore[union-attr]
    listener.start()
    taken = []
    while listener.is_alive():
        taken.append(_asked(port, next(pages)))
    rebuilds.append(time.monotonic() - start)
    if said != [""]:
        raise RuntimeError(f"not added: {said}")
    return taken


def _asked(port: int, path: str) -> float:
    """Return the milliseconds from a request to the last byte of its answer; a server that starts is waited for."""
    end = time.monotonic() + 60
    while True:
        start = time.perf_counter()
        connection = HTTPConnection(HOST, port, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
        except ConnectionError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
            continue
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return (time.perf_counter() - start) * 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    from benchmarks import papers
    from graph.corpus import build
    from publish.serve import free_port

    parser = argparse.ArgumentParser(prog="python -m benchmarks.rebuild", description=__doc__.splitlines()[0])
    parser.add_argument("--copies", type=int, default=COPIES, metavar="N", help="documents of the folder")
    copies: int = parser.parse_args(arguments).copies
    text = find_plans([CORPUS])[0].read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="cancu-") as home:
        folder, base = Path(home) / "kho", Path(home) / "cancu.db"
        folder.mkdir()
        for n in range(1, copies + 1):
            (folder / f"{n:04d}.docx").write_bytes(papers.docx(numbered(text, n)))
        build([folder], base)
        rows = [measure(way, base, folder, text, copies + 1 + ROUNDS * n, free_port()) for n, way in enumerate(WAYS)]
    print("| while the base is built | pages | p50, ms | p95, ms | slowest, ms | s a rebuild |")
    print("|---|--:|--:|--:|--:|--:|")
    for r in rows:
        seconds = f"{sum(r.rebuilds) / len(r.rebuilds):.1f}" if r.rebuilds else ""
        print(f"| {r.way} | {len(r.taken)} | {r.at(0.5):.0f} | {r.at(0.95):.0f} | {max(r.taken):.0f} | {seconds} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
