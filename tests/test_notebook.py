"""The notebooks run from the first cell to the last, from the place they lie in."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def printed_by(name: str) -> str:
    book = nbformat.read(NOTEBOOKS / name, as_version=4)
    NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    return "".join(o.get("text", "") for c in book.cells if c.cell_type == "code" for o in c.outputs)


def test_the_notebook_of_the_plan_runs():
    printed = printed_by("kham-pha-ke-hoach.ipynb")
    assert "44 nhiệm vụ" in printed
    assert "Nghị quyết số 52-NQ/TW" in printed
    assert "II.1.3.1" in printed


def test_the_notebook_of_a_large_collection_runs(monkeypatch):
    pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    monkeypatch.delenv("CANCU_PARQUET", raising=False)
    printed = printed_by("thong-ke-kho-lon.ipynb")
    assert "1 văn bản có toàn văn" in printed
    assert "Quyết định số 545/QĐ-UBND" in printed  # cited twice
    assert "│ 2019    │            4 │" in printed
    assert "triển khai" in printed


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_are_committed_without_output(path):
    book = nbformat.read(path, as_version=4)
    assert all(not c.outputs and c.execution_count is None for c in book.cells if c.cell_type == "code")
