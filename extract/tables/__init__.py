"""Knowledge as data. Every CSV row carries an example, and a test runs each example."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources


@cache
def read_table(name: str, package: str = "extract.tables") -> tuple[dict[str, str], ...]:
    """Return the rows of ``name``.csv as dictionaries of strings, in file order."""
    text = resources.files(package).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


def split_field(value: str) -> tuple[str, ...]:
    """Return the parts of a field that holds several values ("a|b")."""
    return tuple(part for part in value.split("|") if part)
