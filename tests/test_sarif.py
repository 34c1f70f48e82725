"""Findings as SARIF 2.1.0: what the standard asks beyond its schema, and regions that an editor finds in the file."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

import docx
import jsonschema
import pytest
from making import fill
from old_encodings import to_cp1258, to_tcvn3
from test_check_out import CLEAN, WRONG, sarif_of
from test_cli import cancu

from graph.check import SEVERITIES, base_rules, rules
from publish.check_command import Checked, Result, run, sarif_values
from publish.export.sarif import LEVELS, SarifFile, SarifPlace, sarif

MENDED = CLEAN.replace("Kế hoạch số 900/KH-UBND", "Nghị quyết số 50-NQ/CP").replace(
    "UBND tỉnh Minh Họa về", "Chính phủ về"
)
"""A plan with a fault whose repair is certain: 50/NQ-CP."""
PARTS = json.loads((Path(__file__).parent / "expected" / "sarif-parts.json").read_text("utf-8"))


def checked(folder: Path, name: str, content: bytes) -> Checked:
    fill(folder, {name: content})
    (found,) = run([folder / name], date(2026, 1, 1)).texts
    assert found.findings
    return found


def run_of(text: Checked) -> dict:
    log = sarif_values(Result((text,), (), alone=True))
    jsonschema.validate(log, PARTS)
    return log["runs"][0]


def test_the_log_holds_every_finding_at_its_place(plan_path, tmp_path):
    text = plan_path.read_text(encoding="utf-8")
    fill(tmp_path, {"thư mục/kế hoạch.md": text})
    done = cancu("check", "thư mục/kế hoạch.md", "--sarif", cwd=tmp_path)
    log = json.loads(done.stdout)
    found = log["runs"][0]
    assert (done.returncode, log["version"], len(log["runs"])) == (1, "2.1.0", 1)
    known = found["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in known] == [*rules(), *base_rules()]
    for rule in known:
        assert rule["shortDescription"]["text"] and rule["help"]["text"] and rule["fullDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] == LEVELS[rule["properties"]["muc_do"]]
    assert unquote(found["artifacts"][0]["location"]["uri"]) == "thư mục/kế hoạch.md"
    results = found["results"]
    assert [r["level"] for r in results].count("error") == 8 and len(results) == 25
    for result in results:
        assert known[result["ruleIndex"]]["id"] == result["ruleId"] and result["message"]["text"].endswith(".")
        assert_stands_in(text, result["locations"][0]["physicalLocation"]["region"])
    mended = [r["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] for r in results
              if r["ruleId"] == "party-form-on-government-number"]  # fmt: skip
    assert mended == ["Nghị quyết số 50/NQ-CP ngày 17/4/2020 của Chính phủ"]
    assert len({json.dumps(r["partialFingerprints"]) for r in results}) == 25
    assert set(LEVELS) == set(SEVERITIES) and set(LEVELS.values()) == {"error", "warning", "note"}


def test_the_log_keeps_to_the_schema(tmp_path):
    """The parts of the schema that this log uses: what is required, what kind each is, and no word of its own."""
    fill(tmp_path / "c", {"a.md": WRONG, "b.pdf": b"%PDF-1.4 broken"})
    log = json.loads(cancu("check", "c", "--sarif", cwd=tmp_path).stdout)
    jsonschema.validate(log, PARTS)
    (notice,) = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert notice["level"] == "error" and log["runs"][0]["invocations"][0]["executionSuccessful"] is False


# --- regions --------------------------------------------------------------------------------------


def assert_stands_in(file: str, region: dict) -> None:
    """Line and column, offset and length, and the snippet say the same of a file (3.30.2), its BOM left out."""
    start, end = region["charOffset"], region["charOffset"] + region["charLength"]
    assert file[start:end] == region["snippet"]["text"]
    begins = [0, *(m.end() for m in re.finditer(r"\r\n|\r|\n", file))]
    assert begins[region["startLine"] - 1] + region["startColumn"] - 1 == start
    assert begins[region["endLine"] - 1] + region["endColumn"] - 1 == end


@pytest.mark.parametrize(
    "shape",
    [
        lambda text: text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: unicodedata.normalize("NFD", text).replace("\n", "\r\n"),
        lambda text: "🌾 đầu tệp\n\n" + text.replace("- Triển khai", "- 🌾 Triển khai"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_regions_and_fixes_are_those_of_the_file(tmp_path, shape, encoding):
    file = shape(MENDED)
    found = run_of(checked(tmp_path, "a.md", file.encode(encoding)))
    for result in found["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert_stands_in(file, region)
    (fixed,) = [r for r in found["results"] if r.get("fixes")]
    (replacement,) = fixed["fixes"][0]["artifactChanges"][0]["replacements"]
    gone = replacement["deletedRegion"]
    start = gone["charOffset"]
    mended = file[:start] + replacement["insertedContent"]["text"] + file[start + gone["charLength"] :]
    assert unicodedata.normalize("NFC", mended) == unicodedata.normalize("NFC", file.replace("50-NQ/CP", "50/NQ-CP"))
    assert found["artifacts"][0]["encoding"] == ("UTF-16LE" if encoding == "utf-16" else "UTF-8")


@pytest.mark.parametrize("write", [lambda text: to_tcvn3(text).encode("cp1252"), to_cp1258])
def test_of_an_old_encoding_only_the_lines_are_told(tmp_path, write):
    found = run_of(checked(tmp_path, "a.txt", write(WRONG)))
    (result,) = found["results"]
    line = WRONG[: WRONG.index("ngày 35/02/2024")].count("\n") + 1
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": line, "endLine": line}
    assert "fixes" not in result


def test_a_file_that_is_no_text_has_no_text_region(tmp_path):
    made, paper = io.BytesIO(), docx.Document()
    for line in WRONG.split("\n\n"):
        paper.add_paragraph(line)
    paper.save(made)
    found = run_of(checked(tmp_path, "a.docx", made.getvalue()))
    (result,) = found["results"]
    (place,) = result["locations"]
    assert set(place["physicalLocation"]) == {"artifactLocation"} and "fixes" not in result
    assert "đoạn" in place["message"]["text"] and "35/02/2024" in place["message"]["text"]
    assert "encoding" not in found["artifacts"][0]


def test_a_file_that_changed_since_has_no_region(tmp_path):
    text = checked(tmp_path, "a.md", WRONG.encode())
    (tmp_path / "a.md").write_text(CLEAN, encoding="utf-8")
    (result,) = run_of(text)["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kế hoạch số 1.md", "a:b #2 100% ?.md", unicodedata.normalize("NFD", "kế hoạch.md")])
def test_an_address_is_a_relative_uri(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    text = checked(tmp_path / "thư mục", name, WRONG.encode())
    found = run_of(text)
    location = found["artifacts"][0]["location"]
    assert unquote(location["uri"]) == f"thư mục/{name}" and location["uriBaseId"] == "%SRCROOT%"
    assert set(found["originalUriBaseIds"]) == {"%SRCROOT%"}
    where = found["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert where == {**location, "index": 0}


def test_a_file_elsewhere_is_told_from_what_was_chosen_and_no_path_of_the_machine_is(tmp_path, monkeypatch):
    fill(tmp_path / "hồ sơ", {"con/a.md": WRONG, "b.pdf": b"%PDF-1.4 broken"})
    (tmp_path / "khác").mkdir()
    monkeypatch.chdir(tmp_path / "khác")
    log = sarif_values(run([tmp_path / "hồ sơ"], date(2026, 1, 1)))
    jsonschema.validate(log, PARTS)
    found = log["runs"][0]
    location = found["artifacts"][0]["location"]
    assert (unquote(location["uri"]), location["uriBaseId"]) == ("hồ sơ/con/a.md", "HO_SO")
    assert set(found["originalUriBaseIds"]) == {"HO_SO"}
    assert tmp_path.name not in json.dumps(log) and "file:" not in json.dumps(log)


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes")
def test_a_name_that_is_no_unicode_is_written_byte_by_byte():
    name = os.fsdecode(b"k\xff.md")
    assert unquote_to_bytes(SarifPlace(name).location()["uri"]) == b"k\xff.md"


# --- words ----------------------------------------------------------------------------------------


def test_braces_and_brackets_of_a_text_are_no_placeholders_and_no_links(tmp_path):
    text = checked(tmp_path, "a.md", WRONG.encode())
    odd = [replace(f, message="Số {0} [a](1)", candidates=("{x}",)) for f in text.findings]
    log = sarif([SarifFile(SarifPlace("a.md"), text.facts, odd)], [(SarifPlace("b.md"), "Tệp “{1}.md” hỏng")])
    words = log["runs"][0]["results"][0]["message"]["text"]
    assert words.startswith("Số {{0}} [a] (1).") and "“{{x}}”" in words
    (notice,) = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert notice["message"]["text"] == "Tệp “{{1}}.md” hỏng"


def test_a_finding_keeps_its_fingerprint_when_the_text_moves(tmp_path):
    fill(tmp_path, {"a.md": WRONG, "b.md": WRONG.replace("I. NỘI DUNG", "Thêm một đoạn.\n\nI. NỘI DUNG")})
    prints = [
        sarif_of(cancu("check", name, "--sarif", cwd=tmp_path))["results"][0]["partialFingerprints"]
        for name in ("a.md", "b.md")
    ]
    assert prints[0] == prints[1]


def test_the_same_words_twice_in_one_unit_have_two_fingerprints(tmp_path):
    twice = WRONG.replace(" về cải cách hành chính.", " về chợ; Kế hoạch số 900/KH-UBND ngày 35/02/2024 của UBND tỉnh.")
    results = run_of(checked(tmp_path, "a.md", twice.encode()))["results"]
    prints = [r["partialFingerprints"]["cancu/v1"] for r in results]
    assert len(prints) > 1 and len(set(prints)) == len(prints)


def test_sarif_and_json_go_to_files_too(tmp_path):
    fill(tmp_path, {"a.md": WRONG})
    for name in ("x.sarif", "x.json"):
        done = cancu("check", "a.md", "--out", name, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
    assert json.load(io.BytesIO((tmp_path / "x.sarif").read_bytes()))["runs"][0]["results"]
    assert len(json.loads((tmp_path / "x.json").read_text("utf-8"))["findings"]) == 1
