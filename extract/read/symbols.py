"""Characters of the symbol fonts as Unicode: Symbol, Wingdings and Wingdings 2 number their signs as they like.

Word keeps such a sign as U+F000 plus its place in the font. Sources: Adobe's encoding of Symbol, Microsoft's charts
of Wingdings; only the signs that offices use.
"""

from __future__ import annotations

import re
import unicodedata

# Places 20–7E and A0–F2 of Symbol. The long minus of 2D and BE is the dash of lists.
_SYMBOL: dict[int, str] = dict(
    zip(
        [*range(0x20, 0x7F), *range(0xA0, 0xE2), *range(0xE5, 0xE6), *range(0xF1, 0xF3)],
        " !∀#∃%&∋()∗+,-./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…|-↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨∑⟩∫",
        strict=True,
    )
)
_WINGDINGS = {
    0x21: "✏", 0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟",
    0x4A: "☺", 0x4C: "☹", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒",
    0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x78: "☒", 0x7B: "❀", 0x7C: "✿",
    0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA4: "◉", 0xA5: "◎", 0xA7: "▪", 0xA8: "◻", 0xAB: "★",
    0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE7: "←", 0xE8: "➔", 0xE9: "↑", 0xEA: "↓",
    0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **{0x81 + n: chr(0x2460 + n) for n in range(10)}, **{0x8C + n: chr(0x2776 + n) for n in range(10)},
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA2: "■", 0xA3: "□"}
_FONTS: dict[str, dict[int, str]] = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}
_SIGNS = ("symbol", "wingdings", "wingdings 2", "wingdings 3", "webdings", "monotype sorts", "opensymbol")
_FIRST, _LAST = 0xF000, 0xF0FF
_PRIVATE = re.compile("[\uf000-\uf0ff]")


def sign(code: int, font: str) -> str:
    """Return the character that ``code`` (of ``w:sym``, or of a text in the private area) shows in ``font``."""
    if not _FIRST <= code <= _LAST:
        return chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
    place = code - _FIRST
    table = _FONTS.get(font.lower())
    if table is not None:
        return table.get(place, chr(code))
    if font.lower() in _SIGNS or not font:
        return chr(code)
    return chr(place) if place >= 0x20 else ""  # a font of letters that was inserted as a symbol


def replace_signs(text: str, font: str) -> str:
    """Return ``text`` with the private characters of symbol fonts replaced; a font of letters shows them as Symbol."""
    if not _PRIVATE.search(text):
        return text
    font = font if font.lower() in _SIGNS else "Symbol"
    return _PRIVATE.sub(lambda m: sign(ord(m[0]), font), text)


def bullet(text: str, font: str) -> str:
    """Return the bullet that Word paints for ``text`` in ``font``: "-" and "+" as such, all other signs "•"."""
    text = text.strip()
    if len(text) != 1:
        return replace_signs(text, font)
    low, code = font.lower(), ord(text)
    if _FIRST <= code <= _LAST or low in _SIGNS:
        place = code - _FIRST if code >= _FIRST else code
        if low.startswith(("wing", "web", "mono")):
            return "•"
        return {0x2D: "-", 0xBE: "-", 0x2B: "+", 0x2212: "-"}.get(place, "•")
    if text == "o" and low.startswith("courier"):  # the hollow ring of Word's second level
        return "•"
    return "•" if unicodedata.category(text) in ("So", "Co") else text
