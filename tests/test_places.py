"""Where a quote is said to stand, there it stands: offsets and places of real plans in every format, looked up in the
file by other means than the reader's own."""

from __future__ import annotations

import io
import re
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import PLAN, ROOT
from making import fill, rows

from benchmarks import papers
from extract.model import Extraction, Place
from extract.pipeline import extract_file
from extract.read import office
from graph.corpus import build

SHARED = ROOT.parent / "shared" / "gold"
"""Real plans beside the checkout, not part of it."""

Lookup = Callable[[Place], str]
"""What the file itself has at a place."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A span that is told, what it is said to be, and where; ``end`` is cut at the end of its block."""

    what: str
    start: int
    end: int
    said: str
    place: Place


def quotes(facts: Extraction) -> Iterator[Quote]:
    """Every span that a user is shown with a place: citations, units, works."""
    for c in facts.citations:
        yield Quote(f"citation {c.id}", c.mention.start, c.mention.end, c.text, c.place)
    for u in facts.units:
        yield Quote(f"{u.kind} {u.id}", u.start, u.end, u.text, u.place)
    for w in facts.works:
        yield Quote(f"work {w.id}", w.start, w.end, w.text, w.place)


def spans(facts: Extraction) -> Iterator[tuple[str, int, int, str]]:
    """All else that has offsets and the words that stand there."""
    for r in facts.references:
        yield f"reference {r.target}", r.start, r.end, r.text
    for n in facts.refusals:
        yield f"refusal {n.rule}", n.start, n.end, n.text
    for q in facts.relations:
        yield f"relation {q.relation} {q.target}", q.start, q.end, q.cue


def solid(text: str) -> str:
    """The words without any blank, NFC."""
    return re.sub(r"[\s\u00ad\ufffe\x02]+", "", unicodedata.normalize("NFC", text))


def has(there: str, quote: str) -> bool:
    """Tell whether a text has the words of a quote, blanks aside."""
    return solid(quote) in solid(there)


def printed(there: str, quote: str) -> bool:
    """The same for two printed pages: the quote stands on the first, or begins there and goes on anywhere on the other.

    A hyphen may break a line, the number of a footnote may stand after a letter.
    """
    page, after = (solid(part).replace("-", "") for part in there.split("\f"))

    def on(page: str, words: str) -> bool:
        letters = (f"{re.escape(c)}\\d{{0,2}}" if c.isalpha() else re.escape(c) for c in solid(words) if c != "-")
        return re.search("".join(letters), page) is not None

    words = quote.split()
    parts = ((" ".join(words[:n]), " ".join(words[n:])) for n in range(len(words), 0, -1))
    return any(on(page, begun) and on(after, rest) for begun, rest in parts)


def check(facts: Extraction, lookup: Lookup, found_in: Callable[[str, str], bool] = has) -> list[str]:
    """See that offsets give the quote, that its block has the place told, and that the file has it there; return what
    was seen."""
    text = facts.source.text
    for what, start, end, said in spans(facts):
        assert text[start:end] == said, what
    seen = []
    for q in quotes(facts):
        assert text[q.start : q.end] == q.said != "", q.what
        (block,) = (b for b in facts.source.blocks if b.start <= q.start < b.end)
        assert block.place == q.place, q.what
        there = lookup(q.place)
        assert found_in(there, text[q.start : min(q.end, block.end)]), (q.what, q.place, q.said, there)
        seen.append(q.what.split()[0])
    return seen


# --- lookups: the file by other means ---------------------------------------------------------------


def by_parts(parts: list[tuple[Place, str]]) -> Lookup:
    """Look a place up among all the paragraphs of a file; it must name just one of them."""
    found = dict(parts)
    assert len(found) == len(parts)
    return lambda place: found[place._replace(rows=None)]  # how far a cell reaches is tested by the reader


def counted(words: Iterator[tuple[tuple[int, int, int] | None, str]]) -> Lookup:
    """Number the paragraphs that hold words; the first of a pair is table, row and cell."""
    held = ((cell, said) for cell, said in words if said.strip())
    return by_parts([(Place(None, n, *(cell or (None, None, None))), said) for n, (cell, said) in enumerate(held, 1)])


def of_parts(text: str) -> Lookup:
    """The text that a file was written from."""

    def walk() -> Iterator[tuple[tuple[int, int, int] | None, str]]:
        table = 0
        for part in papers.parts_of(text):
            if isinstance(part, papers.Paragraph):
                yield None, part.text
                continue
            table += 1
            for row, cells in enumerate(part.rows, 1):
                for cell, paragraphs in enumerate(cells, 1):
                    yield from (((table, row, cell), said) for said in paragraphs)

    return counted(walk())


