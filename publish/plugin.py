"""The hooks by which Datasette meets Căn Cứ; each only hands on. Without a base of ours they do nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from datasette import hookimpl as _untyped_hookimpl

Hook = TypeVar("Hook", bound=Callable[..., Any])
hookimpl = cast(Callable[[Hook], Hook], _untyped_hookimpl)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Add our pages; the first page takes the place of Datasette's own."""
    from publish.web import routes

    return routes()


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> Any:
    """Let Jinja find our templates, and let the stock pages speak Vietnamese."""
    from publish.stock import prepare_templates

    return prepare_templates(env, datasette)


@hookimpl
def prepare_connection(conn: Any) -> None:
    """Give SQL the function ``khoa_so``: a number in any spelling -> the key in ``so_tim``."""
    from extract.numbers import typed_key

    conn.create_function("khoa_so", 1, lambda text: typed_key(str(text or "")), deterministic=True)


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> Any:
    """Give the stock pages what our frame around them needs."""
    from publish.stock import frame_values

    return frame_values(datasette, request)


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Any:
    """Link the cells that name a document or a task to our pages."""
    from publish.stock import cell

    return cell(row, value, column, table, database, datasette)


@hookimpl
def register_output_renderer(datasette: Any) -> list[dict[str, Any]]:
    """Offer the stock tables as Word and Excel, too."""
    from publish.stock_files import renderers

    return renderers(datasette)


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Send the security headers with every answer."""
    from publish.asgi import wrap

    return wrap(datasette)


_OUR_FORMS = ("/them-van-ban", "/quyet-dinh/", "/danh-muc/nhap", "/danh-muc/go")


@hookimpl
def skip_csrf(scope: Any) -> bool | None:
    """Leave the forms that change the base to our own check, which is stricter and answers in Vietnamese."""
    return True if any(ours in scope["path"] for ours in _OUR_FORMS) else None


@hookimpl
def forbidden(datasette: Any, request: Any) -> Any:
    """Ask for a login, or say in Vietnamese that a page is not open."""
    from publish.base import known_base
    from publish.problems import closed

    return closed(datasette, request) if known_base(datasette) else None


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """Say in Vietnamese what went wrong."""
    from publish.stock import explain

    return explain(datasette, request, exception)
