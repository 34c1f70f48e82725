"""Pieces that were split in two or more, or run together: whose words went where.

Only neighbours are weighed: a task that is cut in two stays where it was. All is symmetric in the two texts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

HELD = 0.8
"""So many words of a part stand in the whole."""
_LEAST_WORDS = 4
_NEAR = 6
"""The parts of a whole stand this near to each other (pieces)."""
_WHOLE = 0.7
"""So many words of the whole stand in its parts."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A whole of one text, by its index, and the parts of the other in their order."""

    whole: int
    parts: tuple[int, ...]


def held(part: Counter[str], whole: Counter[str]) -> float:
    """Return the share of the words of ``part`` that stand in ``whole``."""
    return sum((part & whole).values()) / max(part.total(), 1)


def unmatched_cuts(
    wholes: Sequence[int], parts: Sequence[int], whole_words: Sequence[Sequence[str]],
    part_words: Sequence[Sequence[str]], places: Mapping[int, int],
) -> Iterator[Cut]:  # fmt: skip
    """Yield the wholes without partner whose words stand in two or more neighbours without partner.

    ``places`` tells for a whole after which piece of the other text it would stand. No part is used twice.
    """
    used: set[int] = set()
    for whole in wholes:
        at = places[whole]
        words = Counter(whole_words[whole])
        found = []
        rest = words.copy()
        for n in parts:
            if n in used or not at < n <= at + _NEAR:
                continue
            bag = Counter(part_words[n])
            if bag.total() >= _LEAST_WORDS and held(bag, rest) >= HELD:
                found.append(n)
                rest -= bag
        if len(found) > 1 and rest.total() <= (1 - _WHOLE) * words.total():
            used.update(found)
            yield Cut(whole, tuple(found))


def cut_off(
    pairs: Mapping[int, int], loose: Sequence[int], whole_words: Sequence[Sequence[str]],
    part_words: Sequence[Sequence[str]],
) -> Iterator[Cut]:  # fmt: skip
    """Yield the wholes that met a part, with the pieces near it that hold words which the whole alone has.

    ``pairs`` are (whole, part that it met), ``loose`` the pieces beside those parts that met nobody.
    """
    near: dict[int, list[int]] = defaultdict(list)
    for n in loose:
        for part in range(n - _NEAR, n + _NEAR + 1):
            near[part].append(n)
    used: set[int] = set()
    for whole, part in sorted(pairs.items()):
        if part not in near:
            continue
        rest = Counter(whole_words[whole]) - Counter(part_words[part])
        found = [part]
        for n in near[part]:
            bag = Counter(part_words[n])
            if n not in used and bag.total() >= _LEAST_WORDS and held(bag, rest) >= HELD:
                found.append(n)
                used.add(n)
                rest -= bag
        if len(found) > 1:
            yield Cut(whole, tuple(sorted(found)))
