"""Everything under a folder through reading and extraction: what is read, what is refused with a message, what raises.

Nothing may raise. Files are read in this process, so that an error is seen as it is and not as the refusal that a
reader process makes of it. Of ``.jsonl`` and ``.jsonl.gz`` each text is a file of its own; what has an ending of no
format is read as plain text.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks import papers
from benchmarks.corpus import read_texts
from extract.model import Extraction
from extract.pipeline import extract
from extract.read import ReadError, read_bytes
from extract.read.intake import take
from extract.read.sniff import SUFFIXES, suffix_of

_KNOWN = frozenset(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
_WRITERS: dict[str, Callable[[str], bytes]] = {
    "txt": str.encode, "html": papers.html, "docx": papers.docx, "rtf": papers.rtf,
}  # fmt: skip


@dataclass(slots=True)
class Walk:
    """What became of the files, counted by format; ``refused`` and ``raised`` as (name, what was said)."""

    read: Counter[str] = field(default_factory=Counter)
    citations: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    raised: list[tuple[str, str]] = field(default_factory=list)

    def take(self, name: str, data: Callable[[], bytes], read_as: str) -> None:
        """Read one file and note what became of it."""
        try:
            facts = extract(read_bytes(data(), read_as))
            for what, start, end, said in _spans(facts):
                if facts.source.text[start:end] != said:
                    raise AssertionError(f"{what} does not stand at {start}–{end}")
        except ReadError as error:
            self.refused.append((name, str(error)))
        except Exception:  # what this walk is for
            self.raised.append((name, traceback.format_exc(limit=-4)))
        else:
            self.read[facts.source.format] += 1
            self.citations += len(facts.citations)


def _spans(facts: Extraction) -> Iterator[tuple[str, int, int, str]]:
    for c in facts.citations:
        yield c.id, c.mention.start, c.mention.end, c.text
    for u in facts.units:
        yield u.id, u.start, u.end, u.text
    for w in facts.works:
        yield w.id, w.start, w.end, w.text
    for r in facts.references:
        yield r.kind, r.start, r.end, r.text


def walk(paths: Iterable[Path], formats: Sequence[str] = ("txt",)) -> Walk:
    """Read every file under ``paths``; the texts of JSON lines are written in each of ``formats`` first."""
    found = Walk()
    for path in _files(paths):
        if path.name.endswith((".jsonl", ".jsonl.gz")):
            for id, text in read_texts([path]):
                for format in formats:
                    written = partial(_WRITERS[format], text)
                    found.take(f"{path.name}:{id}.{format}", written, f"{id}.{format}")
            continue
        name = path.name if suffix_of(path.name) in _KNOWN else f"{path.name}.txt"
        found.take(path.as_posix(), partial(take, path), name)
    return found


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from _files(sorted(path.iterdir()))
        else:
            yield path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, 1 when a file raised, 2 when a path is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robust", description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE_OR_FOLDER")
    parser.add_argument(
        "--formats", default="txt", help=f"what texts of JSON lines are written as: {','.join(_WRITERS)}"
    )
    options = parser.parse_args(arguments)
    missing = [path for path in options.paths if not path.exists()]
    if missing:
        print(f"Not found: {missing[0]}", file=sys.stderr)
        return 2
    found = walk(options.paths, options.formats.split(","))
    print(f"read      {found.read.total():>7}   " + ", ".join(f"{n} {f}" for f, n in sorted(found.read.items())))
    print(f"citations {found.citations:>7}")
    print(f"refused   {len(found.refused):>7}")
    for name, said in found.refused:
        print(f"  {name}: {said}")
    print(f"raised    {len(found.raised):>7}")
    for name, said in found.raised:
        print(f"  {name}\n{said}")
    return 1 if found.raised else 0


if __name__ == "__main__":
    sys.exit(main())
