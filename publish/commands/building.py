"""The commands that make a base and serve it: build, update, serve."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publish.cli_words import VietnameseCommand
from publish.commands.asked import CORPUS, DATABASE, Trouble, db_option, json_option, progress
from publish.summary import summary_lines, summary_values

if TYPE_CHECKING:
    from graph.corpus import Summary
    from graph.engine import Engine


class _Source(click.ParamType[Path | str]):
    """A path of this machine, or the address of something elsewhere, which must not be taken for one."""

    name = "source"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        from graph.fetch import is_address

        return value if isinstance(value, str) and is_address(value) else Path(value)


_sources = click.argument("paths", nargs=-1, type=_Source(), metavar="[ĐƯỜNG_DẪN …]")
_seconds_option = click.option(
    "--giay", "seconds", type=click.FloatRange(0.1, 3600), default=60.0, metavar="SỐ", show_default=True,
    help="Thời hạn đọc mỗi tệp, tính bằng giây.",
)  # fmt: skip


@click.command(cls=VietnameseCommand)
@_sources
@db_option
@_seconds_option
@click.option(
    "--parquet", "tables", type=_Source(), metavar="THƯ_MỤC", multiple=True,
    help="Thư mục hoặc tệp .parquet, .jsonl, .jsonl.gz: mỗi dòng một văn bản, cột text (và id hoặc name).",
)  # fmt: skip
@click.option(
    "--engine", "engine", type=click.Choice(["local", "dask"]), default="local", show_default=True,
    help="Nơi đọc văn bản: máy này, hoặc nhiều máy qua Dask (docs/scale.md).",
)  # fmt: skip
@click.option(
    "--scheduler", metavar="ĐỊA_CHỈ", default="",
    help="Bộ điều phối Dask (tcp://máy:8786); không nêu thì chạy các tiến trình Dask trên máy này.",
)  # fmt: skip
@click.option(
    "--nhan", "workers", type=click.IntRange(1, 512), metavar="SỐ",
    help="Số tiến trình Dask trên máy này (mặc định: mỗi nhân một tiến trình).",
)  # fmt: skip
@click.option(
    "--scratch", type=click.Path(path_type=Path), metavar="THƯ_MỤC",
    help="Thư mục chung cho dữ liệu trung gian của Dask (mặc định: cạnh cơ sở dữ liệu).",
)  # fmt: skip
@json_option
def build(
    paths: tuple[Path | str, ...], database: Path, seconds: float, tables: tuple[Path | str, ...], engine: str,
    scheduler: str, workers: int | None, scratch: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Đọc văn bản trong thư mục (mặc định: corpus/) và dựng cơ sở dữ liệu."""
    reader = _reader(engine, database, scheduler, workers, scratch)
    sources = _here((*paths, *tables), database, scratch)
    _tell(_build(sources or (CORPUS,), database, seconds, reader), database, as_json)


@click.command(cls=VietnameseCommand)
@_sources
@db_option
@_seconds_option
@json_option
def update(paths: tuple[Path | str, ...], database: Path, seconds: float, as_json: bool) -> None:
    """Cập nhật cơ sở dữ liệu: chỉ đọc tệp mới hoặc đã đổi trong các thư mục của lần dựng trước."""
    from graph.corpus import built_from

    sources = _here(paths, database)
    _tell(_build(sources or built_from(database) or (CORPUS,), database, seconds), database, as_json)


def _here(sources: Sequence[Path | str], database: Path, scratch: Path | None = None) -> tuple[Path, ...]:
    """Return where sources lie on this machine; those that lie elsewhere are copied first.

    Raises:
        Trouble: one cannot be copied.
    """
    from graph import files
    from graph.fetch import FetchError, fetch

    folder = files.fetched(database)
    if scratch is not None:  # seen by all machines
        folder = scratch / folder.name
    found: list[Path] = []
    for source in sources:
        if isinstance(source, str):
            click.echo(f"Đang tải {source}", err=True)
            try:
                source = fetch(source, folder)
            except FetchError as error:
                raise Trouble(str(error)) from error
        found.append(source)
    return tuple(found)


