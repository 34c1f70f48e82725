"""Names in the order of a Vietnamese dictionary, in the key and in the base."""

from __future__ import annotations

import random
import sqlite3
import unicodedata
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.alphabet import alphabet_key
from graph.schema import TABLES, key_column

LETTERS = [*"aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"]
TONES = ["ma", "mà", "mả", "mã", "má", "mạ"]
NAMES = [
    "Ban Dân tộc", "Báo cáo số 9/BC-UBND", "Báo cáo số 10/BC-UBND", "Công văn", "Dự án", "Dự thảo", "Đảng ủy", "Đề án",
    "Điện lực", "Kế hoạch", "Nghị định", "Nghị quyết", "Ô tô", "Ơn", "Sổ", "Sở Công Thương", "Sở Y tế", "Uỷ ban", "Ưu đãi",
    "Ý kiến", "Zalo",
]  # fmt: skip


@pytest.mark.parametrize("ordered", [
    LETTERS, [letter.upper() for letter in LETTERS], TONES, [f"{t} z" for t in TONES], NAMES,
    ["ba", "Ba", "bà", "bá", "bác", "băng", "bằng", "bâng", "cá"],  # marks of a letter weigh more than any tone
    ["số 2", "số 9", "số 10", "số 0100"],
    ["an", "an an", "an ninh", "ann"],
], ids=["letters", "capitals", "tones", "tones before letters", "names", "levels", "numbers", "words"])  # fmt: skip
def test_order(ordered):
    mixed = ordered[:]
    random.Random(3).shuffle(mixed)
    assert sorted(mixed, key=alphabet_key) == ordered


@given(st.text())
def test_any_text_has_a_key_that_a_file_can_hold(text):
    key = alphabet_key(text)
    assert key == alphabet_key(unicodedata.normalize("NFD", text)), "however its marks are stored"
    assert len(key) <= 48 * 4 + 2 and not any(unicodedata.category(c) == "Cc" for c in key)


@pytest.mark.parametrize("table", [t for t in TABLES if t.names], ids=lambda t: t.name)
def test_every_name_of_the_base_has_its_key_and_an_index_gives_the_order(table, plan_base):
    with closing(sqlite3.connect(plan_base)) as connection:
        for name in table.names:
            key = key_column(name)
            found = connection.execute(f"SELECT {name}, {key} FROM {table.name} ORDER BY {key}").fetchall()
            assert found and all(alphabet_key(value) == stored for value, stored in found)
            assert [value for value, _ in found] == sorted((value for value, _ in found), key=alphabet_key)
            plan = connection.execute(
                f"EXPLAIN QUERY PLAN SELECT * FROM {table.name} ORDER BY {key} LIMIT 51"
            ).fetchall()
            assert f"ix_{table.name}_{key}" in plan[0][3], "sorted without looking at every row"
