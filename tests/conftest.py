from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # benchmarks/ is not installed; at the end, so that the rooms stay the installed ones
PLAN = ROOT / "corpus" / "ke-hoach-khcn-tay-ninh-2024.md"


@pytest.fixture(scope="session")
def plan_path() -> Path:
    return PLAN


@pytest.fixture(scope="session")
def plan():
    """The real plan, extracted."""
    from extract.pipeline import extract_file

    return extract_file(PLAN)


@pytest.fixture(scope="session")
def expected() -> dict:
    return json.loads((ROOT / "tests" / "expected" / "ke-hoach-khcn-tay-ninh-2024.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def plan_base(tmp_path_factory) -> Path:
    """A base built from the real plan alone."""
    from graph.corpus import build

    path = tmp_path_factory.mktemp("base") / "cancu.db"
    build([PLAN.parent], path)
    return path


@pytest.fixture(scope="session")
def plan_graph_all(plan_base):
    from contextlib import closing

    from graph.lazy import LazyGraph
    from graph.store import open_base

    with closing(open_base(plan_base)) as connection:
        yield LazyGraph(connection)
