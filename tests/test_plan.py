"""The real plan, fact by fact, against what a careful reader finds in it (tests/expected)."""

from __future__ import annotations

from collections import Counter

import pytest

from extract.as_json import to_json


@pytest.fixture(scope="module")
def facts(plan):
    return to_json(plan)


@pytest.fixture(scope="module")
def names(facts):
    return {d["id"]: d["number"] or d["name"] for d in facts["documents"]}


def test_the_plan_reads_as_its_file(facts, plan_path, expected):
    assert facts["text"] == plan_path.read_text(encoding="utf-8")
    assert facts["document"]["sha256"] == expected["source"]["sha256"]


def test_header(facts, expected):
    assert {k: facts["document"][k] for k in expected["document"]} == expected["document"]


def test_units(facts, expected):
    found = [[u["id"], u["kind"], u["parent"], u["start"], u["end"]] for u in facts["units"]]
    assert found == expected["units"]
    kinds = Counter(u["kind"] for u in facts["units"])
    assert (kinds["task"], kinds["group"], kinds["assignment"]) == (44, 8, 3)


def test_unit_texts_are_their_spans(facts):
    assert all(facts["text"][u["start"] : u["end"]] == u["text"] for u in facts["units"])


def test_numbered_citations(facts, expected):
    found = [
        [c["start"], c["text"], c["number"], c["type"], c["date"], c["issuer"], c["unit"]]
        for c in facts["citations"]
        if c["form"] == "number" and not c["self"]
    ]
    assert found == expected["numbered"]
    assert len(found) == 35


def test_citations_by_name_and_own_number(facts, expected):
    named = [
        [c["start"], c["text"], c["type"], c["number"] or c["name"]]
        for c in facts["citations"]
        if c["form"] != "number"
    ]
    assert named == expected["named"]
    own = [[c["start"], c["text"], c["number"]] for c in facts["citations"] if c["self"]]
    assert own == expected["own_number"]
    assert all(facts["text"][c["start"] : c["end"]] == c["text"] for c in facts["citations"])


def test_pinpoints(facts, expected):
    assert [[c["number"], c["pinpoint"]] for c in facts["citations"] if c["pinpoint"]] == expected["pinpoints"]


def test_documents(facts, expected):
    found = [
        [d["number"], d["type"], d["date"], d["issuer"], d["inferred"]]
        for d in facts["documents"]
        if d["form"] == "number"
    ]
    assert found == expected["documents"]
    assert len(found) == 34


def test_faults_keep_the_printed_form_and_carry_the_corrected_one(facts):
    printed = {d["number"]: d["printed"] for d in facts["documents"]}
    assert printed["50/NQ-CP"] == ["50-NQ/CP"]
    assert printed["15/2022/TT-BKHCN"] == ["15/2022/TT-BKH&CN"]


def test_the_undated_plan_stays_unresolved(facts, names, expected):
    open_ones = [names[c["document"]] for c in facts["citations"] if c["status"] == "unresolved" and not c["self"]]
    assert open_ones == expected["unresolved"] == ["3668/KH-UBND"]
    assert next(d for d in facts["documents"] if d["number"] == "3668/KH-UBND")["date"] == ""


def test_works(facts, names, expected):
    assert [[w["start"], w["text"], names[w["document"]], w["unit"]] for w in facts["works"]] == expected["works"]
    assert (len(facts["works"]), len({w["document"] for w in facts["works"]})) == (15, 12)


def test_task_citations(facts, names, expected):
    tasks = {u["id"] for u in facts["units"] if u["kind"] == "task"}
    pairs: dict[tuple[str, str], tuple[str, str]] = {}
    for item in [*facts["citations"], *facts["works"]]:
        if item["unit"] in tasks:
            told = item.get("relation_detail") or item["relation"]
            told = "implements" if told == "continues_implementing" else told
            way = "direct" if item["via"] is None else "nested"
            key = (item["unit"], names[item["document"]])
            if key not in pairs or way == "direct":
                pairs[key] = (told, way)
    found = sorted([*key, *value] for key, value in pairs.items())
    assert found == sorted(expected["task_citations"])
    assert Counter(row[3] for row in found) == {"direct": 26, "nested": 16}


def test_relations_none_missing_none_invented(facts, names, expected):
    found = [
        [
            names.get(r["source"], r["source"]),
            r["relation"],
            names[r["target"]],
            r["cue"],
            r["start"],
            r["unit"],
            r["status"],
        ]
        for r in facts["relations"]
    ]
    assert found == expected["relations"]
    assert Counter(row[6] for row in found) == {"stated": 26, "planned": 4}
    assert all(r["cue"] in r["sentence"] or r["status"] == "planned" for r in facts["relations"])


def test_chains_inside_one_bullet_are_edges(facts, names):
    edges = {(names.get(r["source"]), names[r["target"]]) for r in facts["relations"] if r["relation"] != "based_on"}
    for lower, upper in (
        ("3300/KH-UBND", "180-CTr/TU"),
        ("180-CTr/TU", "36-NQ/TW"),
        ("1341/KH-UBND", "50/NQ-CP"),
        ("50/NQ-CP", "Chương trình hành động của Chính phủ"),
        ("Chương trình hành động của Chính phủ", "52-NQ/TW"),
        ("2274/QĐ-UBND", "545/QĐ-UBND"),
    ):
        assert (lower, upper) in edges


def test_references(facts, expected):
    assert [[r["start"], r["text"], r["kind"], r["unit"]] for r in facts["references"]] == expected["references"]


def test_basis_of_the_44_tasks(plan_graph_all, expected):
    from graph.basis import weigh_tasks

    found: dict[str, list[str]] = {}
    for basis in weigh_tasks(plan_graph_all):
        found.setdefault(basis.strength, []).append(basis.code)
    assert found == expected["basis"]
    assert {k: len(v) for k, v in found.items()} == {"trực tiếp": 18, "nêu tên": 3, "mềm": 2, "kế thừa": 21}


def test_the_repealed_decision_is_an_object_not_a_basis(plan_graph_all):
    from graph.basis import OBJECT, weigh_tasks

    basis = next(b for b in weigh_tasks(plan_graph_all) if b.code == "II.6.1.2")
    assert [i.way for i in basis.items if i.document and "13-2016" in i.document] == [OBJECT]
    assert basis.strength == "kế thừa"
    assert any("đối tượng tác động" in w for w in basis.warnings)
