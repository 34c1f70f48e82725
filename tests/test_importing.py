"""Lists imported by page: what is shown before anything is kept, what is refused, who may send, what the base gets."""

from __future__ import annotations

import datetime
import html
import io
import json
import re
import threading
from urllib.parse import urlencode

import httpx
import openpyxl
import pytest
from making import fill, plan, rows, zipped
from serving import HOME, asked
from test_cli import cancu, refused

from extract.read.limits import Limits
from graph.corpus import build
from graph.register import apart
from graph.register.differences import differences
from graph.register.model import Entry, ListFacts, RegisterError
from graph.register.store import lists_of, past, save
from graph.register.trial import take_list, try_list
from publish import register_desk
from publish.desk import Desk
from publish.serve import make_datasette

PAGE, LISTS, REMOVE = "/danh-muc/nhap", "/danh-muc", "/danh-muc/go"
LIST = """DANH MỤC VĂN BẢN CỦA TỈNH MINH HỌA
(Tính đến ngày 31/12/2024)
STT;Số, ký hiệu;Ngày ban hành;Cơ quan ban hành;Trích yếu;Tình trạng hiệu lực
1;900/KH-UBND;05/02/2024;UBND tỉnh Minh Họa;Về cải cách hành chính;Còn hiệu lực
2;21/QĐ-UBND;31/02/2024;UBND tỉnh Minh Họa;Về chợ;Còn hiệu lực
3;;02/02/2024;UBND tỉnh Minh Họa;Về bến xe;Còn hiệu lực
4;23/QĐ-UBND;02/02/2024;UBND tỉnh Minh Họa;Về nước sạch;Tạm gác
"""


class Office:
    """A base that is served with editing on, and the browser of one person."""

    def __init__(self, folder, edit: bool = True) -> None:
        self.base, corpus = folder / "cancu.db", folder / "corpus"
        fill(corpus, {"a.md": plan(1)})
        build([corpus], self.base)
        self.register = folder / "cancu.danh-muc.db"
        self.datasette = make_datasette(self.base)
        self.served = self.datasette.get_database("cancu")
        self.desk = Desk(self.base, [corpus], self.served.swap, Limits(seconds=30))
        if edit:
            self.served.desk = self.desk
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(self, method: str, path: str, client: str = "127.0.0.1", **more) -> httpx.Response:
        answer = asked(self.datasette, method, path, client, cookies=self.cookies, **more)
        if "ds_csrftoken" in answer.cookies:
            self.cookies = {"ds_csrftoken": answer.cookies["ds_csrftoken"]}
        if found := re.search(r'name="csrftoken" value="([^"]+)"', answer.text):
            self.token = found[1]
        return answer

    def send(self, content: bytes | str, name: str = "Danh mục 2024.csv", **more) -> httpx.Response:
        self.ask("GET", PAGE)
        mark, data = "ranh-gioi", content.encode() if isinstance(content, str) else content
        body = (
            f'--{mark}\r\nContent-Disposition: form-data; name="csrftoken"\r\n\r\n{self.token}\r\n'
            f'--{mark}\r\nContent-Disposition: form-data; name="tep"; filename="{name}"\r\n\r\n'
        ).encode() + data + f"\r\n--{mark}--\r\n".encode()  # fmt: skip
        headers = {"content-type": f"multipart/form-data; boundary={mark}", "origin": HOME}
        return self.ask("POST", PAGE, content=body, headers={**headers, **more.pop("headers", {})}, **more)

    def look(self, content: bytes | str = LIST, name: str = "Danh mục 2024.csv") -> tuple[str, str]:
        """Send a list; return its address and the page that shows it."""
        answer = self.send(content, name)
        assert answer.status_code == 302, answer.text
        address = answer.headers["location"]
        return address, self.ask("GET", address).text

    def post(self, address: str, values: dict, **more) -> httpx.Response:
        headers = {"content-type": "application/x-www-form-urlencoded", "origin": HOME, **more.pop("headers", {})}
        body = urlencode({"csrftoken": self.token, **values}, doseq=True)
        return self.ask("POST", address, content=body, headers=headers, **more)

    def done(self) -> None:
        self.desk.wait(60)
        assert self.desk.notice() == ""


