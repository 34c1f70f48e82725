"""Who stands for an issuer that merged or ended: the citation keeps the old name, the page tells the new one."""

from __future__ import annotations

import asyncio
import html
import re

import pytest
from test_validity import Kho, decision

from extract.tables import read_table
from graph.successors import MERGED, successor_of
from publish.serve import make_datasette

NOW = "2026-11-24"


@pytest.mark.parametrize(
    ("issuer", "issued", "now"),
    [
        ("UBND tỉnh Bình Thuận", "2025-01-21", "UBND tỉnh Lâm Đồng"),
        ("UBND tỉnh Tây Ninh", "2023-08-08", "UBND tỉnh Tây Ninh"),  # of the same name, and another body
        ("HĐND tỉnh Bình Dương", "2024", "HĐND thành phố Hồ Chí Minh"),
        ("Tỉnh ủy Bình Dương", "2024-03", "Thành ủy Hồ Chí Minh"),
        ("Tỉnh ủy Tây Ninh", "2023-03-31", "Tỉnh ủy Tây Ninh"),
        ("Sở Kế hoạch và Đầu tư tỉnh Bình Thuận", "2024-05-02", "Sở Tài chính tỉnh Lâm Đồng"),
        ("Bộ Kế hoạch và Đầu tư", "2020-01-01", "Bộ Tài chính"),
        ("Bộ Thông tin và Truyền thông", "2020", "Bộ Khoa học và Công nghệ"),
        ("UBND huyện An Bình", "2024-01-01", ""),  # no single one
    ],
)
def test_who_stands_for_it_now(issuer, issued, now):
    found = successor_of(issuer, issued, NOW)
    assert found is not None and found.name == now and found.since


@pytest.mark.parametrize(
    ("issuer", "issued", "day"),
    [
        ("UBND tỉnh Bình Thuận", "2025-01-21", "2025-06-30"),  # not yet
        ("UBND tỉnh Tây Ninh", "2025-08-01", NOW),  # issued by the new body
        ("UBND tỉnh Tây Ninh", "2025", NOW),  # the year does not tell which
        ("UBND tỉnh Tây Ninh", "", NOW),
        ("UBND tỉnh Cao Bằng", "2020-01-01", NOW),
        ("Bộ Tài chính", "2020-01-01", NOW),
        ("Bộ Kế hoạch và Đầu tư", "2025-03-02", NOW),
        ("UBND huyện An Bình", "2025-07-02", NOW),
        ("Bộ Tài chính; Bộ Kế hoạch và Đầu tư", "2020-01-01", NOW),  # joint ones are not told apart
        ("", "2020-01-01", NOW),
    ],
)
def test_nobody_else_stands_for_it(issuer, issued, day):
    assert successor_of(issuer, issued, day) is None


@pytest.mark.parametrize("row", [r for r in read_table("provinces") if r["until"]], ids=lambda r: r["name"])
def test_every_province_that_ended_has_a_successor(row):
    found = successor_of(f"UBND {row['level']} {row['name']}", "2024-01-01", NOW)
    assert found is not None and found.name.endswith(f" {row['successor']}") and found.since == row["until"]
    assert row["name"] in found.remark or row["until"] != "2025-07-01"


def test_the_page_of_a_document_tells_both_and_the_citation_keeps_the_old_name(tmp_path):
    cited = "Kế hoạch số 270/KH-UBND ngày 21/01/2025 của UBND tỉnh Bình Thuận về phát triển chợ"
    plan = decision("12/KH-UBND", "2025-03-10", "Công tác", f"I. NHIỆM VỤ\n\n- Thực hiện {cited}.\n", "KẾ HOẠCH")
    kho = Kho(tmp_path, plan)
    (document,) = kho.rows("SELECT id FROM van_ban WHERE so_ky_hieu = '270/KH-UBND'")[0]
    site = make_datasette(kho.base)

    def words(path: str) -> str:
        answer = asyncio.run(site.client.get(path))
        assert answer.status_code == 200
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())

    told = words(f"/van-ban/{document}?tai_ngay=01/08/2025")
    assert (
        "UBND tỉnh Bình Thuận" in told
        and "nay là UBND tỉnh Lâm Đồng từ ngày 01/07/2025 (hợp nhất" in told
        and MERGED in told
    )
    assert "nay là" not in words(f"/van-ban/{document}?tai_ngay=30/06/2025")
    assert kho.rows("SELECT co_quan FROM trich_dan WHERE so_ky_hieu = '270/KH-UBND'") == [("UBND tỉnh Bình Thuận",)]
