from __future__ import annotations

import subprocess
import sys

from spacy import displacy
from spacy.tokens import DocBin

from extract.spacy_component import COLOURS, SPANS, blank


def piped(text: str, **config):
    nlp = blank()
    nlp.add_pipe("cancu", config=config)
    return nlp(text)


def test_same_spans_as_the_engine_on_the_plan(plan):
    doc = piped(plan.source.text)
    found = [(s._.cancu["start"], s._.cancu["end"], s._.cancu["number"]) for s in doc.spans[SPANS]]
    assert found == [(c.mention.start, c.mention.end, c.mention.number) for c in plan.citations]
    assert all(doc.text[s._.cancu["start"] : s._.cancu["end"]] in s.text for s in doc.spans[SPANS])


def test_parsed_fields(plan):
    doc = piped(plan.source.text)
    fields = next(s._.cancu for s in doc.spans[SPANS] if s._.cancu["number"] == "55/2011/NĐ-CP")
    assert (fields["type"], fields["date"], fields["issuer"]) == ("Nghị định", "2011-07-04", "Chính phủ")
    assert fields["pinpoint"] == ("Điều 6",)


def test_works_on_request(plan):
    doc = piped(plan.source.text, works=True)
    assert sum(s.label_ == "CHUONG_TRINH" for s in doc.spans[SPANS]) == 15


def test_docbin_round_trip(plan):
    doc = piped(plan.source.text)
    data = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    again = next(iter(DocBin(store_user_data=True).from_bytes(data).get_docs(blank().vocab)))
    assert [(s.start, s.end, s.label_, s._.cancu) for s in again.spans[SPANS]] == [
        (s.start, s.end, s.label_, s._.cancu) for s in doc.spans[SPANS]
    ]


def test_displacy_draws_the_spans():
    doc = piped("Thực hiện Nghị quyết số 08-NQ/TU ngày 31/3/2023 của Tỉnh ủy Minh Họa.")
    html = displacy.render(doc, style="span", options={"spans_key": SPANS, "colors": COLOURS}, jupyter=False)
    assert "VAN_BAN" in html
    assert "08-NQ/TU" in html


def test_the_factory_is_found_by_its_entry_point():
    """Nothing of ours is imported first: spaCy itself finds the component of the installed package."""
    code = (
        "import spacy; nlp = spacy.blank('vi', config={'nlp': {'tokenizer': {'use_pyvi': False}}});"
        "nlp.add_pipe('cancu'); doc = nlp('theo Nghị quyết số 08-NQ/TU');"
        "print([s.text for s in doc.spans['citations']])"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=120
    )
    assert done.stdout.strip() == "['Nghị quyết số 08-NQ/TU']"


def test_the_engine_does_not_import_spacy():
    code = (
        "import sys, extract.pipeline, graph.corpus, publish.cli; print('spacy' in sys.modules, 'pyvis' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=120)
    assert done.stdout.split() == ["False", "False"]
