"""The page of a document (or a work without number): attributes, lược đồ both ways, tasks, text, downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from extract.text import plain
from graph import basis
from graph.citation_graph import Edge, edges_from
from graph.register.closing import BY_LIST
from graph.successors import MERGED, successor_of
from graph.words import FORMS, INFERRED, RESOLVED, vietnamese_date
from publish.answers import Ask, Page
from publish.base import Base, Row
from publish.decided.history import held_about
from publish.marked import marks_of, paragraphs
from publish.pages import findings, printed, problem
from publish.sentences import Ref, Sentence, ref, sentence, where
from publish.text_tables import Piece, with_tables
from publish.validities import AsOf, as_of, course, show
from publish.validities import shown as shown_validity
from publish.words import WAYS, Verdict, document_verdict, verdict

# Shown even when empty, with "--": that nothing was found is an answer too.
_ALWAYS_OUT = ("based_on", "implements")
_ALWAYS_IN = ("based_on", "implements", "amends", "replaces", "repeals")
_OPEN = 8
_MOST = 50
"""A decree may be cited by thousands: so many of a kind stand on the page, the rest in the table."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A line of "Thuộc tính": name, value ("--" when empty), remark, verdict."""

    name: str
    value: str
    remark: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the lược đồ with its sentences; the first few are open, those ``left`` are in the table ``url``."""

    heading: str
    first: tuple[Sentence, ...]
    more: tuple[Sentence, ...]
    left: int = 0
    url: str = ""

    @property
    def count(self) -> int:
        """How many sentences stand under the heading."""
        return len(self.first) + len(self.more) + self.left


def page(base: Base, ask: Ask) -> Page:
    """Return the page of the document ``ask.parts["document"]``."""
    document = ask.parts["document"]
    row = base.row("SELECT * FROM van_ban WHERE id = ?", document)
    if row is None:
        return problem.no_document(document)
    if plain(row["trich_yeu"]) == plain(row["nhan"]):  # a title in capitals says the same as the name
        row["trich_yeu"] = row["nhan"]
    source = base.row("SELECT * FROM tep WHERE van_ban = ?", document)
    is_work = row["hinh_thuc"] == FORMS["work"]
    day = as_of(ask.values)
    context = {
        "row": row, "document": document, "is_work": is_work, "kind": _kind(row, is_work),
        "attributes": list(_attributes(base, ask, row, source, day)), "as_of": day,
        "course": course(base, ask, document),
        "outgoing": _outgoing(base, document, ask), "incoming": _incoming(base, document, ask),
        "tasks": list(_tasks(base, document, ask)), "inheriting": _inheriting(base, document),
        "citations": list(_citations(base, document, ask)), "citation_count": _citation_count(base, document),
        "versions": list(_versions(base, row, ask)), "held": held_about(base, "van_ban", document),
        "text": _text(base, document, source, ask), "own_tasks": list(_own_tasks(base, document, ask)),
        "found": findings.of_document(base, document, ask.links) if source else None,
    }  # fmt: skip
    if context["own_tasks"]:
        context["sheet"] = printed.sheet_of_plan(base, ask, document)
    if source:
        context["sources"] = base.sources(document)
    return Page("document.html", context)


def _kind(row: Row, is_work: bool) -> str:
    if is_work:
        return f"{row['loai'] or 'Chương trình, đề án'} nêu theo tên, chưa có số, ký hiệu"
    return "Văn bản có toàn văn trong kho" if row["trong_kho"] else "Văn bản được viện dẫn, chưa có toàn văn trong kho"


# --- attributes -----------------------------------------------------------------------------------


def _attributes(base: Base, ask: Ask, row: Row, source: Row | None, day: AsOf) -> Iterator[Attribute]:
    inferred = f"{row['suy_luan']}, {source['suy_luan'] if source else ''}"

    def value(name: str, words: str, field: str = "") -> Attribute:
        said = [part for part in inferred.split("; ") if field and part.startswith(f"{INFERRED[field]}{BY_LIST}")]
        guessed = words and field and INFERRED[field] in inferred
        remark = f"({said[0].removeprefix(INFERRED[field]).strip(' ,')})" if said and words else "(suy luận)"
        return Attribute(name, words or "--", remark if guessed else "")

    yield value("Tên loại", row["loai"], "type")
    if row["hinh_thuc"] in (FORMS["name"], FORMS["work"]):
        yield value("Tên gọi", row["ten"] or row["nhan"])
        yield Attribute("Số, ký hiệu", "--", "văn bản chỉ được gọi theo tên")
    else:
        yield _numbered(row)
    yield _dated(row, value)
    yield _issued_by(value("Cơ quan ban hành", row["co_quan_ban_hanh"], "issuer"), row, day)
    yield value("Trích yếu", row["trich_yeu"], "title")
    shown = document_verdict(row["trang_thai"], row["hinh_thuc"])
    yield from _validity(base, ask, row, day)
    yield Attribute("Trạng thái", shown.word, shown.meaning if shown.word != RESOLVED else "", shown)
    candidates = base.rows(
        "SELECT DISTINCT ung_vien FROM trich_dan WHERE van_ban = ? AND ung_vien > '' LIMIT ?", row["id"], _MOST
    )
    if candidates:
        yield Attribute("Có thể là", "; ".join(c["ung_vien"] for c in candidates), "cần đối chiếu bản gốc")
    yield value("Nhóm văn bản", row["ho"])
    if source:
        yield Attribute("Tệp nguồn", source["duong_dan"], f"đọc từ định dạng {source['dinh_dang']}")
        if source.get("ghi_chu"):
            yield Attribute("Ghi chú khi đọc tệp", source["ghi_chu"])


def _issued_by(told: Attribute, row: Row, day: AsOf) -> Attribute:
    """Return the issuer with the organ that stands for it on the day: the citation keeps the name of its own day."""
    now = successor_of(row["co_quan_ban_hanh"], row["ngay_ban_hanh"], day.day)
    if now is None:
        return told
    since = f"từ ngày {vietnamese_date(now.since)}"
    name = f"{now.name} mới" if now.name == row["co_quan_ban_hanh"] else now.name
    why = ", ".join(filter(None, (now.remark, MERGED if now.name and now.remark else "")))
    words = f"nay là {name} {since}{f' ({why})' if why else ''}" if name else f"{since} {now.remark}"
    return replace(told, remark="; ".join(filter(None, (told.remark, words))))


def _validity(base: Base, ask: Ask, row: Row, day: AsOf) -> Iterator[Attribute]:
    """Yield whether the document is in force on the day that is asked, by what and who says so."""
    validity = shown_validity(base, ask, [row["id"]], day.day).get(row["id"])
    if validity is None:
        return
    view = show(base, ask, validity)
    since = f"từ ngày {view.since}" if view.since else ""
    by = f"bởi {view.by_words}" if view.by_words else ""
    source = f"theo {view.source}" if view.source else ""
    remark = ", ".join(filter(None, (since, by, source)))
    yield Attribute(f"Tình trạng hiệu lực tại ngày {day.words}", view.verdict.word, remark, view.verdict)
    if validity.amendments:
        words = "; ".join(
            f"{e.by_words} (từ ngày {vietnamese_date(e.since)}{': ' + ', '.join(e.parts) if e.parts else ''})"
            for e in validity.amendments
        )
        yield Attribute("Được sửa đổi, bổ sung bởi", words)
    for note in (*([view.period] if view.period else []), *view.notes):
        yield Attribute("Lưu ý về hiệu lực", f"{note[:1].upper()}{note[1:]}")


def _numbered(row: Row) -> Attribute:
    number, printed = row["so_ky_hieu"], [p for p in row["so_ky_hieu_in"].split("; ") if p and p != row["so_ky_hieu"]]
    if number.startswith(("/", "-")):
        return Attribute("Số, ký hiệu", f"…{number}", "bản trong kho để trống số")
    if not printed:
        return Attribute("Số, ký hiệu", number or "--")
    why = (
        "tên viết tắt của cơ quan trong ký hiệu không có dấu “&”" if any("&" in p for p in printed)
        else "ký hiệu của văn bản Đảng và văn bản cơ quan nhà nước có cách đặt dấu “/” và “-” khác nhau"
    )  # fmt: skip
    return Attribute("Số, ký hiệu", number, f"In là {'; '.join(printed)}, đúng thể thức là {number}: {why}.")


def _dated(row: Row, value: Callable[[str, str, str], Attribute]) -> Attribute:
    iso = row["ngay_ban_hanh"]
    partial = {4: "chỉ biết năm", 7: "không ghi ngày"}.get(len(iso), "")
    if not iso or partial:
        return Attribute("Ngày ban hành", vietnamese_date(iso), f"({partial})" if partial else "")
    return value("Ngày ban hành", vietnamese_date(iso), "date")


def _versions(base: Base, row: Row, ask: Ask) -> Iterator[dict[str, Any]]:
    """Yield the versions of the work that the document is one of, the leading one first."""
    leader = row.get("phien_ban_cua") or row["id"]
    if not row.get("phien_ban"):
        return
    for version in base.rows(
        "SELECT v.id, v.phien_ban, v.phien_ban_vi, t.duong_dan FROM van_ban v JOIN tep t ON t.van_ban = v.id"
        " WHERE v.id = ? OR v.phien_ban_cua = ? ORDER BY v.phien_ban_cua IS NOT NULL, v.id",
        leader, leader,
    ):  # fmt: skip
        here = version["id"] == row["id"]
        # the leading version is the issued one: what is not it was there before
        old, new = (row["id"], version["id"]) if version["id"] == leader else (version["id"], leader)
        compare = "" if here and version["id"] == leader else ask.links.compare(old, new)
        yield {**version, "ref": ref(base.graph, version["id"], ask.links), "here": here, "compare": compare}


# --- lược đồ --------------------------------------------------------------------------------------


def _outgoing(base: Base, document: str, ask: Ask) -> list[Group]:
    found: dict[str, list[Edge]] = {name: [] for name in _ALWAYS_OUT}
    for edge in edges_from(base.graph, document):
        found.setdefault(edge.relation, []).append(edge)
    return [_group(base, r, found[r], 0, ask, nguon_van_ban=document) for r in _in_order(base, found)]


def _incoming(base: Base, document: str, ask: Ask) -> list[Group]:
    """Return what is said of the document; of one that all cite the first claims are read, the others counted."""
    counted = base.rows("SELECT loai, count(*) AS n FROM quan_he WHERE dich = ? GROUP BY loai", document)
    counts = dict.fromkeys(_ALWAYS_IN, 0) | {row["loai"]: row["n"] for row in counted}
    groups = []
    for relation in _in_order(base, counts):
        edges = base.graph.claims_of(document, relation) if counts[relation] else []
        unread = counts[relation] - len(edges) if len(edges) < counts[relation] else 0
        groups.append(_group(base, relation, edges, unread, ask, reverse=True, dich=document))
    return groups


def _in_order(base: Base, relations: Iterable[str]) -> list[str]:
    known = list(base.graph.graph["relations"])
    return sorted(relations, key=lambda r: known.index(r) if r in known else len(known))


def _group(
    base: Base, relation: str, edges: Sequence[Edge], unread: int, ask: Ask, *, reverse: bool = False, **filters: str
) -> Group:
    row = base.graph.graph["relations"].get(relation)
    heading = row["nhom_nguoc" if reverse else "nhom_xuoi"] if row else relation
    once = {(e.source, e.target, e.status): e for e in reversed(edges)}
    kept = list(reversed(once.values()))[:_MOST]
    base.graph.read({end for e in kept for end in (e.source, e.target, e.stated_in)})
    sentences = tuple(sentence(base.graph, e, ask.links) for e in kept)
    # what was not read is counted as it stands in the table, where a claim that two texts repeat has two rows
    left = len(edges) + unread - len(kept) if unread else len(once) - len(kept)
    return Group(
        heading, sentences[:_OPEN], sentences[_OPEN:], left, ask.links.table("quan_he", **filters, loai=relation)
    )


# --- tasks ----------------------------------------------------------------------------------------


def _tasks(base: Base, document: str, ask: Ask) -> Iterator[dict[str, Any]]:
    """Yield the tasks that rest on the document or act on it, by the way they do, in order."""
    counted = base.rows("SELECT cach, count(*) AS n FROM can_cu WHERE van_ban = ? GROUP BY cach", document)
    counts = {row["cach"]: row["n"] for row in counted}
    for way in (basis.DIRECT, basis.NAMED, basis.THROUGH, basis.OBJECT):
        if not counts.get(way):
            continue
        rows = base.rows(
            "SELECT c.*, n.noi_dung, n.chuoi FROM can_cu c JOIN nhiem_vu n ON n.id = c.nhiem_vu WHERE c.rowid IN"
            " (SELECT rowid FROM can_cu WHERE van_ban = ? AND cach = ? ORDER BY id LIMIT ?)"
            " ORDER BY n.van_ban, n.thu_tu",
            document, way, _MOST,
        )  # fmt: skip
        base.graph.read(row["nhiem_vu"] for row in rows)
        yield {"way": way, "words": WAYS[way], "count": counts[way],
               "rows": [{**r, "ref": ref(base.graph, r["nhiem_vu"], ask.links)} for r in rows],
               "url": ask.links.table("can_cu", van_ban=document, cach=way)}  # fmt: skip


def _inheriting(base: Base, document: str) -> int:
    return base.number("SELECT count(*) FROM can_cu WHERE van_ban = ? AND cach = ?", document, basis.INHERITED)


def _citations(base: Base, document: str, ask: Ask) -> Iterator[dict[str, Any]]:
    """Yield the first places where the document is cited or named."""
    rows = base.rows(
        "SELECT van_ban_nguon, muc, nguyen_van, dieu_khoan, trang_thai, vi_tri, bat_dau FROM trich_dan"
        " WHERE van_ban = ? AND la_so_cua_minh = 0 UNION ALL"
        " SELECT van_ban_nguon, muc, nguyen_van, '', ?, vi_tri, bat_dau FROM chuong_trinh WHERE van_ban = ?"
        " ORDER BY van_ban_nguon, bat_dau LIMIT ?",
        document, RESOLVED, document, _MOST,
    )  # fmt: skip
    form = base.graph.nodes[document]["form"]
    base.graph.read({row["van_ban_nguon"] for row in rows})
    for row in rows:
        code = (row["muc"] or "").partition("#")[2]
        plan: Ref = ref(base.graph, row["van_ban_nguon"], ask.links)
        place = ", ".join(filter(None, (row["vi_tri"], where(code)))) or "xem"
        url = ask.links.document(row["van_ban_nguon"], code)
        yield {**row, "place": place, "plan": plan, "url": url, "verdict": document_verdict(row["trang_thai"], form)}


def _citation_count(base: Base, document: str) -> int:
    return base.number(
        "SELECT (SELECT count(*) FROM trich_dan WHERE van_ban = ? AND la_so_cua_minh = 0)"
        " + (SELECT count(*) FROM chuong_trinh WHERE van_ban = ?)",
        document, document,
    )  # fmt: skip


# --- the text -------------------------------------------------------------------------------------


def _text(base: Base, document: str, source: Row | None, ask: Ask) -> list[Piece]:
    if source is None:
        return []
    units = base.rows("SELECT * FROM muc WHERE van_ban = ? ORDER BY bat_dau, ket_thuc", document)
    marks = [*marks_of(base, document, ask.links), *findings.marks(base, document)]
    whole = paragraphs(source["noi_dung"], units, marks, ask.links)
    return list(with_tables(whole, source.get("o_bang") or ""))


def _own_tasks(base: Base, document: str, ask: Ask) -> Iterator[dict[str, Any]]:
    rows = base.rows("SELECT do_manh, count(*) AS n FROM nhiem_vu WHERE van_ban = ? GROUP BY do_manh", document)
    counts = {row["do_manh"]: row["n"] for row in rows}
    for strength in basis.STRENGTHS:
        if counts.get(strength):
            url = ask.links.table("nhiem_vu", van_ban=document, do_manh=strength)
            yield {"verdict": verdict(strength), "count": counts[strength], "url": url}