def form_of(page: str, **changed: str) -> dict[str, list[str] | str]:
    """What a browser would send of the form: each heading with its field, ``changed`` by key of the heading."""
    keys = [html.unescape(key) for key in re.findall(r'name="tieu_de" value="([^"]*)"', page)]
    chosen = [
        re.search(r'value="(\w+)" selected', select)[1] for select in re.findall(r"<select.*?</select>", page, re.S)
    ]
    fields = [changed.get(key.replace(" ", "_"), field) for key, field in zip(keys, chosen, strict=True)]
    source = html.unescape(re.search(r'name="ten" value="([^"]*)"', page)[1])
    return {"tieu_de": keys, "truong": fields, "ten": source, "nguoi": "Lan", "ngay": "31/12/2024"}


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path)
    yield office
    office.desk.close()


def test_a_list_is_looked_at_then_kept_and_the_base_follows(office):
    address, page = office.look()
    said = words_of(page)
    for words in ("Đọc được 2 văn bản, bỏ qua 2 dòng. Chưa ghi gì vào danh mục.", "1 dòng có ngày không đúng",
                  "1 dòng không có hoặc không đọc được số, ký hiệu", "1 dòng có tình trạng chưa hiểu được",
                  "ngày “31/02/2024” không có thật", "900/KH-UBND", "05/02/2024", "Danh mục mới"):  # fmt: skip
        assert words in said, words
    assert 'value="31/12/2024"' in page and not office.register.exists()
    answer = office.post(address, {**form_of(page), "viec": "nhap"})
    assert answer.status_code == 302 and answer.headers["location"] == f"{LISTS}?lan=1"
    told = words_of(office.ask("GET", answer.headers["location"]).text)
    for words in (
        "Đã nhập danh mục “Danh mục 2024”",
        "2 văn bản, tính đến ngày 31/12/2024; Lan nhập lúc",
        "không có số, ký hiệu",
    ):
        assert words in told, words
    office.done()
    assert rows(office.base, "SELECT so_ky_hieu, ngay_nguon FROM danh_muc ORDER BY id") == [
        ("900/KH-UBND", "2024-12-31"), ("23/QĐ-UBND", "2024-12-31")
    ]  # fmt: skip
    assert office.ask("GET", address).status_code == 404 and not office.desk.lists.waiting()
    kept = office.desk.lists.place / register_desk.KEPT / "Danh mục 2024.csv"
    assert kept.read_text(encoding="utf-8") == LIST
    found = words_of(office.ask("GET", f"{LISTS}?so=kế hoạch số 900/KH-UBND").text)
    assert "Danh mục 2024 (31/12/2024), dòng 4" in found and "✓ Còn hiệu lực" in found
    assert "Không danh mục nào có số “12”" in words_of(office.ask("GET", f"{LISTS}?so=12").text)


def test_columns_that_nobody_knows_are_chosen_by_hand(office):
    text = "Mã hiệu VB;Ngày ký;Nội dung\n20/QĐ-UBND;02/02/2024;Về chợ\n21/QĐ-UBND;03/02/2024;Về bến xe\n"
    address, page = office.look(text)
    assert "Chưa có cột nào được lấy làm số, ký hiệu" in page and "20/QĐ-UBND" in page
    refusal = office.post(address, {**form_of(page), "viec": "nhap"})
    assert refusal.status_code == 400 and "chưa nhập được" in refusal.text
    answer = office.post(address, {**form_of(page, ma_hieu_vb="so_ky_hieu"), "viec": "nhap"})
    assert answer.headers["location"] == f"{address}?doi=1" and not office.register.exists(), "not before it was seen"
    page = office.ask("GET", f"{address}?doi=1").text
    said = words_of(page)
    assert "Đọc được 2 văn bản" in said and "vừa được đổi" in said and "02/02/2024 Về chợ" in said
    assert office.post(address, {**form_of(page), "viec": "nhap"}).headers["location"] == f"{LISTS}?lan=1"
    assert [facts.entries for facts in lists_of(office.register)] == [2]


def test_another_version_says_what_it_changes(office):
    save(office.register, ListFacts("Sở", "2023-12-31", "cũ.csv", "0"), [
        Entry(2, "900/KH-UBND", date="2024-02-05", issuer="UBND tỉnh Minh Họa", title="Về cải cách", status="Còn hiệu lực"),
        Entry(3, "7/QĐ-UBND", date="2020-01-01", issuer="UBND tỉnh Minh Họa"),
    ])  # fmt: skip
    address, page = office.look()
    answer = office.post(address, {**form_of(page), "ten": "Sở", "viec": "xem"})
    page = office.ask("GET", answer.headers["location"]).text
    said = words_of(page)
    assert "Sẽ thay danh mục “Sở”" in said and "1 văn bản mới, 1 thay đổi, 0 như cũ, 1 không còn trong danh mục" in said
    assert "trích yếu: Về cải cách → Về cải cách hành chính" in said
    office.post(address, {**form_of(page), "viec": "nhap"})
    (done,) = [event for event in past(office.register, 9) if event.person == "Lan"]
    found = done.differences
    assert (done.done, found.new, found.changed, found.same, found.gone) == ("nhập lại", 1, 1, 0, 1)


