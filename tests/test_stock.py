"""Datasette's own pages: every word in Vietnamese, names in Vietnamese order, dates as people write them."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import shutil
import sqlite3
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import datasette as datasette_package
import pytest
from datasette.filters import Filters

from graph.alphabet import alphabet_key
from graph.schema import KEY_SUFFIX, TABLES, VIEWS
from publish.columns import asked, shown, stored, typed
from publish.pages.problem import page as problem_page
from publish.serve import make_datasette
from publish.stock import conditions, translate, words

HOME = Path(datasette_package.__file__).parent
ROOT = Path(__file__).parent.parent
METADATA = json.loads((ROOT / "datasette_metadata.json").read_text(encoding="utf-8"))["databases"]["cancu"]

OURS_INSTEAD = {"base.html", "error.html", "index.html", "_footer.html"}
"""Templates that no page of ours reads."""
WORKSHOP = {"allow_debug.html", "messages_debug.html", "patterns.html", "permissions_debug.html"}
"""Pages for the developers of Datasette: refused."""
NAMES = "json csv sql sqlite db eli urn lex sha jsonl docx word excel căn cứ cancu datasette database".split()  # noqa: SIM905
"""Names of formats and programs, the same in every language."""


# --- words ------------------------------------------------------------------------------------------


class Visible(HTMLParser):
    """Collects what a person reads or hears of a page: text, and the attributes that a browser shows."""

    SHOWN = ("title", "aria-label", "placeholder", "alt", "label")
    SILENT = ("script", "style", "pre", "code", "textarea", "td")
    """Not for people, or said by the documents (cells, values that are counted); nor are hashes words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.said += [values[name] for name in self.SHOWN if values.get(name)]
        if tag == "input" and values.get("type") in ("submit", "button"):
            self.said.append(values.get("value") or "")
        if tag in self.SILENT or values.get("class") in ("tight-bullets", "hash"):
            self._silent.append(tag)

    def handle_endtag(self, tag):
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data):
        if not self._silent:
            self.said.append(data)


def words_of(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]{2,}", text)}


def template_words(source: str) -> set[str]:
    """The words of a template itself; what its expressions bring comes from the base, or is said in our catalogue."""
    source = re.sub(r"\{% block body_class %\}.*?\{% endblock %\}", "", source)  # names of styles
    styles = " ".join(re.findall(r'content: "([^"]*)"', source))
    bare = [re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S) for text in (source, styles)]
    return words_of(" ".join([*Visible(bare[0]).said, bare[1]]))


def script_words(source: str) -> set[str]:
    """The words of a script: markup in back quotes, and quoted strings that are sentences rather than selectors."""
    markup = [text for text in re.findall(r"`([^`]*)`", source) if "<" in text or " " in text or ":" in text]
    quoted = re.findall(r'"([^"\n]+)"', re.sub(r"`[^`]*`", "", source))
    sentences = [s for s in quoted if re.match(r"\s?[^\W\d_a-z]", s) and " " in s]
    text = [re.sub(r"\$\{.*?\}", " ", piece) for piece in (*markup, *sentences)]
    return words_of(" ".join(said for piece in text for said in Visible(piece).said))


def vocabulary() -> set[str]:
    """Words that are Vietnamese because we wrote them for people to read."""
    texts = [t for table in TABLES for t in (table.title, table.description, *(c.description for c in table.columns))]
    texts += [t for view in VIEWS.values() for t in view[:2]]
    texts += [t for query in METADATA["queries"].values() for t in (query["title"], query["description"])]
    texts += [t for table in METADATA["tables"].values() for t in table.get("columns", {}).values()]
    texts += [METADATA["title"], METADATA["description"], "Căn Cứ"]
    catalogue = words()
    texts += [value for name, pieces in catalogue.items() if "." not in name for value in pieces.values()]
    known = words_of(" ".join(texts)) | set(NAMES)
    for name, pieces in catalogue.items():
        if name.endswith(".html"):
            for english, vietnamese in pieces.items():  # an English word left in a translation stays unknown
                known |= template_words(vietnamese) - template_words(english)
        elif name.endswith(".js"):
            known |= {w for english, v in pieces.items() for w in words_of(v) - words_of(english) if not w.isascii()}
            known |= set("theo ẩn có giá trị này kiểu cột tăng giảm luôn".split()) if pieces else set()  # noqa: SIM905
    return known


VOCABULARY = vocabulary()


def test_the_templates_of_datasette_are_those_that_were_translated():
    """A template that a new version brings must be looked at."""
    translated = {name for name in words() if name.endswith(".html")}
    plain = {"_close_open_menus.html", "_codemirror.html", "_codemirror_foot.html"}  # no words
    assert {path.name for path in (HOME / "templates").iterdir()} == translated | plain | OURS_INSTEAD | WORKSHOP


