"""The pages of decisions: what they show, who may send their forms, and the base that follows."""

from __future__ import annotations

import re
import threading
import time
from contextlib import closing
from urllib.parse import quote, urlencode

import httpx
import pytest
from making import fill, rows
from serving import HOME, asked, started, unused_port
from test_decisions import AMENDING, PLAN, Kho, kho  # noqa: F401

from extract.read.limits import Limits
from graph.decisions import journal
from graph.decisions.entry import ACCEPT, KEEP, PICK, REJECT
from graph.decisions.journal import append, read_entries
from graph.decisions.look import look_at_citation
from publish import desk as desk_module
from publish.desk import Desk
from publish.serve import make_datasette


def words_of(page: str) -> str:
    """The page as people read it, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


class Office:
    """A base that is served with editing on."""

    def __init__(self, kho, edit: bool = True) -> None:  # noqa: F811
        self.kho = kho
        self.datasette = make_datasette(kho.base)
        self.served = self.datasette.get_database("kho")
        self.desk = Desk(kho.base, [kho.corpus], self.served.swap, Limits(seconds=30))
        if edit:
            self.served.desk = self.desk
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, client: str = "127.0.0.1", **more) -> httpx.Response:
        answer = asked(self.datasette, method, path, client, cookies=self.cookies, **more)
        if "ds_csrftoken" in answer.cookies:
            self.cookies = {"ds_csrftoken": answer.cookies["ds_csrftoken"]}
        return answer

    def page(self, sort: str, name: str, **more: str) -> str:
        answer = self.ask("GET", f"/quyet-dinh/{sort}?{urlencode({'id': name, **more})}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def form(self, page: str) -> dict[str, str]:
        return {n: re.search(rf'name="{n}" value="([^"]*)"', page)[1] for n in ("csrftoken", "id", "dau", "sau")}

    def post(self, sort: str, values: dict, headers: dict | None = None, client: str = "127.0.0.1") -> httpx.Response:
        sent = {"content-type": "application/x-www-form-urlencoded", "origin": HOME, **(headers or {})}
        body = urlencode(values, doseq=True)
        return self.ask("POST", f"/quyet-dinh/{sort}", content=body, headers=sent, client=client)

    def decide(self, sort: str, name: str, **values) -> httpx.Response:
        page = self.page(sort, name)
        return self.post(sort, {**self.form(page), "nguoi": "Lan", "ly_do": "bản gốc", **values})

    def citation(self, words: str, source: str = "%5-kh%") -> str:
        return self.kho.citation(words, source).row["id"]

    def done(self) -> None:
        self.desk.wait(60)
        assert self.desk.notice() == ""


@pytest.fixture
def office(kho):  # noqa: F811
    office = Office(kho)
    yield office
    office.desk.close()


def test_what_is_to_be_compared_is_listed_with_its_reasons(office):
    page = office.ask("GET", "/dan-chieu").text
    for words in ("90/KH-UBND", "chưa xác định", "Chưa rõ năm ban hành, cơ quan ban hành.", "thiếu ngày", "Triển khai Kế hoạch số",
                  "Cùng số, ký hiệu trong kho", "10/11/2023", "1 lần viện dẫn"):  # fmt: skip
        assert words in page, words
    assert "7-NQ/TU" not in page
    assert "-- Không có viện dẫn nào" in office.ask("GET", "/dan-chieu?loai=hai%20ng%C3%A0y").text
    assert office.ask("GET", "/dan-chieu?loai=<script>").text.count("<script>") == 0
    plan = quote(rows(office.kho.base, "SELECT id FROM van_ban WHERE id LIKE '%6-kh%' AND trong_kho = 1")[0][0])
    assert "-- Không có viện dẫn nào" in office.ask("GET", f"/dan-chieu?ke_hoach={plan}").text


def test_two_dates_and_another_form_are_told(tmp_path):
    plan = PLAN.replace("- Tổ chức", "- Theo Quyết định số 20/QĐ-UBND ngày 03/02/2023 của UBND tỉnh Minh Họa.\n\n"
                        "- Thực hiện Nghị quyết số 50-NQ/CP ngày 17/4/2020 của Chính phủ.\n\n- Tổ chức")  # fmt: skip
    office = Office(Kho(tmp_path, {"a.md": plan}))
    page = words_of(office.ask("GET", "/dan-chieu").text)
    assert "ở đây ghi ngày 03/02/2023, chỗ khác ghi ngày 02/02/2023" in page
    assert "In là 50-NQ/CP; đúng thể thức là 50/NQ-CP." in page


@pytest.mark.parametrize("form", ["docx", "xlsx", "csv"])
def test_the_lists_go_along_as_files(office, form):
    for name in ("dan-chieu", "can-xem-lai"):
        answer = office.ask("GET", f"/danh-sach/{name}.{form}")
        assert answer.status_code == 200 and len(answer.content) > 200
        if form == "csv" and name == "dan-chieu":
            assert "chưa xác định (Chưa rõ năm ban hành, cơ quan ban hành); thiếu ngày" in answer.text


def test_a_link_is_accepted_and_the_base_follows(office):
    name = office.citation("90/KH-UBND")
    answer = office.decide("trich-dan", name, lua="chap-nhan", ly_do="")
    assert answer.status_code == 302 and "da_ghi=1" in answer.headers["location"]
    page = office.ask("GET", answer.headers["location"]).text
    assert "Đã ghi quyết định số 1: Đúng là" in page and "Về danh sách" in page
    office.done()
    assert office.kho.citation("90/KH-UBND").row["quy_tac"] == "người quyết định"
    assert "-- Không có viện dẫn nào" in office.ask("GET", "/dan-chieu").text
    assert "1 quyết định đang có hiệu lực" in office.ask("GET", "/dan-chieu").text
    assert "Đúng là" in office.ask("GET", "/dan-chieu?loai=" + quote("đã quyết định")).text
    # the name of who decided last is proposed
    assert 'name="nguoi" value="Lan"' in office.page("trich-dan", office.citation("20/QĐ-UBND"))


def test_a_candidate_or_a_document_that_is_searched_or_named_is_picked(office):
    name = office.citation("90/KH-UBND")
    dated = office.kho.citation("90/KH-UBND", "%6-kh%").row["van_ban"]
    assert f'value="van-ban:{dated}"' in office.page("trich-dan", name)
    office.decide("trich-dan", name, loai=PICK, lua=f"van-ban:{dated}")
    office.done()
    assert office.kho.citation("90/KH-UBND").row["van_ban"] == dated
    found = office.page("trich-dan", name, tim="20 qd ubnd")
    other = office.kho.document("Quyết định số 20/QĐ-UBND")
    assert f'value="van-ban:{other}"' in found
    words = "Kế hoạch số 91/KH-UBND ngày 01/12/2022 của UBND tỉnh Minh Họa"
    assert office.decide("trich-dan", name, loai=PICK, lua="khac", van_ban_khac=words).status_code == 302
    office.done()
    target = office.kho.citation("90/KH-UBND").row["van_ban"]
    assert rows(office.kho.base, "SELECT nhan, ngay_ban_hanh FROM van_ban WHERE id = ?", target) == [
        ("Kế hoạch số 91/KH-UBND", "2022-12-01")
    ]
    assert [e.supersedes for e in read_entries(office.kho.journal)] == [None, 1]


def test_a_link_is_rejected_and_the_decision_taken_back(office):
    name = office.citation("20/QĐ-UBND")
    office.decide("trich-dan", name, lua="bac-bo")
    office.done()
    assert office.kho.citation("20/QĐ-UBND").row["van_ban"] is None
    assert "-- không văn bản nào" in office.page("trich-dan", name)
    answer = office.decide("trich-dan", name, huy="1", ly_do="nhầm")
    assert answer.status_code == 302
    office.done()
    assert office.kho.citation("20/QĐ-UBND").row["van_ban"]
    page = office.page("trich-dan", name)
    assert "đã hủy" in page and "nhầm" in page


FAULTS = {
    "nobody": ({"lua": "chap-nhan", "nguoi": " "}, "Hãy ghi người quyết định"),
    "no reason": ({"lua": "bac-bo", "ly_do": ""}, "Hãy ghi lý do"),
    "no choice": ({"loai": PICK}, "Hãy chọn một trong các khả năng"),
    "gone": ({"lua": "van-ban:khong-co", "loai": PICK}, "Văn bản đã chọn không còn trong kho"),
    "half": ({"lua": "khac", "loai": PICK, "van_ban_khac": "Kế hoạch số 4/KH-UBND"}, "chưa đủ để nhận ra văn bản"),
    "words": ({"lua": "khac", "loai": PICK, "van_ban_khac": "<b>gì đó"}, "Chưa nhận ra văn bản nào"),
    "long": ({"lua": "bac-bo", "ly_do": "x" * 3000}, "dài nhất 2000 ký tự"),
    "kind": ({"loai": "gộp văn bản", "lua": "khac"}, "không dùng được cho một lần viện dẫn"),
    "stale": ({"lua": "chap-nhan", "dau": "0"}, "Dữ liệu đã được dựng lại"),
    "undo": ({"huy": "77"}, "Không thấy quyết định cần hủy"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_decided_is_told_and_the_form_keeps_what_was_typed(office, fault):
    values, sentence = FAULTS[fault]
    answer = office.decide("trich-dan", office.citation("90/KH-UBND"), **values)
    assert answer.status_code == 400 and sentence in answer.text
    assert read_entries(office.kho.journal) == () and "<b>gì" not in answer.text
    if "ly_do" not in values:
        assert 'name="ly_do" value="bản gốc"' in answer.text


def test_who_comes_second_is_told_and_may_insist(office):
    name = office.citation("90/KH-UBND")
    mine = office.form(office.page("trich-dan", name))
    office.decide("trich-dan", name, lua="chap-nhan")
    office.done()  # even when the base was built anew meanwhile
    answer = office.post("trich-dan", {**mine, "nguoi": "Hoa", "ly_do": "khác", "lua": "bac-bo"})
    assert answer.status_code == 302 and "cho=2" in answer.headers["location"]
    page = office.ask("GET", answer.headers["location"]).text
    assert "người khác đã quyết định (số 1" in page and "với số 2 nhưng chưa áp dụng" in page
    office.done()
    assert office.kho.citation("90/KH-UBND").row["quy_tac"] == "người quyết định"
    assert len(read_entries(office.kho.journal)) == 2
    assert office.decide("trich-dan", name, ap_dung="2").status_code == 302
    office.done()
    assert office.kho.citation("90/KH-UBND").row["van_ban"] is None
    last = read_entries(office.kho.journal)[-1]
    assert (last.kind, last.person, last.reason, last.supersedes) == (REJECT, "Hoa", "khác", 1)


def test_a_suspect_link_is_listed_by_unit_and_cleared_with_a_reason(office):
    kho = office.kho  # noqa: F811
    name = office.citation("20/QĐ-UBND")
    office.decide("trich-dan", name, lua="chap-nhan")
    office.done()
    fill(kho.corpus, {"c.md": AMENDING})
    kho.build()
    page = office.ask("GET", "/can-xem-lai").text
    for words in ("Chưa rõ đơn vị", "cần xem lại", "văn bản tác động của văn bản được viện dẫn đã khác", "44/QĐ-UBND"):
        assert words in page, words
    assert "▲ 1 chỗ cần xem lại" in office.ask("GET", "/dan-chieu").text
    assert "-- Không có gì cần xem lại" in office.ask("GET", "/can-xem-lai?viec=" + quote("chưa áp dụng")).text
    assert "Văn bản tác động" in office.ask("GET", "/danh-sach/can-xem-lai.csv").text
    assert "giữ quyết định số 1 của Lan" in office.page("trich-dan", name)
    assert office.decide("trich-dan", name, lua="giu", ly_do="").status_code == 400
    office.decide("trich-dan", name, lua="giu", ly_do="chỉ sửa mẫu biểu")
    office.done()
    assert "-- Không có gì cần xem lại" in office.ask("GET", "/can-xem-lai").text
    assert [e.kind for e in read_entries(kho.journal)] == [ACCEPT, KEEP]


def test_a_decision_on_a_sentence_that_changed_is_taken_over_by_the_next_one(office):
    kho = office.kho  # noqa: F811
    office.decide("trich-dan", office.citation("90/KH-UBND"), lua="chap-nhan")
    office.done()
    fill(kho.corpus, {"a.md": PLAN.replace("về rà soát thủ tục", "về rà soát, đơn giản hóa thủ tục")})
    kho.build()
    page = words_of(office.ask("GET", "/can-xem-lai").text)
    assert "Câu có viện dẫn này đã đổi" in page and "đơn giản hóa" in page
    name = office.citation("90/KH-UBND")
    assert "Đã đổi từ lúc quyết định" in office.page("trich-dan", name)
    office.decide("trich-dan", name, lua="chap-nhan")
    office.done()
    assert "-- Không có gì cần xem lại" in office.ask("GET", "/can-xem-lai").text
    assert rows(kho.base, "SELECT id, tinh_trang FROM quyet_dinh") == [(2, "đang áp dụng")]


def test_a_decision_whose_text_is_gone_can_be_taken_back(office):
    kho = office.kho  # noqa: F811
    office.decide("trich-dan", office.citation("90/KH-UBND"), lua="chap-nhan")
    office.done()
    (kho.corpus / "a.md").unlink()
    kho.build()
    assert "/quyet-dinh/nhat-ky?id=1" in office.ask("GET", "/can-xem-lai").text
    page = office.page("nhat-ky", "1")
    assert "Văn bản có chỗ này không còn trong kho" in page and "Triển khai Kế hoạch" in page
    values = office.form(page)
    assert office.post("nhat-ky", {**values, "nguoi": "Lan", "ly_do": ""}).status_code == 400
    assert office.post("nhat-ky", {**values, "nguoi": "Lan", "ly_do": "đã bỏ"}).status_code == 302
    office.done()
    assert "đã hủy" in office.page("nhat-ky", "1") and rows(kho.base, "SELECT * FROM quyet_dinh") == []
    assert office.ask("GET", "/quyet-dinh/nhat-ky?id=9").status_code == 404


def test_a_task_is_given_a_basis_and_shows_it(office):
    task = rows(office.kho.base, "SELECT id FROM nhiem_vu WHERE ma = 'I.3'")[0][0]
    address = "/nhiem-vu/" + quote(task.replace("#", "/"), safe="/")
    assert "Thêm căn cứ" in office.ask("GET", address).text
    target = office.kho.document("Nghị quyết số 7-NQ/TU")
    answer = office.decide("nhiem-vu", task, loai="thêm căn cứ", lua=f"van-ban:{target}", quan_he="implements")
    assert answer.status_code == 302
    office.done()
    page = office.ask("GET", address).text
    assert "trực tiếp" in page and "Lan xác định ngày" in page and "bản gốc" in page
    assert office.decide("nhiem-vu", task, loai="thêm căn cứ", lua=f"van-ban:{target}", quan_he="x").status_code == 400


def test_a_document_is_corrected_set_aside_and_merged(office):
    kho = office.kho  # noqa: F811
    name = kho.document("Nghị quyết số 7-NQ/TU")
    assert "Sửa, gộp, tách, trách nhiệm" in office.ask("GET", f"/van-ban/{name}").text
    assert (
        office.decide("van-ban", name, loai="sửa thông tin", truong="ngay_ban_hanh", gia_tri="31/02/2023").status_code
        == 400
    )
    office.decide("van-ban", name, loai="sửa thông tin", truong="ngay_ban_hanh", gia_tri="04/01/2023")
    office.decide("van-ban", name, loai="trách nhiệm", cach="chuyển đơn vị khác")
    office.done()
    assert rows(kho.base, "SELECT ngay_ban_hanh FROM van_ban WHERE id = ?", name) == [("2023-01-04",)]
    page = words_of(office.ask("GET", f"/van-ban/{name}").text)
    assert "Ngày ban hành: 04/01/2023" in page and "chuyển đơn vị khác" in page
    plan = rows(kho.base, "SELECT id FROM van_ban WHERE id LIKE '%5-kh%' AND trong_kho = 1")[0][0]
    coverage = office.ask("GET", f"/do-phu/{plan}").text
    assert "Văn bản không cần có nhiệm vụ" in coverage and "chuyển đơn vị khác (Lan: bản gốc)" in coverage
    assert "chuyển đơn vị khác (Lan: bản gốc)" in office.ask("GET", f"/danh-sach/do-phu/{plan}.csv").text
    loose, dated = kho.citation("90/KH-UBND").row["van_ban"], kho.citation("90/KH-UBND", "%6-kh%").row["van_ban"]
    assert office.decide("van-ban", plan, loai="gộp văn bản", lua=f"van-ban:{dated}").status_code == 400
    assert office.decide("van-ban", loose, loai="gộp văn bản", lua=f"van-ban:{loose}").status_code == 400
    office.decide("van-ban", loose, loai="gộp văn bản", lua=f"van-ban:{dated}")
    office.done()
    assert kho.citation("90/KH-UBND").row["van_ban"] == dated
    text = rows(kho.base, "SELECT id FROM van_ban WHERE id LIKE '%6-kh%' AND trong_kho = 1")[0][0]
    words = "Kế hoạch số 90/KH-UBND ngày 10/11/2021 của UBND tỉnh Minh Họa"
    assert office.decide("van-ban", dated, loai="tách văn bản", lua="khac", van_ban_khac=words).status_code == 400
    office.decide("van-ban", dated, loai="tách văn bản", lua="khac", van_ban_khac=words, nguon=[text])
    office.done()
    other = kho.citation("90/KH-UBND", "%6-kh%").row["van_ban"]
    assert rows(kho.base, "SELECT ngay_ban_hanh FROM van_ban WHERE id = ?", other) == [("2021-11-10",)]


# --- who may send, and what goes on meanwhile -----------------------------------------------------


def test_without_editing_nothing_is_taken(kho):  # noqa: F811
    office = Office(kho, edit=False)
    name = office.citation("90/KH-UBND")
    page = office.page("trich-dan", name)
    assert "<form" not in re.sub(r"(?s)<header.*?</header>", "", page) and "Lịch sử quyết định" in page
    assert "chỉ để xem" in office.ask("GET", "/dan-chieu").text
    assert office.post("trich-dan", {"id": name, "lua": "chap-nhan", "nguoi": "Lan"}).status_code == 405
    assert not kho.journal.exists()
    append(kho.journal, kho_draft(kho, name))
    assert "Đúng là" in office.page("trich-dan", name)  # the history is there for all


def kho_draft(kho, name):  # noqa: F811
    from graph.decisions.drafts import Wish, draft_of

    with kho.open() as connection:
        return draft_of(connection, look_at_citation(connection, name), Wish("Lan", ACCEPT), ())[0]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"client": "10.1.2.3"}, 403), ({"headers": {"origin": "http://khac.vn"}}, 403),
        ({"headers": {"sec-fetch-site": "cross-site"}}, 403), ({"headers": {"x-forwarded-for": "1.2.3.4"}}, 403),
        ({"token": "sai"}, 403), ({"headers": {"content-length": "200000"}}, 413),
    ],
    ids=str,
)  # fmt: skip
def test_a_form_from_elsewhere_is_refused(office, change, status):
    name = office.citation("90/KH-UBND")
    values = {**office.form(office.page("trich-dan", name)), "nguoi": "Lan", "lua": "chap-nhan"}
    if token := change.pop("token", ""):
        values["csrftoken"] = token
    assert office.post("trich-dan", values, **change).status_code == status
    assert read_entries(office.kho.journal) == ()


@pytest.mark.parametrize("address", ["/quyet-dinh/trich-dan", "/quyet-dinh/trich-dan?id=x", "/quyet-dinh/khac?id=x"])
def test_what_is_not_there_is_told(office, address):
    assert office.ask("GET", address).status_code == 404


def test_several_decisions_make_one_build_and_more_may_come_meanwhile(office, monkeypatch):
    built, going = [], threading.Event()
    build = desk_module.build

    def slow(*arguments, **more):
        built.append(len(read_entries(office.kho.journal)))
        going.set()
        time.sleep(0.5)
        return build(*arguments, **more)

    monkeypatch.setattr(desk_module, "build", slow)
    names = [office.citation(w) for w in ("90/KH-UBND", "20/QĐ-UBND", "7-NQ/TU")]
    for name in names:
        assert office.decide("trich-dan", name, lua="chap-nhan").status_code == 302
    assert "Đang dựng lại dữ liệu" in office.ask("GET", "/dan-chieu").text
    assert going.wait(20)
    other = office.citation("90/KH-UBND", "%6-kh%")
    assert office.decide("trich-dan", other, lua="chap-nhan").status_code == 302
    office.done()
    assert built == [3, 4]
    assert rows(office.kho.base, "SELECT count(*) FROM quyet_dinh WHERE tinh_trang = 'đang áp dụng'") == [(4,)]
    assert "Đang dựng lại dữ liệu" not in office.ask("GET", "/dan-chieu").text


def test_a_build_that_fails_is_told_and_the_decision_stays(office, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(desk_module, "build", full)
    office.decide("trich-dan", office.citation("90/KH-UBND"), lua="chap-nhan")
    office.desk.wait(60)
    page = office.ask("GET", "/dan-chieu").text
    assert "Quyết định đã ghi nhưng chưa dựng lại được dữ liệu" in page
    assert len(read_entries(office.kho.journal)) == 1


def test_a_locked_or_damaged_journal_is_told_and_the_form_kept(office, monkeypatch):
    import sqlite3

    name = office.citation("90/KH-UBND")
    office.decide("trich-dan", office.citation("20/QĐ-UBND"), lua="chap-nhan")
    office.done()
    monkeypatch.setattr(journal, "_PATIENCE", 0.1)
    values = {**office.form(office.page("trich-dan", name)), "nguoi": "Hoa", "lua": "chap-nhan", "ly_do": "giữ lại"}
    with closing(sqlite3.connect(office.kho.journal, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = office.post("trich-dan", values)
        other.execute("ROLLBACK")
    assert answer.status_code == 503 and "đang bị chương trình khác khóa" in answer.text
    assert 'value="giữ lại"' in answer.text and len(read_entries(office.kho.journal)) == 1
    broken = office.kho.journal.read_bytes()[:100]
    office.kho.journal.write_bytes(broken)
    answer = office.post("trich-dan", values)
    assert answer.status_code == 503 and "đã hỏng" in answer.text
    assert office.kho.journal.read_bytes() == broken
    assert office.ask("GET", "/dan-chieu").status_code == 200


def test_a_base_of_an_older_program_says_what_to_do(kho):  # noqa: F811
    import sqlite3

    with closing(sqlite3.connect(kho.base)) as connection:
        for table in ("quyet_dinh_can_xem", "quyet_dinh", "can_doi_chieu"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE thong_tin SET gia_tri = '5' WHERE ten = 'phien_ban_luoc_do'")
        connection.commit()
    office = Office(kho, edit=False)
    for address in ("/dan-chieu", "/can-xem-lai", "/quyet-dinh/van-ban?id=x", "/danh-sach/dan-chieu.csv"):
        answer = office.ask("GET", address)
        assert answer.status_code == 409 and "cancu build" in answer.text, address
    document = rows(kho.base, "SELECT id FROM van_ban WHERE trong_kho = 1")[0][0]
    assert office.ask("GET", f"/van-ban/{document}").status_code == 200
    assert office.ask("GET", f"/do-phu/{document}").status_code == 200


# --- the running server ---------------------------------------------------------------------------


def test_eight_browsers_at_once_lose_nothing(tmp_path):
    """All on one citation, none knowing of the others: one holds, the others are kept and told."""
    fill(tmp_path / "corpus", {"a.md": PLAN})
    with started("--edit", "--port", str(unused_port()), cwd=tmp_path) as (_, address):
        home = address.rstrip("/")
        name = rows(tmp_path / "cancu.db", "SELECT id FROM trich_dan WHERE nguyen_van LIKE '%90/KH-UBND'")[0][0]
        told: list[tuple[str, str]] = []

        def send(k: int) -> None:
            with httpx.Client(base_url=home, headers={"origin": home}, timeout=60) as client:
                page = client.get("/quyet-dinh/trich-dan", params={"id": name}).text
                values = {n: re.search(rf'name="{n}" value="([^"]*)"', page)[1] for n in ("csrftoken", "id", "dau")}
                for n in range(5):
                    sent = {**values, "sau": "0", "nguoi": f"người {k}", "ly_do": f"lần {n}", "lua": "bac-bo"}
                    answer = client.post("/quyet-dinh/trich-dan", data=sent)
                    told.append((f"người {k} lần {n}", answer.headers.get("location", answer.text)))

        threads = [threading.Thread(target=send, args=(k,)) for k in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    entries = read_entries(tmp_path / "cancu.quyet-dinh.db")
    assert [e.number for e in entries] == list(range(1, 41))
    assert sorted(words for words, _ in told) == sorted(f"{e.person} {e.reason}" for e in entries)
    assert sum("da_ghi=" in where for _, where in told) == 1 and sum("cho=" in where for _, where in told) == 39
    for k in range(8):
        assert [e.reason for e in entries if e.person == f"người {k}"] == [f"lần {n}" for n in range(5)]


def test_the_last_base_is_served_beside_a_damaged_journal(tmp_path):
    kho = Kho(tmp_path)  # noqa: F811
    kho.decide(kho.citation("90/KH-UBND"), ACCEPT)
    kho.build()
    kho.journal.write_bytes(b"x" * 5000)
    arguments = ("corpus", "--db", "kho.db", "--edit", "--port", str(unused_port()))
    with started(*arguments, cwd=tmp_path) as (_, address):
        assert httpx.get(f"{address}dan-chieu").status_code == 200
    assert kho.journal.read_bytes() == b"x" * 5000
