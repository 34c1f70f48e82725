"""PDF files made here, as offices print, sign and scan them; all papers are those of the made-up tỉnh Minh Họa."""

from __future__ import annotations

import io
import os
import unicodedata
from contextlib import closing
from importlib import util
from pathlib import Path

import pytest

from extract.pipeline import extract
from extract.read import ocr, pdf, read_bytes
from extract.read.ocr_repair import repair
from extract.read.result import ReadError, Reading
from extract.read.syllables import is_syllable, share_of_strangers
from graph.labels import place_words

pytest.importorskip("reportlab")
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = [
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf",
]
if (matplotlib := util.find_spec("matplotlib")) and matplotlib.origin:
    FONTS.append(str(Path(matplotlib.origin).parent / "mpl-data/fonts/ttf/DejaVuSerif.ttf"))
FONT = next((name for name in FONTS if Path(name).exists()), None)
pytestmark = pytest.mark.skipif(FONT is None, reason="no font here covers Vietnamese")
if FONT:
    pdfmetrics.registerFont(TTFont("Serif", FONT))

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT = 85.0, 552.0
SENTENCE = (
    "Tiếp tục triển khai các nhiệm vụ về chuyển đổi số trên địa bàn tỉnh, trong đó tập trung rà soát văn bản, "
    "xây dựng cơ sở dữ liệu dùng chung và bảo đảm an toàn thông tin cho các cơ quan, đơn vị, địa phương"
)

ORGANS = ["Sở Nội vụ", "Thanh tra tỉnh", "Công an tỉnh Minh Họa", "Ủy ban nhân dân các xã", "Văn phòng"]


class Paper:
    """A PDF in the making; ``y`` is the base line of the next line."""

    def __init__(self, encrypt: str | None = None, size: float = 13) -> None:
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=(WIDTH, HEIGHT), encrypt=encrypt)
        self.size = size
        self.y = HEIGHT - 71

    def text(self, x: float, y: float, words: str, size: float | None = None, rise: float = 0.0) -> float:
        size = size or self.size
        self.canvas.setFont("Serif", size)
        self.canvas.drawString(x, y + rise, words)
        return x + pdfmetrics.stringWidth(words, "Serif", size)

    def paragraph(self, words: str, indent: float = 36.0, left: float = LEFT, right: float = RIGHT) -> list[str]:
        """Print justified lines as Word does; return them."""
        lines: list[list[str]] = [[]]

        def width(line: list[str]) -> float:
            return pdfmetrics.stringWidth(" ".join(line), "Serif", self.size)

        for word in words.split(" "):
            room = right - left - (indent if len(lines) == 1 else 0)
            if lines[-1] and width([*lines[-1], word]) > room:
                lines.append([])
            lines[-1].append(word)
        for n, line in enumerate(lines):
            x = left + (indent if n == 0 else 0)
            spare = right - x - width(line)
            step = spare / (len(line) - 1) if n + 1 < len(lines) and len(line) > 1 else 0.0
            blank = pdfmetrics.stringWidth(" ", "Serif", self.size)
            for word in line:
                x = self.text(x, self.y, word) + blank + step
            self.y -= 17
            if self.y < 71 and n + 1 < len(lines):
                self.page()
        self.y -= 6
        return [" ".join(line) for line in lines]

    def page(self) -> None:
        self.canvas.showPage()
        self.y = HEIGHT - 71

    def centred(self, words: str, middle: float = (LEFT + RIGHT) / 2) -> None:
        self.text(middle - pdfmetrics.stringWidth(words, "Serif", self.size) / 2, self.y, words)
        self.y -= 17

    def widget(
        self, name: str, x: float, y: float, w: float, h: float, rows: list[tuple[float, str]], size: float = 13
    ):
        """Lay a field of a signature over the page: its words are in an appearance of its own."""
        canvas = self.canvas
        canvas.beginForm(name, 0, 0, w, h)
        canvas.setFont("Serif", size)
        for up, words in rows:
            canvas.drawString(1, up, words)
        canvas.endForm()
        look = pdfdoc.PDFDictionary({"N": pdfdoc.PDFObjectReference(pdfdoc.xObjectName(name))})
        canvas._addAnnotation(
            pdfdoc.PDFDictionary({
                "Type": pdfdoc.PDFName("Annot"), "Subtype": pdfdoc.PDFName("Widget"), "FT": pdfdoc.PDFName("Sig"),
                "F": 4, "T": pdfdoc.PDFString(name), "Rect": pdfdoc.PDFArray([x, y, x + w, y + h]), "AP": look,
            })
        )  # fmt: skip

    def grid(self, xs: list[float], rows: list[list[str]], height: float = 40.0) -> None:
        top = self.y
        for row in rows:
            for x, cell in zip(xs, row, strict=False):
                for k, line in enumerate(cell.split("\n")):
                    self.text(x + 5, self.y - 14 - 15 * k, line, 11)
            self.y -= height
        self.canvas.grid(xs, [top - height * n for n in range(len(rows) + 1)])
        self.y -= 25

    def bytes(self) -> bytes:
        self.canvas.save()
        return self.out.getvalue()


def read(paper: Paper) -> Reading:
    reading = pdf.read(paper.bytes(), "giay.pdf")
    check(reading)
    return reading


