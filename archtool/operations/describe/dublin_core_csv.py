"""Reads the Dublin Core that Archivematica takes with a transfer: `metadata/metadata.csv` in the payload.

Each row describes one file or folder, named in the first column (`filename`, in older versions `parts`); the
other columns are Dublin Core elements (`dc.title`) or local ones. Such a row was written about the material,
and an only row about all of it.

Source: Archivematica 1.17 user manual, "Import metadata", metadata.csv.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from archtool.files.source import FileSource

PATH = "metadata/metadata.csv"
_NAME_COLUMNS = ("filename", "parts")
_MAX_BYTES = 1024 * 1024  # some thousand described files: a draft does not tell more
_MAX_ROWS = 1_000


def read_dublin_core(payload: FileSource) -> list[tuple[str, str]]:
    """Return labels and values: `dc.title` of an only row, `objects/a.txt dc.title` of one among several.

    A file that is missing, of another form or not UTF-8 has none.
    """
    try:
        text = payload.read_bytes(PATH, _MAX_BYTES).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        return []
    if len(rows) < 2 or not rows[0] or rows[0][0].strip().casefold() not in _NAME_COLUMNS:
        return []
    header, described = rows[0], [row for row in rows[1:] if any(row)]
    return list(_fields(header, described[:_MAX_ROWS], is_about_all=len(described) == 1))


def _fields(header: list[str], rows: list[list[str]], *, is_about_all: bool) -> Iterator[tuple[str, str]]:
    for row in rows:
        for column, value in zip(header[1:], row[1:], strict=False):
            label = column.strip()
            if label and value.strip():
                yield label if is_about_all else f"{row[0]} {label}", value.strip()
