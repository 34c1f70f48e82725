"""Text typed in the fonts of the 1990s: TCVN3 (".Vn" fonts) and VNI, as characters of Windows-1252, to Unicode.

Such a text says the wrong letters ("ViÖt Nam", "Vieät Nam") and only its font draws the right ones. Where the font is
known (:func:`is_tcvn3_font`, :func:`is_vni_font`) it decides run by run; where there are no fonts :func:`detect` looks
at the whole file, never at one paragraph. Whoever converts must tell the user.

Sources: TCVN 5712:1993, the table VN3; the keyboard table of VNI for Windows.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Literal

Encoding = Literal["", "tcvn3", "vni"]

NAMES: dict[Encoding, str] = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI"}
"""What people call the two encodings."""

_TCVN3 = dict(
    zip(
        "\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae"
        "\xb5\xb6\xb7\xb8\xb9\xbb\xbc\xbd\xbe\xc6\xc7\xc8\xc9\xca\xcb"
        "\xcc\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xdc\xdd\xde"
        "\xdf\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee"
        "\xef\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_TCVN3_TABLE = str.maketrans(_TCVN3)

# VNI writes the base letter, then one character for circumflex or breve together with the tone.
_VNI_ROWS = {
    "a": "áàảãạâấầẩẫậăắằẳẵặ", "e": "éèẻẽẹêếềểễệ", "o": "óòỏõọôốồổỗộ", "u": "úùủũụ", "y": "ýỳỷỹ",
    "ô": "ớờởỡợ", "ö": "ứừửữự",
}  # fmt: skip
_VNI_MARKS = "ùøûõïâáàåãäêéèúüë"
_VNI_ALONE = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ"}


def _vni_pairs() -> dict[str, str]:
    pairs: dict[str, str] = dict(_VNI_ALONE)
    for base, row in _VNI_ROWS.items():
        pairs.update({base + mark: letter for mark, letter in zip(_VNI_MARKS, row, strict=False)})
    # a capital base makes a capital letter, whatever case its mark was typed in
    capitals = {key[0].upper() + tail: letter.upper() for key, letter in pairs.items() for tail in _cases(key[1:])}
    return pairs | capitals


def _cases(mark: str) -> set[str]:
    return {mark, mark.upper()}


_VNI = _vni_pairs()
_VNI_MARK_CLASS = _VNI_MARKS + _VNI_MARKS.upper()
# longest first: ô and ö are letters of their own (ơ, ư) and bases of others (ôù = ớ)
_VNI_LETTER = re.compile(rf"[aeouyôöAEOUYÔÖ][{_VNI_MARK_CLASS}]|[{''.join(k for k in _VNI if len(k) == 1)}]")


def is_tcvn3_font(font: str) -> bool:
    """Tell whether a font of this name holds TCVN3: ".VnTime", ".VnArial Narrow"."""
    return font.lstrip("\"' ").lower().startswith(".vn")


def is_vni_font(font: str) -> bool:
    """Tell whether a font of this name holds VNI: "VNI-Times", "VNI Helve"."""
    return font.lstrip("\"' ").lower().startswith("vni")


def is_capitals_font(font: str) -> bool:
    """Tell whether a TCVN3 font draws small letters as capitals: ".VnTimeH"."""
    return is_tcvn3_font(font) and font.rstrip("\"' ").endswith("H")


def from_tcvn3(text: str, capitals: bool = False) -> str:
    """Return Unicode for ``text`` in TCVN3, one character for one; ``capitals`` for the fonts that end in H.

    U+00AD, elsewhere a soft hyphen, is "ư" here.
    """
    said = text.translate(_TCVN3_TABLE)
    return said.upper() if capitals else said


def from_vni(text: str) -> str:
    """Return Unicode for ``text`` in VNI; a character that is no letter of VNI stays."""
    return _VNI_LETTER.sub(_vni_letter, text)


def _vni_letter(found: re.Match[str]) -> str:
    seen = found.group()
    return _VNI.get(seen) or _VNI.get(seen[0], seen[0]) + seen[1]  # "yï" is none: keep both characters


def from_font(text: str, font: str) -> str:
    """Return Unicode for a run of ``text`` set in ``font``; a run in any other font is returned as it is."""
    if is_tcvn3_font(font):
        return from_tcvn3(text, is_capitals_font(font))
    return from_vni(text) if is_vni_font(font) else text


def convert(text: str, encoding: Encoding) -> str:
    """Return Unicode for a whole text in ``encoding`` ("" returns it as it is)."""
    return from_tcvn3(text) if encoding == "tcvn3" else from_vni(text) if encoding == "vni" else text


# --- detection ------------------------------------------------------------------------------------

_ONSET = "(?:ngh?|nh|n|gh|gi|g|kh|k|c?h|c|ph|th|tr|t|qu|b|d|đ|l|m|r|s|v|x)?"
_RIME = (
    "(?:(?P<open>"
    "a(?:[iouy]|ng?|nh|m)?|ă(?:ng?|m)|â(?:[uy]|ng?|m)|e(?:o|ng?|m)?|ê(?:u|nh|n|m)?|i(?:a|u|nh|n|m)?|iê(?:u|ng?|m)"
    "|o(?:i|ng?|m)?|oo(?:ng)?|oa(?:[ioy]|ng?|nh|m)?|oă(?:ng?|m)|oe(?:o|n|m)?|ô(?:i|ng?|m)?|ơ(?:i|n|m)?"
    "|u(?:[aiy]|ng?|m)?|uâ(?:y|ng?)|uê(?:nh|n)?|uô(?:i|ng?|m)|uơ|uy(?:a|u|n|nh)?|uyê(?:n|ng)"
    "|ư(?:[aiu]|ng?|m)?|ươ(?:[iu]|ng?|m)|y(?:nh|n)?|yê(?:u|ng?|m))"
    "|(?P<stopped>"
    "a(?:ch|[cpt])|ă[cpt]|â[cpt]|e[cpt]|ê(?:ch|[pt])|i(?:ch|[pt])|iê[cpt]|o[cpt]|oa(?:ch|[cpt])|oă[ct]|oe[tc]"
    "|ô[cpt]|ơ[pt]|u[cpt]|uâ[ct]|uê(?:ch|t)|uô[ct]|uy(?:t|ch|p)|uyêt|ư[ct]|ươ[cpt]|y(?:t|ch)|yêt))"
)
_SYLLABLE = re.compile(_ONSET + _RIME)
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_LONGEST = 7  # "nghiêng"

_WORD = re.compile(r"[A-Za-z\xa1-\xff]+")
_UNICODE = re.compile("[ăĂđĐĩĨũŨơƠưƯạ-ỹẠ-Ỹ\u0300\u0301\u0303\u0309\u0323]")
_VNI_WORD = re.compile(
    rf"(?:[a-zA-ZÔÖôö][{_VNI_MARK_CLASS}]|[a-zA-Z{''.join(k for k in _VNI if len(k) == 1)}])+"
)  # no mark without its base

_SURE = 0.8
_MARGIN = 0.4
_HEAD = 5_000
_SAMPLE = 500_000
"""Characters that are looked at from the beginning, and from the end, of a long file."""
FEWEST = 8
"""So many suspect words a text must have before it is judged: less is a paragraph, not a file."""


def is_syllable(word: str) -> bool:
    """Tell whether a word of Unicode could be Vietnamese: its letters, its rime, at most one tone, that fits the rime.

    >>> is_syllable("nghiêng"), is_syllable("café"), is_syllable("tèt")
    (True, False, False)
    """
    if len(word) > _LONGEST:
        return False
    apart = unicodedata.normalize("NFD", word.lower())
    tones = _TONES.findall(apart)
    bare = unicodedata.normalize("NFC", _TONES.sub("", apart))
    found = _SYLLABLE.fullmatch(bare)
    if not found or len(tones) > 1:
        return False
    return found["stopped"] is None or tones[:1] in (["\u0301"], ["\u0323"])  # a stop bears sắc or nặng only


def share(words: Counter[str], reading: Callable[[str], str]) -> float:
    """Return which part of ``words`` (1.0: all) are Vietnamese under ``reading``, which gives "" for one it cannot."""
    return sum(n for word, n in words.items() if is_syllable(reading(word))) / max(1, words.total())


def _read_tcvn3(word: str) -> str:
    return from_tcvn3(word) if all(c < "\xa1" or c in _TCVN3 for c in word) else ""


def _read_vni(word: str) -> str:
    return from_vni(word) if _VNI_WORD.fullmatch(word) else ""


def _as_it_is(word: str) -> str:
    return word


def detect(text: str, fewest: int = FEWEST) -> Encoding:
    """Tell in which font encoding a whole file is typed, "" for Unicode, other languages and too little text.

    Words that could be of such an encoding must turn into Vietnamese syllables (no f, j, w, z, at most 7 letters, a
    rime and tone that exist) nearly always, and must not be Vietnamese as they stand. Unicode Vietnamese fails both:
    most of its letters lie beyond Windows-1252.
    """
    if text.isascii() or (len(text) > _HEAD and _is_unicode(text[:_HEAD])):
        return ""
    if len(text) > 2 * _SAMPLE:
        text = f"{text[:_SAMPLE]} {text[-_SAMPLE:]}"
    # the words with at least one character that a font of the 1990s could have put to another use
    words = Counter([word for word in _WORD.findall(text) if not word.isascii()])
    seen = words.total()
    if seen < fewest or _is_unicode(text):
        return ""
    tcvn3, vni, now = share(words, _read_tcvn3), share(words, _read_vni), share(words, _as_it_is)
    best = max(tcvn3, vni)
    if best < _SURE or best - now < _MARGIN:
        return ""
    return "tcvn3" if tcvn3 > vni else "vni"


def _is_unicode(text: str) -> bool:
    """Tell whether a good part of the letters above ASCII lie beyond Windows-1252, as in Vietnamese they do."""
    return len(_UNICODE.findall(text)) * 40 > sum(not c.isascii() for c in text)