def check(reading: Reading) -> None:
    """The blocks are the whole text, in order, joined by line ends; each is counted and has its page."""
    assert reading.text == "\n".join(reading.text[b.start : b.end] for b in reading.blocks)
    assert reading.text == unicodedata.normalize("NFC", reading.text)
    assert [b.place.paragraph for b in reading.blocks] == list(range(1, len(reading.blocks) + 1))
    for block in reading.blocks:
        text = reading.text[block.start : block.end]
        assert text == text.strip() != "" and "\n" not in text and "\r" not in text
        assert block.place.page is not None


def paragraphs(reading: Reading) -> list[str]:
    return [reading.text[b.start : b.end] for b in reading.blocks]


HEAD_LEFT = ["UBND TỈNH MINH HỌA", "SỞ TƯ PHÁP"]
HEAD_RIGHT = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]


def head(paper: Paper, by_row: bool, number: str = "Số: 12/KH-UBND", day: str = "Minh Họa, ngày 05 tháng 3 năm 2024"):
    left = [*((170.0, paper.y - 16 * n, t) for n, t in enumerate(HEAD_LEFT)), (170.0, paper.y - 40, number)]
    right = [*((400.0, paper.y - 16 * n, t) for n, t in enumerate(HEAD_RIGHT)), (400.0, paper.y - 40, day)]
    cells = (
        [c for pair in zip(left, right, strict=True) for c in pair]
        if by_row
        else [*left[:2], *right[:2], left[2], right[2]]
    )
    for middle, y, words in cells:
        paper.text(middle - pdfmetrics.stringWidth(words, "Serif", 11) / 2, y, words, 11)
    paper.y -= 75


@pytest.mark.parametrize("by_row", [False, True])
def test_the_left_cell_of_the_head_is_read_before_the_motto(by_row):
    paper = Paper()
    head(paper, by_row)
    paper.centred("KẾ HOẠCH")
    paper.centred("Chuyển đổi số năm 2024")
    paper.paragraph(f"{SENTENCE}.")
    assert paragraphs(read(paper)) == [
        *HEAD_LEFT, "Số: 12/KH-UBND", *HEAD_RIGHT, "Minh Họa, ngày 05 tháng 3 năm 2024",
        "KẾ HOẠCH", "Chuyển đổi số năm 2024", f"{SENTENCE}.",
    ]  # fmt: skip


def test_a_day_in_the_text_below_is_not_the_head():
    paper = Paper()
    head(paper, False)
    paper.y += 10
    paper.paragraph("Căn cứ Nghị định số 1/2024/NĐ-CP ngày 08 tháng 10 năm 2024 của Chính phủ;")
    assert paragraphs(read(paper))[6].startswith("Căn cứ Nghị định")


@pytest.mark.parametrize(
    ("upper", "lower"), [("ỦY BAN NHÂN DÂN", "TỈNH MINH HỌA"), ("SỞ KHOA HỌC", "VÀ CÔNG NGHỆ"), ("HĐND", "XÃ MINH HỌA")]
)
def test_an_organ_on_two_lines_is_one(upper, lower, monkeypatch):
    monkeypatch.setattr("test_read_pdf.HEAD_LEFT", [upper, lower])
    paper = Paper()
    head(paper, True)
    assert paragraphs(read(paper))[0] == f"{upper} {lower}"


def test_the_subject_of_a_letter_stays_in_the_left_cell():
    paper = Paper()
    head(paper, True, "Số: 345/UBND-TH")
    paper.text(110, paper.y + 18, "V/v triển khai Nghị định", 10)
    paper.text(110, paper.y + 5, "số 13/2023/NĐ-CP", 10)
    paper.y -= 30
    paper.centred("Kính gửi: Các sở, ban, ngành.")
    found = paragraphs(read(paper))
    assert found[2:6] == ["Số: 345/UBND-TH", "V/v triển khai Nghị định", "số 13/2023/NĐ-CP", HEAD_RIGHT[0]]
    assert found[-1] == "Kính gửi: Các sở, ban, ngành."


def test_recipients_are_read_before_who_signs():
    paper = Paper()
    paper.paragraph(f"{SENTENCE}.")
    for left, right in (("Nơi nhận:", "TM. ỦY BAN NHÂN DÂN"), ("- Như trên;", "CHỦ TỊCH"), ("- Lưu: VT, KGVX.", "")):
        paper.text(LEFT, paper.y, left)
        paper.text(360, paper.y, right)
        paper.y -= 17
    assert paragraphs(read(paper))[1:] == [
        "Nơi nhận:", "- Như trên;", "- Lưu: VT, KGVX.", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH",
    ]  # fmt: skip


@pytest.mark.parametrize("indent", [36.0, 0.0])
def test_wrapped_lines_become_paragraphs(indent):
    paper = Paper()
    said = [f"{n}. {SENTENCE}." for n in range(1, 5)] + [f"- {SENTENCE};", f"{SENTENCE}."]
    for words in said:
        assert len(paper.paragraph(words, indent)) > 2
    assert paragraphs(read(paper)) == said


