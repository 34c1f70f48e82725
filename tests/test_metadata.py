"""The metadata say of every table and column what the schema says, and every named query runs."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graph.schema import KEY_SUFFIX, TABLES, VIEWS
from publish.serve import make_datasette, read_metadata

ROOT = Path(__file__).parent.parent
METADATA = json.loads((ROOT / "datasette_metadata.json").read_text(encoding="utf-8"))
OURS = METADATA["databases"]["cancu"]
PARAMETERS = {"nhiem_vu_theo_nghi_quyet": {"so": "8 nq tu"}, "can_cu_cua_nhiem_vu": {"ma": "II.1.3.1"}}


@pytest.fixture(scope="module")
def datasette(plan_base):
    return make_datasette(plan_base)


def get(datasette, path, **values):
    return asyncio.run(datasette.client.get(path, params=values))


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_tables_and_columns_are_described_as_in_the_schema(table):
    described = OURS["tables"][table.name]
    assert (described["title"], described["description"]) == (table.title, table.description)
    assert described["columns"] == {c.name: c.description for c in table.columns}


@pytest.mark.parametrize("view", VIEWS)
def test_views_and_their_columns_are_described(view, plan_base):
    described = OURS["tables"][view]
    assert (described["title"], described["description"]) == VIEWS[view][:2]
    with closing(sqlite3.connect(plan_base)) as connection:
        columns = [c[0] for c in connection.execute(f"SELECT * FROM {view}").description]
    columns = [c for c in columns if not c.endswith(KEY_SUFFIX)]
    assert list(described["columns"]) == columns
    assert all(described["columns"].values())


def test_nothing_is_described_that_does_not_exist(plan_base):
    with closing(sqlite3.connect(plan_base)) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        assert set(OURS["tables"]) <= names
        for name, table in OURS["tables"].items():
            columns = {c[0] for c in connection.execute(f"SELECT * FROM {name} LIMIT 0").description}
            used = {*table.get("facets", []), table.get("sort"), table.get("sort_desc"), table.get("label_column")}
            assert used - {None} <= columns, name


def test_every_table_of_the_base_is_described_or_hidden(datasette):
    database = get(datasette, f"/{next(iter(datasette.databases.keys() - {'_internal'}))}.json").json()
    shown = {t["name"] for t in database["tables"] if not t["hidden"]}
    assert shown == {t.name for t in TABLES}


@pytest.mark.parametrize("query", OURS["queries"])
def test_named_queries_run_and_have_an_answer(query, datasette):
    answer = get(datasette, f"/cancu/{query}.json", _shape="objects", **PARAMETERS.get(query, {})).json()
    assert answer["ok"] and answer["rows"], answer
    assert OURS["queries"][query]["title"] and OURS["queries"][query]["description"]
    page = get(datasette, f"/cancu/{query}", **PARAMETERS.get(query, {}))
    assert page.status_code == 200 and OURS["queries"][query]["title"] in page.text


@pytest.mark.parametrize("typed", ["08-NQ/TU", "8 nq tu", "nghi quyet so 08 - NQ / TU", "Nghị quyết 8-NQ/TU"])
def test_tasks_by_resolution_takes_any_spelling(typed, datasette):
    answer = get(datasette, "/cancu/nhiem_vu_theo_nghi_quyet.json", _shape="objects", so=typed).json()
    assert [row["ma"] for row in answer["rows"]] == ["II.1.3.1"]


def test_tasks_by_resolution_without_a_number_finds_nothing(datasette):
    assert get(datasette, "/cancu/nhiem_vu_theo_nghi_quyet.json", _shape="objects", so="").json()["rows"] == []


def test_tasks_without_a_numbered_basis_are_all_but_the_direct_ones(datasette):
    rows = get(datasette, "/cancu/nhiem_vu_chua_co_can_cu_so.json", _shape="objects").json()["rows"]
    assert rows and {row["do_manh"] for row in rows} <= {"nêu tên", "mềm", "kế thừa", "không có"}
    assert len(rows) + 18 == 44


def test_metadata_follow_the_name_of_the_file():
    assert list(read_metadata("kho-khac")["databases"]) == ["kho-khac"]


def test_descriptions_are_text_not_markup():
    assert "description_html" not in json.dumps(METADATA)
