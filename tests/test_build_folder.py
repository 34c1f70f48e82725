"""A folder as offices have it: good files, and each kind of bad one; the bad cost a row, never the others."""

from __future__ import annotations

import asyncio
import io
import os
import sqlite3
import sys
import textwrap
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest
from making import fill, ole, plan, rows, zipped

from extract.read import ReadError, archive, child, intake, read_file
from extract.read.archive import list_members, read_member
from extract.read.limits import MEBIBYTE, Limits
from graph import gather, search_index
from graph.basis import MAX_STEPS, weigh_tasks
from graph.citation_graph import Parts, load_graph
from graph.corpus import CorpusError, build, find_documents, is_current
from graph.kept import Kept, place_of
from publish.serve import make_datasette
from publish.summary import summary_lines


def docx(text: bytes = b"<w:document/>") -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": text})


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [line for line in connection.iterdump() if "gio_dung" not in line and "ngay_dung" not in line]


HOOK = """
import sys, types
import extract.read as room
from extract.read import child
from extract.read.result import ReadError, Reading
from extract.model import Block, Place

def read(data, name):
    text = data.decode()
    if "TREO" in text:
        import time
        time.sleep(600)
    if "PHÌNH" in text:
        hoard = [bytearray(8 * 1024 * 1024) for _ in range(1000)]
    if "SẬP" in text:
        import os
        os.abort()
    if "KHÓA" in text:
        raise ReadError(f"Tệp “{name}” có mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi thử lại.")
    text = text.partition("\\n")[2]
    return Reading(text, (Block(0, len(text), Place(1, 1)),))

module = types.ModuleType("extract.read.test_hook")
module.read = read
sys.modules[module.__name__] = module
module.__spec__ = types.SimpleNamespace(name=module.__name__)
room.FORMATS["pdf"] = module.__name__
child.main()
"""


@pytest.fixture
def hooked(monkeypatch):
    """Children in which a made-up reader stands for the one of PDF: it hangs, swells and crashes as told."""
    monkeypatch.setattr(child, "COMMAND", (sys.executable, "-P", "-c", textwrap.dedent(HOOK)))


@pytest.fixture
def folder(tmp_path) -> Path:
    root = tmp_path / "kho văn bản"
    root.mkdir()
    return root


