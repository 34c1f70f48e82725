"""What the documents say is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from click import Group
from pictures import LARGEST, PAGES

from graph.parquet import shape
from graph.schema import describe
from publish.cli import cancu

ROOT = Path(__file__).parent.parent


def test_the_schema_page_is_the_schema():
    assert (ROOT / "docs" / "schema.md").read_text(encoding="utf-8") == describe()


def test_the_parquet_page_is_the_shape_of_the_facts():
    assert (ROOT / "docs" / "parquet.md").read_text(encoding="utf-8") == shape.describe()


def test_every_command_is_in_the_readme():
    assert isinstance(cancu, Group)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in cancu.commands:
        assert f"`cancu {name}" in readme, name


def test_every_picture_is_small_and_shown():
    """Made by ``tests/pictures.py`` from the real plan in ``corpus/`` and made-up papers."""
    shown = (ROOT / "docs" / "cac-trang.md").read_text(encoding="utf-8")
    pictures = {path.stem: path.stat().st_size for path in (ROOT / "docs" / "images").glob("*.png")}
    assert pictures.keys() == PAGES.keys()
    assert max(pictures.values()) <= LARGEST
    assert all(f"images/{name}.png" in shown for name in pictures)


def test_links_of_the_readmes_lead_somewhere():
    for name in ("README.md", "README.vi.md", "docs/architecture.md", "docs/cac-trang.md", "docs/scale.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            if not target.startswith("http"):
                assert ((ROOT / name).parent / target).exists(), (name, target)


def test_modules_named_by_the_architecture_exist():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"`(?:extract/)?([a-z_]+\.py)`", text)):
        assert list(ROOT.glob(f"*/{name}")) or list(ROOT.glob(f"*/*/{name}")) or (ROOT / "tests" / name).exists(), name


def test_the_two_readme_commands_are_marked_for_ci():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for mark in ("serve", "test"):
        assert re.search(rf"<!-- ci: {mark} -->\n```sh\n.+\n```", text)
