from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from old_encodings import LETTERS, MARKS, PLAN, to_cp1258, to_tcvn3, to_vni

from extract.read import ReadError, legacy, plain
from extract.read.decode import decode

# --- bytes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_without_a_note(encoding):
    reading = plain.read(PLAN.encode(encoding), "kế hoạch.txt")
    assert reading.text == PLAN
    assert reading.notes == ()


def test_utf8_stays_as_it_is():
    raw = "Số: 12/KH-UBND\u00a0ngày\u200b 05\n"
    assert decode(raw.encode(), "a.txt").text == raw


def test_decomposed_letters_are_composed():
    reading = plain.read(unicodedata.normalize("NFD", PLAN).encode(), "a.txt")
    assert reading.text == PLAN
    assert [reading.text[b.start : b.end] for b in reading.blocks] == [line for line in PLAN.split("\n") if line]


def test_windows_1258_is_converted_and_reported():
    reading = plain.read(to_cp1258(PLAN), "a.txt")
    assert reading.text == PLAN
    assert "Windows-1258" in reading.notes[0]


def test_a_short_file_of_windows_1258():
    assert plain.read(to_cp1258("Kế hoạch số 12/KH-UBND"), "a.txt").text == "Kế hoạch số 12/KH-UBND"


@pytest.mark.parametrize("as_bytes", [True, False], ids=["bytes", "pasted"])
def test_tcvn3_is_converted_and_reported(as_bytes):
    typed = to_tcvn3(PLAN)
    reading = plain.read(typed.encode("cp1252") if as_bytes else typed.encode(), "a.txt")
    assert reading.text.lower() == PLAN.lower()
    assert "Căn cứ Nghị định số 30/2020/NĐ-CP" in reading.text
    assert "TCVN3" in reading.notes[0]
    assert "chữ hoa" in reading.notes[0]


@pytest.mark.parametrize("as_bytes", [True, False], ids=["bytes", "pasted"])
def test_vni_is_converted_and_reported(as_bytes):
    typed = to_vni(PLAN)
    reading = plain.read(typed.encode("cp1252") if as_bytes else typed.encode(), "a.txt")
    assert reading.text == PLAN
    assert "VNI" in reading.notes[0]


def test_windows_1252_for_what_has_no_vietnamese_letters():
    reading = plain.read(
        "The plan – “draft” – of the Café Hanoi, déjà vu,, § 5, was sent on 5 May.".encode("cp1252"), "a"
    )
    assert "“draft”" in reading.text
    assert "Windows-1252" in reading.notes[0]


@pytest.mark.parametrize("data", [
    b"K? ho?ch s? 12/KH-UBND\xd2",
    b"\xff\xfa\x80 khong phai utf8",
    "Kế hoạch".encode() + b"\xff",
    bytes(range(128, 256)) * 20,
    "行政院公報".encode("big5"),
    b"a" + b"\xec\xf2" * 100_000,
    "Распоряжение правительства".encode("cp1251"),
])  # fmt: skip
def test_bytes_that_fit_nothing_are_refused(data):
    with pytest.raises(ReadError, match=r"không dùng bảng mã UTF-8 \(sai ở byte thứ \d+\)"):
        decode(data, "a.txt")


@pytest.mark.parametrize(("data", "words"), [
    (b"", "không có nội dung"),
    (b"\xef\xbb\xbf \r\n", "không có nội dung"),
    (b"%PDF-1.7\x00\x01\x02", "tệp nhị phân"),
    (b"\x89PNG\r\n\x1a\n" + bytes(200), "tệp nhị phân"),
    (bytes(range(256)) * 9, "tệp nhị phân"),
    (b"\xff\xfe\x00\xd8\x00", "UTF-16"),
])  # fmt: skip
def test_what_is_no_text_is_refused(data, words):
    with pytest.raises(ReadError, match=words):
        decode(data, "a.txt")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    try:
        reading = plain.read(data, "a.txt")
    except ReadError as error:
        assert "a.txt" in str(error)
    else:
        assert unicodedata.is_normalized("NFC", reading.text)


# --- old fonts ------------------------------------------------------------------------------------


def test_the_tables_hold_every_letter():
    vowels = [unicodedata.normalize("NFC", v + m) for v in "aăâeêioôơuưy" for m in ("", *MARKS)]
    letters = {c for c in vowels if not c.isascii()} | {"đ"}
    assert letters <= set(legacy._TCVN3.values())
    assert letters | {c.upper() for c in letters} <= set(legacy._VNI.values())
    assert all(len(sign) == 1 for sign in legacy._TCVN3)
    assert legacy.from_tcvn3("\xad") == "ư"


