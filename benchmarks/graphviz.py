"""The same graph drawn by Graphviz dot, with one ``rank=same`` for each lane; only what the benchmark needs of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import networkx as nx

Point = tuple[float, float]
_STEPS = 16


def available() -> bool:
    """Return whether dot is installed (``apt-get install graphviz``)."""
    return shutil.which("dot") is not None


def draw(
    graph: nx.MultiDiGraph, sizes: Mapping[str, tuple[float, float]], *, gap: float, between: float
) -> dict[tuple[str, str, object], list[Point]]:
    """Return points along the line of each edge, as dot lays them: same boxes, same spaces, high ranks left."""
    ids = {node: f"n{i}" for i, node in enumerate(sorted(graph))}
    ranks = sorted({data["rank"] for _, data in graph.nodes(data=True)})
    said = [
        "digraph {", f"rankdir=RL; nodesep={gap / 72:.3f}; ranksep={between / 72:.3f};",
        "node [shape=box, fixedsize=true, label=\"\"];", "edge [arrowhead=none];",
    ]  # fmt: skip
    for rank in ranks:  # a chain of unseen nodes keeps the lanes in order, also those that no edge joins
        members = [n for n in sorted(graph) if graph.nodes[n]["rank"] == rank]
        boxes = " ".join(f"{ids[n]} [width={sizes[n][0] / 72:.3f}, height={sizes[n][1] / 72:.3f}];" for n in members)
        said.append(f"{{rank=same; lane{rank} [style=invis, width=0.01, height=0.01]; {boxes}}}")
    said += [f"lane{low} -> lane{high} [style=invis, weight=0];" for high, low in pairwise(ranks)]
    edges = sorted(graph.edges(keys=True), key=str)
    said += [f'{ids[u]} -> {ids[v]} [id="{i}"];' for i, (u, v, _) in enumerate(edges)]
    done = subprocess.run(
        ["dot", "-Tjson"], input="\n".join([*said, "}"]), capture_output=True, text=True, check=True, timeout=300
    )
    found: dict[tuple[str, str, object], list[Point]] = {}
    for edge in json.loads(done.stdout)["edges"]:
        if "id" in edge:
            found[edges[int(edge["id"])]] = _along(edge)
    return found


def _along(edge: dict[str, Any]) -> list[Point]:
    """Points along the B-spline that dot gives as "x,y x,y …", three points for each cubic stretch after the first."""
    points: list[Point] = []
    for word in edge["pos"].replace("\\\n", "").split():
        if word[0] not in "es":  # the tip of an arrow
            x, y = word.split(",")
            points.append((float(x), float(y)))
    along = [points[0]]
    for i in range(0, len(points) - 3, 3):
        p = points[i : i + 4]
        for turn in range(1, _STEPS + 1):
            t = turn / _STEPS
            w = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            along.append(
                (sum(a * q[0] for a, q in zip(w, p, strict=True)), sum(a * q[1] for a, q in zip(w, p, strict=True)))
            )
    return along
