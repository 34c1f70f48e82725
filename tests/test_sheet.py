"""Sheets travel between processes without loss, nothing else passes for one, and facts come out of them again."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import fill
from making import plan as a_plan

from extract.pipeline import extract
from extract.read import read_bytes
from extract.wire import WireError
from graph import gather
from graph.answer import answer_in, answer_of, facts_again, make
from graph.corpus import build
from graph.kept import Kept, KeptError
from graph.note import Filed
from graph.schema import columns_of
from graph.sheet import pack, sheet_of, unpack

texts = st.text(
    st.sampled_from("Kế hoạch số 12/KH-UBND ngày 1/2/2024;.,\n\t|-– “”Điều 3 Căn cứ Luật đất đai\r\u00a0"), min_size=1
)


def test_a_sheet_travels_without_loss(plan):
    sheet = sheet_of(plan)
    assert unpack(pack(sheet)) == sheet
    answer = answer_in(make(plan))
    assert answer == answer_of(plan) and unpack(zlib.decompress(answer.sheet)) == sheet


@given(texts)
def test_the_facts_of_a_plain_text_come_out_of_its_sheet(words):
    raw = f"Kế hoạch\n{words}".encode()
    source = read_bytes(raw, "a.txt")
    facts = extract(source)
    answer = answer_of(facts)
    assert answer.facts == b"" and facts_again(unpack(zlib.decompress(answer.sheet))) == facts


def test_the_facts_of_other_formats_are_kept(plan):
    assert answer_of(replace(plan, source=replace(plan.source, format="docx"))).facts


def test_words_that_stand_in_the_text_are_not_carried_twice(plan):
    words, start, end = (columns_of("muc").index(name) for name in ("noi_dung", "bat_dau", "ket_thuc"))
    lines = sheet_of(plan).lines["muc"]
    carried = [line for line in lines if line[words] is not None]
    assert len(carried) < len(lines) / 2
    assert all(line[words] != plan.source.text[line[start] : line[end]] for line in carried)


@pytest.mark.parametrize("column", ["id", "van_ban", "bat_dau", "noi_dung"])
def test_a_value_of_another_type_is_no_sheet(plan, column):
    sheet = sheet_of(plan)
    lines = [list(line) for line in sheet.lines["muc"]]
    lines[0][columns_of("muc").index(column)] = [1]
    with pytest.raises(WireError):
        unpack(pack(replace(sheet, lines={**sheet.lines, "muc": tuple(map(tuple, lines))})))


@pytest.mark.parametrize("data", [b"", b"\x80", msgspec.msgpack.encode([1, 2]), b"\xff" * 40, b"\x91" * 100_000])
def test_what_is_no_sheet_is_refused(data, tmp_path):
    with pytest.raises(WireError):
        unpack(data)
    with pytest.raises(WireError):
        answer_in(data)
    with Kept(tmp_path / "cancu.db") as kept:
        kept.put_packed({gather._sheet_key("a"): data})
        with pytest.raises(KeptError):
            gather.sheet_of(Filed("a", "a.md"), kept)


def test_the_words_of_a_unit_are_those_of_the_text(tmp_path):
    fill(tmp_path / "kho", {f"{n}.md": a_plan(n) for n in range(1, 4)})
    build([tmp_path / "kho"], tmp_path / "cancu.db")
    with closing(sqlite3.connect(tmp_path / "cancu.db")) as connection:
        rows = connection.execute("SELECT id, noi_dung, bat_dau, ket_thuc, van_ban FROM muc").fetchall()
        full = dict(connection.execute("SELECT van_ban, noi_dung FROM tep"))
    assert rows and all(words == " ".join(full[of][start:end].split()) for _, words, start, end, of in rows)
