"""How long the pages of a large base take: the real server as a child, asked on 127.0.0.1, one client and then twenty.

Time is from the request to the last byte of the answer, on one machine. Every answer must be a page (200, or 300 where
several documents fit); each address is asked once, so that no page is measured out of a cache of its own. The base is
made by ``benchmarks.big_base``.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from urllib.parse import quote, urlencode

from graph.lazy import LazyGraph
from graph.store import open_base
from graph.trace import trace_up
from publish.links import Links

HOST = "127.0.0.1"
TIMES, CLIENTS, MOST = 20, 20, 60
"""Requests of a kind; clients at once; requests of all clients together are at most so many times the clients."""
PAGE, FACETS, CROWD, CHAIN, MEMORY = 200.0, 600.0, 500.0, 50.0, 400.0
"""The bars: milliseconds, and megabytes of the server."""
_START = 60.0


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one kind of page: milliseconds of each request, and of processor time of the server for all.

    The processor time tells what a page costs where other programs keep the machine busy.
    """

    kind: str
    bar: float
    taken: tuple[float, ...]
    failed: int = 0
    cpu: float | None = None

    def at(self, share: float) -> float:
        """Return the time that ``share`` of the requests did not exceed."""
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    @property
    def met(self) -> bool:
        """True when 95 of 100 requests kept to the bar and none failed."""
        return not self.failed and self.at(0.95) <= self.bar


