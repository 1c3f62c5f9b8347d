"""A date that is not EDTF gets the EDTF forms that it can mean as a hint; nothing is converted."""

from __future__ import annotations

import pytest

from archtool.description.limits import MAX_DATE_CHARS
from archtool.description.suggestions.date_suggestions import date_hint, suggest_dates


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12/05/1932", ("1932-05-12", "1932-12-05")),
        ("25/12/1932", ("1932-12-25",)),
        ("12.5.1932", ("1932-05-12", "1932-12-05")),
        ("1932-5-3", ("1932-05-03",)),
        ("1932/05/12", ("1932-05-12",)),
        ("1932-13-05", ("1932-05-13",)),
        ("1932-5", ("1932-05",)),
        ("05/1932", ("1932-05",)),
        ("May 1932", ("1932-05",)),
        ("mai 1932", ("1932-05",)),
        ("12 mai 1932", ("1932-05-12",)),
        ("1er mai 1932", ("1932-05-01",)),
        ("May 12th, 1932", ("1932-05-12",)),
        ("12. März 1932", ("1932-03-12",)),
        ("12 мая 1932 г.", ("1932-05-12",)),
        ("spring 1932", ("1932-21",)),
        ("c. 1932", ("1932~",)),
        ("vers 1932", ("1932~",)),
        ("circa May 1932", ("1932-05~",)),
        ("1932 ?", ("1932?",)),
        ("[1932]", ("1932?", "1932")),
        ("[1932?]", ("1932?",)),
        ("1930s", ("193X",)),
        ("années 1930", ("193X",)),
        ("19th century", ("18XX",)),
        ("before 1932", ("../1932",)),
        ("avant mai 1932", ("../1932-05",)),
        ("after 1932", ("1932/..",)),
        ("1932-1934", ("1932/1934",)),
        ("between 1932 and 1934", ("1932/1934",)),
        ("mai 1932 - juin 1932", ("1932-05/1932-06",)),
        ("1932-02-30", ()),
        ("30 February 1932", ()),
        ("some day", ()),
        ("May", ()),
        ("", ()),
    ],
)
def test_the_forms_that_a_date_can_mean_are_suggested(written: str, meant: tuple[str, ...]) -> None:
    assert suggest_dates(written) == meant


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("12/05/1932", "did you mean `1932-05-12` (day 12 of month 5) or `1932-12-05` (day 5 of month 12)?"),
        ("[1932]", "did you mean `1932?` (uncertain) or `1932`?"),
        ("May 1932", "did you mean `1932-05`?"),
        ("n.d.", "leave the date out if it is not known: a description may have none"),
        ("sans date", "leave the date out if it is not known: a description may have none"),
        ("12.5.32", "write the year with four digits, as in 1932-05-12"),
        ("once", None),
        ("9" * (MAX_DATE_CHARS + 1), None),
    ],
)
def test_the_hint_says_how_two_dates_differ(written: str, hint: str | None) -> None:
    assert date_hint(written) == hint


def test_nothing_is_suggested_for_a_text_longer_than_any_date() -> None:
    assert suggest_dates("1" * (MAX_DATE_CHARS + 1)) == ()


def test_the_date_of_a_time_without_a_zone_is_suggested() -> None:
    assert suggest_dates("1932-05-12 10:00")[0] == "1932-05-12"
