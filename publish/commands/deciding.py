"""The commands about decisions of people: list, export, import, restore."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publish.cli_words import VietnameseCommand, VietnameseGroup
from publish.commands.asked import TO_MEND, Trouble, cannot_write, db_option, json_option, open_graph

if TYPE_CHECKING:
    from graph.decisions.entry import Entry

_KINDS = (".xlsx", ".csv")


@click.group(cls=VietnameseGroup)
def decisions() -> None:
    """Quyết định của người dùng: liệt kê, xuất ra Excel, nhập lại, khôi phục."""


@decisions.command("list", cls=VietnameseCommand)
@db_option
@json_option
def list_(database: Path, as_json: bool) -> None:
    """Liệt kê mọi quyết định đã ghi, mới nhất ở cuối."""
    from graph.decisions.force import standings
    from graph.decisions.known import moment_of
    from graph.decisions.replay import decided_words

    entries = _entries(database)
    states = standings(entries)
    if as_json:
        values = [
            {
                "number": e.number, "time": e.time, "person": e.person, "kind": e.kind, "subject": e.subject,
                "part": e.part, "payload": dict(e.payload), "reason": e.reason, "seen": dict(e.seen),
                "supersedes": e.supersedes, "late": e.late, "standing": states[e.number],
            }
            for e in entries
        ]  # fmt: skip
        click.echo(json.dumps(values, ensure_ascii=False, indent=1))
        return
    for e in entries:
        about = f"{e.seen.get('chu') or e.subject}"
        click.echo(f"{e.number}. {moment_of(e.time)} · {e.person} · {about}")
        click.echo(f"   {e.kind}: {decided_words(e)} [{states[e.number]}]")
        if e.reason:
            click.echo(f"   Lý do: {e.reason}")
    if not entries:
        click.echo("Chưa có quyết định nào.", err=True)


@decisions.command("export", cls=VietnameseCommand)
@click.option(
    "--out", "out", type=click.Path(path_type=Path), required=True, metavar="TỆP", help="Tệp kết quả .xlsx hoặc .csv."
)
@click.option("--can-doi-chieu", "waiting", is_flag=True, help="Thêm các viện dẫn còn chờ quyết định để điền.")
@db_option
def export_table(out: Path, waiting: bool, database: Path) -> None:
    """Xuất các quyết định ra bảng để sửa bằng Excel."""
    from publish.decided.out import lines_of, waiting_lines, write_table

    if out.suffix.lower() not in _KINDS:
        raise Trouble(f"Không xuất được vào “{out.name}”: tên tệp phải có đuôi .xlsx hoặc .csv.")
    entries = _entries(database)
    with open_graph(database) as (_, connection):
        _check_base(connection)
        lines = lines_of(connection, entries)
        lines += waiting_lines(connection) if waiting else ()
        try:
            write_table(out, connection, lines)
        except OSError as error:
            raise cannot_write(out) from error
    click.echo(f"Đã ghi {out} ({len(lines)} dòng).", err=True)


@decisions.command("import", cls=VietnameseCommand)
@click.argument("table", type=click.Path(path_type=Path), metavar="TỆP")
@click.option("--nguoi", "person", required=True, metavar="TÊN", help="Người quyết định, khi dòng không ghi ai khác.")
@db_option
@json_option
def import_table(table: Path, person: str, database: Path, as_json: bool) -> None:
    """Nhập bảng quyết định đã sửa: dòng mới, dòng đổi được ghi thêm; dòng bị bỏ không xóa gì."""
    from graph import files
    from graph.decisions.journal import JournalError
    from publish.decided.back import take_back
    from publish.decided.cells import TableError

    if not person.strip():
        raise Trouble("Hãy ghi người quyết định ở --nguoi.")
    with open_graph(database) as (_, connection):
        _check_base(connection)
        try:
            report = take_back(table, files.decisions_file(database), connection, person)
        except (TableError, JournalError) as error:
            raise Trouble(str(error)) from error
    if as_json:
        problems = [{"row": p.row, "reason": p.sentence} for p in report.problems]
        values = {"new": report.new, "changed": report.changed, "same": report.same, "problems": problems}
        click.echo(json.dumps(values, ensure_ascii=False, indent=1))
    for problem in report.problems:
        click.echo(f"Dòng {problem.row}: {problem.sentence}", err=True)
    click.echo(
        f"Ghi mới {report.new}, thay đổi {report.changed}, giữ nguyên {report.same}, "
        f"cần sửa {len(report.problems)} dòng. Các quyết định có hiệu lực ở lần dựng kho kế tiếp (cancu build).",
        err=True,
    )
    if report.problems:
        sys.exit(TO_MEND)


@decisions.command("restore", cls=VietnameseCommand)
@db_option
def restore_journal(database: Path) -> None:
    """Lập lại tệp quyết định bị hỏng hoặc bị mất từ những gì còn đọc được và bản sao."""
    from graph import files
    from graph.decisions.journal import DamagedError, JournalError, read_entries, restore

    path = files.decisions_file(database)
    try:
        whole = path.exists() and read_entries(path) is not None
    except DamagedError:
        whole = False
    except JournalError as error:
        raise Trouble(str(error)) from error
    if whole:
        click.echo(f"Tệp quyết định “{path}” còn nguyên, không cần lập lại.", err=True)
        return
    try:
        count, aside = restore(path)
    except JournalError as error:
        raise Trouble(str(error)) from error
    kept = f" Tệp hỏng được giữ ở “{aside.name}”." if aside else ""
    click.echo(f"Đã lập lại “{path}” với {count} quyết định.{kept}", err=True)


def _entries(database: Path) -> tuple[Entry, ...]:
    from graph import files
    from graph.decisions.journal import JournalError, read_entries

    try:
        return read_entries(files.decisions_file(database))
    except JournalError as error:
        raise Trouble(str(error)) from error


def _check_base(connection: sqlite3.Connection) -> None:
    from graph.decisions.entry import MENTIONS

    columns = {row[1] for row in connection.execute("PRAGMA table_info(quyet_dinh)")}
    if not columns.issuperset(MENTIONS.values()):
        raise Trouble("Kho do phiên bản trước của Căn Cứ dựng. Hãy chạy lại lệnh “cancu build” trước.")
