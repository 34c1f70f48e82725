"""Every row of every knowledge table carries an example, and here each example runs."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from extract import doctypes
from extract.cues import cue_before
from extract.declared import find_declarations
from extract.laws import by_number, versions
from extract.mentions import find_mentions
from extract.numbers import parse_number
from extract.organs import by_code, full_name, organ_at, province_in
from extract.outline import section_kind
from extract.pipeline import extract_text
from extract.read import html
from extract.tables import read_table, split_field
from extract.task_tables import column_role
from extract.tasks import assignment_units, is_assignment, is_target, names_a_unit, opens_task
from extract.terms import term_on, term_told
from extract.text import fold, straighten
from extract.units import UnitTree
from extract.works import find_works, heads
from graph.ranks import rank_of


def rows(name: str, package: str = "extract.tables"):
    return [pytest.param(row, id=f"{name}:{next(iter(row.values()))}") for row in read_table(name, package)]


@pytest.mark.parametrize("row", rows("types"))
def test_type_row(row):
    if not row["number"]:
        assert fold(row["type"]) in doctypes.words()
        return
    (mention,) = find_mentions(row["example"] + " ngày 01/02/2016")
    assert mention.number == row["number"]
    if row["example"].startswith("số"):
        assert mention.type == row["type"]
    else:
        assert fold(row["example"]).startswith(fold(mention.type))
    for code in split_field(row["codes"]):
        assert code.upper() in doctypes.codes()


@pytest.mark.parametrize("row", rows("type_words"))
def test_type_word_row(row):
    (mention,) = find_mentions(row["example"])
    assert (mention.number, mention.start) == (row["number"], 0)
    assert mention.type == (row["type"] or "Công văn")


@pytest.mark.parametrize("row", rows("organs"))
def test_organ_row(row):
    assert full_name(row["name"], "")[0] == row["name"]
    for alias in split_field(row["aliases"]):
        assert full_name(alias, "")[0] == row["name"]
    assert not row["successor"] or row["until"]
    if not row["example"]:
        assert not row["codes"]
        return
    parts = parse_number(row["example"])
    assert parts is not None
    organs = {by_code()[g.upper()].name for g in parts.groups if g.upper() in by_code()}
    law = {"QH13": "Quốc hội", "UBTVQH14": "Ủy ban Thường vụ Quốc hội"}.get(parts.groups[-1])
    assert row["name"] in organs | {law}


@pytest.mark.parametrize("row", rows("organ_words"))
def test_organ_word_row(row):
    text = row["example"] + " ban hành"
    end = organ_at(text, fold(text), 0)
    assert end == len(row["example"]), text[:end]


@pytest.mark.parametrize("row", rows("provinces"))
def test_province_row(row):
    assert province_in(row["example"]) == row["name"]
    assert full_name("UBND tỉnh", row["name"]) == (row["example"], True)


@pytest.mark.parametrize("row", rows("terms"))
def test_term_row(row):
    """The example date lies in the term, and the congress (or first session) itself in none but its own."""
    told = term_on(row["organ"], row["example"])
    assert told in (term_told(f"khóa {row['term']}"), f"nhiem ky {row['term'].replace('-', ' ')}")
    assert row["source"] and (not row["to"] or row["from"] < row["to"])


@pytest.mark.parametrize("row", rows("law_names"))
def test_law_name_row(row):
    (mention,) = find_mentions(f"theo quy định của {row['example']} và các văn bản hướng dẫn")
    assert (mention.type, mention.name, mention.number) == (row["type"], row["name"], row["number"])
    assert row["source"]
    days = [row[field] for field in ("date", "in_force", "until") if row[field]]
    assert [date.fromisoformat(day).isoformat() for day in days] == sorted(days)
    if not row["number"]:
        assert not days and not row["successor"]
    elif row["date"]:
        assert parse_number(row["number"]).year == row["date"][:4]
    if row["successor"]:
        successor = by_number(row["successor"])
        assert row["until"] == (row["until"] and successor.in_force)


def test_versions_of_a_law_do_not_overlap():
    table = read_table("law_names")
    numbers = [row["number"] for row in table if row["number"]]
    assert len(set(numbers)) == len(numbers)
    for row in table:
        known = versions(row["type"], row["name"])
        assert row["number"] in {"", *(v.number for v in known)}
        for version, following in pairwise(known):
            assert version.earliest < following.earliest
            assert not (version.until and following.in_force) or version.until <= following.in_force
            assert version.successor, "a law of the same name followed"


@pytest.mark.parametrize("row", rows("cues"))
def test_cue_row(row):
    """The cue is found right before its target, and gives the relation that the row says."""
    facts = extract_text(row["example"] + ".")
    items = [*facts.citations, *facts.works]
    target = next(
        i for i in items if not row["target"] or (hasattr(i, "mention") and i.mention.number == row["target"])
    )
    if not row["target"]:
        target = facts.works[0]
        assert target.link == row["relation"]
        return
    told = target.relation_detail or target.relation
    assert told == row["relation"]


@pytest.mark.parametrize("row", rows("fillers"))
def test_filler_row(row):
    folded = fold(row["example"])
    mention = next(m for m in find_mentions(row["example"]))
    cue = cue_before(folded, 0, mention.start)
    assert cue is not None
    assert fold(row["words"]) in folded[cue.end : mention.start + len(row["words"])]


@pytest.mark.parametrize("row", rows("relations"))
def test_relation_row(row):
    """Both readings make a sentence, the ELI property is one of the ontology, the broader word a word of the guide."""
    assert row["out"] and row["in"] and row["heading_out"] and row["heading_in"]
    assert row["eli"] != "implements"  # deprecated since ELI 1.1
    assert row["broader"] in {r["broader"] for r in read_table("relations") if r["id"] == r["broader"]}
    assert row["example_source"] and row["example_target"]


@pytest.mark.parametrize("row", rows("refusals"))
def test_refusal_row(row):
    facts = extract_text(row["example"])
    assert [refused.rule for refused in facts.refusals] == [row["rule"]]
    assert facts.citations == ()


@pytest.mark.parametrize("row", rows("sections"))
def test_section_row(row):
    assert section_kind(fold(row["example"])) == row["kind"]


@pytest.mark.parametrize("row", rows("title_words"))
def test_title_word_row(row):
    facts = extract_text(f"Thực hiện Quyết định số 20/QĐ-UBND ngày 02/02/2024 của UBND tỉnh {row['example']}.")
    assert facts.citations[0].title == row["example"]


@pytest.mark.parametrize("row", rows("title_ends"))
def test_title_end_row(row):
    facts = extract_text(f"Thực hiện Quyết định số 20/QĐ-UBND ngày 02/02/2024 của UBND tỉnh {row['example']}.")
    assert facts.citations[0].title == "về phát triển thủy sản"


def test_a_title_ends_where_the_sentence_says_who_does_what():
    head = "Thực hiện Quyết định số 20/QĐ-UBND ngày 02/02/2024 của UBND tỉnh Minh Họa về phát triển thủy sản, "
    for rest in ("UBND xã An Bình ban hành Kế hoạch như sau:", "Sở Nội vụ đã xây dựng Kế hoạch"):
        assert extract_text(head + rest).citations[0].title == "về phát triển thủy sản"
    kept = "UBND xã An Bình và các đoàn thể"
    assert extract_text(f"{head}{kept}.").citations[0].title == f"về phát triển thủy sản, {kept}"


@pytest.mark.parametrize("row", rows("work_ends"))
def test_work_end_row(row):
    """What tells how a programme is carried out is no part of its name, and without a name there is no programme."""
    works = extract_text(f"KẾ HOẠCH\n\nI. NHIỆM VỤ\n\n- {row['example']}\n").works
    assert [work.name for work in works] == ([row["name"]] if row["name"] else [])


@pytest.mark.parametrize("row", rows("work_heads"))
def test_work_head_row(row):
    assert fold(row["head"]) in heads()
    facts = extract_text(f"Quyết định số 20/QĐ-UBND ngày 02/02/2024 của UBND tỉnh phê duyệt {row['example']}.")
    assert [w.name for w in facts.works] == [row["example"]]


@pytest.mark.parametrize("row", rows("clause_starts"))
def test_clause_start_row(row):
    facts = extract_text(f"Triển khai thực hiện Đề án đô thị thông minh{row['example']}.")
    assert [w.name for w in facts.works] == ["Đề án đô thị thông minh"]


@pytest.mark.parametrize("row", rows("assigners"))
def test_assigner_row(row):
    assert is_assignment(fold(row["example"]))
    assert assignment_units(row["example"])


@pytest.mark.parametrize("row", rows("task_columns"))
def test_task_column_row(row):
    assert fold(row["words"]) in fold(row["example"])
    assert column_role(row["example"]) == row["role"].rstrip("?")


@pytest.mark.parametrize("row", rows("task_words"))
def test_task_word_row(row):
    folded = fold(row["example"])
    if row["role"] == "does":
        assert assignment_units(row["example"]) == ("Sở Minh Họa",)
    elif row["role"] == "act":
        assert opens_task(folded)
    elif row["role"] == "target":
        assert is_target(folded)
    elif row["role"] == "last":
        assert fold(assignment_units(row["example"])[-1]).endswith(row["words"])
    else:
        assert row["role"] == "not_unit" and not names_a_unit(folded)


@pytest.mark.parametrize("row", rows("drafting"))
def test_drafting_row(row):
    text = f"KẾ HOẠCH\n\nII. NHIỆM VỤ\n\n- {row['example']}.\n"
    facts = extract_text(text)
    assert [(r.source, r.relation, r.status) for r in facts.relations] == [("II.1", "implements", "planned")]


@pytest.mark.parametrize("row", rows("ranks", "graph.tables"))
def test_rank_row(row):
    assert rank_of(row["example"]).id == row["id"]


@pytest.mark.parametrize("row", rows("type_qualifiers"))
def test_type_qualifier_row(row):
    (mention,) = find_mentions(row["example"] + " ngày 01/02/2024")
    assert (mention.start, mention.type) == (0, row["type"])


@pytest.mark.parametrize("row", rows("short_forms"))
def test_short_form_row(row):
    """The declaring words are found, and so is the name they declare and that it stands for a document."""
    text, folded = row["example"], fold(row["example"])
    units, mentions = UnitTree(extract_text(text).units), find_mentions(text)
    (declared,) = find_declarations(
        text, folded, units, mentions, find_works(text, straighten(text), folded, units, mentions), ""
    )
    assert (declared.name, text[declared.start : declared.end]) == (row["name"], row["name"])
    assert (declared.citations or declared.works) and row["anchor"] in row["words"]
    assert declared.until == len(text)


@pytest.mark.parametrize("row", rows("pointers"))
def test_pointer_row(row):
    found = [r.text for r in extract_text(row["example"]).references]
    assert found == ([row["found"]] if row["found"] else [])


@pytest.mark.parametrize("row", rows("issuing_verbs"))
def test_issuing_verb_row(row):
    (mention,) = find_mentions(row["example"])
    assert mention.issuer in row["example"].split(" " + row["words"])[0] and mention.issuer
    assert mention.date == ("" if "Dự án" in row["example"] else mention.date) and (
        "Ngày" not in row["example"] or mention.date
    )


@pytest.mark.parametrize("row", rows("site_words"))
def test_site_word_row(row):
    """A box of three properties, a button, and a box by its title: none of them is the document's."""
    menu = "<ul><li><a href='/1'>A</a></li><li><a href='/2'>B</a></li><li><a href='/3'>C</a></li></ul>"
    said = f"<p>{row['example']}</p>"
    site = {"property": f"<div>{said * 3}</div>", "button": said, "box": f"<div>{said}<p>Kế hoạch</p></div>"}[
        row["role"]
    ]
    text = "<p>Độc lập - Tự do - Hạnh phúc</p>" + "<p>Điều 1. Nội dung</p>" * 9
    page = f"<body>{menu}<div>{site}<div>{text}</div></div></body>"
    assert html.read(page.encode(), "a.html").text.split("\n")[0].startswith("Độc lập")


@pytest.mark.parametrize("row", rows("organ_parts"))
def test_organ_part_row(row):
    head = (
        f"{row['head']}\n{row['name'].upper()}\nSố: 1/KH-MH\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nKẾ HOẠCH\nnăm 2026\n"
    )
    assert extract_text(head).header.issuer == row["issuer"]
    other = head.replace(row["head"], "CÔNG TY MINH HỌA") if row["above"] else ""
    assert not other or extract_text(other).header.issuer == row["name"]