def test_hanging_items_are_joined():
    paper = Paper()
    paper.paragraph(f"{SENTENCE}.", 0)
    said = [f"- {SENTENCE};", f"- {SENTENCE}."]
    for words in said:
        paper.text(LEFT + 18, paper.y, "-")
        paper.paragraph(words[2:], 0, LEFT + 36)
    assert paragraphs(read(paper))[1:] == said


def test_a_paragraph_goes_on_over_the_page():
    paper = Paper()
    said = [f"{n}. {SENTENCE}, {SENTENCE.lower()}." for n in range(1, 12)]
    for words in said:
        paper.paragraph(words)
    reading = read(paper)
    assert paragraphs(reading) == said
    assert {b.place.page for b in reading.blocks} >= {1, 2}


def test_a_new_document_never_goes_on_with_the_page_before():
    paper = Paper()
    lines = paper.paragraph(f"{SENTENCE} {SENTENCE}", 0)
    paper.page()
    head(paper, False)
    paper.paragraph(f"{SENTENCE}.")
    found = paragraphs(read(paper))
    assert len(lines) > 3 and found[:2] == [f"{SENTENCE} {SENTENCE}", HEAD_LEFT[0]]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Quyết định số 01/BCHHDN-", "K5 ngày 02 tháng 3 năm 2024", "Quyết định số 01/BCHHDN-K5 ngày"),
        ("Quyết định số 01/", "QĐ-UBND ngày 02 tháng 3 năm 2024", "Quyết định số 01/QĐ-UBND ngày"),
        ("Chương trình giai đoạn 2021", "- 2030 của tỉnh", "giai đoạn 2021 - 2030 của tỉnh"),
        ("Chương trình giai đoạn 2021 -", "2030 của tỉnh", "giai đoạn 2021 - 2030 của tỉnh"),
    ],
)
def test_a_number_broken_at_the_line_end_is_whole(before, after, said):
    paper = Paper()
    paper.paragraph(f"{SENTENCE}.", 0)
    x = LEFT
    gap = (RIGHT - LEFT - pdfmetrics.stringWidth(before, "Serif", 13)) / before.count(" ")
    for word in before.split(" "):
        x = paper.text(x, paper.y, word) + gap
    paper.y -= 17
    paper.text(LEFT, paper.y, f"{after}.")
    found = paragraphs(read(paper))
    assert len(found) == 2 and said in found[1]


def test_running_heads_and_page_numbers_are_no_text():
    paper = Paper()
    said = []
    for n in range(1, 6):
        paper.text(LEFT, HEIGHT - 45, f"{n + 1} CÔNG BÁO/Số 143 + 144/Ngày 20-01-2024", 10)
        paper.text(LEFT, 40, "Trung tâm Lưu trữ tỉnh Minh Họa", 9)
        said.append(f"{n}. {ORGANS[n - 1]}: {SENTENCE}.")
        paper.paragraph(said[-1])
        paper.page()
    assert paragraphs(read(paper)) == said


@pytest.mark.parametrize("number", ["{}", "- {} -", "Trang {}/4"])
def test_page_numbers_are_no_text(number):
    paper = Paper()
    said = []
    for n in range(1, 5):
        paper.text(300, HEIGHT - 40, number.format(n))
        said.append(f"{n}. {ORGANS[n - 1]}: {SENTENCE}.")
        paper.paragraph(said[-1])
        paper.page()
    assert paragraphs(read(paper)) == said


def test_a_lone_figure_that_counts_no_pages_stays():
    paper = Paper()
    paper.paragraph(f"{SENTENCE}.")
    paper.text(300, 60, "1975")
    assert paragraphs(read(paper)) == [f"{SENTENCE}.", "1975"]


def test_heads_of_annexes_are_not_running_heads():
    paper = Paper()
    for n in range(1, 5):
        paper.y = HEIGHT - 60
        paper.centred(f"PHỤ LỤC {n}")
        paper.centred("(Kèm theo Kế hoạch số 12/KH-UBND ngày 05/3/2024 của UBND tỉnh Minh Họa)")
        paper.paragraph(f"{SENTENCE}.")
        paper.page()
    found = paragraphs(read(paper))
    assert found.count("(Kèm theo Kế hoạch số 12/KH-UBND ngày 05/3/2024 của UBND tỉnh Minh Họa)") == 4
    assert [f for f in found if f.startswith("PHỤ LỤC")] == [f"PHỤ LỤC {n}" for n in range(1, 5)]


@pytest.mark.parametrize(("size", "rise"), [(8, 5), (10.8, 6)])  # as Word and as browsers print them
def test_footnote_numbers_do_not_stick_to_numbers(size, rise):
    paper = Paper()
    paper.paragraph(f"{SENTENCE}.", 0)
    for words, mark, rest in (
        ("Nghị định số 126/2024/NĐ-CP", "1", " ngày 08 tháng 10 năm 2024;"),
        ("Thực hiện từ ngày 30/6/2024", "12", ", theo kế hoạch;"),
        ("Trụ sở rộng 1.200 m", "2", " tại trung tâm."),
    ):
        x = paper.text(LEFT, paper.y, words)
        x = paper.text(x, paper.y, mark, size, rise)
        paper.text(x, paper.y, rest)
        paper.y -= 17
    paper.text(LEFT, 120, "1", 6.5, 3)
    paper.text(LEFT + 5, 120, "Nghị định về tổ chức, hoạt động và quản lý hội.", 10)
    reading = read(paper)
    assert paragraphs(reading)[1:] == [
        "Nghị định số 126/2024/NĐ-CP ngày 08 tháng 10 năm 2024;",
        "Thực hiện từ ngày 30/6/2024, theo kế hoạch;",
        "Trụ sở rộng 1.200 m2 tại trung tâm.",
        "1 Nghị định về tổ chức, hoạt động và quản lý hội.",
    ]
    assert reading.notes == ("Đã bỏ 2 số chỉ chú thích (viết nhỏ, nâng cao) dính sau chữ.",)


