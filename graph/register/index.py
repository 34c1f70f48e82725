"""Which entry of the register a citation means: by number, and by all else that the citation tells.

An entry fits when its number is the same and nothing that the citation tells (type, year or day, organ) speaks against
it. One that fits alone closes what the citation leaves open; of several each is a candidate. The number alone is no
reason: a number without year or organ counts only for organs that are sure, that is national ones and those of the
province that the citing document is of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extract.identity import document_of, is_open, search_key
from extract.model import Document
from extract.organs import by_name, province_in
from extract.text import fold, plain
from graph.register import store
from graph.register.model import Entry, Known
from graph.words import vietnamese_date


@dataclass(frozen=True, slots=True)
class Named:
    """An entry and the document that it names."""

    known: Known
    document: Document


@dataclass(frozen=True, slots=True)
class Answer:
    """What the register says of a document that a text leaves open: the one it is, or those it may be."""

    closed: Named | None = None
    candidates: tuple[Named, ...] = ()


class Register:
    """The register beside a base, opened for a build; numbers are held, rows are read when they are asked for."""

    def __init__(self, path: Path) -> None:
        """Open the register at ``path``; a file that is not there is an empty one."""
        self._path = path
        self._ids: dict[str, list[int]] = {}
        self._order: dict[int, int] = {}
        for n, (id_, number) in enumerate(store.numbers_of(path)):
            self._ids.setdefault(search_key(number), []).append(id_)
            self._order[id_] = n
        self._named: dict[str, tuple[Named, ...]] = {}

    def __bool__(self) -> bool:
        """True when it has entries."""
        return bool(self._ids)

    def under(self, number: str) -> tuple[Named, ...]:
        """Return the entries with a number in any spelling, the newest list first."""
        key = search_key(number)
        if key not in self._ids:
            return ()
        if key not in self._named:
            self._named[key] = tuple(map(named, store.entries_of(self._path, self._ids[key])))
        return self._named[key]

    def all(self) -> Iterator[Known]:
        """Yield all entries, the newest list first."""
        return store.entries_of(self._path)

    def with_numbers(self, keys: Collection[str]) -> Iterator[Named]:
        """Yield the entries whose number has one of ``keys`` (:func:`extract.identity.search_key`), newest first."""
        ids = [id_ for key, found in self._ids.items() if key in keys for id_ in found]
        return map(named, store.entries_of(self._path, sorted(ids, key=lambda id_: self._order[id_])))

    def resolve(self, document: Document, province: str, day: str, others: Iterable[str] = ()) -> Answer:
        """Return which entry ``document`` means.

        ``province`` and ``day`` are those of the citing text, ``others`` the keys of documents of that text that
        ``document`` may be as well: an entry closes it only where none of these is another document.
        """
        if document.form != "number" or not is_open(document.key):
            return Answer()
        fitting = [n for n in self.under(document.number) if _fits(document, n, day)]
        sure: dict[str, Named] = {}
        loose: dict[str, Named] = {}
        for one in fitting:
            whole = not is_open(one.document.key) and _same_place(document, one.document, province)
            (sure if whole else loose).setdefault(one.document.key, one)
        keys = {*sure, *others}
        loose = {k: n for k, n in loose.items() if not any(_compatible(n.document.key, key) for key in sure)}
        if len(keys) == 1 and sure and not loose:
            return Answer(closed=next(iter(sure.values())))
        return Answer(candidates=(*sure.values(), *loose.values())[:_MOST])


_MOST = 20


def named(known: Known) -> Named:
    """Return an entry with the document that it names."""
    entry = known.entry
    return Named(known, document_of(entry.number, entry.type, entry.date, entry.issuer))


def source_words(known: Known) -> str:
    """Return where an entry comes from: "danh mục “Sở Tư pháp tỉnh Minh Họa” ngày 31/12/2024"."""
    return f"danh mục “{known.list.source}” ngày {vietnamese_date(known.list.date)}"


def choice(entry: Entry, document: Document) -> str:
    """Return an entry as one of several that may be meant: number, day, organ."""
    facts = ", ".join(filter(None, (entry.date, document.issuer)))
    label = f"{document.type or 'Văn bản'} số {entry.number}"
    return f"{label} ({facts}) theo danh mục" if facts else f"{label} theo danh mục"


def disagreement(document_date: str, entry: Entry) -> str:
    """Return how the day of a document and of its entry contradict each other, "" where they do not."""
    if not document_date or not entry.date or _prefix(document_date, entry.date):
        return ""
    return (
        f"ngày ban hành trong danh mục là {vietnamese_date(entry.date)}, văn bản trong kho ghi "
        f"{vietnamese_date(document_date)}"
    )


def _fits(document: Document, one: Named, day: str) -> bool:
    entry = one.known.entry
    if not _compatible(document.key, one.document.key):
        return False
    if document.date and entry.date and not _prefix(document.date, entry.date):
        return False
    return not (len(day) == 10 and entry.date and entry.date > day)


def _prefix(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _compatible(told: str, entry: str) -> bool:
    """Tell whether two keys may be of one document: what both know is the same (type, number, period, organ)."""
    first, second = (key.split("|")[1:5] for key in (told, entry))
    type_, number, period, organ = zip(first, second, strict=False)
    if number[0] != number[1] or ("" not in type_ and type_[0] != type_[1]):
        return False
    if "?" not in period and period[0] != period[1]:
        return False
    one, other = (o.removesuffix("?").strip() for o in organ)
    return (
        not one or not other or one == other or f"{one} ".startswith(f"{other} ") or f"{other} ".startswith(f"{one} ")
    )


def _same_place(document: Document, entry: Document, province: str) -> bool:
    """Tell whether the organ of an entry is sure to be the one that the citation leaves out."""
    organ = document.key.split("|")[4]
    if not organ.endswith("?"):
        return True
    known = by_name().get(fold(entry.issuer))
    if known is not None and known.level in ("central", "ministry", "party"):
        return True
    place = province_in(entry.issuer)
    told = province_in(document.issuer)
    return bool(place) and plain(place) == plain(told or province)
