"""Decisions about what a text names without a number: works by their title, pointers to other papers."""

from __future__ import annotations

import json
from contextlib import closing
from urllib.parse import urlencode

import pytest
from making import fill, rows
from test_deciding import Office, words_of
from test_decisions import Kho
from test_decisions_table import Table, cancu

from graph.decisions.candidates import candidates_of
from graph.decisions.drafts import Wish, WishError, draft_of
from graph.decisions.entry import ACCEPT, MENTIONS, MERGE, PICK, POINTER, REJECT, UNDO, WORK, Draft
from graph.decisions.force import HOLDS, standings
from graph.decisions.journal import append, read_entries
from graph.decisions.look import facts_of_document, facts_of_words, look_at_document, look_at_mention
from graph.reconcile import NAMED, OPEN_BACK, VAGUE

TITLE = "Chương trình tổng thể cải cách hành chính nhà nước"
PLAN = f"""UBND TỈNH MINH HỌA

Số: 5/KH-UBND

Minh Họa, ngày 05 tháng 02 năm 2024

KẾ HOẠCH CẢI CÁCH HÀNH CHÍNH NĂM 2024

Căn cứ Nghị quyết số 7-NQ/TU ngày 03/01/2023 của Tỉnh ủy Minh Họa về cải cách hành chính;

Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ ban hành {TITLE} giai đoạn 2021-2030;

I. NỘI DUNG THỰC HIỆN

- Triển khai {TITLE}.

- Thực hiện chế độ báo cáo theo quy định của Chính phủ.

- Tuyên truyền các nội dung của Nghị quyết nêu trên.

- Tổ chức đối thoại với doanh nghiệp.

- Tiếp tục triển khai {TITLE}; báo cáo kết quả.
"""
NEW_NUMBER = "Quyết định số 12/QĐ-UBND ngày 03/3/2023 của UBND tỉnh Minh Họa"


class Paper(Kho):
    """A base of one plan that names works and points."""

    def look(self, sort: str, unit: str):
        table = MENTIONS[sort]
        (name,), *_ = self.rows(f"SELECT id FROM {table} WHERE muc LIKE ?", f"%#{unit}")
        with self.open() as connection:
            return look_at_mention(connection, sort, name)

    def wish(self, look, kind: str, **more):
        """Write what a person asks for as the pages and the table do."""
        with self.open() as connection:
            draft, last = draft_of(connection, look, Wish("Lan", kind, "bản gốc", **more), read_entries(self.journal))
        return append(self.journal, draft, last)

    def row(self, sort: str, unit: str) -> dict:
        return self.look(sort, unit).row

    def strength(self, unit: str) -> str:
        return self.rows("SELECT do_manh FROM nhiem_vu WHERE ma = ?", unit)[0][0]

    def findings(self) -> list[tuple]:
        return self.rows("SELECT viec, vi_sao, truoc, nay FROM quyet_dinh_can_xem ORDER BY id")


@pytest.fixture
def paper(tmp_path):
    return Paper(tmp_path, {"a.md": PLAN})


RESOLUTION = "nghi-quyet-76-nq-cp-2021-chinh-phu"


def test_candidates_are_what_issues_the_work_and_what_was_cited_before(paper):
    with paper.open() as connection:
        assert [c["id"] for c in candidates_of(connection, paper.look(WORK, "I.1"))] == [RESOLUTION]
        assert [c["id"] for c in candidates_of(connection, paper.look(POINTER, "I.2"))] == [RESOLUTION]
        back = [c["so_ky_hieu"] for c in candidates_of(connection, paper.look(POINTER, "I.3"))]
    assert back == ["76/NQ-CP", "7-NQ/TU"]  # both are resolutions; the nearest first


