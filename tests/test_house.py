"""The house holds: arrows point one way, the packages' names are free, knowledge stays in tables."""

from __future__ import annotations

import ast
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"extract": set(), "graph": {"extract"}, "publish": {"extract", "graph"}}
DATABASES = {"sqlite3", "sqlite_utils", "datasette", "networkx", "pyvis", "click"}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_point_one_way(room):
    for path in modules(room):
        others = imports(path) & set(ROOMS) - {room}
        assert others <= ROOMS[room], f"{path} imports {others}"


def test_measures_stay_outside_the_house():
    """Measures of the engine read the first room only, no room knows them, and the wheel leaves them out."""
    of_answers = {
        "checks.py",
        "seeded_faults.py",
        "faults_of_text.py",
        "faults_of_base.py",
        "known_acts.py",
        "near_misses.py",
        "lanes.py",
        "lane_graphs.py",
        "big_base.py",
        "build.py",
        "spread.py",
        "stages.py",
        "pages.py",
        "rebuild.py",
    }  # drawings and pages come out of the last room
    for path in modules("benchmarks"):
        assert imports(path) & set(ROOMS) <= (set(ROOMS) if path.name in of_answers else {"extract"}), path
    for room in ROOMS:
        assert not any("benchmarks" in imports(path) for path in modules(room)), room
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert build["targets"]["wheel"]["packages"] == list(ROOMS)


def test_the_scan_for_dropped_numbers_owes_the_engine_nothing():
    """It may read what extraction says, not how numbers are found: else both would be blind in the same place."""
    tree = ast.parse((ROOT / "benchmarks" / "drops.py").read_text(encoding="utf-8"))
    used = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    assert {name for name in used if name.startswith("extract")} == {"extract.model", "extract.pipeline"}


def test_extract_knows_no_database_and_no_server():
    for path in modules("extract"):
        assert not imports(path) & DATABASES, path


def test_spacy_stands_behind_its_door_only():
    users = [p.name for room in ROOMS for p in modules(room) if "spacy" in imports(p)]
    assert users == ["spacy_component.py"]


def test_only_one_module_calls_what_windows_lacks():
    """os.replace of an open file, O_DIRECTORY, fsync of folders: behind graph/files.py."""
    for room in ROOMS:
        for path in modules(room):
            text = path.read_text(encoding="utf-8")
            if path.name != "files.py":
                assert "os.replace" not in text and "O_DIRECTORY" not in text and "fcntl" not in text, path


def test_only_one_reader_module_calls_posix():
    """Limits and process groups: behind extract/read/limits.py, which goes on without them."""
    for room in ROOMS:
        for path in modules(room):
            if path.name != "limits.py":
                text = path.read_text(encoding="utf-8")
                assert "resource" not in imports(path), path
                assert not any(word in text for word in ("os.setsid", "os.killpg", "preexec_fn", "setitimer")), path


def test_nothing_is_read_by_pickle():
    """What another process or an older build says is data: it must not be able to run code."""
    for room in ROOMS:
        for path in modules(room):
            assert not imports(path) & {"pickle", "marshal", "shelve", "multiprocessing"}, path


def test_no_module_is_too_long():
    for room in ROOMS:
        for path in modules(room):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 500, path


def test_no_dependency_brings_a_module_of_our_names():
    """The folders are the import packages; another distribution with the same top-level name would shadow them."""
    owners = metadata.packages_distributions()
    for room in ROOMS:
        assert set(owners.get(room, [])) <= {"cancu"}, (room, owners[room])
