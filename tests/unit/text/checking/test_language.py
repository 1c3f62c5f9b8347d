"""The language of a text: recognised where its words show it, and never claimed otherwise."""

from __future__ import annotations

import pytest

from debian_texts import prose
from text_scans import fault, kinds, scan

FRENCH = (
    "Nous avons reçu votre lettre du mois dernier et nous vous en remercions, car elle montre que la "
    "situation des prisonniers est plus grave que nous ne le pensions avant de la lire dans le bulletin de "
    "notre section.\n"
)
RUSSIAN = "Мы не знаем, что это такое, но он был у нас и все это так, как мы его и она из них же если бы.\n"
LANGUAGES = ("fr", "es", "pt", "cs", "pl", "de", "ru")
CLOSE = {"pl": {"cs"}, "cs": {"pl"}}
"""Languages that share so many short words that nothing is claimed."""


def test_the_language_of_a_text_is_recognised() -> None:
    assert scan(FRENCH * 10).language == "fr"
    assert scan(RUSSIAN * 10).language == "ru"


@pytest.mark.parametrize("declared", ["ru", "de", "en-GB", "pl"])
def test_another_language_than_the_declared_one_is_reported(declared: str) -> None:
    report = scan(FRENCH * 10, declared)
    assert kinds(report) == {"language": 1}
    assert fault(report, "language").detail.endswith("but its words are French")
    assert fault(report, "language").places == ()


@pytest.mark.parametrize("declared", ["fr", "fr-CA", "FR", "ru-Latn", "oc", "und", "x-own"])
def test_nothing_is_claimed_against_the_language_or_an_unknown_one(declared: str) -> None:
    assert kinds(scan(FRENCH * 10, declared)) == {}


def test_nothing_is_claimed_about_a_short_text() -> None:
    assert kinds(scan(FRENCH, "ru")) == {}
    assert scan(FRENCH).language is None


def test_nothing_is_claimed_about_a_text_in_two_languages() -> None:
    for declared in ("fr", "ru"):
        assert kinds(scan(FRENCH * 10 + RUSSIAN * 12, declared)) == {}


def test_nothing_is_claimed_about_a_list_of_names() -> None:
    assert scan("Rakovsky, Balitsky, Trotsky, Staline\n" * 200).language is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_prose_of_debian_is_recognised(language: str) -> None:
    paragraphs = prose(language)
    if not paragraphs:
        pytest.skip("Debian's packages of prose are not installed (see docs/testing.md)")
    text = "\n\n".join(paragraphs[:1500])
    assert scan(text).language == language
    for other in set(LANGUAGES) - CLOSE.get(language, set()):
        assert ("language" in kinds(scan(text, other))) == (other != language)