def test_a_title_is_a_document_of_the_base_at_one_place_alone(paper):
    assert paper.strength("I.1") == "nêu tên"
    paper.wish(paper.look(WORK, "I.1"), PICK, document=RESOLUTION)
    assert paper.build().to_review == 0
    row = paper.row(WORK, "I.1")
    assert (row["van_ban"], row["quy_tac"]) == (RESOLUTION, "người quyết định")
    assert (paper.strength("I.1"), paper.strength("I.5")) == ("trực tiếp", "nêu tên")
    assert paper.rows("SELECT dich FROM quan_he WHERE nguon_muc LIKE '%#I.1'") == [(RESOLUTION,)]
    assert paper.row(WORK, "I.5")["van_ban"].startswith("chuong-trinh-tong-the")
    held = paper.rows("SELECT noi_dung, tinh_trang, chuong_trinh, trich_dan, dan_chieu, may_doc FROM quyet_dinh")
    assert held == [
        ("Là Nghị quyết số 76/NQ-CP", "đang áp dụng", row["id"], None, None, f"{TITLE} (Chính phủ): nêu tên"),
    ]  # fmt: skip
    assert TITLE in paper.look(WORK, "I.1").seen["may"]["nhan"]  # what the program read is still told


def test_a_title_is_a_document_that_the_base_did_not_have(paper):
    paper.wish(paper.look(WORK, "I.1"), PICK, words=NEW_NUMBER)
    paper.build()
    target = paper.row(WORK, "I.1")["van_ban"]
    assert paper.rows("SELECT nhan, ngay_ban_hanh, trong_kho FROM van_ban WHERE id = ?", target) == [
        ("Quyết định số 12/QĐ-UBND", "2023-03-03", 0)
    ]
    assert paper.strength("I.1") == "trực tiếp"


def test_the_work_that_a_resolution_issues_may_be_that_resolution(paper):
    """ "Nghị quyết số 76/NQ-CP … ban hành Chương trình …": no document issues itself."""
    for unit in ("BASIS.2", "I.1", "I.5"):
        paper.wish(paper.look(WORK, unit), PICK, document=RESOLUTION)
    assert paper.build().to_review == 0
    assert paper.rows("SELECT * FROM quan_he WHERE nguon_van_ban = dich") == []
    assert paper.rows("SELECT * FROM van_ban WHERE hinh_thuc = 'nêu tên'") == []  # nothing names it any more
    assert {paper.strength("I.1"), paper.strength("I.5")} == {"trực tiếp"}


def test_a_title_that_is_none_gives_no_basis(paper):
    paper.wish(paper.look(WORK, "I.1"), REJECT)
    assert paper.build().to_review == 0
    assert paper.row(WORK, "I.1")["van_ban"] is None and paper.strength("I.1") == "kế thừa"
    assert paper.rows("SELECT noi_dung FROM quyet_dinh") == [(f"“{TITLE}” không phải tên một văn bản",)]
    look = paper.look(WORK, "I.1")
    append(paper.journal, Draft("Lan", UNDO, look.subject, look.part, reason="nhầm", supersedes=1))
    paper.build()
    assert paper.strength("I.1") == "nêu tên"


def test_a_title_that_is_right_waits_no_more(paper):
    waiting = "SELECT so FROM so_dem WHERE ten = ?"
    assert paper.rows(waiting, f"viện dẫn: {NAMED}") == [(2,)]  # that a number issues it needs no person
    paper.wish(paper.look(WORK, "I.1"), ACCEPT)
    assert paper.build().to_review == 0
    assert paper.rows(waiting, f"viện dẫn: {NAMED}") == [(1,)]
    assert paper.strength("I.1") == "nêu tên"
    with pytest.raises(WishError, match="Đó chính là tên gọi này"):
        paper.wish(paper.look(WORK, "I.5"), PICK, document=paper.row(WORK, "I.5")["van_ban"])


def test_all_places_of_a_title_are_merged_into_one_document(paper):
    with paper.open() as connection:
        look = look_at_document(connection, paper.row(WORK, "I.1")["van_ban"])
        facts, _ = facts_of_document(connection, RESOLUTION)
    append(paper.journal, Draft("Lan", MERGE, look.subject, "gộp", {"van_ban": facts}, "một", look.seen))
    assert paper.build().to_review == 0
    assert {paper.row(WORK, unit)["van_ban"] for unit in ("I.1", "I.5")} == {RESOLUTION}
    assert {paper.strength("I.1"), paper.strength("I.5")} == {"trực tiếp"}


