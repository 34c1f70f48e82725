"""Made-up papers of tỉnh Minh Họa whose every part tries to break out: text, tables, organs, numbers, file names."""

from __future__ import annotations

import html
from pathlib import Path

import docx

MARK = "M{}M"
POISON = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "' onmouseover='alert(3)", "</title></head><body onload=alert(4)>",
    "</textarea></iframe><svg/onload=alert(5)>", "<a href='javascript:alert(6)'>bấm</a>", "]]><!--", "--></style>", "&lt;b&gt; &#0; &amp;",
    "M{{ 7*7 }}M", "M${7*7}M", "M#{7*7}M", "{% raw %}", "{# chú #}", "{{ config.items() }}", "%0d%0aSet-Cookie: a=b", "../../etc/passwd",
    '=HYPERLINK("http://minh-hoa.example","bấm")', "=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "＝1+1",
    "\u202e12/34\u202c ngược", "\u2067chiều\u2069", "a\u200bb\ufeffc", "a\u2028b\u2029c", "x\ufffey", "W" * 700, "😀🇻🇳👨‍👩‍👧",
    "nguyê\u0303n", "'\"“”«»`", "\\u003cscript\\u003e", "javascript:alert(7)", "DROP TABLE van_ban; --", "_x0041_", "عربي עברית",
)  # fmt: skip
CONTROLS = ("c\x0bd\x0ce\x1ff", "\x1b[31mđỏ", "g\x7fh", "i\x85j")
"""What a plain text file may hold and XML may not."""

HEAD = ("UBND TỈNH MINH HỌA", "Số: {n}/KH-UBND", "Minh Họa, ngày 05 tháng 01 năm 2024")


def lines(n: int, poison: tuple[str, ...]) -> list[str]:
    """A plan: letterhead, a title, bases and tasks with one piece of poison each."""
    made = [
        *HEAD,
        f"KẾ HOẠCH {poison[0].upper()} NĂM 2024",
        f"Triển khai công tác {poison[1]}",
        "I. NỘI DUNG " + poison[2],
    ]
    made[1] = made[1].format(n=n)
    made.insert(5, f"Căn cứ Quyết định số {n}1/QĐ-UBND ngày 03/01/2024 của UBND tỉnh Minh Họa về {poison[3]};")
    for k, piece in enumerate(poison):
        made.append(
            f"- Triển khai Kế hoạch số {n}{k:02d}/KH-UBND ngày 04/01/2024 của UBND tỉnh Minh Họa về {piece}, do Phòng {piece} chủ trì."
        )
        made.append(f"- Thực hiện Chương trình {piece} giai đoạn 2021-2025 theo hướng dẫn của Bộ {piece}.")
        made.append(f"- {piece}")
    return made


def word(path: Path, n: int, poison: tuple[str, ...]) -> None:
    paper = docx.Document()
    for line in lines(n, poison):
        paper.add_paragraph(line)
    paper.core_properties.title = poison[0]
    paper.core_properties.author = poison[1]
    table = paper.add_table(rows=1, cols=5)
    for cell, head in zip(
        table.rows[0].cells, ("STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn"), strict=True
    ):
        cell.text = head
    for k, piece in enumerate(poison):
        row = table.add_row().cells
        for cell, text in zip(
            row,
            (str(k + 1), f"Xây dựng kế hoạch {piece}", f"Sở {piece}", f"Phòng {piece}", f"Tháng 3 {piece}"),
            strict=True,
        ):
            cell.text = text
    paper.save(path)


def web_page(path: Path, n: int, poison: tuple[str, ...], *, escape: bool) -> None:
    said = "\n".join(f"<p>{html.escape(line) if escape else line}</p>" for line in lines(n, poison))
    path.write_text(
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{html.escape(poison[0])}</title></head><body>{said}</body></html>",
        "utf-8",
    )


def fill(folder: Path) -> None:
    """Write the papers; XML holds no control characters, plain text does."""
    fit = tuple(p for p in POISON if "\ufffe" not in p)
    word(folder / "<img src=x onerror=alert(8)>.docx", 1, fit)
    (folder / "a\"b'{{ 7*7 }}.md").write_text("\n\n".join(lines(2, POISON)), "utf-8")
    (folder / "=HYPERLINK(1)\u202exslx.txt").write_text("\n\n".join(lines(3, POISON + CONTROLS)), "utf-8")
    web_page(folder / "<script>alert(9)<!--.html", 4, POISON, escape=True)
    web_page(folder / "{% raw %}&amp;.html", 5, fit, escape=False)
    (folder / "rỗng\x7f.txt").write_bytes(b"a\x00b")
    (folder / "<b>hỏng<br>.pdf").write_bytes(b"%PDF-1.4 <script>alert(10)</script>")
