"""Acts of which a base or a list knows something that a citation can contradict: drawn from there, to be planted.

From the base: acts that its texts repeal or replace, provisions that they repeal or amend, texts whose articles are
all there, acts whose day it knows. The list is made for the measure: what it says of acts (real ones that the base
does not say to have ended, and papers of the made-up tỉnh Minh Họa) is drawn, so that the register is the only source.
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from extract.identity import document_of, is_open, search_key
from extract.numbers import parse_number
from graph.check.known import articles_of
from graph.register.model import Entry, ListFacts
from graph.register.store import save
from graph.statuses import ENDED, ENDED_PARTLY, REVIEW, SUSPENDED

LISTED_ON = "2026-06-30"
_LAWS = ("Luật", "Bộ luật", "Pháp lệnh")
_LONGEST_TITLE = 160
_MADE_UP = 60
_STEP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Act:
    """An act as texts name it, and what is known of it. Days are ISO, "" for none.

    ``names`` are the words up to the number; ``dated`` and ``placed`` where these alone do not tell which act is meant,
    so that day or issuer must stand with them. Before
    ``first`` nobody says that the act (or ``parts`` of it) had ended; after ``sure`` it had, also where only the day is
    known on which the act that ends it was issued: a year is given then. ``untouched`` are provisions that stand.
    ``last`` is its last article. ``slips`` are names with a digit of the number wrong, ``swaps`` with another type or
    organ in it, none of them those of an act of the base; ``other_title`` is what another act is about.
    """

    names: tuple[str, ...]
    date: str
    issuer: str
    title: str
    dated: bool
    placed: bool = False
    first: str = ""
    sure: str = ""
    parts: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()
    last: int = 0
    slips: tuple[str, ...] = ()
    swaps: tuple[str, ...] = ()
    other_title: str = ""


Shelf = Mapping[str, Sequence[Act]]
"""Acts by what is known of them: "ended", "part ended", "amended", "whole", "dated", and the same "listed …"."""


def shelf_of(base: sqlite3.Connection) -> dict[str, list[Act]]:
    """Return the acts of a base by what its own texts tell of them."""
    rows = _rows(base)
    return {
        "ended": list(_ended(base, rows)),
        "part ended": list(_in_parts(base, rows, ENDED_PARTLY)),
        "amended": list(_in_parts(base, rows, REVIEW)),
        "whole": list(_whole(base, rows)),
        "dated": list(_dated(base, rows)),
        "titled": list(_titled(rows)),
    }


def _rows(base: sqlite3.Connection) -> dict[str, tuple[dict[str, Any], Act]]:
    cursor = base.execute("SELECT * FROM van_ban WHERE phien_ban_cua IS NULL AND so_ky_hieu <> '' ORDER BY id")
    columns = [column[0] for column in cursor.description]
    found = {}
    for values in cursor.fetchall():
        row = dict(zip(columns, values, strict=True))
        if act := _act(base, row):
            found[row["id"]] = (row, act)
    return found


def _act(base: sqlite3.Connection, row: Mapping[str, Any]) -> Act | None:
    """Return the act of a row, None where neither its names nor its day tell which one is meant."""
    parts = parse_number(row["so_ky_hieu"])
    if parts is None or not parts.serial or not row["loai"]:
        return None
    told = base.execute(
        "SELECT DISTINCT nguyen_van FROM trich_dan WHERE van_ban = ? AND la_so_cua_minh = 0 AND loai = ?"
        " ORDER BY nguyen_van LIMIT 8",
        (row["id"], row["loai"]),
    )
    names = dict.fromkeys([row["nhan"], *(" ".join(words.split()) for (words,) in told)])
    good = tuple(n for n in names if n.startswith(row["loai"]) and re.search(r"\d/|\d-[A-ZĐ]", n))
    dated = not parts.year and row["loai"] not in _LAWS
    if not good or (dated and len(row["ngay_ban_hanh"]) < 10):
        return None
    title = row["trich_yeu"] if len(row["trich_yeu"]) <= _LONGEST_TITLE else ""
    date, issuer = row["ngay_ban_hanh"], row["co_quan_ban_hanh"]
    placed = row["loai"] not in _LAWS and is_open(document_of(row["so_ky_hieu"], row["loai"], date, "").key)
    if placed:  # a body whose name tells no place is another one in another province
        elsewhere = document_of(row["so_ky_hieu"], row["loai"], date, issuer, "tỉnh Minh Họa")
        if elsewhere.key != row["khoa"]:
            return None
    return Act(good, date, issuer, title, dated, placed)


def _events(base: sqlite3.Connection, *kinds: str) -> dict[str, list[tuple[str, str, str]]]:
    """Return (day, inferred, parts) of the events of ``kinds``, by act."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    marks = ", ".join("?" * len(kinds))
    for act, *event in base.execute(
        f"SELECT van_ban, tu_ngay, suy_ra, phan FROM hieu_luc WHERE su_kien IN ({marks}) AND tu_ngay <> ''"
        " ORDER BY van_ban, id",
        kinds,
    ):
        found.setdefault(act, []).append((event[0], event[1] or "", event[2] or ""))
    return found


