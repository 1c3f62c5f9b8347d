"""Texts in another encoding, in two encodings, and texts that were decoded wrongly before they arrived."""

from __future__ import annotations

import pytest

from text_scans import fault, kinds, places, scan

FRENCH = "Chers camarades, la réunion a été fixée à l’été : vous êtes prié d’y être.\n"
RUSSIAN = "Дорогие товарищи, мы получили ваше письмо и не знаем, что это такое.\n"
POLISH = "Drodzy towarzysze, otrzymaliśmy wasz list i jesteśmy wdzięczni że żyjecie.\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH.replace("’", "'"), "windows-1252"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (POLISH, "windows-1250"),
        (FRENCH, "mac-roman"),
    ],
)
def test_a_text_in_a_single_byte_encoding_is_read_in_it(text: str, encoding: str) -> None:
    report = scan((text * 20).encode(encoding))
    assert report.encoding == encoding
    assert kinds(report) == {"encoding": 20}
    assert fault(report, "encoding").detail == f"its words are readable as {encoding}"


def test_lines_in_another_encoding_are_found_among_lines_in_utf8() -> None:
    data = FRENCH.encode() * 3 + FRENCH.encode("windows-1252") + FRENCH.encode()
    report = scan(data)
    assert (report.encoding, report.lines) == ("utf-8", 5)
    assert kinds(report) == {"mixed-encodings": 1}
    assert places(report, "mixed-encodings") == [(4, 22, "é")]
    assert "4 lines in UTF-8, 1 readable as windows-1252" in fault(report, "mixed-encodings").detail


def test_lines_in_utf8_before_the_others_count_too() -> None:
    report = scan(FRENCH.encode() * 9000 + FRENCH.encode("windows-1252"))
    assert kinds(report) == {"mixed-encodings": 1}
    assert places(report, "mixed-encodings") == [(9001, 22, "é")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_recognised_and_reported(encoding: str) -> None:
    report = scan("Un texte avec soft\u00adhyphen.\n".encode(encoding))
    assert kinds(report) == {"encoding": 1, "soft-hyphens": 1}
    assert fault(report, "encoding").detail.startswith("the text is in utf-16")


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-16", "utf-16-be", "koi8-r"])
def test_a_declared_encoding_is_no_fault(encoding: str) -> None:
    report = scan((RUSSIAN * 3).encode(encoding), encoding=encoding, piece=7)
    assert (kinds(report), report.lines) == ({}, 3)


def test_bytes_that_are_not_in_the_declared_encoding_are_reported() -> None:
    report = scan(b"abc\ndef \x81 ghi\n", encoding="windows-1252")
    assert kinds(report) == {"encoding": 1, "replacement-characters": 1}
    assert places(report, "encoding") == [(2, 5, "\ufffd")]
    assert kinds(scan(b"\x81\n" * 300_000 + b"\x81", encoding="windows-1252"))["encoding"] > 1


@pytest.mark.parametrize(
    ("wrong", "variant"),
    [
        ("rÃ©union Ã©tÃ©", "UTF-8 read as windows-1252"),
        ("lâ€™Ã©tÃ©", "UTF-8 read as windows-1252"),
        ("FÃ¼r GrÃ¶ÃŸe", "UTF-8 read as windows-1252"),
        ("Ð´ÐµÐ»Ð¾", "UTF-8 read as windows-1252"),
        ("r√©union", "UTF-8 read as mac-roman"),
        ("r├®union", "UTF-8 read as cp850"),
        ("РџСЂРёРІРµС‚", "UTF-8 read as windows-1251"),
        ("Ïðèâåò, ìèð", "windows-1251 read as Latin-1"),
        ("rÃƒÂ©union", "UTF-8 read as windows-1252 twice"),
    ],
)
def test_wrongly_decoded_letters_are_found(wrong: str, variant: str) -> None:
    report = scan(f"Un texte : {wrong} et plus.\n")
    assert "mojibake" in kinds(report)
    assert {name for name, _ in fault(report, "mojibake").variants} == {variant}


def test_koi8_read_as_windows_1251_is_found_by_its_exchanged_case() -> None:
    wrong = (RUSSIAN * 3).encode("koi8-r").decode("windows-1251")
    assert kinds(scan(wrong))["mojibake"] > 20
    assert kinds(scan(RUSSIAN * 3)) == {}


@pytest.mark.parametrize(
    "right",
    [
        "« CAFÉ » ET «CAFÉ», L’IRMû et ROMÂ»",
        "à l’été – c’est “là”, “Ö”, „Ü“, ‚Ä‘ et Ñ°",
        "Річ Посполита, Січ, Різдво, Рїк",
        "óóóóó! Ööööö! créée, réélu",
        "√2 ≈ 1,41 ├── data └── x",
        "вВПК, СССР, РСФСР",
    ],
)
def test_right_letters_are_no_mojibake(right: str) -> None:
    assert "mojibake" not in kinds(scan(f"{right}\n"))


def test_a_last_line_without_an_end_is_read_in_its_encoding() -> None:
    report = scan(FRENCH.encode() + "une fin bien triste et coupée".encode("windows-1252"))
    assert kinds(report) == {"mixed-encodings": 1}