def test_a_vague_pointer_means_a_document(paper):
    assert paper.strength("I.2") == "mềm"
    paper.wish(paper.look(POINTER, "I.2"), PICK, document=RESOLUTION)
    assert paper.build().to_review == 0
    row = paper.row(POINTER, "I.2")
    assert (row["dich"], row["loai"]) == (RESOLUTION, "đã quyết định")
    assert paper.rows("SELECT loai, dich, cau, quy_tac, trang_thai FROM quan_he WHERE nguon_muc LIKE '%#I.2'") == [
        ("in_accordance_with", RESOLUTION, "Thực hiện chế độ báo cáo theo quy định của Chính phủ.",
         "người quyết định", "đã nêu"),
    ]  # fmt: skip
    assert paper.strength("I.2") == "trực tiếp"
    assert paper.rows("SELECT cach FROM can_cu WHERE nhiem_vu LIKE '%#I.2' AND so_buoc = 1") == [("trực tiếp",)]
    assert paper.rows("SELECT count(DISTINCT id), count(*) FROM quan_he")[0][0] == 6


def test_a_pointer_back_means_a_new_document_in_the_relation_that_was_chosen(paper):
    paper.wish(paper.look(POINTER, "I.3"), PICK, words=NEW_NUMBER, relation="implements")
    paper.build()
    assert paper.row(POINTER, "I.3")["dich"].startswith("quyet-dinh-12-qd-ubnd")
    assert paper.rows("SELECT loai FROM quan_he WHERE nguon_muc LIKE '%#I.3'") == [("implements",)]
    with pytest.raises(WishError, match="Hãy chọn quan hệ"):
        paper.wish(paper.look(POINTER, "I.2"), PICK, document=RESOLUTION, relation="repeals")
    with pytest.raises(WishError, match="không dùng được cho một chỗ dẫn chiếu không có số"):
        paper.wish(paper.look(POINTER, "I.2"), MERGE, document=RESOLUTION)


def test_a_vague_pointer_means_none(paper):
    paper.wish(paper.look(POINTER, "I.2"), REJECT)
    assert paper.build().to_review == 0
    assert (paper.row(POINTER, "I.2")["dich"], paper.strength("I.2")) == ("", "kế thừa")
    assert paper.rows("SELECT noi_dung FROM quyet_dinh") == [("Không chỉ đến văn bản nào",)]
    assert paper.rows("SELECT so FROM so_dem WHERE ten = ?", f"viện dẫn: {VAGUE}") == [(0,)]


def test_a_pointer_in_the_text_of_a_document_is_a_claim_of_the_document(tmp_path):
    law = PLAN.replace("I. NỘI DUNG THỰC HIỆN", "Kế hoạch này theo quy định của Chính phủ.\n\nI. NỘI DUNG THỰC HIỆN")
    paper = Paper(tmp_path, {"a.md": law})
    (name, unit), *_ = paper.rows("SELECT id, muc FROM dan_chieu WHERE nguyen_van = 'quy định của Chính phủ'")
    assert not unit.endswith("#I.2")
    with paper.open() as connection:
        look = look_at_mention(connection, POINTER, name)
    paper.wish(look, PICK, words=NEW_NUMBER)
    paper.build()
    (source, unit, target), *_ = paper.rows(
        "SELECT nguon_van_ban, nguon_muc, dich FROM quan_he WHERE quy_tac = 'người quyết định'"
    )
    assert source.startswith("ke-hoach-5") and unit is None and target.startswith("quyet-dinh-12")


def test_it_is_told_when_the_program_reads_otherwise(paper):
    paper.wish(paper.look(WORK, "I.1"), PICK, document=RESOLUTION)
    paper.wish(paper.look(POINTER, "I.3"), REJECT)
    said = "Tuyên truyền các nội dung của Nghị quyết nêu trên."
    first = "Thực hiện Nghị quyết số 9-NQ/TU ngày 05/01/2023 của Tỉnh ủy Minh Họa về báo cáo."
    one = PLAN.replace(said, f"{first} {said}")
    fill(paper.corpus, {"a.md": one})  # now a resolution stands right before "nêu trên"
    paper.build()
    assert [f for f in paper.findings() if f[0] == "chưa áp dụng"] == [
        ("chưa áp dụng", "Chương trình nay nhận ra một văn bản khác", "không rõ",
         "Nghị quyết số 9-NQ/TU (2023-01-05, Tỉnh ủy Minh Họa)"),
    ]  # fmt: skip
    assert paper.row(POINTER, "I.3")["loai"] == "dẫn ngược"
    assert paper.row(WORK, "I.1")["van_ban"] == RESOLUTION  # nothing has changed there

    changed = one.replace(f"Triển khai {TITLE}.", f"Triển khai {TITLE} ở xã.")
    fill(paper.corpus, {"a.md": changed})
    paper.build()
    assert (
        "chưa áp dụng",
        "Câu có tên gọi này không còn trong văn bản",
        f"Triển khai {TITLE}.",
        "",
    ) in paper.findings()
    fill(paper.corpus, {"a.md": PLAN})
    assert paper.build().to_review == 0  # both are as they were
    assert paper.row(POINTER, "I.3")["loai"] == "đã quyết định"


