"""Which letters languages have, and which pairs of letters can stand for one of them."""

from __future__ import annotations

import pytest

from archtool.text.repairing.accents.carriers import (
    STROKE,
    AccentedLetter,
    alphabet_of,
    letters_of,
    primary_language,
    take_apart,
)


@pytest.mark.parametrize(
    ("letter", "base", "accent"),
    [
        ("é", "e", "\u0301"),
        ("À", "A", "\u0300"),
        ("ł", "l", STROKE),
        ("ą", "a", "\u0328"),
        ("ü", "u", "\u0308"),
    ],
)
def test_an_accented_letter_comes_apart(letter: str, base: str, accent: str) -> None:
    assert take_apart(letter) == AccentedLetter(base, accent)


@pytest.mark.parametrize("letter", ["e", "œ", "ß", "й", "ế"])
def test_other_letters_do_not_come_apart(letter: str) -> None:
    assert take_apart(letter) is None


@pytest.mark.parametrize(
    ("language", "pair", "letter"),
    [
        ("fr", "eé", "é"),
        ("fr", "uà", "ù"),
        ("fr", "EÉ", "É"),
        ("fr", "Eé", "É"),
        ("fr", "îê", "î"),
        ("es", "nñ", "ñ"),
        ("es", "oé", "ó"),
        ("pt", "oã", "õ"),
        ("pt", "cç", "ç"),
        ("cs", "uů", "ů"),
        ("cs", "rě", "ř"),
        ("pl", "lł", "ł"),
        ("pl", "eą", "ę"),
        ("de", "oä", "ö"),
        ("pt-BR", "aã", "ã"),
        (None, "oő", "ő"),
    ],
)
def test_a_base_letter_with_a_carrier_stands_for_an_accented_letter(
    language: str | None, pair: str, letter: str
) -> None:
    assert alphabet_of(language).pairs[pair] == letter


@pytest.mark.parametrize("pair", ["ée", "oé", "eÉ", "êê", "lł"])
def test_other_pairs_stand_for_no_french_letter(pair: str) -> None:
    assert pair not in alphabet_of("fr").pairs


def test_the_accent_of_a_letter_of_another_alphabet_is_unknown() -> None:
    assert alphabet_of("fr").accent_of("é") == "\u0301"
    assert alphabet_of("fr").accent_of("ó") is None
    assert alphabet_of("fr").accent_of("x") is None


def test_a_language_that_is_not_known_well_has_the_letters_of_all() -> None:
    assert primary_language("it") is None
    assert primary_language(None) is None
    assert primary_language("FR_ca") == "fr"
    assert {"é", "ł", "ő"} <= set(letters_of("it"))
    assert letters_of("de") == "äöü"


def test_a_pair_of_sound_portuguese_words_is_known() -> None:
    assert "cç" in alphabet_of("pt").natural_pairs
    assert "cç" in alphabet_of(None).natural_pairs
    assert not alphabet_of("fr").natural_pairs