def surely(day: str, inferred: str) -> str:
    """Return the last day on which an act may still have been in force that ended on ``day``."""
    return f"{int(day[:4]) + 1:04d}{day[4:]}" if inferred else day


def _ended(base: sqlite3.Connection, rows: Mapping[str, tuple[dict[str, Any], Act]]) -> Iterator[Act]:
    for id_, events in _events(base, ENDED, SUSPENDED).items():
        if id_ in rows:
            days = [surely(day, inferred) for day, inferred, _ in events]
            yield replace(rows[id_][1], first=min(day for day, _, _ in events), sure=max(days))


def _in_parts(base: sqlite3.Connection, rows: Mapping[str, tuple[dict[str, Any], Act]], kind: str) -> Iterator[Act]:
    """Yield each act of which only provisions ended or were amended, once for each event that tells them."""
    whole = _events(base, ENDED, SUSPENDED)
    touched = _events(base, ENDED_PARTLY, REVIEW)
    for id_, events in _events(base, kind).items():
        if id_ not in rows or id_ in whole:
            continue
        all_parts = [p for _, _, parts in touched[id_] for p in parts.split("; ")]
        articles = {m[1] for p in all_parts if (m := re.search(r"Điều (\d+)", p))}
        untouched = tuple(f"Điều {n}" for n in range(1, 12) if str(n) not in articles) if all(all_parts) else ()
        first = min(day for day, _, _ in touched[id_])
        for day, inferred, told in events:
            parts = tuple(p for p in told.split("; ") if re.fullmatch(r"(?:(?:điểm|khoản) [\wđ]+ )*Điều \d+[a-zđ]?", p))
            if parts:
                yield replace(rows[id_][1], first=first, sure=surely(day, inferred), parts=parts, untouched=untouched)


def _whole(base: sqlite3.Connection, rows: Mapping[str, tuple[dict[str, Any], Act]]) -> Iterator[Act]:
    amended = _events(base, REVIEW)
    for id_, text in base.execute("SELECT van_ban, noi_dung FROM tep ORDER BY rowid"):
        articles = articles_of(text)
        if articles and id_ in rows and id_ not in amended:
            yield replace(rows[id_][1], last=max(articles))


def _dated(base: sqlite3.Connection, rows: Mapping[str, tuple[dict[str, Any], Act]]) -> Iterator[Act]:
    """Yield the acts whose day the base knows: from their own text, or from two other texts and no other day."""
    told = dict(base.execute(
        "SELECT van_ban, count(DISTINCT van_ban_nguon) FROM trich_dan WHERE length(ngay) = 10 AND la_so_cua_minh = 0"
        " GROUP BY van_ban HAVING count(DISTINCT ngay) = 1"
    ))  # fmt: skip
    for id_, (row, act) in rows.items():
        if len(act.date) == 10 and (row["trong_kho"] or told.get(id_, 0) > 1):
            yield act


_SYMBOLS = ("NQ", "QĐ", "CT", "KH", "TB", "BC", "TT", "NĐ")
_ORGANS = ("CP", "TTg", "UBND", "HĐND", "BTC", "BNV", "BCT", "BYT")
_SHORTEST_TITLE = 25


