"""A date that spreadsheet programs show differently is refused at its cell; all others are read."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from archtool.tables.model import Row
from archtool.tables.workbook import Workbook


def row_with(number: float, form: str, epoch: datetime) -> Row:
    """Return the row of a workbook in which a cell stores a number in a format of dates."""
    book = openpyxl.Workbook()
    book.epoch = epoch
    sheet = book.worksheets[0]
    sheet.append(["date", "title"])
    sheet.append([number, "Letter"])
    sheet.cell(2, 1).number_format = form
    data = io.BytesIO()
    book.save(data)
    opened = Workbook(data, "letters.xlsx")
    (row,) = opened.table(0).rows
    opened.close()
    return row


@pytest.mark.parametrize("number", [0, 0.5, 1, 31, 45, 59, 60, 60.5])
@pytest.mark.parametrize("form", ["yyyy-mm-dd", "dd/mm/yyyy hh:mm:ss", "mmm yyyy", "yyyy"])
def test_a_date_of_the_first_sixty_days_is_refused_at_its_cell(number: float, form: str) -> None:
    row = row_with(number, form, CALENDAR_WINDOWS_1900)
    assert row.cells == ("", "Letter")
    (fault,) = row.faults
    assert (fault.column, fault.message.partition(":")[0]) == (
        1, "spreadsheet programs show this date differently",
    )  # fmt: skip
    assert "February 1900" in fault.message
    assert fault.hint == "format the cell as text, then type the intended value"


@pytest.mark.parametrize(
    ("number", "day"), [(61, "1900-03-01"), (11871, "1932-07-01"), (-1, "1899-12-29"), (-10514, "1871-03-18")]
)
def test_another_date_is_read_as_all_programs_show_it_that_show_it_at_all(number: int, day: str) -> None:
    row = row_with(number, "yyyy-mm-dd", CALENDAR_WINDOWS_1900)
    assert (row.cells[0], row.faults) == (day, ())


@pytest.mark.parametrize(("number", "day"), [(0, "1904-01-01"), (1, "1904-01-02"), (59, "1904-02-29")])
def test_a_date_in_the_system_of_1904_is_read_from_its_first_day(number: int, day: str) -> None:
    row = row_with(number, "yyyy-mm-dd", CALENDAR_MAC_1904)
    assert (row.cells[0], row.faults) == (day, ())


def test_a_date_before_the_system_of_1904_is_refused_at_its_cell() -> None:
    (fault,) = row_with(-1, "yyyy-mm-dd", CALENDAR_MAC_1904).faults
    assert "1904-01-01" in fault.message


@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
def test_a_time_of_day_is_refused_as_what_it_is(epoch: datetime) -> None:
    (fault,) = row_with(0.5, "hh:mm", epoch).faults
    assert "a time of day" in fault.message


def test_a_small_number_that_is_no_date_is_read_as_a_number() -> None:
    row = row_with(45, "General", CALENDAR_WINDOWS_1900)
    assert (row.cells[0], row.faults) == ("45", ())
