"""A date in digits becomes EDTF if its order is stated, and is never guessed."""

from __future__ import annotations

import pytest

from archtool.description.dates import why_not_edtf
from archtool.description.table.date_order import (
    DateOrder,
    date_in_order,
    how_to_correct,
    how_to_read,
    is_date_in_digits,
    why_not_in_order,
    why_unclear,
)

DMY, MDY, YMD = DateOrder


@pytest.mark.parametrize(
    ("text", "order", "date"),
    [
        ("12/05/1932", DMY, "1932-05-12"),
        ("12.5.1932", DMY, "1932-05-12"),
        ("12. 5. 1932", DMY, "1932-05-12"),
        ("12-05-1932", DMY, "1932-05-12"),
        ("05/1932", DMY, "1932-05"),
        ("5.1932", MDY, "1932-05"),
        ("1932", DMY, "1932"),
        ("05/12/1932", MDY, "1932-05-12"),
        ("1932/5/12", YMD, "1932-05-12"),
        ("1932.05", YMD, "1932-05"),
        ("29/2/1932", DMY, "1932-02-29"),
    ],
)
def test_a_date_is_converted_with_the_precision_in_which_it_is_written(
    text: str, order: DateOrder, date: str
) -> None:
    assert date_in_order(text, order) == date


@pytest.mark.parametrize(
    "text", ["1932-05-12", "1932-05", "1932", "1932~", "193X", "../1932-11-03", "1932-21"]
)
@pytest.mark.parametrize("order", DateOrder)
def test_a_date_in_edtf_stays_unchanged(text: str, order: DateOrder) -> None:
    assert date_in_order(text, order) == text


@pytest.mark.parametrize(
    ("text", "order", "says"),
    [
        ("05/13/1932", DMY, "does not exist in the calendar, read as day, month, year"),
        ("31/02/1932", DMY, "does not exist in the calendar"),
        ("29/02/1900", DMY, "does not exist in the calendar"),
        ("00/05/1932", DMY, "does not exist in the calendar"),
        ("21/1932", DMY, "does not exist in the calendar"),
        ("12/05/32", DMY, "has no year of four digits"),
        ("5/32", MDY, "has no year of four digits"),
        ("1932/05/12", DMY, "in the order day, month, year"),
        ("12/05.1932", DMY, "is neither EDTF nor a date in digits"),
        ("12/05/1932?", DMY, "is neither EDTF nor a date in digits"),
        ("May 1932", DMY, "is neither EDTF nor a date in digits"),
        ("١٢/٠٥/١٩٣٢", DMY, "is neither EDTF nor a date in digits"),
    ],
)
def test_what_is_no_date_in_the_stated_order_is_refused_with_the_reason(
    text: str, order: DateOrder, says: str
) -> None:
    assert date_in_order(text, order) is None
    assert says in why_not_in_order(text, order)
    assert repr(text) in why_not_in_order(text, order)


def test_no_text_is_both_edtf_and_another_date_in_the_order_day_month_year() -> None:
    for first in ("5", "05", "12"):
        for sign in "./-":
            for text in (f"{first}{sign}1932", f"{first}{sign}5{sign}1932", f"{first}{sign}5{sign}32"):
                assert why_not_edtf(text) is not None


def test_a_date_without_a_stated_order_gets_the_options_that_can_read_it() -> None:
    assert "which is the month" in why_unclear("03/06/1932")
    assert "--date-order date=dmy or --date-order date=mdy" in how_to_read("03/06/1932", "date")
    assert "is not an EDTF date" in why_unclear("17/06/1932")
    assert "state it: --date-order date=dmy; otherwise" in how_to_read("17/06/1932", "date")
    assert "--date-order" not in how_to_read("17/06/32", "date")
    assert "has no year of four digits" in why_unclear("17/06/32")
    assert not is_date_in_digits("1932-05-12")
    assert not is_date_in_digits("about 1932")


@pytest.mark.parametrize("text", ["31/02/1932", "1932.13.45", "0/1932", "1932-13-01"])
def test_a_date_in_digits_that_no_order_can_read_does_not_exist(text: str) -> None:
    assert why_unclear(text) == f"{text!r} does not exist in the calendar"
    assert how_to_read(text, "date").startswith("write the date as year-month-day")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("April 1932", "did you mean `1932-04`?"),
        ("vers 1932", "did you mean `1932~`?"),
        ("s.d.", "leave the date out if it is not known: a description may have none"),
        ("31/02/1932", "write the date as year-month-day"),
        ("after the war", "write the date as year-month-day"),
        ("04/13/1932", "it is a date in the order mdy: check the other dates of the column as well"),
    ],
)
def test_a_text_that_is_no_date_in_the_stated_order_gets_a_hint_that_fits_it(text: str, hint: str) -> None:
    assert how_to_correct(text, DateOrder.DMY).startswith(hint)
