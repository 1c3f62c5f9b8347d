"""EDTF dates as other formats can say them: never more exact than they are."""

from __future__ import annotations

import pytest

from archtool.exports.catalogue.dates import DateRange, read_edtf
from archtool.exports.catalogue.tei.dates import date_attributes, date_element


@pytest.mark.parametrize("text", ["1932", "1932-04", "1932-04-30"])
def test_a_plain_date_is_one_day_month_or_year(text: str) -> None:
    date = read_edtf(text)
    assert (date.begin, date.is_single, date.is_doubtful) == (text, True, False)


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("1931/1932", "1931", "1932"), ("../1932-11-03", None, "1932-11-03"), ("1931/..", "1931", None),
        ("1931/", "1931", None), ("1931~/1932?", "1931", "1932"),
    ],
)  # fmt: skip
def test_an_interval_has_two_ends_of_which_one_can_be_open(
    text: str, begin: str | None, end: str | None
) -> None:
    date = read_edtf(text)
    assert (date.begin, date.end, date.is_interval) == (begin, end, True)


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [("1932~", True, False), ("1932?", False, True), ("1932%", True, True)],
)
def test_a_qualified_date_stays_doubtful(text: str, *, approximate: bool, uncertain: bool) -> None:
    date = read_edtf(text)
    assert (date.begin, date.is_approximate, date.is_uncertain) == ("1932", approximate, uncertain)


@pytest.mark.parametrize(("text", "begin", "end"), [("193X", "1930", "1939"), ("19XX", "1900", "1999")])
def test_a_date_with_unknown_digits_lies_between_two_years_and_is_no_interval(
    text: str, begin: str, end: str
) -> None:
    assert read_edtf(text) == DateRange(text, begin, end, is_span=True)


@pytest.mark.parametrize(
    "text",
    ["1932-21", "[1931,1932]", "1932-XX", "Y-17000", "-0044", "1932-?04", "../..", "0000", "1700-02-29"],
)
def test_what_only_edtf_can_say_has_no_ends(text: str) -> None:
    date = read_edtf(text)
    assert (date.edtf, date.begin, date.end) == (text, None, None)


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("1932-04", '<date when="1932-04">1932-04</date>'),
        ("1932~", '<date when="1932">1932~<precision precision="low"/></date>'),
        ("1932?", '<date when="1932">1932?<certainty locus="value" cert="low"/></date>'),
        ("../1932", '<date to="1932">../1932</date>'),
        ("193X", '<date notBefore="1930" notAfter="1939">193X</date>'),
        ("1932-21", "<date>1932-21</date>"),
    ],
)
def test_tei_gets_attributes_for_machines_and_the_date_as_it_was_written(text: str, xml: str) -> None:
    element = date_element(text)
    assert element is not None
    assert element.xml == xml


def test_a_doubtful_date_gets_no_exact_attribute_where_no_mark_can_stand_beside_it() -> None:
    assert date_attributes("1932~") == {}
    assert date_attributes("1932") == {"when": "1932"}
