"""CSV, GraphML and JSON-LD read back: nothing lost, nothing claimed that no text states."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing
from datetime import date

import networkx as nx
import pytest
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef

from graph.lookup import look_up
from graph.schema import TABLES, VIEWS
from graph.store import open_base
from publish.export import ExportError, export
from publish.export.csv_tables import write_csv, write_csv_tables
from publish.export.graphml import plain_graph
from publish.export.jsonld import write_jsonld
from publish.export.stamp import read_stamp

DAY = date(2026, 11, 24)
SHA = "b9bd81468b9f5b210b56974568ff70e6b037f6f72f905da17bd71045fefff93d"
ELI = Namespace("http://data.europa.eu/eli/ontology#")
CANCU = Namespace("urn:cancu:vocab:")


@pytest.fixture(scope="module")
def base(plan_base):
    with closing(open_base(plan_base)) as connection:
        yield connection


# --- CSV -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(base, tmp_path_factory):
    path = tmp_path_factory.mktemp("csv") / "các bảng"
    written = write_csv_tables(base, path, read_stamp(base, DAY))
    assert written == [path / f"{name}.csv" for name in (*(t.name for t in TABLES[:-1]), *VIEWS, TABLES[-1].name)]
    return path


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as handle:
        return list(csv.reader(handle))


def test_files_begin_with_the_mark_excel_needs_and_end_lines_as_windows_does(folder):
    for path in folder.iterdir():
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.endswith(b"\r\n")


def test_tables_come_back_as_they_were(folder, base):
    for table in TABLES:
        if table.name in ("tep", "thong_tin"):
            continue
        header, *rows = read(folder / f"{table.name}.csv")
        assert header == [c.name for c in table.columns]
        wanted = [
            ["" if v is None else str(v) for v in row]
            for row in base.execute(f"SELECT {', '.join(header)} FROM {table.name}")
        ]
        assert [[cell.removeprefix("'") for cell in row] for row in rows] == wanted, table.name


def test_views_are_there_too(folder, base):
    for name in VIEWS:
        assert len(read(folder / f"{name}.csv")) == 1 + base.execute(f"SELECT count(*) FROM {name}").fetchone()[0]


def test_list_markers_do_not_run_as_formulas(folder):
    header, *rows = read(folder / "muc.csv")
    markers = {row[header.index("ky_hieu")] for row in rows}
    assert {"'-", "'+"} <= markers and not {"-", "+"} & markers


def test_full_text_comes_back_whole_and_the_path_is_a_name(folder, base):
    header, row = read(folder / "tep.csv")
    cells = dict(zip(header, row, strict=True))
    assert cells["noi_dung"] == base.execute("SELECT noi_dung FROM tep").fetchone()[0]
    assert cells["duong_dan"] == "ke-hoach-khcn-tay-ninh-2024.md"


def test_facts_carry_the_stamp(folder):
    facts = dict(read(folder / "thong_tin.csv"))
    assert facts["tinh_den_ngay"] == "24/11/2026"
    assert SHA in facts["nguon_1"]
    assert facts["ma_kiem_tra_ban_xuat"] and facts["ngay_dung_du_lieu"] and facts["so_nhiem_vu"] == "44"


def test_one_table_for_a_page():
    content = write_csv(("ten", "so"), [("Ủy ban, “nhân dân”", 3), (None, -1.5), ('a"b', 0), ("=1+1", 2)])
    assert content.decode("utf-8-sig").splitlines() == [
        "ten,so", '"Ủy ban, “nhân dân”",3', ",-1.5", '"a""b",0', "'=1+1,2",
    ]  # fmt: skip


def test_a_folder_that_cannot_be_made_is_said(base, tmp_path):
    (tmp_path / "tệp").write_text("", encoding="utf-8")
    with pytest.raises(ExportError, match="Không ghi được"):
        write_csv_tables(base, tmp_path / "tệp", read_stamp(base, DAY))


# --- GraphML ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def back(plan_graph_all, base):
    return nx.read_graphml(io.BytesIO(export(plan_graph_all, base, None, "graphml", DAY)), force_multigraph=True)


def test_graphml_comes_back_with_the_same_nodes_edges_and_attributes(plan_graph_all, back):
    sent = plain_graph(plan_graph_all)
    assert dict(back.nodes(data=True)) == dict(sent.nodes(data=True))
    assert {(u, v, k): d for u, v, k, d in back.edges(keys=True, data=True)} == {
        (u, v, k): d for u, v, k, d in sent.edges(keys=True, data=True)
    }
    assert set(back) == set(plan_graph_all)
    assert back.number_of_edges() == plan_graph_all.number_of_edges()


def test_graphml_attributes_have_the_names_of_the_base(plan_graph_all, back):
    node = back.nodes[look_up(plan_graph_all, "50-NQ/CP").node]
    assert (node["label"], node["so_ky_hieu"], node["so_ky_hieu_in"]) == (
        "Nghị quyết số 50/NQ-CP", "50/NQ-CP", "50-NQ/CP",
    )  # fmt: skip
    task = back.nodes[look_up(plan_graph_all, "II.6.1.3").node]
    assert (task["loai_nut"], task["can_cu_chua_ro"]) == ("Nhiệm vụ", "hướng dẫn của Bộ KH&CN")
    announced = [
        d for _, _, d in back.edges(data=True) if d.get("trang_thai") == "dự kiến" and d["quan_he"] == "repeals"
    ]
    assert [d["label"] for d in announced] == ["dự kiến bãi bỏ"]
    assert announced[0]["cau"].startswith("Quyết định bãi bỏ") and announced[0]["eli"] == "eli:repeals"


def test_graphml_states_its_origin(back):
    assert back.graph["tinh_den_ngay"] == "24/11/2026"
    assert SHA in back.graph["nguon_1"]
    assert back.graph["ma_kiem_tra_ban_xuat"]


# --- JSON-LD ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def content(plan_graph_all, base):
    return export(plan_graph_all, base, None, "jsonld", DAY)


@pytest.fixture(scope="module")
def triples(content):
    return Graph().parse(data=content, format="json-ld")


def iri(graph, query: str) -> URIRef:
    return URIRef("urn:cancu:" + look_up(graph, query).node)


def test_context_is_inline(content):
    document = json.loads(content)
    assert all(isinstance(v, str) and v.endswith((":", "#", "/")) for v in document["@context"].values())


def test_every_node_is_a_resource_and_every_edge_a_claim(plan_graph_all, triples):
    documents = [n for n, d in plan_graph_all.nodes(data=True) if d["kind"] in ("document", "work")]
    units = [n for n in plan_graph_all if n not in documents]
    assert len(set(triples.subjects(RDF.type, ELI.LegalResource))) == len(documents)
    assert len(set(triples.subjects(RDF.type, ELI.LegalResourceSubdivision))) == len(units)
    assert len(list(triples.subject_objects(ELI.is_part_of))) == len(units)
    edges = [d for _, _, d in plan_graph_all.edges(data=True) if d["relation"] != "is_part_of"]
    assert len(set(triples.subjects(RDF.type, CANCU.Claim))) == len(edges)


def test_what_a_text_states_is_an_eli_triple(plan_graph_all, triples):
    for source, name, target in (
        ("2274/QĐ-UBND", ELI.amends, "545/QĐ-UBND"),
        ("2502/KH-UBND", ELI.ensures_implementation_of, "08-NQ/TU"),
        ("II.1.3.1", ELI.ensures_implementation_of, "2502/KH-UBND"),
        ("II.3.3.1", ELI.cites, "55/2011/NĐ-CP"),
    ):
        assert (iri(plan_graph_all, source), name, iri(plan_graph_all, target)) in triples, source
    plan = next(n for n, d in plan_graph_all.nodes(data=True) if d.get("in_corpus"))
    assert len(list(triples.objects(URIRef("urn:cancu:" + plan), ELI.based_on))) == 5


def test_announced_repeal_is_a_claim_and_never_a_triple(plan_graph_all, triples):
    assert not list(triples.subject_objects(ELI.repeals))
    repealed = iri(plan_graph_all, "13/2016/QĐ-UBND")
    claims = [c for c in triples.subjects(CANCU.target, repealed) if (c, CANCU.relation, Literal("repeals")) in triples]
    assert len(claims) == 1
    claim = claims[0]
    assert triples.value(claim, CANCU.status) == Literal("planned")
    assert triples.value(claim, CANCU.source) == iri(plan_graph_all, "II.6.1.2")
    assert triples.value(claim, CANCU.eliProperty) == ELI.repeals
    assert str(triples.value(claim, CANCU.sentence)).startswith("Quyết định bãi bỏ Quyết định số 13/2016/QĐ-UBND")
    assert triples.value(claim, CANCU.place) == Literal("đoạn 62", lang="vi")
    assert triples.value(claim, CANCU.confidence).datatype == XSD.decimal
    assert triples.value(claim, CANCU.rule)


def test_unresolved_document_is_only_claimed(plan_graph_all, triples):
    doubtful = iri(plan_graph_all, "3668/KH-UBND")
    pointing = {str(p) for _, p in triples.subject_predicates(doubtful)}
    assert pointing == {str(CANCU.target)}
    assert triples.value(doubtful, CANCU.identification) == Literal("chưa xác định", lang="vi")


def test_deprecated_property_is_never_written(content, triples):
    assert b"eli:implements" not in content and b"eli:implemented_by" not in content
    assert not list(triples.subject_objects(ELI.implements))


def test_dates_numbers_titles_and_issuers(plan_graph_all, triples):
    resolution = iri(plan_graph_all, "08-NQ/TU")
    assert triples.value(resolution, ELI.number) == Literal("08-NQ/TU")
    assert triples.value(resolution, ELI.date_document) == Literal("2023-03-31", datatype=XSD.date)
    plan = URIRef("urn:cancu:" + next(n for n, d in plan_graph_all.nodes(data=True) if d.get("in_corpus")))
    assert triples.value(plan, ELI.date_document) == Literal("2024-01", datatype=XSD.gYearMonth)
    title = "http://purl.org/dc/terms/title"
    for name, words in ((ELI.passed_by, "Tỉnh ủy Tây Ninh"), (ELI.type_document, "Nghị quyết")):
        assert triples.value(triples.value(resolution, name), URIRef(title)) == Literal(words, lang="vi")
    expression = triples.value(resolution, ELI.is_realized_by)
    assert str(triples.value(expression, ELI.title)).startswith("về phát triển khoa học")
    corrected = iri(plan_graph_all, "50-NQ/CP")
    assert triples.value(corrected, CANCU.printedNumber) == Literal("50-NQ/CP")
    assert triples.value(iri(plan_graph_all, "3668/KH-UBND"), ELI.date_document) is None


def test_soft_words_are_kept(plan_graph_all, triples):
    vague = triples.value(iri(plan_graph_all, "II.6.3"), CANCU.vagueBasis)
    assert triples.value(vague, CANCU.words) == Literal("hướng dẫn của Bộ KH&CN", lang="vi")


def test_jsonld_states_its_origin(triples):
    dataset = triples.value(predicate=RDF.type, object=CANCU.Export)
    assert triples.value(dataset, CANCU.asOf) == Literal("2026-11-24", datatype=XSD.date)
    source = triples.value(dataset, URIRef("http://purl.org/dc/terms/source"))
    assert triples.value(source, CANCU.sha256) == Literal(SHA)
    assert triples.value(dataset, CANCU.checkCode)
    assert triples.value(dataset, URIRef("http://purl.org/dc/terms/created")).toPython().year >= 2024


@pytest.mark.parametrize(("iso", "datatype"), [
    ("2023-03-31", XSD.date), ("2024-01", XSD.gYearMonth), ("2024", XSD.gYear), ("2023-02-31", None), ("99", None),
    ("2024-13", None),
])  # fmt: skip
def test_only_dates_that_exist_are_typed(iso, datatype):
    from publish.export.jsonld import _date

    written = _date(iso)
    if datatype is None:
        assert written == iso
    else:
        assert written == {"@value": iso, "@type": "xsd:" + str(datatype).rpartition("#")[2]}


def test_base_address_can_be_chosen(plan_graph_all, base):
    content = write_jsonld(plan_graph_all, read_stamp(base, DAY), "https://minhhoa.example/id/")
    subjects = {str(s) for s in Graph().parse(data=content, format="json-ld").subjects(RDF.type, ELI.LegalResource)}
    assert subjects and all(s.startswith("https://minhhoa.example/id/") for s in subjects)
    for wrong in ("không phải", "", "abc/", "https://a b/", "https://a#"):
        with pytest.raises(ExportError, match="địa chỉ định danh"):
            write_jsonld(plan_graph_all, read_stamp(base, DAY), wrong)
