"""Odd values of records of other programs, and files that were made to be slow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archtool.records.bibtex import read_bibtex
from archtool.records.csl_json import read_csl_json
from archtool.records.dublin_core import read_dublin_core
from archtool.records.limits import MAX_VALUE_CHARACTERS
from archtool.records.model import Leftover, RecordFile
from archtool.records.ris import read_ris
from archtool.records.xml_tree import parse_xml

if TYPE_CHECKING:
    import pytest

_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def _labels(found: RecordFile) -> list[tuple[str, int | None]]:
    return [(one.label, one.line) for one in found.records[0].leftovers]


def test_a_month_of_thousands_of_digits_is_left_over() -> None:
    found = read_bibtex(f"@book{{a, title={{T}}, year={{1932}},\nmonth={{{'1' * 5000}}}}}")
    assert found.records[0].item["issued"] == {"date-parts": [[1932]]}
    assert _labels(found) == [("month", 2)]


def test_a_day_that_no_calendar_has_stays_as_it_is_written() -> None:
    (record,) = read_bibtex("@book{a, title={T}, date={1931-02-29}}").records
    assert record.item["issued"] == {"literal": "1931-02-29"}
    (record,) = read_bibtex("@book{a, title={T}, date={1932-02-29}}").records
    assert record.item["issued"] == {"date-parts": [[1932, 2, 29]]}


def test_a_reference_to_an_entry_that_is_not_in_the_file_is_left_over() -> None:
    assert _labels(read_bibtex("@book{a, title={T},\n crossref={elsewhere}}")) == [("crossref", 2)]


def test_a_field_that_is_given_twice_is_named_with_the_line_of_its_entry() -> None:
    assert _labels(read_bibtex("\n\n\n@book{a, title={T},\n title={U}}")) == [("a field twice", 4)]


def test_a_latex_command_without_its_arguments_stays_as_it_is_written(
    capfd: pytest.CaptureFixture[str],
) -> None:
    (record,) = read_bibtex(r"@book{a, title={One \emph{half}: \frac}}").records
    assert record.item["title"] == r"One half: \frac"
    assert capfd.readouterr() == ("", "")  # pylatexenc prints a warning, unless that is prevented


def test_a_value_that_is_a_whole_text_is_not_converted() -> None:
    (record,) = read_bibtex(f"@book{{a, title={{T}}, note={{{'x--' * MAX_VALUE_CHARACTERS}}}}}").records
    assert record.item["note"] == "x--" * MAX_VALUE_CHARACTERS


def test_an_exact_date_is_kept_when_a_later_line_has_only_the_year() -> None:
    found = read_ris("TY  - JOUR\nPY  - 1932/05/12/\nDA  - 1932///\nER  - \n")
    assert found.records[0].item["issued"] == {"date-parts": [[1932, 5, 12]]}
    assert _labels(found) == [("DA", 3)]


def test_a_date_of_another_year_does_not_replace_the_first() -> None:
    found = read_ris("TY  - JOUR\nPY  - 1932\nDA  - 1933/05/12/\nER  - \n")
    assert found.records[0].item["issued"] == {"date-parts": [[1932]]}
    assert _labels(found) == [("DA", 3)]


def test_lines_are_counted_as_editors_count_them() -> None:
    found = read_ris("TY  - JOUR\rTI  - one\u2028two\r\nZZ  - odd\nER  - \n")
    assert found.records[0].item["title"] == "one\u2028two"
    assert _labels(found) == [("ZZ", 3)]


def test_a_value_that_csl_json_leaves_empty_is_no_text() -> None:
    (record,) = read_csl_json(b'[{"type": "book", "title": null, "language": null}]', "x.json").records
    assert (record.about.title, record.about.language, record.about.abstract) == ("", "", "")


def test_a_value_on_two_hundred_thousand_lines_is_read_at_once() -> None:
    lines = 200_000  # with a copy of the whole value for each line this takes ten seconds
    (record,) = read_ris(
        "TY  - JOUR\nAB  - begin\n" + "line\n" * lines + "KW  - a\nKW  - b\nER  - \n"
    ).records
    assert record.about.abstract == "begin" + " line" * lines
    assert record.item["keyword"] == "a, b"


def test_one_wrapper_around_many_records_is_searched_once() -> None:
    count = 20_000  # with a search for each record this takes half a minute
    records = "<m><dc:title>T</dc:title></m>" * count
    found = read_dublin_core(parse_xml(f"<record {_DC}><id>7</id>{records}</record>".encode(), "x.xml"))
    assert found is not None
    assert len(found.records) == count
    assert found.records[0].leftovers == [Leftover("id", "7", 1)]
    assert not found.records[1].leftovers
