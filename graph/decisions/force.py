"""Which entries of the journal hold: an entry whose place a later one took is history, and so is one undone."""

from __future__ import annotations

from collections.abc import Sequence

from graph.decisions.entry import KEEP, UNDO, Entry

HOLDS, REPLACED, UNDONE, LATE, DONE = "đang áp dụng", "đã thay thế", "đã hủy", "ghi sau, chưa áp dụng", "đã ghi"


def standings(entries: Sequence[Entry]) -> dict[int, str]:
    """Return what became of every entry, by number.

    Read from the last to the first: an undo takes its target away (an undo that was undone itself does not), an entry
    takes the place of the one it supersedes and of all earlier ones on its part.
    """
    known = {entry.number: entry for entry in entries}
    gone: dict[int, str] = {}
    found: dict[int, str] = {}
    settled: set[tuple[str, str]] = set()
    for entry in reversed(entries):
        if entry.late is not None:
            found[entry.number] = LATE
            continue
        if entry.number in gone:
            found[entry.number] = gone[entry.number]
            continue
        before = known.get(entry.supersedes) if entry.supersedes is not None else None
        if entry.kind == UNDO:
            found[entry.number] = DONE
            if before is not None:
                gone[before.number] = UNDONE
        elif entry.kind == KEEP:  # renews what was seen; the decision before it still holds
            found[entry.number] = DONE if entry.slot in settled else HOLDS
        else:
            found[entry.number] = REPLACED if entry.slot in settled else HOLDS
            settled.add(entry.slot)
            if before is not None:
                gone.setdefault(before.number, REPLACED)
    return found


def in_force(entries: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Return the decisions that hold, oldest first, each with the entry that tells what was last seen of it.

    The second is the decision itself, or the :data:`~graph.decisions.entry.KEEP` with which a person cleared it.
    """
    states = standings(entries)
    kept: dict[tuple[str, str], Entry] = {}
    found: list[tuple[Entry, Entry]] = []
    for entry in reversed(entries):
        if states[entry.number] != HOLDS:
            continue
        if entry.kind == KEEP:
            kept.setdefault(entry.slot, entry)
        else:
            found.append((entry, kept.get(entry.slot, entry)))
    return found[::-1]


def last_of(entries: Sequence[Entry], subject: str, part: str) -> Entry | None:
    """Return the last entry on a part that was not late: what a person who looks now has seen."""
    return next((e for e in reversed(entries) if e.slot == (subject, part) and e.late is None), None)


def holding(entries: Sequence[Entry], subject: str, part: str) -> Entry | None:
    """Return the decision that holds on a part, None for none."""
    return next((entry for entry, _ in in_force(entries) if entry.slot == (subject, part)), None)
