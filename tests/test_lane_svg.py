"""The lane drawing for print: whole, safe, the same every time, its lines beside the boxes, on its pages and as files."""

from __future__ import annotations

import asyncio
import random
import re
import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings
from lxml import etree
from test_draw import HOSTILE, claim, document, graph, graph_of, link, unit  # noqa: F401
from test_lanes import any_graph

from graph.citation_graph import PART_OF
from graph.lanes import lay_out
from graph.routes import route_all
from graph.trace import plan_graph
from publish import png
from publish.draw import MAX_NODES
from publish.draw_style import SMALL
from publish.lane_paper import A4, SHEETS, fit, frame
from publish.lane_svg import draw_lanes
from publish.serve import make_datasette

SVG = "{http://www.w3.org/2000/svg}"
PLAN = "ke-hoach-kh-khcn-2024-so-khoa-hoc-va-cong-nghe-tinh-tay-ninh"
NQ08 = "nghi-quyet-08-nq-tu-2023-tinh-uy-tay-ninh"


def parsed(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, huge_tree=False))


def words(root: etree._Element) -> str:
    return " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))


def nodes(root: etree._Element) -> list[etree._Element]:
    return [g for g in root.iter(f"{SVG}g") if g.get("class") == "nut"]


def lines(root: etree._Element) -> list[etree._Element]:
    return [p for p in root.iter(f"{SVG}path") if p.get("data-tu")]


