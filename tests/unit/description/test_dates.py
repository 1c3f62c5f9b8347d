"""Dates are EDTF; impossible dates are refused and dates are never guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.description.dates import csl_date, why_not_edtf
from archtool.description.limits import MAX_DATE_CHARS
from unit.description.description_texts import SMALL, described, load, only

NOT_EDTF = "is not an EDTF date"
NOT_A_DAY = "does not exist in the calendar"
BACKWARDS = "ends before it begins"


@pytest.mark.parametrize(
    "date",
    [
        "1932", "1932-04", "1932-04-15", "0000", "2000-02-29", "0000-02-29", "-0044",
        "1932-21", "1932-25", "1932-41", "1932-21/1932-22",
        "1932~", "1932?", "1932%", "~1932", "1932-~04", "1932-04~",
        "193X", "19XX", "1932-XX", "1932-04-XX", "1932-1X-20", "1560S2",
        "1932/1933", "1932-12/1933", "1932/1932-05", "1932-05/1932", "1932~/1933?",
        "1932/..", "../1932-11-03", "/1932", "1932/",
        "[1932,1933]", "{1932,1933}", "[1932..1935]", "Y170000002", "Y-17E7", "1932-04-12T10:00:00Z",
    ],
)  # fmt: skip
def test_a_valid_date_is_accepted(date: str) -> None:
    assert why_not_edtf(date) is None


@pytest.mark.parametrize(
    ("date", "why"),
    [
        ("1932-13", NOT_A_DAY),
        ("1932-00", NOT_A_DAY),
        ("1932-02-30", NOT_A_DAY),
        ("1932-01-00", NOT_A_DAY),
        ("2100-02-29", NOT_A_DAY),
        ("1932-42", NOT_A_DAY),
        ("1932-22-10", NOT_A_DAY),
        ("1932-02-30~", NOT_EDTF),
        ("../1932-02-30", NOT_EDTF),
        ("[1932-02-30,1932-03-01]", NOT_EDTF),
        ("1933/1932", BACKWARDS),
        ("1932-05/1932-04", BACKWARDS),
        ("1933~/1932-05?", BACKWARDS),
        ("avril 1932", NOT_EDTF),
        ("1932-4", NOT_EDTF),
        ("19320412", NOT_EDTF),
        ("1932/04/12", NOT_EDTF),
        ("1932-04-12T25:00:00Z", NOT_EDTF),
        ("unknown", NOT_EDTF),
        (" 1932", NOT_EDTF),
        ("1932 / 1933", NOT_EDTF),
        ("", NOT_EDTF),
        ("١٩٣٢", NOT_EDTF),
        ("[" * MAX_DATE_CHARS, NOT_EDTF),
        ("1" * (MAX_DATE_CHARS + 1), f"is longer than {MAX_DATE_CHARS} characters"),
    ],
)
def test_it_is_refused_with_a_reason(date: str, why: str) -> None:
    assert why_not_edtf(date) == why


@pytest.mark.parametrize("date", ["12/04/1932", "12.04.1932", "4-12-1932"])
def test_an_ambiguous_date_is_refused(date: str) -> None:
    assert "which part is the day" in (why_not_edtf(date) or "")


def test_a_date_that_crashes_the_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(text: str) -> None:
        raise ValueError(f"cannot read {text}")

    monkeypatch.setattr("edtf.parse_edtf", stumble)
    assert why_not_edtf("193X") == "is not an EDTF date (cannot read 193X)"


def test_a_wrong_date_is_reported_with_its_place_and_a_hint() -> None:
    finding = only(load(SMALL + "date: 1932-13\n"))
    assert (str(finding.place), finding.message) == (
        "letter.yaml:6:7",
        "'1932-13' does not exist in the calendar",
    )
    assert "1932~ (about)" in (finding.hint or "")


def test_a_date_is_kept_exactly_as_written() -> None:
    assert described(SMALL + "date: ../1932-11-03\n").date == "../1932-11-03"


@settings(deadline=None)  # the first date pays for the import of the library
@given(st.text(max_size=30) | st.text("0123456789-/.~?%X[]{},TYSEZ+:", max_size=30))
def test_no_text_raises_an_exception(text: str) -> None:
    why_not_edtf(text)
    csl_date(text)


@pytest.mark.parametrize(
    ("date", "csl"),
    [
        ("1932", {"date-parts": [[1932]]}),
        ("1932-04", {"date-parts": [[1932, 4]]}),
        ("1932-04-15", {"date-parts": [[1932, 4, 15]]}),
        ("1931/1932-04", {"date-parts": [[1931], [1932, 4]]}),
        ("1932~", {"date-parts": [[1932]], "circa": True}),
        ("1931~/1932", {"date-parts": [[1931], [1932]], "circa": True}),
        ("../1932", {"literal": "../1932"}),
        ("1932-21", {"literal": "1932-21"}),
        ("193X", {"literal": "193X"}),
        ("1932?", {"literal": "1932?"}),
        ("1/2/3", {"literal": "1/2/3"}),
        ("1932-13", {"literal": "1932-13"}),
    ],
)
def test_csl_gets_date_parts_for_plain_dates_and_the_text_otherwise(date: str, csl: dict[str, Any]) -> None:
    assert csl_date(date) == csl


@pytest.mark.parametrize("start", ["", "..", "1932", "1932-04~", "1932-04-15?", "1932-13", "x"])
@pytest.mark.parametrize("end", [None, "", "..", "1933", "1933-11%", "1933-02-30", "1933~~"])
def test_plain_dates_are_read_as_the_library_reads_them(start: str, end: str | None) -> None:
    import edtf

    text = start if end is None else f"{start}/{end}"
    try:
        edtf.parse_edtf(text)
        is_edtf = True
    except (edtf.EDTFParseException, TypeError):  # it stumbles over an interval without any date
        is_edtf = False
    assert (why_not_edtf(text) is None) is is_edtf
