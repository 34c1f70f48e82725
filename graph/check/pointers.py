"""Pointers: the order of a provision's parts, articles the document does not have, vague citations (18, 22)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.organs import organ_at
from extract.text import UPPER, fold
from graph.check.finding import Finding
from graph.check.reading import Reading

_UPSIDE_DOWN = re.compile(
    r"(?P<article>điều(?<![\wà-ỹ]điều)\s+\d{1,3}[a-zđ]?)(?P<gap>\s*,?\s+)(?P<clause>khoản\s+\d{1,2}[a-zđ]?)(?![\w.,/-]|\s*(?:,|và|hoặc|đến)\s*(?:khoản\s+)?\d|\s+(?:của\s+)?điều)"
)
"""The word stands first and what must not precede it after it: a search for plain letters is fast."""
_ARTICLE_LINE = re.compile(r"^[ \t*_#“\"]*Điều (\d{1,3})[a-zđ]?[.:]", re.M)
_ARTICLE = re.compile(r"điều(?<![\wà-ỹ]điều)\s+(\d{1,3})(?![\w])")
_ISSUED = re.compile(
    r"(?:Nghị quyết|Quyết định|Kế hoạch|Chỉ thị|Kết luận|Chương trình|Đề án|Công văn|Thông báo|Nghị định|Thông tư)"
    r"(?!\w)"
)
_LED = re.compile(
    r"(?<![\wà-ỹ])(?:theo|thực hiện|triển khai|quán triệt|căn cứ|chấp hành|hiệu quả|tinh thần|quy định tại|nêu tại)\s+"
    r"(?P<type>nghị quyết|quyết định|kế hoạch|chỉ thị|kết luận|thông báo)\s+của\s+"
)
"""What leads to a document of which only type and organ are told."""
_SAID_ALL = re.compile(r"\s*(?:[.;:)\n]|,\s|và\s|\Z)")
_NOT_YET = re.compile(
    r"(?:các|những|mọi|một|có|bằng|ra|ký|ban hành|xây dựng|soạn thảo|dự thảo|trình|tham mưu|đề nghị|khi|theo từng|từng"
    r"|chưa có|sau khi có|lấy ý kiến|hoặc|là|số|,|;|thẩm quyền)\s+\Z"
)
_SIGNED = re.compile(r"nơi nhận|\./\.|(?:tm|kt|tl)\.\s|kỳ họp thứ")
_FEW = 3


def check(reading: Reading) -> Iterator[Finding]:
    """Yield pointers that a reader cannot follow, or that are written the wrong way round."""
    yield from _order(reading)
    yield from _beyond(reading)
    yield from _vague(reading)


def _order(reading: Reading) -> Iterator[Finding]:
    """Find "Điều 6 khoản 2": the smaller part comes first (NĐ 34/2016 Điều 75)."""
    for m in _UPSIDE_DOWN.finditer(reading.folded):
        before = reading.folded[max(0, m.start() - 30) : m.start()]
        if re.search(r"(?:điểm|khoản|điều|và|,|đến)\s+(?:\w{1,3}\s+)?\Z", before) or "\n" in m["gap"]:
            continue
        text = reading.text
        clause = text[m.start("clause") : m.end("clause")]
        article = text[m.start("article") : m.end("article")]
        yield reading.finding(
            "pinpoint-order", m.start(), m.end(), expected=f"{clause[0].lower()}{clause[1:]} Đ{article[1:]}"
        )


def _beyond(reading: Reading) -> Iterator[Finding]:
    """Find "Điều 45 Thông tư này" where the text that is read has 30 articles."""
    own_words = [
        (reference, [int(n) for n in _ARTICLE.findall(fold(reference.text))])
        for reference in reading.facts.references
        if reference.kind == "internal" and reference.target == "self" and reference.text.endswith("này")
    ]
    asked = [(reference, numbers) for reference, numbers in own_words if numbers]
    if not asked or reading.kind == "consolidated":
        return
    own = {int(n) for n in _ARTICLE_LINE.findall(reading.text)}
    last = max(own, default=0)
    if len(own) < _FEW or min(own) > 1 or len(own) < last * 0.9 or not _ends(reading):  # parts of the text are missing
        return
    for reference, numbers in asked:
        if reading.quotes.around(reference.start):
            continue
        for number in numbers:
            if number > last:
                yield reading.finding(
                    "own-article-missing", reference.start, reference.end, last=str(last), article=str(number)
                )
                break


def _ends(reading: Reading) -> bool:
    """Tell whether the text goes to its end: a part of a gazette stops in the middle of the articles."""
    last = [m.start() for m in _ARTICLE_LINE.finditer(reading.text)][-1]
    return _SIGNED.search(reading.folded, last) is not None


def _vague(reading: Reading) -> Iterator[Finding]:
    """Find "theo Quyết định của UBND tỉnh": neither number nor day, so no one can look it up."""
    if reading.kind not in ("administrative", "party", ""):
        return
    text = reading.text
    spans = {r.start: r.end for r in reading.facts.references if r.kind == "vague" and _ISSUED.match(text, r.start)}
    for m in _LED.finditer(reading.folded):
        end = organ_at(text, reading.folded, m.end()) if text[m.start("type")].isupper() else None
        if end is not None and _SAID_ALL.match(reading.folded, end):
            spans.setdefault(m.start("type"), end)
    taken = [(c.mention.start, c.mention.tail) for c in reading.facts.citations]
    named = {w.start: w.end for w in reading.facts.works}
    for start, end in sorted(spans.items()):
        before = reading.folded[max(0, start - 24) : start]
        if reading.apart(start) or _NOT_YET.search(before) or text[start:end].isupper() or _begins(text, start):
            continue
        # "Kế hoạch của UBND tỉnh" is no name of a work; with more words after it, it is.
        if named.get(start, end) <= end and not any(s < end and start < e for s, e in taken):
            yield reading.finding("vague-citation", start, end)


def _begins(text: str, start: int) -> bool:
    """A sentence that begins with it tells what is to be issued, or is a heading."""
    before = text[max(0, start - 3) : start].strip(" *_\t")
    return not before or before[-1] in "\n.-+:•" or text[start - 1] in f"\n{UPPER}"
