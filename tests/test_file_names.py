"""The name of a download: what is inside, the day, and nothing that Windows refuses."""

from __future__ import annotations

import re
from datetime import date

import pytest

from publish.file_names import download_name, safe_name

DAY = date(2026, 11, 4)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Sơ đồ - Nghị quyết số 08-NQ/TU", "Sơ đồ - Nghị quyết số 08-NQ-TU (04-11-2026).docx"),
        ("So sánh - a\\b với c/d", "So sánh - a-b với c-d (04-11-2026).docx"),
        ('"<x>|?*:', "x (04-11-2026).docx"),
        ("CON", "CON (04-11-2026).docx"),
        ("nul.tài liệu", "tep nul.tài liệu (04-11-2026).docx"),
        ("a\u202egnp\x00\n b", "agnp b (04-11-2026).docx"),
        ("Kế hoạch …", "Kế hoạch (04-11-2026).docx"),
        ("", "(04-11-2026).docx"),
    ],
)
def test_names_say_what_is_inside(words, name):
    assert download_name(words, DAY, ".docx") == name


@pytest.mark.parametrize("words", ["Kế hoạch số 12/KH-UBND " * 20, "Ậ" * 300, "😀" * 300, "../" * 50])
def test_long_names_keep_their_day_and_ending(words):
    name = download_name(words, DAY, ".xlsx")
    assert name.endswith("(04-11-2026).xlsx") and len(name) <= 120 and len(name.encode()) <= 220
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name) and safe_name(name) == name
