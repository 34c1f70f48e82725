"""The validity of documents of a base, for commands and pages."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from extract.identity import search_key
from graph.validity import Validity, validities


def of_number(database: Path, number: str, day: str) -> list[tuple[str, Validity]]:
    """Return (label, validity on ``day``) of the documents of a base with a number; none where there is no base."""
    from graph.store import StoreError, open_base

    try:
        connection = open_base(database)
    except StoreError:
        return []
    with closing(connection):
        rows = connection.execute(
            "SELECT DISTINCT v.id, v.nhan, v.ngay_ban_hanh FROM tra_so s JOIN van_ban v ON v.id = s.van_ban"
            " WHERE s.khoa = ? ORDER BY v.id LIMIT 50",
            (search_key(number),),
        ).fetchall()
        found = validities(connection, {row[0]: row[2] for row in rows}, day)
        return [(f"{row[1]} ({row[0]})", found[row[0]]) for row in rows]
