"""Soát căn cứ: every rule by the examples of its row, the real plan by its list, any text without a crash."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from test_cli import cancu, refused
from test_properties import TEXTS

from extract.effects import overlap
from extract.pipeline import extract_text
from extract.tables import read_table
from extract.terms import meeting
from extract.text import normalise
from graph.check import SEVERITIES, check, rules
from graph.check.known import KnownAct
from graph.check.types import type_symbols
from graph.check.works import plenums
from graph.validity import TOUCHED

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "gold" / "seed.json"
RECORDED = ROOT / "tests" / "expected" / "checks-ke-hoach-khcn-tay-ninh-2024.json"
RULE_OF = {
    "own-number-blank": "own-number-blank",
    "own-date-incomplete": "own-date-incomplete",
    "bases-not-one-per-line": "bases-not-one-per-line",
    "vague-citation": "vague-citation",
    "missing-title-first-citation": "missing-title-first-citation",
    "unnumbered-named-document": "unnumbered-named-document",
    "wrong-term-of-congress": "wrong-term-of-congress",
    "party-form-on-government-number": "party-form-on-government-number",
    "missing-so": "missing-so",
    "missing-date": "missing-date",
    "ampersand-in-symbol": "ampersand-in-symbol",
    "citation-broken-across-paragraphs": "citation-broken",
}
LEVELS = {"error": {"bắt buộc sửa"}, "warning": {"cần đối chiếu", "nên sửa"}, "info": {"biên tập"}}


class ExampleActs:
    """The made-up acts that the examples of the checks may cite, as a base and a register would know them."""

    def act(self, document, day, pinpoint):
        row = next((r for r in read_table("example_acts", "graph.tables") if r["number"] == document.number), None)
        if row is None or (row["since"] and day < row["since"]):
            return None
        touched = row["parts"] and any(overlap(row["parts"], one) for one in pinpoint)
        return KnownAct(
            row["how"], row["since"], row["by"], row["source"], TOUCHED if touched else "", row["date"],
            "toàn văn trong kho", frozenset(range(1, int(row["articles"]) + 1)) if row["articles"] else None,
        )  # fmt: skip


def found_in(text: str, as_of: str = ""):
    return check(extract_text(text.replace("⏎", "\n")), as_of, ExampleActs())


def rows(name: str):
    return [pytest.param(row, id=next(iter(row.values()))) for row in read_table(name, "graph.tables")]


# --- the tables -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [pytest.param(r, id=r.id) for r in rules().values()])
def test_check_row(rule):
    """One finding where it must fire, none where it must not; what is certain to write passes when written."""
    fired = [f for f in found_in(rule.fires) if f.rule == rule.id]
    assert len(fired) == 1, [f.rule for f in found_in(rule.fires)]
    assert not [f for f in found_in(rule.silent) if f.rule == rule.id]
    (finding,) = fired
    assert finding.severity == rule.severity and finding.severity in SEVERITIES
    assert "{" not in finding.message and rule.sources[""] and rule.number in {*range(1, 25), 26}
    assert rule.yields_to <= set(rules())
    if finding.expected:
        text = rule.fires.replace("⏎", "\n")
        mended = text[: finding.start] + finding.expected + text[finding.end :]
        assert not [f for f in found_in(mended) if f.rule == rule.id]


@pytest.mark.parametrize("row", rows("type_symbols"))
def test_type_symbol_row(row):
    """A symbol goes with each of its words, and with the word of another type it does not."""
    assert row["source"]
    for code in row["codes"].split("|"):
        assert code.upper() in type_symbols()
        for word in row["words"].split("|"):
            text = f"Theo {word} số 12/{code}-UBND ngày 02/02/2024 của UBND tỉnh về chợ."
            assert not [f for f in found_in(text) if f.rule in ("type-and-symbol", "number-of-carrier")]


@pytest.mark.parametrize("row", rows("plenums"))
def test_plenum_row(row):
    """The example names another term, and the finding tells this one; with the right term there is none."""
    (finding,) = [f for f in found_in(row["example"]) if f.rule == "wrong-term-of-congress"]
    assert finding.expected == f"khóa {row['term']}" and row["number"] in finding.message
    right = row["example"][: finding.start] + finding.expected + row["example"][finding.end :]
    assert not [f for f in found_in(right) if f.rule == "wrong-term-of-congress"]
    assert meeting(f"Hội nghị Trung ương {row['plenum']} khóa {row['term']}") is not None
    assert row["source"].startswith(("đối chiếu đủ", "đối chiếu một phần"))
    assert len(plenums()) == len(read_table("plenums", "graph.tables"))


def test_forms_right_and_wrong():
    """Forms that offices use without fault, old and odd ones too, and faults: each found by its rule alone."""
    with (ROOT / "tests" / "expected" / "check_forms.csv").open(encoding="utf-8", newline="") as lines:
        forms = list(csv.DictReader(lines))
    for row in forms:
        found = {f.rule for f in found_in(f"Thực hiện {row['cited']}.", "2026-12-01")}
        assert "|".join(sorted(r for r in found if not r.endswith("first-citation"))) == row["rules"], row["cited"]
    assert sum(not row["rules"] for row in forms) > 40


HEAD = "UBND TỈNH MINH HỌA\nSố: {number}\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nMinh Họa, ngày 10 tháng 5 năm 2024\n\n"


@pytest.mark.parametrize(
    ("number", "title", "rules_found"),
    [
        ("55/QĐ-UBND", "QUYẾT ĐỊNH", []),
        ("55/2024/QĐ-UBND", "QUYẾT ĐỊNH", []),
        ("55/QĐ-UBND", "ĐỀ ÁN", []),  # a work bears the number of the decision
        ("55/2024/CT-UBND", "QUYẾT ĐỊNH", ["type-and-symbol"]),
        ("55/QĐUBND", "QUYẾT ĐỊNH", ["separator-misplaced"]),
        ("55-QĐ/UBND", "QUYẾT ĐỊNH", ["party-form-on-government-number"]),
        ("55/QD-UBND", "QUYẾT ĐỊNH", ["d-without-stroke"]),
        ("55/2023/QĐ-UBND", "QUYẾT ĐỊNH", ["year-of-number"]),
    ],
)
def test_a_document_s_own_number_is_checked_too(number, title, rules_found):
    text = f"{HEAD.format(number=number)}{title}\nVề việc phát triển chợ\n\nĐiều 1. Phát triển chợ.\n"
    assert [f.rule for f in found_in(text)] == rules_found


@pytest.mark.parametrize(
    ("cited", "rules_found"),
    [
        ("Nghị định số 63/2010/NĐ-CP ngày 08/6/20210 của Chính phủ về chợ", {"impossible-date"}),
        ("Nghị định số 63/2010/NĐ-CP ngày 08 tháng 6 năm 201 của Chính phủ về chợ", {"impossible-date"}),
        ("Quyết định số 64/QĐ-BCT ngày 14/8/2025 của Ủy ban nhân thành phố Minh Họa về chợ", {"symbol-and-issuer"}),
        ("Công văn số 1161/UBNDYT ngày 17/8/2023 của UBND tỉnh", {"separator-misplaced"}),
        ("Hướng dẫn số 624/HD.PGDĐT ngày 07/9/2017 của Phòng Giáo dục và Đào tạo về chợ", {"separator-misplaced"}),
        ("Nghị định số 99/2010 NĐ-CP ngày 24/9/2010 của Chính phủ", {"separator-misplaced"}),
        ("Công văn số 1161/UBNDTP ngày 17/8/2023 của UBND thành phố", set()),
    ],
)
def test_slips_of_the_finger(cited, rules_found):
    assert {f.rule for f in found_in(f"Thực hiện {cited}.")} == rules_found


def test_a_letter_without_its_stroke_is_told_by_the_other_numbers_of_the_text():
    alone = "Thực hiện Công văn số 12/PGDDT-VP ngày 03/9/2021 của Phòng GD&ĐT về dạy học."
    assert "d-without-stroke" not in {f.rule for f in found_in(alone)}
    both = alone + " Thực hiện Công văn số 40/PGDĐT-VP ngày 26/10/2021 của Phòng GD&ĐT về dạy học."
    assert [f.candidates or f.expected for f in found_in(both) if f.rule == "d-without-stroke"]


def test_what_a_site_sets_around_a_text_and_where_it_was_cut_is_no_fault():
    text = HEAD.format(number="55/QĐ-UBND") + "QUYẾT ĐỊNH\nVề chợ\n\nTheo Quyết định số 20/QĐ-UBND ngày 02/02/2024 của "
    text += "UBND tỉnh Minh Họa về chợ.\n"
    assert not found_in(text + "- 2 Công văn 1477/TTg-KTN về chợ do Thủ tướng Chính phủ ban hành\n")
    assert not found_in(text + "Theo đề nghị của Sở Nội vụ tại Tờ trình số 86/TTr-SNV ngà")
    assert not found_in(text.replace("Theo", "Theo Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ về công tác "
                                     "văn thư (sau đây gọi tắt là Nghị định 30/2020/NĐ-CP) và"))  # fmt: skip


# --- the real plan --------------------------------------------------------------------------------


def anomalies() -> list[dict]:
    """The faults of the real plan: from the shared list where it is, else as recorded."""
    if not SHARED.exists():
        return json.loads(RECORDED.read_text(encoding="utf-8"))["anomalies"]
    listed = json.loads(SHARED.read_text(encoding="utf-8"))["anomalies"]
    return [
        {"code": a["code"], "severity": a["severity"], "start": a["span"]["start"], "end": a["span"]["end"]}
        for a in listed
    ]


def test_the_real_plan(plan):
    """All errors and warnings of the list, each once, at its place and level; nothing that the list does not have."""
    found = check(plan)
    assert len(found) <= 45
    left = list(found)
    for anomaly in anomalies():
        if anomaly["severity"] == "info":
            continue
        (finding,) = [
            f for f in left
            if (f.rule, f.start, f.end) == (RULE_OF[anomaly["code"]], anomaly["start"], anomaly["end"])
        ]  # fmt: skip
        assert finding.severity in LEVELS[anomaly["severity"]], anomaly
        left.remove(finding)
    assert [(f.rule, f.severity, f.unit) for f in left] == [("type-symbol-not-in-table", "biên tập", "II.5.4")]


def test_mending_what_is_certain_leaves_the_rest(plan):
    """Written as proposed, the plan has none of these faults, and no new one."""
    found = check(plan)
    text = plan.source.text
    for finding in sorted(found, key=lambda f: -f.start):
        if finding.expected:
            text = text[: finding.start] + finding.expected + text[finding.end :]
    left = [(f.rule, f.unit) for f in check(extract_text(text))]
    assert left == [(f.rule, f.unit) for f in found if not f.expected]


def test_the_recorded_list_is_the_shared_one():
    if not SHARED.exists():
        pytest.skip("the shared list is not here")
    assert json.loads(RECORDED.read_text(encoding="utf-8"))["anomalies"] == anomalies()


# --- any text -------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_any_text_is_checked_with_exact_offsets(raw):
    facts = extract_text(raw)
    text = facts.source.text
    found = check(facts, "2026-01-01")
    assert text == normalise(raw)
    for finding in found:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.found == text[finding.start : finding.end]
        assert finding.severity in SEVERITIES and 0 < finding.confidence <= 1
        assert not (finding.expected and finding.expected == finding.found)
    assert [f.start for f in found] == sorted(f.start for f in found)
    assert len({(f.rule, f.start, f.end) for f in found}) == len(found)
    assert check(facts, "2026-01-01") == found


# --- kinds of documents, and days ------------------------------------------------------------------

PLAN = "Số: 12/KH-SMH\nMinh Họa, ngày 10 tháng 5 năm 2024\n\nKẾ HOẠCH\nTriển khai công tác năm 2024\n\n"
UNDATED = "Triển khai Kế hoạch số 3668/KH-UBND của UBND tỉnh về hội chợ."


def levels(text: str, rule: str, as_of: str = "") -> list[str]:
    return [f.severity for f in found_in(text, as_of) if f.rule == rule]


def test_a_draft_may_be_blank_and_an_issued_text_may_not():
    blank = PLAN.replace("12/KH", "/KH").replace("ngày 10 tháng", "ngày    tháng") + "Thực hiện nhiệm vụ."
    for rule in ("own-number-blank", "own-date-incomplete"):
        assert levels(blank, rule) == ["bắt buộc sửa"]
        assert levels("DỰ THẢO\n\n" + blank, rule) == ["biên tập"]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (PLAN + UNDATED, ["bắt buộc sửa"]),
        (PLAN.replace("2024", "2019") + UNDATED, ["cần đối chiếu"]),  # before NĐ 30/2020
        (PLAN.replace("KẾ HOẠCH", "BÁO CÁO").replace("KH-", "BC-") + UNDATED, ["cần đối chiếu"]),
        (UNDATED, ["nên sửa"]),  # a cut-out
        (PLAN + "PHỤ LỤC\n\n" + UNDATED, []),
        (PLAN + f"Nội dung: “{UNDATED}”", []),
        (PLAN + "Triển khai Kế hoạch số 66/KH-UBND và Kế hoạch số 67/KH-UBND ngày 02/02/2024 của UBND tỉnh.", []),
    ],
)
def test_a_missing_date_weighs_as_kind_and_day_tell(text, severity):
    assert levels(text, "missing-date") == severity


CONSOLIDATED = (
    "Số: 10/VBHN-BTC\nHà Nội, ngày 10 tháng 5 năm 2018\n\nTHÔNG TƯ\nQuy định về phí\n\nĐiều 1. Phí\n\n"
    "Theo Thông tư số 12/2020/TT-BTC ngày 02/02/2020 của Bộ Tài chính về phí.\n"
)


def test_a_consolidated_text_cites_later_documents():
    assert levels(CONSOLIDATED, "cited-after-own-date") == []
    assert levels(CONSOLIDATED.replace("10/VBHN-BTC", "10/2018/TT-BTC"), "cited-after-own-date") == ["bắt buộc sửa"]


def test_a_document_without_a_day_is_read_on_the_day_told():
    text = "Thực hiện Quyết định số 20/QĐ-UBND ngày 15/8/2030 của UBND tỉnh Minh Họa về hội."
    assert levels(text, "cited-after-own-date", "2026-01-01") == ["bắt buộc sửa"]
    assert levels(text, "cited-after-own-date", "2031-01-01") == levels(text, "cited-after-own-date") == []


@pytest.mark.parametrize(
    ("cited", "fires"),
    [
        ("Quyết định số 15/QĐ-UBND ngày 12/10/2025 của UBND huyện An Bình về chợ", True),
        ("Quyết định số 15/QĐ-UBND ngày 12/5/2025 của UBND huyện An Bình về chợ", False),
        ("Quyết định số 15/QĐ-UBND ngày 12/10/2025 của UBND tỉnh Long An về chợ", True),
        ("Quyết định số 15/QĐ-UBND ngày 12/5/2025 của UBND tỉnh Long An về chợ", False),
        ("Quyết định số 15/QĐ-UBND ngày 12/10/2025 của UBND tỉnh Tây Ninh về chợ", False),
        ("Thông tư số 15/2025/TT-BGTVT ngày 28/02/2025 của Bộ Giao thông vận tải về chợ", False),
        ("Thông tư số 15/2025/TT-BGTVT ngày 02/4/2025 của Bộ Giao thông vận tải về chợ", True),
    ],
)
def test_bodies_end_on_their_day(cited, fires):
    assert bool(levels(f"Thực hiện {cited}.", "organ-ended")) is fires


def test_a_law_takes_its_number_along_only_outside_administrative_bases():
    basis = (
        "Căn cứ Luật Đầu tư số 61/2020/QH14;\n\nCăn cứ Quyết định số 20/QĐ-UBND ngày 02/02/2024 của UBND tỉnh về chợ;\n"
    )
    decree = PLAN.replace("12/KH-SMH", "12/2024/NĐ-CP").replace("KẾ HOẠCH", "NGHỊ ĐỊNH")
    assert levels(PLAN + basis, "law-with-number") == ["biên tập"]
    assert levels(decree + basis, "law-with-number") == []


def test_the_clause_is_the_one_that_binds_the_document():
    party = (
        "TỈNH ỦY MINH HỌA\nSố 12-KH/TU\nĐẢNG CỘNG SẢN VIỆT NAM\nMinh Họa, ngày 10 tháng 5 năm 2024\n\n"
        "KẾ HOẠCH\nvề công tác năm 2024\n\nQuán triệt Chỉ thị số 36-CT/TW của Bộ Chính trị về đô thị.\n"
    )
    (finding,) = [f for f in found_in(party) if f.rule == "missing-date"]
    assert finding.source.startswith("Hướng dẫn 36-HD/VPTW")
    (finding,) = [f for f in found_in(PLAN + UNDATED) if f.rule == "missing-date"]
    assert finding.source.startswith("Nghị định 30/2020/NĐ-CP")


def test_candidates_where_the_repair_is_not_certain():
    (finding,) = [f for f in found_in(rules()["year-of-number"].fires) if f.rule == "year-of-number"]
    assert finding.expected == ""
    assert finding.candidates == (
        "Nghị định số 126/2024/NĐ-CP ngày 08/10/2024 của Chính phủ",
        "Nghị định số 126/2004/NĐ-CP ngày 08/10/2004 của Chính phủ",
    )


def test_one_finding_for_one_fault():
    text = "Theo Thông tư số 06/2024/NĐ-CP ngày 30/7/2024 của Bộ Tài chính về phí."
    found = {f.rule for f in found_in(text)}
    assert "type-and-symbol" in found and "symbol-and-issuer" not in found


# --- the command ----------------------------------------------------------------------------------


def test_the_command_says_what_to_mend(plan_path, tmp_path):
    done = cancu("check", str(plan_path), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("BẮT BUỘC SỬA (8)\n")
    assert "Mục II.2.2.3, đoạn 28: “Nghị quyết số 50-NQ/CP ngày 17/4/2020 của Chính phủ”" in done.stdout
    assert "Đề nghị: “Nghị quyết số 50/NQ-CP ngày 17/4/2020 của Chính phủ”" in done.stdout
    assert "“ngày 18 tháng 10 ⏎ năm 2019”" in done.stdout
    assert "Tổng cộng 25: bắt buộc sửa 8, cần đối chiếu 0, nên sửa 16, biên tập 1." in done.stdout
    assert " sai " not in done.stdout


def test_the_command_prints_data(plan_path, tmp_path):
    done = cancu("check", str(plan_path), "--json", "--tai-ngay", "31/01/2024", cwd=tmp_path)
    values = json.loads(done.stdout)
    assert (done.returncode, values["format"], len(values["findings"])) == (1, "cancu-check/1", 25)
    keys = ["rule", "severity", "start", "end", "unit", "message", "found", "expected", "candidates", "source"]
    assert all(list(f) == [*keys, "confidence"] for f in values["findings"])


def test_the_command_is_quiet_about_a_clean_text(tmp_path):
    text = PLAN + "Thực hiện Quyết định số 20/QĐ-UBND ngày 02/02/2024 của UBND tỉnh về chợ.\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    done = cancu("check", "a.md", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Không thấy gì phải sửa hay đối chiếu ở phần viện dẫn.\n")


def test_the_command_refuses_in_vietnamese(tmp_path):
    (tmp_path / "a.md").write_text("Thực hiện nhiệm vụ.", encoding="utf-8")
    refused(cancu("check", "b.md", cwd=tmp_path), "Không tìm thấy tệp")
    refused(cancu("check", "a.md", "--tai-ngay", "31/02/2024", cwd=tmp_path), "không phải ngày hợp lệ")
