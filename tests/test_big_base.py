"""The pages of a base that all cite: every query by an index, what is cut said, what is counted right. No clock here."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from functools import partial

import pytest

from benchmarks import big_base, pages
from extract.text import plain
from graph.citation_graph import edges_from, load_graph
from graph.counts import COUNTS, OTHER_VERSIONS
from graph.decisions.entry import MENTIONS, POINTER
from graph.indexes import INDEXES
from graph.lazy import _SAME, LazyGraph
from graph.lookup import NotFound, look_up
from graph.reconcile import UNNUMBERED
from graph.schema import TABLES, VIEWS
from graph.store import open_base
from graph.trace import trace_up
from publish import asgi
from publish.answers import Ask
from publish.base import open_for
from publish.links import Links
from publish.pages import bases, deciding, document, drawing, home, impact, reconcile, search, task
from publish.serve import MANY_ROWS, make_datasette, offer_facets, read_metadata
from publish.words import number

DOCUMENTS, CITATIONS = 2000, 10_000


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    made = tmp_path_factory.mktemp("lớn") / "lon.db"
    big_base.make(made, DOCUMENTS, CITATIONS)
    return made


@pytest.fixture
def connection(path):
    with closing(open_base(path)) as opened:
        yield opened


@pytest.fixture(scope="module")
def datasette(path):
    return make_datasette(path)


def get(datasette, address):
    return asyncio.run(datasette.client.get(address))


def one(connection, sql, *values):
    return connection.execute(sql, values).fetchone()[0]


def hub_of(connection) -> str:
    return one(connection, "SELECT van_ban FROM trich_dan GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")


# --- the base -------------------------------------------------------------------------------------


def test_the_same_rows_every_time(tmp_path):
    dumps = []
    for name in ("a.db", "b.db"):
        big_base.make(tmp_path / name, 300, 1500)
        with closing(sqlite3.connect(tmp_path / name)) as made:
            dumps.append(list(made.iterdump()))
    assert dumps[0] == dumps[1]


def test_it_is_as_large_as_asked_and_its_chains_have_six_hops(connection):
    assert one(connection, "SELECT count(*) FROM van_ban") == DOCUMENTS
    assert one(connection, "SELECT count(*) FROM trich_dan") == CITATIONS
    assert one(connection, "SELECT count(*) FROM van_ban WHERE trong_kho = 1") == DOCUMENTS // 10
    hubs = one(connection, "SELECT count(*) FROM (SELECT 1 FROM trich_dan GROUP BY van_ban HAVING count(*) >= ?)",
               CITATIONS // 20)  # fmt: skip
    assert hubs == big_base.HUBS
    tasks = [row[0] for row in connection.execute("SELECT nhiem_vu FROM can_cu WHERE so_buoc = 6 LIMIT 20")]
    assert tasks
    for unit in tasks:
        branch, depth = trace_up(LazyGraph(connection), unit), 0
        while branch.children:
            branch, depth = branch.children[0], depth + 1
        assert depth == 6


def test_its_citations_stand_where_they_say(connection):
    texts = dict(connection.execute("SELECT van_ban, noi_dung FROM tep LIMIT 20"))
    found = connection.execute("SELECT van_ban_nguon, nguyen_van, bat_dau, ket_thuc FROM trich_dan").fetchall()
    here = [row for row in found if row[0] in texts]
    assert here and all(texts[plan][start:end] == words for plan, words, start, end in here)


# --- queries --------------------------------------------------------------------------------------


class Recording(sqlite3.Connection):
    """Keeps each statement with its values, so that it can be explained as it was asked."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.asked: list[tuple[str, tuple]] = []

    def execute(self, sql, values=()):
        self.asked.append((sql, tuple(values)))
        return super().execute(sql, values)


