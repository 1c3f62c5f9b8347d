"""Dates, rights and languages in words: what an identifier means, and nothing about what is plain."""

from __future__ import annotations

import pytest

from archtool.description.tag_names import language_name
from archtool.report.date_words import date_in_words
from archtool.report.rights_words import RIGHTS_STATEMENTS, rights_in_words


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("1932-05~", "about May 1932"), ("1932?", "perhaps 1932"),
        ("1932-05-14%", "perhaps about 14 May 1932"),
        ("../1932-11-03", "not after 3 November 1932"), ("1932-04/..", "not before April 1932"),
        ("1932/1933-02~", "from 1932 to about February 1933"), ("193X", "the 1930s"),
        ("18XX", "between 1800 and 1899"), ("1932-XX", "1932, month not known"),
        ("1932-05-XX", "May 1932, day not known"), ("1932-21", "spring 1932"),
        ("1932-24~", "about winter 1932"),
    ],
)  # fmt: skip
def test_a_date_that_needs_words_gets_them(date: str, words: str) -> None:
    assert date_in_words(date) == words


@pytest.mark.parametrize(
    "date",
    ["1932", "1932-05", "1932-05-14", "[1932,1933]", "1932-33", "Y-17E7", "../..", "", "1932-05~-14", "~"],
)
def test_other_dates_get_no_words(date: str) -> None:
    assert date_in_words(date) is None


def test_all_statements_of_rightsstatements_org_have_words() -> None:
    assert len(RIGHTS_STATEMENTS) == 12
    assert rights_in_words("UND") == "copyright undetermined"
    assert rights_in_words("http://rightsstatements.org/vocab/InC/1.0/") == "in copyright"


@pytest.mark.parametrize(
    ("licence", "words"),
    [
        ("CC0-1.0", "Creative Commons Zero 1.0 Universal"), ("CC-BY-4.0", "Creative Commons Attribution 4.0"),
        ("CC-BY-NC-SA-3.0", "Creative Commons Attribution-Non Commercial-Share Alike 3.0"),
        ("GPL-3.0-or-later", "GNU General Public License v3.0 or later"), ("MIT", "MIT License"),
    ],
)  # fmt: skip
def test_a_licence_has_its_name(licence: str, words: str) -> None:
    assert rights_in_words(licence) == words


@pytest.mark.parametrize(
    "statement", ["By permission of the heirs", "LicenseRef-own", "https://example.org/", ""]
)
def test_a_sentence_is_left_as_it_is(statement: str) -> None:
    assert rights_in_words(statement) is None


@pytest.mark.parametrize(
    ("tag", "name"),
    [("fr", "French"), ("ru-Latn", "Russian, Latin script"), ("fr-CA", "French, Canada"),
     ("de-1996", "German, German orthography of 1996"), ("x-own", None), ("french", None)],
)  # fmt: skip
def test_a_language_is_named_by_the_registry(tag: str, name: str | None) -> None:
    assert language_name(tag) == name


def test_a_month_that_no_calendar_has_is_not_put_into_words() -> None:
    assert date_in_words("1932-33") is None
