"""Adding documents from the page: names, limits, who may send, confirmation, the rebuilt base, the running server."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from making import fill, plan, rows, zipped
from serving import ENV, asked, started, unused_port

from extract.read.limits import Limits
from graph import files
from graph.corpus import build, find_documents
from graph.schema import VIEWS
from graph.store import StoreError
from publish import desk as desk_module
from publish import running, upload
from publish.asgi import AT_ONCE, one_after_another
from publish.desk import ASIDE, Desk, DeskError
from publish.file_names import free_names, safe_name
from publish.serve import ServeError, free_port, make_datasette

PAGE = "/them-van-ban"
ROOT = Path(__file__).parent.parent


class House:
    """A folder of documents, the base built from it, and a server with editing on."""

    def __init__(self, folder: Path, edit: bool = True) -> None:
        self.base, self.corpus = folder / "cancu.db", folder / "corpus"
        fill(self.corpus, {"a.md": plan(1)})
        build([self.corpus], self.base)
        self.datasette = make_datasette(self.base)
        self.served = self.datasette.get_database("cancu")
        self.desk = Desk(self.base, [self.corpus], self.served.swap, Limits(seconds=30))
        if edit:
            self.served.desk = self.desk
        self.cookies = {"ds_csrftoken": ""}
        self.token = ""

    def ask(self, method: str, path: str, client: str = "127.0.0.1", **more) -> httpx.Response:
        return asked(self.datasette, method, path, client, **more)

    def open(self) -> str:
        """The page, and the token it gives the browser."""
        answer = self.ask("GET", PAGE)
        assert answer.status_code == 200
        self.token = re.search(r'name="csrftoken" value="([^"]+)"', answer.text).group(1)
        self.cookies = (
            {"ds_csrftoken": answer.cookies["ds_csrftoken"]} if "ds_csrftoken" in answer.cookies else self.cookies
        )
        return answer.text

    def send(self, *parts: tuple[str, bytes], token: str | None = None, **more) -> httpx.Response:
        boundary = "ranh-gioi"
        body = _field(boundary, "csrftoken", self.token if token is None else token)
        for name, content in parts:
            body += _file(boundary, name, content)
        body += f"--{boundary}--\r\n".encode()
        headers = {"content-type": f"multipart/form-data; boundary={boundary}", "origin": "http://127.0.0.1:8001"}
        headers |= more.pop("headers", {})
        return self.ask("POST", PAGE, content=body, headers=headers, cookies=more.pop("cookies", self.cookies), **more)

    def decide(self, **values) -> httpx.Response:
        body = urlencode({"csrftoken": self.token, **values}, doseq=True)
        headers = {"content-type": "application/x-www-form-urlencoded", "origin": "http://127.0.0.1:8001"}
        return self.ask("POST", f"{PAGE}/xac-nhan", content=body, headers=headers, cookies=self.cookies)

    def waiting(self) -> list[str]:
        return sorted(p.name for p in self.desk.place.iterdir() if p.is_file()) if self.desk.place.is_dir() else []

    def done(self) -> str:
        self.desk.wait(60)
        return self.ask("GET", PAGE).text


def _field(boundary: str, name: str, value: str) -> bytes:
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def _file(boundary: str, name: str, content: bytes) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="tep"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
    return head.encode() + content + b"\r\n"


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    house.open()
    yield house
    house.desk.close()


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "safe"), [
    ("Kế hoạch số 12.docx", "Kế hoạch số 12.docx"),
    ("Kế hoạch số 12.docx", "Kế hoạch số 12.docx"),  # marks apart, as macOS writes them
    ("../../etc/passwd", "passwd"),
    ("C:\\Users\\an\\Kế hoạch.doc", "Kế hoạch.doc"),
    ("12/KH-UBND.docx", "KH-UBND.docx"),
    ('a<b>:"c|d?*.txt', "a-b---c-d--.txt"),
    ("CON.docx", "tep CON.docx"),
    ("nul", "tep nul"),
    ("com1.tar.docx", "tep com1.tar.docx"),
    ("LPT¹.txt", "tep LPT¹.txt"),
    ("console.txt", "console.txt"),
    (".bí mật.docx", "bí mật.docx"),
    ("cuối.  . ", "cuối"),
    ("tên .docx", "tên.docx"),
    ("...", "van-ban"),
    ("", "van-ban"),
    (".docx", "docx"),
    ("a\u202ecod.exe\u0000\n.txt", "acod.exe.txt"),
    ("kho › tệp.docx", "kho - tệp.docx"),
    ("\ud800x.txt", "x.txt"),
])  # fmt: skip
def test_names_are_made_safe(given, safe):
    assert safe_name(given) == safe
    assert safe_name(safe) == safe


def test_long_names_keep_their_ending():
    name = safe_name("Kế hoạch " * 60 + ".docx")
    assert name.endswith(".docx") and len(name) <= 140 and len(name.encode()) <= 255
    assert name.startswith("Kế hoạch Kế hoạch")


def test_no_name_is_given_twice(tmp_path):
    fill(tmp_path, {"Kế hoạch.docx": "x", "KẾ HOẠCH (2).DOCX": "x"})
    assert next(free_names("kế hoạch.docx", tmp_path)) == "kế hoạch (3).docx"
    assert next(free_names("khác.docx", tmp_path)) == "khác.docx"


def test_nothing_is_written_over_when_a_file_moves(tmp_path):
    fill(tmp_path, {"từ/a.txt": "mới", "đến/a.txt": "cũ"})
    target = files.move_into(tmp_path / "từ" / "a.txt", tmp_path / "đến", ["a.txt", "a (2).txt"])
    assert target.name == "a (2).txt" and target.read_text() == "mới"
    assert (tmp_path / "đến" / "a.txt").read_text() == "cũ" and not (tmp_path / "từ" / "a.txt").exists()


def test_a_file_that_cannot_move_stays_where_it_was(tmp_path, monkeypatch):
    fill(tmp_path, {"từ/a.txt": "mới", "đến/x.txt": "cũ"})

    def held(*_):
        raise PermissionError(13, "held open")

    monkeypatch.setattr(files.os, "replace", held)
    with pytest.raises(PermissionError):
        files.move_into(tmp_path / "từ" / "a.txt", tmp_path / "đến", ["a.txt"])
    assert (tmp_path / "từ" / "a.txt").read_text() == "mới" and not (tmp_path / "đến" / "a.txt").exists()


def test_files_cross_from_one_disk_to_another(tmp_path, monkeypatch):
    fill(tmp_path, {"từ/a.txt": "mới", "đến/x.txt": "cũ"})

    def other_disk(*_):
        raise OSError(files.errno.EXDEV, "another disk")

    monkeypatch.setattr(files.os, "replace", other_disk)
    target = files.move_into(tmp_path / "từ" / "a.txt", tmp_path / "đến", ["a.txt"])
    assert target.read_text() == "mới" and not (tmp_path / "từ" / "a.txt").exists()


# --- who may add ----------------------------------------------------------------------------------


def test_without_edit_there_is_no_such_page(tmp_path):
    house = House(tmp_path, edit=False)
    assert PAGE not in house.ask("GET", "/").text and PAGE not in house.ask("GET", "/cancu").text
    assert house.ask("GET", PAGE).status_code == 404
    assert house.ask("GET", f"{PAGE}/tien-do").status_code == 404
    for path in (PAGE, f"{PAGE}/xac-nhan", "/"):
        answer = house.ask("POST", path, content=b"", headers={"content-type": "multipart/form-data; boundary=x"})
        assert answer.status_code == 405 and "chỉ để xem" in answer.text
    assert not house.desk.place.exists()


def test_with_edit_the_page_is_in_the_head_of_all_pages(house):
    for path in ("/", "/cancu", PAGE):
        assert f'href="{PAGE}"' in house.ask("GET", path).text
    assert "127.0.0.1 " not in house.open()


@pytest.mark.parametrize("change", [
    {"token": "sai"},
    {"token": ""},
    {"cookies": {}},
    {"cookies": {"ds_csrftoken": "gia"}},
    {"headers": {"origin": "http://minh-hoa.example"}},
    {"headers": {"origin": "null"}},
    {"headers": {"sec-fetch-site": "cross-site"}},
    {"headers": {"host": "minh-hoa.example", "origin": "http://minh-hoa.example"}},
    {"headers": {"x-forwarded-for": "10.0.0.7"}},
    {"headers": {"authorization": "Bearer x"}, "token": ""},
    {"client": "10.0.0.7"},
], ids=str)  # fmt: skip
def test_forms_of_strangers_are_refused(change, house):
    answer = house.send(("b.txt", plan(2).encode()), **change)
    assert answer.status_code == 403 and "Chưa thực hiện được" in answer.text
    house.desk.wait(30)
    assert house.waiting() == []


def test_decisions_of_strangers_are_refused(house):
    house.send(("b.txt", plan(2).encode()))
    house.done()
    token, house.token = house.token, "sai"
    assert house.decide(tep="b.txt").status_code == 403
    assert house.decide(bo="b.txt").status_code == 403
    house.token, house.cookies = token, {}
    assert house.decide(tep="b.txt").status_code == 403
    house.desk.wait(30)
    assert house.waiting() == ["b.txt"] and not (house.corpus / "b.txt").exists()


@pytest.mark.parametrize(("body", "kind"), [
    (b"", "multipart/form-data; boundary=x"),
    (b"--x\r\nrubbish", "multipart/form-data; boundary=x"),
    (b"x", "multipart/form-data"),
    (b"x=1", "application/x-www-form-urlencoded"),
    (b"", "text/plain"),
])  # fmt: skip
def test_broken_forms_are_told(body, kind, house):
    headers = {"content-type": kind, "origin": "http://127.0.0.1:8001"}
    answer = house.ask("POST", PAGE, content=body, headers=headers, cookies=house.cookies)
    assert answer.status_code in (302, 400) and house.waiting() == []


# --- sending and reading --------------------------------------------------------------------------


def test_files_wait_with_what_was_read_in_them(house):
    answer = house.send(("Kế hoạch mới.txt", plan(2).encode()), ("rỗng.txt", b""), ("ảnh.docx", b"\x89PNG...."))
    assert answer.status_code == 302 and answer.headers["location"] == PAGE
    page = house.done()
    assert house.waiting() == ["Kế hoạch mới.txt", "ảnh.docx"]
    for words in ("2/KH-UBND", "05/02/2024", "UBND tỉnh Minh Họa", "1 nhiệm vụ; 1 viện dẫn", "0 chưa xác định"):
        assert words in re.sub(r"<[^>]+>", "", page), words
    assert "rỗng.txt" in page and "Tệp rỗng." in page
    assert "Tệp không đọc được" in page and "là ảnh, chưa đọc được định dạng này" in page
    assert rows(house.base, "SELECT count(*) FROM tep") == [(1,)], "nothing is in the base before it is confirmed"


def test_a_zip_shows_every_text_in_it(house):
    house.send(("gói.zip", zipped({"x/b.txt": plan(2), "c.txt": plan(3), "d.xyz": b"?"})))
    page = house.done()
    assert "gói.zip › c.txt" in page and "gói.zip › x › b.txt" in page
    assert "d.xyz" in page and "không biết định dạng" in page
    house.decide(tep="gói.zip")
    assert "Đã thêm 2 văn bản vào kho" in house.done()


def test_what_the_base_has_already_is_told(house):
    house.send(("bản sao.md", plan(1).encode()), ("sửa.md", (plan(1) + "\n- Báo cáo kết quả thực hiện.\n").encode()))
    page = house.done()
    assert "Kho đã có đúng tệp này (“corpus/a.md”)" in page and 'value="bản sao.md" disabled' in page
    assert "Kho đã có một bản của văn bản này (“corpus/a.md”)" in page
    assert house.decide(tep="bản sao.md").status_code == 302
    assert "chưa thêm vào kho được" in house.done()
    assert not (house.corpus / "bản sao.md").exists()


def test_a_name_that_waits_already_gets_a_number(house):
    house.send(("b.txt", plan(2).encode()))
    house.send(("B.TXT", plan(3).encode()), ("../b.txt", plan(4).encode()))
    assert house.waiting() == ["B (2).TXT", "b (3).txt", "b.txt"]


def test_limits_are_told_by_name(house, monkeypatch):
    monkeypatch.setattr(upload, "MAX_BYTES", 3 * 1024 * 1024)
    monkeypatch.setattr(upload, "MOST_FILES", 2)
    house.send(("to.txt", b"x" * (3 * 1024 * 1024 + 1)), ("b.txt", plan(2).encode()), ("c.txt", plan(3).encode()))
    page = house.done()
    assert house.waiting() == ["b.txt"]
    assert "to.txt</b>: Tệp lớn hơn 3 MB." in page and "c.txt</b>: Mỗi lần gửi nhiều nhất 2 tệp." in page
    monkeypatch.setattr(upload, "MOST_TOTAL", 100)
    house.send(("d.txt", plan(4).encode()))
    assert "d.txt</b>: Các tệp gửi một lần lớn hơn 0 MB." in house.done()
    monkeypatch.setattr(desk_module, "MOST_WAITING", 1)
    monkeypatch.setattr(upload, "MOST_TOTAL", 10_000)
    house.send(("e.txt", plan(5).encode()))
    assert "Đang có 1 tệp chờ." in house.done()
    assert house.waiting() == ["b.txt"]
    assert [p.name for p in house.desk.place.iterdir()] == ["b.txt"], "nothing half received is left"


def test_files_of_the_system_are_refused(house):
    house.send(("~$kế hoạch.docx", b"x"), ("Thumbs.db", b"x"), ("", b""))
    page = house.done()
    assert page.count("Đây là tệp tạm của hệ thống hoặc của Word.") == 2 and house.waiting() == []


def test_hostile_names_and_texts_stay_text(house):
    text = plan(2).replace("CẢI CÁCH", '<script>alert(1)</script> {{ 7*7 }} "CẢI CÁCH"')
    house.send(("<img src=x onerror=alert(1)>.txt", text.encode()))
    page = house.done()
    assert "<script>alert" not in page and "<img" not in page and "49" not in re.findall(r"<h3>.*?</h3>", page)[0]


def test_a_file_put_aside_is_kept(house):
    house.send(("b.txt", plan(2).encode()))
    house.done()
    house.decide(bo="b.txt")
    assert house.waiting() == [] and (house.desk.place / ASIDE / "b.txt").read_text() == plan(2)
    house.send(("b.txt", plan(3).encode()))
    house.done()
    house.decide(bo="b.txt")
    assert sorted(p.name for p in (house.desk.place / ASIDE).iterdir()) == ["b (2).txt", "b.txt"]
    house.decide(bo="không có.txt")
    assert "không còn trong danh sách chờ" in house.done()


def test_what_waited_is_read_again_by_the_next_server(house):
    house.send(("b.txt", plan(2).encode()))
    house.desk.wait(30)
    later = Desk(house.base, [house.corpus])
    later.open()
    later.wait(30)
    (one,) = later.state().waiting
    assert one.read and one.texts[0].number == "2/KH-UBND"
    later.close()


# --- adding ---------------------------------------------------------------------------------------


def test_confirmed_files_are_in_the_base_that_the_running_server_shows(house):
    before = house.ask("GET", "/tim", params={"q": "77/KH-UBND"}).text
    house.send(("Kế hoạch.txt", plan(77).encode()))
    house.done()
    assert house.decide(tep="Kế hoạch.txt").headers["location"] == PAGE
    page = house.done()
    assert "Đã thêm 1 văn bản vào kho" in page and 'href="/van-ban/ke-hoach-77-kh-ubnd-2024-ubnd-tinh-minh-hoa"' in page
    assert house.waiting() == [] and (house.corpus / "Kế hoạch.txt").read_text() == plan(77)
    after = house.ask("GET", "/tim", params={"q": "77/KH-UBND"}).text
    link = "/van-ban/ke-hoach-77-kh-ubnd-2024-ubnd-tinh-minh-hoa"
    assert link not in before and link in after
    table = house.ask("GET", "/cancu/tep.json?_shape=array&_cols=duong_dan").json()
    assert {row["duong_dan"] for row in table} == {"corpus/a.md", "corpus/Kế hoạch.txt"}
    assert house.ask("GET", link).status_code == 200
    counts = asyncio.run(house.served.table_counts())
    assert counts["tep"] == 2, "the counts of Datasette are those of the new base"


def test_a_name_taken_in_the_folder_is_not_written_over(house):
    house.send(("A.MD", plan(5).encode()))
    house.done()
    house.decide(tep="A.MD")
    house.done()
    assert sorted(p.name for p in house.corpus.iterdir()) == ["A (2).MD", "a.md"]
    assert (house.corpus / "a.md").read_text() == plan(1)


def test_a_failed_build_changes_nothing(house, monkeypatch):
    house.send(("b.txt", plan(2).encode()), ("c.txt", plan(3).encode()))
    house.done()
    old = house.base.read_bytes()

    def broken(*_, **__):
        raise StoreError("Ổ đĩa chứa “cancu.db” đã đầy. Hãy giải phóng dung lượng rồi chạy lại.")

    with monkeypatch.context() as patch:
        patch.setattr(desk_module, "build", broken)
        house.decide(tep=["b.txt", "c.txt"])
        page = house.done()
    assert "Chưa thêm được" in page and "đã đầy" in page and "các tệp còn nguyên ở danh sách chờ" in page
    assert house.waiting() == ["b.txt", "c.txt"] and [p.name for p in house.corpus.iterdir()] == ["a.md"]
    assert house.base.read_bytes() == old and house.ask("GET", "/").status_code == 200
    house.decide(tep=["b.txt", "c.txt"])
    assert "Đã thêm 2 văn bản vào kho" in house.done(), "the next try goes through"


def test_one_file_that_cannot_move_brings_the_others_back(house, monkeypatch):
    house.send(("b.txt", plan(2).encode()), ("c.txt", plan(3).encode()))
    house.done()
    real = files.move_into

    def held(source, folder, names):
        if source.name == "c.txt" and folder == house.corpus:
            raise PermissionError(13, "held open")
        return real(source, folder, names)

    monkeypatch.setattr(files, "move_into", held)
    house.decide(tep=["b.txt", "c.txt"])
    page = house.done()
    assert "Không chuyển được tệp “c.txt” vào kho" in page
    assert house.waiting() == ["b.txt", "c.txt"] and [p.name for p in house.corpus.iterdir()] == ["a.md"]


def test_builds_come_one_after_another(house, monkeypatch):
    house.send(("b.txt", plan(2).encode()), ("c.txt", plan(3).encode()))
    house.done()
    at_work, most, free = [], [], threading.Event()

    def slow(*arguments, **more):
        at_work.append(1)
        most.append(len(at_work))
        free.wait(20)
        try:
            return build(*arguments, **more)
        finally:
            at_work.pop()

    monkeypatch.setattr(desk_module, "build", slow)
    house.decide(tep="b.txt")
    house.decide(tep="c.txt")
    state = house.ask("GET", f"{PAGE}/tien-do").json()
    assert state["dang_lam"] and state["cho"] == 1
    page = house.ask("GET", PAGE).text
    assert "Còn 1 việc chờ đến lượt" in page and '<noscript><meta http-equiv="refresh"' in page
    free.set()
    house.done()
    assert most == [1, 1] and sorted(p.name for p in house.corpus.iterdir()) == ["a.md", "b.txt", "c.txt"]
    assert not house.ask("GET", f"{PAGE}/tien-do").json()["dang_lam"]


def test_a_second_click_adds_nothing_twice(house, monkeypatch):
    house.send(("b.txt", plan(2).encode()))
    house.done()
    free = threading.Event()

    def slow(*arguments, **more):
        free.wait(20)
        return build(*arguments, **more)

    monkeypatch.setattr(desk_module, "build", slow)
    house.decide(tep="b.txt")
    house.decide(tep="b.txt")
    house.decide(bo="b.txt")
    assert 'value="b.txt"' not in house.ask("GET", PAGE).text
    free.set()
    page = house.done()
    assert "Đã thêm 1 văn bản vào kho" in page and "Chưa thêm được" not in page
    assert sorted(p.name for p in house.corpus.iterdir()) == ["a.md", "b.txt"]


def test_an_unforeseen_fault_leaves_the_desk_at_work(house, monkeypatch, capsys):
    house.send(("b.txt", plan(2).encode()))
    house.done()

    def broken(*_, **__):
        raise ValueError("bí mật")

    with monkeypatch.context() as patch:
        patch.setattr(desk_module, "build", broken)
        house.decide(tep="b.txt")
        page = house.done()
    assert "Chương trình gặp lỗi khi dựng dữ liệu" in page and "bí mật" not in page and house.waiting() == ["b.txt"]
    with monkeypatch.context() as patch:
        patch.setattr(desk_module, "gather", broken)
        house.send(("c.txt", plan(3).encode()))
        assert "Chương trình gặp lỗi" in house.done()
    assert capsys.readouterr().err.count("ValueError: bí mật") >= 2
    house.decide(tep="b.txt")
    assert "Đã thêm 1 văn bản vào kho" in house.done()


def test_progress_tells_how_far_it_is(house, monkeypatch):
    seen = []
    real = Desk._show

    def show(self, doing):
        seen.append(doing)
        real(self, doing)

    monkeypatch.setattr(Desk, "_show", show)
    house.send(("b.txt", plan(2).encode()), ("c.txt", plan(3).encode()))
    house.done()
    house.decide(tep=["b.txt", "c.txt"])
    house.done()
    reading = [(d.done, d.total) for d in seen if d.task == "doc"]
    adding = [(d.done, d.total) for d in seen if d.task == "them" and d.total]
    assert reading[-3:] == [(0, 2), (1, 2), (2, 2)] and adding == [(0, 3), (1, 3), (2, 3), (3, 3)]
    answer = house.ask("GET", f"{PAGE}/tien-do")
    assert answer.headers["cache-control"] == "no-store" and set(answer.json()) == {
        "dang_lam", "viec", "cau", "xong", "tong", "cho"
    }  # fmt: skip


def test_waiting_files_are_no_documents_even_inside_the_corpus(tmp_path):
    fill(tmp_path, {"a.md": plan(1), "cancu.db.cho/b.md": plan(2), "cancu.db.mo": "{}"})
    assert build([tmp_path], tmp_path / "cancu.db").documents == 1
    leave = (tmp_path / "cancu.db.cho", tmp_path / "cancu.db.mo", tmp_path / "cancu.db", tmp_path / "cancu.db.nho")
    assert [f.shown for f in find_documents([tmp_path], leave)] == [f"{tmp_path.name}/a.md"]


def test_there_must_be_a_folder_to_add_to(tmp_path):
    fill(tmp_path, {"a.md": plan(1)})
    with pytest.raises(DeskError, match="cancu serve THƯ_MỤC --edit"):
        Desk(tmp_path / "cancu.db", [tmp_path / "a.md"])


def test_stopping_brings_the_files_back(house, monkeypatch):
    house.send(("b.txt", plan(2).encode()))
    house.done()
    reading = threading.Event()

    def halting(sources, database, progress, *more):
        for _ in progress([Path("a.md"), Path("b.txt")]):
            reading.set()
            time.sleep(0.05)
            house.desk._stop.wait(20)
        pytest.fail("went on")

    monkeypatch.setattr(desk_module, "build", halting)
    house.decide(tep="b.txt")
    assert reading.wait(20)
    house.desk.close()
    assert "Đã dừng giữa chừng" in house.desk.state().outcome.error
    assert house.waiting() == ["b.txt"] and [p.name for p in house.corpus.iterdir()] == ["a.md"]


# --- a folder that is empty -------------------------------------------------------------------------


def test_an_empty_folder_is_served_and_takes_its_first_document(tmp_path):
    (tmp_path / "corpus").mkdir()
    with started("--edit", "--port", str(unused_port()), cwd=tmp_path) as (_, address):
        page = urllib.request.urlopen(address, timeout=20).read().decode()
        assert "Kho chưa có văn bản nào" in page and 'href="/them-van-ban"' in page
        assert "Mọi viện dẫn đều đã nhận ra" not in page
        for path in ("tim?q=a", "ra-soat", "do-phu", "don-vi", "truy-vet", "cancu", "cancu/van_ban", "them-van-ban"):
            assert urllib.request.urlopen(address + path, timeout=20).status == 200
    desk = Desk(tmp_path / "cancu.db", [tmp_path / "corpus"])
    fill(desk.place, {"b.md": plan(2)})
    desk.open()
    desk.wait(60)
    desk.add(["b.md"])
    desk.wait(60)
    assert desk.state().outcome.count == 1 and rows(tmp_path / "cancu.db", "SELECT count(*) FROM tep") == [(1,)]
    desk.close()
    with started("--edit", "--port", str(unused_port()), cwd=tmp_path) as (_, address):
        assert "Kho chưa có văn bản nào" not in urllib.request.urlopen(address, timeout=20).read().decode()


def test_an_empty_base_never_takes_the_place_of_one_that_holds_something(home):
    build([home / "corpus"], home / "cancu.db")
    before = (home / "cancu.db").read_bytes()
    (home / "corpus" / "a.md").unlink()
    done = cancu("serve", "--edit", cwd=home)
    assert done.returncode == 2 and "không có văn bản nào đọc được" in done.stderr
    assert (home / "cancu.db").read_bytes() == before
    (home / "cancu.db").unlink()
    done = cancu("build", cwd=home)
    assert done.returncode == 2 and not (home / "cancu.db").exists(), "only a page can fill it"


# --- the base that is replaced under the server -----------------------------------------------------


def test_no_request_fails_while_bases_are_swapped(house):
    """Pages are asked without a pause while the base is replaced again and again; each shows a whole base."""
    failed, counts, stop = [], set(), threading.Event()

    def keep_asking():
        while not stop.is_set():
            for path in ("/", "/cancu/tep.json?_shape=array&_cols=duong_dan", "/tim?q=KH-UBND"):
                answer = house.ask("GET", path)
                if answer.status_code != 200:
                    failed.append((path, answer.status_code))
                elif "json" in path:
                    counts.add(len(answer.json()))

    askers = [threading.Thread(target=keep_asking) for _ in range(2)]
    for asker in askers:
        asker.start()
    for n in range(2, 7):
        fill(house.corpus, {f"t{n}.md": plan(n)})
        build([house.corpus], house.base, swap=house.served.swap)
    stop.set()
    for asker in askers:
        asker.join()
    assert failed == [] and 6 >= max(counts) > 1
    assert len(house.ask("GET", "/cancu/tep.json?_shape=array").json()) == 6


def test_a_build_from_elsewhere_is_opened_too(house):
    assert len(house.ask("GET", "/cancu/tep.json?_shape=array").json()) == 1
    fill(house.corpus, {"t2.md": plan(2)})
    build([house.corpus], house.base)
    assert len(house.ask("GET", "/cancu/tep.json?_shape=array").json()) == 2


def test_what_datasette_counted_follows_the_base(house):
    def counted():
        counts = asyncio.run(house.served.table_counts())
        return counts["tep"], house.ask("GET", "/cancu/tep.json").json()["filtered_table_rows_count"], house.served.hash

    before = counted()
    fill(house.corpus, {"t2.md": plan(2)})
    build([house.corpus], house.base, swap=house.served.swap)
    after = counted()
    assert before[:2] == (1, 1) and after[:2] == (2, 2) and before[2] != after[2]
    assert not set(VIEWS) & set(asyncio.run(house.served.table_counts()))


def test_what_is_counted_unasked_follows_the_base(house, monkeypatch):
    monkeypatch.setattr("publish.serve.MANY_ROWS", 3)
    asked = "/cancu/van_ban?trong_kho=1"
    assert "facet-results" in house.ask("GET", asked).text
    for n in range(2, 6):
        fill(house.corpus, {f"t{n}.md": plan(n)})
    build([house.corpus], house.base, swap=house.served.swap)
    page = house.ask("GET", asked).text
    assert "facet-results" not in page and "Đếm theo cột:" in page
    for n in range(2, 6):
        (house.corpus / f"t{n}.md").unlink()
    build([house.corpus], house.base, swap=house.served.swap)
    page = house.ask("GET", asked).text
    assert "facet-results" in page and "Đếm theo cột:" not in page


def test_progress_waits_for_no_page():
    """Pages are made in turn, forms and the progress of the work are answered meanwhile."""
    asked = []

    async def slow(scope, receive, send):
        asked.append((scope["method"], scope["path"]))
        await asyncio.sleep(3600 if scope["path"] == "/tim" else 0)

    async def run():
        queue = one_after_another(slow)
        ask = lambda method, path: queue({"type": "http", "method": method, "path": path}, None, None)  # noqa: E731
        pages = [asyncio.create_task(ask("GET", "/tim")) for _ in range(AT_ONCE)]
        await asyncio.sleep(0)
        pages.append(asyncio.create_task(ask("GET", PAGE)))
        for method, path in (("GET", f"{PAGE}/tien-do"), ("POST", PAGE), ("POST", f"{PAGE}/xac-nhan")):
            await ask(method, path)
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)

    asyncio.run(run())
    assert asked == [("GET", "/tim")] * AT_ONCE + [
        ("GET", f"{PAGE}/tien-do"),
        ("POST", PAGE),
        ("POST", f"{PAGE}/xac-nhan"),
    ]


def test_old_connections_are_closed(house):
    opened = [asyncio.run(house.served.execute_fn(lambda connection: connection))]
    fill(house.corpus, {"t2.md": plan(2)})
    build([house.corpus], house.base, swap=house.served.swap)
    opened.append(asyncio.run(house.served.execute_fn(lambda connection: connection)))
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")
    assert tuple(opened[-1].execute("SELECT count(*) FROM tep").fetchone()) == (2,)


def test_where_an_open_file_cannot_be_replaced_the_queries_wait(house, monkeypatch):
    """As on Windows: replacing fails as long as the server holds the file; a query under way ends first."""
    began, order = threading.Event(), []
    real = os.replace
    held = house.served._edition

    def windows(source, target):
        if Path(target) == house.base and (held.idle or held.busy):
            order.append("held")
            raise PermissionError(13, "used by another process")
        order.append("replaced")
        real(source, target)

    def slow(connection):
        began.set()
        time.sleep(0.4)
        order.append("query done")
        return connection.execute("SELECT count(*) FROM tep").fetchone()[0]

    asyncio.run(house.served.execute("SELECT 1"))
    monkeypatch.setattr(files.os, "replace", windows)
    answers = []
    asker = threading.Thread(target=lambda: answers.append(asyncio.run(house.served.execute_fn(slow))))
    asker.start()
    assert began.wait(10)
    fill(house.corpus, {"t2.md": plan(2)})
    build([house.corpus], house.base, swap=house.served.swap)
    asker.join()
    order = [word for word in order if word != "held"] if order.count("held") else order
    assert answers == [1] and order.index("query done") < order.index("replaced")
    assert len(house.ask("GET", "/cancu/tep.json?_shape=array").json()) == 2


def test_a_file_held_by_another_program_is_told_and_the_old_base_served(house, monkeypatch):
    real = os.replace

    def windows(source, target):
        if Path(target) == house.base:
            raise PermissionError(13, "used by another process")
        real(source, target)

    house.send(("b.txt", plan(2).encode()))
    house.done()
    monkeypatch.setattr(files.os, "replace", windows)
    house.decide(tep="b.txt")
    page = house.done()
    assert "đang được chương trình khác mở" in page and house.waiting() == ["b.txt"]
    assert len(house.ask("GET", "/cancu/tep.json?_shape=array").json()) == 1


# --- starting -------------------------------------------------------------------------------------


def cancu(*arguments: str, cwd: Path, env=None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from publish.cli import main; main()", *arguments],
        cwd=cwd, env={**ENV, **(env or {})}, capture_output=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


@pytest.fixture
def home(tmp_path):
    fill(tmp_path / "corpus", {"a.md": plan(1)})
    return tmp_path


def opener(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """A stand-in for the browser, which writes down what it is told to open."""
    note, script = tmp_path / "opened.txt", tmp_path / "browser.sh"
    script.write_text(f'#!/bin/sh\necho "$1" >> "{note}"\n')
    script.chmod(0o755)
    return {"BROWSER": f"{script} %s"}, note


def wait_for(note: Path) -> str:
    for _ in range(100):
        if note.exists() and note.read_text().endswith("\n"):
            return note.read_text()
        time.sleep(0.1)
    pytest.fail("no browser was opened")


def test_the_browser_opens_at_the_start_and_at_a_second_start(home):
    env, note = opener(home)
    port = str(unused_port())
    with started("--port", port, "--open", cwd=home, env=env) as (_, address):
        assert wait_for(note) == f"{address}\n"
        note.unlink()
        again = cancu("serve", "--open", cwd=home, env=env)
        assert again.returncode == 0 and f"Kho này đang mở sẵn tại {address}" in again.stderr
        assert wait_for(note) == f"{address}\n"
        edit = cancu("serve", "--edit", cwd=home)
        assert edit.returncode == 2 and address in edit.stderr and "không bật thêm văn bản" in edit.stderr
    assert not (home / "cancu.db.mo").exists() or running.running_on(home / "cancu.db") is None


def test_a_note_of_a_server_that_is_gone_is_not_believed(home):
    build([home / "corpus"], home / "cancu.db")
    gone = running.new(f"http://127.0.0.1:{unused_port()}/", False)
    files.running(home / "cancu.db").write_bytes(gone.words())
    assert running.running_on(home / "cancu.db") is None
    for words in (b"", b"{}", b'{"dia_chi": "http://minh-hoa.example/", "ma": "1", "them_van_ban": true}', b"[1]"):
        files.running(home / "cancu.db").write_bytes(words)
        assert running.running_on(home / "cancu.db") is None
    with started("--port", str(unused_port()), cwd=home):
        assert running.running_on(home / "cancu.db") is not None


def test_another_server_at_the_noted_address_is_not_taken_for_ours(home, tmp_path):
    fill(tmp_path / "khác" / "corpus", {"b.md": plan(2)})
    with started("--port", str(unused_port()), cwd=tmp_path / "khác") as (_, address):
        build([home / "corpus"], home / "cancu.db")
        files.running(home / "cancu.db").write_bytes(running.new(address, False).words())
        assert running.running_on(home / "cancu.db") is None


def test_without_a_port_the_next_free_one_is_taken(monkeypatch):
    with closing(socket.socket()) as first:
        first.bind(("127.0.0.1", 0))
        first.listen()
        taken = first.getsockname()[1]
        monkeypatch.setattr("publish.serve.FIRST_PORT", taken)
        assert taken < free_port() < taken + 20
        monkeypatch.setattr("publish.serve._PORTS", 1)
        with pytest.raises(ServeError, match="--port"):
            free_port()
        with pytest.raises(ServeError, match=f"Cổng {taken}"):
            free_port(taken)


def test_edit_needs_to_know_the_folder(home):
    build([home / "corpus"], home / "khác.db")
    fill(home / "corpus", {"b.md": plan(2)})
    done = cancu("serve", "--edit", "--db", "khác.db", cwd=home)
    assert done.returncode == 2 and "cancu serve THƯ_MỤC --db khác.db --edit" in done.stderr
    with started("corpus", "--edit", "--db", "khác.db", "--port", str(unused_port()), cwd=home) as (_, address):
        page = urllib.request.urlopen(f"{address}them-van-ban", timeout=20).read().decode()
        assert "kho “corpus”" in page
        assert json.loads(files.running(home / "khác.db").read_bytes())["them_van_ban"] is True
    assert rows(home / "khác.db", "SELECT count(*) FROM tep") == [(2,)]