def test_a_footnote_does_not_break_the_paragraph_above_it():
    paper = Paper()
    paper.y = 160
    words = f"{SENTENCE}, {SENTENCE.lower()}."
    start = paper.y
    lines = paper.paragraph(words, 0)
    assert start - 17 * len(lines) < 71  # it does not fit on the page
    paper.page()
    paper = Paper()
    paper.y = 71 + 17 * 2
    paper.text(LEFT, 50, "1", 6.5, 3)
    paper.text(LEFT + 5, 50, "Nghị định về hội.", 10)
    paper.paragraph(words, 0)
    assert paragraphs(read(paper)) == [words, "1 Nghị định về hội."]


def signed(dots: str = "      ") -> Paper:
    paper = Paper()
    head(paper, False, f"Số: {dots}/TTr-SNV", "Minh Họa, ngày      tháng      năm 2024")
    paper.centred("TỜ TRÌNH")
    paper.paragraph(f"{SENTENCE}.")
    return paper


def place(width_of: str, whole: str, middle: float) -> float:
    return middle - pdfmetrics.stringWidth(whole, "Serif", 11) / 2 + pdfmetrics.stringWidth(width_of, "Serif", 11)


@pytest.mark.parametrize("dots", ["        ", "........"])
def test_number_and_day_of_a_signature_go_into_their_blanks(dots):
    paper = signed(dots)
    y = HEIGHT - 71 - 40 - 3
    day = "Minh Họa, ngày      tháng      năm 2024"
    paper.widget("so", place("Số: ", f"Số: {dots}/TTr-SNV", 170), y, 24, 15, [(3, "355")], 11)
    paper.widget("ngay", place("Minh Họa, ngày ", day, 400), y, 16, 15, [(3, "15")], 11)
    paper.widget("thang", place("Minh Họa, ngày      tháng  ", day, 400), y, 10, 15, [(3, "3")], 11)
    found = paragraphs(read(paper))
    assert found[2] == "Số: 355/TTr-SNV"
    assert found[5] == "Minh Họa, ngày 15 tháng 3 năm 2024"


def test_a_number_that_was_flattened_before_goes_into_its_blank_too():
    paper = signed()
    y = HEIGHT - 71 - 40
    paper.text(place("Số: ", "Số:       /TTr-SNV", 170), y, "35", 11)
    paper.text(place("Minh Họa, ngày ", "Minh Họa, ngày      tháng      năm 2024", 400), y, "15", 11)
    found = paragraphs(read(paper))
    assert found[2] == "Số: 35/TTr-SNV" and found[5] == "Minh Họa, ngày 15 tháng năm 2024"


def test_a_stamp_of_the_receiver_is_not_the_number():
    paper = signed()
    paper.widget("den", 95, HEIGHT - 220, 90, 50, [(36, "ĐẾN"), (20, "Số: 7788"), (4, "Ngày: 20/3/2024")], 10)
    paper.widget("ky", 400, 100, 150, 40, [(20, "Ký bởi: Sở Nội vụ"), (4, "Ngày ký: 19-03-2024 08:00")], 8)
    reading = read(paper)
    assert "7788" not in reading.text and "20/3" not in reading.text and "Ký bởi" not in reading.text
    assert paragraphs(reading)[2] == "Số: /TTr-SNV"
    assert any("“ĐẾN”" in note for note in reading.notes)


def test_a_printed_stamp_of_the_receiver_is_left_out_too():
    paper = signed()
    for n, words in enumerate(("ĐẾN", "Số: 7788", "Ngày: 20/3/2024", "Chuyển: Phòng TH")):
        paper.text(330, HEIGHT - 260 - 14 * n, words, 9)
    reading = read(paper)
    assert "7788" not in reading.text and "20/3" not in reading.text
    assert SENTENCE in reading.text


XS = [LEFT, 115.0, 330.0, 450.0, RIGHT]
HEADS = ["TT", "Nhiệm vụ", "Chủ trì", "Thời gian"]