GOOD = {
    "a.md": plan(1),
    "b.txt": plan(2),
    "Kế hoạch số 3 (bản sửa).txt": plan(3),
    "thư mục/con/d.txt": "\ufeff" + plan(4),
    "đuôi sai.docx": plan(5),
    "utf16.txt": plan(6).encode("utf-16"),
    "e.pdf": "%PDF-1.7\n" + plan(7),
    "pdf đổi tên.doc": "%PDF-1.7\n" + plan(8),
    "kho.zip": zipped(
        {"thư mục/f.txt": plan(10), "g.pdf": "%PDF-1.7\n" + plan(11), "trong.zip": zipped({"h.md": plan(12)})}
    ),
}
BAD = {
    "bom.docx": (docx()[:60], "cắt cụt"),
    "bom nén.zip": (zipped({"to.txt": b"a" * (4 * MEBIBYTE)}), "bom nén"),
    "cụt.zip": (zipped({"a.txt": plan(90)})[:-30], "cắt cụt"),
    "khóa.docx": (ole("EncryptedPackage"), "mật khẩu"),
    "khóa.doc": (ole("WordDocument", flags=1), "mật khẩu"),
    "khóa.pdf": ("%PDF-1.7\nKHÓA", "mật khẩu"),
    "nhị phân.txt": (b"\x7fELF\x00\x01\x02" * 40, "nhị phân"),
    "phình.pdf": ("%PDF-1.7\nPHÌNH", "bộ nhớ"),
    "rỗng.txt": ("", "không có nội dung"),
    "sập.pdf": ("%PDF-1.7\nSẬP", "dừng đột ngột"),
    "treo.pdf": ("%PDF-1.7\nTREO", "quá 3 giây"),
    "trắng.docx": (" \r\n", "không có nội dung"),
    "ảnh.jpg": (b"\xff\xd8\xff\xe0 JFIF", "là ảnh"),
    "bảng.xlsx": (zipped({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "Excel"),
    "ghi chú.xyz": ("abc", "không biết định dạng .xyz"),
    "mã lạ.txt": (b"K\xfd ho\xb9ch", ""),
}
NOISE = {
    "~$kế hoạch.docx": "x",
    "Thumbs.db": "x",
    ".ẩn.txt": plan(91),
    ".git/a.txt": plan(92),
    "__MACOSX/b.txt": plan(93),
}
LIMITS = Limits(memory=384 * MEBIBYTE, seconds=3)


def test_the_good_are_in_the_base_and_the_bad_are_told(hooked, folder, tmp_path):
    fill(folder, GOOD | {name: content for name, (content, _) in BAD.items()} | NOISE)
    (tmp_path / "ngoài.txt").write_text(plan(94), encoding="utf-8")
    (tmp_path / "nơi khác").mkdir()
    (folder / "liên kết.txt").symlink_to(tmp_path / "ngoài.txt")
    (folder / "thư mục khác").symlink_to(tmp_path / "nơi khác")
    (folder / "trong nhà.txt").symlink_to(folder / "a.md")
    (folder / "vòng").symlink_to(folder)
    os.mkfifo(folder / "ống.txt")
    os.truncate(os.open(folder / "to.txt", os.O_CREAT | os.O_WRONLY), intake.MAX_BYTES + 1)
    base = tmp_path / "cancu.db"
    told = build([folder], base, limits=LIMITS)

    numbers = {row[0] for row in rows(base, "SELECT so_ky_hieu FROM van_ban WHERE trong_kho = 1")}
    assert numbers == {f"{n}/KH-UBND" for n in (*range(1, 9), 10, 11, 12)}
    assert told.documents == 11
    paths = {row[0] for row in rows(base, "SELECT duong_dan FROM tep")}
    assert {"kho văn bản/kho.zip › thư mục › f.txt", "kho văn bản/kho.zip › trong.zip › h.md"} <= paths
    notes = dict(rows(base, "SELECT duong_dan, ghi_chu FROM tep"))
    assert "đã đọc theo nội dung" in notes["kho văn bản/pdf đổi tên.doc"]

    refused = {
        path: (reason, advice)
        for path, reason, advice in rows(base, "SELECT duong_dan, ly_do, viec_can_lam FROM tep_khong_doc")
    }
    expected = {f"kho văn bản/{name}": words for name, (_, words) in BAD.items()} | {
        "kho văn bản/liên kết.txt": "ra ngoài thư mục",
        "kho văn bản/thư mục khác": "ra ngoài thư mục",
        "kho văn bản/ống.txt": "tệp đặc biệt",
        "kho văn bản/to.txt": "quá lớn",
    }
    expected["kho văn bản/bom nén.zip › to.txt"] = expected.pop("kho văn bản/bom nén.zip")
    assert set(refused) == set(expected)
    for path, words in expected.items():
        assert words in refused[path][0], path
        assert refused[path][1].startswith("Hãy "), path
    assert [r.path for r in told.refusals] == [
        row[0] for row in rows(base, "SELECT duong_dan FROM tep_khong_doc ORDER BY id")
    ]

    before = base.read_bytes()
    again = build([folder], base, limits=LIMITS)
    assert not again.changed and again.refusals == told.refusals
    assert base.read_bytes() == before and is_current([folder], base)
    build([folder], tmp_path / "b.db", limits=LIMITS)
    assert dump(base) == dump(tmp_path / "b.db")

    assert any(f"Bỏ qua {len(expected)} tệp" in line for line in summary_lines(told, base))
    page = asyncio.run(make_datasette(base).client.get("/")).text
    assert "Tệp bỏ qua" in page and f"({len(expected)})" in page and "/cancu/tep_khong_doc" in page


def test_a_base_without_bad_files_says_nothing_of_them(folder, tmp_path):
    fill(folder, {"a.md": plan(1)})
    build([folder], tmp_path / "cancu.db")
    assert "Tệp bỏ qua" not in asyncio.run(make_datasette(tmp_path / "cancu.db").client.get("/")).text


# --- incremental -----------------------------------------------------------------------------------


@pytest.fixture
def reads(monkeypatch) -> list[str]:
    """The names of the files that are really read."""
    seen: list[str] = []

    def new(self, job, *keys):
        seen.append(job.name)
        return original(self, job, *keys)

    original = gather._Readers._new_result
    monkeypatch.setattr(gather._Readers, "_new_result", new)
    return seen


def test_unchanged_files_are_not_read_again(folder, tmp_path, reads):
    fill(
        folder,
        {
            "a.md": plan(1, 2),
            "b.txt": plan(2),
            "c/d.txt": plan(3),
            "kho.zip": zipped({"e.txt": plan(4), "f.txt": plan(5)}),
        },
    )
    base = tmp_path / "cancu.db"
    build([folder], base)
    assert sorted(reads) == ["a.md", "b.txt", "d.txt", "kho.zip › e.txt", "kho.zip › f.txt"]
    reads.clear()
    assert not build([folder], base).changed and reads == []
    fill(folder, {"b.txt": plan(2, 3), "mới.txt": plan(6)})
    (folder / "c" / "d.txt").unlink()
    assert not is_current([folder], base)
    assert build([folder], base).changed
    assert sorted(reads) == ["b.txt", "mới.txt"]
    assert {row[0] for row in rows(base, "SELECT duong_dan FROM tep")} == {
        "kho văn bản/a.md", "kho văn bản/b.txt", "kho văn bản/mới.txt", "kho văn bản/kho.zip › e.txt", "kho văn bản/kho.zip › f.txt",
    }  # fmt: skip
    build([folder], tmp_path / "anew.db")
    assert dump(base) == dump(tmp_path / "anew.db")  # what was kept is what would be read


def test_what_is_kept_of_removed_files_goes_with_them(folder, tmp_path):
    fill(folder, {"a.md": plan(1), "b.md": plan(2)})
    build([folder], tmp_path / "cancu.db")
    (folder / "b.md").unlink()
    build([folder], tmp_path / "cancu.db")
    build([folder], tmp_path / "anew.db")
    left, anew = (
        {key for (key,) in rows(place_of(tmp_path / name), "SELECT khoa FROM da_doc")}
        for name in ("cancu.db", "anew.db")
    )
    assert left == anew


def test_another_program_reads_anew(folder, tmp_path, reads, monkeypatch):
    fill(folder, {"a.md": plan(1)})
    build([folder], tmp_path / "cancu.db")
    monkeypatch.setattr(gather, "engine", lambda: "khác")
    monkeypatch.setattr("graph.corpus.engine", lambda: "khác")
    assert build([folder], tmp_path / "cancu.db").changed
    assert reads == ["a.md", "a.md"]


def test_a_limit_met_once_is_not_tried_again_until_it_is_raised(hooked, folder, tmp_path, reads):
    fill(folder, {"a.md": plan(1), "treo.pdf": "%PDF-1.7\nTREO"})
    build([folder], tmp_path / "cancu.db", limits=Limits(seconds=1))
    assert sorted(reads) == ["a.md", "treo.pdf"]
    reads.clear()
    assert not build([folder], tmp_path / "cancu.db", limits=Limits(seconds=1)).changed
    assert reads == []
    build([folder], tmp_path / "cancu.db", limits=Limits(seconds=1.5))
    assert reads == ["treo.pdf"]


@pytest.mark.parametrize("damage", ["gone", "noise", "cut", "wrong"])
def test_a_damaged_store_of_results_costs_time_only(folder, tmp_path, damage):
    fill(folder, {"a.md": plan(1), "b.md": plan(2)})
    base = tmp_path / "cancu.db"
    build([folder], base)
    before, place = dump(base), place_of(base)
    if damage == "gone":
        place.unlink()
    elif damage == "noise":
        place.write_bytes(b"khong phai SQLite" * 1000)
    elif damage == "cut":
        place.write_bytes(place.read_bytes()[:5000])
    else:
        with closing(sqlite3.connect(place)) as connection, connection:
            connection.execute("UPDATE da_doc SET gia_tri = x'0102'")
    base.unlink()
    assert build([folder], base).documents == 2
    assert dump(base) == before


def test_two_builds_at_once_do_not_meet(folder, tmp_path):
    fill(folder, {"a.md": plan(1)})
    with Kept(tmp_path / "cancu.db"):
        assert build([folder], tmp_path / "cancu.db").documents == 1


def test_the_base_itself_is_no_document(folder):
    fill(folder, {"a.md": plan(1)})
    build([folder], folder / "cancu.db")
    told = build([folder], folder / "cancu.db")
    assert (told.changed, told.refusals) == (False, ())


def test_one_paper_in_several_files(folder, tmp_path):
    fill(
        folder,
        {
            "a.md": plan(1),
            "a (1).md": plan(1),
            "bản cũ/a.md": plan(1).replace("Triển khai", "Thực hiện"),
            "b.md": plan(2, 1),
        },
    )
    told = build([folder], tmp_path / "cancu.db")
    assert told.documents == 3
    assert len(rows(tmp_path / "cancu.db", "SELECT * FROM tep")) == 3
    (copy,) = told.refusals
    assert (Path(copy.path).name, copy.reason) == (
        "a.md",
        f"Tệp giống hệt “{folder.name}/a (1).md” nên chỉ tính một lần.",
    )


# --- order and processes ---------------------------------------------------------------------------


def test_files_come_in_one_order_whoever_reads_them(folder, tmp_path, monkeypatch):
    fill(
        folder,
        {f"{n:02d}/{name}": plan(n * 10 + k) for n in range(4) for k, name in enumerate(("ă.txt", "b.md", "z.txt"))},
    )
    monkeypatch.setattr(gather, "_LIGHT", 0)
    shown: list[str] = []

    def progress(names):
        for name in names:
            shown.append(name.as_posix())
            yield name

    build([folder], tmp_path / "a.db", progress)
    assert shown == [f"kho văn bản/{n:02d}/{name}" for n in range(4) for name in ("b.md", "z.txt", "ă.txt")]
    monkeypatch.setattr(gather, "_processors", lambda: 1)
    build([folder], tmp_path / "b.db")
    monkeypatch.setattr(gather, "_LIGHT", MEBIBYTE)
    build([folder], tmp_path / "c.db")
    assert dump(tmp_path / "a.db") == dump(tmp_path / "b.db") == dump(tmp_path / "c.db")


def test_no_child_outlives_a_build(folder, tmp_path, monkeypatch):
    fill(folder, {"a.md": plan(1)})
    monkeypatch.setattr(gather, "_LIGHT", 0)
    made: list[child.Child] = []
    original = child.Child.__init__

    def init(self, *args):
        original(self, *args)
        made.append(self)

    monkeypatch.setattr(child.Child, "__init__", init)

    def stopped(names):
        yield from []
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([folder], tmp_path / "cancu.db", stopped)
    assert all(c._process is None for c in made)


# --- folders ---------------------------------------------------------------------------------------


def test_nothing_to_read(folder, tmp_path):
    with pytest.raises(CorpusError, match="không có văn bản nào đọc được"):
        build([folder], tmp_path / "cancu.db")
    fill(folder, {"rỗng.txt": ""})
    with pytest.raises(CorpusError, match="không có nội dung"):
        build([folder], tmp_path / "cancu.db")


def test_one_file_by_two_ways_comes_once(folder):
    fill(folder, {"a.md": plan(1)})
    assert [f.shown for f in find_documents([folder, folder / "a.md", folder / "." / "a.md"])] == ["kho văn bản/a.md"]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_a_name_that_is_no_text(folder, tmp_path):
    fill(folder, {"a.md": plan(1)})
    path = os.fsencode(folder) + b"/k\xff.txt"
    with open(path, "w", encoding="utf-8") as handle:
        handle.write(plan(2))
    assert build([folder], tmp_path / "cancu.db").documents == 2
    assert ("kho văn bản/k?.txt",) in rows(tmp_path / "cancu.db", "SELECT duong_dan FROM tep")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="all is open to root")
def test_what_may_not_be_read(folder, tmp_path):
    fill(folder, {"a.md": plan(1), "b.md": plan(2), "kín/c.md": plan(3)})
    (folder / "b.md").chmod(0)
    (folder / "kín").chmod(0)
    told = build([folder], tmp_path / "cancu.db")
    (folder / "kín").chmod(0o700)
    assert [("quyền đọc" in r.reason, r.path) for r in told.refusals] == [
        (True, "kho văn bản/b.md"),
        (True, "kho văn bản/kín"),
    ]


# --- archives --------------------------------------------------------------------------------------


def names(data: bytes) -> list[str]:
    return [m.name for m in list_members(io.BytesIO(data), "kho.zip")]


def test_members_are_read_into_memory(tmp_path):
    data = zipped(
        {"../../x.txt": "một", "/b/c.txt": "hai", "d\\e.txt": "ba", ".ẩn.txt": "", "__MACOSX/f.txt": "", "g/": ""}
    )
    assert names(data) == ["b › c.txt", "d › e.txt", "x.txt"]
    texts = [read_member(io.BytesIO(data), m.chain, m.name) for m in list_members(io.BytesIO(data), "kho.zip")]
    assert texts == [b"hai", b"ba", "một".encode()]


@pytest.mark.parametrize(("encoding", "flag"), [("utf-8", 0), ("utf-8", 0x800)])
def test_names_of_old_programs(encoding, flag):
    made = bytearray(zipped({"x" * len("Kế hoạch.txt".encode(encoding)): plan(1)}))
    plain, wanted = b"x" * len("Kế hoạch.txt".encode(encoding)), "Kế hoạch.txt".encode(encoding)
    data = bytes(made).replace(plain, wanted)
    if flag:
        at = data.index(b"PK\x01\x02") + 8
        data = data[:at] + flag.to_bytes(2, "little") + data[at + 2 :]
        data = data[:6] + flag.to_bytes(2, "little") + data[8:]
    assert names(data) == ["Kế hoạch.txt"]


def test_archives_within_archives_have_a_floor():
    inner = zipped({"c.zip": zipped({"d.txt": "x"}), "b.txt": "y"})
    (deep, near) = sorted(list_members(io.BytesIO(zipped({"b.zip": inner})), "a.zip"), key=lambda m: not m.refusal)
    assert "2 lớp" in deep.refusal and deep.name == "b.zip › c.zip"
    assert (near.name, near.refusal) == ("b.zip › b.txt", "")


def test_archives_that_hold_too_much(monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBERS", 5)
    with pytest.raises(ReadError, match="quá 5 tệp"):
        names(zipped({f"{n}.txt": "x" for n in range(6)}))
    monkeypatch.setattr(archive, "MAX_TOTAL", 10)
    with pytest.raises(ReadError, match="bom nén"):
        names(zipped({"a.txt": "x" * 11}))


def test_members_with_a_password_are_told():
    data = bytearray(zipped({"a.txt": "x", "b.txt": "y"}))
    at = data.index(b"PK\x01\x02") + 8
    data[at] |= 1
    first, second = list_members(io.BytesIO(bytes(data)), "kho.zip")
    assert "mật khẩu" in first.refusal and not second.refusal


def test_a_damaged_member_leaves_the_others(folder, tmp_path):
    data = bytearray(zipped({"a.txt": plan(1), "b.txt": plan(2)}))
    data[60] ^= 0xFF
    fill(folder, {"kho.zip": bytes(data)})
    told = build([folder], tmp_path / "cancu.db")
    assert told.documents == 1
    assert [r.path for r in told.refusals] == ["kho văn bản/kho.zip › a.txt"]


@pytest.mark.parametrize(("content", "words"), [
    (docx(), "chưa đọc được định dạng này|không|hỏng|lỗi"),
    (zipped({"a.txt": "x"}), "tệp nén"),
    (zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}), "OpenDocument"),
    (b"Rar!\x1a\x07\x00", "giải nén"),
    (ole("Workbook"), "chưa đọc được định dạng này"),
])  # fmt: skip
def test_one_file_of_another_kind(tmp_path, content, words):
    path = tmp_path / "tệp lạ"
    path.write_bytes(content)
    with pytest.raises(ReadError, match=words):
        read_file(path)


