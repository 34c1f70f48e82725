"""From an address to an answer: the routes of our pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import parse_qs, unquote

from publish.answers import Answer, Ask, File, Page, file_response, links_of, respond
from publish.base import Base, find_base, open_for
from publish.desk import Desk
from publish.links import Links
from publish.pages import (
    adding,
    annex,
    asset,
    bases,
    compare,
    coverage,
    deciding,
    document,
    doer,
    download,
    drawing,
    endings,
    findings,
    home,
    impact,
    importing,
    lists,
    official,
    paths,
    printed,
    reconcile,
    registers,
    review,
    search,
    suspects,
    task,
)
from publish.pages.problem import refused
from publish.problems import problem
from publish.upload import UploadError, check_sender, check_token
from publish.validities import as_of

View = Callable[[Base, Ask], Answer]


def routes() -> list[tuple[str, Any]]:
    """Return the routes of our pages for Datasette: (regular expression, async view)."""
    node = r"(?:van-ban/(?P<document>[^/]+)|nhiem-vu/(?P<plan>[^/]+)/(?P<code>[^/]+))"
    views: tuple[tuple[str, View], ...] = (
        (r"/$", home.page),
        (r"/van-ban/(?P<document>[^/]+)$", document.page),
        (r"/nhiem-vu/(?P<plan>[^/]+)/(?P<code>[^/]+)$", task.page),
        (r"/tim$", search.page),
        (r"/truy-vet$", impact.page),
        (r"/ra-soat$", review.page),
        (r"/soat$", findings.index),
        (r"/soat/(?P<document>[^/]+)$", findings.page),
        (r"/can-cu/(?P<plan>[^/]+)$", bases.page),
        (r"/can-cu/(?P<plan>[^/]+)/tai-ve$", bases.download),
        (r"/dan-chieu$", reconcile.page),
        (r"/can-xem-lai$", suspects.page),
        (r"/don-vi$", doer.index),
        (r"/don-vi/(?P<doer>[^/]+)$", doer.page),
        (r"/do-phu$", coverage.index),
        (r"/do-phu/(?P<plan>[^/]+)$", coverage.page),
        (r"/duong-noi$", paths.page),
        (r"/het-giai-doan$", endings.page),
        (r"/danh-muc-hieu-luc$", official.page),
        (r"/danh-muc$", registers.page),
        (r"/so-sanh$", compare.page),
        (r"/so-sanh/(?P<form>docx|xlsx|csv|json)$", compare.download),
        (r"/so-do/ke-hoach/(?P<whole>[^/]+)$", drawing.page),
        (rf"/so-do/{node}$", drawing.page),
        (r"/so-do-khung/ke-hoach/(?P<whole>[^/]+)$", drawing.picture),
        (rf"/so-do-khung/{node}$", drawing.picture),
        (r"/so-do-in/(?P<form>svg|png)/ke-hoach/(?P<whole>[^/]+)$", printed.page),
        (r"/so-do-in/(?P<form>svg|png)/truy-vet/(?P<traced>[^/]+)$", printed.page),
        (rf"/so-do-in/(?P<form>svg|png)/{node}$", printed.page),
        (r"/xuat/(?P<form>[a-z]+)/kho$", download.page),
        (rf"/xuat/(?P<form>[a-z]+)/{node}$", download.page),
    )
    listings: tuple[tuple[str, lists.Source], ...] = (
        (r"ra-soat", review.listing),
        (r"soat", findings.listing),
        (r"soat/(?P<document>[^/]+)", findings.listing),
        (r"tim", search.listing),
        (r"don-vi", doer.index_listing),
        (r"dan-chieu", reconcile.listing),
        (r"can-xem-lai", suspects.listing),
        (r"don-vi/(?P<doer>[^/]+)", doer.listing),
        (r"so-do/ke-hoach/(?P<whole>[^/]+)", drawing.listing),
        (rf"so-do/{node}", drawing.listing),
        (r"do-phu/(?P<plan>[^/]+)", coverage.listing),
        (r"duong-noi", paths.listing),
        (r"tac-dong", impact.listing),
        (r"het-giai-doan", endings.listing),
        (r"danh-muc-hieu-luc", official.listing),
        (rf"chuoi/{node}", download.listing),
        (r"phu-luc-trinh/(?P<plan>[^/]+)", annex.to_submit),
        (r"phu-luc-phat-hanh/(?P<plan>[^/]+)", annex.to_issue),
    )
    views += tuple(
        (rf"/danh-sach/{regex}\.(?P<form>docx|xlsx|csv)$", partial(lists.download, source))
        for regex, source in listings
    )
    steps = ((r"/them-van-ban$", adding.page), (r"/them-van-ban/xac-nhan$", adding.decide),
             (r"/them-van-ban/tien-do$", adding.progress))  # fmt: skip
    of_lists = ((r"/danh-muc/nhap$", importing.start), (r"/danh-muc/nhap/(?P<key>[0-9a-f]{16})$", importing.look),
                (r"/danh-muc/go$", registers.remove))  # fmt: skip
    return [
        *((regex, _view(view, _is_file(view))) for regex, view in views),
        *((regex, _step(step)) for regex, step in steps),
        *((regex, _step(step, importing.closed)) for regex, step in of_lists),
        (r"/quyet-dinh/(?P<sort>trich-dan|chuong-trinh|dan-chieu|van-ban|nhiem-vu|nhat-ky)$", _decision),
        (r"/tinh/(?P<name>[^/]+)$", _asset(asset.page)),
    ]


def _is_file(view: View) -> bool:
    """A file has room for more than a page."""
    return view is download.page or isinstance(view, partial)


def _view(view: View, whole: bool) -> Any:
    async def answer_request(datasette: Any, request: Any) -> Any:
        database = await find_base(datasette)
        if database is None:
            return await _stock(datasette, request)
        await _ensure_open(datasette, request, database)
        if request.method not in ("GET", "HEAD"):
            return await problem(datasette, 405)
        parts = {name: unquote(value) for name, value in request.url_vars.items() if value is not None}
        values = {name: request.args.get(name) or "" for name in request.args}
        day = as_of(values)
        links = replace(links_of(datasette, database, request), as_of=day.words if day.told else "")
        ask = Ask(parts, values, links)
        return await respond(datasette, await database.execute_fn(partial(_call, view, ask, whole)), ask.links)

    return answer_request


def _step(step: Callable[[Desk, Any, Links], Awaitable[Answer]], closed: Callable[[], Answer] | None = None) -> Any:
    """Answer with a step of adding; where nothing may be added there is no such page, or one that says so."""

    async def answer_request(datasette: Any, request: Any) -> Any:
        database = await find_base(datasette)
        if database is None:
            return await _stock(datasette, request)
        await _ensure_open(datasette, request, database)
        desk = getattr(database, "desk", None)
        links = links_of(datasette, database)
        if desk is None and closed is not None and request.method in ("GET", "HEAD"):
            return await respond(datasette, closed(), links)
        if desk is None or request.method not in ("GET", "HEAD", "POST"):
            return await problem(datasette, 404 if request.method in ("GET", "HEAD") else 405)
        try:
            answer = await step(desk, request, links)
        except UploadError as error:
            answer = refused(error.status, str(error))
        ask = Ask({}, {}, links)
        return await respond(datasette, await database.execute_fn(partial(_call, lambda *_: answer, ask, False)), links)

    return answer_request


_LONGEST_FORM = 100_000


async def _decision(datasette: Any, request: Any) -> Any:
    """Answer with a page of decisions; only where documents may be added does it take any."""
    database = await find_base(datasette)
    if database is None:
        return await _stock(datasette, request)
    await _ensure_open(datasette, request, database)
    desk: Desk | None = getattr(database, "desk", None)
    posted = request.method == "POST"
    if request.method not in ("GET", "HEAD") and (desk is None or not posted):
        return await problem(datasette, 405)
    values: dict[str, list[str]] = {name: request.args.getlist(name) for name in request.args}
    token = request.scope["csrftoken"]() if desk is not None else ""
    links = links_of(datasette, database, request)
    view: View
    try:
        if posted:
            check_sender(request)
            if int(request.headers.get("content-length") or 0) > _LONGEST_FORM:
                raise UploadError(413, "Biểu mẫu gửi lên quá dài. Hãy rút gọn lý do rồi gửi lại.")
            values = parse_qs((await request.post_body()).decode("utf-8", "replace"))
            check_token(request, values.get("csrftoken", [""])[0])
        form = deciding.Form(values, posted, token, desk.rebuild if desk is not None else lambda: None)
        page_of = deciding.entry_page if request.url_vars["sort"] == "nhat-ky" else deciding.page
        view = partial(page_of, form=form)
    except UploadError as error:
        page = refused(error.status, str(error))
        view = lambda *_: page  # noqa: E731
    ask = Ask({"sort": request.url_vars["sort"]}, {}, links)
    return await respond(datasette, await database.execute_fn(partial(_call, view, ask, False)), links)


def _asset(view: Callable[[str], File | None]) -> Any:
    async def answer_request(datasette: Any, request: Any) -> Any:
        if await find_base(datasette) is None:
            return await _stock(datasette, request)
        file = view(unquote(request.url_vars["name"]))
        return await problem(datasette, 404) if file is None else file_response(file)

    return answer_request


def _call(view: View, ask: Ask, whole: bool, connection: sqlite3.Connection) -> Answer:
    base = open_for(connection, whole=whole)
    answer = view(base, ask)
    if isinstance(answer, Page):  # every page says where its facts come from
        sources = answer.context.get("sources") or base.sources()
        context = {**answer.context, "sources": sources, "facts": base.facts}
        return Page(answer.template, context, answer.status)
    return answer


async def _ensure_open(datasette: Any, request: Any, database: Any) -> None:
    """See that who asks may see the base, by the same permissions as Datasette's own pages of it."""
    await datasette.ensure_permissions(request.actor, [("view-database", database.name), "view-instance"])


async def _stock(datasette: Any, request: Any) -> Any:
    """Answer as if we were not here: a foreign database keeps Datasette's own first page."""
    from datasette.utils.asgi import NotFound
    from datasette.views.index import IndexView

    if request.url_vars or request.path.rstrip("/") != datasette.setting("base_url").rstrip("/"):
        raise NotFound("404")
    request.scope["url_route"]["kwargs"] = {"format": None}
    return await IndexView(datasette).get(request)
