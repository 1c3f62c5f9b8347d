"""Dates of a library in CSL-JSON: what is no date is refused with its reason."""

from __future__ import annotations

import pytest

from archtool.csl_dates import parse_date_parts


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([1932, 5, 1], "must be a list of lists"),
        ("1932", "must be a list of lists"),
        ([[1932, 5, 1, 12]], "more parts than year, month and day"),
        ([[1932], [1933], [1934]], "more than two dates"),
        ([[1933], [1932]], "ends before it begins"),
    ],
)
def test_parts_that_are_no_date_are_refused(parts: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_date_parts(parts)
