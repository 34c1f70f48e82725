"""The commands that read documents and no base: extract, check, evaluate."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from publish.cli_words import VietnameseCommand
from publish.commands.asked import TO_MEND, Trouble, day_of, json_option


@click.command(cls=VietnameseCommand)
@click.argument("path", type=click.Path(path_type=Path), metavar="TỆP")
def extract(path: Path) -> None:
    """In ra JSON những gì đọc được từ một văn bản: bố cục, nhiệm vụ, trích dẫn, quan hệ."""
    from extract.as_json import to_json
    from extract.pipeline import extract_file
    from extract.read import ReadError

    try:
        facts = extract_file(path)
    except ReadError as error:
        raise Trouble(str(error)) from error
    click.echo(json.dumps(to_json(facts), ensure_ascii=False, indent=1))


@click.command(cls=VietnameseCommand)
@click.argument("path", type=click.Path(path_type=Path), metavar="TỆP")
@click.option(
    "--tai-ngay", "as_of", metavar="dd/mm/yyyy", help="Ngày soát, khi văn bản chưa có ngày (mặc định: hôm nay)."
)
@json_option
def check(path: Path, as_of: str | None, as_json: bool) -> None:
    """Soát căn cứ: chỗ phải sửa, cần đối chiếu, nên sửa trong phần viện dẫn của một văn bản."""
    from extract.pipeline import extract_file
    from extract.read import ReadError
    from graph.check import check as check_facts
    from publish.findings import finding_lines, finding_values

    day = day_of(as_of)
    try:
        facts = extract_file(path)
    except ReadError as error:
        raise Trouble(str(error)) from error
    found = check_facts(facts, day.isoformat())
    if as_json:
        click.echo(json.dumps(finding_values(found), ensure_ascii=False, indent=1))
    else:
        for line in finding_lines(facts, found):
            click.echo(line)
    if any(finding.severity == "bắt buộc sửa" for finding in found):
        sys.exit(TO_MEND)


@click.command(cls=VietnameseCommand)
@click.argument("folder", type=click.Path(path_type=Path), metavar="THƯ_MỤC")
@click.option("--tasks", is_flag=True, help="Chấm nhiệm vụ, phần đầu và căn cứ của kế hoạch (TÊN.tasks.json).")
@json_option
def evaluate(folder: Path, tasks: bool, as_json: bool) -> None:
    """Chấm điểm việc nhận dạng trích dẫn theo các đoạn văn đã chú giải tay (NNN.txt và NNN.json)."""
    from extract.evaluate import GoldError
    from publish.evaluate_command import passage_lines, plan_lines

    try:
        for line in (plan_lines if tasks else passage_lines)(folder, as_json=as_json):
            click.echo(line)
    except GoldError as error:
        raise Trouble(str(error)) from error
