"""The one reader of .xlsx: what it takes of a cell, within which bounds, and what a hostile file gets of it."""

from __future__ import annotations

import datetime
import io
import tracemalloc
import zipfile

import openpyxl
import pytest
from making import zipped

from graph import workbook
from graph.workbook import BROKEN, Bounds, ForeignError, TooLargeError, read_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT = (("schemas.openxmlformats.org/spreadsheetml/2006/main", "purl.oclc.org/ooxml/spreadsheetml/main"),
          ("schemas.openxmlformats.org/officeDocument/2006/relationships", "purl.oclc.org/ooxml/officeDocument/relationships"))  # fmt: skip


def book(sheet: str, strings: str = "", *, target: str = "worksheets/sheet1.xml", mode: str = "") -> bytes:
    """A workbook of one sheet, its parts as words."""
    made = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="Một" r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="b" Type="{REL}/worksheet" Target="{target}"{mode}/>'
        f'<Relationship Id="c" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
    }
    return zipped(made)


def parts_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def rows(data: bytes, bounds: Bounds | None = None, **more):
    """The rows of the first sheet."""
    return next(iter(read_workbook(data, bounds or Bounds(100), **more)))[1]


def test_what_a_cell_gives():
    made = openpyxl.Workbook()
    made.active.append(["chữ", 12, 1.5, datetime.datetime(2024, 5, 12, 9, 30), True, None, "=1+1", "dòng\nhai"])
    made.active.append([])
    made.active.append([None, "ba"])
    kept = io.BytesIO()
    made.save(kept)
    first, second, third = rows(kept.getvalue())
    assert first == ("chữ", "12", "1.5", datetime.date(2024, 5, 12), "1", "", "", "dòng\nhai")
    assert second == () and third == ("", "ba")
    assert rows(kept.getvalue(), formula="\0")[0][6] == "\0"


@pytest.mark.parametrize(("cell", "value"), [
    ('<c t="inlineStr"><is><t>a_x0041_</t></is></c>', "aA"), ('<c t="s"><v>0</v></c>', "mộthai"),
    ('<c t="e"><v>#N/A</v></c>', ""), ('<c><v>44969.0</v></c>', "44969"), ('<c><v>1e400</v></c>', "1e400"),
    ('<c t="str"><f>A1</f><v>kết quả</v></c>', "kết quả"), ('<c r="$A$1"><v>7</v></c>', "7"),
])  # fmt: skip
def test_a_cell_as_xml(cell, value):
    strings = "<si><r><t>một</t></r><r><t>hai</t></r><rPh><t>đọc</t></rPh></si>"
    assert rows(book(f"<row>{cell}</row>", strings)) == (((value,),) if value else ())


def test_a_workbook_of_the_strict_kind():
    parts = parts_of(book('<row><c t="s"><v>0</v></c></row>', "<si><t>chặt</t></si>"))
    for old, new in STRICT:
        parts = {name: words.replace(old, new) for name, words in parts.items()}
    assert rows(zipped(parts)) == (("chặt",),)


def test_bounds_are_kept():
    long = book(f'<row><c t="inlineStr"><is><t>{"x" * 90}</t></is></c><c><v>2</v></c><c><v>3</v></c></row>')
    assert rows(long, Bounds(9, columns=2, cell=5)) == (("xxxxx", "2"),)
    many = book("<row><c><v>1</v></c></row>" * 10)
    assert len(rows(many, Bounds(10))) == 10
    for data, bounds in ((many, Bounds(9)), (many, Bounds(99, unpacked=100)), (book('<row r="1048577"><c><v>1</v></c></row>'), Bounds(9))):  # fmt: skip
        with pytest.raises(TooLargeError):
            rows(data, bounds)


def test_too_many_strings_are_refused(monkeypatch):
    monkeypatch.setattr(workbook, "_MOST_STRINGS", 3)
    with pytest.raises(TooLargeError):
        rows(book("<row><c><v>1</v></c></row>", "<si><t>a</t></si>" * 4))


@pytest.mark.parametrize("merged", [True, False])
def test_merged_cells(merged):
    sheet = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>5</v></c></row><row r="2"><c r="B2"><v>6</v></c></row>'
    parts = parts_of(book(sheet))
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(
        "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="C9:XFD1048576"/></mergeCells>'
    )
    assert rows(zipped(parts), merged=merged) == (("1", "5"), ("1" if merged else "", "6"))