def test_a_ruled_table_gives_cells():
    paper = Paper()
    paper.paragraph("Phân công nhiệm vụ như sau:")
    paper.grid(
        XS,
        [
            HEADS,
            ["1", "Ban hành Quyết định 12/QĐ-\nUBND của UBND tỉnh", "Sở Tư pháp", "Quý I/2024"],
            ["2", "Tập huấn", "", "Quý II"],
        ],
    )
    paper.paragraph(f"{SENTENCE}.")
    reading = read(paper)
    cells = {
        (b.place.table, b.place.row, b.place.cell): reading.text[b.start : b.end]
        for b in reading.blocks
        if b.place.table
    }
    assert cells == {
        (1, 1, 1): "TT", (1, 1, 2): "Nhiệm vụ", (1, 1, 3): "Chủ trì", (1, 1, 4): "Thời gian",
        (1, 2, 1): "1", (1, 2, 2): "Ban hành Quyết định 12/QĐ-UBND của UBND tỉnh", (1, 2, 3): "Sở Tư pháp",
        (1, 2, 4): "Quý I/2024", (1, 3, 1): "2", (1, 3, 2): "Tập huấn", (1, 3, 4): "Quý II",
    }  # fmt: skip
    assert paragraphs(reading)[0] == "Phân công nhiệm vụ như sau:" and paragraphs(reading)[-1] == f"{SENTENCE}."


def test_ruling_lines_inside_a_form_count():
    paper = Paper()
    paper.canvas.beginForm("whole", 0, 0, WIDTH, HEIGHT)
    paper.grid([x - 50 for x in XS], [HEADS, ["1", "Tập huấn", "Sở Nội vụ", "Quý II"]])
    paper.canvas.endForm()
    paper.canvas.translate(50, 0)
    paper.canvas.doForm("whole")
    reading = read(paper)
    assert [b.place[2:5] for b in reading.blocks] == [(1, r, c) for r in (1, 2) for c in (1, 2, 3, 4)]


def test_merged_cells_stand_at_their_first_row():
    paper = Paper()
    top = paper.y
    xs, ys = [LEFT, 200.0, 350.0, RIGHT], [top - 40 * n for n in range(4)]
    for y in (ys[0], ys[1], ys[3]):
        paper.canvas.line(xs[0], y, xs[3], y)
    paper.canvas.line(xs[1], ys[2], xs[3], ys[2])  # the first column is merged over rows 2 and 3
    for x in (xs[0], xs[1], xs[3]):
        paper.canvas.line(x, ys[0], x, ys[3])
    paper.canvas.line(xs[2], ys[1], xs[2], ys[3])  # in row 1 columns 2 and 3 are one
    for x, y, words in (
        (xs[0], ys[0], "Nhóm"), (xs[1], ys[0], "Nội dung chung"), (xs[0], ys[1] - 20, "Chuyển đổi số"),
        (xs[1], ys[1], "Dữ liệu"), (xs[2], ys[1], "Quý I"), (xs[1], ys[2], "Hạ tầng"), (xs[2], ys[2], "Quý II"),
    ):  # fmt: skip
        paper.text(x + 5, y - 16, words, 11)
    reading = read(paper)
    assert [(b.place.row, b.place.cell, reading.text[b.start : b.end]) for b in reading.blocks] == [
        (1, 1, "Nhóm"), (1, 2, "Nội dung chung"), (2, 1, "Chuyển đổi số"), (2, 2, "Dữ liệu"), (2, 3, "Quý I"),
        (3, 2, "Hạ tầng"), (3, 3, "Quý II"),
    ]  # fmt: skip


def test_a_table_goes_on_over_the_page():
    paper = Paper()
    paper.paragraph("Phân công nhiệm vụ như sau:")
    paper.grid(XS, [HEADS, ["1", "Rà soát văn bản và xây dựng cơ sở", "Sở Tư pháp", "Quý I"]])
    paper.page()
    paper.grid(XS, [HEADS, ["", "dữ liệu dùng chung", "", ""], ["2", "Tập huấn", "Sở Nội vụ", "Quý II"]])
    reading = read(paper)
    rows = [(*b.place[2:5], b.place.page, reading.text[b.start : b.end]) for b in reading.blocks if b.place.table]
    assert rows[4:] == [
        (1, 2, 1, 1, "1"), (1, 2, 2, 1, "Rà soát văn bản và xây dựng cơ sở dữ liệu dùng chung"),
        (1, 2, 3, 1, "Sở Tư pháp"), (1, 2, 4, 1, "Quý I"),
        (1, 3, 1, 2, "2"), (1, 3, 2, 2, "Tập huấn"), (1, 3, 3, 2, "Sở Nội vụ"), (1, 3, 4, 2, "Quý II"),
    ]  # fmt: skip


def test_rows_without_ruling_lines_are_lines_and_said_so():
    paper = Paper()
    paper.paragraph(f"{SENTENCE}.")
    for n in range(1, 5):
        for x, words in zip(XS, (str(n), "Rà soát văn bản", "Sở Tư pháp", "Quý I"), strict=False):
            paper.text(x, paper.y, words)
        paper.y -= 20
    reading = read(paper)
    assert paragraphs(reading)[1:3] == ["1 Rà soát văn bản Sở Tư pháp Quý I", "2 Rà soát văn bản Sở Tư pháp Quý I"]
    assert any("không kẻ khung" in note for note in reading.notes)


def test_a_turned_page_is_read_as_it_is_shown():
    paper = Paper()
    paper.canvas.setPageRotation(90)
    paper.canvas.rotate(90)  # drawn for a reader who turns the page clockwise
    paper.canvas.translate(0, -HEIGHT)  # the media box is turned too
    paper.paragraph(f"{SENTENCE}.", 0)
    paper.paragraph(f"{SENTENCE}.", 0)
    assert paragraphs(read(paper)) == [f"{SENTENCE}."] * 2


