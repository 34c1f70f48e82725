"""Tables of a base as Parquet: every row and column, with Vietnamese titles, in bounded batches."""

from __future__ import annotations

from contextlib import closing

import pytest
from click.testing import CliRunner

from graph.schema import TABLES
from graph.store import open_base
from publish.cli import cancu
from publish.export import parquet_tables
from publish.export.parquet_tables import write_parquet_tables

pq = pytest.importorskip("pyarrow.parquet")


@pytest.fixture(scope="module")
def base(plan_base):
    with closing(open_base(plan_base)) as connection:
        yield connection


def test_every_row_comes_out_as_it_is(base, tmp_path):
    written = write_parquet_tables(base, tmp_path / "các bảng")
    assert [path.stem for path in written] == [table.name for table in TABLES]
    for table, path in zip(TABLES, written, strict=True):
        names = [column.name for column in table.columns]
        rows = [tuple(row.values()) for row in pq.read_table(path).to_pylist()]
        assert rows == list(base.execute(f"SELECT {', '.join(names)} FROM {table.name} ORDER BY rowid")), table.name
        schema = pq.read_schema(path)
        assert schema.names == names
        assert schema.metadata[b"cancu.title"].decode() == table.title
        assert [schema.field(c.name).metadata[b"title"].decode() for c in table.columns] == [
            c.description for c in table.columns
        ]


def test_batches_are_bounded_by_rows_and_by_letters(base, tmp_path, monkeypatch):
    units = base.execute("SELECT count(*) FROM muc").fetchone()[0]
    monkeypatch.setattr(parquet_tables, "_MOST_ROWS", 64)
    write_parquet_tables(base, tmp_path)
    file = pq.ParquetFile(tmp_path / "muc.parquet")
    assert file.num_row_groups == -(-units // 64)
    assert file.metadata.num_rows == units
    monkeypatch.setattr(parquet_tables, "_MOST_LETTERS", 1)
    monkeypatch.setattr(parquet_tables, "_TAKEN_AT_ONCE", 1)
    write_parquet_tables(base, tmp_path)
    assert pq.ParquetFile(tmp_path / "muc.parquet").num_row_groups == units


def test_an_older_base_is_exported_as_far_as_it_goes(tmp_path):
    import sqlite3

    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE van_ban (id TEXT PRIMARY KEY, nhan TEXT)")
        connection.execute("INSERT INTO van_ban VALUES ('a', 'Kế hoạch')")
        (path,) = write_parquet_tables(connection, tmp_path)
    assert pq.read_table(path).to_pylist() == [{"id": "a", "nhan": "Kế hoạch"}]


def test_the_command_writes_them(plan_base, tmp_path):
    told = CliRunner().invoke(cancu, ["export", "--parquet", str(tmp_path / "ra"), "--db", str(plan_base)])
    assert told.exit_code == 0, told.output
    assert {path.stem for path in (tmp_path / "ra").iterdir()} == {table.name for table in TABLES}
    told = CliRunner().invoke(cancu, ["export", "--db", str(plan_base)])
    assert told.exit_code == 2
    assert "--parquet" in told.output


def test_a_place_that_cannot_be_written_is_told(plan_base, tmp_path):
    (tmp_path / "ra").write_text("x", encoding="utf-8")
    told = CliRunner().invoke(cancu, ["export", "--parquet", str(tmp_path / "ra"), "--db", str(plan_base)])
    assert told.exit_code == 2
    assert "Không ghi được" in told.output
