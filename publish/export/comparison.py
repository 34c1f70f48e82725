"""A comparison of two texts in Vietnamese words, the same for the command, the page and every file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from graph import compare as states
from graph.alike import Run
from graph.compare import Comparison, Pair
from graph.compared import Cited, ComparedText
from graph.held import Held, HeldBases, place_of
from graph.matching import ALIKE, TASK, class_of, named_facts
from graph.statuses import IN_FORCE
from graph.words import vietnamese_date
from publish.export import held_words
from publish.sentences import where

STATE_WORDS: Mapping[str, str] = {
    states.REWORDED: "Sửa lời",
    states.MOVED: "Chuyển vị trí",
    states.REASSIGNED: "Đổi đơn vị, thời hạn, sản phẩm",
    states.RECITED: "Đổi văn bản viện dẫn",
    states.SPLIT: "Tách ra",
    states.MERGED: "Gộp lại",
    states.NEW: "Mới",
    states.DROPPED: "Không còn",
    states.KEPT: "Giữ nguyên",
}
"""In the order in which they are told."""
RARE = frozenset({states.SPLIT, states.MERGED})
"""Named in a summary only where there are some."""
SLUGS: Mapping[str, str] = {
    states.REWORDED: "sua-loi", states.MOVED: "chuyen-vi-tri", states.REASSIGNED: "doi-phan-cong",
    states.RECITED: "doi-vien-dan", states.SPLIT: "tach-ra", states.MERGED: "gop-lai",
    states.NEW: "moi", states.DROPPED: "khong-con", states.KEPT: "giu-nguyen",
}  # fmt: skip
"""States as they stand in addresses."""

HEADER, BASES, QUESTIONS, TASKS, HEADINGS, PARAGRAPHS = "phan-dau", "can-cu", "cau-hoi", "nhiem-vu", "de-muc", "doan"
VALIDITY = "hieu-luc"
PARTS: Mapping[str, str] = {
    HEADER: "Phần đầu và chữ ký", BASES: "Căn cứ", QUESTIONS: "Câu hỏi cần trả lời trước",
    VALIDITY: "Căn cứ nay cần xem", TASKS: "Nhiệm vụ",
    HEADINGS: "Đề mục", PARAGRAPHS: "Đoạn văn khác",
}  # fmt: skip
EMPTY = "--"
_TOP = "đầu văn bản"
_KEY_PARTS = 5
"""A key of a numbered document: family, type, number, year, organ."""
NOTES = (
    "Không tính là khác nhau: khoảng trắng, xuống dòng, dấu câu, dấu ngoặc, chữ hoa hay chữ thường, cách đặt dấu thanh,"
    " dấu đầu dòng, số thứ tự đổi do thêm hoặc bớt mục, chữ “Dự thảo” ở đầu văn bản.",
    "Một nhiệm vụ có thể vừa sửa lời vừa chuyển vị trí, nên tổng các nhóm có thể lớn hơn số nhiệm vụ.",
    "Hai mục giống nhau dưới 50% coi là một mục không còn và một mục mới. Kết quả do chương trình đối chiếu, cần người "
    "kiểm tra lại.",
)
_FACTS = {
    "lead": "Đơn vị chủ trì", "with": "Đơn vị phối hợp", "due": "Thời hạn", "product": "Sản phẩm",
    "extra": "Các ô khác của dòng", "labels": "Dòng phân công, thời hạn", "pinpoint": "Điều, khoản được viện dẫn",
    "type": "Tên loại", "number": "Số, ký hiệu", "date": "Ngày ban hành", "issuer": "Cơ quan ban hành",
    "title": "Trích yếu", "signer_role": "Quyền hạn, chức vụ người ký", "signer": "Họ tên người ký",
    "recipients": "Nơi nhận (chỉ nêu chỗ khác)",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: places and words in both texts ("" where it is not), words that differ, remarks as short sentences.

    ``old_code`` and ``new_code`` are codes of units, "" where there is none; ``states`` is empty outside the outline.
    ``basis`` says how the documents that it rests on stood and stand.
    """

    number: int
    states: tuple[str, ...]
    old_code: str
    old_text: str
    new_code: str
    new_text: str
    runs: tuple[Run, ...] = ()
    remarks: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()

    @property
    def old_place(self) -> str:
        """Where it stood, in words."""
        return where(self.old_code)

    @property
    def new_place(self) -> str:
        """Where it stands, in words."""
        return where(self.new_code)

    def words(self) -> tuple[str, ...]:
        """Return the line as cells: states, place and words in the old text, in the new one, remarks."""
        return (
            state_words(self.states), self.old_place, self.old_text, self.new_place, self.new_text,
            " ".join(self.remarks),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntryGroup:
    """Lines under one heading; ``part`` is a key of :data:`PARTS`, ``states`` those that all lines share."""

    part: str
    heading: str
    entries: tuple[Entry, ...]
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonSheet:
    """A whole comparison in words: ``lines`` sum it up, ``counts`` are pairs of state and number of tasks.

    ``validity`` is the heading of the column that tells how bases stood and stand, "" where nothing is known of it.
    """

    old: ComparedText
    new: ComparedText
    lines: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    groups: tuple[EntryGroup, ...]
    same: bool
    validity: str = ""

    heading = "BẢNG SO SÁNH HAI VĂN BẢN"

    @property
    def subject(self) -> str:
        """Both names in one line."""
        return f"{self.old.label} – {self.new.label}"

    def content(self) -> Iterator[tuple[str, ...]]:
        """Yield all that the check code covers."""
        yield (self.heading, self.old.sha256, self.new.sha256, *self.lines)
        for group in self.groups:
            yield (group.heading,)
            for entry in group.entries:
                yield (str(entry.number), *self.cells(entry))

    def cells(self, entry: Entry) -> tuple[str, ...]:
        """Return a line as cells, with how its bases stood where the sheet tells it."""
        return (*entry.words(), *([" ".join(entry.basis)] if self.validity else []))

    @property
    def notes(self) -> tuple[str, ...]:
        """How to read it."""
        return (*NOTES, *([held_words.NOTE] if self.validity else []))


def state_words(found: Iterable[str]) -> str:
    """Return states in words: "Sửa lời; Chuyển vị trí"."""
    return "; ".join(STATE_WORDS[state] for state in found)


def sheet_of(comparison: Comparison, held: HeldBases | None = None) -> ComparisonSheet:
    """Return a comparison in words; ``held`` tells how the bases stood and stand, None where nobody knows."""
    told = held if held is not None and held.tells else None  # a column of "chưa xác định" tells nothing
    writer = _Writer(comparison, told)
    unknown = [held_words.NOTHING] if held is not None and (held.tasks or held.bases) and told is None else []
    counts = tuple((state, comparison.counts()[state]) for state in STATE_WORDS)
    return ComparisonSheet(
        comparison.old, comparison.new, (*_lines(comparison), *writer.validity_lines(), *unknown), counts,
        tuple(writer.groups()), comparison.same, held_words.HEADING if told is not None else "",
    )  # fmt: skip


def _lines(comparison: Comparison) -> Iterator[str]:
    for name, text in (("Bản cũ", comparison.old), ("Bản mới", comparison.new)):
        facts = ", ".join(filter(None, (vietnamese_date(text.date) if text.date else "", text.issuer)))
        yield f"{name}: {text.label}{f' ({facts})' if facts else ''}; tệp {text.path or EMPTY}."
    before = sum(p.old is not None for p in comparison.tasks)
    after = sum(p.new is not None for p in comparison.tasks)
    yield f"Nhiệm vụ, phân công: bản cũ {before}, bản mới {after}."
    counts = comparison.counts()
    yield " · ".join(f"{words}: {counts[s]}" for s, words in STATE_WORDS.items() if counts[s] or s not in RARE) + "."
    for number, words in (
        (comparison.to_table, "từ đoạn văn thành dòng của bảng"),
        (comparison.from_table, "từ dòng của bảng thành đoạn văn"),
    ):  # fmt: skip
        if number:
            yield f"Cách trình bày: {number} nhiệm vụ {words}."
    yield f"Căn cứ thêm: {len(comparison.bases_in)} · Căn cứ bỏ: {len(comparison.bases_out)}."
    if comparison.same:
        yield "Hai văn bản có cùng nội dung."


class _Writer:
    def __init__(self, comparison: Comparison, held: HeldBases | None) -> None:
        self._comparison = comparison
        self._held = held
        self._number = 0
        self._above = [{p.code: p.text for p in reversed(text.pieces)} for text in (comparison.old, comparison.new)]

    def groups(self) -> Iterator[EntryGroup]:
        """Yield the groups that hold something, in the order in which leaders read them."""
        found = self._comparison
        if found.header:
            entries = [
                self._entry("", _fact(c.name, c.old), "", _fact(c.name, c.new), _FACTS[c.name]) for c in found.header
            ]
            yield EntryGroup(HEADER, f"Phần đầu và chữ ký thay đổi ({len(entries)})", tuple(entries))
        for words, bases, is_new in (("thêm", found.bases_in, True), ("bỏ", found.bases_out, False)):
            if bases:
                labels = apart_labels(bases, found.bases_out if is_new else found.bases_in)
                yield EntryGroup(BASES, f"Căn cứ {words} ({len(bases)})", tuple(self._bases(bases, labels, is_new)))
        if found.questions:
            heading = f"{PARTS[QUESTIONS]}: nhiệm vụ không còn mà căn cứ vẫn nêu trong bản mới ({len(found.questions)})"
            yield EntryGroup(
                QUESTIONS,
                heading,
                tuple(self._question(q.task, f"Căn cứ còn nêu: {_names(q.documents)}.") for q in found.questions),
            )
        if standing := list(self._dropped_on_standing()):
            heading = f"{PARTS[QUESTIONS]}: nhiệm vụ không còn mà căn cứ nay còn hiệu lực ({len(standing)})"
            yield EntryGroup(QUESTIONS, heading, tuple(self._question(pair) for pair in standing))
        if doubtful := self._doubtful():
            heading = f"Nhiệm vụ của bản mới có căn cứ nay cần xem hiệu lực ({len(doubtful)})"
            yield EntryGroup(VALIDITY, heading, tuple(replace(self._pair(pair), states=()) for pair in doubtful))
        yield from self._by_states(TASKS, "Nhiệm vụ", found.tasks)
        yield from self._by_states(HEADINGS, "Đề mục", found.headings, changed=True)
        yield from self._by_states(BASES, "Lời phần Căn cứ", found.basis_paragraphs, changed=True)
        yield from self._by_states(PARAGRAPHS, "Đoạn văn khác", found.others, changed=True)

    def validity_lines(self) -> Iterator[str]:
        """Yield for which days the validity of bases is told, and how many tasks must be looked at."""
        if self._held is None:
            return
        yield held_words.days_line(self._held)
        if doubtful := self._doubtful():
            ended = sum(held_words.out_of_force(self._bases_of(pair)) for pair in doubtful)
            count = f"Nhiệm vụ của bản mới có căn cứ nay cần xem: {len(doubtful)}"
            yield f"{count}; trong đó căn cứ không còn hoặc chưa có hiệu lực: {ended}."

    def _bases_of(self, pair: Pair) -> tuple[Held, ...]:
        return self._held.tasks.get(place_of(pair), ()) if self._held is not None else ()

    def _doubtful(self) -> list[Pair]:
        tasks = self._comparison.tasks
        return [pair for pair in tasks if pair.new is not None and held_words.needs_look(self._bases_of(pair))]

    def _dropped_on_standing(self) -> Iterator[Pair]:
        """Yield the tasks that are no more, of which a basis is in force now: asked, if not asked already."""
        asked = {id(q.task) for q in self._comparison.questions}
        for pair in self._comparison.tasks:
            standing = any(one.now.status == IN_FORCE for one in self._bases_of(pair))
            if pair.states == (states.DROPPED,) and standing and id(pair) not in asked:
                yield pair

    def _question(self, pair: Pair, *remarks: str) -> Entry:
        entry = self._entry(pair.piece.code, pair.piece.text, "", "", *remarks)
        return replace(entry, basis=tuple(held_words.sentences(self._bases_of(pair))))

    def _by_states(self, part: str, name: str, pairs: Iterable[Pair], changed: bool = False) -> Iterator[EntryGroup]:
        """Pieces of the same states together, so that each stands once."""
        order = list(STATE_WORDS)
        groups: dict[tuple[str, ...], list[Pair]] = {}
        for pair in pairs:
            if not (changed and pair.states == (states.KEPT,)):
                groups.setdefault(pair.states, []).append(pair)
        for found in sorted(groups, key=lambda s: [order.index(state) for state in s]):
            entries = tuple(self._pair(pair) for pair in groups[found])
            yield EntryGroup(part, f"{name} – {state_words(found)} ({len(entries)})", entries, found)

    def _bases(self, bases: Iterable[Cited], labels: Iterable[str], is_new: bool) -> Iterator[Entry]:
        for basis, label in zip(bases, labels, strict=True):
            entry = (
                self._entry("", "", basis.unit, label) if is_new else self._entry(basis.unit, label, "", "")
            )  # fmt: skip
            known = self._held.bases.get(basis.keys[0]) if self._held is not None else None
            yield replace(entry, basis=tuple(held_words.sentences([known] if known else ())))

    def _entry(self, old_code: str, old_text: str, new_code: str, new_text: str, *remarks: str) -> Entry:
        self._number += 1
        return Entry(self._number, (), old_code, old_text, new_code, new_text, (), remarks)

    def _pair(self, pair: Pair) -> Entry:
        self._number += 1
        old, new = pair.old, pair.new
        return Entry(
            self._number, pair.states, old.code if old else "", old.text if old else "", new.code if new else "",
            new.text if new else "", pair.runs, tuple(self._remarks(pair)),
            tuple(held_words.sentences(self._bases_of(pair))),
        )  # fmt: skip

    def _remarks(self, pair: Pair) -> Iterator[str]:
        if states.REWORDED in pair.states:
            alike = f"Giống {round(pair.likeness * 100)}%."
            yield alike if pair.likeness >= ALIKE else "Nhận ra theo các mục bên dưới hoặc các phần còn lại."
        if pair.runs:
            for words, kind in (("Bỏ", "deleted"), ("Thêm", "inserted")):
                found = [f"“{run.text.strip(' .,;:') or run.text}”" for run in pair.runs if run.kind == kind]
                if found:
                    yield f"{words}: {', '.join(found)}."
        yield from self._kin(pair)
        if states.MOVED in pair.states and pair.old is not None and pair.new is not None:
            before, after = self._place(0, pair.old.parent), self._place(1, pair.new.parent)
            if pair.new.kind == "basis":
                after = "phần căn cứ"
                before = after if pair.old.kind == "basis" else before
            if before != after:
                yield f"Chuyển từ {before} sang {after}."
            else:
                yield f"Đổi thứ tự trong {after}." if after != _TOP else "Đổi thứ tự."
        for change in pair.changes:
            yield f"{_FACTS[change.name]}: “{change.old or EMPTY}” → “{change.new or EMPTY}”."
        came, gone = _apart_names(pair.cites_in, pair.cites_out)
        if came:
            yield f"Viện dẫn thêm: {came}."
        if gone:
            yield f"Viện dẫn bỏ: {gone}."
        if {states.NEW, states.DROPPED} & {*pair.states} and class_of(pair.piece) == TASK:
            yield from self._facts_of(pair)

    def _kin(self, pair: Pair) -> Iterator[str]:
        """Where the other parts of a piece stand that was split or run together."""
        codes = "; ".join(dict.fromkeys(where(piece.code) or _TOP for piece in pair.kin))
        if states.SPLIT in pair.states:
            yield f"Tách từ {codes} của bản cũ." if pair.old is None else f"Phần còn lại ở {codes} của bản mới."
        if states.MERGED in pair.states:
            yield f"Gộp vào {codes} của bản mới." if pair.new is None else f"Gộp thêm {codes} của bản cũ."

    def _facts_of(self, pair: Pair) -> Iterator[str]:
        """Of a task that is new or no more: who did it until when, and on which documents it rested."""
        for name, value in named_facts(pair.piece):
            if value and name in ("lead", "due"):
                yield f"{_FACTS[name]}: {value}."
        if not pair.piece.cited:
            return
        standing = next((q.documents for q in self._comparison.questions if q.task is pair), ())
        rests = f" Bản mới còn nêu: {_names(standing)}." if standing else ""
        yield f"Căn cứ: {_names(pair.piece.cited)}.{rests}"

    def _place(self, side: int, code: str) -> str:
        text = self._above[side].get(code, "")
        return f"{where(code)} “{text[:80].rstrip(' :')}”" if text else where(code) or _TOP


def _fact(name: str, value: str) -> str:
    return (vietnamese_date(value) if name == "date" else value) or EMPTY


def _names(documents: Iterable[Cited]) -> str:
    return "; ".join(document.label for document in documents)


def _apart_names(one: Iterable[Cited], other: Iterable[Cited]) -> tuple[str, str]:
    """Return the names of two lists of documents; those of the same name with their years, which tell them apart."""
    return "; ".join(apart_labels(one, other)), "; ".join(apart_labels(other, one))


def apart_labels(documents: Iterable[Cited], others: Iterable[Cited]) -> Iterator[str]:
    """Yield the name of each of ``documents``, with its year or organ where one of ``others`` has the same name."""
    theirs = {document.label: document.keys[0].split("|") for document in others}
    for document in documents:
        parts = document.keys[0].split("|")
        other = theirs.get(document.label, [])
        told = ""
        if len(parts) == len(other) == _KEY_PARTS:
            year, organ = (parts[n] if parts[n] != other[n] and parts[n] != "?" else "" for n in (3, 4))
            told = f" (năm {year})" if year else f" (mã cơ quan: {organ})" if organ else ""
        yield f"{document.label}{told}"
