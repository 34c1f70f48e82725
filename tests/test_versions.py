"""Versions of one work: what is put together, and what is not; all papers are those of the made-up tỉnh Minh Họa."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graph.corpus import build
from graph.versions import BLANK, LEADING, SAME

HEAD = """UBND TỈNH MINH HỌA
SỞ KHOA HỌC VÀ CÔNG NGHỆ
Số: {number}/KH-SKHCN
Minh Họa, ngày {day} tháng {month} năm {year}

KẾ HOẠCH
{title}

I. MỤC ĐÍCH
Kế hoạch này thực hiện Nghị quyết số 08-NQ/TU ngày 10/10/2023 của Ban Chấp hành Đảng bộ tỉnh.

II. NHIỆM VỤ
"""
TITLE = "Triển khai hoạt động khoa học và công nghệ năm 2026"
TASKS = (
    "Xây dựng cơ sở dữ liệu dùng chung của ngành.",
    "Tổ chức tập huấn cho cán bộ cấp xã.",
    "Rà soát các văn bản đã hết hiệu lực.",
    "Kiểm tra hoạt động đo lường tại các chợ.",
    "Hỗ trợ doanh nghiệp đăng ký sáng chế.",
    "Tổ chức ngày hội khởi nghiệp.",
)


def paper(
    number: str = "",
    title: str = TITLE,
    tasks: tuple[str, ...] = TASKS,
    day: str = "5",
    month: str = "3",
    year: str = "2026",
) -> str:
    lines = "\n".join(f"{n}. {task}" for n, task in enumerate(tasks, 1))
    return HEAD.format(number=number, title=title, day=day, month=month, year=year) + lines + "\n"


def versions(tmp_path: Path, papers: dict[str, str]) -> dict[str, tuple[str, str | None, str]]:
    """Build and return, by file name, (kind, file of the leading text, why)."""
    folder = tmp_path / "kho"
    folder.mkdir()
    for name, text in papers.items():
        (folder / name).write_text(text, encoding="utf-8")
    build([folder], tmp_path / "cancu.db")
    with closing(sqlite3.connect(tmp_path / "cancu.db")) as base:
        found = base.execute(
            "SELECT t.duong_dan, v.phien_ban, l.duong_dan, v.phien_ban_vi FROM van_ban v"
            " JOIN tep t ON t.van_ban = v.id LEFT JOIN tep l ON l.van_ban = v.phien_ban_cua"
        ).fetchall()
    short = {path: Path(path).name for path, *_ in found}
    return {short[path]: (kind, short.get(leader), why) for path, kind, leader, why in found}


def test_a_draft_belongs_to_the_issued_plan(tmp_path):
    found = versions(tmp_path, {"a-dự thảo.md": paper(day="", month=""), "b-ban hành.md": paper("15")})
    assert found == {
        "a-dự thảo.md": (BLANK, "b-ban hành.md", "cùng tên loại, trích yếu; 6 nhiệm vụ giống nhau"),
        "b-ban hành.md": (LEADING, None, ""),
    }


def test_a_draft_under_another_title_is_known_by_its_tasks(tmp_path):
    tasks = (*TASKS[:5], "Ban hành quy chế làm việc.")
    found = versions(tmp_path, {"a.md": paper(title="Hoạt động của ngành", tasks=tasks), "b.md": paper("15")})
    assert found["a.md"] == (BLANK, "b.md", "5 nhiệm vụ giống nhau")


def test_two_files_of_one_issued_paper(tmp_path):
    found = versions(tmp_path, {"a.txt": paper("15").replace("ngành.", "ngành;"), "b.md": paper("15")})
    assert found["b.md"][0] == LEADING
    assert found["a.txt"] == (SAME, "b.md", "cùng số, ký hiệu, ngày và cơ quan ban hành")


@pytest.mark.parametrize(
    "other",
    [
        paper("16"),  # another number is another paper, also under the same title
        paper(year="2025"),  # last year's plan
        paper(title="Kiểm tra nội bộ", tasks=("Kiểm tra quỹ.",)),
        paper().replace("KẾ HOẠCH", "BÁO CÁO").replace("KH-", "BC-"),
        paper().replace("SỞ KHOA HỌC VÀ CÔNG NGHỆ", "SỞ NỘI VỤ").replace("SKHCN", "SNV"),
    ],
)
def test_what_is_no_version(tmp_path, other):
    found = versions(tmp_path, {"a.md": other, "b.md": paper("15")})
    assert {kind for kind, _, _ in found.values()} == {""}


def test_a_draft_of_two_issued_papers_stays_alone(tmp_path):
    found = versions(tmp_path, {"a.md": paper(), "b.md": paper("15"), "c.md": paper("16")})
    assert {kind for kind, _, _ in found.values()} == {""}


def test_a_title_that_comes_again_is_not_enough(tmp_path):
    title, other = "Kiểm tra công tác văn thư", ("Kiểm tra hồ sơ.",)
    found = versions(
        tmp_path,
        {"a.md": paper(title=title, tasks=other, day="", month="", year=""), "b.md": paper("15", title=title)},
    )
    assert {kind for kind, _, _ in found.values()} == {""}


def test_citations_lead_to_the_leading_text_whatever_the_order(tmp_path):
    citing = paper("21", title="Phân công năm 2026", tasks=TASKS[:2]).replace(
        "thực hiện Nghị quyết",
        "thực hiện Kế hoạch số 15/KH-SKHCN ngày 05/3/2026 của Sở Khoa học và Công nghệ và Nghị quyết",
    )
    found = versions(tmp_path, {"a.txt": paper("15") + "\n", "b.md": paper("15"), "c.md": citing, "d.md": paper()})
    assert found["b.md"][0] == LEADING and found["a.txt"][1] == found["d.md"][1] == "b.md"
    with closing(sqlite3.connect(tmp_path / "cancu.db")) as base:
        (target,) = base.execute(
            "SELECT DISTINCT t.duong_dan FROM trich_dan c JOIN tep t ON t.van_ban = c.van_ban"
            " WHERE c.so_ky_hieu = '15/KH-SKHCN' AND c.la_so_cua_minh = 0"
        ).fetchone()
        labels = dict(base.execute("SELECT t.duong_dan, v.nhan FROM van_ban v JOIN tep t ON t.van_ban = v.id"))
    assert target.endswith("b.md")
    assert [label for path, label in labels.items() if path.endswith("a.txt")] == [f"Kế hoạch số 15/KH-SKHCN ({SAME})"]
