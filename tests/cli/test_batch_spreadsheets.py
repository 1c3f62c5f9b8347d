"""Twelve letters, in the tables that people's programs write of them, become twelve right packages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from batches import batch
from command_line import Run
from twelve_letters import (
    LATIN,
    LETTERS,
    Letter,
    as_text,
    cells_of,
    day_first,
    letters_in,
    rows_of,
    write_files,
)  # fmt: skip

SEMICOLONS = "was read with semicolons between the cells"


def pack(table: Path, *options: str) -> tuple[Run, tuple[Letter, ...]]:
    output = table.parent / "out"
    run = batch(table, output, *options)
    return run, letters_in(output)


def written(folder: Path, name: str, data: bytes) -> Path:
    table = write_files(folder / "letters") / name
    table.write_bytes(data)
    return table


def in_blanks(letter: Letter) -> list[str]:
    return cells_of(letter, title=f"{letter.title} ", language=f"\u00a0{letter.language}\t")


def in_day_month_year(letter: Letter) -> list[str]:
    return cells_of(letter, date=day_first(letter.date))


def with_empty_rows(rows: list[list[str]]) -> list[list[str]]:
    return [*rows[:6], [""] * 9, *rows[6:9], [], *rows[9:]]


@pytest.mark.parametrize(
    ("name", "data", "letters", "notes"),
    [
        ("comma.csv", as_text(rows_of()).encode("utf-8-sig"), LETTERS, []),
        ("semicolon.csv", as_text(rows_of(), ";").encode("utf-8-sig"), LETTERS, [SEMICOLONS]),
        ("sep.csv", ("sep=;\r\n" + as_text(rows_of(), ";")).encode("utf-8-sig"), LETTERS, [SEMICOLONS]),
        ("ansi.csv", as_text(rows_of(LATIN), ";").encode("cp1252"), LATIN,
         ["was read as Windows-1252: check its letters, such as “Genève” in line 2", SEMICOLONS]),
        ("mac.csv", as_text(rows_of(LATIN), ";").encode("mac-roman"), LATIN,
         ["was read as Mac Roman: check its letters, such as “Genève” in line 2", SEMICOLONS]),
        ("unicode.txt", as_text(rows_of(), "\t").encode("utf-16"), LETTERS, ["was read as UTF-16"]),
        ("unmarked.txt", as_text(rows_of(), "\t").encode("utf-16-le"), LETTERS,
         ["was read as UTF-16 without a byte order mark"]),
        ("blanks.csv", as_text(with_empty_rows(rows_of(cells=in_blanks))).encode(), LETTERS,
         ["blanks around the text of 24 cells were left out; the first is "]),
        ("title.csv", ("Lettres du bureau, 1932;;;;;;;;\r\n" + as_text(rows_of(), ";")).encode(), LETTERS,
         [SEMICOLONS, "row 2 was taken as the row of column names; above it: “Lettres du bureau, 1932”"]),
    ],
)  # fmt: skip
def test_a_table_in_text_makes_the_right_packages(
    tmp_path: Path, name: str, data: bytes, letters: tuple[Letter, ...], notes: list[str]
) -> None:
    run, found = pack(written(tmp_path, name, data))
    assert run.code == 0, run.out + run.err
    assert found == letters
    shown = [line for line in run.err.splitlines() if "note: " in line]
    assert len(shown) == len(notes)
    assert all(note in line for note, line in zip(notes, shown, strict=True))


@pytest.mark.parametrize("option", ["dmy", "date=dmy", "DATE =dmy"])
def test_dates_in_a_stated_order_are_packed_with_their_precision(tmp_path: Path, option: str) -> None:
    table = written(tmp_path, "days.csv", as_text(rows_of(cells=in_day_month_year)).encode())
    run, found = pack(table, "--date-order", option)
    assert (run.code, found) == (0, LETTERS), run.out


def test_dates_in_an_unstated_order_are_never_guessed(tmp_path: Path) -> None:
    table = written(tmp_path, "days.csv", as_text(rows_of(cells=in_day_month_year)).encode())
    run, found = pack(table)
    assert (run.code, [letter.key for letter in found]) == (6, ["004", "010"])
    findings = [
        finding for job in run.objects for finding in job["findings"] if finding["severity"] == "error"
    ]
    assert {(f["code"], f["column_name"]) for f in findings} == {("description.date", "date")}
    hints = {f["row"]: f["hint"].partition(";")[0] for f in findings}
    state = "if the column has one order, state it: "
    assert hints[3] == f"{state}--date-order date=dmy or --date-order date=mdy"
    assert hints[4] == f"{state}--date-order date=dmy"


def test_a_date_that_contradicts_the_stated_order_is_reported_at_its_cell(tmp_path: Path) -> None:
    table = written(tmp_path, "days.csv", as_text(rows_of(cells=in_day_month_year)).encode())
    run, found = pack(table, "--date-order", "date=mdy", "--check")
    (first, *_) = [f for job in run.objects for f in job["findings"] if f["severity"] == "error"]
    assert (run.code, found, first["row"], first["column_name"]) == (6, (), 4, "date")
    assert first["message"] == "'17/06/1932' does not exist in the calendar, read as month, day, year"
    assert first["hint"].startswith(
        "it is a date in the order dmy: check the other dates of the column as well"
    )


Fill = Callable[[Any], None]
FORMATS = (
    "yyyy-mm-dd", "dd/mm/yyyy", "d mmmm yyyy", "", "[$-40C]d mmmm yyyy", "m/d/yy", "mmm-yy",
    "dddd d mmmm yyyy", "yyyy-mm-dd hh:mm", "yyyy", "dd.mm.yyyy", "mmmm d, yyyy",
)  # fmt: skip
"""The number format of the date of each letter."""


def workbook(folder: Path, fill: Fill) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Letters"
    for row in rows_of():
        sheet.append([cell or None for cell in row])
    fill(sheet)
    table = write_files(folder / "letters") / "letters.xlsx"
    book.save(table)
    return table


def with_real_dates(sheet: Any) -> None:
    for number, (letter, form) in enumerate(zip(LETTERS, FORMATS, strict=True), 2):
        if letter.date:
            sheet.cell(number, 4).value = date.fromisoformat((letter.date + "-01-01")[:10])
            sheet.cell(number, 4).number_format = form


def with_leading_zeros(sheet: Any) -> None:
    for number, letter in enumerate(LETTERS, 2):
        for column in (1, 2):
            sheet.cell(number, column).value = int(letter.key)
            sheet.cell(number, column).number_format = "000"


def with_merged_title(sheet: Any) -> None:
    sheet.insert_rows(1)
    sheet["A1"] = "Inventaire des lettres 1932"
    sheet.merge_cells("A1:I1")


def with_annexes(sheet: Any) -> None:
    annexes = sheet.parent.create_sheet("Annexes")
    for row in (["package", "title", "status"], ["003", "Minutes", "listed"], ["011", "Receipt", "lost"]):
        annexes.append(row)


@pytest.mark.parametrize(
    ("fill", "notes"),
    [
        (with_real_dates, 0),
        (with_leading_zeros, 0),
        (with_merged_title, 1),
        (with_annexes, 0),
    ],
)
def test_a_workbook_makes_the_right_packages(tmp_path: Path, fill: Fill, notes: int) -> None:
    run, found = pack(workbook(tmp_path, fill))
    assert (run.code, found) == (0, LETTERS), run.out + run.err
    assert run.err.count("note: ") == notes


def test_the_rows_below_a_merged_title_keep_their_numbers(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["E2"] = "fre"
        with_merged_title(sheet)

    run, _ = pack(workbook(tmp_path, fill), "--check")
    (finding,) = [f for job in run.objects for f in job["findings"] if f["severity"] == "error"]
    assert (finding["row"], finding["column_name"], finding["sheet"]) == (3, "language", "Letters")


def test_sheets_that_are_not_read_are_named_in_a_note(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        with_annexes(sheet)
        sheet.parent.create_sheet("Notes")
        sheet.parent.create_sheet("Old")

    run, _ = pack(workbook(tmp_path, fill), "--check")
    assert "the packages are in the sheet Letters; sheets were not read: Notes, Old" in run.err


def test_the_sheet_of_the_packages_can_be_chosen_without_regard_to_case(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.parent.create_sheet("Read me", 0)["A1"] = "This workbook lists letters."

    table = workbook(tmp_path, fill)
    run, found = pack(table, "--sheet", "LETTERS ")
    assert (run.code, found) == (0, LETTERS), run.err
    assert "a sheet was not read: Read me" in run.err
    run, _ = pack(table)
    assert (run.code, run.out) == (3, "")
    assert "letters.xlsx, Read me, has no table with columns" in run.err
    assert "name the sheet of the packages: --sheet NAME; there are also: Letters" in run.err
    run, _ = pack(table, "--sheet", "Lettres")
    assert (run.code, run.out) == (3, "")
    assert "has no sheet “Lettres”" in run.err
    assert "write its name exactly; there are: Read me, Letters" in run.err


@pytest.mark.parametrize("name", ["letters.ods", "letters.xls", "letters.numbers"])
def test_a_spreadsheet_in_another_format_is_answered_with_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    run = batch(tmp_path / name, tmp_path / "out")
    assert (run.code, "which archtool does not read" in run.err) == (3, True)
    assert "save it as .xlsx, and give the new file" in run.err


def test_an_encoding_in_doubt_is_asked_for_and_then_used_for_both_tables(tmp_path: Path) -> None:
    rows = rows_of([LETTERS[4]])
    table = written(tmp_path, "letters.csv", as_text(rows).encode("cp1252"))
    annexes = table.with_name("annexes.csv")
    annexes.write_bytes(as_text([["package", "title", "status"], ["005", "Procès", "lost"]]).encode("cp1252"))
    (table.parent / "defaults.yaml").write_text("left-out: ['*']\n")
    run, _ = pack(table, "--annexes", str(annexes))
    assert run.code == 3
    assert "“Genève” (windows-1252), “Genčve” (windows-1250)" in " ".join(run.err.split())
    run, found = pack(table, "--annexes", str(annexes), "--encoding", "cp1252")
    assert found == (LETTERS[4],)
    inventory = table.parent / "out" / "005" / "metadata" / "annexes.json"
    assert "Procès" in inventory.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--encoding", "windws-1252"), "did you mean windows-1252"),
        (("--encoding", "rot13"), "there is no character encoding “rot13”"),
        (("--delimiter", ":"), "--delimiter cannot be ':'"),
        (("--date-order", "date=ddmmyy"), "does not end in an order of day, month and year"),
        (("--date-order", "datum=dmy"), "names a column that no table has: datum"),
        (("--date-order", "date=dmy", "--date-order", "Date=mdy"), "two orders for the column date: dmy"),
        (("--sheet", "Letters"), "--sheet requires a workbook (.xlsx)"),
    ],
)  # fmt: skip
def test_a_wrong_statement_about_a_table_is_refused_before_anything_is_done(
    tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    table = written(tmp_path, "letters.csv", as_text(rows_of()).encode())
    run = batch(table, table.parent / "out", *options)
    assert (run.code, run.out) == (2, "")
    assert says in " ".join(run.err.split())
    assert not (table.parent / "out").exists()


def test_an_empty_first_sheet_is_answered_with_the_other_sheets(tmp_path: Path) -> None:
    run, _ = pack(workbook(tmp_path, lambda sheet: sheet.parent.create_sheet("Sheet1", 0)))
    assert (run.code, "--sheet NAME; there are also: Letters" in run.err) == (3, True)


def test_statements_about_text_are_refused_for_a_workbook_and_for_a_folder(tmp_path: Path) -> None:
    table = workbook(tmp_path, with_annexes)
    run = batch(table, tmp_path / "out", "--encoding", "cp1252")
    assert (run.code, "--encoding requires a table in text" in run.err) == (2, True)
    for option, value in (
        ("--encoding", "utf-8"),
        ("--delimiter", ";"),
        ("--date-order", "dmy"),
        ("--sheet", "x"),
    ):
        run = batch(table.parent, tmp_path / "out", option, value)
        assert (run.code, f"{option} requires that SOURCE is a table" in run.err) == (2, True)