def test_a_cropped_page_is_read_as_it_is_shown():
    paper = Paper()
    paper.canvas.setCropBox((50, 60, WIDTH - 10, HEIGHT - 60))
    paper.text(100, HEIGHT - 30, "Ngoài khung")
    paper.text(300, HEIGHT - 90, "1")
    paper.y -= 60
    paper.paragraph(f"{SENTENCE}.")
    assert paragraphs(read(paper)) == [f"{SENTENCE}."]


def picture() -> ImageReader:
    image = pytest.importorskip("PIL.Image")
    return ImageReader(image.new("L", (200, 280), 200))


def scans(paper: Paper, pages: int) -> None:
    for _ in range(pages):
        paper.canvas.drawImage(picture(), 0, 0, WIDTH, HEIGHT)
        paper.page()


def test_scanned_pages_are_told(monkeypatch):
    monkeypatch.setattr(ocr, "find", lambda: None)
    paper = Paper()
    paper.paragraph(f"{SENTENCE}.")
    paper.page()
    scans(paper, 3)
    reading = read(paper)
    assert paragraphs(reading) == [f"{SENTENCE}."]
    assert [n for n in reading.notes if n.startswith("Trang 2–4 là ảnh quét (3 trang)")] and not any(
        b.place.scanned for b in reading.blocks
    )


class Engine:
    name = "máy thử"

    def __init__(self, lines: list[ocr.Seen] | None) -> None:
        self.lines, self.asked, self.closed = lines, 0, False

    def read(self, picture: bytes) -> list[ocr.Seen]:
        assert picture.startswith(b"P5 1653 2339 255\n") and len(picture) == len(b"P5 1653 2339 255\n") + 1653 * 2339
        self.asked += 1
        if self.lines is None:
            raise ocr.RecogniserError("no")
        return self.lines

    def close(self) -> None:
        self.closed = True


def test_scanned_pages_are_recognised_when_that_is_possible(monkeypatch):
    engine = Engine([ocr.Seen("Căn cứ Quyết định số 12/QĐ-UBND ngày 05 tháng 3 năm 2024 của Ủy ban nhân dân", 340, 300, 1530, 340),
                     ocr.Seen("tỉnh Minh Họa về chuyển đổi số;", 240, 350, 800, 390)])  # fmt: skip
    monkeypatch.setattr(ocr, "find", lambda: engine)
    paper = Paper()
    paper.paragraph(f"{SENTENCE}.")
    paper.page()
    scans(paper, 1)
    reading = read(paper)
    assert engine.asked == 1 and engine.closed and {b.place.page for b in reading.blocks if b.place.scanned} == {2}
    assert " ".join(paragraphs(reading)[1:]) == f"{engine.lines[0].text} {engine.lines[1].text}"
    assert any("Trang 2 là ảnh quét, chữ do máy nhận dạng (máy thử)" in note for note in reading.notes)


@pytest.mark.parametrize(("words", "asked"), [("Nơi nhận: Như trên; Lưu: VT.", 0), ("", 1)])
def test_a_short_page_wrapped_in_a_form_is_no_scan(monkeypatch, words, asked):
    """As signing programs leave it: its letters are there to be read, unless it has none at all."""
    engine = Engine([ocr.Seen("Chữ nhận dạng", 340, 300, 1530, 340)])
    monkeypatch.setattr(ocr, "find", lambda: engine)
    paper = Paper()
    paper.canvas.beginForm("whole", 0, 0, WIDTH, HEIGHT)
    paper.text(LEFT, 700, words)
    paper.canvas.endForm()
    paper.canvas.doForm("whole")
    reading = read(paper)
    assert (engine.asked, paragraphs(reading)) == (asked, [words or "Chữ nhận dạng"])


def test_a_picture_in_a_form_is_a_scan(monkeypatch):
    engine = Engine([ocr.Seen("Chữ nhận dạng được từ ảnh của cả trang", 340, 300, 1530, 340)])
    monkeypatch.setattr(ocr, "find", lambda: engine)
    paper = Paper()
    paper.canvas.beginForm("whole", 0, 0, WIDTH, HEIGHT)
    paper.text(LEFT, 20, "Trang ký số")
    paper.canvas.drawImage(picture(), 0, 0, WIDTH, HEIGHT)
    paper.canvas.endForm()
    paper.canvas.doForm("whole")
    assert all(b.place.scanned for b in read(paper).blocks) and engine.asked == 1


def test_a_recogniser_that_fails_loses_its_page_only(monkeypatch):
    monkeypatch.setattr(ocr, "find", lambda: Engine(None))
    paper = Paper()
    paper.paragraph(f"{SENTENCE}.")
    paper.page()
    scans(paper, 1)
    reading = read(paper)
    assert paragraphs(reading) == [f"{SENTENCE}."] and any("không nhận dạng được" in note for note in reading.notes)


