"""Base -> events of validity: from which day which status begins for a document, by what, according to whom.

Two sources: the register (rows of ``danh_muc``) and the texts of the base themselves (their clauses of entry into
force, and what they say they repeal, replace, amend, suspend). An event takes effect on the day the source tells,
else on the day the acting document is in force, else on the day of its date; the last is said ("suy ra").
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from calendar import monthrange
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from extract.effects import amended_provisions, ends_from, entry_into_force
from extract.identity import document_of, is_open
from extract.numbers import parse_number
from extract.periods import bounds
from extract.text import fold
from graph.basis import DIRECT_WAYS
from graph.phases import last_phases
from graph.register.cells import acts_in
from graph.statuses import (
    ENDED,
    ENDED_PARTLY,
    IN_EFFECT,
    IN_FORCE,
    NOT_YET,
    PERIOD_OVER,
    REVIEW,
    SUSPENDED,
)
from graph.words import STATED

Row = dict[str, Any]

_CHANGES = (ENDED, SUSPENDED, ENDED_PARTLY, REVIEW, PERIOD_OVER)
RELATIONS = {"repeals": ENDED, "replaces": ENDED, "suspends": SUSPENDED, "amends": REVIEW}
_PROPOSALS = frozenset({
    "Tờ trình", "Báo cáo", "Công văn", "Biên bản", "Giấy mời", "Thông báo", "Công điện", "Văn bản hợp nhất",
    "Phiếu trình", "Dự án", "Dự thảo",
})  # fmt: skip
"""Types that only propose, report or collect: what they say of other acts changes none of them."""
_PARTIAL = "danh mục chỉ ghi tháng, năm; lấy ngày cuối"
_UNDATED = "danh mục không ghi từ ngày nào; lấy ngày của danh mục"
_BY_DATE = "chưa rõ ngày có hiệu lực của văn bản này; lấy ngày ban hành"
_BY_YEAR = "chỉ biết năm ban hành của văn bản này; lấy ngày cuối năm"
_BY_WITNESS = "chưa rõ ngày của văn bản này; lấy ngày của văn bản nêu quan hệ, chậm nhất là ngày đó"


_OF_THIS = re.compile(
    r"(?:điểm|khoản|điều|mục|chương|phụ lục|đoạn|cụm từ|nội dung|biểu|mẫu|tiết) này(?:\s+(?:đã|bị|được))*[\s,]*$"
)
_PARTLY = re.compile(
    r"một phần|một số"
    r"|(?<![\wà-ỹ])(?:điều|khoản|điểm|chương|mục|phần|phụ lục|mẫu|biểu)\s+(?:số\s+)?[\divx]+[a-zđ]?(?!\w)"
)
_SET_OUT = re.compile(r"(?:quy\s+)?định\s+(?:tại|ở|trong)(?!\w)")
"""What an act sets out ends, not the act: "Bãi bỏ thủ tục … quy định tại Nghị định …"."""
_UNTIL = re.compile(r"(?:từ|đến|trước|sau|cho tới|tới) (?:ngày|khi|thời điểm)\s*$")
_PASSIVE = re.compile(r"(?<!\w)(?:được|bị)(?!\w)|hết hiệu lực")
_AMENDED_BY = re.compile(r"được sửa đổi[^.;]{0,60}(?:theo|bởi|tại)[^.;]*$")
_BREAK = re.compile(r"\n\s*\n|\n\s*(?=(?:[a-zđ]\)|\d{1,2}[.)]|[-+•])\s)")
_WRAPPED = re.compile(r"(?<![;:,.\s])[ \t]*\n(?!\s*\n)")
_SEGMENT = re.compile(r"[;,:\n]|(?<!\w)và(?!\w)")
_REACH = 4000
"""A list of what an act repeals may begin so many characters before its last member."""


def effect_rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """Yield the rows of ``hieu_luc`` of a base whose other rows are all there."""
    events = _Events(connection)
    seen: set[bytes] = set()
    number = 0
    for row in events.rows():
        key = _mark((row["van_ban"], row["su_kien"], row["tu_ngay"], row["boi"], row["phan"], row["nguon"]))
        if key in seen:
            continue
        seen.add(key)
        number += 1
        yield {"id": number, **row}


def _mark(facts: tuple[Any, ...]) -> bytes:
    """Return a short mark of an event: all of a base are remembered."""
    return hashlib.blake2b(repr(facts).encode(), digest_size=16).digest()


def task_effect_rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """Yield the rows of ``nhiem_vu_hieu_luc``: from when on a direct basis of a task is no longer what it was."""
    marks = ", ".join("?" * len(_CHANGES))
    ways = ", ".join("?" * len(DIRECT_WAYS))
    found = connection.execute(
        "SELECT c.nhiem_vu, h.su_kien, min(h.tu_ngay), n.do_manh, n.van_ban FROM hieu_luc h"
        " CROSS JOIN can_cu c ON c.van_ban = h.van_ban CROSS JOIN nhiem_vu n ON n.id = c.nhiem_vu"
        f" WHERE h.su_kien IN ({marks}) AND c.cach IN ({ways}) GROUP BY c.nhiem_vu, h.su_kien",
        (*_CHANGES, *sorted(DIRECT_WAYS)),
    )
    names = ("nhiem_vu", "su_kien", "tu_ngay", "do_manh", "van_ban")
    for number, row in enumerate(found, 1):
        yield {"id": number, **dict(zip(names, row, strict=True))}


def _event(van_ban: str, su_kien: str, tu_ngay: str, **more: Any) -> Row:
    return {
        "van_ban": van_ban, "su_kien": su_kien, "tu_ngay": tu_ngay, "phan": "", "boi": None, "boi_nhu_ghi": "",
        "quan_he": None, "suy_ra": "", "nguon": "", "ngay_nguon": "", "neu_tai": None, "cau": "", "vi_tri": "",
        "danh_muc": None, **more,
    }  # fmt: skip


def events_of_listed(connection: sqlite3.Connection, row: Row) -> Iterator[Row]:
    """Yield the events that one row of ``danh_muc`` tells, whether or not its document is in the base."""
    return _Events(connection).of_list(row)


class _Events:
    """All events of a base; ``_in_force`` are the days from which its documents say, or are said, to be in force."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._in_force: dict[str, str] = {}
        self._held = ("", "")

    def _rows(self, sql: str, *values: Any) -> Iterator[Row]:
        cursor = self._connection.execute(sql, values)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def rows(self) -> Iterator[Row]:
        yield from self._of_texts()
        listed = list(self._rows("SELECT * FROM danh_muc WHERE van_ban IS NOT NULL AND khac_biet = '' ORDER BY id"))
        for row in listed:
            if row["hieu_luc_tu"]:
                self._in_force.setdefault(row["van_ban"], row["hieu_luc_tu"])
        for row in listed:
            yield from self.of_list(row)
        yield from self._of_relations()
        yield from self._of_periods()

    # --- texts: entry into force ------------------------------------------------------------------

    def _of_texts(self) -> Iterator[Row]:
        for row in self._rows(
            "SELECT v.id, v.nhan, v.ngay_ban_hanh, t.noi_dung FROM tep t JOIN van_ban v ON v.id = t.van_ban"
            " WHERE v.phien_ban_cua IS NULL ORDER BY t.rowid"
        ):
            found = entry_into_force(row["noi_dung"], row["ngay_ban_hanh"])
            if found is None or found.day < row["ngay_ban_hanh"][:4]:
                continue
            self._in_force[row["id"]] = found.day
            yield _event(
                row["id"], IN_EFFECT, found.day, nguon=row["nhan"], ngay_nguon=row["ngay_ban_hanh"],
                neu_tai=row["id"], cau=found.sentence,
            )  # fmt: skip

    # --- the register -----------------------------------------------------------------------------

    def of_list(self, row: Row) -> Iterator[Row]:
        source = {"nguon": f"Danh mục “{row['nguon']}”", "ngay_nguon": row["ngay_nguon"], "danh_muc": row["id"]}
        document, status, listed_on = row["van_ban"], row["tinh_trang"], row["ngay_nguon"]
        if row["hieu_luc_tu"]:
            yield _event(document, IN_EFFECT, _first_day(row["hieu_luc_tu"]), **source)
        if status == IN_FORCE:
            yield _event(document, IN_FORCE, listed_on, **source)
        elif status == NOT_YET and not row["hieu_luc_tu"]:
            yield _event(document, NOT_YET, listed_on, suy_ra=_UNDATED, **source)
        by, since, words, relation = self._ended_by(row)
        whole = status not in (ENDED_PARTLY, SUSPENDED) and not row["phan_het_hieu_luc"]
        if status in (ENDED, ENDED_PARTLY, SUSPENDED) or row["het_hieu_luc"] or words:
            kind = SUSPENDED if status == SUSPENDED else ENDED if whole else ENDED_PARTLY
            told = row["het_hieu_luc"]
            day, why = (_last_day(told), _PARTIAL if len(told) < 10 else "") if told else since
            day, why = (day, why) if day else (listed_on, _UNDATED)
            if status != IN_FORCE or told:
                yield _event(
                    document, kind, day, phan=row["phan_het_hieu_luc"], boi=by, boi_nhu_ghi=words,
                    quan_he=relation, suy_ra=why, cau=row["ly_do"], **source,
                )  # fmt: skip
        for act, cited in self._acts(row["sua_doi_boi"]):
            day, why = self._since(act, cited)
            yield _event(
                document, REVIEW, day or listed_on, boi=act, boi_nhu_ghi=row["sua_doi_boi"], quan_he="amends",
                suy_ra=why if day else _UNDATED, **source,
            )  # fmt: skip

    def _ended_by(self, row: Row) -> tuple[str | None, tuple[str, str], str, str | None]:
        """Return the act that ended a document by its row, from when (day, why inferred), its words, the relation."""
        for field in ("thay_the_boi", "bai_bo_boi", "ly_do"):
            words = row[field]
            acts = self._acts(words)
            if acts:
                day, why = self._since(*acts[0])
                return acts[0][0], (day, why), words, _relation(field, words)
        field = "thay_the_boi" if row["thay_the_boi"] else "bai_bo_boi"
        return None, ("", ""), row[field], _relation(field, row[field])

    def _acts(self, words: str) -> list[tuple[str | None, str]]:
        """Return the acts that a cell names: id in the base (None where it is not there), ISO date as told."""
        found: list[tuple[str | None, str]] = []
        for mention in acts_in(words):
            document = document_of(mention.number, mention.type, mention.date, mention.issuer)
            ids: list[Row] = []
            if not is_open(document.key):
                ids = list(self._rows("SELECT id FROM van_ban WHERE khoa = ?", document.key))
            elif mention.date:
                ids = list(self._rows(
                    "SELECT v.id FROM tra_so s JOIN van_ban v ON v.id = s.van_ban"
                    " WHERE s.khoa = ? AND v.ngay_ban_hanh = ? AND v.phien_ban_cua IS NULL LIMIT 2",
                    "|".join(document.key.split("|")[2].split(" ")), mention.date,
                ))  # fmt: skip
            found.append((ids[0]["id"] if len(ids) == 1 else None, mention.date))
        return found

    def _since(self, act: str | None, told: str) -> tuple[str, str]:
        """Return from when an act has effect, and how that was inferred: by its id, else by the date told of it."""
        if act is not None and act in self._in_force:
            return _first_day(self._in_force[act]), ""
        row = next(self._rows("SELECT ngay_ban_hanh, so_ky_hieu FROM van_ban WHERE id = ?", act), None) if act else None
        date = max(row["ngay_ban_hanh"] if row else "", told, key=len)
        parts = parse_number(row["so_ky_hieu"]) if row else None
        date = date or (parts.year if parts and len(parts.year) == 4 else "")
        if len(date) == 10:
            return date, _BY_DATE
        return (_last_day(date), _BY_YEAR) if date else ("", "")

    # --- what texts say of other acts -------------------------------------------------------------

    def _of_relations(self) -> Iterator[Row]:
        marks = ", ".join("?" * len(RELATIONS))
        stated = self._rows(
            "SELECT q.*, a.loai AS loai_nguon, a.so_ky_hieu AS so_nguon, a.phien_ban_cua AS ban_khac,"
            " a.cap AS cap_nguon, d.cap AS cap_dich, d.ngay_ban_hanh AS ngay_dich, d.so_ky_hieu AS so_dich,"
            " n.nhan AS noi_neu,"
            " n.ngay_ban_hanh AS ngay_neu, n.phien_ban_cua AS ban_khac_neu, n.loai AS loai_neu FROM quan_he q"
            " JOIN van_ban a ON a.id = q.nguon_van_ban JOIN van_ban n ON n.id = q.neu_tai"
            " JOIN van_ban d ON d.id = q.dich"
            f" WHERE q.loai IN ({marks}) AND q.trang_thai = ? AND q.nguon_van_ban <> q.dich"
            " ORDER BY q.neu_tai, q.bat_dau",
            *RELATIONS, STATED,
        )  # fmt: skip
        for stated_in, claims in groupby(stated, key=lambda row: str(row["neu_tai"])):
            rows = list(claims)
            amended = len({row["dich"] for row in rows if row["loai"] == "amends"})
            for n, row in enumerate(rows):
                if row["ban_khac"] or row["ban_khac_neu"] or row["loai_nguon"] in _PROPOSALS:
                    continue
                if row["loai_neu"] in _PROPOSALS - {"Văn bản hợp nhất"} and row["nguon_van_ban"] == stated_in:
                    continue
                event = self._of_relation(row, islice(rows, n + 1, None), amended)
                if event is not None:
                    yield event

    def _of_relation(self, row: Row, following: Iterable[Row], amended: int) -> Row | None:
        """Return the event that a claim tells, None where the words do not bear it."""
        text = self._text(row["neu_tai"])
        if _OF_THIS.search(fold(text[max(0, row["bat_dau"] - 40) : row["bat_dau"]])):
            return None  # "[Khoản này được sửa đổi bởi …]": not the act that was cited before
        if row["loai"] != "amends" and "sửa đổi" in fold(row["dau_hieu"]):
            return None  # read across the words of another act
        own = row["nguon_van_ban"] == row["neu_tai"]
        cited = self._cited(row)
        if cited is not None and _AMENDED_BY.search(self._line_before(text, cited, row)):
            return None  # "A đã được sửa đổi theo B hết hiệu lực": A ends, not B
        passive = not own and cited is not None and cited["bat_dau"] < row["bat_dau"]
        if row["cap_nguon"] > row["cap_dich"] or (passive and cited is not None and self._is_doubtful(row, cited)):
            return None  # no act changes one of a higher organ
        parts = cited["dieu_khoan"] if cited and not passive else ""
        kind = RELATIONS[row["loai"]]
        if cited is not None and _UNTIL.search(fold(text[max(0, cited["bat_dau"] - 40) : cited["bat_dau"]])):
            return None  # "có hiệu lực từ ngày A hết hiệu lực": when A ends is told elsewhere
        before = self._before(text, row, cited)
        if kind == ENDED and ("cụm từ" in before or "cụm từ" in fold(row["dau_hieu"])):
            kind = REVIEW
        if kind == ENDED and (
            parts or _PARTLY.search(before) or _SET_OUT.search(before) or ", trừ " in fold(row["cau"])
        ):
            kind = ENDED_PARTLY
        if kind == REVIEW and not parts and own and cited is not None:
            last = next((r["bat_dau"] for r in following if r["dich"] != row["dich"]), len(text))
            start = 0 if amended == 1 else cited["ket_thuc"]
            parts = "; ".join(amended_provisions(text, start, len(text) if amended == 1 else last)[:60])
        day, why = ends_from(row["cau"]) if kind in (ENDED, ENDED_PARTLY) else "", ""
        if not day:
            day, why = self._since(row["nguon_van_ban"], "")
        if not day and row["so_nguon"]:
            day, why = _last_day(row["ngay_neu"]), _BY_WITNESS
        parts_of = parse_number(row["so_dich"])
        issued = row["ngay_dich"] or (parts_of.year if parts_of else "")
        if not day or day < bounds(issued)[0]:  # no act ends or changes before it is issued
            return None
        return _event(
            row["dich"], kind, day, phan=parts, boi=row["nguon_van_ban"], quan_he=row["loai"],
            suy_ra=why, nguon=row["noi_neu"], ngay_nguon=row["ngay_neu"], neu_tai=row["neu_tai"], cau=row["cau"],
            vi_tri=row["vi_tri"],
        )  # fmt: skip

    def _cited(self, row: Row) -> Row | None:
        """Return the citation that a claim is about: the first after its cue, else the last before it."""
        here = (
            "SELECT dieu_khoan, bat_dau, ket_thuc FROM trich_dan"
            " WHERE van_ban = ? AND la_so_cua_minh = 0 AND van_ban_nguon = ?"
        )
        after = next(
            self._rows(
                f"{here} AND bat_dau >= ? AND bat_dau < ? ORDER BY bat_dau LIMIT 1",
                row["dich"], row["neu_tai"], row["bat_dau"], row["bat_dau"] + _REACH,
            ),
            None,
        )  # fmt: skip
        before = next(
            self._rows(
                f"{here} AND bat_dau < ? ORDER BY bat_dau DESC LIMIT 1", row["dich"], row["neu_tai"], row["bat_dau"]
            ),
            None,
        )
        if before is None or after is None:
            return after or before
        text = self._text(row["neu_tai"])
        cue = fold(text[max(0, row["bat_dau"] - 8) : row["ket_thuc"]])
        said_before = _PASSIVE.search(cue) and not _BREAK.search(text, before["bat_dau"], row["bat_dau"])
        return before if said_before else after

    def _is_doubtful(self, row: Row, cited: Row) -> bool:
        """Tell whether a third text may mean something else by "A được sửa đổi bởi B": in a list both are not sure."""
        if self._others(row, cited["ket_thuc"], row["bat_dau"]):
            return True  # another act stands nearer to the words
        acting = self._rows(
            "SELECT dieu_khoan FROM trich_dan WHERE van_ban = ? AND van_ban_nguon = ? AND bat_dau >= ?"
            " ORDER BY bat_dau LIMIT 1",
            row["nguon_van_ban"], row["neu_tai"], row["bat_dau"],
        )  # fmt: skip
        found = next(acting, None)
        return bool(found and found["dieu_khoan"])  # "theo Luật A, Điều 64 Luật B": B is named for another reason

    def _others(self, row: Row, start: int, end: int) -> bool:
        found = self._rows(
            "SELECT 1 FROM trich_dan WHERE van_ban_nguon = ? AND bat_dau >= ? AND bat_dau < ? AND van_ban <> ? LIMIT 1",
            row["neu_tai"], start, end, row["dich"],
        )  # fmt: skip
        return next(found, None) is not None

    def _line_before(self, text: str, cited: Row, row: Row) -> str:
        """Return the folded words of the line before what is cited, where the cue stands behind it."""
        if cited["bat_dau"] > row["bat_dau"] or RELATIONS[row["loai"]] == REVIEW:
            return ""
        line = text[max(0, cited["bat_dau"] - 1500) : cited["bat_dau"]]
        return fold(_BREAK.split(line)[-1].rpartition(";")[2])

    def _before(self, text: str, row: Row, cited: Row | None) -> str:
        """Return the folded words between the cue (or the citation before) and what is cited, "" for none."""
        if cited is None or cited["bat_dau"] < row["ket_thuc"]:
            return ""
        last = next(
            self._rows(
                "SELECT max(ket_thuc) AS n FROM trich_dan WHERE van_ban_nguon = ? AND bat_dau >= ? AND bat_dau < ?",
                row["neu_tai"], row["ket_thuc"], cited["bat_dau"],
            )
        )["n"]  # fmt: skip
        words = fold(text[max(last or 0, row["ket_thuc"], cited["bat_dau"] - 300) : cited["bat_dau"]])
        return _SEGMENT.split(_WRAPPED.sub(" ", words))[-1]  # the rest belongs to the act that is named before

    def _text(self, document: str) -> str:
        if self._held[0] != document:
            row = next(self._rows("SELECT noi_dung FROM tep WHERE van_ban = ?", document), None)
            self._held = (document, str(row["noi_dung"]) if row else "")
        return self._held[1]

    # --- phases -----------------------------------------------------------------------------------

    def _of_periods(self) -> Iterator[Row]:
        for document, day, told in last_phases(self._connection):
            yield _event(document, PERIOD_OVER, day, **told)


def _relation(field: str, words: str) -> str | None:
    """Return the relation that a cell of a list tells: its column, else its words."""
    if not words:
        return None
    if field == "ly_do":
        folded = fold(words)
        return "replaces" if "thay thế" in folded else "repeals" if "bãi bỏ" in folded else None
    return "replaces" if field == "thay_the_boi" else "repeals"


def _first_day(date: str) -> str:
    return bounds(date)[0]


def _last_day(date: str) -> str:
    """Return the last day that a partial date leaves open, as a day of the calendar; "" for no date."""
    if len(date) == 7:
        return f"{date}-{monthrange(int(date[:4]), int(date[5:]))[1]:02d}"
    return bounds(date)[1]
