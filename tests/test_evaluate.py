"""The evaluation tests itself: gold against gold is 1.0, each damage lowers its own figure and no other."""

from __future__ import annotations

import copy
import json

import pytest

from extract.evaluate import GoldError, Passage, by_kind, evaluate, load_passages

TEXT = (
    "Căn cứ Điều 6 Nghị định số 55/2011/NĐ-CP ngày 04/7/2011 của Chính phủ; Kế hoạch số 12/KH-UBND ngày 01/02/2024 của UBND "
    "tỉnh thực hiện Nghị quyết số 08-NQ/TU; theo Luật Đất đai năm 2024, được sửa đổi bởi Nghị quyết số 9/NQ-HĐND. Đề án 06."
)


def mention(words: str, **fields) -> dict:
    start = TEXT.index(words)
    base = {
        "start": start, "end": start + len(words), "text": words, "type": "", "number": "", "name": "", "date": "",
        "issuer": "", "pinpoint": [], "relation": "cites", "from": None, "also": [], "self": False,
    }  # fmt: skip
    return base | fields


GOLD = [
    mention("Nghị định số 55/2011/NĐ-CP", type="Nghị định", number="55/2011/NĐ-CP", date="2011-07-04", issuer="Chính phủ",
            pinpoint=["Điều 6"], relation="based_on"),
    mention("Kế hoạch số 12/KH-UBND", type="Kế hoạch", number="12/KH-UBND", date="2024-02-01", issuer="UBND tỉnh",
            relation="based_on"),
    mention("Nghị quyết số 08-NQ/TU", type="Nghị quyết", number="08-NQ/TU", relation="implements", **{"from": 1}),
    mention("Luật Đất đai năm 2024", type="Luật", name="Đất đai", date="2024", also=[{"relation": "amends", "from": 4}]),
    mention("Nghị quyết số 9/NQ-HĐND", type="Nghị quyết", number="9/NQ-HĐND"),
    mention("Đề án 06", type="Đề án", name="06", optional=True),
]  # fmt: skip


def figures(found) -> dict[str, float]:
    report = evaluate([Passage("001", "luật", TEXT, GOLD, found)]).figures()
    flat = {k: v for k, v in report.items() if isinstance(v, float)}
    return flat | {k: report[k]["f1"] for k in ("detection_exact", "detection_overlap", "end_to_end")}


def test_gold_against_gold_is_perfect():
    assert set(figures(copy.deepcopy(GOLD)).values()) == {1.0}
    assert set(figures(copy.deepcopy(GOLD[:5])).values()) == {1.0}  # without the optional one too


@pytest.mark.parametrize(("damage", "lowered"), [
    ({"type": "Thông tư"}, {"type", "end_to_end"}),
    ({"number": "56/2011/NĐ-CP"}, {"number", "end_to_end"}),
    ({"date": "2011-07-05"}, {"date", "end_to_end"}),
    ({"issuer": "Quốc hội"}, {"issuer"}),
    ({"pinpoint": ["Điều 7"]}, {"pinpoint", "end_to_end"}),
    ({"pinpoint": []}, {"pinpoint", "end_to_end"}),
    ({"relation": "amends"}, {"relation", "relation_from", "end_to_end"}),
    ({"from": 1}, {"relation_from", "end_to_end"}),
    ({"name": "Đất đai"}, {"name", "end_to_end"}),
    ({"also": [{"relation": "amends", "from": 1}]}, {"also"}),
    ({"end": GOLD[0]["end"] - 1}, {"detection_exact", "end_to_end"}),
    ({"start": 0, "end": 2}, {"detection_exact", "detection_overlap", "end_to_end"}),
])  # fmt: skip
def test_each_damage_lowers_its_own_figure_only(damage, lowered):
    found = copy.deepcopy(GOLD)
    found[0] |= damage
    assert {k for k, v in figures(found).items() if v < 1} == lowered


def test_a_miss_a_false_find_and_a_double():
    assert {k for k, v in figures(copy.deepcopy(GOLD[1:])).items() if v < 1} >= {"detection_exact", "detection_overlap"}
    extra = [*copy.deepcopy(GOLD), mention("UBND")]
    assert {k for k, v in figures(extra).items() if v < 1} == {"detection_exact", "detection_overlap", "end_to_end"}
    double = [*copy.deepcopy(GOLD), copy.deepcopy(GOLD[0])]
    assert {k for k, v in figures(double).items() if v < 1} == {"detection_exact", "end_to_end"}


@pytest.mark.parametrize("same", [
    {"number": "55 / 2011 / nđ–cp"}, {"type": "nghị  ĐỊNH"}, {"issuer": "chính phủ."}, {"pinpoint": ["điều 6"]},
])  # fmt: skip
def test_what_counts_as_equal(same):
    found = copy.deepcopy(GOLD)
    found[0] |= same
    assert set(figures(found).values()) == {1.0}


def test_points_keep_their_letter():
    gold, found = copy.deepcopy(GOLD), copy.deepcopy(GOLD)
    gold[0]["pinpoint"], found[0]["pinpoint"] = ["điểm đ khoản 1 Điều 6"], ["điểm d khoản 1 Điều 6"]
    assert evaluate([Passage("1", "", TEXT, gold, found)]).fields["pinpoint"].value < 1


def test_partial_dates_match_as_beginnings():
    gold, found = copy.deepcopy(GOLD), copy.deepcopy(GOLD)
    gold[0]["date"], found[0]["date"] = "2011-07", "2011"
    assert evaluate([Passage("1", "", TEXT, gold, found)]).fields["date"].value == 1
    gold[0]["date"] = "2011-07-04"
    assert evaluate([Passage("1", "", TEXT, gold, found)]).fields["date"].value < 1


def test_a_folder_is_read_and_told_by_kind(tmp_path):
    (tmp_path / "001.txt").write_text("theo Nghị quyết số 08-NQ/TU", encoding="utf-8")
    gold = {"start": 5, "end": 27, "text": "Nghị quyết số 08-NQ/TU", "type": "Nghị quyết", "number": "08-NQ/TU", "name": "",
            "date": "", "issuer": "", "pinpoint": [], "relation": "cites", "from": None, "also": [], "self": False}  # fmt: skip
    (tmp_path / "001.json").write_text(json.dumps({"kind_of_text": "tỉnh", "citations": [gold]}), encoding="utf-8")
    passages = load_passages(tmp_path)
    assert evaluate(passages).exact.f1 == 1.0
    assert list(by_kind(passages)) == ["tỉnh"]


def test_a_folder_without_gold_is_refused(tmp_path):
    with pytest.raises(GoldError, match="không có cặp tệp"):
        load_passages(tmp_path)
    with pytest.raises(GoldError, match="Không tìm thấy"):
        load_passages(tmp_path / "không có")
    (tmp_path / "1.txt").write_text("a", encoding="utf-8")
    (tmp_path / "1.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(GoldError, match="không đúng dạng"):
        load_passages(tmp_path)
