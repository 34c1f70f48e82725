"""Hostile content in every field of a made-up base: no format may break, run it, lose it, or be misled by it."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing
from datetime import date

import docx
import networkx as nx
import openpyxl
import pytest
from rdflib import Graph, Literal, URIRef

from graph.citation_graph import load_graph
from graph.relations import relation_rows
from graph.schema import TABLES
from graph.store import open_base, write_base
from publish.export import export
from publish.export.clean import EXCEL_LIMIT, clean, defuse, one_line, shorten
from publish.export.csv_tables import write_csv_tables
from publish.export.stamp import read_stamp

DAY = date(2026, 11, 24)
LONG = "Căn cứ rất dài. " * 1250  # 20 000 characters
TOO_LONG = "x" * 40_000
POISON = (
    "=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\tTAB", "\rCR", "＝1+1",
    "a\x00b\x01c\x0bd\x0ce\x1ff\x7fg", "lẻ \ud800 đôi", "kết thúc \ufffe \uffff",
    "</w:t></w:r><w:br/>", "]]><!--", "<script>alert(1)</script>", "&amp; & &#0;", "'\"“”«»`",
    "\u202e12/34\u202c đảo chiều", "\u2067abc\u2069", "عربي", "_x0041_", "http://example.com", "{{7*7}}", "%0A%00",
    "a\nb\r\nc", "  đầu cuối  ", "😀🇻🇳", "nguyê\u0303n", LONG,
)  # fmt: skip


def blank(table: str, **values) -> dict:
    columns = next(t for t in TABLES if t.name == table).columns
    kinds = {str: "", int: 0, float: 1.0}
    row = {c.name: None if c.references else kinds[c.type] for c in columns}
    assert set(values) <= set(row)
    return row | values


def document(id: str, text: str, **values) -> dict:
    return blank("van_ban", **{
        "id": id, "nhan": text, "loai": "Kế hoạch", "so_ky_hieu": text, "so_ky_hieu_in": text, "trich_yeu": text,
        "co_quan_ban_hanh": text, "ngay_ban_hanh": "2024-05-06", "ho": "hành chính", "hinh_thuc": "có số", "cap": 7,
        "trang_thai": "đã xác định", "suy_luan": "cơ quan ban hành, số, ký hiệu", **values,
    })  # fmt: skip


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    """A plan of the fictional tỉnh Minh Họa with one task for every piece of poison, each citing one document."""
    path = tmp_path_factory.mktemp("hostile") / "cancu.db"
    tables: dict[str, list[dict]] = {t.name: [] for t in TABLES if t.name != "thong_tin"}
    tables["loai_quan_he"] = relation_rows()
    tables["van_ban"].append(document("ke-hoach-minh-hoa", "Kế hoạch số 01/KH-UBND", trong_kho=1))
    tables["tep"].append(blank(
        "tep", van_ban="ke-hoach-minh-hoa", duong_dan="D:\\kho\\=kế hoạch & <Minh Họa>.docx", sha256="ab" * 32,
        noi_dung=TOO_LONG,
    ))  # fmt: skip
    for n, raw in enumerate(POISON):
        text = raw.encode(
            "utf-8", "replace"
        ).decode()  # SQLite cannot hold a lone surrogate; clean() is tested with one
        task, cited = f"ke-hoach-minh-hoa#I.{n}", f"van-ban-{n}"
        tables["van_ban"].append(document(cited, text, trang_thai="chưa xác định" if n % 2 else "đã xác định"))
        tables["muc"].append(blank(
            "muc", id=task, van_ban="ke-hoach-minh-hoa", ma=f"I.{n}", loai="Nhiệm vụ", noi_dung=text, vi_tri=text,
            chu_tri=text, thoi_han=text, ky_hieu=text,
        ))  # fmt: skip
        tables["quan_he"].append(blank(
            "quan_he", id=f"ke-hoach-minh-hoa#q{n}", nguon_muc=task, loai="implements", dich=cited,
            trang_thai=("đã nêu", "dự kiến", "suy ra")[n % 3], cau=text, neu_tai="ke-hoach-minh-hoa", quy_tac=text,
            vi_tri=text, do_tin_cay=0.5,
        ))  # fmt: skip
        tables["dan_chieu"].append(blank(
            "dan_chieu", id=f"r{n}", van_ban_nguon="ke-hoach-minh-hoa", muc=task, nguyen_van=text,
            loai="chưa nói rõ văn bản nào", cau=text, vi_tri=text,
        ))  # fmt: skip
    facts = {"phien_ban": "0.1.0", "phien_ban_luoc_do": "1", "ngay_dung": "2026-01-02", "gio_dung": "03:04"}
    write_base(path, tables, {**facts, "ma_kiem_tra": "cd" * 32})
    with closing(open_base(path)) as opened:
        yield opened


@pytest.fixture(scope="module")
def graph(connection):
    return load_graph(connection)


@pytest.fixture(params=range(len(POISON)), ids=lambda n: f"poison{n}")
def number(request) -> int:
    return request.param


def safe(number: int) -> str:
    return clean(POISON[number].encode("utf-8", "replace").decode())


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_word_opens_and_shows_the_text_as_text(graph, connection, number):
    for target in (f"ke-hoach-minh-hoa#I.{number}", f"van-ban-{number}"):
        content = export(graph, connection, target, "docx", DAY)
        annex = docx.Document(io.BytesIO(content))
        cells = {squeezed(cell.text) for row in annex.tables[0].rows for cell in row.cells}
        assert squeezed(safe(number)) in cells
        words = "\n".join(p.text for p in annex.paragraphs)
        assert "SHA-256 " + "ab" * 32 in words
        assert "=kế hoạch & <Minh Họa>.docx" in words and "D:\\" not in words


def test_a_row_too_tall_for_a_page_may_break(graph, connection):
    target = f"van-ban-{POISON.index(LONG)}"
    annex = docx.Document(io.BytesIO(export(graph, connection, target, "docx", DAY)))
    tall = [row for row in annex.tables[0].rows if max(len(c.text) for c in row.cells) > 10_000]
    assert tall and all("cantSplit" not in row._tr.xml for row in tall if len(row._tr.tc_lst) > 1)


def test_excel_opens_without_formulas_and_links(graph, connection, number):
    for target in (f"ke-hoach-minh-hoa#I.{number}", f"van-ban-{number}"):
        book = openpyxl.load_workbook(io.BytesIO(export(graph, connection, target, "xlsx", DAY)))
        values = []
        for page in book.worksheets:
            for row in page.iter_rows():
                for cell in row:
                    assert cell.data_type in ("s", "n", "d") and cell.hyperlink is None
                    values.append(squeezed(str(cell.value)))
        # openpyxl leaves Excel's escape of a literal "_x0041_" as it is
        assert squeezed(safe(number)).replace("_x0041_", "_x005F_x0041_") in values or squeezed(safe(number)) in values


def test_all_tables_open_in_excel(graph, connection):
    book = openpyxl.load_workbook(io.BytesIO(export(graph, connection, None, "xlsx", DAY)))
    assert all(cell.data_type != "f" for page in book.worksheets for row in page.iter_rows() for cell in row)
    full_text = next(cell.value for cell in book["tep"][2] if str(cell.value).startswith("xx"))
    assert len(full_text) == EXCEL_LIMIT and full_text.endswith("[…bị cắt bớt: toàn văn dài 40000 ký tự]")


def test_csv_cells_come_back_and_none_begins_as_a_formula(connection, tmp_path):
    write_csv_tables(connection, tmp_path, read_stamp(connection, DAY))
    with open(tmp_path / "muc.csv", encoding="utf-8-sig", newline="") as handle:
        header, *rows = csv.reader(handle)
    texts = [row[header.index("noi_dung")] for row in rows]
    assert [t.removeprefix("'") if t[:1] == "'" and t[1:2] in "=+-@\t\r＝" else t for t in texts] == [
        safe(n) for n in range(len(POISON))
    ]
    for path in tmp_path.iterdir():
        with open(path, encoding="utf-8-sig", newline="") as handle:
            for row in csv.reader(handle):
                assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "＝")], path


def test_graphml_comes_back_equal(graph, connection):
    back = nx.read_graphml(io.BytesIO(export(graph, connection, None, "graphml", DAY)), force_multigraph=True)
    assert set(back) == set(graph) and back.number_of_edges() == graph.number_of_edges()
    for n in range(len(POISON)):
        assert back.nodes[f"van-ban-{n}"]["trich_yeu"] == safe(n)
        edge = back[f"ke-hoach-minh-hoa#I.{n}"][f"van-ban-{n}"][f"ke-hoach-minh-hoa#q{n}"]
        assert (edge["cau"], edge["do_tin_cay"]) == (safe(n), 0.5)


def test_jsonld_comes_back_and_claims_only_what_is_sure(graph, connection):
    content = export(graph, connection, None, "jsonld", DAY)
    json.loads(content)
    triples = Graph().parse(data=content, format="json-ld")
    for n in range(len(POISON)):
        claim = URIRef(f"urn:cancu:ke-hoach-minh-hoa#q{n}")
        assert triples.value(claim, URIRef("urn:cancu:vocab:sentence")) == Literal(safe(n), lang="vi")
        status = triples.value(claim, URIRef("urn:cancu:vocab:status"))
        assert str(status) == ("stated", "planned", "inferred")[n % 3]
    assert not list(triples.subject_objects(URIRef("http://data.europa.eu/eli/ontology#ensures_implementation_of")))
    assert len(triples.serialize(format="nt")) > len(LONG)


def test_doubt_is_said_in_words_on_the_annex(graph, connection):
    for n, words in ((1, "chưa xác định, cần đối chiếu"), (2, "quan hệ do suy ra, cần đối chiếu")):
        annex = docx.Document(io.BytesIO(export(graph, connection, f"ke-hoach-minh-hoa#I.{n}", "docx", DAY)))
        statuses = [row.cells[8].text for row in annex.tables[0].rows]
        assert any(words in status for status in statuses), statuses


# --- the cleaning itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(("raw", "wanted"), [
    ("a\x00b", "ab"), ("a\x0bb", "a b"), ("trang\x0csau", "trang sau"), ("a\ud800b", "ab"), ("a\ufffeb", "ab"),
    ("\u202e12/34\u202c", "12/34"), ("a\x85b", "a b"), ("عربي", "عربي"), ("a\tb\nc\rd", "a\tb\nc\rd"),
    ("Nghị quyết số 08-NQ/TU", "Nghị quyết số 08-NQ/TU"), ("", ""),
])  # fmt: skip
def test_clean(raw, wanted):
    assert clean(raw) == wanted
    clean(raw).encode("utf-8")


@pytest.mark.parametrize(("raw", "wanted"), [
    ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"), ("\ra", "'\ra"), ("\x00=1", "'=1"),
    ("\u202e=1", "'=1"), ("＋1", "'＋1"), ("08-NQ/TU", "08-NQ/TU"), ("--", "'--"), ("", ""), ("'=1", "'=1"), ("\n =1", "'\n =1"), ("\n\nSố: 1", "\n\nSố: 1"),
])  # fmt: skip
def test_defuse(raw, wanted):
    assert defuse(raw) == wanted


def test_one_line_and_shorten():
    assert one_line(" a\n b\x0bc ") == "a b c"
    assert shorten("x" * EXCEL_LIMIT) == "x" * EXCEL_LIMIT
    assert len(shorten("x" * (EXCEL_LIMIT + 1))) == EXCEL_LIMIT