def test_a_list_is_taken_out_with_a_reason(office):
    address, page = office.look()
    office.post(address, {**form_of(page), "viec": "nhap"})
    office.done()
    shown = office.ask("GET", LISTS).text
    link = html.unescape(re.search(r'href="(/danh-muc/go[^"]*)"', shown)[1])
    assert "Gỡ danh mục “Danh mục 2024”" in office.ask("GET", link).text
    refusal = office.post(REMOVE, {"ten": "Danh mục 2024", "nguoi": "Lan", "ly_do": " "})
    assert refusal.status_code == 400 and "lý do gỡ" in refusal.text
    answer = office.post(REMOVE, {"ten": "Danh mục 2024", "nguoi": "Lan", "ly_do": "nhập nhầm tệp"})
    assert answer.status_code == 302
    assert "2 văn bản không còn lấy từ danh mục này. Lan: nhập nhầm tệp" in words_of(
        office.ask("GET", answer.headers["location"]).text
    )
    office.done()
    assert rows(office.base, "SELECT count(*) FROM danh_muc") == [(0,)] and lists_of(office.register) == ()
    assert office.ask("GET", link).status_code == 404
    assert [event.done for event in past(office.register, 9)] == ["gỡ", "nhập"]


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "Tệp rỗng"),
        ("~$a.xlsx", b"x", "tệp tạm của hệ thống"),
        ("", b"x", "Chưa chọn tệp nào"),
    ],
)
def test_what_is_not_received_is_told_at_once(office, name, content, sentence):
    answer = office.send(content, name)
    assert answer.status_code == 400 and sentence in answer.text
    assert not [path for path in office.desk.lists.place.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"PK\x03\x04rubbish", "hỏng hoặc không phải .xlsx"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "kiểu cũ"),
        ("a.docx", zipped({"word/document.xml": "<x/>"}), "không phải bảng tính"),
        ("a.pdf", b"%PDF-1.7", "không phải danh mục đọc được"),
        ("a.csv", bytes(range(1, 256)) * 9, "a.csv"),
        ("a.csv", "Tên;Tuổi\nAn;7\n".encode(), "Chưa có cột nào được lấy làm số, ký hiệu"),
        ("a.csv", "Số, ký hiệu;Ngày\nkhông;1/1/2024\n".encode(), "Không đọc được dòng nào"),
    ],
)
def test_a_bad_file_is_told_and_nothing_is_kept(office, name, content, sentence):
    address, page = office.look(content, name)
    assert sentence in html.unescape(page) and not office.register.exists()
    answer = office.post(address, {"viec": "nhap", "ten": "A", "nguoi": "Lan", "ngay": "1/1/2024"})
    assert answer.status_code in (302, 400) and not office.register.exists()
    assert office.post(address, {"viec": "bo"}).headers["location"] == PAGE
    kept = office.desk.place / register_desk.ASIDE / name
    assert kept.read_bytes() == content, "put aside, not deleted"


