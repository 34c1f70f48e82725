from __future__ import annotations

import pytest

from extract.numbers import number_key, search_key, sort_key, typed_key
from graph.lookup import Found, NotFound, look_up


@pytest.mark.parametrize("typed", [
    "08-NQ/TU", "8-NQ/TU", "nghi quyet 08 NQ TU", "Nghị quyết số 08 - NQ / TU", "NQ 08-NQ/TU", "08–NQ/TU", " 08-nq/tu ",
    "Nghị quyết số 08-NQ/TU của Tỉnh ủy",
])  # fmt: skip
def test_a_number_in_any_spelling(plan_graph_all, typed):
    assert look_up(plan_graph_all, typed) == Found("nghi-quyet-08-nq-tu-2023-tinh-uy-tay-ninh")


@pytest.mark.parametrize("typed", ["50/NQ-CP", "50-NQ/CP", "15/2022/TT-BKH&CN", "15/2022/TT-BKHCN", "696/QD-TTg"])
def test_printed_and_corrected_forms_lead_to_one_document(plan_graph_all, typed):
    assert isinstance(look_up(plan_graph_all, typed), Found)


@pytest.mark.parametrize("typed", ["II.2.2.3", "ke-hoach-kh-khcn-2024-so-khoa-hoc-va-cong-nghe-tinh-tay-ninh#II.2.2.3"])
def test_a_task(plan_graph_all, typed):
    found = look_up(plan_graph_all, typed)
    assert isinstance(found, Found)
    assert plan_graph_all.nodes[found.node]["code"] == "II.2.2.3"


def test_words_of_a_name(plan_graph_all):
    found = look_up(plan_graph_all, "phát triển tài sản trí tuệ")
    assert isinstance(found, Found)
    assert plan_graph_all.nodes[found.node]["label"] == "Chương trình phát triển tài sản trí tuệ đến năm 2030"


def test_several_hits_are_candidates_never_a_guess(plan_graph_all):
    answer = look_up(plan_graph_all, "khoa học")
    assert isinstance(answer, NotFound)
    assert answer.ambiguous and len(answer.candidates) > 1


def test_an_unknown_number_answers_with_the_nearest(plan_graph_all):
    answer = look_up(plan_graph_all, "08-NQ/TX")
    assert isinstance(answer, NotFound)
    assert not answer.ambiguous
    assert answer.candidates[0] == "nghi-quyet-08-nq-tu-2023-tinh-uy-tay-ninh"


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "%", "'; DROP TABLE van_ban; --", "II.99.9"])
def test_nonsense_is_not_found(plan_graph_all, typed):
    assert isinstance(look_up(plan_graph_all, typed), NotFound)


def test_keys():
    assert number_key("08-NQ/TU") == number_key("8 NQ TU") == "8 nq tu"
    assert number_key("15/2022/TT-BKH&CN") == number_key("15/2022/TT-BKHCN")
    assert number_key("003/2025/TT-BNV") == number_key("3/2025/TT-BNV")
    assert number_key("66.16/2026/NQ-CP") != number_key("16/2026/NQ-CP")
    assert search_key("08-NQ/TU") == typed_key("Nghi quyet so 08-NQ/TU") == "8|nq|tu"
    numbers = [("1962/KH-UBND", "2020-08-20"), ("939/KH-UBND", "2020-05-11"), ("13/2016/QĐ-UBND", "2016-05-04")]
    assert [n for n, d in sorted(numbers, key=lambda p: sort_key(*p))] == [
        "13/2016/QĐ-UBND",
        "939/KH-UBND",
        "1962/KH-UBND",
    ]