# --- the server -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Server:
    """The child process and where it answers."""

    process: subprocess.Popen[bytes]
    port: int

    def memory(self) -> tuple[float | None, float | None]:
        """Return (resident size, its peak) in MB, None where the system does not tell."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return None, None
        found = {m[1]: int(m[2]) * 1024 / 1e6 for m in re.finditer(r"(VmRSS|VmHWM):\s+(\d+) kB", status)}
        return found.get("VmRSS"), found.get("VmHWM")

    def cpu(self) -> float | None:
        """Return the milliseconds of processor time so far, None where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(path: Path) -> Iterator[Server]:
    """Run ``cancu serve`` over ``path`` on a free port until the block ends.

    Raises:
        TimeoutError: it did not answer within a minute.
    """
    with closing(socket.socket()) as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    run = "from publish.cli import main; main()"
    command = [sys.executable, "-c", run, "serve", "--db", str(path), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    try:
        end = time.monotonic() + _START
        while True:
            try:
                socket.create_connection((HOST, port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > end:
                    raise TimeoutError(f"the server over {path} did not start") from None
                time.sleep(0.05)
        yield Server(process, port)
    finally:
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def ask(port: int, addresses: Sequence[str]) -> tuple[list[float], int]:
    """Ask for ``addresses`` one after another; return the milliseconds of each and how many gave no page."""
    connection = HTTPConnection(HOST, port, timeout=30)
    taken: list[float] = []
    failed = 0
    for address in addresses:
        start = time.perf_counter()
        try:
            connection.request("GET", address)
            answer = connection.getresponse()
            answer.read()
            failed += answer.status not in (200, 300)
        except OSError:
            failed += 1
            connection.close()
        taken.append((time.perf_counter() - start) * 1000)
    connection.close()
    return taken, failed


# --- what is asked --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: its name, the bar it has to keep, its addresses."""

    name: str
    bar: float
    addresses: tuple[str, ...]


def kinds(path: Path, times: int, seed: int) -> list[Kind]:
    """Return the pages to ask of the base at ``path``, the same for the same seed."""
    with closing(open_base(path)) as base:
        return list(_kinds(base, Links(tables=f"/{path.stem}"), times, Random(f"pages {seed}")))


def _kinds(base: sqlite3.Connection, links: Links, times: int, random: Random) -> Iterator[Kind]:
    def picked(sql: str) -> list[tuple[str, ...]]:
        rows = base.execute(sql).fetchall()
        return [random.choice(rows) for _ in range(times)] if len(rows) > times else rows

    def kind(name: str, addresses: Sequence[str], bar: float = PAGE) -> Kind:
        return Kind(name, bar, tuple(addresses))

    hubs = base.execute("SELECT van_ban FROM trich_dan GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 5").fetchall()
    cited = picked("SELECT id, so_ky_hieu FROM van_ban WHERE trong_kho = 0 AND so_ky_hieu <> ''")
    plans = picked("SELECT id FROM van_ban WHERE trong_kho = 1")
    tasks = picked("SELECT id FROM nhiem_vu")
    places = picked("SELECT DISTINCT substr(trich_yeu, instr(trich_yeu, 'tại xã ') + 7, 16) FROM van_ban"
                    " WHERE trich_yeu LIKE '%tại xã %' AND trong_kho = 0")  # fmt: skip
    table = links.table
    yield kind("home", [links.home] * times)
    yield kind("document, cited", [links.document(row[0]) for row in cited])
    yield kind("document, plan", [links.document(row[0]) for row in plans])
    yield kind("document, hub", [links.document(row[0]) for row in hubs])
    yield kind("task", [links.unit(row[0]) for row in tasks])
    yield kind("search, rare words", [links.search(" ".join(row[0].split()[:3])) for row in places])
    common = ("kế hoạch", "ke hoach", "nghị quyết", "thực hiện", "tỉnh Minh Họa", "phát triển", "của", "chuyển đổi số")
    yield kind("search, common words", [links.search(words) for words in common])
    yield kind("search, number", [links.search(row[1]) for row in cited])
    yield kind("search, part of a number", [links.search(str(random.randrange(1, 900))) for _ in range(times)])
    yield kind("search, no hit", [links.search(f"khongco{n} xyz") for n in range(times)])
    yield kind("trace, cited document", [links.trace(row[0]) for row in cited])
    yield kind("trace, hub", [links.trace(row[0]) for row in hubs])
    yield kind("view around a document", [links.drawing(row[0]) for row in cited])
    names = ("van_ban", "muc", "trich_dan", "quan_he", "nhiem_vu", "can_cu", "tra_so", "tep", "chuong_trinh")
    yield kind("table, first page", [table(name) for name in names])
    yield kind("table, read as words", [
        table(name) for name in ("xem_nhiem_vu", "xem_quan_he", "xem_trich_dan", "xem_van_ban")
    ])  # fmt: skip
    yield kind("table, filter", [
        *(table("trich_dan", van_ban=row[0]) for row in hubs), *(table("can_cu", van_ban=row[0]) for row in cited[:5]),
        table("van_ban", trong_kho=1), table("van_ban", loai="Kế hoạch"), table("trich_dan", trang_thai="đã xác định"),
        table("nhiem_vu", do_manh="kế thừa"), table("can_cu", van_ban=hubs[0][0], cach="trực tiếp"),
        table("dan_chieu", loai="chưa nói rõ văn bản nào"), table("quan_he", dich=hubs[0][0]),
    ])  # fmt: skip
    yield kind("findings", [
        links.findings(), links.findings(trang=900), links.findings(muc_do="nên sửa", trang=900),
        links.findings(quy_tac="missing-so", trang=40), *(links.findings(row[0]) for row in plans[:5]),
    ])  # fmt: skip
    yield kind("table, sort", [
        table("van_ban", _sort="ngay_ban_hanh"), table("van_ban", _sort_desc="sap_xep"), table("van_ban", _sort="nhan"),
        table("nhiem_vu", _sort_desc="thu_tu"), table("trich_dan", _sort="id"), table("nhiem_vu", _sort="thoi_han"),
        table("van_ban", _sort_desc="sap_xep", trong_kho=1), table("van_ban", _sort="co_quan_ban_hanh"),
    ])  # fmt: skip
    yield kind("table, words", [table("van_ban", _search=" ".join(row[0].split()[:3])) for row in places[:8]])
    yield kind("table, one row", [table(f"van_ban/{quote(row[0])}") for row in cited])
    queries = ("nhiem_vu_chua_co_can_cu_so", "duoc_vien_dan_nhieu_nhat", "chua_xac_dinh")
    yield kind("named query", [
        *(table(name) for name in queries), *(table("nhiem_vu_theo_nghi_quyet", so=row[1]) for row in cited[:5]),
        table("can_cu_cua_nhiem_vu", ma="II.1.3"),
    ])  # fmt: skip
    facets = (("van_ban", "loai", "trang_thai"), ("van_ban", "hinh_thuc", "co_quan_ban_hanh"),
              ("nhiem_vu", "do_manh", "chu_tri"), ("trich_dan", "trang_thai", "quan_he"))  # fmt: skip
    yield kind("table, two facets", [f"{table(t)}?{urlencode([('_facet', a), ('_facet', b)])}" for t, a, b in facets],
               FACETS)  # fmt: skip


def crowd(server: Server, mixed: Sequence[str], clients: int) -> Row:
    """Ask for ``mixed`` by so many clients at once, each its share, one request after another."""
    shares = [mixed[n::clients] for n in range(clients)]
    before = server.cpu()
    with ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(lambda share: ask(server.port, share), shares))
    taken = tuple(ms for times, _ in answers for ms in times)
    return Row(
        f"{clients} clients at once, mixed", CROWD, taken, sum(failed for _, failed in answers), _since(before, server)
    )


def _since(before: float | None, server: Server) -> float | None:
    now = server.cpu()
    return None if now is None or before is None else now - before


def chains(path: Path, times: int, seed: int) -> Row:
    """Trace tasks to the top, each on a graph that has read nothing yet; only tasks six hops below it count."""
    taken: list[float] = []
    with closing(open_base(path)) as base:
        found = base.execute("SELECT DISTINCT nhiem_vu FROM can_cu WHERE so_buoc = 6 LIMIT 2000").fetchall()
        for (task,) in Random(f"chains {seed}").sample(found, min(times, len(found))):
            start = time.perf_counter()
            branch = trace_up(LazyGraph(base), task)
            taken.append((time.perf_counter() - start) * 1000)
            depth = 0
            while branch.children:
                branch, depth = branch.children[0], depth + 1
            assert depth == 6, (task, depth)
    return Row("chain of 6 hops (no page)", CHAIN, tuple(taken))


# --- the command ----------------------------------------------------------------------------------


def measure(path: Path, times: int, clients: int, seed: int, told: Callable[[str], None]) -> list[Row]:
    """Ask everything of the base at ``path``; ``told`` hears each row and the memory at the end."""
    asked = kinds(path, times, seed)
    rows: list[Row] = []

    def add(row: Row) -> None:
        rows.append(row)
        told(line(row))

    with serving(path) as server:
        ask(server.port, ["/"])  # templates are compiled on first use
        for kind in asked:
            before = server.cpu()
            taken, failed = ask(server.port, kind.addresses)
            add(Row(kind.name, kind.bar, tuple(taken), failed, _since(before, server)))
        alone = server.memory()[1]
        mixed = [address for kind in asked if kind.bar == PAGE for address in kind.addresses]
        Random(f"crowd {seed}").shuffle(mixed)
        add(crowd(server, mixed[: clients * MOST], clients))
        now, most = server.memory()
    add(chains(path, times, seed))
    if most is not None and now is not None:
        verdict = "met" if most <= MEMORY else "NOT MET"
        told(f"\nserver: {alone:.0f} MB at most with one client, {most:.0f} MB with {clients}, {now:.0f} MB at the end;"
             f" bar {MEMORY:.0f}: {verdict}")  # fmt: skip
    return rows


def line(row: Row) -> str:
    """Return a row as a line of a Markdown table."""
    words = f"NOT MET, {row.failed} failed" if row.failed else "met" if row.met else "NOT MET"
    shares = " | ".join(f"{row.at(share):.0f}" for share in (0.5, 0.95, 1.0))
    cpu = "" if row.cpu is None else f"{row.cpu / max(1, len(row.taken)):.0f}"
    return f"| {row.kind} | {len(row.taken)} | {shares} | {cpu} | {row.bar:.0f} | {words} |"


def verdicts(rows: Sequence[Row]) -> Mapping[float, bool]:
    """Return for each bar whether all kinds of pages that it holds for keep to it."""
    return {bar: all(row.met for row in rows if row.bar == bar) for bar in (PAGE, FACETS, CROWD, CHAIN)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path, help="a base made by benchmarks.big_base")
    parser.add_argument("--times", type=int, choices=range(1, 201), default=TIMES, metavar="N")
    parser.add_argument("--clients", type=int, choices=range(1, 65), default=CLIENTS, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    print(
        "| page | requests | p50 ms | p95 ms | max ms | CPU ms each | bar | verdict |\n"
        "|---|--:|--:|--:|--:|--:|--:|---|",
        flush=True,
    )
    rows = measure(
        options.path, options.times, options.clients, options.seed, lambda words: print(words, flush=True)
    )  # fmt: skip
    told = verdicts(rows)
    names = {PAGE: "pages, one client", FACETS: "two facets", CROWD: "20 clients", CHAIN: "chain of 6 hops"}
    print("; ".join(f"{names[bar]} ≤ {bar:.0f} ms: {'met' if met else 'NOT MET'}" for bar, met in told.items()))
    return 0 if all(told.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
