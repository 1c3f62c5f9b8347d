"""Names spreadsheets in formats that are not read, so that a person knows how to save them."""

from __future__ import annotations

from pathlib import Path

from archtool.errors import InputError
from archtool.files.paths import shown

_FORMATS = {
    ".ods": "an OpenDocument spreadsheet",
    ".fods": "an OpenDocument spreadsheet",
    ".xls": "a workbook of an old Excel",
    ".xlsb": "a binary workbook",
    ".xlsm": "a workbook with macros",
    ".numbers": "a Numbers spreadsheet",
}


def refuse_other_format(path: Path) -> None:
    """Refuse a spreadsheet in a format that is not read.

    Raises:
        InputError: it is one, by its name.
    """
    what = _FORMATS.get(path.suffix.lower())
    if what is not None and path.is_file():
        raise InputError(
            f"{shown(str(path))} is {what}, which archtool does not read",
            hint="open it in a spreadsheet program, save it as .xlsx, and give the new file",
        )
