"""A made-up plan, and ways to write it as the offices did before Unicode."""

from __future__ import annotations

import unicodedata

from extract.read import legacy

PLAN = """ỦY BAN NHÂN DÂN TỈNH MINH HỌA
Số: 12/KH-UBND

KẾ HOẠCH
Phát triển tài sản trí tuệ trên địa bàn tỉnh đến năm 2030

Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;
Thực hiện Quyết định số 1068/QĐ-TTg, Ủy ban nhân dân tỉnh ban hành kế hoạch với những nội dung sau:
- Sở Khoa học và Công nghệ chủ trì, phối hợp với các sở, ban, ngành tổ chức triển khai thực hiện, định kỳ báo cáo.
"""
MARKS = "\u0300\u0301\u0303\u0309\u0323"
_TO_TCVN3 = {letter: sign for sign, letter in legacy._TCVN3.items()}
_TO_VNI = {letter: signs for signs, letter in reversed(legacy._VNI.items())}
LETTERS = "".join(_TO_TCVN3)


def to_tcvn3(text: str) -> str:
    """As such fonts were typed: a capital with a tone has no place of its own."""
    return "".join(_TO_TCVN3.get(c) or _TO_TCVN3.get(c.lower(), c) for c in text)


def to_vni(text: str) -> str:
    return "".join(_TO_VNI.get(c, c) for c in text)


def to_cp1258(text: str) -> bytes:
    out = b""
    for c in text:
        apart = unicodedata.normalize("NFD", c)
        base = unicodedata.normalize("NFC", "".join(x for x in apart if x not in MARKS))
        try:
            out += c.encode("cp1258")
        except UnicodeEncodeError:
            out += (base + "".join(x for x in apart if x in MARKS)).encode("cp1258")
    return out