@pytest.mark.parametrize("name", sorted(p.name for p in (HOME / "templates").iterdir() if p.name not in OURS_INSTEAD | WORKSHOP))  # fmt: skip
def test_no_word_of_a_template_is_left_untranslated(name):
    source = (HOME / "templates" / name).read_text(encoding="utf-8")
    assert template_words(translate(name, source)) - VOCABULARY == set()


def test_no_word_of_the_column_menu_is_left_untranslated():
    source = (HOME / "static" / "table.js").read_text(encoding="utf-8")
    assert "sort" in script_words(source), "the words are found at all"
    assert script_words(translate("table.js", source)) - VOCABULARY == set()


@pytest.mark.parametrize(
    "piece", ["<p>Brand new words</p>", '<a title="Hint">x</a>', '<input type="submit" value="Send">']
)
def test_the_alarm_rings(piece):
    """What a new version of Datasette might bring is told from what was translated."""
    source = (HOME / "templates" / "table.html").read_text(encoding="utf-8") + piece
    assert template_words(translate("table.html", source)) - VOCABULARY


def test_every_piece_of_the_catalogue_still_stands_in_datasette():
    """What is no longer there is no longer translated."""
    for name, pieces in words().items():
        folder = {".html": "templates", ".js": "static"}.get(Path(name).suffix)
        source = (HOME / folder / name).read_text(encoding="utf-8") if folder else None
        for english, vietnamese in pieces.items():
            if source is not None:
                assert english in source, (name, english)
                source = source.replace(english, vietnamese)


def test_every_filter_and_message_of_datasette_has_words():
    catalogue = words()
    keys = {key for key, _, _ in Filters([]).lookups()}
    assert keys <= set(catalogue["conditions"])
    for key, display, _ in Filters([]).lookups():
        assert not words_of(display) or words_of(catalogue["lookups"][key]) <= VOCABULARY, (key, display)
        assert not words_of(display) or catalogue["lookups"][key] != display
    source = "".join(
        (HOME / name).read_text(encoding="utf-8") for name in ("views/table.py", "views/base.py", "filters.py")
    )
    for piece in catalogue["errors"]:
        assert piece in source or piece in ("no such column", "interrupted"), piece  # the latter are SQLite's


# --- the pages --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def datasette(plan_base):
    return make_datasette(plan_base)


def get(datasette, path, **values):
    return asyncio.run(datasette.client.get(path, params=values or None, follow_redirects=True))


def page_paths():
    tables = [table.name for table in TABLES]
    yield "/cancu"
    yield from (f"/cancu/{name}" for name in (*tables, *VIEWS))
    yield from (f"/cancu/{name}?_size=2&_sort_desc={t.columns[0].name}" for name, t in zip(tables, TABLES, strict=True))
    yield from (f"/cancu/{name}?_show_sql=1&so=08-NQ/TU&ma=II.1.3.1" for name in METADATA["queries"])
    yield from (f"/cancu/{name}?so=khong&ma=khong" for name in METADATA["queries"])
    for key, _, no_argument in Filters([]).lookups():
        yield f"/cancu/van_ban?nhan__{key}={1 if no_argument else 'x'}"
    yield "/cancu/van_ban?_facet=ngay_ban_hanh&_facet_size=2&loai=Kế+hoạch"
    yield "/cancu/van_ban?_facet_date=ngay_ban_hanh&_facet_array=nhan"
    yield "/cancu/van_ban?_search=khoa+học&_sort=nhan"
    yield "/cancu/van_ban?_search_nhan=khoa"
    yield '/cancu/van_ban?_through={"table":"can_cu","column":"cach","value":"mềm"}'
    yield "/cancu/loai_quan_he/amends"
    yield "/cancu?_show_hidden=1"
    yield "/-/versions"
    yield from ("/cancu/khong_co", "/cancu/van_ban/khong-co", "/cancu?sql=select+1", "/cancu/van_ban?_sort=khong", "/-/patterns",
                "/cancu/van_ban?_size=x", "/cancu/van_ban?_col=x", "/cancu/van_ban?_through=x", "/cancu.db", "/-/permissions",
                "/cancu/van_ban?_where=1", "/cancu/van_ban?_facet=x", "/cancu/van_ban?_search_x=1", "/cancu/van_ban?_sort=id&_sort_desc=id")  # fmt: skip


@pytest.fixture(scope="module")
def data_words(plan_base):
    """Words of the base itself: what a cell shows is said by the documents, not by Datasette."""
    found = set()
    with closing(sqlite3.connect(plan_base)) as connection:
        for table in TABLES:
            for row in connection.execute(f"SELECT * FROM {table.name}"):
                found |= words_of(" ".join(str(value) for value in row))
        found |= words_of(" ".join(row[0] for row in connection.execute("SELECT name FROM sqlite_master")))
    return found


