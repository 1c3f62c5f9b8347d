"""Each cell of an XLSX workbook is read as a person would type it, or is a fault."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest

from archtool.errors import MaterialRefusedError
from archtool.tables import workbook, workbook_guard
from archtool.tables.limits import MAX_NAMED_RANGES
from archtool.tables.model import Row
from archtool.tables.workbook import Workbook
from budgets import budget

Fill = Callable[[Any], object]


def saved(*fills: Fill) -> bytes:
    """Return a workbook with a sheet for each of the given functions, which fill them."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, fill in enumerate(fills):
        fill(book.create_sheet(f"sheet{number}"))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@contextmanager
def opened(data: bytes) -> Iterator[Workbook]:
    book = Workbook(io.BytesIO(data), "letters.xlsx")
    try:
        yield book
    finally:
        book.close()


def row_of(*cells: Any, formats: dict[int, str] | None = None) -> Row:
    """Return the only row below ten columns."""

    def fill(sheet: Any) -> None:
        sheet.append([f"c{number}" for number in range(10)])
        sheet.append(list(cells))
        for column, form in (formats or {}).items():
            sheet.cell(2, column).number_format = form

    with opened(saved(fill)) as book:
        (row,) = book.table(0).rows
        return row


def refusal(data: bytes) -> tuple[str, str, str]:
    with pytest.raises(MaterialRefusedError) as refused, opened(data) as book:
        list(book.table(0).rows)
    (finding,) = refused.value.findings
    return finding.code, str(finding.place), finding.message


def changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Return a copy of a workbook with changed parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(written, "w") as after:
        for name in before.namelist():
            after.writestr(name, change(name, before.read(name)), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def test_a_cell_is_read_as_a_person_would_type_it() -> None:
    row = row_of(
        " à ",
        "a\r\nb",
        1932,
        1932.0,
        178.5,
        True,
        date(1932, 4, 1),
        datetime.fromisoformat("1932-04-01T10:30:00"),
        None,
        "  ",
    )
    assert row.cells == (
        "à", "a\nb", "1932", "1932", "178.5", "true", "1932-04-01", "1932-04-01T10:30:00", "", "",
    )  # fmt: skip
    assert row.faults == ()


@pytest.mark.parametrize(
    ("cell", "form", "says"),
    [
        (
            time(10, 30),
            "h:mm",
            "the cell contains a time of day or a duration (10:30:00), not a date (number format 'h:mm')",
        ),
        (
            timedelta(hours=7),
            "[h]",
            "the cell contains a time of day or a duration (7:00:00), not a date (number format '[h]')",
        ),
        (7, "0E+00", "the cell contains 7 and shows it in another form (number format '0E+00')"),
        (7, ";;;", "the cell contains 7 and shows nothing (number format ';;;')"),
        (2.0**60, "0", "the number 1.152921504606847e+18 has more digits than a spreadsheet stores"),
        (1e-7, "General", "the number 1e-07 cannot be written plainly"),
        ("#N/A", None, "the cell shows the error #N/A"),
        ("=1+1", None, "the formula of this cell was never calculated"),
    ],
)
def test_a_cell_that_shows_a_different_value_is_a_fault(cell: Any, form: str | None, says: str) -> None:
    row = row_of("a", cell, formats={2: form} if form else None)
    assert [(fault.column, fault.kind.code) for fault in row.faults] == [(2, "table.cell")]
    assert row.faults[0].message == says
    assert row.cells[1] == ""


def test_a_formula_is_read_as_its_calculated_value() -> None:
    def calculate(name: str, data: bytes) -> bytes:
        if not name.startswith("xl/worksheets/"):
            return data
        data = data.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
        )
        return data.replace(b't="str"', b"").replace(b"<f>B1&amp;C1</f>", b"<f>B1</f>")

    data = changed(saved(lambda s: (s.append(["a", "b"]), s.append(["=1+1", "x"]))), calculate)
    with opened(data) as book:
        (row,) = book.table(0).rows
    assert (row.cells, row.faults) == (("2", "x"), ())


def test_a_formula_can_have_an_empty_text_as_value() -> None:
    def calculate(name: str, data: bytes) -> bytes:
        if not name.startswith("xl/worksheets/"):
            return data
        for old in (b'<c r="A2"><f>1+1</f><v /></c>', b'<c r="A2"><f>1+1</f><v></v></c>'):
            data = data.replace(old, b'<c r="A2" t="str"><f>1+1</f><v></v></c>')
        assert b't="str"' in data
        return data

    data = changed(saved(lambda s: (s.append(["a", "b"]), s.append(["=1+1", "x"]))), calculate)
    with opened(data) as book:
        (row,) = book.table(0).rows
    assert (row.cells, row.faults) == (("", "x"), ())


