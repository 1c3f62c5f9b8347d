"""Which sheet of a workbook has the packages, where several could be meant."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from archtool.batch.sources.table_files import open_tables
from archtool.batch.sources.table_reading import ColumnOrder, TableReading
from archtool.description.table.date_order import DateOrder
from archtool.errors import InputError, MaterialRefusedError, UsageError
from tables import write_table, write_workbook

LETTERS = [{"package": "1", "title": "A"}]


def titles_in(book: Path, sheet: str | None) -> list[str]:
    with open_tables(book, None, TableReading(sheet=sheet)) as tables:
        return [row.cells[1] for row in tables.packages.rows]


def test_a_sheet_of_the_exact_name_comes_before_one_of_another_case(tmp_path: Path) -> None:
    sheets = {"briefe": LETTERS, "Briefe ": [{"package": "1", "title": "B"}]}
    book = write_workbook(tmp_path / "letters.xlsx", **sheets)
    assert titles_in(book, "Briefe ") == ["B"]


def test_a_name_that_fits_several_sheets_is_not_guessed(tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "letters.xlsx", **{"briefe": LETTERS, "Briefe ": LETTERS})
    with pytest.raises(InputError, match="has several sheets with the name “BRIEFE”") as refused:
        titles_in(book, "BRIEFE")
    assert refused.value.hint == "write its name exactly; there are: briefe, Briefe "


def test_the_sheet_of_the_annexes_cannot_have_the_packages(tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "letters.xlsx", letters=LETTERS, annexes=LETTERS)
    with pytest.raises(InputError, match="the sheet `annexes` has the annexes"):
        titles_in(book, "Annexes")


def test_annexes_in_a_sheet_and_in_another_table_are_refused(tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "letters.xlsx", letters=LETTERS, annexes=LETTERS)
    other = write_table(tmp_path / "annexes.csv", LETTERS)
    with (
        pytest.raises(UsageError, match="has a sheet `annexes`, and --annexes names another table"),
        open_tables(book, other),
    ):
        pass


def test_a_faulty_first_sheet_is_reported_and_no_other_is_proposed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["title", "title"])
    book.create_sheet("notes").append(["note"])
    book.save(tmp_path / "letters.xlsx")
    with pytest.raises(MaterialRefusedError) as refused:
        titles_in(tmp_path / "letters.xlsx", None)
    assert any("title" in finding.message for finding in refused.value.findings)


def test_an_order_of_dates_without_a_column_of_dates_is_refused(tmp_path: Path) -> None:
    table = write_table(tmp_path / "letters.csv", LETTERS)
    reading = TableReading(date_orders=(ColumnOrder(None, DateOrder.DMY),))
    with (
        pytest.raises(UsageError, match="no column has the name of a date"),
        open_tables(table, None, reading),
    ):
        pass