def test_a_title_is_suspect_when_its_document_is_amended(paper):
    paper.wish(paper.look(WORK, "I.1"), PICK, words=NEW_NUMBER)
    assert paper.build().to_review == 0
    amending = f"""UBND TỈNH MINH HỌA

Số: 44/QĐ-UBND

Minh Họa, ngày 09 tháng 4 năm 2024

QUYẾT ĐỊNH

Về việc sửa đổi, bổ sung {NEW_NUMBER}

Điều 1. Sửa đổi, bổ sung {NEW_NUMBER}.
"""
    fill(paper.corpus, {"c.md": amending})
    assert paper.build().to_review == 1
    assert paper.findings()[0][:2] == ("cần xem lại", "Hiệu lực, văn bản tác động của văn bản được viện dẫn đã khác")
    assert paper.rows("SELECT chuong_trinh FROM quyet_dinh_can_xem") == [(paper.row(WORK, "I.1")["id"],)]
    assert paper.strength("I.1") == "trực tiếp"  # still applied


FOREIGN = {
    "kind": {"kind": MERGE},
    "no document": {"payload": {"van_ban": {"khoa": ""}}},
    "relation": {"payload": {"van_ban": {"khoa": "k"}, "quan_he": "repeals"}},
}


@pytest.mark.parametrize("case", FOREIGN)
def test_what_is_no_decision_of_ours_is_told_not_applied(paper, case):
    look = paper.look(POINTER, "I.2")
    with paper.open() as connection:
        facts, _ = facts_of_words(connection, NEW_NUMBER)
    values = {"kind": PICK, "payload": {"van_ban": facts}} | FOREIGN[case]
    append(paper.journal, Draft("ai", subject=look.subject, part=look.part, seen=look.seen, **values))
    assert paper.build().to_review == 1
    assert paper.row(POINTER, "I.2")["loai"] == "chưa nói rõ văn bản nào"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_they_go_out_as_a_table_and_come_back(paper, tmp_path, kind, capsys):
    out = tmp_path / f"quyet-dinh.{kind}"
    cancu("decisions", "export", "--out", str(out), "--db", str(paper.base), "--can-doi-chieu")
    table = Table(out)
    about = [table.at(n, "ve") for n in range(1, len(table.rows))]
    assert about == [TITLE, TITLE, "quy định của Chính phủ", "Nghị quyết nêu trên"]
    table.put(1, loai="chọn văn bản", noi_dung=NEW_NUMBER, ly_do="đã có số")
    table.put(2, loai="chấp nhận")
    table.put(3, loai="chọn văn bản", noi_dung=RESOLUTION, muc="triển khai thực hiện", ly_do="hỏi Sở Nội vụ")
    table.put(4, loai="bác bỏ", ly_do="nói chung")
    table.save()
    cancu("decisions", "import", str(out), "--nguoi", "Lan", "--db", str(paper.base), "--json")
    assert json.loads(capsys.readouterr().out)["new"] == 4
    assert paper.build().to_review == 0
    assert [paper.strength(unit) for unit in ("I.1", "I.2", "I.3", "I.5")] == [
        "trực tiếp", "trực tiếp", "kế thừa", "nêu tên",
    ]  # fmt: skip
    assert paper.rows("SELECT loai FROM quan_he WHERE nguon_muc LIKE '%#I.2'") == [("implements",)]

    cancu("decisions", "export", "--out", str(out), "--db", str(paper.base), "--can-doi-chieu")
    cancu("decisions", "import", str(out), "--nguoi", "Lan", "--db", str(paper.base), "--json")
    assert json.loads(capsys.readouterr().out) == {"new": 0, "changed": 0, "same": 4, "problems": []}
    table = Table(out)
    assert len(table.rows) == 5 and table.at(3, "muc") == "triển khai thực hiện"
    table.put(3, muc="theo quy định tại")
    table.save()
    cancu("decisions", "import", str(out), "--nguoi", "Lan", "--db", str(paper.base), "--json")
    assert json.loads(capsys.readouterr().out)["changed"] == 1
    paper.build()
    assert paper.rows("SELECT loai FROM quan_he WHERE nguon_muc LIKE '%#I.2'") == [("in_accordance_with",)]