def test_rows_and_sheets_are_counted_in_file_order() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["B1"], sheet["A4"] = "a", "b", "x"

    with opened(saved(fill, lambda s: s.append(["c"]))) as book:
        assert book.sheets == ("sheet0", "sheet1")
        assert [(row.number, row.cells[0]) for row in book.table(0).rows] == [(4, "x")]
        assert book.table(1).names == ("c",)


def test_merged_cells_are_refused_all_in_one_round() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["a", "b"])
        for _ in range(5):
            sheet.append(["x", "y"])
        sheet.merge_cells("B2:B5")
        sheet.merge_cells("A6:B6")

    with pytest.raises(MaterialRefusedError) as refused, opened(saved(fill)) as book:
        book.table(0)
    assert [(f.code, str(f.place), f.message) for f in refused.value.findings] == [
        ("table.cell", "letters.xlsx, sheet sheet0, row 2, column 2",
         "the cells B2:B5 are merged: only the first of them has a value"),
        ("table.cell", "letters.xlsx, sheet sheet0, row 6, column 1",
         "the cells A6:B6 are merged: only the first of them has a value"),
    ]  # fmt: skip
    with opened(saved(lambda s: s.append(["a"]), fill)) as book:  # a sheet that is not read is not checked
        assert book.table(0).names == ("a",)


def test_many_merged_cells_are_counted() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["a", "b"])
        for row in range(2, 60):
            sheet.append(["x", None])
            sheet.merge_cells(f"A{row}:B{row}")

    with pytest.raises(MaterialRefusedError) as refused, opened(saved(fill)) as book:
        book.table(0)
    assert len(refused.value.findings) == MAX_NAMED_RANGES + 1
    assert refused.value.findings[-1].message == "8 more ranges of cells are merged"


def test_a_merged_title_above_the_names_is_left_out_with_a_note() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = "Letters of 1932"
        sheet.merge_cells("A1:C2")
        for number, row in ((3, "abc"), (4, "123")):
            for column, text in enumerate(row, 1):
                sheet.cell(number, column, text)

    with opened(saved(fill)) as book:
        table = book.table(0)
        assert (table.names, table.header_row) == (("a", "b", "c"), 3)
        assert [(row.number, row.cells) for row in table.rows] == [(4, ("1", "2", "3"))]
        (note,) = table.notes
        assert note.startswith("letters.xlsx, sheet sheet0: row 3 was taken as the row of column names;")
        assert note.endswith("above it: “Letters of 1932”")


def test_merged_names_of_columns_are_refused() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["a", "b", None])
        sheet.append(["1", "2", "3"])
        sheet.merge_cells("B1:C1")

    code, place, message = refusal(saved(fill))
    assert (code, place) == ("table.cell", "letters.xlsx, sheet sheet0, row 1, column 2")
    assert message == "the cells B1:C1 are merged: only the first of them has a value"


@pytest.mark.parametrize(
    ("limit", "least", "says"),
    [
        ("MAX_UNPACKED_BYTES", 100_000, "the workbook unpacks to "),
        ("MAX_PARTS", 3, "the workbook has more than 3 parts"),
        ("MAX_STRINGS_BYTES", 3, "the texts of the workbook have"),
    ],
)
def test_a_workbook_that_unpacks_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch, limit: str, least: int, says: str
) -> None:
    bomb = io.BytesIO(saved(lambda s: s.append(["a"])))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/sharedStrings2.xml", b"<a>" + b" " * 200_000 + b"</a>")
    with opened(bomb.getvalue()) as book:
        assert book.sheets == ("sheet0",)
    monkeypatch.setattr(workbook_guard, limit, least)
    code, _, message = refusal(bomb.getvalue())
    assert (code, message[: len(says)]) == ("table.too-large", says)


def test_a_document_type_is_refused() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>'
    for wanted in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"):
        data = saved(lambda s: s.append(["a"]))
        hostile = changed(data, lambda name, part, w=wanted: laughs + part if name == w else part)
        assert refusal(hostile)[2] == (
            f"the part {wanted!a} of the workbook has a document type, which no spreadsheet writes"
        )
    wide = changed(data, lambda name, part: part.decode().encode("utf-16") if "sheet1" in name else part)
    assert "is not XML in UTF-8" in refusal(wide)[2]


