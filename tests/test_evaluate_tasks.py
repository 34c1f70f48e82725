"""The measure of plans tests itself: gold against gold is 1.0, and each damage lowers its own figure and no other."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from extract.evaluate import GoldError
from extract.evaluate_tasks import Plan, evaluate_plans, load_plans
from publish.cli import cancu

PLANS = Path(__file__).parent / "plans"
SHARED = Path(__file__).parent.parent.parent / "shared" / "gold" / "plans"
BARS = {"tasks": 0.9, "lead": 0.85, "due": 0.9, "cites": 0.9, "header": 0.9, "bases": 0.9}


def task(text: str, **fields) -> dict:
    base = {"kind": "task", "path": "II.1", "text": text, "in_table": False, "lead": [], "with": [], "due": "",
            "product": "", "cites": [], "inherits": []}  # fmt: skip
    return base | fields


CITED = {"number": "12/KH-UBND", "type": "Kế hoạch", "name": "", "relation": "implements"}
GOLD = {
    "document": {"type": "Kế hoạch", "number": "", "symbol": "KH-UBND", "date": "2026-01", "signer_role": "CHỦ TỊCH",
                 "issuer": "ỦY BAN NHÂN DÂN TỈNH MINH HỌA", "title": "Thử nghiệm"},
    "bases": [{"number": "1/NQ-CP", "type": "Nghị quyết"}, {"name": "Đất đai", "type": "Luật"}],
    "tasks": [
        task("Rà soát các quy trình nội bộ của cơ quan", path="II.1", lead=["Sở Nội vụ", "Sở Tài chính"], due="Quý I/2026"),
        task("Tổ chức tập huấn cho cán bộ các xã", path="II.2", **{"with": ["các xã"]}, product="Báo cáo", cites=[CITED]),
        task("Tổ chức tập huấn cho cán bộ các xã", path="II / 3", in_table=True, due="Quý II"),
        task("Thi đua lập thành tích trong năm học mới", path="II.4", note="borderline: không nêu đơn vị"),
    ],
}  # fmt: skip


def answer() -> dict:
    """The JSON of an extraction that says what the gold says."""
    units = [
        {"id": f"II.{n}", "kind": "task"} | {k: t[k] for k in ("text", "lead", "with", "due", "product", "in_table")}
        for n, t in enumerate(GOLD["tasks"], 1)
    ]
    cite = {"from": None, "via": None, "self": False, "name": ""}
    return {
        "document": copy.deepcopy(GOLD["document"]) | {"province": "Minh Họa", "title": "KẾ HOẠCH Thử nghiệm"},
        "units": [*copy.deepcopy(units), {"id": "BASIS.1", "kind": "basis"}],
        "citations": [
            cite | {"unit": "BASIS.1", "type": "Nghị quyết", "number": "1/NQ-CP"},
            cite | {"unit": "BASIS.1", "type": "Luật", "number": "", "name": "Đất đai"},
            cite | {"unit": "II.2", "type": "Kế hoạch", "number": "12 /KH-UBND"},
        ],
    }


def lowered(found: dict) -> set[str]:
    figures = evaluate_plans([Plan("kh.md", GOLD, found)]).figures()
    flat = {k: v["f1"] if isinstance(v, dict) else v for k, v in figures.items() if k != "header_fields"}
    return {k for k, v in flat.items() if v < 1}


def test_gold_against_gold_is_perfect():
    assert lowered(answer()) == set()
    without = answer()
    del without["units"][3]
    assert lowered(without) == set()  # the borderline task may be missing too


@pytest.mark.parametrize(("damage", "figures"), [
    ({"lead": ["Sở Nội vụ"]}, {"lead"}),
    ({"with": ["các xã"]}, {"with"}),
    ({"due": ""}, {"due"}),
    ({"product": "Kế hoạch"}, {"product"}),
    ({"in_table": True}, {"in_table"}),
    ({"text": "Các quy trình nội bộ của cơ quan"}, {"tasks"}),
    ({"kind": "statement"}, {"tasks"}),
    ({"kind": "assignment"}, set()),
    ({"lead": ["sở tài chính", "Sở  Nội vụ"]}, set()),
])  # fmt: skip
def test_each_damage_lowers_its_own_figure_only(damage, figures):
    found = answer()
    found["units"][0] |= damage
    assert lowered(found) == figures


def test_equal_words_pair_by_their_place():
    found = answer()
    found["units"][1], found["units"][2] = found["units"][2], found["units"][1]
    assert lowered(found) == set()


def test_damage_to_header_bases_and_citations():
    found = answer()
    found["document"]["signer_role"] = "GIÁM ĐỐC"
    assert lowered(found) == {"header"}
    found = answer()
    del found["citations"][1]
    assert lowered(found) == {"bases"}
    found = answer()
    found["citations"][2]["number"] = "13/KH-UBND"
    assert lowered(found) == {"cites"}
    found = answer()
    found["units"].append(copy.deepcopy(found["units"][0]) | {"id": "II.9"})
    assert lowered(found) == {"tasks"}


def test_plans_of_other_layouts_reach_the_bars():
    figures = evaluate_plans(load_plans(PLANS)).figures()
    flat = {k: v for k, v in figures.items() if k in BARS}
    values = {k: min(v.values()) if isinstance(v, dict) else v for k, v in flat.items()}
    assert values == dict.fromkeys(BARS, 1.0)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the annotated plans are not beside this checkout")
def test_real_plans_reach_the_bars():
    figures = evaluate_plans(load_plans(SHARED)).figures()
    values = {k: min(figures[k].values()) if isinstance(figures[k], dict) else figures[k] for k in BARS}
    assert not {k: v for k, v in values.items() if v < BARS[k]}


def test_a_folder_without_plans_is_refused(tmp_path):
    with pytest.raises(GoldError, match="không có cặp kế hoạch"):
        load_plans(tmp_path)
    with pytest.raises(GoldError, match="Không tìm thấy"):
        load_plans(tmp_path / "không có")
    (tmp_path / "a.tasks.json").write_text("[]", encoding="utf-8")
    with pytest.raises(GoldError, match="không đúng dạng"):
        load_plans(tmp_path)


def test_the_command_prints_figures_and_data():
    told = CliRunner().invoke(cancu, ["evaluate", str(PLANS), "--tasks"])
    assert told.exit_code == 0 and "Nhiệm vụ, phân công" in told.output and "Bỏ sót: 0" in told.output
    data = json.loads(CliRunner().invoke(cancu, ["evaluate", str(PLANS), "--tasks", "--json"]).output)
    assert data["format"] == "cancu-evaluate-tasks/1" and data["figures"]["tasks"]["f1"] == 1.0
