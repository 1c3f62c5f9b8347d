"""Refuses dates that spreadsheet programs do not show alike, because a workbook stores them as numbers.

Excel counts 29 February 1900, a day that there was not; LibreOffice does not. So the number 45 is 14 February
1900 in Excel and 13 February in LibreOffice; both show the same dates from the number 61, 1 March 1900. Dates
below the number 0 are certain: Excel stores and shows none, and LibreOffice shows them in the usual calendar.
In the date system of 1904 a number below 0 is refused: Excel shows it as a date with a minus sign.

Source: ECMA-376 part 1, §18.17.4.1 (date systems).
"""

from __future__ import annotations

from datetime import date, datetime, time

from archtool.tables.number_formats import FormatPart, parse_number_format
from archtool.tables.shown_values import UnclearCellError

_SYSTEM_1904 = date(1904, 1, 1)
_EPOCH_1900, _FIRST_CERTAIN = date(1899, 12, 30), date(1900, 3, 1)
_DIFFERENTLY = "spreadsheet programs show this date differently: in this workbook"
_DATE_LETTERS = frozenset("ymd")


def certain_date(value: date | time, code: str, epoch: date) -> date | time:
    """Return a date, or a time of day; the number 0 in the date system of 1904 is a date.

    `epoch` is the date of the number 0.

    Raises:
        UnclearCellError: programs show the date differently.
    """
    is_1904 = _day_of(epoch) == _SYSTEM_1904
    if isinstance(value, time):
        if not _shows_date(code):
            return value
        if is_1904:
            return datetime.combine(_SYSTEM_1904, value)
    day = _EPOCH_1900 if isinstance(value, time) else _day_of(value)
    if is_1904 and day < _SYSTEM_1904:
        raise UnclearCellError(f"{_DIFFERENTLY}, dates before {_SYSTEM_1904} are not certain")
    if not is_1904 and _EPOCH_1900 <= day < _FIRST_CERTAIN:
        raise UnclearCellError(
            f"{_DIFFERENTLY}, dates from {_EPOCH_1900} to the end of February 1900 are not certain"
        )
    return value


def _day_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _shows_date(code: str) -> bool:
    section = parse_number_format(code).numbers[0]
    return any(token.part is FormatPart.DATE and token.text[0] in _DATE_LETTERS for token in section)
