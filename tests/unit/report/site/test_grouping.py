"""Indexes of a site: groups by year, name and language, divided into pages."""

from __future__ import annotations

import pytest

from archtool.report.site.grouping import by_author, by_date, by_series, contents_of, divide
from archtool.report.site.model import SiteAuthor, SiteEntry


def entry(
    slug: str, date: str | None = None, author: str | None = None, series: str | None = None
) -> SiteEntry:
    authors = (SiteAuthor(author),) if author is not None else ()
    return SiteEntry(slug, slug, f"Title {slug}", date=date, authors=authors, series=series)


@pytest.mark.parametrize(
    ("date", "heading"),
    [
        ("1932-04-02", "1932"),
        ("1932~", "1932"),
        ("193X", "1930s"),
        ("19XX", "1900 to 1999"),
        ("../1932-11-03", "1932"),
        ("1931/1932", "1931"),
        ("-0398", "399 BC"),
        ("0000", "1 BC"),
        ("0079", "79"),
        (None, "undated"),
    ],
)
def test_a_date_is_under_its_first_year(date: str | None, heading: str) -> None:
    assert [group.heading for group in by_date([entry("a", date)])] == [heading]


def test_years_are_in_order_and_the_undated_come_last() -> None:
    dates = ["1932", None, "-0398", "193X", "1931-12", "0079"]
    groups = by_date([entry(str(number), date) for number, date in enumerate(dates)])
    assert [group.heading for group in groups] == ["399 BC", "79", "1930s", "1931", "1932", "undated"]


def test_names_are_in_the_order_of_their_letters_without_accents_and_case() -> None:
    names = ["Zola", "élan", "Elan", "Ñandú", "nandu", "Иванов", "abel"]
    groups = by_author([entry(str(number), author=name) for number, name in enumerate(names)])
    assert [group.heading for group in groups] == ["abel", "Elan", "élan", "nandu", "Ñandú", "Zola", "Иванов"]


def test_groups_whose_names_have_the_same_letters_have_different_anchors() -> None:
    groups = by_series([entry("a", series="A & B"), entry("b", series="a, b"), entry("c", series="!")])
    assert len({group.anchor for group in groups}) == 3


def test_a_group_that_does_not_fit_is_continued_and_no_entry_is_lost() -> None:
    groups = by_date([entry(f"{number:03}", "1932" if number < 25 else "1933") for number in range(42)])
    pages = divide(groups, per_page=10)
    assert [len(page) for page in pages] == [1, 1, 2, 1, 1]
    assert [group.is_continued for page in pages for group in page] == [False, True, True, False, True, True]
    listed = [one.slug for page in pages for group in page for one in group.entries]
    assert listed == [f"{number:03}" for number in range(42)]


def test_very_many_names_are_found_by_their_first_letters() -> None:
    names = [f"{letter}{number:03}" for letter in "ABÉ" for number in range(150)] + ["123"]
    groups = by_author([entry(str(number), author=name) for number, name in enumerate(names)])
    contents = contents_of(divide(groups), groups)
    assert [(one.label, one.count) for one in contents] == [("#", 1), ("A", 150), ("B", 150), ("E", 150)]