def of_lines(data: bytes) -> Lookup:
    """The lines of a plain text that are not blank."""
    return counted((None, line) for line in data.decode().split("\n"))


def of_markdown(data: bytes) -> Lookup:
    """Lines, and the cells of tables, whose second line is a rule."""

    def walk() -> Iterator[tuple[tuple[int, int, int] | None, str]]:
        table = row = 0
        inside = False
        for line in data.decode().split("\n"):
            if not line.startswith("|"):
                inside = False
                yield None, line
            elif not re.fullmatch(r"\|([\s:]*-+[\s:]*\|)+\s*", line):
                table, row, inside = (table, row + 1, True) if inside else (table + 1, 1, True)
                for cell, words in enumerate(line.strip()[1:-1].split("|"), 1):
                    yield from (((table, row, cell), said) for said in words.split("<br>"))

    return counted(walk())


class _Page(HTMLParser):
    """Paragraphs of a page with the cell that each stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.table = self.row = self.cell = 0
        self.inside = False
        self.parts: list[tuple[tuple[int, int, int] | None, str]] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "table":
            self.table, self.row, self.inside = self.table + 1, 0, True
        elif tag == "tr":
            self.row, self.cell = self.row + 1, 0
        elif tag == "td":
            self.cell += 1
        elif tag == "p":
            self.parts.append(((self.table, self.row, self.cell) if self.inside else None, ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "table"

    def handle_data(self, data: str) -> None:
        if self.parts and data.strip():
            self.parts[-1] = (self.parts[-1][0], self.parts[-1][1] + data)


def of_html(data: bytes) -> Lookup:
    page = _Page()
    page.feed(data.decode())
    return counted(iter(page.parts))


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}


def of_docx(data: bytes) -> Lookup:
    """Paragraphs of Word's main part that print words, by their cells on the grid of the table."""
    package = zipfile.ZipFile(io.BytesIO(data))
    root = ElementTree.fromstring(package.read("word/document.xml"))
    tables = 0
    noted: list[str] = []

    def words(node: ElementTree.Element) -> str:
        if node.tag == f"{_W}t":
            return node.text or ""
        if node.tag in (f"{_W}br", f"{_W}tab", f"{_W}cr"):
            return " "
        if node.tag == f"{_W}noBreakHyphen":
            return "-"
        if node.tag == f"{_W}footnoteReference":
            noted.append(node.get(f"{_W}id", ""))
            return f"[^{len(noted)}]"
        return "".join(words(c) for c in node if c.tag not in _SKIPPED and c.tag != f"{_W}txbxContent")

    def boxes(node: ElementTree.Element) -> Iterator[ElementTree.Element]:
        for child in node:
            if child.tag == f"{_W}txbxContent":
                yield child
            elif child.tag not in _SKIPPED:
                yield from boxes(child)

    def walk(
        node: ElementTree.Element, cell: tuple[int, int, int] | None
    ) -> Iterator[tuple[tuple[int, int, int] | None, str]]:
        nonlocal tables
        for child in node:
            if child.tag == f"{_W}p":
                yield cell, words(child)
                for box in boxes(child):
                    yield from walk(box, cell)
            elif child.tag == f"{_W}tbl":
                tables += 1
                table = tables
                for row, tr in enumerate(child.iter(f"{_W}tr"), 1):
                    column = 1
                    for tc in tr.iter(f"{_W}tc"):
                        yield from walk(tc, (table, row, column))
                        span = tc.find(f"{_W}tcPr/{_W}gridSpan")
                        column += 1 if span is None else int(span.get(f"{_W}val", "1"))
            elif child.tag not in _SKIPPED:
                yield from walk(child, cell)

    body = root.find(f"{_W}body")
    assert body is not None
    parts = list(walk(body, None))
    if noted:  # footnotes stand after the text, in the order of their marks
        notes = ElementTree.fromstring(package.read("word/footnotes.xml"))
        by_id = {note.get(f"{_W}id"): note for note in notes}
        for id in noted:
            parts += walk(by_id[id], None)
    return counted(iter(parts))


def of_pdf(data: bytes) -> Lookup:
    """The page, and the next one: a paragraph, and a quote in it, may go over to it."""
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(data) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return lambda place: "\f".join((pages + [""])[place.page - 1 : place.page + 1])


# --- the plans ---------------------------------------------------------------------------------------


@cache
def words_of(plan: Path) -> str:
    return plan.read_text(encoding="utf-8")


@cache
def word_file(plan: Path) -> bytes:
    """The plan as Word has it: the real file where there is one."""
    real = plan.with_suffix(".docx")
    return real.read_bytes() if real.exists() else papers.docx(words_of(plan))