def test_a_row_number_in_the_billions_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 1000)
    far = changed(
        saved(lambda s: s.append(["a"])),
        lambda _, part: part.replace(
            b"</sheetData>", b'<row r="99999999999"><c r="A99999999999"/></row></sheetData>'
        ),
    )
    assert refusal(far) == ("table.too-large", "letters.xlsx, sheet sheet0, row 1001", "more than 1,000 rows")


def test_an_old_workbook_is_refused_with_what_to_do() -> None:
    with pytest.raises(MaterialRefusedError) as refused, opened(b"\xd0\xcf\x11\xe0 an old .xls"):
        pass
    (finding,) = refused.value.findings
    assert finding.message == "the file is an old workbook (.xls), or it is protected by a password"
    assert finding.hint == "open it in a spreadsheet and save it as .xlsx, without a password"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"package,title\n"])
def test_a_file_that_is_not_a_workbook_is_refused(data: bytes) -> None:
    code, place, message = refusal(data)
    assert (code, place) == ("table.syntax", "letters.xlsx")
    assert message.startswith("the file is not a workbook, or it is damaged: ")


def sheet_with(rows: bytes) -> bytes:
    """Return a workbook with the given rows after the first."""

    def add(name: str, data: bytes) -> bytes:
        is_sheet = name == "xl/worksheets/sheet1.xml"
        return data.replace(b"</sheetData>", rows + b"</sheetData>") if is_sheet else data

    return changed(saved(lambda sheet: sheet.append(["a", "b"])), add)


CELL = b'<c t="inlineStr"><is><t>x</t></is></c>'


@pytest.mark.parametrize(
    "row",
    [
        b"<row>" + CELL * 40_000 + b"</row>",
        b"<row>" + (CELL * 10_000 + b"<!-- </row> -->") * 20 + b"</row>",
        b"<row>" + (CELL * 10_000 + b"<row></row>") * 4 + b"</row>",
        b'<row a="/>">' + (CELL * 10_000 + b'<row a="/>">') * 4 + b"</row>" * 5,
        b"<row>" + (CELL * 10_000 + b"<row/>") * 4 + b"</row>",
        b"<row>" + (CELL * 10_000 + b"<throw></throw>") * 4 + b"</row>",
    ],
    ids=[
        "cells",
        "ends in comments",
        "rows in rows",
        "ends in attributes",
        "empty rows",
        "names that end so",
    ],
)
def test_a_row_with_too_many_cells_is_refused_before_parsing(row: bytes) -> None:
    code, place, message = refusal(sheet_with(row))
    assert (code, place) == ("table.too-large", "letters.xlsx")
    assert "tags" in message


def test_a_row_with_a_text_of_many_megabytes_is_refused_before_parsing() -> None:
    row = b'<row><c t="inlineStr"><is><t>' + b"x" * 70_000_000 + b"</t></is></c></row>"
    assert refusal(sheet_with(row))[0] == "table.too-large"


def test_a_part_with_too_many_tags_is_refused_before_parsing() -> None:
    def add(name: str, data: bytes) -> bytes:
        fonts = b"<font/>" * 1_000_001 + b"</fonts>"
        return data.replace(b"</fonts>", fonts) if name == "xl/styles.xml" else data

    code, _, message = refusal(changed(saved(lambda sheet: sheet.append(["a"])), add))
    assert (code, "xl/styles.xml" in message) == ("table.too-large", True)


def test_sheets_with_many_rows_and_with_empty_rows_are_read() -> None:
    first, count = budget(7_000, 70_000), budget(4_000, 40_000)
    rows = b"".join(b'<row r="%d"/>' % number for number in range(2, first))
    rows += b"".join(b'<row r="%d">%s%s</row>' % (n, CELL, CELL) for n in range(first, first + count))
    with opened(sheet_with(rows)) as book:
        assert sum(1 for _ in book.table(0).rows) == count


def test_a_sheet_with_another_suffix_is_checked_as_well() -> None:
    data = sheet_with(b"<row>" + CELL * 40_000 + b"</row>")
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(written, "w") as after:
        for name in before.namelist():
            part = before.read(name).replace(b"sheet1.xml", b"sheet1.dat")
            after.writestr(name.replace("sheet1.xml", "sheet1.dat"), part)
    assert refusal(written.getvalue())[0] == "table.too-large"


def test_merged_cells_of_an_unknown_form_are_taken_for_all_rows() -> None:
    merged = workbook.MergedRange.parse("A:A")
    assert (merged.text, merged.first_row, merged.last_row) == ("A:A", 1, workbook.MAX_ROWS)