def test_pages_that_time_does_not_allow_are_told(monkeypatch):
    engine = Engine([ocr.Seen(f"{SENTENCE}.", 340, 300, 1530, 340)])
    monkeypatch.setattr(ocr, "find", lambda: engine)
    left = iter((60.0, 60.0, 5.0, 5.0))
    monkeypatch.setattr(pdf, "time_left", lambda: next(left))
    paper = Paper()
    scans(paper, 4)
    reading = read(paper)
    assert engine.asked == 2 and reading.partly and {b.place.page for b in reading.blocks} == {1, 2}
    assert any(note.startswith("Trang 3–4 là ảnh quét, chưa kịp") and "--giay" in note for note in reading.notes)


def test_what_is_read_from_scans_is_less_sure(monkeypatch):
    engine = Engine([ocr.Seen("Căn cứ Quyết định số 12/QĐ-UBND ngày 05 tháng 3 năm 2024 của Ủy ban nhân dân tỉnh;", 340, 300, 1530, 340)])  # fmt: skip
    monkeypatch.setattr(ocr, "find", lambda: engine)
    paper = Paper()
    paper.paragraph("Căn cứ Quyết định số 13/QĐ-UBND ngày 06 tháng 3 năm 2024 của Ủy ban nhân dân tỉnh;")
    paper.page()
    scans(paper, 1)
    facts = extract(read_bytes(paper.bytes(), "quet.pdf"))
    sure = {c.mention.number: (c.mention.confidence, c.place.scanned) for c in facts.citations}
    assert sure == {"13/QĐ-UBND": (1.0, False), "12/QĐ-UBND": (0.8, True)}
    assert {r.target: r.confidence for r in facts.relations} == {
        c.document: c.mention.confidence for c in facts.citations
    }
    assert place_words(facts.citations[1].place).startswith("trang 2 (ảnh quét, cần đối chiếu), đoạn ")


