"""Makes the pictures of the documentation: ``python tests/pictures.py``. The real plan and made-up papers alone.

The papers of ``minh_hoa/`` amend, replace and repeal one another; their list is imported, and pages that decide are shown.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from click.testing import CliRunner
from serving import ROOT, chromium, started, unused_port

from publish.cli import cancu

FOLDER = ROOT / "docs" / "images"
PLAN = "ke-hoach-kh-khcn-2024-so-khoa-hoc-va-cong-nghe-tinh-tay-ninh"
RESOLUTION = "nghi-quyet-08-nq-tu-2023-tinh-uy-tay-ninh"
MADE_UP = ROOT / "tests" / "minh_hoa"
MADE_PLAN = "ke-hoach-14-kh-stttt-2024-so-thong-tin-va-truyen-thong-tinh-minh-hoa"
SIZE = {"width": 1366, "height": 600}
LARGEST = 150_000
"""Bytes of a picture in the repository."""

OLD, NEW = "Số: 44/KH-UBND", "Số: 45/KH-UBND"
PAPER = """UBND TỈNH MINH HỌA

{number}

Minh Họa, ngày 05 tháng 02 năm {year}

KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM {year}

Căn cứ Quyết định số 71/QĐ-UBND ngày 06/01/2024 của UBND tỉnh Minh Họa về cải cách hành chính;

I. NỘI DUNG THỰC HIỆN

1. Văn phòng UBND tỉnh rà soát, đơn giản hóa thủ tục hành chính thuộc thẩm quyền giải quyết của các sở.

2. Sở Nội vụ kiểm tra công tác cải cách hành chính tại {places} đơn vị, hoàn thành trước ngày 30/9/{year}.

3. {third}
"""

PAGES = {
    "trang-chu": "/", "tim-kiem": "/tim?q=tai+san+tri+tue", "van-ban": f"/van-ban/{RESOLUTION}#luoc-do",
    "nhiem-vu": f"/nhiem-vu/{PLAN}/II.2.2.3#chuoi", "ra-soat": f"/ra-soat?ke_hoach={PLAN}", "truy-vet": "/truy-vet?q=08-NQ/TU",
    "do-phu": f"/do-phu/{PLAN}", "duong-noi": "/duong-noi?tu=II.2.2.3&den=52-NQ/TW", "don-vi": "/don-vi",
    "so-sanh": "/so-sanh?cu=44/KH-UBND&moi=45/KH-UBND", "so-do": f"/so-do/nhiem-vu/{PLAN}/II.2.2.3",
    "soat-can-cu": f"/soat/{PLAN}", "khoi-can-cu": f"/can-cu/{MADE_PLAN}", "hieu-luc": "/danh-muc-hieu-luc?loai=xem-lai",
    "doi-chieu": "/dan-chieu", "quyet-dinh": f"/quyet-dinh/trich-dan?id={MADE_PLAN}%23m08", "them-van-ban": "/them-van-ban",
    "bang-du-lieu": "/cancu/xem_nhiem_vu?_nofacet=1",
}  # fmt: skip
"""Name of the picture -> page."""


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        papers = Path(made) / "corpus"
        shutil.copytree(ROOT / "corpus", papers)
        third = ("Sở Tài chính bố trí kinh phí mua máy quét cho bộ phận một cửa.",
                 "Sở Khoa học và Công nghệ vận hành kho dữ liệu dùng chung.")  # fmt: skip
        for number, year, places, words in ((OLD, 2025, 10, third[0]), (NEW, 2026, 15, third[1])):
            text = PAPER.format(number=number, year=year, places=places, third=words)
            (papers / f"ke-hoach-{year}.txt").write_text(text, encoding="utf-8")
        for paper in MADE_UP.glob("*.md"):
            shutil.copy(paper, papers)
        told = ["--nguon", "Sở Tư pháp tỉnh Minh Họa", "--ngay", "31/12/2024", "--db", f"{made}/cancu.db"]
        CliRunner().invoke(cancu, ["register", "import", str(MADE_UP / "danh-muc.csv"), *told], catch_exceptions=False)
        arguments = ("--edit", "--port", str(unused_port()))
        with started(*arguments, cwd=Path(made)) as (_, root), chromium() as browser:
            address = root.rstrip("/")
            page = browser.new_context(viewport=SIZE, color_scheme="light").new_page()
            for name, path in PAGES.items():
                page.goto(f"{address}{path}")
                page.wait_for_load_state("networkidle")
                if path.startswith("/so-do/"):
                    page.frame_locator("iframe.picture").locator("canvas").first.wait_for()
                    page.locator("iframe.picture").scroll_into_view_if_needed()
                    page.wait_for_timeout(800)
                file = FOLDER / f"{name}.png"
                page.screenshot(path=str(file))
                print(file.relative_to(ROOT), f"{file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
