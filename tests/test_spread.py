"""A build on Dask workers: the base of the local engine, row by row, also when workers die on the way."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from making import fill, plan, zipped

from extract.read.limits import Limits
from extract.read.worker import environment
from graph import files
from graph.corpus import build
from graph.gather import Job
from graph.spread import cluster, engine, partition, work
from graph.spread.engine import DaskEngine
from graph.spread.partition import partitions_of, program
from graph.spread.work import SpreadError, call_of, read_partition
from publish.cli import cancu

distributed = pytest.importorskip("distributed")
pytest.importorskip("pyarrow")
dask = pytest.importorskip("dask")


def dump(path: Path) -> list[str]:
    """All rows of all tables, without the time of the build."""
    with closing(sqlite3.connect(path)) as connection:
        return [line for line in connection.iterdump() if "gio_dung" not in line and "ngay_dung" not in line]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, plan_path) -> Path:
    """Every kind of source, a file of two copies, files that are refused, and texts long enough to die in."""
    root = tmp_path_factory.mktemp("nguồn") / "kho văn bản"
    root.mkdir()
    real = plan_path.read_text(encoding="utf-8")
    fill(root, {f"thật/{n:02}.md": real.replace("Số:", f"Số: {n}", 1) + f"\n\nBản {n}.\n" for n in range(12)})
    fill(root, {f"{n}.md": plan(n, n + 1) for n in range(1, 9)})
    fill(root, {"lại.md": plan(1, 2), "trống.txt": "", "ảnh.jpg": b"\xff\xd8\xff\xe0 JFIF"})
    fill(root, {"kho.zip": zipped({f"{n}.txt": plan(100 + n) for n in range(5)} | {"x.jpg": b"\xff\xd8\xff"})})
    rows = [json.dumps({"id": n, "text": plan(200 + n)}) for n in range(9)] + ["{"]
    fill(root, {"bảng.jsonl": "\n".join(rows)})
    return root


@pytest.fixture(scope="module")
def local(corpus, tmp_path_factory) -> list[str]:
    base = tmp_path_factory.mktemp("local") / "kho.db"
    told = build([corpus], base)
    assert told.documents == 12 + 8 + 5 + 9
    assert len(told.refusals) == 5
    return dump(base)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Partitions of few texts, so that a small corpus has many."""
    monkeypatch.setattr(partition, "MOST_JOBS", 4)


def spread(corpus: Path, base: Path, workers: int = 2, **options):
    reader = DaskEngine(files.partitions(base), workers=workers)
    return build([corpus], base, reader=reader, **options)


@pytest.mark.parametrize("workers", [2, 4])
def test_workers_give_the_base_of_the_local_engine(corpus, local, tmp_path, workers):
    base = tmp_path / "kho.db"
    spread(corpus, base, workers)
    assert dump(base) == local
    assert len(list(files.partitions(base).iterdir())) >= 9


@pytest.mark.parametrize("seed", range(3))
def test_a_worker_killed_at_a_random_moment_costs_nothing(corpus, local, tmp_path, monkeypatch, seed):
    chance = random.Random(seed)
    base = tmp_path / "kho.db"
    after, pause, victim = chance.randrange(7), chance.uniform(0, 0.3), chance.randrange(2)
    killed: list[int] = []
    real = cluster._own_cluster

    def watched(workers):
        made = real(workers)
        worker = list(made.workers.values())[victim]

        def kill():
            while len(list(files.partitions(base).glob("*.parquet"))) < after:
                time.sleep(0.01)
            time.sleep(pause)
            killed.append(worker.pid)
            os.kill(worker.pid, signal.SIGKILL)

        threading.Thread(target=kill, daemon=True).start()
        return made

    monkeypatch.setattr(cluster, "_own_cluster", watched)
    spread(corpus, base)
    assert len(killed) == 1
    assert dump(base) == local


DEADLY = """
import os, signal
from graph.spread import work

real = getattr(work.Child, "real", None) or work.Child.extract  # Dask loads this twice
work.Child.real = real

def extract(self, path, chain=(), name=""):
    if "chết" in name:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, path, chain, name)

work.Child.extract = extract
"""