def whole_reads(recorded: Recording) -> set[str]:
    """The steps of the recorded statements that read a table from end to end, or sort rows that an index could give."""
    found = set()
    for sql, values in dict.fromkeys(recorded.asked):
        plan = sqlite3.Connection.execute(recorded, f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        for step in (row[3] for row in plan):
            if step.startswith("SCAN") and "VIRTUAL TABLE" not in step and not _is_small(step, sql):
                found.add(f"{step}: {sql}")
    return found


SMALL = {"loai_quan_he", "tep", "tep_khong_doc", "thong_tin", "so_dem", "sqlite_master", "don_vi"}
"""Tables that pages may read whole: the kinds of relations, the files (counted), what is counted, what was refused."""


def _is_small(step: str, sql: str) -> bool:
    name = step.split()[1]
    if re.match(r"SCAN (\(subquery|\d|CONSTANT|pragma|plan\b|j\b|cho\b)", step) or name in SMALL:
        return True
    along_an_index = "USING INDEX" in step and "LIMIT" in sql
    return along_an_index or bool(re.search(rf"json_each\(\?\) {name}\b", sql))


@pytest.fixture
def recording(path):
    with closing(sqlite3.connect(path, factory=Recording)) as opened:
        yield opened


def ask_page(view, connection, values=None, **parts):
    links = Links(tables="/lon")
    return view(open_for(connection), Ask(parts, values or {}, links))


def test_no_page_reads_a_table_from_end_to_end(recording):
    hub = hub_of(recording)
    cited = one(recording, "SELECT id FROM van_ban WHERE trong_kho = 0 AND so_ky_hieu <> '' LIMIT 1 OFFSET 700")
    plan = one(recording, "SELECT id FROM van_ban WHERE trong_kho = 1 LIMIT 1 OFFSET 70")
    recording.asked.clear()
    ask_page(home.page, recording)
    for id in (hub, cited, plan):
        assert ask_page(document.page, recording, document=id).status == 200
        assert ask_page(impact.page, recording, {"q": id}).status == 200
    for code in ("II.1.1", "II.2.3", "II.2.5"):
        assert ask_page(task.page, recording, plan=plan, code=code).status == 200
    for words in (
        "kế hoạch",
        "ke hoach",
        "tỉnh Minh Họa",
        "12/KH-UBND",
        "12",
        "II.1.1",
        "khongco xyz",
        "an",
        "Tân Phú",
    ):
        ask_page(search.page, recording, {"q": words})
        ask_page(impact.page, recording, {"q": words})
    ask_page(impact.page, recording)
    assert len(recording.asked) > 100
    assert whole_reads(recording) == set()


def test_what_has_no_number_and_what_stands_are_found_along_indexes(recording):
    plan = one(recording, "SELECT id FROM van_ban WHERE trong_kho = 1 LIMIT 1 OFFSET 70")
    spots = {sort: one(recording, f"SELECT id FROM {table} LIMIT 1 OFFSET 9") for sort, table in MENTIONS.items()}
    spots[POINTER] = one(recording, "SELECT id FROM dan_chieu WHERE loai = 'chưa nói rõ văn bản nào' LIMIT 1")
    recording.asked.clear()
    for reason in UNNUMBERED:
        for chosen in ("", plan):
            assert ask_page(reconcile.page, recording, {"loai": reason, "ke_hoach": chosen}).status == 200
    for sort, name in spots.items():
        form = deciding.Form({"id": [name]}, False, "", lambda: None)
        assert ask_page(partial(deciding.page, form=form), recording, sort=sort).status == 200
    assert ask_page(bases.page, recording, plan=plan).status == 200
    assert ask_page(drawing.page, recording, {"kieu": "in"}, whole=plan).status == 200
    assert len(recording.asked) > 60
    counted = "SELECT count(*) FROM quyet_dinh"  # there are never more than people have made
    assert sorted(read[:300] for read in whole_reads(recording) if counted not in read) == []


def test_the_check_finds_a_whole_read(recording):
    recording.execute("SELECT id FROM van_ban WHERE ten = ?", ("x",))
    recording.execute("SELECT count(*) FROM trich_dan WHERE co_quan = ?", ("x",))
    assert len(whole_reads(recording)) == 2


@pytest.mark.parametrize("view", VIEWS)
def test_the_first_rows_of_a_view_need_no_sort(view, connection):
    steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {view} LIMIT 51")]
    assert steps and not [step for step in steps if "TEMP B-TREE" in step]


def test_columns_that_tables_are_sorted_and_filtered_by_are_indexed():
    for table in TABLES:
        told = read_metadata("cancu")["databases"]["cancu"]["tables"][table.name]
        first = {columns.split(", ")[0] for columns in INDEXES.get(table.name, ())}
        assert {*told.get("facets", ()), told.get("sort", table.key)} <= {*first, table.key}, table.name


# --- what is counted ------------------------------------------------------------------------------


def test_what_was_counted_at_build_is_so(connection):
    base = open_for(connection)
    for name, sql in COUNTS.items():
        assert base.counted(name) == one(connection, sql.format(others=OTHER_VERSIONS)), name
    assert base.counted("bản khác của văn bản") == 2 and base.counted("nhiệm vụ") == (DOCUMENTS // 10 - 2) * 10
    for name in (*(table.name for table in TABLES), *VIEWS):
        told = one(connection, "SELECT so FROM so_dem WHERE ten = ?", f"bảng: {name}")
        assert told == one(connection, f"SELECT count(*) FROM {name}"), name


def test_a_base_without_counts_is_counted_when_asked(path, tmp_path):
    old = tmp_path / "cũ.db"
    old.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(old)) as made:
        wanted = {name: open_for(made).counted(name) for name in COUNTS}
        made.execute("DROP TABLE so_dem")
        assert {name: open_for(made).counted(name) for name in COUNTS} == wanted
        made.commit()
    answer = get(make_datasette(old), "/")
    assert answer.status_code == 200 and number(wanted["lần viện dẫn"]) in answer.text


def test_how_often_a_document_is_cited(connection):
    for id, named, tasks in connection.execute("SELECT id, so_lan_nhac, so_nhiem_vu FROM van_ban LIMIT 1 OFFSET 205"):
        counted = one(connection, "SELECT count(*) FROM trich_dan WHERE van_ban = ?", id)
        assert named == counted + one(connection, "SELECT count(*) FROM chuong_trinh WHERE van_ban = ?", id)
        ways = "NOT IN ('kế thừa', 'đối tượng tác động')"
        sql = f"SELECT count(DISTINCT nhiem_vu) FROM can_cu WHERE van_ban = ? AND cach {ways}"
        assert tasks == one(connection, sql, id) > 0


# --- what is cut ----------------------------------------------------------------------------------


def test_the_page_of_a_document_that_all_cite_counts_what_it_does_not_show(datasette, connection, monkeypatch):
    monkeypatch.setattr("publish.base.PAGE_EDGES", 100)
    hub = hub_of(connection)
    text = get(datasette, f"/van-ban/{hub}").text
    cited = one(connection, "SELECT count(*) FROM trich_dan WHERE van_ban = ?", hub)
    assert f'Nơi viện dẫn <span class="count">({number(cited)})' in text
    assert f"Xem đủ {number(cited)} lần viện dẫn" in text
    kinds = connection.execute("SELECT loai, count(*) FROM quan_he WHERE dich = ? GROUP BY 1", (hub,)).fetchall()
    assert max(count for _, count in kinds) > 100
    for relation, count in kinds:
        if count > 100:  # what is less is read whole: a claim that two texts repeat counts once there
            assert f'<span class="count">({number(count)})' in text
            assert f"/lon/quan_he?dich={hub}&amp;loai={relation}" in text
    for way, count in connection.execute("SELECT cach, count(*) FROM can_cu WHERE van_ban = ? GROUP BY 1", (hub,)):
        assert number(count) in text, way
    assert text.count('class="claim"') < 400


def test_a_trace_that_is_cut_says_how_many_there_are(datasette, connection):
    hub = hub_of(connection)
    text = get(datasette, f"/truy-vet?q={hub}").text
    ways = "('trực tiếp', 'nêu tên', 'qua chuỗi')"
    tasks = one(connection, f"SELECT count(*) FROM can_cu WHERE van_ban = ? AND cach IN {ways}", hub)
    heirs = one(connection, "SELECT count(*) FROM can_cu WHERE van_ban = ? AND cach = 'kế thừa'", hub)
    assert f"xem đủ {number(tasks)} nhiệm vụ" in text and f"{number(heirs)} nhiệm vụ chỉ kế thừa" in text
    assert 0 < text.count('class="traced"') <= 100


def test_common_words_are_ranked_among_the_first_hits_and_the_page_says_so(datasette, connection):
    text = get(datasette, "/tim?q=kế hoạch").text
    assert "hơn 300" in text and "chỉ xếp hạng 300 kết quả đầu" in text
    first = re.findall(r'<p class="hit"><a href="/van-ban/([^"#]+)"', text)
    assert first and all("ke hoach" in plain(one(connection, "SELECT khong_dau FROM van_ban WHERE id = ?", id))
                         for id in first)  # fmt: skip
    assert get(datasette, "/tim?q=ke hoach").text.count("hơn 300") == text.count("hơn 300")
    rare = get(datasette, "/tim?q=khongco xyz").text
    assert "hơn" not in re.findall(r"<section>.*</section>", rare, re.S)[:1]


def test_many_names_are_candidates_and_none_is_guessed(connection):
    found = look_up(LazyGraph(connection), "ke hoach")
    assert isinstance(found, NotFound) and found.ambiguous
    assert look_up(LazyGraph(connection), "khongco xyz", near=False) == NotFound("khongco xyz", False, ())


def test_a_claim_that_all_texts_repeat_is_one_way_up(connection):
    source = one(connection, "SELECT nguon_van_ban FROM quan_he WHERE nguon_van_ban IS NOT NULL"
                 " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")  # fmt: skip
    with closing(sqlite3.connect(":memory:")) as more:
        connection.backup(more)
        columns = [row[1] for row in more.execute("PRAGMA table_info(quan_he)")][1:]
        names = ", ".join(columns)
        more.execute(
            f"INSERT INTO quan_he (id, {names}) WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= ?)"
            f" SELECT 'lại' || i, {names} FROM n JOIN quan_he"
            " WHERE quan_he.rowid = (SELECT min(rowid) FROM quan_he WHERE nguon_van_ban = ?)",
            (_SAME, source),
        )
        read, whole = edges_from(LazyGraph(more), source), edges_from(load_graph(more), source)
    assert len(whole) > _SAME

    def claims(edges):
        return list(dict.fromkeys((e.target, e.relation, e.status) for e in edges))

    assert claims(read) == claims(whole) and len(read) == len(claims(read))


# --- the server -----------------------------------------------------------------------------------


def test_tables_with_very_many_rows_offer_what_to_count_by():
    tables = {"a": {"facets": ["x"], "size": 50}, "b": {"facets": ["y"]}, "c": {}}
    offer_facets(tables, {"a": MANY_ROWS + 1, "b": MANY_ROWS, "c": MANY_ROWS * 2})
    assert tables == {"a": {"offered": ["x"], "size": 50}, "b": {"facets": ["y"]}, "c": {}}
    offer_facets(tables, {"a": MANY_ROWS, "b": MANY_ROWS + 1})
    assert tables == {"a": {"facets": ["x"], "size": 50}, "b": {"offered": ["y"]}, "c": {}}


def test_the_offer_stands_on_the_page_and_counts_when_taken(path, monkeypatch):
    monkeypatch.setattr("publish.serve.MANY_ROWS", 1000)
    served = make_datasette(path)
    text = get(served, "/lon/van_ban?trong_kho=1").text
    assert "Đếm theo cột:" in text and 'href="?trong_kho=1&amp;_facet=loai"' in text and "facet-results" not in text
    assert "facet-results" in get(served, "/lon/van_ban?trong_kho=1&_facet=loai").text


def test_the_file_is_not_read_whole_to_count_or_hash_it(datasette, connection):
    database = datasette.databases["lon"]
    assert database.hash == one(connection, "SELECT gia_tri FROM thong_tin WHERE ten = 'ma_kiem_tra'")
    counts = asyncio.run(database.table_counts())
    assert counts["trich_dan"] == CITATIONS and not set(VIEWS) & set(counts)


# --- the measure ----------------------------------------------------------------------------------


def test_every_address_of_the_measure_answers(datasette, path):
    asked = pages.kinds(path, 2, 1)
    assert asked == pages.kinds(path, 2, 1) and len(asked) > 15
    for kind in asked:
        for address in kind.addresses[:2]:
            assert get(datasette, address).status_code in (200, 300), address


def test_the_verdict_is_the_slow_twentieth():
    fast = pages.Row("nhanh", 200, tuple(float(n) for n in range(100)))
    assert (fast.at(0.5), fast.at(0.95), fast.at(1.0)) == (50, 95, 99) and fast.met
    slow = pages.Row("chậm", 200, (*(10.0,) * 90, *(300.0,) * 10))
    assert not slow.met and not pages.Row("hỏng", 200, (1.0,), failed=1).met
    assert pages.verdicts([fast, slow]) == {200: False, 600: True, 500: True, 50: True}
    assert pages.line(slow).endswith("| 200 | NOT MET |")


def test_chains_are_measured_without_a_page(path):
    row = pages.chains(path, 5, 1)
    assert len(row.taken) == 5 and row.bar == pages.CHAIN


# --- many at once ---------------------------------------------------------------------------------


def serve_at_once(paths, app):
    """Ask ``app`` for all ``paths`` at once; return the answers."""
    queue = asgi.one_after_another(app)

    async def answer(path):
        sent = []

        async def send(message):
            sent.append(message["type"])

        await queue({"type": "http", "method": "GET", "path": path}, None, send)
        return sent

    async def run():
        return await asyncio.gather(*map(answer, paths), return_exceptions=True)

    return asyncio.run(run())


def test_few_pages_are_made_at_once_and_in_order():
    begun, working, most = [], 0, 0

    async def app(scope, receive, send):
        nonlocal working, most
        begun.append(scope["path"])
        working += 1
        most = max(most, working)
        for _ in range(5):
            await asyncio.sleep(0)
        working -= 1
        await send({"type": "http.response.start"})
        await send({"type": "http.response.body"})

    paths = [f"/van-ban/{n}" for n in range(20)]
    answers = serve_at_once(paths, app)
    assert begun == paths and most == asgi.AT_ONCE
    assert answers == [["http.response.start", "http.response.body"]] * 20


def test_a_page_that_fails_gives_its_turn_on():
    async def app(scope, receive, send):
        raise ValueError(scope["path"])

    assert [type(a) for a in serve_at_once(["/"] * 9, app)] == [ValueError] * 9


@pytest.mark.parametrize("path", ["/xuat/xlsx/kho", "/danh-sach/ra-soat.docx", "/tinh/cancu.css", "/lon/van_ban.csv"])
def test_files_do_not_wait_and_hold_up_nobody(path):
    working = most = 0

    async def app(scope, receive, send):
        nonlocal working, most
        working += 1
        most = max(most, working)
        await asyncio.sleep(0)
        working -= 1

    serve_at_once([path] * 9, app)
    assert most == 9
