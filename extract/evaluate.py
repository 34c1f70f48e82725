"""How well the engine reads: extractions against hand annotations, figure by figure.

Each figure is counted as the contract says (formats §3): detection on core spans; the fields, relation
and holder on exactly detected mentions; end to end on all of them together. A gold mention marked
optional counts neither as found nor as missed nor as false.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extract.as_json import to_json
from extract.pipeline import extract_text
from extract.text import fold

FIELDS = ("type", "number", "name", "date", "issuer", "pinpoint")
CONTEXT = 60
FORMAT = "cancu-evaluate/1"
Mention = Mapping[str, Any]


class GoldError(Exception):
    """The folder holds no gold that can be read; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One annotated text with what the gold says and what was found; ``found`` in the shape of the JSON."""

    name: str
    kind: str
    text: str
    gold: Sequence[Mention]
    found: Sequence[Mention]


@dataclass(slots=True)
class Count:
    """True finds, false finds and misses; precision, recall and F1 follow (1.0 where nothing was to be found)."""

    true: int = 0
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of finds that are right."""
        return self.true / (self.true + self.false) if self.true + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found."""
        return self.true / (self.true + self.missed) if self.true + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = 2 * self.true + self.false + self.missed
        return 2 * self.true / total if total else 1.0

    def values(self) -> dict[str, float]:
        """Return precision, recall and F1 for printing."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(slots=True)
class Share:
    """Right answers among judged ones."""

    right: int = 0
    judged: int = 0

    def add(self, right: bool) -> None:
        """Count one answer."""
        self.judged += 1
        self.right += right

    @property
    def value(self) -> float:
        """Accuracy, 1.0 where nothing was judged."""
        return self.right / self.judged if self.judged else 1.0


@dataclass(slots=True)
class Report:
    """All figures over a set of passages, and the places behind them."""

    exact: Count = field(default_factory=Count)
    overlap: Count = field(default_factory=Count)
    end_to_end: Count = field(default_factory=Count)
    fields: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in FIELDS})
    relation: Share = field(default_factory=Share)
    relation_from: Share = field(default_factory=Share)
    also: Share = field(default_factory=Share)
    per_relation: dict[str, Count] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)
    false_finds: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return {
            "detection_exact": self.exact.values(),
            "detection_overlap": self.overlap.values(),
            **{name: share.value for name, share in self.fields.items()},
            "relation": self.relation.value,
            "relation_from": self.relation_from.value,
            "end_to_end": self.end_to_end.values(),
            "also": self.also.value,
            "per_relation": {name: count.values() for name, count in sorted(self.per_relation.items())},
        }


# --- reading --------------------------------------------------------------------------------------


def load_passages(folder: Path) -> list[Passage]:
    """Read ``NNN.txt`` with ``NNN.json`` from ``folder`` and extract each text.

    Raises:
        GoldError: no such pair lies there, or a file is not what it should be.
    """
    if not folder.is_dir():
        raise GoldError(f"Không tìm thấy thư mục “{folder}”.")
    passages: list[Passage] = []
    for path in sorted(folder.glob("*.json")):
        text_path = path.with_suffix(".txt")
        if not text_path.exists():
            continue
        try:
            gold = json.loads(path.read_text(encoding="utf-8"))
            text = text_path.read_bytes().decode("utf-8")
            mentions, kind = gold["citations"], gold.get("kind_of_text", "")
        except (ValueError, KeyError, TypeError) as error:
            raise GoldError(f"Tệp “{path.name}” không đúng dạng bản chú giải: {error}.") from error
        passages.append(Passage(path.stem, kind, text, mentions, to_json(extract_text(text))["citations"]))
    if not passages:
        raise GoldError(f"Thư mục “{folder}” không có cặp tệp .txt và .json nào để đánh giá.")
    return passages


# --- counting -------------------------------------------------------------------------------------


def evaluate(passages: Iterable[Passage]) -> Report:
    """Return the figures over ``passages``."""
    report = Report()
    for passage in passages:
        _count(report, passage)
    return report


def by_kind(passages: Sequence[Passage]) -> dict[str, Report]:
    """Return one report per kind of text."""
    kinds = sorted({p.kind for p in passages})
    return {kind: evaluate(p for p in passages if p.kind == kind) for kind in kinds}


def _span(mention: Mention) -> tuple[int, int]:
    return mention["start"], mention["end"]


