"""A base as large as a province may ever have: made-up documents of the made-up tỉnh Minh Họa, always the same rows.

A tenth of the documents are plans whose whole text is in the base, with ten tasks each; the rest are only cited. Five
resolutions are cited by every plan, again and again; from the tasks chains of six hops lead up: plan, programme,
scheme, directive, resolution of the council, resolution of the party committee.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.stages import MAKING, Stages, watch_load
from extract.identity import number_key, search_key, sort_key
from extract.text import plain
from graph import basis
from graph.check import SEVERITIES
from graph.doers import LEADS
from graph.ranks import rank_of
from graph.relations import relation_rows
from graph.schema import SCHEMA_VERSION
from graph.statuses import ENDED, IN_FORCE
from graph.store import Put, fill_base
from graph.words import FAMILIES, FORMS, REFERENCE_KINDS, RESOLUTION, STATED, UNIT_KINDS

Row = dict[str, Any]

PROVINCE = "tỉnh Minh Họa"
HUBS = 5
_LISTED_EVERY = 5
"""So many documents that every plan cites."""
_TASKS, _UNIQUE_EVERY, _BATCH = 10, 100, 200
_WORKS_SHARE, _TOPS = 40, 200  # one document in forty is named only; so many resolutions at the top of all chains
_POPULAR, _POPULAR_SHARE = 20, 0.3  # of three tasks one takes a provincial plan that thousands of tasks take
_YEARS = range(2008, 2026)

_LEVELS: tuple[tuple[str, str, str, str, int], ...] = (
    # type, symbol, issuer, family, weight: from the lowest to the highest
    ("Kế hoạch", "/KH-UBND", "UBND tỉnh Minh Họa", "administrative", 9),
    ("Chương trình", "-CTr/TU", "Tỉnh ủy Minh Họa", "party", 5),
    ("Đề án", "-ĐA/TU", "Tỉnh ủy Minh Họa", "party", 3),
    ("Chỉ thị", "/CT-UBND", "UBND tỉnh Minh Họa", "administrative", 2),
    ("Nghị quyết", "/NQ-HĐND", "HĐND tỉnh Minh Họa", "normative", 1),
    ("Nghị quyết", "-NQ/TU", "Tỉnh ủy Minh Họa", "party", 0),
)
_DEPARTMENTS = (
    ("Sở Nội vụ", "SNV"), ("Sở Tài chính", "STC"), ("Sở Y tế", "SYT"), ("Sở Xây dựng", "SXD"), ("Sở Tư pháp", "STP"),
    ("Sở Công Thương", "SCT"), ("Sở Khoa học và Công nghệ", "SKHCN"), ("Sở Giáo dục và Đào tạo", "SGDĐT"),
    ("Sở Nông nghiệp và Môi trường", "SNNMT"), ("Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL"),
)  # fmt: skip
_TOPICS = (
    "cải cách hành chính", "chuyển đổi số", "phát triển khoa học, công nghệ và đổi mới sáng tạo", "phát triển du lịch",
    "bảo vệ môi trường và ứng phó với biến đổi khí hậu", "phát triển nguồn nhân lực chất lượng cao", "giảm nghèo bền",
    "xây dựng nông thôn mới nâng cao", "phát triển tài sản trí tuệ", "phòng, chống tham nhũng, tiêu cực",
    "nâng cao năng suất, chất lượng sản phẩm, hàng hóa", "phát triển kinh tế tập thể, hợp tác xã", "an toàn thực phẩm",
    "chăm sóc, bảo vệ sức khỏe nhân dân", "đổi mới căn bản giáo dục và đào tạo", "phát triển công nghiệp hỗ trợ",
    "quản lý đất đai, tài nguyên nước", "bảo đảm trật tự, an toàn giao thông", "phòng cháy, chữa cháy và cứu nạn",
    "thực hành tiết kiệm, chống lãng phí", "cải thiện môi trường đầu tư, kinh doanh", "truyền thông chính sách",
)  # fmt: skip
_VERBS = (
    "Chủ trì, phối hợp với các đơn vị liên quan tổ chức thực hiện", "Tham mưu, trình UBND tỉnh triển khai",
    "Rà soát, tổng hợp, báo cáo kết quả thực hiện", "Tiếp tục triển khai có hiệu quả",
    "Đôn đốc, kiểm tra việc thực hiện",
)  # fmt: skip
_ENDS = (
    "bảo đảm đúng tiến độ, tiết kiệm và hiệu quả", "gắn với trách nhiệm của người đứng đầu từng cơ quan, đơn vị",
    "định kỳ hằng quý tổng hợp khó khăn, vướng mắc và đề xuất hướng xử lý",
    "phù hợp với điều kiện thực tế của địa phương",
)  # fmt: skip
_UNFOUND = 0.7  # of the citations; to the others a check has something to say
_FINDINGS = (
    ("missing-title-first-citation", "nên sửa"), ("missing-date", "bắt buộc sửa"), ("date-not-padded", "biên tập"),
    ("number-out-of-order", "cần đối chiếu"), ("missing-so", "nên sửa"),
)  # fmt: skip
_SYLLABLES = (
    "An", "Bình", "Cẩm", "Dương", "Đông", "Gia", "Hà", "Hòa", "Khánh", "Lạc", "Lâm", "Long", "Mai", "Minh", "Ninh",
    "Phú", "Phước", "Quang", "Sơn", "Tân", "Thanh", "Thạnh", "Thuận", "Trà", "Trung", "Vân", "Vĩnh", "Xuân", "Yên",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: what its rows and the sentences about it are made of."""

    id: str
    type: str
    number: str
    date: str
    issuer: str
    title: str
    level: int
    family: str
    name: str = ""

    @property
    def label(self) -> str:
        """The short name."""
        return f"{self.type} số {self.number}" if self.number else self.name

    @property
    def full(self) -> str:
        """The document as a sentence names it in full."""
        if not self.number:
            return self.name
        year, month, day = self.date.split("-")
        return f"{self.label} ngày {day}/{month}/{year} của {self.issuer} {self.title}"


