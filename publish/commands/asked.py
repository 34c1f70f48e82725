"""What the commands have in common: the options of all, the base they ask, what users name, and how they fail."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import sqlite3

    from graph.lazy import LazyGraph

CORPUS = Path("corpus")
DATABASE = Path("cancu.db")
TO_MEND, COULD_NOT = 1, 2


class Trouble(click.ClickException):
    """Something that stops the command; the message is a Vietnamese sentence that says what to do."""

    exit_code = COULD_NOT


db_option = click.option(
    "--db", "database", type=click.Path(path_type=Path), default=DATABASE, metavar="TỆP", show_default=True,
    help="Tệp cơ sở dữ liệu.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="In dữ liệu JSON ra stdout.")


@contextmanager
def open_graph(database: Path) -> Iterator[tuple[LazyGraph, sqlite3.Connection]]:
    """Open a base for the time of a ``with``: its graph, and the connection behind it.

    Raises:
        Trouble: there is no base that this program can read, or it is found damaged on the way.
    """
    import sqlite3

    from graph.lazy import LazyGraph
    from graph.store import StoreError, damaged, locked, open_base

    try:
        connection = open_base(database)
    except StoreError as error:
        raise Trouble(str(error)) from error
    with closing(connection):
        try:
            yield LazyGraph(connection), connection
        except sqlite3.DatabaseError as error:
            raise Trouble(locked(database) if "locked" in str(error) else damaged(database)) from error


def find(graph: LazyGraph, query: str) -> str:
    """Return the node that ``query`` names: a number in any spelling, the code of a task, an id.

    Raises:
        Trouble: it names none, or several; the message lists them.
    """
    from graph.lookup import Found, look_up
    from publish.tree import full_label

    answer = look_up(graph, query)
    if isinstance(answer, Found):
        return answer.node
    if answer.ambiguous:
        head = f"“{query}” có thể là nhiều văn bản hoặc nhiệm vụ. Hãy chọn một mã dưới đây:"
    elif answer.candidates:
        head = f"Không tìm thấy “{query}” trong kho. Gần nhất:"
    else:
        raise Trouble(f"Không tìm thấy “{query}” trong kho. Hãy kiểm tra lại số, ký hiệu hoặc mã nhiệm vụ.")
    rows = [f"  - {full_label(graph, node)[:150]}\n      mã: {node}" for node in answer.candidates]
    raise Trouble("\n".join([head, *rows]))


def cannot_write(out: Path) -> Trouble:
    """Return what to raise when a file that the user named cannot be written."""
    return Trouble(f"Không ghi được “{out}”: thư mục không có, không có quyền ghi, hoặc tệp đang mở.")


def day_of(words: str | None) -> date:
    """Return the day written as dd/mm/yyyy, today for none.

    Raises:
        Trouble: it is no day.
    """
    if not words:
        return date.today()
    try:
        day, month, year = (int(p) for p in words.split("/"))
        return date(year, month, day)
    except ValueError as error:
        raise Trouble(f"“{words}” không phải ngày hợp lệ. Hãy viết theo dạng dd/mm/yyyy, ví dụ 31/12/2024.") from error


def progress(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield ``paths`` and show on stderr how far the reading is."""
    items = list(paths)
    with click.progressbar(
        items, label="Đang đọc", file=sys.stderr, item_show_func=lambda p: p.name if p else "", show_pos=True
    ) as bar:
        yield from bar
