"""Tables in CSV and TSV are read strictly: no value is lost, and every fault has a place."""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import replace

import pytest

from archtool.errors import MaterialRefusedError
from archtool.exit_codes import ExitCode
from archtool.tables import model, separated
from archtool.tables.model import Table
from archtool.tables.separated import TextForm, read_separated


def read(data: bytes, separator: str = ",", form: TextForm | None = None) -> Table:
    with ExitStack() as stack:
        table = read_separated(stack, io.BytesIO(data), "letters.csv", separator, form)
        return replace(table, rows=iter([*table.rows]))


def rows(data: bytes, separator: str = ",") -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in read(data, separator).rows]


def refusal(data: bytes, form: TextForm | None = None) -> list[tuple[str, str, str]]:
    """Return the code, the place and the message of each finding."""
    with pytest.raises(MaterialRefusedError) as refused:
        list(read(data, form=form).rows)
    assert refused.value.exit_code is ExitCode.INPUT_UNUSABLE
    return [(f.code, str(f.place), f.message) for f in refused.value.findings]


def test_a_table_is_read_with_and_without_a_byte_order_mark() -> None:
    for mark in (b"", b"\xef\xbb\xbf"):
        table = read(mark + "package,é\na,à\n".encode())
        assert (table.names, [row.cells for row in table.rows]) == (("package", "é"), [("a", "à")])
    assert rows(b'package\ttitle\na\t"x\ty"\n', "\t") == [(2, ("a", "x\ty"))]


def test_rows_are_counted_as_in_a_spreadsheet() -> None:
    data = b'a,b\n\n , \n1,"two\r\nlines"\n3\n'
    assert rows(data) == [(4, ("1", "two\nlines")), (5, ("3",))]


def test_blanks_around_cells_are_left_out_with_one_note_for_the_table() -> None:
    table = read('a,b\n  , x \nc,d\n\u00a0y\t,\u200b\n"z\nz ",1\n'.encode())
    assert [row.cells for row in table.rows] == [("", "x"), ("c", "d"), ("y", ""), ("z\nz", "1")]
    assert table.notes == [
        "blanks around the text of 3 cells were left out; the first is letters.csv, row 2, column b"
    ]


def test_a_table_without_blanks_around_cells_gets_no_note() -> None:
    table = read(b'a,b\n,"x \n y"\n')
    assert ([row.cells for row in table.rows], table.notes) == ([("", "x \n y")], [])


def test_a_quotation_mark_in_a_cell_is_doubled() -> None:
    assert rows(b'a,b\n"say ""yes""",2\n') == [(2, ('say "yes"', "2"))]


def test_a_cell_after_the_named_columns_is_a_fault_of_its_row() -> None:
    first, second = read(b"a,b,,\n1,2,,\n1,2,,3\n").rows
    assert (first.cells, first.faults) == (("1", "2"), ())
    assert [(fault.column, fault.kind.code) for fault in second.faults] == [(4, "table.long-row")]
    assert second.cells == ("1", "2")


def test_a_cell_has_a_maximum_length() -> None:
    (row,) = read(b"a,b\n" + b"x" * (model.MAX_CELL_CHARACTERS + 1) + b",2\n").rows
    assert [(fault.column, fault.kind.code) for fault in row.faults] == [(1, "table.too-large")]


@pytest.mark.parametrize(
    ("data", "code", "place", "says"),
    [
        (b"", "no-header", "row 1, column 1", "the first row is empty"),
        (b"\na\n", "no-header", "row 1, column 1", "the first row is empty"),
        (b"package:title\na:T\n", "syntax", "row 1",
         "the row of names is one cell, read with commas between the cells: package:title"),
        (b"a,,c\n", "no-column-name", "row 1, column 2", "column 2 has no name"),
        (b"a,b,a\n", "duplicate-column", "row 1, column a", "columns 1 and 3 have the same name: a"),
        (b"sep=x\na,b\n", "syntax", None, "the line `sep=` names an unsupported separator: 'x'"),
        (b'a,b\n1,"x\n', "syntax", "row 2", "the file ends inside quotation marks"),
        (b'a,b\n"x"y,2\n', "syntax", "row 2",
         "there is text after the closing quotation mark of a cell"),
        (b"a,b\nx\ry,2\n", "syntax", "row 2", "a line ends with CR only"),
        (b'a,b\n1,"' + b"x\n" * 100_000, "syntax", "row 2",
         "a cell is longer than 100,000 characters, or its quotation mark is not closed"),
    ],
)  # fmt: skip
def test_an_invalid_table_is_reported_with_its_place(
    data: bytes, code: str, place: str | None, says: str
) -> None:
    assert refusal(data) == [(f"table.{code}", f"letters.csv, {place}" if place else "letters.csv:1", says)]


