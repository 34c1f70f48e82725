"""The Vietnamese alphabet: a key by which any program sorts names as a dictionary does.

Letters first (a ă â b c d đ e ê …), numbers by their value, then the tones of the whole name (ngang, huyền, hỏi, ngã,
sắc, nặng), then small letters before capitals: the order of ICU for Vietnamese. The key is stored beside the name,
because a collation of our own would lock every other program out of the file. Printable ASCII but for foreign
letters, so that byte order is the order.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_MARKS = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"  # in the order of ICU
_QUOTES = str.maketrans("–—‐‑−“”„’‘…", '-----"""\'\'.')
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_FIRST = ord("!") + 1  # "!" stands for a space; a space of the key parts its levels
_LENGTH = 48
"""Letters of a name that count; longer names that begin alike stand in the order of their ids."""

_RANKS = {" ": "!"} | {char: chr(_FIRST + n) for n, char in enumerate((*_MARKS, *"0123456789", *_LETTERS))}
_DIGIT = {str(n): _RANKS[str(n)] for n in range(10)}
_NUMBERS = re.compile(f"[{re.escape(_DIGIT['0'])}-{re.escape(_DIGIT['9'])}]+")


class _Levels(dict[int, str]):
    """Letter, tone and case of each character, worked out when first met."""

    def __init__(self, level: int) -> None:
        super().__init__()
        self._level = level

    def __missing__(self, code: int) -> str:
        value = self[code] = _levels(chr(code))[self._level]
        return value


def _levels(char: str) -> tuple[str, str, str]:
    """Return letter, tone and case of a composed character; a character without letters has empty levels."""
    if unicodedata.category(char)[0] in "CM":
        return "", "", ""
    if char.isspace():
        return _RANKS[" "], "0", "0"
    tone, rest = "0", ""
    for part in unicodedata.normalize("NFD", char):
        if part in _TONES:
            tone = _TONES[part]
        else:
            rest += part
    letter = unicodedata.normalize("NFC", rest)
    case = "1" if letter != letter.lower() else "0"
    letter = letter.lower()
    if letter not in _RANKS and unicodedata.combining(letter[-1:] or " ") == 0:
        letter = unicodedata.normalize("NFKD", letter)[:1] if letter.isascii() or _foreign_latin(letter) else letter
    rank = _RANKS.get(letter, letter)
    return rank, tone * len(rank), case * len(rank)


def _foreign_latin(letter: str) -> bool:
    return unicodedata.normalize("NFKD", letter)[:1].lower() in _LETTERS


_LETTER, _TONE, _CASE = _Levels(0), _Levels(1), _Levels(2)


@lru_cache(maxsize=4096)
def alphabet_key(name: str) -> str:
    """Return the key that sorts ``name`` in Vietnamese order: letters, tones and capitals, a space between them."""
    name = unicodedata.normalize("NFC", name).translate(_QUOTES).strip()[: 2 * _LENGTH]
    letters = name.translate(_LETTER)[:_LENGTH]
    tones, cases = (name.translate(level)[:_LENGTH].rstrip("0") for level in (_TONE, _CASE))
    return " ".join((_NUMBERS.sub(_by_value, letters), tones, cases)).rstrip()


def _by_value(match: re.Match[str]) -> str:
    """A number begins with its count of digits, so that 9 comes before 10."""
    digits = match[0].lstrip(_DIGIT["0"])
    return "".join(_DIGIT[d] for d in f"{len(digits):02d}") + digits