def many(count: int, seed: int = 1):
    """A plan with ``count`` tasks that each cite one or two of a third as many documents."""
    dice = random.Random(seed)
    documents = [document("kh", "Kế hoạch số 15/KH-SMH", 9, trong_kho=1)]
    documents += [
        document(f"d{i}", f"Quyết định số {i + 1}/QĐ-UBND", dice.choice((2, 5, 7))) for i in range(count // 3)
    ]
    units = [unit(f"II.{i}", f"Triển khai nội dung {i}") for i in range(count)]
    ends = {(i, dice.randrange(count // 3)) for i in range(count) for _ in range(2)}
    return graph_of(documents, units, [claim(f"kh#II.{i}", "implements", f"d{j}") for i, j in sorted(ends)])


# --- the text -------------------------------------------------------------------------------------


def test_it_is_whole_xml_that_says_what_it_is(graph):  # noqa: F811
    root = parsed(draw_lanes(graph, title="Sơ đồ & “chuỗi”", focus="kh#II.1", stamp=["Tính đến ngày 31/12/2024."]).svg)
    assert root.tag == f"{SVG}svg" and root.get("role") == "img"
    named = root.get("aria-labelledby").split()
    assert [root[0].tag, root[1].tag] == [f"{SVG}title", f"{SVG}desc"]
    assert [root[0].get("id"), root[1].get("id")] == named
    assert root[0].text == "Sơ đồ & “chuỗi”" and "triển khai thực hiện" in root[1].text
    said = words(root)
    for expected in ("Sơ đồ & “chuỗi”", "Tính đến ngày 31/12/2024.", "Chú giải", "Tỉnh ủy, thành ủy", "Nhiệm vụ"):
        assert expected in said


def test_there_is_nothing_that_runs_or_is_fetched(graph):  # noqa: F811
    for svg in (draw_lanes(graph, title="x").svg, draw_lanes(graph, title="x", link=link, page=False).svg):
        root = parsed(svg)
        tags = {etree.QName(e).localname for e in root.iter()}
        assert tags <= {"svg", "title", "desc", "g", "path", "rect", "text", "a"}
        attributes = {name for e in root.iter() for name in e.attrib}
        assert not [a for a in attributes if a.startswith("on") or a in ("style", "src")]
        assert "url(" not in svg and svg.count("http") == 1  # the name space


def test_links_are_relative_and_stand_on_the_boxes_that_have_one(graph):  # noqa: F811
    root = parsed(draw_lanes(graph, title="x", link=link, page=False).svg)
    found = {a.get("href") for a in root.iter(f"{SVG}a")}
    assert "/nut/kh/II.1" in found and all(url.startswith("/nut/") for url in found)
    assert root.get("role") == "group"  # what is inside one image cannot be gone to
    with pytest.raises(ValueError, match="not a relative address"):
        draw_lanes(graph, title="x", link=lambda *_: "https://minh-hoa.example/")


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_words_stay_words(evil):
    rows = [document("kh", evil, 9, trong_kho=1), document("q\"'<", evil, 7, trich_yeu=evil, trang_thai=evil)]
    made = graph_of(rows, [unit("II.1", evil)], [claim("kh#II.1", "implements", "q\"'<", cau=evil, vi_tri=evil)])
    made.nodes["kh#II.1"]["lead"] = evil
    svg = draw_lanes(made, title=evil, stamp=[evil], link=lambda *_: "/a?b=1&c='\"<x>").svg
    root = parsed(svg)
    assert not {etree.QName(e).localname for e in root.iter()} & {"script", "img", "b", "image", "foreignObject"}
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", svg)
    assert {a.get("href") for a in root.iter(f"{SVG}a")} == {"/a?b=1&c='\"<x>"}


def test_the_same_graph_gives_the_same_bytes(graph):  # noqa: F811
    big = many(60)
    again = big.__class__()
    again.graph.update(big.graph)
    again.add_nodes_from(sorted(big.nodes(data=True), key=lambda n: n[0], reverse=True))
    again.add_edges_from(big.edges(keys=True, data=True))
    assert draw_lanes(big, title="x").svg == draw_lanes(again, title="x").svg
    assert draw_lanes(graph, title="x").svg == draw_lanes(graph.subgraph(list(graph)), title="x").svg


def test_text_and_lines_have_contrast_and_lines_differ_without_colour(graph):  # noqa: F811
    root = parsed(draw_lanes(graph, title="x", focus="kh").svg)
    inks = {t.get("fill") for t in root.iter(f"{SVG}text")}
    assert all(contrast(ink, ground) >= 4.5 for ink in inks for ground in ("#ffffff", "#f4f6fa", "#e2e8f0"))
    strokes = {g.get("stroke") for g in root.iter(f"{SVG}g") if g.get("class") == "duong"}
    assert all(contrast(ink, "#f4f6fa") >= 3 for ink in strokes)
    looks = {
        (g.get("stroke-width"), g.get("stroke-dasharray")) for g in root.iter(f"{SVG}g") if g.get("class") == "duong"
    }
    assert len(looks) == 4  # stated, inferred, an act, a planned act
    for said in ("triển khai thực hiện", "sửa đổi, bổ sung", "dự kiến bãi bỏ", "căn cứ"):
        assert said in words(root)


def contrast(one: str, two: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# --- what is shown --------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 7, 150])
def test_every_node_and_claim_is_drawn_or_counted(graph, limit):  # noqa: F811
    made = draw_lanes(graph, title="x", limit=limit)
    root = parsed(made.svg)
    headings = {"kh#II.9"}  # cites nothing: outline, not chain
    assert len(nodes(root)) == made.shown == min(limit, made.shown)
    assert made.shown + made.hidden == len(set(graph) - headings) + len(headings)
    assert made.bare == 3  # two tasks and a heading that no line reaches
    drawn = len([edge for edge in graph.edges(data="relation") if edge[2] != PART_OF])
    if limit == 150:
        assert len(made.rows) == len(lines(root)) == drawn
    assert f"{made.bare} nhiệm vụ, nhóm nhiệm vụ không có quan hệ nào" in words(root)


def test_never_more_nodes_than_can_be_read():
    big = many(700)
    for limit, shown in ((150, 150), (9999, MAX_NODES)):
        made = draw_lanes(big, title="x", limit=limit)
        assert made.shown == shown and made.shown + made.hidden == len(big)
        assert f"{made.hidden - made.bare} mục còn lại không vẽ" in words(parsed(made.svg)).replace(".", "")
    with pytest.raises(ValueError, match="limit"):
        draw_lanes(big, title="x", limit=0)
    with pytest.raises(KeyError):
        draw_lanes(big, title="x", focus="khong-co")


def test_an_empty_graph_is_a_sheet_that_says_so():
    assert "Hình có 0 mục" in words(parsed(draw_lanes(graph_of([]), title="Trống").svg))


def test_a_node_that_cites_itself_and_a_cycle_are_drawn():
    rows = [document("a", "Quyết định số 1/QĐ-UBND", 7), document("b", "Quyết định số 2/QĐ-UBND", 7)]
    made = graph_of(rows, [], [claim("a", "amends", "a"), claim("a", "cites", "b"), claim("b", "cites", "a")])
    assert len(lines(parsed(draw_lanes(made, title="x").svg))) == 3


# --- lines and boxes ------------------------------------------------------------------------------


def box_of(layout, sizes, node):
    spot, (width, height) = layout.positions[node], sizes[node]
    return spot.x - width / 2, spot.y - height / 2, spot.x + width / 2, spot.y + height / 2


@pytest.mark.parametrize("merge", [True, False])
@settings(max_examples=80, deadline=None)
@given(any_graph())
def test_lines_end_at_their_boxes_and_run_through_none(merge, case):
    made, sizes = case
    layout = lay_out(made, sizes=sizes, merge=merge)
    routes = route_all(layout, made.edges(keys=True), sizes=sizes, merge=merge)
    assert set(routes) == set(made.edges(keys=True))
    boxes = {node: box_of(layout, sizes, node) for node in made}
    for (source, target, _), route in routes.items():
        for node, (x, y) in ((source, route.points[0]), (target, route.points[-1])):
            left, top, right, bottom = boxes[node]
            assert min(abs(x - left), abs(x - right)) < 1e-6 and top - 1e-6 <= y <= bottom + 1e-6
        for (x1, y1), (x2, y2) in pairwise(route.samples(24)):
            for left, top, right, bottom in boxes.values():
                for t in (0.02, 0.25, 0.5, 0.75, 0.98):
                    x, y = x1 + (x2 - x1) * t, y1 + (y2 - y1) * t
                    assert not (left + 0.5 < x < right - 0.5 and top + 0.5 < y < bottom - 0.5)


@pytest.mark.parametrize("seed", [1, 2])
def test_lines_of_one_kind_to_one_document_share_the_last_of_their_way(seed):
    big = many(60, seed)
    made = draw_lanes(big, title="x")
    tips: dict[tuple[str, str], set] = {}
    for (_, target, key), route in made.routes.items():
        tips.setdefault((target, key), set()).add(route.points[-1])
    assert all(len(found) == 1 for found in tips.values())
    assert len(made.routes) == len(made.rows) > len(tips)


# --- paper ----------------------------------------------------------------------------------------


def test_a_chain_fits_a4_lying_and_a_big_one_names_its_sheet(graph):  # noqa: F811
    made = draw_lanes(graph, title="x")
    root = parsed(made.svg)
    assert made.fit.paper is A4 and not made.fit.sentence
    assert (root.get("width"), root.get("height")) == ("297mm", "210mm")
    _, _, width, height = map(float, root.get("viewBox").split())
    assert width / height == pytest.approx(297 / 210, rel=0.01)
    big = draw_lanes(many(100), title="x")
    assert big.fit.paper in SHEETS[1:] and f"Nên in khổ {big.fit.paper.name}" in words(parsed(big.svg))
    assert "hãy dùng bảng" in big.fit.sentence


def test_letters_on_the_named_sheet_can_be_read_and_too_large_a_drawing_says_it_cannot():
    for size in ((900, 600), (1600, 1100), (1000, 2500), (3000, 2000)):
        found = fit(*size)
        wide, _ = frame(found.paper, *size)
        assert found.readable and SMALL * found.paper.width / wide * 72 / 25.4 >= 6
    hopeless = fit(30000, 20000)
    assert not hopeless.readable and "hãy dùng bảng" in hopeless.sentence


def test_the_picture_stays_inside_its_view(plan_graph_all):
    made = draw_lanes(plan_graph(plan_graph_all, PLAN), title="x", page=False)
    root = parsed(made.svg)
    _, _, width, height = map(float, root.get("viewBox").split())
    moved = next(g.get("transform") for g in root if g.get("transform"))
    shift = tuple(map(float, re.findall(r"-?[\d.]+", moved)))
    for route in made.routes.values():
        for x, y in route.samples():
            assert 0 <= x + shift[0] <= width and 0 <= y + shift[1] <= height


# --- pages and files ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(plan_base):
    datasette = make_datasette(plan_base)
    return lambda path: asyncio.run(datasette.client.get(path))


def test_the_page_of_a_task_shows_its_chain_with_links_and_downloads(site):
    html = site(f"/nhiem-vu/{PLAN}/II.2.2.3").text
    svg = re.search(r"<svg xmlns.*?</svg>", html, re.S)[0]
    root = parsed(svg)
    assert {"52-NQ/TW", "50/NQ-CP", "1341/KH-UBND"} <= set(words(root).split())
    hrefs = [a.get("href") for a in root.iter(f"{SVG}a")]
    assert len(hrefs) == 5 and all(site(url).status_code == 200 for url in hrefs)
    for form in ("svg", "png"):
        assert f'href="/so-do-in/{form}/nhiem-vu/{PLAN}/II.2.2.3" download' in html


def test_plan_and_trace_show_a_picture_that_is_made_when_seen(site):
    for page, picture in (
        (f"/van-ban/{PLAN}", f"/so-do-in/svg/ke-hoach/{PLAN}?xem=1"),
        (f"/truy-vet?q={NQ08}", f"/so-do-in/svg/truy-vet/{NQ08}?xem=1"),
    ):
        assert f'<img loading="lazy" src="{picture}" alt="' in site(page).text
        answer = site(picture)
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert "content-disposition" not in answer.headers
        assert not list(parsed(answer.text).iter(f"{SVG}a"))
    assert "II.1.3.1" in words(parsed(site(f"/so-do-in/svg/truy-vet/{NQ08}").text))


def test_the_page_of_a_drawing_has_a_form_to_print_with_the_same_table(site):
    for path in (f"/so-do/ke-hoach/{PLAN}?kieu=in", f"/so-do/nhiem-vu/{PLAN}/II.2.2.3?buoc=2&kieu=in"):
        html = site(path).text
        assert (
            ' xmlns="http://www.w3.org/2000/svg" viewBox' in html
            and "<iframe" not in html
            and "Các quan hệ trong sơ đồ" in html
        )
    assert "<iframe" in site(f"/so-do/ke-hoach/{PLAN}").text


def test_files_are_named_and_unknown_ones_are_not_found(site):
    answer = site(f"/so-do-in/svg/nhiem-vu/{PLAN}/II.2.2.3")
    assert "attachment" in answer.headers["content-disposition"] and ".svg" in answer.headers["content-disposition"]
    assert parsed(answer.text).get("width") == "297mm"
    for path in (
        f"/so-do-in/svg/nhiem-vu/{PLAN}/IX.9", "/so-do-in/png/van-ban/khong-co", f"/so-do-in/svg/ke-hoach/{NQ08}",
        f"/so-do-in/pdf/van-ban/{NQ08}",
    ):  # fmt: skip
        assert site(path).status_code == 404, path


def test_the_security_policy_lets_the_picture_through(site):
    policy = site(f"/nhiem-vu/{PLAN}/II.2.2.3").headers["content-security-policy"]
    assert "img-src 'self'" in policy


def test_png_is_drawn_with_letters_of_vietnamese(site):
    pytest.importorskip("resvg_py")
    answer = site(f"/so-do-in/png/nhiem-vu/{PLAN}/II.2.2.3")
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/png"
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", answer.content[16:24])
    assert width == pytest.approx(297 / 25.4 * 150, abs=2) and height == pytest.approx(210 / 25.4 * 150, abs=2)
    assert png._drawn(png._font()) != png._drawn("", words="")


def test_without_library_or_font_the_answer_says_what_to_do(site, monkeypatch):
    pytest.importorskip("resvg_py")
    monkeypatch.setattr(png, "_font", lambda: "")
    answer = site(f"/so-do-in/png/nhiem-vu/{PLAN}/II.2.2.3")
    assert answer.status_code == 503 and "không có phông chữ nào đủ chữ tiếng Việt" in answer.text
    monkeypatch.setitem(__import__("sys").modules, "resvg_py", None)
    assert "Hãy tải SVG" in site(f"/so-do-in/png/nhiem-vu/{PLAN}/II.2.2.3").text


def test_the_command_writes_by_the_ending_of_the_name(plan_base, tmp_path, capsys):
    from publish.cli import main

    def run(*arguments):
        with pytest.raises(SystemExit) as done:
            main(["draw", *arguments, "--db", str(plan_base)])
        return done.value.code, capsys.readouterr().err

    status, said = run("II.2.2.3", "--buoc", "4", "--out", str(tmp_path / "so-do.svg"))
    assert status == 0 and "Đã ghi" in said
    assert "52-NQ/TW" in words(parsed((tmp_path / "so-do.svg").read_text(encoding="utf-8")))
    status, said = run("--out", str(tmp_path / "ke-hoach.svg"))
    assert status == 0 and "Nên in khổ" in said
    status, said = run("--out", str(tmp_path / "so-do.bmp"))
    assert status == 2 and ".html, .svg hoặc .png" in said
    pytest.importorskip("resvg_py")
    assert run("II.2.2.3", "--out", str(tmp_path / "so-do.png"))[0] == 0
    assert (tmp_path / "so-do.png").read_bytes().startswith(b"\x89PNG")
