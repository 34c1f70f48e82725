"""Findings of a base that need its other texts: the same that the command says of each text with that base."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from making import rows
from test_validity import AMENDING, DRAFT, LISTS, MARKET, REPLACING, STATION, WHOLE, Kho, decision

from extract.pipeline import extract_text
from extract.text import squeeze
from graph.check import check
from graph.corpus import build
from graph.files import register_file
from graph.known import BaseKnown
from graph.register.index import Register
from graph.schema import WAITING
from graph.store import open_base

ASKING = ("act-not-in-force", "provision-not-in-force", "other-date-known", "no-such-article")
UNDATED = (
    f"KẾ HOẠCH\n\nCông tác quý III\n\nCăn cứ {MARKET} về chợ;\n\nI. NHIỆM VỤ\n\n- Thực hiện khoản 2 Điều 5 {STATION}.\n"
)
EARLIER = decision("9/KH-UBND", "2023-06-14", "Về chợ", f"Căn cứ {MARKET} về chợ;\n", "KẾ HOẠCH")
TELLING = decision(
    "17/2024/QĐ-UBND", "2024-09-10", "Về chợ", f"Điều 1. Bãi bỏ {STATION}.\n\nTrước đây thực hiện {MARKET} (đã hết hiệu lực).\n"
)  # fmt: skip


def told(base: Path) -> dict[str, list[tuple]]:
    """Return the findings of each text of a base, by what tells them apart, in their order."""
    found: dict[str, list[tuple]] = {}
    with closing(open_base(base)) as connection:
        for text, _ in connection.execute("SELECT van_ban, duong_dan FROM tep").fetchall():
            found[text] = connection.execute(
                "SELECT quy_tac, muc_do, bat_dau, ket_thuc, thong_bao, ung_vien, muc, do_tin_cay FROM phat_hien"
                " WHERE van_ban = ? ORDER BY id", (text,)
            ).fetchall()  # fmt: skip
    return found


def asked(base: Path) -> dict[str, list[tuple]]:
    """Return what a check of the same texts says with the base and the register beside it."""
    found: dict[str, list[tuple]] = {}
    register = Register(register_file(base))
    with closing(open_base(base)) as connection:
        for text, words in connection.execute("SELECT van_ban, noi_dung FROM tep").fetchall():
            facts = extract_text(words)
            known = BaseKnown(connection, register, facts.header)
            found[text] = [
                (
                    f.rule, f.severity, f.start, f.end, f.message, " hoặc ".join(f"“{squeeze(c)}”" for c in f.candidates),
                    f"{text}#{f.unit}" if f.unit else None, f.confidence,
                )
                for f in check(facts, date.today().isoformat(), known)
            ]  # fmt: skip
    return found


def rules_of(found: list[tuple]) -> list[str]:
    return [row[0] for row in found if row[0] in ASKING]


@pytest.mark.parametrize("lists", [{}, LISTS], ids=["texts alone", "with a register"])
@pytest.mark.parametrize("turned", [False, True], ids=["the repealed cited first", "the repealing read first"])
def test_a_base_says_of_each_text_what_the_command_says_with_it(tmp_path, lists, turned):
    texts = [DRAFT, UNDATED, EARLIER, TELLING, REPLACING, AMENDING, WHOLE]
    kho = Kho(tmp_path, *(reversed(texts) if turned else texts), lists=lists)
    found = told(kho.base)
    assert found == asked(kho.base) and len(found) == len(texts)
    of = dict(kho.rows("SELECT so_in, van_ban FROM tep"))
    expected = ["act-not-in-force", "provision-not-in-force", "no-such-article"]
    if lists:
        expected = [
            "act-not-in-force",
            "act-not-in-force",
            "provision-not-in-force",
            "other-date-known",
            "no-such-article",
        ]
    assert rules_of(found[of["22/KH-UBND"]]) == expected
    # the station's decision is repealed as a whole by another text before the day of the build, on which an undated text is read
    assert rules_of(found[of[""]]) == ["act-not-in-force", "act-not-in-force"]
    assert rules_of(found[of["9/KH-UBND"]]) == [], "in force on the document's own day"
    assert rules_of(found[of["17/2024/QĐ-UBND"]]) == [], "it repeals the one and knows that the other is gone"


def test_late_findings_stand_in_the_order_of_the_text_and_are_numbered_so(tmp_path):
    kho = Kho(tmp_path, DRAFT, REPLACING, AMENDING, WHOLE)
    (text,) = kho.rows("SELECT van_ban FROM tep WHERE so_in = '22/KH-UBND'")[0]
    found = kho.rows(f"SELECT id, bat_dau, cau, nguyen_van, muc FROM phat_hien WHERE van_ban = '{text}' ORDER BY id")
    assert [row[0] for row in found] == [f"{text}#f{n:02d}" for n in range(1, len(found) + 1)]
    assert [row[1] for row in found] == sorted(row[1] for row in found)
    assert all(sentence and quote in sentence for _, _, sentence, quote, _ in found if "⏎" not in quote)
    counted = dict(kho.rows("SELECT ten, so FROM so_dem WHERE ten LIKE 'quy tắc: %'"))
    assert counted["quy tắc: act-not-in-force"] == 1, "they are counted with the others"


def test_the_waiting_rows_are_gone_and_a_second_build_says_the_same(tmp_path):
    kho = Kho(tmp_path, DRAFT, REPLACING, AMENDING)
    before = kho.rows("SELECT * FROM phat_hien ORDER BY id")
    assert not kho.rows(f"SELECT 1 FROM sqlite_master WHERE name = '{WAITING.name}'")
    (tmp_path / "kho" / "9.md").write_text(EARLIER, encoding="utf-8")
    build([tmp_path / "kho"], kho.base)
    assert [row for row in kho.rows("SELECT * FROM phat_hien ORDER BY id") if "9-kh-ubnd" not in row[0]] == before


def test_the_repeal_that_goes_away_takes_its_finding_along(tmp_path):
    kho = Kho(tmp_path, DRAFT, REPLACING)
    assert ("act-not-in-force",) in kho.rows("SELECT quy_tac FROM phat_hien")
    (tmp_path / "kho" / "1.md").unlink()
    build([tmp_path / "kho"], kho.base)
    assert ("act-not-in-force",) not in kho.rows("SELECT quy_tac FROM phat_hien")


def test_the_real_plan_says_the_same_in_its_base(plan_base):
    assert told(plan_base) == asked(plan_base)
    assert not [r for (r,) in rows(plan_base, "SELECT quy_tac FROM phat_hien") if r in ASKING]


def test_a_real_plan_beside_a_text_that_repeals_what_it_rests_on(tmp_path, plan_path):
    """The decision on the department's tasks, which the plan cites among its bases, is replaced by a made-up one."""
    repealing = (
        "ỦY BAN NHÂN DÂN TỈNH TÂY NINH\n\nSố: 1/2024/QĐ-UBND\n\nTây Ninh, ngày 02 tháng 01 năm 2024\n\nQUYẾT ĐỊNH\n\n"
        "Quy định chức năng, nhiệm vụ\n\nĐiều 1. Quyết định này có hiệu lực từ ngày 02 tháng 01 năm 2024 và thay thế {}.\n"
    )
    facts = extract_text(plan_path.read_text(encoding="utf-8"))
    basis = next(c for c in facts.citations if c.relation == "based_on" and "QĐ-UBND" in c.mention.number)
    full = facts.source.text[basis.mention.start : basis.mention.tail]
    (tmp_path / "kho").mkdir()
    (tmp_path / "kho" / "a.md").write_text(plan_path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "kho" / "b.md").write_text(repealing.format(full), encoding="utf-8")
    build([tmp_path / "kho"], tmp_path / "kho.db")
    assert told(tmp_path / "kho.db") == asked(tmp_path / "kho.db")
    with closing(sqlite3.connect(tmp_path / "kho.db")) as connection:
        found = connection.execute("SELECT nguyen_van FROM phat_hien WHERE quy_tac = 'act-not-in-force'").fetchall()
    assert len(found) == 1 and basis.mention.number in found[0][0]
