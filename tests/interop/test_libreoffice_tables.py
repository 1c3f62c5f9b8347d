"""The tables that LibreOffice writes become the right packages."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from batches import batch
from command_line import Run
from twelve_letters import HEADER, LATIN, Letter, cells_of, letters_in, write_files

_TEXTS = "csv:Text - txt - csv (StarCalc):{separator},34,{charset},1,,0,false,false,true,false,false,-1"
_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
    for short, full in {
        "office": "office", "table": "table", "text": "text", "number": "datastyle", "style": "style",
    }.items()
)  # fmt: skip
_PARTS = {
    "day": '<number:day number:style="long"/>',
    "month": '<number:month number:style="long"/>',
    "year": '<number:year number:style="long"/>',
}
_DATE_STYLES = (("day", "month", "year"), ("month", "year"), ("year",))
_CONVERSIONS = {
    "workbook": "xlsx",
    "windows": _TEXTS.format(separator=59, charset=1),
    "macintosh": _TEXTS.format(separator=59, charset=2),
    "unicode": _TEXTS.format(separator=9, charset=65535),
    "utf8": _TEXTS.format(separator=44, charset=76),
}


def spreadsheet() -> str:
    """Return an OpenDocument spreadsheet: a merged title, numbers shown as 001, dates, and three sheets."""
    title = '<table:table-cell table:number-columns-spanned="9" office:value-type="string">'
    rows = [f"{title}<text:p>Inventaire</text:p></table:table-cell>", "".join(map(text_cell, HEADER))]
    rows += ["".join(letter_cells(letter)) for letter in LATIN]
    annexes = [
        "".join(map(text_cell, row))
        for row in (("package", "title", "status"), ("003", "Procès-verbal à joindre", "lost"))
    ]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_NAMESPACES} office:version="1.3"'
        ' office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:automatic-styles>'
        f"{''.join(map(date_style, _DATE_STYLES))}{cell_style('number')}"
        '<number:number-style style:name="number-format"><number:number number:decimal-places="0"'
        ' number:min-integer-digits="3"/></number:number-style></office:automatic-styles>'
        f"<office:body><office:spreadsheet>{sheet('Letters', rows)}{sheet('ANNEXES', annexes)}"
        f"{sheet('Notes', ())}</office:spreadsheet></office:body></office:document>"
    )


def date_style(parts: tuple[str, ...]) -> str:
    inner = "<number:text>/</number:text>".join(_PARTS[part] for part in parts)
    name = "-".join(parts)
    return f'<number:date-style style:name="{name}-format">{inner}</number:date-style>{cell_style(name)}'


def cell_style(name: str) -> str:
    return (
        f'<style:style style:name="{name}" style:family="table-cell" style:data-style-name="{name}-format"/>'
    )


def sheet(name: str, rows: list[str] | tuple[()]) -> str:
    inner = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f'<table:table table:name="{name}">{inner}</table:table>'


def text_cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def letter_cells(letter: Letter) -> list[str]:
    key = (
        f'<table:table-cell table:style-name="number" office:value-type="float" office:value="{letter.key}"/>'
    )
    cells = [key, key, *map(text_cell, cells_of(letter)[2:])]
    if letter.date:
        style = "-".join(_DATE_STYLES[2 - letter.date.count("-")])
        value = (letter.date + "-01-01")[:10]
        kind = f'table:style-name="{style}" office:value-type="date" office:date-value="{value}"'
        cells[3] = f"<table:table-cell {kind}/>"
    return cells


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what LibreOffice makes of the spreadsheet: a folder for each form."""
    folder = tmp_path_factory.mktemp("libreoffice")
    source = folder / "letters.fods"
    source.write_text(spreadsheet(), encoding="utf-8")
    for name, form in _CONVERSIONS.items():
        subprocess.run(
            [
                "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
                "--convert-to", form, "--outdir", folder / name, source,
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return folder


def packed(
    converted: Path, folder: Path, form: str, table: str, *options: str
) -> tuple[Run, tuple[Letter, ...]]:
    """Pack the letters by one of the tables, which lies beside their files."""
    letters = write_files(folder / "letters")
    for path in (converted / form).iterdir():
        (letters / path.name).write_bytes(path.read_bytes())
    run = batch(letters / table, folder / "out", *options)
    assert run.code == 0, run.out + run.err
    annexes = folder / "out" / "003" / "metadata" / "annexes.json"
    assert "Procès-verbal à joindre" in annexes.read_text(encoding="utf-8")
    return run, letters_in(folder / "out")


def test_a_workbook_of_libreoffice_is_read_as_it_is_shown(converted: Path, tmp_path: Path) -> None:
    run, found = packed(converted, tmp_path, "workbook", "letters.xlsx")
    assert found == LATIN
    assert "row 2 was taken as the row of column names; above it: “Inventaire”" in run.err
    assert "a sheet was not read: Notes" in run.err


@pytest.mark.parametrize(
    ("form", "suffix", "note"),
    [
        ("windows", ".csv", "was read as Windows-1252"),
        ("macintosh", ".csv", "was read as Mac Roman"),
        ("unicode", ".txt", "was read as UTF-16"),
        ("utf8", ".csv", None),
    ],
)
def test_a_text_of_libreoffice_is_read_with_the_order_of_its_dates(
    converted: Path, tmp_path: Path, form: str, suffix: str, note: str | None
) -> None:
    renamed = renamed_copy(converted / form, tmp_path / "copy" / form, suffix)
    annexes = f"letters-ANNEXES{suffix}"
    run, found = packed(
        renamed.parent, tmp_path, form, f"letters-Letters{suffix}",
        "--annexes", str(tmp_path / "letters" / annexes), "--date-order", "dmy",
    )  # fmt: skip
    assert found == LATIN
    assert note is None or note in run.err
    assert ("was read as" in run.err) is (note is not None)


def renamed_copy(source: Path, target: Path, suffix: str) -> Path:
    target.mkdir(parents=True)
    for path in source.glob("letters-[LA]*"):
        (target / f"{path.stem}{suffix}").write_bytes(path.read_bytes())
    return target


def test_the_spreadsheet_itself_is_answered_with_the_format_to_save_it_in(converted: Path) -> None:
    run = batch(converted / "letters.fods", converted / "out")
    assert (run.code, "save it as .xlsx" in run.err) == (3, True)
