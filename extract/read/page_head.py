"""The two columns of a page's head and of its end, read one after the other (NĐ 30/2020/NĐ-CP, PL I).

Left stand organ and number, or "Nơi nhận"; right the motto and the day, or who signs. Pages that were written row
by row mix them in every line.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from extract.read.page_words import Run
from extract.text import fold

_MOTTO = re.compile(r"(?:cộng hòa xã hội chủ nghĩa|đảng cộng sản việt nam)")
_SECOND = re.compile(r"độc lập\W+tự do")
_NUMBER = re.compile(r"số\s*:|số\s+[\d./…-]|số$")
_DAY = re.compile(r"(?<!\w)ngày\W.{0,30}?tháng\W.{0,30}?năm(?!\w)")
_SUBJECT = re.compile(r"\(?\s*v/v|về việc|\*$")
_RECIPIENTS = re.compile(r"nơi nhận\s*:?")
_HEAD_HEIGHT = 150.0
"""Number and day stand within this distance below the motto (points)."""


def _said(run: Run) -> str:
    return fold(" ".join(w.text for w in run.words))


def is_first_page(runs: list[Run], height: float) -> bool:
    """Tell whether the motto stands in the upper half of the page: a document begins here."""
    return any(run.middle > height / 2 and _MOTTO.search(_said(run)) for run in runs)


def in_columns(runs: list[Run], height: float) -> list[Run]:
    """Return the lines of a page with the left column before the right one, at its head and at its end."""
    for run in runs:
        if run.middle > height / 2 and (found := _MOTTO.search(said := _said(run))):
            edge = _x(run, said, found.start())
            runs = _head(runs, run.middle, edge)
            break
    for run in runs:
        if run.words[0].text[0] in "Nn" and _RECIPIENTS.match(_said(run)):
            return _end(runs, run)
    return runs


def _head(runs: list[Run], top: float, edge: float) -> list[Run]:
    near = [r for r in runs if -30 < top - r.middle < _HEAD_HEIGHT]
    low = top
    for mark in (_NUMBER.match, _DAY.search, _SECOND.search):
        # the first of each kind; days and numbers of the text below stand further left or come later
        found = [
            r.middle
            for r in near
            if (m := mark(said := _said(r))) and (mark is _NUMBER.match or _x(r, said, m.start()) > edge - 90)
        ]
        low = min(low, max(found, default=low))
    low -= 2
    left_end = low
    for run in sorted(near, key=lambda r: -r.middle):  # the subject of a letter stands under its number
        if run.middle < low and run.x1 < edge + 10:
            started = left_end < low
            if left_end - run.middle < 2.2 * run.height and (started or _SUBJECT.match(_said(run))):
                left_end = run.middle - 2
    within = {id(r) for r in near if r.middle >= low or (r.middle >= left_end and r.x1 < edge + 10)}
    return _split(runs, lambda r: id(r) in within, edge, 80.0)


def _x(run: Run, said: str, at: int) -> float:
    """Return where the word stands whose letter is the one at ``at`` of ``said``."""
    return run.words[min(said.count(" ", 0, at), len(run.words) - 1)].x0


def _end(runs: list[Run], recipients: Run) -> list[Run]:
    """Read the recipients before who signs, when both stand in the same lines."""
    split = _gap(recipients, None, 0.0)
    beside = [
        r.x0
        for r in runs
        if abs(r.middle - recipients.middle) < 0.6 * r.height and r.x0 > recipients.x1 + 2 * recipients.height
    ]
    if split is None and not beside:
        return runs
    edge = min(beside) if split is None else recipients.words[split].x0
    across = [
        r.middle
        for r in runs
        if r.middle < recipients.middle - 2 and r.x0 < edge - 60 and r.x1 > edge + 30 and _gap(r, edge, 60.0) is None
    ]
    low = max(across, default=-1.0)
    return _split(runs, lambda r: low < r.middle <= recipients.middle + 2, edge, 60.0)


def _split(runs: list[Run], within: Callable[[Run], bool], edge: float, slack: float) -> list[Run]:
    """Return the lines with those that are ``within`` parted at ``edge`` ± ``slack``: all left, then all right."""
    left: list[Run] = []
    right: list[Run] = []
    rest: list[Run] = []
    place = -1
    for run in runs:
        if not within(run):
            rest.append(run)
            continue
        if place < 0:
            place = len(rest)
        if run.x1 < edge + 10:
            left.append(run)
        elif run.x0 > edge - slack / 2 and (run.x0 > edge - 10 or _gap(run, edge, slack) is None):
            right.append(run)
        else:
            split = _gap(run, edge, slack)
            if split is None:
                right.append(run)
            else:
                left.append(Run(run.words[:split]))
                right.append(Run(run.words[split:]))
    place = max(place, 0)
    return rest[:place] + _downwards(left) + _downwards(right) + rest[place:]


def _downwards(column: list[Run]) -> list[Run]:
    """Return the lines of a column from the top down; what stands apart on one base line (a blank's ends) is one."""
    lines: list[list[Run]] = []
    for run in sorted(column, key=lambda r: -r.middle):
        if lines and lines[-1][0].middle - run.middle < 0.4 * run.height:
            lines[-1].append(run)
        else:
            lines.append([run])
    return [Run([word for run in sorted(line, key=lambda r: r.x0) for word in run.words]) for line in lines]


def _gap(run: Run, edge: float | None, slack: float) -> int | None:
    """Return the word after the widest gap of a line (near ``edge``), None when no gap is wider than a blank."""
    best, widest = None, 0.0
    for n in range(1, len(run.words)):
        before, after = run.words[n - 1].x1, run.words[n].x0
        near = edge is None or (after >= edge - slack / 2 and before <= edge + slack)
        if near and after - before > widest and after - before > (0.5 if edge is not None else 2.0) * run.height:
            best, widest = n, after - before
    return best
