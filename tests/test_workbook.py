"""The one reader of .xlsx: what it takes of a cell, within which bounds, and what a hostile file gets of it."""

from __future__ import annotations

import datetime
import io
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
