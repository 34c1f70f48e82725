"""Which laws bear a name, and which of them was in force on a day."""

from __future__ import annotations

import pytest

from extract.laws import by_number, in_force_on, version_of_year, versions
from extract.mentions import find_mentions


def number(version):
    return version.number if version else None


def test_versions_stand_oldest_first_with_successor_and_source():
    land = versions("Luật", "Đất đai")
    assert [v.number for v in land] == ["13/2003/QH11", "45/2013/QH13", "31/2024/QH15"]
    assert [v.successor for v in land] == ["45/2013/QH13", "31/2024/QH15", ""]
    assert (land[1].date, land[1].until, land[2].in_force) == ("2013-11-29", "2024-08-01", "2024-08-01")
    assert all(v.source for v in land)


@pytest.mark.parametrize("name", ["thuỷ lợi", "Thủy  lợi", "THỦY LỢI", "Thủy lợi"])
def test_a_name_is_found_in_any_spelling(name):
    assert [v.number for v in versions("luật", name)] == ["08/2017/QH14"]


def test_the_type_is_part_of_the_name():
    assert [v.number for v in versions("Pháp lệnh", "Dân số")] == ["06/2003/PL-UBTVQH11"]
    assert [v.number for v in versions("Luật", "Dân số")] == ["113/2025/QH15"]


def test_a_law_that_no_source_numbers_has_no_versions():
    assert versions("Luật", "Hòa giải ở cơ sở") == ()
    assert versions("Luật", "Minh Họa") == ()


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2003-12-31", None),  # before the first version known
        ("2004-07-01", "13/2003/QH11"),
        ("2014-06-30", "13/2003/QH11"),
        ("2014-07-01", "45/2013/QH13"),
        ("2024-07-31", "45/2013/QH13"),
        ("2024-08-01", "31/2024/QH15"),
        ("2024-07", "45/2013/QH13"),
        ("2024-08", "31/2024/QH15"),
        ("2024", None),  # the law changed within the year
        ("2023", "45/2013/QH13"),
        ("", None),
        ("2024-13", None),
        ("tháng 8", None),
    ],
)
def test_the_land_law_on_a_day(date, expected):
    assert number(in_force_on("Luật", "Đất đai", date)) == expected


def test_two_laws_of_one_year_are_told_apart_by_the_day():
    name = "Tổ chức chính quyền địa phương"
    assert number(in_force_on("Luật", name, "2025-03-01")) == "65/2025/QH15"
    assert number(in_force_on("Luật", name, "2025-06-15")) == "65/2025/QH15"
    assert number(in_force_on("Luật", name, "2025-06-16")) == "72/2025/QH15"
    assert version_of_year("Luật", name, "2025") is None


def test_a_version_without_a_day_of_force_leaves_the_question_open():
    law = versions("Luật", "Giám định tư pháp")[-1]
    assert (law.number, law.in_force) == ("105/2025/QH15", "")
    assert in_force_on("Luật", "Giám định tư pháp", "2027-01-01") is None


def test_a_law_replaced_under_another_name_ends():
    assert number(in_force_on("Luật", "Phá sản", "2026-02-28")) == "51/2014/QH13"
    assert in_force_on("Luật", "Phá sản", "2026-03-01") is None
    assert by_number("51/2014/QH13").successor == "142/2025/QH15"


def test_an_unknown_law_is_in_force_on_no_day():
    assert in_force_on("Luật", "Minh Họa", "2024-01-01") is None


def test_version_of_year():
    assert number(version_of_year("Luật", "Đất đai", "2013")) == "45/2013/QH13"
    assert number(version_of_year("Bộ luật", "Lao động", "2019")) == "45/2019/QH14"
    assert version_of_year("Luật", "Đất đai", "2014") is None


def test_by_number():
    assert by_number("31/2024/QH15").name == "Đất đai"
    assert by_number("6/2003/PL-UBTVQH11") == by_number("06/2003/PL-UBTVQH11")
    assert by_number("99/2099/QH99") is None


@pytest.mark.parametrize("name", [
    "Tổ chức HĐND và UBND", "Tổ chức Hội đồng nhân dân, Ủy ban nhân dân", "tổ chức hội đồng nhân dân và uỷ ban nhân dân",
])  # fmt: skip
def test_offices_shorten_names(name):
    assert [v.number for v in versions("Luật", name)] == ["11/2003/QH11"]
    (mention,) = find_mentions(f"Căn cứ Luật {name} ngày 26/11/2003;")
    assert mention.date == "2003-11-26"
    assert mention.name == name