def _count(report: Report, passage: Passage) -> None:
    gold = {_span(m): m for m in passage.gold}
    optional = {s for s, m in gold.items() if m.get("optional")}
    found: dict[tuple[int, int], Mention] = {}
    for mention in passage.found:
        span = _span(mention)
        if span in found:  # given twice: the second is a false find
            report.exact.false += 1
            report.end_to_end.false += 1
            report.false_finds.append(_place(passage, span))
        found.setdefault(span, mention)
    spans_gold, spans_found = _spans(passage.gold), _spans(passage.found)
    for span, mention in found.items():
        if span in optional or (span not in gold and _touches(span, optional)):
            continue
        if span not in gold:
            report.exact.false += 1
            report.end_to_end.false += 1
            report.false_finds.append(_place(passage, span))
            _relation_count(report, mention["relation"]).false += 1
    for span, mention in gold.items():
        if span in optional:
            continue
        if span not in found:
            report.exact.missed += 1
            report.end_to_end.missed += 1
            report.misses.append(_place(passage, span))
            _relation_count(report, mention["relation"]).missed += 1
            continue
        report.exact.true += 1
        wrong = _judge(report, mention, found[span], spans_gold, spans_found)
        if wrong & {"type", "number", "name", "date", "pinpoint", "relation", "from"}:
            report.end_to_end.false += 1
            report.end_to_end.missed += 1
        else:
            report.end_to_end.true += 1
        if wrong:
            report.wrong.append(f"{_place(passage, span)}  sai: {_explain(mention, found[span], wrong)}")
    _count_overlap(report.overlap, [s for s in gold if s not in optional], list(found), optional)


def _explain(gold: Mention, found: Mention, wrong: set[str]) -> str:
    return "; ".join(f"{name} {gold.get(name)!r} ≠ {found.get(name)!r}" for name in sorted(wrong))


def _spans(mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    return [_span(m) for m in mentions]


def _touches(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _count_overlap(
    count: Count, gold: list[tuple[int, int]], found: list[tuple[int, int]], optional: set[tuple[int, int]]
) -> None:
    """Pair spans that overlap, one to one, in text order."""
    left = sorted(s for s in found if s not in optional)
    for span in sorted(gold):
        partner = next((s for s in left if s[0] < span[1] and span[0] < s[1]), None)
        if partner is None:
            count.missed += 1
        else:
            count.true += 1
            left.remove(partner)
    count.false += sum(not _touches(s, optional) for s in left)


def _judge(
    report: Report,
    gold: Mention,
    found: Mention,
    gold_spans: Sequence[tuple[int, int]],
    found_spans: Sequence[tuple[int, int]],
) -> set[str]:
    """Judge one exactly detected mention; return the names of what is wrong."""
    wrong: set[str] = set()
    for name in FIELDS:
        if name == "issuer" and gold.get("self"):
            continue
        right = _equal(name, gold.get(name), found.get(name))
        report.fields[name].add(right)
        if not right:
            wrong.add(name)
    same_relation = gold["relation"] == found["relation"]
    same_holder = _holder(gold["from"], gold_spans) == _holder(found["from"], found_spans)
    report.relation.add(same_relation)
    report.relation_from.add(same_relation and same_holder)
    if same_relation:
        _relation_count(report, gold["relation"]).true += 1
    else:
        wrong.add("relation")
        _relation_count(report, gold["relation"]).missed += 1
        _relation_count(report, found["relation"]).false += 1
    if not same_holder:
        wrong.add("from")
    if gold.get("also") or found.get("also"):
        right = _links(gold, gold_spans) == _links(found, found_spans)
        report.also.add(right)
        if not right:
            wrong.add("also")
    return wrong


def _relation_count(report: Report, relation: str) -> Count:
    return report.per_relation.setdefault(relation, Count())


def _holder(index: int | None, spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    return None if index is None or not 0 <= index < len(spans) else spans[index]


def _links(mention: Mention, spans: Sequence[tuple[int, int]]) -> Counter[tuple[str, tuple[int, int] | None]]:
    return Counter((link["relation"], _holder(link["from"], spans)) for link in mention.get("also") or [])


def _equal(name: str, gold: Any, found: Any) -> bool:
    if name == "number":
        return _number(gold) == _number(found)
    if name == "date":
        return _same_date(gold or "", found or "")
    if name == "pinpoint":
        return sorted(map(_provision, gold or [])) == sorted(map(_provision, found or []))
    return same_words(gold) == same_words(found)


def _number(value: str | None) -> str:
    return re.sub(r"[‐-―−-]", "-", re.sub(r"\s+", "", value or "")).casefold()


def same_words(value: str | None) -> str:
    """Return the key by which words count as equal: lower case, marks and punctuation folded."""
    bare = unicodedata.normalize("NFD", fold(unicodedata.normalize("NFC", value or "")).replace("đ", "d"))
    return " ".join(re.findall(r"\w+", "".join(c for c in bare if not unicodedata.combining(c))))


def _provision(value: str) -> str:
    """As other words, but đ is a letter of its own: điểm đ is not điểm d."""
    return same_words(value.replace("đ", "dd").replace("Đ", "dd"))


def _same_date(gold: str, found: str) -> bool:
    if gold == found:
        return True
    partial = len(gold) < 10 and len(found) < 10
    return bool(gold and found) and partial and (gold.startswith(found) or found.startswith(gold))


def _place(passage: Passage, span: tuple[int, int]) -> str:
    start, end = span
    before = passage.text[max(0, start - CONTEXT) : start]
    after = passage.text[end : end + CONTEXT]
    words = f"{before}[[{passage.text[start:end]}]]{after}"
    return f"{passage.name}:{start}  " + " ".join(words.split())