def _titled(rows: Mapping[str, tuple[dict[str, Any], Act]]) -> Iterator[Act]:
    """Yield the acts with day, issuer and title, each with numbers that nearly are its own."""
    taken = {row["so_tim"] for row, _ in rows.values()}
    whole = [
        (row, act) for row, act in rows.values()
        if len(act.date) == 10 and act.issuer and len(act.title) > _SHORTEST_TITLE and row["loai"] not in _LAWS
    ]  # fmt: skip
    for n, (row, act) in enumerate(whole):
        parts = parse_number(row["so_ky_hieu"])
        if parts is None or not parts.serial.isdigit() or len(parts.groups) != 2:
            continue
        rest = row["so_ky_hieu"].removeprefix(parts.serial)
        slips = [f"{serial}{rest}" for serial in _slips(parts.serial)]
        groups = [(code, parts.groups[1]) for code in _SYMBOLS] + [(parts.groups[0], code) for code in _ORGANS]
        swaps = [replace(parts, groups=both).printed for both in groups if both != parts.groups]
        named = [
            tuple(f"{row['loai']} số {number}" for number in numbers if search_key(number) not in taken)
            for numbers in (slips, swaps)
        ]
        other = whole[(n + len(whole) // 2) % len(whole)][1].title
        if all(named) and other != act.title:
            yield replace(act, slips=named[0], swaps=named[1], other_title=other)


def _slips(serial: str) -> list[str]:
    """Return what one slip of a finger makes of a number."""
    places = range(len(serial))
    made = [serial[:n] + str((int(serial[n]) + step) % 10) + serial[n + 1 :] for n in places for step in (1, 4)]
    made += [serial[:n] + serial[n + 1 :] for n in places if len(serial) > 1]
    made += [serial[:n] + serial[n] + serial[n:] for n in places]
    made += [serial[:n] + serial[n + 1] + serial[n] + serial[n + 2 :] for n in range(len(serial) - 1)]
    return [one for one in dict.fromkeys(made) if int(one) and int(one) != int(serial)]


# --- the list ---------------------------------------------------------------------------------------


def make_list(base: sqlite3.Connection, path: Path, seed: int, many: int = 200) -> dict[str, list[Act]]:
    """Write a register at ``path`` about real and made-up acts; return those acts by what it says of them."""
    chance = random.Random(f"{seed} list")
    ended = _events(base, ENDED, SUSPENDED, ENDED_PARTLY, REVIEW)
    known = [
        (row["so_ky_hieu"], row["loai"], act) for id_, (row, act) in _rows(base).items()
        if len(act.date) == 10 and act.issuer and id_ not in ended
        and document_of(row["so_ky_hieu"], row["loai"], act.date, act.issuer, "tỉnh Minh Họa").key == row["khoa"]
    ]  # fmt: skip
    acts = [*chance.sample(known, min(many, len(known))), *_made_up(chance)]
    shelf: dict[str, list[Act]] = {"listed ended": [], "listed part ended": [], "listed dated": []}
    entries: list[Entry] = []
    for row, (number, type_, act) in enumerate(acts, 2):
        plain = Entry(row, number, type_, act.date, act.issuer, act.title)
        kind = chance.choice(tuple(shelf))
        entry, told = (_LISTINGS[kind])(chance, plain, act)
        entries.append(entry)
        shelf[kind].append(told)
    facts = ListFacts("Danh mục để đo", LISTED_ON, "danh-muc.csv", "0" * 64)
    path.unlink(missing_ok=True)
    save(path, facts, entries)
    return shelf


def _made_up(chance: random.Random) -> Iterator[tuple[str, str, Act]]:
    for n in range(_MADE_UP):
        day = date(2016, 1, 4) + timedelta(days=chance.randint(0, 2500))
        whole = chance.random() < 0.5
        number = f"{n + 3}/{day.year}/QĐ-UBND" if whole else f"{n + 103}/QĐ-UBND"
        title = chance.choice(("về quản lý chợ", "quy định về bến xe", "phê duyệt đề án phát triển làng nghề"))
        names = (f"Quyết định số {number}",)
        act = Act(names, day.isoformat(), "UBND tỉnh Minh Họa", title, dated=not whole, placed=True)
        yield number, "Quyết định", act


def _list_ended(chance: random.Random, entry: Entry, act: Act) -> tuple[Entry, Act]:
    day = _later(chance, act.date)
    words = f"Nghị định số {chance.randint(10, 150)}/{day[:4]}/NĐ-CP ngày {day[8:]}/{day[5:7]}/{day[:4]}"
    way = chance.randrange(4)
    if way == 0:
        return replace(entry, status=ENDED, ended=day), replace(act, first=day, sure=day)
    if way == 1:
        return replace(entry, ended=day, replaced_by=words), replace(act, first=day, sure=day)
    if way == 2:  # from when that has effect nobody tells
        return replace(entry, status=ENDED, repealed_by=words), replace(act, first=day, sure=surely(day, "by its date"))
    return replace(entry, status=ENDED), replace(act, sure=LISTED_ON)


def _list_part_ended(chance: random.Random, entry: Entry, act: Act) -> tuple[Entry, Act]:
    day = _later(chance, act.date)
    article, clause = chance.randint(2, 20), chance.randint(1, 5)
    part = chance.choice((f"Điều {article}", f"khoản {clause} Điều {article}"))
    made = replace(entry, status=ENDED_PARTLY, ended=day, ended_parts=part)
    return made, replace(act, first=day, sure=day, parts=(part,), untouched=(f"Điều {article + 1}",))


def _list_dated(chance: random.Random, entry: Entry, act: Act) -> tuple[Entry, Act]:
    return entry, act


_LISTINGS = {"listed ended": _list_ended, "listed part ended": _list_part_ended, "listed dated": _list_dated}


def _later(chance: random.Random, day: str) -> str:
    first, last = date.fromisoformat(day) + 30 * _STEP, date.fromisoformat(LISTED_ON)
    if first >= last:
        return last.isoformat()
    return (first + chance.randint(0, (last - first).days) * _STEP).isoformat()
