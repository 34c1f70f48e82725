"""What is counted once when a base is written, so that no page counts a million rows: the table ``so_dem``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from graph.basis import STRENGTHS
from graph.check import SEVERITIES
from graph.decisions.entry import MENTIONS
from graph.reconcile import REASONS, WAITING
from graph.schema import TABLES, VIEWS
from graph.words import REFERENCE_KINDS, RESOLUTION

OTHER_VERSIONS = "SELECT id FROM van_ban WHERE phien_ban_cua > ''"
"""The texts that are another version of one in the base: their tasks are not counted twice."""

_OWN_TASKS = "SELECT count(*) FROM nhiem_vu WHERE van_ban NOT IN ({others})"
UNSURE = tuple(RESOLUTION[status] for status in ("ambiguous", "unresolved"))


def _quoted(given: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in given)


COUNTS: dict[str, str] = {
    "văn bản trong kho": "SELECT count(*) FROM van_ban WHERE trong_kho = 1",
    "văn bản được nhắc đến": "SELECT count(*) FROM van_ban WHERE trong_kho = 0",
    "bản khác của văn bản": "SELECT count(*) FROM ({others})",
    "nhiệm vụ": _OWN_TASKS,
    "lần viện dẫn": "SELECT count(*) FROM trich_dan WHERE la_so_cua_minh = 0",
    "lần nêu tên": "SELECT count(*) FROM chuong_trinh",
    "viện dẫn chưa xác định": "SELECT count(*) FROM trich_dan WHERE la_so_cua_minh = 0"
    f" AND trang_thai IN ('{UNSURE[0]}', '{UNSURE[1]}')",
    "dẫn chiếu chưa rõ": f"SELECT count(*) FROM dan_chieu WHERE loai = '{REFERENCE_KINDS['vague']}'",
    "viện dẫn cần đối chiếu": "SELECT count(*) FROM can_doi_chieu WHERE chinh = 1",
    **{f"viện dẫn: {reason}": f"SELECT count(*) FROM can_doi_chieu WHERE loai = '{reason}'" for reason in REASONS},
    **{
        f"viện dẫn: {reason}": f"SELECT count(*) FROM {MENTIONS[sort]} WHERE {where.replace('?', _quoted(given))}"
        for reason, (sort, where, given) in WAITING.items()
    },
    **{f"nhiệm vụ: {strength}": f"{_OWN_TASKS} AND do_manh = '{strength}'" for strength in STRENGTHS},
    **{
        f"phát hiện: {severity}": f"SELECT count(*) FROM phat_hien WHERE thu_tu = {n}"
        for n, severity in enumerate(SEVERITIES, 1)
    },
}
"""Name of a count -> its query; ``{others}`` stands for :data:`OTHER_VERSIONS`."""

_ROWS = "bảng: "
_YEAR = "năm: "
_RULES = "quy tắc: "
_FOUND_BY_RULE = "SELECT quy_tac, count(*) FROM phat_hien GROUP BY quy_tac"
_YEARS = (
    "SELECT substr(ngay_ban_hanh, 1, 4) AS nam, count(*) FROM van_ban WHERE trong_kho = 1 AND id NOT IN ({others})"
    " GROUP BY nam ORDER BY nam DESC"
)


def count_all(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Yield the rows of ``so_dem``: :data:`COUNTS`, and how many rows each table and view has."""
    for name, sql in COUNTS.items():
        yield {"ten": name, "so": connection.execute(sql.format(others=OTHER_VERSIONS)).fetchone()[0]}
    years = connection.execute(_YEARS.format(others=OTHER_VERSIONS)).fetchall()
    yield from ({"ten": f"{_YEAR}{year}", "so": count} for year, count in years)
    found = connection.execute(_FOUND_BY_RULE).fetchall()
    yield from ({"ten": f"{_RULES}{rule}", "so": count} for rule, count in found)
    own = len(COUNTS) + len(years) + len(found) + len(TABLES) + len(VIEWS)
    for name in (*(table.name for table in TABLES), *VIEWS):
        count = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        yield {"ten": f"{_ROWS}{name}", "so": own if name == "so_dem" else count}


def years_of_texts(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Return (year, how many texts of it there are), newest first, "" for no date; a base of old tells none."""
    try:
        found = connection.execute("SELECT ten, so FROM so_dem WHERE ten LIKE ? ORDER BY ten DESC", (f"{_YEAR}%",))
        return [(str(name).removeprefix(_YEAR), int(count)) for name, count in found]
    except sqlite3.Error:
        return []


def findings_by_rule(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many findings each rule has; a base of old tells none."""
    try:
        found = connection.execute("SELECT ten, so FROM so_dem WHERE ten LIKE ?", (f"{_RULES}%",)).fetchall()
    except sqlite3.Error:
        return {}
    return {str(name).removeprefix(_RULES): int(count) for name, count in found}


def rows_of_tables(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each table and view has, as counted when the base was written; a base of old has none."""
    try:
        found = connection.execute("SELECT ten, so FROM so_dem WHERE ten LIKE ?", (f"{_ROWS}%",)).fetchall()
    except sqlite3.Error:
        return {}
    return {str(name).removeprefix(_ROWS): int(count) for name, count in found}
