"""The words that are shown to a person show which reading of a text is right."""

from __future__ import annotations

import pytest

from archtool.tables.telling_words import likelihood, telling_words, tells_most
from archtool.tables.words import has_drawing


def test_a_word_tells_more_than_a_lone_letter_or_sign() -> None:
    assert tells_most(["«", "à", "Genève", "Élève"]) == 3
    assert tells_most(["«", "à"]) == 1
    assert tells_most(["«", "n°"]) == 1


def test_words_are_named_before_the_signs_that_also_differ() -> None:
    assert telling_words([["«", "Genève"], ["Ƈ", "Genčve"], ["Ƈ", "Genève"]]) == [1, 0]


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [
        (["Réponse", "à"], ["RÇponse", "Ö"]),
        (["Genève"], ["Genčve"]),
        (["Письмо"], ["Οθρόμξ"]),
        (["Письмо"], ["ѕисьмо"]),
        (["RÉPONSE"], ["RépÉnse"]),
    ],
)
def test_a_reading_in_a_large_language_without_odd_capitals_is_likelier(
    likely: list[str], unlikely: list[str]
) -> None:
    assert likelihood(likely) < likelihood(unlikely)


@pytest.mark.parametrize("text", ["≡╔╙╪═╧", "─", "a▒b", "Gen≡ve"])
def test_frames_and_symbols_inside_words_are_drawings(text: str) -> None:
    assert has_drawing(text)


@pytest.mark.parametrize("text", ["N°", "5½", "Genève", "«", "l’été", "Acme™", "±5"])
def test_signs_beside_words_are_no_drawings(text: str) -> None:
    assert not has_drawing(text)
