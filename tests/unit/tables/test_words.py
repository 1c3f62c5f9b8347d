"""The letters of a word show which readings of its bytes are impossible, and exclude no real word."""

from __future__ import annotations

import pytest

from archtool.tables.words import is_possible, is_western

REAL = [
    "Genève", "à", "où", "cœur", "L’ÉTÉ", "GENèVE", "RéPONSE", "Großenhain", "Größe", "España",
    "señor", "Città", "perché", "não", "coração", "på", "Øresund", "ÅRSBOK", "reykjavík", "Þjóð",
    "Dvořák", "příjem", "Ďáblice", "č", "Łódź", "ćwiczenie", "gęś", "mąż", "Árvíztűrő", "ő",
    "România", "Ștefan", "vŕba", "mŕtvy", "stĺp", "dĺžka", "kuń", "spisowaŕ", "Žižek", "đak",
    "Vilnių", "įsakas", "ķirsis", "Tõnisson", "İstanbul", "ağaç", "Ĉapelo", "ċavetta", "Письмо",
    "Ёлка", "Επιστολή", "n°12", "1932–34", "Paris–Genève", "3è", "84Р7", "№", "“entre«", "don’t",
    "l´été", "col·lecció", "50€", "½", "5˝", "¤", "˝text˝", "Ge¬nève", "日本語", "שלום",
]  # fmt: skip


@pytest.mark.parametrize("word", REAL)
def test_a_real_word_is_possible(word: str) -> None:
    assert is_possible(word)


@pytest.mark.parametrize(
    "word",
    [
        "GenËve", "JosÈ", "Genиve", "Письmo", "pøíènì", "ŕ", "ŕada", "pĺ", "ĺr", "ą", "Espańa",
        "Gen‡ve", "f³r", "M‰rz", "fⁿr", "Sˆder", "Rťþponse", "\x93a", "ƒin", "\uf8ff", "oﬃce",
    ],
)  # fmt: skip
def test_a_wrong_reading_is_impossible(word: str) -> None:
    assert not is_possible(word)


def test_only_letters_of_western_europe_are_western() -> None:
    assert all(map(is_western, ("Genève", "Größe", "Øresund", "1932", "—")))
    assert not any(map(is_western, ("Dvořák", "Þjóð", "Письмо", "Łódź")))