# --- memory ----------------------------------------------------------------------------------------


def test_the_parent_holds_one_text_at_a_time(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(gather, "_LIGHT", 0)
    monkeypatch.setattr(gather, "_processors", lambda: 1)
    monkeypatch.setattr(search_index, "_FEW", 0)
    monkeypatch.setattr(search_index, "_BUNCH", 0)
    tasks = "\n".join(f"{n}. Thực hiện Quyết định số {n}/QĐ-UBND của UBND tỉnh." for n in range(1, 4))
    filler = "\n\nNội dung không có gì để viện dẫn, chỉ để cho dài ra thêm." * 3000
    peaks = []
    for count in (2, 12):
        for n in range(count):
            fill(folder, {f"{n}.txt": plan(n + 1) + tasks + filler})
        tracemalloc.start()
        assert build([folder], tmp_path / f"{count}.db").documents == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


def test_a_part_of_the_graph_weighs_as_the_whole(folder, tmp_path):
    """Tasks are weighed on the part around their text; the whole graph must say the same."""
    basis = "Căn cứ Kế hoạch số {}/KH-UBND ngày 05/02/2024 của UBND tỉnh Minh Họa về cải cách hành chính.\n\nI. NỘI"
    chain = {f"{n}.md": plan(n, n + 1).replace("I. NỘI", basis.format(n + 1)) for n in range(1, 12)}
    base = tmp_path / "cancu.db"
    fill(
        folder, chain | {"dự thảo.md": plan(3, 1).replace("I. NỘI", basis.format(1))}
    )  # a ring: 3 rests on 1, which rests on 3
    build([folder], base)
    with closing(sqlite3.connect(base)) as connection:
        whole = {basis.task: basis for basis in weigh_tasks(load_graph(connection))}
        parts = Parts(connection, MAX_STEPS)
        plans = [row[0] for row in connection.execute("SELECT van_ban FROM tep ORDER BY rowid")]
        found = [basis for plan in plans for basis in weigh_tasks(parts.part(plan))]
    assert len(found) == 12
    assert {basis.task: basis for basis in found} == whole
    assert max(item.steps for basis in found for item in basis.items) == MAX_STEPS
