"""The command ``cancu``: parse, call, print. Messages in Vietnamese; data on stdout, all else on stderr.

Exit status: 0 done; 1 done, with findings that must be mended (`check`); 2 could not be done (bad input, bad
usage, unknown or ambiguous number);
130 stopped by the user.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from graph.version import version
from publish.cli_words import VietnameseCommand, VietnameseGroup, explain
from publish.summary import summary_lines, summary_values

if TYPE_CHECKING:
    import sqlite3

    from graph.compared import ComparedText
    from graph.corpus import Summary
    from graph.lazy import LazyGraph

CORPUS = Path("corpus")
DATABASE = Path("cancu.db")
TO_MEND, COULD_NOT = 1, 2
_FILES = frozenset({".docx", ".doc", ".pdf", ".rtf", ".html", ".htm", ".txt", ".md", ".xlsx", ".odt", ".zip"})
"""What ends so is meant as a file, there or not: a number never does."""


class Trouble(click.ClickException):
    """Something that stops the command; the message is a Vietnamese sentence that says what to do."""

    exit_code = COULD_NOT


_db = click.option(
    "--db", "database", type=click.Path(path_type=Path), default=DATABASE, metavar="TỆP", show_default=True,
    help="Tệp cơ sở dữ liệu.",
)  # fmt: skip
_json = click.option("--json", "as_json", is_flag=True, help="In dữ liệu JSON ra stdout.")


class _Commands(VietnameseGroup):
    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; when the reader of its output went away (`cancu trace … | head`), end in peace.

        Done here because click itself turns a closed pipe into exit status 1 before ``main`` sees it.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # nothing to say, nobody to say it to
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return None


@click.group(cls=_Commands)
@click.version_option(version(), "--version", message="cancu %(version)s", help="Hiện phiên bản rồi thoát.")
def cancu() -> None:
    """Căn Cứ: nối từng nhiệm vụ với căn cứ pháp lý của nó."""


# --- build and serve ------------------------------------------------------------------------------


@cancu.command(cls=VietnameseCommand)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[ĐƯỜNG_DẪN …]")
@_db
@click.option(
    "--giay", "seconds", type=click.FloatRange(0.1, 3600), default=60.0, metavar="SỐ", show_default=True,
    help="Thời hạn đọc mỗi tệp, tính bằng giây.",
)  # fmt: skip
@_json
def build(paths: tuple[Path, ...], database: Path, seconds: float, as_json: bool) -> None:
    """Đọc văn bản trong thư mục (mặc định: corpus/) và dựng cơ sở dữ liệu."""
    summary = _build(paths or (CORPUS,), database, seconds)
    if as_json:
        click.echo(json.dumps(summary_values(summary), ensure_ascii=False, indent=2))
    for line in summary_lines(summary, database):
        click.echo(line, err=True)


@cancu.command(cls=VietnameseCommand)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[THƯ_MỤC …]")
@_db
@click.option(
    "--port", type=click.IntRange(1, 65535), metavar="SỐ",
    help="Cổng (mặc định: 8001, hoặc cổng trống kế tiếp).",
)  # fmt: skip
@click.option("--edit", is_flag=True, help="Bật trang “Thêm văn bản”.")
@click.option("--open", "open_browser", is_flag=True, help="Mở trình duyệt khi sẵn sàng.")
@click.option(
    "--noi-bo", "shared", type=click.Path(path_type=Path), metavar="TỆP",
    help="Dùng chung qua mạng nội bộ, theo tệp cấu hình (xem docs/mang-noi-bo.md).",
)  # fmt: skip
def serve(
    paths: tuple[Path, ...], database: Path, port: int | None, edit: bool, open_browser: bool, shared: Path | None
) -> None:
    """Mở trang tra cứu trên máy này (127.0.0.1); tự dựng cơ sở dữ liệu khi cần."""
    from graph.corpus import CorpusError, is_current
    from graph.store import StoreError, open_base
    from publish.desk import DeskError
    from publish.intranet import IntranetError, read_intranet
    from publish.running import running_on
    from publish.serve import ServeError, free_port, run, show

    if edit and shared:
        raise Trouble("Không dùng chung --edit với --noi-bo: chỉ thêm được văn bản khi mở riêng trên máy chủ.")
    try:
        intranet = read_intranet(shared) if shared else None
        if (found := running_on(database)) is not None:
            if edit and not found.editing:
                raise Trouble(
                    f"Kho này đang mở tại {found.address} nhưng không bật thêm văn bản. "
                    "Hãy đóng cửa sổ đó rồi chạy lại lệnh này."
                )
            click.echo(f"Kho này đang mở sẵn tại {found.address}", err=True)
            if open_browser:
                show(found.address).join()
            return
        chosen = free_port(port)
        sources = paths or (CORPUS,)
        ours = bool(paths) or (CORPUS.is_dir() and database == DATABASE)  # the base comes from these sources
        if not database.exists() or (ours and not is_current(sources, database)):
            for line in summary_lines(_build(sources, database), database):
                click.echo(line, err=True)
        elif edit and not ours and not (CORPUS.is_dir() and is_current(sources, database)):
            raise Trouble(
                f"Chưa biết “{database}” dựng từ thư mục nào. Hãy chỉ rõ: cancu serve THƯ_MỤC --db {database} --edit"
            )
        open_base(database).close()
        run(database, chosen, open_browser=open_browser, sources=sources if edit else (), intranet=intranet)
    except (CorpusError, StoreError, ServeError, DeskError, IntranetError) as error:
        raise Trouble(str(error)) from error


def _build(paths: Sequence[Path], database: Path, seconds: float = 60.0) -> Summary:
    from extract.read.limits import Limits
    from graph.corpus import CorpusError, build
    from graph.store import StoreError

    try:
        return build(paths, database, _progress, Limits(seconds=seconds))
    except (CorpusError, StoreError) as error:
        raise Trouble(str(error)) from error


def _progress(paths: Iterable[Path]) -> Iterator[Path]:
    items = list(paths)
    with click.progressbar(
        items, label="Đang đọc", file=sys.stderr, item_show_func=lambda p: p.name if p else "", show_pos=True
    ) as bar:
        yield from bar


# --- one document ---------------------------------------------------------------------------------


@cancu.command(cls=VietnameseCommand)
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


@cancu.command(cls=VietnameseCommand)
@click.argument("path", type=click.Path(path_type=Path), metavar="TỆP")
@click.option(
    "--tai-ngay", "as_of", metavar="dd/mm/yyyy", help="Ngày soát, khi văn bản chưa có ngày (mặc định: hôm nay)."
)
@_json
def check(path: Path, as_of: str | None, as_json: bool) -> None:
    """Soát căn cứ: chỗ phải sửa, cần đối chiếu, nên sửa trong phần viện dẫn của một văn bản."""
    from extract.pipeline import extract_file
    from extract.read import ReadError
    from graph.check import check as check_facts
    from publish.findings import finding_lines, finding_values

    day = _day(as_of)
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


# --- questions ------------------------------------------------------------------------------------


@cancu.command(cls=VietnameseCommand)
@click.argument("query", metavar="SỐ_HOẶC_NHIỆM_VỤ")
@_db
@_json
def trace(query: str, database: Path, as_json: bool) -> None:
    """Truy vết một văn bản (“08-NQ/TU”) hoặc một nhiệm vụ (II.2.2.3) theo chuỗi căn cứ."""
    from extract.model import ACTING_UNITS
    from graph.trace import impact
    from publish import tree

    with _base(database) as (graph, _):
        node = _find(graph, query)
        if graph.nodes[node]["kind"] in ACTING_UNITS:
            values, lines = tree.task_values, tree.task_tree
            answer: Any = values(graph, node) if as_json else lines(graph, node)
        else:
            found = impact(graph, node)
            answer = (tree.document_values if as_json else tree.document_tree)(graph, node, found)
        if as_json:
            click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            for line in answer:
                click.echo(line)


@cancu.command(cls=VietnameseCommand)
@click.argument("first", metavar="TỪ")
@click.argument("second", metavar="ĐẾN")
@_db
@_json
def paths(first: str, second: str, database: Path, as_json: bool) -> None:
    """Tìm mọi đường nối giữa hai văn bản hoặc nhiệm vụ, từng bước kèm câu nguyên văn."""
    from graph.paths import connect
    from publish import tree

    with _base(database) as (graph, _):
        ends = _find(graph, first), _find(graph, second)
        found = connect(graph, *ends)
        if as_json:
            click.echo(json.dumps(tree.path_values(graph, ends, found), ensure_ascii=False, indent=1))
            return
        for line in tree.path_lines(graph, ends, found):
            click.echo(line)


@contextmanager
def _base(database: Path) -> Iterator[tuple[LazyGraph, sqlite3.Connection]]:
    from graph.lazy import LazyGraph
    from graph.store import StoreError, open_base

    try:
        connection = open_base(database)
    except StoreError as error:
        raise Trouble(str(error)) from error
    with closing(connection):
        yield LazyGraph(connection), connection


def _find(graph: LazyGraph, query: str) -> str:
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


@cancu.command(cls=VietnameseCommand)
@click.argument("folder", type=click.Path(path_type=Path), metavar="THƯ_MỤC")
@click.option("--tasks", is_flag=True, help="Chấm nhiệm vụ, phần đầu và căn cứ của kế hoạch (TÊN.tasks.json).")
@_json
def evaluate(folder: Path, tasks: bool, as_json: bool) -> None:
    """Chấm điểm việc nhận dạng trích dẫn theo các đoạn văn đã chú giải tay (NNN.txt và NNN.json)."""
    from extract.evaluate import GoldError
    from publish.evaluate_command import passage_lines, plan_lines

    try:
        for line in (plan_lines if tasks else passage_lines)(folder, as_json=as_json):
            click.echo(line)
    except GoldError as error:
        raise Trouble(str(error)) from error


@cancu.command(cls=VietnameseCommand)
@click.argument("old", metavar="BẢN_CŨ")
@click.argument("new", metavar="BẢN_MỚI")
@click.option(
    "--out", "out", type=click.Path(path_type=Path), metavar="TỆP", help="Ghi ra tệp .docx, .xlsx hoặc .json."
)
@click.option("--tai-ngay", "as_of", metavar="dd/mm/yyyy", help="Tính đến ngày (mặc định: hôm nay).")
@_db
@_json
def compare(old: str, new: str, out: Path | None, as_of: str | None, database: Path, as_json: bool) -> None:
    """So sánh hai văn bản: hai tệp, hoặc số, ký hiệu (mã) của văn bản trong kho."""
    from publish import compare_command as command

    day = _day(as_of)
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
                    graph, connection = stack.enter_context(_base(database))
                node = _find(graph, words)
                texts.append(command.read_document(connection, node, graph.nodes[node]["label"]))
            found = command.compare(*texts)
            stamp = command.stamp_for(texts[0], texts[1], connection, day)
    except command.CompareError as error:
        raise Trouble(str(error)) from error
    if out is not None:
        try:
            out.write_bytes(command.file_of(found, stamp, out.suffix.lower()))
        except OSError as error:
            raise _cannot_write(out) from error
        click.echo(f"Đã ghi {out}", err=True)
    if as_json:
        click.echo(command.file_of(found, stamp, ".json").decode().rstrip())
    elif out is None:
        for line in command.lines(found):
            click.echo(line)


# --- files out ------------------------------------------------------------------------------------


@cancu.command(cls=VietnameseCommand)
@click.argument("target", required=False, metavar="[SỐ_HOẶC_NHIỆM_VỤ]")
@click.option(
    "--out",
    "out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="TỆP",
    help="Tệp kết quả (hoặc thư mục khi xuất CSV).",
)
@click.option("--format", "kind", metavar="DẠNG", help="docx, xlsx, csv, graphml, jsonld; mặc định theo đuôi tệp.")
@click.option("--tai-ngay", "as_of", metavar="dd/mm/yyyy", help="Tính đến ngày (mặc định: hôm nay).")
@_db
def export(target: str | None, out: Path, kind: str | None, as_of: str | None, database: Path) -> None:
    """Xuất chuỗi căn cứ ra Word, Excel; xuất cả kho ra CSV, GraphML, JSON-LD."""
    from publish.export import ExportError, export_to

    with _base(database) as (graph, connection):
        node = _find(graph, target) if target else None
        try:
            written = export_to(out, graph, connection, node, kind, _day(as_of))
        except ExportError as error:
            raise Trouble(str(error)) from error
        except OSError as error:
            raise _cannot_write(out) from error
    for path in written:
        click.echo(f"Đã ghi {path}", err=True)


def _cannot_write(out: Path) -> Trouble:
    return Trouble(f"Không ghi được “{out}”: thư mục không có, không có quyền ghi, hoặc tệp đang mở.")


def _day(words: str | None) -> date:
    if not words:
        return date.today()
    try:
        day, month, year = (int(p) for p in words.split("/"))
        return date(year, month, day)
    except ValueError as error:
        raise Trouble(f"“{words}” không phải ngày hợp lệ. Hãy viết theo dạng dd/mm/yyyy, ví dụ 31/12/2024.") from error


@cancu.command(cls=VietnameseCommand)
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
    default=2,
    show_default=True,
    metavar="SỐ",
    help="Số bước quanh văn bản hoặc nhiệm vụ.",
)
@_db
def draw(target: str | None, out: Path, steps: int, database: Path) -> None:
    """Vẽ sơ đồ: tương tác (.html, xem được khi không có mạng) hoặc để in (.svg, .png)."""
    from graph.trace import neighbourhood, plan_graph

    if out.suffix.lower() not in (".html", ".htm", ".svg", ".png"):
        raise Trouble(f"Không vẽ được vào “{out.name}”: tên tệp phải có đuôi .html, .svg hoặc .png.")
    with _base(database) as (graph, connection):
        if target:
            node = _find(graph, target)
            part, focus = neighbourhood(graph, node, steps), node
        else:
            found = graph.rows("SELECT id FROM van_ban WHERE trong_kho = 1 ORDER BY rowid LIMIT 9")
            plans = [row["id"] for row in found]
            if len(plans) > 1:
                rows = [f"  - {graph.nodes[p]['label']}\n      mã: {p}" for p in plans[:8]]
                raise Trouble("\n".join(["Kho có nhiều văn bản, hãy chọn một để vẽ:", *rows]))
            part, focus = plan_graph(graph, plans[0]), plans[0]
        content, shown, hidden = _drawn(part, focus, out.suffix.lower(), connection)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise _cannot_write(out) from error
    left = f", ẩn {hidden} nút" if hidden else ""
    click.echo(f"Đã ghi {out} ({shown} nút{left}).", err=True)


def _drawn(part: Any, focus: str, suffix: str, connection: sqlite3.Connection) -> tuple[bytes, int, int]:
    """Return a drawing in the format that ``suffix`` names, how many nodes it shows and how many it hides."""
    label = part.nodes[focus]["label"]
    if suffix.startswith(".htm"):
        from publish.draw import draw as draw_graph

        page = draw_graph(part, title=label, focus=focus)
        return page.html.encode(), page.shown, page.hidden
    from publish.export.stamp import read_stamp
    from publish.lane_svg import draw_lanes
    from publish.png import PngError, to_png

    facts = read_stamp(connection, date.today(), ()).facts()[:4]
    stamp = ". ".join(f"{name}: {value}" for _, name, value in facts) + "."
    drawing = draw_lanes(part, title=f"Chuỗi căn cứ: {label}", focus=focus, stamp=[stamp])
    if drawing.fit.sentence:
        click.echo(drawing.fit.sentence, err=True)
    try:
        content = to_png(drawing.svg) if suffix == ".png" else drawing.svg.encode()
    except PngError as error:
        raise Trouble(str(error)) from error
    return content, drawing.shown, drawing.hidden


# --- the door -------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and leave with its exit status; no traceback for anything a user can cause."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # pipes on Windows default to a code page without Vietnamese
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        cancu.main(args=list(arguments) if arguments is not None else None, prog_name="cancu", standalone_mode=False)
    except click.UsageError as error:
        _leave(explain(error), COULD_NOT)
    except click.ClickException as error:
        _leave(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _leave("Đã dừng theo yêu cầu.", 130)
    except OSError as error:
        _leave(f"Hệ thống báo lỗi khi đọc hoặc ghi tệp: {error.strerror or error}.", COULD_NOT)
    sys.exit(0)


def _leave(message: str, status: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(status)
