"""Validity as of a day: by lists, by what the texts repeal and amend, by the years of a programme; made-up documents."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from test_cli import cancu, refused

from extract.effects import amended_provisions, ends_from, entry_into_force, overlap
from graph.corpus import build
from graph.files import register_file
from graph.register import store
from graph.register.model import Entry, ListFacts
from graph.store import open_base
from graph.validity import PART_ENDED, PART_STANDS, TOUCHED, UNSURE, UNTOUCHED, Event, Validity, validities, validity_on

MARKET = "Quyết định số 13/2016/QĐ-UBND ngày 08/3/2016 của UBND tỉnh Minh Họa"
STATION = "Quyết định số 30/2020/QĐ-UBND ngày 05/3/2020 của UBND tỉnh Minh Họa"
HEAD = "UBND TỈNH MINH HỌA\n\nSố: {number}\n\nMinh Họa, ngày {day} tháng {month} năm {year}\n\n{type}\n{title}\n\n"


def decision(number: str, date: str, title: str, body: str, type_: str = "QUYẾT ĐỊNH") -> str:
    year, month, day = date.split("-")
    return HEAD.format(number=number, day=day, month=month, year=year, type=type_, title=title) + body


class Kho:
    """A base of made-up texts and lists, and the validity of its documents by a piece of their number."""

    def __init__(self, folder: Path, *texts: str, lists: dict[str, list[Entry]] | None = None) -> None:
        self.base = folder / "kho.db"
        (folder / "kho").mkdir()
        for n, text in enumerate(texts):
            (folder / "kho" / f"{n}.md").write_text(text, encoding="utf-8")
        for source, entries in (lists or {}).items():
            name, _, day = source.partition(" @ ")
            store.save(register_file(self.base), ListFacts(name, day, "dm.csv", name), entries)
        build([folder / "kho"], self.base)

    def on(self, day: str, number: str) -> Validity:
        with closing(open_base(self.base)) as connection:
            rows = connection.execute(
                "SELECT id, ngay_ban_hanh FROM van_ban WHERE so_ky_hieu = ?", (number,)
            ).fetchall()
            assert len(rows) == 1, rows
            return validities(connection, dict(rows), day)[rows[0][0]]

    def rows(self, sql: str) -> list[tuple]:
        with closing(sqlite3.connect(self.base)) as connection:
            return connection.execute(sql).fetchall()


REPLACING = decision(
    "15/2023/QĐ-UBND", "2023-06-01", "Quy định về quản lý chợ",
    "Điều 1. Ban hành Quy định về quản lý chợ.\n\nĐiều 2. Quyết định này có hiệu lực thi hành kể từ ngày 15 tháng 6 năm"
    f" 2023 và thay thế {MARKET}.\n",
)  # fmt: skip
AMENDING = decision(
    "16/2023/QĐ-UBND", "2023-06-01", f"Sửa đổi, bổ sung một số điều của {STATION}",
    f"Điều 1. Sửa đổi, bổ sung một số điều của {STATION}\n\n1. Sửa đổi, bổ sung khoản 2 và khoản 3 Điều 5 như sau:\n\n"
    "“2. Bến xe báo cáo hằng quý.”\n\n2. Bổ sung Điều 6a vào sau Điều 6 như sau:\n\n“Điều 6a. Bãi đỗ.”\n\n"
    "Điều 2. Quyết định này có hiệu lực sau 10 ngày kể từ ngày ký.\n",
)  # fmt: skip


# --- what texts say -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Thông tư này có hiệu lực thi hành kể từ ngày 01 tháng 01 năm 2012.", "2012-01-01"),
        ("Nghị định này có hiệu lực từ ngày 05/3/2020.", "2020-03-05"),
        ("Quyết định này có hiệu lực thi hành sau 45 ngày, kể từ ngày ký.", "2011-12-26"),
        ("Quyết định này có hiệu lực kể từ ngày ký ban hành.", "2011-11-11"),
        ("Kế hoạch này hết hiệu lực kể từ ngày 01 tháng 01 năm 2012.", ""),
        ("Nghị định số 12/2010/NĐ-CP có hiệu lực từ ngày 05/3/2010.", ""),
    ],
)
def test_entry_into_force(text, day):
    found = entry_into_force(f"Điều 9. Hiệu lực\n1. {text}", "2011-11-11")
    assert (found.day if found else "") == day
    assert found is None or found.sentence.endswith(text[-12:])


def test_the_last_clause_of_entry_into_force_counts():
    text = "1. Sửa Điều 9: “Luật này có hiệu lực từ ngày 01/7/2015.”\nĐiều 2. Luật này có hiệu lực từ ngày 01/7/2020."
    assert entry_into_force(text, "").day == "2020-07-01"
    assert ends_from("Nghị định số 1/2010/NĐ-CP hết hiệu lực kể từ ngày 01 tháng 02 năm 2012.") == "2012-02-01"


def test_amended_provisions():
    text = (
        "1. Sửa đổi, bổ sung khoản 2 và bổ sung khoản 2a vào sau khoản 2 Điều 5 như sau:\n“khoản 9 Điều 9”\n"
        "a) Bãi bỏ điểm a, điểm b khoản 1 Điều 7;\n3. Bổ sung Điều 6a vào sau Điều 6.\nKhoản 4 Điều 8 vẫn giữ nguyên.\n"
        "4. Bãi bỏ khoản 1 Điều 3 Quyết định số 17/2018/QĐ-UBND.\n"
    )
    assert amended_provisions(text, 0, len(text)) == (
        "khoản 2 Điều 5", "khoản 2a Điều 5", "điểm a khoản 1 Điều 7", "điểm b khoản 1 Điều 7", "Điều 6a",
    )  # fmt: skip
    assert overlap("điểm a khoản 2 Điều 6", "Điều 6") and overlap("Điều 6", "khoản 2 Điều 6")
    assert (
        not overlap("khoản 1 Điều 6", "khoản 2 Điều 6")
        and not overlap("Điều 6", "Điều 6a")
        and not overlap("", "Điều 6")
    )


# --- repeals, replacements, amendments of the base ------------------------------------------------


def test_replaced_from_the_day_the_new_act_is_in_force(tmp_path):
    kho = Kho(tmp_path, REPLACING)
    ended = kho.on("2023-06-15", "13/2016/QĐ-UBND")
    assert (ended.word, ended.since) == ("Hết hiệu lực toàn bộ", "2023-06-15")
    assert ended.event.by_words == "Quyết định số 15/2023/QĐ-UBND" and "thay thế" in ended.event.sentence
    assert not ended.event.inferred
    before = kho.on("2023-06-14", "13/2016/QĐ-UBND")
    assert before.word == "Còn hiệu lực" and "hết hiệu lực toàn bộ từ ngày 15/06/2023" in before.remarks
    assert kho.on("2016-03-07", "13/2016/QĐ-UBND").word == "Chưa có hiệu lực"
    new = [kho.on(day, "15/2023/QĐ-UBND").word for day in ("2023-05-31", "2023-06-14", "2023-06-15")]
    assert new == ["Chưa có hiệu lực", "Chưa có hiệu lực", "Chưa xác định"]


def test_without_a_clause_the_day_of_the_act_counts_and_is_said_to_be_inferred(tmp_path):
    kho = Kho(tmp_path, decision("15/2023/QĐ-UBND", "2023-06-01", "Bãi bỏ văn bản", f"Điều 1. Bãi bỏ {MARKET}.\n"))
    ended = kho.on("2024-01-01", "13/2016/QĐ-UBND")
    assert (ended.word, ended.since) == ("Hết hiệu lực toàn bộ", "2023-06-01")
    assert any(remark.startswith("suy ra: ") and "ngày ban hành" in remark for remark in ended.remarks)


def test_repeal_of_a_part(tmp_path):
    kho = Kho(
        tmp_path, decision("15/2023/QĐ-UBND", "2023-06-01", "Bãi bỏ một phần", f"Điều 1. Bãi bỏ Điều 7 {MARKET}.\n")
    )
    partly = kho.on("2024-01-01", "13/2016/QĐ-UBND")
    assert partly.word == "Hết hiệu lực một phần" and partly.partly[0].parts == ("Điều 7",)
    assert partly.of_part(["khoản 1 Điều 7"]) == PART_ENDED and partly.of_part(["Điều 8"]) == PART_STANDS
    assert partly.of_part([]) == ""


def test_amended_is_to_be_reviewed_by_the_provisions_that_are_cited(tmp_path):
    kho = Kho(tmp_path, AMENDING)
    after = kho.on("2023-06-11", "30/2020/QĐ-UBND")
    assert (after.word, after.shown, after.shown_since) == ("Chưa xác định", "Cần xem lại", "2023-06-11")
    assert set(after.amendments[0].parts) == {"khoản 2 Điều 5", "khoản 3 Điều 5", "Điều 6a"}
    assert after.of_part(["điểm a khoản 2 Điều 5"]) == TOUCHED and after.of_part(["khoản 1 Điều 5"]) == UNTOUCHED
    before = kho.on("2023-06-10", "30/2020/QĐ-UBND")
    assert before.shown == "Chưa xác định" and "được sửa đổi, bổ sung từ ngày 11/06/2023" in before.remarks


def test_a_proposal_changes_nothing(tmp_path):
    text = decision("15/TTr-UBND", "2023-06-01", f"Đề nghị bãi bỏ {MARKET}", f"Điều 1. Bãi bỏ {MARKET}.\n", "TỜ TRÌNH")
    kho = Kho(tmp_path, text)
    assert kho.rows("SELECT count(*) FROM hieu_luc WHERE su_kien LIKE 'Hết hiệu lực%'") == [(0,)]
    assert kho.on("2024-01-01", "13/2016/QĐ-UBND").word == "Chưa xác định"


# --- lists ----------------------------------------------------------------------------------------


def listed(**more: str) -> Entry:
    return Entry(5, "13/2016/QĐ-UBND", type="Quyết định", date="2016-03-08", issuer="UBND tỉnh Minh Họa", **more)


CITING = decision("1/KH-UBND", "2024-06-01", "Công tác năm", f"I. NHIỆM VỤ\n\n- Thực hiện {MARKET}.\n", "KẾ HOẠCH")


@pytest.mark.parametrize(
    ("entry", "days"),
    [
        (listed(status="Còn hiệu lực", in_force="2016-03-18"),
         {"2016-03-10": "Chưa có hiệu lực", "2016-03-18": "Còn hiệu lực", "2025-01-01": "Còn hiệu lực"}),
        (listed(status="Hết hiệu lực toàn bộ", ended="2022-05-01"),
         {"2022-04-30": "Còn hiệu lực", "2022-05-01": "Hết hiệu lực toàn bộ"}),
        (listed(status="Hết hiệu lực toàn bộ"),
         {"2023-12-30": "Chưa xác định", "2023-12-31": "Hết hiệu lực toàn bộ"}),
        (listed(replaced_by="Quyết định số 20/2022/QĐ-UBND ngày 02/5/2022 của UBND tỉnh Minh Họa"),
         {"2022-05-01": "Còn hiệu lực", "2022-05-02": "Hết hiệu lực toàn bộ"}),
        (listed(status="Hết hiệu lực một phần", ended="2022-05-01", ended_parts="Điều 7"),
         {"2022-05-01": "Hết hiệu lực một phần", "2022-04-01": "Chưa xác định"}),
        (listed(status="Ngưng hiệu lực", ended="2022-05-01"), {"2022-06-01": "Ngưng hiệu lực"}),
        (listed(status="Chưa có hiệu lực"), {"2024-01-01": "Chưa xác định"}),
        (listed(status="Còn hiệu lực", ended="2030-01-01"),
         {"2024-01-01": "Còn hiệu lực", "2030-01-01": "Hết hiệu lực toàn bộ"}),
        (listed(), {"2024-01-01": "Chưa xác định"}),
    ],
)  # fmt: skip
def test_by_a_list(tmp_path, entry, days):
    kho = Kho(tmp_path, CITING, lists={"Sở Tư pháp @ 2023-12-31": [entry]})
    assert {day: kho.on(day, "13/2016/QĐ-UBND").word for day in days} == days


def test_who_says_so_stands_with_the_status(tmp_path):
    kho = Kho(tmp_path, CITING, lists={"Sở Tư pháp @ 2023-12-31": [listed(status="Còn hiệu lực")]})
    found = kho.on("2024-06-01", "13/2016/QĐ-UBND")
    assert (found.event.source, found.event.source_date) == ("Danh mục “Sở Tư pháp”", "2023-12-31")


def test_a_list_that_contradicts_a_repeal_is_told(tmp_path):
    kho = Kho(tmp_path, REPLACING, lists={"Sở Tư pháp @ 2023-12-31": [listed(status="Còn hiệu lực")]})
    found = kho.on("2024-06-01", "13/2016/QĐ-UBND")
    assert found.word == "Hết hiệu lực toàn bộ" and any("cần đối chiếu" in remark for remark in found.remarks)


def test_amended_by_a_list_whose_parts_are_not_told(tmp_path):
    entry = listed(
        status="Còn hiệu lực", amended_by="Quyết định số 9/2020/QĐ-UBND ngày 01/02/2020 của UBND tỉnh Minh Họa"
    )
    found = Kho(tmp_path, CITING, lists={"Sở @ 2023-12-31": [entry]}).on("2024-06-01", "13/2016/QĐ-UBND")
    assert (found.word, found.shown) == ("Còn hiệu lực", "Cần xem lại") and found.of_part(["Điều 7"]) == UNSURE


# --- programmes -----------------------------------------------------------------------------------


def test_a_programme_whose_years_are_over(tmp_path):
    cited = "Quyết định số 40/QĐ-UBND ngày 06/3/2021 của UBND tỉnh Minh Họa phê duyệt Đề án phát triển chợ giai đoạn 2021-2023"
    kho = Kho(
        tmp_path, decision("1/KH-UBND", "2024-06-01", "Công tác", f"I. NHIỆM VỤ\n\n- Thực hiện {cited}.\n", "KẾ HOẠCH")
    )
    assert kho.on("2023-12-31", "40/QĐ-UBND").period is None
    over = kho.on("2024-01-01", "40/QĐ-UBND")
    assert over.shown == "Hết giai đoạn" and over.period.since == "2024-01-01"


def test_the_sentence_that_cites_tells_the_years_of_a_programme_without_a_title(tmp_path):
    body = "I. NHIỆM VỤ\n\n- Thực hiện Đề án phát triển chợ giai đoạn 2021-2023 (Quyết định số 40/QĐ-UBND ngày 06/3/2021 của UBND tỉnh).\n"
    kho = Kho(tmp_path, decision("1/KH-UBND", "2024-06-01", "Công tác", body, "KẾ HOẠCH"))
    over = kho.on("2024-01-01", "40/QĐ-UBND")
    assert over.shown == "Hết giai đoạn" and over.period.source == "Kế hoạch số 1/KH-UBND"
    assert "giai đoạn 2021-2023 (Quyết định số 40/QĐ-UBND" in over.period.sentence
    assert kho.on("2023-12-31", "40/QĐ-UBND").period is None


def test_a_report_on_a_phase_does_not_run_out(tmp_path):
    report = decision("5/BC-UBND", "2021-03-01", "Phát triển chợ giai đoạn 2021-2022", "Nội dung.\n", "BÁO CÁO")
    looking_back = decision(
        "6/KH-UBND", "2021-03-01", "Tổng kết Đề án chợ giai đoạn 2017-2021", "Nội dung.\n", "KẾ HOẠCH"
    )
    kho = Kho(tmp_path, report, looking_back)
    assert kho.rows("SELECT 1 FROM hieu_luc WHERE su_kien = 'Hết giai đoạn'") == []


# --- checks that ask the base ---------------------------------------------------------------------

DRAFT = decision(
    "22/KH-UBND", "2024-08-10", "Công tác năm 2024",
    f"Căn cứ {MARKET} về chợ;\n\nI. NHIỆM VỤ\n\n- Thực hiện Kế hoạch số 3668/KH-UBND của UBND tỉnh.\n\n"
    f"- Thực hiện khoản 2 Điều 5 {STATION}.\n\n- Thực hiện Điều 9 {STATION}.\n\n"
    "- Thực hiện Quyết định số 50/QĐ-UBND ngày 06/3/2021 của UBND tỉnh.\n\n"
    "- Theo Điều 12 Quyết định số 18/2023/QĐ-UBND ngày 01/6/2023 của UBND tỉnh.\n", "KẾ HOẠCH",
)  # fmt: skip
WHOLE = decision(
    "18/2023/QĐ-UBND", "2023-06-01", "Quy định về bãi đỗ", "".join(f"Điều {n}. Bãi đỗ số {n}.\n\n" for n in range(1, 6))
)
LISTS = {
    "Sở Tư pháp @ 2023-12-31": [
        Entry(4, "3668/KH-UBND", date="2019-03-05", issuer="UBND tỉnh Minh Họa", ended="2022-01-01",
              replaced_by="Kế hoạch số 12/KH-UBND ngày 10/01/2022"),
        Entry(5, "50/QĐ-UBND", date="2021-03-07", issuer="UBND tỉnh Minh Họa"),
    ]
}  # fmt: skip
ASKED = ("act-not-in-force", "provision-not-in-force", "other-date-known", "no-such-article")


def asked(folder: Path, *arguments: str) -> list[tuple[str, str]]:
    (folder / "draft.md").write_text(DRAFT, encoding="utf-8")
    done = cancu("check", "draft.md", "--json", *arguments, cwd=folder)
    return [(f["rule"], f["found"]) for f in json.loads(done.stdout)["findings"] if f["rule"] in ASKED]


def test_a_draft_is_checked_against_base_and_register(tmp_path):
    Kho(tmp_path, REPLACING, AMENDING, WHOLE, lists=LISTS)
    assert asked(tmp_path, "--db", "kho.db") == [
        ("act-not-in-force", MARKET),
        ("act-not-in-force", "Kế hoạch số 3668/KH-UBND của UBND tỉnh"),
        ("provision-not-in-force", STATION),
        ("other-date-known", "Quyết định số 50/QĐ-UBND ngày 06/3/2021"),
        ("no-such-article", "Điều 12 Quyết định số 18/2023/QĐ-UBND"),
    ]
    assert asked(tmp_path) == []  # no base is named: nothing is known
    done = cancu("check", "draft.md", "--db", "kho.db", cwd=tmp_path)
    assert "Quyết định số 15/2023/QĐ-UBND ngày 01/6/2023 của UBND tỉnh Minh Họa quy định về quản lý chợ" in done.stdout
    refused(cancu("check", "draft.md", "--db", "khac.db", cwd=tmp_path), "khac.db")


def test_findings_of_a_base_ask_the_register(tmp_path):
    kho = Kho(tmp_path, DRAFT, lists=LISTS)
    marks = ", ".join(f"'{rule}'" for rule in ASKED)
    found = kho.rows(f"SELECT quy_tac FROM phat_hien WHERE quy_tac IN ({marks}) ORDER BY bat_dau")
    assert found == [("act-not-in-force",), ("other-date-known",)]


def test_who_repeals_an_act_or_says_that_it_is_gone_is_not_warned(tmp_path):
    Kho(tmp_path, REPLACING)
    for words in (f"Bãi bỏ {MARKET}.", f"Thay thế {MARKET}.", f"Trước đây thực hiện {MARKET} (đã hết hiệu lực)."):
        (tmp_path / "d.md").write_text(
            decision("9/QĐ-UBND", "2024-08-10", "Về chợ", f"Điều 1. {words}\n"), encoding="utf-8"
        )
        done = cancu("check", "d.md", "--db", "kho.db", "--json", cwd=tmp_path)
        assert "act-not-in-force" not in done.stdout, words


def test_a_document_of_before_the_repeal_is_not_warned(tmp_path):
    Kho(tmp_path, REPLACING)
    text = decision("9/KH-UBND", "2023-06-14", "Về chợ", f"Căn cứ {MARKET} về chợ;\n", "KẾ HOẠCH")
    (tmp_path / "d.md").write_text(text, encoding="utf-8")
    assert "act-not-in-force" not in cancu("check", "d.md", "--db", "kho.db", "--json", cwd=tmp_path).stdout


def rules_said(folder: Path, body: str) -> list[tuple[str, str]]:
    (folder / "d.md").write_text(decision("9/KH-UBND", "2024-08-10", "Về chợ", body, "KẾ HOẠCH"), encoding="utf-8")
    found = json.loads(cancu("check", "d.md", "--db", "kho.db", "--json", cwd=folder).stdout)["findings"]
    return [(f["rule"], f["message"]) for f in found if f["rule"] in ASKED]


@pytest.mark.parametrize(
    "words",
    [
        f"Thực hiện {MARKET} và các văn bản sửa đổi, bổ sung, thay thế (nếu có).",
        f"Mua phụ tùng thay thế theo {MARKET} về chợ.",
        f"Thực hiện {MARKET} về bãi bỏ một số khoản thu.",
        f"Thực hiện {MARKET} (đã được sửa đổi, bổ sung một số điều).",
    ],
)
def test_words_near_by_that_do_not_say_that_the_act_is_gone(tmp_path, words):
    Kho(tmp_path, REPLACING)
    assert [rule for rule, _ in rules_said(tmp_path, f"I. NHIỆM VỤ\n\n- {words}\n")] == ["act-not-in-force"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (f"Theo Quyết định số 5/2010/QĐ-UBND đã được sửa đổi, bổ sung một số điều theo {MARKET}.", []),
        (f"Bổ sung Quy chế chợ theo {MARKET}.", ["act-not-in-force"]),
    ],
)
def test_an_act_named_because_it_amended_another_is_no_basis(tmp_path, words, told):
    Kho(tmp_path, REPLACING)
    assert [rule for rule, _ in rules_said(tmp_path, f"I. NHIỆM VỤ\n\n- {words}\n")] == told


def test_each_changed_provision_is_told_with_the_act_that_changed_it(tmp_path):
    later = decision(
        "19/2023/QĐ-UBND", "2023-09-01", f"Sửa đổi, bổ sung Điều 8 của {STATION}",
        f"Điều 1. Sửa đổi, bổ sung một số điều của {STATION}\n\n1. Sửa đổi, bổ sung Điều 8 như sau:\n\n“Điều 8. Bến.”\n\n"
        "Điều 2. Quyết định này có hiệu lực sau 10 ngày kể từ ngày ký.\n",
    )  # fmt: skip
    Kho(tmp_path, AMENDING, later)
    said = rules_said(
        tmp_path,
        f"I. NHIỆM VỤ\n\n- Theo khoản 2 Điều 5 {STATION}.\n\n- Theo Điều 8 {STATION}.\n\n- Theo Điều 9 {STATION}.\n\n"
        f"- Theo khoản 3 Điều 5 {STATION} và văn bản sửa đổi, bổ sung.\n",
    )
    assert [rule for rule, _ in said] == ["provision-not-in-force"] * 2
    assert "16/2023/QĐ-UBND" in said[0][1] and "19/2023/QĐ-UBND" in said[1][1]


# --- the rule itself ------------------------------------------------------------------------------


def test_no_event_at_all_is_no_validity():
    found = validity_on("2024-01-01", "2020-01-01", [])
    assert found.word == "Chưa xác định" and found.remarks


def test_of_two_ends_the_dated_one_tells_since_when():
    undated = Event("Hết hiệu lực toàn bộ", "2023-12-31", inferred="danh mục không ghi từ ngày nào; …", listed=True)
    dated = Event("Hết hiệu lực toàn bộ", "2024-05-01", source="B")
    found = validity_on("2024-06-01", "2020-01-01", [undated, dated])
    assert (found.since, found.event) == ("2024-05-01", dated)


# --- what does not end an act -----------------------------------------------------------------------


def ended(tmp_path: Path, words: str, after: str = "") -> list[tuple[str, str]]:
    """Return the events of Quyết định số 20/2020/QĐ-UBND in a base of one later decision that says ``words``."""
    folder = tmp_path / "kho"
    folder.mkdir(exist_ok=True)
    (folder / "sau.txt").write_text(
        "ỦY BAN NHÂN DÂN\nTỈNH MINH HỌA\n\nSố: 31/2024/QĐ-UBND\n\nMinh Họa, ngày 10 tháng 5 năm 2024\n\nQUYẾT ĐỊNH\n\n"
        f"Về chợ\n\n{words} Quyết định số 20/2020/QĐ-UBND ngày 02/02/2020 của UBND tỉnh Minh Họa{after or ' về chợ'}",
        encoding="utf-8",
    )
    base = tmp_path / "kho.db"
    build([folder], base)
    with closing(sqlite3.connect(base)) as connection:
        return connection.execute(
            "SELECT su_kien, quan_he FROM hieu_luc WHERE van_ban LIKE 'quyet-dinh-20-2020%' AND quan_he IS NOT NULL"
        ).fetchall()


def test_what_an_act_sets_out_may_end_without_the_act(tmp_path):
    assert ended(tmp_path, "Điều 1. Bãi bỏ") == [("Hết hiệu lực toàn bộ", "repeals")]
    assert ended(tmp_path, "Điều 1. Bãi bỏ thủ tục cấp giấy phép quy định tại") == [
        ("Hết hiệu lực một phần", "repeals")
    ]
    assert ended(tmp_path, "Điều 1. Bãi bỏ thủ tục cấp giấy phép quy\nđịnh tại") == [
        ("Hết hiệu lực một phần", "repeals")
    ]


def test_the_day_on_which_another_act_ends_is_no_repeal(tmp_path):
    words = "Điều 2. Quyết định này có hiệu lực từ ngày 20/5/2024. Điều 3 có hiệu lực từ ngày"
    assert ended(tmp_path, words, after=" hết hiệu lực.") == []
