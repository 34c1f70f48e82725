"""A decision of a person: its kind, what it is about, and what the person saw.

A *subject* outlives rebuilds and renumbering: a citation, a work named by its title or a pointer ("Nghị quyết nêu
trên") is told by the key of its document, its sentence and its words; a task by its uid; a document by its identity
key (:mod:`extract.keys`). A *part* is what of the subject is decided (the link of a citation, one field of a document):
a later decision on the same part takes the earlier's place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from extract.text import fold, squeeze

ACCEPT, REJECT, PICK, KEEP = "chấp nhận", "bác bỏ", "chọn văn bản", "giữ nguyên"
MERGE, SPLIT, CORRECT, COVER = "gộp văn bản", "tách văn bản", "sửa thông tin", "trách nhiệm"
BASIS, UNDO = "thêm căn cứ", "hủy quyết định"

KINDS: dict[str, str] = {
    ACCEPT: "Văn bản mà chương trình nhận ra là đúng",
    REJECT: "Văn bản mà chương trình nhận ra là không đúng",
    PICK: "Viện dẫn, tên gọi hoặc chỗ nói chung chỉ đến một văn bản khác",
    KEEP: "Đã xem lại sau khi căn cứ thay đổi, giữ quyết định trước",
    MERGE: "Hai văn bản là một",
    SPLIT: "Một văn bản thật ra là hai",
    CORRECT: "Sửa một mục thông tin của văn bản",
    COVER: "Văn bản không cần có nhiệm vụ trong kế hoạch",
    BASIS: "Nhiệm vụ dựa vào văn bản mà nội dung không nêu",
    UNDO: "Bỏ một quyết định đã ghi",
}
"""Kind -> what it says."""

LINK, MERGED, COVERED = "liên kết", "gộp", "trách nhiệm"
LINK_KINDS = frozenset({ACCEPT, REJECT, PICK})

CITATION, WORK, POINTER, DOCUMENT, TASK = "trich-dan", "chuong-trinh", "dan-chieu", "van-ban", "nhiem-vu"
"""Sorts of subjects: a citation, a work named by its title, a pointer without number, a document, a task."""
MENTIONS: dict[str, str] = {CITATION: "trich_dan", WORK: "chuong_trinh", POINTER: "dan_chieu"}
"""Sorts that stand in a sentence of a text -> the table of the base that holds them."""
SORTS: dict[str, str] = {
    CITATION: "một lần viện dẫn", WORK: "một lần nêu tên", POINTER: "một chỗ dẫn chiếu không có số",
    DOCUMENT: "một văn bản", TASK: "một nhiệm vụ",
}  # fmt: skip
"""Sort of subject -> what people call it."""

BASIS_RELATIONS = ("implements", "based_on", "in_accordance_with", "cites")
"""Relations in which a task may stand to a basis that a person gives it, the usual one first."""

FIELDS: dict[str, str] = {
    "loai": "Tên loại", "so_ky_hieu": "Số, ký hiệu", "ten": "Tên gọi", "ngay_ban_hanh": "Ngày ban hành",
    "co_quan_ban_hanh": "Cơ quan ban hành", "trich_yeu": "Trích yếu",
}  # fmt: skip
"""Columns of ``van_ban`` that a person may correct."""

COVER_WAYS = ("không thuộc trách nhiệm", "chuyển đơn vị khác", "đã hoàn thành")
"""Why a document that gives tasks needs none in the plan (job of the two-way coverage)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision that is to be written.

    ``payload`` says what is decided, ``seen`` what the person had before them: words to show, and what is compared
    at later builds. ``supersedes`` is the number of the entry whose place it takes, None for the first on its part;
    ``time`` that of an entry of another journal that is taken over, "" for now.
    """

    person: str
    kind: str
    subject: str
    part: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    seen: Mapping[str, Any] = field(default_factory=dict)
    supersedes: int | None = None
    time: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision as the journal keeps it: ``number`` counts from 1, ``time`` is ISO in UTC.

    ``late`` is the number of the entry that somebody else wrote on the same part before this one came in, unseen by
    its writer; such an entry is kept for the record and does not hold.
    """

    number: int
    time: str
    person: str
    kind: str
    subject: str
    part: str
    payload: Mapping[str, Any]
    reason: str
    seen: Mapping[str, Any]
    supersedes: int | None = None
    late: int | None = None

    @property
    def slot(self) -> tuple[str, str]:
        """Subject and part: what the entry is the last word on."""
        return self.subject, self.part


# --- subjects -------------------------------------------------------------------------------------


def mention_subject(sort: str, document: str, sentence: str, words: str, ordinal: int) -> str:
    """Return the subject of a citation, work or pointer (``sort``, one of :data:`MENTIONS`).

    ``document`` is the key of the text it stands in, ``sentence`` the quoted sentence, ``words`` the mention itself,
    ``ordinal`` its number among equals (from 0).
    """
    return _subject(sort, document, hash_of(sentence), fold(squeeze(words)), ordinal)


def document_subject(key: str) -> str:
    """Return the subject of the document with the identity key ``key``."""
    return _subject(DOCUMENT, key)


def task_subject(document: str, uid: str) -> str:
    """Return the subject of the unit ``uid`` of the text with the key ``document``."""
    return _subject(TASK, document, uid)


def parts_of(subject: str) -> tuple[Any, ...]:
    """Return the parts of a subject, its sort first; ("",) for what is none."""
    try:
        parts = json.loads(subject)
    except ValueError:
        return ("",)
    sizes = {**dict.fromkeys(MENTIONS, 5), DOCUMENT: 2, TASK: 3}
    whole = isinstance(parts, list) and parts and isinstance(parts[0], str) and len(parts) == sizes.get(parts[0])
    return tuple(parts) if whole else ("",)


def hash_of(sentence: str) -> str:
    """Return a short hash of a sentence that spelling, blanks and dashes of another kind do not change."""
    return hashlib.sha256(fold(squeeze(sentence)).encode()).hexdigest()[:16]


def basis_part(key: str) -> str:
    """Return the part of a task that is its basis in the document ``key``."""
    return f"căn cứ {key}"


def field_part(name: str) -> str:
    """Return the part of a document that is its field ``name``."""
    return f"sửa {name}"


def split_part(text: str) -> str:
    """Return the part of a document that is its split for the text with the key ``text``."""
    return f"tách {text}"


def _subject(*parts: object) -> str:
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
