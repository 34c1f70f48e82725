"""A drawing as PNG, by resvg (extra ``png``): offline, with the fonts of the system."""

from __future__ import annotations

import re
from functools import cache

_DPI = 150
_WIDEST = 6000
"""Pixels that no side of a picture exceeds."""
_FONTS = (
    "Segoe UI", "Arial", "Noto Sans", "DejaVu Sans", "Helvetica Neue", "Times New Roman", "Noto Serif", "DejaVu Serif",
)  # fmt: skip
_PROBE = "Ưỗặếựỹ Đợ"
_SIZE = re.compile(r' width="([\d.]+)(mm|)" height="([\d.]+)(?:mm|)"')


class PngError(Exception):
    """Why there is no PNG, and what to do, in Vietnamese."""


def to_png(svg: str) -> bytes:
    """Return a drawing of :mod:`publish.lane_svg` as PNG, 150 pixels an inch of its paper.

    Raises:
        PngError: the library is not installed, or no font of the system has the letters of Vietnamese.
    """
    try:
        import resvg_py
    except ImportError as missing:
        raise PngError(
            "Máy này chưa có phần vẽ ảnh PNG (gói resvg-py). Hãy tải SVG: trình duyệt và Word mở được; "
            "hoặc cài thêm bằng lệnh: pip install resvg-py."
        ) from missing
    font = _font()
    if not font:
        raise PngError(
            "Không vẽ được ảnh PNG: máy này không có phông chữ nào đủ chữ tiếng Việt (như Arial, Times New Roman, "
            "DejaVu Sans). Hãy tải SVG và mở ở máy khác, hoặc cài thêm phông chữ."
        )
    # resvg takes one font for a whole line of text, so it is given the one that has all letters
    named = re.sub(r' font-family="[^"]*"', f" font-family=\"'{font}', sans-serif\"", svg, count=1)
    try:
        return bytes(
            resvg_py.svg_to_bytes(svg_string=named, background="#ffffff", dpi=96, zoom=_zoom(svg), font_family=font)
        )
    except ValueError as error:
        raise PngError("Không vẽ được ảnh PNG của hình này. Hãy tải SVG.") from error


def _zoom(svg: str) -> float:
    found = _SIZE.search(svg)
    if not found:
        return 1.0
    unit = 96 / 25.4 if found[2] else 1.0
    longest = max(float(found[1]), float(found[3])) * unit
    return min(_DPI / 96, _WIDEST / longest) if found[2] else min(2.0, _WIDEST / longest)


@cache
def _font() -> str:
    """Return the first of the fonts that the system has with all letters of Vietnamese, "" when there is none."""
    other = _drawn("")
    for font in _FONTS:
        if _drawn(font) != other:
            return font
    # what is taken when no name fits may be a good font under another name; nothing at all leaves the page blank
    return "" if other == _drawn("", words="") else "sans-serif"


def _drawn(font: str, words: str = _PROBE) -> bytes:
    """Draw a few letters: those of a font that is missing, or lacks one of them, look as those of no font at all."""
    import resvg_py

    text = f'<text x="2" y="22" font-size="18" font-family="{font or "cancu-khong-co"}">{words}</text>'
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=f'<svg xmlns="http://www.w3.org/2000/svg" width="160" height="30">{text}</svg>'
        )
    )