@given(st.text(LETTERS + "abcxyz ,;0129-/"))
def test_tcvn3_there_and_back(text):
    typed = to_tcvn3(text)
    assert len(typed) == len(text)
    assert legacy.from_tcvn3(typed) == text


@given(st.lists(st.sampled_from(sorted({*legacy._VNI.values(), *"bcdxkBCDX ,;0129-/"}))).map("".join))
def test_vni_there_and_back(text):
    assert legacy.from_vni(to_vni(text)) == text


def test_vni_takes_the_longest_letter():
    assert legacy.from_vni("nöôùc Vieät Nam, ñöôïc, ÑÖÔØNG, Aên, AÊN") == "nước Việt Nam, được, ĐƯỜNG, Ăn, ĂN"
    assert legacy.from_vni("yï") == "yï"


def test_fonts_are_told_by_name():
    assert legacy.is_tcvn3_font(".VnTime") and legacy.is_tcvn3_font(".vnArial Narrow")
    assert legacy.is_vni_font("VNI-Times") and legacy.is_vni_font("vni Helve")
    assert not legacy.is_tcvn3_font("Times New Roman") and not legacy.is_vni_font("Venice")
    assert legacy.from_font("Céng hoµ", ".VnTimeH") == "CỘNG HOÀ"
    assert legacy.from_font("Céng hoµ", ".VnTime") == "Cộng hoà"
    assert legacy.from_font("Céng hoµ", "Arial") == "Céng hoµ"


@pytest.mark.parametrize("text", [
    PLAN,
    unicodedata.normalize("NFD", PLAN),
    "Là các bên có và cho, à, ô, là các có và. " * 20,
    "Élève à l'école française, où était le café, déjà, très, Noël, garçon, naïve, forêt, hôtel. " * 5,
    "Straße, Größe, Müller, über, für, Änderung, Öffnung, können, müssen, fünf, zwölf, schön. " * 5,
    "Chân sau cao (1500 ÷ 1600) ± 5 µm, 20 °C, 3 × 4 m², § 5, « x », ½ " * 20,
    "no marks at all " * 100,
    "",
])  # fmt: skip
def test_no_false_alarm(text):
    assert legacy.detect(text) == ""
    assert legacy.detect(text, 1) == ""


_ONSETS = ["", "b", "c", "ch", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "qu", "th", "tr", "v", "x"]
_RIMES = [
    "a",
    "an",
    "ang",
    "ân",
    "êm",
    "ôi",
    "iêu",
    "ươi",
    "ong",
    "oan",
    "uyên",
    "ưa",
    "at",
    "êch",
    "ô",
    "i",
    "y",
    "âp",
]
_VIETNAMESE = st.lists(
    st.tuples(st.sampled_from(_ONSETS), st.sampled_from(_RIMES), st.sampled_from(["", *MARKS])).map(
        lambda t: unicodedata.normalize("NFC", t[0] + t[1][:1] + t[2] + t[1][1:])
    ),
    max_size=60,
).map(" ".join)


@settings(max_examples=300)
@given(_VIETNAMESE)
def test_unicode_syllables_raise_no_alarm(text):
    assert legacy.detect(text) == ""


@given(st.text(max_size=300))
def test_no_text_breaks_the_detection(text):
    assert legacy.detect(text, 1) in {"", "tcvn3", "vni"}


def test_a_paragraph_is_too_little_to_judge():
    assert legacy.detect("Céng hoµ x· héi") == ""
    assert legacy.detect(to_tcvn3(PLAN)) == "tcvn3"
    assert legacy.detect(to_vni(PLAN)) == "vni"


@pytest.mark.parametrize("word", ["nghiêng", "Quyết", "đường", "ủy", "uỷ", "thuở", "giếng", "khuya", "ĐƯỢC", "yếu"])
def test_syllables(word):
    assert legacy.is_syllable(word)


@pytest.mark.parametrize("word", ["café", "tèt", "fộ", "jà", "nghiênng", "được" * 9, "", "àá", "zụ"])
def test_no_syllables(word):
    assert not legacy.is_syllable(word)


def test_a_word_without_end_takes_no_longer_than_its_length():
    assert legacy.detect("a" * 400_000 + "é " * 20) == ""
    assert legacy.detect("aé" * 400_000) == ""
