"""The table of `archtool list`: ages in words, names that are never cut, and rows with problems."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archtool.operations.finding_kinds import LIST_UNREADABLE
from archtool.report.list_csv import COLUMNS, list_csv_row
from archtool.report.package_row import PackageRow, RecordedCheck
from archtool.report.text.columns import text_width
from archtool.report.text.package_list import format_age, format_list_head, format_row

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHECK = RecordedCheck(
    "0002-fixity-check", "fixity-check", False, NOW - timedelta(days=3), ("a@example.org",), "valid"
)
ROW = PackageRow(
    "1932/letter", "archive/1932/letter", id="letter", title="Letter of the bureau to the sections",
    date="1932-05", files=1204, size_bytes=17_400,
    head="0002-fixity-check sha512:" + "ab" * 64, last_check=CHECK,
)  # fmt: skip


@pytest.mark.parametrize(
    ("days", "words"),
    [(-2, "in the future"), (0, "today"), (1, "1 day ago"), (59, "59 days ago"), (60, "2 months ago"),
     (729, "24 months ago"), (730, "2 years ago")],
)  # fmt: skip
def test_an_age_is_given_in_words(days: int, words: str) -> None:
    assert format_age(NOW - timedelta(days=days), NOW) == words


@pytest.mark.parametrize("width", [80, 120])
def test_every_line_fits_the_width(width: int) -> None:
    row = PackageRow(
        "書簡", "x", title="各支部宛の手紙" * 20, date="1932-05-14/1932-06-02", files=1, size_bytes=10**15
    )
    lines = [format_list_head(width), *format_row(ROW, NOW, width), *format_row(row, NOW, width)]
    assert all(text_width(line) <= width for line in lines)


def test_a_long_name_is_not_cut() -> None:
    name = "collections/" * 8 + "letter"
    row = PackageRow(name, name, files=1, size_bytes=1)
    assert format_row(row, NOW, 80)[0].splitlines()[0] == name


def test_a_package_without_a_recorded_check_says_so() -> None:
    row = PackageRow("a", "a", title="A", files=1, size_bytes=1)
    assert "none recorded" in format_row(row, NOW, 80)[0]


def test_a_check_whose_statement_cannot_be_read_has_no_age() -> None:
    row = PackageRow(
        "a", "a", title="A", files=1, last_check=RecordedCheck("0002-validation", "validation", True)
    )
    assert "validation, unreadable" in format_row(row, NOW, 80)[0]


def test_an_unreadable_package_is_shown_with_the_reason() -> None:
    row = PackageRow("a.zip", "a.zip", LIST_UNREADABLE.at("the archive is damaged"))
    said = " ".join(" ".join(format_row(row, NOW, 80)).split())
    assert said == "a.zip PROBLEM: the archive is damaged [list.package-unreadable]"


def test_a_line_of_csv_has_every_column() -> None:
    cells = dict(zip(COLUMNS, list_csv_row(ROW, NOW).strip().split(","), strict=True))
    assert (cells["package"], cells["files"], cells["check"], cells["age_days"]) == (
        "1932/letter",
        "1204",
        "valid",
        "3",
    )


def test_a_title_that_begins_like_a_formula_is_text_in_csv() -> None:
    assert ",'=1+1," in list_csv_row(PackageRow("a", "a", title="=1+1"), NOW)