def our_words():
    """Words of the frame and of the pages for errors, in the Vietnamese of our own templates."""
    for name in ("frame.html", "stock_base.html", "layout.html", "problem.html"):
        yield from template_words((ROOT / "publish" / "templates" / name).read_text(encoding="utf-8"))
    for status in (400, 403, 404, 405, 500):
        page = problem_page(status)
        yield from words_of(f"{page.context['title']} {page.context['advice']}")
    yield from words_of("chạy từ mã nguồn và tệp khác")


OUR_PAGES = set(our_words())


@pytest.mark.parametrize("path", list(page_paths()))
def test_no_word_of_a_page_is_left_untranslated(path, datasette, data_words):
    answer = get(datasette, path)
    assert answer.status_code in (200, 400, 403, 404), answer.status_code
    said = Visible(answer.text)
    assert said.said and "/-/static/table.js" not in answer.text
    assert words_of(" ".join(said.said)) - VOCABULARY - data_words - OUR_PAGES == set()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/cancu", "/cancu/van_ban", "/cancu/loai_quan_he/amends"])
def test_what_would_change_the_base_is_refused_in_vietnamese(method, path, datasette):
    answer = asyncio.run(datasette.client.request(method, path))
    assert answer.status_code == 405 and "Trang này chỉ để xem" in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_conditions_are_said_with_the_names_of_columns_and_leave_values_alone():
    columns = {
        "ma": "Mã nhiệm vụ",
        "do_manh": "Độ mạnh căn cứ: trực tiếp, nêu tên",
        "ngay_ban_hanh": "Ngày ban hành (…)",
    }
    filters = Filters(
        [("do_manh", "where and sorted by"), ("ma__contains", "ma"), ("ngay_ban_hanh__gte", "2024-01-05")]
    )
    said = conditions(filters, columns, {"_search": "a contains b"}, "", "ma")
    assert said == ("với bất kỳ cột nào có các từ “a contains b”; Độ mạnh căn cứ = “where and sorted by”; Mã nhiệm vụ có chứa “ma”; "
                    "Ngày ban hành ≥ 05/01/2024, sắp theo Mã nhiệm vụ giảm dần")  # fmt: skip


def test_codes_of_relations_are_said_in_words(datasette):
    cells = re.findall(r'<td class="col-quan_he[^>]*>(.*?)</td>', get(datasette, "/cancu/trich_dan").text)
    assert cells and "triển khai thực hiện" in "".join(cells)
    assert not [cell for cell in cells if "<em>" in cell]


def test_empty_cells_say_so(datasette):
    cells = re.findall(r"<td [^>]*>(.*?)</td>", get(datasette, "/cancu/van_ban").text, re.S)
    assert cells and '<span class="none">--</span>' in cells
    assert not [cell for cell in cells if cell.strip() in ("", "&nbsp;", "None")]


# --- order ------------------------------------------------------------------------------------------

SORTED = [("van_ban", "nhan"), ("van_ban", "co_quan_ban_hanh"), ("van_ban", "loai"), ("nhiem_vu", "noi_dung"), ("don_vi", "ten"),
          ("xem_van_ban", "nhan"), ("xem_nhiem_vu", "noi_dung")]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), SORTED)
@pytest.mark.parametrize("down", [False, True], ids=["up", "down"])
def test_a_click_on_a_column_sorts_in_vietnamese_order(table, column, down, datasette):
    asked_for = "_sort_desc" if down else "_sort"
    rows = get(datasette, f"/cancu/{table}.json", _shape="array", _size="max", **{asked_for: column}).json()
    names = [row[column] or "" for row in rows]
    assert len(names) >= 3 and names == sorted(names, key=alphabet_key, reverse=down)


def test_pages_of_a_sorted_table_hold_every_row_once(datasette):
    names, address = [], "/cancu/van_ban.json?_sort=nhan&_size=7&_nofacet=1"
    while address:
        answer = get(datasette, address).json()
        names += [row[answer["columns"].index("nhan")] for row in answer["rows"]]
        address = answer["next_url"] and answer["next_url"].removeprefix("http://localhost")
    assert names == sorted(names, key=alphabet_key)
    assert len(names) == len(get(datasette, "/cancu/van_ban.json?_size=max&_shape=array").json())


def test_numbers_sort_by_year_and_then_as_numbers(datasette):
    rows = get(datasette, "/cancu/van_ban.json", _shape="array", _size="max", _sort="so_ky_hieu").json()
    order = [(row["sap_xep"][:4], int(serial[0])) for row in rows if (serial := re.match(r"\d+", row["so_ky_hieu"]))]
    assert len(order) > 20 and order == sorted(order)