def test_bytes_that_are_not_utf8_are_reported_with_line_and_column() -> None:
    assert refusal("a,b\né,".encode() + b"\xe9\n") == [
        ("table.not-utf8", "letters.csv:2:3",
         "not UTF-8: found the byte 0xe9, but line 2 is UTF-8 (“é”)")
    ]  # fmt: skip
    assert refusal("a,b\n".encode("utf-32")) == [
        ("table.not-utf8", "letters.csv:1", "the table is UTF-32, not UTF-8")
    ]
    assert refusal(b"\xff\xfea\0,") == [("table.not-utf8", "letters.csv:1", "the table is damaged UTF-16")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_the_unicode_text_of_excel_is_read_and_noted(encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    table = read(f'{mark}package\ttitle\r\na\t"two\r\nlines é"\r\n'.encode(encoding), "\t")
    assert [row.cells for row in table.rows] == [("a", "two\nlines é")]
    assert table.notes == ["letters.csv was read as UTF-16"]


@pytest.mark.parametrize(
    ("data", "separator", "words"),
    [
        (b'package;"a,b";c\n1;2,5;3\n', ",", "semicolons"),
        (b"\xef\xbb\xbfsep=;\r\npackage;a;c\r\n1;2;3\r\n", ",", "semicolons"),
        (b'"sep=\t"\npackage\ta\tc\n1\t2\t3\n', ",", "tabs"),
        (b"package,a,c\n1,2,3\n", "\t", "commas"),
        (b"package|a|c\n1|2|3\n", ",", "bars"),
    ],
)
def test_a_table_with_another_separator_is_read_and_noted(data: bytes, separator: str, words: str) -> None:
    table = read(data, separator)
    (note,) = table.notes
    assert f"was read with {words} between the cells" in note
    assert (table.names[0], len(table.names)) == ("package", 3)
    assert [(row.number, row.cells[0]) for row in table.rows] == [(2, "1")]


def test_a_table_with_the_expected_separator_gets_no_note() -> None:
    assert read(b"sep=,\na,b;c\n1,2\n").notes == []
    assert read(b"a,b;c,d\n1,2,3\n").notes == []


def test_a_row_of_names_that_two_separators_divide_alike_is_noted() -> None:
    table = read(b"a,b;c\n1,2\n")
    assert table.names == ("a", "b;c")
    assert table.notes == ['letters.csv can also be read with semicolons between the cells: --delimiter ";"']


def test_a_stated_separator_is_used_without_a_note() -> None:
    table = read(b"a,b;c\n1,2;3\n", form=TextForm(delimiter=";"))
    assert (table.names, table.notes) == (("a,b", "c"), [])
    assert refusal(b"sep=;\na;b\n", form=TextForm(delimiter=",")) == [
        ("table.syntax", "letters.csv:1", "the line `sep=` names semicolons, and --delimiter commas")
    ]


def test_a_wrong_stated_separator_is_answered_with_those_in_the_row_of_names() -> None:
    with pytest.raises(MaterialRefusedError) as refused:
        read(b"a|b;c\n1|2;3\n", form=TextForm(delimiter="\t"))
    (finding,) = refused.value.findings
    assert finding.hint == 'name the sign that divides the cells: --delimiter ";" or "|"'


def test_titles_above_the_row_of_names_are_left_out_with_a_note() -> None:
    table = read("Inventaire, série 3;;\n;;\npackage;a;c\n1;2;3\n".encode())
    assert (table.names, table.header_row) == (("package", "a", "c"), 3)
    assert [(row.number, row.cells) for row in table.rows] == [(4, ("1", "2", "3"))]
    assert table.notes[1] == (
        "letters.csv: row 3 was taken as the row of column names; above it: “Inventaire, série 3”"
    )
    assert read(b"Letters\n\npackage;a;c\n1;2;3\n").header_row == 3


def test_a_fault_in_the_names_below_a_title_has_the_row_of_the_names() -> None:
    assert refusal(b"Letters,,\na,b,a\n") == [
        ("table.duplicate-column", "letters.csv, row 2, column a", "columns 1 and 3 have the same name: a")
    ]


@pytest.mark.parametrize("title", ["Inventaire, 1932", "Lettres, notes, pièces"])
def test_a_title_with_a_comma_does_not_make_a_table_with_commas(title: str) -> None:
    table = read(f"{title}\n\npackage;a;c\n1;2,5;3\n1;2;3\n".encode())
    assert (table.names, table.header_row) == (("package", "a", "c"), 3)
    table = read(b"package,title\n1,a;b;c\n2,d;e;f\n")
    assert table.names == ("package", "title")


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"package:title\na:T\n",
         "export the table again with semicolons, commas, tabs or bars between the cells"),
        (b'"package,title"\n"a,T"\n',
         "each row is one cell in quotation marks: remove those around whole rows, or export it again"),
    ],
)  # fmt: skip
def test_a_row_of_names_that_no_separator_divides_is_explained(data: bytes, hint: str) -> None:
    with pytest.raises(MaterialRefusedError) as refused:
        read(data)
    assert refused.value.findings[0].hint == hint


