"""The commands that help to write a document: can-cu."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publish.cli_words import VietnameseCommand
from publish.commands.asked import Trouble, cannot_write, day_of, db_option, find, json_option, open_graph

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graph.bases import Block
    from graph.standing import Standing

FORMAT = "cancu-can-cu/1"


@click.command("can-cu", cls=VietnameseCommand)
@click.argument("queries", nargs=-1, metavar="[SỐ_HOẶC_MÃ …]")
@click.option("--ke-hoach", "plan", metavar="SỐ_HOẶC_MÃ", help="Lấy mọi căn cứ mà kế hoạch này nêu.")
@click.option("--out", "out", type=click.Path(path_type=Path), metavar="TỆP", help="Ghi ra tệp .docx.")
@click.option(
    "--tai-ngay",
    "as_of",
    metavar="dd/mm/yyyy",
    help="Hiệu lực tại ngày (mặc định: ngày của kế hoạch ở --ke-hoach, không có thì hôm nay).",
)
@db_option
@json_option
def can_cu(
    queries: tuple[str, ...], plan: str | None, out: Path | None, as_of: str | None, database: Path, as_json: bool
) -> None:
    """Xếp khối “Căn cứ” của một văn bản: đủ thành phần, đúng thứ tự, mỗi căn cứ một dòng."""
    from graph.bases import bases_of_plan, block_of, is_party
    from graph.standing import standings
    from publish.export.bases import to_fill, write_bases_docx
    from publish.export.stamp import read_stamp

    day = day_of(as_of)
    if not queries and not plan:
        raise Trouble("Hãy nêu số, ký hiệu của các văn bản làm căn cứ, hoặc một kế hoạch bằng --ke-hoach.")
    if out is not None and out.suffix.lower() != ".docx":
        raise Trouble(f"Không ghi được khối căn cứ vào “{out.name}”: tên tệp phải có đuôi .docx.")
    with open_graph(database) as (graph, connection):
        node = _document(graph, plan) if plan else ""
        documents = [*(bases_of_plan(graph, node) if node else []), *(_document(graph, query) for query in queries)]
        if not documents:
            raise Trouble(f"“{graph.nodes[node]['label']}” không nêu căn cứ nào. Hãy nêu số, ký hiệu của từng căn cứ.")
        block = block_of(graph, documents, party=bool(node) and is_party(graph, node))
        label, dated = (graph.nodes[node]["label"], graph.nodes[node]["date"]) if node else ("", "")
        on = dated if not as_of and len(dated) == len(day.isoformat()) else day.isoformat()
        known = standings(connection, (line.document for line in block.lines), on)
        stamp = read_stamp(connection, day, {node} if node else None)
        content = write_bases_docx(block, label, stamp, on, known) if out else b""
    if out is not None:
        try:
            out.write_bytes(content)
        except OSError as error:
            raise cannot_write(out) from error
        click.echo(f"Đã ghi {out}", err=True)
    if as_json:
        click.echo(json.dumps(_values(block, on, known), ensure_ascii=False, indent=1))
    elif out is None:
        for line in block.written():
            click.echo(line)
    for sentence in to_fill(block):
        click.echo(sentence, err=True)
    for sentence in _told(block, on, known):
        click.echo(sentence, err=True)


def _told(block: Block, day: str, known: Mapping[str, Standing]) -> Iterator[str]:
    """Yield how the bases stand, beside the block: who copies it takes none of this along."""
    from graph.statuses import UNKNOWN
    from graph.words import vietnamese_date

    if known:
        yield f"Hiệu lực tại ngày {vietnamese_date(day)}:"
    unknown = []
    for line in block.lines:
        found = known.get(line.document)
        if found is not None and found.status == UNKNOWN and not found.source:
            unknown.append(line.label)
        elif found is not None:
            yield f"  - {line.label}: {found.sourced}"
    if unknown:
        yield f"  - {UNKNOWN}, chưa có danh mục nào ghi tình trạng: {'; '.join(unknown)}"


def _document(graph: Any, query: str) -> str:
    """Return the document that ``query`` names.

    Raises:
        Trouble: it names none, several, or a task.
    """
    node = find(graph, query)
    if "#" in node:
        raise Trouble(f"“{query}” là một nhiệm vụ. Hãy nêu số, ký hiệu của văn bản.")
    return node


def _values(block: Block, day: str, known: Mapping[str, Standing]) -> dict[str, Any]:
    lines = [
        {
            "document": line.document,
            "label": line.label,
            "text": words,
            "missing": line.gaps,
            "validity": known[line.document].values if line.document in known else None,
        }
        for line, words in zip(block.lines, block.written(), strict=True)
    ]
    return {"format": FORMAT, "validity_day": day, "lines": lines}
