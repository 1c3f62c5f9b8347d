"""Dates of EDTF are words in citations, and doubts stay doubts."""

from __future__ import annotations

import pytest

from archtool.exports.citations.csl import CslDate
from archtool.exports.citations.words import AMERICAN, ENGLISH, FRENCH, RUSSIAN, date_in_words


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        ("1932-05?", ("May 1932?", "May 1932?", "mai 1932?", "май 1932?")),
        ("1932%", ("ca. 1932?", "ca. 1932?", "vers 1932?", "ок. 1932?")),
        (
            "1932-05-12%",
            ("ca. 12 May 1932?", "ca. May 12, 1932?", "vers le 12 mai 1932?", "ок. 12 мая 1932?"),
        ),
        ("1932-05-XX", ("May 1932", "May 1932", "mai 1932", "май 1932")),
        ("1932-XX-XX", ("1932", "1932", "1932", "1932")),
        ("1932-21", ("spring 1932", "spring 1932", "printemps 1932", "весна 1932")),
        ("1932/..", ("not before 1932", "not before 1932", "au plus tôt en 1932", "не ранее 1932")),
        ("../1932-05", ("by May 1932", "by May 1932", "au plus tard en mai 1932", "не позднее мая 1932")),
    ],
)
def test_a_date_of_edtf_is_said_in_words(edtf: str, said: tuple[str, ...]) -> None:
    languages = (ENGLISH, AMERICAN, FRENCH, RUSSIAN)
    assert tuple(date_in_words(CslDate(text=edtf), words) for words in languages) == said


@pytest.mark.parametrize("text", ["1932-25", "1932-13?", "1932-05-00?", "1932-99/..", "19XX", "May?"])
def test_a_text_that_is_no_such_date_stays_as_it_is(text: str) -> None:
    assert date_in_words(CslDate(text=text), FRENCH) == text


def test_a_day_that_is_approximate_has_its_article_in_french() -> None:
    date = CslDate(days=((1932, 5, 12),), is_circa=True)
    assert date_in_words(date, FRENCH) == "vers le 12 mai 1932"
