"""How often drawn lines cross: counted on the lines as they stand on paper, whoever drew them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

Point = tuple[float, float]
Ends = tuple[str, str]


def count_crossings(lines: Mapping[tuple[str, str, object], Sequence[Point]]) -> tuple[int, int]:
    """Return how often lines without a common end cross, and how often those with one do.

    ``lines`` are points along each line, by (source, target, key), close enough to stand for its curve.
    """
    paths = [(frozenset(edge[:2]), np.asarray(points, dtype=float)) for edge, points in sorted(lines.items(), key=str)]
    boxes = [(p[:, 0].min(), p[:, 1].min(), p[:, 0].max(), p[:, 1].max()) for _, p in paths]
    apart = joined = 0
    for i, (ends, path) in enumerate(paths):
        for j in range(i + 1, len(paths)):
            a, b = boxes[i], boxes[j]
            if a[0] > b[2] or b[0] > a[2] or a[1] > b[3] or b[1] > a[3]:
                continue
            found = _meets(path, paths[j][1])
            if ends & paths[j][0]:
                joined += found
            else:
                apart += found
    return apart, joined


def _meets(one: np.ndarray, two: np.ndarray) -> int:
    """How many stretches of ``one`` properly cross stretches of ``two``."""
    a, b = one[:-1, None, :], one[1:, None, :]
    c, d = two[None, :-1, :], two[None, 1:, :]
    return int(((_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0)).sum())


def _side(p: np.ndarray, q: np.ndarray, r: np.ndarray) -> np.ndarray:
    """On which side of the line from ``p`` to ``q`` the point ``r`` lies: -1, 0 or 1 (a product would underflow)."""
    turned = (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])
    signs: np.ndarray = np.sign(turned)
    return signs
