"""What ``cancu evaluate`` prints: the reading scored against hand annotations, as lines for people or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from extract import evaluate, evaluate_tasks
from publish.scores import score_lines, task_score_lines


def passage_lines(folder: Path, *, as_json: bool) -> Iterator[str]:
    """Yield the score of the passages in ``folder`` (``NNN.txt`` and ``NNN.json``).

    Raises:
        extract.evaluate.GoldError: they cannot be read; the message is a Vietnamese sentence.
    """
    passages = evaluate.load_passages(folder)
    report, kinds = evaluate.evaluate(passages), evaluate.by_kind(passages)
    if not as_json:
        yield from score_lines(report, kinds, len(passages))
        return
    values = {
        "format": evaluate.FORMAT, "passages": len(passages), "figures": report.figures(),
        "by_kind": {kind: part.figures() for kind, part in kinds.items()},
        "misses": report.misses, "false_finds": report.false_finds, "wrong": report.wrong,
    }  # fmt: skip
    yield json.dumps(values, ensure_ascii=False, indent=1)


def plan_lines(folder: Path, *, as_json: bool) -> Iterator[str]:
    """Yield the score of the plans in ``folder`` (a document and ``NAME.tasks.json``); errors as above."""
    plans = evaluate_tasks.load_plans(folder)
    report = evaluate_tasks.evaluate_plans(plans)
    if not as_json:
        yield from task_score_lines(report, len(plans))
        return
    values = {
        "format": evaluate_tasks.FORMAT, "plans": len(plans), "figures": report.figures(), "misses": report.misses,
        "false_finds": report.false_finds, "wrong": report.wrong,
    }  # fmt: skip
    yield json.dumps(values, ensure_ascii=False, indent=1)
