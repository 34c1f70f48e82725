"""Whether words are Vietnamese: a syllable is onset, rime and tone, and the rimes are a closed set.

Text of a PDF whose fonts lie about their characters looks like words but is none; so do unconverted TCVN3 and VNI.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
_END = "(?:ch|ng|nh|[ckmnpt])"  # k in Đắk Lắk
_RIME = (
    f"(?:[aăâeêioôơuưy]{_END}"  # an, ăng, ênh
    f"|(?:iê|yê|oa|oă|oe|oo|uâ|uê|uô|ươ|uyê|uơ|uy|ua){_END}"
    "|a[iouy]?|â[uy]|eo?|êu?|i[au]?|iêu|oa[iouy]?|oeo?|oi?|ôi?|ơi?|u[aiơy]?|uây?|uêu?|uôi?|uy[aeêu]?|ư[aiu]?|ươ[iu]|y|yêu)"
)
_SYLLABLE = re.compile(f"{_ONSET}{_RIME}$")
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_BROKEN = re.compile(r"[\ufffd\u0000-\u0008\u000e-\u001f\u0080-\u009f\ue000-\uf8ff¸¹µ®¬©§¨«»¦]")
_CODE = re.compile(r"[\d/@_]|[^\W\d_]\.[^\W\d_]")
"""Numbers and codes (28/QĐ-TTg), addresses of the web and of mail: not words."""

_LEAST = 40
"""Fewer words than this say nothing about a page."""


@lru_cache(maxsize=16384)
def is_syllable(word: str) -> bool:
    """Tell whether ``word`` (letters only, any case) can be a Vietnamese syllable."""
    bare = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word.lower()).translate(_TONES))
    return _SYLLABLE.match(bare) is not None


def share_of_strangers(text: str) -> float:
    """Return the share of words in ``text`` that are no Vietnamese syllables; 0 when there are too few to tell.

    Codes and runs of capitals (KH-UBND, KT) are left out.
    """
    strange = total = 0
    for token in text.split():
        if _BROKEN.search(token):
            strange += 1
            total += 1
            continue
        if _CODE.search(token):
            continue
        for word in _WORD.findall(token):
            if len(word) > 1 and not (word.isupper() and len(token) < 30):
                total += 1
                strange += not is_syllable(word)
    return strange / total if total >= _LEAST else 0.0
