"""The commands that ask a base: trace, paths, compare."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publish.cli_words import VietnameseCommand
from publish.commands.asked import Trouble, cannot_write, day_of, db_option, find, json_option, open_graph

if TYPE_CHECKING:
    import sqlite3

    from graph.compared import ComparedText

_FILES = frozenset({".docx", ".doc", ".pdf", ".rtf", ".html", ".htm", ".txt", ".md", ".xlsx", ".odt", ".zip"})
"""What ends so is meant as a file, there or not: a number never does."""


@click.command(cls=VietnameseCommand)
@click.argument("query", metavar="SỐ_HOẶC_NHIỆM_VỤ")
@click.option("--tai-ngay", "as_of", metavar="dd/mm/yyyy", help="Hiệu lực tại ngày (mặc định: hôm nay).")
@db_option
@json_option
def trace(query: str, as_of: str | None, database: Path, as_json: bool) -> None:
    """Truy vết một văn bản (“08-NQ/TU”) hoặc một nhiệm vụ (II.2.2.3) theo chuỗi căn cứ."""
    from extract.model import ACTING_UNITS
    from graph.standing import mark
    from graph.trace import impact
    from publish import tree

    day = day_of(as_of).isoformat()
    with open_graph(database) as (graph, connection):
        node = find(graph, query)
        if graph.nodes[node]["kind"] in ACTING_UNITS:
            mark(graph, connection, tree.documents_of_task(graph, node), day)
            values, lines = tree.task_values, tree.task_tree
            answer: Any = values(graph, node) if as_json else lines(graph, node)
        else:
            found = impact(graph, node)
            mark(graph, connection, tree.documents_of_impact(graph, node, found), day)
            answer = (tree.document_values if as_json else tree.document_tree)(graph, node, found)
        if as_json:
            click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            for line in answer:
                click.echo(line)


@click.command(cls=VietnameseCommand)
@click.argument("first", metavar="TỪ")
@click.argument("second", metavar="ĐẾN")
@db_option
@json_option
def paths(first: str, second: str, database: Path, as_json: bool) -> None:
    """Tìm mọi đường nối giữa hai văn bản hoặc nhiệm vụ, từng bước kèm câu nguyên văn."""
    from graph.paths import connect
    from publish import tree

    with open_graph(database) as (graph, _):
        ends = find(graph, first), find(graph, second)
        found = connect(graph, *ends)
        if as_json:
            click.echo(json.dumps(tree.path_values(graph, ends, found), ensure_ascii=False, indent=1))
            return
        for line in tree.path_lines(graph, ends, found):
            click.echo(line)


@click.command(cls=VietnameseCommand)
@click.argument("old", metavar="BẢN_CŨ")
@click.argument("new", metavar="BẢN_MỚI")
@click.option(
    "--out", "out", type=click.Path(path_type=Path), metavar="TỆP", help="Ghi ra tệp .docx, .xlsx, .csv hoặc .json."
)
@click.option("--tai-ngay", "as_of", metavar="dd/mm/yyyy", help="Hiệu lực nay, tính đến ngày (mặc định: hôm nay).")
@db_option
@json_option
def compare(old: str, new: str, out: Path | None, as_of: str | None, database: Path, as_json: bool) -> None:
    """So sánh hai văn bản: hai tệp, hoặc số, ký hiệu (mã) của văn bản trong kho."""
    from publish import compare_command as command

    day = day_of(as_of)
    try:
        if out is not None:
            command.check_out(out)
        with ExitStack() as stack:
            texts: list[ComparedText] = []
            connection: sqlite3.Connection | None = None
            for words in (old, new):
                if Path(words).exists() or Path(words).suffix.lower() in _FILES:
                    texts.append(command.read_file(Path(words)))
                    continue
                if connection is None:
                    graph, connection = stack.enter_context(open_graph(database))
                node = find(graph, words)
                texts.append(command.read_document(connection, node, graph.nodes[node]["label"]))
            if connection is None and _told(database):  # two files, and a base that knows of their bases
                _, connection = stack.enter_context(open_graph(database))
            found = command.compare(*texts)
            held = command.held_bases(connection, found, day.isoformat()) if connection is not None else None
            stamp = command.stamp_for(texts[0], texts[1], connection, day)
    except command.CompareError as error:
        raise Trouble(str(error)) from error
    if out is not None:
        try:
            out.write_bytes(command.file_of(found, stamp, out.suffix.lower(), held))
        except OSError as error:
            raise cannot_write(out) from error
        click.echo(f"Đã ghi {out}", err=True)
    if as_json:
        click.echo(command.file_of(found, stamp, ".json", held).decode().rstrip())
    elif out is None:
        for line in command.lines(found, held):
            click.echo(line)


def _told(database: Path) -> bool:
    """Tell whether the user named the base: that of the folder is not opened for two files unasked."""
    source = click.get_current_context().get_parameter_source("database")
    return source is not click.core.ParameterSource.DEFAULT and database.exists()
