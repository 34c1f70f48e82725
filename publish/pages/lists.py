"""What the list pages share: choosing a plan, turning pages, and the same rows as Word, Excel or CSV."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from publish.answers import Answer, Ask, File, Page
from publish.base import Base, Row
from publish.export.listing import LISTING_FORMATS, Listing
from publish.export.stamp import read_stamp
from publish.file_names import download_name
from publish.pages import problem
from publish.validities import as_of

PAGE = 50
MOST_ROWS = 20_000
"""A file holds at most so many rows; more are asked for by filters."""
_MOST_PLANS = 300

Source = Callable[[Base, Ask], Listing | Page]


@dataclass(frozen=True, slots=True)
class Turn:
    """A page of a list: its number, how many rows there are, addresses of the pages around it ("" for none)."""

    number: int
    count: int
    previous: str
    next: str

    @property
    def offset(self) -> int:
        """How many rows stand before this page."""
        return (self.number - 1) * PAGE

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.count // PAGE))


def turn(ask: Ask, count: int, address: Callable[..., str], values: dict[str, str]) -> Turn:
    """Return the page that ``trang`` asks for; ``address`` makes the address of the list from its values."""
    words = ask.values.get("trang", "")
    last = max(1, -(-count // PAGE))
    number = min(int(words), last) if re.fullmatch(r"[1-9]\d{0,6}", words) else 1
    before = address(**values, trang=number - 1) if number > 1 else ""
    after = address(**values, trang=number + 1) if number < last else ""
    return Turn(number, count, before, after)


def plans(base: Base) -> list[Row]:
    """Return the texts that have tasks, newest first, as choices of a filter; none when there are too many."""
    found = base.rows(
        "SELECT id, nhan, trich_yeu, co_quan_ban_hanh, ngay_ban_hanh FROM van_ban WHERE trong_kho = 1"
        f" AND id NOT IN ({base.other_versions()}) AND EXISTS (SELECT 1 FROM nhiem_vu n WHERE n.van_ban = van_ban.id)"
        " ORDER BY sap_xep DESC, id LIMIT ?",
        _MOST_PLANS + 1,
    )
    return found if len(found) <= _MOST_PLANS else []


def is_current(base: Base) -> bool:
    """Tell whether the base has what the lists read; one made by an older program has not until it is built again."""
    return base.has("nhiem_vu", "tinh_trang")


def outdated() -> Page:
    """Return the page that says so."""
    return problem.page(
        409,
        "Cơ sở dữ liệu do phiên bản trước của Căn Cứ dựng, chưa có dữ liệu cho trang này. "
        "Hãy chạy lại lệnh “cancu build” rồi mở lại trang.",
    )


def download(source: Source, base: Base, ask: Ask) -> Answer:
    """Return the list of ``source`` as a file of the kind ``ask.parts["form"]``."""
    form = ask.parts["form"]
    if form not in LISTING_FORMATS:
        return problem.page(404)
    if not is_current(base):
        return outdated()
    listing = source(base, ask)
    if isinstance(listing, Page):
        return listing
    _, media_type, write = LISTING_FORMATS[form]
    today = date.today()
    day = date.fromisoformat(as_of(ask.values).day)
    content: bytes = write(listing, read_stamp(base.connection, day, listing.sources))
    words = " - ".join(filter(None, (listing.heading.capitalize(), listing.subject)))
    return File(content, media_type, download_name(words, today, f".{form}"))


def filled(values: dict[str, Any]) -> dict[str, str]:
    """Return the values that are not empty."""
    return {name: str(value) for name, value in values.items() if value}
