"""What every answer passes on its way out: security headers, and what Excel needs of a CSV file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from weakref import WeakKeyDictionary

from publish.answers import POLICY
from publish.base import find_base
from publish.columns import ask_in_terms_of_the_base
from publish.intranet import PLUGIN
from publish.problems import problem
from publish.stock_csv import Rows

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# A picture or file opened by itself may carry its own styles; stock pages and vis-network carry scripts as well.
_STYLED = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
_LOOSE = _STYLED.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
_LOCAL = ("127.0.0.1", "localhost", "[::1]")
_OPEN_TO_PEOPLE = ("/-/login", "/-/logout", "/-/static/", "/-/static-plugins/")
# Datasette's pages for its own developers: no user needs them, and they speak English.
_WORKSHOP = ("/-/patterns", "/-/messages", "/-/permissions", "/-/allow-debug")
_LOGOUT = "/-/logout"  # nor is there anything to leave where nobody signs in
_POLICY_NAME = b"content-security-policy"
_OURS = frozenset((_POLICY_NAME, *(name for name, _ in HEADERS)))


def wrap(datasette: Any) -> Callable[[App], App]:
    """Return the ASGI wrapper that adds :data:`HEADERS` (and turns CSV) wherever a base of ours is served."""

    def around(app: App) -> App:
        async def marked(scope: Scope, receive: Receive, send: Send) -> None:
            database = await find_base(datasette) if scope["type"] == "http" else None
            if database is None:
                await app(scope, receive, send)
                return

            await ask_in_terms_of_the_base(datasette, database, scope)
            rows: Rows | None = None
            refused = False

            async def send_marked(message: MutableMapping[str, Any]) -> None:
                nonlocal rows, refused
                if refused:  # the answer was ours instead
                    return
                if message["type"] == "http.response.start":
                    if message["status"] == 405 and _kind(message).startswith(b"text/plain"):
                        answer = await problem(datasette, 405)
                        await answer.asgi_send(send_marked)
                        refused = True
                        return
                    sent = message.get("headers", [])
                    headers = [pair for pair in sent if pair[0].lower() not in _OURS]
                    headers.append((_POLICY_NAME, _policy(sent).encode()))
                    shown = str(scope["path"]).endswith(".csv") and message["status"] == 200  # as plain text
                    if _kind(message).startswith(b"text/csv") or (shown and _kind(message).startswith(b"text/plain")):
                        rows = Rows()
                        headers = [pair for pair in headers if pair[0].lower() != b"content-length"]
                    message = {**message, "headers": [*headers, *HEADERS]}
                elif rows and message["type"] == "http.response.body":
                    message = {**message, "body": rows.turn(message.get("body", b""))}
                await send(message)

            closed = _WORKSHOP if datasette.plugin_config(PLUGIN) else (*_WORKSHOP, _LOGOUT)
            if str(scope["path"]).endswith(closed):
                await (await problem(datasette, 404)).asgi_send(send_marked)
            else:
                await app(scope, receive, send_marked)

        return marked

    return around


def _kind(message: MutableMapping[str, Any]) -> bytes:
    return bytes(dict(message.get("headers", [])).get(b"content-type", b""))


def _policy(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the policy of an answer: our pages name the strict one themselves."""
    named = dict(headers)
    if named.get(_POLICY_NAME) == POLICY.encode():
        return POLICY
    return _LOOSE if named.get(b"content-type", b"").startswith(b"text/html") else _STYLED


AT_ONCE = 3
"""So many pages are made at once; more would only make all of them later."""


def one_after_another(app: App) -> App:
    """Let pages be made in the order in which they were asked for.

    A page of Datasette asks the base a dozen times. Among twenty others each of these would wait for its turn, and the
    page come after everything that was asked long after it. Files, which take long, and what is not a page pass by.
    """
    turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    async def in_turn(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope.get("method") != "GET" or not _is_page(scope["path"]):
            await app(scope, receive, send)
            return
        turn = turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
        made = False

        def done() -> None:
            nonlocal made
            if not made:
                made = True
                turn.release()

        async def send_and_go(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":  # made; who reads it slowly holds up nobody
                done()
            await send(message)

        await turn.acquire()
        try:
            await app(scope, receive, send_and_go)
        finally:
            done()

    return in_turn


def _is_page(path: str) -> bool:
    parts = path.split("/")
    data = (".csv", ".json", ".docx", ".xlsx", "/them-van-ban/tien-do")
    return not {"xuat", "danh-sach", "tinh", "-"} & set(parts[:4]) and not path.endswith(data)


def introducing(app: App, path: str, words: bytes) -> App:
    """Answer ``path`` with ``words``: by them a second start knows which server it has found."""

    async def introduced(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != path:
            await app(scope, receive, send)
            return
        await _answer(send, 200, b"application/json; charset=utf-8", words)

    return introduced


def without_workshop(app: App, root: str) -> App:
    """Close the pages of Datasette for those who run it: settings, password hashes, paths of this machine.

    ``root`` is where the site hangs; Datasette takes it off a path when it is there.
    """

    async def closed(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if root != "/" and path.startswith(root):
            path = "/" + path.removeprefix(root)
        if scope["type"] == "http" and path.startswith("/-/") and not path.startswith(_OPEN_TO_PEOPLE):
            await _answer(send, 404, b"text/plain; charset=utf-8", "Không có trang này.".encode())
            return
        await app(scope, receive, send)

    return closed


def only_local_hosts(app: App, more: tuple[str, ...] = ()) -> App:
    """Refuse requests that name another host: a foreign site cannot reach the base by rebinding its name.

    ``more`` are the names that a proxy of the office is known by.
    """

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _host(scope) not in (*_LOCAL, *more):
            body = "Trang này chỉ mở được từ chính máy này, tại địa chỉ 127.0.0.1.".encode()
            await _answer(send, 421, b"text/plain; charset=utf-8", body)
            return
        await app(scope, receive, send)

    return checked


async def _answer(send: Send, status: int, media_type: bytes, body: bytes) -> None:
    ours = ((_POLICY_NAME, POLICY.encode()), *HEADERS)
    headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode()), *ours]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _host(scope: Scope) -> str:
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "127.0.0.1")
    return (host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdigit() else host).lower()