def test_trueocr_is_asked_over_pipes(monkeypatch, tmp_path):
    (tmp_path / "trueocr.py").write_text(
        "class Page:\n    lines = [{'text': 'Số: 12/KH', 'bbox': (1, 2, 30, 12)}]\n"
        "class Model:\n    def predict(self, picture):\n"
        "        if picture == b'bad':\n            raise ValueError\n"
        "        if picture == b'dead':\n            import os; os._exit(3)\n"
        "        print('loud')\n        return Page\n"
        "def load_model():\n    return Model()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    engine = ocr.find()
    assert isinstance(engine, ocr.TrueOcr)
    with closing(engine):
        assert engine.read(b"P5") == [ocr.Seen("Số: 12/KH", 1, 2, 30, 12)]
        assert engine.read(b"bad") == [] and len(engine.read(b"P5")) == 1
        with pytest.raises(ocr.RecogniserError):
            engine.read(b"dead")


def test_a_trueocr_that_does_not_start_leaves_the_other(monkeypatch, tmp_path):
    (tmp_path / "trueocr.py").write_text("raise ImportError('no models')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(ocr, "_tesseract", lambda: "/a/tesseract")
    assert isinstance(ocr.find(), ocr.Tesseract)
    monkeypatch.setattr(ocr, "_tesseract", lambda: "")
    assert ocr.find() is None


@pytest.mark.parametrize(
    ("seen", "right"),
    [
        ("Căn cứ Quyết định số 58/QĐÐ-UBND ngày 8/1/2026", "Căn cứ Quyết định số 58/QĐ-UBND ngày 8/1/2026"),
        ("Nghị định số 30/2020/ND-CP của Chính phủ", "Nghị định số 30/2020/NĐ-CP của Chính phủ"),
        ("Quy định 12-QD/TU", "Quy định 12-QĐ/TU"),
        ("Quyết định số 1364/QĐÐ-", "Quyết định số 1364/QĐ-"),
        ("Sổ: 124/TTr-SNV", "Số: 124/TTr-SNV"),
        ("Sõ:/QĐ-UBND", "Số:/QĐ-UBND"),
        ("KẼ HOẠCH", "KẾ HOẠCH"),
        ("UBND tỉnh Lâm Đõng ban hành", "UBND tỉnh Lâm Đồng ban hành"),
        ("TỈNH LÂM ĐÕNG", "TỈNH LÂM ĐỒNG"),
    ],
)
def test_slips_that_one_reading_mends(seen, right):
    assert repair(seen)[0] == right and repair(right) == (right, []) and repair(seen)[1]


@pytest.mark.parametrize(
    "line", ["số 05/DA-UBND và 08/ĐA-UBND", "414/CATT-PC04", "trong tỉnh và các huyện", "Sổ: ghi chép", "HÀ NỘI"]
)
def test_what_may_be_right_stays(line):
    assert repair(line) == (line, [])


def test_mended_words_are_told_whole():
    assert repair("Quyết định 58/QĐÐ-UBND của tỉnh Lâm Đõng")[1] == [("58/QĐÐ-UBND", "58/QĐ-UBND"), ("Đõng", "Đồng")]


def test_tesseract_words_become_lines():
    rows = ["level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"]
    rows += [
        "4\t1\t1\t1\t1\t0\t10\t20\t90\t12\t-1\t",
        "5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t96\tSố:",
        "5\t1\t1\t1\t1\t2\t50\t21\t50\t11\t91\t12/KH",
    ]
    rows += ["5\t1\t1\t1\t1\t3\t300\t20\t90\t12\t96\tNgày"]
    rows += ["5\t1\t1\t1\t2\t1\t10\t40\t30\t12\t96\tNgày", "5\t1\t1\t1\t2\t2\t50\t40\t30\t12\t9\t "]
    assert ocr.lines_of_tsv("\n".join(rows)) == [
        ocr.Seen("Số: 12/KH", 10, 20, 100, 32),
        ocr.Seen("Ngày", 300, 20, 390, 32),
        ocr.Seen("Ngày", 10, 40, 40, 52),
    ]


def fails(data: bytes) -> str:
    with pytest.raises(ReadError) as error:
        pdf.read(data, "giay.pdf")
    return str(error.value)


def test_each_fault_has_its_own_sentence(monkeypatch):
    monkeypatch.setattr(ocr, "find", lambda: None)
    locked = Paper("khoa")
    locked.paragraph(SENTENCE)
    only_scans = Paper()
    scans(only_scans, 2)
    blank = Paper()
    blank.canvas.showPage()
    long = Paper()
    for _ in range(pdf.MAX_PAGES + 1):
        long.canvas.showPage()
    whole = Paper()
    whole.paragraph(SENTENCE)
    said = [
        fails(b""), fails(locked.bytes()), fails(b"%PDF-1.7\nkh\xc3\xb4ng ph\xe1\xba\xa3i"), fails(whole.bytes()[:300]),
        fails(only_scans.bytes()), fails(blank.bytes()), fails(long.bytes()),
    ]  # fmt: skip
    for words, sentence in zip(
        ("không có nội dung", "mật khẩu", "hỏng", "hỏng", "chỉ có ảnh quét (2 trang)", "không có chữ", "2001 trang"),
        said,
        strict=True,
    ):
        assert words in sentence and "giay.pdf" in sentence and "ãy " in sentence, sentence


def test_pages_of_broken_glyphs_are_told():
    paper = Paper()
    paper.paragraph(" ".join(["QuyÕt ®Þnh vÒ viÖc phª duyÖt kÕ ho¹ch ph¸t triÓn"] * 8))
    assert any("không phải tiếng Việt" in note for note in read(paper).notes)


@pytest.mark.parametrize(
    "words",
    [
        "Nghị quyết nghiêng khuya khuỷu quyền giếng gìn giữa ngoằn ngoèo xoong thuở quý yêu ươm rượu uể oải Đắk Lắk",
        "hoá thuỷ tuý loè xoà quốc phòng huyện nguyện vọng khoẻ khoắn chuyên nghiệp tuần quần chúng hươu bưởi",
    ],
)
def test_vietnamese_words_are_syllables(words):
    assert [w for w in words.split() if not is_syllable(w)] == []


def test_words_of_other_tongues_are_strangers():
    assert not any(map(is_syllable, ["download", "file", "taekwondo", "ngziêm", "trườnglà", "kế.hoạch"]))
    assert share_of_strangers("kế hoạch " * 30) == 0.0
    assert share_of_strangers("số 28/QĐ-TTg minhhoa.gov.vn UBND kế " * 50) == 0.0
    assert share_of_strangers("kế hoạch download " * 30) > 0.3
    assert share_of_strangers("download") == 0.0


def test_a_damaged_page_loses_only_itself(monkeypatch):
    paper = Paper()
    paper.paragraph(f"{SENTENCE}.")
    paper.page()
    paper.paragraph("Trang sau.")
    whole = pdf.runs_of

    def faulty(glyphs):
        if "sau" in glyphs.text:
            raise pdf.pdfium.PdfiumError("no")
        return whole(glyphs)

    monkeypatch.setattr(pdf, "runs_of", faulty)
    reading = read(paper)
    assert paragraphs(reading) == [f"{SENTENCE}."]
    assert reading.notes == ("Trang 2 hỏng, không đọc được; hãy tải lại tệp hoặc in lại ra PDF.",)


def test_page_ranges_are_short():
    assert pdf.ranges([1, 3, 4, 5, 9, 5]) == "1, 3–5, 9"


@pytest.fixture
def fresh_find():
    ocr._tesseract.cache_clear()
    yield ocr.find
    ocr._tesseract.cache_clear()


def test_no_recogniser_is_found_where_none_is_installed(fresh_find, monkeypatch):
    monkeypatch.setattr(ocr.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(ocr.shutil, "which", lambda name: None)
    assert fresh_find() is None


@pytest.mark.skipif(os.name == "nt", reason="needs a shell script as a program")
@pytest.mark.parametrize("languages", ["eng\nvie", "eng"])
def test_tesseract_is_taken_when_it_knows_vietnamese(fresh_find, monkeypatch, tmp_path, languages):
    program = tmp_path / "tesseract"
    words = "5\\t1\\t1\\t1\\t1\\t1\\t10\\t20\\t30\\t12\\t96\\tSố:\\n"
    program.write_text(
        f'#!/bin/sh\nif [ "$1" = --list-langs ]; then printf "%s\\n" "{languages}"; else cat >/dev/null; printf "level\\n{words}"; fi\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setattr(ocr.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(ocr.shutil, "which", lambda name: str(program))
    engine = fresh_find()
    if "vie" in languages:
        assert engine is not None and engine.read(b"P5 1 1 255\n0") == [ocr.Seen("Số:", 10, 20, 40, 32)]
    else:
        assert engine is None
