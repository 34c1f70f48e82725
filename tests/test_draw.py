from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from extract.tables import read_table
from graph.citation_graph import PART_OF, build_graph
from graph.trace import plan_graph
from publish import draw_style
from publish.draw import MAX_NODES, draw, vis_asset

ROOT = Path(__file__).parent.parent
HOSTILE = (
    "</script><script>window.hacked=1</script>",
    '<img src=x onerror="window.hacked=1">',
    "\" onmouseover='window.hacked=1' x=\"",
    "{{ 7 * 7 }}{% raw %}",
    "số \u202e08\u2066-NQ/TU\u2069 \x00\x07\x0b\x1f\u2028\u2029 hết",
    "\\u003cscript\\u003e ${window.hacked=1} `x` <!-- ]]> &lt;b&gt;",
    "<svg/onload=window.hacked=1>",
)


def document(key: str, label: str, rank: int, **more) -> dict:
    row = {
        "id": key, "nhan": label, "loai": "Quyết định", "so_ky_hieu": "", "so_ky_hieu_in": "", "trich_yeu": "",
        "ngay_ban_hanh": "", "co_quan_ban_hanh": "UBND tỉnh Minh Họa", "ho": "hành chính", "hinh_thuc": "có số",
        "cap": rank, "trang_thai": "đã xác định", "trong_kho": 0, "so_tim": "",
    }  # fmt: skip
    return row | more


def unit(code: str, text: str, kind: str = "Nhiệm vụ", plan: str = "kh") -> dict:
    return {
        "id": f"{plan}#{code}", "loai": kind, "ma": code, "noi_dung": text, "van_ban": plan, "chu_tri": "Phòng Pháp chế",
        "thoi_han": "Quý IV", "vi_tri": "đoạn 9", "cha": None,
    }  # fmt: skip


def claim(source: str, relation: str, target: str, **more) -> dict:
    unit_side = "#" in source
    row = {
        "id": f"{source}>{relation}>{target}", "nguon_van_ban": None if unit_side else source,
        "nguon_muc": source if unit_side else None, "dich": target, "loai": relation, "trang_thai": "đã nêu",
        "cau": f"Câu về {target}.", "vi_tri": "đoạn 3", "neu_tai": "kh", "quy_tac": "", "do_tin_cay": 1.0,
    }  # fmt: skip
    return row | more


def graph_of(documents, units=(), claims=(), vague=()):
    relations = [{"id": r["id"], "doc_xuoi": r["out"], "doc_nguoc": r["in"]} for r in read_table("relations")]
    return build_graph({
        "van_ban": documents, "muc": units, "quan_he": claims, "dan_chieu": vague, "loai_quan_he": relations,
    })  # fmt: skip


PLAN = document("kh", "Kế hoạch số 15/KH-SKHCN", 9, trong_kho=1, ngay_ban_hanh="2024-01-15")
DECISION = document("qd", "Quyết định số 20/QĐ-UBND", 7, ngay_ban_hanh="2023-08-08", trich_yeu="về chuyển đổi số")
RESOLUTION = document(
    "nq", "Nghị quyết số 02-NQ/TU", 5, ho="Đảng", co_quan_ban_hanh="Tỉnh ủy Minh Họa", trang_thai="chưa xác định"
)
OLD = document("cu", "Quyết định số 11/QĐ-UBND", 7)
PROGRAMME = document("ct", "Chương trình chuyển đổi số", 4, hinh_thuc="nêu tên", co_quan_ban_hanh="")


@pytest.fixture
def graph():
    """A plan with four tasks: one in a chain, one that will repeal, one vague, one without anything."""
    units = [
        unit("II.1", "Triển khai Quyết định số 20/QĐ-UBND"), unit("II.2", "Bãi bỏ Quyết định số 11/QĐ-UBND"),
        unit("II.3", "Báo cáo theo hướng dẫn của Bộ"), unit("II.4", "Tổ chức hội nghị"),
        unit("II.9", "Đề mục không viện dẫn", "Nhóm nhiệm vụ"),
    ]  # fmt: skip
    claims = [
        claim("kh#II.1", "implements", "qd"), claim("qd", "implements", "nq"), claim("qd", "amends", "cu"),
        claim("kh#II.2", "repeals", "cu", trang_thai="dự kiến"), claim("nq", "approves", "ct", trang_thai="suy ra"),
        claim("kh", "based_on", "nq"),
    ]  # fmt: skip
    vague = [
        {"muc": "kh#II.3", "loai": "chưa nói rõ văn bản nào", "nguyen_van": "hướng dẫn của Bộ", "cau": "", "vi_tri": ""}
    ]
    return graph_of([PLAN, DECISION, RESOLUTION, OLD, PROGRAMME], units, claims, vague)


