"""The commands that read documents and no base: extract, check, evaluate."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from publish.cli_words import VietnameseCommand
from publish.commands.asked import TO_MEND, Trouble, cannot_write, day_of, json_option, open_graph, progress


@click.command(cls=VietnameseCommand)
@click.argument("path", type=click.Path(path_type=Path), metavar="TỆP")
def extract(path: Path) -> None:
    """In ra JSON những gì đọc được từ một văn bản: bố cục, nhiệm vụ, viện dẫn, quan hệ."""
    from extract.as_json import to_json
    from extract.pipeline import extract_file
    from extract.read import ReadError

    try:
        facts = extract_file(path)
    except ReadError as error:
        raise Trouble(str(error)) from error
    click.echo(json.dumps(to_json(facts), ensure_ascii=False, indent=1))


@click.command(cls=VietnameseCommand)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="TỆP_HOẶC_THƯ_MỤC …")
@click.option(
    "--tai-ngay", "as_of", metavar="dd/mm/yyyy", help="Ngày soát, khi văn bản chưa có ngày (mặc định: hôm nay)."
)
@click.option(
    "--out",
    "out",
    type=click.Path(path_type=Path),
    metavar="TỆP",
    help="Ghi Phiếu rà soát .docx, .xlsx; hoặc dữ liệu .json, .sarif.",
)
@click.option(
    "--db",
    "database",
    type=click.Path(path_type=Path),
    metavar="TỆP",
    help="Kho (và danh mục cạnh kho) để gợi ý viện dẫn đầy đủ, văn bản gần giống, hiệu lực.",
)
@click.option(
    "--muc",
    "limit",
    default="bắt buộc sửa",
    metavar="MỨC",
    show_default=True,
    help="Báo trạng thái 1 khi có phát hiện từ mức này: bắt buộc sửa, cần đối chiếu, nên sửa, biên tập.",
)
@click.option("--sarif", "as_sarif", is_flag=True, help="In dữ liệu SARIF 2.1.0 ra stdout.")
@json_option
def check(
    paths: tuple[Path, ...], as_of: str | None, out: Path | None, database: Path | None, limit: str, as_sarif: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Soát căn cứ: chỗ phải sửa, cần đối chiếu, nên sửa trong phần viện dẫn của một hay nhiều văn bản."""
    from graph.files import register_file
    from graph.own_files import own_files
    from graph.register.index import Register
    from graph.register.model import RegisterError
    from publish import check_command as command

    day, level = day_of(as_of), _level(limit)
    if as_sarif and as_json:
        raise Trouble("Chỉ in được một dạng dữ liệu: chọn --json hoặc --sarif.")
    try:
        if out is not None:
            command.check_out(out)
        with ExitStack() as stack:
            graph = stack.enter_context(open_graph(database))[0] if database else None
            register = Register(register_file(database)) if database else None
            ours = [*((out,) if out else ()), *(own_files(database) if database else ())]
            result = command.run(paths, day, graph, ours, register, progress)
            content = command.file_of(result, out.suffix.lower(), day, graph) if out else b""
    except (command.CheckError, RegisterError) as error:
        raise Trouble(str(error)) from error
    if out is not None:
        try:
            out.write_bytes(content)
        except OSError as error:
            raise cannot_write(out) from error
        click.echo(f"Đã ghi {out}", err=True)
    if as_json or as_sarif:
        click.echo(command.as_text(command.sarif_values(result) if as_sarif else command.values(result)))
    elif out is None:
        for line in command.lines(result):
            click.echo(line)
    for one in result.unread:
        click.echo(f"Không đọc được {one.shown}: {one.why}", err=True)
    if result.has(level):
        sys.exit(TO_MEND)


def _level(words: str) -> str:
    """Return the level that ``words`` name, with or without marks.

    Raises:
        Trouble: they name none.
    """
    from extract.text import plain
    from graph.check import SEVERITIES

    found = next((level for level in SEVERITIES if plain(level) == plain(words)), None)
    if found is None:
        raise Trouble(f"Không có mức “{words}”. Các mức: {', '.join(SEVERITIES)}.")
    return found


@click.command(cls=VietnameseCommand)
@click.argument("folder", type=click.Path(path_type=Path), metavar="THƯ_MỤC")
@click.option("--tasks", is_flag=True, help="Chấm nhiệm vụ, phần đầu và căn cứ của kế hoạch (TÊN.tasks.json).")
@json_option
def evaluate(folder: Path, tasks: bool, as_json: bool) -> None:
    """Chấm điểm việc nhận dạng viện dẫn theo các đoạn văn đã chú giải tay (NNN.txt và NNN.json)."""
    from extract.evaluate import GoldError
    from publish.evaluate_command import passage_lines, plan_lines

    try:
        for line in (plan_lines if tasks else passage_lines)(folder, as_json=as_json):
            click.echo(line)
    except GoldError as error:
        raise Trouble(str(error)) from error
