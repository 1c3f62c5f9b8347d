"""Writes example files for a batch from a table: a table of packages, one of their annexes, and defaults.

They can be filled in, or packed as they are.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from archtool.description.table.columns import ANNEXES_KEY
from archtool.errors import StorageError, UsageError
from archtool.files.paths import shown
from archtool.operations.open_package.enclosing_bag import refuse_inside_package
from archtool.tables import WORKBOOK_SUFFIX
from archtool.tables.writer import format_separated, format_workbook

FORMATS = ("csv", "tsv", "xlsx")
PACKAGES_NAME, DEFAULTS_NAME = "packages", "defaults.yaml"
_FOLDER, _TEXT_NAME = "0001", "letter.txt"
_TEXT = "This text stands in the place of a transcription.\n"
_PACKAGE = "letters/0001"
_PACKAGE_ROW = {
    "package": _PACKAGE,
    "folder": _FOLDER,
    "id": "letter-0001",
    "title": "Letter of the bureau to the sections",
    "date": "1932-05",
    "language": "fr",
    "creators.1.name": "The bureau",
    "creators.1.type": "organization",
    "creators.1.role": "author",
    "addressees": "The section of the north; The section of the south",
    "original.language": "ru",
    "original.signed": "false",
    "source.pages": "3-16",
    "translation.from": "ru",
    "translation.to": "fr",
    "translation.credit": "Translated for this example",
    "transcription": _TEXT_NAME,
    "note": "An example: delete this row.",
}
_ANNEXE_ROWS = (
    {
        "package": _PACKAGE, "id": "report", "of": "", "title": "Report on the sections", "number": "1",
        "date": "1932-04", "status": "listed", "enclosures-stated": "1",
    },
    {
        "package": _PACKAGE, "id": "", "of": "report", "title": "List of the sections", "number": "1/a",
        "date": "", "status": "lost", "enclosures-stated": "",
    },
)  # fmt: skip
_DEFAULTS = """\
# What holds for every row that says nothing else: a part of a description. What a cell says takes the place
# of what is said here; of `source` the rows here say the pages only, and the rest is the same for all.
archtool: 1
source:
  type: book
  title: Letters of the bureau
  publisher: The publisher
  place: Prague
  date: 2013
rights:
  original: UND
  package: CC0-1.0
"""


def write_templates(folder: Path, form: str) -> list[Path]:
    """Write the files into a folder; returns their paths, the table of packages first.

    Raises:
        StorageError: a file cannot be written.
        UsageError: one of the files exists already; nothing was written.
    """
    refuse_inside_package(folder, f"tables in {shown(str(folder))}")
    files = {folder / name: data for name, data in _contents(form).items()}
    existing = [path for path in files if path.exists() or path.is_symlink()]
    if existing:
        raise UsageError(
            f"{shown(str(existing[0]))} exists already; nothing was written",
            hint="choose another folder with -o",
        )
    for path, data in files.items():
        _write(path, data)
    return list(files)


def _contents(form: str) -> dict[str, bytes]:
    packages = [list(_PACKAGE_ROW), list(_PACKAGE_ROW.values())]
    annexes = [list(_ANNEXE_ROWS[0]), *(list(row.values()) for row in _ANNEXE_ROWS)]
    suffix = f".{form}"
    if suffix == WORKBOOK_SUFFIX:
        book = format_workbook({PACKAGES_NAME: packages, ANNEXES_KEY: annexes})
        tables = {f"{PACKAGES_NAME}{suffix}": book}
    else:
        both = {PACKAGES_NAME: packages, ANNEXES_KEY: annexes}
        tables = {f"{name}{suffix}": format_separated(rows, suffix) for name, rows in both.items()}
    return tables | {DEFAULTS_NAME: _DEFAULTS.encode(), f"{_FOLDER}/{_TEXT_NAME}": _TEXT.encode()}


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:  # never overwrite a file that appeared meanwhile
            file.write(data)
    except OSError as error:
        with contextlib.suppress(OSError):
            if not isinstance(error, FileExistsError):
                path.unlink()  # an incomplete file
        raise StorageError(f"cannot write {shown(str(path))}: {error.strerror}") from error
