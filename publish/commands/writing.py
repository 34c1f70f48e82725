"""The commands that write files for people: export, draw."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publish.cli_words import VietnameseCommand
from publish.commands.asked import Trouble, cannot_write, day_of, db_option, find, open_graph

if TYPE_CHECKING:
    import sqlite3


@click.command(cls=VietnameseCommand)
@click.argument("target", required=False, metavar="[SỐ_HOẶC_NHIỆM_VỤ]")
@click.option(
    "--out",
    "out",
    type=click.Path(path_type=Path),
    metavar="TỆP",
    help="Tệp kết quả (hoặc thư mục khi xuất CSV).",
)
@click.option(
    "--parquet", "folder", type=click.Path(path_type=Path), metavar="THƯ_MỤC",
    help="Ghi mọi bảng của kho ra Parquet, mỗi bảng một tệp (cho DuckDB, Spark, pandas).",
)  # fmt: skip
@click.option("--format", "kind", metavar="DẠNG", help="docx, xlsx, csv, graphml, jsonld; mặc định theo đuôi tệp.")
@click.option("--tai-ngay", "as_of", metavar="dd/mm/yyyy", help="Tính đến ngày, hiệu lực tại ngày (mặc định: hôm nay).")
@db_option
def export(
    target: str | None, out: Path | None, folder: Path | None, kind: str | None, as_of: str | None, database: Path
) -> None:
    """Xuất chuỗi căn cứ ra Word, Excel; xuất cả kho ra CSV, Parquet, GraphML, JSON-LD."""
    from publish.export import ExportError, export_to
    from publish.export.parquet_tables import write_parquet_tables

    if out is None and folder is None:
        raise Trouble("Cần nêu nơi ghi: --out TỆP, hoặc --parquet THƯ_MỤC để ghi mọi bảng của kho.")
    written: list[Path] = []
    with open_graph(database) as (graph, connection):
        node = find(graph, target) if target else None
        try:
            if folder is not None:
                written += write_parquet_tables(connection, folder)
            if out is not None:
                written += export_to(out, graph, connection, node, kind, day_of(as_of))
        except ExportError as error:
            raise Trouble(str(error)) from error
        except OSError as error:
            raise cannot_write(out or folder or Path()) from error
    for path in written:
        click.echo(f"Đã ghi {path}", err=True)


@click.command(cls=VietnameseCommand)
@click.argument("target", required=False, metavar="[SỐ_HOẶC_NHIỆM_VỤ]")
@click.option(
    "--out",
    "out",
    type=click.Path(path_type=Path),
    default=Path("so-do.html"),
    show_default=True,
    metavar="TỆP",
    help="Tệp kết quả: .html (tương tác), .svg hoặc .png (để in).",
)
@click.option(
    "--buoc",
    "steps",
    type=click.IntRange(1, 8),
    metavar="SỐ",
    help="Số bước quanh văn bản hoặc nhiệm vụ; mặc định: cả chuỗi của nhiệm vụ, 2 bước quanh văn bản.",
)
@click.option("--tai-ngay", "as_of", metavar="dd/mm/yyyy", help="Hiệu lực tại ngày (mặc định: hôm nay).")
@db_option
def draw(target: str | None, out: Path, steps: int | None, as_of: str | None, database: Path) -> None:
    """Vẽ sơ đồ: tương tác (.html, xem được khi không có mạng) hoặc để in (.svg, .png)."""
    from graph.standing import mark
    from graph.trace import around, neighbourhood, plan_graph

    day = day_of(as_of)
    if out.suffix.lower() not in (".html", ".htm", ".svg", ".png"):
        raise Trouble(f"Không vẽ được vào “{out.name}”: tên tệp phải có đuôi .html, .svg hoặc .png.")
    with open_graph(database) as (graph, connection):
        if target:
            node = find(graph, target)
            part, focus = neighbourhood(graph, node, steps) if steps else around(graph, node), node
        else:
            found = graph.rows("SELECT id FROM van_ban WHERE trong_kho = 1 ORDER BY rowid LIMIT 9")
            plans = [row["id"] for row in found]
            if len(plans) > 1:
                rows = [f"  - {graph.nodes[p]['label']}\n      mã: {p}" for p in plans[:8]]
                raise Trouble("\n".join(["Kho có nhiều văn bản, hãy chọn một để vẽ:", *rows]))
            part, focus = plan_graph(graph, plans[0]), plans[0]
        mark(part, connection, part, day.isoformat())
        content, shown, hidden = _drawn(part, focus, out.suffix.lower(), connection, day)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise cannot_write(out) from error
    left = f", ẩn {hidden} nút" if hidden else ""
    click.echo(f"Đã ghi {out} ({shown} nút{left}).", err=True)


def _drawn(part: Any, focus: str, suffix: str, connection: sqlite3.Connection, day: date) -> tuple[bytes, int, int]:
    """Return a drawing in the format that ``suffix`` names, how many nodes it shows and how many it hides.

    ``day`` is that of the validity that the nodes tell.
    """
    label = part.nodes[focus]["label"]
    if suffix.startswith(".htm"):
        from publish.draw import draw as draw_graph

        page = draw_graph(part, title=label, focus=focus)
        return page.html.encode(), page.shown, page.hidden
    from publish.export.stamp import read_stamp
    from publish.lane_svg import draw_lanes
    from publish.png import PngError, to_png

    facts = read_stamp(connection, day, ()).facts()[:4]
    stamp = ". ".join(f"{name}: {value}" for _, name, value in facts) + "."
    drawing = draw_lanes(part, title=f"Chuỗi căn cứ: {label}", focus=focus, stamp=[stamp])
    if drawing.fit.sentence:
        click.echo(drawing.fit.sentence, err=True)
    try:
        content = to_png(drawing.svg) if suffix == ".png" else drawing.svg.encode()
    except PngError as error:
        raise Trouble(str(error)) from error
    return content, drawing.shown, drawing.hidden
