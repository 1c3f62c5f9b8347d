"""The modification time of a file as text: exact, in UTC, and read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.files.file_times import format_time, parse_time

_FIRST_NS, _AFTER_LAST_NS = -62_135_596_800 * 10**9, 253_402_300_800 * 10**9


@pytest.mark.parametrize(
    ("time_ns", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (479019967_123456789, "1985-03-07T05:06:07.123456789Z"),
        (479019967_500000000, "1985-03-07T05:06:07.5Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (4_354_819_200 * 10**9, "2108-01-01T00:00:00Z"),
        (_FIRST_NS, "0001-01-01T00:00:00Z"),
        (_AFTER_LAST_NS - 1, "9999-12-31T23:59:59.999999999Z"),
    ],
)
def test_a_time_is_written_exactly(time_ns: int, text: str) -> None:
    assert format_time(time_ns) == text
    assert parse_time(text) == time_ns


@given(st.integers(_FIRST_NS, _AFTER_LAST_NS - 1))
def test_every_time_of_the_calendar_is_read_back(time_ns: int) -> None:
    text = format_time(time_ns)
    assert text is not None
    assert parse_time(text) == time_ns


@pytest.mark.parametrize("time_ns", [_FIRST_NS - 1, _AFTER_LAST_NS, 2**70, -(2**90)])
def test_a_time_that_no_calendar_has_is_not_written(time_ns: int) -> None:
    assert format_time(time_ns) is None


@pytest.mark.parametrize(
    "text",
    ["", "1985-03-07", "1985-03-07T05:06:07", "1985-03-07T05:06:07+00:00", "1985-03-07T05:06:07.50Z",
     "1985-02-30T05:06:07Z", "1985-03-07T05:06:60Z", "1985-03-07T05:06:07.Z", "0000-01-01T00:00:00Z",
     "1985-03-07t05:06:07z", "١٩٨٥-03-07T05:06:07Z"],
)  # fmt: skip
def test_only_the_one_form_of_a_time_is_read(text: str) -> None:
    assert parse_time(text) is None