def test_keys_of_order_are_not_shown(datasette):
    for path in (
        "/cancu/van_ban?_sort=nhan",
        "/cancu",
        "/cancu/xem_van_ban",
        "/cancu/don_vi?_sort_desc=ten",
        "/cancu/don_vi",
    ):
        said = " ".join(Visible(get(datasette, path).text).said)
        assert KEY_SUFFIX not in said, path
    header = next(csv.reader(io.StringIO(get(datasette, "/cancu/van_ban.csv?_sort=nhan").text.removeprefix("\ufeff"))))
    assert "nhan" in header and not [name for name in header if name.endswith(KEY_SUFFIX)]


def test_the_sorted_column_carries_the_arrow(datasette):
    page = get(datasette, "/cancu/van_ban?_sort=co_quan_ban_hanh").text
    (head,) = re.findall(r'<th [^>]*data-column="co_quan_ban_hanh".*?</th>', page, re.S)
    assert "▼" in head and "_sort_desc=co_quan_ban_hanh" in head


def test_a_base_without_keys_still_sorts(plan_base, tmp_path):
    path = tmp_path / "cancu.db"
    shutil.copy(plan_base, path)
    with closing(sqlite3.connect(path)) as connection:
        for view in VIEWS:
            connection.execute(f"DROP VIEW {view}")
        for table in TABLES:
            for name in table.names:
                connection.execute(f"DROP INDEX ix_{table.name}_{name}{KEY_SUFFIX}")
                connection.execute(f"ALTER TABLE {table.name} DROP COLUMN {name}{KEY_SUFFIX}")
        connection.execute("UPDATE thong_tin SET gia_tri = '4' WHERE ten = 'phien_ban_luoc_do'")
        connection.commit()
    rows = get(make_datasette(path), "/cancu/van_ban.json", _shape="array", _sort="nhan").json()
    assert rows and [row["nhan"] for row in rows] == sorted(row["nhan"] for row in rows)


# --- dates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("iso", "wanted"), [
    ("2024-01-05", "05/01/2024"), ("2024-01", "01/2024"), ("2024", "2024"), ("", "--"), (None, "--"), ("2024-1", "2024-1"),
    ("2024-01-05T06:07:08Z", "05/01/2024T06:07:08"), ("khoảng 2024", "khoảng 2024"),
])  # fmt: skip
def test_dates_are_shown_as_people_write_them(iso, wanted):
    assert shown(iso, "ngay_ban_hanh") == wanted


def test_only_dates_are_turned():
    assert shown("2024-01-05", "so_ky_hieu") == "2024-01-05"
    assert shown("Quyết định số 20/QĐ-UBND (2024-02-02, UBND tỉnh Minh Họa)", "ung_vien").endswith(
        "(02/02/2024, UBND tỉnh Minh Họa)"
    )


@pytest.mark.parametrize(("said", "iso"), [
    ("05/01/2024", "2024-01-05"), ("5/1/2024", "2024-01-05"), ("5-1-2024", "2024-01-05"), ("1/2024", "2024-01"), ("2024", "2024"),
    ("2024-01-05", "2024-01-05"), ("đầu năm", "đầu năm"), ("", ""),
])  # fmt: skip
def test_typed_dates_are_understood(said, iso):
    assert stored(said, "ngay_ban_hanh") == iso
    assert stored(said, "nhan") == said
    assert stored(typed(iso, "ngay_ban_hanh"), "ngay_ban_hanh") == iso


def test_a_query_that_needs_no_turning_is_left_byte_for_byte():
    query = "_search=a%20b&loai=Kế+hoạch&_sort=cap"
    assert asked("van_ban", query, {"nhan", "cap"}) == query


def test_dates_of_a_page_and_its_data(datasette):
    page = get(datasette, "/cancu/van_ban?_facet=ngay_ban_hanh")
    cells = re.findall(r'<td class="col-ngay_ban_hanh[^>]*>(.*?)</td>', page.text)
    assert "08/08/2023" in cells and not [cell for cell in cells if re.match(r"\d{4}-\d", cell)]
    facet = re.search(r'id="facet-ngay_ban_hanh".*?</ul>', page.text, re.S)[0]
    assert "08/08/2023</a>" in facet and "2023-08-08</a>" not in facet
    assert "2023-08-08" in get(datasette, "/cancu/van_ban.csv").text, "data keep ISO"
    built = get(datasette, "/cancu/thong_tin").text
    assert re.search(r"ngay_dung</a></td>.*?\d\d/\d\d/\d{4}</td>", built, re.S)


def test_a_date_may_be_typed_into_the_filter(datasette):
    page = get(datasette, "/cancu/van_ban?_filter_column=ngay_ban_hanh&_filter_op=exact&_filter_value=8/8/2023")
    assert 'value="08/08/2023"' in page.text and "2502/KH-UBND" in page.text
    assert "1 dòng" in " ".join(" ".join(Visible(page.text).said).split())