@pytest.mark.parametrize("sign", "^:~")
def test_a_separator_that_is_not_read_makes_no_names_of_the_first_package(sign: str) -> None:
    rows = [["package", "title", "source"], ["001", "Letter", "Genève, carton 3"], ["002", "Note", "a, b"]]
    data = "".join(sign.join(row) + "\n" for row in rows).encode()
    ((code, place, message),) = refusal(data)
    assert (code, place) == ("table.syntax", "letters.csv, row 1")
    names = sign.join(rows[0])
    assert message == f"the row of names is one cell, read with commas between the cells: {names}"


def test_names_with_another_separator_than_the_rows_are_not_taken_as_a_title() -> None:
    data = "package,title,source\n001;Letter;Genève, carton 3\n002;Note;Genève\n".encode()
    ((_, place, message),) = refusal(data)
    assert place == "letters.csv, row 1"
    assert message == "the first row has commas between its cells, and the next has semicolons"


@pytest.mark.parametrize("title", ["Fonds: letters", "Series 3/4: letters", "Archive: A\nSeries: B", "#1"])
def test_a_title_with_such_a_sign_stays_a_title(title: str) -> None:
    table = read(f"{title}\npackage;a;c\n1;2:3;3\n".encode())
    assert table.names == ("package", "a", "c")


def test_a_title_has_ten_rows_at_most() -> None:
    assert read(b"Title\n" * 9 + b"a,b\n").header_row == 10
    assert read(b"Title\n" * 10 + b"a,b\n", separator=",").header_row == 1


def test_a_workbook_with_the_name_of_a_text_is_refused() -> None:
    ((code, place, says),) = refusal(b"PK\x03\x04 and more")
    assert (code, place) == ("table.syntax", "letters.csv")
    assert says == "the file is a workbook or another archive, not text, although it has the name of a text"


def test_rows_columns_and_lines_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = ",".join(f"c{number}" for number in range(model.MAX_COLUMNS + 1)).encode()
    assert refusal(wide)[0][0] == "table.too-large"
    monkeypatch.setattr(separated, "MAX_ROWS", 3)
    assert refusal(b"a,b\n1,2\n3,4\n5,6\n")[0][1:] == ("letters.csv, row 4", "more than 3 rows")
    monkeypatch.setattr(separated, "MAX_LINE_BYTES", 8)
    assert refusal(b"a,b\n123456789\n")[0][1:] == ("letters.csv:2", "a line is longer than 8 bytes")
