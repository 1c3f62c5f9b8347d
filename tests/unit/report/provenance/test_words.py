"""The words of the three languages: complete, alike in form, and dates and numbers in their grammar."""

from __future__ import annotations

import re
from dataclasses import fields
from string import Formatter

import pytest

from archtool.provenance.model import EntityKind
from archtool.provenance.vocabulary import RELATORS, RIGHTS_STATEMENTS
from archtool.report.provenance.words.choice import WORDS, words_for
from archtool.report.provenance.words.dates import say_date
from archtool.report.provenance.words.model import Words
from archtool.report.provenance.words.plurals import counted

OTHERS = [words for words in WORDS.values() if words.language != "en"]


def tables(words: Words) -> dict[str, dict[object, str]]:
    stated = {field.name: getattr(words, field.name) for field in fields(words)}
    return {name: dict(value) for name, value in stated.items() if hasattr(value, "items")}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("words", OTHERS, ids=[words.language for words in OTHERS])
def test_each_language_has_the_same_words_with_the_same_places(words: Words) -> None:
    for name, english in tables(words_for("en")).items():
        other = tables(words)[name]
        assert other.keys() == english.keys(), name
        assert {key: places(text) for key, text in other.items()} == {
            key: places(text) for key, text in english.items()
        }
    for field in fields(words.drawn):
        assert places(getattr(words.drawn, field.name)) == places(getattr(words_for("en").drawn, field.name))


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_each_language_names_all_kinds_roles_and_rights_that_a_history_can_have(words: Words) -> None:
    assert words.entity_kinds.keys() == set(EntityKind)
    assert words.roles.keys() >= RELATORS.keys()
    assert words.rights_statements.keys() == RIGHTS_STATEMENTS


def test_french_has_no_break_spaces_where_its_typography_asks_for_them() -> None:
    texts = [text for table in tables(words_for("fr")).values() for text in table.values()]
    assert [text for text in texts if re.search(r"[^\u00a0][:;?!»](?!/)|«[^\u00a0]", text)] == []


@pytest.mark.parametrize(
    ("date", "english", "french", "russian"),
    [
        ("1932", "1932", "1932", "1932 г."),
        ("1932-04", "April 1932", "avril 1932", "апрель 1932 г."),
        ("1932-05-01", "1 May 1932", "1er mai 1932", "1 мая 1932 г."),
        ("1932-11-03", "3 November 1932", "3 novembre 1932", "3 ноября 1932 г."),
        ("../1932-11-03", "not after 3 November 1932", "au plus tard le 3 novembre 1932",
         "не позднее 3 ноября 1932 г."),
        ("../1932-04", "not after April 1932", "au plus tard en avril 1932", "не позднее апреля 1932 г."),
        ("1932/..", "not before 1932", "au plus tôt en 1932", "не ранее 1932 г."),
        ("1932-04~", "about April 1932", "vers avril 1932", "около апреля 1932 г."),
        ("1932-04?", "perhaps April 1932", "peut-être avril 1932", "предположительно апрель 1932 г."),
        ("1932%", "perhaps about 1932", "peut-être vers 1932", "предположительно около 1932 г."),
        ("193X", "the 1930s", "années 1930", "1930-е годы"),
        ("193X~", "about the 1930s", "vers les années 1930", "около 1930-х годов"),
        ("../193X", "not after the 1930s", "au plus tard dans les années 1930", "не позднее 1930-х годов"),
        ("19XX", "between 1900 and 1999", "entre 1900 et 1999", "между 1900 и 1999 гг."),
        ("1932-21", "spring 1932", "printemps 1932", "весна 1932 г."),
        ("../1932-21", "not after spring 1932", "au plus tard au printemps 1932", "не позднее весны 1932 г."),
        ("1932-04/1933-01-05", "from April 1932 to 5 January 1933", "d’avril 1932 au 5 janvier 1933",
         "с апреля 1932 г. до 5 января 1933 г."),
        ("1932-11-03/1933", "from 3 November 1932 to 1933", "du 3 novembre 1932 à 1933",
         "с 3 ноября 1932 г. до 1933 г."),
        ("1932-XX", "1932, exact date not known", "1932, date exacte inconnue",
         "1932 г., точная дата неизвестна"),
        ("2026-11-22T19:30:00+01:00", "22 November 2026, 18:30 UTC", "22 novembre 2026, 18:30 UTC",
         "22 ноября 2026 г., 18:30 UTC"),
        ("1932-02-30", "1932-02-30", "1932-02-30", "1932-02-30"),
        ("9999-12-31T23:59:59-10:00", *["9999-12-31T23:59:59-10:00"] * 3),
        ("0032-05-01T00:00:00Z", "1 May 32, 00:00 UTC", "1er mai 32, 00:00 UTC", "1 мая 32 г., 00:00 UTC"),
        ("Y170000", "Y170000", "Y170000", "Y170000"),
    ],
)  # fmt: skip
def test_dates_are_said_in_the_grammar_of_each_language(
    date: str, english: str, french: str, russian: str
) -> None:
    said = [say_date(date, language).replace("\u00a0", " ") for language in ("en", "fr", "ru")]
    assert said == [english, french, russian]


@pytest.mark.parametrize(
    ("count", "english", "french", "russian"),
    [("0", "0 bytes", "0 octet", "0 байт"), ("1", "1 byte", "1 octet", "1 байт"),
     ("2", "2 bytes", "2 octets", "2 байта"), ("11", "11 bytes", "11 octets", "11 байт"),
     ("22", "22 bytes", "22 octets", "22 байта"), ("112", "112 bytes", "112 octets", "112 байт"),
     ("881", "881 bytes", "881 octets", "881 байт")],
)  # fmt: skip
def test_numbers_of_bytes_have_the_right_plural(count: str, english: str, french: str, russian: str) -> None:
    said = [counted(WORDS[language].sentences["bytes"], count, language) for language in ("en", "fr", "ru")]
    assert said == [english, french, russian]


def test_a_title_with_quotation_marks_gets_the_other_ones() -> None:
    assert words_for("fr").quoted("Lettre") == "«\u00a0Lettre\u00a0»"
    assert words_for("fr").quoted("Lettre « A »") == "“Lettre « A »”"
    assert words_for("ru").quoted("Письмо «А»") == "„Письмо «А»“"


def test_a_language_with_script_or_country_keeps_its_tag() -> None:
    assert words_for("fr").language_name("ru") == "russe"
    assert words_for("fr").language_name("ru-Latn") == "russe (ru-Latn)"
    assert words_for("ru").language_name("tlh") == "tlh"


def test_a_language_that_archtool_does_not_speak_becomes_english() -> None:
    assert words_for("de").language == "en"