@cache
def made(plan: Path, format: str) -> bytes:
    match format:
        case "md":
            return plan.read_bytes()
        case "docx":
            return word_file(plan)
        case "doc" | "pdf":
            return papers.by_office(word_file(plan), "docx", format)
        case _:
            written: bytes = getattr(papers, format)(words_of(plan))
            return written


def lookup_of(plan: Path, format: str) -> Lookup:
    data = made(plan, format)
    match format:
        case "txt":
            return of_lines(data)
        case "md":
            return of_markdown(data)
        case "html":
            return of_html(data)
        case "docx":
            return of_docx(data)
        case "doc":
            return of_docx(papers.by_office(data, "doc", "docx"))
        case "pdf":
            return of_pdf(data)
    return of_parts(words_of(plan))


def plans() -> list[Path]:
    return [PLAN, *sorted((SHARED / "plans").glob("*.md"))]


@pytest.mark.parametrize("format", ["txt", "md", "html", "rtf", "docx", "doc", "pdf"])
@pytest.mark.parametrize("plan", plans(), ids=lambda plan: plan.stem)
def test_every_quote_stands_where_it_is_said_to(tmp_path, plan, format):
    if format in ("doc", "pdf") and not office.soffice():
        pytest.skip("LibreOffice is not installed: nothing here writes this format")
    path = tmp_path / f"kế hoạch.{format}"
    path.write_bytes(made(plan, format))
    facts = extract_file(path)
    assert facts.source.format == format
    seen = check(facts, lookup_of(plan, format), printed if format == "pdf" else has)
    assert "citation" in seen and "task" in seen


def test_rtf_without_libreoffice(tmp_path, monkeypatch):
    monkeypatch.setattr("extract.read.child.COMMAND", _without_office())
    path = tmp_path / "a.rtf"
    path.write_bytes(papers.rtf(words_of(PLAN)))
    facts = extract_file(path)
    assert "không qua LibreOffice" in facts.source.notes[0]
    assert "task" in check(facts, of_parts(words_of(PLAN)))


def _without_office() -> tuple[str, ...]:
    code = "from extract.read import child, office; office.soffice = lambda: ''; child.main()"
    return (sys.executable, "-P", "-c", code)


@pytest.mark.parametrize("format", ["txt", "html", "rtf", "docx", "doc", "pdf"])
def test_the_formats_say_the_same(tmp_path, plan, format):
    """The seed plan has the same citations and tasks, in the same words, whatever it is written in."""
    if format in ("doc", "pdf") and not office.soffice():
        pytest.skip("LibreOffice is not installed: nothing here writes this format")
    path = tmp_path / f"kế hoạch.{format}"
    path.write_bytes(made(PLAN, format))
    facts = extract_file(path)
    assert [c.text for c in facts.citations] == [c.text for c in plan.citations]
    assert [(u.id, u.kind) for u in facts.units] == [(u.id, u.kind) for u in plan.units]
    assert [c.relation for c in facts.citations] == [c.relation for c in plan.citations]


@pytest.mark.parametrize("table", ["trich_dan", "chuong_trinh", "quan_he", "dan_chieu", "muc"])
def test_rows_of_the_base_tell_the_line_that_they_begin_in(lined_base, table):
    """In plain text a place is the number of the line that is not blank, whatever the table."""
    found = rows(
        lined_base,
        f"SELECT x.vi_tri, x.bat_dau, t.noi_dung FROM {table} x JOIN tep t "
        f"ON t.van_ban = x.{ {'quan_he': 'neu_tai', 'muc': 'van_ban'}.get(table, 'van_ban_nguon') } WHERE x.bat_dau IS NOT NULL",
    )
    assert found
    for place, start, text in found:
        before = [line for line in text[: start + 1].split("\n") if line.strip()]
        assert place == f"đoạn {len(before)}"


@pytest.fixture(scope="module")
def lined_base(tmp_path_factory) -> Path:
    """A base of the plans, and of the passages where they are, as lines of text."""
    folder = tmp_path_factory.mktemp("dòng")
    texts = [*plans(), *(SHARED / "passages").glob("*.txt")]
    fill(folder / "kho", {f"{path.stem}.txt": papers.txt(words_of(path)) for path in texts})
    build([folder / "kho"], folder / "cancu.db")
    return folder / "cancu.db"


@pytest.mark.skipif(not (SHARED / "passages").exists(), reason="no passages beside the checkout")
def test_passages_of_real_texts():
    seen = 0
    for path in sorted((SHARED / "passages").glob("*.txt")):
        seen += len(check(extract_file(path), of_markdown(path.read_bytes())))
    assert seen > 100
