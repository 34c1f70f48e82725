"""The files of a folder, in depth and in order: what is to be read, and what is refused without being opened."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extract.read import ReadError
from extract.read.archive import is_noise
from extract.read.intake import check
from graph import files
from graph.records import most_bytes


class CorpusError(Exception):
    """There is nothing to build from; the message is a Vietnamese sentence for the user."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file under the given paths.

    ``shown`` is the name people see: its place under the given folder, never a path of this machine. ``refusal`` says
    why it is not opened, "" when it may be tried.
    """

    path: Path
    shown: str
    refusal: str = ""


def find_documents(paths: Sequence[Path], leave_out: Sequence[Path] = (), *, may_be_empty: bool = False) -> list[Found]:
    """Return the files under ``paths`` (files, or folders searched in depth), sorted, each once.

    Hidden files and what systems, word processors and the workers of a build (:func:`graph.files.partitions`) leave
    behind are passed over, as are the files and folders ``leave_out``. A link within the folder is passed over too
    (what it leads to is there already); one that leaves it is refused, and so is one that leads nowhere.

    Raises:
        CorpusError: a path is missing, or a folder holds no file at all and not ``may_be_empty``.
    """
    found: dict[Path, Found] = {}
    for path in paths:
        if not path.exists():
            raise CorpusError(f"Không tìm thấy “{path}”. Hãy kiểm tra lại đường dẫn tới tệp hoặc thư mục văn bản.")
        if not path.is_dir():
            found.setdefault(path.resolve(), _found(path, path.name))
            continue
        root, ours = path.resolve(), {p.resolve() for p in leave_out}
        inside = [(real, item) for real, item in sorted(_inside(path, root, ours), key=_place) if real not in ours]
        if not inside and not may_be_empty:
            raise CorpusError(
                f"Thư mục “{path}” không có văn bản nào đọc được. "
                "Hãy chép văn bản (.docx, .pdf, .txt…) vào thư mục rồi chạy lại."
            )
        for real, item in inside:
            found.setdefault(real, item)
    return list(found.values())


def _real(path: Path) -> Path:
    """Return where ``path`` truly lies; a link that leads round in a circle lies where it is."""
    return Path(os.path.realpath(path))  # Path.resolve raises where links go round


def _place(found: tuple[Path, Found]) -> tuple[str, ...]:
    return found[1].path.parts


def _inside(folder: Path, root: Path, leave_out: set[Path]) -> Iterator[tuple[Path, Found]]:
    """Yield the files of ``folder`` with the path each truly has; links are told from files by that path."""
    closed: list[OSError] = []

    def shown(path: Path) -> str:
        return f"{root.name}/{path.relative_to(folder).as_posix()}"

    for place, folders, names in os.walk(folder, onerror=closed.append):
        here = Path(place)
        straight = root / here.relative_to(folder)  # where all in it truly lies, unless it is a link
        links = [name for name in folders if _real(here / name) != straight / name]
        folders[:] = [
            name
            for name in folders
            if not is_noise(name)
            and name not in links
            and straight / name not in leave_out
            and not name.endswith(files.PARTITIONS)
        ]
        for name in [*names, *links]:
            if is_noise(name):
                continue
            path, real = here / name, _real(here / name)
            if not os.path.lexists(real) or os.path.islink(real):
                yield straight / name, Found(path, _words(shown(path)), _leads_nowhere(name))
            elif real == straight / name:
                yield real, _found(path, shown(path))
            elif not real.is_relative_to(root):
                yield straight / name, Found(path, _words(shown(path)), _leaves(name))
    for error in closed:
        path = Path(error.filename)
        sentence = f"Không mở được thư mục “{path.name}”: bạn chưa có quyền đọc. Hãy xin quyền đọc thư mục này."
        yield path.resolve(), Found(path, _words(shown(path)), sentence)


def _found(path: Path, shown: str) -> Found:
    try:
        check(path, most_bytes(path.name))
    except ReadError as error:
        return Found(path, _words(shown), str(error))
    return Found(path, _words(shown))


def _words(name: str) -> str:
    """Return a file name as text that any file and base can hold: bytes that are none become "?"."""
    return name.encode("utf-8", "replace").decode()


def _leads_nowhere(name: str) -> str:
    return (
        f"“{name}” là liên kết tới một tệp không còn ở đó nên không đọc được. "
        "Hãy chép chính văn bản đó vào thư mục, hoặc xóa liên kết này."
    )


def _leaves(name: str) -> str:
    return (
        f"“{name}” là liên kết dẫn ra ngoài thư mục đã chọn nên không đọc. "
        "Hãy chép chính văn bản đó vào thư mục, hoặc chỉ thẳng đường dẫn tới nó."
    )
