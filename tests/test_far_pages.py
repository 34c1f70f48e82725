"""Far pages of long lists: the links name where a page begins, every row comes once, and none before it is read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from urllib.parse import parse_qsl, urlsplit

import pytest
from making import fill

from graph.corpus import build
from graph.files import register_file
from graph.register import store
from graph.register.model import Entry, ListFacts
from graph.store import open_base
from publish.answers import Ask
from publish.base import open_for
from publish.links import Links
from publish.pages import official, places, review
from publish.pages.lists import PAGE, Turn

PLAN = """UBND TỈNH MINH HỌA

Số: {n}/KH-UBND

Minh Họa, ngày 05 tháng {month} năm 2024

KẾ HOẠCH
Triển khai công tác {n}

I. NHIỆM VỤ

{tasks}
"""
TASK = "- Triển khai Quyết định số {n}/QĐ-UBND ngày 02/01/2024 của UBND tỉnh Minh Họa về quản lý số {n}.\n"
LISTS = {
    "con": (official, {"loai": "con", "tai_ngay": "01/06/2024"}), "het": (official, {"loai": "het", "tai_ngay": "01/06/2024"}),
    "tasks": (review, {}), "some tasks": (review, {"do_manh": "can-bo-sung"}), "words": (review, {"q": "quản lý"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Four plans of 65 tasks, of which two bear one number; a list of all the decisions they cite, and of more."""
    home = tmp_path_factory.mktemp("far")
    fill(home / "kho", {
        f"{n}.md": PLAN.format(n=min(n, 3), month=n + 1, tasks="\n".join(
            TASK.format(n=65 * n + k) if k % 2 else f"- Rà soát việc quản lý số {k}.\n" for k in range(65)
        )) for n in range(1, 5)
    })  # fmt: skip
    base = home / "cancu.db"
    entries = [
        Entry(
            n, f"{n}/QĐ-UBND", type="Quyết định", date="2024-01-02", issuer="UBND tỉnh Minh Họa",
            status="Còn hiệu lực" if n % 4 < 2 else "Hết hiệu lực toàn bộ", ended="" if n % 4 < 2 else "2024-03-01",
        ) for n in range(1, 400)
    ]  # fmt: skip
    store.save(register_file(base), ListFacts("Sở", "2024-05-01", "a.csv", "0"), entries)
    build([home / "kho"], base)
    return base


@pytest.fixture
def base(path):
    with closing(open_base(path)) as connection:
        yield open_for(connection)


def shown(base, name: str, **more: str) -> tuple[list[str], Turn]:
    module, values = LISTS[name]
    page = module.page(base, Ask({}, {**values, **more}, Links()))
    assert page.status == 200
    return [row["id"] for row in page.context["rows"]], page.context["turn"]


def asked(address: str) -> dict[str, str]:
    return {name: value for name, value in parse_qsl(urlsplit(address).query) if name in ("trang", "sau", "truoc")}


@pytest.mark.parametrize("along", [True, False])
@pytest.mark.parametrize("name", LISTS)
def test_the_links_lead_over_every_row_once_and_back(name, along, base, monkeypatch):
    monkeypatch.setattr(official, "_MANY", 0 if along else 10_000)
    rows, turn = shown(base, name)
    pages = [rows]
    while turn.next:
        rows, turn = shown(base, name, **asked(turn.next))
        assert turn.number == len(pages) + 1
        pages.append(rows)
    whole = [row for page in pages for row in page]
    assert len(pages) > 1 and len(whole) == len(set(whole)) == turn.count
    assert [len(page) for page in pages[:-1]] == [PAGE] * (len(pages) - 1)
    for n in range(len(pages) - 1, 0, -1):
        assert shown(base, name, trang=str(n + 1))[0] == pages[n], "by its number alone"
        rows, turn = shown(base, name, **asked(turn.previous))
        assert rows == pages[n - 1] and turn.number == n
    assert turn.previous == "" and "sau" not in turn.previous


@pytest.mark.parametrize("name", ["con", "tasks"])
@pytest.mark.parametrize("key", ["x", "[]", "[1]", '{"a":1}', '["a","b","c"]', "[1e400,1,1]", "[" * 500, '["\'; DROP TABLE tep",2,3]',
                                 "[9223372036854775808,\"a\",\"b\"]", '["a","b",9223372036854775808]'])  # fmt: skip
def test_what_is_no_key_gives_the_page_of_the_number(name, key, base):
    assert shown(base, name, sau=key, trang="2")[0] == shown(base, name, trang="2")[0]


def test_a_key_of_a_row_that_is_gone_still_leads_to_its_place(base):
    turn = shown(base, "con")[1]
    kept = asked(turn.next)
    cap, order, name = places._read(kept["sau"], (int, str, str))
    between = places._written((cap, order, name + "-x"))
    assert shown(base, "con", sau=between, trang="2")[0] == shown(base, "con", **kept)[0]


@pytest.mark.parametrize("name", ["con", "tasks"])
def test_no_row_before_the_page_is_read(name, path, tmp_path, monkeypatch):
    """As the base would be asked if it were large: along the index, entered at the key."""
    copy = tmp_path / "cancu.db"
    copy.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("DELETE FROM sqlite_stat1")
        connection.commit()
    monkeypatch.setattr(official, "_MANY", 0)
    with closing(open_base(copy)) as connection:
        base = open_for(connection)
        _, turn = shown(base, name)
        told: list[str] = []
        connection.set_trace_callback(told.append)
        shown(base, name, **asked(turn.next))
        connection.set_trace_callback(None)
        mark = "AND (v.cap, v.sap_xep, v.id) >" if name == "con" else "p.sap_xep <="
        (query,) = [sql for sql in told if mark in sql]
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    wanted = "(cap,sap_xep,id)>(?,?,?)" if name == "con" else "trong_kho=? AND sap_xep<?"
    assert wanted in steps[0] and "OFFSET 0" in query, steps
    assert not [step for step in steps if step.startswith("SCAN") or step == "USE TEMP B-TREE FOR ORDER BY"], steps
