"""The standard identifier of a document: URN:LEX (RFC 9676), beside the printed number and never instead of it.

Why LEX and not ELI: an ELI is an HTTP address under the domain of a state that publishes its law and answers
for it, and Viet Nam has none; a URN needs no server and holds offline. Its parts (authority, measure, date,
number: RFC 9676 §6) are just those that a Vietnamese citation must state (NĐ 30/2020/NĐ-CP PL I.II.6), and
Party papers and provincial plans fit as well as laws. The words of ELI for *relations* stay in use
(``relations.csv``). No registrar of Viet Nam has registered the code "vn" yet, so these names follow the
rules of the RFC but are nobody's official assignment.

    urn:lex:vn:chinh.phu:nghi.dinh:2011-07-04;55-2011-nd-cp

Lower case without marks (§3.3, §3.4), abbreviations of organs spelled out (§3.5), dots for blanks (§4.1),
several issuers joined by "+" (§6.1.2), "-" for what a number may not hold (§6.3.4), the whole day (§3.6).
Without type, issuer, number or whole date there is no name: "" and not a shorter one, since one document
must not bear two.
"""

from __future__ import annotations

import re
from functools import lru_cache

from extract.numbers import number_key
from extract.text import plain

PREFIX = "urn:lex:vn"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL = re.compile(r"(\d+)\.(\d+)")
_SPELLED = (("ubnd", "uy ban nhan dan"), ("hdnd", "hoi dong nhan dan"), ("hdtp", "hoi dong tham phan"))


@lru_cache(maxsize=16384)
def urn(type_: str, number: str, date: str, organ: str, *, party: bool = False) -> str:
    """Return the name of one document, "" when a part is missing.

    ``number`` is the corrected one ("55/2011/NĐ-CP"), ``organ`` the full issuer, joint ones joined by "; ".
    With ``party`` the issuer stands under the Party, which also keeps its register apart from the state's.
    """
    measure, serial = dotted(type_), _document_id(number)
    authority = "+".join(filter(None, (_issuer(name, party=party) for name in organ.split(";"))))
    if not (measure and authority and serial[:1].isdigit() and _DAY.fullmatch(date)):
        return ""
    return f"{PREFIX}:{authority}:{measure}:{date};{serial}"


def dotted(words: str) -> str:
    """Return words as one element of a LEX name: "Nghị định" -> "nghi.dinh"."""
    return plain(words).replace(" ", ".")


def _issuer(name: str, *, party: bool) -> str:
    words = plain(name)
    for short, long in _SPELLED:
        if words == short or words.startswith(short + " "):
            words = long + words[len(short) :]
    dots = words.replace(" ", ".")
    return f"dang.cong.san.viet.nam;{dots}" if party and dots else dots


def _document_id(number: str) -> str:
    """Return the number as the RFC writes it: "66.16/2026/NQ-CP" -> "66.16-2026-nq-cp" (a full stop may stay)."""
    decimal = _DECIMAL.match(number)
    words = number_key(number).split()
    if decimal and len(words) > 1:
        words[:2] = [f"{words[0]}.{words[1]}"]
    return "-".join(words)
