"""The hand annotation of the plan, read where it lies beside the checkout; the project passes without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extract.as_json import to_json

GOLD = Path(__file__).parent.parent.parent / "shared" / "gold" / "seed.json"
pytestmark = pytest.mark.skipif(not GOLD.exists(), reason="the gold annotation is not beside this checkout")
_KINDS = {"legal_bases": "basis", "subsection": "section"}


@pytest.fixture(scope="module")
def gold() -> dict:
    return json.loads(GOLD.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def facts(plan) -> dict:
    return to_json(plan)


@pytest.fixture(scope="module")
def gold_ids(gold, facts) -> dict[str, str]:
    """Document id of the extraction -> document id of the gold, by the spans of the mentions."""
    spans = {(m["core"]["start"], m["core"]["end"]): m["doc"] for m in gold["mentions"]}
    found = {c["document"]: spans.get((c["start"], c["end"])) for c in facts["citations"] if c["document"]}
    return found | {w["document"]: spans.get((w["start"], w["end"])) for w in facts["works"]}


def _bare(words: str) -> str:
    return " ".join(words.removeprefix("của ").removeprefix("giữa ").split())


def test_same_file(gold, facts):
    assert facts["document"]["sha256"] == gold["source"]["sha256"]


def test_units(gold, facts):
    wanted = {(u["id"], _KINDS.get(u["kind"], u["kind"]), u["start"], u["end"]) for u in gold["units"]}
    assert {(u["id"], u["kind"], u["start"], u["end"]) for u in facts["units"]} == wanted


def test_numbered_mentions(gold, facts):
    wanted = {
        (m["core"]["start"], m["core"]["end"], m["number"]["text"], m["type"]["text"], m.get("date", {}).get("iso", ""),
         _bare(m.get("issuer", {}).get("text", "")))
        for m in gold["mentions"] if m["form"] == "numbered"
    }  # fmt: skip
    found = {
        (c["start"], c["end"], c["number"], c["type"], c["date"], c["issuer"])
        for c in facts["citations"]
        if c["form"] == "number" and not c["self"]
    }
    assert found == wanted
    assert len(wanted) == 35


def test_numbered_documents(gold, facts):
    wanted = {
        (d["number"], d["type"], d["date"] or "", d["issuer"]) for d in gold["documents"] if d["form"] == "numbered"
    }
    found = {(d["number"], d["type"], d["date"], d["issuer"]) for d in facts["documents"] if d["form"] == "number"}
    assert found == wanted
    assert len(wanted) == 34


def test_works(gold, facts, gold_ids):
    wanted = {
        (m["core"]["start"], m["core"]["end"], m["doc"])
        for m in gold["mentions"]
        if m["form"] == "named" and m["doc"] != "n01"
    }
    assert {(w["start"], w["end"], gold_ids[w["document"]]) for w in facts["works"]} == wanted


def test_relations(gold, facts, gold_ids):
    wanted = {
        (
            r["source"].removeprefix("future:"),
            r["relation"],
            r["target"],
            r["cue"]["start"],
            r["cue"]["end"],
            r["status"],
        )
        for r in gold["relations"]
    }
    found = {
        (
            gold_ids.get(r["source"], r["source"]),
            r["relation"],
            gold_ids[r["target"]],
            r["start"],
            r["end"],
            r["status"],
        )
        for r in facts["relations"]
    }
    assert found == wanted


def test_task_citations(gold, facts, gold_ids):
    wanted = {(t["task"], t["doc"], t["relation"], t["direct"]) for t in gold["task_citations"]}
    tasks = {u["id"] for u in facts["units"] if u["kind"] == "task"}
    best: dict[tuple[str, str], tuple[str, bool]] = {}
    for item in [*facts["citations"], *facts["works"]]:
        if item["unit"] in tasks:
            told = (item.get("relation_detail") or item["relation"]).replace("continues_implementing", "implements")
            key, direct = (item["unit"], gold_ids[item["document"]]), item["via"] is None
            if key not in best or direct:
                best[key] = (told, direct)
    assert {(*k, *v) for k, v in best.items()} == wanted


@pytest.mark.skipif(
    not (GOLD.parent / "passages").is_dir(), reason="the annotated passages are not beside this checkout"
)
def test_passages_are_read_no_worse_than_recorded():
    from extract.evaluate import evaluate, load_passages

    recorded = json.loads((Path(__file__).parent / "expected" / "figures.json").read_text(encoding="utf-8"))
    figures = evaluate(load_passages(GOLD.parent / "passages")).figures()
    lost = {}
    for name, least in recorded.items():
        if name != "about":
            value = figures[name]["f1"] if isinstance(figures[name], dict) else figures[name]
            if value < least:
                lost[name] = (value, least)
    assert not lost
