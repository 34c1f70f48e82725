"""The texts that the measures run over: a file of JSON lines, plain files, or folders of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpora" / "central-law-40mb.jsonl.gz"
"""The corpus beside the checkout: 915 texts of central bodies, 39 MB; not part of it."""


def read_texts(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield (id, text) of every text under ``paths``, in the order of the paths and of the names in a folder.

    A file ``.jsonl`` or ``.jsonl.gz`` holds one object with ``id`` and ``text`` a line; ``.md`` and ``.txt``
    are one text each, their id is the path as given.

    Raises:
        FileNotFoundError: a path does not exist.
    """
    for path in paths:
        if path.is_dir():
            yield from read_texts(p for p in sorted(path.iterdir()) if p.suffix in (".md", ".txt"))
        elif path.name.endswith((".jsonl", ".jsonl.gz")):
            opener = gzip.open if path.suffix == ".gz" else open
            with opener(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    row = json.loads(line)
                    yield row["id"], row["text"]
        else:
            yield path.as_posix(), path.read_bytes().decode("utf-8")