DECLARED = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_a_doctype_is_refused(part):
    words = "&b;" if "Strings" in part else "a"
    parts = parts_of(book('<row><c t="s"><v>0</v></c></row>', f"<si><t>{words}</t></si>"))
    parts[part] = DECLARED + parts[part]
    with pytest.raises(ForeignError):
        rows(zipped(parts))


@pytest.mark.parametrize("target", ["../../../etc/passwd", "C:\\x.xml", "/etc/passwd", "http://minh-hoa.example/a.xml"])
@pytest.mark.parametrize("mode", ["", ' TargetMode="External"'])
def test_no_link_leads_out(target, mode):
    assert list(read_workbook(book("<row/>", target=target, mode=mode), Bounds(9))) == []


@pytest.mark.parametrize(
    "row", ['<row r="0"><c><v>1</v></c></row>', '<row r="-1"><c><v>1</v></c></row>', '<row r="x"><c><v>1</v></c></row>',
            '<row><c r="1A"><v>1</v></c></row>', '<row><c t="s"><v>9</v></c></row>', '<row><c><v>a</v></c></row>', "<row>"],
)  # fmt: skip
def test_what_is_damaged_is_told_by_one_of_the_errors(row):
    with pytest.raises(BROKEN):
        rows(book(row))


# --- what a hostile part repeats ------------------------------------------------------------------


@pytest.fixture
def any_ratio(monkeypatch):
    monkeypatch.setattr(workbook, "_MOST_RATIO", 10**9)


@pytest.mark.parametrize(
    ("row", "taken"),
    [
        ("<c/>" * 300_000, ()),
        ('<c r="A1"><v>1</v></c>' * 100_000, (("1",),)),
        ("<x/>" * 300_000, ()),
        (f'<c t="inlineStr"><is>{"<r><t>x</t></r>" * 100_000}</is></c>', (("x" * 4000,),)),
        (f'<c t="str"><v>{"x" * 5_000_000}</v></c>', (("x" * 4000,),)),
    ],
    ids=["empty cells", "one cell again and again", "what is no cell", "runs", "one long text"],
)  # fmt: skip
def test_memory_is_that_of_what_is_taken(row, taken, any_ratio):
    data = book(f"<row>{row}</row>")
    tracemalloc.start()
    assert rows(data) == taken
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 1024 * 1024, peak


def test_shared_strings_are_cut_one_by_one(any_ratio):
    runs = f"<si>{'<r><t>abc</t></r>' * 50_000}</si><si><t>hai</t></si>"
    assert rows(book('<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>', runs)) == (
        (("abc" * 1334)[:4000], "hai"),
    )


@pytest.mark.parametrize(
    "sheet", ["<a>" * 5000 + "</a>" * 5000, f'<row x="{"y" * 18_000_000}"/>'], ids=["nested", "one tag without end"]
)
def test_what_is_deep_or_long_beyond_measure_is_refused(sheet, any_ratio):
    with pytest.raises(TooLargeError):
        rows(book(sheet))


def test_a_bomb_is_refused_by_its_ratio():
    with pytest.raises(TooLargeError):
        rows(book(f"<row><c><v>1</v></c></row>{' ' * 1_000_000}"))


def test_elements_may_have_a_prefix():
    parts = parts_of(book('<row><c t="inlineStr"><is><t>chữ</t></is></c></row>'))
    name = "xl/worksheets/sheet1.xml"
    for tag in ("worksheet", "sheetData", "row", "c", "is", "t"):
        parts[name] = parts[name].replace(f"<{tag}", f"<x:{tag}").replace(f"</{tag}>", f"</x:{tag}>")
    parts[name] = parts[name].replace("xmlns=", "xmlns:x=")
    assert "<x:t>" in parts[name] and rows(zipped(parts)) == (("chữ",),)


def test_formats_that_show_days():
    made = openpyxl.Workbook()
    sheet = made.active
    for n, code in enumerate(("dd/mm/yyyy", '"ngày" d', "[h]:mm", "0.00", "mmmm", '"dd"0'), 1):
        sheet.cell(1, n, 45000).number_format = code
    kept = io.BytesIO()
    made.save(kept)
    day = datetime.date(2023, 3, 15)
    assert rows(kept.getvalue()) == ((day, day, "45000", "45000", day, "45000"),)