@dataclass(slots=True)
class World:
    """All documents: ``ladder`` by level, lowest first; ``above`` leads from a document to the one it carries out."""

    plans: list[Paper]
    ladder: list[list[Paper]]
    works: list[Paper]
    above: dict[str, Paper]

    @property
    def hubs(self) -> list[Paper]:
        """The resolutions that all plans cite."""
        return self.ladder[-1][:HUBS]

    def papers(self) -> Iterator[Paper]:
        """Yield all documents."""
        yield from self.plans
        for level in self.ladder:
            yield from level
        yield from self.works


# --- documents ------------------------------------------------------------------------------------


def make_world(documents: int, seed: int) -> World:
    """Return ``documents`` documents, of which a tenth are plans in the base."""
    random = Random(f"documents {seed}")
    plans = documents // 10
    works = documents // _WORKS_SHARE
    tops = min(_TOPS, max(HUBS, documents // 100))
    rest = documents - plans - works - tops
    weights = [weight for *_, weight in _LEVELS]
    sizes = [rest * weight // sum(weights) for weight in weights]
    sizes[-1] = tops
    sizes[0] += documents - plans - works - sum(sizes)
    ladder = [[_numbered(random, level, n) for n in range(size)] for level, size in enumerate(sizes)]
    above = {
        paper.id: _upper(random, upper, n)
        for level, upper in pairwise(ladder) for n, paper in enumerate(level)
    }  # fmt: skip
    own = [_plan(random, n) for n in range(plans)]
    named = [_work(random, n) for n in range(works)]
    return World(own, ladder, named, above)


def _upper(random: Random, upper: Sequence[Paper], n: int) -> Paper:
    """Half of all lead to the few best known, the others are spread."""
    return upper[random.randrange(min(HUBS, len(upper)))] if random.random() < 0.3 else upper[n % len(upper)]


def _place(random: Random) -> str:
    return f"xã {random.choice(_SYLLABLES)} {random.choice(_SYLLABLES)} {random.choice(_SYLLABLES)}"


def _title(random: Random) -> str:
    begin = random.choice(_YEARS)
    where = f"tại {_place(random)}" if random.random() < 0.5 else f"trên địa bàn {PROVINCE}"
    return f"về {random.choice(_TOPICS)} {where} giai đoạn {begin}-{begin + 5}"


def _date(random: Random, year: int) -> str:
    return f"{year}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"


def _numbered(random: Random, level: int, n: int) -> Paper:
    kind, symbol, issuer, family, _ = _LEVELS[level]
    year = _YEARS[n % len(_YEARS)]
    number = f"{n // len(_YEARS) + 1:02d}{symbol}"
    slug = plain(f"{kind} {number} {year} {issuer}").replace(" ", "-")
    return Paper(slug, kind, number, _date(random, year), issuer, _title(random), level, family)


def _plan(random: Random, n: int) -> Paper:
    name, symbol = _DEPARTMENTS[n % len(_DEPARTMENTS)]
    turn = n // len(_DEPARTMENTS)
    year, issuer = _YEARS[turn % len(_YEARS)], f"{name} {PROVINCE}"
    number = f"{turn // len(_YEARS) + 1:02d}/KH-{symbol}"
    slug = plain(f"Kế hoạch {number} {year} {issuer}").replace(" ", "-")
    title = f"Kế hoạch thực hiện công tác {random.choice(_TOPICS)} năm {year} tại {_place(random)}"
    return Paper(slug, "Kế hoạch", number, _date(random, year), issuer, title, -1, "administrative")


def _work(random: Random, n: int) -> Paper:
    kind = ("Chương trình", "Đề án", "Dự án")[n % 3]
    name = f"{kind} {random.choice(_TOPICS)} {_place(random)} đợt {n + 1}"
    return Paper(plain(name).replace(" ", "-"), kind, "", "", "", "", 3, "work", name)


def _document_row(paper: Paper, leader: str | None) -> Row:
    own = paper.level < 0
    form = FORMS["number" if paper.number else "work"]
    version = "bản khác cùng số" if leader else ""
    label = f"{paper.label} ({version})" if version else paper.label
    return {
        "id": paper.id, "nhan": label, "loai": paper.type, "so_ky_hieu": paper.number, "so_ky_hieu_in": paper.number,
        "ten": paper.name, "trich_yeu": paper.title, "ngay_ban_hanh": paper.date, "co_quan_ban_hanh": paper.issuer,
        "ho": FAMILIES[paper.family], "hinh_thuc": form,
        "cap": 9 if own else rank_of(paper.issuer, work=not paper.number).number,
        "trang_thai": RESOLUTION["resolved"], "suy_luan": "", "trong_kho": int(own),
        "khoa": f"{paper.family}|{paper.id}", "urn": "", "so_tim": search_key(paper.number) if paper.number else "",
        "sap_xep": sort_key(paper.number, paper.date),
        "khong_dau": plain(f"{label} {number_key(paper.number)} {paper.title} {paper.issuer}"),
        "phien_ban_cua": leader, "phien_ban": version,
        "phien_ban_vi": "cùng số, ký hiệu và cơ quan ban hành" if version else "",
    }  # fmt: skip


def _document_rows(world: World) -> Iterator[Row]:
    for n, paper in enumerate(world.plans):  # now and then a plan is another version of the one before
        yield _document_row(paper, world.plans[n - 1].id if n % _UNIQUE_EVERY == _UNIQUE_EVERY - 1 else None)
    for paper in islice(world.papers(), len(world.plans), None):
        yield _document_row(paper, None)


def _listed_rows(world: World) -> Iterator[Row]:
    """A list of the province with every fifth document: one in ten ended, one in ten amended."""
    papers = [paper for level in world.ladder for paper in level]
    for n, paper in enumerate(papers[::_LISTED_EVERY], 1):
        later = papers[(n * 7) % len(papers)]
        ended = n % 10 == 0
        yield {
            "id": n, "van_ban": paper.id, "so_ky_hieu": paper.number, "loai": paper.type, "ngay_ban_hanh": paper.date,
            "co_quan_ban_hanh": paper.issuer, "trich_yeu": paper.title, "hieu_luc_tu": paper.date,
            "het_hieu_luc": f"{int(paper.date[:4]) + 3}-01-01" if ended else "",
            "tinh_trang": ENDED if ended else IN_FORCE, "thay_the_boi": "",
            "sua_doi_boi": later.label if n % 10 == 5 else "", "bai_bo_boi": "", "ly_do": "", "phan_het_hieu_luc": "",
            "khac_biet": "", "nguon": f"UBND {PROVINCE}", "ngay_nguon": "2025-01-01", "tep": "danh-muc.xlsx", "dong": n,
        }  # fmt: skip


# --- the text of a plan and the rows it gives -----------------------------------------------------


class Writer:
    """Writes the text of one plan, and notes units, citations and claims as they come to stand in it."""

    def __init__(self, world: World, plan: Paper, random: Random) -> None:
        """Begin with an empty text."""
        self.world, self.plan, self.random = world, plan, random
        self.rows: dict[str, list[Row]] = {
            name: []
            for name in (
                "tep",
                "muc",
                "trich_dan",
                "chuong_trinh",
                "quan_he",
                "dan_chieu",
                "nhiem_vu",
                "can_cu",
                "phan_cong",
                "phat_hien",
            )
        }
        self._text: list[str] = []
        self._length = 0
        self._bases: list[Row] = []

    def write(self, path: str, citations: int, ladder: Sequence[Paper], order: int) -> dict[str, list[Row]]:
        """Return the rows of a plan that cites ``citations`` times and says of ``ladder`` what each carries out."""
        head = f"Số: {self.plan.number}\n\nMinh Họa, ngày {self.plan.date[8:]} tháng {self.plan.date[5:7]}\n\n"
        self._add(head)
        self._cite(self.plan, f"Số: {self.plan.number}", 0, None, None, "")
        self._unit("TITLE", "title", self.plan.title.upper(), None)
        world, random = self.world, self.random
        for n, paper in enumerate([*world.hubs, *(random.choice(random.choice(world.ladder[1:5])) for _ in range(3))]):
            unit = self._said(f"BASIS.{n + 1}", "basis", f"Căn cứ {paper.full};", None, [(paper, "based_on")])
            self._claim(None, unit, paper, "based_on", "Căn cứ")
            self._bases.append({"van_ban": paper.id, "cau": unit["noi_dung"], "vi_tri": unit["vi_tri"]})
        self._unit("I", "section", "I. MỤC ĐÍCH, YÊU CẦU", None, "I")
        for n, paper in enumerate(ladder):
            upper = world.above[paper.id]
            words = f"Quán triệt {paper.full} thực hiện {upper.full}, {random.choice(_ENDS)}."
            said = [(paper, "implements"), (upper, "implements")]
            unit = self._said(f"I.{n + 1}", "statement", words, "I", said)
            self._claim(paper, unit, upper, "implements", "thực hiện")
        self._unit("II", "section", "II. NỘI DUNG THỰC HIỆN", None, "II")
        for n in range(_TASKS):
            self._task(n, order + n)
        self._unit("III", "section", "III. TỔ CHỨC THỰC HIỆN", None, "III")
        self._work()
        self._fill(citations - len(self.rows["trich_dan"]))
        text = "".join(self._text)
        self.rows["tep"].append({
            "van_ban": self.plan.id, "duong_dan": path, "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "dinh_dang": "docx", "so_ky_tu": len(text), "so_in": self.plan.number, "dia_danh": "Minh Họa",
            "suy_luan": "", "ghi_chu": "", "noi_dung": text, "o_bang": "",
        })  # fmt: skip
        return self.rows

    def _task(self, n: int, order: int) -> None:
        """Seven tasks of ten lead up by six hops, two name a resolution, the last has the plan's bases alone."""
        random, world = self.random, self.world
        code, verb = f"II.{n // 5 + 1}.{n % 5 + 1}", random.choice(_VERBS)
        lead, due = random.choice(_DEPARTMENTS)[0], f"Quý {random.randrange(1, 5)}/{self.plan.date[:4]}"
        more = f"{random.choice(_TOPICS)} tại {_place(random)}, {random.choice(_ENDS)}"
        direct: Paper | None = None
        said: list[tuple[Paper, str]] = []
        if n < 7:
            popular = random.random() < _POPULAR_SHARE
            direct = random.choice(world.ladder[0][:_POPULAR] if popular else world.ladder[0])
            upper = world.above[direct.id]
            said = [(direct, "implements"), (upper, "implements")]
            words = f"{verb} {direct.full} thực hiện {upper.full}; {more}."
        elif n < 9:
            direct = random.choice(world.hubs)
            said = [(direct, "implements")]
            words = f"{verb} {direct.full}; {more}."
        else:
            words = f"{verb} {more}."
        unit = self._said(code, "task", words, "II", said)
        unit |= {"chu_tri": lead, "thoi_han": due}
        if direct is None:
            self._weighed(unit, order, basis.INHERITED, [], [("kế thừa", "based_on", 2, b) for b in self._bases])
            return
        self._claim(unit, unit, direct, "implements", "thực hiện")
        chain = [direct]
        if n < 7:
            self._claim(direct, unit, world.above[direct.id], "implements", "thực hiện")
            while chain[-1].id in world.above:
                chain.append(world.above[chain[-1].id])
        items = [
            (basis.DIRECT if step == 1 else basis.THROUGH, "implements", step,
             {"van_ban": paper.id, "cau": unit["noi_dung"], "vi_tri": unit["vi_tri"]})
            for step, paper in enumerate(chain, 1)
        ]  # fmt: skip
        self._weighed(unit, order, basis.DIRECT, chain, items)

    def _weighed(
        self, unit: Row, order: int, strength: str, chain: Sequence[Paper], items: Sequence[tuple[str, str, int, Row]]
    ) -> None:
        inherited = strength == basis.INHERITED
        self.rows["nhiem_vu"].append({
            "id": unit["id"], "van_ban": self.plan.id, "ma": unit["ma"], "noi_dung": unit["noi_dung"],
            "do_manh": strength, "so_can_cu": int(not inherited), "cao_nhat": chain[-1].id if chain else None,
            "canh_bao": "không nêu căn cứ riêng, chỉ có phần Căn cứ của kế hoạch" if inherited else "",
            "chuoi": " → ".join([unit["ma"], *(paper.label for paper in chain)]), "chu_tri": unit["chu_tri"],
            "thoi_han": unit["thoi_han"], "thu_tu": order,
            "tinh_trang": RESOLUTION["resolved"] if chain else "",
        })  # fmt: skip
        self.rows["phan_cong"].append({
            "id": order, "muc": unit["id"], "don_vi": plain(unit["chu_tri"]).replace(" ", "-"), "vai_tro": LEADS,
        })  # fmt: skip
        self.rows["can_cu"] += [
            {
                "id": f"{unit['id']}/{n}", "nhiem_vu": unit["id"], "cach": way, "quan_he": relation, "so_buoc": steps,
                **of,
            }
            for n, (way, relation, steps, of) in enumerate(items, 1)
        ]  # fmt: skip

    def _work(self) -> None:
        """Two programmes by name alone, and a pointer that names no document."""
        for n in range(2):
            work = self.random.choice(self.world.works)
            unit = self._said(f"III.{n + 1}", "statement", f"Lồng ghép với {work.name}.", "III", [])
            start = unit["bat_dau"] + unit["noi_dung"].index(work.name)
            self.rows["chuong_trinh"].append({
                "id": f"{self.plan.id}#w{n + 1:02d}", "van_ban_nguon": self.plan.id, "muc": unit["id"],
                "nguyen_van": work.name, "van_ban": work.id, "quan_he": "implements", "lien_ket": None, "qua": None,
                "loai": work.type, "cau": unit["noi_dung"], "dau_hieu": "", "quy_tac": "work",
                "vi_tri": unit["vi_tri"], "bat_dau": start, "ket_thuc": start + len(work.name),
            })  # fmt: skip
        words = "hướng dẫn của Sở Tài chính"
        unit = self._said("III.3", "statement", f"Kinh phí thực hiện theo {words}.", "III", [])
        start = unit["bat_dau"] + unit["noi_dung"].index(words)
        self.rows["dan_chieu"].append({
            "id": f"{self.plan.id}#r01", "van_ban_nguon": self.plan.id, "muc": unit["id"], "nguyen_van": words,
            "loai": REFERENCE_KINDS["vague"], "dich": "", "cau": unit["noi_dung"], "vi_tri": unit["vi_tri"],
            "bat_dau": start, "ket_thuc": start + len(words),
        })  # fmt: skip

    def _fill(self, left: int) -> None:
        """Cite the resolutions that all cite until the count is right, two in a sentence."""
        for n in range(4, 4 + max(0, -(-left // 2))):
            papers = self.random.sample(self.world.hubs, 2)[: left - 2 * (n - 4)]
            named = " và ".join(f"{paper.label} của {paper.issuer}" for paper in papers)
            words = f"Các đơn vị báo cáo kết quả theo {named}, {self.random.choice(_ENDS)}."
            self._said(f"III.{n}", "statement", words, "III", [(paper, "in_accordance_with") for paper in papers])

    def _add(self, words: str) -> int:
        start = self._length
        self._text.append(words)
        self._length += len(words)
        return start

    def _unit(self, code: str, kind: str, words: str, parent: str | None, marker: str = "") -> Row:
        if parent and not marker:
            self._add("- ")
        start = self._add(words)
        self._add("\n\n")
        unit = {
            "id": f"{self.plan.id}#{code}", "van_ban": self.plan.id, "ma": code,
            "uid": f"{hash_of(words)}01", "loai": UNIT_KINDS[kind],
            "cha": f"{self.plan.id}#{parent}" if parent else None, "ky_hieu": marker, "noi_dung": words, "chu_tri": "",
            "phoi_hop": "", "thoi_han": "", "san_pham": "", "trong_bang": 0,
            "vi_tri": f"đoạn {len(self.rows['muc']) + 3}", "bat_dau": start, "ket_thuc": start + len(words),
        }  # fmt: skip
        self.rows["muc"].append(unit)
        return unit

    def _said(self, code: str, kind: str, words: str, parent: str | None, said: Sequence[tuple[Paper, str]]) -> Row:
        """Add a unit that cites the papers of ``said`` in this order."""
        unit = self._unit(code, kind, words, parent)
        at = 0
        for paper, relation in said:
            at = words.index(paper.label, at)
            self._cite(paper, paper.label, unit["bat_dau"] + at, unit, relation, "")
            at += len(paper.label)
        return unit

    def _cite(self, paper: Paper, words: str, start: int, unit: Row | None, relation: str | None, choice: str) -> None:
        own = unit is None
        doubt = self.random.random()
        status = "resolved" if own or doubt > 0.02 else "ambiguous" if doubt > 0.008 else "unresolved"
        self.rows["trich_dan"].append({
            "id": f"{self.plan.id}#m{len(self.rows['trich_dan']) + 1:02d}", "van_ban_nguon": self.plan.id,
            "muc": unit["id"] if unit else None, "nguyen_van": words, "van_ban": paper.id, "quan_he": relation,
            "qua": None, "dieu_khoan": "", "loai": paper.type, "so_ky_hieu": paper.number, "ten": "",
            "ngay": paper.date, "co_quan": paper.issuer, "trang_thai": RESOLUTION[status], "ung_vien": choice,
            "do_tin_cay": 1.0, "cau": unit["noi_dung"] if unit else words, "dau_hieu": "", "quy_tac": "number",
            "vi_tri": unit["vi_tri"] if unit else "đoạn 1", "la_so_cua_minh": int(own), "bat_dau": start,
            "ket_thuc": start + len(words),
        })  # fmt: skip
        if unit and doubt > _UNFOUND:
            self._find(words, start, unit)

    def _find(self, words: str, start: int, unit: Row) -> None:
        """Say of a citation what a check might say."""
        rule, severity = _FINDINGS[len(self.rows["phat_hien"]) % len(_FINDINGS)]
        self.rows["phat_hien"].append({
            "id": f"{self.plan.id}#f{len(self.rows['phat_hien']) + 1:02d}", "van_ban": self.plan.id, "quy_tac": rule,
            "muc_do": severity, "thu_tu": SEVERITIES.index(severity) + 1, "muc": unit["id"], "vi_tri": unit["vi_tri"],
            "nguyen_van": words, "thong_bao": f"Viện dẫn “{words}” cần xem lại", "de_nghi": "", "ung_vien": "",
            "nguon": "Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.6b", "cau": unit["noi_dung"], "do_tin_cay": 1.0,
            "bat_dau": start, "ket_thuc": start + len(words),
        })  # fmt: skip

    def _claim(self, source: Row | Paper | None, unit: Row, target: Paper, relation: str, cue: str) -> None:
        """Add a claim of a task (a row of ``muc``), of a document, or of the plan itself (None)."""
        document = self.plan.id if source is None else source.id if isinstance(source, Paper) else None
        self.rows["quan_he"].append({
            "id": f"{self.plan.id}#q{len(self.rows['quan_he']) + 1:03d}", "nguon_van_ban": document,
            "nguon_muc": None if document else unit["id"], "loai": relation, "dich": target.id, "trang_thai": STATED,
            "cau": unit["noi_dung"], "dau_hieu": cue, "neu_tai": self.plan.id, "muc": unit["id"], "trich_dan": None,
            "chuong_trinh": None, "quy_tac": relation, "do_tin_cay": 1.0, "vi_tri": unit["vi_tri"],
            "bat_dau": unit["bat_dau"], "ket_thuc": unit["bat_dau"] + len(cue),
        })  # fmt: skip


def hash_of(words: str) -> str:
    """Return eight letters that stand for ``words``."""
    return hashlib.blake2b(words.encode(), digest_size=4).hexdigest()


# --- the base -------------------------------------------------------------------------------------


def fill(put: Put, documents: int, citations: int, seed: int) -> None:
    """Put all rows of a base."""
    world = make_world(documents, seed)
    put("loai_quan_he", relation_rows())
    put("van_ban", _document_rows(world))
    put("tra_so", (
        {"id": n, "khoa": search_key(paper.number), "van_ban": paper.id}
        for n, paper in enumerate((p for p in world.papers() if p.number), 1)
    ))  # fmt: skip
    put("don_vi", (
        {"id": plain(name).replace(" ", "-"), "ten": name, "khong_dau": plain(name)} for name, _ in _DEPARTMENTS
    ))  # fmt: skip
    put("tep_khong_doc", (
        {"duong_dan": f"cong-van-{n:02d}.doc", "ly_do": "Tệp có mật khẩu.", "viec_can_lam": "Bỏ mật khẩu rồi thử lại.",
         "sha256": "", "ngay_tep": "2025-01-02", "id": n}
        for n in range(1, 21)
    ))  # fmt: skip
    put("danh_muc", _listed_rows(world))
    carried = [paper for level in world.ladder[:-1] for paper in level]
    plans = len(world.plans)
    batch: dict[str, list[Row]] = {}
    for n, plan in enumerate(world.plans):
        share = citations * (n + 1) // plans - citations * n // plans
        writer = Writer(world, plan, Random(f"plan {seed} {n}"))
        made = writer.write(f"{plan.date[:4]}/ke-hoach-{n + 1:05d}.docx", share, carried[n::plans], n * _TASKS + 1)
        made["can_doi_chieu"] = list(_to_reconcile(made["trich_dan"], plan.id))
        for name, rows in made.items():
            batch.setdefault(name, []).extend(rows)
        if len(batch["tep"]) == _BATCH or n == plans - 1:
            for name, rows in batch.items():
                put(name, rows)
            batch.clear()
    _put_decisions(put, world)


def _to_reconcile(citations: Sequence[Row], plan: str) -> Iterator[Row]:
    """Yield a row for each citation that is not sure."""
    for row in citations:
        if row["trang_thai"] != RESOLUTION["resolved"]:
            yield {
                "id": None, "trich_dan": row["id"], "van_ban_nguon": plan, "muc": row["muc"],
                "loai": row["trang_thai"], "goi_y": "Chưa rõ năm ban hành.", "chinh": 1,
            }  # fmt: skip


def _put_decisions(put: Put, world: World) -> None:
    """Put decisions on the first plans, of which every fifth is to be looked at again."""
    numbers = range(1, len(world.plans) + 1)
    put("quyet_dinh", (
        {"id": n, "loai": "chấp nhận", "doi_tuong": plan.label, "noi_dung": f"Đúng là {plan.label}", "ly_do": "đã xem",
         "nguoi": "Nguyễn Văn A", "luc": "2025-01-02T03:04:05Z", "tinh_trang": "đang áp dụng", "may_doc": "",
         "van_ban": plan.id, "van_ban_nguon": plan.id, "muc": None, "trich_dan": f"{plan.id}#m01", "chuong_trinh": None,
         "dan_chieu": None, "chi_tiet": "{}", "ma_doi_tuong": plan.id}
        for n, plan in zip(numbers, world.plans, strict=True)
    ))  # fmt: skip
    put("quyet_dinh_can_xem", (
        {"id": n, "quyet_dinh": n, "viec": "cần xem lại", "vi_sao": "Ngày ban hành của văn bản được dẫn đã khác",
         "truoc": "2024-01-02", "nay": "2024-01-03", "van_ban": plan.id, "van_ban_nguon": plan.id, "muc": None,
         "trich_dan": f"{plan.id}#m01", "chuong_trinh": None, "dan_chieu": None}
        for n, plan in zip(numbers, world.plans, strict=True) if n % 5 == 0
    ))  # fmt: skip


def make(path: Path, documents: int, citations: int, seed: int = 1) -> None:
    """Write the base to ``path``.

    Raises:
        graph.store.StoreError: it could not be written.
    """
    plans = documents // 10
    mark = hashlib.sha256(f"{documents} {citations} {seed}".encode()).hexdigest()
    facts = {
        "phien_ban": "0", "phien_ban_luoc_do": SCHEMA_VERSION, "ma_kiem_tra": mark, "ngay_dung": "2025-01-02",
        "gio_dung": "08:00", "so_van_ban": str(plans), "so_nhiem_vu": str(plans * _TASKS),
    }  # fmt: skip
    fill_base(path, lambda put, _: fill(put, documents, citations, seed), facts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.big_base", description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--citations", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    stages, start = Stages(), time.perf_counter()
    watch_load(stages)
    make(options.path, options.documents, options.citations, options.seed)
    size = options.path.stat().st_size / 1e6
    whole = time.perf_counter() - start
    print(f"{options.path}: {size:.0f} MB in {whole:.0f} s")
    load = whole - stages.seconds[MAKING]
    told = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in stages.shares.items() if name != MAKING)
    print(f"{stages.rows:,} rows loaded in {load:.0f} s, {stages.rows / load:,.0f} a second; the rest made them up")
    print(f"processor of this process: {told}; what is left are counts, events of validity, checks of keys, the disk")
    return 0


if __name__ == "__main__":
    sys.exit(main())