def test_a_list_that_takes_too_long_or_too_much_is_given_up(office, monkeypatch, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(LIST, encoding="utf-8")
    with pytest.raises(RegisterError, match=r"quá 0\.01 giây"):
        apart.try_apart(path, {}, "A", office.register, Limits(seconds=0.01))
    monkeypatch.setattr(apart, "COMMAND", (*apart.COMMAND[:1], "-c", "import os; os._exit(9)"))
    with pytest.raises(RegisterError, match="cần quá nhiều bộ nhớ"):
        apart.take_apart(path, {}, "A", "", "Lan", office.register)
    assert not office.register.exists()


def test_person_and_day_are_asked_for(office):
    address, page = office.look()
    form = form_of(page)
    for wrong, sentence in (({"nguoi": " "}, "họ tên người nhập"), ({"ngay": "hôm qua"}, "không phải ngày"), ({"ten": ""}, "tên danh mục")):  # fmt: skip
        answer = office.post(address, {**form, **wrong, "viec": "nhap"})
        assert answer.status_code == 400 and sentence in answer.text and not office.register.exists()
    assert office.post(address, {**form, "viec": "nhap"}).status_code == 302


def test_a_second_click_imports_nothing_twice(office, monkeypatch):
    address, page = office.look()
    held, go = threading.Event(), threading.Event()
    take = register_desk.take_apart

    def slowly(*arguments):
        held.set()
        assert go.wait(20)
        return take(*arguments)

    monkeypatch.setattr(register_desk, "take_apart", slowly)
    form = {**form_of(page), "viec": "nhap"}
    answers = []
    first = threading.Thread(target=lambda: answers.append(office.post(address, form)))
    second = threading.Thread(target=lambda: answers.append(office.post(address, form)))
    first.start()
    assert held.wait(20)
    second.start()
    go.set()
    first.join(30)
    second.join(30)
    assert {answer.headers["location"] for answer in answers} == {f"{LISTS}?lan=1", LISTS}
    assert [event.done for event in past(office.register, 9)] == ["nhập"]


def test_hostile_cells_and_names_stay_words(office):
    poison = "<script>alert(1)</script>\"'{{7*7}}"
    text = 'Số, ký hiệu;Ngày;"{0}";Trích yếu\n20/QĐ-UBND;02/02/2024;{0};"{0}"\n{0};;{0};\n'.format(
        poison.replace('"', '""')
    )
    address, page = office.look(text, "<b>a.csv")
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page and "{{7*7}}" in words_of(page)
    answer = office.post(address, {**form_of(page), "ten": poison, "viec": "xem"})
    page = office.ask("GET", answer.headers["location"]).text
    answer = office.post(address, {**form_of(page), "viec": "nhap"})
    for place in (answer.headers["location"], LISTS, f"{LISTS}?{urlencode({'so': poison})}"):
        assert "<script>alert" not in office.ask("GET", place).text
    assert lists_of(office.register)[0].source == poison


@pytest.mark.parametrize(
    "change",
    [{"client": "10.0.0.9"}, {"headers": {"origin": "http://minh-hoa.example"}}, {"headers": {"sec-fetch-site": "cross-site"}},
     {"headers": {"x-forwarded-for": "10.0.0.9"}}],
)  # fmt: skip
def test_forms_of_strangers_are_refused(change, office):
    address, page = office.look()
    assert office.send(LIST, **change).status_code == 403
    assert office.post(address, {**form_of(page), "viec": "nhap"}, **change).status_code == 403
    assert office.post(REMOVE, {"ten": "x", "nguoi": "a", "ly_do": "b"}, **change).status_code == 403
    office.token = "khác"
    assert office.post(address, {**form_of(page), "viec": "nhap"}).status_code == 403
    assert not office.register.exists() and len(office.desk.lists.waiting()) == 1


def test_a_form_beyond_measure_is_refused(office):
    address, page = office.look()
    assert office.post(address, {**form_of(page), "viec": "xem", "x": "a" * 300_000}).status_code == 413


def test_no_more_lists_wait_than_may(office, monkeypatch):
    monkeypatch.setattr(register_desk, "MOST_WAITING", 1)
    office.look()
    answer = office.send(LIST)
    assert answer.status_code == 400 and "Đang có 1 danh mục chờ" in answer.text


def test_without_editing_the_page_says_why_it_is_closed(tmp_path):
    office = Office(tmp_path, edit=False)
    answer = office.ask("GET", PAGE)
    assert answer.status_code == 200 and "Nhập danh mục chưa mở ở đây" in answer.text and "--edit" in answer.text
    assert office.ask("POST", PAGE, content=b"x").status_code == 405
    lists = office.ask("GET", LISTS)
    assert lists.status_code == 200 and "Chưa nhập danh mục nào" in lists.text and "Gỡ" not in lists.text
    assert PAGE in office.ask("GET", "/danh-muc-hieu-luc").text


def test_what_waits_is_there_after_a_new_start(office):
    address, _ = office.look()
    office.desk.lists._known.clear()
    assert "Danh mục 2024.csv" in office.ask("GET", PAGE).text
    assert "Đọc được 2 văn bản" in office.ask("GET", address).text


def test_a_spoiled_register_is_told_and_left(office):
    office.register.write_bytes(b"not a database" * 99)
    assert "không phải danh mục của Căn Cứ" in office.ask("GET", LISTS).text
    assert "không phải danh mục của Căn Cứ" in office.look()[1]
    assert office.register.read_bytes() == b"not a database" * 99


# --- the parts ------------------------------------------------------------------------------------


def entry(number: str, row: int = 2, **more: str) -> Entry:
    return Entry(
        row, number, type=more.pop("type", "Quyết định"), issuer=more.pop("issuer", "UBND tỉnh Minh Họa"), **more
    )


def test_differences_are_those_of_the_same_document():
    old = [entry("20/QĐ-UBND", date="2019-01-01"), entry("20/QĐ-UBND", date="2020-01-01"), entry("21/QĐ-UBND"),
           entry("22/QĐ-UBND", issuer="UBND tỉnh Bình Thuận", date="2020-05-05")]  # fmt: skip
    new = [entry("20/QĐ-UBND", 9, date="2020-01-01"), entry("20 / qđ-ubnd", date="2019-01-01", status="Hết hiệu lực toàn bộ"),
           entry("21/QĐ-UBND", date="2021-01-01"), entry("22/QĐ-UBND", date="2021-05-05")]  # fmt: skip
    found = differences(old, new)
    assert (found.new, found.changed, found.same, found.gone) == (1, 2, 1, 1)
    assert [c.words for c in found.changes] == [
        "số, ký hiệu: 20/QĐ-UBND → 20 / qđ-ubnd; tình trạng: -- → Hết hiệu lực toàn bộ", "ngày ban hành: -- → 01/01/2021",
    ]  # fmt: skip
    assert differences((), new).new == 4 and differences(old, old).same == 4


def test_all_problems_are_counted_though_the_first_alone_are_listed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "Số, ký hiệu;Ngày\n1/QĐ-UBND;1/1/2024\n" + "x;1/1/2024\n" * 1500 + "2/QĐ-UBND;32/1/2024\n", encoding="utf-8"
    )
    trial = try_list(path, {}, "A", tmp_path / "k.db")
    assert trial.refused == 1501 and len(trial.problems) == 200
    assert {(c.kind, c.count) for c in trial.counts} == {("số, ký hiệu", 1500), ("ngày", 1)}
    taken = take_list(path, {}, "A", "", "Lan", tmp_path / "k.db")
    assert (taken.count, taken.refused) == (1, 1501) and lists_of(tmp_path / "k.db")[0].refused == 1501


