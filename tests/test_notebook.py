"""The notebook runs from the first cell to the last, from the place it lies in."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def test_the_notebook_runs():
    book = nbformat.read(NOTEBOOKS / "kham-pha-ke-hoach.ipynb", as_version=4)
    NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    printed = "".join(o.get("text", "") for c in book.cells if c.cell_type == "code" for o in c.outputs)
    assert "44 nhiệm vụ" in printed
    assert "Nghị quyết số 52-NQ/TW" in printed
    assert "II.1.3.1" in printed


def test_the_notebook_is_committed_without_output():
    book = nbformat.read(NOTEBOOKS / "kham-pha-ke-hoach.ipynb", as_version=4)
    assert all(not c.outputs and c.execution_count is None for c in book.cells if c.cell_type == "code")
