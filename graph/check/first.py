"""What a citation must tell the first time, and need not tell again (checks 8, 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract import doctypes
from graph.check.dates import slipped_year
from graph.check.finding import Finding, Severity
from graph.check.reading import Case, Reading

_EXEMPT = doctypes.LAWS | doctypes.COURT_TYPES | {"Hợp đồng", "Biên bản", "Giấy mời", "Phiếu chuyển", "Sắc lệnh"}
_A_DATE_BEFORE = re.compile(r"(?:^|[^\w])ngày\s+\d{1,2}(?:\s+tháng|[/.-])[^.;]*\Z")
_A_DATE_AFTER = re.compile(r"[^.;]{0,30}?(?:ký|ban hành|đề)?\s*ngày[\s.…]*[\d.…]")
_AND_MORE = re.compile(r"\s*(?:,|;|và|hoặc|đến|, và)\s+(?:các\s+)?")
_NO_SENTENCE = re.compile(r"(?:http\S*|\.aspx|\.html?)\s+\Z|(?<![\wà-ỹ])mẫu\s+\Z")
"""A list of links, or the name of a form."""
_CUT = re.compile(r"[\s,]+(?:n|ng|ngà|ngày)\s*")
"""What follows the last citation of a text that was cut off where it goes on to tell the day."""
_ABBREVIATED = re.compile(r"\s*\(?\s*(?:sau đây|gọi tắt|viết tắt)")
_WORDS = {"date": "ngày ban hành", "issuer": "cơ quan ban hành", "title": "trích yếu"}


def check(reading: Reading) -> Iterator[Finding]:
    """Yield first citations that lack a part, and the first repeated one that tells all parts again."""
    if reading.kind in ("consolidated", "court", "law"):
        return
    for case in reading.firsts:
        if case.mention.start >= reading.header.body_start and case.mention.type not in _EXEMPT and case.parts:
            yield from _first(reading, case)
    yield from _again(reading)


def _first(reading: Reading, case: Case) -> Iterator[Finding]:
    mention, parts = case.mention, case.parts
    assert parts is not None
    if not parts.serial or parts.separator == "":
        return
    after = reading.gaps(case, 12)[1].lstrip(" ,")
    if after.startswith("của ") and not mention.issuer:  # an organ that no table knows
        return
    if _in_list(reading, case) or slipped_year(reading, mention) or _CUT.fullmatch(reading.text, mention.tail):
        return
    missing = [
        part for part, told in (("date", mention.date), ("issuer", mention.issuer), ("title", case.citation.title))
        if not told
    ]  # fmt: skip
    if reading.nested(case) and missing != ["title"]:  # a short form that the quoted title has
        return
    if "title" in missing and (mention.name or _untold_title(reading, case)):
        missing.remove("title")
    if "date" in missing and not parts.year:
        missing.remove("date")
        named = mention.type_printed or mention.has_so
        if named and not _date_near(reading, case) and not reading.is_number_line(mention):
            yield reading.finding("missing-date", mention.start, mention.tail, severity=_grade(reading, case))
    if missing:
        yield reading.finding(
            "missing-title-first-citation" if missing == ["title"] else "incomplete-first-citation",
            mention.start, mention.tail, missing=", ".join(_WORDS[part] for part in missing),
        )  # fmt: skip


def _grade(reading: Reading, case: Case) -> Severity | None:
    """A missing day leaves open which document is meant; whether the clause binds, the kind and day must tell."""
    if not reading.has_head or (case.document and case.document.date):
        return "nên sửa"  # it may be told before the cut, or is told later on
    if reading.is_report or not reading.in_force():
        return "cần đối chiếu"
    return None


def _untold_title(reading: Reading, case: Case) -> bool:
    """A letter or report has no title that one must quote, and a list tells its own once for all of it."""
    if case.mention.type in ("Công văn", "Tờ trình", "Báo cáo", "Thông báo", "Công điện") or reading.is_report:
        return True
    after = reading.gaps(case, 40)[1]
    return bool(_ABBREVIATED.match(after)) or bool(_AND_MORE.match(after) and not case.mention.type_printed)


def _date_near(reading: Reading, case: Case) -> bool:
    """A day told a little before or after may be the one of this document.

    "Ngày 05/3/2024, UBND tỉnh ban hành Quyết định số …"; "Tờ trình số 12/TTr-SNV và Báo cáo số 13/BC-STP ngày …".
    """
    before, after = reading.gaps(case)
    if _A_DATE_BEFORE.search(before) or _A_DATE_AFTER.match(after) or _NO_SENTENCE.search(before):
        return True
    following = reading.following(case)
    return following is not None and bool(following.date) and _in_list(reading, case)


def _in_list(reading: Reading, case: Case) -> bool:
    """A member of a list takes organ and title, sometimes the day, from its last ("A, B ngày … của …")."""
    own = case.mention.end <= case.mention.issuer_start < case.mention.tail
    following = reading.following(case)
    return not own and following is not None and bool(_AND_MORE.fullmatch(reading.gaps(case)[1]))


def _again(reading: Reading) -> Iterator[Finding]:
    """Say once for a document that later citations repeat day and organ; in titles that is quoted, not written."""
    seen: set[str] = set()
    full: list[Case] = []
    for case in reading.cases:
        document, mention = case.citation.document or "", case.mention
        if document not in seen:
            seen.add(document)
        elif mention.date and mention.issuer and reading.date_span(mention) and not reading.nested(case):
            unit = reading.unit_at(mention.start)
            if not reading.apart(mention.start) and (unit is None or unit.kind not in ("basis", "title")):
                full.append(case)
    if full and reading.kind in ("administrative", "party", ""):
        mention = full[0].mention
        yield reading.finding("repeat-citation-too-full", mention.start, mention.tail, count=str(len(full)))