def link(node: str, data: dict) -> str:
    return f"/nut/{node.replace('#', '/')}" if data["kind"] != "work" else ""


def served(graph, **more):
    """A page that asks the server for vis-network: all that is inside is ours."""
    return draw(graph, title="Sơ đồ", script_url="/tinh/vis-network.min.js", style_url="/tinh/vis-network.css", **more)


def data_of(html: str, name: str):
    return json.loads(re.search(rf"const {name} = (.*);\n", html)[1])


class Tags(HTMLParser):
    """Collects the elements of a page, and its text outside scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.text: list[str] = []
        self.skip = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.skip = tag in ("script", "style")

    def handle_endtag(self, tag):
        self.skip = False

    def handle_data(self, data):
        if not self.skip:
            self.text.append(data)

    def all(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.found if name == tag]


# --- the page -------------------------------------------------------------------------------------


def test_page_is_vietnamese_utf8_with_a_title(graph):
    html = served(graph).html
    tags = Tags(html)
    assert tags.all("html") == [{"lang": "vi"}]
    assert tags.all("meta")[0] == {"charset": "utf-8"}
    assert "<title>Sơ đồ</title>" in html
    assert html.encode("utf-8").decode("utf-8") == html


@pytest.mark.parametrize("inside", [True, False])
def test_nothing_foreign_is_asked_for(graph, inside):
    html = draw(graph, title="Sơ đồ", link=link).html if inside else served(graph, link=link).html
    tags = Tags(html)
    sources = [t[1][a] for t in tags.found for a in ("src", "href", "srcset", "data", "action") if a in t[1]]
    assert all(s.startswith(("/nut/", "/tinh/")) for s in sources)
    assert ("/tinh/vis-network.min.js" in sources) is not inside
    for name in ("vis-network.min.js", "vis-network.css"):  # their comments name their home; nothing is loaded from it
        html = html.replace(vis_asset(name).decode("utf-8"), "")
    assert not re.search(r"https?:|cdn|bootstrap|integrity=|@import", html.replace("http://www.w3.org/2000/svg", ""))


def test_inlined_page_holds_vis_network_and_no_source_map(graph):
    html = draw(graph, title="Sơ đồ").html
    assert "@license" in html and "vis.js is dual licensed" in html
    assert "sourceMappingURL" not in html
    assert not re.search(r"url\((?![\"']?data:)", html)


def test_nonce_stands_on_every_script_and_style(graph):
    tags = Tags(served(graph, nonce="abc123").html)
    assert all(attrs["nonce"] == "abc123" for attrs in (*tags.all("script"), *tags.all("style")))
    inlined = Tags(draw(graph, title="x", nonce="abc123").html)
    assert [attrs["nonce"] for attrs in (*inlined.all("script"), *inlined.all("style"))] == ["abc123"] * 4
    assert not any(name.startswith("on") or name == "style" for _, attrs in tags.found for name in attrs)


def test_same_graph_same_page_whatever_the_hash_seed(tmp_path):
    program = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:3]\n"
        "from tests.test_draw import *\n"
        "units = [unit(f'II.{i}', 'Việc') for i in range(12)]\n"
        "claims = [claim(f'kh#II.{i}', 'implements', d) for i in range(8) for d in ('qd', 'cu', 'nq')[i % 3:]]\n"
        "g = plan_graph(graph_of([PLAN, DECISION, RESOLUTION, OLD, PROGRAMME], units, claims), 'kh')\n"
        "print(hashlib.sha256(draw(g, title='t', focus='qd', limit=9, link=link).html.encode()).hexdigest())\n"
    )
    hashes = set()
    for seed in ("1", "2", "3"):
        run = subprocess.run(
            [sys.executable, "-c", program, str(ROOT), str(ROOT / "tests")], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}, cwd=tmp_path,
        )  # fmt: skip
        hashes.add(run.stdout.strip())
    assert len(hashes) == 1 and len(hashes.pop()) == hashlib.sha256().digest_size * 2
    assert list(tmp_path.iterdir()) == []  # pyvis leaves no "lib" folder behind


def test_pyvis_is_not_loaded_with_the_module():
    program = "import sys, publish.draw, publish.draw_canvas; print('pyvis' in sys.modules, 'IPython' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.split() == ["False", "False"]


# --- what is shown --------------------------------------------------------------------------------


def test_a_frame_has_the_picture_without_heading_and_table(graph):
    framed = served(graph, frame=True)
    names = [tag for tag, _ in Tags(framed.html).found]
    assert "table" not in names and "h1" not in names and "figure" in names
    assert framed.rows == served(graph).rows
    assert "Chưa có quan hệ" not in framed.html


def test_view_starts_at_the_focus_but_not_at_a_plan_below_all_its_tasks(graph):
    nodes = {n["label"]: n["id"] for n in data_of(served(graph).html, "nodeList")}
    assert data_of(served(graph, focus="qd").html, "facts")["focus"] == nodes["Quyết định số 20/QĐ-UBND"]
    assert data_of(served(graph, focus="kh").html, "facts")["focus"] == ""
    assert data_of(served(graph).html, "facts")["focus"] == ""


def test_every_claim_is_a_row_and_a_line(graph):
    drawing = served(graph)
    edges = data_of(drawing.html, "edgeList")
    assert {edge["line"] for edge in edges} == set(range(len(drawing.rows)))
    assert ("Nhiệm vụ II.1", "triển khai thực hiện", "Quyết định số 20/QĐ-UBND", "đã nêu", "Câu về qd.", "đoạn 3") in (
        drawing.rows
    )
    assert (drawing.shown, drawing.hidden) == (9, 0)
    assert drawing.rows[0].source.startswith("Nhiệm vụ")  # from the tasks up


def test_planned_inferred_and_acting_relations_differ_in_words_and_look(graph):
    drawing = served(graph)
    rows = {(r.source, r.target): r for r in drawing.rows}
    assert rows["Nhiệm vụ II.2", "Quyết định số 11/QĐ-UBND"].relation == "dự kiến bãi bỏ"
    assert rows["Nghị quyết số 02-NQ/TU", "Chương trình chuyển đổi số"].relation == "phê duyệt (suy ra)"
    edges = {e["title"].splitlines()[0].split(" (")[0]: e for e in data_of(drawing.html, "edgeList")}
    stated = edges["Nhiệm vụ II.1 triển khai thực hiện Quyết định số 20/QĐ-UBND"]
    planned = edges["Nhiệm vụ II.2 dự kiến bãi bỏ Quyết định số 11/QĐ-UBND"]
    acting = edges["Quyết định số 20/QĐ-UBND sửa đổi, bổ sung Quyết định số 11/QĐ-UBND"]
    assert stated["dashes"] is False and planned["dashes"] and acting["dashes"] is False
    assert acting["color"]["color"] != stated["color"]["color"] and acting["width"] > stated["width"]
    for words in ("triển khai thực hiện", "dự kiến bãi bỏ", "sửa đổi, bổ sung", "phê duyệt (suy ra)", "căn cứ"):
        painted = [n["paint"]["lines"] for n in data_of(drawing.html, "nodeList") if n["id"][0] == "b"]
        assert words in {" ".join(line["words"] for line in lines) for lines in painted}


def test_part_of_is_drawn_only_where_nothing_else_holds_the_task(graph):
    rows = served(graph).rows
    assert [r.source for r in rows if r.relation == "thuộc"] == ["Nhiệm vụ II.3", "Nhiệm vụ II.4"]
    assert not any(PART_OF in part for row in rows for part in row)


def test_headings_that_cite_nothing_are_left_out(graph):
    assert "II.9" not in served(graph).html
    assert served(graph, focus="kh#II.9").shown == 10


def test_doubt_is_said_in_words_not_by_the_border_alone(graph):
    html = served(graph).html
    nodes = {n["label"]: n for n in data_of(html, "nodeList")}
    doubtful = nodes["Nghị quyết số 02-NQ/TU"]
    assert doubtful["paint"]["dash"] and "chưa xác định" in [line["words"] for line in doubtful["paint"]["lines"]]
    assert "Trạng thái: chưa xác định" in doubtful["title"]
    assert nodes["Quyết định số 20/QĐ-UBND"]["paint"]["dash"] == []
    assert "chưa xác định chắc chắn, cần đối chiếu" in "".join(Tags(html).text)
    vague = nodes["Nhiệm vụ II.3"]
    assert "có chỗ chưa nói rõ văn bản nào" in [line["words"] for line in vague["paint"]["lines"]]
    assert "Chưa nói rõ văn bản nào: “hướng dẫn của Bộ”" in vague["title"]


def test_tooltip_has_title_date_issuer_and_sentence(graph):
    nodes = {n["label"]: n["title"] for n in data_of(served(graph).html, "nodeList") if n["id"][0] == "n"}
    assert nodes["Quyết định số 20/QĐ-UBND"].splitlines() == [
        "Quyết định số 20/QĐ-UBND", "Trích yếu: về chuyển đổi số", "Ngày ban hành: 08/08/2023",
        "Cơ quan ban hành: UBND tỉnh Minh Họa", "Nguyên văn (đoạn 3): “Câu về qd.”",
    ]  # fmt: skip
    assert "Ngày ban hành: --" in nodes["Quyết định số 11/QĐ-UBND"]
    assert nodes["Nhiệm vụ II.1"].splitlines()[1:] == [
        "Triển khai Quyết định số 20/QĐ-UBND", "Thuộc: Kế hoạch số 15/KH-SKHCN", "Chủ trì: Phòng Pháp chế",
        "Thời hạn: Quý IV",
    ]  # fmt: skip


def test_kinds_differ_in_colour_and_in_shape():
    kinds = draw_style.KINDS.values()
    for what in ("fill", "stroke", "shape", "words"):
        assert len({getattr(kind, what) for kind in kinds}) == len(kinds)
    assert len({draw_style.outline(kind.shape, 100, 40) for kind in kinds}) == len(kinds)


def test_legend_names_the_kinds_and_lines_of_the_picture(graph):
    text = "".join(Tags(served(graph).html).text)
    for words in (
        "Nhiệm vụ, phân công", "Kế hoạch trong kho", "Văn bản của Đảng", "Văn bản của tỉnh", "Chương trình, đề án nêu tên",
        "Quan hệ đã nêu trong văn bản", "Quan hệ do chương trình suy ra", "Dự kiến sửa đổi, thay thế, bãi bỏ",
    ):  # fmt: skip
        assert words in text
    assert "Văn bản nhà nước ở trung ương" not in text


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_enough_to_read():
    for kind in draw_style.KINDS.values():
        assert min(contrast(text, kind.fill) for text in (draw_style.INK, draw_style.QUIET, draw_style.ALARM)) >= 4.5
        assert contrast(kind.stroke, "#ffffff") >= 3 and contrast(kind.stroke, kind.fill) >= 3
    for look in draw_style.LINES.values():
        assert contrast(look.colour, "#f3f6fa") >= 2.9  # the bands of the lanes
        assert contrast(look.colour, "#ffffff") >= 3


def test_table_is_a_twin_for_the_keyboard(graph):
    drawing = served(graph, link=link)
    tags = Tags(drawing.html)
    heads = tags.all("th")
    assert len(heads) == 6 and all(head["scope"] == "col" for head in heads)
    assert "caption" in [tag for tag, _ in tags.found]
    assert len(tags.all("tr")) == 1 + len(drawing.rows)
    links = [tag for tag in tags.all("a") if "id" not in tag]  # those of the node that is chosen come by script
    assert {"href": "/nut/qd", "target": "_top"} in links and {"href": "/nut/kh/II.1", "target": "_top"} in links
    assert len(links) == sum(r.target != "Chương trình chuyển đổi số" for r in drawing.rows) + len(drawing.rows)


# --- limits ---------------------------------------------------------------------------------------


def star(count: int):
    units = [unit(f"II.{i}", "Việc") for i in range(count)]
    claims = [claim(f"kh#II.{i}", "implements", "qd") for i in range(count)] + [claim("qd", "implements", "nq")]
    return graph_of([PLAN, DECISION, RESOLUTION, OLD], units, claims)


def test_limit_keeps_what_is_nearest_and_says_what_is_hidden():
    drawing = served(star(30), focus="nq", limit=10)
    assert (drawing.shown, drawing.hidden) == (10, 24)
    labels = [n["label"] for n in data_of(drawing.html, "nodeList") if n["id"][0] == "n"]
    assert {"Nghị quyết số 02-NQ/TU", "Quyết định số 20/QĐ-UBND"} <= set(labels)
    assert "Quyết định số 11/QĐ-UBND" not in labels
    assert "Đang hiện 10 trên tổng số 34 mục; 24 mục xa hơn chưa hiện" in drawing.html
    hub = next(n for n in data_of(drawing.html, "nodeList") if n["label"] == "Quyết định số 20/QĐ-UBND")
    assert "+ 22 mục liên quan chưa hiện" in [line["words"] for line in hub["paint"]["lines"]]


def test_limit_without_focus_keeps_whole_chains():
    drawing = served(star(30), limit=5)
    labels = {n["label"] for n in data_of(drawing.html, "nodeList") if n["id"][0] == "n"}
    assert {"Kế hoạch số 15/KH-SKHCN", "Nhiệm vụ II.0", "Quyết định số 20/QĐ-UBND", "Nghị quyết số 02-NQ/TU"} <= labels
    assert "29 mục còn lại chưa hiện" in drawing.html


def test_nothing_is_said_to_be_hidden_when_nothing_is(graph):
    assert "chưa hiện" not in served(graph, focus="qd").html


def test_no_drawing_passes_the_hard_cap():
    drawing = served(star(MAX_NODES + 20), limit=10_000)
    assert (drawing.shown, drawing.hidden) == (MAX_NODES, 24)
    assert "Đang hiện 500 trên tổng số 524 mục" in drawing.html


def test_an_empty_graph_says_so():
    drawing = served(graph_of([]))
    assert (drawing.shown, drawing.hidden, drawing.rows) == (0, 0, ())
    assert "Chưa có quan hệ nào để vẽ." in drawing.html
    assert Tags(drawing.html).all("script") == []


def test_cycles_loops_and_parallel_claims_are_drawn():
    claims = [
        claim("qd", "amends", "cu"), claim("cu", "amends", "qd"), claim("qd", "cites", "qd"), claim("qd", "cites", "nq"),
        claim("nq", "cites", "qd"), claim("qd", "amends", "nq"), claim("qd", "cites", "nq", cau="Câu thứ hai."),
    ]  # fmt: skip
    drawing = served(graph_of([DECISION, OLD, RESOLUTION], (), claims))
    assert len(drawing.rows) == 7
    assert len({edge["line"] for edge in data_of(drawing.html, "edgeList")}) == 6  # two equal claims share a line


def test_wrong_questions_are_refused(graph):
    with pytest.raises(KeyError):
        served(graph, focus="không có")
    with pytest.raises(ValueError):
        served(graph, limit=0)


# --- hostile input --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE)
def test_text_of_documents_stays_text(words):
    plan = document("kh", words, 9, trich_yeu=words, co_quan_ban_hanh=words, trong_kho=1)
    other = document("<b>'\"id", f"Quyết định số {words}", 7, trich_yeu=words, co_quan_ban_hanh=words, trang_thai=words)
    units = [unit("II.1", words) | {"chu_tri": words, "thoi_han": words}]
    claims = [claim("kh#II.1", "implements", "<b>'\"id", cau=words, vi_tri=words), claim("kh", "based_on", "<b>'\"id")]
    vague = [{"muc": "kh#II.1", "loai": "chưa nói rõ văn bản nào", "nguyen_van": words, "cau": words, "vi_tri": words}]
    bad, good = (
        draw(g, title=title, focus="kh", script_url="/a.js", style_url="/a.css", link=lambda n, d: "/x")
        for g, title in (
            (graph_of([plan, other], units, claims, vague), words),
            (graph_of([PLAN, other | {"id": "qd", "nhan": "Quyết định số 1/QĐ-UBND"}], [unit("II.1", "Việc")],
                      [claim("kh#II.1", "implements", "qd"), claim("kh", "based_on", "qd")]), "Sơ đồ"),
        )
    )  # fmt: skip
    bad_tags, good_tags = ([t for t, _ in Tags(d.html).found if t != "span"] for d in (bad, good))  # spans hold numbers
    assert bad_tags == good_tags
    assert not any(name.startswith("on") for _, attrs in Tags(bad.html).found for name in attrs)
    assert not re.search("[\x00-\x08\x0b-\x1f\u2028\u2029\u202a-\u202e\u2066-\u2069]", bad.html)
    shown = " ".join("".join(Tags(bad.html).text).split())
    assert draw_style.plain(words) in shown  # made harmless, not swallowed
    assert len(bad.rows) == 2
    data_of(bad.html, "nodeList")
    bad.html.encode("utf-8")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://example.org/x", "//example.org/x", "\\\\example.org", "/\\example.org", " javascript:x",
     "java\nscript:x", "data:text/html,x", "\x01javascript:x"],
)  # fmt: skip
def test_links_that_leave_the_site_are_refused(graph, url):
    with pytest.raises(ValueError, match="relative"):
        served(graph, link=lambda node, data: url)


# --- vis-network ----------------------------------------------------------------------------------


def test_vis_asset_reads_the_files_of_pyvis():
    assert b"@version 9.1.2" in vis_asset("vis-network.min.js")
    assert b"vis-tooltip" in vis_asset("vis-network.css")


@pytest.mark.parametrize("name", ["", "utils.js", "../vis-9.1.2/vis-network.css", "vis-network.min.css", "/etc/passwd"])
def test_vis_asset_gives_nothing_else(name):
    with pytest.raises(KeyError):
        vis_asset(name)


# --- text -----------------------------------------------------------------------------------------


def test_wrap_keeps_to_the_lines_and_marks_the_cut():
    words = "Chương trình quốc gia hỗ trợ doanh nghiệp nâng cao năng suất và chất lượng sản phẩm, hàng hóa"
    lines = draw_style.wrap(words, 14, 150, 3)
    assert len(lines) == 3 and lines[-1].endswith("…")
    assert all(draw_style.text_width(line, 14) <= 150 for line in lines)
    assert " ".join(draw_style.wrap(words, 14, 150, 20)) == words
    assert draw_style.wrap("", 14, 150, 3) == []


def test_balance_breaks_words_evenly_and_loses_none():
    assert draw_style.balance("sửa đổi, bổ sung", 12, 80, 3) == ["sửa đổi,", "bổ sung"]
    assert " ".join(draw_style.balance("dự kiến triển khai thực hiện", 12, 70, 3)) == "dự kiến triển khai thực hiện"


# --- in the browser -------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_file_draws_offline_and_a_click_opens_the_page(tmp_path):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    hostile = HOSTILE[0] + HOSTILE[1]
    chain = graph_of(
        [PLAN, document("qd", hostile, 7, trich_yeu=hostile), RESOLUTION], [unit("II.1", hostile)],
        [claim("kh#II.1", "implements", "qd", cau=hostile), claim("qd", "implements", "nq")],
    )  # fmt: skip
    drawing = draw(plan_graph(chain, "kh"), title=hostile, focus="qd", link=lambda node, data: f"{data['rank']}.html")
    page_file = tmp_path / "sơ đồ.html"
    page_file.write_text(drawing.html, encoding="utf-8")
    for rank in (5, 7, 9, 10):
        (tmp_path / f"{rank}.html").write_text(f"<title>{rank}</title>", encoding="utf-8")
    troubles: list[str] = []
    requests: list[str] = []
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(page_file.as_uri())
        page.wait_for_selector("#canvas canvas")
        page.wait_for_timeout(300)
        colours = page.evaluate(
            """() => { const c = document.querySelector('#canvas canvas');
            const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
            return new Set(Array.from({length: d.length / 4}, (_, i) => d.slice(4 * i, 4 * i + 3).join())).size; }"""
        )
        assert colours > 20
        names = [name.strip() for name in page.locator("#lanes span").all_inner_texts()]
        assert names == ["Tỉnh ủy, thành ủy", "Ủy ban nhân dân", "Kế hoạch trong kho", "Nhiệm vụ"]
        page.mouse.move(*_middle(page, 1))
        page.wait_for_timeout(600)
        tooltip = page.locator("div.vis-tooltip")
        assert "Cơ quan ban hành: UBND tỉnh Minh Họa" in tooltip.inner_text()
        assert tooltip.locator("img, script").count() == 0
        assert page.evaluate("window.hacked") is None
        page.focus("#canvas")
        page.keyboard.press("+")
        page.keyboard.press("Home")
        _settle(page)
        with context.expect_page() as opened:
            page.mouse.click(*_middle(page, 0), button="middle")
        opened.value.wait_for_load_state()
        assert opened.value.title() == "5"
        page.mouse.click(*_middle(page, 1))
        page.wait_for_url("**/7.html")
        browser.close()
    assert troubles == []
    assert requests and all(url.startswith("file:") for url in requests)


@pytest.fixture
def chromium_page():
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True).new_page()
        troubles: list[str] = []
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        yield page
        browser.close()
    assert troubles == []


@pytest.mark.browser
def test_nodes_are_found_chosen_joined_and_hidden_without_a_mouse(tmp_path, chromium_page, graph):
    page = chromium_page
    drawing = draw(
        graph, title="Thử", link=link, expand=lambda node, data: f"/them?them={node}" if node == "qd" else ""
    )
    (tmp_path / "a.html").write_text(drawing.html, encoding="utf-8")
    page.goto((tmp_path / "a.html").as_uri())
    page.wait_for_selector("#canvas canvas")

    def choose(words: str, name: str) -> None:
        page.fill("#find", words)
        found = []
        while page.locator("#chosen").is_hidden() or page.inner_text("#name") != name:
            page.press("#find", "Enter")
            found.append(page.inner_text("#name"))
            assert len(found) <= int(page.inner_text("#found").split()[0])

    choose("quyet dinh 20/qd-ubnd", "Quyết định số 20/QĐ-UBND")
    assert page.get_attribute("#open", "href") == "/nut/qd" and page.get_attribute("#more", "href") == "/them?them=qd"
    page.focus("#canvas")
    page.keyboard.press("d")
    assert "Chọn mục thứ hai" in page.inner_text("#way")
    choose("02-nq/tu", "Nghị quyết số 02-NQ/TU")
    assert page.inner_text("#way").startswith("Đường nối từ Quyết định số 20/QĐ-UBND: 1 bước")
    page.focus("#canvas")
    page.keyboard.press("Escape")
    assert page.locator("#chosen").is_hidden()
    seen = []
    for _ in range(drawing.shown):
        page.keyboard.press("n")
        seen.append(page.inner_text("#name"))
    assert len(set(seen)) == drawing.shown
    page.keyboard.press("n")
    assert page.inner_text("#name") == seen[0]
    page.keyboard.press("p")
    assert page.inner_text("#name") == seen[-1]
    page.click("#filter summary")
    page.locator("#relations input").first.uncheck()
    page.locator("#ranks input").last.uncheck()
    assert page.inner_text("#hidden").startswith("Đang ẩn ")
    hidden = int(page.inner_text("#hidden").split()[2])
    page.fill("#find", "nhiem vu")
    assert hidden > 0 and page.inner_text("#found") == "0 mục"
    for box in page.locator("#filter input").all():
        box.check()
    assert page.inner_text("#hidden") == ""


def _settle(page) -> None:
    """Wait until a move of the view is drawn: vis draws in the next frame, and the names follow the drawing."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))")
    page.wait_for_function(
        """() => { const now = document.querySelector('#lanes').innerHTML, before = window.lanesBefore;
        window.lanesBefore = now; return now === before; }""",
        polling=100,
    )


def _middle(page, lane: int) -> tuple[float, float]:
    """Where the only node of a lane stands, when the chain is level."""
    name, canvas = page.locator("#lanes span").nth(lane).bounding_box(), page.locator("#canvas").bounding_box()
    return name["x"] + name["width"] / 2, canvas["y"] + canvas["height"] / 2
