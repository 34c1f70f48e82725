"""Which sheet a drawing needs, so that its smallest letters can be read in print."""

from __future__ import annotations

from dataclasses import dataclass

from publish.draw_style import SMALL

_MARGIN = 10.0  # mm that office printers leave blank
_MM, _POINT = 96 / 25.4, 72 / 25.4
_LEAST = 6.0
"""Points under which printed letters are hard to read (Times 14 is the size of official text)."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet of paper, width and height in mm."""

    name: str
    width: float
    height: float

    def room(self) -> tuple[float, float]:
        """The part that can be printed on."""
        return self.width - 2 * _MARGIN, self.height - 2 * _MARGIN

    def points(self, width: float, height: float) -> float:
        """Return how tall the smallest letters of a drawing of that size come out, in points."""
        room = self.room()
        # a small drawing is not blown up: a unit is at most a pixel of CSS
        scale = min(room[0] / width, room[1] / height, 1 / _MM)
        return SMALL * scale * _POINT


_A = ((297.0, 210.0), (420.0, 297.0), (594.0, 420.0), (841.0, 594.0), (1189.0, 841.0))
SHEETS: tuple[Paper, ...] = tuple(
    paper
    for number, (long, short) in enumerate(_A)
    for paper in (Paper(f"A{4 - number} ngang", long, short), Paper(f"A{4 - number} dọc", short, long))
)
A4 = SHEETS[0]


@dataclass(frozen=True, slots=True)
class Fit:
    """How a drawing goes on paper: the sheet, whether it can be read there, the size of letters on A4."""

    paper: Paper
    readable: bool
    points_on_a4: float

    @property
    def sentence(self) -> str:
        """What the reader must know before printing; "" where A4 does."""
        if self.paper == A4 and self.readable:
            return ""
        small = f"In khổ A4 thì chữ nhỏ nhất chỉ còn {self.points_on_a4:.1f} pt".replace(".", ",")
        if not self.readable:
            return f"{small}, khổ lớn nhất cũng khó đọc: hãy dùng bảng."
        return f"Nên in khổ {self.paper.name}. {small}; máy chỉ in được A4 thì hãy dùng bảng."


def fit(width: float, height: float) -> Fit:
    """Return the smallest sheet on which a drawing of that size can be read, A4 lying first."""
    on_a4 = max(A4.points(width, height), SHEETS[1].points(width, height))
    for paper in SHEETS:
        if paper.points(width, height) >= _LEAST:
            return Fit(paper, True, on_a4)
    return Fit(A4, False, on_a4)


def frame(paper: Paper, width: float, height: float) -> tuple[float, float]:
    """Return the size in units of a view box with the sides of ``paper`` that holds the drawing and its margins."""
    room = paper.room()
    unit = max(width / room[0], height / room[1], _MM)  # units a mm
    return unit * paper.width, unit * paper.height
