"""The local server: Datasette over one base, on 127.0.0.1 only, until the user stops it."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import threading
import webbrowser
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from graph.counts import rows_of_tables
from graph.store import open_base, read_facts
from publish import running
from publish.asgi import App, introducing, one_after_another, only_local_hosts, without_workshop
from publish.desk import Desk
from publish.intranet import Intranet
from publish.running import Running

HOST = "127.0.0.1"
FIRST_PORT = 8001
_PORTS = 20
_METADATA = "datasette_metadata.json"
_NAME_IN_METADATA = "cancu"
SETTINGS = {
    "suggest_facets": False,  # the slowest thing of Datasette's table page; the metadata name the useful ones
    "default_allow_sql": False,  # named queries still run; nothing that a user needs asks for free SQL
    "allow_download": False,
    "sql_time_limit_ms": 2000,
    "facet_time_limit_ms": 1000,
    "max_returned_rows": 1000,
    "default_page_size": 50,
    "num_sql_threads": 6,  # three pages at once (publish.asgi), and files beside them
    "cache_size_kb": 8_192,  # for each of these; the system keeps the rest of the file at hand
    "truncate_cells_html": 400,
    "template_debug": False,
}


class ServeError(Exception):
    """The server cannot start; the message is a Vietnamese sentence for the user."""


def read_metadata(name: str) -> dict[str, Any]:
    """Return the metadata with the base's part under ``name``, the name Datasette gives the file.

    An installed package has the file beside this module, a checkout at its top.

    Raises:
        ServeError: the file is not where the installation should have put it.
    """
    here = Path(__file__).parent
    found = next((path for path in (here / _METADATA, here.parent / _METADATA) if path.is_file()), None)
    if found is None:
        raise ServeError(f"Bản cài đặt thiếu tệp {_METADATA}. Hãy cài lại Căn Cứ.")
    metadata: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    metadata["databases"] = {name: metadata["databases"][_NAME_IN_METADATA]}
    return metadata


MANY_ROWS = 20_000


def offer_facets(tables: dict[str, Any], counts: Mapping[str, int]) -> None:
    """Of tables with very many rows count no column unasked: the page offers the columns instead.

    Chosen anew for every edition of the base, so a table may turn back.
    """
    for name, table in tables.items():
        had, has = ("facets", "offered") if counts.get(name, 0) > MANY_ROWS else ("offered", "facets")
        if had in table:
            table[has] = table.pop(had)


def make_datasette(path: Path, intranet: Intranet | None = None) -> Any:
    """Return a Datasette over the base at ``path``, opened immutable, with our pages and metadata.

    Raises:
        graph.store.StoreError: there is no base of this version at ``path``.
        ServeError: the installation lacks the metadata.
    """
    with closing(open_base(path)) as base:
        counts, facts = rows_of_tables(base), read_facts(path)
    from datasette.app import Datasette
    from datasette.plugins import pm

    import publish.plugin as plugin
    from publish.served import Served

    # asked of the registry: imported before datasette.app, the module would register without its hook
    stock_errors = pm.get_plugin("datasette.handle_exception")
    stock_errors.rich = None  # with rich installed, every wrong address would fill the window with local variables

    if not pm.has_plugin("cancu") and not pm.is_registered(plugin):  # a bare checkout has no entry point
        pm.register(plugin, name="cancu")
    settings, metadata, secret = SETTINGS, read_metadata(path.stem), None
    tables = metadata["databases"][path.stem]["tables"]
    offer_facets(tables, counts)
    if intranet is not None:
        settings, metadata = {**settings, **intranet.settings()}, intranet.metadata(path.stem, metadata)
        secret = intranet.secret or None
    inspected = _inspected(path, counts, facts)
    datasette = Datasette([], settings=settings, metadata=metadata, secret=secret, inspect_data=inspected)
    datasette.remove_database("_memory")
    datasette.add_database(Served(datasette, path, lambda new: offer_facets(tables, rows_of_tables(new))), path.stem)
    return datasette


def _inspected(path: Path, counts: Mapping[str, int], facts: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what Datasette would else find out by reading the whole file; None for a base that has no counts."""
    if not counts:
        return None
    tables = {name: {"count": count} for name, count in counts.items()}
    return {path.stem: {"hash": facts["ma_kiem_tra"], "size": path.stat().st_size, "tables": tables}}


def free_port(port: int | None = None) -> int:
    """Return ``port`` when it is free; without one, the first free port from :data:`FIRST_PORT` on.

    Raises:
        ServeError: another program listens there, or the system does not allow the port.
    """
    for tried in range(FIRST_PORT, FIRST_PORT + _PORTS) if port is None else (port,):
        try:
            _listen(tried).close()
        except ServeError:
            if port is not None:
                raise
        else:
            return tried
    raise ServeError(
        f"Các cổng {FIRST_PORT}–{FIRST_PORT + _PORTS - 1} đều đang được dùng. Hãy chọn cổng khác bằng --port."
    )


def _listen(port: int) -> socket.socket:
    # named by its protocol, so that asyncio sends small answers at once instead of waiting 40 ms for the client
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows would else let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # elsewhere a port just left waits a minute without this
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise ServeError(
            f"Cổng {port} đang được chương trình khác dùng hoặc không được phép mở. "
            f"Hãy chọn cổng khác, ví dụ: cancu serve --port {port + 1 if port < 65535 else 8001}"
        ) from error
    return listener


def run(
    path: Path,
    port: int,
    *,
    open_browser: bool = False,
    sources: Sequence[Path] = (),
    intranet: Intranet | None = None,
) -> None:
    """Serve the base at ``path`` on 127.0.0.1:``port`` until the user presses Ctrl+C.

    With ``sources``, what the base is built from, documents may be added on the page "Thêm văn bản".

    Raises:
        ServeError: the port is taken.
        publish.desk.DeskError: ``sources`` has no folder that could take documents.
        graph.store.StoreError: there is no base of this version at ``path``.
    """
    listener = _listen(port)
    desk: Desk | None = None
    try:
        datasette = make_datasette(path, intranet)
        import uvicorn

        served = datasette.get_database(path.stem)
        if sources:
            desk = served.desk = Desk(path, sources, served.swap)
            desk.open()
        asyncio.run(datasette.invoke_startup())
        server = running.new(f"http://{HOST}:{listener.getsockname()[1]}/", desk is not None)
        config = uvicorn.Config(_door(datasette, server, intranet), log_level="error", lifespan="on", workers=1)
        with running.noted(path, server):
            print(f"Trang tra cứu: {server.address}  (nhấn Ctrl+C để dừng)", file=sys.stderr, flush=True)
            if open_browser:  # the listener already takes connections, so the page waits until the server answers
                show(server.address)
            uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        print("Đã dừng.", file=sys.stderr)
    finally:
        listener.close()
        if desk is not None:
            desk.close()


def show(address: str) -> threading.Thread:
    """Open ``address`` in the browser of the user; the thread that does so is returned, for who must wait for it."""
    thread = threading.Thread(target=webbrowser.open, args=(address,), daemon=True)
    thread.start()
    return thread


def _door(datasette: Any, server: Running, intranet: Intranet | None) -> App:
    """Return what every request passes before Datasette: whom it names as host, and what is closed to many people."""
    app: App = one_after_another(datasette.app())
    if intranet is not None:
        app = without_workshop(app, intranet.root)
    app = introducing(app, running.PATH, server.words())
    return only_local_hosts(app, intranet.hosts if intranet is not None else ())
