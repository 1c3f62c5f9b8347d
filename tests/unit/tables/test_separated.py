"""Tables in CSV and TSV, read strictly: nothing is lost, and what cannot be read says where."""

from __future__ import annotations

import io

import pytest

from archtool.errors import ExitCode, MaterialRefusedError
from archtool.tables import model, separated
from archtool.tables.model import Table
from archtool.tables.separated import read_separated


def read(data: bytes, separator: str = ",") -> Table:
    return read_separated(io.BytesIO(data), "letters.csv", separator)


def rows(data: bytes, separator: str = ",") -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in read(data, separator).rows]


def refusal(data: bytes) -> list[tuple[str, str, str]]:
    """Of each finding the code, the place and the words."""
    with pytest.raises(MaterialRefusedError) as refused:
        list(read(data).rows)
    assert refused.value.exit_code is ExitCode.INPUT_UNUSABLE
    return [(f.code, str(f.place), f.message) for f in refused.value.findings]


def test_a_table_is_read_with_and_without_a_mark_at_its_beginning() -> None:
    for mark in (b"", b"\xef\xbb\xbf"):
        table = read(mark + "package,é\na,à\n".encode())
        assert (table.names, [row.cells for row in table.rows]) == (("package", "é"), [("a", "à")])
    assert rows(b'package\ttitle\na\t"x\ty"\n', "\t") == [(2, ("a", "x\ty"))]


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    data = b'a,b\n\n , \n1,"two\r\nlines"\n3\n'
    assert rows(data) == [(4, ("1", "two\nlines")), (5, ("3",))]


def test_blanks_alone_say_nothing_and_others_are_kept() -> None:
    assert rows(b"a,b\n  , x \n") == [(2, ("", " x "))]


def test_a_quotation_mark_in_a_cell_is_written_twice() -> None:
    assert rows(b'a,b\n"say ""yes""",2\n') == [(2, ('say "yes"', "2"))]


def test_cells_behind_the_named_columns_are_a_fault_of_their_row() -> None:
    first, second = read(b"a,b,,\n1,2,,\n1,2,,3\n").rows
    assert (first.cells, first.faults) == (("1", "2"), ())
    assert [(fault.column, fault.kind.code) for fault in second.faults] == [(4, "table.long-row")]
    assert second.cells == ("1", "2")


def test_a_cell_may_not_be_a_book() -> None:
    (row,) = read(b"a,b\n" + b"x" * (model.MAX_CELL_CHARACTERS + 1) + b",2\n").rows
    assert [(fault.column, fault.kind.code) for fault in row.faults] == [(1, "table.too-large")]


@pytest.mark.parametrize(
    ("data", "code", "place", "says"),
    [
        (b"", "no-header", "row 1, column 1", "the first row is empty"),
        (b"\na\n", "no-header", "row 1, column 1", "the first row is empty"),
        (b"a,,c\n", "no-column-name", "row 1, column 2", "column 2 has no name"),
        (b"a,b,a\n", "duplicate-column", "row 1, column a", "columns 1 and 3 are both called a"),
        (b"a;b\n", "syntax", "row 1",
         "there is one column only: its cells seem to be separated by semicolons"),
        (b"a\tb\n", "syntax", "row 1", "there is one column only: its cells seem to be separated by tabs"),
        (b'a,b\n1,"x\n', "syntax", "row 2", "the file ends within quotation marks"),
        (b'a,b\n"x"y,2\n', "syntax", "row 2",
         "something stands between the end of a quotation and the end of its cell"),
        (b"a,b\nx\ry,2\n", "syntax", "row 2", "a line ends with CR alone"),
        (b'a,b\n1,"' + b"x\n" * 100_000, "syntax", "row 2",
         "a cell is longer than 100,000 characters, or its quotation mark is not closed"),
    ],
)  # fmt: skip
def test_what_is_no_table_says_where(data: bytes, code: str, place: str, says: str) -> None:
    assert refusal(data) == [(f"table.{code}", f"letters.csv, {place}", says)]


def test_bytes_that_are_no_utf8_are_told_with_their_line_and_column() -> None:
    assert refusal("a,b\né,".encode() + b"\xe9\n") == [
        ("table.not-utf8", "letters.csv:2:3", "not UTF-8: found the byte 0xe9")
    ]
    assert refusal("a,b\n".encode("utf-16")) == [
        ("table.not-utf8", "letters.csv:1", "the text is UTF-16, not UTF-8")
    ]


def test_rows_columns_and_lines_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = ",".join(f"c{number}" for number in range(model.MAX_COLUMNS + 1)).encode()
    assert refusal(wide)[0][0] == "table.too-large"
    monkeypatch.setattr(separated, "MAX_ROWS", 3)
    assert refusal(b"a,b\n1,2\n3,4\n5,6\n")[0][1:] == ("letters.csv, row 4", "more than 3 rows")
    monkeypatch.setattr(separated, "MAX_LINE_BYTES", 8)
    assert refusal(b"a,b\n123456789\n")[0][1:] == ("letters.csv:2", "a line is longer than 8 bytes")
