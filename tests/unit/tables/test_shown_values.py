"""archtool reads what a spreadsheet cell shows: no day, digit or word is added or dropped."""

from __future__ import annotations

import contextlib
from datetime import date, datetime

import pytest

from archtool.tables.shown_values import UnclearCellError, shown_date, shown_number, shown_text

MAY = date(1932, 5, 1)


def shown(value: date | str | float, code: str) -> str:
    if isinstance(value, date):
        return shown_date(value, code)
    return shown_text(value, code) if isinstance(value, str) else shown_number(value, code)


def refusal_of(value: date | str | float, code: str) -> str:
    with pytest.raises(UnclearCellError) as refused:
        shown(value, code)
    return str(refused.value)


@pytest.mark.parametrize(
    "code",
    ["mmm-yy", "mmmm yyyy", "mm/yyyy", "[$-409]mmm\\-yy;@", "[$-40C]mmmm\\ yyyy", 'yyyy"年"m"月"', "MMM-YY",
     '[$-C0A]mmmm" de "yyyy', "yyyy\\-mm", "[Red]mmm-yy"],
)  # fmt: skip
def test_a_cell_that_shows_a_month_is_read_as_a_month(code: str) -> None:
    assert shown_date(MAY, code) == "1932-05"


@pytest.mark.parametrize("code", ["yyyy", "yy", "YYYY;@", "[$-407]yyyy"])
def test_a_cell_that_shows_a_year_is_read_as_a_year(code: str) -> None:
    assert shown_date(MAY, code) == "1932"


@pytest.mark.parametrize(
    "code",
    ["mm-dd-yy", "yyyy-mm-dd", "d-mmm-yy", "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "dd.mm.yyyy",
     "[$-419]d\\ mmmm\\ yyyy\\ \"г.\";@", "m/d/yy h:mm", "yyyy-mm-dd h:mm:ss", 'd"." mmmm yyyy'],
)  # fmt: skip
def test_a_cell_that_shows_a_day_is_read_as_a_day(code: str) -> None:
    assert shown_date(datetime.fromisoformat("1932-05-01"), code) == "1932-05-01"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("d-mmm", "“1-May”"),
        ("mmmm", "“May”"),
        ("dddd", "“Sunday”"),
        ("yyyy dd", "“1932 01”"),
        ("mmmmm-yy", "“M-32”"),
        ('"circa "yyyy', "“circa 1932”"),
        ('yyyy"?"', "“1932?”"),
        ("\\c\\a\\. yyyy", "“ca. 1932”"),
    ],
)
def test_a_date_shown_without_its_year_or_with_other_words_is_refused_with_both(
    code: str, words: str
) -> None:
    assert refusal_of(MAY, code) == f"the cell contains 1932-05-01 and shows {words} (number format {code!r})"


@pytest.mark.parametrize("code", ["[$-2060401]d/mm/yyyy", "b1yyyy", "ggge", "[<=100]yyyy", "[DBNum1]yyyy"])
def test_a_date_of_another_calendar_or_under_a_condition_is_refused(code: str) -> None:
    assert "the cell contains 1932-05-01 and shows" in refusal_of(MAY, code)


def test_a_time_is_read_if_shown_completely_and_omitted_if_not_shown() -> None:
    half_past = datetime.fromisoformat("1932-05-01T10:30:00")
    assert shown_date(half_past, "yyyy-mm-dd h:mm") == "1932-05-01T10:30:00"
    assert shown_date(half_past, "yyyy-mm-dd") == "1932-05-01"
    assert "shows “1932-05-01 10”" in refusal_of(half_past, "yyyy-mm-dd hh")
    assert "shows “10:30”" in refusal_of(half_past, "h:mm")


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        (1, "000", "001"), (12, "0000", "0012"), (1234, "000", "1234"), (7, '"F. "000', "F. 007"),
        (1932, "General", "1932"), (1932, "#,##0", "1932"), (1932, "@", "1932"), (178.5, "General", "178.5"),
        (178.5, "0.00", "178.50"), (0.5, "0%", "50%"), (0.125, "0.0%", "12.5%"),
        (30, 'General" cm"', "30 cm"),
        (0.1 + 0.2, "0.00", "0.30"), (-5, "0", "-5"), (-5, "0;-0", "-5"), (-5, "0_);(0)", "(5)"),
        (0, '0;-0;"none "0', "none 0"), (5, "_-* #,##0.00\\ [$€-407]_-", "5.00 €"), (5, "0;;;@", "5"),
        (2.5, "#.##", "2.5"), (0.25, ".00", ".25"), (3, "[Blue]0", "3"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_its_cell_shows_it(value: float, code: str, words: str) -> None:
    assert shown_number(value, code) == words


@pytest.mark.parametrize(
    ("value", "code", "both"),
    [
        (178.567, "0.00", "contains 178.567 and shows “178.57”"),
        (178.5, "0", "contains 178.5 and shows “179”"),
        (1932000, "0,", "contains 1932000 and shows"),
        (-5, "0;0", "contains -5 and shows “5”"),
        (0, '0;-0;"-"??', "contains 0 and shows “-”"),
        (7, ";;;", "contains 7 and shows nothing"),
        (0.5, "# ?/?", "contains 0.5 and shows it in another form"),
        (7, "000-00", "contains 7 and shows it in another form"),
        (7, "[>5]0;0", "contains 7 and shows it in another form"),
    ],
)
def test_a_number_that_its_cell_shows_differently_is_refused_with_both(
    value: float, code: str, both: str
) -> None:
    assert f"the cell {both}" in refusal_of(value, code)


def test_a_text_is_read_with_the_literals_of_its_format() -> None:
    assert shown_text("12", '"Nr. "@') == "Nr. 12"
    assert shown_text(" à ", "@") == " à "
    assert shown_text("x", "0.00") == "x"
    assert shown_text("x", "dd/mm/yyyy;@") == "x"
    assert refusal_of("x", ";;;") == "the cell contains 'x' and shows nothing (number format ';;;')"


def test_no_format_code_raises_an_exception() -> None:
    codes = ["", '"', "[", "\\", "*", "_", ";" * 300, "0" * 200, "[$-ZZ]0", "0.0.0", "y" * 255, "%%%0"]
    for code in codes:
        for value in (MAY, 7.25, "x"):
            with contextlib.suppress(UnclearCellError):
                assert shown(value, code)


def test_a_time_with_am_or_pm_is_refused_as_it_is_shown() -> None:
    assert "11:05 AM" in refusal_of(datetime(1932, 5, 1, 11, 5), "h:mm AM/PM")  # noqa: DTZ001 - of a sheet


def test_fractions_of_seconds_do_not_hide_a_date() -> None:
    value = datetime(1932, 5, 1, 13, 5, 9)  # noqa: DTZ001 - of a sheet
    assert shown_date(value, "yyyy-mm-dd hh:mm:ss.00") == "1932-05-01T13:05:09"


def test_a_format_with_five_sections_shows_nothing_that_can_be_read() -> None:
    refusal_of(5, "0;-0;0;@;0")
