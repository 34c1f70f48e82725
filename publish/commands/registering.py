"""The commands of the register: lists of documents that tell date, issuer, title and validity."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from publish.cli_words import VietnameseCommand, VietnameseGroup
from publish.commands.asked import Trouble, day_of, db_option, json_option


@click.group(cls=VietnameseGroup)
def register() -> None:
    """Danh mục văn bản: nhập từ Excel, CSV; xem tình trạng hiệu lực theo danh mục."""


@register.command("import", cls=VietnameseCommand)
@click.argument("path", type=click.Path(path_type=Path), metavar="TỆP")
@db_option
@click.option("--nguon", "source", metavar="TÊN", help="Tên danh mục, cơ quan lập (mặc định: tên tệp).")
@click.option("--ngay", "as_of", metavar="dd/mm/yyyy", help="Danh mục tính đến ngày (mặc định: ngày ghi ở tiêu đề).")
@click.option("--cot", "columns", multiple=True, metavar="CỘT=TRƯỜNG", help="Chỉ rõ một cột; dùng được nhiều lần.")
@click.option("--nguoi", "person", metavar="HỌ_TÊN", default="", help="Người nhập, để ghi vào lịch sử danh mục.")
@click.option("--thu", "dry", is_flag=True, help="Đọc thử: chỉ cho xem các cột, số dòng và chỗ chưa đọc được.")
@json_option
def import_(
    path: Path,
    database: Path,
    source: str | None,
    as_of: str | None,
    columns: tuple[str, ...],
    person: str,
    dry: bool,
    as_json: bool,
) -> None:
    """Nhập một danh mục văn bản (.xlsx, .csv) vào tệp danh mục cạnh cơ sở dữ liệu."""
    from graph.files import register_file
    from graph.register.columns import read_told
    from graph.register.model import ListFacts, RegisterError
    from graph.register.reading import read_list
    from graph.register.store import save
    from graph.words import vietnamese_date
    from publish.register_words import differences_words, import_values, read_lines

    told_day = day_of(as_of).isoformat() if as_of else ""
    try:
        name = (source or path.stem).strip()
        read = read_list(path, read_told(columns), name)
        day = told_day or read.date or date.today().isoformat()
        if not read.entries:
            raise RegisterError(f"Không đọc được dòng nào của “{path.name}”. Hãy chạy lại với --thu để xem các cột.")
        kept = ListFacts(
            name, day, path.name, hashlib.sha256(path.read_bytes()).hexdigest(), "", len(read.entries), read.refused
        )
        target = register_file(database)
        saved = None if dry else save(target, kept, read.entries, person.strip(), read.problems)
    except RegisterError as error:
        raise Trouble(str(error)) from error
    if as_json:
        click.echo(json.dumps(import_values(read, kept), ensure_ascii=False, indent=1))
    else:
        for line in read_lines(read, kept):
            click.echo(line)
    if not told_day and not read.date:
        click.echo(f"Danh mục không ghi ngày, lấy hôm nay ({date.today():%d/%m/%Y}); ghi rõ bằng --ngay.", err=True)
    if dry:
        click.echo("Đọc thử, chưa ghi gì.", err=True)
        return
    replaced = saved.replaced if saved else None
    was = f", thay bản nhập ngày {vietnamese_date(replaced.imported[:10])}" if replaced else ""
    if saved is not None and replaced is not None and not as_json:
        click.echo(differences_words(saved.differences))
    click.echo(f"Đã ghi vào {target}{was}. Chạy “cancu build” để dùng danh mục mới.", err=True)


@register.command("list", cls=VietnameseCommand)
@db_option
@json_option
def list_(database: Path, as_json: bool) -> None:
    """Liệt kê các danh mục đã nhập."""
    from graph.files import register_file
    from graph.register.model import RegisterError
    from graph.register.store import lists_of
    from graph.words import vietnamese_date

    try:
        lists = lists_of(register_file(database))
    except RegisterError as error:
        raise Trouble(str(error)) from error
    if as_json:
        click.echo(json.dumps([asdict(facts) for facts in lists], ensure_ascii=False, indent=1))
        return
    if not lists:
        click.echo("Chưa nhập danh mục nào. Nhập bằng: cancu register import TỆP")
    for facts in lists:
        click.echo(
            f"{facts.source}: {facts.entries} văn bản, tính đến ngày {vietnamese_date(facts.date)}; "
            f"tệp {facts.file}, nhập ngày {vietnamese_date(facts.imported[:10])}, bỏ qua {facts.refused} dòng"
        )


@register.command(cls=VietnameseCommand)
@click.argument("source", metavar="TÊN_DANH_MỤC")
@click.option("--nguoi", "person", metavar="HỌ_TÊN", required=True, help="Người gỡ.")
@click.option("--ly-do", "reason", metavar="LÝ_DO", required=True, help="Vì sao gỡ; còn lại trong lịch sử danh mục.")
@db_option
def remove(source: str, person: str, reason: str, database: Path) -> None:
    """Gỡ một danh mục đã nhập; ai gỡ, lúc nào, vì sao được ghi lại."""
    from graph.files import register_file
    from graph.register.model import RegisterError
    from graph.register.store import remove as take_out

    try:
        old = take_out(register_file(database), source, person, reason).list
    except RegisterError as error:
        raise Trouble(str(error)) from error
    click.echo(f"Đã gỡ danh mục “{old.source}” ({old.entries} văn bản). Chạy “cancu build” để bỏ khỏi kho.")


@register.command(cls=VietnameseCommand)
@click.argument("number", metavar="SỐ_KÝ_HIỆU")
@click.option("--tai-ngay", "as_of", metavar="dd/mm/yyyy", help="Hiệu lực tại ngày (mặc định: hôm nay).")
@db_option
@json_option
def show(number: str, as_of: str | None, database: Path, as_json: bool) -> None:
    """Cho xem một số, ký hiệu theo các danh mục, và hiệu lực của văn bản đó trong kho."""
    from graph.files import register_file
    from graph.register.index import Register
    from graph.register.model import RegisterError
    from publish.register_words import entry_lines, entry_values, validity_lines, validity_values
    from publish.validity_of import of_number

    day = day_of(as_of).isoformat()
    try:
        found = Register(register_file(database)).under(number)
    except RegisterError as error:
        raise Trouble(str(error)) from error
    known = of_number(database, number, day)
    if not found and not known:
        raise Trouble(f"Không danh mục nào và không văn bản nào trong kho có số “{number}”.")
    if as_json:
        values = {"entries": [entry_values(one) for one in found], "validity": [validity_values(*k) for k in known]}
        click.echo(json.dumps(values, ensure_ascii=False, indent=1))
        return
    for one in found:
        for line in entry_lines(one):
            click.echo(line)
    for label, validity in known:
        for line in validity_lines(label, validity, day):
            click.echo(line)