def test_a_workbook_of_two_sheets_shows_each_heading_once(office):
    book = openpyxl.Workbook()
    for sheet, number in ((book.active, "20/QĐ-UBND"), (book.create_sheet("Hai"), "21/QĐ-UBND")):
        sheet.append(["Số, ký hiệu", "Ngày ban hành", "Ghi chú của Sở"])
        sheet.append([number, datetime.date(2024, 2, 5), "x"])
    kept = io.BytesIO()
    book.save(kept)
    _, page = office.look(kept.getvalue(), "a.xlsx")
    assert page.count("<select") == 3 and page.count("(2 trang tính)") == 3 and "05/02/2024" in page


def test_the_command_names_who_and_takes_out(tmp_path):
    (tmp_path / "dm.csv").write_text(LIST, encoding="utf-8")
    told = ("--db", "k.db", "--nguoi", "Lan")
    cancu("register", "import", "dm.csv", *told, "--nguon", "Sở", cwd=tmp_path)
    again = cancu("register", "import", "dm.csv", *told, "--nguon", "Sở", cwd=tmp_path)
    assert "So với bản trước: 0 văn bản mới, 0 thay đổi, 2 như cũ, 0 không còn" in again.stdout
    refused(cancu("register", "remove", "Khác", *told, "--ly-do", "nhầm", cwd=tmp_path), "Không có danh mục “Khác”")
    done = cancu("register", "remove", "Sở", *told, "--ly-do", "nhầm", cwd=tmp_path)
    assert done.returncode == 0 and "Đã gỡ danh mục “Sở” (2 văn bản)" in done.stdout
    assert json.loads(cancu("register", "list", "--db", "k.db", "--json", cwd=tmp_path).stdout) == []
    assert [(e.done, e.person, e.reason) for e in past(tmp_path / "k.danh-muc.db", 9)] == [
        ("gỡ", "Lan", "nhầm"), ("nhập lại", "Lan", ""), ("nhập", "Lan", "")
    ]  # fmt: skip