def _tell(summary: Summary, database: Path, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(summary_values(summary), ensure_ascii=False, indent=2))
    for line in summary_lines(summary, database):
        click.echo(line, err=True)


@click.command(cls=VietnameseCommand)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[THƯ_MỤC …]")
@db_option
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
    from graph.corpus import CorpusError, is_current, is_damaged
    from graph.store import StoreError, damaged, open_base
    from publish.intranet import IntranetError, read_intranet
    from publish.received import DeskError
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
        broken = database.exists() and is_damaged(database)
        if broken and not ours:
            raise StoreError(damaged(database))
        if broken:
            click.echo(f"Tệp “{database}” đã hỏng hoặc không phải cơ sở dữ liệu của Căn Cứ; đang dựng lại.", err=True)
        if broken or not database.exists() or (ours and not _serves_as_it_is(sources, database, edit)):
            for line in summary_lines(_build(sources, database, may_be_empty=edit), database):
                click.echo(line, err=True)
        elif edit and not ours and not (CORPUS.is_dir() and is_current(sources, database, may_be_empty=True)):
            raise Trouble(
                f"Chưa biết “{database}” dựng từ thư mục nào. Hãy chỉ rõ: cancu serve THƯ_MỤC --db {database} --edit"
            )
        open_base(database).close()
        run(database, chosen, open_browser=open_browser, sources=sources if edit else (), intranet=intranet)
    except (CorpusError, StoreError, ServeError, DeskError, IntranetError) as error:
        raise Trouble(str(error)) from error


def _serves_as_it_is(sources: Sequence[Path], database: Path, may_be_empty: bool) -> bool:
    """Tell whether the base need not be built anew; with a damaged file of decisions the last one is served."""
    from graph.corpus import is_current
    from graph.decisions.journal import JournalError

    try:
        return is_current(sources, database, may_be_empty=may_be_empty)
    except JournalError as error:
        click.echo(f"{error} Trang tra cứu dùng dữ liệu của lần dựng trước.", err=True)
        return True


def _reader(engine: str, database: Path, scheduler: str, workers: int | None, scratch: Path | None) -> Engine | None:
    """Return who reads the files, None for this machine.

    Raises:
        Trouble: options that do not go together.
    """
    from graph import files

    if engine == "local":
        if scheduler or workers or scratch:
            raise Trouble("--scheduler, --nhan, --scratch chỉ dùng cùng --engine dask.")
        return None
    if scheduler and workers:
        raise Trouble("Chỉ nêu một trong hai: --scheduler (máy khác) hoặc --nhan (tiến trình trên máy này).")
    from graph.spread.engine import DaskEngine

    folder = files.partitions(database)
    if scratch is not None:
        folder = scratch / folder.name
    return DaskEngine(folder, scheduler, workers or 0)


def _build(
    paths: Sequence[Path], database: Path, seconds: float = 60.0, reader: Engine | None = None, *,
    may_be_empty: bool = False,
) -> Summary:  # fmt: skip
    from extract.read.limits import Limits
    from graph.corpus import CorpusError, Step, build
    from graph.engine import LOCAL
    from graph.store import StoreError

    said: set[Step] = set()

    def tell(step: Step) -> None:
        if step == "locked" and step not in said:
            click.echo(f"Đang có một lần dựng khác cho “{database}”; chờ lần đó xong (nhấn Ctrl+C để thôi).", err=True)
        said.add(step)

    try:
        limits = Limits(seconds=seconds)
        return build(paths, database, progress, limits, tell=tell, reader=reader or LOCAL, may_be_empty=may_be_empty)
    except (CorpusError, StoreError) as error:
        raise Trouble(str(error)) from error
