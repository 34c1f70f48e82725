"""Sources elsewhere: copied when they are new or changed, gone when they are gone, told when they cannot be had."""

from __future__ import annotations

import json
import sys

import pytest
from click.testing import CliRunner
from making import fill, plan, rows

from graph import fetch as fetching
from graph.fetch import FetchError, fetch, is_address
from publish.cli import cancu

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def store(request):
    system = fsspec.filesystem("memory")
    place = f"/{request.node.name}/văn bản"
    system.pipe({f"{place}/a.md": plan(1).encode(), f"{place}/con/b.txt": plan(2).encode()})
    yield system, place
    system.rm(f"/{request.node.name}", recursive=True)


def test_a_folder_is_copied_and_kept_up_to_date(store, tmp_path, monkeypatch):
    system, place = store
    copied = []
    real = type(system).get_file
    monkeypatch.setattr(type(system), "get_file", lambda self, *v, **k: (copied.append(v[0]), real(self, *v, **k))[1])
    here = fetch(f"memory:/{place}", tmp_path)
    assert here.name == "văn bản"
    assert (here / "con" / "b.txt").read_text(encoding="utf-8") == plan(2)
    assert len(copied) == 2
    monkeypatch.setattr(fetching, "_version", lambda _, remote: "1" if remote.endswith("a.md") else "2")
    fetch(f"memory:/{place}", tmp_path)
    copied.clear()
    system.pipe(f"{place}/c.md", plan(3).encode())
    system.rm(f"{place}/con/b.txt")
    assert fetch(f"memory:/{place}", tmp_path) == here
    assert [path.rpartition("/")[2] for path in copied] == ["c.md"]
    assert sorted(p.name for p in here.rglob("*") if p.is_file() and p.name[0] != ".") == ["a.md", "c.md"]


def test_a_single_table_is_copied(tmp_path):
    source = tmp_path / "xa" / "kho.jsonl"
    source.parent.mkdir()
    source.write_text(json.dumps({"id": 1, "text": plan(7)}), encoding="utf-8")
    here = fetch(source.as_uri(), tmp_path / "đây")
    assert here.name == "kho.jsonl"
    assert here.read_bytes() == source.read_bytes()
    source.write_text(json.dumps({"id": 1, "text": plan(78)}), encoding="utf-8")
    assert fetch(source.as_uri(), tmp_path / "đây").read_bytes() == source.read_bytes()


def test_the_command_builds_from_an_address(store, tmp_path):
    _, place = store
    fill(tmp_path / "kho", {"c.md": plan(3)})
    base = tmp_path / "x.db"
    for paths in (
        [f"memory:/{place}", str(tmp_path / "kho")],
        [str(tmp_path / "kho"), "--parquet", f"memory:/{place}"],
    ):
        told = CliRunner().invoke(cancu, ["build", *paths, "--db", str(base)])
        assert told.exit_code == 0, told.output
        shown = {path for (path,) in rows(base, "SELECT duong_dan FROM tep")}
        assert shown == {"văn bản/a.md", "văn bản/con/b.txt", "kho/c.md"}


@pytest.mark.parametrize(
    ("address", "words"),
    [("memory://không/có", "Không thấy văn bản"), ("lạ://a/b", "loại địa chỉ"), ("file:///không/có", "Không thấy")],
)
def test_what_cannot_be_had_is_told(tmp_path, address, words):
    with pytest.raises(FetchError, match=words):
        fetch(address, tmp_path)
    told = CliRunner().invoke(cancu, ["build", address, "--db", str(tmp_path / "x.db")])
    assert told.exit_code == 2
    assert words in told.output


def test_a_copy_that_breaks_off_is_told(store, tmp_path, monkeypatch):
    system, place = store

    def broken(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(system), "get_file", broken)
    with pytest.raises(FetchError, match="dung lượng"):
        fetch(f"memory:/{place}", tmp_path)


def test_without_fsspec_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(FetchError, match=r"cancu\[parquet\]"):
        fetch("s3://kho/x", tmp_path)


def test_paths_are_no_addresses():
    assert is_address("s3://kho/x")
    assert not any(map(is_address, ("C:/kho", "C:\\kho", "kho/x.md", "./a:b")))
