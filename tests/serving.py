"""Servers in processes of their own, as users start them, and the browser that visits them."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parent.parent
ENV = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's Chromium is not installed (apt install chromium)"),
]


HOME = "http://127.0.0.1:8001"


def asked(datasette, method: str, path: str, client: str = "127.0.0.1", base_url: str = HOME, cookies=None, **more):
    """The answer (of httpx) to one request of ``client``, without a server in between."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=datasette.app(), client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url=base_url, cookies=cookies) as http:
            return await http.request(method, path, **more)

    return asyncio.run(send())


def unused_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def started(*arguments: str, cwd: Path, env=None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``cancu serve`` in a process of its own; gives (process, address)."""
    with _answering(["-c", "from publish.cli import main; main()", "serve", *arguments], cwd, env) as found:
        yield found


@contextmanager
def served(base: Path) -> Iterator[str]:
    """A finished base served to be looked at; gives the address without the last stroke."""
    code = f"from pathlib import Path; from publish.serve import run; run(Path({str(base)!r}), {unused_port()})"
    with _answering(["-c", code], base.parent) as (_, address):
        yield address.rstrip("/")


@contextmanager
def _answering(arguments: Sequence[str], cwd: Path, env=None):
    command = [sys.executable, *arguments]
    process = subprocess.Popen(command, cwd=cwd, env={**ENV, **(env or {})}, stderr=subprocess.PIPE, encoding="utf-8")
    try:
        said = []
        for line in process.stderr:
            said.append(line)
            if found := re.search(r"Trang tra cứu: (http://127\.0\.0\.1:\d+/)", line):
                yield process, found.group(1)
                break
        else:
            pytest.fail("".join(said))
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()


@contextmanager
def chromium():
    """Debian's Chromium."""
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def watched_page(browser, address: str, **options):
    """A page of the office's size that notes every fault, and every request that would leave this machine, which it
    stops; ``options`` as of Playwright's ``new_context``."""
    context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 768}, **options)
    page = context.new_page()
    page.faults = []
    context.route(
        lambda url: not url.startswith(f"{address}/"),
        lambda route: (page.faults.append(route.request.url), route.abort()),
    )
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    context.close()
