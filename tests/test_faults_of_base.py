"""Planted faults that only a base or a list can tell, on a small scale: a made-up base of tỉnh Minh Họa."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from test_check_measures import PASSAGES
from test_validity import decision

from benchmarks.faults_of_base import KINDS
from benchmarks.known_acts import make_list, shelf_of
from benchmarks.seeded_faults import Asked, Job, plant
from graph.corpus import build
from graph.store import open_base

TIMES = 30
UBND = "UBND tỉnh Minh Họa"
IN_FORCE = "Quyết định này có hiệu lực thi hành kể từ ngày 15 tháng 6 năm 2023"
MARKET = f"Quyết định số 13/2016/QĐ-UBND ngày 08/3/2016 của {UBND}"
STATION = f"Quyết định số 30/2020/QĐ-UBND ngày 05/3/2020 của {UBND}"
PARKING = f"Quyết định số 18/2019/QĐ-UBND ngày 12/4/2019 của {UBND}"
VILLAGE = "Kế hoạch số 66/KH-UBND ngày 05/02/2019 của UBND tỉnh Minh Họa"
TEXTS = [
    decision("15/2023/QĐ-UBND", "2023-06-01", "Quy định về quản lý chợ",
             f"Điều 1. Ban hành Quy định về quản lý chợ.\n\nĐiều 2. {IN_FORCE} và thay thế {MARKET}.\n"),
    decision("16/2023/QĐ-UBND", "2023-06-01", "Bãi bỏ một số văn bản",
             f"Điều 1. Bãi bỏ {VILLAGE} về làng nghề.\n\nĐiều 2. Bãi bỏ khoản 2 Điều 5 {PARKING}.\n\n"
             f"Điều 3. {IN_FORCE}.\n"),
    decision("17/2023/QĐ-UBND", "2023-06-01", f"Sửa đổi, bổ sung một số điều của {STATION}",
             f"Điều 1. Sửa đổi, bổ sung một số điều của {STATION}\n\n1. Sửa đổi, bổ sung khoản 2 Điều 5 như sau:\n\n"
             f"“2. Bến xe báo cáo hằng quý.”\n\nĐiều 2. {IN_FORCE}.\n"),
    *(decision(f"{n}/2022/QĐ-UBND", f"2022-0{n}-10", f"Quy định về quản lý bãi đỗ xe loại {n} trong các khu dân cư",
               "".join(f"Điều {m}. Bãi đỗ số {m}.\n\n" for m in range(1, 4 + n))) for n in range(2, 6)),
]  # fmt: skip


@pytest.fixture(scope="module")
def asked(tmp_path_factory) -> Asked:
    folder = tmp_path_factory.mktemp("kho")
    for n, text in enumerate(TEXTS):
        (folder / f"{n}.md").write_text(text, encoding="utf-8")
    build([folder], folder / "kho.db")
    register = folder / "list.db"
    with closing(open_base(folder / "kho.db")) as base:
        return Asked(folder / "kho.db", register, {**shelf_of(base), **make_list(base, register, 6)})


def test_what_the_base_tells_of_its_acts(asked):
    names = {shelf: {act.names[0] for act in acts} for shelf, acts in asked.shelf.items()}
    assert names["ended"] == {"Quyết định số 13/2016/QĐ-UBND", "Kế hoạch số 66/KH-UBND"}
    assert names["part ended"] == {"Quyết định số 18/2019/QĐ-UBND"}
    assert names["amended"] == {"Quyết định số 30/2020/QĐ-UBND"}
    assert {act.last for act in asked.shelf["whole"]} >= {5, 6, 7, 8}
    assert {f"Quyết định số {n}/2022/QĐ-UBND" for n in range(2, 6)} <= names["titled"]
    assert all(act.first <= act.sure for acts in asked.shelf.values() for act in acts if act.first and act.sure)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_found_and_what_is_no_fault_is_not(asked, kind):
    done = plant(Job(kind, TIMES, 1, PASSAGES, asked))
    assert done.planted == TIMES
    assert done.told == (0 if KINDS[kind].silent else TIMES), done.wrong


def test_a_seed_draws_the_same_plants_again_and_another_one_others(asked, tmp_path):
    unlisted = replace(asked, register=tmp_path / "none.db")  # so that all are missed, and shown
    drawn = [plant(Job("repealed act of a list", 5, seed, PASSAGES, unlisted)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] and len(drawn[0].wrong) == len(drawn[2].wrong) == 5
    assert drawn[0].wrong != drawn[2].wrong
