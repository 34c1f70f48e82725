"""Made-up graphs in the shape of real bases, for the benchmark of the lane drawing."""

from __future__ import annotations

import random
from typing import Any

import networkx as nx

from graph.citation_graph import PART_OF, build_graph
from graph.ranks import PLAN, TASK

SEEDS = (1, 2, 3, 4, 5)
# how many nodes each rank has, in 150: as in the graph of a plan and of what its documents cite
SHAPE = {1: 4, 2: 9, 3: 7, 4: 6, 5: 6, 6: 6, 7: 28, 8: 6, PLAN.number: 4, TASK.number: 74}
# which ranks a document of a rank cites, most often first in weight
CITES: dict[int, dict[int, int]] = {
    TASK.number: {7: 60, 4: 15, 3: 9, 6: 6, 2: 6, 8: 4}, PLAN.number: {5: 3, 6: 3, 7: 6, 8: 2, 2: 1},
    8: {8: 1, 7: 3, 3: 1}, 7: {2: 6, 3: 2, 4: 5, 5: 5, 6: 2, 7: 4}, 6: {4: 3, 2: 1}, 5: {1: 4, 2: 1},
    4: {2: 1}, 3: {4: 2, 2: 4}, 2: {1: 4, 2: 2},
}  # fmt: skip
# how many citations: (number, weight)
COUNTS: dict[int, tuple[tuple[int, int], ...]] = {
    TASK.number: ((1, 74), (2, 20), (3, 6)), PLAN.number: ((4, 1), (5, 1), (6, 1)), 7: ((0, 2), (1, 4), (2, 3)),
}  # fmt: skip
_OTHERS = ((0, 2), (1, 3), (2, 1))
_NAMES = {
    1: "Nghị quyết số {}-NQ/TW", 2: "Nghị định số {}/2023/NĐ-CP", 3: "Thông tư số {}/2023/TT-BMH",
    4: "Chương trình số {}", 5: "Nghị quyết số {}-NQ/TU", 6: "Nghị quyết số {}/NQ-HĐND",
    7: "Quyết định số {}/QĐ-UBND", 8: "Công văn số {}/SMH-VP",
    9: "Kế hoạch số {}/KH-UBND",
}  # fmt: skip


def make_graph(seed: int, nodes: int = 150) -> nx.MultiDiGraph:
    """Return a graph of ``nodes`` nodes whose tasks rest on plans, programmes and resolutions (tỉnh Minh Họa)."""
    dice = random.Random(seed)
    of_rank = {rank: max(1, round(count * nodes / 150)) for rank, count in SHAPE.items()}
    of_rank[TASK.number] += nodes - sum(of_rank.values())
    names = {
        rank: [f"{'kh0#' if rank == TASK.number else 'v'}{rank}.{i}" for i in range(n)] for rank, n in of_rank.items()
    }
    documents = [_document(name, rank, i) for rank, found in names.items() if rank < 10 for i, name in enumerate(found)]
    plans = names[PLAN.number]
    units: list[dict[str, Any]] = [
        {"id": f"{plans[i % len(plans)]}#{i}", "loai": "Nhiệm vụ", "ma": f"II.{i % 9 + 1}.{i // 9 + 1}",
         "noi_dung": f"Triển khai nội dung số {i} theo văn bản được giao tại tỉnh Minh Họa",
         "van_ban": plans[i % len(plans)],
         "chu_tri": "", "thoi_han": "", "vi_tri": "", "cha": None}
        for i in range(of_rank[TASK.number])
    ]  # fmt: skip
    names[TASK.number] = [row["id"] for row in units]
    claims: dict[tuple[str, str], dict[str, Any]] = {}
    weight = {name: dice.paretovariate(1.3) for found in names.values() for name in found}
    for rank in sorted(names, reverse=True):
        for source in names[rank]:
            numbers, odds = zip(*COUNTS.get(rank, _OTHERS), strict=True)
            for _ in range(dice.choices(numbers, odds)[0] if rank in CITES else 0):
                ranks = CITES[rank]
                target_rank = dice.choices(list(ranks), list(ranks.values()))[0]
                among = [n for n in names[target_rank] if n != source]
                if among:
                    _claim(claims, source, dice.choices(among, [weight[n] for n in among])[0], rank, target_rank)
    cited = {target for _, target in claims}
    for rank, found in names.items():  # a document stands in a base because something cites it
        for name in found:
            if rank < PLAN.number and name not in cited:
                below = [r for r in CITES if rank in CITES[r] and r != rank]
                source_rank = dice.choices(below, [CITES[r][rank] * len(names[r]) for r in below])[0]
                _claim(claims, dice.choice(names[source_rank]), name, source_rank, rank)
    relations = [{"id": r, "doc_xuoi": w, "doc_nguoc": w} for r, w in _WORDS.items()]
    return build_graph({
        "van_ban": documents, "muc": units, "quan_he": list(claims.values()), "dan_chieu": [],
        "loai_quan_he": relations,
    })  # fmt: skip


_WORDS = {"based_on": "căn cứ", "implements": "triển khai thực hiện", "amends": "sửa đổi, bổ sung"}


def citations(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Return ``graph`` without the edges from a task to its plan, which a drawing leaves out."""
    keep = [(u, v, k) for u, v, k, relation in graph.edges(keys=True, data="relation") if relation != PART_OF]
    return nx.MultiDiGraph(graph.edge_subgraph(keep))


def _document(name: str, rank: int, index: int) -> dict[str, Any]:
    party = rank in (1, 5)
    return {
        "id": name, "nhan": _NAMES[rank].format(index + 11), "loai": "", "so_ky_hieu": "", "so_ky_hieu_in": "",
        "trich_yeu": "", "ngay_ban_hanh": "2023-08-08", "co_quan_ban_hanh": "" if rank == 4 else "Cơ quan Minh Họa",
        "ho": "Đảng" if party else "hành chính", "hinh_thuc": "nêu tên" if rank == 4 else "có số", "cap": rank,
        "trang_thai": "đã xác định", "trong_kho": int(rank == PLAN.number), "so_tim": "",
    }  # fmt: skip


def _claim(claims: dict[tuple[str, str], dict[str, Any]], source: str, target: str, low: int, high: int) -> None:
    unit = "#" in source
    relation = "implements" if unit else "amends" if low == high else "based_on"
    claims.setdefault((source, target), {
        "id": f"{source}>{target}", "nguon_van_ban": None if unit else source, "nguon_muc": source if unit else None,
        "dich": target, "loai": relation, "trang_thai": "đã nêu", "cau": "", "vi_tri": "",
        "neu_tai": source.partition("#")[0], "quy_tac": "", "do_tin_cay": 1.0,
    })  # fmt: skip
