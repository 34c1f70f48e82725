"""Facts as Parquet: what is written comes back equal, in every field; each column says in Vietnamese what it is."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.model import Extraction
from extract.pipeline import extract_text
from graph.parquet import arrow, texts
from graph.parquet.arrow import ParquetError
from graph.parquet.shape import Shape, classes, columns, describe, shape_of
from graph.parquet.titles import TITLES


def values(shape: Shape) -> st.SearchStrategy:
    """Any fact of a shape, so that every field is tried with more than the engine happens to say."""
    if shape.may_miss:
        return st.none() | values(Shape(shape.kind, False, shape.of, shape.parts, shape.made_by))
    if shape.of is not None:
        return st.lists(values(shape.of), max_size=2).map(tuple)
    if shape.kind == "record":
        parts = st.tuples(*[values(part) for _, part in shape.parts])
        return parts if shape.made_by is tuple else parts.map(lambda given: shape.made_by(*given))
    if shape.made_by:
        return st.sampled_from(sorted(shape.made_by))
    return {
        "text": st.text(max_size=8), "whole": st.integers(-(2**63), 2**63 - 1),
        "number": st.floats(allow_nan=False), "truth": st.booleans(),
    }[shape.kind]  # fmt: skip


FACTS = values(shape_of(Extraction))


@pytest.fixture(scope="module")
def installed():
    pytest.importorskip("pyarrow")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(FACTS, max_size=5), st.integers(1, 3))
def test_any_facts_come_back_equal(installed, tmp_path_factory, facts, rows):
    folder = tmp_path_factory.mktemp("facts")
    written = texts.write(facts, folder, rows=rows)
    assert len(written) == -(-len(facts) // rows)
    assert list(texts.read(folder)) == facts


def test_the_real_plan_comes_back_equal(installed, plan, tmp_path):
    (path,) = texts.write([plan], tmp_path)
    (back,) = texts.read(tmp_path)
    assert back == plan
    for name in Extraction.__dataclass_fields__:
        assert getattr(back, name) == getattr(plan, name), name
    assert path.name == "part-00000.parquet"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_partitions_are_bounded_and_an_earlier_write_leaves_none(installed, plan, tmp_path):
    facts = [replace(plan, source=replace(plan.source, path=f"{n}.md")) for n in range(7)]
    assert len(texts.write(facts, tmp_path, rows=2)) == 4
    assert [f.source.path for f in texts.read(tmp_path)] == [f"{n}.md" for n in range(7)]
    assert len(texts.write(facts, tmp_path, letters=len(plan.source.text) * 3)) == 3
    assert len(list(tmp_path.iterdir())) == 3
    assert [f.source.path for f in texts.read_one(tmp_path / "part-00000.parquet", 1)] == ["1.md", "2.md"]


def test_a_file_that_is_not_whole_is_told(installed, plan, tmp_path):
    (path,) = texts.write([plan], tmp_path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ParquetError, match="cắt cụt"):
        list(texts.read(tmp_path))


def test_facts_of_another_shape_are_told(installed, plan, tmp_path, monkeypatch):
    monkeypatch.setattr(texts, "SHAPE_VERSION", "0")
    texts.schema.cache_clear()
    texts.write([plan], tmp_path)
    monkeypatch.undo()
    texts.schema.cache_clear()
    with pytest.raises(ParquetError, match="phiên bản khác"):
        list(texts.read(tmp_path))


def test_an_error_on_the_way_leaves_the_old_file(installed, plan, tmp_path):
    (path,) = texts.write([plan], tmp_path)
    before = path.read_bytes()

    def half():
        yield plan
        raise KeyError("made up")

    with pytest.raises(KeyError):
        texts.write_one(half(), path)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_every_column_has_its_title_in_the_file(installed, plan, tmp_path):
    (path,) = texts.write([plan], tmp_path)
    schema = arrow.parquet().read_schema(path)
    assert schema.names == [name for name, _ in columns()]
    assert schema.field("text").metadata[b"title"].decode() == TITLES["SourceText"]["text"]


def test_the_query_of_the_page_runs(installed, plan, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    texts.write([plan], tmp_path)
    query = re.search(r"```sql\n(.+?);?\n```", describe(), re.S)[1].replace("kho.db.phan", tmp_path.as_posix())
    assert sorted(duckdb.sql(query).fetchall()) == sorted(Counter(d.number for d in plan.documents).items())


def test_every_field_has_a_title_and_no_title_is_left_over():
    said = {made.__name__: set(TITLES[made.__name__]) for made in (*classes(), Extraction)}
    assert said == {made.__name__: {name for name, _ in shape_of(made).parts} for made in (*classes(), Extraction)}
    assert set(TITLES) == set(said)


def test_without_pyarrow_it_is_said_what_to_install(monkeypatch, tmp_path):
    for name in [n for n in sys.modules if n.split(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    texts.schema.cache_clear()
    with pytest.raises(ParquetError, match=r"cancu\[parquet\]"):
        texts.write([extract_text("Kế hoạch")], tmp_path)
