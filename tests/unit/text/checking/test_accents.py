"""Accents that were extracted as separate letters: found in damaged texts, and not in sound ones."""

from __future__ import annotations

import pytest

from debian_texts import prose
from real_document import DOCUMENT
from text_damage import STYLES, Style, damage
from text_scans import fault, kinds, places, scan

DAMAGED = (
    "Pour le compagnon de Leéon, un travail a eé teé  interdit aà l’eé tranger, meême en greàve, "
    "ouà l’on est plutoê t.\n"
)
SOUND = (
    "Prolétaires, créée, réélu, européenne, poêle, poêlon, quête, enquête, guêpe, océan, aéré, méat, "
    "préétabli, téléenseignement, goût, maître, boîte, août, reître, caduèque, publié, évalué\n"
)
COUNTED = {"eé": 318, "aà": 49, "eê": 21, "eà": 16, "oê": 4, "EÉ": 4, "aê": 2, "AÀ": 1, "uà": 1, "îê": 2}
"""The counts of the facts about the document; of the last pair they say one or two."""
LANGUAGES = ("fr", "es", "pt", "cs", "pl", "de")


@pytest.mark.parametrize("language", ["fr", "fr-CA", None])
def test_each_pair_is_counted(language: str | None) -> None:
    report = scan(DAMAGED * 3, language)
    assert dict(fault(report, "accents").variants) == {
        "eé": 12, "aà": 3, "eê": 3, "eà": 3, "uà": 3, "oê": 3
    }  # fmt: skip
    assert places(report, "accents")[0] == (1, 23, "eé")


def test_capitals_and_letters_with_their_accent_are_counted() -> None:
    text = "EÉ TAT ET AÀ PARTIR, traîêtres, eé teé, aà, connaîêtre, arreê teé aà la geêne\n"
    found = dict(fault(scan(text * 2, "fr"), "accents").variants)
    assert (found["EÉ"], found["AÀ"], found["îê"]) == (2, 2, 4)


@pytest.mark.parametrize("language", [*LANGUAGES, "it", "hu", None])
def test_words_that_are_right_are_not_counted(language: str | None) -> None:
    assert "accents" not in kinds(scan(SOUND * 20, language))


def test_right_words_in_a_damaged_text_are_not_counted() -> None:
    found = dict(fault(scan((DAMAGED + SOUND) * 3, "fr"), "accents").variants)
    assert found["oê"] == 3
    assert not {"uê", "ié", "ué", "oî", "oû"} & found.keys()


def test_a_few_pairs_can_be_names() -> None:
    text = "Le camarade Leé et la camarade Noaà sont venus. L’été était là, et la réunion a été fixée.\n"
    assert "accents" not in kinds(scan(text, "fr"))


def test_the_real_document_has_the_accents_that_were_counted_by_hand() -> None:
    if not DOCUMENT.is_file():
        pytest.skip(f"the document is not at {DOCUMENT}")
    report = scan(DOCUMENT.read_bytes(), "fr")
    assert dict(fault(report, "accents").variants) == COUNTED
    assert kinds(report) == {
        "accents": 418, "page-numbers": 1, "line-end-hyphens": 3, "drop-capitals": 1, "double-spaces": 492
    }  # fmt: skip


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_most_damaged_letters_of_prose_are_found(style: Style) -> None:
    paragraphs = list(prose(style.language)[:400])
    if not paragraphs:
        pytest.skip("Debian's packages of prose are not installed (see docs/testing.md)")
    damaged = damage(paragraphs, style)
    found = kinds(scan(damaged.text, style.language))["accents"]
    # Portuguese çc and Polish ó have pairs that words have, too
    least = 0.6 if style.language in ("pt", "pl") else 0.97
    assert least * len(damaged.letters) <= found <= 1.02 * len(damaged.letters)


@pytest.mark.parametrize("language", [*LANGUAGES, "ru"])
@pytest.mark.parametrize("is_declared", [True, False])
def test_sound_prose_of_seven_languages_has_no_such_fault(language: str, is_declared: bool) -> None:
    paragraphs = prose(language)
    if not paragraphs:
        pytest.skip("Debian's packages of prose are not installed (see docs/testing.md)")
    found = kinds(scan("\n\n".join(paragraphs), language if is_declared else None))
    assert not {"accents", "mojibake", "language", "encoding", "mixed-encodings"} & found.keys()
    if language != "ru":  # Debian's Russian fortunes do have Latin letters in Russian words
        assert "mixed-scripts" not in found


def test_sound_paragraphs_of_seven_languages_have_none_of_it_alone_either() -> None:
    for language in (*LANGUAGES, "ru"):
        for paragraph in prose(language)[:300]:
            found = kinds(scan(paragraph, language))
            assert not {"accents", "mojibake"} & found.keys(), paragraph


def test_a_text_in_six_languages_has_none() -> None:
    text = "\n\n".join("\n\n".join(prose(language)[:150]) for language in (*LANGUAGES, "ru") * 3)
    assert not {"accents", "mojibake", "language"} & kinds(scan(text)).keys()
