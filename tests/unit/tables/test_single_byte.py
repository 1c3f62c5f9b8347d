"""Bytes of single-byte encodings are read only if they leave no doubt; otherwise a person is asked."""

from __future__ import annotations

import pytest

from archtool.tables.single_byte import Decision, WordCollector


def decision(text: str, encoding: str) -> Decision:
    words = WordCollector()
    for number, line in enumerate(text.encode(encoding).splitlines(), 1):
        words.add(line, number)
    return words.decide()


def readings(text: str, encoding: str) -> dict[str, tuple[str, ...]]:
    return {one.encoding: one.words for one in decision(text, encoding).readings}


FRENCH = "Lettre à la section\nRéponse de Genève, pièce 3\nNote « entre » guillemets"
CERTAIN = [
    (FRENCH, "windows-1252", "Windows-1252"),
    ("für Größe", "windows-1252", "Windows-1252"),
    ("El señor de España", "windows-1252", "Windows-1252"),
    ("Söder på", "windows-1252", "Windows-1252"),
    (FRENCH, "mac-roman", "Mac Roman"),
    ("cœur", "mac-roman", "Mac Roman"),
]


@pytest.mark.parametrize(("text", "encoding", "name"), CERTAIN)
def test_a_text_that_only_one_encoding_can_have_is_certain(text: str, encoding: str, name: str) -> None:
    found = decision(text, encoding)
    assert (found.certain_name, len(found.readings)) == (name, 1)


def test_latin_1_is_read_as_windows_1252_which_is_the_same_text() -> None:
    assert decision(FRENCH, "latin-1").certain_name == "Windows-1252"


@pytest.mark.parametrize(
    ("text", "encoding", "readings_of_both"),
    [
        ("Genève", "windows-1252", {"windows-1252": "Genève", "windows-1250": "Genčve"}),
        ("Dvořák", "windows-1250", {"windows-1252": "Dvoøák", "windows-1250": "Dvořák"}),
        ("RÉPONSE", "windows-1252", {"windows-1252": "RÉPONSE", "mac-roman": "R…PONSE"}),
        ("RéPONSE", "windows-1252", {"windows-1252": "RéPONSE", "mac-roman": "RÈPONSE"}),
        ("don’t", "windows-1252", {"windows-1252": "don’t", "mac-roman": "donít"}),
        ("für", "mac-roman", {"windows-1250": "fźr", "mac-roman": "für"}),
        ("Größe 5˝", "windows-1250", {"windows-1252": "5½", "windows-1250": "5˝"}),
        ("¤ RÉPONSE", "windows-1252", {"windows-1252": "¤", "mac-roman": "§"}),
        ("Straße", "cp850", {"cp850": "Straße"}),
        ("Café", "windows-1252", {"windows-1252": "Café", "mac-latin2": "Cafť"}),
    ],
)
def test_a_text_with_two_possible_readings_is_not_guessed(
    text: str, encoding: str, readings_of_both: dict[str, str]
) -> None:
    found = readings(text, encoding)
    assert all(word in found[name] for name, word in readings_of_both.items())
    assert decision(text, encoding).certain_name is None


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Письмо из Барнаула", "windows-1251"),
        ("Письмо из Барнаула", "koi8-r"),
        ("Письмо из Барнаула", "mac-cyrillic"),
        ("Письмо из Барнаула", "cp866"),
        ("Επιστολή προς τα τμήματα", "windows-1253"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy", "windows-1250"),
        ("Zażółć gęślą jaźń", "windows-1250"),
        ("Árvíztűrő tükörfúrógép", "windows-1250"),
        ("Árvíztűrő tükörfúrógép", "cp852"),
        ("Laiškas į Vilnių, žmonės ir šalis", "windows-1257"),
        ("Şişli İstanbul mektup ağaç", "windows-1254"),
        ("Lettre à la section, déjà reçue à Genève", "cp850"),
        ("Lettre à la section, déjà reçue à Genève", "cp437"),
        ("Brief über Größe", "cp850"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy", "mac-latin2"),
    ],
)
def test_a_text_in_another_encoding_is_never_taken_for_windows_1252_or_mac_roman(
    text: str, encoding: str
) -> None:
    found = decision(text, encoding)
    assert found.certain_name is None
    words = text.split()
    assert any(word in words for reading in found.readings for word in reading.words)


def test_a_language_that_is_not_western_is_not_read_without_asking() -> None:
    assert decision("Bréf frá Íslandi, þjóð og maður", "mac-iceland").certain_name is None
    assert decision("Bréf frá Íslandi, þjóð og maður", "windows-1252").certain_name is None


def test_the_words_that_are_shown_tell_all_readings_apart() -> None:
    found = decision("Tomáš\nJežek\něc", "windows-1250")
    shown = [one.words for one in found.readings]
    assert len(set(shown)) == len(shown) > 1
    assert found.line == 3


def test_the_first_line_of_the_word_is_reported() -> None:
    assert decision("plain\n\n3 à 4, Genève\nà", "windows-1252").line == 3