def test_the_pages_decide_and_keep_the_history(paper):
    office = Office(paper)
    listed = office.ask("GET", "/dan-chieu").text
    assert "2 chỗ chỉ nêu tên" in words_of(listed)
    for reason, words in ((NAMED, TITLE), (VAGUE, "quy định của Chính phủ"), (OPEN_BACK, "Nghị quyết nêu trên")):
        answer = office.ask("GET", f"/dan-chieu?{urlencode({'loai': reason})}")
        assert answer.status_code == 200 and words in answer.text and "Nghị quyết số 76/NQ-CP" in words_of(answer.text)
        for form in ("docx", "xlsx", "csv"):
            assert office.ask("GET", f"/danh-sach/dan-chieu.{form}?{urlencode({'loai': reason})}").status_code == 200
    work, pointer = paper.row(WORK, "I.1")["id"], paper.row(POINTER, "I.2")["id"]
    page = office.page(WORK, work)
    assert "Đúng tên gọi, chưa biết văn bản có số" in page and "gộp tên gọi vào văn bản ấy" in page
    sent = office.decide(WORK, work, lua=f"van-ban:{RESOLUTION}", loai=PICK)
    assert sent.status_code == 302 and "da_ghi=1" in sent.headers["location"]
    office.done()
    sent = office.decide(POINTER, pointer, lua="khac", loai=PICK, van_ban_khac=NEW_NUMBER, quan_he="implements")
    assert sent.status_code == 302
    office.done()
    assert "Là Nghị quyết số 76/NQ-CP" in words_of(office.page(WORK, work))
    assert "đang áp dụng" in office.page(POINTER, pointer)
    assert paper.rows("SELECT loai FROM quan_he WHERE nguon_muc LIKE '%#I.2'") == [("implements",)]
    task = office.ask("GET", f"/nhiem-vu/{paper.document('Kế hoạch số 5/KH-UBND')}/I.1").text
    assert "Nêu tên, dẫn chiếu không có số" in task and "Là Nghị quyết số 76/NQ-CP" in words_of(task)
    sent = office.decide(WORK, work, huy="1")
    assert sent.status_code == 302
    office.done()
    assert standings(read_entries(paper.journal))[1] != HOLDS and paper.strength("I.1") == "nêu tên"
    inner = paper.rows("SELECT id FROM dan_chieu WHERE loai = 'chính văn bản này'")
    assert not inner or office.ask("GET", f"/quyet-dinh/dan-chieu?{urlencode({'id': inner[0][0]})}").status_code == 404


def test_a_base_of_an_older_program_says_so(paper):
    with closing(paper.open().thing) as connection:
        for table in ("quyet_dinh", "quyet_dinh_can_xem"):
            for index in ("chuong_trinh", "dan_chieu"):
                connection.execute(f"DROP INDEX ix_{table}_{index}")
                connection.execute(f"ALTER TABLE {table} DROP COLUMN {index}")
        connection.execute("UPDATE thong_tin SET gia_tri = '6' WHERE ten = 'phien_ban_luoc_do'")
        connection.commit()
    office = Office(paper, edit=False)
    for path, status in (("/dan-chieu", 409), ("/can-xem-lai", 409), ("/soat", 200),
                         (f"/nhiem-vu/{paper.document('Kế hoạch số 5/KH-UBND')}/I.1", 200)):  # fmt: skip
        assert office.ask("GET", path).status_code == status
    cancu("decisions", "export", "--out", str(paper.base.parent / "x.csv"), "--db", str(paper.base), status=2)
    assert rows(paper.base, "SELECT count(*) FROM chuong_trinh") == [(3,)]