def test_any_error_of_a_worker_comes_back_as_words(tmp_path):
    def deep(n):
        return deep(n + 1)

    class Odd(Exception):
        pass

    (job,) = jobs(tmp_path / "kho", [1])
    for error, words in ((Odd("lạ"), "Odd: lạ"), (RecursionError("sâu"), "RecursionError")):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                work.Child, "extract", lambda *_, e=error: deep(0) if isinstance(e, RecursionError) else fail(e)
            )
            assert words in work.work("a", [call_of(job)], str(tmp_path), program(), Limits())
    assert "cài giống nhau" in work.work("a", [call_of(job)], str(tmp_path), "another", Limits())
    assert work.work("a", [call_of(job)], str(tmp_path), program(), Limits()) == ""


def fail(error):
    raise error


def test_a_text_that_workers_die_of_is_refused_and_the_others_are_read(tmp_path):
    fill(tmp_path / "kho", {f"{n}.md": plan(n) for n in range(6)} | {"3 chết.md": plan(50)})
    (tmp_path / "deadly.py").write_text(DEADLY, encoding="utf-8")
    with dask.config.set({"distributed.worker.preload": [str(tmp_path / "deadly.py")]}):
        told = spread(tmp_path / "kho", tmp_path / "kho.db")
    assert told.documents == 6
    (refused,) = told.refusals
    assert refused.path == "kho/3 chết.md"
    assert "dừng đột ngột 3 lần" in refused.reason


def test_a_build_that_was_stopped_goes_on_where_it_was(corpus, local, tmp_path):
    base = tmp_path / "kho.db"

    def stop(names):
        yield from list(names)[:14]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spread(corpus, base, progress=stop)
    before = {path: path.stat().st_mtime_ns for path in files.partitions(base).glob("*.parquet")}
    assert before
    spread(corpus, base)
    assert dump(base) == local
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())


DRIVER = """
import sys
from graph.spread import partition
from publish.cli import main

if __name__ == "__main__":
    partition.MOST_JOBS = 4
    main()
"""


@pytest.mark.parametrize("after", [0, 3])
def test_a_driver_that_is_killed_leaves_nobody_and_goes_on_where_it_was(corpus, local, tmp_path, after):
    base = tmp_path / "kho.db"
    command = ["build", str(corpus), "--db", str(base), "--engine", "dask", "--nhan", "2"]
    script = tmp_path / "driver.py"
    script.write_text(DRIVER, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script), *command], stderr=subprocess.PIPE, env=environment()) as driver:
        while len(list(files.partitions(base).glob("*.parquet"))) < after or not files.partitions(base).exists():
            assert driver.poll() is None
            time.sleep(0.01)
        driver.kill()
        driver.stderr.read()  # ends when the last worker that has inherited it is gone
    before = {path: path.stat().st_mtime_ns for path in files.partitions(base).glob("*.parquet")}
    assert len(before) >= after
    spread(corpus, base)
    assert dump(base) == local
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    assert not list(files.partitions(base).glob("*.moi"))


def test_what_was_read_needs_no_workers(corpus, local, tmp_path, monkeypatch):
    base = tmp_path / "kho.db"
    spread(corpus, base)
    base.unlink()
    monkeypatch.setattr(engine, "connected", lambda *_: pytest.fail("nothing is to be read"))
    spread(corpus, base)
    assert dump(base) == local


def test_partitions_of_an_earlier_state_go(tmp_path):
    fill(tmp_path / "kho", {"a.md": plan(1)})
    base = tmp_path / "kho.db"
    spread(tmp_path / "kho", base, 1)
    (old,) = files.partitions(base).iterdir()
    (files.partitions(base) / "x.parquet.moi").write_bytes(b"left by a worker that was killed")
    fill(tmp_path / "kho", {"a.md": plan(2)})
    spread(tmp_path / "kho", base, 1)
    (new,) = files.partitions(base).iterdir()
    assert new != old


