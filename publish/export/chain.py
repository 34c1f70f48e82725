"""The citation chain of a task or a document as a :class:`ChainSheet`, ring by ring, each hop with its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import networkx as nx

from graph.basis import INHERITED, TaskBasis, weigh_task
from graph.citation_graph import Edge, edges_from
from graph.trace import tasks_of
from graph.words import PLANNED, RESOLVED
from publish.export import phrases
from publish.export.details import Details
from publish.export.errors import ExportError
from publish.export.hops import Hop, Hops, hops_down, hops_up
from publish.export.rows import Draft, RowWriter
from publish.export.sheet import ChainGroup, ChainRow, ChainSheet

__all__ = ["ChainGroup", "ChainRow", "ChainSheet", "chain_of", "chain_of_document", "chain_of_task"]

_COUNTED = frozenset({"task", "assignment"})
_NOTES = (
    "Quan hệ và câu nguyên văn lấy từ các tệp nguồn ghi dưới đây. Văn bản chưa có toàn văn trong kho dữ liệu chỉ được "
    "biết qua câu viện dẫn.",
    "“(suy luận)”: văn bản viện dẫn không ghi, chương trình suy ra. “--”: nguồn không ghi.",
)
_NO_VALIDITY = (
    "“Trạng thái nhận dạng” cho biết đã xác định được văn bản hay chưa, không phải tình trạng hiệu lực; cần đối chiếu "
    "hiệu lực của từng văn bản trước khi sử dụng."
)
_VALIDITY = (
    "“Trạng thái nhận dạng” cho biết đã xác định được văn bản hay chưa. “Hiệu lực” nêu theo nguồn ghi kèm (danh mục đã "
    "nhập, văn bản trong kho dữ liệu), “Chưa xác định” khi không nguồn nào ghi; chương trình không kết luận về hiệu "
    "lực, cần đối chiếu văn bản gốc trước khi sử dụng."
)
_FURTHER_UP = "văn bản mà các văn bản ở vòng {} dẫn đến"
_CUT = "Chuỗi còn dài hơn số vòng nêu trong bảng; các vòng xa hơn không được liệt kê."


def chain_of(graph: nx.MultiDiGraph, node: str, details: Details | None = None) -> ChainSheet:
    """Return the chain of ``node``, whichever kind it is.

    Raises:
        ExportError: there is no such node.
    """
    if node not in graph:
        raise ExportError(f"Không có văn bản hay nhiệm vụ “{node}” trong kho dữ liệu.")
    if phrases.is_unit(graph, node):
        return chain_of_task(graph, node, details)
    return chain_of_document(graph, node, details)


def chain_of_task(graph: nx.MultiDiGraph, task: str, details: Details | None = None) -> ChainSheet:
    """Return what a task rests on, up to the highest document.

    Its bases ring by ring; the bases it inherits when it names none; soft words that name no document; announced acts;
    what it acts on, named as object and not as basis. ``details`` adds file names and what was inferred.

    Raises:
        ExportError: ``task`` is not a task, assignment or group of ``graph``.
    """
    if task not in graph or not phrases.is_unit(graph, task):
        raise ExportError(f"“{task}” không phải là nhiệm vụ trong kho dữ liệu.")
    writer = RowWriter(graph, details or Details())
    basis, data = weigh_task(graph, task), graph.nodes[task]
    plan, name = data["plan"], phrases.mention(graph, task)
    up = hops_up(graph, task)
    head = [writer.task(task, 0, f"thuộc {graph.nodes[plan]['label']}", None, basis)]
    groups: list[Draft] = [(phrases.label(graph, task), head)]
    groups += writer.rings(up, f"văn bản nêu ngay trong {name}", _FURTHER_UP)
    inherited = [writer.above(edge, 2) for edge in _inherited(graph, basis)]
    groups.append((f"Căn cứ kế thừa: căn cứ của kế hoạch ({name} không nêu căn cứ riêng)", inherited))
    groups.append(("Căn cứ chưa nói rõ văn bản nào", list(writer.soft(task))))
    groups += _other_ways(writer, up, name)
    facts = [f"Đơn vị chủ trì: {basis.lead}." if basis.lead else "", f"Thời hạn: {basis.due}." if basis.due else ""]
    facts.append(f"Độ mạnh căn cứ: {basis.strength}{_top(graph, basis)}.")
    return ChainSheet(
        heading=f"CHUỖI CĂN CỨ CỦA {phrases.label(graph, task).removesuffix(data['code']).strip().upper()}",
        subject=f"{phrases.label(graph, task)} thuộc {phrases.full_citation(graph, plan)}",
        lines=tuple(filter(None, facts)),
        warnings=(*basis.warnings, *_out_of_force(writer)),
        groups=_numbered(groups),
        notes=(*_notes(writer), *([_CUT] if up.cut else [])),
        stated_in=frozenset({plan, *writer.stated_in}),
        day=writer.day,
    )


def _top(graph: nx.MultiDiGraph, basis: TaskBasis) -> str:
    return f"; văn bản cao nhất trên chuỗi: {graph.nodes[basis.highest]['label']}" if basis.highest else ""


def chain_of_document(graph: nx.MultiDiGraph, document: str, details: Details | None = None) -> ChainSheet:
    """Return what a document rests on (upwards) and what rests on it (downwards), ring by ring.

    Downwards: documents, plans and tasks that reach it, announced acts apart, then the tasks that only inherit it
    because their plan rests on it. ``details`` adds file names and what was inferred.

    Raises:
        ExportError: ``document`` is not a document of ``graph``.
    """
    if document not in graph or phrases.is_unit(graph, document):
        raise ExportError(f"“{document}” không phải là văn bản trong kho dữ liệu.")
    writer = RowWriter(graph, details or Details())
    name = graph.nodes[document]["label"]
    up, down = hops_up(graph, document), hops_down(graph, document)
    groups: list[Draft] = [("Văn bản được tra cứu", [writer.document(document, 0, "văn bản được tra cứu", None)])]
    groups += writer.rings(up, f"văn bản mà {name} dẫn đến", _FURTHER_UP, "Chiều lên, vòng")
    groups += _other_ways(writer, up, name)
    groups += writer.rings(
        down, f"văn bản, nhiệm vụ gắn trực tiếp với {name}", "văn bản, nhiệm vụ gắn với các văn bản ở vòng {}",
        "Chiều xuống, vòng", down=True,
    )  # fmt: skip
    planned = [writer.below(hop.edge, hop.ring) for hop in down.hops if hop.way == "planned"]
    groups.append((f"Việc dự kiến đối với {name} hoặc văn bản gắn với văn bản này (chưa ban hành)", planned))
    heirs = list(_heirs(graph, down))
    inherited = [writer.heir(task, hop) for task, hop in heirs]
    groups.append(("Nhiệm vụ chỉ kế thừa, qua căn cứ của kế hoạch (không tự nêu căn cứ)", inherited))
    tasks = {h.edge.source for h in down.hops if h.way == "rests" and graph.nodes[h.edge.source]["kind"] in _COUNTED}
    return ChainSheet(
        heading="CHUỖI CĂN CỨ VÀ PHẠM VI TÁC ĐỘNG CỦA VĂN BẢN",
        subject=phrases.full_citation(graph, document),
        lines=(f"Số nhiệm vụ dẫn đến văn bản này: {len(tasks)}; chỉ kế thừa qua kế hoạch: {len(heirs)}.",),
        warnings=(*_document_warnings(graph, document), *_out_of_force(writer)),
        groups=_numbered(groups),
        notes=(*_empty_sides(graph, document, up, down), *_notes(writer), *([_CUT] if up.cut or down.cut else [])),
        stated_in=frozenset(writer.stated_in),
        day=writer.day,
    )


def _notes(writer: RowWriter) -> tuple[str, ...]:
    first, *others = _NOTES
    return first, _VALIDITY if writer.day else _NO_VALIDITY, *others


def _out_of_force(writer: RowWriter) -> Iterator[str]:
    for found in writer.out_of_force.values():
        yield f"{found.label}: {found.words[:1].lower()}{found.words[1:]}"


def _document_warnings(graph: nx.MultiDiGraph, document: str) -> Iterator[str]:
    data = graph.nodes[document]
    if data["status"] != RESOLVED:
        yield f"{data['label']}: {data['status']}, {phrases.CHECK}"
    if phrases.printed(data):
        yield f"văn bản viện dẫn ghi số, ký hiệu là {phrases.printed(data)}"


def _empty_sides(graph: nx.MultiDiGraph, document: str, up: Hops, down: Hops) -> Iterator[str]:
    data = graph.nodes[document]
    if not up.hops and data["in_corpus"]:
        yield f"Không tìm thấy căn cứ nào trong toàn văn {data['label']}."
    elif not up.hops:
        yield f"Chưa biết {data['label']} căn cứ vào văn bản nào: toàn văn chưa có trong kho dữ liệu."
    if not down.hops:
        yield f"Trong kho dữ liệu chưa thấy văn bản, nhiệm vụ nào dẫn đến {data['label']}."


def _inherited(graph: nx.MultiDiGraph, basis: TaskBasis) -> Iterator[Edge]:
    """Yield the claims of the plan that :func:`graph.basis.weigh_task` lets the task inherit, each once."""
    handed_down = {(item.document, item.relation) for item in basis.items if item.way == INHERITED}
    for edge in edges_from(graph, basis.plan):
        if edge.status != PLANNED and (edge.target, edge.relation) in handed_down:
            handed_down.discard((edge.target, edge.relation))
            yield edge


def _heirs(graph: nx.MultiDiGraph, down: Hops) -> Iterator[tuple[str, Hop]]:
    """Yield the tasks that only inherit, with the hop by which their plan rests on a document of the chain."""
    plans: dict[str, dict[tuple[str, str], Hop]] = {}
    for hop in down.hops:
        if hop.way == "rests" and graph.nodes[hop.edge.source].get("in_corpus"):
            plans.setdefault(hop.edge.source, {}).setdefault((hop.edge.target, hop.edge.relation), hop)
    for plan, hops in plans.items():
        for node in tasks_of(graph, plan):
            if graph.nodes[node]["kind"] != "task":
                continue
            for edge in _inherited(graph, weigh_task(graph, node)):
                if (edge.target, edge.relation) in hops:
                    yield node, hops[edge.target, edge.relation]
                    break


def _other_ways(writer: RowWriter, up: Hops, name: str) -> list[Draft]:
    """Return the groups of what is reached upwards and is no basis."""
    return [
        (heading, [writer.above(hop.edge, hop.ring) for hop in up.hops if hop.way == way])
        for way, heading in (
            ("planned", "Việc dự kiến (chưa ban hành)"),
            ("act", "Văn bản được sửa đổi, thay thế, bãi bỏ… bởi một văn bản ở các vòng trên"),
            ("object", f"Đối tượng tác động của {name} (không phải căn cứ) và văn bản gắn với đối tượng đó"),
        )
    ]


def _numbered(groups: Iterable[Draft]) -> tuple[ChainGroup, ...]:
    """Leave out empty groups, number the headings (I, II …) and the rows (1, 2 … running on through the groups)."""
    finished: list[ChainGroup] = []
    number = 0
    for heading, rows in groups:
        if not rows:
            continue
        first, number = number + 1, number + len(rows)
        count = "" if not finished else f" ({len(rows)})"
        finished.append(
            ChainGroup(
                f"{roman(len(finished) + 1)}. {heading}{count}",
                tuple(replace(row, number=n) for n, row in enumerate(rows, first)),
            )
        )
    return tuple(finished)


def roman(number: int) -> str:
    """Return a heading's number; there are never more groups than rings on two sides and a handful of others."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]
