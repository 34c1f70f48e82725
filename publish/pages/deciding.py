"""The pages where a person decides about a citation, a document or a task; without editing they show the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph.decisions.candidates import candidates_of
from graph.decisions.drafts import Wish, WishError, draft_of, undo_of
from graph.decisions.entry import (
    ACCEPT,
    BASIS,
    BASIS_RELATIONS,
    CITATION,
    CORRECT,
    COVER,
    COVER_WAYS,
    DOCUMENT,
    FIELDS,
    KEEP,
    KINDS,
    LINK,
    MENTIONS,
    MERGE,
    PICK,
    POINTER,
    REJECT,
    SPLIT,
    TASK,
    WORK,
    Entry,
    basis_part,
    parts_of,
)
from graph.decisions.force import holding, last_of
from graph.decisions.journal import JournalError, append, history, last_person, read_entries
from graph.decisions.look import (
    Look,
    look_at_citation,
    look_at_document,
    look_at_pointer,
    look_at_task,
    look_at_work,
)
from graph.decisions.replay import SUSPECT, UNAPPLIED
from graph.lookup import Found, look_up
from graph.words import FORMS, UNIT_KINDS, vietnamese_date
from publish.answers import Answer, Ask, Page, Redirect
from publish.base import Base, Row
from publish.decided.history import journal_beside, past_of
from publish.pages import lists, problem, reconcile, unnumbered
from publish.pages.suspects import value
from publish.sentences import ref, where

_MOST_TEXTS = 50
_LOOKS = {
    CITATION: look_at_citation, WORK: look_at_work, POINTER: look_at_pointer, DOCUMENT: look_at_document,
    TASK: look_at_task,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """What a browser sent: the values by name (``many`` keeps all of one name), whether it was sent as a form.

    ``token`` goes into the forms of the page, "" where nothing may be changed; ``rebuild`` is called after a decision.
    """

    many: Mapping[str, Sequence[str]]
    posted: bool
    token: str
    rebuild: Callable[[], None]

    def value(self, name: str) -> str:
        """Return a value, "" for none."""
        return next(iter(self.many.get(name, ())), "").strip()


def page(base: Base, ask: Ask, form: Form) -> Answer:
    """Return the page about ``ask.parts["sort"]``, or write what its form asks for."""
    if not reconcile.is_current(base):
        return lists.outdated()
    sort = ask.parts["sort"]
    look = _LOOKS[sort](base.connection, form.value("id"))
    if look is None or (sort == "nhiem-vu" and look.row["loai"] != UNIT_KINDS["task"]):
        return problem.page(404)
    try:
        entries = history(journal_beside(base.connection), look.subject)
        if not form.posted:
            return _page(base, ask, form, look, entries)
        entry = _written(base, form, look, entries)
    except WishError as error:
        return replace(_page(base, ask, form, look, entries, str(error)), status=400)
    except JournalError as error:
        return replace(_page(base, ask, form, look, (), str(error)), status=503)
    form.rebuild()
    said = {"cho": entry.number} if entry.late is not None else {"da_ghi": entry.number}
    return Redirect(ask.links.decision(sort, form.value("id"), **said))


def entry_page(base: Base, ask: Ask, form: Form) -> Answer:
    """Return the page of one entry of the journal, where it can be taken back though what it was about is gone."""
    if not reconcile.is_current(base):
        return lists.outdated()
    path = journal_beside(base.connection)
    fault = ""
    try:
        found = [e for e in read_entries(path) if str(e.number) == form.value("id")]
        if not found:
            return problem.page(404)
        entry = found[0]
        entries = history(path, entry.subject)
        if form.posted:
            draft = undo_of(entry, form.value("nguoi"), form.value("ly_do"))
            append(path, draft, _expected(form, entry, entries))
            form.rebuild()
            return Redirect(ask.links.decision("nhat-ky", form.value("id")))
    except WishError as error:
        fault = str(error)
    except JournalError as error:
        return problem.refused(503, str(error))
    past = past_of(entries)
    return Page(
        "entry.html",
        {
            "entry": entry, "this": next(p for p in past if p.number == entry.number), "fault": fault,
            "others": [p for p in past if p.number != entry.number], "token": form.token, "suspect": SUSPECT,
            "person": form.value("nguoi") or _last_person(base), "last": max(e.number for e in entries),
            "findings": _shown_findings(base, "quyet_dinh = ?", entry.number), "hide_search": True,
            "action": ask.links.decision("nhat-ky"), "list": ask.links.suspects(),
        },
        400 if fault else 200,
    )  # fmt: skip


def _written(base: Base, form: Form, look: Look, entries: Sequence[Entry]) -> Entry:
    """Write what the form asks for and return the entry; late when somebody else was first."""
    person, reason = form.value("nguoi"), form.value("ly_do")
    path = journal_beside(base.connection)
    by_number = {str(entry.number): entry for entry in entries}
    if undone := form.value("huy"):
        if undone not in by_number:
            raise WishError("Không thấy quyết định cần hủy. Hãy tải lại trang.")
        return append(path, undo_of(by_number[undone], person, reason), _expected(form, by_number[undone], entries))
    if applied := form.value("ap_dung"):
        if applied not in by_number:
            raise WishError("Không thấy quyết định cần áp dụng. Hãy tải lại trang.")
        late = by_number[applied]
        before = holding(entries, *late.slot)
        again = undo_of(late, late.person, late.reason or "áp dụng")
        draft = replace(
            again, kind=late.kind, payload=late.payload, reason=late.reason,
            supersedes=before.number if before else None,
        )  # fmt: skip
        return append(path, draft, _expected(form, late, entries))
    if form.value("dau") != look.mark:
        raise WishError(
            "Dữ liệu đã được dựng lại và chỗ này nay khác lúc mở trang. Hãy xem lại phần trên rồi ghi lần nữa."
        )
    draft, _ = draft_of(base.connection, look, _wish(form, person, reason), entries)
    if draft.supersedes is None:
        draft = replace(draft, supersedes=_moved_from(base, look))
    shown = form.value("sau")
    seen = [e for e in entries if e.number <= int(shown)] if shown.isdigit() else list(entries)
    last = last_of(seen, draft.subject, draft.part)
    return append(path, draft, last.number if last else 0)


def _expected(form: Form, entry: Entry, entries: Sequence[Entry]) -> int:
    shown = form.value("sau")
    seen = [e for e in entries if e.number <= int(shown)] if shown.isdigit() else list(entries)
    last = last_of(seen, *entry.slot)
    return last.number if last else 0


def _moved_from(base: Base, look: Look) -> int | None:
    """Return the decision that was about this citation when its sentence was another: the new one takes its place."""
    column = MENTIONS.get(parts_of(look.subject)[0], "")
    row = base.row(
        f"SELECT q.id FROM quyet_dinh_can_xem x JOIN quyet_dinh q ON q.id = x.quyet_dinh WHERE x.{column} = ?"
        " AND x.viec = ? AND q.ma_doi_tuong <> ? ORDER BY q.id DESC LIMIT 1",
        look.row["id"], UNAPPLIED, look.subject,
    ) if look.part == LINK else None  # fmt: skip
    return int(row["id"]) if row else None


def _wish(form: Form, person: str, reason: str) -> Wish:
    choice = form.value("lua")
    kind = {"chap-nhan": ACCEPT, "bac-bo": REJECT, "giu": KEEP}.get(choice, form.value("loai"))
    document = choice.removeprefix("van-ban:") if choice.startswith("van-ban:") else ""
    words = form.value("van_ban_khac") if not document else ""
    if kind == PICK and not document and choice != "khac":
        raise WishError("Hãy chọn một trong các khả năng.")
    if kind not in KINDS:
        raise WishError("Hãy chọn một trong các khả năng.")
    return Wish(
        person, kind, reason, document, words, form.value("truong"),
        form.value("cach") if kind == COVER else form.value("gia_tri"), form.value("quan_he"),
        tuple(form.many.get("nguon", ())),
    )  # fmt: skip


# --- the page -------------------------------------------------------------------------------------


def _page(
    base: Base, ask: Ask, form: Form, look: Look, entries: Sequence[Entry], fault: str = ""
) -> Page:  # fmt: skip
    sort = ask.parts["sort"]
    kept = {name: form.value(name) for name in _KEPT} if form.posted else {}
    named = form.value("id")
    past = past_of(entries)
    number = form.value("da_ghi") or form.value("cho")
    context: dict[str, Any] = {
        "look": look, "sort": sort, "id": named, "token": form.token, "past": past, "fault": fault, "kept": kept,
        "person": kept.get("nguoi") or _last_person(base), "last": max((e.number for e in entries), default=0),
        "written": next((p for p in past if str(p.number) == number), None), "here": ask.links.decision(sort, named),
        "action": ask.links.decision(sort), "found": [], "query": "", "asked": form.value("tim"),
        "findings": _findings(base, sort, named), "suspect": SUSPECT, "hide_search": True,
    }  # fmt: skip
    context["found"] = [_choice(base, ask, r) for r in _searched(base, form.value("tim"))]
    context |= {DOCUMENT: _of_document, TASK: _of_task}.get(sort, _of_mention)(base, ask, look, entries)
    return Page("deciding.html", context)


_NO_MENTION = "".join(f" AND {column} IS NULL" for column in MENTIONS.values())
_KEPT = ("lua", "van_ban_khac", "nguoi", "ly_do", "truong", "gia_tri", "quan_he", "cach", "loai")


def _last_person(base: Base) -> str:
    try:
        return last_person(journal_beside(base.connection))
    except JournalError:
        return ""


def _of_mention(base: Base, ask: Ask, look: Look, entries: Sequence[Entry]) -> dict[str, Any]:
    row = look.row
    code = look.seen["ma_muc"]
    sort = ask.parts["sort"]
    relations = base.graph.graph["relations"]
    return {
        "mention": True, "title": f"“{row['nguyen_van']}”" if sort == POINTER else row["nguyen_van"],
        "source": ref(base.graph, row["van_ban_nguon"], ask.links),
        "place": ", ".join(filter(None, (row["vi_tri"], where(code)))) or "xem trong văn bản",
        "place_url": ask.links.document(row["van_ban_nguon"], code), "machine": look.seen["may"],
        "target": _choice(base, ask, look.document) if look.document else None,
        "candidates": [_choice(base, ask, r) for r in candidates_of(base.connection, look)],
        "held": holding(entries, look.subject, look.part),
        "relations": [
            (name, relations[name]["doc_xuoi"]) for name in BASIS_RELATIONS[::-1] if name in relations
        ] if sort == POINTER else [],
        "merge": ask.links.decision(DOCUMENT, row["van_ban"]) if sort == WORK and row["van_ban"] else "",
        **(_around_citation(base, ask, row) if sort == CITATION else _around_unnumbered(base, ask, sort, look)),
    }  # fmt: skip


def _around_citation(base: Base, ask: Ask, row: Row) -> dict[str, Any]:
    """Return why a citation is to be compared, and the next one that is."""
    reasons = base.rows("SELECT loai, goi_y FROM can_doi_chieu WHERE trich_dan = ? ORDER BY id", row["id"])
    number = base.row("SELECT min(id) AS so FROM can_doi_chieu WHERE trich_dan = ?", row["id"])
    after = base.row(
        "SELECT trich_dan FROM can_doi_chieu WHERE chinh = 1 AND id > ? AND trich_dan <> ? ORDER BY id LIMIT 1",
        (number or {}).get("so") or 0, row["id"],
    )  # fmt: skip
    return {
        "reasons": [(reconcile.reason_verdict(r["loai"]), r["goi_y"]) for r in reasons],
        "next": ask.links.decision(CITATION, after["trich_dan"]) if after else "", "list": ask.links.reconcile(),
    }  # fmt: skip


def _around_unnumbered(base: Base, ask: Ask, sort: str, look: Look) -> dict[str, Any]:
    """Return the same of a work or a pointer; one that is decided, or is sure, waits for nothing."""
    waits = unnumbered.reason_of(sort, look.row)
    was = {"loai": look.seen["may"]["trang_thai"], "dich": "", "quy_tac": "", "qua": None}
    reason = waits or unnumbered.reason_of(sort, was)
    after = unnumbered.after(base, reason, str(look.row["id"])) if reason else None
    return {
        "reasons": [(unnumbered.reason_verdict(waits), "")] if waits else [],
        "next": ask.links.decision(sort, after) if after else "",
        "list": ask.links.reconcile(**({"loai": reason} if reason else {})),
    }  # fmt: skip


def _of_document(base: Base, ask: Ask, look: Look, entries: Sequence[Entry]) -> dict[str, Any]:
    row = look.row
    texts = base.rows(
        "SELECT DISTINCT van_ban_nguon AS id FROM trich_dan WHERE van_ban = ? AND la_so_cua_minh = 0 LIMIT ?",
        row["id"], _MOST_TEXTS,
    )  # fmt: skip
    return {
        "title": row["nhan"], "kinds": {"sua": CORRECT, "gop": MERGE, "tach": SPLIT, "trach_nhiem": COVER},
        "fields": [(name, words, _value(row, name)) for name, words in FIELDS.items()], "ways": COVER_WAYS,
        "texts": [(text["id"], ref(base.graph, text["id"], ask.links)) for text in texts],
        "subject_url": ask.links.document(row["id"]), "candidates": [],
    }  # fmt: skip


def _of_task(base: Base, ask: Ask, look: Look, entries: Sequence[Entry]) -> dict[str, Any]:
    relations = base.graph.graph["relations"]
    bases = base.rows(
        "SELECT van_ban FROM can_cu WHERE nhiem_vu = ? AND so_buoc = 1 AND van_ban IS NOT NULL", look.row["id"]
    )  # fmt: skip
    return {
        "title": f"Nhiệm vụ {look.row['ma']}", "kinds": {"them": BASIS}, "subject_url": ask.links.unit(look.row["id"]),
        "source": ref(base.graph, look.row["van_ban"], ask.links), "candidates": [],
        "relations": [(name, relations[name]["doc_xuoi"]) for name in BASIS_RELATIONS if name in relations],
        "bases": [ref(base.graph, b["van_ban"], ask.links) for b in bases],
        "to_keep": [
            row for row in base.rows(
                "SELECT DISTINCT x.van_ban AS id, v.nhan, v.khoa FROM quyet_dinh_can_xem x JOIN van_ban v"
                f" ON v.id = x.van_ban WHERE x.muc = ?{_NO_MENTION} AND x.viec = ?", look.row["id"], SUSPECT,
            ) if holding(entries, look.subject, basis_part(row["khoa"]))
        ],
    }  # fmt: skip


def _findings(base: Base, sort: str, name: str) -> list[dict[str, str]]:
    column = {**MENTIONS, DOCUMENT: "van_ban", TASK: "muc"}[sort]
    own = {DOCUMENT: f"{_NO_MENTION} AND muc IS NULL", TASK: _NO_MENTION}.get(sort, "")
    return _shown_findings(base, f"{column} = ?{own}", name)


def _shown_findings(base: Base, where_: str, name: object) -> list[dict[str, str]]:
    rows = base.rows(f"SELECT * FROM quyet_dinh_can_xem WHERE {where_} ORDER BY id LIMIT 50", name)
    return [{**r, "before": value(r["truoc"]), "after": value(r["nay"])} for r in rows]


def _searched(base: Base, words: str) -> list[Row]:
    """Return the documents that what was typed may mean."""
    if not words[:300]:
        return []
    answer = look_up(base.graph, words[:300])
    nodes = [answer.node] if isinstance(answer, Found) else answer.candidates
    found = [base.row("SELECT * FROM van_ban WHERE id = ?", node) for node in nodes if "#" not in node]
    return [row for row in found if row is not None]


def _choice(base: Base, ask: Ask, row: Row) -> dict[str, Any]:
    facts = [vietnamese_date(row["ngay_ban_hanh"]) if row["ngay_ban_hanh"] else "", row["co_quan_ban_hanh"]]
    return {
        "id": row["id"], "ref": ref(base.graph, row["id"], ask.links), "about": "; ".join(filter(None, facts)),
        "title": row["trich_yeu"], "in_corpus": row["trong_kho"],
        "by_name": row["hinh_thuc"] == FORMS["work"],
    }  # fmt: skip


def _value(row: Row, name: str) -> str:
    words = str(row[name] or "")
    return vietnamese_date(words) if name == "ngay_ban_hanh" and words else words