def test_a_damaged_partition_is_read_anew(corpus, local, tmp_path):
    base = tmp_path / "kho.db"
    spread(corpus, base)
    base.unlink()
    victim = max(files.partitions(base).iterdir(), key=lambda path: path.stat().st_size)
    data = bytearray(victim.read_bytes())
    data[200 : len(data) // 2] = bytes(len(data) // 2 - 200)
    victim.write_bytes(data)
    spread(corpus, base)
    assert dump(base) == local


def test_a_scheduler_elsewhere_is_reached_by_its_address(corpus, local, tmp_path):
    base = tmp_path / "kho.db"
    with distributed.LocalCluster(1, threads_per_worker=2, host="127.0.0.1", dashboard_address=None) as there:
        told = CliRunner().invoke(
            cancu,
            ["build", str(corpus), "--db", str(base), "--engine", "dask", "--scheduler", there.scheduler_address]
            + ["--scratch", str(tmp_path / "chung")],
        )
    assert told.exit_code == 0, told.output
    assert dump(base) == local
    assert list((tmp_path / "chung" / "kho.db.phan").glob("*.parquet"))


def test_nobody_at_the_address(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    with pytest.raises(SpreadError, match="Không nối được"):
        build([corpus], tmp_path / "kho.db", reader=DaskEngine(tmp_path / "p", "tcp://127.0.0.1:9"))
    assert not (tmp_path / "kho.db").exists()


def jobs(folder: Path, names) -> list[Job]:
    folder.mkdir(exist_ok=True)
    made = []
    for n in names:
        path = folder / f"{n}.md"
        path.write_text(plan(n), encoding="utf-8")
        made.append(Job(path, f"{n}.md", f"{random.Random(n).getrandbits(256):064x}", ""))
    return made


def test_a_new_file_moves_its_neighbours_only(tmp_path, monkeypatch):
    monkeypatch.setattr(partition, "MOST_JOBS", 40)
    monkeypatch.setattr(partition, "_ENDS", 8)
    before = jobs(tmp_path / "kho", range(600))
    after = [*before[:100], *jobs(tmp_path / "kho", [9999]), *before[100:]]
    first, second = (list(partitions_of(part, Limits())) for part in (before, after))
    assert [job for part in second for job in part.jobs] == after
    assert all(len(part.jobs) <= 40 for part in second)
    assert first == list(partitions_of(before, Limits()))
    assert len({p.name for p in second} - {p.name for p in first}) <= 3 < len(first)


def test_partitions_are_bounded_by_bytes_and_named_by_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(partition, "MOST_JOBS", 1000)
    monkeypatch.setattr(partition, "MOST_BYTES", 3 * len(plan(1).encode()))
    made = jobs(tmp_path / "kho", range(10, 30))
    parts = list(partitions_of(made, Limits()))
    assert max(len(part.jobs) for part in parts) == 3
    assert not {p.name for p in parts} & {p.name for p in partitions_of(made, Limits(seconds=1))}


def test_a_worker_says_what_it_lacks(tmp_path, monkeypatch):
    (job,) = jobs(tmp_path / "kho", [1])
    with pytest.raises(SpreadError, match="cài giống nhau"):
        read_partition("a", [call_of(job)], str(tmp_path), "another", Limits())
    with pytest.raises(SpreadError, match="không thấy"):
        gone = replace(job, path=tmp_path / "kho" / "mất.md")
        read_partition("a", [call_of(gone)], str(tmp_path), program(), Limits())
    with pytest.raises(SpreadError, match="không ghi được"):
        read_partition("a", [call_of(job)], str(tmp_path / "không có"), program(), Limits())
    assert [path.name for path in tmp_path.iterdir()] == ["kho"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--nhan", "2"], "chỉ dùng cùng --engine dask"),
        (["--engine", "dask", "--nhan", "2", "--scheduler", "tcp://x:1"], "một trong hai"),
    ],
)
def test_options_that_do_not_go_together(corpus, tmp_path, options, words):
    told = CliRunner().invoke(cancu, ["build", str(corpus), "--db", str(tmp_path / "x.db"), *options])
    assert told.exit_code == 2
    assert words in told.output


def test_what_workers_write_is_no_source(tmp_path):
    fill(tmp_path / "kho", {"a.md": plan(1)})
    base = tmp_path / "kho" / "kho.db"
    options = ["--engine", "dask", "--nhan", "1", "--scratch", str(tmp_path / "kho" / "tạm")]
    told = CliRunner().invoke(cancu, ["build", str(tmp_path / "kho"), "--db", str(base), *options])
    assert told.exit_code == 0, told.output
    assert list(tmp_path.glob("kho/tạm/kho.db.phan/*.parquet"))
    assert spread(tmp_path / "kho", base, 1).changed is False
