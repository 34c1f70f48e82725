"""Lines in capitals, as letterheads and titles have them, written as names."""

from __future__ import annotations

from extract.organs import by_name, names_by_length, province_names, province_pattern
from extract.text import fold, squeeze


def capitals_to_name(line: str) -> str:
    """Return a letterhead line in capitals as a name: "SỞ KHOA HỌC VÀ CÔNG NGHỆ" -> "Sở Khoa học và Công nghệ".

    Known organs and provinces take their spelling from the tables, other words keep a capital only at the start.
    """
    words = squeeze(line)
    if not words.isupper():
        return words
    folded, low = fold(words), words.lower()
    for name in names_by_length():
        if folded.startswith(name) and (len(folded) == len(name) or not folded[len(name)].isalnum()):
            return (by_name()[name].name + _restore_places(low[len(name) :])).strip()
    return _restore_places(words[0] + low[1:])


def _restore_places(text: str) -> str:
    """Write the provinces as the table does; other words keep the spelling they have ("quỹ", not "qũy")."""
    pieces: list[str] = []
    done = 0
    for m in province_pattern().finditer(fold(text)):
        pieces += [text[done : m.start()], province_names()[m.group(1)]]
        done = m.end()
    return "".join([*pieces, text[done:]])
