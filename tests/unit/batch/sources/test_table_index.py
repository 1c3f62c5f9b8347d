"""Rows of a table that are stored on the disk are read back unchanged, whatever the name of their package."""

from __future__ import annotations

import pytest

from archtool.batch.sources.rows.row_columns import PlainColumns
from archtool.batch.sources.table_index import TableIndex
from archtool.errors import StorageError
from archtool.tables.model import Fault, Row, Table

FAULT = Fault(2, "more than 100,000 characters")
ROWS = [
    Row(2, ("b", "Enclosed map"), (FAULT,)),
    Row(3, ("a", "Ännchen\n\u2028\x00")),
    Row(5, ("b", "Enclosed drawing")),
    Row(6, ("\ud800", "")),
    Row(7, ("B", "Enclosed list")),
    Row(8, ("b", "Enclosed seal")),
]


def make_index(rows: list[Row]) -> TableIndex:
    table = Table("annexes.csv", None, ("package", "title"), iter(()))
    index = TableIndex(table, PlainColumns(table, (None, None)))
    for row in rows:
        index.add(row)
    index.index_packages()
    return index


def test_each_stored_row_keeps_its_number_its_cells_and_its_faults() -> None:
    index = make_index(ROWS)
    assert [index.row_at(position) for position in range(len(ROWS))] == ROWS


def test_the_rows_of_a_package_come_in_the_order_of_the_table() -> None:
    index = make_index(ROWS)
    assert [row.number for row in index.rows_of("b")] == [2, 5, 8]
    assert [row.number for row in index.rows_of("\ud800")] == [6]
    assert list(index.rows_of("c")) == []


def test_packages_come_in_the_order_of_their_first_rows() -> None:
    assert list(make_index(ROWS).packages()) == [("b", 0, 3), ("a", 1, 1), ("\ud800", 3, 1), ("B", 4, 1)]


def test_the_place_of_a_cell_is_known_even_if_the_table_lacks_the_column() -> None:
    index = make_index(ROWS)
    present, missing = index.place(2, "title"), index.place(2, "folder")
    assert (present.row, present.column, present.column_name) == (5, 2, "title")
    assert (missing.row, missing.column, missing.column_name) == (5, None, "folder")


def fill(index: TableIndex, rows: int, text: str) -> None:
    for number in range(rows):
        index.add(Row(number, (f"package {number}", text)))


def test_rows_for_which_the_disk_has_no_room_are_reported_with_a_way_out() -> None:
    index = make_index([])
    index._database.execute("PRAGMA max_page_count = 4")  # as on a full disk
    with pytest.raises(StorageError, match=r"the rows of annexes\.csv cannot be stored") as refused:
        fill(index, 100, "x" * 4_096)
    assert "TMPDIR" in (refused.value.hint or "")


def test_an_index_that_does_not_fit_on_the_disk_is_reported() -> None:
    table = Table("annexes.csv", None, ("package", "title"), iter(()))
    index = TableIndex(table, PlainColumns(table, (None, None)))
    fill(index, 2_000, "")
    index._database.execute("PRAGMA max_page_count = 1")  # what is used already stays
    with pytest.raises(StorageError, match="full"):
        index.index_packages()
