"""How well the engine reads plans: their tasks, header and bases against hand annotations (PLANGUIDE of the gold).

A task is found when a unit of kind task or assignment begins with the same words; where several do, the one of the
same place counts. Its fields are judged on found tasks, what it cites on all of them. A task whose note begins with
"borderline" counts neither as miss nor as false find.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extract import doctypes
from extract.as_json import to_json
from extract.capitals import capitals_to_name
from extract.evaluate import Count, GoldError, Share, same_words
from extract.organs import full_name
from extract.pipeline import extract
from extract.read import ReadError, read_file
from extract.read.sniff import SUFFIXES
from extract.text import fold

FORMAT = "cancu-evaluate-tasks/1"
FIELDS = ("lead", "with", "due", "product", "in_table")
HEADER = ("type", "number", "symbol", "date", "issuer", "title", "signer_role")
WORK = frozenset({"task", "assignment"})
_LENGTH = 80
"""The gold has the first hundred characters or so of a task; this many of the folded ones decide."""
_SHORTEST = 25
_BREAK = re.compile(r"<br\s*/?>", re.I)
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """One annotated plan: what the gold says, and the JSON of the extraction."""

    name: str
    gold: Values
    found: Values


@dataclass(slots=True)
class TaskReport:
    """All figures over a set of plans, and the places behind them."""

    tasks: Count = field(default_factory=Count)
    fields: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in FIELDS})
    cites: Count = field(default_factory=Count)
    header: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in HEADER})
    bases: Count = field(default_factory=Count)
    misses: list[str] = field(default_factory=list)
    false_finds: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def all_header(self) -> Share:
        """All header fields of all plans together."""
        return Share(sum(s.right for s in self.header.values()), sum(s.judged for s in self.header.values()))

    def figures(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return {
            "tasks": self.tasks.values(),
            **{name: share.value for name, share in self.fields.items()},
            "cites": self.cites.values(),
            "header": self.all_header.value,
            "header_fields": {name: share.value for name, share in self.header.items()},
            "bases": self.bases.values(),
        }


def load_plans(folder: Path) -> list[Plan]:
    """Read every ``<name>.tasks.json`` of ``folder`` and extract the plan beside it, once for each of its files.

    Raises:
        GoldError: no such pair lies there, or a file is not what it should be.
    """
    if not folder.is_dir():
        raise GoldError(f"Không tìm thấy thư mục “{folder}”.")
    plans: list[Plan] = []
    for path in sorted(folder.glob("*.tasks.json")):
        name = path.name.removesuffix(".tasks.json")
        try:
            gold = json.loads(path.read_text(encoding="utf-8"))
            gold["document"], gold["bases"], [t["text"] for t in gold["tasks"]]
        except (ValueError, KeyError, TypeError) as error:
            raise GoldError(f"Tệp “{path.name}” không đúng dạng bản chú giải nhiệm vụ: {error}.") from error
        for suffix in (suffix for suffixes in SUFFIXES.values() for suffix in suffixes):
            file = path.with_name(name + suffix)
            if file.exists():
                try:
                    plans.append(Plan(file.name, gold, to_json(extract(read_file(file)))))
                except ReadError as error:
                    raise GoldError(str(error)) from error
    if not plans:
        raise GoldError(f"Thư mục “{folder}” không có cặp kế hoạch và tệp .tasks.json nào để đánh giá.")
    return plans


def evaluate_plans(plans: Iterable[Plan]) -> TaskReport:
    """Return the figures over ``plans``."""
    report = TaskReport()
    for plan in plans:
        _count_header(report, plan)
        _count_bases(report, plan)
        _count_tasks(report, plan)
    return report


# --- tasks ----------------------------------------------------------------------------------------


def _count_tasks(report: TaskReport, plan: Plan) -> None:
    units = [u for u in plan.found["units"] if u["kind"] in WORK]
    cited: dict[str, list[Values]] = {}
    for citation in plan.found["citations"]:
        if citation["unit"] and not citation["self"]:
            cited.setdefault(citation["unit"], []).append(citation)
    pairs = _pair(plan.gold["tasks"], units)
    for task, unit in pairs:
        borderline = task is not None and str(task.get("note", "")).startswith("borderline")
        if borderline:
            continue
        if unit is None and task is not None:
            report.tasks.missed += 1
            report.misses.append(f"{plan.name}  {task['path']}  {task['text']}")
            report.cites.missed += len(_cited(task.get("cites", ())))
        elif task is None and unit is not None:
            report.tasks.false += 1
            report.false_finds.append(f"{plan.name}  {unit['id']}  {' '.join(unit['text'].split())[:100]}")
        elif task is not None and unit is not None:
            report.tasks.true += 1
            _judge(report, plan, task, unit)
            _compare(report.cites, _cited(task.get("cites", ())), _cited(cited.get(unit["id"], ())), report, plan, unit)


def _pair(tasks: Sequence[Values], units: Sequence[Values]) -> list[tuple[Values | None, Values | None]]:
    """Pair each task with the unit of its words, one to one in order; what is left stands alone."""
    keys = [_key(u["text"]) for u in units]
    used: set[int] = set()
    pairs: list[tuple[Values | None, Values | None]] = []
    for task in tasks:
        key = _key(task["text"])
        alike = [n for n in range(len(units)) if n not in used and _same_beginning(key, keys[n])]
        here = [n for n in alike if _last(units[n]["id"]) == _last(task["path"])]
        if not alike:
            pairs.append((task, None))
            continue
        chosen = (here or alike)[0]
        used.add(chosen)
        pairs.append((task, units[chosen]))
    return pairs + [(None, u) for n, u in enumerate(units) if n not in used]


def _key(text: str) -> str:
    return "".join(re.findall(r"\w+", fold(_BREAK.sub(" ", text[:400]))))[:200]


def _same_beginning(gold: str, found: str) -> bool:
    shorter, longer = sorted((gold[:_LENGTH], found[:_LENGTH]), key=len)
    return longer.startswith(shorter) and (len(shorter) >= _SHORTEST or len(longer) == len(shorter))


def _last(path: str) -> str:
    return re.split(r"[./\s]+", path.strip())[-1].casefold()


def _judge(report: TaskReport, plan: Plan, task: Values, unit: Values) -> None:
    for name in FIELDS:
        gold, found = task.get(name), unit.get(name)
        if name in ("lead", "with"):
            right = sorted(map(same_words, gold or ())) == sorted(map(same_words, found or ()))
        elif name == "in_table":
            right = bool(gold) == bool(found)
        else:
            right = same_words(gold) == same_words(found)
        report.fields[name].add(right)
        if not right:
            report.wrong.append(f"{plan.name}  {unit['id']}  sai: {name} {gold!r} ≠ {found!r}")


def _cited(items: Iterable[Values]) -> list[str]:
    """Return each cited document once: by its number, or by type and name."""
    keys = (_number(i.get("number", "")) or same_words(f"{i.get('type', '')} {i.get('name', '')}") for i in items)
    return list(dict.fromkeys(k for k in keys if k))


def _number(value: str) -> str:
    return re.sub(r"[‐-―−-]", "-", re.sub(r"\s+", "", value or "")).casefold()


def _compare(
    count: Count, gold: Sequence[str], found: Sequence[str], report: TaskReport, plan: Plan, unit: Values | None
) -> None:
    wanted, given = Counter(gold), Counter(found)
    both = (wanted & given).total()
    count.true += both
    count.missed += wanted.total() - both
    count.false += given.total() - both
    if wanted != given:
        where = unit["id"] if unit is not None else "căn cứ"
        report.wrong.append(f"{plan.name}  {where}  sai: viện dẫn {sorted(wanted)} ≠ {sorted(given)}")


# --- header and bases -----------------------------------------------------------------------------


def _count_header(report: TaskReport, plan: Plan) -> None:
    gold, found = plan.gold["document"], plan.found["document"]
    for name in HEADER:
        if name not in gold:
            continue
        if name == "issuer":
            right = _organ(gold[name], found) == _organ(found[name], found)
        elif name == "title":
            right = _subject(gold[name]) == _subject(found[name])
        else:
            right = same_words(gold[name]) == same_words(found.get(name))
        report.header[name].add(right)
        if not right:
            report.wrong.append(f"{plan.name}  phần đầu  sai: {name} {gold[name]!r} ≠ {found.get(name)!r}")


def _organ(words: str, found: Values) -> str:
    return same_words(full_name(capitals_to_name(" ".join(words.split())), found.get("province", ""))[0])


def _subject(title: str) -> str:
    """The words of a title behind its type and "Về việc"."""
    words = fold(" ".join(title.split())).split()
    for n in range(min(5, len(words)), 0, -1):
        if " ".join(words[:n]) in doctypes.words():
            words = words[n:]
            break
    return same_words(re.sub(r"^(?:v/v|về việc|về)\s+", "", " ".join(words)))


def _count_bases(report: TaskReport, plan: Plan) -> None:
    kinds = {u["id"]: u["kind"] for u in plan.found["units"]}
    found = [
        c for c in plan.found["citations"]
        if kinds.get(c["unit"]) in ("basis", "lead") and c["from"] is None and c["via"] is None and not c["self"]
    ]  # fmt: skip
    _compare(report.bases, _cited(plan.gold["bases"]), _cited(found), report, plan, None)
